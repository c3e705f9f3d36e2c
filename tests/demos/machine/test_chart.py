"""A chart: where things are, drawn, as a table and in a terminal."""

import itertools
import json
import re
import xml.etree.ElementTree as ET

import pytest

from demos import Series
from demos._show.chart import chart_layout
from demos._show.pictures import as_text, svg, table, vega_lite
from demos._show.sheet import text_width
from tests.demos.machine.samples import PICTURES, RUN, chart, drawn, shown, texts


def test_lines_say_their_values_under_the_pointer_and_only_in_the_live_chart():
    live, still = (json.dumps(vega_lite(PICTURES["lines"], hover=hover)) for hover in (True, False))
    assert live.count('"tooltip"') == 2
    assert '"tooltip"' not in still


def test_series_differ_by_more_than_color():
    series = [Series(str(k), [0, 1], [k, k + 1], mark) for mark in ("line", "points", "bars") for k in range(3)]
    layers = vega_lite(chart(*series), hover=False)["layer"]
    looks = {
        tuple(json.dumps(layer["mark"].get(way)) for way in ("type", "strokeDash", "shape", "fillOpacity"))
        for layer in layers
        if layer["mark"]["type"] in ("line", "point", "rect")
    }
    assert len(looks) == 9


def test_only_several_series_have_a_legend():
    assert {"train", "test"} <= set(texts(drawn("lines")))
    assert "draws" not in texts(drawn("histogram"))


def test_a_path_that_turns_back_is_drawn_in_its_own_order():
    drawing = svg(chart(Series("there and back", [0, 2, 1], [0, 1, 2])))
    path = next(at for at in re.findall(r' d="([^"]*)"[^>]*stroke="var\(--tl-1\)"', drawing))
    xs = [float(x) for x in re.findall(r"[ML]([\d.]+),", path)]
    assert xs[0] < xs[2] < xs[1]
    assert xs[2] == pytest.approx((xs[0] + xs[1]) / 2, abs=0.1)


def test_names_keep_their_order_and_one_that_comes_twice_is_two_bars():
    layout = chart_layout(chart(Series("p", ["the", "a", "the"], [3, 2, 1], "bars"), Series("q", ["a"], [5], "bars")))
    assert layout.x.labels == ["the", "a", "the"]
    assert layout.shapes[0].x == [0, 1, 2]
    assert layout.shapes[1].x == [1]


def test_bars_of_one_place_stand_side_by_side_around_it():
    first, second = chart_layout(PICTURES["bars"]).shapes
    for place in range(3):
        assert first.left[place] < first.right[place] == pytest.approx(second.left[place])
        assert (first.left[place] + second.right[place]) / 2 == pytest.approx(place)
    assert second.right[0] < first.left[1]


def test_bars_stand_on_zero_and_lines_need_not():
    assert chart_layout(chart(Series("a", [1, 2], [90, 100], "bars"))).y.low == 0
    assert chart_layout(chart(Series("a", [1, 2], [90, 100]))).y.low == 90


def test_whole_numbers_have_no_ticks_between_them():
    assert chart_layout(chart(Series("s", [1, 2, 3], [0.1, 0.2, 0.4]))).x.ticks == [1, 2, 3]


def test_labels_of_close_points_do_not_cover_each_other():
    names = ["king", "queen", "prince", "princess"]
    item = chart(
        Series("words", [0, 2, 2.02, 2.01], [0, 2, 2.02, 2.08], "points", names), Series("fit", [0, 5], [0, 5])
    )
    found = [e for e in ET.fromstring(svg(item)).iter() if e.text in names and "stroke" not in e.attrib]
    boxes = []
    for element in found:
        x, y = map(float, re.search(r"translate\(([-\d.]+),([-\d.]+)\)", element.attrib["transform"]).groups())
        wide = text_width(element.text, 12)
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[element.attrib["text-anchor"]]
        boxes.append((left, y - 10, left + wide, y + 2))
    assert len(boxes) == 4
    for a, b in itertools.combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_no_level_line_strikes_a_label_through():
    names, heights = ["first", "second", "third"], [1.0, 2.0, 3.0]
    intervals = [Series("interval", [0.0, 4.0], [height, height]) for height in heights]
    drawing = svg(chart(*intervals, Series("middle", [2.0, 0.3, 3.7], heights, "points", names)))
    drawn_at = {float(up) for up in re.findall(r'd="M[-\d.]+,([-\d.]+)L[-\d.]+,\1"[^>]*stroke-width="2', drawing)}
    lines = {up for up in drawn_at if up >= 0}  # and not that of the legend, above
    assert len(lines) == 3
    labels = [e for e in ET.fromstring(drawing).iter() if e.text in names and "stroke" not in e.attrib]
    feet = [float(re.search(r"translate\([-\d.]+,([-\d.]+)\)", e.attrib["transform"])[1]) for e in labels]
    assert len(feet) == 3
    assert not [foot for foot in feet if any(foot - 9 < line < foot + 2 for line in lines)]


def test_names_with_quotes_and_backslashes_are_labels_and_no_code():
    names = ['a"b', "c\\d", "'); e", "datum.f"]
    assert set(names) <= set(texts(svg(chart(Series("s", names, [1, 2, 3, 4], "bars")))))


def test_series_over_the_same_x_share_its_column():
    assert table(PICTURES["lines"]) == (
        ["step", "train", "test"],
        [[0, 4, 4.5], [1, 2.5, 3], [2, 2, 2.9], [3, 1.75, 3.1]],
    )


def test_bars_are_as_long_as_their_values():
    lines = shown("histogram").splitlines()
    lengths = [line.count("█") for line in lines if "│" in line]
    values = PICTURES["histogram"]["series"][0]["y"]
    assert len(lengths) == 12
    assert all(
        length == pytest.approx(max(lengths) * value / 14, abs=1.1)
        for length, value in zip(lengths, values, strict=True)
    )


def test_bars_below_zero_go_the_other_way():
    bird = next(line for line in shown("bars").splitlines() if line.startswith("bird"))
    cat = next(line for line in shown("bars").splitlines() if line.startswith(" cat"))
    assert bird.rindex("█") < cat.index("█")


def test_lines_are_told_apart_by_letters():
    text = shown("lines")
    assert "a train   b test" in text
    assert text.count("a") > 4
    assert text.count("b") > 3


def test_a_curve_rises_where_its_values_do():
    lines = as_text({**RUN, "numbers": {}, "show": [chart(Series("s", [0, 1], [0, 1]))]}, 60).splitlines()
    plot = [re.split("[│┤]", line, maxsplit=1)[1] for line in lines if "│" in line or "┤" in line]
    first = [len(line) - len(line.lstrip()) for line in plot]
    assert len(plot) == 14
    assert first == sorted(first, reverse=True)
    assert first[-1] == 0
