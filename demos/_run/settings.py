"""The values with which a demo is run: checked against its parameters, and converted where they come as text."""

import contextlib
import math
from collections.abc import Iterable, Mapping
from typing import Any

from demos._run.points import Misplaced, as_text, from_text
from demos._run.syntax import Parameter, did_you_mean
from demos._show.counted import counted

WORDS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


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
            problems.append((f"{parameter.name} is {shown_value(value)}, and {refused}", refused.hint))
        except Misplaced as misplaced:
            of_it = f"{parameter.name} is {shown_value(value)}, and "
            problems += [(of_it + fault, "") for fault in misplaced.faults]
    if problems:
        raise BadSetting(problems)
    return filled


def as_arguments(known: Iterable[Parameter], filled: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as demo() takes them: those of fill(), with points and drawings as rows of numbers."""
    held = {parameter.name: parameter for parameter in known if parameter.kind in ("points", "pixels")}
    return {name: from_text(held[name], value) if name in held else value for name, value in filled.items()}


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
                raise _Refused(f"must have at most {counted(parameter.max_length or 0, 'character')}, not {len(value)}")
        case "points" | "pixels":
            return as_text(parameter, value)
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


def shown_value(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value}'" if len(value) <= 40 else f"'{value[:40]}…'"
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value).lower() if isinstance(value, bool) else str(value)[:40]
