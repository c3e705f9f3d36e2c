"""The command line, and the table of contents of the generator.

    check    read everything and say what is wrong
    build    check, run the demos, write the pages as Markdown into build/docs
    site     build, let the engine make HTML of it, put the result into build/site
    serve    the site in a browser, made anew whenever a term or a demo changes
    new      start a term with a demo and a test, or a comparison, or a path, all with placeholders
    schema   the JSON Schema of terms, for editors
    corpus   freeze the prose of a commit into the text that language demos learn from
    scorecard  what a reviewer wants to know of terms, as a table

Exit code 0 means that all is well; 1 that there are problems, told one by one; 2 that the command was not understood.
"""

import argparse
import contextlib
import errno
import os
import sys
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

from generator.build import build, build_for, checked, publish
from generator.cache import LESSONS, TERMS
from generator.check.dates import due_for_review
from generator.here import as_typed
from generator.load.glossary import load
from generator.load.places import located
from generator.load.remembered import Held
from generator.model.entries import Term
from generator.output.write import put
from generator.problems import Broken, Problem, Refused, counted
from generator.report import FORMATS, text


def looked_at(root: Path, files: Sequence[Path], form: str, fix: bool, today: date | None) -> int:
    """Checks some files, or all where none is named, and says in this form what it found -> the exit code."""
    from generator.authors.mend import NotOurs, files_named, mend

    try:
        only = files_named(root, files)
    except NotOurs as wrong:
        print(as_typed(str(wrong), root), file=sys.stderr)
        return 2
    if fix:
        for done in mend(root, only, cache=root / TERMS):
            print(done, file=sys.stdout if form == "text" else sys.stderr, flush=True)
    try:
        glossary = checked(root, only=only, today=today or date.today())
    except Broken as broken:
        if form == "text":
            told(broken.problems, "" if fix else " Nothing was written.", root)
        else:
            print(FORMATS[form](broken.problems), end="")
        return 1
    terms_and_demos = f"{counted(len(glossary.terms), 'term')}, {counted(len(glossary.demos), 'demo')}"
    what = ", ".join(map(str, files)) or terms_and_demos
    due = due_for_review(glossary, today) if today else ()
    told_too = located(root, [problem for problem in due if problem.path in only or not only])
    print(f"{what}: all is well\n" if form == "text" else "", end="")
    print(FORMATS[form](told_too), end="")
    return 0


def day(text: str) -> date:
    """A date on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date; write it as 2026-11-23") from None


def card(root: Path, names: Sequence[str], since: str | None) -> str:
    """The scorecard of the terms that are named, or that were changed since a commit, or of all. Raises Refused."""
    from generator.authors.scorecard import scorecard, terms_named, touched
    from generator.lessons.teach import remembered
    from generator.load.history import NoHistory, changed_since

    glossary = load(root, cache=root / TERMS).glossary
    numbers = remembered(glossary, root, root / LESSONS)
    if since is None:
        slugs = terms_named(glossary, names) if names else sorted(glossary.terms)
        return scorecard(glossary, slugs, numbers=numbers)
    try:
        paths = changed_since(root, since)
    except NoHistory as why:
        hint = "--changed-since takes a commit or branch, such as main; or name the terms"
        raise Refused(f"{why}\n    hint: {hint}") from None
    return scorecard(glossary, touched(glossary, paths), sorted(glossary.unread.intersection(paths)), numbers)


def parser() -> argparse.ArgumentParser:
    """Every command and its options."""
    whole = argparse.ArgumentParser(prog="python -m generator", description=(__doc__ or "").split("\n")[0])
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, says in {
        "check": "read everything and say what is wrong",
        "build": "check, run the demos, and write the pages as Markdown into build/docs",
        "site": "build, and make the finished site in build/site",
        "serve": "show the site in a browser, made anew whenever a term or a demo changes",
        "new": "start a term with a demo and a test, or a comparison, or a path, all with placeholders",
        "schema": "print the JSON Schema of terms, for editors",
        "corpus": "freeze the prose of a commit into the text that language demos learn from",
        "scorecard": "show what a reviewer wants to know of terms, as a table; without a choice, of all",
    }.items():
        command = commands.add_parser(name, help=says, description=says)
        command.add_argument("--root", type=Path, default=Path.cwd(), help="the folder with terms/ and demos/")
        if name == "check":
            command.add_argument(
                "files", nargs="*", type=Path, metavar="FILE",
                help="a term, comparison or path, a demo or its test; without one, all are checked",
            )  # fmt: skip
            command.add_argument(
                "--fix", action="store_true",
                help="mend what is mechanical: the order of fields, line ends, spaces, relations written on both sides",
            )  # fmt: skip
            command.add_argument(
                "--format", choices=FORMATS, default="text",
                help="text, json (a list of objects: path, line, column, kind, message, hint) or github (annotations)",
            )  # fmt: skip
            command.add_argument(
                "--today", nargs="?", type=day, const=date.today(), metavar="DATE",
                help="tell what nobody has reviewed for a year, too; DATE stands for another day than this one",
            )  # fmt: skip
        if name == "serve":
            command.add_argument("--port", type=port, default=8000, help="where to listen, default 8000")
        if name == "new":
            command.add_argument("name", metavar="NAME", help='the title, as in "Vanishing Gradient"')
            command.add_argument("--category", help="its subject, a slug of terms/categories.yml; guessed if not given")
            command.add_argument("--level", help="beginner, intermediate or advanced; guessed if not given")
            pages = command.add_mutually_exclusive_group()
            pages.add_argument(
                "--compare", nargs="+", metavar="TERM",
                help="start a comparison of two to four terms; LABEL=TERM for what is on the page of a term",
            )  # fmt: skip
            pages.add_argument("--path", nargs="+", metavar="TERM", help="start a path through these terms")
            demos = command.add_mutually_exclusive_group()
            demos.add_argument("--demo", metavar="DEMO", help="a demo that exists and that the page shows")
            demos.add_argument(
                "--new-demo", metavar="DEMO", help="the name of the demo to write, if not that of the term"
            )
        if name == "schema":
            command.add_argument(
                "--write", action="store_true", help="write the schemas of all kinds of entries to terms/"
            )
        if name == "corpus":
            command.add_argument("--commit", default="HEAD", help="the commit whose terms are taken, default HEAD")
        if name == "scorecard":
            which = command.add_mutually_exclusive_group()
            which.add_argument("terms", nargs="*", default=[], metavar="TERM", help="a term, by any of its names")
            which.add_argument("--changed-since", metavar="REV", help="the terms changed since this branch left REV")
    return whole


def started(root: Path, given: argparse.Namespace) -> str:
    """Starts the term, the comparison or the path that was asked for -> what was done. Raises NotStarted."""
    if given.compare is None and given.path is None:
        from generator.authors.new import Request, new

        request = Request(given.name, given.category, given.level, given.demo, given.new_demo)
        return new(root, request, date.today(), cache=root / TERMS)
    from generator.authors.new_page import PageRequest, new_page

    unfit = {"--category": given.category, "--level": given.level, "--demo": given.demo, "--new-demo": given.new_demo}
    page = PageRequest(
        given.name,
        "path" if given.compare is None else "comparison",
        tuple(given.path if given.compare is None else given.compare),
        tuple(option for option, value in unfit.items() if value is not None),
    )
    return new_page(root, page, date.today(), cache=root / TERMS)


def port(text: str) -> int:
    """A number on which a server can listen."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"'{text}' is no port: these are the numbers from 1 to 65535")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command -> the exit code."""
    given = parser().parse_args(arguments)
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
                return looked_at(root, given.files, given.format, given.fix, given.today)
            case "build":
                print(build(root))
            case "site":
                print(publish(root))
            case "serve":
                from generator.output.serve import serve

                held = Held()
                serve(
                    root,
                    given.port,
                    lambda preview: build_for(root, preview, told_as_unfinished, held),
                    partial(told, root=root),
                )
            case "new":
                print(started(root, given))
            case "schema" if given.write:
                print(write_schemas(root))
            case "schema":
                from generator.model.schema import schema_text

                print(schema_text(Term, load(root).glossary.categories.values()), end="")
            case "corpus":
                from generator.authors.corpus import freeze

                print(freeze(root, given.commit))
            case "scorecard":
                print(card(root, given.terms, given.changed_since), end="")
    except Broken as broken:
        told(broken.problems, root=root)
        return 1
    except Refused as refused:
        print(as_typed(str(refused), root), file=sys.stderr)
        return 1
    except BrokenPipeError:  # `… | head` has read enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  or Python complains once more on its way out
    except OSError as error:
        return refused_by_system(error)
    except KeyboardInterrupt:
        return 130
    return 0


def refused_by_system(error: OSError) -> int:
    """Says of which file the system refused what, and what helps -> the exit code."""
    file = error.filename2 or error.filename or ("standard output" if error.errno in OF_DISKS else "")
    hint = REMEDIES.get(error.errno or 0, ROOM)
    with contextlib.suppress(OSError):  # the same disk may be to hold this
        print(f"{f'{file}: ' if file else ''}{error.strerror or error}\n    hint: {hint}", file=sys.stderr)
    return 1


ROOM = "see that the folder is there, may be written, and has room left"
OF_DISKS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)  # where files are written, their names are said
REMEDIES = {
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room on the disk",
    errno.EFBIG: "allow larger files: ulimit -f tells the limit, and some disks have one of their own",
    errno.EACCES: "see who may read and write it",
    errno.EPERM: "see who may read and write it",
    errno.EROFS: "work in a copy on a disk that can be written",
    errno.ENOTDIR: "a file stands where a folder belongs: take it out",
    errno.EEXIST: "a file stands where a folder belongs: take it out",
    errno.EISDIR: "a folder stands where a file belongs: take it out",
}


def told(problems: Sequence[Problem], last: str = " Nothing was written.", root: Path | None = None) -> None:
    """Prints every problem, and how many there are, with commands as they are typed in this project."""
    lines = f"{text(problems)}\n{counted(len(problems), 'problem')}.{last}"
    print(as_typed(lines, root or Path.cwd()), file=sys.stderr, flush=True)


def told_as_unfinished(problems: Sequence[Problem]) -> None:
    """Prints what is not finished, briefly, since it is told after every edit: one line for what a file has often."""
    lines: dict[tuple[str, str], list[str]] = {}
    for problem in problems:
        lines.setdefault((problem.path, problem.message), []).append(str(problem.line))
    for (path, message), places in lines.items():
        print(f"{path}:{','.join(dict.fromkeys(places))}: {message}", file=sys.stderr)
    refused = "check and site refuse " + ("it" if len(problems) == 1 else "them")
    print(f"{counted(len(problems), 'place')} to finish or tidy up, shown all the same; {refused}.", file=sys.stderr)


def write_schemas(root: Path) -> str:
    """Puts the schemas where editors look for them -> what was done. Raises Broken where categories can not be read."""
    from generator.model.schema import schemas

    loaded = load(root)
    categories = loaded.glossary.categories.values()
    if not categories:
        raise Broken(located(root, loaded.problems))
    written = [path for path, text in schemas(categories).items() if put(text, root / path)]
    return "\n".join(f"{path}: written" for path in written) or "the schemas are as they should be"


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a console that lacks a letter shows "?"
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    code = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        pass
    except OSError as full:
        code = refused_by_system(full)
    os._exit(code)  # nothing is left to do, and to take a large glossary apart takes a tenth of a second
