"""Optimizers: three ways to turn a gradient into a step, racing down the same narrow valley.

Notation: parameter and gradient are arrays of one shape, any; state is what a rule remembers from step to step;
          velocity sums past gradients; m and v average the gradient and its square, t counts steps; c [2] curvatures.
Leaves out: noise from looking at a few examples at a time, weight decay, and schedules for the learning rate.

Source: Polyak (1964), https://doi.org/10.1016/0041-5553(64)90137-5
        Kingma & Ba (2014), algorithm 1, https://arxiv.org/abs/1412.6980
"""

from functools import partial
from typing import Annotated, Any, NamedTuple

import numpy as np

from demos import Heatmap, Range, Result, Series, axes, bars, curves, point
from demos.gradient_descent import bowl, bowl_gradient, out_of_frame, step

LIMIT = 400  # steps of a race
TARGET = 1e-3  # share of the first loss that has to be reached
RATES = np.logspace(-5, 1, 73)  # tried in search of the best one


def sgd(parameter, gradient, state, learning_rate):
    """Plain steps against the gradient, whether it comes from all examples or a few -> new parameter, new state."""
    return step(parameter, gradient, learning_rate), state  # it remembers nothing


def momentum(parameter, gradient, velocity, learning_rate, beta=0.9):
    """Steps against a sum of past gradients, in which old ones fade -> new parameter, new velocity.

    Directions that agree add up to 1 / (1 - beta) times a plain step; those that alternate cancel.
    """
    velocity = beta * velocity + gradient
    return step(parameter, velocity, learning_rate), velocity


def adam(parameter, gradient, state, learning_rate, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    """Steps against the average gradient, divided for each weight by its usual size -> new parameter, new state."""
    t, m, v = state
    t = t + 1
    m = beta_1 * m + (1 - beta_1) * gradient
    v = beta_2 * v + (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1**t)  # m and v start at zero, so early averages are too small by just this factor
    v_hat = v / (1 - beta_2**t)
    return step(parameter, m_hat / (np.sqrt(v_hat) + epsilon), learning_rate), (t, m, v)


# What each rule remembers of an array before its first step; each array of weights needs a state of its own.
START = {"sgd": (), "momentum": 0.0, "adam": (0, 0.0, 0.0)}


def race(rule, state, gradient_of, start, rates, steps=LIMIT, far=1e6):
    """One run for each learning rate, side by side.  start: [n], rates: [L] -> path [steps + 1, L, n], last state.

    A run that gets farther out than `far` stays there: it diverges, and would only overflow later.
    """
    path = [np.tile(start, (len(rates), 1))]
    for _ in range(steps):
        moved, state = rule(path[-1], gradient_of(path[-1]), state, rates[:, None])
        lost = np.linalg.norm(path[-1], axis=1, keepdims=True) > far
        path.append(np.where(lost, path[-1], moved))
    return np.array(path), state


def steps_to(target, loss):
    """After how many steps the loss is below the target for good.  loss: [T + 1, L] -> [L], T if not before."""
    steps = np.arange(1, len(loss) + 1)[:, None]
    return np.minimum(np.where(loss >= target, steps, 0).max(axis=0), len(loss) - 1)


def turned_bowl(c, angle):
    """A bowl turned by so many degrees -> its axes [2, 2], one a row; height and gradient, functions of p [.., 2]."""
    turn = np.radians(angle)
    along = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return along, lambda p: bowl(p @ along.T, c), lambda p: bowl_gradient(p @ along.T, c) @ along


def rules(beta_1, beta_2):
    """The three rules, each with what it remembers before its first step -> {name: (rule, state)}"""
    return {
        "SGD": (sgd, START["sgd"]),
        "momentum": (partial(momentum, beta=beta_1), START["momentum"]),
        "Adam": (partial(adam, beta_1=beta_1, beta_2=beta_2), START["adam"]),
    }


class Trial(NamedTuple):
    """What became of one rule, with your learning rate and with each of RATES."""

    path: np.ndarray  # [T + 1, n] with yours
    left: np.ndarray  # [T + 1] what is left of the first loss on that path
    needs: int  # steps to the target with yours
    tried: np.ndarray  # [73] steps to the target with each of RATES
    moved: float  # how far multiplying the loss moves the path
    state: Any  # what the rule remembers in the end, a row for each run; the last but one is yours


def trial(rule, state, height, gradient, start, learning_rate, loss_times):
    """Try a rule with the loss multiplied: a run for each of RATES, one for yours, and last yours on the plain loss."""
    rates = np.append(RATES, [learning_rate, learning_rate])
    times = np.append(np.full(len(RATES) + 1, loss_times), 1)[:, None]
    path, state = race(rule, state, lambda p: times * gradient(p), start, rates)  # [T + 1, 75, n]
    left = height(path) / height(start)
    steps, moved = steps_to(TARGET, left), np.abs(path[:, -2] - path[:, -1]).max()
    return Trial(path[:, -2], left[:, -2], int(steps[-2]), steps[:-2], moved, state)


def usual_gradient(state, beta_2):
    """The usual size of each weight's gradient, as Adam remembers it from your run.  state: t, m, v -> [2]"""
    t, _, v = state
    return np.sqrt(v[-2] / (1 - beta_2**t))


def per_unit(learning_rate, beta_1, usual):
    """How far one unit of steady gradient moves each of two weights in a step -> {name: [2]}"""
    plain, added_up = learning_rate, learning_rate / (1 - beta_1)
    return {"SGD": [plain, plain], "momentum": [added_up, added_up], "Adam": learning_rate / usual}


def demo(
    *,
    learning_rate: Annotated[float, Range(0.001, 1, 0.001, log=True)] = 0.03,
    loss_times: Annotated[float, Range(0.01, 100, 0.01, log=True, label="loss multiplied by")] = 1.0,
    curvature: Annotated[float, Range(1, 100, 1, label="curvature across")] = 50.0,
    angle: Annotated[float, Range(0, 90, 5, label="angle of the valley")] = 0.0,
    beta_1: Annotated[float, Range(0, 0.99, 0.01, label="memory, beta 1")] = 0.9,
    beta_2: Annotated[float, Range(0.9, 0.9999, 0.0001, label="memory, beta 2")] = 0.999,
) -> Result:
    """Multiply the loss by 100, as a change of units would: plain steps fly out of the valley, and Adam goes where it
    went before. Then turn the valley by 45 degrees: plain steps don't notice, and Adam wants a much larger rate.

    learning_rate: how far a step goes, the same for all three rules
    loss_times: the loss and its gradient are multiplied by this; where the lowest point lies stays
    curvature: how sharply the valley bends across; along it is always 1
    angle: by how many degrees the valley is turned away from the axes
    beta_1: how much of their average of past gradients momentum and Adam keep at each step
    beta_2: how much of its average of past squared gradients Adam keeps at each step
    """
    valley, height, gradient = turned_bowl(np.array([1.0, curvature]), angle)
    start = np.array([2.0, 1.0]) @ valley
    trials = {
        name: trial(rule, state, height, gradient, start, learning_rate, loss_times)
        for name, (rule, state) in rules(beta_1, beta_2).items()
    }
    usual = usual_gradient(trials["Adam"].state, beta_2)
    story = [f"{name} {run.needs if run.needs < LIMIT else f'not in {LIMIT}'}" for name, run in trials.items()]

    title = "The paths down the valley, whose depth is drawn as its square root"
    needed = f"Steps until the loss stays below a thousandth, where {LIMIT} suffice"
    axis, count = np.linspace(-2.5, 2.5, 51), np.arange(0, LIMIT + 1, 2)
    depth = np.sqrt(height(np.stack(np.meshgrid(axis, axis), axis=-1))).round(3)  # [51, 51]
    left = {name: np.where(run.left < 100, run.left, 0)[count] for name, run in trials.items()}
    numbers = {"learning rate above which plain steps diverge": 2 / (curvature * loss_times)}
    for name, run in trials.items():
        numbers |= {
            f"steps to the target, {name}": run.needs,
            f"steps to the target at its best learning rate, {name}": run.tried.min(),
            f"best learning rate of those tried, {name}": RATES[run.tried.argmin()],
            f"how far multiplying the loss moves the path, {name}": run.moved,
        }
    return Result(
        summary=f"Steps to a thousandth of the first loss at learning rate {learning_rate:g}: {', '.join(story)}.",
        numbers={**numbers, "Adam's step per unit of gradient, weight 1 over weight 2": usual[1] / usual[0]},
        show=[
            Heatmap(title, depth, axis, axis, "weight 1", "weight 2")
            + [Series(name, *out_of_frame(run.path[:201], 2.5).T) for name, run in trials.items()],
            axes("What is left of the loss", "step", "share of the first loss", log="y")
            + curves(count, left, above=1e-12),
            axes(needed, "learning rate", "steps", log="xy")
            + [Series(name, RATES[run.tried < LIMIT], run.tried[run.tried < LIMIT]) for name, run in trials.items()]
            + point("now", learning_rate, *(run.needs for run in trials.values() if run.needs < LIMIT)),
            axes("How far one unit of steady gradient moves each weight", y="step per unit of gradient", log="y")
            + bars(["weight 1", "weight 2"], per_unit(learning_rate, beta_1, usual)),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
