"""Embedding: the lookup against PyTorch, the vectors against scikit-learn and SciPy, the counts by hand."""

import re
from collections import Counter

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist, cosine
from scipy.stats.contingency import expected_freq
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.metrics.pairwise import cosine_similarity

from demos.embedding import (
    LANDMARKS,
    closeness,
    cooccurrence,
    demo,
    lookup,
    lookup_gradient,
    nearest,
    one_hot,
    plane,
    ppmi,
    truncated_svd,
    unit,
)
from demos.parts.corpus import FUNCTION_WORDS, paragraphs, small_text

MEASURES = ("cosine", "dot", "euclidean")


def words_and_company(window=5):
    """The words that occur three times or more, the commonest first, and their table of associations."""
    found = Counter(w for w in re.findall(r"[a-z']+", small_text().lower()) if w not in FUNCTION_WORDS)
    words = sorted([w for w, n in found.items() if n >= 3], key=lambda w: (-found[w], w))
    return words, ppmi(cooccurrence(paragraphs(small_text()), words, window))


def symmetric(seed, size=40):
    half = np.random.default_rng(seed).exponential(size=(size, size))
    return half + half.T


@pytest.mark.parametrize("seed", range(3))
def test_lookup_and_gradient_are_those_of_a_torch_embedding_layer_also_for_repeated_ids(seed):
    rng = np.random.default_rng(seed)
    ids, upstream = rng.integers(0, 7, size=20), rng.normal(size=(20, 4))
    layer = torch.nn.Embedding(7, 4).double()
    picked = layer(torch.tensor(ids))
    (picked * torch.tensor(upstream)).sum().backward()
    np.testing.assert_array_equal(lookup(layer.weight.detach().numpy(), ids), picked.detach().numpy())
    np.testing.assert_allclose(lookup_gradient(upstream, ids, 7), layer.weight.grad.numpy(), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("seed", range(3))
def test_a_lookup_is_a_product_with_one_hot_rows_and_so_is_its_gradient(seed):
    rng = np.random.default_rng(seed)
    table, ids, upstream = rng.normal(size=(9, 5)), rng.integers(0, 9, size=30), rng.normal(size=(30, 5))
    np.testing.assert_array_equal(one_hot(ids, 9) @ table, lookup(table, ids))
    np.testing.assert_allclose(lookup_gradient(upstream, ids, 9), one_hot(ids, 9).T @ upstream, atol=1e-12)


def test_a_step_along_the_gradient_of_a_lookup_leaves_all_other_rows_alone():
    gradient = lookup_gradient(np.ones((2, 3)), np.array([1, 1]), 4)
    assert gradient.tolist() == [[0, 0, 0], [2, 2, 2], [0, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize("window", [1, 2, 5, 50])
def test_company_is_every_pair_of_places_at_most_a_window_apart(window):
    rng = np.random.default_rng(window)
    texts = [[str(i) for i in rng.integers(0, 6, size=n)] for n in (30, 1, 0, 12)]
    expected = np.zeros((6, 6))
    for text in texts:
        for i, a in enumerate(text):
            for j, b in enumerate(text):
                if 0 < abs(i - j) <= window:
                    expected[int(a), int(b)] += 1
    np.testing.assert_array_equal(cooccurrence(texts, list("012345"), window), expected)


def test_words_outside_the_table_fill_no_place_and_texts_do_not_touch():
    texts = [["salt", "of", "the", "soup"], ["bread"]]
    assert cooccurrence(texts, ["salt", "soup", "bread"], 1).tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]


def test_ppmi_of_a_text_of_four_words_worked_by_hand():
    """salt soup salt bread, two places apart: salt meets salt 2 times (once from each side), soup 2, bread 1; soup
    meets bread 1. Rows sum to 5, 3 and 2 of 10. Expected by chance: salt and soup 5 · 3 / 10 = 1.5, salt and salt 2.5,
    salt and bread 1, soup and bread 0.6."""
    counts = cooccurrence([["salt", "soup", "salt", "bread"]], ["salt", "soup", "bread"], 2)
    assert counts.tolist() == [[2, 2, 1], [2, 0, 1], [1, 1, 0]]
    a, b = np.log2(2 / 1.5), np.log2(1 / 0.6)
    np.testing.assert_allclose(ppmi(counts), [[0, a, 0], [a, 0, b], [0, b, 0]], atol=1e-12)


def test_ppmi_compares_with_the_frequencies_that_scipy_expects_of_independent_words():
    counts = cooccurrence(paragraphs(small_text()), words_and_company()[0], 5)
    with np.errstate(divide="ignore"):
        expected = np.maximum(0, np.log2(counts / expected_freq(counts)))
    np.testing.assert_allclose(ppmi(counts), expected, atol=1e-10)


@pytest.mark.parametrize("d", [2, 16, 60])
def test_the_factored_table_has_the_products_of_scikit_learns_truncated_svd(d):
    """Signs and rotations are free, so the products between rows are compared."""
    _, company = words_and_company()
    table, strengths = truncated_svd(company, d)
    svd = TruncatedSVD(d, algorithm="arpack", random_state=0)
    expected = svd.fit_transform(company) / np.sqrt(svd.singular_values_)
    np.testing.assert_allclose(table @ table.T, expected @ expected.T, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(strengths[:d], svd.singular_values_, rtol=1e-10)


@pytest.mark.parametrize("seed", range(3))
def test_the_signs_of_the_columns_do_not_depend_on_those_that_svd_happens_to_give(seed, monkeypatch):
    matrix = symmetric(seed)
    plain, svd = truncated_svd(matrix, 8)[0], np.linalg.svd
    flips = np.random.default_rng(seed).choice([-1, 1], size=len(matrix))

    def flipped(x):
        U, S, Wt = svd(x)
        return U * flips, S, Wt * flips[:, None]

    monkeypatch.setattr(np.linalg, "svd", flipped)
    np.testing.assert_allclose(truncated_svd(matrix, 8)[0], plain, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_the_three_measures_are_those_of_scipy_and_numpy(seed):
    rng = np.random.default_rng(seed)
    table, query = rng.normal(size=(15, 6)), rng.normal(size=6)
    np.testing.assert_allclose(closeness(table, query, "cosine"), [1 - cosine(row, query) for row in table], rtol=1e-10)
    np.testing.assert_allclose(closeness(table, query, "dot"), [np.vdot(row, query) for row in table], rtol=1e-10)
    distance = cdist(table, query[None])[:, 0]
    np.testing.assert_allclose(closeness(table, query, "euclidean"), -distance, rtol=1e-10)


def test_on_rows_of_length_one_all_measures_agree_and_elsewhere_they_need_not():
    rng = np.random.default_rng(0)
    table = unit(rng.normal(size=(30, 5)))
    by = [nearest(table, 4, measure, 29).tolist() for measure in MEASURES]
    assert by[0] == by[1] == by[2]
    long_row = np.array([[1, 0], [1, 0.2], [9, 9], [0.5, 0]])
    assert [nearest(long_row, 0, measure, 1)[0] for measure in MEASURES] == [3, 2, 1]


def test_a_row_of_zeros_has_no_direction_and_a_cosine_of_zero_with_everything():
    assert closeness(np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([3.0, 4.0]), "cosine").tolist() == [0, 1]


@pytest.mark.parametrize("seed", range(3))
def test_the_plane_is_that_of_the_principal_components_of_the_chosen_points(seed):
    rng = np.random.default_rng(seed)
    points, chosen = rng.normal(size=(20, 6)), [3, 0, 7, 11, 19]
    pca = PCA(2).fit(points[chosen])
    np.testing.assert_allclose(np.abs(plane(points, chosen)), np.abs(pca.transform(points)), atol=1e-10)
    assert (plane(points, chosen)[3] < 0).all()


KITCHEN = "bread butter cheese soup rice beans salt pepper onions garlic carrots potatoes fish pot pan eat cook baker"
OUTDOORS = (
    "river stream lake sea water rain snow hills valley forest stones bank banks bridge boats flows falls runs summer"
)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("word", "kin"), [("bread", KITCHEN), ("salt", KITCHEN), ("river", OUTDOORS), ("rain", OUTDOORS)]
)
def test_learned_rows_put_foods_near_foods_and_waters_near_waters(word, kin, measure):
    closest = {rows: demo(word=word, measure=measure, rows=rows).show[1].series[0].x for rows in ("learned", "random")}
    assert len(closest["learned"]) == 8
    assert len(set(kin.split()).intersection(closest["learned"])) >= 6
    assert len(set(kin.split()).intersection(closest["random"])) <= 4


@pytest.mark.parametrize("word", LANDMARKS)
def test_the_landmarks_are_words_of_the_table(word):
    assert word in words_and_company()[0]


def test_the_figures_of_the_defaults_recomputed_with_scikit_learn():
    words, company = words_and_company()
    svd = TruncatedSVD(16, algorithm="arpack", random_state=0)
    cosines = cosine_similarity(svd.fit_transform(company) / np.sqrt(svd.singular_values_))
    bread = words.index("bread")
    others = np.delete(cosines[bread], bread)
    result = demo()
    numbers, apart = result.numbers, ~np.eye(len(words), dtype=bool)
    assert numbers["words in the table"] == len(words)
    assert numbers["numbers in the table"] == 16 * len(words)
    assert numbers["difference between lookup and one-hot product"] == 0
    assert numbers["cosine to the closest word"] == pytest.approx(others.max())
    assert numbers["average cosine of all words"] == pytest.approx(cosines[apart].mean())
    assert numbers["average cosine of words that keep company"] == pytest.approx(cosines[apart & (company > 0)].mean())
    order = [words[i] for i in np.argsort(-cosines[bread]) if i != bread]
    assert list(result.show[1].series[0].x) == order[:8]


def test_random_rows_say_nothing_about_company():
    numbers = demo(rows="random").numbers
    assert abs(numbers["average cosine of words that keep company"]) < 0.02
    assert demo().numbers["average cosine of words that keep company"] > 0.4
