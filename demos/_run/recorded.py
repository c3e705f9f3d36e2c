"""Recorded results: what a demo found when somebody ran it on a machine that could.

A demo that needs PyTorch, minutes or a graphics card is not run again for every page. Its result lies in
demos/recorded/, with the fingerprint of the code, data and settings that made it, so that anybody can tell whether
it still holds without running anything. `python -m demos record NAME` remakes it.
"""

import hashlib
import json
import os
import platform
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demos._run import run
from demos._run.fingerprint import fingerprint
from demos._run.source import DEMOS, names
from demos._show.counted import counted

RECORDED = DEMOS / "recorded"


@dataclass(frozen=True)
class Recording:
    """A result of `_run.run` that was kept. made_with: versions, device, hardware and seconds."""

    name: str
    path: Path
    fingerprint: str
    settings: Mapping[str, Any]
    result: Mapping[str, Any]
    made_with: Mapping[str, Any]


def path_of(name: str, settings: Mapping[str, Any], folder: Path = RECORDED) -> Path:
    """The file for these settings: attention.json at the defaults, attention--d_k=16.json elsewhere.

    Raises the exceptions of `_run.settings`.
    """
    filled = run.settings(name, settings)
    defaults = run.settings(name, {})
    changed = [f"{key}={_slug(value)}" for key, value in filled.items() if value != defaults[key]]
    return folder / ("--".join([name, *changed]) + ".json")


def load(name: str, settings: Mapping[str, Any], folder: Path = RECORDED) -> Recording | None:
    """The recording of a demo at these settings, fresh or not, or None. Raises ValueError for a damaged file."""
    path = path_of(name, settings, folder)
    return read(path) if path.is_file() else None


def every(folder: Path = RECORDED) -> list[Recording]:
    """All recordings, by file name; also those of demos that no longer exist. Raises ValueError as `load` does."""
    return [read(path) for path in sorted(folder.glob("*.json"))]


def read(path: Path) -> Recording:
    """One file. Raises ValueError, with a sentence that names it, where it is damaged."""
    name = path.stem.partition("--")[0]
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Recording(name, path, data["fingerprint"], data["settings"], data["result"], data["made_with"])
    except (ValueError, KeyError, TypeError) as error:
        place = f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
        raise ValueError(f"{place} is damaged; remake it with: python -m demos record {name}") from error


def is_fresh(recording: Recording, demos: Path = DEMOS) -> bool:
    """Whether the demo, all it imports, its data and its defaults are still what made this recording."""
    if recording.name not in names(demos):
        return False
    return fingerprint(recording.name, recording.settings, demos) == recording.fingerprint


def write(result: Mapping[str, Any], seconds: float, folder: Path = RECORDED) -> Path:
    """Keeps what `_run.run` returned, and says where. An interruption leaves the old file or the new one, whole."""
    name, settings = result["demo"], result["settings"]
    path = path_of(name, settings, folder)
    parts = {
        "fingerprint": fingerprint(name, settings),
        "settings": settings,
        "made_with": made_with(seconds),
        "result": result,
    }
    # One line for each part: a diff then shows what changed without a line for every number of a picture.
    lines = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in parts.items()]
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    folder.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=folder, prefix=".", suffix=".unfinished")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(unfinished, 0o644)  # mkstemp keeps it to its owner
        os.replace(unfinished, path)
    except BaseException:
        os.unlink(unfinished)
        raise
    return path


def made_with(seconds: float) -> dict[str, Any]:
    """On what a result was made just now, in this process. seconds: how long it took."""
    found: dict[str, Any] = {"python": platform.python_version()}
    for package in ("numpy", "torch"):
        if package in sys.modules:  # whatever the demo imported is loaded by now
            found[package] = str(sys.modules[package].__version__)
    device, card = _accelerator()
    found["device"] = device
    found["hardware"] = card or _processor()
    found["seconds"] = round(seconds, 2)
    return found


def _accelerator() -> tuple[str, str]:
    """The device that PyTorch computed on and its name; ("cpu", "") where none was used, even if there is one."""
    torch: Any = sys.modules.get("torch")
    if torch and torch.cuda.is_available() and torch.cuda.max_memory_allocated() > 0:
        return "cuda", str(torch.cuda.get_device_name())
    if torch and torch.backends.mps.is_available() and torch.mps.driver_allocated_memory() > 0:
        return "mps", ""
    return "cpu", ""


def _processor() -> str:
    """The name of the processor and its number of cores, such as "Apple M2, 8 cores"."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file() and (match := re.search(r"^model name\s*:\s*(.+)$", cpuinfo.read_text(), re.MULTILINE)):
        name = match[1]
    return f"{name}, {counted(os.cpu_count() or 1, 'core')}"


def _slug(value: Any) -> str:
    """A setting inside a file name: itself where every file system takes it and keeps it apart, else its hash."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if re.fullmatch(r"[a-z0-9.+-]{1,24}", text) else hashlib.sha256(text.encode()).hexdigest()[:8]
