"""Activation functions: the bend between two layers, without which they are one.

Notation: z any number or array, slope the derivative at z; x [N] inputs, W1 [H] and b1 [H] a hidden layer of H units,
w2 [H] and b2 one output. Each derivative stands below its function: learning multiplies by it, layer after layer.
Leaves out: softmax, which bends a whole vector at once, and activations with weights of their own.

Source: Leshno, Lin, Pinkus & Schocken (1993), https://doi.org/10.1016/S0893-6080(05)80131-5
        Hendrycks & Gimpel (2016), https://arxiv.org/abs/1606.08415 (GELU, and SiLU in section 2)
"""

from math import erf, pi, sqrt
from typing import Annotated, Literal

import numpy as np

from demos import Chart, Range, Result, Series, Table
from demos.neuron import SQUASH

step, sigmoid, tanh, relu = (SQUASH[name] for name in ("step", "sigmoid", "tanh", "relu"))


def identity(z):
    """No bend at all."""
    return z


def identity_slope(z):
    """1 everywhere."""
    return np.ones_like(z)


def step_slope(z):
    """Flat on both sides of the jump, so no gradient ever gets through."""
    return np.zeros_like(z)


def sigmoid_slope(z):
    """At most 1/4, at zero; next to nothing in both tails."""
    return sigmoid(z) * (1 - sigmoid(z))


def tanh_slope(z):
    """1 at zero, next to nothing in both tails."""
    return 1 - tanh(z) ** 2


def relu_slope(z):
    """1 where the unit is on, 0 where it is off; the corner at zero counts as off."""
    return (z > 0).astype(float)


def leaky_relu(z, leak=0.01):
    """ReLU that lets a little through when it is off."""
    return np.where(z > 0, z, leak * z)


def leaky_relu_slope(z, leak=0.01):
    """1 or the leak, but never zero."""
    return np.where(z > 0, 1.0, leak)


def normal_cdf(z):
    """Probability that a standard normal number is below z."""
    return (1 + np.vectorize(erf, otypes=[float])(z / sqrt(2))) / 2


def gelu(z):
    """z times the probability that a standard normal number is below z: a ReLU with a soft corner."""
    return z * normal_cdf(z)


def gelu_slope(z):
    """Product rule: the derivative of the probability is the bell curve."""
    return normal_cdf(z) + z * np.exp(-(z**2) / 2) / sqrt(2 * pi)


def gelu_tanh(z):
    """GELU with a tanh in place of the probability, off by less than 0.0005; GPT-2 was trained with it, as faster."""
    return z * (1 + tanh(sqrt(2 / pi) * (z + 0.044715 * z**3))) / 2


def silu(z):
    """z times its own sigmoid; also called swish."""
    return z * sigmoid(z)


def silu_slope(z):
    """Product rule; below zero by a little from about z = -1.3 downwards, as for GELU from -0.75."""
    return sigmoid(z) * (1 + z * (1 - sigmoid(z)))


ACTIVATIONS = {
    "identity": (identity, identity_slope),
    "step": (step, step_slope),
    "sigmoid": (sigmoid, sigmoid_slope),
    "tanh": (tanh, tanh_slope),
    "relu": (relu, relu_slope),
    "leaky_relu": (leaky_relu, leaky_relu_slope),
    "gelu": (gelu, gelu_slope),
    "silu": (silu, silu_slope),
}


def two_layers(x, W1, b1, w2, b2, bend):
    """A network with one hidden layer.  x: [N], W1: [H], b1: [H], w2: [H], b2: one number -> [N]."""
    return bend(np.outer(x, W1) + b1) @ w2 + b2


def one_layer(x, W1, b1, w2, b2):
    """What two_layers is without a bend: multiply the weights together, and one line remains.  -> [N]"""
    return x * (W1 @ w2) + (b1 @ w2 + b2)


def fit_output(x, y, W1, b1, bend):
    """The w2 [H] and b2 that bring the network closest to y [N], with the hidden layer as it is (least squares)."""
    hidden = np.column_stack([bend(np.outer(x, W1) + b1), np.ones(len(x))])  # [N, H + 1]
    *w2, b2 = np.linalg.lstsq(hidden, y)[0]
    return np.array(w2), b2


def demo(
    *,
    activation: Literal["identity", "step", "sigmoid", "tanh", "relu", "leaky_relu", "gelu", "silu"] = "relu",
    hidden_units: Annotated[int, Range(1, 16)] = 8,
    z: Annotated[float, Range(-6, 6, 0.1)] = -1.5,
) -> Result:
    """Switch to identity: however many units there are, only a straight line is left. Then drag z into a tail.

    activation: the bend between the two layers
    hidden_units: how many units the hidden layer has
    z: the weighted sum at which the value and the slope are read
    """
    bend, bend_slope = ACTIVATIONS[activation]
    x = np.linspace(-3, 3, 121)
    wave = np.sin(2 * x)
    # The hidden layer is set by hand: bends spread evenly, facing right and left in turn. Only the output is fitted.
    W1 = np.where(np.arange(hidden_units) % 2 == 0, 1.5, -1.5)
    b1 = -W1 * np.linspace(-3, 3, hidden_units + 2)[1:-1]
    w2, b2 = fit_output(x, wave, W1, b1, bend)
    bent = two_layers(x, W1, b1, w2, b2, bend)
    w2, b2 = fit_output(x, wave, W1, b1, identity)
    flat = two_layers(x, W1, b1, w2, b2, identity)
    merged = one_layer(x, W1, b1, w2, b2)

    def error(y):
        return float(np.sqrt(np.mean((y - wave) ** 2)))

    sums = np.linspace(-6, 6, 241)
    at = {name: (float(f(np.array(z))), float(slope(np.array(z)))) for name, (f, slope) in ACTIVATIONS.items()}
    value, slope = at[activation]
    return Result(
        summary=f"With {activation} between them, two layers miss the wave by {error(bent):.2g} (root mean square); "
        f"without a bend they are one straight line and miss it by {error(flat):.2g}.",
        numbers={
            "error with the activation": error(bent),
            "error without a bend": error(flat),
            "gap between two layers without a bend and one layer": float(np.abs(flat - merged).max()),
            "value at z": value,
            "slope at z": slope,
            "slope through ten layers": slope**10,
        },
        show=[
            Chart(
                title="Two layers fitted to a wave, with a bend between them and without",
                series=[
                    Series("wave", x, wave),
                    Series(f"with {activation}", x, bent),
                    Series("without a bend", x, flat),
                    Series("one layer, weights multiplied", x[::8], merged[::8], mark="points"),
                ],
                x="input",
                y="output",
            ),
            Chart(
                title=f"{activation} and its slope",
                series=[
                    Series(activation, sums, bend(sums)),
                    Series("slope", sums, bend_slope(sums)),
                    Series("at z", [z, z], [value, slope], mark="points"),
                ],
                x="weighted sum z",
                y="output",
            ),
            Table(
                title="What comes out at z, and how much of a gradient gets back through ten such units",
                columns=["activation", "value", "slope", "slope to the power of ten"],
                rows=[[name, value, slope, slope**10] for name, (value, slope) in at.items()],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
