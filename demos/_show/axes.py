"""Numbers and axes: what a drawing, a table and a terminal agree on when they show the same picture.

Everything here is in the units of the data; pixels are the business of marks.py, characters that of columns.py.
Pictures and their series come as plain data, the dictionaries that demos/_run/result.py makes and has checked.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args, get_type_hints

import demos
from demos._show.counted import counted

Json = dict[str, Any]

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
            return decades(self.low, value) / decades(self.low, self.high)
        return (value - self.low) / (self.high - self.low)


def decades(low: float, high: float) -> float:
    """How many powers of ten lie between two positive numbers. Their quotient may be beyond all floats."""
    quotient = high / low
    return math.log10(quotient) if 0 < quotient < math.inf else math.log10(high) - math.log10(low)


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
    if decades(low, high) > 2:
        every = math.ceil(decades(low, high) / (count + 1))
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


def viewed(item: Json, along: str, log: bool = False) -> list[float]:
    """The two values that the view of a picture wants an axis to hold beside the data; none where it wants nothing.

    along: "x", "y", or "z" for the scale of colors;  log: a logarithmic axis holds nothing that is not positive.
    """
    ends: list[float] = item.get("view", {}).get(along, [])
    return [end for end in ends if not log or end > 0]


def name_axis(title: str, names: list[str]) -> Axis:
    """Names at 0, 1, 2 … Positions are numbers, so that the same name may occur twice."""
    count = max(len(names), 1)
    return Axis(title, -0.5, count - 0.5, [float(i) for i in range(len(names))], names, named=True)


# --- series -----------------------------------------------------------------------------------------------

LAYERS = ["bars", "area", "step", "line", "points"]  # from the bottom to the top of a chart
MARKS = get_args(get_type_hints(demos.Series)["mark"])
MOST_SERIES, MOST_VALUES = 100, 50_000  # nobody can tell more apart; drawing them takes seconds
MOST_NAMED, MOST_LABELS = 1_000, 200  # bars, and words beside points, each of which looks for a place among the others


def series_bounds() -> str:
    """How much the series of one picture may hold, in words."""
    return (
        f"{MOST_SERIES} series, and in all of them together {MOST_VALUES:,} values, {MOST_NAMED:,} named bars and"
        f" {MOST_LABELS} labels"
    )


def series_problems(all_series: list[Json], field: str, log_x: bool = False, log_y: bool = False) -> Iterator[str]:
    """What is wrong with series, a sentence each. field: what they are called there, such as "the overlay"."""
    for count, called, most in (
        (len(all_series), "series", MOST_SERIES),
        (sum(len(series["y"]) for series in all_series if isinstance(series["y"], list)), "values", MOST_VALUES),
        (sum(1 for series in all_series for x in series["x"] if isinstance(x, str)), "named bars", MOST_NAMED),
        (sum(len(series["labels"]) for series in all_series), "labels", MOST_LABELS),
    ):
        if count > most:
            yield f"it has {count:,} {called}, and a picture shows at most {most:,}"
            return
    for series in all_series:
        called = f"{field} '{series['name']}'"
        x, y, labels = series["x"], series["y"], series["labels"]
        if len(x) != len(y):
            yield f"{called} has {counted(len(x), 'value')} of x and {len(y)} of y"
        if labels and len(labels) != len(y):
            yield f"{called} has {counted(len(labels), 'label')} for {counted(len(y), 'value')}"
        if series["mark"] not in MARKS:
            yield f"{called} has the mark '{series['mark']}', which is not one of {', '.join(MARKS)}"
        if not all_numbers(y):
            yield f"{called} has a y that is not a number"
        if not all_numbers(x) and not (series["mark"] == "bars" and all(isinstance(item, str) for item in x)):
            yield f"{called} has an x that is not a number, and only bars may have names there"
        for axis, values, log in (("x", x, log_x), ("y", y, log_y)):
            if log and all_numbers(values) and any(value <= 0 for value in values):
                yield f"{called} has {axis} = {min(values):g}, which a logarithmic axis cannot show"


def all_numbers(values: list[Any]) -> bool:
    return all(isinstance(value, int | float) for value in values)


def all_whole(values: Iterable[float]) -> bool:
    return all(value == int(value) for value in values)


def series_in_words(series: Json) -> str:
    return f"{one_line(series['name'])} ({series['mark']}, {counted(len(series['x']), 'value')})"


def axes_in_words(item: Json) -> list[str]:
    """What the axes of a chart or a heatmap measure, where it is said."""
    return [f"{way}: {one_line(item[axis])}" for way, axis in (("across", "x"), ("up", "y")) if item[axis]]


@dataclass
class Shape:
    """A series in the coordinates of its axes. Bars reach from `left` to `right` and from `base` to y."""

    name: str
    mark: str
    index: int  # among all series
    turn: int  # among those drawn like it: its dash, sign or fill
    color: str = ""  # in CSS; a terminal has none
    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    left: list[float] = field(default_factory=list)
    right: list[float] = field(default_factory=list)


def shapes_of(series: list[Json], positions: list[list[float]], colors: Mapping[str, str]) -> list[Shape]:
    """The series as shapes. positions: the x of each, in the coordinates of the axis; colors: by their names."""
    turns: dict[tuple[str, str], int] = {}  # by mark and name
    shapes = []
    for index, (one, place) in enumerate(zip(series, positions, strict=True)):
        drawn = "line" if one["mark"] == "step" else one["mark"]
        labels = [one_line(label) for label in one["labels"]] or [""] * len(place)
        color = colors[one["name"]]
        turn = turns.setdefault((drawn, one["name"]), sum(mark == drawn for mark, _ in turns))
        shapes.append(Shape(one["name"], one["mark"], index, turn, color, place, list(one["y"]), labels))
    return shapes
