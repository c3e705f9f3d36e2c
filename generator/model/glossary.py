"""The glossary as a whole: all its entries by slug, the demos, the lists, and how they hang together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from demos._run.source import Source as DemoSource
from generator.model.entries import LISTS, AnyEntry, Category, Comparison, Path, Term, Wanted
from generator.model.outline import ComparisonOutline, EntryOutline, PathOutline, TermOutline
from generator.text.slugs import slugify
from generator.text.vocabulary import Vocabulary


@dataclass(frozen=True)
class Outline:
    """All that was read, by slug or by name, and of entries at least their outlines. Relations are completed here:
    written once, seen from both sides."""

    terms: Mapping[str, TermOutline] = field(default_factory=dict)
    comparisons: Mapping[str, ComparisonOutline] = field(default_factory=dict)
    paths: Mapping[str, PathOutline] = field(default_factory=dict)
    categories: Mapping[str, Category] = field(default_factory=dict)
    demos: Mapping[str, DemoSource] = field(default_factory=dict)
    wanted: Sequence[Wanted] = ()
    unread: frozenset[str] = frozenset()  # files that are there and could not be read, such as terms/neuron.yml
    tests: Mapping[str, str] = field(default_factory=dict)  # file -> its text: tests of demos, their deliberate bugs
    allowed_words: Mapping[str, str] = field(default_factory=dict)  # what definitions may say too -> the reason

    @property
    def entries(self) -> Iterator[EntryOutline]:
        """All that is a file of its own: terms, then comparisons, then paths."""
        yield from self.terms.values()
        yield from self.comparisons.values()
        yield from self.paths.values()

    def has_term(self, slug: str) -> bool:
        """Whether there is such a term, even if its file could not be read."""
        return slug in self.terms or f"terms/{slug}.yml" in self.unread

    @property
    def is_whole(self) -> bool:
        """Whether every term could be read. Where not, nobody can say that something is missing."""
        return not any(path.rpartition("/")[0] == "terms" for path in self.unread.difference(LISTS))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What definitions may say: common English, the names of all terms, and the words that are allowed."""
        names = tuple(name for term in self.terms.values() for name in term.names)
        return _vocabulary(names, tuple(self.allowed_words))

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Everything that leads to a term, as an address -> its slug: titles, aliases, old slugs, slugs."""
        found: dict[str, str] = {}
        for slug, term in self.terms.items():
            found |= dict.fromkeys([*map(slugify, term.names), *term.former_slugs], slug)
        return found | {slug: slug for slug in self.terms}

    @cached_property
    def related(self) -> dict[str, list[str]]:
        """slug -> its neighbors from both sides, in the order in which they were written."""
        neighbors: dict[str, dict[str, None]] = {slug: {} for slug in self.terms}
        for slug, term in self.terms.items():
            for other in term.related:
                if other in neighbors:
                    neighbors[slug][other] = neighbors[other][slug] = None
        return {slug: list(others) for slug, others in neighbors.items()}

    @cached_property
    def leads_to(self) -> dict[str, list[str]]:
        """slug -> the terms that name it as a prerequisite."""
        following: dict[str, list[str]] = {slug: [] for slug in self.terms}
        for slug, term in self.terms.items():
            for other in term.prerequisites:
                if other in following:
                    following[other].append(slug)
        return following

    @cached_property
    def demo_users(self) -> dict[str, list[str]]:
        """demo -> the terms that show it, its home first."""
        uses = [(use, slug) for slug, term in self.terms.items() for use in term.demos]
        users: dict[str, dict[str, None]] = {}
        for use, slug in sorted(uses, key=lambda pair: not pair[0].home):
            users.setdefault(use.module, {})[slug] = None
        return {name: list(slugs) for name, slugs in users.items()}

    @cached_property
    def compared_in(self) -> dict[str, list[str]]:
        """slug -> the comparisons with a side about it."""
        pages: dict[str, list[str]] = {}
        for slug, comparison in self.comparisons.items():
            for side in comparison.sides:
                if slug not in pages.setdefault(side.about, []):
                    pages[side.about].append(slug)
        return pages

    @cached_property
    def ambiguous(self) -> dict[str, list[str]]:
        """acronym -> the terms that share it."""
        meanings: dict[str, list[str]] = {}
        for slug, term in self.terms.items():
            for alias in term.aliases:
                if alias.ambiguous:
                    meanings.setdefault(alias.text, []).append(slug)
        return meanings


@lru_cache(maxsize=1)  # `serve` asks after every edit, most of which leave the names as they are
def _vocabulary(names: tuple[str, ...], allowed: tuple[str, ...]) -> Vocabulary:
    return Vocabulary(names, allowed)


@dataclass(frozen=True)
class Glossary(Outline):
    """The same with every entry as a whole."""

    terms: Mapping[str, Term] = field(default_factory=dict)
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    paths: Mapping[str, Path] = field(default_factory=dict)

    @property
    def entries(self) -> Iterator[AnyEntry]:
        """All that is a file of its own: terms, then comparisons, then paths."""
        yield from self.terms.values()
        yield from self.comparisons.values()
        yield from self.paths.values()

    @cached_property
    def paths_through(self) -> dict[str, list[Path]]:
        """slug -> the paths with a step there."""
        ways: dict[str, list[Path]] = {}
        for way in self.paths.values():
            for rung in way.steps:
                ways.setdefault(rung.term, []).append(way)
        return ways
