"""A piece of a web page from a picture: text that is safe in HTML, a figure, its frame for a drawing, a table.

The figure of a static page and that of a live one are both made here. Everything that comes from a picture is escaped.
"""

import html as escaping
from collections.abc import Mapping, Sequence
from typing import Any

from demos._show.axes import is_number, number, one_line
from demos._show.counted import counted

MOST_ROWS = 200  # of a table in a page


def safe(text: Any) -> str:
    """Text for HTML, line breaks included; control characters become signs."""
    lines = [one_line(line) for line in str(text).splitlines()]
    return "&#10;".join(escaping.escape(line) for line in lines)


def cell(value: Any) -> str:
    return safe(value) if isinstance(value, str) else number(value)


def figure(kind: str, title: str, inside: str) -> str:
    """A figure with its caption, if there is one. kind: such as "chart"."""
    caption = f"<figcaption>{safe(title)}</figcaption>" if title else ""
    return f'<figure class="tl-figure tl-{kind}">{caption}{inside}</figure>'


def drawing_frame(label: str, drawing: str, table: str) -> str:
    """What stands in the figure of a drawing. label: says what it shows, for who cannot see it; table: its data."""
    picture = f'<div class="tl-picture" role="img" aria-label="{safe(label)}">{drawing}</div>'
    return f'{picture}<details class="tl-data"><summary>Data as a table</summary>{table}</details>'


def empty_drawing(attributes: Mapping[str, str]) -> str:
    """An <svg> for a live page to fill. The frame around it says what it is."""
    said = " ".join(f'{name}="{safe(value)}"' for name, value in attributes.items())
    return f'<svg {said} aria-hidden="true"></svg>'


def table_html(name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], row_names: bool = False) -> str:
    """A table that scrolls in its place, cut to its first rows. row_names: the first cell of each row names the row."""
    numeric = [bool(rows) and all(is_number(row[i]) or row[i] == "" for row in rows) for i in range(len(columns))]
    look = [' class="tl-number"' if is_numeric else "" for is_numeric in numeric]
    heads = "".join(f'<th scope="col"{kind}>{safe(column)}</th>' for column, kind in zip(columns, look, strict=True))
    lines = []
    for row in rows[:MOST_ROWS]:
        cells = [f"<td{kind}>{cell(value)}</td>" for value, kind in zip(row, look, strict=True)]
        if row_names:
            cells[0] = f'<th scope="row">{cell(row[0])}</th>'
        lines.append(f"<tr>{''.join(cells)}</tr>")
    more = len(rows) - MOST_ROWS
    rest = (
        f"<p>The first {MOST_ROWS} rows; {counted(more, 'more row')} {'is' if more == 1 else 'are'} left out.</p>"
        if more > 0
        else ""
    )
    body = f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    return f'<div class="tl-scroll" tabindex="0" role="group" aria-label="Table: {safe(name)}">{body}</div>{rest}'


# How the classes above look where nobody else says it.
STYLE = """\
.tl-figure { margin: 0 0 2rem; }
.tl-figure figcaption { font-weight: 600; margin: 0 0 .5rem; max-width: none; text-align: left; }
.tl-picture { overflow-x: auto; }
.tl-svg { display: block; }
.tl-data { margin-top: .5rem; }
.tl-data summary { color: var(--tl-muted); cursor: pointer; }
.tl-scroll { max-width: 100%; max-height: 24rem; overflow: auto; }
.tl-scroll table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.tl-scroll :is(th, td) { border-bottom: 1px solid var(--tl-grid); padding: .3rem .8rem .3rem 0; text-align: left; }
.tl-scroll td { white-space: pre-line; }
.tl-scroll :is(th, td).tl-number { text-align: right; }
"""

# The colors of the series, for pieces in a row: class tl-token-0 to tl-token-5 around each tl-piece.
COLORS = "".join(
    f".tl-token-{i} .tl-piece {{ background: color-mix(in srgb, var(--tl-{i + 1}) 16%, transparent); "
    f"border-color: var(--tl-{i + 1}); }}\n"
    for i in range(6)
)
