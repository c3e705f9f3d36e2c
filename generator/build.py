"""One build in its order: read and check, run the demos, plan and write the pages, hand them to the engine, finish.

Edge: times each step, and says when one is done.
"""

import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from generator.cache import CHECKED, RENAMES, TERMS
from generator.check.dates import ahead_of
from generator.check.rules import Said, check
from generator.load.glossary import load
from generator.load.places import located
from generator.load.remembered import Held
from generator.load.verdict import verdict
from generator.model.entries import MUTANTS
from generator.model.glossary import Glossary
from generator.output.folders import alone, elsewhere, rescue
from generator.problems import Broken, Problem, counted

if TYPE_CHECKING:
    from generator.output.preview import Preview

# All other modules are imported by the functions that need them: together they take longer to import than it takes to
# check a file, which people and editors wait for.

Say = Callable[[str], None]  # whom progress is told to
P = ParamSpec("P")
R = TypeVar("R")


def checked(
    root: Path,
    unfinished: Callable[[list[Problem]], None] | None = None,
    only: Collection[str] = (),
    today: date | None = None,
    held: Held | None = None,
) -> Glossary:
    """Loads and checks everything below root. Raises Broken with every problem there is, or that has to do with `only`.

    Only where somebody says which day it is, dates that are still to come are problems.
    Where nothing is wrong but only not finished, and somebody wants to look at it as it is, they are told that instead.
    """
    if links := elsewhere(root):
        raise Broken(links)
    loaded = load(root, root / TERMS, only, held)
    glossary, problems = loaded.glossary, loaded.problems
    if not only or any(path.startswith("demos/") or path == MUTANTS for path in only):
        from generator.lessons.recordings import stale_recordings
        from generator.load.bugs import stale_bugs

        problems += stale_recordings(glossary, root)
        problems += stale_bugs(root)
    if today:
        problems += ahead_of(glossary, today)
    if not only or any(path.startswith("terms/") for path in only):
        from generator.check.names import renamed_files_leave_their_slug
        from generator.load.history import renames

        problems += renamed_files_leave_their_slug(glossary, renames(root, root / RENAMES))
    problems = [problem for problem in problems if problem.path in only or not only]
    problems += check(glossary, only, Said(loaded.findings)) if only else verdict(loaded, root / CHECKED)
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
def build(root: Path, say: Say = print, unfinished: Callable[[list[Problem]], None] | None = None) -> str:
    """Writes build/docs, or nothing at all when something is wrong -> what was done."""
    return _pages(root, say, unfinished)[1]


@one_at_a_time
def build_for(
    root: Path,
    preview: "Preview",
    unfinished: Callable[[list[Problem]], None] | None = None,
    held: Held | None = None,
) -> str:
    """Writes build/docs and brings the preview up to it, where nothing is wrong -> what was done.

    held: what a program that stays holds from one time to the next.
    """
    glossary, done = _pages(root, lambda _: None, unfinished, held, preview.engine.site_url)
    preview.renew()
    after_engine(preview.place, glossary)
    return done


@one_at_a_time
def publish(root: Path, say: Say = print) -> str:
    """Builds everything and puts the finished site into build/site -> how to see it."""
    from generator.cache import SITE
    from generator.config import NOWHERE, about
    from generator.output.engine import Engine
    from generator.output.finished import forget_code, renew

    place = root / "build" / "site"
    rescue(place)
    glossary, done = _pages(root, say)
    with step("engine", say) as tell, Engine(root) as engine:
        finished, new = renew(root, engine, place, root / SITE, lambda made: after_engine(made, glossary))
        forget_code(root, finished)
        tell(f"{counted(len(finished.pages), 'page')} of HTML, {new} of them new; build/site is exchanged")
    if not about(root).is_published:
        say(NOWHERE)
    how = f"To see it: make serve, or\n    {sys.executable} -m http.server -d build/site"
    return f"pages: {done}\nThe site is in build/site. {how}"


def after_engine(made: Path, glossary: Glossary) -> None:
    """What exports add to a site that the engine has made."""
    import generator.exports
    from generator.discovery import offering

    for export in offering(generator.exports, "after_engine"):
        export.after_engine(made, glossary)


def _pages(
    root: Path,
    say: Say,
    unfinished: Callable[[list[Problem]], None] | None = None,
    held: Held | None = None,
    served: str = "",
) -> tuple[Glossary, str]:
    """From the entries to build/docs -> the glossary, and what was done.

    served: where the site is, if that is not what mkdocs.yml says; only the list of pages has to know.
    """
    from generator.cache import LESSONS, PAGES, SWEEPS, program
    from generator.config import about
    from generator.lessons.figures import computed
    from generator.lessons.sweeps import sweep
    from generator.lessons.teach import teach
    from generator.live.files import site_files
    from generator.output.write import Content, Linked, write
    from generator.pages.cards import cards
    from generator.pages.site import site
    from generator.pages.sitemap import sitemap

    with step("check", say) as tell:
        glossary = checked(root, unfinished, held=held)
        place = about(root)  # what is wrong in mkdocs.yml is told before demos run, which may take minutes
        tell(f"{counted(len(glossary.terms), 'term')}, {counted(len(glossary.demos), 'demo')}")
    with step("demos", say) as tell:
        lessons, problems = teach(glossary, root, cache=root / LESSONS)
        if problems:
            raise Broken(located(root, problems))
        glossary = computed(glossary, lessons.numbers)
        tell(counted(len(lessons.shown), "result"))
    with step("sweeps", say) as tell:
        lessons, swept = sweep(glossary, lessons, root, cache=root / SWEEPS)
        tell(f"{counted(len(swept), 'file')}, {counted(sum(map(len, swept.values())), 'character')}")
    with step("live", say) as tell:
        found, no_runtime = site_files(lessons.in_browser, root / "demos", say)
        live: dict[str, Content] = {
            name: Linked(file) if isinstance(file, Path) and name.startswith("assets/runtime/") else file
            for name, file in found.items()
        }
        tell(no_runtime or counted(len(live), "file"))
    with step("plan", say) as tell:
        place = replace(place, no_runtime=no_runtime or "")
        files = site(glossary, lessons, place, program()) | live | swept | cards(glossary, lessons, place, program())
        files["sitemap.xml"] = sitemap(files, glossary, served or place.url)
        tell(counted(len(files), "file"))
    with step("write", say) as tell:
        written, removed = write(files, root / "build" / "docs", root / PAGES)
        tell(f"{written} written, {removed} removed")
    counts = f"{counted(len(glossary.terms), 'term')}, {counted(len(files), 'file')}"
    return glossary, f"{counts}: {written} written, {removed} removed"


@contextmanager
def step(name: str, say: Say) -> Iterator[Callable[[str], None]]:
    """Names and times one step of a build. What it is told to tell is said when the step has come to its end."""
    started, told = time.perf_counter(), list[str]()
    yield told.append
    say(f"{name:<7}{time.perf_counter() - started:6.2f} s  {'; '.join(told)}")
