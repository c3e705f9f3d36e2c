"""Softmax against SciPy and PyTorch, by hand, and by the properties that define it: one whole, only differences."""

import numpy as np
import pytest
import scipy.special
import torch

from demos.softmax import demo, log_softmax, logsumexp, naive_softmax, softmax, softmax_backward

SHAPES_AND_AXES = [((5,), -1), ((4, 7), -1), ((4, 7), 0), ((2, 3, 4, 5), 1)]


def scores_of(shape, seed, spread=3.0):
    return np.random.default_rng(seed).normal(scale=spread, size=shape)


@pytest.mark.parametrize(("shape", "axis"), SHAPES_AND_AXES)
@pytest.mark.parametrize("seed", range(3))
def test_equals_scipy_along_any_axis(shape, axis, seed):
    scores = scores_of(shape, seed)
    np.testing.assert_allclose(softmax(scores, axis), scipy.special.softmax(scores, axis), rtol=1e-12)
    np.testing.assert_allclose(logsumexp(scores, axis), scipy.special.logsumexp(scores, axis), rtol=1e-12)
    np.testing.assert_allclose(log_softmax(scores, axis), scipy.special.log_softmax(scores, axis), rtol=1e-12)


@pytest.mark.parametrize(("shape", "axis"), SHAPES_AND_AXES)
def test_shares_are_positive_and_sum_to_one_along_the_axis(shape, axis):
    shares = softmax(scores_of(shape, 0), axis)
    assert (shares > 0).all()
    np.testing.assert_allclose(shares.sum(axis=axis), 1, rtol=1e-12)


@pytest.mark.parametrize("shift", [-1e6, -1000, 3.7, 1000, 1e6])
def test_the_same_constant_on_every_score_changes_no_share(shift):
    scores = np.round(scores_of((4, 7), 0), 3)
    np.testing.assert_allclose(softmax(scores + shift), softmax(scores), rtol=1e-8)
    np.testing.assert_allclose(logsumexp(scores + shift), logsumexp(scores) + shift, rtol=1e-12)


def test_a_difference_of_scores_is_the_logarithm_of_a_ratio_of_shares():
    scores = scores_of((4, 7), 0)
    log_shares = np.log(softmax(scores))
    np.testing.assert_allclose(log_shares - log_shares[:, :1], scores - scores[:, :1], atol=1e-12)


def test_two_classes_are_the_sigmoid_of_the_difference():
    scores = scores_of((20, 2), 0)
    np.testing.assert_allclose(softmax(scores)[:, 0], scipy.special.expit(scores[:, 0] - scores[:, 1]), rtol=1e-12)


def test_minus_infinity_gets_nothing_and_the_rest_share_the_whole():
    scores = np.array([1.0, -np.inf, 2.0])
    assert softmax(scores)[1] == 0
    np.testing.assert_allclose(softmax(scores)[[0, 2]], softmax(scores[[0, 2]]), rtol=1e-12)


def test_logarithms_stay_finite_where_the_share_itself_is_too_small_to_store():
    scores = np.array([0.0, -2000.0])
    assert softmax(scores)[1] == 0
    np.testing.assert_allclose(log_softmax(scores), [0, -2000], rtol=1e-12)


def test_single_precision_stays_single_precision():
    scores = scores_of((4, 7), 0).astype(np.float32)
    assert softmax(scores).dtype == log_softmax(scores).dtype == logsumexp(scores).dtype == np.float32


def test_logsumexp_keeps_the_axis_when_asked():
    scores = scores_of((4, 7), 0)
    assert logsumexp(scores, axis=0, keepdims=True).tolist() == [logsumexp(scores, axis=0).tolist()]


@pytest.mark.parametrize(("shape", "axis"), SHAPES_AND_AXES)
@pytest.mark.parametrize("seed", range(3))
def test_the_derivative_equals_the_one_of_pytorch(shape, axis, seed):
    scores, slope = torch.tensor(scores_of(shape, seed), requires_grad=True), scores_of(shape, seed + 100)
    torch.softmax(scores, dim=axis).backward(torch.tensor(slope))
    ours = softmax_backward(softmax(scores.detach().numpy(), axis), slope, axis)
    np.testing.assert_allclose(ours, scores.grad.numpy(), rtol=1e-9, atol=1e-12)


def test_the_formula_as_written_is_right_for_small_scores_and_lost_for_large_ones():
    scores = scores_of((4, 7), 0)
    np.testing.assert_allclose(naive_softmax(scores), scipy.special.softmax(scores, axis=-1), rtol=1e-12)
    assert np.isnan(naive_softmax(scores + 1000)).all()
    assert np.isnan(naive_softmax(scores - 1000)).all()


def test_the_figures_of_the_defaults_worked_by_hand():
    numbers = demo().numbers
    whole = 7.389056098930650 + 2.718281828459045 + 1.105170918075648  # e^2 + e^1 + e^0.1
    assert numbers["share of cat"] == pytest.approx(7.389056098930650 / whole, rel=1e-12)
    assert numbers["share of dog"] == pytest.approx(2.718281828459045 / whole, rel=1e-12)
    assert numbers["share of bird"] == pytest.approx(1.105170918075648 / whole, rel=1e-12)
    assert numbers["ratio of cat to dog"] == pytest.approx(2.718281828459045, rel=1e-12)
    assert numbers["log of the ratio of cat to dog"] == pytest.approx(1, rel=1e-12)
    assert numbers["formula as written agrees"] == 1


def test_the_formula_as_written_breaks_where_the_demo_says_it_does():
    scores = np.array([2.0, 1.0, 0.1])
    limit = demo().numbers["shift above which the formula as written overflows"]
    np.testing.assert_allclose(naive_softmax(scores + limit - 1e-6), softmax(scores), rtol=1e-6)
    assert not np.allclose(naive_softmax(scores + limit + 1e-6), softmax(scores))
    assert demo(shift=700).numbers["formula as written agrees"] == 1
    assert demo(shift=710).numbers["formula as written agrees"] == 0


def test_a_rising_third_class_takes_from_both_others_and_leaves_their_ratio_alone():
    low, high = demo(bird=-5.0), demo(bird=5.0)
    assert high.numbers["share of cat"] < low.numbers["share of cat"] / 10
    assert high.numbers["ratio of cat to dog"] == pytest.approx(low.numbers["ratio of cat to dog"])
