"""A disk that fills, at one file after the other: what is told, and what is left."""

import builtins
import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from demos.__main__ import main as run_demos
from demos._run import recorded
from generator import saving
from generator.__main__ import main
from generator.lessons import run as lessons
from generator.live import runtime
from generator.output import finished, folders
from generator.saving import whole
from tests.generator.live.test_runtime import CONTENTS, LOCK, Folder

NO_ROOM = os.strerror(errno.ENOSPC)
FULL = Path("/dev/full")  # a file of Linux into which nothing fits


class Half:
    """A file of which only the first half is written."""

    def __init__(self, file):
        self.file = file

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def write(self, content):
        self.file.write(content[: len(content) // 2])
        raise OSError(errno.ENOSPC, NO_ROOM)


def fills_at(monkeypatch, name, module=saving):
    """Lets the disk be full when a file whose name holds this is half written."""

    def opened(file, mode="r", *more, **named):
        there = builtins.open(file, mode, *more, **named)  # noqa: SIM115  whoever asked closes it
        return Half(there) if "w" in mode and name in str(file) else there

    monkeypatch.setattr(module, "open", opened, raising=False)


def around(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, NO_ROOM), KeyboardInterrupt()])
@pytest.mark.parametrize("before", [None, b"old"])
def test_half_a_file_never_takes_the_place_of_one(tmp_path, monkeypatch, before, error):
    place = tmp_path / "file"
    if before:
        place.write_bytes(before)
    fills_at(monkeypatch, "file")
    monkeypatch.setattr(Half, "write", lambda *_: (_ for _ in ()).throw(error))
    with pytest.raises(type(error)) as told:
        whole(place, b"new and longer")
    assert not isinstance(error, OSError) or told.value.filename == str(place)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == ({place: before} if before else {})


PLACES = ["terms/.neuron.md", ".index.md", ".sitemap.xml", ".names.json", ".0.json", "sweeps/.tiny-", ".glossary.json"]


@pytest.mark.parametrize("name", PLACES)
def test_a_build_names_the_file_that_does_not_fit(project, monkeypatch, capsys, name):
    assert main(["build", "--root", str(project)]) == 0
    docs = project / "build" / "docs"
    before = around(docs)
    shutil.rmtree(docs)
    fills_at(monkeypatch, name)
    capsys.readouterr()
    assert main(["build", "--root", str(project)]) == 1
    told, hint = capsys.readouterr().err.splitlines()
    place = Path(told.removesuffix(f": {NO_ROOM}"))
    assert name.removeprefix(".").replace("/.", "/") in place.as_posix(), told
    assert place.is_relative_to(docs)
    assert hint == "    hint: make room on the disk"
    left = around(docs)
    assert left < before  # whole files under their own names, and no others
    monkeypatch.undo()
    assert main(["build", "--root", str(project)]) == 0
    assert around(docs) == before


def test_what_an_export_can_not_write_takes_the_new_site_along(tmp_path, monkeypatch):
    """Between the engine and the exchange of folders, too."""
    place = tmp_path / "site"
    place.mkdir()
    (place / "index.html").write_text("good")

    def make(root, engine, last, before, into):
        into.mkdir()
        (into / "index.html").write_text("new")
        return finished.Finished(), 1

    def full(made):
        raise OSError(errno.ENOSPC, NO_ROOM, str(made / "search.json"))

    monkeypatch.setattr(finished, "finish", make)
    with pytest.raises(OSError, match=NO_ROOM):
        finished.renew(tmp_path, None, place, tmp_path / "manifest", full)
    assert list(tmp_path.iterdir()) == [place]
    assert (place / "index.html").read_text() == "good"


def test_a_folder_that_can_not_take_the_place_of_another_leaves_it(tmp_path, monkeypatch):
    """Where a system has no exchange of folders in one step."""
    for name in ("site", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "is").write_text(name)
    rename = os.rename

    def full(old, new):
        if Path(old).name == "new":
            raise OSError(errno.ENOSPC, NO_ROOM, str(old), None, str(new))
        rename(old, new)

    monkeypatch.setattr(folders, "_exchange", lambda *_: False)
    monkeypatch.setattr(os, "rename", full)
    with pytest.raises(OSError, match=NO_ROOM):
        folders.swap_in(tmp_path / "new", tmp_path / "site")
    assert (tmp_path / "site" / "is").read_text() == "site"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_the_engine_names_the_file_that_does_not_fit(tmp_path):
    """The engine is a program of its own; a limit on the size of its files stands for the disk."""
    import resource

    from generator.output.engine import Engine
    from tests.site.conftest import small_project

    project = small_project(tmp_path)
    (project / "build" / "docs").mkdir(parents=True)
    (project / "build" / "docs" / "index.md").write_text("# Some words\n")
    with Engine(project) as engine:
        resource.prlimit(engine.start().pid, resource.RLIMIT_FSIZE, (2000, 2000))
        with pytest.raises(OSError, match=os.strerror(errno.EFBIG)) as told:
            engine.make(tmp_path / "made", ["index.md"], ["index.md"], frame=False)
    assert told.value.filename == str(tmp_path / "made" / "index.html")


# --- the runtime ------------------------------------------------------------------------------------------------


class Served(Folder):
    """A source as the real ones are: what it has been asked for is written by whole()."""

    def fetch(self, files, folder):
        self.asked += 1
        for file in files:
            runtime.whole(folder / file.name, self.contents[file.name])


@pytest.mark.parametrize("name", CONTENTS)
def test_a_runtime_that_does_not_fit_is_told_and_no_other_source_is_asked(tmp_path, monkeypatch, name):
    place, second = tmp_path / "pyodide" / LOCK.pyodide, Served("second")
    fills_at(monkeypatch, f".{name}")
    with pytest.raises(OSError, match=NO_ROOM) as told:
        runtime.runtime_files(LOCK, place, [Served("first"), second], lambda _: None)
    assert told.value.filename.endswith(f"/{name}")
    assert second.asked == 0
    assert [path for path in place.parent.iterdir() if path.suffix != ".lock"] == []
    monkeypatch.undo()
    assert runtime.runtime_files(LOCK, place, [second], lambda _: None).problem is None


def test_a_web_server_whose_file_does_not_fit_is_not_called_absent(tmp_path, monkeypatch):
    (tmp_path / "there").mkdir()
    for name, content in CONTENTS.items():
        (tmp_path / "there" / name).write_bytes(content)
    fills_at(monkeypatch, ".stdlib.zip")
    with pytest.raises(OSError, match=NO_ROOM):
        runtime.Web((tmp_path / "there").as_uri() + "/").fetch(LOCK.files, tmp_path)


def test_a_package_for_which_pip_finds_no_room_is_not_called_absent(tmp_path):
    """pip says so in its own words, here by a program that stands in for it."""
    says = f"import sys; sys.exit('ERROR: Could not install packages due to an OSError: [Errno 28] {NO_ROOM}')"
    pip = (sys.executable, "-c", says)
    with pytest.raises(OSError, match=NO_ROOM) as told:
        runtime.Wheel("carrier", "1.0", "carrier/", pip).fetch(LOCK.files, tmp_path / "files")
    assert Path(told.value.filename).parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_to_fill_the_cache_of_the_runtime_tells_it_in_one_line(monkeypatch, capsys):
    def full():
        raise OSError(errno.ENOSPC, NO_ROOM, "pyodide/python.wasm")

    monkeypatch.setattr(runtime, "runtime_files", full)
    assert runtime.main() == 2
    assert capsys.readouterr().err == f"error: pyodide/python.wasm: {NO_ROOM}\n"


# --- runs of demos ----------------------------------------------------------------------------------------------


def test_a_run_whose_result_does_not_fit_is_no_fault_of_the_demo(project, monkeypatch, capsys):
    """Its output goes into a temporary folder, and the demo ends with an error where that is full."""
    text = (project / "demos" / "tiny.py").read_text(encoding="utf-8")
    (project / "demos" / "tiny.py").write_text(f"{text}\nraise OSError(28, 'No space left on device')\n")
    write = Path.write_bytes

    def full(path, data):
        if path.name == "probe":
            raise OSError(errno.ENOSPC, NO_ROOM)
        return write(path, data)

    assert main(["build", "--root", str(project)]) == 1
    assert "demos/tiny.py:" in capsys.readouterr().err  # with room left, it is the demo's
    monkeypatch.setattr(Path, "write_bytes", full)
    assert main(["build", "--root", str(project)]) == 1
    told, hint = capsys.readouterr().err.splitlines()[-2:]
    assert told.endswith(f": {NO_ROOM}")
    assert "demos/tiny.py" not in told
    assert hint == "    hint: make room on the disk"


def test_a_run_that_ended_well_needs_no_room(tmp_path, monkeypatch):
    monkeypatch.setattr(lessons, "_has_room", None)
    ended = lessons.run([sys.executable, "-c", "print(5)"], dict(os.environ))
    assert (ended.code, ended.output.strip()) == (0, "5")


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("buffered", ["", "1"])
@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        (["demos"], 1, [f"standard output: {NO_ROOM}"]),
        (["demos", "neuron"], 1, [f"standard output: {NO_ROOM}"]),
        (["demos", "neuron", "--json"], 1, [f"standard output: {NO_ROOM}"]),
        (["demos", "nope", "--json"], 2, ["there is no demo called 'nope'"]),
        (["demos", "neuron", "--bias", "9", "--json"], 2, ["bias"]),
        (["generator", "schema"], 1, [f"standard output: {NO_ROOM}", "    hint: make room on the disk"]),
    ],
)
def test_output_that_goes_nowhere_is_told_and_no_traceback(command, code, told, buffered):
    environment = {**os.environ, "PYTHONUNBUFFERED": buffered}
    with FULL.open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", *command], stdout=full, stderr=subprocess.PIPE, text=True, env=environment
        )
    lines = ended.stderr.splitlines()
    assert ended.returncode == code, ended.stderr
    assert len(lines) <= 2, ended.stderr
    assert all(part in line for part, line in zip(told, lines, strict=False)), ended.stderr


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("name", ["a.svg", "a.png", "a.html"])
def test_a_picture_that_does_not_fit_is_told_and_leaves_the_old_one(tmp_path, monkeypatch, capsys, name):
    place = tmp_path / name
    place.write_bytes(b"old")

    def full(path, data):
        FULL.write_text("x")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert run_demos(["neuron", "--save", str(place)]) == 1
    assert capsys.readouterr().err == f"cannot save {place}: {NO_ROOM}\n"
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_recording_that_does_not_fit_is_told_and_leaves_the_old_one(tmp_path, monkeypatch, capsys):
    def full(*_):
        raise OSError(errno.ENOSPC, NO_ROOM)

    (tmp_path / "neuron.json").write_text("old")
    monkeypatch.setattr("demos.__main__.write", lambda data, seconds: recorded.write(data, seconds, tmp_path))
    monkeypatch.setattr(recorded.os, "replace", full)
    assert run_demos(["record", "neuron"]) == 1
    assert capsys.readouterr().err == f"cannot keep the result of neuron in {recorded.RECORDED}: {NO_ROOM}\n"
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]
