"""What one file cannot know, and what a schema cannot say: links that land, no clashes, no cycles, no orphans.

ALONE lists the rules that look at one entry: load.py remembers what they found for as long as the file is the same.
BESIDE lists those that look at one entry and need to know the others, and TOGETHER those that look at all. Places are
given as the way to a value (`where`), and whoever tells the problems looks up their lines.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter
from itertools import chain, pairwise
from typing import Any

from demos import _run
from generator.addresses import names_a_site, same_page
from generator.letters import lookalike, named
from generator.link import hand_links
from generator.markdown import latex_of, leads_to_the_web, mathml, parts, start_of, words
from generator.model import ALLOWED_WORDS, LISTS, LONGEST_SLUG, MUTANTS, PRIMARY, RESERVED, AnyEntry, Comparison, Glossary, Path, Term, slugify
from generator.problems import Kind, Problem, Where, counted, did_you_mean, listed, one_of
from generator.prose import Vocabulary, forms, misspelled
from generator.traps import traps

LONGEST_DEFINITION = 300  # characters: what a card, a preview and a search result show whole
EXPLANATION = range(120, 451)  # words
FIRST_DAY = date(2000, 1, 1)  # before that there was no web page to write
A_YEAR = timedelta(days=365)
MOST_CIRCLES = 20  # told at a time: where every term needs every other there are more than anybody can count


def check(glossary: Glossary, only: Collection[str] = ()) -> list[Problem]:
    """Everything that is wrong in a glossary whose files each read well.

    With `only`, what is wrong in these files, and what is wrong in others because of them.
    """
    asked = [entry for entry in glossary.entries if not only or entry.file in only]
    alone = (
        glossary.alone[path] if (path := entry.file) in glossary.alone else look_at(entry)
        for entry in asked
    )  # fmt: skip
    problems = list(chain.from_iterable(alone))
    problems += [problem for entry in asked for rule in BESIDE for problem in rule(glossary, entry)]
    others = _without(glossary, only) if only else glossary
    for rule in TOGETHER:
        if only and OF.get(rule, "") not in ("", *only):
            continue
        found = list(rule(glossary))
        if any(only and problem.path not in only for problem in found):
            known = {(problem.path, problem.where, problem.message) for problem in rule(others)}
            found = [one for one in found if one.path in only or (one.path, one.where, one.message) not in known]
        problems += found
    return problems


def _without(glossary: Glossary, paths: Collection[str]) -> Glossary:
    """The glossary as it would be without these files."""
    return replace(
        glossary,
        terms={slug: entry for slug, entry in glossary.terms.items() if entry.file not in paths},
        comparisons={slug: entry for slug, entry in glossary.comparisons.items() if entry.file not in paths},
        paths={slug: entry for slug, entry in glossary.paths.items() if entry.file not in paths},
        demos={name: demo for name, demo in glossary.demos.items() if f"demos/{name}.py" not in paths},
        unread=glossary.unread.union(path for path in paths if path in LISTS),
    )


def look_at(entry: AnyEntry) -> list[Problem]:
    """What is wrong with an entry, whatever else there is."""
    return [problem for rule in ALONE for problem in rule(entry)]


# --- names ------------------------------------------------------------------------------------------------


def somebody_is_home(glossary: Glossary) -> Iterator[Problem]:
    """A glossary has at least one term."""
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
                yield Problem(term.file, f"the {what} '{text}' is a shared acronym of other terms", hint, where)
            elif owner and owner != slug:
                hint = "give it to one of them"
                if what == "alias" and role != "slug":
                    hint += f", or mark it as {{text: {text}, ambiguous: true}} in both"
                yield Problem(term.file, f"the {what} '{text}' is already the {role} of '{owner}'", hint, where)
            elif key in own or (key == slug and what == "old slug"):
                yield Problem(term.file, f"the {what} '{text}' says nothing new", "take it out", where)
            elif key == slug and shares:
                hint = "rename the file: the acronym gets a page of its own"
                yield Problem(term.file, f"the slug '{slug}' is a shared acronym", hint, where)
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
    """An acronym that is marked as ambiguous belongs to two terms or more."""
    for text, slugs in glossary.ambiguous.items():
        if len(slugs) == 1 and glossary.is_whole:
            term = glossary.terms[slugs[0]]
            where = ("aliases", [alias.text for alias in term.aliases].index(text))
            hint = "mark it `ambiguous: true` in the other term too, or take the mark away"
            yield Problem(term.file, f"no other term shares the acronym '{text}'", hint, where)


def names_become_addresses(entry: AnyEntry) -> Iterator[Problem]:
    """Other names are addresses too, so they keep out of what some systems or the site itself need."""
    for text, where, what in _claims(entry) if isinstance(entry, Term) else ():
        key = slugify(text)
        if not key and what == "alias":
            hint = "it becomes an address: use letters or digits"
            yield Problem(entry.file, f"'{text}' can not be an alias", hint, where)
        elif key in RESERVED:
            hint = "it becomes an address, and some systems or sites need that name for themselves"
            yield Problem(entry.file, f"'{text}' can not be {_A[what]}", hint, where)
        elif len(key) > LONGEST_SLUG:
            message = f"{_A[what]} becomes an address, and this one's would have {len(key)} characters"
            yield Problem(entry.file, message, f"it may have {LONGEST_SLUG}", where)


def names_are_what_they_seem(entry: AnyEntry) -> Iterator[Problem]:
    """No name holds a letter that only looks like the one that readers search for."""
    for name, where, what in _names(entry):
        if wrong := lookalike(name):
            message = f"the {what} '{name}' holds {named(wrong)}, which readers can not tell or type"
            yield Problem(entry.file, message, _PLAINLY, where)


_PLAINLY = "use Latin letters; a Greek one may stand where it looks like no other"


def _names(entry: AnyEntry) -> Iterator[tuple[str, Where, str]]:
    """Everything that an entry calls by a name, the way to it, and what to call it."""
    if isinstance(entry, Term):
        yield from _claims(entry)
        return
    yield entry.title, ("title",), "title"
    for i, side in enumerate(entry.sides if isinstance(entry, Comparison) else ()):
        yield side.key, ("sides", i), "side"


def categories_are_what_they_seem(glossary: Glossary) -> Iterator[Problem]:
    """The title of a category holds no letter that only looks like another."""
    for i, category in enumerate(glossary.categories.values()):
        if wrong := lookalike(category.title):
            message = f"the title '{category.title}' holds {named(wrong)}, which readers can not tell or type"
            yield Problem("terms/categories.yml", message, _PLAINLY, (i, "title"))


# --- relations --------------------------------------------------------------------------------------------


def relations_resolve(glossary: Glossary) -> Iterator[Problem]:
    """Prerequisites and related terms are there, each named once, and no term names itself."""
    for term in glossary.terms.values():
        for name in ("prerequisites", "related"):
            slugs: list[str] = getattr(term, name)
            for i, slug in enumerate(slugs):
                if slug == term.slug:
                    yield Problem(term.file, f"'{slug}' names itself in '{name}'", "take it out", (name, i))
                elif slug in slugs[:i]:
                    yield Problem(term.file, f"'{slug}' is written twice in '{name}'", "take one out", (name, i))
                elif not glossary.has_term(slug):
                    yield _no_term(glossary, term.file, slug, (name, i))


def relations_written_once(glossary: Glossary) -> Iterator[Problem]:
    """A relation is written on one side, since pages show it on both; a prerequisite is not repeated as a relation."""
    for term in glossary.terms.values():
        for i, slug in enumerate(term.related):
            other = glossary.terms.get(slug)
            if other is None or other is term:
                continue
            if slug in term.prerequisites or term.slug in other.prerequisites:
                hint = "a prerequisite is shown as a neighbor already"
                yield Problem(term.file, f"'{slug}' is a prerequisite and related", hint, ("related", i))
            elif term.slug in other.related and slug < term.slug:
                hint = f"one side is enough, and pages show both: take it out here or in {other.file}"
                yield Problem(term.file, f"the relation to '{slug}' is written on both sides", hint, ("related", i))


def mirrored(glossary: Glossary) -> list[tuple[str, str]]:
    """The slugs of terms that each name the other in 'related', where one of them is enough."""
    terms = glossary.terms
    return [
        (one, other) for one, term in terms.items() for other in term.related
        if one < other and other in terms and one in terms[other].related
    ]  # fmt: skip


def prerequisites_acyclic(glossary: Glossary) -> Iterator[Problem]:
    """Nothing has to be known before itself: prerequisites do not go in a circle."""
    graph = {slug: [p for p in term.prerequisites if p != slug] for slug, term in glossary.terms.items()}
    for _ in range(MOST_CIRCLES):  # graphlib finds one at a time; open it and look again
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
        yield Problem(term.file, f"the prerequisites go in a circle: {told}", "take one of them out", where)
        graph[term.slug].remove(turned[0])


def categories_exist(glossary: Glossary) -> Iterator[Problem]:
    """The category of a term is one of terms/categories.yml."""
    if "terms/categories.yml" in glossary.unread:
        return
    for term in glossary.terms.values():
        if term.category not in glossary.categories:
            hint = did_you_mean(term.category, glossary.categories, one_of(glossary.categories))
            yield Problem(term.file, f"there is no category called '{term.category}'", hint, ("category",))


def nobody_is_an_island(glossary: Glossary) -> Iterator[Problem]:
    """A term that nothing leads to and that leads nowhere is not found by reading."""
    if len(glossary.terms) < 2 or not glossary.is_whole:
        return
    for slug, term in glossary.terms.items():
        if not (glossary.related[slug] or glossary.leads_to[slug] or term.prerequisites):
            message, hint = "no other term leads to this one", "name its neighbors in 'related'"
            yield Problem(term.file, message, hint, ("title",), kind="unfinished")


def wanted_terms_are_missing(glossary: Glossary) -> Iterator[Problem]:
    """A term is wanted once, and only until it is written."""
    path, seen = "terms/wanted.yml", set[str]()
    for i, one in enumerate(glossary.wanted):
        where: Where = (i, "title")
        if owner := glossary.addresses.get(one.slug):
            message = f"'{one.title}' is wanted, and terms/{owner}.yml has it"
            yield Problem(path, message, "take it off the list", where, kind="unfinished")
        elif one.slug in seen:
            yield Problem(path, f"'{one.title}' is wanted twice", "keep one of them", where)
        elif not one.slug or one.slug in RESERVED:
            yield Problem(path, f"'{one.title}' can not be a title", "it becomes an address: choose another", where)
        if wrong := lookalike(one.title):
            message = f"the title '{one.title}' holds {named(wrong)}, which readers can not tell or type"
            yield Problem(path, message, _PLAINLY, where)
        seen.add(one.slug)


def nobody_stands_apart(glossary: Glossary) -> Iterator[Problem]:
    """From every term the reader gets to every other. Comparisons and paths lead from term to term too."""
    if not glossary.is_whole:
        return
    groups = _groups(glossary)
    for group in groups[1:]:
        if len(group) > 1:  # one alone is an island
            message = f"from {listed(group)} nothing leads to the other terms"
            hint = "name a neighbor of one of them in 'related'"
            yield Problem(glossary.terms[group[0]].file, message, hint, ("title",), kind="unfinished")


def _groups(glossary: Glossary) -> list[list[str]]:
    """The slugs of terms that hang together, the largest group first."""
    beside = {slug: {*near, *glossary.leads_to[slug]} for slug, near in glossary.related.items()}
    for slug, term in glossary.terms.items():
        beside[slug].update(term.prerequisites)
    for page in glossary.comparisons.values():
        for side in page.sides:
            beside.setdefault(side.about, set()).update(other.about for other in page.sides)
    for way in glossary.paths.values():
        for one, other in pairwise(rung.term for rung in way.steps):
            beside.setdefault(one, set()).add(other)
            beside.setdefault(other, set()).add(one)
    groups, left = [], dict.fromkeys(sorted(glossary.terms))
    while left:
        group, waiting = set(), [next(iter(left))]
        while waiting:
            if (slug := waiting.pop()) in left:
                del left[slug]
                group.add(slug)
                waiting += beside[slug]
        groups.append(sorted(group))
    return sorted(groups, key=len, reverse=True)


# --- texts ------------------------------------------------------------------------------------------------


def definitions(entry: AnyEntry) -> Iterator[Problem]:
    """A definition starts with the term and is, has at most two sentences, and is short enough for a card."""
    if not isinstance(entry, Term):
        return
    path, text, where = entry.file, entry.definition, ("definition",)
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
    """An explanation is long enough to explain and short enough to be read."""
    if isinstance(entry, Term) and (count := words(entry.explanation)) not in EXPLANATION:
        hint = f"between {EXPLANATION.start} and {EXPLANATION.stop - 1} make a page that gets read"
        message = f"the explanation has {counted(count, 'word')}"
        kind: Kind = "unfinished" if count < EXPLANATION.start else "error"
        yield Problem(entry.file, message, hint, ("explanation",), kind=kind)


def texts_render(entry: AnyEntry) -> Iterator[Problem]:
    """Markdown that will look as meant: no HTML, no pictures, no open mathematics or code."""
    path = entry.file
    for where, text in _markdown(entry):
        for kind, part in parts(text):
            if kind in _REFUSED and not (kind == "link" and leads_to_the_web(part)):
                message, hint = _REFUSED[kind]
                if kind == "link" and part.startswith("!"):
                    message, hint = "pictures are drawn by demos", "take it out, or let the demo draw it"
                yield Problem(path, f"{message}: {start_of(part)}", hint, where)
            elif kind == "prose":
                for mark, (message, hint) in _OPEN.items():
                    if mark in part:
                        start = max(part.rfind("[", 0, part.index(mark)), 0) if mark == "](" else part.index(mark)
                        yield Problem(path, f"{message}: {start_of(part[start:])}", hint, where)


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


def texts_are_finished(entry: AnyEntry) -> Iterator[Problem]:
    """No text of an entry is a placeholder, as in terms/_template.yml. Code may say such a word, and mean it."""
    for where, text in _texts(entry.model_dump(by_alias=True)):
        if is_unfinished(text):
            for word in dict.fromkeys(mark for kind, part in parts(text) if kind not in _CODE for mark in _marks(part)):
                hint = f"finish it, or write `{word}` where the word itself is meant"
                message = f"'{word}' says that this text is not finished"
                yield Problem(entry.file, message, hint, where, kind="unfinished")


def is_unfinished(text: str) -> bool:
    """Whether a text holds a word by which authors mark what is still to be written."""
    return _UNFINISHED.search(text) is not None


def _marks(text: str) -> list[str]:
    return [" ".join(mark.split()) for mark in _UNFINISHED.findall(text)]


_UNFINISHED = re.compile(r"\b(?:TODO|FIXME|TBD|XXX|[Ll]orem\s+ipsum)\b")
_CODE = ("code", "fence")


def _texts(value: Any, where: Where = ()) -> Iterator[tuple[Where, str]]:
    """Every text in plain data, and the way to it."""
    match value:
        case str():
            yield where, value
        case dict():
            for key, inner in value.items():
                yield from _texts(inner, (*where, key))
        case list():
            for i, inner in enumerate(value):
                yield from _texts(inner, (*where, i))


def texts_fall_into_no_trap(entry: AnyEntry) -> Iterator[Problem]:
    """No text is read otherwise by the engine than by its author, as is a list without an empty line before it."""
    for where, text in _markdown(entry):
        for message, hint in traps(text, one_paragraph=where[0] not in ("explanation", "summary")):
            yield Problem(entry.file, message, hint, where)


def plain_texts_are_plain(entry: AnyEntry) -> Iterator[Problem]:
    """No marks in a text that is shown as it is, and no mathematics where it would be shown as its LaTeX."""
    for where, text in _plain(entry):
        for kind, part in parts(text):
            if kind in _MARKED or (kind == "prose" and "**" in part):
                hint = "write it in words: this text is shown as it is"
                yield Problem(entry.file, f"the page shows these marks as they stand: {start_of(part)}", hint, where)
    for where, text in _markdown(entry):
        for kind, part in parts(text) if where[0] in _WITHOUT_FORMULAS else ():
            if kind == "math" and re.search(r"[\\^_{]", part) and _is_sound(part):
                hint = "write it in words or plain letters: this text is shown without mathematics"
                yield Problem(entry.file, f"this formula is shown as its source: {start_of(part)}", hint, where)


_WITHOUT_FORMULAS = ("demo", "also", "note", "outcome", "steps")  # the fields that are shown as plain text
_MARKED = ("code", "fence", "math", "wiki", "link", "html")


def _is_sound(formula: str) -> bool:
    try:
        return bool(mathml(latex_of(formula)[0])) and not is_unfinished(formula)
    except ValueError:  # which other rules tell
        return False


def words_are_spelled_right(entry: AnyEntry) -> Iterator[Problem]:
    """No word is a common misspelling or British; names of authors are right as they are."""
    authors = [] if isinstance(entry, Path) else [source.authors or "" for source in entry.sources]
    for where, text in chain(_plain(entry), _markdown(entry)):
        for word, meant in misspelled(text, authors):
            meanings = listed([f"'{one}'" for one in meant.split(", ")], "or")
            yield Problem(entry.file, f"'{word}' is misspelled", f"did you mean {meanings}? {_IF_RIGHT}", where)


_IF_RIGHT = "if it is right, write it as code, or add it to generator/words/right.txt"


def definitions_are_closed(glossary: Glossary, entry: AnyEntry) -> Iterator[Problem]:
    """Every word of a definition is common English, the name of a term, or allowed with a reason."""
    if not isinstance(entry, Term) or not glossary.is_whole or ALLOWED_WORDS in glossary.unread:
        return
    for word in () if is_unfinished(entry.definition) else glossary.vocabulary.undefined(entry.definition):
        message = f"the definition says '{word}', which is neither common English nor a term here"
        yield Problem(entry.file, message, _SAY_IT_PLAINLY, ("definition",), kind="unfinished")


_SAY_IT_PLAINLY = f"use a plainer word, write a term or an alias for it, or add it with a reason to {ALLOWED_WORDS}"


def allowed_words_are_needed(glossary: Glossary) -> Iterator[Problem]:
    """Each word that is allowed occurs in a definition, and would not be known otherwise."""
    if not glossary.allowed_words or not glossary.is_whole:
        return
    terms = glossary.terms.values()
    known = Vocabulary(name for term in terms for name in term.names)
    said = {form for term in terms for word in known.undefined(term.definition) for form in forms(word.casefold())}
    for word in glossary.allowed_words:
        if not known.undefined(word):
            yield Problem(ALLOWED_WORDS, f"'{word}' is common English or a term", "take it out", (word,))
        elif said.isdisjoint(forms(word)):
            yield Problem(ALLOWED_WORDS, f"no definition says '{word}'", "take it out", (word,))


def formulas_convert(entry: AnyEntry) -> Iterator[Problem]:
    """Every formula is LaTeX that can be shown as MathML."""
    for where, latex, display in formulas(entry):
        try:
            mathml(latex, display=display)
        except ValueError as error:
            yield Problem(entry.file, f"this is not mathematics we can show: {error}", "", where)


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


def hand_made_links_land(glossary: Glossary, entry: AnyEntry) -> Iterator[Problem]:
    """A link that an author made, as in `[[neuron]]`, leads to a term."""
    for where, text in _markdown(entry):
        for slug in hand_links(text):
            if not glossary.has_term(slug):
                yield _no_term(glossary, entry.file, slug, where)


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
            for where, use in entry.demo_places:
                yield (*where, "caption"), use.caption
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


def _plain(entry: AnyEntry) -> Iterator[tuple[Where, str]]:
    """Every text of an entry that is shown as it is. Other names are none: they may be anything people search for."""
    yield ("title",), entry.title
    match entry:
        case Term():
            yield ("definition",), entry.definition
            for i, item in enumerate(entry.formula):
                for symbol, meaning in item.symbols.items():
                    yield ("formula", i, "symbols", symbol), meaning
            for i, asked in enumerate(entry.faq):
                yield ("faq", i, "question"), asked.question
        case Comparison():
            for i, side in enumerate(entry.sides):
                yield ("sides", i, "label"), side.label
            for i, row in enumerate(entry.rows):
                yield ("rows", i, "aspect"), row.aspect


def sources(entry: AnyEntry) -> Iterator[Problem]:
    """At least one source is a primary one, and none is named twice."""
    if isinstance(entry, Path):
        return
    if not any(source.kind in PRIMARY for source in entry.sources):
        hint = f"name at least one {listed(PRIMARY, 'or')}"
        yield Problem(entry.file, "no source is a primary one", hint, ("sources",))
    pages = [same_page(source.url) if names_a_site(source.url) else "" for source in entry.sources]
    for i, source in enumerate(entry.sources):
        where: Where = ("sources", i)
        if not pages[i]:
            hint = "copy the whole address from the browser"
            yield Problem(entry.file, f"the address {source.url} names no site", hint, (*where, "url"))
            continue
        for other, page in zip(entry.sources[:i], pages, strict=False):
            if page == pages[i]:
                as_ = "" if other.url == source.url else f", here and as {other.url}"
                yield Problem(entry.file, f"the source {source.url} is named twice{as_}", "keep one", (*where, "url"))
                break
            if slugify(other.title) == slugify(source.title) and (other.authors or source.authors) == source.authors:
                hint = "keep one, or say in the title which part or edition it is"
                yield Problem(entry.file, f"the source '{source.title}' is named twice", hint, (*where, "title"))
                break


def addresses_name_sites(entry: AnyEntry) -> Iterator[Problem]:
    """Links in texts lead somewhere; those of sources are looked at with them."""
    for where, text in _markdown(entry):
        for kind, part in parts(text) if "://" in text else ():
            url = part.partition("](")[2][:-1] if kind == "link" else part.strip("<>").rstrip(".,;:!?")
            if kind in ("link", "address") and "://" in url and not names_a_site(url):
                hint = "copy the whole address from the browser"
                yield Problem(entry.file, f"the address {url} names no site", hint, where)


# --- dates ------------------------------------------------------------------------------------------------


def dates_make_sense(entry: AnyEntry) -> Iterator[Problem]:
    """Dates are plausible: nothing was written before the year 2000, or reviewed before it was written."""
    if entry.written < FIRST_DAY:
        hint = f"no date lies before {FIRST_DAY}; sources have a year of their own"
        yield Problem(entry.file, f"it can not have been written on {entry.written}", hint, ("written",))
    if not isinstance(entry, Path) and entry.reviewed and entry.reviewed.date < entry.written:
        message = f"it was reviewed on {entry.reviewed.date}, and written after that, on {entry.written}"
        yield Problem(entry.file, message, "mend one of the dates", ("reviewed", "date"))


def ahead_of(glossary: Glossary, today: date) -> Iterator[Problem]:
    """Dates that are still to come. No rule of a build, since what builds today must build tomorrow."""
    for entry in glossary.entries:
        reviewed = None if isinstance(entry, Path) else entry.reviewed
        for day, where in ((entry.written, ("written",)), (reviewed and reviewed.date, ("reviewed", "date"))):
            if day and day > today:
                yield Problem(entry.file, f"{day} is still to come", f"today is {today}", where)


def due_for_review(glossary: Glossary, today: date) -> Iterator[Problem]:
    """Entries that nobody has looked at for a year. That is nothing wrong, only something to do."""
    for entry in glossary.entries:
        if isinstance(entry, Path):
            continue
        seen = entry.reviewed.date if entry.reviewed else entry.written
        if today - seen > A_YEAR:
            told = f"last reviewed on {seen}" if entry.reviewed else f"written on {seen} and never reviewed"
            hint = "read it again, look its sources up, mend it, and say so in 'reviewed'"
            where: Where = ("reviewed", "date") if entry.reviewed else ("written",)
            yield Problem(entry.file, f"{told}, more than a year ago", hint, where, kind="due")


# --- demos ------------------------------------------------------------------------------------------------


def demos_exist(glossary: Glossary) -> Iterator[Problem]:
    """Every demo that an entry names is there, and takes the settings that it is given."""
    for term in glossary.terms.values():
        for where, use in term.demo_places:
            yield from _demo_use(glossary, term.file, where, "module", use.module, use.with_)
    for comparison in glossary.comparisons.values():
        for i, row in enumerate(comparison.rows):
            for key, cell in row.values.items():
                if not isinstance(cell, str):
                    at: Where = ("rows", i, "values", key)
                    yield from _demo_use(glossary, comparison.file, at, "demo", cell.demo, cell.with_)


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
        _run.fill(name, source.parameters, given)
    except _run.BadSetting as error:
        for message, hint in error.problems:
            yield Problem(path, message, hint, (*where, "with"))


def one_home_each(glossary: Glossary) -> Iterator[Problem]:
    """Each demo has one page that other pages mean when they name it."""
    for name, users in glossary.demo_users.items():
        homes = [
            (slug, where)
            for slug in users
            for where, use in glossary.terms[slug].demo_places
            if use.module == name and use.home
        ]
        if len(homes) > 1:
            for slug, where in homes:
                message = f"the demo '{name}' has {len(homes)} homes: {listed([home for home, _ in homes])}"
                hint = "keep `home: true` in one of them"
                yield Problem(glossary.terms[slug].file, message, hint, (*where, "home"))
        elif not homes and len(users) > 1 and glossary.is_whole:
            message = f"the demo '{name}' has no home among the terms that show it: {listed(users)}"
            hint = "write `home: true` in one of them"
            yield Problem(glossary.terms[users[0]].file, message, hint, ("demo",), kind="unfinished")


def demos_are_shown(glossary: Glossary) -> Iterator[Problem]:
    """Every demo is on the page of some term."""
    for name, source in glossary.demos.items():
        if glossary.terms and glossary.is_whole and name not in glossary.demo_users:
            hint = f"write a term with `demo: {name}`"
            yield Problem(f"demos/{source.path.name}", "no term shows this demo", hint, line=1)


def demos_are_tested(glossary: Glossary) -> Iterator[Problem]:
    """Each demo has a test, and a deliberate bug that the test must notice, where there are any."""
    planted = set(_PLANTED.findall(glossary.tests.get(MUTANTS, "")))
    for name, demo in glossary.demos.items() if glossary.tests else ():
        path, test = f"demos/{demo.path.name}", f"tests/demos/test_{name}.py"
        if test not in glossary.tests and test not in glossary.unread:
            hint = f"write {test}: hold its results against a library, or against what is known beforehand"
            yield Problem(path, "this demo has no test", hint, line=1, kind="unfinished")
        if name not in planted and MUTANTS in glossary.tests:
            hint = f"add one to {MUTANTS}, and see with `make mutants` that the test notices it"
            yield Problem(path, "no deliberate bug is planted in this demo", hint, line=1, kind="unfinished")


_PLANTED = re.compile(r"^- *\{? *file: *[\"']?demos/(\w+)\.py", re.MULTILINE)


def programs_are_finished(glossary: Glossary) -> Iterator[Problem]:
    """No demo, test of a demo or deliberate bug is still the placeholder that `new` wrote."""
    demos = {f"demos/{name}.py": demo.text for name, demo in glossary.demos.items()}
    for path, text in (*demos.items(), *glossary.tests.items()):
        for line, code in enumerate(text.splitlines() if is_unfinished(text) else (), start=1):
            if found := _UNFINISHED.search(code):
                message, hint = f"'{found[0]}' says that this is not finished", "finish it, and take the word out"
                yield Problem(path, message, hint, (), line, found.start() + 1, "unfinished")


# --- comparisons and paths --------------------------------------------------------------------------------


def comparisons_complete(glossary: Glossary) -> Iterator[Problem]:
    """A comparison is about terms that exist, and says something about each side in every row."""
    for comparison in glossary.comparisons.values():
        path = comparison.file
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
        path, before = way.file, set(way.prerequisites)
        for i, slug in enumerate(way.prerequisites):
            if not glossary.has_term(slug):
                yield _no_term(glossary, path, slug, ("prerequisites", i))
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


def _no_term(glossary: Glossary, path: str, slug: str, where: Where) -> Problem:
    called = glossary.addresses.get(slugify(slug))
    hint = f"did you mean '{called}'?" if called else did_you_mean(slug, glossary.terms)
    return Problem(path, f"there is no term called '{slug}'", hint or f"write terms/{slug}.yml or take it out", where)


ALONE: tuple[Callable[[AnyEntry], Iterable[Problem]], ...] = (
    names_become_addresses,
    names_are_what_they_seem,
    definitions,
    explanations,
    texts_render,
    texts_fall_into_no_trap,
    plain_texts_are_plain,
    words_are_spelled_right,
    texts_are_finished,
    formulas_convert,
    sources,
    addresses_name_sites,
    dates_make_sense,
)
BESIDE: tuple[Callable[[Glossary, AnyEntry], Iterable[Problem]], ...] = (
    definitions_are_closed,
    hand_made_links_land,
)
TOGETHER: tuple[Callable[[Glossary], Iterable[Problem]], ...] = (
    somebody_is_home,
    unique_names,
    ambiguous_names_are_shared,
    relations_resolve,
    relations_written_once,
    prerequisites_acyclic,
    categories_exist,
    categories_are_what_they_seem,
    nobody_is_an_island,
    nobody_stands_apart,
    allowed_words_are_needed,
    wanted_terms_are_missing,
    demos_exist,
    one_home_each,
    demos_are_shown,
    demos_are_tested,
    programs_are_finished,
    comparisons_complete,
    paths_climb,
)
# What takes long and tells of one file only, so that it is left out where others are asked about.
OF: dict[Callable[[Glossary], Iterable[Problem]], str] = {allowed_words_are_needed: ALLOWED_WORDS}
