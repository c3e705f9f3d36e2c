"""Runs a demo: plain data in, plain data out, the same in a terminal, in a test, in the build and in a web page.

    describe("neuron")                    what can be set, as plain data
    run("neuron", {"weight_1": 2})        what came out, as plain data

All three functions take `text`, edited source that stands in for the file of the demo.
"""

import contextlib
import dataclasses
import importlib
import io
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import demos
from demos._run.result import checked, kind_of
from demos._run.settings import as_arguments, fill, shown_value
from demos._run.source import (
    DEMOS,
    Source,
    SourceProblems,
    builds_on,
    names,
    packages,
    read,
    runs_in_browser,
)
from demos._run.syntax import did_you_mean

PACKAGES = {"torch": ("PyTorch", "termlab[torch]")}  # import name -> its proper name and what to install


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


class Lacking(DemoFailed):
    """A demo needs a package that this Python does not have: its import name."""

    def __init__(self, message: str, package: str) -> None:
        super().__init__(message)
        self.package = package


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
            "packages": packages(name),
            "runs_in_browser": runs_in_browser(name),
            "builds_on": builds_on(name),
        }


def settings(name: str, given: Mapping[str, Any], text: str | None = None) -> dict[str, Any]:
    """A value for every parameter, in the order of the signature: given ones checked and converted, also from text
    ("0.5", "true"), the others at their defaults. Raises BadSetting with everything that is wrong at once."""
    return fill(name, _read(name, text).parameters, given)


def run(name: str, given: Mapping[str, Any] | None = None, text: str | None = None) -> dict[str, Any]:
    """Runs a demo and gives {"demo", "settings", "summary", "numbers", "show"}, ready for JSON and all finite.

    Raises UnknownDemo for a wrong name, BadSetting for wrong values, and DemoFailed with the line of the demo for
    everything that a demo itself does wrong.
    """
    parameters = _read(name, text).parameters
    filled = fill(name, parameters, given or {})
    printed = io.StringIO()
    with _failures(name), contextlib.redirect_stdout(printed):
        module = importlib.import_module(f"demos.{name}") if text is None else _module_of(name, text)
        result = module.demo(**as_arguments(parameters, filled))

    line = module.demo.__code__.co_firstlineno
    if printed.getvalue().strip():
        first = printed.getvalue().strip().splitlines()[0]
        hint = "put it into the summary, the numbers or a picture of its Result"
        raise DemoFailed(f"a demo never prints, and this one printed {shown_value(first)}", hint, line, _file(name))
    if not isinstance(result, demos.Result):
        message = f"demo() returned {kind_of(result)}, and must return a Result"
        raise DemoFailed(message, "end it with: return Result(summary=…, numbers=…, show=[…])", line, _file(name))
    found, problems = checked(result)
    if problems:
        raise DemoFailed("\n".join(problems), "", line, _file(name))
    return {"demo": name, "settings": filled, **found}


def _read(name: str, text: str | None) -> Source:
    if text is None and name not in names():
        hint = did_you_mean(name, names()) or "python -m demos lists them all"
        raise UnknownDemo(f"there is no demo called '{name}'", hint)
    with _source_problems_as_failure():
        return read(name, text=text)


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
        raise Lacking(f"this demo needs {title}: pip install {quoted}", missing) from None
    except demos.CannotRun as refused:
        raise DemoFailed(refused.message, refused.hint) from None
    except (Exception, SystemExit) as error:
        raise _failed(name, error) from error


def _failed(name: str, error: BaseException) -> DemoFailed:
    path, line = _file(name), None
    for frame in traceback.extract_tb(error.__traceback__):
        file = Path(frame.filename)
        if file.is_relative_to(DEMOS) and not file.relative_to(DEMOS).parts[0].startswith("_"):  # a lesson or a part
            path, line = f"{DEMOS.name}/{file.relative_to(DEMOS).as_posix()}", frame.lineno
    return DemoFailed(f"{type(error).__name__}: {error}".rstrip(": "), "", line, path)
