"""What everything is called and where it is, for the page that is shown at addresses where nothing is."""

import json
from collections.abc import Callable, Iterator
from functools import partial

from generator.config import url
from generator.model.glossary import Glossary


def files(glossary: Glossary) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """One file, which only that page asks for."""
    yield "assets/names.json", partial(export, glossary)


def export(glossary: Glossary) -> bytes:
    """A list of [address, title, other names and old addresses …], a line for each entry and subject."""
    rows = [
        [url(term.page), term.title, *[alias.text for alias in term.aliases], *term.former_slugs]
        for term in glossary.terms.values()
    ]
    rows += [
        [url(comparison.page), comparison.title, *comparison.former_slugs]
        for comparison in glossary.comparisons.values()
    ]
    rows += [[url(way.page), way.title, *way.former_slugs] for way in glossary.paths.values()]
    rows += [[f"categories/{slug}/", category.title] for slug, category in glossary.categories.items()]
    return ("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n").encode()
