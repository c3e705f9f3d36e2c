"""The neural network against PyTorch step by step, by hand, and by what it is famous for: XOR."""

import numpy as np
import pytest
import torch
from sklearn.kernel_ridge import KernelRidge
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier

from demos.autograd import Tensor
from demos.neural_network import (
    DATA,
    FRESH,
    POINTS,
    SQUASH,
    demo,
    first_weights,
    kernel_ridge,
    loss_of,
    nearest,
    network,
    right,
    train,
)
from demos.parts.datasets import xor


def trained_by_torch(x, label, weights, activation, learning_rate, steps):
    """The same network as an nn.Sequential with copied weights -> the loss before each step, and after the last."""
    W1, b1, W2, b2 = (torch.tensor(w) for w in weights)
    bend = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}[activation]()
    model = torch.nn.Sequential(torch.nn.Linear(2, W1.shape[1]), bend, torch.nn.Linear(W1.shape[1], 1)).double()
    with torch.no_grad():
        model[0].weight[:], model[0].bias[:] = W1.T, b1[0]
        model[2].weight[:], model[2].bias[:] = W2.T, b2[0]
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    points, target = torch.tensor(x), torch.tensor(label[:, None], dtype=torch.float64)
    losses = []
    for _ in range(steps + 1):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(model(points), target)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return np.array(losses)


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("activation", SQUASH)
@pytest.mark.parametrize("seed", range(2))
def test_the_loss_at_every_step_is_that_of_the_same_network_in_torch(data, activation, seed):
    rng = np.random.default_rng(seed)
    x, label = DATA[data](rng, 30)
    weights = first_weights(rng, hidden=5, starts=2)
    _, losses = train(x, label, weights, SQUASH[activation], 0.5, 60)
    for start in range(2):
        theirs = trained_by_torch(x, label, [w[start] for w in weights], activation, 0.5, 60)
        np.testing.assert_allclose(losses[:, start], theirs, rtol=1e-6)


def test_starts_that_learn_side_by_side_never_meet():
    rng = np.random.default_rng(0)
    x, label = xor(rng, 20)
    weights = first_weights(rng, hidden=4, starts=3)
    together, _ = train(x, label, weights, SQUASH["tanh"], 0.5, 30)
    alone, _ = train(x, label, [w[1:2] for w in weights], SQUASH["tanh"], 0.5, 30)
    for many, one in zip(together, alone, strict=True):
        np.testing.assert_allclose(many[1:2], one, rtol=1e-12)


def test_two_hidden_units_set_by_hand_compute_xor():
    # One unit measures how far input 1 is above input 2, the other the reverse; either being large means "different".
    weights = [
        np.array([[[1.0, -1.0], [-1.0, 1.0]]]),
        np.zeros((1, 1, 2)),
        np.array([[[1.0], [1.0]]]),
        np.array([[[-1.0]]]),
    ]
    x, label = xor(np.random.default_rng(0), 4, noise=0)
    scores = network(x, [Tensor(w) for w in weights], SQUASH["relu"]).value
    assert scores.tolist() == [[[-1], [1], [1], [-1]]]
    assert right(x, label, weights, SQUASH["relu"]).tolist() == [4]
    assert right(x, 1 - label, weights, SQUASH["relu"]).tolist() == [0]


def test_the_loss_of_a_network_that_knows_nothing_is_the_logarithm_of_two():
    scores = Tensor(np.zeros((3, 10, 1)))
    np.testing.assert_allclose(loss_of(scores, np.arange(10) % 2).value, [np.log(2)] * 3)


def test_the_loss_takes_the_probability_of_the_right_label_worked_by_hand():
    scores = Tensor(np.array([[[np.log(3)], [np.log(3)]]]))  # three to one for label 1
    loss = loss_of(scores, np.array([1, 0])).value
    assert loss == pytest.approx(-(np.log(3 / 4) + np.log(1 / 4)) / 2)


@pytest.mark.parametrize("seed", range(5))
def test_one_hidden_unit_never_learns_xor_three_always_do(seed):
    solved = {h: demo(hidden=h, seed=seed).numbers["starts that get every point right"] for h in (1, 3, 6)}
    assert solved == {1: 0, 3: 6, 6: 6}


def test_two_hidden_units_learn_xor_from_some_starts_and_get_stuck_from_others():
    solved = [demo(hidden=2, seed=seed).numbers["starts that get every point right"] for seed in range(5)]
    assert all(0 < count < 6 for count in solved)


def test_a_stuck_start_knows_half_of_the_points_and_shrugs_at_the_rest_however_long_it_trains():
    rng = np.random.default_rng(0)
    x, label = xor(rng, POINTS)
    xor(rng, FRESH)
    weights = [w[:1] for w in first_weights(rng, 2)]
    for steps in (800, 4000):
        weights, _ = train(x, label, weights, SQUASH["tanh"], 0.5, steps)
        scores = network(x, [Tensor(w) for w in weights], SQUASH["tanh"])
        probability = scores.sigmoid().value[0, :, 0]
        unsure = np.abs(probability - 0.5) < 0.2
        assert unsure.sum() == POINTS / 2
        assert ((probability > 0.5) == label)[~unsure].all()
        assert loss_of(scores, label).value == pytest.approx(np.log(2) / 2, abs=0.015)


@pytest.mark.parametrize("hidden", [3, 24])
def test_without_a_bend_any_number_of_hidden_units_is_still_one_straight_line(hidden):
    rng = np.random.default_rng(1)
    x, label = xor(rng, POINTS)
    weights, _ = train(x, label, first_weights(rng, hidden), lambda z: z, 0.2, 500)
    assert right(x, label, weights, lambda z: z).max() <= 0.75 * POINTS


def test_the_figures_of_the_defaults_agree_with_torch_and_with_counting():
    rng = np.random.default_rng(0)
    x, label = xor(rng, POINTS)
    xor(rng, FRESH)
    losses = trained_by_torch(x, label, [w[0] for w in first_weights(rng, 3)], "tanh", 0.5, 800)
    numbers = demo().numbers
    assert numbers["loss before training"] == pytest.approx(losses[0], rel=1e-6)
    assert numbers["loss after training"] == pytest.approx(losses[-1], rel=1e-6)
    assert numbers["weights and biases"] == 2 * 3 + 3 + 3 + 1
    assert numbers["points right"] == numbers["points"] == 80
    assert numbers["share of fresh points right"] == 1


@pytest.mark.parametrize("data", DATA)
def test_the_nearest_neighbor_is_the_one_of_scikit_learn(data):
    rng = np.random.default_rng(1)
    (x, label), (fresh, fresh_label) = DATA[data](rng, POINTS), DATA[data](rng, FRESH)
    theirs = KNeighborsClassifier(n_neighbors=1).fit(x, label)
    assert nearest(x, label, fresh).tolist() == theirs.predict(fresh).tolist()
    share = demo(data=data, steps=50, seed=1).numbers["share of fresh points right, nearest neighbor"]
    assert share == pytest.approx(theirs.score(fresh, fresh_label))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("data", DATA)
def test_kernel_ridge_is_the_one_of_scikit_learn_with_the_width_that_leaving_out_prefers(data, seed):
    rng = np.random.default_rng(seed)
    (x, label), (fresh, fresh_label) = DATA[data](rng, POINTS), DATA[data](rng, FRESH)
    side = np.where(label == 1, 1, -1)
    models = [KernelRidge(alpha=0.1, kernel="rbf", gamma=1 / (2 * width**2)) for width in (0.1, 0.2, 0.4, 0.8, 1.6)]
    left_out = [((cross_val_predict(model, x, side, cv=LeaveOneOut()) - side) ** 2).mean() for model in models]
    theirs = models[np.argmin(left_out)].fit(x, side)
    expected = (theirs.predict(fresh) > 0).astype(int)
    assert kernel_ridge(x, label, fresh).tolist() == expected.tolist()
    share = demo(data=data, steps=50, seed=seed).numbers["share of fresh points right, kernel ridge"]
    assert share == pytest.approx((expected == fresh_label).mean())


def test_kernel_ridge_chooses_another_width_for_spirals_than_for_xor():
    chosen = set()
    for data in ("xor", "spirals"):
        rng = np.random.default_rng(0)
        (x, label), (fresh, _) = DATA[data](rng, POINTS), DATA[data](rng, FRESH)
        alone = {w: kernel_ridge(x, label, fresh, widths=(w,)).tolist() for w in (0.1, 0.2, 0.4, 0.8, 1.6)}
        chosen.add(tuple(w for w, labels in alone.items() if labels == kernel_ridge(x, label, fresh).tolist()))
    assert len(chosen) == 2


def test_units_that_start_with_equal_weights_in_and_out_stay_equal_and_different_weights_on_one_side_are_enough():
    rng = np.random.default_rng(0)
    x, label = xor(rng, POINTS)
    W1, b1, W2, b2 = first_weights(rng, 3)
    same_in, same_out = np.repeat(W1[..., :1], 3, axis=-1), np.repeat(W2[:, :1], 3, axis=1)
    found = {}
    for name, ways in {"both": (same_in, same_out), "in": (same_in, W2), "out": (W1, same_out)}.items():
        weights, _ = train(x, label, [ways[0], b1, ways[1], b2], SQUASH["tanh"], 0.5, 800)
        found[name] = int((right(x, label, weights, SQUASH["tanh"]) == POINTS).sum())
        if name == "both":
            np.testing.assert_allclose(weights[0], np.repeat(weights[0][..., :1], 3, axis=-1), atol=1e-9)
    assert found == {"both": 0, "in": 6, "out": 6}


def test_the_map_shows_the_start_that_was_asked_for():
    stuck, solved = demo(hidden=2, start=1), demo(hidden=2, start=2)
    rows = stuck.show[3].rows
    assert [row[0] for row in rows] == [1, 2, 3, 4, 5, 6]
    for result, row in ((stuck, rows[0]), (solved, rows[1])):
        assert result.numbers["loss after training"] == pytest.approx(row[2])
        assert result.numbers["points right"] == row[3]
    assert stuck.numbers["points right"] < solved.numbers["points right"] == POINTS
    corner = np.array(solved.show[0].values)[[8, 8, 32, 32], [8, 32, 8, 32]]  # near (-1, -1), (1, -1), (-1, 1), (1, 1)
    assert (corner > 0.5).tolist() == [False, True, True, False]


def test_the_drawing_shows_the_strongest_units_and_says_so():
    graph = demo(hidden=24, steps=50).show[2]
    assert graph.title.endswith("the 6 strongest of 24 units")
    assert len(graph.nodes) == 2 + 6 + 1
    assert len(graph.edges) == 3 * 6
