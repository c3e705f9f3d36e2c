"""Exploration and exploitation: pull the arm that looks best, or one about which more is still to be learned?

Notation: K arms, N games side by side, T pulls; chance [K] the true chance of each arm to pay 1, unknown to the player;
wins, pulls [N, K] so far. Regret: what the best arm would have paid on average, minus what the arms pulled would have.
Leaves out: arms that change over time, and states, in which an action decides what can be done next.

Source: Auer, Cesa-Bianchi & Fischer (2002), https://doi.org/10.1023/A:1013689704352 (UCB1, the bound on its regret)
        Thompson (1933), https://doi.org/10.2307/2332286 (draw from the posterior)
"""

from functools import lru_cache, partial
from typing import Annotated

import numpy as np

from demos import Range, Result, axes, bars, curves

GAMES = 50
RULES = ["epsilon-greedy", "UCB1", "Thompson sampling"]


def best_of(rng, values):
    """The arm with the highest value in each game; among equals a random one.  values: [N, K] -> [N]"""
    return (values + 1e-9 * rng.random(values.shape)).argmax(axis=1)


def averages(wins, pulls):
    """What each arm has paid per pull so far; an arm never pulled gets 2, more than any can pay.  [N, K] -> [N, K]"""
    return (wins + 2 * (pulls == 0)) / np.maximum(pulls, 1)


def epsilon_greedy(rng, wins, pulls, epsilon):
    """A random arm with probability epsilon, otherwise the best so far.  -> arms [N]"""
    games, K = wins.shape
    random = (K * rng.random(games)).astype(int)
    return np.where(rng.random(games) < epsilon, random, best_of(rng, averages(wins, pulls)))


def ucb1(rng, wins, pulls):
    """The arm that could be best: its average plus what few pulls leave unknown -> arms [N]"""
    t = pulls[0].sum()  # the same in every game
    doubt = np.sqrt(2 * np.log(max(t, 1)) / np.maximum(pulls, 1))
    return best_of(rng, averages(wins, pulls) + doubt)


def thompson(rng, wins, pulls):
    """Imagine for each arm a chance that fits what was seen, and pull the arm that is best in this draw -> arms [N]"""
    return rng.beta(1 + wins, 1 + pulls - wins).argmax(axis=1)  # from a uniform prior, a beta distribution


def play(rng, rule, chance, T, games):
    """Play `games` games of T pulls -> regret after each pull [games, T], pulls [games, K]"""
    wins, pulls = np.zeros((games, len(chance))), np.zeros((games, len(chance)))
    luck = rng.spawn(1)[0].random((T, games))  # so that a longer game starts as a shorter one
    pulled, rows = np.empty((T, games), dtype=int), len(chance) * np.arange(games)
    for t in range(T):
        pulled[t] = arm = rule(rng, wins, pulls)
        wins.ravel()[rows + arm] += luck[t] < chance[arm]
        pulls.ravel()[rows + arm] += 1
    return (chance.max() - chance[pulled]).cumsum(axis=0).T, pulls


@lru_cache(maxsize=100)  # a page that moves one control asks for the other rules again
def played(name, chance, T, seed, epsilon=0.0):
    """Games by one rule, each rule with random numbers of its own -> what play() says"""
    rules = {"UCB1": ucb1, "Thompson sampling": thompson, "epsilon-greedy": partial(epsilon_greedy, epsilon=epsilon)}
    return play(np.random.default_rng(seed), rules[name], np.array(chance), T, GAMES)


def arms_with(K, gap):
    """Chances of K arms: the best pays 0.6, the next best `gap` less, the others less and less -> tuple [K]"""
    return (0.6, *(round(0.6 - gap - (0.5 - gap) * other / K, 4) for other in range(K - 1)))


def lower_bound(chance):
    """What regret grows by per unit of ln T, at least, for rules that do well on all machines (Lai and Robbins)"""
    best, others = max(chance), np.array([each for each in chance if each < max(chance)])
    divergence = others * np.log(others / best) + (1 - others) * np.log((1 - others) / (1 - best))
    return ((best - others) / divergence).sum()


def demo(
    *,
    epsilon: Annotated[float, Range(0, 1, 0.05, stops=21, label="share of random pulls")] = 0.1,
    pulls: Annotated[int, Range(100, 2000, 100, play=True, stops=10, label="pulls")] = 500,
    gap: Annotated[float, Range(0.02, 0.3, 0.02, stops=4, label="lead of the best arm")] = 0.1,
    arms: Annotated[int, Range(2, 12, stops=4, label="arms")] = 5,
    seed: Annotated[int, Range(0, 20, stops=3, label="random seed")] = 0,
) -> Result:
    """Take the random pulls away: some games never find the best arm, and the loss grows for ever. Pull at random all
    the time: nothing is ever used. UCB1 and Thompson sampling explore less and less by themselves.

    epsilon: how often the epsilon-greedy player pulls a random arm instead of the best so far
    pulls: how many pulls a game has
    gap: by how much more often the best arm pays than the next best
    arms: how many arms there are
    seed: another number draws other games
    """
    chance, counted = arms_with(arms, gap), np.arange(1, pulls + 1)
    games = {RULES[0]: played(RULES[0], chance, pulls, seed, epsilon)}
    games |= {name: played(name, chance, pulls, seed) for name in RULES[1:]}
    lost = {name: regret.mean(axis=0) for name, (regret, _) in games.items()}  # [T] each
    shares = {name: 100 * often.mean(axis=0) / pulls for name, (_, often) in games.items()}  # [K] each
    missed = {name: 100 * (often.argmax(axis=1) > 0).mean() for name, (_, often) in games.items()}
    spread = {name: np.sort(regret[:, -1]) for name, (regret, _) in games.items()}  # [games] each
    ends = [f"{name} {each[-1]:.0f}" for name, each in lost.items()]
    return Result(
        summary=f"Wins lost in {pulls} pulls against always pulling the best of {arms} arms, on average over {GAMES} "
        f"games: {', '.join(ends)}. Pulling at random would lose {pulls * (max(chance) - np.mean(chance)):.0f}.",
        numbers={
            **{f"wins lost, {name}": each[-1] for name, each in lost.items()},
            **{f"percent of pulls on the best arm, {name}": each[0] for name, each in shares.items()},
            **{f"percent of games with another favorite, {name}": each for name, each in missed.items()},
            "wins lost by pulling at random": pulls * (max(chance) - np.mean(chance)),
            "smallest growth of the loss in the long run, per unit of ln T": lower_bound(chance),
        },
        show=[
            axes("What was lost so far against the best arm", "pull", "expected wins lost (regret)")
            + curves(counted, lost),
            axes("Luck: the games from the best to the worst", "game", "expected wins lost at the end")
            + curves(np.arange(1, GAMES + 1), spread),
            axes("Who pulled which arm", "arm, and how often it pays", "percent of pulls")
            + bars([f"{arm}: {each:.2f}" for arm, each in enumerate(chance, start=1)], shares),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
