"""What the text of one file of demos/ says, read from its syntax tree: docstring, imports, assets, and the signature of
demo() with the bounds of every parameter.

Everything here depends on the text alone and is remembered. Which files there are is the business of source.py.
"""

import ast
import difflib
import math
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from demos._run.points import Misplaced, as_text
from demos._run.unseen import UNSEEN, character_in_words
from demos._show.counted import counted

DEEPEST = 100  # levels of the syntax tree; the deepest demo has 19, and Python itself gives up at about 1,000
# What opens connections. A demo that needs none gives the same result tomorrow, elsewhere and without network.
NETWORK = re.compile(
    r"(?:socket|ssl|socketserver|ftplib|http|imaplib|nntplib|poplib|smtplib|telnetlib|urllib\.request|webbrowser|xmlrpc"
    r"|aiohttp|httpx|requests|urllib3|websockets)(?=\.|$)"
)

ControlKind = Literal["float", "int", "choice", "bool", "text", "points", "pixels"]


@dataclass(frozen=True)
class Parameter:
    """One thing that can be changed. `low`, `high`, `step`, `log`, `play`, `stops` belong to numbers, `choices` to a
    choice, `max_length` to text, `x`, `y`, `most`, `groups` to points, and `size`, rows and columns, to drawings;
    elsewhere they are None, False, 0 or (). `label` is what people read for the name. The default of points and of a
    drawing is their text, see points.py."""

    name: str
    kind: ControlKind
    default: Any
    low: float | None
    high: float | None
    step: float | None
    log: bool
    choices: tuple[Any, ...]
    max_length: int | None
    label: str
    play: bool
    stops: int
    help: str
    line: int
    x: tuple[float, float] | None = None
    y: tuple[float, float] | None = None
    most: int | None = None
    groups: int | None = None
    size: tuple[int, int] | None = None


@dataclass(frozen=True)
class Fault:
    """A problem of a text that does not yet know the name of its file."""

    line: int
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Import:
    """`from demos.MODULE import NAME` in some spelling; `module` is "" for the package itself, `name` may be None."""

    module: str
    name: str | None
    line: int


@dataclass(frozen=True)
class Parsed:
    tree: ast.Module | None
    doc: str
    first_party: tuple[Import, ...]
    packages: tuple[str, ...]
    assets: tuple[str, ...]
    asset_lines: tuple[tuple[str, int], ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Signature:
    hint: str
    parameters: tuple[Parameter, ...]
    faults: tuple[Fault, ...]


@lru_cache(maxsize=4096)
def parse(text: str) -> Parsed:
    fault = _misleading(text)
    if fault is None:
        try:
            tree = _tree(text)
        except SyntaxError as error:
            fault = Fault(error.lineno or 1, f"this is not Python: {error.msg}")
        except (RecursionError, MemoryError):  # Python's own limits
            fault = Fault(1, "this is nested too deeply to be read")
    if fault is not None:
        return Parsed(None, "", (), (), (), (), (fault,))

    faults = []
    doc = ast.get_docstring(tree) or ""
    if not doc:
        faults.append(Fault(1, "the file has no docstring", "start it with the idea in one line, then its Source:"))

    first_party: list[Import] = []
    third_party: dict[str, None] = {}
    asset_lines: list[tuple[str, int]] = []
    for node in _walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top, _, rest = alias.name.partition(".")
                if top == "demos":
                    first_party.append(Import(rest, None, node.lineno))
                else:
                    third_party[top] = None
                    faults.extend(_connections(alias.name, node.lineno))
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                faults.append(Fault(node.lineno, "this import is relative", "write it out: from demos.NAME import …"))
                continue
            top, _, rest = (node.module or "").partition(".")
            if top == "demos":
                first_party.extend(Import(rest, alias.name, node.lineno) for alias in node.names)
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
                faults.append(Fault(node.lineno, "asset() does not name its file literally", hint))

    return Parsed(
        tree=tree,
        doc=doc,
        first_party=tuple(first_party),
        packages=tuple(name for name in third_party if name not in sys.stdlib_module_names),
        assets=tuple(dict.fromkeys(name for name, _ in asset_lines)),
        asset_lines=tuple(asset_lines),
        faults=tuple(faults),
    )


def _misleading(text: str) -> Fault | None:
    """Why the code that runs may be other than the code that is seen."""
    if unseen := UNSEEN.search(text):
        line = text.count("\n", 0, unseen.start()) + 1
        return Fault(line, f"the file holds {character_in_words(unseen[0])}", "take it out, or write it as an escape")
    for line, start in enumerate(text.split("\n", 2)[:2], start=1):  # where Python itself looks for it
        said = re.match(r"[ \t]*#.*?coding[:=][ \t]*([-\w.]+)", start)
        if said and said[1].lower() not in ("utf-8", "utf8"):
            return Fault(line, f"the file says that it is written in {said[1]}", "take that out: demos are UTF-8")
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


def _connections(module: str, line: int) -> Iterator[Fault]:
    """What is wrong with importing a module that opens connections. A demo that wants to hide one can: this catches
    mistakes, and keeps nobody out."""
    if found := NETWORK.match(module):
        yield Fault(line, f"this imports {found[0]}: a demo needs no network", "put the data it needs into demos/data")


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes in the order of the text, without `if __name__ == "__main__":`, which no demo needs to be a demo."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'":
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _walk(child)


@lru_cache(maxsize=4096)
def read_signature(text: str) -> Signature:
    tree = parse(text).tree
    if tree is None:
        return Signature("", (), ())
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "demo"]
    if not found:
        return Signature("", (), (Fault(1, "there is no function demo()", "add: def demo(*, …) -> Result:"),))
    function = found[-1]
    faults = [*_other_demos(tree, function)]

    given = function.args
    for argument in [*given.posonlyargs, *given.args]:
        hint = "put a star first, demo(*, …), so that every setting is named"
        faults.append(Fault(argument.lineno, f"the parameter '{argument.arg}' can be given by position", hint))
    for argument in filter(None, (given.vararg, given.kwarg)):
        hint = "name every setting on its own"
        faults.append(Fault(argument.lineno, f"the parameter '{argument.arg}' takes any number of values", hint))
    if function.returns is None or _last_name(function.returns) != "Result":
        faults.append(Fault(function.lineno, "demo() does not say that it returns a Result", "add: -> Result"))

    hint, helps = _docstring_of_demo(function)
    if not hint:
        faults.append(Fault(function.lineno, "demo() has no docstring", "say in one sentence what to try"))
    parameters = []
    for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        help = helps.pop(argument.arg, "")
        if not help and argument.arg.isascii() and argument.arg.islower():
            faults.append(
                Fault(
                    argument.lineno,
                    f"the parameter '{argument.arg}' is not explained",
                    f"add a line to the docstring of demo(): '{argument.arg}: what it does'",
                )
            )
        if not re.fullmatch(r"[a-z][a-z0-9_]*", argument.arg):
            hint = "start with a letter from a to z, and go on with these, digits and underscores; a label may say more"
            faults.append(Fault(argument.lineno, f"'{argument.arg}' is no name for a parameter", hint))
        if argument.arg in TAKEN:
            message = f"the parameter '{argument.arg}' has the name of an option that every demo has"
            faults.append(Fault(argument.lineno, message, "give it another name"))
        try:
            parameters.append(_parameter(argument, default, help))
        except _Wrong as wrong:
            faults.append(Fault(wrong.line or argument.lineno, f"the parameter '{argument.arg}' {wrong}", wrong.hint))
    every = [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    for name in [name for name in helps if name not in every]:
        message = f"the docstring of demo() explains '{name}', and there is no such parameter"
        faults.append(Fault(function.lineno, message, did_you_mean(name, every)))
    return Signature(hint, tuple(parameters), (*faults, *_told_apart(parameters)))


TAKEN = ("help", "json", "save")  # python -m demos NAME --json


def _other_demos(tree: ast.Module, function: ast.FunctionDef) -> Iterator[Fault]:
    """What makes another thing of demo() than the function that is read here."""
    if function.decorator_list:
        yield Fault(function.decorator_list[0].lineno, "demo() is decorated", "leave the decorator out")
    for node in _walk(tree):
        if isinstance(node, ast.Global) and "demo" in node.names:
            yield Fault(node.lineno, "demo() is made another thing here", "keep that name for one function")
    for name, node in _bindings(tree):
        if name == "demo" and node is not function:
            what = "is defined twice" if isinstance(node, ast.FunctionDef) else "is made another thing here"
            yield Fault(node.lineno, f"demo() {what}", "keep that name for one function")


def _bindings(node: ast.AST) -> Iterator[tuple[str, ast.stmt | ast.expr | ast.excepthandler | ast.pattern]]:
    """The names that a module binds when it is imported, or takes away, and where; not those inside of its functions
    and classes."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name, node
            return
        case ast.Import() | ast.ImportFrom():
            yield from ((alias.asname or alias.name.partition(".")[0], node) for alias in node.names)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp() | ast.Lambda():
            return
        case ast.If() if ast.unparse(node.test) == "__name__ == '__main__'":
            return
        case ast.Name(ctx=ast.Store() | ast.Del()):
            yield node.id, node
        case ast.ExceptHandler(name=str()) | ast.MatchAs(name=str()) | ast.MatchStar(name=str()):
            yield str(node.name), node
    for child in ast.iter_child_nodes(node):
        yield from _bindings(child)


def _told_apart(parameters: Sequence[Parameter]) -> Iterator[Fault]:
    """What is wrong with parameters beside each other: two that are called the same, two that can be played."""
    for i, parameter in enumerate(parameters):
        for other in parameters[:i]:
            if parameter.label.casefold() == other.label.casefold():
                message = f"the parameters '{other.name}' and '{parameter.name}' are both called '{parameter.label}'"
                yield Fault(parameter.line, message, "give one another label")
            if parameter.play and other.play:
                message = f"the parameters '{other.name}' and '{parameter.name}' can both be played"
                yield Fault(parameter.line, message, "let one of them play: the one whose way is the story")
        for other in parameters:
            if other.kind == "bool" and parameter.name.replace("_", "-") == f"no-{other.name.replace('_', '-')}":
                message = f"the parameter '{parameter.name}' has the name by which '{other.name}' is switched off"
                yield Fault(parameter.line, message, "give it another name")


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

    types: dict[ControlKind, tuple[type, ...]] = {"float": (float, int), "int": (int,), "bool": (bool,), "text": (str,)}
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
        message = f"has a default of {counted(len(value), 'character')}, and takes at most {about['max_length']}"
        raise _Wrong(message, line=default.lineno)

    elif kind in ("points", "pixels") and not isinstance(value, tuple | list):
        raise _Wrong(f"has the default {value!r}, which is no rows of numbers", "write ()", default.lineno)

    nothing: dict[str, Any] = {"low": None, "high": None, "step": None, "log": False, "choices": (), "max_length": None}
    nothing |= {"play": False, "stops": 0}
    about["label"] = about.get("label") or argument.arg.replace("_", " ")
    found = Parameter(name=argument.arg, kind=kind, default=value, help=help, line=argument.lineno, **nothing | about)
    if kind not in ("points", "pixels"):
        return found
    try:
        return replace(found, default=as_text(found, value))
    except Misplaced as misplaced:
        message = f"has the default {ast.unparse(default)}, and {misplaced.faults[0]}"
        raise _Wrong(message, line=default.lineno) from None


_TYPES = (
    "use Annotated[float, Range(low, high, step)], Annotated[int, Range(low, high)], Literal['a', 'b'], bool, "
    "Annotated[str, Text(max_length=200)], Annotated[Sequence[tuple[float, float]], Points(x=(0, 1), y=(0, 1))], "
    "or Annotated[Sequence[Sequence[float]], Pixels(8, 8)]"
)


def _kind(annotation: ast.expr) -> tuple[ControlKind, dict[str, Any]]:
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
        for choice in choices:
            if isinstance(choice, str) and (not choice.strip() or choice.startswith("-") or not choice.isprintable()):
                message = f"has the choice {choice!r}, which nobody can read or type"
                raise _Wrong(message, "name it in words that start with no minus", annotation.lineno)
        return "choice", {"choices": choices}
    if name == "Annotated" and isinstance(inside, ast.Tuple) and len(inside.elts) == 2:
        first, bounds = inside.elts
        base = _last_name(first.value if isinstance(first, ast.Subscript) else first)
        if isinstance(bounds, ast.Call) and _last_name(bounds.func) == "Label":
            return _labeled(inside.elts[0], bounds, annotation)
        if isinstance(bounds, ast.Call) and (base, _last_name(bounds.func)) in _BOUNDS:
            return _BOUNDS[base, _last_name(bounds.func)](bounds, ast.unparse(first))
    raise _Wrong(f"has a type that is not known here: {ast.unparse(annotation)}", _TYPES, annotation.lineno)


def _labeled(inside: ast.expr, call: ast.Call, annotation: ast.expr) -> tuple[ControlKind, dict[str, Any]]:
    """What Annotated[bool, Label("…")] says, or the same of a Literal."""
    kind, about = _kind(inside)
    if kind not in ("bool", "choice"):
        hint = "write the label into its Range or Text: Range(1, 9, label='size')"
        raise _Wrong(f"has a label beside its bounds: {ast.unparse(annotation)}", hint, call.lineno)
    return kind, about | {"label": _label(_arguments(call, ("words",), needed=1)["words"], call)}


LONGEST_LABEL = 40  # characters; beside a slider of a phone there is room for about as many


def _label(words: Any, call: ast.Call) -> str:
    """The words of a label, if they are some."""
    kind = _last_name(call.func)
    if not isinstance(words, str):
        raise _Wrong(f"has a {kind} whose label is {words!r}, which is not text", line=call.lineno)
    if words != " ".join(words.split()) or not words.isprintable():
        raise _Wrong(f"has the label {words!r}, which is not one line of words", "one space between words", call.lineno)
    if len(words) > LONGEST_LABEL:
        message = f"has a label of {counted(len(words), 'character')}, and there is room for {LONGEST_LABEL}"
        raise _Wrong(message, "say the rest in its line of the docstring", call.lineno)
    return words


def _range(call: ast.Call, base: str) -> tuple[ControlKind, dict[str, Any]]:
    kind: ControlKind = "float" if base.endswith("float") else "int"
    bounds: dict[str, Any] = {"step": 1, "log": False, "label": "", "play": False, "stops": 0}
    bounds |= _arguments(call, ("low", "high", "step", "log"), needed=2, by_name=("label", "play", "stops"))
    low, high, step, log = (bounds[key] for key in ("low", "high", "step", "log"))
    for key, value in (("low", low), ("high", high), ("step", step)):
        if isinstance(value, bool) or not isinstance(value, int if kind == "int" else (int, float)):
            wanted = "a whole number" if kind == "int" else "a number"
            raise _Wrong(f"has a Range whose {key} is {value!r}, which is not {wanted}", line=call.lineno)
    for key in ("log", "play"):
        if not isinstance(bounds[key], bool):
            raise _Wrong(f"has a Range whose {key} is {bounds[key]!r}, which is not True or False", line=call.lineno)
    bounds["label"] = _label(bounds["label"], call)
    stops = bounds["stops"]
    if isinstance(stops, bool) or not isinstance(stops, int) or stops not in (0, *range(2, MOST_STOPS + 1)):
        message = f"has a Range whose stops are {stops!r}, which is not a whole number from 2 to {MOST_STOPS}"
        raise _Wrong(message, "leave it out for the usual number", call.lineno)
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


def _text_box(call: ast.Call, base: str) -> tuple[ControlKind, dict[str, Any]]:
    bounds = {"max_length": 200, "label": ""} | _arguments(call, ("max_length",), needed=0, by_name=("label",))
    bounds["label"] = _label(bounds["label"], call)
    length = bounds["max_length"]
    if isinstance(length, bool) or not isinstance(length, int) or length < 1:
        message = f"has a Text whose max_length is {length!r}, which is not a whole number above zero"
        raise _Wrong(message, line=call.lineno)
    return "text", bounds


def _points(call: ast.Call, base: str) -> tuple[ControlKind, dict[str, Any]]:
    bounds: dict[str, Any] = {"most": 40, "groups": 1, "label": ""}
    bounds |= _arguments(call, ("x", "y", "most", "groups"), needed=2, by_name=("label",))
    bounds["label"] = _label(bounds["label"], call)
    for key in ("x", "y"):
        ends = bounds[key]
        if not (isinstance(ends, tuple) and len(ends) == 2 and all(type(end) in (int, float) for end in ends)):
            raise _Wrong(f"has Points whose {key} is {ends!r}, which is not two numbers", line=call.lineno)
        if not ends[0] < ends[1]:
            hint = "put the smaller end first"
            raise _Wrong(f"has Points whose {key} goes from {ends[0]} to {ends[1]}, which is empty", hint, call.lineno)
        bounds[key] = (float(ends[0]), float(ends[1]))
    for key, most in (("most", MOST_POINTS), ("groups", MOST_GROUPS)):
        _check_count("Points", key, bounds[key], most, call)
    pair, triple = (f"Sequence[tuple[{inside}]]" for inside in ("float, float", "float, float, int"))
    written = base.replace("typing.", "").replace("collections.abc.", "")
    if written != pair and not (written == triple and bounds["groups"] > 1):
        wanted = pair if bounds["groups"] == 1 else triple
        raise _Wrong(f"has points that are {base}", f"write Annotated[{wanted}, Points(…)]", call.lineno)
    return "points", bounds


def _pixels(call: ast.Call, base: str) -> tuple[ControlKind, dict[str, Any]]:
    bounds = {"label": ""} | _arguments(call, ("rows", "columns"), needed=2, by_name=("label",))
    bounds["label"] = _label(bounds["label"], call)
    for key in ("rows", "columns"):
        _check_count("Pixels", key, bounds[key], MOST_CELLS, call)
    return "pixels", {"label": bounds["label"], "size": (bounds["rows"], bounds["columns"])}


def _check_count(word: str, key: str, count: Any, most: int, call: ast.Call) -> None:
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= most:
        message = f"has {word} whose {key} is {count!r}, which is not a whole number from 1 to {most}"
        raise _Wrong(message, line=call.lineno)


_SEQUENCES = {("Sequence", "Points"): _points, ("Sequence", "Pixels"): _pixels}
_BOUNDS = _SEQUENCES | {("float", "Range"): _range, ("int", "Range"): _range, ("str", "Text"): _text_box}


MOST_POINTS, MOST_GROUPS = 100, 6  # that still fit into a link; as many groups as there are colors
MOST_CELLS = 28  # in a row or a column of a drawing
MOST_STOPS = 121  # each is a run of the demo for every build


def _arguments(call: ast.Call, known: tuple[str, ...], needed: int, by_name: tuple[str, ...] = ()) -> dict[str, Any]:
    """The arguments of Range(…), Text(…) or Label(…) by name. by_name: those that are never given by position."""
    shown = ast.unparse(call)
    unknown = [keyword.arg or "**" for keyword in call.keywords if keyword.arg not in known + by_name]
    if unknown or len(call.args) > len(known):
        hint = f"they are {', '.join(known + by_name)}"
        raise _Wrong(f"has bounds that cannot be read: {shown}", hint, call.lineno)
    found = dict(zip(known, call.args, strict=False)) | {str(item.arg): item.value for item in call.keywords}
    missing = [name for name in known[:needed] if name not in found]
    if missing:
        raise _Wrong(f"has bounds without {' and '.join(missing)}: {shown}", line=call.lineno)
    values = {name: _literal(node) for name, node in found.items()}
    if _NOT_LITERAL in values.values():
        raise _Wrong(f"has bounds that are computed: {shown}", "write numbers and words out", call.lineno)
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


Setting = bool | int | float | str
