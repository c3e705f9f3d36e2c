"""Logbook: every loss is noted and told once, trials come at even distances, and the speed is that of the steps."""

import time

import pytest

import demos
from demos.parts.logbook import Logbook


@pytest.fixture
def clock(monkeypatch):
    """A clock that only moves when it is told to."""
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])

    def wait(seconds):
        now[0] += seconds

    return wait


def test_every_loss_is_noted_and_the_steps_are_counted_from_none_to_all():
    log = Logbook(4, 10)
    assert [(step, log.step, list(log.losses)) for step in log.follow(iter([4.0, 3.0, 2.0, 1.0]))] == [
        (0, 0, []),
        (1, 1, [4.0]),
        (2, 2, [4.0, 3.0]),
        (3, 3, [4.0, 3.0, 2.0]),
        (4, 4, [4.0, 3.0, 2.0, 1.0]),
    ]


def test_a_run_that_goes_on_takes_only_the_losses_that_it_lacks():
    log = Logbook(4, 10)
    log.losses = [4.0, 3.0]
    assert list(log.follow([2.0, 1.0])) == [2, 3, 4]
    assert log.losses == [4.0, 3.0, 2.0, 1.0]
    assert list(log.follow(iter(()))) == [4]  # and one that is over has nothing left to do


@pytest.mark.parametrize(
    ("steps", "expected"), [(1, [0, 1]), (3, [0, 1, 2, 3]), (60, [*range(0, 61, 2)]), (101, [*range(0, 101, 4), 101])]
)
def test_a_trial_is_due_at_the_start_at_even_distances_and_at_the_end(steps, expected):
    log = Logbook(steps, 10)
    assert [step for step in log.follow([1.0] * steps) if log.is_due] == expected


def test_progress_is_told_step_by_step_but_for_the_first_which_is_no_measure_of_speed(monkeypatch, clock):
    told = []
    monkeypatch.setattr(demos, "watchers", [lambda *now: told.append(now)])
    losses = (loss for loss, seconds in [(4.0, 100), (3.0, 2), (2.0, 3)] if clock(seconds) is None)
    log = Logbook(3, 1000)
    for _ in log.follow(losses):
        clock(50)  # a trial, or a checkpoint: not counted
    assert told == [(2, 3, "loss 3.00, 500 tokens per second"), (3, 3, "loss 2.00, 400 tokens per second")]
    assert log.speed == 400


def test_one_step_is_no_measure_of_speed(clock):
    log = Logbook(1, 1000)
    assert list(log.follow(1.0 for _ in range(1) if clock(2) is None)) == [0, 1]
    assert log.speed == 0
