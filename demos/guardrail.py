"""Guardrail: a filter in front of a model gives every message a score, and blocks those that reach a threshold.

Notation: message, a text; label 1 for forbidden and 0 for ordinary; vote of a word: the logarithm of how much more
          often it stands in forbidden messages; score: the sum of the votes, in log-odds; blocked where
          score >= threshold.
Leaves out: the model behind the filter, a filter for its answers, and everything in a text but which words it has.

Source: Inan et al. (2023), Llama Guard, https://arxiv.org/abs/2312.06674 (there a language model gives the score)
"""

from typing import Annotated, Literal

import numpy as np

from demos import Label, Range, Result, Series, Text, axes, bars, columns, curves, point
from demos.classification_metrics import counts, precision_at, share
from demos.naive_bayes_text import learn
from demos.parts.bakery import ALLOWED, FORBIDDEN, messages, words

FOLDS, ALPHA = 3, 0.5  # each message is judged by a filter that learned from the other two thirds; added to each count
LISTED = ("recipe", "secret", "ingredient", "ingredients", "grams")  # what a list of words blocks
BLOCKS, PASSES = 3.0, -3.0  # the two scores that a list knows
SHARES = np.geomspace(0.001, 0.5, 41)  # of messages that are forbidden, for the curve


def traffic():
    """All messages, first the forbidden ones -> texts [N], label [N]"""
    forbidden, allowed = messages(FORBIDDEN), messages(ALLOWED)
    return forbidden + allowed, np.repeat([1, 0], [len(forbidden), len(allowed)])


def train(texts, label):
    """What words speak for a forbidden message.  texts: [N] lists of words -> the prior's vote, {word: vote}"""
    vocabulary, log_prior, log_word = learn(texts, label, ALPHA, binary=True)
    return log_prior[1] - log_prior[0], dict(zip(vocabulary, log_word[1] - log_word[0], strict=True))


def score(text, prior, votes):
    """The log-odds that a text is forbidden; a word counts once, and one that nobody knows not at all."""
    return prior + sum(votes.get(word, 0.0) for word in dict.fromkeys(text))


def listed(text):
    """The score of a list of words: one hit is enough."""
    return BLOCKS if set(text) & set(LISTED) else PASSES


def filters_apart(texts, label, fold):
    """Cross-validation: filter k learned from the messages of all folds but k.  fold: [N] -> FOLDS filters"""
    return [train([texts[i] for i in np.flatnonzero(fold != k)], label[fold != k]) for k in range(FOLDS)]


def cross_scored(texts, label):
    """Each message's score by a filter that never saw it.  -> scores [N]"""
    fold = np.arange(len(texts)) % FOLDS
    filters = filters_apart(texts, label, fold)
    return np.array([score(text, *filters[k]) for text, k in zip(texts, fold, strict=True)])


def mistakes(scores, label, threshold):
    """Shares of the forbidden that pass and of the ordinary that are blocked -> misses, false alarms"""
    tp, fp, fn, tn = counts(label, scores >= threshold)
    return share(fn, fn + tp), share(fp, fp + tn)


def stacked(scores, side):
    """Scores as dots on piles half a point wide, upwards or downwards.  -> x [N], y [N]"""
    place = np.floor(2 * scores) / 2 + 0.25
    return place, side * np.array([(place[: i + 1] == at).sum() for i, at in enumerate(place)])


def dots(scores, label, threshold):
    """A dot for each message, forbidden ones upwards, and the cut -> five series"""
    series = []
    for name, kind, blocked, side in (
        ("rightly passed", 0, False, -1), ("false alarms", 0, True, -1),
        ("misses", 1, False, 1), ("rightly blocked", 1, True, 1),
    ):  # fmt: skip
        x, y = stacked(scores[label == kind], side)
        chosen = (scores[label == kind] >= threshold) == blocked
        series.append(Series(name, x[chosen], y[chosen], "points"))
    return [*series, Series("threshold", [threshold, threshold], [-8, 8])]


def demo(
    *,
    threshold: Annotated[float, Range(-8, 8, 0.25, label="threshold, in log-odds")] = 2.0,
    method: Annotated[Literal["learned votes", "list of words"], Label("what gives the score")] = "learned votes",
    rare: Annotated[float, Range(0.001, 0.5, 0.001, log=True, label="share of messages that are forbidden")] = 0.02,
    message: Annotated[str, Text(120, label="your message")] = "Please keep the secret of my birthday cake",
) -> Result:
    """Lower the threshold until no forbidden message passes, and count the customers it turns away. Then write a
    message of your own and watch its score as you put it in other words.

    threshold: from which score on a message is blocked
    method: votes of words learned from examples, or a list of forbidden words
    rare: how many of all messages ask for the recipe
    message: it is scored by a filter that learned from all messages
    """
    texts, label = traffic()
    cut, own = [words(text) for text in texts], words(message)
    (prior, votes), learned = train(cut, label), method == "learned votes"
    scores = cross_scored(cut, label) if learned else np.array([listed(text) for text in cut])
    mine = score(own, prior, votes) if learned else listed(own)
    at = np.arange(-8, 8.01, 0.25)
    misses, alarms = np.transpose([mistakes(scores, label, each) for each in at])
    missed, alarmed = mistakes(scores, label, threshold)
    right = precision_at(SHARES, 1 - missed, 1 - alarmed)
    now = precision_at(np.array([rare]), 1 - missed, 1 - alarmed)[0]
    close = np.argsort(np.abs(scores - threshold), kind="stable")[:12]
    said = dict.fromkeys(own) if learned else [word for word in dict.fromkeys(own) if word in LISTED]
    return Result(
        summary=f"{missed:.0%} of the requests for the recipe pass, and {alarmed:.0%} of the ordinary messages are "
        f"blocked. Where {rare:.1%} of the messages are such requests, {now:.0%} of those blocked are. "
        f"Yours gets {mine:.1f} and is {'blocked' if mine >= threshold else 'passed'}.",
        numbers={
            "share of forbidden messages that pass": missed,
            "share of ordinary messages that are blocked": alarmed,
            "share of blocked messages that are forbidden": now,
            "wrongly blocked of 10,000 messages": 10000 * (1 - rare) * alarmed,
            "forbidden among 10,000 that pass": 10000 * rare * missed,
            "false alarms where nothing forbidden passes": alarms[misses == 0].min(),
            "misses where no ordinary message is blocked": misses[alarms == 0].min() if (alarms == 0).any() else 1.0,
            "score of your message": mine,
        },
        show=[
            axes("Each dot is a message: forbidden upwards, ordinary downwards", "score, in log-odds", "messages")
            + dots(np.clip(scores, -10, 10), label, threshold),
            axes("A trade-off for every threshold", "threshold, in log-odds", "share")
            + curves(at, {"misses": misses, "false alarms": alarms})
            + point("now", threshold, missed, alarmed),
            axes("How your words vote: above zero for forbidden", "word", "vote")
            + bars(["prior", *said], {"vote": [prior if learned else PASSES] +
                                      [votes.get(word, 0.0) if learned else BLOCKS - PASSES for word in said]}),
            axes("What an alarm is worth where requests are rare", "share that is forbidden", "share", log="x")
            + curves(SHARES, {"of the blocked, forbidden": right})
            + point("now", rare, now),
            columns(
                "The messages closest to the threshold", ["message", "it is", "score", "it is now"],
                [[texts[i] for i in close], ["forbidden" if label[i] else "ordinary" for i in close],
                 scores[close].round(1), ["blocked" if scores[i] >= threshold else "passed" for i in close]],
            ),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
