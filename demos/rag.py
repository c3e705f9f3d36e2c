"""Retrieval-augmented generation: look up passages that fit the question, and answer with them in view.

Notation: chunks [N], pieces of the text; counts [N, V], how often each of V words occurs in each chunk; k passages.
The retriever is real. The language model is not: a scripted stand-in copies, from the passages it is given, the
sentence that shares the most telling words with the question. It knows nothing else, so without passages it is silent.
Leaves out: a language model, which would word the answer and could read more than copied words; and embeddings, which
could find a passage that says the same in other words.

Source: Lewis et al. (2020), https://arxiv.org/abs/2005.11401 (the idea)
        Robertson & Zaragoza (2009), https://doi.org/10.1561/1500000019 (BM25)
"""

import re
from typing import Annotated, Literal

import numpy as np

from demos import Chart, Range, Result, Series, Step, Table, Text, Trace
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
        return sum(weight.get(word, 0.0) for word in sorted(asked & set(words(sentence))))

    sentences = [sentence for passage in passages for sentence in re.split(r"(?<=[.!?])\s+", passage)]
    best = max(sentences, key=overlap, default="")
    return best if overlap(best) > 0 else SILENCE


def demo(
    *,
    question: Annotated[str, Text(120)] = "What covers the lake in winter?",
    passages: Annotated[int, Range(0, 10)] = 3,
    chunk_words: Annotated[int, Range(10, 200, 10)] = 40,
    overlap_percent: Annotated[int, Range(0, 50, 10)] = 20,
    retriever: Literal["bm25", "cosine"] = "bm25",
    wording: Literal["the text's words", "other words"] = "the text's words",
) -> Result:
    """Take the passages away and nothing is answered. With three the right one is among them more often than with one,
    and yet one answer fewer is right: the others distract. Then switch to other words and see word search collapse.
    Ask how deep the sea is: the text does not say, and yet you get an answer.

    question: ask anything about cooking, a river, learning machines, or words
    passages: how many chunks the stand-in may read
    chunk_words: words in a chunk
    overlap_percent: how much of a chunk is repeated at the start of the next one
    retriever: how chunks are scored against the question
    wording: how the twenty test questions are put
    """
    text = " ".join(each for each in small_text().split("\n") if each.endswith("."))  # the rest are headings
    chunks = cut(text, chunk_words, chunk_words * overlap_percent // 100)
    vocabulary = sorted(set(words(text)))
    counts = count(chunks, vocabulary)  # [N, V]
    having = (counts > 0).sum(axis=0)
    weight = dict(zip(vocabulary, np.log(1 + len(chunks) / np.maximum(having, 1)).tolist(), strict=True))

    def ask(questions):
        """-> for each question the ids of the MOST best chunks, best first, and the scores [Q, N]"""
        scores = score(retriever, counts, count(questions, vocabulary))
        return [retrieve(row, MOST) for row in scores], scores

    def examine(questions):
        """-> where the chunk with the answer came [Q]; for 0 to MOST passages, whether the stand-in was right and how
        many words it read, both [Q, MOST + 1]
        """
        places, lengths = [], np.zeros((len(questions), MOST + 1))
        right = np.zeros((len(questions), MOST + 1), dtype=bool)
        for row, ids in enumerate(ask(questions)[0]):
            answer = QUESTIONS[row][2]
            places.append(next((place for place, i in enumerate(ids, start=1) if answer in chunks[i]), MOST + 1))
            lengths[row, 1 : len(ids) + 1] = [len(chunks[i].split()) for i in ids]
            for k in range(MOST + 1):
                right[row, k] = answer in stand_in(questions[row], [chunks[i] for i in ids[:k]], weight)
        return np.array(places), right, lengths.cumsum(axis=1)

    plain, other = ([each[column] for each in QUESTIONS] for column in (0, 1))
    tests = {"the text's words": (plain, *examine(plain)), "other words": (other, *examine(other))}
    percent = {name: 100 * test[2].sum(axis=0) / len(QUESTIONS) for name, test in tests.items()}  # [MOST + 1] each
    asked, places, right, read = tests[wording]
    found = int((places <= passages).sum())
    answered = int(right[:, passages].sum())

    (ids,), scores = ask([question])
    given = ids[:passages]
    reply = stand_in(question, [chunks[i] for i in given], weight)
    ks = np.arange(MOST + 1)
    return Result(
        summary=(
            f"Given {passages} of {len(chunks)} chunks, the stand-in answers {answered} of {len(QUESTIONS)} test "
            f"questions right, put in {wording}; for {found} of them the passages held the answer."
        ),
        numbers={
            "chunks": len(chunks),
            "test questions": len(QUESTIONS),
            "percent of answers among the passages": 100 * found / len(QUESTIONS),
            "percent of answers in the first passage": 100 * int((places == 1).sum()) / len(QUESTIONS),
            "percent of questions answered right": float(percent[wording][passages]),
            "percent answered right in the text's words": float(percent["the text's words"][passages]),
            "percent answered right in other words": float(percent["other words"][passages]),
            "words in the text": len(text.split()),
            "words read per question": float(read[:, passages].mean()),
            "passages found for your question": len(given),
        },
        show=[
            Trace(
                title="Your question",
                steps=[
                    Step("reader", question),
                    *(
                        Step(f"retriever, passage {place}", f"score {scores[0, i]:.2f}: {chunks[i]}")
                        for place, i in enumerate(given, start=1)
                    ),
                    Step("stand-in for a language model", reply),
                ],
            ),
            Chart(
                title="More passages, more to be found, more to be mistaken about",
                series=[
                    Series(f"answer among the passages, in {wording}", ks, [100 * (places <= k).mean() for k in ks]),
                    *(Series(f"answered right, in {name}", ks, percent[name]) for name in tests),
                    Series("now", [passages], [percent[wording][passages]], "points"),
                ],
                x="passages given to the stand-in",
                y="percent",
            ),
            Table(
                title=f"The test, in {wording}",
                columns=["question", "place of the right chunk", "answered right"],
                rows=[
                    [asked[row], int(place) if place <= MOST else f"not in {MOST}", "yes" if hit else "no"]
                    for row, (place, hit) in enumerate(zip(places, right[:, passages], strict=True))
                ],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
