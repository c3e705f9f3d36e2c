"""Chain of thought: the same model answers at once, or writes down results on the way and goes on from them.

Notation: a problem is n digits to be added up, and only the last digit of the sum is asked for; c digits are added per
          step; a row is what a step must know, a running digit and c digits;  P problems, N examples to learn from.
The model is a lookup table of rows. It knows a row if it met it in its examples, which show all steps, and else it
guesses. What it knows it writes down wrong with the probability `slip`.
Leaves out: language, learning a rule in place of rows, and seeing that a step is wrong and mending it.

Source: Wei et al. (2022), https://arxiv.org/abs/2201.11903 (the prompt)
        Wang et al. (2022), https://arxiv.org/abs/2203.11171 (the vote of several chains)
        Prystawski, Li & Goodman (2023), https://arxiv.org/abs/2304.03843 (steps join what was learned apart)
"""

from typing import Annotated

import numpy as np

from demos import Range, Result, Step, Trace, axes, curves, point

PROBLEMS, DRAWS = 300, 8  # how many problems the model is tested on, and how often each is put to a vote


def pieces(problems, c):
    """A problem in steps of c digits, the last one of what is left.  [P, n] -> list of [P, up to c]"""
    return [problems[:, at : at + c] for at in range(0, problems.shape[1], c)]


def row(running, digits):
    """The number of a row: the digits read as one number, with the running digit in front.  [..], [.., c] -> [..]"""
    c = digits.shape[-1]
    return running * 10**c + digits @ 10 ** np.arange(c - 1, -1, -1, dtype=np.int64)


def learn(examples, c):
    """The rows that solved examples show, for each size of a step.  examples: [N, n] -> {digits: sorted rows}"""
    seen: dict[int, np.ndarray] = {}
    running = np.zeros(len(examples), np.int64)
    for digits in pieces(examples, c):
        size = digits.shape[1]
        seen[size] = np.union1d(seen.get(size, np.array([], np.int64)), row(running, digits))
        running = (running + digits.sum(axis=1)) % 10
    return seen


def think(problems, seen, c, slip):
    """Step by step: with which probability the model writes each digit as its answer.

    problems: [P, n] -> answer [P, 10];  known, the share of its steps that it met in training
    """
    share, known = np.eye(10)[np.zeros(len(problems), int)], []  # before the first step the sum is 0
    for digits in pieces(problems, c):
        rows = row(
            np.arange(10, dtype=np.int64), digits[:, None]
        )  # [P, 10], for each digit that it may have arrived at
        met = np.isin(rows, seen[digits.shape[1]])
        sure, moved = share * met, np.zeros_like(share)
        np.put_along_axis(moved, (np.arange(10) + digits.sum(axis=1)[:, None]) % 10, sure, axis=1)
        known.append(sure.sum(axis=1).mean())
        slips = slip / 9 * (sure.sum(axis=1)[:, None] - moved)  # to any of the nine other digits
        share = (1 - slip) * moved + slips + (share - sure).sum(axis=1)[:, None] / 10
    return share, np.mean(known)


def vote(rng, share, chains):
    """How likely the right digit wins a vote of several chains, ties by lot.  share: [P, 10], right first -> [P]"""
    drawn = (rng.random((len(share), chains, 1)) > share.cumsum(axis=1)[:, None, :-1]).sum(axis=2)  # [P, chains]
    votes = (drawn[..., None] == np.arange(10)).sum(axis=1)
    top = votes == votes.max(axis=1, keepdims=True)
    return top[:, 0] / top.sum(axis=1)


def test(rng, length, examples, c, slip):
    """Learn from examples, solve new problems -> what is written [P, 10], the right digit first; share of steps met"""
    shown, problems = rng.integers(10, size=(examples, length)), rng.integers(10, size=(PROBLEMS, length))
    share, known = think(problems, learn(shown, c), c, slip)
    return np.take_along_axis(share, (problems.sum(axis=1)[:, None] + np.arange(10)) % 10, axis=1), known


def write(rng, problem, seen, c, slip):
    """One chain of steps, drawn as the model would write it.  problem: [n] -> list of Step"""
    running, told = 0, [Step("problem", " + ".join(map(str, problem)) + ", and the last digit of that?")]
    for digits in pieces(problem[None], c):
        right = (running + digits.sum()) % 10
        met = row(running, digits)[0] in seen[digits.shape[1]]
        wrote = int(rng.integers(10)) if not met else int((right + (rng.random() < slip) * rng.integers(1, 10)) % 10)
        remark = "" if wrote == right else ", a slip" if met else ", a guess: it never met this step"
        told.append(Step("model", f"{' + '.join(map(str, [running, *digits[0]]))} ends in {wrote}{remark}"))
        running = wrote
    truth = problem.sum() % 10
    return [*told, Step("answer", f"{running}, {'right' if running == truth else f'and {truth} is right'}")]


def demo(
    *,
    per_step: Annotated[int, Range(1, 10, label="digits added per step")] = 10,
    length: Annotated[int, Range(2, 10, label="digits in a problem")] = 10,
    examples: Annotated[int, Range(10, 10000, 10, log=True, label="solved examples", stops=9)] = 300,
    slip: Annotated[float, Range(0, 0.2, 0.01, label="probability of a slip per step")] = 0.03,
    chains: Annotated[int, Range(1, 25, 2, label="chains that vote")] = 1,
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
) -> Result:
    """All digits in one step: the model guesses. Fewer per step: it knows what to do, and each step is a chance to
    slip. Give it many more examples, and see that the shortest steps are no longer the best.

    per_step: how many digits are added before a result is written down; all of them means to answer at once
    length: how many digits a problem has
    examples: how many problems with all steps written out the model learned from
    slip: how often a step that it knows is written down wrong
    chains: how many chains are drawn, of which the most common answer counts
    seed: another number draws other examples and problems
    """
    per_step = min(per_step, length)

    def measure(n, c):
        return test(np.random.default_rng([seed, n, c]), n, examples, c, slip)

    sizes, lengths, rng = range(1, length + 1), range(1, 11), np.random.default_rng(seed)
    written, known = zip(*(measure(length, c) for c in sizes), strict=True)
    one = 100 * np.array([each[:, 0].mean() for each in written])  # [length]
    voted = 100 * np.array([vote(rng, each.repeat(DRAWS, axis=0), chains).mean() for each in written])
    single = [100 * measure(n, 1)[0][:, 0].mean() for n in lengths]
    at_once = [100 * measure(n, n)[0][:, 0].mean() for n in lengths]
    seen = learn(rng.integers(10, size=(examples, length)), per_step)
    steps, at = -(-length // per_step), per_step - 1
    rows = 10 ** (per_step + (steps > 1))
    return Result(
        summary=f"Adding {per_step} of {length} digits per step, the model is right on {one[at]:.0f} % of problems. "
        f"A step is one of {rows:,}, and of those it needs it met {known[at]:.0%}. With one digit per step it is right "
        f"on {one[0]:.0f} %, all at once on {one[-1]:.0f} %.",
        numbers={
            "percent right": one[at],
            "percent right by vote": voted[at],
            "percent right with one digit per step": one[0],
            "percent right at once": one[-1],
            "best percent right of any step size": one.max(),
            "digits per step that do best": int(one.argmax()) + 1,
            "steps written": steps,
            "rows a step can be": rows,
            "percent of needed steps met in training": 100 * known[at],
        },
        show=[
            axes("Short steps are known, few steps are safe", "digits added per step", "percent right")
            + curves(sizes, {"one chain": one} | ({f"vote of {chains}": voted} if chains > 1 else {}))
            + point("now", per_step, one[at]),
            axes("Longer problems", "digits in a problem", "percent right")
            + curves(lengths, {"one digit per step": single, "at once": at_once})
            + point("now", length, one[at]),
            Trace("One of them", write(rng, rng.integers(10, size=length), seen, per_step, slip)),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
