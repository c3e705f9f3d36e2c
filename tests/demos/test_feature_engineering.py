"""Features against scikit-learn's preprocessing, the fit against its regression, and waves by their definition."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_squared_error
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures, StandardScaler

from demos.feature_engineering import KINDS, demo, features, fit, learn, predict, typical_miss, village, waves


@pytest.fixture
def hours():
    return np.random.default_rng(0).uniform(0, 24, 400)


def test_powers_and_one_column_each_are_those_of_scikit_learn(hours):
    powers = PolynomialFeatures(6, include_bias=False).fit_transform(hours[:, None])
    np.testing.assert_allclose(features("powers up to 6", hours), powers)
    one_hot = OneHotEncoder(categories=[range(24)], sparse_output=False).fit_transform(np.floor(hours)[:, None])
    np.testing.assert_array_equal(features("one column for each hour", hours), one_hot)


@pytest.mark.parametrize("kind", KINDS)
def test_every_set_of_features_takes_24_hours_as_a_day(kind, hours):
    x = features(kind, hours)
    assert x.shape[0] == 400
    if kind in KINDS[2:]:  # it comes back after a day
        np.testing.assert_allclose(features(kind, hours + 24), x, atol=1e-9)


def test_waves_are_circles():
    hour = np.linspace(0, 24, 50)
    np.testing.assert_allclose(waves(hour, 1) ** 2 @ [1, 1], 1)
    np.testing.assert_allclose(waves(np.array([6.0]), 2), [[1, 0, 0, -1]], atol=1e-12)  # sin, sin 2, cos, cos 2


@pytest.mark.parametrize("kind", ["the hour as it is", "powers up to 6", "sine and cosine", "two waves"])
def test_the_model_is_that_of_scikit_learn(kind, hours):
    rng = np.random.default_rng(1)
    y, random, asked = rng.normal(size=400), rng.normal(size=(400, 3)), rng.uniform(0, 24, 30)
    theirs = make_pipeline(StandardScaler(), LinearRegression()).fit(np.hstack([features(kind, hours), random]), y)
    ours = learn(kind, hours, y, random)(asked, random[:30])
    np.testing.assert_allclose(ours, theirs.predict(np.hstack([features(kind, asked), random[:30]])), atol=1e-6)


def test_one_column_for_each_hour_says_the_mean_of_that_hour(hours):
    y = np.random.default_rng(2).normal(size=400)
    says = learn("one column for each hour", hours, y, np.zeros((400, 0)))
    for hour in (0, 11, 23):
        assert says(np.array([hour + 0.5]), np.zeros((1, 0)))[0] == pytest.approx(y[hours.astype(int) == hour].mean())


def test_fit_finds_the_weights_it_was_made_with():
    x = np.random.default_rng(3).normal(size=(50, 4))
    w = np.array([2.0, -1, 0, 3, 0.5])
    np.testing.assert_allclose(fit(x, predict(w, x)), w, atol=1e-9)


def test_the_typical_miss_is_the_root_of_the_mean_squared_error():
    rng = np.random.default_rng(4)
    a, b = rng.normal(size=(2, 30))
    assert typical_miss(a, b) == pytest.approx(np.sqrt(mean_squared_error(a, b)))


def test_the_village_does_not_jump_at_midnight():
    assert village(0.0) == pytest.approx(village(24.0))


@pytest.mark.parametrize("kind", ["sine and cosine", "two waves"])
def test_waves_do_not_jump_and_a_line_does(kind):
    assert demo(kind=kind).numbers["jump at midnight"] < 0.3
    assert demo().numbers["jump at midnight"] > 10


def test_a_unit_changes_no_answer_and_random_columns_do():
    assert demo(unit="minutes").numbers == pytest.approx(demo().numbers)
    crowded = demo(useless=40).numbers
    assert crowded["error on fresh measurements"] > demo().numbers["error on fresh measurements"] + 5
    assert crowded["error on the measurements learned from"] < demo().numbers["error on the measurements learned from"]


def test_figures_of_the_bars_are_those_of_each_choice():
    for kind in KINDS:
        assert demo().numbers[f"error with {kind}"] == demo(kind=kind).numbers["error on fresh measurements"]
