"""Retrieval-augmented generation: look up passages that fit the question, and answer with them in view.

Notation: chunks [N], pieces of the text; counts [N, V], how often each of V words occurs in each chunk; k passages.
The retriever is real. The language model is not: a scripted stand-in copies, from the passages it is given, the
sentence that shares the most telling words with the question. It knows nothing else, so without passages it is silent.
Leaves out: a language model, which would word the answer and could read more than copied words; and embeddings, which
could find a passage that says the same in other words.

Source: Lewis et al. (2020), https://arxiv.org/abs/2005.11401 (the idea)
        Robertson & Zaragoza (2009), https://doi.org/10.1561/1500000019 (BM25)
"""

import math
import re
from typing import Annotated, Literal

import numpy as np

from demos import Label, Range, Result, Step, Text, Trace, axes, columns, curves, point
from demos.cosine_similarity import cosine
from demos.parts.corpus import FUNCTION_WORDS, paragraphs, small_text

# In words of the text, in other words, and the place of the text that holds the answer.
QUESTIONS = [
    ("Where does the river begin as a small stream?", "What is the source of the river?", "begins as a small stream"),
    ("What covers the lake in winter?", "What is on the lake when it freezes?", "ice covers the water"),
    ("What lifts the water up from the sea?", "Why does seawater evaporate?", "the sun lifts it up"),
    ("What does the flood cover?", "Which land is under water after a storm?", "the flood covers the fields"),
    ("Where do the boats stay after heavy rain?", "Where are ships safe in a storm?", "stay in the harbor"),
    ("What does the baker mix with water and salt?", "What is dough made of?", "mixes flour"),
    ("When is the crust of the bread brown?", "When is a loaf ready?", "until the crust is brown"),
    ("What does the family eat hot, with bread?", "What is for supper?", "They eat the soup hot"),
    ("What does the cook bake on feast days?", "What is the holiday meal?", "bakes a fish with onions"),
    ("What boils slowly until the beans are soft?", "What is simmering with the beans?", "The soup boils slowly"),
    ("Which number says how large the error is?", "How are mistakes measured?", "The loss is a number"),
    ("What does the gradient say for every weight?", "What does a slope tell us?", "The gradient says"),
    ("What happens if the step is too large?", "Why do huge learning rates fail?", "the weights jump about"),
    ("How long does training take with a step too small?", "Why is slow learning bad?", "training takes weeks"),
    ("By what does a neuron multiply its inputs?", "What does one unit compute?", "multiplies its inputs"),
    ("What is a long row of numbers called?", "What is a list of figures called?", "is called a vector"),
    ("Which words get similar vectors?", "When are two vectors close?", "similar meaning get similar vectors"),
    ("What keeps company with water and valley?", "Which words occur near river?", "River keeps company"),
    ("What does the cook carry?", "What is in the picnic basket?", "The cook carries bread"),
    ("What is in the pocket of the reader?", "Which gadget does the reader own?", "machine in the reader's pocket"),
]
WORDINGS = {
    "the text's words": [question for question, _, _ in QUESTIONS],
    "other words": [question for _, question, _ in QUESTIONS],
}
SILENCE = "I found nothing about that."
MOST = 10  # passages, at the right end of the slider


def words(text):
    """The words that carry meaning, in lower case: "of", "the" and the like would match everything."""
    return [word for paragraph in paragraphs(text) for word in paragraph if word not in FUNCTION_WORDS]


def cut(text, size, overlap):
    """Cut a text into chunks of `size` words; each repeats the last `overlap` words of the one before -> list of str"""
    if not 0 <= overlap < size:
        raise ValueError(f"the overlap must lie between 0 and the size, and {overlap} of {size} words does not")
    every = text.split()
    starts = range(0, max(len(every) - overlap, 1), size - overlap)
    return [" ".join(every[start : start + size]) for start in starts]


def count(texts, vocabulary):
    """How often each word occurs in each text -> [N, V]; words outside the vocabulary are not counted."""
    column = {word: i for i, word in enumerate(vocabulary)}
    counts = np.zeros((len(texts), len(column)))
    for row, text in enumerate(texts):
        for word in words(text):
            if word in column:
                counts[row, column[word]] += 1
    return counts


def tfidf(counts, among):
    """Counts, weighed up where few of the chunks have the word.  counts: [M, V], among: [N, V] -> [M, V]"""
    N, having = len(among), (among > 0).sum(axis=0)
    return counts * (np.log((1 + N) / (1 + having)) + 1)


def bm25(counts, asked, k1=1.2, b=0.75):
    """BM25 of every chunk for every question.  counts: [N, V], asked: [Q, V] -> [Q, N]

    Rare words count more (idf), the tenth mention of a word adds less than the first (k1), and a chunk that is longer
    than the average must mention it more often for the same score (b).
    """
    N, having = len(counts), (counts > 0).sum(axis=0)
    idf = np.log(1 + (N - having + 0.5) / (having + 0.5))
    length = counts.sum(axis=1, keepdims=True)
    fullness = counts / (counts + k1 * (1 - b + b * length / max(length.mean(), 1)))  # 0 for none, towards 1 for many
    return asked @ (idf * fullness).T


def score(retriever, counts, asked):
    """How well each chunk fits each question.  counts: [N, V], asked: [Q, V] -> [Q, N], more is better"""
    if retriever == "bm25":
        return bm25(counts, asked)
    chunks, questions = tfidf(counts, counts), tfidf(asked, counts)
    return cosine(questions[:, None], chunks)


def retrieve(scores, k):
    """The k chunks with the highest scores, best first, and none that shares no word.  scores: [N] -> up to k ids"""
    best = np.argsort(-np.round(scores, 9), kind="stable")[:k]  # rounded, so that a tie is one on every machine
    return [int(i) for i in best if scores[i] > 1e-12]


def stand_in(question, passages, weight):
    """In place of a language model: copy the sentence that shares the most telling words with the question.

    weight: word -> how telling it is. A tie goes to the passage that was retrieved first.
    """
    asked = set(words(question))

    def overlap(sentence):
        return math.fsum(weight.get(word, 0.0) for word in sorted(asked & set(words(sentence))))

    sentences = [sentence for passage in passages for sentence in re.split(r"(?<=[.!?])\s+", passage)]
    best = max(sentences, key=overlap, default="")
    return best if overlap(best) > 0 else SILENCE


def telling(counts, vocabulary):
    """How telling each word is: the more, the fewer chunks have it.  counts: [N, V] -> word: weight"""
    having = np.maximum((counts > 0).sum(axis=0), 1)
    return dict(zip(vocabulary, np.log(1 + len(counts) / having).tolist(), strict=True))


def search(questions, retriever, counts, vocabulary):
    """The best chunks for each question -> up to MOST ids for each, best first; the scores of all chunks [Q, N]"""
    scores = score(retriever, counts, count(questions, vocabulary))
    return [retrieve(row, MOST) for row in scores], scores


def places_of_answers(found, chunks):
    """The place of the chunk that holds the answer, from 1, or MOST + 1 if it was not found.

    found: for each of QUESTIONS the ids of its chunks, best first -> [Q]
    """
    return np.array(
        [
            next((place for place, i in enumerate(ids, start=1) if answer in chunks[i]), MOST + 1)
            for ids, (_, _, answer) in zip(found, QUESTIONS, strict=True)
        ]
    )


def answered_right(questions, found, chunks, weight):
    """Whether the stand-in answers right when it is given 0 to MOST passages.

    questions: QUESTIONS in one wording, found: for each the ids of its chunks, best first -> [Q, MOST + 1]
    """
    right = np.zeros((len(questions), MOST + 1), dtype=bool)
    for row, (question, ids, (_, _, answer)) in enumerate(zip(questions, found, QUESTIONS, strict=True)):
        for k in range(MOST + 1):
            right[row, k] = answer in stand_in(question, [chunks[i] for i in ids[:k]], weight)
    return right


def answered_from_everything(questions, text, weight):
    """How many questions the stand-in answers right with the whole text in view, as in a long context.

    questions: QUESTIONS in one wording. No search, no chunks: sentences are not cut, and none is left out.
    """
    return sum(
        answer in stand_in(question, [text], weight)
        for question, (_, _, answer) in zip(questions, QUESTIONS, strict=True)
    )


def words_read(found, chunks, passages):
    """Words in the passages that are given for a question, on average over all questions."""
    return np.mean([sum(len(chunks[i].split()) for i in ids[:passages]) for ids in found])


def conversation(question, given, reply):
    """What happens to one question.  given: pairs of a passage and its score, best first -> list of Step"""
    passages = [
        Step(f"retriever, passage {place}", f"score {points:.2f}: {passage}")
        for place, (passage, points) in enumerate(given, start=1)
    ]
    return [Step("reader", question), *passages, Step("stand-in for a language model", reply)]


def demo(
    *,
    passages: Annotated[int, Range(0, 10, label="passages to read")] = 3,
    question: Annotated[str, Text(120, label="your question")] = "What covers the lake in winter?",
    chunk_words: Annotated[int, Range(10, 200, 10, label="words per chunk")] = 40,
    overlap_percent: Annotated[int, Range(0, 50, 10, label="overlap in percent")] = 20,
    retriever: Annotated[Literal["bm25", "cosine"], Label("search method")] = "bm25",
    wording: Annotated[Literal["the text's words", "other words"], Label("test questions put in")] = "the text's words",
) -> Result:
    """Take the passages away and nothing is answered. With three the right one is among them more often than with one,
    and yet one answer fewer is right: the others distract. Then switch to other words and see word search collapse.
    Ask how deep the sea is: the text does not say, and yet you get an answer.

    passages: how many chunks of the text the stand-in may read before it answers
    question: ask anything about cooking, a river, learning machines, or words
    chunk_words: how long the chunks are into which the text is cut
    overlap_percent: how much of a chunk is repeated at the start of the next one
    retriever: how chunks are compared with the question: by rare words in common (bm25), or by angle (cosine)
    wording: whether the twenty test questions use the words of the text or others that mean the same
    """
    text = " ".join(each for each in small_text().split("\n") if each.endswith("."))  # the rest are headings
    chunks, vocabulary = cut(text, chunk_words, chunk_words * overlap_percent // 100), sorted(set(words(text)))
    counts = count(chunks, vocabulary)  # [N, V]
    weight = telling(counts, vocabulary)

    found = {name: search(asked, retriever, counts, vocabulary)[0] for name, asked in WORDINGS.items()}
    right = {name: answered_right(asked, found[name], chunks, weight) for name, asked in WORDINGS.items()}
    percent = {name: 100 * each.sum(axis=0) / len(QUESTIONS) for name, each in right.items()}  # [MOST + 1] each
    ks, places, hits = np.arange(MOST + 1), places_of_answers(found[wording], chunks), right[wording][:, passages]
    held = (places <= passages).sum()

    (ids,), (scores,) = search([question], retriever, counts, vocabulary)
    given = [(chunks[i], scores[i]) for i in ids[:passages]]
    reply = stand_in(question, [passage for passage, _ in given], weight)
    return Result(
        summary=f"Given {passages} of {len(chunks)} chunks, the stand-in answers {hits.sum()} of {len(QUESTIONS)} test "
        f"questions right, put in {wording}; for {held} of them the passages held the answer.",
        numbers={
            "chunks": len(chunks),
            "test questions": len(QUESTIONS),
            "percent of answers among the passages": 100 * held / len(QUESTIONS),
            "percent of answers in the first passage": 100 * (places == 1).sum() / len(QUESTIONS),
            "percent of questions answered right": percent[wording][passages],
            **{f"percent answered right in {name}": each[passages] for name, each in percent.items()},
            "percent answered right with the whole text in view": 100
            * answered_from_everything(WORDINGS[wording], text, weight)
            / len(QUESTIONS),
            "words in the text": len(text.split()),
            "words read per question": words_read(found[wording], chunks, passages),
            "passages found for your question": len(given),
        },
        show=[
            Trace("Your question", conversation(question, given, reply)),
            axes(
                "More passages, more to be found, more to be mistaken about",
                "passages given to the stand-in",
                "percent",
            )
            + curves(ks, {f"answer among the passages, in {wording}": [100 * (places <= k).mean() for k in ks]})
            + curves(ks, {f"answered right, in {name}": each for name, each in percent.items()})
            + point("now", passages, percent[wording][passages]),
            columns(
                f"The test, in {wording}",
                ["question", "place of the right chunk", "answered right"],
                [
                    WORDINGS[wording],
                    [place if place <= MOST else f"not in {MOST}" for place in places],
                    ["yes" if hit else "no" for hit in hits],
                ],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
