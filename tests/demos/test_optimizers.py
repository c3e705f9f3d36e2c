"""The optimizers against PyTorch's, and by what defines them: sums that fade, steps that no change of units moves."""

import numpy as np
import pytest
import torch

from demos.optimizers import START, adam, demo, momentum, race, sgd, steps_to


def wavy(p):
    """A function that is no bowl, of any number of parameters, in PyTorch."""
    return (torch.sin(3 * p) + 0.2 * p**2).sum() + 0.3 * p.prod()


def gradient_of_wavy(p):
    tensor = torch.tensor(p, requires_grad=True)
    wavy(tensor).backward()
    return tensor.grad.numpy()


def follow(rule, state, gradient_of, start, steps, **settings):
    path = [start]
    for _ in range(steps):
        parameter, state = rule(path[-1], gradient_of(path[-1]), state, **settings)
        path.append(parameter)
    return np.array(path)


def follow_torch(optimizer, height, start, steps, **settings):
    p = torch.tensor(start, requires_grad=True)
    optimizer = optimizer([p], **settings)
    path = [start]
    for _ in range(steps):
        optimizer.zero_grad()
        height(p).backward()
        optimizer.step()
        path.append(p.detach().numpy().copy())
    return np.array(path)


CASES = {
    "sgd": (sgd, {}, torch.optim.SGD, {}),
    "momentum": (momentum, {}, torch.optim.SGD, {"momentum": 0.9}),
    "weak momentum": (momentum, {"beta": 0.4}, torch.optim.SGD, {"momentum": 0.4}),
    "adam": (adam, {}, torch.optim.Adam, {}),
    "adam of other settings": (
        adam,
        {"beta_1": 0.7, "beta_2": 0.95, "epsilon": 0.01},
        torch.optim.Adam,
        {"betas": (0.7, 0.95), "eps": 0.01},
    ),
}


@pytest.mark.parametrize("shape", [(3,), (2, 3)])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("case", CASES)
def test_sixty_steps_follow_torch(case, seed, shape):
    rule, ours, optimizer, theirs = CASES[case]
    start = np.random.default_rng(seed).normal(size=shape)
    path = follow(rule, START[rule.__name__], gradient_of_wavy, start, 60, learning_rate=0.03, **ours)
    np.testing.assert_allclose(path, follow_torch(optimizer, wavy, start, 60, lr=0.03, **theirs), rtol=1e-9, atol=1e-10)


def test_the_first_step_of_adam_is_as_long_as_the_learning_rate_whatever_the_gradient():
    gradient = np.array([1000.0, -0.002, 3.0])
    moved, (t, m, v) = adam(np.zeros(3), gradient, START["adam"], 0.1)
    np.testing.assert_allclose(moved, [-0.1, 0.1, -0.1], rtol=1e-5)
    assert t == 1
    np.testing.assert_allclose(m, 0.1 * gradient)
    np.testing.assert_allclose(v, 0.001 * gradient**2)


@pytest.mark.parametrize("factor", [0.01, 100.0])
def test_multiplying_the_loss_does_not_move_adam_and_moves_the_others(factor):
    start = np.array([0.8, -1.1, 0.4])

    def moved_by(rule):
        plain = follow(rule, START[rule.__name__], gradient_of_wavy, start, 50, learning_rate=0.001)
        times = follow(
            rule, START[rule.__name__], lambda p: factor * gradient_of_wavy(p), start, 50, learning_rate=0.001
        )
        return np.abs(times - plain).max()

    assert moved_by(adam) < 1e-6
    assert moved_by(sgd) > 0.01
    assert moved_by(momentum) > 0.01


def test_momentum_on_a_steady_slope_works_up_to_ten_steps_in_one_and_cancels_what_alternates():
    parameter, velocity = np.zeros(2), START["momentum"]
    for turn in range(200):
        parameter, velocity = momentum(parameter, np.array([1.0, (-1.0) ** turn]), velocity, 0.01)
    assert velocity[0] == pytest.approx(10)  # 1 / (1 - 0.9)
    assert abs(velocity[1]) == pytest.approx(1 / 1.9)  # 1 / (1 + 0.9)


@pytest.mark.parametrize(("rule", "notices"), [(sgd, False), (momentum, False), (adam, True)])
def test_only_adam_notices_that_the_axes_are_turned(rule, notices):
    turn = np.array([[0.6, 0.8], [-0.8, 0.6]])
    bends, start = np.diag([1.0, 30.0]), np.array([2.0, 1.0])
    upright = follow(rule, START[rule.__name__], lambda p: bends @ p, start, 40, learning_rate=0.02)
    turned = follow(
        rule, START[rule.__name__], lambda p: turn.T @ bends @ turn @ p, turn.T @ start, 40, learning_rate=0.02
    )
    gap = np.abs(turned @ turn.T - upright).max()
    assert gap > 0.1 if notices else gap < 1e-12


def test_the_rules_leave_what_they_are_given_as_it_was():
    parameter, gradient = np.array([1.0, 2.0]), np.array([0.5, -0.5])
    states = {sgd: (), momentum: np.array([0.1, 0.2]), adam: (3, np.array([0.1, 0.2]), np.array([0.3, 0.4]))}
    for rule, state in states.items():
        rule(parameter, gradient, state, 0.1)
    assert parameter.tolist() == [1.0, 2.0]
    assert gradient.tolist() == [0.5, -0.5]
    assert states[momentum].tolist() == [0.1, 0.2]
    assert [part if isinstance(part, int) else part.tolist() for part in states[adam]] == [3, [0.1, 0.2], [0.3, 0.4]]


def test_runs_side_by_side_are_the_runs_one_by_one():
    rates, start = np.array([0.002, 0.02, 0.3]), np.array([1.0, -2.0])
    side_by_side, (t, _, v) = race(adam, START["adam"], lambda p: p * [1, 9], start, rates, steps=30)
    for run, rate in enumerate(rates):
        alone = follow(adam, START["adam"], lambda p: p * [1, 9], start, 30, learning_rate=rate)
        np.testing.assert_allclose(side_by_side[:, run], alone, rtol=1e-12)
    assert t == 30
    assert v.shape == (3, 2)


def test_a_run_that_gets_too_far_out_stays_at_the_first_point_that_is():
    path, _ = race(sgd, START["sgd"], lambda p: p, np.array([1.0]), np.array([4.0, 0.5]), steps=9, far=1000)
    assert path[:, 0, 0].tolist() == [1, -3, 9, -27, 81, -243, 729, -2187, -2187, -2187]
    assert path[:, 1, 0].tolist() == [0.5**t for t in range(10)]


def test_steps_count_until_the_loss_is_below_the_target_for_good():
    loss = np.array([[9, 9, 9, 1, 9], [1, 5, 9, 1, 1], [9, 1, 9, 1, 9], [1, 1, 9, 1, 9], [1, 1, 9, 1, 1]])
    assert steps_to(2, loss).tolist() == [3, 2, 4, 0, 4]


@pytest.mark.parametrize("angle", [0.0, 30.0])
def test_the_demo_counts_the_steps_that_torch_takes(angle):
    numbers = demo(angle=angle, learning_rate=0.035, curvature=40.0).numbers
    turn = np.radians(angle)
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    matrix = torch.tensor(np.outer(along, along) + 40 * np.outer(across, across))
    for name, optimizer, settings in [
        ("SGD", torch.optim.SGD, {}),
        ("momentum", torch.optim.SGD, {"momentum": 0.9}),
        ("Adam", torch.optim.Adam, {}),
    ]:
        path = follow_torch(optimizer, lambda p: p @ matrix @ p / 2, 2 * along + across, 400, lr=0.035, **settings)
        share = np.einsum("ti,ij,tj->t", path, matrix.numpy(), path) / 2 / 22  # (2² + 40 × 1²) / 2 = 22
        assert numbers[f"steps to the target, {name}"] == min(400, 1 + np.flatnonzero(share >= 1e-3)[-1])


def test_the_figures_of_plain_steps_at_the_defaults_worked_by_hand():
    numbers = demo().numbers
    share = [(4 * 0.97 ** (2 * t) + 50 * 0.5 ** (2 * t)) / 54 for t in range(401)]
    assert numbers["steps to the target, SGD"] == next(t for t in range(401) if share[t] < 1e-3)
    assert numbers["learning rate above which plain steps diverge"] == pytest.approx(0.04)
    assert numbers["steps to the target at its best learning rate, SGD"] < numbers["steps to the target, SGD"]
    assert [
        numbers[f"how far multiplying the loss moves the path, {name}"] for name in ("SGD", "momentum", "Adam")
    ] == [0] * 3


def test_with_the_loss_times_100_plain_steps_fly_out_and_adam_arrives_as_before():
    before, after = demo(), demo(loss_times=100.0)
    assert "SGD not in 400, momentum not in 400" in after.summary
    assert after.numbers["steps to the target, Adam"] == before.numbers["steps to the target, Adam"] < 400
    assert after.numbers["how far multiplying the loss moves the path, Adam"] < 1e-6
    assert after.numbers["how far multiplying the loss moves the path, SGD"] > 1e5


def test_adam_gives_each_weight_a_step_size_of_its_own_until_the_valley_is_turned():
    ratio = "Adam's step per unit of gradient, weight 1 over weight 2"
    assert demo().numbers[ratio] > 10
    assert demo(angle=90.0).numbers[ratio] == pytest.approx(1 / demo().numbers[ratio])
    assert 0.8 < demo(angle=45.0).numbers[ratio] < 1.25
    assert demo(angle=45.0).numbers["steps to the target, Adam"] == 400
