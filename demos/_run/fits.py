"""What to type where this Python is too old for demos, or lacks a package that one needs.

It is imported before anything else, so its words are those that Python 3.6 knows.
"""

import os
import sys

NEEDED = "3.11.5"
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def typed():
    # type: () -> str
    """The command that runs just now, without its Python: "-m demos neuron", or "demos/neuron.py"."""
    import shlex  # a page, which tells nothing of this, need not wait for it

    is_module = not sys.argv or sys.argv[0] == "-m" or os.path.basename(sys.argv[0]) == "__main__.py"
    return " ".join(map(shlex.quote, ["-m", "demos", *sys.argv[1:]] if is_module else sys.argv))


def instead(target="site"):
    # type: (str) -> str
    """What to type instead, with the Python of .venv where it is there; target: of make, which gets what is missing."""
    python = (
        os.path.join(".venv", "Scripts", "python.exe") if os.name == "nt" else os.path.join(".venv", "bin", "python")
    )
    here = os.path.join(ROOT, python)
    words = " ".join([python if os.path.samefile(ROOT, os.curdir) else here, typed()])
    make = "make " + target
    if os.path.abspath(sys.prefix) == os.path.join(ROOT, ".venv"):
        return "type " + make + ", which gets it"
    if os.path.exists(here):
        return "type " + words
    return "type " + make + ", which sets up .venv, and then " + words


def refuse_what_is_too_old():
    # type: () -> None
    """Ends a command that was started with a Python that is too old, with a sentence."""
    if sys.version_info >= (3, 11):  # noqa: UP036  that is what it is there to see
        return
    first = (getattr(sys, "argv", None) or [""])[0]  # python -m demos has come no further than the package
    if first == "-m" or os.path.dirname(os.path.abspath(first)) == os.path.join(ROOT, "demos"):
        found = ".".join(map(str, sys.version_info[:3]))
        needed = "demos need Python " + NEEDED + " or newer, and " + sys.executable + " is Python " + found
        sys.exit(needed + ": " + instead())


refuse_what_is_too_old()
