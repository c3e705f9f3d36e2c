"""Gradient descent: find which way is uphill, take a step the other way, repeat.

Notation: p [n] parameters, g [n] gradient, h the nudge, c [n] curvatures of the bowl, T steps taken.
Leaves out: noise from looking at a few examples at a time, momentum, and landscapes with more than one valley.

Source: Cauchy (1847), Comptes rendus 25, 536-538, https://gallica.bnf.fr/ark:/12148/bpt6k2982c/f540
        Nocedal & Wright (2006), chapters 3 and 8, https://doi.org/10.1007/978-0-387-40065-5
"""

import math
from functools import partial
from typing import Annotated

import numpy as np

from demos import Heatmap, Range, Result, Series, axes, cloud, curves, point


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


def kept_per_step(path):
    """The share of its distance that each coordinate keeps per step, on average.  path: [T + 1, n] -> [n]"""
    taken = len(path) - 1
    return (np.abs(path[-1]) / path[0]) ** (1 / taken)


def kept_in_theory(learning_rate, c):
    """The same share for a bowl, without taking a step.  c: [n] -> [n]; from 1 on the path no longer comes closer."""
    return np.abs(1 - learning_rate * c)


def fate(factor, loss, steps):
    """What becomes of the path, in words.  factor: [n] kept of each coordinate per step, loss: [T + 1]."""
    taken = len(loss) - 1
    if factor.max() < 1 - 1e-9:
        end = f"{loss[-1]:.2g}" if loss[-1] >= 0.001 else "less than 0.001"
        walk = "1 step leads" if taken == 1 else f"{taken} steps lead"
        return f"{walk} downhill: the loss, which is the height in this bowl, falls from {loss[0]:.3g} to {end}"
    if factor.max() < 1 + 1e-9:
        return "the path bounces between the walls forever"
    if taken == steps:
        return f"each step throws the path {factor[1]:.3g} times farther up the walls"
    return f"the path climbs out of the bowl and is stopped at step {taken}"


def digits(error):
    """How exact a relative error leaves a number, in words."""
    right = 16 if error == 0 else max(0, math.floor(-math.log10(error)))
    return "no digit" if right == 0 else f"{right} digit{'s' * (right != 1)}"


def power_of_ten(exponent):
    """Ten to a power as it is written: 10⁻⁸."""
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def nudged_gradient(f, p, h):
    """The gradient measured: nudge one parameter at a time by h and see how much f rises.  p: [n] -> [n].

    It needs n + 1 values of f, which is why nobody trains a large model this way.
    """
    return np.array([(f(p + h * axis) - f(p)) / h for axis in np.eye(len(p))])


def slopes_around(f, p, h, degrees):
    """The rise per unit of distance on a short way in every direction.  p: [2], degrees: [D] -> [D]"""
    around = np.stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], axis=1)  # [D, 2]
    return (f(p + h * around) - f(p)) / h


def nudge_errors(f, p, exact, nudges):
    """How far the measured gradient is off with each nudge, as a share of its length.  nudges: [K] -> [K]"""
    return np.array([np.linalg.norm(nudged_gradient(f, p, h) - exact) for h in nudges]) / np.linalg.norm(exact)


def causes_of_error(p, c, nudges):
    """The two parts of that error in a bowl.  nudges: [K] -> truncation [K], rounding [K], as shares of the length

    Truncation: over a large nudge the slope itself changes. Rounding: over a small one f rises by little more than the
    last digits of its value; this is its order of magnitude, since its sign and size depend on those digits.
    """
    length = np.linalg.norm(bowl_gradient(p, c))
    truncation, rounding = nudges * np.linalg.norm(c) / 2, np.finfo(float).eps * bowl(p, c) / nudges
    return truncation / length, rounding / length


def best_nudge(p, c):
    """The nudge at which both parts are equally large -> one number."""
    return np.sqrt(2 * np.finfo(float).eps * bowl(p, c) / np.linalg.norm(c))


def bowl(p, c):
    """Height of a bowl with its bottom at zero.  p: [..., n], c: [n] -> [...]."""
    return (c * p**2).sum(axis=-1) / 2


def bowl_gradient(p, c):
    """The gradient of the bowl worked out by hand.  p: [n] -> [n]."""
    return c * p  # so a step multiplies each coordinate by 1 - learning_rate * c, the same factor every time


def loss_parts(path, c):
    """The loss along a path, and what each coordinate adds to it.  path: [T + 1, 2] -> {name: [T + 1]}"""
    along_x, along_y = (c * path**2 / 2).T
    return {"loss": bowl(path, c), "its part along x": along_x, "its part along y": along_y}


def bowl_map(c, far, steps=49):
    """The bowl over the plane -> coordinates [steps] from -far to far, heights [steps, steps]"""
    axis = np.linspace(-far, far, steps)
    return axis, bowl(np.stack(np.meshgrid(axis, axis), axis=-1), c)


def contour(height, c, far):
    """The upper half of the line on which the bowl is this high, at most `far` to either side -> xs, ys [121]"""
    across = np.linspace(-1, 1, 121) * min(far, np.sqrt(2 * height / c[0]))
    return across, np.sqrt(np.maximum(2 * height - c[0] * across**2, 0) / c[1])


def within(path, far):
    """The path up to where it first gets farther than `far` from zero along an axis.  path: [T + 1, n] -> [.., n]"""
    return path[np.logical_and.accumulate(np.abs(path).max(axis=1) <= far)]


def out_of_frame(path, far):
    """The same, and on to where the step that leaves crosses the frame.  path: [T + 1, n], from inside -> [.., n]"""
    inside = within(path, far)
    if len(inside) == len(path):
        return path
    last, move = inside[-1], path[len(inside)] - inside[-1]
    over = np.abs(last + move) > far  # the coordinates that leave
    share = ((np.sign(move) * far - last)[over] / move[over]).min()  # of the step, by the one that leaves first
    return np.vstack([inside, last + share * move])


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
    steps: Annotated[int, Range(1, 200, play=True)] = 40,
    start_x: Annotated[float, Range(0.5, 2, 0.1, label="start along x")] = 2.0,
    start_y: Annotated[float, Range(0.5, 2, 0.1, label="start along y")] = 1.0,
    curvature: Annotated[float, Range(1, 20, 0.5, label="curvature of the bowl")] = 10.0,
    nudge_exponent: Annotated[int, Range(-16, -1, label="nudge: 10 to the power")] = -8,
) -> Result:
    """Raise the learning rate: the path zigzags, and past 2 / curvature it climbs out. Then shrink the nudge to 10⁻¹⁶.

    learning_rate: how far a step goes, as a multiple of the gradient
    steps: how many steps to take
    start_x: where the path starts, counted from the middle to the right
    start_y: where the path starts, counted from the middle upwards
    curvature: how sharply the bowl curves along y; along x it is always 1
    nudge_exponent: the gradient at the start is measured by moving each input by 10 to this power; -8 is 0.00000001
    """
    c, start, nudge = np.array([1.0, curvature]), np.array([start_x, start_y]), 10.0**nudge_exponent
    height = partial(bowl, c=c)
    path = descend(partial(bowl_gradient, c=c), start, learning_rate, steps)  # [T + 1, 2]
    loss, measured, predicted = height(path), kept_per_step(path), kept_in_theory(learning_rate, c)  # [T + 1], [2], [2]

    exact, slope = bowl_gradient(start, c), nudged_gradient(height, start, nudge)  # [2] both
    nudges, degrees = np.logspace(-16, -1, 61), np.arange(0, 361, 5)
    error, *errors = nudge_errors(height, start, exact, [nudge, *nudges])
    truncation, rounding = causes_of_error(start, c, nudges)
    length, best = float(np.linalg.norm(exact)), np.argmin(errors)
    (axis, surface), shown = bowl_map(c, far=3), within(path, 3)
    return Result(
        summary=f"At learning rate {learning_rate:g}, {fate(predicted, loss, steps)}. The slope at the start, measured "
        f"by moving each input by {power_of_ten(nudge_exponent)}, is right to {digits(error)}.",
        numbers={
            "loss at the start": loss[0],
            "loss at the end": loss[-1],
            "steps taken": len(path) - 1,
            "distance kept per step along x, measured": measured[0],
            "distance kept per step along x, predicted": predicted[0],
            "distance kept per step along y, measured": measured[1],
            "distance kept per step along y, predicted": predicted[1],
            "learning rate above which it diverges": 2 / curvature,
            "length of the gradient at the start": length,
            "relative error of the measured gradient": error,
            "best nudge of those tried": nudges[best],
            "best nudge, estimated": best_nudge(start, c),
            "relative error with the best nudge": errors[best],
        },
        show=[
            Heatmap("The path down, seen from above", surface, axis, axis, "x", "y")
            + Series("as high as the start", *contour(loss[0], c, far=3))
            + Series("uphill, as measured", *arrow(start, slope, 0.9))
            + Series("path", *out_of_frame(path, 3).T)
            + cloud("steps", shown),
            axes("Loss after each step: a straight line here is a fixed factor per step", "step", "loss", log="y")
            + curves(np.arange(len(path)), loss_parts(path, c), above=1e-30 * loss[0]),  # below is rounding
            axes(
                "Slope at the start in every direction: the gradient is the steepest",
                "direction in degrees, 0 is along x, 90 along y",
                "rise per unit of distance",
            )
            + curves(degrees, {"measured by nudging": slopes_around(height, start, nudge, degrees)})
            + point("the gradient: its direction and length", float(np.degrees(np.arctan2(*exact[::-1]))), length),
            axes("Error of the measured gradient: the nudge has a sweet spot", "nudge", "relative error", log="xy")
            + Series("measured", nudges, errors)
            + Series("from the curvature of the bowl", nudges[20:], truncation[20:])
            + Series("from rounding, roughly", nudges[:41], rounding[:41])
            + point("now", nudge, error),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
