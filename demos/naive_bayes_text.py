"""Naive Bayes: every word of a sentence votes for a class, and the votes are added up.

Notation: counts [C, V] how often word v stands in sentences of class c, alpha the count given to each word in advance,
          log_prior [C], log_word [C, V] logarithm of the probability of word v in class c; the vote of a word is
          log_word[0] - log_word[1].
Leaves out: the order of the words, stemming, and more than two classes.

Source: Maron (1961), https://doi.org/10.1145/321075.321084
        Manning, Raghavan & Schütze (2008), chapter 13, https://nlp.stanford.edu/IR-book/
"""

import json
import re
from functools import cache
from typing import Annotated, Literal

import numpy as np

from demos import Label, Range, Result, Series, Text, asset, axes, columns, curves, point
from demos.parts.corpus import paragraphs

CLASSES = ("language", "learning")
_LANGUAGE = (
    "ai-agent attention byte-pair-encoding causal-mask cosine-similarity embedding kv-cache language-model perplexity "
    "multi-head-attention positional-encoding recurrent-neural-network retrieval-augmented-generation self-attention "
    "temperature token tool-calling transformer"
)
LANGUAGE = frozenset(_LANGUAGE.split())  # the pages about text; all others are about how networks learn
SIZES = (20, 40, 80, 160, 320, 640, 1280)  # sentences to learn from, for the curve


@cache
def sentences(split):
    """Sentences of the glossary with at least five words -> their words (lists), and their class [N], 0 or 1."""
    pages = json.loads(asset("glossary-corpus.json").read_text(encoding="utf-8"))[split]
    words, label = [], []
    for slug, text in pages.items():
        cut = re.sub(r"(?<=[.?!])\s+", "\n\n", text)
        found = [each for each in paragraphs(cut) if len(each) >= 5]
        words += found
        label += [int(slug not in LANGUAGE)] * len(found)
    return words, np.array(label)


def count_words(texts, vocabulary, binary=False):
    """How often each word of the vocabulary stands in each text; with binary whether.  -> [N, V]"""
    table = np.zeros((len(texts), len(vocabulary)))
    for row, text in zip(table, texts, strict=True):
        for word in set(text) if binary else text:
            if word in vocabulary:
                row[vocabulary[word]] += 1
    return table


def fit(x, label, alpha):
    """Count, add alpha to every count, divide.  x: [N, V], label: [N] -> log_prior [2], log_word [2, V]"""
    counts = np.stack([x[label == c].sum(axis=0) for c in (0, 1)]) + alpha
    return np.log(np.bincount(label, minlength=2) / len(label)), np.log(counts / counts.sum(axis=1, keepdims=True))


def log_joint(x, log_prior, log_word):
    """Logarithm of P(class) times P(word | class) for every word, as if words came independently.  [N, V] -> [N, 2]"""
    return log_prior + x @ log_word.T


def probabilities(joint):
    """Bayes' theorem on logarithms.  joint: [N, 2] -> [N, 2], rows that sum to one"""
    powers = np.exp(joint - joint.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def learn(texts, label, alpha, binary):
    """The vocabulary of some texts and what naive Bayes learns from them -> {word: number}, log_prior, log_word"""
    vocabulary = {word: at for at, word in enumerate(sorted({word for text in texts for word in text}))}
    return vocabulary, *fit(count_words(texts, vocabulary, binary), label, alpha)


def judged(texts, label, model, binary):
    """On texts that were held out -> share right, and mean probability of the class that was chosen."""
    vocabulary, log_prior, log_word = model
    p = probabilities(log_joint(count_words(texts, vocabulary, binary), log_prior, log_word))
    return (p.argmax(axis=1) == label).mean(), p.max(axis=1).mean()


def demo(
    *,
    sentence: Annotated[str, Text(max_length=200, label="your sentence")] = "The model reads each word of the text",
    learned: Annotated[int, Range(20, 1420, 20, label="sentences to learn from", stops=13)] = 1420,
    alpha: Annotated[float, Range(0.01, 10, 0.01, log=True, label="alpha, added to each count", stops=13)] = 1.0,
    features: Annotated[Literal["counts", "binary"], Label("what is counted")] = "counts",
) -> Result:
    """Write a sentence and see how its words vote. Shuffle them: nothing changes. Repeat one: it votes again. Then take
    fewer sentences to learn from.

    sentence: is it from a page about language, or about learning?
    learned: how many sentences of the glossary the words are counted in
    alpha: how often every word of the vocabulary is taken to have been seen before counting starts
    features: whether a word that stands twice in a sentence votes twice (counts) or once (binary)
    """
    texts, label = sentences("training")
    test_texts, test_label = sentences("held_out")
    order, binary = np.random.default_rng(0).permutation(len(texts)), features == "binary"

    def from_first(n):
        return learn([texts[at] for at in order[:n]], label[order[:n]], alpha, binary)

    vocabulary, log_prior, log_word = model = from_first(learned)
    right, sure = judged(test_texts, test_label, model, binary)
    by_size = [judged(test_texts, test_label, from_first(n), binary)[0] for n in SIZES]
    votes = log_word[0] - log_word[1]  # [V], above zero for language
    own = [word for words in paragraphs(sentence) for word in words]
    x = count_words([own], vocabulary, binary)
    p = probabilities(log_joint(x, log_prior, log_word))[0]
    known = [word for word in dict.fromkeys(own) if word in vocabulary]
    cast = [x[0, vocabulary[word]] * votes[vocabulary[word]] for word in known]
    new = np.mean([word not in vocabulary for text in test_texts for word in text])
    names, rounded, strong = list(vocabulary), votes.round(2).tolist(), np.argsort(votes, kind="stable")
    return Result(
        summary=f"The sentence is about {CLASSES[p.argmax()]} with probability {'over ' * int(p.max() > 0.999)}"
        f"{min(p.max(), 0.999):.1%}; {len(known)} of its {len(set(own))} words are known. Of {len(test_label)} "
        f"sentences on pages never seen {right:.0%} are classified rightly.",
        numbers={
            "probability of language": p[0],
            "sum of the votes for language": sum(cast),
            "share of held-out sentences that are right": right,
            "mean probability of the class that is chosen": sure,
            "share right if all are called learning": (test_label == 1).mean(),
            "words in the vocabulary": len(vocabulary),
            "share of held-out words never seen": float(new),
            "sentences learned from": learned,
        },
        show=[
            axes("How each word votes: above zero for language", "word", "log of the ratio of probabilities")
            + Series("vote", ["prior", *known], [log_prior[0] - log_prior[1], *cast], "bars"),
            axes("More sentences, better votes", "sentences to learn from", "share right on pages never seen", "x")
            + curves(SIZES, {"held-out sentences": by_size})
            + point("now", learned, right),
            columns(
                "The words with the strongest votes",
                ["for language", "vote", "for learning", "vote "],
                [[each[at] for at in top] for top in (strong[:-13:-1], strong[:12]) for each in (names, rounded)],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
