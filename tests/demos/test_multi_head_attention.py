"""Multi-head attention against PyTorch's, and by what defines it: the heads' parts add up, and heads are free."""

import numpy as np
import pytest
import torch

from demos.attention import attention
from demos.multi_head_attention import (
    ANSWERS,
    HEADS,
    assign,
    demo,
    found,
    head_by_head,
    heads_apart,
    join,
    multi_head_attention,
    split,
    without_heads,
)
from demos.self_attention import causal_mask

SIZES = [(8, 1), (8, 2), (8, 8), (24, 3), (64, 16)]


def draw(seed, C, T=5, S=7, batch=()):
    rng = np.random.default_rng(seed)
    x, source = rng.normal(size=(*batch, T, C)), rng.normal(size=(*batch, S, C))
    return x, source, [rng.normal(size=(C, C)) / np.sqrt(C) * 1.5 for _ in range(4)]


def pytorch(x, source, matrices, heads, mask=None):
    C = x.shape[-1]
    layer = torch.nn.MultiheadAttention(C, heads, bias=False, batch_first=True, dtype=torch.float64)
    W_q, W_k, W_v, W_o = matrices
    with torch.no_grad():
        layer.in_proj_weight[:] = torch.tensor(np.concatenate([W_q.T, W_k.T, W_v.T]))
        layer.out_proj.weight[:] = torch.tensor(W_o.T)
        hidden = None if mask is None else torch.tensor(~mask)  # there True means: may not look
        output, weights = layer(*map(torch.tensor, (x, source, source)), attn_mask=hidden, average_attn_weights=False)
    return output.numpy(), weights.numpy()


@pytest.mark.parametrize(("C", "heads"), SIZES)
@pytest.mark.parametrize("batch", [(), (3,)])
@pytest.mark.parametrize("seed", range(2))
def test_equals_pytorch_when_one_text_reads_another(C, heads, batch, seed):
    x, source, matrices = draw(seed, C, batch=batch)
    output, weights = multi_head_attention(x, source, *matrices, heads)
    expected, expected_weights = pytorch(x, source, matrices, heads)
    np.testing.assert_allclose(output, expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(weights, expected_weights, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("C", "heads"), SIZES)
@pytest.mark.parametrize("seed", range(2))
def test_equals_pytorch_when_a_text_reads_itself_under_a_causal_mask(C, heads, seed):
    x, _, matrices = draw(seed, C, T=6)
    output, weights = multi_head_attention(x, x, *matrices, heads, causal_mask(6))
    expected, expected_weights = pytorch(x, x, matrices, heads, causal_mask(6))
    np.testing.assert_allclose(output, expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(weights, expected_weights, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("C", "heads"), SIZES)
@pytest.mark.parametrize(("batch", "mask"), [((), None), ((3,), np.tri(5, 7, k=2, dtype=bool))])
def test_one_head_after_the_other_gives_what_all_at_once_give(C, heads, batch, mask):
    q, source, _ = draw(1, C, batch=batch)
    k, v = source, source[..., ::-1]
    for ours, expected in zip(heads_apart(q, k, v, heads, mask), head_by_head(q, k, v, heads, mask), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-12, atol=1e-12)


def test_one_head_is_plain_attention():
    x, source, (W_q, W_k, W_v, W_o) = draw(0, 12)
    output, weights = multi_head_attention(x, source, W_q, W_k, W_v, W_o, 1)
    expected, expected_weights = attention(x @ W_q, source @ W_k, source @ W_v)
    np.testing.assert_allclose(output, expected @ W_o, rtol=1e-12)
    np.testing.assert_allclose(weights[0], expected_weights, rtol=1e-12)


@pytest.mark.parametrize("heads", [1, 2, 3, 6, 12])
def test_join_undoes_split_and_every_head_gets_consecutive_numbers(heads):
    x = np.arange(2 * 5 * 12).reshape(2, 5, 12)
    slices = split(x, heads)
    assert slices.shape == (2, heads, 5, 12 // heads)
    assert (slices[1, 0, 3] == x[1, 3, : 12 // heads]).all()
    assert (join(slices) == x).all()


def test_numbers_that_can_not_be_dealt_out_evenly_are_refused():
    with pytest.raises(ValueError, match="64 numbers can not be dealt out evenly to 5 heads"):
        split(np.zeros((3, 64)), 5)


@pytest.mark.parametrize("heads", [2, 4, 8])
@pytest.mark.parametrize("seed", range(3))
def test_the_output_is_the_sum_of_what_each_head_adds_alone(heads, seed):
    x, source, (W_q, W_k, W_v, W_o) = draw(seed, 16)
    whole, _ = multi_head_attention(x, source, W_q, W_k, W_v, W_o, heads)
    alone = [
        multi_head_attention(x, source, W_q, W_k, W_v, without_heads(W_o, heads, set(range(heads)) - {head}), heads)[0]
        for head in range(heads)
    ]
    assert all(np.abs(part).max() > 0.01 for part in alone)
    np.testing.assert_allclose(sum(alone), whole, rtol=1e-9, atol=1e-12)


def test_removing_a_head_leaves_the_matrix_that_was_given_alone():
    W_o = np.random.default_rng(0).normal(size=(8, 8))
    before = W_o.copy()
    removed = without_heads(W_o, 4, [2])
    assert (W_o == before).all()
    assert (removed[4:6] == 0).all()
    assert (removed[[0, 1, 2, 3, 6, 7]] == W_o[[0, 1, 2, 3, 6, 7]]).all()


def test_the_order_of_the_heads_does_not_matter():
    x, source, matrices = draw(1, 12)
    numbers = split(np.arange(12)[None], 4)[[2, 0, 3, 1]].reshape(-1)  # the slices of four heads, in another order
    W_q, W_k, W_v, W_o = matrices
    expected, _ = multi_head_attention(x, source, W_q, W_k, W_v, W_o, 4)
    output, _ = multi_head_attention(x, source, W_q[:, numbers], W_k[:, numbers], W_v[:, numbers], W_o[numbers], 4)
    np.testing.assert_allclose(output, expected, rtol=1e-9, atol=1e-12)


def test_each_head_may_look_elsewhere_and_a_single_one_may_not():
    # Two keys, one in the first number and one in the second; the query wants both.
    q, k = np.array([[50.0, 50.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    one, _ = heads_apart(q, k, np.array([[1.0, 2.0], [3.0, 4.0]]), 1)
    two, weights = heads_apart(q, k, np.array([[1.0, 2.0], [3.0, 4.0]]), 2)
    np.testing.assert_allclose(one, [[2.0, 3.0]])  # the average of both values
    np.testing.assert_allclose(two, [[1.0, 4.0]])  # the first number of one, the second of the other
    np.testing.assert_allclose(weights[:, 0], np.eye(2), atol=1e-12)


@pytest.mark.parametrize("heads", HEADS)
@pytest.mark.parametrize("questions", range(1, 6))
def test_every_question_is_asked_and_every_head_asks(heads, questions):
    asks = assign(heads, questions)
    assert asks.any(axis=0).all()
    assert asks.any(axis=1).all()
    assert asks.sum() == max(heads, questions)


def test_found_averages_over_the_heads_that_ask():
    weights = np.zeros((2, 16))
    weights[:, 4] = 0.8, 0.4  # the baker, seen by both heads
    assert found(weights, np.array([[True], [True]])) == pytest.approx([0.6])
    assert found(weights, np.array([[False], [True]])) == pytest.approx([0.4])


def test_a_single_head_can_not_give_more_than_an_equal_share_to_each_word_it_asks_for():
    for seed in range(5):
        numbers = demo(heads="1", questions=4, sharpness=5.0, seed=seed).numbers
        assert 0.2 < numbers["weight on the word asked for"] < 0.25 + 1e-9


def test_the_best_number_of_heads_is_neither_the_smallest_nor_the_largest_unless_there_is_one_question():
    assert [demo(questions=n).numbers["best number of heads"] for n in range(1, 6)] == [1, 2, 4, 4, 4]


def test_the_matrices_are_as_large_for_any_number_of_heads():
    assert {demo(heads=str(h)).numbers["numbers in the four matrices"] for h in HEADS} == {4 * 64 * 64}


def test_a_silent_head_leaves_its_question_to_the_heads_that_share_it():
    def weights(**settings):
        return {row[0]: row[3] for row in demo(**settings).show[2].rows}

    alone, with_another = weights(heads="4", silent=2), weights(heads="8", silent=2)
    assert alone["what?"] == 0
    assert with_another["what?"] > 0
    assert alone["who?"] == weights(heads="4")["who?"] > 0.9
    assert list(alone) == list(ANSWERS)[:4]


def test_the_bars_are_the_lengths_of_what_the_heads_bring_back():
    result = demo()
    table = dict(zip(result.show[0].rows, result.show[0].values, strict=True))
    x = np.random.default_rng(0).normal(size=(16, 64))
    expected = [np.linalg.norm(table[f"head {h + 1}"] @ x[:, 16 * h : 16 * h + 16]) for h in range(4)]
    np.testing.assert_allclose(result.show[3].series[0].y, expected, rtol=1e-9)
