"""Transfer learning: a network that has learned to read 0 to 4 goes on to 5 to 9 with few labeled pictures.

Notation: x [N, P] pictures, P pixels; kind [N] from 0 to 9; H hidden units; S learners side by side, fed the same;
          weights: W1 [S, P, H] and b1 [S, 1, H] of the body, W2 [S, H, 10] and b2 [S, 1, 10] of the head.
Leaves out: momentum, convolution, and choosing rate or steps for each learner by validation.

Source: Yosinski, Clune, Bengio & Lipson (2014), https://arxiv.org/abs/1411.1792 (frozen and fine-tuned copies)
        McCloskey & Cohen (1989), https://doi.org/10.1016/S0079-7421(08)60536-8 (what is learned later wipes out)
"""

from functools import lru_cache
from typing import Annotated

import numpy as np

from demos import Heatmap, Label, Range, Result, Series, axes, curves
from demos.gradient_descent import step
from demos.parts.canvas import SIDE, placed, sheet
from demos.parts.measured import digits
from demos.softmax import softmax

HELD_OUT, HIDDEN = 400, 32  # pictures of new digits to test on; units of the body
PRETRAINING, PAST_RATE, BATCH = 300, 1.0, 64  # steps before the new digits come, and their learning rate
STEPS, EVERY, FEW = 100, 10, 32  # steps on the new digits, after how many the learners are tested; size of a batch
LEARNERS = {"from scratch": (1, 1), "frozen body": (0, 1), "fine-tuned": (1, 1)}  # do body and head move?


def first_weights(rng, pixels, hidden=HIDDEN):
    """Random weights for the body, zeros for the head and the biases -> W1, b1, W2, b2, with S = 1"""
    W1 = rng.normal(scale=np.sqrt(2 / pixels), size=(1, pixels, hidden))
    return [W1, *(np.zeros((1, *shape)) for shape in ((1, hidden), (hidden, 10), (1, 10)))]


def network(weights, x):
    """x: [N, P] -> what the body makes of it [S, N, H], scores of ten digits [S, N, 10]"""
    W1, b1, W2, b2 = weights
    hidden = np.maximum(x @ W1 + b1, 0)
    return hidden, hidden @ W2 + b2


def choice(kind, all_ten):
    """What is added to the scores [N, 10]: minus infinity for the digits that the picture is known not to show.

    Unless it is all ten, 0 to 4 and 5 to 9 are two tasks, each with a head of its own, and it is told which is asked.
    """
    other_task = np.arange(10) // 5 != (kind // 5)[:, None]
    return np.where(other_task & (not all_ten), -np.inf, 0)


def gradient(weights, x, kind, all_ten=False):
    """The derivative of the cross-entropy, a mean over the pictures -> one array for each of the weights"""
    hidden, scores = network(weights, x)
    slope = (softmax(scores + choice(kind, all_ten)) - np.eye(10)[kind]) / len(x)  # [S, N, 10]
    back = slope @ weights[2].swapaxes(1, 2) * (hidden > 0)  # [S, N, H]
    sums = [each.sum(axis=1, keepdims=True) for each in (back, slope)]
    return [x.T @ back, sums[0], hidden.swapaxes(1, 2) @ slope, sums[1]]


def accuracy(weights, x, kind, all_ten=False):
    """The share of pictures that each learner reads rightly -> [S]"""
    return ((network(weights, x)[1] + choice(kind, all_ten)).argmax(axis=-1) == kind).mean(axis=-1)


def moved(weights, gradients, rates):
    """One step of gradient descent, each learner at its own rates.  rates: [S, 2], of body and head"""
    rate = np.array(rates)[:, [0, 0, 1, 1], None, None]
    return [step(*each, rate[:, i]) for i, each in enumerate(zip(weights, gradients, strict=True))]


@lru_cache(maxsize=1)
def data():
    """Pictures at random places, and their digits: old to learn, old to test, new to learn, new to test."""
    rng, (pictures, kind) = np.random.default_rng(0), digits()
    old, new = (rng.permutation(np.flatnonzero(kind // 5 == task)) for task in (0, 1))
    parts = [np.tile(old[:-300], 4), old[-300:], new[:-HELD_OUT], new[-HELD_OUT:]]  # each old one at four places
    return [(placed(rng, pictures[part]), kind[part]) for part in parts]


@lru_cache(maxsize=20)
def pretrained(seed):
    """A network that has learned 0 to 4, and the random one that it was made of."""
    rng, (x, kind) = np.random.default_rng(seed), data()[0]
    weights = start = first_weights(rng, x.shape[1])
    for _ in range(PRETRAINING):
        batch = rng.integers(len(x), size=BATCH)
        weights = moved(weights, gradient(weights, x[batch], kind[batch]), [(PAST_RATE, PAST_RATE)])
    return weights, start


@lru_cache(maxsize=50)  # a page that moves along the steps asks for the same learners again
def adapted(labels, learning_rate, replay, all_ten, seed):
    """Three learners on the same batches of new digits -> their accuracy on new and old ones, each [tests, S]

    replay: the share of old pictures among those of each batch
    """
    (x_old, old), old_test, (x_new, new), new_test = data()
    rng, (past, start) = np.random.default_rng(seed), pretrained(seed)
    weights = [np.concatenate(each) for each in zip(start, past, past, strict=True)]
    rates, again = learning_rate * np.array(list(LEARNERS.values())), round(replay * FEW)
    found = []
    for t in range(STEPS + 1):
        if t % EVERY == 0:
            found.append([accuracy(weights, x, kind, all_ten) for x, kind in (new_test, old_test)])
        i, j = rng.integers(labels, size=FEW - again), rng.integers(len(old), size=again)
        x, kind = np.concatenate([x_new[i], x_old[j]]), np.concatenate([new[i], old[j]])
        weights = moved(weights, gradient(weights, x, kind, all_ten), rates)
    return np.array(found).swapaxes(0, 1)


def demo(
    *,
    labels: Annotated[int, Range(5, 400, 5, stops=5, label="labeled pictures of new digits")] = 100,
    steps: Annotated[int, Range(0, 100, 10, play=True, label="steps on the new digits")] = 100,
    learning_rate: Annotated[float, Range(0.01, 2, 0.01, log=True, stops=5, label="learning rate")] = 0.5,
    replay: Annotated[float, Range(0, 0.75, 0.25, stops=4, label="share of old pictures mixed in")] = 0.0,
    all_ten: Annotated[bool, Label("choose among all ten digits")] = False,
    seed: Annotated[int, Range(0, 10, stops=3, label="random seed")] = 0,
) -> Result:
    """Give fewer labels and more: with few the frozen body leads, with many fine-tuning. With many and a rate of 1,
    what is learned from scratch overtakes the frozen body. Then ask for all ten digits at once, and watch the old ones.

    labels: how many pictures of 5 to 9 come with their digit
    steps: how long the three learners have learned from them
    learning_rate: how far each step on the new digits goes
    replay: how much of each batch shows 0 to 4, which the network learned before
    all_ten: with it the network is not told whether the digit is one of 0 to 4 or of 5 to 9
    seed: another number draws other first weights and batches
    """
    new, old = adapted(labels, learning_rate, replay, all_ten, seed)
    now, at = steps // EVERY, np.arange(0, STEPS + 1, EVERY)
    (x, kind), head, (scratch, frozen, tuned) = data()[2], 5 * (HIDDEN + 1), new[now]
    return Result(
        summary=f"After {steps} steps on {labels} labeled pictures, the fine-tuned network reads {tuned:.0%} of the "
        f"new digits, the frozen body with a new head {frozen:.0%}, and the network from scratch {scratch:.0%}. Of the "
        f"old ones the fine-tuned network reads {old[now, 2]:.0%}; it was {old[0, 2]:.0%}.",
        numbers={
            **{f"accuracy on new digits, {name}": new[now, i] for i, name in enumerate(LEARNERS)},
            **{f"accuracy on old digits, {name}": old[now, i] for i, name in enumerate(LEARNERS) if i},
            "accuracy on old digits before": old[0, 2],
            "lead of fine-tuned over scratch, in points": 100 * (tuned - scratch),
            "lead of the frozen body over scratch, in points": 100 * (frozen - scratch),
            "lead of the frozen body over fine-tuned, in points": 100 * (frozen - tuned),
            "weights of the network": SIDE * SIDE * HIDDEN + HIDDEN + 2 * head,
            "weights of a new head": head,
        },
        show=[
            axes("Accuracy on pictures that were held out", "steps on the new digits", "accuracy")
            + curves(at, {f"{name}, 5 to 9": new[:, i] for i, name in enumerate(LEARNERS)})
            + curves(at, {f"{name}, 0 to 4": old[:, i] for i, name in enumerate(LEARNERS) if i})
            + Series("now", [steps] * 5, [*new[now], *old[now, 1:]], "points"),
            Heatmap(
                f"The first six labeled pictures: {', '.join(map(str, kind[:6]))}",
                sheet(x[:6].reshape(2, 3, SIDE, SIDE)), range(3 * SIDE + 2), range(2 * SIDE + 1)[::-1],
            ),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
