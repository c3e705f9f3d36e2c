"""A table: rows of cells under named columns."""

from collections.abc import Iterator
from typing import Any

from demos._show import html
from demos._show.axes import Json, is_number, number, one_line
from demos._show.counted import counted


def problems(item: Json) -> Iterator[str]:
    """No columns, rows that do not fit them, and cells that are lists."""
    if not item["columns"]:
        yield "it has no columns"
    for position, row in enumerate(item["rows"]):
        if len(row) != len(item["columns"]):
            yield f"row {position + 1} has {counted(len(row), 'cell')} for {counted(len(item['columns']), 'column')}"
        if any(isinstance(cell, list | dict) for cell in row):
            yield f"row {position + 1} holds a cell that is neither text nor a number"


def bounds() -> str:
    """How much of it is shown, in words."""
    from demos._show.columns import MOST_ROWS

    return f"any number of rows, of which a page shows the first {html.MOST_ROWS} and a terminal {MOST_ROWS}"


def table(item: Json) -> tuple[list[str], list[list[Any]]]:
    """The table itself."""
    return list(item["columns"]), [list(row) for row in item["rows"]]


def lines(item: Json, width: int) -> list[str]:
    """Wide columns are cut first, then columns are left out, and rows after the first forty."""
    from demos._show.columns import MOST_ROWS, clip, columns, columns_of

    heads = [one_line(name) for name in item["columns"]]
    rows = [[number(cell) for cell in row] for row in item["rows"][:MOST_ROWS]]
    numeric = [bool(rows) and all(is_number(row[i]) for row in item["rows"]) for i in range(len(heads))]
    aligned = ["right" if right else "left" for right in numeric]
    widths = [max(columns(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    while sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > 8:
        widths[widths.index(max(widths))] -= 1
    kept = len(widths)
    while kept > 1 and sum(widths[:kept]) + 2 * (kept - 1) > width:
        kept -= 1
    cells = [[clip(cell, wide) for cell, wide in zip(row, widths[:kept], strict=False)] for row in [heads, *rows]]
    lines = columns_of(cells, aligned[:kept])
    rule = "  ".join("─" * max(columns(row[i]) for row in cells) for i in range(kept))
    left_out = [(len(item["rows"]) - len(rows), "row"), (len(heads) - kept, "column")]
    more = [f"… and {count} more {what}{'s' if count > 1 else ''}" for count, what in left_out if count]
    return [lines[0], rule, *lines[1:], *more]
