"""Edge: hands the folder of Markdown to the engine that makes HTML of it, as a separate program.

The engine is MkDocs with the Material theme, configured in mkdocs.yml. The generator never imports it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from generator.problems import Refused


class EngineFailed(Refused):
    """The engine's own words about what it could not do."""

    def __str__(self) -> str:
        return f"{super().__str__()}\nThe last good site is untouched."


def run(root: Path) -> Path:
    """Makes the finished site beside the one that is being served -> its folder. Raises EngineFailed."""
    made = root / "build" / f"site.{os.getpid()}"
    for left in (root / "build").glob("site.*"):  # by builds that were killed
        if left.suffix[1:].isdigit() and not _is_running(int(left.suffix[1:])):
            shutil.rmtree(left, ignore_errors=True)
    shutil.rmtree(made, ignore_errors=True)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(made)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", env=engine_environment())
    if done.returncode:
        shutil.rmtree(made, ignore_errors=True)
        raise EngineFailed(f"The engine could not build the site:\n{(done.stderr or done.stdout).strip()}")
    (made / "sitemap.xml.gz").unlink(missing_ok=True)  # holds the time of day; sitemap.xml says the same
    return made


def _is_running(process: int) -> bool:
    """Whether another build may still be using its folder."""
    if sys.platform == "win32":
        return True  # asking would end the process there
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def engine_environment() -> dict[str, str]:
    # The build date appears in the sitemap; without a given one, the day of the newest source would change bytes.
    return {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "1767225600"),
    }
