"""The perceptron against scikit-learn, by hand, and by the theorem that bounds its mistakes in every order."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Perceptron

from demos.neuron import CORNERS, GATES
from demos.perceptron import correct, demo, learn, logistic, mislabeled, radius_and_margin, two_sides


def starting_with_a_one(x, label):
    """Zero weights say no, which is a mistake for scikit-learn even where no is right; a first yes ends the doubt."""
    at = int(np.flatnonzero(label == 1)[0])
    return np.roll(x, -at, axis=0), np.roll(label, -at)


@pytest.mark.parametrize("passes", [1, 2, 7])
@pytest.mark.parametrize("seed", range(4))
def test_equals_scikit_learn_on_labels_that_no_line_gets_right(seed, passes):
    rng = np.random.default_rng(seed)
    x, label = starting_with_a_one(rng.normal(size=(40, 3)), rng.integers(0, 2, size=40))
    theirs = Perceptron(shuffle=False, tol=None, max_iter=passes).fit(x, label)
    ws, bs, counts = learn(x, label, passes)
    np.testing.assert_allclose(ws[-1], theirs.coef_[0], rtol=1e-9, atol=1e-12)
    assert bs[-1] == theirs.intercept_[0]
    assert len(counts) == passes
    assert sum(counts) == len(ws) - 1


@pytest.mark.parametrize("order", range(6))
@pytest.mark.parametrize("margin", [0.03, 0.1, 0.4])
def test_makes_no_more_mistakes_than_the_bound_in_any_order_and_then_gets_every_point_right(margin, order):
    for seed in range(5):
        x, label, w, b = two_sides(np.random.default_rng(seed), 50, margin)
        radius, gamma = radius_and_margin(x, label, w, b)
        shuffled = np.random.default_rng(order).permutation(50)
        ws, bs, counts = learn(x[shuffled], label[shuffled], 10_000)
        assert counts[-1] == 0
        assert 0 < sum(counts) <= (radius / gamma) ** 2
        assert ((x @ ws[-1] + bs[-1] > 0) == (label == 1)).all()
        assert Perceptron(shuffle=False, tol=None, max_iter=500).fit(x, label).score(x, label) == 1


@pytest.mark.parametrize("seed", range(5))
def test_both_halves_of_the_proof_hold_at_every_mistake(seed):
    x, label, w, b = two_sides(np.random.default_rng(seed), 40, 0.05)
    radius, gamma = radius_and_margin(x, label, w, b)
    ws, bs, _ = learn(x, label, 1000)
    weights, mistakes = np.column_stack([ws, bs]), np.arange(len(ws))
    along = weights @ np.append(w, b) / np.linalg.norm(np.append(w, b))
    assert (along >= gamma * mistakes - 1e-9).all()
    assert ((weights**2).sum(axis=1) <= radius**2 * mistakes + 1e-9).all()


def test_the_bound_is_not_always_slack():
    x, label = np.array([[0.5]]), np.array([1])
    radius, gamma = radius_and_margin(x, label, np.array([0.5]), 1.0)
    assert (radius / gamma) ** 2 == pytest.approx(1)  # a single point and the best line for it: one mistake, no more
    assert learn(x, label, 10)[2] == [1, 0]


def test_learns_and_by_ten_mistakes_as_worked_by_hand():
    ws, bs, counts = learn(CORNERS, np.array(GATES["AND"]), 100)
    assert counts == [1, 3, 3, 2, 1, 0]
    assert ws.tolist() == [
        [0, 0], [1, 1], [1, 1], [1, 0], [2, 1], [2, 0], [1, 0], [2, 1], [1, 1], [2, 2], [2, 1]
    ]  # fmt: skip
    assert bs.tolist() == [0, 1, 0, -1, 0, -1, -2, -1, -2, -1, -2]


def test_inputs_far_from_zero_take_thousands_of_mistakes_and_scaled_ones_a_single_one():
    assert len(learn(np.array([[90.0], [110.0]]), np.array([0, 1]), 10_000)[0]) - 1 == 9_011  # the perceptron page
    assert len(learn(np.array([[-1.0], [1.0]]), np.array([0, 1]), 10_000)[0]) - 1 == 1


@pytest.mark.parametrize("seed", range(3))
def test_a_sigmoid_taught_by_gradient_descent_ends_where_scikit_learn_does(seed):
    x, label, *_ = two_sides(np.random.default_rng(seed), 60, 0.1)
    label = mislabeled(x, label, 3)  # with labels that no line gets right the loss has a lowest point
    theirs = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(x, label)
    w, b = logistic(x, label, 1000)
    np.testing.assert_allclose(w, theirs.coef_[0], rtol=1e-4)
    assert b == pytest.approx(theirs.intercept_[0], rel=1e-4)


def test_a_sigmoid_is_right_in_any_order_where_the_last_line_of_the_perceptron_depends_on_it():
    several = [demo(wrong_labels=1, order=order).numbers for order in (0, 1)]
    assert [numbers["points wrong with the last line"] for numbers in several] == [1, 6]
    assert [numbers["points wrong with a sigmoid and gradient descent"] for numbers in several] == [1, 1]
    assert demo().numbers["points wrong with a sigmoid and gradient descent"] == 0


def test_never_settles_on_xor_and_its_weights_stay_small():
    ws, bs, counts = learn(CORNERS, np.array(GATES["XOR"]), 500)
    assert len(counts) == 500
    assert min(counts) > 0
    assert max(np.abs(ws).max(), np.abs(bs).max()) <= 2  # the same few lines come round again and again


@pytest.mark.parametrize(("label", "error"), [(1, 1), (0, 0)])
def test_a_right_answer_changes_nothing_and_a_wrong_one_adds_the_point(label, error):
    w, b = correct(np.array([2.0, -3.0]), label, np.array([0.5, 1.0]), 0.25)  # 1 - 3 + 0.25 is below zero: it says 0
    assert w.tolist() == [0.5 + 2 * error, 1 - 3 * error]
    assert b == 0.25 + error


def test_a_wrong_yes_subtracts_the_point():
    w, b = correct(np.array([2.0, -3.0]), 0, np.array([2.0, 1.0]), 0.25)  # 4 - 3 + 0.25 is above zero: it says 1
    assert w.tolist() == [0.0, 4.0]
    assert b == -0.75


@pytest.mark.parametrize("seed", range(4))
def test_the_hidden_line_keeps_its_distance_from_every_point(seed):
    x, label, w, b = two_sides(np.random.default_rng(seed), 100, 0.2)
    distance = np.where(label == 1, 1, -1) * (x @ w + b)
    assert distance.min() >= 0.2 - 1e-12
    assert np.bincount(label).tolist() == [50, 50]
    assert np.abs(x).max() < 1.8  # all of them are in the picture


def test_radius_and_margin_by_hand():
    x, label = np.array([[3.0, 0.0], [0.0, -1.0]]), np.array([1, 0])
    radius, gamma = radius_and_margin(x, label, np.array([3.0, 4.0]), 0.0)
    assert radius == pytest.approx(np.sqrt(10))  # the point (3, 0) with a 1 for the bias
    assert gamma == pytest.approx(0.8)  # (0, -1) is 4/5 away


@pytest.mark.parametrize("order", [0, 1, 2])
def test_the_demo_counts_the_mistakes_that_scikit_learn_makes(order):
    numbers = demo(order=order).numbers
    x, label, *_ = two_sides(np.random.default_rng(0), 60, 0.1)
    shuffled = np.random.default_rng(order).permutation(60)
    x, label = x[shuffled], label[shuffled]
    theirs, mistakes, start = Perceptron(), 0, int(np.flatnonzero(label == 1)[0])
    for _ in range(20):
        for at in range(start, 60):
            before = getattr(theirs, "intercept_", np.zeros(1)).copy()
            theirs.partial_fit(x[[at]], label[[at]], classes=[0, 1])
            mistakes += int((theirs.intercept_ != before).any())
        start = 0
    assert numbers["mistakes"] == mistakes
    assert numbers["points wrong with the last line"] == 0
    assert numbers["mistakes in the last pass"] == 0


def test_one_wrong_label_keeps_it_busy_and_breaks_the_bound():
    result = demo(wrong_labels=1)
    assert result.numbers["mistakes in the last pass"] > 0
    assert result.numbers["passes"] == 100
    assert result.numbers["points wrong with the best line on the way"] == 1
    assert result.numbers["mistakes"] > result.numbers["bound on mistakes without wrong labels"]
    assert "no end in sight" in result.summary
