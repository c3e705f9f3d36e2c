"""Foundation model in miniature: one body, trained once on something broad, and a small head for each of many jobs.

Notation: x [N, P] pictures of handwritten digits at random places; F [N, H] what the body makes of them, H = 32;
          a head is a weighted sum of F for each answer, w [H, A], fitted to few labeled pictures in one step.
The body is the first layer of the network in demos/transfer.py. It learns to name digits; no job asks for that but one.
Leaves out: text, size, learning without labels, and prompts, by which large models take on jobs without any head.

Source: Bommasani et al. (2021), On the Opportunities and Risks of Foundation Models, https://arxiv.org/abs/2108.07258
"""

from functools import lru_cache
from typing import Annotated

import numpy as np

from demos import Heatmap, Range, Result, axes, bars, columns
from demos.parts.canvas import SIDE, placed, sheet
from demos.parts.measured import digits, standard
from demos.transfer import first_weights, gradient, moved, network

STEPS, BATCH, LABELED, HELD_OUT = 300, 64, 400, 400  # of pretraining; pictures for all jobs to learn from; to test on
PENALTY = 10.0  # what large weights of a head cost
JOBS = {
    "even or odd": lambda digit, place: digit % 2,
    "with a loop": lambda digit, place: np.isin(digit, (0, 6, 8, 9)).astype(int),
    "above 4": lambda digit, place: (digit > 4).astype(int),
    "which digit": lambda digit, place: digit,
    "left or right": lambda digit, place: (place > SIDE / 2).astype(int),
}  # from what is on a picture to the right answer, a whole number


@lru_cache(maxsize=1)
def data():
    """Pictures and their digits: for pretraining, for the jobs, to test on; no picture of a digit is in two of them."""
    rng, (pictures, kind) = np.random.default_rng(0), digits()
    order = rng.permutation(len(kind))
    parts = np.tile(order[: -LABELED - HELD_OUT], 4), order[-LABELED - HELD_OUT : -HELD_OUT], order[-HELD_OUT:]
    return [(placed(rng, pictures[part]), kind[part]) for part in parts]


def center(x):
    """How far to the right the ink stands, on average.  x: [N, P] -> [N] columns from the left edge"""
    ink = x.reshape(-1, SIDE, SIDE).sum(axis=1)
    return ink @ (np.arange(SIDE) + 0.5) / ink.sum(axis=1)


@lru_cache(maxsize=30)
def pretrained(kinds, seed):
    """A body that has learned to name the first so many kinds of digits, by gradient descent -> weights; 0: random"""
    rng, (x, kind) = np.random.default_rng(seed), data()[0]
    weights, shown = first_weights(rng, x.shape[1]), np.flatnonzero(kind < kinds)
    for _ in range(STEPS if kinds else 0):
        batch = rng.choice(shown, size=BATCH)
        weights = moved(weights, gradient(weights, x[batch], kind[batch], all_ten=True), [(1.0, 1.0)])
    return weights


def head(F, answer, fresh):
    """Fit a head to labeled pictures by ridge regression, and ask it.  F: [N, H], answer: [N], fresh: [M, H] -> [M]"""
    wanted, A = np.eye(answer.max() + 1)[answer], standard(F, F)  # one column for each answer, and 1 at the right one
    w = np.linalg.solve(A.T @ A + PENALTY * np.eye(A.shape[1]), A.T @ (wanted - wanted.mean(axis=0)))
    return (standard(fresh, F) @ w + wanted.mean(axis=0)).argmax(axis=1)


def tried(body, labels):
    """The share of fresh pictures that a head gets right on each job.  body: function from pictures to F -> [jobs]"""
    _, (x, kind), (fresh, truth) = data()
    F, asked, places = body(x[:labels]), body(fresh), (center(x[:labels]), center(fresh))
    return np.array(
        [(head(F, job(kind[:labels], places[0]), asked) == job(truth, places[1])).mean() for job in JOBS.values()]
    )


def demo(
    *,
    kinds: Annotated[int, Range(0, 10, 2, label="kinds of digits in pretraining")] = 10,
    labels: Annotated[int, Range(20, 400, 20, stops=6, label="labeled pictures for each job")] = 100,
    seed: Annotated[int, Range(0, 10, stops=3, label="random seed")] = 0,
) -> Result:
    """Let the body learn fewer kinds of digits, down to none: four jobs, one of them its own, get worse, and the fifth
    hardly notices. Then give each job fewer labels.

    kinds: how many digits, from 0 on, the body learned to name; with 0 it is as random as it began
    labels: how many labeled pictures each job has
    seed: another number starts from other weights
    """
    weights = pretrained(kinds, seed)
    ours, plain = tried(lambda x: network(weights, x)[0][0], labels), tried(lambda x: x, labels)
    x, kind = data()[1]
    W1, b1, *_ = weights
    body, heads = W1.size + b1.size, (b1.size + 1) * (10 + 2 * (len(JOBS) - 1))  # one job has ten answers
    return Result(
        summary=f"On a body that has learned {kinds} kinds of digits, heads with {labels} labels each are right on "
        f"{ours[:4].mean():.0%} of pictures in the mean of the first four jobs, and on {plain[:4].mean():.0%} without "
        f"a body, from bare pixels. On the fifth, where the digit stands, it is {ours[4]:.0%} and {plain[4]:.0%}.",
        numbers={
            **{f"accuracy, {name}": ours[i] for i, name in enumerate(JOBS)},
            **{f"accuracy from pixels, {name}": plain[i] for i, name in enumerate(JOBS)},
            "mean gain over pixels on the first four jobs, in points": 100 * (ours - plain)[:4].mean(),
            "weights of the body": body,
            "weights of all five heads": heads,
            "weights of five separate networks": len(JOBS) * body + heads,
        },
        show=[
            axes("Five jobs, each with a small head", "job", "accuracy on 400 held-out pictures")
            + bars(list(JOBS), {"one body for all": ours, "bare pixels": plain}),
            Heatmap(
                f"Six labeled pictures: {', '.join(map(str, kind[:6]))}",
                sheet(x[:6].reshape(2, 3, SIDE, SIDE)), range(3 * SIDE + 2), range(2 * SIDE + 1)[::-1],
            ),
            columns("What the jobs ask of them", ["digit", *JOBS],
                    [kind[:6].tolist(), *(job(kind[:6], center(x[:6])).tolist() for job in JOBS.values())]),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
