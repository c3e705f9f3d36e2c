"""Terms and demos in, a folder of Markdown pages out. Start reading at __main__.py.

Edge: a command that is started with a Python that does not fit says so in one sentence, and what to type instead.
"""

import os
import sys
from types import TracebackType


def _instead() -> str:
    """What to type: with the Python of .venv where it is there, which `make` sets up."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    python = os.path.join(".venv", "Scripts", "python") if os.name == "nt" else os.path.join(".venv", "bin", "python")
    words = " ".join([python, "-m", "generator", *sys.argv[1:]])
    if os.path.exists(os.path.join(root, python)) or os.path.exists(os.path.join(root, python + ".exe")):
        if os.path.abspath(sys.prefix) != os.path.join(root, ".venv"):
            return "type " + words
        return "type make site, which gets it"
    return "type make site, which sets up .venv, and then " + words


def _told(kind: "type[BaseException]", error: BaseException, trace: "TracebackType | None") -> None:
    """Stands in for the traceback of a package that is missing, and of a command that is stopped as it starts."""
    if issubclass(kind, KeyboardInterrupt):
        os._exit(130)  # as where it is stopped later
    package = (getattr(error, "name", None) or "").partition(".")[0]
    if not issubclass(kind, ModuleNotFoundError) or package in ("", "generator", "demos"):
        sys.__excepthook__(kind, error, trace)
    else:
        print(f"{sys.executable} lacks the package {package}, which Termlab needs: {_instead()}", file=sys.stderr)


# Entries are read without what other packages may plug into Pydantic; to look for that takes 0.03 s.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

if sys.argv[:1] == ["-m"]:  # python -m generator, which has not come further than this file
    if sys.version_info < (3, 11):  # noqa: UP036  that is what it is there to see
        found = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"Termlab needs Python 3.11.5 or newer, and {sys.executable} is Python {found}: {_instead()}")
    sys.excepthook = _told
