"""Runs a demo: plain data in, plain data out, the same in a terminal, in a test, in the build and in a web page.

    describe("neuron")                    what can be set, as plain data
    run("neuron", {"weight_1": 2})        what came out, as plain data

All three functions take `text`, edited source that stands in for the file of the demo.
"""

import contextlib
import dataclasses
import importlib
import io
import math
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

import demos
from demos import _source
from demos._source import DEMOS, Parameter, SourceProblem, SourceProblems, did_you_mean

PICTURES = {picture.__name__: picture for picture in get_args(demos.Picture)}
MARKS = get_args(get_type_hints(demos.Series)["mark"])
SCALES = get_args(get_type_hints(demos.Heatmap)["scale"])
WORDS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
PACKAGES = {"torch": ("PyTorch", "termlab[torch]")}  # import name -> its proper name and what to install


class BadSetting(Exception):  # noqa: N818 -- the reader's slip, not the program's
    """Values that a demo does not take. `problems` holds all of them as (message, hint); `message` and `hint` join
    them, one a line."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(problems)
        self.problems = problems
        self.message = "\n".join(message for message, _ in problems)
        self.hint = "\n".join(dict.fromkeys(hint for _, hint in problems if hint))

    def __str__(self) -> str:
        return "\n".join(message + (f"\nhint: {hint}" if hint else "") for message, hint in self.problems)


class DemoFailed(Exception):  # noqa: N818 -- says what happened
    """A demo that did not give a Result that can be shown. `path`, such as demos/neuron.py, and `line` say where;
    they are "" and None where no line is to blame."""

    def __init__(self, message: str, hint: str = "", line: int | None = None, path: str = "") -> None:
        super().__init__(message, hint, line, path)
        self.message, self.hint, self.line, self.path = message, hint, line, path

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}: " if self.line else ""
        return place + self.message + (f"\nhint: {self.hint}" if self.hint else "")


class UnknownDemo(DemoFailed):
    """There is no demo of this name."""


# --- what can be set ------------------------------------------------------------------------------------------


def describe(name: str, text: str | None = None) -> dict[str, Any]:
    """What a demo says about itself, as plain data. Raises DemoFailed for a demo that does not say it properly."""
    source = _read(name, text)
    with _source_problems_as_failure():
        return {
            "name": name,
            "summary": source.summary,
            "doc": source.doc,
            "hint": source.hint,
            "parameters": [
                {**dataclasses.asdict(parameter), "choices": list(parameter.choices)} for parameter in source.parameters
            ],
            "packages": _source.packages(name),
            "runs_in_browser": _source.runs_in_browser(name),
            "builds_on": _source.builds_on(name),
        }


def settings(name: str, given: Mapping[str, Any], text: str | None = None) -> dict[str, Any]:
    """A value for every parameter, in the order of the signature: given ones checked and converted, also from text
    ("0.5", "true"), the others at their defaults. Raises BadSetting with everything that is wrong at once."""
    return fill(name, _read(name, text).parameters, given)


def fill(name: str, known: Iterable[Parameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """The same for a demo whose parameters are known already."""
    parameters = {parameter.name: parameter for parameter in known}
    problems: list[tuple[str, str]] = []
    for unknown in [key for key in given if key not in parameters]:
        has = ", ".join(parameters) or "nothing that can be set"
        hint = did_you_mean(unknown, parameters) or f"it has {has}"
        problems.append((f"{name} has no setting called '{unknown}'", hint))
    filled = {}
    for parameter in parameters.values():
        value = _meant(parameter, given.get(parameter.name, parameter.default))
        try:
            filled[parameter.name] = _accepted(parameter, value)
        except _Refused as refused:
            problems.append((f"{parameter.name} is {_shown(value)}, and {refused}", refused.hint))
    if problems:
        raise BadSetting(problems)
    return filled


class _Refused(Exception):  # noqa: N818 -- the end of a sentence
    """Why a value is not taken, as the end of a sentence."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def _meant(parameter: Parameter, value: Any) -> Any:
    """The value that a text stands for, such as 0.5 for "0.5"; whatever makes no sense is handed on as it is."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, str) and parameter.kind == "bool":
        return WORDS.get(value.strip().lower(), value)
    if isinstance(value, str) and parameter.kind in ("float", "int"):
        for convert in (int, float):
            with contextlib.suppress(ValueError):
                return convert(value)
    return value


def _accepted(parameter: Parameter, value: Any) -> Any:
    match parameter.kind:
        case "float" | "int":
            return _number(parameter, value)
        case "bool":
            if not isinstance(value, bool):
                raise _Refused("must be true or false")
        case "choice":
            for choice in parameter.choices:
                if str(choice) == str(value) and not isinstance(value, bool):
                    return choice
            hint = did_you_mean(value, [choice for choice in parameter.choices if isinstance(choice, str)])
            raise _Refused(f"must be one of {', '.join(map(str, parameter.choices))}", hint)
        case "text":
            if not isinstance(value, str):
                raise _Refused("must be text")
            if len(value) > (parameter.max_length or 0):
                raise _Refused(f"must have at most {parameter.max_length} characters, not {len(value)}")
    return value


def _number(parameter: Parameter, value: Any) -> float | int:
    low, high = parameter.low, parameter.high
    assert low is not None
    assert high is not None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Refused(f"must be {'a number' if parameter.kind == 'float' else 'a whole number'}")
    if isinstance(value, float) and not math.isfinite(value):
        raise _Refused("must be finite")
    if parameter.kind == "int" and value != int(value):
        raise _Refused("must be a whole number")
    slack = 1e-9 * (high - low)  # a slider adds up its steps and may overshoot by a rounding error
    if not low - slack <= value <= high + slack:
        raise _Refused(f"must lie between {low:.12g} and {high:.12g}")
    return int(value) if parameter.kind == "int" else float(min(max(value, low), high))


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value}'" if len(value) <= 40 else f"'{value[:40]}…'"
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value).lower() if isinstance(value, bool) else str(value)[:40]


# --- running it -----------------------------------------------------------------------------------------------


def run(name: str, given: Mapping[str, Any] | None = None, text: str | None = None) -> dict[str, Any]:
    """Runs a demo and gives {"demo", "settings", "summary", "numbers", "show"}, ready for JSON and all finite.

    Raises UnknownDemo for a wrong name, BadSetting for wrong values, and DemoFailed with the line of the demo for
    everything that a demo itself does wrong.
    """
    filled = settings(name, given or {}, text)
    printed = io.StringIO()
    with _failures(name), contextlib.redirect_stdout(printed):
        module = importlib.import_module(f"demos.{name}") if text is None else _module_of(name, text)
        result = module.demo(**filled)

    line = module.demo.__code__.co_firstlineno
    if printed.getvalue().strip():
        first = printed.getvalue().strip().splitlines()[0]
        hint = "put it into the summary, the numbers or a picture of its Result"
        raise DemoFailed(f"a demo never prints, and this one printed {_shown(first)}", hint, line, _file(name))
    if not isinstance(result, demos.Result):
        message = f"demo() returned {_kind(result)}, and must return a Result"
        raise DemoFailed(message, "end it with: return Result(summary=…, numbers=…, show=[…])", line, _file(name))
    found, problems = checked(result)
    if problems:
        raise DemoFailed("\n".join(problems), "", line, _file(name))
    return {"demo": name, "settings": filled, **found}


def _read(name: str, text: str | None) -> _source.Source:
    if text is None and name not in _source.names():
        hint = did_you_mean(name, _source.names()) or "python -m demos lists them all"
        raise UnknownDemo(f"there is no demo called '{name}'", hint)
    with _source_problems_as_failure():
        return _source.read(name, text=text)


def _module_of(name: str, text: str) -> ModuleType:
    """A module made from edited text; others never see it."""
    module = ModuleType(f"demos.{name}")
    module.__file__ = str(DEMOS / f"{name}.py")
    exec(compile(text, module.__file__, "exec"), module.__dict__)
    return module


def _file(name: str) -> str:
    return f"{DEMOS.name}/{name}.py"


@contextlib.contextmanager
def _source_problems_as_failure() -> Iterator[None]:
    try:
        yield
    except SourceProblem as problem:
        raise DemoFailed(problem.message, problem.hint, problem.line, problem.path) from None
    except SourceProblems as error:
        first, *others = error.problems
        message = "\n".join([first.message, *(f"{other.path}:{other.line}: {other.message}" for other in others)])
        hint = "\n".join(dict.fromkeys(problem.hint for problem in error.problems if problem.hint))
        raise DemoFailed(message, hint, first.line, first.path) from None


@contextlib.contextmanager
def _failures(name: str) -> Iterator[None]:
    """Whatever the demo raises, told with the last line inside demos/ that led to it."""
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("", "demos"):
            raise _failed(name, error) from error
        title, install = PACKAGES.get(missing, (missing, missing))
        quoted = f"'{install}'" if "[" in install else install
        raise DemoFailed(f"this demo needs {title}: pip install {quoted}") from None
    except demos.CannotRun as refused:
        raise DemoFailed(refused.message, refused.hint) from None
    except (Exception, SystemExit) as error:
        raise _failed(name, error) from error


def _failed(name: str, error: BaseException) -> DemoFailed:
    path, line = _file(name), None
    for frame in traceback.extract_tb(error.__traceback__):
        file = Path(frame.filename)
        if file.is_relative_to(DEMOS) and not file.name.startswith("_"):
            path, line = f"{DEMOS.name}/{file.relative_to(DEMOS).as_posix()}", frame.lineno
    return DemoFailed(f"{type(error).__name__}: {error}".rstrip(": "), "", line, path)


# --- checking a Result ----------------------------------------------------------------------------------------


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
            problems.append(f"the number '{name}' is {_shown(value)}, which is not a number")
        numbers[str(name)] = value

    show = []
    for position, picture in enumerate(result.show):
        kind = type(picture).__name__
        if type(picture) is not PICTURES.get(kind):
            known = ", ".join(PICTURES)
            problems.append(f"picture {position + 1} is {_kind(picture)}, and must be one of {known}")
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
    problems.append(f"{called} is {_kind(value)}, and must be a number, text or a list of them")
    return None


def _kind(value: Any) -> str:
    name = type(value).__name__
    return "None" if value is None else f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


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
