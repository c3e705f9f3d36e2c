"""The house stands as its plan says: arrows point one way, and nobody learns what is none of their business."""

import ast
import builtins
import re
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from demos._run.source import machinery_files
from generator.cache import program_files

ROOT = Path(__file__).parent.parent

# The rooms of the generator, and its files that are in none: each imports only what stands before it.
ROOMS = (
    "problems", "here", "reading", "saving", "report", "discovery", "cache", "config",
    "text", "model", "check", "load", "lessons", "output", "live", "pages", "exports",
    "build", "authors", "__main__",
)  # fmt: skip


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a file, which several tests look at and none changes."""
    return ast.parse(path.read_bytes())


@cache
def imports(path: Path) -> set[str]:
    """Every module that a file imports, also inside functions, as dotted names."""
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return found


def modules(package: str) -> dict[str, set[str]]:
    """module -> the modules of the same package that it imports. A package goes by its own name."""
    files = {}
    for path in (ROOT / package).rglob("*.py"):
        files[".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")] = path
    return {name: {other for other in imports(path) if other in files} for name, path in files.items()}


@pytest.mark.parametrize("package", ["demos", "generator"])
def test_no_module_imports_itself_in_a_circle(package):
    # A demo reaches for the command line only when it is run as a script; the command line imports demos by name.
    graph = {
        name: {other for other in below if other not in ("demos.__main__", package, name)}
        for name, below in modules(package).items()
    }
    assert list(TopologicalSorter(graph).static_order())


def test_no_room_of_the_generator_imports_one_that_stands_above_it():
    graph = {name: below for name, below in modules("generator").items() if name != "generator"}
    assert {name.split(".")[1] for name in graph} == set(ROOMS)
    packages = {"generator", *(f"generator.{path.parent.name}" for path in (ROOT / "generator").glob("*/__init__.py"))}
    backwards = [
        f"{name} imports {other}"
        for name, below in graph.items()
        for other in below - packages  # whoever looks what a package offers names none of its modules
        if ROOMS.index(other.split(".")[1]) > ROOMS.index(name.split(".")[1])
    ]
    assert backwards == []


def test_demos_never_learn_that_the_site_exists():
    for path in (ROOT / "demos").rglob("*.py"):
        assert not {name for name in imports(path) if name.split(".")[0] in ("generator", "mkdocs", "tests")}, path


def test_the_generator_never_imports_the_engine_or_a_demo():
    for path in (ROOT / "generator").rglob("*.py"):
        assert "generator.output.mkdocs_program" not in imports(path), f"{path}: it is a program of its own"
        is_engine = path.name in ("mkdocs_program.py", "mkdocs_parser.py")
        assert is_engine or "generator.output.mkdocs_parser" not in imports(path), f"{path}: it belongs to that program"
        for name in imports(path):
            if is_engine and name.split(".")[0] == "mkdocs":
                continue
            assert name.split(".")[0] not in ("mkdocs", "material", "zensical", "tests"), path
            if name.startswith("demos."):
                assert name.split(".")[1].startswith("_"), f"{path} imports {name}: demos run in processes of their own"


def test_the_vocabulary_of_demos_and_what_reads_them_need_only_the_standard_library():
    """Those of _show/ too: only what makes SVG and pixels needs a package, and a web page has none."""
    files = [ROOT / "demos" / "__init__.py", *(ROOT / "demos" / "_run").glob("*.py")]
    files += [path for path in (ROOT / "demos" / "_show").glob("*.py") if path.name != "svg.py"]
    assert len(files) > 20
    for path in files:
        for module in imports(path):
            assert module.split(".")[0] in {*sys.stdlib_module_names, "demos"}, f"{path} imports {module}"


def test_what_shows_a_picture_knows_neither_how_demos_run_nor_which_there_are():
    for path in (ROOT / "demos" / "_show").glob("*.py"):
        for module in imports(path):
            assert module.partition(".")[0] != "demos" or module == "demos" or module.startswith("demos._show"), path


def test_kinds_of_pictures_are_found_and_imported_by_name_nowhere():
    kinds = {f"demos._show.{name}" for name in ("chart", "heatmap", "graph", "table", "tokens", "trace")}
    for path in [*(ROOT / "demos").rglob("*.py"), *(ROOT / "generator").rglob("*.py")]:
        assert not kinds & imports(path), f"{path} names a kind of picture; pictures.py finds them"


def test_every_module_of_the_generator_and_of_what_runs_demos_says_what_it_is_for():
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in [*(ROOT / "generator").rglob("*.py"), *machinery_files()]
        if not ast.get_docstring(tree_of(path))
    ]
    assert silent == []


IN_THE_PAGE = "browser"  # the folder whose programs run in a browser and are no part of the generator's


# What reads, writes, runs or looks around, by the name under which it is called.
EDGE_CALLS = {
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "unlink", "rename", "mkdir", "rmtree",
    "scandir", "glob", "rglob", "exists", "lexists", "is_file", "is_dir", "stat", "getenv",
    "Popen", "print", "now", "today", "content", "keep", "kept",
}  # fmt: skip


def is_edge(path: Path) -> bool:
    """Whether the text at the top of a module says that it reads, writes or runs."""
    return re.search('^(?:""")?Edge: ', path.read_text(encoding="utf-8"), re.MULTILINE) is not None


def test_only_the_edges_read_write_or_run():
    ours = {path for path in (ROOT / "generator").rglob("*.py") if path.parent.name != IN_THE_PAGE}
    pure = {path for path in ours if not is_edge(path) and path.stem != "__main__"}  # which is the largest edge
    named = {path.relative_to(ROOT / "generator").with_suffix("").as_posix() for path in pure}
    assert {"problems", "report", "model/entries", "model/texts", "text/markdown", "pages/links", "pages/keys"} <= named
    assert {f"check/{path.stem}" for path in (ROOT / "generator" / "check").glob("*.py")} <= named
    for path in sorted(pure):
        tree = tree_of(path)
        calls = {
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
        }
        found = sorted(calls & EDGE_CALLS)
        assert not found, f"{path} is pure, and calls {found}"


def test_an_edge_of_the_generator_reads_writes_or_runs_something():
    """So that the word means something."""
    for path in (ROOT / "generator").rglob("*.py"):
        if is_edge(path):
            text = path.read_text(encoding="utf-8")
            found = {
                call
                for call in (*EDGE_CALLS, "run", "perf_counter", "git", "put", "renew")
                if re.search(rf"\b{call}\(", text)
            }
            assert found, f"{path} says that it is an edge, and calls nothing that makes it one"


def test_what_a_page_is_made_by_is_all_in_the_key_of_the_cache():
    """A file that is not in the key could change without what is remembered being made again."""
    files = set(program_files())
    code = {path for path in (ROOT / "generator").rglob("*.py") if path.parent.name != IN_THE_PAGE}
    assert code <= files
    assert (
        set((ROOT / "generator" / "templates").glob("*.j2")) | set((ROOT / "generator" / "words").glob("*.txt"))
        <= files
    )
    lessons = {*(ROOT / "demos").glob("[!_]*.py"), *(ROOT / "demos" / "parts").glob("*.py")}
    machinery = {path for path in (ROOT / "demos").rglob("*.py") if "data" not in path.parts} - lessons
    assert set(machinery_files()) == machinery
    assert machinery <= files


# --- names that tests replace -----------------------------------------------------------------------------


@cache
def code():
    """Every module and its tree, made when a test asks: every worker collects this file, and one runs it."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): tree_of(path)
        for folder in ("generator", "demos", "bench", "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
    }


def imported(tree):
    """What a file calls the modules and names that it imports."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return known


def replaced_in(tree):
    """What a test replaces by monkeypatch -> the module, the name and the line, where the module is one of ours."""
    known = imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setattr":
            match node.args:
                case [ast.Constant(value=str(path)), _, *_]:
                    module, _, name = path.rpartition(".")
                case [ast.Name(id=alias), ast.Constant(value=str(name)), _]:
                    module = known.get(alias, "")
                case _:
                    continue
            if module in code():
                yield module, name, node.lineno


@cache
def read_names():
    """The names of modules that are looked up when something runs, and so find what stands in for them: a name of the
    module itself, one with the module before it, and one that a function imports."""
    found = set()
    for module, tree in code().items():
        known, bound = imported(tree), set(dir(builtins))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                bound.add(node.name)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                bound |= {alias.asname or alias.name for alias in node.names}
            else:
                bound |= {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in bound:
                found.add((module, node.id))
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                before = ast.unparse(node.value)
                found.add((known.get(before, before), node.attr))
            elif isinstance(node, ast.FunctionDef):
                found |= {
                    (inner.module, alias.name)
                    for inner in ast.walk(node)
                    if isinstance(inner, ast.ImportFrom)
                    for alias in inner.names
                }
    return found


def test_every_name_that_a_test_replaces_is_read_where_it_is_replaced():
    found = {
        (module, name): f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for module, name, line in replaced_in(tree_of(path))
    }
    read = read_names()
    assert len(found) > 30
    assert [f"{where}: nothing reads {'.'.join(what)}" for what, where in found.items() if what not in read] == []


def test_a_name_that_is_imported_before_it_is_replaced_is_not_read():
    read = read_names()
    assert ("generator.live.files", "site_files") in read  # imported by a function, when it runs
    assert ("generator.build", "site_files") not in read
    text = "from generator import build\ndef test(monkeypatch):\n    monkeypatch.setattr(build, 'site_files', None)\n"
    assert [*replaced_in(ast.parse(text))] == [("generator.build", "site_files", 3)]
