"""A heatmap: a matrix as colored cells, or a plane, with series on top."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, get_args, get_type_hints

import demos
from demos._show.axes import (
    LAYERS,
    Axis,
    Json,
    Shape,
    all_numbers,
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
from demos._show.counted import counted
from demos._show.marks import SIX_DIGITS, draw_shape, foot_axis, label_points, thin, tips_of
from demos._show.sheet import (
    MUTED,
    RAMPS,
    Sheet,
    color_at,
    drawn_axis,
    image_of_pixels,
    position,
    readable_on,
    shorten,
    text_width,
    wrap,
)

SCALES = get_args(get_type_hints(demos.Heatmap)["scale"])
LEAST_SIZE = 11.1  # of letters in cells: a phone shows 358 of a drawing's 440 pixels, so that 9 of them are left
MOST_ROWS_OF_TWO_LINES = 13  # in the 420 pixels that rows share
MOST_CELLS = 100_000  # ten to each pixel of a phone's picture
OVER = "*~%&$@"  # lines on top, in a terminal
SHADES = {"sequential": " ·░▒▓█", "diverging": "=- +#"}


# --- what it must be ----------------------------------------------------------------------------------------


def problems(item: Json) -> Iterator[str]:
    """What is wrong with the shape of the matrix, its values and what is on top, a sentence each."""
    values, rows, columns = item["values"], item["rows"], item["columns"]
    if not rows or not columns:
        yield "it has no cells"
        return
    if len(rows) * len(columns) > MOST_CELLS:
        yield f"it has {len(rows) * len(columns):,} cells, and a heatmap shows at most {MOST_CELLS:,}"
        return
    if len(values) != len(rows):
        yield f"values has {counted(len(values), 'row')}, and rows names {len(rows)}"
    for index, row in enumerate(values):
        if not isinstance(row, list) or len(row) != len(columns):
            width = len(row) if isinstance(row, list) else 1
            yield f"row {index + 1} of values has {counted(width, 'cell')}, and columns names {len(columns)}"
            break
        if not all_numbers(row):
            yield f"row {index + 1} of values holds something that is not a number"
            break
    if item["scale"] not in SCALES:
        yield f"the scale '{item['scale']}' is not one of {', '.join(SCALES)}"
    yield from series_problems(item["overlay"], "the overlay")


def bounds() -> str:
    """How much it may hold, in words."""
    return f"at most {MOST_CELLS:,} cells, and on top at most {series_bounds()}"


# --- where things are ---------------------------------------------------------------------------------------


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


def heatmap_layout(item: Json, *, ticks: int = 5) -> HeatmapLayout:
    """The axes of a heatmap, the edges of its cells, the ends of its color scale, and what lies on top."""
    x, columns = _edges(item["x"], list(item["columns"]), ticks)
    y, rows = _edges(item["y"], list(item["rows"]), ticks)
    values = [value for row in item["values"] for value in row] + viewed(item, "z")
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if item["scale"] == "diverging":
        high = max(abs(low), abs(high)) or 1.0
        low = -high
    elif low == high:
        half = max(0.5, abs(low) * 1e-9)  # beside a large number a half is nothing
        low, high = low - half, high + half

    overlay = shapes_of(item["overlay"], [list(one["x"]) for one in item["overlay"]], colors_of(item))
    return HeatmapLayout(x, y, columns, rows, low, high, overlay)


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
    axis = number_axis(title, [min(ends), max(ends)], count=ticks, whole=all_whole(places))
    return axis, list(pairwise(ends))


def extent(item: Json) -> Json:
    """The ends of its color scale, as a view says them. Its plane is that of its cells and needs no view.

    Where all cells are the same, both ends are: what the drawing of it adds on both sides is no value of anything, and
    would make the colors of other maps on the same scale pale.
    """
    values = [value for row in item["values"] for value in row] + viewed(item, "z")
    if values and min(values) == max(values) and item["scale"] != "diverging":
        return {"z": [values[0], values[0]]}
    layout = heatmap_layout(item)
    return {"z": [layout.low, layout.high]}


# --- as a table and in words --------------------------------------------------------------------------------


def table(item: Json) -> tuple[list[str], list[list[Any]]]:
    """The matrix itself where it has names; a plane, or one with something on top, as a list of places."""
    if has_row_names(item):
        corner = f"{item['y']} \\ {item['x']}" if item["y"] and item["x"] else item["y"] or item["x"]
        columns = [corner, *map(number, item["columns"])]
        return columns, [[name, *row] for name, row in zip(item["rows"], item["values"], strict=True)]
    rows: list[list[Any]] = []
    for one in item["overlay"]:
        labels = one["labels"] or [""] * len(one["x"])
        rows += [[one["name"], a, b, label] for a, b, label in zip(one["x"], one["y"], labels, strict=True)]
    for down, line in zip(item["rows"], item["values"], strict=True):
        rows += [["cell", across, down, value] for across, value in zip(item["columns"], line, strict=True)]
    return ["what", item["x"] or "x", item["y"] or "y", "value"], rows


def has_row_names(item: Json) -> bool:
    """Whether the first cell of each row of the table names that row."""
    named = any(not is_number(name) for name in [*item["columns"], *item["rows"]])
    return named and not item["overlay"]


def contents(item: Json) -> str:
    """Its cells, what is on top, and what the axes measure."""
    cells = f"{counted(len(item['rows']), 'row')} of {counted(len(item['columns']), 'cell')}"
    return "; ".join([", ".join([cells, *map(series_in_words, item["overlay"])]), *axes_in_words(item)])


# --- drawn --------------------------------------------------------------------------------------------------


def draw(item: Json, width: int, title: bool, hover: bool) -> Json:
    """Cells or one image, a scale of the colors or the values themselves, and series on top.

    Values that a phone would make too small to read are left to the table and to whoever points at a cell.
    """
    layout, ramp = heatmap_layout(item), RAMPS[item["scale"]]
    side = _names_beside(layout, width * 0.3)
    sheet = Sheet(left=max([text_width(line) for lines in side for line in lines] + [24]) + 10, right=16)
    tall = 32 if any(len(lines) > 1 for lines in side) else 0
    ends = [number(end, 2).replace("-", "−") for end in (layout.low, layout.high)]
    annotate = item["annotate"]
    if annotate:
        sheet.width, sheet.height = _plot_size(layout, width - sheet.left - sheet.right, max(24, tall))
        annotate = _size_in_cells(sheet, item, layout) >= LEAST_SIZE
    if not annotate:
        sheet.right = 34 + max([text_width(end) for end in ends] + [20])
        least = max(24 if item["annotate"] or not layout.x.named else 0, tall)
        sheet.width, sheet.height = _plot_size(layout, width - sheet.left - sheet.right, least)
    sheet.right = width - sheet.left - sheet.width  # a small one is not blown up to the width of its place
    across = position("x", layout.x, foot_axis(sheet, layout.x))
    labels = [lines[0] if len(lines) == 1 else "" for lines in side]
    ticks, labels = thin(layout.y.ticks, labels, sheet.height / max(len(side), 1), 16)
    named = [(tick, label) for tick, label in zip(ticks, labels, strict=True) if label]
    axis = drawn_axis([tick for tick, _ in named], [label for _, label in named])
    up = position("y", layout.y, axis, reverse=layout.y.named)

    (_draw_image if _is_fine(layout, sheet) else _draw_cells)(sheet, item, layout, across, up)
    for (y, y2), lines in zip(layout.rows, side, strict=False):
        for i, line in enumerate(lines if len(lines) > 1 else []):
            middle = layout.y.at((y + y2) / 2) * sheet.height
            sheet.write(-7, middle - 3 + 15 * i, line, align="right", color=MUTED)
    if annotate:
        _annotate(sheet, item, layout)
    else:
        _color_scale(sheet, ramp, ends)
    overlay = [_within(shape, layout) for shape in sorted(layout.overlay, key=lambda shape: LAYERS.index(shape.mark))]
    for shape in overlay:
        rows = [
            {"x": x, "y": y, "name": number(x), "series": one_line(shape.name), "label": label}
            for x, y, label in zip(shape.x, shape.y, shape.labels, strict=True)
        ]
        tips = tips_of(layout.x, layout.y, shape, True) if hover else None
        draw_shape(sheet, shape, rows, {"x": across, "y": up}, layout.y.low, tips, over_ramp=True)
    label_points(sheet, overlay, layout.x, layout.y, over_ramp=True)

    sheet.write_below(layout.x.title)
    sheet.top += 4
    sheet.write_above(wrap(layout.y.title, width - 8), color=MUTED)
    sheet.legend([shape for shape in layout.overlay if shape.x], width - 4, over_ramp=True)
    return sheet.specification(wrap(item["title"], width - 8, 15, bold=True) if title else [])


def _names_beside(layout: HeatmapLayout, room: float) -> list[list[str]]:
    """The lines of each label beside the plot: one that is wider than the room takes two, if rows are high enough."""
    if not layout.y.named or len(layout.rows) > MOST_ROWS_OF_TWO_LINES:
        return [[shorten(label, room)] for label in layout.y.labels]
    return [
        [label] if text_width(label) <= room else [shorten(line, room) for line in _halves(label)]
        for label in layout.y.labels
    ]


def _halves(label: str) -> list[str]:
    """A label cut between two words so that the longer half is as short as can be; one word stays whole."""
    words = label.split()
    cuts = [[" ".join(words[:i]), " ".join(words[i:])] for i in range(1, len(words))]
    return min(cuts, key=lambda lines: max(map(text_width, lines)), default=[label])


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
    picture = (
        "data:image/png;base64," + b64encode(image_of_pixels(lines[::-1] if upside_down else lines, colors)).decode()
    )
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
        {"field": "value", "title": "value", "format": SIX_DIGITS},
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


def _plot_size(layout: HeatmapLayout, room: float, least: float) -> tuple[float, float]:
    """Width and height of the plot: named cells near squares, a plane in the shape of its ranges.

    least: pixels that a row with a name is high where 420 are enough for all of them
    """
    if layout.x.named:
        cell = min(room / len(layout.columns), 64)
        width = cell * len(layout.columns)
    else:
        cell, width = room / len(layout.columns), room
    if layout.y.named:
        tallest = max(6.0, 420 / len(layout.rows))
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
    texts = _texts_in_cells(item)
    words: list[Json] = []
    for (y, y2), row, line, said in zip(layout.rows, item["rows"], item["values"], texts, strict=True):
        for (x, x2), column, value, text in zip(layout.columns, item["columns"], line, said, strict=True):
            up = layout.y.at((y + y2) / 2)
            share = (value - layout.low) / (layout.high - layout.low)
            words.append(
                {
                    "x": layout.x.at((x + x2) / 2) * sheet.width,
                    "y": (up if layout.y.named else 1 - up) * sheet.height,
                    "text": text,
                    "color": readable_on(color_at(RAMPS[item["scale"]], share)),
                    "column": number(column),
                    "row": number(row),
                    "value": value,
                }
            )
    place = {"x": "datum.x", "y": "datum.y", "baseline": "middle", "align": "center", "fill": "datum.color"}
    encoding = {"text": {"field": "text"}, "tooltip": _cell_tips(item)}
    sheet.add("text", words, encoding, **place, fontSize=_size_in_cells(sheet, item, layout))


def _texts_in_cells(item: Json) -> list[list[str]]:
    whole = all(value == int(value) for line in item["values"] for value in line)

    def text(value: float) -> str:
        return (number(value) if whole or abs(value) >= 100 else f"{value:.2f}").replace("-", "−")

    return [[text(value) for value in line] for line in item["values"]]


def _size_in_cells(sheet: Sheet, item: Json, layout: HeatmapLayout) -> float:
    """The size of the letters with which the widest value fits into a cell, in pixels of the drawing."""
    said = [text for line in _texts_in_cells(item) for text in line]
    said += [f"{end:.2f}" for end in viewed(item, "z")]  # so that all positions of a slider are drawn alike
    widest = max((text_width(text, 1) for text in said), default=1)
    return round(min(13, (sheet.width / len(layout.columns) - 4) / widest, sheet.height / len(layout.rows) - 4), 1)


# --- in a terminal ------------------------------------------------------------------------------------------


def lines(item: Json, width: int) -> list[str]:
    """Numbers where a matrix fits with them, else shades."""
    from demos._show.columns import clip, columns, columns_of

    layout = heatmap_layout(item)
    heads = [number(name) for name in item["columns"]]
    names = [clip(number(name), width // 3) for name in item["rows"]]
    if layout.x.named and layout.y.named and not item["overlay"]:
        for digits, gap in ((3, "  "), (2, " ")):
            cells = [[number(value, digits) for value in row] for row in item["values"]]
            rows = [["", *heads], *([name, *row] for name, row in zip(names, cells, strict=True))]
            grid = columns_of(rows, ["left", *["right"] * len(heads)], gap)
            if max(map(columns, grid)) <= width and any(map(str.strip, heads)):
                return [*_axis_names(layout, width), *grid]
    return [*_axis_names(layout, width), *_shaded(item, layout, names, width)]


def _axis_names(layout: HeatmapLayout, width: int) -> list[str]:
    from demos._show.columns import fold

    said = [f"{way}: {one_line(axis.title)}" for way, axis in (("down", layout.y), ("across", layout.x)) if axis.title]
    return fold(", ".join(said), width) if said else []


def _shaded(item: Json, layout: HeatmapLayout, names: Sequence[str], width: int) -> list[str]:
    """Cells as shades; a matrix with more columns than the terminal is thinned out."""
    from demos._show.columns import MOST_ROWS, POINTS, Canvas, columns, flow, pad, with_axes

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
    foot = with_axes([" " * canvas.across], replace(layout.x, title=""), layout.y, side, width)[1:]
    scale = f"{number(layout.low, 2)} [{shades}] {number(layout.high, 2)}"
    return [*lines, *foot, *flow([scale, *dict.fromkeys(key for _, key in sorted(keys))], width)]
