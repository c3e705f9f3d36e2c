"""Stochastic gradient descent: take each step after a look at a few rows of the data instead of all of them.

Notation: X [N, 2] inputs, a column of ones and a measurement; y [N] targets; p [2] parameters, height and slope of a
          line; B rows in a batch; an epoch is one pass over all N rows.
Leaves out: learning rates that shrink over time, momentum, and models with more than one valley.

Source: Robbins & Monro (1951), https://doi.org/10.1214/aoms/1177729586
        Bottou, Curtis & Nocedal (2016), https://arxiv.org/abs/1606.04838
"""

from typing import Annotated

import numpy as np

from demos import Heatmap, Range, Result, Series, axes, cloud, curves
from demos.gradient_descent import step
from demos.loss_functions import squared, squared_slope

ROWS, STEPS_DRAWN, ORDERS = 256, 200, 50
START = np.array([-1.0, 3.0])


def noisy_line(rng, n):
    """Rows around the line y = 1 + 2 x -> X [n, 2], y [n]."""
    x = rng.uniform(-1, 1, size=n)
    return np.column_stack([np.ones(n), x]), 1 + 2 * x + rng.normal(scale=0.5, size=n)


def loss_of(p, X, y):
    """Mean squared error over the rows of X.  p: [..., 2] -> [...]."""
    return squared(p @ X.T - y).mean(axis=-1)


def gradients(p, X, y):
    """The gradient that each row alone would give -> [N, 2]. Their mean is the gradient of the loss."""
    return squared_slope(X @ p - y)[:, None] * X


def batches(rng, n, size):
    """One epoch: all row numbers in a random order, cut into batches; the last one takes what is left."""
    order = rng.permutation(n)
    return [order[at : at + size] for at in range(0, n, size)]


def train(rng, X, y, size, learning_rate, epochs, start=START):
    """Step after step, each from one batch -> path [steps + 1, 2]; rows seen before each point of it [steps + 1]."""
    path, seen = [start], [0]
    for _ in range(epochs):
        for batch in batches(rng, len(X), size):
            gradient = gradients(path[-1], X[batch], y[batch]).mean(axis=0)
            path.append(step(path[-1], gradient, learning_rate))
            seen.append(seen[-1] + len(batch))
    return np.array(path), np.array(seen)


def one_pass(rng, X, y, size, learning_rate, orders, start=START):
    """One epoch in each of so many random orders, side by side -> where each ends, [orders, 2]."""
    order = rng.permuted(np.tile(np.arange(len(X)), (orders, 1)), axis=1)  # [orders, N]
    p = np.tile(start, (orders, 1))
    for at in range(0, len(X), size):
        rows = order[:, at : at + size]  # [orders, B]
        off = (X[rows] * p[:, None]).sum(axis=-1) - y[rows]
        p = step(p, (squared_slope(off)[..., None] * X[rows]).mean(axis=1), learning_rate)
    return p


def noise_of(batches, rows):
    """How far the gradients of these batches lie from that of all rows: the root of the mean squared distance.

    batches: lists of row numbers, rows: [N, 2], the gradient of each row -> one number
    """
    off = [rows[batch].mean(axis=0) - rows.mean(axis=0) for batch in batches]
    return np.sqrt(np.mean([(each**2).sum() for each in off]))


def noise_by_batch_size(rng, rows, repeats=500):
    """The same for batches of every size at once -> measured [N], predicted [N] for B = 1 … N.

    Measured on the first B rows in each of `repeats` random orders; their sums grow row by row.  rows: [N, 2]
    """
    N = len(rows)
    B = np.arange(1, N + 1)
    orders = rng.permuted(np.tile(np.arange(N), (repeats, 1)), axis=1)
    batch_means = rows[orders].cumsum(axis=1) / B[:, None]  # [repeats, N, 2]
    measured = np.sqrt(((batch_means - rows.mean(axis=0)) ** 2).sum(axis=-1).mean(axis=0))
    spread = rows.var(axis=0, ddof=1).sum()
    return measured, np.sqrt(spread / B * (1 - B / N))  # no row is drawn twice, so all N together have no noise


def best_line(X, y):
    """The line with the lowest loss, computed directly (least squares) -> [2]"""
    return np.linalg.lstsq(X, y, rcond=None)[0]


def loss_above_lowest(p, X, best):
    """How much more loss a line has than the best one: its mean squared distance from that line.  p: [.., 2] -> [..]"""
    return loss_of(p, X, X @ best)


def compare(seed, X, y, sizes, learning_rate, epochs):
    """A run for each batch size, all over the same rows in the same order.  sizes: name: rows in a batch

    -> name: path [steps + 1, 2], rows seen [steps + 1], loss above the lowest [steps + 1]
    """
    best, runs = best_line(X, y), {}
    for name, size in sizes.items():
        path, seen = train(np.random.default_rng(seed), X, y, size, learning_rate, epochs)
        runs[name] = path, seen, loss_above_lowest(path, X, best)
    return runs


def findings(seen, above, epochs):
    """What a run came to.  seen, above: [steps + 1], what `compare` found -> name: number"""
    return {
        "steps": len(above) - 1,
        "share of steps that raised the loss": (np.diff(above) > 0).mean(),
        "loss above the lowest after one pass": above[seen == ROWS][0],
        "loss above the lowest on average over the last pass": above[seen > ROWS * (epochs - 1)].mean(),
    }


def thinned(seen, above, most=260):
    """At most so many points of a long run, evenly spread, for a logarithmic axis -> seen, above: [K] both"""
    some = np.unique(np.linspace(0, len(above) - 1, most).astype(int))
    some = some[above[some] > 1e-12]  # below is rounding
    return seen[some], above[some]


def in_view(path, heights, slopes):
    """The first points of a path, those of them that the picture has room for.  path: [steps + 1, 2] -> [.., 2]"""
    first = path[: STEPS_DRAWN + 1]
    low, high = np.array([heights[[0, -1]], slopes[[0, -1]]]).T
    return first[((low <= first) & (first <= high)).all(axis=1)]


def demo(
    *,
    batch_size: Annotated[int, Range(1, 256)] = 16,
    learning_rate: Annotated[float, Range(0.005, 0.5, 0.005)] = 0.05,
    epochs: Annotated[int, Range(1, 20, label="passes (epochs)")] = 5,
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
) -> Result:
    """Three runs see the same rows in the same order. With single rows half of the steps lead uphill, and yet they are
    close after one pass. Lower the learning rate and they win; raise it to 0.5 and they never settle.

    batch_size: how many rows a step of the middle run looks at, between single rows and all rows at once
    learning_rate: how far each step of all three runs goes
    epochs: how many times each run goes through the 256 rows
    seed: another number draws other rows and another order
    """
    rng = np.random.default_rng(seed)
    X, y = noisy_line(rng, ROWS)
    best = best_line(X, y)
    heights, slopes = np.linspace(-1.5, 2, 43), np.linspace(1, 3.5, 41)
    plane = np.stack(np.meshgrid(heights, slopes), axis=-1)  # [41, 43, 2]

    sizes = {"single rows": 1, "batches": batch_size, "all rows": ROWS}
    titles = {"single rows": "single rows", "batches": f"batches of {batch_size}", "all rows": "all rows at once"}
    runs = compare(seed, X, y, sizes, learning_rate, epochs)
    numbers = {"lowest loss": loss_of(best, X, y)}
    for name, (_, seen, above) in runs.items():
        numbers |= {f"{what}, {name}": number for what, number in findings(seen, above, epochs).items()}

    ends = one_pass(np.random.default_rng(seed), X, y, batch_size, learning_rate, ORDERS)  # [ORDERS, 2]
    measured, predicted = noise_by_batch_size(rng, gradients(best, X, y))
    numbers |= {
        "loss above the lowest after one pass, batches, mean of 50 orders": loss_above_lowest(ends, X, best).mean(),
        "noise of a batch gradient, measured": measured[batch_size - 1],
        "noise of a batch gradient, predicted": predicted[batch_size - 1],
        "noise of a single-row gradient, predicted": predicted[0],
    }
    shown = np.unique(np.geomspace(1, ROWS - 1, 40).astype(int))
    now = [batch_size] if batch_size < ROWS else []  # all rows together have no noise, which has no logarithm
    end = {name: numbers[f"loss above the lowest on average over the last pass, {name}"] for name in sizes}
    return Result(
        summary=f"In {epochs} {'pass' if epochs == 1 else 'passes'} over {ROWS} rows, batches of {batch_size} take "
        f"{numbers['steps, batches']} steps, {numbers['share of steps that raised the loss, batches']:.0%} of them "
        f"uphill; over the last pass the loss is on average {end['batches']:.2g} above the lowest with batches, "
        f"{end['single rows']:.2g} with single rows and {end['all rows']:.2g} with all rows at once.",
        numbers=numbers,
        show=[
            axes(
                "What is still to gain, by how much of the data was looked at",
                "rows seen",
                "loss above the lowest",
                log="y",
            )
            + [Series(titles[name], *thinned(seen, above)) for name, (_, seen, above) in runs.items()],
            Heatmap(
                f"The three paths over the logarithm of the loss, up to {STEPS_DRAWN} steps of each",
                np.log10(loss_of(plane, X, y)).round(3),
                heights,
                slopes,
                "height of the line",
                "slope of the line",
            )
            + [Series(titles[name], *in_view(path, heights, slopes).T) for name, (path, _, _) in runs.items()]
            + cloud("lowest loss", [best]),
            axes(
                "Noise: how far the gradient of a batch is off, at the best line",
                "rows in the batch",
                "length of the error",
                log="xy",
            )
            + curves(shown, {"measured on 500 random batches": measured[shown - 1]}, "points")
            + curves(shown, {"predicted": predicted[shown - 1]})
            + curves(now, {"now": [measured[B - 1] for B in now]}, "points"),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
