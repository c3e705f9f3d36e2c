"""Optimizers: three ways to turn a gradient into a step, racing down the same narrow valley.

Notation: parameter and gradient are arrays of one shape, any; state is what a rule remembers from step to step;
          velocity sums past gradients; m and v average the gradient and its square, t counts steps; c [2] curvatures.
Leaves out: noise from looking at a few examples at a time, weight decay, and schedules for the learning rate.

Source: Polyak (1964), https://doi.org/10.1016/0041-5553(64)90137-5
        Kingma & Ba (2014), algorithm 1, https://arxiv.org/abs/1412.6980
"""

from functools import partial
from typing import Annotated

import numpy as np

from demos import Heatmap, Range, Result, Series, axes, bars, point
from demos.gradient_descent import bowl, bowl_gradient, step, within

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


def trial(rule, state, height, gradient, start, learning_rate, loss_times):
    """One rule with the loss multiplied: a run for each of RATES, one for yours, and last yours on the loss as it was.

    -> path [T + 1, L, n], what is left of the first loss [T + 1, L], steps to the target [L], state in the end
    """
    rates = np.append(RATES, [learning_rate, learning_rate])
    times = np.append(np.full(len(RATES) + 1, loss_times), 1)[:, None]
    path, state = race(rule, state, lambda p: times * gradient(p), start, rates)
    left = height(path) / height(start)
    return path, left, steps_to(TARGET, left), state


def demo(
    *,
    learning_rate: Annotated[float, Range(0.001, 1, 0.001, log=True)] = 0.03,
    loss_times: Annotated[float, Range(0.01, 100, 0.01, log=True)] = 1.0,
    curvature: Annotated[float, Range(1, 100, 1)] = 50.0,
    angle: Annotated[float, Range(0, 90, 5)] = 0.0,
    beta_1: Annotated[float, Range(0, 0.99, 0.01)] = 0.9,
    beta_2: Annotated[float, Range(0.9, 0.9999, 0.0001)] = 0.999,
) -> Result:
    """Multiply the loss by 100, as a change of units would: plain steps fly out of the valley, and Adam goes where it
    went before. Then turn the valley by 45 degrees: plain steps don't notice, and Adam gets stuck for long.

    learning_rate: the same for all three rules
    loss_times: the loss and its gradient are multiplied by this
    curvature: how sharply the valley bends across; along it is always 1
    angle: by how many degrees the valley is turned away from the axes
    beta_1: how much of the past momentum and Adam keep in their average of the gradient
    beta_2: how much of the past Adam keeps in its average of the squared gradient
    """
    valley, height, gradient = turned_bowl(np.array([1.0, curvature]), angle)
    start = np.array([2.0, 1.0]) @ valley
    rules = {
        "SGD": (sgd, START["sgd"]),
        "momentum": (partial(momentum, beta=beta_1), START["momentum"]),
        "Adam": (partial(adam, beta_1=beta_1, beta_2=beta_2), START["adam"]),
    }
    numbers: dict[str, float] = {"learning rate above which plain steps diverge": 2 / (curvature * loss_times)}
    paths, losses, sweeps, needs = [], [], [], {}
    for name, rule in rules.items():
        runs, left, steps, memory = trial(*rule, height, gradient, start, learning_rate, loss_times)
        yours, left, needs[name], tried = runs[:, -2], left[:, -2], int(steps[-2]), steps[:-2]
        numbers |= {
            f"steps to the target, {name}": needs[name],
            f"steps to the target at its best learning rate, {name}": tried.min(),
            f"best learning rate of those tried, {name}": RATES[tried.argmin()],
            f"how far multiplying the loss moves the path, {name}": np.abs(yours - runs[:, -1]).max(),
        }
        count = np.arange(0, LIMIT + 1, 2)
        count = count[(left[count] > 1e-12) & (left[count] < 100)]
        paths.append(Series(name, *within(yours[:201], 2.5).T))
        losses.append(Series(name, count, left[count]))
        sweeps.append(Series(name, RATES[tried < LIMIT], tried[tried < LIMIT]))
    _, _, v = memory  # of Adam, which ran last
    usual = np.sqrt(v[-2] / (1 - beta_2**LIMIT))  # [2], the usual size of each weight's gradient
    moves = {"SGD": [learning_rate] * 2, "momentum": [learning_rate / (1 - beta_1)] * 2, "Adam": learning_rate / usual}
    numbers["Adam's step per unit of gradient, weight 1 over weight 2"] = usual[1] / usual[0]

    story = [f"{name} {steps if steps < LIMIT else f'not in {LIMIT}'}" for name, steps in needs.items()]
    axis = np.linspace(-2.5, 2.5, 51)
    depth = np.sqrt(height(np.stack(np.meshgrid(axis, axis), axis=-1))).round(3)  # [51, 51]
    return Result(
        summary=f"Steps to a thousandth of the first loss at learning rate {learning_rate:g}: {', '.join(story)}.",
        numbers=numbers,
        show=[
            Heatmap(
                "The paths down the valley, whose depth is drawn as its square root",
                depth,
                axis,
                axis,
                "weight 1",
                "weight 2",
            )
            + paths,
            axes("What is left of the loss", "step", "share of the first loss", log="y") + losses,
            axes(
                f"Steps until the loss stays below a thousandth, where {LIMIT} suffice",
                "learning rate",
                "steps",
                log="xy",
            )
            + sweeps
            + point("now", learning_rate, *(steps for steps in needs.values() if steps < LIMIT)),
            axes("How far one unit of steady gradient moves each weight", y="step per unit of gradient", log="y")
            + bars(["weight 1", "weight 2"], moves),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
