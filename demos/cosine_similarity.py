"""Cosine similarity: the cosine of the angle between two vectors, however long they are.

Notation: u, v vectors [d]; u·v their dot product, |u| a length; query, yours and rival are arrows in the plane.
Leaves out: where vectors come from; an embedding is one way to get them, counting words is another.

Source: Salton, Wong & Yang (1975), https://doi.org/10.1145/361219.361220
"""

from typing import Annotated

import numpy as np

from demos import Heatmap, Range, Result, Series, axes, cloud, columns, curves, point
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


def measures(vectors):
    """How close each vector is to the query, in three ways -> {name: [..]}.  vectors: [.., 2]"""
    return {
        "cosine": cosine(vectors, QUERY),
        "dot product": closeness(vectors, QUERY, "dot"),
        "distance": -closeness(vectors, QUERY, "euclidean"),  # closeness is minus the distance: more is closer
    }


def closer(measure, yours, rival):
    """Who is closer to the query by this measure. A difference in the last digits is a tie."""
    ahead = rival - yours if measure == "distance" else yours - rival  # the shorter distance is closer
    return "a tie" if abs(ahead) < 1e-9 else "yours" if ahead > 0 else "rival"


def cosine_map(far, steps=41):
    """The cosine to the query over the plane -> coordinates [steps] to a tenth beyond far, cosines [steps, steps]"""
    axis = np.linspace(-1, 1, steps) * far * 1.1
    return axis, cosine(np.stack(np.meshgrid(axis, axis), axis=-1), QUERY).round(3)


def random_cosines(rng, dimensions, draws=DRAWS):
    """Cosines between random vectors and a fixed one -> [draws]

    Normal numbers favor no direction, so any fixed vector will do; this one is the first axis.
    """
    first_axis = np.eye(1, dimensions)[0]
    return cosine(rng.normal(size=(draws, dimensions)), first_axis)


def distribution(cosines, bins=80):
    """Percent of the cosines in each bin from -1 to 1 -> middles of the bins, percent: [bins] both"""
    edges = np.linspace(-1, 1, bins + 1)
    return (edges[1:] + edges[:-1]) / 2, 100 * np.histogram(cosines, edges)[0] / len(cosines)


def demo(
    *,
    angle: Annotated[int, Range(0, 180, label="angle to the query")] = 35,
    length: Annotated[float, Range(0.2, 5, 0.1, label="length of your arrow")] = 1.0,
    dimensions: Annotated[int, Range(2, 512, label="numbers per vector")] = 64,
) -> Result:
    """Your arrow points more nearly the way of the query than the rival does, and yet the dot product prefers the
    rival, which is longer. Stretch yours and watch only the cosine stay put. Then raise dimensions from 2: a cosine
    that means little in the plane becomes one that chance all but never reaches.

    angle: how many degrees lie between the query and your arrow
    length: how long your arrow is; the query has length 1, the rival 2
    dimensions: how many numbers the random vectors have that your cosine is compared with
    """
    arrows = {"query": QUERY, "yours": arrow(angle, length), "rival": arrow(RIVAL_ANGLE, RIVAL_LENGTH)}
    both = measures(np.stack([arrows["yours"], arrows["rival"]]))  # [2] for each measure
    yours, rivals = ({name: pair[k] for name, pair in both.items()} for k in (0, 1))
    leaders = [closer(name, *pair) for name, pair in both.items()]
    stretches = np.linspace(0.2, 5, 97)
    stretched = measures(np.stack([arrow(angle, each) for each in stretches]))  # [97] for each measure

    axis, surface = cosine_map(far=max(RIVAL_LENGTH, length))
    chance = random_cosines(np.random.default_rng(0), dimensions)
    as_large, (middles, share) = 100 * (chance >= yours["cosine"]).mean(), distribution(chance)
    return Result(
        summary=f"At {angle}° the cosine is {yours['cosine']:.2f}, whatever the length; the dot product is "
        f"{yours['dot product']:.2f} and the distance {yours['distance']:.2f}. In {dimensions} dimensions "
        f"{as_large:.1f}% of {DRAWS:,} random vectors have a cosine at least that large.",
        numbers={
            **yours,
            **{f"{name} of the rival": value for name, value in rivals.items()},
            **{f"{name} ahead of the rival": yours[name] - rivals[name] for name in ("cosine", "dot product")},
            "percent of random vectors with a cosine as large": as_large,
            "spread of random cosines": chance.std(),
        },
        show=[
            Heatmap(
                "Three arrows on a map of the cosine", surface, axis, axis, "first number", "second number", "diverging"
            )
            + [Series(name, [0, x], [0, y]) for name, (x, y) in arrows.items()]
            + [cloud(name, [tip], [name]) for name, tip in arrows.items()],
            axes(f"Stretching your arrow, at {angle}°", "length of your arrow", "value of the measure")
            + curves(stretches, stretched)
            + point("now", length, *yours.values()),
            axes(f"Cosines of random vectors in {dimensions} dimensions", "cosine", "percent of the random vectors")
            + curves(middles, {"random vectors": share}, "area")
            + Series("your cosine", [yours["cosine"]] * 2, [0, share.max()]),
            columns(
                "Who is closer to the query?",
                ["measure", "yours", "rival", "closer"],
                [list(both), list(yours.values()), list(rivals.values()), leaders],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
