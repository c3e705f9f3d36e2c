"""Decision tree: ask the question that makes both answers purest, and again within each answer.

Notation: x [N, n] points, label [N] 0 or 1, a question is "x[feature] <= threshold?", impurity of a box with share p of
          label 1: Gini 2p(1 - p) or entropy in bits, gain the fall of the impurity by a question, weighted by points.
Leaves out: forests of many trees, pruning, missing values, and trees that predict numbers. A straight line, found by
            logistic regression, stands beside the tree only as an error.

Source: Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees, https://doi.org/10.1201/9781315139470
        Quinlan (1986), https://doi.org/10.1007/BF00116251
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np

from demos import Graph, Heatmap, Points, Range, Result, axes, cloud, curves, point
from demos.parts.datasets import moons, spirals, xor
from demos.parts.trees import drawn, leaves
from demos.perceptron import logistic

FEATURES, DEPTHS = ("x", "y"), range(11)


def gini(p):
    """How often two random points of a box differ in label, of which a share p has label 1."""
    return 2 * p * (1 - p)


def entropy(p):
    """Bits of surprise per label in a box."""
    return -sum(np.where(share > 0, share * np.log2(np.where(share > 0, share, 1)), 0) for share in (p, 1 - p))


IMPURITY = {"gini": gini, "entropy": entropy}


def best_question(x, label, impurity):
    """The question with the largest gain, tried halfway between neighboring values of each feature.

    x: [N, n], label: [N] -> gain, feature, threshold; gain 0 where no question helps
    """
    n, best = len(label), (0.0, 0, 0.0)
    for feature in range(x.shape[1]):
        order = np.argsort(x[:, feature], kind="stable")
        value, ones = x[order, feature], np.cumsum(label[order])
        left = np.arange(1, n)  # how many points are on the left of each cut
        after = left * impurity(ones[:-1] / left) + (n - left) * impurity((ones[-1] - ones[:-1]) / (n - left))
        gain = np.where(value[1:] > value[:-1], impurity(label.mean()) - after / n, 0)  # no cut between equal values
        at = int(gain.argmax()) if n > 1 else 0
        if n > 1 and gain[at] > best[0] + 1e-12:
            best = (float(gain[at]), feature, float(value[at] + value[at + 1]) / 2)
    return best


def grow(x, label, impurity, depth):
    """A tree: what it says, how many points it saw, and, unless it is a leaf, its question and two smaller trees."""
    says = {"answer": int(2 * label.sum() > len(label)), "points": len(label), "ones": int(label.sum())}
    gain, feature, threshold = best_question(x, label, impurity) if depth else (0, 0, 0)
    if gain <= 0:
        return says
    low = x[:, feature] <= threshold
    halves = [grow(x[side], label[side], impurity, depth - 1) for side in (low, ~low)]
    return {**says, "gain": gain, "feature": feature, "threshold": threshold, "halves": halves}


def answers(tree, x, depth):
    """What a tree says when it is cut off below a depth.  x: [N, n] -> [N], 0 or 1"""
    if depth == 0 or "halves" not in tree:
        return np.full(len(x), tree["answer"])
    low = x[:, tree["feature"]] <= tree["threshold"]
    return np.where(low, *(answers(half, x, depth - 1) for half in tree["halves"]))


def corners(rng, n):
    """Points all over a square, labeled by the side of the slanting line x = y, which no cut along an axis follows."""
    x = rng.uniform(-1.5, 1.5, size=(n, 2))
    return x, (x[:, 0] > x[:, 1]).astype(int)


DATA = {"moons": lambda rng, n: moons(rng, n, 0.3), "xor": lambda rng, n: xor(rng, n, 0.35), "slanting line": corners}
DATA["spirals"] = spirals


def demo(
    *,
    depth: Annotated[int, Range(0, 10, label="questions in a row, depth", play=True)] = 3,
    points: Annotated[int, Range(20, 300, 20, stops=8)] = 100,
    data: Literal["moons", "xor", "slanting line", "spirals"] = "moons",
    criterion: Literal["gini", "entropy"] = "gini",
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
    own_points: Annotated[
        Sequence[tuple[float, float, int]],
        Points(x=(-1.8, 1.8), y=(-1.8, 1.8), most=80, groups=2, label="your own points"),
    ] = (),
) -> Result:
    """Play the depth: each box is cut where it helps most. Go on until every point is in a box of its own kind, and
    look at the error on fresh points. Then change the seed.

    depth: how many questions may follow each other
    points: how many points the tree learns from
    data: where the points come from
    criterion: what makes a box pure, the Gini impurity or the entropy
    seed: another number draws other points of the same kind
    own_points: x, y and label of points in place of the drawn ones; the fresh points stay
    """
    x, label = DATA[data](np.random.default_rng(seed), points)
    fresh_x, fresh_label = DATA[data](np.random.default_rng(1000), 1000)
    if own_points:
        x, label = np.array(own_points)[:, :2], np.array([int(label) for *_, label in own_points])
    tree = grow(x, label, IMPURITY[criterion], max(DEPTHS))
    training, fresh = (
        np.array([(answers(tree, where, d) != truth).mean() for d in DEPTHS])
        for where, truth in ((x, label), (fresh_x, fresh_label))
    )
    w, b = logistic(x, label, passes=100)
    straight = ((fresh_x @ w + b > 0) != fresh_label).mean()
    axis = np.linspace(-1.8, 1.8, 61)
    surface = answers(tree, np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2), depth).reshape(61, 61)
    boxes = leaves(tree, depth)
    return Result(
        summary=f"At depth {depth} there are {boxes} box{'es' * (boxes > 1)}; {training[depth]:.0%} of the {len(x)} "
        f"points are in a box of the other label, and of fresh points {fresh[depth]:.1%}.",
        numbers={
            "training error": training[depth],
            "error on fresh points": fresh[depth],
            "boxes": boxes,
            "depth with the lowest error on fresh points": int(fresh.argmin()),
            "error of a straight line on fresh points": straight,
            "gain of the first question": tree.get("gain", 0.0),
            "threshold of the first question": tree.get("threshold", 0.0),
        },
        show=[
            Heatmap("The boxes of the tree", surface, axis, axis, "x", "y")
            + [cloud(f"label {k}", x[label == k]) for k in (0, 1)],
            Graph("The questions, at most three levels of them", *drawn(tree, min(depth, 3), FEATURES)),
            axes("Error by depth", "depth", "share of points that are wrong")
            + curves(list(DEPTHS), {"training": training, "fresh points": fresh})
            + curves(list(DEPTHS), {"a straight line on fresh points": np.full(len(DEPTHS), straight)})
            + point("now", depth, training[depth], fresh[depth]),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
