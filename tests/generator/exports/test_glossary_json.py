"""The glossary as data, for other programs."""

import json

from generator.exports.glossary_json import export
from tests.generator.conftest import a_glossary
from tests.generator.pages.conftest import SHARED, TERMS


def test_the_glossary_is_exported_as_data():
    data = json.loads(export(a_glossary(*TERMS)))
    assert data["license"] == "CC-BY-4.0"
    assert list(data["terms"]) == ["neuron", "gradient", "adam"]
    gradient = data["terms"]["gradient"]
    assert (gradient["title"], gradient["related"], gradient["written"]) == ("Gradient", ["adam"], "2026-11-23")
    assert data["terms"]["adam"]["related"] == ["gradient"], "a relation is seen from both sides"
    assert data["terms"]["neuron"]["aliases"][1:] == [{"text": "Threshold Unit"}, SHARED]
