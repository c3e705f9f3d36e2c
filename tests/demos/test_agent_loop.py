"""The agent's success against closed forms and SciPy, its answers against exact sums, its loop step by step."""

import json

import numpy as np
import pytest
from scipy.stats import binom

from demos.agent_loop import (
    PRICES,
    calls_needed,
    chance,
    demo,
    flaky,
    policy,
    run_agent,
    simulate,
    solved,
    toolbox,
    transcript,
)

GOAL = ["bread", "cheese", "oil"]
RELIABLE = toolbox(0.0, 0.0, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("calls", "p", "q", "r"), [(1, 0.3, 0, 0), (9, 0.1, 0.2, 1), (19, 0.4, 0.5, 5), (5, 0.9, 0, 3)]
)
def test_without_a_limit_of_steps_the_chance_is_a_power(calls, p, q, r):
    e = p * (1 - q)
    expected = ((1 - p) * (1 - e ** (r + 1)) / (1 - e)) ** calls
    assert chance(calls, p, q, r, 1000) == pytest.approx(expected, rel=1e-12)
    if q == 0:
        assert chance(calls, p, q, r, 1000) == pytest.approx((1 - p ** (r + 1)) ** calls, rel=1e-12)


@pytest.mark.parametrize(("calls", "p", "steps"), [(1, 0.2, 1), (5, 0.3, 8), (9, 0.1, 12), (9, 0.5, 9), (3, 0.2, 2)])
def test_with_a_limit_and_endless_patience_it_is_the_binomial_law(calls, p, steps):
    # solved within M steps is the same as at least n successes among M tries
    assert chance(calls, p, 0.0, steps, steps) == pytest.approx(binom.sf(calls - 1, steps, 1 - p), abs=1e-12)


@pytest.mark.parametrize(
    ("items", "p", "q", "r", "steps"),
    [(5, 0.1, 0.2, 1, 15), (3, 0.4, 0.0, 5, 8), (2, 0.5, 0.3, 2, 60), (4, 0.15, 1, 0, 7)],
)
@pytest.mark.parametrize("seed", range(2))
def test_runs_succeed_as_often_as_the_chance_says(items, p, q, r, steps, seed):
    tasks = 1000
    goals, runs = simulate(np.random.default_rng(seed), items, p, q, r, steps, tasks)
    expected = chance(calls_needed(items), p, q, r, steps)
    assert 0.05 < expected < 0.95
    share = sum(map(solved, goals, runs)) / tasks
    assert abs(share - expected) < 4 * (expected * (1 - expected) / tasks) ** 0.5


def test_with_reliable_tools_the_total_is_exact_after_as_many_calls_as_needed():
    for items in range(1, 11):
        goal = list(PRICES)[: 2 * items : 2]
        run = run_agent(goal, RELIABLE, 0, 60)
        assert run.last.answer == sum(PRICES[item] for item in goal)
        assert len(run.steps) == calls_needed(items)


def test_the_policy_asks_for_what_is_not_known_yet():
    assert json.loads(policy(GOAL, {}, 0, 0).call) == {"tool": "price", "arguments": {"item": "bread"}}
    assert json.loads(policy(GOAL, {"bread": 1}, 0, 0).call)["arguments"] == {"item": "cheese"}
    known = {"bread": 1, "cheese": 2, "oil": 3}
    assert json.loads(policy(GOAL, known, 0, 0).call)["arguments"] == {"total": 1, "price": 2}
    known["total with cheese"] = 30  # it believes what it was told
    assert json.loads(policy(GOAL, known, 0, 0).call)["arguments"] == {"total": 30, "price": 3}
    known["total with oil"] = 33
    assert policy(GOAL, known, 0, 0).answer == 33


def test_a_call_is_repeated_as_often_as_allowed_and_then_the_agent_gives_up():
    dead = toolbox(1.0, 0.0, np.random.default_rng(0))
    for retries in (0, 1, 5):
        run = run_agent(GOAL, dead, retries, 60)
        assert (run.ended, len(run.steps), run.last.answer) == ("gave up", retries + 1, None)
    run = run_agent(GOAL, dead, 5, 4)
    assert (run.ended, len(run.steps), run.last.answer) == ("out of steps", 4, None)


def test_the_last_step_allowed_may_be_the_one_that_finishes():
    assert run_agent(GOAL, RELIABLE, 0, calls_needed(3)).ended == "answered"
    assert run_agent(GOAL, RELIABLE, 0, calls_needed(3) - 1).ended == "out of steps"


def test_silent_failures_end_in_a_wrong_answer_without_any_error():
    liars = toolbox(1.0, 1.0, np.random.default_rng(0))
    run = run_agent(GOAL, liars, 5, 60)
    assert run.ended == "answered"
    assert run.last.answer == 320 + 410 + 799 + 3 + 2  # one too many for each look-up and each addition
    assert not any("error" in observed for _, observed in run.steps)
    assert "wrong, it is 1529" in transcript(GOAL, run)[-1].text


@pytest.mark.parametrize("seed", range(2))
def test_a_flaky_tool_fails_and_lies_as_often_as_asked(seed):
    tool, results = flaky(lambda: 10, 0.4, 0.25, np.random.default_rng(seed)), []
    for _ in range(4000):
        try:
            results.append(tool())
        except TimeoutError:
            results.append("error")
    for result, p in {10: 0.6, 11: 0.1, "error": 0.3}.items():
        assert abs(results.count(result) / 4000 - p) < 4 * (p * (1 - p) / 4000) ** 0.5


def test_a_long_transcript_keeps_its_beginning_and_its_end():
    goal = list(PRICES)[:10]
    lines = transcript(goal, run_agent(goal, RELIABLE, 0, 60))
    assert len(lines) == 1 + 2 * 10 + 1 + 2
    assert [line.text for line in lines if line.who == "…"] == ["9 more steps"]
    assert lines[-1].text == "right"


def test_the_figures_of_the_defaults_fit_together_and_the_chance_is_worked_out():
    numbers = demo().numbers
    assert numbers["calls needed"] == 9
    # nine calls, each right with probability 0.9 * (1 + 0.08); almost never are 15 steps too few
    assert numbers["percent solved, exact"] == pytest.approx(100 * 0.972**9, abs=0.01)
    endings = ["percent solved", "percent answered wrong", "percent given up", "percent out of steps"]
    assert sum(numbers[ending] for ending in endings) == pytest.approx(100)
    assert abs(numbers["percent solved"] - numbers["percent solved, exact"]) < 4 * 100 * (0.774 * 0.226 / 200) ** 0.5


def test_nine_calls_that_fail_one_time_in_ten_mostly_fail_and_retries_cannot_mend_silence():
    assert demo(retries=0, silent=0.0).numbers["percent solved, exact"] == pytest.approx(100 * 0.9**9)
    assert demo(retries=5, silent=0.0).numbers["percent solved, exact"] > 99
    assert demo(retries=5, silent=1.0).numbers["percent solved, exact"] == pytest.approx(100 * 0.9**9)
