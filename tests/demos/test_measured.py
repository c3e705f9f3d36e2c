"""The measured tables against the copies that scikit-learn ships."""

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, load_iris
from sklearn.preprocessing import StandardScaler

from demos.parts.measured import (
    IRIS_FEATURES,
    IRIS_KINDS,
    TUMOR_FEATURES,
    TUMOR_KINDS,
    digits,
    irises,
    spreads,
    standard,
    tumors,
)


def test_the_tumors_are_those_of_scikit_learn_and_malignant_is_one():
    theirs, (x, malignant) = load_breast_cancer(), tumors()
    np.testing.assert_array_equal(x, theirs.data[:, :10])
    assert [f"mean {name}" for name in TUMOR_FEATURES] == list(theirs.feature_names[:10])
    assert [theirs.target_names[kind] for kind in theirs.target] == [TUMOR_KINDS[kind] for kind in malignant]
    assert (len(x), malignant.sum()) == (569, 212)  # as the repository at Irvine says


def test_the_irises_are_those_of_scikit_learn():
    theirs, (x, kind) = load_iris(), irises()
    np.testing.assert_array_equal(x, theirs.data)
    np.testing.assert_array_equal(kind, theirs.target)
    assert tuple(theirs.target_names) == IRIS_KINDS
    assert [f"{name} (cm)" for name in IRIS_FEATURES] == list(theirs.feature_names)


def test_the_digits_are_those_of_scikit_learn_with_ink_from_0_to_1():
    theirs, (x, kind) = load_digits(), digits()
    np.testing.assert_array_equal(x * 16, theirs.images)
    np.testing.assert_array_equal(kind, theirs.target)


def test_columns_come_by_name_and_in_the_order_asked_for():
    all_of_it, _ = tumors()
    texture_and_radius, _ = tumors("texture", "radius")
    np.testing.assert_array_equal(texture_and_radius, all_of_it[:, [1, 0]])
    np.testing.assert_array_equal(irises("petal width")[0][:, 0], irises()[0][:, 3])


def test_standard_is_that_of_scikit_learn_by_the_rows_learned_from():
    x = np.random.default_rng(0).normal(3, 5, size=(80, 3))
    np.testing.assert_allclose(standard(x, x[:50]), StandardScaler().fit(x[:50]).transform(x), atol=1e-12)
    assert (standard(np.ones((3, 1)), np.ones((3, 1))) == 0).all()
    assert spreads(np.array([[1.0, 5.0], [3.0, 5.0]])).tolist() == [1, 1]
