"""Training against scikit-learn, grids against its ParameterGrid, and what random search expects against drawing."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import ParameterGrid

from demos.hyperparameter_search import (
    PENALTIES,
    RATES,
    best_of_grid,
    best_of_random,
    demo,
    grid,
    hit,
    levels,
    losses,
    train,
    trained,
)
from demos.parts.measured import standard, tumors


def test_after_many_steps_the_weights_are_those_of_scikit_learn():
    x, label = tumors("radius", "texture", "smoothness")
    x = standard(x, x)
    penalties = np.array([0.003, 0.1, 1.0])
    w, b = train(x, label, np.full(3, 0.5), penalties, 4000)
    for at, penalty in enumerate(penalties):
        theirs = LogisticRegression(C=1 / (len(x) * penalty), tol=1e-10, max_iter=2000).fit(x, label)
        np.testing.assert_allclose(w[:, at], theirs.coef_[0], atol=1e-4)
        assert b[at] == pytest.approx(theirs.intercept_[0], abs=1e-4)
        assert losses(x, label, w, b)[at] == pytest.approx(log_loss(label, theirs.predict_proba(x)), abs=1e-4)


def test_one_step_without_a_penalty_is_a_step_down_the_gradient():
    x, label = tumors("radius")
    x = standard(x, x)
    w, b = train(x, label, np.array([0.3]), np.zeros(1), 1)
    nudge = 1e-6
    at_zero, along = (losses(x, label, np.array([[at]]), np.zeros(1))[0] for at in (0.0, nudge))
    assert w[0, 0] == pytest.approx(-0.3 * (along - at_zero) / nudge, rel=1e-3)
    assert b[0] == pytest.approx(-0.3 * (0.5 - label.mean()))


def test_settings_do_not_disturb_each_other_and_patients_that_choose_are_not_learned_from():
    x, label = tumors()
    order = np.random.default_rng(4).permutation(len(x))
    inside, chosen_by, fresh = order[:100], order[100:250], order[250:]
    validation, test = trained(4)
    for row, column in ((20, 5), (28, 12), (2, 0)):
        scaled = standard(x, x[inside])
        w, b = train(scaled[inside], label[inside], RATES[[row]], PENALTIES[[column]], 40)
        p = [1 / (1 + np.exp(-(scaled[rows] @ w + b)[:, 0])) for rows in (chosen_by, fresh)]
        assert validation[row, column] == pytest.approx(log_loss(label[chosen_by], p[0]))
        assert test[row, column] == pytest.approx(log_loss(label[fresh], p[1]))


@pytest.mark.parametrize("m", [1, 2, 3, 4, 6, 8])
def test_a_grid_tries_every_combination_once_as_in_scikit_learn(m):
    rows, columns = grid((36, 16), m)
    pairs = set(zip(rows.tolist(), columns.tolist(), strict=True))
    theirs = ParameterGrid({"row": sorted(set(rows.tolist())), "column": sorted(set(columns.tolist()))})
    assert pairs == {(each["row"], each["column"]) for each in theirs}
    assert len(pairs) == m * m


@pytest.mark.parametrize(("trials", "dimensions", "m"), [(16, 2, 4), (15, 2, 3), (64, 3, 4), (63, 3, 3), (1, 5, 1)])
def test_a_grid_is_as_fine_as_the_trials_allow(trials, dimensions, m):
    assert levels(trials, dimensions) == m


def test_on_average_over_offsets_a_grid_meets_every_setting_equally_often():
    loss = np.arange(36 * 16, dtype=float).reshape(36, 16)
    assert best_of_grid(loss, 1) == loss.mean()
    assert best_of_grid(loss, 4) == np.mean(loss[:9, :4])  # increasing, so the first of each grid is its best


@pytest.mark.parametrize("trials", [1, 2, 7, 30])
def test_what_random_search_reaches_is_the_mean_of_many_searches(trials):
    rng = np.random.default_rng(0)
    loss = rng.exponential(size=(6, 5))
    drawn = loss.ravel()[rng.integers(30, size=(40000, trials))].min(axis=1).mean()
    assert best_of_random(loss, trials) == pytest.approx(drawn, rel=0.05)
    assert best_of_random(loss, 1) == pytest.approx(loss.mean())


def test_the_chance_of_a_hit_is_that_of_drawing():
    drawn = (np.random.default_rng(0).integers(576, size=(20000, 14)) < 29).any(axis=1).mean()
    assert hit(576, 14) == pytest.approx(drawn, abs=0.01)


def test_values_without_effect_cost_the_grid_and_not_the_draws():
    alone, crowded = demo(trials=16).numbers, demo(trials=16, extra=3).numbers
    assert crowded["grid search: best loss, on average"] > alone["grid search: best loss, on average"] + 0.1
    assert crowded["random search: best loss, on average"] == alone["random search: best loss, on average"]


@pytest.mark.parametrize("method", ["random search", "grid search"])
def test_the_chosen_setting_has_the_lowest_validation_loss_of_all_that_were_tried(method):
    found = demo(method=method, trials=25)
    table = found.show[2].rows
    assert table[0][2] == min(row[2] for row in table) == found.numbers["validation loss of the chosen setting"]
    assert table[0][3] == found.numbers["test loss of the chosen setting"]
    validation, _ = trained(0)
    picture = found.show[0].overlay[0]
    at = (
        np.abs(np.log10(RATES)[:, None] - picture.x).argmin(0),
        np.abs(np.log10(PENALTIES)[:, None] - picture.y).argmin(0),
    )
    assert validation[at].min() == table[0][2]
    assert found.numbers["learning rates tried"] == len(set(picture.x))
