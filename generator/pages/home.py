"""The first page: what this is, one demo to drag, and ways in."""

from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace

from generator.model.entries import Term
from generator.model.glossary import Glossary
from generator.pages.controls import controls, facts
from generator.pages.page import Pages, Planned
from generator.text.markdown import plain_text

DESCRIPTION = "The AI glossary you can run: every term in two plain sentences, with a demo that shows it happening."


def planned(pages: Pages) -> Iterator[Planned]:
    """The page at the address of the site itself."""
    demo = _shown(pages.glossary).demo
    lesson = pages.lessons.of(demo.module, demo.with_)
    yield Planned("index.md", partial(_home, pages), shows=(lesson, pages.glossary.demos[demo.module].parameters))


def _shown(glossary: Glossary) -> Term:
    """The term whose demo can be tried here: the one that most invites to be dragged, by default the first rung."""
    if found := glossary.terms.get("gradient-descent"):
        return found
    return _start(glossary) or next(iter(glossary.terms.values()))


def _start(glossary: Glossary) -> Term | None:
    return next((glossary.terms[way.steps[0].term] for way in glossary.paths.values()), None)


def _home(pages: Pages) -> str:
    glossary, lessons = pages.glossary, pages.lessons
    start = _start(glossary)
    terms = list(glossary.terms.values())
    shown = _shown(glossary)
    use, parameters = shown.demo, glossary.demos[shown.demo.module].parameters
    lesson = lessons.of(use.module, use.with_)
    counts = {slug: sum(term.category == slug for term in terms) for slug in glossary.categories}
    return pages.page(
        "index.md.j2",
        "index.md",
        description=DESCRIPTION,
        count=len(terms),
        start=start or terms[0],
        showcase=SimpleNamespace(
            term=shown,
            lesson=lesson,
            controls=controls(parameters, use.with_, use.hide),
            hide=use.hide,
            parameters=facts(parameters),
        ),
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
