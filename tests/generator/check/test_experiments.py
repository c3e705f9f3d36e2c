"""Experiments: what check tells of them without running a demo."""

import pytest

from demos._run.source import read
from generator.check.rules import look_at
from tests.generator.check.conftest import GRADIENT, neuron, told
from tests.generator.conftest import a_glossary, a_term

PREDICTION = {"ask": "Larger?", "to": {"size": 4}, "watch": "half of it", "answer": "rises", "because": "It is."}
CHOICE = {"ask": "How large?", "settings": {"size": 6}, "watch": "size", "choices": [3, 6], "because": "It is."}
GOAL = {"goal": "Get to 4.", "reach": {"half of it": ">= 4"}, "witness": {"size": 8}, "because": "It is half."}


def of_one(kind, **changes):
    """What check says of an experiment, where another one beside it is well."""
    other = CHOICE if kind is not CHOICE else GOAL
    lines = neuron(experiments=[{**kind, **changes}, other], demo={"module": "tiny", "home": True})
    return [line.removeprefix("terms/neuron.yml experiments.0.") for line in lines]


def test_experiments_of_every_kind_are_well():
    assert of_one(PREDICTION) == of_one(CHOICE) == of_one(GOAL) == []
    assert of_one(PREDICTION, **{"from": {"size": 1, "loud": True}, "tolerance": 0.5, "answer": "stays"}) == []
    assert of_one(GOAL, reach={"half of it": "> 1 and <= 4", "size": "= 8", "loud": "= false"}) == []


def test_one_experiment_is_not_enough():
    problems = look_at(a_term(experiments=[GOAL]))
    assert [(str(one), one.kind) for one in problems] == [
        (
            "terms/neuron.yml: there is only one experiment\n    hint: write a second one, best a goal to reach",
            "unfinished",
        )
    ]


@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    [
        (PREDICTION, {"demo": "tinny"}, ["demo: the page shows no demo called 'tinny' | did you mean 'tiny'?"]),
        (PREDICTION, {"from": {"sise": 2}, "to": {"size": 10, "loud": 3}},
         ["from: tiny has no setting called 'sise' | did you mean 'size'?",
          "to: size is 10, and must lie between 1 and 9 | ",
          "to: loud is 3, and must be true or false | "]),
        (PREDICTION, {"to": {"size": 2}},
         ["to: nothing changes: 'from' and 'to' are the same settings | let one of them differ"]),
        (PREDICTION, {"from": {"size": 4}, "to": {"size": 4.0}},
         ["to: nothing changes: 'from' and 'to' are the same settings | let one of them differ"]),
        (PREDICTION, {"tolerance": -1}, ["tolerance: the tolerance -1 is below zero | it is a distance"]),
        (CHOICE, {"settings": {"size": 2}},
         ["settings: the page starts at these settings, so it shows the answer before anybody asks | "
          "let them differ from those of the demo"]),
        (CHOICE, {"settings": {}},
         ["settings: the page starts at these settings, so it shows the answer before anybody asks | "
          "let them differ from those of the demo"]),
        (CHOICE, {"choices": [6, 3, 6.0]}, ["choices.2: 6.0 is there twice | take one out"]),
        (GOAL, {"witness": {"size": 0}}, ["witness: size is 0, and must lie between 1 and 9 | "]),
        (GOAL, {"witness": {"loud": False}},
         ["witness: the page starts at these settings, so it shows the goal before anybody asks | "
          "let them differ from those of the demo"]),
        (GOAL, {"reach": {"size": "8", "half of it": "> 3 or < 1"}},
         [f"reach.{name}: '{said}' does not say what '{name}' must be | "
          "write one of <, <=, >, >= and = before a number: \"< 0.001\", or two joined by \"and\""
          for name, said in (("size", "8"), ("half of it", "> 3 or < 1"))]),
    ],
)  # fmt: skip
def test_what_no_demo_has_to_run_for_is_told(kind, changes, expected):
    assert of_one(kind, **changes) == expected


def test_a_setting_lies_where_the_slider_stops():
    text = a_glossary().demos["tiny"].text
    text = text.replace("Annotated[int, Range(1, 9)] = 2", "Annotated[float, Range(1, 9, 0.5)] = 2.0")
    term = a_term(experiments=[{**PREDICTION, "to": {"size": 2.7}}, CHOICE])
    assert told(term, GRADIENT, demos={"tiny": read("tiny", text=text)}) == [
        "terms/neuron.yml experiments.0.to: size is 2.7, and its slider does not stop there | it stops at 2.5 and 3"
    ]


def test_an_experiment_of_a_second_demo_starts_from_its_settings():
    also = [{"module": "tiny", "with": {"size": 4}, "home": True}]
    first = {"module": "other", "home": True}
    demos = {"tiny": a_glossary().demos["tiny"], "other": a_glossary().demos["tiny"]}
    lines = told(
        a_term(demo=first, also=also, experiments=[{**PREDICTION, "demo": "tiny"}, CHOICE]), GRADIENT, demos=demos
    )
    assert lines == [
        "terms/neuron.yml experiments.0.to: nothing changes: 'from' and 'to' are the same settings | "
        "let one of them differ"
    ]


def test_an_experiment_moves_nothing_that_its_page_hides():
    demo = {"module": "tiny", "home": True, "hide": ["loud"]}
    still = {**PREDICTION, "from": {"loud": False}}  # as on the page
    lines = neuron(experiments=[{**PREDICTION, "to": {"size": 4, "loud": True}}, still], demo=demo)
    hint = "take loud out of the 'hide' of the demo, or out of the experiment"
    assert lines == [f"terms/neuron.yml experiments.0.to: it sets loud, which the page hides | {hint}"]
