"""Overfitting against scikit-learn, against closed forms for the expected losses, and by what defines it."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_squared_error
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures

from demos.overfitting import HELD_OUT, curve, demo, fit, loss_of, measure, pick, truth


def theirs(x, y, degree):
    return make_pipeline(PolynomialFeatures(degree), LinearRegression()).fit(x[:, None], y)


def hat(x, at, degree):
    """The matrix that turns the values at x into the fitted values elsewhere, from the textbook's formula."""
    basis, there = np.vander(x, degree + 1), np.vander(at, degree + 1)
    return there @ np.linalg.pinv(basis)


@pytest.mark.parametrize("degree", [0, 1, 4, 9, 12])  # above that, powers of x drown in scikit-learn's rounding
@pytest.mark.parametrize("seed", range(3))
def test_predicts_what_scikit_learn_predicts(seed, degree):
    rng = np.random.default_rng(seed)
    x, at = np.linspace(-1, 1, 30), rng.uniform(-1, 1, size=50)
    y = measure(rng, x, 0.3)[:, 0]
    w = fit(x, y, degree)
    assert w.shape == (degree + 1,)
    np.testing.assert_allclose(curve(w, at), theirs(x, y, degree).predict(at[:, None]), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_several_columns_are_fitted_each_on_its_own(seed):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, size=25)
    y = measure(rng, x, 0.5, times=4)
    together = fit(x, y, 5)
    assert y.shape == (25, 4)
    for column in range(4):
        np.testing.assert_allclose(together[:, column], fit(x, y[:, column], 5), rtol=1e-9)
        expected = mean_squared_error(y[:, column], theirs(x, y[:, column], 5).predict(x[:, None]))
        assert loss_of(together, x, y)[column] == pytest.approx(expected)


def test_finds_a_polynomial_again_that_is_behind_the_points():
    x, at = np.linspace(-1, 1, 20), np.linspace(-0.9, 0.9, 7)
    cubic = np.polynomial.Polynomial([0.5, -1.0, 2.0, 3.0])
    for degree in (3, 8):
        np.testing.assert_allclose(curve(fit(x, cubic(x), degree), at), cubic(at), atol=1e-10)
    assert np.abs(curve(fit(x, cubic(x), 2), at) - cubic(at)).max() > 0.1


def test_measurements_scatter_around_the_truth_by_the_noise():
    x = np.linspace(-1, 1, 5)
    errors = measure(np.random.default_rng(0), x, 0.4, times=20_000) - truth(x)[:, None]
    np.testing.assert_allclose(errors.mean(axis=1), 0, atol=0.015)
    np.testing.assert_allclose(errors.std(axis=1), 0.4, rtol=0.03)


@pytest.mark.parametrize("degree", [1, 4, 10])
def test_average_losses_are_those_that_the_hat_matrix_predicts(degree):
    rng, noise, times = np.random.default_rng(degree), 0.3, 20_000
    x, fresh = np.linspace(-1, 1, 18), np.linspace(-0.95, 0.95, 40)
    y = measure(rng, x, noise, times)
    w = fit(x, y, degree)
    training, test = loss_of(w, x, y), loss_of(w, fresh, measure(rng, fresh, noise, times))
    here, there = hat(x, x, degree), hat(x, fresh, degree)
    missed = ((truth(x) - here @ truth(x)) ** 2).mean()
    expected_training = missed + noise**2 * (1 - (degree + 1) / 18)  # each coefficient soaks up its share of the noise
    bias, variance = ((there @ truth(x) - truth(fresh)) ** 2).mean(), noise**2 * (there**2).sum(axis=1).mean()
    for measured, expected in [(training, expected_training), (test, bias + variance + noise**2)]:
        assert abs(measured.mean() - expected) < 4 * measured.std() / np.sqrt(times)


@pytest.mark.parametrize("seed", range(5))
def test_training_loss_only_falls_with_the_degree_and_test_loss_turns(seed):
    runs = [demo(degree=degree, seed=seed).numbers for degree in range(16)]
    training = [run["training loss"] for run in runs]
    test = [run["test loss"] for run in runs]
    assert training == sorted(training, reverse=True)
    assert training[15] < 1e-12  # 16 points and 16 coefficients: it hits them all
    best = int(np.argmin(test))
    assert 2 < best < 10
    assert test[0] > 3 * test[best]
    assert test[15] > 100 * test[best]
    assert {run["degree with the lowest test loss"] for run in runs} == {best}
    assert {run["degree with the lowest training loss"] for run in runs} == {15}
    assert {run["test loss of the degree with the lowest training loss"] for run in runs} == {test[15]}
    assert {run["lowest test loss"] for run in runs} == {test[best]}


@pytest.mark.parametrize("seed", range(4))
def test_without_noise_or_with_many_points_a_high_degree_does_no_harm(seed):
    assert demo(degree=15, noise=0.0, seed=seed).numbers["test loss"] < 1e-12
    few, many = demo(degree=15, seed=seed).numbers, demo(degree=15, points=200, seed=seed).numbers
    assert many["test loss"] < 1.2 * many["lowest test loss"]
    assert few["test loss"] > 100 * many["test loss"]


@pytest.mark.parametrize("settings", [{}, {"degree": 7, "points": 33, "noise": 0.5, "seed": 4}])
def test_the_figures_of_the_demo_are_those_of_scikit_learn(settings):
    numbers = demo(**settings).numbers
    degree, points, noise, seed = ({"degree": 12, "points": 16, "noise": 0.25, "seed": 0} | settings).values()
    rng = np.random.default_rng(seed)
    x, fresh = np.linspace(-1, 1, points), rng.uniform(-1, 1, size=1000)
    y = np.sin(np.pi * (x + 0.2)) + noise * rng.normal(size=points)
    fresh_y = np.sin(np.pi * (fresh + 0.2)) + noise * rng.normal(size=1000)
    model = theirs(x, y, degree)
    assert numbers["training loss"] == pytest.approx(mean_squared_error(y, model.predict(x[:, None])), rel=1e-6)
    assert numbers["test loss"] == pytest.approx(mean_squared_error(fresh_y, model.predict(fresh[:, None])), rel=1e-6)
    losses = [mean_squared_error(fresh_y, theirs(x, y, d).predict(fresh[:, None])) for d in range(16)]
    assert numbers["degree with the lowest test loss"] == int(np.argmin(losses))
    assert numbers["loss that the noise alone causes"] == noise**2


@pytest.mark.parametrize("seed", range(4))
def test_a_validation_set_picks_the_degree_that_scikit_learn_finds_best_on_it(seed):
    x, y = np.linspace(-1, 1, 16), measure(np.random.default_rng(seed), np.linspace(-1, 1, 16), 0.25)
    rng = np.random.default_rng(seed + 100)
    apart = rng.uniform(-1, 1, size=HELD_OUT)
    there = measure(rng, apart, 0.25)[:, 0]
    losses = [mean_squared_error(there, theirs(x, y[:, 0], d).predict(apart[:, None])) for d in range(16)]
    assert pick(np.random.default_rng(seed + 100), x, y, 0.25) == int(np.argmin(losses))


def test_the_validation_set_never_picks_better_than_the_test_set_would_and_often_otherwise():
    found = [demo(seed=seed).numbers for seed in range(6)]
    gaps = [n["test loss of the degree with the lowest validation loss"] - n["lowest test loss"] for n in found]
    assert min(gaps) >= 0
    assert 0 < max(gaps) < 0.05
    assert any(n["degree with the lowest validation loss"] != n["degree with the lowest test loss"] for n in found)


def test_the_curve_over_more_points_closes_the_gap():
    training, test = demo(degree=9).show[2].series
    gap = np.array(test.y) / np.array(training.y)
    assert gap[0] > 3
    assert 1 < gap[-1] < 1.3
    assert (np.array(training.x) == np.array(test.x)).all()
