"""Retrieval against scikit-learn and bm25s, chunks by what they must cover, and the test questions by their labels."""

from itertools import pairwise

import bm25s
import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from demos.parts.corpus import small_text
from demos.rag import QUESTIONS, SILENCE, bm25, count, cut, demo, retrieve, score, stand_in, tfidf, words

TEXT = " ".join(line for line in small_text().split("\n") if line.endswith("."))
ALL_QUESTIONS = [question for each in QUESTIONS for question in each[:2]]
SIZES = [10, 40, 110]


@pytest.fixture(params=SIZES)
def table(request):
    chunks = cut(TEXT, request.param, request.param // 5)
    vocabulary = sorted(set(words(TEXT)))
    return chunks, vocabulary, count(chunks, vocabulary), count(ALL_QUESTIONS, vocabulary)


def test_weights_and_cosines_are_those_of_scikit_learn(table):
    chunks, vocabulary, counts, asked = table
    vectorizer = TfidfVectorizer(analyzer=words, vocabulary=vocabulary, norm=None)
    expected = vectorizer.fit_transform(chunks)
    np.testing.assert_allclose(tfidf(counts, counts), expected.toarray(), rtol=1e-12)
    cosines = cosine_similarity(vectorizer.transform(ALL_QUESTIONS), expected)
    assert cosines.max() > 0.5
    np.testing.assert_allclose(score("cosine", counts, asked), cosines, rtol=1e-9, atol=1e-12)


def test_scores_are_those_of_bm25s(table):
    chunks, vocabulary, counts, asked = table
    index = bm25s.BM25(method="lucene", k1=1.2, b=0.75, dtype="float64")
    index.index([words(chunk) for chunk in chunks], show_progress=False)
    for question, scores in zip(ALL_QUESTIONS, bm25(counts, asked), strict=True):
        known = [word for word in words(question) if word in vocabulary]
        expected = index.get_scores(known) if known else np.zeros(len(chunks))
        np.testing.assert_allclose(scores, expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(score("bm25", counts, asked), bm25(counts, asked))


def test_bm25_worked_by_hand():
    counts = np.array([[2, 0], [0, 1], [0, 2]])  # three chunks of 2, 1 and 2 words; 5/3 words on average
    idf = np.log(1 + 2.5 / 1.5)  # one chunk of three has the first word
    assert bm25(counts, np.array([[1, 0]]))[0].tolist() == pytest.approx(
        [idf * 2 / (2 + 1.2 * (0.25 + 0.75 * 2 / (5 / 3))), 0, 0]
    )


@pytest.mark.parametrize(("size", "overlap"), [(1, 0), (10, 0), (10, 5), (40, 8), (200, 100), (5000, 20)])
def test_chunks_cover_the_text_and_overlap_by_what_was_asked(size, overlap):
    every, chunks = TEXT.split(), [chunk.split() for chunk in cut(TEXT, size, overlap)]
    assert chunks[0] + [word for chunk in chunks[1:] for word in chunk[overlap:]] == every
    assert all(len(chunk) == size for chunk in chunks[:-1])
    assert len(chunks) == 1 or len(chunks[-1]) > overlap
    assert all(a[len(a) - overlap :] == b[:overlap] for a, b in pairwise(chunks))


def test_an_overlap_as_large_as_the_chunk_is_refused():
    with pytest.raises(ValueError, match="10 of 10 words"):
        cut(TEXT, 10, 10)


def test_best_chunks_come_first_ties_by_place_and_none_without_a_common_word():
    assert retrieve(np.array([0, 1.0, 3.0, 1.0, 0]), 10) == [2, 1, 3]
    assert retrieve(np.array([0, 1.0, 3.0, 1.0, 0]), 2) == [2, 1]
    assert retrieve(np.array([0, 1.0, 3.0, 1.0, 0]), 0) == []


def test_the_stand_in_only_copies_and_says_so_when_it_has_nothing():
    passages = ["Ducks swim. Geese fly to the south!", "The south is warm."]
    weight = {"geese": 2.0, "south": 1.0, "warm": 2.5, "fly": 2.0}
    assert stand_in("Where do geese fly?", passages, weight) == "Geese fly to the south!"
    assert stand_in("Is the south warm?", passages, weight) == "The south is warm."
    assert stand_in("Where do ants live?", passages, weight) == SILENCE
    assert stand_in("Where do geese fly?", [], weight) == SILENCE


def test_every_answer_stands_at_one_place_of_the_text_and_no_question_gives_it_away():
    for plain, other, answer in QUESTIONS:
        assert TEXT.count(answer) == 1
        assert answer not in plain
        assert answer not in other


@pytest.mark.parametrize("retriever", ["bm25", "cosine"])
def test_the_reported_recall_is_that_of_an_independent_search(retriever):
    chunks = cut(TEXT, 40, 8)
    found = 0
    if retriever == "bm25":
        index = bm25s.BM25(method="lucene", k1=1.2, b=0.75, dtype="float64")
        index.index([words(chunk) for chunk in chunks], show_progress=False)
        known = set(words(TEXT))
        rows = [index.get_scores([word for word in words(plain) if word in known]) for plain, _, _ in QUESTIONS]
    else:
        vectorizer = TfidfVectorizer(analyzer=words)
        table = vectorizer.fit_transform(chunks)
        rows = cosine_similarity(vectorizer.transform([plain for plain, _, _ in QUESTIONS]), table)
    for row, (_, _, answer) in zip(rows, QUESTIONS, strict=True):
        best = np.argsort(-np.round(row, 9), kind="stable")[0]
        found += answer in chunks[best]
    numbers = demo(retriever=retriever, passages=1).numbers
    assert numbers["percent of answers in the first passage"] == 100 * found / 20
    assert numbers["percent of answers among the passages"] == 100 * found / 20


def test_without_passages_nothing_is_answered_and_with_many_most_of_it_is_found():
    assert demo(passages=0).numbers["percent of questions answered right"] == 0
    assert demo(passages=0).numbers["words read per question"] == 0
    numbers = demo().numbers
    assert numbers["chunks"] == 50  # (1608 - 8) / 32
    assert numbers["words in the text"] == 1608
    assert numbers["percent of answers among the passages"] == 100
    assert numbers["percent of questions answered right"] >= 70
    assert numbers["percent answered right in other words"] <= 20


def test_two_more_passages_find_more_and_answer_one_question_fewer():
    one, three = demo(passages=1).numbers, demo(passages=3).numbers
    found, right = "percent of answers among the passages", "percent of questions answered right"
    assert three[found] > one[found]
    assert one[right] - three[right] == 5  # one of twenty


def test_no_answer_can_be_right_that_was_not_among_the_passages():
    for wording in ("the text's words", "other words"):
        for passages in (0, 1, 3, 10):
            numbers = demo(passages=passages, wording=wording).numbers
            assert numbers["percent of questions answered right"] <= numbers["percent of answers among the passages"]


@pytest.mark.parametrize(("wording", "percent"), [("the text's words", 80), ("other words", 20)])
def test_with_the_whole_text_in_view_the_best_of_all_its_sentences_is_copied(wording, percent):
    chunks = [set(words(chunk)) for chunk in cut(TEXT, 40, 8)]
    sentences = [f"{sentence}." for sentence in TEXT.removesuffix(".").split(". ")]
    right = 0
    for plain, other, answer in QUESTIONS:
        asked = set(words(plain if wording == "the text's words" else other))
        having = {word: sum(word in chunk for chunk in chunks) for word in asked}
        scores = [
            sum(np.log(1 + len(chunks) / having[word]) for word in sorted(asked & set(words(sentence))))
            for sentence in sentences
        ]
        right += max(scores) > 0 and answer in sentences[int(np.argmax(scores))]
    for passages in (0, 3):  # whatever is retrieved, everything is in view here
        numbers = demo(wording=wording, passages=passages).numbers
        assert numbers["percent answered right with the whole text in view"] == 100 * right / 20 == percent


def test_the_one_sentence_about_the_winter_lake_is_quoted():
    last = demo(question="What covers the lake in winter?").show[0].steps[-1]
    assert last.text == "Boats cross it in summer, and in winter ice covers the water from bank to bank."
