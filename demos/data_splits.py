"""Data splits: test on examples that training has not seen, once, or in turns, which is cross-validation.

Notation: x [N, n] inputs, label [N] 0 or 1; center [2, n] mean of each class; S studies, each with its own patients.
Leaves out: splits by time or by group, equal shares of the classes in every fold, and the statistics of comparing.

Source: Stone (1974), Cross-Validatory Choice, https://doi.org/10.1111/j.2517-6161.1974.tb00994.x
"""

from typing import Annotated

import numpy as np

from demos import Label, Range, Result, Series, axes, bars, curves, point
from demos.parts.measured import spreads, tumors

STUDIES = 100
MODELS = 50
USED = 3  # columns that each of the models looks at
BINS = np.linspace(0, 1, 41)


def learn(x, label):
    """The mean of each class, of all where a class is missing, and the spread of each column -> center [2, n], [n]"""
    member = np.stack([label == 0, label == 1])  # [2, N]
    many = member.sum(axis=1, keepdims=True)
    return np.where(many > 0, member @ x / np.maximum(many, 1), x.mean(axis=0)), spreads(x)


def lean(x, center, spread):
    """How much closer each value is to the mean of class 1 than to that of class 0, in squares.  [N, n] -> [N, n]"""
    return ((x - center[0]) ** 2 - (x - center[1]) ** 2) / spread**2  # so that no column counts more for its unit


def score(x, label, train, test):
    """Learn from some rows, call others after the closer mean -> share right.  train, test: indices"""
    # spreads, too, come from the rows learned from alone: nothing of a test row may be known before the test
    return ((lean(x[test], *learn(x[train], label[train])).sum(axis=1) > 0) == label[test]).mean()


def cross_validate(x, label, order, folds):
    """Each part of the shuffled rows is tested once, by a model learned from all others -> share right in each part"""
    cut = np.array_split(order, folds)
    return np.array([
        score(x, label, np.concatenate(cut[:at] + cut[at + 1 :]), test) for at, test in enumerate(cut)
    ])  # fmt: skip


def choose(x, label, train, validation, fresh, masks):
    """Models that look at a few columns each, ranked by the validation rows.  masks: [n, M] of 0 and 1

    -> for the best of the first 1, 2, … M: share right on rows it learned from, that chose it, and fresh ones, [M] each
    """
    learned = learn(x[train], label[train])
    right = [
        ((lean(x[rows], *learned) @ masks > 0) == label[rows, None]).mean(axis=0) for rows in (train, validation, fresh)
    ]  # [M] each
    better = np.diff(np.maximum.accumulate(right[1]), prepend=-1) > 0  # than all models before
    best = np.maximum.accumulate(better * np.arange(len(better)))  # the last that was
    return [shares[best] for shares in right]


def study(x, label, inside, fresh, held, folds, masks):
    """The share right of one split, in each fold, and on fresh rows after learning from the whole study; and `choose`

    inside, fresh: rows of the study and all others, as indices;  held: how many of the first are held out
    """
    train, test = inside[held:], inside[:held]
    split, crossed = score(x, label, train, test), cross_validate(x, label, inside, folds)
    return split, crossed, score(x, label, inside, fresh), choose(x, label, train, test, fresh, masks)


def outline(values):
    """A histogram as the corners of its steps, from the first bar to the last -> xs, ys"""
    height, _ = np.histogram(values, BINS)
    full = np.flatnonzero(height)
    low, high = full[0], full[-1] + 1
    return np.repeat(BINS[low : high + 1], 2), [0, *np.repeat(height[low:high], 2), 0]


def demo(
    *,
    test_share: Annotated[float, Range(0.05, 0.8, 0.05, label="share held out")] = 0.25,
    folds: Annotated[int, Range(2, 20, stops=10)] = 5,
    patients: Annotated[int, Range(40, 300, 20, label="patients in a study")] = 100,
    models: Annotated[int, Range(1, 50, label="models to choose from")] = 20,
    shuffled: Annotated[bool, Label("shuffle the diagnoses: nothing to learn")] = False,
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
) -> Result:
    """Hold out less: more patients to learn from, and a score that is mostly luck. Then shuffle the diagnoses and
    choose among more and more models that know nothing: the best one looks better than guessing.

    test_share: the share of a study's patients that is held out, as a test set or to choose by
    folds: into how many parts cross-validation cuts the study
    patients: how many patients a study has; the others of the 569 tell how good the model really is
    models: among how many models the held-out patients choose; each looks at three measurements picked by chance
    shuffled: whether diagnoses are dealt out at random, so that no model can know anything
    seed: another number draws other studies
    """
    rng = np.random.default_rng(seed)
    x, label = tumors()
    if shuffled:
        label = rng.permutation(label)
    masks = np.stack([np.isin(np.arange(x.shape[1]), rng.permutation(x.shape[1])[:USED]) for _ in range(MODELS)], 1)
    held = max(1, round(test_share * patients))
    orders = [rng.permutation(len(x)) for _ in range(STUDIES)]
    studies = [study(x, label, at[:patients], at[patients:], held, folds, masks.astype(float)) for at in orders]
    once, parts, true, chosen = (np.array(what) for what in zip(*studies, strict=True))
    crossed, good = parts.mean(axis=1), true.mean()
    learned, looks, real = chosen.mean(axis=0)  # [MODELS] each, over the number of models to choose from
    off, off_crossed = (np.sqrt(((told - true) ** 2).mean()) for told in (once, crossed))
    return Result(
        summary=f"One split of {patients} patients is off by {off:.1%} in a typical study, "
        f"cross-validation in {folds} folds by {off_crossed:.1%}; in truth the model is right on "
        f"{good:.1%}. The best of {models} models scores {looks[models - 1]:.1%} on the patients that chose it, and "
        f"{real[models - 1]:.1%} on others.",
        numbers={
            "patients in the test set": held,
            "accuracy on all other patients": good,
            "mean score of one split": np.mean(once),
            "mean score of cross-validation": np.mean(crossed),
            "lowest score of one split": min(once),
            "highest score of one split": max(once),
            "lowest score of cross-validation": min(crossed),
            "highest score of cross-validation": max(crossed),
            "typical error of one split": off,
            "typical error of cross-validation": off_crossed,
            "error by the binomial law": np.sqrt(good * (1 - good) / held),
            "training score of the model chosen": learned[models - 1],
            "validation score of the model chosen": looks[models - 1],
            "score of the model chosen on fresh patients": real[models - 1],
            "models trained for one cross-validation": folds,
        },
        show=[
            axes(f"What {STUDIES} studies would report", "accuracy", "studies")
            + [Series(name, xs, ys, "area") for name, (xs, ys) in
               (("one split", outline(once)), ("cross-validation", outline(crossed)))]
            + Series("accuracy on all other patients", [good, good], [0, STUDIES / 2]),
            axes("The folds of the last study", "fold", "accuracy")
            + bars([str(at + 1) for at in range(folds)], {"tested on this fold": parts[-1]}),
            axes("The best of many models, by the patients that chose it", "models to choose from", "accuracy")
            + curves(np.arange(1, MODELS + 1), {"on the validation set": looks, "on fresh patients": real})
            + point("now", models, looks[models - 1], real[models - 1]),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
