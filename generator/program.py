"""Edge: which version of the program this is. What another version remembered counts for nothing."""

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

from demos import _source

HERE = Path(__file__).parent
# What decides how a file is read and what its page looks like.
LIBRARIES = ("ahocorasick-rs", "codespell", "jinja2", "latex2mathml", "markupsafe", "pydantic", "pyyaml")


@cache
def program() -> str:
    """Changes with every change of the generator, its templates and lists, what reads demos, and its libraries."""
    ours = [path for pattern in ("*.py", "templates/*", "words/*.txt") for path in sorted(HERE.glob(pattern))]
    code = b"".join(path.read_bytes() for path in (*ours, *sorted(_source.DEMOS.glob("_*.py"))))
    return " ".join([hashlib.sha256(code).hexdigest(), *map(version, LIBRARIES), platform.python_version()])
