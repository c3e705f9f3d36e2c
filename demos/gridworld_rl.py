"""Reinforcement learning: try moves, collect rewards, and write down what each move turned out to be worth.

Notation: S states (cells), A = 4 moves; to [S, A] where a move leads; reward [S, A] what it pays; Q [S, A] the worth of
a move as learned so far; gamma the discount, alpha the learning rate, epsilon the share of random moves.
The world is the cliff walk of Sutton & Barto (2018), example 6.6: each step costs 1; a step off the cliff costs 100 and
leads back to the start. Nobody tells the learner where the cliff or the goal is.
Leaves out: a network in place of the table, which worlds with too many states for a table need.

Source: Watkins & Dayan (1992), https://doi.org/10.1007/BF00992698 (Q-learning)
        Sutton & Barto (2018), http://incompleteideas.net/book/the-book-2nd.html (SARSA, the cliff walk)
"""

import random
from typing import Annotated, Literal

import numpy as np

from demos import Heatmap, Label, Range, Result, Series, axes, cloud, curves

ROWS, COLUMNS, MOST = 4, 12, 400  # the map, and steps after which an episode is broken off
MOVES = [(0, 1), (1, 0), (0, -1), (-1, 0)]  # up, right, down, left
START, GOAL, CLIFF = 0, COLUMNS - 1, range(1, COLUMNS - 1)  # the lowest row, from left to right
RULES = ["Q-learning", "SARSA"]


def world():
    """The cliff walk -> to [S, A], reward [S, A]; the goal leads to itself and pays nothing."""
    to, reward = np.zeros((ROWS * COLUMNS, 4), dtype=int), np.full((ROWS * COLUMNS, 4), -1.0)
    for state in range(ROWS * COLUMNS):
        y, x = divmod(state, COLUMNS)
        for move, (right, up) in enumerate(MOVES):
            there = min(max(y + up, 0), ROWS - 1) * COLUMNS + min(max(x + right, 0), COLUMNS - 1)
            to[state, move], reward[state, move] = (START, -100) if there in CLIFF else (there, -1)
    to[GOAL], reward[GOAL] = GOAL, 0
    return to, reward


def value_iteration(to, reward, gamma, sweeps=2000):
    """The best possible worth of every move, for whoever knows the world.  to, reward: [S, A] -> Q [S, A]"""
    Q = np.zeros_like(reward)
    for _ in range(sweeps):
        better = reward + gamma * Q.max(axis=1)[to]  # Bellman's equation, used as an instruction
        if np.abs(better - Q).max() < 1e-12:
            break
        Q = better
    return Q


def choose(rng, worth, epsilon):
    """A random move with probability epsilon, otherwise one that is worth most.  worth: [A] -> move"""
    if rng.random() < epsilon:
        return rng.randrange(4)
    best = max(worth)
    return rng.choice([move for move in range(4) if worth[move] == best])


def target(rule, reward, gamma, worth, move):
    """What the last move turned out to be worth.  worth: [A] of the next state, move: the one made there"""
    return reward + gamma * (max(worth) if rule == "Q-learning" else worth[move])


def learn(rng, rule, episodes, epsilon, alpha, gamma):
    """Walk and learn from each step -> Q [S, A], reward of each episode"""
    to, reward = (table.tolist() for table in world())
    Q, totals = [[0.0] * 4 for _ in to], list[float]()
    for _ in range(episodes):
        state, total = START, 0.0
        move = choose(rng, Q[state], epsilon)
        for _ in range(MOST):
            following, pay = to[state][move], reward[state][move]
            planned = choose(rng, Q[following], epsilon)
            error = target(rule, pay, gamma, Q[following], planned) - Q[state][move]
            Q[state][move] += alpha * error  # a step towards what has been seen
            state, total = following, total + pay
            if state == GOAL:
                break
            move = choose(rng, Q[state], epsilon) if rule == "Q-learning" else planned  # SARSA keeps to its plan
        totals.append(total)
    return np.array(Q), np.array(totals)


def walk(Q):
    """Where the moves worth most lead -> states, ending at the goal or where they go in circles"""
    to, path = world()[0], [START]
    while path[-1] != GOAL and len(path) <= ROWS * COLUMNS:
        path.append(int(to[path[-1], Q[path[-1]].argmax()]))
    return path


def smooth(values, window=20):
    """The average of each value and those before it, at most `window` in all.  values: [N] -> [N]"""
    sums, count = np.cumsum(np.append(0, values)), np.arange(1, len(values) + 1)
    first = np.maximum(count - window, 0)
    return (sums[count] - sums[first]) / (count - first)


def demo(
    *,
    episodes: Annotated[int, Range(5, 500, 5, play=True, stops=34, label="episodes of practice")] = 300,
    rule: Annotated[Literal["Q-learning", "SARSA"], Label("learning rule on the map")] = "Q-learning",
    epsilon: Annotated[float, Range(0, 0.5, 0.05, stops=6, label="share of random moves")] = 0.1,
    alpha: Annotated[float, Range(0.1, 1, 0.1, stops=4, label="learning rate")] = 0.2,
    gamma: Annotated[float, Range(0.5, 1, 0.05, stops=4, label="discount")] = 1.0,
    seed: Annotated[int, Range(0, 20, stops=4, label="random seed")] = 0,
) -> Result:
    """Play the practice: at first the path is lost, then it hugs the cliff. Change to SARSA: it walks a detour, and
    collects more reward while it learns. Take the random moves away, and both find the shortest path.

    episodes: how often the learner walks from the start until it reaches the goal
    rule: Q-learning judges a move by the best that could follow, SARSA by what really follows
    epsilon: how often a random move is made instead of the one that looks best
    alpha: how far the worth of a move goes towards what was just seen
    gamma: how much a reward one step later counts
    seed: another number draws other random moves
    """
    found = {name: learn(random.Random(seed), name, episodes, epsilon, alpha, gamma) for name in RULES}
    paths = {name: walk(found[name][0]) for name in RULES}
    steps = {name: len(path) - 1 if path[-1] == GOAL else 0 for name, path in paths.items()}
    late = {name: found[name][1][-100:].mean() for name in RULES}
    worth = found[rule][0].max(axis=1)
    worth[list(CLIFF)] = worth.min()  # nobody ever stands there
    y, x = np.divmod(np.array(paths[rule]), COLUMNS)
    there = f"a path of {steps[rule]} steps" if steps[rule] else "no path to the goal"
    return Result(
        summary=f"After {episodes} episodes {rule} knows {there}. In the last {min(episodes, 100)} episodes Q-learning "
        f"collected {late['Q-learning']:.1f} on average, and SARSA {late['SARSA']:.1f}.",
        numbers={
            "steps of the path that is shown": steps[rule],
            **{f"steps of the path, {name}": steps[name] for name in RULES},
            **{f"reward per episode at the end, {name}": late[name] for name in RULES},
            "reward of the first episode": found[rule][1][0],
            "worth of the start, learned": found[rule][0][START].max(),
            "worth of the start, best possible": value_iteration(world()[0], world()[1], gamma)[START].max(),
        },
        show=[
            Heatmap("What the best move from each cell seems to be worth, and where that leads",
                    worth.reshape(ROWS, COLUMNS), np.arange(COLUMNS), np.arange(ROWS), "column", "row")
            + Series("path", x, y)
            + cloud("cliff", [(x, 0) for x in CLIFF])
            + cloud("start and goal", [(0, 0), (COLUMNS - 1, 0)], ["start", "goal"]),
            axes("Reward while learning, average of 20 episodes", "episode", "reward per episode")
            + curves(np.arange(1, episodes + 1), {name: smooth(found[name][1]) for name in RULES}),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
