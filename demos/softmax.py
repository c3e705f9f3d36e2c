"""Softmax: turn scores into shares of a whole.

Notation: scores [.., K] any real numbers, one for each of K classes; shares [.., K] positive, summing to one.
Leaves out: where the scores come from. Here you set them by hand; in a classifier a network computes them.

Source: Bridle (1989), https://papers.nips.cc/paper_files/paper/1989/hash/0336dcbab05b9d5ad24f4333c7658a0e-Abstract.html
        Goodfellow, Bengio & Courville (2016), Deep Learning, sections 4.1 and 6.2.2.3, https://www.deeplearningbook.org/
"""

from typing import Annotated

import numpy as np

from demos import Range, Result, axes, bars, columns, curves, point

CLASSES = ["cat", "dog", "bird"]


def naive_softmax(scores):
    """The formula as it is written.  scores: [.., K] -> [.., K].  It overflows for scores beyond about ±700."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):  # the overflow is what it is here to show
        powers = np.exp(scores)
        return powers / powers.sum(axis=-1, keepdims=True)


def softmax(scores, axis=-1):
    """The same function, safe.  scores: any shape -> same shape; the shares along `axis` sum to one.

    A score of minus infinity gets a share of exactly zero, as long as another score on the axis is finite.
    """
    # Taking the largest score away changes no share, and leaves no power above e^0 = 1: nothing overflows.
    powers = np.exp(scores - np.max(scores, axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def softmax_backward(shares, slope, axis=-1):
    """The derivative: from d loss / d shares to d loss / d scores.  Both of any one shape -> same shape."""
    # Raising one score takes its gain from all others, so only what is above the weighted average counts.
    return shares * (slope - (shares * slope).sum(axis=axis, keepdims=True))


def logsumexp(scores, axis=-1, keepdims=False):
    """log of the sum of e^score, safe.  scores: any shape -> one axis less.  Slightly above the largest score."""
    top = np.max(scores, axis=axis, keepdims=True)
    total = top + np.log(np.exp(scores - top).sum(axis=axis, keepdims=True))
    return total if keepdims else np.squeeze(total, axis=axis)


def log_softmax(scores, axis=-1):
    """Logarithms of the shares, finite even where a share is too small to store.  scores: any shape -> same shape."""
    below_top = scores - np.max(scores, axis=axis, keepdims=True)
    return below_top - logsumexp(below_top, axis=axis, keepdims=True)


def vary(scores, k, values):
    """The shares while one score moves and the others stay.  scores: [K], values of score k: [M] -> [M, K]"""
    return softmax(np.where(np.arange(len(scores)) == k, values[:, None], scores))


def shift_all(scores, shifts):
    """The same constant added to every score: the formula as written, and safe.  [K], shifts: [M] -> [M, K] twice"""
    moved = scores + shifts[:, None]
    return naive_softmax(moved), softmax(moved)


def largest_shift(scores):
    """The most that can be added to all scores until the sum of powers overflows.  [K] -> one number"""
    return np.log(np.finfo(float).max) - logsumexp(scores)


def compared(scores, shares):
    """The two largest shares in words: a difference between two scores is a ratio between their shares.  [K], [K]"""
    first, second = np.argsort(-shares, kind="stable")[:2]
    gap, ratio = scores[first] - scores[second], shares[first] / shares[second]
    return (
        f"{CLASSES[first]} gets {shares[first]:.2%} and {CLASSES[second]} {shares[second]:.2%}: a difference of "
        f"{gap:.1f} between two scores makes a ratio of e^{gap:.1f} = {ratio:,.2f} between their shares"
    )


def demo(
    *,
    cat: Annotated[float, Range(-5, 5, 0.1, label="score of cat")] = 2.0,
    dog: Annotated[float, Range(-5, 5, 0.1, label="score of dog")] = 1.0,
    bird: Annotated[float, Range(-5, 5, 0.1, label="score of bird")] = 0.1,
    shift: Annotated[int, Range(-1000, 1000, 10, label="shift of all scores")] = 0,
) -> Result:
    """Raise bird: cat and dog both lose, yet the ratio between them stays. Then shift all three scores far up or down:
    the shares do not move, but the formula as it is written breaks down.

    cat: the score of cat; a higher score gets a larger share
    dog: the score of dog
    bird: the score of bird
    shift: one number that is added to all three scores
    """
    plain = np.array([cat, dog, bird])
    scores = plain + shift
    shares, naive = softmax(scores), naive_softmax(scores)
    agrees = np.allclose(naive, shares, rtol=1e-6)  # false for NaN, too
    cat_scores, shifts = np.linspace(-5, 5, 101), np.arange(-1000, 1001, 10)
    as_written, safe = (each[:, 0] for each in shift_all(plain, shifts))  # [201] both
    finite = np.isfinite(as_written)
    return Result(
        summary=f"{compared(plain, shares)}. The formula as written {'agrees' if agrees else 'fails'} at this shift.",
        numbers={
            **{f"share of {name}": share for name, share in zip(CLASSES, shares, strict=True)},
            "ratio of cat to dog": shares[0] / shares[1],
            "log of the ratio of cat to dog": np.log(shares[0] / shares[1]),
            "formula as written agrees": int(agrees),
            "shift above which the formula as written overflows": largest_shift(plain),
        },
        show=[
            axes("Shares of the whole", y="share") + bars(CLASSES, {"share": shares}),
            axes("One score moves, all shares move", "score of cat", "share")
            + curves(cat_scores, dict(zip(CLASSES, vary(plain, 0, cat_scores).T, strict=True)))
            + point("now", cat, *shares),
            axes("The same constant added to every score", "shift", "share of cat")
            + curves(shifts[finite], {"as written": as_written[finite]}, "area")
            + curves(shifts, {"safe": safe})
            + point("now", shift, shares[0]),
            columns(
                "From score to share",
                ["class", "score", "share as written", "share"],
                [CLASSES, scores, [share if np.isfinite(share) else "not a number" for share in naive], shares],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
