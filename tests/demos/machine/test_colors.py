"""One name, one color: in all pictures of a run, on bars that are named like series, and over a heatmap too."""

import re
import xml.etree.ElementTree as ET

import pytest

from demos import Heatmap, Series
from demos._run.run import run
from demos._run.source import names, runs_in_browser
from demos._show.chart import chart_layout
from demos._show.colors import colored, colors_of
from demos._show.heatmap import heatmap_layout
from demos._show.pictures import as_text, svg
from demos._show.sheet import INK, QUIET, SERIES
from tests.demos.machine.samples import PICTURES, RUN, WORDS, chart, plain, texts

BARS = chart(Series("share", [*WORDS, "other"], [0.5, 0.3, 0.1, 0.1], "bars"))
LINES = chart(*(Series(word, [0, 1], [i, i + 1]) for i, word in enumerate(WORDS)), Series("now", [0], [1], "points"))


def fills(drawing):
    """The colors of whatever is filled, in the order in which it is drawn."""
    return [at.attrib["fill"] for at in ET.fromstring(drawing).iter() if at.attrib.get("fill", "none") != "none"]


def shapes_of(item):
    if item["type"] == "chart":
        return chart_layout(item).shapes
    return heatmap_layout(item).overlay if item["type"] == "heatmap" else []


def test_bars_named_like_series_have_their_colors_and_the_others_one_quiet_color():
    bars, lines = colored([BARS, LINES])
    assert [shape.color for shape in shapes_of(lines)] == [*SERIES[:3], INK]
    drawn = [color for color in fills(svg(bars)) if color in SERIES or color == QUIET]
    assert drawn == [*SERIES[:3], QUIET]
    assert not set(fills(svg(BARS))) & set(SERIES)  # alone it knows of no series
    assert not set(texts(svg(bars))) & {"share"}  # the names under the bars say it all


def test_bars_side_by_side_are_series():
    item, other = colored([PICTURES["bars"], LINES])
    assert [shape.color for shape in shapes_of(item)] == SERIES[:2]
    assert [shape.color for shape in shapes_of(other)] == [*SERIES[2:5], INK]


def test_bars_alone_that_have_the_name_of_a_series_have_its_color():
    bars = chart(Series("dog", [1, 2], [3, 4], "bars"))
    assert [shape.color for shape in shapes_of(colored([bars, LINES])[0])] == [SERIES[1]]
    assert [shape.color for shape in shapes_of(bars)] == [QUIET]


def test_a_series_over_a_heatmap_has_the_color_that_it_has_in_a_chart():
    above = [Series("dog", [0, 1], [0, 1]), Series("cat", [0.5], [0.5], "points")]
    plane = plain(Heatmap("A plane", [[0.1, 0.2], [0.4, 0.5]], [0, 1], [0, 1], overlay=above))
    item, other = colored([LINES, plane])
    assert {shape.name: shape.color for shape in shapes_of(other)} == {"dog": SERIES[1], "cat": SERIES[0]}
    strokes = re.findall(r'stroke="(var\(--tl-\w+\))" stroke-width="([\d.]+)"', svg(other))
    assert strokes.index(("var(--tl-surface)", "5")) < strokes.index((SERIES[1], "2.6"))  # the rim is below
    assert colors_of(item)["dog"] == colors_of(other)["dog"]


def test_more_names_than_colors_share_them_where_they_do_not_meet():
    first = chart(*(Series(f"a{i}", [0], [i]) for i in range(4)))
    second = chart(*(Series(f"b{i}", [0], [i]) for i in range(4)))
    many = chart(*(Series(f"c{i}", [0], [i]) for i in range(13)))
    found = [[shape.color for shape in shapes_of(item)] for item in colored([first, second, many])]
    assert found[0] == SERIES[:4]
    assert found[1] == [*SERIES[4:], *SERIES[:2]]
    assert sorted(map(found[2].count, SERIES)) == [2, 2, 2, 2, 2, 3]


def test_series_of_one_name_are_one_thing_with_one_line_in_the_legend():
    paths = [Series("path", [0, 1], [k, k + 1]) for k in range(3)]
    tips = Series("path", [1, 1, 1], [1, 2, 3], "points")
    item = chart(Series("base", [0, 1], [0, 0]), *paths, tips)
    looks = {(shape.color, shape.turn) for shape in shapes_of(item) if shape.name == "path" and shape.mark == "line"}
    assert looks == {(SERIES[1], 1)}
    drawn = texts(svg(item))
    assert [word for word in drawn if word in ("base", "path")] == ["base", "path"]
    assert "a base   b path   ● path" in as_text({**RUN, "show": [item]}, 80)


def test_pictures_without_series_stay_as_they_are():
    others = [PICTURES[name] for name in ("graph", "table", "tokens", "trace", "matrix")]
    assert colored(others) == others


@pytest.mark.parametrize("demo", [name for name in names() if runs_in_browser(name)])
def test_in_every_demo_a_name_has_one_color(demo):
    shown = colored(run(demo)["show"])
    found = {}
    for item in shown:
        here = {shape.name: shape.color for shape in shapes_of(item)}
        for name, color in [*here.items(), *item.get("colors", {}).items()]:
            assert found.setdefault(name, color) == color
        if len(here) <= len(SERIES):
            assert len({*here.values()}) == len(here), item["title"]
