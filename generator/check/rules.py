"""All rules of `check`, found in the modules beside this one, and how they are applied."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import generator.check
from generator.check.rule import EntryInGlossaryRule, EntryRule, GlossaryRule, HistoryRule, Rule
from generator.discovery import modules
from generator.model.entries import LISTS, AnyEntry
from generator.model.glossary import Glossary, Outline
from generator.problems import Problem

R = TypeVar("R", bound=Rule[...])


def _found(kind: type[R]) -> Iterator[R]:
    """Every rule of a kind: subject by subject in the order of the alphabet, and in the order of the file."""
    for module in modules(generator.check):
        rules = (one for one in vars(module).values() if isinstance(one, kind))
        yield from (rule for rule in rules if rule.find.__module__ == module.__name__)  # and is not only imported there


ENTRY_RULES = tuple(_found(EntryRule))

ENTRY_IN_GLOSSARY_RULES = tuple(_found(EntryInGlossaryRule))

GLOSSARY_RULES = tuple(_found(GlossaryRule))

HISTORY_RULES = tuple(_found(HistoryRule))

# Of every build.
RULES: tuple[Rule[...], ...] = (*ENTRY_RULES, *ENTRY_IN_GLOSSARY_RULES, *GLOSSARY_RULES, *HISTORY_RULES)


def look_at(entry: AnyEntry) -> list[Problem]:
    """What is wrong with an entry, whatever else there is."""
    return [problem for rule in ENTRY_RULES for problem in rule(entry)]


@dataclass
class Said:
    """What check has said already, so that it need not be worked out again."""

    alone: Mapping[str, list[Problem]] = field(default_factory=dict)  # file -> what look_at() says of its entry
    among_others: Mapping[str, list[Problem]] = field(default_factory=dict)  # the same of look_at_among_others()
    as_a_whole: list[Problem] | None = None  # what rules of the whole glossary say


def look_at_among_others(glossary: Outline, entry: AnyEntry) -> list[Problem]:
    """What is wrong with an entry in this glossary."""
    return [problem for rule in ENTRY_IN_GLOSSARY_RULES for problem in rule(glossary, entry)]


def look_at_all(glossary: Outline) -> list[Problem]:
    """What is wrong with the glossary as a whole."""
    return _as_a_whole(glossary, GLOSSARY_RULES)


def check(glossary: Glossary, only: Collection[str] = (), said: Said | None = None) -> list[Problem]:
    """Everything that is wrong in a glossary whose files each read well.

    With `only`, what is wrong in these files, and what is wrong in others because of them. What is not in `said` is
    looked at now; with `only`, it is not asked about what others have to do with.
    """
    said, problems = said or Said(), []
    for entry in glossary.entries:
        if not only or entry.file in only:
            known = said.alone.get(entry.file)
            problems += look_at(entry) if known is None else known
            known = None if only else said.among_others.get(entry.file)
            problems += look_at_among_others(glossary, entry) if known is None else known
    if only:
        return problems + _because_of(only, glossary)
    return problems + (look_at_all(glossary) if said.as_a_whole is None else said.as_a_whole)


def _as_a_whole(glossary: Outline, rules: Iterable[GlossaryRule]) -> list[Problem]:
    return [problem for rule in rules for problem in rule(glossary)]


def _because_of(files: Collection[str], glossary: Glossary) -> list[Problem]:
    """What is wrong with the glossary as a whole in these files, or would be well if these files were not there."""
    rules = [rule for rule in GLOSSARY_RULES if rule.only_about in ("", *files)]
    found = _as_a_whole(glossary, rules)
    if all(problem.path in files for problem in found):
        return found
    # Whoever asks about one file is not told what is wrong in others anyway, so the rules are asked without it too.
    anyway = {_told(problem) for problem in _as_a_whole(_without(glossary, files), rules)}
    return [problem for problem in found if problem.path in files or _told(problem) not in anyway]


def _told(problem: Problem) -> tuple[object, ...]:
    """By what a problem is the same one; the remedy may name other files that are there or not."""
    return problem.path, problem.where, problem.message


def _without(glossary: Glossary, files: Collection[str]) -> Glossary:
    """The glossary as it would be without these files."""
    return replace(
        glossary,
        terms={slug: entry for slug, entry in glossary.terms.items() if entry.file not in files},
        comparisons={slug: entry for slug, entry in glossary.comparisons.items() if entry.file not in files},
        paths={slug: entry for slug, entry in glossary.paths.items() if entry.file not in files},
        demos={name: demo for name, demo in glossary.demos.items() if f"demos/{name}.py" not in files},
        unread=glossary.unread.union(path for path in files if path in LISTS),
    )
