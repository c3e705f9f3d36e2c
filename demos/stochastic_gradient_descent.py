"""Stochastic gradient descent: take each step after a look at a few rows of the data instead of all of them.

Notation: X [N, 2] inputs, a column of ones and a measurement; y [N] targets; p [2] parameters, height and slope of a
          line; B rows in a batch; an epoch is one pass over all N rows.
Leaves out: learning rates that shrink over time, momentum, and models with more than one valley.

Source: Robbins & Monro (1951), https://doi.org/10.1214/aoms/1177729586
        Bottou, Curtis & Nocedal (2016), https://arxiv.org/abs/1606.04838
"""

from typing import Annotated

import numpy as np

from demos import Chart, Heatmap, Range, Result, Series
from demos.gradient_descent import step
from demos.loss_functions import squared, squared_slope

ROWS, STEPS_DRAWN = 256, 200
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


def noise_by_batch_size(rng, rows, repeats=500):
    """How far the gradient of a random batch lies from that of all rows -> measured [N], predicted [N] for B = 1 … N.

    rows: [N, 2], the gradient of each row.  The distance is the root of the mean square over `repeats` random batches.
    """
    N = len(rows)
    B = np.arange(1, N + 1)
    orders = rng.permuted(np.tile(np.arange(N), (repeats, 1)), axis=1)
    batch_means = rows[orders].cumsum(axis=1) / B[:, None]  # [repeats, N, 2]: the first B of each order are a batch
    measured = np.sqrt(((batch_means - rows.mean(axis=0)) ** 2).sum(axis=-1).mean(axis=0))
    spread = rows.var(axis=0, ddof=1).sum()
    return measured, np.sqrt(spread / B * (1 - B / N))  # no row is drawn twice, so all N together have no noise


def demo(
    *,
    batch_size: Annotated[int, Range(1, 256)] = 16,
    learning_rate: Annotated[float, Range(0.005, 0.5, 0.005)] = 0.05,
    epochs: Annotated[int, Range(1, 20)] = 5,
    seed: Annotated[int, Range(0, 20)] = 0,
) -> Result:
    """Three runs see the same rows in the same order. With single rows half of the steps lead uphill, and yet they are
    close after one pass. Lower the learning rate and they win; raise it to 0.5 and they never settle.

    batch_size: how many rows the batches have, between single rows and all rows at once
    learning_rate: how far each step of all three runs goes
    epochs: passes over the 256 rows
    seed: draws the rows and their order
    """
    rng = np.random.default_rng(seed)
    X, y = noisy_line(rng, ROWS)
    best = np.linalg.lstsq(X, y, rcond=None)[0]
    lowest = loss_of(best, X, y)

    sizes = {"single rows": 1, "batches": batch_size, "all rows": ROWS}
    named = {"single rows": "single rows", "batches": f"batches of {batch_size}", "all rows": "all rows at once"}
    runs, numbers = {}, {"lowest loss": float(lowest)}
    for name, size in sizes.items():
        path, seen = train(np.random.default_rng(seed), X, y, size, learning_rate, epochs)
        above = loss_of(path, X, X @ best)  # how much a line loses to the best one is its distance from that line
        runs[name] = path, seen, above
        numbers |= {
            f"steps, {name}": len(path) - 1,
            f"share of steps that raised the loss, {name}": float((np.diff(above) > 0).mean()),
            f"loss above the lowest after one pass, {name}": float(above[seen == ROWS][0]),
            f"loss above the lowest on average over the last pass, {name}": float(
                above[seen > ROWS * (epochs - 1)].mean()
            ),
        }

    measured, predicted = noise_by_batch_size(rng, gradients(best, X, y))
    shown = np.unique(np.geomspace(1, ROWS - 1, 40).astype(int))
    numbers |= {
        "noise of a batch gradient, measured": float(measured[batch_size - 1]),
        "noise of a batch gradient, predicted": float(predicted[batch_size - 1]),
        "noise of a single-row gradient, predicted": float(predicted[0]),
    }

    heights, slopes = np.linspace(-1.5, 2, 43), np.linspace(1, 3.5, 41)
    plane = np.stack(np.meshgrid(heights, slopes), axis=-1)  # [41, 43, 2]
    paths, curves = [], []
    for name, (path, seen, above) in runs.items():
        first = path[: STEPS_DRAWN + 1]
        first = first[(np.abs(first - [0.25, 2.25]) <= [1.75, 1.25]).all(axis=1)]  # what the picture has room for
        paths.append(Series(named[name], *first.T))
        some = np.unique(np.linspace(0, len(path) - 1, 260).astype(int))
        some = some[above[some] > 1e-12]  # below is rounding
        curves.append(Series(named[name], seen[some], above[some]))
    now = [batch_size] if batch_size < ROWS else []  # all rows together have no noise, which has no logarithm
    end = {name: numbers[f"loss above the lowest on average over the last pass, {name}"] for name in sizes}
    return Result(
        summary=f"In {epochs} {'pass' if epochs == 1 else 'passes'} over {ROWS} rows, batches of {batch_size} take "
        f"{numbers['steps, batches']} steps, {numbers['share of steps that raised the loss, batches']:.0%} of them "
        f"uphill; over the last pass the loss is on average {end['batches']:.2g} above the lowest with batches, "
        f"{end['single rows']:.2g} with single rows and {end['all rows']:.2g} with all rows at once.",
        numbers=numbers,
        show=[
            Chart(
                title="What is still to gain, by how much of the data was looked at",
                series=curves,
                x="rows seen",
                y="loss above the lowest",
                log_y=True,
            ),
            Heatmap(
                title=f"The three paths over the logarithm of the loss, up to {STEPS_DRAWN} steps of each",
                values=np.log10(loss_of(plane, X, y)).round(3),
                columns=heights,
                rows=slopes,
                x="height of the line",
                y="slope of the line",
                overlay=[*paths, Series("lowest loss", best[:1], best[1:], mark="points")],
            ),
            Chart(
                title="Noise: how far the gradient of a batch is off, at the best line",
                series=[
                    Series("measured on 500 random batches", shown, measured[shown - 1], mark="points"),
                    Series("predicted", shown, predicted[shown - 1]),
                    Series("your batches", now, measured[[B - 1 for B in now]], mark="points"),
                ],
                x="rows in the batch",
                y="length of the error",
                log_x=True,
                log_y=True,
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
