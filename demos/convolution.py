"""Convolution: the same small window of weights at every place of a picture.

Notation: image [H, W] numbers from 0 to 1; kernel [k, k] weights; padding p zeros around the image; stride s, how far
          the window moves at a time; the map has (H + 2p - k) // s + 1 rows.
Leaves out: several channels, biases, and learning. The weights here are chosen by hand, in a network they are learned.

Source: LeCun, Bottou, Bengio & Haffner (1998), section II, https://doi.org/10.1109/5.726791
        Dumoulin & Visin (2016), https://arxiv.org/abs/1603.07285
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np

from demos import Heatmap, Pixels, Range, Result, axes, bars

KERNELS = {
    "vertical edges": np.array([[-1.0, 0, 1], [-1, 0, 1], [-1, 0, 1]]) / 3,
    "horizontal edges": np.array([[-1.0, -1, -1], [0, 0, 0], [1, 1, 1]]) / 3,
    "outline": np.array([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]]) / 8,
    "blur": np.ones((3, 3)) / 9,
    "moved": np.array([[0.0, 0, 0], [1, 0, 0], [0, 0, 0]]),
}
SIDE = 12
FOUR = """
............
.......##...
......###...
.....#.##...
....#..##...
...#...##...
..#########.
..#########.
.......##...
.......##...
.......##...
............
"""


def built_in():
    """A figure four -> [12, 12], 1 where there is ink."""
    return np.array([[float(cell == "#") for cell in row] for row in FOUR.split()])


def windows(image, k, stride=1, padding=0):
    """All places of the window.  image: [H, W] -> [rows, columns, k, k], a k by k cutout for each place"""
    padded = np.pad(image, padding)
    return np.lib.stride_tricks.sliding_window_view(padded, (k, k))[::stride, ::stride]


def convolve(image, kernel, stride=1, padding=0):
    """The weighted sum of what is in the window, at each place -> the map [rows, columns].

    Mathematicians turn the kernel by half a turn first; networks learn it and don't care. This is cross-correlation.
    """
    return (windows(image, len(kernel), stride, padding) * kernel).sum(axis=(-2, -1))


def layers(image, kernel, count, stride, padding):
    """The same convolution again and again, with ReLU in between; it ends before the window no longer fits -> maps"""
    maps = [convolve(image, kernel, stride, padding)]
    while len(maps) < count and len(maps[-1]) + 2 * padding >= len(kernel):
        maps.append(convolve(np.maximum(maps[-1], 0), kernel, stride, padding))
    return maps


def field_of_view(count, k, stride):
    """How many pixels on a side one value sees through so many layers (its receptive field)."""
    return 1 + (k - 1) * sum(stride**layer for layer in range(count))


def as_dense(kernel, side, stride, padding):
    """The same convolution as one matrix [outputs, inputs]: a dense layer, mostly zeros, with the weights repeated."""
    pictures = np.eye(side * side).reshape(-1, side, side)  # one pixel each
    return np.array([convolve(picture, kernel, stride, padding).ravel() for picture in pictures]).T


def moved(image, by):
    """The picture moved to the right by so many pixels, with nothing coming in from the left."""
    return np.pad(image, ((0, 0), (by, 0)))[:, : image.shape[1]]


def difference_when_moved(image, kernel, stride, padding):
    """Move the picture by one pixel. How far is the new map from the old one, left as it is or moved by one cell?"""
    before, after = (convolve(each, kernel, stride, padding) for each in (image, moved(image, 1)))
    rest = before.shape[1] - 1  # columns that both have after a move of one
    return min(np.abs(after[:, 1:] - before[:, :rest]).max(initial=0), np.abs(after - before).max())


def demo(
    *,
    kernel: Literal["vertical edges", "horizontal edges", "outline", "blur", "moved"] = "vertical edges",
    stride: Annotated[int, Range(1, 3)] = 1,
    padding: Annotated[int, Range(0, 2)] = 0,
    count: Annotated[int, Range(1, 4, label="layers, one after the other")] = 1,
    drawing: Annotated[Sequence[Sequence[float]], Pixels(12, 12, label="your own drawing")] = (),
) -> Result:
    """Look for upright edges, then for level ones: the same picture, nine other weights. Then let the window move by
    two pixels at a time, or draw a picture of your own.

    kernel: the nine weights in the window
    stride: by how many pixels the window moves from place to place
    padding: how many rows and columns of zeros are put around the picture
    count: how often the convolution is applied, with ReLU in between
    drawing: a picture of your own in place of the figure four
    """
    image = np.array(drawing, dtype=float) if len(drawing) else built_in()
    weights = KERNELS[kernel]
    maps = layers(image, weights, count, stride, padding)
    last, sees = maps[-1], field_of_view(len(maps), 3, stride)
    dense = as_dense(np.ones_like(weights), SIDE, stride, padding)  # where any kernel has a weight
    counted = [str(n) for n in range(1, SIDE + 9)]  # four layers with a padding of 2 make the map larger by 8
    title = f"The map: {kernel}" + (f", after {len(maps)} layers" if len(maps) > 1 else "")
    strongest = np.unravel_index(np.abs(last).argmax(), last.shape)
    return Result(
        summary=f"A map of {last.shape[0]} by {last.shape[1]} from a picture of {SIDE} by {SIDE}, with nine weights "
        f"for each layer. It is strongest in row {strongest[0] + 1}, column {strongest[1] + 1}, with "
        f"{last[strongest]:.2g}; each value sees {sees} by {sees} pixels.",
        numbers={
            "side of the map": len(last),
            "layers that fit": len(maps),
            "pixels on a side that one value sees": sees,
            "weights of one convolution": weights.size,
            "weights of a dense layer in its place": dense.size,
            "share of zeros among these, if it does the same": float(np.mean(dense == 0)),
            "strongest value of the map": np.abs(last).max(),
            "values of the map that are not zero": int((np.abs(last) > 1e-12).sum()),
            "difference when the picture moves by one pixel": difference_when_moved(image, weights, stride, padding),
        },
        show=[
            Heatmap(
                title, last.round(6), counted[: len(last)], counted[: len(last)], "column", "row", scale="diverging"
            ),
            Heatmap("The picture", image, counted[:SIDE], counted[:SIDE], "column", "row"),
            Heatmap("The window", weights.round(3), list("123"), list("123"), scale="diverging", annotate=True),
            axes("Weights for one layer", y="weights", log="y")
            + bars(["convolution", "dense layer"], {"weights": [weights.size, dense.size]}),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
