"""Edge: what one run remembers for the next, sealed so that only what this account wrote is believed.

The folder .cache lies in the project, so anybody's branch can bring one along, and what is remembered is trusted:
parsed entries are unpickled, pictures go into pages as they are. Each file therefore starts with a seal that can only
be made with a key which never leaves the home folder. A file without it, or with a wrong one, was never there.
"""

import hashlib
import hmac
import os
import platform
import secrets
import sys
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

import platformdirs

from demos._run.source import machinery_files
from generator.saving import beside

# What is remembered, below the project: parsed entries, what check said of them, what files were called before, results
# of demos and their sweeps, which page was made from what (in the folder of Markdown, in the finished site, in the
# preview), colored code, compiled templates, the words of texts for search, the runtime of live pages, the charts'
# library. Demos are kept beside the entries, see load/demos.py; LOCK keeps builds apart.
FOLDER = ".cache"
TERMS = f"{FOLDER}/terms.pickle"
CHECKED = f"{FOLDER}/checked.pickle"
RENAMES = f"{FOLDER}/renames.json"
DEMOS = f"{FOLDER}/demos.pickle"
LESSONS = f"{FOLDER}/lessons"
SWEEPS = f"{FOLDER}/sweeps"
PAGES = f"{FOLDER}/pages.json"
SITE = f"{FOLDER}/site.json"
PREVIEW = f"{FOLDER}/preview.json"
CODE = f"{FOLDER}/code"
TEMPLATES = f"{FOLDER}/templates"
WORDS = f"{FOLDER}/words.json"
VEGA = f"{FOLDER}/vega"
PYODIDE = "pyodide"  # below that folder, or below the one that TERMLAB_CACHE names
LOCK = f"{FOLDER}/build.lock"

SIZE = 32  # bytes of a seal, and of the key


def keep(path: Path, data: bytes) -> None:
    """Remembers data under a path. Whoever reads it meanwhile gets the old data or the new, whole.

    Where it can not be written all goes on, and what would have been remembered is made anew the next time.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")  # threads may remember the same
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(_seal(path, data) + data)
        os.replace(part, path)
    except OSError as error:
        _forgotten(path.parent, error.strerror)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@cache
def _forgotten(folder: Path, why: str) -> None:
    """Says once of a folder that nothing can be remembered in it."""
    print(f"note: nothing is remembered in {folder}: {why}", file=sys.stderr)


def kept(path: Path) -> bytes | None:
    """What was remembered under a path; None for nothing, for half of it, and for what somebody else put there."""
    try:
        found = path.read_bytes()
    except OSError:
        return None
    seal, data = found[:SIZE], memoryview(found)[SIZE:]  # several megabytes, which are not copied to be looked at
    return bytes(data) if hmac.compare_digest(seal, _seal(path, data)) else None


def _seal(path: Path, data: bytes | memoryview) -> bytes:
    seal = hashlib.blake2b(path.name.encode() + b"\0", key=_key(), digest_size=SIZE)
    seal.update(data)
    return seal.digest()


@cache
def _key() -> bytes:
    """The key of this account, made when it is first needed. Without a place for it, nothing outlives this process."""
    place = platformdirs.user_state_path("termlab") / "seal"
    with suppress(OSError):
        if not place.is_file():
            place.parent.mkdir(parents=True, exist_ok=True)
            with beside(place) as part:
                Path(part).touch(mode=0o600)
                Path(part).write_bytes(secrets.token_bytes(SIZE))
        if len(found := place.read_bytes()) == SIZE:
            return found
    return secrets.token_bytes(SIZE)


HERE = Path(__file__).parent
OURS = ("*.py", "templates/*.j2", "words/*.txt")  # of the generator's files, at any depth
# What decides how a file is read and what its page looks like.
LIBRARIES = ("ahocorasick-rs", "anyascii", "codespell", "jinja2", "latex2mathml", "markupsafe", "pydantic", "pyyaml")


@cache
def program() -> str:
    """Changes with every change of the generator, its templates and lists, what reads demos, and its libraries."""
    code = b"".join(path.read_bytes() for path in program_files())
    return " ".join([hashlib.sha256(code).hexdigest(), *map(version, LIBRARIES), platform.python_version()])


def program_files() -> list[Path]:
    """The files that program() looks at."""
    return [*(path for pattern in OURS for path in sorted(HERE.rglob(pattern))), *machinery_files()]
