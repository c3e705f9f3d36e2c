"""Words: each is common English, a name or explained; and none is misspelled."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import cache
from generator.text import wordlists
from generator.text.markdown import parts
from generator.text.spelling import misspelled
from generator.text.vocabulary import Vocabulary, forms, is_common
from generator.text.wordlists import WORDS, _codespell, common, corrections
from tests.generator.conftest import ROOT
from tests.generator.test_markdown import nasty

README = (ROOT / "generator" / "words" / "README.md").read_text(encoding="utf-8")

# --- forms ------------------------------------------------------------------------------------------------


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


# --- common English ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    ["gradient", "logit", "tensor", "softmax", "token", "neuron", "neural", "vector", "matrix", "algorithm", "encoder",
     "parameter", "entropy", "stochastic", "perceptron", "kernel", "epoch", "latent", "variance", "logarithm", "bias",
     "backpropagation", "classifier", "regression", "quantization", "hyperparameter", "cosine", "embedding"],
)  # fmt: skip
def test_words_of_the_trade_are_not_common(word):
    assert not is_common(word)


@pytest.mark.parametrize(
    "word",
    ["squashes", "glued", "peeking", "overshoots", "steepest", "repeatedly", "neighbors", "weighs", "guesses",
     "multiplied", "subtracting", "probability", "network", "layers", "average", "randomly", "cheaper", "vocabulary"],
)  # fmt: skip
def test_plain_words_are_common_in_all_their_forms(word):
    assert is_common(word)


def test_the_list_is_sorted_lower_case_and_says_nothing_twice():
    words = [line for line in (WORDS / "common.txt").read_text().splitlines() if line[0] != "#"]
    assert words == sorted(set(words))
    assert [word for word in words if not re.fullmatch("[a-z]+", word)] == []
    assert 5_000 < len(words) < 10_000


def by_hand(step):
    """The words that the list of steps names, after the colon of one of them."""
    told = re.search(rf"^{step}\. .*?(?=^\d\.|\n\n)", README, re.MULTILINE | re.DOTALL)
    return re.findall(r"[a-z]+", told[0].rpartition(":")[2])


def test_what_was_taken_out_of_the_list_and_added_by_hand_is_as_its_readme_says():
    out, added = by_hand(4), by_hand(5)
    assert len(out) > 40
    assert [word for word in out if is_common(word)] == []
    assert len(added) > 40
    assert [word for word in added if word not in common()] == []


# --- what a definition says -------------------------------------------------------------------------------

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


# --- spelling ---------------------------------------------------------------------------------------------


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


def ours():
    return [line.partition("->") for line in (WORDS / "misspelled.txt").read_text().splitlines()]


def test_our_own_misspellings_are_sorted_and_lead_to_what_is_right():
    words = [word for word, _, _ in ours()]
    assert words == sorted(set(words))
    for word, arrow, meant in ours():
        assert arrow == "->"
        assert list(misspelled(word)) == [(word, meant)]
        assert list(misspelled(meant)) == []


def test_what_is_said_to_be_right_would_be_wrong_otherwise():
    """Or the list grows and grows."""
    right = (WORDS / "right.txt").read_text().split()
    assert right == sorted(set(right))
    lists = [path.read_text(encoding="utf-8").splitlines() for path in _codespell()]
    known = {line.partition("->")[0] for lines in lists for line in lines}
    assert [word for word in right if word not in known] == []


def test_codespell_that_is_missing_is_told(monkeypatch):
    monkeypatch.setattr(wordlists, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="codespell is missing; install the project anew"):
        corrections.__wrapped__()


# --- what was remembered ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["common.txt", "misspelled.txt", "right.txt"])
def test_a_change_of_a_list_makes_what_was_remembered_worthless(tmp_path, monkeypatch, name):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / name).write_text("one\n", encoding="utf-8")
    monkeypatch.setattr(cache, "HERE", tmp_path)
    before = cache.program.__wrapped__()
    (tmp_path / "words" / name).write_text("other\n", encoding="utf-8")
    assert cache.program.__wrapped__() != before


def test_another_version_of_codespell_makes_what_was_remembered_worthless(monkeypatch):
    before = cache.program.__wrapped__()
    monkeypatch.setattr(cache, "version", lambda name: "9.9" if name == "codespell" else "1")
    after = cache.program.__wrapped__()
    monkeypatch.setattr(cache, "version", lambda name: "9.8" if name == "codespell" else "1")
    assert len({before, after, cache.program.__wrapped__()}) == 3
