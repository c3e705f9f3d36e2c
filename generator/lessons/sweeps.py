"""Edge: what the controls of a page do before Python is there: each demo run at many positions, drawn, and kept.

A reader moves one control at a time, so the build runs a demo along each of them and keeps what changes in its
pictures. The runs of a demo are one process within the limits of run.py. Drawing is shared over processes of our own.
"""

import hashlib
import json
import math
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from demos._run import run
from demos._run.fingerprint import fingerprint
from demos._run.result import NoResult, from_json
from demos._run.syntax import Parameter, Setting
from demos._show.axes import number
from demos._show.colors import colored
from demos._show.pictures import drawing_name, extent, html
from generator.cache import keep, kept
from generator.lessons.differences import Parsed, operations
from generator.lessons.experiments import trials
from generator.lessons.positions import ASIDE, Sweep, sweeps
from generator.lessons.run import end_all, lesson_key, run_along
from generator.lessons.teach import Lessons, machinery
from generator.model.glossary import Glossary

FOLDER = "assets/sweeps"
MOST_BYTES = 250_000  # of a file, compressed, as a reader gets it
WIDEST = 4  # times the page's own axis: a position that needs more has axes of its own
EDITION = 1  # of the form of a file; a page refuses one that its scripts were not written for
Json = dict[str, Any]
Pair = tuple[Mapping[str, Setting], Mapping[str, Setting]]


@dataclass(frozen=True)
class Task:
    """The sweeps of one demo at one setting."""

    demo: str
    settings: Mapping[str, Setting]  # all of them
    along: tuple[Sweep, ...]
    edition: str

    @property
    def changes(self) -> list[dict[str, Setting]]:
        """Every run beside that at the page's own settings, each once."""
        every = [sweep.change(i) for sweep in self.along for i in range(len(sweep.at)) if i != sweep.own]
        return list({json.dumps(change): change for change in every}.values())


def sweep(glossary: Glossary, lessons: Lessons, root: Path, cache: Path) -> tuple[Lessons, dict[str, str]]:
    """The lessons, each knowing the file of its sweeps, and these files by their place in the site.

    No demo fails here that has not failed before: what a position does not show waits for Python in the page.
    """
    from tqdm import tqdm  # slow to import

    asked = _asked(glossary)
    tasks = {
        key: _task(demo, given, glossary, root / "demos", asked.get(key, ()))
        for key, demo, given in _uses(glossary, lessons)
    }
    places = {task.edition: cache / f"{task.demo}-{task.edition}.json" for task in tasks.values()}
    found = {edition: text.decode() for edition, place in places.items() if (text := kept(place)) is not None}
    missing = {task.edition: task for task in tasks.values() if task.edition not in found}
    made = _made(list(missing.values()), root / "demos")
    for task, text in tqdm(
        made, "running demos along their controls", total=len(missing), delay=2, leave=False,
        disable=not sys.stderr.isatty(),
    ):  # fmt: skip
        keep(places[task.edition], text.encode())
        found[task.edition] = text
    _forget_others(cache, {place.name for place in places.values()})
    files = {edition: _file(tasks_of, found[edition]) for edition, tasks_of in _by_edition(tasks).items()}
    shown = {
        key: replace(lesson, sweep=files[tasks[key].edition]) if key in tasks else lesson
        for key, lesson in lessons.shown.items()
    }
    return replace(lessons, shown=shown), {files[edition]: text for edition, text in found.items()}


def _by_edition(tasks: Mapping[str, Task]) -> dict[str, Task]:
    return {task.edition: task for task in tasks.values()}


def _file(task: Task, text: str) -> str:
    return f"{FOLDER}/{task.demo}-{hashlib.sha256(text.encode()).hexdigest()[:12]}.json"


def _uses(glossary: Glossary, lessons: Lessons) -> Iterator[tuple[str, str, Mapping[str, Setting]]]:
    """What pages show and readers can set: the key of the lesson, its demo and the settings that it was given."""
    for term in glossary.terms.values():
        for use in term.demos:
            if use.module in lessons.in_browser and glossary.demos[use.module].parameters:
                yield lesson_key(use.module, use.with_), use.module, use.with_


def _asked(glossary: Glossary) -> dict[str, list[Pair]]:
    """Where the experiments of all pages start and where they lead, by the key of the lesson that they are about."""
    found: dict[str, list[Pair]] = {}
    for term in glossary.terms.values():
        for trial in trials(glossary, term):
            use = term.demos[trial.place]
            found.setdefault(lesson_key(use.module, use.with_), []).append((trial.start, trial.end))
    return found


def _task(demo: str, given: Mapping[str, Setting], glossary: Glossary, folder: Path, asked: Sequence[Pair]) -> Task:
    parameters: Sequence[Parameter] = glossary.demos[demo].parameters
    settings = run.settings(demo, given, glossary.demos[demo].text)
    along = tuple(sweeps(parameters, settings, asked))
    parts = [fingerprint(demo, settings, folder), lesson_key(demo, settings), repr(along), machinery(), _own_code()]
    return Task(demo, settings, along, hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12])


def _own_code() -> str:
    """A hash of what here decides what is in a file."""
    files = [Path(__file__).with_name(f"{name}.py") for name in ("sweeps", "positions", "differences")]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _forget_others(cache: Path, wanted: set[str]) -> None:
    """Clears the cache of sweeps that nobody asks for any more."""
    if cache.is_dir():
        for old in cache.iterdir():
            if old.name not in wanted:
                old.unlink(missing_ok=True)


# --- running ----------------------------------------------------------------------------------------------


def _made(tasks: Sequence[Task], folder: Path) -> Iterator[tuple[Task, str]]:
    """The files that these tasks ask for, as they are ready."""
    if not tasks:
        return
    cores = min(os.cpu_count() or 1, len(tasks))
    with _drawers(cores) as drawers, ThreadPoolExecutor(cores) as runners:
        try:
            waiting: list[tuple[Task, Future[str]]] = [
                (task, runners.submit(_make, task, folder, drawers)) for task in tasks
            ]
            for task, future in waiting:
                yield task, future.result()
        except BaseException:
            runners.shutdown(wait=False, cancel_futures=True)
            drawers.shutdown(wait=False, cancel_futures=True)
            end_all()
            raise


def _drawers(cores: int) -> Executor:
    """Whoever draws: one alone draws here, several in processes, spawned since one with threads can not be copied."""
    return ThreadPoolExecutor(1) if cores == 1 else ProcessPoolExecutor(cores, get_context("spawn"))


def _make(task: Task, folder: Path, drawers: Executor) -> str:
    return drawers.submit(drawn, task, lines_of(task, folder)).result()


def lines_of(task: Task, folder: Path) -> list[str]:
    """What demos/_run/sweep.py prints: a line for the page's own settings, and one for each change; "" for none."""
    return run_along(task.demo, task.settings, task.changes, folder)


# --- drawing, in processes of their own --------------------------------------------------------------------


def drawn(task: Task, lines: Sequence[str]) -> str:
    """The file of a task. lines: what the runs printed."""
    own = _result(lines[0], None)
    by_change = dict(zip([json.dumps(change) for change in task.changes], lines[1:], strict=True))
    found: dict[str, Json] = {}
    for sweep in task.along if own else ():
        assert own is not None
        states = [
            own if i == sweep.own else _result(by_change[json.dumps(sweep.change(i))], own)
            for i in range(len(sweep.at))
        ]
        found[sweep.name] = _drawn_along(sweep, own, states)
    _fit(found, {sweep.name: sweep for sweep in task.along}, lambda: _text(task, found))
    return _text(task, found)


def _text(task: Task, found: Mapping[str, Json]) -> str:
    whole = {"demo": task.demo, "edition": EDITION, "settings": dict(task.settings), "sweeps": found}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def _result(line: str, own: Json | None) -> Json | None:
    """A line of a run as a checked result; None where there is none, or one with other pictures than the page has."""
    try:
        said = json.loads(line)
        if "error" in said:
            return None
        found = from_json({**said, "show": [item for item in said["show"] if item is not None]})
        if own:
            changed = iter(found["show"])
            found["show"] = [own["show"][i] if item is None else next(changed) for i, item in enumerate(said["show"])]
    except (NoResult, ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None
    if own and [item["type"] for item in found["show"]] != [item["type"] for item in own["show"]]:
        return None
    return {**found, "show": colored(found["show"])}


def _drawn_along(sweep: Sweep, own: Json, states: Sequence[Json | None]) -> Json:
    """One control: its positions, the axes over all of them, the pictures at the page's setting, and what changes."""
    shown = [state["show"] for state in states if state]
    views = [_view(item, [show[i] for show in shown]) for i, item in enumerate(own["show"])]
    names = [drawing_name(item) for item in own["show"]]
    bases = [_html(item, view, name) for item, view, name in zip(own["show"], views, names, strict=True)]
    parsed = list(map(Parsed, bases))
    rows: list[Json | None] = []
    for state in states:
        if state is None:
            rows.append(None)
            continue
        row: Json = {"ops": []}
        if state["summary"] != own["summary"]:
            row["summary"] = state["summary"]
        figures = {name: number(value) for name, value in own["numbers"].items()}
        changed = [
            [name, text] for name, value in state["numbers"].items() if (text := number(value)) != figures.get(name)
        ]
        if changed:
            row["figures"] = changed
        for i, item in enumerate(state["show"]):
            if item == own["show"][i]:
                continue
            picture = _html(item, views[i], names[i])
            found = operations(parsed[i], picture)
            if found is None:
                row.setdefault("html", {})[str(i)] = picture
            else:
                row["ops"] += [[i, *operation] for operation in found]
        rows.append(row)
    static = [_html(item, None, name) for item, name in zip(own["show"], names, strict=True)]
    base = ["" if one == other else one for one, other in zip(bases, static, strict=True)]
    return {"at": list(sweep.at), "own": sweep.own, "views": views, "base": base, "states": rows}


def _html(item: Json, view: Json | None, name: str) -> str:
    return html({**item, "view": view} if view else item, name=name)


def _view(own: Json, items: Sequence[Json]) -> Json | None:
    """Ends that the axes of a picture have at all positions, without those that would make the others small.

    A position at which an axis is logarithmic and is not in the page, or the other way round, has no say in it.
    """
    wanted = extent(own)
    for along, (low, high) in wanted.items():
        log = own.get(f"log_{along}", False)
        size = _length(low, high, log) or 1.0  # a map of one color is drawn on a scale of that length
        for item in items:
            ends = extent(item).get(along) if item.get(f"log_{along}", False) == log else None
            if ends and _length(*(both := (min(low, ends[0]), max(high, ends[1]))), log) <= WIDEST * size:
                wanted[along] = [min(wanted[along][0], both[0]), max(wanted[along][1], both[1])]
    return wanted or None


def _length(low: float, high: float, log: bool) -> float:
    return math.log(high / low) if log else high - low


def _fit(found: dict[str, Json], along: Mapping[str, Sweep], text: Callable[[], str]) -> None:
    """Takes every second position from the largest sweep until the file is small enough, last from those to be kept."""
    while len(zlib.compress(text().encode(), 6)) > MOST_BYTES:
        thinned = {name: _thinned(one, along[name]) for name, one in found.items()}
        sizes = {
            name: (not along[name].kept, len(json.dumps(found[name]["states"])))
            for name, one in thinned.items()
            if len(one["at"]) < len(found[name]["at"])
        }
        if not sizes:
            return
        name = max(sizes, key=lambda name: sizes[name])
        found[name] = thinned[name]


def _thinned(one: Json, sweep: Sweep) -> Json:
    """A sweep with about half of its positions; what experiments ask for stays, and so do both ends and the page's."""
    if sweep.name.startswith(ASIDE):
        return one
    last = len(one["at"]) - 1
    always = {0, one["own"], last, *(one["at"].index(sweep.at[i]) for i in sweep.asked)}
    stay = [i for i in range(last + 1) if i in always or i % 2 == 0]
    if len(stay) == last + 1:
        stay = sorted(always)
    return {
        **one,
        "at": [one["at"][i] for i in stay],
        "own": stay.index(one["own"]),
        "states": [one["states"][i] for i in stay],
    }
