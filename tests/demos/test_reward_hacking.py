"""Reward hacking: the loop appears exactly above the computed bonus, and all returns agree with a linear solve."""

import numpy as np
import pytest

from demos.gridworld_rl import value_iteration
from demos.reward_hacking import BUOY, COLUMNS, GOAL, START, course, demo, drive, finishes, returns, threshold


@pytest.mark.parametrize("gamma", [0.5, 0.7, 0.82, 0.9, 0.98])
@pytest.mark.parametrize("cost", [0.0, 0.3, 1.0])
def test_the_boat_stops_finishing_exactly_above_the_threshold(gamma, cost):
    edge = threshold(cost, gamma)
    assert finishes(0.999 * edge, cost, gamma)
    assert not finishes(1.001 * edge, cost, gamma)


@pytest.mark.parametrize("bonus", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("gamma", [0.6, 0.9])
def test_both_worths_are_those_of_a_linear_solve(bonus, gamma):
    to, written, meant = course(bonus, 0.2)
    Q = value_iteration(to, written, gamma)
    policy, cells = np.round(Q, 9).argmax(axis=1), np.arange(len(to))
    P = np.eye(len(to))[to[cells, policy]]
    states, moves = drive(Q, to, 600)
    for reward in (written, meant):
        solved = np.linalg.solve(np.eye(len(to)) - gamma * P, reward[cells, policy])
        assert returns(states, moves, reward, gamma)[-1] == pytest.approx(solved[START], abs=1e-9)
    assert Q[START].max() == pytest.approx(returns(states, moves, written, gamma)[-1], abs=1e-9)


def test_the_course_pays_the_buoy_on_arrival_only_and_the_finish_once():
    to, written, meant = course(2.0, 0.0)
    assert (written - meant).sum() == 2 * 3  # three cells beside the buoy lead to it; the wall above it does not pay
    assert written[BUOY, 0] == 0
    assert meant.sum() == 10 * 3
    assert (to[GOAL] == GOAL).all()
    assert written[GOAL].tolist() == [0, 0, 0, 0]


def test_without_a_bonus_the_boat_takes_the_shortest_way():
    states, _ = drive(value_iteration(*course(0.0, 0.0)[:2], 0.9), course(0.0, 0.0)[0], 20)
    assert states[8] == GOAL
    assert states[7] != GOAL
    assert abs(GOAL - START) == COLUMNS - 1
    numbers = demo(bonus=0.0).numbers
    assert numbers["worth by the intended score"] == pytest.approx(10 * 0.9**7)
    assert numbers["worth by the intended score"] == numbers["best possible by the intended score"]


def test_the_threshold_by_hand_and_highest_in_the_middle():
    assert threshold(0, 0.9) == pytest.approx(10 * 0.9**4 * 0.19)
    assert threshold(0, 0.82) > max(threshold(0, 0.5), threshold(0, 0.98))
    assert threshold(1.0, 0.9) > threshold(0.0, 0.9)


def test_the_loop_is_worth_more_on_paper_and_nothing_in_truth():
    numbers = demo().numbers
    assert numbers["worth by the written score"] > numbers["best possible by the intended score"]
    assert numbers["worth by the intended score"] == 0
    assert numbers["visits of the buoy in 600 steps"] == 299
    assert "never" in demo().summary


def test_the_map_shows_what_the_finish_pays_where_nothing_follows():
    shown = demo(cost=0.3).show[0]
    assert shown.values[1, -1] == pytest.approx(9.7)
