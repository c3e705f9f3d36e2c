"""Where the boxes and arrows of a graph go, in pixels from the upper left corner.

A demo places its nodes roughly, on a grid of its own. Here the grid is stretched until no box covers another, turned
to run from top to bottom where it is too wide for a phone, and each arrow is bent until it runs through no box but its
own two. Nothing is random, and what is added up is rounded once, by fsum: from Python 3.12 on sum() of floats rounds
otherwise than before. So the same graph looks the same everywhere.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from demos._show.axes import Json, one_line

Point = tuple[float, float]
Measure = Callable[[str, float], float]  # a line of text, the size of its letters -> its width

MARGIN = 6.0
TALLEST = 760.0
LETTERS = (13.0, 12.0, 11.0)  # tried in this order
BENDS = (0.0, 0.2, -0.2, 0.4, -0.4, 0.65, -0.65, 1.0, -1.0)  # sideways, as a share of the way
SPOTS = (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78)  # for the label, as a share of the way


@dataclass(frozen=True)
class Box:
    """A node: lines of text around the center (x, y)."""

    name: str
    lines: list[str]
    x: float
    y: float
    width: float
    height: float

    def holds(self, point: Point, room: float = 0.0) -> bool:
        return abs(point[0] - self.x) <= self.width / 2 + room and abs(point[1] - self.y) <= self.height / 2 + room


@dataclass(frozen=True)
class Arrow:
    """An edge: its path from border to border, and the center of its label."""

    source: str
    target: str
    label: str
    weight: float
    path: list[Point]
    label_at: Point


@dataclass(frozen=True)
class GraphLayout:
    boxes: list[Box]
    arrows: list[Arrow]
    width: float
    height: float
    size: float  # of the letters


def graph_layout(graph: Json, width: float, measure: Measure) -> GraphLayout:
    """Places everything within `width`, or within as much more as it needs to stay readable."""
    attempts = [(width, size, turned) for turned in (False, True) for size in LETTERS]
    attempts += [(width * 1.15**k, LETTERS[-1], False) for k in range(1, 16)]
    for room, size, turned in attempts:
        boxes = [_box(node, size, measure) for node in graph["nodes"]]
        if turned:
            boxes = [replace(box, x=-box.y, y=-box.x) for box in boxes]
        scales = _spread(boxes, graph["edges"], room, size, measure)
        if scales:
            break
    across, up = scales or (width, TALLEST)  # two nodes at one place stay there
    boxes = [replace(box, x=box.x * across, y=-box.y * up) for box in boxes]
    return _framed(boxes, _arrows(graph["edges"], boxes, size, measure), width, size, measure)


def _box(node: Json, size: float, measure: Measure) -> Box:
    lines = [one_line(line) for line in str(node["label"] or node["name"]).splitlines()] or [""]
    wide = max(measure(line, size) * (1.06 if i == 0 and len(lines) > 1 else 1) for i, line in enumerate(lines))
    width, height = max(wide + size * 1.3, size * 2.6), len(lines) * size * 1.3 + size
    return Box(node["name"], lines, node["x"], node["y"], width, height)


def _spread(
    boxes: Sequence[Box], edges: Sequence[Json], width: float, size: float, measure: Measure
) -> tuple[float, float] | None:
    """Pixels per unit across and up that keep all boxes apart, or None where the width does not allow it."""
    labels = {frozenset((edge["source"], edge["target"])): edge["label"] for edge in edges}
    pairs = [(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :]]
    widths = [(abs(a.x - b.x), (a.width + b.width) / 2) for a, b in pairs if a.x != b.x]
    fits = [(width - 2 * MARGIN - needed) / dx for dx, needed in widths]
    closest = [(needed + 110) / dx for dx, needed in widths]  # further apart it is only emptier
    across = min([*fits, max(closest, default=1.0)], default=1.0)
    rises = [abs(a.y - b.y) for a, b in pairs if a.y != b.y]
    tall = max(rises, default=0.0)
    up = min(across, 190 / tall, 95 / min(rises)) if rises else 1.0
    for a, b in pairs:
        label = labels.get(frozenset((a.name, b.name)))
        joined = label is not None
        aside = (a.width + b.width) / 2 + (max(32, measure(label or "", size) + 18) if joined else 14)
        if abs(a.x - b.x) * across >= aside:
            continue
        if a.y == b.y:
            return None
        above = (a.height + b.height) / 2 + ((44 if label else 32) if joined else 14)
        up = max(up, above / abs(a.y - b.y))
    return (across, up) if across > 0 and up * tall <= TALLEST else None


def _arrows(edges: Sequence[Json], boxes: Sequence[Box], size: float, measure: Measure) -> list[Arrow]:
    named = {box.name: box for box in boxes}
    both_ways = {(edge["source"], edge["target"]) for edge in edges}
    drawn: Counter[tuple[str, str]] = Counter()
    paths = []
    for edge in edges:
        ends = edge["source"], edge["target"]
        source, target = named[ends[0]], named[ends[1]]
        others = [box for box in boxes if box.name not in ends]
        # An arrow that has a partner the other way keeps to its own side, and so does a second one the same way.
        bends = BENDS[1 + 2 * min(drawn[ends], 3) :: 2] if drawn[ends] or ends[::-1] in both_ways else BENDS
        drawn[ends] += 1
        paths.append(_loop(source) if source is target else _path(source, target, others, bends))

    arrows = []
    taken: list[tuple[Point, float, float]] = []
    for index, (edge, path) in enumerate(zip(edges, paths, strict=True)):
        label = one_line(edge["label"])
        half, high = measure(label, size) / 2 + 2, size * 0.65
        crossing = [point for other, way in enumerate(paths) if other != index for point in _samples(way)]
        spots = [_along(path, share) for share in SPOTS]
        costs = [
            sum(8 for box in boxes if abs(box.x - x) < half + box.width / 2 and abs(box.y - y) < high + box.height / 2)
            + sum(6 for (u, v), w, h in taken if abs(u - x) < half + w and abs(v - y) < high + h)
            + 0.2 * sum(1 for u, v in crossing if abs(u - x) < half and abs(v - y) < high)
            for x, y in spots
        ]
        best = spots[costs.index(min(costs))]
        if label:
            taken.append((best, half, high))
        arrows.append(Arrow(edge["source"], edge["target"], label, edge["weight"], path, best))
    return arrows


def _path(source: Box, target: Box, others: Sequence[Box], bends: Sequence[float]) -> list[Point]:
    """The straightest of the ways from center to center that meets no other box, cut at the borders of its own two."""
    tried = []
    for bend in bends:
        way = _curve((source.x, source.y), (target.x, target.y), bend)
        hits = sum(box.holds(point, 5) for point in way for box in others)
        tried.append((hits, abs(bend), way))
        if not hits:
            break
    _, bend, way = min(tried, key=lambda one: one[:2])
    outside = [point for point in way if not source.holds(point, 1) and not target.holds(point, 3)]
    if len(outside) < 2:  # boxes that touch leave no way between them
        return [way[0], way[-1]]
    first, last = way.index(outside[0]), way.index(outside[-1])
    start = _border(way[first - 1], outside[0], source, 1)
    end = _border(way[min(last + 1, len(way) - 1)], outside[-1], target, 3)
    return [start, *outside, end] if bend else [start, end]


def _curve(a: Point, b: Point, bend: float, steps: int = 48) -> list[Point]:
    """A quadratic Bézier curve whose middle lies half of `bend` times the distance to the side of the straight line."""
    middle = ((a[0] + b[0]) / 2 - (b[1] - a[1]) * bend, (a[1] + b[1]) / 2 + (b[0] - a[0]) * bend)
    shares = [step / steps for step in range(steps + 1)]
    return [_mixed([a, middle, b], [(1 - t) ** 2, 2 * t * (1 - t), t**2]) for t in shares]


def _mixed(points: Sequence[Point], weights: Sequence[float]) -> Point:
    xs, ys = ([weight * point[i] for point, weight in zip(points, weights, strict=True)] for i in (0, 1))
    return math.fsum(xs), math.fsum(ys)


def _border(inside: Point, outside: Point, box: Box, room: float) -> Point:
    """Where the way from inside a box to outside crosses its border, by halving."""
    for _ in range(20):
        middle = ((inside[0] + outside[0]) / 2, (inside[1] + outside[1]) / 2)
        if box.holds(middle, room):
            inside = middle
        else:
            outside = middle
    return outside


def _loop(box: Box) -> list[Point]:
    """From a box back into itself, over its upper edge."""
    x, top = box.x, box.y - box.height / 2 - 2
    corners = [(x - 10, top), (x - 34, top - 44), (x + 34, top - 44), (x + 10, top)]
    shares = [step / 32 for step in range(33)]
    return [_mixed(corners, [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3]) for t in shares]


def _along(path: Sequence[Point], share: float) -> Point:
    """The point at a share of the length of a path."""
    lengths = [math.dist(a, b) for a, b in pairwise(path)]
    left = share * math.fsum(lengths)
    for (a, b), length in zip(pairwise(path), lengths, strict=True):
        if left <= length and length:
            return a[0] + (b[0] - a[0]) * left / length, a[1] + (b[1] - a[1]) * left / length
        left -= length
    return path[-1]


def _samples(path: Sequence[Point]) -> list[Point]:
    return list(path) if len(path) > 2 else [_along(path, step / 24) for step in range(25)]


def _framed(boxes: Sequence[Box], arrows: Sequence[Arrow], width: float, size: float, measure: Measure) -> GraphLayout:
    """All of it moved into the picture, in the middle of the width where there is room."""
    corners = [(box.x + i * box.width / 2, box.y + i * box.height / 2) for box in boxes for i in (-1, 1)]
    for arrow in arrows:
        corners += arrow.path
        if arrow.label:
            half = measure(arrow.label, size) / 2
            corners += [(arrow.label_at[0] + i * half, arrow.label_at[1] + i * size * 0.7) for i in (-1, 1)]
    left, right = min((x for x, _ in corners), default=0), max((x for x, _ in corners), default=0)
    top, bottom = min((y for _, y in corners), default=0), max((y for _, y in corners), default=0)
    wide = max(width, right - left + 2 * MARGIN)
    dx, dy = (wide - right - left) / 2, MARGIN - top

    def moved(point: Point) -> Point:
        return point[0] + dx, point[1] + dy

    return GraphLayout(
        [replace(box, x=box.x + dx, y=box.y + dy) for box in boxes],
        [replace(arrow, path=[*map(moved, arrow.path)], label_at=moved(arrow.label_at)) for arrow in arrows],
        wide,
        bottom - top + 2 * MARGIN,
        size,
    )
