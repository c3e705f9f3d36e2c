"""The same work by this version and by another, in one run and by turns: a whole site, and the site after an edit.

    python -m bench.scale --against 549f8cb                  1,000 made-up terms
    python -m bench.scale --against 549f8cb --sizes 100      another size
    python -m bench.scale --against bd961df --same           this version makes up both glossaries

The other version is checked out beside this one, for as long as that takes, and each makes the glossary up and measures
it with its own bench/scale.py, on which the libraries installed here are used. Where other people work on the machine,
CPU seconds can be compared, and seconds by the clock say little.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.scale import environment

HERE = Path(__file__).parent.parent
Row = dict[str, dict[str, float]]  # stage -> wall and cpu in seconds, peak in MB


def against(revision: str, sizes: list[int], seed: int, same: bool) -> None:
    """Measures both and prints a table per size. same: this version makes up the glossaries of both."""
    with (
        tempfile.TemporaryDirectory(prefix="termlab-against-") as temporary,
        worktree(revision, Path(temporary)) as old,
    ):
        for size in sizes:
            sides = {revision: old, "this version": HERE}
            roots = {name: Path(temporary) / f"glossary-{number}" for number, name in enumerate(sides)}
            for name, code in sides.items():
                maker = HERE if same else code
                print(f"{name}: {_scale(maker, 'make', roots[name], size, seed, 0)['says']}", flush=True)
            found: dict[str, dict[str, Row]] = {}
            for state, change in STATES.items():
                for name, code in sides.items():
                    change(roots[name])
                    found.setdefault(state, {})[name] = _scale(code, "measure", roots[name], 1)
            print(f"\n{size:,} terms\n{table(found)}", flush=True)
            for root in roots.values():
                shutil.rmtree(root)


def table(found: dict[str, dict[str, Row]]) -> str:
    """CPU seconds and seconds by the clock, a column for each version, and how many times less the last one takes."""
    names = list(next(iter(found.values())))
    lines = [f"{'':34}" + "".join(f"{name:>16}" for name in names) + f"{'times':>9}"]
    for state, sides in found.items():
        for says, value in VALUES.items():
            values = [value(sides[name]) for name in names]
            times = f"{values[0] / values[-1]:9.1f}" if values[-1] >= 0.01 else f"{'–':>9}"
            lines.append(f"{f'{state}: {says}':34}" + "".join(f"{value:16.2f}" for value in values) + times)
    return "\n".join(lines)


VALUES: dict[str, Callable[[Row], float]] = {
    "generator, CPU s": lambda row: row["total"]["cpu"],
    "engine, CPU s": lambda row: row["engine"]["cpu"],
    "all, s by the clock": lambda row: row["total"]["wall"] + row["engine"]["wall"],
}


def _scale(code: Path, task: str, root: Path, *numbers: int) -> dict[str, Any]:
    """Runs a part of some version's bench/scale.py in a process of its own -> what it found."""
    command = [sys.executable, "-m", "bench.scale", f"--{task}", str(root), *map(str, numbers), repr(time.time())]
    done = subprocess.run(
        command, cwd=code, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        env=environment(PYTHONPATH=str(code)),
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.returncode)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextmanager
def worktree(revision: str, folder: Path) -> Iterator[Path]:
    place = folder / "other"
    done = subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(place), revision], cwd=HERE)
    if done.returncode:
        sys.exit(f"there is no {revision} to check out")
    try:
        yield place
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(place)], cwd=HERE, check=True)


# --- what is edited ---------------------------------------------------------------------------------------


def _nothing(_: Path) -> None:
    pass


def _text(root: Path) -> None:
    """Changes a sentence of one term, which only its own page shows."""
    place = _terms(root)[0]
    before, mark, after = place.read_text(encoding="utf-8").partition("\nexplanation: |\n")
    place.write_text(before + mark + after.replace(". ", ", once more. ", 1), encoding="utf-8")


def _title(root: Path) -> None:
    """Writes a title with other capitals, which any page may show."""
    for place in _terms(root):
        text = place.read_text(encoding="utf-8")
        if found := re.match(r'title: "(\w+) (\w+)"\n', text):
            title = f'title: "{found[1]} {found[2].lower()}"\n'
            place.write_text(title + text[found.end() :], encoding="utf-8")
            return


def _terms(root: Path) -> list[Path]:
    """The terms from the middle of the alphabet on."""
    every = sorted(path for path in (root / "terms").glob("*.yml") if path.read_text(encoding="utf-8")[:6] == "title:")
    return every[len(every) // 2 :]


STATES: dict[str, Callable[[Path], None]] = {"cold": _nothing, "one edit": _text, "one edited title": _title}
