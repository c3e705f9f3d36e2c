"""The lists of words are as their readme says, and a change of one makes what was remembered worthless."""

import re

import pytest

from generator import cache
from generator.text import wordlists
from generator.text.spelling import misspelled
from generator.text.vocabulary import is_common
from generator.text.wordlists import WORDS, _codespell, common, corrections
from tests.generator.conftest import ROOT

README = (ROOT / "generator" / "words" / "README.md").read_text(encoding="utf-8")


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
