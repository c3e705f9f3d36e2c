"""Cross-entropy and its rival against PyTorch and scikit-learn, by hand, and by the property that sets them apart."""

import math

import numpy as np
import pytest
import torch
from sklearn.metrics import log_loss

from demos.cross_entropy import (
    cross_entropy,
    cross_entropy_gradient,
    demo,
    descend,
    squared_error,
    squared_error_gradient,
    target_shares,
)
from demos.softmax import softmax


def examples(seed, n=20, classes=5):
    rng = np.random.default_rng(seed)
    return rng.normal(scale=3, size=(n, classes)), rng.integers(classes, size=n)


@pytest.mark.parametrize("label_smoothing", [0.0, 0.1, 0.4])
@pytest.mark.parametrize("seed", range(3))
def test_value_and_gradient_equal_pytorch(label_smoothing, seed):
    scores, target = examples(seed)
    theirs = torch.tensor(scores, requires_grad=True)
    losses = torch.nn.functional.cross_entropy(
        theirs, torch.tensor(target), label_smoothing=label_smoothing, reduction="none"
    )
    losses.sum().backward()
    truth = target_shares(target, 5, label_smoothing)
    np.testing.assert_allclose(cross_entropy(scores, truth), losses.detach().numpy(), rtol=1e-7)
    np.testing.assert_allclose(cross_entropy_gradient(scores, truth), theirs.grad.numpy(), rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize("label_smoothing", [0.0, 0.1, 0.4])
@pytest.mark.parametrize("seed", range(3))
def test_squared_error_of_the_shares_and_its_gradient_equal_pytorch(label_smoothing, seed):
    scores, target = examples(seed)
    truth = target_shares(target, 5, label_smoothing)
    theirs = torch.tensor(scores, requires_grad=True)
    losses = ((torch.softmax(theirs, dim=-1) - torch.tensor(truth)) ** 2).sum(dim=-1)
    losses.sum().backward()
    np.testing.assert_allclose(squared_error(scores, truth), losses.detach().numpy(), rtol=1e-7)
    np.testing.assert_allclose(squared_error_gradient(scores, truth), theirs.grad.numpy(), rtol=1e-7, atol=1e-12)


def test_the_mean_over_examples_is_the_log_loss_of_scikit_learn():
    scores, target = examples(0)
    expected = log_loss(target, softmax(scores), labels=range(5))
    assert cross_entropy(scores, target_shares(target, 5)).mean() == pytest.approx(expected, rel=1e-7)


def test_leading_axes_are_examples():
    scores, target = examples(0, n=24)
    losses = cross_entropy(scores, target_shares(target, 5))
    stacked = cross_entropy(scores.reshape(2, 3, 4, 5), target_shares(target.reshape(2, 3, 4), 5))
    np.testing.assert_array_equal(stacked, losses.reshape(2, 3, 4))


def test_shares_of_one_half_one_quarter_and_one_quarter_worked_by_hand():
    scores, truth = np.log([0.5, 0.25, 0.25]), np.array([0.0, 1.0, 0.0])
    assert cross_entropy(scores, truth) == pytest.approx(math.log(4))  # two bits
    assert squared_error(scores, truth) == pytest.approx(0.25 + 0.5625 + 0.0625)
    np.testing.assert_allclose(cross_entropy_gradient(scores, truth), [0.5, -0.75, 0.25], rtol=1e-12)


def test_smoothed_truth_sums_to_one_and_takes_from_the_right_class_only():
    truth = target_shares(np.array([2, 0]), 4, 0.2)
    np.testing.assert_allclose(truth, [[0.05, 0.05, 0.85, 0.05], [0.85, 0.05, 0.05, 0.05]], rtol=1e-12)


def test_no_prediction_does_better_than_the_truth_itself():
    rng = np.random.default_rng(0)
    truth = softmax(rng.normal(size=5))
    lowest = cross_entropy(np.log(truth), truth)
    assert lowest == pytest.approx(-(truth * np.log(truth)).sum())
    assert (cross_entropy(rng.normal(size=(200, 5)), truth) > lowest).all()
    np.testing.assert_allclose(cross_entropy_gradient(np.log(truth), truth), 0, atol=1e-12)


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_where_the_prediction_is_confidently_wrong_only_cross_entropy_still_pulls(classes):
    numbers = demo(gap=-10.0, classes=classes).numbers
    assert -1 < numbers["gradient on the right score, cross-entropy"] < -0.999
    assert -0.001 < numbers["gradient on the right score, squared error"] < 0
    assert numbers["cross-entropy"] > 10 - 1e-9
    assert numbers["squared error"] < 2
    assert numbers["share after 100 steps, cross-entropy"] > 0.99
    assert numbers["share after 100 steps, squared error"] < 0.001


def test_a_larger_step_gets_squared_error_out_of_the_flat_part():
    slow, fast = (demo(gap=-8.0, classes=2, learning_rate=rate).numbers for rate in (1.0, 10.0))
    assert slow["share after 100 steps, squared error"] < 0.001
    assert fast["share after 100 steps, squared error"] > 0.999
    assert fast["share after 100 steps, cross-entropy"] > fast["share after 100 steps, squared error"]


@pytest.mark.parametrize("rate", [1.0, 2.5])
def test_descent_equals_that_of_pytorch(rate):
    start, truth = np.array([-5.0, 0.0, -2.0]), np.array([1.0, 0.0, 0.0])
    for gradient, loss_of in [
        (cross_entropy_gradient, lambda s: torch.nn.functional.cross_entropy(s, torch.tensor(truth))),
        (squared_error_gradient, lambda s: ((torch.softmax(s, dim=-1) - torch.tensor(truth)) ** 2).sum()),
    ]:
        scores = torch.tensor(start, requires_grad=True)
        optimizer = torch.optim.SGD([scores], lr=rate)
        expected = []
        for _ in range(101):
            expected.append(float(torch.softmax(scores.detach(), dim=-1)[0]))
            optimizer.zero_grad()
            loss_of(scores).backward()
            optimizer.step()
        np.testing.assert_allclose(descend(gradient, start, truth, rate), expected, rtol=1e-7)


def test_the_figures_of_the_defaults_worked_by_hand():
    numbers = demo().numbers
    powers = [math.exp(-5), 1.0, math.exp(-2)]
    right, rival, other = (power / sum(powers) for power in powers)
    assert numbers["share of the right class"] == pytest.approx(right, rel=1e-12)
    assert numbers["cross-entropy"] == pytest.approx(-math.log(right), rel=1e-12)
    assert numbers["squared error"] == pytest.approx((1 - right) ** 2 + rival**2 + other**2, rel=1e-12)
    assert numbers["gradient on the right score, cross-entropy"] == pytest.approx(right - 1, rel=1e-12)
    # d/ds of the three squares, with d right = right(1 − right) ds and d other = −right·other ds
    by_hand = 2 * (right - 1) * right * (1 - right) - 2 * right * (rival**2 + other**2)
    assert numbers["gradient on the right score, squared error"] == pytest.approx(by_hand, rel=1e-12)
    assert numbers["lowest cross-entropy possible"] == 0


def test_label_smoothing_makes_too_much_certainty_cost():
    sure, surer = (demo(gap=gap, classes=2, label_smoothing=0.2).numbers for gap in (2.0, 8.0))
    assert surer["cross-entropy"] > sure["cross-entropy"]
    assert surer["gradient on the right score, cross-entropy"] > 0
    entropy = -(0.9 * math.log(0.9) + 0.1 * math.log(0.1))
    assert sure["lowest cross-entropy possible"] == pytest.approx(entropy)
    assert sure["cross-entropy"] > entropy
