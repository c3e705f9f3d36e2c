"""k-means against scikit-learn from the same centers, and by the property that no step makes the sum larger."""

from itertools import pairwise

import numpy as np
import pytest
from sklearn.cluster import KMeans

from demos.clustering import START, assign, demo, ends_of, inertia, k_means, move, spread_start
from demos.parts.groups import DATA


@pytest.mark.parametrize("name", list(DATA))
@pytest.mark.parametrize("seed", range(4))
def test_ends_where_scikit_learn_ends_from_the_same_centers(name, seed):
    rng = np.random.default_rng(seed)
    x, _ = DATA[name](rng, 90)
    k = int(rng.integers(2, 8))
    begin = START["random points"](rng, x, k)
    path = k_means(x, begin)
    theirs = KMeans(k, init=begin, n_init=1, tol=0, algorithm="lloyd").fit(x)
    np.testing.assert_allclose(path[-1], theirs.cluster_centers_, atol=1e-9)
    assert (assign(x, path[-1]) == theirs.labels_).all()
    assert inertia(x, path[-1]) == pytest.approx(theirs.inertia_)


@pytest.mark.parametrize("start", list(START))
@pytest.mark.parametrize("seed", range(5))
def test_neither_half_of_a_step_raises_the_sum(start, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(60, 3))
    path = k_means(x, START[start](rng, x, 6))
    for before, after in pairwise(path):
        cluster = assign(x, before)
        at_old, at_new = (((x - centers[cluster]) ** 2).sum() for centers in (before, after))
        assert inertia(x, before) == pytest.approx(at_old)
        assert inertia(x, after) <= at_new + 1e-12
        assert at_new <= at_old + 1e-12
    np.testing.assert_array_equal(move(x, assign(x, path[-1]), path[-1]), path[-1])  # it stops at a fixed point


def test_a_step_worked_by_hand():
    x = np.array([[0.0], [1.0], [5.0], [9.0]])
    path = k_means(x, np.array([[-0.5], [1.0]]))
    assert path[1].ravel().tolist() == [0, 5]  # 0 alone; 1, 5 and 9 together
    assert path[-1].ravel().tolist() == [0.5, 7]
    assert inertia(x, path[-1]) == 0.5 + 8


def test_a_center_without_points_stays():
    x = np.array([[0.0], [1.0]])
    assert k_means(x, np.array([[0.5], [9.0]]))[-1].ravel().tolist() == [0.5, 9]


def test_k_means_plus_plus_draws_by_squared_distance():
    x = np.array([[0.0], [1.0], [3.0]])
    drawn = [spread_start(np.random.default_rng(seed), x, 2).ravel() for seed in range(6000)]
    second = [b for a, b in drawn if a == 0]  # from zero: odds of 1 to 9
    assert np.mean(np.array(second) == 3) == pytest.approx(0.9, abs=0.03)


@pytest.mark.parametrize("start", list(START))
def test_every_seed_has_an_end_of_its_own_and_the_first_its_path(start):
    x, _ = DATA["seven groups"](np.random.default_rng(2), 70)
    path, ends = ends_of(x, 7, START[start], [5, 6, 5])
    assert ends[0] == ends[2] == pytest.approx(inertia(x, path[-1]))
    alone = ends_of(x, 7, START[start], [6])
    assert ends[1] == alone[1][0]
    np.testing.assert_array_equal(path[0], START[start](np.random.default_rng(5), x, 7))


@pytest.mark.parametrize("data", ["seven groups", "two moons"])
@pytest.mark.parametrize("stretch", [1.0, 3.0])
def test_the_demo_reports_what_scikit_learn_finds_in_the_stretched_plane(data, stretch):
    numbers = demo(data=data, stretch=stretch, clusters=3, start="k-means++").numbers
    x = DATA[data](np.random.default_rng(1), 140)[0] * [1, stretch]
    theirs = KMeans(3, n_init=30, random_state=0).fit(x)
    assert numbers["lowest sum of 20 starts"] == pytest.approx(theirs.inertia_, rel=1e-3)
    assert numbers["lowest sum with one cluster"] == pytest.approx(((x - x.mean(axis=0)) ** 2).sum())
    assert numbers["sum of squared distances"] >= numbers["lowest sum of 20 starts"] - 1e-9


def test_three_points_of_a_reader_get_no_more_than_three_centers():
    numbers = demo(own_points=[(0.0, 0.0), (1.0, 1.0), (1.0, 1.0)], clusters=7).numbers
    assert numbers["sum of squared distances"] == 0
    assert numbers["points in the largest cluster"] <= 2
