"""Numbers and axes: what a drawing, a table and a terminal agree on when they show the same picture.

Everything here is in the units of the data; pixels and characters are the business of `_vega.py` and `_text.py`.
Pictures come as plain data, the dictionaries that `_run.py` leaves behind and has checked.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
UNITS = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")]
SIGNS = {"\n": "↵", "\t": "⇥", "\x7f": "␡"}
NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # control characters and halves of pairs


# --- numbers and names as people read them ----------------------------------------------------------------


def is_number(value: Any) -> bool:
    """True for a number; a switch (True, False) is no number here."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def number(value: Any, digits: int = 4) -> str:
    """A cell for people: numbers to so many significant digits, whole ones in full, names as they are.

    12345.67 -> "12,346"   0.123456 -> "0.1235"   0.0000123456 -> "1.235e-05"   2017 -> "2017"   None -> ""
    """
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    if not is_number(value):
        return one_line(value)
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}" if abs(value) >= 10_000 else str(int(value))
    magnitude = math.floor(math.log10(abs(value)))
    if not -4 <= magnitude < 15:
        return f"{value:.{digits}g}"
    decimals = max(0, digits - 1 - magnitude)
    text = f"{value:,.{decimals}f}" if magnitude >= 4 else f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def one_line(text: Any) -> str:
    """A name that takes one line: line breaks, tabs and what else would upset a terminal or a page become signs."""
    return NOT_TEXT.sub(lambda found: SIGNS.get(found[0]) or _picture_of(found[0]), str(text))


def _picture_of(control: str) -> str:
    return chr(0x2400 + ord(control)) if ord(control) < 0x20 else "�"  # ␀ to ␟


# --- axes -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Axis:
    """A number line from `low` to `high` with labeled ticks. Names sit at 0, 1, 2 … of a line of their own."""

    title: str
    low: float
    high: float
    ticks: list[float]
    labels: list[str]
    log: bool = False
    named: bool = False

    def at(self, value: float) -> float:
        """Where a value lies: 0 at the low end, 1 at the high end."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def ticks_between(low: float, high: float, count: int, whole: bool = False) -> tuple[list[float], float]:
    """About `count` round numbers between low and high, and the step between them: 1, 2 or 5 times 10ⁿ."""
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * times for times, upto in ((1, 1.5), (2, 3.2), (5, 7.1), (10, 11)) if rough / power <= upto)
    step = max(step, 1.0) if whole else step
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{k * step:.12g}") for k in range(first, last + 1)], step


def tick_labels(ticks: list[float]) -> list[str]:
    """The ticks in one common notation, as short as tells them apart, with a real minus sign."""
    top = max((abs(tick) for tick in ticks), default=0)
    unit, sign = next(((unit, sign) for unit, sign in UNITS if 1e5 <= top < 1e15 and top >= unit), (1.0, ""))
    if top >= 1e15 or 0 < top < 1e-3:
        power = math.floor(math.log10(top) + 1e-9)
        unit, sign = 10.0**power, "×10" + str(power).translate(SUPERSCRIPT)
    scaled = [tick / unit for tick in ticks]
    decimals = next((d for d in range(12) if all(abs(round(s, d) - s) < 1e-9 * max(1, abs(s)) for s in scaled)), 12)
    return [(f"{s:.{decimals}f}{sign}" if s else "0").replace("-", "−") for s in scaled]


def _log_axis(title: str, low: float, high: float, count: int, nice: bool) -> Axis:
    """Ticks at powers of ten, and at 2 and 5 times those where the values span less than two."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    grid = [float(f"{times}e{power}") for power in range(first - 1, last + 2) for times in (1, 2, 5)]
    below = max(g for g in grid if g <= low * (1 + 1e-9))
    above = min(g for g in grid if g >= high * (1 - 1e-9) and g > below)
    if nice or low == high:
        low, high = below, above
    if math.log10(high / low) > 2:
        every = math.ceil(math.log10(high / low) / (count + 1))
        grid = [float(f"1e{power}") for power in range(first - first % every, last + 1, every)]
    ticks = [g for g in grid if low * (1 - 1e-9) <= g <= high * (1 + 1e-9)]
    plain = all(1e-4 < tick < 1e5 for tick in ticks)
    return Axis(title, low, high, ticks, [number(tick) if plain else _power(tick) for tick in ticks], log=True)


def _power(tick: float) -> str:
    """0.00002 -> "2×10⁻⁵"."""
    factor, power = f"{tick:e}".split("e")
    if not int(power):
        return number(tick)
    return ("" if float(factor) == 1 else f"{float(factor):g}×") + "10" + str(int(power)).translate(SUPERSCRIPT)


def number_axis(
    title: str,
    values: list[float],
    *,
    count: int = 5,
    whole: bool = False,
    log: bool = False,
    nice: bool = False,
    pad: float = 0.0,
) -> Axis:
    """A number line over the values.

    count: about how many ticks;  whole: none between whole numbers;  log: by factors, every value being positive;
    nice: ends on round numbers;  pad: room at both ends, as a share of the range.
    """
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if log:
        return _log_axis(title, low, high, count, nice)
    if high - low <= 1e-12 * max(abs(low), abs(high)):  # one value only: a line needs two ends
        room = abs(low) / 2 or 0.5
        low, high = low - room, high + room
    low, high = low - pad * (high - low), high + pad * (high - low)
    ticks, step = ticks_between(low, high, count, whole)
    if nice:
        low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
        ticks, step = ticks_between(low, high, count, whole)
    return Axis(title, float(f"{low:.12g}"), float(f"{high:.12g}"), ticks, tick_labels(ticks))


def name_axis(title: str, names: list[str]) -> Axis:
    """Names at 0, 1, 2 … Positions are numbers, so that the same name may occur twice."""
    count = max(len(names), 1)
    return Axis(title, -0.5, count - 0.5, [float(i) for i in range(len(names))], names, named=True)


LAYERS = ["bars", "area", "step", "line", "points"]  # from the bottom to the top of a chart


# --- charts -----------------------------------------------------------------------------------------------


@dataclass
class Shape:
    """A series in the coordinates of its axes. Bars reach from `left` to `right` and from `base` to y."""

    name: str
    mark: str
    index: int  # among all series: its color
    turn: int  # among those drawn like it: its dash, sign or fill
    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    left: list[float] = field(default_factory=list)
    right: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class ChartLayout:
    x: Axis
    y: Axis
    shapes: list[Shape]
    base: float  # where bars and areas stand


def _positions(series: list[dict[str, Any]]) -> tuple[list[str] | None, list[list[float]]]:
    """Where the x of every series lie: the numbers themselves, or places along a common row of names."""
    if all(is_number(x) for one in series for x in one["x"]):
        return None, [list(one["x"]) for one in series]
    places: dict[tuple[str, int], float] = {}
    positions = []
    for one in series:
        seen: Counter[str] = Counter()
        row = []
        for name in (number(x) if is_number(x) else one_line(x) for x in one["x"]):
            row.append(places.setdefault((name, seen[name]), float(len(places))))
            seen[name] += 1  # a name that a series has twice is two places
        positions.append(row)
    return [name for name, _ in places], positions


def _shapes(series: list[dict[str, Any]], positions: list[list[float]]) -> list[Shape]:
    turns: Counter[str] = Counter()
    shapes = []
    for index, (one, place) in enumerate(zip(series, positions, strict=True)):
        drawn = "line" if one["mark"] == "step" else one["mark"]
        labels = [one_line(label) for label in one["labels"]] or [""] * len(place)
        shapes.append(Shape(one["name"], one["mark"], index, turns[drawn], place, list(one["y"]), labels))
        turns[drawn] += 1
    return shapes


def _stand_bars(shapes: list[Shape], log: bool, named: bool) -> None:
    """Give every bar its left and right edge; bars of several series at one place stand side by side."""
    bars = [shape for shape in shapes if shape.mark == "bars"]
    into, back = (math.log10, lambda u: 10.0**u) if log else (float, float)
    places = sorted({into(x) for shape in bars for x in shape.x})
    gap = min((b - a for a, b in pairwise(places)), default=1.0)
    touching = not named and len(bars) == 1 and len(places) > 8  # a histogram
    group = gap * (0.94 if touching else 0.8 if len(bars) > 1 else 0.7)
    for slot, shape in enumerate(bars):
        starts = [into(x) - group / 2 + slot * group / len(bars) for x in shape.x]
        shape.left = [back(u) for u in starts]
        shape.right = [back(u + group / len(bars)) for u in starts]


def chart_layout(chart: dict[str, Any], *, x_ticks: int = 5, y_ticks: int = 5) -> ChartLayout:
    """The axes of a chart and its series upon them."""
    series = chart["series"]
    names, positions = _positions(series)
    log_x, log_y = chart["log_x"] and names is None, chart["log_y"]
    shapes = _shapes(series, positions)
    _stand_bars(shapes, log_x, names is not None)

    marks = {shape.mark for shape in shapes}
    xs = [x for shape in shapes for x in [*shape.x, *shape.left, *shape.right]]
    ys = [y for shape in shapes for y in shape.y]
    if marks & {"bars", "area"} and not log_y:
        ys.append(0.0)  # what stands must stand on zero, or its height says nothing
    if names is None:
        whole = _whole(x for shape in shapes for x in shape.x)
        ends = {min(xs), max(xs)} if xs else set()
        pad = 0.03 if any(ends & set(shape.x) for shape in shapes if shape.mark == "points") else 0.0
        x = number_axis(chart["x"], xs, count=x_ticks, whole=whole, log=log_x, pad=pad)
    else:
        x = name_axis(chart["x"], names)
    title = chart["y"] or (shapes[0].name if len(shapes) == 1 else "")
    y = number_axis(title, ys, count=y_ticks, whole=_whole(ys), log=log_y, nice=True)
    return ChartLayout(x, y, shapes, y.low if log_y else 0.0)


def _whole(values: Iterable[float]) -> bool:
    return all(value == int(value) for value in values)


# --- heatmaps ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HeatmapLayout:
    """`columns` and `rows` hold the edges of each cell; `low` and `high` are the ends of the color scale."""

    x: Axis
    y: Axis
    columns: list[tuple[float, float]]
    rows: list[tuple[float, float]]
    low: float
    high: float
    overlay: list[Shape]


def _edges(title: str, places: list[Any], ticks: int) -> tuple[Axis, list[tuple[float, float]]]:
    """An axis and the edges of its cells: half-way between numbers that rise or fall, or around names."""
    rising = len(places) > 1 and all(is_number(place) for place in places)
    steps = [b - a for a, b in pairwise(places)] if rising else []
    if not steps or not (all(step > 0 for step in steps) or all(step < 0 for step in steps)):
        axis = name_axis(title, [number(place) if is_number(place) else one_line(place) for place in places])
        return axis, [(i - 0.5, i + 0.5) for i in range(len(places))]
    inner = [(a + b) / 2 for a, b in pairwise(places)]
    ends = [places[0] - steps[0] / 2, *inner, places[-1] + steps[-1] / 2]
    ends = [float(f"{end:.9g}") for end in ends]
    axis = number_axis(title, [min(ends), max(ends)], count=ticks, whole=_whole(places))
    return axis, list(pairwise(ends))


def heatmap_layout(heatmap: dict[str, Any], *, ticks: int = 5) -> HeatmapLayout:
    """The axes of a heatmap, the edges of its cells, the ends of its color scale, and what lies on top."""
    x, columns = _edges(heatmap["x"], list(heatmap["columns"]), ticks)
    y, rows = _edges(heatmap["y"], list(heatmap["rows"]), ticks)
    values = [value for row in heatmap["values"] for value in row]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if heatmap["scale"] == "diverging":
        high = max(abs(low), abs(high)) or 1.0
        low = -high
    elif low == high:
        low, high = low - 0.5, high + 0.5

    overlay = _shapes(heatmap["overlay"], [list(one["x"]) for one in heatmap["overlay"]])
    return HeatmapLayout(x, y, columns, rows, low, high, overlay)
