"""Preference data: which of two answers is better? Many such votes, each of them uncertain, give every answer a score.

Notation: K answers with true scores s [K]; V votes; winner, loser [V]; r [K] scores learned from the votes.
Leaves out: answers described by features or read by a network, with which a reward model also scores new answers.

Source: Bradley & Terry (1952), https://doi.org/10.1093/biomet/39.3-4.324 (the model)
        Elo (1978), The Rating of Chessplayers (points moved after each game)
"""

from typing import Annotated

import numpy as np

from demos import Range, Result, Series, axes, cloud, columns, curves
from demos.activation_functions import sigmoid

PRIOR = 0.05  # how firmly scores are held near zero, so that an answer that never lost stays finite


def vote(rng, scores, votes, flipped):
    """Random pairs, judged by noisy people.  scores: [K], flipped: share cast at random -> winner, loser [V]"""
    K = len(scores)
    first = rng.integers(0, K, size=votes)
    second = (first + rng.integers(1, K, size=votes)) % K  # another one
    wins = rng.random(votes) < sigmoid(scores[first] - scores[second])
    careless, coin = rng.random(votes) < flipped, rng.random(votes) < 0.5
    wins = np.where(careless, coin, wins)
    return np.where(wins, first, second), np.where(wins, second, first)


def loss_and_gradient(r, winner, loser):
    """Minus the logarithm of how likely the votes are, plus the prior, and its slope.  r: [K] -> number, [K]"""
    ahead = r[winner] - r[loser]
    missing = 1 - sigmoid(ahead)  # how far each vote is from being expected
    gradient = PRIOR * r
    np.add.at(gradient, winner, -missing)
    np.add.at(gradient, loser, missing)
    return np.logaddexp(0, -ahead).sum() + PRIOR * (r @ r) / 2, gradient


def fit(winner, loser, K, steps=30):
    """The scores that make the votes most likely, by Newton's method.  winner, loser: [V] -> r [K], zero on average"""
    r = np.zeros(K)
    for _ in range(steps):
        weight = sigmoid(r[winner] - r[loser]) * sigmoid(r[loser] - r[winner])  # [V]
        H = PRIOR * np.eye(K)
        for i, j, sign in ((winner, winner, 1), (loser, loser, 1), (winner, loser, -1), (loser, winner, -1)):
            np.add.at(H, (i, j), sign * weight)
        step = np.linalg.solve(H, loss_and_gradient(r, winner, loser)[1])
        r = r - step
        if np.abs(step).max() < 1e-10:
            break
    return r


def elo(winner, loser, K, k_factor=16.0):
    """Ratings that change with each vote, as in chess: the winner takes points from the loser -> ratings [V + 1, K]"""
    ratings = np.full((len(winner) + 1, K), 1000.0)
    for vote, (won, lost) in enumerate(zip(winner, loser, strict=True)):
        surprise = 1 - expected(ratings[vote, won] - ratings[vote, lost])
        ratings[vote + 1] = ratings[vote]
        ratings[vote + 1, won] += k_factor * surprise
        ratings[vote + 1, lost] -= k_factor * surprise
    return ratings


def expected(difference):
    """The share of games that a player this many points ahead should win; 400 points are odds of ten to one."""
    return 1 / (1 + 10 ** (-difference / 400))


def right_order(scores, r):
    """The percent of all pairs that r puts in the true order; equals count as wrong.  [K] both -> a number"""
    i, j = np.triu_indices(len(scores), 1)
    return 100 * ((scores[i] - scores[j]) * (r[i] - r[j]) > 0).mean()


def agreement(scores, flipped):
    """How often two people who judge the same pair cast the same vote, in percent, on average over all pairs."""
    i, j = np.triu_indices(len(scores), 1)
    p = (1 - flipped) * sigmoid(scores[i] - scores[j]) + flipped / 2
    return 100 * (p**2 + (1 - p) ** 2).mean()


def demo(
    *,
    votes: Annotated[int, Range(10, 1000, 10, play=True, stops=34, label="votes")] = 200,
    flipped: Annotated[float, Range(0, 1, 0.1, label="share of careless votes")] = 0.1,
    answers: Annotated[int, Range(3, 16, label="answers")] = 8,
    spread: Annotated[float, Range(0.5, 6, 0.5, label="best minus worst score")] = 3.0,
    seed: Annotated[int, Range(0, 20, stops=4, label="random seed")] = 0,
) -> Result:
    """Play the votes: after some dozens the order is roughly right. Make a third of them careless: the order survives,
    and all scores move closer together.

    votes: how many times somebody said which of two answers is better
    flipped: the share of votes that are cast without looking, at random
    answers: how many answers are compared
    spread: how far the best answer is above the worst; at 3 it wins 95 percent of the careful votes against it
    seed: another number draws other pairs and votes
    """
    true = spread * (np.arange(answers) / (answers - 1) - 0.5)
    winner, loser = vote(np.random.default_rng(seed), true, 1000, flipped)
    r, ratings = fit(winner[:votes], loser[:votes], answers), elo(winner[:votes], loser[:votes], answers)
    tried = np.unique(np.append(np.geomspace(10, max(votes, 11), 20).astype(int), votes))
    order = [right_order(true, fit(winner[:v], loser[:v], answers)) for v in tried]
    slope = (true @ r) / (true @ true)
    names, agreed = [f"answer {k + 1}" for k in range(answers)], 100 * (r[winner[:votes]] > r[loser[:votes]]).mean()
    won, lost = (np.bincount(side[:votes], minlength=answers) for side in (winner, loser))
    return Result(
        summary=f"From {votes} votes on {answers} answers, the learned scores put {right_order(true, r):.0f} percent "
        f"of the pairs in the true order. They agree with {agreed:.0f} percent of the votes; two people would agree on "
        f"{agreement(true, flipped):.0f} percent.",
        numbers={
            "percent of pairs in the right order": right_order(true, r),
            "the same for Elo ratings": right_order(true, ratings[-1]),
            "percent of votes that the scores agree with": agreed,
            "percent on which two people agree": agreement(true, flipped),
            "learned spread, compared with the true one": slope,
            "loss per vote": np.logaddexp(0, r[loser[:votes]] - r[winner[:votes]]).mean(),
            "best answer found": int(r.argmax() == answers - 1),
        },
        show=[
            axes("Scores learned from votes alone", "true score", "learned score")
            + Series("as true", true[[0, -1]], true[[0, -1]])
            + cloud("answers", np.stack([true, r], axis=1), [str(k + 1) for k in range(answers)]),
            axes("How many votes does the order take?", "votes", "percent of pairs in the right order", log="x")
            + curves(tried, {"right order": order}),
            axes("Elo ratings after each vote", "votes", "rating")
            + curves(np.arange(votes + 1), {name: ratings[:, k] for k, name in enumerate(names)}),
            columns("The votes", ["answer", "won", "lost", "score"], [names, won, lost, r.round(2)]),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
