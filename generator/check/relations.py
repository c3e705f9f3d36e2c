"""Rules about what leads where: prerequisites, related terms, categories, terms that are wanted."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import get_args

from generator.check.names import PLAINLY, no_such_term
from generator.check.rule import GlossaryRule
from generator.model.entries import CATEGORIES, RESERVED, WANTED, Level
from generator.model.glossary import Outline
from generator.problems import Problem, Where, did_you_mean, listed, one_of
from generator.text.lookalikes import letter_in_words, lookalike
from generator.text.slugs import slugify

MOST_CIRCLES = 20  # told at a time: where every term needs every other there are more than anybody can count


@GlossaryRule
def somebody_is_home(glossary: Outline) -> Iterator[Problem]:
    """A glossary has at least one term."""
    if not glossary.terms and glossary.is_whole:
        yield Problem("terms", "there are no terms", "write the first one: start from terms/_template.yml")


@GlossaryRule
def relations_resolve(glossary: Outline) -> Iterator[Problem]:
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
                    yield no_such_term(glossary, term.file, slug, (name, i))


@GlossaryRule
def relations_written_once(glossary: Outline) -> Iterator[Problem]:
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


@GlossaryRule
def levels_follow_prerequisites(glossary: Outline) -> Iterator[Problem]:
    """A term is no easier than what it stands on: its level is at least that of each of its prerequisites."""
    levels = get_args(Level)
    for term in glossary.terms.values():
        for i, slug in enumerate(term.prerequisites):
            below = glossary.terms.get(slug)
            if below is not None and levels.index(below.level) > levels.index(term.level):
                message = f"'{slug}' is {below.level}, and this term, which stands on it, is {term.level}"
                hint = f"make this term {below.level} too, or take the prerequisite out if readers can do without it"
                yield Problem(term.file, message, hint, ("prerequisites", i))


def mirrored(glossary: Outline) -> list[tuple[str, str]]:
    """The slugs of terms that each name the other in 'related', where one of them is enough."""
    terms = glossary.terms
    return [
        (one, other) for one, term in terms.items() for other in term.related
        if one < other and other in terms and one in terms[other].related
    ]  # fmt: skip


@GlossaryRule
def prerequisites_acyclic(glossary: Outline) -> Iterator[Problem]:
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


@GlossaryRule
def categories_exist(glossary: Outline) -> Iterator[Problem]:
    """The category of a term is one of terms/categories.yml."""
    if CATEGORIES in glossary.unread:
        return
    for term in glossary.terms.values():
        if term.category not in glossary.categories:
            hint = did_you_mean(term.category, glossary.categories, one_of(glossary.categories))
            yield Problem(term.file, f"there is no category called '{term.category}'", hint, ("category",))


@GlossaryRule
def nobody_is_an_island(glossary: Outline) -> Iterator[Problem]:
    """A term that nothing leads to and that leads nowhere is not found by reading."""
    if len(glossary.terms) < 2 or not glossary.is_whole:
        return
    for slug, term in glossary.terms.items():
        if not (glossary.related[slug] or glossary.leads_to[slug] or term.prerequisites):
            message, hint = "no other term leads to this one", "name its neighbors in 'related'"
            yield Problem(term.file, message, hint, ("title",), kind="unfinished")


@GlossaryRule
def wanted_terms_are_missing(glossary: Outline) -> Iterator[Problem]:
    """A term is wanted once, and only until it is written."""
    path, seen = WANTED, set[str]()
    for i, one in enumerate(glossary.wanted):
        where: Where = (i, "title")
        if owner := glossary.addresses.get(one.slug):
            message = f"'{one.title}' is wanted, and terms/{owner}.yml has it"
            yield Problem(path, message, "take it off the list", where, kind="unfinished")
        elif one.slug in seen:
            yield Problem(path, f"'{one.title}' is wanted twice", "keep one of them", where)
        elif not one.slug or one.slug in RESERVED:
            yield Problem(path, f"'{one.title}' can not be a title", "it becomes an address: choose another", where)
        if one.meanwhile and not glossary.has_term(one.meanwhile):
            yield no_such_term(glossary, path, one.meanwhile, (i, "meanwhile"))
        for j, name in enumerate(one.typed):
            if owner := glossary.addresses.get(slugify(name)):
                message = f"readers who type '{name}' get terms/{owner}.yml, which has that name"
                yield Problem(path, message, "take it out", (i, "typed", j))
        if wrong := lookalike(one.title):
            message = f"the title '{one.title}' holds {letter_in_words(wrong)}, which readers can not tell or type"
            yield Problem(path, message, PLAINLY, where)
        seen.add(one.slug)


@GlossaryRule
def nobody_stands_apart(glossary: Outline) -> Iterator[Problem]:
    """From every term the reader gets to every other. Comparisons and paths lead from term to term too."""
    if not glossary.is_whole:
        return
    groups = _groups(glossary)
    for group in groups[1:]:
        if len(group) > 1:  # one alone is an island
            message = f"from {listed(group)} nothing leads to the other terms"
            hint = "name a neighbor of one of them in 'related'"
            yield Problem(glossary.terms[group[0]].file, message, hint, ("title",), kind="unfinished")


def _groups(glossary: Outline) -> list[list[str]]:
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
