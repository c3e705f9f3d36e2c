"""Model card: results of one model for each group, with the interval in which the true result may lie.

Notation: a group has n tested examples, k of them right; accuracy k / n; interval: Wilson's, at a level of confidence;
          the model is naive Bayes of demos/naive_bayes_text.py, tested on pages that it never saw.
Leaves out: most of a card, which is words: who made the model, for what, and what it must not be used for.

Source: Mitchell et al. (2019), Model cards for model reporting, https://arxiv.org/abs/1810.03993
        Wilson (1927), https://doi.org/10.1080/01621459.1927.10502953
"""

from functools import cache
from statistics import NormalDist
from typing import Annotated, Literal

import numpy as np

from demos import Label, Range, Result, Series, Table, axes, columns, curves, point
from demos.naive_bayes_text import CLASSES, count_words, learn, log_joint, sentences

LENGTHS = ((5, 9), (10, 14), (15, 19), (20, 99))  # in words
DRAWS = 100  # samples of each size, for the curve
SIZES = (40, 80, 120, 160, 200, 240, 280)


@cache
def verdicts():
    """Every held-out sentence -> right [N] bool, class [N], words in it [N]"""
    texts, label = sentences("training")
    vocabulary, *model = learn(texts, label, 1.0, binary=False)
    held_out, truth = sentences("held_out")
    said = log_joint(count_words(held_out, vocabulary), *model).argmax(axis=1)
    return said == truth, truth, np.array([len(text) for text in held_out])


def groups(factor):
    """The groups of a card by some factor -> {name: which sentences [N] bool}"""
    _, truth, length = verdicts()
    by_class = {name: truth == c for c, name in enumerate(CLASSES)}
    by_length = {f"{low} to {high} words" if high < 99 else f"{low} words and more": (length >= low) & (length <= high)
                 for low, high in LENGTHS}  # fmt: skip
    crossed = {f"{c}, {name}": one & other for c, one in by_class.items() for name, other in by_length.items()}
    return {"class": by_class, "length": by_length, "class and length": crossed}[factor]


def wilson(k, n, level):
    """The accuracies that a normal test at this level would not reject, having seen k of n right -> low, high"""
    z = NormalDist().inv_cdf((1 + level) / 2)
    middle = (k + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * np.sqrt(k * (n - k) / n + z**2 / 4)
    return middle - half, middle + half


def report(right, members, chosen, level):
    """One row for each group: name, tested, accuracy, low, high.  chosen: [n] indices of the sentences tested with"""
    rows = []
    for name, inside in members.items():
        own = right[chosen][inside[chosen]]
        if len(own):
            rows.append((name, len(own), own.mean(), *wilson(own.sum(), len(own), level)))
    return rows


def spread_of_groups(right, members, size, seed):
    """The gap between the best and the worst group, a mean over samples of that size."""
    rng, inside = np.random.default_rng(seed), np.array(list(members.values()))  # [G, N]
    gaps = []
    for _ in range(DRAWS):
        chosen = rng.permutation(len(right))[:size]
        n = inside[:, chosen].sum(axis=1)
        accuracy = (inside[:, chosen] & right[chosen]).sum(axis=1)[n > 0] / n[n > 0]
        gaps.append(accuracy.max() - accuracy.min())
    return np.mean(gaps)


@cache
def mean_gap(factor, size):
    """The same for groups by some factor, all with the same samples."""
    return spread_of_groups(verdicts()[0], groups(factor), size, 1)


def demo(
    *,
    tested_with: Annotated[int, Range(20, 280, 20, label="sentences tested with")] = 280,
    factor: Annotated[Literal["class", "length", "class and length"], Label("groups by")] = "length",
    level: Annotated[float, Range(0.5, 0.99, 0.01, label="confidence of the intervals", stops=9)] = 0.95,
    seed: Annotated[int, Range(0, 20, label="random seed", stops=5)] = 0,
) -> Result:
    """Test with fewer sentences: intervals grow, and the groups seem to differ more, though the model is the same.
    Then form groups by class and length together, and see the weak spot that the average hides.

    tested_with: how many held-out sentences are drawn to test with
    factor: by what the results are split
    level: how sure an interval is to hold the true accuracy, over many samples
    seed: another number draws other sentences
    """
    right, _, _ = verdicts()
    members, chosen = groups(factor), np.random.default_rng(seed).permutation(len(right))[:tested_with]
    rows = report(right, members, chosen, level)
    names, n, accuracy, low, high = (list(column) for column in zip(*rows, strict=True))
    worst, best = int(np.argmin(accuracy)), int(np.argmax(accuracy))
    overall = right[chosen].mean()
    gap, *gaps = (mean_gap(factor, size) for size in (tested_with, *SIZES))
    shown = f"{names[worst]}: {accuracy[worst]:.1%} ({low[worst]:.0%} to {high[worst]:.0%}, n = {n[worst]})"
    rows_up = range(len(rows), 0, -1)  # the first group on top
    card = [
        ("Model", "Naive Bayes over single words, alpha 1: is a sentence about language or about learning?"),
        ("Intended use", "To show how naive Bayes and model cards work"),
        ("Not for", "Any text but English sentences of this glossary; any decision that matters to somebody"),
        ("Training data", f"{len(sentences('training')[1]):,} sentences of this glossary, as it stood at one commit"),
        ("Evaluation data", f"{tested_with} sentences drawn from six pages that were held out as a whole"),
        ("Accuracy", f"{overall:.1%}"),
        ("Worst group", shown),
        ("Caveats", "The pages and their subjects are few; on other subjects results may differ by more than this"),
    ]  # fmt: skip
    return Result(
        summary=f"Of {tested_with} sentences {overall:.1%} are judged rightly. The worst group is “{names[worst]}”: "
        f"{accuracy[worst]:.1%} of {n[worst]}, with an interval from {low[worst]:.0%} to {high[worst]:.0%}; the best "
        f"is “{names[best]}” with {accuracy[best]:.1%}.",
        numbers={
            "accuracy": overall,
            "accuracy of the worst group": accuracy[worst],
            "sentences in the worst group": n[worst],
            "interval of the worst group, low": low[worst],
            "interval of the worst group, high": high[worst],
            "width of the widest interval": np.max(np.subtract(high, low)),
            "gap between best and worst group": accuracy[best] - accuracy[worst],
            "the same, a mean over samples of this size": gap,
            "groups whose interval holds the accuracy": int(
                sum(a <= overall <= b for a, b in zip(low, high, strict=True))
            ),
        },
        show=[
            axes("Accuracy of each group, with its interval", "accuracy", "group")
            + [Series("interval", [a, b], [y, y]) for a, b, y in zip(low, high, rows_up, strict=True)]
            + Series("measured", accuracy, rows_up, "points", names)
            + Series("all sentences", [overall, overall], [0.5, len(rows) + 0.5]),
            Table("The card, in short", ["section", "what it says"], card),
            axes("The fewer are tested, the more groups seem to differ", "sentences tested with", "best less worst")
            + curves(SIZES, {"mean over samples": gaps})
            + point("now", tested_with, gap),
            columns("Results by group", ["group", "tested", "accuracy", "from", "to"],
                    [names, n, *(np.round(each, 3).tolist() for each in (accuracy, low, high))]),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
