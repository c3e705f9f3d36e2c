"""Modules are compiled by the page's own Python, the same bytes every time, and a site without them works as before."""

import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from importlib.machinery import SourcelessFileLoader
from pathlib import Path

import pytest

from generator.live import compiling, runtime
from generator.live.compiling import bytecode, compile_into, node
from generator.live.runtime import File, Lock, cache_folder, read_lock, runtime_files
from tests.patience import until

ROOT = Path(__file__).parents[3]

SOURCES = {
    "started.py": "ANSWER = 6 * 7\n",
    "package/__init__.py": "from package.part import PART\n",
    "package/part.py": "PART = 'a part'\n",
    "never.py": "1 / 0\n",
    "numpy/f2py/crackfortran.py": "1 / 0\n",
    "numpy/f2py/licenses/LICENSE": "terms",
    "encodings/mac_greek.py": "1 / 0\n",
    "encodings/utf_8.py": "UTF = 8\n",
    "package/part.pyi": "PART: str\n",
    "package/data.so": "\0asm",
}


@pytest.fixture
def packed(tmp_path):
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for name, text in SOURCES.items():
            archive.writestr(name, text)
    bytecode.compiled(
        str(tmp_path / "in.zip"), str(tmp_path / "out.zip"), {"started", "package", "package.part"}.__contains__
    )
    return tmp_path / "out.zip"


def test_what_a_start_imports_is_compiled_and_what_a_page_cannot_use_is_left_out(packed):
    with zipfile.ZipFile(packed) as archive:
        assert archive.namelist() == [
            "started.pyc", "package/__init__.pyc", "package/part.pyc", "never.py", "numpy/f2py/licenses/LICENSE",
            "encodings/utf_8.py", "package/data.so",
        ]  # fmt: skip
        assert archive.read("never.py").decode() == SOURCES["never.py"]


def test_compiled_modules_say_what_their_sources_said(packed, tmp_path):
    shutil.unpack_archive(packed, tmp_path / "unpacked")
    for name, attribute, value in (("started", "ANSWER", 42), ("package/part", "PART", "a part")):
        path = str(tmp_path / "unpacked" / f"{name}.pyc")
        spec = importlib.util.spec_from_loader("checked", SourcelessFileLoader("checked", path))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        assert getattr(module, attribute) == value


def test_the_same_archive_is_the_same_bytes_every_time(packed, tmp_path):
    before = packed.read_bytes()
    bytecode.compiled(str(tmp_path / "in.zip"), str(packed), {"started", "package", "package.part"}.__contains__)
    assert packed.read_bytes() == before


# --- made by Node.js, or not ----------------------------------------------------------------------------------


def a_program(folder: Path, writes: dict[str, bytes], code: int = 0) -> str:
    """What stands in for Node.js: it writes files into the target, and counts its runs."""
    path = folder / "node"
    lines = [f"    (target / {name!r}).write_bytes({content!r})" for name, content in writes.items()]
    path.write_text(
        f"#!{sys.executable}\nimport sys\nfrom pathlib import Path\n"
        "if sys.argv[1:] == ['--version']:\n    print('v99')\nelse:\n    target = Path(sys.argv[3])\n"
        f"    with open({str(folder / 'runs')!r}, 'a') as runs: runs.write('.')\n"
        + "\n".join(lines)
        + f"\n    print('it broke', file=sys.stderr)\n    sys.exit({code})\n",
        encoding="utf-8",
    )
    path.chmod(0o755)
    return str(path)


def right(folder):
    content = (folder / "a.zip").read_bytes() if (folder / "a.zip").is_file() else None
    return [] if content == b"compiled" else ["a.zip has another sum"]


def made(tmp_path, program):
    said: list[str] = []
    return compile_into(tmp_path / "compiled", tmp_path, right, said.append, program), said


def test_archives_with_the_right_sums_are_put_in_place(tmp_path):
    done, said = made(tmp_path, a_program(tmp_path, {"a.zip": b"compiled"}))
    assert (done, said) == (True, ["runtime: Python's modules are compiled, once"])
    assert [path.name for path in (tmp_path / "compiled").iterdir()] == ["a.zip"]


@pytest.mark.parametrize(
    ("writes", "code", "says"),
    [({"a.zip": b"strange"}, 0, "a.zip has another sum"), ({}, 0, "a.zip has another sum"), ({}, 3, "it broke")],
)
def test_what_came_out_wrong_is_not_used_and_not_made_again(tmp_path, writes, code, says):
    program = a_program(tmp_path, writes, code)
    for _ in range(2):
        done, said = made(tmp_path, program)
        assert not done
        assert said[-1] == f"runtime: compiled modules are not used, so {compiling.SLOWLY}: {says}"
        assert not (tmp_path / "compiled").exists()
    assert (tmp_path / "runs").read_text() == "."


def test_without_node_the_build_says_so_and_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(compiling, "node", lambda: None)
    done, said = made(tmp_path, None)
    assert (done, said) == (False, [f"runtime: no Node.js to compile Python's modules, so {compiling.SLOWLY}"])


def test_a_program_that_is_not_there_is_told(tmp_path):
    done, said = made(tmp_path, str(tmp_path / "absent"))
    assert not done
    assert "Node.js could not be run" in said[-1]


def pinned(name: str, content: bytes) -> File:
    return File(name, len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize("works", [True, False])
def test_a_site_has_either_the_compiled_archives_or_the_sources(tmp_path, monkeypatch, works):
    contents = {"python.wasm": b"\0asm", "stdlib.zip": b"PK", "numpy.whl": b"arrays"}
    lock = Lock("1.2.3", "4.5.6", tuple(pinned(*item) for item in contents.items()), {}, (pinned("a.zip", b"x"),))
    cache = tmp_path / "1.2.3"
    cache.mkdir()
    for name, content in contents.items():
        (cache / name).write_bytes(content)

    def stand_in(folder, *_):
        if works:
            folder.mkdir()
            (folder / "a.zip").write_bytes(b"x")
        return works

    monkeypatch.setattr(runtime, "compile_into", stand_in)
    found = runtime_files(lock, cache, [], lambda _: None).files
    index = json.loads(found["runtime.json"].read_text(encoding="utf-8"))["files"]
    served = {"python.wasm", "a.zip"} if works else {"python.wasm", "stdlib.zip", "numpy.whl"}
    assert set(index) == served
    assert set(found) == served | {"pyodide-lock.json", "runtime.json", "NOTICE.txt"}
    for name in served:
        assert hashlib.sha256(found[name].read_bytes()).hexdigest() == index[name]["sha256"]


# Stands in for Node.js: it writes half an archive, and then waits, or ends itself, until it is told not to.
HALF = """#!{python}
import os, pathlib, signal, sys, time
here = pathlib.Path({folder!r})
if sys.argv[1:] == ["--version"]:
    print("v99")
elif (here / "mended").exists():
    pathlib.Path(sys.argv[3], "a.zip").write_bytes(b"compiled")
else:
    pathlib.Path(sys.argv[3], "a.zip").write_bytes(b"comp")
    (here / "half").write_text(str(os.getpid()))
    {then}
"""
LOCK = Lock("1.2.3", "4.5.6", (pinned("python.wasm", b"\0asm"),), {}, (pinned("a.zip", b"compiled"),))
BUILD = """
import sys
from pathlib import Path
from generator.live import compiling, runtime
from tests.generator.live.test_compiling import LOCK

compiling.node = lambda: sys.argv[2]
found = runtime.runtime_files(LOCK, Path(sys.argv[1]), [])
print(*sorted(name for name in found.files if name.endswith((".zip", ".wasm"))))
"""


@pytest.fixture
def half(tmp_path):
    """Starts builds of which the compile step does not come to its end -> the process; and the folder of caches."""
    (tmp_path / "caches" / "1.2.3").mkdir(parents=True)
    (tmp_path / "caches" / "1.2.3" / "python.wasm").write_bytes(b"\0asm")
    program = tmp_path / "node"

    def started(then="time.sleep(1000)"):
        program.write_text(HALF.format(python=sys.executable, folder=str(tmp_path), then=then), encoding="utf-8")
        program.chmod(0o755)
        command = [sys.executable, "-c", BUILD, str(tmp_path / "caches" / "1.2.3"), str(program)]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)

    return started, tmp_path


def left_in(caches):
    return sorted(path.name for path in caches.iterdir() if path.suffix != ".lock")


@pytest.mark.skipif(os.name != "posix", reason="the program that stands in for Node.js is a script")
@pytest.mark.parametrize("kill", ["the build", "both"])
def test_a_build_that_is_killed_while_modules_are_compiled_leaves_nothing_half(half, kill):
    started, folder = half
    with started() as process:
        until((folder / "half").is_file, "half an archive")
        until(lambda: (folder / "half").read_text(), "the number of its process")
        os.kill(process.pid, signal.SIGKILL)
        if kill == "both":
            os.kill(int((folder / "half").read_text()), signal.SIGKILL)
        process.wait()
        assert not (folder / "caches" / "1.2.3-compiled").exists()
        (folder / "mended").touch()
        with started() as second:  # while what was killed may still have a helper at work
            assert second.communicate()[0].splitlines()[-1] == "a.zip python.wasm"
        if kill == "the build":
            os.kill(int((folder / "half").read_text()), signal.SIGKILL)
    assert left_in(folder / "caches") == ["1.2.3", "1.2.3-compiled"]
    assert (folder / "caches" / "1.2.3-compiled" / "a.zip").read_bytes() == b"compiled"


@pytest.mark.skipif(os.name != "posix", reason="the program that stands in for Node.js is a script")
@pytest.mark.parametrize(
    ("then", "why"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", "Node.js was ended by SIGKILL"),
        ("os.kill(os.getpid(), signal.SIGTERM)", "Node.js was ended by SIGTERM"),
        ('sys.exit("Error: ENOSPC: no space left on device, write")', "caches: No space left on device"),
    ],
)
def test_a_compiler_that_is_ended_is_told_and_asked_again_the_next_time(half, then, why):
    """As where memory or the disk is full: what came out wrong is remembered, what did not come out is not."""
    started, folder = half
    with started(then) as process:
        *_, told, served = process.communicate()[0].splitlines()
    assert told.startswith(f"runtime: compiled modules are not used, so {compiling.SLOWLY}: ")
    assert told.endswith(why)
    assert served == "python.wasm"
    assert left_in(folder / "caches") == ["1.2.3"]
    (folder / "mended").touch()
    with started(then) as process:
        assert process.communicate()[0].splitlines()[-1] == "a.zip python.wasm"
    assert left_in(folder / "caches") == ["1.2.3", "1.2.3-compiled"]


def test_the_page_s_own_python_makes_what_is_pinned(tmp_path):
    lock = read_lock()
    if node() is None and os.environ.get("TERMLAB_REQUIRE_BROWSER"):
        pytest.fail("TERMLAB_REQUIRE_BROWSER is set, and no Node.js came with Playwright")
    if node() is None or not (cache_folder(lock) / "pyodide.asm.wasm").is_file():
        pytest.skip("it takes Node.js and the fetched runtime: python -m generator.live.runtime")
    wrong = compiling._run(str(node()), cache_folder(lock), tmp_path)
    assert not wrong
    assert {pinned(path.name, path.read_bytes()) for path in tmp_path.iterdir()} == set(lock.compiled)
