"""Perceptron: a neuron with a step that learns from its mistakes, and only from them.

Notation: x [N, n] points, label [N] 0 or 1, w [n] weights, b bias, M mistakes made so far,
          R length of the longest point, gamma distance of the closest one from a line that gets all points right;
          in R and gamma the bias counts as the weight of an extra input that is always 1.
Leaves out: several layers, and Rosenblatt's machine, whose inputs were photocells wired up at random. A sigmoid taught
            by gradient descent stands beside it only as a count of points.

Source: Rosenblatt (1958), https://doi.org/10.1037/h0042519
        Freund & Schapire (1999), theorem 1, for the bound, https://doi.org/10.1023/A:1007662407062
"""

from collections.abc import Sequence
from typing import Annotated

import numpy as np

from demos import Heatmap, Points, Range, Result, Series, axes, cloud, curves
from demos.neuron import SQUASH, boundary, neuron

PASSES = 100  # when to give up
RATE = 10.0  # of gradient descent, for comparison; with rates from 2 to 20 as many points are right


def correct(x, label, w, b):
    """Show one point.  x: [n], label: 0 or 1 -> new w, new b; the same as before if the answer was right."""
    error = label - neuron(x, w, b, SQUASH["step"])  # 0 if right, 1 if it should have said yes, -1 if it should not
    return w + error * x, b + error


def learn(x, label, passes):
    """Show all points again and again, until a whole pass is free of mistakes or `passes` are over.

    x: [N, n], label: [N] -> ws [M + 1, n] and bs [M + 1], before the first mistake and after each;
    mistakes in each pass, a list whose last entry is 0 if it has learned everything.
    """
    ws, bs = [np.zeros(x.shape[1])], [0.0]
    counts: list[int] = []
    while len(counts) < passes and (not counts or counts[-1] > 0):
        before = len(ws)
        for point, wanted in zip(x, label, strict=True):
            w, b = correct(point, wanted, ws[-1], bs[-1])
            if b != bs[-1]:
                ws.append(w)
                bs.append(b)
        counts.append(len(ws) - before)
    return np.array(ws), np.array(bs), counts


def two_sides(rng, n, margin):
    """Points on both sides of a hidden line and no closer to it than margin -> x [n, 2], label [n], the line w, b."""
    angle = rng.uniform(0, 2 * np.pi)
    across, along = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    label = np.arange(n) % 2
    distance = rng.uniform(margin, 1, size=n) * np.where(label == 1, 1, -1)
    x = (distance - 0.3)[:, None] * across + rng.uniform(-1, 1, size=(n, 1)) * along
    return x, label, across, 0.3


def radius_and_margin(x, label, w, b):
    """R and gamma of a line that gets all points right, with the bias as the weight of an input that is always 1.

    x: [N, n].  Freund & Schapire: whatever the order, there are never more than (R / gamma)² mistakes.
    """
    radius = np.sqrt((x**2).sum(axis=1) + 1).max()
    gamma = (np.where(label == 1, 1, -1) * (x @ w + b)).min() / np.sqrt(w @ w + b**2)
    return radius, gamma


def why_it_stops(ws, bs, hidden_w, hidden_b):
    """The proof in figures: the part of the weights along the hidden line, and their length.

    A mistake adds at least gamma to the part, and at most R² to the square of the length; the part can not be longer.
    ws: [M + 1, n], bs: [M + 1] -> [M + 1] both, with the bias as one more weight
    """
    hidden = np.append(hidden_w, hidden_b) / np.sqrt(hidden_w @ hidden_w + hidden_b**2)
    weights = np.column_stack([ws, bs])  # [M + 1, n + 1]
    return weights @ hidden, np.linalg.norm(weights, axis=1)


def mislabeled(x, label, count):
    """The labels with the innermost points of side 1 moved to side 0, so that no line is right.  label: [N] -> [N]"""
    innermost = np.argsort(np.linalg.norm(x - x[label == 1].mean(axis=0), axis=1), kind="stable")
    label = label.copy()
    label[innermost[:count]] = 0
    return label


def logistic(x, label, passes):
    """The same neuron with a sigmoid, taught by gradient descent on its cross-entropy: logistic regression.

    x: [N, n], label: [N] -> w [n], b after one step per pass over all points, from zero
    """
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(passes):
        error = label - neuron(x, w, b, SQUASH["sigmoid"])  # [N], between -1 and 1, where the step knows -1, 0 and 1
        w, b = w + RATE * error @ x / len(x), b + RATE * error.mean()
    return w, b


def as_if_hidden(x, label, ws, bs):
    """For points that nobody hid a line in: of the lines on the way the best one, and the points that it gets right.

    x: [N, n], label: [N], ws: [M + 1, n], bs: [M + 1] -> x [K, n], label [K], w, b; none of the K lies on the line.
    Where it gets none right, it is a line without weights that says no to all, as if the bias alone were learned.
    """
    best = errors_of(x, label, ws, bs).argmin()
    for w, b in ((ws[best], bs[best]), (np.zeros(x.shape[1]), -1.0)):
        right = np.where(label == 1, 1, -1) * (x @ w + b) > 0
        if right.any():
            break
    return x[right], label[right], w, b


def errors_of(x, label, ws, bs):
    """How many points each line gets wrong.  x: [N, n], ws: [M + 1, n], bs: [M + 1] -> [M + 1]"""
    return ((ws @ x.T + bs[:, None] > 0) != (label == 1)).sum(axis=1)


def story(counts, wrong, bound, wrong_labels):
    """What happened and what had been promised, in words.  counts: mistakes in each pass, wrong: [M + 1] as above."""
    told = f"{sum(counts)} mistakes in {len(counts)} passes"
    if counts[-1] == 0:
        told += ", and every point is right; "
    else:
        told += f" and no end in sight; the last line gets {wrong[-1]} wrong; "
    if wrong_labels == 0:
        return told + f"no order can cause more than {bound:,.0f}"
    return told + "the hidden line is no longer right everywhere, so its bound is off"


def demo(
    *,
    margin: Annotated[float, Range(0.02, 0.6, 0.02, label="margin on each side")] = 0.1,
    points: Annotated[int, Range(10, 200, 2)] = 60,
    wrong_labels: Annotated[int, Range(0, 3)] = 0,
    order: Annotated[int, Range(0, 99, label="order of the points")] = 0,
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
    own_points: Annotated[
        Sequence[tuple[float, float, int]],
        Points(x=(-1.8, 1.8), y=(-1.8, 1.8), most=80, groups=2, label="your own points"),
    ] = (),
) -> Result:
    """Change the order: the same points, other mistakes, another line, never more than the bound. More points hardly
    matter, a narrower margin does. Then give one point the wrong label, and it doesn't finish.

    margin: how wide the empty strip is on each side of the hidden line
    points: how many points it learns from
    wrong_labels: how many points far inside one side carry the label of the other
    order: another number shuffles the points, which are then shown in that order in every pass
    seed: another number draws other points and another hidden line
    own_points: x, y and label of points in place of the drawn ones; the best line on the way stands for the hidden one
    """
    if own_points:
        x, label = np.array(own_points)[:, :2], np.array([int(label) for *_, label in own_points])
    else:
        x, label, true_w, true_b = two_sides(np.random.default_rng(seed), points, margin)
        kept, kept_label, label = x, label, mislabeled(x, label, wrong_labels)
    shuffled = np.random.default_rng(order).permutation(len(x))
    ws, bs, counts = learn(x[shuffled], label[shuffled], PASSES)
    if own_points:
        kept, kept_label, true_w, true_b = as_if_hidden(x, label, ws, bs)
        wrong_labels = len(x) - len(kept)
    radius, gamma = radius_and_margin(kept, kept_label, true_w, true_b)
    bound = (radius / gamma) ** 2
    mistakes, wrong = len(ws) - 1, errors_of(x, label, ws, bs)
    along, length = why_it_stops(ws, bs, true_w, true_b)  # [M + 1] both
    smooth = [np.array([part]) for part in logistic(x, label, PASSES)]  # w [1, n], b [1]: one line, as errors_of has it

    axis = np.linspace(-1.8, 1.8, 41)
    surface = neuron(np.stack(np.meshgrid(axis, axis), axis=-1), ws[-1], bs[-1], SQUASH["step"])  # [41, 41]
    drawn = {
        "after the first mistake": min(mistakes, 1),
        "after half of them": (mistakes + 1) // 2 if mistakes > 2 else 0,
        "after the last": mistakes if mistakes > 1 else 0,
    }  # 0: not drawn
    count, allowed = np.unique(np.geomspace(1, max(mistakes, 1), 150).astype(int)), np.geomspace(1, bound, 100)
    count = count[count <= mistakes]
    return Result(
        summary=f"{len(x)} points with a margin of {gamma:.2g}: {story(counts, wrong, bound, wrong_labels)}.",
        numbers={
            "mistakes": mistakes,
            "bound on mistakes without wrong labels": bound,
            "passes": len(counts),
            "mistakes in the last pass": counts[-1],
            "points wrong with the last line": wrong[-1],
            "points wrong with the best line on the way": wrong.min(),
            "points wrong with a sigmoid and gradient descent": errors_of(x, label, *smooth)[0],
            "length of the longest point": radius,
            "margin of the hidden line": gamma,
        },
        show=[
            Heatmap(
                "What the neuron says in the end, and how the line got there", surface, axis, axis, "input 1", "input 2"
            )
            + [cloud(f"label {k}", x[label == k]) for k in (0, 1)]
            + [Series(name, *(boundary(ws[at], bs[at], -1.8, 1.8) if at else ([], []))) for name, at in drawn.items()],
            axes("Mistakes in each pass", "pass over all points", "mistakes")
            + Series("mistakes", np.arange(1, len(counts) + 1), counts, "bars"),
            axes(
                "Why it must stop: no vector is longer along one direction than it is in all",
                "mistakes M",
                "length",
                log="xy",
            )
            + curves(count, {"length of the weights": length[count]}, above=0)
            + curves(allowed, {"at most R √M": radius * np.sqrt(allowed)})
            + curves(count, {"their part along the hidden line": along[count]}, above=0)
            + curves(allowed, {"at least gamma M": gamma * allowed}),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
