"""A picture of every kind, harmless and hostile, for the tests of the machinery that shows them."""

import dataclasses
import json
import xml.etree.ElementTree as ET
from functools import cache

from demos import Chart, Edge, Graph, Heatmap, Node, Series, Step, Table, Tokens, Trace
from demos._show.pictures import as_text, html, svg


def plain(picture):
    """A picture as the data that a run leaves behind."""
    return {"type": type(picture).__name__.lower(), **json.loads(json.dumps(dataclasses.asdict(picture), default=list))}


def chart(*series, **fields):
    return plain(Chart("A chart", series, **{"x": "step", "y": "loss", **fields}))


WORDS = ["cat", "dog", "bird"]
LONG = ["a rather long name", "an even longer name", "a third, longest of all"]
DRAWS = [1, 3, 5, 9, 12, 14, 13, 9, 6, 3, 2, 1]
ON_TOP = [Series("edge", [0, 1], [0, 5]), Series("inputs", [0.5, 9], [0.25, 9], "points", ["in", "out"])]
NET = [
    Node("x", "input\n0.5", 0, 0),
    Node("h", "hidden", 1, 0.5),
    Node("g", "gate", 1, -0.5),
    Node("y", "output", 2, 0),
]
WIRES = [Edge("x", "h", "1.2", 1.2), Edge("x", "g", "", -0.7), Edge("h", "y"), Edge("g", "y", "closes", 0.4)]
PICTURES = {
    "lines": chart(Series("train", [0, 1, 2, 3], [4, 2.5, 2, 1.75]), Series("test", [0, 1, 2, 3], [4.5, 3, 2.9, 3.1])),
    "steps and area": chart(Series("a", [0, 1, 2], [1, 3, 2], "area"), Series("b", [0, 1, 2], [2, 1, 4], "step")),
    "points": chart(Series("words", [1, 1.1, 3], [2, 2.1, -4], "points", WORDS), Series("fit", [0, 4], [1, 2])),
    "bars": chart(Series("before", WORDS, [0.7, 0.2, -0.1], "bars"), Series("after", WORDS, [0.5, 0.3, 0.2], "bars")),
    "lying bars": chart(Series("p", LONG, [3, 1, 2], "bars")),
    "histogram": chart(Series("draws", range(12), DRAWS, "bars")),
    "logarithms": chart(Series("fit", [1e3, 1e6, 1e9], [1e-4, 1, 2e5]), log_x=True, log_y=True),
    "empty": chart(Series("nothing", [], [])),
    "plane": plain(
        Heatmap("A plane", [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]], [0, 0.5, 1], [0, 1], "x", "y", overlay=ON_TOP)
    ),
    "matrix": plain(Heatmap("A matrix", [[3, 0], [1, 4], [2, 2]], ["yes", "no"], WORDS, "said", "true", annotate=True)),
    "diverging": plain(Heatmap("Weights", [[-1.5, 0.25], [0.5, 1]], ["a", "a"], ["b", "b"], scale="diverging")),
    "graph": plain(Graph("A graph", NET, WIRES)),
    "table": plain(Table("A table", ["name", "value"], [["one", 0.123456], ["two", 23456.7], ["three", 1e-9]])),
    "tokens": plain(Tokens("Pieces", ["The", " quick", "\n\n", " ", "🦊"], [1, 22, 333, 4, 5])),
    "bare tokens": plain(Tokens("Pieces", ["to", "ken", "s"])),
    "trace": plain(Trace("A trace", [Step("user", "2 + 2?"), Step("tool", '{"sum":\n    4}\n\ndone')])),
}  # fmt: skip
DRAWINGS = [name for name, item in PICTURES.items() if item["type"] in ("chart", "heatmap", "graph")]
TEXTS = [name for name in PICTURES if name not in DRAWINGS]
RUN = {
    "demo": "all_kinds",
    "settings": {"rate": 0.1},
    "summary": "All of them.",
    "numbers": {"loss": 0.25, "long name": 12345.6},
    "show": list(PICTURES.values()),
}
EVIL = '<script>alert("x")</script>&amp;"\x00\x1b[31m\n</figure>'
EVIL_SERIES = [Series(EVIL, [EVIL, "b"], [1, 2], "bars"), Series(EVIL, [EVIL, "b"], [2, 1], "points", [EVIL] * 2)]
EVIL_POINT = Series(EVIL, [0], [0], "points", [EVIL])
EVIL_PICTURES = [
    plain(Chart(EVIL, EVIL_SERIES, EVIL, EVIL)),
    plain(Heatmap(EVIL, [[1, 2]], [EVIL, "`${}"], [EVIL], EVIL, EVIL, overlay=[EVIL_POINT])),
    plain(Graph(EVIL, [Node(EVIL, EVIL, 0, 0), Node("b", "", 1, 0)], [Edge(EVIL, "b", EVIL)])),
    plain(Table(EVIL, [EVIL], [[EVIL]])),
    plain(Tokens(EVIL, [EVIL], [EVIL])),
    plain(Trace(EVIL, [Step(EVIL, EVIL)])),
]  # fmt: skip


@cache
def drawn(name):
    return svg(PICTURES[name])


@cache
def figure(name):
    return html(PICTURES[name])


def texts(drawing):
    return [element.text for element in ET.fromstring(drawing).iter() if element.tag.endswith("}text")]


def shown(name, width=80):
    return as_text({**RUN, "show": [PICTURES[name]]}, width)
