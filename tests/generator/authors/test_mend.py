"""The files that a person names: which they are, what is wrong in them and because of them, and how they are mended."""

import json
import os
from pathlib import Path

import pytest

from generator.__main__ import main
from generator.authors.mend import NotOurs, files_named, mend
from generator.here import python_here
from tests.generator.conftest import CATEGORIES, DEMO, a_comparison, a_path, entry, write_yaml

HINT = "\n    hint: "


@pytest.fixture
def check(project, capsys, monkeypatch):
    """Checks files of the project from within it -> the exit code, and what was printed to whom."""
    monkeypatch.chdir(project)

    def checking(*arguments):
        code = main(["check", *arguments, "--root", str(project)])
        out, err = capsys.readouterr()
        return code, out, err

    return checking


@pytest.fixture
def three(project):
    """A project with three terms that know each other, and a demo with a test."""
    write_yaml(project / "terms" / "neuron.yml", entry(related=["gradient"]))
    write_yaml(project / "terms" / "gradient.yml", entry("Gradient", related=["loss"]))
    write_yaml(project / "terms" / "loss.yml", entry("Loss"))
    test = project / "tests" / "demos" / "test_tiny.py"
    test.parent.mkdir(parents=True)
    test.write_text("def test_nothing():\n    assert True\n", encoding="utf-8")
    return project


def paths(root, files):
    return files_named(root, [Path(file) for file in files])


def places(err):
    return [line.partition(": ")[::2] for line in err.splitlines() if line.startswith(("terms/", "demos/", "tests/"))]


# --- which files are meant ------------------------------------------------------------------------------------


def test_an_entry_is_meant_by_its_path_from_here_or_from_the_root(three, monkeypatch):
    monkeypatch.chdir(three / "terms")
    assert paths(three, [os.path.join("..", "terms", "neuron.yml")]) == {"terms/neuron.yml"}
    assert paths(three, ["gradient.yml", "terms/loss.yml"]) == {"terms/gradient.yml", "terms/loss.yml"}
    assert paths(three, [three / "terms" / "categories.yml"]) == {"terms/categories.yml"}


def test_a_comparison_and_a_path_are_entries(three):
    write_yaml(three / "terms" / "comparisons" / "a-vs-b.yml", {})
    write_yaml(three / "terms" / "paths" / "a-to-b.yml", {})
    files = ["terms/comparisons/a-vs-b.yml", "terms/paths/a-to-b.yml"]
    assert files_named(three, files) == set(files)


@pytest.mark.parametrize(
    "file",
    ["demos/tiny.py", "tests/demos/test_tiny.py", "demos/recorded/tiny.json", "demos/recorded/tiny--size=3.json"],
)
def test_a_demo_its_test_and_its_recorded_results_stand_for_each_other(three, file):
    (three / "demos" / "recorded").mkdir(exist_ok=True)
    for name in ("tiny.json", "tiny--size=3.json", "tiny_gpt.json"):
        (three / "demos" / "recorded" / name).write_text("{}", encoding="utf-8")
    assert paths(three, [file]) == {
        "demos/tiny.py", "tests/demos/test_tiny.py", "tests/demos/mutants.yml", "demos/recorded/tiny.json",
        "demos/recorded/tiny--size=3.json",
    }  # fmt: skip


def test_a_part_of_demos_is_meant_alone(three):
    (three / "demos" / "parts").mkdir()
    (three / "demos" / "parts" / "corpus.py").write_text('"""Corpus."""\n', encoding="utf-8")
    assert paths(three, ["demos/parts/corpus.py"]) == {"demos/parts/corpus.py"}


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("terms/neron.yml", f"there is no file terms/neron.yml{HINT}did you mean 'terms/neuron.yml'?"),
        ("neuron", f"there is no file neuron{HINT}did you mean 'terms/neuron.yml'?"),
        ("tiny", f"there is no file tiny{HINT}did you mean 'demos/tiny.py'?"),
        ("zzz", "there is no file zzz"),
        ("terms", f"terms is a folder{HINT}name files, or none to check all"),
        ("mkdocs.yml", "mkdocs.yml is no file of the glossary"),
        ("terms/_template.yml", "terms/_template.yml is no file of the glossary"),
        ("terms/notes.txt", "terms/notes.txt is no file of the glossary"),
        ("terms/old/x.yml", "terms/old/x.yml is no file of the glossary"),
        ("demos/_run/run.py", "demos/_run/run.py is no file of the glossary"),
        ("tests/demos/test_cli.py", "tests/demos/test_cli.py is no file of the glossary"),
        ("../elsewhere.yml", "../elsewhere.yml is no file of the glossary"),
    ],
)
def test_what_is_no_file_of_the_glossary_is_told_and_nothing_is_checked(three, check, file, told):
    for name in (
        "terms/_template.yml",
        "terms/notes.txt",
        "terms/old/x.yml",
        "tests/demos/test_cli.py",
        "../elsewhere.yml",
    ):
        (three / name).parent.mkdir(exist_ok=True)
        (three / name).write_text("title: [", encoding="utf-8")
    if told.endswith("is no file of the glossary"):
        told += f"{HINT}name a term, comparison or path of terms/, a demo, or the test of a demo"
    assert check(file) == (2, "", told + "\n")


def test_all_that_was_misnamed_is_told_at_once(three):
    with pytest.raises(NotOurs) as wrong:
        paths(three, ["zzz", "terms/neuron.yml", "terms"])
    assert str(wrong.value) == f"there is no file zzz\nterms is a folder{HINT}name files, or none to check all"


def test_a_link_is_meant_as_itself_and_not_as_what_it_leads_to(three):
    (three / "terms" / "gate.yml").symlink_to(three / "terms" / "neuron.yml")
    assert paths(three, ["terms/gate.yml"]) == {"terms/gate.yml"}


# --- what is wrong with them ----------------------------------------------------------------------------------


def test_a_file_with_which_nothing_is_wrong_is_well(three, check):
    assert check("terms/neuron.yml") == (0, "terms/neuron.yml: all is well\n", "")
    assert check("terms/neuron.yml", "demos/tiny.py") == (0, "terms/neuron.yml, demos/tiny.py: all is well\n", "")


def test_problems_of_other_files_are_not_told(three, check):
    write_yaml(three / "terms" / "loss.yml", entry("Loss", related=["nowhere"], level="hard"))
    write_yaml(three / "terms" / "gradient.yml", entry("Gradient", related=["nowhere"]))
    (three / "demos" / "other.py").write_text("(", encoding="utf-8")
    assert check("terms/neuron.yml") == (0, "terms/neuron.yml: all is well\n", "")
    assert len(places(check()[2])) == 3


def test_problems_of_the_file_are_told_also_those_that_need_the_others(three, check):
    changes = {"related": ["gradient", "nowhere"], "aliases": ["loss"], "examples": ["One.", "See [[lost]]."]}
    write_yaml(three / "terms" / "neuron.yml", entry(**changes))
    code, out, err = check("terms/neuron.yml")
    assert (code, out) == (1, "")
    assert [message for _, message in places(err)] == [
        "the alias 'loss' is already the slug of 'loss'",
        "there is no term called 'lost'",
        "there is no term called 'nowhere'",
    ]
    assert err.endswith("\n\n3 problems. Nothing was written.\n")


def test_what_is_wrong_in_another_file_because_of_this_one_is_told(three, check):
    write_yaml(three / "terms" / "gradient.yml", entry("Gradient", aliases=["slope"]))
    write_yaml(three / "terms" / "loss.yml", entry("Loss", aliases=["slope"], related=["neuron", "nowhere"]))
    told = [("terms/loss.yml:3:3", "the alias 'slope' is already the alias of 'gradient'")]
    assert places(check("terms/gradient.yml")[2]) == told
    assert places(check("terms/neuron.yml")[2]) == []


def test_a_circle_is_told_for_each_of_its_files_and_for_no_other(three, check):
    write_yaml(three / "terms" / "gradient.yml", entry("Gradient", prerequisites=["loss"]))
    write_yaml(three / "terms" / "loss.yml", entry("Loss", prerequisites=["gradient"]))
    message = "the prerequisites go in a circle: gradient -> loss -> gradient"
    for file in ("terms/gradient.yml", "terms/loss.yml"):
        assert [told for _, told in places(check(file)[2])] == [message]
    assert check("terms/neuron.yml")[0] == 0


def test_a_comparison_and_a_path_are_checked_like_terms(three, check):
    comparison = a_comparison().model_dump(mode="json", exclude={"slug"}, exclude_defaults=True, by_alias=True)
    write_yaml(three / "terms" / "comparisons" / "neuron-vs-gradient.yml", comparison | {"choose": {"neuron": "Now."}})
    way = a_path("neuron", "lost").model_dump(mode="json", exclude={"slug"})
    write_yaml(three / "terms" / "paths" / "from-here.yml", way)
    assert [message for _, message in places(check("terms/comparisons/neuron-vs-gradient.yml")[2])] == [
        "'choose' says nothing about 'gradient'"
    ]
    assert [message for _, message in places(check("terms/paths/from-here.yml")[2])] == [
        "there is no term called 'lost'"
    ]


def test_a_demo_is_checked_with_its_test_and_with_the_terms_that_set_it(three, check):
    write_yaml(three / "terms" / "loss.yml", entry("Loss", demo={"module": "tiny", "with": {"size": 100}}))
    (three / "tests" / "demos" / "test_tiny.py").write_text("# TODO\n", encoding="utf-8")
    for file in ("demos/tiny.py", "tests/demos/test_tiny.py"):
        told = places(check(file)[2])
        assert ("tests/demos/test_tiny.py:1:3", "'TODO' says that this is not finished") in told
        assert [message for place, message in told if place.startswith("terms/loss.yml:")] == [
            "size is 100, and must lie between 1 and 9"
        ]
    (three / "demos" / "tiny.py").write_text(DEMO.replace("def demo(*, ", "def demo(given, *, "), encoding="utf-8")
    assert ("demos/tiny.py:11:1", "the parameter 'given' can be given by position") in places(check("demos/tiny.py")[2])


def test_a_broken_list_of_categories_is_told_when_it_is_asked_for(three, check):
    write_yaml(three / "terms" / "categories.yml", CATEGORIES[1:])
    told = places(check("terms/categories.yml")[2])
    assert {message for _, message in told} == {"there is no category called 'basics'"}
    assert [message for _, message in places(check("terms/loss.yml")[2])] == ["there is no category called 'basics'"]


# --- forms ----------------------------------------------------------------------------------------------------


def test_json_is_printed_and_nothing_else(three, check):
    assert check("--format", "json") == (0, "[]\n", "")
    write_yaml(three / "terms" / "neuron.yml", entry(level="hard"))
    code, out, err = check("--format", "json", "terms/neuron.yml")
    assert (code, err) == (1, "")
    assert json.loads(out) == [
        {
            "path": "terms/neuron.yml",
            "line": 3,
            "column": 8,
            "kind": "error",
            "message": "there is no level called 'hard'",
            "hint": "one of: beginner, intermediate, advanced",
        }
    ]


def test_annotations_are_printed_for_github_and_nothing_else(three, check):
    assert check("--format", "github") == (0, "", "")
    write_yaml(three / "terms" / "neuron.yml", entry(level="hard"))
    assert check("--format", "github") == (
        1,
        "::error file=terms/neuron.yml,line=3,col=8,title=To mend::there is no level called 'hard'"
        "%0Ahint: one of: beginner, intermediate, advanced\n",
        "",
    )


def test_another_form_is_not_understood(three, check, capsys):
    with pytest.raises(SystemExit) as exit:
        check("--format", "xml")
    assert exit.value.code == 2
    assert "invalid choice: 'xml'" in capsys.readouterr().err


def test_every_problem_of_a_file_has_a_line_and_a_column(three, check):
    (three / "terms" / "Bad_Name.yml").write_text("x", encoding="utf-8")
    (three / "terms" / "long.yml").write_text("x" * 300_000, encoding="utf-8")
    (three / "terms" / "empty.yml").write_text("", encoding="utf-8")
    (three / "demos" / "tiny.py").write_text(DEMO.replace("loud: bool = False", "loud=False"), encoding="utf-8")
    (three / "demos" / "other.py").write_text("(", encoding="utf-8")
    rows = json.loads(check("--format", "json")[1])
    assert len({row["path"] for row in rows}) >= 5
    assert [row for row in rows if not row["line"] or not row["column"]] == []


# --- mending --------------------------------------------------------------------------------------------------


UNTIDY = "level: beginner \r\ntitle: Loss # as it is called\r\n"


def untidy(project):
    """A term whose level stands first, with spaces and line ends of another system; nothing else is wrong."""
    place = project / "terms" / "loss.yml"
    write_yaml(place, entry("Loss"))
    lines = place.read_text(encoding="utf-8").replace("title: Loss\n", "").replace("level: beginner\n", "")
    place.write_bytes(UNTIDY.encode() + lines.replace("\n", "\r\n").encode())
    return place


def test_what_is_mechanical_is_a_problem_whose_hint_names_the_remedy(three, check):
    untidy(three)
    hint = f"    hint: {python_here(three)} -m generator check --fix mends this\n"
    assert check("terms/loss.yml") == (
        1,
        "",
        f"terms/loss.yml:1:16: there are spaces at the end of this line\n{hint}"
        f"terms/loss.yml:1:17: the lines end in CRLF\n{hint}"
        f"terms/loss.yml:2:1: 'title' belongs above 'level'\n{hint}"
        "\n3 problems. Nothing was written.\n",
    )


def test_fix_mends_it_says_what_it_did_and_checks_the_rest(three, check):
    place = untidy(three)
    done = (
        "terms/loss.yml: made the lines end in LF\n"
        "terms/loss.yml: took the spaces from the end of 1 line\n"
        "terms/loss.yml: put the fields in order\n"
    )
    assert check("--fix", "terms/loss.yml") == (0, f"{done}terms/loss.yml: all is well\n", "")
    text = place.read_bytes().decode()
    assert text.startswith("title: Loss # as it is called\ncategory: basics\nlevel: beginner\n")
    assert "\r" not in text
    assert check("--fix", "terms/loss.yml") == (0, "terms/loss.yml: all is well\n", "")


def test_fix_tells_what_it_could_not_mend(three, check):
    write_yaml(three / "terms" / "loss.yml", entry("Loss", level="hard"))
    code, out, err = check("--fix")
    assert (code, out) == (1, "")
    assert err.endswith("terms/loss.yml:3:8: there is no level called 'hard'\n"
                        "    hint: one of: beginner, intermediate, advanced\n\n1 problem.\n")  # fmt: skip


def test_fix_leaves_files_alone_that_were_not_named(three, check):
    before = untidy(three).read_bytes()
    assert check("--fix", "terms/neuron.yml", "demos/tiny.py")[0] == 0
    assert (three / "terms" / "loss.yml").read_bytes() == before


def test_with_another_form_what_fix_did_goes_aside(three, check):
    untidy(three)
    code, out, err = check("--fix", "--format", "json")
    assert (code, out) == (0, "[]\n")
    assert err.startswith("terms/loss.yml: made the lines end in LF\n")


def both_sides(project):
    write_yaml(project / "terms" / "neuron.yml", entry(related=["gradient"]))
    write_yaml(project / "terms" / "gradient.yml", entry("Gradient", related=["loss", "neuron"]))


def test_a_relation_written_on_both_sides_is_taken_out_of_the_later_one(three, check):
    both_sides(three)
    before = (three / "terms" / "gradient.yml").read_bytes()
    assert check("--fix")[:2] == (
        0,
        "terms/neuron.yml: took 'gradient' out of 'related', since terms/gradient.yml names this term\n"
        "3 terms, 1 demo: all is well\n",
    )
    assert "related: []\n" in (three / "terms" / "neuron.yml").read_text(encoding="utf-8")
    assert (three / "terms" / "gradient.yml").read_bytes() == before


def test_or_out_of_the_one_that_was_named(three, check):
    both_sides(three)
    before = (three / "terms" / "neuron.yml").read_bytes()
    assert check("--fix", "terms/gradient.yml")[:2] == (
        0,
        "terms/gradient.yml: took 'neuron' out of 'related', since terms/neuron.yml names this term\n"
        "terms/gradient.yml: all is well\n",
    )
    assert (three / "terms" / "neuron.yml").read_bytes() == before


def test_every_kind_of_file_in_terms_is_mended(three):
    for path in ("terms/categories.yml", "terms/comparisons/a-vs-b.yml", "terms/paths/a-to-b.yml"):
        place = three / path
        if not place.exists():
            write_yaml(place, {"title": "A"})
        place.write_text(place.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    done = list(mend(three, (), cache=three / ".cache" / "terms.pickle"))
    assert done == [
        "terms/comparisons/a-vs-b.yml: took out the blank lines at the end",
        "terms/paths/a-to-b.yml: took out the blank lines at the end",
        "terms/categories.yml: took out the blank lines at the end",
    ]


def test_a_link_is_not_mended_and_neither_is_what_it_leads_to(three, tmp_path_factory):
    other = tmp_path_factory.mktemp("elsewhere") / "x.yml"
    other.write_bytes(b"title: a \n")
    (three / "terms" / "gate.yml").symlink_to(other)
    assert list(mend(three, (), cache=three / ".cache" / "terms.pickle")) == []
    assert other.read_bytes() == b"title: a \n"
    assert (three / "terms" / "gate.yml").is_symlink()
