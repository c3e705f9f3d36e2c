"""Edge: hands the folder of Markdown to the engine that makes HTML of it, as a separate program.

The engine is MkDocs with the Material theme, configured in mkdocs.yml. The generator never imports it.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
import yaml_env_tag

from generator.model import json_schema
from generator.render import Site

# How the search box cuts and weighs words. An alias must beat every title that only starts like it.
SEARCH = {
    "lang": ["en"],
    "separator": r"[\s\-]+",
    "pipeline": ["stopWordFilter"],
    "fields": {
        "title": {"boost": 1000.0},
        "text": {"boost": 1.0},
        "tags": {"boost": 1.0},
        "aliases": {"boost": 1000000.0},
    },
}


class EngineFailed(Exception):  # noqa: N818  says what happened
    """The engine's own words about what it could not do."""


class NoSite(Exception):  # noqa: N818  says what is missing
    """Why mkdocs.yml does not say where the site will be."""


class _Config(yaml.SafeLoader):
    """mkdocs.yml with its !ENV values filled in."""


_Config.add_constructor("!ENV", yaml_env_tag.construct_env_tag)


def about(root: Path) -> Site:
    """What mkdocs.yml says about the site."""
    try:
        config = yaml.load((root / "mkdocs.yml").read_text(encoding="utf-8"), Loader=_Config)
    except FileNotFoundError:
        raise NoSite(f"{root} has no mkdocs.yml\n    hint: restore it; it configures the site") from None
    if not isinstance(config, dict) or not config.get("site_url"):
        raise NoSite("mkdocs.yml: there is no site_url\n    hint: say where the site will be served")
    repository = str((config.get("extra") or {}).get("repository") or "")
    return Site(url=config["site_url"].rstrip("/") + "/", repository=repository.rstrip("/"))


def run(root: Path) -> Path:
    """Makes the finished site beside the one that is being served -> its folder. Raises EngineFailed."""
    made = root / "build" / f"site.{os.getpid()}"
    for left in (root / "build").glob("site.*"):  # by builds that were killed
        if left.suffix[1:].isdigit() and not _is_running(int(left.suffix[1:])):
            shutil.rmtree(left, ignore_errors=True)
    shutil.rmtree(made, ignore_errors=True)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(made)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", env=_environment())
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


def write_search_index(made: Path, index: dict[str, Any]) -> None:
    """Replaces the engine's index, which pages kept themselves out of, with a slim one."""
    target = made / "search" / "search_index.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps({"config": SEARCH, **index}, ensure_ascii=False), encoding="utf-8")


def _environment() -> dict[str, str]:
    # The build date appears in the sitemap; without a given one, the day of the newest source would change bytes.
    return {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "1767225600"),
    }


def schema_text() -> str:
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def serve(root: Path, port: int, build: Callable[[], str], broken: type[Exception], told: Callable[..., None]) -> None:
    """Serves the site and makes it anew after every change, until interrupted.

    A mistake is told and the last good page stays. The engine watches the Markdown and loads pages anew in the
    browser; this loop watches what the Markdown is made from. The search box knows the finished site only.
    """
    print(f"pages: {build()}", flush=True)
    command = [sys.executable, "-m", "mkdocs", "serve", "--dirty", "--quiet", "--dev-addr", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, cwd=root, env=_environment()) as engine:
        print(f"Open http://127.0.0.1:{port}/ and edit terms/ or demos/. Stop with Ctrl+C.", flush=True)
        try:
            seen = _snapshot(root)
            while engine.poll() is None:
                time.sleep(0.3)
                now = _snapshot(root)
                if now == seen:
                    continue
                seen, start = now, time.perf_counter()
                try:
                    print(f"{build()} in {time.perf_counter() - start:.2f} s", flush=True)
                except broken as problem:
                    told(problem.problems)  # type: ignore[attr-defined]
                except FileNotFoundError:  # saved by renaming, and met in between: the next look finds it
                    seen = {}
        finally:
            engine.terminate()
    if engine.returncode not in (0, -15):
        raise EngineFailed(f"The engine stopped. Is port {port} taken? Choose another with --port.")


def _snapshot(root: Path) -> dict[str, float]:
    """What the pages are made from, with the time of the last change."""
    found = {}
    for folder in ("terms", "demos", "generator/templates", "generator/static"):
        for where, _, names in os.walk(root / folder):
            for name in names:
                path = os.path.join(where, name)
                with contextlib.suppress(FileNotFoundError):  # an editor's temporary file
                    if not name.startswith(".") and "__pycache__" not in path:
                        found[path] = os.stat(path).st_mtime
    return found
