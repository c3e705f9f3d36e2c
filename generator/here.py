"""Edge: how a command is typed where the reader stands: with the Python that runs just now, which has what it needs."""

import re
import sys
from importlib.util import find_spec
from pathlib import Path


def python_here(root: Path) -> str:
    """This Python, as it is called from the top of the project: .venv/bin/python."""
    python = sys.executable or "python"
    return Path(python).relative_to(root).as_posix() if Path(python).is_relative_to(root) else python


def as_typed(text: str, root: Path) -> str:
    """A text in which commands that start with `python -m` start with this Python, since another lacks packages."""
    return _COMMAND.sub(lambda _: f"{python_here(root)} -m ", text)


_COMMAND = re.compile(r"(?<![\w/.\\-])python -m (?=(?:generator|demos|tests|bench|pytest|http)\b)")


def gets_what_tests_need(root: Path) -> str:
    """The command that installs what tests need; empty where that is there."""
    if find_spec("pytest") is not None:
        return ""
    if (root / "Makefile").is_file() and Path(sys.executable).is_relative_to(root / ".venv"):
        return "make packages"
    return f'{python_here(root)} -m pip install --constraint constraints.txt --editable ".[test,torch]"'
