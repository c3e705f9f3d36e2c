"""How tests are shared out over workers: what tests share is made once, and nobody waits long at the end."""

import pytest

from tests.conftest import SITE, longest_first, needs_the_whole_site, scope


@pytest.mark.parametrize("name", ["test_browser", "test_builds", "test_crawl", "test_demos_live", "test_fit"])
def test_files_that_look_at_the_whole_site_stay_together(name):
    assert scope(f"{SITE}/{name}.py::test_it[a::b]") == SITE


@pytest.mark.parametrize("name", ["test_experiments", "test_hand", "test_hostile", "test_serve"])
def test_files_that_look_at_small_sites_of_their_own_need_not_wait_for_it(name):
    assert scope(f"{SITE}/{name}.py::test_it") == f"{SITE}/{name}.py"


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
