"""Neural network: a layer of neurons distorts the plane, one more cuts it, and gradient descent sets every weight.

Notation: x [N, 2] points, label [N] 0 or 1, H hidden units, S starts that learn side by side and never meet;
          weights: W1 [S, 2, H] and b1 [S, 1, H] of the hidden layer, W2 [S, H, 1] and b2 [S, 1, 1] of the output.
Leaves out: more than one hidden layer, looking at a few points at a time, and faster ways to descend.

Source: Rumelhart, Hinton & Williams (1986), https://doi.org/10.1038/323533a0
        Goodfellow, Bengio & Courville (2016), Deep Learning, chapter 6, https://www.deeplearningbook.org/
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np

from demos import Edge, Graph, Heatmap, Label, Node, Points, Range, Result, Series, axes, cloud, columns, curves
from demos.autograd import Tensor
from demos.gradient_descent import step
from demos.neuron import boundary, neuron
from demos.parts.datasets import moons, spirals, xor

SQUASH = {"tanh": Tensor.tanh, "relu": Tensor.relu}
DATA = {"xor": xor, "moons": moons, "spirals": spirals}
POINTS, FRESH, STARTS, SHOWN = 80, 400, 6, 6


def moved(rng, x, label, n, noise=0.15):
    """n of the points, chosen at random and moved a little -> x [n, 2], label [n].  x: [N, 2], label: [N]

    noise: standard deviation of the move, that of the clouds of xor
    """
    chosen = rng.integers(len(x), size=n)
    return x[chosen] + rng.normal(scale=noise, size=(n, 2)), label[chosen]


def first_weights(rng, hidden, starts=STARTS):
    """Random weights, biases of zero -> W1, b1, W2, b2.  Had all units the same weights, they would stay the same."""
    return [
        rng.normal(scale=np.sqrt(1 / 2), size=(starts, 2, hidden)),  # the scale keeps sums near 1, however many inputs
        np.zeros((starts, 1, hidden)),
        rng.normal(scale=np.sqrt(1 / hidden), size=(starts, hidden, 1)),
        np.zeros((starts, 1, 1)),
    ]


def network(x, weights, squash):
    """x: [N, 2] -> scores [S, N, 1]; above zero means label 1.  weights: W1, b1, W2, b2 as tensors."""
    W1, b1, W2, b2 = weights
    hidden = neuron(x, W1, b1, squash)  # [S, N, H]: one formula, with a column of weights for each unit
    return hidden @ W2 + b2  # without a squash: the sigmoid that makes it a probability is part of the loss


def loss_of(scores, label):
    """Cross-entropy: minus the logarithm of the probability given to the right label, on average -> [S]."""
    side = np.where(label == 1, 1, -1)[:, None]  # sigmoid(-score) is the probability of label 0
    return -(scores * side).log_sigmoid().mean(axis=(-2, -1))


def train(x, label, weights, squash, learning_rate, steps):
    """Gradient descent on all points at once -> the weights learned, losses [steps + 1, S], the last after it."""
    losses = []
    for _ in range(steps):
        tensors = [Tensor(w) for w in weights]
        loss = loss_of(network(x, tensors, squash), label)
        loss.sum().backward()  # summed over the starts, and yet each start gets its own gradient: they share no weight
        weights = [step(w.value, w.gradient, learning_rate) for w in tensors]
        losses.append(loss.value)
    losses.append(loss_of(network(x, [Tensor(w) for w in weights], squash), label).value)
    return weights, np.array(losses)


def right(x, label, weights, squash):
    """How many points lie on the side of their label, for each start -> [S]."""
    scores = network(x, [Tensor(w) for w in weights], squash).value[..., 0]
    return ((scores > 0) == (label == 1)).sum(axis=-1)


def nearest(x, label, fresh):
    """The label of the closest of the points, with no training at all: the nearest-neighbor rule, for comparison.

    x: [N, 2], label: [N], fresh: [F, 2] -> [F]
    """
    distances = ((fresh[:, None] - x) ** 2).sum(axis=-1)  # [F, N]
    return label[distances.argmin(axis=-1)]


def bumps(x, points, width):
    """Gaussian kernel: 1 at a point itself, fading around it.  x: [F, 2], points: [N, 2] -> [F, N]"""
    return np.exp(-((x[:, None] - points) ** 2).sum(axis=-1) / (2 * width**2))


def kernel_ridge(x, label, fresh, widths=(0.1, 0.2, 0.4, 0.8, 1.6), ridge=0.1):
    """The label by a sum of bumps, one around each of the points, fitted to -1 and 1 by least squares: kernel ridge.

    The width is the one with the least squared error on points that are left out one at a time, for which there is a
    formula.  x: [N, 2], label: [N], fresh: [F, 2]; ridge: what large weights cost -> [F]
    """
    side, tried = np.where(label == 1, 1, -1), []
    for width in widths:
        inverse = np.linalg.inv(bumps(x, x, width) + ridge * np.eye(len(x)))  # [N, N]
        weights = inverse @ side
        tried.append((((weights / np.diag(inverse)) ** 2).mean(), width, weights))  # error on those left out
    _, width, weights = min(tried, key=lambda one: one[0])
    return (bumps(fresh, x, width) @ weights > 0).astype(int)


def probability(x, weights, squash):
    """What one network says of points anywhere.  x: [.., 2], weights: its own W1, b1, W2, b2 -> [..]"""
    scores = network(x.reshape(-1, 2), [Tensor(w) for w in weights], squash)
    return scores.sigmoid().value.reshape(x.shape[:-1])


def surface_and_lines(weights, squash, units, axis):
    """What one network says over the plane, and where the sum of each of some units is zero, cut to the same square.

    weights: W1 [2, H], b1 [1, H], W2 [H, 1], b2 [1, 1], units: numbers of hidden units -> probabilities [R, R], lines
    """
    W1, b1, *_ = weights
    plane = np.stack(np.meshgrid(axis, axis), axis=-1)  # [R, R, 2]
    lines = [boundary(W1[:, u], b1[0, u], axis[0], axis[-1]) for u in units]
    return probability(plane, weights, squash), lines


def strongest(W1, W2, most=SHOWN):
    """The units that can tilt the output most, at most so many, in their order.  W1: [2, H], W2: [H, 1] -> units"""
    importance = np.linalg.norm(W1, axis=0) * np.abs(W2[:, 0])  # [H]
    return sorted(int(u) for u in np.argsort(-importance, kind="stable")[:most])


def drawing(W1, b1, W2, b2, units, title):
    """One network as boxes and arrows.  W1: [2, H], b1: [1, H], W2: [H, 1], b2: [1, 1]; units: the ones to draw."""
    middle = (len(units) - 1) / 2
    nodes = [
        Node("x1", "input 1", 0, middle + 0.5),
        Node("x2", "input 2", 0, middle - 0.5),
        *(
            Node(f"h{u}", f"unit {u + 1}\nbias {b1[0, u]:.2f}", 1, len(units) - 1 - place)
            for place, u in enumerate(units)
        ),
        Node("out", f"output\nbias {b2[0, 0]:.2f}", 2, middle),
    ]
    edges = [Edge(f"x{i + 1}", f"h{u}", f"{W1[i, u]:.2f}", W1[i, u]) for u in units for i in range(2)]
    return Graph(title, nodes, edges + [Edge(f"h{u}", "out", f"{W2[u, 0]:.2f}", W2[u, 0]) for u in units])


def demo(
    *,
    hidden: Annotated[int, Range(1, 24, stops=6, label="hidden units")] = 3,
    data: Annotated[Literal["xor", "moons", "spirals"], Label("points to learn")] = "xor",
    activation: Literal["tanh", "relu"] = "tanh",
    learning_rate: Annotated[float, Range(0.05, 2, 0.05, stops=3)] = 0.5,
    steps: Annotated[int, Range(50, 2000, 50, play=True, stops=9, label="training steps")] = 800,
    start: Annotated[int, Range(1, 6, stops=3, label="start shown")] = 1,
    seed: Annotated[int, Range(0, 20, stops=3, label="random seed")] = 0,
    own_points: Annotated[
        Sequence[tuple[float, float, int]],
        Points(x=(-1.8, 1.8), y=(-1.8, 1.8), most=80, groups=2, label="your own points"),
    ] = (),
) -> Result:
    """Six networks learn the same points and differ only in the random weights they start from. With 1 hidden unit
    none can learn xor. With 2 some do and some get stuck. With 3, at the first settings, all do. Then try spirals, and
    relu.

    hidden: neurons between the inputs and the output
    data: the points of two labels: xor has each at two opposite corners, then there are two moons and two spirals
    activation: how the hidden neurons bend their sums; without it they would make one straight line
    learning_rate: how far each step of gradient descent goes
    steps: how many steps of gradient descent to take
    start: which of the six networks the map shows
    seed: another number draws other points and first weights
    own_points: x, y and label of points in place of the drawn ones; a fresh point is then one of them, moved a little
    """
    rng, squash = np.random.default_rng(seed), SQUASH[activation]
    x, label = DATA[data](rng, POINTS)
    fresh_x, fresh_label = DATA[data](rng, FRESH)
    if own_points:  # the first weights stay those that they were
        x, label = np.array(own_points)[:, :2], np.array([int(label) for *_, label in own_points])
        fresh_x, fresh_label = moved(np.random.default_rng(seed), x, label, FRESH)
    count = len(x)

    weights, losses = train(x, label, first_weights(rng, hidden), squash, learning_rate, steps)
    hits, fresh_hits = right(x, label, weights, squash), right(fresh_x, fresh_label, weights, squash)
    solved, one = (hits == count).sum(), start - 1
    W1, b1, W2, b2 = (w[one] for w in weights)
    units, axis = strongest(W1, W2), np.linspace(-1.8, 1.8, 41)
    surface, lines = surface_and_lines((W1, b1, W2, b2), squash, units, axis)
    title = f"Probability of label 1 over the plane, start {start}, and where each hidden unit's sum is zero"
    some = "" if hidden <= SHOWN else f", the {SHOWN} strongest of {hidden} units"
    at = np.unique(np.linspace(0, steps, 201).astype(int))
    return Result(
        summary=f"With {hidden} hidden {'unit' if hidden == 1 else 'units'} and {steps} steps, {solved} of {STARTS} "
        f"random starts get all {count} points right. Start {start} gets {hits[one]} right; its loss went from "
        f"{losses[0, one]:.2g} to {losses[-1, one]:.2g}.",
        numbers={
            "starts that get every point right": solved,
            "starts": STARTS,
            "points": count,
            "points right": hits[one],
            "share of fresh points right": fresh_hits[one] / FRESH,
            "share of fresh points right, nearest neighbor": (nearest(x, label, fresh_x) == fresh_label).mean(),
            "share of fresh points right, kernel ridge": (kernel_ridge(x, label, fresh_x) == fresh_label).mean(),
            "loss before training": losses[0, one],
            "loss after training": losses[-1, one],
            "weights and biases": sum(w[one].size for w in weights),
        },
        show=[
            Heatmap(title, surface.round(3), axis, axis, "input 1", "input 2")
            + [cloud(f"label {k}", x[label == k]) for k in (0, 1)]
            + [Series("a hidden unit's sum is zero", *line) for line in lines],
            axes("Loss of the six starts while they learn", "step", "cross-entropy")
            + curves(at, {f"start {s + 1}": losses[at, s] for s in range(STARTS)}),
            drawing(W1, b1, W2, b2, units, f"What start {start} has learned{some}"),
            columns(
                "Same points, same rule, different first weights",
                ["start", "loss before", "loss after", f"right of {count}", f"right of {FRESH} fresh points"],
                [range(1, STARTS + 1), losses[0], losses[-1], hits, fresh_hits],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
