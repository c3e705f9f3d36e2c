"""The house stands as its plan says: arrows point one way, and nobody learns what is none of their business."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def imports(path: Path) -> set[str]:
    """Every module that a file imports, also inside functions, as dotted names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return found


def modules(package: str) -> dict[str, set[str]]:
    """module -> the modules of the same package that it imports."""
    files = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in (ROOT / package).rglob("*.py")}
    return {name: {other for other in imports(path) if other in files} for name, path in files.items()}


@pytest.mark.parametrize("package", ["demos", "generator"])
def test_no_module_imports_itself_in_a_circle(package):
    # A demo reaches for the command line only when it is run as a script; the command line imports demos by name.
    graph = {
        name: {other for other in below if other not in ("demos.__main__", package)}
        for name, below in modules(package).items()
    }
    assert list(TopologicalSorter(graph).static_order())


def test_demos_never_learn_that_the_site_exists():
    for path in (ROOT / "demos").rglob("*.py"):
        assert not {name for name in imports(path) if name.split(".")[0] in ("generator", "mkdocs", "tests")}, path


def test_the_generator_never_imports_the_engine_or_a_demo():
    for path in (ROOT / "generator").rglob("*.py"):
        for name in imports(path):
            assert name.split(".")[0] not in ("mkdocs", "material", "zensical", "tests"), path
            if name.startswith("demos."):
                assert name.split(".")[1].startswith("_"), f"{path} imports {name}: demos run in processes of their own"


def test_the_vocabulary_of_demos_and_what_reads_them_need_only_the_standard_library():
    """Those of _show/ too: only what makes SVG and pixels needs a package, and a web page has none."""
    import sys

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


def test_only_the_edges_read_write_or_run():
    modules = (path for path in (ROOT / "generator").glob("[!_]*.py"))
    pure = {path.stem for path in modules if not path.read_text(encoding="utf-8").startswith('"""Edge: ')}
    assert {"problems", "model", "markdown", "link", "check", "ladder", "questions", "keys", "site", "guide"} <= pure
    for name in pure:
        tree = ast.parse((ROOT / "generator" / f"{name}.py").read_text(encoding="utf-8"))
        calls = {
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
        }
        edge = {
            "open",
            "read_text",
            "read_bytes",
            "write_text",
            "write_bytes",
            "unlink",
            "rename",
            "Popen",
            "print",
            "now",
        }
        assert not calls & edge, f"generator/{name}.py is pure, and calls {calls & edge}"
