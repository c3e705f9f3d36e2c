"""Counts against the models of PyTorch and of `transformers`, and against what the authors of models published."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    MixtralConfig,
    MixtralForCausalLM,
)

from demos.model_arithmetic import PUBLISHED, USED, Shape, count, demo, dense, for_one_token, own, transformer


def built(make):
    """How many numbers a model of PyTorch learns, counted without any memory for them."""
    with torch.device("meta"):
        return sum(weight.numel() for weight in make().parameters())


def elsewhere(s, heads):
    """A model of this shape from the `transformers` library."""
    if not s.llama:
        sizes = {"n_embd": s.C, "n_layer": s.B, "n_inner": s.F, "n_positions": s.N, "n_head": heads}
        return GPT2LMHeadModel(GPT2Config(vocab_size=s.V, tie_word_embeddings=s.tied, **sizes))
    sizes = {
        "vocab_size": s.V, "hidden_size": s.C, "num_hidden_layers": s.B, "intermediate_size": s.F,
        "num_attention_heads": heads, "num_key_value_heads": heads * s.K // s.C, "tie_word_embeddings": s.tied,
    }  # fmt: skip
    if s.E > 1:
        return MixtralForCausalLM(MixtralConfig(num_local_experts=s.E, **sizes))
    return LlamaForCausalLM(LlamaConfig(**sizes))


@pytest.mark.parametrize("seed", range(6))
def test_dense_layers_have_as_many_numbers_as_those_of_torch(seed):
    sizes = np.random.default_rng(seed).integers(1, 60, size=seed + 2).tolist()
    layers = [torch.nn.Linear(a, b) for a, b in pairwise(sizes)]
    assert count(dense(sizes)) == sum(weight.numel() for weight in torch.nn.Sequential(*layers).parameters())


@pytest.mark.parametrize("seed", range(12))
def test_transformers_have_as_many_numbers_as_those_of_the_library(seed):
    rng = np.random.default_rng(seed)
    heads = 4 * int(rng.integers(1, 4))
    C = heads * 2 * int(rng.integers(1, 6))
    V, N, B = (int(rng.integers(low, high)) for low, high in ((20, 300), (8, 60), (1, 5)))
    llama, experts = bool(seed % 2), 1 if seed % 4 != 3 else int(rng.integers(2, 7))
    shape = own("Llama" if llama else "GPT-2", C, B, V, N, experts, tied=bool(rng.integers(2)))
    assert count(transformer(shape)) == built(lambda: elsewhere(shape, heads))


@pytest.mark.parametrize(
    ("name", "heads"),
    [("GPT-2, smallest (2019)", 12), ("GPT-2, largest (2019)", 25), ("GPT-3 (2020)", 96),
     ("Llama 3.1 8B (2024)", 32), ("Llama 3.1 405B (2024)", 128), ("Mixtral 8x7B (2024)", 32)],
)  # fmt: skip
def test_published_models_are_counted_as_the_library_builds_them(name, heads):
    shape, _ = PUBLISHED[name]
    assert count(transformer(shape)) == built(lambda: elsewhere(shape, heads))


def test_the_smallest_gpt2_and_the_numbers_that_authors_give():
    counted = {name: count(transformer(shape)) for name, (shape, _) in PUBLISHED.items()}
    assert counted["GPT-2, smallest (2019)"] == 124_439_808  # as anybody counts it who loads the weights
    assert counted["Llama 3.1 8B (2024)"] == 8_030_261_248
    billions = {name: round(number / 1e9) for name, number in counted.items()}
    assert (billions["GPT-3 (2020)"], billions["Mixtral 8x7B (2024)"]) == (175, 47)
    assert math.floor(counted["Llama 3.1 405B (2024)"] / 1e9) == 405
    assert round(for_one_token(PUBLISHED["Mixtral 8x7B (2024)"][0]) / 1e9) == 13  # "uses 13B active parameters"


@pytest.mark.parametrize("form", ["GPT-2", "Llama"])
def test_a_token_meets_as_many_numbers_as_if_there_were_only_the_experts_it_is_sent_to(form):
    def shape(experts):
        return own(form, 48, 3, 100, 20, experts, tied=True)

    router = 48 * 3  # per expert, each of which is scored
    for experts in (3, 8, 40):
        assert for_one_token(shape(experts)) == count(transformer(shape(USED))) + (experts - USED) * router
    assert for_one_token(shape(1)) == count(transformer(shape(1)))
    assert for_one_token(shape(2)) == count(transformer(shape(2)))


def test_a_block_of_twice_the_width_has_four_times_the_weights():
    def inside(C):
        return count(transformer(Shape(100, 20, C, 5, 4 * C, C)), "attention", "feed-forward layers")

    assert inside(256) == 4 * inside(128) == 5 * 12 * 256**2


def test_what_the_page_shows_adds_up():
    for settings in ({}, {"form": "Llama", "experts": 8}, {"form": "dense", "width": 128, "blocks": 1}):
        result = demo(**settings)
        rows = [int(row[-1].replace(",", "")) for row in result.show[2].rows]
        assert sum(rows) == result.numbers["parameters"]
        assert sum(value for name, value in result.numbers.items() if name.startswith("share")) == pytest.approx(1)
    assert demo(form="dense", width=128, blocks=1).numbers["parameters"] == 784 * 128 + 128 + 128 * 10 + 10
    assert demo().numbers["gigabytes to train it with Adam"] == pytest.approx(124_439_808 * 4 * 4 / 1e9)


def test_only_learned_positions_grow_with_the_context():
    for form, more in (("GPT-2", 768 * 1024), ("Llama", 0)):
        short, long = (demo(form=form, context=context).numbers["parameters"] for context in (1024, 2048))
        assert long - short == more
