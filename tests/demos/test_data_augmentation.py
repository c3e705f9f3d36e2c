"""Altered copies and the nearest of them, against NumPy, SciPy and scikit-learn."""

import numpy as np
import pytest
from scipy.ndimage import shift as scipy_shift
from sklearn.neighbors import KNeighborsClassifier

from demos.data_augmentation import FAR, TESTS, altered, answers, data, demo, moved, with_copies


def pictures(seed, n=30, side=7):
    return np.random.default_rng(seed).uniform(0.1, 1, size=(n, side, side))


def test_a_move_is_that_of_scipy_with_nothing_coming_in():
    some = pictures(0, 25)
    down, right = (each.ravel() for each in np.mgrid[-FAR : FAR + 1, -FAR : FAR + 1])
    for picture, found, rows, columns in zip(some, moved(some, down, right), down, right, strict=True):
        np.testing.assert_allclose(found, scipy_shift(picture, (rows, columns), order=0, cval=0), atol=1e-12)


def test_copies_are_moved_by_every_amount_up_to_the_farthest_and_by_none_if_that_is_zero():
    dot = np.zeros((2000, 7, 7))
    dot[:, 3, 3] = 1
    places = {tuple(int(i) for i in np.argwhere(each)[0]) for each in altered(np.random.default_rng(0), dot, 2)}
    assert places == {(row, column) for row in range(1, 6) for column in range(1, 6)}
    np.testing.assert_array_equal(altered(np.random.default_rng(0), dot, 0), dot)


def test_about_half_are_mirrored_or_turned_and_the_others_left():
    some = pictures(1, 2000)
    for other, change in (("mirrored", np.fliplr), ("upside down", lambda each: np.rot90(each, 2))):
        copies = altered(np.random.default_rng(0), some, 0, other)
        changed = [np.array_equal(copy, change(each)) for copy, each in zip(copies, some, strict=True)]
        left = [np.array_equal(copy, each) for copy, each in zip(copies, some, strict=True)]
        assert sum(changed) + sum(left) == 2000
        assert 0.45 < np.mean(changed) < 0.55


def test_noise_has_no_direction():
    noise = altered(np.random.default_rng(0), pictures(2, 500), 0, "noise") - pictures(2, 500)
    assert abs(noise.mean()) < 0.01
    assert noise.std() == pytest.approx(0.2, rel=0.02)


@pytest.mark.parametrize("count", [0, 1, 4])
@pytest.mark.parametrize("seed", range(2))
def test_answers_are_those_of_the_nearest_neighbor_in_scikit_learn(seed, count):
    some, asked = pictures(seed), pictures(seed + 10, 40)
    kind = np.random.default_rng(seed).integers(0, 5, size=len(some))
    copies = with_copies(np.random.default_rng(seed), some, 4, 2, "nothing")
    stored = copies[: count + 1].reshape((count + 1) * len(some), -1)
    theirs = KNeighborsClassifier(1).fit(stored, np.tile(kind, count + 1)).predict(asked.reshape(40, -1))
    np.testing.assert_array_equal(answers(asked, copies, kind)[count], theirs)


def test_the_first_of_the_copies_are_the_pictures_themselves_and_no_test_picture_is_among_them():
    some, _, fresh, _ = data()
    copies = with_copies(np.random.default_rng(0), some[:20], 3, 1, "nothing")
    assert copies.shape == (4, 20, 12, 12)
    np.testing.assert_array_equal(copies[0], some[:20])
    assert not {each.tobytes() for each in some} & {each.tobytes() for each in fresh}


def test_digits_stand_in_the_middle_so_that_no_move_cuts_them_off():
    every = np.concatenate([data()[0], data()[2]])
    assert every[:, :2].sum() + every[:, -2:].sum() + every[:, :, :2].sum() + every[:, :, -2:].sum() == 0
    inks = [altered(np.random.default_rng(0), every, far).sum() for far in TESTS.values()]
    np.testing.assert_allclose(inks, every.sum())


@pytest.mark.parametrize("seed", range(11))
def test_copies_do_more_for_moved_digits_than_three_times_the_labels_and_most_if_moved_as_far_as_those(seed):
    few, many = demo(seed=seed).numbers, demo(examples=300, copies=0, seed=seed).numbers
    assert few["accuracy, moved by up to 1"] > many["accuracy, moved by up to 1"] + 0.2
    assert few["accuracy, moved by up to 1"] > demo(seed=seed, shift=2).numbers["accuracy, moved by up to 1"]
