"""Data splits: test on examples that training has not seen, once, or in turns, which is cross-validation.

Notation: x [N, n] inputs, label [N] 0 or 1; center [2, n] mean of each class; S studies, each with its own patients.
Leaves out: splits by time or by group, equal shares of the classes in every fold, and the statistics of comparing.

Source: Stone (1974), Cross-Validatory Choice and Assessment of Statistical Predictions,
        https://doi.org/10.1111/j.2517-6161.1974.tb00994.x
"""

from typing import Annotated

import numpy as np

from demos import Label, Range, Result, Series, axes, bars, curves, point
from demos.parts.measured import tumors

STUDIES = 100
MODELS = 50
USED = 3  # columns that each of the models looks at
BINS = np.linspace(0, 1, 41)


def centers(x, label):
    """The mean of each class; a class without examples has the mean of all.  x: [N, n] -> [2, n]"""
    return np.stack([x[label == kind].mean(axis=0) if (label == kind).any() else x.mean(axis=0) for kind in (0, 1)])


def lean(x, center):
    """How much closer each value is to the mean of class 1 than to that of class 0, in squares.  [N, n] -> [N, n]"""
    return (x - center[0]) ** 2 - (x - center[1]) ** 2


def score(x, label, train, test):
    """Learn the two centers from some rows, call others after the closer one -> share right; train, test: indices"""
    return ((lean(x[test], centers(x[train], label[train])).sum(axis=1) > 0) == (label[test] == 1)).mean()


def folds_of(order, folds):
    """Cut shuffled rows into parts of equal size, or nearly.  order: [N] -> list of [about N / folds]"""
    return np.array_split(order, folds)


def cross_validate(x, label, order, folds):
    """Each part is tested once, by a model learned from all others -> share right in each part, [folds]"""
    cut = folds_of(order, folds)
    return np.array([
        score(x, label, np.concatenate(cut[:at] + cut[at + 1 :]), test) for at, test in enumerate(cut)
    ])  # fmt: skip


def choose(x, label, train, validation, fresh, masks):
    """Models that look at a few columns each, ranked by the validation rows.  masks: [n, M] of 0 and 1

    -> for the best of the first 1, 2, … M: share right on rows it learned from, that chose it, and fresh ones, [M] each
    """
    center = centers(x[train], label[train])
    right = [
        (((lean(x[rows], center) @ masks) > 0) == (label[rows] == 1)[:, None]).mean(axis=0)
        for rows in (train, validation, fresh)
    ]  # [M] each
    best = np.array([right[1][: count + 1].argmax() for count in range(masks.shape[1])])
    return [shares[best] for shares in right]


def outline(values):
    """A histogram as the corners of its steps -> xs, ys"""
    height, _ = np.histogram(values, BINS)
    return np.repeat(BINS, 2)[1:-1], np.repeat(height, 2)


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
    choose among more and more models that know nothing: the best one looks as if it did.

    test_share: the share of a study's patients that is held out, as a test set or to choose by
    folds: into how many parts cross-validation cuts the study
    patients: how many patients a study has; the others of the 569 tell how good the model really is
    models: among how many models the held-out patients choose; each looks at three measurements picked by chance
    shuffled: whether diagnoses are dealt out at random, so that no model can know anything
    seed: another number draws other studies
    """
    rng = np.random.default_rng(seed)
    x, label = tumors()
    x = (x - x.mean(axis=0)) / x.std(axis=0)  # no diagnosis is looked at, so none leaks
    if shuffled:
        label = rng.permutation(label)
    masks = np.stack([np.isin(np.arange(x.shape[1]), rng.permutation(x.shape[1])[:USED]) for _ in range(MODELS)], 1)
    held = max(1, round(test_share * patients))
    once, crossed, true, chosen = [], [], [], []
    for _ in range(STUDIES):
        order = rng.permutation(len(x))
        inside, fresh = order[:patients], order[patients:]
        once.append(score(x, label, inside[held:], inside[:held]))
        parts = cross_validate(x, label, inside, folds)
        crossed.append(parts.mean())
        true.append(score(x, label, inside, fresh))
        chosen.append(choose(x, label, inside[held:], inside[:held], fresh, masks.astype(float)))
    learned, looks, real = np.mean(chosen, axis=0)  # [MODELS] each, over the number of models to choose from
    good, errors = np.mean(true), {"one split": np.array(once) - true, "cross-validation": np.array(crossed) - true}
    counts = np.arange(1, MODELS + 1)
    return Result(
        summary=f"One split of {patients} patients is off by {errors['one split'].std():.1%} in a typical study, "
        f"cross-validation in {folds} folds by {errors['cross-validation'].std():.1%}; in truth the model is right on "
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
            "typical error of one split": np.sqrt((errors["one split"] ** 2).mean()),
            "typical error of cross-validation": np.sqrt((errors["cross-validation"] ** 2).mean()),
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
            + bars([str(at + 1) for at in range(folds)], {"tested on this fold": parts}),
            axes("The best of many models, by the patients that chose it", "models to choose from", "accuracy")
            + curves(counts, {"on the validation set": looks, "on fresh patients": real})
            + point("now", models, looks[models - 1], real[models - 1]),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
