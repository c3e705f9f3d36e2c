"""What a reader reads of Markdown prose, and where each letter of it stands in the file."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape

from generator.text.folding import composed
from generator.text.markdown import PartKind

FLOWS = ("prose", "escape")  # kinds of parts that a reader reads on in as if they were one

# All that is read otherwise than it is written: an entity, stars of emphasis, a letter with loose accents.
_OTHERWISE = re.compile(
    r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,30});"
    r"|(?<!\w)\*+(?=\S)|(?<=\S)\*+(?!\w)|\*{2,}"
    r"|\w[\u0300-\u036f]+"
)


@dataclass(frozen=True)
class _Mark:
    """Stars of emphasis: where in the source, and whether they may open or close."""

    start: int
    end: int
    opens: bool
    closes: bool


@dataclass(frozen=True)
class Read:
    """What is read of a flow of parts. `text`: what a reader reads; `length`: how long the source is."""

    text: str
    parts: Sequence[tuple[PartKind, str]]
    length: int
    # Where in the text a stretch starts that is as it stands in the source, or a sign that is written otherwise, and
    # from where to where that is in the source. Nothing where all of the text is as it stands there.
    stretches: Sequence[int] = ()
    sources: Sequence[tuple[int, int]] = ()
    marks: Sequence[_Mark] = ()

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Where in the source a piece of the text stands, with all emphasis that opens and closes around parts of it.

        None where emphasis opens inside of the piece and closes outside, or the other way about.
        """
        if not self.stretches:
            return start, end
        low, high = self._source(start)[0], self._source(end - 1)[1]
        if not self.marks:
            return low, high
        first = bisect_left(self.marks, low, key=lambda mark: mark.start)
        last = bisect_left(self.marks, high, key=lambda mark: mark.start)
        before = first and self.marks[first - 1].end == low
        after = last < len(self.marks) and self.marks[last].start == high
        for left, right in ((0, 0), (1, 0), (0, 1), (1, 1)):
            if left <= before and right <= after and _is_closed(self.marks[first - left : last + right]):
                return self.marks[first - 1].start if left else low, self.marks[last].end if right else high
        return None

    def _source(self, at: int) -> tuple[int, int]:
        """From where to where a letter of the text stands in the source."""
        i = bisect_right(self.stretches, at) - 1
        low, high = self.sources[i]
        after = self.stretches[i + 1] if i + 1 < len(self.stretches) else len(self.text)
        if high - low != after - self.stretches[i]:  # one sign, which several characters stand for
            return low, high
        return low + at - self.stretches[i], low + at - self.stretches[i] + 1

    def written(self, start: int, end: int, write: Callable[[PartKind, str], str]) -> str:
        """A piece of the source as it is to be written, part by part."""
        out, at = [], 0
        for kind, part in self.parts:
            low, high = max(start - at, 0), min(end - at, len(part))
            if low < high:
                out.append(write(kind, part[low:high]))
            at += len(part)
        return "".join(out)


def _is_closed(marks: Sequence[_Mark]) -> bool:
    """Whether all emphasis opens before it closes, and closes."""
    opened: list[int] = []
    for mark in marks:
        length = mark.end - mark.start
        if mark.closes and opened and opened[-1] == length:
            opened.pop()
        elif mark.opens:
            opened.append(length)
        else:
            return False
    return not opened


def read_of(flow: Sequence[tuple[PartKind, str]]) -> Read:
    """What a reader reads of prose and escaped signs that follow each other."""
    if len(flow) == 1 and flow[0][0] == "prose":
        source = flow[0][1]
        if "*" not in source and "&" not in source and (source.isascii() or unicodedata.is_normalized("NFC", source)):
            return Read(source, flow, len(source))  # as it is nearly always
    source = "".join(part for _, part in flow)
    text: list[str] = []
    stretches: list[int] = []
    sources: list[tuple[int, int]] = []
    marks: list[_Mark] = []
    length = at = 0

    def add(said: str, start: int, end: int) -> None:
        nonlocal length
        if said:
            text.append(said)
            stretches.append(length)
            sources.append((start, end))
            length += len(said)

    for kind, part in flow:
        end = at + len(part)
        if kind == "escape":
            add(part[1], at, end)
            at = end
            continue
        for match in _OTHERWISE.finditer(source, at, end):
            add(source[at : match.start()], at, match.start())
            at = match.end()
            if match[0][0] == "*":
                before, after = source[match.start() - 1 : match.start()], source[at : at + 1]
                opens, closes = not (after.isspace() or not after), not (before.isspace() or not before)
                if opens and closes:  # what has a letter on one side only belongs to it
                    opens, closes = after.isalnum() or not before.isalnum(), before.isalnum() or not after.isalnum()
                marks.append(_Mark(match.start(), at, opens, closes))
            else:
                add(composed(unescape(match[0])), match.start(), at)
        add(source[at:end], at, end)
        at = end
    return Read("".join(text), flow, len(source), stretches, sources, marks)
