"""Edge: hands Markdown to the engine that makes HTML of it, which runs as a program of its own.

The engine is MkDocs with the Material theme, configured in mkdocs.yml. The generator never imports it: it talks to
mkdocs_program.py, which stays for as long as it is needed.
"""

import contextlib
import hashlib
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from generator.cache import CODE
from generator.config import settings
from generator.problems import Refused

HERE = Path(__file__).parent
PROGRAM = "generator.output.mkdocs_program"
LIBRARIES = ("mkdocs", "mkdocs-material", "markdown", "pymdown-extensions", "pygments", "jinja2", "markupsafe")


class EngineFailed(Refused):
    """The engine's own words about what it could not do."""

    def __str__(self) -> str:
        return f"{super().__str__()}\nThe last good site is untouched."


class Engine:
    """The engine's program, started when it is first needed, and ended by close() or at the end of a with block."""

    def __init__(self, root: Path, site_url: str = "", processes: int = 0) -> None:
        """processes: among how many pages are shared out; 0 leaves that to the program."""
        self.root, self.site_url, self.processes = root, site_url, processes
        self.program: subprocess.Popen[str] | None = None
        self.said: IO[bytes] | None = None  # what the program says on standard error, for the case that it ends

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def start(self) -> "subprocess.Popen[str]":
        """Starts the program, where it does not run already."""
        if self.program is None or self.program.poll() is not None:
            command = [sys.executable, "-m", PROGRAM, str(self.root), str(self.root / CODE)]
            path = os.pathsep.join([str(HERE.parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
            environment = {**engine_environment(), "PYTHONPATH": path, "TERMLAB_ENGINE": versions()}
            self.close()
            self.said = tempfile.TemporaryFile()  # noqa: SIM115  close() closes it
            self.program = subprocess.Popen(
                command + [self.site_url] * bool(self.site_url),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said,
                text=True, encoding="utf-8", env=environment,
            )  # fmt: skip
        return self.program

    def make(self, to: Path, pages: Sequence[str], names: Collection[str], frame: bool) -> dict[str, Any]:
        """Makes some pages of build/docs below a folder, and what belongs to the theme if `frame` -> what it made.

        names: all pages, for links. Raises EngineFailed where the engine fails, or warns of anything, and OSError where
        the system refuses to read or write a file.
        """
        program = self.start()
        asked: dict[str, Any] = {"to": str(to), "pages": pages, "names": sorted(names), "frame": frame}
        asked["processes"] = self.processes
        assert program.stdin is not None
        assert program.stdout is not None
        try:
            program.stdin.write(json.dumps(asked) + "\n")
            program.stdin.flush()
            answer = program.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            said = self._last_words()
            raise EngineFailed(f"The engine could not build the site:\n{said or 'it ended without a word'}")
        made: dict[str, Any] = json.loads(answer)
        if refused := made.get("refused"):
            raise OSError(*refused)
        if said := "\n".join([*made.get("warnings", ()), *filter(None, [made.get("error")])]):
            raise EngineFailed(f"The engine could not build the site:\n{said}")
        return made

    def close(self) -> None:
        """Ends the program."""
        if self.program is not None:
            self.program.terminate()
            with contextlib.suppress(BrokenPipeError):
                self.program.communicate()
            self.program = None
        if self.said is not None:
            self.said.close()
            self.said = None

    def _last_words(self) -> str:
        if self.said is None:
            return ""
        self.said.seek(0)
        return self.said.read().decode(errors="replace").strip()


def engine_key(root: Path, site_url: str = "") -> str:
    """Changes with all that a page depends on but for its own Markdown: configuration, theme and engine."""
    known = hashlib.sha256()
    config = settings(root)
    known.update(repr((versions(), config, site_url, engine_environment()["SOURCE_DATE_EPOCH"])).encode())
    theme = config.get("theme")
    custom = theme.get("custom_dir") if isinstance(theme, dict) else None
    files = sorted(path for path in (root / custom).rglob("*") if path.is_file()) if custom else []
    for path in files:
        known.update(repr(path.relative_to(root).as_posix()).encode() + path.read_bytes())
    return known.hexdigest()


@cache
def versions() -> str:
    """The engine, what it is made of, and the program that drives it."""
    files = ("mkdocs_program.py", "mkdocs_parser.py", "shortcut.py", "compiled.py")
    program = b"".join((HERE / name).read_bytes() for name in files)
    libraries = [importlib.metadata.version(name) for name in LIBRARIES]
    return " ".join([hashlib.sha256(program).hexdigest(), *libraries, platform.python_version()])


def engine_environment() -> dict[str, str]:
    # The build date appears in the sitemap; without a given one, the day of the newest source would change bytes.
    return {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "1767225600"),
    }
