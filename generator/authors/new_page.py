"""Edge: starts a comparison or a path: its YAML, with the sides or the steps filled in, from a template.

As with a new term, nothing is wrong with what is written but that it is not finished, all mistakes of a command are
told at once, and then nothing is written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

from generator.authors.new import NotStarted, quoted, scalar, table, templates, write_all
from generator.check.rules import check
from generator.here import python_here
from generator.load.entry import parse_entry
from generator.load.glossary import load
from generator.model import entries as model
from generator.model.entries import LONGEST_SLUG, RESERVED, Comparison
from generator.model.glossary import Glossary
from generator.model.texts import LONGEST_NAME
from generator.problems import Problem, counted, did_you_mean, listed
from generator.reading import link_in
from generator.text.slugs import slugify

Kind = Literal["comparison", "path"]
KINDS: dict[Kind, type[Comparison] | type[model.Path]] = {"comparison": Comparison, "path": model.Path}
OPTIONS: dict[Kind, str] = {"comparison": "--compare", "path": "--path"}
MOST_SIDES = 4


class _Side(NamedTuple):
    """A side of a comparison, or a step of a path, which has no label."""

    label: str
    about: str

    @property
    def key(self) -> str:
        return self.label or self.about


@dataclass(frozen=True)
class PageRequest:
    """What was asked for. `terms`: sides or steps, each by any name of a term; a side may be LABEL=TERM."""

    name: str
    kind: Kind
    terms: tuple[str, ...]
    unfit: tuple[str, ...] = ()  # options that were given, too, and that only a term has


def new_page(root: Path, request: PageRequest, today: date, cache: Path | None = None) -> str:
    """Writes the file of a new comparison or path -> what was done, and what comes next. Raises NotStarted with every
    mistake."""
    glossary = load(root, cache).glossary
    name, kind = " ".join(request.name.split()), KINDS[request.kind]
    slug = slugify(name)
    path = f"{kind.folder}/{slug}.yml"
    sides, problems = _sides(glossary, request)
    needed: list[str] = []
    if not problems and request.kind == "path":
        needed, problems = _needed(glossary, [side.about for side in sides])
    if not problems and request.kind == "comparison":
        problems = list(_compared(glossary, sides))
    problems = [*_of_name(root, glossary, request.kind, name, slug), *_of_options(request), *problems]
    if problems:
        raise NotStarted(problems)
    about = {
        "title": scalar(name),
        "today": today,
        "sides": [_side(side) for side in sides],
        "keys": [scalar(side.key) for side in sides],
        "terms": [side.about for side in sides],
        "needed": needed,
    }
    text = templates().get_template(f"new_{request.kind}.yml.j2").render(about)
    if problems := _spoiled(glossary, path, text, slug, request.kind):
        raise NotStarted(problems)
    if link := link_in(root, path):
        raise NotStarted([link])
    write_all(root, {path: text})
    return "\n\n".join(_said(root, path, needed))


def _of_name(root: Path, glossary: Glossary, kind: Kind, name: str, slug: str) -> Iterator[Problem]:
    place, others = quoted(name), glossary.comparisons if kind == "comparison" else glossary.paths
    path = f"{KINDS[kind].folder}/{slug}.yml"
    owners = {old: other for other in others.values() for old in (*other.former_slugs, slugify(other.title))}
    improve = "improve that page, or choose another name"
    if len(name) > LONGEST_NAME:
        yield Problem(place, f"this name has {counted(len(name), 'character')}", f"it may have {LONGEST_NAME}")
    elif not slug:
        yield Problem(
            place, "no address can be made of this name", "it becomes one: use letters from a to z, or digits"
        )
    elif slug in RESERVED:
        yield Problem(place, f"'{slug}' can not be a slug", "some systems or sites need that name for themselves")
    elif len(slug) > LONGEST_SLUG:
        message = f"the address of this name would have {counted(len(slug), 'character')}"
        yield Problem(place, message, f"it may have {LONGEST_SLUG}")
    elif slug in others:
        yield Problem(place, f"this is already {path}", improve)
    elif slug in owners:
        what = "an old slug" if slug in owners[slug].former_slugs else "the title"
        yield Problem(place, f"this is already {what} of {owners[slug].file}", improve)
    elif (root / path).exists():  # it is there, and could not be read
        yield Problem(place, f"{path} exists already", "python -m generator check says what is wrong with it")


def _of_options(request: PageRequest) -> Iterator[Problem]:
    for option in request.unfit:
        yield Problem(option, f"only a term has that, and this is a {request.kind}", "leave it out")


def _sides(glossary: Glossary, request: PageRequest) -> tuple[list[_Side], list[Problem]]:
    """The sides or steps that are meant, and what is wrong with them."""
    option, problems, sides = OPTIONS[request.kind], list[Problem](), list[_Side]()
    for text in request.terms:
        label, _, called = text.rpartition("=") if request.kind == "comparison" else ("", "", text)
        slug = glossary.addresses.get(slugify(called), called)
        if label and not called.strip():
            problems.append(Problem(option, f"{quoted(text)} names no term", "write it as LABEL=TERM"))
            continue
        if slug not in glossary.terms:
            problems.append(_no_term(glossary, option, called, slug))
            continue
        if len(label) > LONGEST_NAME or (text.startswith("=") and not label):
            problems.append(Problem(option, f"the label of {quoted(text)} is no name", "write it as LABEL=TERM"))
            continue
        side = _Side(" ".join(label.split()), slug)
        if side.key in [one.key for one in sides]:
            hint = f"give it a label, as in LABEL={slug}" if request.kind == "comparison" else "name it once"
            problems.append(Problem(option, f"'{side.key}' comes twice", hint))
        sides.append(side)
    if len(request.terms) < 2:
        hint = f'as in: python -m generator new "A Title" {option} softmax attention'
        what = "compares two terms or more" if request.kind == "comparison" else "has two steps or more"
        problems.append(Problem(option, f"a {request.kind} {what}", hint))
    if request.kind == "comparison" and len(request.terms) > MOST_SIDES:
        message = f"these are {counted(len(request.terms), 'side')}, and a table has room for {MOST_SIDES}"
        problems.append(Problem(option, message, "choose those that readers take for one another"))
    return sides, problems


def _no_term(glossary: Glossary, option: str, called: str, slug: str) -> Problem:
    if glossary.has_term(slug):
        hint = "python -m generator check says what is wrong with it"
        return Problem(option, f"terms/{slug}.yml can not be read", hint)
    near = did_you_mean(slugify(called), glossary.terms)
    hint = near or f"write it first: python -m generator new {_as_argument(called)}"
    return Problem(option, f"there is no term called {quoted(called)}", hint)


def _as_argument(text: str) -> str:
    """A name as it is typed after a command."""
    return '"' + "".join(f"\\{letter}" if letter in '"\\$`' else letter for letter in text[:LONGEST_NAME]) + '"'


def _needed(glossary: Glossary, steps: Sequence[str]) -> tuple[list[str], list[Problem]]:
    """What a path takes for known, and the steps that come before what they need."""
    needed, problems = dict[str, None](), list[Problem]()
    for i, slug in enumerate(steps):
        missing = [one for one in glossary.terms[slug].prerequisites if one not in steps[:i]]
        if late := [one for one in missing if one in steps]:
            it = "it" if len(late) == 1 else "them"
            problems.append(Problem("--path", f"'{slug}' needs {listed(late)} first", f"name {it} before {slug}"))
        needed |= dict.fromkeys(one for one in missing if one not in steps)
    return list(needed), problems


def _compared(glossary: Glossary, sides: Sequence[_Side]) -> Iterator[Problem]:
    for other in glossary.comparisons.values():
        if {side.key for side in other.sides} == {side.key for side in sides}:
            yield Problem("--compare", f"{other.file} compares these already", "improve that page, or choose others")


def _side(side: _Side) -> str:
    return f"{{label: {scalar(side.label)}, about: {side.about}}}" if side.label else side.about


def _spoiled(glossary: Glossary, path: str, text: str, slug: str, kind: Kind) -> list[Problem]:
    """What check would say of the new file, but for what is only unfinished. None, unless a template is spoiled or the
    name breaks a rule that any title must keep."""
    entry, problems = parse_entry(path, text.encode(), KINDS[kind], slug=slug)
    if entry is None:
        return problems
    changed = glossary
    if isinstance(entry, Comparison):
        changed = replace(glossary, comparisons={**glossary.comparisons, slug: entry})
    if isinstance(entry, model.Path):
        changed = replace(glossary, paths={**glossary.paths, slug: entry})
    before = set(check(glossary))
    return [one for one in check(changed) if one.kind != "unfinished" and one not in before]


def _said(root: Path, path: str, needed: Sequence[str]) -> Iterator[str]:
    """What was done, and what comes next, in paragraphs."""
    yield table("Written:", {path: "what readers read; every field is explained there"})
    if needed:
        yield (
            f"That readers know {listed(needed)} beforehand is a guess, since steps need it and no step explains it: "
            "make steps of what they do not know."
        )
    python = python_here(root)
    yield table(
        "Next:",
        {
            f"{python} -m generator serve": "shows the page while you write, and lists what is unfinished",
            f"{python} -m generator check": "says what is left to do",
        },
    )
