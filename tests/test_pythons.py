"""What compares the pages of several versions of Python would notice a difference."""

import sys

import pytest

from tests import pythons
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


STANDS_IN = """#!{python}
import pathlib, sys
if sys.argv[1:3] == ["-m", "venv"]:
    own = pathlib.Path(sys.argv[3], "bin")
    own.mkdir(parents=True)
    (own / "python").write_text(pathlib.Path(__file__).read_text())
    (own / "python").chmod(0o755)
elif sys.argv[1:3] == ["-m", "pip"]:
    sys.exit({pip})
elif sys.argv[1:] == ["-m", "generator", "build"]:
    pathlib.Path("build/docs").mkdir(parents=True)
    pathlib.Path("build/docs/a.md").write_text({page})
"""


@pytest.fixture
def python(tmp_path, monkeypatch):
    """Makes programs that stand in for versions of Python, and builds of a project of one file."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "a").write_text("as it was")
    monkeypatch.setattr(pythons, "ROOT", project)

    def made(name, page='"one"', pip="0"):
        path = tmp_path / name
        path.write_text(STANDS_IN.format(python=sys.executable, page=page, pip=pip))
        path.chmod(0o755)
        return str(path)

    return made


needs_scripts = pytest.mark.skipif(sys.platform == "win32", reason="Windows starts no scripts as programs")


@needs_scripts
@pytest.mark.parametrize(
    ("page", "code", "told"),
    [('"one"', 0, "made the same bytes"), ('"two"', 1, "1 differences"), ("open('a').read()", 1, "a.md:1: ")],
)
def test_the_pages_of_two_versions_are_compared(python, capfd, page, code, told):
    assert main([python("old"), python("new", page)]) == code
    assert told in capfd.readouterr().out


@needs_scripts
def test_one_that_can_not_build_is_told_and_the_others_are_compared(python, tmp_path, capfd):
    nowhere = str(tmp_path / "nowhere")
    assert main([python("old"), nowhere, python("poor", pip="3"), python("new")]) == 1
    said = capfd.readouterr()
    assert f"{nowhere}: makes no environment: it can not be started: No such file or directory" in said.out
    assert f"{tmp_path / 'poor'}: gets no packages: -m pip install ended with 3" in said.out
    assert f"{tmp_path / 'old'} and {tmp_path / 'new'} made the same bytes" in said.out
    assert "Traceback" not in said.err


@needs_scripts
def test_each_has_an_order_of_sets_of_its_own(python, capfd):
    seed = "__import__('os').environ['PYTHONHASHSEED']"
    assert main([python("a1", seed), python("a2", seed), python("a3", seed)]) == 1
    assert "2 differences" in capfd.readouterr().out


@needs_scripts
def test_what_is_edited_meanwhile_makes_no_difference(python, tmp_path, capfd):
    source = str(tmp_path / "project" / "a")
    edits = f"(open('a').read(), open({source!r}, 'w').write('edited'))[0]"
    assert main([python("old", edits), python("new", edits)]) == 0
