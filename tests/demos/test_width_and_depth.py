"""Width and depth against the theorems, and the count of pieces against curves computed by PyTorch."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from demos.width_and_depth import (
    GRID,
    demo,
    folding,
    kinks,
    network,
    parabola,
    random_weights,
    side_by_side,
    size,
)


def of_torch(layers):
    """The same network, built from layers of PyTorch."""
    parts = []
    for W, b in layers:
        linear = torch.nn.Linear(*W.shape).double()
        linear.weight.data[:], linear.bias.data[:] = torch.tensor(W.T), torch.tensor(b)
        parts += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*parts[:-1])


def wide(rng, width, depth=1):
    """Random weights with both signs and kinks all over the place."""
    sizes = [1, *[width] * depth, 1]
    return [(rng.normal(scale=1.5, size=(n, m)), rng.normal(scale=0.5, size=m)) for n, m in pairwise(sizes)]


@pytest.mark.parametrize("seed", range(3))
def test_the_network_is_a_stack_of_linear_layers_with_relu(seed):
    layers = wide(np.random.default_rng(seed), 7, depth=3)
    x = np.linspace(-1, 2, 50)
    expected = of_torch(layers)(torch.tensor(x)[:, None])[:, 0].detach().numpy()
    np.testing.assert_allclose(network(x, layers), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("depth", range(1, 9))
def test_folding_draws_exactly_two_to_the_power_of_depth_pieces(depth):
    np.testing.assert_allclose(kinks(folding(depth)), np.arange(1, 2**depth) / 2**depth, atol=1e-12)  # Telgarsky
    at_kinks = network(np.arange(2**depth + 1) / 2**depth, folding(depth))
    assert at_kinks.tolist() == [0, 1] * 2 ** (depth - 1) + [0]


@pytest.mark.parametrize("depth", range(1, 9))
def test_the_parabola_is_met_at_the_kinks_and_missed_most_in_between_by_what_theory_says(depth):
    at_kinks = np.arange(2**depth + 1) / 2**depth
    np.testing.assert_allclose(network(at_kinks, parabola(depth)), at_kinks**2, atol=1e-15)
    between = (at_kinks[1:] + at_kinks[:-1]) / 2
    np.testing.assert_allclose(network(between, parabola(depth)) - between**2, 4.0 ** -(depth + 1), rtol=1e-9)


@pytest.mark.parametrize("width", [1, 3, 10, 40])
@pytest.mark.parametrize("seed", range(4))
def test_one_layer_never_draws_more_pieces_than_neurons_and_one(width, seed):
    assert len(kinks(wide(np.random.default_rng(seed), width))) <= width


@pytest.mark.parametrize(("depth", "width"), [(1, 6), (2, 5), (3, 4), (4, 3)])
@pytest.mark.parametrize("seed", range(5))
def test_kinks_are_where_the_slope_that_torch_finds_changes(depth, width, seed):
    layers = wide(np.random.default_rng(seed), width, depth)
    x = torch.linspace(0, 1, 100_001, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(of_torch(layers)(x[:, None]).sum(), x)
    turns = np.flatnonzero(np.abs(np.diff(slope.numpy())) > 1e-4)
    found = kinks(layers)
    assert len(found) == len(turns)
    np.testing.assert_allclose(found, (turns + 0.5) / 100_000, atol=2e-5)


def test_at_least_some_of_the_random_curves_above_have_kinks_behind_the_first_layer():
    beyond = [len(kinks(wide(np.random.default_rng(seed), 5, 2))) - 5 for seed in range(5)]
    assert max(beyond) > 0


@pytest.mark.parametrize("width", [2, 5, 12, 100])
def test_side_by_side_is_the_least_squares_line_with_kinks_at_even_distances(width):
    wanted = np.sin(7 * GRID) + GRID**2
    layers = side_by_side(width, GRID, wanted)
    ramps = np.maximum(GRID[:, None] - np.arange(width) / width, 0)
    design = np.column_stack([ramps, np.ones(len(GRID))])
    best = design @ np.linalg.lstsq(design, wanted)[0]
    np.testing.assert_allclose(network(GRID, layers), best, atol=1e-8)
    assert size(layers) == (width, 3 * width + 1)


@pytest.mark.parametrize("width", [1, 2, 5, 10, 64])
def test_no_line_of_so_many_pieces_can_come_closer_to_the_parabola_and_interpolation_is_no_better(width):
    error = np.abs(network(GRID, side_by_side(width, GRID, GRID**2)) - GRID**2).max()
    assert 1 / (8 * width**2) < error < 1 / (4 * width**2)  # max|f''| h² / 16 for the best line, / 8 for interpolation


@pytest.mark.parametrize("width", [1, 5, 10, 20, 31])
def test_with_fewer_pieces_than_teeth_have_sides_the_sawtooth_is_missed_by_a_half(width):
    wanted = network(GRID, folding(5))
    assert np.abs(network(GRID, side_by_side(width, GRID, wanted)) - wanted).max() > 0.5 - 1e-9


def test_two_neurons_a_layer_cost_as_many_weights_as_the_same_neurons_side_by_side():
    for depth in range(1, 9):
        assert size(folding(depth)) == size(side_by_side(2 * depth, GRID, GRID)) == (2 * depth, 6 * depth + 1)


def test_random_weights_have_the_same_shapes_and_the_spread_of_he():
    layers = random_weights(np.random.default_rng(0), [(np.zeros((50, 400)), np.zeros(400)), *folding(3)])
    assert [W.shape for W, _ in layers[1:]] == [W.shape for W, _ in folding(3)]
    assert layers[0][0].std() == pytest.approx((2 / 50) ** 0.5, rel=0.02)


def test_the_figures_of_the_defaults():
    numbers = demo().numbers
    assert numbers["pieces, stacked"] == 32
    assert numbers["pieces, side by side"] == 10
    assert numbers["most pieces side by side"] == 11
    assert numbers["largest error, stacked"] == 0
    assert numbers["largest error, side by side"] > 0.5
    assert numbers["weights and biases, stacked"] == numbers["weights and biases, side by side"] == 31
    assert 1 < numbers["pieces, stacked with random weights"] < 3
    assert 3 < numbers["pieces, side by side with random weights"] < 5


def test_as_many_random_neurons_side_by_side_bend_the_curve_as_often_as_chance_has_it():
    slope, bias = np.random.default_rng(1).normal(size=(2, 1_000_000))
    kink = -bias / (2**0.5 * slope)
    inside = (kink > 0) & (kink < 1)
    drawn = demo(width=200).numbers["pieces, side by side with random weights"]
    assert drawn == pytest.approx(1 + 200 * inside.mean(), rel=0.05)


def test_one_layer_keeps_up_with_the_sawtooth_when_it_has_a_neuron_for_every_piece():
    assert demo(depth=5, width=32).numbers["largest error, side by side"] == pytest.approx(0, abs=1e-9)
    assert demo(depth=6, width=32).numbers["largest error, side by side"] > 0.4


@pytest.mark.parametrize("seed", range(5))
def test_a_wobble_of_one_percent_keeps_the_pieces_and_ruins_the_curve(seed):
    calm, shaken = demo(depth=8, seed=seed).numbers, demo(depth=8, wobble=0.01, seed=seed).numbers
    assert shaken["pieces, stacked"] > 0.9 * calm["pieces, stacked"]
    assert shaken["largest error, stacked"] > 0.9
    assert demo(depth=1, wobble=0.01, seed=seed).numbers["largest error, stacked"] < 0.2


@pytest.mark.parametrize("seed", range(3))
def test_which_network_bears_a_wobble_worse_depends_on_the_curve(seed):
    names = [f"largest error, {name}, mean of 50 wobbles" for name in ("stacked", "side by side")]
    stacked, row = (demo(width=32, wobble=0.01, seed=seed).numbers[name] for name in names)
    assert row > 3 * stacked > 1.5  # the sawtooth: one layer draws it with slopes of 64 that cancel
    stacked, row = (demo(target="parabola", width=19, wobble=0.01, seed=seed).numbers[name] for name in names)
    assert stacked > 3 * row > 0.01  # the parabola, with as many weights either way


@pytest.mark.parametrize("target", ["sawtooth", "parabola"])
def test_without_a_wobble_the_mean_is_the_error_and_with_one_both_curves_move(target):
    calm, shaken = demo(target=target).numbers, demo(target=target, wobble=0.01).numbers
    for name in ("largest error, stacked", "largest error, side by side"):
        assert calm[f"{name}, mean of 50 wobbles"] == pytest.approx(calm[name], abs=1e-12)
        assert shaken[name] != calm[name]


def test_the_pictures_show_the_networks_of_the_settings():
    curves, folds, *_ = demo(target="parabola", depth=3, width=2).show
    x = np.array(curves.series[0].x)
    np.testing.assert_allclose(curves.series[0].y, x**2)
    np.testing.assert_allclose(curves.series[1].y, network(x, parabola(3)))
    assert len(folds.values) == 3
    for row, depth in enumerate((3, 2, 1)):
        np.testing.assert_allclose(folds.values[row], network(x, folding(depth)), atol=1e-12)
