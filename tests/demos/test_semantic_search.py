"""Latent semantic analysis against scikit-learn, and both tests by an independent search."""

import numpy as np
import pytest
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from demos.parts.corpus import FUNCTION_WORDS, small_text
from demos.rag import QUESTIONS
from demos.semantic_search import by_both, collection, demo, first_right, latent_axes, same_subject, vectors
from demos.tf_idf import words

SUBJECT = "percent that find their subject without a word in common"
RIGHT = "percent of test questions with the right sentence first"


@pytest.mark.parametrize("d", [2, 4, 9])
def test_cosines_are_those_of_scikit_learn(d):
    every = collection()
    paragraphs = [line for line in small_text().split("\n") if line.endswith(".")]
    vectorizer = TfidfVectorizer(analyzer=words, vocabulary=every.words, sublinear_tf=True, smooth_idf=False, norm=None)
    weights = vectorizer.fit_transform(paragraphs).toarray()
    weights *= (vectorizer.idf_ - 1) / vectorizer.idf_  # without the one that they add
    weights /= np.linalg.norm(weights, axis=1, keepdims=True)
    svd = TruncatedSVD(d, algorithm="arpack", random_state=0).fit(weights)
    texts = svd.transform(every.weights)
    asked = svd.transform(every.questions)
    ours = by_both(every.questions, every.weights, every.axes[:d], 1.0)
    np.testing.assert_allclose(ours, cosine_similarity(asked, texts), atol=1e-6)


def test_words_alone_are_the_plain_cosine_and_between_them_is_the_mean():
    rng = np.random.default_rng(0)
    asked, texts, kept = rng.random((3, 8)), rng.random((5, 8)), latent_axes(rng.random((6, 8)))[:2]
    np.testing.assert_allclose(by_both(asked, texts, kept, 0), cosine_similarity(asked, texts))
    dense, sparse = by_both(asked, texts, kept, 1), by_both(asked, texts, kept, 0)
    np.testing.assert_allclose(by_both(asked, texts, kept, 0.25), 0.25 * dense + 0.75 * sparse)


def test_axes_are_at_right_angles_and_a_text_keeps_its_place_with_all_of_them():
    matrix = np.random.default_rng(1).random((6, 9))
    found = latent_axes(matrix)
    np.testing.assert_allclose(found @ found.T, np.eye(6), atol=1e-12)
    np.testing.assert_allclose(
        vectors(matrix, found) @ vectors(matrix, found).T, cosine_similarity(matrix), atol=1e-12
    )  # nothing is lost where all axes are kept
    strengths = np.linalg.norm(matrix @ found.T, axis=0)
    assert (np.diff(strengths) < 0).all()


def test_two_words_that_never_meet_are_close_when_they_share_company():
    """Rows: ship-sea, boat-sea, cake-oven. “ship” finds the text with “boat”, which has no word of it."""
    ship, boat, sea, cake, oven = np.eye(5)
    learned = np.array([ship + sea, boat + sea, cake + oven])
    kept = latent_axes(learned)[:2]
    scores = by_both(np.array([ship]), np.array([boat, cake]), kept, 1.0)[0]
    assert scores.tolist() == pytest.approx([1, 0], abs=1e-9)
    assert by_both(np.array([ship]), np.array([boat, cake]), kept, 0.0)[0].tolist() == [0, 0]


def test_strangers_share_no_word_and_no_paragraph_and_the_last_chapter_is_left_out():
    every = collection()
    sets = [set(words(text)) - FUNCTION_WORDS for text in every.sentences]
    text = small_text()
    paragraph = [next(i for i, p in enumerate(text.split("\n")) if each in p) for each in every.sentences]
    chapter = [sum(head in text[: text.index(each)] for head in every.heads) - 1 for each in every.sentences]
    assert every.subject.tolist() == chapter
    for i, row in enumerate(every.strangers):
        for j, allowed in enumerate(row):
            expected = not sets[i] & sets[j] and paragraph[i] != paragraph[j] and max(chapter[i], chapter[j]) < 4
            assert allowed == expected


@pytest.mark.parametrize("d", [2, 4, 20])
def test_both_tests_are_what_a_plain_loop_finds(d):
    every, hits, asked = collection(), 0, 0
    dense = every.weights @ every.axes[:d].T
    dense /= np.maximum(np.linalg.norm(dense, axis=1, keepdims=True), 1e-12)
    for i, row in enumerate(every.strangers):
        if row.any():
            asked += 1
            hits += (
                every.subject[max(np.flatnonzero(row), key=lambda j: round(dense[i] @ dense[j], 9))] == every.subject[i]
            )
    numbers = demo(dimensions=d).numbers
    assert numbers[SUBJECT] == pytest.approx(100 * hits / asked)
    cosines = cosine_similarity(every.questions @ every.axes[:d].T, dense).round(9)
    right = [QUESTIONS[q][2] in every.sentences[i] for q, i in enumerate(cosines.argmax(axis=1))]
    assert numbers[RIGHT] == pytest.approx(100 * np.mean(right))


def test_where_nothing_scores_nothing_is_found():
    nothing = np.zeros((2, 3))
    assert first_right(nothing, np.array([0, 0])) == 0
    assert same_subject(np.zeros((2, 2)), ~np.eye(2, dtype=bool), np.array([0, 0])) == 0
    assert demo(meaning=0.0).numbers[SUBJECT] == 0  # no word in common, so words alone score zero
    assert demo(meaning=0.0).numbers["of the 5 best, without a word of yours"] == 0  # a score of zero is no find
    assert demo(query="zebra").numbers["score of the best sentence"] == 0
    assert "no vector" in demo(query="zebra").summary


def test_meaning_finds_the_subject_and_words_find_the_sentence():
    numbers = demo().numbers
    assert numbers[SUBJECT] > 90 > 20 > numbers["percent by chance"]
    assert numbers[RIGHT] < numbers["the same by words alone"] == demo(meaning=0.0).numbers[RIGHT]
