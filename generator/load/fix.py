"""What is mechanical in a YAML file, and the file without it: line ends, spaces nobody sees, the order of fields.

Lines are moved or cut and nothing is written anew, so that comments, quotes and layout stay as their author made them.
Every change is read back: one that would alter what the file says is not made, and not asked for either.
"""

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import yaml

from generator.load.entry import fields_of
from generator.load.yaml import parse_yaml
from generator.model.entries import KINDS, LISTS
from generator.problems import Problem, counted
from generator.reading import LARGEST


class Parsed(NamedTuple):
    """What a text says, and the tree that knows its places."""

    data: Any
    tree: yaml.Node


@dataclass(frozen=True)
class Slip:
    """Something mechanical: where it is met first, what it is, and what was done where it is mended."""

    line: int
    column: int
    message: str
    done: str


_Try = tuple[str, Slip]  # a better text, and what was wrong with the one before


def mended(path: str, data: bytes) -> tuple[str, list[Slip]]:
    """The text of a file of terms/ without what is mechanical, and what that was; nothing for what is no text."""
    if len(data) > LARGEST:
        return "", []
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return "", []
    kind = KINDS.get(path.rpartition("/")[0]) if path not in LISTS else None
    return mended_text(text, list(fields_of(kind, ())) if kind else [])


def slips_in(path: str, data: bytes) -> list[Problem]:
    """What is mechanical in a file. A byte order mark keeps it from being read at all, and is told where that is."""
    slips = [] if data.startswith(codecs.BOM_UTF8) else mended(path, data)[1]
    hint = "python -m generator check --fix mends this"
    return [Problem(path, slip.message, hint, (), slip.line, slip.column, "untidy") for slip in slips]


def parsed(text: str) -> Parsed | None:
    """What a text says, and its tree; None for what is not valid YAML here."""
    data, tree, problems = parse_yaml("", text.encode())
    return None if tree is None or problems else Parsed(data, tree)


def mended_text(text: str, order: Sequence[str] = ()) -> tuple[str, list[Slip]]:
    """The text without its slips, and these. `order` are the fields of an entry as they are to follow each other."""
    slips: list[Slip] = []
    before: Parsed | None = None
    for step, meaning in _STEPS:
        for better, slip in step(text, order):
            if meaning is not None:
                before = before or parsed(text)
                after = parsed(better) if before else None
                if before is None or after is None or meaning(after.data) != meaning(before.data):
                    continue
                before = after
            text = better
            slips.append(slip)
            break
    return text, slips


def without(text: str, field: str, entry: str) -> str | None:
    """The text without one entry of the list in a field; None where that can not be done by cutting."""
    before = parsed(text)
    if before is None or entry not in before.data.get(field, ()):
        return None
    at = before.data[field].index(entry)
    key, entries = next((key, value) for key, value in before.tree.value if key.value == field)
    better = (_cut_from_line if entries.flow_style else _cut_line)(text, key, entries.value, at)
    after = parsed(better)
    left = [*before.data[field][:at], *before.data[field][at + 1 :]]
    return better if after is not None and after.data == {**before.data, field: left} else None


# --- characters -----------------------------------------------------------------------------------------------


def _byte_order_mark(text: str, _: Sequence[str]) -> Iterator[_Try]:
    if text.startswith("\ufeff"):
        yield text[1:], Slip(1, 1, "the file starts with a byte order mark", "took out the byte order mark")


def _line_ends(text: str, _: Sequence[str]) -> Iterator[_Try]:
    if "\r" in text:
        slip = Slip(*_place(text, text.index("\r")), "the lines end in CRLF", "made the lines end in LF")
        yield re.sub("\r\n?", "\n", text), slip


def _spaces_at_line_ends(text: str, _: Sequence[str]) -> Iterator[_Try]:
    """All of them; and where they say something, all but two before a further line, which break it in Markdown."""
    if " \n" not in text and "\t\n" not in text and not text.endswith((" ", "\t")):
        return
    lines = text.split("\n")
    for keep_breaks in (False, True):
        better = [
            line if keep_breaks and _is_break(line, below) else line.rstrip(" \t")
            for line, below in zip(lines, [*lines[1:], ""], strict=True)
        ]
        changed = [i for i, line in enumerate(lines) if line != better[i]]
        if changed:
            more = f" and of {counted(len(changed) - 1, 'more line')}" if len(changed) > 1 else ""
            place = (changed[0] + 1, len(better[changed[0]]) + 1)
            done = f"took the spaces from the end of {counted(len(changed), 'line')}"
            yield "\n".join(better), Slip(*place, f"there are spaces at the end of this line{more}", done)


def _is_break(line: str, below: str) -> bool:
    return line.endswith("  ") and not line.isspace() and below.strip() != ""


def _end_of_file(text: str, _: Sequence[str]) -> Iterator[_Try]:
    end = len(text.rstrip("\n"))
    if end == len(text):
        yield text + "\n", Slip(*_place(text, end), "the last line is not closed", "closed the last line")
    elif text[end:] != "\n":
        slip = Slip(*_place(text, end + 1), "the file ends in blank lines", "took out the blank lines at the end")
        yield text[: end + 1], slip


def _tabs(text: str, _: Sequence[str]) -> Iterator[_Try]:
    if "\t" in text:
        slip = Slip(*_place(text, text.index("\t")), "there is a tab", "made spaces of tabs")
        yield text.replace("\t", "  "), slip


def _place(text: str, at: int) -> tuple[int, int]:
    """Line and column of a character."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


# --- the order of fields --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Block:
    """A field with all its lines."""

    field: str
    line: int
    above: tuple[str, ...]  # blank lines and comments
    lines: tuple[str, ...]


def _fields_in_order(text: str, order: Sequence[str]) -> Iterator[_Try]:
    head, blocks, foot = _blocks(text)
    ranks: list[int] = []
    for block in blocks:  # an unknown field stays behind the one it follows
        ranks.append(order.index(block.field) if block.field in order else ranks[-1] if ranks else -1)
    late = next((i for i, rank in enumerate(ranks) if rank < max(ranks[:i], default=rank)), None)
    if late is None:
        return
    above = next(block.field for block, rank in zip(blocks, ranks, strict=True) if rank > ranks[late])
    slip = Slip(blocks[late].line, 1, f"'{blocks[late].field}' belongs above '{above}'", "put the fields in order")
    moved = [blocks[i] for i in sorted(range(len(blocks)), key=ranks.__getitem__)]
    if moved[0] is not blocks[0]:  # the blank lines above the new first field go to the one that was first
        blank = tuple(line for line in moved[0].above if not line)
        at = moved.index(blocks[0])
        moved[at] = replace(blocks[0], above=(*blank, *blocks[0].above))
        moved[0] = replace(moved[0], above=tuple(line for line in moved[0].above if line))
    yield "\n".join([*head, *(line for block in moved for line in (*block.above, *block.lines)), *foot]), slip


_FIELD = re.compile(r"""(["']?)(\w+)\1[ ]*:(?:\s|$)""")  # at the start of a line


def _blocks(text: str) -> tuple[list[str], list[_Block], list[str]]:
    """The lines above the first field, the fields, and the blank lines and comments below the last."""
    lines = text.split("\n")
    found = [(i, match[2]) for i, line in enumerate(lines) if (match := _FIELD.match(line))]
    if not found:
        return lines, [], []
    starts = [i for i, _ in found]
    tops = [starts[0], *(_top(lines, start) for start in starts[1:]), _top(lines, len(lines))]
    blocks = [
        _Block(field, start + 1, tuple(lines[top:start]), tuple(lines[start:end]))
        for (start, field), top, end in zip(found, tops, tops[1:], strict=False)
    ]
    return lines[: starts[0]], blocks, lines[tops[-1] :]


def _top(lines: Sequence[str], start: int) -> int:
    """Where the blank lines and the comments begin that stand above a line, and are not indented."""
    while not lines[start - 1] or lines[start - 1].startswith("#"):
        start -= 1
    return start


# --- one entry of a list --------------------------------------------------------------------------------------


def _cut_line(text: str, key: yaml.Node, entries: Sequence[yaml.Node], at: int) -> str:
    """Takes out the line with a dash; a list without entries is written as []."""
    lines = text.split("\n")
    if len(entries) == 1:
        line, after = key.end_mark.line, key.end_mark.column
        lines[line] = lines[line][:after] + lines[line][after:].replace(":", ": []", 1)
    del lines[entries[at].start_mark.line]
    return "\n".join(lines)


def _cut_from_line(text: str, key: yaml.Node, entries: Sequence[yaml.Node], at: int) -> str:
    """Takes an entry out of [a, b, c], with the comma that follows it or else the one before."""
    start, end = _offset(text, entries[at].start_mark), _offset(text, entries[at].end_mark)
    if at + 1 < len(entries):
        end = _offset(text, entries[at + 1].start_mark)
    elif at:
        start = _offset(text, entries[at - 1].end_mark)
    return text if "#" in text[start:end] else text[:start] + text[end:]  # a comment would go too


def _offset(text: str, mark: yaml.Mark) -> int:
    return sum(len(line) + 1 for line in text.split("\n")[: mark.line]) + mark.column


# --- the steps ------------------------------------------------------------------------------------------------


def _gist(data: Any) -> Any:
    """What data says: spaces between words and at the ends of lines say nothing, but two that break a line do."""
    match data:
        case dict():
            return {key: _gist(value) for key, value in data.items()}
        case list():
            return [_gist(value) for value in data]
        case str():
            broken = re.sub(r"(?<=\S)[ \t]*  \n(?=[ \t]*\S)", "\\\\\n", data)
            return re.sub(r"(?<=\S)[ \t]+(?=\S)", " ", re.sub(r"[ \t]+(?=\n)", "", broken)).strip()
    return data


def _data(data: Any) -> Any:
    return data


# What to try in turn, and what of the data must stay the same. No reader of YAML takes the first two for a part of it.
_STEPS: tuple[tuple[Callable[[str, Sequence[str]], Iterator[_Try]], Callable[[Any], Any] | None], ...] = (
    (_byte_order_mark, None),
    (_line_ends, None),
    (_spaces_at_line_ends, _gist),
    (_end_of_file, _gist),
    (_tabs, _data),
    (_fields_in_order, _data),
)
