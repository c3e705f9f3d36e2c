"""Edge: reads the entries that were edited, and remembers each with what check says of it alone."""

import contextlib
import gc
import hashlib
import pickle
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from generator.cache import keep, kept, program
from generator.check.rules import look_at
from generator.load.entry import read_entry
from generator.load.fix import slips_in
from generator.model.entries import E_, AnyEntry, Entry, Term
from generator.model.formulas import formulas
from generator.model.outline import fields_left_out
from generator.problems import Problem, counted
from generator.reading import content, plain
from generator.text.mathml import CONVERTED

PARALLEL_FROM = 400  # files; below that, starting a second process costs more than it saves


@dataclass(frozen=True)
class _Read:
    """All that one file gives, whatever stands in the others."""

    entry: Entry | None
    problems: list[Problem]  # why there is no entry
    findings: list[Problem] | None = None  # what check.rules.look_at() says about the entry, and slips; None in brief
    formulas: dict[tuple[str, bool], str] = field(default_factory=dict)  # what its page will need of mathml.CONVERTED


def brief(entry: E_) -> E_:
    """The entry in outline. To read what an outline does not name is an error of types, and an AttributeError."""
    short = entry.model_copy()
    for name in fields_left_out(type(entry)):
        del short.__dict__[name]
    short.__dict__.pop("digest", None)  # of what is left out too
    return short


# path -> the digest of its content, the pickles of what was read and of the same in brief, the digest of the latter.
_Rows = dict[str, tuple[str, bytes, bytes, str]]


@dataclass(frozen=True)
class ReadAll:
    """All files as they were read, in their order."""

    files: list[_Read]
    digests: dict[str, str]  # path -> the digest of its content
    outlines: str  # the digest of all paths with what was read of each in brief


@dataclass
class Held:
    """What a program that stays holds of the last time, so that it is neither read nor unpickled again."""

    rows: _Rows = field(default_factory=dict)
    files: dict[str, _Read] = field(default_factory=dict)


def read_all(
    root: Path, paths: list[str], cache: Path | None, only: Collection[str], held: Held | None = None
) -> ReadAll:
    """Reads what the cache has not seen, and remembers it by its content.

    In the cache each file has pickles of its own, made where the file was read, which may be in another process: after
    one edit one file is read and pickled, and all others are copied as they are.
    """
    known: _Rows = held.rows if held and held.rows else unpickled(cache)
    digests = {path: hashlib.sha256(b"".join(_bytes(root, path))).hexdigest() for path in paths}
    new = [path for path in paths if path not in known or known[path][0] != digests[path]]
    for path in new:
        if path in known:  # an edit leaves most formulas as they are
            before: _Read = pickle.loads(known[path][1])
            CONVERTED.update(before.formulas)
    if len(new) >= PARALLEL_FROM:
        from concurrent.futures import ProcessPoolExecutor  # slow to import, and rarely needed

        with ProcessPoolExecutor(initializer=gc.disable) as pool:
            fresh = list(pool.map(partial(_pickled_entry, root), new, chunksize=100))
    else:
        with _no_collection():
            fresh = [_pickled_entry(root, path) for path in new]
    now = {path: known[path] for path in paths if path in known}
    now |= {path: (digests[path], *pickles) for path, pickles in zip(new, fresh, strict=True)}
    # Whoever asks about a file asks again after the next edit, and need not wait until all is written.
    if cache is not None and (set(new).difference(only) or len(now) != len(known)):
        keep(cache, pickled((program(), now)))
    as_before = {path: held.files[path] for path in held.files.keys() & now.keys() - set(new)} if held else {}
    with _no_collection():
        read: list[_Read] = []
        for path in paths:
            _, full, short, _ = now[path]
            is_brief = bool(only) and path not in only
            read.append(as_before[path] if path in as_before else pickle.loads(short if is_brief else full))
    for one in read:
        CONVERTED.update(one.formulas)
    if held is not None:
        held.rows, held.files = now, dict(zip(paths, read, strict=True))
    outlines = hashlib.sha256(repr([(path, now[path][3]) for path in paths]).encode()).hexdigest()
    return ReadAll(read, digests, outlines)


def pickled(value: Any) -> bytes:
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


def unpickled(cache: Path | None) -> dict[str, Any]:
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


def _pickled_entry(root: Path, path: str) -> tuple[bytes, bytes, str]:
    """One file of terms/: all that can be said without the others, what these need of it, and the digest of that."""
    data, problems = content(root, path)
    entry: Entry | None = None
    if not problems:
        entry, problems = read_entry(path, data)
    if len(problems) > MOST_TOLD:
        first = sorted(problems, key=lambda problem: problem.order)[:MOST_TOLD]
        more = f"and {counted(len(problems) - MOST_TOLD, 'more problem')}"
        problems = [*first, Problem(path, more, "mend these first", (), first[-1].line, first[-1].column + 1)]
    slips = slips_in(path, data)
    if not isinstance(entry, AnyEntry):
        nothing = pickled(_Read(None, [*problems, *slips]))
        return nothing, nothing, ""
    _ = entry.digest, entry.shared_digest  # which are kept with the entry from here on
    if isinstance(entry, Term):
        _ = entry.minutes
        _ = entry.in_sentence  # as is this, which takes a search through the prose
    findings = [*look_at(entry), *slips]
    keys = [(latex, display) for _, latex, display in formulas(entry)]
    converted = {key: CONVERTED[key] for key in keys if key in CONVERTED}
    short = brief(entry)
    outline = hashlib.sha256(repr(short).encode(errors="surrogatepass")).hexdigest()  # pickles of the same may differ
    return pickled(_Read(entry, problems, findings, converted)), pickled(_Read(short, problems)), outline


MOST_TOLD = 30  # problems of one file: whoever has mended so many asks again
