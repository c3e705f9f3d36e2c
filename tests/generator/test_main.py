"""The command line: what it does, what it prints, how it exits; and nothing is written where something is wrong."""

import json
import re
import subprocess
import sys
from datetime import date

import pytest

from generator.__main__ import main
from generator.build import build
from generator.cache import SITE
from generator.output import engine
from generator.output.engine import EngineFailed
from generator.pages.guide import GUIDE
from tests.generator.conftest import DEMO, entry, write_yaml


@pytest.fixture(autouse=True)
def no_runtime(monkeypatch):
    """The Python for the browser is fetched from elsewhere; these tests do without."""
    monkeypatch.setattr("generator.live.files.site_files", lambda names, folder, say: ({}, "not in these tests"))


@pytest.fixture
def run(project, capsys):
    """Runs a command on the project -> its exit code, and what it printed to whom."""

    def running(*arguments):
        code = main([*arguments, "--root", str(project)])
        out, err = capsys.readouterr()
        return code, out, err

    return running


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- all is well ------------------------------------------------------------------------------------------


def test_check_says_that_all_is_well_and_writes_no_page(run, project):
    code, out, err = run("check")
    assert (code, err) == (0, "")
    assert out.endswith("all is well\n")
    assert not (project / "build").exists()


def test_build_writes_the_pages_and_the_next_time_only_what_changed(run, project):
    code, out, err = run("build")
    assert (code, err) == (0, "")
    docs = project / "build" / "docs"
    assert "The size is 2." in (docs / "terms" / "neuron.md").read_text(encoding="utf-8")
    assert out.endswith(f"{len(contents(docs))} written, 0 removed\n")

    assert run("build")[1].endswith(": 0 written, 0 removed\n")
    write_yaml(project / "terms" / "neuron.yml", entry(examples=["Another one.", "Two."]))
    before = contents(docs)
    assert run("build")[0] == 0
    after = contents(docs)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"terms/neuron.md", "search/texts/neuron.json", "glossary.json"}


# --- something is wrong -----------------------------------------------------------------------------------


def broken_entry(project):
    write_yaml(project / "terms" / "neuron.yml", entry(level="hard", related=["nowhere"]))


def broken_yaml(project):
    (project / "terms" / "neuron.yml").write_text("title: [", encoding="utf-8")


def broken_relation(project):
    write_yaml(project / "terms" / "neuron.yml", entry(related=["nowhere"]))


def broken_code(project):
    (project / "demos" / "tiny.py").write_text("def demo(", encoding="utf-8")


def broken_circle(project):
    write_yaml(project / "terms" / "gradient.yml", entry("Gradient", prerequisites=["neuron"]))
    write_yaml(project / "terms" / "neuron.yml", entry(prerequisites=["gradient"]))


def nothing_there(project):
    (project / "terms" / "neuron.yml").unlink()


@pytest.mark.parametrize("name", ["check", "build", "site"])
@pytest.mark.parametrize(
    ("breaking", "problems"),
    [
        (broken_entry, ["there is no level called 'hard'"]),
        (broken_yaml, ["this is not valid YAML: a value is missing here, or a bracket is not closed"]),
        (broken_relation, ["there is no term called 'nowhere'"]),
        (broken_code, ["this is not Python: '(' was never closed"]),
        (broken_circle, ["the prerequisites go in a circle: gradient -> neuron -> gradient"]),
        (nothing_there, ["there are no terms"]),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(run, project, name, breaking, problems):
    breaking(project)
    code, out, err = run(name)
    assert (code, out) == (1, "")
    told = [line for line in err.splitlines() if line and not line.startswith("    hint: ")]
    assert [line.partition(": ")[2] for line in told[:-1]] == problems
    assert told[-1] == f"{len(problems)} problem. Nothing was written."
    assert not (project / "build").exists()


def test_all_problems_of_all_files_are_told_in_reading_order(run, project):
    write_yaml(project / "terms" / "neuron.yml", entry(related=["nowhere"], category="zoology"))
    (project / "terms" / "a.yml").write_text("title: [", encoding="utf-8")
    (project / "demos" / "other.py").write_text("(", encoding="utf-8")
    code, _, err = run("check")
    assert code == 1
    assert [line.partition(":")[0] for line in err.splitlines() if line[:1] in ("d", "t")] == [
        "demos/other.py", "terms/a.yml", "terms/neuron.yml", "terms/neuron.yml"
    ]  # fmt: skip
    assert err.endswith("\n\n4 problems. Nothing was written.\n")


# --- what day it is ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["written", "changed"])
def test_check_tells_a_date_in_the_future_and_a_build_does_not_ask_what_day_it_is(run, project, field):
    write_yaml(project / "terms" / "neuron.yml", entry(**{field: "2999-01-01"}))
    code, _, err = run("check")
    assert code == 1
    assert f"2999-01-01 is still to come\n    hint: today is {date.today()}" in err
    assert run("check", str(project / "terms" / "neuron.yml"))[0] == 1, "also of the file alone"
    assert run("build")[0] == 0, "the same files make the same site on any day"


def test_a_date_is_compared_with_the_day_that_is_said(run, project):
    write_yaml(project / "terms" / "neuron.yml", entry(written="2999-01-01"))
    code, out, err = run("check", "--today", "2998-12-30")
    lines = (project / "terms" / "neuron.yml").read_text(encoding="utf-8").splitlines()
    line = lines.index("written: '2999-01-01'") + 1
    assert (code, out) == (1, "")
    assert err == (
        f"terms/neuron.yml:{line}:10: 2999-01-01 is still to come\n    hint: today is 2998-12-30\n\n"
        "1 problem. Nothing was written.\n"
    )
    assert run("check", "--today", "2998-12-31")[0] == 0, "it is a day later in some places"


DUE = "written on 2026-11-23 and never reviewed, more than a year ago"


def test_what_is_due_for_a_review_is_told_and_is_no_failure(run):
    assert run("check", "--today", "2027-11-23") == (0, "1 term, 1 demo: all is well\n", "")
    code, out, err = run("check", "--today", "2027-11-24")
    assert (code, err) == (0, "")
    first, second, hint = out.splitlines()
    assert first == "1 term, 1 demo: all is well"
    assert second.startswith("terms/neuron.yml:")
    assert second.endswith(f": {DUE}")
    assert hint == "    hint: read it again, look its sources up, mend it, and say so in 'reviewed'"


def test_what_is_due_is_told_in_every_form_and_only_of_the_files_that_are_asked_for(run, project):
    write_yaml(project / "terms" / "gradient.yml", entry("Gradient", prerequisites=["neuron"]))
    for form, file in (("json", "terms/neuron.yml"), ("github", "terms/gradient.yml")):
        code, out, _ = run("check", str(project / file), "--today", "2030-01-01", "--format", form)
        assert code == 0
        assert out.count(DUE) == 1
        assert file in out
        assert ('"kind": "due"' if form == "json" else "::notice file=") in out


def test_a_day_that_is_none_is_told(run, capsys):
    with pytest.raises(SystemExit) as left:
        run("check", "--today", "tomorrow")
    assert left.value.code == 2
    assert "argument --today: 'tomorrow' is not a date; write it as 2026-11-23" in capsys.readouterr().err


# --- a build that fails -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body", ["raise ValueError('no')", "raise SystemExit(0)", "return None", "print('x')", "import os; os._exit(3)"]
)
def test_a_demo_that_fails_leaves_the_pages_as_they_were(run, project, body):
    assert run("build")[0] == 0
    before = contents(project / "build")
    (project / "demos" / "tiny.py").write_text(DEMO.replace("    return", f"    {body}\n    return"), encoding="utf-8")
    write_yaml(project / "terms" / "neuron.yml", entry(examples=["Another one.", "Two."]))
    code, out, err = run("build")
    assert (code, [line.split()[0] for line in out.splitlines()]) == (1, ["check"]), "only what came to its end is said"
    assert err.startswith("demos/tiny.py:")
    assert contents(project / "build") == before


def test_a_folder_without_terms_is_no_project(tmp_path, capsys):
    assert main(["check", "--root", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        f"{tmp_path} has no folder terms/\n    hint: run this from the top of the project, or say --root\n"
    )


@pytest.mark.parametrize("arguments", [[], ["chekc"], ["check", "--rot", "x"]])
def test_a_command_that_is_not_understood_exits_with_two(arguments, capsys):
    with pytest.raises(SystemExit) as exit:
        main(arguments)
    assert exit.value.code == 2
    assert "usage: python -m generator" in capsys.readouterr().err


def test_from_another_folder_a_broken_project_is_told_without_a_traceback(project, tmp_path_factory):
    broken_entry(project)
    done = subprocess.run(
        [sys.executable, "-m", "generator", "check", "--root", project],
        cwd=tmp_path_factory.mktemp("elsewhere"), capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no level called 'hard'" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_only_untidy_is_shown_by_serve_and_published_by_nothing(project, run):
    place = project / "terms" / "neuron.yml"
    place.write_text(place.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    told = []
    build(project, say=lambda _: None, unfinished=told.extend)
    assert [(problem.kind, problem.message) for problem in told] == [("untidy", "the file ends in blank lines")]
    assert (project / "build" / "docs" / "terms" / "neuron.md").exists()
    for name in ("check", "build", "site"):
        assert run(name)[0] == 1


# --- the finished site ------------------------------------------------------------------------------------


@pytest.fixture
def made(monkeypatch):
    """An engine that makes a page of how often it was asked, or fails."""
    count = [0]

    def make(self, to, pages, names, frame):
        count[0] += 1
        told = {}
        for name in pages:
            file = "index.html" if name == "index.md" else f"{name.removesuffix('.md')}/index.html"
            (to / file).parent.mkdir(parents=True, exist_ok=True)
            (to / file).write_text(f"site {count[0]}", encoding="utf-8")
            told[name] = {"file": file, "links": {}, "codes": []}
        return {"pages": told, "frame": []}

    monkeypatch.setattr(engine.Engine, "make", make)


def test_the_site_is_put_in_place_with_its_search_index(run, project, made):
    for _ in range(2):
        code, out, err = run("site")
        assert (code, err) == (0, "")
        assert "The site is in build/site." in out
        steps = [line.split()[0] for line in out.splitlines() if re.fullmatch(r"[a-z]+ +\d+\.\d\d s  .+", line)]
        assert steps == ["check", "demos", "sweeps", "live", "plan", "write", "engine"]
        assert [path.name for path in sorted((project / "build").iterdir())] == ["docs", "site"]
        assert (project / "build" / "site" / "index.html").read_text() == "site 1", "a page that stays the same is kept"
    index = json.loads((project / "build" / "site" / "search" / "search_index.json").read_text(encoding="utf-8"))
    guide = [title for title, _ in GUIDE.values()]
    others = ["Basics", "More", "Beginner", "Intermediate", "Advanced", "Tiny"]
    assert [doc["title"] for doc in index["docs"]] == ["Neuron", *guide, *others]
    letters = {path.name for path in (project / "build" / "site" / "search" / "words").iterdir()}
    assert len(letters) == 27


def test_an_engine_that_fails_leaves_the_last_good_site(run, project, made, monkeypatch):
    run("site")
    before = contents(project / "build" / "site")

    def failing(*_):
        raise EngineFailed("The engine could not build the site:\nno idea why")

    (project / SITE).unlink()  # so that no page is kept
    monkeypatch.setattr(engine.Engine, "make", failing)
    code, _, err = run("site")
    assert (code, err) == (
        1, "The engine could not build the site:\nno idea why\nThe last good site is untouched.\n"
    )  # fmt: skip
    assert contents(project / "build" / "site") == before


def test_a_site_lost_between_two_renames_comes_back_even_when_the_build_fails(run, project, made):
    run("site")
    (project / "build" / "site").rename(project / "build" / "site.old")
    broken_yaml(project)
    assert run("site")[0] == 1
    assert (project / "build" / "site" / "index.html").read_text() == "site 1"


def test_an_interruption_is_no_failure_of_the_program(run, monkeypatch):
    def interrupted(root, **_):
        raise KeyboardInterrupt

    monkeypatch.setattr("generator.__main__.checked", interrupted)
    assert run("check") == (130, "", "")
