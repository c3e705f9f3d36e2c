"""Attention: a query asks, every key answers with a score, and the values come back mixed by those scores.

Notation: q [.., T, d_k] T queries, k [.., S, d_k] one key for each of S source words, v [.., S, d_v] their values.
Leaves out: learning. Queries, keys and values are set by hand here; a network computes them from embeddings.

Source: Vaswani et al. (2017), section 3.2.1 and footnote 4, https://arxiv.org/abs/1706.03762
        Bahdanau, Cho & Bengio (2014), https://arxiv.org/abs/1409.0473
"""

import math
from typing import Annotated, Literal

import numpy as np

from demos import Heatmap, Label, Range, Result, axes, cloud, curves, point
from demos.softmax import softmax


def attention(q, k, v, mask=None, scale=True):
    """Scaled dot-product attention.

    q: [.., T, d_k], k: [.., S, d_k], v: [.., S, d_v] -> output [.., T, d_v], weights [.., T, S]
    mask: True where a query may look, any shape that broadcasts to [.., T, S]; every query needs a True.
    scale: divide the scores by sqrt(d_k), so that their spread does not depend on d_k.
    """
    scores = q @ k.swapaxes(-1, -2)  # [.., T, S]: large where a key points the way the query points
    if scale:
        scores = scores / math.sqrt(q.shape[-1])
    if mask is not None:
        if not np.any(mask, axis=-1).all():
            raise ValueError("a query may look at no key at all: its row of the mask is False everywhere")
        scores = np.where(mask, scores, -np.inf)  # softmax gives these a weight of exactly zero
    weights = softmax(scores)  # along S: the weights of one query sum to one
    return weights @ v, weights


# Set by hand so that the scores can be checked in the head: a key says what a word has to offer.
#                   thing  alive  place  action  quality  time
WORDS = {
    "yesterday": [0, 0, 0, 0, 0, 1],
    "a": [0, 0, 0, 0, 0, 0],
    "tired": [0, 1, 0, 0, 1, 0],
    "dog": [1, 1, 0, 0, 0, 0],
    "crossed": [0, 0, 0, 1, 0, 0],
    "the": [0, 0, 0, 0, 0, 0],
    "wide": [0, 0, 1, 0, 1, 0],
    "street": [1, 0, 1, 0, 0, 0],
}
# A query says, over the same six properties, what is wanted.
QUESTIONS = {
    "when?": [0, 0, 0, 0, 0, 1],
    "what is the dog like?": [0, 1, 0, 0, 1, 0],
    "who?": [1, 1, 0, 0, 0, 0],
    "did what?": [0, 0, 0, 1, 0, 0],
    "what is the street like?": [0, 0, 1, 0, 1, 0],
    "where?": [1, 0, 1, 0, 0, 0],
    "which things?": [1, 0, 0, 0, 0, 0],
}
KEYS = np.array(list(WORDS.values()), dtype=float)  # [8, 6]
DIRECTIONS = np.array([np.array(wanted) / math.hypot(*wanted) for wanted in QUESTIONS.values()])  # [7, 6], length 1
# The values lie on a half circle, first word on the left: every mix of them lies on it or below it.
ARCH = np.linspace(math.pi, 0, len(WORDS))
VALUES = np.stack([np.cos(ARCH), np.sin(ARCH)], axis=-1)  # [8, 2]


def ask(queries, hidden):
    """What the words of the sentence answer, one of them hidden.  [T, 6] -> output [T, 2], weights [T, 8]"""
    return attention(queries, KEYS, VALUES, mask=np.array([word != hidden for word in WORDS]))


def random_scores(rng, d_k, draws=400, source=8):
    """What scaling is for.  Queries and keys of independent normal numbers -> four measured figures:

    the variance of the scores as they are and scaled, and the mean of each query's largest weight likewise.
    """
    q, k = rng.normal(size=(draws, 1, d_k)), rng.normal(size=(draws, source, d_k))
    scores = q @ k.swapaxes(-1, -2)  # [draws, 1, source]
    peaks = [attention(q, k, k, scale=scale)[1].max(axis=-1).mean() for scale in (False, True)]
    return scores.var(), (scores / math.sqrt(d_k)).var(), *peaks


def scores_by_size(sizes):
    """The four figures of random_scores for every d_k.  sizes: S numbers -> [4, S]"""
    return np.array([random_scores(np.random.default_rng(0), d_k) for d_k in sizes]).T


def demo(
    *,
    query_length: Annotated[float, Range(0, 20, 0.5, label="length of the query")] = 10.0,
    question: Literal[
        "when?", "what is the dog like?", "who?", "did what?", "what is the street like?", "where?", "which things?"
    ] = "who?",
    hidden: Annotated[Literal["nothing", "yesterday", "dog", "crossed", "street"], Label("hidden word")] = "nothing",
    d_k: Annotated[int, Range(1, 256, label="key size dₖ")] = 64,
) -> Result:
    """Shorten the queries to zero and every word gets the same weight. Then hide the word that answers the question:
    the weight has to go somewhere, since it always sums to one.

    query_length: how long the query vectors are; zero asks for nothing, long ones insist
    question: what is asked; the second picture shows the answer that comes back
    hidden: a word that no query may look at
    d_k: how many numbers a query or key has, in the two charts of random draws; nothing else depends on it
    """
    names, row = list(WORDS), list(QUESTIONS).index(question)
    _, weights = ask(query_length * DIRECTIONS, hidden)  # [7, 8]
    best, second = np.argsort(-weights[row], kind="stable")[:2]
    output, _ = ask(query_length * DIRECTIONS[[row]], hidden)  # [1, 2]
    path, _ = ask(np.outer(np.linspace(0, 20, 81), DIRECTIONS[row]), hidden)  # [81, 2], one for each length

    sizes = 2 ** np.arange(9)  # 1 to 256
    variance, variance_scaled, peak, peak_scaled = scores_by_size(sizes)  # [9] each
    now = random_scores(np.random.default_rng(0), d_k)
    return Result(
        summary=f"Asked “{question}”, the query gives “{names[best]}” weight {weights[row, best]:.2f} and "
        f"“{names[second]}” {weights[row, second]:.2f}. Between random vectors of {d_k} numbers the scores have "
        f"variance {now[0]:.3g}, and {now[1]:.2f} once they are scaled.",
        numbers={
            "largest weight": weights[row, best],
            "second largest weight": weights[row, second],
            "distance from the output to the nearest value": np.linalg.norm(VALUES - output, axis=-1).min(),
            "variance of random scores, not scaled": now[0],
            "variance of random scores, scaled": now[1],
            "largest weight among random keys, not scaled": now[2],
            "largest weight among random keys, scaled": now[3],
        },
        show=[
            Heatmap("Where each query looks", weights, names, list(QUESTIONS), "source word", "query", annotate=True),
            axes(f"What comes back for “{question}”", "first number of the value", "second number of the value")
            + cloud("value of each word", VALUES, names)
            + curves(path[:, 0], {"output, from a short query to a long one": path[:, 1]})
            + cloud("output now", output),
            axes("Variance of the scores of random vectors", "d_k", "variance", log="xy")
            + curves(sizes, {"not scaled": variance, "scaled": variance_scaled})
            + point("now", d_k, *now[:2]),
            axes("Largest weight among eight random keys", "d_k", "weight, mean over the draws", log="x")
            + curves(sizes, {"not scaled": peak, "scaled": peak_scaled})
            + point("now", d_k, *now[2:]),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
