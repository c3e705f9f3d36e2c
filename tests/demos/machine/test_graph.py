"""A graph: where boxes and arrows go, how they are drawn, and as a table."""

import itertools

from hypothesis import example, given, settings
from hypothesis import strategies as st

from demos import Edge, Graph, Node
from demos._show.graph_layout import graph_layout
from demos._show.pictures import table, vega_lite
from demos._show.sheet import text_width
from tests.demos.machine.samples import PICTURES, plain


def apart(a, b):
    return abs(a.x - b.x) >= (a.width + b.width) / 2 or abs(a.y - b.y) >= (a.height + b.height) / 2


PLACES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=7, unique=True)


@settings(deadline=None)
@example([(0, 0), (0, 1)], [(1, 0)] * 5, 320)
@given(PLACES, st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=9), st.sampled_from([320, 440]))
def test_boxes_never_overlap_and_everything_is_inside(places, wires, width):
    nodes = [Node(str(i), ["a", "feed-forward\nnetwork", "softmax"][i % 3], x, y) for i, (x, y) in enumerate(places)]
    edges = [Edge(str(a), str(b), "x" * (a % 3)) for a, b in wires if a < len(nodes) > b]
    layout = graph_layout(plain(Graph("g", nodes, edges)), width, text_width)
    assert all(apart(a, b) for a, b in itertools.combinations(layout.boxes, 2))
    for box in layout.boxes:
        assert box.width / 2 <= box.x <= layout.width - box.width / 2
        assert box.height / 2 <= box.y <= layout.height - box.height / 2
    for arrow in layout.arrows:
        assert all(0 <= x <= layout.width and 0 <= y <= layout.height for x, y in arrow.path)


def test_an_arrow_past_another_box_goes_around_it():
    nodes = [Node(name, name, 0, -i) for i, name in enumerate(["in", "attention", "add"])]
    layout = graph_layout(
        plain(Graph("residual", nodes, [Edge("in", "attention"), Edge("in", "add", "skip")])), 440, text_width
    )
    around = layout.arrows[1].path
    between = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in itertools.pairwise(around)]
    assert not any(layout.boxes[1].holds(point) for point in around + between)
    assert layout.boxes[0].holds(around[0], 2)
    assert layout.boxes[2].holds(around[-1], 4)


def test_two_arrows_there_and_back_do_not_share_a_way():
    nodes = [Node("a", "a", 0, 0), Node("b", "b", 1, 0)]
    there, back = graph_layout(plain(Graph("g", nodes, [Edge("a", "b"), Edge("b", "a")])), 440, text_width).arrows
    middle_there, middle_back = (arrow.path[len(arrow.path) // 2] for arrow in (there, back))
    assert abs(middle_there[1] - middle_back[1]) > 10


def test_a_row_that_is_too_long_runs_from_top_to_bottom():
    nodes = [Node(str(i), "a longer label", i, 0) for i in range(8)]
    layout = graph_layout(plain(Graph("chain", nodes, [Edge(str(i), str(i + 1)) for i in range(7)])), 440, text_width)
    assert layout.width == 440
    assert [box.y for box in layout.boxes] == sorted(box.y for box in layout.boxes)


def test_weight_is_thickness_and_a_negative_one_is_dashed_in_another_color():
    layers = vega_lite(PICTURES["graph"])["layer"]
    lines = [layer for layer in layers if layer["mark"]["type"] == "line" and "detail" in layer["encoding"]]
    positive, negative = lines
    assert positive["mark"]["stroke"] != negative["mark"]["stroke"]
    assert (positive["mark"]["strokeDash"], bool(negative["mark"]["strokeDash"])) == ([], True)
    thick = {row["weight"]: row["thick"] for line in lines for row in line["data"]["values"]}
    assert thick[1.2] > thick[1.0] > thick[-0.7] > thick[0.4]


def test_a_box_without_arrows_has_a_row_and_boxes_of_one_label_are_told_apart():
    nodes = [Node("a", "same", 0, 0), Node("b", "same", 1, 0), Node("c", "alone", 2, 0)]
    assert table(plain(Graph("g", nodes, [Edge("a", "b", "to")])))[1] == [
        ["same (a)", "same (b)", "to", 1.0],
        ["alone", "", "", ""],
    ]
