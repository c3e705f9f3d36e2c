"""Sums of dice against all throws there are, and figures against SciPy."""

import itertools
from collections import Counter

import numpy as np
import pytest
from scipy import stats

from demos.probability_distribution import bell, demo, distance, entropy, moments, one_die, roll, shares, total


@pytest.mark.parametrize("dice", [1, 2, 4])
@pytest.mark.parametrize("weight", [0, 1, 3.5])
def test_a_sum_has_the_probability_of_all_throws_that_make_it(dice, weight):
    face = one_die(weight)
    by_hand = Counter()
    for throw in itertools.product(range(6), repeat=dice):
        by_hand[sum(throw) + dice] += np.prod(face[list(throw)])
    np.testing.assert_allclose(total(face, dice), [by_hand[value] for value in range(dice, 6 * dice + 1)], atol=1e-12)


def test_a_die_sums_to_one_and_a_six_is_so_many_times_as_likely():
    assert one_die(1) == pytest.approx(np.full(6, 1 / 6))
    face = one_die(4)
    assert face.sum() == pytest.approx(1)
    assert face[5] == pytest.approx(4 * face[0])


@pytest.mark.parametrize("seed", range(3))
def test_moments_and_entropy_are_those_of_scipy(seed):
    rng = np.random.default_rng(seed)
    p, value = rng.dirichlet(np.ones(7)), rng.normal(size=7)
    theirs = stats.rv_discrete(values=(np.arange(7), p))
    mean, spread = moments(p, value)
    assert mean == pytest.approx(theirs.expect(lambda k: value[k.astype(int)]))
    assert spread == pytest.approx(np.sqrt(theirs.expect(lambda k: (value[k.astype(int)] - mean) ** 2)))
    assert entropy(p) == pytest.approx(stats.entropy(p, base=2))
    assert entropy(np.array([0.0, 1.0, 0.0])) == 0
    assert entropy(np.full(8, 1 / 8)) == pytest.approx(3)


def test_means_and_variances_of_dice_add_up():
    one, many = moments(one_die(3), np.arange(1, 7)), moments(total(one_die(3), 5), np.arange(5, 31))
    assert many[0] == pytest.approx(5 * one[0])
    assert many[1] ** 2 == pytest.approx(5 * one[1] ** 2)


def test_the_bell_curve_is_that_of_scipy_and_comes_closer_with_more_dice():
    x = np.linspace(-3, 9, 20)
    np.testing.assert_allclose(bell(x, 2, 1.5), stats.norm.pdf(x, 2, 1.5))
    apart = [demo(dice=dice).numbers["distance between bell curve and distribution"] for dice in (1, 2, 4, 12)]
    assert apart == sorted(apart, reverse=True)


@pytest.mark.parametrize("weight", [0, 1, 6])
def test_rolls_follow_the_distribution(weight):
    p = one_die(weight)
    rolled = roll(np.random.default_rng(0), p, np.arange(1, 7), 6000)
    counts = np.array([(rolled == face).sum() for face in range(1, 7)])
    possible = p > 0
    assert counts[~possible].sum() == 0
    assert stats.chisquare(counts[possible], 6000 * p[possible]).pvalue > 0.01
    np.testing.assert_allclose(shares(rolled, np.arange(1, 7)), counts / 6000)


def test_total_variation_is_the_largest_difference_of_any_question():
    rng = np.random.default_rng(0)
    p, q = rng.dirichlet(np.ones(5), size=2)
    events = [list(each) for n in range(6) for each in itertools.combinations(range(5), n)]
    assert distance(p, q) == pytest.approx(max(abs(p[event].sum() - q[event].sum()) for event in events))


def test_more_rolls_come_closer():
    apart = [demo(rolls=n).numbers["distance between rolls and distribution"] for n in (1, 30, 10000)]
    assert apart == sorted(apart, reverse=True)


def test_two_fair_dice_as_everybody_counts_them():
    numbers = demo().numbers
    assert numbers["most likely sum"] == 7
    assert numbers["its probability"] == pytest.approx(6 / 36)
    assert numbers["probability of the largest sum"] == pytest.approx(1 / 36)
    assert numbers["probability within one standard deviation"] == pytest.approx(24 / 36)  # 5 to 9
    assert numbers["outcomes that are possible"] == 11
