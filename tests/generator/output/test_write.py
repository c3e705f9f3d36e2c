"""Pages get to disk whole, untouched where nothing changed, and a build that is killed leaves the last good site."""

import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from generator.output import folders
from generator.output import write as output_write
from generator.output.folders import _exchange, rescue, swap_in
from generator.output.write import NotMade, Page, write
from tests.generator.conftest import ROOT


def contents(folder):
    """What a folder holds, with None for empty folders."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if path.is_file() or not any(path.iterdir())
    }


# --- single files -----------------------------------------------------------------------------------------


def test_a_folder_holds_just_the_files_that_were_written(tmp_path):
    source = tmp_path / "source.bin"
    source.write_bytes(b"\x00\r\n")
    docs = tmp_path / "build" / "docs"
    files = {"index.md": "ä\n", "terms/neuron.md": "x", "assets/a.bin": b"\xff", "assets/b.bin": source}
    assert write(files, docs) == (4, 0)
    assert contents(docs) == {
        "index.md": "ä\n".encode(), "terms/neuron.md": b"x", "assets/a.bin": b"\xff", "assets/b.bin": b"\x00\r\n"
    }  # fmt: skip


def test_only_what_changed_is_written_and_the_rest_keeps_its_time(tmp_path):
    source = tmp_path / "source"
    source.write_text("s")
    docs = tmp_path / "docs"
    write({"same.md": "a", "same.bin": b"b", "copy": source, "other.md": "c", "copied": source}, docs)
    for path in docs.iterdir():
        os.utime(path, (1, 1))
    changed = tmp_path / "changed"
    changed.write_text("t")
    assert write({"same.md": "a", "same.bin": b"b", "copy": source, "other.md": "d", "copied": changed}, docs) == (2, 0)
    assert {path.name for path in docs.iterdir() if path.stat().st_mtime == 1} == {"same.md", "same.bin", "copy"}
    assert contents(docs)["other.md"] == b"d"


def test_what_is_no_page_any_more_goes_and_takes_empty_folders_with_it(tmp_path):
    write({"a/b/c/one.md": "1", "a/b/two.md": "2", "d/e/three.md": "3", "four.md": "4"}, tmp_path)
    (tmp_path / "a" / "b" / ".four.md.123").write_text("half of a file that a killed build left")
    assert write({"a/b/two.md": "2", "four.md": "4"}, tmp_path) == (0, 3)
    assert contents(tmp_path) == {"a/b/two.md": b"2", "four.md": b"4"}


def test_a_folder_may_take_the_place_of_a_file_and_back(tmp_path):
    write({"terms/neuron": "1"}, tmp_path)
    assert write({"terms/neuron/index.html": "2"}, tmp_path) == (1, 1)
    assert write({"terms/neuron": "3"}, tmp_path) == (1, 1)
    assert contents(tmp_path) == {"terms/neuron": b"3"}


def test_nothing_to_write_makes_no_folder(tmp_path):
    assert write({}, tmp_path / "docs") == (0, 0)
    assert not (tmp_path / "docs").exists()


# --- pages that are made when it is their turn ------------------------------------------------------------


@pytest.fixture
def made(tmp_path):
    """Writes pages, given as name -> (key, text), and says which of them were made, written and removed."""

    def writing_pages(**pages):
        asked = []

        def page(name, key, text):
            return Page(lambda: (asked.append(name), text)[1], key)

        files = {f"{name}.md": page(name, key, text) for name, (key, text) in pages.items()}
        written, removed = write(files, tmp_path / "docs", tmp_path / "manifest.json")
        return sorted(asked), written, removed

    return writing_pages


def test_a_page_with_the_same_key_is_not_even_made(made, tmp_path):
    assert made(a=("1", "A"), b=("1", "B")) == (["a", "b"], 2, 0)
    assert made(a=("1", "A"), b=("1", "B")) == ([], 0, 0)
    assert made(a=("2", "A!"), b=("2", "B"), c=("1", "C")) == (["a", "b", "c"], 2, 0)
    assert made(a=("2", "A!")) == ([], 0, 2)
    assert made(a=("2", "A!"), b=("2", "B")) == (["b"], 1, 0)
    assert contents(tmp_path / "docs") == {"a.md": b"A!", "b.md": b"B"}


@pytest.mark.parametrize("damage", ["edit", "touch", "remove"])
def test_a_page_whose_file_is_not_as_it_was_written_is_made_again(made, tmp_path, damage):
    made(a=("1", "A"), b=("1", "B"))
    page = tmp_path / "docs" / "a.md"
    {"edit": lambda: page.write_text("X"), "touch": lambda: os.utime(page, (1, 1)), "remove": page.unlink}[damage]()
    assert made(a=("1", "A"), b=("1", "B"))[0] == ["a"]
    assert contents(tmp_path / "docs") == {"a.md": b"A", "b.md": b"B"}
    assert made(a=("1", "A"), b=("1", "B"))[0] == []


@pytest.mark.parametrize("damage", ["", "{", "[]", "3", '{"a.md": 3}', '{"a.md": []}', '{"a.md": ["1"]}'])
def test_a_damaged_manifest_is_no_manifest(made, tmp_path, damage):
    made(a=("1", "A"))
    (tmp_path / "manifest.json").write_text(damage, encoding="utf-8")
    assert made(a=("1", "A")) == (["a"], 0, 0)


def test_without_a_manifest_every_page_is_made(tmp_path):
    count = []
    for _ in range(2):
        write({"a.md": Page(lambda: (count.append(1), "A")[1], "key")}, tmp_path)
    assert (len(count), contents(tmp_path)) == (2, {"a.md": b"A"})


def test_many_pages_are_made_by_several_processes_just_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(output_write, "PARALLEL_FROM", 10)
    files = {f"terms/{i}.md": Page(partial(str, i), "key") for i in range(250)}
    assert write(files, tmp_path) == (250, 0)
    assert write(files, tmp_path) == (0, 0)
    assert contents(tmp_path) == {name: name[6:-3].encode() for name in files}


# --- whole folders ----------------------------------------------------------------------------------------


@pytest.fixture(params=["exchange", "renames"])
def place(request, tmp_path, monkeypatch):
    """Where the site is; once where the system can exchange folders, once where it can not."""
    if request.param == "renames":
        monkeypatch.setattr(folders, "_exchange", lambda one, other: False)
    return tmp_path / "site"


def test_the_first_folder_is_put_in_place(place, tmp_path):
    write({"index.html": "1"}, tmp_path / "new")
    swap_in(tmp_path / "new", place)
    assert contents(tmp_path) == {"site/index.html": b"1"}


def test_a_new_folder_takes_the_place_of_the_old_one_and_nothing_is_left(place, tmp_path):
    write({"index.html": "1", "old.html": "1"}, place)
    write({"index.html": "2"}, tmp_path / "new")
    swap_in(tmp_path / "new", place)
    assert contents(tmp_path) == {"site/index.html": b"2"}


def test_this_system_exchanges_folders_in_one_step(tmp_path):
    write({"a": "1"}, tmp_path / "one")
    write({"b": "2"}, tmp_path / "other")
    if not _exchange(tmp_path / "one", tmp_path / "other"):
        pytest.skip("this system can not")
    assert contents(tmp_path) == {"one/b": b"2", "other/a": b"1"}


def test_what_can_not_be_exchanged_is_left_alone(tmp_path):
    write({"a": "1"}, tmp_path / "one")
    assert not _exchange(tmp_path / "one", tmp_path / "nowhere")
    assert contents(tmp_path) == {"one/a": b"1"}


def test_windows_is_not_asked_for_what_it_does_not_have(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise TypeError("there, CDLL(None) is a mistake")

    monkeypatch.setattr(output_write.sys, "platform", "win32")
    monkeypatch.setattr("ctypes.CDLL", refuse)
    write({"a": "1"}, tmp_path / "one")
    write({"b": "2"}, tmp_path / "other")
    assert not _exchange(tmp_path / "one", tmp_path / "other")


def test_a_build_killed_between_the_two_renames_is_mended(tmp_path, monkeypatch):
    place, new = tmp_path / "site", tmp_path / "new"
    write({"index.html": "1"}, place)
    write({"index.html": "2"}, new)
    monkeypatch.setattr(folders, "_exchange", lambda one, other: False)
    rename = os.rename

    def killed_at_the_second(source, target):
        if source == new:
            raise KeyboardInterrupt
        rename(source, target)

    monkeypatch.setattr(os, "rename", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        swap_in(new, place)
    assert not place.exists()
    monkeypatch.setattr(os, "rename", rename)
    rescue(place)
    assert contents(place) == {"index.html": b"1"}
    assert not (tmp_path / "site.old").exists()


def test_a_rescue_where_nothing_is_wrong_changes_nothing(tmp_path):
    rescue(tmp_path / "site")
    assert contents(tmp_path) == {}
    write({"index.html": "1"}, tmp_path / "site")
    write({"index.html": "0"}, tmp_path / "site.old")
    rescue(tmp_path / "site")
    assert contents(tmp_path) == {"site/index.html": b"1"}


@pytest.mark.parametrize("several", [False, True], ids=["in this process", "in several"])
def test_a_page_that_can_not_be_made_is_named(tmp_path, monkeypatch, several):
    def fault():
        raise KeyError("tiny")

    monkeypatch.setattr(output_write, "PARALLEL_FROM", 1 if several else 1000)
    files = {f"terms/{i}.md": Page(fault if i == 3 else (lambda: "fine"), str(i)) for i in range(8)}
    with pytest.raises(NotMade, match=r"/terms/3\.md can not be made: KeyError: 'tiny'\n    hint: .*\nTraceback "):
        write(files, tmp_path / "docs")


SWAPS = """
import itertools, pathlib, sys
from generator.output import folders
from generator.output.write import write
root = pathlib.Path(sys.argv[1])
if sys.argv[2] == "renames":
    folders._exchange = lambda one, other: False
for turn in itertools.count():
    write({f"{i}.html": str(turn) for i in range(20)}, root / "new")
    folders.swap_in(root / "new", root / "site")
    print(turn, flush=True)
"""


@pytest.mark.parametrize("how", ["exchange", "renames"])
def test_a_build_killed_at_any_moment_leaves_a_whole_site(tmp_path, how):
    site = tmp_path / "site"
    last = 0
    for kill in range(12):
        process = subprocess.Popen(
            [sys.executable, "-c", SWAPS, tmp_path, how], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        with process:
            for _ in range(1 + kill // 3):
                process.stdout.readline()  # it has swapped once more
            time.sleep(0.003 * kill)  # spreads the moments; nothing depends on how long it is
            process.send_signal(signal.SIGKILL)
            process.stdout.read()
        if how == "renames":
            rescue(site)
        files = contents(site)
        assert len(files) == 20
        assert len(set(files.values())) == 1, "pages of two builds are mixed"
        last = int(files["0.html"])
        assert last >= kill // 3, "an older site than the one that had been swapped in"
    assert last > 0
