"""Fairness: two groups, one threshold, and measures of fairness that can not all be met where the groups differ.

Notation: for each group, risk [K] true probabilities of a yes, people [K] the share of the group that has each;
          score [K] what the model says; base rate: the share whose truth is yes; recorded: the share of true yeses
          that the records hold, which the model learned from.
Leaves out: chance, since all shares are exact, and people who belong to several groups.

Source: Chouldechova (2017), Fair prediction with disparate impact, https://arxiv.org/abs/1703.00056
        Kleinberg, Mullainathan & Raghavan (2016), https://arxiv.org/abs/1609.05807
"""

from typing import Annotated, Literal

import numpy as np

from demos import Label, Range, Result, Series, axes, bars, curves
from demos.classification_metrics import share

RISK = (np.arange(400) + 0.5) / 400  # the risks that there are, [K]
CUTS = np.linspace(0, 1, 401)  # thresholds between them
MEASURES = ("selected", "true positive rate", "false positive rate", "precision")


def group_of(base_rate, spread):
    """How many of a group have each risk: a beta distribution with that mean.  -> people [K], which sum to one

    spread: from 0, where everybody has the same risk, to 1, where all have nearly none or nearly certainty
    """
    strength = 1 / spread - 1  # large: a narrow hump
    a, b = base_rate * strength, (1 - base_rate) * strength
    height = np.diff(CUTS**a) * -np.diff((1 - CUTS) ** b)  # each factor of the density, integrated over a step
    return height / height.sum()


def measured(people, truth, selected):
    """What becomes of a group.  people: [K], truth: [K] probability of a yes, selected: [K] bool -> [4] as MEASURES"""
    chosen, yes = people[selected].sum(), (people * truth)[selected].sum()
    base = (people * truth).sum()
    return np.array([chosen, share(yes, base), share(chosen - yes, 1 - base), share(yes, chosen)])


def false_positive_rate(base_rate, precision, recall):
    """Chouldechova's identity: the other three leave no choice about it; 0 where precision is."""
    return 0.0 if precision == 0 else base_rate / (1 - base_rate) * (1 - precision) / precision * recall


def matching(people, truth, score, measure, wanted):
    """The threshold at which a group comes closest to a wanted value of a measure."""
    found = [measured(people, truth, score >= cut)[MEASURES.index(measure)] for cut in CUTS]
    return CUTS[np.argmin(np.abs(np.array(found) - wanted).round(9))]


RULES = {"equal selection": "selected", "equal true positives": "true positive rate",
         "equal false positives": "false positive rate", "equal precision": "precision"}  # fmt: skip


def demo(
    *,
    threshold: Annotated[float, Range(0.05, 0.95, 0.05)] = 0.5,
    base_a: Annotated[float, Range(0.1, 0.9, 0.05, label="base rate of group A")] = 0.5,
    base_b: Annotated[float, Range(0.1, 0.9, 0.05, label="base rate of group B")] = 0.3,
    rule: Annotated[
        Literal["one threshold", "equal selection", "equal true positives", "equal false positives", "equal precision"],
        Label("what is made equal"),
    ] = "one threshold",
    unrecorded: Annotated[float, Range(0, 0.6, 0.05, label="yeses of B missing in the records")] = 0.0,
    spread: Annotated[float, Range(0.1, 0.9, 0.05, label="how well scores tell people apart")] = 0.35,
) -> Result:
    """Set the two base rates alike, and everything is equal. Move them apart, and choose what to make equal: something
    else comes apart. Then let the records miss some of group B.

    threshold: of group A; of both groups, where there is one threshold for all
    base_a: the share of group A whose truth is yes, such as who will pay back
    base_b: the same of group B
    rule: how the threshold of group B is chosen
    unrecorded: the share of group B's yeses that the records show as a no; the model learned from the records
    spread: how far the risks of people lie apart
    """
    truths = {"group A": RISK, "group B": RISK}  # what is so; the scores are what the records say
    scores = {"group A": RISK, "group B": RISK * (1 - unrecorded)}
    people = {"group A": group_of(base_a, spread), "group B": group_of(base_b, spread)}
    cuts = {"group A": threshold, "group B": threshold}
    of_a = measured(people["group A"], RISK, threshold <= RISK)
    if rule in RULES:
        wanted = of_a[MEASURES.index(RULES[rule])]
        cuts["group B"] = matching(people["group B"], RISK, scores["group B"], RULES[rule], wanted)
    found = {name: measured(people[name], truths[name], scores[name] >= cuts[name]) for name in people}
    by_records = measured(people["group B"], scores["group B"], scores["group B"] >= cuts["group B"])
    gaps = found["group A"] - found["group B"]
    wrong = {name: (people[name] * np.where(scores[name] >= cuts[name], 1 - RISK, RISK)).sum() for name in people}
    return Result(
        summary=f"Of A {of_a[0]:.0%} are selected and of B {found['group B'][0]:.0%}. Of those whose truth is yes "
        f"{of_a[1]:.0%} and {found['group B'][1]:.0%} are, of the others {of_a[2]:.0%} and {found['group B'][2]:.0%}; "
        f"of the selected {of_a[3]:.0%} and {found['group B'][3]:.0%} are a yes.",
        numbers={
            **{f"{measure}, group {name[-1]}": found[name][i] for name in found for i, measure in enumerate(MEASURES)},
            "measures that differ by over 0.02": int((np.abs(gaps) > 0.02).sum()),
            "gap in true positive rate": gaps[1],
            "gap in false positive rate": gaps[2],
            "false positive rate that B needs for A's other two": false_positive_rate(
                (people["group B"] * RISK).sum(), of_a[3], of_a[1]
            ),
            "threshold of group B": cuts["group B"],
            "precision of group B by the records": by_records[3],
            "true positive rate of group B by the records": by_records[1],
            "wrong in 100 people, groups of one size": 50 * sum(wrong.values()),
        },
        show=[
            axes("What becomes of the two groups", "", "share")
            + bars(list(MEASURES), found),
            axes("Who has which score", "score", "share of the group, in a step of a fortieth")
            + [Series(name, scores[name].reshape(40, 10).mean(axis=1), people[name].reshape(40, 10).sum(axis=1))
               for name in people]
            + [Series(f"threshold of {name[-1]}", [cuts[name]] * 2, [0, 0.1]) for name in people],
            axes("Of the people with a score, how many are a yes", "score", "share that is a yes")
            + [Series(name, scores[name], truths[name]) for name in people],
            axes("What each threshold does to those whose truth is yes", "threshold", "true positive rate")
            + curves(CUTS, {name: [measured(people[name], RISK, scores[name] >= cut)[1] for cut in CUTS]
                            for name in people}),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
