"""Demos are there, take their settings, have a home, a test and a deliberate bug."""

import pytest

from tests.generator.check.conftest import GRADIENT, NEURON, told
from tests.generator.conftest import a_comparison, a_glossary, a_term


@pytest.mark.parametrize(
    ("demo", "expected"),
    [
        ({"module": "tiny", "with": {"size": 9, "loud": True}, "home": True}, []),
        ({"module": "tinny"}, ["demo.module: there is no demo called 'tinny' | did you mean 'tiny'?"]),
        ({"module": "quantum"}, ["demo.module: there is no demo called 'quantum' | write demos/quantum.py"]),
        ({"module": "tiny", "with": {"sise": 2, "size": 10, "loud": 3}, "home": True},
         ["demo.with: tiny has no setting called 'sise' | did you mean 'size'?",
          "demo.with: size is 10, and must lie between 1 and 9 | ",
          "demo.with: loud is 3, and must be true or false | "]),
    ],
)  # fmt: skip
def test_a_demo_is_there_and_takes_its_settings(demo, expected):
    other = a_term("Gradient", prerequisites=["neuron"], demo={"module": "tiny", "home": "home" not in demo})
    assert told(a_term("Neuron", demo=demo), other) == [f"terms/neuron.yml {line}" for line in expected]


@pytest.mark.parametrize(
    ("hide", "expected"),
    [
        (["loud"], []),
        (["lout"], ["demo.hide.0: the demo 'tiny' has no setting called 'lout' that could be hidden | "
                    "did you mean 'loud'?"]),
        (["size", "loud"], ["demo.hide: every setting of the demo 'tiny' is hidden, so nothing can be changed | "
                            "leave one"]),
    ],
)  # fmt: skip
def test_what_a_page_hides_is_a_setting_of_its_demo_and_not_all_of_them(hide, expected):
    term = a_term("Neuron", demo={"module": "tiny", "hide": hide})
    assert told(term) == [f"terms/neuron.yml {line}" for line in expected]


def test_a_figure_of_a_comparison_names_a_demo_that_takes_its_settings():
    cells = [{"demo": "tinny", "number": "size"}, {"demo": "tiny", "number": "size", "with": {"size": 0}}]
    rows = [{"aspect": "A", "values": {"neuron": cell, "gradient": "x"}} for cell in cells]
    assert told(NEURON, GRADIENT, a_comparison(rows=rows)) == [
        "terms/comparisons/neuron-vs-gradient.yml rows.0.values.neuron.demo: there is no demo called 'tinny' | "
        "did you mean 'tiny'?",
        "terms/comparisons/neuron-vs-gradient.yml rows.1.values.neuron.with: "
        "size is 0, and must lie between 1 and 9 | ",
    ]


def test_a_demo_has_one_home():
    homes = [a_term(title, related=[], demo={"module": "tiny", "home": True}) for title in ("Neuron", "Gradient")]
    homes[1] = homes[1].model_copy(update={"prerequisites": ["neuron"]})
    assert told(*homes) == [
        f"terms/{slug}.yml demo.home: the demo 'tiny' has 2 homes: neuron and gradient | "
        "keep `home: true` in one of them"
        for slug in ("neuron", "gradient")
    ]
    assert told(a_term("Loss"), a_term("Gradient", prerequisites=["loss"])) == [
        "terms/loss.yml demo: the demo 'tiny' has no home among the terms that show it: loss and gradient | "
        "write `home: true` in one of them"
    ]
    assert told(a_term("Loss")) == [], "where only one shows it, that is its home"


def test_a_demo_that_no_term_shows_is_told():
    demos = a_glossary().demos
    assert told(NEURON, demos={**demos, "other": demos["tiny"]}) == [
        "demos/tiny.py : no term shows this demo | write a term with `demo: other`"
    ]


TESTED = {
    "tests/demos/test_tiny.py": "",
    "tests/demos/mutants.yml": "# bugs\n- {file: demos/tiny.py, find: a, replace: b, slip: c}\n",
}


def untested(*missing, bugs=TESTED["tests/demos/mutants.yml"]):
    tests = {**TESTED, "tests/demos/mutants.yml": bugs}
    return told(NEURON, tests={path: text for path, text in tests.items() if path not in missing})


NO_TEST = (
    "demos/tiny.py : this demo has no test | "
    "write tests/demos/test_tiny.py: hold its results against a library, or against what is known beforehand"
)
NO_BUG = (
    "demos/tiny.py : no deliberate bug is planted in this demo | "
    "add one to tests/demos/mutants.yml, and see with `make mutants` that the test notices it"
)


@pytest.mark.parametrize(
    ("bugs", "expected"),
    [
        ('- {file: "demos/tiny.py", find: a}', []),
        ("- file: demos/tiny.py\n  find: a", []),
        ("- {file: demos/other.py, find: 'file: demos/tiny.py'}", [NO_BUG]),
        ("- {file: demos/tiny_too.py}\n- {file: demos/parts/tiny.py}", [NO_BUG]),
        ("# - {file: demos/tiny.py}", [NO_BUG]),
        ("", [NO_BUG]),
    ],
)
def test_a_demo_has_a_deliberate_bug(bugs, expected):
    assert untested(bugs=bugs) == expected


def test_a_demo_has_a_test_where_there_are_tests():
    assert untested("tests/demos/test_tiny.py") == [NO_TEST]
    assert untested("tests/demos/mutants.yml") == [], "where there is no list of bugs, none is asked for"
    assert untested(*TESTED) == [], "where there are no tests, none is asked for"


def test_a_test_that_could_not_be_read_is_not_told_to_be_missing():
    tests = {"tests/demos/mutants.yml": TESTED["tests/demos/mutants.yml"]}
    assert told(NEURON, tests=tests, unread=frozenset({"tests/demos/test_tiny.py"})) == []
