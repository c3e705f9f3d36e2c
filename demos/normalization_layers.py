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

from demos import Chart, Heatmap, Range, Result, Series, Table

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


def scaled(x, scale, offset, applied_to):
    """x [N, C] with one example, one feature (the first of them) or everything multiplied, and then moved."""
    where = {"one example": np.s_[:1], "one feature": np.s_[:, :1], "everything": np.s_[:]}[applied_to]
    changed = x.copy()
    changed[where] = changed[where] * scale + offset
    return changed


def distance(a, b):
    """How far apart two sets of numbers are: the root of their mean squared difference."""
    return float(np.sqrt(np.mean((a - b) ** 2)))


def demo(
    *,
    kind: Literal["layer", "batch", "rms"] = "layer",
    applied_to: Literal["one example", "one feature", "everything"] = "one example",
    scale: Annotated[float, Range(0.1, 20, 0.1)] = 5.0,
    offset: Annotated[float, Range(-10, 10, 0.5)] = 3.0,
    batch: Annotated[int, Range(1, 64)] = 16,
    seed: Annotated[int, Range(0, 20)] = 0,
) -> Result:
    """The first example is multiplied and moved, and layer normalization undoes it; switch to batch, and what comes out
    for one example depends on the others. Then set batch to 1: batch normalization has nothing left to say.

    kind: normalize over the features of an example (layer), over the examples (batch), or set only the size (rms)
    applied_to: what is multiplied by the scale and moved by the offset before it is normalized
    scale: the factor
    offset: added after the factor
    batch: how many examples are seen together
    seed: draws all examples
    """
    rng = np.random.default_rng(seed)
    center, spread = rng.normal(size=FEATURES), rng.uniform(0.5, 2, size=FEATURES)
    first = activations(rng, 1, center, spread)
    earlier = activations(rng, EARLIER, center, spread)  # what the network saw in training
    others, *strangers = (activations(rng, MOST - 1, center, spread) for _ in range(1 + DRAWS))

    def table(neighbors, examples):
        """The first example on top of as many neighbors as there is room for, scaled as asked -> [examples, C]"""
        return scaled(np.concatenate([first, neighbors])[:examples], scale, offset, applied_to)

    plain, x = np.concatenate([first, others])[:batch], table(others, batch)
    out = {name: norm(x) for name, norm in NORMS.items()}  # [N, C] each
    in_use = {**out, "batch": batch_norm(x, GAIN, BIAS, known=(earlier.mean(axis=0), earlier.var(axis=0)))}

    # Three questions about the first example. How far does it come out from where it was when its neighbors are others,
    # when something was multiplied and moved, and when the network is no longer in training?
    sizes = [1, 2, 4, 8, 16, 32, 64]
    replaced = {
        name: [
            float(np.mean([distance(norm(table(others, n))[0], norm(table(new, n))[0]) for new in strangers]))
            for n in [*sizes, batch]
        ]
        for name, norm in NORMS.items()
    }
    rescaled = {name: distance(norm(plain)[0], out[name][0]) for name, norm in NORMS.items()}
    used = {name: distance(out[name][0], in_use[name][0]) for name in NORMS}

    mean, width = x[0].mean(), x[0].std()
    mean_after, width_after = (round(float(figure), 2) + 0.0 for figure in (out[kind][0].mean(), out[kind][0].std()))
    company = f"other neighbors change that by {replaced[kind][-1]:.2g}" if batch > 1 else "it has no neighbors"
    return Result(
        summary=(
            f"With {kind} normalization the features of the first example go from mean {mean:.2f} and spread "
            f"{width:.2f} to mean {mean_after:.2f} and spread {width_after:.2f}; {company}, and multiplying and moving "
            f"{applied_to} changed it by {rescaled[kind]:.2g}."
        ),
        numbers={
            "mean of the first example before": float(mean),
            "spread of the first example before": float(width),
            **{f"mean of the first example, {name}": float(out[name][0].mean()) for name in NORMS},
            **{f"spread of the first example, {name}": float(out[name][0].std()) for name in NORMS},
            **{f"change when its neighbors are replaced, {name}": replaced[name][-1] for name in NORMS},
            **{f"change when multiplied and moved, {name}": rescaled[name] for name in NORMS},
            **{f"change between training and use, {name}": used[name] for name in NORMS},
        },
        show=[
            *(
                Heatmap(
                    title=title,
                    values=values,
                    columns=[f"feature {c + 1}" for c in range(FEATURES)],
                    rows=[f"example {n + 1}" for n in range(batch)],
                    scale="diverging",
                )
                for title, values in [
                    ("What comes in", x),
                    (f"What comes out: {kind} normalization, over the {OVER[kind]}", out[kind]),
                ]
            ),
            Chart(
                title=f"Change of the first example's output when its neighbors are replaced, mean of {DRAWS} draws",
                series=[
                    *(Series(name, sizes, replaced[name][:-1]) for name in NORMS),
                    Series("now", [batch], replaced[kind][-1:], "points"),
                ],
                x="examples in the batch",
                y="change",
                log_x=True,
            ),
            Table(
                title="The first example, normalized in three ways",
                columns=[
                    "normalization", "over", "mean", "spread",
                    "change: new neighbors", f"change: {applied_to} moved", "change: training to use",
                ],
                rows=[
                    [
                        name, OVER[name], float(out[name][0].mean().round(6)) + 0.0, float(out[name][0].std()),
                        replaced[name][-1], rescaled[name], used[name],
                    ]
                    for name in NORMS
                ],
            ),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
