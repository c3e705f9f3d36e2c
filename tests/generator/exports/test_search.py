"""What search knows of each page."""

from generator.exports.search import search_index
from tests.generator.conftest import a_comparison, a_glossary, a_path, a_term
from tests.generator.pages.conftest import TERMS


def test_the_search_knows_each_page_by_its_names_and_its_definition():
    docs = search_index(a_glossary(*TERMS, a_comparison(summary="Both *occur*."), a_path("neuron", "gradient")))["docs"]
    by_place = {doc["location"]: doc for doc in docs}
    assert list(by_place) == [
        "terms/neuron/", "terms/gradient/", "terms/adam/", "comparisons/neuron-vs-gradient/",
        "contribute/", "contribute/help-wanted/", "contribute/how-to-write-a-term/", "contribute/how-to-write-a-demo/",
        "categories/basics/", "categories/more/", "paths/from-here-to-there/",
    ]  # fmt: skip
    assert by_place["terms/neuron/"] == {
        "location": "terms/neuron/", "title": "Artificial Neuron", "text": TERMS[0].definition,
        "aliases": "neuron Threshold Unit ANN", "tags": ["neuron", "Threshold Unit", "ANN"],
    }  # fmt: skip
    assert by_place["terms/gradient/"]["text"].endswith("Why gradients?")
    assert by_place["comparisons/neuron-vs-gradient/"]["text"] == "Both occur."
    assert by_place["contribute/how-to-write-a-demo/"]["title"] == "How to write a demo"


def test_the_search_gets_as_html_what_the_theme_takes_for_html():
    term = a_term("Neuron", aliases=["R&D"], definition="A neuron is 1 < 2.", faq=[{"question": "<b>?", "answer": "x"}])
    assert search_index(a_glossary(term))["docs"][0] == {
        "location": "terms/neuron/", "title": "Neuron", "text": "A neuron is 1 &lt; 2. &lt;b&gt;?", "aliases": "R&D",
        "tags": ["R&amp;D"],
    }  # fmt: skip
