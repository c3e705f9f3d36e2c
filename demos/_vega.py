"""A chart, a heatmap or a graph as a Vega-Lite specification with its data inside.

The build draws it as SVG, and the live page draws it again after every move of a slider, so this file needs the standard
library only.
"""

import math
from collections.abc import Sequence
from typing import Any

from demos._axes import LAYERS, Axis, HeatmapLayout, Shape, chart_layout, heatmap_layout, number, one_line
from demos._graph import Point, graph_layout
from demos._sheet import (
    GRID,
    INK,
    MUTED,
    RAMPS,
    SURFACE,
    WIDTH,
    Sheet,
    color_at,
    drawn_axis,
    position,
    readable_on,
    shorten,
    strokes,
    style_of,
    text_width,
    wrap,
)

Json = dict[str, Any]


def vega_lite(item: Json, width: int = WIDTH, *, title: bool = False, hover: bool = True) -> Json | None:
    """The specification of a picture, or None for a kind that is text (table, tokens, trace).

    width: of the whole drawing, in pixels; a graph that needs more room takes it.  title: written into the drawing,
    for where no caption says it.  hover: with spots along the lines, unseen, that say their values under the pointer.
    """
    draw = {"chart": _chart, "heatmap": _heatmap, "graph": _graph}.get(item["type"])
    return draw(item, width, title, hover) if draw else None


# --- charts -----------------------------------------------------------------------------------------------


def _chart(item: Json, width: int, title: bool, hover: bool) -> Json:
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
        across, up = position("x", layout.x, _foot_axis(sheet, layout.x, **ruled)), position("y", layout.y, values)

    for shape in sorted(shapes, key=lambda shape: LAYERS.index(shape.mark)):
        tips = _tips(item, shape, len(layout.shapes) > 1)
        rows = [
            {"x": x, "y": y, "name": name, "series": one_line(shape.name), "label": label}
            for x, y, label, name in zip(shape.x, shape.y, shape.labels, _names(layout.x, shape.x), strict=True)
        ]
        if shape.mark == "bars":
            _draw_bars(sheet, shape, rows, across, up, layout.base, lying, tips)
        else:
            _draw_shape(sheet, shape, rows, {"x": across, "y": up}, layout.base, tips if hover else None)
    if not shapes:
        sheet.add("point", [], {"x": across, "y": up})  # nothing but the axes
    _label_points(sheet, shapes, layout.x, layout.y, lying)

    below, above = (layout.y.title, layout.x.title) if lying else (layout.x.title, layout.y.title)
    sheet.write_below(below)
    sheet.top += 6
    sheet.write_above(wrap(above, width - 8), color=MUTED)
    if len(shapes) > 1:
        sheet.legend(shapes, width - 4)
    return sheet.specification(wrap(item["title"], width - 8, 15, bold=True) if title else [])


def _foot_axis(sheet: Sheet, axis: Axis, **changes: Any) -> Json:
    """The axis below a plot. Names that do not fit side by side are slanted; what still does not fit is left out."""
    ticks, labels = axis.ticks, axis.labels
    spacing = sheet.width / (axis.high - axis.low if axis.named else max(len(ticks), 1))
    need = max(map(text_width, labels), default=0) + 8
    sheet.bottom = 28
    if axis.named and need > spacing:
        ticks, labels = _thin(ticks, [shorten(label, 110) for label in labels], spacing, 17)
        sheet.bottom = 14 + 0.65 * max(map(text_width, labels))
        changes = {**changes, "labelAngle": -40, "labelAlign": "right", "labelBaseline": "middle"}
    else:
        ticks, labels = _thin(ticks, labels, spacing, need)
    return drawn_axis(ticks, labels, **changes)


def _thin(ticks: list[float], labels: list[str], spacing: float, need: float) -> tuple[list[float], list[str]]:
    """Every label, or every second, third … where one takes more pixels than lie between two ticks."""
    every = max(1, math.ceil(need / spacing))
    return ticks[::every], labels[::every]


def _names(axis: Axis, places: Sequence[float]) -> list[str]:
    return [axis.labels[int(place)] if axis.named else number(place) for place in places]


def _tips(item: Json, shape: Shape, several: bool) -> list[Json]:
    """What the pointer is told: the series, the label, x and y."""
    tips = [{"field": "series", "title": "series"}] if several else []
    tips += [{"field": "label", "title": "label"}] if any(shape.labels) else []
    x, y = one_line(item["x"]) or "x", one_line(item["y"]) or "y"
    return [*tips, {"field": "name", "title": x}, {"field": "y", "title": y if y != x else "value", "format": ".4~g"}]


def _draw_bars(
    sheet: Sheet, shape: Shape, rows: list[Json], across: Json, up: Json, base: float, lying: bool, tips: list[Json]
) -> None:
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
    sheet.add("rect", rows, encoding, **style_of(shape))


def _draw_shape(
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
        sheet.add("point", rows, {**at, **({"tooltip": tips} if tips else {})}, **look)
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


def _label_points(
    sheet: Sheet, shapes: Sequence[Shape], x: Axis, y: Axis, lying: bool, over_ramp: bool = False
) -> None:
    """Words beside points, each on the side where it covers the least of the others."""
    spots = []
    for shape in shapes:
        for index, label in enumerate(shape.labels):
            along = (shape.left[index] + shape.right[index]) / 2 if shape.mark == "bars" else shape.x[index]
            if lying:
                place = (y.at(shape.y[index]) * sheet.width, x.at(along) * sheet.height)
            else:
                place = (x.at(along) * sheet.width, (1 - y.at(shape.y[index])) * sheet.height)
            sides = ["right", "left"] if lying else ["above", "below"] if shape.mark == "bars" else list(SIDES)
            spots.append((place, label, sides if shape.y[index] >= 0 or shape.mark != "bars" else sides[::-1]))
    taken = [(px - 5, py - 5, px + 5, py + 5) for (px, py), _, _ in spots]
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
            cost = rank + sum(_overlap(box, other) for other in taken) + 4 * _outside(box, edge, sheet.height)
            if best is None or cost < best[0]:
                best = (cost, {"x": px + dx, "y": py + dy, "align": align, "text": label}, box)
        assert best is not None
        rows.append(best[1])
        taken.append(best[2])
    sheet.write_with_halo(rows, 12, "datum.align", *(("#ffffff", "#101216") if over_ramp else ()))


SIDES = {  # dx, dy, align
    "right": (8, 4, "left"),
    "left": (-8, 4, "right"),
    "above": (0, -9, "center"),
    "below": (0, 18, "center"),
    "above right": (6, -6, "left"),
    "below right": (6, 14, "left"),
    "above left": (-6, -6, "right"),
    "below left": (-6, 14, "right"),
}


def _overlap(a: Sequence[float], b: Sequence[float]) -> float:
    """The common area of two boxes: left, top, right, bottom."""
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def _outside(box: Sequence[float], width: float, height: float) -> float:
    """By how many pixels a box sticks out of the picture."""
    return sum(max(0.0, beyond) for beyond in (-box[0], box[2] - width, -box[1], box[3] - height))


# --- heatmaps ---------------------------------------------------------------------------------------------


def _heatmap(item: Json, width: int, title: bool, hover: bool) -> Json:
    layout = heatmap_layout(item)
    rows, columns = len(layout.rows), len(layout.columns)
    side = [shorten(label, width * 0.3) for label in layout.y.labels]
    sheet = Sheet(left=max([text_width(label) for label in side] + [24]) + 10, right=16)
    scale_labels = [number(end, 2).replace("-", "−") for end in (layout.low, layout.high)]
    if not item["annotate"]:
        sheet.right = 30 + max([text_width(label) for label in scale_labels] + [20])
    room = width - sheet.left - sheet.right
    sheet.width, sheet.height = _plot_size(layout, room, item["annotate"])
    cell_width, cell_height = sheet.width / columns, sheet.height / rows

    across = position("x", layout.x, _foot_axis(sheet, layout.x))
    ticks, labels = _thin(layout.y.ticks, side, sheet.height / max(len(side), 1), 16)
    up = position("y", layout.y, drawn_axis(ticks, labels), reverse=layout.y.named)

    # Large cells stand apart; small ones and those of a plane run into each other, or hairlines show between them.
    apart = 0.8 if layout.x.named and layout.y.named and min(cell_width, cell_height) >= 14 else -0.3
    down = 1 if layout.y.named else -1
    gaps = {"xOffset": apart, "x2Offset": -apart, "yOffset": apart * down, "y2Offset": -apart * down}
    names = [layout.x.labels if layout.x.named else [number(place) for place in item["columns"]],
             layout.y.labels if layout.y.named else [number(place) for place in item["rows"]]]  # fmt: skip
    cells = [
        {"x": x, "x2": x2, "y": y, "y2": y2, "value": float(f"{value:.6g}"), "column": column, "row": row}
        for (y, y2), row, line in zip(layout.rows, names[1], item["values"], strict=True)
        for (x, x2), column, value in zip(layout.columns, names[0], line, strict=True)
    ]
    ramp = RAMPS[item["scale"]]
    stops = [layout.low + (layout.high - layout.low) * i / (len(ramp) - 1) for i in range(len(ramp))]
    color = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": stops, "range": list(ramp), "interpolate": "rgb"},
        "legend": None,
    }
    tips = [
        {"field": "column", "title": one_line(item["x"]) or "column"},
        {"field": "row", "title": one_line(item["y"]) or "row"},
        {"field": "value", "title": "value", "format": ".4~g"},
    ]
    at = {"x": across, "x2": {"field": "x2"}, "y": up, "y2": {"field": "y2"}}
    round_off = {"cornerRadius": 2} if apart > 0 else {}
    sheet.add("rect", cells, {**at, "color": color, "tooltip": tips}, **gaps, **round_off)
    if item["annotate"]:
        _annotate(sheet, layout, item["values"], ramp)
    else:
        _color_scale(sheet, ramp, scale_labels)

    for shape in sorted(layout.overlay, key=lambda shape: shape.mark == "points"):
        spots = zip(shape.x, shape.y, shape.labels, strict=True)
        inside = [
            {"x": x, "y": y, "name": number(x), "series": one_line(shape.name), "label": label}
            for x, y, label in spots
            if shape.mark != "points" or (0 <= layout.x.at(x) <= 1 and 0 <= layout.y.at(y) <= 1)
        ]
        tips = _tips(item, shape, True)
        _draw_shape(sheet, shape, inside, {"x": across, "y": up}, layout.y.low, tips if hover else None, over_ramp=True)
    _label_points(sheet, layout.overlay, layout.x, layout.y, False, over_ramp=True)

    sheet.write_below(layout.x.title)
    sheet.top += 4
    sheet.write_above(wrap(layout.y.title, width - 8), color=MUTED)
    sheet.legend([shape for shape in layout.overlay if shape.x], width - 4, over_ramp=True)
    return sheet.specification(wrap(item["title"], width - 8, 15, bold=True) if title else [])


def _plot_size(layout: HeatmapLayout, room: float, annotate: bool) -> tuple[float, float]:
    """Width and height of the plot: named cells near squares, a plane in the shape of its ranges."""
    if layout.x.named:
        cell = min(room / len(layout.columns), 64)
        width = cell * len(layout.columns)
    else:
        cell, width = room / len(layout.columns), room
    if layout.y.named:
        tallest = max(6.0, 420 / len(layout.rows))
        least = 24 if annotate or not layout.x.named else 0
        return width, len(layout.rows) * max(min(cell, tallest, 44), min(least, tallest))
    if layout.x.named:
        return width, 260
    shape = (layout.y.high - layout.y.low) / (layout.x.high - layout.x.low)
    return width, width * (shape if 0.5 <= shape <= 1.1 else 0.7)


def _color_scale(sheet: Sheet, ramp: Sequence[str], labels: Sequence[str]) -> None:
    """The colors from low to high, right of the plot."""
    left, height = sheet.width + 12, min(sheet.height, 180)
    stops = [{"offset": i / (len(ramp) - 1), "color": color} for i, color in enumerate(ramp)]
    fill = {"gradient": "linear", "x1": 0, "x2": 0, "y1": 1, "y2": 0, "stops": stops}
    sheet.add("rect", [{}], x=left, x2=left + 10, y=0, y2=height, fill=fill, cornerRadius=2)
    sheet.write(left + 15, height, labels[0], color=MUTED)
    sheet.write(left + 15, 9, labels[1], color=MUTED)


def _annotate(sheet: Sheet, layout: HeatmapLayout, values: Sequence[Sequence[float]], ramp: Sequence[str]) -> None:
    """The value in each cell, black or white, whichever reads better on its color."""
    whole = all(value == int(value) for row in values for value in row)
    rows = []
    for (y, y2), line in zip(layout.rows, values, strict=True):
        for (x, x2), value in zip(layout.columns, line, strict=True):
            up = layout.y.at((y + y2) / 2)
            share = (value - layout.low) / (layout.high - layout.low)
            rows.append(
                {
                    "x": layout.x.at((x + x2) / 2) * sheet.width,
                    "y": (up if layout.y.named else 1 - up) * sheet.height,
                    "text": number(value) if whole or abs(value) >= 100 else f"{value:.2f}".replace("-", "−"),
                    "color": readable_on(color_at(ramp, share)),
                }
            )
    widest = max(text_width(row["text"], 1) for row in rows)
    size = min(13, (sheet.width / len(layout.columns) - 4) / widest, sheet.height / len(layout.rows) - 4)
    place = {"x": "datum.x", "y": "datum.y", "baseline": "middle", "align": "center"}
    sheet.add("text", rows, {"text": {"field": "text"}}, **place, fill="datum.color", fontSize=max(7, size))


# --- graphs -----------------------------------------------------------------------------------------------


def _graph(item: Json, width: int, title: bool, hover: bool) -> Json:
    layout = graph_layout(item, width, text_width)
    sheet = Sheet(left=0, right=0)
    sheet.width, sheet.height, sheet.top, sheet.bottom = layout.width, layout.height, 8 if title else 0, 0
    most = max((abs(arrow.weight) for arrow in layout.arrows), default=0) or 1
    weighted = any(arrow.weight != 1 for arrow in layout.arrows)
    shown = {box.name: " ".join(box.lines) for box in layout.boxes}
    for negative in (False, True):
        line = Shape("negative weight" if negative else "positive weight", "line", int(negative), int(negative))
        look = {**style_of(line), **({} if weighted else {"stroke": MUTED})}
        ways, heads = [], []
        for index, arrow in enumerate(layout.arrows):
            if (arrow.weight < 0) is not negative:
                continue
            thick = 0.8 + 4 * abs(arrow.weight) / most if weighted else 1.6
            row = {"arrow": index, "thick": thick, "from": shown[arrow.source], "to": shown[arrow.target],
                   "label": arrow.label, "weight": arrow.weight}  # fmt: skip
            path, head = _arrow_head(arrow.path, 6 + 1.6 * thick)
            ways += [{**row, "x": x, "y": y, "order": order} for order, (x, y) in enumerate(path)]
            heads.append({**row, **head})
        if not ways:
            continue
        tips = [{"field": name, "title": name} for name in ("from", "to", "label", "weight")]
        encoding = {"detail": {"field": "arrow"}, "order": {"field": "order", "type": "quantitative"}, "tooltip": tips}
        sheet.add("line", ways, encoding, x="datum.x", y="datum.y", **{**look, "strokeWidth": "datum.thick"})
        head_look = {"shape": "M0,0L-2,0.9L-2,-0.9Z", "size": "datum.size", "angle": "datum.angle", "filled": True}
        sheet.add("point", heads, x="datum.x", y="datum.y", fill=look["stroke"], strokeWidth=0, opacity=1, **head_look)

    boxes = [
        {"x": b.x - b.width / 2, "x2": b.x + b.width / 2, "y": b.y - b.height / 2, "y2": b.y + b.height / 2}
        for b in layout.boxes
    ]
    corners = {corner: f"datum.{corner}" for corner in ("x", "x2", "y", "y2")}
    sheet.add("rect", boxes, **corners, cornerRadius=5, fill=SURFACE, stroke=MUTED, strokeWidth=1.3)
    middle = {"align": "center", "size": layout.size}
    for box in layout.boxes:
        for index, line in enumerate(box.lines):
            y = box.y + (index - (len(box.lines) - 1) / 2) * layout.size * 1.3 + layout.size * 0.35
            bold = {"weight": 600} if index == 0 and len(box.lines) > 1 else {}
            sheet.write(box.x, y, line, **middle, **bold, color=MUTED if index else INK)
    labels = [
        {"x": arrow.label_at[0], "y": arrow.label_at[1] + layout.size * 0.35, "text": arrow.label}
        for arrow in layout.arrows
        if arrow.label
    ]
    sheet.write_with_halo(labels, layout.size, "center")
    if any(arrow.weight < 0 for arrow in layout.arrows):
        signs = [Shape("positive weight", "line", 0, 0), Shape("negative weight", "line", 1, 1)]
        sheet.top += 8
        sheet.legend(signs, layout.width - 4)
    return sheet.specification(wrap(item["title"], layout.width - 8, 15, bold=True) if title else [])


def _arrow_head(path: Sequence[Point], length: float) -> tuple[list[Point], Json]:
    """The path up to its head, so that a thick line does not stick out beyond the tip, and the head."""
    tip = path[-1]
    body = [point for point in path[:-1] if math.dist(point, tip) > length]
    before = body[-1] if body else path[0]
    far = math.dist(before, tip) or 1
    end = tuple(t + (b - t) * min(1, 0.8 * length / far) for t, b in zip(tip, before, strict=True))
    angle = math.degrees(math.atan2(tip[1] - before[1], tip[0] - before[0]))
    return [*(body or [path[0]]), end], {"x": tip[0], "y": tip[1], "angle": angle, "size": length**2}
