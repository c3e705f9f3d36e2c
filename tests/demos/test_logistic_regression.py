"""Logistic regression against scikit-learn and PyTorch, and by what a fit by maximum likelihood must balance."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from demos.logistic_regression import HELD_OUT, accuracy, demo, edge, fit, flip, learn, learning_curve
from demos.parts.measured import tumors


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
    assert accuracy(x @ w + b, label) == theirs.score(x, label)


@pytest.mark.parametrize("seed", range(3))
def test_no_weights_near_by_have_a_lower_loss_by_torch(seed):
    x, label = cloud(seed)
    w, b = fit(x, label, 0.4)

    def loss(w, b):
        z, truth = torch.tensor(x @ w + b), torch.tensor(label, dtype=torch.float64)
        return torch.nn.functional.binary_cross_entropy_with_logits(z, truth).item() + 0.4 / 2 * (w**2).sum()

    moves = np.random.default_rng(seed).normal(scale=0.05, size=(50, 4))
    assert all(loss(w + move[:3], b + move[3]) > loss(w, b) for move in moves)


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


@pytest.mark.parametrize("seed", range(3))
def test_what_is_learned_judges_new_rows_as_a_pipeline_of_scikit_learn_that_scales_by_the_training_rows(seed):
    x, label = cloud(seed)
    x = x * [1, 30, 0.2] + [5, -100, 3]
    seen, w, log_odds = learn(np.random.default_rng(0), x[:50], label[:50], 0.0, 0.1)
    theirs = make_pipeline(StandardScaler(), LogisticRegression(C=1 / (0.1 * 50), tol=1e-10)).fit(x[:50], label[:50])
    np.testing.assert_array_equal(seen, label[:50])
    np.testing.assert_allclose(w, theirs[-1].coef_[0], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(log_odds(x[50:]), theirs.decision_function(x[50:]), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("share", [0, 0.25, 0.5])
def test_flip_turns_round_exactly_that_share(share):
    label = np.array([0, 1] * 20)
    turned = flip(np.random.default_rng(0), label, share)
    assert (turned != label).sum() == round(share * 40)
    assert set(turned) <= {0, 1}


def test_the_line_stands_where_the_log_odds_are_those_of_the_threshold():
    x, label = cloud(1)
    of = x[:, :2] + [15, 20]
    log_odds = learn(np.random.default_rng(0), of, label, 0.0, 0.01)[-1]
    for cut in (0.0, 1.5):
        line = np.column_stack(edge(log_odds, cut))
        assert len(line) > 3
        np.testing.assert_allclose(log_odds(line), cut, atol=1e-9)
        assert ((line >= [6, 9]) & (line <= [30, 40])).all()


def test_a_level_line_is_drawn_too():
    xs, ys = edge(lambda x: x[:, 1] - 20, 0.0)
    assert (xs.min(), xs.max()) == (6, 30)
    np.testing.assert_allclose(ys, 20)


def test_a_lower_threshold_never_misses_more_and_never_alarms_less():
    found = [demo(threshold=at).numbers for at in (0.1, 0.3, 0.5, 0.7, 0.9)]
    assert (np.diff([row["malignant tumors missed"] for row in found]) >= 0).all()
    assert (np.diff([row["false alarms"] for row in found]) <= 0).all()
    assert len({row["cross-entropy on held-out patients"] for row in found}) == 1


def test_labels_wrong_in_every_second_case_teach_nothing():
    assert abs(demo(wrong_labels=0.5, patients=400).numbers["weight of the radius"]) < 0.3
    assert demo(wrong_labels=0.0, patients=400).numbers["weight of the radius"] > 2


def test_the_loss_told_is_that_of_scikit_learn_on_the_held_out_patients():
    x, label = tumors("radius", "texture")
    held = np.random.default_rng(99).permutation(len(x))[:HELD_OUT]
    result = demo(patients=400, penalty=0.01)
    curve = result.show[2].series  # log-odds of the benign, then of the malignant
    z = np.concatenate([curve[0].x, curve[1].x])
    truth = np.repeat([0, 1], [len(curve[0].x), len(curve[1].x)])
    assert truth.sum() == label[held].sum()
    theirs = log_loss(truth, 1 / (1 + np.exp(-z)))
    assert result.numbers["cross-entropy on held-out patients"] == pytest.approx(theirs, rel=1e-9)


def test_more_patients_to_learn_from_are_better_for_strangers():
    x, label = tumors("radius", "texture")
    order = np.random.default_rng(99).permutation(len(x))
    fresh, pool = order[:HELD_OUT], order[HELD_OUT:]
    curve = learning_curve(0, x[pool], label[pool], x[fresh], label[fresh], 0.0, 0.01)
    assert curve[0] < curve[-1] - 0.02
