"""What a demo says about itself, read from its syntax tree and never by importing it.

One signature serves the command line, the sliders of the page, the parameter table and the tests, and this is the
one place that reads it. Nothing here runs the code of a demo, so a broken demo, or one whose packages are missing,
can still be described.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import demos
from demos._run.syntax import Fault, Import, Parameter, Parsed, Signature, did_you_mean, parse, read_signature
from demos._show.counted import counted

VOCABULARY = demos.__all__

DEMOS = Path(__file__).parent.parent

BROWSER_PACKAGES = {"numpy"}  # what the Python of the web page carries beside the standard library
LARGEST = 200_000  # bytes of one file; the longest demo has 20,000


@dataclass(frozen=True)
class Source:
    """One file of demos/. summary: first line of the module's docstring; doc: all of it; hint: first paragraph of
    the docstring of demo(); imports: modules of this package it imports, such as "softmax" or "parts.datasets";
    packages: third-party packages it imports, anywhere in the file; assets: files of demos/data it opens."""

    name: str
    path: Path
    text: str
    summary: str
    doc: str
    hint: str
    parameters: tuple[Parameter, ...]
    imports: tuple[str, ...]
    packages: tuple[str, ...]
    assets: tuple[str, ...]


@dataclass(frozen=True)
class SourceProblem:
    """One thing that is wrong in a file, and where. `path` starts at the folder of the demos: demos/neuron.py."""

    path: str
    line: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" + (f"\nhint: {self.hint}" if self.hint else "")


class SourceProblems(Exception):  # noqa: N818 -- they are found in a file, not raised by a mistake here
    """Everything that is wrong in a file, in the order of its lines; never empty."""

    def __init__(self, problems: list[SourceProblem]) -> None:
        super().__init__(problems)
        self.problems = sorted(problems, key=lambda problem: problem.line)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def names(folder: Path = DEMOS) -> list[str]:
    """All demos, sorted: every file of the folder that does not start with an underscore."""
    return sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))


def machinery_files(folder: Path = DEMOS) -> list[Path]:
    """The files that run, show and start demos, at any depth: what has an underscore in its path."""
    return sorted(path for path in folder.rglob("*.py") if path.relative_to(folder).parts[0].startswith("_"))


def read(name: str, folder: Path = DEMOS, text: str | None = None) -> Source:
    """What a demo says about itself. `text` stands in for the file, for source that was edited elsewhere.

    Raises SourceProblems with all that is wrong in this file.
    """
    return _read(name, folder, text, is_demo=True)


def read_part(name: str, folder: Path = DEMOS, text: str | None = None) -> Source:
    """The same for a part, such as "parts.datasets", which has no demo() and so no hint and no parameters."""
    return _read(name, folder, text, is_demo=False)


def _read(name: str, folder: Path, text: str | None, is_demo: bool) -> Source:
    text = text_of(name, folder) if text is None else text
    parsed = parse(text)
    signature = read_signature(text) if is_demo else Signature("", (), ())
    problems = [*_problems_of_imports(name, folder, parsed), *_at(name, folder, parsed.faults, signature.faults)]
    if problems:
        raise SourceProblems(problems)
    return Source(
        name=name,
        path=_path(name, folder),
        text=text,
        summary=parsed.doc.partition("\n")[0].strip(),
        doc=parsed.doc,
        hint=signature.hint,
        parameters=signature.parameters,
        imports=_imports(parsed),
        packages=parsed.packages,
        assets=parsed.assets,
    )


def closure(name: str, folder: Path = DEMOS) -> list[str]:
    """Every module of this package that it needs, parts included, dependencies first and itself last.

    Raises SourceProblems where the imports go in a circle, and for a file that cannot be followed.
    """
    done: list[str] = []

    def visit(module: str, above: tuple[str, ...]) -> None:
        if module in done:
            return
        for below, line in _first_party(module, folder):
            if below in (*above, module):
                circle = [*above, module, below][[*above, module].index(below) :]
                message = f"these imports go in a circle: {' -> '.join(circle)}"
                hint = "a demo imports only what is simpler than itself; move what both need into the simpler one"
                raise SourceProblems([SourceProblem(_path_said(module, folder), line, message, hint)])
            visit(below, (*above, module))
        done.append(module)

    visit(name, ())
    return done


def builds_on(name: str, folder: Path = DEMOS) -> list[str]:
    """The demos directly below this one. Parts are looked through: a demo that a part imports counts."""
    closure(name, folder)  # complains about circles, which would never end below
    found: dict[str, None] = {}
    for module, _ in _first_party(name, folder):
        found.update(dict.fromkeys(builds_on(module, folder) if module.startswith("parts.") else [module]))
    return list(found)


def packages(name: str, folder: Path = DEMOS) -> list[str]:
    """Third-party packages that it and everything below it import, sorted."""
    return sorted({package for module in closure(name, folder) for package in parse(text_of(module, folder)).packages})


def assets(name: str, folder: Path = DEMOS) -> list[str]:
    """Files of demos/data that it and everything below it open, sorted."""
    return sorted({asset for module in closure(name, folder) for asset in parse(text_of(module, folder)).assets})


def runs_in_browser(name: str, folder: Path = DEMOS) -> bool:
    """Whether the Python of the web page has all the packages it needs."""
    return BROWSER_PACKAGES.issuperset(packages(name, folder))


def _path(name: str, folder: Path) -> Path:
    return folder / (name.replace(".", "/") + ".py")


def _path_said(name: str, folder: Path) -> str:
    return f"{folder.name}/{name.replace('.', '/')}.py"


def text_of(name: str, folder: Path) -> str:
    # Read anew each time, and only the parse is remembered: two edits within one tick of the clock look alike.
    path = _path(name, folder)

    def refused(message: str, hint: str) -> SourceProblems:
        return SourceProblems([SourceProblem(_path_said(name, folder), 1, message, hint)])

    if path.is_symlink():
        raise refused("this is a symbolic link", "put the thing itself here: a link may lead anywhere")
    if not path.is_file():
        raise refused("there is no such file", did_you_mean(name, names(folder)))
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise refused(f"this file can not be read: {error.strerror}", "see who may read it") from None
    if len(data) > LARGEST:
        raise refused(f"the file has {counted(path.stat().st_size, 'byte')}", f"it may have {LARGEST:,}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refused("this file is not UTF-8 text", "save it as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _at(name: str, folder: Path, *faults: tuple[Fault, ...]) -> list[SourceProblem]:
    path = _path_said(name, folder)
    return [SourceProblem(path, fault.line, fault.message, fault.hint) for group in faults for fault in group]


def _module(found: Import) -> str:
    """The module that an import reaches, such as "softmax"; "" for the vocabulary in the package itself."""
    if found.name is not None and found.module in ("", "parts"):  # from demos import softmax
        longer = f"{found.module}.{found.name}".lstrip(".")
        if found.module or found.name not in VOCABULARY:
            return longer
    return found.module


def _imports(parsed: Parsed) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (_module(found) for found in parsed.first_party))))


def _problems_of_imports(name: str, folder: Path, parsed: Parsed) -> list[SourceProblem]:
    """What the text alone cannot know: whether the modules and files that it names exist."""
    faults: dict[Fault, None] = {}
    for found in parsed.first_party:
        module = _module(found)
        private = [part for part in (*module.split("."), found.name or "") if part.startswith("_")]
        if private:
            hint = "demos share only what has a public name"
            faults[Fault(found.line, f"this imports '{private[0]}', which is private", hint)] = None
        elif found.name == "*":
            hint = "name it: a reader wants to know where a word comes from"
            faults[Fault(found.line, "this imports * and does not say what it needs", hint)] = None
        elif module and not _path(module, folder).is_file():
            parts = [f"parts.{part}" for part in names(folder / "parts")]
            hint = did_you_mean(module, [*names(folder), *parts, *([] if found.module else VOCABULARY)])
            faults[Fault(found.line, f"there is no {_path_said(module, folder)} to import", hint)] = None
    for file, line in parsed.asset_lines:
        data = folder / "data"
        if not _is_inside(file, data):
            known = [path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()]
            faults[Fault(line, f"there is no {folder.name}/data/{file}", did_you_mean(file, known))] = None
    return _at(name, folder, tuple(faults))


def _is_inside(file: str, data: Path) -> bool:
    """Whether an asset is a file of demos/data. The site shows it to everybody, so no name or link may lead out."""
    return re.fullmatch(r"(?:\w[\w.-]*/)*\w[\w.-]*", file, re.ASCII) is not None and (
        (data / file).is_file() and (data / file).resolve() == data.resolve() / file
    )


def _first_party(name: str, folder: Path) -> list[tuple[str, int]]:
    """The modules of this package that a file imports, each with its first line; complains if one is missing."""
    parsed = parse(text_of(name, folder))
    problems = _problems_of_imports(name, folder, parsed)
    if parsed.tree is None:
        problems = _at(name, folder, parsed.faults)
    if problems:
        raise SourceProblems(problems)
    lines: dict[str, int] = {}
    for found in parsed.first_party:
        if module := _module(found):
            lines.setdefault(module, found.line)
    return list(lines.items())
