"""Normalization against PyTorch, forwards and backwards, and by what each of the three cannot see."""

import numpy as np
import pytest
import torch

from demos.autograd import Tensor
from demos.normalization_layers import batch_norm, demo, layer_norm, rms_norm

EPS = 1e-3  # larger than usual, so that forgetting it or putting it in the wrong place shows


def drawn(seed, *shape):
    rng = np.random.default_rng(seed)
    return rng.normal(1, 3, size=shape), rng.normal(1, 0.5, size=shape[-1]), rng.normal(size=shape[-1])


def torch_layer(kind, gain, bias):
    layer = {"layer": torch.nn.LayerNorm, "batch": torch.nn.BatchNorm1d, "rms": torch.nn.RMSNorm}[kind](len(gain), EPS)
    layer = layer.double()
    layer.weight.data[:] = torch.tensor(gain)
    if kind != "rms":
        layer.bias.data[:] = torch.tensor(bias)
    return layer


def ours(kind, x, gain, bias):
    return {
        "layer": lambda: layer_norm(x, gain, bias, EPS),
        "batch": lambda: batch_norm(x, gain, bias, EPS),
        "rms": lambda: rms_norm(x, gain, EPS),
    }[kind]()


@pytest.mark.parametrize("kind", ["layer", "batch", "rms"])
@pytest.mark.parametrize("seed", range(3))
def test_each_gives_what_the_layer_of_torch_gives_in_training(kind, seed):
    x, gain, bias = drawn(seed, 7, 5)
    expected = torch_layer(kind, gain, bias)(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(ours(kind, x, gain, bias), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_in_use_batch_norm_goes_by_what_is_known_as_torch_does_in_evaluation(seed):
    x, gain, bias = drawn(seed, 4, 5)
    rng = np.random.default_rng(seed + 50)
    known = rng.normal(size=5), rng.uniform(0.2, 3, size=5)
    layer = torch_layer("batch", gain, bias).eval()
    layer.running_mean[:], layer.running_var[:] = map(torch.tensor, known)
    expected = layer(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(batch_norm(x, gain, bias, EPS, known), expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(batch_norm(x[:1], gain, bias, EPS, known), expected[:1], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", ["layer", "batch", "rms"])
@pytest.mark.parametrize("seed", range(3))
def test_gradients_flow_through_tensors_as_through_torch(kind, seed):
    arrays = drawn(seed, 6, 4)
    slope = np.random.default_rng(seed + 9).normal(size=(6, 4))
    tensors = [Tensor(array) for array in arrays]
    ours(kind, *tensors).backward(slope)

    x = torch.tensor(arrays[0], requires_grad=True)
    layer = torch_layer(kind, *arrays[1:])
    layer(x).backward(torch.tensor(slope))
    expected = [x, layer.weight, *([] if kind == "rms" else [layer.bias])]
    for tensor, reference in zip(tensors, expected, strict=False):
        np.testing.assert_allclose(tensor.gradient, reference.grad.numpy(), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("shape", [(5,), (2, 3, 5), (2, 2, 3, 5)])
def test_layer_and_rms_norm_take_the_last_axis_of_any_number_of_axes(shape):
    x, gain, bias = drawn(1, *shape)
    for kind in ("layer", "rms"):
        expected = torch_layer(kind, gain, bias)(torch.tensor(x)).detach().numpy()
        np.testing.assert_allclose(ours(kind, x, gain, bias), expected, rtol=1e-9, atol=1e-12)


def test_an_example_worked_by_hand():
    x = np.array([[2.0, 4.0, 6.0, 8.0]])  # mean 5, variance 5, mean square 30
    np.testing.assert_allclose(
        layer_norm(x, np.ones(4), np.zeros(4), 0)[0], [-3 / 5**0.5, -1 / 5**0.5, 1 / 5**0.5, 3 / 5**0.5]
    )
    np.testing.assert_allclose(rms_norm(x, np.ones(4), 0)[0], x[0] / 30**0.5)
    np.testing.assert_allclose(layer_norm(x, np.full(4, 10.0), np.arange(4), 0)[0, 3], 30 / 5**0.5 + 3)


@pytest.mark.parametrize("seed", range(3))
def test_layer_norm_gives_every_example_mean_zero_and_spread_one_and_batch_norm_every_feature(seed):
    x = drawn(seed, 9, 6)[0]
    for out, axis in ((layer_norm(x, 1, 0, 0), 1), (batch_norm(x, 1, 0, 0), 0)):
        np.testing.assert_allclose(out.mean(axis=axis), 0, atol=1e-12)
        np.testing.assert_allclose(out.std(axis=axis), 1)
    np.testing.assert_allclose((rms_norm(x, 1, 0) ** 2).mean(axis=1), 1)


@pytest.mark.parametrize("seed", range(3))
def test_layer_norm_cannot_see_scale_and_shift_of_an_example_and_rms_norm_only_not_its_scale(seed):
    x = drawn(seed, 3, 6)[0]
    scale, shift = np.array([[0.2], [1.0], [30.0]]), np.array([[4.0], [-5.0], [6.0]])
    np.testing.assert_allclose(layer_norm(x * scale + shift, 1, 0, 0), layer_norm(x, 1, 0, 0), atol=1e-9)
    np.testing.assert_allclose(rms_norm(x * scale, 1, 0), rms_norm(x, 1, 0), atol=1e-9)
    assert np.abs(rms_norm(x + shift, 1, 0) - rms_norm(x, 1, 0)).max(axis=1).min() > 0.1
    assert np.abs(batch_norm(x * scale + shift, 1, 0, 0) - batch_norm(x, 1, 0, 0)).max() > 0.1


@pytest.mark.parametrize("seed", range(3))
def test_batch_norm_cannot_see_scale_and_shift_of_a_feature(seed):
    x = drawn(seed, 6, 3)[0]
    scale, shift = np.array([0.2, 1.0, 30.0]), np.array([4.0, -5.0, 6.0])
    np.testing.assert_allclose(batch_norm(x * scale + shift, 1, 0, 0), batch_norm(x, 1, 0, 0), atol=1e-9)
    assert np.abs(layer_norm(x * scale + shift, 1, 0, 0) - layer_norm(x, 1, 0, 0)).max() > 0.1


@pytest.mark.parametrize("seed", range(3))
def test_only_batch_norm_asks_who_else_is_in_the_batch(seed):
    x, gain, bias = drawn(seed, 5, 4)
    for kind in ("layer", "rms"):
        assert (ours(kind, x, gain, bias)[:1] == ours(kind, x[:1], gain, bias)).all()
    assert (batch_norm(x[:1], gain, bias) == bias).all()  # alone, every feature is its own mean
    assert np.abs(batch_norm(x, gain, bias)[0] - bias).min() > 1e-3


def test_features_that_are_all_alike_come_out_as_the_bias():
    assert layer_norm(np.full((2, 3), 7.0), np.ones(3), np.arange(3)).tolist() == [[0, 1, 2]] * 2


def test_the_figures_of_the_defaults_tell_the_three_apart():
    numbers = demo().numbers
    # The first example is 5 times itself plus 3; layer norm is off by what eps = 1e-5 does at a variance of 0.7.
    variance = ((numbers["spread of the first example before"]) / 5) ** 2
    eps_alone = 1 - (variance / (variance + 1e-5)) ** 0.5
    assert numbers["change when multiplied and moved, layer"] == pytest.approx(eps_alone, rel=0.05)
    assert numbers["mean of the first example, layer"] == pytest.approx(0, abs=1e-12)
    assert numbers["spread of the first example, layer"] == pytest.approx(1, abs=1e-6)
    rms = numbers["mean of the first example, rms"] ** 2 + numbers["spread of the first example, rms"] ** 2
    assert rms == pytest.approx(1, abs=1e-6)
    assert numbers["change when its neighbors are replaced, layer"] == 0
    assert numbers["change when its neighbors are replaced, rms"] == 0
    assert numbers["change when its neighbors are replaced, batch"] > 0.1
    assert numbers["change between training and use, layer"] == 0
    assert numbers["change between training and use, batch"] > 0.1


def test_what_each_forgets_follows_from_what_it_averages_over():
    change = {where: demo(applied_to=where).numbers for where in ("one example", "one feature", "everything")}
    forgets = {
        (kind, where): change[where][f"change when multiplied and moved, {kind}"] < 1e-3
        for kind in ("layer", "batch", "rms")
        for where in change
    }
    assert {pair for pair, forgotten in forgets.items() if forgotten} == {
        ("layer", "one example"),
        ("layer", "everything"),
        ("batch", "one feature"),
        ("batch", "everything"),
    }


def test_a_batch_of_one_leaves_batch_normalization_nothing():
    numbers = demo(batch=1).numbers
    assert numbers["spread of the first example, batch"] == 0
    assert numbers["spread of the first example, layer"] == pytest.approx(1, abs=1e-6)


def test_in_use_an_example_is_measured_by_earlier_ones_so_an_unusual_one_stands_out():
    usual, unusual = (demo(batch=1, scale=scale, offset=0).numbers for scale in (1, 20))
    assert usual["change between training and use, batch"] < 3
    assert unusual["change between training and use, batch"] > 5
