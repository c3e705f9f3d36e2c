"""Demos are read and not run, and remembered until something they need changes."""

import pytest

from generator.load import demos as load_demos
from generator.load.glossary import load
from tests.generator.conftest import DEMO
from tests.generator.load.conftest import told


def test_a_demo_is_read_and_not_run(project):
    (project / "demos" / "tiny.py").write_text(DEMO + "\nraise SystemExit('this module was run')\n", encoding="utf-8")
    (project / "demos" / "broken.py").write_text('"""Broken."""\n\ndef demo(\n', encoding="utf-8")
    (project / "demos" / "first.py").write_text(DEMO + "\nimport demos.second\n", encoding="utf-8")
    (project / "demos" / "second.py").write_text(DEMO + "\nimport demos.first\n", encoding="utf-8")
    assert told(project) == [
        "demos/broken.py:3:1: this is not Python: '(' was never closed",
        "demos/first.py:23:1: these imports go in a circle: second -> first -> second\n"
        "    hint: a demo imports only what is simpler than itself; move what both need into the simpler one",
        "demos/second.py:23:1: these imports go in a circle: first -> second -> first\n"
        "    hint: a demo imports only what is simpler than itself; move what both need into the simpler one",
    ]


@pytest.fixture
def followed(monkeypatch):
    """The demos that were really read since last asked."""
    names = []
    read = load_demos.source.read
    monkeypatch.setattr(load_demos.source, "read", lambda name, folder: (names.append(name), read(name, folder))[1])

    def asked():
        seen = [*names]
        names.clear()
        return seen

    return asked


def test_demos_are_read_again_when_they_or_what_they_build_on_was_edited(project, cache, followed):
    (project / "demos" / "other.py").write_text(DEMO, encoding="utf-8")
    (project / "demos" / "upper.py").write_text(DEMO + "\nfrom demos.tiny import demo as below\n", encoding="utf-8")
    first = load(project, cache)
    assert followed() == ["other", "tiny", "upper"]
    assert load(project, cache) == first
    assert followed() == []
    (project / "demos" / "tiny.py").write_text(DEMO.replace("The size", "A size"), encoding="utf-8")
    second = load(project, cache)
    assert followed() == ["tiny", "upper"]
    assert second == load(project)


@pytest.mark.parametrize(
    ("code", "needed", "told"),
    [
        ("from demos.lower import demo as below", "lower.py", "there is no demos/lower.py to import"),
        ('from demos import asset\nasset("words.txt")', "data/words.txt", "there is no demos/data/words.txt"),
    ],
)
def test_a_remembered_demo_hides_no_problem(project, cache, code, needed, told):
    (project / "demos" / "tiny.py").write_text(f"{DEMO}\n{code}\n", encoding="utf-8")
    (project / "demos" / needed).parent.mkdir(exist_ok=True)
    (project / "demos" / needed).write_text(DEMO, encoding="utf-8")
    assert load(project, cache).problems == []
    (project / "demos" / needed).unlink()
    assert [problem.message for problem in load(project, cache).problems] == [told]


def test_a_demo_is_where_its_project_is(project, cache, tmp_path_factory):
    load(project, cache)
    moved = tmp_path_factory.mktemp("moved") / "project"
    project.rename(moved)
    assert load(moved, moved / ".cache" / "terms.pickle").glossary.demos["tiny"].path == moved / "demos" / "tiny.py"
