"""Hallucination: a model that has counted a text is asked for facts, and answers also where it can't know.

Notation: F people, each with one birthday among M possible days; mentions [T], the people a text speaks of and the day
          that it says, some of them wrong; counts [C, M], how often each memory cell was told each day; belief [F, M].
The model believes by Bayes' theorem, which is ideal if each person has a cell. Its memory may be too small, so that
several people share a cell: it can't tell them apart, and doesn't know that it can't.
Leaves out: sentences, facts that follow from others, and questions for which the text has no answer at all.

Source: Kalai & Vempala (2023), https://arxiv.org/abs/2311.14648 (facts seen once)
        Kalai, Nachum, Vempala & Zhang (2025), https://arxiv.org/abs/2509.04664 (answer, or say "I don't know")
        Good (1953), https://doi.org/10.1093/biomet/40.3-4.237 (the estimate)
"""

from typing import Annotated

import numpy as np

from demos import Range, Result, axes, bars, columns, curves, point
from demos.softmax import softmax

PEOPLE = 1000
THRESHOLDS = np.linspace(0, 0.99, 100)
GROUPS = {"never": (0, 0), "once": (1, 1), "twice": (2, 2), "3 to 9": (3, 9), "10 or more": (10, 10**9)}


def fame(people, exponent):
    """How often each person is spoken of: Zipf's law, the second half as often as the first for exponent 1 -> [F]"""
    often = np.arange(1, people + 1) ** -float(exponent)
    return often / often.sum()


def tell(rng, often, days, mentions, rumors):
    """A text: whom it speaks of, what it says, and what is true.  often: [F] -> who [T], said [T], truth [F]"""
    truth, who = rng.integers(days, size=len(often)), rng.choice(len(often), size=mentions, p=often)
    wrong = rng.random(mentions) < rumors
    return who, (truth[who] + wrong * rng.integers(1, days, size=mentions)) % days, truth


def believe(counts, rumors):
    """Bayes' theorem: each day's probability, if a mention is wrong with probability `rumors`.  [C, M] -> [C, M]"""
    days = counts.shape[1]
    return softmax(counts * np.log((1 - rumors) * (days - 1) / rumors))  # each mention multiplies the odds of its day


def remember(who, said, cell, days):
    """How often each cell was told each day.  who, said: [T], cell: [F], where each person is kept -> [C, M]"""
    counts = np.zeros((cell.max() + 1, days))
    np.add.at(counts, (cell[who], said), 1)
    return counts


def outcomes(confidence, right, asked, thresholds):
    """The shares of questions answered right and wrong, for each threshold.  the first three: [F] -> [n], [n]"""
    answers = confidence >= thresholds[:, None]  # [n, F]
    return (answers & right) @ asked, (answers & ~right) @ asked


def good_turing(who):
    """The share of mentions that are the only one of their person: it estimates how much was never mentioned."""
    return (np.unique(who, return_counts=True)[1] == 1).sum() / len(who)


def by_mentions(times, share, asked):
    """The percentage of questions, in groups by how often the person was mentioned.  share: [F] -> one a group"""
    inside = [(low <= times) & (times <= high) for low, high in GROUPS.values()]
    return [100 * (share * asked)[at].sum() / max(asked[at].sum(), 1e-12) for at in inside]


def demo(
    *,
    threshold: Annotated[float, Range(0, 0.99, 0.01, label="confidence needed to answer")] = 0.0,
    penalty: Annotated[float, Range(0, 9, 0.5, label="cost of a wrong answer, points")] = 0.0,
    mentions: Annotated[int, Range(100, 30000, 100, log=True, label="mentions in the text")] = 1000,
    sharing: Annotated[int, Range(1, 8, label="people in one memory cell")] = 1,
    rumors: Annotated[float, Range(0.01, 0.5, 0.01, label="share of mentions that are wrong")] = 0.1,
    days: Annotated[int, Range(2, 365, log=True, label="possible answers")] = 365,
    exponent: Annotated[float, Range(0, 1.5, 0.1, label="how unequal fame is")] = 1.0,
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
) -> Result:
    """Raise the threshold a little: most wrong answers become silence, and hardly a right one is lost. Then let several
    people share a memory cell: now it is sure where it is wrong, and the threshold helps less.

    threshold: below this confidence the model says "I don't know"
    penalty: a right answer earns a point, silence nothing, and a wrong answer costs this
    mentions: how many times the text names a person and a birthday
    sharing: how many people the memory confuses with each other
    rumors: how often the text is wrong; the model knows this number
    days: how many answers are possible
    exponent: 0 if all people are mentioned alike, more if a few are mentioned most
    seed: another number writes another text
    """
    rng = np.random.default_rng(seed)
    asked = fame(PEOPLE, exponent)  # questions are about people as the text is
    who, said, truth = tell(rng, asked, days, mentions, rumors)
    times, cell = np.bincount(who, minlength=PEOPLE), rng.permutation(PEOPLE) // sharing
    belief = believe(remember(who, said, cell, days), rumors)[cell]  # [F, M]
    answer, confidence = belief.argmax(axis=1), belief.max(axis=1).round(9)
    right, answers = answer == truth, confidence >= threshold
    wrong = answers & ~right
    curve_right, curve_wrong = outcomes(confidence, right, asked, THRESHOLDS)
    points, best = 100 * (curve_right - penalty * curve_wrong), int((curve_right - penalty * curve_wrong).argmax())
    r, w, silent, unseen = (100 * (each @ asked) for each in (answers & right, wrong, ~answers, times == 0))
    shown = np.arange(0, 32, 3) ** 2  # from the most famous to the least
    return Result(
        summary=f"The model is right on {r:.1f} % of the questions, wrong on {w:.1f} %, and says that it does not know "
        f"on {silent:.1f} %. People whom the text never mentions make up {unseen:.1f} % of the questions; "
        f"{100 * good_turing(who):.1f} % of the mentions are of people mentioned once.",
        numbers={
            "percent answered right": r,
            "percent answered wrong": w,
            "percent not answered": silent,
            "percent of the answers that are right": 100 * r / (r + w) if r + w > 0 else 0.0,
            "percent of questions about people never mentioned": unseen,
            "percent of mentions of people mentioned once": 100 * good_turing(who),
            "mean confidence of the wrong answers": confidence[wrong] @ asked[wrong] / max(asked[wrong].sum(), 1e-12),
            "points per 100 questions": r - penalty * w,
            "most points at any threshold": points[best],
            "threshold with the most points": THRESHOLDS[best],
        },
        show=[
            axes("What becomes of the questions", "confidence needed to answer", "percent of questions")
            + curves(THRESHOLDS, {"right": 100 * curve_right, "wrong": 100 * curve_wrong,
                                  "no answer": 100 * (1 - curve_right - curve_wrong)}, "step")
            + point("now", threshold, r, w, silent),
            axes("Which threshold earns the most points", "confidence needed to answer", "points per 100 questions")
            + curves(THRESHOLDS, {"points": points}, "step")
            + point("now", threshold, r - penalty * w),
            axes("By how often the text mentions the person", "mentions", "percent of such questions")
            + bars(list(GROUPS), {"wrong": by_mentions(times, wrong, asked),
                                  "no answer": by_mentions(times, ~answers, asked)}),
            columns(
                "Some of the questions",
                ["person", "mentions", "best guess", "confidence", "the truth", "what it does"],
                [shown + 1, times[shown], answer[shown] + 1, confidence[shown].round(3), truth[shown] + 1,
                 np.where(~answers, "no answer", np.where(right, "right", "wrong"))[shown]],
            ),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
