"""What one more lesson costs in every stage of CI, and what all stages would take at 250.

    python -m bench.tests                          with 4 and with 12 lessons that are made up
    python -m bench.tests --lessons 10 20          other numbers of them
    python -m bench.tests --stages mutants parity  some of the stages

The project is copied, and in the copy the lesson of middling length whose test needs no other demo is repeated under
new names: its term, its demo with all controls and their ends, its tests, its planted bugs. Every stage then runs for
these lessons only, once with fewer of them and once with more, each time in a fresh copy and with nothing remembered of
them. The difference is what a lesson costs, and what is left is what a stage costs before it looks at any lesson. From
both follows what a stage takes today and at 250, if lessons go on to be like this one. Seconds are those of CPU, of all
processes that a stage starts, since other work on the machine moves the clock far more.
"""

import argparse
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from generator.problems import counted

HERE = Path(__file__).parent.parent
LESSONS = [4, 12]
AT = 250
MARK = "invented"
PYTEST = ["-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider"]
COPIED = ("demos", "generator", "terms", "tests", "bench", "mkdocs.yml", "pyproject.toml", "Makefile", "README.md")


class Line(NamedTuple):
    """What a stage costs in seconds of CPU. fixed: before it looks at a lesson; each: of one lesson; why_not: where
    nothing can be said of a lesson, the reason, and then the other two say nothing
    """

    stage: str
    fixed: float
    each: float
    why_not: str = ""

    def at(self, lessons: int) -> float:
        return self.fixed + self.each * lessons


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.tests", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--lessons", type=int, nargs=2, default=LESSONS, metavar="N", help="fewer, and more")
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=list(STAGES), help="which of them")
    given = parser.parse_args(arguments)
    fewer, more = sorted(given.lessons)
    if not 0 < fewer < more <= len(NAMES):
        parser.error(f"these are two numbers from 1 to {len(NAMES)}")
    found = {count: measured(count, given.stages) for count in (fewer, more)}
    texts = [path.read_text("utf-8") for path in (HERE / "terms").glob("[!_]*.yml")]
    terms = [text for text in texts if re.search("^title:", text, re.MULTILINE)]
    known = lines(found)
    print("\n" + table(known, today=len(terms)))
    if any("failed" in one.why_not for one in known):
        sys.exit(1)


def measured(count: int, stages: Iterable[str]) -> dict[str, float | None]:
    """Seconds of CPU by stage for so many invented lessons; None of a stage that failed, and why is printed."""
    found: dict[str, float | None] = {}
    with tempfile.TemporaryDirectory(prefix="termlab-tests-") as folder:
        project = copied(Path(folder) / "project")
        print(f"invented {counted(count, 'lesson')} like {invent(project, count)}", flush=True)
        environment = os.environ | {
            "PYTHONPATH": str(project), "OMP_NUM_THREADS": "1", "PYTEST_DEBUG_TEMPROOT": folder,
        }  # fmt: skip
        for stage in stages:
            before, failed = _cpu(), False
            for command in STAGES[stage](count):
                done = subprocess.run(
                    [sys.executable, *command], cwd=project, env=environment, capture_output=True, text=True
                )
                if done.returncode:
                    failed = True
                    said = (done.stdout + done.stderr)[-3000:]
                    print(f"  {stage} ended with {done.returncode}:\n{said}", file=sys.stderr, flush=True)
                    break
            spent = _cpu() - before
            found[stage] = None if failed else spent
            print(f"  {stage}: {'failed after ' if failed else ''}{spent:.1f} s", flush=True)
    return found


def _cpu() -> float:
    """Seconds of all processes that were started and have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


# --- the stages: each gives its commands for so many lessons -------------------------------------------------


def _tests_of_lessons(count: int) -> list[list[str]]:
    return [[*PYTEST, *(f"tests/demos/test_{module(name)}.py" for name in NAMES[:count])]]


def _every_demo(_: int) -> list[list[str]]:
    return [[*PYTEST, "tests/demos/test_every_demo.py", "-k", MARK]]


def _real_glossary(_: int) -> list[list[str]]:
    reading = [path for path in sorted((HERE / "tests").rglob("test_*.py")) if "load(ROOT" in path.read_text("utf-8")]
    return [[*PYTEST, *(path.relative_to(HERE).as_posix() for path in reading), "-m", "not pages and not parity"]]


def _site(_: int) -> list[list[str]]:
    return [["-m", "generator", "site"]]


def _pages(_: int) -> list[list[str]]:
    return [[*PYTEST, "-m", "pages", "-p", "bench.only_invented", "tests/site"]]


def _parity(_: int) -> list[list[str]]:
    return [[*PYTEST, "-m", "parity", "-k", MARK, "tests/site", "tests/generator/lessons"]]


def _mutants(count: int) -> list[list[str]]:
    return [["-m", "tests.mutants", *(module(name) for name in NAMES[:count])]]


# In this order, since what `make site` remembers is what the tests of the site find.
STAGES = {
    "site": _site,
    "tests of lessons": _tests_of_lessons,
    "tests of every demo": _every_demo,
    "tests that read the glossary": _real_glossary,
    "pages": _pages,
    "parity": _parity,
    "mutants": _mutants,
}


# --- the lessons ---------------------------------------------------------------------------------------------

NAMES = [f"{first}{second}" for first in ("Ba", "Da", "Fa", "Ka", "La", "Ma", "Na", "Ra", "Ta", "Va")
         for second in ("bo", "do", "fu", "go", "ko", "lo", "mo", "no", "po", "ro")]  # fmt: skip


def module(name: str) -> str:
    return f"{MARK}_{name.lower()}"


def copied(project: Path) -> Path:
    """The project with what it remembers of its own lessons; the runtime of pages as a link."""
    project.mkdir(parents=True)
    for name in (*COPIED, ".github", ".cache"):
        if (HERE / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "pyodide")
            shutil.copytree(HERE / name, project / name, ignore=ignored)
        elif (HERE / name).exists():
            shutil.copy(HERE / name, project)
    if (HERE / ".cache" / "pyodide").is_dir():
        (project / ".cache" / "pyodide").symlink_to(HERE / ".cache" / "pyodide")
    return project


def invent(project: Path, count: int) -> str:
    """Adds lessons to a project -> the name of the demo that all of them are like."""
    like = _middling(project)
    term = next(
        path for path in sorted((project / "terms").glob("[!_]*.yml"))
        if re.search(rf"^demo:\n(?:  .*\n)*?  module: {like}$", path.read_text(encoding="utf-8"), re.MULTILINE)
    )  # fmt: skip
    title = json.loads(json.dumps(re.search(r'^title: "?([^"\n]+)', term.read_text(encoding="utf-8"))[1]))
    places = {
        term: "terms/{slug}.yml",
        project / "demos" / f"{like}.py": "demos/{module}.py",
        project / "tests" / "demos" / f"test_{like}.py": "tests/demos/test_{module}.py",
    }
    listing = project / "tests" / "demos" / "mutants.yml"
    bugs = [line for line in listing.read_text(encoding="utf-8").splitlines() if f"file: demos/{like}.py, find" in line]
    for name in NAMES[:count]:
        slug = module(name).replace("_", "-")
        for path, place in places.items():
            # The sources are those of the model, and stay as they are.
            text, *sources = re.split(r"^(?=sources:$)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
            for old, new in (
                (like, module(name)),
                (term.stem, slug),
                (title, f"{MARK.title()} {name}"),
                (title.lower(), f"{MARK} {name.lower()}"),
                (title.capitalize(), f"{MARK.capitalize()} {name.lower()}"),
            ):
                text = text.replace(old, new)
            if path == term:
                text = re.sub(r"^aliases:\n(?:  - .*\n)+", "aliases: []\n", text, flags=re.MULTILINE)
                text = re.sub(r"^related: .*$", f"related: [{term.stem}]", text, flags=re.MULTILINE)
            (project / place.format(slug=slug, module=module(name))).write_text(
                "".join([text, *sources]), encoding="utf-8"
            )
        with listing.open("a", encoding="utf-8") as file:
            file.writelines(bug.replace(f"demos/{like}.py", f"demos/{module(name)}.py") + "\n" for bug in bugs)
    return like


def _middling(project: Path) -> str:
    """The demo of middling length among those whose tests name no other."""
    lengths: dict[str, int] = {}
    for path in (project / "tests" / "demos").glob("test_*.py"):
        name, named = path.stem.removeprefix("test_"), set(re.findall(r"\bdemos\.\w+", path.read_text("utf-8")))
        demo = project / "demos" / f"{name}.py"
        if demo.is_file() and named == {f"demos.{name}"}:
            lengths[name] = len(demo.read_text(encoding="utf-8"))
    middle = statistics.median(lengths.values())
    return min(lengths, key=lambda name: (abs(lengths[name] - middle), name))


# --- the table -----------------------------------------------------------------------------------------------


def lines(found: dict[int, dict[str, float | None]]) -> list[Line]:
    """From the seconds with fewer and with more lessons: the straight line through both, if one rises from zero."""
    (fewer, before), (more, after) = sorted(found.items())
    return [_line(stage, (fewer, before[stage]), (more, after[stage])) for stage in before]


def _line(stage: str, fewer: tuple[int, float | None], more: tuple[int, float | None]) -> Line:
    if failed := [count for count, seconds in (fewer, more) if seconds is None]:
        return Line(stage, 0, 0, f"failed with {' and with '.join(counted(count, 'lesson') for count in failed)}")
    first, second = fewer[1] or 0, more[1] or 0
    each = (second - first) / (more[0] - fewer[0])
    if each <= 0:
        return Line(stage, 0, 0, f"{first:.1f} s with {fewer[0]} and {second:.1f} s with {more[0]}: lost in the noise")
    return Line(stage, first - each * fewer[0], each)


def table(stages: list[Line], today: int) -> str:
    known = [one for one in stages if not one.why_not]
    every = [*stages, Line("all of these", sum(one.fixed for one in known), sum(one.each for one in known))]
    head = f"| CPU seconds | before any lesson | a lesson | at {today} | at {AT} |\n|---|---:|---:|---:|---:|"
    rows = (
        f"| {one.stage} | {one.why_not} | – | – | – |"
        if one.why_not
        else f"| {one.stage} | {one.fixed:,.0f} | {one.each:.2f} | {one.at(today):,.0f} | {one.at(AT):,.0f} |"
        for one in every
    )
    return "\n".join([head, *rows])


if __name__ == "__main__":
    main()
