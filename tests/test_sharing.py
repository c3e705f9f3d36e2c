"""How tests are shared out over workers: what tests share is made once, and nobody waits long at the end."""

import ast
from pathlib import Path

import pytest

from tests.conftest import APART, SITE, longest_first, scope

HERE = Path(__file__).parent
# What makes or looks at the whole site, see tests/site/conftest.py.
WHOLE = {"served", "site", "site_url", "pages", "wanted", "wanted_terms", "first_run"}


def asked_for(path):
    """The names of all fixtures that a file of tests asks for, as arguments or by name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and (node.name.startswith("test_") or node.decorator_list):
            yield from (argument.arg for argument in node.args.args)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "getfixturevalue":
            yield from (argument.value for argument in node.args if isinstance(argument, ast.Constant))


@pytest.mark.parametrize("path", sorted((HERE / "site").glob("test_*.py")), ids=lambda path: path.stem)
def test_files_that_look_at_the_whole_site_stay_together_and_no_others(path):
    assert (scope(f"{SITE}/{path.name}::test_it[a::b]") == SITE) == bool(WHOLE & set(asked_for(path)))


def test_every_file_that_stands_apart_is_there():
    assert {path.name for path in (HERE / "site").glob("test_*.py")} > APART


def test_a_file_is_a_scope_wherever_it_lies():
    names = ["tests/test_fuzz.py", "tests/site/test_serve.py", "tests/demos/machine/test_run.py"]
    assert [scope(f"{name}::test_it") for name in names] == names


def test_the_site_comes_first_then_what_else_drives_a_browser_then_files_of_many_tests():
    files = {"tests/demos/test_few.py": 1, "tests/demos/test_many.py": 9, "tests/site/test_hand.py": 2}
    files |= {"tests/site/test_fit.py": 1, "tests/site/test_crawl.py": 3}
    nodeids = [f"{file}::test_{number}" for file, count in files.items() for number in range(count)]
    found = sorted(nodeids, key=longest_first(nodeids))
    assert list(dict.fromkeys(map(scope, found))) == [
        "tests/site", "tests/site/test_hand.py", "tests/demos/test_many.py", "tests/demos/test_few.py"
    ]  # fmt: skip
    assert found[:4] == [
        f"tests/site/{name}" for name in ("test_fit.py::test_0", *(f"test_crawl.py::test_{i}" for i in range(3)))
    ]
