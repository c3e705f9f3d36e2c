import json
from html import escape
from pathlib import Path
from typing import Any

from generator.config import url
from generator.model.glossary import Glossary
from generator.pages.site import GUIDE
from generator.text.markdown import plain_text


def search_index(glossary: Glossary) -> dict[str, Any]:
    """What the search box knows: names, definitions and questions, each page once. See publish() for its settings.

    The theme puts title, text and tags into the page as HTML, so they are escaped here; aliases it only searches.
    """
    docs: list[dict[str, Any]] = []
    for slug, term in glossary.terms.items():
        names = [alias.text for alias in term.aliases]
        asked = " ".join(item.question for item in term.faq)
        docs.append(
            {
                "location": f"terms/{slug}/",
                "title": term.title,
                "text": f"{term.definition} {asked}".strip(),
                "aliases": " ".join(names),
                "tags": names,
            }
        )
    for slug, comparison in glossary.comparisons.items():
        docs.append(
            {"location": f"comparisons/{slug}/", "title": comparison.title, "text": plain_text(comparison.summary)}
        )
    for slug, way in glossary.paths.items():
        docs.append({"location": f"paths/{slug}/", "title": way.title, "text": plain_text(way.summary)})
    for category in glossary.categories.values():
        docs.append(
            {"location": url(f"categories/{category.slug}.md"), "title": category.title, "text": category.scope}
        )
    for path, (title, description) in GUIDE.items():
        docs.append({"location": url(path), "title": title, "text": description})
    for doc in docs:
        doc |= {field: escape(doc[field], quote=False) for field in ("title", "text")}
        doc |= {"tags": [escape(text, quote=False) for text in doc["tags"]]} if "tags" in doc else {}
    return {"docs": docs}


# How the search box cuts and weighs words. An alias must beat every title that only starts like it.
SEARCH = {
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


def write_search_index(made: Path, index: dict[str, Any]) -> None:
    """Replaces the engine's index, which pages kept themselves out of, with a slim one."""
    target = made / "search" / "search_index.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps({"config": SEARCH, **index}, ensure_ascii=False), encoding="utf-8")
