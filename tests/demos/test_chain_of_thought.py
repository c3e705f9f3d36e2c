"""Chains against addition in Python, against powers of a matrix, against multinomial sums, and against drawing them."""

import itertools

import numpy as np
import pytest
from scipy import stats

from demos.chain_of_thought import demo, learn, pieces, row, think, vote, write
from demos.chain_of_thought import test as solve

solve.__test__ = False


def everything(c):
    """All rows there are, for steps of c digits and of what may be left."""
    return {size: np.arange(10 ** (size + 1)) for size in range(1, c + 1)}


@pytest.mark.parametrize("c", [1, 2, 3, 5])
def test_without_slips_and_with_all_rows_it_adds_as_python_does(c):
    problems = np.random.default_rng(c).integers(10, size=(50, 5))
    share, known = think(problems, everything(c), c, 0.0)
    assert share.argmax(axis=1).tolist() == [sum(map(int, problem)) % 10 for problem in problems]
    np.testing.assert_allclose(share.max(axis=1), 1)
    assert known == 1


@pytest.mark.parametrize("slip", [0.05, 0.2])
@pytest.mark.parametrize(("n", "c", "steps"), [(6, 1, 6), (6, 2, 3), (7, 3, 3), (4, 4, 1)])
def test_slips_add_up_as_the_powers_of_a_matrix(n, c, steps, slip):
    """Seen from the right digit, a step stays where it is or goes to one of nine others."""
    stay = np.full((10, 10), slip / 9) + np.eye(10) * (1 - slip - slip / 9)
    problems = np.random.default_rng(0).integers(10, size=(20, n))
    share, _ = think(problems, everything(c), c, slip)
    right = share[np.arange(20), problems.sum(axis=1) % 10]
    np.testing.assert_allclose(right, np.linalg.matrix_power(stay, steps)[0, 0], rtol=1e-12)
    by_formula = 0.1 + 0.9 * (1 - slip * 10 / 9) ** steps
    np.testing.assert_allclose(right, by_formula, rtol=1e-12)


def test_a_step_never_met_is_a_guess():
    share, known = think(np.array([[1, 2], [3, 4]]), {2: row(np.array([0]), np.array([[1, 2]]))}, 2, 0.1)
    assert share[0, 3] == pytest.approx(0.9)
    np.testing.assert_allclose(share[0].sum(), 1)
    np.testing.assert_allclose(share[1], 0.1)
    assert known == 0.5


def test_the_rows_learned_are_those_of_the_examples_worked_out_by_hand():
    seen = learn(np.array([[7, 8, 9, 1, 6]]), 2)
    assert seen[2].tolist() == [78, 591]  # 0 with 7 and 8 is 15; 5 with 9 and 1 is 15
    assert seen[1].tolist() == [56]
    assert [each.tolist() for each in pieces(np.array([[7, 8, 9, 1, 6]]), 2)] == [[[7, 8]], [[9, 1]], [[6]]]


def test_digits_make_a_row_as_they_make_a_number():
    for digits in itertools.product(range(0, 10, 3), repeat=3):
        assert row(np.array(4), np.array(digits)) == int("4" + "".join(map(str, digits)))


@pytest.mark.parametrize("chains", [1, 3, 5])
def test_the_vote_is_a_sum_over_all_outcomes(chains):
    share = np.array([0.5, 0.3, 0.2] + [0.0] * 7)
    expected = 0.0
    for drawn in itertools.product(range(3), repeat=chains):
        votes = np.bincount(drawn, minlength=3)
        expected += np.prod(share[list(drawn)]) * (votes[0] == votes.max()) / (votes == votes.max()).sum()
    found = vote(np.random.default_rng(0), np.tile(share, (20_000, 1)), chains).mean()
    assert found == pytest.approx(expected, abs=0.012)


def test_many_chains_bring_out_the_most_likely_digit():
    share = np.tile([0.28, *[0.08] * 9], (500, 1))
    assert vote(np.random.default_rng(0), share, 101).mean() > 0.98
    share = np.tile([0.28, 0.72, *[0.0] * 8], (500, 1))
    assert vote(np.random.default_rng(0), share, 101).mean() < 0.01  # all wrong alike: the vote is wrong too


def test_chains_that_are_written_end_as_often_in_each_digit_as_computed():
    rng, problem = np.random.default_rng(0), np.array([4, 7, 9, 2])
    seen = learn(rng.integers(10, size=(40, 4)), 2)
    share, _ = think(problem[None], seen, 2, 0.15)
    ends = [int(write(rng, problem, seen, 2, 0.15)[-1].text[0]) for _ in range(3000)]
    counts = np.bincount(ends, minlength=10)
    assert stats.chisquare(counts, 3000 * share[0]).pvalue > 0.001


def test_the_right_digit_comes_first_in_a_test():
    ahead, known = solve(np.random.default_rng(0), 3, 20_000, 1, 0.1)
    np.testing.assert_allclose(ahead[:, 0], 0.1 + 0.9 * (1 - 1 / 9) ** 3, rtol=1e-9)
    assert known == pytest.approx(1)


def test_at_once_is_a_guess_and_short_steps_are_not():
    n = demo().numbers
    assert n["percent right at once"] == pytest.approx(10, abs=0.5)
    assert n["percent right with one digit per step"] == pytest.approx(10 + 90 * (1 - 0.03 / 0.9) ** 10, abs=0.5)
    assert demo(per_step=1).numbers["steps written"] == 10
    assert demo(per_step=3).numbers["steps written"] == 4


def test_with_many_examples_longer_steps_win():
    assert demo(per_step=1, examples=10000).numbers["digits per step that do best"] == 2
    assert demo(per_step=3, length=3, examples=10000).numbers["digits per step that do best"] == 3
