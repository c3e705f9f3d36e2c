"""The first page: what this is, a box to ask, one demo to drag, a term for today, and ways in."""

import json
from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace

from generator.model.entries import Term
from generator.model.glossary import Glossary
from generator.pages.controls import controls, facts
from generator.pages.page import Pages, Planned
from generator.pages.rungs import starts
from generator.text.markdown import plain_text

DESCRIPTION = "The AI glossary you can run: every term in two plain sentences, with a demo that shows it happening."
TODAY = "assets/today"  # the files from which the page takes the term of the day, see home.js
A_FILE = 50  # terms in each of them, so that a reader of one gets about 15 kB
STARTS, NEWEST = 5, 8  # terms to start with, and new ones, that are named


def planned(pages: Pages) -> Iterator[Planned]:
    """The page at the address of the site itself, and the terms that it shows by turns, a day each."""
    demo = _shown(pages.glossary).demo
    lesson = pages.lessons.of(demo.module, demo.with_)
    newest = [(term.title, term.written) for term in _newest(pages.glossary)]
    yield Planned(
        "index.md", partial(_home, pages), shows=(lesson, pages.glossary.demos[demo.module].parameters, newest)
    )
    for number in range(0, len(pages.glossary.terms), A_FILE):
        yield Planned(f"{TODAY}/{number // A_FILE}.json", partial(_of_days, pages.glossary, number))


def _of_days(glossary: Glossary, number: int) -> str:
    terms = list(glossary.terms.values())[number : number + A_FILE]
    rows = [[term.slug, term.title, term.definition] for term in terms]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _shown(glossary: Glossary) -> Term:
    """The term whose demo can be tried here: the one that most invites to be dragged, by default the first rung."""
    if found := glossary.terms.get("gradient-descent"):
        return found
    return next(iter(glossary.terms.values()))


def _newest(glossary: Glossary) -> list[Term]:
    """The terms written last; of one day the first by title."""
    by_title = sorted(glossary.terms.values(), key=lambda term: term.title.casefold())
    return sorted(by_title, key=lambda term: term.written, reverse=True)[:NEWEST]


def _home(pages: Pages) -> str:
    glossary, lessons = pages.glossary, pages.lessons
    terms = list(glossary.terms.values())
    start = starts(glossary, pages.rungs)[:STARTS]
    shown = _shown(glossary)
    use, parameters = shown.demo, glossary.demos[shown.demo.module].parameters
    lesson = lessons.of(use.module, use.with_)
    counts = {slug: sum(term.category == slug for term in terms) for slug in glossary.categories}
    return pages.page(
        "index.md.j2",
        "index.md",
        description=DESCRIPTION,
        count=len(terms),
        start=start,
        first=start[0],
        example=f"What is {start[-1].with_article}?",
        newest=_newest(glossary),
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
        filled=[
            SimpleNamespace(slug=slug, title=category.title, scope=category.scope, count=counts[slug])
            for slug, category in glossary.categories.items()
            if counts[slug]
        ],
    )
