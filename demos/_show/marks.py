"""What charts and heatmaps draw alike on a sheet: the axis below, lines and points, labels beside them, tips.

A live page draws them again after every move of a slider, so this file needs nothing but the standard library.
"""

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from demos._show.axes import Axis, Json, Shape, one_line
from demos._show.sheet import Sheet, drawn_axis, shorten, strokes, style_of, text_width

SIX_DIGITS = ",.6~r"  # the format of a value under the pointer: six significant digits, written out


def foot_axis(sheet: Sheet, axis: Axis, **changes: Any) -> Json:
    """The axis below a plot. Words that do not fit side by side are slanted; what still does not fit is left out."""
    ticks, labels = axis.ticks, axis.labels
    spacing = sheet.width / (axis.high - axis.low if axis.named else max(len(ticks), 1))
    need = max(map(text_width, labels), default=0) + (5 if axis.named else 8)
    sheet.bottom = 28
    if axis.named and need > spacing and not all(label.isdecimal() for label in labels):
        ticks, labels = thin(ticks, [shorten(label, 110) for label in labels], spacing, 17)
        sheet.bottom = 14 + 0.65 * max(map(text_width, labels))
        changes = {**changes, "labelAngle": -40, "labelAlign": "right", "labelBaseline": "middle"}
    else:
        ticks, labels = thin(ticks, labels, spacing, need)
    return drawn_axis(ticks, labels, **changes)


def thin(ticks: list[float], labels: list[str], spacing: float, need: float) -> tuple[list[float], list[str]]:
    """Every label, or every second, third … where one takes more pixels than lie between two ticks."""
    every = max(1, math.ceil(need / spacing))
    return ticks[::every], labels[::every]


def tips_of(x: Axis, y: Axis, shape: Shape, several: bool) -> list[Json]:
    """What the pointer is told: the series, the label, x and y."""
    fields = ["series"] * several + ["label"] * any(shape.labels)
    across, up = one_line(x.title) or ("name" if x.named else "x"), one_line(y.title) or "y"
    return [
        *({"field": field, "title": field} for field in fields),
        {"field": "name", "title": across},
        {"field": "y", "title": up if up != across else "value", "format": SIX_DIGITS},
    ]


def draw_shape(
    sheet: Sheet,
    shape: Shape,
    rows: list[Json],
    at: Json,
    base: float,
    tips: list[Json] | None,
    *,
    over_ramp: bool = False,
) -> None:
    """A line, steps, an area or points, in a chart or over a heatmap."""
    look = style_of(shape, over_ramp)
    if shape.mark == "points":
        sheet.add("point", rows, {**at, "tooltip": tips} if tips else at, **look)
        return
    rows = [{**row, "order": order} for order, row in enumerate(rows)]
    if shape.mark == "area":
        at = {**at, "y2": {"datum": base}}
        sheet.add("area", rows, at, line=False, orient="vertical", **look)
    else:
        at = {**at, "order": {"field": "order", "type": "quantitative"}}  # a path may turn back; x gives no order
        bend = {"interpolate": "step-after"} if shape.mark == "step" else {}
        for line in strokes(look, over_ramp):
            sheet.add("line", rows, at, clip=over_ramp, strokeJoin="round", **bend, **line)
    if tips:
        at = {channel: at[channel] for channel in ("x", "y")}
        sheet.add("point", rows, {**at, "tooltip": tips}, size=120, opacity=0, filled=True)


def label_points(
    sheet: Sheet, shapes: Sequence[Shape], x: Axis, y: Axis, *, lying: bool = False, over_ramp: bool = False
) -> None:
    """Words beside points, each on the side where it covers the least of the others."""
    spots = []
    for shape in shapes:
        for index, label in enumerate(shape.labels):
            along = (shape.left[index] + shape.right[index]) / 2 if shape.mark == "bars" else shape.x[index]
            if lying:
                place = (y.at(shape.y[index]) * sheet.width, x.at(along) * sheet.height)
            else:
                up = y.at(shape.y[index])
                place = (x.at(along) * sheet.width, (up if y.named else 1 - up) * sheet.height)
            sides = ["right", "left"] if lying else ["above", "below"] if shape.mark == "bars" else list(SIDES)
            spots.append((place, label, sides if shape.y[index] >= 0 or shape.mark != "bars" else sides[::-1]))
    taken = [(px - 5, py - 5, px + 5, py + 5) for (px, py), _, _ in spots]
    if not lying and any(label for _, label, _ in spots):
        taken += _level_lines(sheet, shapes, x, y)
    edge = sheet.width + (0 if over_ramp else sheet.right)
    rows = []
    for (px, py), label, sides in spots:
        if not label:
            continue
        best: tuple[float, Json, tuple[float, float, float, float]] | None = None
        for rank, side in enumerate(sides):
            dx, dy, align = SIDES[side]
            wide = text_width(label, 12)
            left = px + dx - {"left": 0.0, "center": wide / 2, "right": wide}[align]
            box = (left, py + dy - 10, left + wide, py + dy + 3)
            cost = rank + math.fsum(_overlap(box, other) for other in taken) + 25 * _outside(box, edge, sheet.height)
            if best is None or cost < best[0]:
                best = (cost, {"x": px + dx, "y": py + dy, "align": align, "text": label}, box)
        assert best is not None
        rows.append(best[1])
        taken.append(best[2])
    sheet.write_with_halo(rows, 12, "datum.align", *(("#ffffff", "#101216") if over_ramp else ()))


def _level_lines(sheet: Sheet, shapes: Sequence[Shape], x: Axis, y: Axis) -> list[tuple[float, float, float, float]]:
    """Boxes (left, top, right, bottom) of lines that run level, as intervals do: they would strike words through."""
    boxes = []
    for shape in shapes:
        ends = zip(shape.x, shape.y, strict=True) if shape.mark == "line" else ()
        for value, run in groupby(ends, key=lambda end: end[1]):
            along = [x.at(place) * sheet.width for place, _ in run]
            if len(along) > 1:
                up = (y.at(value) if y.named else 1 - y.at(value)) * sheet.height
                boxes.append((min(along), up - 2, max(along), up + 2))
    return boxes


SIDES = {  # dx, dy, align
    "right": (8, 4, "left"),
    "left": (-8, 4, "right"),
    "above": (0, -9, "center"),
    "below": (0, 18, "center"),
    "above right": (6, -9, "left"),
    "below right": (6, 17, "left"),
    "above left": (-6, -9, "right"),
    "below left": (-6, 17, "right"),
}


def _overlap(a: Sequence[float], b: Sequence[float]) -> float:
    """The common area of two boxes: left, top, right, bottom."""
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def _outside(box: Sequence[float], width: float, height: float) -> float:
    """By how many pixels a box sticks out of the picture."""
    return math.fsum(max(0.0, beyond) for beyond in (-box[0], box[2] - width, -box[1], box[3] - height))
