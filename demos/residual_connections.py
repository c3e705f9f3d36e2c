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

from demos import Chart, Range, Result, Series
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

    Without skips the layers are the same but unscaled: there is nothing beside them that they could be weighed against.
    """
    found = [Tensor(x)]
    for W in weights:
        x = found[-1]
        found.append(block(x, W, x, branch_scale, norm) if skip else block(x, W, 0.0, 1.0, norm))
    return found


def gradient_by_path(x, weights, slope, branch_scale=1.0, norm="none"):
    """The gradient of a residual stack at its input, sorted by how many layers its path went through.

    slope: [N, C] gradient at the output -> [L + 1, N, C]. The sum over the first axis is the gradient, exactly.
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
NAMES = {True: "with skips", False: "without skips"}


def demo(
    *,
    depth: Annotated[int, Range(2, 60)] = 30,
    branch_scale: Annotated[float, Range(0, 1, 0.05)] = 0.5,
    weight_scale: Annotated[float, Range(0.5, 2, 0.05)] = 0.8,
    norm: Literal["none", "pre", "post"] = "none",
    seed: Annotated[int, Range(0, 20)] = 0,
) -> Result:
    """Drag the weight scale: without skips the gradient has a narrow band between dying and exploding. Then look which
    way it takes with them: on average through far fewer layers than there are.

    depth: how many layers are stacked
    branch_scale: how much of a layer's output is added to what comes around it
    weight_scale: size of the random weights; at 1 a layer without its bend keeps the size of what it gets
    norm: no layer normalization, one before each layer (pre), or one after each sum (post)
    seed: draws the weights, the examples and the gradient at the output
    """
    rng = np.random.default_rng(seed)
    x, slope = rng.normal(size=(2, N, C))
    slope /= np.linalg.norm(slope, axis=-1, keepdims=True)  # a gradient of length 1 at the output
    directions = list(rng.normal(size=(DEEPEST, C, C))[:depth] / np.sqrt(C))
    weights = [weight_scale * W for W in directions]

    sizes, gradients, changes = {}, {}, {}
    sweep: dict[bool, list[float]] = {True: [], False: []}
    for skip in (True, False):
        stack = signals(x, weights, skip, branch_scale, norm)
        stack[-1].backward(slope)
        sizes[skip], gradients[skip] = [size(t.value) for t in stack], [size(t.gradient) for t in stack]

        middle = depth // 2
        shorter = signals(x, weights[:middle] + weights[middle + 1 :], skip, branch_scale, norm)[-1].value
        changes[skip] = size(shorter - stack[-1].value) / sizes[skip][-1]

        for scale in SCALES:
            other = signals(x, [scale * W for W in directions], skip, branch_scale, norm)
            other[-1].backward(slope)
            sweep[skip].append(size(other[0].gradient))

    by_path = np.array([size(part) for part in gradient_by_path(x, weights, slope, branch_scale, norm)])  # [L + 1]
    share = by_path**2 / (by_path**2).sum()
    average = float((share * np.arange(depth + 1)).sum())
    shown = by_path > 1e-3 * by_path.max()

    layers = np.arange(depth + 1)
    return Result(
        summary=(
            f"A gradient of 1 at the output of {depth} layers arrives at the input as {gradients[True][0]:.2g} with "
            f"skips and as {gradients[False][0]:.2g} without. With skips its average path goes through "
            f"{average:.1f} layers."
        ),
        numbers={
            **{f"gradient at the input, {NAMES[skip]}": gradients[skip][0] for skip in NAMES},
            **{f"growth of the signal, {NAMES[skip]}": sizes[skip][-1] / sizes[skip][0] for skip in NAMES},
            **{f"change when one layer is left out, {NAMES[skip]}": changes[skip] for skip in NAMES},
            "layers on the average path": average,
        },
        show=[
            Chart(
                title="Gradient on its way back, from the output on the right to the input on the left",
                series=[Series(NAMES[skip], layers, gradients[skip]) for skip in NAMES],
                x="layers below",
                y="size of the gradient",
                log_y=True,
            ),
            Chart(
                title="How much of the gradient at the input went through how many layers",
                series=[Series("size", layers[shown], by_path[shown], "bars")],
                x=f"layers on the path, of {depth}",
                y="size of the gradient",
            ),
            Chart(
                title="Gradient at the input, for weights of any size",
                series=[
                    *(Series(NAMES[skip], SCALES, sweep[skip]) for skip in NAMES),
                    Series("now", [weight_scale] * 2, [gradients[skip][0] for skip in NAMES], "points"),
                ],
                x="weight scale",
                y="size of the gradient",
                log_y=True,
            ),
            Chart(
                title="Signal on its way forward",
                series=[Series(NAMES[skip], layers, sizes[skip]) for skip in NAMES],
                x="layers passed",
                y="size of the signal",
                log_y=True,
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
