"""Edge: runs demos, once per setting that a page shows, and remembers what came out.

Each run is a process of its own, so that a demo that loops, exits or crashes ends itself and not the build. Results
and drawn pictures are cached by a hash over the demo, all it imports, its data, its settings and the code that draws.
"""

import contextlib
import dataclasses
import hashlib
import json
import os
import re
import shlex
import signal
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import demos
from demos import _recorded, _run, _source, _view
from generator import limits
from generator.model import Figure, Glossary, Setting
from generator.problems import Problem, did_you_mean, listed, one_of
from generator.reading import content
from generator.sealed import keep, kept

MOST_RECORDED = 5_000_000  # bytes; what is recorded may be richer than what every build runs anew


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
        return _command(self.demo, self.settings)


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
    from tqdm import tqdm  # slow to import, and a failing check never gets here

    jobs = {_key(job.demo, job.given): job for job in _jobs(glossary)}
    cache.mkdir(parents=True, exist_ok=True)
    school = _School(glossary, root / "demos", cache, _recordings(root / "demos")[0])

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
            limits.end_all()
            raise
    problems += _missing_numbers(glossary, shown)
    school.forget_others(jobs.values())
    builds_on = {name: _source.builds_on(name, school.folder) for name in glossary.demos}
    in_browser = frozenset(name for name in glossary.demos if _source.runs_in_browser(name, school.folder))
    return Lessons(shown, builds_on, in_browser), list(dict.fromkeys(problems))


def _jobs(glossary: Glossary) -> Iterator[_Job]:
    for term in glossary.terms.values():
        for where, use in term.demo_places:
            yield _Job(use.module, use.with_, f"terms/{term.slug}.yml", where=where)
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


def _key(demo: str, settings: Mapping[str, Any]) -> str:
    return f"{demo} {json.dumps(dict(settings), sort_keys=True)}"


@dataclass(frozen=True)
class _School:
    """Where lessons come from: a recording, the cache, or a run."""

    glossary: Glossary
    folder: Path
    cache: Path
    recordings: Mapping[str, _recorded.Recording]

    def lesson(self, job: _Job) -> Lesson | Problem:
        recording = self._recording(job)
        heavy = set(_source.packages(job.demo, self.folder)) - _source.BROWSER_PACKAGES
        if recording is None and heavy:
            message = f"'{job.demo}' needs {listed(sorted(heavy))}, so its page shows a recorded run, and there is none"
            return Problem(job.path, message, f"record it: {_command(job.demo, job.given, 'record')}", job.where)
        remembered = self._remembered(job)
        with contextlib.suppress(ValueError, TypeError, KeyError):  # not there: made anew
            known = json.loads(kept(remembered) or b"")
            return Lesson(**known | {"pictures": tuple(known["pictures"])})
        result = recording.result if recording else _result(job, self.folder)
        if isinstance(result, Problem):
            return result
        lesson = Lesson(
            demo=job.demo,
            settings=dict(job.given),
            summary=result["summary"],
            numbers=result["numbers"],
            pictures=tuple(map(_view.html, result["show"])),
            made_with=_made_with(recording, self.folder) if recording else {},
        )
        keep(remembered, json.dumps(vars(lesson)).encode())
        return lesson

    def forget_others(self, jobs: Iterable[_Job]) -> None:
        """Clears the cache of lessons that nobody asks for any more."""
        keep = {self._remembered(job).name for job in jobs}
        for old in self.cache.iterdir():
            if old.name not in keep:
                old.unlink(missing_ok=True)

    def _recording(self, job: _Job) -> _recorded.Recording | None:
        settings = _run.settings(job.demo, job.given, self.glossary.demos[job.demo].text)
        return self.recordings.get(_key(job.demo, settings))

    def _remembered(self, job: _Job) -> Path:
        """Where the lesson is kept: named by everything that could change it."""
        recording = self._recording(job)
        parts = [
            _source.fingerprint(job.demo, job.given, self.folder),
            _key(job.demo, job.given),
            recording.path.read_text(encoding="utf-8") if recording else "",
            _machinery(),
        ]
        return self.cache / f"{job.demo}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:24]}.json"


@lru_cache
def _machinery() -> str:
    """A hash of what runs and draws demos: another version of it may draw the same otherwise."""
    code = b"".join(path.read_bytes() for path in sorted(_source.DEMOS.glob("_*.py")))
    return hashlib.sha256(code).hexdigest() + version("vl-convert-python")


def _result(job: _Job, folder: Path) -> dict[str, Any] | Problem:
    """Runs a demo in a process of its own, as a reader would in a terminal, but within limits."""
    command = [sys.executable, "-m", "demos", job.demo, "--json", *_options(job.given)]
    given = {"PYTHONPATH": str(folder.parent), "PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1"}
    path = f"demos/{job.demo}.py"
    asked = f" (with {' '.join(_options(job.given))}, as in {job.path})" if job.given else ""
    ended = limits.run(command, {**os.environ, **given})
    if ended.broke[0]:
        return Problem(path, ended.broke[0] + asked, ended.broke[1], line=1)
    if ended.code:
        # Warnings may come first; what went wrong comes last, with the line of a demo where there is one.
        told = ended.complaints.strip()
        found = re.search(r"^(demos/\S+\.py):(\d+): ", told, re.MULTILINE)
        said, _, hint = told[found.end() if found else 0 :].partition("\nhint: ")
        if said.startswith("Traceback "):  # of what failed outside of any demo, such as writing the result
            said = said.rpartition("\n")[2]
        if "MemoryError" in said:
            hint = f"a demo may use {limits.MOST_MEMORY // 1024**2:,} MiB"
        how = f"exit code {ended.code}" if ended.code > 0 else signal.Signals(-ended.code).name
        said = said or f"it ended with {how} and said nothing"
        return Problem(found[1] if found else path, said + asked, hint, line=int(found[2]) if found else 1)
    try:
        return _checked(json.loads(ended.output))
    except _Wrong as wrong:
        return Problem(path, f"its result can not be shown: {wrong}{asked}", "let it return a Result", line=1)
    except (ValueError, RecursionError):
        hint = "a demo returns its Result and prints nothing"
        return Problem(path, f"its output is not its result alone{asked}", hint, line=1)


# --- what came out ----------------------------------------------------------------------------------------


class _Wrong(Exception):  # noqa: N818  the end of a sentence
    """Why something is no result of a demo."""


_PICTURES = {kind.__name__.lower(): kind for kind in get_args(demos.Picture)}


def _checked(data: Any) -> dict[str, Any]:
    """A result as it came out of a process or a file, which may have been written by anybody. Raises _Wrong."""
    try:
        summary, numbers, show = data["summary"], data["numbers"], data["show"]
        pictures = [_made(_PICTURES[one["type"]], {name: one[name] for name in one if name != "type"}) for one in show]
        for value in numbers.values():
            _made(float, value)
        found, problems = _run.checked(demos.Result(summary, numbers, pictures))
    except (TypeError, KeyError, ValueError, AttributeError, RecursionError) as error:
        raise _Wrong(f"{type(error).__name__}: {error}") from None
    if problems:
        raise _Wrong(problems[0])
    return found


def _made(kind: Any, value: Any) -> Any:
    """A value of JSON as the vocabulary of demos says that it is. Raises TypeError where it is something else."""
    inside = get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        kinds = get_type_hints(kind)
        if value.keys() != kinds.keys():
            raise TypeError(f"{kind.__name__} has the parts {listed(list(kinds))}")
        return kind(**{name: _made(kinds[name], part) for name, part in value.items()})
    if get_origin(kind) in (Sequence, Collection) and isinstance(value, list):
        return [_made(inside[0], item) for item in value]
    fits = {str: str, bool: bool, float: float | int, Any: Setting, Setting: Setting}.get(kind)
    if value in inside if fits is None else isinstance(value, fits) and (kind is not float or type(value) is not bool):
        return value
    raise TypeError(f"{str(value)[:40]!r} stands where {getattr(kind, '__name__', kind)} is expected")


# --- recorded results -------------------------------------------------------------------------------------


def _recordings(folder: Path) -> tuple[dict[str, _recorded.Recording], list[Problem]]:
    """All recordings by demo and settings, and the files that are none."""
    found: dict[str, _recorded.Recording] = {}
    problems = []
    for path in sorted((folder / "recorded").glob("*.json")):
        here = f"demos/recorded/{path.name}"
        unread = content(folder.parent, here, MOST_RECORDED)[1]
        if unread:
            problems += unread
            continue
        try:
            recording = _recorded.read(path)
            _checked(recording.result)
            for value in (*recording.settings.values(), *recording.made_with.values()):
                _made(Setting, value)
            found[_key(recording.name, recording.settings)] = recording
        except (_Wrong, TypeError, ValueError, AttributeError, RecursionError):
            command = _command(path.stem.partition("--")[0], {}, "record")
            problems.append(Problem(here, "this file is damaged", f"remake it: {command}"))
    return found, problems


def stale_recordings(glossary: Glossary, root: Path) -> Iterator[Problem]:
    """Recorded results whose demo, data or settings have changed since, or that cannot be read.

    One from a graphics card may be stale, since not everybody can remake it; its page says so.
    """
    found, problems = _recordings(root / "demos")
    yield from problems
    for recording in found.values():
        path = f"demos/recorded/{recording.path.name}"
        if recording.name in glossary.demos and not _is_fresh(recording, root / "demos"):
            if recording.made_with.get("device") != "cuda":
                command = _command(recording.name, recording.settings, "record")
                hint = f"run: {command}"
                # Not everybody can run it, so it keeps nobody from looking at the pages.
                yield Problem(path, "this recorded result is out of date", hint, kind="unfinished")
        elif recording.name not in glossary.demos and f"demos/{recording.name}.py" not in glossary.unread:
            yield Problem(path, f"there is no demo called '{recording.name}' to make this", "delete the file")


def _is_fresh(recording: _recorded.Recording, folder: Path) -> bool:
    try:
        return _recorded.is_fresh(recording, folder)
    except (_source.SourceProblem, _source.SourceProblems):
        return True  # nobody can tell, and the problem itself is told already
    except (TypeError, ValueError):
        return False  # its settings are none that the demo takes


def _made_with(recording: _recorded.Recording, folder: Path) -> dict[str, Any]:
    late = {} if _is_fresh(recording, folder) else {"made by": "an earlier version of this demo"}
    return dict(recording.made_with) | late


def _command(demo: str, settings: Mapping[str, Setting], *verb: str) -> str:
    """What to type in a terminal."""
    return shlex.join(["python", "-m", "demos", *verb, demo, *_options(settings)])


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
