"""Benchmark: the same items for all models, a score for each, and how much of it is luck, or leaked.

Notation: x [N, n] patients, label [N]; items: the patients that the benchmark asks about; right [models, items] 0 or 1;
          score = share right, with Wilson's interval; leaked: items that are among the patients learned from.
Leaves out: items of unequal weight, graders that err, and models that see the score and are tuned to it.

Source: Wilson (1927), https://doi.org/10.1080/01621459.1927.10502953 (the interval)
        Miller (2024), Adding Error Bars to Evals, https://arxiv.org/abs/2411.00640 (differences item by item)
"""

from functools import cache
from typing import Annotated

import numpy as np

from demos import Range, Result, Series, axes, columns, curves, point
from demos.calibration import bayes
from demos.data_splits import lean
from demos.data_splits import learn as means
from demos.knn import distances, nearest, vote
from demos.logistic_regression import fit
from demos.parts.measured import standard, tumors

NAMES = ("1 neighbor", "9 neighbors", "naive Bayes", "logistic regression", "closer mean", "always benign")
TRAIN, STUDIES, Z = 100, 30, 1.959964  # Z: 95 % of a bell curve lie within so many standard deviations
SIZES = (10, 20, 40, 80, 150, 300)


def answers(x, label, new):
    """What each model, learned from x and label, says of new patients -> [models, M] of 0 and 1"""
    near, scaled = nearest(distances(standard(new, x), standard(x, x))), standard(new, x)
    by = vote(label, near[:, :9], 2)
    w, b = fit(standard(x, x), label, 0.01)
    return np.array([
        by[:, 0], by[:, -1], bayes(x, label, new) > 0, scaled @ w + b > 0,
        lean(new, *means(x, label)).sum(axis=1) > 0, np.zeros(len(new)),
    ]).astype(int)  # fmt: skip


def wilson(share, n):
    """All true rates that the score does not speak against: it lies within Z of their standard errors -> low, high"""
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    reach = Z * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return middle - reach, middle + reach


def difference(a, b):
    """The difference of two scores on the same items, and its standard error: item by item, and as if of two tests.

    a, b: [n] 0 or 1 -> difference, standard error of pairs, standard error without them
    """
    n = len(a)
    return (a - b).mean(), (a - b).std() / np.sqrt(n), np.sqrt((a.var() + b.var()) / n)


def benchmark(x, label, order, leak):
    """Train on the first patients and on a share of the items; test on the others -> right on items, on fresh patients

    The items are the 300 after them, asked in this order; the leaked ones are spread evenly over it.
    """
    train, items, fresh = np.split(order, [TRAIN, TRAIN + max(SIZES)])
    known = items[np.floor(np.arange(1, len(items) + 1) * leak) > np.floor(np.arange(len(items)) * leak)]
    seen = np.append(train, known)
    said = answers(x[seen], label[seen], x[np.append(items, fresh)])
    right = (said == label[np.append(items, fresh)]).astype(int)
    return right[:, : len(items)], right[:, len(items) :]


@cache
def studies(leak, seed):
    """Thirty benchmarks of other patients -> right [studies, models, 300], and the true score of each model [models]"""
    x, label = tumors()
    rng = np.random.default_rng(seed)
    both = [benchmark(x, label, rng.permutation(len(x)), leak) for _ in range(STUDIES)]
    return np.stack([items for items, _ in both]), np.mean([fresh.mean(axis=1) for _, fresh in both], axis=0)


def winners(right, items):
    """How often each model is first on the first so many items; those that tie share it.  -> [models], sum one"""
    score = right[:, :, :items].mean(axis=2)
    first = np.isclose(score, score.max(axis=1, keepdims=True))
    return (first / first.sum(axis=1, keepdims=True)).mean(axis=0)


def demo(
    *,
    items: Annotated[int, Range(10, 300, 10, label="items in the benchmark", stops=16)] = 40,
    leak: Annotated[float, Range(0, 1, 0.1, label="share of items that leaked into training", stops=4)] = 0.0,
    seed: Annotated[int, Range(0, 20, label="random seed", stops=2)] = 0,
) -> Result:
    """Six methods answer the same items. Ask fewer or more of them and see how often each would be the best. Then let
    items leak into the training data: the score of the model that memorizes rises most.

    items: how many patients the benchmark asks about
    leak: the share of the benchmark's items that stood in the training data, answers included
    seed: another number draws other patients
    """
    right, true = studies(leak, seed)
    shown = right[0, :, :items]  # the first study is the one in the picture
    score = shown.mean(axis=1)
    low, high = wilson(score, items)
    best = int(true.argmax())
    first, second = np.argsort(-score, kind="stable")[:2]
    gap, paired, apart = difference(shown[first], shown[second])
    first_often = winners(right, items)
    rows = list(range(len(NAMES), 0, -1))
    lower, upper = wilson(right[:, :, :items].mean(axis=2), items)  # of all studies
    return Result(
        summary=f"On {items} items {NAMES[first]} leads with {score[first]:.1%}, and its interval goes from "
        f"{low[first]:.1%} to {high[first]:.1%}. On fresh patients the best is {NAMES[best]}, with {true[best]:.1%}; "
        f"of {STUDIES} benchmarks of this size it would win {first_often[best]:.0%}.",
        numbers={
            "score of the leader": score[first],
            "low end of its interval": low[first],
            "high end of its interval": high[first],
            "best true score": true[best],
            "share of benchmarks that the truly best model wins": first_often[best],
            "score of 1 neighbor": score[0],
            "mean score of 1 neighbor": right[:, 0, :items].mean(),
            "true score of 1 neighbor": true[0],
            "mean score of logistic regression": right[:, 3, :items].mean(),
            "true score of logistic regression": true[3],
            "score of always benign": score[5],
            "leader minus runner-up": gap,
            "standard error of that, item by item": paired,
            "standard error as if of two tests": apart,
            "share of intervals that hold the true score": ((lower <= true) & (true <= upper)).mean(),
        },
        show=[
            axes("Score, its interval, and the truth", "share right", "model")
            + [Series("95 % interval", [low[at], high[at]], [row, row]) for at, row in enumerate(rows)]
            + Series("score on the items", score, rows, "points", NAMES)
            + Series("on fresh patients", true, rows, "points"),
            axes("How often each model would be first", "items", "share of benchmarks", log="x")
            + curves(SIZES, {name: [winners(right, size)[at] for size in SIZES] for at, name in enumerate(NAMES[:5])})
            + point("now", items, first_often[best]),
            columns("Leaderboard", ("model", "score", "low", "high", "fresh patients"),
                    [[NAMES[at] for at in np.argsort(-score, kind="stable")],
                     *(each[np.argsort(-score, kind="stable")] for each in (score, low, high, true))]),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
