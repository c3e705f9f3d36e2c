"""Classification metrics against scikit-learn at random thresholds, and by hand where a share is of nothing."""

import numpy as np
import pytest
import sklearn.metrics as theirs

from demos.classification_metrics import (
    BINS,
    counts,
    demo,
    matthews,
    metrics,
    outline,
    people_with_scores,
    precision_at,
    report,
)


def sample(seed):
    rng = np.random.default_rng(seed)
    label, score = people_with_scores(rng, 200, rng.uniform(0.1, 0.9), rng.uniform(0, 3))
    return label, score >= rng.uniform(0.2, 0.8), score


@pytest.mark.parametrize("seed", range(8))
def test_counts_and_figures_are_those_of_scikit_learn(seed):
    label, flagged, _ = sample(seed)
    tp, fp, fn, tn = counts(label, flagged)
    assert [[tn, fp], [fn, tp]] == theirs.confusion_matrix(label, flagged).tolist()
    ours = metrics(tp, fp, fn, tn)
    assert ours["accuracy"] == pytest.approx(theirs.accuracy_score(label, flagged))
    assert ours["precision"] == pytest.approx(theirs.precision_score(label, flagged, zero_division=0))
    assert ours["recall"] == pytest.approx(theirs.recall_score(label, flagged))
    assert ours["F1"] == pytest.approx(theirs.f1_score(label, flagged))
    assert ours["specificity"] == pytest.approx(theirs.recall_score(1 - label, ~flagged))
    assert matthews(tp, fp, fn, tn) == pytest.approx(theirs.matthews_corrcoef(label, flagged))


@pytest.mark.parametrize("seed", range(5))
def test_what_needs_no_test_and_the_exchanged_classes_are_judged_as_by_scikit_learn(seed):
    label, flagged, _ = sample(seed)
    told = report(*counts(label, flagged))
    assert told["F1 of flagging everybody"] == pytest.approx(theirs.f1_score(label, np.ones_like(label)))
    assert told["F1 with healthy as the positive class"] == pytest.approx(theirs.f1_score(label, flagged, pos_label=0))
    rivals = [theirs.accuracy_score(label, np.full_like(label, answer)) for answer in (0, 1)]
    assert told["accuracy of the more common answer"] == pytest.approx(max(rivals))


@pytest.mark.parametrize("seed", range(5))
def test_f1_is_the_harmonic_mean_and_lies_between_the_smaller_part_and_the_plain_mean(seed):
    label, flagged, _ = sample(seed)
    found = metrics(*counts(label, flagged))
    assert found["F1"] == pytest.approx(2 / (1 / found["precision"] + 1 / found["recall"]))
    assert (
        min(found["precision"], found["recall"]) <= found["F1"] <= found["plain mean of precision and recall"] + 1e-12
    )


@pytest.mark.parametrize("seed", range(5))
def test_precision_by_the_rule_of_bayes_is_the_counted_one_at_the_share_of_the_sample(seed):
    label, flagged, _ = sample(seed)
    found = metrics(*counts(label, flagged))
    expected = precision_at(np.array([label.mean()]), found["recall"], found["specificity"])[0]
    assert expected == pytest.approx(found["precision"])


def test_nobody_flagged_and_nobody_sick_give_zeros():
    assert metrics(0, 0, 3, 7) == {
        "accuracy": 0.7, "precision": 0.0, "recall": 0.0, "F1": 0.0, "specificity": 1.0,
        "plain mean of precision and recall": 0.0,
    }  # fmt: skip
    assert matthews(0, 0, 3, 7) == 0
    assert (precision_at(np.array([0.1, 0.5]), 0.0, 1.0) == 0).all()


@pytest.mark.parametrize("prevalence", [0.01, 0.3, 0.99])
def test_as_many_are_sick_as_asked_for_and_a_wider_gap_orders_more_pairs(prevalence):
    areas = []
    for separation in (0.0, 1.0, 3.0):
        label, score = people_with_scores(np.random.default_rng(0), 2000, prevalence, separation)
        assert label.sum() == round(2000 * prevalence)
        areas.append(theirs.roc_auc_score(label, score))
    assert areas == sorted(areas)


def test_the_four_outlines_hold_everybody_once():
    label, score = people_with_scores(np.random.default_rng(0), 500, 0.4, 1.5)
    held = [outline(low, high, label, score, group)
            for low, high in ((0, 0.35), (0.35, 1)) for group in (0, 1)]  # fmt: skip
    tp, fp, fn, tn = counts(label, score >= 0.35)
    assert [sum(ys) / 2 for _, ys in held] == [tn, fn, fp, tp]
    assert outline(0, 0, label, score, 1) == ([], [])
    assert held[0][0][0] == 0
    assert held[0][0][-1] == pytest.approx(0.35)
    assert len(BINS) == 21


def test_a_higher_threshold_never_finds_more():
    recalls = [demo(threshold=at).numbers["recall"] for at in (0.1, 0.4, 0.6, 0.9)]
    assert recalls == sorted(recalls, reverse=True)
    assert demo(threshold=0.0).numbers["recall"] == 1


def test_the_best_thresholds_are_best():
    numbers = demo().numbers
    for name in ("F1", "accuracy"):
        best = demo(threshold=float(round(numbers[f"threshold with the best {name}"], 2))).numbers[name]
        assert all(best >= demo(threshold=round(0.05 * at, 2)).numbers[name] for at in range(21))
