"""Reward hacking: an agent that is paid by a written score does what the score says, which may not be what was meant.

Notation: to, reward [S, A] as in gridworld_rl; gamma the discount; a reward t steps later counts gamma^t.
A boat should cross the finish. To encourage it, the score also pays for a buoy, which comes back after every visit.
The agent is not trained here: it knows its score and computes the best it can do (value iteration).
Leaves out: how an agent finds such a loophole by trying; how a score could be learned from people instead.

Source: Amodei et al. (2016), https://arxiv.org/abs/1606.06565 (reward hacking)
        Clark & Amodei (2016), https://openai.com/index/faulty-reward-functions/ (a boat race never finished)
"""

from typing import Annotated

import numpy as np

from demos import Heatmap, Range, Result, Series, axes, cloud, curves, point
from demos.gridworld_rl import MOVES, value_iteration

ROWS, COLUMNS, FINISH = 3, 9, 10.0
START, GOAL = COLUMNS, 2 * COLUMNS - 1  # both ends of the middle row
BUOY = 2 * COLUMNS + 3  # in the row above it


def course(bonus, cost):
    """Where each move leads, and what it pays in the written and in the intended score -> three tables [S, A]"""
    to, meant = np.zeros((ROWS * COLUMNS, 4), dtype=int), np.zeros((ROWS * COLUMNS, 4))
    for state in range(ROWS * COLUMNS):
        y, x = divmod(state, COLUMNS)
        for move, (right, up) in enumerate(MOVES):
            to[state, move] = min(max(y + up, 0), ROWS - 1) * COLUMNS + min(max(x + right, 0), COLUMNS - 1)
    to[GOAL] = GOAL  # the race is over
    meant[to == GOAL] = FINISH
    written = meant + bonus * ((to == BUOY) & (to != np.arange(len(to))[:, None])) - cost
    meant[GOAL], written[GOAL] = 0, 0
    return to, written, meant


def drive(Q, to, steps):
    """What an agent does that makes the best move each time -> states [steps + 1], moves [steps]"""
    states, moves = [START], list[int]()
    for _ in range(steps):
        moves.append(int(np.argmax(np.round(Q[states[-1]], 9))))  # rounded, so that ties go to the first move
        states.append(int(to[states[-1], moves[-1]]))
    return np.array(states), np.array(moves)


def returns(states, moves, reward, gamma):
    """The discounted sum of rewards up to each step.  states: [T + 1], moves: [T] -> [T + 1], the first is 0"""
    paid = reward[states[:-1], moves] * gamma ** np.arange(len(moves))
    return np.append(0, paid.cumsum())


def finishes(bonus, cost, gamma):
    """Whether the agent crosses the finish, sooner or later."""
    to, written, _ = course(bonus, cost)
    return bool((drive(value_iteration(to, written, gamma), to, 2 * ROWS * COLUMNS)[0] == GOAL).any())


def threshold(cost, gamma):
    """The bonus above which the agent no longer finishes, without trying.

    Finishing pays 10 in step 8. The loop pays the bonus in step 4 and in every second one after, and always costs.
    """
    finish = FINISH * gamma**7 + cost * gamma**8 / (1 - gamma)  # and what the steps after it would have cost
    return finish * (1 - gamma**2) / gamma**3


def demo(
    *,
    bonus: Annotated[float, Range(0, 4, 0.1, label="bonus for the buoy")] = 2.0,
    gamma: Annotated[float, Range(0.5, 0.98, 0.02, stops=13, label="foresight (discount)")] = 0.9,
    cost: Annotated[float, Range(0, 1, 0.1, stops=6, label="cost of each step")] = 0.0,
    steps: Annotated[int, Range(1, 60, play=True, stops=60, label="steps shown")] = 40,
) -> Result:
    """Lower the bonus until the boat finishes. Then give it more foresight: it turns away from the finish again,
    since whoever looks farther ahead sees that the loop never ends.

    bonus: what the score pays for each visit of the buoy
    gamma: how much a reward one step later counts
    cost: what the score takes away for each step
    steps: how much of the drive is shown
    """
    to, written, meant = course(bonus, cost)
    Q, ideal = (value_iteration(to, reward, gamma) for reward in (written, meant))
    states, moves = drive(Q, to, steps)
    best, _ = drive(ideal, to, steps)
    long, all_moves = drive(Q, to, 600)
    edge, arrived = threshold(cost, gamma), bool((long == GOAL).any())
    took = int((long == GOAL).argmax()) if arrived else 0
    bonuses, counted = np.linspace(0, 4, 21), np.arange(steps + 1)
    tried = [drive(value_iteration(course(b, cost)[0], course(b, cost)[1], gamma), to, 200) for b in bonuses]
    true = [returns(at, made, meant, gamma)[-1] for at, made in tried]
    end = returns(long, all_moves, written, gamma)[-1], returns(long, all_moves, meant, gamma)[-1]
    story = f"finishes after {took} steps" if arrived else "never finishes"
    worth = Q.max(axis=1)
    worth[GOAL] = FINISH - cost  # nothing follows there, so the map shows what it paid to get there
    return Result(
        summary=f"The boat {story} and passes the buoy {int((long[1:601] == BUOY).sum())} times in 600 steps. By the "
        f"written score that is worth {end[0]:.2f}, by the intended one {end[1]:.2f} of {ideal[START].max():.2f}.",
        numbers={
            "steps to the finish, 0 for never": took,
            "visits of the buoy in 600 steps": int((long[1:] == BUOY).sum()),
            "worth by the written score": end[0],
            "worth by the intended score": end[1],
            "best possible by the intended score": ideal[START].max(),
            "bonus above which it never finishes": edge,
        },
        show=[
            Heatmap(
                "The drive, and what each place is worth to the boat",
                worth.reshape(ROWS, COLUMNS),
                np.arange(COLUMNS),
                np.arange(ROWS),
                "column",
                "row",
            )
            + Series("as meant", best % COLUMNS, best // COLUMNS)
            + Series("as driven", states % COLUMNS, states // COLUMNS)
            + cloud("places", [(0, 1), (COLUMNS - 1, 1), (3, 2)], ["start", "finish", "buoy"])
            + cloud("now", [(states[-1] % COLUMNS, states[-1] // COLUMNS)]),
            axes("Both scores on the way", "step", "score so far, discounted")
            + curves(counted, {"written": returns(states, moves, written, gamma)})
            + curves(counted, {"intended": returns(states, moves, meant, gamma)}),
            axes("What a larger bonus does", "bonus for the buoy", "worth of the drive by the intended score")
            + curves(bonuses, {"intended": true})
            + point("now", bonus, end[1]),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
