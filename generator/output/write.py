"""Edge: puts pages on disk, touching only what changed, and swaps whole folders in, one build at a time."""

import contextlib
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from generator.cache import keep, kept
from generator.problems import Refused
from generator.saving import beside, whole

PARALLEL_FROM = 1000  # files; below that, one process is as fast as several
MOST_PROCESSES = 4  # each takes memory, and the disk does not get faster
PIECE = 50  # files that one process makes one after the other


@dataclass(frozen=True)
class Page:
    """A page that is made when it is its turn. While the key stays the same, it would become the same page."""

    make: Callable[[], str | bytes]
    key: str


@dataclass(frozen=True)
class Linked:
    """A file that nobody writes into, such as a downloaded one: where the system can, it gets a second name."""

    path: Path


Content = str | bytes | Path | Linked | Page  # a Path is a file to copy, since its author may write into it
Files = Mapping[str, Content]
_Row = list[str | int]  # of the manifest: the key of a page, then size and time of its file


def write(files: Files, folder: Path, manifest: Path | None = None) -> tuple[int, int]:
    """Makes the folder hold just these files -> how many were written, how many removed.

    Unchanged files keep their time, so that the engine and the browser see only what is new. Each file is written
    beside its old self and renamed, so that a reader never meets half of one. `manifest` is a file that remembers from
    one time to the next which page was made with which key, so that pages with the same key are not even made.
    """
    known = _read_manifest(manifest)
    there = set(_files(folder))
    stale = there - files.keys()
    if in_the_way := _in_the_way(stale, files):
        _remove(in_the_way, folder)
    made = {name: known[name] for name in files if _is_made(name, files[name], folder, known)}
    written = _put_all(files, [name for name in files if name not in made], folder, there)
    _remove(stale - in_the_way, folder)
    if manifest is not None:
        now = {
            name: made.get(name) or _row(folder, name, content.key)
            for name, content in files.items()
            if isinstance(content, Page)
        }
        keep(manifest, json.dumps(now).encode())
    return written, len(stale)


def _read_manifest(manifest: Path | None) -> dict[str, _Row]:
    try:
        known = json.loads((manifest and kept(manifest)) or b"{}")
    except ValueError:  # what another version wrote: every page is made
        return {}
    return known if isinstance(known, dict) else {}


def _is_made(name: str, content: Content, folder: Path, known: Mapping[str, _Row]) -> bool:
    """Whether a page with this key was written last time, and its file is still the one that was written."""
    row = known.get(name)
    if not isinstance(content, Page) or not isinstance(row, list) or row[:1] != [content.key]:
        return False
    try:
        return row == _row(folder, name, content.key)
    except OSError:
        return False


def _row(folder: Path, name: str, key: str) -> _Row:
    found = os.stat(f"{folder}/{name}")
    return [key, found.st_size, found.st_mtime_ns]


def _put_all(files: Files, names: Sequence[str], folder: Path, there: Set[str]) -> int:
    """Makes and writes these files -> how many were not there as they are. there: all that the folder held before."""
    count = min(os.cpu_count() or 1, MOST_PROCESSES)
    # What is made of the same entry, such as its page and its file of sentences, follows each other: while its texts
    # are still at hand, they need not be taken apart again.
    names = sorted(names, key=lambda name: name.rpartition("/")[2].partition(".")[0])
    if len(names) < PARALLEL_FROM or count == 1 or sys.platform != "linux":  # elsewhere no process is simply copied
        return _put_some(names, files, folder, there)
    from concurrent.futures import ProcessPoolExecutor  # slow to import, and rarely needed
    from multiprocessing import get_context

    # Each worker is a copy of this process, so that it has everything that pages are made from, and is sent names only.
    with ProcessPoolExecutor(
        count - 1, get_context("fork"), initializer=_share, initargs=(files, folder, there)
    ) as pool:
        mine, *shares = _shares(names, count)
        others = [pool.submit(_put_shared, share) for share in shares]
        return _put_some(mine, files, folder, there) + sum(other.result() for other in others)


def _shares(names: Sequence[str], count: int) -> list[list[str]]:
    """The names in shares of about as much work: in pieces by turns, since some kinds of files take much longer."""
    pieces = [names[at : at + PIECE] for at in range(0, len(names), PIECE)]
    return [[name for piece in pieces[start::count] for name in piece] for start in range(count)]


_shared: tuple[Files, Path, Set[str]]  # in a worker: what it makes files from, where they go, what lies there


def _share(files: Files, folder: Path, there: Set[str]) -> None:
    global _shared
    _shared = files, folder, there


def _put_shared(names: Sequence[str]) -> int:
    return _put_some(names, *_shared)


def _put_some(names: Sequence[str], files: Files, folder: Path, there: Set[str]) -> int:
    return sum(_put(files[name], f"{folder}/{name}", name in there) for name in names)


def _put(content: Content, target: str, may_be_there: bool) -> bool:
    """Makes and writes one file -> whether it was not there as it is."""
    if isinstance(content, Page):
        content = _made(content, target)
    if isinstance(content, Linked):
        return _link(content.path, target)
    new = (
        content.encode() if isinstance(content, str) else content.read_bytes() if isinstance(content, Path) else content
    )
    if may_be_there and _holds(target, new):
        return False
    folder = os.path.dirname(target)
    if not may_be_there:  # most new files are redirects, each in a folder of its own
        with contextlib.suppress(FileExistsError, FileNotFoundError):
            os.mkdir(folder)
    try:
        whole(target, new)
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)
        whole(target, new)
    return True


def _link(source: Path, target: str) -> bool:
    """Gives a file another name, or copies it -> whether it was not there as it is."""
    if _is_file(source, target):
        return False
    if not _holds(target, content := source.read_bytes()):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with beside(target) as part:
            try:
                os.link(source, part)
            except OSError:  # on another disk, or of another owner
                Path(part).write_bytes(content)
        return True
    return False


def _is_file(source: Path, target: str) -> bool:
    try:
        return os.path.samestat(os.stat(source), os.stat(target))
    except FileNotFoundError:
        return False


class NotMade(Refused):
    """A page that could not be made: which, and the fault, which is the program's and not that of an entry."""


def _made(page: Page, target: str) -> str | bytes:
    """The content of a page. Raises NotMade where that goes wrong, which may be in another process."""
    try:
        return page.make()
    except Refused:
        raise
    except Exception as error:
        hint = "this is a fault of the generator; please report it with these lines, and with the entry of that page"
        fault = "".join(traceback.format_exception(error)).rstrip()
        raise NotMade(f"{target} can not be made: {type(error).__name__}: {error}\n    hint: {hint}\n{fault}") from None


def put(content: Content, place: Path) -> bool:
    """Writes one file in one step -> whether it was not there as it is."""
    return _put(content, str(place), True)


def _holds(target: str, content: bytes) -> bool:
    try:
        if os.stat(target).st_size != len(content):
            return False
        with open(target, "rb") as file:
            return file.read() == content
    except FileNotFoundError:
        return False


def _in_the_way(stale: set[str], files: Files) -> set[str]:
    """Old files where a folder is to be, or below what is to be a file; others stay until the new ones are there."""
    if not stale:
        return set()
    folders = {folder for name in files for folder in _folders(name)}
    return {name for name in stale if name in folders or any(folder in files for folder in _folders(name))}


def _folders(name: str) -> Iterator[str]:
    while name := name.rpartition("/")[0]:
        yield name


def _remove(names: Iterable[str], folder: Path) -> None:
    """Removes files, and the folders that are empty without them."""
    left: set[Path] = set()
    for name in names:
        (folder / name).unlink()
        left |= {folder / parent for parent in _folders(name)}
    for parent in sorted(left, reverse=True):  # what lies inside sorts after what it lies in
        if not any(parent.iterdir()):
            parent.rmdir()


def _files(folder: Path, below: str = "") -> Iterator[str]:
    """The files below a folder, as paths with forward slashes."""
    if below or folder.exists():
        for entry in os.scandir(f"{folder}/{below}"):
            if entry.is_dir(follow_symlinks=False):
                yield from _files(folder, f"{below}{entry.name}/")
            else:
                yield below + entry.name
