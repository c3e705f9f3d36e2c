"""The command line, and the table of contents of the generator.

    check    read everything and say what is wrong
    build    check, run the demos, write the pages as Markdown into build/docs
    site     build, let the engine make HTML of it, put the result into build/site
    serve    the site in a browser, made anew whenever a term or a demo changes
    schema   the JSON Schema of terms, for editors
    corpus   freeze the prose of a commit into the text that language demos learn from

Exit code 0 means that all is well; 1 that there are problems, told one by one; 2 that the command was not understood.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from generator import engine
from generator.browser import site_files
from generator.check import check
from generator.corpus import NotFrozen, freeze
from generator.lessons import Lessons, stale_recordings, teach
from generator.load import load, located
from generator.model import Glossary
from generator.problems import Problem, counted
from generator.program import program
from generator.runtime import WrongBytes
from generator.site import search_index, site
from generator.write import rescue, swap_in, write


class Broken(Exception):  # noqa: N818  the glossary is broken, the program is fine
    """The problems that stop a build."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def checked(root: Path) -> Glossary:
    """Loads and checks everything below root. Raises Broken with every problem there is."""
    glossary, problems = load(root, cache=root / ".cache" / "terms.pickle")
    problems += [*check(glossary), *stale_recordings(glossary, root)]
    if problems:
        raise Broken(located(root, problems))
    return glossary


def build(root: Path, say: Callable[[str], None] = print) -> tuple[Glossary, str]:
    """Writes build/docs, or nothing at all when something is wrong -> the glossary, and what was done."""
    glossary = checked(root)
    lessons: Lessons
    lessons, problems = teach(glossary, root, cache=root / ".cache" / "lessons")
    if problems:
        raise Broken(located(root, problems))
    live, no_runtime = site_files(lessons.in_browser, root / "demos", say)
    files = site(glossary, lessons, replace(engine.about(root), no_runtime=no_runtime or ""), program()) | live
    written, removed = write(files, root / "build" / "docs", root / ".cache" / "pages.json")
    files_said = f"{counted(len(files), 'file')}: {written} written, {removed} removed"
    return glossary, f"{counted(len(glossary.terms), 'term')}, {files_said}"


def publish(root: Path) -> str:
    """Builds everything and puts the finished site into build/site -> how to see it."""
    place = root / "build" / "site"
    rescue(place)
    glossary, said = build(root)
    print(f"pages: {said}", flush=True)
    made = engine.run(root)
    engine.write_search_index(made, search_index(glossary))
    swap_in(made, place)
    return f"The site is in build/site. To see it: make serve, or\n    {sys.executable} -m http.server -d build/site"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command -> the exit code."""
    parser = argparse.ArgumentParser(prog="python -m generator", description=(__doc__ or "").split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, says in {
        "check": "read everything and say what is wrong",
        "build": "check, run the demos, and write the pages as Markdown into build/docs",
        "site": "build, and make the finished site in build/site",
        "serve": "show the site in a browser, made anew whenever a term or a demo changes",
        "schema": "print the JSON Schema of terms, for editors",
        "corpus": "freeze the prose of a commit into the text that language demos learn from",
    }.items():
        command = commands.add_parser(name, help=says, description=says)
        command.add_argument("--root", type=Path, default=Path.cwd(), help="the folder with terms/ and demos/")
        if name == "serve":
            command.add_argument("--port", type=int, default=8000, help="where to listen, default 8000")
        if name == "corpus":
            command.add_argument("--commit", default="HEAD", help="the commit whose terms are taken, default HEAD")
    given = parser.parse_args(arguments)
    root: Path = given.root.resolve()
    if not (root / "terms").is_dir():
        print(
            f"{root} has no folder terms/\n    hint: run this from the top of the project, or say --root",
            file=sys.stderr,
        )
        return 2
    try:
        match given.command:
            case "check":
                glossary = checked(root)
                print(f"{counted(len(glossary.terms), 'term')}, {counted(len(glossary.demos), 'demo')}: all is well")
            case "build":
                print(build(root)[1])
            case "site":
                print(publish(root))
            case "serve":
                engine.serve(root, given.port, lambda: build(root, say=lambda _: None)[1], Broken, told)
            case "schema":
                print(engine.schema_text(), end="")
            case "corpus":
                print(freeze(root, given.commit))
    except Broken as broken:
        told(broken.problems)
        return 1
    except (NotFrozen, WrongBytes, engine.NoSite) as refused:
        print(refused, file=sys.stderr)
        return 1
    except engine.EngineFailed as failed:
        print(f"{failed}\nThe last good site is untouched.", file=sys.stderr)
        return 1
    except BrokenPipeError:  # `… | head` has read enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  or Python complains once more on its way out
    except KeyboardInterrupt:
        return 130
    return 0


def told(problems: Sequence[Problem]) -> None:
    """Prints every problem, and how many there are."""
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"\n{counted(len(problems), 'problem')}. Nothing was written.", file=sys.stderr)


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a console that lacks a letter shows "?"
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    sys.exit(main())
