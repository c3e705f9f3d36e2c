"""Edge: reads the lists of words that come with the program, each once. What they are: generator/words/README.md."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

WORDS = Path(__file__).parent.parent / "words"

CODESPELL = ("dictionary.txt", "dictionary_en-GB_to_en-US.txt")


@cache
def common() -> frozenset[str]:
    """English words that every reader knows, in their base form."""
    return frozenset(_lines(WORDS / "common.txt"))


@cache
def corrections() -> Mapping[str, str]:
    """Misspelled word -> the line that says what was meant.

    Of codespell only the lists are read: its code is slow to import, and has another license than ours.
    """
    found: dict[str, str] = {}
    for place in (*_codespell(), WORDS / "misspelled.txt"):
        lines = list(_lines(place))  # so many that most of the time of a check would be spent on reading each
        found.update(zip([line.partition("->")[0] for line in lines], lines, strict=True))
    for word in _lines(WORDS / "right.txt"):
        found.pop(word, None)
    return found


@cache
def named_after() -> frozenset[str]:
    """People and places after whom things are named, in small ASCII letters."""
    return frozenset(_lines(WORDS / "names.txt"))


def meant(line: str) -> str:
    """What was meant, with commas where that may be several things."""
    right = line.partition("->")[2]
    return right.rpartition(",")[0] or right  # what stands behind the last comma is a remark


def _codespell() -> list[Path]:
    spec = find_spec("codespell_lib")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("codespell is missing; install the project anew")
    return [Path(spec.origin).parent / "data" / name for name in CODESPELL]


def _lines(place: Path) -> Iterator[str]:
    lines = place.read_text(encoding="utf-8").splitlines()
    return (line for line in lines if line and line[0] != "#")
