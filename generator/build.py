import sys
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from generator.check.dates import ahead_of
from generator.check.rules import check
from generator.load.glossary import load
from generator.load.yaml import located
from generator.model.glossary import Glossary
from generator.output.folders import alone, elsewhere, rescue, swap_in
from generator.output.write import write
from generator.problems import Broken, Problem, counted

# All other modules are imported by the functions that need them: together they take longer to import than it takes to
# check a file, which people and editors wait for.

P = ParamSpec("P")

R = TypeVar("R")


def checked(
    root: Path,
    unfinished: Callable[[list[Problem]], None] | None = None,
    only: Collection[str] = (),
    today: date | None = None,
) -> Glossary:
    """Loads and checks everything below root. Raises Broken with every problem there is, or that has to do with `only`.

    Only where somebody says which day it is, dates that are still to come are problems.
    Where nothing is wrong but only not finished, and somebody wants to look at it as it is, they are told that instead.
    """
    if links := elsewhere(root):
        raise Broken(links)
    loaded = load(root, root / ".cache" / "terms.pickle", only)
    glossary, problems = loaded.glossary, loaded.problems
    if not only or any(path.startswith("demos/") for path in only):
        from generator.lessons.recordings import stale_recordings

        problems += stale_recordings(glossary, root)
    if today:
        problems += ahead_of(glossary, today)
    problems = [problem for problem in problems if problem.path in only or not only]
    problems += check(glossary, only, loaded.findings)
    if problems:
        if unfinished is None or any(problem.kind == "error" for problem in problems):
            raise Broken(located(root, problems))
        unfinished(located(root, problems))
    return glossary


def one_at_a_time(build: Callable[Concatenate[Path, P], R]) -> Callable[Concatenate[Path, P], R]:
    """Lets a build wait for another of the same project, and refuses one that would write outside of it."""

    @wraps(build)
    def waiting(root: Path, /, *given: P.args, **named: P.kwargs) -> R:
        if links := elsewhere(root):
            raise Broken(links)
        with alone(root):
            return build(root, *given, **named)

    return waiting


@one_at_a_time
def build(
    root: Path, say: Callable[[str], None] = print, unfinished: Callable[[list[Problem]], None] | None = None
) -> tuple[Glossary, str]:
    """Writes build/docs, or nothing at all when something is wrong -> the glossary, and what was done."""
    from generator.cache import program
    from generator.config import about
    from generator.lessons.teach import teach
    from generator.live.files import site_files
    from generator.pages.site import site

    glossary = checked(root, unfinished)
    lessons, problems = teach(glossary, root, cache=root / ".cache" / "lessons")
    if problems:
        raise Broken(located(root, problems))
    live, no_runtime = site_files(lessons.in_browser, root / "demos", say)
    files = site(glossary, lessons, replace(about(root), no_runtime=no_runtime or ""), program()) | live
    written, removed = write(files, root / "build" / "docs", root / ".cache" / "pages.json")
    files_said = f"{counted(len(files), 'file')}: {written} written, {removed} removed"
    return glossary, f"{counted(len(glossary.terms), 'term')}, {files_said}"


@one_at_a_time
def publish(root: Path) -> str:
    """Builds everything and puts the finished site into build/site -> how to see it."""
    from generator.exports.search import search_index, write_search_index
    from generator.output.engine import run

    place = root / "build" / "site"
    rescue(place)
    glossary, said = build(root)
    print(f"pages: {said}", flush=True)
    made = run(root)
    write_search_index(made, search_index(glossary))
    swap_in(made, place)
    return f"The site is in build/site. To see it: make serve, or\n    {sys.executable} -m http.server -d build/site"
