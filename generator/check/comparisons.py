"""Rules about comparisons and paths: each speaks of terms that exist, and is complete."""

from collections.abc import Iterable, Iterator

from generator.check.names import no_such_term
from generator.check.rule import GlossaryRule
from generator.model.glossary import Outline
from generator.problems import Problem, Where, did_you_mean, listed, one_of


@GlossaryRule
def comparisons_complete(glossary: Outline) -> Iterator[Problem]:
    """A comparison is about terms that exist, and says something about each side in every row."""
    seen = dict[frozenset[tuple[str, str]], str]()
    for comparison in glossary.comparisons.values():
        path = comparison.file
        keys = [side.key for side in comparison.sides]
        other = seen.setdefault(frozenset((side.key, side.about) for side in comparison.sides), path)
        if other != path:
            message = f"{other} compares the same: {listed(sorted(keys))}"
            yield Problem(path, message, "put what is new here into that one, and take this one out", ("sides",))
        for i, side in enumerate(comparison.sides):
            if not glossary.has_term(side.about):
                yield no_such_term(glossary, path, side.about, ("sides", i))
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


@GlossaryRule
def paths_climb(glossary: Outline) -> Iterator[Problem]:
    """Each step of a path stands on the steps before it: what one needs to know came earlier."""
    for way in glossary.paths.values():
        path, before = way.file, set(way.prerequisites)
        for i, slug in enumerate(way.prerequisites):
            if not glossary.has_term(slug):
                yield no_such_term(glossary, path, slug, ("prerequisites", i))
        for i, rung in enumerate(way.steps):
            where: Where = ("steps", i, "term")
            term = glossary.terms.get(rung.term)
            if term is None:
                if not glossary.has_term(rung.term):
                    yield no_such_term(glossary, path, rung.term, where)
            elif rung.term in before:
                yield Problem(path, f"'{rung.term}' comes twice", "take one out", where)
            elif missing := [slug for slug in term.prerequisites if slug not in before]:
                it = "it" if len(missing) == 1 else "them"
                yield Problem(path, f"'{rung.term}' needs {listed(missing)} first", f"put {it} before this step", where)
            before.add(rung.term)
