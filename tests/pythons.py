"""The pages on several versions of Python: each builds them anew in a copy of the project, and all must make the same.

    python -m tests.pythons python3.11 python3.12 python3.13 python3.14      as .github/workflows/nightly.yml does

It needs these programs and a package index, and takes some minutes for each; it is no part of make test. It compares
every file of build/docs, which hold all that the generator makes, and tells which differ, with their first other line.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
LEFT_OUT = shutil.ignore_patterns("build", "__pycache__", ".*", "*.egg-info")  # what other builds made and remember
MOST_TOLD = 20
Files = Mapping[str, bytes]


class NotBuilt(Exception):  # noqa: N818  says what happened
    """Why a Python has made no pages: a sentence."""


def built(python: str, source: Path, place: Path, seed: int) -> Files:
    """Copies the project there and builds it with a program of its own packages -> its pages by name.

    seed: of Python's hashes, and so of the order of its sets. Raises NotBuilt where a command fails.
    """
    project, own = place / "project", place / "environment"
    shutil.copytree(source, project)
    _run("makes no environment", [python, "-m", "venv", str(own)], project)
    mine = own / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    install = ["-m", "pip", "install", "--quiet", "--constraint", "constraints.txt", "--editable", "."]
    _run("gets no packages", [str(mine), *install], project)
    # Names and dates come from the files alone, and so must the order in which they are found.
    environment = {"PYTHONPATH": str(project), "PYTHONHASHSEED": str(seed)}
    environment["TERMLAB_CACHE"] = os.environ.get("TERMLAB_CACHE", str(ROOT / ".cache"))  # of the Python in pages
    _run("builds no pages", [str(mine), "-m", "generator", "build"], project, environment)
    return contents(project / "build" / "docs")


def _run(failure: str, command: Sequence[str], project: Path, environment: Mapping[str, str] | None = None) -> None:
    """Runs a command, whose own words say more where it fails. Raises NotBuilt."""
    try:
        code = subprocess.run(command, cwd=project, env={**os.environ, **(environment or {})}).returncode
    except OSError as error:
        raise NotBuilt(f"{failure}: it can not be started: {error.strerror}") from None
    if code:
        raise NotBuilt(f"{failure}: {' '.join(command[1:4])} ended with {code}")


def contents(folder: Path) -> Files:
    """Every file of a folder by its name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def differences(made: Mapping[str, Files]) -> list[str]:
    """How what the others made differs from what the first made, a line for each file that does."""
    first, *others = made
    told = []
    for other in others:
        for name in sorted(made[first].keys() | made[other].keys()):
            here, there = made[first].get(name), made[other].get(name)
            if here is None or there is None:
                told.append(f"{name}: only {first if there is None else other} makes it")
            elif here != there:
                lines = zip(here.split(b"\n"), there.split(b"\n"), strict=False)
                number = next((i for i, (a, b) in enumerate(lines, start=1) if a != b), 0)
                told.append(f"{name}:{number}: {first} and {other} differ")
    return told


def main(pythons: Sequence[str]) -> int:
    """Builds with each and compares. Exit code 1 where files differ or one built none, 2 where two were not named.

    One that builds nothing is told, and the others are compared all the same.
    """
    if len(pythons) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    made, failed = dict[str, Files](), 0
    with tempfile.TemporaryDirectory(prefix="termlab-pythons-") as folder:
        source = Path(folder, "source")
        shutil.copytree(ROOT, source, ignore=LEFT_OUT)  # once, since all of it takes long enough to edit something
        for seed, python in enumerate(pythons, start=1):
            started, place = time.monotonic(), Path(folder, str(seed))
            try:
                made[python] = built(python, source, place, seed)
            except NotBuilt as why:
                failed += 1
                print(f"{python}: {why}", flush=True)
            else:
                minutes = (time.monotonic() - started) / 60
                print(f"{python}: {len(made[python]):,} files in {minutes:.1f} minutes", flush=True)
            shutil.rmtree(place, ignore_errors=True)
    told = differences(made) if len(made) > 1 else []
    for line in told[:MOST_TOLD]:
        print(line)
    if len(made) > 1:
        print(f"{len(told)} differences" if told else f"{' and '.join(made)} made the same bytes")
    else:
        print("there are no two to be compared")
    return 1 if told or failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
