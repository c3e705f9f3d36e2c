"""Cosine similarity against PyTorch, scikit-learn and the exact law of random directions, and by hand."""

import numpy as np
import pytest
import torch
from scipy.stats import beta
from sklearn.metrics.pairwise import cosine_similarity

from demos.cosine_similarity import DRAWS, arrow, cosine, demo, random_cosines


@pytest.mark.parametrize("seed", range(3))
def test_equals_pytorch_and_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    u, v = rng.normal(size=(7, 5)), rng.normal(size=(7, 5))
    expected = torch.nn.functional.cosine_similarity(torch.tensor(u), torch.tensor(v), dim=-1).numpy()
    np.testing.assert_allclose(cosine(u, v), expected, rtol=1e-9)
    np.testing.assert_allclose(cosine(u[:, None], v), cosine_similarity(u, v), rtol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_stretching_a_vector_changes_nothing_and_turning_it_round_changes_the_sign(seed):
    rng = np.random.default_rng(seed)
    u, v = rng.normal(size=(2, 6))
    assert abs(cosine(u, v)) > 0.01
    assert cosine(3.7 * u, 0.2 * v) == pytest.approx(cosine(u, v))
    assert cosine(-u, v) == pytest.approx(-cosine(u, v))
    assert cosine(u, u) == pytest.approx(1)


def test_worked_by_hand():
    assert cosine(np.array([3.0, 4.0]), np.array([4.0, 3.0])) == pytest.approx(24 / 25)
    assert cosine(np.array([3.0, 4.0]), np.array([-4.0, 3.0])) == pytest.approx(0)
    assert cosine(np.array([3.0, 4.0]), np.zeros(2)) == 0


def test_an_arrow_has_the_length_and_the_angle_that_were_asked_for():
    assert arrow(60, 2).tolist() == pytest.approx([1, 3**0.5])
    assert arrow(180, 5).tolist() == pytest.approx([-5, 0])


@pytest.mark.parametrize("dimensions", [2, 3, 16, 200])
@pytest.mark.parametrize("seed", range(2))
def test_random_cosines_follow_the_exact_law(dimensions, seed):
    # (cosine + 1) / 2 of a random direction has the beta law with both parameters (d - 1) / 2
    drawn = random_cosines(np.random.default_rng(seed), dimensions)
    exact = beta((dimensions - 1) / 2, (dimensions - 1) / 2)
    for bar in (-0.5, 0.1, 0.3):
        p = exact.sf((bar + 1) / 2)
        assert abs((drawn >= bar).mean() - p) <= 4 * np.sqrt(p * (1 - p) / DRAWS) + 1e-12
    assert drawn.std() == pytest.approx(dimensions**-0.5, rel=0.06)


def test_at_the_defaults_cosine_and_distance_prefer_yours_and_the_dot_product_the_rival():
    result = demo()
    numbers = result.numbers
    assert numbers["cosine"] == pytest.approx(np.cos(35 * np.pi / 180))
    assert numbers["cosine of the rival"] == pytest.approx(0.5)
    assert numbers["dot product of the rival"] == pytest.approx(1)
    assert numbers["distance"] == pytest.approx((2 - 2 * np.cos(35 * np.pi / 180)) ** 0.5)  # the law of cosines
    assert numbers["distance of the rival"] == pytest.approx(3**0.5)
    assert [row[-1] for row in result.show[-1].rows] == ["yours", "rival", "yours"]
    assert (
        numbers["percent of random vectors with a cosine as large"] == 0
    )  # 64 numbers: less than one in 10^16 at this angle


def test_length_moves_the_dot_product_and_not_the_cosine():
    short, long = demo(length=1.0).numbers, demo(length=3.0).numbers
    assert long["cosine"] == pytest.approx(short["cosine"])
    assert long["dot product"] == pytest.approx(3 * short["dot product"])
    assert short["dot product ahead of the rival"] < 0 < long["dot product ahead of the rival"]


def test_twins_tie_by_every_measure():
    assert [row[-1] for row in demo(angle=60, length=2.0).show[-1].rows] == ["a tie"] * 3
