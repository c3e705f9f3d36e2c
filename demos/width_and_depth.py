"""Width and depth: neurons side by side add their kinks to a curve, stacked ones can double them, layer after layer.

Notation: x [N] inputs from 0 to 1; layers: list of (W [n, m], b [m]), from n numbers to m. Each but the last is
          followed by ReLU. A piece is a stretch of the curve between two kinks.
Leaves out: learning. All weights are set by hand or random, since the question is what a network can draw.

Source: Telgarsky (2016), https://arxiv.org/abs/1602.04485 (folding)
        Yarotsky (2016), proposition 2, https://arxiv.org/abs/1610.01145 (the parabola)
        Hanin & Rolnick (2019), https://arxiv.org/abs/1901.09021 (random weights)
"""

from typing import Annotated, Literal

import numpy as np

from demos import Heatmap, Label, Range, Result, Series, axes, curves
from demos.neuron import SQUASH

relu = SQUASH["relu"]


def sums(x, layers):
    """x: [N] -> the weighted sums of every layer, before ReLU, a list of [N, m]; the last is the output."""
    h, found = x[:, None], []
    for W, b in layers:
        found.append(h @ W + b)
        h = relu(found[-1])
    return found


def network(x, layers):
    """x: [N] -> output [N]"""
    return sums(x, layers)[-1][:, 0]


def folding(depth):
    """`depth` layers of two neurons: each folds its input in the middle, 0 to 0, 1/2 to 1, and 1 back to 0.

    Behind the fold everything happens twice, so the last layer draws 2^depth straight pieces.
    """
    first = np.array([[2.0, 4.0]]), np.array([0.0, -2.0])  # relu(2x) climbs; relu(4x - 2) will turn it in the middle
    second = np.array([[2.0, 4.0], [-2.0, -4.0]]), first[1]  # the same of their difference, which is the fold
    return [first, *[second] * (depth - 1), (np.array([[1.0], [-1.0]]), np.zeros(1))]


def parabola(depth):
    """x² from folds: `depth` layers of two neurons for the fold and one for what is left of x.

    A line through x² lies above it by a little arch, which the fold shows at half its width and a quarter of its
    height. So x² is x - fold/4 - fold of the fold/16 - …, and each layer takes its share off and hands on the rest.
    """
    (W1, b), (W2, _) = folding(2)[:2]
    layers = [(np.hstack([W1, [[1.0]]]), np.append(b, 0.0))]
    for layer in range(1, depth):
        share = np.array([[-1.0], [1.0]]) / 4**layer
        W = np.block([[W2, share], [np.zeros((1, 2)), np.ones((1, 1))]])  # [3, 3]
        layers.append((W, np.append(b, 0.0)))
    return [*layers, (np.array([[-1.0], [1.0], [4.0**depth]]) / 4**depth, np.zeros(1))]


def side_by_side(width, grid, wanted):
    """One layer of `width` neurons with kinks at even distances, fitted to the wanted heights (least squares)."""
    knots = np.linspace(0, 1, width + 1)
    hats = np.stack([np.interp(grid, knots, row) for row in np.eye(width + 1)], axis=1)  # [N, width + 1]
    heights = np.linalg.solve(hats.T @ hats, hats.T @ wanted)
    slopes = np.diff(heights) * width
    turns = np.diff(slopes, prepend=0.0)  # each neuron adds what the slope changes at its kink
    return [(np.ones((1, width)), -knots[:-1]), (turns[:, None], heights[:1])]


def random_weights(rng, layers):
    """The same shapes, with normal numbers as at the start of training."""
    return [(rng.normal(scale=np.sqrt(2 / len(W)), size=W.shape), rng.normal(size=b.shape)) for W, b in layers]


def kinks(layers):
    """The exact places between 0 and 1 where the curve turns -> sorted [K]; it has K + 1 straight pieces."""
    x = np.array([0.0, 1.0])
    for layer in range(len(layers) - 1):
        z = sums(x, layers)[layer]  # [P, m], straight between two neighboring places; ReLU has its kink at zero
        piece, unit = np.nonzero(z[:-1] * z[1:] < 0)
        left, right = z[piece, unit], z[piece + 1, unit]
        x = np.unique(np.append(x, x[piece] + (x[piece + 1] - x[piece]) * left / (left - right)))
        x = x[np.diff(x, prepend=-1) > 1e-9]  # one place found twice, but for rounding
    slopes = np.diff(network(x, layers)) / np.diff(x)
    return x[1:-1][np.abs(np.diff(slopes)) > 1e-4]  # not every kink inside shows in the output


def size(layers):
    """Neurons before the output, and weights and biases in all -> two counts."""
    return sum(b.size for _, b in layers[:-1]), sum(W.size + b.size for W, b in layers)


STACKS, NAMES = {"sawtooth": folding, "parabola": parabola}, ["stacked", "side by side"]
GRID = np.linspace(0, 1, 1025)
DEPTHS, WIDTHS, DRAWS = range(1, 9), [2**k for k in range(9)], 50


def pieces(layers):
    """How many straight pieces the curve of a network has between 0 and 1."""
    return len(kinks(layers)) + 1


def average_pieces(rng, layers):
    """The same for random weights: straight pieces of networks of these shapes, on average over DRAWS of them."""
    return float(np.mean([pieces(random_weights(rng, layers)) for _ in range(DRAWS)]))


def wobbly(rng, layers, wobble):
    """The same network with each weight and bias off by a random share of its size."""
    return [tuple(part * (1 + wobble * rng.normal(size=part.shape)) for part in layer) for layer in layers]


def largest_error(layers, wanted):
    """The largest distance between the curve of a network and the wanted heights on GRID, without rounding errors."""
    return round(float(np.abs(network(GRID, layers) - wanted).max()), 12)


def average_error(rng, layers, wobble, wanted):
    """The largest distance from the wanted heights, on average over DRAWS networks that wobble so much."""
    return float(np.mean([largest_error(wobbly(rng, layers, wobble), wanted) for _ in range(DRAWS)]))


def folds(x, stacked):
    """What each layer of a stack makes of x: the difference of its first two neurons, the fold -> a list of [N]"""
    return [relu(z[:, 0]) - relu(z[:, 1]) for z in sums(x, stacked)[:-1]]


def demo(
    *,
    depth: Annotated[int, Range(1, 8, label="depth, in layers")] = 5,
    width: Annotated[int, Range(1, 256, stops=5, label="width, in neurons")] = 10,
    target: Annotated[Literal["sawtooth", "parabola"], Label("curve to draw")] = "sawtooth",
    wobble: Annotated[float, Range(0, 0.2, 0.005, stops=5, label="wobble of the weights")] = 0.0,
    seed: Annotated[int, Range(0, 20, stops=3, label="random seed")] = 0,
) -> Result:
    """Add one layer, then see how far you must drag the width until a single layer keeps up. Then let all weights
    wobble by one percent: the pieces survive, and the curve does not, be it drawn by the stack or by a single layer.

    depth: how many layers are stacked, of two neurons for the sawtooth and three for the parabola
    width: how many neurons stand side by side in the network with one layer
    target: the curve to draw; the sawtooth has 2 to the power of depth straight pieces, the parabola is x²
    wobble: how far the weights of both networks are off, as a part of their size; 0.01 is one percent
    seed: another number draws another wobble and other random weights
    """
    rng = np.random.default_rng(seed)
    ideal = STACKS[target](depth)
    wanted = GRID**2 if target == "parabola" else network(GRID, ideal)
    fitted = side_by_side(width, GRID, wanted)
    stacked, row = wobbly(rng, ideal, wobble), wobbly(rng, fitted, wobble)
    neurons, parameters = size(stacked)
    found, error = [pieces(stacked), pieces(row)], [largest_error(net, wanted) for net in (stacked, row)]

    stacks, rows = [STACKS[target](d) for d in DEPTHS], [side_by_side(w, GRID, wanted) for w in WIDTHS]
    in_stacks = [size(layers)[0] for layers in stacks]  # neurons
    drawn, drawn_rows = ([average_pieces(rng, layers) for layers in nets] for nets in (stacks, rows))
    errors = [Series("side by side", WIDTHS, [largest_error(layers, wanted) for layers in rows], "points")]
    if target == "parabola":  # a stack for another depth would draw another sawtooth
        errors.append(Series("stacked", in_stacks, [largest_error(layers, wanted) for layers in stacks], "points"))
    x = GRID[::4]
    return Result(
        summary=f"{neurons} neurons in {depth} {'layer' if depth == 1 else 'layers'} draw {found[0]} straight pieces, "
        f"and their largest error is {error[0]:.2g}; {width} side by side can draw {width + 1} at most, and with "
        f"kinks at even distances their largest error is {error[1]:.2g}.",
        numbers={
            "pieces, stacked": found[0],
            "pieces, side by side": found[1],
            "most pieces side by side": width + 1,
            "pieces, stacked with random weights": drawn[depth - 1],
            "pieces, side by side with random weights": average_pieces(rng, row),
            "largest error, stacked": error[0],
            "largest error, side by side": error[1],
            f"largest error, stacked, mean of {DRAWS} wobbles": average_error(rng, ideal, wobble, wanted),
            f"largest error, side by side, mean of {DRAWS} wobbles": average_error(rng, fitted, wobble, wanted),
            "neurons, stacked": neurons,
            "weights and biases, stacked": parameters,
            "weights and biases, side by side": size(row)[1],
        },
        show=[
            axes("The curve that was asked for, and what two networks make of it", "input", "output")
            + curves(x, {"target": wanted[::4]}, "area")
            + curves(x, {"stacked": network(x, stacked), "side by side": network(x, row)}),
            Heatmap(
                "The fold after each layer: what happened once below happens twice above",
                folds(x, stacked)[::-1],
                x,
                [f"layer {layer}" for layer in range(depth, 0, -1)],
                "input",
            ),
            axes(
                f"Straight pieces that so many neurons can draw, and with random weights do (mean of {DRAWS})",
                "neurons",
                "straight pieces",
                log="xy",
            )
            + curves(in_stacks, {"stacked": [2**d for d in DEPTHS]})
            + curves(WIDTHS, {"side by side": [w + 1 for w in WIDTHS]})
            + curves(in_stacks, {"stacked, random weights": drawn})
            + curves(WIDTHS, {"side by side, random weights": drawn_rows})
            + Series("now", [neurons, width], found, "points", NAMES),
            axes("Largest error of the curve", "neurons", "largest error", log="xy" if target == "parabola" else "x")
            + errors
            + Series("now", [neurons, width], error, "points", NAMES),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
