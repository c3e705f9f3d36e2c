"""Edge: puts pages on disk, touching only what changed, and swaps whole folders in."""

import ctypes
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath

Content = str | bytes | Path  # a Path is a file to copy


def write(files: Mapping[str, Content], folder: Path) -> tuple[int, int]:
    """Makes the folder hold just these files -> how many were written, how many removed.

    Unchanged files keep their time, so that the engine and the browser see only what is new. Each file is written
    beside its old self and renamed, so that a reader never meets half of one.
    """
    before = set(_files(folder))
    stale = before - files.keys()
    _remove(stale, folder)  # first, since a folder may go where a file was, or the other way round
    written = 0
    for name, content in files.items():
        target = folder / name
        new = content.encode() if isinstance(content, str) else content
        if name in before and _same(target, new):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.{os.getpid()}")
        if isinstance(new, Path):
            shutil.copyfile(new, beside)
        else:
            beside.write_bytes(new)
        os.replace(beside, target)
        written += 1
    return written, len(stale)


def _remove(names: Iterable[str], folder: Path) -> None:
    """Removes files, and the folders that are empty without them."""
    left: set[Path] = set()
    for name in names:
        (folder / name).unlink()
        left |= {folder / parent for parent in PurePath(name).parents} - {folder}
    for parent in sorted(left, reverse=True):  # what lies inside sorts after what it lies in
        if not any(parent.iterdir()):
            parent.rmdir()


def _files(folder: Path) -> list[str]:
    """The files below a folder, as paths with forward slashes."""
    prefix = len(str(folder)) + 1
    return [
        os.path.join(where, name)[prefix:].replace(os.sep, "/") for where, _, names in os.walk(folder) for name in names
    ]


def _same(target: Path, new: bytes | Path) -> bool:
    if isinstance(new, Path):
        return target.stat().st_size == new.stat().st_size and target.read_bytes() == new.read_bytes()
    return target.stat().st_size == len(new) and target.read_bytes() == new


def swap_in(new: Path, place: Path) -> None:
    """Puts the folder `new` where `place` is. At every moment `place` is the old folder or the new one, whole."""
    if not place.exists():
        os.rename(new, place)
        return
    if not _exchange(new, place):
        # Without an atomic exchange there is an instant with no folder; rescue() mends a build killed in it.
        aside = place.with_name(place.name + ".old")
        shutil.rmtree(aside, ignore_errors=True)
        os.rename(place, aside)
        os.rename(new, place)
        new = aside
    shutil.rmtree(new, ignore_errors=True)


def rescue(place: Path) -> None:
    """Brings the last good folder back if a build was killed between the two renames of swap_in()."""
    aside = place.with_name(place.name + ".old")
    if aside.exists() and not place.exists():
        os.rename(aside, place)
    shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchanges two folders in one step where the system can: renameat2 on Linux, renamex_np on macOS."""
    try:
        system = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
            return bool(system.renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)
        if sys.platform == "darwin":
            return bool(system.renamex_np(os.fsencode(one), os.fsencode(other), 2) == 0)  # RENAME_SWAP
    except (OSError, AttributeError):
        pass
    return False
