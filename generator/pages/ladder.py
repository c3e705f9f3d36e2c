"""The page of the ladder: all demos in layers, each above those it builds on."""

from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace

from generator.pages.ladder_picture import layers
from generator.pages.page import Pages, Planned


def planned(pages: Pages) -> Iterator[Planned]:
    """One page."""
    yield Planned("ladder.md", partial(_page, pages))


def _page(pages: Pages) -> str:
    demos = [name for name in pages.glossary.demos if pages.home(name)]
    below = pages.lessons.builds_on
    rungs = [
        [
            SimpleNamespace(
                term=pages.home(name), builds_on=[home for other in below[name] if (home := pages.home(other))]
            )
            for name in layer
        ]
        for layer in layers({name: [other for other in below[name] if other in demos] for name in demos})
    ]
    return pages.page(
        "ladder.md.j2", "ladder.md", rungs=rungs, ladder=pages.ladder(demos, "ladder.md", "What builds on what"),
        description="What builds on what, from a neuron upwards: the import graph of the demos, drawn.",
    )  # fmt: skip
