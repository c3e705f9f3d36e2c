"""Overfitting: a curve flexible enough to hit every point also hits the noise in them, and then misses all others.

Notation: x [n] places, y [n] values measured there, d the degree, w [d + 1] coefficients of the polynomial.
Leaves out: cures other than a lower degree and more points, such as a penalty on large coefficients.

Source: Hastie, Tibshirani & Friedman (2009), chapters 2 and 7, https://hastie.su.domains/ElemStatLearn/
        Geman, Bienenstock & Doursat (1992), https://doi.org/10.1162/neco.1992.4.1.1
"""

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from numpy.polynomial.legendre import legvander

from demos import Points, Range, Result, Series, axes, curves, point
from demos.loss_functions import squared

FRESH, HELD_OUT = 1000, 100  # points to test on, and points to choose the degree by
DEGREES = np.arange(16)
SIZES = np.array([16, 18, 20, 23, 27, 32, 40, 50, 64, 80, 100, 128, 160, 200])
REDRAWS, LEAST = 40, 1e-6  # samples of each size; the smallest loss that is drawn


def truth(x):
    """What is measured. It is no polynomial, so no degree is right, and some come close."""
    return np.sin(np.pi * (x + 0.2))


def measure(rng, x, noise, times=1):
    """The truth with noise of this standard deviation, measured `times` times.  x: [n] -> [n, times]."""
    return truth(x)[:, None] + rng.normal(scale=noise, size=(len(x), times))


def curve(w, x):
    """A polynomial at the places x.  w: [d + 1, ...], x: [n] -> [n, ...].

    It is a sum of Legendre polynomials, which reach the same curves as 1, x, x² … and round off less on the way.
    """
    return legvander(x, len(w) - 1) @ w


def fit(x, y, degree):
    """The coefficients with the smallest mean squared error at the points.  x: [n], y: [n, ...] -> w [d + 1, ...]."""
    return np.linalg.lstsq(legvander(x, degree), y, rcond=None)[0]


def loss_of(w, x, y):
    """Mean squared error of a polynomial, for each column of y.  w: [d + 1, M], x: [n], y: [n, M] -> [M]."""
    return squared(curve(w, x) - y).mean(axis=0)


def by_degree(x, y, fresh_x, fresh_y):
    """One sample fitted with every degree.  x, fresh_x: [n], y, fresh_y: [n, 1] -> fits; training and test loss [16]

    Losses are rounded to 15 places, since a difference beyond that comes from rounding.
    """
    fits = [fit(x, y, degree) for degree in DEGREES]
    training = np.array([loss_of(w, x, y)[0] for w in fits]).round(15)
    return fits, training, np.array([loss_of(w, fresh_x, fresh_y)[0] for w in fits]).round(15)


def by_size(rng, degree, noise, fresh_x, fresh_y):
    """One degree fitted to more and more points, averaged over REDRAWS samples of each size.

    fresh_x: [n], fresh_y: [n, 1] -> training loss and test loss, [len(SIZES)] each
    """
    training, test = [], []
    for size in SIZES:
        x = np.linspace(-1, 1, size)
        y = measure(rng, x, noise, REDRAWS)  # [size, REDRAWS]
        w = fit(x, y, degree)
        training.append(loss_of(w, x, y).mean())
        test.append(loss_of(w, fresh_x, fresh_y).mean())
    return training, test


def pick(rng, x, y, noise):
    """The degree whose fit to the points is best on HELD_OUT further ones, the validation set.  x: [n], y: [n, 1]"""
    held_out = rng.uniform(-1, 1, size=HELD_OUT)
    return int(by_degree(x, y, held_out, measure(rng, held_out, noise))[2].argmin())


def in_words(loss):
    """A loss for a sentence; what is left by rounding is nearly 0."""
    return f"{loss:.2g}" if loss > 1e-9 else "nearly 0"


def both(training, test):
    """Two rows of losses for a logarithmic axis, on which zero has no place: at least a millionth -> {name: [..]}"""
    return {"training loss": np.maximum(training, LEAST), "test loss": np.maximum(test, LEAST)}


def demo(
    *,
    degree: Annotated[int, Range(0, 15, label="degree of the curve")] = 12,
    points: Annotated[int, Range(16, 200)] = 16,
    noise: Annotated[float, Range(0, 1, 0.05)] = 0.25,
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
    own_points: Annotated[
        Sequence[tuple[float, float]], Points(x=(-1, 1), y=(-3, 3), most=40, label="your own points")
    ] = (),
) -> Result:
    """Raise the degree to 15: the curve hits all 16 points and has never been worse. Lower it until the test loss is
    lowest. Then go back up and take the noise away, or take 200 points: the same degree, and hardly any harm.

    degree: the highest power of x in the polynomial; the higher, the more often the curve may bend
    points: how many points it is fitted to, evenly spaced
    noise: how far the points lie off the true curve (the standard deviation of their errors)
    seed: another number draws other errors and fresh points
    own_points: x and y of points in place of the measured ones; the fresh points are still measured
    """
    rng = np.random.default_rng(seed)
    x, fresh_x = np.linspace(-1, 1, points), rng.uniform(-1, 1, size=FRESH)
    y, fresh_y = measure(rng, x, noise), measure(rng, fresh_x, noise)  # [n, 1], [1000, 1]
    if own_points:
        x, y = np.array(own_points)[:, 0], np.array(own_points)[:, 1:]  # [n], [n, 1]

    fits, training, test = by_degree(x, y, fresh_x, fresh_y)
    best, chosen = test.argmin(), training.argmin()
    by_degrees, by_sizes = both(training, test), both(*by_size(rng, degree, noise, fresh_x, fresh_y))
    picked = pick(rng, x, y, noise)  # the test set has no say in this

    count = f"{len(x)} {'point' if len(x) == 1 else 'points'}"
    along, error = np.linspace(-1, 1, 201), "mean squared error, at least 0.000001"
    fitted = np.clip(curve(fits[degree][:, 0], along), -3, 3)
    return Result(
        summary=f"A polynomial of degree {degree} has a loss of {in_words(training[degree])} on the {count} it was "
        f"fitted to and of {in_words(test[degree])} on {FRESH:,} fresh ones; of all degrees {best} does best on "
        f"these, with {in_words(test[best])}.",
        numbers={
            "training loss": training[degree],
            "test loss": test[degree],
            "degree with the lowest training loss": chosen,
            "degree with the lowest test loss": best,
            "test loss of the degree with the lowest training loss": test[chosen],
            "lowest test loss": test[best],
            "degree with the lowest validation loss": picked,
            "test loss of the degree with the lowest validation loss": test[picked],
            "loss that the noise alone causes": noise**2,
        },
        show=[
            axes("The curve, cut off where it leaves the picture", "x", "y")
            + curves(along, {"truth": truth(along), f"degree {degree}": fitted})
            + Series("points it was fitted to", x, y[:, 0], "points"),
            axes("Loss by degree: on the points it was fitted to, and on fresh ones", "degree", error, log="y")
            + curves(DEGREES, by_degrees)
            + point("now", degree, *(losses[degree] for losses in by_degrees.values())),
            axes(f"Degree {degree} on more and more points, average of {REDRAWS} samples", "points", error, log="xy")
            + curves(SIZES, by_sizes),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
