"""Rounding against PyTorch's, bytes by counting them, and perplexity against PyTorch's cross-entropy."""

import numpy as np
import pytest
import torch

from demos.open_weights import NUMBERS, demo, in_groups, judged, page, perplexity, rounded, stored
from demos.parts.trained import trained
from demos.transformer_forward import scores, stream

pytestmark = pytest.mark.usefixtures("one_thread")
GROUPS = ("one for each table", "one for each row", "one for 32 numbers")


def table(seed, shape=(12, 64)):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("bits", [2, 3, 4, 8])
@pytest.mark.parametrize("seed", range(3))
def test_rounding_is_that_of_pytorch(seed, bits):
    w, top = table(seed), 2 ** (bits - 1) - 1
    step = torch.tensor(np.abs(w).max(axis=1) / top)
    theirs = torch.fake_quantize_per_channel_affine(
        torch.tensor(w), step, torch.zeros(len(w), dtype=torch.int32), 0, -top, top
    )
    np.testing.assert_allclose(rounded(w, bits, "one for each row"), theirs.numpy(), atol=1e-6)


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("bits", [2, 4, 7])
def test_each_group_has_at_most_so_many_values_and_is_off_by_at_most_half_a_step(bits, group):
    w = table(0)
    small = rounded(w, bits, group)
    for before, after in zip(in_groups(w, group), in_groups(small, group), strict=True):
        step = np.abs(before).max() / (2 ** (bits - 1) - 1)
        assert len(np.unique(after.round(6))) <= 2**bits - 1
        assert np.abs(before - after).max() <= step / 2 + 1e-6
        assert np.abs(after).max() == pytest.approx(np.abs(before).max())


def test_groups_are_tables_rows_and_runs_of_32():
    w = np.arange(4 * 64).reshape(4, 64)
    assert [in_groups(w, group).shape for group in GROUPS] == [(1, 256), (4, 64), (8, NUMBERS)]
    np.testing.assert_array_equal(in_groups(w, "one for 32 numbers")[1], np.arange(32, 64))


def test_a_table_of_zeros_stays_one():
    assert not rounded(np.zeros((2, 32), np.float32), 4, "one for each row").any()


def test_bytes_are_bits_and_a_step_for_each_group_and_vectors_stay():
    weights = {"W": table(0, (10, 64)), "b": table(1, (64,))}
    small, size = stored(weights, 4, "one for each row")
    assert size == 10 * 64 / 2 + 2 * 10 + 2 * 64
    np.testing.assert_array_equal(small["b"], weights["b"])
    assert stored(weights, 8, "one for 32 numbers")[1] == 640 + 2 * 20 + 2 * 64


def test_perplexity_is_that_of_the_cross_entropy_of_pytorch():
    model, ids = trained(), page()
    *_, x = stream(ids, model.weights, model.heads)
    logits = torch.tensor(scores(x, model.weights).astype(float))[:, :-1]
    loss = torch.nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), torch.tensor(ids[:, 1:].reshape(-1)))
    assert perplexity(model.weights, ids, model.heads) == pytest.approx(float(loss.exp()), rel=1e-6)


def test_more_bits_come_closer_and_more_steps_help():
    full = judged(0, GROUPS[1])
    assert judged(16, GROUPS[1]) == pytest.approx(full, rel=1e-3)
    assert judged(2, GROUPS[1]) > 2 * full
    assert judged(4, GROUPS[0]) > judged(4, GROUPS[1])


def test_gigabytes_are_those_of_the_published_count():
    found = demo(bits=16).numbers
    assert found["gigabytes of the model to be stored"] == pytest.approx(2 * 8.03, abs=0.01)
    assert demo(bits=8).numbers["gigabytes of the model to be stored"] == pytest.approx(8.03, abs=0.01)
