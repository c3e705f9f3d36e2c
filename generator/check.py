"""What one file cannot know, and what a schema cannot say: links that land, no clashes, no cycles, no orphans.

ALONE lists the rules that look at one entry: load.py remembers what they found for as long as the file is the same.
TOGETHER lists those that need the whole glossary. Places are given as the way to a value (`where`), and whoever tells
the problems looks up their lines.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from typing import Any

from demos import _run
from generator.link import hand_links
from generator.markdown import latex_of, leads_to_the_web, mathml, parts, words
from generator.model import PRIMARY, RESERVED, Comparison, Glossary, Path, Term, slugify
from generator.problems import Problem, Where, counted, did_you_mean, listed, one_of

LONGEST_DEFINITION = 300  # characters: what a card, a preview and a search result show whole
EXPLANATION = range(120, 451)  # words

AnyEntry = Term | Comparison | Path


def check(glossary: Glossary) -> list[Problem]:
    """Everything that is wrong in a glossary whose files each read well."""
    alone = (
        glossary.alone[path] if (path := _file(entry)) in glossary.alone else look_at(entry)
        for entry in _entries(glossary)
    )  # fmt: skip
    return [*chain.from_iterable(alone), *(problem for rule in TOGETHER for problem in rule(glossary))]


def look_at(entry: AnyEntry) -> list[Problem]:
    """What is wrong with an entry, whatever else there is."""
    return [problem for rule in ALONE for problem in rule(entry)]


# --- names ------------------------------------------------------------------------------------------------


def somebody_is_home(glossary: Glossary) -> Iterator[Problem]:
    if not glossary.terms and glossary.is_whole:
        yield Problem("terms", "there are no terms", "write the first one: start from terms/_template.yml")


def unique_names(glossary: Glossary) -> Iterator[Problem]:
    """No two terms claim the same address: slugs, titles, aliases and old slugs all lead somewhere."""
    owners = {slug: (slug, "slug") for slug in glossary.terms}
    shared = {text for text, slugs in glossary.ambiguous.items() if len(slugs) > 1}
    for text in shared:  # its page is nobody's, so that a third term can not take the address
        owners.setdefault(slugify(text), ("", text))
    for slug, term in glossary.terms.items():
        own: set[str] = set()
        for text, where, what in _claims(term):
            key = slugify(text)
            owner, role = owners.setdefault(key, (slug, what)) if key else (slug, what)
            shares = what == "alias" and text in shared and slug in glossary.ambiguous[text]
            if not owner and not shares:
                hint = "give it another name, or take it out"
                if what == "alias":
                    hint = f"mark it as {{text: {role}, ambiguous: true}} here too, or take it out"
                yield Problem(_file(term), f"the {what} '{text}' is a shared acronym of other terms", hint, where)
            elif owner and owner != slug:
                hint = "give it to one of them"
                if what == "alias" and role != "slug":
                    hint += f", or mark it as {{text: {text}, ambiguous: true}} in both"
                yield Problem(_file(term), f"the {what} '{text}' is already the {role} of '{owner}'", hint, where)
            elif key in own or (key == slug and what == "old slug"):
                yield Problem(_file(term), f"the {what} '{text}' says nothing new", "take it out", where)
            elif key == slug and shares:
                hint = "rename the file: the acronym gets a page of its own"
                yield Problem(_file(term), f"the slug '{slug}' is a shared acronym", hint, where)
            own.add(key)


def _claims(term: Term) -> Iterator[tuple[str, Where, str]]:
    """Every name that leads to a term: what it is, where it stands, and what to call it."""
    yield term.title, ("title",), "title"
    for i, alias in enumerate(term.aliases):
        yield alias.text, ("aliases", i), "alias"
    for i, old in enumerate(term.former_slugs):
        yield old, ("former_slugs", i), "old slug"


_A = {"title": "a title", "alias": "an alias", "old slug": "an old slug"}


def ambiguous_names_are_shared(glossary: Glossary) -> Iterator[Problem]:
    for text, slugs in glossary.ambiguous.items():
        if len(slugs) == 1 and glossary.is_whole:
            term = glossary.terms[slugs[0]]
            where = ("aliases", [alias.text for alias in term.aliases].index(text))
            hint = "mark it `ambiguous: true` in the other term too, or take the mark away"
            yield Problem(_file(term), f"no other term shares the acronym '{text}'", hint, where)


def names_become_addresses(entry: AnyEntry) -> Iterator[Problem]:
    """Other names are addresses too, so they keep out of what some systems or the site itself need."""
    for text, where, what in _claims(entry) if isinstance(entry, Term) else ():
        key = slugify(text)
        if not key and what == "alias":
            hint = "it becomes an address: use letters or digits"
            yield Problem(_file(entry), f"'{text}' can not be an alias", hint, where)
        elif key in RESERVED:
            hint = "it becomes an address, and some systems or sites need that name for themselves"
            yield Problem(_file(entry), f"'{text}' can not be {_A[what]}", hint, where)


# --- relations --------------------------------------------------------------------------------------------


def relations_resolve(glossary: Glossary) -> Iterator[Problem]:
    for term in glossary.terms.values():
        for name in ("prerequisites", "related"):
            slugs: list[str] = getattr(term, name)
            for i, slug in enumerate(slugs):
                if slug == term.slug:
                    yield Problem(_file(term), f"'{slug}' names itself in '{name}'", "take it out", (name, i))
                elif slug in slugs[:i]:
                    yield Problem(_file(term), f"'{slug}' is written twice in '{name}'", "take one out", (name, i))
                elif not glossary.has_term(slug):
                    yield _no_term(glossary, _file(term), slug, (name, i))


def relations_written_once(glossary: Glossary) -> Iterator[Problem]:
    for term in glossary.terms.values():
        for i, slug in enumerate(term.related):
            other = glossary.terms.get(slug)
            if other is None or other is term:
                continue
            if slug in term.prerequisites or term.slug in other.prerequisites:
                hint = "a prerequisite is shown as a neighbor already"
                yield Problem(_file(term), f"'{slug}' is a prerequisite and related", hint, ("related", i))
            elif term.slug in other.related and slug < term.slug:
                hint = f"one side is enough, and pages show both: take it out here or in {_file(other)}"
                yield Problem(_file(term), f"the relation to '{slug}' is written on both sides", hint, ("related", i))


def prerequisites_acyclic(glossary: Glossary) -> Iterator[Problem]:
    graph = {slug: [p for p in term.prerequisites if p != slug] for slug, term in glossary.terms.items()}
    while True:  # graphlib finds one circle at a time; open it and look again
        try:
            TopologicalSorter(graph).prepare()
            return
        except CycleError as error:
            circle: list[str] = error.args[1]
        start = circle.index(min(circle))
        turned = [*circle[start:-1], *circle[:start], circle[start]]  # told from its first slug on, always the same
        term = glossary.terms[turned[1]]
        where = ("prerequisites", term.prerequisites.index(turned[0]))
        told = " -> ".join(turned)
        yield Problem(_file(term), f"the prerequisites go in a circle: {told}", "take one of them out", where)
        graph[term.slug].remove(turned[0])


def categories_exist(glossary: Glossary) -> Iterator[Problem]:
    if "terms/categories.yml" in glossary.unread:
        return
    for term in glossary.terms.values():
        if term.category not in glossary.categories:
            hint = did_you_mean(term.category, glossary.categories, one_of(glossary.categories))
            yield Problem(_file(term), f"there is no category called '{term.category}'", hint, ("category",))


def nobody_is_an_island(glossary: Glossary) -> Iterator[Problem]:
    """A term that nothing leads to and that leads nowhere is not found by reading."""
    if len(glossary.terms) < 2 or not glossary.is_whole:
        return
    for slug, term in glossary.terms.items():
        if not (glossary.related[slug] or glossary.leads_to[slug] or term.prerequisites):
            yield Problem(_file(term), "no other term leads to this one", "name its neighbors in 'related'", ("title",))


# --- texts ------------------------------------------------------------------------------------------------


def definitions(entry: AnyEntry) -> Iterator[Problem]:
    if not isinstance(entry, Term):
        return
    path, text, where = _file(entry), entry.definition, ("definition",)
    if len(text) > LONGEST_DEFINITION:
        message = f"the definition has {len(text)} characters"
        yield Problem(path, message, f"it may have {LONGEST_DEFINITION}", where)
    sentences = re.findall(r"[.?!](?=\s+[A-Z]|\s*$)", text)
    if len(sentences) > 2:
        yield Problem(path, f"the definition has {len(sentences)} sentences", "two are enough", where)
    if entry.opening is None:
        hint = "begin with the title or an alias and is or are, as in: A neural network is …"
        yield Problem(path, "the definition does not start with the term", hint, where)


def explanations(entry: AnyEntry) -> Iterator[Problem]:
    if isinstance(entry, Term) and (count := words(entry.explanation)) not in EXPLANATION:
        hint = f"between {EXPLANATION.start} and {EXPLANATION.stop - 1} make a page that gets read"
        yield Problem(_file(entry), f"the explanation has {counted(count, 'word')}", hint, ("explanation",))


def texts_render(entry: AnyEntry) -> Iterator[Problem]:
    """Markdown that will look as meant: no HTML, no pictures, no open mathematics or code."""
    path = _file(entry)
    for where, text in _markdown(entry):
        for kind, part in parts(text):
            if kind in _REFUSED and not (kind == "link" and leads_to_the_web(part)):
                message, hint = _REFUSED[kind]
                if kind == "link" and part.startswith("!"):
                    message, hint = "pictures are drawn by demos", "take it out, or let the demo draw it"
                yield Problem(path, f"{message}: {_start(part)}", hint, where)
            elif kind == "prose":
                for mark, (message, hint) in _OPEN.items():
                    if mark in part:
                        start = max(part.rfind("[", 0, part.index(mark)), 0) if mark == "](" else part.index(mark)
                        yield Problem(path, f"{message}: {_start(part[start:])}", hint, where)


_REFUSED = {
    "html": ("HTML is not shown", "write `<` in code or mathematics, or as &lt;"),
    "heading": ("headings and rules are made by the page", "start a paragraph instead, or escape it with a backslash"),
    "link": ("this link leads nowhere", "link to a term with [[slug]], or to an address that starts with https://"),
}
_OPEN = {
    "`": ("a ` opens code that does not close", "close it in the same paragraph, or write \\`"),
    "$": ("a $ opens mathematics that does not close", r"close it in the same paragraph, or write a dollar as \$"),
    "](": ("this link can not be read", "write it as [text](https://…), with no spaces or title in the address"),
}


def _start(part: str) -> str:
    """The first words of a part, on one line."""
    text = " ".join(part.split())
    return text if len(text) <= 40 else text[:39] + "…"


def texts_are_finished(entry: AnyEntry) -> Iterator[Problem]:
    definition: list[tuple[Where, str]] = [(("definition",), entry.definition)] if isinstance(entry, Term) else []
    for where, text in chain(definition, _markdown(entry)):
        for mark in _UNFINISHED:
            if mark in text:
                yield Problem(_file(entry), f"'{mark}' says that this text is not finished", "finish it", where)


_UNFINISHED = ("TODO", "FIXME", "TBD", "lorem ipsum", "Lorem ipsum")


def formulas_convert(entry: AnyEntry) -> Iterator[Problem]:
    for where, latex, display in formulas(entry):
        try:
            mathml(latex, display=display)
        except ValueError as error:
            yield Problem(_file(entry), f"this is not mathematics we can show: {error}", "", where)


def formulas(entry: AnyEntry) -> Iterator[tuple[Where, str, bool]]:
    """Every formula that the page of an entry shows: the way to it, its LaTeX, and whether it has lines of its own."""
    for where, text in _markdown(entry):
        for kind, part in parts(text):
            if kind == "math":
                yield where, *latex_of(part)
    for i, item in enumerate(entry.formula if isinstance(entry, Term) else ()):
        yield ("formula", i, "latex"), item.latex, True
        for symbol in item.symbols:
            yield ("formula", i, "symbols", symbol), symbol, False


def hand_made_links_land(glossary: Glossary) -> Iterator[Problem]:
    for entry in _entries(glossary):
        for where, text in _markdown(entry):
            for slug in hand_links(text):
                if not glossary.has_term(slug):
                    yield _no_term(glossary, _file(entry), slug, where)


def _markdown(entry: AnyEntry) -> Iterator[tuple[Where, str]]:
    """Every Markdown text of an entry: the way to it, and what it says."""
    match entry:
        case Term():
            yield ("explanation",), entry.explanation
            for i, text in enumerate(entry.examples):
                yield ("examples", i), text
            for i, item in enumerate(entry.misconceptions):
                yield ("misconceptions", i, "wrong"), item.wrong
                yield ("misconceptions", i, "right"), item.right
            for i, question in enumerate(entry.faq):
                yield ("faq", i, "answer"), question.answer
            yield ("demo", "caption"), entry.demo.caption
            if entry.note:
                yield ("note",), entry.note
        case Comparison():
            yield ("summary",), entry.summary
            for i, row in enumerate(entry.rows):
                for key, cell in row.values.items():
                    if isinstance(cell, str):
                        yield ("rows", i, "values", key), cell
            for key, text in entry.choose.items():
                yield ("choose", key), text
        case Path():
            yield ("summary",), entry.summary
            yield ("outcome",), entry.outcome
            for i, rung in enumerate(entry.steps):
                yield ("steps", i, "why"), rung.why


def sources(entry: AnyEntry) -> Iterator[Problem]:
    if isinstance(entry, Path):
        return
    if not any(source.kind in PRIMARY for source in entry.sources):
        hint = f"name at least one {listed(PRIMARY, 'or')}"
        yield Problem(_file(entry), "no source is a primary one", hint, ("sources",))
    urls = [source.url for source in entry.sources]
    for i, url in enumerate(urls):
        if url in urls[:i]:
            yield Problem(_file(entry), f"the source {url} is named twice", "keep one", ("sources", i, "url"))


# --- demos ------------------------------------------------------------------------------------------------


def demos_exist(glossary: Glossary) -> Iterator[Problem]:
    """Every demo that an entry names is there, and takes the settings that it is given."""
    for term in glossary.terms.values():
        yield from _demo_use(glossary, _file(term), ("demo",), "module", term.demo.module, term.demo.with_)
    for comparison in glossary.comparisons.values():
        for i, row in enumerate(comparison.rows):
            for key, cell in row.values.items():
                if not isinstance(cell, str):
                    at: Where = ("rows", i, "values", key)
                    yield from _demo_use(glossary, _file(comparison), at, "demo", cell.demo, cell.with_)


def _demo_use(
    glossary: Glossary, path: str, where: Where, field: str, name: str, given: Mapping[str, Any]
) -> Iterator[Problem]:
    source = glossary.demos.get(name)
    if source is None:
        if f"demos/{name}.py" not in glossary.unread:
            hint = did_you_mean(name, glossary.demos, f"write demos/{name}.py")
            yield Problem(path, f"there is no demo called '{name}'", hint, (*where, field))
        return
    try:
        _run.settings(name, given, source.text)
    except _run.BadSetting as error:
        for message, hint in error.problems:
            yield Problem(path, message, hint, (*where, "with"))


def one_home_each(glossary: Glossary) -> Iterator[Problem]:
    """Each demo has one page that other pages mean when they name it."""
    for name, users in glossary.demo_users.items():
        homes = [slug for slug in users if glossary.terms[slug].demo.home]
        if len(homes) > 1:
            for slug in homes:
                message = f"the demo '{name}' has {len(homes)} homes: {listed(homes)}"
                hint = "keep `home: true` in one of them"
                yield Problem(_file(glossary.terms[slug]), message, hint, ("demo", "home"))
        elif not homes and len(users) > 1 and glossary.is_whole:
            message = f"the demo '{name}' has no home among the terms that show it: {listed(users)}"
            yield Problem(_file(glossary.terms[users[0]]), message, "write `home: true` in one of them", ("demo",))


def demos_are_shown(glossary: Glossary) -> Iterator[Problem]:
    for name, source in glossary.demos.items():
        if glossary.terms and glossary.is_whole and name not in glossary.demo_users:
            hint = f"write a term with `demo: {name}`"
            yield Problem(f"demos/{source.path.name}", "no term shows this demo", hint, line=1)


# --- comparisons and paths --------------------------------------------------------------------------------


def comparisons_complete(glossary: Glossary) -> Iterator[Problem]:
    for comparison in glossary.comparisons.values():
        path = _file(comparison)
        keys = [side.key for side in comparison.sides]
        for i, side in enumerate(comparison.sides):
            if not glossary.has_term(side.about):
                yield _no_term(glossary, path, side.about, ("sides", i))
            if side.key in keys[:i]:
                yield Problem(path, f"'{side.key}' is on two sides", "give one of them a label", ("sides", i))
        for i, row in enumerate(comparison.rows):
            yield from _keys(path, keys, row.values, ("rows", i, "values"), f"the row '{row.aspect}'")
        yield from _keys(path, keys, comparison.choose, ("choose",), "'choose'")


def _keys(path: str, keys: list[str], given: Iterable[str], where: Where, what: str) -> Iterator[Problem]:
    given = list(given)
    for key in given:
        if key not in keys:
            hint = did_you_mean(key, keys, one_of(keys))
            yield Problem(path, f"{what} speaks of '{key}', which is no side", hint, (*where, key))
    for key in keys:
        if key not in given:
            yield Problem(path, f"{what} says nothing about '{key}'", f"add a line that starts with {key}:", where)


def paths_climb(glossary: Glossary) -> Iterator[Problem]:
    """Each step of a path stands on the steps before it: what one needs to know came earlier."""
    for way in glossary.paths.values():
        path, before = _file(way), set[str]()
        for i, rung in enumerate(way.steps):
            where: Where = ("steps", i, "term")
            term = glossary.terms.get(rung.term)
            if term is None:
                if not glossary.has_term(rung.term):
                    yield _no_term(glossary, path, rung.term, where)
            elif rung.term in before:
                yield Problem(path, f"'{rung.term}' comes twice", "take one out", where)
            elif missing := [slug for slug in term.prerequisites if slug not in before]:
                it = "it" if len(missing) == 1 else "them"
                yield Problem(path, f"'{rung.term}' needs {listed(missing)} first", f"put {it} before this step", where)
            before.add(rung.term)


# --- shared -----------------------------------------------------------------------------------------------


def _entries(glossary: Glossary) -> Iterator[AnyEntry]:
    yield from glossary.terms.values()
    yield from glossary.comparisons.values()
    yield from glossary.paths.values()


def _file(entry: AnyEntry) -> str:
    folder = {Term: "terms", Comparison: "terms/comparisons", Path: "terms/paths"}[type(entry)]
    return f"{folder}/{entry.slug}.yml"


def _no_term(glossary: Glossary, path: str, slug: str, where: Where) -> Problem:
    called = glossary.addresses.get(slugify(slug))
    hint = f"did you mean '{called}'?" if called else did_you_mean(slug, glossary.terms)
    return Problem(path, f"there is no term called '{slug}'", hint or f"write terms/{slug}.yml or take it out", where)


ALONE: tuple[Callable[[AnyEntry], Iterable[Problem]], ...] = (
    names_become_addresses,
    definitions,
    explanations,
    texts_render,
    texts_are_finished,
    formulas_convert,
    sources,
)
TOGETHER: tuple[Callable[[Glossary], Iterable[Problem]], ...] = (
    somebody_is_home,
    unique_names,
    ambiguous_names_are_shared,
    relations_resolve,
    relations_written_once,
    prerequisites_acyclic,
    categories_exist,
    nobody_is_an_island,
    hand_made_links_land,
    demos_exist,
    one_home_each,
    demos_are_shown,
    comparisons_complete,
    paths_climb,
)
