"""How long a reader waits for a demo: pixels, bytes and seconds, in Chromium, from a server on this machine.

    python -m bench.browser                              the site in build/site (make it first: make site)
    python -m bench.browser --against 549f8cb            beside the site of another version, which is built for that
    python -m bench.browser --pages neuron softmax       other pages to drag sliders on
    python -m bench.browser --repeat 5                   more loads, of which the median is told

The server compresses and lets the browser keep files for ten minutes, as a usual host does. Cold is a browser profile
that has never been here. A slider's time runs from its event to the new chart in the page, laid out. Other work on the
machine shows in every one of these numbers.
"""

import argparse
import gzip
import http.server
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.against import worktree

ROOT = Path(__file__).parent.parent
PAGES = ["activation-function", "neuron", "softmax", "gradient-descent"]
MOVES = 60
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript"}
KINDS |= {".json": "application/json", ".wasm": "application/wasm", ".py": "text/x-python", ".svg": "image/svg+xml"}
KINDS |= {".txt": "text/plain", ".xml": "text/xml"}
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]

# Watches the main thread from before anything runs: tasks of more than 50 ms, and the longest time without a turn.
WATCH = """
window.stalls = [];
const told = list => stalls.push(...list.getEntries().map(each => each.duration));
new PerformanceObserver(told).observe({type: "longtask"});
window.gap = 0;
let last = performance.now();
const channel = new MessageChannel();
channel.port1.onmessage = () => {
  const now = performance.now();
  window.gap = Math.max(window.gap, now - last);
  last = now;
  setTimeout(() => channel.port2.postMessage(0), 1);
};
channel.port2.postMessage(0);
"""

# Versions before the sweeps say "drawn", and later ones "shown". `first` is an event of any of them.
FIRST = """const first = (demo, heard) => {
  const once = event => (["termlab:shown", "termlab:drawn"].forEach(name => demo.removeEventListener(name, once)),
    demo.getBoundingClientRect(), heard(event));
  for (const name of ["termlab:shown", "termlab:drawn"]) demo.addEventListener(name, once);
};"""

# Milliseconds from a press of Run to the first chart that Python has drawn.
CLICK = """() => new Promise(resolve => {
  FIRST
  const demo = document.querySelector(".tl-demo");
  window.stalls.length = 0;
  window.gap = 0;
  const started = performance.now();
  const wait = () => first(demo, event =>
    (event.detail.source ?? "python") === "python" ? resolve(performance.now() - started) : wait());
  wait();
  demo.querySelector(".tl-run").click();
})"""

# Milliseconds from the first touch of a slider to the changed chart. Where there is none before Run, Run is pressed.
TOUCH = """() => new Promise(resolve => {
  FIRST
  const demo = document.querySelector(".tl-demo");
  const slider = demo.querySelector("input[type=range]");
  const started = performance.now();
  first(demo, () => resolve(performance.now() - started));
  if (!slider) return demo.querySelector(".tl-run").click();
  slider.value = slider.max;
  slider.dispatchEvent(new Event("input", {bubbles: true}));
})"""

# Milliseconds of each move of the first slider; by Python where another setting is not the page's own.
DRAG = """async ([moves, python]) => {
  FIRST
  const demo = document.querySelector(".tl-demo");
  const sliders = demo.querySelectorAll("input[type=range]");
  const move = (slider, value) => new Promise(next => {
    const started = performance.now();
    first(demo, () => next(performance.now() - started));
    slider.value = value;
    slider.dispatchEvent(new Event("input", {bubbles: true}));
  });
  const rest = () => new Promise(next => setTimeout(next, 20));
  const [slider, other] = sliders;
  if (python && other) await move(other, other.max === other.value ? other.min : other.max).then(rest);
  const [low, high, step] = [slider.min, slider.max, slider.step].map(Number);
  const spent = [];
  window.stalls.length = 0;
  window.gap = 0;
  for (let i = 1; i <= moves; i++) {
    const before = slider.value;
    const value = low + Math.round(i / (moves + 1) * (high - low) / step) * step;
    if (Number(before) === value) continue;
    spent.push(await move(slider, value));
    await rest();
  }
  return spent;
}"""

# Of each demo with a control, whether it and the main picture fit one screen below the bar of the theme.
FITS = """() => [...document.querySelectorAll(".tl-demo")].flatMap(demo => {
  const control = demo.querySelector(".tl-control");
  const picture = demo.querySelector(".tl-stage > figure .tl-picture") ?? demo.querySelector(".tl-stage > figure");
  if (!control || !picture) return [];
  const boxes = [picture, ...control.querySelectorAll("label, input, select, textarea")]
    .map(each => each.getBoundingClientRect()).filter(each => each.width);
  const span = Math.max(...boxes.map(each => each.bottom)) - Math.min(...boxes.map(each => each.top));
  return [span <= innerHeight - 49];
})"""
CLICK, TOUCH, DRAG = (script.replace("FIRST", FIRST) for script in (CLICK, TOUCH, DRAG))


class Server:
    """A folder over HTTP, compressed, with a count of the bytes that were sent."""

    def __init__(self, folder: Path) -> None:
        self.sent: dict[str, int] = {}
        counted = self.sent

        @cache
        def content(path: Path) -> tuple[bytes, bool]:
            raw = path.read_bytes()
            packed = gzip.compress(raw, 6, mtime=0)
            return (packed, True) if len(packed) < 0.95 * len(raw) else (raw, False)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                place = urlsplit(self.path).path
                path = (folder / place.lstrip("/")).resolve()
                path = path / "index.html" if path.is_dir() else path
                if not path.is_relative_to(folder) or not path.is_file():
                    self.send_error(404)
                    return
                body, packed = content(path)
                self.send_response(200)
                self.send_header("Content-Type", KINDS.get(path.suffix, "application/octet-stream"))
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "max-age=600")
                if packed:
                    self.send_header("Content-Encoding", "gzip")
                self.end_headers()
                self.wfile.write(body)
                counted[place] = counted.get(place, 0) + len(body)

        for path in folder.rglob("*"):  # compressed beforehand, as on a host
            if path.is_file() and "assets" in path.parts:
                content(path)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def since(self) -> int:
        """Bytes sent since it was asked last."""
        total = sum(self.sent.values())
        self.sent.clear()
        return total


Figures = dict[str, tuple[str, str]]  # what is measured -> what came out, and the aim


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints one line per figure, with the aim beside it where there is one."""
    parser = argparse.ArgumentParser(prog="python -m bench.browser", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--site", type=Path, default=ROOT / "build" / "site", help="the finished site")
    parser.add_argument("--against", metavar="REVISION", help="another version, to be built and measured as well")
    parser.add_argument("--pages", nargs="+", default=PAGES, metavar="TERM", help="pages whose first slider is dragged")
    parser.add_argument("--repeat", type=int, default=3, help="how many cold loads, default 3")
    given = parser.parse_args(arguments)
    site: Path = given.site.resolve()
    if not (site / "assets" / "runtime" / "runtime.json").is_file():
        print(f"{site} has no site with Python in it\n    hint: make site", file=sys.stderr)
        return 2
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        print("no Chromium on this machine\n    hint: install the package chromium", file=sys.stderr)
        return 2

    from playwright.sync_api import sync_playwright

    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start" if hasattr(os, "getloadavg") else ""
    )
    with ExitStack() as stack:
        sites = {"this version": site}
        if given.against:
            place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="termlab-against-")))
            sites = {given.against: _built(stack.enter_context(worktree(given.against, place)))} | sites
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=chromium, args=FLAGS)
        found = {name: _measured(browser, Server(folder), given.pages, given.repeat) for name, folder in sites.items()}
        browser.close()
    for what, (_, aim) in next(reversed(found.values())).items():
        values = "  ".join(f"{figures.get(what, ('–', ''))[0]:<34}" for figures in found.values())
        print(f"{what:<38} {values} aim {aim}")
    if len(found) > 1:
        print(f"{'':<38} " + "  ".join(f"{name:<34}" for name in found))
    return 0


def _built(code: Path) -> Path:
    """The site of another version, which uses the files that were fetched for this one."""
    (code / ".cache").mkdir(exist_ok=True)
    if (fetched := ROOT / ".cache" / "pyodide").is_dir() and not (code / ".cache" / "pyodide").exists():
        (code / ".cache" / "pyodide").symlink_to(fetched)  # of what it makes itself, a version may refuse links
    done = subprocess.run(
        [sys.executable, "-m", "generator", "site"], cwd=code, env={**os.environ, "PYTHONPATH": str(code)}
    )
    if done.returncode:
        sys.exit("the other version could not be built")
    return code / "build" / "site"


def _measured(browser: Any, server: Server, terms: Sequence[str], repeat: int) -> Figures:
    return {
        **fits(browser, server, terms),
        **loads(browser, server, terms[0], repeat),
        **drags(browser, server, terms),
    }


def fits(browser: Any, server: Server, terms: Iterable[str]) -> Figures:
    """On how many of the pages a demo fits one screen, on a desk and on a phone."""
    found: Figures = {}
    for width, height in ((1280, 800), (390, 844)):
        page = browser.new_page(viewport={"width": width, "height": height})
        every: list[bool] = []
        for term in terms:
            page.goto(f"{server.url}terms/{term}/")
            page.wait_for_selector(".tl-run")
            if not page.locator(".tl-control").count():  # controls that come with a press
                page.add_init_script(WATCH)
                page.reload()
                page.wait_for_selector(".tl-run")
                page.evaluate(CLICK)
            every += page.evaluate(FITS)
        page.close()
        found[f"control and picture fit, {width} px"] = f"{sum(every)} of {len(every)}", "every demo"
    return found


def loads(browser: Any, server: Server, term: str, repeat: int) -> Figures:
    """From the first touch to the first changed chart, and from a press of Run, each in a fresh profile."""
    before, touch, bytes_touched, click, bytes_clicked = [], [], [], [], []
    stalls: list[float] = []
    gaps: list[float] = []
    for _ in range(repeat):
        for script, seconds, wire in ((TOUCH, touch, bytes_touched), (CLICK, click, bytes_clicked)):
            context = browser.new_context()
            page = context.new_page()
            page.add_init_script(WATCH)
            server.since()
            page.goto(f"{server.url}terms/{term}/")
            page.wait_for_selector(".tl-run")
            page.wait_for_timeout(500)
            before.append(server.since())
            seconds.append(page.evaluate(script) / 1000)
            wire.append(server.since())
            page.wait_for_timeout(200)
            stalls += page.evaluate("window.stalls")
            gaps.append(page.evaluate("window.gap"))
            context.close()
    middle = statistics.median
    return {
        "before the first touch, on the wire": (f"{middle(before) / 1e3:.0f} kB", "200 kB"),
        "first touch to changed picture, cold": (f"{middle(touch):.2f} s", "0.8 s"),
        "after the first touch, on the wire": (f"{middle(bytes_touched) / 1e3:.0f} kB", "500 kB"),
        "Run to Python's picture, cold": (f"{middle(click):.2f} s", "6 s"),
        "after Run, on the wire": (f"{middle(bytes_clicked) / 1e6:.2f} MB", "10 MB"),
        "main thread meanwhile": (stalled(stalls, gaps), "no task over 50 ms"),
    }


def drags(browser: Any, server: Server, terms: Iterable[str]) -> Figures:
    """From a slider's event to the new chart, page by page: as the page answers it, and through Python."""
    found: Figures = {}
    for term in terms:
        for python, what, aim in ((False, "slider to picture", "8 / 16 ms"), (True, "through Python", "25 ms, light")):
            context = browser.new_context()
            page = context.new_page()
            page.add_init_script(WATCH)
            page.goto(f"{server.url}terms/{term}/")
            page.wait_for_selector(".tl-run")
            if python or not page.locator(".tl-control").count():
                page.evaluate(CLICK)
            page.evaluate(DRAG, [10, python])  # everything gets warm
            spent = sorted(page.evaluate(DRAG, [MOVES, False]))
            p50, p95 = spent[len(spent) // 2], spent[int(len(spent) * 0.95)]
            found[f"{what}, {term}"] = f"p50 {p50:.0f} ms, p95 {p95:.0f} ms", aim
            context.close()
    return found


def stalled(tasks: Sequence[float], gaps: Sequence[float]) -> str:
    return f"{len(tasks)} over 50 ms, longest {max(tasks, default=0):.0f}; gap {max(gaps):.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
