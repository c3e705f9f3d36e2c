"""The view of a picture: what its axes hold beside the data, so that they stay as they are while the data move."""

import re

import pytest

from demos import Heatmap, Series
from demos._run.result import NoResult, from_json
from demos._show.chart import chart_layout
from demos._show.heatmap import heatmap_layout
from demos._show.pictures import as_text, extent, html, view_problems
from generator.lessons.sweeps import _view
from tests.demos.machine.samples import PICTURES, chart, plain

LOW = chart(Series("low", [0, 1, 2], [1, 2, 3]))
HIGH = chart(Series("low", [1, 2, 5], [7, 8, 30]))


def within(item, view):
    return {**item, "view": view}


def test_axes_hold_the_view_beside_the_data():
    layout = chart_layout(within(LOW, {"x": [-1, 5], "y": [0, 30]}))
    assert (layout.x.low, layout.x.high, layout.y.low, layout.y.high) == (-1, 5, 0, 30)
    assert chart_layout(within(LOW, {"y": [2, 3]})) == chart_layout(LOW)


def test_two_states_in_the_view_of_both_have_the_same_axes():
    one, other = extent(LOW), extent(HIGH)
    view = {along: [min(one[along][0], other[along][0]), max(one[along][1], other[along][1])] for along in one}
    layouts = [chart_layout(within(item, view)) for item in (LOW, HIGH)]
    assert layouts[0].x == layouts[1].x
    assert layouts[0].y == layouts[1].y
    assert chart_layout(LOW).y != chart_layout(HIGH).y


def test_data_beyond_the_view_are_still_on_the_axes():
    assert chart_layout(within(HIGH, {"x": [0, 2], "y": [0, 3]})).y.high == 30


def test_a_point_at_the_end_keeps_its_room_in_a_view_and_a_view_adds_none():
    points = chart(Series("points", [0, 10], [0, 1], "points"))
    wide = extent(points)["x"]
    assert wide == [-0.3, 10.3]
    assert extent(within(points, {"x": wide}))["x"] == wide


def test_a_logarithmic_axis_holds_only_what_is_positive():
    item = within(chart(Series("fit", [1, 10], [1, 100]), log_y=True), {"y": [-1, 1000]})
    assert extent(item)["y"] == [1, 1000]


def test_names_along_an_axis_have_no_ends_and_the_height_of_bars_has():
    assert extent(PICTURES["bars"]).keys() == {"y"}
    assert chart_layout(within(PICTURES["bars"], {"x": [-9, 9]})).x == chart_layout(PICTURES["bars"]).x


def test_the_view_of_a_heatmap_holds_its_colors():
    item = within(PICTURES["plane"], {"z": [0, 2]})
    assert (heatmap_layout(item).low, heatmap_layout(item).high) == (0, 2)
    assert extent(item) == {"z": [0, 2]}
    both = plain(Heatmap("W", [[-1.5, 0.25]], ["a", "b"], ["c"], scale="diverging"))
    assert extent(within(both, {"z": [0, 3]})) == {"z": [-3, 3]}


@pytest.mark.parametrize("name", [name for name, item in PICTURES.items() if item["type"] not in ("chart", "heatmap")])
def test_what_has_no_axes_is_the_same_in_any_view(name):
    assert extent(PICTURES[name]) == {}
    drawn = [
        re.sub("tl-[0-9a-f]{10}", "", html(item)) for item in (PICTURES[name], within(PICTURES[name], {"x": [0, 9]}))
    ]
    assert drawn[0] == drawn[1]


def test_a_terminal_shows_the_same_axes():
    run = {"summary": "A.", "numbers": {}, "show": [within(LOW, {"y": [0, 40]})]}
    assert "40 ┤" in as_text(run)


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ([0, 1], "its view is more than ends of x, y and z"),
        ({"w": [0, 1]}, "its view is more than ends of x, y and z"),
        ({"x": [0]}, "its view of x is not two numbers"),
        ({"x": [0, True]}, "its view of x is not two numbers"),
        ({"y": [0, float("nan")]}, "its view of y does not go from a low to a high number"),
        ({"y": [1, 0]}, "its view of y does not go from a low to a high number"),
    ],
)
def test_what_is_no_view_is_told(view, said):
    assert [*view_problems(view)] == [said]
    with pytest.raises(NoResult, match=said):
        from_json({"summary": "A.", "numbers": {}, "show": [within(LOW, view)]})


def test_a_view_goes_through_the_check_of_a_result():
    item = within(LOW, {"y": [0, 40]})
    assert from_json({"summary": "A.", "numbers": {}, "show": [item]})["show"] == [item]


def heat(values):
    return plain(Heatmap("heat", values, ["a", "b"], ["c", "d"]))


@pytest.mark.parametrize("value", [0.25, 0, -3])
def test_a_map_of_one_color_asks_for_no_more_of_a_scale_than_its_value(value):
    """Its drawing has a scale that reaches half a unit to both sides, and that is no reason for others to be pale."""
    even = heat([[value, value], [value, value]])
    assert extent(even) == {"z": [value, value]}
    assert _view(heat([[value, value + 0.5], [value, value]]), [even])["z"] == [value, value + 0.5]
    moves = _view(even, [heat([[value, value + 0.5], [value, value]])])["z"]
    assert moves == [value, value + 0.5]
    assert heatmap_layout(even).low < value < heatmap_layout(even).high
