"""The specification of a drawing painted as SVG, in a twentieth of the time that Vega takes.

Vega-Lite is a language with many words. The sheets of this package (sheet.py) say everything in a few of them: marks at
known places, linear and logarithmic scales, axes with labels of their own. These few are painted here, and the tests
compare drawings with those that Vega makes of the same specification. What has a word that is not among them is left to
Vega, and never drawn without it.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from itertools import groupby
from typing import Any

from demos._show.axes import Json

Place = Callable[[float], float]  # from a value along an axis to pixels


class CannotPaint(Exception):  # noqa: N818 -- says what happened
    """A specification with words that are not known here."""


def paint(specification: Json, prefix: str, attributes: Mapping[str, str]) -> str:
    """A specification of sheet.py as one line of SVG.

    prefix: what names inside the drawing start with, for whatever is referred to; attributes: those of the root.
    Raises CannotPaint.
    """
    for layer in specification["layer"]:
        _look_for_unknown(layer)
    padding = specification["padding"]
    frame = _Frame(specification, prefix)
    drawn = "".join(_joined(frame.parts()))
    if drawn:
        drawn = _element("g", {"fill": "none", **_moved(padding["left"], padding["top"])}, drawn)
    if frame.defs:
        drawn += f"<defs>{''.join(frame.defs)}</defs>"
    spaces = {"xmlns": "http://www.w3.org/2000/svg"}
    if "<image " in drawn:
        spaces["xmlns:xlink"] = "http://www.w3.org/1999/xlink"  # a plain href breaks the theme's navigation
    return _element("svg", {**spaces, **attributes}, drawn)


# --- elements -------------------------------------------------------------------------------------------------


def _element(name: str, attributes: Mapping[str, Any], inside: str = "") -> str:
    """An element as XML; attributes without a value are left out, and so is what says only the usual."""
    given = "".join(
        f' {key}="{value if isinstance(value, str) and key in SAFE else _attribute(value)}"'
        for key, value in attributes.items()
        if value is not None and value != USUAL.get(key)
    )
    return f"<{name}{given}>{inside}</{name}>" if inside else f"<{name}{given} />"


SAFE = {"d", "transform", "points", "xlink:href"}  # made here of figures, and long
USUAL: dict[str, Any] = {"opacity": 1, "fill-opacity": 1, "font-weight": "normal", "y2": 0, "x2": 0}


def _attribute(value: Any) -> str:
    return escape(value, quote=False).replace('"', "&quot;") if isinstance(value, str) else _figure(value)


def _figure(value: float) -> str:
    """Pixels to two decimals: "12.5", "-3", "0"."""
    text = f"{value:.2f}"
    if text.endswith(".00"):
        text = text[:-3]
        return "0" if text == "-0" else text
    return text[:-1] if text.endswith("0") else "0" if text == "-0.00" else text


def _figures(*values: float) -> str:
    return ",".join(map(_figure, values))


def _moved(x: float, y: float, then: str = "") -> Json:
    """The attribute that moves an element there; none where it stays."""
    place = _figures(x, y)
    return {"transform": (f"translate({place})" + then) if place != "0,0" or then else None}


def _joined(parts: Iterable["_Part"]) -> Iterator[str]:
    """Elements as text; neighboring paths that are only filled, and in one color, become one path."""
    for look, same in groupby(parts, lambda part: part.only_filled):
        if look is None:
            yield from (_element(part.name, part.attributes, part.inside) for part in same)
        else:
            yield _element("path", {"d": "".join(part.attributes["d"] for part in same), "fill": look})


class _Part:
    """An element in the making."""

    __slots__ = ("attributes", "inside", "name")

    def __init__(self, name: str, attributes: Json, inside: str = "") -> None:
        self.name, self.attributes, self.inside = name, attributes, inside

    @property
    def only_filled(self) -> str | None:
        """The color of a path that has nothing else."""
        said = {key for key, value in self.attributes.items() if value is not None and value != USUAL.get(key)}
        return str(self.attributes["fill"]) if self.name == "path" and said == {"d", "fill"} else None


# --- the frame: scales, axes, layers --------------------------------------------------------------------------


class _Frame:
    """The plot of a drawing, `width` by `height` pixels, and what it defines for its marks to refer to."""

    def __init__(self, specification: Json, prefix: str) -> None:
        self.layers: list[Json] = specification["layer"]
        self.width, self.height = specification["width"], specification["height"]
        self.prefix = prefix
        self.gradients = sum("gradient" in layer["mark"].get("fill", ()) for layer in self.layers)  # defined first
        self.clips = 0
        self.defs: list[str] = []
        self.across = self._place("x", [0, self.width])
        self.up = self._place("y", [self.height, 0])

    def parts(self) -> Iterator[_Part]:
        yield from self._axes()
        for layer in self.layers:
            yield from MARKS[layer["mark"]["type"]](self, layer["mark"], layer["encoding"], _rows(layer))
        self.defs.sort(key=lambda one: not one.startswith("<linearGradient"))  # stays in order otherwise

    def _channel(self, along: str) -> Json:
        """How values lie along an axis: said by every layer that has some."""
        for layer in self.layers:
            if "scale" in layer["encoding"].get(along, {}):
                found: Json = layer["encoding"][along]
                return found
        return {}

    def _place(self, along: str, pixels: list[float]) -> Place:
        scale = self._channel(along).get("scale", {"domain": [0, 1]})
        low, high = map(float, scale["domain"])
        start, end = pixels[::-1] if scale.get("reverse") else pixels

        def evenly(value: float) -> float:
            share = (value - low) / (high - low)
            return start * (1 - share) + end * share

        def by_factors(value: float) -> float:
            share = (math.log(value) - math.log(low)) / (math.log(high) - math.log(low))
            return start * (1 - share) + end * share

        return by_factors if scale.get("type") == "log" else evenly

    def at(self, along: str, row: Json, said: Any, field: Json | None) -> float:
        """Where a mark is: at a value of its row along an axis, or at a pixel that is said."""
        if field is None:
            return float(_looked_up(said, row))
        place = self.across if along == "x" else self.up
        return place(float(field["datum"] if "datum" in field else row[field["field"]]))

    def _axes(self) -> Iterator[_Part]:
        x, y = self._channel("x").get("axis"), self._channel("y").get("axis")
        foot, side = {"transform": f"translate(0.5,{_figure(self.height + 0.5)})"}, {"transform": "translate(0.5,0.5)"}
        for axis, at, place, other in ((x, foot, self.across, "y2"), (y, side, self.up, "x2")):
            if axis and axis["grid"]:
                yield _Part("g", at, "".join(self._grid(axis, place, other)))
        for axis, at, place, other in ((x, foot, self.across, "x2"), (y, side, self.up, "y2")):
            if axis:
                inside = "".join(self._labels(axis, place, other == "x2"))
                if axis["domain"]:
                    far = self.width if other == "x2" else self.height
                    inside += _element("line", {other: far, "stroke": axis["domainColor"], "stroke-width": 1})
                if inside:
                    yield _Part("g", at, inside)

    def _grid(self, axis: Json, place: Place, along: str) -> Iterator[str]:
        for tick in axis["values"]:
            pixel = _rounded(place(tick))
            if along == "x2":
                moved, length = _moved(0, pixel), self.width
            elif isinstance(axis["gridColor"], dict):  # Vega draws one from below and the other from above
                moved, length = _moved(pixel, 0), -self.height
            else:
                moved, length = _moved(pixel, -self.height), self.height
            color = _grid_color(axis["gridColor"], tick)
            yield _element("line", {**moved, along: length, "stroke": color, "stroke-width": 1})

    def _labels(self, axis: Json, place: Place, below: bool) -> Iterator[str]:
        size, gap = axis["labelFontSize"], axis["labelPadding"]
        names = json.loads(axis["labelExpr"].partition("[indexof(")[0])
        look = {"font-size": f"{size}px", "fill": axis["labelColor"]}
        for tick, name in zip(axis["values"], names, strict=True):
            if "labelAngle" in axis:
                turned = f" rotate({axis['labelAngle'] % 360}) translate(0,{_rounded(0.3 * size)})"
                moved = _moved(place(tick), gap, turned)
            elif below:
                moved = _moved(place(tick), gap + _rounded(0.79 * size))
            else:
                moved = _moved(-gap, place(tick) + _rounded(0.3 * size))
            anchor = ANCHORS[axis.get("labelAlign", "center" if below else "right")]
            if name:
                yield _element("text", {"text-anchor": anchor, **moved, **look}, _letters(name))

    def clipped(self, inside: str) -> Iterator[_Part]:
        """What is cut at the edge of the plot."""
        name = f"{self.prefix}-{self.gradients + self.clips}"
        self.clips += 1
        edge = _element("rect", {"x": "0", "y": "0", "width": self.width, "height": self.height})
        self.defs.append(_element("clipPath", {"id": name}, edge))
        if inside:
            yield _Part("g", {"clip-path": f"url(#{name})"}, inside)

    def color(self, fill: Any) -> str:
        """A color, or the name of a gradient that is defined for it."""
        if isinstance(fill, str):
            return fill
        name = f"{self.prefix}-{sum(one.startswith('<linearGradient') for one in self.defs)}"
        stops = "".join(
            _element("stop", {"offset": float(stop["offset"]), "stop-color": stop["color"]}) for stop in fill["stops"]
        )
        ends = {end: fill[end] for end in ("x1", "x2", "y1", "y2")}
        self.defs.append(_element("linearGradient", {"id": name, **ends}, stops))
        return f"url(#{name})"


ANCHORS = {"left": "start", "center": "middle", "right": "end"}


def _rounded(pixels: float) -> int:
    return math.floor(pixels + 0.5)


def _grid_color(color: Any, tick: float) -> str:
    if isinstance(color, str):
        return color
    return str(color["condition"]["value"] if tick == 0 else color["value"])


def _letters(text: Any) -> str:
    return escape(str(text), quote=False)


def _rows(layer: Json) -> list[Json]:
    """The rows of a layer, with what they look up."""
    rows: list[Json] = layer["data"]["values"]
    for step in layer.get("transform", ()):
        key, others = step["from"]["key"], step["from"]["data"]["values"]
        known = {other[key]: {field: other[field] for field in step["from"]["fields"]} for other in others}
        rows = [{**row, **known[row[step["lookup"]]]} for row in rows]
    return rows


def _looked_up(said: Any, row: Json) -> Any:
    """What a mark says of itself, or what its row says where it refers to that."""
    return row[said["expr"].removeprefix("datum.")] if isinstance(said, dict) and "expr" in said else said


def _look(mark: Json, row: Json, fill: str | None) -> Json:
    """The attributes that say how a shape looks, in the order in which Vega writes them."""
    dash = mark.get("strokeDash")
    return {
        "fill": fill,
        "fill-opacity": mark.get("fillOpacity"),
        "stroke": mark.get("stroke"),
        "stroke-width": _looked_up(mark["strokeWidth"], row) if "strokeWidth" in mark else None,
        "stroke-linejoin": mark.get("strokeJoin"),
        "stroke-dasharray": ",".join(f"{length:g}" for length in dash) if dash else None,
        "opacity": mark.get("opacity"),
    }


# --- marks ----------------------------------------------------------------------------------------------------


def _line(frame: _Frame, mark: Json, encoding: Json, rows: list[Json]) -> Iterator[_Part]:
    """Lines and steps; one for each value of the field "detail" where there is one."""
    field = encoding.get("detail", {}).get("field")
    paths = []
    for _, group in groupby(rows, lambda row: row[field] if field else 0):
        of_line = list(group)
        points = [
            (frame.at("x", row, mark.get("x"), encoding.get("x")), frame.at("y", row, mark.get("y"), encoding.get("y")))
            for row in of_line
        ]
        if mark.get("interpolate") == "step-after":
            points = [
                corner
                for i, (x, y) in enumerate(points)
                for corner in ([(x, points[i - 1][1]), (x, y)] if i else [(x, y)])
            ]
        closed = "Z" if len(points) == 1 else ""
        paths.append(_Part("path", {"d": _path(points) + closed, **_look(mark, of_line[0], None)}))
    if mark.get("clip"):
        yield from frame.clipped("".join(_joined(paths)))
    else:
        yield from paths


def _area(frame: _Frame, mark: Json, encoding: Json, rows: list[Json]) -> Iterator[_Part]:
    if not rows:
        return
    top = [(frame.across(row["x"]), frame.up(row["y"])) for row in rows]
    base = frame.up(encoding["y2"]["datum"])
    bottom = [(x, base) for x, _ in reversed(top)]
    outline = _path(top) + _path(bottom).replace("M", "L", 1) + "Z"
    yield _Part("path", {"d": outline, **_look(mark, rows[0], mark["fill"])})


def _path(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_figure(_thousandth(x))},{_figure(_thousandth(y))}" for x, y in points)


def _thousandth(pixels: float) -> float:
    """To three decimals first, as Vega writes lines; the drawings would differ in the last digit without."""
    return math.floor(pixels * 1000 + 0.5) / 1000


def _point(frame: _Frame, mark: Json, encoding: Json, rows: list[Json]) -> Iterator[_Part]:
    for row in rows:
        x = frame.at("x", row, mark.get("x"), encoding.get("x"))
        y = frame.at("y", row, mark.get("y"), encoding.get("y"))
        radius = math.sqrt(_looked_up(mark["size"], row)) / 2
        angle = _looked_up(mark.get("angle", 0), row)
        turned = f" rotate({_figure(angle)})" if angle else ""
        shape = SHAPES[mark["shape"]](radius) if mark["shape"] in SHAPES else _scaled(mark["shape"], radius)
        yield _Part("path", {**_moved(x, y, turned), "d": shape, **_look(mark, row, mark["fill"])})


def _corners(*points: tuple[float, float]) -> str:
    return _path(list(points)) + "Z"


def _circle(r: float) -> str:
    size = _figure(_thousandth(r))
    return f"M{size},0A{size},{size},0,1,1,-{size},0A{size},{size},0,1,1,{size},0"


def _square(r: float) -> str:
    corner, side = _figure(_thousandth(-r)), _figure(_thousandth(2 * r))
    return f"M{corner},{corner}h{side}v{side}h-{side}Z"


def _cross(r: float) -> str:
    s = r / 2.5
    return _corners(
        *((-r, -s), (-r, s), (-s, s), (-s, r), (s, r), (s, s)),
        *((r, s), (r, -s), (s, -s), (s, -r), (-s, -r), (-s, -s)),
    )


HALF = math.sqrt(3) / 2
SHAPES: dict[str, Callable[[float], str]] = {
    "circle": _circle,
    "square": _square,
    "triangle-up": lambda r: _corners((0, -HALF * r), (-r, HALF * r), (r, HALF * r)),
    "triangle-down": lambda r: _corners((0, HALF * r), (-r, -HALF * r), (r, -HALF * r)),
    "diamond": lambda r: _corners((-r, 0), (0, -r), (r, 0), (0, r)),
    "cross": _cross,
}


def _scaled(path: str, by: float) -> str:
    """A path of corners, such as that of the head of an arrow, made larger."""
    return re.sub(r"-?\d+(\.\d+)?", lambda found: _figure(_thousandth(float(found[0]) * by)), path)


def _rect(frame: _Frame, mark: Json, encoding: Json, rows: list[Json]) -> Iterator[_Part]:
    for row in rows:
        ends = {
            end: frame.at(end[0], row, mark.get(end), encoding.get(end)) + mark.get(f"{end}Offset", 0)
            for end in ("x", "x2", "y", "y2")
        }
        left, right = sorted((ends["x"], ends["x2"]))
        top, bottom = sorted((ends["y"], ends["y2"]))
        fill = _on_ramp(encoding["color"], row) if "color" in encoding else frame.color(mark["fill"])
        shape = _box(left, top, right - left, bottom - top, mark.get("cornerRadius", 0))
        yield _Part("path", {"d": shape, **_look(mark, row, fill)})


def _box(x: float, y: float, width: float, height: float, corner: float) -> str:
    if not corner:
        return f"M{_figures(x, y)}h{_figure(width)}v{_figure(height)}h{_figure(-width)}Z"
    r = min(corner, width / 2, height / 2)
    x2, y2, c = x + width, y + height, r * 0.448084975506  # of a curve that is as good as a quarter of a circle
    f = _figures
    return (
        f"M{f(x + r, y)}L{f(x2 - r, y)}C{f(x2 - c, y, x2, y + c, x2, y + r)}"
        f"L{f(x2, y2 - r)}C{f(x2, y2 - c, x2 - c, y2, x2 - r, y2)}"
        f"L{f(x + r, y2)}C{f(x + c, y2, x, y2 - c, x, y2 - r)}"
        f"L{f(x, y + r)}C{f(x, y + c, x + c, y, x + r, y)}Z"
    )


def _on_ramp(channel: Json, row: Json) -> str:
    """A color between those of a scale; the scale ends where its domain does not."""
    domain, colors, value = channel["scale"]["domain"], channel["scale"]["range"], row[channel["field"]]
    below = max(i for i in range(len(domain) - 1) if i == 0 or domain[i] <= value)
    share = (value - domain[below]) / (domain[below + 1] - domain[below])
    ends = [bytes.fromhex(color[1:]) for color in colors[below : below + 2]]
    mixed = (a * (1 - share) + b * share for a, b in zip(*ends, strict=True))
    return "#" + "".join(f"{min(255, max(0, _rounded(part))):02x}" for part in mixed)


def _text(frame: _Frame, mark: Json, encoding: Json, rows: list[Json]) -> Iterator[_Part]:
    for row in rows:
        words = row[encoding["text"]["field"]]
        if words == "":
            continue
        size = _looked_up(mark["fontSize"], row)
        down = {"alphabetic": 0, "middle": _rounded(0.3 * size)}[mark["baseline"]]
        place = _moved(_looked_up(mark["x"], row), _looked_up(mark["y"], row) + down)
        letters = {
            "text-anchor": ANCHORS[_looked_up(mark["align"], row)],
            **place,
            "font-size": f"{_figure(size)}px",
            "font-weight": str(_looked_up(mark["fontWeight"], row)) if "fontWeight" in mark else None,
        }
        yield _Part("text", {**letters, **_look(mark, row, _looked_up(mark["fill"], row))}, _letters(words))


def _image(frame: _Frame, mark: Json, encoding: Json, rows: list[Json]) -> Iterator[_Part]:
    for row in rows:
        place = _moved(mark["x"], mark["y"])
        yield _Part("image", {
            "xlink:href": row[encoding["url"]["field"]], **place, "width": mark["width"], "height": mark["height"],
            "preserveAspectRatio": "none", "style": "image-rendering: optimizeSpeed; image-rendering: pixelated;",
        })  # fmt: skip


def _look_for_unknown(layer: Json) -> None:
    """Raises CannotPaint where a layer says something that would be left out."""
    mark, encoding = layer["mark"], layer["encoding"]
    kind = mark["type"]
    if kind not in MARKS or layer.keys() > {"data", "mark", "encoding", "transform"}:
        raise CannotPaint(kind)
    unknown = (mark.keys() - WORDS[kind] - {"type"}) | (encoding.keys() - CHANNELS[kind])
    for along in encoding.keys() & {"x", "y"}:
        unknown |= encoding[along].get("scale", {}).keys() - {"domain", "nice", "zero", "type", "reverse"}
        unknown |= (encoding[along].get("axis") or {}).keys() - AXIS
    if mark.get("interpolate", "step-after") != "step-after" or mark.get("baseline") not in BASELINES:
        unknown |= {"interpolate", "baseline"}
    said = [*mark.values(), (encoding.get("y", {}).get("axis") or {}).get("gridColor")]
    for one in said:
        if isinstance(one, dict) and not ("gradient" in one or _is_simple(one)):
            unknown |= one.keys()
    if unknown:
        raise CannotPaint(f"{kind}: {', '.join(sorted(unknown))}")


def _is_simple(said: Json) -> bool:
    """Whether this is a value of the row, or a color that is another one at zero."""
    named = re.fullmatch(r"datum\.\w+", str(said.get("expr"))) is not None
    return named or said.get("condition", {}).get("test") == "datum.value === 0"


MARKS: dict[str, Callable[[_Frame, Json, Json, list[Json]], Iterator[_Part]]] = {
    "line": _line, "area": _area, "point": _point, "rect": _rect, "text": _text, "image": _image,
}  # fmt: skip
_SHAPE = {"fill", "fillOpacity", "stroke", "strokeWidth", "strokeJoin", "strokeDash", "opacity"}
_BOX = {"x", "y", "x2", "y2", "xOffset", "yOffset", "x2Offset", "y2Offset", "cornerRadius"}
WORDS = {  # what each mark may say of itself
    "line": _SHAPE | {"x", "y", "clip", "interpolate"},
    "area": _SHAPE | {"line", "orient"},
    "point": _SHAPE | {"x", "y", "filled", "shape", "size", "angle"},
    "rect": _SHAPE | _BOX,
    "text": _SHAPE | {"x", "y", "align", "baseline", "fontSize", "fontWeight"},
    "image": {"x", "y", "width", "height", "align", "baseline", "aspect", "smooth"},
}
BASELINES = {None, "alphabetic", "middle", "top"}
AXIS = {
    *("title", "ticks", "domain", "grid", "labelColor", "labelFontSize", "labelPadding", "labelOverlap", "labelBound"),
    *("labelFlush", "labelLimit", "gridColor", "domainColor", "values", "labelExpr", "labelAngle", "labelAlign"),
    "labelBaseline",
}
CHANNELS = {  # and what of it may come from its rows
    "line": {"x", "y", "order", "detail", "tooltip"},
    "area": {"x", "y", "y2"},
    "point": {"x", "y", "tooltip"},
    "rect": {"x", "x2", "y", "y2", "color", "tooltip"},
    "text": {"text", "tooltip"},
    "image": {"url"},
}
