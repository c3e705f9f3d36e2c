"""The page of a comparison: a table with a column for each side, and when to choose which."""

from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace

from markupsafe import Markup

from demos._show.axes import number
from generator.config import url
from generator.model.entries import Comparison, Figure
from generator.model.glossary import Glossary
from generator.model.texts import linked_texts
from generator.pages.page import Pages, Planned, as_markdown, one_line
from generator.text.markdown import opening, plain_text


def planned(pages: Pages) -> Iterator[Planned]:
    """A page for each comparison."""
    for comparison in pages.glossary.comparisons.values():
        yield Planned(comparison.page, partial(_page, pages, comparison))


def found(glossary: Glossary) -> Iterator[dict[str, str]]:
    """What search finds a comparison by."""
    for page in glossary.comparisons.values():
        text = opening(plain_text(page.summary), 0)
        yield {"location": url(page.page), "title": page.title, "kind": "comparison", "text": text}


def _page(pages: Pages, comparison: Comparison) -> str:
    path = f"comparisons/{comparison.slug}.md"
    cells = [cell for row in comparison.rows for cell in row.values.values()]
    text = pages.texts(path, None, linked_texts(comparison))
    summary = text(comparison.summary)

    def cell(value: Figure | str) -> Markup:
        if isinstance(value, str):
            return one_line(text(value))
        return Markup(f"▸ **{number(pages.lessons.of(value.demo, value.with_).numbers[value.number])}**")

    sides = []
    for side in comparison.sides:
        term = pages.glossary.terms[side.about]
        name = side.label or term.title
        choose = one_line(text(comparison.choose[side.key]))
        shown_name = name[0].upper() + name[1:]
        link = Markup(f"[{as_markdown(shown_name)}](../terms/{term.slug}.md)")
        sides.append(SimpleNamespace(name=shown_name, key=side.key, cell=link, choose=choose))
    rows = [
        SimpleNamespace(aspect=row.aspect, cells=[(side.name, cell(row.values[side.key])) for side in sides])
        for row in comparison.rows
    ]
    measured = {
        (cell.number, pages.lessons.of(cell.demo, cell.with_).command): None
        for cell in cells
        if isinstance(cell, Figure)
    }
    return pages.page(
        "comparison.md.j2",
        path,
        comparison=comparison,
        description=opening(plain_text(comparison.summary)),
        summary=summary,
        sides=sides,
        rows=rows,
        figures=list(measured),
        terms=[pages.glossary.terms[slug] for slug in dict.fromkeys(side.about for side in comparison.sides)],
        edit_url=pages.site.edit_url(f"terms/comparisons/{comparison.slug}.yml"),
        error_url=pages.site.error_url(comparison.title, path),
    )
