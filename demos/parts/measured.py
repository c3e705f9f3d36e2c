"""Small tables of real measurements, each read from a file of demos/data, whose README names origin and license;
and the scaling that is wanted where columns of unlike units are added up.
"""

import numpy as np

from demos import asset

TUMOR_FEATURES = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)  # fmt: skip -- of the cell nuclei in one picture of a tumor, each a mean over the nuclei
TUMOR_KINDS = ("benign", "malignant")
IRIS_FEATURES = ("sepal length", "sepal width", "petal length", "petal width")  # in centimeters
IRIS_KINDS = ("setosa", "versicolor", "virginica")


def tumors(*names):
    """Breast tumors of 569 patients -> x [569, 10] or the columns named, malignant [569]: 1, or 0 for benign"""
    with np.load(asset("breast-tumors.npz"), allow_pickle=False) as file:
        return some(file["x"], TUMOR_FEATURES, names), file["malignant"].astype(int)


def irises(*names):
    """Anderson's and Fisher's 150 flowers -> x [150, 4] or the columns named, kind [150] from 0 to 2, 50 of each"""
    with np.load(asset("irises.npz"), allow_pickle=False) as file:
        return some(file["x"], IRIS_FEATURES, names), file["kind"].astype(int)


def digits():
    """Handwritten digits by 13 people -> x [1797, 8, 8], ink from 0 to 1, kind [1797] from 0 to 9"""
    with np.load(asset("digits.npz"), allow_pickle=False) as file:
        return file["x"] / 16, file["kind"].astype(int)


def some(x, features, names):
    """The columns of those names, or all if none is named.  x: [N, n] -> [N, len(names) or n]"""
    return x[:, [features.index(name) for name in names or features]]


def spreads(x):
    """The standard deviation of each column, and 1 where it does not vary, so that one can divide.  [N, n] -> [n]"""
    spread = x.std(axis=0)
    return np.where(spread > 0, spread, 1)


def standard(x, of):
    """x in standard deviations from the mean of the rows `of`; a column that does not vary is only shifted.

    x: [..., n], of: [N, n] -> [..., n].  For `of` take the rows learned from: the others must not have a say.
    """
    return (x - of.mean(axis=0)) / spreads(of)
