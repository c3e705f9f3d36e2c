"""What the glossary could use next, so that somebody new finds something to do.

Told from the glossary alone: "longest ago" compares the dates in the files with each other, and never with a clock.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from generator.model.entries import Comparison, Term
from generator.model.glossary import Glossary
from generator.model.texts import spoken
from generator.problems import counted, plural
from generator.text.folding import folded
from generator.text.slugs import slugify

SHOWN = 12  # rows of a list; whoever is done with these finds the next ones


@dataclass(frozen=True)
class Wish:
    """A term that is wanted, how many pages speak of it already, and the slug and title of the one that says most."""

    title: str
    why: str
    issue: str
    mentioned: int
    meanwhile: tuple[str, str] | None = None

    @property
    def slug(self) -> str:
        """Where the list has it, for links."""
        return slugify(self.title)


@dataclass(frozen=True)
class Chore:
    """A page that could use a hand: its title, its path below build/docs, the file to edit, and what is known of it."""

    title: str
    page: str
    file: str
    says: str


@dataclass(frozen=True)
class Chores:
    """The first rows of a list, and how many it has."""

    rows: tuple[Chore, ...]
    count: int


@dataclass(frozen=True)
class Upkeep:
    """Everything that the page "Help wanted" shows."""

    wanted: tuple[Wish, ...]
    unreviewed: Chores  # the oldest text first
    reviewed: Chores  # the oldest review first
    one_source: Chores
    few_ways_in: Chores  # the fewest first


def upkeep(glossary: Glossary) -> Upkeep:
    entries: list[Term | Comparison] = [*glossary.terms.values(), *glossary.comparisons.values()]
    return Upkeep(
        wanted=tuple(_wishes(glossary)),
        unreviewed=_chores(
            (entry, f"written {entry.written}")
            for entry in sorted(entries, key=lambda entry: entry.written)
            if entry.reviewed is None
        ),
        reviewed=_chores(
            (entry, f"reviewed {review.date} by {review.by}")
            for review, entry in sorted(
                ((entry.reviewed, entry) for entry in entries if entry.reviewed), key=lambda pair: pair[0].date
            )
        ),
        one_source=_chores(
            (entry, f"rests on one {entry.sources[0].kind}") for entry in entries if len(entry.sources) == 1
        ),
        few_ways_in=_chores(
            (glossary.terms[slug], f"{counted(count, 'way')} in")
            for slug, count in sorted(ways_in(glossary).items(), key=lambda pair: pair[1])
        ),
    )


def ways_in(glossary: Glossary) -> dict[str, int]:
    """slug -> how many pages lead to a term by their structure: neighbors, steps before and after, comparisons, paths.

    Mentions in prose come on top. They are left out, since to find them all prose has to be read, at every edit.
    """
    return {
        slug: len({*glossary.related[slug], *glossary.leads_to[slug], *term.prerequisites})
        + len(glossary.compared_in.get(slug, ()))
        + len(glossary.paths_through.get(slug, ()))
        for slug, term in glossary.terms.items()
    }


def _chores(found: Iterable[tuple[Term | Comparison, str]]) -> Chores:
    rows = list(found)
    return Chores(tuple(_chore(entry, says) for entry, says in rows[:SHOWN]), len(rows))


def _chore(entry: Term | Comparison, says: str) -> Chore:
    return Chore(entry.title, entry.page, entry.file, says)


def _wishes(glossary: Glossary) -> list[Wish]:
    """What most pages speak of comes first."""
    texts = [folded(spoken(term)) for term in glossary.terms.values()] if glossary.wanted else []
    wishes = [
        Wish(one.title, one.why, one.issue or "", _mentions(one.title, texts), _meanwhile(glossary, one.meanwhile))
        for one in glossary.wanted
    ]
    return sorted(wishes, key=lambda wish: (-wish.mentioned, wish.title.casefold()))


def _meanwhile(glossary: Glossary, slug: str | None) -> tuple[str, str] | None:
    return (slug, glossary.terms[slug].title) if slug and slug in glossary.terms else None


def _mentions(name: str, texts: Sequence[str]) -> int:
    """How many of the folded texts have the name in them, or its plural, as words of their own."""
    forms = {folded(name), folded(plural(name))}
    whole = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(forms)))})(?!\w)")
    likely = (text for text in texts if any(form in text for form in forms))  # which is much the faster
    return sum(whole.search(text) is not None for text in likely)
