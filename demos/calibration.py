"""Calibration: of the cases that get 80 %, do 80 % come true? And one number that often repairs it.

Notation: z [N] log-odds that a tumor is malignant, label [N] 0 or 1, p = sigmoid(z / T) the probability stated, T the
          temperature; N patients, B bins of equal width; ECE: expected calibration error.
Leaves out: Platt scaling, which also shifts z, isotonic regression, and more than two classes, where the bins take the
          probability of the class that is called.

Source: Guo et al. (2017), On Calibration of Modern Neural Networks, https://arxiv.org/abs/1706.04599
        Naeini, Cooper & Hauskrecht (2015), https://doi.org/10.1609/aaai.v29i1.9602 (the expected calibration error)
"""

from functools import cache
from typing import Annotated, Literal

import numpy as np

from demos import Label, Range, Result, Series, axes, bars, curves, point
from demos.logistic_regression import fit, sigmoid
from demos.loss_functions import logistic
from demos.parts.measured import standard, tumors

PARTS = 3  # a third to learn from, a third to fit the temperature on, a third to test; in turns
TEMPERATURES = np.logspace(-1, 1.5, 251)


def bayes(x, label, new):
    """Naive Bayes with bell curves: each column votes as if the others were not there.  new: [M, n] -> log-odds [M]"""
    z = np.full(len(new), np.log(label.mean() / (1 - label.mean())))
    for sign, group in ((1, x[label == 1]), (-1, x[label == 0])):
        mean, spread = group.mean(axis=0), group.std(axis=0)
        z += sign * (-(((new - mean) / spread) ** 2) / 2 - np.log(spread)).sum(axis=1)
    return z


def forecast(model, x, label, new):
    """What a model learned from x, label says of new patients -> log-odds [M]"""
    if model == "the base rate":
        return np.full(len(new), np.log(label.mean() / (1 - label.mean())))
    if model == "logistic regression":
        w, b = fit(standard(x, x), label, 0.01)
        return standard(new, x) @ w + b
    columns = slice(None) if "10" in model else slice(3)
    return bayes(x[:, columns], label, new[:, columns])


def best_temperature(z, label):
    """The temperature with the lowest cross-entropy, of 251 from 0.1 to 31.6."""
    signed = (2 * label - 1) * z
    return TEMPERATURES[np.argmin([logistic(signed / t).mean() for t in TEMPERATURES])]


@cache
def in_turns(model, seed):
    """Each third of the patients is tested once, by a model from another third and a temperature from the last

    -> log-odds [N], the same over the temperature that was fitted [N], labels [N], and the three temperatures
    """
    x, label = tumors()
    thirds = np.array_split(np.random.default_rng(seed).permutation(len(x)), PARTS)
    z, scaled, fitted = [], [], []
    for at, test in enumerate(thirds):
        learn, tune = thirds[at - 1], thirds[at - 2]
        said = [forecast(model, x[learn], label[learn], x[rows]) for rows in (tune, test)]
        fitted.append(best_temperature(said[0], label[tune]))
        z.append(said[1])
        scaled.append(said[1] / fitted[-1])
    return np.concatenate(z), np.concatenate(scaled), label[np.concatenate(thirds)], np.array(fitted)


def reliability(p, label, bins):
    """In each bin of equal width: how many cases, the mean probability stated, the share that came true -> [B] each

    An empty bin has zeros. A value on the edge between two bins belongs to the upper one.
    """
    at = np.minimum((p * bins).astype(int), bins - 1)
    count = np.bincount(at, minlength=bins)
    full = np.maximum(count, 1)
    return count, np.bincount(at, p, bins) / full, np.bincount(at, label, bins) / full


def expected_calibration_error(p, label, bins):
    """The distance of stated probability and share, each bin by its number of cases."""
    count, stated, true = reliability(p, label, bins)
    return (count * np.abs(stated - true)).sum() / len(p)


def demo(
    *,
    temperature: Annotated[float, Range(0.2, 20, 0.1, log=True, stops=16)] = 1.0,
    model: Annotated[
        Literal["naive Bayes, 10 measurements", "naive Bayes, 3 measurements", "logistic regression", "the base rate"],
        Label("model"),
    ] = "naive Bayes, 10 measurements",
    bins: Annotated[int, Range(2, 30, label="bins", stops=8)] = 10,
    seed: Annotated[int, Range(0, 20, label="random seed", stops=3)] = 0,
) -> Result:
    """The curve should lie on the diagonal. Raise the temperature until it does, and watch the accuracy meanwhile: it
    stays. Then let the model say the base rate to everybody: well calibrated, and of no use.

    temperature: what the log-odds are divided by; above 1 all probabilities move towards one half
    model: what makes the probabilities; the base rate is the share of malignant tumors among those learned from
    bins: into how many equal parts the probabilities from 0 to 1 are cut
    seed: another number cuts the patients into other thirds
    """
    z, scaled, label, fitted = in_turns(model, seed)
    p, repaired = sigmoid(z / temperature), sigmoid(scaled)
    count, stated, true = reliability(p, label, bins)
    count_fitted, stated_fitted, true_fitted = reliability(repaired, label, bins)
    full, full_fitted = count > 0, count_fitted > 0
    error, confidence = expected_calibration_error(p, label, bins), np.maximum(p, 1 - p)
    right = (z >= 0) == (label == 1)
    sure = confidence >= 0.99
    by_temperature = [expected_calibration_error(sigmoid(z / t), label, bins) for t in TEMPERATURES]
    return Result(
        summary=f"At temperature {temperature:g} the model is {confidence.mean():.1%} sure on average and right on "
        f"{right.mean():.1%} of {len(label)} patients; the expected calibration error is {error:.3f}. With "
        f"temperatures fitted on other patients, {fitted.mean():.1f} on average, it is "
        f"{expected_calibration_error(repaired, label, bins):.3f}.",
        numbers={
            "expected calibration error": error,
            "error with the fitted temperature": expected_calibration_error(repaired, label, bins),
            "fitted temperature, mean of three": fitted.mean(),
            "accuracy": right.mean(),
            "mean confidence": confidence.mean(),
            "cross-entropy": logistic((2 * label - 1) * z / temperature).mean(),
            "cross-entropy with the fitted temperature": logistic((2 * label - 1) * scaled).mean(),
            "Brier score": ((p - label) ** 2).mean(),
            "cases with at least 99 % confidence": sure.sum(),
            "share of them that is right": right[sure].mean() if sure.any() else 0.0,
            "lowest error of any temperature": min(by_temperature),
        },
        show=[
            axes(
                "Of the patients who get this probability, how many are sick?", "probability stated", "share malignant"
            )
            + Series("perfect", [0, 1], [0, 1])
            + curves(stated[full], {"at this temperature": true[full]})
            + Series("at this temperature", stated[full], true[full], "points")
            + Series("fitted on others", stated_fitted[full_fitted], true_fitted[full_fitted], "points"),
            axes("How many patients get it", "probability stated, upper end of the bin", "patients")
            + bars([f"{(at + 1) / bins:.2g}" for at in range(bins)], {"at this temperature": count}),
            axes("Error by temperature", "temperature", "expected calibration error", log="x")
            + curves(TEMPERATURES, {"error": by_temperature})
            + point("now", temperature, error),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
