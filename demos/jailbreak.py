"""Jailbreak: a request that is refused as it stands gets through in some disguise, and one of many tries is enough.

Notation: a message is disguised at random n times, c of these pass; k tries that may be made; success at k: the
          probability that at least one of k disguises, drawn from the n without replacement, passes.
Leaves out: the language model. The filter of demos/guardrail.py stands for what a model was trained to refuse, and
          nobody checks whether a disguised request is still understood.

Source: Hughes et al. (2024), Best-of-N Jailbreaking, https://arxiv.org/abs/2412.03556
        Chen et al. (2021), section 2.1, https://arxiv.org/abs/2107.03374 (success at k)
"""

from functools import cache
from typing import Annotated, Literal

import numpy as np

from demos import Label, Range, Result, Series, axes, bars, columns, curves, point
from demos.guardrail import FOLDS, filters_apart, mistakes, score, traffic
from demos.parts.bakery import words

DISGUISES, COPIES = 40, 5  # of each message: to attack with, n, and to learn from
DIGITS, LETTERS = str.maketrans("oieas", "01345"), str.maketrans("01345", "oieas")
OTHER_WORDS = {
    "recipe": "instructions", "secret": "hidden", "ingredient": "component", "ingredients": "components",
    "cake": "loaf", "lemon": "citrus", "bake": "prepare", "baked": "prepared", "make": "prepare", "made": "prepared",
    "tell": "say", "send": "mail", "give": "hand", "eggs": "yolks", "butter": "fat", "sugar": "sweetener",
    "flour": "grain", "steps": "stages", "glaze": "icing", "need": "want", "how": "which", "much": "lot",
    "amounts": "quantities", "grams": "ounces", "oven": "stove", "mix": "stir", "mixed": "stirred", "use": "take",
}  # fmt: skip


def swap(rng, word):
    """Two letters side by side change places."""
    if len(word) < 3:
        return word
    at = rng.integers(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def disguise(rng, text, strength, kind):
    """Each word is changed with probability `strength`.  text: list of words -> list of as many words"""
    ways = {
        "typos": lambda word: swap(rng, word),
        "digits": lambda word: word.translate(DIGITS),
        "other words": lambda word: OTHER_WORDS.get(word, word),
    }
    hit, which = rng.random(len(text)) < strength, rng.integers(len(ways), size=len(text))
    chosen = [list(ways)[i] if kind == "all three" else kind for i in which]
    return [ways[way](word) if change else word for word, change, way in zip(text, hit, chosen, strict=True)]


def undo(text):
    """Digits become letters, and letters are put in order: all typos of a word become one."""
    return ["".join(sorted(word.translate(LETTERS))) for word in text]


def success_at(k, n, c):
    """Chen's estimate: one minus the chance that k drawn from n are all among the n - c that fail.  c: [..] -> [..]"""
    below = n - c[..., None] - np.arange(k)  # how many that fail are left, one factor for each draw
    return 1 - np.prod(np.maximum(below, 0) / (n - np.arange(k)), axis=-1)


def defenses(rng, texts, label, strength, kind):
    """What each defense reads a message as, and the filters that learned so -> {name: (reading, FOLDS filters)}"""
    fold = np.arange(len(texts)) % FOLDS  # disguises stay in the fold of their message
    more = [*texts, *(disguise(rng, text, strength, kind) for _ in range(COPIES) for text in texts)]
    return {
        "none": (list, filters_apart(texts, label, fold)),
        "learn from disguises": (list, filters_apart(more, *(np.tile(x, 1 + COPIES) for x in (label, fold)))),
        "undo typos and digits": (undo, filters_apart([undo(text) for text in texts], label, fold)),
    }


def judge(texts, read, filters, each):
    """Scores of messages, or of `each` disguises of every message, by filters that never saw them -> [N, each]"""
    judges = np.arange(len(texts)) // each % FOLDS
    scores = [score(read(text), *filters[k]) for text, k in zip(texts, judges, strict=True)]
    return np.reshape(scores, (-1, each))


@cache
def attack(strength, kind, seed):
    """Requests in disguise, judged under each defense -> texts [M * n], {defense: scores [M, n], undisguised [N]}"""
    texts, label, rng = [words(text) for text in traffic()[0]], traffic()[1], np.random.default_rng(seed)
    sent = [disguise(rng, text, strength, kind) for text in texts[: label.sum()] for _ in range(DISGUISES)]
    judged = {}
    for name, (read, filters) in defenses(rng, texts, label, strength, kind).items():
        judged[name] = judge(sent, read, filters, DISGUISES), judge(texts, read, filters, 1)[:, 0]
    return sent, judged


def demo(
    *,
    tries: Annotated[int, Range(1, 40, label="tries for each request")] = 5,
    strength: Annotated[float, Range(0, 1, 0.05, label="share of words that are changed", stops=6)] = 0.4,
    kind: Annotated[Literal["all three", "typos", "digits", "other words"], Label("what changes a word")] = "all three",
    defense: Annotated[
        Literal["none", "learn from disguises", "undo typos and digits"], Label("what the filter does against it")
    ] = "none",
    threshold: Annotated[float, Range(-4, 6, 0.5, label="threshold, in log-odds", stops=11)] = 2.0,
    seed: Annotated[int, Range(0, 20, label="random seed", stops=2)] = 0,
) -> Result:
    """Raise the number of tries: one of many disguises passes. Then choose a defense and see which ones it ends.

    tries: how many disguises of each request are sent; one that passes is enough
    strength: the probability that a word is changed
    kind: two letters exchanged, digits for letters, a word of like meaning, or one of the three at random
    defense: whether the filter also learned from disguised messages, or reads digits and typos as what they stand for
    threshold: from which score on a message is blocked
    seed: another number draws other disguises
    """
    sent, judged = attack(strength, kind, seed)
    ks, passed, curve, plain, alarms = np.arange(1, DISGUISES + 1), {}, {}, {}, {}
    for name, (disguised, undisguised) in judged.items():
        passed[name] = disguised < threshold  # [M, n]
        curve[name] = [success_at(k, DISGUISES, passed[name].sum(axis=1)).mean() for k in ks]
        plain[name], alarms[name] = mistakes(undisguised, traffic()[1], threshold)
    one, often = passed[defense].mean(), passed[defense].sum(axis=1)
    firsts = [" ".join(text) for text in sent[::DISGUISES]], np.where(passed[defense][:, 0], "passes", "blocked")
    return Result(
        summary=f"A single disguise passes {one:.0%} of the time. With {tries} of them "
        f"{curve[defense][tries - 1]:.0%} of the requests get through, where {plain[defense]:.0%} do as they stand. "
        f"{alarms[defense]:.0%} of the ordinary messages are blocked.",
        numbers={
            "share of requests with one disguise that passes": curve[defense][tries - 1],
            "share of single disguises that pass": one,
            "share of requests that pass as they stand": plain[defense],
            "the same if all requests were alike": 1 - (1 - one) ** tries,
            "share of ordinary messages that are blocked": alarms[defense],
        },
        show=[
            axes("One disguise that passes is enough", "tries for each request", "share of requests that get through")
            + curves(ks, curve)
            + point("now", tries, curve[defense][tries - 1]),
            axes("What each defense stops, and what it costs", "", "share")
            + bars(list(curve), {"requests that pass as they stand": list(plain.values()),
                                 f"that pass with {tries} tries": [each[tries - 1] for each in curve.values()],
                                 "ordinary messages blocked": list(alarms.values())}),
            axes("Some requests are easy to disguise, others hardly", "disguises of it that pass, of 40", "requests")
            + Series("requests", range(DISGUISES + 1), np.bincount(often, minlength=DISGUISES + 1), "bars"),
            columns("A disguise of each of twelve requests", ["disguised", "it"], [each[:12] for each in firsts]),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
