"""The generative model against scikit-learn and SciPy, and its rival against scikit-learn."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression

from demos.generative_model import (
    completed,
    cut,
    data,
    demo,
    directions,
    discriminative,
    drawn,
    learned,
    log_density,
    own_density,
    read,
    rival,
)


def cloud(seed, n=300, width=6):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, width)) @ rng.normal(size=(width, width)) + rng.normal(size=width)


def covariance_of(model):
    mean, w, V, rest = model
    return V @ np.diag(w) @ V.T + rest * (np.eye(len(mean)) - V @ V.T)


@pytest.mark.parametrize("k", [0, 1, 3, 5])
@pytest.mark.parametrize("seed", range(2))
def test_the_fit_is_probabilistic_pca_as_scikit_learn_has_it_and_the_density_that_of_scipy(seed, k):
    x = cloud(seed)
    model = cut(*directions(x, floor=0), k)
    theirs = PCA(n_components=k).fit(x)
    np.testing.assert_allclose(covariance_of(model), theirs.get_covariance() * (len(x) - 1) / len(x), atol=1e-9)
    density = multivariate_normal(model[0], covariance_of(model)).logpdf(x)
    np.testing.assert_allclose(log_density(x, model), density, atol=1e-8)


def test_the_floor_is_added_to_the_variance_of_every_cell():
    x = cloud(3)
    np.testing.assert_allclose(
        covariance_of(cut(*directions(x, floor=0.5), 5)), np.cov(x.T, bias=True) + 0.5 * np.eye(6), atol=1e-9
    )


def test_with_all_directions_it_reads_as_quadratic_discriminant_analysis_does():
    groups = [cloud(seed, 200) for seed in range(3)]
    models = [cut(*directions(x, floor=0), 5) for x in groups]
    x, kind = np.concatenate(groups), np.repeat(range(3), 200)
    theirs = QuadraticDiscriminantAnalysis(priors=[1 / 3] * 3).fit(x, kind).predict_proba(x)
    np.testing.assert_allclose(read(x, models), theirs, atol=0.03)  # theirs divides by one less than the number
    np.testing.assert_array_equal(read(x, models).argmax(axis=1), theirs.argmax(axis=1))


def test_what_is_drawn_has_the_mean_and_the_spread_of_the_model_but_for_the_even_noise():
    model = cut(*directions(cloud(4)), 2)
    pictures = drawn(model, np.random.default_rng(0), 200_000)
    np.testing.assert_allclose(pictures.mean(axis=0), model[0], atol=0.03)
    np.testing.assert_allclose(np.cov(pictures.T), covariance_of(model) - model[3] * np.eye(6), rtol=0.02, atol=0.05)


def test_what_is_filled_in_is_the_best_guess_from_the_known_cells():
    model, x = cut(*directions(cloud(5)), 3), cloud(5)[0]
    known = np.array([True, True, False, True, False, True])
    filled = completed(np.where(known, x, 99), known, model)
    np.testing.assert_array_equal(filled[known], x[known])
    for cell in (2, 4):  # a Gaussian is densest, given the others, at its conditional mean
        for nudge in (-0.01, 0.01):
            moved = filled.copy()
            moved[cell] += nudge
            assert log_density(moved[None], model)[0] < log_density(filled[None], model)[0]


def test_the_rival_is_logistic_regression_as_in_scikit_learn():
    x, kind, fresh, truth = data()
    theirs = LogisticRegression(C=1, max_iter=5000, tol=1e-8).fit(x[:200], kind[:200])
    W = discriminative(x[:200], kind[:200], steps=4000)
    np.testing.assert_allclose(rival(fresh, W), theirs.predict_proba(fresh), atol=1e-4)
    for examples in (50, 500, 1250):
        theirs = LogisticRegression(C=1, max_iter=5000).fit(x[:examples], kind[:examples]).score(fresh, truth)
        assert (rival(fresh, learned(examples)[1]).argmax(axis=1) == truth).mean() == pytest.approx(theirs, abs=0.012)


def test_each_picture_is_judged_by_the_model_of_its_own_kind():
    models = [cut(*directions(cloud(seed)), 2) for seed in range(3)]
    x, kind = np.concatenate([cloud(seed, 4) for seed in range(3)]), np.repeat(range(3), 4)
    own, means = own_density(x, kind, models)
    for i, each in enumerate(kind):
        assert own[i] == pytest.approx(log_density(x[i : i + 1], models[each])[0])
        assert means[i] == pytest.approx(log_density(models[each][0][None], models[each])[0])


def test_no_picture_is_both_learned_from_and_tested_on():
    x, _, fresh, _ = data()
    assert (len(x), len(fresh)) == (1297, 500)
    assert not {each.tobytes() for each in x} & {each.tobytes() for each in fresh}


def test_the_richer_model_reads_better_than_its_rival_and_the_poorer_worse():
    for examples in (500, 1250):
        assert demo(k=10, examples=examples).numbers["lead of the generative model, in points"] > 0.5
        assert demo(k=0, examples=examples).numbers["lead of the generative model, in points"] < -4
