"""Edge: what a page needs to run a demo in the reader's browser, gathered from demos/ and from the charts' library.

The scripts themselves lie in browser/, and the Python that runs there is the business of runtime.py.
"""

import ast
import dataclasses
import hashlib
import importlib.metadata
import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert

from demos._run.source import DEMOS, assets, closure, packages, read
from demos._sheet import VEGA_LITE
from generator.cache import VEGA, keep, kept
from generator.live.runtime import NOTICE, runtime_files

CARRIERS = ("_run.run", "_view")  # what the page's Python calls; they bring along what they import

SNIPPET = "globalThis.termlabEmbed = vegaEmbed;"


def manifest(name: str, folder: Path = DEMOS) -> dict[str, Any]:
    """What the page loads to run one demo: its parameters, and every file with its size and sum.

    Paths start at demos/. Raises SourceProblems for a demo that cannot be read.
    """
    source = read(name, folder)
    return {
        "demo": name,
        "parameters": [dataclasses.asdict(parameter) for parameter in source.parameters],
        "packages": packages(name, folder),
        "modules": [_pinned(path, folder) for path in modules(name, folder)],
        "assets": [_pinned(f"demos/data/{asset}", folder) for asset in assets(name, folder)],
    }


def modules(name: str, folder: Path = DEMOS) -> list[str]:
    """The Python files that a demo needs in a page: the vocabulary, what carries and draws, and its imports."""
    needed = ["__init__", *machinery(folder), *closure(name, folder)]
    return [f"demos/{module.replace('.', '/')}.py" for module in needed]


def site_files(
    names: Iterable[str], folder: Path = DEMOS, say: Callable[[str], None] = print
) -> tuple[dict[str, str | Path], str | None]:
    """Everything that live pages load beside static/, by its path in the site: text, or a file to copy.

    Where there is no runtime there are no files, and the second value says so to the reader. Raises
    generator.live.runtime.WrongBytes.
    """
    python = runtime_files(say=say)
    if python.problem:
        return {}, python.problem
    files: dict[str, str | Path] = {f"assets/runtime/{name}": path for name, path in python.files.items()}
    files["assets/vega.js"] = vega_bundle()
    for name in sorted(names):
        needed = manifest(name, folder)
        files[f"assets/demos/{name}.json"] = json.dumps(needed, ensure_ascii=False, separators=(",", ":")) + "\n"
        files |= {
            f"assets/{file['path']}": folder.parent / file["path"] for file in needed["modules"] + needed["assets"]
        }
    return files, None


def page_scripts() -> list[Path]:
    """The files of our own that every page with a demo may load: scripts, their style, and whom the rest comes from."""
    here = Path(__file__).parent
    return [*sorted(path for path in (here / "browser").iterdir() if path.is_file()), NOTICE]


def machinery(folder: Path = DEMOS) -> list[str]:
    """The modules with an underscore that run and draw demos, by name, with the packages that hold them."""
    found: set[str] = set()
    waiting = list(CARRIERS)
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += _private_imports((folder / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"), folder)
    return sorted(found | {f"{module.partition('.')[0]}.__init__" for module in found if "." in module})


def _private_imports(text: str, folder: Path) -> list[str]:
    """Modules like demos._axes that a file imports as it is loaded; what it imports later, a page never needs."""
    names = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "demos":
            names += [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    names = [name.removeprefix("demos.") for name in names if name.startswith("demos._")]
    return [name for name in names if (folder / f"{name.replace('.', '/')}.py").is_file()]


def _pinned(path: str, folder: Path) -> dict[str, Any]:
    content = (folder.parent / path).read_bytes()
    return {"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


@cache
def vega_bundle(folder: Path = DEMOS.parent / VEGA) -> str:
    """Vega, Vega-Lite and Vega-Embed as one script that sets globalThis.termlabEmbed; the same bytes every time.

    Making it takes over a second, so it is kept in `folder` under the versions that went into it.
    """
    vega, embed = vl_convert.get_vega_version(), vl_convert.get_vega_embed_version()
    versions = f"Vega {vega}, Vega-Lite {VEGA_LITE}, Vega-Embed {embed}"
    known = hashlib.sha256(f"{versions} {importlib.metadata.version('vl-convert-python')} {SNIPPET}".encode())
    place = folder / f"vega-{known.hexdigest()[:16]}.js"
    if script := kept(place):
        return script.decode()
    library = vl_convert.javascript_bundle(SNIPPET, vl_version=VEGA_LITE)
    bundle = f"/* {versions}: BSD 3-Clause License, see runtime-NOTICE.txt */\n{library}\n"
    keep(place, bundle.encode())
    return bundle
