"""Logistic regression against scikit-learn and PyTorch, and by what a fit by maximum likelihood must balance."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from demos.logistic_regression import accuracy, demo, edge, fit, flip, loss_of, standard


def cloud(seed, n=80):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 3))
    return x, (rng.uniform(size=n) < 1 / (1 + np.exp(-(x @ [1.5, -1, 0] + 0.5)))).astype(int)


@pytest.mark.parametrize("penalty", [0.001, 0.1, 10])
@pytest.mark.parametrize("seed", range(3))
def test_weights_are_those_of_scikit_learn(seed, penalty):
    x, label = cloud(seed)
    theirs = LogisticRegression(C=1 / (penalty * len(x)), tol=1e-10, max_iter=10000).fit(x, label)
    w, b = fit(x, label, penalty)
    np.testing.assert_allclose(w, theirs.coef_[0], rtol=1e-4, atol=1e-5)
    assert b == pytest.approx(theirs.intercept_[0], rel=1e-4)
    assert accuracy(x, label, w, b, 0.5) == theirs.score(x, label)


@pytest.mark.parametrize("seed", range(3))
def test_the_loss_is_that_of_torch(seed):
    x, label = cloud(seed)
    w, b = np.random.default_rng(seed).normal(size=3), 0.3
    theirs = torch.nn.functional.binary_cross_entropy_with_logits(
        torch.tensor(x @ w + b), torch.tensor(label, dtype=torch.float64)
    )
    assert loss_of(x, label, w, b, 0.4) == pytest.approx(theirs.item() + 0.2 * (w**2).sum())


@pytest.mark.parametrize("seed", range(3))
def test_without_a_penalty_the_mean_probability_is_the_share_of_yes(seed):
    x, label = cloud(seed)
    w, b = fit(x, label, 0)
    says = 1 / (1 + np.exp(-(x @ w + b)))
    assert says.mean() == pytest.approx(label.mean(), abs=1e-8)
    np.testing.assert_allclose(x.T @ (says - label), 0, atol=1e-6)


def test_where_a_line_parts_the_labels_the_penalty_keeps_weights_finite_and_a_smaller_one_lets_them_grow():
    x, label = np.array([[-2.0], [-1.0], [1.0], [2.0]]), np.array([0, 0, 1, 1])
    sizes = [fit(x, label, penalty)[0][0] for penalty in (1, 0.1, 0.01, 0.001)]
    assert np.isfinite(sizes).all()
    assert (np.diff(sizes) > 0).all()


def test_standard_is_that_of_scikit_learn_by_the_rows_learned_from():
    x, _ = cloud(0)
    theirs = StandardScaler().fit(x[:50])
    np.testing.assert_allclose(standard(x, x[:50]), theirs.transform(x), atol=1e-12)
    assert (standard(np.ones((3, 1)), np.ones((3, 1))) == 0).all()


@pytest.mark.parametrize("share", [0, 0.25, 0.5])
def test_flip_turns_round_exactly_that_share(share):
    label = np.array([0, 1] * 20)
    assert (flip(np.random.default_rng(0), label, share) != label).sum() == round(share * 40)


def test_the_line_stands_where_the_probability_is_one_half():
    x, label = cloud(1)
    of = x[:, :2] + [15, 20]
    w, b = fit(standard(of, of), label, 0.01)
    xs, ys = edge(of, w, b)
    assert len(xs) > 3
    np.testing.assert_allclose(standard(np.column_stack([xs, ys]), of) @ w + b, 0, atol=1e-9)


def test_a_lower_threshold_never_misses_more_and_never_alarms_less():
    found = [demo(threshold=at).numbers for at in (0.1, 0.3, 0.5, 0.7, 0.9)]
    assert (np.diff([row["malignant tumors missed"] for row in found]) >= 0).all()
    assert (np.diff([row["false alarms"] for row in found]) <= 0).all()
    assert len({row["cross-entropy on held-out patients"] for row in found}) == 1


def test_labels_wrong_in_every_second_case_teach_nothing():
    assert abs(demo(wrong_labels=0.5, patients=400).numbers["weight of the radius"]) < 0.3
    assert demo(wrong_labels=0.0, patients=400).numbers["weight of the radius"] > 2
