"""Loss functions: change what a miss costs, and the best guess changes with it.

Notation: miss = guess - truth, delta the miss at which Huber's penalty turns straight, margin = score × (+1 or -1),
positive on the right side; N values in a sample. Each derivative stands below its penalty, since it is the pull that
a value has on the guess.
Leaves out: losses between probabilities, such as cross-entropy, and terms added to keep weights small.

Source: Huber (1964), https://doi.org/10.1214/aoms/1177703732
        Hastie, Tibshirani & Friedman (2009), section 10.6, https://hastie.su.domains/ElemStatLearn/
"""

from typing import Annotated, Literal

import numpy as np

from demos import Chart, Range, Result, Series

# Minutes a parcel was late on ten ordinary days, made up; mean 10.5, median 10.
ORDINARY = np.array([6.0, 8.0, 9.0, 9.0, 10.0, 10.0, 11.0, 12.0, 14.0, 16.0])


def squared(miss):
    """Twice the miss costs four times as much."""
    return miss**2


def squared_slope(miss):
    """Far values pull hard: in proportion to their distance."""
    return 2 * miss


def absolute(miss):
    """Twice the miss costs twice as much."""
    return np.abs(miss)


def absolute_slope(miss):
    """Every value pulls with the same strength, near or far. At zero there is a corner; zero is the usual choice."""
    return np.sign(miss)


def huber(miss, delta):
    """Squared (halved) for small misses, straight for large ones; the pieces meet without a corner at ±delta."""
    size = np.abs(miss)
    return np.where(size <= delta, size**2 / 2, delta * (size - delta / 2))


def huber_slope(miss, delta):
    """Pulls in proportion to the distance, but never harder than delta."""
    return np.clip(miss, -delta, delta)


def best_guess(slope, sample):
    """The guess with the smallest average loss.  slope: derivative of a convex penalty, sample: [..., N] -> [...].

    The average loss falls as long as its slope is negative, so halve the interval until the slope changes sign in it.
    """
    low, high = sample.min(axis=-1), sample.max(axis=-1)
    for _ in range(60):
        guess = (low + high) / 2
        uphill = slope(guess[..., None] - sample).mean(axis=-1) > 0
        low, high = np.where(uphill, low, guess), np.where(uphill, guess, high)
    return (low + high) / 2


def zero_one(margin):
    """Wrong or right, which is what we mean; but it is flat, so no slope says how to improve."""
    return (margin <= 0).astype(float)


def hinge(margin):
    """Costs nothing once the answer is right with room to spare."""
    return np.maximum(0, 1 - margin)


def logistic(margin):
    """Never quite satisfied: -log of the probability given to the right answer."""
    return np.logaddexp(0, -margin)  # log(1 + e^-margin), without overflow


def demo(
    *,
    loss: Literal["squared", "absolute", "huber"] = "squared",
    outlier: Annotated[float, Range(0, 60, 1)] = 40.0,
    delta: Annotated[float, Range(0.5, 20, 0.5)] = 5.0,
) -> Result:
    """Move one late delivery from 10 minutes to 60: squared error runs after it, absolute error doesn't even look up.

    loss: the penalty whose average is drawn over all guesses
    outlier: how late the eleventh parcel was, in minutes
    delta: for Huber's loss, the miss in minutes beyond which the penalty grows along a straight line
    """
    penalty = {"squared": squared, "absolute": absolute, "huber": lambda miss: huber(miss, delta)}
    slope = {"squared": squared_slope, "absolute": absolute_slope, "huber": lambda miss: huber_slope(miss, delta)}
    sample = np.append(ORDINARY, outlier)
    pick = {name: float(best_guess(slope[name], sample)) for name in penalty}
    before = {name: float(best_guess(slope[name], ORDINARY)) for name in penalty}

    guesses = np.linspace(0, 30, 121)
    cost = penalty[loss](guesses[:, None] - sample)  # [121, 11], what each value charges for each guess
    paid = penalty[loss](pick[loss] - sample)  # [11], the same at the best guess
    share = float(paid[-1] / paid.sum())

    positions = np.linspace(0, 60, 61)
    moved = np.column_stack([np.tile(ORDINARY, (61, 1)), positions])  # [61, 11], one sample for each outlier
    misses = np.linspace(-10, 10, 121)
    margins = np.linspace(-3, 3, 121)
    return Result(
        summary=f"With one value at {outlier:g} minutes, squared error picks {pick['squared']:.2f}, absolute error "
        f"{pick['absolute']:.2f} and Huber's loss {pick['huber']:.2f} minutes; "
        f"that one value makes {share:.0%} of the {loss.replace('huber', 'Huber')} loss.",
        numbers={
            **{f"pick of {name} loss": pick[name] for name in pick},
            **{f"pick of {name} loss without the outlier": before[name] for name in before},
            "smallest average of the chosen loss": float(paid.mean()),
            "share of the chosen loss that the outlier makes": share,
        },
        show=[
            Chart(
                title="The best guess under each loss, as one value of eleven moves",
                series=[
                    *(Series(name, positions, best_guess(slope[name], moved)) for name in penalty),
                    Series("now", [outlier] * 3, list(pick.values()), mark="points"),
                ],
                x="the outlier, minutes",
                y="best guess, minutes",
            ),
            Chart(
                title=f"Average {loss} loss of every guess",
                series=[
                    Series("with the outlier", guesses, cost.mean(axis=1)),
                    Series("without it", guesses, cost[:, :-1].mean(axis=1)),
                    Series("best guess", [pick[loss]], [paid.mean()], mark="points"),
                ],
                x="guess, minutes",
                y="average loss",
            ),
            Chart(
                title="What one miss costs",
                series=[Series(name, misses, penalty[name](misses)) for name in penalty],
                x="miss, minutes",
                y="penalty",
            ),
            Chart(
                title="Yes or no: what an answer costs by how far it is on the right side",
                series=[
                    Series("wrong or right", margins, zero_one(margins), mark="step"),
                    Series("hinge", margins, hinge(margins)),
                    Series("logistic", margins, logistic(margins)),
                ],
                x="margin: right of zero is right",
                y="penalty",
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
