"""A chart, a heatmap or a graph as a Vega-Lite specification with its data inside.

The build draws it as SVG, the live page draws the same one again after every move of a slider, so this file needs the
standard library only. Every place is computed here, in pixels, and nothing is left to the measuring of text: fonts
differ from machine to machine, and two builds of one page must not. Colors are CSS variables, so that a drawing in a
page follows the switch between light and dark.
"""

import json
import math
from collections.abc import Sequence
from typing import Any

from demos._axes import Axis, HeatmapLayout, Shape, chart_layout, heatmap_layout, number, one_line
from demos._graph import Point, graph_layout

VEGA_LITE = "6.4"  # the version that draws, at build time and in the page
WIDTH = 440  # narrow enough that letters of 13 stay readable where a phone shrinks it to 358
FONT = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif"
SIZE = 13

# name: (on light paper, on dark). Series colors keep 3:1 against the surface and stay apart for color-blind readers.
PALETTE = {
    "--tl-surface": ("#fffdfa", "#14161c"),
    "--tl-ink": ("#23262f", "#e6e8ee"),
    "--tl-muted": ("#5f6573", "#a3abba"),
    "--tl-grid": ("#e6e4df", "#2c303a"),
    "--tl-1": ("#1f6fb2", "#6fb3f2"),
    "--tl-2": ("#c4500c", "#ff9d5c"),
    "--tl-3": ("#0b7f6b", "#3ecfae"),
    "--tl-4": ("#a2368f", "#ee8fd8"),
    "--tl-5": ("#7d6200", "#e5c94f"),
    "--tl-6": ("#4a4f9c", "#b3b5ff"),
}
INK, MUTED, GRID, SURFACE = (f"var(--tl-{name})" for name in ("ink", "muted", "grid", "surface"))
SERIES = [f"var(--tl-{n})" for n in range(1, 7)]

# Continuous scales can't be variables; both are readable on light and on dark.
RAMPS = {
    "sequential": (  # viridis
        *("#440154", "#482475", "#414487", "#355f8d", "#2a788e", "#21918c"),
        *("#22a884", "#44bf70", "#7ad151", "#bddf26", "#fde725"),
    ),
    "diverging": ("#17508f", "#3f83c4", "#8db8de", "#c9dcea", "#f0eeea", "#f6d5b0", "#eeaa68", "#d57a26", "#9a4a05"),
}
OVERLAY = ["#ffffff", "#ff9d5c", "#101216", "#7fd6ff", "#ff8ad8", "#c6ff8a"]  # on top of the ramps, always with a rim

DASHES: list[list[float]] = [[], [7, 3], [2, 2.5], [9, 3, 2, 3], [4, 4], [12, 3]]
SIGNS = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]
FILLS = [0.9, 0.35, 0.08, 0.6, 0.2, 0.75]  # bars of one place differ by how full they are, not by color alone

Json = dict[str, Any]


def css() -> str:
    """The colors as CSS variables, for light pages and for dark ones."""

    def block(selector: str, mode: int) -> str:
        return f"{selector} {{ " + " ".join(f"{name}: {both[mode]};" for name, both in PALETTE.items()) + " }\n"

    return block(':root, [data-md-color-scheme="default"]', 0) + block('[data-md-color-scheme="slate"]', 1)


def vega_lite(item: Json, width: int = WIDTH, *, title: bool = False, hover: bool = True) -> Json | None:
    """The specification of a picture, or None for a kind that is text (table, tokens, trace).

    width: of the whole drawing, in pixels; a graph that needs more room takes it.  title: written into the drawing,
    for where no caption says it.  hover: with spots along the lines, unseen, that say their values under the pointer.
    """
    draw = {"chart": _chart, "heatmap": _heatmap, "graph": _graph}.get(item["type"])
    return draw(item, width, title, hover) if draw else None


def text_width(text: str, size: float = SIZE, bold: bool = False) -> float:
    """How many pixels a line of text takes, guessed a little too wide, since every reader has another font."""
    return size * sum(_letter(letter) for letter in text) * (1.16 if bold else 1.06)


def _letter(letter: str) -> float:
    if letter in "iljI.,:;|!'` ()[]{}ftr·−-":
        return 0.36
    if letter in "mwMW@%—…":
        return 0.9
    if ord(letter) >= 0x1100:  # Chinese, Japanese, Korean, emoji
        return 1.05
    return 0.7 if letter.isupper() else 0.56


def wrap(text: str, width: float, size: float = SIZE, bold: bool = False) -> list[str]:
    """Lines of at most `width` pixels, cut between words; a word that is too long has a line of its own."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size, bold) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def shorten(text: str, width: float, size: float = SIZE) -> str:
    """The text, or as much of it as fits, with an ellipsis."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


# --- the sheet: what all drawings share -------------------------------------------------------------------


class Sheet:
    """A drawing in the making: layers over a plot of `width` by `height` pixels, and the room around it."""

    def __init__(self, left: float, right: float) -> None:
        self.layers: list[Json] = []
        self.words: list[Json] = []
        self.width, self.height = 0.0, 0.0
        self.left, self.right, self.top, self.bottom = left, right, 8.0, 8.0

    def add(self, mark: str, rows: Sequence[Json], encoding: Json | None = None, **properties: Any) -> None:
        """A layer. Properties that are text starting with "datum." are looked up in each row."""
        looked_up = {
            name: {"expr": value} if isinstance(value, str) and value.startswith("datum.") else value
            for name, value in properties.items()
        }
        mark_of = {"type": mark, **looked_up}
        self.layers.append({"data": {"values": list(rows)}, "mark": mark_of, "encoding": encoding or {}})

    def write(self, x: float, y: float, text: str, **look: Any) -> None:
        """A line of text at a place of the plot, in pixels from its upper left corner; above it, y is negative."""
        self.words.append({"x": x, "y": y, "text": text, "align": "left", "color": INK, "weight": "normal", **look})

    def write_above(self, lines: Sequence[str], leading: float = 18, **look: Any) -> None:
        """Lines of text on top of everything so far, flush left."""
        for line in reversed(lines):
            self.write(-self.left + 2, -self.top - 2, line, **look)
            self.top += leading

    def legend(self, entries: Sequence[Shape], room: float, over_ramp: bool = False) -> None:
        """One line per series, or several side by side where they fit, above everything so far."""
        rows: list[list[tuple[float, Shape, str]]] = []
        x = room
        for shape in entries:
            name = shorten(one_line(shape.name), room - 32)
            if x + 28 + text_width(name) > room:
                rows.append([])
                x = 0
            rows[-1].append((x, shape, name))
            x += 28 + text_width(name) + 14
        self.top += 2 if rows else 0
        for row in reversed(rows):
            for x, shape, name in row:
                x, y = x - self.left + 2, -self.top - 6
                self._key(shape, x, y, over_ramp)
                self.write(x + 28, y + 4.5, name)
            self.top += 20

    def _key(self, shape: Shape, x: float, y: float, over_ramp: bool) -> None:
        """The sign of a series in the legend, drawn as the series itself is."""
        look = _look(shape, over_ramp)
        here: Sequence[Json] = [{}]
        if shape.mark == "points":
            self.add("point", here, x=x + 11, y=y, **look)
        elif shape.mark in ("bars", "area"):
            self.add("rect", here, x=x + 2, x2=x + 20, y=y - 6, y2=y + 6, **look)
        else:
            ends = [{"x": x, "y": y}, {"x": x + 22, "y": y}]
            for line in _strokes(look, over_ramp):
                self.add("line", ends, x="datum.x", y="datum.y", **line)

    def specification(self, title: Sequence[str]) -> Json:
        """All of it as Vega-Lite. Nothing is measured any more: "autosize" is off and every margin is given."""
        self.write_above(title, leading=21, weight=600, size=15)
        if title:
            self.top += 4
        rows = [{"size": SIZE, **word} for word in self.words]
        if rows:
            place = {"x": "datum.x", "y": "datum.y", "align": "datum.align", "baseline": "alphabetic"}
            look = {"fill": "datum.color", "fontWeight": "datum.weight", "fontSize": "datum.size"}
            self.add("text", rows, {"text": {"field": "text"}}, **place, **look)
        margins = {"left": self.left, "right": self.right, "top": self.top, "bottom": self.bottom}
        return {
            "$schema": f"https://vega.github.io/schema/vega-lite/v{VEGA_LITE.partition('.')[0]}.json",
            "width": math.ceil(self.width),
            "height": math.ceil(self.height),
            "autosize": "none",
            "padding": {side: math.ceil(size) for side, size in margins.items()},
            "background": None,
            "config": {"aria": False, "font": FONT, "view": {"stroke": None}},
            "layer": self.layers,
        }


def _look(shape: Shape, over_ramp: bool = False) -> Json:
    """Color and dash, sign or fill of a series."""
    turn = shape.turn % len(DASHES)
    color = OVERLAY[turn] if over_ramp else SERIES[shape.index % len(SERIES)]
    if shape.mark == "points":
        rim = ("#ffffff" if color == "#101216" else "#101216") if over_ramp else SURFACE
        return {"shape": SIGNS[turn], "size": 75, "filled": True, "opacity": 1, "fill": color, "stroke": rim,
                "strokeWidth": 1.3}  # fmt: skip
    if shape.mark == "bars":
        return {"fill": color, "fillOpacity": FILLS[turn], "stroke": color, "strokeWidth": 1.2}
    if shape.mark == "area":
        return {"fill": color, "fillOpacity": 0.22, "stroke": color, "strokeWidth": 2, "strokeDash": DASHES[turn]}
    return {"stroke": color, "strokeWidth": 2.2, "strokeDash": DASHES[turn], "strokeCap": "butt"}


def _strokes(look: Json, over_ramp: bool) -> list[Json]:
    """A line, and over a ramp first its dark rim, without which no single color is seen on every other."""
    if not over_ramp:
        return [look]
    rim = {"stroke": "#101216" if look["stroke"] != "#101216" else "#ffffff", "strokeWidth": 4.6, "opacity": 0.75}
    return [rim, look]


def _position(field: str, axis: Axis, drawn: Json | None = None, reverse: bool = False) -> Json:
    """Where a field lies along an axis: its channel in a layer. `drawn` is how the axis looks."""
    scale: Json = {"domain": [axis.low, axis.high], "nice": False, **({"type": "log"} if axis.log else {"zero": False})}
    if reverse:
        scale["reverse"] = True
    return {"field": field, "type": "quantitative", "scale": scale, "axis": drawn, "title": None}


def _drawn_axis(ticks: Sequence[float], labels: Sequence[str], **look: Any) -> Json:
    """How an axis looks: quiet, with our own labels, since those of the terminal are to be the same."""
    quiet = {"title": None, "ticks": False, "domain": False, "grid": False, "labelColor": MUTED, "labelFontSize": SIZE,
             "labelPadding": 7, "labelOverlap": False, "labelBound": False, "labelFlush": False, "labelLimit": 0,
             "gridColor": GRID, "domainColor": MUTED}  # fmt: skip
    places = json.dumps(list(ticks))
    names = json.dumps(list(labels), ensure_ascii=False)
    return {**quiet, "values": list(ticks), "labelExpr": f"{names}[indexof({places}, datum.value)]", **look}


def _thin(ticks: list[float], labels: list[str], room: float, need: float) -> tuple[list[float], list[str]]:
    """Every label, or every second, third … where each takes `need` of `room` pixels between two ticks."""
    every = max(1, math.ceil(need / max(room, 1e-9)))
    return ticks[::every], labels[::every]


# --- charts -----------------------------------------------------------------------------------------------


def _chart(item: Json, width: int, title: bool, hover: bool) -> Json:
    layout = chart_layout(item)
    names = layout.x.labels if layout.x.named else []
    longest = max(map(text_width, names), default=0.0)
    only_bars = all(shape.mark == "bars" for shape in layout.shapes)
    lying = only_bars and bool(names) and longest + 8 > (width - 70) / len(names)  # long names read best lying bars
    if lying:
        names = [shorten(name, width * 0.36) for name in names]

    side = names if lying else layout.y.labels  # what is written left of the plot
    sheet = Sheet(left=max([text_width(label) for label in side] + [24]) + 10, right=16)
    sheet.width = width - sheet.left - sheet.right
    bars = sum(shape.mark == "bars" for shape in layout.shapes)
    labeled = any(any(shape.labels) for shape in layout.shapes)
    sheet.height = len(names) * max(14, min(30, 700 / len(names)), 11 * bars + 8) if lying else 280 if labeled else 220

    ticks, labels = layout.x.ticks, names or layout.x.labels
    look: Json = {"domain": not lying and not (only_bars and layout.y.low < 0 < layout.y.high), "domainWidth": 1}
    need = max(map(text_width, labels), default=0) + 10
    spacing = sheet.width / (layout.x.high - layout.x.low) if layout.x.named else sheet.width / max(len(ticks), 1)
    if lying:
        sheet.bottom = 28
    elif layout.x.named and need > spacing:
        labels = [shorten(label, 110) for label in labels]
        ticks, labels = _thin(ticks, labels, spacing, 17)
        reach = max(map(text_width, labels))
        look |= {"labelAngle": -40, "labelAlign": "right", "labelBaseline": "middle"}
        sheet.bottom = 14 + 0.65 * reach
    else:
        ticks, labels = _thin(ticks, labels, spacing, need)
        sheet.bottom = 28
    lines = {"grid": True, "gridColor": {"condition": {"test": "datum.value === 0", "value": MUTED}, "value": GRID}}
    if lying:
        across = _position("x", layout.y, _drawn_axis(layout.y.ticks, layout.y.labels, **lines))
        up = _position("y", layout.x, _drawn_axis(ticks, names), reverse=True)
    else:
        dots = all(shape.mark == "points" for shape in layout.shapes)
        across = _position("x", layout.x, _drawn_axis(ticks, labels, **look, grid=dots))
        up = _position("y", layout.y, _drawn_axis(layout.y.ticks, layout.y.labels, **lines))

    for shape in sorted(layout.shapes, key=lambda shape: shape.mark == "points"):  # points lie on top
        tips = _tips(item, shape, len(layout.shapes) > 1)
        rows = [
            {"x": x, "y": y, "name": name, "series": one_line(shape.name), "label": label}
            for x, y, label, name in zip(shape.x, shape.y, shape.labels, _names(layout.x, shape.x), strict=True)
        ]
        if shape.mark == "bars":
            _draw_bars(sheet, shape, rows, across, up, layout.base, lying, tips)
        else:
            _draw_shape(sheet, shape, rows, {"x": across, "y": up}, layout.base, tips if hover else None)
    if not layout.shapes or not any(shape.x for shape in layout.shapes):
        sheet.add("point", [], {"x": across, "y": up})  # empty, but with its axes
    _label_points(sheet, layout.shapes, layout.x, layout.y, lying)

    foot, head = (layout.y.title, layout.x.title) if lying else (layout.x.title, layout.y.title)
    _write_foot(sheet, foot)
    sheet.top += 6
    sheet.write_above(wrap(head, width - 8), color=MUTED)
    shown = [shape for shape in layout.shapes if shape.x]
    if len(shown) > 1:
        sheet.legend(shown, width - 4)
    return sheet.specification(wrap(item["title"], width - 8, 15, bold=True) if title else [])


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
    sheet.add("rect", rows, encoding, **_look(shape))


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
    look = _look(shape, over_ramp)
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
        for line in _strokes(look, over_ramp):
            sheet.add("line", rows, at, clip=over_ramp, strokeJoin="round", **bend, **line)
    if tips:
        at = {channel: at[channel] for channel in ("x", "y")}
        sheet.add("point", rows, {**at, "tooltip": tips}, size=120, opacity=0, filled=True)


def _write_foot(sheet: Sheet, title: str) -> None:
    """The name of the horizontal axis, under it."""
    for line in wrap(title, sheet.width + sheet.left + sheet.right - 8):
        middle = sheet.width / 2
        half = text_width(line) / 2
        middle = max(half - sheet.left + 2, min(middle, sheet.width + sheet.right - half - 2))
        sheet.write(middle, sheet.height + sheet.bottom + 12, line, align="center", color=MUTED)
        sheet.bottom += 18
    sheet.bottom += 2


def _label_points(sheet: Sheet, shapes: Sequence[Shape], x: Axis, y: Axis, lying: bool, over_ramp: bool = False) -> None:
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
            cost = rank + sum(_overlap(box, other) for other in taken) + 4 * _outside(box, sheet.width + (0 if over_ramp else sheet.right), sheet.height)
            if best is None or cost < best[0]:
                best = (cost, {"x": px + dx, "y": py + dy, "align": align, "text": label}, box)
        assert best is not None
        rows.append(best[1])
        taken.append(best[2])
    _write_with_halo(sheet, rows, 12, "datum.align", *(("#ffffff", "#101216") if over_ramp else ()))


def _write_with_halo(
    sheet: Sheet, rows: Sequence[Json], size: float, align: str, color: str = INK, halo: str = SURFACE
) -> None:
    """Words that stay readable over lines: first their rim, then they themselves."""
    place = {"x": "datum.x", "y": "datum.y", "align": align, "baseline": "alphabetic", "fontSize": size}
    for look in ({"stroke": halo, "strokeWidth": 3.5, "strokeJoin": "round"}, {"fill": color}):
        if rows:
            sheet.add("text", rows, {"text": {"field": "text"}}, **place, **look)


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

    ticks, labels = layout.x.ticks, layout.x.labels
    look: Json = {}
    spacing = cell_width if layout.x.named else sheet.width / max(len(ticks), 1)
    need = max(map(text_width, labels), default=0) + 6
    sheet.bottom = 26
    if layout.x.named and need > spacing:
        labels = [shorten(label, 110) for label in labels]
        ticks, labels = _thin(ticks, labels, spacing, 17)
        look = {"labelAngle": -40, "labelAlign": "right", "labelBaseline": "middle"}
        sheet.bottom = 14 + 0.65 * max(map(text_width, labels))
    else:
        ticks, labels = _thin(ticks, labels, spacing, need)
    across = _position("x", layout.x, _drawn_axis(ticks, labels, **look))
    ticks, labels = _thin(layout.y.ticks, side, sheet.height / max(len(side), 1), 16)
    up = _position("y", layout.y, _drawn_axis(ticks, labels), reverse=layout.y.named)

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

    _write_foot(sheet, layout.x.title)
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


def color_at(ramp: Sequence[str], share: float) -> tuple[float, ...]:
    """The color at a share of the ramp, 0 to 1, as red, green and blue from 0 to 255."""
    place = min(max(share, 0), 1) * (len(ramp) - 1)
    below = min(int(place), len(ramp) - 2)
    a, b = (bytes.fromhex(ramp[i][1:]) for i in (below, below + 1))
    return tuple(p + (q - p) * (place - below) for p, q in zip(a, b, strict=True))


def luminance(rgb: Sequence[float]) -> float:
    """Relative luminance, 0 to 1.  Source: WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [c / 255 for c in rgb]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def readable_on(rgb: Sequence[float]) -> str:
    """Black or white, whichever has more contrast."""
    light = luminance(rgb)
    return "#ffffff" if 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 else "#000000"


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
        look = {**_look(line), **({} if weighted else {"stroke": MUTED})}
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
            first = index == 0 and len(box.lines) > 1
            sheet.write(box.x, y, line, **middle, weight=600 if first else "normal", color=INK if first or len(box.lines) == 1 else MUTED)
    labels = [
        {"x": arrow.label_at[0], "y": arrow.label_at[1] + layout.size * 0.35, "text": arrow.label}
        for arrow in layout.arrows
        if arrow.label
    ]
    _write_with_halo(sheet, labels, layout.size, "center")
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
