"""Regularization: hold the coefficients of a linear model back, by a penalty or by stopping early.

Notation: X [N, P] inputs, y [N] targets, w [P] coefficients, d [P] how much the inputs vary along each principal
          direction; strength λ; t steps of gradient descent with learning rate η.
          Ridge minimizes |y - Xw|² / 2N + λ |w|² / 2, lasso |y - Xw|² / 2N + λ Σ|w|, and descent the first part alone.
Leaves out: an intercept, and inputs of different scale, which one would standardize first.

Source: Hastie, Tibshirani & Friedman (2009), section 3.4, https://hastie.su.domains/ElemStatLearn/
        Ali, Kolter & Tibshirani (2018), https://arxiv.org/abs/1810.10082 (early stopping and ridge)
"""

from typing import Annotated, Literal

import numpy as np

from demos import Range, Result, axes, bars, curves, point
from demos.loss_functions import squared

TRUTH = np.array([3.0, -2.0, 1.5, -1.0, 0.7, 0.4] + [0.0] * 9)  # the last nine inputs have nothing to say
P, RATE, SWEEPS, HELD_OUT, FRESH = len(TRUTH), 0.1, 200, 40, 1000
STRENGTHS, COUNTS = np.geomspace(0.001, 10, 61), np.unique(np.geomspace(1, 5000, 61).astype(int))


def rows(rng, n, noise):
    """Rows that follow TRUTH, with noise -> X [n, P], y [n]"""
    X = rng.normal(size=(n, P))
    return X, X @ TRUTH + rng.normal(scale=noise, size=n)


def filtered(X, y, kept):
    """Least squares with each principal direction kept to a share.  kept: d [P] -> share [.., P], gives w [.., P]

    Ridge and descent are both of this form and differ in their shares. Both keep little of directions in which the
    inputs hardly vary, where least squares is led by noise.
    """
    _, s, directions = np.linalg.svd(X, full_matrices=False)  # [P], [P, P]
    d = s**2 / len(X)
    return (kept(d) * (directions @ X.T @ y / len(X)) / d) @ directions


def ridge(X, y, strengths):
    """A penalty on squares.  strengths: [L] -> w [L, P]"""
    return filtered(X, y, lambda d: d / (d + strengths[:, None]))


def descent(X, y, counts):
    """So many steps of gradient descent from zero, all at once.  counts: [T] -> w [T, P]"""
    return filtered(X, y, lambda d: 1 - (1 - RATE * d) ** counts[:, None])


def soft_threshold(z, strength):
    """Towards zero by the strength, and not beyond it: this is how coefficients become exactly zero."""
    return np.sign(z) * np.maximum(np.abs(z) - strength, 0)


def lasso(X, y, strengths):
    """A penalty on sizes, by coordinate descent: the best value for one coefficient, then the next -> w [L, P]"""
    w = np.zeros((len(strengths), X.shape[1]))
    size, gram, target = (X**2).mean(axis=0), X.T @ X / len(X), X.T @ y / len(X)
    for _ in range(SWEEPS):
        for j in range(X.shape[1]):
            alone = target[j] - w @ gram[j] + w[:, j] * size[j]  # what is left for j, with the others as they are
            w[:, j] = soft_threshold(alone, strengths) / size[j]
    return w


def loss_of(w, X, y):
    """Mean squared error.  w: [.., P] -> [..], without what is mere rounding"""
    return squared(w @ X.T - y).mean(axis=-1).round(12)


def as_strength(steps):
    """The strength of the ridge that corresponds to so many steps of descent."""
    return 1 / (RATE * steps)


def findings(along, ways, losses):
    """What the last coefficients of a path came to, and those that the validation loss chooses -> name: number

    along: [L] settings, ways: [L + 1, P] coefficients, losses: name: [L + 1]; the last of both belong to the sliders
    """
    zero, chosen = ways == 0, losses["validation loss"][:-1].argmin()
    return {name: loss[-1] for name, loss in losses.items()} | {
        "value that the validation loss chooses": along[chosen],
        "test loss with the chosen value": losses["test loss"][chosen],
        "coefficients that are zero": int(zero[-1].sum()),
        "coefficients that are zero with the chosen value": int(zero[chosen].sum()),
        "inputs without influence that are dropped with the chosen value": int(zero[chosen, TRUTH == 0].sum()),
        "length of the coefficients": float(np.linalg.norm(ways[-1])),
    }


def demo(
    *,
    strength: Annotated[float, Range(0.001, 10, 0.001, log=True, label="strength of the penalty")] = 0.01,
    steps: Annotated[int, Range(1, 5000, log=True, play=True, label="steps of descent")] = 5000,
    method: Literal["ridge", "lasso", "early stopping"] = "ridge",
    training_rows: Annotated[int, Range(16, 200, label="rows to learn from")] = 20,
    noise: Annotated[float, Range(0, 5, 0.5)] = 2.0,
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
) -> Result:
    """Raise the strength: the training loss gets worse and the test loss better, up to a point. Then compare the lasso,
    which sets coefficients to zero, and descent that is stopped early, which does much the same as ridge.

    strength: how much the penalty of ridge or lasso weighs beside the loss
    steps: after how many steps of gradient descent it is stopped
    method: what holds the coefficients back
    training_rows: how many rows the model learns from; another 40 choose the strength or the step
    noise: how far targets lie off the truth (standard deviation)
    seed: another number draws other rows
    """
    rng = np.random.default_rng(seed)
    (X, y), held_out, fresh = rows(rng, training_rows, noise), rows(rng, HELD_OUT, noise), rows(rng, FRESH, noise)
    path = {"ridge": ridge, "lasso": lasso, "early stopping": descent}[method]
    along, now = (COUNTS, steps) if method == "early stopping" else (STRENGTHS, strength)
    ways = path(X, y, np.append(along, now))  # [L + 1, P]
    losses = {
        name: loss_of(ways, *where)
        for name, where in (("training loss", (X, y)), ("validation loss", held_out), ("test loss", fresh))
    }
    found, plain = findings(along, ways, losses), loss_of(np.linalg.lstsq(X, y)[0], *fresh)
    beside = as_strength(steps) if method == "early stopping" else strength
    what = "steps" if method == "early stopping" else "strength of the penalty"
    return Result(
        summary=f"With {method}, {what} {now:g}, the loss is {found['training loss']:.3g} on the {training_rows} "
        f"rows it learned from and {found['test loss']:.3g} on fresh ones, where plain least squares has "
        f"{plain:.3g}. Held-out rows choose {found['value that the validation loss chooses']:.3g}, and the loss on "
        f"fresh ones is then {found['test loss with the chosen value']:.3g}.",
        numbers={
            **found,
            "test loss without regularization": plain,
            "strength of the ridge beside it": beside,
            "test loss of the ridge beside it": loss_of(ridge(X, y, np.array([beside]))[0], *fresh),
        },
        show=[
            axes(f"Loss along the path of {method}", what, "mean squared error, at least 0.001", log="xy")
            + curves(along, {name: np.maximum(loss[:-1], 0.001) for name, loss in losses.items()})
            + point("now", now, *(max(loss[-1], 0.001) for loss in losses.values())),
            axes("The coefficients", "input", "coefficient")
            + bars([str(k) for k in range(1, P + 1)], {"truth": TRUTH, "found": ways[-1]}),
            axes("How the coefficients change", what, "coefficient", log="x")
            + curves(along, {f"input {k + 1}": ways[:-1, k] for k in (0, 1, 2, 3, 8, 9)}),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
