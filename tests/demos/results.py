"""What demos give, computed once for each setting and shared by all tests and by all processes that run them.

A result is kept below the folder of pytest's temporary files, which belongs to this account, under a hash of all that
made it: the demo and whatever it imports or reads, its settings, what runs it, Python and NumPy. An edit of any of
these is another name, so that nothing old is ever found.
"""

import contextlib
import hashlib
import io
import json
import os
import platform
import secrets
import sys
import tempfile
import time
from functools import cache
from getpass import getuser
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from demos._run.fingerprint import fingerprint
from demos._run.run import DemoFailed, run
from demos._run.source import machinery_files

FOLDER = "termlab-results"


class Ran(NamedTuple):
    """What a run gave. numbers: in their order; digest: of the whole result as JSON; seconds: of CPU time, in the
    process that ran it; said: what it wrote to the streams; refused: sentence and remedy, where it refuses the settings
    """

    numbers: dict
    summary: str
    pictures: int
    digest: str
    seconds: float
    said: str
    refused: list | None


def digest(result):
    """A hash of a result as JSON. Raises ValueError for what JSON has no sign for."""
    return hashlib.sha256(json.dumps(result, allow_nan=False).encode()).hexdigest()


@cache
def ran(name, settings=""):
    """The run of a demo at settings, given as JSON (see `at`). Raises DemoFailed where it fails at a line."""
    given = json.loads(settings or "{}")
    place = _folder() / f"{name}-{_key(name, given)}.json"
    with contextlib.suppress(OSError, ValueError, TypeError):
        return Ran(**json.loads(place.read_text(encoding="utf-8")))
    found = _run(name, given)
    beside = place.with_name(f"{place.name}.{secrets.token_hex(4)}")
    beside.write_text(json.dumps(found._asdict()), encoding="utf-8")
    os.replace(beside, place)
    return found


def at(name, given=None):
    """The run of a demo at settings."""
    return ran(name, json.dumps(given or {}, sort_keys=True))


def _run(name, given):
    import_module(f"demos.{name}")  # loading NumPy is not the demo's time
    result, refused = None, None
    with _heard() as said:
        started = time.process_time()
        try:
            result = run(name, given)
        except DemoFailed as error:
            if error.line is not None:
                raise
            refused = [error.message, error.hint]
        seconds = time.process_time() - started
    if result is None:
        return Ran({}, "", 0, "", seconds, "".join(said), refused)
    return Ran(result["numbers"], result["summary"], len(result["show"]), digest(result), seconds, "".join(said), None)


@contextlib.contextmanager
def _heard():
    """Collects what is written to standard output and to standard error, by whatever way -> a list, full at the end.

    What Python code prints is no part of it: run() tells of that itself.
    """
    said, errors = [], io.StringIO()
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(stream) for stream in (1, 2)]
    with tempfile.TemporaryFile() as file:
        try:
            for stream in (1, 2):
                os.dup2(file.fileno(), stream)
            with contextlib.redirect_stderr(errors):
                yield said
        finally:
            for stream, before in zip((1, 2), kept, strict=True):
                os.dup2(before, stream)
                os.close(before)
        file.seek(0)
        said += [file.read().decode("utf-8", "replace"), errors.getvalue()]


def _key(name, given):
    parts = [fingerprint(name, given), json.dumps(given, sort_keys=True), _surroundings()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


@cache
def _surroundings():
    """What else may change a result: the code that runs demos, and the versions of what they compute with."""
    code = b"".join(path.read_bytes() for path in [*machinery_files(), Path(__file__)])
    return " ".join([hashlib.sha256(code).hexdigest(), platform.python_version(), platform.machine(), version("numpy")])


@cache
def _folder():
    """Below the folder that pytest makes for this account, and that nobody else may write to."""
    top = Path(os.environ.get("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())) / f"pytest-of-{getuser()}"
    place = top / FOLDER
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    if hasattr(os, "getuid") and place.stat().st_uid != os.getuid():
        raise PermissionError(f"{place} belongs to somebody else")
    return place
