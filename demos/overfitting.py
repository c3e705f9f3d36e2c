"""Overfitting: a curve bendy enough to hit every point also hits the noise in them, and then misses all others.

Notation: x [n] places, y [n] values measured there, d the degree, w [d + 1] coefficients of the polynomial.
Leaves out: cures other than a lower degree and more points, such as a penalty on large coefficients.

Source: Hastie, Tibshirani & Friedman (2009), chapters 2 and 7, https://hastie.su.domains/ElemStatLearn/
        Geman, Bienenstock & Doursat (1992), https://doi.org/10.1162/neco.1992.4.1.1
"""

from typing import Annotated

import numpy as np
from numpy.polynomial.legendre import legvander

from demos import Chart, Range, Result, Series
from demos.loss_functions import squared

FRESH = 1000  # points to test on
DEGREES = np.arange(16)
SIZES = np.array([16, 18, 20, 23, 27, 32, 40, 50, 64, 80, 100, 128, 160, 200])
REDRAWS = 40


def truth(x):
    """What the measurements are about. It is no polynomial, so every degree is wrong and some are useful."""
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


def demo(
    *,
    degree: Annotated[int, Range(0, 15)] = 12,
    points: Annotated[int, Range(16, 200)] = 16,
    noise: Annotated[float, Range(0, 1, 0.05)] = 0.25,
    seed: Annotated[int, Range(0, 20)] = 0,
) -> Result:
    """Raise the degree to 15: the curve hits all 16 points and has never been worse. Lower it until the test loss is
    lowest. Then go back up and take the noise away, or take 200 points: the same degree, and hardly any harm.

    degree: highest power of x in the polynomial, so how often it may bend
    points: how many it is fitted to, evenly spaced
    noise: standard deviation of the error in each measured value
    seed: draws the errors and the fresh points
    """
    rng = np.random.default_rng(seed)
    x, fresh_x = np.linspace(-1, 1, points), rng.uniform(-1, 1, size=FRESH)
    y, fresh_y = measure(rng, x, noise), measure(rng, fresh_x, noise)  # [n, 1], [1000, 1]

    fits = [fit(x, y, d) for d in DEGREES]
    training = np.array([loss_of(w, x, y)[0] for w in fits]).round(15)  # beyond that it is rounding
    test = np.array([loss_of(w, fresh_x, fresh_y)[0] for w in fits]).round(15)
    best, chosen = int(test.argmin()), int(training.argmin())

    # The same degree on more and more points, each size measured again and again.
    by_size = np.zeros((2, len(SIZES)))
    for at, size in enumerate(SIZES):
        places = np.linspace(-1, 1, size)
        values = measure(rng, places, noise, REDRAWS)  # [size, REDRAWS]
        w = fit(places, values, degree)
        by_size[:, at] = loss_of(w, places, values).mean(), loss_of(w, fresh_x, fresh_y).mean()

    def drawn(losses):
        return np.maximum(losses, 1e-6)  # zero has no place on a logarithmic axis

    def said(loss):
        return f"{loss:.2g}" if loss > 1e-9 else "nearly 0"

    along = np.linspace(-1, 1, 201)
    return Result(
        summary=f"A polynomial of degree {degree} has a loss of {said(training[degree])} on the {points} points it was "
        f"fitted to and of {said(test[degree])} on {FRESH:,} fresh ones; of all degrees {best} does best on these, "
        f"with {said(test[best])}.",
        numbers={
            "training loss": float(training[degree]),
            "test loss": float(test[degree]),
            "degree with the lowest training loss": chosen,
            "degree with the lowest test loss": best,
            "test loss of the degree with the lowest training loss": float(test[chosen]),
            "lowest test loss": float(test[best]),
            "loss that the noise alone causes": noise**2,
        },
        show=[
            Chart(
                title="The curve, cut off where it leaves the picture",
                series=[
                    Series("truth", along, truth(along)),
                    Series(f"degree {degree}", along, np.clip(curve(fits[degree][:, 0], along), -3, 3)),
                    Series("points it was fitted to", x, y[:, 0], mark="points"),
                ],
                x="x",
                y="y",
            ),
            Chart(
                title="Loss by degree: on the points it was fitted to, and on fresh ones",
                series=[
                    Series("training loss", DEGREES, drawn(training)),
                    Series("test loss", DEGREES, drawn(test)),
                    Series("now", [degree, degree], drawn([training[degree], test[degree]]), mark="points"),
                ],
                x="degree",
                y="mean squared error, at least 0.000001",
                log_y=True,
            ),
            Chart(
                title=f"Degree {degree} on more and more points, average of {REDRAWS} samples",
                series=[
                    Series("training loss", SIZES, drawn(by_size[0])),
                    Series("test loss", SIZES, drawn(by_size[1])),
                ],
                x="points",
                y="mean squared error, at least 0.000001",
                log_x=True,
                log_y=True,
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
