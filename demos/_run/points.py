"""Settings that are points of a plane or a small drawing: their text, and what a demo gets of it.

A setting is one short text everywhere but in the demo: on the command line, in a link, in a file. Points are numbers to
two decimals, "1,2 -0.25,3", each with its group as third number where there are groups; a drawing is a digit for each
cell, from 0 to 9, a word for each row. No text at all means that the demo has points or a drawing of its own.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from demos._show.counted import counted

SHADES = 9  # the digit of a cell that is 1.0
TOLD = 3  # faults of one setting that are told; the others are counted


class Held(Protocol):
    """What must be known of a parameter: the bounds, the number of points and of groups, rows and columns."""

    @property
    def kind(self) -> str: ...
    @property
    def x(self) -> tuple[float, float] | None: ...
    @property
    def y(self) -> tuple[float, float] | None: ...
    @property
    def most(self) -> int | None: ...
    @property
    def groups(self) -> int | None: ...
    @property
    def size(self) -> tuple[int, int] | None: ...


class Misplaced(Exception):  # noqa: N818 -- the ends of sentences
    """What is wrong with points or a drawing: `faults`, each a sentence after the name of the setting."""

    def __init__(self, *faults: str) -> None:
        super().__init__(*faults)
        self.faults = list(faults)


def as_text(held: Held, value: Any) -> str:
    """A setting as its text, checked: two equal settings have the same one.

    value: such a text, or rows of numbers: points [N, 2], with groups [N, 3], or a drawing [R, C] from 0 to 1.
    Raises Misplaced with everything that is wrong.
    """
    return _points_as_text(held, value) if held.kind == "points" else _pixels_as_text(held, value)


def from_text(held: Held, text: str) -> Sequence[Sequence[float]]:
    """What a demo gets for a text that as_text() has made: () for none, else points or rows of cells as tuples."""
    if held.kind == "points":
        points = [tuple(map(float, word.split(","))) for word in text.split()]
        return [(x, y, int(group[0])) if group else (x, y) for x, y, *group in points] or ()
    return [tuple(int(digit) / SHADES for digit in row) for row in text.split()] or ()


# --- points -----------------------------------------------------------------------------------------------------


def _points_as_text(held: Held, value: Any) -> str:
    assert held.most is not None
    rows = value.split() if isinstance(value, str) else value
    if not _is_row(rows):
        raise Misplaced("must be points such as '1,2 3,4'")
    if len(rows) > held.most:
        raise Misplaced(f"must have at most {counted(held.most, 'point')}, not {len(rows)}")
    faults, words = [], []
    for number, row in enumerate(rows, start=1):
        point = [_number(part) for part in row.split(",")] if isinstance(row, str) else row
        found = list(_faults_of(held, point))
        faults += [f"its point {number} {fault}" for fault in found]
        if not found:
            words.append(",".join(map(_short, point)))
    if faults:
        rest = [f"{len(faults) - TOLD} more of its points are wrong"] if len(faults) > TOLD else []
        raise Misplaced(*faults[:TOLD], *rest)
    return " ".join(words)


def _faults_of(held: Held, point: Any) -> Iterator[str]:
    """What is wrong with one point, the ends of sentences."""
    needed = 3 if _grouped(held) else 2
    if not _is_row(point) or len(point) != needed:
        names = "x, y and group" if needed == 3 else "x and y"
        has = counted(len(point), "number") if _is_row(point) else "no numbers"
        yield f"has {has}, and must have {needed}: {names}"
        return
    for name, at, ends in zip(("x", "y"), point, (held.x, held.y), strict=False):
        assert ends is not None
        if not _is_number(at):
            yield f"has an {name} that is not a number" if name == "x" else f"has a {name} that is not a number"
        elif not ends[0] <= round(at, 2) <= ends[1]:
            yield f"has {name} = {_short(at)}, which must lie between {ends[0]:.12g} and {ends[1]:.12g}"
    if needed == 3:
        groups = held.groups or 1
        if not _is_number(point[2]) or point[2] not in range(groups):
            yield f"has a group that is not a whole number from 0 to {groups - 1}"


def _grouped(held: Held) -> bool:
    return (held.groups or 1) > 1


def _is_row(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _number(text: str) -> float | None:
    """The number that a text says; None for anything else, such as 'inf', '1_0' or a digit of another script."""
    try:
        return float(text) if text.isascii() and "_" not in text else None
    except ValueError:
        return None


def _is_number(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | float) and -1e300 < value < 1e300


def _short(value: float) -> str:
    """A number to two decimals and no longer than it needs to be: "0.5", "-3", never "-0"."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else f"{value:.3g}"


# --- drawings ---------------------------------------------------------------------------------------------------


def _pixels_as_text(held: Held, value: Any) -> str:
    assert held.size is not None
    rows, columns = held.size
    given = value.split() if isinstance(value, str) else value
    if not _is_row(given):
        raise Misplaced(f"must be a drawing of {counted(rows, 'row')}, each of {counted(columns, 'digit')} from 0 to 9")
    if not given:
        return ""
    if len(given) != rows:
        raise Misplaced(f"must have {counted(rows, 'row')}, not {len(given)}")
    faults, words = [], []
    for number, row in enumerate(given, start=1):
        if not (isinstance(row, str) or _is_row(row)):
            faults.append(f"its row {number} is none")
        elif len(row) != columns:
            faults.append(f"its row {number} must have {counted(columns, 'cell')}, not {len(row)}")
        elif isinstance(row, str) and not (row.isascii() and row.isdecimal()):
            faults.append(f"its row {number} holds something that is not a digit from 0 to 9")
        elif not isinstance(row, str) and not all(_is_number(cell) and 0 <= cell <= 1 for cell in row):
            faults.append(f"its row {number} holds a cell that is not a number from 0 to 1")
        else:
            words.append(row if isinstance(row, str) else "".join(str(round(SHADES * cell)) for cell in row))
    if faults:
        rest = [f"{len(faults) - TOLD} more of its rows are wrong"] if len(faults) > TOLD else []
        raise Misplaced(*faults[:TOLD], *rest)
    return "" if all(set(word) == {"0"} for word in words) else " ".join(words)
