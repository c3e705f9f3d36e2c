"""Activation functions: the nonlinearity between two layers, without which they are one.

Notation: z any number or array, slope the derivative at z; x [N] inputs, W1 [H] and b1 [H] a hidden layer of H units,
w2 [H] and b2 one output. Each derivative stands below its function: learning multiplies by it, layer after layer.
Leaves out: softmax, which works on a whole vector at once, and activations with weights of their own.

Source: Leshno, Lin, Pinkus & Schocken (1993), https://doi.org/10.1016/S0893-6080(05)80131-5
        Hendrycks & Gimpel (2016), https://arxiv.org/abs/1606.08415 (GELU, and SiLU in section 2)
"""

from math import erf, pi, sqrt
from typing import Annotated, Literal

import numpy as np

from demos import Range, Result, Series, Table, axes, curves, point
from demos.neuron import SQUASH

step, sigmoid, tanh, relu = (SQUASH[name] for name in ("step", "sigmoid", "tanh", "relu"))


def identity(z):
    """No nonlinearity: what a network has without an activation function."""
    return z


def identity_slope(z):
    """1 everywhere."""
    return np.ones_like(z)


def step_slope(z):
    """Zero on both sides of the jump, so no gradient gets through."""
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
    """ReLU with a small slope where it is off, so that a unit that is off can still learn."""
    return np.where(z > 0, z, leak * z)


def leaky_relu_slope(z, leak=0.01):
    """1 where the unit is on, the leak where it is off; never zero."""
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
    "leaky relu": (leaky_relu, leaky_relu_slope),
    "gelu": (gelu, gelu_slope),
    "silu": (silu, silu_slope),
}


def two_layers(x, W1, b1, w2, b2, nonlinearity):
    """A network with one hidden layer.  x: [N], W1: [H], b1: [H], w2: [H], b2: one number -> [N]."""
    return nonlinearity(np.outer(x, W1) + b1) @ w2 + b2


def one_layer(x, W1, b1, w2, b2):
    """What two_layers is without a nonlinearity: the weights multiply to one slope, and a line remains.  -> [N]"""
    return x * (W1 @ w2) + (b1 @ w2 + b2)


def fit_output(x, y, W1, b1, nonlinearity):
    """The w2 [H] and b2 that bring the network closest to y [N], with the hidden layer as it is (least squares)."""
    hidden = np.column_stack([nonlinearity(np.outer(x, W1) + b1), np.ones(len(x))])  # [N, H + 1]
    *w2, b2 = np.linalg.lstsq(hidden, y)[0]
    return np.array(w2), b2


def spread_layer(units, far):
    """A hidden layer set by hand: kinks spread evenly from -far to far, facing right and left in turn.  -> W1, b1 [H]

    With these weights a unit's weighted sum is zero at its kink. Only the output weights are fitted.
    """
    W1 = np.where(np.arange(units) % 2 == 0, 1.5, -1.5)
    return W1, -W1 * np.linspace(-far, far, units + 2)[1:-1]


def root_mean_square(error):
    """The typical size of an error.  [N] -> one number"""
    return np.sqrt(np.mean(error**2))


def values_and_slopes(z):
    """Every activation at one weighted sum -> {name: (value, slope)}"""
    return {name: (float(f(np.array(z))), float(slope(np.array(z)))) for name, (f, slope) in ACTIVATIONS.items()}


def demo(
    *,
    activation: Literal["identity", "step", "sigmoid", "tanh", "relu", "leaky relu", "gelu", "silu"] = "relu",
    hidden_units: Annotated[int, Range(1, 16)] = 8,
    z: Annotated[float, Range(-6, 6, 0.1, label="weighted sum z")] = -1.5,
) -> Result:
    """Switch to identity: however many units there are, only a straight line is left. Then drag z into a tail.

    activation: the nonlinearity between the two layers
    hidden_units: how many units the hidden layer has, so how many bends the curve may have
    z: the weighted sum that goes into one unit; the second picture shows what comes out, and the slope there
    """
    function, derivative = ACTIVATIONS[activation]
    x, sums = np.linspace(-3, 3, 121), np.linspace(-6, 6, 241)
    wave, (W1, b1) = np.sin(2 * x), spread_layer(hidden_units, far=3)
    w2, b2 = fit_output(x, wave, W1, b1, function)
    fitted = two_layers(x, W1, b1, w2, b2, function)
    w2, b2 = fit_output(x, wave, W1, b1, identity)
    linear, merged = two_layers(x, W1, b1, w2, b2, identity), one_layer(x, W1, b1, w2, b2)
    error, error_linear = root_mean_square(fitted - wave), root_mean_square(linear - wave)

    at = values_and_slopes(z)
    value, slope = at[activation]
    return Result(
        summary=f"With {activation} between them, two layers miss the wave by {error:.2g} (root mean square); "
        f"without a nonlinearity they are one straight line and miss it by {error_linear:.2g}.",
        numbers={
            "error with the activation": error,
            "error without a nonlinearity": error_linear,
            "gap between two layers without a nonlinearity and one layer": np.abs(linear - merged).max(),
            "value at z": value,
            "slope at z": slope,
            "slope through ten layers": slope**10,
        },
        show=[
            axes("Two layers fitted to a wave, with a nonlinearity between them and without", "input", "output")
            + curves(x, {"wave": wave, f"with {activation}": fitted, "without a nonlinearity": linear})
            + Series("one layer, weights multiplied", x[::8], merged[::8], "points"),
            axes(f"{activation} and its slope", "weighted sum z", "output")
            + curves(sums, {activation: function(sums), "slope": derivative(sums)})
            + point("now", z, value, slope),
            Table(
                "What comes out at z, and how much of a gradient gets back through ten such units",
                ["activation", "value", "slope", "slope to the power of ten"],
                [[name, value, slope, slope**10] for name, (value, slope) in at.items()],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
