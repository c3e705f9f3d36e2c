"""Small labeled clouds in the plane, drawn from a random generator: the same generator state, the same points.

Each function returns x [N, 2], standing around zero within about ±1.5, and label [N], 0 or 1, as even as N allows.
"""

import numpy as np


def xor(rng, n, noise=0.15):
    """Four clouds at the corners of a square; label 1 where the two coordinates have different signs.

    noise: standard deviation of a cloud, which is scattered around a corner at (±1, ±1).
    """
    corner = np.arange(n) % 4
    x = np.stack([np.where(corner < 2, -1, 1), np.where(corner % 2 == 0, -1, 1)], axis=1)
    label = (x[:, 0] != x[:, 1]).astype(int)
    return x + rng.normal(scale=noise, size=(n, 2)), label


def moons(rng, n, noise=0.1):
    """Two half circles, one the other turned upside down, each reaching into the hollow of the other.

    noise: standard deviation of the distance to the half circle, whose radius is 1.
    """
    label = np.arange(n) % 2
    angle = rng.uniform(0, np.pi, size=n)
    side = np.where(label == 0, 1, -1)
    x = np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], axis=1) * side[:, None]
    return x + rng.normal(scale=noise, size=(n, 2)), label


def spirals(rng, n, noise=0.03, turns=1.5):
    """Two arms that wind around each other, `turns` times around zero; one arm is the other turned by half a turn.

    noise: standard deviation of the distance to the arm; the arms end at a radius of 1.5.
    """
    label = np.arange(n) % 2
    along = np.sqrt(rng.uniform(0.03, 1, size=n))  # the root spreads the points evenly over the length of the arm
    angle = 2 * np.pi * turns * along + np.pi * label
    x = 1.5 * along[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x + rng.normal(scale=noise, size=(n, 2)), label
