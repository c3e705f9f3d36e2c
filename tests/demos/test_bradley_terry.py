"""Scores from votes: against scikit-learn's logistic regression, the published formula of Elo, and the true order."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from sklearn.linear_model import LogisticRegression

from demos.bradley_terry import PRIOR, agreement, demo, elo, expected, fit, loss_and_gradient, right_order, vote


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("K", "votes"), [(3, 20), (6, 150), (12, 400)])
def test_the_scores_are_those_of_a_logistic_regression_on_differences(seed, K, votes):
    rng = np.random.default_rng(seed)
    winner, loser = vote(rng, rng.normal(size=K), votes, 0.1)
    x = np.eye(K)[winner] - np.eye(K)[loser]
    theirs = LogisticRegression(C=1 / PRIOR, fit_intercept=False, tol=1e-12, max_iter=5000)
    theirs.fit(np.vstack([x, -x]), np.append(np.ones(votes), np.zeros(votes)), sample_weight=np.full(2 * votes, 0.5))
    np.testing.assert_allclose(fit(winner, loser, K), theirs.coef_[0], atol=2e-4)


@pytest.mark.parametrize("seed", range(3))
def test_the_slope_is_the_one_that_scipy_measures_and_vanishes_at_the_fit(seed):
    rng = np.random.default_rng(seed)
    winner, loser = vote(rng, rng.normal(size=5), 80, 0.2)
    r = rng.normal(size=5)
    measured = approx_fprime(r, lambda each: loss_and_gradient(each, winner, loser)[0], 1e-7)
    np.testing.assert_allclose(loss_and_gradient(r, winner, loser)[1], measured, atol=1e-4)
    best = fit(winner, loser, 5)
    np.testing.assert_allclose(loss_and_gradient(best, winner, loser)[1], 0, atol=1e-8)
    assert best.sum() == pytest.approx(0, abs=1e-9)


def test_many_votes_recover_the_scores():
    true = np.array([-1.5, -0.2, 0.4, 1.3])
    winner, loser = vote(np.random.default_rng(0), true, 100_000, 0.0)
    np.testing.assert_allclose(fit(winner, loser, 4), true, atol=0.05)
    assert (winner != loser).all()
    np.testing.assert_allclose(np.bincount(np.append(winner, loser)) / 200_000, 0.25, atol=0.01)


def test_careless_votes_are_a_coin():
    true = np.array([-4.0, 4.0])
    winner, _ = vote(np.random.default_rng(0), true, 20_000, 0.4)
    assert winner.mean() == pytest.approx(0.6 * 0.99966 + 0.2, abs=0.01)


def test_elo_moves_as_many_points_as_the_formula_says_and_none_get_lost():
    assert expected(400) == pytest.approx(10 / 11)  # ten to one
    assert expected(0) == 0.5
    ratings = elo(np.array([0, 0, 1]), np.array([1, 1, 0]), 2, 16)
    assert ratings[1].tolist() == [1008, 992]
    assert ratings[2, 0] == pytest.approx(1008 + 16 * (1 - expected(16)))
    np.testing.assert_allclose(ratings.sum(axis=1), 2000)
    assert ratings[3, 1] > ratings[2, 1]


def test_order_and_agreement_by_hand():
    assert right_order(np.array([1, 2, 3]), np.array([1, 3, 2])) == pytest.approx(200 / 3)
    assert right_order(np.array([1, 2]), np.array([1, 1])) == 0
    assert agreement(np.array([0.0, np.log(3)]), 0) == pytest.approx(62.5)  # 3/4 squared plus 1/4 squared
    assert agreement(np.array([0.0, 5.0]), 1) == pytest.approx(50)


@pytest.mark.parametrize("seed", range(5))
def test_careless_votes_pull_the_scores_together_and_leave_the_order(seed):
    clean, careless = (demo(votes=1000, flipped=f, seed=seed).numbers for f in (0.0, 0.5))
    assert careless["learned spread, compared with the true one"] < 0.6
    assert clean["learned spread, compared with the true one"] > 0.8
    assert careless["percent of pairs in the right order"] > 85
