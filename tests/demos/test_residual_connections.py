"""Residual connections against torch.autograd, PyTorch's own transformer block, and the binomial sum."""

import math
from itertools import product

import numpy as np
import pytest
import torch

from demos.autograd import Tensor
from demos.normalization_layers import layer_norm
from demos.residual_connections import block, demo, gradient_along, gradient_by_path, signals, size

NORMS = ["none", "pre", "post"]


def drawn(seed, depth=5, examples=3, width=6, scale=1.3):
    rng = np.random.default_rng(seed)
    x, slope = rng.normal(size=(2, examples, width))
    return x, slope, list(rng.normal(scale=scale / np.sqrt(width), size=(depth, width, width)))


def of_torch(x, weights, skip, branch_scale, norm):
    found = [torch.tensor(x, requires_grad=True)]
    for W in weights:
        x = found[-1]
        inside = torch.nn.functional.layer_norm(x, x.shape[-1:]) if norm == "pre" else x
        total = torch.tanh(inside @ torch.tensor(W))
        total = x + branch_scale * total if skip else total
        found.append(torch.nn.functional.layer_norm(total, x.shape[-1:]) if norm == "post" else total)
        found[-1].retain_grad()
    return found


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("skip", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_signals_and_gradients_at_every_layer_are_those_of_torch(norm, skip, seed):
    x, slope, weights = drawn(seed)
    ours, theirs = signals(x, weights, skip, 0.7, norm), of_torch(x, weights, skip, 0.7, norm)
    ours[-1].backward(slope)
    theirs[-1].backward(torch.tensor(slope))
    assert len(ours) == len(theirs) == 6
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a.value, b.detach().numpy(), rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(a.gradient, b.grad.numpy(), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("norm", ["pre", "post"])
@pytest.mark.parametrize("seed", range(3))
def test_the_norm_stands_where_the_transformer_block_of_torch_has_it(norm, seed):
    x, _, (W, *_) = drawn(seed, width=8)
    reference = torch.nn.TransformerEncoderLayer(
        8, 2, dim_feedforward=8, dropout=0.0, activation=torch.tanh, norm_first=norm == "pre", bias=False
    ).double()
    with torch.no_grad():  # no attention, and a feed-forward part that is tanh(x @ W)
        reference.self_attn.out_proj.weight[:] = 0
        reference.linear1.weight[:], reference.linear2.weight[:] = torch.tensor(W.T), torch.eye(8)
        expected = reference(torch.tensor(x)[None])[0].numpy()
    # With the norm last, torch normalizes after its attention as well, which here hands on what it got.
    given = Tensor(x if norm == "pre" else layer_norm(x, 1.0, 0.0))
    np.testing.assert_allclose(block(given, W, given, 1.0, norm).value, expected, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("seed", range(3))
def test_the_gradients_of_all_paths_add_up_to_the_gradient(norm, seed):
    x, slope, weights = drawn(seed)
    by_path = gradient_by_path(x, weights, slope, 0.7, norm)
    stack = signals(x, weights, True, 0.7, norm)
    stack[-1].backward(slope)
    assert by_path.shape == (6, *x.shape)
    assert np.abs(by_path).max(axis=(1, 2)).min() > 1e-4
    np.testing.assert_allclose(by_path.sum(axis=0), stack[0].gradient, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("norm", NORMS)
def test_the_parts_are_the_sums_over_all_paths_one_by_one(norm):
    x, slope, weights = drawn(0)
    expected = np.zeros((6, *x.shape))
    for path in product([True, False], repeat=5):
        expected[sum(path)] += gradient_along(path, x, weights, slope, 0.7, norm)
    np.testing.assert_allclose(gradient_by_path(x, weights, slope, 0.7, norm), expected, rtol=1e-9, atol=1e-12)


def test_a_path_around_all_layers_but_one_goes_through_the_weights_of_that_one():
    x, slope, weights = drawn(0)
    part = gradient_along(
        [False, False, True, False, False], 1e-9 * x, weights, slope, 0.7
    )  # so close to zero tanh is a straight line
    np.testing.assert_allclose(part, 0.7 * slope @ weights[2].T, rtol=1e-9)


def test_the_shortest_path_is_the_slope_itself_and_the_longest_the_plain_product():
    x, slope, weights = drawn(0)
    by_path = gradient_by_path(1e-9 * x, weights, slope, 0.7)  # so close to zero tanh is a straight line
    np.testing.assert_allclose(by_path[0], slope)
    longest = slope
    for W in reversed(weights):
        longest = longest @ W.T * 0.7
    np.testing.assert_allclose(by_path[-1], longest, rtol=1e-9)


@pytest.mark.parametrize("scale", [0.1, 0.5, 1.0])
def test_where_all_layers_are_alike_the_paths_are_counted_by_the_binomial_numbers(scale):
    x, slope, _ = drawn(1)
    by_path = gradient_by_path(1e-9 * x, [0.8 * np.eye(6)] * 7, slope, scale)
    for k, part in enumerate(by_path):
        np.testing.assert_allclose(part, math.comb(7, k) * (0.8 * scale) ** k * slope, rtol=1e-9)


def test_a_stack_whose_branches_are_shut_hands_signal_and_gradient_through_untouched():
    x, slope, weights = drawn(2, depth=40)
    stack = signals(x, weights, True, branch_scale=0.0)
    stack[-1].backward(slope)
    assert (stack[-1].value == x).all()
    assert (stack[0].gradient == slope).all()


def test_size_is_the_root_of_the_mean_squared_length():
    assert size(np.array([[3.0, 4.0], [0.0, 0.0]])) == pytest.approx(12.5**0.5)


def test_the_figures_of_the_defaults_agree_with_torch():
    rng = np.random.default_rng(0)
    x, slope = rng.normal(size=(2, 16, 32))
    slope /= np.linalg.norm(slope, axis=1, keepdims=True)
    weights = [0.8 * W for W in rng.normal(size=(60, 32, 32))[:30] / np.sqrt(32)]
    numbers = demo().numbers
    for skip, name in ((True, "with skips"), (False, "without skips")):
        stack = of_torch(x, weights, skip, 0.5, "none")
        stack[-1].backward(torch.tensor(slope))
        gradient = stack[0].grad.square().sum(dim=1).mean().sqrt().item()
        assert numbers[f"gradient at the input, {name}"] == pytest.approx(gradient, rel=1e-6)
        growth = (stack[-1].square().sum() / stack[0].square().sum()).sqrt().item()
        assert numbers[f"growth of the signal, {name}"] == pytest.approx(growth, rel=1e-6)
        shorter = of_torch(x, weights[:15] + weights[16:], skip, 0.5, "none")[-1]
        change = ((shorter - stack[-1]).square().sum() / stack[-1].square().sum()).sqrt().item()
        assert numbers[f"change when one layer is left out, {name}"] == pytest.approx(change, rel=1e-6)


@pytest.mark.parametrize("seed", [0, 7, 20])
def test_with_skips_the_gradient_keeps_its_size_for_weights_of_any_size_and_without_it_does_not(seed):
    sizes = np.array(
        [
            [demo(weight_scale=scale, seed=seed).numbers[f"gradient at the input, {name}"] for scale in (0.5, 2)]
            for name in ("with skips", "without skips")
        ]
    )
    assert 1 < sizes[0, 0] < sizes[0, 1] < 20
    assert sizes[1, 0] < 1e-6
    assert sizes[1, 1] > 10


@pytest.mark.parametrize("depth", [10, 30, 60])
@pytest.mark.parametrize("norm", NORMS)
def test_the_average_path_goes_through_few_layers(depth, norm):
    average = demo(depth=depth, norm=norm).numbers["layers on the average path"]
    # Were the layers straight, each would be taken with odds of s² w² to 1. Bends, and a norm before a signal that
    # grows, lower the odds.
    odds = 0.5**2 * 0.8**2
    assert 0.2 < average / (depth * odds / (1 + odds)) < 1.2


def test_the_average_path_and_the_bars_tell_the_same():
    result = demo(depth=12, branch_scale=1.0, norm="post")
    bars = result.show[1].series[0]
    share = np.array(bars.y) ** 2 / (np.array(bars.y) ** 2).sum()
    assert result.numbers["layers on the average path"] == pytest.approx((share * bars.x).sum(), rel=1e-4)
