"""The bench of tests invents lessons that are as good as real ones, and draws its line right. Nothing here is timed."""

from dataclasses import replace

import pytest

from bench import only_invented
from bench import tests as bench
from bench.tests import NAMES, STAGES, Line, copied, invent, lines, main, table
from generator.check.rules import check
from generator.load.glossary import load
from tests import mutants
from tests.site import conftest as site


def test_invented_lessons_have_nothing_wrong_and_all_that_their_model_has(tmp_path):
    project = copied(tmp_path / "project")
    like = invent(project, 2)
    loaded = load(project, project / ".cache" / "terms.pickle")
    glossary = loaded.glossary
    assert loaded.problems == []
    assert [str(problem) for problem in check(glossary)] == []
    theirs = [term for term in glossary.terms.values() if term.demo.module == like]
    model = min(theirs, key=lambda term: f"{term.slug}.yml")  # the one that comes first in the folder
    bugs = [(bug.file, bug.slip) for bug in mutants.read(project) if bug.test.endswith(f"test_{like}.py")]
    for name in ("babo", "bado"):
        term, demo = glossary.terms[f"invented-{name}"], f"invented_{name}"
        assert term.demo.module == demo
        assert len(term.experiments) == len(model.experiments) > 0
        taken, given = ([replace(one, help="") for one in glossary.demos[it].parameters] for it in (demo, like))
        assert taken == given != []  # but for the words of help, in which the name of the lesson may stand
        assert "test_" in glossary.tests[f"tests/demos/test_{demo}.py"]
        found = [bug.slip for bug in mutants.read(project) if bug.test.endswith(f"test_{demo}.py")]
        assert found == [slip for file, slip in bugs if file == f"demos/{like}.py"] != []


def test_there_are_names_for_a_hundred_lessons():
    assert len(set(NAMES)) == 100


def test_every_stage_runs_python():
    for stage in STAGES.values():
        for command in stage(3):
            assert command[:2] in (["-m", "pytest"], ["-m", "generator"], ["-m", "tests.mutants"])


def test_what_a_lesson_costs_is_the_slope_between_fewer_and_more():
    found = lines({12: {"site": 26.0, "mutants": 50.0}, 4: {"site": 14.0, "mutants": 18.0}})
    assert found == [Line("site", 8.0, 1.5), Line("mutants", 2.0, 4.0)]
    assert table(found, today=38).splitlines()[2:] == [
        "| site | 8 | 1.50 | 65 | 383 |",
        "| mutants | 2 | 4.00 | 154 | 1,002 |",
        "| all of these | 10 | 5.50 | 219 | 1,385 |",
    ]


def test_a_stage_of_which_no_slope_is_known_says_why_in_the_table_and_adds_nothing():
    found = lines(
        {
            1: {"site": 14.0, "pages": 30.0, "mutants": None, "parity": None},
            3: {"site": 18.0, "pages": 29.0, "mutants": 9.0, "parity": None},
        }
    )
    assert table(found, today=38).splitlines()[2:] == [
        "| site | 12 | 2.00 | 88 | 512 |",
        "| pages | 30.0 s with 1 and 29.0 s with 3: lost in the noise | – | – | – |",
        "| mutants | failed with 1 lesson | – | – | – |",
        "| parity | failed with 1 lesson and with 3 lessons | – | – | – |",
        "| all of these | 12 | 2.00 | 88 | 512 |",
    ]  # fmt: skip


def test_a_stage_that_fails_is_told_and_the_others_go_on(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(bench, "copied", lambda project: project.mkdir() or project)
    monkeypatch.setattr(bench, "invent", lambda project, count: "neuron")
    broken, fine = ["-c", "raise SystemExit('it broke')"], ["-c", "sum(range(10**6))"]
    monkeypatch.setattr(bench, "STAGES", {"site": lambda _: [broken, fine], "pages": lambda _: [fine]})
    found = bench.measured(2, ["site", "pages"])
    assert found["site"] is None
    assert found["pages"] > 0
    assert "site ended with 1:\nit broke" in capsys.readouterr().err


@pytest.mark.parametrize("lessons", [("0", "4"), ("4", "4"), ("4", "101")])
def test_numbers_between_which_there_is_no_line_are_refused(lessons, capsys):
    with pytest.raises(SystemExit):
        main(["--lessons", *lessons])
    assert "these are two numbers from 1 to 100" in capsys.readouterr().err


def test_of_the_pages_those_of_invented_lessons_and_one_of_each_kind_are_left(tmp_path, monkeypatch):
    for address, size in (("terms/a", 9), ("terms/b", 99), ("terms/invented-babo", 5), ("paths/c", 1), ("paths/d", 2)):
        (tmp_path / address).mkdir(parents=True)
        (tmp_path / address / "index.html").write_text("x" * size, encoding="utf-8")
    monkeypatch.setattr(site.Pages, "__init__", site.Pages.__init__)  # which puts it back afterwards
    only_invented.pytest_collection_finish()
    assert site.Pages(tmp_path).real == ["paths/d/", "terms/b/", "terms/invented-babo/"]
