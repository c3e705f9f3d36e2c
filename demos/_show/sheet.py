"""The sheet of paper that drawings are made on: colors, the widths of letters, legends and margins, as Vega-Lite.

Every place is computed, in pixels, and nothing is left to the measuring of text: fonts differ from machine to machine,
and two builds of one page must not. Colors are CSS variables, so that a drawing in a page follows the switch between
light and dark. Needs the standard library only.
"""

import json
import math
import struct
import zlib
from collections.abc import Sequence
from typing import Any

from demos._show.axes import Axis, Json, Shape, one_line

VEGA_LITE = "6.4"  # the version that draws, at build time and in the page
WIDTH = 440  # narrow enough that letters of 13 stay readable where a phone shrinks it to 358
FONT = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif"
SIZE = 13

# name: (on light paper, on dark). Series colors keep 3:1 against the surface and stay apart for color-blind readers;
# --tl-0 is for bars that are no series.
PALETTE = {
    "--tl-surface": ("#fffdfa", "#14161c"),
    "--tl-ink": ("#23262f", "#e6e8ee"),
    "--tl-muted": ("#5f6573", "#a3abba"),
    "--tl-grid": ("#e6e4df", "#2c303a"),
    "--tl-0": ("#64748b", "#94a3b8"),
    "--tl-1": ("#2f74d0", "#62a5fb"),
    "--tl-2": ("#c76a06", "#f08a3c"),
    "--tl-3": ("#005a40", "#6ff0c8"),
    "--tl-4": ("#d43f8d", "#d97ab0"),
    "--tl-5": ("#8d7a45", "#f3e394"),
    "--tl-6": ("#573385", "#8a6fd0"),
}
INK, MUTED, GRID, SURFACE = (f"var(--tl-{name})" for name in ("ink", "muted", "grid", "surface"))
QUIET = "var(--tl-0)"
SERIES = [f"var(--tl-{n})" for n in range(1, 7)]

# Continuous scales can't be variables; both are readable on light and on dark.
RAMPS = {
    "sequential": (  # viridis
        *("#440154", "#482475", "#414487", "#355f8d", "#2a788e", "#21918c"),
        *("#22a884", "#44bf70", "#7ad151", "#bddf26", "#fde725"),
    ),
    "diverging": ("#17508f", "#3f83c4", "#8db8de", "#c9dcea", "#f0eeea", "#f6d5b0", "#eeaa68", "#d57a26", "#9a4a05"),
}

DASHES: list[list[float]] = [[], [7, 3], [2, 2.5], [9, 3, 2, 3], [4, 4], [12, 3]]
SIGNS = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]
FILLS = [0.9, 0.35, 0.08, 0.6, 0.2, 0.75]  # bars of one place differ by how full they are, not by color alone


def svg_attributes(width: float, height: float) -> dict[str, str]:
    """What makes a drawing of these pixels fit into a page, for its <svg>.

    It is a little larger than drawn where there is room; what needed more than the usual width scrolls before it
    shrinks.
    """
    wide = f"min-width:{0.8 * width:.0f}px;" if width > WIDTH else ""
    style = f"width:100%;{wide}max-width:{1.25 * width:.0f}px;height:auto"
    return {"viewBox": f"0 0 {width:g} {height:g}", "class": "tl-svg", "style": style}


def css() -> str:
    """The colors as CSS variables, for light pages and for dark ones."""

    def block(selector: str, mode: int) -> str:
        return f"{selector} {{ " + " ".join(f"{name}: {both[mode]};" for name, both in PALETTE.items()) + " }\n"

    return block(':root, [data-md-color-scheme="default"]', 0) + block('[data-md-color-scheme="slate"]', 1)


def text_width(text: str, size: float = SIZE, bold: bool = False) -> float:
    """How many pixels a line of text takes, guessed a little too wide, since every reader has another font."""
    return size * math.fsum(_letter(letter) for letter in text) * (1.16 if bold else 1.06)


def _letter(letter: str) -> float:
    if letter in "iljI.,:;|!'` ()[]{}ftr·-":
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


def color_at(ramp: Sequence[str], share: float) -> tuple[float, ...]:
    """The color at a share of the ramp, 0 to 1, as red, green and blue from 0 to 255."""
    place = min(max(share, 0), 1) * (len(ramp) - 1)
    below = min(int(place), len(ramp) - 2)
    a, b = (bytes.fromhex(ramp[i][1:]) for i in (below, below + 1))
    return tuple(p + (q - p) * (place - below) for p, q in zip(a, b, strict=True))


def image_of_pixels(lines: Sequence[bytes], colors: Sequence[bytes]) -> bytes:
    """A PNG image. lines: one byte per pixel, a place in `colors`; colors: red, green and blue of each, at most 256.

    It is not compressed, since compression differs between versions of zlib, and two builds of one page must not.
    Source: https://www.w3.org/TR/png-3/
    """

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", len(lines[0]), len(lines), 8, 3, 0, 0, 0)  # 8 bits a pixel, colors from a list
    pixels = zlib.compress(b"".join(b"\0" + line for line in lines), 0)
    parts = [(b"IHDR", header), (b"PLTE", b"".join(colors)), (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def luminance(rgb: Sequence[float]) -> float:
    """Relative luminance, 0 to 1.  Source: WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [c / 255 for c in rgb]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def readable_on(rgb: Sequence[float]) -> str:
    """Black or white, whichever has more contrast."""
    light = luminance(rgb)
    return "#ffffff" if 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 else "#000000"


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
        self.words.append(
            {"x": x, "y": y, "text": one_line(text), "align": "left", "color": INK, "weight": "normal", **look}
        )

    def write_above(self, lines: Sequence[str], leading: float = 18, **look: Any) -> None:
        """Lines of text on top of everything so far, flush left."""
        self.top += leading * len(lines)
        for index, line in enumerate(lines):
            self.write(-self.left + 2, (index + 1) * leading - self.top - 2, line, **look)

    def write_below(self, title: str) -> None:
        """The name of the horizontal axis, in the middle under it."""
        for line in wrap(title, self.width + self.left + self.right - 8):
            half = text_width(line) / 2
            middle = max(half - self.left + 2, min(self.width / 2, self.width + self.right - half - 2))
            self.write(middle, self.height + self.bottom + 12, line, align="center", color=MUTED)
            self.bottom += 18
        self.bottom += 2

    def write_with_halo(
        self, rows: Sequence[Json], size: float, align: str, color: str = INK, halo: str = SURFACE
    ) -> None:
        """Words that stay readable over lines: first their rim, then they themselves."""
        place = {"x": "datum.x", "y": "datum.y", "align": align, "baseline": "alphabetic", "fontSize": size}
        rim = {"fill": halo, "stroke": halo, "strokeWidth": 3.5, "strokeJoin": "round"}
        for letters in (rim, {"fill": color}):
            if rows:
                self.add("text", rows, {"text": {"field": "text"}}, **place, **letters)

    def legend(self, entries: Sequence[Shape], room: float, over_ramp: bool = False) -> None:
        """One line per name, or several side by side where they fit, above everything so far."""
        rows: list[list[tuple[float, Shape, str]]] = []
        x = room
        for shape in reversed({shape.name: shape for shape in reversed(entries)}.values()):
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
        drawn = style_of(shape, over_ramp)
        here: Sequence[Json] = [{}]
        if shape.mark == "points":
            self.add("point", here, x=x + 11, y=y, **drawn)
        elif shape.mark in ("bars", "area"):
            self.add("rect", here, x=x + 2, x2=x + 20, y=y - 6, y2=y + 6, **drawn)
        else:
            ends = [{"x": x, "y": y}, {"x": x + 22, "y": y}]
            for line in strokes(drawn, over_ramp):
                self.add("line", ends, x="datum.x", y="datum.y", **line)

    def specification(self, title: Sequence[str]) -> Json:
        """All of it as Vega-Lite. Nothing is measured any more: "autosize" is off and every margin is given."""
        self.write_above(title, leading=21, weight=600, size=15)
        if title:
            self.top += 4
        rows = [{"size": SIZE, **word} for word in self.words]
        if rows:
            place = {"x": "datum.x", "y": "datum.y", "align": "datum.align", "baseline": "alphabetic"}
            letters = {"fill": "datum.color", "fontWeight": "datum.weight", "fontSize": "datum.size"}
            self.add("text", rows, {"text": {"field": "text"}}, **place, **letters)
        left, right, top, bottom = map(math.ceil, (self.left, self.right, self.top, self.bottom))
        whole = round(self.left + self.width + self.right)
        return {
            "$schema": f"https://vega.github.io/schema/vega-lite/v{VEGA_LITE.partition('.')[0]}.json",
            "width": whole - left - right,
            "height": math.ceil(self.height),
            "autosize": "none",
            "padding": {"left": left, "right": right, "top": top, "bottom": bottom},
            "background": None,
            "config": {"aria": False, "font": FONT, "view": {"stroke": None}},
            "layer": self.layers,
        }


def plot_attributes(specification: Json) -> dict[str, str]:
    """Where the plot of a drawing lies and what its axes say, for who puts points into it.

    data-plot: left, top, width and height in pixels, then the ends of x and of y. None where an axis is no number line
    that grows evenly to the right or upwards.
    """
    for layer in specification["layer"]:
        scales = [layer["encoding"].get(along, {}).get("scale") for along in ("x", "y")]
        if all(scales):
            if any(scale.get("type") == "log" or scale.get("reverse") for scale in scales):
                return {}
            padding = specification["padding"]
            frame = [padding["left"], padding["top"], specification["width"], specification["height"]]
            ends = [end for scale in scales for end in scale["domain"]]
            return {"data-plot": " ".join(f"{value:.9g}" for value in [*frame, *ends])}
    return {}


def style_of(shape: Shape, over_ramp: bool = False) -> Json:
    """Color and dash, sign or fill of a series."""
    turn = shape.turn % len(DASHES)
    color = shape.color
    if shape.mark == "points":
        return {"shape": SIGNS[turn], "size": 90 if over_ramp else 75, "filled": True, "opacity": 1, "fill": color,
                "stroke": SURFACE, "strokeWidth": 1.9 if over_ramp else 1.3}  # fmt: skip
    if shape.mark == "bars":
        return {"fill": color, "fillOpacity": FILLS[turn], "stroke": color, "strokeWidth": 1.2}
    if shape.mark == "area":
        return {"fill": color, "fillOpacity": 0.22, "stroke": color, "strokeWidth": 2, "strokeDash": DASHES[turn]}
    return {"stroke": color, "strokeWidth": 2.2, "strokeDash": DASHES[turn]}


def strokes(line: Json, over_ramp: bool) -> list[Json]:
    """A line, and over a ramp first its rim: no color is seen on every other, but each is on that of the surface."""
    if not over_ramp:
        return [line]
    return [{**line, "stroke": SURFACE, "strokeWidth": 5}, {**line, "strokeWidth": 2.6}]


def position(field: str, axis: Axis, drawn: Json | None = None, reverse: bool = False) -> Json:
    """Where a field lies along an axis: its channel in a layer. `drawn` is how the axis looks."""
    scale: Json = {"domain": [axis.low, axis.high], "nice": False, **({"type": "log"} if axis.log else {"zero": False})}
    if reverse:
        scale["reverse"] = True
    return {"field": field, "type": "quantitative", "scale": scale, "axis": drawn, "title": None}


def drawn_axis(ticks: Sequence[float], labels: Sequence[str], **changes: Any) -> Json:
    """How an axis looks: quiet, with our own labels, since those of the terminal are to be the same."""
    quiet = {"title": None, "ticks": False, "domain": False, "grid": False, "labelColor": MUTED, "labelFontSize": SIZE,
             "labelPadding": 7, "labelOverlap": False, "labelBound": False, "labelFlush": False, "labelLimit": 0,
             "gridColor": GRID, "domainColor": MUTED}  # fmt: skip
    places = json.dumps(list(ticks))
    names = json.dumps(list(labels), ensure_ascii=False)
    return {**quiet, "values": list(ticks), "labelExpr": f"{names}[indexof({places}, datum.value)]", **changes}
