"""Edge: which version of the program this is. What another version remembered counts for nothing."""

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
# What decides how a file is read and what its page looks like.
LIBRARIES = ("ahocorasick-rs", "jinja2", "latex2mathml", "markupsafe", "pydantic", "pyyaml")


@cache
def program() -> str:
    """Changes with every change of the generator, its templates, and the libraries that it stands on."""
    code = b"".join(path.read_bytes() for path in (*sorted(HERE.glob("*.py")), *sorted(HERE.glob("templates/*"))))
    return " ".join([hashlib.sha256(code).hexdigest(), *map(version, LIBRARIES), platform.python_version()])
