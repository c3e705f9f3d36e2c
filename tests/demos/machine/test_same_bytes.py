"""Drawings are the same on every Python: from 3.12 on sum() of floats rounds otherwise than before."""

import builtins
import sys
from pathlib import Path

import pytest

from demos._show import pictures
from tests import fuzz
from tests.demos.machine.samples import PICTURES

SHOWN = [picture for result in fuzz.small_results() for picture in result["show"]]


@pytest.fixture
def added(monkeypatch):
    """Where floats are added up by sum(), of all that is drawn from now on."""
    found, add = set(), sum

    def watched(values, start=0):
        values = list(values)
        caller = sys._getframe(1).f_code
        if any(type(value) is float for value in values):
            found.add(f"{Path(caller.co_filename).name}: {caller.co_name}")
        return add(values, start)

    monkeypatch.setattr(builtins, "sum", watched)
    return found


def test_no_drawing_adds_floats_in_a_way_that_depends_on_the_version_of_python(added):
    for item in [*PICTURES.values(), *SHOWN]:
        pictures.html(item)
    assert added == set()


def test_such_an_addition_would_be_found(added):
    assert sum([0.5, 0.25]) == 0.75
    assert sum([1, 2]) == 3
    assert added == {"test_same_bytes.py: test_such_an_addition_would_be_found"}
