"""Edge: looks for what lies in demos/ and is no lesson, part, data or machinery.

Python imports a folder, and a compiled module, before the file of the same name. So what is read here and what would
run must not be two things, and a file that nothing reads is none that a build may run.
"""

import os
from importlib.machinery import all_suffixes
from pathlib import Path

from generator.problems import Problem, listed

# What may lie in each folder, besides folders that Python makes: endings of files, and folders.
_FOLDERS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "demos": ((".py",), ("_run", "_show", "data", "parts", "recorded")),
    "demos/parts": ((".py",), ()),
    "demos/_run": ((".py",), ()),
    "demos/_show": ((".py",), ()),
    "demos/recorded": ((".json",), ()),
}
_MACHINERY = ("__init__.py", "__main__.py")
_COMPILED = tuple({*all_suffixes(), ".so", ".pyd", ".dll", ".pyc", ".pyo"} - {".py"})


def strays(root: Path) -> list[Problem]:
    """What lies in demos/ and does not belong there. What editors and systems leave (.x, x~) is left alone."""
    found = []
    for folder, (endings, folders) in _FOLDERS.items():
        if not (root / folder).is_dir() or (root / folder).is_symlink():
            continue
        entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
        modules = {entry.name.removesuffix(".py") for entry in entries if entry.name.endswith(".py")}
        for entry in entries:
            path, is_folder = f"{folder}/{entry.name}", entry.is_dir(follow_symlinks=False)
            if entry.name.startswith(".") or entry.name.endswith("~") or entry.name == "__pycache__":
                continue
            if entry.is_symlink() and (entry.name in folders or entry.name.endswith(endings)):
                continue  # which is told where it is read
            stem = entry.name.partition(".")[0]
            is_kind = entry.name.endswith(endings) and not _is_private(folder, stem)
            belongs = entry.name in folders if is_folder else is_kind
            if is_folder and entry.name.endswith(endings):
                found.append(Problem(path, "a folder stands where a file belongs", "take it out, or rename it"))
            elif (is_folder or entry.name.endswith(_COMPILED)) and stem in modules:
                message = f"Python would import this in place of {folder}/{stem}.py, which is what is read here"
                found.append(Problem(path, message, "take it out: a module is one file of Python"))
            elif belongs:
                continue
            elif is_folder:
                hint = f"take it out, or put its files into {folder}/" if not folders else _WHERE
                found.append(Problem(path, "no folder belongs here" if not folders else _NOTHING, hint))
            else:
                is_private = folder == "demos" or entry.name.endswith(endings)
                found.append(Problem(path, _NOTHING if is_private else f"this is no {endings[0]} file", _WHERE))
    return found


def _is_private(folder: str, stem: str) -> bool:
    """Whether a file of Python is neither a lesson nor a part; the machinery has folders of its own."""
    ours = _MACHINERY if folder == "demos" else ("__init__.py",)
    return folder in ("demos", "demos/parts") and stem.startswith("_") and f"{stem}.py" not in ours


_NOTHING = "this is no lesson, part, data or machinery"
_WHERE = "take it out, or put it where it belongs: " + listed(
    [
        "a lesson is a file of demos/",
        "what lessons share one of demos/parts/",
        "what they read one of demos/data/",
    ],
    "and",
)
