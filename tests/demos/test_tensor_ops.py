"""Views against the arrays of NumPy and the tensors of PyTorch: places, strides, broadcasting, and when to copy."""

import numpy as np
import pytest
import torch
from numpy.lib.stride_tricks import as_strided

from demos.tensor_ops import VIEWS, View, broadcast, demo, flattens, fresh, permuted, places, repeated, sliced


def shape_of(seed):
    rng = np.random.default_rng(seed)
    return tuple(int(size) for size in rng.integers(1, 5, size=rng.integers(1, 5)))


def read(view, memory):
    """The view as NumPy makes it from the same shape and strides."""
    strides = [stride * memory.itemsize for stride in view.strides]
    return as_strided(memory[view.offset :], view.shape, strides)


def elsewhere(array, choice):
    """What NumPy makes of an array by its own names for these views."""
    return {
        "as it is": lambda: array,
        "last two axes swapped": lambda: array.swapaxes(1, 2),
        "every other column": lambda: array[..., ::2],
        "backwards": lambda: array[..., ::-1],
        "first column repeated": lambda: np.broadcast_to(array[..., :1], array.shape),
    }[choice]()


@pytest.mark.parametrize("seed", range(20))
def test_new_memory_has_the_strides_of_torch(seed):
    shape = shape_of(seed)
    assert fresh(shape).strides == torch.empty(shape).stride()
    assert places(fresh(shape)).tolist() == list(range(np.prod(shape)))


@pytest.mark.parametrize("seed", range(20))
def test_views_read_memory_as_numpy_does(seed):
    shape = shape_of(seed)
    rng = np.random.default_rng(seed)
    memory = rng.normal(size=np.prod(shape))
    array, axes = memory.reshape(shape), tuple(int(axis) for axis in rng.permutation(len(shape)))
    for view, expected in [
        (permuted(fresh(shape), axes), array.transpose(axes)),
        *[(sliced(fresh(shape), step), array[..., ::step]) for step in (1, 2, 3, -1, -2, -3)],
        (sliced(sliced(fresh(shape), -1), 2), array[..., ::-1][..., ::2]),
        (repeated(fresh(shape), 7), np.broadcast_to(array[..., :1], (*shape[:-1], 7))),
    ]:
        np.testing.assert_array_equal(read(view, memory), expected)
        np.testing.assert_array_equal(memory[places(view)], expected.ravel())


def test_a_permuted_tensor_has_the_strides_of_torch():
    tensor = torch.empty(2, 3, 4, 5).permute(3, 0, 2, 1)
    assert permuted(fresh((2, 3, 4, 5)), (3, 0, 2, 1)) == View(tuple(tensor.shape), tensor.stride())


@pytest.mark.parametrize("seed", range(60))
def test_shapes_are_broadcast_as_numpy_and_torch_do(seed):
    rng = np.random.default_rng(seed)
    one, other = (tuple(int(size) for size in rng.integers(1, 4, size=rng.integers(0, 4))) for _ in range(2))
    try:
        expected = np.broadcast_shapes(one, other)
    except ValueError:
        with pytest.raises(ValueError, match="do not fit"):
            broadcast(one, other)
        with pytest.raises(RuntimeError):
            torch.broadcast_shapes(one, other)
    else:
        assert broadcast(one, other) == expected == tuple(torch.broadcast_shapes(one, other))


@pytest.mark.parametrize("shape", [(2, 3, 4), (1, 3, 4), (2, 1, 4), (2, 3, 1), (3, 6, 7), (1, 1, 5), (1, 1, 1)])
@pytest.mark.parametrize("choice", VIEWS)
def test_a_copy_is_due_exactly_where_numpy_refuses_to_do_without(choice, shape):
    view = elsewhere(np.arange(np.prod(shape)).reshape(shape), choice)
    try:
        view.reshape(-1, copy=False)
        without_a_copy = True
    except ValueError:
        without_a_copy = False
    batch, rows, columns = shape
    numbers = demo(view=choice, rows=rows, columns=columns, batch=batch).numbers
    assert numbers["can be flattened without a copy"] == without_a_copy
    assert numbers["elements of the view"] == view.size
    assert numbers["numbers that the view reaches"] == len(np.unique(view))
    assert (
        numbers["place in memory of the element looked up"]
        == view[0, min(1, view.shape[1] - 1), min(2, view.shape[2] - 1)]
    )


@pytest.mark.parametrize("seed", range(20))
def test_torch_flattens_without_a_copy_where_we_say_so(seed):
    rng = np.random.default_rng(seed)
    shape = tuple(int(size) for size in rng.integers(1, 4, size=3))
    axes = tuple(int(axis) for axis in rng.permutation(3))
    tensor, view = torch.empty(shape).permute(axes), permuted(fresh(shape), axes)
    if flattens(view):
        assert tensor.view(-1).shape == (np.prod(shape),)
    else:
        with pytest.raises(RuntimeError):
            tensor.view(-1)


def test_a_broadcast_column_reads_one_number_again_and_again():
    numbers = demo(view="first column repeated", rows=5, columns=8, batch=2).numbers
    assert (numbers["elements of the view"], numbers["numbers that the view reaches"]) == (80, 10)
    assert numbers["stride along the last axis"] == 0


def test_the_table_shows_the_trap_of_a_column_minus_a_row():
    rows = demo(rows=3, columns=4).show[2].rows
    assert ["[3, 1]", "[3]", "[3, 3]"] in rows
    assert ["[3, 4]", "[3]", "an error"] in rows
