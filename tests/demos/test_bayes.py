"""Bayes' theorem against scikit-learn, against counting simulated people, and against a published example."""

import numpy as np
import pytest
from sklearn.naive_bayes import BernoulliNB

from demos.bayes import counts, crowd, demo, likelihood_ratio, of_evidence, one_by_one, posterior


@pytest.mark.parametrize("seed", range(6))
def test_equals_scikit_learn_given_the_exact_shares_as_weights(seed):
    prevalence, sensitivity, specificity = np.random.default_rng(seed).uniform(0.05, 0.95, size=3)
    weights = [
        prevalence * sensitivity,
        prevalence * (1 - sensitivity),
        (1 - prevalence) * (1 - specificity),
        (1 - prevalence) * specificity,
    ]
    theirs = BernoulliNB(alpha=1e-12, force_alpha=True).fit([[1], [0], [1], [0]], [1, 1, 0, 0], sample_weight=weights)
    prior = np.array([prevalence, 1 - prevalence])
    for outcome, seen in (("positive", 1), ("negative", 0)):
        ours = posterior(prior, of_evidence(outcome, sensitivity, specificity))
        np.testing.assert_allclose(ours[::-1], theirs.predict_proba([[seen]])[0], rtol=1e-8)


@pytest.mark.parametrize("tests", [1, 2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_equals_counting_people(seed, tests):
    rng = np.random.default_rng(seed)
    prevalence, sensitivity, specificity = rng.uniform(0.2, 0.9, size=3)
    ill = rng.random(400_000) < prevalence
    chance = np.where(ill, sensitivity, 1 - specificity)[:, None]
    positive = (rng.random((400_000, tests)) < chance).all(axis=1)
    expected = one_by_one(
        np.array([prevalence, 1 - prevalence]), of_evidence("positive", sensitivity, specificity), tests
    )
    among = ill[positive]
    assert among.mean() == pytest.approx(expected[-1, 0], abs=5 * np.sqrt(0.25 / len(among)))


@pytest.mark.parametrize("seed", range(5))
def test_posteriors_sum_to_one_and_the_order_of_the_evidence_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    prior, first, second = rng.dirichlet(np.ones(4)), rng.random(4), rng.random(4)
    there = posterior(posterior(prior, first), second)
    assert there.sum() == pytest.approx(1)
    np.testing.assert_allclose(there, posterior(posterior(prior, second), first))
    np.testing.assert_allclose(there, posterior(prior, first * second))
    odds = there[0] / there[1]
    assert odds == pytest.approx(prior[0] / prior[1] * first[0] / first[1] * second[0] / second[1])


def test_the_published_count_of_women_with_a_positive_mammogram():
    numbers = demo().numbers  # Gigerenzer and others (2007): 9 of 98
    assert numbers["ill and positive, of 1,000"] == 9
    assert numbers["healthy and positive, of 1,000"] == 89
    assert numbers["probability of illness if positive"] == pytest.approx(0.009 / (0.009 + 0.0891))
    assert numbers["odds multiplied by each positive test"] == pytest.approx(10)


def test_a_test_that_is_never_wrong_about_the_healthy_settles_it():
    numbers = demo(specificity=1.0, sensitivity=0.5).numbers
    assert numbers["probability of illness if positive"] == 1
    assert numbers["probability of illness if a test is negative"] == pytest.approx(0.005 / 0.995)
    assert likelihood_ratio(np.array([0.5, 0.0])) == 1e9


def test_everybody_has_a_place_of_their_own():
    kinds = counts(np.array([0.3, 0.7]), np.array([0.9, 0.2]), 1000)
    assert kinds == (270, 30, 140, 560)
    places = crowd(kinds, 25)
    assert [len(each) for each in places] == list(kinds)
    assert len({tuple(place) for place in np.concatenate(places)}) == 1000
