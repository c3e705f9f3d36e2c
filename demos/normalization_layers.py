"""Normalization: take the average away and divide by the spread, per example or per feature.

Notation: x [.., C] what a layer hands on, C features of each example; in a batch [N, C], N examples side by side;
          gain [C] and bias [C] are learned and give a feature back the size and the place that the rest needs.
Leaves out: learning gain and bias (here 1 and 0), and the running averages from which a library takes what
            batch_norm is handed here as `known`.

Source: Ba, Kiros & Hinton (2016), https://arxiv.org/abs/1607.06450 (layer normalization)
        Ioffe & Szegedy (2015), https://arxiv.org/abs/1502.03167 (batch normalization)
        Zhang & Sennrich (2019), https://arxiv.org/abs/1910.07467 (RMSNorm)
"""

from typing import Annotated, Literal

import numpy as np

from demos import Heatmap, Label, Range, Result, axes, columns, curves, point

# All of these take arrays and also tensors of demos.autograd: they use nothing but mean, arithmetic and powers.


def layer_norm(x, gain, bias, eps=1e-5):
    """Each example by itself: its features get mean 0 and variance 1.  x: [.., C], gain: [C], bias: [C] -> [.., C]

    eps keeps an example whose features are all alike from a division by zero; it comes out as the bias.
    """
    centered = x - x.mean(axis=-1, keepdims=True)
    variance = (centered**2).mean(axis=-1, keepdims=True)  # [.., 1], divided by C and not by C - 1
    return centered * (variance + eps) ** -0.5 * gain + bias


def rms_norm(x, gain, eps=1e-5):
    """The same without taking the mean away: only the size is set, to 1.  x: [.., C], gain: [C] -> [.., C]"""
    return x * ((x**2).mean(axis=-1, keepdims=True) + eps) ** -0.5 * gain


def batch_norm(x, gain, bias, eps=1e-5, known=None):
    """Each feature by itself: over the batch it gets mean 0 and variance 1.  x: [N, C], gain, bias: [C] -> [N, C]

    known: (mean [C], variance [C]) of each feature, for a network in use, which may see one example at a time; without
    it they are taken from this batch, as in training.
    """
    if known is None:
        mean = x.mean(axis=0)
        known = mean, ((x - mean) ** 2).mean(axis=0)
    mean, variance = known
    return (x - mean) * (variance + eps) ** -0.5 * gain + bias


FEATURES, MOST, EARLIER, DRAWS = 8, 64, 4000, 20
SIZES = [1, 2, 4, 8, 16, 32, 64]
GAIN, BIAS = np.ones(FEATURES), np.zeros(FEATURES)
NORMS = {
    "layer": lambda x: layer_norm(x, GAIN, BIAS),
    "batch": lambda x: batch_norm(x, GAIN, BIAS),
    "rms": lambda x: rms_norm(x, GAIN),
}
OVER = {"layer": "features of one example", "batch": "examples in the batch", "rms": "features of one example"}


def activations(rng, examples, center, spread):
    """Normal numbers, independent; each feature has a center [C] and a spread [C] of its own -> [examples, C]"""
    return center + spread * rng.normal(size=(examples, FEATURES))


def draw(rng):
    """What the network saw in training, and batches with the same first example and other neighbors.

    -> earlier [EARLIER, C]; 1 + DRAWS batches [MOST, C]
    """
    center, spread = rng.normal(size=FEATURES), rng.uniform(0.5, 2, size=FEATURES)
    first, earlier = activations(rng, 1, center, spread), activations(rng, EARLIER, center, spread)
    neighbors = [activations(rng, MOST - 1, center, spread) for _ in range(1 + DRAWS)]
    return earlier, [np.concatenate([first, rest]) for rest in neighbors]


def scaled(x, scale, offset, applied_to):
    """x [N, C] with one example, one feature (the first of them) or everything multiplied, and then moved."""
    where = {"one example": np.s_[:1], "one feature": np.s_[:, :1], "everything": np.s_[:]}[applied_to]
    changed = x.copy()
    changed[where] = changed[where] * scale + offset
    return changed


def distance(a, b):
    """How far apart two sets of numbers are: the root of their mean squared difference."""
    return float(np.sqrt(np.mean((a - b) ** 2)))


def change_among_others(norm, batch, replaced):
    """How far the output for the first example moves when its neighbors are others, on average.

    batch: [N, C], replaced: batches [N, C] with the same first example
    """
    return float(np.mean([distance(norm(batch)[0], norm(other)[0]) for other in replaced]))


def by_batch_size(norm, batch, replaced):
    """The same when only the first n examples of each batch are seen, for each n of SIZES -> [7]"""
    return [change_among_others(norm, batch[:n], [other[:n] for other in replaced]) for n in SIZES]


def figures(norm, in_use, plain, x, replaced):
    """What one normalization does to the first example -> {what: number}

    plain, x: [N, C], before and after something was multiplied and moved; in_use: the normalization after training;
    replaced: batches like x with other neighbors
    """
    out = norm(x)[0]  # [C]
    return {
        "mean of the first example": out.mean(),
        "spread of the first example": out.std(),
        "change when its neighbors are replaced": change_among_others(norm, x, replaced),
        "change when multiplied and moved": distance(norm(plain)[0], out),
        "change between training and use": distance(out, in_use(x)[0]),
    }


def demo(
    *,
    kind: Annotated[Literal["layer", "batch", "rms"], Label("kind of normalization")] = "layer",
    applied_to: Annotated[
        Literal["one example", "one feature", "everything"], Label("scale is applied to")
    ] = "one example",
    scale: Annotated[float, Range(0.1, 20, 0.1)] = 5.0,
    offset: Annotated[float, Range(-10, 10, 0.5)] = 3.0,
    batch: Annotated[int, Range(1, 64, label="examples in the batch")] = 16,
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
) -> Result:
    """The first example is multiplied and moved, and layer normalization undoes it; switch to batch, and what comes out
    for one example depends on the others. Then leave one example: batch normalization has nothing left to say.

    kind: normalize over the features of an example (layer), over the examples (batch), or set only the size (rms)
    applied_to: what is multiplied by the scale and moved by the offset before it is normalized
    scale: the factor by which it is multiplied
    offset: what is added after the factor
    batch: how many examples are seen together, the rows of the picture
    seed: another number draws other examples
    """
    earlier, drawn = draw(np.random.default_rng(seed))
    ours, *replaced = (scaled(each, scale, offset, applied_to) for each in drawn)  # [MOST, C] each
    plain, x = drawn[0][:batch], ours[:batch]

    known = earlier.mean(axis=0), earlier.var(axis=0)
    in_use = {**NORMS, "batch": lambda x: batch_norm(x, GAIN, BIAS, known=known)}
    company = [each[:batch] for each in replaced]
    found = {name: figures(norm, in_use[name], plain, x, company) for name, norm in NORMS.items()}
    mean, spread, moved, rescaled, _ = found[kind].values()
    means, *others = zip(*(each.values() for each in found.values()), strict=True)
    story = f"other neighbors change that by {moved:.2g}" if batch > 1 else "it has no neighbors"
    names = [f"feature {c + 1}" for c in range(FEATURES)], [f"example {n + 1}" for n in range(batch)]
    changes = "change: new neighbors", f"change: {applied_to} moved", "change: training to use"
    return Result(
        summary=f"With {kind} normalization the features of the first example go from mean {x[0].mean():.2f} and "
        f"spread {x[0].std():.2f} to mean {mean.round(2) + 0.0:.2f} and spread {spread:.2f}; {story}, and multiplying "
        f"and moving {applied_to} changed it by {rescaled:.2g}.",
        numbers={
            "mean of the first example before": x[0].mean(),
            "spread of the first example before": x[0].std(),
            **{f"{what}, {name}": found[name][what] for what in found[kind] for name in NORMS},
        },
        show=[
            Heatmap(
                f"What comes out: {kind} normalization, over the {OVER[kind]}",
                NORMS[kind](x),
                *names,
                scale="diverging",
            ),
            Heatmap("What comes in", x, *names, scale="diverging"),
            axes(
                f"Change of the first example's output when its neighbors are replaced, mean of {DRAWS} draws",
                "examples in the batch",
                "change",
                log="x",
            )
            + curves(SIZES, {name: by_batch_size(norm, ours, replaced) for name, norm in NORMS.items()})
            + point("now", batch, moved),
            columns(
                "The first example, normalized in three ways",
                ["normalization", "over", "mean", "spread", *changes],
                [NORMS, OVER.values(), np.round(means, 6) + 0.0, *others],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
