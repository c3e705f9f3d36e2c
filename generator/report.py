"""Problems as text for people, as JSON for programs, and as annotations on the lines of a pull request.

What is told comes from files that anybody may have written, so no character of it reaches the terminal that moves the
cursor, turns the reading direction around, or starts a line that is not ours.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from demos._run.unseen import UNSEEN
from generator.problems import Problem

_UNSEEN = re.compile(f"{UNSEEN.pattern}|\r")


def text(problems: Sequence[Problem]) -> str:
    """A paragraph each: terms/neuron.yml:4:3: what is wrong, and below it the hint."""
    return "".join(map(_paragraph, problems))


def _paragraph(problem: Problem) -> str:
    said = str(replace(problem, hint=""))
    return f"{_in_one(said)}\n" + (f"    hint: {_in_one(problem.hint)}\n" if problem.hint else "")


def _in_one(value: str) -> str:
    """Further lines behind a bar, so that none starts like a command to whoever reads the output."""
    return _seen(value).replace("\n", "\n    | ")


def as_json(problems: Sequence[Problem]) -> str:
    """A list of objects with path, line, column, kind, message and hint; line and column of a folder are null."""
    rows = [
        {
            "path": problem.path,
            "line": problem.line or None,
            "column": problem.column or None,
            "kind": problem.kind,
            "message": problem.message,
            "hint": problem.hint,
        }
        for problem in problems
    ]
    return json.dumps(rows, indent=2) + "\n"


def annotations(problems: Sequence[Problem]) -> str:
    """Workflow commands that GitHub shows beside the lines of a pull request, as errors where they stop a build."""
    return "".join(f"{_annotation(problem)}\n" for problem in problems)


def _annotation(problem: Problem) -> str:
    place = {"file": problem.path, "line": problem.line, "col": problem.column}
    given = {name: value for name, value in place.items() if value} | {"title": _TITLES[problem.kind]}
    said = problem.message + (f"\nhint: {problem.hint}" if problem.hint else "")
    level = "notice" if problem.kind == "due" else "error"
    return f"::{level} {','.join(f'{name}={_property(str(value))}' for name, value in given.items())}::{_data(said)}"


def _data(value: str) -> str:
    """A text as a workflow command carries it: what would end the line is written as a number."""
    return _seen(value).replace("%", "%25").replace("\n", "%0A")  # no carriage return is left by then


def _property(value: str) -> str:
    """The same for what stands between commas and colons."""
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def _seen(value: str) -> str:
    """A text in which what nobody would see is written out."""
    return _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], value)


_TITLES = {"error": "To mend", "unfinished": "To finish", "untidy": "Mended by check --fix", "due": "To look at again"}
FORMATS: dict[str, Callable[[Sequence[Problem]], str]] = {"text": text, "json": as_json, "github": annotations}
