"""Loss functions: change what a miss costs, and the best guess changes with it.

Notation: miss = guess - truth, delta the miss at which Huber's penalty turns straight, margin = score × (+1 or -1),
positive on the right side; N values in a sample. Each derivative stands below its penalty, since it is the pull that
a value has on the guess.
Leaves out: losses between probabilities, such as cross-entropy, and terms added to keep weights small.

Source: Huber (1964), https://doi.org/10.1214/aoms/1177703732
        Hastie, Tibshirani & Friedman (2009), section 10.6, https://hastie.su.domains/ElemStatLearn/
"""

from functools import partial
from typing import Annotated, Literal

import numpy as np

from demos import Label, Range, Result, Series, axes, curves, point

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


def average_loss(penalty, guesses, sample):
    """What each guess costs on average over a sample.  guesses: [..], sample: [N] -> [..]

    The guess with the smallest average is the best; trying many of them finds it, and `best_guess` finds it faster.
    """
    return penalty(guesses[..., None] - sample).mean(axis=-1)


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


def penalties(delta):
    """The three penalties for a miss, each with its slope -> {name: (penalty, slope)}"""
    return {
        "squared": (squared, squared_slope),
        "absolute": (absolute, absolute_slope),
        "huber": (partial(huber, delta=delta), partial(huber_slope, delta=delta)),
    }


def picks(losses, sample):
    """The best guess under each loss.  losses: as from `penalties`, sample: [.., N] -> {name: [..]}"""
    return {name: best_guess(slope, sample) for name, (_, slope) in losses.items()}


def share_of_last(penalty, guess, sample):
    """Which part of the loss of a guess the last value of the sample makes.  sample: [N] -> from 0 to 1"""
    paid = penalty(guess - sample)
    return paid[-1] / paid.sum()


def with_outlier(late):
    """The ordinary days and one more on which the parcel was so late.  late: [..] minutes -> [.., 11]"""
    return np.concatenate([np.tile(ORDINARY, (*late.shape, 1)), late[..., None]], axis=-1)


def zero_one(margin):
    """Counts mistakes, which is what we care about; but it is flat, so no slope says how to improve."""
    return (margin <= 0).astype(float)


def hinge(margin):
    """Costs nothing once the answer is right with room to spare."""
    return np.maximum(0, 1 - margin)


def logistic(margin):
    """Minus the logarithm of the probability given to the right answer: small far on the right side, but never zero."""
    return np.logaddexp(0, -margin)  # log(1 + e^-margin), without overflow


def demo(
    *,
    outlier: Annotated[float, Range(0, 60, 1, label="outlier, in minutes")] = 40.0,
    loss: Annotated[Literal["squared", "absolute", "huber"], Label("loss to look at")] = "squared",
    delta: Annotated[float, Range(0.5, 20, 0.5, label="delta of Huber's loss")] = 5.0,
) -> Result:
    """Move one late delivery from 10 minutes to 60: squared error runs after it, absolute error doesn't even look up.

    outlier: how late the eleventh parcel was, in minutes; the other ten came 6 to 16 minutes late
    loss: the penalty whose average the second picture draws for every guess
    delta: for Huber's loss, the miss in minutes beyond which the penalty grows along a straight line
    """
    losses, sample = penalties(delta), with_outlier(np.array(outlier))
    pick, before = picks(losses, sample), picks(losses, ORDINARY)
    penalty, best = losses[loss][0], pick[loss]
    lowest, share = average_loss(penalty, best, sample), share_of_last(penalty, best, sample)

    late, guesses = np.linspace(0, 60, 61), np.linspace(0, 30, 121)
    misses, margins = np.linspace(-10, 10, 121), np.linspace(-3, 3, 121)
    samples = {"with the outlier": sample, "without it": ORDINARY}
    return Result(
        summary=f"With one value at {outlier:g} minutes, squared error picks {pick['squared']:.2f}, absolute error "
        f"{pick['absolute']:.2f} and Huber's loss {pick['huber']:.2f} minutes; "
        f"that one value makes {share:.0%} of the {loss.replace('huber', 'Huber')} loss.",
        numbers={
            **{f"pick of {name} loss": guess for name, guess in pick.items()},
            **{f"pick of {name} loss without the outlier": guess for name, guess in before.items()},
            "smallest average of the chosen loss": lowest,
            "share of the chosen loss that the outlier makes": share,
        },
        show=[
            axes(
                "The best guess under each loss, as one value of eleven moves",
                "the outlier, minutes",
                "best guess, minutes",
            )
            + curves(late, picks(losses, with_outlier(late)))
            + point("now", outlier, *pick.values()),
            axes(f"Average {loss} loss of every guess", "guess, minutes", "average loss")
            + curves(guesses, {name: average_loss(penalty, guesses, days) for name, days in samples.items()})
            + point("best guess", best, lowest),
            axes("What one miss costs", "miss, minutes", "penalty")
            + curves(misses, {name: each(misses) for name, (each, _) in losses.items()}),
            axes(
                "Yes or no: what an answer costs by how far it is on the right side",
                "margin: right of zero is right",
                "penalty",
            )
            + Series("wrong or right", margins, zero_one(margins), "step")
            + curves(margins, {"hinge": hinge(margins), "logistic": logistic(margins)}),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
