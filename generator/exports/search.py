"""What the search box knows: names, definitions and questions, each page once.

Edge: the engine leaves an index that is empty, since pages keep themselves out of it; this one takes its place. A kind
of page says by a function found() what of it is to be found.
"""

import json
from html import escape
from pathlib import Path
from typing import Any

import generator.pages
from generator.discovery import offering
from generator.model.glossary import Glossary
from generator.output.write import put

# How the search box cuts and weighs words. An alias must beat every title that only starts like it.
SETTINGS = {
    "lang": ["en"],
    "separator": r"[\s\-]+",
    "pipeline": ["stopWordFilter"],
    "fields": {
        "title": {"boost": 1000.0},
        "text": {"boost": 1.0},
        "tags": {"boost": 1.0},
        "aliases": {"boost": 1000000.0},
    },
}


def after_engine(made: Path, glossary: Glossary) -> None:
    """Replaces the engine's index in the site that was made."""
    content = json.dumps({"config": SETTINGS, **search_index(glossary)}, ensure_ascii=False)
    put(content, made / "search" / "search_index.json")  # in one step, since the preview may be reading the old one


def search_index(glossary: Glossary) -> dict[str, Any]:
    """All that can be found, terms first: of what matches as well as another, the box shows the first on top.

    The theme puts title, text and tags into the page as HTML, so they are escaped here; aliases it only searches.
    """
    docs: list[dict[str, Any]] = [doc for kind in offering(generator.pages, "found") for doc in kind.found(glossary)]
    docs.sort(key=lambda doc: not doc["location"].startswith("terms/"))
    for doc in docs:
        doc |= {field: escape(doc[field], quote=False) for field in ("title", "text")}
        doc |= {"tags": [escape(text, quote=False) for text in doc["tags"]]} if "tags" in doc else {}
    return {"docs": docs}
