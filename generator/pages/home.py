"""The first page: what this is, one demo to drag, and ways in."""

from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace

from generator.pages.page import Pages, Planned
from generator.text.markdown import plain_text

DESCRIPTION = "The AI glossary you can run: every term in two plain sentences, with a demo that shows it happening."


def planned(pages: Pages) -> Iterator[Planned]:
    """The page at the address of the site itself."""
    yield Planned("index.md", partial(_home, pages))


def _home(pages: Pages) -> str:
    glossary, lessons = pages.glossary, pages.lessons
    start = next((glossary.terms[way.steps[0].term] for way in glossary.paths.values()), None)
    terms = list(glossary.terms.values())
    # The picture that most invites to be dragged is the one most others lead up from; by default the first rung's.
    shown = glossary.terms.get("gradient-descent") or start or terms[0]
    lesson = lessons.of(shown.demo.module, shown.demo.with_)
    counts = {slug: sum(term.category == slug for term in terms) for slug in glossary.categories}
    return pages.page(
        "index.md.j2",
        "index.md",
        description=DESCRIPTION,
        count=len(terms),
        start=start or terms[0],
        showcase=SimpleNamespace(term=shown, lesson=lesson),
        ways=[
            SimpleNamespace(
                title=way.title, to=f"paths/{slug}.md", count=len(way.steps), summary=plain_text(way.summary)
            )
            for slug, way in glossary.paths.items()
        ],
        ladder=pages.ladder(glossary.demos, "index.md", "What builds on what"),
        filled=[
            SimpleNamespace(slug=slug, title=category.title, scope=category.scope, count=counts[slug])
            for slug, category in glossary.categories.items()
            if counts[slug]
        ],
    )
