"""Ridge and lasso against scikit-learn, descent against its steps, and what a penalty does whatever the rows are."""

import numpy as np
import pytest
from sklearn.linear_model import Lasso, Ridge

from demos.regularization_path import (
    COUNTS,
    RATE,
    STRENGTHS,
    TRUTH,
    P,
    as_strength,
    demo,
    descent,
    lasso,
    loss_of,
    ridge,
    rows,
    soft_threshold,
)


def drawn(seed, noise=2.0):
    rng = np.random.default_rng(seed)
    return rows(rng, int(rng.integers(18, 60)), noise)


@pytest.mark.parametrize("seed", range(4))
def test_ridge_is_that_of_scikit_learn(seed):
    X, y = drawn(seed)
    for strength, w in zip(STRENGTHS, ridge(X, y, STRENGTHS), strict=True):
        expected = Ridge(alpha=strength * len(X), fit_intercept=False).fit(X, y).coef_
        np.testing.assert_allclose(w, expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_lasso_is_that_of_scikit_learn(seed):
    X, y = drawn(seed)
    strengths = np.array([0.01, 0.05, 0.2, 0.7, 2.0])
    for strength, w in zip(strengths, lasso(X, y, strengths), strict=True):
        expected = Lasso(alpha=strength, fit_intercept=False, tol=1e-10, max_iter=100_000).fit(X, y).coef_
        np.testing.assert_allclose(w, expected, atol=2e-4)
        assert ((w == 0) == (expected == 0)).all()


@pytest.mark.parametrize("seed", range(3))
def test_descent_is_what_its_steps_lead_to(seed):
    X, y = drawn(seed)
    w, path = np.zeros(P), [np.zeros(P)]
    for _ in range(300):
        w = w - RATE * X.T @ (X @ w - y) / len(X)
        path.append(w)
    counts = np.array([0, 1, 2, 17, 300])
    np.testing.assert_allclose(descent(X, y, counts), np.array(path)[counts], atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("path", "along"), [(ridge, STRENGTHS), (lasso, STRENGTHS), (descent, -COUNTS)])
def test_the_more_it_is_held_back_the_shorter_and_the_worse_on_its_own_rows(path, along, seed):
    X, y = drawn(seed)
    ways = path(X, y, np.abs(along))[np.argsort(along)]  # from hardly held back to strongly
    assert (np.diff(loss_of(ways, X, y)) > -1e-6).all()
    size = np.abs(ways).sum(axis=1) if path is lasso else np.linalg.norm(ways, axis=1)
    assert (np.diff(size) < 1e-3).all()


@pytest.mark.parametrize("seed", range(3))
def test_at_the_ends_there_is_least_squares_and_nothing(seed):
    X, y = drawn(seed)
    plain = np.linalg.lstsq(X, y, rcond=None)[0]
    for w in (ridge(X, y, np.array([1e-9])), descent(X, y, np.array([200_000]))):
        np.testing.assert_allclose(w[0], plain, atol=1e-4)
    largest = np.abs(X.T @ y / len(X)).max()  # from there on the lasso keeps no input
    assert not lasso(X, y, np.array([largest * 1.001])).any()
    assert (lasso(X, y, np.array([largest * 0.95])) != 0).sum() == 1
    assert (ridge(X, y, np.array([10.0])) != 0).all()


def test_the_soft_threshold_is_the_best_value_under_a_penalty_on_size():
    grid = np.linspace(-4, 4, 80_001)
    for z in (-2.3, -0.4, 0.0, 0.9, 3.1):
        for strength in (0.0, 0.5, 1.5):
            best = grid[((grid - z) ** 2 / 2 + strength * np.abs(grid)).argmin()]
            assert soft_threshold(z, strength) == pytest.approx(best, abs=1e-4)


def risk(path, X, along, noise):
    """Expected squared distance from the truth, over all noise: what is missing, and what the noise adds -> [L]"""
    operator = np.array([path(X, unit, along) for unit in np.eye(len(X))])  # [N, L, P], since w is linear in y
    missing = np.einsum("n,nlp->lp", X @ TRUTH, operator) - TRUTH
    return (missing**2).sum(axis=1) + noise**2 * (operator**2).sum(axis=(0, 2))


@pytest.mark.parametrize("seed", range(4))
def test_the_risk_of_early_stopping_is_at_most_1_69_times_that_of_the_ridge_beside_it(seed):
    X, _ = drawn(seed)  # a theorem for small steps: Ali, Kolter & Tibshirani (2018)
    counts = COUNTS[COUNTS >= 10]
    for noise in (0.5, 2.0, 5.0):
        ratio = risk(descent, X, counts, noise) / risk(ridge, X, as_strength(counts), noise)
        assert ratio.max() < 1.69


def test_held_out_rows_choose_a_value_that_beats_least_squares_in_most_samples():
    for method in ("ridge", "lasso", "early stopping"):
        better = 0
        for seed in range(12):
            numbers = demo(method=method, seed=seed).numbers
            better += numbers["test loss with the chosen value"] < numbers["test loss without regularization"]
        assert better >= 10


def test_without_noise_there_is_nothing_to_hold_back():
    numbers = demo(noise=0.0).numbers
    assert numbers["test loss without regularization"] == pytest.approx(0, abs=1e-9)
    assert numbers["value that the validation loss chooses"] == pytest.approx(STRENGTHS[0])
    assert demo(noise=0.0, method="early stopping").numbers["value that the validation loss chooses"] > 1000
    assert demo(noise=0.0, method="lasso").numbers["coefficients that are zero"] == (TRUTH == 0).sum()


def test_the_summary_names_what_is_set():
    assert "With lasso, strength of the penalty 0.5," in demo(method="lasso", strength=0.5).summary
    assert "With early stopping, steps 40," in demo(method="early stopping", steps=40).summary
    assert demo(method="lasso", strength=10.0).numbers["coefficients that are zero"] == P


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_dropped_inputs_without_influence_are_those_of_scikit_learn(seed):
    numbers = demo(method="lasso", seed=seed).numbers
    X, y = rows(np.random.default_rng(seed), 20, 2.0)
    strength = numbers["value that the validation loss chooses"]
    zero = Lasso(alpha=strength, fit_intercept=False, tol=1e-10, max_iter=100_000).fit(X, y).coef_ == 0
    assert numbers["coefficients that are zero with the chosen value"] == zero.sum()
    assert numbers["inputs without influence that are dropped with the chosen value"] == zero[TRUTH == 0].sum()
    if seed == 0:
        assert zero[TRUTH != 0].sum() == 1  # the page speaks of one input that matters
