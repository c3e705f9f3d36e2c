"""Checkpoint: stop a training run, keep its state, and go on as if nothing had happened; or keep too little of it.

Notation: X [N, D] inputs, y [N] targets, p [D] weights of a linear model; t steps taken. The state of a run is its
          weights, what the optimizer remembers, t (which sets the learning rate), and the random generator.
Leaves out: files. Here the checkpoint is a copy in memory; demos/parts/checkpoints.py writes one that survives a crash.

Source: https://docs.pytorch.org/tutorials/recipes/recipes/saving_and_loading_a_general_checkpoint.html
"""

from typing import Annotated, Any, Literal, NamedTuple

import numpy as np

from demos import Label, Range, Result, axes, columns, curves, point
from demos.loss_functions import squared_slope
from demos.optimizers import START, adam, momentum, sgd
from demos.stochastic_gradient_descent import best_line, loss_above_lowest

ROWS, WEIGHTS, BATCH, STEPS = 256, 8, 16, 200
RULES = {  # each with what it remembers at first, and a learning rate that suits it
    "SGD": (sgd, START["sgd"], 0.06),
    "momentum": (momentum, START["momentum"], 0.006),
    "Adam": (adam, START["adam"], 0.1),
}
TYPES = {"64 bits": np.float64, "32 bits": np.float32, "16 bits": np.float16}


class State(NamedTuple):
    """All that decides how a run goes on."""

    p: Any  # [D]
    memory: Any  # what the optimizer remembers: nothing, an array, or Adam's t, m and v
    t: int
    generator: Any  # the state of the random generator that draws the batches


def data(rng):
    """Rows around a linear function of inputs of very different size -> X [N, D], y [N]"""
    X = rng.normal(size=(ROWS, WEIGHTS)) * np.geomspace(0.3, 3, WEIGHTS)
    return X, X @ rng.normal(size=WEIGHTS) + rng.normal(scale=0.5, size=ROWS)


def learning_rate_at(t, peak):
    """A schedule: it falls along a straight line from the peak to zero."""
    return peak * max(0, 1 - t / STEPS)


def train(state, X, y, rule, peak, until):
    """Steps from a state until step `until` -> the weights after each [until - t, D], the state at the end"""
    rng = np.random.default_rng()
    rng.bit_generator.state = state.generator
    p, memory, path = state.p, state.memory, []
    for t in range(state.t, until):
        rows = rng.choice(len(X), BATCH, replace=False)
        gradient = (squared_slope(X[rows] @ p - y[rows])[:, None] * X[rows]).mean(axis=0)
        p, memory = rule(p, gradient, memory, learning_rate_at(t, peak))
        path.append(p)
    return np.array(path).reshape(-1, len(p)), State(p, memory, max(until, state.t), rng.bit_generator.state)


def fresh(seed, memory):
    """The state before the first step; the seed decides the batches."""
    return State(np.zeros(WEIGHTS), memory, 0, np.random.default_rng(seed).bit_generator.state)


def rounded(thing, kind):
    """Arrays as they come back from numbers of fewer bits; the count of steps is a whole number and stays."""
    if isinstance(thing, tuple):
        return tuple(rounded(part, kind) for part in thing)
    return thing if isinstance(thing, int) else np.asarray(thing).astype(kind).astype(float)


def restored(state, start, kind, memory, step, order):
    """What comes back from a checkpoint with these parts in it; what is missing is as before the first step."""
    remembered = rounded(state.memory, kind) if memory else start.memory
    t, generator = state.t if step else 0, state.generator if order else start.generator
    return State(rounded(state.p, kind), remembered, t, generator)


def twice(optimizer, X, y, stop_at, kind, **saved):
    """A run without a stop, and one that resumes -> weights after each step [STEPS, D] of both, state at the stop"""
    rule, nothing, peak = RULES[optimizer]
    start = fresh(1, nothing)
    whole, _ = train(start, X, y, rule, peak, STEPS)
    first, state = train(start, X, y, rule, peak, stop_at)
    back = restored(state, start, kind, **saved)
    rest, _ = train(back, X, y, rule, peak, back.t + STEPS - stop_at)
    return whole, np.concatenate([first, rest]), state


def size_of(thing):
    """How many numbers there are in an array, or in a tuple of arrays and numbers."""
    return sum(size_of(part) for part in thing) if isinstance(thing, tuple) else np.size(thing)


def demo(
    *,
    stop_at: Annotated[int, Range(10, 190, 10, label="stop after steps")] = 120,
    optimizer: Literal["SGD", "momentum", "Adam"] = "Adam",
    memory: Annotated[bool, Label("save memory")] = True,
    step: Annotated[bool, Label("save step")] = True,
    order: Annotated[bool, Label("save generator")] = True,
    stored_in: Annotated[Literal["64 bits", "32 bits", "16 bits"], Label("stored in")] = "64 bits",
) -> Result:
    """With all of it saved the two runs are one, to the last bit. Leave out what Adam remembers and the loss mostly
    jumps; leave out the number of the step and the learning rate starts anew.

    stop_at: after how many of 200 steps the run is stopped and goes on from its checkpoint
    optimizer: the rule that makes steps of gradients
    memory: whether its averages of past gradients are in the checkpoint
    step: whether the checkpoint says how many steps were taken; the learning rate falls from step to step
    order: whether the state of the random generator is in it, which draws the batches
    stored_in: how many bits each weight and each average has in the checkpoint
    """
    X, y = data(np.random.default_rng(0))
    whole, resumed, state = twice(optimizer, X, y, stop_at, TYPES[stored_in], memory=memory, step=step, order=order)
    best, apart = best_line(X, y), np.abs(resumed - whole).max(axis=1)
    above = {run: loss_above_lowest(path, X, best) for run, path in (("uninterrupted", whole), ("resumed", resumed))}
    parts = {
        "weights": size_of(state.p),
        "what the optimizer remembers": size_of(state.memory) * memory,
        "number of the step": int(step),
        "random generator": 4 * order,  # two numbers of 128 bits
    }
    said = "the same to the last bit" if not apart.any() else f"up to {apart.max():.1g} apart in a weight"
    return Result(
        summary=f"Stopped after {stop_at} of {STEPS} steps and resumed, the runs are {said}. In the end the loss is "
        f"{above['resumed'][-1]:.2g} above the lowest, and {above['uninterrupted'][-1]:.2g} without a stop.",
        numbers={
            "largest difference between the weights": apart.max(),
            "the same to the last bit": int(not apart.any()),
            **{f"loss above the lowest at the end, {run}": loss[-1] for run, loss in above.items()},
            **{f"highest above the lowest after the stop, {run}": loss[stop_at:].max() for run, loss in above.items()},
            "numbers in the checkpoint": sum(parts.values()),
        },
        show=[
            axes("Loss above the lowest, run through and resumed", "step", "loss above the lowest", log="y")
            + curves(np.arange(1, STEPS + 1), above)
            + point("stop", stop_at, above["uninterrupted"][stop_at - 1]),
            axes("How far the weights of the two runs are apart", "step", "largest difference, at least 10⁻¹⁸", log="y")
            + curves(np.arange(1, STEPS + 1), {"difference": np.maximum(apart, 1e-18)}),
            columns("What is in the checkpoint", ["part", "numbers"], [list(parts), list(parts.values())]),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
