"""Tensor operations: one row of numbers in memory, and a shape with strides that says how to walk through it.

Notation: memory [n]; a view has a shape, as many strides, and an offset: the place in memory of its first element.
          Element [i, j, k] is memory[offset + i · stride 1 + j · stride 2 + k · stride 3].
Leaves out: arithmetic on the elements, their type, and the graphics card they may be on.

Source: Harris et al. (2020), figure 1, https://doi.org/10.1038/s41586-020-2649-2
"""

import itertools
import math
from typing import Annotated, Literal, NamedTuple

import numpy as np

from demos import Heatmap, Range, Result, Table, axes, curves, point


class View(NamedTuple):
    """A tensor without its memory."""

    shape: tuple[int, ...]
    strides: tuple[int, ...]
    offset: int = 0


def fresh(shape):
    """A view of new memory, filled row by row: the last axis has a stride of 1, each one before skips what follows."""
    return View(shape, tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape))))


def place(view, index):
    """Where in memory an element lies.  index: one number for each axis"""
    return view.offset + sum(i * stride for i, stride in zip(index, view.strides, strict=True))


def places(view):
    """Where all elements lie, in the order in which they are read -> [number of elements]"""
    return np.array([place(view, index) for index in itertools.product(*map(range, view.shape))])


def permuted(view, axes):
    """The axes in another order. Nothing moves: each takes its stride along."""
    return View(tuple(view.shape[axis] for axis in axes), tuple(view.strides[axis] for axis in axes), view.offset)


def sliced(view, step):
    """The last axis in steps, as in [..., ::step]: the stride is multiplied. A step of -1 reads it from its end."""
    (*shape, size), (*strides, stride) = view.shape, view.strides
    first = (size - 1) * stride if step < 0 else 0
    return View((*shape, -(-size // abs(step))), (*strides, step * stride), view.offset + first)


def repeated(view, times):
    """The first element of the last axis, so many times: a stride of 0. Broadcasting is this."""
    return View((*view.shape[:-1], times), (*view.strides[:-1], 0), view.offset)


def broadcast(one, other):
    """The shape of the sum of two shapes: from the last axis on sizes agree or one is 1, else it is a ValueError."""
    sizes = list(itertools.zip_longest(reversed(one), reversed(other), fillvalue=1))
    for a, b in sizes:
        if a != b and 1 not in (a, b):
            raise ValueError(f"{one} and {other} do not fit: {a} and {b} differ, and neither is 1")
    return tuple(b if a == 1 else a for a, b in reversed(sizes))


def flattens(view):
    """Whether one axis with one stride reaches all elements in their order, so that reshaping copies nothing."""
    axes = [(size, stride) for size, stride in zip(view.shape, view.strides, strict=True) if size > 1]
    return all(outer == size * inner for (_, outer), (size, inner) in itertools.pairwise(axes))


VIEWS = {  # other ways to read the same memory
    "as it is": lambda view: view,
    "last two axes swapped": lambda view: permuted(view, (0, 2, 1)),
    "every other column": lambda view: sliced(view, 2),
    "backwards": lambda view: sliced(view, -1),
    "first column repeated": lambda view: repeated(view, view.shape[-1]),
}


def fits(one, other):
    """A row of a table: two shapes, and what becomes of them."""
    try:
        return [str(list(one)), str(list(other)), str(list(broadcast(one, other)))]
    except ValueError:
        return [str(list(one)), str(list(other)), "an error"]


def demo(
    *,
    view: Literal[
        "as it is", "last two axes swapped", "every other column", "backwards", "first column repeated"
    ] = "as it is",
    rows: Annotated[int, Range(1, 6)] = 3,
    columns: Annotated[int, Range(1, 8)] = 4,
    batch: Annotated[int, Range(1, 3, label="matrices (batch)")] = 2,
    row: Annotated[int, Range(0, 5, label="row to look up")] = 1,
    column: Annotated[int, Range(0, 7, label="column to look up")] = 2,
) -> Result:
    """Swap two axes: every number stays where it is in memory, and yet the rows have become columns. Only shape and
    strides have changed.

    view: the same memory, read in another order or in part
    rows: rows of each matrix
    columns: columns of each matrix
    batch: how many matrices
    row: of the element that is looked up in the first matrix of the view; the last row, if there are fewer
    column: of the same element; the last column, if there are fewer
    """
    seen = VIEWS[view](fresh((batch, rows, columns)))
    order = places(seen)  # the number in memory is its own place, so that one sees where it comes from
    index = (0, min(row, seen.shape[1] - 1), min(column, seen.shape[2] - 1))
    names = [f"{matrix}, {line}" for matrix in range(seen.shape[0]) for line in range(seen.shape[1])]
    numbers, title = [str(k) for k in range(seen.shape[2])], "The view: each cell with its place in memory"
    shapes = [
        ((rows, columns), (columns,)), ((rows, columns), (rows,)), ((rows, columns), (rows, 1)),
        ((rows, 1), (columns,)), ((rows, 1), (rows,)), ((batch, rows, columns), (rows, columns)),
    ]  # fmt: skip
    return Result(
        summary=f"A view of shape {list(seen.shape)} with strides {list(seen.strides)}: element {list(index)} is "
        f"number {place(seen, index)} in memory. It can{'' if flattens(seen) else ' not'} be flattened without a copy.",
        numbers={
            "numbers in memory": batch * rows * columns,
            "elements of the view": len(order),
            "numbers that the view reaches": len(np.unique(order)),
            "place in memory of the element looked up": place(seen, index),
            "stride along the last axis": seen.strides[2],
            "can be flattened without a copy": int(flattens(seen)),
        },
        show=[
            Heatmap(
                title, order.reshape(len(names), -1), numbers, names, "last axis", "first, second axis", annotate=True
            ),
            axes("Where in memory the view reads, element after element", "element of the view", "place in memory")
            + curves(np.arange(len(order)), {"view": order})
            + point("now", place(fresh(seen.shape), index), place(seen, index)),
            Table(
                "Broadcasting: which shapes can be added", ["shape", "plus", "is of shape"], [fits(*s) for s in shapes]
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
