"""The cache against the pass without one and against GPT-2's own cache; its size, its work, and when it goes stale."""

import numpy as np
import pytest
import torch
from transformers import DynamicCache, GPT2Config, GPT2LMHeadModel

from demos.kv_cache import demo, empty_cache, extend, generate, generate_rereading, stored, work
from demos.transformer_forward import forward, multiply_adds, random_weights, scores, stream
from tests.demos.counting import Counted

V, N = 40, 48


def draw(seed, C=16, B=3, T=20):
    rng = np.random.default_rng(seed)
    return random_weights(rng, V, N, C, B), rng.integers(V, size=T)


@pytest.mark.parametrize("cuts", [[20], [1] * 20, [7, 13], [5, 1, 1, 9, 4], [19, 1]])
@pytest.mark.parametrize(("C", "B", "heads"), [(16, 1, 1), (16, 3, 4), (32, 6, 8)])
def test_gives_the_vectors_of_the_pass_without_a_cache_however_the_text_is_cut(cuts, C, B, heads):
    weights, ids = draw(0, C, B)
    *_, expected = stream(ids, weights, heads)
    cache, done, parts = empty_cache(weights), 0, []
    for count in cuts:
        x, cache = extend(ids[done : done + count], cache, weights, heads)
        parts.append(x)
        done += count
    np.testing.assert_allclose(np.concatenate(parts), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_writes_the_tokens_that_reading_everything_again_would_write(seed):
    weights, prompt = draw(seed, T=5)
    ids, steps, _ = generate(prompt, 15, weights, 4)
    again = list(prompt)
    for step in steps:
        expected = forward(np.array(again), weights, 4)[-1]
        np.testing.assert_allclose(step, expected, rtol=1e-9, atol=1e-12)
        again.append(int(expected.argmax()))
    assert ids == again
    plainly, plain_steps = generate_rereading(prompt, 15, weights, 4)
    assert plainly == again
    np.testing.assert_allclose(plain_steps, steps, rtol=1e-9, atol=1e-12)


def test_the_next_token_depends_on_the_whole_past():
    weights, prompt = draw(0, T=5)
    other = np.array([(prompt[0] + 1) % V, *prompt[1:]])
    assert np.abs(generate(prompt, 3, weights, 4)[1][-1] - generate(other, 3, weights, 4)[1][-1]).max() > 1e-3


@pytest.mark.parametrize(("C", "B", "H"), [(16, 2, 4), (48, 3, 2)])
def test_holds_the_keys_and_values_that_gpt2_holds(C, B, H):
    torch.manual_seed(0)
    config = GPT2Config(
        vocab_size=V,
        n_positions=N,
        n_embd=C,
        n_layer=B,
        n_head=H,
        bos_token_id=0,
        eos_token_id=0,
        initializer_range=0.3,
    )
    model = GPT2LMHeadModel(config).eval()
    theirs = {name: weight.detach().numpy() for name, weight in model.transformer.state_dict().items()}
    weights = {"tokens": theirs["wte.weight"], "positions": theirs["wpe.weight"]}
    weights |= {"norm.gain": theirs["ln_f.weight"], "norm.bias": theirs["ln_f.bias"]}
    for b in range(B):
        h = {name.removeprefix(f"h.{b}."): w for name, w in theirs.items() if name.startswith(f"h.{b}.")}
        (W_q, W_k, W_v), (b_q, b_k, b_v) = (np.split(h[f"attn.c_attn.{p}"], 3, axis=-1) for p in ("weight", "bias"))
        block = {"W_q": W_q, "W_k": W_k, "W_v": W_v, "b_q": b_q, "b_k": b_k, "b_v": b_v}
        for mine, name in (("o", "attn.c_proj"), ("1", "mlp.c_fc"), ("2", "mlp.c_proj")):
            block |= {f"W_{mine}": h[f"{name}.weight"], f"b_{mine}": h[f"{name}.bias"]}
        for i in (1, 2):
            block |= {f"norm_{i}.gain": h[f"ln_{i}.weight"], f"norm_{i}.bias": h[f"ln_{i}.bias"]}
        weights |= {f"{b}.{name}": w for name, w in block.items()}
    ids = np.random.default_rng(1).integers(V, size=12)
    theirs_cache, cache = DynamicCache(config=config), empty_cache(weights)
    for part in (ids[:7], ids[7:8], ids[8:]):
        with torch.no_grad():
            expected = model(torch.tensor(part[None]), past_key_values=theirs_cache, use_cache=True).logits[0].numpy()
        x, cache = extend(part, cache, weights, H)
        np.testing.assert_allclose(scores(x, weights), expected, atol=1e-4)
    for layer, (keys, values) in zip(theirs_cache.layers, cache, strict=True):
        for tensor, ours in ((layer.keys, keys), (layer.values, values)):  # theirs are cut into heads
            np.testing.assert_allclose(ours, tensor[0].transpose(0, 1).reshape(12, C).numpy(), atol=1e-4)


def test_grows_by_two_vectors_per_token_and_block():
    weights, ids = draw(0, C=16, B=3)
    _, cache = extend(ids[:7], empty_cache(weights), weights, 4)
    assert stored(empty_cache(weights)) == 0
    assert stored(cache) == 2 * 3 * 16 * 7
    _, longer = extend(ids[7:], cache, weights, 4)
    assert stored(longer) == 2 * 3 * 16 * 20
    assert stored(cache) == 2 * 3 * 16 * 7  # the shorter one may still be used, for another continuation
    _, _, cache = generate(ids, 9, weights, 4)
    assert stored(cache) == 2 * 3 * 16 * (20 + 9 - 1)


@pytest.mark.parametrize(("C", "B", "prompt", "count"), [(16, 1, 1, 5), (32, 2, 9, 6)])
def test_the_work_is_what_happens_with_and_without(C, B, prompt, count):
    weights, ids = draw(0, C, B)
    weights = {name: w.view(Counted) for name, w in weights.items()}
    with_cache, without = work(weights, prompt, count)
    Counted.total = 0
    generate(ids[:prompt], count, weights, 4)
    assert Counted.total - count * C * V == with_cache.sum()  # one row of scores for each token written
    for n in range(count):
        Counted.total = 0
        list(stream(ids[: prompt + n], weights, 4))
        assert Counted.total == without[n]


def test_an_edit_spoils_only_its_own_entry_in_the_first_block_and_all_behind_it_deeper_down():
    weights, ids = draw(0, B=3)
    other = ids.copy()
    other[8] = (ids[8] + 1) % V
    (_, before), (_, after) = (extend(text, empty_cache(weights), weights, 4) for text in (ids, other))
    wrong = [
        np.flatnonzero((k != k2).any(axis=1) | (v != v2).any(axis=1))
        for (k, v), (k2, v2) in zip(before, after, strict=True)
    ]
    assert [w.tolist() for w in wrong] == [[8], list(range(8, 20)), list(range(8, 20))]


def test_single_precision_stays_single_precision():
    weights, ids = draw(0)
    weights = {name: w.astype(np.float32) for name, w in weights.items()}
    x, cache = extend(ids, empty_cache(weights), weights, 4)
    assert x.dtype == cache[0][0].dtype == np.float32


def test_the_figures_of_the_defaults_counted_by_hand():
    numbers = demo().numbers
    C, B, prompt, count = 32, 2, 32, 64
    per_token, pair = 12 * C * C, 2 * C  # weights of a block that a token passes; products for a query and a key
    first = B * (prompt * per_token + prompt * prompt * pair)
    later = sum(B * (per_token + (prompt + n) * pair) for n in range(1, count))
    again = sum(B * ((prompt + n) * per_token + (prompt + n) ** 2 * pair) for n in range(count))
    assert numbers["multiply-adds with the cache"] == first + later
    assert numbers["multiply-adds without"] == again
    assert numbers["times as many without"] == pytest.approx(again / (first + later))
    assert numbers["numbers stored per token"] == 2 * B * C
    assert numbers["numbers stored after the prompt"] == 2 * B * C * prompt
    assert numbers["numbers stored at the end"] == 2 * B * C * (prompt + count - 1)
    assert numbers["largest difference between the scores"] < 1e-12
    assert numbers["tokens of the prompt whose cache survives the edit"] == 15
    assert numbers["change of the next scores that an old cache would miss"] > 0.01


def test_what_survives_an_edit_is_what_stands_before_it_but_for_a_single_block():
    def survive(**settings):
        return demo(new_tokens=2, **settings).numbers["tokens of the prompt whose cache survives the edit"]

    assert [survive(edited=e) for e in (1, 2, 32, 60)] == [0, 1, 31, 31]
    assert survive(edited=1, depth=1) == 31


def test_work_with_a_prompt_of_one_and_one_token_is_the_same_both_ways():
    weights, _ = draw(0)
    assert [part.tolist() for part in work(weights, 1, 1)] == [[multiply_adds(weights, 1)]] * 2
