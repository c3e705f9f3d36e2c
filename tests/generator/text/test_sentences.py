"""A sentence ends where a reader takes a breath, and not after every stop."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.text.markdown import opening
from generator.text.sentences import sentences


@pytest.mark.parametrize(
    "text",
    [
        "One is a thing.|Two is a thing.",
        "Is it?|It is!|Good",
        "It has no end",
        # what a stop does not end
        "An optimizer, e.g. Adam, is a rule.|It learns.",
        "An optimizer, i.e. Adam or its kin, is a rule.",
        "A test by A. M. Turing is a game.|It is played.",
        "A proof by J.-P. Serre and D. E. Knuth holds.",
        "It compares BERT vs. GPT and cf. Fig. 3 of Dr. No.",
        "It is seen in Fig. 2 and Eq. 3.|It is true.",
        "Vaswani et al. Attend to this.",
        "Vaswani et al. 2017 wrote it.|They did.",
        "In the U.S. Congress they vote.",
        # what it does
        "Many kinds, rules, etc.|The rest is noise.",
        "It was written in C.|It is fast.",
        "It was shown by Vaswani et al.|The idea is simple.",
        "It is at home in the U.S.|It is known.",
        # sentences that start otherwise than with a capital of ASCII
        "They play.|Élő rated them.",
        "They move.|k-means is a rule.",
        "They say “yes.”|“No,” say others.",
        "They count.|10 are enough.",
        "It is.|(That is all.)",
        # and numbers, addresses, names of files
        "It is 3.5 and not 4.0 of neuron.py in all.",
        "See Node.js or python.org for it.",
    ],
)
def test_a_text_is_cut_where_sentences_end(text):
    assert sentences(text.replace("|", " ")) == text.split("|")


@given(st.text(st.sampled_from("aA .?!”'1é\n"), max_size=40))
def test_no_letter_is_lost(text):
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_the_opening_of_a_text_ends_with_a_sentence():
    assert opening("It is like A. M. Turing said. Then comes more.", most=30) == "It is like A. M. Turing said."
