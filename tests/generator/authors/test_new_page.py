"""Starting a comparison or a path: what is written is only not finished; what can not be is told, and nothing is."""

import sys
from datetime import date

import pytest

from generator.__main__ import main
from generator.authors.new import NotStarted
from generator.authors.new_page import PageRequest, new_page
from generator.load.glossary import load
from tests.generator.authors.test_new import contents, found
from tests.generator.conftest import entry, write_yaml

TODAY = date(2027, 1, 2)


@pytest.fixture
def project(project):
    """Three terms, of which the last needs the first two, a comparison and a path."""
    write_yaml(project / "terms" / "neuron.yml", entry(aliases=["Unit"]))
    write_yaml(project / "terms" / "gradient.yml", entry("Gradient", prerequisites=["neuron"]))
    write_yaml(project / "terms" / "search.yml", entry("Search", prerequisites=["neuron", "gradient"]))
    (project / "terms" / "broken.yml").write_text("title: [", encoding="utf-8")
    compared = {
        "title": "Gradient vs. Search",
        "sides": ["gradient", "search"],
        "summary": "Both occur in tests.",
        "rows": [{"aspect": str(i), "values": {"gradient": "a", "search": "b"}} for i in range(2)],
        "choose": {"gradient": "Here.", "search": "There."},
        "sources": entry()["sources"],
        "written": "2026-11-23",
        "former_slugs": ["slope-or-search"],
    }
    write_yaml(project / "terms" / "comparisons" / "gradient-vs-search.yml", compared)
    way = {
        "title": "Up the Hill",
        "summary": "A way.",
        "outcome": "walk",
        "steps": [{"term": "neuron", "why": "One."}, {"term": "gradient", "why": "Two."}],
        "written": "2026-11-23",
    }
    write_yaml(project / "terms" / "paths" / "up.yml", way)
    return project


def new_things(project, request):
    """What is there now and was not before, and nothing else may have changed."""
    before = contents(project)
    said = new_page(project, request, TODAY)
    after = contents(project)
    assert {path: after[path] for path in before} == before
    return sorted(set(after) - set(before)), said


def test_a_comparison_is_started_from_its_sides_by_any_of_their_names(project):
    before = found(project)
    request = PageRequest("Neuron  vs. Gradient: a Test", "comparison", ("Unit", "the slope=Gradient"))
    written, said = new_things(project, request)
    assert written == ["terms/comparisons/neuron-vs-gradient-a-test.yml"]
    page = load(project).glossary.comparisons["neuron-vs-gradient-a-test"]
    assert page.title == "Neuron vs. Gradient: a Test"
    assert [(side.label, side.about) for side in page.sides] == [("", "neuron"), ("the slope", "gradient")]
    assert [list(row.values) for row in page.rows] == [["neuron", "the slope"]] * 2
    assert list(page.choose) == ["neuron", "the slope"]
    assert page.written == TODAY
    added = [one for one in found(project) if one not in before]
    assert {kind for kind, _ in added} == {"unfinished"}
    assert len(added) == 12
    assert f"{sys.executable} -m generator check" in said


def test_a_path_is_started_from_its_steps_and_what_they_need_is_a_guess(project):
    before = found(project)
    written, said = new_things(project, PageRequest("On to Search", "path", ("gradient", "search")))
    assert written == ["terms/paths/on-to-search.yml"]
    path = load(project).glossary.paths["on-to-search"]
    assert [rung.term for rung in path.steps] == ["gradient", "search"]
    assert path.prerequisites == ["neuron"]
    assert "# A guess: " in (project / written[0]).read_text(encoding="utf-8")
    assert "That readers know neuron beforehand is a guess" in said
    assert {kind for kind, _ in [one for one in found(project) if one not in before]} == {"unfinished"}
    assert "guess" not in new_things(project, PageRequest("All the Way", "path", ("neuron", "gradient", "search")))[1]


TAKEN = "improve that page, or choose another name"
REFUSED = [
    # kind, name, terms, what is told
    ("comparison", "Gradient vs. Search", ["neuron", "search"],
     ["'Gradient vs. Search': this is already terms/comparisons/gradient-vs-search.yml\n    hint: " + TAKEN]),
    ("comparison", "Slope or Search", ["neuron", "search"],
     ["'Slope or Search': this is already an old slug of terms/comparisons/gradient-vs-search.yml\n"
      f"    hint: {TAKEN}"]),
    ("path", "Up the hill", ["neuron", "gradient"],
     ["'Up the hill': this is already the title of terms/paths/up.yml\n    hint: " + TAKEN]),
    ("path", "Index", ["neuron", "gradient"],
     ["'Index': 'index' can not be a slug\n    hint: some systems or sites need that name for themselves"]),
    ("path", "¿?", ["neuron", "gradient"],
     ["'¿?': no address can be made of this name\n    hint: it becomes one: use letters from a to z, or digits"]),
    ("path", "x" * 81, ["neuron", "gradient"],
     [f"'{'x' * 79}…': this name has 81 characters\n    hint: it may have 80"]),
    ("path", "C++ " * 9, ["neuron", "gradient"],
     ["'C++ C++ C++ C++ C++ C++ C++ C++ C++': the address of this name would have 107 characters\n"
      "    hint: it may have 80"]),
    ("comparison", "A", ["neuron", "gradiant"],
     ["--compare: there is no term called 'gradiant'\n    hint: did you mean 'gradient'?"]),
    ("comparison", "A", ["neuron", "x=zzz zzz"],
     ["--compare: there is no term called 'zzz zzz'\n    hint: write it first: python -m generator new \"zzz zzz\""]),
    ("comparison", "A", ["neuron", "broken"],
     ["--compare: terms/broken.yml can not be read\n    hint: python -m generator check says what is wrong with it"]),
    ("comparison", "A", ["neuron", "unit"],
     ["--compare: 'neuron' comes twice\n    hint: give it a label, as in LABEL=neuron"]),
    ("comparison", "A", ["neuron"],
     ["--compare: a comparison compares two terms or more\n"
      "    hint: as in: python -m generator new \"A Title\" --compare softmax attention"]),
    ("comparison", "A", ["neuron", "a=neuron", "b=neuron", "c=neuron", "d=neuron"],
     ["--compare: these are 5 sides, and a table has room for 4\n"
      "    hint: choose those that readers take for one another"]),
    ("comparison", "A", ["search", "gradient"],
     ["--compare: terms/comparisons/gradient-vs-search.yml compares these already\n"
      "    hint: improve that page, or choose others"]),
    ("path", "A", ["search", "gradient"],
     ["--path: 'search' needs gradient first\n    hint: name it before search"]),
    ("path", "A", ["neuron", "a=gradient"],
     ["--path: there is no term called 'a=gradient'\n    hint: did you mean 'gradient'?"]),
    ("path", "A", ["neuron", "Neuron"], ["--path: 'neuron' comes twice\n    hint: name it once"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "name", "terms", "told"), REFUSED)
def test_what_can_not_be_is_refused_and_nothing_is_written(project, kind, name, terms, told):
    before = contents(project)
    with pytest.raises(NotStarted) as wrong:
        new_page(project, PageRequest(name, kind, tuple(terms)), TODAY)
    assert [str(problem) for problem in wrong.value.problems] == told
    assert contents(project) == before


@pytest.mark.parametrize("label", ["a\u200bb", "**a**", "a\u0430", "x" * 81, "<b>"])
def test_a_label_that_check_would_refuse_is_refused(project, label):
    before = contents(project)
    with pytest.raises(NotStarted) as wrong:
        new_page(project, PageRequest("A", "comparison", ("neuron", f"{label}=gradient")), TODAY)
    assert wrong.value.problems
    assert contents(project) == before


@pytest.mark.parametrize("label", ["a: b", "yes", "[d]", "'e", "a=b", "1"])
def test_a_label_stands_in_the_file_as_it_is_meant(project, label):
    new_page(project, PageRequest("A", "comparison", ("neuron", f"{label}=gradient")), TODAY)
    page = load(project).glossary.comparisons["a"]
    assert page.sides[1].label == label
    assert list(page.choose) == ["neuron", label]


def test_the_command_tells_all_mistakes_at_once(project, capsys):
    arguments = ["new", "Up the Hill", "--path", "search", "gradient", "--category", "basics", "--root", str(project)]
    assert main(arguments) == 1
    told = capsys.readouterr().err
    for part in ("the title of terms/paths/up.yml", "only a term has that", "'search' needs gradient first"):
        assert part in told
    assert told.endswith("3 problems. Nothing was written.\n")
    assert main(["new", "On to Search", "--path", "gradient", "search", "--root", str(project)]) == 0
    assert capsys.readouterr().out.startswith("Written:\n    terms/paths/on-to-search.yml  what readers read")
    arguments = ["new", "A", "--compare", "neuron", "zzz", "--root", str(project)]
    assert main(arguments) == 1
    assert f'hint: write it first: {sys.executable} -m generator new "zzz"' in capsys.readouterr().err


def test_a_comparison_or_a_path(project, capsys):
    with pytest.raises(SystemExit):
        main(["new", "A", "--path", "gradient", "--compare", "neuron", "--root", str(project)])
    assert "argument --compare: not allowed with argument --path" in capsys.readouterr().err
