"""Reinforcement learning on the cliff walk: against a linear solve, hand-worked steps, and what the book publishes."""

import random
from itertools import pairwise

import numpy as np
import pytest

from demos.gridworld_rl import (
    CLIFF,
    COLUMNS,
    GOAL,
    START,
    choose,
    demo,
    learn,
    smooth,
    target,
    value_iteration,
    walk,
    world,
)


def worth_of_policy(policy, to, reward, gamma):
    """The worth of always making the moves of a policy, by solving (I - gamma P) v = r."""
    cells = np.arange(len(to))
    P = np.eye(len(to))[to[cells, policy]]
    return np.linalg.solve(np.eye(len(to)) - gamma * P, reward[cells, policy])


def random_world(rng, states=9):
    return rng.integers(0, states, size=(states, 4)), rng.normal(size=(states, 4))


@pytest.mark.parametrize("seed", range(5))
def test_value_iteration_agrees_with_a_linear_solve_and_no_random_policy_beats_it(seed):
    rng = np.random.default_rng(seed)
    to, reward = random_world(rng)
    Q = value_iteration(to, reward, 0.8)
    np.testing.assert_allclose(worth_of_policy(Q.argmax(axis=1), to, reward, 0.8), Q.max(axis=1), atol=1e-9)
    for _ in range(50):
        assert (worth_of_policy(rng.integers(0, 4, size=9), to, reward, 0.8) <= Q.max(axis=1) + 1e-9).all()


def test_the_world_is_the_one_of_the_book():
    to, reward = world()
    assert to.shape == (48, 4)
    assert (to[START, 1], reward[START, 1]) == (START, -100)  # right of the start is the cliff
    assert (to[COLUMNS + 5, 2], reward[COLUMNS + 5, 2]) == (START, -100)
    assert (to[GOAL + COLUMNS, 2], reward[GOAL + COLUMNS, 2]) == (GOAL, -1)
    assert (to[START, 3], reward[START, 3]) == (START, -1)  # a wall
    assert sorted(np.unique(to[[c for c in range(48) if c not in CLIFF]])) == [c for c in range(48) if c not in CLIFF]
    assert value_iteration(to, reward, 1.0)[START].max() == -13  # Sutton & Barto: the best path takes 13 steps


def test_both_targets_by_hand():
    assert target("Q-learning", -1.0, 0.9, [1.0, 5.0, -2.0, 0.0], 2) == pytest.approx(3.5)
    assert target("SARSA", -1.0, 0.9, [1.0, 5.0, -2.0, 0.0], 2) == pytest.approx(-2.8)


@pytest.mark.parametrize("rule", ["Q-learning", "SARSA"])
@pytest.mark.parametrize("seed", range(3))
def test_without_random_moves_both_rules_find_the_worth_that_value_iteration_computes(rule, seed):
    Q, _ = learn(random.Random(seed), rule, 400, 0.0, 0.5, 0.9)
    path, best = walk(Q), value_iteration(*world(), 0.9)
    assert len(path) == 14
    np.testing.assert_allclose(Q[path[:-1]].max(axis=1), best[path[:-1]].max(axis=1), atol=1e-6)
    assert Q[START].max() == pytest.approx(best[START].max())


@pytest.mark.parametrize("seed", range(4))
def test_as_in_the_book_q_learning_takes_the_edge_and_collects_less_while_it_learns(seed):
    many = [learn(random.Random(10 * seed + one), rule, 500, 0.1, 0.5, 1.0)[1][-300:].mean()
            for rule in ("Q-learning", "SARSA") for one in range(5)]  # fmt: skip
    edge, detour = np.mean(many[:5]), np.mean(many[5:])
    assert -60 < edge < -40  # figure of example 6.6: near -50, and near -25
    assert -35 < detour < -20
    numbers = demo(seed=seed).numbers
    assert numbers["steps of the path, Q-learning"] == 13


def test_the_path_never_enters_the_cliff_and_each_step_is_a_move_to_a_neighbor():
    path = walk(learn(random.Random(1), "Q-learning", 300, 0.1, 0.5, 1.0)[0])
    assert not set(path) & set(CLIFF)
    assert path[0] == START
    assert path[-1] == GOAL
    assert all(abs(a - b) in (1, COLUMNS) for a, b in pairwise(path))


def test_random_moves_come_as_often_as_asked_for():
    rng = random.Random(0)
    moves = [choose(rng, [0.0, 2.0, 1.0, 2.0], 0.2) for _ in range(20_000)]
    shares = np.bincount(moves, minlength=4) / len(moves)
    np.testing.assert_allclose(shares, [0.05, 0.45, 0.05, 0.45], atol=0.015)  # ties are shared evenly


def test_smooth_averages_at_most_a_window():
    np.testing.assert_allclose(smooth(np.array([1.0, 3.0, 5.0, 7.0]), 2), [1, 2, 4, 6])


def test_an_untrained_learner_says_that_there_is_no_path():
    assert "no path" in demo(episodes=5).summary
    assert demo(episodes=5).numbers["steps of the path that is shown"] == 0
