"""Stochastic gradient descent against PyTorch, against every batch there is, and against closed forms."""

from itertools import combinations

import numpy as np
import pytest
import torch

from demos.gradient_descent import descend
from demos.stochastic_gradient_descent import (
    START,
    batches,
    demo,
    gradients,
    loss_of,
    noise_by_batch_size,
    noise_of,
    noisy_line,
    one_pass,
    train,
)


@pytest.mark.parametrize("size", [1, 7, 16, 50])
@pytest.mark.parametrize("seed", range(3))
def test_follows_torch_sgd_on_the_same_batches(seed, size):
    X, y = noisy_line(np.random.default_rng(seed), 50)
    path, seen = train(np.random.default_rng(seed), X, y, size, 0.07, 3)
    p = torch.tensor(START, requires_grad=True)
    optimizer, same_order = torch.optim.SGD([p], lr=0.07), np.random.default_rng(seed)
    expected, rows = [p.detach().numpy().copy()], [0]
    for _ in range(3):
        for batch in batches(same_order, 50, size):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(torch.tensor(X[batch]) @ p, torch.tensor(y[batch])).backward()
            optimizer.step()
            expected.append(p.detach().numpy().copy())
            rows.append(rows[-1] + len(batch))
    np.testing.assert_allclose(path, expected, rtol=1e-10)
    assert seen.tolist() == rows
    assert seen[-1] == 150


@pytest.mark.parametrize("seed", range(3))
def test_the_gradients_of_single_rows_average_to_the_gradient_of_the_loss(seed):
    rng = np.random.default_rng(seed)
    X, y = noisy_line(rng, 30)
    p = torch.tensor(rng.normal(size=2), requires_grad=True)
    loss = torch.nn.functional.mse_loss(torch.tensor(X) @ p, torch.tensor(y))
    loss.backward()
    np.testing.assert_allclose(gradients(p.detach().numpy(), X, y).mean(axis=0), p.grad.numpy(), rtol=1e-12)
    assert loss_of(p.detach().numpy(), X, y) == pytest.approx(loss.item())


def test_with_all_rows_in_one_batch_it_is_gradient_descent():
    X, y = noisy_line(np.random.default_rng(4), 40)
    path, _ = train(np.random.default_rng(0), X, y, 40, 0.1, 15)
    plain = descend(lambda p: 2 * X.T @ (X @ p - y) / 40, START, 0.1, 15)
    np.testing.assert_allclose(path, plain, rtol=1e-10)


@pytest.mark.parametrize(("n", "size", "lengths"), [(10, 4, [4, 4, 2]), (8, 4, [4, 4]), (3, 5, [3]), (3, 1, [1, 1, 1])])
def test_an_epoch_sees_every_row_once_in_a_new_order(n, size, lengths):
    rng = np.random.default_rng(1)
    epochs = [batches(rng, n, size) for _ in range(8)]
    for epoch in epochs:
        assert [len(batch) for batch in epoch] == lengths
        assert sorted(np.concatenate(epoch).tolist()) == list(range(n))
    assert len({tuple(np.concatenate(epoch).tolist()) for epoch in epochs}) > 1


class Dealt:
    """A generator that deals orders which were drawn before."""

    def __init__(self, order):
        self.permutation = lambda n: order


@pytest.mark.parametrize("size", [1, 7, 16, 50])
def test_orders_side_by_side_end_where_each_ends_alone(size):
    X, y = noisy_line(np.random.default_rng(size), 50)
    ends = one_pass(np.random.default_rng(3), X, y, size, 0.07, 4)
    orders = np.random.default_rng(3).permuted(np.tile(np.arange(50), (4, 1)), axis=1)
    alone = [train(Dealt(order), X, y, size, 0.07, 1)[0][-1] for order in orders]
    np.testing.assert_allclose(ends, alone, rtol=1e-10)
    assert len({tuple(order) for order in orders}) == 4


def test_the_mean_of_orders_is_one_number_when_the_order_does_not_matter_and_else_near_that_of_many_runs():
    mean = "loss above the lowest after one pass, batches, mean of 50 orders"
    whole = demo(batch_size=256, learning_rate=0.5).numbers
    assert whole[mean] == pytest.approx(whole["loss above the lowest after one pass, all rows"])
    X, y = noisy_line(np.random.default_rng(0), 256)
    best = np.linalg.lstsq(X, y, rcond=None)[0]
    ends = [train(np.random.default_rng(seed), X, y, 16, 0.24, 1)[0][-1] for seed in range(300)]
    above = np.mean([loss_of(end, X, y) for end in ends]) - loss_of(best, X, y)
    assert demo(learning_rate=0.24, epochs=1).numbers[mean] == pytest.approx(above, rel=0.3)


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7])
def test_the_predicted_noise_is_that_of_every_batch_there_is(size):
    rows = np.random.default_rng(size).normal(size=(7, 2)) * [1, 5] + 3
    errors = [
        ((rows[list(batch)].mean(axis=0) - rows.mean(axis=0)) ** 2).sum() for batch in combinations(range(7), size)
    ]
    _, predicted = noise_by_batch_size(np.random.default_rng(0), rows, repeats=1)
    assert predicted[size - 1] == pytest.approx(np.sqrt(np.mean(errors)), rel=1e-12, abs=1e-15)


def test_the_measured_noise_of_a_size_is_that_of_the_first_rows_of_each_order():
    rows = np.random.default_rng(1).normal(size=(9, 2)) * [1, 5] + 3
    orders = np.random.default_rng(0).permuted(np.tile(np.arange(9), (20, 1)), axis=1)
    measured, _ = noise_by_batch_size(np.random.default_rng(0), rows, repeats=20)
    expected = [noise_of([list(order[:size]) for order in orders], rows) for size in range(1, 10)]
    np.testing.assert_allclose(measured, expected, rtol=1e-9, atol=1e-12)


def test_the_noise_of_two_batches_worked_by_hand():
    rows = np.array([[3.0, 4.0], [-3.0, -4.0], [0.0, 6.0], [0.0, -6.0]])  # their mean is zero
    assert noise_of([[0], [2]], rows) == pytest.approx(np.sqrt((25 + 36) / 2))
    assert noise_of([[0, 1, 2, 3]], rows) == 0


@pytest.mark.parametrize("seed", range(3))
def test_the_measured_noise_comes_within_5_percent_of_the_predicted(seed):
    rng = np.random.default_rng(seed)
    X, y = noisy_line(rng, 64)
    measured, predicted = noise_by_batch_size(rng, gradients(np.array([0.5, 1.0]), X, y), repeats=3000)
    np.testing.assert_allclose(measured[:-1], predicted[:-1], rtol=0.05)
    assert measured[-1] == pytest.approx(0, abs=1e-12)


def test_half_the_learning_rate_halves_how_far_above_the_lowest_loss_single_rows_end():
    def floor(learning_rate, seed):
        return demo(learning_rate=learning_rate, epochs=20, seed=seed).numbers[
            "loss above the lowest on average over the last pass, single rows"
        ]

    high, low = (np.mean([floor(rate, seed) for seed in range(6)]) for rate in (0.1, 0.05))
    assert 1.6 < high / low < 2.6


def test_at_the_defaults_half_the_steps_of_single_rows_lead_uphill_and_no_step_of_all_rows_does():
    for seed in range(5):
        numbers = demo(seed=seed).numbers
        assert 0.4 < numbers["share of steps that raised the loss, single rows"] < 0.6
        assert numbers["share of steps that raised the loss, all rows"] == 0


def test_a_smaller_learning_rate_lets_single_rows_win_and_a_large_one_makes_them_lose():
    def at(learning_rate):
        numbers = demo(learning_rate=learning_rate).numbers
        ends = (
            numbers[f"loss above the lowest on average over the last pass, {who}"]
            for who in ("single rows", "all rows")
        )
        return list(ends)

    assert at(0.005)[0] < 0.01 * at(0.005)[1]
    assert at(0.5)[0] > 10 * at(0.5)[1]


@pytest.mark.parametrize("settings", [{}, {"seed": 3, "learning_rate": 0.2, "epochs": 9}])
def test_the_figures_of_all_rows_at_once_have_a_closed_form(settings):
    numbers = demo(**settings).numbers
    seed, rate, epochs = (settings.get(*pair) for pair in (("seed", 0), ("learning_rate", 0.05), ("epochs", 5)))
    X, y = noisy_line(np.random.default_rng(seed), 256)
    best = np.polynomial.Polynomial.fit(X[:, 1], y, 1).convert().coef
    curvature = 2 * X.T @ X / 256

    def above(steps):
        off = np.linalg.matrix_power(np.eye(2) - rate * curvature, steps) @ ([-1, 3] - best)
        return off @ curvature @ off / 2

    assert numbers["loss above the lowest after one pass, all rows"] == pytest.approx(above(1))
    assert numbers["loss above the lowest on average over the last pass, all rows"] == pytest.approx(above(epochs))
    assert numbers["lowest loss"] == pytest.approx(((y - best[0] - best[1] * X[:, 1]) ** 2).mean())
    assert numbers["steps, single rows"] == 256 * epochs
    assert numbers["steps, batches"] == 16 * epochs
    assert numbers["steps, all rows"] == epochs


def test_after_the_first_epoch_the_average_is_taken_over_the_last_one_only():
    X, y = noisy_line(np.random.default_rng(0), 256)
    best = np.linalg.lstsq(X, y, rcond=None)[0]
    path, _ = train(np.random.default_rng(0), X, y, 16, 0.05, 5)
    above = loss_of(path, X, y) - loss_of(best, X, y)
    numbers = demo().numbers
    assert numbers["loss above the lowest on average over the last pass, batches"] == pytest.approx(above[-16:].mean())
    assert numbers["loss above the lowest after one pass, batches"] == pytest.approx(above[16])
    assert numbers["share of steps that raised the loss, batches"] == pytest.approx((np.diff(above) > 0).mean())
