"""Edge: runs demos, once per setting that a page shows, and remembers what came out.

Each run is a process of its own, so that a demo that loops, exits or crashes ends itself and not the build. Results
and drawn pictures are cached by a hash over the demo, all it imports, its data, its settings and the code that draws.
"""

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from demos._run import run, source
from demos._run.fingerprint import fingerprint
from demos._run.recorded import Recording
from demos._run.source import BROWSER_PACKAGES, machinery_files, packages, runs_in_browser
from demos._run.syntax import Setting
from demos._show.pictures import html
from generator.cache import keep, kept
from generator.lessons.recordings import read_recordings, said_of_making
from generator.lessons.run import Job, command_for, end_all, lesson_key, run_job
from generator.model.entries import Figure
from generator.model.glossary import Glossary
from generator.problems import Problem, did_you_mean, listed, one_of


@dataclass(frozen=True)
class Lesson:
    """What one demo showed at one setting, ready for a page."""

    demo: str
    settings: Mapping[str, Setting]
    summary: str
    numbers: Mapping[str, float]
    pictures: tuple[str, ...]  # safe HTML
    made_with: Mapping[str, Any] = field(default_factory=dict)  # of a recorded run: hardware, versions, seconds
    sweep: str = ""  # the file of the site that holds what its controls do without Python; see sweeps.py

    @property
    def command(self) -> str:
        """What to type to see the same in a terminal."""
        return command_for(self.demo, self.settings)


@dataclass(frozen=True)
class Lessons:
    """All lessons, and which demo builds on which."""

    shown: Mapping[str, Lesson] = field(default_factory=dict)
    builds_on: Mapping[str, list[str]] = field(default_factory=dict)
    in_browser: frozenset[str] = frozenset()

    def of(self, demo: str, given: Mapping[str, Setting]) -> Lesson:
        return self.shown[lesson_key(demo, given)]

    @cached_property
    def used_by(self) -> dict[str, list[str]]:
        users: dict[str, list[str]] = {name: [] for name in self.builds_on}
        for name, below in self.builds_on.items():
            for other in below:
                users[other].append(name)
        return users


def teach(glossary: Glossary, root: Path, cache: Path) -> tuple[Lessons, list[Problem]]:
    """Every lesson that the pages of a glossary need. A demo that fails is a problem, and stops the build."""
    from tqdm import tqdm  # slow to import, and a failing check never gets here

    jobs = {lesson_key(job.demo, job.given): job for job in _jobs(glossary)}
    cache.mkdir(parents=True, exist_ok=True)
    school = _School(glossary, root / "demos", cache, read_recordings(root / "demos")[0])

    shown: dict[str, Lesson] = {}
    problems: list[Problem] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            results = pool.map(school.lesson, jobs.values())
            progress = tqdm(
                results, "running demos", total=len(jobs), delay=2, leave=False, disable=not sys.stderr.isatty()
            )
            for key, result in zip(jobs, progress, strict=True):
                if isinstance(result, Lesson):
                    shown[key] = result
                else:
                    problems.append(result)
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            end_all()
            raise
    problems += _missing_numbers(glossary, shown)
    school.forget_others(jobs.values())
    builds_on = {name: source.builds_on(name, school.folder) for name in glossary.demos}
    in_browser = frozenset(name for name in glossary.demos if runs_in_browser(name, school.folder))
    return Lessons(shown, builds_on, in_browser), list(dict.fromkeys(problems))


def _jobs(glossary: Glossary) -> Iterator[Job]:
    for term in glossary.terms.values():
        for where, use in term.demo_places:
            yield Job(use.module, use.with_, f"terms/{term.slug}.yml", where=where)
    yield from _figures(glossary)


def _figures(glossary: Glossary) -> Iterator[Job]:
    for comparison in glossary.comparisons.values():
        for i, row in enumerate(comparison.rows):
            for key, cell in row.values.items():
                if isinstance(cell, Figure):
                    path = f"terms/comparisons/{comparison.slug}.yml"
                    yield Job(cell.demo, cell.with_, path, cell.number, ("rows", i, "values", key, "number"))


def _missing_numbers(glossary: Glossary, shown: Mapping[str, Lesson]) -> Iterator[Problem]:
    for job in _figures(glossary):
        lesson = shown.get(lesson_key(job.demo, job.given))
        if lesson is not None and job.number not in lesson.numbers:
            hint = did_you_mean(job.number, lesson.numbers, one_of(lesson.numbers))
            yield Problem(job.path, f"the demo '{job.demo}' reports no '{job.number}'", hint, job.where)


@dataclass(frozen=True)
class _School:
    """Where lessons come from: a recording, the cache, or a run."""

    glossary: Glossary
    folder: Path
    cache: Path
    recordings: Mapping[str, Recording]

    def lesson(self, job: Job) -> Lesson | Problem:
        recording = self._recording(job)
        heavy = set(packages(job.demo, self.folder)) - BROWSER_PACKAGES
        if recording is None and heavy:
            message = f"'{job.demo}' needs {listed(sorted(heavy))}, so its page shows a recorded run, and there is none"
            return Problem(job.path, message, f"record it: {command_for(job.demo, job.given, 'record')}", job.where)
        remembered = self._remembered(job)
        with contextlib.suppress(ValueError, TypeError, KeyError):  # not there: made anew
            known = json.loads(kept(remembered) or b"")
            return Lesson(**known | {"pictures": tuple(known["pictures"])})
        result = recording.result if recording else run_job(job, self.folder)
        if isinstance(result, Problem):
            return result
        lesson = Lesson(
            demo=job.demo,
            settings=dict(job.given),
            summary=result["summary"],
            numbers=result["numbers"],
            pictures=tuple(map(html, result["show"])),
            made_with=said_of_making(recording, self.folder) if recording else {},
        )
        keep(remembered, json.dumps(vars(lesson)).encode())
        return lesson

    def forget_others(self, jobs: Iterable[Job]) -> None:
        """Clears the cache of lessons that nobody asks for any more."""
        keep = {self._remembered(job).name for job in jobs}
        for old in self.cache.iterdir():
            if old.name not in keep:
                old.unlink(missing_ok=True)

    def _recording(self, job: Job) -> Recording | None:
        settings = run.settings(job.demo, job.given, self.glossary.demos[job.demo].text)
        return self.recordings.get(lesson_key(job.demo, settings))

    def _remembered(self, job: Job) -> Path:
        """Where the lesson is kept: named by everything that could change it."""
        recording = self._recording(job)
        parts = [
            fingerprint(job.demo, job.given, self.folder),
            lesson_key(job.demo, job.given),
            recording.path.read_text(encoding="utf-8") if recording else "",
            machinery(),
        ]
        return self.cache / f"{job.demo}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:24]}.json"


@lru_cache
def machinery() -> str:
    """A hash of what runs and draws demos: another version of it may draw the same otherwise."""
    code = b"".join(path.read_bytes() for path in machinery_files())
    return hashlib.sha256(code).hexdigest() + version("vl-convert-python")
