"""Commands that are told work where the reader stands, and a Python that does not fit says so in a sentence."""

import subprocess
import sys

import pytest

from generator import here
from generator.here import as_typed, gets_what_tests_need
from generator.live.files import site_files
from generator.live.runtime import Runtime
from tests.generator.conftest import ROOT


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("python -m generator check --fix mends this", ".venv/bin/python -m generator check --fix mends this"),
        ("say `python -m demos record x`, or python -m pytest", "say `P -m demos record x`, or P -m pytest"),
        (".venv/bin/python -m generator check", ".venv/bin/python -m generator check"),
        ("ipython -m generator, python -m timeit, python -m generators", None),
        ("make check", None),
    ],
)
def test_a_command_is_told_with_the_python_that_runs(tmp_path, monkeypatch, text, typed):
    monkeypatch.setattr(sys, "executable", str(tmp_path / ".venv" / "bin" / "python"))
    assert as_typed(text, tmp_path) == (typed or text).replace("P -m", ".venv/bin/python -m")
    monkeypatch.setattr(sys, "executable", r"C:\Python\python.exe")
    assert as_typed("python -m demos", tmp_path) == r"C:\Python\python.exe -m demos"


def test_how_to_get_what_tests_need_is_told_where_it_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / ".venv" / "bin" / "python"))
    assert gets_what_tests_need(tmp_path) == ""
    monkeypatch.setattr(here, "find_spec", lambda name: None)
    by_hand = '.venv/bin/python -m pip install --constraint constraints.txt --editable ".[test,torch]"'
    assert gets_what_tests_need(tmp_path) == by_hand
    (tmp_path / "Makefile").touch()
    assert gets_what_tests_need(tmp_path) == "make packages"
    monkeypatch.setattr(sys, "executable", "/usr/bin/python3")
    assert gets_what_tests_need(tmp_path) == by_hand.replace(".venv/bin/python", "/usr/bin/python3")


WITHOUT = "import builtins, runpy, sys\nreal = builtins.__import__\n"
WITHOUT += "def without(name, *rest, **named):\n    if name.partition('.')[0] == 'LACKS':\n"
WITHOUT += "        raise ModuleNotFoundError(name, name=name)\n    return real(name, *rest, **named)\n"
WITHOUT += "builtins.__import__ = without\nsys.argv = ['-m', 'check']\nsys.version_info = VERSION\n"
WITHOUT += "runpy.run_module('generator', run_name='__main__', alter_sys=False)\n"


@pytest.mark.parametrize(
    ("lacks", "version", "told"),
    [
        ("yaml", "(3, 11, 7)", f"{sys.executable} lacks the package yaml, which Termlab needs: type "),
        ("pydantic", "(3, 12, 0)", f"{sys.executable} lacks the package pydantic, which Termlab needs: type "),
        ("nothing", "(3, 10, 12)", f"Termlab needs Python 3.11.5 or newer, and {sys.executable} is Python 3.10.12: ty"),
        ("nothing", "(3, 9, 2)", f"Termlab needs Python 3.11.5 or newer, and {sys.executable} is Python 3.9.2: type "),
    ],
)
def test_a_python_that_does_not_fit_is_told_in_a_sentence(lacks, version, told):
    program = WITHOUT.replace("LACKS", lacks).replace("VERSION", version)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith(told), done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_command_that_is_stopped_as_it_starts_says_nothing_and_ends_as_one_that_is_stopped_later():
    program = WITHOUT.replace("LACKS", "yaml").replace("VERSION", "(3, 11, 7)")
    program = program.replace("ModuleNotFoundError(name, name=name)", "KeyboardInterrupt")
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_a_mistake_of_ours_keeps_its_traceback():
    program = (
        WITHOUT.replace("LACKS", "generator.build").replace("VERSION", "(3, 11, 7)").replace(".partition('.')[0]", "")
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr.startswith("Traceback ")


def test_without_a_network_it_is_told_that_run_will_not_work_and_why(monkeypatch):
    nothing = Runtime({}, "a sentence for readers", ("https://example.org/: no route", "a package: pip is offline"))
    monkeypatch.setattr("generator.live.files.runtime_files", lambda say: nothing)
    said = []
    assert site_files([], say=said.append) == ({}, "a sentence for readers")
    (told,) = said
    assert told.startswith("runtime: Run will not work in the pages of this site, ")
    assert told.endswith("What was tried:\n    https://example.org/: no route\n    a package: pip is offline")
