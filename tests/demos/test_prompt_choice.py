"""Choosing against the exact expectation of a maximum of binomials, against integrals, and against a plain loop."""

import numpy as np
import pytest
from scipy import integrate, stats

from demos.prompt_choice import MOST, ROUNDS, best_so_far, choose, demo, small_set, true_scores


@pytest.mark.parametrize("skill", [-1.0, 0.0, 1.3])
@pytest.mark.parametrize("spread", [0.0, 1.0, 4.0])
def test_a_true_score_is_an_integral_over_all_examples(skill, spread):
    expected, _ = integrate.quad(lambda d: stats.norm.pdf(d) / (1 + np.exp(spread * d - skill)), -8, 8)
    assert true_scores(np.array([skill]), spread)[0] == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("same", [True, False])
def test_scores_are_right_on_average(same):
    rng = np.random.default_rng(0)
    skill = np.tile([[0.5, 2.0]], (3000, 1))
    found = small_set(rng, skill, 1.5, 20, same)
    np.testing.assert_allclose(found.mean(axis=0), true_scores(skill[0], 1.5), atol=0.006)


def test_on_the_same_examples_scores_go_up_and_down_together():
    rng, skill = np.random.default_rng(0), np.ones((3000, 2))
    together, apart = (np.corrcoef(small_set(rng, skill, 3.0, 20, same).T)[0, 1] for same in (True, False))
    assert together > 0.4
    assert abs(apart) < 0.06


@pytest.mark.parametrize(("K", "n"), [(5, 10), (20, 30)])
def test_the_best_of_equals_scores_as_the_maximum_of_binomials(K, n):
    p = 0.7
    rng, skill = np.random.default_rng(1), np.full((4000, K), np.log(p / (1 - p)))
    looks, real = choose(small_set(rng, skill, 0.0, n, False), true_scores(skill, 0.0))
    for k in (1, 3, K):
        expected = sum(1 - stats.binom.cdf(x, n, p) ** k for x in range(n)) / n
        assert looks[k - 1] == pytest.approx(expected, abs=0.006)
    np.testing.assert_allclose(real, p)


def test_the_best_so_far_is_the_first_of_the_highest():
    score = np.array([[0.5, 0.7, 0.7, 0.2, 0.9], [0.4, 0.4, 0.1, 0.3, 0.4]])
    assert best_so_far(score).tolist() == [[0, 1, 1, 1, 4], [0, 0, 0, 0, 0]]
    rng = np.random.default_rng(0)
    score, truth = rng.integers(0, 9, size=(30, 12)) / 9, rng.random((30, 12))
    looks, real = choose(score, truth)
    for k in range(1, 13):
        first = [row[:k].tolist().index(max(row[:k])) for row in score]
        assert looks[k - 1] == pytest.approx(np.mean([row[at] for row, at in zip(score, first, strict=True)]))
        assert real[k - 1] == pytest.approx(np.mean([row[at] for row, at in zip(truth, first, strict=True)]))


def test_more_prompts_look_better_than_they_are_and_more_examples_look_truer():
    few, many = demo(prompts=5).numbers, demo(prompts=40).numbers
    assert many["points too many"] > few["points too many"] > 3
    assert demo(examples=400).numbers["points too many"] < 3
    assert demo(prompts=1).numbers["points too many"] == pytest.approx(0, abs=1.5)


def test_where_all_prompts_are_equal_nothing_is_gained():
    n = demo(differ=0.0).numbers
    assert n["points gained by choosing"] == pytest.approx(0, abs=1e-6)
    assert n["percent of rounds in which the truly best wins"] == 100
    assert n["percent on the small set"] > n["percent of the truly best prompt"] + 8


def test_the_same_examples_for_all_choose_better():
    same, apart = (demo(hard=4.0, same=each).numbers["percent on fresh examples"] for each in (True, False))
    assert same > apart
    assert demo().numbers["percent of the truly best prompt"] > demo().numbers["percent on fresh examples"]
    assert len(demo().show[0].series[0].y) == MOST
    assert ROUNDS > 100
