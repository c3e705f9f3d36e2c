"""Builds of a small project with the real engine: killed at any moment, two at once, twice in different places."""

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

from generator.output.folders import alone, elsewhere
from tests.generator.conftest import ROOT, entry, write_yaml
from tests.patience import until

# The command as it is, but without the Python for the browser, which is fetched from elsewhere. Where nothing reads the
# name that stands in for what fetches it, a build fails.
COMMAND = """
import sys
from generator import __main__ as command
from generator.live import files
read = []
files.site_files = lambda names, folder, say: (read.append(names), ({}, "not in these tests"))[1]
code = command.main(sys.argv[1:])
sys.exit(code or (0 if read else "nothing read the name that stands in for the runtime"))
"""


@pytest.fixture
def small(project):
    """A project of three terms that the engine can build."""
    shutil.copytree(ROOT / "generator" / "theme", project / "generator" / "theme")
    write_yaml(project / "terms" / "gradient.yml", entry("Gradient", prerequisites=["neuron"]))
    write_yaml(project / "terms" / "adam.yml", entry("Adam", prerequisites=["gradient"]))
    edition(project, 0)
    return project


def edition(project, number):
    """Makes another edition of the terms, whose number stands on many pages."""
    write_yaml(
        project / "terms" / "neuron.yml", entry(definition=f"A neuron is a thing for tests, in edition-{number}-here.")
    )


def start(project, command="site", **environment):
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, command, "--root", str(project)], cwd=ROOT, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, **environment},
    )  # fmt: skip


def build(project, command="site", **environment):
    with start(project, command, **environment) as process:
        said = process.communicate()[0]
    assert process.returncode == 0, said
    return said


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def editions(files):
    """The numbers of all editions that some file speaks of."""
    return {int(found) for data in files.values() for found in re.findall(rb"edition-(\d+)-here", data)}


def shows(project, number):
    """Whether the pages of the site are of this edition by now."""
    with contextlib.suppress(OSError):  # one site is just giving way to the next
        page = (project / "build" / "site" / "terms" / "neuron" / "index.html").read_bytes()
        return editions({"": page}) == {number}
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="there are no process groups to kill")
def test_a_build_that_is_killed_at_any_moment_leaves_a_whole_site_of_one_edition(small):
    begin = time.monotonic()
    build(small)
    whole = time.monotonic() - begin  # only to spread the moments; nothing depends on it
    files = contents(small / "build" / "site")
    names, moments, seen = set(files), random.Random(1), {0}
    for number in range(1, 11):
        edition(small, number)
        with start(small) as process:
            if number % 3:
                time.sleep(moments.uniform(0, 1.1) * whole)
            else:  # just when its pages have taken their place, however long that took
                until(lambda: shows(small, number), f"edition {number} in the site")  # noqa: B023
            os.killpg(process.pid, signal.SIGKILL)
        files = contents(small / "build" / "site")
        assert set(files) == names
        assert len(editions(files)) == 1, "pages of two builds are mixed"
        assert all(data.rstrip().endswith(b"</html>") for name, data in files.items() if name.endswith(".html"))
        seen |= editions(files)
    assert {3, 6, 9} <= seen
    build(small)
    assert sorted(path.name for path in (small / "build").iterdir()) == ["docs", "site"]
    after = contents(small / "build")
    assert editions(after) == {10}
    shutil.rmtree(small / "build")
    shutil.rmtree(small / ".cache")
    build(small)
    assert contents(small / "build") == after, "something that a killed build left behind is in the next one"


def test_two_builds_at_once_wait_for_each_other_and_make_what_one_makes(small):
    build(small)
    edition(small, 1)
    with start(small) as one, start(small) as other:
        said = [one.communicate()[0], other.communicate()[0]]
    assert [one.returncode, other.returncode] == [0, 0], said
    assert sum("another build is at work here; this one waits for it to end\n" in each for each in said) == 1
    together = contents(small / "build")
    assert editions(together) == {1}
    shutil.rmtree(small / "build")
    shutil.rmtree(small / ".cache")
    build(small)
    assert contents(small / "build") == together


def test_a_killed_build_keeps_no_other_waiting(small):
    code = "import pathlib, sys, time; from generator.output.folders import alone\n"
    code += "with alone(pathlib.Path(sys.argv[1])):\n"
    code += "    print('mine', flush=True)\n    time.sleep(1000)"
    with subprocess.Popen([sys.executable, "-c", code, small], cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "mine\n"
        with start(small, "build") as waiting:
            assert waiting.stdout.readline() == "another build is at work here; this one waits for it to end\n"
            assert not (small / "build").exists()
            holder.kill()
            assert "written" in waiting.communicate()[0]
    assert (waiting.returncode, (small / "build" / "docs" / "index.md").is_file()) == (0, True)


def test_a_build_may_hold_the_lock_twice_and_lets_go_of_it(tmp_path):
    said = []
    with alone(tmp_path, said.append), alone(tmp_path, said.append):
        pass
    with alone(tmp_path, said.append):
        pass
    assert said == []


def test_what_leads_out_of_the_project_is_found_wherever_it_is(tmp_path):
    assert elsewhere(tmp_path) == []
    (tmp_path / "build").mkdir()
    for place in ("build/site", ".cache"):
        (tmp_path / place).symlink_to(tmp_path.parent)
    assert [problem.path for problem in elsewhere(tmp_path)] == [".cache", "build/site"]


def test_the_same_sources_make_the_same_bytes_in_another_place_and_another_surrounding(small, tmp_path_factory):
    """Folder, time of the files, order of words in memory, language and time zone change no byte of docs or site."""
    other = tmp_path_factory.mktemp("another place") / "with a longer name"
    shutil.copytree(small, other)
    for path in other.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    build(small, PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8")
    build(other, PYTHONHASHSEED="2", TZ="Pacific/Auckland", LC_ALL="C", COLUMNS="40")
    here, there = contents(small / "build"), contents(other / "build")
    assert [name for name in here.keys() | there.keys() if here.get(name) != there.get(name)] == []
    assert len([name for name in here if name.startswith("site/")]) > 50
