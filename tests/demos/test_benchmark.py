"""Models against scikit-learn, intervals against SciPy, and scores by their definition."""

import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

from demos.benchmark import NAMES, answers, benchmark, demo, difference, studies, wilson, winners
from demos.parts.measured import tumors


def test_models_answer_as_those_of_scikit_learn():
    x, label = tumors()
    order = np.random.default_rng(0).permutation(len(x))
    learn, new = order[:150], order[150:]
    said = dict(zip(NAMES, answers(x[learn], label[learn], x[new]), strict=True))
    scale = StandardScaler().fit(x[learn])
    inside, outside = scale.transform(x[learn]), scale.transform(x[new])
    for k, name in ((1, "1 neighbor"), (9, "9 neighbors")):
        theirs = KNeighborsClassifier(k).fit(inside, label[learn]).predict(outside)
        np.testing.assert_array_equal(said[name], theirs)
    np.testing.assert_array_equal(
        said["naive Bayes"], GaussianNB(var_smoothing=0).fit(x[learn], label[learn]).predict(x[new])
    )
    linear = LogisticRegression(C=1 / (150 * 0.01), tol=1e-9, max_iter=5000).fit(inside, label[learn])
    assert (said["logistic regression"] == linear.predict(outside)).mean() > 0.99
    middle = [inside[label[learn] == kind].mean(axis=0) for kind in (0, 1)]
    closer = np.linalg.norm(outside - middle[1], axis=1) < np.linalg.norm(outside - middle[0], axis=1)
    np.testing.assert_array_equal(said["closer mean"], closer)
    assert not said["always benign"].any()


@pytest.mark.parametrize(("right", "n"), [(0, 10), (7, 10), (37, 40), (300, 300), (150, 300)])
def test_intervals_are_those_of_scipy(right, n):
    theirs = stats.binomtest(right, n).proportion_ci(method="wilson")
    np.testing.assert_allclose(wilson(right / n, n), theirs, atol=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_the_error_of_a_difference_item_by_item(seed):
    rng = np.random.default_rng(seed)
    hard = rng.random(200)  # items that are hard for one are hard for the other
    a, b = ((rng.random(200) > hard).astype(int) for _ in range(2))
    gap, paired, apart = difference(a, b)
    assert gap == pytest.approx(a.mean() - b.mean())
    assert paired == pytest.approx(stats.sem(a - b, ddof=0))
    assert apart == pytest.approx(np.hypot(stats.sem(a, ddof=0), stats.sem(b, ddof=0)))
    drawn = rng.integers(200, size=(4000, 200))
    assert paired == pytest.approx((a - b)[drawn].mean(axis=1).std(), rel=0.1)  # the bootstrap


def test_without_a_leak_no_item_is_learned_from_and_with_all_of_them_the_memory_is_perfect():
    x, label = tumors()
    order = np.random.default_rng(5).permutation(len(x))
    for leak, learned in ((0.0, order[:100]), (1.0, order[:400]), (0.5, np.append(order[:100], order[101:400:2]))):
        items, fresh = benchmark(x, label, order, leak)
        said = answers(x[learned], label[learned], x[order[100:]])
        np.testing.assert_array_equal(np.hstack([items, fresh]), said == label[order[100:]])
    assert benchmark(x, label, order, 1.0)[0][0].all()
    assert not benchmark(x, label, order, 0.0)[0][0].all()


def test_first_places_are_shared_out():
    right = np.zeros((2, 3, 4), dtype=int)
    right[0, :2] = 1  # in the first study two share the first place
    right[1, 2, 0] = 1
    assert winners(right, 4).tolist() == [0.25, 0.25, 0.5]
    assert winners(right[1:], 1).tolist() == [0, 0, 1]


def test_scores_of_short_benchmarks_are_those_of_their_items():
    right, true = studies(0.0, 0)
    found = demo(items=20)
    assert found.numbers["score of the leader"] == right[0, :, :20].mean(axis=1).max()
    assert found.numbers["mean score of 1 neighbor"] == pytest.approx(right[:, 0, :20].mean())
    assert found.numbers["best true score"] == true.max()
    wide = found.numbers["high end of its interval"] - found.numbers["low end of its interval"]
    narrow = demo(items=300).numbers
    assert wide > 2 * (narrow["high end of its interval"] - narrow["low end of its interval"])


def test_about_nineteen_intervals_in_twenty_hold_the_true_score():
    assert 0.9 < demo(items=150).numbers["share of intervals that hold the true score"] < 0.99


def test_a_leak_lifts_the_memory_far_more_than_the_line():
    clean, leaked = demo().numbers, demo(leak=0.5).numbers
    rise = {
        name: leaked[f"mean score of {name}"] - clean[f"mean score of {name}"]
        for name in ("1 neighbor", "logistic regression")
    }
    assert rise["1 neighbor"] > 3 * rise["logistic regression"]
