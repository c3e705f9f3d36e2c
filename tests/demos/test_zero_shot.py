"""Detectors against scikit-learn's ridge, cosines against its own, and what must come out where nothing disturbs."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.metrics.pairwise import cosine_similarity

from demos.zero_shot import (
    FEATURES,
    PROPERTIES,
    RIDGE,
    SEEN,
    TEST,
    TRAIN,
    UNSEEN,
    animals,
    demo,
    described,
    detect,
    fits,
    judge,
    trial,
)

S = described(SEEN | UNSEEN)


def some(seed, noise, own_look=0.0):
    rng = np.random.default_rng(seed)
    mixed, look = rng.normal(size=(len(PROPERTIES), FEATURES)), own_look * rng.normal(size=(len(S), FEATURES))
    return [animals(rng, S, look, mixed, noise, each) for each in (TRAIN, TEST)]


@pytest.mark.parametrize("seed", range(3))
def test_detectors_are_scikit_learn_s_ridge_regression(seed):
    rng = np.random.default_rng(seed)
    x, has = rng.normal(size=(50, 7)), rng.choice([-1.0, 1.0], size=(50, 4))
    model = Ridge(alpha=RIDGE, fit_intercept=False).fit(np.column_stack([x, np.ones(50)]), has)
    np.testing.assert_allclose(detect(x, has), model.coef_.T, atol=1e-9)


def test_a_description_fits_by_the_cosine_of_scikit_learn():
    rng = np.random.default_rng(0)
    x, W = rng.normal(size=(9, 5)), rng.normal(size=(6, len(PROPERTIES)))
    theirs = cosine_similarity(np.column_stack([x, np.ones(9)]) @ W, S)
    np.testing.assert_allclose(fits(x, W, S), theirs, atol=1e-12)


def test_descriptions_are_what_they_say_and_no_two_kinds_share_one():
    assert S.shape == (20, 12)
    assert len({tuple(row) for row in S.tolist()}) == 20
    assert set(np.unique(S)) == {-1.0, 1.0}
    names = [*SEEN, *UNSEEN]
    for word, has, has_not in (("flies", "bat", "penguin"), ("stripes", "zebra", "horse"), ("swims", "orca", "swan")):
        at = PROPERTIES.index(word)
        assert S[names.index(has), at] == 1
        assert S[names.index(has_not), at] == (1 if word == "swims" else -1)
    used = {each for told in (SEEN | UNSEEN).values() for each in told.split(", ")}
    assert used == set(PROPERTIES)


def test_the_handicap_is_taken_from_the_kinds_seen_alone():
    score = np.array([[0.9, 0.2, 0.8], [0.5, 0.6, 0.1]])
    assert judge(score, 2, 0.0).tolist() == [0, 1]
    assert judge(score, 2, 0.2).tolist() == [2, 1]
    assert judge(score, 2, 1.0).tolist() == [2, 2]


def test_animals_scatter_around_their_kind():
    rng = np.random.default_rng(0)
    mixed, look = rng.normal(size=(12, 4)), rng.normal(size=(20, 4))
    x = animals(rng, S, look, mixed, 0.5, 2000).reshape(20, 2000, 4)
    np.testing.assert_allclose(x.mean(axis=1), S @ mixed + look, atol=0.06)
    np.testing.assert_allclose(x.std(axis=1), 0.5, atol=0.04)


@pytest.mark.parametrize("seed", range(4))
def test_without_noise_every_new_kind_is_known_by_its_properties(seed):
    train, test = some(seed, 1e-6)
    kind = np.arange(20).repeat(TEST)
    new, found = trial(train, test, S, 16, 0.0)
    assert (new == kind[16 * TEST :]).all()
    assert (found == kind).all()


def test_with_few_kinds_an_answer_is_one_of_those_shown_or_told():
    train, test = some(0, 1.0)
    new, found = trial(train, test, S, 3, 0.0)
    assert set(new) <= {16, 17, 18, 19}
    assert set(found) <= {0, 1, 2, 16, 17, 18, 19}


def test_among_all_kinds_new_animals_are_taken_for_seen_ones_and_a_handicap_mends_it():
    plain, held = (demo(candidates="all kinds", handicap=each).numbers for each in (0.0, 0.2))
    assert plain["percent right among new kinds"] > 90 > 60 > plain["percent of new kinds right among all"]
    assert held["percent of new kinds right among all"] > 90
    assert held["percent of seen kinds right among all"] < plain["percent of seen kinds right among all"]
    assert held["harmonic mean of both among all"] > plain["harmonic mean of both among all"]
    assert demo(seen=1).numbers["percent right among new kinds"] < 60
    map_of_answers = demo(candidates="all kinds").show[1]
    np.testing.assert_allclose(np.sum(map_of_answers.values, axis=1), 100)
    own = [map_of_answers.values[c][16 + c] for c in range(4)]
    assert np.mean(own) == pytest.approx(plain["percent of new kinds right among all"])
