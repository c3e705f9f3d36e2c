"""Linear regression: the straight line whose squared misses, measured up and down, are smallest in sum.

Notation: x [N] what is known, y [N] what is to be predicted, w slope, b intercept, residual [N] = y - (w x + b).
Leaves out: several inputs (the formula with matrices), and tests of whether a slope differs from zero.

Source: Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, section 3.2,
        https://hastie.su.domains/ElemStatLearn/
"""

from collections.abc import Sequence
from typing import Annotated

import numpy as np

from demos import Points, Range, Result, Series, axes, curves
from demos.gradient_descent import descend

SLOPE, INTERCEPT = 0.5, 1.0  # of the line that the drawn points scatter around
SIZES = (5, 10, 20, 50, 100, 200)
REDRAWS = 300  # samples of each size
STEPS = 1000  # of gradient descent


def fit(x, y):
    """The line of least squares.  x: [..., N], y: [..., N] -> slope [...], intercept [...]; level if all x are one."""
    from_mean = x - x.mean(axis=-1, keepdims=True)
    spread = (from_mean**2).sum(axis=-1)
    w = (from_mean * y).sum(axis=-1) / np.where(spread > 0, spread, 1)
    return w, y.mean(axis=-1) - w * x.mean(axis=-1)  # the line runs through the mean point


def squared_error(x, y, w, b):
    """The mean of the squared residuals.  x: [N], y: [N]"""
    return ((y - (w * x + b)) ** 2).mean()


def gradient(x, y, p):
    """How the mean squared error changes with p = (w, b) -> [2]"""
    residual = y - (p[0] * x + p[1])
    return -2 * np.array([(residual * x).mean(), residual.mean()])


def by_descent(x, y):
    """The same line in small steps, from a level line at zero -> [STEPS + 1, 2]: slope and intercept after each."""
    sharpest = 2 * np.linalg.eigvalsh([[(x**2).mean(), x.mean()], [x.mean(), 1.0]])[-1]  # the largest curvature
    return descend(lambda p: gradient(x, y, p), np.zeros(2), 1 / sharpest, STEPS)


def r_squared(x, y, w, b):
    """The share of the scatter of y that the line accounts for; 0 if y does not scatter."""
    scatter = y.var()
    return 1 - squared_error(x, y, w, b) / scatter if scatter > 0 else 0.0


def measure(rng, shape, noise):
    """Points around the true line -> x and y, both of that shape"""
    x = rng.uniform(0, 10, size=shape)
    return x, INTERCEPT + SLOPE * x + rng.normal(scale=noise, size=shape)


def wobble(rng, size, noise):
    """How far slopes fitted to new samples of a size scatter (their standard deviation)."""
    return fit(*measure(rng, (REDRAWS, size), noise))[0].std()


def sticks(x, y, w, b):
    """One path that runs along the line and at each point up or down to it and back -> xs, ys [3 N]"""
    at = np.argsort(x, kind="stable")
    on_line = w * x[at] + b
    return np.repeat(x[at], 3), np.stack([on_line, y[at], on_line], axis=1).ravel()


def demo(
    *,
    points: Annotated[int, Range(5, 200)] = 30,
    noise: Annotated[float, Range(0, 2, 0.1)] = 1.0,
    outlier: Annotated[float, Range(0, 12, 0.5, label="height added to one point")] = 0.0,
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
    own_points: Annotated[
        Sequence[tuple[float, float]], Points(x=(0, 10), y=(-8, 20), most=60, label="your own points")
    ] = (),
) -> Result:
    """Drag a point at the edge, then one in the middle: the line follows the first far more. Take more points, and no
    single one matters much.

    points: how many points the line is fitted to
    noise: how far they lie off the true line, up and down (the standard deviation)
    outlier: how far the rightmost point is lifted
    seed: another number draws other points
    own_points: x and y of points in place of the drawn ones, of which none is lifted
    """
    x, y = measure(np.random.default_rng(seed), points, noise)
    w_before, _ = fit(x, y)
    y[x.argmax()] += outlier
    if own_points:
        x, y = np.array(own_points).T
        w_before, _ = fit(x, y)
    w, b = fit(x, y)
    loss, path = squared_error(x, y, w, b), by_descent(x, y)
    losses = np.array([squared_error(x, y, *p) for p in path])
    near = np.flatnonzero(losses <= 1.01 * loss + 1e-9)  # within one percent, or within rounding of zero

    sizes = sorted({*SIZES, len(x)})
    spreads = {size: wobble(np.random.default_rng(seed + 1), size, noise) for size in sizes}
    along, steps = np.array([0, 10]), np.arange(1, STEPS + 1)
    return Result(
        summary=f"Through {len(x)} {'point' if len(x) == 1 else 'points'} runs the line y = {w:.2f} x "
        f"{'-' if b < 0 else '+'} {abs(b):.2f}. It misses them by {np.sqrt(loss):.2f} (root mean square).",
        numbers={
            "slope": w,
            "intercept": b,
            "mean squared error": loss,
            "root mean squared error": np.sqrt(loss),
            "R squared": r_squared(x, y, w, b),
            "slope before the point was lifted": w_before,
            "spread of the slope over new samples": spreads[len(x)],
            "spread of the slope by the formula": noise / np.sqrt(len(x) * 100 / 12),
            "slope after gradient descent": path[-1, 0],
            "steps until within 1 % of the least loss": near[0] if len(near) else STEPS,
        },
        show=[
            axes("The line of least squares, and how far it misses each point", "x", "y")
            + Series("points", x, y, "points")
            + curves(along, {"fitted line": w * along + b})
            + Series("residuals", *sticks(x, y, w, b))
            + curves(along, {"fitted line": w * along + b})  # again, above what the sticks draw over it
            + curves(along, {"true line": INTERCEPT + SLOPE * along}),
            axes(f"How far the slope wobbles over {REDRAWS} new samples", "points", "standard deviation", log="xy")
            + curves(sizes, {"measured": list(spreads.values())}, above=0)
            + curves(sizes, {"one over the root": noise / np.sqrt(np.array(sizes) * 100 / 12)}, above=0)
            + curves([len(x)], {"now": [spreads[len(x)]]}, "points", above=0),
            axes("Gradient descent comes to the same line", "step", "mean squared error", log="x")
            + curves(steps, {"gradient descent": losses[1:], "line of least squares": np.full(STEPS, loss)}),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
