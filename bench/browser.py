"""How long a reader waits for a demo: pixels, bytes and seconds, in Chromium, from a server on this machine.

    python -m bench.browser                              the site in build/site (make it first: make site)
    python -m bench.browser --against 549f8cb            beside the site of another version, which is built for that
    python -m bench.browser --pages neuron softmax       other pages to drag sliders on
    python -m bench.browser --repeat 5                   more loads, of which the median is told
    python -m bench.browser --minutes 20                 less time; what has been measured by then is told

The server compresses and lets the browser keep files for ten minutes, as a usual host does. Cold is a browser profile
that has never been here. A slider's time runs from its event to the new chart in the page, laid out. Other work on the
machine shows in every one of these numbers, in CPU time least, so two versions take turns at each measurement, and the
load is told beside the table. What fails or takes too long leaves its place in the table empty, and the reason is told.
"""

import argparse
import gzip
import http.server
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
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
# Follows a link as the theme does it: the page changes, the tab and its worker stay.
FOLLOW = """url => {
  const link = document.createElement("a");
  link.href = url;
  document.querySelector("article").append(link);
  link.click();
}"""

CLICK, TOUCH, DRAG = (script.replace("FIRST", FIRST) for script in (CLICK, TOUCH, DRAG))


class Server:
    """A folder over HTTP, compressed, with a count of the bytes that were sent."""

    def __init__(self, folder: Path) -> None:
        self.sent: dict[str, int] = {}
        counted = self.sent

        @cache
        def content(path: Path) -> tuple[bytes, bool]:
            raw = path.read_bytes()
            if path.name == "sitemap.xml":  # from which the theme reads where pages can be changed without a new load
                raw = re.sub(rb"<loc>https?://[^/]+/", b"<loc>" + self.url.encode(), raw)
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


@dataclass
class Row:
    """A figure of the table: what it aims at, and how the values that were measured are told."""

    what: str
    aim: str
    tell: Callable[[list[Any]], str]


@dataclass
class Measurement:
    """One thing to do in a browser, with a limit of its own. `take` gives values for some rows, as they come."""

    rows: tuple[str, ...]
    take: Callable[[Any, Server], Iterator[tuple[str, Any]]]


@dataclass
class Found:
    """What came out for one version: row -> values, and row -> why there is none."""

    values: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    missing: dict[str, str] = field(default_factory=dict)


class OutOfTime(BaseException):
    """The time for everything is up, or somebody wants this to end."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints one line per figure, with the aim beside it where there is one."""
    parser = argparse.ArgumentParser(prog="python -m bench.browser", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--site", type=Path, default=ROOT / "build" / "site", help="the finished site")
    parser.add_argument("--against", metavar="REVISION", help="another version, to be built and measured as well")
    parser.add_argument("--pages", nargs="+", default=PAGES, metavar="TERM", help="pages whose first slider is dragged")
    parser.add_argument("--repeat", type=int, default=3, help="how many cold loads, default 3")
    parser.add_argument("--limit", type=float, default=120, help="seconds for one measurement, default 120")
    parser.add_argument("--minutes", type=float, default=45, help="for all measurements together, default 45")
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

    signal.signal(signal.SIGTERM, _out_of_time)
    with ExitStack() as stack:
        sites = {"this version": site}
        if given.against:
            place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="termlab-against-")))
            sites = {given.against: _built(stack.enter_context(worktree(given.against, place)))} | sites
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=chromium, args=FLAGS)
        rows, plan = rows_and_plan(given.pages, given.repeat, given.limit)
        loads = [_load()]
        found = taken(browser, {name: Server(folder) for name, folder in sites.items()}, plan, given.minutes * 60)
        loads.append(_load())
        print(f"{os.cpu_count()} cores, load {loads[0]} before and {loads[1]} after")
        print(table(rows, found), flush=True)
        with _alarm(20), suppress(OutOfTime, Exception):
            browser.close()
    return int(any(each.missing for each in found.values()))


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _out_of_time(*_: Any) -> None:
    raise OutOfTime("the time was up")


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raises OutOfTime after that time, where the system can, whatever the work waits for."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.signal(signal.SIGALRM, _out_of_time)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def taken(browser: Any, servers: Mapping[str, Server], plan: Sequence[Measurement], seconds: float) -> dict[str, Found]:
    """Does what is planned, the versions by turns, each time another one first, and goes on after what fails."""
    found = {name: Found() for name in servers}
    end = time.monotonic() + seconds
    come: set[str] = set()  # of the measurement that is on its way
    waiting = [(measurement, name) for i, measurement in enumerate(plan) for name in [*servers][:: 1 - 2 * (i % 2)]]
    try:
        with _alarm(seconds):
            while waiting:
                measurement, name = waiting[0]
                if time.monotonic() > end:
                    raise OutOfTime("the time was up")
                come.clear()
                try:
                    for row, value in measurement.take(browser, servers[name]):
                        found[name].values[row].append(value)
                        come.add(row)
                except Exception as error:  # of the browser or the page; the next measurement may succeed
                    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
                    found[name].missing |= {row: reason for row in measurement.rows if row not in come}
                waiting.pop(0)
                come.clear()
                print(f"{len(waiting)} measurements left, load {_load()}", file=sys.stderr, flush=True)
    except (OutOfTime, KeyboardInterrupt) as error:
        for i, (measurement, name) in enumerate(waiting):
            rows = [row for row in measurement.rows if i or row not in come]
            found[name].missing |= dict.fromkeys(rows, str(error) or "it was ended")
    return found


def table(rows: Sequence[Row], found: Mapping[str, Found]) -> str:
    """A line for each figure, a column for each version, and below why something is missing."""
    lines = [f"{'':<38} " + "  ".join(f"{name:<34}" for name in found)]
    notes: dict[str, list[str]] = defaultdict(list)  # version and reason -> rows
    for row in rows:
        cells = []
        for name, each in found.items():
            values = each.values.get(row.what)
            cell = row.tell(values) if values else "–"
            if reason := each.missing.get(row.what):
                notes[f"{name}: {reason}"].append(row.what)
                cell += f" ({len(values)} of them)" if values else ""
            cells.append(f"{cell:<34}")
        lines.append(f"{row.what:<38} {'  '.join(cells)}" + f" aim {row.aim}" * bool(row.aim))
    return "\n".join([*(line.rstrip() for line in lines), *(f"{note}: {'; '.join(at)}" for note, at in notes.items())])


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


def rows_and_plan(terms: Sequence[str], repeat: int, limit: float) -> tuple[list[Row], list[Measurement]]:
    """The table, and what is done for it."""
    middle = statistics.median
    size = {width: f"control and picture fit, {width} px" for width in (1280, 390)}
    rows = [Row(what, "every demo", lambda each: f"{sum(each[0])} of {len(each[0])}") for what in size.values()]
    rows += [
        Row("before the first touch, on the wire", "200 kB", lambda each: f"{middle(each) / 1e3:.0f} kB"),
        Row("first touch to changed picture, cold", "0.8 s", lambda each: f"{middle(each):.2f} s"),
        Row("after the first touch, on the wire", "500 kB", lambda each: f"{middle(each) / 1e3:.0f} kB"),
        Row("Run to Python's picture, cold", "3 s", lambda each: f"{middle(each):.2f} s"),
        Row("the same, CPU time of the browser", "", lambda each: f"{middle(each):.1f} s"),
        Row("after Run, on the wire", "10 MB", lambda each: f"{middle(each) / 1e6:.2f} MB"),
        Row("Run on the next page of the visit", "0.5 s", lambda each: f"{middle(each):.2f} s"),
        Row("main thread meanwhile", "no task over 50 ms", stalled),
    ]
    plan = [Measurement((what,), partial(fits, terms, width, limit)) for width, what in size.items()]
    for _ in range(repeat):
        plan.append(Measurement(tuple(row.what for row in rows[2:5]), partial(touches, terms[0], limit)))
        plan.append(Measurement(tuple(row.what for row in rows[5:10]), partial(starts, terms, limit)))
    for term in terms:
        for python, what, aim in ((False, "slider to picture", "8 / 16 ms"), (True, "through Python", "25 ms, light")):
            row = Row(f"{what}, {term}", aim, spread)
            rows.append(row)
            plan.append(Measurement((row.what,), partial(drags, row.what, term, python, limit)))
    return rows, plan


@contextmanager
def opened(browser: Any, url: str, limit: float, **options: Any) -> Iterator[Any]:
    """A page in a fresh profile that shows a demo."""
    context = browser.new_context(**options)
    try:
        context.set_default_timeout(limit * 1000)
        # A run may take as long as this measurement: a demo that a busy machine would stop has to be measured, too.
        context.add_init_script(f"globalThis.termlabPatience = {limit / 10}")
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(url)
        page.wait_for_selector(".tl-run")
        yield page
    finally:
        context.close()


def within(page: Any, limit: float, script: str, given: Any = None) -> Any:
    """What a script of the page comes to, or an error that quotes what the page says by the end of the limit."""
    timed = """given => Promise.race([(SCRIPT)(given), new Promise((_, no) => setTimeout(() => {
      const told = document.querySelector(".tl-trouble:not([hidden])")?.innerText.replace(/\\s+/g, " ");
      no(new Error("not within LIMIT s" + (told ? `; the page says: ${told}` : "")));
    }, LIMIT * 1000))])"""
    return page.evaluate(timed.replace("SCRIPT", script).replace("LIMIT", f"{limit:g}"), given)


def fits(terms: Sequence[str], width: int, limit: float, browser: Any, server: Server) -> Iterator[tuple[str, Any]]:
    """On how many of the pages a demo fits one screen, on a desk and on a phone."""
    size = {"width": width, "height": {1280: 800, 390: 844}[width]}
    every: list[bool] = []
    for term in terms:
        with opened(browser, f"{server.url}terms/{term}/", limit, viewport=size) as page:
            if not page.locator(".tl-control").count():  # controls that come with a press
                within(page, limit, CLICK)
            every += page.evaluate(FITS)
    yield f"control and picture fit, {width} px", every


def touches(term: str, limit: float, browser: Any, server: Server) -> Iterator[tuple[str, Any]]:
    """From the first touch to the first changed chart, in a fresh profile."""
    server.since()
    with opened(browser, f"{server.url}terms/{term}/", limit) as page:
        page.wait_for_timeout(500)
        yield "before the first touch, on the wire", server.since()
        yield "first touch to changed picture, cold", within(page, limit, TOUCH) / 1000
        yield "after the first touch, on the wire", server.since()


def starts(terms: Sequence[str], limit: float, browser: Any, server: Server) -> Iterator[tuple[str, Any]]:
    """From a press of Run to Python's first chart, in a fresh profile, and then on the next page."""
    with opened(browser, f"{server.url}terms/{terms[0]}/", limit) as page:
        page.wait_for_timeout(500)
        server.since()
        used = cpu_seconds()
        yield "Run to Python's picture, cold", within(page, limit, CLICK) / 1000
        if used is not None:
            yield "the same, CPU time of the browser", (cpu_seconds() or 0) - used
        yield "after Run, on the wire", server.since()
        page.wait_for_timeout(200)
        yield "main thread meanwhile", page.evaluate("[window.stalls, window.gap]")
        page.evaluate(FOLLOW, f"{server.url}terms/{terms[1 % len(terms)]}/")
        page.wait_for_url(f"**/terms/{terms[1 % len(terms)]}/")
        page.wait_for_function("document.querySelector('.tl-demo')?.dataset.state === 'idle'")
        yield "Run on the next page of the visit", within(page, limit, CLICK) / 1000


def drags(what: str, term: str, python: bool, limit: float, browser: Any, server: Server) -> Iterator[tuple[str, Any]]:
    """From a slider's event to the new chart: as the page answers it, or through Python."""
    with opened(browser, f"{server.url}terms/{term}/", limit) as page:
        if python or not page.locator(".tl-control").count():
            within(page, limit, CLICK)
        within(page, limit, DRAG, [10, python])  # everything gets warm
        yield what, within(page, limit, DRAG, [MOVES, False])


def cpu_seconds() -> float | None:
    """CPU time of all processes under this one, the browser's among them; None where the system does not tell."""
    parents: dict[int, tuple[int, float]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            parents[int(path.parent.name)] = (
                int(fields[1]),
                (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"),
            )
    below = {os.getpid()}
    for _ in range(10):  # no browser nests deeper
        below |= {process for process, (parent, _) in parents.items() if parent in below}
    return sum(parents[process][1] for process in below - {os.getpid()}) if parents else None


def spread(each: Sequence[Sequence[float]]) -> str:
    spent = sorted(each[0])
    return f"p50 {spent[len(spent) // 2]:.0f} ms, p95 {spent[int(len(spent) * 0.95)]:.0f} ms"


def stalled(each: Sequence[tuple[Sequence[float], float]]) -> str:
    tasks = [task for found, _ in each for task in found]
    return f"{len(tasks)} over 50 ms, longest {max(tasks, default=0):.0f}; gap {max(gap for _, gap in each):.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
