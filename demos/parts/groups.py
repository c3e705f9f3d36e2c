"""Points in the plane with groups that are hidden from a method, and how well what it finds agrees with them.

Each function of DATA returns x [n, 2], standing around zero within about ±2, and group [n], numbered from 0.

Source: Hubert & Arabie (1985) for the adjusted Rand index, https://doi.org/10.1007/BF01908075
"""

import numpy as np

from demos.parts.datasets import moons


def agreement(a, b):
    """Adjusted Rand index of two groupings: 1 when they agree on every pair of points, about 0 by chance.

    a, b: [N] numbers of groups, whose names do not matter: 0 and 1 exchanged is the same grouping.
    """
    table = np.zeros((a.max() + 1, b.max() + 1))
    np.add.at(table, (a, b), 1)
    pairs, in_a, in_b, every = ((n * (n - 1) / 2).sum() for n in (table, table.sum(1), table.sum(0), table.sum()))
    chance, most = in_a * in_b / max(every, 1), (in_a + in_b) / 2
    return (pairs - chance) / (most - chance) if most != chance else 1.0


def seven_groups(rng, n):
    """Six round groups of one size in a ring and one in the middle -> x [n, 2], group [n]"""
    group = np.arange(n) % 7
    turn = 2 * np.pi * group / 6
    middles = 1.3 * np.where(group == 6, 0, 1)[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return middles + rng.normal(scale=0.18, size=(n, 2)), group


def large_and_small(rng, n):
    """A wide group with three quarters of the points beside a narrow one -> x [n, 2], group [n]"""
    group = (np.arange(n) % 4 == 0).astype(int)
    middle, scale = np.where(group, 0.9, -0.4)[:, None] * [1, 0], np.where(group, 0.12, 0.5)[:, None]
    return middle + scale * rng.normal(size=(n, 2)), group


def no_groups(rng, n):
    """Points spread evenly over a square: one group -> x [n, 2], group [n]"""
    return rng.uniform(-1.5, 1.5, size=(n, 2)), np.zeros(n, dtype=int)


DATA = {"seven groups": seven_groups, "large and small": large_and_small, "two moons": moons, "no groups": no_groups}
