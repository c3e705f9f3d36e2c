"""What one file cannot know, and what a schema cannot say: links that land, no clashes, no cycles, no orphans.

Every rule is a function from the glossary to problems; RULES is the list of them. Places are given as the way to a
value (`where`), and whoever tells the problems looks up their lines.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from graphlib import CycleError, TopologicalSorter
from typing import Any

from demos import _run
from generator.link import hand_links
from generator.markdown import formula, mathml, parts, words
from generator.model import PRIMARY, RESERVED, Comparison, Glossary, Path, Source, Term, slugify
from generator.problems import Problem, Where, did_you_mean, one_of

LONGEST_DEFINITION = 300  # characters: what a card, a preview and a search result show whole
EXPLANATION = range(120, 451)  # words


def check(glossary: Glossary) -> list[Problem]:
    """Everything that is wrong in a glossary whose files each read well."""
    return [problem for rule in RULES for problem in rule(glossary)]


# --- names ------------------------------------------------------------------------------------------------


def unique_names(glossary: Glossary) -> Iterator[Problem]:
    """No two terms claim the same address: slugs, titles, aliases and old slugs all lead somewhere."""
    owners = {slug: (slug, "slug") for slug in glossary.terms}
    for slug, term in glossary.terms.items():
        claims: list[tuple[str, Where, str]] = [(term.title, ("title",), "title")]
        claims += [(alias.text, ("aliases", i), "alias") for i, alias in enumerate(term.aliases)]
        claims += [(old, ("former_slugs", i), "old slug") for i, old in enumerate(term.former_slugs)]
        own: set[str] = set()
        for text, where, what in claims:
            key = slugify(text)
            shared = len(glossary.ambiguous.get(text, ())) > 1
            owner, role = owners.get(key, (slug, what)) if shared else owners.setdefault(key, (slug, what))
            if owner != slug:
                hint = "give it to one of them" + (
                    "" if what != "alias" else ", or mark it as {text: " + text + ", ambiguous: true} in both"
                )
                yield Problem(_file(term), f"the {what} '{text}' is already the {role} of '{owner}'", hint, where)
            elif key in own or (what == "old slug" and key == slug):
                yield Problem(_file(term), f"the {what} '{text}' says nothing new", "take it out", where)
            own.add(key)
            if what == "alias" and glossary.ambiguous.get(text) == [slug]:
                hint = "mark it `ambiguous: true` in the other term too, or take the mark away"
                yield Problem(_file(term), f"nobody shares the acronym '{text}'", hint, where)


def reserved_names(glossary: Glossary) -> Iterator[Problem]:
    """Other names become addresses too, so they keep out of what some systems or the site itself need."""
    for term in glossary.terms.values():
        for i, alias in enumerate(term.aliases):
            if not slugify(alias.text) or slugify(alias.text) in RESERVED:
                hint = "an alias becomes an address: use letters and digits, and no name that a system keeps"
                yield Problem(_file(term), f"'{alias.text}' can not be an alias", hint, ("aliases", i))


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
                elif slug not in glossary.terms:
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
    for term in glossary.terms.values():
        if term.category not in glossary.categories:
            hint = did_you_mean(term.category, glossary.categories, one_of(glossary.categories))
            yield Problem(_file(term), f"there is no category called '{term.category}'", hint, ("category",))


def nobody_is_an_island(glossary: Glossary) -> Iterator[Problem]:
    """A term that nothing leads to and that leads nowhere is not found by reading."""
    if len(glossary.terms) < 2:
        return
    for slug, term in glossary.terms.items():
        if not (glossary.related[slug] or glossary.leads_to[slug] or term.prerequisites):
            yield Problem(_file(term), "nothing leads to this term", "name its neighbors in 'related'", ("title",))


# --- texts ------------------------------------------------------------------------------------------------


def definitions(glossary: Glossary) -> Iterator[Problem]:
    for term in glossary.terms.values():
        text, where = term.definition, ("definition",)
        if len(text) > LONGEST_DEFINITION:
            message = f"the definition has {len(text)} characters"
            yield Problem(_file(term), message, f"it may have {LONGEST_DEFINITION}", where)
        sentences = re.findall(r"[.?!](?=\s+[A-Z]|\s*$)", text)
        if len(sentences) > 2:
            yield Problem(_file(term), f"the definition has {len(sentences)} sentences", "two are enough", where)
        if term.opening is None:
            hint = f"as in: A {term.title.lower()} is …, or: {term.title} is …"
            yield Problem(_file(term), "the definition does not start with the term", hint, where)


def explanations(glossary: Glossary) -> Iterator[Problem]:
    for term in glossary.terms.values():
        count = words(term.explanation)
        if count not in EXPLANATION:
            hint = f"between {EXPLANATION.start} and {EXPLANATION.stop - 1} make a page that gets read"
            yield Problem(_file(term), f"the explanation has {count} words", hint, ("explanation",))


def texts_render(glossary: Glossary) -> Iterator[Problem]:
    """Markdown that will look as meant: no HTML, no open mathematics or code, hand-made links that land."""
    for path, where, text in _markdown(glossary):
        for kind, part in parts(text):
            if kind == "html":
                hint = "write `<` in code or mathematics, or as &lt;"
                yield Problem(path, f"HTML is not shown: {part[:40]}", hint, where)
            elif kind == "heading":
                yield Problem(path, f"headings are made by the page: {part[:40]}", "start a paragraph instead", where)
            elif kind == "math":
                yield from _latex(path, where, partial(formula, part))
            elif kind == "link" and not re.search(r"\]\(https?://", part):
                hint = "link to a term with [[slug]], or to a web address that starts with https://"
                yield Problem(path, f"this link leads nowhere: {part[:60]}", hint, where)
            elif kind == "prose" and "`" in part:
                yield Problem(path, "a ` opens code that does not close", "close it, or write \\`", where)
            elif kind == "prose" and "$" in part:
                hint = r"close it on the same line, or write a dollar sign as \$"
                yield Problem(path, "a $ opens mathematics that does not close", hint, where)
        for slug in hand_links(text):
            if slug not in glossary.terms:
                yield _no_term(glossary, path, slug, where)
    for term in glossary.terms.values():
        for i, item in enumerate(term.formula):
            yield from _latex(_file(term), ("formula", i, "latex"), partial(mathml, item.latex))
            for symbol in item.symbols:
                where = ("formula", i, "symbols", symbol)
                yield from _latex(_file(term), where, partial(mathml, symbol))


def _latex(path: str, where: Where, convert: Callable[[], str]) -> Iterator[Problem]:
    try:
        convert()
    except ValueError as error:
        yield Problem(path, f"this is not mathematics we can show: {error}", "see which LaTeX the guide allows", where)


def _markdown(glossary: Glossary) -> Iterator[tuple[str, Where, str]]:
    """Every Markdown text: its file, the way to it, and what it says."""
    for term in glossary.terms.values():
        path = _file(term)
        yield path, ("explanation",), term.explanation
        for i, text in enumerate(term.examples):
            yield path, ("examples", i), text
        for i, item in enumerate(term.misconceptions):
            yield path, ("misconceptions", i, "wrong"), item.wrong
            yield path, ("misconceptions", i, "right"), item.right
        for i, question in enumerate(term.faq):
            yield path, ("faq", i, "answer"), question.answer
        yield path, ("demo", "caption"), term.demo.caption
        if term.note:
            yield path, ("note",), term.note
    for comparison in glossary.comparisons.values():
        path = _file(comparison)
        yield path, ("summary",), comparison.summary
        for i, row in enumerate(comparison.rows):
            for key, cell in row.values.items():
                if isinstance(cell, str):
                    yield path, ("rows", i, "values", key), cell
        for key, text in comparison.choose.items():
            yield path, ("choose", key), text
    for way in glossary.paths.values():
        path = _file(way)
        yield path, ("summary",), way.summary
        yield path, ("outcome",), way.outcome
        for i, rung in enumerate(way.steps):
            yield path, ("steps", i, "why"), rung.why


def sources(glossary: Glossary) -> Iterator[Problem]:
    entries: list[Term | Comparison] = [*glossary.terms.values(), *glossary.comparisons.values()]
    for entry in entries:
        listed: Sequence[Source] = entry.sources
        path = _file(entry)
        if not any(source.kind in PRIMARY for source in listed):
            yield Problem(path, "no source is a primary one", f"name at least one {', '.join(PRIMARY)}", ("sources",))
        for url, times in Counter(source.url for source in listed).items():
            if times > 1:
                yield Problem(path, f"the source {url} is named twice", "keep one of them", ("sources",))


# --- demos ------------------------------------------------------------------------------------------------


def demos_exist(glossary: Glossary) -> Iterator[Problem]:
    for term in glossary.terms.values():
        yield from _demo_use(
            glossary, _file(term), ("demo", "module"), term.demo.module, ("demo", "with"), term.demo.with_
        )
    for comparison in glossary.comparisons.values():
        for i, row in enumerate(comparison.rows):
            for key, cell in row.values.items():
                if not isinstance(cell, str):
                    at: Where = ("rows", i, "values", key)
                    yield from _demo_use(
                        glossary, _file(comparison), (*at, "demo"), cell.demo, (*at, "with"), cell.with_
                    )


def _demo_use(
    glossary: Glossary, path: str, where: Where, name: str, where_set: Where, given: Mapping[str, Any]
) -> Iterator[Problem]:
    source = glossary.demos.get(name)
    if source is None:
        hint = did_you_mean(name, glossary.demos, f"write demos/{name}.py")
        yield Problem(path, f"there is no demo called '{name}'", hint, where)
        return
    try:
        _run.settings(name, given, source.text)
    except _run.BadSetting as error:
        for message, hint in error.problems:
            yield Problem(path, message, hint, where_set)


def one_home_each(glossary: Glossary) -> Iterator[Problem]:
    """Each demo has one page that other pages mean when they name it."""
    for name, users in glossary.demo_users.items():
        homes = [slug for slug in users if glossary.terms[slug].demo.home]
        if len(homes) > 1 or (not homes and len(users) > 1):
            term = glossary.terms[sorted(users)[0]]
            who = ", ".join(sorted(homes or users))
            said = f"{who} all say they are the home of" if homes else f"none of {who} is the home of"
            yield Problem(_file(term), f"{said} the demo '{name}'", "write `home: true` in one of them", ("demo",))


def demos_are_shown(glossary: Glossary) -> Iterator[Problem]:
    for name, source in glossary.demos.items():
        if glossary.terms and name not in glossary.demo_users:
            hint = f"write a term with `demo: {name}`"
            yield Problem(f"demos/{source.path.name}", "no term shows this demo", hint, line=1)


# --- comparisons and paths --------------------------------------------------------------------------------


def comparisons_complete(glossary: Glossary) -> Iterator[Problem]:
    for comparison in glossary.comparisons.values():
        path = _file(comparison)
        keys = [side.key for side in comparison.sides]
        for i, side in enumerate(comparison.sides):
            if side.about not in glossary.terms:
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
            yield Problem(path, f"{what} says nothing about '{key}'", "a row speaks of every side", where)


def paths_climb(glossary: Glossary) -> Iterator[Problem]:
    """Each step of a path stands on the steps before it: what one needs to know came earlier."""
    for way in glossary.paths.values():
        path, before = _file(way), set[str]()
        for i, rung in enumerate(way.steps):
            where: Where = ("steps", i, "term")
            term = glossary.terms.get(rung.term)
            if term is None:
                yield _no_term(glossary, path, rung.term, where)
            elif rung.term in before:
                yield Problem(path, f"'{rung.term}' comes twice", "take one out", where)
            elif missing := [slug for slug in term.prerequisites if slug not in before]:
                hint = "put them before it"
                yield Problem(path, f"'{rung.term}' needs {', '.join(missing)} first", hint, where)
            before.add(rung.term)


# --- shared -----------------------------------------------------------------------------------------------


def _file(entry: Term | Comparison | Path) -> str:
    folder = {Term: "terms", Comparison: "terms/comparisons", Path: "terms/paths"}[type(entry)]
    return f"{folder}/{entry.slug}.yml"


def _no_term(glossary: Glossary, path: str, slug: str, where: Where) -> Problem:
    names = {name.casefold(): slug for slug, term in glossary.terms.items() for name in term.names}
    hint = (
        f"did you mean '{names[slug.casefold()]}'?" if slug.casefold() in names else did_you_mean(slug, glossary.terms)
    )
    return Problem(path, f"there is no term called '{slug}'", hint or f"write terms/{slug}.yml or take it out", where)


RULES: tuple[Callable[[Glossary], Iterable[Problem]], ...] = (
    unique_names,
    reserved_names,
    relations_resolve,
    relations_written_once,
    prerequisites_acyclic,
    categories_exist,
    nobody_is_an_island,
    definitions,
    explanations,
    texts_render,
    sources,
    demos_exist,
    one_home_each,
    demos_are_shown,
    comparisons_complete,
    paths_climb,
)
