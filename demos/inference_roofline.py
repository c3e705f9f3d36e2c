"""Inference: how long a language model takes to read a prompt and to write, from two speeds of the machine.

Notation: N weights; B texts at once (the batch); T tokens; L layers; C width; KV numbers cached per token.
A step takes as long as its arithmetic or its memory traffic at full speed, whichever is longer (roofline).
Each weight costs one multiplication and one addition per token, and is read from memory once per step, for all B texts.
Leaves out: activations in memory, the lookup of tokens, starting the work, the network, what real programs fall behind.

Source: Williams, Waterman & Patterson (2009), https://doi.org/10.1145/1498765.1498785 (roofline)
        Pope et al. (2022), https://arxiv.org/abs/2211.05102 (the counts for transformers)
"""

from typing import Annotated, Literal, NamedTuple

import numpy as np

from demos import Label, Range, Result, Series, axes, curves, point


class Model(NamedTuple):
    """Sizes as published: weights, layers, width, and the heads whose keys and values are cached, with their width."""

    weights: float
    layers: int
    width: int
    cached_heads: int
    head_width: int


MODELS = {"Llama 3 8B": Model(8.03e9, 32, 4096, 8, 128), "Llama 3 70B": Model(70.6e9, 80, 8192, 8, 128)}


def cached_per_token(model):
    """Bytes of keys and values that one token leaves in the cache, two for each number, whatever the weights have."""
    return 2 * model.layers * model.cached_heads * model.head_width * 2


def needed(model, B, context, weight_bytes):
    """Bytes of the weights and of the caches of B texts, which is also what a step reads."""
    return model.weights * weight_bytes + B * context * cached_per_token(model)


def reading(model, B, prompt, weight_bytes):
    """Arithmetic and memory traffic of one pass over B prompts -> operations, bytes"""
    pairs = prompt * (prompt + 1) / 2  # every token with itself and those before it, for scores and for values
    operations = B * (2 * model.weights * prompt + 4 * model.layers * model.width * pairs)
    return operations, needed(model, B, prompt, weight_bytes)


def writing(model, B, context, weight_bytes):
    """Arithmetic and memory traffic of writing one token in each of B texts.  context: tokens before, or [N] of them"""
    return B * (2 * model.weights + 4 * model.layers * model.width * context), needed(model, B, context, weight_bytes)


def seconds(work, peak, bandwidth):
    """The time of a step: arithmetic and memory run side by side, the slower one decides.  work: operations, bytes"""
    return np.maximum(work[0] / peak, work[1] / bandwidth)


def attainable(intensity, peak, bandwidth):
    """Operations per second at so many operations per byte: the roof.  intensity: any shape"""
    return np.minimum(peak, intensity * bandwidth)


def served(model, B, prompt, output, weight_bytes, peak, bandwidth):
    """What users see -> seconds to the first token, seconds per further token [output]

    All B texts start together, so everybody waits for the prompts of all. The first token comes out of the reading.
    """
    first = float(seconds(reading(model, B, prompt, weight_bytes), peak, bandwidth))
    return first, seconds(writing(model, B, prompt + np.arange(1, output + 1), weight_bytes), peak, bandwidth)


def roofline(dense, peak, bandwidth):
    """The picture of the roof, and of the work on it.  dense: operations per byte by name"""
    shown = np.geomspace(0.1, max(10 * peak / bandwidth, 2 * dense["reading"]), 60)
    roof = curves(shown, {"roof": attainable(shown, peak, bandwidth) / 1e12})
    work = [Series(name, [x], [attainable(x, peak, bandwidth) / 1e12], "points", [name]) for name, x in dense.items()]
    titles = "How fast the machine can be, and how fast this work lets it be", "operations per byte read from memory"
    return axes(*titles, "trillions of operations per second", log="xy") + roof + work


def trade_off(model, batch, prompt, output, *machine):
    """The picture of what all users get and what one gets, by the number of texts at once."""
    sides = np.unique(np.append(np.geomspace(1, 512, 40).astype(int), batch))
    each = [served(model, int(B), prompt, output, *machine) for B in sides]
    whole = np.array([B * output / (first + t[:-1].sum()) for B, (first, t) in zip(sides, each, strict=True)])
    own, now = np.array([1 / t.mean() for _, t in each]), sides == batch
    both = curves(sides, {"all users together": whole, "one user, while writing": own})
    titles = "More texts at once: what the machine gains and each user loses", "texts at once", "tokens per second"
    return axes(*titles, log="xy") + both + point("now", batch, whole[now][0], own[now][0])


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
    """Serve more texts at once: the machine writes many times as much, and for a while each text nearly as fast.
    Then double the arithmetic at one text: the writing is no faster, since the memory is what it waits for.

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
    work = {"reading": reading(sizes, batch, prompt, per_weight), "writing": writing(sizes, batch, prompt, per_weight)}
    dense = {name: operations / traffic for name, (operations, traffic) in work.items()}  # operations per byte
    used = {name: 100 * attainable(each, peak, fast) / peak for name, each in dense.items()}
    first, further = served(sizes, batch, prompt, output, per_weight, peak, fast)
    arrive = np.append(first, first + further[:-1].cumsum())  # [output], in seconds
    pictures = [roofline(dense, peak, fast), trade_off(sizes, batch, prompt, output, per_weight, peak, fast)]
    return Result(
        summary=f"The first token comes after {1000 * first:.3g} ms, and each further one after "
        f"{1000 * further.mean():.3g} ms. Reading uses {used['reading']:.3g} percent of the arithmetic, and writing "
        f"{used['writing']:.3g} percent; the rest of it waits for memory.",
        numbers={
            "milliseconds to the first token": 1000 * first,
            "milliseconds per further token": 1000 * further.mean(),
            "seconds for the whole answer": arrive[-1],
            "tokens per second for one user": 1 / further.mean(),
            "tokens per second of the machine": batch * output / arrive[-1],
            **{f"operations per byte, {name}": each for name, each in dense.items()},
            "operations per byte at the ridge": peak / fast,
            **{f"percent of the arithmetic used, {name}": each for name, each in used.items()},
            "gigabytes needed": needed(sizes, batch, prompt + output, per_weight) / 1e9,
        },
        show=[
            *(pictures if view == "roofline" else pictures[::-1]),
            axes("When the tokens come", "seconds", "tokens of one answer")
            + Series("reading", [0, first], [0, 0])
            + Series("writing", arrive, np.arange(1, output + 1)),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
