"""A Vega-Lite specification as SVG, for a page or on paper, and as pixels.

This is the one file here that needs a package, vl-convert: for pixels, and for drawings with words that paint.py does
not know. A live page draws the same specifications itself.
"""

import hashlib
import json
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from typing import Any

from demos._show.axes import Json
from demos._show.paint import CannotPaint, paint
from demos._show.sheet import FONT, PALETTE, VEGA_LITE, plot_attributes, svg_attributes

MOST_PIXELS = 50_000_000  # of an image, which holds 200 MB while it is made

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"


def for_page(specification: Json, name: str, attributes: Mapping[str, str]) -> str:
    """A drawing as one line of SVG.

    Its colors are the variables of sheet.css(), its letters those of the page, its width that of its place. name: what
    names inside the drawing start with; attributes: more of them, for its root.
    """
    padding = specification["padding"]
    width = specification["width"] + padding["left"] + padding["right"]
    height = specification["height"] + padding["top"] + padding["bottom"]
    attributes = {**svg_attributes(width, height), **plot_attributes(specification), **attributes}
    try:
        return paint(specification, name, attributes)
    except CannotPaint:
        return by_vega(specification, name, attributes)


def on_paper(drawings: Sequence[tuple[Json, str]]) -> str:
    """Drawings one below the other on light paper, with a size, concrete colors and letters.

    drawings: of each its specification, and its name as for for_page().
    """
    return _on_paper([ET.fromstring(for_page(specification, name, {})) for specification, name in drawings])


def as_png(drawing: str, scale: float = 2) -> bytes:
    """SVG on paper as an image, `scale` pixels of it to one of the SVG.

    Raises ValueError for one that would have more than MOST_PIXELS.
    """
    import vl_convert

    root = ET.fromstring(drawing)
    pixels = scale**2 * float(root.attrib["width"]) * float(root.attrib["height"])
    if pixels > MOST_PIXELS:
        raise ValueError(f"an image would have {pixels:,.0f} pixels, and {MOST_PIXELS:,} at most; save it as .svg")
    return bytes(vl_convert.svg_to_png(drawing, scale=scale))


def name_of(content: Any) -> str:
    """A name for what is drawn, which nothing else has: several drawings share a page."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return "tl-" + hashlib.sha256(text.encode()).hexdigest()[:10]


def by_vega(specification: Json, name: str, attributes: Mapping[str, str]) -> str:
    """The same as paint() by Vega, which knows every word of its language and takes long."""
    import vl_convert

    root = ET.fromstring(vl_convert.vegalite_to_svg(specification, vl_version=VEGA_LITE))
    _name_apart(root, name)
    _clean(root)
    root.attrib.clear()
    root.attrib |= attributes
    return _written(root)


def _name_apart(root: ET.Element, prefix: str) -> None:
    """Names inside a drawing, and what points at them, from its content: several drawings share a page."""
    names = {element.attrib["id"]: f"{prefix}-{index}" for index, element in enumerate(root.iterfind(".//*[@id]"))}
    for element in root.iter():
        for attribute, value in element.attrib.items():
            if attribute == "id":
                element.attrib[attribute] = names[value]
            else:
                element.attrib[attribute] = re.sub(r"url\(#([^)]+)\)", lambda at: f"url(#{names[at[1]]})", value)


UNUSED = {
    *("class", "role", "aria-hidden", "aria-roledescription", "aria-label", "pointer-events", "font-family", "version"),
}
USUAL = {
    *(("opacity", "1"), ("fill-opacity", "1"), ("stroke-dasharray", ""), ("font-weight", "normal")),
    *(("stroke-miterlimit", "10"), ("transform", "translate(0,0)"), ("y2", "0"), ("x2", "0")),
}


def _clean(element: ET.Element) -> None:
    """Away with what shows nothing; numbers to two decimals; neighbors that look the same become one path."""
    for name, value in list(element.attrib.items()):
        if name in UNUSED or (name, value) in USUAL:
            del element.attrib[name]
        elif name in ("fill", "stroke", "stop-color"):
            element.attrib[name] = re.sub(r"rgb\((\d+), (\d+), (\d+)\)", _as_hex, value)
        else:
            element.attrib[name] = re.sub(r"-?\d+\.\d+(e-?\d+)?", _rounded, value)
    kept: list[ET.Element] = []
    for child in list(element):
        _clean(child)
        tag = child.tag.removeprefix(f"{{{SVG}}}")
        unseen = tag == "path" and not child.attrib.get("fill") and not child.attrib.get("stroke")
        if (unseen and not element.tag.endswith("clipPath")) or (tag in ("g", "defs") and not len(child)):
            continue
        for one in list(child) if tag == "g" and not child.attrib else [child]:
            if kept and _looks(kept[-1]) == _looks(one) is not None:
                kept[-1].attrib["d"] += one.attrib["d"]
            else:
                kept.append(one)
    element[:] = kept


def _rounded(figure: re.Match[str]) -> str:
    text = f"{float(figure[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _as_hex(rgb: re.Match[str]) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in rgb.groups())


def _looks(element: ET.Element) -> dict[str, str] | None:
    """How a filled path looks, or None for what must stay by itself."""
    look = {name: value for name, value in element.attrib.items() if name != "d"}
    alone = not element.tag.endswith("}path") or look.keys() != {"fill"}
    return None if alone else look


def _written(root: ET.Element) -> str:
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)  # a plain href on an image breaks the theme's navigation
    return " ".join(ET.tostring(root, encoding="unicode").split("\n"))


def _on_paper(drawings: list[ET.Element]) -> str:
    """Drawings one below the other on light paper, with concrete colors and letters."""
    sizes = [tuple(map(float, drawing.attrib["viewBox"].split()[2:])) for drawing in drawings]
    margin, gap = 16, 28
    width = max(wide for wide, _ in sizes) + 2 * margin
    height = math.fsum(high for _, high in sizes) + gap * (len(sizes) - 1) + 2 * margin
    look = {"width": f"{width:g}", "height": f"{height:g}", "viewBox": f"0 0 {width:g} {height:g}", "font-family": FONT}
    sheet = ET.Element(f"{{{SVG}}}svg", look)
    ET.SubElement(sheet, f"{{{SVG}}}rect", {"width": "100%", "height": "100%", "fill": "var(--tl-surface)"})
    top = float(margin)
    for drawing, (wide, high) in zip(drawings, sizes, strict=True):
        drawing.attrib = {"x": f"{margin}", "y": f"{top:g}", "width": f"{wide:g}", "height": f"{high:g}",
                          "viewBox": drawing.attrib["viewBox"]}  # fmt: skip
        sheet.append(drawing)
        top += high + gap
    return re.sub(r"var\((--tl-\w+)\)", lambda name: PALETTE[name[1]][0], _written(sheet))
