"""What a demo returned: checked, and made into plain data; also when it comes from a process or a file.

A Result made by code and one read from JSON pass the same check, since a file may have been written by anybody.
"""

import dataclasses
import math
import sys
from collections.abc import Collection, Mapping, Sequence
from typing import Any, get_args, get_origin, get_type_hints

import demos
from demos._run.settings import shown_value
from demos._run.syntax import Setting
from demos._run.unseen import UNSEEN, character_in_words
from demos._show import pictures

LARGEST, SMALLEST = 1e150, 1e-150  # of what is drawn, so that no width, product or power of ten leaves the floats
DEEPEST = 6  # lists in lists; the values of a heatmap are two deep


def checked(result: demos.Result) -> tuple[dict[str, Any], list[str]]:
    """The Result as plain data, and everything that is wrong with it."""
    problems: list[str] = []
    summary = result.summary
    if not isinstance(summary, str) or not summary.strip():
        problems.append("the summary is empty")
    elif len(summary.strip().splitlines()) > 1:
        problems.append("the summary has several lines, and must be one sentence")
    else:
        _seen(summary, "the summary", problems)

    numbers, named = {}, dict[str, Any]()
    if not isinstance(result.numbers, Mapping):
        problems.append(f"numbers is {kind_of(result.numbers)}, and must be a dict of names and numbers")
    for name, value in dict(result.numbers if isinstance(result.numbers, Mapping) else {}).items():
        if not isinstance(name, str) or not name.strip():
            problems.append(f"a number is called {shown_value(name)}, and its name must be text")
            continue
        _seen(name, "the name of a number", problems)
        _on_one_line(name, "the name of a number", problems)
        other = named.setdefault(" ".join(name.split()).casefold(), name)
        if other != name:
            problems.append(f"two numbers are called alike: '{other}' and '{name}'")
        value = _plain(value, f"the number '{name}'", problems)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            problems.append(f"the number '{name}' is {shown_value(value)}, which is not a number")
        numbers[name] = value

    show = []
    given: Sequence[demos.Picture] = result.show if isinstance(result.show, list | tuple) else ()
    if given is not result.show:
        problems.append(f"show is {kind_of(result.show)}, and must be a list of pictures")
    for position, picture in enumerate(given):
        kind = type(picture).__name__.lower()
        if type(picture) is not pictures.KINDS.get(kind):
            known = ", ".join(known.__name__ for known in pictures.KINDS.values())
            problems.append(f"picture {position + 1} is {kind_of(picture)}, and must be one of {known}")
            continue
        if not isinstance(picture.title, str) or not picture.title.strip():
            problems.append(f"picture {position + 1}, a {kind}, has no title")
        else:
            _seen(picture.title, f"the title of picture {position + 1}", problems)
            _on_one_line(picture.title, f"the title of picture {position + 1}", problems)
        called = f"the {kind} '{str(picture.title)[:100]}'"
        plain = {"type": kind, **_fields(picture, called, problems)}
        if not problems:  # a shape says nothing where the values are wrong already
            try:
                problems.extend(f"{called}: {problem}" for problem in [*pictures.problems(plain)])
            except (TypeError, AttributeError):  # a number where a list is expected, and the like
                problems.append(f"{called}: {_mistyped(plain)}")
        show.append(plain)
    return {"summary": summary, "numbers": numbers, "show": show}, problems


def _mistyped(item: Mapping[str, Any]) -> str:
    """Which part of a picture is of another type than the vocabulary of demos says."""
    try:
        value_as(pictures.KINDS[item["type"]], {name: item[name] for name in item if name != "type"})
    except TypeError as error:
        return str(error)
    return "a part of it is of another type than demos/__init__.py says"


def _fields(item: Any, called: str, problems: list[str], depth: int = 0) -> dict[str, Any]:
    return {
        field.name: _plain(getattr(item, field.name), f"{called}: {field.name}", problems, depth, drawn=True)
        for field in dataclasses.fields(item)
    }


def _plain(value: Any, called: str, problems: list[str], depth: int = 0, *, drawn: bool = False) -> Any:
    """Lists, numbers, text and dicts only. Arrays, scalars and tensors know how to become lists themselves.

    drawn: whether it is a value of a picture, where what is nearer to nothing than can be drawn is 0.
    """
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value, called, problems, drawn)
    if isinstance(value, str):
        return str(value)
    if depth > DEEPEST:
        problems.append(f"{called} holds lists in lists more than {DEEPEST} deep")
        return None
    if isinstance(value, list | tuple | range):
        if all(type(item) is float and (item == 0 or SMALLEST < abs(item) < LARGEST) for item in value):
            return list(value)  # most lists are this, and long
        return [
            _plain(item, f"{called}[{position}]", problems, depth + 1, drawn=drawn)
            for position, item in enumerate(value)
        ]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields(value, called, problems, depth + 1)
    problems.append(f"{called} is {kind_of(value)}, and must be a number, text or a list of them")
    return None


def _number(value: float, called: str, problems: list[str], drawn: bool) -> float:
    """A number that pages can show, which count in floats, and that can be drawn where it is to be."""
    most = LARGEST if drawn else sys.float_info.max
    if isinstance(value, float) and not math.isfinite(value):
        problems.append(f"{called} is {value}, and must be finite")
    elif abs(value) > most:
        problems.append(f"{called} is beyond {most:.3g}, where nothing is shown; give its logarithm")
        return 0.0
    elif drawn and abs(value) < SMALLEST:
        return type(value)(0)
    return value if isinstance(value, int) else float(value)


def _seen(text: str, called: str, problems: list[str]) -> None:
    """Tells the first character that nobody sees. What a picture shows may hold some: tokens of any text do."""
    if found := UNSEEN.search(text):
        problems.append(f"{called} holds {character_in_words(found[0])}")


def _on_one_line(text: str, called: str, problems: list[str]) -> None:
    """Tells a name that a page can not write in a line."""
    if len(text.strip().splitlines()) > 1:
        problems.append(f"{called} has several lines, and must be on one")


def kind_of(value: Any) -> str:
    name = type(value).__name__
    return "None" if value is None else f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


class NoResult(Exception):  # noqa: N818  the end of a sentence
    """Why something is no result of a demo."""


def from_json(data: Any) -> dict[str, Any]:
    """A result as it came out of a process or a file, which may have been written by anybody. Raises NoResult."""
    try:
        summary, numbers, show = data["summary"], data["numbers"], data["show"]
        views = [one.get("view", {}) for one in show]
        made = [
            value_as(pictures.KINDS[one["type"]], {name: one[name] for name in one if name not in ("type", "view")})
            for one in show
        ]
        for value in numbers.values():
            value_as(float, value)
        found, problems = checked(demos.Result(summary, numbers, made))
    except (TypeError, KeyError, ValueError, AttributeError, RecursionError) as error:
        raise NoResult(f"{type(error).__name__}: {error}") from None
    problems += [problem for view in views for problem in pictures.view_problems(view)]
    if problems:
        raise NoResult(problems[0])
    for item, view in zip(found["show"], views, strict=True):
        if view:
            item["view"] = view
    return found


def value_as(kind: Any, value: Any) -> Any:
    """A value of JSON as the vocabulary of demos says that it is. Raises TypeError where it is something else."""
    inside = get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        kinds = get_type_hints(kind)
        if not isinstance(value, dict):
            raise TypeError(f"{str(value)[:40]!r} stands where {kind.__name__} is expected")
        if value.keys() != kinds.keys():
            raise TypeError(f"{kind.__name__} has the parts {', '.join(kinds)}")
        return kind(**{name: value_as(kinds[name], part) for name, part in value.items()})
    if get_origin(kind) in (Sequence, Collection) and isinstance(value, list):
        if inside[0] in (float, Any) and all(type(item) is float for item in value):
            return value  # most lists are this, and long
        return [value_as(inside[0], item) for item in value]
    fits = {str: str, bool: bool, float: float | int, Any: Setting, Setting: Setting}.get(kind)
    if value in inside if fits is None else isinstance(value, fits) and (kind is not float or type(value) is not bool):
        return value
    raise TypeError(f"{str(value)[:40]!r} stands where {getattr(kind, '__name__', kind)} is expected")
