"""What `make` does before anything of ours runs: it wants a Python that fits, and heals a setup that was stopped.

Where that makes no difference, a small script stands in for Python: it says a version, and makes a .venv in which
another one writes down what pip is asked for.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEEDED = "Termlab needs Python 3.11.5 or newer"
ANOTHER = "install a newer one, or name one that is there, as in: make PYTHON=python3.13 site"

pytestmark = pytest.mark.skipif(
    shutil.which("make") is None or os.name != "posix", reason="needs make, and programs that are scripts of a shell"
)

PYTHON = """#!/bin/sh
case "$*" in
*"version_info[:3]"*) echo {version} ;;
*"version_info <"*) exec {real} -c "import sys; sys.exit(tuple(map(int, '{version}'.split('.'))) < (3, 11, 5))" ;;
*ensurepip*) exit {no_pip} ;;
*"run_module('venv'"*)
    at() {{ [ "$STOP" != "$1" ] || {{ touch waiting; sleep 600; }}; }}
    rm -rf .venv
    at nothing
    mkdir .venv; at folder
    mkdir .venv/bin; echo > .venv/pyvenv.cfg; at settings
    printf '#!/bin/sh\\nexit 1\\n' > .venv/bin/python; chmod +x .venv/bin/python; at "python without pip"
    cp inside .venv/bin/python; echo made >> log; at "all but its mark" ;;
*) echo "asked for $*" >> log; exit 1 ;;
esac
"""
INSIDE = """#!/bin/sh
case "$1 $2 $3" in
"-m pip install")
    [ "$STOP" != pip ] || { touch waiting; sleep 600; }
    [ ! -e fails ] || exit 1
    echo installed >> log ;;
"-m generator site") echo built >> log ;;
*) exit 1 ;;
esac
"""


@pytest.fixture
def project(tmp_path):
    """The Makefile and what it looks at, with a python3 of ours first among programs."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "programs").mkdir()
    called(tmp_path, "python3", "3.13.1")
    script(tmp_path / "inside", INSIDE)
    return tmp_path


def script(path, text):
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def called(project, name, version, no_pip=0):
    script(project / "programs" / name, PYTHON.format(version=version, real=sys.executable, no_pip=no_pip))


def around(project, stop=""):
    return os.environ | {"PATH": f"{project / 'programs'}{os.pathsep}{os.environ['PATH']}", "STOP": stop}


def make(project, *words):
    return subprocess.run(["make", *words], cwd=project, env=around(project), capture_output=True, text=True)


def log(project):
    return (project / "log").read_text().split() if (project / "log").exists() else []


def stopped(project, where, how):
    """Starts `make site`, and stops it with all that it started as soon as it has come so far."""
    running = subprocess.Popen(
        ["make", "site"], cwd=project, env=around(project, where), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # which is ignored in the background
    )  # fmt: skip
    while not (project / "waiting").exists():
        assert running.poll() is None, "make has ended before it was stopped"
        time.sleep(0.01)
    os.killpg(running.pid, how)
    running.wait()
    (project / "waiting").unlink()


@pytest.mark.parametrize(
    ("version", "fits"),
    [("3.10.12", False), ("3.9.2", False), ("3.11.4", False), ("2.7.18", False), ("3.11.5", True), ("3.14.0", True)],
)
def test_a_python_that_is_too_old_is_told_before_anything_is_made(project, version, fits):
    called(project, "python3", version)
    done = make(project, "site")
    assert (done.returncode == 0) == fits, done.stderr
    if not fits:
        assert done.stderr.splitlines()[0] == f"{NEEDED}, and python3 is Python {version}: {ANOTHER}"
        assert not (project / ".venv").exists()
        assert log(project) == []


@pytest.mark.parametrize(
    "text",
    [
        None,  # there is none
        "#!/bin/sh\nexit 127\n",  # as pyenv says of a version that is not chosen
        "#!/bin/sh\necho 'Python was not found; run without arguments to install from the Store'\nexit 1\n",
        "#!/bin/sh\necho 'Python was not found'\n",
    ],
)
def test_no_python_at_all_is_told(project, text):
    if text:
        script(project / "programs" / "snake", text)
    done = make(project, "site", "PYTHON=snake")
    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == f"{NEEDED}, and there is no program snake that runs here: {ANOTHER}"
    assert not (project / ".venv").exists()


def test_a_python_without_pip_is_told(project):
    called(project, "python3", "3.12.3", no_pip=1)
    done = make(project, "check")
    assert done.stderr.splitlines()[0] == (
        f"{NEEDED} with venv and pip, and python3 lacks one of them: "
        "on Debian and Ubuntu, install the package python3-venv"
    )
    assert not (project / ".venv").exists()


def test_another_python_can_be_named(project):
    called(project, "python3", "3.10.12")
    called(project, "other", "3.12.3")
    assert make(project, "site", "PYTHON=other").returncode == 0
    assert log(project) == ["made", "installed", "built"]
    assert make(project, "site").returncode == 0  # which asks python3 for nothing any more
    assert log(project) == ["made", "installed", "built", "built"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("nothing", False),
        ("folder", True),
        ("settings", True),
        ("python without pip", True),
        ("all but its mark", True),
    ],
)
def test_a_setup_that_was_stopped_is_made_anew(project, where, told, how):
    stopped(project, where, how)
    assert not (project / ".venv" / ".made").exists()
    (project / "log").write_text("")
    done = make(project, "site")
    assert done.returncode == 0, done.stderr
    assert log(project) == ["made", "installed", "built"]
    assert ("the last setup was not finished, so .venv is made anew" in done.stdout) == told


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_pip_that_was_stopped_goes_on(project, how):
    stopped(project, "pip", how)
    assert not (project / ".venv" / ".site").exists()
    assert make(project, "site").returncode == 0
    assert log(project) == ["made", "installed", "built"]


def test_without_a_network_the_next_make_tries_again(project):
    (project / "fails").touch()
    assert make(project, "site").returncode != 0
    (project / "fails").unlink()
    assert make(project, "site").returncode == 0
    assert log(project) == ["made", "installed", "built"]


def test_what_was_installed_by_hand_stays(project):
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "mine").touch()
    script(project / ".venv" / "bin" / "python", INSIDE.replace("*) exit 1", "*\"version('termlab')\"*) ;; *) exit 1"))
    assert make(project, "site").returncode == 0
    assert (project / ".venv" / "mine").exists()
    assert log(project) == ["installed", "built"]


def test_a_link_is_never_cleared(project, tmp_path_factory):
    shared = tmp_path_factory.mktemp("shared")
    (shared / "bin").mkdir()
    (shared / "mine").touch()
    shutil.copy(project / "inside", shared / "bin" / "python")
    (project / ".venv").symlink_to(shared, target_is_directory=True)
    assert make(project, "site").returncode == 0
    assert (shared / "mine").exists()
    assert log(project) == ["installed", "built"]


def test_a_real_one_that_was_stopped_gets_its_pip(project):
    words = ["make", ".venv/.made", f"PYTHON={sys.executable}"]
    running = subprocess.Popen(words, cwd=project, start_new_session=True, stdout=subprocess.DEVNULL)
    python = project / ".venv" / "bin" / "python"
    while not os.path.lexists(python):
        assert running.poll() is None
        time.sleep(0.001)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert not (project / ".venv" / ".made").exists()
    assert subprocess.run(words, cwd=project, capture_output=True).returncode == 0
    assert subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0
