"""Recordings: written whole, found by their settings, and fresh only while what made them is the same."""

import json
import os
import platform
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from demos._run import recorded
from demos._run.fingerprint import fingerprint
from demos._run.recorded import _slug, every, is_fresh, load, made_with, path_of, read, write
from demos._run.run import UnknownDemo, run
from demos._run.settings import BadSetting
from demos._run.source import read as read_source


@pytest.fixture
def result():
    return run("neuron", {"bias": -0.5, "activation": "step"})


def test_what_is_written_is_read_back(result, tmp_path):
    path = write(result, 12.3456, tmp_path)
    recording = load("neuron", {"activation": "step", "bias": "-0.5"}, tmp_path)
    assert recording.name == "neuron"
    assert recording.path == path
    assert recording.result == result
    assert recording.settings == result["settings"]
    assert recording.fingerprint == fingerprint("neuron", result["settings"])
    assert recording.made_with == {
        "python": platform.python_version(),
        "numpy": np.__version__,
        **({"torch": str(sys.modules["torch"].__version__)} if "torch" in sys.modules else {}),
        "device": "cpu",
        "hardware": recording.made_with["hardware"],
        "seconds": 12.35,
    }
    assert recording.made_with["hardware"].endswith(f", {os.cpu_count()} cores")


def test_there_is_none_for_other_settings(result, tmp_path):
    write(result, 1, tmp_path)
    assert load("neuron", {}, tmp_path) is None
    assert load("neuron", {"bias": -0.5}, tmp_path) is None


@pytest.mark.parametrize(
    ("settings", "file"),
    [
        ({}, "neuron.json"),
        ({"bias": -1.5, "activation": "sigmoid"}, "neuron.json"),
        ({"activation": "step", "bias": "2"}, "neuron--bias=2.0--activation=step.json"),
    ],
)
def test_the_file_is_named_after_what_differs_from_the_defaults(settings, file, tmp_path):
    assert path_of("neuron", settings, tmp_path) == tmp_path / file


@pytest.mark.parametrize(
    ("value", "shown"),
    [(16, "16"), (1e-05, "1e-05"), (True, "true"), ("adam", "adam"), ("Adam", "3f0c9b03"), ("a/b: c", "212e4b10")],
)
def test_a_value_that_a_file_system_may_not_keep_apart_is_named_by_its_hash(value, shown):
    assert _slug(value) == shown


def test_wrong_settings_and_names_are_told_as_for_a_run(tmp_path):
    with pytest.raises(BadSetting, match="bias is 9, and must lie between -3 and 3"):
        load("neuron", {"bias": 9}, tmp_path)
    with pytest.raises(UnknownDemo, match="there is no demo called 'nueron'"):
        load("nueron", {}, tmp_path)


def test_each_part_has_a_line_of_its_own_and_all_of_it_is_json(result, tmp_path):
    text = write(result, 1, tmp_path).read_text(encoding="utf-8")
    assert [line.partition(":")[0] for line in text.splitlines()] == [
        "{",
        '"fingerprint"',
        '"settings"',
        '"made_with"',
        '"result"',
        "}",
    ]
    assert json.loads(text)["result"] == result


@pytest.fixture
def copy_of_demos(tmp_path):
    """A folder of demos with the neuron in it, to be changed."""
    folder = tmp_path / "demos"
    folder.mkdir()
    (folder / "neuron.py").write_text(read_source("neuron").text, encoding="utf-8")
    return folder


def test_a_recording_stays_fresh_until_the_code_changes(result, tmp_path, copy_of_demos):
    recording = read(write(result, 1, tmp_path))
    source = copy_of_demos / "neuron.py"
    text = source.read_text(encoding="utf-8")
    assert is_fresh(recording)
    assert is_fresh(recording, copy_of_demos)

    source.write_text(text.replace("import numpy as np", "# arrays\nimport numpy as np"), encoding="utf-8")
    assert is_fresh(recording, copy_of_demos)
    source.write_text(text.replace("return squash(x @ w + b)", "return squash(x @ w - b)"), encoding="utf-8")
    assert not is_fresh(recording, copy_of_demos)


def test_a_recording_of_a_demo_that_is_gone_is_not_fresh(result, tmp_path, copy_of_demos):
    recording = read(write(result, 1, tmp_path))
    (copy_of_demos / "neuron.py").unlink()
    assert not is_fresh(recording, copy_of_demos)


def test_a_damaged_file_is_told_with_the_command_that_remakes_it(tmp_path):
    folder = tmp_path / "demos" / "recorded"
    folder.mkdir(parents=True)
    for content in ("{", "[]", '{"fingerprint": ""}', "3"):
        (folder / "neuron.json").write_text(content)
        with pytest.raises(ValueError, match="damaged") as caught:
            load("neuron", {}, folder)
        assert str(caught.value) == (
            "demos/recorded/neuron.json is damaged; remake it with: python -m demos record neuron"
        )


def test_all_recordings_are_listed_by_file_name(result, tmp_path):
    assert every(tmp_path) == []
    write(run("softmax"), 1, tmp_path)
    write(result, 1, tmp_path)
    assert [recording.path.name for recording in every(tmp_path)] == [
        "neuron--bias=-0.5--activation=step.json",
        "softmax.json",
    ]


def test_an_interruption_leaves_the_old_recording_and_nothing_beside_it(result, tmp_path, monkeypatch):
    path = write(result, 1, tmp_path)
    before = path.read_bytes()

    def full_disk(*_):
        raise OSError("no space left")

    monkeypatch.setattr(recorded.os, "replace", full_disk)
    with pytest.raises(OSError, match="no space left"):
        write(result, 2, tmp_path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def fake_torch(**used):
    """A PyTorch on a machine with a graphics card or an Apple chip, of which so many bytes were used."""
    return SimpleNamespace(
        __version__="9.9",
        cuda=SimpleNamespace(
            is_available=lambda: "cuda" in used,
            max_memory_allocated=lambda: used["cuda"],
            get_device_name=lambda: "Card 1",
        ),
        backends=SimpleNamespace(mps=SimpleNamespace(is_available=lambda: "mps" in used)),
        mps=SimpleNamespace(driver_allocated_memory=lambda: used["mps"]),
    )


@pytest.mark.parametrize(
    ("used", "device"), [({}, "cpu"), ({"cuda": 0}, "cpu"), ({"cuda": 9}, "cuda"), ({"mps": 9}, "mps")]
)
def test_the_device_is_the_one_that_was_used_and_not_one_that_is_there(used, device, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", fake_torch(**used))
    found = made_with(1)
    assert found["device"] == device
    assert found["torch"] == "9.9"
    assert (found["hardware"] == "Card 1") == (device == "cuda")
