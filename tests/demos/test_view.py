"""Every kind of picture in every form: what is in the data is in the form, nothing escapes it, and it is readable."""

import base64
import dataclasses
import itertools
import json
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
import zlib
from functools import cache

import bs4
import markdown
import numpy as np
import pytest
import vl_convert
from hypothesis import example, given, settings
from hypothesis import strategies as st

from demos import Chart, Edge, Graph, Heatmap, Node, Series, Step, Table, Tokens, Trace, _view
from demos._axes import chart_layout, heatmap_layout, is_number, number, number_axis, one_line, tick_labels
from demos._graph import graph_layout
from demos._run.run import run
from demos._sheet import PALETTE, RAMPS, color_at, luminance, readable_on, text_width
from demos._text import columns, fold
from demos._view import as_text, css, described, html, png, save, svg, table, vega_lite


def plain(picture):
    """A picture as the data that a run leaves behind."""
    return {"type": type(picture).__name__.lower(), **json.loads(json.dumps(dataclasses.asdict(picture), default=list))}


def chart(*series, **fields):
    return plain(Chart("A chart", series, **{"x": "step", "y": "loss", **fields}))


WORDS = ["cat", "dog", "bird"]
LONG = ["a rather long name", "an even longer name", "a third, longest of all"]
DRAWS = [1, 3, 5, 9, 12, 14, 13, 9, 6, 3, 2, 1]
ON_TOP = [Series("edge", [0, 1], [0, 5]), Series("inputs", [0.5, 9], [0.25, 9], "points", ["in", "out"])]
NET = [
    Node("x", "input\n0.5", 0, 0),
    Node("h", "hidden", 1, 0.5),
    Node("g", "gate", 1, -0.5),
    Node("y", "output", 2, 0),
]
WIRES = [Edge("x", "h", "1.2", 1.2), Edge("x", "g", "", -0.7), Edge("h", "y"), Edge("g", "y", "closes", 0.4)]

PICTURES = {
    "lines": chart(Series("train", [0, 1, 2, 3], [4, 2.5, 2, 1.75]), Series("test", [0, 1, 2, 3], [4.5, 3, 2.9, 3.1])),
    "steps and area": chart(Series("a", [0, 1, 2], [1, 3, 2], "area"), Series("b", [0, 1, 2], [2, 1, 4], "step")),
    "points": chart(Series("words", [1, 1.1, 3], [2, 2.1, -4], "points", WORDS), Series("fit", [0, 4], [1, 2])),
    "bars": chart(Series("before", WORDS, [0.7, 0.2, -0.1], "bars"), Series("after", WORDS, [0.5, 0.3, 0.2], "bars")),
    "lying bars": chart(Series("p", LONG, [3, 1, 2], "bars")),
    "histogram": chart(Series("draws", range(12), DRAWS, "bars")),
    "logarithms": chart(Series("fit", [1e3, 1e6, 1e9], [1e-4, 1, 2e5]), log_x=True, log_y=True),
    "empty": chart(Series("nothing", [], [])),
    "plane": plain(
        Heatmap("A plane", [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]], [0, 0.5, 1], [0, 1], "x", "y", overlay=ON_TOP)
    ),
    "matrix": plain(Heatmap("A matrix", [[3, 0], [1, 4], [2, 2]], ["yes", "no"], WORDS, "said", "true", annotate=True)),
    "diverging": plain(Heatmap("Weights", [[-1.5, 0.25], [0.5, 1]], ["a", "a"], ["b", "b"], scale="diverging")),
    "graph": plain(Graph("A graph", NET, WIRES)),
    "table": plain(Table("A table", ["name", "value"], [["one", 0.123456], ["two", 23456.7], ["three", 1e-9]])),
    "tokens": plain(Tokens("Pieces", ["The", " quick", "\n\n", " ", "🦊"], [1, 22, 333, 4, 5])),
    "bare tokens": plain(Tokens("Pieces", ["to", "ken", "s"])),
    "trace": plain(Trace("A trace", [Step("user", "2 + 2?"), Step("tool", '{"sum":\n    4}\n\ndone')])),
}  # fmt: skip
DRAWINGS = [name for name, item in PICTURES.items() if item["type"] in ("chart", "heatmap", "graph")]
TEXTS = [name for name in PICTURES if name not in DRAWINGS]
RUN = {
    "demo": "all_kinds",
    "settings": {"rate": 0.1},
    "summary": "All of them.",
    "numbers": {"loss": 0.25, "long name": 12345.6},
    "show": list(PICTURES.values()),
}


@cache
def drawn(name):
    return svg(PICTURES[name])


@cache
def figure(name):
    return html(PICTURES[name])


def texts(drawing):
    return [element.text for element in ET.fromstring(drawing).iter() if element.tag.endswith("}text")]


# --- Vega-Lite --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TEXTS)
def test_text_is_not_drawn(name):
    assert vega_lite(PICTURES[name]) is None
    with pytest.raises(
        ValueError, match=f"a {PICTURES[name]['type']} is text, and only a chart, a heatmap, a graph is"
    ):
        svg(PICTURES[name])


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_specification_holds_all_its_data_and_compiles_without_a_warning(name, capfd):
    specification = vega_lite(PICTURES[name], title=True)
    assert "url" not in json.dumps(specification)
    vl_convert.vegalite_to_vega(specification, vl_version=_view.VEGA_LITE, show_warnings=True)
    assert "WARN" not in "".join(capfd.readouterr())


def test_the_version_of_vega_lite_is_one_that_can_draw_here():
    assert _view.VEGA_LITE in vl_convert.get_vegalite_versions()
    assert vega_lite(PICTURES["bars"])["$schema"].endswith(f"/v{_view.VEGA_LITE[0]}.json")


def test_specifications_and_figures_of_text_need_no_package():
    code = (
        "import sys, json; sys.modules.update(dict.fromkeys(['numpy', 'vl_convert', 'demos.neuron']));"
        "from demos import _view; items = json.load(sys.stdin);"
        "print(sum(len(str(_view.vega_lite(i) or _view.html(i))) for i in items))"
    )
    items = json.dumps(list(PICTURES.values()))
    done = subprocess.run([sys.executable, "-c", code], input=items, capture_output=True, text=True, check=True)
    assert int(done.stdout) > 10_000


def test_lines_say_their_values_under_the_pointer_and_only_in_the_live_chart():
    live, still = (json.dumps(vega_lite(PICTURES["lines"], hover=hover)) for hover in (True, False))
    assert live.count('"tooltip"') == 2
    assert '"tooltip"' not in still


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.parametrize("width", [320, 440, 700])
def test_a_drawing_is_as_wide_as_asked(name, width):
    specification = vega_lite(PICTURES[name], width)
    whole = specification["width"] + specification["padding"]["left"] + specification["padding"]["right"]
    assert whole == width


# --- SVG --------------------------------------------------------------------------------------------------


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
    assert all(re.fullmatch(r"var\(--tl-(ink|muted|grid|surface|[1-6])\)", color) for color in colors), colors


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_the_page_defines_every_color_for_light_and_for_dark(mode):
    light, dark = css().splitlines()
    assert light.startswith(':root, [data-md-color-scheme="default"] {')
    assert dark.startswith('[data-md-color-scheme="slate"] {')
    used = {name for drawing in DRAWINGS for name in re.findall(r"var\((--tl-\w+)\)", drawn(drawing))}
    assert len(used) > 5
    for name in used:
        assert f"{name}: {PALETTE[name][mode]};" in (light, dark)[mode]


def contrast(one, other):
    high, low = sorted((luminance(bytes.fromhex(color[1:])) for color in (one, other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_the_accessibility_guidelines_do():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#ffffff", "#777777") == pytest.approx(4.478, abs=0.001)  # known for just failing 4.5


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_series_and_letters_stand_out_from_the_surface(mode):
    surface = PALETTE["--tl-surface"][mode]
    assert all(contrast(PALETTE[f"--tl-{n}"][mode], surface) >= 3 for n in range(1, 7))
    assert all(contrast(PALETTE[name][mode], surface) >= 4.5 for name in ("--tl-ink", "--tl-muted"))


@pytest.mark.parametrize("ramp", RAMPS.values(), ids=RAMPS)
def test_a_value_is_readable_on_every_color_of_a_ramp(ramp):
    for step in range(101):
        rgb = color_at(ramp, step / 100)
        assert contrast(readable_on(rgb), "#" + "".join(f"{round(part):02x}" for part in rgb)) >= 4.5


def test_series_differ_by_more_than_color():
    series = [Series(str(k), [0, 1], [k, k + 1], mark) for mark in ("line", "points", "bars") for k in range(3)]
    layers = vega_lite(chart(*series), hover=False)["layer"]
    looks = {
        tuple(json.dumps(layer["mark"].get(way)) for way in ("type", "strokeDash", "shape", "fillOpacity"))
        for layer in layers
        if layer["mark"]["type"] in ("line", "point", "rect")
    }
    assert len(looks) == 9


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


def test_a_long_title_is_wrapped_within_the_drawing():
    title = "Loss of six optimizers over training, with a title that is far too long to fit in one line of the drawing"
    lines = [
        line for line in texts(svg({**PICTURES["lines"], "title": title}, standalone=True)) if line and line in title
    ]
    lines = [line for line in lines if len(line) > 10]
    assert " ".join(lines) == title
    assert len(lines) > 1


def test_an_image_has_two_pixels_to_one():
    image = png(PICTURES["bars"])
    root = ET.fromstring(svg(PICTURES["bars"], standalone=True))
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(image[16:20]) == pytest.approx(2 * float(root.attrib["width"]), abs=2)


def test_only_several_series_have_a_legend():
    assert {"train", "test"} <= set(texts(drawn("lines")))
    assert "draws" not in texts(drawn("histogram"))


# --- charts and heatmaps: where things are ----------------------------------------------------------------


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


def test_numbers_along_a_heatmap_have_edges_half_way_and_names_have_them_around():
    assert heatmap_layout(PICTURES["plane"]).columns == [(-0.25, 0.25), (0.25, 0.75), (0.75, 1.25)]
    assert heatmap_layout(PICTURES["matrix"]).rows == [(-0.5, 0.5), (0.5, 1.5), (1.5, 2.5)]


@pytest.mark.parametrize(("rows", "first_is_on_top"), [(["a", "b"], True), ([0, 1], False)])
def test_the_first_row_is_on_top_and_that_of_a_plane_at_the_bottom(rows, first_is_on_top):
    drawing = svg(plain(Heatmap("h", [[0, 1], [2, 3]], ["p", "q"], rows)))
    darkest, brightest = (
        float(re.search(rf'd="M[\d.-]+,([\d.-]+)[^"]*" fill="{color}"', drawing)[1])
        for color in (RAMPS["sequential"][0], RAMPS["sequential"][-1])
    )
    assert (darkest < brightest) is first_is_on_top


def test_zero_is_the_middle_of_a_diverging_scale():
    for values in ([[-1.5, 1.0]], [[0.5, 1.5]], [[-1.5, -0.5]]):
        layout = heatmap_layout(plain(Heatmap("h", values, ["a", "b"], ["c"], scale="diverging")))
        assert (layout.low, layout.high) == (-1.5, 1.5)


def test_cells_of_one_color_become_one_path_and_all_stay():
    drawing = svg(plain(Heatmap("flat", [[7, 7, 7], [7, 7, 7]], ["a", "b", "c"], ["d", "e"])))
    cells = [path for path in re.findall(r'<path d="([^"]*)" fill="#', drawing) if path.count("M") > 1]
    assert [path.count("M") for path in cells] == [6]


def test_a_line_on_a_plane_is_cut_at_its_edge():
    assert re.search(r'<g clip-path="url\(#tl-\w+-\d+\)"><path [^>]*stroke="#ffffff"', drawn("plane"))


def test_values_are_written_into_the_cells_only_where_asked():
    assert {"3", "0", "4"} <= set(texts(drawn("matrix")))
    assert "0.25" not in texts(drawn("diverging"))


def test_points_beyond_a_plane_are_not_drawn_and_neither_are_their_labels():
    assert "in" in texts(drawn("plane"))
    assert "out" not in texts(drawn("plane"))


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


@pytest.mark.parametrize(
    ("ticks", "labels"),
    [
        ([0, 0.25, 0.5], ["0", "0.25", "0.50"]),
        ([-2, 0, 2], ["−2", "0", "2"]),
        ([0, 200000, 400000], ["0", "200k", "400k"]),
        ([0, 1e9, 2e9], ["0", "1B", "2B"]),
        ([0, 1e-5, 2e-5], ["0", "1×10⁻⁵", "2×10⁻⁵"]),
        ([], []),
    ],
)
def test_ticks_share_one_notation(ticks, labels):
    assert tick_labels(ticks) == labels


def test_whole_numbers_have_no_ticks_between_them():
    assert chart_layout(chart(Series("s", [1, 2, 3], [0.1, 0.2, 0.4]))).x.ticks == [1, 2, 3]


SOME_NUMBERS = st.lists(st.floats(-1e9, 1e9).map(lambda x: float(f"{x:.6g}")), min_size=1, max_size=6)


@settings(deadline=None)
@given(SOME_NUMBERS, st.booleans())
def test_an_axis_holds_its_values_and_its_labels_tell_the_ticks_apart(values, nice):
    axis = number_axis("", values, nice=nice)
    room = 1e-9 * (axis.high - axis.low)
    assert axis.low - room <= min(values) <= max(values) <= axis.high + room
    assert 1 <= len(axis.ticks) <= 12
    assert all(axis.low - room <= tick <= axis.high + room for tick in axis.ticks)
    assert len(set(axis.labels)) == len(axis.ticks)


@settings(deadline=None)
@given(st.lists(st.floats(1e-12, 1e12), min_size=1, max_size=6), st.booleans())
def test_so_does_an_axis_by_factors(values, nice):
    axis = number_axis("", values, log=True, nice=nice)
    assert axis.low * (1 - 1e-9) <= min(values) <= max(values) <= axis.high * (1 + 1e-9)
    assert axis.low < axis.high
    assert len(set(axis.labels)) == len(axis.ticks)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        *((12345.67, "12,346"), (0.123456, "0.1235"), (0.00001234567, "1.235e-05"), (2017, "2017"), (3.0, "3")),
        *((-0.5, "-0.5"), (1234567, "1,234,567"), (9999.96, "10000"), (1e300, "1e+300")),
        *((True, "yes"), (None, ""), ("a\tb", "a⇥b")),
    ],
)
def test_a_number_has_four_significant_digits_and_a_whole_one_all(value, said):
    assert number(value) == said


# --- graphs -----------------------------------------------------------------------------------------------


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


# --- tables -----------------------------------------------------------------------------------------------


def leaves(value):
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return [value]
    return [leaf for part in value for leaf in leaves(part)]


@pytest.mark.parametrize("name", PICTURES)
def test_every_value_of_a_picture_is_in_its_table(name):
    item = PICTURES[name]
    series = item.get("series", []) + item.get("overlay", [])
    expected = [value for one in series for part in ("x", "y", "labels") for value in one[part]]
    expected += [wire[part] for wire in item.get("edges", []) for part in ("label", "weight")]
    expected += [", ".join(node["label"].splitlines()) for node in item.get("nodes", [])]
    expected += leaves([item[part] for part in ("values", "pieces", "notes", "steps") if part in item])
    expected += leaves(item["rows"]) if name == "table" else []
    cells = leaves(table(item)[1])
    assert len(expected) > 3 or name == "empty" or name == "bare tokens"
    assert [value for value in expected if value not in cells] == []


def test_series_over_the_same_x_share_its_column():
    assert table(PICTURES["lines"]) == (
        ["step", "train", "test"],
        [[0, 4, 4.5], [1, 2.5, 3], [2, 2, 2.9], [3, 1.75, 3.1]],
    )


def test_a_box_without_arrows_has_a_row_and_boxes_of_one_label_are_told_apart():
    nodes = [Node("a", "same", 0, 0), Node("b", "same", 1, 0), Node("c", "alone", 2, 0)]
    assert table(plain(Graph("g", nodes, [Edge("a", "b", "to")])))[1] == [
        ["same (a)", "same (b)", "to", 1.0],
        ["alone", "", "", ""],
    ]


# --- HTML -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PICTURES)
def test_a_figure_survives_markdown_untouched(name):
    assert "\n" not in figure(name)
    page = markdown.markdown(f"Before.\n\n{figure(name)}\n\nAfter.", extensions=["md_in_html"])
    assert page == f"<p>Before.</p>\n{figure(name)}\n\n<p>After.</p>"


@pytest.mark.parametrize("name", PICTURES)
def test_a_figure_has_its_caption_and_a_drawing_its_data_beside_it(name):
    page = bs4.BeautifulSoup(figure(name), "html5lib")
    assert page.figure["class"] == ["tl-figure", f"tl-{PICTURES[name]['type']}"]
    assert page.figure.figcaption.text == PICTURES[name]["title"]
    if name in DRAWINGS:
        assert page.find(role="img")["aria-label"] == described(PICTURES[name])
        assert page.find(role="img").svg["aria-hidden"] == "true"
        assert page.details.summary.text == "Data as a table"
        assert len(page.details.find_all("tr")) == 1 + len(table(PICTURES[name])[1])


EVIL = '<script>alert("x")</script>&amp;"\x00\x1b[31m\n</figure>'
EVIL_SERIES = [Series(EVIL, [EVIL, "b"], [1, 2], "bars"), Series(EVIL, [EVIL, "b"], [2, 1], "points", [EVIL] * 2)]
EVIL_POINT = Series(EVIL, [0], [0], "points", [EVIL])
EVIL_PICTURES = [
    plain(Chart(EVIL, EVIL_SERIES, EVIL, EVIL)),
    plain(Heatmap(EVIL, [[1, 2]], [EVIL, "`${}"], [EVIL], EVIL, EVIL, overlay=[EVIL_POINT])),
    plain(Graph(EVIL, [Node(EVIL, EVIL, 0, 0), Node("b", "", 1, 0)], [Edge(EVIL, "b", EVIL)])),
    plain(Table(EVIL, [EVIL], [[EVIL]])),
    plain(Tokens(EVIL, [EVIL], [EVIL])),
    plain(Trace(EVIL, [Step(EVIL, EVIL)])),
]  # fmt: skip


@pytest.mark.parametrize("item", EVIL_PICTURES, ids=lambda item: item["type"])
def test_whatever_a_picture_says_stays_text(item):
    page = bs4.BeautifulSoup(f"<main>{html(item)}<i>after</i></main>", "html5lib")
    assert not page.find_all("script")
    assert page.i.parent.name == "main"  # no figure was closed from inside
    assert '<script>alert("x")</script>&amp;"' in page.figcaption.text
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", html(item))
    assert "\n" not in html(item)


def test_names_with_quotes_and_backslashes_are_labels_and_no_code():
    names = ['a"b', "c\\d", "'); e", "datum.f"]
    assert set(names) <= set(texts(svg(chart(Series("s", names, [1, 2, 3, 4], "bars")))))


def test_a_long_table_ends_with_a_sentence_on_the_rest():
    item = plain(Table("Long", ["n"], [[i] for i in range(1234)]))
    page = bs4.BeautifulSoup(html(item), "html5lib")
    assert len(page.tbody.find_all("tr")) == 200
    assert page.find("p").text == "The first 200 rows; 1,034 more are left out."


def test_columns_of_numbers_are_marked_and_headed():
    page = bs4.BeautifulSoup(figure("table"), "html5lib")
    assert [(head.text, head["scope"], head.get("class")) for head in page.find_all("th")] == [
        ("name", "col", None),
        ("value", "col", ["tl-number"]),
    ]
    assert [cell.text for cell in page.find_all("td", class_="tl-number")] == ["0.1235", "23,457", "1e-09"]
    scroll = page.find(class_="tl-scroll")
    assert (scroll["tabindex"], scroll["role"], scroll["aria-label"]) == ("0", "group", "Table: A table")


def test_tokens_can_be_copied_and_cycle_through_six_looks():
    page = bs4.BeautifulSoup(html(plain(Tokens("t", ["The", " quick", "  brown"] * 3))), "html5lib")
    assert page.find(class_="tl-pieces").text == "The quick  brown" * 3
    assert [span["class"][1] for span in page.find_all(class_="tl-token")] == [f"tl-token-{i % 6}" for i in range(9)]


def test_line_breaks_in_tokens_are_signs_and_those_of_a_trace_stay():
    assert [span.text for span in bs4.BeautifulSoup(figure("tokens"), "html5lib").find_all(class_="tl-break")] == [
        "↵",
        "↵",
    ]
    assert (
        bs4.BeautifulSoup(figure("trace"), "html5lib").find_all(class_="tl-said")[1].text == '{"sum":\n    4}\n\ndone'
    )


# --- the terminal -----------------------------------------------------------------------------------------


def shown(name, width=80):
    return as_text({**RUN, "show": [PICTURES[name]]}, width)


def test_wide_letters_take_two_columns_and_accents_none():
    assert (columns("cat"), columns("猫"), columns("e\u0301"), columns("🦊")) == (3, 2, 1, 2)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 130))
def test_no_line_is_wider_than_asked(width):
    for data in (RUN, {**RUN, "show": EVIL_PICTURES}):
        assert max(map(columns, as_text(data, width).split("\n"))) <= width


def test_the_text_of_a_real_run_is_plain_and_within_80_columns():
    text = as_text(run("neuron"), 80)
    assert max(map(len, text.splitlines())) <= 80
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
    assert text == as_text(run("neuron"), 80)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_a_run_begins_with_its_sentence_and_its_figures_in_columns():
    assert as_text({**RUN, "show": []}, 80) == "All of them.\n\nloss         0.25\nlong name  12,346\n"


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


def test_a_small_matrix_is_numbers_and_a_plane_is_shades():
    assert re.search(r"^cat +3 +0$", shown("matrix"), re.MULTILINE)
    assert "0.1 [ ·░▒▓█] 0.6   * edge   ● inputs" in shown("plane")


def test_a_plane_grows_upwards_in_the_terminal_too():
    values = [[0, 0], [1, 1]]
    text = as_text({**RUN, "show": [plain(Heatmap("h", values, [0, 1], [0, 1]))]}, 60)
    rows = [line for line in text.splitlines() if "│" in line]
    assert ("█" in rows[0], "█" in rows[-1]) == (True, False)


def test_tokens_are_in_brackets_with_their_notes_beneath():
    assert "[The] [·quick] [↵↵] [·] [🦊]\n1     22       333  4   5\n" in shown("tokens")


def test_arrows_and_steps_are_lines():
    assert (
        "input -- 1.2 --> hidden\ninput -- -0.7 --> gate\nhidden -- 1 --> output\ngate -- closes, 0.4 --> output"
        in shown("graph")
    )
    assert 'user: 2 + 2?\ntool: {"sum":\n      4}\n\n  done\n' in shown("trace")


@settings(deadline=None)
@given(st.text(max_size=60), st.integers(1, 30))
def test_folding_loses_no_letter_and_keeps_to_the_width(text, width):
    lines = fold(text, width)
    kept = [letter for line in lines for letter in line if not letter.isspace()]
    assert kept == [letter for letter in one_line("".join(text.splitlines())) if not letter.isspace()]
    assert all(columns(line) <= width or columns(line[:1]) > width for line in lines)


# --- files ------------------------------------------------------------------------------------------------


def test_several_drawings_are_stacked_in_one_file(tmp_path):
    save({**RUN, "show": [PICTURES["bars"], PICTURES["table"], PICTURES["graph"]]}, tmp_path / "both.svg")
    root = ET.parse(tmp_path / "both.svg").getroot()
    first, second = root.findall("{http://www.w3.org/2000/svg}svg")
    assert float(first.attrib["y"]) + float(first.attrib["height"]) < float(second.attrib["y"])
    assert float(second.attrib["y"]) + float(second.attrib["height"]) < float(root.attrib["height"])


def test_an_image_file_is_an_image(tmp_path):
    save({**RUN, "show": [PICTURES["bars"]]}, str(tmp_path / "bars.PNG"))
    assert (tmp_path / "bars.PNG").read_bytes() == png(PICTURES["bars"])


def test_a_page_holds_everything_and_asks_nobody_for_anything(tmp_path):
    save({**RUN, "show": [PICTURES["bars"], PICTURES["tokens"]]}, tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    page = bs4.BeautifulSoup(text, "html5lib")
    assert page.h1.text == page.title.text == "All kinds"
    assert [element.text for element in page.find_all("dd")] == ["0.25", "12,346"]
    assert figure("bars") in text
    assert figure("tokens") in text
    assert "prefers-color-scheme: dark" in text
    assert not page.find_all(["script", "link", "img", "iframe"])
    assert not page.find_all(href=True)
    assert not page.find_all(src=True)
    assert set(re.findall(r"https?://[^\"' ]+", text)) == {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("chart.pdf", "cannot write chart.pdf: I can write .svg, .png or .html, not .pdf"),
        ("chart", "cannot write chart: I can write .svg, .png or .html, and this name has no ending"),
    ],
)
def test_another_ending_is_refused_with_those_that_work(tmp_path, name, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        save(RUN, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=f"^cannot write a.svg: there is no folder {re.escape(str(tmp_path))}/no$"
    ):
        save(RUN, tmp_path / "no" / "a.svg")


def test_a_run_without_drawings_is_no_image(tmp_path):
    with pytest.raises(ValueError, match=re.escape("all_kinds shows no drawing, only text: save it as .html")):
        save({**RUN, "show": [PICTURES["trace"]]}, tmp_path / "trace.svg")


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    (tmp_path / "page.html").write_text("old")

    def broken(*_):
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", broken)
    with pytest.raises(OSError, match="disk full"):
        save({**RUN, "show": []}, tmp_path / "page.html")
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]
    assert (tmp_path / "page.html").read_text() == "old"


def test_a_drawing_is_described_for_who_cannot_see_it():
    assert described(PICTURES["plane"]) == (
        "Heatmap “A plane” with 2 rows of 3 cells, edge (line, 2 values), inputs (points, 2 values); across: x; up: y."
    )
    assert described(PICTURES["graph"]) == "Graph “A graph” with 4 boxes and 4 arrows."


def test_is_number_takes_no_switch_for_a_number():
    assert (is_number(1), is_number(0.5), is_number(True), is_number("1")) == (True, True, False, False)


# --- fine heatmaps ----------------------------------------------------------------------------------------


def pixels(item):
    """The image inside the drawing of a fine heatmap, as red, green and blue: [R, C, 3], first row on top."""
    found = re.search(r"data:image/png;base64,([A-Za-z0-9+/=]+)", svg(plain(item)))
    rest, chunks = base64.b64decode(found[1])[8:], {}
    while rest:
        (length,) = struct.unpack(">I", rest[:4])
        chunks[rest[4:8]], rest = rest[8 : 8 + length], rest[12 + length :]
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    colors = np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3).astype(int)
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, 1 + width)
    return colors[lines[:, 1:]]  # each line starts with the filter, which is none


def test_a_fine_heatmap_is_one_image_whose_pixels_run_from_one_end_of_the_ramp_to_the_other():
    values = np.arange(900.0).reshape(30, 30)
    named = [str(i) for i in range(30)]
    picture = pixels(Heatmap("h", values, named, named))
    assert picture.shape == (30, 30, 3)
    np.testing.assert_allclose(picture[0, 0], color_at(RAMPS["sequential"], 0), atol=1)
    np.testing.assert_allclose(picture[-1, -1], color_at(RAMPS["sequential"], 1), atol=1)
    np.testing.assert_allclose(picture[0, -1], color_at(RAMPS["sequential"], 29 / 899), atol=2)


def test_rows_that_are_numbers_grow_upwards_in_a_fine_heatmap_too():
    values, axis = np.arange(900.0).reshape(30, 30), np.linspace(-1, 1, 30)
    upwards = pixels(Heatmap("h", values, axis, axis))
    named = [str(i) for i in range(30)]
    np.testing.assert_array_equal(upwards, pixels(Heatmap("h", values, named, named))[::-1])
    np.testing.assert_array_equal(upwards, pixels(Heatmap("h", values[::-1], axis, axis[::-1])))


def test_a_fine_heatmap_of_one_value_is_drawn():
    axis = np.linspace(0, 1, 30)
    picture = pixels(Heatmap("h", np.full((30, 30), 0.5), axis, axis))
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) == 1
