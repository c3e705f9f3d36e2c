"""Devices: which device and which precision a name means, and what becomes of a model in another precision."""

import pytest
import torch
from torch import nn

from demos import CannotRun
from demos.parts.devices import device_named, in_precision, name_of, precision_named


def machine_with(monkeypatch, cards=0, mps=False):
    """As if this machine had so many graphics cards, or an Apple chip."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cards > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: cards)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)


def refused(work, *arguments):
    with pytest.raises(CannotRun) as caught:
        work(*arguments)
    return str(caught.value)


@pytest.mark.parametrize(
    ("cards", "mps", "device"),
    [(0, False, "cpu"), (0, True, "mps"), (1, False, "cuda:0"), (2, True, "cuda:0")],
)
def test_auto_is_the_fastest_that_there_is(monkeypatch, cards, mps, device):
    machine_with(monkeypatch, cards, mps)
    assert device_named("auto") == torch.device(device)
    assert device_named("cpu") == torch.device("cpu")


@pytest.mark.parametrize(
    ("name", "cards", "mps", "told"),
    [
        ("cuda", 0, False, "there is no cuda device on this machine\nhint: it has cpu; auto picks the fastest"),
        ("cuda", 0, True, "there is no cuda device on this machine\nhint: it has cpu and mps; auto picks the fastest"),
        ("mps", 2, False, "there is no mps device on this machine\nhint: it has cpu and cuda; auto picks the fastest"),
    ],
)
def test_a_device_that_is_not_there_is_refused_and_the_others_are_named(monkeypatch, name, cards, mps, told):
    machine_with(monkeypatch, cards, mps)
    assert refused(device_named, name) == told


def test_every_process_takes_a_graphics_card_of_its_own_and_one_too_many_is_refused(monkeypatch):
    machine_with(monkeypatch, cards=2)
    assert [device_named("auto", rank) for rank in (0, 1)] == [torch.device("cuda:0"), torch.device("cuda:1")]
    assert refused(device_named, "cuda", 2) == (
        "process 2 on this machine finds no graphics card: there are 2\n"
        "hint: start it with torchrun --nproc-per-node 2, or compute on --device cpu"
    )
    assert device_named("cpu", 2) == torch.device("cpu")


def test_auto_precision_is_the_full_one_but_on_cards_that_know_bfloat16(monkeypatch):
    for known in (True, False):
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda known=known: known)
        assert precision_named("auto", torch.device("cpu")) == torch.float32
        assert precision_named("auto", torch.device("mps")) == torch.float32
        assert precision_named("auto", torch.device("cuda:0")) == (torch.bfloat16 if known else torch.float32)
        assert precision_named("bfloat16", torch.device("cpu")) == torch.bfloat16
        assert precision_named("float32", torch.device("cuda:0")) == torch.float32


def test_a_processor_is_named_by_its_threads(monkeypatch):
    for threads, name in ((1, "cpu with 1 thread"), (8, "cpu with 8 threads")):
        monkeypatch.setattr(torch, "get_num_threads", lambda threads=threads: threads)
        assert name_of(torch.device("cpu")) == name
    assert name_of(torch.device("mps")) == "mps"


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a graphics card that PyTorch can compute on")
def test_a_graphics_card_is_named_as_its_maker_does():
    assert name_of(device_named("cuda")) == torch.cuda.get_device_name()


# --- a model in another precision ---------------------------------------------------------------------------------


class Squares(nn.Module):
    """The mean square of a product, and the precision that it was computed in."""

    def __init__(self):
        super().__init__()
        self.layer, self.seen = nn.Linear(8, 8), []

    def forward(self, ids, targets):
        product = self.layer(ids)
        self.seen.append(product.dtype)
        return ((product.float() - targets) ** 2).mean()


def test_in_full_precision_a_model_is_left_as_it_is():
    model = Squares()
    assert in_precision(model, torch.float32) is model


def test_in_another_precision_products_are_rounded_and_weights_and_gradients_are_not():
    torch.manual_seed(0)
    model, x, y = Squares(), torch.randn(5, 8), torch.randn(5, 8)
    exact = model(x, y)
    rounded = in_precision(model, torch.bfloat16)(x, y)
    assert model.seen == [torch.float32, torch.bfloat16]
    assert 0 < abs(rounded - exact) < 0.02 * exact
    rounded.backward()
    assert {(weight.dtype, weight.grad.dtype) for weight in model.parameters()} == {(torch.float32, torch.float32)}
