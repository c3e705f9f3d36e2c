"""Edge: what a page needs to run a demo in the reader's browser, gathered from demos/ and from the charts' library.

The scripts themselves are files in static/, and Python for the browser is the business of runtime.py.
"""

import ast
import dataclasses
import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert

from demos import _source
from demos._sheet import VEGA_LITE

CARRIERS = ("_run", "_view")  # what the page's Python calls; they bring along what they import
SNIPPET = "globalThis.termlabEmbed = vegaEmbed;"


def manifest(name: str, folder: Path = _source.DEMOS) -> dict[str, Any]:
    """What the page loads to run one demo: its parameters, and every file with its size and sum.

    Paths start at demos/. Raises SourceProblems for a demo that cannot be read.
    """
    source = _source.read(name, folder)
    return {
        "demo": name,
        "parameters": [dataclasses.asdict(parameter) for parameter in source.parameters],
        "packages": _source.packages(name, folder),
        "modules": [_pinned(path, folder) for path in modules(name, folder)],
        "assets": [_pinned(f"demos/data/{asset}", folder) for asset in _source.assets(name, folder)],
    }


def modules(name: str, folder: Path = _source.DEMOS) -> list[str]:
    """The Python files that a demo needs in a page: the vocabulary, what carries and draws, and its imports."""
    needed = ["__init__", *machinery(folder), *_source.closure(name, folder)]
    return [f"demos/{module.replace('.', '/')}.py" for module in needed]


def files(name: str, folder: Path = _source.DEMOS) -> dict[str, Path]:
    """The files of a manifest by their path in the site: assets/demos/neuron.py -> demos/neuron.py."""
    listed = manifest(name, folder)
    paths = [entry["path"] for kind in ("modules", "assets") for entry in listed[kind]]
    return {f"assets/{path}": folder.parent / path for path in paths}


def machinery(folder: Path = _source.DEMOS) -> list[str]:
    """The modules with an underscore that run and draw demos, by name."""
    found: list[str] = []
    waiting = list(CARRIERS)
    while waiting:
        module = waiting.pop(0)
        if module not in found:
            found.append(module)
            waiting += _private_imports((folder / f"{module}.py").read_text(encoding="utf-8"))
    return sorted(found)


def _private_imports(text: str) -> list[str]:
    """Modules like demos._axes that a file imports as it is loaded; what it imports later, a page never needs."""
    names = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and node.module == "demos":
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("demos."):
            names.append(str(node.module).removeprefix("demos."))
        elif isinstance(node, ast.Import):
            names += [alias.name.removeprefix("demos.") for alias in node.names if alias.name.startswith("demos.")]
    return [name for name in names if name.startswith("_") and not name.startswith("__")]


def _pinned(path: str, folder: Path) -> dict[str, Any]:
    content = (folder.parent / path).read_bytes()
    return {"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


@cache
def vega_bundle(folder: Path = _source.DEMOS.parent / ".cache" / "vega") -> str:
    """Vega, Vega-Lite and Vega-Embed as one script that sets globalThis.termlabEmbed; the same bytes every time.

    Making it takes over a second, so it is kept in `folder` under the versions that went into it.
    """
    versions = (
        f"Vega {vl_convert.get_vega_version()}, Vega-Lite {VEGA_LITE}, Vega-Embed {vl_convert.get_vega_embed_version()}"
    )
    known = hashlib.sha256(f"{versions} {vl_convert.__version__} {SNIPPET}".encode()).hexdigest()[:16]
    kept = folder / f"vega-{known}.js"
    if kept.is_file():
        return kept.read_text(encoding="utf-8")
    library = vl_convert.javascript_bundle(SNIPPET, vl_version=VEGA_LITE)
    script = f"/* {versions}: BSD 3-Clause License, see runtime-NOTICE.txt */\n{library}\n"
    folder.mkdir(parents=True, exist_ok=True)
    beside = kept.with_name(f".{kept.name}.{os.getpid()}")
    beside.write_text(script, encoding="utf-8", newline="\n")
    beside.replace(kept)
    return script
