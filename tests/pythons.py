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
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
LEFT_OUT = shutil.ignore_patterns("build", "__pycache__", ".*", "*.egg-info")  # what other builds made and remember
MOST_TOLD = 20
Files = Mapping[str, bytes]


def built(python: str, place: Path) -> Files:
    """Copies the project there and builds it with a program of its own packages -> its pages by name.

    Raises subprocess.CalledProcessError where a command fails.
    """
    project, own = place / "project", place / "environment"
    shutil.copytree(ROOT, project, ignore=LEFT_OUT)
    subprocess.run([python, "-m", "venv", str(own)], check=True)
    mine = own / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    install = ["-m", "pip", "install", "--quiet", "--constraint", "constraints.txt", "--editable", "."]
    subprocess.run([str(mine), *install], cwd=project, check=True)
    # Names and dates come from the files alone, and so must the order in which they are found.
    environment = {**os.environ, "PYTHONPATH": str(project), "PYTHONHASHSEED": str(len(python))}
    subprocess.run([str(mine), "-m", "generator", "build"], cwd=project, check=True, env=environment)
    return contents(project / "build" / "docs")


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
    """Builds with each and compares. Exit code 1 where files differ, 2 where there are not two to compare."""
    if len(pythons) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    made = {}
    for python in pythons:
        with tempfile.TemporaryDirectory(prefix="termlab-python-") as place:
            made[python] = built(python, Path(place))
            print(f"{python}: {len(made[python]):,} files", flush=True)
    told = differences(made)
    for line in told[:MOST_TOLD]:
        print(line)
    print(f"{len(told)} differences" if told else "all of them made the same bytes")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
