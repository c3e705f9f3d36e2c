"""Log-odds against scikit-learn, mistakes against drawing and both ends, the threshold against a search."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import PredefinedSplit, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from demos.human_in_the_loop import FOLDS, PENALTY, best_threshold, confidence, demo, log_odds, risk_by_coverage, shared
from demos.parts.measured import tumors


def sample(seed, n=4000):
    """Cases whose confidence is calibrated: the model is wrong with probability 1 - confidence."""
    rng = np.random.default_rng(seed)
    sure = rng.uniform(0.5, 1, n)
    return rng, sure, rng.random(n) > sure


def test_the_log_odds_are_those_of_scikit_learn_on_patients_that_it_never_saw():
    x, malignant = tumors("radius", "texture")
    fold = np.random.default_rng(0).permutation(len(x)) % FOLDS
    learned = 4 * len(x) / FOLDS
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1 / (PENALTY * learned)))
    theirs = cross_val_predict(model, x, malignant, cv=PredefinedSplit(fold), method="decision_function")
    z, label = log_odds()
    np.testing.assert_array_equal(label, malignant)
    np.testing.assert_allclose(z, theirs, atol=0.01)


@pytest.mark.parametrize("seed", range(3))
def test_expected_mistakes_are_those_of_drawing(seed):
    rng, sure, wrong = sample(seed)
    kept, model, person = shared(sure, wrong, 0.8, 0.1, 0.3)
    handed, drawn = sure < 0.8, []
    for _ in range(300):
        follows = rng.random(len(sure)) < 0.3
        drawn.append((handed & np.where(follows, wrong, rng.random(len(sure)) < 0.1)).mean())
    assert person == pytest.approx(np.mean(drawn), abs=0.001)
    assert (kept, model) == ((~handed).mean(), (wrong & ~handed).mean())


def test_at_the_ends_one_of_them_decides_everything():
    _, sure, wrong = sample(0)
    assert shared(sure, wrong, 0.5, 0.1, 0.0) == (1, wrong.mean(), 0)
    assert shared(sure, wrong, 1.1, 0.1, 0.0) == (0, 0, 0.1)
    assert shared(sure, wrong, 1.1, 0.1, 1.0) == pytest.approx((0, 0, wrong.mean()))
    found = demo(threshold=0.5).numbers
    assert found["mistakes in 100 cases"] == found["mistakes in 100 of the model alone"]
    assert demo(threshold=1.0).numbers["mistakes in 100 cases"] == pytest.approx(8)


@pytest.mark.parametrize(
    ("error", "follows", "look"), [(0.05, 0.0, 0.02), (0.1, 0.4, 0.05), (0.0, 0.0, 0.3), (0.3, 0, 0.3)]
)
def test_chows_rule_is_the_best_of_all_thresholds_where_confidence_is_calibrated(error, follows, look):
    _, sure, wrong = sample(1, 400_000)

    def cost(at):
        kept, model, person = shared(sure, wrong, at, error, follows)
        return model + person + look * (1 - kept)

    best = best_threshold(error, follows, look)
    assert cost(best) <= min(cost(at) for at in np.linspace(0.5, 1, 51)) + 2e-4
    assert cost(best) < min(cost(min(best + 0.1, 1)), cost(max(best - 0.1, 0.5))) + 1e-9 or best in (0.5, 1)


def test_risk_by_coverage_is_the_error_among_the_surest():
    _, sure, wrong = sample(2, 200)
    covered, risk = risk_by_coverage(sure, wrong)
    for n in (1, 50, 200):
        surest = np.argsort(-sure)[:n]
        assert covered[n - 1] == n / 200
        assert risk[n - 1] == pytest.approx(1 - accuracy_score(np.zeros(n), wrong[surest]))


def test_confidence_is_the_probability_of_its_own_answer():
    np.testing.assert_allclose(confidence(np.log([1, 3, 1 / 3, 99])), [0.5, 0.75, 0.75, 0.99])


def test_stretching_moves_cases_over_the_threshold_and_leaves_risk_by_coverage():
    plain, stretched = demo(), demo(factor=4.0)
    assert (
        plain.numbers["share of cases that the model decides"]
        < stretched.numbers["share of cases that the model decides"]
    )
    np.testing.assert_allclose(plain.show[2].series[0].y, stretched.show[2].series[0].y)


def test_the_lowest_cost_and_the_fewest_mistakes_are_those_of_a_search_case_by_case():
    z, malignant = log_odds()
    p = 1 / (1 + np.exp(-z))
    sure, wrong, at = np.maximum(p, 1 - p), (p >= 0.5) != (malignant == 1), np.arange(50, 101) / 100
    mistakes = np.array([np.where(sure >= each, wrong, 0.08).mean() for each in at])
    cost = mistakes + 0.02 * np.array([(sure < each).mean() for each in at])
    found = demo().numbers
    assert found["fewest mistakes in 100 at any threshold"] == pytest.approx(100 * mistakes.min())
    assert found["threshold with the lowest cost"] == at[cost.argmin()]
    assert demo(threshold=0.9).numbers["cost of 100 cases, in mistakes"] == pytest.approx(100 * cost[40])
