"""How tests are shared out over workers: what tests share is made once, and nobody waits long at the end."""

import os
import subprocess
import sys

import pytest

from tests.conftest import LONG, ROOT, longest_first, needs_the_whole_site, scope


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("def test_it(browser, site_url): ...", True),
        ("@pytest.fixture\ndef page(tab, wanted): ...", True),
        ("@pytest.fixture\ndef page(request):\n    return request.getfixturevalue('site')", True),
        ("def test_it(browser, tmp_path): ...", False),
        ("def helper(site): ...", False),
        ("def test_it(built):\n    site, pages = built", False),
    ],
)
def test_a_file_needs_the_whole_site_where_one_of_its_functions_asks_for_it(text, whole, tmp_path):
    (tmp_path / "test_new.py").write_text(text, encoding="utf-8")
    assert needs_the_whole_site(tmp_path / "test_new.py") == whole


def test_a_file_is_a_scope_wherever_it_lies():
    names = [
        "tests/test_fuzz.py",
        "tests/site/test_serve.py",
        "tests/site/test_crawl.py",
        "tests/demos/machine/test_run.py",
    ]
    assert [scope(f"{name}::test_it") for name in names] == names


def test_what_takes_longest_comes_first_and_files_of_few_tests_last(tmp_path):
    files = {
        "tests/demos/test_few.py": ("", 1),
        "tests/demos/test_many.py": ("", 9),
        "tests/demos/test_program.py": ("import subprocess", 2),
        "tests/site/test_hand.py": ("def test_it(browser, tmp_path): ...", 2),
        "tests/site/test_crawl.py": ("def test_it(pages): ...", 3),
        "tests/site/test_fit.py": ("def test_it(site_url): ...", 1),
        "tests/site/test_builds.py": ("def test_it(site): ...", 1),
    }
    for name, (text, _) in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    nodeids = [f"{file}::test_{number}" for file, (_, count) in files.items() for number in range(count)]
    found = sorted(nodeids, key=longest_first(nodeids, tmp_path))
    assert list(dict.fromkeys(map(scope, found))) == [
        "tests/site/test_builds.py", "tests/site/test_fit.py", "tests/site/test_crawl.py", "tests/site/test_hand.py",
        "tests/demos/test_program.py", "tests/demos/test_many.py", "tests/demos/test_few.py",
    ]  # fmt: skip
    assert [nodeid for nodeid in found if "crawl" in nodeid] == [
        f"tests/site/test_crawl.py::test_{i}" for i in range(3)
    ]


def test_the_files_said_to_be_long_are_there():
    assert [file for file in LONG if not (ROOT / file).is_file()] == []


REMARKING = """
import pytest
from tests.conftest import REMARKS

def test_it(request):
    request.config.stash[REMARKS].append("took long, and passed")
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_what_a_test_remarks_is_told_once_by_one_process_and_by_several(tmp_path, workers):
    for name in ("__init__.py", "conftest.py"):
        (tmp_path / "tests").mkdir(exist_ok=True)
        (tmp_path / "tests" / name).write_text((ROOT / "tests" / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "tests" / "test_new.py").write_text(REMARKING, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", workers, "tests"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("took long, and passed") == 1
    assert "1 passed" in done.stdout.splitlines()[-1]
