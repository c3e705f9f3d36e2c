"""Probability distribution: what can come out, and how likely each of it is; here the sum of some dice.

Notation: p [K] probabilities of K outcomes, none below zero, all together one; value [K] what each outcome counts.
          mean = sum p value;  variance = sum p (value - mean)^2;  entropy = sum p log2 1/p, in bits.
Leaves out: outcomes between which there is another one, where a density has areas in place of bars.

Source: Grinstead & Snell (1997), Introduction to Probability, chapters 1, 6 and 7,
        https://math.dartmouth.edu/~prob/prob/prob.pdf
        Shannon (1948), https://doi.org/10.1002/j.1538-7305.1948.tb01338.x (entropy)
"""

from typing import Annotated

import numpy as np

from demos import Range, Result, axes, bars, columns, curves, point

FACES = np.arange(1, 7)
MANY = np.unique(np.logspace(0, 4, 25).astype(int))  # numbers of rolls, for the curve
REPEATS = 20  # series of rolls of each size


def one_die(weight):
    """A die that shows a six so many times as often as each other face -> [6]"""
    return np.append(np.ones(5), weight) / (5 + weight)


def total(p, dice):
    """The distribution of the sum of so many such dice -> probabilities of dice, dice + 1, … 6 dice

    Each way to reach a sum is a product, and ways are added: that is a convolution.
    """
    sums = np.ones(1)
    for _ in range(dice):
        sums = np.convolve(sums, p)
    return sums


def moments(p, value):
    """Mean and standard deviation: where the distribution balances, and how far it typically reaches from there."""
    mean = p @ value
    return mean, np.sqrt(p @ (value - mean) ** 2)


def entropy(p):
    """How many yes-or-no questions the outcome is worth, on average: 0 if it is certain, log2 K if all are alike."""
    some = p[p > 0]  # what can't happen surprises nobody
    return -(some * np.log2(some)).sum() + 0.0


def bell(value, mean, spread):
    """The normal density at each value, which for steps of one is close to a probability."""
    return np.exp(-(((value - mean) / spread) ** 2) / 2) / (spread * np.sqrt(2 * np.pi))


def roll(rng, p, values, shape):
    """Draw: cut the line from 0 to 1 into pieces as long as the probabilities, and see where a random point falls."""
    edges = np.cumsum(p)
    return values[np.searchsorted(edges / edges[-1], rng.random(shape), side="right")]


def distance(p, q):
    """Total variation: the largest difference that any question of yes or no could show between two distributions."""
    return np.abs(p - q).sum() / 2


def shares(rolled, values):
    """How often each value came out.  rolled: [n] -> [K]"""
    return (rolled == values[:, None]).mean(axis=1)


def demo(
    *,
    dice: Annotated[int, Range(1, 12, label="dice that are added up")] = 2,
    rolls: Annotated[int, Range(1, 10000, log=True, play=True, stops=14, label="times they are rolled")] = 100,
    loaded: Annotated[float, Range(0, 20, 0.5, stops=13, label="a six, times as likely as another face")] = 1.0,
    seed: Annotated[int, Range(0, 20, label="random seed", stops=3)] = 0,
) -> Result:
    """Raise the number of dice from one: flat bars become a triangle and then a bell. Then load the dice, and roll more
    often, until what came out looks like what was to be expected.

    dice: how many dice are rolled at once; the outcome is their sum
    rolls: how often
    loaded: how the dice are loaded; at 1 they are fair, at 0 a six never comes
    seed: another number rolls otherwise
    """
    face = one_die(loaded)
    p, values = total(face, dice), np.arange(dice, 6 * dice + 1)
    mean, spread = moments(p, values)
    rng = np.random.default_rng(seed)
    rolled = roll(rng, p, values, rolls)
    seen = shares(rolled, values)
    drift = [
        np.mean([distance(shares(each, values), p) for each in roll(rng, p, values, (REPEATS, n))])
        if n <= 1000
        else distance(shares(roll(rng, p, values, n), values), p)
        for n in MANY
    ]
    likeliest = int(values[p.argmax()])
    normal = bell(values, mean, spread)
    within = p[np.abs(values - mean) <= spread + 1e-9].sum()
    return Result(
        summary=f"The sum of {dice} {'die' if dice == 1 else 'dice'} is {mean:.2f} on average, typically {spread:.2f} "
        f"off, and {likeliest} is the likeliest, at {p.max():.1%}. In {rolls:,} {'roll' if rolls == 1 else 'rolls'} "
        f"the mean was {rolled.mean():.2f}, and {likeliest} came in {seen[p.argmax()]:.1%}.",
        numbers={
            "mean": mean,
            "standard deviation": spread,
            "entropy, in bits": entropy(p),
            "most likely sum": likeliest,
            "its probability": p.max(),
            "probability of the largest sum": p[-1],
            "outcomes that are possible": (p > 0).sum(),
            "sum of all probabilities": p.sum(),
            "mean of the rolls": rolled.mean(),
            "distance between rolls and distribution": distance(seen, p),
            "distance between bell curve and distribution": distance(normal, p),
            "probability within one standard deviation": within,
        },
        show=[
            axes("The sum of the dice", "sum", "probability")
            + bars([str(value) for value in values], {"distribution": p, "share of the rolls": seen}),
            axes("The distribution and a bell curve of the same mean and width", "sum", "probability")
            + curves(values, {"distribution": p}, "points") + curves(values, {"bell curve": normal}),
            axes("More rolls come closer", "times they are rolled", "distance from the distribution", log="x")
            + curves(MANY, {"a mean over 20 series, or one above 1,000": drift})
            + point("now", rolls, distance(seen, p)),
            columns("One die", ("face", "probability"), [FACES, face]),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
