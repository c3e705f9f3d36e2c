"""Indexes against brute force and k-means of scikit-learn, and random planes against the published probability."""

import warnings

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.neighbors import NearestNeighbors

from demos.embedding import unit
from demos.vector_index import (
    QUERIES,
    demo,
    exact,
    first_table,
    make_lists,
    meetings,
    met_by_angle,
    opened_lists,
    recall_and_work,
    same_side,
    sides,
    vectors,
)

FOUND, WORK = "percent of the nearest found", "percent of the work of comparing all"
DATA = ["tokens of a transformer", "forty groups", "no groups"]


@pytest.mark.parametrize("data", DATA)
def test_the_exact_neighbors_are_those_of_scikit_learn(data):
    names, x, asked = vectors(data)
    assert len(names) == len(x) + QUERIES == len(x) + len(asked)
    top, _ = exact(x, asked)
    theirs = NearestNeighbors(n_neighbors=10, metric="cosine", algorithm="brute").fit(x).kneighbors(asked)[1]
    np.testing.assert_array_equal(top, theirs)


@pytest.mark.parametrize("data", DATA[:2])
def test_lists_are_the_clusters_of_scikit_learn(data):
    _, x, _ = vectors(data)
    middles = x[np.random.default_rng(0).choice(len(x), 16, replace=False)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it stops after eight steps, as ours does
        theirs = KMeans(16, init=middles, n_init=1, max_iter=8, tol=0, algorithm="lloyd").fit(x)
    found, member = make_lists(x, middles)
    np.testing.assert_allclose(found, theirs.cluster_centers_, atol=1e-9)
    np.testing.assert_array_equal(member, theirs.predict(x))


def test_recall_is_that_of_a_search_that_opens_list_after_list():
    _, x, asked = vectors("tokens of a transformer")
    middles, member = make_lists(x, x[:12])
    top, _ = exact(x, asked)
    recall, work = recall_and_work(opened_lists(asked, middles, member), top, np.full(12, 12))
    for p in (1, 3, 12):
        hits = seen = 0
        for q, wanted in zip(asked, top, strict=True):
            near = np.argsort(((middles - q) ** 2).sum(axis=1))[:p]
            pool = np.flatnonzero(np.isin(member, near))
            found = pool[np.argsort(-(x[pool] @ q), kind="stable")[:10]]
            hits, seen = hits + len(set(found) & set(wanted)), seen + len(pool) + 12
        assert recall[p - 1] == pytest.approx(hits / (10 * len(asked)))
        assert work[p - 1] == pytest.approx(100 * seen / (len(asked) * len(x)))
    assert recall[-1] == 1  # with all lists open the search is exact


@pytest.mark.parametrize("bits", [1, 3, 8])
def test_planes_leave_vectors_together_as_often_as_charikar_says(bits):
    rng, tables = np.random.default_rng(0), 20_000
    planes = rng.normal(size=(tables, bits, 5))
    for degrees in (10, 45, 90, 150):
        u, v = np.eye(5)[0], np.cos(np.radians(degrees)) * np.eye(5)[0] + np.sin(np.radians(degrees)) * np.eye(5)[3]
        met = meetings(u[None], v[None], planes)[:, 0, 0]
        expected = (1 - degrees / 180) ** bits
        assert met.mean() == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / tables) + 1e-4)
        assert same_side(np.radians(degrees), bits) == pytest.approx(expected)


def test_what_the_picture_measures_follows_the_curve():
    rng = np.random.default_rng(1)
    x = unit(rng.normal(size=(300, 6)))
    edges = np.radians(np.arange(0, 181, 10))
    share = met_by_angle(x[:100] @ x[100:].T, meetings(x[:100], x[100:], rng.normal(size=(3000, 2, 6))), edges)
    middle = (edges[1:] + edges[:-1]) / 2
    kept = ~np.isnan(share)
    assert kept.sum() > 10
    np.testing.assert_allclose(share[kept], same_side(middle, 2)[kept], atol=0.04)


def test_bits_and_tables_by_hand():
    planes = np.array([[[1.0, 0], [0, 1]], [[-1, 0], [1, 1]]])  # two tables of two bits
    x = np.array([[1.0, 2], [1, -2], [-1, 2]])
    assert sides(x, planes).tolist() == [[3, 1, 2], [2, 0, 3]]
    assert first_table(meetings(np.array([[2.0, 1]]), x, planes)).tolist() == [[0, 2, 2]]
    met = np.array([[[False, True]], [[True, True]]])
    assert first_table(met).tolist() == [[1, 0]]


def test_more_tables_find_more_and_more_bits_leave_less_to_look_at():
    few, many = (
        demo(method="random hyperplanes", opened=2).numbers,
        demo(method="random hyperplanes", opened=32).numbers,
    )
    strict = demo(method="random hyperplanes", opened=32, bits=12).numbers
    assert few[FOUND] < strict[FOUND] < many[FOUND]
    assert strict[WORK] < many[WORK]


def test_opening_every_list_finds_all_and_costs_more_than_no_index():
    numbers = demo(opened=32).numbers
    assert numbers[FOUND] == 100
    assert numbers[WORK] == pytest.approx(100 * (1056 + 32) / 1056)


def test_without_groups_there_is_less_to_go_by():
    assert demo(data="forty groups").numbers[FOUND] > 95 > 40 > demo(data="no groups").numbers[FOUND]
