"""Experiments in a page: a fold each with question, answer and reason, and all that the page's script needs."""

import json

from generator.config import Site
from generator.pages.site import site
from tests.generator.conftest import a_glossary, a_term, as_page, lessons_for

EXPERIMENTS = [
    {"ask": "A <b>larger</b> one?", "from": {"size": 1}, "to": {"size": 4}, "watch": "half of it", "answer": "rises",
     "because": "It is *half* of [[neuron|it]], as $a < b$ says."},
    {"ask": "Louder?", "to": {"loud": True}, "watch": "size", "answer": "stays", "because": "Size is size."},
    {"ask": "How large?", "settings": {"size": 7}, "watch": "half of it", "choices": [3, 3.5, 1000], "because": "So."},
    {"goal": "Get to 4.", "reach": {"half of it": "> 3 and <= 4", "loud": "= true"},
     "witness": {"size": 8, "loud": True}, "because": "So."},
]  # fmt: skip


def shown(**changes):
    glossary = a_glossary(a_term(**{"experiments": EXPERIMENTS, **changes}))
    return as_page(site(glossary, lessons_for(glossary), Site("https://example.org/"))["terms/neuron.md"].make())[1]


def folds(place):
    return [
        (fold.summary.text, fold.find(class_="tl-outcome-said").text, fold.find(class_="tl-because").text)
        for fold in place.find_all("details", class_="tl-experiment")
    ]


def test_without_a_script_each_is_a_fold_with_its_answer_and_reason():
    section = shown().find("section", class_="tl-demo")
    assert folds(section) == [
        ("A <b>larger</b> one?", "It rises: “half of it” goes from 0.5 to 2.", "It is half of it, as a < b says."),
        ("Louder?", "It stays the same: “size” is 2 before and after.", "Size is size."),
        ("How large?", "“half of it” is 3.5.", "So."),
        ("Get to 4.", "One way: size 8, loud on.", "So."),
    ]
    classes = [" ".join(child.get("class", [])) for child in section.find_all(recursive=False)]
    assert classes.index("tl-experiments") < classes.index("tl-bench"), "above the picture"


def test_the_script_gets_complete_settings_and_the_answers():
    told = [json.loads(fold["data-experiment"]) for fold in shown().find_all("details", class_="tl-experiment")]
    own = {"size": 2, "loud": False}
    assert [one.pop("outcome") for one in told] == [said for _, said, _ in folds(shown())]
    assert told == [
        {"kind": "prediction", "start": {"size": 1, "loud": False}, "end": {"size": 4, "loud": False},
         "answers": [["It rises", True], ["It falls", False], ["It stays the same", False]]},
        {"kind": "prediction", "start": own, "end": {"size": 2, "loud": True},
         "answers": [["It rises", False], ["It falls", False], ["It stays the same", True]]},
        {"kind": "choice", "start": own, "end": {"size": 7, "loud": False},
         "answers": [["3", False], ["3.5", True], ["1,000", False]]},
        {"kind": "goal", "start": own, "end": {"size": 8, "loud": True},
         "reach": [["half of it", ">", 3.0], ["half of it", "<=", 4.0], ["loud", "=", "true"]]},
    ]  # fmt: skip


def test_a_page_without_experiments_has_no_place_for_them():
    glossary = a_glossary(a_term())
    page = as_page(site(glossary, lessons_for(glossary), Site("https://example.org/"))["terms/neuron.md"].make())[1]
    assert page.find(class_="tl-experiments") is None


def test_each_demo_has_its_own():
    also = [{"module": "tiny", "with": {"size": 3}}]
    page = shown(demo={"module": "tiny", "home": True}, also=also)
    assert [
        len(section.find_all("details", class_="tl-experiment"))
        for section in page.find_all("section", class_="tl-demo")
    ] == [4, 0]


def test_where_a_figure_may_change_a_little_the_answers_say_so():
    asked = [{**EXPERIMENTS[0], "answer": "stays", "tolerance": 2}, EXPERIMENTS[2]]
    place = shown(experiments=asked)
    assert folds(place)[0][1] == "It stays about the same: “half of it” goes from 0.5 to 2."
    told = json.loads(place.find(class_="tl-experiment")["data-experiment"])
    assert told["answers"][2] == ["It stays about the same", True]


def test_a_choice_that_is_rounded_says_the_figure_too():
    asked = [{**EXPERIMENTS[2], "settings": {"size": 7}, "choices": [4, 9]}, EXPERIMENTS[3]]
    assert folds(shown(experiments=asked))[0][1] == "“half of it” is 3.5, so 4."
