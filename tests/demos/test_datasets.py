"""The clouds in the plane against scikit-learn, against their formulas, and by what each is there to show."""

import numpy as np
import pytest
from sklearn.datasets import make_moons
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from demos.parts.datasets import moons, spirals, xor

ALL = pytest.mark.parametrize("draw", [xor, moons, spirals])


@ALL
def test_the_same_generator_draws_the_same_points_and_another_seed_others(draw):
    x, label = draw(np.random.default_rng(3), 50)
    again, label_again = draw(np.random.default_rng(3), 50)
    np.testing.assert_array_equal(x, again)
    np.testing.assert_array_equal(label, label_again)
    assert not np.allclose(x, draw(np.random.default_rng(4), 50)[0])


@ALL
@pytest.mark.parametrize("n", [1, 2, 3, 7, 80])
def test_the_labels_are_zero_and_one_as_evenly_as_the_number_allows(draw, n):
    x, label = draw(np.random.default_rng(0), n)
    assert x.shape == (n, 2)
    assert label.shape == (n,)
    assert label.sum() in {n // 2, (n + 1) // 2}


@ALL
def test_the_points_stand_around_zero_in_one_window(draw):
    x, _ = draw(np.random.default_rng(1), 2000)
    assert np.abs(x).max() < 2
    assert np.abs(x).max() > 1.3
    assert np.abs(x.mean(axis=0)).max() < 0.1


@ALL
def test_a_straight_line_fails_where_the_nearest_neighbor_succeeds(draw):
    rng = np.random.default_rng(2)
    (x, label), (fresh, fresh_label) = draw(rng, 400), draw(rng, 400)
    assert KNeighborsClassifier(1).fit(x, label).score(fresh, fresh_label) > 0.99
    assert LogisticRegression().fit(x, label).score(fresh, fresh_label) < 0.93


def test_xor_without_noise_is_the_truth_table():
    x, label = xor(np.random.default_rng(0), 8, noise=0)
    table = {(-1, -1): 0, (-1, 1): 1, (1, -1): 1, (1, 1): 0}
    assert [table[a, b] for a, b in x] == label.tolist()
    assert len(set(map(tuple, x))) == 4


@pytest.mark.parametrize("noise", [0.1, 0.3])
def test_the_noise_of_xor_is_the_standard_deviation_around_the_corners(noise):
    exact, _ = xor(np.random.default_rng(0), 8000, noise=0)
    x, _ = xor(np.random.default_rng(0), 8000, noise=noise)
    assert (x - exact).std() == pytest.approx(noise, rel=0.03)


def test_moons_without_noise_lie_on_the_moons_of_scikit_learn_moved_to_zero():
    theirs, their_label = make_moons(4000, shuffle=False)
    theirs -= theirs.mean(axis=0) * [1, 0] + [0, 0.25]  # their middle: 0.5 to the right, and half of the 0.5 between
    x, label = moons(np.random.default_rng(0), 200, noise=0)
    for k in (0, 1):
        gaps = np.linalg.norm(x[label == k][:, None] - theirs[their_label == k][None], axis=2).min(axis=1)
        assert gaps.max() < 0.002


@pytest.mark.parametrize("turns", [1.0, 1.5])
def test_spirals_without_noise_gain_radius_in_step_with_the_angle(turns):
    x, label = spirals(np.random.default_rng(0), 200, noise=0, turns=turns)
    arm = np.where(label[:, None] == 1, -x, x)  # half a turn lays one arm upon the other
    radius = np.linalg.norm(arm, axis=1)
    angle = 2 * np.pi * turns * radius / 1.5
    np.testing.assert_allclose(arm, radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), atol=1e-12)
    assert radius.max() <= 1.5
    assert np.median(radius) == pytest.approx(1.5 * np.sqrt(0.515), abs=0.1)  # even over the length, not the angle
