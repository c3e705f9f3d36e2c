"""Edge: reads terms/ and demos/, and turns every slip into a Problem with its line.

YAML is read by libyaml into a tree of nodes, which know their places, and from there into plain data. Only the core
of YAML 1.2 that is like JSON is allowed: `no` and `12:30` stay text, and tags, anchors and aliases are refused.
"""

import contextlib
import gc
import hashlib
import os
import pickle
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from demos import _source
from generator import model
from generator.check import AnyEntry, formulas, look_at
from generator.markdown import CONVERTED
from generator.model import RESERVED, SLUG, Category, Comparison, Entry, Glossary, Term
from generator.problems import Problem, Where, counted, did_you_mean, listed, one_of
from generator.program import program

LARGEST = 200_000  # bytes; a long entry has 10,000
PARALLEL_FROM = 400  # files; below that, starting a second process costs more than it saves

KINDS: dict[str, type[Entry]] = {"terms": Term, "terms/comparisons": Comparison, "terms/paths": model.Path}
E_ = TypeVar("E_", bound=Entry)


def load(root: Path, cache: Path | None = None) -> tuple[Glossary, list[Problem]]:
    """Everything below `root`, and all that is wrong with it. `cache` is a file that makes the next time fast."""
    paths = [path for folder in KINDS for path in _files(root, folder)]
    read = _read_all(root, paths, cache)
    problems = [problem for one in read for problem in one.problems]
    entries = [one.entry for one in read if one.entry is not None]
    categories, bad_categories = _categories(root)
    demos, bad_demos = _demos(root)
    problems = [*_misplaced(root), *problems, *bad_categories, *bad_demos]
    unread = {path for path, one in zip(paths, read, strict=True) if one.entry is None}
    glossary = Glossary(
        terms={entry.slug: entry for entry in entries if isinstance(entry, Term)},
        comparisons={entry.slug: entry for entry in entries if isinstance(entry, Comparison)},
        paths={entry.slug: entry for entry in entries if isinstance(entry, model.Path)},
        categories=categories,
        demos=demos,
        unread=frozenset(unread | {problem.path for problem in (*bad_categories, *bad_demos)}),
        alone={path: one.alone for path, one in zip(paths, read, strict=True)},
    )
    return glossary, problems


def located(root: Path, problems: Iterable[Problem]) -> list[Problem]:
    """The same problems with the line and column that `where` points to, in reading order."""
    trees: dict[str, yaml.Node | None] = {}
    found = []
    for problem in problems:
        if problem.where and not problem.line:
            if problem.path not in trees:
                trees[problem.path] = _plain(problem.path, (root / problem.path).read_bytes())[1]
            problem = _at(problem, trees[problem.path])
        found.append(problem)
    return sorted(found, key=lambda problem: problem.order)


# --- files ------------------------------------------------------------------------------------------------


def _files(root: Path, folder: str) -> list[str]:
    """The entries of a folder as paths below root; what starts with an underscore is no entry."""
    if not (root / folder).is_dir():
        return []
    names = sorted(entry.name for entry in os.scandir(root / folder) if entry.is_file())
    return [
        f"{folder}/{name}" for name in names
        if name.lower().endswith((".yml", ".yaml")) and not name.startswith(("_", ".")) and name != "categories.yml"
    ]  # fmt: skip


def _misplaced(root: Path) -> list[Problem]:
    """Folders in which nobody would look for entries."""
    if not (root / "terms").is_dir():
        return []
    folders = sorted(entry.name for entry in os.scandir(root / "terms") if entry.is_dir())
    hint = "put its files straight into terms/; the category is a field"
    return [
        Problem(f"terms/{name}", "terms are not sorted into folders", hint)
        for name in folders if f"terms/{name}" not in KINDS and not name.startswith(("_", "."))
    ]  # fmt: skip


@dataclass(frozen=True)
class _Read:
    """All that one file gives, whatever stands in the others."""

    entry: Entry | None
    problems: list[Problem]  # why there is no entry
    alone: list[Problem] = field(default_factory=list)  # what check.look_at() says about the entry
    formulas: dict[tuple[str, bool], str] = field(default_factory=dict)  # what its page will need of markdown.CONVERTED


def _read_all(root: Path, paths: list[str], cache: Path | None) -> list[_Read]:
    """Reads what the cache has not seen, and remembers it by its content.

    In the cache each file has a pickle of its own, made where the file was read, which may be in another process: after
    one edit one file is read and pickled, and all others are copied as they are.
    """
    known = _unpickled(cache)
    digests = {path: hashlib.sha256((root / path).read_bytes()).hexdigest() for path in paths}
    new = [path for path in paths if known.get(path, ("",))[0] != digests[path]]
    if len(new) >= PARALLEL_FROM:
        from concurrent.futures import ProcessPoolExecutor  # slow to import, and rarely needed

        with ProcessPoolExecutor() as pool:
            fresh = list(pool.map(partial(_pickled_entry, root), new, chunksize=100))
    else:
        fresh = [_pickled_entry(root, path) for path in new]
    now = {path: known[path] for path in paths if path in known}
    now |= {path: (digests[path], pickled) for path, pickled in zip(new, fresh, strict=True)}
    if cache is not None and (new or len(now) != len(known)):
        _pickle(cache, now)
    with _no_collection():
        read: list[_Read] = [pickle.loads(now[path][1]) for path in paths]
    for one in read:
        CONVERTED.update(one.formulas)
    return read


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Keeps Python from looking for garbage, now and later, among the many objects made here: all of them stay."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _unpickled(cache: Path | None) -> dict[str, tuple[str, bytes]]:
    """path -> the digest of its content, and the pickle of what was read."""
    if cache is None or not cache.exists():
        return {}
    try:
        version, known = pickle.loads(cache.read_bytes())
    except Exception:  # a cache cut short or of another version says nothing; the files do
        return {}
    return known if version == program() else {}


def _pickle(cache: Path, known: dict[str, tuple[str, bytes]]) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    beside = cache.with_suffix(f".{os.getpid()}")
    beside.write_bytes(pickle.dumps((program(), known), protocol=pickle.HIGHEST_PROTOCOL))
    os.replace(beside, cache)


def _pickled_entry(root: Path, path: str) -> bytes:
    """One file of terms/: all that can be said without the others."""
    entry, problems = _read_entry(path, (root / path).read_bytes())
    if not isinstance(entry, AnyEntry):
        return pickle.dumps(_Read(None, problems), protocol=pickle.HIGHEST_PROTOCOL)
    if isinstance(entry, Term):
        _ = entry.in_sentence  # takes a search through the prose, and is kept with the entry from here on
    alone = look_at(entry)
    keys = [(latex, display) for _, latex, display in formulas(entry)]
    converted = {key: CONVERTED[key] for key in keys if key in CONVERTED}
    return pickle.dumps(_Read(entry, problems, alone, converted), protocol=pickle.HIGHEST_PROTOCOL)


# --- one file ---------------------------------------------------------------------------------------------


def _read_entry(path: str, data: bytes) -> tuple[Entry | None, list[Problem]]:
    """One file of terms/: its entry, or what is wrong with it."""
    folder, _, name = path.rpartition("/")
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
        return refused(f"the file has {len(data):,} bytes", f"an entry has at most {LARGEST:,}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return refused("this is not text in UTF-8", "save the file as UTF-8", *_place(data, error.start))
    if text.startswith("\ufeff"):
        return refused("the file starts with a byte order mark", "save it as UTF-8 without BOM", 1, 1)
    try:
        if problems := list(_refused(path, text)):
            return None, None, problems
        tree = yaml.compose(text, Loader=_Core)
    except yaml.reader.ReaderError as error:
        place = _place(data, error.position)
        return refused("the file holds a control character", "remove it; it is invisible in most editors", *place)
    except yaml.MarkedYAMLError as error:
        return None, None, [_not_yaml(path, error)]
    if tree is None:
        return refused("the file is empty", "start from terms/_template.yml")
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
_Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?\d{1,18}$"), list("-+0123456789"))
_Core.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:\.\d+|\d+\.\d*|\d+(?=[eE]))(?:[eE][-+]?\d{1,3})?$"),
    list("-+.0123456789"),
)
_READ: dict[str, Callable[[str], Any]] = {
    "null": lambda _: None, "bool": lambda text: text == "true", "int": int, "float": float, "str": str,
}  # fmt: skip

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


def _data(node: yaml.Node, path: str, problems: list[Problem], depth: int = 0) -> Any:
    """The plain data below a node. Slips that the data no longer shows are noted on the way."""

    def slip(at: yaml.Node, message: str, hint: str) -> None:
        problems.append(Problem(path, message, hint, (), at.start_mark.line + 1, at.start_mark.column + 1))

    if depth > DEEPEST:
        slip(node, *_TOO_DEEP)
        return None
    if isinstance(node, yaml.SequenceNode):
        return [_data(item, path, problems, depth + 1) for item in node.value]
    if isinstance(node, yaml.ScalarNode):
        if _CONTROL.search(node.value):
            slip(node, "this text holds a control character", "take the escape out")
        return _READ[node.tag.removeprefix("tag:yaml.org,2002:")](node.value)
    mapping: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            slip(key, "braces or brackets stand here where a field is expected", "put quotes around the whole text")
            return "?"  # most likely meant as text, so that nobody complains that it is none
        if key.value in mapping:
            slip(key, f"'{key.value}' is written twice", "keep one of them")
        mapping[key.value] = _data(value, path, problems, depth + 1)
    return mapping


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]")

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
    return Problem(problem.path, problem.message, problem.hint, problem.where, mark.line + 1, mark.column + 1)


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
        case "string_pattern_mismatch" if name == "url":
            return f"{given} is not a web address", "it starts with https:// and has no spaces"
        case "string_pattern_mismatch" if name == "module":
            return f"{given} is not the name of a demo", "use lower-case letters, digits and underscores"
        case "string_pattern_mismatch":
            return f"{given} is not a slug", "use lower-case letters, digits and single hyphens: neural-network"
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
    text = str(value)
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


# --- categories and demos ---------------------------------------------------------------------------------


def _categories(root: Path) -> tuple[dict[str, Category], list[Problem]]:
    path = "terms/categories.yml"
    if not (root / path).is_file():
        return {}, [Problem(path, "there is no list of categories", "restore the file")]
    plain, tree, problems = _plain(path, (root / path).read_bytes())
    if tree is None or problems:
        return {}, problems
    try:
        categories = TypeAdapter(list[Category]).validate_python(plain)
    except ValidationError as error:
        return {}, list(_explained(path, error, Category, tree))
    found: dict[str, Category] = {}
    for i, category in enumerate(categories):
        if category.slug in found:
            problems.append(Problem(path, f"'{category.slug}' is listed twice", "keep one of them", (i, "slug")))
        elif category.slug in RESERVED:
            problems.append(Problem(path, f"'{category.slug}' can not be a slug", "choose another", (i, "slug")))
        found[category.slug] = category
    return found, [_at(problem, tree) for problem in problems]


def _demos(root: Path) -> tuple[dict[str, _source.Source], list[Problem]]:
    """Every demo, read by its syntax tree; nothing is imported."""
    folder = root / "demos"
    demos: dict[str, _source.Source] = {}
    problems: dict[Problem, None] = {}  # each once: two demos may import the same broken part
    for name in _source.names(folder):
        try:
            demos[name] = _source.read(name, folder)
            _source.closure(name, folder)
        except _source.SourceProblem as error:
            found = [error]
        except _source.SourceProblems as errors:
            found = errors.problems
        else:
            continue
        problems |= {Problem(one.path, one.message, one.hint, (), one.line): None for one in found}
    return demos, list(problems)
