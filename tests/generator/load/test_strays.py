"""What lies in demos/ is a lesson, a part, data or machinery, and what is read is what Python would import."""

import pytest

from tests.generator.conftest import DEMO
from tests.generator.load.conftest import told

PLACED = (
    "\n    hint: take it out, or put it where it belongs: a lesson is a file of demos/, "
    "what lessons share one of demos/parts/, and what they read one of demos/data/"
)
INSTEAD = "\n    hint: take it out: a module is one file of Python"


def instead(file):
    return f"Python would import this in place of {file}, which is what is read here{INSTEAD}"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("demos/tiny/__init__.py", f"demos/tiny: {instead('demos/tiny.py')}"),
        ("demos/tiny/data.txt", f"demos/tiny: {instead('demos/tiny.py')}"),
        ("demos/tiny.so", f"demos/tiny.so:1:1: {instead('demos/tiny.py')}"),
        ("demos/tiny.pyc", f"demos/tiny.pyc:1:1: {instead('demos/tiny.py')}"),
        (
            "demos/tiny.cpython-311-x86_64-linux-gnu.so",
            f"demos/tiny.cpython-311-x86_64-linux-gnu.so:1:1: {instead('demos/tiny.py')}",
        ),
        ("demos/tiny.abi3.so", f"demos/tiny.abi3.so:1:1: {instead('demos/tiny.py')}"),
        ("demos/tiny.cp312-win_amd64.pyd", f"demos/tiny.cp312-win_amd64.pyd:1:1: {instead('demos/tiny.py')}"),
        ("demos/other.so", f"demos/other.so:1:1: this is no lesson, part, data or machinery{PLACED}"),
        ("demos/notes.txt", f"demos/notes.txt:1:1: this is no lesson, part, data or machinery{PLACED}"),
        ("demos/_try.py", f"demos/_try.py:1:1: this is no lesson, part, data or machinery{PLACED}"),
        ("demos/drafts/one.py", f"demos/drafts: this is no lesson, part, data or machinery{PLACED}"),
        (
            "demos/parts/more/one.py",
            "demos/parts/more: no folder belongs here\n    hint: take it out, or put its files into demos/parts/",
        ),
        ("demos/parts/words.csv", f"demos/parts/words.csv:1:1: this is no .py file{PLACED}"),
        ("demos/recorded/tiny.txt", f"demos/recorded/tiny.txt:1:1: this is no .json file{PLACED}"),
        ("demos/_show/chart.so", f"demos/_show/chart.so:1:1: {instead('demos/_show/chart.py')}"),
        ("demos/_run/notes.md", f"demos/_run/notes.md:1:1: this is no .py file{PLACED}"),
    ],
)  # fmt: skip
def test_what_is_no_lesson_part_data_or_machinery_is_told(project, path, message):
    (project / path).parent.mkdir(parents=True, exist_ok=True)
    (project / path).write_text("x = 1\n", encoding="utf-8")
    assert message in told(project)


def test_a_part_that_a_folder_hides_is_told(project):
    (project / "demos" / "parts" / "sizes").mkdir(parents=True)
    (project / "demos" / "parts" / "sizes.py").write_text('"""Sizes."""\n', encoding="utf-8")
    assert told(project) == [f"demos/parts/sizes: {instead('demos/parts/sizes.py')}"]


@pytest.mark.parametrize(
    "path", ["demos/.tiny.py.swp", "demos/tiny.py~", "demos/.DS_Store", "demos/__pycache__/tiny.cpython-311.pyc",
             "demos/data/words.txt", "demos/data/deeper/words.txt", "demos/recorded/tiny.json", "demos/second.py"]
)  # fmt: skip
def test_what_editors_leave_and_what_belongs_there_is_not(project, path):
    (project / path).parent.mkdir(parents=True, exist_ok=True)
    (project / path).write_text(DEMO, encoding="utf-8")
    assert [one for one in told(project) if "demos/" in one and "recorded" not in one] == []
