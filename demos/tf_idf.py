"""TF-IDF: a word counts for a passage the more often it stands there, and the fewer passages have it.

Notation: counts [N, V], how often each of V words stands in each of N passages (tf, the term frequency); having [V], in
          how many passages a word stands; idf [V], the inverse document frequency; p, the power it is raised to.
The passages are the sentences of the small text, with “the” and “of” left in: that they hardly count is up to idf.
Leaves out: endings, so that “boil” and “boils” are two words; BM25 (demos/rag.py) tempers counts and lengths.

Source: Spärck Jones (1972), https://doi.org/10.1108/eb026526 (the weight by rarity)
        Salton & Buckley (1988), https://doi.org/10.1016/0306-4573(88)90021-0 (kinds of tf, idf and length compared)
"""

import re
from typing import Annotated, Literal

import numpy as np

from demos import Heatmap, Label, Range, Result, Text, axes, columns, curves, point
from demos.embedding import unit
from demos.parts.corpus import paragraphs, small_text
from demos.rag import QUESTIONS

POWERS = np.linspace(0, 3, 25)
SHOWN = 6  # passages in the picture


def words(text):
    """All words in lower case, small ones too."""
    return [word for paragraph in paragraphs(text) for word in paragraph]


def count(texts, vocabulary):
    """How often each word of the vocabulary stands in each text -> [N, V]"""
    column = {word: i for i, word in enumerate(vocabulary)}
    counts = np.zeros((len(texts), len(column)))
    for row, text in enumerate(texts):
        np.add.at(counts[row], [column[word] for word in words(text) if word in column], 1)
    return counts


def tempered(counts, counting):
    """Term frequency: how much n mentions count.  [..] -> [..], 0 where there is none"""
    if counting == "1 + ln count":
        return np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0)
    return counts if counting == "count" else (counts > 0).astype(float)


def rarity(counts, formula="ln(N / n)"):
    """Inverse document frequency of each word.  counts: [N, V] -> [V]; 0 for a word that stands in every passage

    scikit-learn counts as if one more passage held every word, and adds 1, so that no word of a passage weighs nothing.
    """
    N, having = len(counts), (counts > 0).sum(axis=0)
    if formula == "scikit-learn":
        return np.log((1 + N) / (1 + having)) + 1
    return np.log(N / np.maximum(having, 1))


def weigh(counts, idf, p=1.0, counting="count"):
    """TF-IDF at p = 1; at p = 0 rarity does not count.  counts: [N, V], idf: [V] -> [N, V]"""
    return tempered(counts, counting) * idf**p


def parts_of_scores(asked, passages, by_length):
    """What each word adds to the score of each passage.  asked: [V], passages: [N, V] -> [N, V], rows sum to the score

    With both scaled to length one the score is the cosine, and a long passage has no advantage.
    """
    return unit(asked) * unit(passages) if by_length else asked * passages


def first_passages(asked, passages, by_length):
    """The best passage for each question.  asked: [Q, V], passages: [N, V] -> [Q] ids; of equal scores the first"""
    scores = asked @ (unit(passages) if by_length else passages).T
    return scores.round(9).argmax(axis=1)


def ranked(scores):
    """Which is best, second and so on; of equal ones the first comes first.  [N] -> [N] ids"""
    return np.argsort(-scores.round(9), kind="stable")


def sentences(text):
    """The sentences of a text, headings left out -> list of str"""
    return [each for line in text.split("\n") if line.endswith(".") for each in re.split(r"(?<=[.!?])\s+", line)]


def beginning(number, sentence, most=24):
    """A short name for a sentence: its number and how it begins."""
    return f"{number}: {sentence[:most].rsplit(' ', 1)[0]} …"


def demo(
    *,
    p: Annotated[float, Range(0, 3, 0.125, label="how much rarity counts, p")] = 1.0,
    query: Annotated[str, Text(80, label="your query")] = "the fish in the pot",
    counting: Annotated[Literal["count", "1 + ln count", "yes or no"], Label("a word's mentions count as")] = "count",
    formula: Annotated[Literal["ln(N / n)", "scikit-learn"], Label("formula of idf")] = "ln(N / n)",
    by_length: Annotated[bool, Label("divide by the length of the vector")] = False,
) -> Result:
    """Turn p down to 0: words now count alike, and the best sentence for “the fish in the pot” has neither fish nor pot
    in it, but many a “the”. Turn it up to 3, and the rarest word decides alone.

    p: the power of idf; 1 is TF-IDF, 0 counts words and nothing else
    query: what to look for in a text on cooking, a river, learning machines, and words
    counting: how much the second and the tenth mention of a word in a passage add
    formula: how rarity is measured; N passages, of which n have the word
    by_length: whether long passages lose their advantage
    """
    passages = sentences(small_text())
    names = [beginning(number, passage) for number, passage in enumerate(passages, start=1)]
    vocabulary = sorted({word for passage in passages for word in words(passage)})
    counts = count(passages, vocabulary)  # [N, V]
    idf = rarity(counts, formula)

    asked, weighed = count([query], vocabulary), weigh(counts, idf, p, counting)  # [1, V], [N, V]
    parts = parts_of_scores(weigh(asked, idf, p, counting)[0], weighed, by_length)
    scores = parts.sum(axis=1)
    best = ranked(scores)[:SHOWN]
    top, the = best[0], vocabulary.index("the")
    known = sorted(np.flatnonzero(asked[0]), key=lambda i: idf[i])  # words of the query, the commonest first

    questions = count([question for question, *_ in QUESTIONS], vocabulary)
    holder = np.array([next(i for i, text in enumerate(passages) if answer in text) for *_, answer in QUESTIONS])
    right = [
        100 * (first_passages(questions * idf**each, weigh(counts, idf, each, counting), by_length) == holder).mean()
        for each in (*POWERS, p)
    ]  # the questions hold hardly a word twice, so that their mentions are counted as they are
    by_count, by_both = (ranked(weigh(counts[top], idf, each, counting))[:8] for each in (0, 1))
    return Result(
        summary=f"The best of {len(names)} sentences: “{passages[top]}” Of 20 test questions, {right[-1]:.0f}% find "
        "the sentence with their answer first."
        if scores[top] > 0
        else "Nothing in your query counts for any sentence, so all scores are zero.",
        numbers={
            "sentences": len(names),
            "percent of test questions with the right sentence first": right[-1],
            "best score": scores[top],
            "percent of the best score from “the”": 100 * parts[top, the] / (scores[top] or 1),
            "idf of “the”": idf[the],
            "idf of “pot”": idf[vocabulary.index("pot")],
        },
        show=[
            Heatmap(
                "What each word of your query brings to the best sentences",
                parts[best][:, known] if known else np.zeros((SHOWN, 1)),
                [vocabulary[i] for i in known] or ["(none)"],
                [names[i] for i in best],
                "word, the commonest on the left", "sentence", annotate=True,
            ),
            axes("Rarity may count too little and too much", "how much rarity counts, p", "percent right first")
            + curves(POWERS, {"right sentence first": right[:-1]})
            + point("now", p, right[-1]),
            columns(
                f"The weightiest words of “{names[top]}”",
                ["by count alone", "by TF-IDF", "idf"],
                [[vocabulary[i] for i in by_count], [vocabulary[i] for i in by_both], idf[by_both].round(2)],
            ),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
