"""Intervals against scipy, accuracies against scikit-learn, and groups by what they are."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB

from demos.model_card import demo, groups, report, spread_of_groups, verdicts, wilson
from demos.naive_bayes_text import sentences


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99])
@pytest.mark.parametrize(("k", "n"), [(0, 4), (1, 3), (30, 64), (145, 145)])
def test_intervals_are_those_of_scipy(k, n, level):
    theirs = binomtest(k, n).proportion_ci(level, method="wilson")
    assert wilson(k, n, level) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    k = np.random.default_rng(0).binomial(60, 0.8, 4000)
    low, high = wilson(k, 60, 0.9)
    assert ((low <= 0.8) & (high >= 0.8)).mean() == pytest.approx(0.9, abs=0.03)


def test_right_answers_are_those_of_scikit_learn():
    (texts, label), (held_out, truth) = sentences("training"), sentences("held_out")
    counter = CountVectorizer(analyzer=lambda words: words)
    said = MultinomialNB(alpha=1.0).fit(counter.fit_transform(texts), label).predict(counter.transform(held_out))
    right, theirs, length = verdicts()
    np.testing.assert_array_equal(right, said == truth)
    np.testing.assert_array_equal(theirs, truth)
    assert length.tolist() == [len(text) for text in held_out]


@pytest.mark.parametrize(("factor", "many"), [("class", 2), ("length", 4), ("class and length", 8)])
def test_each_sentence_is_in_one_group(factor, many):
    members = np.array(list(groups(factor).values()))
    assert members.shape == (many, len(verdicts()[0]))
    assert (members.sum(axis=0) == 1).all()


def test_rows_are_counted_and_groups_without_sentences_are_left_out():
    right = np.array([True, False, True, True])
    members = {"a": np.array([1, 1, 0, 0], bool), "b": np.array([0, 0, 1, 1], bool), "c": np.zeros(4, bool)}
    rows = report(right, members, np.array([0, 1, 3]), 0.95)
    assert [row[:3] for row in rows] == [("a", 2, 0.5), ("b", 1, 1.0)]
    assert rows[0][3:] == pytest.approx(wilson(1, 2, 0.95))


def test_the_gap_is_that_of_groups_with_all_sentences_and_grows_with_fewer():
    right, _, _ = verdicts()
    members = groups("length")
    accuracy = [right[inside].mean() for inside in members.values()]
    assert spread_of_groups(right, members, len(right), 0) == pytest.approx(max(accuracy) - min(accuracy))
    gaps = [spread_of_groups(right, members, size, 0) for size in (40, 100, 292)]
    assert gaps == sorted(gaps, reverse=True)


def test_by_chance_alone_groups_differ_too():
    """Nobody is judged better here: right answers fall at random, and small samples still have a best and a worst."""
    right, members = np.random.default_rng(0).random(292) < 0.85, groups("length")
    assert spread_of_groups(right, members, 40, 0) > 2 * spread_of_groups(right, members, 292, 0)


def test_the_worst_group_is_worst():
    found, table = demo().numbers, demo().show[-1].rows
    assert found["accuracy of the worst group"] == pytest.approx(min(row[2] for row in table), abs=1e-3)
    assert found["width of the widest interval"] == pytest.approx(max(row[4] - row[3] for row in table), abs=2e-3)
    held = sum(row[3] <= found["accuracy"] <= row[4] for row in table)
    assert found["groups whose interval holds the accuracy"] == held
