"""Nearest neighbors against scikit-learn, and by what defines them: nothing left out is closer."""

import numpy as np
import pytest
from sklearn.metrics import pairwise_distances
from sklearn.model_selection import LeaveOneOut, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from demos.knn import answers, as_written, contrast, demo, distances, left_out, nearest, vote
from demos.parts.measured import irises


def cloud(seed, n=60, columns=3):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, columns)), rng.integers(0, 3, size=n), rng.normal(size=(25, columns))


@pytest.mark.parametrize("seed", range(3))
def test_distances_are_those_of_scikit_learn(seed):
    x, _, query = cloud(seed)
    np.testing.assert_allclose(distances(query, x), pairwise_distances(query, x), atol=1e-9)


@pytest.mark.parametrize("k", [1, 2, 5, 17, 60])
@pytest.mark.parametrize("seed", range(3))
def test_votes_are_those_of_scikit_learn(seed, k):
    x, kind, query = cloud(seed)
    ours = vote(kind, nearest(distances(query, x)), 3)[:, k - 1]
    np.testing.assert_array_equal(ours, KNeighborsClassifier(k).fit(x, kind).predict(query))


@pytest.mark.parametrize("k", [1, 4, 9])
def test_leave_one_out_is_that_of_scikit_learn(k):
    x, kind, _ = cloud(0)
    theirs = cross_val_score(KNeighborsClassifier(k), x, kind, cv=LeaveOneOut()).mean()
    assert left_out(x, kind, 3)[k - 1] == pytest.approx(theirs)


def test_no_example_left_out_is_closer_and_equal_distances_keep_their_order():
    x, _, query = cloud(1)
    apart = distances(query, x)
    order = nearest(apart)
    assert (apart[np.arange(25)[:, None], order[:, :5]].max(axis=1) <= apart[np.arange(25), order[:, 5]] + 1e-9).all()
    assert nearest(np.array([[2.0, 1.0, 1.0]])).tolist() == [[1, 2, 0]]


def test_one_neighbor_remembers_every_example_and_all_of_them_say_the_most_common_kind():
    x, kind, query = cloud(2)
    assert (vote(kind, nearest(distances(x, x)), 3)[:, 0] == kind).all()
    assert (vote(kind, nearest(distances(query, x)), 3)[:, -1] == np.bincount(kind).argmax()).all()


def test_distances_grow_alike_in_many_dimensions():
    ratios = [contrast(np.random.default_rng(0).normal(size=(100, n))) for n in (1, 2, 10, 100, 1000)]
    assert ratios == sorted(ratios, reverse=True)
    assert ratios[-1] < 1.3


def test_the_petals_of_the_irises_as_scikit_learn_judges_them():
    x, kind = irises()
    petals = x[:, 2:]
    inside = KNeighborsClassifier(1).fit(petals, kind).score(petals, kind)
    assert demo(k=1).numbers["accuracy on the flowers it remembers"] == pytest.approx(inside, abs=0.01)  # twins
    theirs = [cross_val_score(KNeighborsClassifier(k), petals, kind, cv=LeaveOneOut()).mean() for k in (5, 15)]
    ours = [demo(k=k).numbers["accuracy, each flower left out"] for k in (5, 15)]
    np.testing.assert_allclose(ours, theirs, atol=0.02)  # many flowers are equally far, and either may count


def test_left_out_with_all_others_the_vote_is_never_right_where_kinds_are_equally_common():
    assert demo(k=149).numbers["accuracy, each flower left out"] == 0


@pytest.mark.parametrize(("unit", "factor"), [("cm", 1), ("mm", 10), ("m", 0.01)])
def test_the_unit_of_the_width_decides_who_is_near_as_in_scikit_learn(unit, factor):
    petals, kind = irises("petal length", "petal width")
    places = np.random.default_rng(0).uniform(0, 3, size=(20, 2))  # in no flower's place, so that none is equally far
    ours, order = answers(
        as_written(places, unit, np.zeros((20, 0))), as_written(petals, unit, np.zeros((150, 0))), kind, 1
    )
    theirs = KNeighborsClassifier(1).fit(petals * [1, factor], kind)
    np.testing.assert_array_equal(ours, theirs.predict(places * [1, factor]))
    far = theirs.kneighbors(places * [1, factor])[0][:, 0]
    np.testing.assert_allclose(np.linalg.norm((places - petals[order[:, 0]]) * [1, factor], axis=1), far, atol=1e-9)


def test_random_columns_stand_beside_the_petals():
    assert as_written(np.array([[4.0, 1.5]]), "mm", np.array([[7.0, -2.0]])).tolist() == [[4, 15, 7, -2]]
