"""Positional encoding: a row of numbers for each position, added to the word that stands there.

Notation: d_model numbers per code, in pairs (sin, cos), like the hands of d_model / 2 clocks; hand i turns by
          w_i radians per position, the first fast, the last slow; positions [T] any integers, also negative.
Leaves out: codes that are learned, one row per position; and turning queries and keys instead of adding (RoPE).

Source: Vaswani et al. (2017), section 3.5, https://arxiv.org/abs/1706.03762
"""

from typing import Annotated, Literal

import numpy as np

from demos import Chart, Heatmap, Range, Result, Series
from demos.self_attention import self_attention


def frequencies(d_model, base=10000.0):
    """How far each hand turns per position -> [d_model / 2] radians, from 1 down towards 1 / base."""
    if d_model % 2:
        raise ValueError(f"a code is made of pairs of numbers, so there can not be {d_model} of them")
    return base ** (-np.arange(0, d_model, 2) / d_model)


def positional_encoding(positions, d_model, base=10000.0):
    """The codes.  positions: [T] -> [T, d_model]; even columns hold the sine of each hand, odd ones its cosine."""
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


def demo(
    *,
    position: Annotated[int, Range(0, 170)] = 60,
    offset: Annotated[int, Range(0, 30)] = 5,
    d_model: Annotated[int, Range(2, 60, 2)] = 32,
    base: Literal["10", "100", "1000", "10000"] = "10000",
) -> Result:
    """Move the position: the curve of similarity slides along and keeps its shape. Then take numbers away, down to 2:
    far positions begin to look like near ones, and the head no longer finds the place it looks for.

    position: the position whose code is compared with the others, and where the three words begin
    offset: how many positions apart, and how far back the head looks
    d_model: how many numbers a code has, two for each hand
    base: how slow the slowest hands are
    """
    B, places = float(base), np.arange(LONG)
    codes = positional_encoding(places, d_model, B)  # [201, d_model]
    alike = codes @ codes[position] / (d_model / 2)  # every code has length √(d_model / 2)
    moved = codes @ shift(offset, d_model, B)
    error = np.abs(moved - positional_encoding(places + offset, d_model, B)).max()

    everywhere = (codes * moved).sum(axis=1) / (d_model / 2)  # [201], the similarity at this offset from each position
    onward = similarity(np.arange(1, LOOK + 1), d_model, B)
    twin = int(np.argmax(onward)) + 1
    weights = looking_back(offset, d_model, B)
    hits = float(np.diagonal(weights, -offset).mean())

    words = np.random.default_rng(0).normal(size=(3, d_model))
    plain = exchanged(words, np.zeros((3, d_model)))
    coded = exchanged(words, positional_encoding(np.arange(position, position + 3), d_model, B))
    marks = [place for place in (position - offset, position, position + offset) if place >= 0]
    return Result(
        summary=(
            f"Codes {offset} apart have similarity {everywhere[position]:.2f}, from position {position} as from any "
            f"other. Of the next {LOOK} positions the one most like it is {twin} away ({onward[twin - 1]:.2f}). A head "
            f"that looks {offset} back gives the place it looks for a weight of {hits:.2f}, on average."
        ),
        numbers={
            "similarity at this offset": float(everywhere[position]),
            "largest difference of that between positions": float(np.ptp(everywhere)),
            "error of the shift by one matrix": float(error),
            "distance to the most similar position": twin,
            "similarity of the most similar position": float(onward[twin - 1]),
            "weight of the head on the position it looks for": hits,
            "longest wave in positions": float(2 * np.pi / frequencies(d_model, B)[-1]),
            "largest change when dog and man are exchanged, without codes": float(plain.max()),
            "largest change when dog and man are exchanged, with codes": float(coded.max()),
        },
        show=[
            Heatmap(
                title="The codes: each pair of columns is one clock",
                values=codes[:61],
                columns=np.arange(1, d_model + 1),
                rows=np.arange(61),
                x="column",
                y="position",
                scale="diverging",
            ),
            Chart(
                title=f"How similar the code of position {position} is to the others",
                series=[
                    Series("similarity", places, alike),
                    Series(f"{offset} before, here, {offset} after", marks, alike[marks], "points"),
                ],
                x="position",
                y="similarity",
            ),
            Heatmap(
                title=f"A head whose W_q turns every code {offset} back",
                values=weights,
                columns=np.arange(T),
                rows=np.arange(T),
                x="position looked at",
                y="position that asks",
            ),
            Chart(
                title="Change of each output when dog and man are exchanged",
                series=[
                    Series("words alone", WORDS, plain, "bars"),
                    Series("words plus codes", WORDS, coded, "bars"),
                ],
                y="change",
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
