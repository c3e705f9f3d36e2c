"""Decision trees against scikit-learn, by hand, and by the property that no other cut gains more."""

import numpy as np
import pytest
from scipy.stats import entropy as scipy_entropy
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from demos.decision_tree import DATA, IMPURITY, answers, best_question, demo, entropy, gini, grow
from demos.parts.trees import leaves


@pytest.mark.parametrize("criterion", ["gini", "entropy"])
@pytest.mark.parametrize("seed", range(5))
def test_first_question_and_its_gain_equal_those_of_scikit_learn(seed, criterion):
    x, label = DATA["moons"](np.random.default_rng(seed), 80)
    gain, feature, threshold = best_question(x, label, IMPURITY[criterion])
    theirs = DecisionTreeClassifier(criterion=criterion, max_depth=1).fit(x, label).tree_
    after = (theirs.n_node_samples[1:] * theirs.impurity[1:]).sum() / 80
    assert gain == pytest.approx(theirs.impurity[0] - after)
    assert (feature, threshold) == (theirs.feature[0], pytest.approx(theirs.threshold[0], abs=1e-6))


@pytest.mark.parametrize("depth", [2, 4, 10])
@pytest.mark.parametrize("criterion", ["gini", "entropy"])
@pytest.mark.parametrize("seed", range(3))
def test_a_tree_of_any_depth_is_as_good_as_scikit_learns(seed, criterion, depth):
    rng = np.random.default_rng(seed)
    x, label = rng.normal(size=(70, 3)), rng.integers(0, 2, size=70)
    tree = grow(x, label, IMPURITY[criterion], depth)
    theirs = DecisionTreeClassifier(criterion=criterion, max_depth=depth, random_state=0).fit(x, label)
    assert leaves(tree, depth) == pytest.approx(theirs.get_n_leaves(), abs=2)  # equal gains may be settled otherwise
    assert (answers(tree, x, depth) == label).mean() == pytest.approx(theirs.score(x, label), abs=0.04)


@pytest.mark.parametrize("seed", range(4))
def test_no_other_cut_gains_more(seed):
    rng = np.random.default_rng(seed)
    x, label = rng.normal(size=(30, 2)), rng.integers(0, 2, size=30)
    gain, feature, threshold = best_question(x, label, gini)

    def gained(feature, threshold):
        low = x[:, feature] <= threshold
        if low.all() or not low.any():
            return 0.0
        return gini(label.mean()) - sum(side.mean() * gini(label[side].mean()) for side in (low, ~low))

    assert gain == pytest.approx(gained(feature, threshold))
    tried = [gained(int(rng.integers(2)), rng.normal()) for _ in range(500)]
    assert max(tried) <= gain + 1e-12


def test_impurities_by_hand_and_against_scipy():
    p = np.array([0.0, 0.1, 0.5, 1.0])
    np.testing.assert_allclose(gini(p), [0, 0.18, 0.5, 0])
    np.testing.assert_allclose(entropy(p), [scipy_entropy([each, 1 - each], base=2) for each in p], atol=1e-12)


def test_four_points_worked_by_hand():
    x, label = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 0, 1])
    assert best_question(x, label, gini) == (pytest.approx(0.375), 0, 2.5)
    tree = grow(x, label, gini, 5)
    assert leaves(tree, 5) == 2
    assert answers(tree, np.array([[2.4], [2.6]]), 5).tolist() == [0, 1]
    assert answers(tree, x, 0).tolist() == [0, 0, 0, 0]


def test_equal_points_of_unlike_labels_stay_together():
    assert leaves(grow(np.zeros((4, 2)), np.array([0, 1, 0, 1]), gini, 5), 5) == 1


@pytest.mark.parametrize("data", list(DATA))
def test_training_error_never_rises_with_depth(data):
    errors = [demo(data=data, depth=depth).numbers["training error"] for depth in (0, 1, 2, 4, 7, 10)]
    assert errors == sorted(errors, reverse=True)


def test_xor_hides_from_a_first_question():
    x = np.array([[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]])
    gain, *_ = best_question(x, np.array([0, 0, 1, 1]), gini)
    assert gain == 0


@pytest.mark.parametrize("data", list(DATA))
def test_the_straight_line_is_as_good_as_scikit_learns(data):
    x, label = DATA[data](np.random.default_rng(3), 100)
    fresh_x, fresh_label = DATA[data](np.random.default_rng(1000), 1000)
    theirs = LogisticRegression(C=np.inf).fit(x, label)
    reported = demo(data=data, seed=3).numbers["error of a straight line on fresh points"]
    assert reported == pytest.approx(1 - theirs.score(fresh_x, fresh_label), abs=0.02)
