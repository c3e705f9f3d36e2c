"""The ladder as a picture: what builds on what, the bottom rung at the bottom.

Boxes are laid out in layers by the longest way down, and ordered in each layer so that arrows are short.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

ROW_HEIGHT, BOX_HEIGHT, GAP = 92, 40, 18  # pixels
WIDEST = 1120  # pixels; a layer with more boxes breaks into rows
LETTER = 8.6  # pixels a letter takes, with some slack since fonts differ


@dataclass(frozen=True)
class Rung:
    """One box: its title, where it leads, and the rungs it stands on."""

    title: str
    href: str
    below: Sequence[str]


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    width: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


def layers(below: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Names by height: the first layer stands on nothing, each other one on a rung of the layer before it."""
    height: dict[str, int] = {}

    def measure(name: str) -> int:
        if name not in height:
            height[name] = 1 + max((measure(other) for other in below[name] if other in below), default=-1)
        return height[name]

    found: list[list[str]] = [[] for _ in range(1 + max(map(measure, below), default=-1))]
    for name in below:
        found[height[name]].append(name)
    return found


def draw(rungs: Mapping[str, Rung], label: str) -> str:
    """The ladder as HTML: arrows, and boxes that are links; empty where there are no rungs."""
    if not rungs:
        return ""
    below = {name: [other for other in rung.below if other in rungs] for name, rung in rungs.items()}
    rows = [row for layer in _untangled(layers(below), below) for row in _broken(layer, rungs)]
    width = max(_width(row, rungs) for row in rows)
    height = len(rows) * ROW_HEIGHT - (ROW_HEIGHT - BOX_HEIGHT)

    boxes: dict[str, _Box] = {}
    for level, row in enumerate(rows):
        x = (width - _width(row, rungs)) / 2
        for name in row:
            boxes[name] = _Box(x, height - BOX_HEIGHT - level * ROW_HEIGHT, _box_width(rungs[name]))
            x += boxes[name].width + GAP

    arrows = [_arrow(boxes[other], boxes[name]) for name, others in _direct(below).items() for other in others]
    # The boxes are HTML on top of the drawing: the theme's scripts can not handle links inside SVG.
    links = [
        f'<a href="{escape(rungs[name].href)}" style="left:{box.x:.0f}px;top:{box.y:.0f}px;width:{box.width:.0f}px">'
        f"{escape(rungs[name].title)}</a>"
        for name, box in boxes.items()
    ]
    return (
        f'<div class="tl-scroll" tabindex="0" role="region" aria-label="{escape(label)}">'
        f'<div class="tl-ladder" style="width:{width:.0f}px;height:{height:.0f}px">'
        f'<svg width="{width:.0f}" height="{height:.0f}" aria-hidden="true">{"".join(arrows)}</svg>'
        f"{''.join(links)}</div></div>"
    )


def _direct(below: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Only the arrows that no longer way implies: what builds on B, which builds on A, needs no arrow from A."""
    reached: dict[str, set[str]] = {}

    def reach(name: str) -> set[str]:
        if name not in reached:
            reached[name] = set(below[name]).union(*map(reach, below[name]))
        return reached[name]

    return {
        name: [one for one in others if not any(one in reach(two) for two in others)] for name, others in below.items()
    }


def _untangled(found: list[list[str]], below: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Each layer sorted by where its neighbors stand, upwards and downwards a few times."""
    above: dict[str, list[str]] = {name: [] for name in below}
    for name, others in below.items():
        for other in others:
            above[other].append(name)
    for sweep in range(6):
        neighbors = below if sweep % 2 == 0 else above
        place = {name: (i + 0.5) / len(layer) for layer in found for i, name in enumerate(layer)}
        for layer in found if sweep % 2 == 0 else reversed(found):
            wish = {
                name: sum(place[other] for other in neighbors[name]) / len(neighbors[name])
                if neighbors[name] else place[name]
                for name in layer
            }  # fmt: skip
            layer.sort(key=lambda name: wish[name])
            place |= {name: (i + 0.5) / len(layer) for i, name in enumerate(layer)}
    return found


def _broken(layer: list[str], rungs: Mapping[str, Rung]) -> list[list[str]]:
    rows: list[list[str]] = [[]]
    for name in layer:
        if rows[-1] and _width([*rows[-1], name], rungs) > WIDEST:
            rows.append([])
        rows[-1].append(name)
    return rows


def _width(row: Sequence[str], rungs: Mapping[str, Rung]) -> float:
    return sum(_box_width(rungs[name]) for name in row) + GAP * (len(row) - 1)


def _box_width(rung: Rung) -> float:
    return 30 + LETTER * len(rung.title)


def _arrow(source: _Box, target: _Box) -> str:
    start, end = source.y, target.y + BOX_HEIGHT
    bend = (start + end) / 2
    curve = f"M{source.middle:.0f} {start:.0f}C{source.middle:.0f} {bend:.0f} {target.middle:.0f} {bend:.0f}"
    left, right = target.middle - 4, target.middle + 4
    tip = f"M{left:.0f} {end + 7:.0f}L{target.middle:.0f} {end + 1:.0f}L{right:.0f} {end + 7:.0f}"
    return f'<path d="{curve} {target.middle:.0f} {end + 2:.0f}"/><path d="{tip}"/>'
