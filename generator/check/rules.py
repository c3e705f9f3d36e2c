"""What one file cannot know, and what a schema cannot say: links that land, no clashes, no cycles, no orphans.

ALONE lists the rules that look at one entry: load.py remembers what they found for as long as the file is the same.
BESIDE lists those that look at one entry and need to know the others, and TOGETHER those that look at all. Places are
given as the way to a value (`where`), and whoever tells the problems looks up their lines.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from itertools import chain

from generator.check.comparisons import comparisons_complete, paths_climb
from generator.check.dates import dates_make_sense
from generator.check.demos import demos_are_shown, demos_are_tested, demos_exist, one_home_each
from generator.check.names import (
    ambiguous_names_are_shared,
    categories_are_what_they_seem,
    names_are_what_they_seem,
    names_become_addresses,
    unique_names,
)
from generator.check.relations import (
    categories_exist,
    nobody_is_an_island,
    nobody_stands_apart,
    prerequisites_acyclic,
    relations_resolve,
    relations_written_once,
    somebody_is_home,
    wanted_terms_are_missing,
)
from generator.check.sources import sources
from generator.check.texts import (
    addresses_name_sites,
    definitions,
    explanations,
    formulas_convert,
    hand_made_links_land,
    plain_texts_are_plain,
    texts_fall_into_no_trap,
    texts_render,
)
from generator.check.unfinished import programs_are_finished, texts_are_finished
from generator.check.words import allowed_words_are_needed, definitions_are_closed, words_are_spelled_right
from generator.model.entries import ALLOWED_WORDS, LISTS, AnyEntry
from generator.model.glossary import Glossary
from generator.problems import Problem


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
