"""Hyperparameter search: train a model for each setting that is tried, and keep the one that validates best.

Notation: x [N, n] inputs in standard deviations, label [N] 0 or 1; a setting is a rate and a penalty; S = 576 of
          them, a net of 36 by 16, are trained at once; loss [S] their cross-entropy; trials: how many are tried.
Leaves out: searches that learn from their trials (Bayesian optimization) or stop poor ones early (Hyperband), and
          cross-validation in place of one validation set.

Source: Bergstra & Bengio (2012), https://www.jmlr.org/papers/v13/bergstra12a.html
"""

from functools import cache
from typing import Annotated, Literal

import numpy as np

from demos import Heatmap, Label, Range, Result, axes, cloud, columns, curves, point
from demos.loss_functions import logistic
from demos.neuron import SQUASH
from demos.parts.measured import standard, tumors

RATES, PENALTIES = np.logspace(-3, 2, 36), np.logspace(-5, 1, 16)
TRAIN, VALIDATION, STEPS, MOST = 100, 150, 40, 64
SHARE = 0.05  # what counts as a hit: one of the best settings
GUESS = np.log(2)  # the loss of saying one half to everybody
sigmoid = SQUASH["sigmoid"]


def train(x, label, rates, penalties, steps):
    """Logistic regression by gradient descent, for S settings at once.  rates, penalties: [S] -> w [n, S], b [S]

    The pull of the penalty is a division: it shrinks weights by whatever factor and can't overshoot.
    """
    w, b = np.zeros((x.shape[1], len(rates))), np.zeros(len(rates))
    for _ in range(steps):
        wrong = sigmoid(x @ w + b) - label[:, None]  # [N, S]
        w = (w - rates * (x.T @ wrong) / len(x)) / (1 + rates * penalties)
        b = b - rates * wrong.mean(axis=0)
    return w, b


def losses(x, label, w, b):
    """The mean cross-entropy of each of S models.  x: [N, n], w: [n, S] -> [S]"""
    return logistic((2 * label - 1)[:, None] * (x @ w + b)).mean(axis=0)


@cache
def trained(seed):
    """All settings, trained on some patients and scored on others -> validation loss [36, 16], test loss [36, 16]"""
    x, label = tumors()
    order = np.random.default_rng(seed).permutation(len(x))
    rows = np.split(order, [TRAIN, TRAIN + VALIDATION])
    x = standard(x, x[rows[0]])
    rates, penalties = (each.ravel() for each in np.meshgrid(RATES, PENALTIES, indexing="ij"))
    w, b = train(x[rows[0]], label[rows[0]], rates, penalties, STEPS)
    return [losses(x[each], label[each], w, b).reshape(36, 16) for each in rows[1:]]


def levels(trials, dimensions):
    """How many values of each hyperparameter a full grid can afford: their product must not exceed the trials."""
    return max(m for m in range(1, trials + 1) if m**dimensions <= trials)


def grid(shape, m, offset=None):
    """m values of each of two hyperparameters, evenly spaced, in all combinations -> indices of rows, of columns [m m]

    offset: where in its stretch of the net each value stands; without one in the middle
    """
    places = [np.arange(m) * size // m + (size // m // 2 if offset is None else offset[side])
              for side, size in enumerate(shape)]  # fmt: skip
    return [each.ravel() for each in np.meshgrid(*places, indexing="ij")]


def best_of_grid(loss, m):
    """The lowest loss of such a grid, a mean over all offsets: where its lines fall is luck."""
    rows, columns = (size // m for size in loss.shape)
    return np.mean([loss[tuple(grid(loss.shape, m, (r, c)))].min() for r in range(rows) for c in range(columns)])


def best_of_random(loss, trials):
    """The lowest loss that so many draws meet, exactly as expected.  loss: any shape; all settings equally likely

    That none of the r lowest is met has probability (1 - r / S) to the power of trials.
    """
    none = (1 - np.arange(loss.size + 1) / loss.size) ** trials
    return -np.diff(none) @ np.sort(loss, axis=None)


def hit(settings, trials):
    """The probability that random draws meet one of the best SHARE of the settings."""
    return 1 - (1 - round(SHARE * settings) / settings) ** trials


def demo(
    *,
    trials: Annotated[int, Range(1, 64, label="trials: models trained", stops=16)] = 16,
    extra: Annotated[int, Range(0, 3, label="hyperparameters without effect")] = 0,
    method: Annotated[Literal["random search", "grid search"], Label("method")] = "random search",
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
) -> Result:
    """Each point is a model that is trained. Change from random to grid search at 16 trials and count the learning
    rates. Then add hyperparameters without effect: the grid pays for them, and random search does not.

    trials: how many settings the search may try
    extra: the search varies these as well and does not know that they change nothing
    method: settings drawn at random, or all combinations of evenly spaced values
    seed: another number draws other patients to learn from and other random settings
    """
    validation, test = trained(seed)
    m = levels(trials, 2 + extra)
    if method == "grid search":
        tried = grid(validation.shape, m)
    else:
        tried = np.unravel_index(
            np.random.default_rng(seed).integers(validation.size, size=MOST)[:trials], validation.shape
        )
    kept = np.stack(tried)[:, np.argsort(validation[tuple(tried)], kind="stable")[:5]]  # [2, 5 or fewer], best first
    rate, penalty = (int(each) for each in kept[:, 0])
    by_grid, by_random = best_of_grid(validation, m), best_of_random(validation, trials)
    budget = np.arange(1, MOST + 1)
    gridded = {m: best_of_grid(validation, m) for m in range(1, levels(MOST, 2 + extra) + 1)}
    places = np.log10(RATES), np.log10(PENALTIES)
    return Result(
        summary=f"The best of {trials} trials by {method} has a learning rate of {RATES[rate]:.2g} and a penalty of "
        f"{PENALTIES[penalty]:.2g}: validation loss {validation[rate, penalty]:.3f}, {test[rate, penalty]:.3f} on "
        f"patients that chose nothing. On average random search reaches {by_random:.3f} with this budget, a grid "
        f"{by_grid:.3f}.",
        numbers={
            "validation loss of the chosen setting": validation[rate, penalty],
            "test loss of the chosen setting": test[rate, penalty],
            "random search: best loss, on average": by_random,
            "grid search: best loss, on average": by_grid,
            "learning rates tried": len(set(map(int, tried[0]))),
            "learning rates in a full grid": m,
            "models trained by the full grid": m ** (2 + extra),
            "chance that random search meets one of the best 5 %": hit(validation.size, trials),
            "lowest validation loss of all 576 settings": validation.min(),
            "highest validation loss of all 576 settings": validation.max(),
            "share of settings worse than guessing": (validation > GUESS).mean(),
        },
        show=[
            Heatmap(
                "Validation loss of each setting (0.7: no better than guessing, or worse)",
                np.minimum(validation.T, 0.7), *places,
                "learning rate, as a power of ten", "penalty, as a power of ten",
            )
            + cloud("tried", np.stack([places[0][tried[0]], places[1][tried[1]]], axis=1))
            + cloud("best of them", [(places[0][rate], places[1][penalty])]),
            axes("What a search reaches on average", "trials", "lowest validation loss")
            + curves(budget, {"random": [best_of_random(validation, int(n)) for n in budget],
                              "grid": [gridded[levels(int(n), 2 + extra)] for n in budget]})
            + point("now", trials, by_random, by_grid),
            columns("The best trials", ("learning rate", "penalty", "validation loss", "test loss"),
                    [each[tuple(kept)] for each in (*np.meshgrid(RATES, PENALTIES, indexing="ij"), validation, test)]),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
