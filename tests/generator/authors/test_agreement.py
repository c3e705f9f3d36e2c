"""Numbers that pages state of one thing: how they are found, when they agree, and that the scorecard shows them."""

import pytest

from generator.authors.agreement import quantity_of, stated_differently, stated_in
from generator.authors.scorecard import scorecard
from tests.generator.conftest import a_comparison, a_glossary, a_term


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("GPT-2 has 50,257 tokens.", [("GPT-2", "tokens", "50,257")]),
        ("Llama 3 8B (2024) has 32 blocks, but only 8 heads.", [
            ("Llama 3 8B", "blocks", "32"), ("Llama 3 8B", "heads", "8")]),
        ("AlexNet had 650,000 neurons and 60 million\nparameters.", [
            ("AlexNet", "neurons", "650,000"), ("AlexNet", "parameters", "60 million")]),
        ("GPT-3 has 175 billion weights. It has 96 layers.", [("GPT-3", "weights", "175 billion")]),
        ("BERT is smaller than GPT-3, which has 96 layers.", [("GPT-3", "layers", "96")]),
        ("There are 96 layers in GPT-3.", []),
        ("A model of 12 layers.", []),
        ("GPT-2 costs $12 dollars$, and `GPT-3 has 96 layers`.", []),
        ("GPT-2 (2019) is of Chapter 3.", []),
    ],
)  # fmt: skip
def test_a_number_is_said_of_the_last_name_before_it_in_its_sentence(text, found):
    assert [(thing, what, quantity.written) for thing, what, quantity in stated_in(text)] == found


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (("124", "million"), ("124,439,808", None), True),
        (("124", "million"), ("117,000,000", None), False),
        (("128,000", None), ("128,256", None), True),
        (("128,256", None), ("128,000", None), True),
        (("50,257", None), ("50,000", None), True),
        (("50,257", None), ("50,256", None), False),
        (("1.5", "billion"), ("1,542", "million"), True),
        (("1.5", "billion"), ("1.6", "billion"), False),
        (("12", None), ("12.0", None), True),
    ],
)
def test_two_numbers_agree_if_one_may_be_the_other_rounded(one, other, agree):
    assert quantity_of(*one).agrees_with(quantity_of(*other)) is agree


def pages(*texts):
    """A glossary of terms, each of which says one of these things."""
    return a_glossary(
        *(a_term(title, note=text) for title, text in zip(("Neuron", "Gradient", "Loss"), texts, strict=False))
    )


def test_pages_that_state_one_thing_differently_are_found_and_pages_that_agree_are_not():
    found = stated_differently(pages("GPT-2 has 12 blocks.", "GPT-2 has 24 blocks.", "GPT-2 has 12 heads."))
    assert [(one.thing, one.what) for one in found] == [("GPT-2", "blocks")]
    assert {slug: [each.written for each in said] for slug, said in found[0].values.items()} == {
        "neuron": ["12"], "gradient": ["24"],
    }  # fmt: skip
    assert stated_differently(pages("GPT-2 has 12 blocks.", "GPT-2 has 12 blocks.", "GPT-3 has 24 blocks.")) == []


def test_a_page_that_says_both_contradicts_neither():
    both = "The smallest GPT-2 has 12 blocks, and the largest GPT-2 has 48 blocks."
    assert stated_differently(pages(both, "GPT-2 has 48 blocks.", "GPT-2 has 12 blocks.")) != []
    assert stated_differently(pages(both, "GPT-2 has 48 blocks.")) == []
    assert stated_differently(pages(both)) == []


def test_the_scorecard_of_a_term_shows_what_it_and_others_state_differently():
    terms = [a_term("Neuron", note="GPT-2 has 12 blocks."), a_term("Gradient"), a_term("Loss")]
    comparison = a_comparison(summary="They are unlike. GPT-2 has 24 blocks.")
    glossary = a_glossary(*terms, comparison)
    row = "| GPT-2 | blocks | neuron: 12; neuron-vs-gradient: 24 |"
    assert row in [" ".join(line.split()) for line in scorecard(glossary, ["neuron"]).splitlines()]
    assert "Stated of one thing" in scorecard(glossary, ["gradient", "neuron"])
    assert "Stated of one thing" not in scorecard(glossary, ["gradient"])
    assert "Stated of one thing" not in scorecard(a_glossary(*terms), ["neuron"])
