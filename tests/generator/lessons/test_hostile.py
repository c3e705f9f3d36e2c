"""What a demo may try while the build runs it: it ends itself and not the build, and is named with what it did.

The limits are for reliability and keep nobody out who means it; what is checked here is that mistakes stay small.
"""

import errno
import os
import signal
import subprocess
import sys
import tempfile

import pytest

from generator.lessons import run
from generator.lessons.teach import teach
from generator.load.glossary import load
from generator.load.places import located
from tests.generator.conftest import DEMO
from tests.patience import patience, until, within

RETURN = DEMO[DEMO.index("    return Result(") :]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process from outside")
GROUPS = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no groups of processes like these")
HINT = "\n    hint: "
LEAVES = f"{HINT}a demo returns its Result and leaves nothing behind"
OUTLIVES = f"{HINT}a demo returns its Result and starts nothing that outlives it"
OUTPUT = "demos/tiny.py:1:1: its output is not its result alone\n    hint: a demo returns its Result and prints nothing"


@pytest.fixture
def told(project, monkeypatch):
    """Runs the demo of the project with a body -> what is told about it."""

    def running(body, seconds=None):
        monkeypatch.setattr(run, "LONGEST_RUN", seconds or round(within(20)))
        code = DEMO.replace(RETURN, "".join(f"    {line}\n" for line in body.splitlines()))
        (project / "demos" / "tiny.py").write_text(code.replace("    RETURN\n", RETURN), encoding="utf-8")
        loaded = load(project)
        glossary, problems = loaded.glossary, loaded.problems
        assert problems == []
        lessons, problems = teach(glossary, project, project / ".cache" / "lessons")
        assert bool(lessons.shown) != bool(problems)
        return "\n".join(str(problem) for problem in located(project, problems))

    return running


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(
            "while True:\n    pass",
            f"1:1: it ran for more than 2 seconds{HINT}make it smaller, or record it",
            id="loops for ever",
        ),
        pytest.param(
            "import time\ntime.sleep(1000)",
            f"1:1: it ran for more than 2 seconds{HINT}make it smaller, or record it",
            id="sleeps",
        ),
        pytest.param(
            "import signal, time\nfor one in (signal.SIGTERM, signal.SIGINT):\n"
            "    signal.signal(one, signal.SIG_IGN)\ntime.sleep(1000)",
            f"1:1: it ran for more than 2 seconds{HINT}make it smaller, or record it",
            id="will not end",
        ),
        pytest.param(
            "import threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()\nRETURN",
            f"1:1: it ran for more than 2 seconds{HINT}make it smaller, or record it",
            id="thread goes on",
        ),
        pytest.param(
            "import os\nwhile True:\n    os.write(1, b'x' * 100_000)",
            f"1:1: its result has more than 2,000,000 bytes{HINT}show fewer points: nobody sees them all",
            id="writes for ever",
            marks=LINUX,
        ),
    ],
)
def test_a_demo_that_never_ends_is_ended_and_told(told, body, message):
    # Whoever writes for ever meets the limit of the output first, and says no more than that.
    seconds = 2 if "2 seconds" in message else None
    assert told(body, seconds).replace("OSError: [Errno 27] File too large", "") == f"demos/tiny.py:{message}"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param("raise SystemExit", "17:5: SystemExit", id="exits"),
        pytest.param("import sys\nsys.exit(0)", "18:5: SystemExit: 0", id="exits as if all were well"),
        pytest.param("import os\nos._exit(0)", f"1:1: {OUTPUT.partition('1:1: ')[2]}", id="vanishes"),
        pytest.param(
            "import os\nos._exit(7)", "1:1: it ended with exit code 7 and said nothing", id="vanishes with a code"
        ),
        pytest.param(
            "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
            "1:1: it ended with SIGKILL and said nothing",
            id="kills itself",
            marks=GROUPS,
        ),
        pytest.param(
            "import ctypes\nctypes.string_at(0)",
            "1:1: it ended with SIGSEGV and said nothing",
            id="crashes",
            marks=GROUPS,
        ),
        pytest.param("demo()", "17:5: RecursionError: maximum recursion depth exceeded", id="recursion"),
        pytest.param("input()\nRETURN", "17:5: EOFError: EOF when reading a line", id="asks"),
        pytest.param(
            "print('hello')\nRETURN",
            f"11:1: a demo never prints, and this one printed 'hello'{HINT}"
            "put it into the summary, the numbers or a picture of its Result",
            id="prints",
        ),
        pytest.param(
            "import os\nos.write(1, b'hello')\nRETURN", f"1:1: {OUTPUT.partition('1:1: ')[2]}", id="prints past us"
        ),
        pytest.param("import sys\nsys.stderr.write('::error::x\\n' * 100_000)\nRETURN", "", id="complains"),
        pytest.param(
            "return Result('NaN', {'size': float('nan')}, [])",
            "11:1: the number 'size' is nan, and must be finite",
            id="NaN",
        ),
        pytest.param(
            "return Result('s', {}, [Table('t', ['a'], [[float('-inf')]])])",
            "11:1: the table 't': rows[0][0] is -inf, and must be finite",
            id="infinity in a table",
        ),
        pytest.param(
            "return Result('x' * 3_000_000, {}, [])",
            f"1:1: its result has more than 2,000,000 bytes{HINT}show fewer points: nobody sees them all",
            id="three megabytes",
        ),
        pytest.param(
            "x = bytearray(10**9)\nRETURN",
            f"17:5: MemoryError{HINT}a demo may use 768 MiB",
            id="a gigabyte",
            marks=LINUX,
        ),
        pytest.param(
            "import numpy as np\nx = np.ones(10**9)\nRETURN",
            "18:5: MemoryError: Unable to allocate 7.45 GiB for an array with shape (1000000000,) "
            f"and data type float64{HINT}a demo may use 768 MiB",
            id="an array",
            marks=LINUX,
        ),
        pytest.param(
            "return Result('s', {}, [Table('t', ['a'], [[i] for i in range(10**9)])])",
            f"17:5: MemoryError{HINT}a demo may use 768 MiB",
            id="returns a gigabyte",
            marks=LINUX,
        ),
        pytest.param("open('stray.txt', 'w').close()\nRETURN", f"1:1: it wrote stray.txt{LEAVES}", id="writes a file"),
        pytest.param(
            "import tempfile\ntempfile.mkdtemp(prefix='a')\nopen('b', 'w').close()\nopen('c', 'w').close()\n"
            "open('d', 'w').close()\nopen('e', 'w').close()\nRETURN",
            "",
            id="writes several",
        ),
        pytest.param(
            "open('big', 'wb').write(b'x' * 3_000_000)\nRETURN",
            "17:5: OSError: [Errno 27] File too large",
            id="writes a large file",
            marks=LINUX,
        ),
        pytest.param(
            "import os\nif os.fork() == 0:\n    os.setpgid(0, os.getpgid(os.getppid()))\n    import time\n"
            "    time.sleep(1000)\nRETURN",
            f"1:1: it left a process running{OUTLIVES}",
            id="forks",
            marks=GROUPS,
        ),
        pytest.param(
            "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)'])\nRETURN",
            f"1:1: it left a process running{OUTLIVES}",
            id="starts a program",
            marks=GROUPS,
        ),
    ],
)
def test_a_demo_that_does_what_it_should_not_is_told_with_what_it_did(told, body, message):
    said = told(body)
    if "mkdtemp" in body:  # whose folder has a name of its own every time
        assert said.startswith("demos/tiny.py:1:1: it wrote a")
        assert said.endswith(f", b, c, and 2 more{LEAVES}")
    else:
        said = said.replace("_ArrayMemoryError", "MemoryError")  # as some versions of NumPy call it
        assert said == (f"demos/tiny.py:{message}" if message else "")


# --- what it leaves ---------------------------------------------------------------------------------------

DEEP = "import os\nfor _ in range({}):\n    os.mkdir('{}')\n    os.chdir('{}')\n    open('f', 'w').close()\nRETURN"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (DEEP.format(40, "a", "a"), "a, a/a, a/a/a, and 36 more"),  # with a file in each, down to twenty folders
        (DEEP.format(1500, "a", "a"), "a, a/a, a/a/a, and 36 more"),
        (DEEP.format(300, "b" * 200, "b" * 200), "b" * 200),  # longer than a path may be
        ("import os\nos.mkdir('a')\nopen('a/b', 'w').close()\nos.chmod('a', 0)\nRETURN", "a"),
        ("import os\nos.makedirs('a/b/c')\nos.chmod('a/b', 0)\nos.chmod('a', 0o500)\nRETURN", "a"),
        ("import os\nos.symlink('/', 'a')\nRETURN", "a"),
    ],
    ids=["deep", "very deep", "long", "not listed", "not listed below", "link"],
)
@GROUPS
def test_folders_that_a_demo_leaves_are_told_and_removed_however_deep(told, tmp_path_factory, monkeypatch, body, named):
    place = tmp_path_factory.mktemp("runs")
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    said = told(body)
    assert said.startswith(f"demos/tiny.py:1:1: it wrote {named}")
    assert said.endswith(LEAVES)
    assert list(place.iterdir()) == []


def test_what_belongs_to_somebody_else_is_left_and_the_rest_removed(tmp_path, monkeypatch):
    for name in ("mine", "theirs"):
        (tmp_path / "top" / name / "inner").mkdir(parents=True)
    remove = os.rmdir

    def not_theirs(path):
        if "theirs" in str(path):
            raise PermissionError(errno.EACCES, "Permission denied")
        remove(path)

    monkeypatch.setattr(os, "rmdir", not_theirs)
    with pytest.raises(OSError, match="not empty"):
        run.remove(tmp_path / "top")
    assert [path.name for path in (tmp_path / "top").iterdir()] == ["theirs"]


FORGED = [
    ('{"summary": "s", "numbers": {}, "show": [{"type": "<script>"}]}', "KeyError: '<script>'"),
    ('{"summary": "s", "numbers": {"a": "<b>"}, "show": []}', "TypeError: '<b>' stands where float is expected"),
    ('{"summary": "s", "numbers": {"a": NaN}, "show": []}', "the number 'a' is nan, and must be finite"),
    ('{"summary": ["s"], "numbers": {}, "show": []}', "the summary is empty"),
    (
        '{"summary": "s", "numbers": {}, "show": [{"type": "tokens", "title": "t", "pieces": [1], "notes": []}]}',
        "TypeError: '1' stands where str is expected",
    ),
    (
        '{"summary": "s", "numbers": {}, "show": [{"type": "tokens", "title": "t", "pieces": ["a"]}]}',
        "TypeError: Tokens has the parts title, pieces, notes",
    ),
    (
        '{"summary": "s", "numbers": {}, "show": [{"type": "tokens", "title": "t", "pieces": [], "notes": [1, 2]}]}',
        "the tokens 't': it has 2 notes for 0 pieces",
    ),
    ("3", "TypeError: 'int' object is not subscriptable"),
    ("{}", "KeyError: 'summary'"),
]


@pytest.mark.parametrize(("result", "message"), FORGED)
def test_a_result_that_goes_around_the_contract_is_no_result(told, result, message):
    said = told(f"import os\nos.write(1, {result.encode()!r})\nos._exit(0)")
    assert said == f"demos/tiny.py:1:1: its result can not be shown: {message}{HINT}let it return a Result"


@pytest.mark.parametrize("result", ["[" * 100_000, "{" * 1000, "\0", '"', "nonsense"])
def test_output_that_is_no_json_is_told(told, result):
    assert told(f"import os\nos.write(1, {result.encode()!r})\nos._exit(0)") == OUTPUT


def runs(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{process}/stat", encoding="utf-8") as file:
        return file.read().rpartition(")")[2].split()[0] != "Z"


@LINUX
@pytest.mark.parametrize("detached", ["pass", "os.setsid()", "os.setsid(); os.chdir('/')"])
@pytest.mark.parametrize("ending", ["RETURN", "time.sleep(1000)", "raise ValueError", "os._exit(0)"])
def test_what_a_demo_started_ends_with_it(told, tmp_path, ending, detached):
    children = tmp_path / "children"
    body = f"""
import os, time
for _ in range(5):
    if os.fork() == 0:
        {detached}
        with open({str(children)!r}, "a") as file:
            file.write(f"{{os.getpid()}}\\n")
        if os.fork() == 0:
            with open({str(children)!r}, "a") as file:
                file.write(f"{{os.getpid()}}\\n")
        time.sleep(1000)
while len(open({str(children)!r}).read().split()) < 10:
    time.sleep(0.01)
{ending}""".strip()
    assert told(body, seconds=round(within(2)))
    processes = [int(line) for line in children.read_text().split()]
    assert len(processes) == 10
    until(lambda: not any(map(runs, processes)), "the end of all that the demo started")


@LINUX
def test_an_interrupted_build_leaves_no_demo_running(project):
    """Ctrl+C ends the build at once, and the demo with it, although the demo is in a session of its own."""
    running = project / "running"
    body = f"    import os, time\n    open({str(running)!r}, 'w').write(str(os.getpid()))\n    time.sleep(1000)\n"
    (project / "demos" / "tiny.py").write_text(DEMO.replace(RETURN, body), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "generator", "build", "--root", project],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as build:
        until(lambda: running.exists() and running.read_text(), "a demo that runs")
        build.send_signal(signal.SIGINT)
        out, err = build.communicate(timeout=patience())
    assert (build.returncode, "Traceback" in out + err) == (130, False)
    demo = int(running.read_text())
    until(lambda: not runs(demo), "the end of the demo")
    assert not (project / "build").exists()


def test_a_demo_does_not_see_what_is_around(told, monkeypatch):
    for name in ("GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "TERMLAB_URL", "PYTHONSTARTUP", "Password"):
        monkeypatch.setenv(name, "secret")
    body = "import os\nassert os.environ['PATH']\nassert 'secret' not in os.environ.values(), os.environ\nRETURN"
    assert told(body) == ""


def test_a_demo_does_not_see_the_folder_of_the_build_and_may_use_one_of_its_own(told, project):
    body = "import os, tempfile\nhere = os.listdir('.')\nwith tempfile.TemporaryFile() as file:\n    file.write(b'x')\n"
    body += "assert here == [], here\nRETURN"
    assert told(body) == ""
    assert not [path for path in project.iterdir() if path.name not in ("terms", "demos", "mkdocs.yml", ".cache")]
