"""Edge: writes files so that each is the old one or the new one, whole, and names the one that can not be written."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


def whole(place: str | Path, content: bytes) -> None:
    """Writes a file beside its place and renames it. Raises OSError with that place; then what was there is there."""
    with beside(place) as part, open(part, "wb") as file:
        file.write(content)


@contextlib.contextmanager
def beside(place: str | Path) -> Iterator[str]:
    """The name of a file to be made, which then takes the place of another; where that fails, it is removed."""
    folder, name = os.path.split(place)
    part = os.path.join(folder, f".{name}.{os.getpid()}")
    with about(place):
        try:
            yield part
            os.replace(part, place)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(part)
            raise


@contextlib.contextmanager
def about(place: str | Path) -> Iterator[None]:
    """Lets an OSError name this place: a disk that is full names none, and the file beside a place says little."""
    try:
        yield
    except OSError as error:
        if error.errno is None:  # it has words of its own
            raise
        raise OSError(error.errno, error.strerror or os.strerror(error.errno), str(place)) from error
