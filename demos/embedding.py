"""Embedding: a table with one row of numbers per word; looking a word up means picking its row.

Notation: table [V, d], one row of d numbers for each of the V words; ids [N], which rows are wanted.
Here the rows are learned by counting which words stand near each other and factoring the counts into d columns.
Leaves out: learning the rows by gradient descent inside a network, for which `lookup_gradient` is the first step.

Source: Bengio, Ducharme, Vincent & Jauvin (2003), https://jmlr.org/papers/v3/bengio03a.html (the table)
        Levy & Goldberg (2014), on counts factored by a singular value decomposition,
        https://papers.nips.cc/paper_files/paper/2014/hash/feab05aa91085b7a8012516bc3533958-Abstract.html
"""

from collections import Counter
from typing import Annotated, Literal

import numpy as np

from demos import Heatmap, Label, Range, Result, axes, bars, cloud, columns
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


def truncated_svd(matrix, d):
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
    directions = np.linalg.svd(points[chosen] - middle)[2][:2]
    flat = (points - middle) @ directions.T
    return flat * np.where(flat[chosen[0]] > 0, -1, 1)  # the first chosen point goes to the lower left


def frequent_words(texts, least=3):
    """The words that occur at least so often, the most frequent first; words like “the” are left out.  -> V words"""
    times = Counter(word for text in texts for word in text if word not in FUNCTION_WORDS)
    return sorted((word for word in times if times[word] >= least), key=lambda word: (-times[word], word))


def make_table(company, dimensions, rows):
    """A table learned from the company that words keep, or a random one.  company: [V, V] -> [V, d]"""
    if rows == "learned":
        return truncated_svd(company, dimensions)[0]
    return np.random.default_rng(0).normal(size=(len(company), dimensions))


def lookup_difference(table, ids):
    """The largest difference between picking rows and multiplying by one-hot rows.  ids: [N] -> one number"""
    return np.abs(lookup(table, ids) - one_hot(ids, len(table)) @ table).max()


def average_cosines(cosines, company):
    """The average cosine of two words that keep company, and of any two words.  [V, V] both -> two numbers"""
    apart = ~np.eye(len(cosines), dtype=bool)
    return cosines[apart & (company > 0)].mean(), cosines[apart].mean()


def demo(
    *,
    word: Literal["bread", "salt", "river", "rain", "network", "gradient", "word", "vector"] = "bread",
    measure: Annotated[Literal["cosine", "dot", "euclidean"], Label("closeness measured by")] = "cosine",
    dimensions: Annotated[int, Range(2, 60, label="numbers per word")] = 16,
    window: Annotated[int, Range(1, 10, label="window, in words")] = 5,
    rows: Annotated[Literal["learned", "random"], Label("rows of the table")] = "learned",
) -> Result:
    """Pick a word and see which words its row is close to; then make the rows random, as they are before training.

    word: the word to look up; the picture shows the words whose rows are closest to its own
    measure: what counts as close: a small angle (cosine), a large product (dot), or a short distance (euclidean)
    dimensions: how many numbers each word gets, so how long a row is
    window: how many words apart two words may stand and still count as company
    rows: learned from the company that words keep, or drawn at random
    """
    texts = paragraphs(small_text())
    words = frequent_words(texts)
    V, row = len(words), words.index(word)
    company = ppmi(cooccurrence(texts, words, window))  # [V, V]
    table = make_table(company, dimensions, rows)

    by = {name: nearest(table, row, name, 8) for name in MEASURES}
    close = by[measure]
    names, scores = [words[i] for i in close], closeness(table, table[row], measure)[close]
    difference, cosines = lookup_difference(table, np.array([row])), unit(table) @ unit(table).T  # cosines: [V, V]
    together, overall = average_cosines(cosines, company)

    marks = [words.index(each) for each in LANDMARKS if each != word and each not in names]
    places = plane(unit(table) if measure == "cosine" else table, [row, *close, *marks])  # [V, 2]
    rest = np.setdiff1d(np.arange(V), [row, *close, *marks])
    far = measure == "euclidean"
    return Result(
        summary=f"By {MEASURES[measure]}, the rows closest to “{word}” are those of {names[0]}, {names[1]} and "
        f"{names[2]}. Picking its row out of {V} and multiplying by a one-hot vector differ by {difference:g}.",
        numbers={
            "words in the table": V,
            "numbers in the table": table.size,
            "difference between lookup and one-hot product": difference,
            "cosine to the closest word": cosines[row, by["cosine"][0]],
            "average cosine of words that keep company": together,
            "average cosine of all words": overall,
            "closest words shared by all three measures": len(set.intersection(*map(set, by.values()))),
        },
        show=[
            axes(f"“{word}”, the words closest to it, and some others")
            + cloud("other words", places[rest])
            + cloud("to compare with", places[marks], [words[i] for i in marks])
            + cloud("closest words", places[close], names)
            + cloud("your word", places[[row]], [word]),
            axes(f"How close, by {MEASURES[measure]}", y="distance: shorter is closer" if far else MEASURES[measure])
            + bars(names, {"closest words": np.abs(scores) if far else scores}),
            Heatmap(
                "The rows that were picked: similar words, similar colors",
                lookup(table, [row, *close]),
                [str(k + 1) for k in range(dimensions)],
                [word, *names],
                "column of the table",
                scale="diverging",
            ),
            columns(
                "The closest words by each measure",
                ["place", *MEASURES.values()],
                [range(1, len(close) + 1), *([words[i] for i in ids] for ids in by.values())],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
