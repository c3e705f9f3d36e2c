"""What holds for every demo. Demos are found and not listed, so a new one is held to it as soon as its file exists."""

import importlib.metadata
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml

from demos._run.recorded import every, is_fresh, load
from demos._run.run import describe, run
from demos._run.source import SourceProblems, names, read, runs_in_browser
from tests.demos.results import at, digest
from tests.patience import within

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NAMES = names()
FOOTER = 'if __name__ == "__main__":\n    from demos.__main__ import run_file\n\n    run_file(__file__)\n'
CPU_SECONDS = 5  # a guard against minutes, not a measurement: the aim is half a second


def runs_here(name):
    """Whether it is NumPy or less; others may need a graphics card or minutes, and have a recording instead."""
    try:
        return runs_in_browser(name)
    except SourceProblems:
        return True  # it fails in test_says_what_it_is, and must not keep the others from being tested


LIGHT = [name for name in NAMES if runs_here(name)]
HEAVY = [name for name in NAMES if name not in LIGHT]


def extremes(name):
    """One setting at a time away from the defaults: sliders to both ends, every choice, both switches."""
    try:
        parameters = read(name).parameters
    except SourceProblems:
        return []
    values = {
        "float": lambda parameter: (parameter.low, parameter.high),
        "int": lambda parameter: (parameter.low, parameter.high),
        "choice": lambda parameter: parameter.choices,
        "bool": lambda parameter: (False, True),
        "text": lambda parameter: ("", "x" * parameter.max_length, "<b>é ∑ 😀</b>"[: parameter.max_length]),
        "points": points_at_the_ends,
        "pixels": lambda parameter: (" ".join(["9" * parameter.size[1]] * parameter.size[0]),),
    }
    return [
        (parameter.name, value)
        for parameter in parameters
        for value in dict.fromkeys(values[parameter.kind](parameter))
        if value != parameter.default
    ]


def points_at_the_ends(parameter):
    """One point of each group alone, as many as may be at one place, and in all corners, all groups among them."""
    (left, right), (bottom, top) = parameter.x, parameter.y
    groups = [f",{group}" for group in range(parameter.groups)] if parameter.groups > 1 else [""]
    middle = min(max(0, left), right), min(max(0, bottom), top)  # zero, or what comes closest where it is out of bounds
    corners = [(left, bottom), (right, top), (left, top), (right, bottom), middle]
    spread = (
        f"{corners[i % 5][0]:.12g},{corners[i % 5][1]:.12g}{groups[i // 5 % len(groups)]}"
        for i in range(parameter.most)
    )
    alone = [f"{middle[0]:.12g},{middle[1]:.12g}{group}" for group in groups] + [
        f"{right:.12g},{top:.12g}{group}" for group in groups
    ]
    return (
        *alone,
        " ".join([alone[0]] * parameter.most),
        " ".join(alone[i % len(groups)] for i in range(parameter.most)),
        " ".join(spread),
    )


EXTREMES = [
    pytest.param(name, {setting: value}, id=f"{name}-{setting}={str(value)[:12]}")
    for name in LIGHT
    for setting, value in extremes(name)
]


@cache
def installed():
    return set(importlib.metadata.packages_distributions())


@cache
def mutants():
    return yaml.safe_load((HERE / "mutants.yml").read_text(encoding="utf-8"))


# --- its words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_says_what_it_is(name):
    about = describe(name)
    assert "Source:" in about["doc"]


@pytest.mark.parametrize("name", NAMES)
def test_runs_as_a_file_too(name):
    assert read(name).text.endswith(FOOTER)


@pytest.mark.parametrize("name", NAMES)
def test_has_a_name_of_its_own(name):
    assert name.isidentifier()
    assert name == name.lower()
    assert name not in {"demos", "record", "con", "prn", "aux", "nul", "index"}
    assert name not in sys.stdlib_module_names
    assert name not in installed()


@pytest.mark.parametrize("name", NAMES)
def test_leaves_the_options_of_the_command_line_alone(name):
    parameters = {parameter.name for parameter in read(name).parameters}
    assert not parameters & {"help", "json", "save"}
    assert not any(parameter.startswith("no_") for parameter in parameters)


# --- what it does ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LIGHT)
def test_runs_at_its_defaults_within_seconds_and_says_nothing_elsewhere(name):
    found = at(name)
    assert (found.said, found.refused) == ("", None)
    assert found.pictures
    assert found.seconds < within(CPU_SECONDS)


@pytest.mark.parametrize(("name", "given"), EXTREMES)
def test_runs_at_the_ends_of_every_slider_with_the_same_named_numbers(name, given):
    found = at(name, given)
    assert (found.said, found.refused) == ("", None)
    assert list(found.numbers) == list(at(name).numbers)


@pytest.mark.parametrize("name", LIGHT)
def test_gives_the_same_bytes_again(name):
    assert digest(run(name)) == at(name).digest


@pytest.fixture(scope="module")
def digests_elsewhere():
    """A digest of every result from another process, where sets of words come in another order."""
    code = (
        "import json, sys; from demos._run.run import DemoFailed, run; from tests.demos.results import digest\n"
        "def found(name):\n"
        "    try: return digest(run(name))\n"
        "    except DemoFailed as error: return str(error)\n"
        "print(json.dumps({name: found(name) for name in sys.argv[1:]}))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "1"}
    command = [sys.executable, "-c", code, *LIGHT]
    finished = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return json.loads(finished.stdout)


@pytest.mark.parametrize("name", LIGHT)
def test_gives_the_same_bytes_in_another_process(name, digests_elsewhere):
    assert at(name).digest == digests_elsewhere[name]


def test_what_is_too_heavy_to_run_here_has_a_recording_of_its_defaults():
    for name in HEAVY:
        recording = load(name, {})
        assert recording, f"run: python -m demos record {name}"
        if recording.made_with["device"] == "cpu":  # one from a graphics card may wait for somebody who has one
            assert is_fresh(recording), f"out of date; run: python -m demos record {name}"


# --- how it is tested -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_has_tests_of_its_own(name):
    assert (HERE / f"test_{name}.py").is_file()


@pytest.mark.parametrize("name", NAMES)
def test_has_a_deliberate_bug_that_its_tests_must_find(name):
    assert f"demos/{name}.py" in {mutant["file"] for mutant in mutants()}


def test_every_recording_belongs_to_a_demo():
    assert {recording.name for recording in every()} <= set(NAMES)
