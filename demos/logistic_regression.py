"""Logistic regression: a weighted sum of the inputs, turned into the probability of a yes.

Notation: x [N, n] inputs in standard deviations, label [N] 0 or 1, w [n] weights, b bias, z = x·w + b the log-odds,
          p = sigmoid(z) the probability; penalty: how much the squares of the weights cost.
Leaves out: more than two classes, which softmax adds, and standard errors of the weights.

Source: Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, section 4.4,
        https://hastie.su.domains/ElemStatLearn/
"""

from collections.abc import Sequence
from typing import Annotated

import numpy as np

from demos import Heatmap, Points, Range, Result, Series, axes, cloud, curves
from demos.neuron import SQUASH, neuron
from demos.parts.measured import TUMOR_FEATURES, tumors

SHOWN = [TUMOR_FEATURES.index(name) for name in ("radius", "texture")]
KINDS = ("benign", "malignant")
HELD_OUT = 169  # patients that no setting trains on
SIZES = (10, 20, 50, 100, 200, 400)
DRAWS = 12  # samples of each size
WIDE, HIGH = (6, 30), (9, 40)  # the picture: radius and texture, in the units of the data


def loss_of(x, label, w, b, penalty):
    """Mean cross-entropy, and the penalty.  x: [N, n], label: [N]"""
    z = x @ w + b
    return (np.logaddexp(0, z) - label * z).mean() + penalty / 2 * w @ w


def fit(x, label, penalty):
    """Newton's method: to the bottom of the bowl that fits the loss here, again and again -> w [n], b

    The loss is convex, so there is one valley. Where labels can be parted by a line only the penalty keeps w finite.
    """
    one = np.column_stack([x, np.ones(len(x))])  # [N, n + 1], the bias as the weight of an input that is always 1
    free = penalty * np.append(np.ones(x.shape[1]), 0)  # the bias costs nothing
    p = np.zeros(one.shape[1])
    for _ in range(30):
        says = neuron(one, p, 0)
        slope = one.T @ (says - label) / len(x) + free * p
        curvature = (one * (says * (1 - says))[:, None]).T @ one / len(x) + np.diag(free + 1e-9)
        step, size = np.linalg.solve(curvature, slope), 1.0
        before = loss_of(x, label, *parts(p, penalty))
        while size > 1e-4 and loss_of(x, label, *parts(p - size * step, penalty)) > before:
            size /= 2  # too far: the bowl fits only near by
        p = np.clip(p - size * step, -50, 50)  # without a yes or without a no the bias would run away
        if abs(slope).max() < 1e-9:
            break
    return p[:-1], p[-1]


def parts(p, penalty):
    """What loss_of takes beside the examples.  p: [n + 1] -> w [n], b, penalty"""
    return p[:-1], p[-1], penalty


def standard(x, of):
    """x in standard deviations from the mean of the rows `of`; a column that does not vary is only shifted."""
    spread = of.std(axis=0)
    return (x - of.mean(axis=0)) / np.where(spread > 0, spread, 1)


def flip(rng, label, share):
    """The labels with a share of them turned round, which ones by chance."""
    wrong = rng.permutation(len(label)) < round(share * len(label))
    return np.where(wrong, 1 - label, label)


def accuracy(x, label, w, b, threshold):
    """The share of rows that a probability from the threshold up, or below it, calls by their name."""
    return ((neuron(x, w, b) >= threshold) == (label == 1)).mean()


def learn(rng, x, label, wrong_labels, penalty):
    """What a model learns from these patients, some of them mislabeled -> the labels that it saw [N], w, b"""
    seen = flip(rng, label, wrong_labels)
    return seen, *fit(standard(x, x), seen, penalty)


def learning_curve(rng, x, label, fresh, fresh_label, wrong_labels, penalty):
    """Accuracy on fresh patients after samples of each size, a mean over DRAWS -> [len(SIZES)]"""
    means = []
    for size in SIZES:
        picks = [rng.permutation(len(x))[:size] for _ in range(DRAWS)]
        models = [(x[pick], *learn(rng, x[pick], label[pick], wrong_labels, penalty)[1:]) for pick in picks]
        means.append(np.mean([accuracy(standard(fresh, of), fresh_label, w, b, 0.5) for of, w, b in models]))
    return means


def edge(of, w, b):
    """The line on which the log-odds are zero, as far as the picture reaches -> xs, ys"""
    spread = np.where(of.std(axis=0) > 0, of.std(axis=0), 1)
    ys = np.linspace(*HIGH, 65)
    xs = of[:, 0].mean() - spread[0] * (b + w[1] * (ys - of[:, 1].mean()) / spread[1]) / (w[0] or 1e-9)
    inside = (xs >= WIDE[0]) & (xs <= WIDE[1])
    return xs[inside], ys[inside]


def demo(
    *,
    wrong_labels: Annotated[float, Range(0, 0.5, 0.05, label="share of wrong labels")] = 0.0,
    patients: Annotated[int, Range(10, 400, 10, label="patients to learn from")] = 100,
    threshold: Annotated[float, Range(0.05, 0.95, 0.05)] = 0.5,
    penalty: Annotated[float, Range(0.001, 10, 0.001, log=True, label="penalty on large weights")] = 0.01,
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
    own_points: Annotated[
        Sequence[tuple[float, float, int]], Points(x=(6, 30), y=(9, 40), most=60, groups=2, label="your own points")
    ] = (),
) -> Result:
    """Lower the threshold: fewer tumors are missed, and more healthy people frightened. Then mislabel a fifth of the
    patients and see how little the line moves.

    wrong_labels: the share of the patients learned from whose label is turned round
    patients: how many it learns from, of 400
    threshold: from which probability on a tumor is called malignant
    penalty: what large weights cost; the larger, the flatter the probability
    seed: another number picks other patients to learn from
    own_points: radius, texture and kind of tumors in place of the patients' own; the held-out ones stay
    """
    rng = np.random.default_rng(seed)
    x, label = tumors()
    x, order = x[:, SHOWN], np.random.default_rng(99).permutation(len(x))
    (fresh, fresh_label), pool = (part[order[:HELD_OUT]] for part in (x, label)), order[HELD_OUT:]
    pick = rng.permutation(pool)[:patients]
    of, truth = x[pick], label[pick]
    if own_points:
        of, truth = np.array(own_points)[:, :2], np.array([int(kind) for *_, kind in own_points])
    seen, w, b = learn(rng, of, truth, wrong_labels, penalty)
    tested = standard(fresh, of)
    says = neuron(tested, w, b) >= threshold
    right = accuracy(tested, fresh_label, w, b, threshold)
    by_wrong = accuracy(tested, flip(np.random.default_rng(7), fresh_label, wrong_labels), w, b, threshold)
    missed, alarms = (~says & (fresh_label == 1)).sum(), (says & (fresh_label == 0)).sum()

    columns, rows = np.linspace(*WIDE, 49), np.linspace(*HIGH, 32)
    shown = neuron(standard(np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2), of), w, b)
    cut = np.log(threshold / (1 - threshold))  # the log-odds at the threshold
    z = tested @ w + b
    far = max(4.0, abs(z).max())
    along = np.linspace(-far, far, 101)
    return Result(
        summary=f"Learned from {len(of)} {'tumor' if len(of) == 1 else 'tumors'}, the model is right on {right:.0%} of "
        f"{HELD_OUT} others; it misses {missed} of {fresh_label.sum()} malignant ones and raises {alarms} false "
        f"{'alarm' if alarms == 1 else 'alarms'}.",
        numbers={
            "accuracy on held-out patients": right,
            "accuracy on the labels it learned from": accuracy(standard(of, of), seen, w, b, threshold),
            "accuracy by held-out labels that are wrong as often": by_wrong,
            "malignant tumors missed": missed,
            "false alarms": alarms,
            "cross-entropy on held-out patients": loss_of(tested, fresh_label, w, b, 0),
            "weight of the radius": w[0],
            "weight of the texture": w[1],
            "odds multiplied by, for one more standard deviation of radius": np.exp(w[0]),
            "largest probability": neuron(tested, w, b).max(),
        },
        show=[
            Heatmap(
                "Probability of a malignant tumor, and the tumors as labeled",
                shown.reshape(len(rows), len(columns)), columns, rows, "mean radius of nuclei", "texture",
            )
            + [cloud(kind, of[seen == group]) for group, kind in enumerate(KINDS)]
            + Series("threshold", *edge(of, w, b - cut)),
            axes("Accuracy on held-out patients at a threshold of one half", "patients to learn from", "accuracy", "x")
            + curves(SIZES, {f"mean of {DRAWS} samples": learning_curve(
                np.random.default_rng(seed), x[pool], label[pool], fresh, fresh_label, wrong_labels, penalty
            )}),
            axes("From log-odds to probability: the held-out patients", "log-odds z", "probability")
            + [cloud(kind, np.column_stack([z, fresh_label])[fresh_label == group]) for group, kind in enumerate(KINDS)]
            + curves(along, {"sigmoid": SQUASH["sigmoid"](along)})
            + Series("threshold", [cut, cut], [0, 1]),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
