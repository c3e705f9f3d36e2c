"""Edge: reads the files of contributors, and refuses what is none: a link, a giant, a pipe.

A link would put a file of whoever builds the site on its pages, and a giant is never read into memory to be refused.
"""

import os
import stat
from pathlib import Path

from generator.problems import Problem, counted

LARGEST = 200_000  # bytes of a text that a person wrote: a long entry has 10,000, a long demo 20,000


def content(root: Path, path: str, most: int = LARGEST) -> tuple[bytes, list[Problem]]:
    """The bytes of a file below root, or why they are not read; `path` has forward slashes."""
    link = link_in(root, path)
    return (b"", [link]) if link else plain(root, path, most)


def plain(root: Path, path: str, most: int = LARGEST) -> tuple[bytes, list[Problem]]:
    """The same for a file in a folder that is no link."""
    try:
        found = os.lstat(f"{root}/{path}")
        if stat.S_ISLNK(found.st_mode):
            return b"", [_link(path)]
        if not stat.S_ISREG(found.st_mode):
            return b"", [Problem(path, "this is no file", "put a plain file here, or take it out")]
        with open(f"{root}/{path}", "rb") as file:
            data = file.read(min(found.st_size, most) + 1)
            data += file.read(most) if len(data) > found.st_size else b""  # it has grown meanwhile
        size = max(len(data), found.st_size)
    except OSError as error:
        return b"", [Problem(path, f"this file can not be read: {error.strerror}", "see who may read it")]
    if size > most:
        return b"", [Problem(path, f"the file has {counted(size, 'byte')}", f"it may have {most:,}")]
    return data, []


def link_in(root: Path, path: str) -> Problem | None:
    """The problem with a path below root that goes through a symbolic link."""
    parts = path.split("/")
    for end in range(1, len(parts) + 1):
        here = "/".join(parts[:end])
        if os.path.islink(f"{root}/{here}"):
            return _link(here)
    return None


def _link(path: str) -> Problem:
    return Problem(path, "this is a symbolic link", "put the thing itself here: a link may lead anywhere")
