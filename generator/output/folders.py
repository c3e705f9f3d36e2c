"""Edge: keeps one build from another, and exchanges the finished site for the one before it in one step."""

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from generator.cache import CODE, LESSONS, LOCK, VEGA
from generator.problems import Problem
from generator.reading import link_in

FOLDERS = ("terms", "demos", LOCK, LESSONS, VEGA, CODE, "build/docs", "build/site", "build/preview")  # of every build


def elsewhere(root: Path) -> list[Problem]:
    """Links below root through which a build would read, write, or remove what it does not know, somewhere else."""
    return list(dict.fromkeys(link for path in FOLDERS if (link := link_in(root, path))))


@contextlib.contextmanager
def alone(root: Path, say: Callable[[str], None] = print) -> Iterator[None]:
    """Keeps other builds of the same project waiting. A build that is killed lets go of the lock by itself."""
    from filelock import FileLock, Timeout  # slow to import, and `check` locks nothing

    place = root / LOCK
    place.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(place, is_singleton=True)  # which may be taken again by who has it, as publish() and build() do
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say("another build is at work here; this one waits for it to end")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


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
        try:
            os.rename(new, place)
        except OSError:
            os.rename(aside, place)
            raise
        new = aside
    shutil.rmtree(new, ignore_errors=True)


def folder_beside(place: Path) -> Path:
    """The folder in which this build makes what will be exchanged for `place`; removes those of killed builds."""
    for left in place.parent.glob(f"{place.name}.*"):
        if left.suffix[1:].isdigit() and not _is_running(int(left.suffix[1:])):
            shutil.rmtree(left, ignore_errors=True)
    made = place.with_name(f"{place.name}.{os.getpid()}")
    shutil.rmtree(made, ignore_errors=True)
    return made


def _is_running(process: int) -> bool:
    """Whether another build may still be using its folder."""
    if sys.platform == "win32":
        return True  # asking would end the process there
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def rescue(place: Path) -> None:
    """Brings the last good folder back if a build was killed between the two renames of swap_in()."""
    aside = place.with_name(place.name + ".old")
    if aside.exists() and not place.exists():
        os.rename(aside, place)
    shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchanges two folders in one step where the system can: renameat2 on Linux, renamex_np on macOS."""
    if sys.platform == "win32":
        return False  # and no CDLL(None) either
    import ctypes  # slow to import, and `check` exchanges nothing

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
