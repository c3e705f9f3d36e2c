"""TF-IDF against scikit-learn in its settings, by hand, and the test questions by an independent search."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from demos.parts.corpus import small_text
from demos.rag import QUESTIONS
from demos.tf_idf import count, demo, first_passages, parts_of_scores, rarity, sentences, weigh, words

TEXTS = sentences(small_text())
VOCABULARY = sorted({word for text in TEXTS for word in words(text)})
COUNTS = count(TEXTS, VOCABULARY)
ASKED = [question for question, *_ in QUESTIONS]
RIGHT = "percent of test questions with the right sentence first"


def theirs(**settings):
    return TfidfVectorizer(analyzer=words, vocabulary=VOCABULARY, **settings)


def test_counts_are_those_of_scikit_learn():
    expected = CountVectorizer(analyzer=words, vocabulary=VOCABULARY).fit_transform(TEXTS).toarray()
    np.testing.assert_array_equal(COUNTS, expected)
    np.testing.assert_array_equal(count(["no such thing"], ["thing", "or"]), [[1, 0]])


@pytest.mark.parametrize("counting", ["count", "1 + ln count", "yes or no"])
def test_weights_are_those_of_scikit_learn_with_its_own_idf(counting):
    vectorizer = theirs(norm=None, sublinear_tf=counting == "1 + ln count", binary=counting == "yes or no")
    expected = vectorizer.fit_transform(TEXTS).toarray()
    np.testing.assert_allclose(weigh(COUNTS, rarity(COUNTS, "scikit-learn"), 1, counting), expected, rtol=1e-12)


def test_the_plain_idf_is_theirs_without_smoothing_and_without_the_one_they_add():
    vectorizer = theirs(norm=None, smooth_idf=False).fit(TEXTS)
    np.testing.assert_allclose(rarity(COUNTS), vectorizer.idf_ - 1, atol=1e-12)


def test_scores_are_their_cosines_or_products():
    idf, vectorizer = rarity(COUNTS, "scikit-learn"), theirs()
    weighed, asked = weigh(COUNTS, idf), weigh(count(ASKED, VOCABULARY), idf)
    long, short = theirs(norm=None).fit(TEXTS), vectorizer.fit(TEXTS)
    for by_length, model in ((True, short), (False, long)):
        passages, questions = model.transform(TEXTS), model.transform(ASKED)
        expected = cosine_similarity(questions, passages) if by_length else (questions @ passages.T).toarray()
        ours = [parts_of_scores(each, weighed, by_length).sum(axis=1) for each in asked]
        np.testing.assert_allclose(ours, expected, atol=1e-9)
        np.testing.assert_array_equal(first_passages(asked, weighed, by_length), expected.round(9).argmax(axis=1))


def test_by_hand():
    counts = np.array([[2, 1, 0], [0, 1, 0], [0, 1, 3], [0, 1, 0]])
    assert rarity(counts).tolist() == pytest.approx([np.log(4), 0, np.log(4)])
    assert weigh(counts, rarity(counts))[0].tolist() == pytest.approx([2 * np.log(4), 0, 0])
    assert weigh(counts, rarity(counts), 0).tolist() == counts.tolist()
    assert weigh(np.array([[0, 1, 8]]), np.ones(3), 1, "1 + ln count").tolist() == [[0, 1, 1 + np.log(8)]]
    assert rarity(np.zeros((5, 1))).tolist() == [np.log(5)]  # a word that no passage has divides by nothing


@pytest.mark.parametrize("by_length", [False, True])
@pytest.mark.parametrize("power", [0.0, 1.0, 2.0])
def test_the_test_questions_are_scored_as_by_a_search_with_scikit_learn(power, by_length):
    table = CountVectorizer(analyzer=words, vocabulary=VOCABULARY).fit(TEXTS)
    idf = np.log(len(TEXTS) / (table.transform(TEXTS).toarray() > 0).sum(axis=0)) ** power
    passages, questions = table.transform(TEXTS).toarray() * idf, table.transform(ASKED).toarray() * idf
    scores = cosine_similarity(questions, passages) if by_length else questions @ passages.T
    best = scores.round(9).argmax(axis=1)
    right = [answer in TEXTS[i] for i, (*_, answer) in zip(best, QUESTIONS, strict=True)]
    assert demo(p=power, by_length=by_length).numbers[RIGHT] == pytest.approx(100 * np.mean(right))


def test_a_query_of_unknown_words_finds_nothing():
    result = demo(query="zebra")
    assert result.numbers["best score"] == 0
    assert "Nothing" in result.summary


def test_without_rarity_the_best_sentence_is_about_something_else():
    assert "fish" not in demo(p=0.0).summary
    assert "fries fish" in demo().summary
    assert demo(p=0.0).numbers["percent of the best score from “the”"] > 90
