"""Which color a thing has: the same name is the same color in all pictures of a run.

Classes, series and the bars that stand for them are known by their names. Names take the colors of the sheet in the
order in which pictures and series come, and none that another name has already, as long as there are enough. So a demo
that always shows its series in one order shows each in one color, however its sliders are set.

Two kinds are no series of their own: points called "now", which say where the controls stand, have the color of
letters; and bars beside which no others stand, which say how much and not what, have one quiet color, but for those
with the name of a series, which have the color of that.

A picture says its colors as item["colors"]: names to CSS colors. Nothing else of it depends on them.
"""

from collections.abc import Iterator, Sequence

from demos._show.axes import Json
from demos._show.sheet import INK, QUIET, SERIES

NOW = "now"


def colored(show: Sequence[Json]) -> list[Json]:
    """The pictures of a run, each with its colors."""
    colors = _colors([[one["name"] for one in _series(item) if one is not _lone_bars(item)] for item in show])
    return [{**item, "colors": dict(_used(item, colors))} if _series(item) else item for item in show]


def colors_of(item: Json) -> dict[str, str]:
    """The colors of a picture: those that it says, or else those that it has where it is shown alone."""
    found: dict[str, str] = item["colors"] if "colors" in item else colored([item])[0].get("colors", {})
    return found


def _series(item: Json) -> list[Json]:
    """The series of a chart, or those on top of a heatmap; other kinds have none."""
    found: list[Json] = item.get("series") or item.get("overlay") or []
    return found


def _lone_bars(item: Json) -> Json | None:
    """The bars of a picture that has one row of them."""
    bars = [one for one in _series(item) if one["mark"] == "bars"]
    return bars[0] if len(bars) == 1 else None


def _colors(pictures: Sequence[Sequence[str]]) -> dict[str, str]:
    """pictures: of each the names of its series -> the color of each name.

    Where there are more names than colors, a color comes again, and in another picture if that can be.
    """
    colors = {NOW: INK}
    for name in (name for names in pictures for name in names):
        if name not in colors:
            beside = [colors.get(other) for names in pictures if name in names for other in names]
            taken = list(colors.values())
            colors[name] = min(SERIES, key=lambda color: (beside.count(color), taken.count(color)))
    return colors


def _used(item: Json, colors: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Of all colors those that this picture shows."""
    bars = _lone_bars(item)
    for one in _series(item):
        yield one["name"], colors.get(one["name"], QUIET)
    for name in bars["x"] if bars else ():
        if isinstance(name, str) and name in colors:
            yield name, colors[name]
