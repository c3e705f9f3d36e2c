"""A chart, a heatmap or a graph as a Vega-Lite specification with its data inside.

The build draws it as SVG, and the live page draws it again after every move of a slider, so this file needs nothing but
the standard library.
"""

import math
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from demos._axes import LAYERS, Axis, HeatmapLayout, Shape, chart_layout, heatmap_layout, number, one_line
from demos._graph import Arrow, GraphLayout, Point, graph_layout
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
    png,
    position,
    readable_on,
    shorten,
    strokes,
    style_of,
    text_width,
    wrap,
)

Json = dict[str, Any]

FIGURES = ",.6~r"  # under the pointer: six significant digits, written out


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
        tips = _tips(layout.x, layout.y, shape, len(shapes) > 1)
        rows: list[Json] = [{"x": x, "y": y} for x, y in zip(shape.x, shape.y, strict=True)]
        if hover:
            said = zip(rows, shape.labels, _names(layout.x, shape.x), strict=True)
            series = one_line(shape.name)
            rows = [{**row, "name": name, "series": series, "label": label} for row, label, name in said]
        if shape.mark == "bars":
            _draw_bars(sheet, shape, rows, across, up, layout.base, lying, tips if hover else [])
        else:
            _draw_shape(sheet, shape, rows, {"x": across, "y": up}, layout.base, tips if hover else None)
    if not shapes:
        sheet.add("point", [], {"x": across, "y": up})  # nothing but the axes
    _label_points(sheet, shapes, layout.x, layout.y, lying=lying)

    below, above = (layout.y.title, layout.x.title) if lying else (layout.x.title, layout.y.title)
    sheet.write_below(below)
    sheet.top += 6
    sheet.write_above(wrap(above, width - 8), color=MUTED)
    if len(shapes) > 1:
        sheet.legend(shapes, width - 4)
    return sheet.specification(wrap(item["title"], width - 8, 15, bold=True) if title else [])


def _foot_axis(sheet: Sheet, axis: Axis, **changes: Any) -> Json:
    """The axis below a plot. Words that do not fit side by side are slanted; what still does not fit is left out."""
    ticks, labels = axis.ticks, axis.labels
    spacing = sheet.width / (axis.high - axis.low if axis.named else max(len(ticks), 1))
    need = max(map(text_width, labels), default=0) + (5 if axis.named else 8)
    sheet.bottom = 28
    if axis.named and need > spacing and not all(label.isdecimal() for label in labels):
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


def _tips(x: Axis, y: Axis, shape: Shape, several: bool) -> list[Json]:
    """What the pointer is told: the series, the label, x and y."""
    fields = ["series"] * several + ["label"] * any(shape.labels)
    across, up = one_line(x.title) or ("name" if x.named else "x"), one_line(y.title) or "y"
    return [
        *({"field": field, "title": field} for field in fields),
        {"field": "name", "title": across},
        {"field": "y", "title": up if up != across else "value", "format": FIGURES},
    ]


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


def _label_points(
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
            cost = rank + sum(_overlap(box, other) for other in taken) + 25 * _outside(box, edge, sheet.height)
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
    return sum(max(0.0, beyond) for beyond in (-box[0], box[2] - width, -box[1], box[3] - height))


# --- heatmaps ---------------------------------------------------------------------------------------------


def _heatmap(item: Json, width: int, title: bool, hover: bool) -> Json:
    layout, ramp = heatmap_layout(item), RAMPS[item["scale"]]
    side = [shorten(label, width * 0.3) for label in layout.y.labels]
    sheet = Sheet(left=max([text_width(label) for label in side] + [24]) + 10, right=16)
    ends = [number(end, 2).replace("-", "−") for end in (layout.low, layout.high)]
    if not item["annotate"]:
        sheet.right = 34 + max([text_width(end) for end in ends] + [20])
    sheet.width, sheet.height = _plot_size(layout, width - sheet.left - sheet.right, item["annotate"])
    sheet.right = width - sheet.left - sheet.width  # a small one is not blown up to the width of its place
    across = position("x", layout.x, _foot_axis(sheet, layout.x))
    ticks, labels = _thin(layout.y.ticks, side, sheet.height / max(len(side), 1), 16)
    up = position("y", layout.y, drawn_axis(ticks, labels), reverse=layout.y.named)

    (_draw_image if _is_fine(layout, sheet) else _draw_cells)(sheet, item, layout, across, up)
    if item["annotate"]:
        _annotate(sheet, item, layout)
    else:
        _color_scale(sheet, ramp, ends)
    overlay = [_within(shape, layout) for shape in sorted(layout.overlay, key=lambda shape: LAYERS.index(shape.mark))]
    for shape in overlay:
        rows = [
            {"x": x, "y": y, "name": number(x), "series": one_line(shape.name), "label": label}
            for x, y, label in zip(shape.x, shape.y, shape.labels, strict=True)
        ]
        tips = _tips(layout.x, layout.y, shape, True) if hover else None
        _draw_shape(sheet, shape, rows, {"x": across, "y": up}, layout.y.low, tips, over_ramp=True)
    _label_points(sheet, overlay, layout.x, layout.y, over_ramp=True)

    sheet.write_below(layout.x.title)
    sheet.top += 4
    sheet.write_above(wrap(layout.y.title, width - 8), color=MUTED)
    sheet.legend([shape for shape in layout.overlay if shape.x], width - 4, over_ramp=True)
    return sheet.specification(wrap(item["title"], width - 8, 15, bold=True) if title else [])


def _is_fine(layout: HeatmapLayout, sheet: Sheet) -> bool:
    """Whether the cells are many, small and all of one size, so that one image says the same as a thousand boxes."""
    if len(layout.columns) * len(layout.rows) < 400:
        return False
    for edges, axis in ((layout.columns, layout.x), (layout.rows, layout.y)):
        usual = (axis.high - axis.low) / len(edges)
        if any(abs(abs(high - low) - usual) > 1e-6 * usual for low, high in edges):
            return False
    return min(sheet.width / len(layout.columns), sheet.height / len(layout.rows)) < 14


def _draw_image(sheet: Sheet, item: Json, layout: HeatmapLayout, across: Json, up: Json) -> None:
    """The cells as an image of one pixel each, and an empty layer that carries the axes."""
    span = layout.high - layout.low
    lines = [bytes(round(255 * (value - layout.low) / span) for value in line) for line in item["values"]]
    upside_down = not layout.y.named and layout.rows[0] < layout.rows[-1]
    colors = [bytes(map(round, color_at(RAMPS[item["scale"]], level / 255))) for level in range(256)]
    picture = "data:image/png;base64," + b64encode(png(lines[::-1] if upside_down else lines, colors)).decode()
    place = {"x": 0, "y": 0, "width": sheet.width, "height": sheet.height, "align": "left", "baseline": "top"}
    url = {"field": "url", "type": "nominal"}  # data, so that a live drawing is kept where only the image is new
    sheet.add("image", [{"url": picture}], {"url": url}, aspect=False, smooth=False, **place)
    sheet.add("point", [], {"x": across, "y": up})


def _draw_cells(sheet: Sheet, item: Json, layout: HeatmapLayout, across: Json, up: Json) -> None:
    columns, rows = ([number(name) for name in item[side]] for side in ("columns", "rows"))
    cells = [
        {"c": c, "r": r, "value": float(f"{value:.6g}")}
        for r, line in enumerate(item["values"])
        for c, value in enumerate(line)
    ]
    at = [  # edges and names are looked up: written into every cell they would be most of the data
        [{"c": c, "x": x, "x2": x2, "column": columns[c]} for c, (x, x2) in enumerate(layout.columns)],
        [{"r": r, "y": y, "y2": y2, "row": rows[r]} for r, (y, y2) in enumerate(layout.rows)],
    ]
    looked_up = [
        {"lookup": key, "from": {"data": {"values": table}, "key": key, "fields": fields}}
        for key, table, fields in (("c", at[0], ["x", "x2", "column"]), ("r", at[1], ["y", "y2", "row"]))
    ]
    ramp = RAMPS[item["scale"]]
    stops = [layout.low + (layout.high - layout.low) * i / (len(ramp) - 1) for i in range(len(ramp))]
    scale = {"domain": stops, "range": list(ramp), "interpolate": "rgb"}
    encoding = {
        "x": across,
        "x2": {"field": "x2"},
        "y": up,
        "y2": {"field": "y2"},
        "color": {"field": "value", "type": "quantitative", "scale": scale, "legend": None},
        "tooltip": _cell_tips(item),
    }
    # Large cells stand apart; small ones and those of a plane run into each other, or hairlines show between them.
    smallest = min(sheet.width / max(len(columns), 1), sheet.height / max(len(rows), 1))
    apart = 0.8 if layout.x.named and layout.y.named and smallest >= 14 else -0.3
    down = apart if layout.y.named else -apart
    gaps = {"xOffset": apart, "x2Offset": -apart, "yOffset": down, "y2Offset": -down}
    sheet.add("rect", cells, encoding, **gaps, cornerRadius=2 if apart > 0 else 0)
    sheet.layers[-1]["transform"] = looked_up


def _cell_tips(item: Json) -> list[Json]:
    return [
        {"field": "column", "title": one_line(item["x"]) or "column"},
        {"field": "row", "title": one_line(item["y"]) or "row"},
        {"field": "value", "title": "value", "format": FIGURES},
    ]


def _within(shape: Shape, layout: HeatmapLayout) -> Shape:
    """The shape without the points beyond the plot; lines are cut at its edge when they are drawn."""
    if shape.mark != "points":
        return shape
    spots = zip(shape.x, shape.y, shape.labels, strict=True)
    kept = [
        spot for spot in spots if all(-1e-9 <= at <= 1 + 1e-9 for at in (layout.x.at(spot[0]), layout.y.at(spot[1])))
    ]
    return replace(shape, x=[x for x, _, _ in kept], y=[y for _, y, _ in kept], labels=[label for *_, label in kept])


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


def _annotate(sheet: Sheet, item: Json, layout: HeatmapLayout) -> None:
    """The value in each cell, black or white, whichever reads better on its color."""
    whole = all(value == int(value) for line in item["values"] for value in line)
    words: list[Json] = []
    for (y, y2), row, line in zip(layout.rows, item["rows"], item["values"], strict=True):
        for (x, x2), column, value in zip(layout.columns, item["columns"], line, strict=True):
            up = layout.y.at((y + y2) / 2)
            share = (value - layout.low) / (layout.high - layout.low)
            text = number(value) if whole or abs(value) >= 100 else f"{value:.2f}"
            words.append(
                {
                    "x": layout.x.at((x + x2) / 2) * sheet.width,
                    "y": (up if layout.y.named else 1 - up) * sheet.height,
                    "text": text.replace("-", "−"),
                    "color": readable_on(color_at(RAMPS[item["scale"]], share)),
                    "column": number(column),
                    "row": number(row),
                    "value": value,
                }
            )
    widest = max((text_width(word["text"], 1) for word in words), default=1)
    size = min(13, (sheet.width / len(layout.columns) - 4) / widest, sheet.height / len(layout.rows) - 4)
    place = {"x": "datum.x", "y": "datum.y", "baseline": "middle", "align": "center", "fill": "datum.color"}
    encoding = {"text": {"field": "text"}, "tooltip": _cell_tips(item)}
    sheet.add("text", words, encoding, **place, fontSize=round(max(7, size), 1))


# --- graphs -----------------------------------------------------------------------------------------------


def _graph(item: Json, width: int, title: bool, hover: bool) -> Json:
    layout = graph_layout(item, width, text_width)
    sheet = Sheet(left=0, right=0)
    sheet.width, sheet.height, sheet.top, sheet.bottom = layout.width, layout.height, 8 if title else 0, 0
    signs = [Shape("positive weight", "line", 0, 0), Shape("negative weight", "line", 1, 1)]
    plain = all(arrow.weight == 1 for arrow in layout.arrows)
    for sign, negative in zip(signs, (False, True), strict=True):
        look = {**style_of(sign), "strokeWidth": "datum.thick"} | ({"stroke": MUTED} if plain else {})
        _draw_arrows(sheet, layout, [arrow for arrow in layout.arrows if (arrow.weight < 0) == negative], look, plain)
    _draw_boxes(sheet, layout)
    labels = [
        {"x": arrow.label_at[0], "y": arrow.label_at[1] + layout.size * 0.35, "text": arrow.label}
        for arrow in layout.arrows
        if arrow.label
    ]
    sheet.write_with_halo(labels, layout.size, "center")
    if any(arrow.weight < 0 for arrow in layout.arrows):
        sheet.top += 8
        sheet.legend(signs, layout.width - 4)
    return sheet.specification(wrap(item["title"], layout.width - 8, 15, bold=True) if title else [])


def _draw_arrows(sheet: Sheet, layout: GraphLayout, arrows: Sequence[Arrow], look: Json, plain: bool) -> None:
    """Arrows of one color, as thick as their weights."""
    heaviest = max((abs(arrow.weight) for arrow in layout.arrows), default=0) or 1
    shown = {box.name: " ".join(box.lines) for box in layout.boxes}
    bodies, heads = [], []
    for index, arrow in enumerate(arrows):
        thick = 1.6 if plain else round(0.8 + 4 * abs(arrow.weight) / heaviest, 2)
        row = {"arrow": index, "thick": thick, "from": shown[arrow.source], "to": shown[arrow.target]}
        row |= {"label": arrow.label, "weight": arrow.weight}
        body, head = _arrow_head(arrow.path, 6 + 1.6 * thick)
        bodies += [{**row, "x": x, "y": y, "order": order} for order, (x, y) in enumerate(body)]
        heads.append({**row, **head})
    if bodies:
        told = ["from", "to"] + ["label"] * any(arrow.label for arrow in arrows)
        tips: list[Json] = [{"field": name, "title": name} for name in told]
        tips += [] if plain else [{"field": "weight", "title": "weight", "format": FIGURES}]
        encoding = {"detail": {"field": "arrow"}, "order": {"field": "order", "type": "quantitative"}, "tooltip": tips}
        sheet.add("line", bodies, encoding, x="datum.x", y="datum.y", **look)
        triangle: Json = {"shape": "M0,0L-2,0.9L-2,-0.9Z", "size": "datum.size", "angle": "datum.angle", "filled": True}
        sheet.add(
            "point",
            heads,
            {"tooltip": tips},
            x="datum.x",
            y="datum.y",
            fill=look["stroke"],
            strokeWidth=0,
            opacity=1,
            **triangle,
        )


def _arrow_head(path: Sequence[Point], length: float) -> tuple[list[Point], Json]:
    """The path up to its head, so that a thick line does not stick out beyond the tip, and the head."""
    tip = path[-1]
    body = [point for point in path[:-1] if math.dist(point, tip) > length] or [path[0]]
    before = body[-1]
    share = min(1, 0.8 * length / (math.dist(before, tip) or 1))
    foot = (tip[0] + (before[0] - tip[0]) * share, tip[1] + (before[1] - tip[1]) * share)
    angle = math.degrees(math.atan2(tip[1] - before[1], tip[0] - before[0]))
    return [*body, foot], {"x": tip[0], "y": tip[1], "angle": angle, "size": length**2}


def _draw_boxes(sheet: Sheet, layout: GraphLayout) -> None:
    corners = [
        {"x": b.x - b.width / 2, "x2": b.x + b.width / 2, "y": b.y - b.height / 2, "y2": b.y + b.height / 2}
        for b in layout.boxes
    ]
    place = {"x": "datum.x", "x2": "datum.x2", "y": "datum.y", "y2": "datum.y2"}
    sheet.add("rect", corners, None, **place, cornerRadius=5, fill=SURFACE, stroke=MUTED, strokeWidth=1.3)
    for box in layout.boxes:
        for index, line in enumerate(box.lines):
            y = box.y + (index - (len(box.lines) - 1) / 2) * layout.size * 1.3 + layout.size * 0.35
            weight = 600 if index == 0 and len(box.lines) > 1 else "normal"
            color = MUTED if index else INK
            sheet.write(box.x, y, line, align="center", size=layout.size, weight=weight, color=color)
