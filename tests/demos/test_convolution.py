"""Convolution against PyTorch and SciPy, as a dense layer, and what defines it: a moved picture has a moved map."""

import numpy as np
import pytest
import torch
from scipy.signal import correlate2d

from demos.convolution import (
    FOUR,
    KERNELS,
    SIDE,
    as_dense,
    built_in,
    convolve,
    demo,
    difference_when_moved,
    field_of_view,
    layers,
    moved,
)

SETTINGS = [(stride, padding) for stride in (1, 2, 3) for padding in (0, 1, 2)]


def drawn(seed, side=9, k=3):
    rng = np.random.default_rng(seed)
    return rng.uniform(size=(side, side)), rng.normal(size=(k, k))


@pytest.mark.parametrize(("stride", "padding"), SETTINGS)
@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_maps_are_those_of_torch(stride, padding, k):
    image, kernel = drawn(seed=k, side=11, k=k)
    tensors = (torch.tensor(each)[None, None] for each in (image, kernel))
    expected = torch.nn.functional.conv2d(*tensors, stride=stride, padding=padding)[0, 0].numpy()
    map_ = convolve(image, kernel, stride, padding)
    np.testing.assert_allclose(map_, expected, atol=1e-12)
    assert len(map_) == (11 + 2 * padding - k) // stride + 1  # as the page says


@pytest.mark.parametrize("seed", range(3))
def test_scipy_calls_it_correlation_and_turns_the_kernel_for_a_convolution(seed):
    image, kernel = drawn(seed)
    np.testing.assert_allclose(convolve(image, kernel), correlate2d(image, kernel, mode="valid"), atol=1e-12)


@pytest.mark.parametrize(("stride", "padding"), SETTINGS)
def test_it_is_a_dense_layer_with_the_same_weights_again_and_again(stride, padding):
    image, kernel = drawn(seed=5, side=8)
    matrix = as_dense(kernel, 8, stride, padding)
    np.testing.assert_allclose(matrix @ image.ravel(), convolve(image, kernel, stride, padding).ravel(), atol=1e-12)
    assert set(matrix.ravel().round(12)) <= {0.0, *kernel.ravel().round(12)}


@pytest.mark.parametrize("seed", range(5))
def test_a_moved_picture_has_a_moved_map(seed):
    image, kernel = drawn(seed)
    image[:, [0, -1]] = 0  # so that nothing is pushed out, and nothing comes in
    before, after = convolve(image, kernel), convolve(moved(image, 1), kernel)
    np.testing.assert_allclose(after[:, 1:], before[:, :-1], atol=1e-12)
    assert difference_when_moved(image, kernel, 1, 0) == pytest.approx(0, abs=1e-12)
    assert difference_when_moved(image, kernel, 2, 0) > 0.1  # a stride skips what has moved between its places


@pytest.mark.parametrize(("count", "stride"), [(1, 1), (2, 1), (4, 1), (1, 2), (2, 2), (3, 2), (2, 3)])
def test_a_value_sees_as_many_pixels_as_change_it(count, stride):
    side, kernel = 40, np.ones((3, 3))
    image = np.ones((side, side))
    *_, last = layers(image, kernel, count, stride, 0)
    middle = len(last) // 2
    seen = 0
    for column in range(side):
        other = image.copy()
        other[:, column] += 1
        seen += layers(other, kernel, count, stride, 0)[-1][middle, middle] != last[middle, middle]
    assert seen == field_of_view(count, 3, stride)


def test_layers_go_through_relu_and_end_before_the_window_no_longer_fits():
    image, kernel = drawn(seed=1)
    maps = layers(image, kernel, 2, 1, 0)
    np.testing.assert_allclose(maps[1], convolve(np.maximum(maps[0], 0), kernel), atol=1e-12)
    assert [len(map_) for map_ in layers(image, kernel, 9, 1, 0)] == [7, 5, 3, 1]


def test_an_edge_is_found_on_both_sides_and_nothing_on_a_plain_wall():
    wall = np.zeros((6, 6))
    wall[:, 3:] = 1
    assert convolve(wall, KERNELS["vertical edges"]).tolist() == [[0, 1, 1, 0]] * 4
    assert not convolve(wall, KERNELS["horizontal edges"]).any()
    for name in ("vertical edges", "horizontal edges", "outline"):
        assert convolve(np.ones((5, 5)), KERNELS[name]) == pytest.approx(np.zeros((3, 3)), abs=1e-12)
    np.testing.assert_allclose(convolve(np.ones((5, 5)), KERNELS["blur"]), 1)


def test_the_kernel_named_moved_moves_the_picture():
    image = built_in()
    np.testing.assert_array_equal(convolve(image, KERNELS["moved"], padding=1), moved(image, 1))


def test_what_the_page_says_of_its_defaults():
    numbers = demo().numbers
    assert built_in().shape == (SIDE, SIDE)
    assert built_in().sum() == FOUR.count("#")
    assert (numbers["side of the map"], numbers["weights of one convolution"]) == (10, 9)
    assert numbers["weights of a dense layer in its place"] == 144 * 100
    assert numbers["share of zeros among these, if it does the same"] == pytest.approx(1 - 9 / 144)
    assert numbers["difference when the picture moves by one pixel"] == 0


def test_a_drawing_takes_the_place_of_the_four():
    drawing = np.zeros((SIDE, SIDE))
    drawing[4, 5] = 1.0
    result = demo(kernel="outline", drawing=drawing.tolist())
    assert result.numbers["values of the map that are not zero"] == 9
    assert result.numbers["strongest value of the map"] == 1
    assert np.array(result.show[1].values).sum() == 1
