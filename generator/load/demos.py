"""Edge: reads the demos and their tests, and remembers what demos say about themselves."""

import builtins
import hashlib
import keyword
import os
import re
import sys
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path

from demos._run import source
from demos._run.source import Source, SourceProblems, closure, names, read_part
from generator.cache import keep, program
from generator.load.integers import narrow_integers
from generator.load.listing import case_twins
from generator.load.remembered import pickled, unpickled
from generator.load.strays import strays
from generator.model.entries import DEMO, MUTANTS, RESERVED
from generator.problems import Problem
from generator.reading import content, link_in


@dataclass(frozen=True)
class _Followed:
    """What was read of a demo or a part. With `digests` nothing is wrong with it, nor with any file it needs."""

    demo: Source | None = None  # None for a part, and for a demo that can not be read
    digests: Mapping[str, str] | None = None  # of every file of demos/ that this was found out from, itself included
    problems: tuple[Problem, ...] = ()

    def is_fresh(self, digests: Mapping[str, str]) -> bool:
        """Whether all these files are what they were."""
        return self.digests is not None and all(digests.get(name) == was for name, was in self.digests.items())


def read_demos(root: Path, cache: Path | None) -> tuple[dict[str, Source], list[Problem]]:
    """Every demo, read by its syntax tree; nothing is imported.

    What was well is remembered until a file changes that it was followed through, or any file comes or goes.
    """
    folder = root / "demos"
    if link := link_in(root, "demos") or link_in(root, "demos/parts"):
        return {}, [link]
    paths = _modules(folder)
    twins = case_twins(paths.values())
    digests = {name: hashlib.sha256(content(root, path)[0]).hexdigest() for name, path in paths.items()}
    there = [*digests, *sorted(path.name for path in (folder / "data").rglob("*"))]
    cache = cache and cache.with_name("demos.pickle")
    known = _remembered(cache, there)
    read = {
        name: known[name] if name in known and known[name].is_fresh(digests) else _read(name, path, folder, digests)
        for name, path in paths.items()
        if path not in twins
    }
    sound = {name: one for name, one in read.items() if one.digests is not None}
    if cache is not None and sound != known:
        keep(cache, pickled((program(), {"demos": (there, sound)})))
    # The project may have moved since a demo was read.
    demos = {name: replace(one.demo, path=root / paths[name]) for name, one in read.items() if one.demo is not None}
    problems = [*strays(root), *twins.values(), *(problem for one in read.values() for problem in one.problems)]
    return demos, list(dict.fromkeys(problems))  # two demos may import the same broken part


def _modules(folder: Path) -> dict[str, str]:
    """The names and files of all demos, and then of all parts: "neuron", "parts.datasets"."""
    demos = {name: f"demos/{name}.py" for name in names(folder)}
    every = demos | {f"parts.{name}": f"demos/parts/{name}.py" for name in names(folder / "parts")}
    return {name: path for name, path in every.items() if not (folder.parent / path).is_dir()}  # which strays() tells


def _remembered(cache: Path | None, there: list[str]) -> dict[str, _Followed]:
    """What was read the last time, if the same files were there: one that came or went may change what an import is."""
    before, known = unpickled(cache).get("demos", ([], {}))
    return known if before == there else {}


def _read(name: str, path: str, folder: Path, digests: Mapping[str, str]) -> _Followed:
    """One demo or part, and what is wrong with it or with a file that it needs."""
    stem = name.removeprefix("parts.")
    if not re.fullmatch(DEMO, stem) or stem in RESERVED:
        hint = "choose another: lower-case letters, digits and underscores, and no word that systems keep"
        return _Followed(problems=(Problem(path, f"'{stem}' can not be the name of a demo", hint, (), 1),))
    if whose := taken_by(stem):
        message = f"no demo can be called '{stem}': that is {whose}"
        return _Followed(problems=(Problem(path, message, "give it another name", (), 1),))
    is_part, demo = stem != name, None
    try:
        read = read_part(name, folder) if is_part else source.read(name, folder)
        demo = None if is_part else read
        if told := _not_compiled(read.text, path) or _no_package(read, path):
            return _Followed(demo, None, (told,))
        if narrow := [Problem(path, fault.message, fault.hint, (), fault.line) for fault in narrow_integers(read.text)]:
            return _Followed(demo, None, tuple(narrow))
        needed = [name] if is_part else closure(name, folder)
        return _Followed(demo, {other: digests[other] for other in needed})
    except SourceProblems as error:  # of a demo that is well itself, in what it needs
        return _Followed(
            demo, None, tuple(Problem(one.path, one.message, one.hint, (), one.line) for one in error.problems)
        )


def _not_compiled(text: str, path: str) -> Problem | None:
    """What Python refuses in code that can be read, such as a return outside of a function; None for nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        hint = "take it out, or put it where Python takes it"
        return Problem(path, f"this is not Python: {error.msg}", hint, (), error.lineno or 1)
    except (RecursionError, MemoryError):  # which come with how deep it is nested
        return Problem(path, "this is nested too deeply to be run", "take it apart", (), 1)
    return None


def _no_package(read: Source, path: str) -> Problem | None:
    """What a demo imports that no machine of a reader has: what is around the demos, or a name that was misspelled."""
    for package in read.packages:
        found = re.search(rf"^\s*(?:import|from)\s+{package}\b", read.text, re.MULTILINE)
        line = read.text.count("\n", 0, found.end()) + 1 if found else 1
        if package in ("generator", "tests", "bench"):
            message = f"this imports {package}, and a demo knows nothing of what is around demos"
            return Problem(path, message, "take it out: in a page it would not be there", (), line)
        near = get_close_matches(package, ("numpy", "torch"), 1, 0.8)
        if near and package not in near and find_spec(package) is None:
            return Problem(path, f"there is no package {package} to import", f"did you mean '{near[0]}'?", (), line)
    return None


def taken_by(module: str) -> str:
    """To whom the name of a demo belongs, which what the demo imports would then find; empty for nobody."""
    if module in ("true", "false", "null"):
        return "a word of YAML"
    if module == "record":
        return "a command, as in python -m demos record"
    if keyword.iskeyword(module) or hasattr(builtins, module):
        return "a word of Python"
    if module in sys.stdlib_module_names:
        return "a module of Python"
    return "a package that demos import" if module in (*source.BROWSER_PACKAGES, *_IMPORTED) else ""


_IMPORTED = ("demos", "torch", "tqdm", "vl_convert")  # by demos, or by what runs and draws them


def read_tests(root: Path, demos: Iterable[str]) -> tuple[dict[str, str], list[Problem]]:
    """The tests of each demo, where there are any, and the list of deliberate bugs, as text."""
    paths = [*(f"tests/demos/test_{name}.py" for name in demos), MUTANTS]
    read = {path: content(root, path) for path in paths if os.path.lexists(root / path)}
    problems = [problem for _, found in read.values() for problem in found]
    return {path: data.decode("utf-8", "replace") for path, (data, found) in read.items() if not found}, problems
