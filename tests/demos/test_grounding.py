"""Support by hand and against scikit-learn, and that the claims are what the demo calls them."""

import math

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import roc_auc_score

from demos.grounding import CLAIMS, TRUE, demo, order, parts_of, sentences, support, telling
from demos.parts.corpus import FUNCTION_WORDS, small_text

TEXT = sentences(small_text())
CLAIM_LISTS = {sort: told.split("|") for sort, told in CLAIMS.items()}


def test_by_hand_two_of_three_words_stand_in_a_sentence():
    sources = [{"ice", "water"}, {"water", "sea"}]
    weight = telling(sources)
    assert weight["water"] == pytest.approx(math.log(2))
    assert weight["ice"] == pytest.approx(math.log(3))
    expected = (math.log(3) + math.log(2)) / (2 * math.log(3) + math.log(2))  # snow is in no sentence
    np.testing.assert_allclose(support({"ice", "water", "snow"}, sources, weight)[0], expected)
    np.testing.assert_allclose(support({"ice", "water", "snow"}, sources, weight)[1], math.log(2) / (
        2 * math.log(3) + math.log(2)))  # fmt: skip


@pytest.mark.parametrize("unit", ["words", "pairs of words"])
def test_support_is_a_weighted_share_as_scikit_learn_counts_it(unit):
    n = 1 if unit == "words" else 2
    counter = CountVectorizer(
        binary=True, ngram_range=(n, n), token_pattern=r"[a-z]+(?:'[a-z]+)?", stop_words=sorted(FUNCTION_WORDS)
    )
    has = counter.fit_transform([sentence.replace("-", " ") for sentence in TEXT]).toarray()  # [N, V]
    idf = np.log(1 + len(TEXT) / has.sum(axis=0))
    sources = [parts_of(sentence, unit) for sentence in TEXT]
    for claim in CLAIM_LISTS["copied"] + CLAIM_LISTS["altered"]:
        asked = counter.transform([claim]).toarray()[0]
        unknown = len(parts_of(claim, unit)) - asked.sum()
        expected = (has * asked) @ idf / (asked @ idf + unknown * np.log(1 + len(TEXT)))
        np.testing.assert_allclose(support(parts_of(claim, unit), sources, telling(sources)), expected, rtol=1e-9)


def test_the_chance_is_the_area_of_scikit_learn():
    rng = np.random.default_rng(0)
    true, false = rng.integers(0, 6, 40) / 5, rng.integers(0, 5, 30) / 5
    area = roc_auc_score([1] * 40 + [0] * 30, np.concatenate([true, false]))
    assert order(true, false) == pytest.approx(area)


def test_the_text_is_cut_into_sentences_without_headings():
    assert "In the evening the family sits down to eat." in TEXT
    assert all(sentence.endswith((".", "?", "!")) for sentence in TEXT)
    assert not any(sentence.startswith("Soup and bread") for sentence in TEXT)


def test_the_sorts_are_what_they_are_called():
    assert all(len(each) == len(set(each)) == 12 for each in CLAIM_LISTS.values())
    sources = [parts_of(sentence, "words") for sentence in TEXT]
    for claim in CLAIM_LISTS["copied"]:
        assert any(parts_of(claim, "words") <= each for each in sources)
    for copied, altered in zip(CLAIM_LISTS["copied"], CLAIM_LISTS["altered"], strict=True):
        assert altered != copied
        assert len(set(copied.lower().split()) ^ set(altered.lower().split())) <= 3


def test_inventions_go_first_and_altered_claims_outlive_reworded_ones():
    middle = demo(threshold=0.5).numbers
    assert middle["percent of invented claims kept"] < 10
    assert middle["percent of altered claims kept"] > 90 > 30 > middle["percent of reworded claims kept"]
    assert demo().numbers["percent of kept claims that are true"] == 50
    assert demo().numbers["chance that a reworded claim beats an altered one"] < 0.2
    assert demo().numbers["chance that a true claim beats an invented one"] > 0.8
    assert set(TRUE) == {"copied", "reworded"}


def test_a_negation_goes_unnoticed():
    for claim in ("Boats cross it in summer.", "No boats cross it in summer."):
        assert demo(claim=claim).numbers["support of your claim"] == pytest.approx(1)
    assert demo(claim="").numbers["support of your claim"] == 0


def test_the_curve_counts_what_the_figures_say():
    for threshold in (0.0, 0.34, 0.8, 1.0):
        result = demo(threshold=threshold)
        for series in result.show[0].series[:4]:
            at = round(threshold * 100)
            assert series.y[at] == pytest.approx(result.numbers[f"percent of {series.name} claims kept"])


def test_no_other_threshold_keeps_more_true_claims_and_fewer_false_ones():
    result = demo()
    kept = {series.name: series.y for series in result.show[0].series[:4]}
    gains = [sum(kept[sort][i] for sort in TRUE) - kept["altered"][i] - kept["invented"][i] for i in range(101)]
    best = round(100 * result.numbers["threshold that tells true from false best"])
    assert gains[best] == pytest.approx(max(gains))
    assert best > 0
