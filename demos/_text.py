"""A result as plain text for a terminal: no color, no cursor, nothing wider than asked.

Where a drawing tells series apart by color, here it is letters on the lines, signs for the points and fillings for the
bars; shades stand for the colors of a heatmap.
"""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from demos._axes import LAYERS, Axis, HeatmapLayout, Shape, chart_layout, heatmap_layout, is_number, number, one_line

Json = dict[str, Any]

POINTS = "●■▲◆✚▼"
LINES = "abcdefghijklmnopqrstuvwxyz"
OVER = "*~%&$@"  # lines on a heatmap
FILLINGS = "█▒░▓▚▞"
SHADES = {"sequential": " ·░▒▓█", "diverging": "=- +#"}
MOST_ROWS = 40


def as_text(data: Json, width: int = 80) -> str:
    """A whole run: its sentence, its figures and its pictures, with no line wider than `width` columns."""
    width = max(width, 1)
    blocks = [fold(data["summary"], width), *([_figures(data["numbers"])] if data["numbers"] else [])]
    for item in data["show"]:
        title = fold(item["title"], width)
        blocks.append([*title, "─" * max(map(columns, title)), *KINDS[item["type"]](item, width)])
    lines = [line for block in blocks for line in [*block, ""]]
    return "\n".join(clip(line.rstrip(), width) for line in lines[:-1]) + "\n"


def _figures(numbers: dict[str, float]) -> list[str]:
    return columns_of([[one_line(name), number(value)] for name, value in numbers.items()], ["left", "right"])


# --- text in columns --------------------------------------------------------------------------------------


def columns(text: str) -> int:
    """How many columns of a terminal a line takes: two for wide letters, none for accents that combine."""
    return sum(
        0 if unicodedata.category(letter) in ("Mn", "Me", "Cf") else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in text
    )


def clip(text: str, width: int) -> str:
    """The text, or as much of it as `width` columns hold, with an ellipsis."""
    if columns(text) <= width:
        return text
    while text and columns(text) > width - 1:
        text = text[:-1]
    return text + "…"


def pad(text: str, width: int, align: str = "left") -> str:
    space = " " * (width - columns(text))
    return space + text if align == "right" else text + space


def fold(text: str, width: int, indent: str = "") -> list[str]:
    """Lines of at most `width` columns, cut between words where that is possible; later lines begin with `indent`."""
    lines: list[str] = []
    indent = indent if columns(indent) < width - 1 else ""
    for paragraph in str(text).splitlines() or [""]:
        line = indent if lines else ""
        for word in one_line(paragraph).split(" "):
            if columns(line) + columns(word) > width:
                lines += [line.rstrip()] if line.strip() else []
                line = indent
            while columns(line) + columns(word) > width:
                head = next(i for i in range(len(word), 0, -1) if i == 1 or columns(line) + columns(word[:i]) <= width)
                lines.append(line + word[:head])
                line, word = indent, word[head:]
            line += word + " "
        lines.append(line.rstrip())
    return lines


def flow(entries: Sequence[str], width: int) -> list[str]:
    """Entries side by side, as many on a line as fit."""
    lines: list[str] = []
    for entry in entries:
        if lines and columns(lines[-1]) + 3 + columns(entry) <= width:
            lines[-1] += "   " + entry
        else:
            lines.append(entry)
    return lines


def columns_of(rows: Sequence[Sequence[str]], aligned: Sequence[str], gap: str = "  ") -> list[str]:
    """Rows of cells as lines, every column as wide as its widest cell."""
    widths = [max(map(columns, cells)) for cells in zip(*rows, strict=True)]
    return [
        gap.join(pad(cell, wide, align) for cell, wide, align in zip(row, widths, aligned, strict=True)).rstrip()
        for row in rows
    ]


# --- charts -----------------------------------------------------------------------------------------------


class Canvas:
    """A grid of characters, each of 2 by 4 dots of braille; a character that is put down hides its dots."""

    def __init__(self, across: int, down: int) -> None:
        self.across, self.down = across, down
        self.dots = [[0] * across for _ in range(down)]
        self.letters: dict[tuple[int, int], str] = {}

    def dot(self, x: float, y: float) -> None:
        """x and y from 0 to 1, y upwards."""
        column, row = round(x * (2 * self.across - 1)), round((1 - y) * (4 * self.down - 1))
        if 0 <= column < 2 * self.across and 0 <= row < 4 * self.down:
            bit = ((0, 3), (1, 4), (2, 5), (6, 7))[row % 4][column % 2]  # how Unicode numbers the dots
            self.dots[row // 4][column // 2] |= 1 << bit

    def line(self, a: tuple[float, float], b: tuple[float, float]) -> None:
        steps = max(1, math.ceil(max(abs(b[0] - a[0]) * 2 * self.across, abs(b[1] - a[1]) * 4 * self.down)))
        for step in range(min(steps, 4000) + 1):
            share = step / min(steps, 4000)
            self.dot(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)

    def cell(self, x: float, y: float) -> tuple[int, int]:
        return round(x * (self.across - 1)), round((1 - y) * (self.down - 1))

    def put(self, column: int, row: int, text: str) -> None:
        for offset, letter in enumerate(text):
            if 0 <= column + offset < self.across and 0 <= row < self.down:
                self.letters[column + offset, row] = letter

    def lines(self) -> list[str]:
        return [
            "".join(
                self.letters.get((column, row)) or (chr(0x2800 + dots) if dots else " ")
                for column, dots in enumerate(line)
            )
            for row, line in enumerate(self.dots)
        ]


def _chart(item: Json, width: int) -> list[str]:
    layout = chart_layout(item, x_ticks=6, y_ticks=4)
    shapes = [shape for shape in layout.shapes if shape.x]
    if shapes and all(shape.mark == "bars" for shape in shapes) and sum(len(shape.x) for shape in shapes) <= MOST_ROWS:
        return _bars(layout.x, layout.y, shapes, width)
    side = max(map(columns, layout.y.labels), default=0)
    canvas = Canvas(max(10, width - side - 3), 14)
    lines = [shape for shape in shapes if shape.mark in ("line", "step", "area")]
    keys = []
    for shape in sorted(shapes, key=lambda shape: LAYERS.index(shape.mark)):
        spots = [(layout.x.at(x), layout.y.at(y)) for x, y in zip(shape.x, shape.y, strict=True)]
        if shape.mark == "bars":
            sign = FILLINGS[1 + shape.turn % 5]
            _upright(canvas, layout.x, layout.y.at(layout.base), shape, spots, sign)
        elif shape.mark == "points":
            sign = POINTS[shape.turn % len(POINTS)]
            _points(canvas, spots, sign, shape.labels)
        else:
            sign = LINES[shape.turn % len(LINES)] if len(lines) > 1 else "─"
            _line(canvas, spots, shape.mark == "step")
            if len(lines) > 1:
                _letters(canvas, spots, sign, shape.turn, len(lines))
        keys.append((shape.index, f"{sign} {one_line(shape.name)}"))
    legend = flow([key for _, key in sorted(keys)], width) if len(keys) > 1 else []
    title = [clip(one_line(layout.y.title), width)] if layout.y.title else []
    return [*legend, *title, *_with_axes(canvas.lines(), layout.x, layout.y, side, width)]


def _line(canvas: Canvas, spots: Sequence[tuple[float, float]], step: bool) -> None:
    for a, b in pairwise(spots):
        corner = (b[0], a[1]) if step else b
        canvas.line(a, corner)
        canvas.line(corner, b)
    if len(spots) == 1:
        canvas.dot(*spots[0])


def _letters(canvas: Canvas, spots: Sequence[tuple[float, float]], sign: str, turn: int, count: int) -> None:
    """The letter of a line, four times along it, each line at its own places."""
    for part in range(4):
        wanted = (part + (turn + 0.5) / count) / 4
        low, high = min(x for x, _ in spots), max(x for x, _ in spots)
        near = min(range(len(spots)), key=lambda i: abs(spots[i][0] - (low + wanted * (high - low))))
        column, row = canvas.cell(*spots[near])
        canvas.put(column, row, sign)


def _points(canvas: Canvas, spots: Sequence[tuple[float, float]], sign: str, labels: Sequence[str]) -> None:
    """Signs, and their labels right or left of them where there is room."""
    for x, y in spots:
        canvas.put(*canvas.cell(x, y), sign)
    for (x, y), label in zip(spots, labels, strict=True):
        column, row = canvas.cell(x, y)
        if not label or columns(label) != len(label):  # a wide letter would push the rest of the line
            continue
        for start in (column + 2, column - 1 - len(label)):
            cells = [(start + offset, row) for offset in range(-1, len(label) + 1)]
            inside = start >= 0 and start + len(label) <= canvas.across
            if inside and not any(cell in canvas.letters for cell in cells if cell[0] != column):
                canvas.put(start, row, label)
                break


def _upright(
    canvas: Canvas, x: Axis, base: float, shape: Shape, spots: Sequence[tuple[float, float]], sign: str
) -> None:
    """Upright bars, for charts that hold something else besides."""
    for left, right, (_, y) in zip(shape.left, shape.right, spots, strict=True):
        first, foot = canvas.cell(x.at(left), base)
        last, head = canvas.cell(x.at(right), y)
        for column in range(first, max(first, last - 1) + 1):
            for row in range(min(foot, head), max(foot, head) + 1):
                canvas.put(column, row, sign)


def _with_axes(lines: Sequence[str], x: Axis, y: Axis, side: int, width: int) -> list[str]:
    """The plot between its axes, with the ticks where they fall."""
    rows = {round((1 - y.at(tick)) * (len(lines) - 1)): label for tick, label in zip(y.ticks, y.labels, strict=True)}
    framed = [
        f"{pad(rows.get(row, ''), side, 'right')} {'┤' if row in rows else '│'}{line}" for row, line in enumerate(lines)
    ]
    across = len(lines[0])
    ruler, words = ["─"] * across, ""
    offset = side + 2
    for tick, label in [(tick, label) for tick, label in zip(x.ticks, x.labels, strict=True) if label.strip()]:
        column = round(x.at(tick) * (across - 1))
        start = min(max(offset + column - columns(label) // 2, 0), width - columns(label))
        if start > columns(words) or not words:
            words = pad(words, start) + label
            ruler[column] = "┬"
    foot = [" " * (side + 1) + "└" + "".join(ruler), *([words] if words else [])]
    if x.title:
        title = clip(one_line(x.title), width)
        foot.append(" " * max(0, min(offset + (across - columns(title)) // 2, width - columns(title))) + title)
    return [*framed, *foot]


def _bars(x: Axis, y: Axis, shapes: Sequence[Shape], width: int) -> list[str]:
    """Lying bars, one below the other, those of one place together."""
    places = sorted({place for shape in shapes for place in shape.x})
    names = {place: x.labels[int(place)] if x.named else number(place) for place in places}
    side = min(max(map(columns, names.values())), width // 3)
    values = max(columns(number(value)) for shape in shapes for value in shape.y)
    room = max(4, width - side - values - 4)
    start = y.at(0) if not y.log else 0.0
    keys = [f"{FILLINGS[shape.turn % 6]} {one_line(shape.name)}" for shape in shapes] if len(shapes) > 1 else []
    lines = flow(keys, width)
    if y.title:
        lines.append(clip(one_line(y.title), width))
    for place in places:
        name = names[place]
        for shape in shapes:
            for spot, value in zip(shape.x, shape.y, strict=True):
                if spot == place:
                    bar = _bar(start, y.at(value), room, FILLINGS[shape.turn % 6])
                    lines.append(f"{pad(clip(name, side), side, 'right')} │{bar} {pad(number(value), values, 'right')}")
                    name = ""
    return [*lines, *([clip(one_line(x.title), width)] if x.title else [])]


def _bar(start: float, end: float, room: int, filling: str) -> str:
    left, right = (round(min(start, end) * room), round(max(start, end) * room))
    if left == right and start != end:
        filling = "▏"  # too short for a whole block, and yet not nothing
        right = min(left + 1, room)
        left = right - 1
    return " " * left + filling * (right - left) + " " * (room - right)


# --- heatmaps ---------------------------------------------------------------------------------------------


def _heatmap(item: Json, width: int) -> list[str]:
    layout = heatmap_layout(item)
    heads = [number(name) for name in item["columns"]]
    names = [clip(number(name), width // 3) for name in item["rows"]]
    if layout.x.named and layout.y.named and not item["overlay"]:
        for digits, gap in ((3, "  "), (2, " ")):
            cells = [[number(value, digits) for value in row] for row in item["values"]]
            rows = [["", *heads], *([name, *row] for name, row in zip(names, cells, strict=True))]
            table = columns_of(rows, ["left", *["right"] * len(heads)], gap)
            if max(map(columns, table)) <= width and any(map(str.strip, heads)):
                return [*_axis_names(layout, width), *table]
    return [*_axis_names(layout, width), *_shaded(item, layout, names, width)]


def _axis_names(layout: HeatmapLayout, width: int) -> list[str]:
    said = [f"{way}: {one_line(axis.title)}" for way, axis in (("down", layout.y), ("across", layout.x)) if axis.title]
    return fold(", ".join(said), width) if said else []


def _shaded(item: Json, layout: HeatmapLayout, names: Sequence[str], width: int) -> list[str]:
    """Cells as shades; a matrix with more columns than the terminal is thinned out."""
    side = max(map(columns, names if layout.y.named else layout.y.labels), default=0)
    room = max(4, width - side - 2)
    count = len(layout.columns)
    wide = 2 if 2 * count <= room else 1
    take_column = [min(count - 1, int((i + 0.5) * count / min(count, room))) for i in range(min(count, room))]
    tall = min(len(layout.rows), max(8, len(take_column) * wide // 2) if not layout.y.named else MOST_ROWS)
    take_row = [min(len(layout.rows) - 1, int((i + 0.5) * len(layout.rows) / tall)) for i in range(tall)]
    if not layout.y.named and layout.rows[0] <= layout.rows[-1]:
        take_row.reverse()  # a plane grows upwards
    shades = SHADES[item["scale"]]

    def shade(value: float) -> str:
        share = (value - layout.low) / (layout.high - layout.low)
        return shades[min(int(share * len(shades)), len(shades) - 1)]

    canvas = Canvas(len(take_column) * wide, tall)
    for row, r in enumerate(take_row):
        for column, c in enumerate(take_column):
            canvas.put(column * wide, row, shade(item["values"][r][c]) * wide)
    keys = []
    for shape in sorted(layout.overlay, key=lambda shape: shape.mark == "points"):
        sign = (POINTS if shape.mark == "points" else OVER)[shape.turn % 6]
        spots = [(layout.x.at(x), layout.y.at(y)) for x, y in zip(shape.x, shape.y, strict=True)]
        for x, y in [(x, 1 - y if layout.y.named else y) for x, y in spots if 0 <= x <= 1 and 0 <= y <= 1]:
            canvas.put(*canvas.cell(x, y), sign)
        if spots:
            keys.append((shape.index, f"{sign} {one_line(shape.name)}"))
    if layout.y.named:
        labels = [names[r] for r in take_row]
    else:
        ticks = zip(layout.y.ticks, layout.y.labels, strict=True)
        rows = {round((1 - layout.y.at(tick)) * (tall - 1)): label for tick, label in ticks}
        labels = [rows.get(row, "") for row in range(tall)]
    lines = [f"{pad(label, side, 'right')} │{line}" for label, line in zip(labels, canvas.lines(), strict=True)]
    foot = _with_axes([" " * canvas.across], replace(layout.x, title=""), layout.y, side, width)[1:]
    scale = f"{number(layout.low, 2)} [{shades}] {number(layout.high, 2)}"
    return [*lines, *foot, *flow([scale, *(key for _, key in sorted(keys))], width)]


# --- everything else --------------------------------------------------------------------------------------


def _table(item: Json, width: int) -> list[str]:
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


def _tokens(item: Json, width: int) -> list[str]:
    """Pieces in brackets, spaces as dots, notes beneath."""
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


def _graph(item: Json, width: int) -> list[str]:
    """The boxes that say more than a name, then one arrow a line."""
    labels = {node["name"]: [one_line(line) for line in str(node["label"]).splitlines()] for node in item["nodes"]}
    short = {name: lines[0] if lines and lines[0] else one_line(name) for name, lines in labels.items()}
    told_apart = {name: text if [*short.values()].count(text) == 1 else one_line(name) for name, text in short.items()}
    linked = {edge[end] for edge in item["edges"] for end in ("source", "target")}
    lines = []
    for name, text in told_apart.items():
        more = [line for line in labels[name] if line != text]
        if more or name not in linked:
            lines += fold(f"{text}: {', '.join(more)}" if more else text, width, "  ")
    weighted = any(edge["weight"] != 1 for edge in item["edges"])
    for edge in item["edges"]:
        said = [one_line(edge["label"])] if edge["label"] else []
        said += [number(edge["weight"])] if weighted and not _is_figure(edge["label"]) else []
        arrow = f"-- {', '.join(said)} -->" if said else "-->"
        lines += fold(f"{told_apart[edge['source']]} {arrow} {told_apart[edge['target']]}", width, "  ")
    return lines


def _is_figure(label: str) -> bool:
    """True where the label says the weight already, perhaps rounded."""
    try:
        return math.isfinite(float(label.replace("−", "-")))
    except ValueError:
        return False


def _trace(item: Json, width: int) -> list[str]:
    return [line for step in item["steps"] for line in fold(f"{one_line(step['who'])}: {step['text']}", width, "  ")]


KINDS = {"chart": _chart, "heatmap": _heatmap, "table": _table, "tokens": _tokens, "graph": _graph, "trace": _trace}
