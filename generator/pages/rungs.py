"""What stands on what among terms: how high each stands, and everything below and above it.

A term stands on what its page says to know first. The rung of a term is its longest way down: rung 1 stands on nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter

from generator.model.entries import Term
from generator.model.glossary import Glossary

Below = Mapping[str, Sequence[str]]  # slug -> what it directly stands on
SIDE = 5  # neighbors that a strip names on each side


@dataclass(frozen=True)
class Rungs:
    """Terms by what they stand on. Nothing goes in a circle, which `check` sees to."""

    below: Below

    @staticmethod
    def of(glossary: Glossary) -> "Rungs":
        """All terms of a glossary."""
        terms = glossary.terms
        return Rungs({slug: [one for one in term.prerequisites if one in terms] for slug, term in terms.items()})

    def among(self, slugs: Collection[str]) -> "Rungs":
        """These terms alone: each stands on the nearest of them, however many others lie between."""
        wanted = dict.fromkeys(slugs)

        def nearest(slug: str) -> list[str]:
            found: dict[str, None] = {}
            waiting, seen = list(self.below[slug]), set[str]()
            while waiting:
                other = waiting.pop(0)
                if other in wanted:
                    found[other] = None
                elif other not in seen:
                    seen.add(other)
                    waiting += self.below[other]
            return list(found)

        return Rungs({slug: nearest(slug) for slug in wanted})

    @cached_property
    def _order(self) -> list[str]:
        return list(TopologicalSorter(self.below).static_order())

    @cached_property
    def height(self) -> dict[str, int]:
        """slug -> its rung, from 1 upwards."""
        found: dict[str, int] = {}
        for slug in self._order:
            found[slug] = 1 + max((found[other] for other in self.below[slug]), default=0)
        return found

    @cached_property
    def above(self) -> dict[str, list[str]]:
        """slug -> what directly stands on it."""
        found: dict[str, list[str]] = {slug: [] for slug in self.below}
        for slug, others in self.below.items():
            for other in others:
                found[other].append(slug)
        return found

    @cached_property
    def depth(self) -> dict[str, int]:
        """slug -> how many terms it stands on, all the way down."""
        return self._counted(self._order, self.below)

    @cached_property
    def load(self) -> dict[str, int]:
        """slug -> how many terms stand on it, all the way up."""
        return self._counted(self._order[::-1], self.above)

    def _counted(self, order: Sequence[str], next_to: Below) -> dict[str, int]:
        # Sets of terms as the bits of whole numbers, since a thousand sets of hundreds take a hundred times longer.
        bit = {slug: 1 << i for i, slug in enumerate(self.below)}
        reached: dict[str, int] = {}
        for slug in order:
            reached[slug] = 0
            for other in next_to[slug]:
                reached[slug] |= reached[other] | bit[other]
        return {slug: found.bit_count() for slug, found in reached.items()}


def starts(glossary: Glossary, rungs: Rungs) -> list[Term]:
    """Terms to start with: they stand on nothing, and are for beginners where there are any such terms.

    Those come first with which paths start, then those that most others stand on.
    """
    lowest = [term for slug, term in glossary.terms.items() if rungs.height[slug] == 1]
    easy = [term for term in lowest if term.level == "beginner"] or lowest
    first = {way.steps[0].term for way in glossary.paths.values()}
    return sorted(easy, key=lambda term: (term.slug not in first, -rungs.load[term.slug], term.title))


@dataclass(frozen=True)
class Side:
    """One side of a strip: the first neighbors, and how many more there are."""

    terms: Sequence[Term]
    more: int


@dataclass(frozen=True)
class Strip:
    """A term between what it directly stands on and what it directly carries."""

    term: Term
    below: Side
    above: Side
    depth: int  # all terms that it stands on


def strip(glossary: Glossary, rungs: Rungs, term: Term) -> Strip:
    """What the page of a term shows of the ladder."""

    def side(slugs: Sequence[str]) -> Side:
        # One more than fits is shown, since a line that says "1 more" would take as much room.
        shown = slugs if len(slugs) <= SIDE else slugs[: SIDE - 1]
        return Side([glossary.terms[slug] for slug in shown], len(slugs) - len(shown))

    slug = term.slug
    return Strip(term, side(rungs.below[slug]), side(rungs.above[slug]), rungs.depth[slug])


@dataclass(frozen=True)
class Step:
    """A term in the matrix. on: the places in the matrix, counted from its top, of what it directly stands on."""

    term: Term
    on: Sequence[int]
    below: Sequence[Term]
    load: int


@dataclass(frozen=True)
class Cell:
    """The terms of one subject on one rung. column: which of the matrix, from 0."""

    subject: str
    column: int
    steps: Sequence[Step]


@dataclass(frozen=True)
class Matrix:
    """Subjects as columns and rungs as rows, the highest first, since that is how a ladder is drawn."""

    subjects: Sequence[tuple[str, str]]  # slug, title
    rows: Sequence[tuple[int, Sequence[Cell]]]


def matrix(glossary: Glossary, rungs: Rungs) -> Matrix:
    """All these terms by rung and subject, in a cell by title."""
    terms = {slug: glossary.terms[slug] for slug in rungs.below}
    used = {term.category for term in terms.values()}
    subjects = [(slug, category.title) for slug, category in glossary.categories.items() if slug in used]
    cells: dict[tuple[int, str], list[str]] = {}
    for slug, term in sorted(terms.items(), key=lambda pair: pair[1].title.casefold()):
        cells.setdefault((rungs.height[slug], term.category), []).append(slug)
    top = max(rungs.height.values(), default=0)
    places = [(row, subject) for row in range(top, 0, -1) for subject, _ in subjects if (row, subject) in cells]
    at = {slug: i for i, slug in enumerate(slug for place in places for slug in cells[place])}

    def step(slug: str) -> Step:
        below = rungs.below[slug]
        return Step(terms[slug], [at[other] for other in below], [terms[one] for one in below], rungs.load[slug])

    rows = [
        (
            row,
            [
                Cell(title, column, [step(slug) for slug in cells[row, subject]])
                for column, (subject, title) in enumerate(subjects)
                if (row, subject) in cells
            ],
        )
        for row in range(top, 0, -1)
    ]
    return Matrix(subjects, rows)
