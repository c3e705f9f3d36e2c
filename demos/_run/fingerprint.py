"""A hash that changes with everything that could change what a demo computes, and with nothing else."""

import ast
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from demos._run.source import DEMOS, assets, closure, text_of
from demos._run.syntax import parse, read_signature


def fingerprint(name: str, settings: Mapping[str, Any], folder: Path = DEMOS) -> str:
    """64 hexadecimal digits that change with the code of the demo or of anything it imports, its data or settings.

    Comments, docstrings and layout do not count, and neither do the version of Python and the operating system, nor
    how a control looks and is driven: what only labels, plays or counts stops changes no result.
    The vocabulary in demos/__init__.py is left out: a new kind of picture changes no result.
    """
    parameters = read_signature(text_of(name, folder)).parameters
    filled = {parameter.name: parameter.default for parameter in parameters} | dict(settings)
    for parameter in parameters:
        if parameter.kind == "float":  # a web page says 1 where Python says 1.0
            filled[parameter.name] = float(filled[parameter.name])
    total = hashlib.sha256()
    for module in closure(name, folder):
        total.update(f"module {module} {_digest_of_code(text_of(module, folder))}\n".encode())
    for file in assets(name, folder):
        total.update(f"asset {file} {_digest_of_data((folder / 'data' / file).read_bytes())}\n".encode())
    total.update(f"settings {json.dumps(filled, sort_keys=True)}\n".encode())
    return total.hexdigest()


@lru_cache(maxsize=4096)
def _digest_of_code(text: str) -> str:
    tree = parse(text).tree
    return hashlib.sha256(_dump(tree).encode()).hexdigest()


def _dump(node: Any) -> str:
    """A syntax tree as text without positions and docstrings, the same for every version of Python.

    ast.dump is not: newer versions add fields and leave empty ones out.
    """
    if isinstance(node, list):
        return f"[{','.join(map(_dump, node))}]"
    if not isinstance(node, ast.AST):
        return ascii(node)  # repr() escapes what this version's Unicode tables do not know
    node = _without_looks(node)
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


# Arguments by name that change no result.
LOOKS = {"Range": {"label", "play", "stops"}, "Text": {"label"}, "Points": {"label"}, "Pixels": {"label"}}


def _without_looks(node: ast.AST) -> ast.AST:
    """A bound without what changes no result, and Annotated[bool, Label("…")] as bool; anything else as it is."""
    match node:
        case ast.ImportFrom(module="demos", names=names):
            return ast.ImportFrom(node.module, [name for name in names if name.name != "Label"], node.level)
        case ast.Call(func=ast.Name(id=kind)) if kind in LOOKS and any(one.arg in LOOKS[kind] for one in node.keywords):
            kept = [keyword for keyword in node.keywords if keyword.arg not in LOOKS[kind]]
            return ast.Call(node.func, node.args, kept)
        case ast.Subscript(
            value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[inside, ast.Call(func=ast.Name(id="Label"))])
        ):
            return inside
    return node


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
