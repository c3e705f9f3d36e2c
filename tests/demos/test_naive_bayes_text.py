"""Naive Bayes against scikit-learn, on the glossary's sentences and on random counts, and by hand."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB

from demos.naive_bayes_text import CLASSES, count_words, demo, fit, learn, log_joint, probabilities, sentences


@pytest.mark.parametrize("alpha", [0.01, 1.0, 7.0])
@pytest.mark.parametrize("seed", range(4))
def test_equals_scikit_learn_on_random_counts(seed, alpha):
    rng = np.random.default_rng(seed)
    x, label = rng.poisson(1.0, size=(40, 30)), np.append([0, 1], rng.integers(0, 2, size=38))
    theirs = MultinomialNB(alpha=alpha).fit(x, label)
    joint = log_joint(x, *fit(x, label, alpha))
    np.testing.assert_allclose(joint, theirs.predict_joint_log_proba(x), rtol=1e-10)
    np.testing.assert_allclose(probabilities(joint), theirs.predict_proba(x), atol=1e-12)


@pytest.mark.parametrize("binary", [False, True])
def test_equals_scikit_learn_on_the_glossary(binary):
    (texts, label), (held_out, truth) = sentences("training"), sentences("held_out")
    counter = CountVectorizer(analyzer=lambda words: words, binary=binary)
    theirs = MultinomialNB(alpha=1.0).fit(counter.fit_transform(texts), label)
    vocabulary, *model = learn(texts, label, 1.0, binary)
    ours = probabilities(log_joint(count_words(held_out, vocabulary, binary), *model))
    np.testing.assert_allclose(ours, theirs.predict_proba(counter.transform(held_out)), atol=1e-9)
    right = theirs.score(counter.transform(held_out), truth)
    reported = demo(features="binary" if binary else "counts").numbers["share of held-out sentences that are right"]
    assert reported == pytest.approx(right)


def test_every_word_has_a_probability_and_they_sum_to_one():
    texts, label = sentences("training")
    _, log_prior, log_word = learn(texts, label, 0.5, False)
    np.testing.assert_allclose(np.exp(log_word).sum(axis=1), 1)
    assert np.exp(log_prior).sum() == pytest.approx(1)
    assert len(CLASSES) == len(log_prior)


def test_four_texts_worked_by_hand():
    texts, label = [["a", "a"], ["a", "b"], ["b"], ["c", "b"]], np.array([0, 0, 1, 1])
    vocabulary, _, log_word = learn(texts, label, 1.0, False)
    np.testing.assert_allclose(np.exp(log_word), [[4 / 7, 2 / 7, 1 / 7], [1 / 6, 3 / 6, 2 / 6]])
    assert count_words([["b", "x", "b"]], vocabulary).tolist() == [[0, 2, 0]]
    assert count_words([["b", "x", "b"]], vocabulary, binary=True).tolist() == [[0, 1, 0]]


def test_order_does_not_count_and_repetition_does():
    there, back, twice = (
        demo(sentence=text).numbers["sum of the votes for language"]
        for text in ("the word is a token", "token a is word the", "the word is a token token")
    )
    assert there == pytest.approx(back)
    assert twice > there
    once = demo(sentence="the word is a token", features="binary").numbers["sum of the votes for language"]
    again = demo(sentence="the word is a token token", features="binary").numbers["sum of the votes for language"]
    assert once == pytest.approx(again)


def test_words_that_nobody_knows_leave_the_prior():
    _, label = sentences("training")
    numbers = demo(sentence="Zebras yodel").numbers
    assert numbers["sum of the votes for language"] == 0
    assert numbers["probability of language"] == pytest.approx((label == 0).mean())


def test_the_held_out_pages_are_others():
    (texts, _), (held_out, truth) = sentences("training"), sentences("held_out")
    assert not {tuple(text) for text in texts if len(text) > 8} & {tuple(text) for text in held_out if len(text) > 8}
    assert 0.3 < truth.mean() < 0.7
