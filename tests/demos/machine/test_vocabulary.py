"""The short forms of pictures: each gives what the long form gives."""

import numpy as np
import pytest

from demos import Chart, Heatmap, Result, Series, Table, axes, bars, cloud, columns, curves, point
from demos._run.result import checked

X, Y, Z = np.arange(3), np.array([4.0, 0.0, 1e-20]), [7, 8, 9]


def plain(*pictures):
    """What a page is given of these pictures."""
    found, problems = checked(Result("A.", {}, pictures))
    assert problems == []
    return found["show"]


def test_curves_on_axes_are_a_chart_with_a_series_for_each_name():
    short = axes("Loss", "step", "loss") + curves(X, {"training": Y, "test": Z}) + point("now", 2, 5.0)
    long = Chart("Loss", [Series("training", X, Y), Series("test", X, Z), Series("now", [2], [5.0], "points")],
                 x="step", y="loss")  # fmt: skip
    assert plain(short) == plain(long)


@pytest.mark.parametrize(("log", "x", "y"), [("", 0, 0), ("x", 1, 0), ("y", 0, 1), ("xy", 1, 1)])
def test_axes_are_logarithmic_where_they_are_named(log, x, y):
    chart = axes("Loss", log=log)
    assert (chart.log_x, chart.log_y) == (x, y)


def test_adding_leaves_the_chart_as_it_was():
    empty = axes("Loss")
    assert len((empty + curves(X, {"a": Y}) + curves(X, {"b": Y})).series) == 2
    assert len(empty.series) == 0


def test_series_added_to_a_heatmap_lie_on_top_of_those_it_has():
    first, second = Series("line", [0, 1], [0, 1]), cloud("corners", np.array([[0, 1], [1, 0]]), ["a", "b"])
    short = Heatmap("Plane", np.eye(2), [0, 1], [0, 1], overlay=[first]) + second
    last = Series("corners", [0, 1], [1, 0], "points", ["a", "b"])
    assert plain(short) == plain(Heatmap("Plane", np.eye(2), [0, 1], [0, 1], overlay=[first, last]))


def test_points_that_are_not_above_the_floor_are_left_out_of_their_curve_only():
    one, other = curves(X, {"falls": Y, "stays": Z}, above=1e-12)
    assert (list(one.x), list(one.y)) == ([0], [4.0])
    assert (list(other.x), list(other.y)) == ([0, 1, 2], Z)


def test_a_point_exactly_on_the_floor_is_left_out():
    assert list(curves(X, {"a": [0.0, 1.0, 2.0]}, above=1.0)[0].y) == [2.0]


def test_a_curve_of_another_length_is_refused():
    with pytest.raises(ValueError, match="zip"):
        curves(X, {"short": [1.0]}, above=0)
    _, problems = checked(Result("A.", {}, [axes("Loss") + curves(X, {"short": [1.0]})]))
    assert problems == ["the chart 'Loss': the series 'short' has 3 values of x and 1 of y"]


def test_curves_take_another_mark():
    assert [series.mark for series in curves(X, {"a": Y, "b": Z}, "area")] == ["area", "area"]


def test_bars_have_names_under_them():
    short = axes("Shares", y="share") + bars(["cat", "dog", "bird"], {"before": Y, "after": Z})
    before, after = (Series(name, ["cat", "dog", "bird"], y, "bars") for name, y in (("before", Y), ("after", Z)))
    assert plain(short) == plain(Chart("Shares", [before, after], y="share"))


def test_points_share_one_x():
    assert plain(axes("Loss") + point("now", 3, 1.0, 2.0, labels=["a", "b"])) == plain(
        Chart("Loss", [Series("now", [3, 3], [1.0, 2.0], "points", ["a", "b"])])
    )


def test_columns_are_turned_into_rows():
    short = columns("Places", ["place", "name", "share"], [range(1, 3), ["cat", "dog"], np.array([0.75, 0.25])])
    assert plain(short) == plain(Table("Places", ["place", "name", "share"], [[1, "cat", 0.75], [2, "dog", 0.25]]))


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="zip"):
        columns("Places", ["place", "name"], [[1, 2, 3], ["cat", "dog"]])
