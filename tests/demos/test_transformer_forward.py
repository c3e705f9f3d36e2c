"""The transformer against GPT-2's own code with the same weights, and by its properties: causal, and per token."""

import math

import numpy as np
import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from demos.activation_functions import gelu, gelu_tanh
from demos.positional_encoding import positional_encoding
from demos.transformer_forward import (
    PARTS,
    blocks,
    demo,
    forward,
    influence,
    influence_of_earlier,
    multiply_adds,
    random_weights,
    scores,
    size_of,
    stream,
)
from tests.demos.counting import Counted

NAMES = {"norm_1": "ln_1", "norm_2": "ln_2", "W_o": "attn.c_proj.weight", "b_o": "attn.c_proj.bias"}
NAMES |= {"W_1": "mlp.c_fc.weight", "b_1": "mlp.c_fc.bias", "W_2": "mlp.c_proj.weight", "b_2": "mlp.c_proj.bias"}


def gpt2(C, B, H, V=61, N=32, F=None, seed=0):
    """A small GPT-2 whose every weight is random, gains and biases included."""
    config = GPT2Config(
        vocab_size=V, n_positions=N, n_embd=C, n_layer=B, n_head=H, n_inner=F, bos_token_id=0, eos_token_id=0
    )
    model = GPT2LMHeadModel(config).eval()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            center = 1.0 if "ln_" in name and name.endswith("weight") else 0.0
            weight.copy_(center + 0.3 * torch.randn(weight.shape, generator=generator))
    return model


def taken_from(model):
    """The weights of a GPT-2 under the names of the demo, in single precision as there."""
    theirs = {name: weight.detach().numpy() for name, weight in model.transformer.state_dict().items()}
    ours = {"tokens": theirs["wte.weight"], "positions": theirs["wpe.weight"]}
    ours |= {"norm.gain": theirs["ln_f.weight"], "norm.bias": theirs["ln_f.bias"]}
    for b in range(model.config.n_layer):
        for mine, name in NAMES.items():
            if mine.startswith("norm"):
                ours[f"{b}.{mine}.gain"] = theirs[f"h.{b}.{name}.weight"]
                ours[f"{b}.{mine}.bias"] = theirs[f"h.{b}.{name}.bias"]
            else:
                ours[f"{b}.{mine}"] = theirs[f"h.{b}.{name}"]
        for kind, part in (("W", "weight"), ("b", "bias")):
            thirds = np.split(theirs[f"h.{b}.attn.c_attn.{part}"], 3, axis=-1)
            ours |= {f"{b}.{kind}_{name}": third for name, third in zip("qkv", thirds, strict=True)}
    return ours


@pytest.mark.parametrize(
    ("C", "B", "H", "T", "F"),
    [(16, 1, 1, 1, None), (16, 2, 4, 9, None), (32, 6, 8, 32, None), (48, 3, 2, 17, 64), (64, 12, 4, 20, None)],
)
@pytest.mark.parametrize("seed", range(2))
def test_gives_the_scores_of_gpt2_with_the_same_weights(C, B, H, T, F, seed):
    model = gpt2(C, B, H, F=F, seed=seed)
    ids = np.random.default_rng(seed).integers(61, size=(2, T))
    with torch.no_grad():
        expected = model(torch.tensor(ids)).logits.numpy()
    weights = taken_from(model)
    ours = forward(ids, weights, H)
    assert ours.dtype == np.float32
    assert expected.std() > 0.5  # large enough for the tolerance to mean something
    np.testing.assert_allclose(ours, expected, atol=1e-4, rtol=1e-5)
    exact = forward(ids, {name: weight.astype(float) for name, weight in weights.items()}, H)
    np.testing.assert_allclose(exact, expected, atol=1e-4, rtol=1e-5)


def test_gives_the_hidden_states_of_gpt2_block_by_block():
    model = gpt2(32, 4, 4)
    ids = np.random.default_rng(0).integers(61, size=11)
    with torch.no_grad():
        expected = model(torch.tensor(ids[None]), output_hidden_states=True).hidden_states
    states = list(stream(ids, taken_from(model), 4))
    assert len(states) == 9
    for b in range(4):  # theirs has the last norm in its last state
        np.testing.assert_allclose(states[2 * b], expected[b][0].numpy(), atol=1e-4)


def test_random_weights_have_the_names_and_shapes_of_gpt2_and_as_many_numbers():
    model = gpt2(24, 3, 4, V=61, N=32)
    theirs, ours = taken_from(model), random_weights(np.random.default_rng(0), 61, 32, 24, 3)
    assert {name: weight.shape for name, weight in ours.items()} == {n: weight.shape for n, weight in theirs.items()}
    assert sum(weight.size for weight in ours.values()) == sum(p.numel() for p in model.parameters())


def test_gpt2_small_has_the_published_number_of_weights():
    # Counted from the shapes alone: 50,257 tokens, 1,024 positions, width 768, 12 blocks; 124 million are published.
    V, N, C, B = 50257, 1024, 768, 12
    per_block = sum(w.size for w in blocks(random_weights(np.random.default_rng(0), 2, 2, C, 1))[0].values())
    assert V * C + N * C + B * per_block + 2 * C == 124_439_808


def test_random_weights_start_as_large_as_those_of_gpt2():
    weights = random_weights(np.random.default_rng(0), 3000, 64, 768, 2)
    model = GPT2LMHeadModel(GPT2Config(n_layer=2, vocab_size=3000, bos_token_id=0, eos_token_id=0))
    theirs = taken_from(model)
    for name in ("tokens", "0.W_q", "0.W_o", "1.W_1", "1.W_2"):
        assert weights[name].std() == pytest.approx(theirs[name].std(), rel=0.02)
    expected = positional_encoding(range(64), 768) * 0.02 * math.sqrt(2)
    np.testing.assert_allclose(weights["positions"], expected, rtol=1e-12)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("place", [0, 3, 9])
def test_an_edit_changes_every_later_score_and_no_earlier_one_by_a_single_bit(seed, place):
    rng = np.random.default_rng(seed)
    weights, ids = random_weights(rng, 40, 16, 16, 3), rng.integers(40, size=10)
    other = ids.copy()
    other[place] = (ids[place] + 1) % 40
    before, after = forward(ids, weights, 4), forward(other, weights, 4)
    assert (before[:place] == after[:place]).all()
    assert (np.abs(before[place:] - after[place:]).max(axis=-1) > 1e-9).all()


def test_a_beginning_gets_the_same_scores_alone():
    rng = np.random.default_rng(0)
    weights, ids = random_weights(rng, 40, 16, 16, 3), rng.integers(40, size=10)
    np.testing.assert_allclose(forward(ids[:4], weights, 2), forward(ids, weights, 2)[:4], rtol=1e-9, atol=1e-12)


def test_scores_are_products_with_the_embedding_table():
    weights = random_weights(np.random.default_rng(0), 40, 16, 16, 1)
    x = np.random.default_rng(1).normal(size=16)
    normed = (x - x.mean()) / np.sqrt(x.var() + 1e-5)
    np.testing.assert_allclose(scores(x, weights), [normed @ row for row in weights["tokens"]], rtol=1e-9)


def test_more_tokens_than_positions_are_refused():
    weights = random_weights(np.random.default_rng(0), 40, 8, 16, 1)
    with pytest.raises(ValueError, match="9 tokens, but the table of positions has 8 rows"):
        forward(np.zeros(9, dtype=int), weights, 2)


@pytest.mark.parametrize(("C", "B", "T", "F"), [(16, 1, 1, None), (16, 3, 7, 24), (32, 2, 12, None)])
def test_multiply_adds_are_those_that_happen(C, B, T, F):
    weights = {n: w.view(Counted) for n, w in random_weights(np.random.default_rng(0), 30, 16, C, B, F).items()}
    Counted.total = 0
    *_, x = stream(np.arange(T), weights, 4)
    assert Counted.total == multiply_adds(weights, T)
    scores(x, weights)
    assert Counted.total == multiply_adds(weights, T) + T * C * 30


def test_the_gelu_of_gpt2_is_pytorchs_and_close_to_the_exact_one():
    z = np.linspace(-6, 6, 1001)
    expected = torch.nn.functional.gelu(torch.tensor(z), approximate="tanh").numpy()
    np.testing.assert_allclose(gelu_tanh(z), expected, atol=1e-12)
    assert 1e-4 < np.abs(gelu_tanh(z) - gelu(z)).max() < 5e-4


def test_every_weight_is_counted_in_one_part():
    weights = random_weights(np.random.default_rng(0), 30, 12, 16, 2)
    sizes = {part: size_of(part, weights) for part in PARTS}
    assert sum(sizes.values()) == sum(w.size for w in weights.values())
    assert sizes == {
        "tokens": 30 * 16,
        "positions": 12 * 16,
        "attention": 2 * 4 * (16 * 16 + 16),
        "feed-forward": 2 * (2 * 16 * 64 + 64 + 16),
        "norms": 5 * 2 * 16,
    }


def test_the_figures_of_the_defaults_counted_by_hand():
    numbers = demo().numbers
    T, V, C = 14, 456, 32
    assert (numbers["tokens"], numbers["tokens in the vocabulary"]) == (T, V)
    block = 4 * (C * C + C) + (4 * C * C + 4 * C) + (4 * C * C + C) + 4 * C
    assert numbers["weights"] == V * C + 60 * C + 2 * block + 2 * C
    expected = (8 * C * C + 5 * C) / block
    assert numbers["share of the weights of a block in feed-forward"] == pytest.approx(expected, rel=1e-12)
    assert numbers["multiply-adds in the blocks"] == 2 * (12 * T * C * C + 2 * T * T * C)
    assert numbers["later tokens that the edit reaches within one block"] == T - 3
    assert numbers["largest change before the edited token"] == 0
    assert 1 / V < numbers["probability of the favorite next token"] < 0.05


def test_without_attention_an_edit_stays_where_it_is():
    change = np.array(demo(leave_out="attention").show[0].values)
    assert (change[:, 2] > 0.1).all()
    assert (np.delete(change, 2, axis=1) == 0).all()


def test_without_positions_and_attention_equal_tokens_stay_equal():
    weights = random_weights(np.random.default_rng(0), 30, 16, 16, 2)
    weights["positions"] = np.zeros((16, 16))
    for b in range(2):
        weights[f"{b}.W_o"] = np.zeros((16, 16))
    result = forward(np.array([5, 9, 5]), weights, 2)
    np.testing.assert_allclose(result[0], result[2], rtol=1e-12)
    assert np.abs(result[0] - result[1]).max() > 0.1


@pytest.mark.parametrize("at", [0, 3, 5])
def test_influence_is_the_jacobian_of_gpt2s_own_code(at):
    model = gpt2(C=16, B=2, H=2).double()
    weights, ids = taken_from(model), [5, 9, 60, 9, 2, 31]

    def last_after_one_block(embedded):
        return model.transformer(inputs_embeds=embedded[None], output_hidden_states=True).hidden_states[1][0, -1]

    embedded = model.transformer.wte.weight.detach()[ids]
    jacobian = torch.autograd.functional.jacobian(last_after_one_block, embedded)  # [C, T, C]
    first_block = {name: w for name, w in weights.items() if not name.startswith("1.")}
    expected = math.sqrt((jacobian[:, at] ** 2).sum() / 16)
    assert influence(np.array(ids), at, first_block, heads=2) == pytest.approx(expected, rel=1e-3)
    earlier = math.sqrt((jacobian[:, :-1] ** 2).mean(dim=1).sum() / 16)
    assert influence_of_earlier(np.array(ids), first_block, heads=2, draws=2000) == pytest.approx(earlier, rel=0.03)
    assert influence_of_earlier(np.array(ids), first_block, heads=2) == pytest.approx(earlier, rel=0.15)


def test_without_attention_no_other_token_has_influence_on_the_last():
    numbers = demo(leave_out="attention").numbers
    assert numbers["influence of the first token on the last vector, as a share of the last token's own"] == 0
    assert numbers["influence of the token before the last, as a share of the last token's own"] == 0
    assert numbers["influence of an earlier token on average, as a share of the last token's own"] == 0


def test_a_single_token_has_all_influence_itself():
    numbers = demo(text="a").numbers
    assert numbers["tokens"] == 1
    assert numbers["influence of the token before the last, as a share of the last token's own"] == 1
    assert numbers["influence of an earlier token on average, as a share of the last token's own"] == 1
