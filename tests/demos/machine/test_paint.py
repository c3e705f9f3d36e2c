"""Drawings that are painted are those that Vega makes, byte for byte."""

import pytest

from demos._run.run import run
from demos._run.source import names, runs_in_browser
from demos._show.paint import CannotPaint, paint
from demos._show.pictures import is_drawn, vega_lite
from demos._show.sheet import Sheet
from demos._show.svg import by_vega, for_page
from tests.demos.machine.samples import DRAWINGS, EVIL_PICTURES, PICTURES

ROOT = {"viewBox": "0 0 440 300", "aria-label": 'a "drawing" <of> &'}


def both(item):
    specification = vega_lite(item, hover=False)
    return paint(specification, "tl-x", ROOT), by_vega(specification, "tl-x", ROOT)


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_sample_is_painted_as_vega_draws_it(name):
    painted, drawn = both(PICTURES[name])
    assert painted == drawn


@pytest.mark.parametrize(
    "item", [item for item in EVIL_PICTURES if is_drawn(item["type"])], ids=lambda item: item["type"]
)
def test_hostile_names_are_painted_as_vega_draws_them(item):
    painted, drawn = both(item)
    assert painted == drawn
    assert "<script" not in painted


@pytest.mark.parametrize("demo", [name for name in names() if runs_in_browser(name)])
def test_every_picture_of_every_demo_is_painted_as_vega_draws_it(demo):
    for item in run(demo)["show"]:
        if is_drawn(item["type"]):
            painted, drawn = both(item)
            assert painted == drawn, item["title"]


def sheet(mark="rect", encoding=None, **properties):
    made = Sheet(left=8, right=8)
    made.width, made.height = 100, 20
    place = {"x": 0, "x2": 30, "y": 0, "y2": 20, "fill": "red"} if mark == "rect" else {}
    made.add(mark, [{"size": 3}], encoding, **place | properties)
    return made.specification([])


@pytest.mark.parametrize(
    "specification",
    [
        sheet("arc", theta=1, fill="red"),
        sheet(cornerRadiusEnd=3),
        sheet(strokeWidth={"expr": "2 * datum.size"}),
        sheet(encoding={"opacity": {"field": "size"}}),
        sheet(encoding={"x": {"field": "size", "type": "quantitative", "scale": {"domain": [0, 1], "clamp": True}}}),
        sheet(encoding={"x": {"field": "size", "type": "quantitative", "axis": {"tickCount": 3}}}),
        sheet("line", interpolate="monotone", x=0, y=0, stroke="red"),
        sheet("text", baseline="bottom", x=0, y=0),
    ],
    ids=["mark", "word", "expression", "channel", "scale", "axis", "curve", "baseline"],
)
def test_what_has_an_unknown_word_is_left_to_vega(specification):
    with pytest.raises(CannotPaint):
        paint(specification, "tl-x", {})


def test_what_can_not_be_painted_is_drawn_by_vega():
    specification = sheet(cornerRadiusTopLeft=3)
    assert for_page(specification, "tl-x", {}).count("<path") == 1
    assert paint(sheet(), "tl-x", {}).count("<path") == 1
