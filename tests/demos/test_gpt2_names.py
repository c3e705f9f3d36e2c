"""Weights under other names: those of `transformers` give its scores and its texts, here and back again, and those of
the NumPy form give the scores of NumPy."""

import numpy as np
import pytest
import torch

from demos import CannotRun
from demos.parts.gpt2_names import from_gpt2, to_arrays, to_gpt2
from demos.parts.sizes import parameters_in
from demos.tiny_gpt import GPT, Shape, generate
from demos.transformer_forward import forward, random_weights
from tests.demos.gpt2 import gpt2, scrambled, texts

pytestmark = pytest.mark.usefixtures("one_thread")
GPT2_SMALL = Shape(50257, 1024, 768, 12, 12)


def drawn(seed):
    """Some shape or other."""
    rng = np.random.default_rng(seed)
    heads = int(rng.integers(1, 7))
    width = heads * int(rng.integers(2, 12))
    return Shape(int(rng.integers(20, 300)), int(rng.integers(8, 40)), width, int(rng.integers(1, 5)), heads)


SHAPES = [drawn(seed) for seed in range(6)]


def refused(*arguments):
    with pytest.raises(CannotRun) as caught:
        from_gpt2(*arguments)
    return str(caught.value)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_with_the_weights_of_gpt2_come_the_scores_of_gpt2(shape):
    twin, model = scrambled(gpt2(shape), 1), GPT(shape).eval()
    ids = texts(shape, 3, shape.context)
    from_gpt2(twin.state_dict(), model)
    with torch.no_grad():
        expected, found = twin(ids).logits, model.scores(model.stream(ids))
    assert expected.std() > 0.5  # large enough for the tolerance to mean something
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-5)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_given_back_they_are_those_of_transformers_again(shape):
    twin, model, other = scrambled(gpt2(shape), 1), GPT(shape), gpt2(shape)
    from_gpt2(twin.state_dict(), model)
    state = to_gpt2(model)
    expected = twin.state_dict()
    assert state.keys() == expected.keys()
    assert all(torch.equal(state[name], expected[name]) for name in state)
    other.load_state_dict(state)
    other.tie_weights()
    ids = texts(shape, 2, shape.context)
    with torch.no_grad():
        assert torch.equal(other(ids).logits, twin(ids).logits)


def test_a_model_without_its_head_and_the_constants_of_old_files_are_understood():
    shape, model, other = SHAPES[0], GPT(SHAPES[0]), GPT(SHAPES[0])
    twin = scrambled(gpt2(shape), 1)
    from_gpt2(twin.state_dict(), model)
    old = twin.transformer.state_dict()
    old |= {"h.0.attn.bias": torch.ones(1, 1, 8, 8), "h.0.attn.masked_bias": torch.tensor(-1e4)}
    from_gpt2(old, other)
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, other.state_dict()[name])


@pytest.mark.parametrize("shape", SHAPES[:4], ids=str)
def test_the_favorites_are_those_that_transformers_generates_token_for_token(shape):
    twin, model = scrambled(gpt2(shape), 2), GPT(shape)
    from_gpt2(twin.state_dict(), model)
    half = shape.context // 2
    ids = texts(shape, 4, half)
    expected = twin.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=half, do_sample=False)
    assert generate(model, ids.tolist(), half, temperature=0) == expected[:, half:].tolist()
    assert len(set(expected[:, half:].flatten().tolist())) > 3


@pytest.mark.parametrize("shape", SHAPES[:3], ids=str)
def test_what_is_written_behind_padding_is_what_transformers_writes(shape):
    twin, model, new = scrambled(gpt2(shape), 3), GPT(shape), shape.context // 2
    from_gpt2(twin.state_dict(), model)
    rng = np.random.default_rng(0)
    lengths = [1, shape.context - new, 2, 3]
    prompts = [rng.integers(shape.vocabulary, size=length).tolist() for length in lengths]
    padded = torch.tensor([[0] * (max(lengths) - len(prompt)) + prompt for prompt in prompts])
    mask = torch.tensor([[0] * (max(lengths) - len(prompt)) + [1] * len(prompt) for prompt in prompts])
    expected = twin.generate(padded, attention_mask=mask, max_new_tokens=new, do_sample=False)
    assert generate(model, prompts, new, temperature=0) == expected[:, -new:].tolist()


# --- what does not fit --------------------------------------------------------------------------------------------

SHAPE = Shape(50, 16, 24, 2, 3)
NOT_OURS = "these are not the weights of a GPT-2 of this shape: "


def state(shape=SHAPE):
    return scrambled(gpt2(shape)).state_dict()


@pytest.mark.parametrize("name", ["h.1.attn.c_attn.weight", "ln_f.bias", "wpe.weight"])
def test_what_is_missing_is_named(name):
    weights = state()
    del weights[f"transformer.{name}"]
    assert refused(weights, GPT(SHAPE)) == f"{NOT_OURS}{name} is missing"


def test_what_is_left_over_is_named():
    weights = state() | {"score.weight": torch.ones(2, 24)}
    assert refused(weights, GPT(SHAPE)) == f"{NOT_OURS}score.weight has no place here"
    deeper = Shape(50, 16, 24, 3, 3)
    assert refused(state(deeper), GPT(SHAPE)) == (
        f"{NOT_OURS}h.2.ln_1.weight has no place here; h.2.ln_1.bias has no place here; "
        "h.2.attn.c_attn.weight has no place here; h.2.attn.c_attn.bias has no place here; "
        "h.2.attn.c_proj.weight has no place here, and 7 more"
    )


def test_what_has_another_shape_is_named_with_both():
    weights = state() | {"transformer.h.0.mlp.c_fc.weight": torch.ones(96, 24), "transformer.ln_f.bias": torch.ones(23)}
    assert refused(weights, GPT(SHAPE)) == (
        f"{NOT_OURS}ln_f.bias is [23] and not [24]; h.0.mlp.c_fc.weight is [96, 24] and not [24, 96]"
    )


def test_a_head_of_its_own_is_refused():
    weights = state() | {"lm_head.weight": torch.ones(50, 24)}
    told = "these weights have a head of their own, and GPT-2 uses its table of tokens as head"
    assert refused(weights, GPT(SHAPE)) == told


def test_weights_of_something_else_are_refused():
    told = refused({"weight": torch.ones(3), "bias": torch.ones(3)}, GPT(SHAPE))
    assert told.startswith(f"{NOT_OURS}wte.weight is missing; wpe.weight is missing; ")
    assert told.endswith(", and 25 more")


def test_what_is_refused_changes_nothing():
    model = GPT(SHAPE)
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    weights = state()
    del weights["transformer.ln_f.bias"]
    refused(weights, model)
    assert all(torch.equal(weight, before[name]) for name, weight in model.state_dict().items())


# --- GPT-2 small --------------------------------------------------------------------------------------------------


def test_gpt2_small_has_the_published_number_of_parameters_and_the_names_and_shapes_of_transformers():
    with torch.device("meta"):  # shapes alone, no memory
        model, twin = GPT(GPT2_SMALL), gpt2(GPT2_SMALL)
    assert parameters_in(GPT2_SMALL) == 124_439_808
    assert sum(weight.numel() for weight in model.parameters()) == 124_439_808
    expected = {name: weight.shape for name, weight in twin.state_dict().items()}
    assert {name: weight.shape for name, weight in to_gpt2(model).items()} == expected


def test_gpt2_small_runs():
    with torch.device("meta"):
        model, twin = GPT(GPT2_SMALL), gpt2(GPT2_SMALL)
    model.to_empty(device="cpu").eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():  # a wave is drawn sooner than 124 million random numbers
            weight.copy_(torch.linspace(0, 1e6, weight.numel()).sin_().mul_(0.05).view_as(weight))
            if name.endswith(("norm.weight", "norm_1.weight", "norm_2.weight")):
                weight.fill_(1.0)
        scores = model.scores(model.stream(torch.tensor([[464, 3280, 318]])))
        assert scores.shape == (1, 3, 50257)
        assert scores.isfinite().all()
        assert scores.std() > 0.1
        twin.load_state_dict(to_gpt2(model), assign=True)
        torch.testing.assert_close(scores, twin(torch.tensor([[464, 3280, 318]])).logits, atol=1e-4, rtol=1e-5)


# --- NumPy's form -------------------------------------------------------------------------------------------------


def test_as_arrays_they_have_the_names_and_shapes_that_numpy_wants():
    V, N, C, B = SHAPE.vocabulary, SHAPE.context, SHAPE.width, SHAPE.depth
    expected = random_weights(np.random.default_rng(0), V, N, C, B)
    arrays = to_arrays(GPT(SHAPE))
    assert {name: array.shape for name, array in arrays.items()} == {n: array.shape for n, array in expected.items()}


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_as_arrays_they_give_numpy_the_same_scores(shape):
    model, ids = scrambled(GPT(shape), 4), texts(shape, 2, shape.context)
    arrays = to_arrays(model)
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.float32)}
    with torch.no_grad():
        scores = model.scores(model.stream(ids)).numpy()
    np.testing.assert_allclose(forward(ids.numpy(), arrays, shape.heads), scores, atol=1e-4, rtol=1e-5)
