"""Self-attention against PyTorch, and by its properties: blind to order, and with a mask blind to the future."""

import math

import numpy as np
import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from demos.attention import KEYS, WORDS
from demos.self_attention import ORDERS, causal_mask, demo, masked_too_late, self_attention


def draw(seed, shape=(6, 5), d_k=4, d_v=3):
    rng = np.random.default_rng(seed)
    C = shape[-1]
    return rng.normal(size=shape), [rng.normal(size=(C, d)) for d in (d_k, d_k, d_v)]


@pytest.mark.parametrize("shape", [(6, 5), (1, 5), (12, 8), (3, 7, 5)])
@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_equals_pytorch_with_and_without_its_own_causal_mask(shape, causal, seed):
    x, matrices = draw(seed, shape)
    output, weights = self_attention(x, *matrices, causal_mask(shape[-2]) if causal else None)
    q, k, v = (torch.tensor(x) @ torch.tensor(W) for W in matrices)
    expected = scaled_dot_product_attention(q, k, v, is_causal=causal)
    np.testing.assert_allclose(output, expected.numpy(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_without_a_mask_the_output_is_shuffled_as_the_input_is(seed):
    x, matrices = draw(seed, (9, 5))
    order = np.random.default_rng(seed + 100).permutation(9)
    output, weights = self_attention(x, *matrices)
    shuffled, shuffled_weights = self_attention(x[order], *matrices)
    np.testing.assert_allclose(shuffled, output[order], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(shuffled_weights, weights[order][:, order], rtol=1e-9)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("place", [1, 4, 8])
def test_under_the_causal_mask_later_words_do_not_change_earlier_outputs_by_a_single_bit(seed, place):
    x, matrices = draw(seed, (9, 5))
    edited = x.copy()
    edited[place:] = np.random.default_rng(seed + 100).normal(scale=3, size=edited[place:].shape)
    output, _ = self_attention(x, *matrices, causal_mask(9))
    after, _ = self_attention(edited, *matrices, causal_mask(9))
    assert (after[:place] == output[:place]).all()
    assert (np.abs(after[place:] - output[place:]).max(axis=-1) > 1e-6).all()


def test_a_causal_prefix_needs_nothing_of_the_rest():
    x, matrices = draw(0, (9, 5))
    whole, _ = self_attention(x, *matrices, causal_mask(9))
    for T in range(1, 10):
        prefix, _ = self_attention(x[:T], *matrices, causal_mask(T))
        np.testing.assert_allclose(prefix, whole[:T], rtol=1e-12, atol=1e-14)


def test_the_causal_mask_is_the_one_pytorch_makes():
    for T in (1, 2, 7):
        expected = torch.nn.Transformer.generate_square_subsequent_mask(T).isfinite().numpy()
        assert (causal_mask(T) == expected).all()


@pytest.mark.parametrize("seed", range(3))
def test_a_mask_after_softmax_would_be_right_if_the_rows_were_divided_by_their_sums_again(seed):
    x, matrices = draw(seed)
    mask = causal_mask(6)
    _, weights = self_attention(x, *matrices, mask)
    output, late = masked_too_late(x, *matrices, mask)
    np.testing.assert_allclose(late / late.sum(axis=-1, keepdims=True), weights, rtol=1e-12)
    np.testing.assert_allclose(output, late @ (x @ matrices[2]), rtol=1e-9)
    assert (late.sum(axis=-1)[:-1] < 1 - 1e-6).all()


@pytest.mark.parametrize("seed", range(3))
def test_a_mask_after_softmax_lets_the_future_through(seed):
    x, matrices = draw(seed)
    edited = x.copy()
    edited[-1] += 1
    matrices = [W / 2 for W in matrices]  # gentle scores, so that no word takes all the weight
    output, _ = masked_too_late(x, *matrices, causal_mask(6))
    after, _ = masked_too_late(edited, *matrices, causal_mask(6))
    assert (np.abs(after - output)[:-1].max(axis=-1) > 1e-6).all()


def test_the_figures_of_the_defaults_worked_by_hand():
    # “dog” is a thing and alive, so it looks for a quality that is alive: “tired” shares both properties, “dog” and
    # “wide” one, five words none. A shared property scores 6 / √6.
    two, one = math.exp(12 / math.sqrt(6)), math.exp(6 / math.sqrt(6))
    numbers = demo().numbers
    assert numbers["weight from dog to tired"] == pytest.approx(two / (two + 2 * one + 5), rel=1e-12)
    assert numbers["weights computed"] == 64
    assert numbers["sum of the weights of the first word"] == pytest.approx(1)
    assert numbers["outputs before the edited word that change"] == 7
    assert numbers["outputs that change when tired and wide are swapped"] == 0
    assert numbers["outputs that change when the words stand backwards"] == 0


def test_a_wide_dog_still_finds_tired_until_the_mask_hides_it():
    swapped = {"order": "tired and wide swapped"}
    assert demo(**swapped).numbers["weight from dog to tired"] == demo().numbers["weight from dog to tired"]
    assert demo(**swapped, mask="causal").numbers["weight from dog to tired"] == 0
    assert demo(mask="causal").numbers["weight from dog to tired"] > 0.8


def test_the_causal_mask_keeps_the_past_and_tells_the_orders_apart():
    numbers = demo(mask="causal").numbers
    assert numbers["largest change before the edited word"] == 0
    assert numbers["share of all weight that goes to later words"] == 0
    assert numbers["outputs that change when the words stand backwards"] == len(WORDS)
    assert demo(mask="causal, after softmax").numbers["outputs before the edited word that change"] > 0


def test_under_the_causal_mask_a_swap_moves_neither_the_words_before_it_nor_one_behind_both():
    # “Yesterday” and “a” come before both places. “Street” comes behind both: it sees the same words in another order,
    # and within one layer of attention order is nothing.
    result = demo(mask="causal")
    swap, backwards = (series.y for series in result.show[3].series)
    assert [name for name, change in zip(WORDS, swap, strict=True) if change < 1e-9] == ["yesterday", "a", "street"]
    assert min(backwards) > 1e-3
    assert result.numbers["outputs that change when tired and wide are swapped"] == 5


def test_under_the_causal_mask_only_the_edited_word_and_later_ones_move():
    for place, word in enumerate(WORDS):
        bars = demo(mask="causal", edited=word).show[1].series[0].y
        assert (np.array(bars[:place]) == 0).all()
        assert bars[place] > 0
        assert (np.array(bars[place + 1 :]) > 0).all()


def test_every_order_holds_the_same_words():
    assert all(sorted(words) == sorted(WORDS) and len(words) == len(KEYS) for words in ORDERS.values())
