"""Bandits: UCB1 within its proven bound, Thompson's draws against SciPy, and each rule by hand."""

import numpy as np
import pytest
from scipy import stats

from demos.bandit import arms_with, averages, best_of, demo, epsilon_greedy, lower_bound, play, thompson, ucb1


def one_game(rule, wins, pulls, times=20_000, **more):
    """How often a rule pulls each arm when it has seen this."""
    same = np.tile(np.array([wins, pulls], dtype=float)[:, None], (1, times, 1))
    arms = rule(np.random.default_rng(0), *same, **more)
    return np.bincount(arms, minlength=len(wins)) / times


@pytest.mark.parametrize(("wins", "pulls"), [([3, 5], [10, 9]), ([0, 4, 30], [0, 7, 60]), ([1, 1, 1], [1, 2, 3])])
def test_thompson_pulls_an_arm_as_often_as_scipy_says_that_it_is_best(wins, pulls):
    x = np.linspace(0, 1, 20_001)
    beta = [stats.beta(1 + w, 1 + n - w) for w, n in zip(wins, pulls, strict=True)]
    expected = [
        np.trapezoid(each.pdf(x) * np.prod([other.cdf(x) for other in beta if other is not each], axis=0), x)
        for each in beta
    ]
    np.testing.assert_allclose(one_game(thompson, wins, pulls), expected, atol=0.015)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("gap", [0.05, 0.2])
def test_ucb1_loses_no_more_than_auer_and_others_prove(seed, gap):
    chance = np.array(arms_with(4, gap))
    lost, pulls = play(np.random.default_rng(seed), ucb1, chance, 800, 40)
    behind = chance[0] - chance[1:]
    bound = 8 * (np.log(800) / behind).sum() + (1 + np.pi**2 / 3) * behind.sum()
    assert lost[:, -1].mean() <= bound
    np.testing.assert_allclose(lost[:, -1], (pulls[:, 1:] * behind).sum(axis=1))
    assert (pulls.sum(axis=1) == 800).all()


def test_ucb1_by_hand():
    wins, pulls = np.array([[40.0, 3.0]]), np.array([[80.0, 10.0]])
    # 0.5 + sqrt(2 ln 90 / 80) = 0.835; 0.3 + sqrt(2 ln 90 / 10) = 1.249
    assert ucb1(np.random.default_rng(0), wins, pulls).tolist() == [1]
    assert ucb1(np.random.default_rng(0), np.array([[40.0, 3.0]]), np.array([[80.0, 800.0]])).tolist() == [0]
    # 0.5 + sqrt(2 ln 120 / 80) = 0.846; 0.375 + sqrt(2 ln 120 / 40) = 0.864, and without the 2 it would be 0.745, 0.721
    assert ucb1(np.random.default_rng(0), np.array([[40.0, 15.0]]), np.array([[80.0, 40.0]])).tolist() == [1]
    assert ucb1(np.random.default_rng(0), np.array([[9.0, 0.0]]), np.array([[9.0, 0.0]])).tolist() == [1]  # untried


@pytest.mark.parametrize("epsilon", [0.0, 0.3, 1.0])
def test_epsilon_greedy_pulls_the_best_so_far_and_shares_the_rest_evenly(epsilon):
    share = one_game(epsilon_greedy, [5, 9, 2], [10, 10, 10], epsilon=epsilon)
    np.testing.assert_allclose(share, epsilon / 3 + (1 - epsilon) * np.array([0, 1, 0]), atol=0.015)


def test_equal_arms_are_chosen_evenly_and_untried_ones_first():
    share = np.bincount(best_of(np.random.default_rng(0), np.tile([1.0, 3.0, 3.0], (20_000, 1)))) / 20_000
    np.testing.assert_allclose(share, [0, 0.5, 0.5], atol=0.015)
    assert averages(np.array([0.0, 2.0]), np.array([0.0, 4.0])).tolist() == [2.0, 0.5]


def test_the_lower_bound_uses_the_divergence_that_scipy_computes():
    chance = (0.6, 0.5, 0.2)
    expected = sum((0.6 - p) / stats.entropy([p, 1 - p], [0.6, 0.4]) for p in chance[1:])
    assert lower_bound(chance) == pytest.approx(expected)


def test_all_pulls_at_random_lose_what_the_average_arm_does_and_none_gets_stuck():
    numbers = demo(epsilon=1.0).numbers
    assert numbers["wins lost, epsilon-greedy"] == pytest.approx(numbers["wins lost by pulling at random"], rel=0.03)
    stuck = demo(epsilon=0.0).numbers["percent of games with another favorite, epsilon-greedy"]
    assert stuck > 20
    assert demo(epsilon=0.0, pulls=2000).numbers["percent of games with another favorite, epsilon-greedy"] > 20


def test_a_longer_game_begins_as_a_shorter_one():
    short, long = (play(np.random.default_rng(3), ucb1, np.array([0.6, 0.5, 0.3]), T, 20)[0] for T in (40, 90))
    np.testing.assert_array_equal(long[:, :40], short)


def test_the_loss_never_shrinks_and_the_arms_stand_in_order():
    chance = arms_with(5, 0.1)
    assert chance[0] == 0.6
    assert chance[1] == 0.5
    assert list(chance) == sorted(chance, reverse=True)
    assert min(chance) > 0
    lost, _ = play(np.random.default_rng(1), thompson, np.array(chance), 200, 10)
    assert (np.diff(lost, axis=1) >= 0).all()
