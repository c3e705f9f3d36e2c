"""Models, bins and temperatures against scikit-learn and SciPy, and the error by its definition."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss
from sklearn.naive_bayes import GaussianNB

from demos.calibration import (
    bayes,
    best_temperature,
    demo,
    expected_calibration_error,
    forecast,
    in_turns,
    reliability,
)
from demos.parts.measured import standard, tumors

EVERY = ("naive Bayes, 10 measurements", "naive Bayes, 3 measurements", "logistic regression", "the base rate")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize("columns", [3, 10])
def test_naive_bayes_is_that_of_scikit_learn(columns):
    x, label = tumors()
    x = x[:, :columns]
    theirs = GaussianNB(var_smoothing=0).fit(x[:190], label[:190]).predict_log_proba(x[190:])
    np.testing.assert_allclose(bayes(x[:190], label[:190], x[190:]), theirs[:, 1] - theirs[:, 0], rtol=1e-6, atol=1e-6)


def test_logistic_regression_is_that_of_scikit_learn():
    x, label = tumors()
    theirs = LogisticRegression(C=1 / (190 * 0.01), tol=1e-10, max_iter=5000)
    theirs.fit(standard(x[:190], x[:190]), label[:190])
    ours = forecast("logistic regression", x[:190], label[:190], x[190:])
    np.testing.assert_allclose(ours, theirs.decision_function(standard(x[190:], x[:190])), atol=1e-3)


@pytest.mark.parametrize("bins", [2, 10, 17])
@pytest.mark.parametrize("seed", range(3))
def test_bins_are_those_of_scikit_learn(bins, seed):
    rng = np.random.default_rng(seed)
    p = rng.beta(0.5, 0.5, size=300)
    label = (rng.random(300) < p).astype(int)
    count, stated, true = reliability(p, label, bins)
    theirs = calibration_curve(label, p, n_bins=bins)
    np.testing.assert_allclose((true[count > 0], stated[count > 0]), theirs, atol=1e-12)
    assert count.sum() == 300
    assert reliability(np.array([0.0, 0.5, 1.0]), np.ones(3), 2)[0].tolist() == [1, 2]


def test_the_error_is_the_sum_over_bins_by_hand():
    p, label = np.array([0.9, 0.9, 0.9, 0.1]), np.array([1, 1, 0, 0])
    assert expected_calibration_error(p, label, 2) == pytest.approx(3 / 4 * (0.9 - 2 / 3) + 1 / 4 * 0.1)
    assert expected_calibration_error(np.full(8, 0.25), np.array([1, 1, 0, 0, 0, 0, 0, 0]), 10) == pytest.approx(0)


@pytest.mark.parametrize("true", [0.5, 1.0, 4.0])
def test_the_temperature_is_that_of_a_general_optimizer_and_recovers_a_known_one(true):
    rng = np.random.default_rng(1)
    z = rng.normal(scale=3, size=4000)
    label = (rng.random(4000) < sigmoid(z)).astype(int)
    stretched = true * z  # as sure as that, and no more often right
    theirs = minimize_scalar(lambda t: log_loss(label, sigmoid(stretched / t)), bounds=(0.1, 30), method="bounded").x
    assert best_temperature(stretched, label) == pytest.approx(theirs, rel=0.013)  # the next of 251 temperatures
    assert best_temperature(stretched, label) == pytest.approx(true, rel=0.1)


@pytest.mark.parametrize("model", EVERY)
def test_model_temperature_and_test_have_patients_of_their_own(model):
    x, label = tumors()
    thirds = np.array_split(np.random.default_rng(3).permutation(len(x)), 3)
    z, scaled, labels, fitted = in_turns(model, 3)
    np.testing.assert_array_equal(labels, label[np.concatenate(thirds)])
    at = 0
    for turn, (test, learn, tune) in enumerate(((0, 2, 1), (1, 0, 2), (2, 1, 0))):
        test, learn, tune = thirds[test], thirds[learn], thirds[tune]
        here = slice(at, at + len(test))
        at += len(test)
        np.testing.assert_allclose(z[here], forecast(model, x[learn], label[learn], x[test]))
        t = best_temperature(forecast(model, x[learn], label[learn], x[tune]), label[tune])
        assert fitted[turn] == t
        np.testing.assert_allclose(scaled[here], z[here] / t)


def test_a_temperature_moves_confidence_and_no_answer():
    cold, hot = demo(temperature=0.5).numbers, demo(temperature=8).numbers
    assert cold["accuracy"] == hot["accuracy"]
    assert cold["mean confidence"] > hot["mean confidence"] > 0.5


def test_the_figures_are_those_of_scikit_learn():
    z, _, label, _ = in_turns("naive Bayes, 10 measurements", 0)
    p, numbers = sigmoid(z / 3), demo(temperature=3).numbers
    assert numbers["Brier score"] == pytest.approx(brier_score_loss(label, p))
    assert numbers["cross-entropy"] == pytest.approx(log_loss(label, p))
    assert numbers["accuracy"] == pytest.approx(((p >= 0.5) == label).mean())
    assert numbers["mean confidence"] == pytest.approx(np.maximum(p, 1 - p).mean())


def test_the_base_rate_is_calibrated_and_knows_nobody():
    numbers = demo(model="the base rate").numbers
    assert numbers["expected calibration error"] < 0.001
    assert numbers["accuracy"] == pytest.approx(1 - tumors()[1].mean())
