"""The neuron against PyTorch, by hand, and by the property that defines it: one straight boundary."""

import numpy as np
import pytest
import torch

from demos.neuron import CORNERS, GATES, SQUASH, boundary, demo, neuron, written_out

TORCH = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}


@pytest.mark.parametrize("name", TORCH)
@pytest.mark.parametrize("seed", range(3))
def test_equals_a_linear_layer_of_one_output_followed_by_the_activation(name, seed):
    rng = np.random.default_rng(seed)
    x, w, b = rng.normal(size=(20, 5)), rng.normal(size=5), float(rng.normal())
    layer = torch.nn.Linear(5, 1).double()
    with torch.no_grad():
        layer.weight[:] = torch.tensor(w)
        layer.bias[:] = b
        expected = TORCH[name](layer(torch.tensor(x))).squeeze(1).numpy()
    np.testing.assert_allclose(neuron(x, w, b, SQUASH[name]), expected, rtol=1e-7)


@pytest.mark.parametrize("name", SQUASH)
def test_one_example_step_by_step_gives_what_many_at_once_give(name):
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=(20, 5)), rng.normal(size=5), rng.normal()
    one_by_one = [written_out(example, w, b, SQUASH[name]) for example in x]
    np.testing.assert_allclose(neuron(x, w, b, SQUASH[name]), one_by_one, rtol=1e-12)


@pytest.mark.parametrize(("gate", "w", "b"), [("AND", (1, 1), -1.5), ("OR", (1, 1), -0.5), ("NAND", (-1, -1), 1.5)])
def test_textbook_weights_make_the_gates(gate, w, b):
    assert neuron(CORNERS, np.array(w), b, SQUASH["step"]).tolist() == GATES[gate]


def test_no_setting_of_the_sliders_makes_xor():
    ticks = np.arange(-3, 3.05, 0.1)
    w1, w2, b = np.meshgrid(ticks, ticks, ticks)
    says_yes = np.stack([w1 * x1 + w2 * x2 + b > 0 for x1, x2 in CORNERS])
    right = (says_yes == np.array(GATES["XOR"]).reshape(4, 1, 1, 1)).sum(axis=0)
    assert right.max() == 3


@pytest.mark.parametrize(("w", "b"), [((1, 1), -1.5), ((3, -0.2), -1), ((0, 2), -1), ((-2, 0), 1)])
def test_the_weighted_sum_is_zero_on_the_boundary_and_the_sides_differ(w, b):
    w = np.array(w, dtype=float)
    points = np.stack(boundary(w, b, -0.5, 1.5), axis=1)
    assert len(points) > 10
    np.testing.assert_allclose(points @ w + b, 0, atol=1e-12)
    assert (neuron(points + 0.01 * w, w, b, SQUASH["step"]) == 1).all()
    assert (neuron(points - 0.01 * w, w, b, SQUASH["step"]) == 0).all()


def test_no_boundary_where_there_is_no_line():
    assert boundary(np.zeros(2), 1.0, -0.5, 1.5)[0].size == 0


def test_a_half_at_the_boundary_and_the_figures_of_the_defaults_worked_by_hand():
    assert neuron(np.array([[1.0, 0.5]]), np.array([1.0, 1.0]), -1.5) == pytest.approx(0.5)
    numbers = demo().numbers
    assert numbers["weighted sum at (1, 1)"] == pytest.approx(0.5)
    assert numbers["output at (1, 1)"] == pytest.approx(0.6224593312018546)  # 1 / (1 + e^-0.5)
    assert numbers["rows of AND that are right"] == 4
