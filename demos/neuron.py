"""Neuron: weigh the inputs, add a bias, bend the sum.

Notation: x [N, n] inputs, w [n] weights, b bias, z = x·w + b the weighted sum, N examples of n inputs.
Leaves out: learning. Here you set the weights by hand; gradient descent finds them for you.

Source: McCulloch & Pitts (1943), https://doi.org/10.1007/BF02478259
        Rosenblatt (1958), https://doi.org/10.1037/h0042519
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import numpy as np

from demos import Heatmap, Range, Result, Series, axes, cloud, columns

SQUASH: dict[str, Callable[..., Any]] = {
    "step": lambda z: (z > 0).astype(float),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),  # any real number into (0, 1); zero lands on one half
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
}

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
GATES = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0], "XOR": [0, 1, 1, 0]}


def written_out(x, w, b, squash=SQUASH["sigmoid"]):
    """One neuron and one example, step by step.  x: [n], w: [n], b: one number -> one number"""
    z = b
    for value, weight in zip(x, w, strict=True):
        z += weight * value
    return squash(z)


def neuron(x, w, b, squash=SQUASH["sigmoid"]):
    """The same for any number of examples at once.  x: [.., n], w: [n], b: one number -> [..]"""
    return squash(x @ w + b)  # large when x points the way w points


def boundary(w, b, low, high):
    """The line x·w + b = 0, on whose sides a neuron of two inputs says yes and no -> xs, ys, cut to the square.

    Empty when the line misses the square, or when both weights are zero and there is no line.
    """
    if abs(w[1]) >= abs(w[0]) and w[1] != 0:
        xs = np.linspace(low, high, 101)
        ys = -(w[0] * xs + b) / w[1]
    elif w[0] != 0:  # steep: walk along y instead, or the division blows up
        ys = np.linspace(low, high, 101)
        xs = -(w[1] * ys + b) / w[0]
    else:
        return np.array([]), np.array([])
    inside = (xs >= low) & (xs <= high) & (ys >= low) & (ys <= high)
    return xs[inside], ys[inside]


def rows_right(says_yes):
    """How many rows of the truth table of each gate a neuron gets right.  says_yes: [4] -> {gate: rows}"""
    return {gate: int((says_yes == np.array(truth)).sum()) for gate, truth in GATES.items()}


def closest(right):
    """The gate with the most rows right, and what that makes of the neuron.  right: {gate: rows} -> gate, words"""
    gate = max(right, key=lambda name: right[name])
    return gate, f"computes {gate}" if right[gate] == 4 else f"comes closest to {gate}, {right[gate]} rows of 4"


def demo(
    *,
    weight_1: Annotated[float, Range(-3, 3, 0.1, label="weight of input 1")] = 1.0,
    weight_2: Annotated[float, Range(-3, 3, 0.1, label="weight of input 2")] = 1.0,
    bias: Annotated[float, Range(-3, 3, 0.1)] = -1.5,
    activation: Literal["step", "sigmoid", "tanh", "relu"] = "sigmoid",
) -> Result:
    """Set the weights and the bias so that the line cuts off one corner: that is AND. Now try OR, NAND, and XOR.

    weight_1: how much the first input counts
    weight_2: how much the second input counts
    bias: moves the line without turning it
    activation: how the weighted sum is bent into the output: by a hard step or by a softer curve
    """
    w, squash = np.array([weight_1, weight_2]), SQUASH[activation]
    sums, output = CORNERS @ w + bias, neuron(CORNERS, w, bias, squash)  # [4] both
    right = rows_right(sums > 0)
    gate, verdict = closest(right)

    axis, z = np.linspace(-0.5, 1.5, 41), np.linspace(-6, 6, 121)
    surface = neuron(np.stack(np.meshgrid(axis, axis), axis=-1), w, bias, squash)  # [41, 41]
    return Result(
        summary=f"With weights {weight_1:g} and {weight_2:g} and bias {bias:g} the neuron {verdict}.",
        numbers={
            "output at (1, 1)": output[3],
            "weighted sum at (1, 1)": sums[3],
            **{f"rows of {name} that are right": right[name] for name in ("AND", "XOR")},
            "rows of the closest gate that are right": right[gate],
        },
        show=[
            Heatmap("Output over the plane of both inputs", surface, axis, axis, "input 1", "input 2")
            + Series("weighted sum is zero", *boundary(w, bias, -0.5, 1.5))
            + cloud("inputs", CORNERS),
            axes("From weighted sum to output", "weighted sum", "output")
            + Series(activation, z, squash(z))
            + Series("the four inputs", sums, output, "points"),
            columns(
                "Truth table",
                ["input 1", "input 2", "weighted sum", "output", "says", *GATES],
                [*CORNERS.T, sums, output, (sums > 0).astype(int), *GATES.values()],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
