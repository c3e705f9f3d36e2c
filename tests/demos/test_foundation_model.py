"""The heads against scikit-learn, and the jobs against what they say."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from demos.foundation_model import JOBS, PENALTY, center, data, demo, head, pretrained, tried
from demos.parts.canvas import SIDE
from demos.transfer import accuracy, network


@pytest.mark.parametrize("answers", [2, 3, 10])
@pytest.mark.parametrize("seed", range(2))
def test_a_head_is_ridge_regression_as_in_scikit_learn(seed, answers):
    rng = np.random.default_rng(seed)
    F, fresh = rng.normal(size=(50, 8)) * [*range(1, 9)] + 3, rng.normal(size=(200, 8)) * [*range(1, 9)] + 3
    answer = rng.integers(0, answers, size=50)
    answer[0] = answers - 1
    theirs = make_pipeline(StandardScaler(), Ridge(PENALTY)).fit(F, np.eye(answers)[answer])
    np.testing.assert_array_equal(head(F, answer, fresh), theirs.predict(fresh).argmax(axis=1))


def test_the_jobs_ask_what_they_say():
    digit, place = np.arange(10), np.where(np.arange(10) < 5, 4.0, 8.0)
    asked = {name: job(digit, place).tolist() for name, job in JOBS.items()}
    assert asked == {
        "even or odd": [0, 1] * 5,
        "with a loop": [1, 0, 0, 0, 0, 0, 1, 0, 1, 1],
        "above 4": [0] * 5 + [1] * 5,
        "which digit": [*range(10)],
        "left or right": [0] * 5 + [1] * 5,
    }


def test_the_center_of_a_dot_is_the_middle_of_its_cell():
    dots = np.zeros((SIDE, SIDE, SIDE))
    dots[np.arange(SIDE), 3, np.arange(SIDE)] = 0.5
    np.testing.assert_allclose(center(dots.reshape(SIDE, -1)), np.arange(SIDE) + 0.5)


def test_the_parts_share_no_picture():
    (x, first), (x_second, second), (x_third, third) = data()
    assert len(first) // 4 + len(second) + len(third) == 1797
    assert len(second) == len(third) == 400
    seen, jobs, test = ({row.round(6).tobytes() for row in np.sort(part)} for part in (x, x_second, x_third))
    assert max(len(seen & jobs), len(seen & test), len(jobs & test)) <= 3  # by the sorted ink, which twins might share


def test_a_body_without_pretraining_is_random_and_with_some_kinds_it_names_those():
    fresh, kind = data()[2]
    for kinds, least in ((2, 0.9), (10, 0.6)):
        known = kind < kinds
        assert accuracy(pretrained(kinds, 0), fresh[known], kind[known], all_ten=True)[0] > least
    assert not pretrained(0, 0)[2].any()  # the head of a random body is as it began, zeros


def test_the_same_body_serves_all_jobs_and_pixels_none():
    weights = pretrained(10, 0)
    numbers = demo().numbers
    ours = tried(lambda x: network(weights, x)[0][0], 100)
    assert [numbers[f"accuracy, {name}"] for name in JOBS] == ours.tolist()
    assert numbers["weights of five separate networks"] > 4 * numbers["weights of the body"]


@pytest.mark.parametrize("seed", range(11))
def test_broad_pretraining_helps_on_four_jobs_and_not_on_where_a_digit_stands(seed):
    broad, none = demo(seed=seed).numbers, demo(seed=seed, kinds=0).numbers
    gain = "mean gain over pixels on the first four jobs, in points"
    assert broad[gain] > 12
    assert abs(none[gain]) < 5
    assert broad["accuracy, left or right"] <= broad["accuracy from pixels, left or right"]
