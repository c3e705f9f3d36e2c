"""Data augmentation: learn from altered copies of the labeled pictures too, so that a moved seven is still a seven.

Notation: pictures [N, H, W], ink from 0 to 1; kind [N] from 0 to 9; C copies of each picture. The learner keeps all
          of them and answers with the kind of the nearest: it knows nothing about moving but what the copies show.
Leaves out: copies made anew at each step, as networks are trained; turning, bending and mixing; policies searched for.

Source: Simard, Steinkraus & Platt (2003), https://doi.org/10.1109/ICDAR.2003.1227801 (altered copies of digits)
        Shorten & Khoshgoftaar (2019), https://doi.org/10.1186/s40537-019-0197-0 (a survey)
"""

from functools import lru_cache
from typing import Annotated, Literal

import numpy as np

from demos import Heatmap, Label, Range, Result, axes, curves, point
from demos.knn import distances
from demos.parts.canvas import SIDE, sheet
from demos.parts.measured import digits

HELD_OUT, MOST, FAR = 400, 12, 2  # pictures to test on; the most copies; the farthest move, in cells
TESTS = {"as they come": 0, "moved by up to 1": 1, "moved by up to 2": 2}


def moved(pictures, down, right):
    """Each picture moved by so many cells, with nothing coming in.  [N, H, W], down and right: [N] from -FAR to FAR"""
    around = np.pad(pictures, ((0, 0), (FAR, FAR), (FAR, FAR)))
    rows = np.arange(pictures.shape[1])[:, None] + (FAR - down)[:, None, None]
    columns = np.arange(pictures.shape[2]) + (FAR - right)[:, None, None]
    return around[np.arange(len(pictures))[:, None, None], rows, columns]


def altered(rng, pictures, shift, other="nothing"):
    """A copy of each picture, altered by chance; its label stays, whether or not that is right.  [N, H, W]"""
    copy = moved(pictures, *rng.integers(-shift, shift + 1, size=(2, len(pictures))))
    half = rng.random(len(pictures))[:, None, None] < 0.5
    if other == "noise":
        return copy + rng.normal(scale=0.2, size=copy.shape)
    if other == "mirrored":
        return np.where(half, copy[:, :, ::-1], copy)
    if other == "upside down":
        return np.where(half, copy[:, ::-1, ::-1], copy)
    return copy


@lru_cache(maxsize=1)
def data():
    """Digits in the middle of a larger picture -> those to learn from, their kinds, those to test on, and theirs"""
    (pictures, kind), margin = digits(), (SIDE - 8) // 2
    order = np.random.default_rng(0).permutation(len(kind))
    pictures = np.pad(pictures, ((0, 0), (margin, margin), (margin, margin)))[order]
    return pictures[:-HELD_OUT], kind[order][:-HELD_OUT], pictures[-HELD_OUT:], kind[order][-HELD_OUT:]


def with_copies(rng, pictures, count, shift, other):
    """The pictures and after them their copies.  [N, H, W] -> [count + 1, N, H, W]"""
    return np.stack([pictures, *(altered(rng, pictures, shift, other) for _ in range(count))])


def answers(query, copies, kind):
    """The kind of the nearest picture among the first 1, 2, … copies.  [Q, H, W], [C, N, H, W], [N] -> [C, Q]"""
    flat = [each.reshape(len(each), -1) for each in copies]
    apart = np.stack([distances(query.reshape(len(query), -1), each).round(9) for each in flat])  # [C, Q, N]
    nearest, near = kind[apart.argmin(axis=2)], apart.min(axis=2)  # in each round of copies, [C, Q]
    best, said = near[0], [nearest[0]]
    for distance, answer in zip(near[1:], nearest[1:], strict=True):
        said.append(np.where(distance < best, answer, said[-1]))
        best = np.minimum(distance, best)
    return np.array(said)


@lru_cache(maxsize=50)  # a page that moves along the copies asks for the same ones again
def tried(examples, shift, other, seed):
    """The copies [MOST + 1, N, H, W], and which test pictures are read rightly with 0, 1, … of them -> [tests, C, Q]"""
    pictures, kind, fresh, truth = data()
    copies = with_copies(np.random.default_rng(seed), pictures[:examples], MOST, shift, other)
    asked = [altered(np.random.default_rng(1), fresh, far) for far in TESTS.values()]
    return copies, np.array([answers(each, copies, kind[:examples]) == truth for each in asked])


def demo(
    *,
    copies: Annotated[int, Range(0, 12, label="copies of each picture")] = 8,
    shift: Annotated[int, Range(0, 2, label="cells that a copy may be moved by")] = 1,
    examples: Annotated[int, Range(20, 300, 20, stops=5, label="labeled pictures")] = 100,
    other: Annotated[
        Literal["nothing", "noise", "mirrored", "upside down"], Label("what else is done to copies")
    ] = "nothing",
    seed: Annotated[int, Range(0, 10, stops=3, label="random seed")] = 0,
) -> Result:
    """Add copies that are moved by a cell: digits as they come are read about as well, and moved ones far better. Then
    turn half of the copies upside down, and ask about sixes and nines.

    copies: how many altered copies of each labeled picture it keeps
    shift: how far a copy may be moved, up or down and to either side
    examples: how many pictures somebody has labeled
    other: what else is done to a copy; noise to all, mirroring and turning to every second
    seed: another number makes other copies
    """
    kept, right = tried(examples, shift, other, seed)
    accuracy, truth = right.mean(axis=2), data()[3]  # [tests, copies]
    now, (came, *far) = accuracy[:, copies], accuracy
    return Result(
        summary=f"{examples} labeled pictures and {copies} copies of each: {now[0]:.0%} of the held-out digits are "
        f"read rightly, {now[1]:.0%} where those are moved by up to one cell, {now[2]:.0%} by up to two. Without "
        f"copies it is {came[0]:.0%}, {far[0][0]:.0%} and {far[1][0]:.0%}.",
        numbers={
            **{f"accuracy, {name}": now[i] for i, name in enumerate(TESTS)},
            **{f"accuracy without copies, {name}": accuracy[i, 0] for i, name in enumerate(TESTS)},
            "accuracy on 6 and 9, as they come": right[0, copies, np.isin(truth, (6, 9))].mean(),
            "gain by copies where moved by up to 1, in points": 100 * (now[1] - far[0][0]),
            "pictures to compare with": examples * (copies + 1),
        },
        show=[
            axes("Accuracy on 400 held-out digits", "copies of each labeled picture", "accuracy")
            + curves(np.arange(MOST + 1), dict(zip(TESTS, accuracy, strict=True)))
            + point("now", copies, *now),
            Heatmap(
                "Three labeled pictures, each with seven copies",
                sheet(kept[:8, [0, 3, 4]].swapaxes(0, 1)), range(8 * (SIDE + 1) - 1), range(3 * (SIDE + 1) - 1)[::-1],
            ),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
