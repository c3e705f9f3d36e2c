"""k-means: give each point to the nearest center, move each center to the middle of its points, repeat.

Notation: x [N, n] points, centers [K, n], cluster [N] the number of each point's center, J the sum of the squared
          distances from the points to their centers (the inertia), T steps taken.
Leaves out: clusters of other shapes than "nearest to a center", and points that belong to several clusters at once.

Source: Lloyd (1982, written in 1957), https://doi.org/10.1109/TIT.1982.1056489
        Arthur & Vassilvitskii (2007) for k-means++, https://dl.acm.org/doi/10.5555/1283383.1283494
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np

from demos import Heatmap, Points, Range, Result, Series, axes, cloud, curves, point
from demos.parts.groups import DATA, agreement

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
    """k-means++: draw each further center from the points, by the squared distance to the nearest center so far."""
    centers = x[[rng.integers(len(x))]]
    while len(centers) < k:
        far = squared_distances(x, centers).min(axis=-1)  # zero for points that are centers already
        odds = far / far.sum() if far.any() else np.full(len(x), 1 / len(x))
        centers = np.vstack([centers, x[rng.choice(len(x), p=odds)]])
    return centers


START = {"random points": random_start, "k-means++": spread_start}


def ends_of(x, k, start, seeds):
    """Run k-means once from each seed -> path of the first run [T + 1, k, n], inertia at each end"""
    paths = [k_means(x, start(np.random.default_rng(seed), x, k)) for seed in seeds]
    return paths[0], np.array([inertia(x, path[-1]) for path in paths])


def demo(
    *,
    steps: Annotated[int, Range(0, 15, play=True)] = 15,
    clusters: Annotated[int, Range(1, 10, label="number of clusters, k")] = 7,
    data: Literal["seven groups", "large and small", "two moons", "no groups"] = "seven groups",
    start: Literal["random points", "k-means++"] = "random points",
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
    x = places * scale
    whole, ends = ends_of(x, k, START[start], [[seed, turn] for turn in range(STARTS)])
    path = whole[: steps + 1]
    losses = [inertia(x, centers) for centers in whole]
    cluster, best = assign(x, path[-1]), min(ends)
    hits = int((ends <= best * 1.0001).sum())
    by_k = [min(ends_of(x, more, spread_start, range(4))[1]) for more in range(1, min(MOST, len(x)) + 1)]
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
            axes("More clusters, smaller sum: look for the bend", "clusters", "lowest sum of 4 k-means++ starts")
            + curves(np.arange(1, len(by_k) + 1), {"sum": by_k})
            + point("now", k, by_k[k - 1]),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
