"""A disk that fills while the site is made: told with the file and the reason, and the last good site is as it was."""

import contextlib
import errno
import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.site.conftest import ROOT, build, small_project
from tests.site.test_builds import contents

URL = "http://127.0.0.1/"
KIB = 1024
NO_ROOM, TOO_LARGE = os.strerror(errno.ENOSPC), os.strerror(errno.EFBIG)
# Sets the largest size that a file may have, and becomes a build.
LIMITED = (
    "import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2);"
    "os.execv(sys.executable, [sys.executable, '-m', 'generator', 'site'])"
)


def edit(project, words):
    """Changes what the page of the term says, and what its drawing shows."""
    for path in (project / "terms" / "neuron.yml", project / "demos" / "tiny.py"):
        text = path.read_text(encoding="utf-8")
        new = re.sub(r"a (\w+ )?thing for tests|The size is (\w+ )?\{", words[path.suffix], text)
        assert new != text
        path.write_text(new, encoding="utf-8")


def edits():
    for word in ("first", "second", "third", "fourth", "fifth", "sixth"):
        yield {".yml": f"a {word} thing for tests", ".py": f"The size is {word} {{"}


def unfinished(project):
    """What lies around and is neither a file of Markdown, nor remembered, nor the finished site."""
    parts = {path for path in project.rglob(".*.[0-9]*") if "pyodide" not in path.parts}
    return parts | (set((project / "build").iterdir()) - {project / "build" / "docs", project / "build" / "site"})


def is_told(done, reasons=(NO_ROOM,)):
    """Whether a build ended with one line of a file and the reason, and one of a remedy -> the file."""
    assert (done.returncode, "Traceback" in done.stderr + done.stdout) == (1, False), done.stdout + done.stderr
    *notes, told, hint = done.stderr.strip().splitlines()
    assert all(note.startswith("note: nothing is remembered in ") for note in notes), done.stderr
    file, _, reason = told.rpartition(": ")
    assert reason in reasons, done.stderr
    assert hint.startswith("    hint: "), done.stderr
    return file


@pytest.fixture
def finished(tmp_path):
    project = small_project(tmp_path / "project")
    assert build(project, URL).returncode == 0
    return project


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_files_that_can_not_be_written_leave_the_last_good_site(finished):
    """The limit on the size of files stands for a disk that is full: at each size, other files do not fit."""
    before, files = contents(finished / "build" / "site"), set()
    environment = {**os.environ, "TERMLAB_URL": URL, "PYTHONPATH": str(ROOT)}
    for limit, words in zip((500, 40 * KIB), edits(), strict=False):
        edit(finished, words)
        (finished / "mkdocs.yml").write_text((finished / "mkdocs.yml").read_text() + "\n", encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", LIMITED, str(limit)],
            cwd=finished, env=environment, capture_output=True, text=True,
        )  # fmt: skip
        files.add(is_told(done, {TOO_LARGE}))
        assert contents(finished / "build" / "site") == before, limit
        assert unfinished(finished) == set(), limit
    assert len(files) > 1
    assert any("/build/docs/" in file for file in files), files
    done = build(finished, URL)
    assert done.returncode == 0, done.stdout + done.stderr
    assert contents(finished / "build" / "site") != before


@contextlib.contextmanager
def small_disk(place, size):
    """A disk of so many bytes at a place, where this account may have one."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("this account may mount no disk; the test above does without one")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_disk_that_is_full_leaves_the_last_good_site(tmp_path):
    with small_disk(tmp_path / "disk", 48 * KIB**2) as disk:
        project = small_project(disk / "project")
        assert build(project, URL).returncode == 0
        before, files = contents(project / "build" / "site"), set()
        for room, words in zip((0, 200 * KIB), edits(), strict=False):
            edit(project, words)
            ball = disk / "all but so much"
            with ball.open("wb") as file:
                file.truncate(0)
                found = os.statvfs(disk)
                file.write(bytes(found.f_bavail * found.f_frsize - room))
            done = build(project, URL, PYTHONPATH=str(ROOT))
            ball.unlink()
            files.add(is_told(done))
            assert contents(project / "build" / "site") == before, room
            assert unfinished(project) == set(), room
        assert len({file.removeprefix(str(project / "build"))[:5] for file in files}) > 1, files
        done = build(project, URL, PYTHONPATH=str(ROOT))
        assert done.returncode == 0, done.stdout + done.stderr
        assert contents(project / "build" / "site") != before
