"""The recurrent network against torch.nn.RNN, its training against PyTorch's, its gradient against theory."""

import numpy as np
import pytest
import torch

from demos.autograd import Tensor
from demos.recurrent_nets import demo, first_weights, reach, run, sequences, train, unroll


def of_torch(weights, one=0):
    """The network of one start: a torch.nn.RNN and a linear layer."""
    W, U, b, v = (w[one] for w in weights)
    rnn, answer = torch.nn.RNN(1, len(W)).double(), torch.nn.Linear(len(W), 1, bias=False).double()
    with torch.no_grad():
        rnn.weight_hh_l0[:], rnn.weight_ih_l0[:] = torch.tensor(W.T), torch.tensor(U.T)
        rnn.bias_ih_l0[:], rnn.bias_hh_l0[:] = torch.tensor(b[0]), 0.0
        answer.weight[:] = torch.tensor(v.T)
    rnn.bias_hh_l0.requires_grad = False
    return rnn, answer


def drawn(seed, hidden=4, starts=2, radius=1.3):
    rng = np.random.default_rng(seed)
    weights = first_weights(rng, hidden, radius, starts)
    weights[2] = rng.normal(size=weights[2].shape)  # a bias that is not zero
    return weights, rng.normal(size=(6, 3, 1)), rng


@pytest.mark.parametrize("seed", range(4))
def test_states_and_gradients_of_every_start_are_those_of_torch(seed):
    weights, x, rng = drawn(seed)
    slopes = rng.normal(size=(6, 3, 4))  # of every state, each its own, so that errors can't cancel
    tensors = [Tensor(w) for w in weights]
    states = unroll(x, np.zeros((1, 4)), *tensors[:3])
    total = sum(((state * slope).sum() for state, slope in zip(states, slopes, strict=True)), Tensor(0.0))
    total.backward()
    for one in range(2):
        rnn, _ = of_torch(weights, one)
        expected = rnn(torch.tensor(x))[0]
        expected.backward(torch.tensor(slopes))
        for state, reference in zip(states, expected.detach().numpy(), strict=True):
            np.testing.assert_allclose(state.value[one], reference, rtol=1e-8, atol=1e-10)
        for tensor, reference in zip(tensors, (rnn.weight_hh_l0, rnn.weight_ih_l0, rnn.bias_ih_l0), strict=False):
            expected_gradient = reference.grad.numpy().T.reshape(tensor.value[one].shape)
            np.testing.assert_allclose(tensor.gradient[one], expected_gradient, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("seed", range(3))
def test_training_takes_the_steps_that_torch_takes_with_its_own_clipping(seed):
    weights = first_weights(np.random.default_rng(seed), 5, 1.5, 2)
    learned, losses = train(np.random.default_rng(seed + 40), weights, lag=6, steps=12)
    for one in range(2):
        rnn, answer = of_torch(weights, one)
        parameters = [p for p in (*rnn.parameters(), *answer.parameters()) if p.requires_grad]
        optimizer, rng, expected, clipped = torch.optim.SGD(parameters, lr=0.5), np.random.default_rng(seed + 40), [], 0
        for _ in range(12):
            x, sign = sequences(rng, 32, 6)
            scores = answer(rnn(torch.tensor(x))[0][-1])[:, 0]
            loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, torch.tensor((sign + 1) / 2))
            optimizer.zero_grad()
            loss.backward()
            clipped += torch.nn.utils.clip_grad_norm_(parameters, 1.0).item() > 1
            optimizer.step()
            expected.append(loss.item())
        np.testing.assert_allclose(losses[:, one], expected, rtol=1e-4)  # torch clips by the norm + 1e-6
        np.testing.assert_allclose(learned[0][one], rnn.weight_hh_l0.detach().numpy().T, rtol=1e-3, atol=1e-4)
    assert np.abs(learned[0] - weights[0]).max() > 0.01


def test_some_gradients_are_long_enough_to_be_clipped_and_then_a_step_has_the_length_of_the_learning_rate():
    weights = first_weights(np.random.default_rng(3), 8, 1.8, 5)
    learned, _ = train(np.random.default_rng(0), weights, lag=25, steps=1)
    moved = np.sqrt(sum(((a - b) ** 2).sum(axis=(1, 2)) for a, b in zip(learned, weights, strict=True)))
    assert moved.max() == pytest.approx(0.5)
    assert moved.min() > 0


@pytest.mark.parametrize("radius", [0.1, 0.95, 1.8])
@pytest.mark.parametrize("hidden", [1, 7])
def test_the_radius_is_the_largest_eigenvalue(radius, hidden):
    W = first_weights(np.random.default_rng(0), hidden, radius, 5)[0]
    largest = [torch.linalg.eigvals(torch.tensor(w)).abs().max().item() for w in W]
    np.testing.assert_allclose(largest, radius)


@pytest.mark.parametrize("factor", [0.5, 0.9, 1.1])
def test_close_to_zero_the_gradient_is_multiplied_by_the_weight_once_for_every_step(factor):
    weights = [np.full((1, 1, 1), w) for w in (factor, 1.0, 0.0, 2.0)]
    sizes = reach(np.full((11, 3, 1), 1e-8), weights)
    np.testing.assert_allclose(sizes, factor ** np.arange(10, -1, -1.0), rtol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_reach_is_the_gradient_of_the_score_that_torch_finds_at_each_state(seed):
    weights, x, _ = drawn(seed, starts=1)
    rnn, answer = of_torch(weights)
    state, states = torch.zeros(1, 3, 4, dtype=torch.float64, requires_grad=True), []
    for now in torch.tensor(x):
        state = rnn(now[None], state)[1]
        state.retain_grad()
        states.append(state)
    answer(state).sum().backward()
    sizes = np.array([state.grad.square().sum(dim=-1).mean().sqrt().item() for state in states])
    np.testing.assert_allclose(reach(x, weights), sizes / sizes[-1], rtol=1e-8)


def test_the_state_knows_nothing_of_inputs_that_are_still_to_come():
    weights, x, _ = drawn(0)
    other = x.copy()
    other[4:] += 1
    for t, (a, b) in enumerate(zip(*(run(y, [Tensor(w) for w in weights])[0] for y in (x, other)), strict=True)):
        assert (a.value == b.value).all() == (t < 4)


def test_sequences_begin_with_the_sign_and_go_on_with_noise():
    x, sign = sequences(np.random.default_rng(0), 1000, 20)
    assert x.shape == (21, 1000, 1)
    assert (x[0, :, 0] == sign).all()
    assert sign.sum() == 0
    assert x[1:].std() == pytest.approx(0.3, rel=0.02)
    assert abs((x[1:, :, 0] * sign).mean()) < 0.01


@pytest.mark.parametrize("seed", [0, 5, 11, 20])
def test_the_farther_back_the_less_is_learned_unless_the_gradient_gets_through(seed):
    def learned(**settings):
        return demo(seed=seed, **settings).numbers["starts that learn"]

    assert learned(lag=3, radius=0.5) == 5
    assert learned(lag=15, radius=0.5) == 0
    assert learned(lag=15, radius=1.8) >= 4
    assert learned(steps=0) == 0


def test_the_default_network_has_learned_to_hold_on_for_ever_and_its_gradient_is_gone():
    numbers = demo().numbers
    assert numbers["share right"] == 1
    assert numbers["inputs of noise after which it is still right"] == 200
    assert numbers["radius after training"] > 1
    assert numbers["gradient at the first step, after training"] < 1e-5
    assert 1e-3 < numbers["gradient at the first step, before training"] < 0.95**15

    rng = np.random.default_rng(11)
    weights, _ = train(rng, first_weights(rng, 8, 0.95, 5), 15, 150)
    rnn, answer = of_torch(weights)
    x, sign = sequences(rng, 200, 200)
    scores = answer(rnn(torch.tensor(x))[0])[..., 0].detach().numpy()
    assert ((scores > 0) == (sign > 0)).mean(axis=1)[[15, 200]].tolist() == [1, 1]


def test_the_median_is_that_of_the_five_starts_shown_one_by_one():
    found = [demo(lag=13, steps=0, start=start).numbers for start in range(1, 6)]
    medians = {numbers["gradient at the first step, before training, median of the starts"] for numbers in found}
    assert medians == {sorted(numbers["gradient at the first step, before training"] for numbers in found)[2]}


def test_start_2_is_right_when_it_was_trained_to_be_and_wrong_two_steps_later_as_in_torch():
    rng = np.random.default_rng(11)
    weights, _ = train(rng, first_weights(rng, 8, 0.95, 5), 15, 150)
    rnn, answer = of_torch(weights, 1)
    x, sign = sequences(rng, 200, 200)
    right = ((answer(rnn(torch.tensor(x))[0])[..., 0].detach().numpy() > 0) == (sign > 0)).mean(axis=1)
    numbers = demo(start=2).numbers
    assert numbers["share right"] == pytest.approx(right[15]) == 1
    assert numbers["share right two steps later"] == pytest.approx(right[17])
    assert right[17] < 0.1
    assert right[numbers["inputs of noise after which it is still right"]] >= 0.95
