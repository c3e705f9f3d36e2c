"""Neuron: weigh the inputs, add a bias, squash.

Notation: x [N, n] inputs, w [n] weights, b bias, z = x·w + b the weighted sum, N examples of n inputs.
Leaves out: learning. Here you set the weights by hand; gradient descent finds them for you.

Source: McCulloch & Pitts (1943), https://doi.org/10.1007/BF02478259
        Rosenblatt (1958), https://doi.org/10.1037/h0042519
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import numpy as np

from demos import Chart, Heatmap, Range, Result, Series, Table

SQUASH: dict[str, Callable[..., Any]] = {
    "step": lambda z: (z > 0).astype(float),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),  # any real number into (0, 1); zero lands on one half
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
}

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
GATES = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0], "XOR": [0, 1, 1, 0]}


def neuron(x, w, b, squash=SQUASH["sigmoid"]):
    """One neuron.  x: [N, n], w: [n], b: one number -> [N], one output per example."""
    return squash(x @ w + b)  # large when x points the way w points


def boundary(w, b, low, high):
    """The line x·w + b = 0, where a neuron of two inputs changes its mind -> xs, ys, cut to the square.

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


def demo(
    *,
    weight_1: Annotated[float, Range(-3, 3, 0.1)] = 1.0,
    weight_2: Annotated[float, Range(-3, 3, 0.1)] = 1.0,
    bias: Annotated[float, Range(-3, 3, 0.1)] = -1.5,
    activation: Literal["step", "sigmoid", "tanh", "relu"] = "sigmoid",
) -> Result:
    """Set the weights and the bias so that the line cuts off one corner: that is AND. Now try OR, NAND, and XOR.

    weight_1: how much the first input counts
    weight_2: how much the second input counts
    bias: moves the line without turning it
    activation: how the weighted sum is squashed
    """
    w, squash = np.array([weight_1, weight_2]), SQUASH[activation]
    axis = np.linspace(-0.5, 1.5, 41)
    plane = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)  # [1681, 2]
    surface = neuron(plane, w, bias, squash).reshape(41, 41)

    output = neuron(CORNERS, w, bias, squash)  # [4]
    says_yes = CORNERS @ w + bias > 0
    right = {gate: int((says_yes == np.array(truth)).sum()) for gate, truth in GATES.items()}
    best = max(right, key=lambda gate: right[gate])
    verdict = f"computes {best}" if right[best] == 4 else f"comes closest to {best}, {right[best]} rows of 4"

    z = np.linspace(-6, 6, 121)
    sums = CORNERS @ w + bias
    line = boundary(w, bias, -0.5, 1.5)
    return Result(
        summary=f"With weights {weight_1:g} and {weight_2:g} and bias {bias:g} the neuron {verdict}.",
        numbers={
            "output at (1, 1)": float(output[3]),
            "weighted sum at (1, 1)": float(sums[3]),
            "rows of AND that are right": right["AND"],
            "rows of XOR that are right": right["XOR"],
            "rows of the closest gate that are right": right[best],
        },
        show=[
            Heatmap(
                title="Output over the plane of both inputs",
                values=surface,
                columns=axis,
                rows=axis,
                x="input 1",
                y="input 2",
                overlay=[
                    Series("weighted sum is zero", *line),
                    Series("inputs", CORNERS[:, 0], CORNERS[:, 1], mark="points"),
                ],
            ),
            Chart(
                title="From weighted sum to output",
                series=[
                    Series(activation, z, squash(z)),
                    Series("the four inputs", sums, output, mark="points"),
                ],
                x="weighted sum",
                y="output",
            ),
            Table(
                title="Truth table",
                columns=["input 1", "input 2", "weighted sum", "output", "says", *GATES],
                rows=[
                    [*map(int, x), float(z), float(out), int(yes), *(GATES[gate][row] for gate in GATES)]
                    for row, (x, z, out, yes) in enumerate(zip(CORNERS, sums, output, says_yes, strict=True))
                ],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
