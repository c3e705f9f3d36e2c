"""The page of the ladder: all terms by subject and by rung, and the shortest way from one of them to another."""

from collections.abc import Iterator
from functools import partial

from generator.pages.page import Pages, Planned
from generator.pages.rungs import starts
from generator.problems import counted


def planned(pages: Pages) -> Iterator[Planned]:
    """One page."""
    minutes = tuple((slug, term.minutes) for slug, term in pages.glossary.terms.items())
    yield Planned("ladder.md", partial(_page, pages), shows=minutes)


def _page(pages: Pages) -> str:
    count = len(pages.glossary.terms)
    return pages.page(
        "ladder.md.j2", "ladder.md", count=count, matrix=pages.matrix(), start=starts(pages.glossary, pages.rungs),
        description=f"What stands on what among {counted(count, 'term')}, and the shortest way from one to another.",
    )  # fmt: skip
