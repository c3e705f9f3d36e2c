"""Multi-head attention: several small attentions side by side, each with its own slice of every vector.

Notation: x [T, C] vectors that ask, source [S, C] vectors that are asked; heads H, each with d_k = C / H numbers;
          W_q, W_k, W_v make queries, keys and values, W_o mixes what the heads bring back; all four are [C, C].
Leaves out: learning, since the words are random vectors and the questions are set by hand; biases; masks.

Source: Vaswani et al. (2017), section 3.2.2 and table 3 A, https://arxiv.org/abs/1706.03762
        Michel, Levy & Neubig (2019), who remove heads, https://arxiv.org/abs/1905.10650
"""

from typing import Annotated, Literal

import numpy as np

from demos import Heatmap, Range, Result, axes, bars, columns, curves, point
from demos.attention import attention


def head_by_head(q, k, v, heads, mask=None):
    """The plain version: one attention after the other, each on its own slice of every vector.

    q: [.., T, C], k, v: [.., S, C] -> output [.., T, C], weights [.., heads, T, S];  mask: as for attention
    """
    slices = zip(*(np.split(vectors, heads, axis=-1) for vectors in (q, k, v)), strict=True)
    outputs, weights = zip(*(attention(q, k, v, mask) for q, k, v in slices), strict=True)
    return np.concatenate(outputs, axis=-1), np.stack(weights, axis=-3)


def split(x, heads):
    """Cut every vector into slices, one for each head.  x: [.., T, C] -> [.., heads, T, C / heads]"""
    *batch, T, C = x.shape
    if C % heads:
        raise ValueError(f"{C} numbers can not be dealt out evenly to {heads} heads")
    return x.reshape(*batch, T, heads, C // heads).swapaxes(-2, -3)


def join(x):
    """The inverse of `split`: put the slices side by side again.  x: [.., heads, T, d] -> [.., T, heads · d]"""
    x = x.swapaxes(-2, -3)
    return x.reshape(*x.shape[:-2], -1)


def heads_apart(q, k, v, heads, mask=None):
    """The same for all heads at once.  q: [.., T, C], k, v: [.., S, C] -> output [.., T, C], weights [.., heads, T, S]

    mask: as for attention, the same for every head. Memory and work for the vectors do not depend on `heads`.
    """
    output, weights = attention(split(q, heads), split(k, heads), split(v, heads), mask)
    return join(output), weights


def multi_head_attention(x, source, W_q, W_k, W_v, W_o, heads, mask=None):
    """The whole layer.  x: [.., T, C], source: [.., S, C] -> output [.., T, C], weights [.., heads, T, S]

    With source = x it is self-attention, with another text cross-attention.
    """
    output, weights = heads_apart(x @ W_q, source @ W_k, source @ W_v, heads, mask)
    return output @ W_o, weights


def without_heads(W_o, heads, silent):
    """W_o with some heads removed: their rows are zero.  W_o: [C, C], silent: numbers of heads, from 0 -> [C, C]"""
    W_o = W_o.copy()
    W_o.reshape(heads, -1, W_o.shape[1])[list(silent)] = 0  # the slices of one head are consecutive rows
    return W_o


# One verb with several questions, and the words of its own sentence that answer them.
SENTENCE = "every evening the old baker bakes sweet bread in a hot stone oven for his family"
WORDS = SENTENCE.split(" ")
ASKER = WORDS.index("bakes")
ANSWERS = {"who?": "baker", "what?": "bread", "where?": "oven", "when?": "evening", "for whom?": "family"}
HEADS, C, DRAWS = [1, 2, 4, 8, 16, 32], 64, 20


def assign(heads, questions):
    """Who asks what: with few heads a head has several questions, with many heads a question has several heads.

    -> [heads, questions], True where the head asks the question
    """
    h, i = np.arange(heads)[:, None], np.arange(questions)
    return h % questions == i % heads if heads >= questions else h == i % heads


def query_for(x, asks, sharpness):
    """What “bakes” asks, slice by slice.  x: [.., 16, C], asks: [heads, questions] -> [.., C]

    The slice of a head is the sum of that slice of all the words it asks for, each counted once.
    """
    heads, questions = asks.shape
    wanted = [WORDS.index(word) for word in ANSWERS.values()][:questions]
    return sharpness * join(asks[:, None, :] @ split(x[..., wanted, :], heads))[..., 0, :]


def set_by_hand(x, asks, sharpness):
    """W_q turns the vector of “bakes” into its questions, the others change nothing -> W_q, W_k, W_v, W_o, [C, C] each

    x: [16, C], asks: [heads, questions]
    """
    W_q = np.outer(x[ASKER], query_for(x, asks, sharpness)) / (x[ASKER] @ x[ASKER])
    return W_q, np.eye(C), np.eye(C), np.eye(C)


def removals(x, W_q, W_k, W_v, W_o, heads):
    """How far the output of “bakes” moves when one head is removed, tried for each.  x: [16, C] -> [heads] lengths"""
    whole, _ = multi_head_attention(x, x, W_q, W_k, W_v, W_o, heads)
    lengths = []
    for head in range(heads):
        rest, _ = multi_head_attention(x, x, W_q, W_k, W_v, without_heads(W_o, heads, [head]), heads)
        lengths.append(float(np.linalg.norm((rest - whole)[ASKER])))
    return lengths


def found(weights, asks):
    """The weight that each wanted word gets, averaged over the heads that ask for it.

    weights: [.., heads, 16] of the one word that asks, asks: [heads, questions] -> [.., questions]
    """
    wanted = [WORDS.index(word) for word in ANSWERS.values()][: asks.shape[1]]
    return (weights[..., wanted] * asks).sum(axis=-2) / asks.sum(axis=0)


def sweep(rng, questions, sharpness):
    """The average of `found` for each number of heads in HEADS, over many draws of the word vectors -> list."""
    x = rng.normal(size=(DRAWS, len(WORDS), C))
    average = []
    for heads in HEADS:
        asks = assign(heads, questions)
        _, weights = heads_apart(query_for(x, asks, sharpness)[..., None, :], x, x, heads)  # [DRAWS, heads, 1, 16]
        average.append(float(found(weights[..., 0, :], asks).mean()))
    return average


def demo(
    *,
    heads: Literal["1", "2", "4", "8", "16", "32"] = "4",
    questions: Annotated[int, Range(1, 5, label="questions asked")] = 4,
    sharpness: Annotated[float, Range(0.5, 5, 0.5)] = 2.0,
    silent: Annotated[int, Range(0, 8, label="head to remove")] = 0,
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
) -> Result:
    """Give the four questions a single head: it can only hand back a blend of four words. Then give them 32 heads:
    each sees too little of a word to know it from the others. The matrices stay as large as they were.

    heads: how many attentions share the 64 numbers of each vector
    questions: how many words “bakes” asks for at once
    sharpness: how much the queries insist: at high values nearly all weight goes to the words that fit best
    silent: which head to remove, counted from 1; 0, or one that is not there, removes none
    seed: another number draws other vectors for the words
    """
    H = int(heads)
    x, asks = np.random.default_rng(seed).normal(size=(len(WORDS), C)), assign(H, questions)
    W_q, W_k, W_v, W_o = set_by_hand(x, asks, sharpness)
    output, weights = multi_head_attention(x, x, W_q, W_k, W_v, W_o, H)  # [16, C], [H, 16, 16]
    change, whole = removals(x, W_q, W_k, W_v, W_o, H), float(np.linalg.norm(output[ASKER]))
    looks, numbered = weights[:, ASKER], np.arange(1, H + 1)  # [H, 16], [H]
    weight = found(looks * (numbered != silent)[:, None], asks)  # [questions]

    by_heads = {n: sweep(np.random.default_rng(seed), n, sharpness) for n in range(1, 6)}
    now, best = by_heads[questions][HEADS.index(H)], HEADS[np.argmax(by_heads[questions])]
    title = "Where “bakes” looks, head by head"
    lacking = f", without head {silent}" if 1 <= silent <= H else ""
    return Result(
        summary=f"A word that “bakes” asks for gets a weight of {weight.mean():.2f}, on average, from "
        f"{H} head{'s' * (H > 1)} of {C // H} numbers{lacking}. "
        f"Over {DRAWS} draws with all heads it is {now:.2f}; the best number of heads is {best}. "
        f"The four matrices hold {4 * C * C:,} numbers for any of them.",
        numbers={
            "weight on the word asked for": weight.mean(),
            "weight on the word asked for, over many draws": now,
            "best number of heads": best,
            "numbers per head": C // H,
            "numbers in the four matrices": sum(W.size for W in (W_q, W_k, W_v, W_o)),
            "attention weights computed": weights.size,
            "change of the output without its strongest head, as a share": max(change) / whole,
        },
        show=[
            Heatmap(title, looks, WORDS, [f"head {h}" for h in numbered], "word looked at", annotate=H <= 8),
            axes("Too few heads blend, too many see too little", "heads", "weight on the word asked for", log="x")
            + curves(HEADS, {f"{n} question{'s' * (n > 1)}": average for n, average in by_heads.items()})
            + point("now", H, now),
            columns(
                f"Question by question{lacking}",
                ["question", "word asked for", "heads that ask", "weight it gets"],
                [
                    list(ANSWERS)[:questions],
                    list(ANSWERS.values())[:questions],
                    [", ".join(map(str, numbered[asking])) for asking in asks.T],
                    weight,
                ],
            ),
            axes("Change of the output when one head is removed", "head", "length")
            + bars([str(h) for h in numbered], {"length of the difference": change}),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
