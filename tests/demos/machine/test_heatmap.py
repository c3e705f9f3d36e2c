"""A heatmap: where things are, drawn, as one image, and in a terminal."""

import base64
import re
import struct
import zlib

import numpy as np
import pytest

from demos import Heatmap
from demos._show.heatmap import heatmap_layout
from demos._show.pictures import as_text, svg
from demos._show.sheet import RAMPS, color_at
from tests.demos.machine.samples import PICTURES, RUN, drawn, plain, shown, texts


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
    assert re.search(r'<g clip-path="url\(#tl-\w+-\d+\)"><path [^>]*stroke="var\(--tl-surface\)"', drawn("plane"))


def test_values_are_written_into_the_cells_only_where_asked():
    assert {"3", "0", "4"} <= set(texts(drawn("matrix")))
    assert "0.25" not in texts(drawn("diverging"))


def sized(drawing, wanted):
    """The sizes of the letters of some texts of a drawing, in its own pixels."""
    found = re.findall(r'<text[^>]*font-size="([\d.]+)(?:px)?"[^>]*>(?:<[^>]*>)?([^<]*)<', drawing)
    return [float(size) for size, text in found if text in wanted]


@pytest.mark.parametrize(
    ("columns", "value", "is_written"),
    [(3, 0.25, True), (8, 0.25, True), (16, 0.25, False), (16, 3, True), (10, 123456.5, False), (40, 0, False)],
)
def test_values_that_a_phone_would_make_too_small_are_left_to_the_table(columns, value, is_written):
    item = plain(Heatmap("h", [[value] * columns] * 4, [f"c{i}" for i in range(columns)], list("abcd"), annotate=True))
    found = sized(svg(item), {f"{value:.2f}", str(value), f"{value:g}", "123456"})
    assert bool(found) is is_written
    assert all(size * 358 / 440 >= 9 for size in found), "so wide is the column of a phone, and so wide the drawing"
    assert not is_written or len(found) == 4 * columns


def test_a_name_of_a_row_that_is_too_long_takes_two_lines_and_the_table_has_it_whole():
    names = ["who?", "what is the street like?", "Donaudampfschifffahrtsgesellschaftskapitän"]
    item = plain(Heatmap("h", [[0, 1]] * 3, ["p", "q"], names, annotate=True))
    said = texts(svg(item))
    assert {"who?", "what is the", "street like?"} <= set(said)
    assert any(text.endswith("…") and names[2].startswith(text[:-1]) for text in said), "a word is not cut in two"
    assert names[1] in as_text({**RUN, "show": [item]}, 90)


def test_many_rows_have_no_room_for_two_lines():
    names = [f"what is the street like in {i}?" for i in range(20)]
    said = texts(svg(plain(Heatmap("h", [[0, 1]] * 20, ["p", "q"], names))))
    assert sum(text.startswith("what is the") and text.endswith("…") for text in said) == 20


def test_points_beyond_a_plane_are_not_drawn_and_neither_are_their_labels():
    assert "in" in texts(drawn("plane"))
    assert "out" not in texts(drawn("plane"))


def test_a_small_matrix_is_numbers_and_a_plane_is_shades():
    assert re.search(r"^cat +3 +0$", shown("matrix"), re.MULTILINE)
    assert "0.1 [ ·░▒▓█] 0.6   * edge   ● inputs" in shown("plane")


def test_a_plane_grows_upwards_in_the_terminal_too():
    values = [[0, 0], [1, 1]]
    text = as_text({**RUN, "show": [plain(Heatmap("h", values, [0, 1], [0, 1]))]}, 60)
    rows = [line for line in text.splitlines() if "│" in line]
    assert ("█" in rows[0], "█" in rows[-1]) == (True, False)


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


def test_rows_keep_their_height_where_values_are_left_out():
    names = [f"c{i}" for i in range(30)]
    items = [plain(Heatmap("h", [[0.25] * 30] * 4, names, list("abcd"), annotate=asked)) for asked in (True, False)]
    written, bare = (float(re.search(r'viewBox="0 0 \d+ (\d+)', svg(item))[1]) for item in items)
    assert written >= bare + 20
