"""Edge: reads the recorded results of runs that take minutes, and says which are out of date."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from demos._run.recorded import Recording, is_fresh, read
from demos._run.result import NoResult, from_json, value_as
from demos._run.source import SourceProblems
from demos._run.syntax import Setting
from generator.lessons.run import command_for, lesson_key
from generator.model.glossary import Glossary
from generator.problems import Problem
from generator.reading import content

MOST_RECORDED = 5_000_000  # bytes; what is recorded may be richer than what every build runs anew


def read_recordings(folder: Path) -> tuple[dict[str, Recording], list[Problem]]:
    """All recordings by demo and settings, and the files that are none."""
    found: dict[str, Recording] = {}
    problems = []
    for path in sorted((folder / "recorded").glob("*.json")):
        here = f"demos/recorded/{path.name}"
        unread = content(folder.parent, here, MOST_RECORDED)[1]
        if unread:
            problems += unread
            continue
        try:
            recording = read(path)
            from_json(recording.result)
            for value in (*recording.settings.values(), *recording.made_with.values()):
                value_as(Setting, value)
            found[lesson_key(recording.name, recording.settings)] = recording
        except (NoResult, TypeError, ValueError, AttributeError, RecursionError):
            command = command_for(path.stem.partition("--")[0], {}, "record")
            problems.append(Problem(here, "this file is damaged", f"remake it: {command}"))
    return found, problems


def stale_recordings(glossary: Glossary, root: Path) -> Iterator[Problem]:
    """Recorded results whose demo, data or settings have changed since, or that cannot be read.

    One from a graphics card may be stale, since not everybody can remake it; its page says so.
    """
    found, problems = read_recordings(root / "demos")
    yield from problems
    for recording in found.values():
        path = f"demos/recorded/{recording.path.name}"
        if recording.name in glossary.demos and not _is_fresh(recording, root / "demos"):
            if recording.made_with.get("device") != "cuda":
                command = command_for(recording.name, recording.settings, "record")
                hint = f"run: {command}"
                # Not everybody can run it, so it keeps nobody from looking at the pages.
                yield Problem(path, "this recorded result is out of date", hint, kind="unfinished")
        elif recording.name not in glossary.demos and f"demos/{recording.name}.py" not in glossary.unread:
            yield Problem(path, f"there is no demo called '{recording.name}' to make this", "delete the file")


def _is_fresh(recording: Recording, folder: Path) -> bool:
    try:
        return is_fresh(recording, folder)
    except SourceProblems:
        return True  # nobody can tell, and the problem itself is told already
    except (TypeError, ValueError):
        return False  # its settings are none that the demo takes


def said_of_making(recording: Recording, folder: Path) -> dict[str, Any]:
    late = {} if _is_fresh(recording, folder) else {"made by": "an earlier version of this demo"}
    return dict(recording.made_with) | late
