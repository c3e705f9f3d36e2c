"""Edge: runs demos, once per setting that a page shows, and remembers what came out.

Each run is a process of its own, so that a demo that loops, exits or crashes ends itself and not the build. Results
and drawn pictures are cached by a hash over the demo, all it imports, its data, its settings and the code that draws.
"""

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tqdm import tqdm

from demos import _recorded, _run, _source, _view
from generator.model import Figure, Glossary, Setting
from generator.problems import Problem, did_you_mean, one_of

LONGEST_RUN = 60  # seconds; a demo is to take half a second, so this is a demo that hangs


@dataclass(frozen=True)
class Lesson:
    """What one demo showed at one setting, ready for a page."""

    demo: str
    settings: Mapping[str, Setting]
    summary: str
    numbers: Mapping[str, float]
    pictures: tuple[str, ...]  # safe HTML
    made_with: Mapping[str, Any] = field(default_factory=dict)  # of a recorded run: hardware, versions, seconds

    @property
    def command(self) -> str:
        """What to type to see the same in a terminal."""
        return " ".join(["python -m demos", self.demo, *_options(self.settings)])


@dataclass(frozen=True)
class Lessons:
    """All lessons, and which demo builds on which."""

    shown: Mapping[str, Lesson] = field(default_factory=dict)
    builds_on: Mapping[str, list[str]] = field(default_factory=dict)
    in_browser: frozenset[str] = frozenset()

    def of(self, demo: str, given: Mapping[str, Setting]) -> Lesson:
        return self.shown[_key(demo, given)]

    @cached_property
    def used_by(self) -> dict[str, list[str]]:
        users: dict[str, list[str]] = {name: [] for name in self.builds_on}
        for name, below in self.builds_on.items():
            for other in below:
                users[other].append(name)
        return users


@dataclass(frozen=True)
class _Job:
    """A demo and its settings, and who asks for it: a file and the numbers it wants from the result."""

    demo: str
    given: Mapping[str, Setting]
    path: str
    number: str = ""
    where: tuple[str | int, ...] = ()


def teach(glossary: Glossary, root: Path, cache: Path) -> tuple[Lessons, list[Problem]]:
    """Every lesson that the pages of a glossary need. A demo that fails is a problem, and stops the build."""
    folder = root / "demos"
    jobs = {_key(job.demo, job.given): job for job in _jobs(glossary)}
    cache.mkdir(parents=True, exist_ok=True)

    shown: dict[str, Lesson] = {}
    problems: list[Problem] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda job: _lesson(job, folder, cache), jobs.values())
        progress = tqdm(
            results, "running demos", total=len(jobs), delay=2, leave=False, disable=not sys.stderr.isatty()
        )
        for key, result in zip(jobs, progress, strict=True):
            if isinstance(result, Lesson):
                shown[key] = result
            else:
                problems.append(result)
    problems += _missing_numbers(glossary, shown)
    _forget_others(cache, {_remembered(cache, folder, job).name for job in jobs.values()})
    builds_on = {name: _source.builds_on(name, folder) for name in glossary.demos}
    in_browser = frozenset(name for name in glossary.demos if _source.runs_in_browser(name, folder))
    return Lessons(shown, builds_on, in_browser), problems


def _jobs(glossary: Glossary) -> Iterator[_Job]:
    for term in glossary.terms.values():
        yield _Job(term.demo.module, term.demo.with_, f"terms/{term.slug}.yml", where=("demo",))
    yield from _figures(glossary)


def _figures(glossary: Glossary) -> Iterator[_Job]:
    for comparison in glossary.comparisons.values():
        for i, row in enumerate(comparison.rows):
            for key, cell in row.values.items():
                if isinstance(cell, Figure):
                    path = f"terms/comparisons/{comparison.slug}.yml"
                    yield _Job(cell.demo, cell.with_, path, cell.number, ("rows", i, "values", key, "number"))


def _missing_numbers(glossary: Glossary, shown: Mapping[str, Lesson]) -> Iterator[Problem]:
    for job in _figures(glossary):
        lesson = shown.get(_key(job.demo, job.given))
        if lesson is not None and job.number not in lesson.numbers:
            hint = did_you_mean(job.number, lesson.numbers, one_of(lesson.numbers))
            yield Problem(job.path, f"the demo '{job.demo}' reports no '{job.number}'", hint, job.where)


def _key(demo: str, given: Mapping[str, Setting]) -> str:
    return f"{demo} {json.dumps(dict(given), sort_keys=True)}"


def _lesson(job: _Job, folder: Path, cache: Path) -> Lesson | Problem:
    """One lesson: recorded, remembered, or run now."""
    settings = _run.settings(job.demo, job.given)
    recording = _recorded.load(job.demo, settings)
    if recording is None and (heavy := set(_source.packages(job.demo, folder)) - _source.BROWSER_PACKAGES):
        options = " ".join(["python -m demos record", job.demo, *_options(job.given)])
        message = f"'{job.demo}' needs {', '.join(sorted(heavy))}, so its page shows a recorded run, and there is none"
        return Problem(job.path, message, f"record it: {options}", job.where)
    remembered = _remembered(cache, folder, job)
    if remembered.exists():
        known = json.loads(remembered.read_text(encoding="utf-8"))
        return Lesson(**known | {"pictures": tuple(known["pictures"])})
    result = recording.result if recording else _result(job, folder)
    if isinstance(result, Problem):
        return result
    lesson = Lesson(
        demo=job.demo,
        settings=dict(job.given),
        summary=result["summary"],
        numbers=result["numbers"],
        pictures=tuple(map(_view.html, result["show"])),
        made_with=recording.made_with if recording else {},
    )
    beside = remembered.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    beside.write_text(json.dumps(vars(lesson)), encoding="utf-8")
    os.replace(beside, remembered)
    return lesson


def _result(job: _Job, folder: Path) -> dict[str, Any] | Problem:
    """Runs a demo in a process of its own, as a reader would in a terminal."""
    command = [sys.executable, "-m", "demos", job.demo, "--json", *_options(job.given)]
    path = f"demos/{job.demo}.py"
    asked = f" (as {job.path} asks)" if job.given else ""
    try:
        done = subprocess.run(
            command, cwd=folder.parent, capture_output=True, text=True, encoding="utf-8", timeout=LONGEST_RUN,
            env={**os.environ, "PYTHONPATH": str(folder.parent), "PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Problem(path, f"ran for more than {LONGEST_RUN} seconds{asked}", "make it smaller, or record it", line=1)
    if done.returncode:
        said, _, hint = done.stderr.strip().partition("\nhint: ")
        return Problem(path, f"failed{asked}: {said or f'exit code {done.returncode}'}", hint, line=1)
    try:
        result: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return Problem(
            path, f"printed something of its own{asked}", "a demo returns its Result and prints nothing", line=1
        )
    return result


def stale_recordings(glossary: Glossary, root: Path) -> Iterator[Problem]:
    """Recorded results whose demo, data or settings have changed since."""
    for job in {_key(job.demo, job.given): job for job in _jobs(glossary) if job.demo in glossary.demos}.values():
        try:
            recording = _recorded.load(job.demo, _run.settings(job.demo, job.given))
        except (_run.BadSetting, _run.DemoFailed):
            continue  # told by other checks
        if recording is not None and not _recorded.is_fresh(recording):
            command = " ".join(["python -m demos record", job.demo, *_options(job.given)])
            yield Problem(f"demos/{job.demo}.py", "its recorded result is out of date", f"run: {command}", line=1)


def _options(given: Mapping[str, Setting]) -> list[str]:
    """Settings as options of the command line."""
    options = []
    for name, value in given.items():
        option = name.replace("_", "-")
        if isinstance(value, bool):
            options.append(f"--{option}" if value else f"--no-{option}")
        else:
            options.append(f"--{option}={value}")
    return options


def _remembered(cache: Path, folder: Path, job: _Job) -> Path:
    """Where the lesson is kept: named by everything that could change it."""
    key = _source.fingerprint(job.demo, job.given, folder) + _key(job.demo, job.given) + _machinery()
    return cache / f"{job.demo}-{hashlib.sha256(key.encode()).hexdigest()[:24]}.json"


@lru_cache
def _machinery() -> str:
    """A hash of what runs and draws demos."""
    code = b"".join(path.read_bytes() for path in sorted(_source.DEMOS.glob("_*.py")))
    return hashlib.sha256(code).hexdigest() + version("vl-convert-python")


def _forget_others(cache: Path, keep: set[str]) -> None:
    for old in cache.glob("*.json"):
        if old.name not in keep:
            old.unlink(missing_ok=True)
