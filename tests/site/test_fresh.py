"""A page that tests call fresh is one: what an earlier page left behind is not there, though they share a process."""

import http.server
import threading

import pytest

from tests.site.conftest import fresh

pytestmark = pytest.mark.browser

KEPT = """async () => ({
  local: {...localStorage},
  session: {...sessionStorage},
  cookie: document.cookie,
  databases: (await indexedDB.databases()).map(({name}) => name),
  caches: await caches.keys(),
  name: window.name,
  opener: window.opener,
  visits: history.length,
  clipboard: (await navigator.permissions.query({name: "clipboard-read"})).state,
})"""
LEAVE = """async () => {
  localStorage.setItem("kept", "local");
  sessionStorage.setItem("kept", "session");
  document.cookie = "kept=cookie; path=/; max-age=9999";
  await new Promise(done => (indexedDB.open("kept").onsuccess = done));
  await caches.open("kept");
  window.name = "kept";
  history.pushState({}, "", "#kept");
  window.open("/popup");
}"""


@pytest.fixture
def counted():
    """An address of a site whose files may be kept for a day, and what is asked of it."""
    asked: list[str] = []

    class Lasting(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if self.path == "/script.js" else "text/html")
            self.send_header("Cache-Control", "max-age=86400, immutable")
            self.end_headers()
            self.wfile.write(b"window.ran = true" if self.path == "/script.js" else b"<script src=/script.js></script>")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Lasting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    server.server_close()


def test_a_fresh_page_finds_nothing_of_the_one_before(browser, counted):
    address, asked = counted
    with fresh(browser) as page:
        page.goto(address)
        first = page.evaluate(KEPT)
        assert page.evaluate("window.ran")
        page.context.grant_permissions(["clipboard-read"])
        page.evaluate(LEAVE)
        assert page.evaluate(KEPT) != first
        page.context.route("**/script.js", lambda route: route.abort())
        page.add_init_script("window.left = true")
        page.emulate_media(color_scheme="dark")
        page.context.set_offline(True)
    before = asked.count("/script.js")
    with fresh(browser) as page:
        page.goto(address)
        assert page.evaluate(KEPT) == first
        assert page.evaluate("[window.ran, window.left, matchMedia('(prefers-color-scheme: dark)').matches]") == [
            True, None, False,
        ]  # fmt: skip
        assert page.viewport_size == {"width": 1280, "height": 900}
    assert asked.count("/script.js") == before + 1, "the script came out of the cache"


def test_a_page_that_stays_open_outlives_the_fresh_ones_beside_it(browser, counted):
    address, _ = counted
    with fresh(browser) as stays:
        stays.goto(address)
        with fresh(browser) as page:
            page.goto(address)
            page.evaluate("window.open('/popup')")
        assert page.is_closed()
        assert stays.evaluate("window.ran")


def with_an_error(browser, address):
    with fresh(browser) as page:
        page.goto(address)
        with page.expect_event("pageerror"):
            page.evaluate("setTimeout(() => { throw new Error('ours') })")


def test_an_error_in_a_fresh_page_fails_the_test_that_opened_it(browser, counted):
    with pytest.raises(AssertionError, match="ours"):
        with_an_error(browser, counted[0])
