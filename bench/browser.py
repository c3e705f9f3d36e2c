"""How long a reader waits for a live demo: bytes and seconds, in Chromium, from a server on this machine.

    python -m bench.browser                              the site in build/site (make it first: make site)
    python -m bench.browser --pages neuron softmax       other pages to drag sliders on
    python -m bench.browser --repeat 5                   more loads, of which the median is told

The server compresses and lets the browser keep files for ten minutes, as a usual host does. Cold is a browser profile
that has never been here, warm the same page loaded again. A slider's time runs from its event to the new chart in the
page, laid out. Other work on the machine shows in every one of these numbers.
"""

import argparse
import gzip
import http.server
import os
import shutil
import statistics
import sys
import threading
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

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

CLICK = """() => new Promise(resolve => {
  const demo = document.querySelector(".tl-demo");
  window.stalls.length = 0;
  window.gap = 0;
  const started = performance.now();
  demo.addEventListener("termlab:drawn", () => {
    demo.getBoundingClientRect();
    resolve(performance.now() - started);
  }, {once: true});
  demo.querySelector(".tl-run").click();
})"""

DRAG = """moves => new Promise(async resolve => {
  const demo = document.querySelector(".tl-demo");
  const slider = demo.querySelector("input[type=range]");
  const [low, high, step] = [slider.min, slider.max, slider.step].map(Number);
  const spent = [];
  window.stalls.length = 0;
  window.gap = 0;
  for (let i = 1; i <= moves; i++) {
    const share = i / (moves + 1);
    const before = slider.value;
    slider.value = low + Math.round(share * (high - low) / step) * step;
    if (slider.value === before) continue;
    await new Promise(next => {
      const started = performance.now();
      demo.addEventListener("termlab:drawn", () => {
        demo.getBoundingClientRect();
        spent.push(performance.now() - started);
        setTimeout(next, 20);
      }, {once: true});
      slider.dispatchEvent(new Event("input", {bubbles: true}));
    });
  }
  resolve(spent);
})"""


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


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints one line per figure, with the aim beside it where there is one."""
    parser = argparse.ArgumentParser(prog="python -m bench.browser", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--site", type=Path, default=ROOT / "build" / "site", help="the finished site")
    parser.add_argument("--pages", nargs="+", default=PAGES, metavar="TERM", help="pages whose first slider is dragged")
    parser.add_argument("--repeat", type=int, default=3, help="how many cold and warm loads, default 3")
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

    server = Server(site)
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start" if hasattr(os, "getloadavg") else ""
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        loads(browser, server, given.pages[0], given.repeat)
        drags(browser, server, given.pages)
        browser.close()
    return 0


def loads(browser: Any, server: Server, term: str, repeat: int) -> None:
    """From a click to the first chart, in a fresh profile and again in the same one."""
    cold, warm, wire, before, stalls, gaps = [], [], [], [], [], []
    for _ in range(repeat):
        context = browser.new_context()
        page = context.new_page()
        page.add_init_script(WATCH)
        server.since()
        for seconds, first in ((cold, True), (warm, False)):
            page.goto(f"{server.url}terms/{term}/")
            page.wait_for_selector(".tl-run")
            page.wait_for_timeout(500)
            if first:
                before.append(server.since())
            seconds.append(page.evaluate(CLICK) / 1000)
            page.wait_for_timeout(200)
            stalls += page.evaluate("window.stalls")
            gaps.append(page.evaluate("window.gap"))
            if first:
                wire.append(server.since())
        context.close()
    say("before the click, on the wire", f"{statistics.median(before) / 1e3:.0f} kB", "200 kB")
    say("after the click, on the wire", f"{statistics.median(wire) / 1e6:.2f} MB", "10 MB")
    say("cold click to first chart", f"{statistics.median(cold):.2f} s", "6 s")
    say("warm click to first chart", f"{statistics.median(warm):.2f} s", "3.5 s")
    say("main thread while Python loads", stalled(stalls, gaps), "no task over 50 ms")


def drags(browser: Any, server: Server, terms: Iterable[str]) -> None:
    """From a slider's event to the new chart, page by page."""
    for term in terms:
        context = browser.new_context()
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(f"{server.url}terms/{term}/")
        page.evaluate(CLICK)
        page.evaluate(DRAG, 10)  # Python and the charts' code get warm
        spent = sorted(page.evaluate(DRAG, MOVES))
        p50, p95 = spent[len(spent) // 2], spent[int(len(spent) * 0.95)]
        say(f"slider to chart, {term}", f"p50 {p50:.0f} ms, p95 {p95:.0f} ms", "16 ms for a light demo")
        stalls, gap = page.evaluate("[window.stalls, window.gap]")
        say("  main thread meanwhile", stalled(stalls, [gap]), "no task over 50 ms")
        context.close()


def stalled(tasks: Sequence[float], gaps: Sequence[float]) -> str:
    return f"{len(tasks)} tasks over 50 ms, longest {max(tasks, default=0):.0f} ms; longest gap {max(gaps):.0f} ms"


def say(what: str, value: str, aim: str) -> None:
    print(f"{what:<36} {value:<66} aim {aim}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
