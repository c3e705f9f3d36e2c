"""Sizes: the parameters of a model are those of GPT-2, and its memory is what PyTorch holds."""

import pytest
import torch

from demos import CannotRun
from demos.parts.processes import ALONE, World
from demos.parts.sizes import expected_bytes, needs, parameters_in
from demos.tiny_gpt import GPT, Run, Shape, optimizer_for
from tests.demos.gpt2 import gpt2, texts

pytestmark = pytest.mark.usefixtures("one_thread")
SHAPES = [Shape(50, 16, 16, 1, 1), Shape(61, 24, 32, 3, 4), Shape(40, 32, 48, 2, 3)]


@pytest.mark.parametrize("shape", SHAPES)
def test_it_has_as_many_parameters_as_it_says_and_as_gpt2_has(shape):
    assert parameters_in(shape) == sum(w.numel() for w in GPT(shape).parameters())
    assert parameters_in(shape) == sum(w.numel() for w in gpt2(shape).parameters())


def bytes_of(tensors):
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


@pytest.mark.parametrize("shape", SHAPES)
def test_weights_gradients_and_averages_take_the_bytes_it_expects(shape):
    model, ids = GPT(shape), texts(shape, 2, 9)
    optimizer = optimizer_for(model)
    model(ids[:, :-1], ids[:, 1:]).backward()
    optimizer.step()
    weights = list(model.parameters())
    averages = [held for w in weights for name, held in optimizer.state[w].items() if name != "step"]
    held = bytes_of(weights) + bytes_of(w.grad for w in weights) + bytes_of(averages)
    assert expected_bytes(shape, 0) == held


@pytest.mark.parametrize(
    ("shape", "dropout"),
    [
        (Shape(300, 32, 32, 2, 2), 0.0),
        (Shape(768, 64, 64, 2, 4), 0.1),
        (Shape(768, 64, 128, 4, 4), 0.3),
        (Shape(4000, 64, 32, 1, 2), 0.0),
        (Shape(100, 256, 48, 6, 3), 0.0),
    ],
)
def test_what_the_backward_pass_needs_takes_about_the_bytes_it_expects(shape, dropout):
    model, ids, windows = GPT(shape, dropout), texts(shape, 8, shape.context + 1), 8
    own, kept = {w.untyped_storage().data_ptr() for w in model.parameters()}, {}

    def keep(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        loss = model(ids[:, :-1], ids[:, 1:])
    assert loss.requires_grad  # so that nothing was freed before it was counted
    scores = 2 * windows * shape.context * shape.vocabulary * 4  # themselves and their gradient, for a moment
    expected = expected_bytes(shape, windows) - expected_bytes(shape, 0)
    assert sum(kept.values()) < expected < 1.3 * (sum(kept.values()) + scores)


def test_a_run_tells_what_it_needs_and_what_can_not_be_shared_evenly():
    shape, run = Shape(456, 16, 16, 1, 2), Run(1500, 24, 2, 0.01, 0.0, 0)
    assert needs(shape, run, ALONE) == (
        f"{parameters_in(shape):,} parameters; 1,500 steps of 384 tokens; 1 process on cpu with 1 thread in float32, "
        f"with about {expected_bytes(shape, 12) / 1e6:.0f} MB each"
    )
    four = World(0, 4, torch.device("cpu"), torch.bfloat16)
    assert needs(shape, run, four).endswith(
        f"; 4 processes on cpu with 1 thread in bfloat16, with about {expected_bytes(shape, 3) / 1e6:.0f} MB each"
    )
    with pytest.raises(CannotRun) as caught:
        needs(shape, run, World(0, 5, torch.device("cpu")))
    assert str(caught.value) == "a batch of 24 can not be cut into 10 even parts\nhint: take a multiple of 10"
