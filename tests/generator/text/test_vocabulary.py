"""Which words a reader may not know: forms, common English, and what a definition says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.text.vocabulary import Vocabulary, forms


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("networks", "network"), ("matches", "match"), ("carries", "carry"), ("guesses", "guess"),
        ("learned", "learn"), ("scaled", "scale"), ("planned", "plan"), ("carried", "carry"),
        ("learning", "learn"), ("scaling", "scale"), ("planning", "plan"), ("falling", "fall"),
        ("steepest", "steep"), ("noisiest", "noisy"), ("widest", "wide"), ("flattest", "flat"),
        ("slowly", "slow"), ("happily", "happy"), ("word", "word"),
    ],
)  # fmt: skip
def test_a_form_of_a_word_leads_to_the_word(word, base):
    assert base in forms(word)


@pytest.mark.parametrize(
    ("word", "other"), [("reader", "read"), ("readable", "read"), ("reading", "reader"), ("is", "i"), ("red", "r")]
)
def test_another_word_of_the_same_family_is_no_form_of_it(word, other):
    assert other not in forms(word)


NAMES = ["Neuron", "Gradient Descent", "KV cache", "Overfitting", "GPT-2", "Byte-Pair Encoding", "Self-Attention"]


@pytest.mark.parametrize(
    ("definition", "undefined"),
    [
        ("A logit is a number.", ["logit"]),
        ("Logits, more logits and a tensor of LOGITS.", ["Logits", "tensor"]),
        ("A logit's tensor’s end.", ["logit", "tensor"]),
        # one word, all words, and another form of a name
        ("Neurons are units.", []),
        ("The neuron's sum.", []),
        ("Gradient descent is a way.", []),
        ("An overfitted model overfits.", []),
        ("Byte pair encodings and byte-pair encoding.", []),
        ("GPT-2 and a KV-cache.", []),
        # only a part of a name is none
        ("The gradient.", ["gradient"]),
        ("Gradients and descents.", ["Gradients"]),
        ("A cache of KV.", ["cache", "KV"]),
        # the name in the middle of more words that are not known
        ("A tensor neuron logit.", ["tensor", "logit"]),
        # no words
        ("In 1957, 2nd of 10x, 3D and −1.5 of x and y.", []),
        ("It doesn't, can't, won't; it’s the model’s and they’re you'll.", []),
        # each half of a hyphen
        ("A well-known, high-dimensional and non-linear thing.", ["linear"]),
        ("", []),
    ],
)  # fmt: skip
def test_a_word_that_is_neither_common_nor_a_name_is_undefined(definition, undefined):
    assert Vocabulary(NAMES).undefined(definition) == undefined


def test_an_allowed_word_is_allowed_in_all_its_forms():
    assert Vocabulary(NAMES, ["logit"]).undefined("Logits and the logit of a tensor.") == ["tensor"]


@given(st.text(max_size=80), st.lists(st.text(max_size=20), max_size=5))
def test_no_text_and_no_name_is_too_odd(text, names):
    assert Vocabulary([*names, text]).undefined(text) == []
