"""Human in the loop: the model decides where it is sure, and hands the other cases to a person, who costs and errs.

Notation: z [N] log-odds that a tumor is malignant, p = sigmoid(z); confidence = max(p, 1 - p); kept [N] where
          confidence >= threshold; error: how often the person errs; follows: how often he repeats what the model says;
          look: what one look costs, counted in mistakes.
Leaves out: cases that are hard for both, and a person who tires or learns. He errs on all cases alike.

Source: Chow (1970), On optimum recognition error and reject tradeoff, https://doi.org/10.1109/TIT.1970.1054406
"""

from functools import cache
from typing import Annotated

import numpy as np

from demos import Range, Result, Series, axes, bars, curves, point
from demos.logistic_regression import fit, sigmoid
from demos.parts.measured import standard, tumors

FOLDS, PENALTY = 5, 0.01
AT = np.round(np.linspace(0.5, 1, 51), 2)  # thresholds, for the curves


@cache
def log_odds():
    """Of each patient, by a model that never saw him: two measurements of ten -> z [569], malignant [569]"""
    x, malignant = tumors("radius", "texture")
    fold, z = np.random.default_rng(0).permutation(len(x)) % FOLDS, np.zeros(len(x))
    for k in range(FOLDS):
        seen = fold != k
        w, b = fit(standard(x[seen], x[seen]), malignant[seen], PENALTY)
        z[~seen] = standard(x[~seen], x[seen]) @ w + b
    return z, malignant


def confidence(z):
    """The probability that the model gives to its own answer.  z: [N] -> [N], from a half to one"""
    return sigmoid(np.abs(z))


def shared(sure, wrong, threshold, error, follows):
    """Who decides, and who errs.  sure: [N], wrong: [N] whether the model's answer is

    -> shares of all cases: kept by the model, its mistakes among them, mistakes of the person (expected)
    """
    kept = sure >= threshold
    own = (1 - follows) * error * (~kept).mean()  # where he looks for himself
    return kept.mean(), (wrong & kept).mean(), own + follows * (wrong & ~kept).mean()


def best_threshold(error, follows, look):
    """Chow's rule: hand a case over where the model's risk, 1 - confidence, is above what the person's answer costs.

    Keeping costs 1 - c; handing over costs look + (1 - follows) * error + follows * (1 - c). Right if c is calibrated.
    """
    return np.clip(1 - error - look / (1 - follows), 0.5, 1) if follows < 1 else 0.5


def risk_by_coverage(sure, wrong):
    """With the surest 1, 2, … N cases kept: the share kept, and the mistakes among them -> coverage [N], risk [N]"""
    order = np.argsort(-sure, kind="stable")
    n = np.arange(1, len(sure) + 1)
    return n / len(sure), np.cumsum(wrong[order]) / n


def demo(
    *,
    threshold: Annotated[float, Range(0.5, 1, 0.01, label="confidence to decide alone")] = 0.8,
    error: Annotated[float, Range(0, 0.3, 0.01, label="how often the person errs")] = 0.08,
    follows: Annotated[float, Range(0, 1, 0.05, label="how often the person follows the model")] = 0.0,
    look: Annotated[float, Range(0, 0.3, 0.01, label="cost of a look, in mistakes")] = 0.02,
    factor: Annotated[float, Range(0.25, 4, 0.25, label="confidence stretched by")] = 1.0,
) -> Result:
    """Raise the threshold: the person sees more cases, and mistakes fall and rise again. Then let the person follow the
    model now and then, or make the model surer of itself than it should be.

    threshold: below it, a case goes to the person
    error: how often he is wrong about a case that he looks at
    follows: in which share of the cases he says what the model says (automation bias)
    look: what a look costs, where a mistake costs 1
    factor: log-odds are multiplied by it; above 1 the model claims more than it knows
    """
    z, malignant = log_odds()
    sure, wrong = confidence(factor * z), (z >= 0) != (malignant == 1)
    coverage, by_model, by_person = shared(sure, wrong, threshold, error, follows)
    along = np.array([shared(sure, wrong, at, error, follows) for at in AT])  # [51, 3]
    mistakes = along[:, 1] + along[:, 2]
    cost = mistakes + look * (1 - along[:, 0])
    now, handed = by_model + by_person, 1 - coverage
    covered, risk = risk_by_coverage(sure, wrong)
    who = ["model, right", "model, wrong", "person, right", "person, wrong"]
    return Result(
        summary=f"The model decides {coverage:.0%} of the cases and is wrong on "
        f"{by_model / coverage if coverage else 0:.1%} of these; the person gets the other {handed:.0%}. Together they "
        f"are wrong {100 * now:.1f} times in 100, the model alone {100 * wrong.mean():.1f} times, the person alone "
        f"{100 * along[-1, 1:].sum():.1f} times.",
        numbers={
            "mistakes in 100 cases": 100 * now,
            "mistakes in 100 of the model alone": 100 * wrong.mean(),
            "mistakes in 100 of the person alone": 100 * shared(sure, wrong, 2, error, follows)[2],
            "fewest mistakes in 100 at any threshold": 100 * mistakes.min(),
            "share of cases that the model decides": coverage,
            "mistakes in 100 cases that the model decides": 100 * by_model / coverage if coverage else 0.0,
            "cost of 100 cases, in mistakes": 100 * (now + look * handed),
            "threshold with the lowest cost": AT[cost.argmin()],
            "threshold by Chow's rule": best_threshold(error, follows, look),
        },
        show=[
            axes("Neither alone does best", "confidence from which the model decides alone", "in 100 cases")
            + curves(AT, {"mistakes": 100 * mistakes, "mistakes and looks": 100 * cost,
                          "mistakes of the model": 100 * along[:, 1]})
            + point("now", threshold, 100 * now, 100 * (now + look * handed)),
            axes("Who decides, and how well", "", "of 100 cases")
            + bars(who, {"cases": 100 * np.array([coverage - by_model, by_model, handed - by_person, by_person])}),
            axes("The fewer it keeps, the surer: risk by coverage", "share that the model decides", "wrong among these")
            + Series("model", covered, risk)
            + point("now", coverage, by_model / coverage if coverage else 0.0),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
