"""The measured tables against the copies that scikit-learn ships."""

import numpy as np
from sklearn.datasets import load_breast_cancer, load_iris

from demos.parts.measured import IRIS_FEATURES, IRIS_KINDS, TUMOR_FEATURES, irises, tumors


def test_the_tumors_are_those_of_scikit_learn_and_malignant_is_one():
    theirs, (x, malignant) = load_breast_cancer(), tumors()
    np.testing.assert_array_equal(x, theirs.data[:, :10])
    assert [f"mean {name}" for name in TUMOR_FEATURES] == list(theirs.feature_names[:10])
    assert [theirs.target_names[kind] for kind in theirs.target] == [
        ("benign", "malignant")[kind] for kind in malignant
    ]
    assert (len(x), malignant.sum()) == (569, 212)  # as the repository at Irvine says


def test_the_irises_are_those_of_scikit_learn():
    theirs, (x, kind) = load_iris(), irises()
    np.testing.assert_array_equal(x, theirs.data)
    np.testing.assert_array_equal(kind, theirs.target)
    assert tuple(theirs.target_names) == IRIS_KINDS
    assert [f"{name} (cm)" for name in IRIS_FEATURES] == list(theirs.feature_names)
