"""Edge: reads terms/, demos/ and turns every slip into a Problem with its line.

YAML is read by libyaml into a tree of nodes, which know their places, and from there into plain data. Only what the
JSON-like core of YAML 1.2 knows is allowed: `no` and `12:30` stay text, and tags, anchors and aliases are refused.
"""

import hashlib
import os
import pickle
import platform
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import pydantic
import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from demos import _source
from generator import model
from generator.model import RESERVED, SLUG, Category, Comparison, Entry, Glossary, Term
from generator.problems import Problem, Where, did_you_mean, one_of

LARGEST = 200_000  # bytes; a long entry has 10,000
PARALLEL_FROM = 400  # files; below that, starting a second process costs more than it saves

KINDS: dict[str, type[Entry]] = {"terms": Term, "terms/comparisons": Comparison, "terms/paths": model.Path}
E_ = TypeVar("E_", bound=Entry)


def load(root: Path, cache: Path | None = None) -> tuple[Glossary, list[Problem]]:
    """Everything below `root`, and everything that is wrong with it. `cache` is a file that makes the next time fast."""
    paths = [path for folder in KINDS for path in _files(root, folder)]
    read = _read_all(root, paths, cache)
    problems = [problem for _, found in read for problem in found]
    entries = [entry for entry, _ in read if entry is not None]
    categories, more = _categories(root)
    demos, yet_more = _demos(root)
    glossary = Glossary(
        terms={entry.slug: entry for entry in entries if isinstance(entry, Term)},
        comparisons={entry.slug: entry for entry in entries if isinstance(entry, Comparison)},
        paths={entry.slug: entry for entry in entries if isinstance(entry, model.Path)},
        categories=categories,
        demos=demos,
    )
    return glossary, [*problems, *more, *yet_more]


def located(root: Path, problems: Iterable[Problem]) -> list[Problem]:
    """The same problems with the line and column that `where` points to, in reading order."""
    trees: dict[str, yaml.Node | None] = {}
    found = []
    for problem in problems:
        if problem.line == 0 and problem.path.endswith(".yml"):
            if problem.path not in trees:
                trees[problem.path] = _compose((root / problem.path).read_text(encoding="utf-8"))
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
        if name.endswith((".yml", ".yaml")) and not name.startswith("_") and name != "categories.yml"
    ]  # fmt: skip


Read = tuple[Entry | None, list[Problem]]


def _read_all(root: Path, paths: list[str], cache: Path | None) -> list[Read]:
    """Parses what the cache has not seen, and remembers it by its content."""
    known: dict[str, tuple[str, Read]] = _unpickled(cache)
    contents = {path: (root / path).read_bytes() for path in paths}
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in contents.items()}
    new = [path for path in paths if known.get(path, ("",))[0] != digests[path]]
    jobs = [(path, contents[path]) for path in new]
    if len(jobs) >= PARALLEL_FROM:
        with ProcessPoolExecutor() as pool:
            fresh = list(pool.map(_read_entry, jobs, chunksize=100))
    else:
        fresh = list(map(_read_entry, jobs))
    now = {path: known[path] for path in paths if path in known} | {
        path: (digests[path], read) for path, read in zip(new, fresh, strict=True)
    }
    if cache is not None and (new or len(now) != len(known)):
        _pickle(cache, now)
    return [now[path][1] for path in paths]


def _version() -> str:
    """Changes whenever the same file might be read otherwise."""
    code = b"".join(Path(str(sys.modules[name].__file__)).read_bytes() for name in (__name__, model.__name__))
    return hashlib.sha256(code).hexdigest() + pydantic.VERSION + platform.python_version()


def _unpickled(cache: Path | None) -> dict[str, tuple[str, Read]]:
    if cache is None or not cache.exists():
        return {}
    try:
        version, known = pickle.loads(cache.read_bytes())
    except Exception:  # a cache cut short or of another version says nothing; the files do
        return {}
    return known if version == _version() else {}


def _pickle(cache: Path, known: dict[str, tuple[str, Read]]) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    beside = cache.with_suffix(f".{os.getpid()}")
    beside.write_bytes(pickle.dumps((_version(), known), protocol=pickle.HIGHEST_PROTOCOL))
    os.replace(beside, cache)


# --- one file ---------------------------------------------------------------------------------------------


def _read_entry(job: tuple[str, bytes]) -> Read:
    """One file of terms/: its entry, or what is wrong with it."""
    path, data = job
    folder, _, name = path.rpartition("/")
    slug, _, ending = name.partition(".")
    if ending != "yml":
        return None, [Problem(path, "an entry ends in .yml", f"rename it to {slug}.yml")]
    if not re.match(SLUG, slug):
        better = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")
        hint = "lower-case letters, digits and single hyphens" + (f", such as {better}.yml" if better else "")
        return None, [Problem(path, f"the file name '{slug}' is not a slug", hint)]
    if slug in RESERVED:
        return None, [Problem(path, f"'{slug}' can not be a slug, since some systems keep that name", "choose another")]
    return read_text(path, data, KINDS[folder], slug=slug)


def read_text(path: str, data: bytes, kind: type[E_], **extra: Any) -> tuple[E_ | None, list[Problem]]:
    """One entry of a kind from the bytes of its file. `extra` are fields that the file itself may not set."""
    plain, tree, problems = _plain(path, data)
    if tree is None:
        return None, problems
    if not isinstance(plain, dict):
        return None, [Problem(path, f"an entry is fields and values, and this is {_named(plain)}", line=1, column=1)]
    refused = [
        Problem(path, f"'{key}' is not written in the file", "it is the name of the file", (key,))
        for key in extra if key in plain
    ]  # fmt: skip
    try:
        entry = kind.model_validate({**plain, **extra})
    except ValidationError as error:
        return None, [*problems, *(_at(problem, tree) for problem in [*refused, *_explained(path, error, kind)])]
    problems += [_at(problem, tree) for problem in refused]
    return (None if problems else entry), problems


def _plain(path: str, data: bytes) -> tuple[Any, yaml.Node | None, list[Problem]]:
    if len(data) > LARGEST:
        return None, None, [Problem(path, f"the file has {len(data):,} bytes", f"an entry has at most {LARGEST:,}")]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return None, None, [Problem(path, "this is not UTF-8 text", "save the file as UTF-8", line=line)]
    if text.startswith("\ufeff"):
        return (
            None,
            None,
            [Problem(path, "the file starts with a byte order mark", "save it as UTF-8 without BOM", line=1)],
        )
    try:
        tree = _compose(text)
    except yaml.YAMLError as error:
        return None, None, [_not_yaml(path, error)]
    if tree is None:
        return None, None, [Problem(path, "the file is empty", "start from terms/_template.yml")]
    problems: list[Problem] = []
    plain = _data(tree, path, problems, set())
    return plain, tree, problems


class _Core(yaml.CSafeLoader):
    """libyaml with the plain scalars of YAML 1.2: true, false, null and numbers; all else is text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  PyYAML's own way to say it


_Core.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])
_Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])
_Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?\d+$"), list("-+0123456789"))
_Core.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:\.\d+|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)$"),
    list("-+.0123456789"),
)
_READ: dict[str, Callable[[str], Any]] = {
    "null": lambda _: None, "bool": lambda text: text == "true", "int": int, "float": float, "str": str,
}  # fmt: skip

DEEPEST = 20  # levels; an entry has five


def _compose(text: str) -> yaml.Node | None:
    # libyaml's tree is built by recursion in C, so a thousand brackets must never reach it.
    if max((len(run) for run in re.findall(r"[\[{][\[{\s]*", text)), default=0) > 4 * DEEPEST:
        raise yaml.scanner.ScannerError(None, None, "too many brackets in a row", None)
    return yaml.compose(text, Loader=_Core)


def _data(node: yaml.Node, path: str, problems: list[Problem], seen: set[int], depth: int = 0) -> Any:
    """The plain data below a node. Slips that the data no longer shows are noted on the way."""

    def slip(at: yaml.Node, message: str, hint: str) -> None:
        problems.append(Problem(path, message, hint, line=at.start_mark.line + 1, column=at.start_mark.column + 1))

    if id(node) in seen:
        slip(node, "anchors and aliases (&name, *name) are not used here", "write the value out")
        return None
    seen.add(id(node))
    kind = node.tag.removeprefix("tag:yaml.org,2002:")
    if depth > DEEPEST:
        slip(node, f"this is nested more than {DEEPEST} levels deep", "an entry needs five")
    elif isinstance(node, yaml.MappingNode) and kind == "map":
        mapping: dict[str, Any] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if name in mapping:
                slip(key, f"'{name}' is written twice", "keep one of them")
            mapping[name] = _data(value, path, problems, seen, depth + 1)
        return mapping
    elif isinstance(node, yaml.SequenceNode) and kind == "seq":
        return [_data(item, path, problems, seen, depth + 1) for item in node.value]
    elif isinstance(node, yaml.ScalarNode) and kind in _READ:
        return _READ[kind](node.value)
    else:
        slip(node, f"the tag '{node.tag}' is not allowed", "write plain text, numbers, lists and fields")
    return None


def _not_yaml(path: str, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it could not be read")
    remedies = {
        "mapping values": "put quotes around a text with a colon",
        "cannot start any token": "put quotes around the text, and indent with spaces",
        "did not find expected key": "check the indentation, and that every quote is closed",
        "block end": "check the indentation, and that every quote is closed",
        "unexpected end": "close the quote or bracket",
        "control characters": "remove the invisible character",
        "undefined alias": "put quotes around a text that starts with * or &",
    }
    hint = next((remedy for part, remedy in remedies.items() if part in said), "compare with terms/_template.yml")
    return Problem(path, f"this is not valid YAML: {said}", hint, line=line, column=column)


# --- what the model says, in sentences --------------------------------------------------------------------


def _at(problem: Problem, tree: yaml.Node | None) -> Problem:
    """The problem with the place of its value: of the deepest part of `where` that the file has."""
    if problem.line or tree is None:
        return problem
    place = tree
    for part in problem.where:
        if isinstance(place, yaml.MappingNode):
            pairs = {key.value: (key, value) for key, value in place.value}
            if part not in pairs:
                continue
            key, value = pairs[str(part)]
            place = key if part == problem.where[-1] and not isinstance(value, yaml.ScalarNode) else value
        elif isinstance(place, yaml.SequenceNode) and isinstance(part, int) and part < len(place.value):
            place = place.value[part]
    mark = place.start_mark
    return Problem(problem.path, problem.message, problem.hint, problem.where, mark.line + 1, mark.column + 1)


def _explained(path: str, error: ValidationError, kind: type[Entry]) -> Iterator[Problem]:
    for details in error.errors(include_url=False):
        where: Where = details["loc"]
        if where[-1:] == ("slug",) and len(where) == 1:
            continue
        # A cell is text or a figure; only what it tried to be is worth a word.
        if "Figure" in where and details["type"] == "model_type":
            yield Problem(path, f"{_quoted(details)} is neither text nor a figure", "put quotes around it", where)
        elif not any(str(part).startswith("constrained-str") for part in where):
            message, hint = _sentence(details, kind)
            yield Problem(path, message, hint, tuple(part for part in where if part != "Figure"))


def _sentence(details: ErrorDetails, kind: type[Entry]) -> tuple[str, str]:
    """A sentence and a remedy for what Pydantic found."""
    where, type_, context = details["loc"], details["type"], details.get("ctx", {})
    name = next((str(part) for part in reversed(where) if isinstance(part, str)), "entry")
    given = _quoted(details)
    match type_:
        case "extra_forbidden":
            return f"there is no field called '{name}'", did_you_mean(
                name, known := _fields(kind, where[:-1]), one_of(known)
            )
        case "missing":
            described = _fields(kind, where[:-1]).get(name, "")
            return f"the field '{name}' is missing", described or "see terms/_template.yml"
        case "literal_error":
            allowed = re.findall(r"'([^']+)'", str(context["expected"]))
            return f"there is no {name} called {given}", did_you_mean(details["input"], allowed, one_of(allowed))
        case "string_pattern_mismatch" if name == "url":
            return f"{given} is not a web address", "it starts with https:// and has no spaces"
        case "string_pattern_mismatch" if name == "module":
            return f"{given} is not the name of a demo", "lower-case letters, digits and underscores"
        case "string_pattern_mismatch":
            return f"{given} is not a slug", "lower-case letters, digits and single hyphens, as in 'neural-network'"
        case "string_too_short":
            return f"'{name}' is empty", "write it or leave the field out"
        case "too_short":
            return (
                f"'{name}' has too few entries: {context['actual_length']}",
                f"it needs at least {context['min_length']}",
            )
        case "too_long":
            return (
                f"'{name}' has too many entries: {context['actual_length']}",
                f"it may have at most {context['max_length']}",
            )
        case "greater_than_equal" | "less_than_equal":
            return f"{given} is no {name} we can believe", "a year between 1600 and 2100"
    if type_.startswith("date"):
        return f"{given} is not a date", "write it as 2026-11-23"
    wanted = {
        "string_type": "text", "list_type": "a list", "dict_type": "fields and values", "model_type": "fields and values",
        "int_type": "a whole number", "int_parsing": "a whole number", "int_from_float": "a whole number",
        "bool_type": "true or false", "bool_parsing": "true or false",
    }.get(type_)  # fmt: skip
    if wanted:
        hint = "put quotes around it" if wanted == "text" and not isinstance(details["input"], dict | list) else ""
        return f"'{name}' must be {wanted}, and is {_named(details['input'])}", hint
    return f"'{name}': {details['msg'].lower()}", ""


def _quoted(details: ErrorDetails) -> str:
    text = str(details["input"])
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
        if name != "slug" or kind is Category
    }


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (list, dict, Union, UnionType) or hasattr(annotation, "__metadata__"):
        return next(filter(None, map(_model_in, get_args(annotation))), None)
    return None


# --- categories and demos ---------------------------------------------------------------------------------


class _Categories(Entry):
    categories: list[Category]


def _categories(root: Path) -> tuple[dict[str, Category], list[Problem]]:
    path = "terms/categories.yml"
    if not (root / path).is_file():
        return {}, [Problem(path, "there is no list of categories", "restore terms/categories.yml")]
    plain, tree, problems = _plain(path, (root / path).read_bytes())
    if problems:
        return {}, problems
    try:
        listed = _Categories.model_validate({"categories": plain}).categories
    except ValidationError as error:
        found = [
            Problem(path, *_sentence(details, _Categories), details["loc"][1:])
            for details in error.errors(include_url=False)
        ]
        return {}, [_at(problem, tree) for problem in found]
    return {category.slug: category for category in listed}, []


def _demos(root: Path) -> tuple[dict[str, _source.Source], list[Problem]]:
    """Every demo, read by its syntax tree; nothing is imported."""
    folder = root / "demos"
    demos, problems = {}, []
    for name in _source.names(folder):
        try:
            demos[name] = _source.read(name, folder)
        except _source.SourceProblems as error:
            problems += [
                Problem(f"demos/{name}.py", problem.message, problem.hint or "", line=problem.line or 0)
                for problem in error.problems
            ]
    return demos, problems
