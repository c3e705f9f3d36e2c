"""Shared results of demos: what is kept is what a run gave, and an edit finds nothing old."""

import json
import os
import sys

import pytest

from demos._run.run import run
from tests.demos import results
from tests.demos.results import _heard, _key, at, digest, ran


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A place of its own, with nothing in it."""
    monkeypatch.setattr(results, "_folder", lambda: tmp_path)
    ran.cache_clear()
    yield tmp_path
    ran.cache_clear()


def test_what_is_shared_is_what_a_run_gave(folder):
    result = run("neuron", {"bias": 0.5})
    for _ in range(2):  # computed, and read
        found = at("neuron", {"bias": 0.5})
        assert (found.numbers, found.summary, found.digest) == (result["numbers"], result["summary"], digest(result))
        assert list(found.numbers) == list(result["numbers"])
        assert (found.pictures, found.said, found.refused) == (len(result["show"]), "", None)
        ran.cache_clear()
    assert len(list(folder.iterdir())) == 1


def test_a_run_is_not_repeated(monkeypatch):
    at("neuron")
    ran.cache_clear()
    monkeypatch.setattr(results, "run", None)
    assert at("neuron").numbers


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}"])
def test_what_is_damaged_is_computed_anew(folder, damage):
    before = at("neuron")
    (place,) = folder.iterdir()
    place.write_text(damage)
    ran.cache_clear()
    assert at("neuron").digest == before.digest
    assert json.loads(place.read_text())["digest"] == before.digest


def test_other_settings_other_code_and_another_python_are_other_names(monkeypatch):
    before = _key("neuron", {})
    assert _key("neuron", {"bias": 1}) != before
    monkeypatch.setattr(results, "fingerprint", lambda *_: "of other code")
    assert _key("neuron", {}) != before
    monkeypatch.undo()
    monkeypatch.setattr(results, "_surroundings", lambda: "another Python")
    assert _key("neuron", {}) != before


def test_what_is_written_past_python_is_heard(capfd):
    with _heard() as said:
        os.write(1, b"out ")
        os.write(2, b"err ")
        print("more", file=sys.stderr)
    print("after")
    assert "".join(said) == "out err more\n"
    assert capfd.readouterr() == ("after\n", "")
