import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from demos._run import source as _source
from demos._run.source import Source, SourceProblem, SourceProblems, closure, names, read_part
from generator.cache import keep, program
from generator.load.integers import narrow_integers
from generator.load.listing import case_twins
from generator.load.remembered import pickled, unpickled
from generator.model.entries import DEMO, MUTANTS, RESERVED
from generator.problems import Problem
from generator.reading import content, link_in


@dataclass(frozen=True)
class _Followed:
    """A demo or a part with which nothing is wrong, and the digest of each file that this was found out from."""

    source: Source | None  # None for a part
    digests: Mapping[str, str]


def read_demos(root: Path, cache: Path | None) -> tuple[dict[str, Source], list[Problem]]:
    """Every demo, read by its syntax tree; nothing is imported.

    What was well is remembered until a file changes that it was followed through, or any file comes or goes.
    """
    folder = root / "demos"
    if link := link_in(root, "demos") or link_in(root, "demos/parts"):
        return {}, [link]
    demos: dict[str, Source] = {}
    parts = [f"parts.{name}" for name in names(folder / "parts")]
    paths = {f"demos/{name.replace('.', '/')}.py": name for name in [*names(folder), *parts]}
    twins = case_twins(paths)
    problems = dict.fromkeys(twins.values())  # each once: two demos may import the same broken part
    digests = {name: hashlib.sha256(content(root, path)[0]).hexdigest() for path, name in paths.items()}
    there = [*digests, *sorted(path.name for path in (folder / "data").rglob("*"))]
    cache = cache and cache.with_name("demos.pickle")
    before, known = unpickled(cache).get("demos", ([], {}))
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
            read = read_part(name, folder) if name in parts else _source.read(name, folder)
            narrow = [Problem(path, fault.message, fault.hint, (), fault.line) for fault in narrow_integers(read.text)]
            problems |= dict.fromkeys(narrow)
            if name not in parts:
                demos[name] = read
            if narrow:
                continue  # not remembered, so that it is told again
            if name in parts:
                now[name] = _Followed(None, {name: digests[name]})
                continue
            now[name] = _Followed(demos[name], {other: digests[other] for other in closure(name, folder)})
        except SourceProblem as error:
            found = [error]
        except SourceProblems as errors:
            found = errors.problems
        else:
            continue
        problems |= {Problem(bad.path, bad.message, bad.hint, (), bad.line): None for bad in found}
    if cache is not None and now != known:
        keep(cache, pickled((program(), {"demos": (there, now)})))
    return demos, list(problems)


def read_tests(root: Path, demos: Iterable[str]) -> tuple[dict[str, str], list[Problem]]:
    """The tests of each demo, where there are any, and the list of deliberate bugs, as text."""
    paths = [*(f"tests/demos/test_{name}.py" for name in demos), MUTANTS]
    read = {path: content(root, path) for path in paths if os.path.lexists(root / path)}
    problems = [problem for _, found in read.values() for problem in found]
    return {path: data.decode("utf-8", "replace") for path, (data, found) in read.items() if not found}, problems
