"""Activations against PyTorch, values and slopes; and the collapse of two layers with no nonlinearity between them."""

import numpy as np
import pytest
import torch

from demos.activation_functions import (
    ACTIVATIONS,
    demo,
    fit_output,
    gelu,
    identity,
    leaky_relu,
    leaky_relu_slope,
    one_layer,
    two_layers,
)

F = torch.nn.functional
TORCH = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky relu": F.leaky_relu,
    "gelu": F.gelu,
    "silu": F.silu,
    "identity": lambda z: 1 * z,
}


@pytest.mark.parametrize("name", TORCH)
def test_value_and_slope_equal_those_of_torch(name):
    z = np.concatenate([np.linspace(-9, 9, 200), [0.0]])  # the corner at zero included
    function, slope = ACTIVATIONS[name]
    tensor = torch.tensor(z, requires_grad=True)
    expected = TORCH[name](tensor)
    expected.sum().backward()
    np.testing.assert_allclose(function(z), expected.detach().numpy(), rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(slope(z), tensor.grad.numpy(), rtol=1e-6, atol=1e-12)


def test_every_slope_is_the_limit_of_a_small_rise_away_from_corners():
    z = np.array([-4.3, -1.2, -0.4, 0.3, 0.9, 3.7])
    for function, slope in ACTIVATIONS.values():
        rise = (function(z + 1e-6) - function(z - 1e-6)) / 2e-6
        np.testing.assert_allclose(slope(z), rise, atol=1e-8)


def test_the_leak_is_the_slope_below_zero():
    z = np.array([-3.0, 2.0])
    expected = F.leaky_relu(torch.tensor(z), 0.2).numpy()
    np.testing.assert_allclose(leaky_relu(z, 0.2), expected)
    assert leaky_relu_slope(z, 0.2).tolist() == [0.2, 1.0]


def test_gelu_at_one_is_the_published_share_of_a_normal_distribution_below_one():
    assert gelu(np.array(1.0)) == pytest.approx(0.8413447460685429)  # 84.13 % lie below one standard deviation


def test_a_slope_of_sigmoid_is_at_most_a_quarter_and_that_of_tanh_at_most_one():
    z = np.linspace(-10, 10, 2001)
    assert ACTIVATIONS["sigmoid"][1](z).max() == pytest.approx(0.25)
    assert ACTIVATIONS["tanh"][1](z).max() == pytest.approx(1)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["sigmoid", "relu", "gelu"])
def test_two_layers_are_a_torch_network_with_one_hidden_layer(name, seed):
    rng = np.random.default_rng(seed)
    x, W1, b1, w2, b2 = rng.normal(size=30), rng.normal(size=7), rng.normal(size=7), rng.normal(size=7), rng.normal()
    hidden, output = torch.nn.Linear(1, 7).double(), torch.nn.Linear(7, 1).double()
    with torch.no_grad():
        hidden.weight[:], hidden.bias[:] = torch.tensor(W1[:, None]), torch.tensor(b1)
        output.weight[:], output.bias[:] = torch.tensor(w2), float(b2)
        expected = output(TORCH[name](hidden(torch.tensor(x[:, None])))).squeeze(1).numpy()
    np.testing.assert_allclose(two_layers(x, W1, b1, w2, b2, ACTIVATIONS[name][0]), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_without_a_nonlinearity_two_layers_are_one_and_with_one_they_are_not(seed):
    rng = np.random.default_rng(seed)
    x, layers = rng.normal(size=30), (rng.normal(size=7), rng.normal(size=7), rng.normal(size=7), rng.normal())
    np.testing.assert_allclose(two_layers(x, *layers, identity), one_layer(x, *layers), atol=1e-12)
    for name in ("step", "sigmoid", "tanh", "relu", "leaky relu", "gelu", "silu"):
        y = two_layers(x, *layers, ACTIVATIONS[name][0])
        line = np.polyval(np.polyfit(x, y, 1), x)
        assert np.abs(y - line).max() > 0.01


@pytest.mark.parametrize("name", ["identity", "tanh", "relu"])
def test_no_other_output_weights_come_closer_than_the_fitted_ones(name):
    rng = np.random.default_rng(4)
    x, y, W1, b1 = (rng.normal(size=size) for size in (40, 40, 3, 3))
    function = ACTIVATIONS[name][0]
    w2, b2 = fit_output(x, y, W1, b1, function)
    best = ((two_layers(x, W1, b1, w2, b2, function) - y) ** 2).sum()
    for _ in range(50):
        nearby = two_layers(x, W1, b1, w2 + 0.1 * rng.normal(size=3), b2 + 0.1 * rng.normal(), function)
        assert ((nearby - y) ** 2).sum() >= best - 1e-12


def test_the_figures_of_the_defaults_worked_out_independently():
    numbers = demo().numbers
    x = np.linspace(-3, 3, 121)
    line = np.polyval(np.polyfit(x, np.sin(2 * x), 1), x)
    assert numbers["error without a nonlinearity"] == pytest.approx(np.sqrt(np.mean((line - np.sin(2 * x)) ** 2)))
    kinks = [-3 + 6 * k / 9 for k in range(1, 9)]  # eight units, corners at ninths, facing right and left in turn
    corners = np.stack([np.maximum(1.5 * (-1) ** k * (x - kink), 0) for k, kink in enumerate(kinks)] + [x**0], axis=1)
    left_over = np.sin(2 * x) - corners @ (np.linalg.pinv(corners) @ np.sin(2 * x))
    assert numbers["error with the activation"] == pytest.approx(np.sqrt(np.mean(left_over**2)), rel=1e-6)
    assert numbers["gap between two layers without a nonlinearity and one layer"] < 1e-12
    assert (numbers["value at z"], numbers["slope at z"]) == (0, 0)  # at -1.5 a rectifier is off


def test_more_units_follow_the_wave_better_but_never_without_a_nonlinearity():
    errors = [demo(hidden_units=units).numbers["error with the activation"] for units in (2, 4, 8, 16)]
    assert errors == sorted(errors, reverse=True)
    straight = {round(demo(hidden_units=units).numbers["error without a nonlinearity"], 9) for units in (1, 4, 16)}
    assert len(straight) == 1


def test_ten_sigmoid_layers_pass_on_less_than_a_millionth_of_a_gradient():
    numbers = demo(activation="sigmoid", z=0.0).numbers
    assert numbers["slope through ten layers"] == pytest.approx(0.25**10)
