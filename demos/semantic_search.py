"""Semantic search: texts and query become vectors in which like meaning lies close, and the closest texts are found.

Notation: V words, P paragraphs to learn from, N sentences to search; axes [d, V], the d directions along which words go
          together, the strongest first; a text is its weights [V] by TF-IDF, its vector what it has of each axis.
The axes come from a singular value decomposition of the paragraphs: latent semantic analysis, an early way.
Leaves out: networks trained on pairs of questions and answers, which know more words and read them in order, and are
what is used today; and an index (demos/vector_index.py), without which every vector is compared.

Source: Deerwester et al. (1990), https://doi.org/10.1002/(SICI)1097-4571(199009)41:6%3C391::AID-ASI1%3E3.0.CO;2-9
"""

from functools import cache
from typing import Annotated

import numpy as np

from demos import Range, Result, Text, axes, cloud, columns, curves, point
from demos.embedding import frequent_words, plane, unit
from demos.parts.corpus import paragraphs, small_text
from demos.rag import QUESTIONS
from demos.tf_idf import count, ranked, rarity, sentences, weigh

MOST = 20  # axes: one less than there are paragraphs
SHOWN = 5


def latent_axes(paragraphs_by_words):
    """The directions along which words go together, strongest first.  [P, V], rows of length one -> [P, V]"""
    return np.linalg.svd(paragraphs_by_words, full_matrices=False)[2]


def vectors(weights, axes_kept):
    """Texts as points among the axes, scaled to length one.  weights: [N, V], axes_kept: [d, V] -> [N, d]"""
    return unit(weights @ axes_kept.T)


def by_both(asked, texts, axes_kept, meaning):
    """Cosine by meaning and cosine by words, mixed.  asked: [Q, V], texts: [N, V], meaning: 0 to 1 -> [Q, N]"""
    dense = vectors(asked, axes_kept) @ vectors(texts, axes_kept).T
    return meaning * dense + (1 - meaning) * unit(asked) @ unit(texts).T


def first_right(scores, right):
    """Percent of the questions whose best-scored text is the right one; where all score 0 nothing is found.  [Q, N]"""
    best = scores.round(9).argmax(axis=1)
    return 100 * ((best == right) & (scores.max(axis=1) > 1e-9)).mean()


def same_subject(scores, allowed, subject):
    """Percent of texts whose closest other text is about the same subject.  scores, allowed: [N, N], subject: [N]"""
    asked = allowed.any(axis=1)
    left = np.where(allowed, scores, -np.inf)[asked]
    found = (subject[left.round(9).argmax(axis=1)] == subject[asked]) & (left.max(axis=1) > 1e-9)
    return 100 * found.mean()


def headed(text):
    """The text under its headings -> headings; for each paragraph the number of its heading"""
    lines = [line for line in text.split("\n") if line]
    heads = [line for line in lines if not line.endswith(".")]
    under = np.cumsum([line in heads for line in lines]) - 1
    return heads, under[[line.endswith(".") for line in lines]]


class Collection:
    """The small text, ready to be searched: words, axes, sentences as weights, and what the tests need."""

    def __init__(self):
        text = small_text()
        learned = [line for line in text.split("\n") if line.endswith(".")]
        self.words = frequent_words(paragraphs("\n\n".join(learned)), least=1)
        counts = count(learned, self.words)  # [P, V]
        self.idf = rarity(counts)
        self.axes = latent_axes(unit(weigh(counts, self.idf, counting="1 + ln count")))
        self.sentences, (self.heads, subject) = sentences(text), headed(text)
        place = np.repeat(np.arange(len(learned)), [len(sentences(each)) for each in learned])  # paragraph of each
        self.weights, self.subject = self.weigh(self.sentences), subject[place]  # [N, V], [N]

        has = self.weights > 0
        last = len(self.heads) - 1  # the last one is about the subjects of all others
        apart = (place[:, None] != place) & (self.subject[:, None] < last) & (self.subject < last)
        self.strangers = apart & (has.astype(int) @ has.T == 0)  # [N, N]: of other paragraphs, no word in common
        self.questions = self.weigh([question for question, *_ in QUESTIONS])
        self.right = np.array([next(i for i, each in enumerate(self.sentences) if a in each) for *_, a in QUESTIONS])

    def weigh(self, texts):
        """Texts as weights: the idf of each word that stands in them.  -> [N, V]"""
        return weigh(count(texts, self.words), self.idf, counting="yes or no")


collection = cache(Collection)


@cache
def both_tests(meaning):
    """Both tests with 2, 3, … numbers per vector.  -> how many numbers, percent of subjects, percent of answers"""
    every, ds = collection(), np.arange(2, MOST + 1)
    among = (by_both(every.weights, every.weights, every.axes[:d], meaning) for d in ds)
    answers = (by_both(every.questions, every.weights, every.axes[:d], meaning) for d in ds)
    subject = [same_subject(scores, every.strangers, every.subject) for scores in among]
    return ds, subject, [first_right(scores, every.right) for scores in answers]


def demo(
    *,
    dimensions: Annotated[int, Range(2, 20, label="numbers per vector")] = 4,
    query: Annotated[str, Text(80, label="your query")] = "a hungry family",
    meaning: Annotated[float, Range(0, 1, 0.1, label="weight of meaning, the rest is for words")] = 1.0,
) -> Result:
    """The second sentence found has no word of the query in it. Give the vectors more numbers: what they find by
    meaning alone gets worse, and what they find of the very words gets better. Then let words count again.

    dimensions: into how many numbers each sentence is pressed
    query: what to look for in a text on cooking, a river, learning machines, and words
    meaning: 1 compares vectors only, 0 words only, and between them both count: hybrid search
    """
    every = collection()
    kept, asked = every.axes[:dimensions], every.weigh([query])
    scores, by_words = (by_both(asked, every.weights, kept, each)[0] for each in (meaning, 0))  # [N]
    best = ranked(scores)[:SHOWN]
    shared, known = ((every.weights > 0) & (asked > 0)).sum(axis=1), (asked > 0).sum()  # [N], a number

    ds, subject, right = both_tests(meaning)
    chance = [every.subject[row] == every.subject[i] for i, row in enumerate(every.strangers) if row.any()]
    places = plane(np.vstack([vectors(every.weights, kept), vectors(asked, kept)]), np.arange(len(every.sentences)))
    found = best[scores[best] > 1e-9]
    return Result(
        summary=f"Found first: “{every.sentences[best[0]]}” It shares {shared[best[0]]} of {known} known words with "
        f"your query. Where no word is shared, {subject[dimensions - 2]:.0f}% find the same subject."
        if len(found)
        else "The collection has none of your words, so that your query has no vector and nothing is found.",
        numbers={
            "percent that find their subject without a word in common": subject[dimensions - 2],
            "percent by chance": 100 * np.mean([each.mean() for each in chance]),
            "percent of test questions with the right sentence first": right[dimensions - 2],
            "the same by words alone": first_right(by_both(every.questions, every.weights, kept, 0), every.right),
            "score of the best sentence": scores[best[0]],
            f"of the {SHOWN} best, without a word of yours": (shared[found] == 0).sum(),
        },
        show=[
            axes("Sentences as vectors, laid flat; your query among them")
            + [cloud(head, places[:-1][every.subject == i]) for i, head in enumerate(every.heads)]
            + [cloud("found", places[found], [str(place + 1) for place in range(len(found))])]
            + [cloud("now", places[-1:], ["query"])],
            columns(
                "The best sentences, as it is set and by words alone",
                ["found", "your words in it", "by words alone"],
                [
                    [every.sentences[i] if i in found else "(nothing)" for i in best],
                    shared[best].tolist(),
                    [every.sentences[i] if by_words[i] > 0 else "(nothing)" for i in ranked(by_words)[:SHOWN]],
                ],
            ),
            axes("Few numbers find the subject, many the words", "numbers per vector", "percent")
            + curves(ds, {"same subject, no word in common": subject, "right answer first": right})
            + point("now", dimensions, subject[dimensions - 2], right[dimensions - 2]),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
