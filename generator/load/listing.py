"""Edge: looks which files of terms/ are entries, and which lie where no entry should."""

import os
from collections.abc import Iterable
from pathlib import Path

from generator.model.entries import KINDS, LISTS
from generator.problems import Problem
from generator.reading import link_in


def files(root: Path) -> list[str]:
    """Every file of terms/ that is read, as a path below root."""
    return [*entry_files(root), *(path for path in LISTS if (root / path).is_file())]


def entry_files(root: Path) -> list[str]:
    return [path for folder in KINDS for path in _files(root, folder)]


def _files(root: Path, folder: str) -> list[str]:
    """The entries of a folder as paths below root; what starts with an underscore is no entry."""
    if link_in(root, folder) or not (root / folder).is_dir():
        return []
    names = sorted(entry.name for entry in os.scandir(root / folder) if not entry.is_dir(follow_symlinks=False))
    return [
        f"{folder}/{name}" for name in names
        if name.lower().endswith((".yml", ".yaml")) and not name.startswith(("_", "."))
        and f"{folder}/{name}" not in LISTS
    ]  # fmt: skip


def misplaced_folders(root: Path) -> list[Problem]:
    """Folders in which nobody would look for entries, and folders that are only links to others."""
    problems = []
    for folder in KINDS:
        if link := link_in(root, folder):
            problems.append(link)
        elif (root / folder).exists() and not (root / folder).is_dir():
            problems.append(Problem(folder, "a file stands where a folder belongs", "take it out, or rename it"))
        elif (root / folder).is_dir():
            inside = sorted(entry.name for entry in os.scandir(root / folder) if entry.is_dir(follow_symlinks=False))
            hint = f"put its files straight into {folder}/"
            hint += "; the category is a field" if folder == "terms" else ""
            problems += [
                Problem(f"{folder}/{name}", f"{folder.rpartition('/')[2]} are not sorted into folders", hint)
                for name in inside if f"{folder}/{name}" not in KINDS and not name.startswith(("_", "."))
            ]  # fmt: skip
    return list(dict.fromkeys(problems))


def case_twins(paths: Iterable[str]) -> dict[str, Problem]:
    """Files that differ from another only in case, which many systems take for one. The one in small letters stays."""
    twins, seen = {}, dict[str, str]()
    hint = "rename one of them: many systems take both for the same file"
    for path in sorted(paths, key=lambda path: (path != path.lower(), path)):
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            twins[path] = Problem(path, f"this name differs from {other} only in case", hint)
    return twins
