"""Choosing a prompt: score several wordings on a few examples, keep the best, and ask how good it really is.

Notation: K prompts, n examples in the small set; skill [R, K] in log-odds, difficulty [R, n]; a prompt is right on an
          example with probability sigmoid(skill - difficulty). R rounds, each with prompts and examples of its own.
No language model runs here: how good the prompts are is drawn at random, so that the truth is known.
Leaves out: how prompts are written or found, prompts that suit some kinds of examples, and answers that vary.

Source: Perez, Kiela & Cho (2021), https://arxiv.org/abs/2105.11447 (choosing prompts with few examples)
        Cawley & Talbot (2010), https://www.jmlr.org/papers/v11/cawley10a.html (what choosing does to a score)
"""

from typing import Annotated

import numpy as np

from demos import Label, Range, Result, axes, bars, curves, point
from demos.neuron import SQUASH

ROUNDS, MOST = 300, 40  # rounds, and prompts in each of them
HARD = np.linspace(-4, 4, 33)  # difficulties over which true scores are averaged
sigmoid = SQUASH["sigmoid"]


def true_scores(skill, spread):
    """The share right on endlessly many examples.  skill: [..], spread of the difficulties -> [..]"""
    weight = np.exp(-(HARD**2) / 2)  # of a normal distribution
    return sigmoid(skill[..., None] - spread * HARD) @ weight / weight.sum()


def small_set(rng, skill, spread, n, same):
    """Each prompt scored on n examples, on the same ones for all or on others for each.  skill: [R, K] -> [R, K]"""
    R, K = skill.shape
    difficulty = spread * rng.normal(size=(R, 1 if same else K, n))
    return (rng.random((R, K, n)) < sigmoid(skill[..., None] - difficulty)).mean(axis=2)


def best_so_far(score):
    """The place of the best among the first 1, 2, … K; of equals the first.  score: [R, K] -> [R, K]"""
    better = np.diff(np.maximum.accumulate(score, axis=1), axis=1, prepend=-1) > 0  # than all before
    return np.maximum.accumulate(better * np.arange(score.shape[1]), axis=1)


def choose(score, truth):
    """For the best of the first 1, 2, … K prompts: the score that chose it, and its true one, averaged.  -> [K], [K]"""
    best = best_so_far(score)
    return tuple(np.take_along_axis(each, best, axis=1).mean(axis=0) for each in (score, truth))


def demo(
    *,
    prompts: Annotated[int, Range(1, 40, label="prompts tried")] = 20,
    examples: Annotated[int, Range(5, 400, 5, log=True, label="examples in the small set", stops=13)] = 30,
    differ: Annotated[float, Range(0, 1, 0.05, label="how much the prompts differ", stops=11)] = 0.25,
    hard: Annotated[float, Range(0, 4, 0.5, label="how much the examples differ", stops=9)] = 2.0,
    same: Annotated[bool, Label("all prompts get the same examples")] = True,
    seed: Annotated[int, Range(0, 20, label="random seed", stops=3)] = 0,
) -> Result:
    """Try more prompts: the score of the winner climbs, and what it is worth on fresh examples climbs far less. Let all
    prompts be equally good, and the winner still looks better than it is.

    prompts: how many wordings are scored
    examples: on how many examples each is scored
    differ: the spread of the prompts' skill, in log-odds; 0 makes all of them equally good
    hard: how much harder some examples are than others, in log-odds
    same: whether all prompts are scored on the same examples, or each on others
    seed: another number draws other prompts and examples
    """
    rng = np.random.default_rng(seed)
    skill = 1.0 + differ * rng.normal(size=(ROUNDS, MOST))
    truth, score = true_scores(skill, hard), small_set(rng, skill, hard, examples, same)
    looks, real = choose(score, truth)
    best = np.maximum.accumulate(truth, axis=1).mean(axis=0)  # by somebody who knew the truth
    at, chosen = prompts - 1, best_so_far(score)[:, prompts - 1]
    wins = truth[np.arange(ROUNDS), chosen] > truth[:, :prompts].max(axis=1) - 1e-9
    first = np.argsort(-score[0, :prompts], kind="stable")[:10]
    percent = {"on the small set": 100 * looks, "on fresh examples": 100 * real}
    return Result(
        summary=f"The best of {prompts} prompt{'' if prompts == 1 else 's'} on {examples} examples scores "
        f"{100 * looks[at]:.1f} % there and {100 * real[at]:.1f} % on fresh ones; a prompt that nobody chose has "
        f"{100 * truth.mean():.1f} %, the truly best one {100 * best[at]:.1f} %.",
        numbers={
            "percent on the small set": 100 * looks[at],
            "percent on fresh examples": 100 * real[at],
            "points too many": 100 * (looks - real)[at],
            "points gained by choosing": round(100 * (real[at] - truth.mean()), 9) + 0.0,
            "percent of the truly best prompt": 100 * best[at],
            "percent of an average prompt": 100 * truth.mean(),
            "percent of rounds in which the truly best wins": 100 * wins.mean(),
            "margin of error of one score, in points": 196 * np.sqrt(truth.mean() * (1 - truth.mean()) / examples),
        },
        show=[
            axes("The best of many prompts", "prompts tried", "percent right")
            + curves(np.arange(1, MOST + 1), percent | {"truly best": 100 * best})
            + point("now", prompts, 100 * looks[at], 100 * real[at]),
            axes("One round: the prompts that scored best", "prompt", "percent right")
            + bars([f"prompt {k + 1}" for k in first], {
                "on the small set": 100 * score[0, first], "on fresh examples": 100 * truth[0, first]}),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
