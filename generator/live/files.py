"""Edge: what a page needs to run a demo in the reader's browser, gathered from demos/ and from the charts' library.

The scripts themselves lie in browser/, and the Python that runs there is the business of runtime.py.
"""

import ast
import dataclasses
import hashlib
import importlib.metadata
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert

from demos._run.source import DEMOS, assets, closure, packages, read
from demos._show.pictures import KINDS
from demos._show.sheet import VEGA_LITE
from generator.cache import VEGA, keep, kept
from generator.live.runtime import NOTICE, runtime_files

# What the page's Python calls. They bring along what they import, and the kinds of pictures are found by name.
CARRIERS = ("__init__", "_run.run", "_show.pictures", *(f"_show.{kind}" for kind in KINDS))
ARCHIVE = "demos/machinery.zip"

RUN_WILL_NOT_WORK = (
    "runtime: Run will not work in the pages of this site, and sliders stop at what the build has computed, since the\n"
    "Python that runs there could not be fetched. With a network, make site tries again. What was tried:"
)

SNIPPET = "globalThis.termlabEmbed = vegaEmbed;"


def manifest(name: str, folder: Path = DEMOS, packed: bytes | None = None) -> dict[str, Any]:
    """What the page loads to run one demo: its parameters, and every file with its size and sum.

    "machinery" is the archive that all demos share, made anew unless it is given as `packed`; "modules" and "assets"
    are files of this demo. Paths start at demos/. Raises SourceProblems for a demo that cannot be read.
    """
    source = read(name, folder)
    return {
        "demo": name,
        "parameters": [dataclasses.asdict(parameter) for parameter in source.parameters],
        "packages": packages(name, folder),
        "machinery": _pinned(ARCHIVE, archive(folder) if packed is None else packed),
        "modules": [_pinned(path, _content(path, folder)) for path in modules(name, folder)],
        "assets": [
            _pinned(f"demos/data/{file}", _content(f"demos/data/{file}", folder)) for file in assets(name, folder)
        ],
    }


def modules(name: str, folder: Path = DEMOS) -> list[str]:
    """The Python files of a demo: what it imports of this project, and last its own."""
    return [f"demos/{module.replace('.', '/')}.py" for module in closure(name, folder)]


def site_files(
    names: Iterable[str], folder: Path = DEMOS, say: Callable[[str], None] = print
) -> tuple[dict[str, str | bytes | Path], str | None]:
    """Everything that live pages load beside browser/, by its path in the site: text, bytes, or a file to copy.

    Where there is no runtime there are no files, and the second value says so to the reader. Raises
    generator.live.runtime.WrongBytes.
    """
    python = runtime_files(say=say)
    if python.problem:
        say(RUN_WILL_NOT_WORK + "".join(f"\n    {reason}" for reason in python.why))
        return {}, python.problem
    files: dict[str, str | bytes | Path] = {f"assets/runtime/{name}": path for name, path in python.files.items()}
    files["assets/vega.js"] = vega_bundle()
    packed = archive(folder)
    files[f"assets/{ARCHIVE}"] = packed
    for name in sorted(names):
        needed = manifest(name, folder, packed)
        files[f"assets/demos/{name}.json"] = json.dumps(needed, ensure_ascii=False, separators=(",", ":")) + "\n"
        files |= {
            f"assets/{file['path']}": folder.parent / file["path"] for file in needed["modules"] + needed["assets"]
        }
    return files, None


def page_scripts() -> list[Path]:
    """The files of our own that every page with a demo may load: scripts, their style, and whom the rest comes from."""
    here = Path(__file__).parent
    return [*sorted(path for path in (here / "browser").iterdir() if path.is_file()), NOTICE]


def archive(folder: Path = DEMOS) -> bytes:
    """The machinery as one zip archive, with paths like demos/_run/run.py; the same bytes for the same files.

    A page then asks for one file and not for twenty. Nothing in it is compressed, since compression differs between
    versions of zlib, and two builds must not; it is small beside Python itself, and many hosts compress what they send.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for module in machinery(folder):
            path = f"demos/{module.replace('.', '/')}.py"
            entry = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # as on Unix, wherever it is made
            file.writestr(entry, _content(path, folder))
    return packed.getvalue()


def machinery(folder: Path = DEMOS, carriers: Sequence[str] = CARRIERS) -> list[str]:
    """The modules that run and draw demos in a page, sorted, with the packages that hold them.

    They are those that `carriers` import as they are loaded. What a function imports when it is called is for a
    terminal or the build, and stays out.
    """
    found: set[str] = set()
    waiting = list(carriers)
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += _private_imports((folder / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"), folder)
    return sorted(found | {f"{module.partition('.')[0]}.__init__" for module in found if "." in module})


def _private_imports(text: str, folder: Path) -> list[str]:
    """Modules like demos._show.axes that a file imports as it is loaded."""
    names = [name.removeprefix("demos.") for name in _imports(text) if name.startswith("demos._")]
    return [name for name in names if (folder / f"{name.replace('.', '/')}.py").is_file()]


@cache  # `serve` asks after every edit
def _imports(text: str) -> tuple[str, ...]:
    """All that may be a module of demos/ among what a file imports as it is loaded."""
    names = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "demos":
            names += [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return tuple(names)


def _content(path: str, folder: Path) -> bytes:
    """The file of a path that starts at demos/."""
    return (folder.parent / path).read_bytes()


def _pinned(path: str, content: bytes) -> dict[str, Any]:
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
