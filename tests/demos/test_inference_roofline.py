"""Inference on a roofline: operations against PyTorch's counter, bytes against arrays, times against the formula."""

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from demos.inference_roofline import (
    MODELS,
    Model,
    attainable,
    cached_per_token,
    demo,
    reading,
    seconds,
    served,
    writing,
)


def small(layers=2, heads=4, cached=2, head=8):
    """A transformer of these sizes, as matrices -> Model, its matrices [layers][...]"""
    C = heads * head
    matrices = [[torch.randn(C, C), torch.randn(C, cached * head), torch.randn(C, cached * head), torch.randn(C, C),
                 torch.randn(C, 3 * C), torch.randn(3 * C, C)] for _ in range(layers)]  # fmt: skip
    return Model(sum(m.numel() for layer in matrices for m in layer), layers, C, cached, head), matrices


def counted(matrices, T, context, heads=4, head=8):
    """What PyTorch counts for T tokens that each look at `context` tokens."""
    with FlopCounterMode(display=False) as counter:
        for layer in matrices:
            for matrix in layer:
                torch.randn(T, matrix.shape[0]) @ matrix
            scores = torch.bmm(torch.randn(heads, T, head), torch.randn(heads, head, context))
            torch.bmm(scores, torch.randn(heads, context, head))
    return counter.get_total_flops()


@pytest.mark.parametrize("context", [1, 5, 40])
@pytest.mark.parametrize("B", [1, 3])
def test_writing_costs_the_operations_that_torch_counts(context, B):
    model, matrices = small()
    operations, _ = writing(model, B, context, 2)
    assert operations == B * counted(matrices, 1, context)


@pytest.mark.parametrize("prompt", [1, 6, 17])
def test_reading_costs_the_operations_of_every_token_with_those_before_it(prompt):
    model, matrices = small()
    operations, _ = reading(model, 1, prompt, 2)
    assert operations == sum(counted(matrices, 1, t + 1) for t in range(prompt))


@pytest.mark.parametrize("B", [1, 4])
def test_memory_traffic_is_the_size_of_the_arrays(B):
    model, matrices = small()
    weights = sum(m.half().nbytes for layer in matrices for m in layer)
    cache = np.zeros((2, model.layers, B, 10, model.cached_heads, model.head_width), dtype=np.float16)
    assert writing(model, B, 10, 2)[1] == weights + cache.nbytes
    assert reading(model, B, 10, 2)[1] == weights + cache.nbytes
    assert writing(model, B, 10, 4)[1] == 2 * weights + cache.nbytes


def test_llama_3_8b_caches_128_kilobytes_per_token():
    assert cached_per_token(MODELS["Llama 3 8B"]) == 2 * 32 * 1024 * 2


@pytest.mark.parametrize("seed", range(5))
def test_time_and_speed_are_two_sides_of_the_roof(seed):
    rng = np.random.default_rng(seed)
    operations, traffic, peak, bandwidth = 10 ** rng.uniform(3, 12, size=4)
    speed = operations / seconds((operations, traffic), peak, bandwidth)
    assert speed == pytest.approx(attainable(operations / traffic, peak, bandwidth))
    assert attainable(peak / bandwidth, peak, bandwidth) == pytest.approx(peak)  # the ridge
    assert attainable(0.5 * peak / bandwidth, peak, bandwidth) == pytest.approx(peak / 2)


def test_a_single_text_by_hand():
    first, further = served(MODELS["Llama 3 8B"], 1, 1000, 3, 2, 1e15, 1e12)
    assert first == pytest.approx((2 * 8.03e9 * 1000 + 4 * 32 * 4096 * 500_500) / 1e15)
    assert further == pytest.approx((16.06e9 + np.array([1001, 1002, 1003]) * 131_072) / 1e12)


def test_a_machine_gains_from_a_batch_and_a_user_never_does():
    each = [demo(batch=b).numbers for b in (1, 8, 64, 512)]
    machine = [numbers["tokens per second of the machine"] for numbers in each]
    user = [numbers["tokens per second for one user"] for numbers in each]
    assert machine == sorted(machine)
    assert user == sorted(user, reverse=True)
    assert machine[1] > 6 * machine[0]
    assert user[1] > 0.9 * user[0]


def test_more_arithmetic_does_not_help_a_single_writer_and_more_memory_speed_does():
    slow, arithmetic, memory = (demo(**more).numbers for more in ({}, {"teraflops": 1978}, {"bandwidth": 6700}))
    name = "milliseconds per further token"
    assert arithmetic[name] == slow[name]
    assert memory[name] == pytest.approx(slow[name] / 2)


@pytest.mark.parametrize("view", ["roofline", "trade-off"])
def test_each_view_shows_the_same_three_pictures(view):
    shown = demo(view=view).show
    assert {picture.title for picture in shown} == {picture.title for picture in demo().show}
    assert len(shown) == 3


def test_the_summary_writes_percentages_as_people_do():
    assert "Reading uses 100 percent of the arithmetic, and writing 0.347 percent" in demo().summary
