"""The names that guesses are made from where an address leads nowhere."""

import json

from generator.exports.names import export, files
from tests.generator.conftest import a_comparison, a_glossary, a_path
from tests.generator.pages.conftest import TERMS


def test_every_name_and_old_address_of_every_entry_is_there():
    glossary = a_glossary(*TERMS, a_comparison(), a_path("neuron", "gradient"))
    rows = json.loads(export(glossary))
    assert rows[0] == ["terms/neuron/", "Artificial Neuron", "neuron", "Threshold Unit", "ANN", "cell"]
    assert ["terms/adam/", "Adam", "λ-rule", "ANN"] in rows
    assert ["comparisons/neuron-vs-gradient/", "Neuron vs. Gradient"] in rows
    assert ["paths/from-here-to-there/", "From here to there"] in rows
    subjects = [address for address, *_ in rows if address.startswith("categories/")]
    assert subjects == [f"categories/{slug}/" for slug in glossary.categories]


def test_it_is_one_file():
    assert [path for path, _ in files(a_glossary(*TERMS))] == ["assets/names.json"]
