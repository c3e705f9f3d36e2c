"""Attention against PyTorch, by hand, and by its properties: weights sum to one, order does not matter, and scaling
takes the size of the vectors out of the spread of the scores."""

import math

import numpy as np
import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from demos.attention import QUESTIONS, VALUES, WORDS, attention, demo, random_scores

# Shapes of q, k and v: plain, batch and heads, one query, one key, keys shared by all heads.
SHAPES = [
    ((5, 4), (7, 4), (7, 3)),
    ((2, 3, 5, 8), (2, 3, 6, 8), (2, 3, 6, 8)),
    ((2, 1, 1, 16), (2, 1, 9, 16), (2, 1, 9, 2)),
    ((3, 4, 1), (3, 1, 1), (3, 1, 5)),
    ((2, 4, 3, 8), (2, 1, 5, 8), (2, 1, 5, 6)),
]


def draw(shapes, seed, spread=1.5):
    rng = np.random.default_rng(seed)
    return [rng.normal(scale=spread, size=shape) for shape in shapes]


def random_mask(shape, seed):
    mask = np.random.default_rng(seed).random(shape) < 0.5
    mask[..., 0] = True  # every query may look somewhere
    return mask


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_equals_pytorch(shapes, scale, seed):
    q, k, v = draw(shapes, seed)
    output, weights = attention(q, k, v, scale=scale)
    expected = scaled_dot_product_attention(*map(torch.tensor, (q, k, v)), scale=None if scale else 1.0)
    np.testing.assert_allclose(output, expected.numpy(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-12)


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("seed", range(3))
def test_equals_pytorch_under_a_mask_and_gives_hidden_keys_exactly_nothing(shapes, seed):
    q, k, v = draw(shapes, seed)
    mask = random_mask((*q.shape[:-1], k.shape[-2]), seed)
    output, weights = attention(q, k, v, mask=mask)
    expected = scaled_dot_product_attention(*map(torch.tensor, (q, k, v)), attn_mask=torch.tensor(mask))
    np.testing.assert_allclose(output, expected.numpy(), rtol=1e-9, atol=1e-12)
    assert (weights[~mask] == 0).all()
    np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-12)


def test_one_causal_mask_serves_every_batch_and_head():
    q, k, v = draw([(2, 3, 6, 4)] * 3, 0)
    output, _ = attention(q, k, v, mask=np.tri(6, dtype=bool))
    expected = scaled_dot_product_attention(*map(torch.tensor, (q, k, v)), is_causal=True)
    np.testing.assert_allclose(output, expected.numpy(), rtol=1e-9, atol=1e-12)


def test_two_keys_worked_by_hand():
    # d_k = 4, so the scores 2·ln 3 and 0 are halved to ln 3 and 0, and the weights are 3/4 and 1/4.
    q = np.array([[2 * math.log(3), 0, 0, 0]])
    k = np.array([[1.0, 0, 0, 0], [0, 1.0, 0, 0]])
    output, weights = attention(q, k, np.array([[8.0], [4.0]]))
    np.testing.assert_allclose(weights, [[0.75, 0.25]], rtol=1e-12)
    np.testing.assert_allclose(output, [[7.0]], rtol=1e-12)


def test_shuffling_keys_with_their_values_changes_nothing_and_shuffling_queries_shuffles_the_output():
    q, k, v = draw(SHAPES[1], 0)
    rng = np.random.default_rng(1)
    source, target = rng.permutation(6), rng.permutation(5)
    output, weights = attention(q, k, v)
    shuffled, shuffled_weights = attention(q[..., target, :], k[..., source, :], v[..., source, :])
    np.testing.assert_allclose(shuffled, output[..., target, :], rtol=1e-9)
    np.testing.assert_allclose(shuffled_weights, weights[..., target, :][..., source], rtol=1e-9)


def test_an_output_never_leaves_the_range_of_the_values():
    q, k, v = draw(SHAPES[1], 0, spread=10)
    output, _ = attention(q, k, v)
    assert (output >= v.min(axis=-2, keepdims=True) - 1e-9).all()
    assert (output <= v.max(axis=-2, keepdims=True) + 1e-9).all()


def test_a_query_that_may_look_nowhere_is_refused():
    q, k, v = draw(SHAPES[0], 0)
    mask = np.ones((5, 7), dtype=bool)
    mask[2] = False
    with pytest.raises(ValueError, match="a query may look at no key at all"):
        attention(q, k, v, mask=mask)


def test_single_precision_stays_single_precision():
    q, k, v = (array.astype(np.float32) for array in draw(SHAPES[1], 0))
    output, weights = attention(q, k, v, mask=np.ones((5, 6), dtype=bool))
    assert output.dtype == weights.dtype == np.float32


@pytest.mark.parametrize("d_k", [1, 4, 16, 64, 256])
def test_random_scores_vary_as_d_k_and_scaled_ones_as_one(d_k):
    draws, source = 5000, 8
    variance, scaled_variance, _, _ = random_scores(np.random.default_rng(7), d_k, draws, source)
    # The standard error, worked out for normal entries: a squared score has variance 2d² + 6d, and two squared scores
    # of the same query have covariance 2d. Five standard errors are passed by chance about once in two million runs.
    error = math.sqrt((2 * d_k**2 + 6 * d_k + (source - 1) * 2 * d_k) / (draws * source))
    assert abs(variance - d_k) < 5 * error
    assert abs(scaled_variance - 1) < 5 * error / d_k


def test_without_scaling_long_vectors_let_one_key_take_nearly_everything():
    _, _, peak, peak_scaled = random_scores(np.random.default_rng(7), 256, 2000)
    _, _, peak_short, peak_short_scaled = random_scores(np.random.default_rng(7), 1, 2000)
    assert peak > 0.9
    assert peak_scaled < 0.4
    assert peak_short == peak_short_scaled  # at d_k = 1 there is nothing to divide by


def weights_of(result):
    by_question = zip(QUESTIONS, result.show[0].values, strict=True)
    return {question: dict(zip(WORDS, row, strict=True)) for question, row in by_question}


def test_every_question_looks_hardest_at_the_word_that_answers_it():
    weights = weights_of(demo())
    hardest = {question: max(row, key=row.get) for question, row in weights.items()}
    assert hardest == {
        "when?": "yesterday",
        "what is the dog like?": "tired",
        "who?": "dog",
        "did what?": "crossed",
        "what is the street like?": "wide",
        "where?": "street",
        "which things?": "dog",
    }
    assert weights["which things?"]["dog"] == weights["which things?"]["street"]


def test_the_figures_of_the_defaults_worked_by_hand():
    # “who?” has length 10 along (1, 1)/√2: two shared properties score 20/√2, one 10/√2, none 0; d_k is 6.
    two, one = math.exp(20 / math.sqrt(12)), math.exp(10 / math.sqrt(12))
    whole = two + 2 * one + 5
    numbers = demo(question="who?").numbers
    assert numbers["largest weight"] == pytest.approx(two / whole, rel=1e-12)
    assert numbers["second largest weight"] == pytest.approx(one / whole, rel=1e-12)
    # “when?” shares its one property with one word of eight.
    match = math.exp(10 / math.sqrt(6))
    assert demo(question="when?").numbers["largest weight"] == pytest.approx(match / (match + 7), rel=1e-12)


def test_a_query_of_length_zero_takes_the_plain_average():
    result = demo(query_length=0.0)
    np.testing.assert_allclose(result.show[0].values, 1 / 8)
    now = result.show[1].series[-1]
    np.testing.assert_allclose([now.x[0], now.y[0]], VALUES.mean(axis=0), atol=1e-12)


def test_when_the_answer_is_hidden_its_weight_goes_to_the_next_best_words():
    weights = weights_of(demo(hidden="dog"))["who?"]
    assert weights["dog"] == 0
    assert weights["tired"] == weights["street"] > 0.4
    assert sum(weights.values()) == pytest.approx(1)
