"""The frozen text: what is taken from a term, how its marks are removed, and that it comes from a commit alone."""

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
import yaml

from generator.authors.corpus import FILE, NotFrozen, corpus, digest, freeze, held_out, paragraphs, plain, said
from generator.model.entries import Term

ROOT = Path(__file__).parents[3]
TERM = {
    "title": "Neural Network",
    "category": "neural-networks",
    "level": "beginner",
    "definition": "A neural network is a thing that costs $5.",
    "explanation": "It has *layers* of\n[[neuron|units]].\n\nIt costs $2x$.\n",
    "examples": ["One `layer`.", "Two layers."],
    "misconceptions": [{"wrong": "It thinks.", "right": "It adds."}],
    "faq": [{"question": "What for?", "answer": "For digits."}],
    "demo": {"module": "neural_network", "caption": "CAPTION"},
    "note": "NOTE",
    "sources": [{"title": "SOURCE", "url": "https://a.org", "year": 1986, "kind": "paper"}],
    "written": date(2026, 11, 23),
}
NEURON = TERM | {"title": "Artificial Neuron", "definition": "An artificial neuron is a sum."}


def term(slug, fields):
    return Term.model_validate({**fields, "slug": slug})


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("A *few* **strong** _words_ and snake_case.", ["A few strong words and snake_case."]),
        ("Two lines\nof one paragraph.\n\nAnother.", ["Two lines of one paragraph.", "Another."]),
        ("See [[neuron]] and [[neuron|the units]].", ["See artificial neuron and the units."]),
        ("See [the paper](https://a.org) at <https://b.org>.", ["See the paper at https://b.org."]),
        ("Run `a_b * c` now.", ["Run a_b * c now."]),
        (r"It costs \$5 and 3 \* 4.", ["It costs $5 and 3 * 4."]),
        ("Take $x_i$ and\n$\\frac{1}{2}$.", ["Take x_i and 1/2."]),
        ("Two ways:\n\n- the *first*\n- the second,\n  longer one\n\nEnd.",
         ["Two ways:", "the first", "the second, longer one", "End."]),
        ("Steps:\n1. go\n2. stop", ["Steps:", "go", "stop"]),
        ("* one\n* two", ["one", "two"]),
        ("Before.\n\n```python\nx = 1\n```\n\nAfter.", ["Before.", "After."]),
        ("A gap of 3\n- 4 would be a list.", ["A gap of 3", "4 would be a list."]),
        ("", []),
    ],
)  # fmt: skip
def test_marks_are_removed_and_words_stay(markdown, expected):
    assert plain(markdown, {"neuron": "artificial neuron"}) == expected


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"784 \cdot 100 + 10 = 78{,}410", "784 · 100 + 10 = 78,410"),
        (r"\ln 4 \approx 1.39", "ln 4 ≈ 1.39"),
        (r"\max(0, a - b)", "max(0, a − b)"),
        ("y = -1", "y = −1"),
        ("10^{-8}", "10^−8"),
        ("e^{s_k - m}", "e^(s_k − m)"),
        ("x_i^2", "x_i^2"),
        (r"\frac{a + b}{2}", "(a + b)/2"),
        (r"\sqrt{d_k}", "√d_k"),
        (r"\sqrt{2 + x}", "√(2 + x)"),
        (r"\mathrm{softmax}(q k)", "softmax(qk)"),
        (r"p \le 0.9", "p ≤ 0.9"),
    ],
)
def test_a_formula_is_typed_in_one_line(latex, expected):
    assert said(latex) == expected


def test_the_text_of_a_term_is_what_people_wrote_in_the_order_of_the_page():
    assert list(paragraphs(term("neural-network", TERM), {})) == [
        "A neural network is a thing that costs $5.",
        "It has layers of units.",
        "It costs 2x.",
        "One layer.",
        "Two layers.",
        "It thinks.",
        "It adds.",
        "What for?",
        "For digits.",
    ]


def test_a_link_without_words_of_its_own_is_read_as_pages_show_it():
    linking = term("neural-network", TERM | {"explanation": "Made of [[neuron]]s."})
    made = json.loads(corpus({"neural-network": linking, "neuron": term("neuron", NEURON)}, "c0ffee"))
    assert "\n\nMade of artificial neurons.\n\n" in (made["training"] | made["held_out"])["neural-network"]


def test_no_term_changes_sides_when_others_join():
    slugs = ["softmax", "cross-entropy", "backpropagation", "token"]
    small = json.loads(corpus({slug: term(slug, TERM) for slug in slugs[:3]}, "c0ffee"))
    large = json.loads(corpus({slug: term(slug, TERM) for slug in slugs}, "c0ffee"))
    assert small["held_out"].keys() == {"backpropagation", "cross-entropy"} <= large["held_out"].keys()
    assert small["training"].keys() == {"softmax"} <= large["training"].keys()


def test_about_one_term_in_seven_is_held_out():
    apart = sum(held_out(f"term-{i}") for i in range(7000))
    assert abs(apart - 1000) < 120  # four standard deviations of a fair draw


def test_the_fingerprint_is_that_of_the_texts_and_not_of_their_order():
    made = json.loads(corpus({slug: term(slug, TERM) for slug in ("softmax", "backpropagation")}, "c0ffee"))
    sides = {side: made[side] for side in ("held_out", "training")}
    assert made["sha256"] == digest(sides)
    sides["training"]["softmax"] += "!"
    assert made["sha256"] != digest(sides)


def test_the_corpus_in_the_project_is_as_it_was_made():
    made = json.loads((ROOT / FILE).read_text(encoding="utf-8"))
    assert made["sha256"] == digest({side: made[side] for side in ("training", "held_out")})
    assert all(held_out(slug) for slug in made["held_out"])
    assert not any(held_out(slug) for slug in made["training"])


# --- from a commit ------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with two terms, committed."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Nobody")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "nobody@example.org")
    (tmp_path / "terms/comparisons").mkdir(parents=True)
    (tmp_path / "demos/data").mkdir(parents=True)
    write(tmp_path, "softmax", TERM)
    write(tmp_path, "backpropagation", TERM)
    for name in ("categories.yml", "_template.yml", "comparisons/a-vs-b.yml"):
        (tmp_path / "terms" / name).write_text("not: a term\n")
    git(tmp_path, "init", "--quiet")
    commit(tmp_path)
    return tmp_path


def write(root, slug, fields):
    (root / f"terms/{slug}.yml").write_text(yaml.safe_dump(fields), encoding="utf-8")


def git(root, *words):
    return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def commit(root):
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "terms")
    return git(root, "rev-parse", "HEAD")


def test_freezing_writes_the_terms_of_the_commit_and_names_it(project):
    told = freeze(project)
    made = json.loads((project / FILE).read_text(encoding="utf-8"))
    name = git(project, "rev-parse", "HEAD")
    assert (made["commit"], made["license"]) == (name, "CC BY 4.0")
    assert (list(made["training"]), list(made["held_out"])) == (["softmax"], ["backpropagation"])
    assert told.startswith(f"{FILE}: 2 terms of commit {name[:12]}, 1 of them held out, ")


def test_an_edit_that_is_not_committed_changes_nothing(project):
    freeze(project)
    before = (project / FILE).read_bytes()
    write(project, "softmax", TERM | {"definition": "A neural network is something else."})
    write(project, "token", TERM)
    freeze(project)
    assert (project / FILE).read_bytes() == before


def test_an_older_commit_gives_the_same_bytes_again(project):
    freeze(project)
    before, name = (project / FILE).read_bytes(), git(project, "rev-parse", "HEAD")
    write(project, "softmax", TERM | {"definition": "A neural network is something else."})
    commit(project)
    freeze(project)
    assert (project / FILE).read_bytes() != before
    freeze(project, name)
    assert (project / FILE).read_bytes() == before


def test_a_term_that_does_not_read_well_stops_it_with_the_line(project):
    write(project, "softmax", TERM | {"level": "expert"})
    commit(project)
    with pytest.raises(NotFrozen, match=r"terms/softmax\.yml:\d+:\d+: there is no level called 'expert'"):
        freeze(project)
    assert not (project / FILE).exists()


def test_without_a_commit_it_says_what_is_missing(project, tmp_path_factory):
    with pytest.raises(NotFrozen, match=r"git rev-parse: .*\n    hint: the corpus is made from a commit"):
        freeze(project, "no-such-name")
    with pytest.raises(NotFrozen, match="not a git repository"):
        freeze(tmp_path_factory.mktemp("nowhere"))
