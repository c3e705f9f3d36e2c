"""Positional encoding: a row of numbers for each position, added to the word that stands there.

Notation: d_model numbers per code, in pairs (sin, cos), like the hands of d_model / 2 clocks; hand i turns by
          w_i radians per position, the first fast, the last slow; positions [T] any integers, also negative.
Leaves out: codes that are learned, one row per position; and turning queries and keys instead of adding (RoPE).

Source: Vaswani et al. (2017), section 3.5, https://arxiv.org/abs/1706.03762
"""

from typing import Annotated, Literal

import numpy as np

from demos import Heatmap, Label, Range, Result, Series, axes, bars
from demos.self_attention import self_attention


def frequencies(d_model, base=10000.0):
    """How far each hand turns per position -> [d_model / 2] radians, from 1 down towards 1 / base."""
    if d_model % 2:
        raise ValueError(f"a code is made of pairs of numbers, so there can not be {d_model} of them")
    return base ** (-np.arange(0, d_model, 2) / d_model)


def one_code(position, d_model, base=10000.0):
    """The code of one position, number by number: the hands of the clocks as they stand then -> [d_model]"""
    code = []
    for turns_by in frequencies(d_model, base):
        angle = position * turns_by
        code += [np.sin(angle), np.cos(angle)]
    return np.array(code)


def positional_encoding(positions, d_model, base=10000.0):
    """The same for many positions at once.  positions: [T] -> [T, d_model]

    Even columns hold the sine of each hand, odd ones its cosine.
    """
    angles = np.outer(positions, frequencies(d_model, base))  # [T, d_model / 2]
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(len(positions), d_model)


def shift(offset, d_model, base=10000.0):
    """One matrix that moves every code by the same number of positions -> [d_model, d_model].

    code(t) @ shift(k) = code(t + k) for every t: it turns each hand, by the sum rules of sine and cosine.
    """
    turn = np.zeros((d_model, d_model))
    for i, w in enumerate(frequencies(d_model, base)):
        sin, cos = np.sin(w * offset), np.cos(w * offset)
        turn[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[cos, -sin], [sin, cos]]
    return turn


def similarity(offset, d_model, base=10000.0):
    """Cosine of the angle between two codes `offset` apart, wherever they stand.  offset: [N] -> [N]

    The product of two hands is the cosine of the angle between them, so the positions themselves cancel.
    """
    return np.cos(np.outer(offset, frequencies(d_model, base))).mean(axis=-1)


def similarity_measured(positions, offset, d_model, base=10000.0):
    """The same from the codes themselves, at each position and `offset` later.  positions: [T] -> [T]"""
    codes = positional_encoding(positions, d_model, base)
    later = codes @ shift(offset, d_model, base)
    return (codes * later).sum(axis=1) / (d_model / 2)  # every code has length √(d_model / 2)


def error_of_shift(positions, offset, d_model, base=10000.0):
    """How far the codes moved by one matrix are from the codes of the later positions, at most.  positions: [T]"""
    later = positional_encoding(positions, d_model, base) @ shift(offset, d_model, base)
    return np.abs(later - positional_encoding(positions + offset, d_model, base)).max()


def look_alike(d_model, base=10000.0):
    """The position most like this one among the next LOOK -> its distance, its similarity"""
    onward = similarity(np.arange(1, LOOK + 1), d_model, base)
    return np.argmax(onward) + 1, onward.max()


T, LONG, LOOK = 40, 201, 500  # positions of the head, of the curve, and how far to search for a look-alike
INSIST = 40.0  # codes of neighbors are nearly the same, so queries must be large for softmax to tell them apart
WORDS = ["dog", "bites", "man"]


def looking_back(offset, d_model, base):
    """The attention weights of a head that sees nothing but codes, and whose W_q turns them `offset` back -> [T, T]"""
    codes, keep = positional_encoding(np.arange(T), d_model, base), np.eye(d_model)
    _, weights = self_attention(codes, INSIST * shift(-offset, d_model, base), keep, keep)
    return weights


def exchanged(words, codes):
    """How far the output of each of three words moves when the first and the last change places -> [3]

    words, codes: [3, d_model]. Each word is compared with itself, wherever it stands.
    """
    keep = np.eye(words.shape[1])
    gentle = keep / np.sqrt(words.shape[1])  # else a word of many numbers looks at nothing but itself
    output, _ = self_attention(words + codes, gentle, keep, keep)
    other, _ = self_attention(words[::-1] + codes, gentle, keep, keep)
    return np.linalg.norm(output - other[::-1], axis=1)


def exchange(position, d_model, base):
    """Three random words begin at this position, and the first and the last change places -> [3] and [3]

    How far the output of each word moves where attention sees the words alone, and where it sees words plus codes.
    """
    words = np.random.default_rng(0).normal(size=(3, d_model))
    codes = positional_encoding(np.arange(position, position + 3), d_model, base)
    return exchanged(words, np.zeros((3, d_model))), exchanged(words, codes)


def demo(
    *,
    position: Annotated[int, Range(0, 170)] = 60,
    offset: Annotated[int, Range(0, 30, label="offset, in positions")] = 5,
    d_model: Annotated[int, Range(2, 60, 2, label="numbers per code")] = 32,
    base: Annotated[Literal["10", "100", "1000", "10000"], Label("base of the speeds")] = "10000",
) -> Result:
    """Move the position: the curve of similarity slides along and keeps its shape. Then take numbers away, down to 2:
    far positions begin to look like near ones, and the head no longer finds the place it looks for.

    position: the position whose code is compared with the others, and where the three words begin
    offset: how many positions apart, and how far back the head looks
    d_model: how many numbers a code has, two for each hand of a clock
    base: how much slower the slow hands of the clocks turn; a small base makes all of them fast
    """
    B, places = float(base), np.arange(LONG)
    codes = positional_encoding(places, d_model, B)  # [201, d_model]
    alike = codes @ codes[position] / (d_model / 2)  # [201]
    marks = [place for place in (position - offset, position, position + offset) if place >= 0]
    measured, (distance, likeness) = similarity_measured(places, offset, d_model, B), look_alike(d_model, B)
    weights, (plain, coded) = looking_back(offset, d_model, B), exchange(position, d_model, B)
    hits = np.diagonal(weights, -offset).mean()

    clocks, head = "The codes: each pair of columns is one clock", f"A head whose W_q turns every code {offset} back"
    return Result(
        summary=f"Codes {offset} apart have similarity {measured[position]:.2f}, from position {position} as from any "
        f"other. Of the next {LOOK} positions the one most like it is {distance} away ({likeness:.2f}). A head "
        f"that looks {offset} back gives the place it looks for a weight of {hits:.2f}, on average.",
        numbers={
            "similarity at this offset": measured[position],
            "largest difference of that between positions": np.ptp(measured),
            "error of the shift by one matrix": error_of_shift(places, offset, d_model, B),
            "distance to the most similar position": distance,
            "similarity of the most similar position": likeness,
            "weight of the head on the position it looks for": hits,
            "longest wave in positions": 2 * np.pi / frequencies(d_model, B)[-1],
            "largest change when dog and man are exchanged, without codes": plain.max(),
            "largest change when dog and man are exchanged, with codes": coded.max(),
        },
        show=[
            axes(f"How similar the code of position {position} is to the others", "position", "similarity")
            + Series("similarity", places, alike)
            + Series(f"{offset} before, here, {offset} after", marks, alike[marks], "points"),
            Heatmap(clocks, codes[:61], np.arange(1, d_model + 1), places[:61], "column", "position", "diverging"),
            Heatmap(head, weights, places[:T], places[:T], "position looked at", "position that asks"),
            axes("Change of each output when dog and man are exchanged", y="change")
            + bars(WORDS, {"words alone": plain, "words plus codes": coded}),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
