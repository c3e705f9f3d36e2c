"""k nearest neighbors: find the k examples closest to a new one and let them vote.

Notation: x [N, n] examples, kind [N] from 0 up, query [Q, n], k how many neighbors vote, distance [Q, N] Euclidean.
Leaves out: other distances, weights for closer neighbors, and indexes that find neighbors without looking at all.

Source: Cover & Hart (1967), Nearest neighbor pattern classification, https://doi.org/10.1109/TIT.1967.1053964
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np

from demos import Heatmap, Label, Points, Range, Result, Series, axes, cloud, curves, point
from demos.parts.measured import IRIS_KINDS, irises

MOST = 149  # the largest k: all flowers but the one that is asked about
CROWD = (0, 1, 2, 5, 10, 20, 50)  # how many random columns
IN_UNITS = {"cm": 1.0, "mm": 10.0, "m": 0.01}  # what a centimeter is in each of them


def distances(query, x):
    """From each query to each example.  query: [Q, n], x: [N, n] -> [Q, N]"""
    squares = (query**2).sum(axis=1)[:, None] + (x**2).sum(axis=1) - 2 * query @ x.T
    return np.sqrt(np.maximum(squares, 0))  # rounding may leave a little less than zero


def nearest(distance):
    """The examples from near to far; of two as far away the one that comes first.  [Q, N] -> [Q, N] indices"""
    return np.argsort(distance.round(9), axis=1, kind="stable")


def vote(kind, order, kinds):
    """The majority among the first 1, 2, … N neighbors.  order: [Q, N] indices -> [Q, N], column k - 1 for k of them

    In a tie the kind with the smaller number wins, as in scikit-learn.
    """
    return np.cumsum(kind[order][..., None] == np.arange(kinds), axis=1).argmax(axis=-1)


def answers(query, x, kind, k):
    """What the k nearest examples say of each query, and which they are.  -> kind [Q], indices [Q, k]"""
    order = nearest(distances(query, x))[:, :k]
    return vote(kind, order, 3)[:, -1], order


def left_out(x, kind, kinds):
    """Each example asked about while it is itself put aside: leave-one-out.  -> share right [N - 1] for k = 1, 2, …"""
    apart = distances(x, x)
    np.fill_diagonal(apart, np.inf)  # last in its own order
    return (vote(kind, nearest(apart), kinds)[:, :-1] == kind[:, None]).mean(axis=0)


def contrast(x):
    """How much farther the farthest example is than the nearest, the median over all of them."""
    apart = distances(x, x)
    off = apart[~np.eye(len(x), dtype=bool)].reshape(len(x), -1)
    nearest_one = off.min(axis=1)
    return np.median(off.max(axis=1)[nearest_one > 0] / nearest_one[nearest_one > 0]) if nearest_one.any() else 1.0


def as_written(petals, unit, random):
    """Length in centimeters, width in the unit, and columns of random numbers.  [N, 2], random: [N, r] -> [N, 2 + r]"""
    return np.hstack([petals * [1, IN_UNITS[unit]], random])


def demo(
    *,
    k: Annotated[int, Range(1, 149, label="neighbors that vote, k")] = 5,
    length: Annotated[float, Range(0, 7.5, 0.1, label="petal length of the new flower, cm")] = 4.9,
    width: Annotated[float, Range(0, 3, 0.1, label="petal width of the new flower, cm")] = 1.7,
    unit: Annotated[Literal["cm", "mm", "m"], Label("unit of the width")] = "cm",
    random_columns: Annotated[int, Range(0, 50, label="columns of random numbers")] = 0,
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
    own_points: Annotated[
        Sequence[tuple[float, float, int]], Points(x=(0, 7.5), y=(0, 3), most=80, groups=3, label="your own points")
    ] = (),
) -> Result:
    """Raise k: the islands melt and the borders get smooth; with nearly all flowers voting the map hardly looks at the
    flower. Then write the widths in millimeters, and the same flowers have other neighbors.

    k: how many of the closest flowers vote
    length: where the new flower stands, along
    width: and up
    unit: in what the widths are written down; lengths stay in centimeters
    random_columns: further measurements that have nothing to do with the kind, each as spread as the petal length
    seed: another number draws other random columns
    own_points: petal length, petal width and kind of flowers in place of the measured ones
    """
    petals, kind = irises("petal length", "petal width")
    if own_points:
        petals, kind = np.array(own_points)[:, :2], np.array([int(group) for *_, group in own_points])
    k = min(k, len(kind))
    noise = np.random.default_rng(seed).normal(scale=1.77, size=(len(kind), max(CROWD)))  # as petal lengths scatter
    x = as_written(petals, unit, noise[:, :random_columns])

    columns, rows = np.linspace(0, 7.5, 51), np.linspace(0, 3, 31)
    asked = np.append(np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2), [[length, width]], axis=0)
    said, order = answers(as_written(asked, unit, np.zeros((len(asked), random_columns))), x, kind, k)
    winner, neighbors = said[-1], order[-1]  # of the new flower; the others are the map
    votes = np.bincount(kind[neighbors], minlength=3)
    by_k = left_out(x, kind, 3) if len(kind) > 1 else np.zeros(1)
    used = min(k, len(by_k))  # with all but one left there is one neighbor less
    crowded = [left_out(as_written(petals, unit, noise[:, :more]), kind, 3) for more in CROWD if len(kind) > 1]
    shown = [accuracies[used - 1] for accuracies in crowded] or [0.0] * len(CROWD)
    ks = np.arange(1, len(by_k) + 1)
    return Result(
        summary=f"{votes[winner]} of the {k} nearest neighbors of the new flower {'is' if k == 1 else 'are'} "
        f"{IRIS_KINDS[winner]}. Asked about each flower with that flower left out, the vote is right on "
        f"{by_k[used - 1]:.0%} of {len(kind)}.",
        numbers={
            "accuracy, each flower left out": by_k[used - 1],
            "accuracy on the flowers it remembers": (answers(x, x, kind, k)[0] == kind).mean(),
            "best accuracy of any k": by_k.max(),
            "smallest k with the best accuracy": int(by_k.argmax()) + 1,
            "votes for the winner": votes[winner],
            **{f"neighbors that are {name}": float(votes[group]) for group, name in enumerate(IRIS_KINDS)},
            "farthest over nearest distance, median": contrast(x) if len(kind) > 1 else 1.0,
        },
        show=[
            Heatmap(
                "What the neighbors say: 0 setosa, 1 versicolor, 2 virginica", said[:-1].reshape(31, 51), columns, rows,
                "petal length, cm", "width, cm",
            )
            + [cloud(name, petals[kind == group]) for group, name in enumerate(IRIS_KINDS)]
            + [cloud("neighbors", petals[neighbors]), Series("now", [length], [width], "points")],
            axes("Right answers when each flower is left out", "neighbors that vote, k", "accuracy")
            + curves(ks, {"accuracy": by_k})
            + point("now", used, by_k[used - 1]),
            axes("Columns of random numbers drown the petals", "random columns", "accuracy, each flower left out")
            + curves(CROWD, {"accuracy": shown}),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
