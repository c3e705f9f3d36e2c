"""Misspelled words are found in prose and nowhere else."""

import pytest
from hypothesis import given

from generator.text.markdown import parts
from generator.text.spelling import all_are_right, misspelled
from tests.generator.text.test_markdown import nasty


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("It learns teh words.", [("teh", "the")]),
        ("Teh words, teh words.", [("Teh", "the")]),
        ("The gradiant falls.", [("gradiant", "gradient, radiant")]),
        ("the color of a neighbour", [("neighbour", "neighbor")]),
        ("normalisation and tokenisers", [("normalisation", "normalization"), ("tokenisers", "tokenizers")]),
        ("a feedforward minibatch", [("feedforward", "feed-forward"), ("minibatch", "mini-batch")]),
        ("back-propagation", [("back-propagation", "backpropagation")]),
        ("a well-knwon thing", [("knwon", "known")]),
        ("*teh* and [teh](https://teh.org/teh) and [[teh|teh]]", [("teh", "the")]),
        ("it doesnt", [("doesnt", "doesn't, does not")]),
        # right as it is
        ("a dialogue", []),
        ("`teh`, $teh$, https://teh.org/teh, <https://teh.org>, [a](https://teh.org) and [[teh]]", []),
        ("```\nteh\n```", []),
        ("TEH and TeH are acronyms", []),
        ("économique", []),
    ],
)  # fmt: skip
def test_a_misspelled_word_is_found_in_prose_and_nowhere_else(text, wrong):
    assert list(misspelled(text)) == wrong
    assert not (wrong and all_are_right(["Well.", text, "Good."]))


@pytest.mark.parametrize(
    "text", ["teh https://example.org", "x`a`-teh", "teh$x$", "[[neuron|teh]]s", "É teh", "don’t teh"]
)
def test_a_misspelled_word_is_seen_too_where_texts_are_looked_at_all_together(text):
    assert list(misspelled(text)) == [("teh", "the")]
    assert not all_are_right(["Well.", text])


@given(nasty)
def test_texts_of_which_all_words_are_right_have_none_that_is_misspelled(text):
    for one in (text, f"teh{text}", f"{text} teh"):
        assert not (all_are_right([one]) and list(misspelled(one)))


def test_texts_without_a_misspelled_word_are_seen_to_be_right():
    assert all_are_right(["A neuron weighs its inputs.", "It’s a well-known thing: `x`, $y$ and [[neuron]]."])
    assert all_are_right([])


def test_a_word_beside_words_that_were_right_before_is_looked_up():
    assert all_are_right(["Learn the words."])
    assert not all_are_right(["Learn teh words."])
    assert not all_are_right(["Learn teh words."]), "what is wrong once stays wrong"


def test_the_names_of_authors_are_right():
    text = "Wiegreffe and Pinter (2019) asked."
    assert list(misspelled(text)) == [("Pinter", "pointer, printer")]
    assert list(misspelled(text, ["Sarah Wiegreffe, Yuval Pinter"])) == []


@given(nasty)
def test_any_text_can_be_spell_checked(text):
    prose = "".join(part for kind, part in parts(text) if kind != "code")
    for word, meant in misspelled(text):
        assert word in prose
        assert meant
