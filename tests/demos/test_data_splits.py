"""Splits against scikit-learn, and by what defines them: every row is tested once, and by a model that never saw it."""

import numpy as np
import pytest
from sklearn.model_selection import KFold, cross_val_score
from sklearn.neighbors import NearestCentroid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from demos.data_splits import choose, cross_validate, demo, learn, outline, score, study

THEIRS = make_pipeline(StandardScaler(), NearestCentroid())


def cloud(seed, n=60):
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, size=n)
    return (rng.normal(size=(n, 4)) + 0.7 * label[:, None]) * [1, 10, 0.1, 3] + [0, 50, 1, -4], label


@pytest.mark.parametrize("seed", range(4))
def test_the_model_is_scikit_learns_nearest_centroid_after_scaling_by_the_rows_learned_from(seed):
    x, label = cloud(seed)
    train, test = np.arange(40), np.arange(40, 60)
    center, spread = learn(x[train], label[train])
    theirs = THEIRS.fit(x[train], label[train])
    np.testing.assert_allclose((center - theirs[0].mean_) / spread, theirs[1].centroids_, atol=1e-9)
    assert score(x, label, train, test) == theirs.score(x[test], label[test])


def test_a_class_without_examples_stands_where_the_mean_of_all_is():
    x, _ = cloud(0)
    center, _ = learn(x, np.zeros(60, dtype=int))
    np.testing.assert_allclose(center, [x.mean(axis=0)] * 2)


@pytest.mark.parametrize("folds", [2, 5, 7, 20])
def test_cross_validation_in_order_is_that_of_scikit_learn(folds):
    x, label = cloud(0)
    np.testing.assert_allclose(
        cross_validate(x, label, np.arange(60), folds), cross_val_score(THEIRS, x, label, cv=KFold(folds))
    )


def test_what_is_tested_never_has_a_say_in_the_model():
    x, label = cloud(1)
    train, test = np.arange(40), np.arange(40, 60)
    moved = np.vstack([x, x[test] + 1000])
    more = np.append(label, label[test])
    assert score(moved, more, train, test) == score(x, label, train, test)
    both = np.append(test, np.arange(60, 80))  # with strangers far out beside them, the same rows get the same answers
    alone = score(moved, more, train, np.arange(60, 80))
    assert score(moved, more, train, both) == pytest.approx((score(x, label, train, test) + alone) / 2)
    turned = label.copy()
    turned[test] = 1 - turned[test]
    assert score(x, turned, train, test) == pytest.approx(1 - score(x, label, train, test))


def test_a_study_holds_out_its_first_rows_and_is_judged_on_rows_outside():
    x, label = cloud(2)
    inside, fresh = np.arange(40), np.arange(40, 60)
    split, parts, true, chosen = study(x, label, inside, fresh, 10, 4, np.ones((4, 1)))
    assert split == score(x, label, np.arange(10, 40), np.arange(10))
    np.testing.assert_array_equal(parts, cross_validate(x, label, inside, 4))
    assert true == score(x, label, inside, fresh)
    assert [shares[0] for shares in chosen] == [
        score(x, label, np.arange(10, 40), rows) for rows in (np.arange(10, 40), np.arange(10), fresh)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_the_chosen_model_is_the_best_on_the_validation_rows(seed):
    x, label = cloud(seed)
    masks = np.eye(4)
    learned, looks, real = choose(x, label, np.arange(30), np.arange(30, 45), np.arange(45, 60), masks)
    each = [[score(x[:, [at]], label, np.arange(30), np.arange(low, low + 15)) for at in range(4)] for low in (30, 45)]
    best = [int(np.argmax(each[0][: count + 1])) for count in range(4)]
    inside = [score(x[:, [at]], label, np.arange(30), np.arange(30)) for at in range(4)]
    np.testing.assert_allclose(looks, np.maximum.accumulate(each[0]))
    np.testing.assert_allclose(real, [each[1][at] for at in best])
    np.testing.assert_allclose(learned, [inside[at] for at in best])


def test_scores_scatter_as_the_binomial_law_says():
    numbers = demo(test_share=0.25, patients=100).numbers
    assert numbers["typical error of one split"] == pytest.approx(numbers["error by the binomial law"], rel=0.3)
    assert numbers["typical error of cross-validation"] < numbers["typical error of one split"]


def test_a_smaller_test_set_gives_a_wilder_score():
    errors = [demo(test_share=at).numbers["typical error of one split"] for at in (0.05, 0.2, 0.5)]
    assert errors == sorted(errors, reverse=True)


def test_with_shuffled_diagnoses_no_model_knows_anything_and_the_chosen_one_seems_to():
    numbers = demo(shuffled=True, models=50).numbers
    assert numbers["accuracy on all other patients"] == pytest.approx(0.5, abs=0.03)
    assert numbers["score of the model chosen on fresh patients"] == pytest.approx(0.5, abs=0.03)
    assert numbers["validation score of the model chosen"] > 0.58


def test_the_outline_holds_every_study_and_ends_with_the_outer_bars():
    xs, ys = outline([0.51, 0.52, 0.58, 1.0])
    np.testing.assert_allclose((xs[0], xs[-1]), (0.5, 1.0))
    assert (ys[0], ys[-1]) == (0, 0)
    assert sum(ys) / 2 == 4
    assert len(xs) == len(ys)
