"""Vector index: find the nearest of many vectors without comparing them all, and miss a few.

Notation: x [N, d] stored vectors of length one, asked [Q, d] queries, K lists with a middle each, b bits per table;
          recall, the share of the ten nearest that is found; work, the products of two vectors that a query takes.
Inverted lists sort the vectors by the nearest of K middles and open the lists whose middles are near the query. Random
hyperplanes give each vector b bits, one per plane for the side it lies on; a table holds together what has equal bits.
Leaves out: graphs of neighbors (HNSW), much used today; vectors with fewer bits; and what a database adds, such as
          changes and filters.

Source: Charikar (2002), https://doi.org/10.1145/509907.509965 (bits from random hyperplanes)
        Jégou, Douze & Schmid (2011), https://doi.org/10.1109/TPAMI.2010.57 (inverted lists of vectors)
"""

from functools import cache, lru_cache
from typing import Annotated, Literal

import numpy as np

from demos import Label, Range, Result, axes, columns, curves, point
from demos.byte_pair_encoding import vocabulary
from demos.clustering import move
from demos.embedding import unit
from demos.knn import distances
from demos.parts.trained import trained

EDGES = np.radians(np.arange(0, 181, 10))  # of the angles that pairs are sorted by
MIDDLE = (EDGES[:-1] + EDGES[1:]) / 2
QUERIES, NEAREST, MOST = 200, 10, 32  # how many queries, neighbors wanted of each, and lists or tables at most


@cache
def vectors(data):
    """Stored vectors and queries from the same source -> names [N + Q], x [N, d], asked [Q, d], all of length one"""
    rng = np.random.default_rng(0)
    if data == "tokens of a transformer":
        model = trained()
        every, names = model.weights["tokens"].astype(float), vocabulary(model.merges)
        shown = [repr(each.decode("utf-8", "replace"))[1:-1] for each in names]
    else:
        every = rng.normal(size=(2200, 32))
        if data == "forty groups":
            every = 2 * rng.normal(size=(40, 32))[rng.integers(40, size=len(every))] + every
        shown = [f"vector {i}" for i in range(len(every))]
    order = rng.permutation(len(every))
    every = unit(every[order])
    return [shown[i] for i in order], every[:-QUERIES], every[-QUERIES:]


def exact(x, asked, k=NEAREST):
    """The k nearest of each query, by comparing all.  x: [N, d], asked: [Q, d] -> indices [Q, k], cosines [Q, N]"""
    cosines = asked @ x.T
    return np.argsort(-cosines, axis=1, kind="stable")[:, :k], cosines


def make_lists(x, middles, steps=8):
    """Some steps of k-means.  x: [N, d], middles: [K, d] where to start -> middles [K, d], list of each vector [N]"""
    for _ in range(steps):
        middles = move(x, distances(x, middles).argmin(axis=1), middles)
    return middles, distances(x, middles).argmin(axis=1)


def opened_lists(asked, middles, member):
    """When each vector comes into view, as lists are opened from the nearest on.  -> [Q, N], 0 for the first list"""
    nearest_first = np.argsort(distances(asked, middles), axis=1, kind="stable")  # [Q, K]
    place = np.argsort(nearest_first, axis=1)  # the other way round: of each list, when it is opened
    return place[:, member]


def sides(x, planes):
    """On which side of each plane through zero a vector lies, b bits as one number.  planes: [T, b, d] -> [T, N]"""
    bits = np.einsum("tbd,nd->tnb", planes, x, optimize=True) > 0
    return bits @ 2.0 ** np.arange(planes.shape[1])


def meetings(asked, x, planes):
    """Whether a query meets a vector in a table, all bits alike.  -> [T, Q, N]"""
    return sides(asked, planes)[:, :, None] == sides(x, planes)[:, None]


def first_table(met):
    """In which table a query first meets each vector.  [T, Q, N] -> [Q, N], 0 for the first, T for none"""
    return np.where(met.any(axis=0), met.argmax(axis=0), len(met))


def recall_and_work(comes, top, extra):
    """As more is opened: the share of the nearest in view, and the products of vectors in percent of comparing all.

    comes: [Q, N] when each vector comes into view, top: [Q, k] the nearest, extra: [T] products beside -> [T], [T]
    """
    steps = np.arange(len(extra))
    recall = (np.take_along_axis(comes, top, axis=1)[..., None] <= steps).mean(axis=(0, 1))
    seen = np.array([(comes <= step).mean() for step in steps])
    return recall, 100 * (seen + extra / comes.shape[1])


def same_side(angle, b=1):
    """Probability that vectors at this angle lie on the same side of b random planes.  angle: in radians"""
    return (1 - angle / np.pi) ** b


def met_by_angle(cosines, met, edges, least=50):
    """The share of tables in which pairs meet, by their angle; nan for fewer than `least` pairs.  met: [T, Q, N] -> [E]

    cosines: [Q, N], edges: [E + 1], radians.
    """
    angle, share = np.digitize(np.arccos(np.clip(cosines, -1, 1)), edges) - 1, met.mean(axis=0)
    return np.array(
        [share[angle == i].mean() if (angle == i).sum() >= least else np.nan for i in range(len(edges) - 1)]
    )


@cache
def exact_of(data):
    """The nearest of each query, and all cosines -> indices [Q, k], cosines [Q, N]"""
    return exact(*vectors(data)[1:])


@lru_cache(maxsize=16)  # most settings leave one of the two as it is
def lists_of(data, lists, seed):
    """Lists that start from some vectors at random.  -> when each vector comes into view [Q, N]"""
    _, x, asked = vectors(data)
    starts = np.random.default_rng(seed).choice(len(x), size=lists, replace=False)
    return opened_lists(asked, *make_lists(x, x[starts]))


@lru_cache(maxsize=16)
def tables_of(data, bits, seed):
    """Tables by random planes.  -> when each vector comes into view [Q, N], share of pairs that meet by angle [E]"""
    _, x, asked = vectors(data)
    met = meetings(asked, x, np.random.default_rng((seed, 1)).normal(size=(MOST, bits, x.shape[1])))  # [T, Q, N]
    return first_table(met), met_by_angle(asked @ x.T, met, EDGES)


def demo(
    *,
    opened: Annotated[int, Range(1, 32, label="lists opened, or tables asked")] = 2,
    method: Annotated[Literal["inverted lists", "random hyperplanes"], Label("kind of index")] = "inverted lists",
    data: Annotated[
        Literal["tokens of a transformer", "forty groups", "no groups"], Label("vectors")
    ] = "tokens of a transformer",
    lists: Annotated[int, Range(4, 64, 4, stops=6, label="number of lists")] = 32,
    bits: Annotated[int, Range(2, 12, stops=6, label="bits per table")] = 6,
    query: Annotated[int, Range(0, 199, stops=6, label="query shown")] = 0,
    seed: Annotated[int, Range(0, 20, stops=3, label="random seed")] = 0,
) -> Result:
    """Two of 32 lists hold a few percent of the vectors, and more than half of the nearest. Open one after another: the
    last of the nearest cost most. Then choose vectors without groups, in which such an index has little to go by.

    opened: how far the search goes before it stops
    method: sort vectors by middles that were learned, or by planes drawn at random
    data: real embeddings of tokens, vectors in forty groups, or vectors without any order
    lists: into how many lists the vectors are sorted
    bits: how many planes decide together which vectors share a place
    query: which of the 200 queries the table shows
    seed: another number draws other starts and planes
    """
    names, x, _ = vectors(data)
    N, (top, cosines) = len(x), exact_of(data)
    in_tables, measured = tables_of(data, bits, seed)
    indexes = {  # when each vector comes into view, and the products that are no comparison with a stored vector
        "inverted lists": (lists_of(data, lists, seed), np.full(min(MOST, lists), lists)),
        "random hyperplanes": (in_tables, bits * np.arange(1, MOST + 1)),
    }
    both = {name: recall_and_work(comes, top, extra) for name, (comes, extra) in indexes.items()}
    comes, extra = indexes[method]
    steps = min(opened, len(extra))
    recall, work = (each[steps - 1] for each in both[method])

    there = ~np.isnan(measured)
    word = "list" if method == "inverted lists" else "table"
    return Result(
        summary=f"With {steps} {word}{'' if steps == 1 else 's'} opened, {100 * recall:.0f}% of the "
        f"ten nearest vectors are found for {work:.0f}% of the work of comparing all {N:,}.",
        numbers={
            "percent of the nearest found": 100 * recall,
            "percent of the work of comparing all": work,
            "cosine to the nearest, on average": np.take_along_axis(cosines, top[:, :1], axis=1).mean(),
        },
        show=[
            axes("More work, more found", "work, in percent of comparing all", "percent of the nearest found")
            + [series for name, (found, spent) in both.items() for series in curves(spent, {name: 100 * found})]
            + curves([0, 100], {"vectors at random": [0, 100]})
            + point("now", work, 100 * recall),
            columns(
                f"The nearest of {names[N + query]!r}, and whether they were found",
                ["nearest", "cosine", "found"],
                [
                    [names[i] for i in top[query]],
                    cosines[query, top[query]].round(3).tolist(),
                    ["yes" if comes[query, i] < steps else "no" for i in top[query]],
                ],
            ),
            axes(f"Vectors that {bits} random planes leave together", "angle between them, degrees", "share of pairs")
            + curves(np.degrees(MIDDLE), {"(1 − angle / 180°) to the power of the bits": same_side(MIDDLE, bits)})
            + curves(np.degrees(MIDDLE[there]), {"measured": measured[there]}, "points"),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
