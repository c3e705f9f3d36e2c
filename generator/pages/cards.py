"""Share cards: for each page a picture that is shown where people pass its address on, with its title.

On a term's page it shows what the demo draws. A card is drawn from that drawing alone, so it is made again when the
drawing or a word on it changes, and costs nothing otherwise.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from markupsafe import escape

from demos._show.sheet import PALETTE, shorten, wrap
from demos._show.svg import as_png
from generator.config import Site
from generator.lessons.teach import Lessons
from generator.model.entries import Level, Term
from generator.model.glossary import Glossary
from generator.output.write import Page
from generator.pages.guide import GUIDE
from generator.problems import counted
from generator.text.slugs import slugify

FOLDER = "assets/cards"
WIDTH, HEIGHT, MARGIN = 1200, 630, 60  # the size that all who show cards ask for
PLOT = 600  # pixels for the drawing, at the right
ACCENT, PAPER, LINE = "#0b6a68", "#fbfaf6", "#e2dfd5"
FONT = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
MOTTO = "The AI glossary you can run"
FIXED = {
    "terms/index.md": "All terms", "categories/index.md": "Subjects", "levels/index.md": "Levels",
    "comparisons/index.md": "Side by side", "paths/index.md": "Paths", "demos/index.md": "Demos",
    "ladder.md": "The ladder", **{path: title for path, (title, _) in GUIDE.items()},
}  # fmt: skip

_DRAWING = re.compile(r'<svg\b[^>]*class="tl-svg".*?</svg>', re.DOTALL)
_OPENING = re.compile(r"<svg\b[^>]*>")
_BOX = re.compile(r'viewBox="([^"]+)"')


@dataclass(frozen=True)
class Card:
    """What stands on a card. picture: HTML in which there is a drawing, or nothing."""

    title: str
    says: str = ""
    meta: str = ""
    picture: str = ""

    @property
    def key(self) -> str:
        """Changes with everything that is seen."""
        return hashlib.blake2b(repr(self).encode(), digest_size=16).hexdigest()


def place(path: str) -> str:
    """Where the card of a page is, below the site: terms/neuron.md -> assets/cards/terms/neuron.png."""
    return f"{FOLDER}/{path.removesuffix('.md')}.png"


def has_card(glossary: Glossary) -> frozenset[str]:
    """The pages that have cards of their own; others use that of the home page."""
    return frozenset(path for path, _ in _pages(glossary, None))


def cards(glossary: Glossary, lessons: Lessons, site: Site, program: str) -> dict[str, Page]:
    """The files of all cards, each to be drawn when it is written; none where no address is known to show them at."""
    if not site.is_published:
        return {}
    return {place(path): Page(partial(png, card), f"{program} {card.key}") for path, card in _pages(glossary, lessons)}


def png(card: Card) -> bytes:
    """The picture itself."""
    return as_png(svg(card), scale=1)


def _pages(glossary: Glossary, lessons: Lessons | None) -> Iterator[tuple[str, Card]]:
    """Each page with its card. Without lessons, cards lack their pictures."""
    terms = glossary.terms
    shown = terms.get("gradient-descent") or next(iter(terms.values()), None)
    yield "index.md", Card(MOTTO, f"{counted(len(terms), 'term')} in plain sentences.", "", _drawing(shown, lessons))
    for path, title in FIXED.items():
        yield path, Card(title)
    for acronym in glossary.ambiguous:
        yield f"terms/{slugify(acronym)}.md", Card(acronym)
    for slug, category in glossary.categories.items():
        yield f"categories/{slug}.md", Card(category.title, category.scope, "Subject")
    for level in Level.__args__:  # type: ignore[attr-defined]
        yield f"levels/{level}.md", Card(level.capitalize(), "", "Level")
    for slug, comparison in glossary.comparisons.items():
        yield f"comparisons/{slug}.md", Card(comparison.title, "", "Side by side")
    for slug, way in glossary.paths.items():
        yield f"paths/{slug}.md", Card(way.title, counted(len(way.steps), "step"), "Path")
    for slug, term in terms.items():
        meta = f"{glossary.categories[term.category].title} · {term.level}"
        yield f"terms/{slug}.md", Card(term.title, term.definition, meta, _drawing(term, lessons))


def _drawing(term: Term | None, lessons: Lessons | None) -> str:
    """The first thing on a term's page that is drawn; most have it on top, and some show a text there."""
    if term is None or lessons is None:
        return ""
    pictures = (picture for use in term.demos for picture in lessons.of(use.module, use.with_).pictures)
    return next((picture for picture in pictures if 'class="tl-svg"' in picture), "")


def svg(card: Card) -> str:
    """The card as a drawing with a size, concrete colors and letters."""
    plot = _plot(card.picture)
    wide = WIDTH - 2 * MARGIN - (PLOT if plot else 0)
    size = 68.0 if plot else 84.0
    while (lines := _fitting(card.title, wide, size)) is None:
        size *= 0.9
    y = MARGIN + 30.0
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/><rect width="14" height="{HEIGHT}" fill="{ACCENT}"/>',
        _text("Termlab", MARGIN, y, 30, ACCENT, bold=True),
    ]
    y += 40
    for line in lines:
        y += size * 1.12
        parts.append(_text(line, MARGIN, y, size, "var(--tl-ink)", bold=True))
    y += 22
    room = int((HEIGHT - MARGIN - 60 - y) // 38)
    said = wrap(card.says, wide, 27)
    for i, line in enumerate(said[:room]):
        y += 38
        cut = i == room - 1 and len(said) > room
        parts.append(_text(shorten(line + " …", wide, 27) if cut else line, MARGIN, y, 27, "var(--tl-muted)"))
    parts.append(_text(shorten(card.meta or MOTTO, wide, 24), MARGIN, HEIGHT - MARGIN + 12, 24, ACCENT))
    look = f'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" font-family="{FONT}"'
    size_of = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    whole = f"<svg {look} {size_of}>{''.join(parts)}{plot}</svg>"
    return re.sub(r"var\((--tl-\w+)\)", lambda name: PALETTE[name[1]][0], whole)


def _plot(picture: str) -> str:
    """The drawing on a sheet at the right, as large as fits."""
    found = _DRAWING.search(picture)
    box = _BOX.search(found[0]) if found else None
    if not found or not box:
        return ""
    left, top = WIDTH - PLOT - MARGIN / 2, MARGIN / 2
    wide, high = PLOT, HEIGHT - MARGIN
    inner = 24
    opening = (
        f'<svg x="{left + inner:g}" y="{top + inner:g}" width="{wide - 2 * inner:g}" height="{high - 2 * inner:g}"'
        f' viewBox="{box[1]}" preserveAspectRatio="xMidYMid meet">'
    )
    sheet = f'<rect x="{left:g}" y="{top:g}" width="{wide:g}" height="{high:g}" rx="14" fill="var(--tl-surface)"'
    return f'{sheet} stroke="{LINE}"/>' + _OPENING.sub(lambda _: opening, found[0], count=1)


def _fitting(title: str, wide: float, size: float) -> list[str] | None:
    """The title in at most three lines of this size, or None where it needs more or a word is too wide."""
    lines = wrap(title, wide, size, bold=True)
    if size < 24:
        return [shorten(line, wide, size * 1.1) for line in lines[:3]]
    fits = len(lines) <= 3 and all(shorten(line, wide, size * 1.1) == line for line in lines)
    return lines if fits else None


def _text(text: str, x: float, y: float, size: float, color: str, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:g}" y="{y:.1f}" font-size="{size:.1f}" fill="{color}"{weight}>{escape(text)}</text>'
