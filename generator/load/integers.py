"""Integers of a demo that may come out wrong in a page: NumPy's default integer has 32 bits there.

An overflow raises nothing, so a demo can be right at its defaults and wrong at the end of a slider. Named is an array
of default integers that is multiplied with such an array, raised to a power, shifted or summed. Indices and counts that
are only looked up, compared or drawn are left alone. An array is followed within a function, and from the top of the
file into functions, but not through calls: `make parity` runs every demo in a browser at the ends of its sliders.
"""

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from demos._run.syntax import Fault, parse


def narrow_integers(text: str) -> list[Fault]:
    """Where a program lets default integers grow, in the order of its lines; nothing for what is not Python."""
    tree = parse(text).tree
    if tree is None:
        return []
    reader = _Reader(tree)
    reader.run(tree.body)
    return sorted(dict.fromkeys(reader.faults), key=lambda fault: fault.line)


@dataclass(frozen=True)
class _Array:
    """What is known of an array of default integers: the line in which it is made."""

    line: int


_INT, _INTS, _BOOL = "a Python integer", "a list of Python integers", "true or false"
_Kind = _Array | str | None  # None: something else, or unknown

_WIDTHS = {"int", "int_", "intp", "uint", "uintp"}  # dtypes that are as wide as an address of the machine
_MAKERS = {"array": 1, "asarray": 1, "zeros": 1, "ones": 1, "empty": 1, "full": 2, "arange": 3}  # where dtype may stand
_SUMS = {"sum", "prod", "cumsum", "cumprod", "trace"}
_PRODUCTS = {"dot", "inner", "outer", "matmul", "multiply", "power", "kron", "left_shift", "square"}
_SAME = {
    "abs", "append", "clip", "concatenate", "copy", "diff", "flatten", "flip", "hstack", "max", "maximum", "min",
    "minimum", "ones_like", "ravel", "repeat", "reshape", "sort", "stack", "tile", "transpose", "vstack", "where",
    "zeros_like",
}  # fmt: skip
_GROW: dict[type[ast.operator], str] = {
    ast.Mult: "multiplies",
    ast.MatMult: "multiplies",
    ast.Pow: "raises to a power",
    ast.LShift: "shifts",
}


class _Reader:
    """Follows what each name stands for, statement by statement, and collects faults on the way."""

    def __init__(self, tree: ast.Module) -> None:
        self.faults: list[Fault] = []
        self._names: dict[str, _Kind] = {}
        self._loops = 0
        self._numpy: set[str] = set()  # names of the module
        self._functions: dict[str, str] = {}  # names of its functions, as they are called here and there
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                self._numpy.update(alias.asname or alias.name for alias in node.names if alias.name == "numpy")
            elif isinstance(node, ast.ImportFrom) and node.module == "numpy":
                self._functions.update({alias.asname or alias.name: alias.name for alias in node.names})

    # --- statements: what names stand for

    def run(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            self._statement(statement)

    def _statement(self, node: ast.AST) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                given = node.args
                for default in (*given.defaults, *given.kw_defaults):
                    self._kind(default)
                with self._scope():
                    for one in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg):
                        if one is not None:
                            self._names[one.arg] = _INT if _says_int(one.annotation) else None
                    if isinstance(node, ast.Lambda):
                        self._kind(node.body)
                    else:
                        self.run(node.body)
            case ast.ClassDef(body=body):
                with self._scope():
                    self.run(body)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assign(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign(target, value)
            case ast.AugAssign(target=target, op=op, value=value):
                self._bind(target, self._operation(node, op, self._kind(target), self._kind(value)))
            case ast.For(target=target, iter=items, body=body, orelse=rest):
                self._bind(target, _one_of(self._kind(items)))
                self._repeat(body)
                self.run(rest)
            case ast.While(test=test, body=body, orelse=rest):
                self._kind(test)
                self._repeat(body)
                self.run(rest)
            case ast.expr():
                self._kind(node)
            case ast.withitem(context_expr=opened, optional_vars=target):
                self._kind(opened)
                if target is not None:
                    self._bind(target, None)
            case _:
                for child in ast.iter_child_nodes(node):
                    self._statement(child)

    @contextmanager
    def _scope(self) -> Iterator[None]:
        """Names bound in here are forgotten at its end."""
        before, self._names, loops, self._loops = self._names, self._names.copy(), self._loops, 0
        yield
        self._names, self._loops = before, loops

    def _repeat(self, body: list[ast.stmt]) -> None:
        self._loops += 1
        self.run(body)
        self._loops -= 1

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        match target, value:
            case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
                kinds = [self._kind(one) for one in values]
                for one, kind in zip(targets, kinds, strict=True):
                    self._bind(one, kind)
            case ast.Name(id=name), ast.BinOp() if self._loops and isinstance(self._names.get(name), _Array):
                kind = self._kind(value)  # x = x * k in a loop is what x *= k is
                if isinstance(kind, _Array) and (how := _grown(name, value)):
                    self._fault(value, how, kind)
                self._bind(target, kind)
            case _:
                self._bind(target, self._kind(value))

    def _bind(self, target: ast.expr, kind: _Kind) -> None:
        match target:
            case ast.Name(id=name):
                self._names[name] = kind
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                for one in targets:
                    self._bind(one, _one_of(kind))
            case ast.Starred(value=inner):
                self._bind(inner, kind)

    # --- expressions: each is looked at once, in which growth is told, and its kind is returned

    def _kind(self, node: ast.AST | None) -> _Kind:
        match node:
            case ast.Constant(value=value):
                return _BOOL if isinstance(value, bool) else _INT if isinstance(value, int) else None
            case ast.Name(id=name):
                return self._names.get(name)
            case ast.UnaryOp(op=op, operand=operand):
                kind = self._kind(operand)
                return _BOOL if isinstance(op, ast.Not) else kind
            case ast.BinOp(left=left, op=op, right=right):
                return self._operation(node, op, self._kind(left), self._kind(right))
            case ast.Compare(left=left, comparators=others):
                for one in (left, *others):
                    self._kind(one)
                return _BOOL
            case ast.IfExp(test=test, body=body, orelse=other):
                self._kind(test)
                return _common([self._kind(body), self._kind(other)])
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                kinds = [self._kind(part) for part in parts]
                return _INTS if kinds and all(kind in (_INT, _INTS) for kind in kinds) else None
            case ast.Starred(value=inner):
                return self._kind(inner)
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
                with self._scope():
                    for each in node.generators:
                        self._bind(each.target, _one_of(self._kind(each.iter)))
                        for test in each.ifs:
                            self._kind(test)
                    return _INTS if self._kind(node.elt) in (_INT, _INTS) else None
            case ast.Attribute(value=value, attr=attr):
                kind = self._kind(value)
                return {"size": _INT, "ndim": _INT, "shape": _INTS, "T": kind}.get(attr)
            case ast.Subscript(value=value, slice=index):
                kind = self._kind(value)
                self._kind(index)
                return kind if isinstance(index, ast.Slice) or isinstance(kind, _Array) else _one_of(kind)
            case ast.NamedExpr(target=target, value=value):
                self._bind(target, kind := self._kind(value))
                return kind
            case ast.Call():
                return self._call(node)
            case None:
                return None
            case _:
                for child in ast.iter_child_nodes(node):
                    self._statement(child)
                return None

    def _operation(self, node: ast.AST, op: ast.operator, left: _Kind, right: _Kind) -> _Kind:
        kind = _common([left, right])
        if isinstance(op, ast.Div | ast.Mod | ast.BitAnd):  # no integer, or one that can not grow
            return None
        if isinstance(kind, _Array) and (how := _GROW.get(type(op))):
            both = isinstance(left, _Array) and isinstance(right, _Array)
            again = isinstance(node, ast.AugAssign) and self._loops
            if both or again or isinstance(op, ast.Pow | ast.LShift):
                self._fault(node, how, kind)
        return kind

    def _call(self, node: ast.Call) -> _Kind:
        kinds = [self._kind(argument) for argument in node.args]
        named = {keyword.arg: self._kind(keyword.value) for keyword in node.keywords}
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        match node.func:
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in self._numpy:
                return self._numpy_call(node, name, kinds, named, given)
            case ast.Name(id=called) if called in self._functions:
                return self._numpy_call(node, self._functions[called], kinds, named, given)
            case ast.Name(id="len" | "int" | "ord"):
                return _INT
            case ast.Name(id="range"):
                return _INTS
            case ast.Name(id="list" | "tuple" | "sorted") if len(kinds) == 1:
                return _INTS if kinds[0] == _INTS else None
            case ast.Name(id="sum" | "max" | "min" as name) if len(kinds) == 1:
                if name == "sum" and isinstance(kinds[0], _Array):
                    self._fault(node, "sums up", kinds[0])
                return _one_of(kinds[0])
            case ast.Attribute(value=owner, attr="astype"):
                kind = self._kind(owner)
                width = given.get("dtype", node.args[0] if node.args else None)
                return _Array(node.lineno) if self._is_default(width) and kind != _BOOL else None
            case ast.Attribute(value=owner, attr=name):
                kind = self._kind(owner)
                if not isinstance(kind, _Array) or "dtype" in given:
                    return None
                if name in _SUMS or (name == "dot" and isinstance(_common([kind, *kinds]), _Array)):
                    self._fault(node, "sums up", kind)
                return kind if name in _SAME or name in _SUMS else None
            case other:
                self._kind(other)
                return None

    def _numpy_call(
        self,
        node: ast.Call,
        name: str,
        kinds: list[_Kind],
        named: dict[str | None, _Kind],
        given: dict[str | None, ast.expr],
    ) -> _Kind:
        """Of np.NAME(…), with the kinds of its arguments."""
        place = _MAKERS.get(name, len(kinds))
        width = given.get("dtype", node.args[place] if place < len(kinds) else None)
        if width is not None:
            return _Array(node.lineno) if name in _MAKERS and self._is_default(width) else None
        first = kinds[0] if kinds else None
        match name:
            case "array" | "asarray":
                return _Array(node.lineno) if first in (_INT, _INTS) else first if isinstance(first, _Array) else None
            case "arange":  # a single argument that is not known is a count; several may be ends and a step
                unknown = len(kinds) == 1 and isinstance(node.args[0], ast.Name | ast.Attribute | ast.Subscript)
                return _Array(node.lineno) if unknown or (kinds and set(kinds) == {_INT}) else None
            case "full":
                return _Array(node.lineno) if [*kinds[1:2], named.get("fill_value")][0] == _INT else None
        if name in _SUMS and (first == _INTS or isinstance(first, _Array)):
            summed = first if isinstance(first, _Array) else _Array(node.lineno)
            self._fault(node, "sums up", summed)
            return summed
        kind = _common(kinds[1:] if name == "where" else kinds)
        if name in _PRODUCTS and isinstance(kind, _Array):
            self._fault(node, "multiplies", kind)
        return kind if isinstance(kind, _Array) and name in _SAME | _PRODUCTS else None

    def _is_default(self, width: ast.expr | None) -> bool:
        """Whether a dtype is int, np.int_ or np.intp, in some spelling."""
        match width:
            case ast.Constant(value=str(name)) | ast.Attribute(attr=name):
                return name in _WIDTHS
            case ast.Name(id=name):
                return name == "int" or self._functions.get(name) in _WIDTHS
        return False

    def _fault(self, node: ast.AST, how: str, array: _Array) -> None:
        if not any(isinstance(one, ast.Name) and one.id not in self._numpy for one in ast.walk(node)):
            return  # written out in numbers, as 2 ** np.arange(9) is: no setting changes it
        line = getattr(node, "lineno", array.line)
        where = "here" if line == array.line else f"in line {array.line}"
        message = (
            f"this {how} integers of NumPy's default width, and in a page it has 32 bits: from 2**31 they are wrong"
        )
        hint = f"say dtype=np.int64 where the array is made, {where}, or compute with Python's own integers"
        self.faults.append(Fault(line, message, hint))


def _common(kinds: list[_Kind]) -> _Kind:
    """Of what is computed from several: an array where one is among integers, and nothing where one is unknown."""
    arrays = [kind for kind in kinds if isinstance(kind, _Array)]
    if not kinds or None in kinds:
        return None
    if arrays:
        return arrays[0]
    return _INTS if _INTS in kinds else _INT if _INT in kinds else _BOOL


def _one_of(kind: _Kind) -> _Kind:
    """Of an item of something: those of an array are as narrow as the array."""
    return _INT if kind == _INTS else kind if isinstance(kind, _Array) else None


def _says_int(annotation: ast.expr | None) -> bool:
    """Whether an annotation is int or Annotated[int, …]."""
    match annotation:
        case ast.Name(id="int"):
            return True
        case ast.Subscript(slice=ast.Tuple(elts=[first, *_])):
            return _says_int(first)
    return False


def _grown(name: str, value: ast.BinOp) -> str | None:
    """How `name = value` makes the name grow each time: by a product, at any depth of a sum, of the name itself."""
    for node in ast.walk(value):
        match node:
            case ast.BinOp(left=ast.Name(id=side), op=op) | ast.BinOp(op=op, right=ast.Name(id=side)) if side == name:
                if isinstance(op, ast.Mult | ast.MatMult):
                    return _GROW[type(op)]
    return None
