"""Starting a term: what is written is well-formed and not finished; what can not be is told, and then nothing is."""

import ast
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from types import SimpleNamespace

import pytest
import yaml

from generator.__main__ import main
from generator.authors import new as module
from generator.authors.new import NotStarted, Request, _whose, new
from generator.check.rules import check
from generator.load.glossary import load
from generator.load.places import located
from generator.model.entries import Term
from tests import mutants
from tests.generator.conftest import ROOT, entry, write_yaml

TODAY = date(2027, 1, 2)
BUG = '- {file: demos/tiny.py, test: every_demo, find: "size / 2", replace: "size * 2", slip: turned round}\n'


@pytest.fixture
def project(project):
    """The small project with the template, and with a bug in its list."""
    shutil.copy(ROOT / "terms" / "_template.yml", project / "terms")
    (project / "tests" / "demos").mkdir(parents=True)
    (project / "tests" / "demos" / "mutants.yml").write_text(BUG, encoding="utf-8")
    (project / "tests" / "demos" / "test_every_demo.py").touch()  # whose tests that bug names
    return project


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(project, name, **choices):
    """What is told when it is refused; nothing must have been written."""
    before = contents(project)
    with pytest.raises(NotStarted) as wrong:
        new(project, Request(name, **choices), TODAY)
    assert contents(project) == before
    return [str(problem) for problem in wrong.value.problems]


def found(project, cache=None):
    """All that is wrong in a project: kind, and problem with its place. cache: where files that were read are kept."""
    loaded = load(project, cache)
    glossary, problems = loaded.glossary, loaded.problems
    return [(one.kind, str(one).splitlines()[0]) for one in located(project, [*problems, *check(glossary)])]


# --- what is written --------------------------------------------------------------------------------------


def test_a_name_is_enough_for_an_entry_a_demo_its_test_and_a_bug(project):
    before = contents(project)
    new(project, Request("Beam Search"), TODAY)
    after = contents(project)
    assert set(after) - set(before) == {
        "terms/beam-search.yml", "demos/beam_search.py", "tests/demos/test_beam_search.py"
    }  # fmt: skip
    assert {path for path in before if after[path] != before[path]} == {"tests/demos/mutants.yml"}
    assert after["tests/demos/mutants.yml"].decode() == BUG + (
        '- {file: demos/beam_search.py, find: "return factor * x", replace: "return factor + x", '
        "slip: TODO say what kind of mistake this is}\n"
    )


def test_the_entry_is_the_template_with_its_name_and_choices_filled_in(project):
    new(project, Request("Beam Search", category="more", level="advanced"), TODAY)
    template = (project / "terms" / "_template.yml").read_text(encoding="utf-8").splitlines()
    written = (project / "terms" / "beam-search.yml").read_text(encoding="utf-8").splitlines()
    assert written[0] == "# yaml-language-server: $schema=_schema.json"
    assert [line for line in template if line not in written] == [
        '# To start a term, run: .venv/bin/python -m generator new "Your Term". '
        "It copies this file and fills in what it can.",
        "title: Your Term # as a reader would write it",
        "category: foundations # one of terms/categories.yml",
        "level: beginner # beginner, intermediate or advanced",
        "  Your Term is TODO.",
        "  module: neuron # demos/neuron.py",
        "    year: 2026 # of its first publication",
        "written: 2026-11-23",
    ]
    assert [line for line in written if line not in template] == [
        "title: Beam Search # as a reader would write it",
        "category: more # one of terms/categories.yml",
        "level: advanced # beginner, intermediate or advanced",
        "  Beam Search is TODO.",
        "  module: beam_search # demos/beam_search.py",
        "    year: 2027 # of its first publication",
        "written: 2027-01-02",
    ]


def test_all_that_is_wrong_with_it_is_that_it_is_not_finished(project):
    new(project, Request("Beam Search"), TODAY)
    problems = found(project)
    assert {kind for kind, _ in problems} == {"unfinished"}
    told = [line for _, line in problems]
    text = "'TODO' says that this text is not finished"
    entry = [line for line in told if line.startswith("terms/beam-search.yml")]
    written = (project / "terms" / "beam-search.yml").read_text(encoding="utf-8").count("TODO")
    elsewhere = 2 + 2  # two in comments, and two more in one text of three paragraphs
    assert sum(line.endswith(text) for line in entry) == written - elsewhere == 14
    assert "terms/beam-search.yml:11:13: " + text in entry
    assert [line for line in entry if not line.endswith(text)] == [
        "terms/beam-search.yml:5:8: no other term leads to this one",
        "terms/beam-search.yml:16:14: the explanation has 27 words",
    ]
    for path in ("demos/beam_search.py:1:17", "tests/demos/mutants.yml:2:95", "tests/demos/test_beam_search.py:1:24"):
        assert f"{path}: 'TODO' says that this is not finished" in told


def test_in_the_real_glossary_too_all_that_is_wrong_with_it_is_that_it_is_not_finished(tmp_path):
    for folder in ("terms", "demos", "tests/demos"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    cache = tmp_path / ".cache" / "terms.pickle"
    before = set(found(tmp_path, cache))
    new(tmp_path, Request("Thing of a Test"), TODAY)
    assert {kind for kind, line in found(tmp_path, cache) if (kind, line) not in before} == {"unfinished"}


@pytest.mark.parametrize("name", ["check", "build", "site"])
def test_nothing_that_is_unfinished_is_published(project, name, capsys):
    new(project, Request("Beam Search"), TODAY)
    assert main([name, "--root", str(project)]) == 1
    assert "'TODO' says that this text is not finished" in capsys.readouterr().err
    assert not (project / "build").exists()


class NoPreview:
    """Stands where `serve` has its preview: these tests look at the Markdown, and no engine runs."""

    def __init__(self, root):
        self.place = root / "build" / "preview"
        self.engine = SimpleNamespace(site_url="http://127.0.0.1:8000/")

    def renew(self):
        (self.place / "search").mkdir(parents=True)


def only_once(root, port, build, told):
    """What serve does first: it makes the pages."""
    build(NoPreview(root))


def test_the_page_can_be_looked_at_all_the_same(project, monkeypatch, capsys):
    monkeypatch.setattr("generator.live.files.site_files", lambda names, folder, say: ({}, "not in these tests"))
    monkeypatch.setattr("generator.output.serve.serve", only_once)
    (project / "tests" / "demos" / "test_tiny.py").write_text("", encoding="utf-8")
    new(project, Request("Beam Search"), TODAY)
    assert main(["serve", "--root", str(project)]) == 0
    page = (project / "build" / "docs" / "terms" / "beam-search.md").read_text(encoding="utf-8")
    assert "TODO: the mechanism, step by step." in page
    assert "with a factor of 1 the line ends at 3.00" in page
    told = capsys.readouterr().err.splitlines()
    assert "demos/beam_search.py:1,3,4,6,17,25,27,32,34: 'TODO' says that this is not finished" in told
    assert told[-1] == "31 places to finish or tidy up, shown all the same; check and site refuse them."


def test_what_is_wrong_stops_a_page_whether_or_not_the_rest_is_finished(project, monkeypatch, capsys):
    monkeypatch.setattr("generator.output.serve.serve", only_once)
    new(project, Request("Beam Search"), TODAY)
    write_yaml(project / "terms" / "neuron.yml", entry(related=["nowhere"]))
    assert main(["serve", "--root", str(project)]) == 1
    told = capsys.readouterr().err
    assert "there is no term called 'nowhere'" in told
    assert "'TODO' says that this text is not finished" in told
    assert not (project / "build").exists()


def test_the_demo_runs_its_tests_pass_and_they_notice_the_bug(project, capsys):
    new(project, Request("Beam Search"), TODAY)
    environment = os.environ | {"PYTHONPATH": str(project)}
    ran = subprocess.run(
        [sys.executable, "-m", "demos", "beam_search", "--json", "--factor", "-2"],
        cwd=project, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(ran.stdout)["numbers"] == {"value at the end": -6}
    for file in ("conftest.py", "__init__.py", "forked.py", "patience.py", "demos/test_every_demo.py"):
        shutil.copy(ROOT / "tests" / file, project / "tests" / file)
    shutil.copy(ROOT / "pyproject.toml", project)
    assert mutants.main(["beam_search"], project) == 0  # after a run without any bug, which must succeed
    assert capsys.readouterr().out.endswith("1 of 1 mutant killed\n")


def test_every_field_is_in_the_template_and_explained_there():
    text = (ROOT / "terms" / "_template.yml").read_text(encoding="utf-8")
    lines = text.splitlines()
    for name, info in Term.model_fields.items():
        if name == "slug":  # is the name of the file
            continue
        at = next(i for i, line in enumerate(lines) if line.removeprefix("# ").startswith(f"{info.alias or name}:"))
        assert "#" in lines[at] or lines[at - 1].startswith("#") or name == "written", name
    for part in ("text", "link", "latex", "symbols", "wrong", "right", "question", "answer", "module", "with"):
        assert f"{part}:" in text
    for part in ("caption", "home", "title", "url", "year", "authors", "kind", "date", "by"):
        assert f"{part}:" in text


@pytest.mark.parametrize(
    ("name", "slug", "title"),
    [
        ("  Beam   Search ", "beam-search", "title: Beam Search #"),
        ("C++", "c-plus-plus", "title: C++ #"),
        ("Null", "null", 'title: "Null" #'),
        ("2027-01-02", "2027-01-02", 'title: "2027-01-02" #'),
        ("Yes: or No", "yes-or-no", 'title: "Yes: or No" #'),
        ('The "Why"', "the-why", 'title: The "Why" #'),
        ('"""Quoted"""', "quoted", r'title: "\"\"\"Quoted\"\"\"" #'),
        ("A\\B #1", "a-b-sharp-1", r'title: "A\\B #1" #'),
        ("{title} %", "title", 'title: "{title} %" #'),
        ("related: []", "related", 'title: "related: []" #'),
        ("Naïve Bäyes", "naive-bayes", "title: Naïve Bäyes #"),
    ],
)
def test_a_name_stands_in_every_file_as_it_is_meant(project, name, slug, title):
    new(project, Request(name, new_demo="a_demo"), TODAY)
    assert title in (project / "terms" / f"{slug}.yml").read_text(encoding="utf-8")
    loaded = load(project)
    glossary, problems = loaded.glossary, loaded.problems
    assert problems == []
    meant = " ".join(name.split())
    assert glossary.terms[slug].title == meant
    assert glossary.terms[slug].definition == f"{meant} is TODO."
    assert glossary.terms[slug].related == []
    assert glossary.demos["a_demo"].summary == f"{meant}: TODO, the idea in one line."
    assert ast.get_docstring(ast.parse(glossary.tests["tests/demos/test_a_demo.py"])) == (
        f"{meant} against TODO, and by hand."
    )


def test_a_list_of_bugs_is_started_where_there_is_none_and_a_missing_line_end_is_mended(project):
    listing = project / "tests" / "demos" / "mutants.yml"
    listing.write_text(BUG.rstrip("\n"), encoding="utf-8")
    new(project, Request("Beam Search"), TODAY)
    assert [bug["file"] for bug in yaml.safe_load(listing.read_text())] == ["demos/tiny.py", "demos/beam_search.py"]
    listing.unlink()
    new(project, Request("Top Search"), TODAY)
    assert [bug["file"] for bug in yaml.safe_load(listing.read_text())] == ["demos/top_search.py"]


# --- choices ----------------------------------------------------------------------------------------------


def test_a_demo_that_exists_is_shown_and_none_is_written(project):
    before = contents(project)
    said = new(project, Request("Size", demo="tiny"), TODAY)
    after = contents(project)
    assert set(after) - set(before) == {"terms/size.yml"}
    assert all(after[path] == before[path] for path in before)
    assert load(project).glossary.terms["size"].demo.module == "tiny"
    assert {kind for kind, _ in found(project)} == {"unfinished"}
    assert "neither page is its home" not in said


def test_a_demo_that_gets_a_second_page_needs_a_home(project):
    write_yaml(project / "terms" / "neuron.yml", entry(demo="tiny"))
    said = new(project, Request("Size", demo="tiny"), TODAY)
    assert (
        "The demo 'tiny' is shown by terms/neuron.yml too, and neither page is its home: "
        "write `home: true` below it in one of them."
    ) in said
    told = "terms/neuron.yml:20:7: the demo 'tiny' has no home among the terms that show it: neuron and size"
    assert ("unfinished", told) in found(project)


def test_what_nobody_chose_is_guessed_from_the_neighbors_and_said_to_be_a_guess(project):
    write_yaml(project / "terms" / "deep-search.yml", entry("Deep Search", category="more", level="advanced"))
    said = new(project, Request("Beam Search"), TODAY)
    text = (project / "terms" / "beam-search.yml").read_text(encoding="utf-8")
    assert "category: more # a guess; one of terms/categories.yml\n" in text
    assert "level: advanced # a guess; beginner, intermediate or advanced\n" in text
    assert "The category more and the level advanced are guesses; change them in the file if need be." in said
    unheard = new(project, Request("Quux"), TODAY)
    told = "The category basics and the level beginner are guesses for which nothing speaks; choose them there."
    assert told in unheard
    said = new(project, Request("Top Search", category="basics"), TODAY)
    assert "The level advanced is a guess; change it in the file if need be." in said
    assert "guess" not in new(project, Request("Low Search", category="basics", level="beginner"), TODAY)


def test_neighbors_are_suggested_in_the_file_as_comments_and_said(project):
    write_yaml(project / "terms" / "deep-search.yml", entry("Deep Search", prerequisites=["neuron"]))
    write_yaml(project / "terms" / "search.yml", entry("Search", prerequisites=["neuron"]))
    said = new(project, Request("Beam Search"), TODAY)
    text = (project / "terms" / "beam-search.yml").read_text(encoding="utf-8")
    assert (
        "# Perhaps to know first:\n"
        "#   search: its name is part of this one\n"
        "prerequisites: [] # slugs of what to know first, as in [neuron, softmax]\n"
        "# Perhaps related:\n"
        "#   deep-search: 'search' in its names\n"
        "related: [] # slugs of neighbors; written on one side, shown on both\n"
    ) in text
    assert (
        "Perhaps its neighbors, also noted in the file:\n"
        "    deep-search  'search' in its names\n"
        "    search       its name is part of this one\n"
    ) in said


def test_the_command_says_what_it_wrote_and_what_comes_next(project, capsys):
    arguments = ["new", "Beam Search", "--category", "more", "--level", "beginner", "--root", str(project)]
    assert main(arguments) == 0
    run = sys.executable
    pad = " " * (len("pytest tests/demos/test_beam_search.py") - len("generator serve"))
    assert capsys.readouterr().out == (
        "Written:\n"
        "    terms/beam-search.yml            what readers read; every field is explained there\n"
        "    tests/demos/mutants.yml          one line more: a bug that the tests must notice\n"
        "    demos/beam_search.py             runs as it is; put the idea in\n"
        "    tests/demos/test_beam_search.py  passes as it is; test the idea\n"
        "\n"
        "No term shares a word with it, so look for its neighbors yourself.\n"
        "\n"
        "Next:\n"
        f"    {run} -m generator serve{pad}  shows the page while you write, and lists what is unfinished\n"
        f"    {run} -m demos beam_search{pad[2:]}  runs the demo\n"
        f"    {run} -m pytest tests/demos/test_beam_search.py  runs its tests\n"
        f"    {run} -m tests.mutants beam_search{' ' * 13}  plants its bug, and sees that a test notices\n"
        f"    {run} -m generator check{pad}  says what is left to do\n"
    )


def test_where_the_packages_of_tests_are_missing_it_says_how_to_get_them_before_it_says_to_run_tests(
    project, monkeypatch
):
    monkeypatch.setattr("generator.here.find_spec", lambda name: None)
    monkeypatch.setattr(sys, "executable", str(project / ".venv" / "bin" / "python"))
    (project / "Makefile").touch()
    lines = [
        line.split("  ")[2] for line in new(project, Request("Beam Search"), TODAY).partition("Next:\n")[2].splitlines()
    ]
    assert lines.index("make packages") == lines.index(".venv/bin/python -m pytest tests/demos/test_beam_search.py") - 1


def test_the_python_of_the_project_is_named_from_its_top(project, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(project / ".venv" / "bin" / "python"))
    said = new(project, Request("Beam Search"), TODAY)
    assert "\n    .venv/bin/python -m demos beam_search  " in said


# --- what can not be --------------------------------------------------------------------------------------

TAKEN = "improve that page, or choose another name"
OTHER = "name it otherwise with --new-demo, or show one that exists with --demo"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Neuron", ["'Neuron': this is already the title 'Neuron' of terms/neuron.yml\n    hint: " + TAKEN]),
        ("CELL", ["'CELL': this is already the alias 'Cell' of terms/neuron.yml\n    hint: " + TAKEN]),
        ("Old", ["'Old': this is already an old slug of terms/neuron.yml\n    hint: " + TAKEN]),
        ("Grad", ["'Grad': this is already the slug of terms/grad.yml\n    hint: " + TAKEN]),
        ("Broken", ["'Broken': terms/broken.yml exists already\n"
                    "    hint: python -m generator check says what is wrong with it"]),
        ("Aux", ["'Aux': 'aux' can not be a slug\n    hint: some systems or sites need that name for themselves",
                 f"'Aux': no demo can be called 'aux': that is a name that is needed here\n    hint: {OTHER}"]),
        ("¿?", ["'¿?': no address can be made of this name\n"
                "    hint: it becomes one: use letters from a to z, or digits"]),
        ("", ["'': no address can be made of this name\n    hint: it becomes one: use letters from a to z, or digits"]),
        ("Beam " * 20, [f"'{('Beam ' * 20)[:79]}…': this name has 99 characters\n    hint: it may have 80",
                        f"'{('Beam ' * 20)[:79]}…': '{'_'.join(['beam'] * 20)}' has 99 characters, too many for a "
                        f"demo\n    hint: it may have 40; {OTHER}"]),
        ("Tiny", ["'Tiny': demos/tiny.py exists already, and terms/neuron.yml and terms/grad.yml show it\n"
                  "    hint: show it on this page too with --demo tiny, or name the new one otherwise with "
                  "--new-demo"]),
        ("Spare", ["'Spare': demos/spare.py exists already\n"
                   "    hint: show it on this page too with --demo spare, or name the new one otherwise with "
                   "--new-demo"]),
        ("2-Gram", ["'2-Gram': '2_gram' can not be the name of a demo\n"
                    f"    hint: use lower-case letters, digits and underscores, a letter first; {OTHER}"]),
        ("Token", [f"'Token': no demo can be called 'token': that is a module of Python\n    hint: {OTHER}"]),
        ("Lambda", [f"'Lambda': no demo can be called 'lambda': that is a word of Python\n    hint: {OTHER}"]),
        ("Hash", [f"'Hash': no demo can be called 'hash': that is a word of Python\n    hint: {OTHER}"]),
        ("PyTest", [f"'PyTest': no demo can be called 'pytest': that is an installed package\n    hint: {OTHER}"]),
        ("Twice", [f"'Twice': no demo can be called 'twice': that is a name that is needed here\n    hint: {OTHER}"]),
        ("CLI", [f"'CLI': tests/demos/test_cli.py exists already\n    hint: {OTHER}"]),
    ],
)  # fmt: skip
def test_a_name_that_is_taken_or_can_not_be_is_refused_with_whoever_has_it(project, name, told):
    write_yaml(project / "terms" / "neuron.yml", entry(aliases=["Cell"], former_slugs=["old"]))
    write_yaml(project / "terms" / "grad.yml", entry("Gradient", prerequisites=["neuron"]))
    (project / "terms" / "broken.yml").write_text("title: [", encoding="utf-8")
    (project / "demos" / "spare.py").write_text((project / "demos" / "tiny.py").read_text(), encoding="utf-8")
    (project / "tests" / "demos" / "test_cli.py").write_text("", encoding="utf-8")
    assert refused(project, name) == told


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"category": "basic"}, "--category: there is no category called 'basic'\n    hint: did you mean 'basics'?"),
        ({"category": "More"}, "--category: there is no category called 'More'\n    hint: write it as more"),
        ({"category": "zoo"}, "--category: there is no category called 'zoo'\n    hint: one of: basics, more"),
        ({"level": "Beginer"}, "--level: there is no level called 'Beginer'\n    hint: did you mean 'beginner'?"),
        ({"level": "hard"},
         "--level: there is no level called 'hard'\n    hint: one of: beginner, intermediate, advanced"),
        ({"demo": "tinny"}, "--demo: there is no demo called 'tinny'\n    hint: did you mean 'tiny'?"),
        ({"demo": "other"},
         "--demo: there is no demo called 'other'\n    hint: to write one of that name, say --new-demo"),
        ({"new_demo": "tiny"},
         "--new-demo: demos/tiny.py exists already, and terms/neuron.yml shows it\n"
         "    hint: show it on this page too with --demo tiny, or name the new one otherwise with --new-demo"),
        ({"new_demo": "../up"},
         "--new-demo: '../up' can not be the name of a demo\n"
         f"    hint: use lower-case letters, digits and underscores, a letter first; {OTHER}"),
        ({"new_demo": "parts.deep"},
         "--new-demo: 'parts.deep' can not be the name of a demo\n"
         f"    hint: use lower-case letters, digits and underscores, a letter first; {OTHER}"),
        ({"new_demo": "demos"},
         f"--new-demo: no demo can be called 'demos': that is a package that demos import\n    hint: {OTHER}"),
    ],
)  # fmt: skip
def test_a_choice_that_there_is_not_is_refused_with_the_near_miss(project, choices, told):
    assert refused(project, "Beam Search", **choices) == [told]


def test_all_mistakes_are_told_at_once_and_the_command_fails(project, capsys):
    arguments = ["new", "Neuron", "--category", "basic", "--level", "hard", "--demo", "tinny", "--root", str(project)]
    before = contents(project)
    assert main(arguments) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "'Neuron': this is already the title 'Neuron' of terms/neuron.yml\n"
        f"    hint: {TAKEN}\n"
        "--category: there is no category called 'basic'\n"
        "    hint: did you mean 'basics'?\n"
        "--level: there is no level called 'hard'\n"
        "    hint: one of: beginner, intermediate, advanced\n"
        "--demo: there is no demo called 'tinny'\n"
        "    hint: did you mean 'tiny'?\n"
        "\n"
        "4 problems. Nothing was written.\n"
    )
    after = contents(project)
    after.pop(".cache/terms.pickle")
    after.pop(".cache/demos.pickle")
    assert after == before


def test_one_demo_at_most_can_be_named(project, capsys):
    with pytest.raises(SystemExit) as exit:
        main(["new", "Beam Search", "--demo", "tiny", "--new-demo", "beam", "--root", str(project)])
    assert exit.value.code == 2
    assert "argument --new-demo: not allowed with argument --demo" in capsys.readouterr().err


def test_names_that_the_templates_use_are_kept_from_demos(project):
    new(project, Request("Beam Search"), TODAY)
    used = set()
    for path in ("demos/beam_search.py", "tests/demos/test_beam_search.py"):
        for node in ast.walk(ast.parse((project / path).read_text(encoding="utf-8"))):
            used |= {
                str(getattr(node, field)) for kind, field in ((ast.Name, "id"), (ast.arg, "arg"), (ast.alias, "asname"))
                if isinstance(node, kind)
            }  # fmt: skip
            used |= {alias.name for alias in getattr(node, "names", ()) if isinstance(alias, ast.alias)}
    names = {name for name in used if name == name.lower() and name.isidentifier()} - {"beam_search", "none"}
    names = {name for name in names if not name.startswith("_")}
    assert {"np", "factor", "demo", "twice", "float"} <= names
    assert {name for name in names if not _whose(name)} == set()


def test_a_title_that_check_would_refuse_is_refused(project):
    told = refused(project, "Gr\u0430dient", new_demo="gradient")
    assert len(told) == 1
    assert told[0].startswith("terms/gradient.yml: the title 'Gr\u0430dient' holds ")


@pytest.mark.parametrize(
    ("old", "damaged", "told"),
    [
        ("related: []", "related: [x]", "terms/_template.yml: 'related: []' stands here 0 times, and must once"),
        ("kind: paper", "kind: blog", "terms/beam-search.yml:80:11: there is no kind called 'blog'"),
        ("level: beginner #", "level: beginner # level: beginner #",
         "terms/_template.yml: 'level: beginner #' stands here 2 times, and must once"),
    ],
)  # fmt: skip
def test_a_spoiled_template_is_told(project, old, damaged, told):
    template = project / "terms" / "_template.yml"
    template.write_text(template.read_text(encoding="utf-8").replace(old, damaged), encoding="utf-8")
    assert [line.splitlines()[0] for line in refused(project, "Beam Search")] == [told]


def test_a_template_that_is_not_there_is_told(project):
    (project / "terms" / "_template.yml").unlink()
    assert refused(project, "Beam Search") == [
        "terms/_template.yml: the template can not be read\n    hint: restore the file"
    ]


@pytest.mark.parametrize("text", [b"a: 1\n", b"- [\n", b"- \xff\n"])
def test_a_list_of_bugs_that_is_none_is_told(project, text):
    (project / "tests" / "demos" / "mutants.yml").write_bytes(text)
    assert refused(project, "Beam Search") == [
        "tests/demos/mutants.yml: this is no list, so no line can be added to it\n    hint: mend it first"
    ]


def test_a_glossary_without_categories_is_told(project):
    (project / "terms" / "categories.yml").unlink()
    assert refused(project, "Beam Search") == [
        "terms/categories.yml: there are no categories\n    hint: python -m generator check says why"
    ]


@pytest.mark.parametrize("turn", [1, 2, 3, 4])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_where_one_file_can_not_be_written_none_is(project, monkeypatch, turn, error):
    before, replace, count = contents(project), os.replace, [0]

    def failing(source, target):
        count[0] += 1
        if count[0] == turn:
            raise error
        replace(source, target)

    monkeypatch.setattr(module.os, "replace", failing)
    with pytest.raises((NotStarted, KeyboardInterrupt)) as wrong:
        new(project, Request("Beam Search"), TODAY)
    assert count[0] >= turn  # putting back what was there replaces files, too
    assert contents(project) == before
    if isinstance(error, OSError):
        path = ["tests/demos/test_beam_search.py", "demos/beam_search.py", "tests/demos/mutants.yml",
                "terms/beam-search.yml"][turn - 1]  # fmt: skip
        told = [f"{path}: this could not be written: No space left on device\n    hint: mend that, and try again"]
        assert [str(problem) for problem in wrong.value.problems] == told


def test_nothing_is_written_through_a_link(project, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (project / "tests" / "demos").rename(outside / "demos")
    (project / "tests" / "demos").symlink_to(outside / "demos", target_is_directory=True)
    assert refused(project, "Beam Search") == [
        "tests/demos: this is a symbolic link\n    hint: put the thing itself here: a link may lead anywhere"
    ]
    assert contents(outside).keys() == {"demos/mutants.yml", "demos/test_every_demo.py"}


def test_a_folder_in_the_way_leaves_everything_as_it_was(project):
    shutil.rmtree(project / "tests" / "demos")
    (project / "tests" / "demos").write_text("a file", encoding="utf-8")
    assert refused(project, "Beam Search") == [
        "tests/demos/mutants.yml: this is no list, so no line can be added to it\n    hint: mend it first"
    ]
