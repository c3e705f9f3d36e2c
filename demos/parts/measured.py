"""Small tables of real measurements, each read from a file of demos/data, whose README names origin and license."""

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
IRIS_FEATURES = ("sepal length", "sepal width", "petal length", "petal width")  # in centimeters
IRIS_KINDS = ("setosa", "versicolor", "virginica")


def tumors():
    """Breast tumors of 569 patients -> x [569, 10] as named above, malignant [569]: 1, or 0 for benign"""
    with np.load(asset("breast-tumors.npz"), allow_pickle=False) as file:
        return file["x"], file["malignant"].astype(int)


def irises():
    """Anderson's and Fisher's 150 flowers -> x [150, 4] as named above, kind [150] from 0 to 2, 50 of each"""
    with np.load(asset("irises.npz"), allow_pickle=False) as file:
        return file["x"], file["kind"].astype(int)
