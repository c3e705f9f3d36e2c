"""The scorecard: what it counts, what it marks, how it reads, and which terms a change is about."""

import subprocess

import pytest

from demos._run.source import read
from generator.__main__ import main
from generator.authors.scorecard import (
    EXPECTED,
    NoTerm,
    led_to_by,
    reading_grade,
    references,
    scorecard,
    syllables,
    terms_named,
    touched,
)
from generator.load.history import NoHistory, changed_since
from tests.generator.conftest import DEMO, PROSE, a_comparison, a_glossary, a_path, a_term, entry, write_yaml

SOURCE = entry()["sources"][0]
SECOND = SOURCE | {"url": "https://example.org/more", "kind": "article"}
TESTED = {"tests/demos/test_tiny.py": '"""Tiny against PyTorch, by hand."""\n\nimport numpy\nimport torch\n'}


GOOD = [
    "2 (1 primary)", "2 (1 with figures)", "1", "`tiny`: torch, by hand", "2 (1 goal)", "0", "4", "none", "6.1",
    "8 (only 8)",
]  # fmt: skip
ASKED = {"ask": "Larger?", "to": {"size": 4}, "watch": "size", "answer": "rises", "because": "It is."}
GOAL = {"goal": "Get to 4.", "reach": {"size": "= 4"}, "witness": {"size": 4}, "because": "It is."}


def a_good_term(title="Neuron", **changes):
    """A term with nothing below expectation, in a glossary that leads to it."""
    return a_term(
        title,
        **{
            "sources": [SOURCE, SECOND],
            "examples": ["With 3 inputs.", "Another."],
            "experiments": [ASKED, GOAL],
            **changes,
        },
    )


def around(*terms, **changes):
    """A glossary of these terms, each of which leads to all others, and a test of the demo that they show."""
    others = [a_good_term(f"Neighbor {letter}", demo={"module": "tiny"}) for letter in "ABC"]
    everything = [*terms, *others]
    linked = [
        term.model_copy(update={"related": [other.slug for other in everything[:i]]})
        for i, term in enumerate(everything)
    ]
    return a_glossary(*linked, **{"tests": TESTED, **changes})


def cells(text):
    """The table of a scorecard, as rows of cells."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in (rows[0], *rows[2:])]


def below(text):
    """The lines that say what is below expectation."""
    return [line for line in text.partition("Expected of a term:")[0].splitlines() if line.startswith("- ")]


# --- the table --------------------------------------------------------------------------------------------


def test_a_row_tells_all_there_is_to_know_of_a_term():
    glossary = around(a_good_term(), a_good_term("Softmax", level="advanced"))
    assert cells(scorecard(glossary, ["softmax", "neuron"])) == [
        ["Term", "Level", "Sources", "Examples", "Misconceptions", "Demo: tested against", "Experiments",
         "Figures written out", "Led to by",
         "Undefined words", "Grade", "Absolute words"],
        ["Softmax", "advanced", *GOOD],
        ["Neuron", "beginner", *GOOD],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("experiments", "cell", "said"),
    [([], "⚠ 0 (0 goals)", "no experiment"), ([GOAL], "⚠ 1 (1 goal)", "only one experiment")],
)
def test_a_demo_in_the_page_wants_two_experiments(experiments, cell, said):
    text = scorecard(around(a_good_term(experiments=experiments)), ["neuron"])
    assert cells(text)[1][6] == cell
    assert below(text) == [f"- Neuron: {said}."]
    recorded = read("tiny", text=DEMO.replace("from typing import", "import torch\nfrom typing import"))
    glossary = around(a_good_term(experiments=experiments), demos={"tiny": recorded})
    assert cells(scorecard(glossary, ["neuron"]))[1][6] == cell.removeprefix("⚠ "), "it can not run in a page"


def test_a_figure_that_is_written_out_is_told_with_what_computes_it():
    also = [{"module": "tiny", "with": {"size": 3}}]
    examples = ["It is 65.9 % of 4,321, and {{share}} as it is.", "Or 0.659, or 66 %, or `0.659`, in 2017."]
    term = a_good_term(examples=examples, also=also)
    numbers = {"tiny {}": {"share": 0.65896, "year": 17}, 'tiny {"size": 3}': {"width": 4321.4}}
    text = scorecard(around(term), ["neuron"], numbers=numbers)
    assert cells(text)[1][7] == "⚠ 3"
    assert below(text) == [
        "- Neuron: 65.9 in its examples is `{{share}}`, 4,321 in its examples is `{{width | demo=tiny}}`, and "
        "0.659 in its examples is `{{share}}`."
    ]


def test_words_that_claim_much_are_counted_and_not_judged():
    explanation = "Only one. It is the only one, always! Anybody called `first` is $all$ and firstly oldest."
    wrong = [{"wrong": "It never is.", "right": "Nothing is."}]
    term = a_good_term(explanation=explanation, misconceptions=wrong, definition="A neuron is a thing for every test.")
    text = scorecard(around(term), ["neuron"])
    assert cells(text)[1][-1] == "6 (only 2, always 1, every 1, nothing 1, oldest 1)"
    assert below(text) == []


def test_a_term_that_is_as_expected_has_no_mark():
    text = scorecard(around(a_good_term()), ["neuron"])
    assert "⚠" not in text
    assert text.endswith(f"\n\nNothing is below what is expected.\n\n{EXPECTED}\n")


@pytest.mark.parametrize(
    ("changes", "cell", "said"),
    [
        ({"sources": [SOURCE]}, "⚠ 1 (1 primary)", "only one source"),
        ({"sources": [SECOND, SECOND]}, "⚠ 2 (0 primary)", "no source is a primary one"),
        ({"examples": ["One.", "Two.", "Three."]}, "⚠ 3 (0 with figures)", "no example has a figure"),
        ({"explanation": PROSE.replace(".", ", and")}, "⚠ 52.7", "its explanation reads like grade 52.7"),
        (
            {"definition": "A neuron is a thing with an isogloss."},
            "⚠ isogloss",
            "“isogloss” in its definition is explained nowhere",
        ),
        (
            {"definition": "A neuron is a thing with an isogloss and a spline."},
            "⚠ isogloss, spline",
            "“isogloss” and “spline” in its definition are explained nowhere",
        ),
    ],
)  # fmt: skip
def test_what_is_below_expectation_is_marked_and_said(changes, cell, said):
    text = scorecard(around(a_good_term(**changes)), ["neuron"])
    assert cell in cells(text)[1]
    assert below(text) == [f"- Neuron: {said}."]


def test_all_that_is_below_expectation_is_said_in_one_line_for_each_term():
    glossary = around(a_term(), a_term("Softmax"), a_good_term("Token"))
    assert below(scorecard(glossary, ["neuron", "token", "softmax"])) == [
        "- Neuron: only one source, no example has a figure, and no experiment.",
        "- Softmax: only one source, no example has a figure, and no experiment.",
    ]


@pytest.mark.parametrize(
    ("others", "cell", "said"),
    [
        ([], "⚠ 0", "hardly a page leads to it"),
        (["Softmax", "Token"], "⚠ 2", "only 2 pages lead to it"),
    ],
)
def test_a_term_that_is_hard_to_find_is_marked(others, cell, said):
    more = [a_good_term(title, related=["neuron"]) for title in others]
    text = scorecard(a_glossary(a_good_term(), *more, tests=TESTED), ["neuron"])
    assert cell in cells(text)[1]
    assert below(text) == [f"- Neuron: {said}."]


def test_a_title_can_not_break_the_table():
    text = scorecard(around(a_good_term("A | B_c", definition="A A | B_c is a thing.", slug="a-b")), ["a-b"])
    assert r"A \| B\_c" in cells(text)[1]


def test_the_table_reads_in_a_terminal_too():
    lines = [line for line in scorecard(around(a_good_term()), ["neuron"]).splitlines() if line.startswith("|")]
    assert len({len(line) for line in lines}) == 1


def test_nothing_to_look_at_is_said():
    assert scorecard(around(), []) == "No term to look at.\n"


# --- demos and their tests --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("import torch", ["torch"]),
        ("import torch.nn.functional as F\nfrom scipy.special import expit", ["scipy", "torch"]),
        ("def test():\n    import sklearn.metrics", ["sklearn"]),
        ("import json\nimport numpy as np\nimport pytest\nfrom demos.tiny import demo\nfrom . import counting", []),
        ('"""Tiny by hand and against the numbers of the paper."""', ["by hand", "paper"]),
        ('def test():\n    """Checked by hand."""', []),
        ("def test(", None),
        ("\0", None),
    ],
)
def test_a_reference_is_a_library_of_others_or_what_the_test_says_at_its_top(test, expected):
    assert references(a_glossary(tests={"tests/demos/test_tiny.py": test}), "tiny") == expected


def test_a_library_that_the_demo_uses_itself_is_no_second_opinion():
    from demos._run.source import read

    demo = read("tiny", text=DEMO + "\n\ndef other():\n    import torch\n")
    glossary = a_glossary(demos={"tiny": demo}, tests={"tests/demos/test_tiny.py": "import torch, scipy"})
    assert references(glossary, "tiny") == ["scipy"]


@pytest.mark.parametrize(
    ("tests", "cell", "said"),
    [
        ({}, "⚠ `tiny`: no test", "its demo `tiny` has no test"),
        (
            {"tests/demos/test_tiny.py": "import numpy"},
            "⚠ `tiny`: nothing",
            "the test of `tiny` compares it with nothing independent",
        ),
    ],
)
def test_a_demo_that_is_compared_with_nothing_is_marked(tests, cell, said):
    text = scorecard(around(a_good_term(), tests=tests), ["neuron"])
    assert cell in cells(text)[1]
    assert below(text) == [f"- Neuron: {said}."]


# --- what leads to a term ---------------------------------------------------------------------------------


def test_each_page_that_leads_to_a_term_counts_once():
    glossary = a_glossary(
        a_term(),
        a_term("Gradient", related=["neuron"], examples=["A neuron.", "Two neurons."]),
        a_term("Softmax", prerequisites=["neuron"]),
        a_term("Token", examples=["It is no [[neuron]].", "Two."]),
        a_term("Loss"),
        a_comparison(),
        a_path("neuron", "gradient"),
    )
    assert led_to_by(glossary)["neuron"] == {
        "terms/gradient", "terms/softmax", "terms/token", "comparisons/neuron-vs-gradient", "paths/from-here-to-there"
    }  # fmt: skip


def test_the_own_page_and_code_lead_nowhere():
    glossary = a_glossary(a_term(examples=["A neuron.", "Two."]), a_term("Token", examples=["A `neuron`.", "Two."]))
    assert led_to_by(glossary) == {"neuron": set(), "token": set()}


# --- how hard it is to read -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("The cat sat on the mat.", -1.45),  # 6 words of 6 syllables: 0.39 · 6 + 11.8 · 1 − 15.59
        ("The cat sat. On the mat it sat.", -2.23),  # 8 words in 2 sentences: 0.39 · 4 + 11.8 − 15.59
        ("This sentence, taken as a reading passage unto itself, is being used to prove a point.", 6.9),
        ("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", 11.3),
    ],
)
def test_the_grade_is_that_of_the_formula(text, grade):
    assert reading_grade(text) == pytest.approx(grade, abs=0.05)


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("The **cat** sat on [[mat|the mat]].", "The cat sat on the mat."),
        ("The cat sat on [the mat](https://example.org/a.b.c).", "The cat sat on the mat."),
        (r"The $\sum_{i=1}^n x_i$ sat on the `np.exp(mat)`.", "The cat sat on the mat."),
        ("The cat:\n\n- it sat\n- on the mat", "The cat. It sat. On the mat."),
    ],
)
def test_marks_and_formulas_do_not_make_a_text_harder(markdown, plain):
    assert reading_grade(markdown) == pytest.approx(reading_grade(plain))


def test_a_text_without_words_asks_for_nothing():
    assert reading_grade("…") == 0


@pytest.mark.parametrize(
    ("word", "count"),
    [("a", 1), ("the", 1), ("make", 1), ("makes", 1), ("table", 2), ("whole", 1), ("learned", 1), ("added", 2),
     ("classes", 2), ("batches", 2), ("network", 2), ("probability", 5), ("784", 1), ("Backpropagation", 5)],
)  # fmt: skip
def test_syllables_are_groups_of_vowels_without_a_silent_e(word, count):
    assert syllables(word) == count


# --- which terms ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["byte-pair-encoding", "Byte-Pair Encoding", "BPE", "bpe"])
def test_a_term_is_found_by_any_of_its_names(name):
    glossary = a_glossary(a_term("Byte-Pair Encoding", "byte-pair-encoding", aliases=["BPE"]))
    assert terms_named(glossary, [name, name]) == ["byte-pair-encoding"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("nueron", "did you mean 'neuron'?"), ("zoology", "the name of its file is the name of a term")],
)
def test_a_name_that_no_term_has_is_told_with_the_nearest_one(name, hint):
    with pytest.raises(NoTerm) as refused:
        terms_named(a_glossary(a_term()), [name])
    assert str(refused.value) == f"there is no term called '{name}'\n    hint: {hint}"


def test_a_change_is_about_terms_their_demos_and_the_tests_of_these():
    glossary = a_glossary(a_term(), a_term("Gradient"), a_term("Softmax", demo={"module": "softmax"}))
    assert touched(glossary, ["terms/softmax.yml"]) == ["softmax"]
    assert touched(glossary, ["demos/tiny.py"]) == ["gradient", "neuron"]
    assert touched(glossary, ["tests/demos/test_softmax.py", "terms/neuron.yml"]) == ["neuron", "softmax"]
    gone = ["terms/gone.yml", "terms/paths/neuron.yml", "demos/_run.py", "demos/parts/tiny.py", "README.md"]
    assert touched(glossary, gone) == []


# --- git, and the command line ----------------------------------------------------------------------------


def git(folder, *words):
    # Not what the person at this machine has configured.
    apart = [
        "-c",
        "user.name=T",
        "-c",
        "user.email=t@example.org",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "core.hooksPath=",
    ]
    done = subprocess.run(["git", *apart, *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def repository(project):
    """The small project with a history: a commit on main, a branch from there, and one more commit on main."""
    (project / ".gitignore").write_text("__pycache__/\n.cache/\n", encoding="utf-8")
    git(project, "init", "--quiet", "--initial-branch=main")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message=start")
    git(project, "switch", "--quiet", "--create=work")
    git(project, "switch", "--quiet", "main")
    write_yaml(project / "terms" / "token.yml", entry("Token", demo={"module": "tiny"}, related=["neuron"]))
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message=token")
    git(project, "switch", "--quiet", "work")
    return project


def test_what_has_changed_is_what_this_branch_did_and_not_what_main_did_meanwhile(repository):
    assert changed_since(repository, "main") == []
    write_yaml(repository / "terms" / "softmax.yml", entry("Softmax"))
    (repository / "demos" / "tiny.py").write_text("", encoding="utf-8")
    assert changed_since(repository, "main") == ["demos/tiny.py", "terms/softmax.yml"]
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message=softmax")
    (repository / "terms" / "naïve bayes.yml").write_text("", encoding="utf-8")
    assert changed_since(repository, "main") == ["demos/tiny.py", "terms/naïve bayes.yml", "terms/softmax.yml"]


def test_what_has_changed_is_told_as_seen_from_the_project_also_inside_another_repository(repository, tmp_path):
    inside = repository / "inside"
    write_yaml(inside / "terms" / "neuron.yml", entry())
    git(repository, "add", ".")
    assert changed_since(inside, "main") == ["terms/neuron.yml"]


def test_a_merge_has_changed_what_its_second_parent_brought(repository):
    write_yaml(repository / "terms" / "softmax.yml", entry("Softmax", demo={"module": "tiny"}, related=["neuron"]))
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message=softmax")
    git(repository, "switch", "--quiet", "main")
    git(repository, "merge", "--quiet", "--no-ff", "--no-edit", "work")
    assert changed_since(repository, "HEAD^1") == ["terms/softmax.yml"]


def run(root, capsys, *arguments):
    code = main(["scorecard", *arguments, "--root", str(root)])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_command_shows_the_terms_that_were_changed(repository, capsys):
    write_yaml(repository / "terms" / "softmax.yml", entry("Softmax", demo={"module": "tiny"}, related=["neuron"]))
    code, out, err = run(repository, capsys, "--changed-since", "main")
    assert (code, err) == (0, "")
    assert [row[0] for row in cells(out)[1:]] == ["Softmax"]


def test_the_command_shows_the_terms_that_are_named_or_all(repository, capsys):
    write_yaml(repository / "terms" / "softmax.yml", entry("Softmax", demo={"module": "tiny"}, related=["neuron"]))
    assert [row[0] for row in cells(run(repository, capsys, "softmax")[1])[1:]] == ["Softmax"]
    assert [row[0] for row in cells(run(repository, capsys)[1])[1:]] == ["Neuron", "Softmax"]


def test_a_changed_term_that_can_not_be_read_is_named(repository, capsys):
    (repository / "terms" / "neuron.yml").write_text("title: [", encoding="utf-8")
    code, out, err = run(repository, capsys, "--changed-since", "main")
    assert (code, err) == (0, "")
    assert out == (
        "No term to look at.\n\nNot looked at, since it can not be read, as `check` says: terms/neuron.yml.\n"
    )


def test_a_commit_that_is_not_there_is_told(repository, capsys):
    hint = "--changed-since takes a commit or branch, such as main; or name the terms"
    assert run(repository, capsys, "--changed-since", "nowhere") == (
        1, "", f"git rev-parse: Needed a single revision\n    hint: {hint}\n"
    )  # fmt: skip


def test_the_name_of_a_commit_is_never_an_option_of_git(repository, capsys):
    code, out, _ = run(repository, capsys, "--changed-since=--output=stolen")
    assert (code, out) == (1, "")
    assert not (repository / "stolen").exists()


def test_outside_of_a_repository_it_says_so(project, capsys, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.parent))
    code, out, err = run(project, capsys, "--changed-since", "main")
    assert (code, out) == (1, "")
    assert err.startswith("git rev-parse: not a git repository")


def test_without_git_it_says_so(project, monkeypatch):
    monkeypatch.setenv("PATH", str(project))
    with pytest.raises(NoHistory, match=r"^git is not installed$"):
        changed_since(project, "main")


def test_a_name_that_no_term_has_is_told_by_the_command(project, capsys):
    told = "there is no term called 'nueron'\n    hint: did you mean 'neuron'?\n"
    assert run(project, capsys, "nueron") == (1, "", told)


def test_names_and_a_commit_together_are_not_understood(project, capsys):
    with pytest.raises(SystemExit) as exit:
        run(project, capsys, "neuron", "--changed-since", "main")
    assert exit.value.code == 2
    assert "not allowed with argument" in capsys.readouterr().err
