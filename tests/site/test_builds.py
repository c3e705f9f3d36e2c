"""What must hold of a build: same in, same out; any prefix; another engine; a failure leaves the last good site."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

from generator.cache import SITE
from generator.config import HERE
from tests.patience import until
from tests.site.conftest import ROOT, Served, build, copied_project, small_project


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_building_again_changes_no_byte(site, project, site_url):
    first = contents(site)
    assert build(project, site_url).returncode == 0
    second = contents(site)
    assert [name for name in first.keys() | second.keys() if first.get(name) != second.get(name)] == []


@pytest.mark.pages
def test_building_anew_in_another_folder_changes_no_byte_of_the_pages(site, project, site_url, tmp_path):
    """Nothing remembered, another place, other times of files, another order of words in memory: the same pages."""
    other = copied_project(tmp_path / "another place", remembered=False)
    for path in other.rglob("*"):
        if not path.is_symlink():
            os.utime(path, (1_000_000_000, 1_000_000_000))
    done = build(other, site_url, "build", PYTHONHASHSEED="3", TZ="Pacific/Auckland")
    assert done.returncode == 0, done.stdout + done.stderr
    here, there = contents(project / "build" / "docs"), contents(other / "build" / "docs")
    assert [name for name in here.keys() | there.keys() if here.get(name) != there.get(name)] == []


def test_a_mistake_is_told_and_the_last_good_site_stays(site, project, site_url):
    before = contents(site)
    broken = project / "terms" / "neuron.yml"
    good = broken.read_text(encoding="utf-8")
    broken.write_text(good.replace("level: beginner", "level: beginer"), encoding="utf-8")
    try:
        done = build(project, site_url)
    finally:
        broken.write_text(good, encoding="utf-8")
    assert done.returncode == 1
    line = good[: good.index("level: beginner")].count("\n") + 1
    told = f"terms/neuron.yml:{line}:8: there is no level called 'beginer'\n    hint: did you mean 'beginner'?"
    assert told in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert contents(site) == before


def written(folder, since):
    """How many pages of a folder were written after a time."""
    count = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):  # it is just being moved
                count += name.endswith(".html") and os.stat(os.path.join(where, name)).st_mtime > since
    return count


LATE = "writes the 50th page"
EARLY = [
    pytest.param(moment, marks=pytest.mark.pages)  # a small project is killed at any moment in tests/generator
    for moment in ("begins", "has written the texts", "writes the first page")
]


@pytest.mark.parametrize("moment", [*EARLY, LATE])
def test_a_build_that_is_killed_leaves_the_last_good_site(site, project, site_url, moment):
    before, begin = contents(site), time.time()
    (project / SITE).unlink(missing_ok=True)  # so that no page is kept, and all are made anew
    environment = {**os.environ, "TERMLAB_URL": site_url, "PYTHONPATH": str(project), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "generator", "site"]
    with subprocess.Popen(
        command,
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        if moment != "begins":
            assert any(line.startswith("write ") for line in iter(process.stdout.readline, ""))
        if "page" in moment:
            pages = 50 if "50" in moment else 1
            new = project / "build" / f"site.{process.pid}"
            until(lambda: written(new, begin) >= pages or process.poll() is not None, "a new site")
        assert process.poll() is None
        os.killpg(process.pid, signal.SIGKILL)
    assert contents(site) == before


@pytest.fixture(params=["small", pytest.param("whole", marks=pytest.mark.pages)])
def prefixed(tmp_path, request):
    """The site of a project of one term, or of ours, below a folder of the server."""
    folder = small_project(tmp_path) if request.param == "small" else copied_project(tmp_path)
    served = Served(folder / "build", prefix="site/")
    done = build(folder, served.url)
    assert done.returncode == 0, done.stdout + done.stderr
    yield served
    served.stop()


def test_the_site_works_under_a_prefix(prefixed, browser):
    served, page = prefixed, browser.new_context().new_page()
    asked = []
    page.on("response", lambda response: asked.append((response.status, response.url)))
    page.goto(served.url + "terms/neuron/")
    page.click(".md-tabs a[href$='terms/']")
    page.wait_for_url(served.url + "terms/")
    assert [url for status, url in asked if status >= 400] == []
    assert [url for _, url in asked if not url.startswith(served.url)] == []
    page.context.close()


@pytest.fixture(params=["small", pytest.param("whole", marks=pytest.mark.pages)])
def twice(tmp_path, request):
    """A project of one term, or ours, and the folder of its finished site."""
    if request.param == "whole":
        return request.getfixturevalue("project"), request.getfixturevalue("site")
    small = small_project(tmp_path)
    done = build(small, "http://127.0.0.1/")
    assert done.returncode == 0, done.stdout + done.stderr
    return small, small / "build" / "site"


def test_a_second_engine_builds_the_same_pages(twice):
    """Zensical reads the same folder and configuration; its pages are as many, and their links land."""
    pytest.importorskip("zensical", reason="the second engine is not installed: pip install 'termlab[second-engine]'")
    project, site = twice
    config = (project / "mkdocs.yml").read_text(encoding="utf-8")
    (project / "second.yml").write_text(
        config.replace("site_dir: build/site.new", "site_dir: build/second"), encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--clean", "--config-file", "second.yml"],
        cwd=project, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    second = project / "build" / "second"

    def pages(folder):
        return {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")} - {"404.html"}

    assert pages(second) == pages(site)
    lost = []
    for name in pages(second):
        page = BeautifulSoup((second / name).read_text(encoding="utf-8"), "html5lib")
        for tag in page.find_all("a", href=True):
            parts = urlsplit(urljoin(f"http://site/{name.removesuffix('index.html')}", tag["href"]))
            to = parts.path.lstrip("/")
            if parts.netloc == "site" and not (second / to).is_file() and not (second / to / "index.html").is_file():
                lost.append(f"{name} -> {tag['href']}")
    assert lost == []


def test_a_build_that_nobody_gave_an_address_says_what_to_set_and_names_none(tmp_path):
    project = small_project(tmp_path)
    for url, is_published in ((HERE, False), ("https://example.org/g/", True)):
        done = build(project, url, PYTHONPATH=os.pathsep.join([str(project), str(ROOT)]))
        assert done.returncode == 0, done.stdout + done.stderr
        assert ("TERMLAB_URL=https://" in done.stdout) != is_published
        page = (project / "build" / "site" / "terms" / "neuron" / "index.html").read_text(encoding="utf-8")
        for said in ('rel="canonical"', "og:image", "https://example.org/g/terms/neuron/"):
            assert (said in page) == is_published, said
        assert is_published or HERE not in page
        card = project / "build" / "site" / "assets" / "cards" / "terms" / "neuron.png"
        assert card.is_file() == is_published
