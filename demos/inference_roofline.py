"""Inference: how long a language model takes to read a prompt and to write, from two speeds of the machine.

Notation: N weights; B texts at once (the batch); T tokens; L layers; C width; KV numbers cached per token.
A step takes as long as its arithmetic or its memory traffic at full speed, whichever is longer (roofline).
Each weight costs one multiplication and one addition per token, and is read from memory once per step, for all B texts.
Leaves out: activations that pass through memory, the table of tokens that is only looked up, starting
the work, the network between machines, and how far from full speed real programs stay.

Source: Williams, Waterman & Patterson (2009), https://doi.org/10.1145/1498765.1498785 (roofline)
        Pope et al. (2022), https://arxiv.org/abs/2211.05102 (the counts for transformers)
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np

from demos import Label, Range, Result, Series, axes, curves, point


@dataclass(frozen=True)
class Model:
    """Sizes as published: weights, layers, width, and the heads whose keys and values are cached, with their width."""

    weights: float
    layers: int
    width: int
    cached_heads: int
    head_width: int


MODELS = {"Llama 3 8B": Model(8.03e9, 32, 4096, 8, 128), "Llama 3 70B": Model(70.6e9, 80, 8192, 8, 128)}
CACHE_BYTES = 2  # of each number in the cache, whatever the weights have


def cached_per_token(model):
    """Bytes of keys and values that one token leaves in the cache."""
    return 2 * model.layers * model.cached_heads * model.head_width * CACHE_BYTES


def reading(model, B, prompt, weight_bytes):
    """Arithmetic and memory traffic of one pass over B prompts -> operations, bytes"""
    pairs = prompt * (prompt + 1) / 2  # every token with itself and those before it
    attention = 4 * model.layers * model.width * pairs  # a product and a sum, for scores and for values
    operations = B * (2 * model.weights * prompt + attention)
    return operations, model.weights * weight_bytes + B * prompt * cached_per_token(model)


def writing(model, B, context, weight_bytes):
    """Arithmetic and memory traffic of writing one token in each of B texts.  context: tokens before, or [N] of them"""
    operations = B * (2 * model.weights + 4 * model.layers * model.width * context)
    return operations, model.weights * weight_bytes + B * context * cached_per_token(model)


def seconds(operations, traffic, peak, bandwidth):
    """The time of a step: arithmetic and memory work side by side, and the slower one decides.  Any shape."""
    return np.maximum(operations / peak, traffic / bandwidth)


def attainable(intensity, peak, bandwidth):
    """Operations per second at so many operations per byte: the roof.  intensity: any shape"""
    return np.minimum(peak, intensity * bandwidth)


def served(model, B, prompt, output, weight_bytes, peak, bandwidth):
    """What users see -> seconds to the first token, seconds per further token [output]

    All B texts start together, so everybody waits for the prompts of all. The first token comes out of the reading.
    """
    operations, traffic = reading(model, B, prompt, weight_bytes)
    first = float(seconds(operations, traffic, peak, bandwidth))
    operations, traffic = writing(model, B, prompt + np.arange(1, output + 1), weight_bytes)
    return first, seconds(operations, traffic, peak, bandwidth)


def demo(
    *,
    batch: Annotated[int, Range(1, 512, log=True, stops=21, label="texts at once (batch)")] = 1,
    prompt: Annotated[int, Range(16, 8192, 16, log=True, label="prompt, in tokens")] = 1024,
    output: Annotated[int, Range(16, 2048, 16, log=True, label="answer, in tokens")] = 256,
    model: Annotated[Literal["Llama 3 8B", "Llama 3 70B"], Label("model")] = "Llama 3 8B",
    weight_bytes: Annotated[Literal["0.5", "1", "2", "4"], Label("bytes per weight")] = "2",
    bandwidth: Annotated[int, Range(50, 8000, 50, log=True, label="memory, GB per second")] = 3350,
    teraflops: Annotated[int, Range(1, 2500, 1, log=True, label="arithmetic, trillions per second")] = 989,
    view: Annotated[Literal["roofline", "trade-off"], Label("first picture")] = "roofline",
) -> Result:
    """Serve more texts at once: the machine writes many times as much, and for a while nobody waits noticeably longer.
    Then double the arithmetic at one text: nothing happens, since the memory is what everybody waits for.

    batch: how many texts are worked on together
    prompt: how many tokens each prompt has
    output: how many tokens each answer has
    model: which sizes to count with
    weight_bytes: how many bytes each weight takes in memory
    bandwidth: how many gigabytes the memory delivers per second
    teraflops: how many trillion additions and multiplications per second the machine can do
    view: which picture comes first
    """
    sizes, per_weight, peak, fast = MODELS[model], float(weight_bytes), teraflops * 1e12, bandwidth * 1e9
    machine = (per_weight, peak, fast)
    first, further = served(sizes, batch, prompt, output, *machine)
    work = {"reading": reading(sizes, batch, prompt, per_weight), "writing": writing(sizes, batch, prompt, per_weight)}
    dense = {name: operations / traffic for name, (operations, traffic) in work.items()}  # operations per byte
    speed = {
        name: operations / seconds(operations, traffic, peak, fast) for name, (operations, traffic) in work.items()
    }
    total = first + further[:-1].sum()
    held = sizes.weights * per_weight + batch * (prompt + output) * cached_per_token(sizes)

    sides, ridge = np.unique(np.geomspace(1, 512, 40).astype(int)), peak / fast
    each = [served(sizes, int(b), prompt, output, *machine) for b in sides]
    own = np.array([1 / t.mean() for _, t in each])
    whole = np.array([b * output / (f + t[:-1].sum()) for b, (f, t) in zip(sides, each, strict=True)])
    range_shown = np.geomspace(0.1, max(10 * ridge, 2 * dense["reading"]), 60)
    pictures = {
        "roofline": axes("How fast the machine can be, and how fast this work lets it be",
                         "operations per byte read from memory", "trillions of operations per second", log="xy")
        + curves(range_shown, {"roof": attainable(range_shown, peak, fast) / 1e12})
        + [Series(name, [dense[name]], [speed[name] / 1e12], "points", [name]) for name in work],
        "trade-off": axes("More texts at once: what the machine gains and each user loses",
                          "texts at once", "tokens per second", log="xy")
        + curves(sides, {"all users together": whole, "one user, while writing": own})
        + point("now", batch, batch * output / total, 1 / further.mean()),
    }  # fmt: skip
    bound = {name: "arithmetic" if dense[name] > ridge else "memory" for name in work}
    return Result(
        summary=f"The first token comes after {1000 * first:.3g} ms, and each further one after "
        f"{1000 * further.mean():.3g} ms. {bound['reading'].capitalize()} limits the reading, and {bound['writing']} "
        f"the writing, which uses {100 * speed['writing'] / peak:.2g} percent of the arithmetic.",
        numbers={
            "milliseconds to the first token": 1000 * first,
            "milliseconds per further token": 1000 * further.mean(),
            "seconds for the whole answer": total,
            "tokens per second for one user": 1 / further.mean(),
            "tokens per second of the machine": batch * output / total,
            "operations per byte, reading": dense["reading"],
            "operations per byte, writing": dense["writing"],
            "operations per byte at the ridge": ridge,
            "percent of the arithmetic used, reading": 100 * speed["reading"] / peak,
            "percent of the arithmetic used, writing": 100 * speed["writing"] / peak,
            "gigabytes needed": held / 1e9,
        },
        show=[
            pictures[view],
            *(picture for name, picture in pictures.items() if name != view),
            axes("When the tokens come", "seconds", "tokens of one answer")
            + Series("reading", [0, first], [0, 0])
            + Series("writing", np.append(first, first + further[:-1].cumsum()), np.arange(1, output + 1)),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
