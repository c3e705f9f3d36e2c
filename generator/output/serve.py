"""Edge: shows the site in a browser while it is written, and makes it anew after every edit."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from generator.output.engine import EngineFailed, engine_environment
from generator.problems import Broken, Problem, Refused


def serve(root: Path, port: int, build: Callable[[], str], told: Callable[[list[Problem]], None]) -> None:
    """Serves the site and makes it anew after every change, until interrupted.

    A mistake is told and the last good page stays, also where it was made before. The engine watches the Markdown and
    loads pages anew in the browser; this loop watches what the Markdown is made from, and prints how long it took from
    the edit until the engine served the page. The search box knows the finished site only.
    """
    if _is_taken(port):
        raise Refused(f"Something else listens on port {port}\n    hint: choose another with --port")
    docs = root / "build" / "docs"
    watch = _Watch(root)  # from before the first build, so that no edit made during it is missed
    while not _built(build, told) and not docs.is_dir():
        print("The site opens when this is mended. Stop with Ctrl+C.", flush=True)
        while watch.edited() is None:
            time.sleep(IDLE)
    command = [sys.executable, "-m", "mkdocs", "serve", "--dirty", "--quiet", "--dev-addr", f"127.0.0.1:{port}"]
    # In a session of its own, so that Ctrl+C ends it once, through _ending().
    opened = subprocess.Popen(command, cwd=root, env=engine_environment(), start_new_session=True)
    with opened as engine, _ending(engine):
        while engine.poll() is None and _served_since(port) is None:
            time.sleep(IDLE)
        if engine.poll() is None:
            print(f"Open http://127.0.0.1:{port}/ and edit terms/ or demos/. Stop with Ctrl+C.", flush=True)
        waiting: tuple[float, float] | None = None  # when a page was edited, and when it was written
        pages = _snapshot(docs)
        while engine.poll() is None:
            time.sleep(BUSY if waiting else IDLE)
            if waiting and (_served_since(port) or 0) > waiting[1]:
                print(f"in the browser {time.time() - waiting[0]:.2f} s after the edit", flush=True)
                waiting = None
            if (edited := watch.edited()) is not None:
                try:
                    _built(build, told)
                except FileNotFoundError:  # saved by renaming, and met in between: the next look finds it
                    watch.forget()
                except Refused as refused:
                    print(refused, file=sys.stderr, flush=True)
                except Exception:  # the fault is ours, and no reason to take the last good page away
                    traceback.print_exc()
                before, pages = pages, _snapshot(docs)
                if pages != before:
                    waiting = edited, _monotonic(max(pages.values(), default=time.time()))
    raise EngineFailed("The engine stopped.")


IDLE, BUSY = 0.2, 0.05  # seconds between two looks


def _built(build: Callable[[], str], told: Callable[[list[Problem]], None]) -> bool:
    """Builds the pages, or tells why not."""
    try:
        print(f"pages: {build()}", flush=True)
    except Broken as broken:
        told(broken.problems)
        return False
    return True


class _Watch:
    """What the pages are made from, and when somebody changed it."""

    def __init__(self, root: Path) -> None:
        self.folders = [
            root / name
            for name in ("terms", "demos", "generator/templates", "generator/pages/assets", "generator/live/browser")
        ]
        self.seen, self.looked = _snapshot(*self.folders), time.time()

    def edited(self) -> float | None:
        """When something was changed since the last look; None where nothing was."""
        now, here = _snapshot(*self.folders), time.time()
        before, since, self.seen, self.looked = self.seen, self.looked, now, here
        if now == before:
            return None
        newest = max((when for path, when in now.items() if before.get(path) != when), default=since)
        return min(max(newest, since), here)  # what was moved here may be older than the last look

    def forget(self) -> None:
        """Takes everything for changed at the next look."""
        self.seen = {}


@contextlib.contextmanager
def _ending(engine: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Ends the engine with this program, also where that is told to end or its terminal is closed."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signals = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {one: signal.signal(one, interrupt) for one in signals}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
        if sys.platform == "win32":
            engine.terminate()
        else:
            engine.send_signal(signal.SIGINT)  # so that it takes its temporary folder along
        try:
            engine.wait(timeout=5)
        except subprocess.TimeoutExpired:
            engine.kill()


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _served_since(port: int) -> float | None:
    """When the engine began to make what it serves now, in milliseconds of the monotonic clock; None before it serves.

    This is what the engine tells browsers, so that they know when to load a page anew.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/livereload/0/0")
        return int(connection.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _monotonic(when: float) -> float:
    """A time of day in milliseconds of the monotonic clock, which all processes of a machine share."""
    return (time.monotonic() - (time.time() - when)) * 1000


def _snapshot(*folders: Path) -> dict[str, float]:
    """The files in these folders, each with the time of its last change."""
    found = {}
    for folder in folders:
        for where, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(where, name)
                with contextlib.suppress(FileNotFoundError):  # an editor's temporary file
                    if not name.startswith(".") and "__pycache__" not in path:
                        found[path] = os.stat(path).st_mtime
    return found
