"""Runs files of tests, each in a fork of this process, which has imported the libraries that tests use.

Says "ready" when it has imported them. Then it reads a line of JSON for each run, {"tests", "options", "seconds"}, and
answers with one: {"code", "said"}, where the code is None if the time was over. Our own demos and tests are imported by
the forks alone, so that each sees the files as they are then.
"""

import ast
import contextlib
import gc
import importlib
import json
import os
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

# Plugins that were imported early can not be rewritten, and need not be: their own assertions are not ours.
QUIET = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
OURS = ("demos", "tests", "generator")


def libraries(root: Path) -> Iterator[str]:
    """What the tests of demos import that is not ours, as dotted names, the usual ones first."""
    found: dict[str, None] = {}
    for path in sorted(root.glob("tests/demos/**/*.py")) + sorted(root.glob("demos/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= dict.fromkeys(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found[node.module] = None
    return (name for name in found if name.partition(".")[0] not in OURS)


def run(tests: list[str], options: list[str], seconds: float) -> dict[str, object]:
    """Runs a file of tests, or single ones, in a fork -> its exit code, and what it said."""
    with tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            os.setsid()  # so that whatever it starts ends with it
            for stream in (1, 2):
                os.dup2(said.fileno(), stream)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            code = 3
            try:
                code = int(pytest.main([*QUIET, *options, *tests]))
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        end, status = time.monotonic() + seconds, None
        while status is None and time.monotonic() < end:
            done, found = os.waitpid(child, os.WNOHANG)
            if done:
                status = found
            else:
                time.sleep(0.005)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        if status is None:
            os.waitpid(child, 0)
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    return {"code": None if status is None else os.waitstatus_to_exitcode(status), "said": text}


def main() -> None:
    """Imports what it can, then answers until its input ends."""
    sys.path.pop(0)  # the folder of this file, whose modules are no top-level ones
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in libraries(Path.cwd()):
            with contextlib.suppress(Exception):  # a test that needs it says so itself
                importlib.import_module(name)
    # What is loaded stays as it is, so that no fork spends its time, and its memory, on looking for garbage in it.
    gc.collect()
    gc.freeze()
    print("ready", flush=True)  # all files have been read, and may be changed from now on
    for line in sys.stdin:
        print(json.dumps(run(**json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
