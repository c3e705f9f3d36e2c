"""The run is that of PyTorch's optimizers, resuming is exact with all parts of the state, and each part is needed."""

import io

import numpy as np
import pytest
import torch

from demos.checkpoint_resume import (
    BATCH,
    RULES,
    STEPS,
    WEIGHTS,
    State,
    data,
    demo,
    fresh,
    learning_rate_at,
    restored,
    rounded,
    size_of,
    train,
)

TORCH = {
    "SGD": lambda p, rate: torch.optim.SGD([p], lr=rate),
    "momentum": lambda p, rate: torch.optim.SGD([p], lr=rate, momentum=0.9),
    "Adam": lambda p, rate: torch.optim.Adam([p], lr=rate),
}


class TorchRun:
    """The same training with a tensor, an optimizer and a schedule of PyTorch."""

    def __init__(self, name, X, y, seed):
        self.p = torch.zeros(WEIGHTS, dtype=torch.float64, requires_grad=True)
        self.optimizer = TORCH[name](self.p, RULES[name][2])
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, lambda t: 1 - t / STEPS)
        self.X, self.y, self.rng = torch.tensor(X), torch.tensor(y), np.random.default_rng(seed)

    def train(self, steps):
        path = []
        for _ in range(steps):
            rows = self.rng.choice(len(self.X), BATCH, replace=False)
            self.optimizer.zero_grad()
            torch.nn.functional.mse_loss(self.X[rows] @ self.p, self.y[rows]).backward()
            self.optimizer.step()
            self.schedule.step()
            path.append(self.p.detach().numpy().copy())
        return np.array(path)


@pytest.mark.parametrize("seed", [0, 3])
@pytest.mark.parametrize("name", RULES)
def test_the_run_is_that_of_torch(name, seed):
    X, y = data(np.random.default_rng(seed))
    rule, nothing, peak = RULES[name]
    path, _ = train(fresh(seed, nothing), X, y, rule, peak, STEPS)
    np.testing.assert_allclose(path, TorchRun(name, X, y, seed).train(STEPS), rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("name", RULES)
def test_a_checkpoint_of_torch_has_the_same_parts_and_goes_on_in_the_same_way(name):
    X, y = data(np.random.default_rng(1))
    rule, nothing, peak = RULES[name]
    whole, _ = train(fresh(5, nothing), X, y, rule, peak, 60)
    run, file = TorchRun(name, X, y, 5), io.BytesIO()
    run.train(25)
    torch.save([run.p.detach(), run.optimizer.state_dict(), run.schedule.state_dict()], file)
    file.seek(0)
    p, optimizer, schedule = torch.load(file)
    later = TorchRun(name, X, y, 5)
    later.p.data.copy_(p)
    later.optimizer.load_state_dict(optimizer)
    later.schedule.load_state_dict(schedule)
    later.rng.bit_generator.state = run.rng.bit_generator.state
    np.testing.assert_allclose(later.train(35), whole[25:], rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", RULES)
def test_with_all_of_its_state_a_run_goes_on_to_the_last_bit(name, seed):
    rng = np.random.default_rng(seed)
    X, y = data(rng)
    rule, nothing, peak = RULES[name]
    start, stop = fresh(seed, nothing), int(rng.integers(1, STEPS))
    whole, end = train(start, X, y, rule, peak, STEPS)
    first, state = train(start, X, y, rule, peak, stop)
    rest, resumed_end = train(state, X, y, rule, peak, STEPS)
    assert np.array_equal(np.concatenate([first, rest]), whole)
    assert resumed_end.t == end.t == STEPS
    assert resumed_end.generator == end.generator


@pytest.mark.parametrize("stop_at", [10, 70, 190])
@pytest.mark.parametrize("name", RULES)
def test_each_part_is_needed_except_a_memory_that_is_empty(name, stop_at):
    assert demo(optimizer=name, stop_at=stop_at).numbers["the same to the last bit"] == 1
    for part in ("memory", "step", "order"):
        numbers = demo(optimizer=name, stop_at=stop_at, **{part: False}).numbers
        empty = name == "SGD" and part == "memory"
        assert numbers["the same to the last bit"] == empty
        assert (numbers["largest difference between the weights"] == 0) == empty


def test_fewer_bits_leave_a_difference_of_their_own_size():
    for bits, unit in (("32 bits", np.finfo(np.float32).eps), ("16 bits", np.finfo(np.float16).eps)):
        difference = demo(stored_in=bits).numbers["largest difference between the weights"]
        assert unit / 100 < difference < 100 * unit
    x = np.array([0.1, 1 / 3])
    assert rounded((3, x), np.float16)[0] == 3
    assert rounded(x, np.float16).tolist() == [float(np.float16(0.1)), float(np.float16(1 / 3))]
    assert rounded(x, np.float64).tolist() == x.tolist()


def test_what_is_missing_comes_back_as_it_was_before_the_first_step():
    start = fresh(4, (0, 0.0, 0.0))
    state = State(np.ones(WEIGHTS), (7, np.ones(WEIGHTS), np.ones(WEIGHTS)), 7, fresh(9, ()).generator)
    nothing = restored(state, start, np.float64, memory=False, step=False, order=False)
    assert nothing[1:] == start[1:]
    np.testing.assert_array_equal(nothing.p, state.p)


def test_the_learning_rate_falls_to_zero_along_a_straight_line():
    assert [learning_rate_at(t, 0.5) for t in (0, STEPS // 2, STEPS, 2 * STEPS)] == [0.5, 0.25, 0, 0]


def test_adam_keeps_two_numbers_for_each_weight_and_the_count_of_steps():
    assert size_of((3, np.ones(WEIGHTS), np.ones(WEIGHTS))) == 2 * WEIGHTS + 1
    sizes = {name: demo(optimizer=name).numbers["numbers in the checkpoint"] for name in RULES}
    assert sizes["momentum"] - sizes["SGD"] == WEIGHTS
    assert sizes["Adam"] - sizes["SGD"] == 2 * WEIGHTS + 1
    assert demo(memory=False, step=False, order=False).numbers["numbers in the checkpoint"] == WEIGHTS
