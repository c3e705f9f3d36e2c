"""Gradient descent: find which way is uphill, take a step the other way, repeat.

Notation: p [n] parameters, g [n] gradient, h the nudge, c [n] curvatures of the bowl, T steps taken.
Leaves out: noise from looking at a few examples at a time, momentum, and landscapes with more than one valley.

Source: Cauchy (1847), Comptes rendus 25, 536-538, https://gallica.bnf.fr/ark:/12148/bpt6k2982c/f540
        Nocedal & Wright (2006), chapters 3 and 8, https://doi.org/10.1007/978-0-387-40065-5
"""

from typing import Annotated

import numpy as np

from demos import Chart, Heatmap, Range, Result, Series


def step(parameter, gradient, learning_rate):
    """One step downhill.  parameter, gradient: arrays of one shape, any -> the new parameter, same shape."""
    return parameter - learning_rate * gradient


def descend(gradient_of, start, learning_rate, steps, far=1e6):
    """Step after step.  start: [n] -> path [T + 1, n]; T < steps where the path gets farther out than `far`."""
    path = [start]
    for _ in range(steps):
        path.append(step(path[-1], gradient_of(path[-1]), learning_rate))
        if np.linalg.norm(path[-1]) > far:
            break  # it diverges, and would only overflow later
    return np.array(path)


def nudged_gradient(f, p, h):
    """The gradient measured: nudge one parameter at a time by h and see how much f rises.  p: [n] -> [n].

    It needs n + 1 values of f, which is why nobody trains a large model this way.
    """
    return np.array([(f(p + h * axis) - f(p)) / h for axis in np.eye(len(p))])


def bowl(p, c):
    """Height of a bowl with its bottom at zero.  p: [..., n], c: [n] -> [...]."""
    return (c * p**2).sum(axis=-1) / 2


def bowl_gradient(p, c):
    """The gradient of the bowl worked out by hand.  p: [n] -> [n]."""
    return c * p  # so a step multiplies each coordinate by 1 - learning_rate * c, the same factor every time


def arrow(tail, direction, length):
    """An arrow as one line -> xs, ys; empty where there is no direction."""
    size = np.linalg.norm(direction)
    if size == 0:
        return np.array([]), np.array([])
    ahead = direction / size
    aside = np.array([-ahead[1], ahead[0]])
    tip, neck = tail + length * ahead, tail + 0.75 * length * ahead
    left, right = neck + 0.12 * length * aside, neck - 0.12 * length * aside
    return np.stack([tail, tip, left, tip, right], axis=1)


def demo(
    *,
    learning_rate: Annotated[float, Range(0.01, 0.5, 0.01)] = 0.17,
    curvature: Annotated[float, Range(1, 20, 0.5)] = 10.0,
    steps: Annotated[int, Range(1, 200)] = 40,
    start_x: Annotated[float, Range(0.5, 2, 0.1)] = 2.0,
    start_y: Annotated[float, Range(0.5, 2, 0.1)] = 1.0,
    nudge_exponent: Annotated[int, Range(-16, -1)] = -8,
) -> Result:
    """Raise the learning rate: the path zigzags, and past 2 / curvature it climbs out. Then drag nudge_exponent to -16.

    learning_rate: how far a step goes, as a multiple of the gradient
    curvature: how sharply the bowl bends along y; along x it is always 1
    steps: how many steps to take
    start_x: where the path starts, from left to right
    start_y: where the path starts, from bottom to top
    nudge_exponent: the gradient at the start is measured with a nudge of 10 to this power
    """
    c, start, nudge = np.array([1.0, curvature]), np.array([start_x, start_y]), 10.0**nudge_exponent

    def height(p):
        return bowl(p, c)

    # Descent: each coordinate keeps a fixed share of its distance per step.
    path = descend(lambda p: bowl_gradient(p, c), start, learning_rate, steps)
    taken, loss = len(path) - 1, height(path)  # loss: [T + 1]
    predicted = np.abs(1 - learning_rate * c)
    measured = (np.abs(path[-1]) / start) ** (1 / taken)
    if predicted.max() < 1 - 1e-9:
        story = f"the loss has fallen from {loss[0]:.3g} to {loss[-1]:.2g} by step {taken}"
    elif predicted.max() < 1 + 1e-9:
        story = "the path bounces between the walls forever"
    elif taken == steps:
        story = f"each step throws the path {predicted[1]:.3g} times farther up the walls"
    else:
        story = f"the path climbs out of the bowl and is stopped at step {taken}"

    # Nudges: with a large one the bowl bends on the way, with a small one the rise drowns in rounding.
    exact = bowl_gradient(start, c)
    length = np.linalg.norm(exact)
    slope = nudged_gradient(height, start, nudge)
    error = np.linalg.norm(slope - exact) / length
    nudges = np.logspace(-16, -1, 61)
    errors = np.array([np.linalg.norm(nudged_gradient(height, start, h) - exact) for h in nudges]) / length
    bending = nudges * np.linalg.norm(c) / 2 / length
    rounding = np.finfo(float).eps * loss[0] / nudges / length  # its size; the sign and the rest are luck
    best = int(errors.argmin())

    degrees = np.arange(0, 361, 5)
    around = np.stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], axis=1)  # [73, 2]
    rise = (height(start + nudge * around) - height(start)) / nudge
    uphill = np.degrees(np.arctan2(exact[1], exact[0]))

    axis = np.linspace(-3, 3, 49)
    plane = np.stack(np.meshgrid(axis, axis), axis=-1)  # [49, 49, 2]
    shown = path[np.logical_and.accumulate(np.abs(path).max(axis=1) <= 3)]  # up to where it leaves the picture
    across = np.linspace(-1, 1, 121) * min(3, np.sqrt(2 * loss[0]))
    parts = {"loss": loss, "its part along x": path[:, 0] ** 2 / 2, "its part along y": curvature * path[:, 1] ** 2 / 2}
    count = np.arange(taken + 1)
    return Result(
        summary=f"At learning rate {learning_rate:g} {story}; a nudge of {nudge:.0e} measures the gradient "
        f"at the start with a relative error of {error:.1g}.",
        numbers={
            "loss at the start": float(loss[0]),
            "loss at the end": float(loss[-1]),
            "steps taken": taken,
            "distance kept per step along x, measured": float(measured[0]),
            "distance kept per step along x, predicted": float(predicted[0]),
            "distance kept per step along y, measured": float(measured[1]),
            "distance kept per step along y, predicted": float(predicted[1]),
            "learning rate above which it diverges": 2 / curvature,
            "length of the gradient at the start": float(length),
            "relative error of the measured gradient": float(error),
            "best nudge of those tried": float(nudges[best]),
            "best nudge, estimated": float(np.sqrt(2 * np.finfo(float).eps * loss[0] / np.linalg.norm(c))),
            "relative error with the best nudge": float(errors[best]),
        },
        show=[
            Heatmap(
                title="The path down, seen from above",
                values=height(plane),
                columns=axis,
                rows=axis,
                x="x",
                y="y",
                overlay=[
                    Series("as high as the start", across, np.sqrt(np.maximum(2 * loss[0] - across**2, 0) / curvature)),
                    Series("uphill, as measured", *arrow(start, slope, 0.9)),
                    Series("path", shown[:, 0], shown[:, 1]),
                    Series("steps", shown[:, 0], shown[:, 1], mark="points"),
                ],
            ),
            Chart(
                title="Loss after each step: a straight line here is a fixed factor per step",
                series=[
                    Series(name, count[part > 1e-30 * loss[0]], part[part > 1e-30 * loss[0]])  # below is rounding
                    for name, part in parts.items()
                ],
                x="step",
                y="loss",
                log_y=True,
            ),
            Chart(
                title="Slope at the start in every direction: the gradient is the steepest",
                series=[
                    Series("measured by nudging", degrees, rise),
                    Series("the gradient: its direction and length", [uphill], [float(length)], mark="points"),
                ],
                x="direction in degrees, 0 is along x, 90 along y",
                y="rise per unit of distance",
            ),
            Chart(
                title="Error of the measured gradient: the nudge has a sweet spot",
                series=[
                    Series("measured", nudges, errors),
                    Series("from the bend of the bowl", nudges[20:], bending[20:]),
                    Series("from rounding, roughly", nudges[:41], rounding[:41]),
                    Series("your nudge", [nudge], [float(error)], mark="points"),
                ],
                x="nudge",
                y="relative error",
                log_x=True,
                log_y=True,
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
