"""Edge: shows the site in a browser while it is written, and makes it anew after every edit."""

import contextlib
import http.server
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from pathlib import Path

from generator.output.preview import Preview
from generator.problems import Broken, Problem, Refused

IDLE = 0.1  # seconds between two looks at what may have been edited
LONGEST_WAIT = 30  # seconds that a page waits to hear of an edit before it asks again

# What a page of the preview is told besides: to ask when something was edited, and then to load anew. A hidden page
# does not ask, since a browser opens only six connections to one server.
SCRIPT = """<script>
if (!window.termlabPreview) {
  window.termlabPreview = true;
  const ask = async () => {
    if (document.hidden) return document.addEventListener("visibilitychange", ask, {once: true});
    try {
      if (await (await fetch("/_edited_since/%d")).text() === "yes") return location.reload();
      ask();
    } catch { setTimeout(ask, 1000); }
  };
  ask();
}
</script>"""


def serve(root: Path, port: int, build: Callable[[Preview], str], told: Callable[[list[Problem]], None]) -> None:
    """Serves a preview of the site and makes it anew after every change, until interrupted.

    A mistake is told and the last good page stays, also where it was made before. `build` writes the Markdown and
    renews the preview. This loop watches what the Markdown is made from, tells open pages to load anew, and prints how
    long it took from the edit until the new page was there.
    """
    if _is_taken(port):
        raise Refused(f"Something else listens on port {port}\n    hint: choose another with --port")
    watch = _Watch(root)  # from before the first build, so that no edit made during it is missed
    with _interrupted_by_signals(), Preview(root, f"http://127.0.0.1:{port}/") as preview:
        good = _built(build, preview, told)
        if not good and (root / "build" / "docs").is_dir():
            good = _renewed(preview)  # from the last good Markdown
        while not good:
            print("The site opens when this is mended. Stop with Ctrl+C.", flush=True)
            while watch.edited() is None:
                time.sleep(IDLE)
            good = _built(build, preview, told)
        with _Server(port, preview.place) as server:
            print(f"Open http://127.0.0.1:{port}/ and edit terms/ or demos/. Stop with Ctrl+C.", flush=True)
            while True:
                time.sleep(IDLE)
                if (edited := watch.edited()) is None:
                    continue
                if _built(build, preview, told, watch) and preview.renewed:
                    server.tell()
                    print(f"in the browser {time.time() - edited:.2f} s after the edit", flush=True)


def _built(
    build: Callable[[Preview], str],
    preview: Preview,
    told: Callable[[list[Problem]], None],
    watch: "_Watch | None" = None,
) -> bool:
    """Builds the pages, or tells why not."""
    try:
        print(f"pages: {build(preview)}", flush=True)
        return True
    except Broken as broken:
        told(broken.problems)
    except FileNotFoundError:
        if watch is None:
            raise
        watch.forget()  # saved by renaming, and met in between: the next look finds it
    except Refused as refused:
        print(refused, file=sys.stderr, flush=True)
    except Exception as error:  # the fault is ours, and no reason to take the last good page away
        file = (error.filename2 or error.filename) if isinstance(error, OSError) else None
        if isinstance(error, OSError) and file:  # or that of a disk, which is full
            print(f"{file}: {error.strerror}", file=sys.stderr, flush=True)
        else:
            traceback.print_exc()
    return False


def _renewed(preview: Preview) -> bool:
    try:
        preview.renew()
    except Refused as refused:
        print(refused, file=sys.stderr, flush=True)
        return False
    return True


# --- the server -------------------------------------------------------------------------------------------


class _Server(http.server.ThreadingHTTPServer):
    """Serves a folder, in a thread of its own, and tells the pages that are open when something was edited."""

    def __init__(self, port: int, folder: Path) -> None:
        super().__init__(("127.0.0.1", port), partial(_Handler, directory=str(folder)))
        self.edits = 0
        self.news = threading.Condition()
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> "_Server":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def tell(self) -> None:
        """Lets open pages load anew."""
        with self.news:
            self.edits += 1
            self.news.notify_all()

    def handle_error(self, *_: object) -> None:
        """A browser that went away is no error to be told."""


class _Handler(http.server.SimpleHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        if self.path.startswith("/_edited_since/"):
            return self._wait(self.path.rpartition("/")[2])
        del self.headers["If-Modified-Since"]  # it counts in seconds, in which there may have been two edits
        place = Path(self.translate_path(self.path))
        if place.is_dir() and self.path.partition("?")[0].endswith("/"):
            place /= "index.html"
        if place.suffix == ".html" and place.is_file():
            return self._page(place, HTTPStatus.OK)
        super().do_GET()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """With the site's own page for what is not there."""
        page = Path(self.directory) / "404.html"
        if code == HTTPStatus.NOT_FOUND and self.command == "GET" and page.is_file():
            self._page(page, HTTPStatus.NOT_FOUND)
        else:
            super().send_error(code, message, explain)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass

    def _page(self, place: Path, status: HTTPStatus) -> None:
        edits = self.server.edits  # from before the page is read: an edit in between is told
        html, mark, rest = place.read_text(encoding="utf-8").rpartition("</body>")
        script = SCRIPT % edits if mark else ""
        self._send(f"{html}{script}{mark}{rest}", "text/html; charset=utf-8", status)

    def _wait(self, since: str) -> None:
        server = self.server
        with server.news:
            edited = server.news.wait_for(lambda: str(server.edits) != since, LONGEST_WAIT)
        self._send("yes" if edited else "no", "text/plain", HTTPStatus.OK)

    def _send(self, text: str, kind: str, status: HTTPStatus) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


# --- what is edited ---------------------------------------------------------------------------------------

WATCHED = (
    "terms", "demos", "mkdocs.yml", "generator/theme", "generator/templates", "generator/pages/assets",
    "generator/live/browser",
)  # fmt: skip


class _Watch:
    """What the pages are made from, and when somebody changed it."""

    def __init__(self, root: Path) -> None:
        self.places = [root / name for name in WATCHED]
        self.seen, self.looked = _snapshot(*self.places), time.time()

    def edited(self) -> float | None:
        """When something was changed since the last look; None where nothing was."""
        now, here = _snapshot(*self.places), time.time()
        before, since, self.seen, self.looked = self.seen, self.looked, now, here
        if now == before:
            return None
        newest = max((when for path, when in now.items() if before.get(path) != when), default=since)
        return min(max(newest, since), here)  # what was moved here may be older than the last look

    def forget(self) -> None:
        """Takes everything for changed at the next look."""
        self.seen = {}


def _snapshot(*places: Path) -> dict[str, float]:
    """The files at these places, each with the time of its last change."""
    found = {}
    for place in places:
        if place.is_file():
            found[str(place)] = place.stat().st_mtime
        for where, _, names in os.walk(place):
            for name in names:
                path = os.path.join(where, name)
                with contextlib.suppress(FileNotFoundError):  # an editor's temporary file
                    if not name.startswith(".") and "__pycache__" not in path:
                        found[path] = os.stat(path).st_mtime
    return found


@contextlib.contextmanager
def _interrupted_by_signals() -> Iterator[None]:
    """Ends this program as Ctrl+C does, also where it is told to end or its terminal is closed."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signals = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {one: signal.signal(one, interrupt) for one in signals}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
