"""Tokens: a text cut into pieces, with a note under each."""

import re
from collections.abc import Iterator
from typing import Any

from demos._show.axes import Json, number, one_line
from demos._show.counted import counted
from demos._show.html import cell, safe

STYLE = """\
.tl-pieces { display: flex; flex-wrap: wrap; gap: .5rem .25rem; }
.tl-token { display: inline-flex; flex-direction: column; align-items: center; }
.tl-piece { border-bottom: 2px solid; border-radius: 3px; font-family: ui-monospace, monospace; padding: .1rem .25rem; }
.tl-piece { white-space: pre-wrap; }
.tl-note { color: var(--tl-muted); }
.tl-space { position: relative; }
.tl-space::before { content: "·"; color: var(--tl-muted); inset: 0; position: absolute; text-align: center; }
.tl-break { color: var(--tl-muted); }
"""


def problems(item: Json) -> Iterator[str]:
    """Pieces that are no text, and notes that do not fit the pieces."""
    if any(not isinstance(piece, str) for piece in item["pieces"]):
        yield "it holds a piece that is not text"
    if item["notes"] and len(item["notes"]) != len(item["pieces"]):
        yield f"it has {counted(len(item['notes']), 'note')} for {counted(len(item['pieces']), 'piece')}"


def table(item: Json) -> tuple[list[str], list[list[Any]]]:
    """One row per piece."""
    if not item["notes"]:
        return ["piece"], [[piece] for piece in item["pieces"]]
    return ["piece", "note"], [list(row) for row in zip(item["pieces"], item["notes"], strict=True)]


def inner_html(item: Json) -> str:
    """A span per piece. Spaces stay spaces, so that a copied text is the text; a style makes them visible."""
    notes = [f'<small class="tl-note">{cell(note)}</small>' for note in item["notes"]] or [""] * len(item["pieces"])
    spans = []
    for index, (piece, note) in enumerate(zip(item["pieces"], notes, strict=True)):
        shown = "".join(_visible(part) for part in re.split(r"(\s)", piece))
        kind = f"tl-token tl-token-{index % 6}"
        spans.append(f'<span class="{kind}"><span class="tl-piece">{shown}</span>{note}</span>')
    return f'<div class="tl-pieces">{"".join(spans)}</div>'


def _visible(part: str) -> str:
    if part == " ":
        return '<span class="tl-space"> </span>'
    return f'<span class="tl-break">{one_line(part)}</span>' if part.isspace() else safe(part)


def lines(item: Json, width: int) -> list[str]:
    """Pieces in brackets, spaces as dots, notes beneath."""
    from demos._show.columns import clip, columns, pad

    pieces = [clip(f"[{one_line(piece).replace(' ', '·')}]", width) for piece in item["pieces"]]
    notes = [clip(number(note), width) for note in item["notes"]] or [""] * len(pieces)
    lines, above, below = [], "", ""
    for piece, note in zip(pieces, notes, strict=True):
        wide = max(columns(piece), columns(note))
        if above and columns(above) + 1 + wide > width:
            lines += [above, *([below] if item["notes"] else [])]
            above, below = "", ""
        gap = " " if above else ""
        above, below = above + gap + pad(piece, wide), below + gap + pad(note, wide)
    return [*lines, above, *([below] if item["notes"] else [])]
