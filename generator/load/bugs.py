"""Edge: reads tests/demos/mutants.yml, the deliberate bugs that tests of demos must notice, and says which are stale.

A demo that was moved, renamed or edited leaves lines behind that can not be planted any more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from generator.model.entries import MUTANTS
from generator.problems import Problem, counted, did_you_mean
from generator.reading import content

KEYS = ("file", "find", "replace", "slip", "test")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Bug:
    """One deliberate bug. file: path from the root; test: the file with the tests that must notice; line: in `file`."""

    file: str
    line: int
    find: str
    replace: str
    slip: str
    test: str


def stale_bugs(root: Path) -> list[Problem]:
    """Why entries of the list can not be planted; nothing where there is no list."""
    return read_bugs(root)[1]


def read_bugs(root: Path) -> tuple[list[Bug], list[Problem]]:
    """All deliberate bugs that can be planted in the files as they are now, and what is wrong with the others."""
    if not (root / MUTANTS).is_file():
        return [], []
    data, problems = content(root, MUTANTS)
    if problems:
        return [], problems
    loader = _LOADER(data)
    try:
        tree = loader.get_single_node()
        entries = loader.construct_document(tree) if tree else []
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or "a sign that no text holds"
        line = min(mark.line + 1, len(data.splitlines())) if mark else 1  # it may tell of the end
        return [], [Problem(MUTANTS, f"this is not valid YAML: {said}", _ONE_LINE, (), line)]
    finally:
        loader.dispose()
    if not isinstance(entries, list):
        return [], [Problem(MUTANTS, "this is no list of deliberate bugs", _ONE_LINE, (), 1)]
    texts, bugs = _Texts(root), []
    for entry, node in zip(entries, tree.value if tree else (), strict=True):
        line = node.start_mark.line + 1
        wrong = list(_wrong(entry, root, texts))
        problems += [Problem(MUTANTS, message, hint, (), line) for message, hint in wrong]
        if not wrong:
            text = texts.of(entry["file"])
            at = text[: text.index(entry["find"])].count("\n") + 1
            named = {key: entry[key] for key in ("file", "find", "replace", "slip")}
            bugs.append(Bug(**named, line=at, test=_test(entry)))
    return bugs, problems


_ONE_LINE = "each line is - {file: demos/neuron.py, find: a text, replace: another, slip: what kind of mistake it is}"


class _Texts:
    """The files of demos/ that bugs are planted in, each read once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._read: dict[str, str] = {}

    def of(self, path: str) -> str:
        """What stands in a file; nothing in one that is not there or can not be read, which is told elsewhere."""
        if path not in self._read:
            data = content(self.root, path)[0] if (self.root / path).is_file() else b""
            self._read[path] = data.decode("utf-8", "replace").replace("\r\n", "\n")
        return self._read[path]

    def all(self) -> list[str]:
        """Every Python file of demos/, its own folders included."""
        return sorted(path.relative_to(self.root).as_posix() for path in (self.root / "demos").rglob("*.py"))


def _wrong(entry: Any, root: Path, texts: _Texts) -> Iterator[tuple[str, str]]:
    """What keeps a bug from being planted, with the remedy."""
    if not isinstance(entry, dict) or not {"file", "find", "replace", "slip"} <= set(entry) <= set(KEYS):
        yield "a deliberate bug says file, find, replace and slip, and may say test; this one does not", _ONE_LINE
        return
    if no_text := [key for key in entry if not isinstance(entry[key], str)]:
        yield f"{no_text[0]} must be text", "put it in quotes"
        return
    file, find = entry["file"], entry["find"]
    if not file.startswith("demos/") or ".." in file.split("/") or not (root / file).is_file():
        yield f"there is no file {file} among the demos", _moved_to(file, find, texts)
        return
    if (count := texts.of(file).count(find)) != 1:
        hint = "write as much of the line as makes it the only one" if count else _moved_to(file, find, texts)
        yield f"'{find}' occurs {counted(count, 'time')} in {file}, and must occur exactly once", hint
    elif find == entry["replace"]:
        yield f"'{find}' is replaced by itself", "write as `replace` what a mistaken author might have written"
    if not (root / (test := _test(entry))).is_file():
        yield f"there is no {test}", f"say whose tests know about {file}, with test: NAME"


def _moved_to(file: str, find: str, texts: _Texts) -> str:
    """Where the text of a bug is now, or what else to do with its line."""
    there = [path for path in texts.all() if path != file and texts.of(path).count(find) == 1] if find else []
    if len(there) == 1:
        return f"that text is in {there[0]} now: write file: {there[0]}, and test: NAME where its tests have another"
    if file in texts.all():
        return f"write as `find` what stands in {file} now, or take this line out"
    near = did_you_mean(file, texts.all())
    gone = "write the name that the file has now, or take this line out"
    return f"{near} If it is gone, take this line out" if near else gone


def _test(entry: dict[str, str]) -> str:
    folder, slash, name = entry.get("test", entry["file"].rpartition("/")[2].removesuffix(".py")).rpartition("/")
    return f"tests/demos/{folder}{slash}test_{name.removeprefix('test_').removesuffix('.py')}.py"
