"""The text of a YAML file as plain data, with the place of each value, or what is wrong with it.

YAML is read by libyaml into a tree of nodes, which know their places, and from there into plain data. Only the core
of YAML 1.2 that is like JSON is allowed: `no` and `12:30` stay text, and tags, anchors and aliases are refused.
"""

import operator
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import yaml

from demos._run.unseen import UNSEEN, character_in_words
from generator.model.entries import ALLOWED_WORDS, CATEGORIES, WANTED
from generator.problems import Problem, Where, counted
from generator.reading import LARGEST
from generator.text.folding import composed


def parse_yaml(path: str, data: bytes) -> tuple[Any, yaml.Node | None, list[Problem]]:
    """The plain data of a file, the tree that knows its places, and what is wrong; no tree where it is no YAML."""

    def refused(message: str, hint: str, line: int = 0, column: int = 0) -> tuple[None, None, list[Problem]]:
        return None, None, [Problem(path, message, hint, (), line, column)]

    if len(data) > LARGEST:
        return refused(f"the file has {counted(len(data), 'byte')}", f"it may have {LARGEST:,}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return refused("this is not text in UTF-8", "save the file as UTF-8", *_place(data, error.start))
    if text.startswith("\ufeff"):
        hint = "save it as UTF-8 without BOM, or use check --fix"
        return refused("the file starts with a byte order mark", hint, 1, 1)
    unseen = UNSEEN.search(text) if _may_hide(text) else None
    if unseen:  # in comments too, where it would mislead whoever reviews the file
        place = _place(data, len(text[: unseen.start()].encode()))
        return refused(
            f"the file holds {character_in_words(unseen[0])}", "take it out; most editors do not show it", *place
        )
    try:
        if problems := list(_refused(path, text)):
            return None, None, problems
        tree = yaml.compose(text, Loader=_Core)
    except yaml.MarkedYAMLError as error:
        return None, None, [_not_yaml(path, error)]
    if tree is None:
        return refused("the file is empty", to_start(path))
    if unwieldy := _unwieldy(tree):
        return refused(*unwieldy)
    problems = []
    plain = _data(tree, path, problems)
    return (plain if _is_composed(text) else _composed(plain)), tree, problems


def _is_composed(text: str) -> bool:
    """Whether letters and their accents are one character everywhere already, as in most files. An escape might put an
    accent to a letter, or join two lines."""
    return text.isascii() or (unicodedata.is_normalized("NFC", text) and not _JOINS.search(text))


_JOINS = re.compile(r"\\(?:[uU][0-9a-fA-F]{4}|\n)")


def _composed(value: Any) -> Any:
    """Plain data with each letter and its accents as one character, so that a text and a name are spelled alike."""
    if isinstance(value, str):
        return composed(value)
    if isinstance(value, list):
        return [_composed(one) for one in value]
    if isinstance(value, dict):
        return {_composed(key): _composed(one) for key, one in value.items()}
    return value


def _may_hide(text: str) -> bool:
    """Whether the characters of a text, each looked at once, give a reason to search it. That is six times as fast."""
    characters = "".join(set(text))
    return "\u200d" in characters or UNSEEN.search(characters) is not None  # of a joiner its neighbors decide


def _place(data: bytes, at: int) -> tuple[int, int]:
    """Line and column of a byte."""
    before = data[:at]
    return before.count(b"\n") + 1, len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1


class _Core(yaml.CSafeLoader):
    """libyaml with the plain scalars of YAML 1.2: true, false, null and numbers; all else is text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  PyYAML's own way to say it

    # libyaml asks for the tag of every node, and PyYAML's own answers, which know of more than is allowed here, take as
    # long as all the rest of reading.

    def resolve(self, kind: type[yaml.Node], value: str, implicit: tuple[bool, bool]) -> str:
        if kind is not yaml.ScalarNode:
            return _TAGS[kind]
        if implicit[0]:  # it stands without quotes
            for tag, form in self.yaml_implicit_resolvers.get(value[:1], ()):
                if form.match(value):
                    return str(tag)
        return _TEXT

    # Nothing depends on the way to a node and back. These two are called at every node, and as functions of C, which do
    # nothing of note, they take a tenth of the time that functions of Python would.
    descend_resolver: Any = operator.is_
    ascend_resolver: Any = tuple


_TEXT = "tag:yaml.org,2002:str"
_TAGS: dict[type[yaml.Node], str] = {
    yaml.SequenceNode: "tag:yaml.org,2002:seq", yaml.MappingNode: "tag:yaml.org,2002:map",
}  # fmt: skip

_Core.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])

_Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])

_Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]{1,18}$"), list("-+0123456789"))

_Core.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]{1,3})?$"),
    list("-+.0123456789"),
)

_READ: dict[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:null": lambda _: None, "tag:yaml.org,2002:bool": lambda text: text == "true",
    "tag:yaml.org,2002:int": int, "tag:yaml.org,2002:float": float,
}  # fmt: skip

MOST_ENTRIES = 100  # of a list or a group of fields; the longest path has 29 steps
LONGEST_KEY = 100  # characters; the longest side of a comparison has 30

DEEPEST = 20  # levels; an entry has five
_TOO_DEEP = (f"this is nested more than {DEEPEST} levels deep", "an entry needs five")
# What may be an anchor or a tag, and many levels on one line. Whoever has none of this needs no second look.
_MARK = re.compile(r"[&!](?<![^\s\[{,:][&!])\S")
_RUN = re.compile(r"[?-](?:[ \t]+[?-]){20}")


def _refused(path: str, text: str) -> Iterator[Problem]:
    """Anchors, tags, and nesting so deep that libyaml, which builds its tree by recursion in C, would crash on it."""
    if not _MARK.search(text) and not _RUN.search(text) and text.count("[") + text.count("{") < 1000:
        return
    depth = 0
    event: Any
    for event in yaml.parse(text, Loader=_Core):
        place = (event.start_mark.line + 1, event.start_mark.column + 1)
        if getattr(event, "anchor", None):
            mark = "*" if isinstance(event, yaml.AliasEvent) else "&"
            message = f"'{mark}{event.anchor}' is an anchor of YAML, and there are none here"
            yield Problem(path, message, "put quotes around a text that starts so, and write values out", (), *place)
        elif getattr(event, "tag", None):
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            hint = "put quotes around a text that starts so"
            yield Problem(path, f"'{tag}' is a tag of YAML, and there are none here", hint, (), *place)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            yield Problem(path, *_TOO_DEEP, (), *place)
            return


def _unwieldy(tree: yaml.Node) -> tuple[str, str, int, int] | None:
    """The first thing so deep, or of so many entries, that looking at all of it would take for ever, and its place."""
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST:
            return *_TOO_DEEP, *_start(node)
        if isinstance(node, yaml.CollectionNode):
            if len(node.value) > MOST_ENTRIES:
                message = f"{counted(len(node.value), 'entry')} stand here"
                return message, f"nothing needs more than {MOST_ENTRIES}", *_start(node)
            pairs = isinstance(node, yaml.MappingNode)
            inside = [one for pair in node.value for one in pair] if pairs else node.value
            # Text holds nothing, and is looked at only where it lies too deep itself.
            inside = inside if depth == DEEPEST else [one for one in inside if isinstance(one, yaml.CollectionNode)]
            waiting += [(one, depth + 1) for one in reversed(inside)]
    return None


def _start(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _data(node: yaml.Node, path: str, problems: list[Problem]) -> Any:
    """The plain data below a node. Slips that the data no longer shows are noted on the way."""
    if isinstance(node, yaml.ScalarNode):  # as most are
        if unseen := _escaped(node):
            message = f"this text holds {character_in_words(unseen[0])}"
            problems.append(Problem(path, message, "take the escape out", (), *_start(node)))
        return node.value if node.tag == _TEXT else _READ[node.tag](node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_data(item, path, problems) for item in node.value]

    def slip(at: yaml.Node, message: str, hint: str) -> None:
        problems.append(Problem(path, message, hint, (), *_start(at)))

    mapping: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            slip(key, "braces or brackets stand here where a field is expected", "put quotes around the whole text")
            return "?"  # most likely meant as text, so that nobody complains that it is none
        if unseen := _escaped(key):
            slip(key, f"the name of a field holds {character_in_words(unseen[0])}", "take the escape out")
            continue
        if "\n" in key.value or len(key.value) > LONGEST_KEY:
            hint = f"it stands on one line and has at most {LONGEST_KEY} characters"
            slip(key, f"{quoted(key.value)} is too long for the name of a field", hint)
            continue
        if key.value in mapping:
            slip(key, f"'{key.value}' is written twice", "keep one of them")
        mapping[key.value] = _data(value, path, problems)
    return mapping


def _escaped(node: yaml.ScalarNode) -> re.Match[str] | None:
    """The first character in it that nobody sees. As itself none is in the file; only double quotes know escapes."""
    if node.style != '"' or (node.value.isascii() and node.value.isprintable()):  # as nearly all
        return None
    return UNSEEN.search(node.value)


# What libyaml says, what it means for an author, and what to do.
_QUOTE = "put quotes around the text"
_INDENT = "check its indentation, and the quotes before it"
_MISTAKES = {
    "mapping values are not allowed": ("there is a colon inside this text", f"{_QUOTE}, or write it below >-"),
    "found character that cannot start": ("nothing can start with this character", f"{_QUOTE}; indent with spaces"),
    "tab character": ("there is a tab where spaces are needed", "indent with spaces"),
    "unexpected end of stream": ("a quote is not closed", "close it"),
    "did not find expected ',' or": ("a bracket or brace is not closed here", f"close it, or {_QUOTE}"),
    "did not find expected node content": (
        "a value is missing here, or a bracket is not closed",
        f"write it, or {_QUOTE}",
    ),
    "could not find expected ':'": ("the line before is no field with a colon", "write it as field: value"),
    "did not find expected key": ("this does not go on what came before", _INDENT),
    "did not find expected '-'": ("this does not go on what came before", _INDENT),
    "undefined alias": ("a text can not start with *", _QUOTE),
    "did not find expected alphabetic": ("a text can not start with * or &", _QUOTE),
    "but found another document": ("the file holds a second document", "take out the line ---"),
    "unknown escape character": ("a backslash in double quotes is no backslash", "use single quotes, or write two"),
}


def _not_yaml(path: str, error: yaml.MarkedYAMLError) -> Problem:
    said = str(error.problem)
    known = (mistake for part, mistake in _MISTAKES.items() if part in said)
    message, hint = next(known, (said, "compare with terms/_template.yml"))
    mark = error.problem_mark
    if "quote is not closed" in message:
        mark = error.context_mark  # where it opens, and not the end of the file
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    return Problem(path, f"this is not valid YAML: {message}", hint, (), line, column)


def with_place(problem: Problem, tree: yaml.Node | None, *, at_key: bool = False) -> Problem:
    """The problem with the place of its value: of the deepest part of `where` that the file has.

    A value of several lines is pointed at by its key, and so is one whose key is what is wrong.
    """
    if tree is None:
        return problem
    place = tree
    for i, part in enumerate(problem.where, start=1):
        if isinstance(place, yaml.MappingNode):
            pair = next(((key, value) for key, value in place.value if key.value == part), None)
            if pair is None:
                continue
            last = i == len(problem.where)
            place = pair[0] if last and (at_key or not isinstance(pair[1], yaml.ScalarNode)) else pair[1]
        elif isinstance(place, yaml.SequenceNode) and isinstance(part, int) and part < len(place.value):
            place = place.value[part]
    mark = place.start_mark
    return replace(problem, line=mark.line + 1, column=mark.column + 1)


def written_at(tree: yaml.Node, where: Where) -> str:
    """A value of one line as the file spells it, such as 3.10, which is read as 3.1; empty where there is none."""
    place: yaml.Node | None = tree
    for part in where:
        if isinstance(place, yaml.MappingNode):
            place = next((value for key, value in place.value if key.value == part), None)
        elif isinstance(place, yaml.SequenceNode) and isinstance(part, int) and part < len(place.value):
            place = place.value[part]
        else:
            return ""
    return str(place.value) if isinstance(place, yaml.ScalarNode) else ""


def quoted(value: Any) -> str:
    text = " ".join(str(value).split())
    return f"'{text if len(text) <= 60 else text[:57] + '…'}'"


def kind_in_words(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return f"the word {str(value).lower()}"
        case int() | float():
            return f"the number {value}"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "a group of fields"


def to_start(path: str) -> str:
    """How a file of terms/ is written that holds nothing yet, or something else."""
    if path in (ALLOWED_WORDS, CATEGORIES, WANTED):
        return "restore the file"
    for folder, option in (("terms/comparisons/", "--compare"), ("terms/paths/", "--path")):
        if path.startswith(folder):
            return f"take it out, and start anew: python -m generator new TITLE {option} TERM TERM"
    return "start from terms/_template.yml"
