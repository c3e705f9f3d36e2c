"""Model arithmetic: how many numbers a model learns, counted part by part from the shapes of its tables.

Notation: V tokens in the vocabulary, N positions, C numbers per vector (width), B blocks, F numbers inside a
          feed-forward layer, K numbers in all keys of a token (C, unless heads share them), E experts; llama: the form
          of Llama (gates, no biases, no shifts, no table of positions); tied: the same table for tokens in and out.
Leaves out: what does not learn, such as the mask, and forms with other tables, such as latent attention.

Source: Radford et al. (2019), table 2,
        https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf
        Grattafiori et al. (2024), table 3, https://arxiv.org/abs/2407.21783
        Jiang et al. (2024), table 1, https://arxiv.org/abs/2401.04088 (Mixtral)
"""

import math
from collections import namedtuple
from itertools import pairwise
from typing import Annotated, Literal

import numpy as np

from demos import Label, Range, Result, Table, axes, bars, curves, point

INPUTS, CLASSES, USED = 784, 10, 2  # a picture of 28 by 28 pixels; ten digits; experts that a token passes through
WIDTHS = (np.unique(np.geomspace(64, 4096, 37).astype(int)) // 4 * 4).tolist()
PARTS = ["embeddings", "attention", "feed-forward layers", "weights", "biases and norms"]
Shape = namedtuple("Shape", "V N C B F K llama tied E", defaults=[False, True, 1])  # all that the count depends on


def dense(sizes):
    """Fully connected layers.  sizes: units of each layer, inputs first -> (part, table, shape, how often) each"""
    for number, (units_in, units_out) in enumerate(pairwise(sizes), start=1):
        yield "weights", f"layer {number}, weights", (units_in, units_out), 1
        yield "biases and norms", f"layer {number}, biases", (units_out,), 1


def transformer(s):
    """Every table of a transformer of shape s -> (part, table, shape, how often) each"""
    vectors = 1 if s.llama else 2  # a norm learns a gain and, in GPT-2's form, a shift
    yield "embeddings", "tokens", (s.V, s.C), 1 if s.tied else 2
    if not s.llama:
        yield "embeddings", "positions", (s.N, s.C), 1
        yield "biases and norms", "biases of attention", (2 * s.C + 2 * s.K,), s.B
        yield "biases and norms", "biases of the feed-forward layers", (s.F + s.C,), s.B * s.E
    yield "attention", "queries and output", (s.C, s.C), 2 * s.B
    yield "attention", "keys and values", (s.C, s.K), 2 * s.B
    yield "feed-forward layers", "up, with the gate" if s.llama else "up", (s.C, s.F), (2 if s.llama else 1) * s.B * s.E
    yield "feed-forward layers", "down", (s.F, s.C), s.B * s.E
    if s.E > 1:
        yield "feed-forward layers", "which expert", (s.C, s.E), s.B
    yield "biases and norms", "norms", (s.C,), vectors * (2 * s.B + 1)


def count(tables, *parts):
    """How many numbers the tables of these parts hold together, or all tables if no part is named."""
    return sum(math.prod(shape) * times for part, _, shape, times in tables if part in (parts or PARTS))


def for_one_token(s):
    """How many of them one token meets: all, but of the experts only those that it is sent to."""
    one_expert = (3 if s.llama else 2) * s.C * s.F + (0 if s.llama else s.F + s.C)
    return count(transformer(s)) - max(s.E - USED, 0) * s.B * one_expert


def own(form, C, B, V, N, E, tied):
    """A shape as the sliders say; F as in GPT-2 or Llama 3, and four heads share their keys in the latter's form."""
    F, K = (7 * C // 2, C // 4) if form == "Llama" else (4 * C, C)
    return Shape(V, N, C, B, F, K, form == "Llama", tied, E)


def as_table(tables):
    """Tables as they come from `dense` or `transformer`, for people to read."""
    rows = [
        [name, " × ".join(f"{side:,}" for side in shape), times, f"{math.prod(shape) * times:,}"]
        for _, name, shape, times in tables
    ]
    return Table("Every table that it learns", ["table", "shape", "how often", "parameters"], rows)


PUBLISHED = {  # each with the number that its authors give
    "GPT-2, smallest (2019)": (Shape(50257, 1024, 768, 12, 3072, 768), "117 million, later 124"),
    "GPT-2, largest (2019)": (Shape(50257, 1024, 1600, 48, 6400, 1600), "1,542 million, later 1,558"),
    "GPT-3 (2020)": (Shape(50257, 2048, 12288, 96, 49152, 12288), "175 billion"),
    "Llama 3.1 8B (2024)": (Shape(128256, 0, 4096, 32, 14336, 1024, True, False), "8 billion"),
    "Llama 3.1 405B (2024)": (Shape(128256, 0, 16384, 126, 53248, 1024, True, False), "405 billion"),
    "Mixtral 8x7B (2024)": (Shape(32000, 0, 4096, 32, 14336, 1024, True, False, 8), "47 billion, 13 for a token"),
}


def demo(
    *,
    form: Literal["dense", "GPT-2", "Llama"] = "GPT-2",
    width: Annotated[int, Range(64, 4096, 64)] = 768,
    blocks: Annotated[int, Range(1, 96, label="blocks or layers")] = 12,
    vocabulary: Annotated[int, Range(257, 130257, 1000)] = 50257,
    context: Annotated[int, Range(128, 8192, 128)] = 1024,
    experts: Annotated[int, Range(1, 64)] = 1,
    tied: Annotated[bool, Label("tied embeddings")] = True,
) -> Result:
    """Double the width, and a block has four times the numbers; double the blocks, and there are twice as many blocks.
    Then make the model small and look at what the table of tokens takes.

    form: dense layers for pictures of 784 pixels and ten digits, or a transformer in the form of GPT-2 or of Llama 3
    width: how many numbers a token's vector has, or units a hidden layer
    blocks: how many blocks, each with attention and a feed-forward layer, or how many hidden layers
    vocabulary: how many tokens the transformer knows
    context: how many tokens it has in view; GPT-2's form learns a vector for each position
    experts: how many feed-forward layers each block has; a token passes through two of them at most
    tied: whether the table that turns tokens into vectors also turns vectors into scores
    """

    def tables_at(C):
        if form == "dense":
            return list(dense([INPUTS, *[C] * blocks, CLASSES]))
        return list(transformer(own(form, C, blocks, vocabulary, context, experts, tied)))

    tables = tables_at(width)
    total, parts = count(tables), {part: size for part in PARTS if (size := count(tables, part))}
    shape = own(form, width, blocks, vocabulary, context, experts, tied)
    largest = max(parts, key=lambda part: parts[part])
    known = [(name, f"{count(transformer(s)):,}", said) for name, (s, said) in PUBLISHED.items()]
    return Result(
        summary=f"This model learns {total:,} numbers, {parts[largest] / total:.0%} of them in its {largest}. "
        f"Stored with 16 bits each they take {2 * total / 1e9:.3g} GB; training with Adam takes "
        f"{16 * total / 1e9:.3g} GB.",
        numbers={
            "parameters": total,
            "million parameters": total / 1e6,
            "parameters used for one token": total if form == "dense" else for_one_token(shape),
            **{f"share of the {part}": parts.get(part, 0) / total for part in PARTS},
            "gigabytes to store it in 16 bits": 2 * total / 1e9,
            "gigabytes to train it with Adam": 16 * total / 1e9,  # weights, gradients, two averages, 4 bytes each
        },
        show=[
            axes("Where the parameters are", y="million parameters")
            + bars(list(parts), {"parameters": [size / 1e6 for size in parts.values()]}),
            axes("How each part grows with the width", "width", "parameters", log="xy")
            + curves(WIDTHS, {part: [count(tables_at(C), part) for C in WIDTHS] for part in parts})
            + point("now", width, *parts.values()),
            as_table(tables),
            Table("Models of others, counted in the same way", ["model", "counted", "as published"], known),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
