"""What a demo returned: checked, and made into plain data; also when it comes from a process or a file.

A Result made by code and one read from JSON pass the same check, since a file may have been written by anybody.
"""

import dataclasses
import math
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, get_args, get_origin, get_type_hints

import demos
from demos._run.settings import shown_value
from demos._run.syntax import Setting

MARKS = get_args(get_type_hints(demos.Series)["mark"])
SCALES = get_args(get_type_hints(demos.Heatmap)["scale"])
PICTURES = {picture.__name__: picture for picture in get_args(demos.Picture)}


def checked(result: demos.Result) -> tuple[dict[str, Any], list[str]]:
    """The Result as plain data, and everything that is wrong with it."""
    problems: list[str] = []
    summary = result.summary
    if not isinstance(summary, str) or not summary.strip():
        problems.append("the summary is empty")
    elif len(summary.strip().splitlines()) > 1:
        problems.append("the summary has several lines, and must be one sentence")

    numbers = {}
    for name, value in dict(result.numbers).items():
        value = _plain(value, f"the number '{name}'", problems)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            problems.append(f"the number '{name}' is {shown_value(value)}, which is not a number")
        numbers[str(name)] = value

    show = []
    for position, picture in enumerate(result.show):
        kind = type(picture).__name__
        if type(picture) is not PICTURES.get(kind):
            known = ", ".join(PICTURES)
            problems.append(f"picture {position + 1} is {kind_of(picture)}, and must be one of {known}")
            continue
        if not isinstance(picture.title, str) or not picture.title.strip():
            problems.append(f"picture {position + 1}, a {kind.lower()}, has no title")
        called = f"the {kind.lower()} '{picture.title}'"
        plain = {"type": kind.lower(), **_fields(picture, called, problems)}
        if not problems:  # a shape says nothing where the values are wrong already
            problems.extend(f"{called}: {problem}" for problem in CHECKS[kind](plain))
        show.append(plain)
    return {"summary": summary, "numbers": numbers, "show": show}, problems


def _fields(item: Any, called: str, problems: list[str]) -> dict[str, Any]:
    return {
        field.name: _plain(getattr(item, field.name), f"{called}: {field.name}", problems)
        for field in dataclasses.fields(item)
    }


def _plain(value: Any, called: str, problems: list[str]) -> Any:
    """Lists, numbers, text and dicts only. Arrays, scalars and tensors know how to become lists themselves."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            problems.append(f"{called} is {value}, and must be finite")
        return float(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, list | tuple | range):
        if all(type(item) is float and math.isfinite(item) for item in value):
            return list(value)  # most lists are this, and long
        return [_plain(item, f"{called}[{position}]", problems) for position, item in enumerate(value)]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields(value, called, problems)
    problems.append(f"{called} is {kind_of(value)}, and must be a number, text or a list of them")
    return None


def kind_of(value: Any) -> str:
    name = type(value).__name__
    return "None" if value is None else f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


class NoResult(Exception):  # noqa: N818  the end of a sentence
    """Why something is no result of a demo."""


def from_json(data: Any) -> dict[str, Any]:
    """A result as it came out of a process or a file, which may have been written by anybody. Raises NoResult."""
    try:
        summary, numbers, show = data["summary"], data["numbers"], data["show"]
        pictures = [
            value_as(PICTURES[one["type"].capitalize()], {name: one[name] for name in one if name != "type"})
            for one in show
        ]
        for value in numbers.values():
            value_as(float, value)
        found, problems = checked(demos.Result(summary, numbers, pictures))
    except (TypeError, KeyError, ValueError, AttributeError, RecursionError) as error:
        raise NoResult(f"{type(error).__name__}: {error}") from None
    if problems:
        raise NoResult(problems[0])
    return found


def value_as(kind: Any, value: Any) -> Any:
    """A value of JSON as the vocabulary of demos says that it is. Raises TypeError where it is something else."""
    inside = get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        kinds = get_type_hints(kind)
        if value.keys() != kinds.keys():
            raise TypeError(f"{kind.__name__} has the parts {', '.join(kinds)}")
        return kind(**{name: value_as(kinds[name], part) for name, part in value.items()})
    if get_origin(kind) in (Sequence, Collection) and isinstance(value, list):
        return [value_as(inside[0], item) for item in value]
    fits = {str: str, bool: bool, float: float | int, Any: Setting, Setting: Setting}.get(kind)
    if value in inside if fits is None else isinstance(value, fits) and (kind is not float or type(value) is not bool):
        return value
    raise TypeError(f"{str(value)[:40]!r} stands where {getattr(kind, '__name__', kind)} is expected")


# --- what each kind of picture must be ------------------------------------------------------------------------


def _series(all_series: list[dict[str, Any]], field: str, log_x: bool = False, log_y: bool = False) -> Iterator[str]:
    for series in all_series:
        called = f"{field} '{series['name']}'"
        x, y, labels = series["x"], series["y"], series["labels"]
        if len(x) != len(y):
            yield f"{called} has {len(x)} values of x and {len(y)} of y"
        if labels and len(labels) != len(y):
            yield f"{called} has {len(labels)} labels for {len(y)} values"
        if series["mark"] not in MARKS:
            yield f"{called} has the mark '{series['mark']}', which is not one of {', '.join(MARKS)}"
        if not _all_numbers(y):
            yield f"{called} has a y that is not a number"
        if not _all_numbers(x) and not (series["mark"] == "bars" and all(isinstance(item, str) for item in x)):
            yield f"{called} has an x that is not a number, and only bars may have names there"
        for axis, values, log in (("x", x, log_x), ("y", y, log_y)):
            if log and _all_numbers(values) and any(value <= 0 for value in values):
                yield f"{called} has {axis} = {min(values):g}, which a logarithmic axis cannot show"


def _chart(chart: dict[str, Any]) -> Iterator[str]:
    if not chart["series"]:
        yield "it has no series"
    yield from _series(chart["series"], "the series", chart["log_x"], chart["log_y"])


def _heatmap(heatmap: dict[str, Any]) -> Iterator[str]:
    values, rows, columns = heatmap["values"], heatmap["rows"], heatmap["columns"]
    if len(values) != len(rows):
        yield f"values has {len(values)} rows, and rows names {len(rows)}"
    for position, row in enumerate(values):
        if not isinstance(row, list) or len(row) != len(columns):
            width = len(row) if isinstance(row, list) else 1
            yield f"row {position + 1} of values has {width} cells, and columns names {len(columns)}"
            break
        if not _all_numbers(row):
            yield f"row {position + 1} of values holds something that is not a number"
            break
    if heatmap["scale"] not in SCALES:
        yield f"the scale '{heatmap['scale']}' is not one of {', '.join(SCALES)}"
    yield from _series(heatmap["overlay"], "the overlay")


def _table(table: dict[str, Any]) -> Iterator[str]:
    for position, row in enumerate(table["rows"]):
        if len(row) != len(table["columns"]):
            yield f"row {position + 1} has {len(row)} cells for {len(table['columns'])} columns"
        if any(isinstance(cell, list | dict) for cell in row):
            yield f"row {position + 1} holds a cell that is neither text nor a number"


def _tokens(tokens: dict[str, Any]) -> Iterator[str]:
    if any(not isinstance(piece, str) for piece in tokens["pieces"]):
        yield "it holds a piece that is not text"
    if tokens["notes"] and len(tokens["notes"]) != len(tokens["pieces"]):
        yield f"it has {len(tokens['notes'])} notes for {len(tokens['pieces'])} pieces"


def _graph(graph: dict[str, Any]) -> Iterator[str]:
    known = [node["name"] for node in graph["nodes"]]
    for name in sorted({name for name in known if known.count(name) > 1}):
        yield f"two nodes are called '{name}'"
    for edge in graph["edges"]:
        for end in (edge["source"], edge["target"]):
            if end not in known:
                yield f"the edge from '{edge['source']}' to '{edge['target']}' needs a node '{end}', which is not there"


def _trace(trace: dict[str, Any]) -> Iterator[str]:
    if any(not isinstance(step[field], str) for step in trace["steps"] for field in ("who", "text")):
        yield "it holds a step that is not text"


CHECKS: dict[str, Callable[[dict[str, Any]], Iterator[str]]] = {
    "Chart": _chart,
    "Heatmap": _heatmap,
    "Table": _table,
    "Tokens": _tokens,
    "Graph": _graph,
    "Trace": _trace,
}


def _all_numbers(values: list[Any]) -> bool:
    return all(isinstance(value, int | float) for value in values)
