"""Edge: asks git what was committed, and what has changed since."""

import os
import subprocess
from pathlib import Path


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
