"""A table of measurements in the browser is told whatever becomes of single ones."""

import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest

from bench.browser import Measurement, Row, cpu_seconds, rows_and_plan, spread, stalled, table, taken

ROWS = [Row("one", "1 s", lambda each: f"{sum(each)} s"), Row("two", "", str), Row("three", "3", str)]
SIDES: Any = {"old": "o", "new": "n"}  # in place of servers


def measurement(*rows: str, fails: str = "", heard: list[str] | None = None) -> Measurement:
    def take(browser: Any, server: Any) -> Iterator[tuple[str, Any]]:
        if heard is not None:
            heard.append(server)
        for row in rows:
            if fails == f"{server} {row}":
                raise RuntimeError("Page.evaluate: not within 5 s\nCall log: …")
            yield row, 1

    return Measurement(rows, take)


def test_what_fails_leaves_its_place_empty_with_the_reason_and_the_rest_goes_on():
    plan = [measurement("one", "two", fails="o two"), measurement("three")]
    found = taken(None, SIDES, plan, 60)
    assert table(ROWS, found).splitlines() == [
        f"{'':<38} {'old':<34}  new",
        f"{'one':<38} {'1 s':<34}  {'1 s':<34} aim 1 s",
        f"{'two':<38} {'–':<34}  [1]",
        f"{'three':<38} {'[1]':<34}  {'[1]':<34} aim 3",
        "old: Page.evaluate: not within 5 s: two",
    ]


def test_versions_take_turns_and_each_goes_first_as_often():
    heard: list[str] = []
    taken(None, SIDES, [measurement("one", heard=heard)] * 4, 60)
    assert "".join(heard) == "onnoonno"


def test_of_repeated_measurements_those_that_came_are_told_with_their_number():
    found = taken(None, SIDES, [measurement("one"), measurement("one", fails="n one")], 60)
    assert "1 s (1 of them)" in table(ROWS, found)
    assert "new: Page.evaluate: not within 5 s: one" in table(ROWS, found)


def test_when_the_time_is_up_what_was_measured_is_told():
    found = taken(None, SIDES, [measurement("one")], 0)
    assert table(ROWS[:1], found).splitlines()[-2:] == ["old: the time was up: one", "new: the time was up: one"]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no alarms")
def test_a_measurement_that_never_ends_is_ended_with_the_time_for_all():
    def never(browser: Any, server: Any) -> Iterator[tuple[str, Any]]:
        yield "one", 1
        while True:
            time.sleep(0.01)

    found = taken(None, SIDES, [Measurement(("one",), never)], 0.2)
    assert found["old"].values == {"one": [1]}
    assert (found["old"].missing, found["new"].missing) == ({}, {"one": "the time was up"})


def test_an_interrupted_run_tells_what_it_has():
    def ended(browser: Any, server: Any) -> Iterator[tuple[str, Any]]:
        yield "one", 1
        raise KeyboardInterrupt

    found = taken(None, {"old": "o"}, [Measurement(("one",), ended), measurement("two")], 60)  # type: ignore[dict-item]
    assert found["old"].missing == {"two": "it was ended"}
    assert "1 s (" not in table(ROWS, found)


def test_every_row_of_the_table_is_measured_and_every_measurement_has_its_rows():
    rows, plan = rows_and_plan(["neuron", "softmax"], 2, 60)
    assert {row.what for row in rows} == {what for each in plan for what in each.rows}


def test_the_main_thread_and_the_moves_are_told_over_all_loads():
    assert stalled([([60, 70], 80), ([], 20)]) == "2 over 50 ms, longest 70; gap 80 ms"
    assert spread([[3, 1, 2]]) == "p50 2 ms, p95 3 ms"


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="this system does not tell the CPU time of others")
def test_cpu_time_of_processes_below_this_one_only_grows():
    before = cpu_seconds()
    assert before is not None
    assert (cpu_seconds() or 0) >= before >= 0
