"""Losses against PyTorch, scikit-learn and SciPy, and by what defines them: the guess each one picks."""

import numpy as np
import pytest
import torch
from scipy.optimize import brentq, minimize_scalar
from sklearn.metrics import hinge_loss, log_loss

from demos.loss_functions import (
    ORDINARY,
    absolute,
    absolute_slope,
    best_guess,
    demo,
    hinge,
    huber,
    huber_slope,
    logistic,
    squared,
    squared_slope,
    zero_one,
)

F = torch.nn.functional
PENALTIES = {
    "squared": (squared, squared_slope, F.mse_loss),
    "absolute": (absolute, absolute_slope, F.l1_loss),
    "huber 0.7": (lambda m: huber(m, 0.7), lambda m: huber_slope(m, 0.7), lambda a, b: F.huber_loss(a, b, delta=0.7)),
    "huber 3": (lambda m: huber(m, 3.0), lambda m: huber_slope(m, 3.0), lambda a, b: F.huber_loss(a, b, delta=3.0)),
}


@pytest.mark.parametrize("name", PENALTIES)
@pytest.mark.parametrize("seed", range(3))
def test_penalty_and_slope_equal_those_of_torch(name, seed):
    penalty, slope, reference = PENALTIES[name]
    guess, truth = np.random.default_rng(seed).normal(scale=3, size=(2, 50))
    tensor = torch.tensor(guess, requires_grad=True)
    expected = reference(tensor, torch.tensor(truth))
    expected.backward()
    assert penalty(guess - truth).mean() == pytest.approx(expected.item(), rel=1e-12)
    np.testing.assert_allclose(slope(guess - truth) / 50, tensor.grad.numpy(), rtol=1e-12)


def test_the_pieces_of_huber_meet_at_delta_without_a_jump_or_a_corner():
    for slightly in (-1e-9, 1e-9):
        assert huber(2.0 + slightly, 2.0) == pytest.approx(2.0)  # 2² / 2
        assert huber_slope(2.0 + slightly, 2.0) == pytest.approx(2.0)


@pytest.mark.parametrize("seed", range(5))
def test_squared_error_picks_the_mean_and_absolute_error_the_median(seed):
    sample = np.random.default_rng(seed).exponential(size=21)
    assert best_guess(squared_slope, sample) == pytest.approx(sample.mean(), abs=1e-10)
    assert best_guess(absolute_slope, sample) == pytest.approx(np.median(sample), abs=1e-10)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("delta", [0.3, 1.0, 4.0])
def test_the_pick_of_huber_is_where_scipy_finds_the_smallest_loss(seed, delta):
    sample = np.random.default_rng(seed).standard_t(df=2, size=15)
    pick = best_guess(lambda miss: huber_slope(miss, delta), sample)

    def cost(guess):
        return F.huber_loss(torch.full((15,), guess).double(), torch.tensor(sample), delta=delta).item()

    found = minimize_scalar(cost, bounds=(sample.min(), sample.max()), method="bounded", options={"xatol": 1e-9})
    assert cost(float(pick)) <= found.fun + 1e-12
    assert pick == pytest.approx(found.x, abs=1e-5)


def test_huber_goes_from_the_median_to_the_mean_as_delta_grows():
    sample = np.append(ORDINARY, 40.0)
    picks = [float(best_guess(lambda miss, d=d: huber_slope(miss, d), sample)) for d in (1e-6, 0.5, 2, 5, 15, 100)]
    assert picks[0] == pytest.approx(np.median(sample), abs=1e-5)
    assert picks[-1] == pytest.approx(sample.mean())
    assert picks == sorted(picks)


def test_many_samples_at_once_give_what_each_gives_alone():
    samples = np.random.default_rng(7).normal(size=(6, 9))
    together = best_guess(squared_slope, samples)
    np.testing.assert_allclose(together, [best_guess(squared_slope, sample) for sample in samples], rtol=1e-14)


@pytest.mark.parametrize("seed", range(3))
def test_classification_losses_equal_those_of_scikit_learn_and_torch(seed):
    rng = np.random.default_rng(seed)
    score, sign = rng.normal(scale=2, size=60), rng.choice([-1.0, 1.0], size=60)
    margin = score * sign
    assert hinge(margin).mean() == pytest.approx(hinge_loss(sign, score), rel=1e-12)
    soft = F.soft_margin_loss(torch.tensor(score), torch.tensor(sign)).item()
    assert logistic(margin).mean() == pytest.approx(soft, rel=1e-12)
    assert logistic(margin).mean() == pytest.approx(log_loss(sign, 1 / (1 + np.exp(-score))), rel=1e-12)
    assert zero_one(margin).mean() == np.mean(np.sign(score) != sign)


def test_logistic_loss_survives_margins_that_overflow_an_exponential():
    assert logistic(np.array([-1000.0, 1000.0])).tolist() == [1000.0, 0.0]


def test_the_picks_at_the_defaults_worked_out_independently():
    numbers = demo().numbers
    sample = [6, 8, 9, 9, 10, 10, 11, 12, 14, 16, 40]
    assert numbers["pick of squared loss"] == pytest.approx(145 / 11)
    assert numbers["pick of absolute loss"] == pytest.approx(10)
    balance = brentq(lambda guess: sum(max(-5, min(5, guess - value)) for value in sample), 6, 40)
    assert numbers["pick of huber loss"] == pytest.approx(balance)
    assert numbers["pick of squared loss without the outlier"] == pytest.approx(10.5)
    assert numbers["pick of absolute loss without the outlier"] == pytest.approx(10)
    charges = [(145 / 11 - value) ** 2 for value in sample]
    assert numbers["smallest average of the chosen loss"] == pytest.approx(sum(charges) / 11)
    assert numbers["share of the chosen loss that the outlier makes"] == pytest.approx(charges[-1] / sum(charges))
