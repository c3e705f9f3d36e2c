"""What compares the pages of several versions of Python would notice a difference."""

import pytest

from tests.pythons import contents, differences, main

PAGES = {"a.md": b"one\ntwo\n", "b.svg": b"<svg/>"}


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (PAGES, []),
        ({**PAGES, "a.md": b"one\n2\n"}, ["a.md:2: old and new differ"]),
        ({**PAGES, "b.svg": b"<svg />"}, ["b.svg:1: old and new differ"]),
        ({**PAGES, "a.md": b"one\ntwo\nthree"}, ["a.md:3: old and new differ"]),
        ({"a.md": PAGES["a.md"]}, ["b.svg: only old makes it"]),
        ({**PAGES, "c": b""}, ["c: only new makes it"]),
    ],
)
def test_every_file_that_differs_is_named_with_its_line(other, told):
    assert differences({"old": PAGES, "new": other}) == told


def test_all_files_of_a_folder_are_compared(tmp_path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "x").write_bytes(b"1")
    (tmp_path / "y").write_bytes(b"2")
    assert contents(tmp_path) == {"deep/er/x": b"1", "y": b"2"}


@pytest.mark.parametrize("pythons", [[], ["python3.11"]])
def test_one_alone_has_nothing_to_be_compared_with(pythons, capsys):
    assert main(pythons) == 2
    assert "python -m tests.pythons" in capsys.readouterr().err
