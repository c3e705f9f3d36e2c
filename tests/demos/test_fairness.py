"""Measures against scikit-learn with weights, and Chouldechova's identity, which holds for any group and threshold."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import precision_score, recall_score

from demos.fairness import CUTS, MEASURES, RISK, RULES, demo, false_positive_rate, group_of, matching, measured


@pytest.mark.parametrize(("base", "spread", "cut"), [(0.5, 0.35, 0.5), (0.3, 0.6, 0.2), (0.8, 0.2, 0.75)])
@pytest.mark.parametrize("recorded", [1.0, 0.6])
def test_measures_are_those_of_scikit_learn_with_weights(base, spread, cut, recorded):
    people, selected = group_of(base, spread), RISK * recorded >= cut
    label, weight = np.repeat([1, 0], len(RISK)), np.append(people * RISK, people * (1 - RISK))
    said = np.append(selected, selected)
    rate, tpr, fpr, precision = measured(people, RISK, selected)
    assert rate == pytest.approx(weight[said].sum())
    assert tpr == pytest.approx(recall_score(label, said, sample_weight=weight))
    assert 1 - fpr == pytest.approx(recall_score(1 - label, ~said, sample_weight=weight))
    assert precision == pytest.approx(precision_score(label, said, sample_weight=weight, zero_division=0))


@pytest.mark.parametrize("base", [0.1, 0.37, 0.9])
@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9])
def test_the_identity_of_chouldechova_holds_everywhere(base, cut):
    people = group_of(base, 0.4)
    _, tpr, fpr, precision = measured(people, RISK, cut <= RISK)
    assert false_positive_rate((people * RISK).sum(), precision, tpr) == pytest.approx(fpr, rel=1e-9)


def test_a_group_is_a_beta_distribution_with_the_base_rate_as_its_mean():
    for base, spread in ((0.5, 0.35), (0.3, 0.2), (0.7, 0.5)):
        people = group_of(base, spread)
        a, b = base * (1 / spread - 1), (1 - base) * (1 / spread - 1)
        np.testing.assert_allclose(np.cumsum(people)[39::40], stats.beta(a, b).cdf(np.arange(1, 11) / 10), atol=0.01)
        assert (people * RISK).sum() == pytest.approx(base, abs=0.005)


@pytest.mark.parametrize("rule", RULES)
def test_what_is_made_equal_is_equal_and_not_everything_else(rule):
    found = demo(rule=rule).numbers
    assert found[f"{RULES[rule]}, group A"] == pytest.approx(found[f"{RULES[rule]}, group B"], abs=0.01)
    assert found["measures that differ by over 0.02"] == 3


def test_with_equal_base_rates_everything_is_equal_and_with_unlike_ones_three_never_are():
    assert demo(base_b=0.5).numbers["measures that differ by over 0.02"] == 0
    for rule in ("one threshold", *RULES):
        found = demo(rule=rule).numbers
        three = [abs(found[f"{measure}, group A"] - found[f"{measure}, group B"]) for measure in MEASURES[1:]]
        assert max(three) > 0.05


def test_scores_are_right_by_the_records_and_too_low_by_the_truth():
    found, fair = demo(base_b=0.5, unrecorded=0.4).numbers, demo(base_b=0.5).numbers
    people = group_of(0.5, 0.35)
    by_records = measured(people, RISK * 0.6, RISK * 0.6 >= 0.5)
    assert found["precision of group B by the records"] == pytest.approx(by_records[3])
    assert found["precision, group B"] == pytest.approx(by_records[3] / 0.6)
    assert found["true positive rate of group B by the records"] == pytest.approx(found["true positive rate, group B"])
    assert found["true positive rate, group B"] < fair["true positive rate, group B"] - 0.2


def test_the_matching_threshold_is_the_closest_there_is():
    people = group_of(0.3, 0.35)
    cut = matching(people, RISK, RISK, "true positive rate", 0.6)
    misses = [abs(measured(people, RISK, each <= RISK)[1] - 0.6) for each in CUTS]
    assert abs(measured(people, RISK, cut <= RISK)[1] - 0.6) == pytest.approx(min(misses))


def test_mistakes_are_those_on_both_sides_of_the_threshold():
    found = demo().numbers
    wrong = [
        base * (1 - found[f"true positive rate, group {name}"])
        + (1 - base) * found[f"false positive rate, group {name}"]
        for name, base in (("A", (group_of(0.5, 0.35) * RISK).sum()), ("B", (group_of(0.3, 0.35) * RISK).sum()))
    ]
    assert found["wrong in 100 people, groups of one size"] == pytest.approx(100 * np.mean(wrong))
    assert found["false positive rate that B needs for A's other two"] == pytest.approx(0.1046, abs=0.003)
