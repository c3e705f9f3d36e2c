"""Text in the columns of a terminal: lines that are cut, folded and aligned, and a grid of characters to draw on.

No color, no cursor, nothing wider than asked. Where a drawing tells series apart by color, here it is letters on the
lines and signs for the points. A web page needs none of this, so pictures import it inside functions.
"""

import math
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from demos._show.axes import Axis, one_line

POINTS = "●■▲◆✚▼"
MOST_ROWS = 40  # of a table, a matrix or a list of bars


def columns(text: str) -> int:
    """How many columns of a terminal a line takes: two for wide letters, none for accents that combine."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(letter) in ("Mn", "Me", "Cf") else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in text
    )


def clip(text: str, width: int) -> str:
    """The text, or as much of it as `width` columns hold, with an ellipsis."""
    return text if columns(text) <= width else text[: fitting(text, width - 1)] + "…"


def fitting(text: str, width: int) -> int:
    """How many of its first letters take at most `width` columns."""
    for i, letter in enumerate(text):
        width -= columns(letter)
        if width < 0:
            return i
    return len(text)


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
            left = columns(word)  # counted once: a word may be as long as a text without spaces
            if columns(line) + left > width:
                lines += [line.rstrip()] if line.strip() else []
                line = indent
            while columns(line) + left > width:
                head = max(1, fitting(word, width - columns(line)))
                lines.append(line + word[:head])
                left -= columns(word[:head])
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


# --- a plot of characters ---------------------------------------------------------------------------------


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

    def draw_path(self, spots: Sequence[tuple[float, float]], step: bool) -> None:
        """A line through the spots; with `step` it keeps its height until the next one."""
        for a, b in pairwise(spots):
            corner = (b[0], a[1]) if step else b
            self.line(a, corner)
            self.line(corner, b)
        if len(spots) == 1:
            self.dot(*spots[0])

    def put_along(self, spots: Sequence[tuple[float, float]], sign: str, turn: int, count: int) -> None:
        """The letter of a line, four times along it; of `count` lines each, by its `turn`, at its own places."""
        for part in range(4):
            wanted = (part + (turn + 0.5) / count) / 4
            low, high = min(x for x, _ in spots), max(x for x, _ in spots)
            near = min(range(len(spots)), key=lambda i: abs(spots[i][0] - (low + wanted * (high - low))))
            column, row = self.cell(*spots[near])
            self.put(column, row, sign)

    def put_points(self, spots: Sequence[tuple[float, float]], sign: str, labels: Sequence[str]) -> None:
        """Signs, and their labels right or left of them where there is room."""
        for x, y in spots:
            self.put(*self.cell(x, y), sign)
        for (x, y), label in zip(spots, labels, strict=True):
            column, row = self.cell(x, y)
            if not label or columns(label) != len(label):  # a wide letter would push the rest of the line
                continue
            for start in (column + 2, column - 1 - len(label)):
                cells = [(start + offset, row) for offset in range(-1, len(label) + 1)]
                inside = start >= 0 and start + len(label) <= self.across
                if inside and not any(cell in self.letters for cell in cells if cell[0] != column):
                    self.put(start, row, label)
                    break

    def fill(self, left: float, right: float, foot: float, head: float, sign: str) -> None:
        """An upright bar; all four from 0 to 1."""
        first, below = self.cell(left, foot)
        last, above = self.cell(right, head)
        for column in range(first, max(first, last - 1) + 1):
            for row in range(min(below, above), max(below, above) + 1):
                self.put(column, row, sign)

    def lines(self) -> list[str]:
        return [
            "".join(
                self.letters.get((column, row)) or (chr(0x2800 + dots) if dots else " ")
                for column, dots in enumerate(line)
            )
            for row, line in enumerate(self.dots)
        ]


def with_axes(lines: Sequence[str], x: Axis, y: Axis, side: int, width: int) -> list[str]:
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
