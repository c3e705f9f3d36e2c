"""The counting model against Bayes by enumeration, its confidence against the truth, and the estimate against what it
estimates."""

import numpy as np
import pytest
from scipy import stats

from demos.hallucination import (
    PEOPLE,
    THRESHOLDS,
    believe,
    by_mentions,
    demo,
    fame,
    good_turing,
    outcomes,
    remember,
    tell,
)


@pytest.mark.parametrize(("days", "rumors"), [(2, 0.3), (5, 0.1), (12, 0.02)])
def test_belief_is_bayes_theorem_by_enumeration(days, rumors):
    counts = np.random.default_rng(0).integers(0, 4, size=(6, days))
    for told, belief in zip(counts, believe(counts, rumors), strict=True):
        likelihood = [
            np.prod([(1 - rumors if said == truth else rumors / (days - 1)) ** n for said, n in enumerate(told)])
            for truth in range(days)
        ]
        np.testing.assert_allclose(belief, np.array(likelihood) / sum(likelihood), rtol=1e-9)


def test_by_hand_one_mention_is_believed_as_often_as_mentions_are_right_and_none_not_at_all():
    belief = believe(np.array([[1, 0, 0, 0], [0, 0, 0, 0], [1, 1, 0, 0]]), 0.1)
    assert belief[0, 0] == pytest.approx(0.9)
    np.testing.assert_allclose(belief[1], 0.25)
    assert belief[2, 0] == belief[2, 1] > belief[2, 2]


def test_the_text_is_wrong_as_often_as_it_should_be_and_follows_fame():
    often = fame(50, 1)
    who, said, truth = tell(np.random.default_rng(1), often, 30, 40_000, 0.2)
    assert (said != truth[who]).mean() == pytest.approx(0.2, abs=0.01)
    assert stats.chisquare(np.bincount(who, minlength=50), 40_000 * often).pvalue > 0.001
    assert often[0] == pytest.approx(10 * often[9])
    assert set(said) <= set(range(30))


def test_each_cell_counts_what_was_said_of_its_people():
    counts = remember(np.array([0, 1, 1, 2]), np.array([3, 3, 3, 0]), np.array([0, 0, 1]), 4)
    assert counts.tolist() == [[0, 0, 0, 3], [1, 0, 0, 0]]


def test_the_share_seen_once_estimates_what_was_never_seen():
    assert good_turing(np.array([4, 4, 7, 1, 1, 1, 9])) == pytest.approx(2 / 7)
    rng, often, gaps = np.random.default_rng(0), fame(PEOPLE, 1.0), []
    for _ in range(200):
        who, *_ = tell(rng, often, 5, 1000, 0.1)
        gaps.append(good_turing(who) - often[~np.isin(np.arange(PEOPLE), who)].sum())
    assert abs(np.mean(gaps)) < 3 * np.std(gaps) / np.sqrt(200) + 1e-3  # off by less than one mention in a thousand
    assert np.std(gaps) < 0.03


def test_confidence_with_a_memory_for_everybody_is_the_share_of_right_answers():
    often, found = fame(300, 0.8), []
    for seed in range(40):
        who, said, truth = tell(np.random.default_rng(seed), often, 8, 500, 0.25)
        belief = believe(remember(who, said, np.append(np.arange(299), 299), 8), 0.25)
        belief = np.vstack([belief, np.full((300 - len(belief), 8), 1 / 8)])
        found.append(np.column_stack([belief.max(axis=1), belief.argmax(axis=1) == truth]))
    confidence, right = np.concatenate(found).T
    for low, high in ((0, 0.2), (0.2, 0.6), (0.6, 0.9), (0.9, 1.01)):
        at = (low <= confidence) & (confidence < high)
        margin = 3.5 * np.sqrt(confidence[at].mean() * (1 - confidence[at].mean()) / at.sum())
        assert right[at].mean() == pytest.approx(confidence[at].mean(), abs=margin)


def test_outcomes_count_the_questions_one_by_one():
    rng = np.random.default_rng(0)
    confidence, right, asked = rng.random(40).round(2), rng.random(40) < 0.5, rng.random(40)
    shares = outcomes(confidence, right, asked, THRESHOLDS)
    for i, threshold in enumerate(THRESHOLDS):
        told = [(q, r) for q, r, c in zip(asked, right, confidence, strict=True) if c >= threshold]
        assert shares[0][i] == pytest.approx(sum(q for q, r in told if r))
        assert shares[1][i] == pytest.approx(sum(q for q, r in told if not r))
    assert by_mentions(np.array([0, 1, 1, 5, 20]), np.array([1, 1, 0, 0, 1]), np.array([1, 1, 3, 1, 1])) == (
        pytest.approx([100, 25, 0, 0, 100])
    )


@pytest.mark.parametrize("penalty", [1, 3, 9])
def test_a_penalty_makes_the_threshold_of_kalai_and_others_the_best(penalty):
    """Answer above t = penalty / (1 + penalty): over many texts no other threshold earns more."""
    points = np.zeros(len(THRESHOLDS))
    for seed in range(20):
        rng, often = np.random.default_rng(seed), fame(400, 0.8)
        who, said, truth = tell(rng, often, 6, 600, 0.2)
        belief = believe(remember(who, said, np.arange(400), 6)[:400], 0.2)
        right, wrong = outcomes(belief.max(axis=1), belief.argmax(axis=1) == truth, often, THRESHOLDS)
        points += right - penalty * wrong
    at = np.abs(THRESHOLDS - penalty / (1 + penalty)).argmin()
    assert points[at] >= points.max() - 0.05


def test_the_page_s_figures_are_shares_of_the_questions_and_guesses_are_as_rarely_right_as_there_are_days():
    for given in ({}, {"threshold": 0.5}, {"sharing": 3, "threshold": 0.95}):
        n = demo(**given).numbers
        total = n["percent answered right"] + n["percent answered wrong"] + n["percent not answered"]
        assert total == pytest.approx(100)
    n = demo(rumors=0.01).numbers
    wrong, unseen = n["percent answered wrong"], n["percent of questions about people never mentioned"]
    assert unseen * 0.98 < wrong < unseen + 2
    assert demo(penalty=2).numbers["points per 100 questions"] == pytest.approx(
        demo().numbers["percent answered right"] - 2 * demo().numbers["percent answered wrong"]
    )


def test_a_shared_memory_is_sure_where_it_is_wrong():
    alone, shared = demo(threshold=0.6).numbers, demo(threshold=0.6, sharing=4).numbers
    assert shared["mean confidence of the wrong answers"] > 0.95
    assert shared["percent answered wrong"] > 5 * alone["percent answered wrong"]
