"""Groups that are hidden from a method against what is said of them, and the agreement against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from demos.parts.groups import DATA, agreement


@pytest.mark.parametrize("seed", range(6))
def test_the_agreement_is_the_adjusted_rand_index_of_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 4, size=50), rng.integers(0, 3, size=50)
    assert agreement(a, b) == pytest.approx(adjusted_rand_score(a, b))
    assert agreement(a, 3 - a) == 1


def test_agreement_by_hand():
    a = np.array([0, 0, 1, 1])
    assert agreement(a, np.array([0, 1, 0, 1])) == pytest.approx(-0.5)  # no pair that is together in both
    assert agreement(a, np.array([1, 1, 0, 0])) == 1
    assert agreement(np.zeros(4, dtype=int), np.zeros(4, dtype=int)) == 1  # one group, found as one
    assert agreement(a, np.zeros(4, dtype=int)) == pytest.approx(0)
    assert agreement(a[:1], a[:1]) == 1  # one point, and no pairs to differ about


@pytest.mark.parametrize("name", list(DATA))
def test_the_same_generator_draws_the_same_points_within_the_picture(name):
    x, group = DATA[name](np.random.default_rng(1), 140)
    again, _ = DATA[name](np.random.default_rng(1), 140)
    np.testing.assert_array_equal(x, again)
    assert x.shape == (140, 2)
    assert group.shape == (140,)
    assert abs(x).max() < 2.2


@pytest.mark.parametrize("seed", range(3))
def test_groups_have_the_sizes_and_widths_that_the_pages_name(seed):
    x, group = DATA["large and small"](np.random.default_rng(seed), 140)
    assert np.bincount(group).tolist() == [105, 35]
    wide, narrow = (x[group == k].std(axis=0).mean() for k in (0, 1))
    assert wide > 3 * narrow
    x, group = DATA["seven groups"](np.random.default_rng(seed), 140)
    assert np.bincount(group).tolist() == [20] * 7
    middles = np.array([x[group == k].mean(axis=0) for k in range(7)])
    apart = np.linalg.norm(middles[:, None] - middles, axis=-1)[~np.eye(7, dtype=bool)]
    assert apart.min() > 4 * 0.18  # four standard deviations of a group: nobody takes two for one
    assert set(DATA["no groups"](np.random.default_rng(seed), 140)[1]) == {0}
