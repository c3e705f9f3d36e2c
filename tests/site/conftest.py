"""The finished site, built once from a copy of the project and served on this machine, and a browser to look at it.

What grows with the glossary is looked at twice over: at one page of each kind by `make test`, at every page by
`make pages`. The copy takes along what the project remembers of demos that ran, so that no run is repeated.
"""

import contextlib
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from generator.cache import CODE, FOLDER, LESSONS, SWEEPS, TEMPLATES, VEGA
from tests.generator.conftest import CATEGORIES, DEMO, copy_machinery, entry, with_runtime, write_yaml
from tests.patience import milliseconds, slowness

if TYPE_CHECKING:  # it is imported by the tests that drive a browser
    from playwright.sync_api import BrowserContext, CDPSession, Page

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = os.environ.get("TERMLAB_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
QUIET = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--renderer-process-limit=1",  # pages of one profile share a process, see `shared`
]  # fmt: skip


def pytest_collection_modifyitems(items):
    """A browser that shares two cores with another worker may need longer than a test waits for it.

    So a test of a browser that failed is run once more, and the summary names it with what went wrong at first. A fault
    of ours fails twice. With `--force-reruns 0` every test has one try.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def copied_project(folder: Path, remembered: bool = True) -> Path:
    """A copy of everything that a build reads, and of what it remembers of terms, demos and code, if `remembered`.

    All of that is kept under a hash of what made it, so an edited term or demo is read and run all the same.
    """
    for name in ("terms", "demos", "generator"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "mkdocs.yml", folder)
    with_runtime(folder)
    if remembered:
        kept = [path for place in (LESSONS, SWEEPS, VEGA, CODE, TEMPLATES) for path in (ROOT / place).glob("[!.]*")]
        for path in [*kept, *(ROOT / FOLDER).glob("[!.]*.pickle")]:
            copied = folder / path.relative_to(ROOT)
            copied.parent.mkdir(exist_ok=True)
            with contextlib.suppress(FileNotFoundError):  # another build of the project needs it no more
                shutil.copy(path, copied)
    return folder


def small_project(folder: Path) -> Path:
    """A project of one term and one demo, so that a build takes a second."""
    write_yaml(folder / "terms" / "neuron.yml", entry())
    write_yaml(folder / "terms" / "categories.yml", CATEGORIES)
    copy_machinery(folder / "demos")
    (folder / "demos" / "tiny.py").write_text(DEMO, encoding="utf-8")
    shutil.copy(ROOT / "mkdocs.yml", folder)
    shutil.copytree(ROOT / "generator" / "theme", folder / "generator" / "theme")
    with_runtime(folder)
    return folder


def build(project: Path, url: str, command: str = "site", **more: str) -> subprocess.CompletedProcess[str]:
    """Runs the generator in a project as `make site` does, with more variables of the environment."""
    environment = {**os.environ, "TERMLAB_URL": url, "PYTHONPATH": str(project), **more}
    return subprocess.run(
        [sys.executable, "-m", "generator", command], cwd=project, env=environment, capture_output=True, text=True
    )


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder as a web host would, with the site's own page for what is not there."""

    def log_message(self, *_):
        pass

    def send_error(self, code, message=None, explain=None):
        page = next(iter(Path(self.directory).rglob("404.html")), None)
        if code != 404 or page is None:
            super().send_error(code, message, explain)
            return
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.read_bytes())


class Served:
    """A folder served over HTTP under a prefix, the folder to be filled before the first request."""

    def __init__(self, folder: Path, prefix: str = "") -> None:
        handler = functools.partial(Quiet, directory=str(folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}/"
        self.url = self.origin + prefix
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    return copied_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def served(project):
    """The site at the root of an address of its own."""
    place = Served(project / "build" / "site")
    done = build(project, place.url)
    assert done.returncode == 0, done.stdout + done.stderr
    yield place
    place.stop()


@pytest.fixture(scope="session")
def site(served, project):
    """The folder of the finished site."""
    return project / "build" / "site"


@pytest.fixture(scope="session")
def site_url(served):
    return served.url


class Pages:
    """The HTML of the finished site by address, each page parsed when it is first asked for.

    files: all of them, that of the 404 page too; real: the addresses of those that a reader reads
    """

    def __init__(self, site: Path) -> None:
        self.files = {
            path.relative_to(site).as_posix().removesuffix("index.html"): path for path in sorted(site.rglob("*.html"))
        }
        self.redirects = [
            address
            for address, path in self.files.items()
            if 'http-equiv="refresh"' in path.read_text(encoding="utf-8")
        ]
        self.real = [address for address in self.files if address not in {"404.html", *self.redirects}]

    @functools.cache  # noqa: B019  there is one for all tests
    def __getitem__(self, address: str) -> BeautifulSoup:
        return BeautifulSoup(self.files[address].read_text(encoding="utf-8"), "html5lib")

    def one_of_each_kind(self) -> list[str]:
        """The longest page of each kind: whatever may stand on such a page, most of it stands there."""
        longest: dict[str, str] = {}
        for address in sorted(self.real, key=lambda address: self.files[address].stat().st_size):
            longest[kind_of(address)] = address
        return sorted(longest.values())


ENTRIES = ("terms", "categories", "levels", "comparisons", "paths")


def kind_of(address: str) -> str:
    """Pages of entries are of one kind, whatever the entry; each other page is one of a kind."""
    folder, _, entry = address.partition("/")
    return folder if folder in ENTRIES and entry else address


@pytest.fixture(scope="session")
def pages(site):
    return Pages(site)


@pytest.fixture(scope="session", params=["one page of each kind", pytest.param("every page", marks=pytest.mark.pages)])
def wanted(pages, request):
    """The addresses to look at."""
    return pages.real if request.param == "every page" else pages.one_of_each_kind()


@pytest.fixture(scope="session")
def wanted_terms(wanted):
    """The slugs of the terms among them."""
    return [address.split("/")[1] for address in wanted if address.startswith("terms/") and address != "terms/"]


@pytest.fixture(scope="session")
def browser():
    """A real Chromium. Where there is none, tests that need it are skipped, but not where one is promised."""
    if CHROMIUM is None:
        if os.environ.get("TERMLAB_REQUIRE_BROWSER"):
            pytest.fail("TERMLAB_REQUIRE_BROWSER is set, and no Chromium is installed")
        pytest.skip("no Chromium on this machine: install the package chromium to run the tests in a browser")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=milliseconds())
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET, timeout=milliseconds())
        chromium.new_context = functools.partial(patient, chromium.new_context)
        yield chromium
        chromium.close()


def settled(page) -> None:
    """Waits until the scripts of a page have nothing left to do.

    A page that happens not to be drawn would never be told that it is idle, so it is told after a second.
    """
    page.evaluate("() => new Promise(done => requestIdleCallback(() => done(), {timeout: 1000}))")


def patient(new_context, hurried=False, **options):
    """A context whose waits are as long as this machine needs. Demos may take longer too, unless it is `hurried`."""
    context = new_context(**options)
    context.set_default_timeout(milliseconds())
    if not hurried:
        context.add_init_script(f"globalThis.termlabPatience = {slowness()}")
    return context


# --- live demos -----------------------------------------------------------------------------------------------

NEURON, DESCENT, PIECES = "terms/neuron/", "terms/gradient-descent/", "terms/byte-pair-encoding/"
SECTION = ".tl-demo"


def state(page):
    return page.get_attribute(SECTION, "data-state")


def wait_for(page, name):
    """Waits until the demo is in a state, and says what the page says if it ends in another one."""
    page.wait_for_selector(f"{SECTION}:is([data-state={name}], [data-state=error])")
    assert state(page) == name, page.inner_text(".tl-trouble")


def run(page):
    page.click(".tl-run")
    wait_for(page, "ready")


def trouble(page):
    """What the page says when something went wrong."""
    page.wait_for_selector(".tl-trouble:not([hidden])")
    return page.inner_text(".tl-trouble")


class FirstRun(NamedTuple):
    """A tab in which a demo ran for the first time, and what was seen of that.

    static, live: the kinds of the pictures before and after; drawn: whether the first was drawn anew; strangers: what
    was asked of anybody else; limits: all limits of time that page and worker were given, in milliseconds but for the
    number of times that a run may take longer
    """

    page: "Page"
    static: list[str]
    live: list[str]
    drawn: bool
    strangers: list[str]
    limits: set[float]


# Notes every delay of a timer, and how patient the worker is told to be.
NOTE_LIMITS = """
globalThis.limits = [];
const timer = globalThis.setTimeout, post = Worker.prototype.postMessage;
globalThis.setTimeout = (work, delay, ...rest) => (limits.push(delay), timer(work, delay, ...rest));
Worker.prototype.postMessage = function (said, ...rest) {
  if (said.type === "init") limits.push(said.patience);
  return post.call(this, said, ...rest);
};"""


@pytest.fixture(scope="session")
def first_run(browser, site_url):
    """Starting Python takes as long as all else that most tests do, so they share the tab that it runs in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.add_init_script(NOTE_LIMITS)
    page = context.new_page()
    errors: list[str] = []
    strangers: list[str] = []
    ours = (site_url, "data:", "blob:")
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: request.url.startswith(ours) or strangers.append(request.url))
    page.goto(site_url + DESCENT)
    kinds = "all => all.map(each => each.className)"
    static = page.eval_on_selector_all(".tl-stage > figure", kinds)
    page.evaluate(
        "document.querySelector('.tl-demo').addEventListener('termlab:shown', e => (window.from = e.detail.source))"
    )
    run(page)
    live = page.eval_on_selector_all(".tl-stage > figure", kinds)
    limits = {*page.evaluate("limits")}
    yield FirstRun(page, static, live, page.evaluate("window.from") == "python", strangers, limits)
    context.close()
    assert not errors, errors


@pytest.fixture
def tab(first_run):
    """A tab in which Python runs already. Tests share it and walk to the page they need."""
    yield first_run.page
    first_run.page.set_viewport_size({"width": 1280, "height": 900})


class Shared(NamedTuple):
    """The profile that tests share, a page in it that stays, and what speaks with the browser about them."""

    context: "BrowserContext"
    stays: "Page"
    devtools: "CDPSession"


@functools.cache
def shared(browser) -> Shared:
    """The profile of all fresh pages. A profile of its own for each would take a new process, which is to start, to
    compile the scripts and to read the fonts: longer than most tests need for what they look at.

    The page that stays keeps the process. Its address is of the host that all sites of these tests are served from,
    since a process is of one host, and nobody is asked for it.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    stays = context.new_page()
    stays.route("**", lambda route: route.fulfill(body="", content_type="text/html"))
    stays.goto("http://127.0.0.1/")
    return Shared(context, stays, context.new_cdp_session(stays))


@contextlib.contextmanager
def fresh(browser):
    """A fresh page in a profile that is as if it were fresh. Every error of the page fails the test that opened it."""
    context, _, devtools = shared(browser)
    others = context.pages
    page = context.new_page()
    errors: list[str] = []
    origins: set[str] = set()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("framenavigated", lambda frame: origins.add("{0.scheme}://{0.netloc}".format(urlsplit(frame.url))))
    try:
        yield page
    finally:
        for one in context.pages:
            if one not in others:
                one.close()
        context.unroute_all(behavior="ignoreErrors")
        context.set_offline(False)
        context.clear_permissions()
        devtools.send("Network.clearBrowserCache")
        for origin in origins - {"about://"}:
            devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    assert not errors, errors


@pytest.fixture
def browser_page(browser):
    """A page of its own for one test."""
    with fresh(browser) as page:
        yield page
