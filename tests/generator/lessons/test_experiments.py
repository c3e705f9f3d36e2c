"""Experiments and figures in texts: the build runs what they need, refuses what is wrong, and writes the numbers."""

from copy import deepcopy

import pytest

from generator.lessons import run as lessons_run
from generator.lessons import teach as lessons_teach
from generator.lessons.experiments import trials
from generator.lessons.figures import computed
from generator.lessons.teach import teach
from generator.load.glossary import load
from generator.load.places import located
from tests.generator.conftest import a_comparison, entry, write_yaml

PREDICTION = {"ask": "Larger?", "to": {"size": 4}, "watch": "half of it", "answer": "rises", "because": "It is."}
CHOICE = {"ask": "How large?", "settings": {"size": 7}, "watch": "half of it", "choices": [3, 3.5], "because": "So."}
GOAL = {"goal": "Get to 4.", "reach": {"half of it": ">= 4"}, "witness": {"size": 8}, "because": "It is half."}


@pytest.fixture
def taught(project):
    """What the build finds of a term with these experiments and other changes: lines, lessons, the glossary."""

    def teach_it(*experiments, **changes):
        write_yaml(
            project / "terms" / "neuron.yml", entry(**changes, experiments=[deepcopy(one) for one in experiments])
        )
        loaded = load(project)
        assert loaded.problems == []
        glossary = loaded.glossary
        lessons, problems = teach(glossary, project, project / ".cache" / "lessons")
        return [str(problem) for problem in located(project, problems)], lessons, glossary

    return teach_it


@pytest.fixture
def compared(project):
    """A page beside the term that has a figure in its text."""
    write_yaml(project / "terms" / "gradient.yml", entry("Gradient", prerequisites=["neuron"]))
    page = a_comparison(summary="It is {{half of it | demo=tiny | size=5}}.").model_dump(
        mode="json", by_alias=True, exclude_defaults=True
    )
    del page["slug"]
    write_yaml(project / "terms" / "comparisons" / "neuron-vs-gradient.yml", page)


def messages(lines):
    return [line.partition(": ")[2].replace("\n    hint: ", " | ") for line in lines]


def test_right_experiments_get_the_runs_they_need_and_no_pictures(taught):
    told, lessons, glossary = taught(
        PREDICTION,
        {**PREDICTION, "from": {"size": 4}, "to": {"loud": True, "size": 4}, "answer": "stays"},
        CHOICE,
        {**GOAL, "reach": {"half of it": "> 3 and <= 4", "size": ">= 8"}},
    )
    assert told == []
    ways = [(dict(trial.start), dict(trial.end)) for trial in trials(glossary, glossary.terms["neuron"])]
    assert ways[1] == ({"size": 4, "loud": False}, {"size": 4, "loud": True})
    assert ways[3] == ({"size": 2, "loud": False}, {"size": 8, "loud": False})
    sizes = {lesson.numbers["size"]: len(lesson.pictures) for lesson in lessons.shown.values()}
    assert sizes == {2: 1, 4: 0, 7: 0, 8: 0}
    assert len(lessons.shown) == 5


def test_runs_without_pictures_share_a_process_and_one_that_fails_there_is_told_like_any_other(taught, monkeypatch):
    ran = []
    run = lessons_run.run
    monkeypatch.setattr(lessons_run, "run", lambda command, *more: (ran.append(command[2]), run(command, *more))[1])
    told, lessons, _ = taught(PREDICTION, CHOICE, GOAL)
    assert told == []
    assert ran == ["demos._run.sweep", "demos"]  # four sizes: three of them in one process, and the page's own
    assert {lesson.numbers["half of it"] for lesson in lessons.shown.values()} == {1, 2, 3.5, 4}
    monkeypatch.setattr(lessons_teach, "run_along", lambda demo, own, changes, folder: [""] * (len(changes) + 1))
    ran.clear()
    five, nine = {**CHOICE, "settings": {"size": 5}, "choices": [2.5, 3]}, {**GOAL, "witness": {"size": 9}}
    told, lessons, _ = taught(PREDICTION, five, nine)
    assert told == []
    assert ran == ["demos", "demos"]  # 9 and 5; the others are remembered
    assert {lesson.numbers["half of it"] for lesson in lessons.shown.values()} == {1, 2, 2.5, 4.5}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({**PREDICTION, "answer": "falls"},
         "the answer is 'falls', and 'half of it' rises, from 1 to 2 | write `answer: rises`, or change the question"),
        ({**PREDICTION, "to": {"loud": True}},
         "the answer is 'rises', and 'half of it' is 1 before and after | "
         "write `answer: stays`, or change the question"),
        ({**PREDICTION, "answer": "stays"},
         "the answer is 'stays', and 'half of it' rises, from 1 to 2 | "
         "write `answer: rises`, or change the question, or state a tolerance"),
        ({**PREDICTION, "tolerance": 1},
         "the answer is 'rises', and 'half of it' stays, from 1 to 2 | write `answer: stays`, or change the question"),
        ({**PREDICTION, "watch": "half of them"},
         "the demo 'tiny' reports no 'half of them' | did you mean 'half of it'?"),
        ({**CHOICE, "watch": "width"}, "the demo 'tiny' reports no 'width' | one of: size, half of it"),
        ({**CHOICE, "choices": [3, 5]},
         "none of the choices is right: 'half of it' is 3.5 | exactly one must be, to the digits it has"),
        ({**CHOICE, "choices": [3.5, 4]},
         "both 3.5 and 4 are right: 'half of it' is 3.5 | exactly one must be, to the digits it has"),
        ({**GOAL, "reach": {"half of it": ">= 1", "size": "> 1"}},
         "the goal is reached as the page starts: 'half of it' is 1 and 'size' is 2 | ask for more"),
        ({**GOAL, "reach": {"half of it": "> 4", "size": "> 7"}},
         "the witness does not reach the goal: 'half of it' is 4, and not > 4 | "
         "find settings that do, or ask for less"),
        ({**GOAL, "reach": {"sise": "> 4"}}, "the demo 'tiny' reports no 'sise' | did you mean 'size'?"),
    ],
)  # fmt: skip
def test_a_wrong_experiment_is_told_with_what_is_so(taught, wrong, told):
    lines = taught(PREDICTION, wrong)[0]
    assert messages(lines) == [told]


def test_all_that_is_wrong_is_told_at_once_with_its_place(taught):
    lines, _, _ = taught({**PREDICTION, "answer": "falls"}, {**CHOICE, "choices": [1, 2]}, examples=["{{sise}}", "x"])
    assert [line.partition(": ")[0].split(":")[0] for line in lines] == ["terms/neuron.yml"] * 3
    assert messages(lines)[0] == "the demo 'tiny' reports no 'sise' | did you mean 'size'?"


def test_a_figure_that_stays_may_change_within_its_tolerance(taught):
    assert taught({**PREDICTION, "answer": "stays", "tolerance": 1}, GOAL)[0] == []


def test_a_run_that_fails_is_told_once(taught, project):
    text = (project / "demos" / "tiny.py").read_text(encoding="utf-8")
    broken = text.replace(
        "    return Result(", "    if size == 4:\n        raise ValueError('four')\n    return Result("
    )
    (project / "demos" / "tiny.py").write_text(broken, encoding="utf-8")
    assert messages(taught(PREDICTION, GOAL)[0]) == ["ValueError: four (with --size=4, as in terms/neuron.yml)"]


# --- figures in texts -------------------------------------------------------------------------------------


def test_figures_are_computed_in_every_text_that_may_hold_one(taught):
    told, lessons, glossary = taught(
        {**PREDICTION, "because": "It is {{half of it | size=4}} then."}, GOAL,
        demo={"module": "tiny", "with": {"size": 3}, "home": True, "caption": "Half is {{half of it}}."},
        examples=["From {{half of it | .2f}} to\n{{half of\nit | size=8}}: `{{size}}`.", "{{size | loud=yes}}"],
        misconceptions=[{"wrong": "It is {{size | ,.1f}}.", "right": "It is {{half of it | .0%}}."}],
        faq=[{"question": "Why {{size}}?", "answer": "Because."}],
    )  # fmt: skip
    assert told == []
    before = glossary.terms["neuron"]
    assert before.demos[0].caption == "Half is {{half of it}}."  # and is remembered by the entry
    term = computed(glossary, lessons.numbers).terms["neuron"]
    assert term.demos[0].caption == term.demo.caption == "Half is 1.5."
    assert term.examples == ["From 1.50 to\n4: `{{size}}`.", "3"]
    assert (term.misconceptions[0].wrong, term.misconceptions[0].right) == ("It is 3.0.", "It is 150 %.")
    assert term.faq[0].question == "Why 3?"
    assert term.experiments[0].because == "It is 2 then."
    assert before.experiments[0].because == "It is {{half of it | size=4}} then."


def test_what_has_no_figures_stays_the_same_object(taught):
    _, lessons, glossary = taught(PREDICTION, GOAL)
    assert computed(glossary, lessons.numbers).terms["neuron"] is glossary.terms["neuron"]


@pytest.mark.usefixtures("compared")
def test_a_comparison_names_its_demo(taught):
    told, lessons, glossary = taught(PREDICTION, GOAL)
    assert told == []
    assert computed(glossary, lessons.numbers).comparisons["neuron-vs-gradient"].summary == "It is 2.5."


def test_a_figure_of_another_demo_of_the_page_is_named_as_a_remedy(taught, project):
    text = (project / "demos" / "tiny.py").read_text(encoding="utf-8")
    other = text.replace("Tiny:", "Other:").replace('"half of it": size / 2', '"twice it": size * 2')
    (project / "demos" / "other.py").write_text(other, encoding="utf-8")
    also = [{"module": "other", "with": {"size": 3}}]
    lines = taught(PREDICTION, GOAL, also=also, examples=["{{twice it}}", "x"])[0]
    assert messages(lines) == [
        "the demo 'tiny' reports no 'twice it' | another demo of the page does: {{twice it | demo=other}}"
    ]
    told, lessons, glossary = taught(PREDICTION, GOAL, also=also, examples=["{{twice it | demo=other}}", "x"])
    assert told == []
    assert computed(glossary, lessons.numbers).terms["neuron"].examples[0] == "6"
