"""Zero-shot learning: kinds that were never seen are recognized by their descriptions.

Notation: C kinds, each described by A properties, S [C, A] of 1 and -1; x [N, F] what a camera measures of N animals;
          W [F, A] detectors of properties, learned from the kinds that were seen; a kind fits by the cosine of x·W and
          its row of S.
The table of properties was written by hand. The measurements are made up: properties mixed at random, a look of its own
for each kind, which the description does not tell, and noise.
Leaves out: real pictures, and descriptions in words, which a network such as CLIP turns into vectors.

Source: Lampert, Nickisch & Harmeling (2009), https://doi.org/10.1109/CVPR.2009.5206594 (properties between both)
        Chao et al. (2016), https://arxiv.org/abs/1605.04253 (seen and unseen kinds together, and the handicap)
"""

from typing import Annotated, Literal

import numpy as np

from demos import Heatmap, Label, Range, Result, axes, curves, point
from demos.cosine_similarity import cosine

PROPERTIES = ("four legs", "fur", "feathers", "flies", "swims", "eats meat", "stripes", "black and white", "hooves",
              "horns", "long neck", "large")  # fmt: skip
SEEN = {
    "horse": "four legs, fur, hooves, large",
    "tiger": "four legs, fur, eats meat, stripes, large",
    "duck": "feathers, flies, swims",
    "panda": "four legs, fur, black and white, large",
    "trout": "swims, eats meat",
    "eagle": "feathers, flies, eats meat",
    "giraffe": "four legs, fur, hooves, long neck, large",
    "wolf": "four legs, fur, eats meat",
    "goat": "four legs, fur, hooves, horns",
    "ostrich": "feathers, long neck, large",
    "clownfish": "swims, stripes",
    "magpie": "feathers, flies, black and white",
    "shark": "swims, eats meat, large",
    "cow": "four legs, fur, hooves, horns, large",
    "bat": "fur, flies",
    "seal": "fur, swims, eats meat",
}
UNSEEN = {
    "zebra": "four legs, fur, stripes, black and white, hooves, large",
    "orca": "swims, eats meat, black and white, large",
    "penguin": "feathers, swims, eats meat, black and white",
    "swan": "feathers, flies, swims, long neck, large",
}
FEATURES, TRAIN, TEST, RIDGE = 30, 20, 40, 1.0  # measurements; animals of a kind to learn from, and to test


def described(kinds):
    """Descriptions as numbers: 1 where a kind has the property, else -1.  name: properties -> [C, A]"""
    return np.array([[1.0 if each in told.split(", ") else -1.0 for each in PROPERTIES] for told in kinds.values()])


def animals(rng, S, look, mixed, noise, each):
    """Measurements of some animals of each kind.  S: [C, A], look: [C, F], mixed: [A, F] -> [C · each, F]"""
    plain = (S @ mixed + look).repeat(each, axis=0)
    return plain + noise * rng.normal(size=plain.shape)


def detect(x, has):
    """Detectors of properties by ridge regression, with a constant 1 beside x.  [N, F], [N, A] -> W [F + 1, A]"""
    one = np.column_stack([x, np.ones(len(x))])
    return np.linalg.solve(one.T @ one + RIDGE * np.eye(one.shape[1]), one.T @ has)


def fits(x, W, S):
    """How well each description fits each animal.  x: [N, F], S: [C, A] -> [N, C], cosines"""
    return cosine((np.column_stack([x, np.ones(len(x))]) @ W)[:, None], S)


def judge(score, seen, handicap):
    """The kind that fits best, where each kind that was seen starts `handicap` behind.  [N, C] -> [N] indices"""
    return (score - handicap * (np.arange(score.shape[1]) < seen)).argmax(axis=1)


def trial(train, test, S, k, handicap):
    """Learn from the first k kinds, and name the test animals.  train: [C · TRAIN, F], test: [C · TEST, F], S: [C, A]

    -> answers for the new ones among the new kinds, and for all among the new and the k: indices of kinds
    """
    first_new = len(S) - len(UNSEEN)
    W = detect(train[: k * TRAIN], S[:k].repeat(TRAIN, axis=0))
    among = np.r_[:k, first_new : len(S)]
    new = first_new + judge(fits(test[first_new * TEST :], W, S[first_new:]), 0, 0)
    return new, among[judge(fits(test, W, S[among]), k, handicap)]


def demo(
    *,
    seen: Annotated[int, Range(1, 16, label="kinds seen in training")] = 16,
    candidates: Annotated[Literal["new kinds", "all kinds"], Label("it chooses among")] = "new kinds",
    handicap: Annotated[float, Range(0, 0.5, 0.02, label="handicap of the kinds seen")] = 0.0,
    told: Annotated[int, Range(1, 12, label="properties in the descriptions")] = 12,
    own_look: Annotated[float, Range(0, 2, 0.1, label="what descriptions leave out")] = 1.0,
    noise: Annotated[float, Range(0.1, 4, 0.1)] = 2.0,
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
) -> Result:
    """Let it see fewer kinds, and it knows the properties less well by which it would recognize a zebra. Then let it
    choose among all kinds: now it takes many new animals for something that it has seen.

    seen: from how many kinds the detectors are learned; zebra, orca, penguin and swan are never among them
    candidates: whether the answer must be one of the four new kinds, or may be any
    handicap: how much better than a new kind a kind that was seen must fit
    told: how many of the properties are used
    own_look: how much of a kind's look no property tells
    noise: how much animals of a kind differ
    seed: another number draws other measurements
    """
    rng, first_new = np.random.default_rng(seed), len(SEEN)
    S = described(SEEN | UNSEEN)  # the new kinds come last
    mixed, look = rng.normal(size=(len(PROPERTIES), FEATURES)), own_look * rng.normal(size=(len(S), FEATURES))
    train, test = (animals(rng, S, look, mixed, noise, each) for each in (TRAIN, TEST))
    kind, new, ks = np.arange(len(S)).repeat(TEST), slice(first_new * TEST, None), np.arange(1, first_new + 1)
    trials = [trial(train, test, S[:, :told], k, handicap) for k in ks]
    by_k = {
        "new kinds, chosen among new": [100 * (alone == kind[new]).mean() for alone, _ in trials],
        "new kinds, chosen among all": [100 * (found == kind)[new].mean() for _, found in trials],
        "seen kinds, chosen among all": [
            100 * (found == kind)[: k * TEST].mean() for k, (_, found) in zip(ks, trials, strict=True)
        ],
    }
    among_new, new_among_all, old_among_all = (each[seen - 1] for each in by_k.values())
    alone, found = trials[seen - 1]
    now, answers = (among_new, alone) if candidates == "new kinds" else (new_among_all, found[new])
    table = np.array([np.bincount(answers[kind[new] == c], minlength=len(S)) for c in range(first_new, len(S))])
    return Result(
        summary=f"Of animals of four kinds that it has never seen, it names {now:.0f} % rightly, choosing among "
        f"{'the four' if candidates == 'new kinds' else f'all {seen + 4}'}. It learned to detect {told} properties "
        f"from {seen} other kind{'' if seen == 1 else 's'}.",
        numbers={
            "percent of new kinds right": now,
            "percent right among new kinds": among_new,
            "percent of new kinds right among all": new_among_all,
            "percent of seen kinds right among all": old_among_all,
            "percent of new animals taken for a seen kind": 100 * (found[new] < first_new).mean(),
            "percent right by guessing": 100 / (4 if candidates == "new kinds" else seen + 4),
            "harmonic mean of both among all": 2 / (1 / max(new_among_all, 1e-9) + 1 / max(old_among_all, 1e-9)),
        },
        show=[
            axes("Kinds never seen, recognized by their description", "kinds seen in training", "percent right")
            + curves(ks, by_k)
            + point("now", seen, now),
            Heatmap("What the new animals are taken for, in percent", 100 * table / TEST,
                    [*SEEN, *UNSEEN], list(UNSEEN), "answer", "animal"),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
