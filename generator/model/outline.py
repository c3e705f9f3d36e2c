"""What of an entry everything else may need to know: all but most of its texts.

Where a person asks about one file, the other entries are read in outline, which takes half the time. Rules that look at
the whole glossary are given these types, so that a type checker refuses one that reads a text which is not there.
"""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from pydantic import BaseModel

from generator.model.entries import Alias, Comparison, DemoUse, Level, Path, Review, Row, Rung, Side, Source, Term


class EntryOutline(Protocol):
    """Of an entry of any kind."""

    slug: str
    title: str
    written: date
    changed: date | None
    former_slugs: list[str]

    @property
    def file(self) -> str: ...
    @property
    def page(self) -> str: ...
    @property
    def old_places(self) -> list[str]: ...


class TermOutline(EntryOutline, Protocol):
    """Of a term."""

    aliases: list[Alias]
    category: str
    level: Level
    definition: str
    prerequisites: list[str]
    related: list[str]
    demo: DemoUse
    also: list[DemoUse]
    sources: list[Source]
    reviewed: Review | None

    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def demos(self) -> tuple[DemoUse, ...]: ...
    @property
    def demo_places(self) -> list[tuple[tuple[str | int, ...], DemoUse]]: ...


class ComparisonOutline(EntryOutline, Protocol):
    """Of a comparison, whose cells may be figures of demos."""

    sides: list[Side]
    rows: list[Row]
    choose: dict[str, str]
    sources: list[Source]
    reviewed: Review | None


class PathOutline(EntryOutline, Protocol):
    """Of a path."""

    prerequisites: list[str]
    steps: list[Rung]


_OUTLINES: Mapping[type[BaseModel], type] = {Term: TermOutline, Comparison: ComparisonOutline, Path: PathOutline}


def fields_left_out(kind: type[BaseModel]) -> list[str]:
    """The fields of a kind of entry that its outline does not name."""
    named = {name for one in _OUTLINES[kind].__mro__ for name in getattr(one, "__annotations__", ())}
    return [name for name in kind.model_fields if name not in named]
