"""Generative model: learn what pictures of each digit look like, well enough to draw new ones; then ask it to read.

Notation: x [N, D] pictures of D = 64 cells, kind [N] from 0 to 9; for each kind a Gaussian: mean m [D], k directions
          V [D, k] in which pictures vary most, the variances w [k] along them, and one variance `rest` for all others.
Leaves out: how often each digit occurs, as all are about equally common; mixtures, and all that deep networks add.

Source: Tipping & Bishop (1999), https://doi.org/10.1111/1467-9868.00196 (probabilistic principal components)
        Ng & Jordan (2001), https://papers.nips.cc/paper/2001/hash/7b7a53e239400a13bd6be6c91c4f6c4e-Abstract.html
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated

import numpy as np

from demos import Heatmap, Pixels, Range, Result, axes, bars, curves, point
from demos.optimizers import momentum
from demos.parts.canvas import sheet
from demos.parts.measured import digits
from demos.softmax import softmax

HELD_OUT, SIZES = 500, (50, 150, 500, 1000)  # pictures to test on; of the sets to learn from
FLOOR = 0.01  # variance added to every cell, for those that have been white in all pictures seen


@lru_cache(maxsize=1)
def data():
    """Shuffled digits -> pictures to learn from and their kinds, pictures to test on and theirs"""
    x, kind = digits()
    order = np.random.default_rng(0).permutation(len(x))
    x, kind = x.reshape(len(x), -1)[order], kind[order]
    return x[:-HELD_OUT], kind[:-HELD_OUT], x[-HELD_OUT:], kind[-HELD_OUT:]


def directions(x, floor=FLOOR):
    """The mean, and all directions with their variances, the largest first.  x: [N, D] -> m [D], w [D], V [D, D]"""
    mean = x.mean(axis=0)
    w, V = np.linalg.eigh((x - mean).T @ (x - mean) / len(x) + floor * np.eye(x.shape[1]))
    V *= np.sign(V[np.abs(V).argmax(axis=0), np.arange(len(w))])  # the same way round on every machine
    return mean, w[::-1], V[:, ::-1]


def cut(mean, w, V, k):
    """Keep k directions; the others share what variance is left -> m, w [k], V [D, k], rest"""
    return mean, w[:k], V[:, :k], w[k:].mean()


def log_density(x, model):
    """How likely the model finds each picture, a logarithm.  x: [N, D] -> [N]"""
    mean, w, V, rest = model
    along = (x - mean) @ V  # [N, k]
    apart = ((x - mean) ** 2).sum(axis=1) - (along**2).sum(axis=1)  # squared length of what the k directions miss
    volume = np.log(w).sum() + (len(mean) - len(w)) * np.log(rest) + len(mean) * np.log(2 * np.pi)
    return -((along**2 / w).sum(axis=1) + apart / rest + volume) / 2


def drawn(model, rng, n):
    """New pictures: the mean, and a random amount of each direction; without the even noise of the rest.  -> [n, D]"""
    mean, w, V, rest = model
    return mean + rng.normal(size=(n, len(w))) * np.sqrt(np.maximum(w - rest, 0)) @ V.T


def read(x, models):
    """Bayes' theorem: the share of each kind in all that could have made the picture.  -> [N, K]"""
    return softmax(np.stack([log_density(x, model) for model in models], axis=1))


def completed(x, known, model):
    """The likeliest other cells, given those that are known.  x: [D], known: [D] bool -> x with the others filled in"""
    mean, w, V, rest = model
    covariance = V * (w - rest) @ V.T + rest * np.eye(len(x))
    pull = np.linalg.solve(covariance[np.ix_(known, known)], (x - mean)[known])
    return np.where(known, x, mean + covariance[:, known] @ pull)


def discriminative(x, kind, steps=150):
    """Softmax regression: only which digit it is, not what it looks like.  -> W [D + 1, 10], the last row the biases"""
    x, right, kept = np.column_stack([x, np.ones(len(x))]), np.eye(10)[kind], np.append(np.ones(x.shape[1]), 0)
    W = velocity = np.zeros((x.shape[1], 10))
    for _ in range(steps):
        gradient = x.T @ (softmax(x @ W) - right) + kept[:, None] * W  # large weights cost, biases don't
        W, velocity = momentum(W, gradient / len(x), velocity, 0.4, 0.95)
    return W


@lru_cache(maxsize=20)  # a page that moves along k asks for the same ones again
def learned(examples):
    """What so many pictures teach -> the directions of each kind, and the weights of the discriminative model"""
    x, kind = (part[:examples] for part in data()[:2])
    return [directions(x[kind == digit]) for digit in range(10)], discriminative(x, kind)


def rival(x, W):
    """What the discriminative model thinks of each picture.  x: [N, D] -> [N, 10]"""
    return softmax(x @ W[:-1] + W[-1])


def judged(examples, k):
    """After so many pictures -> the ten models, the rival's weights, and the share of fresh pictures each reads."""
    every, W = learned(examples)
    models, (*_, x, kind) = [cut(mean, w, V, k) for mean, w, V in every], data()
    return models, W, [(beliefs.argmax(axis=1) == kind).mean() for beliefs in (read(x, models), rival(x, W))]


def own_density(x, kind, models):
    """How likely each picture is to the model of its kind, and how likely that model's mean is -> two times [N]"""
    every = np.stack([log_density(x, model) for model in models], axis=1)
    means = np.concatenate([log_density(model[0][None], model) for model in models])
    return every[np.arange(len(x)), kind], means[kind]


def demo(
    *,
    k: Annotated[int, Range(0, 40, label="directions in which a digit may vary")] = 10,
    digit: Annotated[int, Range(0, 9, label="digit to draw")] = 3,
    examples: Annotated[int, Range(50, 1250, 50, stops=5, label="pictures to learn from")] = 500,
    seed: Annotated[int, Range(0, 20, stops=5, label="random seed")] = 0,
    drawing: Annotated[Sequence[Sequence[float]], Pixels(8, 8, label="a digit of your own to read")] = (),
) -> Result:
    """Take all directions away: the model draws one blurred digit again and again, and reads worse than its rival. Add
    them one by one, and it draws digits that nobody wrote. Then draw one yourself, and let both read it.

    k: how many ways to differ from the mean the model knows of each digit
    digit: which one it draws
    examples: how many labeled pictures of all ten digits both models learn from
    seed: another number draws other pictures
    drawing: a picture of yours in place of a held-out one
    """
    models, W, (ours, theirs) = judged(examples, k)
    x, kind, fresh, fresh_kind = data()
    real, half = fresh[fresh_kind == digit], np.arange(64) < 32
    own = np.clip(drawn(models[digit], np.random.default_rng(seed), 200), 0, 1)
    ends = [completed(each, half, models[digit]) for each in real[:8]]
    asked = np.array([np.ravel(drawing)]) if len(drawing) else real[:1]
    by_size = np.array([judged(size, k)[-1] for size in SIZES])
    before, (now, blur) = own_density(x[:examples], kind[:examples], models)[0], own_density(fresh, fresh_kind, models)
    meant = (rival(own, W).argmax(axis=1) == digit).mean()
    return Result(
        summary=f"From {examples} pictures the generative model reads {ours:.1%} of those held out, the "
        f"discriminative one {theirs:.1%}. It also draws: of 200 times a {digit} its rival reads {meant:.0%} as meant.",
        numbers={
            "accuracy, generative": ours,
            "accuracy, discriminative": theirs,
            "lead of the generative model, in points": 100 * (ours - theirs),
            "share of drawn pictures read as meant": meant,
            "log-density of pictures learned from": before.mean(),
            "log-density of held-out pictures": now.mean(),
            "share of held-out pictures likelier than the mean picture": (now > blur).mean(),
            "numbers in the generative model": 10 * (64 + 65 * k + 1),
            "numbers in the discriminative model": W.size,
        },
        show=[
            Heatmap(
                f"Real {digit}s, drawn ones, and real ones whose lower half the model filled in",
                sheet(np.clip([real[:8], own[:8], ends], 0, 1).reshape(3, 8, 8, 8)), range(71), range(26)[::-1],
            ),
            axes("Accuracy on pictures that were held out", "pictures to learn from", "accuracy", "x")
            + curves(SIZES, {"generative": by_size[:, 0], "discriminative": by_size[:, 1]})
            + point("now", examples, ours, theirs),
            axes("Which digit is it?", "digit", "probability")
            + bars(
                [*map(str, range(10))],
                {"generative": read(asked, models)[0], "discriminative": rival(asked, W)[0]},
            ),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
