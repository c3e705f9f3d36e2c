"""A Python that is too old, or lacks a package, is told in a sentence, with a command that works where one stands."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import demos.__main__
from demos._run import fits

ROOT = Path(__file__).parents[3]
# Runs demos as `python -m demos` does, with a Python that says to be another and to have no such package.
PRETENDS = """
import builtins, runpy, sys
real = builtins.__import__
def without(name, *rest, **named):
    if name.partition(".")[0] == {lacks!r}:
        raise ModuleNotFoundError(f"No module named '{{name}}'", name=name)
    return real(name, *rest, **named)
builtins.__import__ = without
sys.argv, sys.version_info = {argv!r}, {version!r}
runpy.run_{how}({what!r}, run_name="__main__")
"""


def pretended(argv, lacks="nothing", version=(3, 11, 7), cwd=ROOT):
    """Exit code, output and complaints of a command."""
    how, what = ("path", argv[0]) if argv[0].endswith(".py") else ("module", "demos")
    program = PRETENDS.format(lacks=lacks, argv=argv, version=version, how=how, what=what)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", program], cwd=cwd, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 9, 2), (3, 10, 14)])
@pytest.mark.parametrize(
    "argv",
    [["-m"], ["-m", "neuron", "--bias=2"], ["-m", "record", "neuron"], [str(ROOT / "demos" / "softmax.py"), "--help"]],
)
def test_a_python_that_is_too_old_is_told_in_one_line(version, argv):
    code, out, told = pretended(argv, version=version)
    number = ".".join(map(str, version))
    assert (code, out) == (1, "")
    assert told.startswith(f"demos need Python 3.11.5 or newer, and {sys.executable} is Python {number}: type ")
    assert len(told.splitlines()) == 1
    if not told.endswith(", which gets it\n"):  # this Python is another one than that of .venv
        assert told.endswith(" ".join([*(["-m", "demos"] if argv[0] == "-m" else argv[:1]), *argv[1:]]) + "\n")


@pytest.mark.parametrize("lacks", ["numpy", "torch", "tensorfloe"])
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_package_that_is_missing_is_told_in_one_line(tmp_path, lacks, more):
    demo = {"numpy": "neuron", "torch": "tiny_gpt"}.get(lacks, "neuron")
    if lacks == "tensorfloe":  # no package of ours, of a demo of somebody else's project
        shutil.copytree(
            ROOT / "demos", tmp_path / "demos", ignore=shutil.ignore_patterns("__pycache__", "data", "recorded")
        )
        place = tmp_path / "demos" / "neuron.py"
        place.write_text(place.read_text().replace("import numpy as np\n", "import numpy as np\nimport tensorfloe\n"))
        done = subprocess.run(
            [sys.executable, "-m", "demos", demo, *more], cwd=tmp_path, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
        )  # fmt: skip
        code, out, told = done.returncode, done.stdout, done.stderr
    else:
        code, out, told = pretended(["-m", demo, *more], lacks=lacks)
    title = {"numpy": "NumPy", "torch": "PyTorch"}.get(lacks, lacks)
    assert code == 1
    assert told.startswith(f"{sys.executable} lacks {title}, which this demo needs: type "), told
    assert len(told.splitlines()) == 1
    if lacks == "tensorfloe":
        assert told.endswith(f"type {sys.executable} -m pip install tensorfloe\n")
    assert json.loads(out)["error"]["message"] == told.strip() if more else out == ""


def test_what_draws_an_image_is_told_too(tmp_path):
    code, _, told = pretended(["-m", "neuron", "--save", str(tmp_path / "x.png")], lacks="vl_convert")
    assert code == 1
    assert told.startswith(f"{sys.executable} lacks vl-convert, which this demo needs: type ")
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_of_ours_keeps_its_traceback(monkeypatch):
    def broken(_):
        raise ModuleNotFoundError("No module named 'demos._run.nothing'", name="demos._run.nothing")

    monkeypatch.setattr(demos.__main__, "_dispatch", broken)
    with pytest.raises(ModuleNotFoundError):
        demos.__main__.main(["neuron"])


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A project that is not set up, in whose folder one stands, and a Python that belongs to it in no way."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(fits, "ROOT", str(tmp_path))
    monkeypatch.setattr(sys, "prefix", "/usr")
    return tmp_path


def set_up(project):
    python = project / (".venv/Scripts/python.exe" if os.name == "nt" else ".venv/bin/python")
    python.parent.mkdir(parents=True)
    python.touch()
    return str(python.relative_to(project))


@pytest.mark.parametrize(
    ("argv", "typed"),
    [
        (["-m"], "-m demos"),
        (["/x/demos/__main__.py", "neuron", "--help"], "-m demos neuron --help"),
        (["demos/neuron.py", "--bias", "2"], "demos/neuron.py --bias 2"),
        (["-m", "tokenization", "--text", "two words; rm"], "-m demos tokenization --text 'two words; rm'"),
    ],
)
def test_the_command_that_is_told_is_the_one_that_was_typed(elsewhere, monkeypatch, argv, typed):
    monkeypatch.setattr(sys, "argv", argv)
    python = ".venv/Scripts/python.exe" if os.name == "nt" else ".venv/bin/python"
    assert fits.instead().replace("\\", "/") == f"type make site, which sets up .venv, and then {python} {typed}"
    python = set_up(elsewhere)
    assert fits.instead("packages") == f"type {python} {typed}"
    (elsewhere / "below").mkdir()
    monkeypatch.chdir(elsewhere / "below")  # where .venv/bin/python is nothing
    assert fits.instead() == f"type {elsewhere / python} {typed}"
    monkeypatch.setattr(sys, "prefix", str(elsewhere / ".venv"))
    assert fits.instead("packages") == "type make packages, which gets it"


def test_what_is_read_by_every_python_is_written_for_every_python():
    """Of 3.6, as long as this one can still read as it did."""
    for name in ("__init__.py", "_run/__init__.py", "_run/fits.py"):
        ast.parse((ROOT / "demos" / name).read_text(encoding="utf-8"), feature_version=(3, 6))


def test_pythons_that_are_really_too_old():
    """Those of them that are installed here; the tests above pretend to be one."""
    named = [found for minor in range(6, 11) if (found := shutil.which(f"python3.{minor}"))]
    old = [python for python in named if subprocess.run([python, "-c", ""], stderr=subprocess.PIPE).returncode == 0]
    if not old:
        pytest.skip("no Python older than 3.11 is installed here")
    for python in old:
        done = subprocess.run([python, "-m", "demos", "neuron"], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        assert done.returncode == 1
        assert done.stderr.startswith("demos need Python 3.11.5 or newer, and "), done.stderr
        assert len(done.stderr.splitlines()) == 1
