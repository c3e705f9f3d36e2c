"""Temperature: divide the scores before softmax. Cold picks the favorite, hot levels the field.

Notation: scores [.., V], one for each of the V tokens that may come next; shares = softmax(scores). Here a score is the
          logarithm of the probability that an n-gram model gives to the token, so that at temperature 1 the shares are
          those probabilities. A filter sets the scores of some tokens to minus infinity, and they can't be drawn.
Leaves out: searches that weigh whole continuations instead of drawing; and, in the demo, the penalty on repeating.

Source: Ackley, Hinton & Sejnowski (1985), https://doi.org/10.1207/s15516709cog0901_7 (temperature)
        Fan, Lewis & Dauphin (2018), https://arxiv.org/abs/1805.04833 (top-k)
        Holtzman et al. (2019), https://arxiv.org/abs/1904.09751 (top-p)
        Nguyen et al. (2024), https://arxiv.org/abs/2407.01082 (min-p)
        Keskar et al. (2019), section 4.1, https://arxiv.org/abs/1909.05858 (the penalty on repeating)
"""

from typing import Annotated

import numpy as np

from demos import Chart, Range, Result, Series, Step, Text, Trace
from demos.byte_pair_encoding import decode, encode, readable, vocabulary
from demos.ngram_lm import next_token, read
from demos.softmax import softmax

ORDER, MERGES = 3, 1000  # the model behind the scores
CONTINUATIONS, LENGTH = 4, 15  # how many texts are written, and how many tokens each


def heat(scores, temperature):
    """Divide by the temperature: below 1 the scores move apart, above 1 together.  [.., V] -> [.., V]"""
    return scores / temperature


def keep_top_k(scores, k):
    """Keep the k highest scores, and all that are as high as the last of them; k = 0 keeps all.  [.., V] -> [.., V]"""
    if k == 0:
        return scores
    lowest = np.sort(scores, axis=-1)[..., -min(k, scores.shape[-1])]
    return np.where(scores >= lowest[..., None], scores, -np.inf)


def keep_top_p(scores, p):
    """Keep the likeliest tokens until their shares sum to p, the one that gets there included.  [.., V] -> [.., V]"""
    order = np.argsort(-scores, axis=-1, kind="stable")
    shares = softmax(np.take_along_axis(scores, order, axis=-1))
    likelier = np.cumsum(shares, axis=-1) - shares  # what those before it sum to
    kept = np.take_along_axis(likelier < p, np.argsort(order, axis=-1), axis=-1)
    return np.where(kept | (p >= 1), scores, -np.inf)


def keep_min_p(scores, part):
    """Keep the tokens whose share is at least this part of the favorite's.  [.., V] -> [.., V]"""
    shares = softmax(scores)
    return np.where(shares >= part * shares.max(axis=-1, keepdims=True), scores, -np.inf)


def discourage(scores, before, penalty):
    """Make every token that came before less likely, where the penalty is above 1.  scores: [V], before: ids -> [V]

    A negative score is multiplied, since dividing would bring it closer to zero and make the token likelier.
    """
    seen, scores = np.unique(np.asarray(before, dtype=int)), scores.copy()
    scores[seen] = np.where(scores[seen] > 0, scores[seen] / penalty, scores[seen] * penalty)
    return scores


def prepare(scores, temperature=1.0, top_k=0, top_p=1.0, min_p=0.0):
    """Heat first, then filter, as the `transformers` library does -> shares [.., V] to draw from."""
    return softmax(keep_min_p(keep_top_p(keep_top_k(heat(scores, temperature), top_k), top_p), min_p))


def entropy(shares):
    """How uncertain a draw is, in bits: 0 for one sure token, log2 V for V equal ones.  [.., V] -> [..]"""
    return -(shares * np.log2(np.where(shares > 0, shares, 1))).sum(axis=-1)


def draw(shares, rng):
    """Pick one token, each with a probability of its share.  shares: [V] -> its id"""
    return int(rng.choice(len(shares), p=shares))


def demo(
    *,
    temperature: Annotated[float, Range(0.05, 3, 0.05)] = 0.5,
    top_k: Annotated[int, Range(0, 50)] = 0,
    top_p: Annotated[float, Range(0.05, 1, 0.05)] = 1.0,
    min_p: Annotated[float, Range(0, 0.5, 0.01)] = 0.0,
    text: Annotated[str, Text(max_length=100)] = "The slope of",
    seed: Annotated[int, Range(1, 20)] = 1,
) -> Result:
    """Heat: no token ever overtakes another, and yet soon most draws come from the hundreds of unlikely ones. Then set
    top_p to 0.9 and heat again: it looks at the shares after heating, so it lets more and more of them through.

    temperature: what the scores are divided by
    top_k: how many tokens are kept, the likeliest first; 0 keeps all
    top_p: tokens are kept until they hold this much of the whole
    min_p: tokens are kept that have at least this part of the favorite's share
    text: what the model continues
    seed: which continuations are drawn
    """
    learned, training, _, tables = read("glossary", MERGES)
    tables, tokens, V = tables[:ORDER], vocabulary(learned), 256 + len(learned)
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair becomes a question mark
    before = [*training, *encode(text, learned)]

    def scores_after(ids):
        return np.log(next_token(tables, ids, V))  # [V], finite: the model calls nothing impossible

    def settled(scores):
        return prepare(scores, temperature, top_k, top_p, min_p)

    scores = scores_after(before)
    plain, shares = softmax(scores), settled(scores)
    heated = softmax(heat(scores, temperature))
    order = np.argsort(-plain, kind="stable")
    best, tail = order[:12], plain < 0.01
    drawable = int((shares > 0).sum())

    rng, written = np.random.default_rng(seed), []
    for _ in range(CONTINUATIONS):
        ids = list(before)
        for _ in range(LENGTH):
            ids.append(draw(settled(scores_after(ids)), rng))
        written.append(decode(ids[len(before) :], learned).decode("utf-8", "replace"))

    degrees = np.linspace(0.05, 3, 60)
    course = np.stack([prepare(scores, degree, top_k, top_p, min_p) for degree in degrees])  # [60, V]
    groups = {
        "the favorite": order[:1],
        "others that had 1 % or more": np.flatnonzero(~tail & (np.arange(V) != order[0])),
        "all that had less": np.flatnonzero(tail),
    }
    names = [*(readable(tokens[i]) for i in best), f"the other {V - len(best):,}"]
    return Result(
        summary=(
            f"At temperature {temperature:g} the favorite “{readable(tokens[order[0]])}” gets {shares[order[0]]:.1%} "
            f"of the draws, and the {tail.sum():,} tokens to which the model itself gives less than 1 % each get "
            f"{shares[tail].sum():.1%} together. As the model has it, they would get {plain[order[0]]:.1%} and "
            f"{plain[tail].sum():.1%}. {drawable:,} of {V:,} tokens can be drawn."
        ),
        numbers={
            "probability of the favorite": float(shares[order[0]]),
            "entropy in bits": float(entropy(shares)),
            "tokens that can be drawn": drawable,
            "percent that the filters cut away": float(100 * heated[shares == 0].sum()),
            "percent of draws from tokens below 1 percent": float(100 * shares[tail].sum()),
            "tokens below 1 percent": int(tail.sum()),
            "entropy in bits at temperature 1": float(entropy(plain)),
        },
        show=[
            Chart(
                title="The next token",
                series=[
                    Series("as the model has it", names, [*plain[best], plain[order[12:]].sum()], "bars"),
                    Series("now", names, [*shares[best], shares[order[12:]].sum()], "bars"),
                ],
                x="token",
                y="probability",
            ),
            Chart(
                title="What heating does",
                series=[
                    *(Series(name, degrees, course[:, ids].sum(axis=1)) for name, ids in groups.items()),
                    Series("now", [temperature] * 3, [shares[ids].sum() for ids in groups.values()], "points"),
                ],
                x="temperature",
                y="share of the draws",
            ),
            Trace(
                title="Four continuations",
                steps=[Step(f"draw {i}", text + more) for i, more in enumerate(written, start=1)],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
