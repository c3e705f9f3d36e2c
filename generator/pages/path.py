"""The page of a learning path: its steps in order, and what stands on what among them."""

from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace

from generator.config import url
from generator.model.entries import Path, Term
from generator.model.glossary import Glossary
from generator.model.texts import linked_texts
from generator.pages.page import Pages, Planned, slugs
from generator.text.markdown import opening, plain_text


def planned(pages: Pages) -> Iterator[Planned]:
    """A page for each path."""
    for way in pages.glossary.paths.values():
        yield Planned(way.page, partial(_page, pages, way), shows=[term.minutes for term in _terms(pages, way)])


def found(glossary: Glossary) -> Iterator[dict[str, str]]:
    """What search finds a path by."""
    for way in glossary.paths.values():
        text = opening(plain_text(way.summary), 0)
        yield {"location": url(way.page), "title": way.title, "kind": "path", "text": text}


def minutes(pages: Pages, way: Path) -> int:
    """How long it takes to read the texts of all its steps, without what a reader tries there."""
    return sum(term.minutes for term in _terms(pages, way))


def assumed(glossary: Glossary, way: Path, term: Term) -> list[Term]:
    """What a step directly stands on that is no step of the path: the path says to know it before the first."""
    return [glossary.terms[slug] for slug in term.prerequisites if slug in way.prerequisites]


def _page(pages: Pages, way: Path) -> str:
    path = f"paths/{way.slug}.md"
    text = pages.texts(path, None, linked_texts(way))
    terms = _terms(pages, way)
    return pages.page(
        "path.md.j2",
        path,
        way=way,
        description=opening(plain_text(way.summary)),
        summary=text(way.summary),
        outcome=plain_text(way.outcome),
        minutes=minutes(pages, way),
        prerequisites=[pages.glossary.terms[slug] for slug in way.prerequisites],
        rungs=[
            SimpleNamespace(term=term, why=plain_text(rung.why), assumed=assumed(pages.glossary, way, term))
            for term, rung in zip(terms, way.steps, strict=True)
        ],
        matrix=pages.matrix(slugs(way)),
    )


def _terms(pages: Pages, way: Path) -> list[Term]:
    return [pages.glossary.terms[slug] for slug in slugs(way)]
