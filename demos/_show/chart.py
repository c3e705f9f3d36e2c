"""A chart: lines, steps, areas, points and bars over common axes."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from demos._show.axes import (
    LAYERS,
    Axis,
    Json,
    Shape,
    all_whole,
    axes_in_words,
    is_number,
    name_axis,
    number,
    number_axis,
    one_line,
    series_bounds,
    series_in_words,
    series_problems,
    shapes_of,
    viewed,
)
from demos._show.colors import colors_of
from demos._show.marks import draw_shape, foot_axis, label_points, tips_of
from demos._show.sheet import GRID, MUTED, Sheet, drawn_axis, position, shorten, style_of, text_width, wrap

LINES = "abcdefghijklmnopqrstuvwxyz"  # what stands on lines in a terminal
FILLINGS = "█▒░▓▚▞"  # what bars are made of there


# --- what it must be ----------------------------------------------------------------------------------------


def problems(item: Json) -> Iterator[str]:
    """What is wrong with the series, a sentence each."""
    if not item["series"]:
        yield "it has no series"
    yield from series_problems(item["series"], "the series", item["log_x"], item["log_y"])


def bounds() -> str:
    """How much it may hold, in words."""
    return f"at most {series_bounds()}"


# --- where things are ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChartLayout:
    """The axes of a chart and its series in their coordinates."""

    x: Axis
    y: Axis
    shapes: list[Shape]
    base: float  # where bars and areas stand


def chart_layout(item: Json, *, x_ticks: int = 5, y_ticks: int = 5) -> ChartLayout:
    """The axes of a chart and its series upon them."""
    series = item["series"]
    names, positions = _positions(series)
    log_x, log_y = item["log_x"] and names is None, item["log_y"]
    shapes = shapes_of(series, positions, colors_of(item))
    _stand_bars(shapes, log_x, names is not None)

    marks = {shape.mark for shape in shapes}
    xs = [x for shape in shapes for x in [*shape.x, *shape.left, *shape.right]] + viewed(item, "x", log_x)
    ys = [y for shape in shapes for y in shape.y] + viewed(item, "y", log_y)
    if marks & {"bars", "area"} and not log_y:
        ys.append(0.0)  # what stands must stand on zero, or its height says nothing
    if names is None:
        whole = all_whole(x for shape in shapes for x in shape.x)
        ends = {min(xs), max(xs)} if xs else set()
        pad = 0.03 if any(ends & set(shape.x) for shape in shapes if shape.mark == "points") else 0.0
        x = number_axis(item["x"], xs, count=x_ticks, whole=whole, log=log_x, pad=pad)
    else:
        x = name_axis(item["x"], names)
    title = item["y"] or (shapes[0].name if len(shapes) == 1 else "")
    y = number_axis(title, ys, count=y_ticks, whole=all_whole(ys), log=log_y, nice=True)
    return ChartLayout(x, y, shapes, y.low if log_y else 0.0)


def _positions(series: list[Json]) -> tuple[list[str] | None, list[list[float]]]:
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


def extent(item: Json) -> Json:
    """The ends of its axes, as a view says them; of x nothing where names stand along it."""
    layout = chart_layout(item)
    ends = {} if layout.x.named else {"x": [layout.x.low, layout.x.high]}
    return {**ends, "y": [layout.y.low, layout.y.high]}


# --- as a table and in words --------------------------------------------------------------------------------


def table(item: Json) -> tuple[list[str], list[list[Any]]]:
    """One row per x where all series share theirs, or one per point of each series."""
    series, x, y = item["series"], item["x"] or "x", item["y"] or "y"
    labels = any(one["labels"] for one in series)
    shared = all(one["x"] == series[0]["x"] for one in series) and not labels
    if shared and series:
        names = [one["name"] for one in series] if len(series) > 1 else [item["y"] or series[0]["name"]]
        return [x, *names], [list(row) for row in zip(series[0]["x"], *(one["y"] for one in series), strict=True)]
    rows = []
    for one in series:
        beside = one["labels"] or [""] * len(one["x"])
        for a, b, label in zip(one["x"], one["y"], beside, strict=True):
            rows.append([one["name"], a, b, *([label] if labels else [])])
    return ["series", x, y, *(["label"] if labels else [])], rows


def contents(item: Json) -> str:
    """Its series, and what the axes measure."""
    return "; ".join([", ".join(map(series_in_words, item["series"])), *axes_in_words(item)])


# --- drawn --------------------------------------------------------------------------------------------------


def draw(item: Json, width: int, title: bool, hover: bool) -> Json:
    """Series over axes; bars with long names lie on their side."""
    layout = chart_layout(item)
    shapes = [shape for shape in layout.shapes if shape.x]
    names = layout.x.labels if layout.x.named else []
    bars = sum(shape.mark == "bars" for shape in layout.shapes)
    longest = max(map(text_width, names), default=0.0)
    lying = bars == len(layout.shapes) and longest + 8 > (width - 70) / max(len(names), 1)  # long names ask for it
    side = [shorten(name, width * 0.36) for name in names] if lying else layout.y.labels
    sheet = Sheet(left=max([text_width(label) for label in side] + [24]) + 10, right=16)
    sheet.width = width - sheet.left - sheet.right
    if lying:
        sheet.height = len(names) * max(14, min(30, 700 / len(names)), 11 * bars + 8)
    else:
        sheet.height = 280 if any(any(shape.labels) for shape in shapes) else 220

    zero = {"condition": {"test": "datum.value === 0", "value": MUTED}, "value": GRID}
    values = drawn_axis(layout.y.ticks, layout.y.labels, grid=True, gridColor=zero)
    if lying:
        sheet.bottom = 28
        across, up = position("x", layout.y, values), position("y", layout.x, drawn_axis(layout.x.ticks, side), True)
    else:
        below_zero = bars == len(layout.shapes) and layout.y.low < 0 < layout.y.high
        ruled = {"domain": not below_zero, "grid": all(shape.mark == "points" for shape in layout.shapes)}
        across, up = position("x", layout.x, foot_axis(sheet, layout.x, **ruled)), position("y", layout.y, values)

    for shape in sorted(shapes, key=lambda shape: LAYERS.index(shape.mark)):
        tips = tips_of(layout.x, layout.y, shape, len(shapes) > 1)
        rows: list[Json] = [{"x": x, "y": y} for x, y in zip(shape.x, shape.y, strict=True)]
        if hover:
            said = zip(rows, shape.labels, _names(layout.x, shape.x), strict=True)
            series = one_line(shape.name)
            rows = [{**row, "name": name, "series": series, "label": label} for row, label, name in said]
        if shape.mark == "bars":
            colors = _bar_colors(item, shape) if bars == 1 else [shape.color] * len(rows)
            _draw_bars(sheet, shape, rows, colors, across, up, layout.base, lying, tips if hover else [])
        else:
            draw_shape(sheet, shape, rows, {"x": across, "y": up}, layout.base, tips if hover else None)
    if not shapes:
        sheet.add("point", [], {"x": across, "y": up})  # nothing but the axes
    label_points(sheet, shapes, layout.x, layout.y, lying=lying)

    below, above = (layout.y.title, layout.x.title) if lying else (layout.x.title, layout.y.title)
    sheet.write_below(below)
    sheet.top += 6
    sheet.write_above(wrap(above, width - 8), color=MUTED)
    if len(shapes) > 1:
        sheet.legend(shapes, width - 4)
    return sheet.specification(wrap(item["title"], width - 8, 15, bold=True) if title else [])


def _names(axis: Axis, places: Sequence[float]) -> list[str]:
    """Places along an axis, as the pointer is told."""
    return [axis.labels[int(place)] if axis.named else number(place) for place in places]


def _bar_colors(item: Json, shape: Shape) -> list[str]:
    """The color of each of the only bars of a chart: that of a series with its name, if there is one."""
    colors = colors_of(item)
    (names,) = [one["x"] for one in item["series"] if one["mark"] == "bars"]
    return [colors.get(name, shape.color) if isinstance(name, str) else shape.color for name in names]


def _draw_bars(
    sheet: Sheet,
    shape: Shape,
    rows: list[Json],
    colors: list[str],
    across: Json,
    up: Json,
    base: float,
    lying: bool,
    tips: list[Json],
) -> None:
    """colors: of each bar its own."""
    edges = zip(rows, shape.left, shape.right, strict=True)
    rows = [{**row, "left": left, "right": right, "base": base} for row, left, right in edges]
    place, height = (up, across) if lying else (across, up)
    along, value = ("y", "x") if lying else ("x", "y")
    encoding = {
        along: {**place, "field": "left"},
        f"{along}2": {"field": "right"},
        value: {**height, "field": "y"},
        f"{value}2": {"field": "base"},
        "tooltip": tips,
    }
    for color in dict.fromkeys(colors):
        same = [row for row, own in zip(rows, colors, strict=True) if own == color]
        sheet.add("rect", same, encoding, **style_of(replace(shape, color=color)))


# --- in a terminal ------------------------------------------------------------------------------------------


def lines(item: Json, width: int) -> list[str]:
    """A plot of 14 lines with letters on its curves, or bars that lie one below the other."""
    from demos._show.columns import MOST_ROWS, POINTS, Canvas, clip, columns, flow, with_axes

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
            for left, right, (_, y) in zip(shape.left, shape.right, spots, strict=True):
                canvas.fill(layout.x.at(left), layout.x.at(right), layout.y.at(layout.base), y, sign)
        elif shape.mark == "points":
            sign = POINTS[shape.turn % len(POINTS)]
            canvas.put_points(spots, sign, shape.labels)
        else:
            sign = LINES[shape.turn % len(LINES)] if len(lines) > 1 else "─"
            canvas.draw_path(spots, shape.mark == "step")
            if len(lines) > 1:
                canvas.put_along(spots, sign, shape.turn, len(lines))
        keys.append((shape.index, f"{sign} {one_line(shape.name)}"))
    legend = flow([*dict.fromkeys(key for _, key in sorted(keys))], width) if len(keys) > 1 else []
    title = [clip(one_line(layout.y.title), width)] if layout.y.title else []
    return [*legend, *title, *with_axes(canvas.lines(), layout.x, layout.y, side, width)]


def _bars(x: Axis, y: Axis, shapes: Sequence[Shape], width: int) -> list[str]:
    """Lying bars, one below the other, those of one place together."""
    from demos._show.columns import clip, columns, flow, pad

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
