"""What the search box knows: names, definitions and questions, each page once.

Edge: the engine leaves an index that is empty, since pages keep themselves out of it; this one takes its place. A kind
of page says by a function found() what of it is to be found. How it is searched is in pages/assets/ranking.js.
"""

import json
from pathlib import Path
from typing import Any

import generator.pages
from generator.discovery import offering
from generator.model.glossary import Glossary
from generator.output.write import put


def after_engine(made: Path, glossary: Glossary) -> None:
    """Replaces the engine's index in the site that was made."""
    content = json.dumps(search_index(glossary), ensure_ascii=False, separators=(",", ":"))
    put(content, made / "search" / "search_index.json")  # in one step, since the preview may be reading the old one


def search_index(glossary: Glossary) -> dict[str, Any]:
    """All that can be found, terms first: of what matches as well as another, the box shows the first on top.

    {"docs": [{"location", "title", "kind", "level"?, "text", "names"?, "asked"?}, ...]}, all of it plain text, in which
    what is empty is left out.
    """
    docs: list[dict[str, Any]] = [doc for kind in offering(generator.pages, "found") for doc in kind.found(glossary)]
    docs.sort(key=lambda doc: not doc["location"].startswith("terms/"))
    return {"docs": [{key: value for key, value in doc.items() if value} for doc in docs]}
