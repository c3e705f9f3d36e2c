"""Edge: one run of a demo as a program of its own, within limits of time, memory and output.

The limits are for reliability: a demo that loops, swells or never stops printing ends itself and not the build, and is
named. They are no sandbox: whoever runs a demo runs its code, with all that the account may do.
"""

import contextlib
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demos._run.result import NoResult, from_json
from demos._run.syntax import Setting
from generator.problems import Problem, counted, listed
from generator.saving import about

LONGEST_RUN = 60  # seconds; a demo is to take half a second, so this is a demo that hangs, on the slowest machine too
MOST_MEMORY = 768 * 1024**2  # bytes of addresses; the hungriest demo takes a third, and a page on a phone gets less
MOST_OUTPUT = 2_000_000  # bytes; the longest result has 85,000, and each page carries what its demo showed
MOST_OUTPUT_ALONG = 100_000_000  # bytes that many runs of a demo may print; the most talkative prints a tenth
MOST_SAID = 20_000  # bytes of complaints; only their end is of interest
MOST_GENERATIONS = 100  # of processes that start others while they are ended
ROOM = 64 * 1024  # bytes; a disk with less is full
NAMED = 3  # stray files that are named
DEEPEST_NAMED = 20  # folders in one another, below which they are no longer looked into


@dataclass(frozen=True)
class Ended:
    """How a run ended. `broke` says which limit it broke, as a sentence and a remedy; empty where it kept them all."""

    code: int
    output: str
    complaints: str
    broke: tuple[str, str] = ("", "")


def run(command: Sequence[str], environment: Mapping[str, str], most_output: int | None = None) -> Ended:
    """Runs a program in an empty folder that is removed afterwards, and ends all that it started.

    most_output: bytes, where it is not the usual number. Raises OSError where there is no room for what it writes.
    """
    most_output = most_output or MOST_OUTPUT
    with _empty_folder() as place:
        work, output, complaints = Path(place, "work"), Path(place, "output"), Path(place, "complaints")
        work.mkdir()
        with output.open("wb") as out, complaints.open("wb") as err:
            process = subprocess.Popen(
                command, cwd=work, env={**environment, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(work))},
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True,
            )  # fmt: skip
        with _known(process, work):
            _limit(process.pid, most_output)
            try:
                code, late = process.wait(LONGEST_RUN), False
            except subprocess.TimeoutExpired:
                code, late = -1, True
            left = _end_all(process, work)
        if code:
            _has_room(Path(place))
        broke = ("", "")
        if late:
            broke = f"it ran for more than {counted(LONGEST_RUN, 'second')}", "make it smaller, or record it"
        elif output.stat().st_size >= most_output:
            broke = (
                f"its result has more than {counted(most_output, 'byte')}",
                "show fewer points: nobody sees them all",
            )
        elif code == 0 and left:
            broke = "it left a process running", "a demo returns its Result and starts nothing that outlives it"
        elif code == 0 and (stray := _left_in(work)):
            more = [f"{len(stray) - NAMED} more"] if len(stray) > NAMED else []
            message = f"it wrote {listed([*stray[:NAMED], *more])}"
            broke = message, "a demo returns its Result and leaves nothing behind"
        return Ended(code, _text(output, most_output), _text(complaints, MOST_SAID), broke)


@contextlib.contextmanager
def _empty_folder() -> Iterator[str]:
    """A folder that is removed afterwards, whatever was put into it; what can not be removed is left there."""
    place = tempfile.mkdtemp(prefix="termlab-")
    try:
        yield place
    finally:
        with contextlib.suppress(OSError):
            remove(Path(place))


def _has_room(place: Path) -> None:
    """Raises OSError where a disk is full, so that no demo is blamed for a run that could write no result."""
    probe = place / "probe"
    with about(place.parent):
        try:
            probe.write_bytes(bytes(ROOM))
        finally:
            probe.unlink(missing_ok=True)


def _left_in(work: Path) -> list[str]:
    """What lies in a folder, sorted, down to DEEPEST_NAMED levels: names of what is deeper would fill a screen."""
    found, folders = list[str](), [work]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError:  # it may not be listed; it is named itself
            continue
        paths = [Path(entry.path) for entry in entries]
        found += [path.relative_to(work).as_posix() for path in paths]
        folders += [
            path
            for path, entry in zip(paths, entries, strict=True)
            if entry.is_dir(follow_symlinks=False) and len(path.relative_to(work).parts) < DEEPEST_NAMED
        ]
    return sorted(found)


def remove(top: Path) -> None:
    """Removes a folder with all that is in it, however deep, also what its owner may not list. Raises OSError.

    A folder in a folder is first moved to the top, so that no path is long and nothing recurses, as in shutil.rmtree,
    which gives up on a thousand folders in one another.
    """
    count, left = 0, set[str]()
    while folders := [path for path in _emptied(top) if path not in left]:
        for folder in folders:
            try:
                for inner in _emptied(Path(folder)):
                    count += 1
                    os.rename(inner, top / f".removed-{os.getpid()}-{count}")
                os.rmdir(folder)
            except OSError:  # somebody else's
                left.add(folder)
    os.rmdir(top)


def _emptied(folder: Path) -> list[str]:
    """The folders in a folder, whose files are removed."""
    os.chmod(folder, 0o700)
    found = list[str]()
    for entry in list(os.scandir(folder)):
        if entry.is_dir(follow_symlinks=False):
            os.chmod(entry.path, 0o700)  # or it could not be moved
            found.append(entry.path)
        else:
            os.unlink(entry.path)
    return found


def _limit(process: int, most_output: int) -> None:
    """Limits from outside, which only Linux can; elsewhere time and output are limited, and memory is not.

    The other way, to let the new process limit itself before it becomes the program, is not safe among threads.
    """
    if sys.platform == "linux":
        import resource

        for what, most in (
            (resource.RLIMIT_AS, MOST_MEMORY),
            (resource.RLIMIT_FSIZE, most_output),
            (resource.RLIMIT_CPU, 2 * LONGEST_RUN),  # for what a killed build leaves behind
            (resource.RLIMIT_CORE, 0),
        ):
            with contextlib.suppress(OSError, ValueError):  # it is over already, or has a lower limit
                resource.prlimit(process, what, (most, most))


def _end_all(process: subprocess.Popen[bytes], work: Path) -> bool:
    """Ends a process with all that it started -> whether others were still running when it was over."""
    return _end_session(process) | _end_detached(work)


def _end_session(process: subprocess.Popen[bytes]) -> bool:
    if sys.platform == "win32":  # which has no groups of processes like these: what it started goes on
        process.kill()
        process.wait()
        return False
    over = process.poll() is not None
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # nobody is left; macOS says it the second way
        over = False
    process.wait()
    return over


def _end_detached(work: Path) -> bool:
    """Ends what a run started and what has left its session since -> whether there was anything.

    Every process of a run has the folder of the run among its variables, which only Linux lets others read. Elsewhere a
    process that detaches itself goes on.
    """
    mark, found = f"TMPDIR={work}".encode(), False
    for _ in range(MOST_GENERATIONS if sys.platform == "linux" else 0):
        alive = [int(entry.name) for entry in os.scandir("/proc") if entry.name.isdecimal() and _has(entry, mark)]
        for process in alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        if not alive:
            break
        found = True
    return found


def _has(process: os.DirEntry[str], variable: bytes) -> bool:
    """Whether a process of ours that has not ended was started with a variable."""
    try:
        return variable in Path(process.path, "environ").read_bytes().split(b"\0")
    except OSError:  # it has ended, or is somebody else's
        return False


_running: dict[subprocess.Popen[bytes], Path] = {}
_lock = threading.Lock()


@contextlib.contextmanager
def _known(process: subprocess.Popen[bytes], work: Path) -> Iterator[None]:
    with _lock:
        _running[process] = work
    try:
        yield
    finally:
        with _lock:
            del _running[process]


def end_all() -> None:
    """Ends every run at once. Ctrl+C in a terminal does not reach them, since each is a session of its own."""
    with _lock:
        for process, work in _running.items():
            _end_all(process, work)


def _text(path: Path, most: int) -> str:
    """The end of a file as text."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - most))
        return file.read(most).decode("utf-8", "replace")


@dataclass(frozen=True)
class Job:
    """A demo and its settings, and who asks for it: a file and the number it wants from the result. Pictures that
    nobody looks at are not drawn, since that takes longer than most runs."""

    demo: str
    given: Mapping[str, Setting]
    path: str
    number: str = ""
    where: tuple[str | int, ...] = ()
    drawn: bool = True


def lesson_key(demo: str, settings: Mapping[str, Any]) -> str:
    return f"{demo} {json.dumps(dict(settings), sort_keys=True)}"


def environment(folder: Path) -> dict[str, str]:
    """The variables that a demo of this folder is run with: where programs are, and nothing else that is around, such
    as the secrets of whoever runs the build."""
    given = {"PYTHONPATH": str(folder.parent), "PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1"}
    return {**few(os.environ), **given}


def few(variables: Mapping[str, str]) -> dict[str, str]:
    """Of variables those that a program needs to be started, and to say its words in the language that is spoken."""
    return {name: value for name, value in variables.items() if name.upper() in _NEEDED}


_NEEDED = {
    "PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
    "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA",
}  # fmt: skip


def run_job(job: Job, folder: Path) -> dict[str, Any] | Problem:
    """Runs a demo in a process of its own, as a reader would in a terminal, but within limits."""
    command = [sys.executable, "-m", "demos", job.demo, "--json", *_options(job.given)]
    path = f"demos/{job.demo}.py"
    asked = f" (with {' '.join(_options(job.given))}, as in {job.path})" if job.given else ""
    ended = run(command, environment(folder))
    if ended.broke[0]:
        return Problem(path, ended.broke[0] + asked, ended.broke[1], line=1)
    said = _said(ended.output)
    if ended.code and "error" in said:
        error = said["error"]
        hint = NO_MEMORY if "MemoryError" in error["message"] else error["hint"]
        return Problem(error["path"] or path, error["message"] + asked, hint, line=error["line"] or 1)
    if ended.code:  # it ended without a word of its own, as when the system ends it or its result is too large to write
        how = f"exit code {ended.code}" if ended.code > 0 else signal.Signals(-ended.code).name
        last = ended.complaints.strip().rpartition("\n")[2] or f"it ended with {how} and said nothing"
        return Problem(path, last + asked, NO_MEMORY if "MemoryError" in last else "", line=1)
    try:
        return from_json(json.loads(ended.output))
    except NoResult as wrong:
        return Problem(path, f"its result can not be shown: {wrong}{asked}", "let it return a Result", line=1)
    except (ValueError, RecursionError):
        hint = "a demo returns its Result and prints nothing"
        return Problem(path, f"its output is not its result alone{asked}", hint, line=1)


def run_along(
    demo: str, own: Mapping[str, Setting], changes: Sequence[Mapping[str, Setting]], folder: Path
) -> list[str]:
    """Runs a demo many times in one process: at its own settings and with each change -> a line of JSON for each.

    The lines are those of demos/_run/sweep.py; one is "" where there is none. A process that ends early has given what
    it has; another one goes on from there. A run at which one breaks before it has given anything is left out.
    """
    known: list[str] = []
    while len(known) < len(changes) + 1:
        rest = json.dumps([dict(change) for change in changes[max(len(known) - 1, 0) :]])
        command = [sys.executable, "-m", "demos._run.sweep", demo, json.dumps(dict(own)), rest]
        printed = run(command, environment(folder), MOST_OUTPUT_ALONG).output
        whole = printed.split("\n")[:-1]  # what follows the last line end is half a line
        if not known and not whole:
            return [""] * (len(changes) + 1)  # not even at its own settings
        new = whole[1:] if known else whole
        known += new or [""]
    return known


NO_MEMORY = f"a demo may use {MOST_MEMORY // 1024**2:,} MiB"


def _said(output: str) -> dict[str, Any]:
    """The last line of what a run printed, where that is an object of JSON: its result, or its error."""
    try:
        said = json.loads(output.rstrip().rpartition("\n")[2])
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def command_for(demo: str, settings: Mapping[str, Setting], *verb: str) -> str:
    """What to type in a terminal."""
    return shlex.join(["python", "-m", "demos", *verb, demo, *_options(settings)])


def _options(given: Mapping[str, Setting]) -> list[str]:
    """Settings as options of the command line."""
    options = []
    for name, value in given.items():
        option = name.replace("_", "-")
        if isinstance(value, bool):
            options.append(f"--{option}" if value else f"--no-{option}")
        else:
            options.append(f"--{option}={value}")
    return options
