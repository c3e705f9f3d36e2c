"""The sentences that search shows of a term."""

import json

import pytest

from generator.pages.passages import passages, words
from tests.generator.conftest import a_term
from tests.generator.pages.conftest import files_of


def test_a_file_has_every_sentence_but_those_that_the_index_has():
    term = a_term(
        "Neuron",
        definition="A neuron is a sum. It bends.",
        explanation="First **bold** one. Second one, of [two](https://example.org/x).\n\n- A list.",
        examples=["An example!", "Another."],
        faq=[{"question": "Why so?", "answer": "So. It is so."}],
    )
    said = passages(term)
    expected = ["It bends.", "First bold one.", "Second one, of two.", "A list.", "An example!", "Another."]
    expected += ["So.", "It is so."]
    assert [one for one in said if one in expected] == expected
    assert not {"A neuron is a sum.", "Why so?"} & {*said}
    assert json.loads(files_of(term)["search/texts/neuron.json"]) == said


def test_of_a_formula_the_names_of_its_commands_are_left():
    term = a_term("Neuron", explanation=r"Add $\\epsilon$, or $\\frac{\\alpha}{b}$.")
    assert "Add epsilon, or frac alpha b." in passages(term)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Zeal, zeal's ZEAL-ous", {"zeal", "zeals", "ous"}),
        ("naïve Élő", {"naive", "elo"}),
        ("a of 42 1986", {"1986"}),
        ("束搜索 x", set()),
    ],
)
def test_words_are_folded_and_short_ones_left_out(text, found):
    assert words(text) == found
