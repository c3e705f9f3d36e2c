"""Edge: runs demos, once per setting that a page shows, and remembers what came out.

Runs are processes of their own, so that a demo that loops, exits or crashes ends itself and not the build: one for each
setting at which pages show pictures, and one for all settings of a demo whose figures alone are asked for. Results and
drawn pictures are cached by a hash over the demo, all it imports, its data, its settings and the code that draws.
"""

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from demos._run import run, source
from demos._run.fingerprint import fingerprint
from demos._run.recorded import Recording
from demos._run.result import NoResult, from_json
from demos._run.settings import BadSetting
from demos._run.source import BROWSER_PACKAGES, SourceProblems, machinery_files, packages, runs_in_browser
from demos._run.syntax import Setting
from demos._show.colors import colored
from demos._show.pictures import html
from generator.cache import keep, kept
from generator.lessons.experiments import jobs_of_experiments, wrong_experiments
from generator.lessons.figures import jobs_of_figures, unknown_figures
from generator.lessons.recordings import read_recordings, said_of_making
from generator.lessons.run import Job, command_for, end_all, lesson_key, run_along, run_job
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
    def numbers(self) -> dict[str, Mapping[str, float]]:
        """The figures of every run, by the key of the run."""
        return {key: lesson.numbers for key, lesson in self.shown.items()}

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

    jobs: dict[str, Job] = {}
    for job in _jobs(glossary):
        jobs.setdefault(lesson_key(job.demo, job.given), job)  # those that are drawn come first
    cache.mkdir(parents=True, exist_ok=True)
    school = _School(glossary, root / "demos", cache, read_recordings(root / "demos")[0])

    shown: dict[str, Lesson] = {}
    problems: list[Problem] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            list(pool.map(school.run_together, _by_demo(job for job in jobs.values() if not job.drawn)))
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
    numbers = {key: lesson.numbers for key, lesson in shown.items()}
    problems += wrong_experiments(glossary, numbers)
    problems += unknown_figures(glossary, numbers)
    school.forget_others(jobs.values())
    builds_on = {name: source.builds_on(name, school.folder) for name in glossary.demos}
    in_browser = frozenset(name for name in glossary.demos if runs_in_browser(name, school.folder))
    return Lessons(shown, builds_on, in_browser), list(dict.fromkeys(problems))


def _by_demo(jobs: Iterable[Job]) -> list[list[Job]]:
    """The jobs of each demo together."""
    found: dict[str, list[Job]] = {}
    for job in jobs:
        found.setdefault(job.demo, []).append(job)
    return list(found.values())


def remembered(glossary: Glossary, root: Path, cache: Path) -> dict[str, Mapping[str, float]]:
    """The figures of the runs that pages show, as far as they are remembered; nothing is run."""
    school = _School(glossary, root / "demos", cache, read_recordings(root / "demos")[0])
    found = {}
    for term in glossary.terms.values():
        for use in term.demos:
            with contextlib.suppress(SourceProblems, BadSetting, ValueError, TypeError, KeyError):
                job = Job(use.module, use.with_, term.file)
                found[lesson_key(job.demo, job.given)] = school.remembered(job).numbers
    return found


def _jobs(glossary: Glossary) -> Iterator[Job]:
    for term in glossary.terms.values():
        for where, use in term.demo_places:
            yield Job(use.module, use.with_, f"terms/{term.slug}.yml", where=where)
    yield from _figures(glossary)
    yield from jobs_of_experiments(glossary)
    yield from jobs_of_figures(glossary)


def _figures(glossary: Glossary) -> Iterator[Job]:
    for comparison in glossary.comparisons.values():
        for i, row in enumerate(comparison.rows):
            for key, cell in row.values.items():
                if isinstance(cell, Figure):
                    path = f"terms/comparisons/{comparison.slug}.yml"
                    where = ("rows", i, "values", key, "number")
                    yield Job(cell.demo, cell.with_, path, cell.number, where, drawn=False)


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
    places: dict[tuple[str, bool], Path] = field(default_factory=dict)  # see _remembered

    def lesson(self, job: Job) -> Lesson | Problem:
        recording = self._recording(job)
        heavy = set(packages(job.demo, self.folder)) - BROWSER_PACKAGES
        if recording is None and heavy:
            message = f"'{job.demo}' needs {listed(sorted(heavy))}, so its page shows a recorded run, and there is none"
            return Problem(job.path, message, f"record it: {command_for(job.demo, job.given, 'record')}", job.where)
        with contextlib.suppress(ValueError, TypeError, KeyError):  # not there: made anew
            return self.remembered(job)
        result = recording.result if recording else run_job(job, self.folder)
        if isinstance(result, Problem):
            return result
        lesson = Lesson(
            demo=job.demo,
            settings=dict(job.given),
            summary=result["summary"],
            numbers=result["numbers"],
            pictures=tuple(map(html, colored(result["show"]))) if job.drawn else (),
            made_with=said_of_making(recording, self.folder) if recording else {},
        )
        keep(self._remembered(job), json.dumps(vars(lesson)).encode())
        return lesson

    def run_together(self, jobs: Sequence[Job]) -> None:
        """Runs a demo for all of these jobs in one process, since most runs take less time than starting Python.

        What fails here is not remembered. It is run once more by itself, which tells what is wrong.
        """
        missing = [job for job in jobs if not self._recording(job) and not self._remembered(job).is_file()]
        heavy = set(packages(jobs[0].demo, self.folder)) - BROWSER_PACKAGES
        if len(missing) < 2 or heavy:
            return
        lines = run_along(missing[0].demo, {}, [job.given for job in missing], self.folder)
        for job, line in zip(missing, lines[1:], strict=True):
            with contextlib.suppress(NoResult, ValueError, TypeError, KeyError):
                said = json.loads(line)
                result = from_json({**said, "show": [item for item in said["show"] if item is not None]})
                lesson = Lesson(job.demo, dict(job.given), result["summary"], result["numbers"], ())
                keep(self._remembered(job), json.dumps(vars(lesson)).encode())

    def remembered(self, job: Job) -> Lesson:
        """What a run before has shown. Raises ValueError, TypeError or KeyError where there is none to be read."""
        known = json.loads(kept(self._remembered(job)) or b"")
        return Lesson(**known | {"pictures": tuple(known["pictures"])})

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
        """Where the lesson is kept: named by everything that could change it, which is looked at once in a build."""
        key = lesson_key(job.demo, job.given), job.drawn
        if key not in self.places:
            self.places[key] = self._place(job)
        return self.places[key]

    def _place(self, job: Job) -> Path:
        recording = self._recording(job)
        parts = [
            fingerprint(job.demo, job.given, self.folder),
            lesson_key(job.demo, job.given),
            recording.path.read_text(encoding="utf-8") if recording else "",
            machinery(),
            *([] if job.drawn else ["not drawn"]),
        ]
        return self.cache / f"{job.demo}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:24]}.json"


@lru_cache
def machinery() -> str:
    """A hash of what runs and draws demos: another version of it may draw the same otherwise."""
    code = b"".join(path.read_bytes() for path in machinery_files())
    return hashlib.sha256(code).hexdigest() + version("vl-convert-python")
