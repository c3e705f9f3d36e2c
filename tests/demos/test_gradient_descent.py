"""Gradient descent against PyTorch and the closed form on a bowl; the nudged gradient against autograd and rounding."""

import numpy as np
import pytest
import torch

from demos.gradient_descent import (
    arrow,
    bowl,
    bowl_gradient,
    demo,
    descend,
    digits,
    nudged_gradient,
    out_of_frame,
    step,
    within,
)


def wavy(p):
    """A function that is no bowl, in PyTorch; it has a known gradient only through autograd."""
    return (torch.sin(p) + 0.3 * p**2).sum() + 0.5 * p[0] * p[1] * p[2]


def gradient_of_wavy(p):
    tensor = torch.tensor(p, requires_grad=True)
    wavy(tensor).backward()
    return tensor.grad.numpy()


@pytest.mark.parametrize("shape", [(), (3,), (2, 3, 4)])
@pytest.mark.parametrize("seed", range(3))
def test_a_step_is_what_torch_sgd_does(shape, seed):
    rng = np.random.default_rng(seed)
    parameter, gradient = rng.normal(size=shape), rng.normal(size=shape)
    tensor = torch.tensor(parameter)
    tensor.grad = torch.tensor(gradient)
    torch.optim.SGD([tensor], lr=0.37).step()
    np.testing.assert_allclose(step(parameter, gradient, 0.37), tensor.numpy(), rtol=1e-14)


@pytest.mark.parametrize("seed", range(3))
def test_forty_steps_follow_torch_sgd_on_a_function_that_is_no_bowl(seed):
    start = np.random.default_rng(seed).normal(size=3)
    path = descend(gradient_of_wavy, start, 0.1, 40)
    tensor = torch.tensor(start, requires_grad=True)
    optimizer = torch.optim.SGD([tensor], lr=0.1)
    for expected in path:
        np.testing.assert_allclose(expected, tensor.detach().numpy(), rtol=1e-10, atol=1e-12)
        optimizer.zero_grad()
        wavy(tensor).backward()
        optimizer.step()
    assert len(path) == 41


@pytest.mark.parametrize("seed", range(4))
def test_on_a_bowl_each_coordinate_keeps_the_predicted_share_of_its_distance(seed):
    rng = np.random.default_rng(seed)
    c, start = rng.uniform(0.5, 5, size=4), rng.normal(size=4)
    path = descend(lambda p: bowl_gradient(p, c), start, 0.3, 25)
    closed_form = (1 - 0.3 * c) ** np.arange(26)[:, None] * start
    np.testing.assert_allclose(path, closed_form, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("sharpest", [0.7, 3.0, 12.0])
def test_it_diverges_exactly_above_two_over_the_largest_curvature(sharpest):
    c, start = np.array([0.5, sharpest]), np.array([0.0, 1.0])

    def farthest(learning_rate):
        return abs(descend(lambda p: bowl_gradient(p, c), start, learning_rate, 500)[-1, 1])

    assert farthest(0.999 * 2 / sharpest) < 0.5
    assert farthest(2 / sharpest) == pytest.approx(1)
    assert farthest(1.001 * 2 / sharpest) > 2


def test_a_path_that_gets_too_far_out_stops_with_the_first_point_that_is():
    path = descend(lambda p: bowl_gradient(p, np.array([1.0])), np.array([1.0]), 4.0, 100, far=1000)
    assert path.ravel().tolist() == [(-3.0) ** t for t in range(8)]  # 3^6 = 729, 3^7 = 2187


@pytest.mark.parametrize("seed", range(20))
def test_a_path_that_leaves_the_frame_is_drawn_to_where_it_crosses_it(seed):
    path = np.cumsum(np.random.default_rng(seed).normal(size=(40, 2)), axis=0) * np.linspace(0, 3, 40)[:, None]
    inside, drawn = within(path, 3), out_of_frame(path, 3)
    np.testing.assert_array_equal(drawn[:-1], inside)
    assert np.abs(drawn[-1]).max() == pytest.approx(3)
    (along, aside), (x, y) = path[len(inside)] - inside[-1], drawn[-1] - inside[-1]
    assert x * aside == pytest.approx(y * along)
    assert 0 <= x * along + y * aside <= along**2 + aside**2


def test_a_path_that_stays_in_the_frame_is_drawn_whole():
    path = np.linspace(0, 2, 9)[:, None] * [1, -1]
    np.testing.assert_array_equal(out_of_frame(path, 3), path)


@pytest.mark.parametrize("seed", range(3))
def test_the_nudged_gradient_agrees_with_autograd(seed):
    p = np.random.default_rng(seed).normal(size=4)
    measured = nudged_gradient(lambda q: wavy(torch.tensor(q)).item(), p, 1e-7)
    np.testing.assert_allclose(measured, gradient_of_wavy(p), atol=2e-6)


@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_of_the_bowl_agrees_with_autograd(seed):
    rng = np.random.default_rng(seed)
    p, c = rng.normal(size=5), rng.uniform(1, 9, size=5)
    tensor = torch.tensor(p, requires_grad=True)
    height = (torch.tensor(c) * tensor**2).sum() / 2
    height.backward()
    assert bowl(p, c) == pytest.approx(height.item(), rel=1e-14)
    np.testing.assert_allclose(bowl_gradient(p, c), tensor.grad.numpy(), rtol=1e-14)


def test_a_large_nudge_is_off_by_half_the_nudge_times_the_curvature():
    p, c = np.array([1.3, -0.8, 2.1]), np.array([1.0, 4.0, 9.0])
    error = nudged_gradient(lambda q: bowl(q, c), p, 0.01) - bowl_gradient(p, c)
    np.testing.assert_allclose(error, 0.01 * c / 2, rtol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_no_direction_rises_faster_than_the_gradient_and_across_it_nothing_rises(seed):
    rng = np.random.default_rng(seed)
    p, c = rng.normal(size=5), rng.uniform(1, 9, size=5)
    gradient = nudged_gradient(lambda q: bowl(q, c), p, 1e-8)
    length = np.linalg.norm(gradient)
    directions = rng.normal(size=(2000, 5))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)

    def rise(direction):
        return (bowl(p + 1e-6 * direction, c) - bowl(p, c)) / 1e-6

    assert rise(gradient / length) == pytest.approx(length, rel=1e-4)
    assert max(rise(direction) for direction in directions) <= length * (1 + 1e-4)
    across = directions[0] - directions[0] @ gradient / length**2 * gradient
    assert rise(across) == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("start", [(0.5, 2.0), (1.3, 0.7), (2.0, 1.0)])
def test_the_best_nudge_lies_near_the_estimate_and_far_from_both_ends(start):
    numbers = demo(start_x=start[0], start_y=start[1]).numbers
    assert 0.1 < numbers["best nudge of those tried"] / numbers["best nudge, estimated"] < 10
    for exponent in (-16, -1):
        at_the_end = demo(start_x=start[0], start_y=start[1], nudge_exponent=exponent).numbers
        assert (
            at_the_end["relative error of the measured gradient"] > 1e5 * numbers["relative error with the best nudge"]
        )


def test_the_arrow_starts_at_its_tail_and_ends_a_length_farther_along_the_direction():
    points = arrow(np.array([1.0, 2.0]), np.array([3.0, -4.0]), 0.5).T
    assert points[0].tolist() == [1.0, 2.0]
    np.testing.assert_allclose(points[1], [1.3, 1.6])  # 0.5 times (0.6, -0.8) farther
    assert arrow(np.zeros(2), np.zeros(2), 0.5)[0].size == 0


def test_the_figures_of_the_defaults_worked_by_hand():
    numbers = demo().numbers
    assert numbers["loss at the start"] == pytest.approx(7)  # (1 × 2² + 10 × 1²) / 2
    assert numbers["length of the gradient at the start"] == pytest.approx(np.sqrt(104))  # the gradient is (2, 10)
    assert numbers["distance kept per step along x, measured"] == pytest.approx(0.83)  # 1 - 0.17 × 1
    assert numbers["distance kept per step along y, measured"] == pytest.approx(0.7)  # |1 - 0.17 × 10|
    assert numbers["loss at the end"] == pytest.approx(2 * 0.83**80 + 5 * 0.7**80)
    assert numbers["learning rate above which it diverges"] == pytest.approx(0.2)
    assert numbers["steps taken"] == 40


def test_at_learning_rate_0_3_the_distance_doubles_and_passes_a_million_at_step_20():
    result = demo(learning_rate=0.3)
    assert result.numbers["steps taken"] == 20  # 2^20 = 1048576
    assert "stopped at step 20" in result.summary
    assert "bounces" in demo(learning_rate=0.2).summary


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "At learning rate 0.17, 40 steps lead downhill: the loss, which is the height in this bowl, falls from 7 "
             "to less than 0.001. The slope at the start, measured by moving each input by 10⁻⁸, is right to 8 "
             "digits."),
        ({"steps": 1}, "1 step leads downhill: the loss, which is the height in this bowl, falls from 7 to 3.8."),
        ({"nudge_exponent": -16}, "is right to no digit."),
    ],
)  # fmt: skip
def test_the_first_sentence_that_a_newcomer_reads_needs_no_other_term(settings, said):
    assert said in demo(**settings).summary


@pytest.mark.parametrize(
    ("error", "said"), [(0, "16 digits"), (3e-9, "8 digits"), (0.05, "1 digit"), (0.2, "no digit"), (1.0, "no digit")]
)
def test_an_error_is_told_as_digits_that_are_right(error, said):
    assert digits(error) == said
