"""What a demo is made of.

A demo is one plain module about one idea: functions first, and last a function `demo` whose signature says
what can be changed and whose return value says what came out. It neither prints nor draws:

    def demo(*, weight: Annotated[float, Range(-5, 5, 0.1)] = 2.0) -> Result:
        '''Turn the weight to tilt the curve.'''

This file is the whole vocabulary of that sentence. It needs nothing but the standard library, so that the same
demo runs in a terminal, in a test and in a web page. Sequences may be lists, tuples or NumPy arrays.
"""

import demos._run.fits  # noqa: F401 isort: skip

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

__all__ = [
    "CannotRun",
    "Chart",
    "Edge",
    "Graph",
    "Heatmap",
    "Label",
    "Node",
    "Pixels",
    "Points",
    "Range",
    "Result",
    "Series",
    "Step",
    "Table",
    "Text",
    "Tokens",
    "Trace",
    "announce",
    "asset",
    "axes",
    "bars",
    "cloud",
    "columns",
    "curves",
    "point",
    "progress",
]


# --- what can be changed: bounds for the parameters of demo() ---------------------------------------------


@dataclass(frozen=True)
class Range:
    """A slider from `low` to `high`, both included, in steps of `step`; `log=True` spaces it by factors.

    label: the words beside it, "learning rate"; without one they are the name of the parameter.  play: whether it can
    be played, for the one slider whose way is the story, such as steps of training.  stops: at how many positions the
    page knows the pictures before Python has started; 0 for the usual number. A demo that computes long says few.
    """

    low: float
    high: float
    step: float = 1
    log: bool = False
    label: str = field(default="", kw_only=True)
    play: bool = field(default=False, kw_only=True)
    stops: int = field(default=0, kw_only=True)


@dataclass(frozen=True)
class Text:
    """A text box that takes at most `max_length` characters; `label` as in Range."""

    max_length: int = 200
    label: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class Label:
    """The words beside a switch or a list to choose from: `Annotated[bool, Label("with a bias")]`."""

    words: str


@dataclass(frozen=True)
class Points:
    """Points that a reader drags, adds and removes on the first picture: `Annotated[Sequence[tuple[float, float]], …]`.

    x, y: the ends of each axis, both included;  most: how many points there may be;  groups: how many kinds of them.
    With more than one group each point has a third number, its group from 0 on: `Sequence[tuple[float, float, int]]`.
    Coordinates have two decimals. The default is `()`, for which the demo takes points of its own; the first picture
    shows those as points, too, one series for each group. `label` as in Range.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    most: int = 40
    groups: int = 1
    label: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class Pixels:
    """A small drawing of `rows` by `columns` cells: `Annotated[Sequence[Sequence[float]], Pixels(8, 8)] = ()`.

    A cell is a number from 0 to 1 in steps of a ninth. The default is `()`, and so is a drawing that is empty.
    `label` as in Range.
    """

    rows: int
    columns: int
    label: str = field(default="", kw_only=True)


# --- what came out: pictures as data ----------------------------------------------------------------------


@dataclass(frozen=True)
class Series:
    """One curve, cloud of points or row of bars.

    x: [N] numbers, or names for bars;  y: [N] numbers;  labels: [N] words written beside the points, or none.
    name: decides the color, see Result; series of one name in one picture are one thing, such as a path and its end.
    """

    name: str
    x: Collection[Any]
    y: Collection[float]
    mark: Literal["line", "step", "area", "points", "bars"] = "line"
    labels: Sequence[str] = ()


@dataclass(frozen=True)
class Chart:
    """Series over common axes. `x` and `y` say what the axes measure, with units where there are any.

    A chart plus series is the chart with these drawn on it: `axes("Loss", "step", "loss") + curves(…) + point(…)`.
    """

    title: str
    series: Sequence[Series]
    x: str = ""
    y: str = ""
    log_x: bool = False
    log_y: bool = False

    def __add__(self, more: Series | Sequence[Series]) -> "Chart":
        return replace(self, series=_with(self.series, more))


@dataclass(frozen=True)
class Heatmap:
    """A matrix as colored cells; also decision regions and images.

    values: [R, C] numbers, first row on top;  columns: [C] and rows: [R], names of the cells or, for a picture over
    a plane, the numbers at their centers (then the axes are number lines and rows grow upwards).
    `overlay` draws series on top, in the same coordinates; a heatmap plus series is the same. `scale` is "diverging"
    where zero is the middle. `annotate` writes the values into the cells, where they can be read on a phone.
    """

    title: str
    values: Collection[Collection[float]]
    columns: Collection[Any]
    rows: Collection[Any]
    x: str = ""
    y: str = ""
    scale: Literal["sequential", "diverging"] = "sequential"
    annotate: bool = False
    overlay: Sequence[Series] = ()

    def __add__(self, more: Series | Sequence[Series]) -> "Heatmap":
        return replace(self, overlay=_with(self.overlay, more))


def _with(series: Sequence[Series], more: Series | Sequence[Series]) -> Sequence[Series]:
    return [*series, *([more] if isinstance(more, Series) else more)]


@dataclass(frozen=True)
class Table:
    """Rows of cells under named columns; a cell is text or a number."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Tokens:
    """A text cut into pieces. `notes`: [N], one short remark under each piece, such as its id; or none."""

    title: str
    pieces: Sequence[str]
    notes: Sequence[Any] = ()


@dataclass(frozen=True)
class Node:
    """A box of a graph at (x, y); x grows to the right, y upwards. The label may have several lines."""

    name: str
    label: str
    x: float
    y: float


@dataclass(frozen=True)
class Edge:
    """An arrow between two nodes, by name."""

    source: str
    target: str
    label: str = ""
    weight: float = 1.0


@dataclass(frozen=True)
class Graph:
    """Boxes and arrows; an edge's weight is its thickness, and its sign its color."""

    title: str
    nodes: Sequence[Node]
    edges: Sequence[Edge]


@dataclass(frozen=True)
class Step:
    """One line of a transcript: who or what acts, and what it says or does."""

    who: str
    text: str


@dataclass(frozen=True)
class Trace:
    """A transcript in steps."""

    title: str
    steps: Sequence[Step]


# What belongs to a kind, such as its check and its drawing, stands in demos/_show/ under its name: chart.py, table.py …
Picture = Chart | Heatmap | Table | Tokens | Graph | Trace


@dataclass(frozen=True)
class Result:
    """What a run found: one sentence, the named figures behind it, and pictures.

    numbers: short names in plain words to finite numbers, such as {"loss after training": 0.03}. Pages, comparisons
    and tests read figures from here, so that no number is written down twice.
    show: the main picture first. A name has one color in all of them, so call a class or a series the same everywhere.
    Colors are given out in the order of the names: series that come and go with a setting belong last. Points called
    "now", which say where the controls stand, have the color of letters. The only bars of a chart have a quiet color,
    but those that are named like a series have that of the series.
    """

    summary: str
    numbers: Mapping[str, float]
    show: Sequence[Picture]


# --- the usual pictures in a line or two ------------------------------------------------------------------


def axes(title: str, x: str = "", y: str = "", log: Literal["", "x", "y", "xy"] = "") -> Chart:
    """A chart with nothing on it yet; series are added with `+`. `log` names the axes that are logarithmic."""
    return Chart(title, (), x, y, log_x="x" in log, log_y="y" in log)


def curves(
    x: Collection[Any],
    y: Mapping[str, Collection[float]],
    mark: Literal["line", "step", "area", "points"] = "line",
    above: float | None = None,
) -> list[Series]:
    """Named curves over one x, to be added to a chart or a heatmap.

    x: [N] numbers;  y: name -> [N] numbers. `above` leaves out every point whose y is not above it, as a logarithmic
    axis needs where a curve falls to zero or into rounding; a y of another length than x is then a ValueError.
    """
    if above is None:
        return [Series(name, x, values, mark) for name, values in y.items()]
    kept = {name: [at for at in zip(x, values, strict=True) if at[1] > above] for name, values in y.items()}
    return [Series(name, [at[0] for at in points], [at[1] for at in points], mark) for name, points in kept.items()]


def bars(names: Sequence[str], y: Mapping[str, Collection[float]]) -> list[Series]:
    """Rows of bars side by side, to be added to a chart.  names: [N], one under each bar;  y: name -> [N] numbers."""
    return [Series(name, names, values, "bars") for name, values in y.items()]


def point(name: str, x: float, *y: float, labels: Sequence[str] = ()) -> Series:
    """Points above one x, such as where a slider stands: `point("now", learning_rate, loss, test_loss)`.

    x: a number;  y: one number for each point;  labels: as many words, or none.
    """
    return Series(name, [x] * len(y), y, "points", labels)


def cloud(name: str, places: Collection[Sequence[float]], labels: Sequence[str] = ()) -> Series:
    """Points of a plane, to be added to a chart or a heatmap.  places: [N, 2];  labels: [N] words, or none."""
    return Series(name, [place[0] for place in places], [place[1] for place in places], "points", labels)


def columns(title: str, names: Sequence[str], cells: Sequence[Collection[Any]]) -> Table:
    """A table given column by column.  names: [C];  cells: C columns of [R] texts or numbers, from the top down.

    Columns of different lengths are a ValueError.
    """
    return Table(title, names, list(zip(*cells, strict=True)))


# --- what a long run says on its way ---------------------------------------------------------------------


watchers: list[Callable[[int, int, str], None]] = []  # whoever runs demos adds itself here to be told


def announce(text: str) -> None:
    """Says something once, before a long run starts, such as what it will need."""
    progress(0, 0, text)


def progress(done: int, total: int, note: str = "") -> None:
    """Says that `done` of `total` steps are behind us, and a note such as "loss 2.31".

    A terminal shows it as a bar; in a test, in the build and in a page nobody watches, and nothing is shown.
    """
    for watcher in watchers:
        watcher(done, total, note)


# --- what can not be done ---------------------------------------------------------------------------------


class CannotRun(Exception):  # noqa: N818 -- says what happened
    """Raised by a demo that can not do what it was asked to, on this machine or at all: a sentence and a remedy."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message, self.hint = message, hint

    def __str__(self) -> str:
        return self.message + (f"\nhint: {self.hint}" if self.hint else "")


# --- files a demo opens -----------------------------------------------------------------------------------


def asset(name: str) -> Path:
    """The path of a file in demos/data. Name it literally, asset("digits.npz"): the page ships what it finds so."""
    return Path(__file__).parent / "data" / name
