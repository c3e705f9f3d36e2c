"""Classification metrics: four counts, and what accuracy, precision, recall and F1 make of them.

Notation: label [N] 1 for sick and 0 for healthy, score [N] between 0 and 1, flagged [N] whether it reaches the
          threshold; TP, FP, FN, TN: true and false positives and negatives.
Leaves out: more than two classes, and whether a score of 0.7 is right seven times in ten (calibration).

Source: Fawcett (2006), An introduction to ROC analysis, https://doi.org/10.1016/j.patrec.2005.10.010
"""

from typing import Annotated

import numpy as np

from demos import Heatmap, Range, Result, Series, axes, bars, curves, point
from demos.neuron import SQUASH

BINS, SHARES = np.linspace(0, 1, 21), np.linspace(0.01, 0.99, 99)  # of histogram and thresholds; of people who are sick


def counts(label, flagged):
    """TP, FP, FN, TN.  label: [N] 0 or 1, flagged: [N] bool"""
    sick = label == 1
    return (sick & flagged).sum(), (~sick & flagged).sum(), (sick & ~flagged).sum(), (~sick & ~flagged).sum()


def share(part, whole):
    """part / whole, and 0 where there is nothing to take a share of, as scikit-learn has it."""
    return part / whole if whole > 0 else 0.0


def metrics(tp, fp, fn, tn):
    """The usual figures from the four counts -> dict"""
    precision, recall = share(tp, tp + fp), share(tp, tp + fn)
    return {
        "accuracy": share(tp + tn, tp + fp + fn + tn),
        "precision": precision,
        "recall": recall,
        "F1": share(2 * tp, 2 * tp + fp + fn),  # the harmonic mean of precision and recall
        "specificity": share(tn, tn + fp),
        "plain mean of precision and recall": (precision + recall) / 2,
    }


def matthews(tp, fp, fn, tn):
    """The correlation of label and answer, from -1 to 1; 0 where one of them is always the same."""
    return share(float(tp * tn - fp * fn), np.sqrt(float(tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)))


def report(tp, fp, fn, tn):
    """All that the four counts tell, beside what needs no test -> dict"""
    sick, healthy = tp + fn, fp + tn
    return {
        "true positives": tp,
        "false positives": fp,
        "false negatives": fn,
        "true negatives": tn,
        **metrics(tp, fp, fn, tn),
        "accuracy of the more common answer": max(sick, healthy) / (sick + healthy),
        "F1 of flagging everybody": metrics(sick, healthy, 0, 0)["F1"],
        "F1 with healthy as the positive class": metrics(tn, fn, fp, tp)["F1"],
        "Matthews correlation": matthews(tp, fp, fn, tn),
    }


def precision_at(prevalence, recall, specificity):
    """Bayes' rule: of those flagged, how many are sick.  prevalence: [..] -> [..]; 0 where nobody is flagged"""
    found, alarms = prevalence * recall, (1 - prevalence) * (1 - specificity)
    return np.divide(found, found + alarms, out=np.zeros_like(found), where=found + alarms > 0)


def people_with_scores(rng, people, prevalence, separation):
    """label [N] and score [N]: bell curves, the one of the sick `separation` standard deviations higher, squashed."""
    label = (np.arange(people) < round(people * prevalence)).astype(int)
    return label, SQUASH["sigmoid"](rng.normal(size=people) + separation * (label - 0.5))


def outline(low, high, label, score, group):
    """The histogram of a group's scores between two edges of BINS, as the corners of its steps -> xs, ys"""
    edges = BINS[(low - 1e-9 <= BINS) & (high + 1e-9 >= BINS)]
    if len(edges) < 2:
        return [], []
    height, _ = np.histogram(score[label == group], BINS)
    start = np.searchsorted(BINS, edges[0] - 1e-9)
    return np.repeat(edges, 2)[1:-1], np.repeat(height[start : start + len(edges) - 1], 2)


def in_four_colors(label, score, threshold):
    """Everybody's score, cut at the threshold -> four series, one for each box of the confusion matrix"""
    boxes = {
        "true negatives": outline(0, threshold, label, score, 0),
        "false positives": outline(threshold, 1, label, score, 0),
        "false negatives": outline(0, threshold, label, score, 1),
        "true positives": outline(threshold, 1, label, score, 1),
    }
    return [Series(name, xs, ys, "area") for name, (xs, ys) in boxes.items()]


def demo(
    *,
    threshold: Annotated[float, Range(0, 1, 0.05)] = 0.5,
    prevalence: Annotated[float, Range(0.01, 0.99, 0.01, label="share who are sick")] = 0.3,
    separation: Annotated[float, Range(0, 4, 0.25, label="how well scores tell them apart")] = 1.5,
    people: Annotated[int, Range(100, 2000, 100)] = 1000,
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
) -> Result:
    """Raise the threshold: fewer false alarms, and more of the sick go home. Then make the disease rare: accuracy holds
    or rises and precision collapses, with the same test.

    threshold: from which score on somebody is flagged as sick
    prevalence: the share of people who are
    separation: how far apart the average scores of sick and healthy lie, in standard deviations before squashing
    people: how many are tested
    seed: another number draws other people
    """
    label, score = people_with_scores(np.random.default_rng(seed), people, prevalence, separation)
    tp, fp, fn, tn = counts(label, score >= threshold)
    now, sick = report(tp, fp, fn, tn), tp + fn
    each = [metrics(*counts(label, score >= at)) for at in BINS]
    curve = {name: [row[name] for row in each] for name in ("accuracy", "precision", "recall", "F1")}
    return Result(
        summary=f"Of {people:,} people {sick} are sick. {tp + fp} are flagged, {tp} of them rightly: precision "
        f"{now['precision']:.0%}, recall {now['recall']:.0%}, F1 {now['F1']:.2f}, accuracy {now['accuracy']:.0%}.",
        numbers={
            **now,
            "threshold with the best F1": BINS[np.argmax(curve["F1"])],
            "threshold with the best accuracy": BINS[np.argmax(curve["accuracy"])],
        },
        show=[
            axes("Who gets which score, and where the threshold cuts", "score", "people")
            + in_four_colors(label, score, threshold),
            Heatmap(
                "The confusion matrix", [[tp, fn], [fp, tn]], ["flagged as sick", "not flagged"], ["sick", "healthy"],
                "what the model says", "what is true", annotate=True,
            ),
            axes("Every threshold is another bargain", "threshold", "share")
            + curves(BINS, curve)
            + point("now", threshold, *(now[name] for name in curve)),
            axes("The same test where the disease is rarer or more common", "share who are sick", "precision")
            + curves(SHARES, {"precision": precision_at(SHARES, now["recall"], now["specificity"])})
            + point("now", sick / people, now["precision"]),
            axes("Four figures from four counts", "", "share")
            + bars(list(curve), {"at this threshold": [now[name] for name in curve]}),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
