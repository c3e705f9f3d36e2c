"""Attention: a query asks, every key answers with a score, and the values come back mixed by those scores.

Notation: q [.., T, d_k] T queries, k [.., S, d_k] one key for each of S source words, v [.., S, d_v] their values.
Leaves out: learning. Queries, keys and values are set by hand here; a network computes them from embeddings.

Source: Vaswani et al. (2017), section 3.2.1 and footnote 4, https://arxiv.org/abs/1706.03762
        Bahdanau, Cho & Bengio (2014), https://arxiv.org/abs/1409.0473
"""

import math
from typing import Annotated, Literal

import numpy as np

from demos import Chart, Heatmap, Range, Result, Series
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
# The values stand on an arch, first word on the left: every mix of them lies somewhere under it.
ARCH = np.linspace(math.pi, 0, len(WORDS))
VALUES = np.stack([np.cos(ARCH), np.sin(ARCH)], axis=-1)  # [8, 2]


def random_scores(rng, d_k, draws=400, source=8):
    """What scaling is for.  Queries and keys of independent normal numbers -> four measured figures:

    the variance of the scores as they are and scaled, and the mean of each query's largest weight likewise.
    """
    q, k = rng.normal(size=(draws, 1, d_k)), rng.normal(size=(draws, source, d_k))
    scores = q @ k.swapaxes(-1, -2)  # [draws, 1, source]
    _, weights = attention(q, k, k, scale=False)
    _, weights_scaled = attention(q, k, k)
    return (
        scores.var(),
        (scores / math.sqrt(d_k)).var(),
        weights.max(axis=-1).mean(),
        weights_scaled.max(axis=-1).mean(),
    )


def demo(
    *,
    question: Literal[
        "when?",
        "what is the dog like?",
        "who?",
        "did what?",
        "what is the street like?",
        "where?",
        "which things?",
    ] = "who?",
    query_length: Annotated[float, Range(0, 20, 0.5)] = 10.0,
    hidden: Literal["nothing", "yesterday", "dog", "crossed", "street"] = "nothing",
    d_k: Annotated[int, Range(1, 256)] = 64,
) -> Result:
    """Shorten the queries to zero and every word gets the same weight. Then hide the word that answers the question:
    the weight has to go somewhere, since it always sums to one.

    question: the query whose output is drawn
    query_length: how long the query vectors are; zero asks for nothing, long ones insist
    hidden: a word that no query may look at
    d_k: how many numbers a random query or key has, in the two charts of random draws
    """
    names, allowed = list(WORDS), np.array([word != hidden for word in WORDS])  # [8], the same for every query
    _, weights = attention(query_length * DIRECTIONS, KEYS, VALUES, mask=allowed)  # [7, 8]
    row = list(QUESTIONS).index(question)
    asked = weights[row]  # [8]
    best, second = np.argsort(-asked, kind="stable")[:2]

    lengths = np.linspace(0, 20, 81)
    path, _ = attention(np.outer(lengths, DIRECTIONS[row]), KEYS, VALUES, mask=allowed)  # [81, 2]
    output, _ = attention(query_length * DIRECTIONS[[row]], KEYS, VALUES, mask=allowed)  # [1, 2]

    sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256]
    sweep = np.array([random_scores(np.random.default_rng(0), size) for size in sizes])  # [9, 4]
    plain, scaled, peak, peak_scaled = map(float, random_scores(np.random.default_rng(0), d_k))
    return Result(
        summary=(
            f"Asked “{question}”, the query gives “{names[best]}” weight {asked[best]:.2f} and “{names[second]}” "
            f"{asked[second]:.2f}. Between random vectors of d_k = {d_k} the scores have variance {plain:.3g}, "
            f"and {scaled:.2f} once they are scaled."
        ),
        numbers={
            "largest weight": float(asked[best]),
            "second largest weight": float(asked[second]),
            "distance from the output to the nearest value": float(np.linalg.norm(VALUES - output, axis=-1).min()),
            "variance of random scores, not scaled": plain,
            "variance of random scores, scaled": scaled,
            "largest weight among random keys, not scaled": peak,
            "largest weight among random keys, scaled": peak_scaled,
        },
        show=[
            Heatmap(
                title="Where each query looks",
                values=weights,
                columns=names,
                rows=list(QUESTIONS),
                x="source word",
                y="query",
                annotate=True,
            ),
            Chart(
                title=f"What comes back for “{question}”",
                series=[
                    Series("value of each word", VALUES[:, 0], VALUES[:, 1], "points", names),
                    Series("output, from a short query to a long one", path[:, 0], path[:, 1]),
                    Series("output now", output[:, 0], output[:, 1], "points"),
                ],
                x="first number of the value",
                y="second number of the value",
            ),
            Chart(
                title="Variance of the scores of random vectors",
                series=[
                    Series("not scaled", sizes, sweep[:, 0]),
                    Series("scaled", sizes, sweep[:, 1]),
                    Series("now", [d_k] * 2, [plain, scaled], "points"),
                ],
                x="d_k",
                y="variance",
                log_x=True,
                log_y=True,
            ),
            Chart(
                title="Largest weight among eight random keys",
                series=[
                    Series("not scaled", sizes, sweep[:, 2]),
                    Series("scaled", sizes, sweep[:, 3]),
                    Series("now", [d_k] * 2, [peak, peak_scaled], "points"),
                ],
                x="d_k",
                y="weight, mean over the draws",
                log_x=True,
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
