"""What is not finished is told as such, apart from what is wrong."""

import pytest

from demos._run.source import read
from generator.check.rules import check
from generator.problems import Problem
from tests.generator.conftest import DEMO, PROSE, a_comparison, a_glossary, a_path, a_term

NEURON = a_term("Neuron")
GRADIENT = a_term("Gradient", prerequisites=["neuron"])


def told(*entries, **changes):
    """What check says about a glossary: kind, file, way to the value, message, remedy."""
    problems = check(a_glossary(*entries, **changes))
    return [(p.kind, f"{p.path} {'.'.join(map(str, p.where))}: {p.message} | {p.hint}") for p in problems]


def test_a_problem_is_an_error_unless_it_says_otherwise():
    assert Problem("terms/a.yml", "it is wrong").kind == "error"
    assert {kind for kind, _ in told(a_term("Neuron", related=["nowhere"]), GRADIENT)} == {"error"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("TODO", ["TODO"]),
        ("TODO: one, and TODO: two.", ["TODO"]),
        ("A TODO and a TBD.", ["TODO", "TBD"]),
        ("FIXME, XXX", ["FIXME", "XXX"]),
        ("Lorem ipsum dolor", ["Lorem ipsum"]),
        ("lorem\nipsum dolor", ["lorem ipsum"]),
        (r"see $\text{TODO}$", ["TODO"]),
        ("[TODO](https://example.org/)", ["TODO"]),
        ("An agent looks for `TODO` in code.", []),
        ("```\n# TODO\n```", []),
        ("a todo list, TODOs, AXXXB, and XXXL", []),
        ("and so on …", []),
    ],
)
def test_a_word_for_what_is_to_be_written_says_that_a_text_is_not_finished_unless_it_is_code(text, words):
    assert told(a_term("Neuron", note=text), GRADIENT) == [
        ("unfinished",
         f"terms/neuron.yml note: '{word}' says that this text is not finished | "
         f"finish it, or write `{word}` where the word itself is meant")
        for word in words
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"aliases": ["TODO"]}, "aliases.0.text"),
        ({"definition": "A neuron is TODO."}, "definition"),
        ({"explanation": f"{PROSE} TODO"}, "explanation"),
        ({"formula": [{"latex": r"\text{TODO}"}]}, "formula.0.latex"),
        ({"formula": [{"latex": "y", "symbols": {"y": "TODO"}}]}, "formula.0.symbols.y"),
        ({"examples": ["One.", "TODO"]}, "examples.1"),
        ({"misconceptions": [{"wrong": "TODO", "right": "It is small."}]}, "misconceptions.0.wrong"),
        ({"faq": [{"question": "TODO?", "answer": "Yes."}]}, "faq.0.question"),
        ({"demo": {"module": "tiny", "home": True, "caption": "TODO"}}, "demo.caption"),
        ({"sources": [{"title": "TODO", "url": "https://example.org/", "year": 1943, "kind": "paper"}]},
         "sources.0.title"),
        ({"sources": [{"title": "Thing", "url": "https://example.org/TODO", "year": 1943, "kind": "paper"}]},
         "sources.0.url"),
        ({"nolink": ["TODO"]}, "nolink.0"),
    ],
)  # fmt: skip
def test_a_placeholder_is_found_in_every_text_of_an_entry(changes, where):
    ((kind, line),) = told(a_term("Neuron", **changes), GRADIENT)
    assert (kind, line.partition(":")[0]) == ("unfinished", f"terms/neuron.yml {where}")


def test_a_placeholder_is_found_in_comparisons_and_paths_too():
    page = a_comparison(title="TODO vs. Gradient", choose={"neuron": "TODO", "gradient": "For lists."})
    way = a_path("neuron", "gradient", outcome="TODO")
    assert [(kind, line.partition(": ")[0]) for kind, line in told(NEURON, GRADIENT, page, way)] == [
        ("unfinished", "terms/comparisons/neuron-vs-gradient.yml title"),
        ("unfinished", "terms/comparisons/neuron-vs-gradient.yml choose.neuron"),
        ("unfinished", "terms/paths/from-here-to-there.yml outcome"),
    ]


def test_a_placeholder_in_a_demo_its_test_or_a_bug_is_told_with_its_place():
    demo = DEMO.replace("Change the size.", "TODO: change the size.")
    tests = {
        "tests/demos/test_tiny.py": "def test_x():  # FIXME\n    pass\n",
        "tests/demos/mutants.yml": "- {file: demos/tiny.py, slip: TBD}\n",
    }
    problems = check(a_glossary(NEURON, demos={"tiny": read("tiny", text=demo)}, tests=tests))
    assert [(problem.kind, str(problem)) for problem in problems] == [
        ("unfinished", f"{place}' says that this is not finished\n    hint: finish it, and take the word out")
        for place in (
            "demos/tiny.py:12:8: 'TODO",
            "tests/demos/test_tiny.py:1:18: 'FIXME",
            "tests/demos/mutants.yml:1:31: 'TBD",
        )
    ]


@pytest.mark.parametrize(("count", "kind"), [(1, "unfinished"), (119, "unfinished"), (451, "error")])
def test_an_explanation_that_is_too_short_is_not_finished_and_one_too_long_is_wrong(count, kind):
    assert [kind for kind, _ in told(a_term("Neuron", explanation="word " * count), GRADIENT)] == [kind]


def test_a_term_without_neighbors_and_a_demo_without_a_home_are_not_finished():
    alone = a_term("Alone", demo="tiny")
    assert told(NEURON, GRADIENT, alone) == [
        ("unfinished",
         "terms/alone.yml title: no other term leads to this one | name its neighbors in 'related'"),
    ]  # fmt: skip
    homeless = a_term("Neuron", demo="tiny")
    assert told(homeless, GRADIENT) == [
        ("unfinished",
         "terms/neuron.yml demo: the demo 'tiny' has no home among the terms that show it: neuron and gradient | "
         "write `home: true` in one of them"),
    ]  # fmt: skip
