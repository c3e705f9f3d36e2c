"""Edge: starts a term: its YAML, and a demo with a test and a deliberate bug, from templates that say what to write.

What is written passes every rule but one: its placeholders are problems of the kind "unfinished", so that `serve` shows
the page and nothing else publishes it. All mistakes of a command are told at once, and then nothing is written.
"""

import contextlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import get_args

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from demos._run.source import VOCABULARY, SourceProblems, read
from generator.authors.neighbors import Neighbor, neighbors, usual
from generator.check.rules import check
from generator.here import gets_what_tests_need, python_here
from generator.load.demos import taken_by
from generator.load.entry import parse_entry
from generator.load.glossary import load
from generator.model.entries import CATEGORIES, MUTANTS, RESERVED, Level, Term
from generator.model.glossary import Glossary
from generator.model.texts import LONGEST_NAME
from generator.problems import Broken, Problem, counted, did_you_mean, listed, one_of
from generator.reading import link_in
from generator.saving import whole
from generator.text.slugs import slugify

TEMPLATE = "terms/_template.yml"

LONGEST_MODULE = 40  # characters: what keeps an import on one line
# What the templates call things, so that a demo of that name would hide it; words of demos and of the command line.
TEMPLATES = {"demo", "factor", "np", "once", "run_file", "twice", "x", "y"}
NEEDED = RESERVED | TEMPLATES | set(VOCABULARY) | {"demos", "record"}


class NotStarted(Broken):
    """Why nothing was written."""


@dataclass(frozen=True)
class Request:
    """What was asked for. `demo` is one that exists, `new_demo` the name of one to write; at most one of them."""

    name: str
    category: str | None = None
    level: str | None = None
    demo: str | None = None
    new_demo: str | None = None


@dataclass(frozen=True)
class Start:
    """What a new term starts with. `guessed`: fields that nobody chose; `near`: terms that it may belong beside."""

    name: str
    module: str
    category: str
    level: str
    guessed: tuple[str, ...]
    near: tuple[Neighbor, ...]


def new(root: Path, request: Request, today: date, cache: Path | None = None) -> str:
    """Writes the files of a new term -> what was done, and what comes next. Raises NotStarted with every mistake."""
    glossary = load(root, cache).glossary
    name = " ".join(request.name.split())
    slug = slugify(name)
    module = request.demo or request.new_demo or slug.replace("-", "_")
    problems = [*_of_name(root, glossary, name, slug), *_of_choices(glossary, request)]
    if module and not request.demo:
        problems += _of_new_demo(root, glossary, module, "--new-demo" if request.new_demo else quoted(name))
    if problems:
        raise NotStarted(problems)
    start = _start(glossary, request, name, module)
    files = {} if request.demo else _program(root, name, module)
    files[f"terms/{slug}.yml"] = _entry(root, start, today)
    if problems := _spoiled(glossary, files, slug, module):
        raise NotStarted(problems)
    if links := [link for path in files if (link := link_in(root, path))]:
        raise NotStarted(list(dict.fromkeys(links)))
    write_all(root, files)
    return "\n\n".join(_said(root, glossary, files, start))


def _start(glossary: Glossary, request: Request, name: str, module: str) -> Start:
    """What was chosen, and for the rest what is usual among the neighbors."""
    near = neighbors(name, glossary)
    category = request.category or usual(near, "category") or next(iter(glossary.categories))
    level = request.level or usual(near, "level") or get_args(Level)[0]
    guessed = tuple(field for field in ("category", "level") if getattr(request, field) is None)
    return Start(name, module, category, level, guessed, tuple(near))


# --- what can not be --------------------------------------------------------------------------------------


def _of_name(root: Path, glossary: Glossary, name: str, slug: str) -> Iterator[Problem]:
    place = quoted(name)
    if len(name) > LONGEST_NAME:
        yield Problem(place, f"this name has {counted(len(name), 'character')}", f"it may have {LONGEST_NAME}")
    elif not slug:
        yield Problem(
            place, "no address can be made of this name", "it becomes one: use letters from a to z, or digits"
        )
    elif slug in RESERVED:
        yield Problem(place, f"'{slug}' can not be a slug", "some systems or sites need that name for themselves")
    elif owner := _owner(glossary, slug):
        yield Problem(place, f"this is already {owner}", "improve that page, or choose another name")
    elif (root / "terms" / f"{slug}.yml").exists():  # it is there, and could not be read
        yield Problem(place, f"terms/{slug}.yml exists already", "python -m generator check says what is wrong with it")


def quoted(name: str) -> str:
    """A name in quotes, cut where it is too long for a message."""
    return f"'{name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + '…'}'"


def _owner(glossary: Glossary, slug: str) -> str:
    """What leads to this address already; empty where nothing does."""
    for term in glossary.terms.values():
        claims = {slugify(alias.text): f"the alias '{alias.text}'" for alias in term.aliases}
        claims |= dict.fromkeys(term.former_slugs, "an old slug")
        claims |= {term.slug: "the slug", slugify(term.title): f"the title '{term.title}'"}
        if slug in claims:
            return f"{claims[slug]} of terms/{term.slug}.yml"
    return ""


def _of_choices(glossary: Glossary, request: Request) -> Iterator[Problem]:
    if not glossary.categories:
        yield Problem(CATEGORIES, "there are no categories", "python -m generator check says why")
    elif request.category is not None and request.category not in glossary.categories:
        titles = {category.title: slug for slug, category in glossary.categories.items()}
        hint = f"write it as {titles[request.category]}" if request.category in titles else ""
        hint = hint or did_you_mean(request.category, glossary.categories, one_of(glossary.categories))
        yield Problem("--category", f"there is no category called '{request.category}'", hint)
    if request.level is not None and request.level not in get_args(Level):
        hint = did_you_mean(request.level, get_args(Level), one_of(get_args(Level)))
        yield Problem("--level", f"there is no level called '{request.level}'", hint)
    if (
        request.demo is not None
        and request.demo not in glossary.demos
        and f"demos/{request.demo}.py" not in glossary.unread
    ):
        hint = did_you_mean(request.demo, glossary.demos, "to write one of that name, say --new-demo")
        yield Problem("--demo", f"there is no demo called '{request.demo}'", hint)


def _of_new_demo(root: Path, glossary: Glossary, module: str, place: str) -> Iterator[Problem]:
    """Why no demo can have this name. `place` is what the name was taken from."""
    other = "name it otherwise with --new-demo, or show one that exists with --demo"
    if (root / "demos" / f"{module}.py").exists():
        users = [f"terms/{slug}.yml" for slug in glossary.demo_users.get(module, ())]
        shown = f", and {listed(users)} {'shows' if len(users) == 1 else 'show'} it" if users else ""
        hint = f"show it on this page too with --demo {module}, or name the new one otherwise with --new-demo"
        yield Problem(place, f"demos/{module}.py exists already{shown}", hint)
    elif not re.fullmatch(r"[a-z][a-z0-9_]*", module):
        hint = f"use lower-case letters, digits and underscores, a letter first; {other}"
        yield Problem(place, f"'{module}' can not be the name of a demo", hint)
    elif len(module) > LONGEST_MODULE:
        hint = f"it may have {LONGEST_MODULE}; {other}"
        yield Problem(place, f"'{module}' has {counted(len(module), 'character')}, too many for a demo", hint)
    elif whose := _whose(module):
        yield Problem(place, f"no demo can be called '{module}': that is {whose}", other)
    elif (root / f"tests/demos/test_{module}.py").exists():
        yield Problem(place, f"tests/demos/test_{module}.py exists already", other)


def _whose(module: str) -> str:
    """To whom the name of a module belongs; empty where it is free."""
    if whose := taken_by(module):
        return whose
    if module in NEEDED:
        return "a name that is needed here"
    return "an installed package" if module in _installed() else ""


@cache
def _installed() -> frozenset[str]:
    """The top-level modules of all installed packages. To list them, the files of every package are gone through."""
    return frozenset(packages_distributions())


def _spoiled(glossary: Glossary, files: Mapping[str, str], slug: str, module: str) -> list[Problem]:
    """What check would say of the new files, but for what is only unfinished. None, unless a template is spoiled or the
    name breaks a rule that any title must keep."""
    path = f"terms/{slug}.yml"
    term, problems = parse_entry(path, files[path].encode(), Term, slug=slug)
    changed = glossary
    if f"demos/{module}.py" in files:
        try:
            demo = read(module, text=files[f"demos/{module}.py"])
        except SourceProblems as error:
            found = error.problems
            return [*problems, *(Problem(one.path, one.message, one.hint, (), one.line) for one in found)]
        changed = replace(changed, demos={**changed.demos, module: demo})
    if term is None:
        return problems
    changed = replace(changed, terms={**changed.terms, slug: term})
    before = set(check(glossary))
    return [one for one in check(changed) if one.kind != "unfinished" and one not in before]


# --- what is written --------------------------------------------------------------------------------------


def _entry(root: Path, start: Start, today: date) -> str:
    """terms/_template.yml with the name, the choices and the neighbors filled in."""
    first = [one for one in start.near if one.comes_first]
    guess = {field: "a guess; " if field in start.guessed else "" for field in ("category", "level")}
    wanted = {
        "title: Your Term": f"title: {scalar(start.name)}",
        "category: foundations # ": f"category: {start.category} # {guess['category']}",
        "level: beginner # ": f"level: {start.level} # {guess['level']}",
        "  Your Term is": f"  {start.name} is",
        "module: neuron # demos/neuron.py": f"module: {start.module} # demos/{start.module}.py",
        "prerequisites: []": f"{_suggested('to know first', first)}prerequisites: []",
        "related: []": f"{_suggested('related', [one for one in start.near if one not in first])}related: []",
        "year: 2026": f"year: {today.year}",
        "written: 2026-11-23": f"written: {today.isoformat()}",
    }
    try:
        text = (root / TEMPLATE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise NotStarted([Problem(TEMPLATE, "the template can not be read", "restore the file")]) from None
    if missing := [old for old in wanted if text.count(old) != 1]:
        slips = [f"'{old.strip()}' stands here {counted(text.count(old), 'time')}, and must once" for old in missing]
        raise NotStarted([Problem(TEMPLATE, slip, "restore the file") for slip in slips])
    text = re.sub(r"^# To start a term.*\n", "", text, flags=re.MULTILINE)
    return re.sub("|".join(map(re.escape, wanted)), lambda found: wanted[found[0]], text)


def scalar(text: str) -> str:
    """A text as YAML, with quotes only where it needs them."""
    with contextlib.suppress(yaml.YAMLError):
        if yaml.safe_load(f"{text} #") == text:
            return text
    return json.dumps(text, ensure_ascii=False)


def _suggested(what: str, near: list[Neighbor]) -> str:
    return "".join([f"# Perhaps {what}:\n", *(f"#   {one.slug}: {one.why}\n" for one in near)]) if near else ""


def templates() -> Environment:
    """The templates of files that are started for authors, which are no HTML."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
        keep_trailing_newline=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )


def _program(root: Path, name: str, module: str) -> dict[str, str]:
    """A demo that runs, tests that pass, and a bug that they notice: all about nothing yet."""
    about = {"title": name.replace("\\", r"\\").replace('"', r"\""), "module": module}
    bug = {"file": f"demos/{module}.py", "find": "return factor * x", "replace": "return factor + x"}
    told = ", ".join(f"{key}: {json.dumps(text) if key in ('find', 'replace') else text}" for key, text in bug.items())
    return {
        f"tests/demos/test_{module}.py": templates().get_template("new_test.py.j2").render(about),
        f"demos/{module}.py": templates().get_template("new_demo.py.j2").render(about),
        MUTANTS: f"{_mutants(root)}- {{{told}, slip: TODO say what kind of mistake this is}}\n",
    }


def _mutants(root: Path) -> str:
    """The list of deliberate bugs as it is, ready for one more line."""
    try:
        text = (root / MUTANTS).read_text(encoding="utf-8")
        listed = yaml.safe_load(text) or []
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        listed = None
    if not isinstance(listed, list):
        raise NotStarted([Problem(MUTANTS, "this is no list, so no line can be added to it", "mend it first")])
    return text if text.endswith("\n") or not text else text + "\n"


def write_all(root: Path, files: Mapping[str, str]) -> None:
    """Writes all of the files or, where one can not be written, none. Raises NotStarted.

    Each is written beside its place and renamed. The entry comes last: until it is there, nothing shows the rest.
    """
    before = {path: (root / path).read_bytes() if (root / path).exists() else None for path in files}
    beside = {path: (root / path).with_name(f".{Path(path).name}.{os.getpid()}") for path in files}
    placed: list[str] = []
    path = ""
    try:
        for path, text in files.items():
            beside[path].parent.mkdir(parents=True, exist_ok=True)
            beside[path].write_text(text, encoding="utf-8", newline="\n")
        for path in files:
            os.replace(beside[path], root / path)
            placed.append(path)
    except BaseException as error:
        for done in placed:
            _restore(root / done, before[done])
        if isinstance(error, OSError):
            problem = Problem(path, f"this could not be written: {error.strerror}", "mend that, and try again")
            raise NotStarted([problem]) from None
        raise
    finally:
        for left in beside.values():
            with contextlib.suppress(OSError):
                left.unlink()


def _restore(place: Path, content: bytes | None) -> None:
    if content is None:
        place.unlink()
    else:
        whole(place, content)


# --- what is said -----------------------------------------------------------------------------------------


_ABOUT = {
    "terms": "what readers read; every field is explained there",
    "demos": "runs as it is; put the idea in",
    "tests": "passes as it is; test the idea",
}


def _said(root: Path, glossary: Glossary, files: Mapping[str, str], start: Start) -> Iterator[str]:
    """What was done, and what comes next, in paragraphs."""
    about = {path: _ABOUT[path.partition("/")[0]] for path in reversed([*files])}
    if MUTANTS in about:
        about[MUTANTS] = "one line more: a bug that the tests must notice"
    yield table("Written:", about)
    if start.guessed:
        told = listed([f"the {field} {getattr(start, field)}" for field in start.guessed])
        are, it = ("is a guess", "it") if len(start.guessed) == 1 else ("are guesses", "them")
        speaks = (
            f"; change {it} in the file if need be" if start.near else f" for which nothing speaks; choose {it} there"
        )
        yield f"{told[0].upper()}{told[1:]} {are}{speaks}."
    users = glossary.demo_users.get(start.module, [])
    uses = [use for slug in users for use in glossary.terms[slug].demos if use.module == start.module]
    if uses and not any(use.home for use in uses):
        home = f"The demo '{start.module}' is shown by terms/{users[0]}.yml too, and neither page is its home"
        yield f"{home}: write `home: true` below it in one of them."
    if start.near:
        yield table("Perhaps its neighbors, also noted in the file:", {one.slug: one.why for one in start.near})
    else:
        yield "No term shares a word with it, so look for its neighbors yourself."
    python, packages = python_here(root), gets_what_tests_need(root)
    yield table(
        "Next:",
        {
            f"{python} -m generator serve": "shows the page while you write, and lists what is unfinished",
            f"{python} -m demos {start.module}": "runs the demo",
            **({packages: "gets what its tests need, which is not here yet"} if packages else {}),
            f"{python} -m pytest tests/demos/test_{start.module}.py": "runs its tests",
            f"{python} -m tests.mutants {start.module}": "plants its bug, and sees that a test notices",
            f"{python} -m generator check": "says what is left to do",
        },
    )


def table(title: str, rows: Mapping[str, str]) -> str:
    """Rows of two columns below a title, for a terminal."""
    width = max(map(len, rows))
    return "\n".join([title, *(f"    {left:<{width}}  {right}" for left, right in rows.items())])
