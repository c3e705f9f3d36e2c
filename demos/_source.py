"""What a demo says about itself, read from its syntax tree and never by importing it.

One signature serves the command line, the sliders of the page, the parameter table and the tests, and this is the
one place that reads it. Nothing here runs the code of a demo, so a broken demo, or one whose packages are missing,
can still be described.
"""

import ast
import difflib
import hashlib
import json
import math
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import demos
from demos._unseen import UNSEEN, named

VOCABULARY = demos.__all__
DEMOS = Path(__file__).parent
BROWSER_PACKAGES = {"numpy"}  # what the Python of the web page carries beside the standard library
LARGEST = 200_000  # bytes of one file; the longest demo has 20,000
DEEPEST = 100  # levels of the syntax tree; the deepest demo has 19, and Python itself gives up at about 1,000
# What opens connections. A demo that needs none gives the same result tomorrow, elsewhere and without network.
NETWORK = re.compile(
    r"(?:socket|ssl|socketserver|ftplib|http|imaplib|nntplib|poplib|smtplib|telnetlib|urllib\.request|webbrowser|xmlrpc"
    r"|aiohttp|httpx|requests|urllib3|websockets)(?=\.|$)"
)

Kind = Literal["float", "int", "choice", "bool", "text"]


# --- what is found --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Parameter:
    """One thing that can be changed. `low`, `high`, `step`, `log` belong to numbers, `choices` to a choice,
    `max_length` to text; elsewhere they are None, False or ()."""

    name: str
    kind: Kind
    default: Any
    low: float | None
    high: float | None
    step: float | None
    log: bool
    choices: tuple[Any, ...]
    max_length: int | None
    help: str
    line: int


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


class SourceProblem(Exception):  # noqa: N818 -- it is found in a file, not raised by a mistake here
    """One thing that is wrong in a file, and where. `path` starts at the folder of the demos: demos/neuron.py."""

    def __init__(self, path: str, line: int, message: str, hint: str = "") -> None:
        super().__init__(path, line, message, hint)
        self.path, self.line, self.message, self.hint = path, line, message, hint

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" + (f"\nhint: {self.hint}" if self.hint else "")


class SourceProblems(Exception):  # noqa: N818 -- as above
    """Everything that is wrong in a file, in the order of its lines; never empty."""

    def __init__(self, problems: list[SourceProblem]) -> None:
        super().__init__(problems)
        self.problems = sorted(problems, key=lambda problem: problem.line)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


# --- questions about one file ---------------------------------------------------------------------------------


def names(folder: Path = DEMOS) -> list[str]:
    """All demos, sorted: every file of the folder that does not start with an underscore."""
    return sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))


def read(name: str, folder: Path = DEMOS, text: str | None = None) -> Source:
    """What a demo says about itself. `text` stands in for the file, for source that was edited elsewhere.

    Raises SourceProblems with all that is wrong in this file.
    """
    return _read(name, folder, text, is_demo=True)


def read_part(name: str, folder: Path = DEMOS, text: str | None = None) -> Source:
    """The same for a part, such as "parts.datasets", which has no demo() and so no hint and no parameters."""
    return _read(name, folder, text, is_demo=False)


def _read(name: str, folder: Path, text: str | None, is_demo: bool) -> Source:
    text = _text(name, folder) if text is None else text
    parsed = _parse(text)
    signature = _signature(text) if is_demo else _Signature("", (), ())
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


# --- questions about a file and all it imports ----------------------------------------------------------------


def closure(name: str, folder: Path = DEMOS) -> list[str]:
    """Every module of this package that it needs, parts included, dependencies first and itself last.

    Raises SourceProblem where the imports go in a circle, and SourceProblems for a file that cannot be followed.
    """
    done: list[str] = []

    def visit(module: str, above: tuple[str, ...]) -> None:
        if module in done:
            return
        for below, line in _first_party(module, folder):
            if below in (*above, module):
                circle = [*above, module, below][[*above, module].index(below) :]
                raise SourceProblem(
                    _shown(module, folder),
                    line,
                    f"these imports go in a circle: {' -> '.join(circle)}",
                    "a demo imports only what is simpler than itself; move what both need into the simpler one",
                )
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
    return sorted({package for module in closure(name, folder) for package in _parse(_text(module, folder)).packages})


def assets(name: str, folder: Path = DEMOS) -> list[str]:
    """Files of demos/data that it and everything below it open, sorted."""
    return sorted({asset for module in closure(name, folder) for asset in _parse(_text(module, folder)).assets})


def runs_in_browser(name: str, folder: Path = DEMOS) -> bool:
    """Whether the Python of the web page has all the packages it needs."""
    return BROWSER_PACKAGES.issuperset(packages(name, folder))


def fingerprint(name: str, settings: Mapping[str, Any], folder: Path = DEMOS) -> str:
    """64 hexadecimal digits that change with the code of the demo or of anything it imports, its data or settings.

    Comments, docstrings and layout do not count, and neither do the version of Python and the operating system.
    The vocabulary in demos/__init__.py is left out: a new kind of picture changes no result.
    """
    parameters = _signature(_text(name, folder)).parameters
    filled = {parameter.name: parameter.default for parameter in parameters} | dict(settings)
    for parameter in parameters:
        if parameter.kind == "float":  # a web page says 1 where Python says 1.0
            filled[parameter.name] = float(filled[parameter.name])
    total = hashlib.sha256()
    for module in closure(name, folder):
        total.update(f"module {module} {_digest_of_code(_text(module, folder))}\n".encode())
    for file in assets(name, folder):
        total.update(f"asset {file} {_digest_of_data((folder / 'data' / file).read_bytes())}\n".encode())
    total.update(f"settings {json.dumps(filled, sort_keys=True)}\n".encode())
    return total.hexdigest()


# --- reading a text: everything below depends on the text alone and is remembered -----------------------------


@dataclass(frozen=True)
class _Fault:
    """A problem of a text that does not yet know the name of its file."""

    line: int
    message: str
    hint: str = ""


@dataclass(frozen=True)
class _Import:
    """`from demos.MODULE import NAME` in some spelling; `module` is "" for the package itself, `name` may be None."""

    module: str
    name: str | None
    line: int


@dataclass(frozen=True)
class _Parsed:
    tree: ast.Module | None
    doc: str
    first_party: tuple[_Import, ...]
    packages: tuple[str, ...]
    assets: tuple[str, ...]
    asset_lines: tuple[tuple[str, int], ...]
    faults: tuple[_Fault, ...]


@dataclass(frozen=True)
class _Signature:
    hint: str
    parameters: tuple[Parameter, ...]
    faults: tuple[_Fault, ...]


@lru_cache(maxsize=4096)
def _parse(text: str) -> _Parsed:
    fault = _misleading(text)
    if fault is None:
        try:
            tree = _tree(text)
        except SyntaxError as error:
            fault = _Fault(error.lineno or 1, f"this is not Python: {error.msg}")
        except (RecursionError, MemoryError):  # Python's own limits
            fault = _Fault(1, "this is nested too deeply to be read")
    if fault is not None:
        return _Parsed(None, "", (), (), (), (), (fault,))

    faults = []
    doc = ast.get_docstring(tree) or ""
    if not doc:
        faults.append(_Fault(1, "the file has no docstring", "start it with the idea in one line, then its Source:"))

    first_party: list[_Import] = []
    third_party: dict[str, None] = {}
    asset_lines: list[tuple[str, int]] = []
    for node in _walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top, _, rest = alias.name.partition(".")
                if top == "demos":
                    first_party.append(_Import(rest, None, node.lineno))
                else:
                    third_party[top] = None
                    faults.extend(_connections(alias.name, node.lineno))
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                faults.append(_Fault(node.lineno, "this import is relative", "write it out: from demos.NAME import …"))
                continue
            top, _, rest = (node.module or "").partition(".")
            if top == "demos":
                first_party.extend(_Import(rest, alias.name, node.lineno) for alias in node.names)
            else:
                third_party[top] = None
                for alias in node.names:
                    faults.extend(_connections(f"{node.module}.{alias.name}", node.lineno))
        elif isinstance(node, ast.Call) and _last_name(node.func) == "asset":
            name = _literal(node.args[0]) if len(node.args) == 1 and not node.keywords else None
            if isinstance(name, str):
                asset_lines.append((name, node.lineno))
            else:
                hint = 'write it out, asset("digits.npz"): the page ships the files that it finds so'
                faults.append(_Fault(node.lineno, "asset() does not name its file literally", hint))

    return _Parsed(
        tree=tree,
        doc=doc,
        first_party=tuple(first_party),
        packages=tuple(name for name in third_party if name not in sys.stdlib_module_names),
        assets=tuple(dict.fromkeys(name for name, _ in asset_lines)),
        asset_lines=tuple(asset_lines),
        faults=tuple(faults),
    )


def _misleading(text: str) -> _Fault | None:
    """Why the code that runs may be other than the code that is seen."""
    if unseen := UNSEEN.search(text):
        line = text.count("\n", 0, unseen.start()) + 1
        return _Fault(line, f"the file holds {named(unseen[0])}", "take it out, or write it as an escape")
    for line, start in enumerate(text.split("\n", 2)[:2], start=1):  # where Python itself looks for it
        said = re.match(r"[ \t]*#.*?coding[:=][ \t]*([-\w.]+)", start)
        if said and said[1].lower() not in ("utf-8", "utf8"):
            return _Fault(line, f"the file says that it is written in {said[1]}", "take that out: demos are UTF-8")
    return None


def _tree(text: str) -> ast.Module:
    """The syntax tree. Raises SyntaxError, also for what Python only warns of, and RecursionError below DEEPEST."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # "\\d" and its like; told here, and not in the middle of other output
        tree = ast.parse(text)
    waiting: list[tuple[ast.AST, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST:
            raise RecursionError
        waiting += [(child, depth + 1) for child in ast.iter_child_nodes(node)]
    return tree


def _connections(module: str, line: int) -> Iterator[_Fault]:
    """What is wrong with importing a module that opens connections. A demo that wants to hide one can: this catches
    mistakes, and keeps nobody out."""
    if found := NETWORK.match(module):
        yield _Fault(line, f"this imports {found[0]}: a demo needs no network", "put the data it needs into demos/data")


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes in the order of the text, without `if __name__ == "__main__":`, which no demo needs to be a demo."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'":
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _walk(child)


@lru_cache(maxsize=4096)
def _signature(text: str) -> _Signature:
    tree = _parse(text).tree
    if tree is None:
        return _Signature("", (), ())
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "demo"]
    if not found:
        return _Signature("", (), (_Fault(1, "there is no function demo()", "add: def demo(*, …) -> Result:"),))
    function = found[-1]
    faults = []

    given = function.args
    for argument in [*given.posonlyargs, *given.args]:
        hint = "put a star first, demo(*, …), so that every setting is named"
        faults.append(_Fault(argument.lineno, f"the parameter '{argument.arg}' can be given by position", hint))
    for argument in filter(None, (given.vararg, given.kwarg)):
        hint = "name every setting on its own"
        faults.append(_Fault(argument.lineno, f"the parameter '{argument.arg}' takes any number of values", hint))
    if function.returns is None or _last_name(function.returns) != "Result":
        faults.append(_Fault(function.lineno, "demo() does not say that it returns a Result", "add: -> Result"))

    hint, helps = _docstring_of_demo(function)
    if not hint:
        faults.append(_Fault(function.lineno, "demo() has no docstring", "say in one sentence what to try"))
    parameters = []
    for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        help = helps.pop(argument.arg, "")
        if not help:
            faults.append(
                _Fault(
                    argument.lineno,
                    f"the parameter '{argument.arg}' is not explained",
                    f"add a line to the docstring of demo(): '{argument.arg}: what it does'",
                )
            )
        try:
            parameters.append(_parameter(argument, default, help))
        except _Wrong as wrong:
            faults.append(_Fault(wrong.line or argument.lineno, f"the parameter '{argument.arg}' {wrong}", wrong.hint))
    every = [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    for name in [name for name in helps if name not in every]:
        message = f"the docstring of demo() explains '{name}', and there is no such parameter"
        faults.append(_Fault(function.lineno, message, did_you_mean(name, every)))
    return _Signature(hint, tuple(parameters), tuple(faults))


def _docstring_of_demo(function: ast.FunctionDef) -> tuple[str, dict[str, str]]:
    """Its first paragraph on one line, and after it the lines `name: help`; an indented line continues one."""
    first, _, rest = (ast.get_docstring(function) or "").partition("\n\n")
    helps: dict[str, str] = {}
    name = ""
    for line in rest.splitlines():
        if match := re.match(r"([a-z_][a-z0-9_]*):\s+(\S.*)", line):
            name = match[1]
            helps[name] = match[2].strip()
        elif name and line.startswith(" ") and line.strip():
            helps[name] += " " + line.strip()
        else:
            name = ""
    return " ".join(first.split()), helps


class _Wrong(Exception):  # noqa: N818 -- the end of a sentence
    """What is wrong with a parameter, as the end of a sentence that starts with its name."""

    def __init__(self, message: str, hint: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.hint, self.line = hint, line


def _parameter(argument: ast.arg, default: ast.expr | None, help: str) -> Parameter:
    if argument.annotation is None:
        raise _Wrong("has no type", _TYPES)
    kind, about = _kind(argument.annotation)
    if default is None:
        raise _Wrong("has no default", "a demo runs before anybody sets anything")
    value = _literal(default)
    if value is _NOT_LITERAL:
        raise _Wrong("has a default that is computed", "write the value out", default.lineno)

    types: dict[Kind, tuple[type, ...]] = {"float": (float, int), "int": (int,), "bool": (bool,), "text": (str,)}
    words = {"float": "a number", "int": "a whole number", "bool": "True or False", "text": "text"}
    if kind in types and (not isinstance(value, types[kind]) or (kind != "bool" and isinstance(value, bool))):
        raise _Wrong(f"has the default {value!r}, which is not {words[kind]}", line=default.lineno)

    if kind in ("float", "int"):
        _check_on_grid(value, about, default.lineno)
        convert = float if kind == "float" else int
        value = convert(value)
        about = about | {key: convert(about[key]) for key in ("low", "high", "step")}
    elif kind == "choice" and not any(value == choice and type(value) is type(choice) for choice in about["choices"]):
        hint = did_you_mean(value, about["choices"]) or f"choose one of {', '.join(map(repr, about['choices']))}"
        raise _Wrong(f"has the default {value!r}, which is not one of its choices", hint, default.lineno)
    elif kind == "text" and len(value) > about["max_length"]:
        message = f"has a default of {len(value)} characters, and takes at most {about['max_length']}"
        raise _Wrong(message, line=default.lineno)

    nothing = {"low": None, "high": None, "step": None, "log": False, "choices": (), "max_length": None}
    return Parameter(name=argument.arg, kind=kind, default=value, help=help, line=argument.lineno, **nothing | about)


_TYPES = (
    "use Annotated[float, Range(low, high, step)], Annotated[int, Range(low, high)], Literal['a', 'b'], bool, "
    "or Annotated[str, Text(max_length=200)]"
)


def _kind(annotation: ast.expr) -> tuple[Kind, dict[str, Any]]:
    """The kind of a parameter, and its bounds by name."""
    name = _last_name(annotation.value if isinstance(annotation, ast.Subscript) else annotation)
    inside = annotation.slice if isinstance(annotation, ast.Subscript) else None
    if name == "bool" and inside is None:
        return "bool", {}
    if name == "Literal" and inside is not None:
        values = inside.elts if isinstance(inside, ast.Tuple) else [inside]
        choices = tuple(map(_literal, values))
        if not all(type(choice) is type(choices[0]) and type(choice) in (str, int) for choice in choices):
            raise _Wrong("mixes kinds of choices", "let all be text, or all whole numbers", annotation.lineno)
        if len(set(choices)) < max(2, len(choices)):
            raise _Wrong("needs at least two choices, all different", line=annotation.lineno)
        return "choice", {"choices": choices}
    if name == "Annotated" and isinstance(inside, ast.Tuple) and len(inside.elts) == 2:
        base, bounds = _last_name(inside.elts[0]), inside.elts[1]
        if isinstance(bounds, ast.Call) and (base, _last_name(bounds.func)) in _BOUNDS:
            return _BOUNDS[base, _last_name(bounds.func)](bounds, base)
    raise _Wrong(f"has a type that is not known here: {ast.unparse(annotation)}", _TYPES, annotation.lineno)


def _range(call: ast.Call, base: str) -> tuple[Kind, dict[str, Any]]:
    kind: Kind = "float" if base == "float" else "int"
    bounds = {"step": 1, "log": False} | _arguments(call, ("low", "high", "step", "log"), needed=2)
    low, high, step, log = (bounds[key] for key in ("low", "high", "step", "log"))
    for key, value in (("low", low), ("high", high), ("step", step)):
        if isinstance(value, bool) or not isinstance(value, int if kind == "int" else (int, float)):
            wanted = "a whole number" if kind == "int" else "a number"
            raise _Wrong(f"has a Range whose {key} is {value!r}, which is not {wanted}", line=call.lineno)
    if not isinstance(log, bool):
        raise _Wrong(f"has a Range whose log is {log!r}, which is not True or False", line=call.lineno)
    if not low < high:
        raise _Wrong(f"has a Range from {low} to {high}, which is empty", "put the smaller end first", call.lineno)
    if step <= 0:
        raise _Wrong(f"has a Range with the step {step}, which must be above zero", line=call.lineno)
    if log and low <= 0:
        raise _Wrong(f"has a Range spaced by factors that starts at {low}, which must be above zero", line=call.lineno)
    if not log and not _whole((high - low) / step):
        hint = f"steps of {step} from {low} miss the end {high}"
        raise _Wrong("has a Range whose upper end cannot be reached", hint, call.lineno)
    return kind, bounds


def _text_box(call: ast.Call, base: str) -> tuple[Kind, dict[str, Any]]:
    bounds = {"max_length": 200} | _arguments(call, ("max_length",), needed=0)
    length = bounds["max_length"]
    if isinstance(length, bool) or not isinstance(length, int) or length < 1:
        message = f"has a Text whose max_length is {length!r}, which is not a whole number above zero"
        raise _Wrong(message, line=call.lineno)
    return "text", bounds


_BOUNDS = {("float", "Range"): _range, ("int", "Range"): _range, ("str", "Text"): _text_box}


def _arguments(call: ast.Call, known: tuple[str, ...], needed: int) -> dict[str, Any]:
    """The arguments of Range(…) or Text(…) by name."""
    shown = ast.unparse(call)
    unknown = [keyword.arg or "**" for keyword in call.keywords if keyword.arg not in known]
    if unknown or len(call.args) > len(known):
        raise _Wrong(f"has bounds that cannot be read: {shown}", f"they are {', '.join(known)}", call.lineno)
    found = dict(zip(known, call.args, strict=False)) | {str(item.arg): item.value for item in call.keywords}
    missing = [name for name in known[:needed] if name not in found]
    if missing:
        raise _Wrong(f"has bounds without {' and '.join(missing)}: {shown}", line=call.lineno)
    values = {name: _literal(node) for name, node in found.items()}
    if _NOT_LITERAL in values.values():
        raise _Wrong(f"has bounds that are computed: {shown}", "write the numbers out", call.lineno)
    return values


def _check_on_grid(value: float, about: dict[str, Any], line: int) -> None:
    low, high, step = about["low"], about["high"], about["step"]
    if not low <= value <= high:
        raise _Wrong(f"has the default {value}, which is not between {low} and {high}", line=line)
    if not about["log"] and not _whole((value - low) / step):
        below = low + step * int((value - low) / step)
        hint = f"the nearest are {below:.10g} and {below + step:.10g}"
        raise _Wrong(f"has the default {value}, which steps of {step} from {low} do not reach", hint, line)


def _whole(number: float) -> bool:
    return math.isfinite(number) and abs(number - round(number)) < 1e-6  # 0.3 / 0.1 is 2.9999999999999996


_NOT_LITERAL = object()


def _literal(node: ast.expr) -> Any:
    """The value of a literal, also of a negative number; _NOT_LITERAL for anything that would have to be run."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        return _NOT_LITERAL


def _last_name(node: ast.expr) -> str:
    """`Range` for both Range and demos.Range."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def did_you_mean(word: object, known: Any) -> str:
    """A hint with the near miss, or nothing."""
    close = difflib.get_close_matches(str(word), [str(item) for item in known], n=1)
    return f"did you mean '{close[0]}'?" if close else ""


# --- files ----------------------------------------------------------------------------------------------------


def _path(name: str, folder: Path) -> Path:
    return folder / (name.replace(".", "/") + ".py")


def _shown(name: str, folder: Path) -> str:
    return f"{folder.name}/{name.replace('.', '/')}.py"


def _text(name: str, folder: Path) -> str:
    # Read anew each time, and only the parse is remembered: two edits within one tick of the clock look alike.
    path = _path(name, folder)

    def refused(message: str, hint: str) -> SourceProblems:
        return SourceProblems([SourceProblem(_shown(name, folder), 1, message, hint)])

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
        raise refused(f"the file has {path.stat().st_size:,} bytes", f"it may have {LARGEST:,}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refused("this file is not UTF-8 text", "save it as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _at(name: str, folder: Path, *faults: tuple[_Fault, ...]) -> list[SourceProblem]:
    path = _shown(name, folder)
    return [SourceProblem(path, fault.line, fault.message, fault.hint) for group in faults for fault in group]


def _module(found: _Import) -> str:
    """The module that an import reaches, such as "softmax"; "" for the vocabulary in the package itself."""
    if found.name is not None and found.module in ("", "parts"):  # from demos import softmax
        longer = f"{found.module}.{found.name}".lstrip(".")
        if found.module or found.name not in VOCABULARY:
            return longer
    return found.module


def _imports(parsed: _Parsed) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (_module(found) for found in parsed.first_party))))


def _problems_of_imports(name: str, folder: Path, parsed: _Parsed) -> list[SourceProblem]:
    """What the text alone cannot know: whether the modules and files that it names exist."""
    faults: dict[_Fault, None] = {}
    for found in parsed.first_party:
        module = _module(found)
        private = [part for part in (*module.split("."), found.name or "") if part.startswith("_")]
        if private:
            hint = "demos share only what has a public name"
            faults[_Fault(found.line, f"this imports '{private[0]}', which is private", hint)] = None
        elif module and not _path(module, folder).is_file():
            parts = [f"parts.{part}" for part in names(folder / "parts")]
            hint = did_you_mean(module, [*names(folder), *parts, *([] if found.module else VOCABULARY)])
            faults[_Fault(found.line, f"there is no {_shown(module, folder)} to import", hint)] = None
    for file, line in parsed.asset_lines:
        data = folder / "data"
        if not _is_inside(file, data):
            known = [path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()]
            faults[_Fault(line, f"there is no {folder.name}/data/{file}", did_you_mean(file, known))] = None
    return _at(name, folder, tuple(faults))


def _is_inside(file: str, data: Path) -> bool:
    """Whether an asset is a file of demos/data. The site shows it to everybody, so no name or link may lead out."""
    return re.fullmatch(r"(?:\w[\w.-]*/)*\w[\w.-]*", file, re.ASCII) is not None and (
        (data / file).is_file() and (data / file).resolve() == data.resolve() / file
    )


def _first_party(name: str, folder: Path) -> list[tuple[str, int]]:
    """The modules of this package that a file imports, each with its first line; complains if one is missing."""
    parsed = _parse(_text(name, folder))
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


# --- fingerprints ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _digest_of_code(text: str) -> str:
    tree = _parse(text).tree
    return hashlib.sha256(_dump(tree).encode()).hexdigest()


def _dump(node: Any) -> str:
    """A syntax tree as text without positions and docstrings, the same for every version of Python.

    ast.dump is not: newer versions add fields and leave empty ones out.
    """
    if isinstance(node, list):
        return f"[{','.join(map(_dump, node))}]"
    if not isinstance(node, ast.AST):
        return ascii(node)  # repr() escapes what this version's Unicode tables do not know
    fields = dict(ast.iter_fields(node))
    fields.pop("kind", None)  # u"text" is "text"
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            fields["body"] = node.body[1:]
    if isinstance(node, ast.JoinedStr):
        fields["values"] = _merged(node.values)
    shown = [f"{name}={_dump(value)}" for name, value in sorted(fields.items()) if value is not None and value != []]
    return f"{type(node).__name__}({','.join(shown)})"


def _merged(values: list[ast.expr]) -> list[ast.expr]:
    """The pieces of an f-string, with neighboring text joined and empty text, which Python 3.12 puts in, left out."""
    merged: list[ast.expr] = []
    for value in values:
        last = merged[-1] if merged else None
        if isinstance(value, ast.Constant) and isinstance(last, ast.Constant):
            merged[-1] = ast.Constant(str(last.value) + str(value.value))
        elif not (isinstance(value, ast.Constant) and value.value == ""):
            merged.append(value)
    return merged


def _digest_of_data(content: bytes) -> str:
    if b"\0" not in content:  # text, whose line ends differ between systems
        content = content.replace(b"\r\n", b"\n")
    return hashlib.sha256(content).hexdigest()
