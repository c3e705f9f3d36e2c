"""Open weights: who holds the numbers of a model can store them smaller, and measure what that costs.

Notation: w, a table of weights; bits for each number; step: the distance of two neighbors among the values that are
          left, one for each group of numbers; perplexity: how many equally likely tokens would surprise as much.
Leaves out: steps chosen by what the model computes (GPTQ, AWQ), uneven steps, and computing in few bits.

Source: Gholami et al. (2021), sections III A to E, https://arxiv.org/abs/2103.13630 (uniform symmetric quantization)
"""

import json
from functools import cache
from typing import Annotated, Literal

import numpy as np

from demos import Label, Range, Result, Series, Table, asset, axes, bars, curves, point
from demos.byte_pair_encoding import encode
from demos.model_arithmetic import PUBLISHED, count, transformer
from demos.parts.trained import trained
from demos.softmax import softmax
from demos.transformer_forward import scores, stream

WINDOWS, T = 2, 64  # pieces of a page that the model has never read, and how many tokens each has
BITS = (2, 3, 4, 6, 8, 16)  # for the curve
SHOWN = "0.W_1"  # the table whose numbers are drawn
NUMBERS = 32  # that share a step, in small groups
MACHINES = (
    ("phone", 8),
    ("laptop", 16),
    ("card for games", 24),
    ("card for data centers", 80),
    ("eight of these", 640),
)


def in_groups(w, group):
    """The numbers of a table as rows, each of which gets a step of its own.  w: [R, C] -> [G, n]"""
    rows = {"one for each table": 1, "one for each row": len(w), "one for 32 numbers": w.size // NUMBERS}[group]
    return w.reshape(rows, -1)


def rounded(w, bits, group):
    """A table whose numbers are whole multiples of a step, as many as fit into so many bits.  w: [R, C] -> [R, C]

    With b bits the multiples go from -(2^(b-1) - 1) to 2^(b-1) - 1, and the largest number of a group is kept.
    """
    rows = in_groups(w, group)
    step = np.abs(rows).max(axis=1, keepdims=True) / (2 ** (bits - 1) - 1)
    return (np.round(rows / np.where(step > 0, step, 1)) * step).reshape(w.shape).astype(np.float32)


def stored(weights, bits, group):
    """All weights, tables rounded and single vectors as they are -> {name: table}, and how many bytes they take"""
    small, size = {}, 0
    for name, w in weights.items():
        table = w.ndim == 2
        small[name] = rounded(w, bits, group) if table else w
        size += bits * w.size / 8 + 2 * len(in_groups(w, group)) if table else 2 * w.size  # steps have 16 bits
    return small, size


@cache
def page():
    """Tokens of a page that the model has never read -> [WINDOWS, T]"""
    pages = json.loads(asset("glossary-corpus.json").read_text(encoding="utf-8"))["held_out"]
    return np.array(encode(pages["self-attention"][:900], trained().merges)[: WINDOWS * T]).reshape(WINDOWS, T)


def perplexity(weights, ids, heads):
    """How surprised the model is by the next token of a text, on average.  ids: [.., T] -> one number"""
    *_, x = stream(ids, weights, heads)
    given = np.take_along_axis(softmax(scores(x[..., :-1, :], weights).astype(float)), ids[..., 1:, None], axis=-1)
    return float(np.exp(-np.log(given).mean()))


@cache
def judged(bits, group):
    """The perplexity on the page with weights of so many bits, or as trained with 0 bits."""
    here = trained()
    weights = stored(here.weights, bits, group)[0] if bits else here.weights
    return perplexity(weights, page(), here.heads)


def demo(
    *,
    bits: Annotated[int, Range(2, 16, label="bits for each number", stops=8)] = 4,
    group: Annotated[
        Literal["one for each table", "one for each row", "one for 32 numbers"], Label("steps")
    ] = "one for each row",
    model: Annotated[
        Literal["GPT-2, smallest (2019)", "Llama 3.1 8B (2024)", "Mixtral 8x7B (2024)", "Llama 3.1 405B (2024)"],
        Label("model to be stored"),
    ] = "Llama 3.1 8B (2024)",
) -> Result:
    """Take bits away from a model whose weights are here: for long nothing happens, and then everything. Give every
    group of numbers a step of its own, and it happens later.

    bits: how many bits each number of a table gets
    group: which numbers share the distance between two neighboring values
    model: whose size is computed at as many bits
    """
    weights = trained().weights
    small, size = stored(weights, bits, group)
    full, now, *curve = (judged(b, group) for b in (0, bits, *BITS))
    parameters = {name: count(transformer(shape)) for name, (shape, _) in PUBLISHED.items() if "GPT-3" not in name}
    gigabytes = parameters[model] * bits / 8e9
    fits = [name for name, memory in MACHINES if gigabytes < memory]
    edges = np.linspace(-0.4, 0.4, 81)
    return Result(
        summary=f"With {bits} bits for each number the model of these demos takes {size / 1e6:.2f} MB, and "
        f"its perplexity on a page it never read is {now:,.1f}, instead of {full:.1f}. {model} would take "
        f"{gigabytes:,.3g} GB{f', enough for: {fits[0]}' if fits else ''}.",
        numbers={
            "perplexity": now,
            "perplexity with the weights as trained": full,
            "perplexity, in units of that": now / full,
            "megabytes of this model": size / 1e6,
            "gigabytes of the model to be stored": gigabytes,
            "values that a number can take": 2**bits - 1,
            "bits at which it is within 5 percent": min(b for b, p in zip(BITS, curve, strict=True) if p < 1.05 * full),
        },
        show=[
            axes("Fewer bits, until it breaks", "bits for each number", "perplexity", log="y")
            + curves(BITS, {"rounded": curve, "as trained": [full] * len(BITS)})
            + point("now", bits, now),
            axes("The numbers of one table", "weight", "how many")
            + [Series(name, (edges[1:] + edges[:-1]) / 2, np.histogram(w, edges)[0], "step")
               for name, w in (("as trained", weights[SHOWN]), ("rounded", small[SHOWN]))],
            axes("What models of others would take, weights alone", "", "gigabytes")
            + bars(list(parameters), {f"at {bits} bits": [n * bits / 8e9 for n in parameters.values()]}),
            Table("What it fits into", ["machine", "memory, GB", model],
                  [(name, memory, "fits" if gigabytes < memory else "does not") for name, memory in MACHINES]),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
