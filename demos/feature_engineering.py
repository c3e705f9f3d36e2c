"""Feature engineering: the same linear model, given the hour of the day in other columns.

Notation: hour [N] from 0 to 24, y [N] kilowatts that a village draws; X [N, n] the features, one column each;
          w [n] weights of least squares, so that X w is close to y.
The village is made up: two humps and a dip at night, the same every day, plus noise.
Leaves out: features that are learned, as by a neural network, and choosing among features.

Source: Hastie, Tibshirani & Friedman (2009), chapter 5 (basis expansions), https://hastie.su.domains/ElemStatLearn/
"""

from typing import Annotated, Literal

import numpy as np

from demos import Label, Range, Result, axes, bars, columns, curves
from demos.parts.measured import standard

SCALE = {"hours": 1.0, "minutes": 60.0}
FRESH = 2000  # measurements that test
KINDS = ("the hour as it is", "powers up to 6", "one column for each hour", "sine and cosine", "two waves")


def village(hour):
    """What the village draws on average, in kilowatts: it never jumps, not at midnight either."""
    turn = 2 * np.pi * hour / 24
    return 50 - 18 * np.cos(turn - 0.3) - 11 * np.cos(2 * (turn - 1.2)) + 3 * np.sin(3 * turn)


def waves(hour, many):
    """Sine and cosine of the time of day, and of its multiples: 23:59 and 0:01 are neighbors.  -> [N, 2 many]"""
    turn = 2 * np.pi * hour[:, None] / 24 * np.arange(1, many + 1)
    return np.hstack([np.sin(turn), np.cos(turn)])


def features(kind, hour):
    """The columns that the model gets.  hour: [N] -> [N, n], n from 1 to 24"""
    if kind == "one column for each hour":
        return (hour[:, None].astype(int) % 24 == np.arange(24)).astype(float)  # one-hot
    if kind == "powers up to 6":
        return hour[:, None] ** np.arange(1, 7)
    if kind in ("sine and cosine", "two waves"):
        return waves(hour, 1 if kind == "sine and cosine" else 2)
    return hour[:, None]


def fit(x, y):
    """Least squares with a constant; of all weights that fit alike, the shortest.  x: [N, n], y: [N] -> w [n + 1]"""
    return np.linalg.lstsq(np.column_stack([np.ones(len(x)), x]), y, rcond=None)[0]


def predict(w, x):
    """x: [N, n] -> [N]"""
    return w[0] + x @ w[1:]


def typical_miss(y, said):
    """The root of the mean squared error, in the unit of y."""
    return np.sqrt(((y - said) ** 2).mean())


def learn(kind, hour, y, random, unit="hours"):
    """Standardize, fit -> a function that says what the village draws: hour [M], random columns [M, r] -> [M]"""

    def made(hour, random):
        x = features(kind, hour)
        return np.hstack([x * SCALE[unit] if kind == "the hour as it is" else x, random])

    x = made(hour, random)
    w = fit(standard(x, x), y)
    return lambda hour, random: predict(w, standard(made(hour, random), x))


def demo(
    *,
    kind: Annotated[
        Literal["the hour as it is", "powers up to 6", "one column for each hour", "sine and cosine", "two waves"],
        Label("features made of the hour"),
    ] = "the hour as it is",
    measured: Annotated[int, Range(10, 500, 10, log=True, stops=12, label="measurements to learn from")] = 60,
    noise: Annotated[float, Range(0, 20, 1, stops=6, label="noise, in kilowatts")] = 6.0,
    useless: Annotated[int, Range(0, 40, stops=9, label="random columns beside them")] = 0,
    unit: Annotated[Literal["hours", "minutes"], Label("unit of the time of day")] = "hours",
    seed: Annotated[int, Range(0, 20, stops=3, label="random seed")] = 0,
) -> Result:
    """The model stays the same; change what it gets. As it is, the hour makes a straight line. As sine and cosine it
    makes a wave that closes at midnight. Then write the hours as minutes, and add columns that know nothing.

    kind: how the time of day becomes columns
    measured: how many measurements, at random times, the model learns from
    noise: how far a measurement typically is from the village's average
    useless: columns of random numbers
    unit: for the hour as it is: whether it is written in hours or minutes
    seed: another number makes other measurements
    """
    rng = np.random.default_rng(seed)
    hour, fresh = rng.uniform(0, 24, measured), rng.uniform(0, 24, FRESH)
    y, y_fresh = (village(each) + noise * rng.normal(size=len(each)) for each in (hour, fresh))
    crowd, crowd_fresh = rng.normal(size=(measured, 40))[:, :useless], rng.normal(size=(FRESH, 40))[:, :useless]
    says = {each: learn(each, hour, y, crowd, unit) for each in KINDS}
    errors = {each: typical_miss(y_fresh, model(fresh, crowd_fresh)) for each, model in says.items()}
    inside = typical_miss(y, says[kind](hour, crowd))
    day, nothing = np.linspace(0, 24, 145), np.zeros((145, useless))
    drawn = says[kind](day[:-1], nothing[:-1])
    jump = abs(says[kind](np.array([23.99, 0.01]), np.zeros((2, useless))) @ [1, -1])
    best = min(errors, key=lambda each: errors[each])
    many = features(kind, hour).shape[1]
    return Result(
        summary=f"Given {kind}, in {many} {'column' if many == 1 else 'columns'}, the linear model is typically off by "
        f"{errors[kind]:.1f} kW on fresh measurements. The best of the five sets of features here is “{best}”, with "
        f"{errors[best]:.1f}.",
        numbers={
            "error on fresh measurements": errors[kind],
            "error on the measurements learned from": inside,
            "columns made of the hour": many,
            "jump at midnight": jump,
            "error of the best features": errors[best],
            "error with the hour as it is": errors["the hour as it is"],
            "error with powers up to 6": errors["powers up to 6"],
            "error with one column for each hour": errors["one column for each hour"],
            "error with sine and cosine": errors["sine and cosine"],
            "error with two waves": errors["two waves"],
            "error of the true average": typical_miss(y_fresh, village(fresh)),
        },
        show=[
            axes("What the model makes of these features", "time of day, in hours", "kilowatts")
            + curves(hour, {"measured": y}, "points")
            + curves(day, {"average in truth": village(day)})
            + curves(day[:-1], {"model": drawn}),
            axes("The same model, the same measurements, other features", "features", "error on fresh measurements, kW")
            + bars(list(errors), {"error": list(errors.values())}),
            columns("Three times of day as features", ("column", "0:30", "12:00", "23:30"),
                    [list(range(1, many + 1)), *features(kind, np.array([0.5, 12, 23.5])).round(3)]),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
