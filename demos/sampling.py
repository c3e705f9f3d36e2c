"""Temperature: divide the scores before softmax. Below 1 the likely tokens gain, above 1 the unlikely ones.

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

from functools import partial
from typing import Annotated

import numpy as np

from demos import Range, Result, Step, Text, Trace, axes, bars, curves, point
from demos.byte_pair_encoding import decode, encode, readable, vocabulary
from demos.ngram_lm import next_token, read
from demos.softmax import softmax

ORDER, MERGES = 3, 1000  # the model behind the scores
CONTINUATIONS, LENGTH = 4, 15  # how many texts are written, and how many tokens each
RARE, SHOWN = 0.01, 12  # below this probability a token counts as unlikely; the likeliest are shown one by one


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


def scores_after(ids, tables, V):
    """The model's score of every token that may come next.  ids: those before it -> [V], all of them finite"""
    return np.log(next_token(tables, ids, V))  # the model calls nothing impossible


def write(rng, before, model, length, **settings):
    """Draw token after token.  before: ids to continue, model: ids -> scores [V], settings of `prepare` -> new ids"""
    ids = list(before)
    for _ in range(length):
        ids.append(draw(prepare(model(ids), **settings), rng))
    return ids[len(before) :]


def by_likelihood(plain):
    """Three groups of tokens by the probability that the model itself gives them.  plain: [V] -> name: ids"""
    favorite, rare = np.argmax(plain), plain < RARE
    return {
        "the favorite": np.array([favorite]),
        "others that had 1 % or more": np.flatnonzero(~rare & (np.arange(len(plain)) != favorite)),
        "all that had less": np.flatnonzero(rare),
    }


def heating(scores, temperatures, groups, **filters):
    """The share of the draws that each group of tokens gets at each temperature.  [V], [D] -> name: [D]"""
    course = np.stack([prepare(scores, temperature, **filters) for temperature in temperatures])  # [D, V]
    return {name: course[:, ids].sum(axis=1) for name, ids in groups.items()}


def head_and_rest(shares, order):
    """The shares of the first tokens in this order, and what all others have together.  [V], [V] -> [SHOWN + 1]"""
    return [*shares[order[:SHOWN]], shares[order[SHOWN:]].sum()]


def demo(
    *,
    temperature: Annotated[float, Range(0.05, 3, 0.05)] = 0.5,
    top_k: Annotated[int, Range(0, 50, stops=6, label="top-k: tokens kept")] = 0,
    top_p: Annotated[float, Range(0.05, 1, 0.05, stops=6, label="top-p: share kept")] = 1.0,
    min_p: Annotated[float, Range(0, 0.5, 0.01, stops=6, label="min-p: least share")] = 0.0,
    text: Annotated[str, Text(max_length=100, label="your text")] = "The slope of",
    seed: Annotated[int, Range(1, 20, stops=5, label="random seed")] = 1,
) -> Result:
    """Heat: no token ever overtakes another, and yet soon most draws come from the hundreds of unlikely ones. Then set
    top-p to 0.9 and heat again: it looks at the shares after heating, so it lets more and more of them through.

    temperature: what the scores are divided by; low favors the likely tokens, high the unlikely ones
    top_k: how many tokens are kept, the likeliest first; 0 keeps all
    top_p: the likeliest tokens are kept until together they hold this much of the whole; 1 keeps all
    min_p: tokens are kept that have at least this part of the favorite's share; 0 keeps all
    text: what the model continues
    seed: another number draws other continuations
    """
    learned, training, _, tables = read("glossary", MERGES)
    tokens, V = [readable(token) for token in vocabulary(learned)], 256 + len(learned)
    model, filters = partial(scores_after, tables=tables[:ORDER], V=V), {"top_k": top_k, "top_p": top_p, "min_p": min_p}
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair becomes a question mark
    before = [*training, *encode(text, learned)]

    scores = model(before)
    plain, heated = softmax(scores), softmax(heat(scores, temperature))
    shares = prepare(scores, temperature, **filters)
    order, groups, degrees = np.argsort(-plain, kind="stable"), by_likelihood(plain), np.linspace(0.05, 3, 60)
    best, rare = order[0], groups["all that had less"]
    names = [*(tokens[i] for i in order[:SHOWN]), f"the other {V - SHOWN:,}"]

    rng = np.random.default_rng(seed)
    written = [write(rng, before, model, LENGTH, temperature=temperature, **filters) for _ in range(CONTINUATIONS)]
    texts = [text + decode(ids, learned).decode("utf-8", "replace") for ids in written]
    return Result(
        summary=f"At temperature {temperature:g} the favorite “{tokens[best]}” gets {shares[best]:.1%} of the draws, "
        f"and the {len(rare):,} tokens to which the model itself gives less than 1 % each get {shares[rare].sum():.1%} "
        f"together. As the model has it, they would get {plain[best]:.1%} and {plain[rare].sum():.1%}. "
        f"{(shares > 0).sum():,} of {V:,} tokens can be drawn.",
        numbers={
            "probability of the favorite": shares[best],
            "entropy in bits": entropy(shares),
            "tokens that can be drawn": (shares > 0).sum(),
            "percent that the filters cut away": 100 * heated[shares == 0].sum(),
            "percent of draws from tokens below 1 percent": 100 * shares[rare].sum(),
            "tokens below 1 percent": len(rare),
            "entropy in bits at temperature 1": entropy(plain),
        },
        show=[
            axes("The next token", "token", "probability")
            + bars(names, {"as the model has it": head_and_rest(plain, order), "now": head_and_rest(shares, order)}),
            axes("What heating does", "temperature", "share of the draws")
            + curves(degrees, heating(scores, degrees, groups, **filters))
            + point("now", temperature, *(shares[ids].sum() for ids in groups.values())),
            Trace("Four continuations", [Step(f"draw {i}", each) for i, each in enumerate(texts, start=1)]),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
