"""Cosine similarity: the cosine of the angle between two vectors, however long they are.

Notation: u, v vectors [d]; u·v their dot product, |u| a length; query, yours and rival are arrows in the plane.
Leaves out: where vectors come from; an embedding is one way to get them, counting words is another.

Source: Salton, Wong & Yang (1975), https://doi.org/10.1145/361219.361220
"""

from typing import Annotated

import numpy as np

from demos import Chart, Heatmap, Range, Result, Series, Table
from demos.embedding import closeness, unit

QUERY = np.array([1.0, 0.0])  # length 1, pointing to the right
RIVAL_ANGLE, RIVAL_LENGTH = 60, 2.0
DRAWS = 4000


def cosine(u, v):
    """Cosine of the angle between u and v.  u, v: [..., d] -> [...], from -1 to 1; 0 where a vector is all zeros."""
    return (unit(u) * unit(v)).sum(axis=-1)  # divide by the lengths first, and only the directions are left


def arrow(degrees, length):
    """The vector of this length at this angle to the query -> [2]"""
    return length * np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])


def random_cosines(rng, dimensions, draws=DRAWS):
    """Cosines between random vectors and a fixed one -> [draws]

    Normal numbers favor no direction, so any fixed vector will do: here it is the first axis.
    """
    first_axis = np.eye(1, dimensions)[0]
    return cosine(rng.normal(size=(draws, dimensions)), first_axis)


def demo(
    *,
    angle: Annotated[int, Range(0, 180)] = 35,
    length: Annotated[float, Range(0.2, 5, 0.1)] = 1.0,
    dimensions: Annotated[int, Range(2, 512)] = 64,
) -> Result:
    """Your arrow points more nearly the way of the query than the rival does, and yet the dot product prefers the
    rival, which is longer. Stretch yours and watch only the cosine stay put. Then raise dimensions from 2: a cosine
    that means little in the plane becomes one that chance all but never reaches.

    angle: degrees between the query and your arrow
    length: how long your arrow is; the query has length 1, the rival 2
    dimensions: how many numbers the random vectors have that your cosine is compared with
    """
    yours, rival = arrow(angle, length), arrow(RIVAL_ANGLE, RIVAL_LENGTH)
    both, tips = np.stack([yours, rival]), np.stack([QUERY, yours, rival])  # [2, 2] and [3, 2]
    cosines, products = cosine(both, QUERY), closeness(both, QUERY, "dot")
    distances = -closeness(both, QUERY, "euclidean")  # closeness is minus the distance: more is closer

    def first(closer):
        """Who is put first; closer: [2], more is closer. A difference in the last digits is a tie."""
        return "a tie" if abs(closer[0] - closer[1]) < 1e-9 else ("yours", "rival")[int(closer[1] > closer[0])]

    leaders = [first(cosines), first(products), first(-distances)]

    axis = np.linspace(-1, 1, 41) * max(RIVAL_LENGTH, length) * 1.1
    plane = np.stack(np.meshgrid(axis, axis), axis=-1)  # [41, 41, 2]
    stretches = np.linspace(0.2, 5, 97)
    stretched = np.stack([arrow(angle, each) for each in stretches])  # [97, 2]
    chance = random_cosines(np.random.default_rng(0), dimensions)
    as_large = 100 * float((chance >= cosines[0]).mean())
    bins = np.linspace(-1, 1, 81)
    share = 100 * np.histogram(chance, bins)[0] / DRAWS
    return Result(
        summary=(
            f"At {angle}° the cosine is {cosines[0]:.2f}, whatever the length; the dot product is {products[0]:.2f} "
            f"and the distance {distances[0]:.2f}. In {dimensions} dimensions {as_large:.1f}% of {DRAWS:,} random "
            "vectors have a cosine at least that large."
        ),
        numbers={
            "cosine": float(cosines[0]),
            "dot product": float(products[0]),
            "distance": float(distances[0]),
            "cosine of the rival": float(cosines[1]),
            "dot product of the rival": float(products[1]),
            "distance of the rival": float(distances[1]),
            "cosine ahead of the rival": float(cosines[0] - cosines[1]),
            "dot product ahead of the rival": float(products[0] - products[1]),
            "percent of random vectors with a cosine as large": as_large,
            "spread of random cosines": float(chance.std()),
        },
        show=[
            Heatmap(
                title="Three arrows on a map of the cosine",
                values=cosine(plane, QUERY).round(3),
                columns=axis,
                rows=axis,
                x="first number",
                y="second number",
                scale="diverging",
                overlay=[
                    Series("query", [0, QUERY[0]], [0, QUERY[1]]),
                    Series("yours", [0, yours[0]], [0, yours[1]]),
                    Series("rival", [0, rival[0]], [0, rival[1]]),
                    Series("tips", tips[:, 0], tips[:, 1], "points", ["query", "yours", "rival"]),
                ],
            ),
            Chart(
                title=f"Stretching your arrow, at {angle}°",
                series=[
                    Series("cosine", stretches, cosine(stretched, QUERY)),
                    Series("dot product", stretches, closeness(stretched, QUERY, "dot")),
                    Series("distance", stretches, -closeness(stretched, QUERY, "euclidean")),
                    Series("now", [length] * 3, [cosines[0], products[0], distances[0]], "points"),
                ],
                x="length of your arrow",
                y="value of the measure",
            ),
            Chart(
                title=f"Cosines of random vectors in {dimensions} dimensions",
                series=[
                    Series("random vectors", (bins[1:] + bins[:-1]) / 2, share, "area"),
                    Series("your cosine", [cosines[0]] * 2, [0, share.max()]),
                ],
                x="cosine",
                y="percent of the random vectors",
            ),
            Table(
                title="Who is closer to the query?",
                columns=["measure", "yours", "rival", "closer"],
                rows=[
                    ["cosine", *map(float, cosines), leaders[0]],
                    ["dot product", *map(float, products), leaders[1]],
                    ["distance", *map(float, distances), leaders[2]],
                ],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
