"""`make serve`: what is edited shows in the open page, how long that took is said, and a mistake takes no page away."""

import contextlib
import http.client
import json
import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
from playwright.sync_api import expect

from tests.generator.conftest import entry, write_yaml
from tests.patience import patience
from tests.site.conftest import ROOT, build, small_project

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ends programs by signals that Windows lacks")

SHOWN = r"in the browser \d+\.\d\d s after the edit"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A project of one term and one demo, so that a build takes a second."""
    return small_project(tmp_path_factory.mktemp("small"))


class Serving:
    """A running `serve`, and what it says, line by line."""

    def __init__(self, folder, *program: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        environment = {**os.environ, "TERMLAB_URL": self.url, "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            [sys.executable, *(program or ("-m", "generator", "serve", "--port")), str(self.port)],
            cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.lines: queue.Queue[str] = queue.Queue()
        self.said: list[str] = []
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def _listen(self) -> None:
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def until(self, pattern: str) -> str:
        """Waits for a line with this in it."""
        end = time.monotonic() + patience()
        while time.monotonic() < end and (self.process.poll() is None or not self.lines.empty()):
            with contextlib.suppress(queue.Empty):
                self.said.append(self.lines.get(timeout=0.1))
                if re.search(pattern, self.said[-1]):
                    return self.said[-1]
        raise AssertionError(f"nothing said {pattern!r}:\n" + "\n".join(self.said))

    def page(self, path: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience())
        connection.request("GET", f"/{path}")
        return connection.getresponse().read().decode()

    def edit(self, name: str, old: str, new: str) -> None:
        """As an editor saves: a new file put in place of the old one."""
        place = self.folder / name
        text = place.read_text(encoding="utf-8")
        assert old in text
        beside = place.with_name(f".{place.name}.swp")
        beside.write_text(text.replace(old, new), encoding="utf-8")
        beside.replace(place)

    def stop(self, how: str = "SIGINT") -> int:
        """Ends it -> its exit code."""
        self.process.send_signal(getattr(signal, how))
        code = self.process.wait(patience())
        self.listener.join(patience())
        assert not self.listener.is_alive(), "the engine outlives the program that started it"
        self.process.stdout.close()
        return code


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def serving(small):
    running = Serving(small)
    try:
        running.until("^Open ")
        yield running
    finally:
        running.stop()


def test_an_edited_term_shows_in_the_open_page_and_how_long_that_took_is_said(serving, browser_page):
    browser_page.goto(serving.url + "terms/neuron/")
    definition = browser_page.locator(".tl-definition")
    expect(definition).to_have_text("A neuron is a thing for tests.")
    serving.edit("terms/neuron.yml", "is a thing for tests", "is an edited thing")
    expect(definition).to_have_text("A neuron is an edited thing.")
    print(serving.until(SHOWN))
    browser_page.goto("about:blank")  # or it would load anew while it is closed
    serving.edit("terms/neuron.yml", "is an edited thing", "is a thing for tests")
    serving.until(SHOWN)


def test_an_edited_demo_shows_its_new_result_and_its_new_code_in_the_open_page(serving, browser_page):
    browser_page.goto(serving.url + "terms/neuron/")
    outcome = browser_page.locator(".tl-outcome")
    expect(outcome).to_have_text("The size is 2.")
    serving.edit("demos/tiny.py", "The size is {size}", "How large: {size}")
    expect(outcome).to_have_text("How large: 2.")
    assert "How large: {size}" in browser_page.locator(".tl-code pre code").last.text_content()
    print(serving.until(SHOWN))
    browser_page.goto("about:blank")
    serving.edit("demos/tiny.py", "How large: {size}", "The size is {size}")
    serving.until(SHOWN)


def test_search_finds_a_name_that_was_just_written(serving):
    serving.edit("terms/neuron.yml", "title: Neuron\n", "title: Neuron\naliases:\n- text: Perceptron\n")
    serving.until(SHOWN)
    index = json.loads(serving.page("search/search_index.json"))
    assert [doc["names"] for doc in index["docs"] if doc["title"] == "Neuron"] == [["Perceptron"]]
    serving.edit("terms/neuron.yml", "aliases:\n- text: Perceptron\n", "")
    serving.until(SHOWN)


def test_what_is_not_there_is_told_on_the_page_of_the_site_and_nothing_is_kept_by_the_browser(serving):
    connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=patience())
    connection.request("GET", "/terms/nobody/")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Cache-Control"]) == (404, "no-store")
    assert "This page is not here" in answer.read().decode()
    connection.request("GET", "/terms/neuron/", headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"})
    assert connection.getresponse().status == 200


def test_a_mistake_is_told_and_the_last_good_page_stays_until_it_is_mended(serving):
    before = serving.page("terms/neuron/")
    assert "A neuron is a thing for tests." in before
    serving.edit("terms/neuron.yml", "level: beginner", "level: beginer")
    assert "terms/neuron.yml:3:8: there is no level called 'beginer'" in serving.until("beginer")
    assert serving.until("hint: ") == "    hint: did you mean 'beginner'?"
    serving.until("^1 problem. Nothing was written.$")
    assert without_poll(serving.page("terms/neuron/")) == without_poll(before)
    serving.edit("terms/neuron.yml", "level: beginer", "level: advanced")
    serving.until(SHOWN)
    assert "advanced" in serving.page("terms/neuron/").lower()
    serving.edit("terms/neuron.yml", "level: advanced", "level: beginner")
    serving.until(SHOWN)


def test_a_demo_that_fails_is_told_and_the_last_good_page_stays(serving):
    serving.edit("demos/tiny.py", "    return Result(", "    raise ValueError('no size')\n    return Result(")
    assert re.search(r"^demos/tiny\.py:\d+:\d+: .*ValueError: no size", serving.until("no size"))
    serving.until("^1 problem. Nothing was written.$")
    assert "The size is 2." in serving.page("terms/neuron/")
    serving.edit("demos/tiny.py", "    raise ValueError('no size')\n", "")
    serving.until("^pages: ")


def test_a_new_term_gets_a_page_and_a_removed_one_loses_it(serving):
    write_yaml(serving.folder / "terms" / "gradient.yml", entry("Gradient", related=["neuron"]))
    serving.until(SHOWN)
    assert "A gradient is a thing for tests." in serving.page("terms/gradient/")
    assert "gradient" in serving.page("terms/neuron/").lower()
    (serving.folder / "terms" / "gradient.yml").unlink()
    serving.until(SHOWN)
    assert "terms/gradient/" not in serving.page("terms/")


def test_what_is_unfinished_is_shown_all_the_same(serving):
    serving.edit("terms/neuron.yml", "One thing.", "TODO, one thing.")
    serving.until("1 place to finish or tidy up, shown all the same")
    serving.until(SHOWN)
    assert "TODO, one thing." in serving.page("terms/neuron/")
    serving.edit("terms/neuron.yml", "TODO, one thing.", "One thing.")
    serving.until(SHOWN)


def test_a_port_that_is_taken_is_told_at_once(serving):
    done = subprocess.run(
        [sys.executable, "-m", "generator", "serve", "--port", str(serving.port)],
        cwd=serving.folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (f"Something else listens on port {serving.port}\n    hint: choose another with --port\n")


@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_it_ends_without_a_word_and_takes_the_engine_along(small, serving, how):
    other = Serving(small)
    other.until("^Open ")
    assert other.stop(how) == 130
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", other.port)) != 0
    assert "Traceback" not in "\n".join(other.said)


def test_a_mistake_made_before_is_told_while_the_last_good_pages_are_shown(serving):
    """As on the morning after: the pages of an earlier run are there."""
    serving.edit("terms/neuron.yml", "level: beginner", "level: beginer")
    serving.until("beginer")
    other = Serving(serving.folder)
    try:
        other.until("there is no level called 'beginer'")
        other.until("^Open ")
        assert "A neuron is a thing for tests." in other.page("terms/neuron/")
    finally:
        other.stop()
        serving.edit("terms/neuron.yml", "level: beginer", "level: beginner")


def test_without_any_page_it_waits_for_the_first_good_one(small, tmp_path):
    folder = tmp_path / "new"
    shutil.copytree(small, folder, symlinks=True, ignore=shutil.ignore_patterns("build"))
    write_yaml(folder / "terms" / "neuron.yml", entry(level="hard"))
    other = Serving(folder)
    try:
        other.until("^The site opens when this is mended. Stop with Ctrl\\+C.$")
        write_yaml(folder / "terms" / "neuron.yml", entry())
        other.until("^Open ")
        assert "A neuron is a thing for tests." in other.page("terms/neuron/")
    finally:
        other.stop()


FAULTY = """
import sys
from pathlib import Path
from generator.output.serve import serve
from generator.problems import Refused

def build(preview):
    preview.renew()
    said = Path("said").read_text()
    if said == "refused":
        raise Refused("this can not be done")
    if said == "fault":
        raise RuntimeError("a fault of ours")
    return said

serve(Path.cwd(), int(sys.argv[1]), build, print)
"""


def test_neither_a_refusal_nor_a_fault_of_ours_takes_the_last_good_page_away(tmp_path):
    small = small_project(tmp_path)  # of its own: what `serve` is given here waits for no other build in the folder
    assert build(small, "http://127.0.0.1/").returncode == 0
    (small / "said").write_text("well", encoding="utf-8")
    other = Serving(small, "-c", FAULTY)
    try:
        other.until("^Open ")
        for said, told in (("refused", "^this can not be done$"), ("fault", "a fault of ours$"), ("better", "better")):
            (small / "said").write_text(said, encoding="utf-8")
            (small / "terms" / "neuron.yml").touch()
            other.until(told)
            assert "A neuron is a thing for tests." in other.page("terms/neuron/")
    finally:
        other.stop()


def without_poll(page: str) -> str:
    """A page without the number of edits made before it was served."""
    return re.sub(r"/_edited_since/\d+", "", page)
