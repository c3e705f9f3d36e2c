"""Residual connection: add the input of a layer to its output, and the gradient gets a way around every layer.

Notation: x [N, C] N examples of C numbers; weights: list of W [C, C], one for each of L layers.
          A path goes from the output back to the input and at each layer either through its weights or around them.
Leaves out: learning. The weights are random, as at the start of training, which is when a gradient must get through.

Source: He, Zhang, Ren & Sun (2015), https://arxiv.org/abs/1512.03385
        Veit, Wilber & Belongie (2016), https://arxiv.org/abs/1605.06431 (paths)
        Xiong et al. (2020), https://arxiv.org/abs/2002.04745 (where to normalize)
"""

from typing import Annotated, Literal

import numpy as np

from demos import Label, Range, Result, axes, bars, curves, point
from demos.autograd import Tensor
from demos.normalization_layers import layer_norm


def block(x, W, around, branch_scale=1.0, norm="none"):
    """One layer of tanh, plus what comes around it.  x: tensor [.., N, C], W: [C, C] -> tensor [.., N, C]

    around: x itself for a residual connection, 0 for a plain layer.
    norm: layer normalization of what goes into the layer (pre), of the sum (post), or none.
    """
    inside = layer_norm(x, 1.0, 0.0) if norm == "pre" else x
    total = (inside @ W).tanh() * branch_scale + around
    return layer_norm(total, 1.0, 0.0) if norm == "post" else total


def signals(x, weights, skip, branch_scale=1.0, norm="none"):
    """What flows through the stack, first x, last the output -> list of L + 1 tensors [N, C].

    Without skips the layers are the same, but their outputs are not scaled: a layer is then all that there is.
    """
    found = [Tensor(x)]
    for W in weights:
        x = found[-1]
        found.append(block(x, W, x, branch_scale, norm) if skip else block(x, W, 0.0, 1.0, norm))
    return found


def gradient_along(path, x, weights, slope, branch_scale=1.0, norm="none"):
    """The part of the gradient that comes back along one path of a residual stack.

    path: [L], for each layer whether the path goes through it, or around it;  slope: [N, C] gradient at the output
    -> [N, C] at the input. The gradient is the sum over all 2^L paths.
    """
    found = signals(x, weights, True, branch_scale, norm)
    for before, W, goes_through in zip(found[-2::-1], weights[::-1], path[::-1], strict=True):
        through, around = Tensor(before.value), Tensor(before.value)
        block(through, W, around, branch_scale, norm).backward(slope)
        slope = through.gradient if goes_through else around.gradient
    return slope


def gradient_by_path(x, weights, slope, branch_scale=1.0, norm="none"):
    """All paths at once: those that went through equally many layers so far are added, and go on together.

    slope: [N, C] gradient at the output -> [L + 1, N, C]; row k is the sum over all paths through k layers.
    """
    found = signals(x, weights, True, branch_scale, norm)
    carried = slope[None]  # row k: what has passed through k layers so far
    for before, W in zip(found[-2::-1], reversed(weights), strict=True):
        copies = np.broadcast_to(before.value, (len(carried), *slope.shape))
        through, around = Tensor(copies), Tensor(copies)
        block(through, W, around, branch_scale, norm).backward(carried)
        none = np.zeros((1, *slope.shape))
        carried = np.concatenate([around.gradient, none]) + np.concatenate([none, through.gradient])
    return carried


def size(rows):
    """How long the rows are: the root of their mean squared length.  [N, C] -> one number."""
    return float(np.sqrt((rows**2).sum(axis=-1).mean()))


C, N, DEEPEST = 32, 16, 60
SCALES = np.linspace(0.5, 2, 7)
KINDS = {"with skips": True, "without skips": False}


def back_from(slope, stack):
    """Sends a gradient back from the output; each tensor of the stack then has its own -> their sizes [L + 1]"""
    stack[-1].backward(slope)
    return [size(tensor.gradient) for tensor in stack]


def change_without(layer, x, weights, *settings):
    """How much the output changes when one layer is left out, as a share of its size.  settings: those of `signals`"""
    whole = signals(x, weights, *settings)[-1].value
    shorter = signals(x, weights[:layer] + weights[layer + 1 :], *settings)[-1].value
    return size(shorter - whole) / size(whole)


def sweep(scales, x, directions, slope, *settings):
    """Size of the gradient at the input with weights of other sizes.  directions: L of [C, C], scales: [K] -> [K]"""
    return [back_from(slope, signals(x, [scale * W for W in directions], *settings))[0] for scale in scales]


def average_path(by_path):
    """How many layers a gradient goes through on average.  by_path: [L + 1] its size by the number of layers -> number

    Parts are weighed by their squares: those from different paths are nearly orthogonal, so their squares add up.
    """
    share = by_path**2 / (by_path**2).sum()
    return (share * np.arange(len(by_path))).sum()


def demo(
    *,
    weight_scale: Annotated[float, Range(0.5, 2, 0.05)] = 0.8,
    depth: Annotated[int, Range(2, 60, label="depth, in layers")] = 30,
    branch_scale: Annotated[float, Range(0, 1, 0.05)] = 0.5,
    norm: Annotated[Literal["none", "pre", "post"], Label("normalization")] = "none",
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
) -> Result:
    """Drag the weight scale: without skips the gradient has a narrow band between dying and exploding. Then look which
    path it takes with them: on average through far fewer layers than there are.

    weight_scale: how large the random weights are; at 1 a layer without its tanh keeps the size of what it gets
    depth: how many layers are stacked
    branch_scale: how much of a layer's output is added to what goes around it; with 0 only the way around is left
    norm: no layer normalization, one before each layer (pre), or one after each sum (post)
    seed: another number draws other weights, examples and gradients at the output
    """
    rng = np.random.default_rng(seed)
    x, slope = rng.normal(size=(2, N, C))
    slope /= np.linalg.norm(slope, axis=-1, keepdims=True)  # a gradient of length 1 at the output
    directions = list(rng.normal(size=(DEEPEST, C, C))[:depth] / np.sqrt(C))
    weights = [weight_scale * W for W in directions]

    sizes, gradients, changes, sweeps = {}, {}, {}, {}
    for name, skip in KINDS.items():
        settings = skip, branch_scale, norm
        stack = signals(x, weights, *settings)
        sizes[name], gradients[name] = [size(tensor.value) for tensor in stack], back_from(slope, stack)
        changes[name] = change_without(depth // 2, x, weights, *settings)
        sweeps[name] = sweep(SCALES, x, directions, slope, *settings)
    by_path = np.array([size(part) for part in gradient_by_path(x, weights, slope, branch_scale, norm)])  # [L + 1]
    average, shown, layers = average_path(by_path), by_path > 1e-3 * by_path.max(), np.arange(depth + 1)
    arrived = {name: each[0] for name, each in gradients.items()}
    return Result(
        summary=f"A gradient of 1 at the output of {depth} layers arrives at the input as "
        f"{arrived['with skips']:.2g} with skips and as {arrived['without skips']:.2g} without. "
        f"With skips its average path goes through {average:.1f} layers.",
        numbers={
            **{f"gradient at the input, {name}": arrived[name] for name in KINDS},
            **{f"growth of the signal, {name}": sizes[name][-1] / sizes[name][0] for name in KINDS},
            **{f"change when one layer is left out, {name}": changes[name] for name in KINDS},
            "layers on the average path": average,
        },
        show=[
            axes(
                "Gradient on its way back, from the output on the right to the input on the left",
                "layers below",
                "size of the gradient",
                log="y",
            )
            + curves(layers, gradients),
            axes(
                "How much of the gradient at the input went through how many layers",
                f"layers on the path, of {depth}",
                "size of the gradient",
            )
            + bars(layers[shown], {"size": by_path[shown]}),
            axes("Gradient at the input, for weights of any size", "weight scale", "size of the gradient", log="y")
            + curves(SCALES, sweeps)
            + point("now", weight_scale, *arrived.values()),
            axes("Signal on its way forward", "layers passed", "size of the signal", log="y") + curves(layers, sizes),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
