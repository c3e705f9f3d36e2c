"""k-means: give each point to the nearest center, move each center to the middle of its points, repeat.

Notation: x [N, n] points, centers [K, n], cluster [N] the number of each point's center, J the sum of the squared
          distances from the points to their centers (the inertia), T steps taken.
Leaves out: clusters of other shapes than "nearest to a center", and points that belong to several clusters at once.

Source: Lloyd (1982, written in 1957), https://doi.org/10.1109/TIT.1982.1056489
        Arthur & Vassilvitskii (2007) for k-means++, https://dl.acm.org/doi/10.5555/1283383.1283494
        Hubert & Arabie (1985) for the adjusted Rand index, https://doi.org/10.1007/BF01908075
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np

from demos import Heatmap, Label, Points, Range, Result, Series, axes, cloud, curves, point
from demos.parts.datasets import moons

STARTS, MOST = 20, 10  # starts to compare, and the largest number of clusters


def squared_distances(x, centers):
    """From every point to every center.  x: [..., n], centers: [K, n] -> [..., K]"""
    return ((x[..., None, :] - centers) ** 2).sum(axis=-1)


def assign(x, centers):
    """The nearest center of each point.  x: [..., n], centers: [K, n] -> [...]"""
    return squared_distances(x, centers).argmin(axis=-1)


def move(x, cluster, centers):
    """Each center to the mean of its points; one without points stays where it is.  -> new centers [K, n]"""
    return np.array([x[cluster == k].mean(axis=0) if (cluster == k).any() else old for k, old in enumerate(centers)])


def inertia(x, centers):
    """J, what k-means makes small: the squared distances from the points to their nearest centers, added up."""
    return squared_distances(x, centers).min(axis=-1).sum()


def k_means(x, centers, most=100):
    """Assign and move until nothing changes or `most` steps are over.  -> path of the centers [T + 1, K, n]"""
    path = [centers]
    while len(path) <= most:
        moved = move(x, assign(x, path[-1]), path[-1])
        if (moved == path[-1]).all():
            break
        path.append(moved)
    return np.array(path)


def random_start(rng, x, k):
    """k of the points themselves, all equally likely -> centers [k, n]"""
    return x[rng.choice(len(x), size=k, replace=False)]


def spread_start(rng, x, k):
    """k-means++: each further center is a point drawn with odds that grow with the squared distance to the others."""
    centers = x[[rng.integers(len(x))]]
    while len(centers) < k:
        far = squared_distances(x, centers).min(axis=-1)  # zero for points that are centers already
        odds = far / far.sum() if far.any() else np.full(len(x), 1 / len(x))
        centers = np.vstack([centers, x[rng.choice(len(x), p=odds)]])
    return centers


START = {"random points": random_start, "k-means++": spread_start}


def agreement(a, b):
    """Adjusted Rand index of two groupings: 1 when they agree on every pair of points, about 0 by chance.

    a, b: [N] numbers of groups, whose names do not matter: 0 and 1 exchanged is the same grouping.
    """
    table = np.zeros((a.max() + 1, b.max() + 1))
    np.add.at(table, (a, b), 1)
    pairs, in_a, in_b, every = ((n * (n - 1) / 2).sum() for n in (table, table.sum(1), table.sum(0), table.sum()))
    chance, most = in_a * in_b / every, (in_a + in_b) / 2
    return (pairs - chance) / (most - chance) if most != chance else 1.0


def seven_groups(rng, n):
    """Six round groups of one size in a ring and one in the middle -> x [n, 2], group [n]"""
    group = np.arange(n) % 7
    turn = 2 * np.pi * group / 6
    middles = 1.3 * np.where(group == 6, 0, 1)[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return middles + rng.normal(scale=0.18, size=(n, 2)), group


def large_and_small(rng, n):
    """A wide group with three quarters of the points beside a narrow one -> x [n, 2], group [n]"""
    group = (np.arange(n) % 4 == 0).astype(int)
    middle, scale = np.where(group, 0.9, -0.4)[:, None] * [1, 0], np.where(group, 0.12, 0.5)[:, None]
    return middle + scale * rng.normal(size=(n, 2)), group


def no_groups(rng, n):
    """Points spread evenly over a square: one group -> x [n, 2], group [n]"""
    return rng.uniform(-1.5, 1.5, size=(n, 2)), np.zeros(n, dtype=int)


DATA = {"seven groups": seven_groups, "large and small": large_and_small, "two moons": moons, "no groups": no_groups}


def demo(
    *,
    steps: Annotated[int, Range(0, 15, play=True)] = 15,
    clusters: Annotated[int, Range(1, 10, label="number of clusters, k")] = 7,
    data: Literal["seven groups", "large and small", "two moons", "no groups"] = "seven groups",
    start: Annotated[Literal["random points", "k-means++"], Label("first centers")] = "random points",
    seed: Annotated[int, Range(0, 20, label="random seed of the start")] = 0,
    stretch: Annotated[float, Range(0.1, 5, 0.1, label="weight of the vertical axis")] = 1.0,
    own_points: Annotated[
        Sequence[tuple[float, float]], Points(x=(-2, 2), y=(-2, 2), most=60, label="your own points")
    ] = (),
) -> Result:
    """Play the steps and watch the centers walk. Change the seed: another start may end elsewhere. Then ask for more
    clusters than there are groups, or for clusters where there are none.

    steps: how often each point picks its nearest center and each center moves to the middle of its points
    clusters: how many centers there are
    data: which 140 points; their groups are hidden from k-means and serve only to judge it
    start: where the centers stand at first
    seed: another number draws other first centers; the points stay
    stretch: vertical distances count this many times, as after a change of the unit of measurement
    own_points: x and y of points in place of the drawn ones, all taken for one group
    """
    places, group = DATA[data](np.random.default_rng(1), 140)
    if own_points:
        places, group = np.array(own_points, dtype=float), np.zeros(len(own_points), dtype=int)
    scale, k = np.array([1.0, stretch]), min(clusters, len(places))
    x, begin = places * scale, START[start]
    paths = [k_means(x, begin(np.random.default_rng([seed, turn]), x, k)) for turn in range(STARTS)]
    ends = np.array([inertia(x, path[-1]) for path in paths])  # [STARTS]
    whole = paths[0]
    path = whole[: steps + 1]
    losses = [inertia(x, centers) for centers in whole]
    cluster, best = assign(x, path[-1]), min(ends)
    hits = int((ends <= best * 1.0001).sum())
    by_k = [  # the lowest of four starts for each k
        min(inertia(x, k_means(x, spread_start(np.random.default_rng(turn), x, more))[-1]) for turn in range(4))
        for more in range(1, min(MOST, len(x)) + 1)
    ]
    axis = np.linspace(-2, 2, 61)
    regions = assign(np.stack(np.meshgrid(axis, axis), axis=-1) * scale, path[-1])  # [61, 61]
    done = len(path) == len(whole)
    return Result(
        summary=f"After {len(path) - 1} steps the sum of squared distances is {losses[len(path) - 1]:.4g}"
        f"{', and no further step changes anything' if done else ''}. Of {STARTS} starts {hits} end at the lowest sum "
        f"found, {best:.4g}; the worst ends at {max(ends):.4g}.",
        numbers={
            "sum of squared distances": losses[len(path) - 1],
            "steps until nothing changes": len(whole) - 1,
            "agreement with the hidden groups": agreement(cluster, group),
            "points in the smallest cluster": np.bincount(cluster, minlength=k).min(),
            "points in the largest cluster": np.bincount(cluster, minlength=k).max(),
            "starts of 20 that end at the lowest sum": hits,
            "lowest sum of 20 starts": best,
            "highest sum of 20 starts": max(ends),
            "lowest sum with one cluster": by_k[0],
        },
        show=[
            Heatmap("Which center is nearest, and how the centers came here", regions, axis, axis, "x", "y")
            + cloud("points", places)
            + [Series("paths of the centers", *(path[:, j] / scale).T) for j in range(k)]
            + cloud("centers", path[-1] / scale),
            axes("No step raises the sum of squared distances", "step", "sum of squared distances")
            + curves(np.arange(len(whole)), {"sum": losses})
            + point("now", len(path) - 1, losses[len(path) - 1]),
            axes("Where 20 starts end", "start", "sum of squared distances at the end")
            + Series("sum", np.arange(1, STARTS + 1), ends, "bars"),
            axes("More clusters, smaller sum: look for the bend", "number of clusters", "lowest sum of four starts")
            + curves(np.arange(1, len(by_k) + 1), {"sum": by_k})
            + point("now", k, by_k[k - 1]),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
