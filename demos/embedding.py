"""Embedding: a table with one row of numbers per word; looking a word up means picking its row.

Notation: table [V, d], one row of d numbers for each of the V words; ids [N], which rows are wanted.
Here the rows are learned by counting which words stand near each other and pressing the counts into d columns.
Leaves out: learning the rows by gradient descent inside a network, for which `lookup_gradient` is the first step.

Source: Bengio, Ducharme, Vincent & Jauvin (2003), https://jmlr.org/papers/v3/bengio03a.html (the table)
        Levy & Goldberg (2014), on counts pressed by a singular value decomposition,
        https://papers.nips.cc/paper_files/paper/2014/hash/feab05aa91085b7a8012516bc3533958-Abstract.html
"""

from collections import Counter
from typing import Annotated, Literal

import numpy as np

from demos import Chart, Heatmap, Range, Result, Series, Table
from demos.parts.corpus import FUNCTION_WORDS, paragraphs, small_text

MEASURES = {"cosine": "cosine similarity", "dot": "dot product", "euclidean": "distance"}
LANDMARKS = ["bread", "river", "network", "word"]  # one word of each subject of the text, to compare with


def lookup(table, ids):
    """Pick rows.  table: [V, d], ids: [N] -> [N, d]"""
    return table[ids]


def lookup_gradient(upstream, ids, V):
    """How the loss changes with the table.  upstream: [N, d], the loss by each picked row -> [V, d]

    Only picked rows get anything, and a row picked twice gets both parts: `+=` alone would keep the last one only.
    """
    gradient = np.zeros((V, upstream.shape[1]))
    np.add.at(gradient, ids, upstream)
    return gradient


def one_hot(ids, V):
    """Every id as a row of zeros with a single one.  ids: [N] -> [N, V];  one_hot(ids, V) @ table is the lookup."""
    return np.eye(V)[ids]


def cooccurrence(texts, words, window):
    """How often two of the words stand at most `window` places apart in a text -> [V, V], symmetric.

    texts: lists of words. Words that are not in `words` are taken out first, so they fill no place.
    """
    row = {word: i for i, word in enumerate(words)}
    counts = np.zeros((len(words), len(words)))
    for text in texts:
        ids = np.array([row[word] for word in text if word in row], dtype=int)
        for apart in range(1, min(window, len(ids) - 1) + 1):
            np.add.at(counts, (ids[:-apart], ids[apart:]), 1)
    return counts + counts.T


def ppmi(counts):
    """Positive pointwise mutual information.  counts: [V, V], symmetric -> [V, V]

    log2 of how much more often two words meet than words that common would by chance; 0 where they meet no more often.
    """
    share = counts.sum(axis=1) / counts.sum()
    expected = np.outer(share, share) * counts.sum()
    met = counts > expected  # elsewhere the logarithm is negative, or there is none
    return np.log2(np.divide(counts, expected, out=np.ones_like(counts), where=met))


def press(matrix, d):
    """Factor a matrix and keep the d strongest columns.  matrix: [V, V], symmetric -> table [V, d], all V strengths

    From U S Wt the table takes U √S. A column may come out with either sign, depending on the machine: here each is
    turned so that its third powers add up to something positive. Distances and angles do not change by that.
    """
    U, strengths, _ = np.linalg.svd(matrix)
    table = U[:, :d] * np.sqrt(strengths[:d])
    return table * np.where((table**3).sum(axis=0) < 0, -1, 1), strengths


def closeness(table, query, measure):
    """How close every row is to the query; more is closer.  table: [V, d], query: [d] -> [V]"""
    if measure == "dot":
        return table @ query
    if measure == "euclidean":
        return -np.linalg.norm(table - query, axis=1)
    return unit(table) @ unit(query)  # cosine: the lengths do not count, only the directions


def unit(x):
    """Scale vectors to length one; a vector of zeros has no direction and stays zero.  x: [..., d] -> [..., d]"""
    length = np.linalg.norm(x, axis=-1, keepdims=True)
    return x / np.where(length > 1e-9, length, np.inf)


def nearest(table, row, measure, k):
    """The k rows closest to a row, itself left out, closest first -> k ids."""
    order = np.argsort(-closeness(table, table[row], measure), kind="stable")
    return order[order != row][:k]


def plane(points, chosen):
    """Look at points from the side where the chosen ones spread the most.  points: [V, d], chosen: ids -> [V, 2]"""
    middle = points[chosen].mean(axis=0)
    axes = np.linalg.svd(points[chosen] - middle)[2][:2]
    flat = (points - middle) @ axes.T
    return flat * np.where(flat[chosen[0]] > 0, -1, 1)  # the first chosen point goes to the lower left


def demo(
    *,
    word: Literal["bread", "salt", "river", "rain", "network", "gradient", "word", "vector"] = "bread",
    measure: Literal["cosine", "dot", "euclidean"] = "cosine",
    dimensions: Annotated[int, Range(2, 60)] = 16,
    window: Annotated[int, Range(1, 10)] = 5,
    rows: Literal["learned", "random"] = "learned",
) -> Result:
    """Pick a word and see which words its row is close to; then make the rows random, as they are before training.

    word: the word to look up
    measure: how closeness is measured, by angle, by product or by distance
    dimensions: how many numbers each word gets
    window: how many words apart two words may stand and still count as company
    rows: learned from the company that words keep, or drawn at random
    """
    texts = paragraphs(small_text())
    common = Counter(each for text in texts for each in text if each not in FUNCTION_WORDS)
    words = sorted((each for each in common if common[each] >= 3), key=lambda each: (-common[each], each))
    V, row = len(words), words.index(word)

    company = ppmi(cooccurrence(texts, words, window))  # [V, V]
    if rows == "learned":
        table, _ = press(company, dimensions)
    else:
        table = np.random.default_rng(0).normal(size=(V, dimensions))

    picked = lookup(table, np.array([row]))  # [1, d]
    product = one_hot(np.array([row]), V) @ table
    by = {name: nearest(table, row, name, 8) for name in MEASURES}
    close = by[measure]
    names = [words[i] for i in close]

    cosines = unit(table) @ unit(table).T  # [V, V]
    apart = ~np.eye(V, dtype=bool)
    scores = closeness(table, table[row], measure)[close]
    difference = float(np.abs(picked - product).max())

    others = [words.index(each) for each in LANDMARKS if each != word and each not in names]
    x, y = plane(unit(table) if measure == "cosine" else table, [row, *close, *others]).T
    rest = np.setdiff1d(np.arange(V), [row, *close, *others])
    return Result(
        summary=(
            f"By {MEASURES[measure]}, the rows closest to “{word}” are those of {names[0]}, {names[1]} and {names[2]}. "
            f"Picking its row out of {V} and multiplying by a one-hot vector differ by {difference:g}."
        ),
        numbers={
            "words in the table": V,
            "numbers in the table": table.size,
            "difference between lookup and one-hot product": difference,
            "cosine to the closest word": float(cosines[row, by["cosine"][0]]),
            "average cosine of words that keep company": float(cosines[apart & (company > 0)].mean()),
            "average cosine of all words": float(cosines[apart].mean()),
            "closest words shared by all three measures": len(set.intersection(*map(set, by.values()))),
        },
        show=[
            Chart(
                title=f"“{word}”, the words closest to it, and some others",
                series=[
                    Series("other words", x[rest], y[rest], "points"),
                    Series("to compare with", x[others], y[others], "points", labels=[words[i] for i in others]),
                    Series("closest words", x[close], y[close], "points", labels=names),
                    Series("your word", x[[row]], y[[row]], "points", labels=[word]),
                ],
            ),
            Chart(
                title=f"How close, by {MEASURES[measure]}",
                series=[Series("closest words", names, np.abs(scores) if measure == "euclidean" else scores, "bars")],
                y="distance: shorter is closer" if measure == "euclidean" else MEASURES[measure],
            ),
            Heatmap(
                title="The rows that were picked: similar words, similar colors",
                values=lookup(table, [row, *close]),
                columns=[str(k + 1) for k in range(dimensions)],
                rows=[word, *names],
                x="column of the table",
                scale="diverging",
            ),
            Table(
                title="The closest words by each measure",
                columns=["place", *MEASURES.values()],
                rows=[[k + 1, *(words[i] for i in ids)] for k, ids in enumerate(zip(*by.values(), strict=True))],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
