"""Drawings as SVG and as pixels."""

import re
import xml.etree.ElementTree as ET

import pytest

from demos._show.pictures import described, png, svg
from demos._show.sheet import PALETTE
from demos._show.svg import MOST_PIXELS, as_png
from tests.demos.machine.samples import DRAWINGS, PICTURES, drawn, texts


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_for_a_page_is_one_line_that_scales_and_says_what_it_is(name):
    drawing = drawn(name)
    root = ET.fromstring(drawing)
    assert drawing.startswith("<svg ")
    assert "\n" not in drawing
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == described(PICTURES[name])
    assert "width" not in root.attrib
    assert "height" not in root.attrib
    assert root.attrib["viewBox"].startswith("0 0 440 ")
    assert "font-family" not in drawing  # the letters are those of the page


@pytest.mark.parametrize("name", [name for name in DRAWINGS if PICTURES[name]["type"] != "heatmap"])
def test_charts_and_graphs_take_every_color_from_the_page(name):
    colors = set(re.findall(r'(?:fill|stroke|stop-color)="([^"]*)"', drawn(name))) - {"none", "transparent"}
    assert colors
    assert all(re.fullmatch(r"var\(--tl-(ink|muted|grid|surface|[0-6])\)", color) for color in colors), colors


def test_names_inside_drawings_never_meet_and_always_lead_somewhere():
    other = {**PICTURES["plane"], "title": "Another plane"}
    names = []
    for drawing in (drawn("plane"), drawn("diverging"), svg(other)):
        inside = re.findall(r'\bid="([^"]*)"', drawing)
        assert inside
        assert set(re.findall(r"url\(#([^)]*)\)", drawing)) == set(inside)
        names += inside
    assert len(names) == len(set(names))


def test_the_same_picture_is_the_same_bytes_whatever_was_drawn_before():
    first = svg(PICTURES["plane"])
    svg(PICTURES["diverging"])
    assert svg(PICTURES["plane"]) == first


def test_a_drawing_for_a_file_has_a_title_a_size_and_colors_of_its_own():
    drawing = svg(PICTURES["graph"], standalone=True)
    root = ET.fromstring(drawing)
    assert "A graph" in texts(drawing)
    assert "A graph" not in texts(drawn("graph"))
    assert "var(" not in drawing
    assert root.attrib["viewBox"] == f"0 0 {root.attrib['width']} {root.attrib['height']}"
    assert root[0].attrib == {"width": "100%", "height": "100%", "fill": PALETTE["--tl-surface"][0]}


def test_an_image_has_two_pixels_to_one():
    image = png(PICTURES["bars"])
    root = ET.fromstring(svg(PICTURES["bars"], standalone=True))
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(image[16:20]) == pytest.approx(2 * float(root.attrib["width"]), abs=2)


def sheet_of(width, height):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><rect width="9" height="9"/></svg>'
    )


@pytest.mark.parametrize(
    ("width", "height", "scale"), [(MOST_PIXELS, 2, 1), (1, MOST_PIXELS / 2, 2), (1e9, 1e9, 1), (8000, 8000, 1)]
)
def test_an_image_that_would_fill_the_memory_is_refused_before_it_is_made(width, height, scale):
    with pytest.raises(ValueError, match=r"an image would have [\d,]+ pixels, and 50,000,000 at most; save it as .svg"):
        as_png(sheet_of(width, height), scale=scale)


def test_a_large_image_is_made():
    assert as_png(sheet_of(3000, 1000), scale=1).startswith(b"\x89PNG")
