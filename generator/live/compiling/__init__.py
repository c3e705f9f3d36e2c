"""Edge: the archives of compiled modules that let Python start in half the time, made once and kept with the runtime.

The page's own Python compiles them, in Node.js. Where there is none, pages load the sources as they were fetched, and
work just as well, after a longer wait. runtime.lock.json pins the sums of what comes out.
"""

import contextlib
import errno
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from generator.saving import whole

HERE = Path(__file__).parent
SLOWLY = "pages start Python from its sources, which takes about twice as long"
PATIENCE = 900  # seconds; it takes fifteen of CPU time
NO_ROOM = os.strerror(errno.ENOSPC)


def node() -> str | None:
    """The program that runs JavaScript: that of this machine, or the one that comes with Playwright."""
    if found := shutil.which("node"):
        return found
    playwright = importlib.util.find_spec("playwright")
    for folder in (playwright and playwright.submodule_search_locations) or ():
        for name in ("node", "node.exe"):
            if (path := Path(folder) / "driver" / name).is_file():
                return str(path)
    return None


def compile_into(
    folder: Path,
    runtime: Path,
    wrong: Callable[[Path], Sequence[str]],
    say: Callable[[str], None],
    program: str | None = None,
) -> bool:
    """Fills a folder with the compiled archives, made from the files in `runtime`; False where it stays as it is.

    wrong: how the files of a folder differ from what is pinned, in words. program: Node.js, looked for unless given.
    What came out wrong once is not made again by the same Node.js, since that takes a while; it is told again.
    """
    program = program or node()
    if program is None:
        say(f"runtime: no Node.js to compile Python's modules, so {SLOWLY}")
        return False
    remembered = folder.parent / f"{folder.name}.json"
    key = {"node": _version(program), "sums": _sums()}
    failure = _failed_before(remembered, key)
    if failure is None:
        say("runtime: Python's modules are compiled, once")
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
            made = Path(scratch) / "made"
            made.mkdir()
            failure = _run(program, runtime, made) or "; ".join(wrong(made))
            if not failure:
                if folder.exists():
                    folder.rename(Path(scratch) / "retired")
                with contextlib.suppress(OSError):  # another build was first, with the same bytes
                    made.rename(folder)
                if not wrong(folder):
                    return True
                failure = Passing(f"{folder} can not be written")
        if not isinstance(failure, Passing):
            with contextlib.suppress(OSError):
                whole(remembered, json.dumps({**key, "failure": failure}).encode())
    say(f"runtime: compiled modules are not used, so {SLOWLY}: {failure}")
    return False


class Passing(str):
    """What went wrong this time, and need not the next time: nothing that is remembered."""


def _run(program: str, runtime: Path, target: Path) -> str:
    """Compiles, and says what went wrong, or nothing."""
    command = [program, str(HERE / "compile.mjs"), str(runtime), str(target)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"Node.js could not be run: {error}"
    if done.returncode == 0:
        return ""
    if done.returncode < 0:
        return Passing(f"Node.js was ended by {signal.Signals(-done.returncode).name}")
    if NO_ROOM in done.stderr or "ENOSPC" in done.stderr:
        return Passing(f"{target.parent.parent}: {NO_ROOM}")
    return (done.stderr.strip() or f"Node.js ended with {done.returncode}")[-500:]


def _failed_before(remembered: Path, key: dict[str, str]) -> str | None:
    try:
        found = json.loads(remembered.read_text(encoding="utf-8"))
        return str(found["failure"]) if {name: found[name] for name in key} == key else None
    except (OSError, ValueError, KeyError):
        return None


def _version(program: str) -> str:
    try:
        return subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return "none"


def _sums() -> str:
    """Of all that decides what comes out."""
    files = [HERE / "compile.mjs", HERE / "bytecode.py", HERE.parent / "runtime.lock.json"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
