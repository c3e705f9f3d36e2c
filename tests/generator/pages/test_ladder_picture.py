"""The ladder: what builds on what, the bottom rung at the bottom."""

import re
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from generator.pages.ladder_picture import BOX_HEIGHT, GAP, WIDEST, Rung, draw, layers


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ({}, []),
        ({"a": []}, [["a"]]),
        ({"a": [], "b": ["a"], "c": ["b"]}, [["a"], ["b"], ["c"]]),
        ({"c": ["a", "b"], "b": ["a"], "a": [], "d": []}, [["a", "d"], ["b"], ["c"]]),
        ({"a": ["elsewhere"], "b": ["a", "elsewhere"]}, [["a"], ["b"]]),
    ],
)
def test_each_rung_stands_as_high_as_its_longest_way_down(below, expected):
    assert layers(below) == expected


def boxes(drawing):
    """Title -> link, left, top, width of every box."""
    found = {}
    for link in BeautifulSoup(drawing, "html.parser").find_all("a"):
        place = [int(number) for number in re.findall(r"(?:left|top|width):(-?\d+)px", link["style"])]
        found[link.get_text()] = (link["href"], *place)
    return found


# Each name may stand only on names before it, so that nothing goes in a circle.
ladders = st.lists(st.lists(st.integers(0, 30), max_size=4), min_size=1, max_size=30).map(
    lambda rows: {
        f"n{i}": Rung(f"Rung {i}" + " long" * (i % 7), f"terms/n{i}/", [f"n{j}" for j in row if j < i])
        for i, row in enumerate(rows)
    }
)


@given(ladders)
def test_boxes_stand_above_what_they_build_on_and_beside_each_other(rungs):
    found = boxes(draw(rungs, "What builds on what"))
    assert {title: box[0] for title, box in found.items()} == {rung.title: rung.href for rung in rungs.values()}
    for rung in rungs.values():
        for other in rung.below:
            assert found[rung.title][2] + BOX_HEIGHT < found[rungs[other].title][2]
    rows = {}
    for _, left, top, width in found.values():
        rows.setdefault(top, []).append((left, width))
    for row in rows.values():
        row.sort()
        assert all(a + width + GAP - 2 <= b for (a, width), (b, _) in pairwise(row))
        assert row[0][0] >= 0
        assert row[-1][0] + row[-1][1] <= WIDEST + 2


def test_there_is_an_arrow_for_each_thing_a_rung_builds_on():
    rungs = {"a": Rung("A", "a", []), "b": Rung("B", "b", []), "c": Rung("C", "c", ["a", "b", "elsewhere"])}
    paths = BeautifulSoup(draw(rungs, "x"), "html.parser").find_all("path")
    assert len(paths) == 2 * 2  # a line and a tip


def test_titles_and_labels_are_text():
    drawing = draw({"a": Rung('</a><script>"', 'x"y', [])}, 'a "label" <b>')
    page = BeautifulSoup(drawing, "html.parser")
    assert page.script is None
    assert page.b is None
    assert (page.a.get_text(), page.a["href"], page.div["aria-label"]) == ('</a><script>"', 'x"y', 'a "label" <b>')


def test_no_rungs_are_no_drawing():
    assert draw({}, "x") == ""
