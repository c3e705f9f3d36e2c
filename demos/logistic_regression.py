"""Logistic regression: a weighted sum of the inputs, turned into the probability of a yes.

Notation: x [N, n] inputs in standard deviations, label [N] 0 or 1, w [n] weights, b bias, z = x·w + b the log-odds,
          p = sigmoid(z) the probability; penalty: how much the squares of the weights cost.
Leaves out: more than two classes, which softmax adds, and standard errors of the weights.

Source: Hastie, Tibshirani & Friedman (2009), section 4.4, https://hastie.su.domains/ElemStatLearn/
"""

from collections.abc import Sequence
from typing import Annotated

import numpy as np

from demos import Heatmap, Points, Range, Result, Series, axes, cloud, curves
from demos.classification_metrics import counts
from demos.loss_functions import logistic
from demos.neuron import SQUASH, boundary
from demos.parts.measured import TUMOR_KINDS, standard, tumors

HELD_OUT = 169  # patients that no setting trains on
SIZES, DRAWS = (10, 20, 50, 100, 200, 400), 12  # of samples to learn from, and how many of each size
WIDE, HIGH = (6, 30), (9, 40)  # the picture: radius and texture, in the units of the data
sigmoid = SQUASH["sigmoid"]


def fit(x, label, penalty):
    """Newton's method: to the bottom of the bowl that fits the loss here, again and again -> w [n], b

    The loss is convex, so there is one valley. Where labels can be parted by a line only the penalty keeps w finite.
    """
    one = np.column_stack([x, np.ones(len(x))])  # [N, n + 1], the bias as the weight of an input that is always 1
    free, side = penalty * np.append(np.ones(x.shape[1]), 0), 2 * label - 1  # the bias costs nothing; side is 1 or -1
    p, loss = np.zeros(len(free)), lambda p: logistic(side * (one @ p)).mean() + free @ p**2 / 2
    for _ in range(30):
        says = sigmoid(one @ p)
        slope = one.T @ (says - label) / len(x) + free * p
        curvature = (one * (says * (1 - says))[:, None]).T @ one / len(x) + np.diag(free + 1e-9)
        step, size, before = np.linalg.solve(curvature, slope), 1.0, loss(p)
        while size > 1e-4 and loss(p - size * step) > before:
            size /= 2  # too far: the bowl fits only near by
        p = np.clip(p - size * step, -50, 50)  # without a yes or without a no the bias would run away
        if abs(slope).max() < 1e-9:
            break
    return p[:-1], p[-1]


def flip(rng, label, share):
    """The labels, 0 or 1, with a share of them turned round, which ones by chance."""
    return label ^ (rng.permutation(len(label)) < round(share * len(label)))


def learn(rng, x, label, wrong_labels, penalty):
    """What patients teach, some of them mislabeled -> the labels that it saw [N], w [n], and the log-odds of any x"""
    seen = flip(rng, label, wrong_labels)
    w, b = fit(standard(x, x), seen, penalty)
    return seen, w, lambda new: standard(new, x) @ w + b


def accuracy(z, label, cut=0.0):
    """The share of rows that log-odds from `cut` up, or below it, call by their name."""
    return ((z >= cut) == (label == 1)).mean()


def learning_curve(seed, x, label, fresh, fresh_label, wrong_labels, penalty):
    """Accuracy on fresh patients after samples of each size, a mean over DRAWS -> [len(SIZES)]"""
    rng = np.random.default_rng(seed)
    picks = [[rng.permutation(len(x))[:size] for _ in range(DRAWS)] for size in SIZES]
    models = [[learn(rng, x[pick], label[pick], wrong_labels, penalty)[-1] for pick in row] for row in picks]
    return [np.mean([accuracy(log_odds(fresh), fresh_label) for log_odds in row]) for row in models]


def edge(log_odds, cut):
    """The line on which the log-odds are `cut`, as far as the picture reaches -> xs, ys"""
    here, right, up = log_odds(np.array([(WIDE[0], HIGH[0]), (WIDE[1], HIGH[0]), (WIDE[0], HIGH[1])]))  # three corners
    xs, ys = boundary([right - here, up - here], here - cut, 0, 1)  # in shares of the picture's width and height
    return WIDE[0] + xs * (WIDE[1] - WIDE[0]), HIGH[0] + ys * (HIGH[1] - HIGH[0])


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
    """Lower the threshold: fewer malignant tumors are missed, and more people with benign ones frightened. Then
    mislabel a fifth of the patients and see how little the line moves.

    wrong_labels: the share of the patients learned from whose label is turned round
    patients: how many it learns from, of 400
    threshold: from which probability on a tumor is called malignant
    penalty: what large weights cost; the larger, the flatter the probability
    seed: another number picks other patients to learn from
    own_points: radius, texture and kind of tumors in place of the patients' own; the held-out ones stay
    """
    rng, (x, label) = np.random.default_rng(seed), tumors("radius", "texture")
    order = np.random.default_rng(99).permutation(len(x))
    (fresh, fresh_label), pool = (part[order[:HELD_OUT]] for part in (x, label)), order[HELD_OUT:]
    pick = rng.permutation(pool)[:patients]
    of, truth = x[pick], label[pick]
    if own_points:
        of, truth = np.array(own_points)[:, :2], np.array([int(kind) for *_, kind in own_points])
    seen, w, log_odds = learn(rng, of, truth, wrong_labels, penalty)
    z, cut = log_odds(fresh), np.log(threshold / (1 - threshold))  # the log-odds at the threshold
    right = accuracy(z, fresh_label, cut)
    _, alarms, missed, _ = counts(fresh_label, z >= cut)
    judged = flip(np.random.default_rng(7), fresh_label, wrong_labels)  # as badly labeled as what it learned from
    by_size = learning_curve(seed, x[pool], label[pool], fresh, fresh_label, wrong_labels, penalty)
    columns, rows = np.linspace(*WIDE, 49), np.linspace(*HIGH, 32)
    shown = sigmoid(log_odds(np.stack(np.meshgrid(columns, rows), axis=-1)))
    along = np.linspace(-1, 1, 101) * max(4.0, abs(z).max())
    return Result(
        summary=f"The model is right on {right:.0%} of {HELD_OUT} tumors that it has not seen. It misses {missed} of "
        f"{fresh_label.sum()} malignant ones; false alarms: {alarms}.",
        numbers={
            "accuracy on held-out patients": right,
            "accuracy on the labels it learned from": accuracy(log_odds(of), seen, cut),
            "accuracy by held-out labels that are wrong as often": accuracy(z, judged, cut),
            "malignant tumors missed": missed,
            "false alarms": alarms,
            "cross-entropy on held-out patients": logistic((2 * fresh_label - 1) * z).mean(),
            "weight of the radius": w[0],
            "weight of the texture": w[1],
            "odds multiplied by, for one more standard deviation of radius": np.exp(w[0]),
            "largest probability": sigmoid(z).max(),
        },
        show=[
            Heatmap("Probability of a malignant tumor, and the tumors as labeled", shown, columns, rows,
                    "mean radius of nuclei", "texture")
            + [cloud(kind, of[seen == group]) for group, kind in enumerate(TUMOR_KINDS)]
            + Series("threshold", *edge(log_odds, cut)),
            axes("Accuracy on held-out patients at a threshold of one half", "patients to learn from", "accuracy", "x")
            + curves(SIZES, {f"mean of {DRAWS} samples": by_size}),
            axes("From log-odds to probability: the held-out patients", "log-odds z", "probability")
            + [cloud(kind, np.array([z, fresh_label]).T[fresh_label == at]) for at, kind in enumerate(TUMOR_KINDS)]
            + curves(along, {"sigmoid": sigmoid(along)})
            + Series("threshold", [cut, cut], [0, 1]),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
