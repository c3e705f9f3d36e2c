"""What a rule of `check` is: a function that stands in the file of its subject, marked with what it looks at.

A rule is written once, as one function with one of the classes below as its decorator. rules.py finds it by that, and
its docstring is what the guide for authors says about it. It yields a Problem for each thing to mend, whose place is
the way to a value (`where`); load.places.located() looks up the line.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, ParamSpec

from generator.model.entries import AnyEntry
from generator.model.glossary import Outline
from generator.problems import Problem

P = ParamSpec("P")


@dataclass(frozen=True)
class Rule(Generic[P]):
    """A rule, called as the function itself is called."""

    find: Callable[P, Iterable[Problem]]

    def __call__(self, *given: P.args, **named: P.kwargs) -> Iterable[Problem]:
        return self.find(*given, **named)

    @property
    def says(self) -> str:
        """What must be so, in a sentence or two."""
        return " ".join((self.find.__doc__ or "").split())


class EntryRule(Rule[[AnyEntry]]):
    """Looks at one entry alone. What it finds is remembered for as long as the file of the entry is the same."""


class EntryInGlossaryRule(Rule[[Outline, AnyEntry]]):
    """Looks at one entry, and needs to know the others."""


@dataclass(frozen=True)
class GlossaryRule(Rule[[Outline]]):
    """Looks at the glossary as a whole, and reads no more of entries than model/outline.py names: where a person asks
    about one file, the others come without their texts."""

    only_about: str = ""  # the one file that a slow rule tells of: where other files are asked about, it is left out


def slow_and_only_about(path: str) -> Callable[[Callable[[Outline], Iterable[Problem]]], GlossaryRule]:
    """Marks a rule of the whole glossary that takes long and tells of nothing but this file."""
    return lambda find: GlossaryRule(find, only_about=path)


class HistoryRule(Rule[[Outline, Mapping[str, Sequence[str]]]]):
    """Needs to know what files were called before: file -> its earlier names, which only git can tell."""


class CalendarRule(Rule[[Outline, date]]):
    """Needs to know which day it is. No rule of a build, since the same files must make the same site on any day."""
