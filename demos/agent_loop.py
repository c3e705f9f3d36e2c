"""AI agent: a loop that looks at what is known, picks a tool, reads what comes back, and goes on until done.

Notation: n tool calls a task needs; p probability that a call fails, q part of the failures that nobody notices,
e = p (1 - q) probability of an error message; r retries of one call, M steps at most, a step being one call.
Loop, tools, failures and scoring are real. The policy, which in an agent is a language model, is a scripted stand-in:
it always knows the right next step, so all that can go wrong here are the tools.
Leaves out: a policy that may itself choose wrongly, and planning.

Source: Yao et al. (2022), https://arxiv.org/abs/2210.03629 (thought, action, observation)
"""

import json
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Literal

import numpy as np

from demos import Range, Result, Step, Trace, axes, columns, curves, point
from demos.tool_calling import Tool, run_call

PRICES = {  # in cents
    "apple": 45, "beans": 189, "bread": 320, "butter": 279, "carrots": 149, "cheese": 410, "eggs": 365, "fish": 890,
    "flour": 119, "garlic": 85, "honey": 549, "leek": 135, "milk": 128, "oil": 799, "onions": 169, "pepper": 249,
    "potatoes": 299, "rice": 229, "salt": 59, "yeast": 39,
}  # fmt: skip
TASKS = 200


@dataclass(frozen=True)
class Thought:
    """What the policy decided, and why: to make a call and remember its result as `note`; or to answer; or to stop."""

    why: str
    call: str | None = None
    note: str = ""
    answer: int | None = None


@dataclass(frozen=True)
class Run:
    """How one task ended; each thought that led to a call, with what came back; and the last thought."""

    ended: Literal["answered", "gave up", "out of steps"]
    steps: list[tuple[Thought, str]]
    last: Thought


def flaky(function, failure, silent, rng):
    """The same tool, but failing at random: mostly with an error, and in a part of the cases by a wrong number."""

    def tool(**arguments):
        if rng.random() >= failure:
            return function(**arguments)
        if rng.random() >= silent:
            raise TimeoutError("no answer")
        return function(**arguments) + 1  # nothing tells the caller

    return tool


def toolbox(failure, silent, rng):
    """What the agent may use: a price list and an adding machine, neither of them reliable -> name -> Tool"""
    return {
        "price": Tool(
            flaky(lambda item: PRICES[item], failure, silent, rng),
            {"item": {"type": "string", "enum": list(PRICES)}},
        ),
        "add": Tool(
            flaky(lambda total, price: total + price, failure, silent, rng),
            {"total": {"type": "integer"}, "price": {"type": "integer"}},
        ),
    }


def policy(goal, notes, errors, retries):
    """Scripted, in place of a language model: what next, seeing what is known?  -> Thought

    goal: items to buy; notes: the results of calls so far; errors: how often in a row the last call has failed.
    """
    if errors > retries:
        return Thought("It failed too often.")
    again = "Once more: " if errors else ""
    for item in goal:
        if item not in notes:
            return Thought(f"{again}I need the price of {item}.", write("price", item=item), item)
    total = notes[goal[0]]
    for item in goal[1:]:
        note = f"total with {item}"
        if note not in notes:
            return Thought(f"{again}I add the {item}.", write("add", total=total, price=notes[item]), note)
        total = notes[note]
    return Thought("I have the total.", answer=total)


@lru_cache(maxsize=10_000)  # the same few calls are written thousands of times
def write(tool, **arguments):
    """A call as the text that a model would write."""
    return json.dumps({"tool": tool, "arguments": arguments})


def run_agent(goal, tools, retries, max_steps):
    """The loop: think, act, observe, until the policy stops or the steps are used up -> Run"""
    notes: dict[str, int] = {}
    errors, steps = 0, list[tuple[Thought, str]]()
    while True:
        thought = policy(goal, notes, errors, retries)
        if thought.call is None:
            return Run("gave up" if thought.answer is None else "answered", steps, thought)
        if len(steps) == max_steps:  # the loop decides this, not the policy: a model might go on for ever
            return Run("out of steps", steps, thought)
        observed = run_call(thought.call, tools)
        steps.append((thought, observed.text))
        if observed.ended == "done":
            notes[thought.note], errors = observed.value, 0
        else:
            errors += 1


def calls_needed(items):
    """One look-up for each item, and one addition for each but the first."""
    return 2 * items - 1


def chance(calls, failure, silent, retries, max_steps):
    """Probability that a task ends with the right answer, without running it.

    One call comes out right at try j with probability e^(j-1) (1 - p). Tries of independent calls add up, so their
    distributions are convolved, and whatever takes more than max_steps is lost. Without that limit the sum is
    ((1 - p) (1 - e^(r+1)) / (1 - e))^n.
    """
    error = failure * (1 - silent)
    tries = np.append(0, (1 - failure) * error ** np.arange(retries + 1))  # [r + 2]: probability of 0, 1, 2, … tries
    used = np.ones(1)  # before the first call: no steps, for certain
    for _ in range(calls):
        used = np.convolve(used, tries)[: max_steps + 1]
    return float(used.sum())


def simulate(rng, items, failure, silent, retries, max_steps, tasks=TASKS):
    """Run the agent on random shopping lists -> their goals and Runs"""
    tools, names = toolbox(failure, silent, rng), list(PRICES)
    goals = [[names[i] for i in rng.permutation(len(names))[:items]] for _ in range(tasks)]
    return goals, [run_agent(goal, tools, retries, max_steps) for goal in goals]


def solved(goal, run):
    """Whether the answer is the true total."""
    return run.last.answer == sum(PRICES[item] for item in goal)


def endings(goals, runs):
    """How the tasks ended -> {ending: number of tasks}, adding up to all of them."""
    right, ended = sum(map(solved, goals, runs)), Counter(run.ended for run in runs)
    return {
        "right answer": right,
        "wrong answer, unnoticed": ended["answered"] - right,
        "gave up": ended["gave up"],
        "out of steps": ended["out of steps"],
    }


@lru_cache(maxsize=100)  # a page that moves another control asks for most of them again
def percent_measured(seed, items, *setting):
    """The percent of random tasks that the agent solves.  setting: failure, silent, retries, max_steps"""
    return 100 * sum(map(solved, *simulate(np.random.default_rng(seed), items, *setting))) / TASKS


def percent_exact(calls, failure, silent, retries, max_steps):
    """The same percentage without running anything.  calls or failure may be an array [N] -> [N]"""
    return 100 * np.vectorize(chance, otypes=[float])(calls, failure, silent, retries, max_steps)


def counted(number, one, many):
    """A number with its noun: 1 call, 2 calls."""
    return f"{number} {one if number == 1 else many}"


def transcript(goal, run, most=10):
    """One run as steps to show; of a long one only the beginning and the end."""
    left_out = max(len(run.steps) - most, 0)
    lines = [Step("reader", f"What do these cost together: {', '.join(goal)}?")]
    for place, (thought, observed) in enumerate(run.steps):
        if not left_out or place < most - 2 or place >= len(run.steps) - 2:
            lines += [Step("scripted policy", f"{thought.why} {thought.call}"), Step("tool", observed)]
        elif place == most - 2:
            lines.append(Step("…", counted(left_out, "more step", "more steps")))
    if run.ended == "gave up":
        return [*lines, Step("scripted policy", f"{run.last.why} I give up.")]
    if run.ended == "out of steps":
        return [*lines, Step("loop", "Out of steps.")]
    truth = sum(PRICES[item] for item in goal)
    verdict = "right" if solved(goal, run) else f"wrong, it is {truth}: a tool gave a wrong number and no error"
    return [*lines, Step("scripted policy", f"They cost {run.last.answer} cents together."), Step("check", verdict)]


def demo(
    *,
    failure: Annotated[float, Range(0, 0.9, 0.05, stops=10, label="chance of failure")] = 0.1,
    items: Annotated[int, Range(1, 10, stops=5, label="items on the list")] = 5,
    silent: Annotated[float, Range(0, 1, 0.1, stops=6, label="silent failures")] = 0.2,
    retries: Annotated[int, Range(0, 5, label="retries per call")] = 1,
    max_steps: Annotated[int, Range(1, 60, stops=6, label="most calls allowed")] = 15,
    seed: Annotated[int, Range(0, 20, stops=3, label="random seed")] = 0,
) -> Result:
    """Nine calls of which one in ten fails: with no retries, most tasks are lost. Retries win nearly all of them back
    when no failure is silent. Make all of them silent, and no number of retries helps: the agent never learns of one.

    failure: the probability that a call fails
    items: things on the shopping list; each must be looked up, and each but the first added
    silent: the part of the failures that return a wrong number and no error
    retries: how often the agent repeats a call that reported an error
    max_steps: how many calls the agent may make before it is stopped
    seed: another number draws other shopping lists and failures
    """
    task, setting = calls_needed(items), (failure, silent, retries, max_steps)
    goals, runs = simulate(np.random.default_rng(seed), items, *setting)
    ended = endings(goals, runs)
    share = {ending: 100 * tasks / TASKS for ending, tasks in ended.items()}
    right, wrong, gave_up, stopped = ended.values()

    measured = {calls_needed(each): percent_measured(seed, each, *setting) for each in (1, 2, 3, 5, 8)}
    lengths, odds = calls_needed(np.arange(1, 11)), np.linspace(0, 0.9, 46)
    tried = {f"exact, {counted(r, 'retry', 'retries')}": r for r in sorted({0, retries})}
    by_length = {name: percent_exact(lengths, failure, silent, r, max_steps) for name, r in tried.items()}
    by_failure = {name: percent_exact(task, odds, silent, r, max_steps) for name, r in tried.items()}
    return Result(
        summary=f"The task takes {counted(task, 'call', 'calls')}, each failing with probability {failure:.2f}. "
        f"The agent solves {right} of {TASKS} tasks, answers {wrong} wrongly, gives up on {gave_up} and runs out "
        f"of steps on {stopped}.",
        numbers={
            "calls needed": task,
            "percent solved": share["right answer"],
            "percent solved, exact": percent_exact(task, *setting),
            "percent answered wrong": share["wrong answer, unnoticed"],
            "percent given up": share["gave up"],
            "percent out of steps": share["out of steps"],
            "calls per task": sum(len(run.steps) for run in runs) / TASKS,
        },
        show=[
            Trace("The first task", transcript(goals[0], runs[0])),
            axes("Longer tasks succeed less often", "calls the task needs", "percent of tasks solved")
            + curves(list(measured), {f"measured on {TASKS} tasks": list(measured.values())}, "points")
            + curves(lengths, by_length),
            axes(
                f"The same {counted(task, 'call', 'calls')} with better and worse tools",
                "probability that a call fails",
                "percent of tasks solved",
            )
            + curves(odds, by_failure)
            + point(f"measured on {TASKS} tasks", failure, share["right answer"]),
            columns("How the tasks ended", ["ending", "tasks"], [list(ended), list(ended.values())]),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
