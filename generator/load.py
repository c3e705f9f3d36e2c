"""Edge: reads terms/ and demos/, and turns every slip into a Problem with its line.

YAML is read by libyaml into a tree of nodes, which know their places, and from there into plain data. Only the core
of YAML 1.2 that is like JSON is allowed: `no` and `12:30` stay text, and tags, anchors and aliases are refused.
"""

import codecs
import contextlib
import gc
import hashlib
import os
import pickle
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from demos import _source
from demos._unseen import UNSEEN, named
from generator import fix
from generator import model
from generator.check import formulas, look_at
from generator.markdown import CONVERTED
from generator.model import (
    ALLOWED_WORDS,
    CATEGORIES,
    KINDS,
    MUTANTS,
    WANTED,
    AnyEntry,
    DEMO,
    LISTS,
    LONGEST_SLUG,
    RESERVED,
    SLUG,
    Category,
    Comparison,
    Entry,
    Glossary,
    Term,
    Wanted,
)
from generator.problems import Problem, Where, counted, did_you_mean, listed, one_of
from generator.program import program
from generator.reading import LARGEST, content, link_in, plain
from generator.sealed import keep, kept

PARALLEL_FROM = 400  # files; below that, starting a second process costs more than it saves

E_ = TypeVar("E_", bound=Entry)


def load(root: Path, cache: Path | None = None, only: Collection[str] = ()) -> tuple[Glossary, list[Problem]]:
    """Everything below `root`, and all that is wrong with it. `cache` is a file that makes the next time fast.

    Where `only` some files are asked about, other entries may come in brief, without their texts; see LONG.
    """
    if cache is not None and cache.parent.is_symlink():
        cache = None  # what is remembered stays in the project
    paths = _entries(root)
    twins = _twins(paths)
    paths = [path for path in paths if path not in twins]
    read = _read_all(root, paths, cache, only)
    problems = [problem for one in read for problem in one.problems]
    entries = [one.entry for one in read if one.entry is not None]
    categories, bad_categories = _categories(root)
    wanted, bad_wanted = _wanted(root)
    allowed_words, bad_words = _allowed_words(root)
    for path, bad in ((CATEGORIES, bad_categories), (WANTED, bad_wanted), (ALLOWED_WORDS, bad_words)):
        if not bad and (root / path).is_file():
            problems += _slips(path, content(root, path)[0])
    demos, bad_demos = _demos(root, cache)
    tests, bad_tests = _tests(root, demos)
    problems = [*_misplaced(root), *twins.values(), *problems, *bad_categories, *bad_wanted, *bad_demos]
    problems += [*bad_tests, *bad_words]
    unread = {path for path, one in zip(paths, read, strict=True) if one.entry is None} | twins.keys()
    unread |= {problem.path for problem in (*bad_categories, *bad_wanted, *bad_demos, *bad_tests, *bad_words)}
    glossary = Glossary(
        terms={entry.slug: entry for entry in entries if isinstance(entry, Term)},
        comparisons={entry.slug: entry for entry in entries if isinstance(entry, Comparison)},
        paths={entry.slug: entry for entry in entries if isinstance(entry, model.Path)},
        categories=categories,
        demos=demos,
        wanted=wanted,
        unread=frozenset(unread),
        alone={path: one.alone for path, one in zip(paths, read, strict=True)},
        tests=tests,
        allowed_words=allowed_words,
    )
    return glossary, problems


def located(root: Path, problems: Iterable[Problem]) -> list[Problem]:
    """The same problems with the line and column that `where` points to, in reading order."""
    trees: dict[str, yaml.Node | None] = {}
    found = []
    for problem in problems:
        if problem.where and not problem.line:
            if problem.path not in trees:
                trees[problem.path] = _plain(problem.path, content(root, problem.path)[0])[1]
            problem = _at(problem, trees[problem.path])
        found.append(_somewhere(root, problem))
    return sorted(found, key=lambda problem: problem.order)


def _somewhere(root: Path, problem: Problem) -> Problem:
    """The problem with a place in its file: where its line begins, or at the top where no line is to blame."""
    place = root / problem.path
    if problem.column or place.is_symlink() or not place.is_file():
        return problem
    if not problem.line:
        return replace(problem, line=1, column=1)
    line = b"".join(content(root, problem.path)[0].splitlines()[problem.line - 1 : problem.line])
    return replace(problem, column=len(line) - len(line.lstrip()) + 1)


# --- files ------------------------------------------------------------------------------------------------


def files(root: Path) -> list[str]:
    """Every file of terms/ that is read, as a path below root."""
    return [*_entries(root), *(path for path in LISTS if (root / path).is_file())]


def _entries(root: Path) -> list[str]:
    return [path for folder in KINDS for path in _files(root, folder)]


def _files(root: Path, folder: str) -> list[str]:
    """The entries of a folder as paths below root; what starts with an underscore is no entry."""
    if link_in(root, folder) or not (root / folder).is_dir():
        return []
    names = sorted(entry.name for entry in os.scandir(root / folder) if not entry.is_dir(follow_symlinks=False))
    return [
        f"{folder}/{name}" for name in names
        if name.lower().endswith((".yml", ".yaml")) and not name.startswith(("_", "."))
        and f"{folder}/{name}" not in LISTS
    ]  # fmt: skip


def _misplaced(root: Path) -> list[Problem]:
    """Folders in which nobody would look for entries, and folders that are only links to others."""
    problems = []
    for folder in KINDS:
        if link := link_in(root, folder):
            problems.append(link)
        elif (root / folder).is_dir():
            inside = sorted(entry.name for entry in os.scandir(root / folder) if entry.is_dir(follow_symlinks=False))
            hint = f"put its files straight into {folder}/"
            hint += "; the category is a field" if folder == "terms" else ""
            problems += [
                Problem(f"{folder}/{name}", f"{folder.rpartition('/')[2]} are not sorted into folders", hint)
                for name in inside if f"{folder}/{name}" not in KINDS and not name.startswith(("_", "."))
            ]  # fmt: skip
    return list(dict.fromkeys(problems))


def _twins(paths: Iterable[str]) -> dict[str, Problem]:
    """Files that differ from another only in case, which many systems take for one. The one in small letters stays."""
    twins, seen = {}, dict[str, str]()
    hint = "rename one of them: many systems take both for the same file"
    for path in sorted(paths, key=lambda path: (path != path.lower(), path)):
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            twins[path] = Problem(path, f"this name differs from {other} only in case", hint)
    return twins


@dataclass(frozen=True)
class _Read:
    """All that one file gives, whatever stands in the others."""

    entry: Entry | None
    problems: list[Problem]  # why there is no entry
    alone: list[Problem] = field(default_factory=list)  # what check.look_at() says about the entry
    formulas: dict[tuple[str, bool], str] = field(default_factory=dict)  # what its page will need of markdown.CONVERTED


# What no rule of check.TOGETHER reads: most of an entry, so that what is left of it is read in half the time.
LONG: dict[type[Entry], tuple[str, ...]] = {
    Term: ("explanation", "formula", "examples", "misconceptions", "faq", "sources", "note"),
    Comparison: ("summary", "sources"),
    model.Path: ("summary", "outcome"),
}


def brief(entry: E_) -> E_:
    """The entry without its long fields. Whoever reads one of them all the same gets an AttributeError."""
    short = entry.model_copy()
    for name in LONG[type(entry)]:
        del short.__dict__[name]
    return short


# path -> the digest of its content, the pickle of what was read, and the pickle of the same in brief.
_Rows = dict[str, tuple[str, bytes, bytes]]


def _read_all(root: Path, paths: list[str], cache: Path | None, only: Collection[str]) -> list[_Read]:
    """Reads what the cache has not seen, and remembers it by its content.

    In the cache each file has pickles of its own, made where the file was read, which may be in another process: after
    one edit one file is read and pickled, and all others are copied as they are.
    """
    known: _Rows = _unpickled(cache)
    digests = {path: hashlib.sha256(b"".join(_bytes(root, path))).hexdigest() for path in paths}
    new = [path for path in paths if path not in known or known[path][0] != digests[path]]
    for path in new:
        if path in known:  # an edit leaves most formulas as they are
            before: _Read = pickle.loads(known[path][1])
            CONVERTED.update(before.formulas)
    if len(new) >= PARALLEL_FROM:
        from concurrent.futures import ProcessPoolExecutor  # slow to import, and rarely needed

        with ProcessPoolExecutor() as pool:
            fresh = list(pool.map(partial(_pickled_entry, root), new, chunksize=100))
    else:
        fresh = [_pickled_entry(root, path) for path in new]
    now = {path: known[path] for path in paths if path in known}
    now |= {path: (digests[path], *pickles) for path, pickles in zip(new, fresh, strict=True)}
    # Whoever asks about a file asks again after the next edit, and need not wait until all is written.
    if cache is not None and (set(new).difference(only) or len(now) != len(known)):
        keep(cache, _pickled((program(), now)))
    with _no_collection():
        briefly = [bool(only) and path not in only for path in paths]
        read: list[_Read] = [
            pickle.loads(short if is_brief else full)
            for (_, full, short), is_brief in zip(map(now.__getitem__, paths), briefly, strict=True)
        ]
    for one in read:
        CONVERTED.update(one.formulas)
    return read


def _pickled(value: Any) -> bytes:
    return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Keeps Python from looking for garbage, now and later, among the many objects made here: all of them stay."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _unpickled(cache: Path | None) -> dict[str, Any]:
    """What was remembered by this version of the program."""
    if cache is None or (data := kept(cache)) is None:
        return {}
    try:
        version, known = pickle.loads(data)
    except Exception:  # a cache of another version says nothing; the files do
        return {}
    return known if version == program() else {}


def _bytes(root: Path, path: str) -> tuple[bytes, bytes]:
    """What stands in a file, and why nothing does."""
    data, problems = plain(root, path)  # whose folder was looked at already
    return data, "\n".join(map(str, problems)).encode(errors="backslashreplace")


def _pickled_entry(root: Path, path: str) -> tuple[bytes, bytes]:
    """One file of terms/: all that can be said without the others, and what these need of it."""
    data, problems = content(root, path)
    entry: Entry | None = None
    if not problems:
        entry, problems = _read_entry(path, data)
    if len(problems) > MOST_TOLD:
        first = sorted(problems, key=lambda problem: problem.order)[:MOST_TOLD]
        more = f"and {counted(len(problems) - MOST_TOLD, 'more problem')}"
        problems = [*first, Problem(path, more, "mend these first", (), first[-1].line, first[-1].column + 1)]
    slips = _slips(path, data)
    if not isinstance(entry, AnyEntry):
        nothing = _pickled(_Read(None, [*problems, *slips]))
        return nothing, nothing
    if isinstance(entry, Term):
        _ = entry.in_sentence  # takes a search through the prose, and is kept with the entry from here on
    alone = [*look_at(entry), *slips]
    keys = [(latex, display) for _, latex, display in formulas(entry)]
    converted = {key: CONVERTED[key] for key in keys if key in CONVERTED}
    return _pickled(_Read(entry, problems, alone, converted)), _pickled(_Read(brief(entry), problems))


# --- what is mechanical -----------------------------------------------------------------------------------


def mended(path: str, data: bytes) -> tuple[str, list[fix.Slip]]:
    """The text of a file of terms/ without what is mechanical, and what that was; nothing for what is no text."""
    if len(data) > LARGEST:
        return "", []
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return "", []
    kind = KINDS.get(path.rpartition("/")[0]) if path not in LISTS else None
    return fix.mended(text, parsed(path), list(_fields(kind, ())) if kind else [])


def parsed(path: str) -> fix.Parse:
    """How the text of a file is read to compare what it says: not at all where something is wrong with it."""

    def parse(text: str) -> fix.Parsed | None:
        data, tree, problems = _plain(path, text.encode())
        return None if tree is None or problems else fix.Parsed(data, tree)

    return parse


def _slips(path: str, data: bytes) -> list[Problem]:
    """What is mechanical in a file. A byte order mark keeps it from being read at all, and is told where that is."""
    slips = [] if data.startswith(codecs.BOM_UTF8) else mended(path, data)[1]
    hint = "python -m generator check --fix mends this"
    return [Problem(path, slip.message, hint, (), slip.line, slip.column, "untidy") for slip in slips]


# --- one file ---------------------------------------------------------------------------------------------


def _read_entry(path: str, data: bytes) -> tuple[Entry | None, list[Problem]]:
    """One file of terms/: its entry, or what is wrong with it."""
    folder, _, name = path.rpartition("/")
    if len(name) > LONGEST_SLUG + len(".yml"):
        message = f"the file name has {len(name)} characters"
        return None, [Problem(path, message, f"it may have {LONGEST_SLUG} and .yml")]
    slug, _, ending = name.rpartition(".")
    if ending != "yml":
        return None, [Problem(path, "the name of an entry ends in .yml", f"rename it to {slug}.yml")]
    if not re.fullmatch(SLUG, slug):
        better = model.slugify(slug)
        hint = "use lower-case letters, digits and single hyphens" + (f", as in {better}.yml" if better else "")
        return None, [Problem(path, f"the file name '{slug}' is not a slug", hint)]
    if slug in RESERVED:
        hint = "choose another: some systems or sites need that name for themselves"
        return None, [Problem(path, f"'{slug}' can not be a slug", hint)]
    return read_text(path, data, KINDS[folder], slug=slug)


def read_text(path: str, data: bytes, kind: type[E_], **extra: Any) -> tuple[E_ | None, list[Problem]]:
    """One entry of a kind from the bytes of its file. `extra` are fields that the file itself may not set."""
    plain, tree, problems = _plain(path, data)
    if tree is None:
        return None, problems
    if not isinstance(plain, dict):
        hint = "start from terms/_template.yml"
        return None, [Problem(path, f"an entry is fields and values, and this is {_named(plain)}", hint, (), 1, 1)]
    for key in extra:
        if key in plain:
            problem = Problem(path, f"'{key}' is not written in the file", "take it out: it is the file's name", (key,))
            problems.append(_at(problem, tree, at_key=True))
    try:
        entry = kind.model_validate({**plain, **extra})
    except ValidationError as error:
        return None, [*problems, *_explained(path, error, kind, tree)]
    return (None if problems else entry), problems


def _plain(path: str, data: bytes) -> tuple[Any, yaml.Node | None, list[Problem]]:
    """The plain data of a file, the tree that knows its places, and what is wrong; no tree where it is no YAML."""

    def refused(message: str, hint: str, line: int = 0, column: int = 0) -> tuple[None, None, list[Problem]]:
        return None, None, [Problem(path, message, hint, (), line, column)]

    if len(data) > LARGEST:
        return refused(f"the file has {len(data):,} bytes", f"it may have {LARGEST:,}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return refused("this is not text in UTF-8", "save the file as UTF-8", *_place(data, error.start))
    if text.startswith("\ufeff"):
        hint = "save it as UTF-8 without BOM, or use check --fix"
        return refused("the file starts with a byte order mark", hint, 1, 1)
    if unseen := UNSEEN.search(text):  # in comments too, where it would mislead whoever reviews the file
        place = _place(data, len(text[: unseen.start()].encode()))
        return refused(f"the file holds {named(unseen[0])}", "take it out; most editors do not show it", *place)
    try:
        if problems := list(_refused(path, text)):
            return None, None, problems
        tree = yaml.compose(text, Loader=_Core)
    except yaml.MarkedYAMLError as error:
        return None, None, [_not_yaml(path, error)]
    if tree is None:
        return refused("the file is empty", "start from terms/_template.yml")
    if unwieldy := _unwieldy(tree):
        return refused(*unwieldy)
    problems = []
    return _data(tree, path, problems), tree, problems


def _place(data: bytes, at: int) -> tuple[int, int]:
    """Line and column of a byte."""
    before = data[:at]
    return before.count(b"\n") + 1, len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1


class _Core(yaml.CSafeLoader):
    """libyaml with the plain scalars of YAML 1.2: true, false, null and numbers; all else is text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  PyYAML's own way to say it


_Core.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])
_Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])
_Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]{1,18}$"), list("-+0123456789"))
_Core.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]{1,3})?$"),
    list("-+.0123456789"),
)
_READ: dict[str, Callable[[str], Any]] = {
    "null": lambda _: None, "bool": lambda text: text == "true", "int": int, "float": float, "str": str,
}  # fmt: skip

MOST_ENTRIES = 100  # of a list or a group of fields; the longest path has 29 steps
LONGEST_KEY = 100  # characters; the longest side of a comparison has 30
MOST_TOLD = 30  # problems of one file: whoever has mended so many asks again
DEEPEST = 20  # levels; an entry has five
_TOO_DEEP = (f"this is nested more than {DEEPEST} levels deep", "an entry needs five")
# What may be an anchor or a tag, and many levels on one line. Whoever has none of this needs no second look.
_MARK = re.compile(r"[&!](?<![^\s\[{,:][&!])\S")
_RUN = re.compile(r"[?-](?:[ \t]+[?-]){20}")


def _refused(path: str, text: str) -> Iterator[Problem]:
    """Anchors, tags, and nesting so deep that libyaml, which builds its tree by recursion in C, would crash on it."""
    if not _MARK.search(text) and not _RUN.search(text) and text.count("[") + text.count("{") < 1000:
        return
    depth = 0
    event: Any
    for event in yaml.parse(text, Loader=_Core):
        place = (event.start_mark.line + 1, event.start_mark.column + 1)
        if getattr(event, "anchor", None):
            mark = "*" if isinstance(event, yaml.AliasEvent) else "&"
            message = f"'{mark}{event.anchor}' is an anchor of YAML, and there are none here"
            yield Problem(path, message, "put quotes around a text that starts so, and write values out", (), *place)
        elif getattr(event, "tag", None):
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            hint = "put quotes around a text that starts so"
            yield Problem(path, f"'{tag}' is a tag of YAML, and there are none here", hint, (), *place)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            yield Problem(path, *_TOO_DEEP, (), *place)
            return


def _unwieldy(tree: yaml.Node) -> tuple[str, str, int, int] | None:
    """The first thing so deep, or of so many entries, that looking at all of it would take for ever, and its place."""
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST:
            return *_TOO_DEEP, *_start(node)
        if isinstance(node, yaml.CollectionNode):
            if len(node.value) > MOST_ENTRIES:
                message = f"{len(node.value):,} entries stand here"
                return message, f"nothing needs more than {MOST_ENTRIES}", *_start(node)
            pairs = isinstance(node, yaml.MappingNode)
            inside = [one for pair in node.value for one in pair] if pairs else node.value
            waiting += [(one, depth + 1) for one in reversed(inside)]
    return None


def _start(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _data(node: yaml.Node, path: str, problems: list[Problem]) -> Any:
    """The plain data below a node. Slips that the data no longer shows are noted on the way."""

    def slip(at: yaml.Node, message: str, hint: str) -> None:
        problems.append(Problem(path, message, hint, (), *_start(at)))

    if isinstance(node, yaml.SequenceNode):
        return [_data(item, path, problems) for item in node.value]
    if isinstance(node, yaml.ScalarNode):
        if unseen := UNSEEN.search(node.value):
            slip(node, f"this text holds {named(unseen[0])}", "take the escape out")
        return _READ[node.tag.removeprefix("tag:yaml.org,2002:")](node.value)
    mapping: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            slip(key, "braces or brackets stand here where a field is expected", "put quotes around the whole text")
            return "?"  # most likely meant as text, so that nobody complains that it is none
        if unseen := UNSEEN.search(key.value):
            slip(key, f"the name of a field holds {named(unseen[0])}", "take the escape out")
            continue
        if "\n" in key.value or len(key.value) > LONGEST_KEY:
            hint = f"it stands on one line and has at most {LONGEST_KEY} characters"
            slip(key, f"{_quoted(key.value)} is too long for the name of a field", hint)
            continue
        if key.value in mapping:
            slip(key, f"'{key.value}' is written twice", "keep one of them")
        mapping[key.value] = _data(value, path, problems)
    return mapping


# What libyaml says, what it means for an author, and what to do.
_QUOTE = "put quotes around the text"
_INDENT = "check its indentation, and the quotes before it"
_MISTAKES = {
    "mapping values are not allowed": ("there is a colon inside this text", f"{_QUOTE}, or write it below >-"),
    "found character that cannot start": ("nothing can start with this character", f"{_QUOTE}; indent with spaces"),
    "tab character": ("there is a tab where spaces are needed", "indent with spaces"),
    "unexpected end of stream": ("a quote is not closed", "close it"),
    "did not find expected ',' or": ("a bracket or brace is not closed here", f"close it, or {_QUOTE}"),
    "did not find expected node content": ("a bracket or brace is not closed here", f"close it, or {_QUOTE}"),
    "could not find expected ':'": ("the line before is no field with a colon", "write it as field: value"),
    "did not find expected key": ("this does not go on what came before", _INDENT),
    "did not find expected '-'": ("this does not go on what came before", _INDENT),
    "undefined alias": ("a text can not start with *", _QUOTE),
    "did not find expected alphabetic": ("a text can not start with * or &", _QUOTE),
    "but found another document": ("the file holds a second document", "take out the line ---"),
    "unknown escape character": ("a backslash in double quotes is no backslash", "use single quotes, or write two"),
}


def _not_yaml(path: str, error: yaml.MarkedYAMLError) -> Problem:
    said = str(error.problem)
    known = (mistake for part, mistake in _MISTAKES.items() if part in said)
    message, hint = next(known, (said, "compare with terms/_template.yml"))
    mark = error.problem_mark
    if "quote is not closed" in message:
        mark = error.context_mark  # where it opens, and not the end of the file
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    return Problem(path, f"this is not valid YAML: {message}", hint, (), line, column)


# --- what the model says, in sentences --------------------------------------------------------------------


def _at(problem: Problem, tree: yaml.Node | None, *, at_key: bool = False) -> Problem:
    """The problem with the place of its value: of the deepest part of `where` that the file has.

    A value of several lines is pointed at by its key, and so is one whose key is what is wrong.
    """
    if tree is None:
        return problem
    place = tree
    for i, part in enumerate(problem.where, start=1):
        if isinstance(place, yaml.MappingNode):
            pair = next(((key, value) for key, value in place.value if key.value == part), None)
            if pair is None:
                continue
            last = i == len(problem.where)
            place = pair[0] if last and (at_key or not isinstance(pair[1], yaml.ScalarNode)) else pair[1]
        elif isinstance(place, yaml.SequenceNode) and isinstance(part, int) and part < len(place.value):
            place = place.value[part]
    mark = place.start_mark
    return replace(problem, line=mark.line + 1, column=mark.column + 1)


def _explained(path: str, error: ValidationError, kind: type[Entry], tree: yaml.Node) -> Iterator[Problem]:
    for details in error.errors(include_url=False):
        # Only the way through the file: no word for which of two kinds a value was taken for.
        where = tuple(part for part in details["loc"] if part not in ("<figure>", "<text>"))
        if where != ("slug",):  # whoever writes that is told already
            message, hint = _sentence(details, where, kind)
            yield _at(Problem(path, message, hint, where), tree, at_key=details["type"] == "extra_forbidden")


def _sentence(details: ErrorDetails, where: Where, kind: type[Entry]) -> tuple[str, str]:
    """A sentence and a remedy for what Pydantic found."""
    type_, context, value = details["type"], details.get("ctx", {}), details["input"]
    names = [part for part in where if isinstance(part, str)]
    name = names[-1] if names else "entry"
    called = f"'{name}'" if where[-1:] == (name,) else f"entry {int(where[-1]) + 1} of '{name}'" if where else "this"
    given = _quoted(value)
    match type_:
        case "extra_forbidden":
            known = _fields(kind, where[:-1])
            return f"there is no field called '{name}'", did_you_mean(name, known, one_of(known))
        case "missing":
            return f"the field '{name}' is missing", _fields(kind, where[:-1])[name] or "see terms/_template.yml"
        case _ if value is None or value == "" or type_ == "string_too_short":
            return f"{called} is empty", "write it or take it out"
        case "literal_error":
            allowed = re.findall(r"'([^']+)'", str(context["expected"]))
            if isinstance(value, list | dict):
                return f"{called} must be one word, and is {_named(value)}", one_of(allowed)
            return f"there is no {name} called {given}", did_you_mean(value, allowed, one_of(allowed))
        case "string_pattern_mismatch" if name in ("url", "issue"):
            return f"{given} is not a web address", "it starts with https:// and has no spaces"
        case "string_pattern_mismatch" if name == "module":
            return f"{given} is not the name of a demo", "use lower-case letters, digits and underscores"
        case "string_pattern_mismatch":
            return f"{given} is not a slug", "use lower-case letters, digits and single hyphens: neural-network"
        case "string_too_long":
            return f"{called} has {len(value.strip()):,} characters", f"it may have at most {context['max_length']:,}"
        case "too_short":
            has = f"only {counted(len(value), 'entry')}" if value else "no entries"
            return f"{called} has {has}", f"it needs at least {context['min_length']}"
        case "too_long":
            return f"{called} has {counted(len(value), 'entry')}", f"it may have at most {context['max_length']}"
        case "greater_than_equal" | "less_than_equal":
            return f"{given} can not be the {name}", "a year lies between 1600 and 2100"
    if type_.startswith("date"):
        return f"{given} is not a date", "write it as 2026-11-23"
    if type_.startswith(("int_", "finite")):
        return f"{called} must be a whole number, and is {_named(value)}", ""
    wanted, hint = _WANTED.get(type_, (f"something else ({details['msg']})", ""))
    if type_ == "string_type" and isinstance(value, dict):
        hint = "put quotes around a text that has a colon, or write it below >-"
    elif type_ == "model_type":
        hint = f"its fields are {listed(list(_fields(kind, where)))}"
    return f"{called} must be {wanted}, and is {_named(value)}", hint


# What Pydantic misses in a value, in words, and the usual remedy.
_WANTED = {
    "string_type": ("text", "put quotes around it"),
    "list_type": ("a list", "write each entry on a line of its own, after a dash"),
    "dict_type": ("fields and values", "write each as name: value"),
    "model_type": ("fields and values", ""),
    "bool_type": ("true or false", ""),
    "bool_parsing": ("true or false", ""),
    "setting_type": ("a number, text, true or false", "settings are what the demo's controls can be set to"),
}


def _quoted(value: Any) -> str:
    text = " ".join(str(value).split())
    return f"'{text if len(text) <= 60 else text[:57] + '…'}'"


def _named(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return f"the word {str(value).lower()}"
        case int() | float():
            return f"the number {value}"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "a group of fields"


def _fields(kind: type[BaseModel], where: Where) -> dict[str, str]:
    """The fields allowed at a place, with their descriptions."""
    for part in where:
        if isinstance(part, str):
            named = {info.alias or name: info for name, info in kind.model_fields.items()}
            if part in named:
                kind = _model_in(named[part].annotation) or kind
    return {
        info.alias or name: info.description or ""
        for name, info in kind.model_fields.items()
        if name != "slug" or kind is Category  # of entries, the file name is the slug
    }


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (list, dict, Union, UnionType) or hasattr(annotation, "__metadata__"):
        return next(filter(None, map(_model_in, get_args(annotation))), None)
    return None


# --- lists and demos --------------------------------------------------------------------------------------


def _categories(root: Path) -> tuple[dict[str, Category], list[Problem]]:
    path = CATEGORIES
    if not os.path.lexists(root / path):
        return {}, [Problem(path, "there is no list of categories", "restore the file")]
    categories, tree, problems = _list_of(Category, root, path)
    if problems:
        return {}, problems
    found: dict[str, Category] = {}
    for i, category in enumerate(categories):
        if category.slug in found:
            problems.append(Problem(path, f"'{category.slug}' is listed twice", "keep one of them", (i, "slug")))
        elif category.slug in RESERVED:
            problems.append(Problem(path, f"'{category.slug}' can not be a slug", "choose another", (i, "slug")))
        found[category.slug] = category
    return found, [_at(problem, tree) for problem in problems]


def _wanted(root: Path) -> tuple[list[Wanted], list[Problem]]:
    """The terms that somebody hopes to read. There may be none, and no file."""
    if not os.path.lexists(root / WANTED):
        return [], []
    lines = content(root, WANTED)[0].splitlines()
    if lines and all(line.lstrip().startswith(b"#") for line in lines if line.strip()):
        return [], []  # all of them were written
    wanted, _, problems = _list_of(Wanted, root, WANTED)
    return wanted, problems


def _list_of(kind: type[E_], root: Path, path: str) -> tuple[list[E_], yaml.Node | None, list[Problem]]:
    """A file that holds a list: its entries, the tree that knows their places, and what is wrong."""
    data, problems = content(root, path)
    if problems:
        return [], None, problems
    plain, tree, problems = _plain(path, data)
    if tree is None or problems:
        return [], tree, problems
    try:
        return TypeAdapter(list[kind]).validate_python(plain), tree, []  # type: ignore[valid-type]
    except ValidationError as error:
        return [], tree, list(_explained(path, error, kind, tree))


@dataclass(frozen=True)
class _Followed:
    """A demo or a part with which nothing is wrong, and the digest of each file that this was found out from."""

    source: _source.Source | None  # None for a part
    digests: Mapping[str, str]


def _allowed_words(root: Path) -> tuple[dict[str, str], list[Problem]]:
    """The words that definitions may say although they are neither common nor a term, each with the reason; or none."""
    path = ALLOWED_WORDS
    if not os.path.lexists(root / path):
        return {}, []
    data, problems = content(root, path)
    plain, tree, problems = _plain(path, data) if not problems else (None, None, problems)
    if tree is None or problems:
        return {}, problems
    if not isinstance(plain, dict):
        return {}, [Problem(path, f"this is words with reasons, and not {_named(plain)}", _A_REASON, (), 1, 1)]
    for word, reason in plain.items():
        if not re.fullmatch(r"[^\W\d_]+", word) or word != word.lower():
            problems.append(Problem(path, f"'{word}' is not one word in small letters", _A_REASON, (word,)))
        elif not isinstance(reason, str) or not reason.strip():
            problems.append(Problem(path, f"'{word}' has no reason", _A_REASON, (word,)))
    return ({} if problems else plain), [_at(problem, tree, at_key=True) for problem in problems]


_A_REASON = "write each as word: why a reader knows it, or where it is explained"


def _demos(root: Path, cache: Path | None) -> tuple[dict[str, _source.Source], list[Problem]]:
    """Every demo, read by its syntax tree; nothing is imported.

    What was well is remembered until a file changes that it was followed through, or any file comes or goes.
    """
    folder = root / "demos"
    if link := link_in(root, "demos") or link_in(root, "demos/parts"):
        return {}, [link]
    demos: dict[str, _source.Source] = {}
    parts = [f"parts.{name}" for name in _source.names(folder / "parts")]
    paths = {f"demos/{name.replace('.', '/')}.py": name for name in [*_source.names(folder), *parts]}
    twins = _twins(paths)
    problems = dict.fromkeys(twins.values())  # each once: two demos may import the same broken part
    digests = {name: hashlib.sha256(content(root, path)[0]).hexdigest() for path, name in paths.items()}
    there = [*digests, *sorted(path.name for path in (folder / "data").rglob("*"))]
    cache = cache and cache.with_name("demos.pickle")
    before, known = _unpickled(cache).get("demos", ([], {}))
    known = known if before == there else {}
    now: dict[str, _Followed] = {}
    for path, name in paths.items():
        if path in twins:
            continue
        stem = name.removeprefix("parts.")
        if not re.fullmatch(DEMO, stem) or stem in RESERVED:
            hint = "choose another: lower-case letters, digits and underscores, and no word that systems keep"
            problems[Problem(path, f"'{stem}' can not be the name of a demo", hint, (), 1)] = None
            continue
        one = known.get(name)
        if one and all(digests.get(other) == digest for other, digest in one.digests.items()):
            now[name] = one
            if one.source:
                demos[name] = replace(one.source, path=root / path)  # the project may have moved
            continue
        try:
            if name in parts:
                _source.read_part(name, folder)
                now[name] = _Followed(None, {name: digests[name]})
                continue
            demos[name] = _source.read(name, folder)
            now[name] = _Followed(demos[name], {other: digests[other] for other in _source.closure(name, folder)})
        except _source.SourceProblem as error:
            found = [error]
        except _source.SourceProblems as errors:
            found = errors.problems
        else:
            continue
        problems |= {Problem(bad.path, bad.message, bad.hint, (), bad.line): None for bad in found}
    if cache is not None and now != known:
        keep(cache, _pickled((program(), {"demos": (there, now)})))
    return demos, list(problems)


def _tests(root: Path, demos: Iterable[str]) -> tuple[dict[str, str], list[Problem]]:
    """The tests of each demo, where there are any, and the list of deliberate bugs, as text."""
    paths = [*(f"tests/demos/test_{name}.py" for name in demos), MUTANTS]
    read = {path: content(root, path) for path in paths if os.path.lexists(root / path)}
    problems = [problem for _, found in read.values() for problem in found]
    return {path: data.decode("utf-8", "replace") for path, (data, found) in read.items() if not found}, problems
