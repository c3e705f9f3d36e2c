"""Edge: asks git what was committed, what has changed since, and what files were called before."""

import json
import os
import subprocess
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

from generator.cache import keep, kept
from generator.load.listing import entry_files
from generator.model.entries import KINDS, LISTS
from generator.reading import content

FORM = 2  # of what is remembered
ALIKE = 0.5  # of the lines of a file, from which on it is the same under another name: what git takes, too


class NoHistory(Exception):  # noqa: N818  says what happened
    """Why git can not tell: a sentence, without a remedy, since that depends on what was asked for."""


def git(root: Path, *words: str) -> bytes:
    """What a command of git prints. Raises NoHistory."""
    try:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True, env=os.environ | {"LC_ALL": "C"})
    except FileNotFoundError:
        raise NoHistory("git is not installed") from None
    if done.returncode:
        why = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise NoHistory(f"git {words[0]}: {why}")
    return done.stdout


def full_name(root: Path, commit: str) -> str:
    """The full name of a commit. Raises NoHistory where there is no such commit."""
    return git(root, "rev-parse", "--verify", f"{commit}^{{commit}}").decode().strip()


def changed_since(root: Path, commit: str) -> list[str]:
    """The files below root that are not as they were where this work left `commit`, also those not committed yet.

    Sorted, with forward slashes. Raises NoHistory.
    """
    name = full_name(root, commit)
    known = git(root, "diff", "--merge-base", "--relative", "--no-ext-diff", "--name-only", "-z", name, "--")
    new = git(root, "ls-files", "--others", "--exclude-standard", "-z")
    return sorted({path for path in (known + new).decode(errors="replace").split("\0") if path})


def renames(root: Path, cache: Path | None = None) -> dict[str, list[str]]:
    """What entries were called before: file -> its earlier names, the oldest first, also as entries of another kind.

    What was committed is read along the first parents, so that a branch counts as what it brought when it was merged,
    and remembered by its commit in `cache`; what is not committed yet is looked at every time. Nothing where git has no
    history of this project.
    """
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return {}
    try:
        before = _committed(root, cache)
        for old, new in _not_committed(root):
            _renamed(before, old, new)
    except NoHistory:
        return {}
    found = {path: [old for old in names if old != path] for path, names in before.items()}
    return {path: names for path, names in found.items() if names}


def _committed(root: Path, cache: Path | None) -> dict[str, list[str]]:
    head = full_name(root, "HEAD")
    if cache is not None and (data := kept(cache)) is not None:
        known = json.loads(data)
        if known["head"] == head and known.get("form") == FORM:
            return dict(known["names"])
    names: dict[str, list[str]] = {}
    log = ["log", "--first-parent", "-m", "--reverse", "--format=", *_HOW, head, "--", "terms"]
    for old, new in _pairs(git(root, *log)):
        _renamed(names, old, new)
    if cache is not None:
        keep(cache, json.dumps({"head": head, "form": FORM, "names": names}).encode())
    return names


_HOW = ("--find-renames", "--diff-filter=RD", "--name-status", "--relative", "--no-ext-diff", "--no-textconv", "-z")


def _pairs(output: bytes) -> Iterator[tuple[str, str]]:
    """Each rename or removal that git tells -> the old name and the new one, empty where a file was removed."""
    words = iter(output.decode(errors="replace").split("\0"))
    for word in words:
        match word.strip()[:1]:
            case "R":
                yield next(words), next(words)
            case "D":
                yield next(words), ""


def _renamed(names: dict[str, list[str]], old: str, new: str) -> None:
    """Takes a rename or a removal down. A file that comes later under a name that was given up has no earlier one."""
    earlier = names.pop(old, [])
    if _is_entry(old) and _is_entry(new):
        names[new] = [*earlier, old]


def _is_entry(path: str) -> bool:
    """Whether a file had a page: it lies where entries of a kind lie, and is neither a list nor a template."""
    folder, _, name = path.rpartition("/")
    return folder in KINDS and name.endswith(".yml") and not name.startswith(("_", ".")) and path not in LISTS


def _not_committed(root: Path) -> Iterator[tuple[str, str]]:
    """Renames in the working folder, also those that git was not told of."""
    gone = []
    for old, new in _pairs(git(root, "diff", *_HOW, "HEAD", "--", "terms")):
        if new:
            yield old, new
        else:
            gone.append(old)
    if not gone:
        return
    known = set(git(root, "ls-tree", "-r", "--name-only", "-z", "HEAD", "terms").decode(errors="replace").split("\0"))
    added = {path: _lines(content(root, path)[0]) for path in entry_files(root) if path not in known}
    for old in gone:
        lines = _lines(git(root, "show", f"HEAD:./{old}"))
        alike = {path: SequenceMatcher(None, lines, text, autojunk=False).ratio() for path, text in added.items()}
        best = max(alike, key=lambda path: alike[path], default="")
        if best and alike[best] >= ALIKE:
            yield old, best


def _lines(data: bytes) -> list[str]:
    return data.decode(errors="replace").splitlines()
