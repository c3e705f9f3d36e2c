"""The glossary as data, for other programs."""

import json

from generator.exports.glossary_json import export
from tests.generator.conftest import a_glossary, a_term
from tests.generator.pages.conftest import SHARED, TERMS


def test_the_glossary_is_exported_as_data():
    data = json.loads(export(a_glossary(*TERMS)))
    assert data["license"] == "CC-BY-4.0"
    assert list(data["terms"]) == ["neuron", "gradient", "adam"]
    gradient = data["terms"]["gradient"]
    assert (gradient["title"], gradient["related"], gradient["written"]) == ("Gradient", ["adam"], "2026-11-23")
    assert data["terms"]["adam"]["related"] == ["gradient"], "a relation is seen from both sides"
    assert data["terms"]["neuron"]["aliases"][1:] == [{"text": "Threshold Unit"}, SHARED]


def test_experiments_are_exported_as_they_are_written():
    asked = {
        "ask": "Larger?",
        "from": {"size": 1},
        "to": {"size": 4},
        "watch": "size",
        "answer": "rises",
        "because": "So.",
    }
    chosen = {"ask": "How large?", "settings": {"size": 6}, "watch": "size", "choices": [3, 6.5], "because": "So."}
    goal = {"goal": "Get to 4.", "reach": {"size": "= 4"}, "witness": {"size": 4}, "because": "So."}
    data = json.loads(export(a_glossary(a_term(experiments=[asked, chosen, goal]))))
    assert data["terms"]["neuron"]["experiments"] == [asked, chosen, goal]
