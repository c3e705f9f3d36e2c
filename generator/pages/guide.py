"""What the guide for authors says of fields, controls, pictures and rules, taken from the things themselves.

Nothing is repeated by hand that the model, the vocabulary of demos or the rules of the check say, so the guide can not
drift from them.
"""

import dataclasses
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import annotated_types
from pydantic import StringConstraints
from pydantic.fields import FieldInfo

import demos
from demos._run import result
from demos._run.syntax import ControlKind
from demos._show import pictures
from generator.check.rules import RULES
from generator.lessons import recordings, run
from generator.model.entries import (
    CATEGORIES,
    KINDS,
    WANTED,
    Category,
    Day,
    DemoName,
    Entry,
    GivenSetting,
    Number,
    OldSlug,
    Slug,
    Url,
    Wanted,
)
from generator.model.texts import Inline, Markdown, Name, Plain
from generator.problems import listed, plural

# path -> title, and what search results say about the page
GUIDE = {
    "contribute/index.md": (
        "Contribute",
        "How to add to the glossary: three commands, your editor, and what happens to a pull request.",
    ),
    "contribute/help-wanted.md": (
        "Help wanted",
        "Terms that are wanted, and pages that wait for a reader, a source or a link: something to start with.",
    ),
    "contribute/how-to-write-a-term.md": (
        "How to write a term",
        "What makes each part of a page good, every field of its file, and every rule of the check.",
    ),
    "contribute/how-to-write-a-demo.md": (
        "How to write a demo",
        "One idea in one small Python file: controls, pictures, and the test that belongs to it.",
    ),
}

# The files that authors write, in the order of the guide.
FILES: dict[type[Entry], str] = {
    **{kind: f"{folder}/<slug>.yml" for folder, kind in KINDS.items()},
    Category: f"{CATEGORIES}, each entry",
    Wanted: f"{WANTED}, each entry",
}


@dataclass(frozen=True)
class Value:
    """A kind of value: what the guide calls it, and what it may be."""

    name: str
    says: str


VALUES: dict[Any, Value] = {
    Name: Value("name", "one line, shown as it stands"),
    Plain: Value("plain text", "one line, shown as it stands"),
    Inline: Value("Markdown paragraph", "emphasis, code, mathematics and links, all in one paragraph"),
    Markdown: Value("Markdown", "the same in several paragraphs, and lists"),
    Slug: Value("slug", "lower-case letters, digits and single hyphens: neural-network"),
    OldSlug: Value("old slug", "a slug, or an address of another kind of page: comparisons/a-vs-b"),
    DemoName: Value("name of a demo", "lower-case letters, digits and underscores: gradient_descent"),
    Url: Value("web address", "it starts with https://"),
    Day: Value("date", "2026-11-23"),
    GivenSetting: Value("setting", "a number, text, true or false"),
    bool: Value("true or false", "in these words"),
    int: Value("whole number", "2026"),
    Number: Value("number", "in digits: 0.25"),
}


@dataclass(frozen=True)
class FieldSaid:
    """One field, in words. `inside` is the anchor of the group that its value is made of, if it is."""

    name: str
    kind: str
    required: bool
    says: str
    inside: str = ""


@dataclass(frozen=True)
class Group:
    """Fields that stand together: those of a file, of a value in it, or of a word of demos."""

    anchor: str
    title: str
    says: str
    fields: tuple[FieldSaid, ...]


# --- entries ----------------------------------------------------------------------------------------------


def values() -> tuple[Value, ...]:
    """Every kind of value, with the length that a text of that kind may have."""
    return tuple(
        Value(value.name, "; ".join(filter(None, (value.says, _length(hint))))) for hint, value in VALUES.items()
    )


def _length(hint: Any) -> str:
    longest = [one.max_length for one in _metadata(hint) if isinstance(one, StringConstraints) and one.max_length]
    return f"at most {longest[-1]:,} characters" if longest else ""


def groups() -> dict[str, tuple[Group, ...]]:
    """A file of terms/ -> its fields, and after them those of each value that has fields of its own, told once."""
    told: set[type[Entry]] = set()
    return {file: tuple(_groups(kind, file, told)) for kind, file in FILES.items()}


def _groups(kind: type[Entry], title: str, told: set[type[Entry]]) -> Iterator[Group]:
    told.add(kind)
    hints = get_type_hints(kind, include_extras=True)
    fields = {info.alias or name: (info, hints[name]) for name, info in kind.model_fields.items()}
    if "<slug>" in title:
        del fields["slug"]  # it is the name of the file
    rows = [_field(name, info, hint) for name, (info, hint) in fields.items()]
    yield Group(_anchor(kind), title, _paragraph(kind.__doc__), tuple(rows))
    for name, (_, hint) in fields.items():
        inside = list(_entries_in(hint))
        for inner in inside:
            if inner not in told:
                many = get_origin(_bare(hint)) in (list, dict)
                title = f"each entry of {name}" if many else name
                yield from _groups(
                    inner, f"{title} that is a {inner.__name__.lower()}" if len(inside) > 1 else title, told
                )


def _field(name: str, info: FieldInfo, hint: Any) -> FieldSaid:
    kind = ", ".join(filter(None, (called(hint), _bounds(info))))
    return FieldSaid(name, kind, info.is_required(), info.description or "", next(map(_anchor, _entries_in(hint)), ""))


def called(hint: Any, many: bool = False) -> str:
    """What a field takes, in words: "list of slugs"."""
    if value := _value(hint):
        return _counted(value.name, many)
    origin, arguments = get_origin(hint), [one for one in get_args(hint) if one is not type(None)]
    if origin is Annotated:
        return called(_bare(hint), many)
    if origin is list:
        return f"list of {called(arguments[0], many=True)}"
    if origin is dict:
        return f"{called(arguments[1], many=True)}, each with a name"
    if origin is Literal:
        return f"one of {listed(arguments, 'or')}"
    if origin in (Union, UnionType):
        return listed(list(dict.fromkeys(called(one, many) for one in arguments)), "or")
    if issubclass(hint, Entry):
        return _counted("group of fields", many)
    raise TypeError(f"the guide has no word for {hint}")


def _value(hint: Any) -> Value | None:
    """The kind that a type is of, whatever else Pydantic is told about it."""
    for known, value in VALUES.items():
        told = _metadata(known)
        if _bare(hint) is _bare(known) and _metadata(hint)[: len(told)] == told:
            return value
    return None


def _counted(name: str, many: bool) -> str:
    """ "group of fields", "groups of fields"."""
    head, of, rest = name.partition(" of ")
    return f"{plural(head)}{of}{rest}" if many else name


def _bounds(info: FieldInfo) -> str:
    """How many entries a list has to have, or between what a number lies."""
    found = {type(one): one for one in info.metadata}
    if annotated_types.Ge in found:
        return f"from {found[annotated_types.Ge].ge} to {found[annotated_types.Le].le}"
    if get_origin(info.annotation) is not list or annotated_types.MinLen not in found:
        return ""
    least = found[annotated_types.MinLen].min_length
    most = found.get(annotated_types.MaxLen)
    return f"{least} to {most.max_length}" if most else f"at least {least}"


def _metadata(hint: Any) -> tuple[Any, ...]:
    return getattr(hint, "__metadata__", ())


def _bare(hint: Any) -> Any:
    return hint.__origin__ if get_origin(hint) is Annotated else hint


def _entries_in(hint: Any) -> Iterator[type[Entry]]:
    if isinstance(hint, type) and issubclass(hint, Entry):
        yield hint
    for inner in (_bare(hint),) if get_origin(hint) is Annotated else get_args(hint):
        yield from _entries_in(inner)


def _anchor(kind: type[Entry]) -> str:
    return f"fields-{kind.__name__.lower()}"


# --- demos ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Control:
    """One way to make something of a demo adjustable: what readers see, how it is written, what it takes."""

    name: str
    written: str
    says: str


CONTROLS: dict[ControlKind, Control] = {
    "float": Control("slider", "Annotated[float, Range(-5, 5, 0.1)] = 2.0", "numbers that its steps reach"),
    "int": Control("slider of whole numbers", "Annotated[int, Range(1, 50)] = 10", "whole numbers"),
    "choice": Control(
        "list to choose from", 'Literal["relu", "tanh"] = "relu"', "what is written out, and nothing else"
    ),
    "bool": Control("switch", "bool = False", "on and off; on the command line `--loud` and `--no-loud`"),
    "text": Control("text box", 'Annotated[str, Text(max_length=80)] = "a cat"', "whatever a reader types"),
    "points": Control(
        "points to drag",
        "Annotated[Sequence[tuple[float, float]], Points(x=(0, 10), y=(0, 10))] = ()",
        'points, on the command line as `"1,2 3,4"`; `()` are those of the demo itself',
    ),
    "pixels": Control(
        "small drawing",
        "Annotated[Sequence[Sequence[float]], Pixels(8, 8)] = ()",
        "a digit from 0 to 9 for each cell, a word for each row",
    ),
}


def vocabulary() -> tuple[Group, ...]:
    """Everything that `from demos import …` offers, in the order of demos/__init__.py."""
    return tuple(_word(name, one) for name, one in vars(demos).items() if name in demos.__all__)


def _word(name: str, one: Any) -> Group:
    if dataclasses.is_dataclass(one):
        given = [(each.name, each.type, each.default) for each in dataclasses.fields(one)]
    else:
        parameters = inspect.signature(one).parameters.values()
        given = [(each.name, each.annotation, each.default) for each in parameters]
    rows = [
        FieldSaid(field, _written(type_), default in _NO_DEFAULT, "" if default in _NO_DEFAULT else repr(default))
        for field, type_, default in given
    ]
    return Group(f"demos-{name.lower()}", name, inspect.getdoc(one) or "", tuple(rows))


_NO_DEFAULT = (dataclasses.MISSING, inspect.Parameter.empty)


def _written(annotation: Any) -> str:
    """A type as an author would write it: Sequence[Series]."""
    return re.sub(r"\b(?:[a-z]\w*\.)+(?=\w)", "", inspect.formatannotation(annotation))


def sizes() -> tuple[Value, ...]:
    """How large and how many the things in a result may be, from the bounds that it is held to."""
    kinds = ((kind, pictures.bounds(kind)) for kind in pictures.KINDS)
    drawn = (pictures.KINDS[kind].__name__ for kind in pictures.KINDS if pictures.is_drawn(kind))
    return (
        Value("figure", f"a finite number, up to {sys.float_info.max:.2g}"),
        Value(
            "number in a picture",
            f"up to {result.LARGEST:.0e}, and 0 where it is nearer to that than {result.SMALLEST:.0e}",
        ),
        *(Value(f"`{pictures.KINDS[kind].__name__}`", says) for kind, says in kinds if says),
        Value(f"text in a {listed([*drawn], 'or').lower()}", f"at most {pictures.MOST_LETTERS} letters in a piece"),
        Value(
            "result",
            f"at most {run.MOST_OUTPUT:,} bytes as JSON, and {recordings.MOST_RECORDED:,} where it is recorded",
        ),
        Value("run", f"at most {run.LONGEST_RUN} seconds and {run.MOST_MEMORY // 1024**2:,} MiB"),
    )


# --- rules ------------------------------------------------------------------------------------------------


def rules() -> tuple[str, ...]:
    """What `check` looks at, a sentence or two for each rule: first in one file, then over the whole glossary."""
    return tuple(rule.says for rule in RULES)


def _paragraph(doc: str | None) -> str:
    return " ".join((doc or "").split())
