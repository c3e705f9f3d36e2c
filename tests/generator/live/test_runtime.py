"""The browser's Python is fetched from whoever has it, and every byte is checked before anything is put in place."""

import hashlib
import http.server
import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from generator.live import runtime
from generator.live.runtime import (
    NOTICE,
    WITHOUT,
    File,
    Lock,
    Runtime,
    Source,
    Unavailable,
    Web,
    Wheel,
    WrongBytes,
    cache_folder,
    main,
    read_lock,
    runtime_files,
)

ROOT = Path(__file__).parents[3]
CONTENTS = {"python.wasm": b"\0asm" * 50, "stdlib.zip": b"PK rest", "numpy.whl": b"arrays"}


def pinned(name: str, content: bytes) -> File:
    return File(name, len(content), hashlib.sha256(content).hexdigest())


LOCK = Lock("1.2.3", "4.5.6", tuple(pinned(*item) for item in CONTENTS.items()), {"packages": {"numpy": {}}})


@dataclass
class Folder:
    """A source that copies from memory and remembers how often it was asked."""

    name: str
    contents: dict[str, bytes] = field(default_factory=lambda: dict(CONTENTS))
    asked: int = 0

    def fetch(self, files: Sequence[File], folder: Path) -> None:
        self.asked += 1
        for file in files:
            if file.name not in self.contents:
                raise Unavailable(f"{file.name}: not here")
            (folder / file.name).write_bytes(self.contents[file.name])


class Absent:
    name = "nowhere"

    def fetch(self, files: Sequence[File], folder: Path) -> None:
        raise Unavailable("no route to host")


def fetched(folder: Path, *sources: Source) -> tuple[Runtime, list[str]]:
    said: list[str] = []
    return runtime_files(LOCK, folder, sources, said.append), said


def beside(cache: Path) -> list[str]:
    """What lies where the caches are, without the lock."""
    return [path.name for path in cache.parent.iterdir() if path.suffix != ".lock"]


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache" / LOCK.pyodide


def test_the_files_are_those_of_the_source_with_a_lock_file_an_index_and_a_notice(cache):
    found, _ = fetched(cache, Folder("here"))
    assert found.problem is None
    assert {name: found.files[name].read_bytes() for name in CONTENTS} == CONTENTS
    assert json.loads(found.files["pyodide-lock.json"].read_text()) == LOCK.packages
    index = json.loads(found.files["runtime.json"].read_text())
    assert index["files"]["stdlib.zip"] == {"size": 7, "sha256": hashlib.sha256(b"PK rest").hexdigest()}
    assert "MPL" in found.files["NOTICE.txt"].read_text() or "Mozilla" in found.files["NOTICE.txt"].read_text()


def test_the_first_source_that_has_everything_is_used_and_named(cache):
    partial_source = Folder("half", {"python.wasm": CONTENTS["python.wasm"]})
    last = Folder("never asked")
    found, said = fetched(cache, Absent(), partial_source, Folder("third"), last)
    assert found.problem is None
    assert said == [
        "runtime: not from nowhere: no route to host",
        "runtime: not from half: stdlib.zip: not here",
        "runtime: Pyodide 1.2.3 and NumPy 4.5.6 from third, every byte as pinned",
    ]
    assert last.asked == 0


def test_a_full_cache_is_used_without_asking_anybody(cache):
    fetched(cache, Folder("once"))
    again = Folder("again")
    found, said = fetched(cache, again)
    assert (again.asked, said) == (0, ["runtime: Pyodide 1.2.3 from the cache"])
    assert found.files["numpy.whl"].read_bytes() == b"arrays"


def test_a_wrong_byte_is_an_error_and_nothing_is_installed(cache):
    wrong = Folder("mirror", {**CONTENTS, "stdlib.zip": b"PK resT"})
    with pytest.raises(WrongBytes, match=r"nothing was installed: mirror: stdlib\.zip has the sha256 sum \w{16}…, not"):
        fetched(cache, wrong)
    assert beside(cache) == []


def test_a_file_that_is_too_short_is_an_error_too(cache):
    with pytest.raises(WrongBytes, match=r"python\.wasm does not have 200 bytes"):
        fetched(cache, Folder("mirror", {**CONTENTS, "python.wasm": b"\0asm"}))


def test_the_right_files_from_a_later_source_make_up_for_a_wrong_byte_and_it_is_still_told(cache):
    found, said = fetched(cache, Folder("mirror", {**CONTENTS, "numpy.whl": b"arrayz"}), Folder("honest"))
    assert found.files["numpy.whl"].read_bytes() == b"arrays"
    assert said[0].startswith("runtime: refused what mirror sent: numpy.whl has the sha256 sum")
    assert said[1].endswith("from honest, every byte as pinned")


def test_a_damaged_cache_is_replaced_as_a_whole(cache):
    fetched(cache, Folder("once"))
    (cache / "stdlib.zip").write_bytes(b"PK resT")
    (cache / "left over").write_text("from an older version")
    found, said = fetched(cache, Folder("again"))
    assert said[0].startswith(f"runtime: the cache {cache} is not used: stdlib.zip has the sha256 sum")
    assert found.files["stdlib.zip"].read_bytes() == b"PK rest"
    assert not (cache / "left over").exists()


def test_a_wrong_byte_leaves_the_cache_that_was_there_as_it_was(cache):
    fetched(cache, Folder("once"))
    (cache / "stdlib.zip").unlink()
    with pytest.raises(WrongBytes):
        fetched(cache, Folder("mirror", {**CONTENTS, "numpy.whl": b"arrayz"}))
    assert (cache / "numpy.whl").read_bytes() == b"arrays"
    assert beside(cache) == [cache.name]


def test_without_any_source_the_site_has_no_runtime_and_a_sentence_that_says_so(cache):
    found, _ = fetched(cache, Absent())
    assert (found.files, found.problem) == ({}, WITHOUT)
    assert found.why == ("nowhere: no route to host",)
    assert not cache.exists()


def test_the_same_files_every_time(tmp_path):
    first, _ = fetched(tmp_path / "a", Folder("here"))
    second, _ = fetched(tmp_path / "b", Folder("here"))
    assert {name: path.read_bytes() for name, path in first.files.items()} == {
        name: path.read_bytes() for name, path in second.files.items()
    }


# --- real sources, on this machine ----------------------------------------------------------------------------


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    folder = tmp_path / "served"
    folder.mkdir()
    for name, content in CONTENTS.items():
        (folder / name).write_bytes(content)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/", folder
        running.shutdown()


def test_a_web_server_is_read_file_by_file(cache, server):
    found, said = fetched(cache, Web(server[0]))
    assert {name: found.files[name].read_bytes() for name in CONTENTS} == CONTENTS
    assert server[0] in said[-1]


def test_a_web_server_without_a_file_is_passed_over_with_its_answer(cache, server):
    (server[1] / "numpy.whl").unlink()
    _, said = fetched(cache, Web(server[0]), Folder("other"))
    assert said[0] == f"runtime: not from {server[0]}: numpy.whl: 404 File not found"


def test_a_page_of_a_proxy_in_place_of_a_file_is_refused(cache, server):
    (server[1] / "stdlib.zip").write_bytes(b"<html>" + b"blocked here " * 1000)
    with pytest.raises(WrongBytes, match=r"stdlib\.zip does not have 7 bytes"):
        fetched(cache, Web(server[0]))


def test_a_host_that_nobody_knows_is_passed_over_at_once(cache):
    found, said = fetched(cache, Web("http://host.invalid/"))
    assert found.problem
    assert said[0].startswith("runtime: not from http://host.invalid/: python.wasm: ")


def make_wheel(folder: Path, contents: dict[str, bytes]) -> None:
    """A package as small as pip accepts it, with the files in the folder the real one has them in."""
    folder.mkdir()
    with zipfile.ZipFile(folder / "carrier-1.0-py3-none-any.whl", "w") as wheel:
        for name, content in contents.items():
            wheel.writestr(f"carrier/pyodide/{name}", content)
        wheel.writestr("carrier-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: carrier\nVersion: 1.0\n")
        wheel.writestr("carrier-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("carrier-1.0.dist-info/RECORD", "")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes packages from, and no other place."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    return tmp_path / "index"


def test_a_python_package_is_fetched_with_pip_and_opened(cache, index):
    make_wheel(index, CONTENTS)
    found, said = fetched(cache, Wheel("carrier", "1.0", "carrier/pyodide/"))
    assert {name: found.files[name].read_bytes() for name in CONTENTS} == CONTENTS
    assert "from the Python package carrier 1.0" in said[-1]


def test_a_python_package_that_pip_cannot_find_is_passed_over_with_its_words(cache, index):
    index.mkdir()
    found, said = fetched(cache, Wheel("carrier", "1.0", "carrier/pyodide/"))
    assert found.problem
    assert said[0].startswith("runtime: not from the Python package carrier 1.0: ")
    assert "carrier==1.0" in said[0]


def test_a_python_package_without_the_file_is_passed_over(cache, index):
    make_wheel(index, {"python.wasm": CONTENTS["python.wasm"]})
    _, said = fetched(cache, Wheel("carrier", "1.0", "carrier/pyodide/"))
    assert "carrier/pyodide/stdlib.zip" in said[0]


# --- what is pinned -------------------------------------------------------------------------------------------


def test_the_pins_name_each_file_once_with_a_full_sum_and_the_wheel_as_the_lock_file_has_it():
    lock = read_lock()
    assert len({file.name for file in lock.files}) == len(lock.files) == 5
    assert all(len(bytes.fromhex(file.sha256)) == 32 and file.size > 10_000 for file in lock.files)
    numpy = lock.packages["packages"]["numpy"]
    wheel = next(file for file in lock.files if file.name.endswith(".whl"))
    assert (numpy["file_name"], numpy["sha256"], numpy["version"]) == (wheel.name, wheel.sha256, lock.numpy)
    assert list(lock.packages["packages"]) == ["numpy"]


HALF = """
import sys, time
from pathlib import Path
from generator.live import runtime
from tests.generator.live.test_runtime import LOCK

class Slow:
    name = "slow"

    def fetch(self, files, folder):
        (folder / files[0].name).write_bytes(b"half")
        print("half", flush=True)
        time.sleep(1000)

runtime.runtime_files(LOCK, Path(sys.argv[1]), [Slow()], lambda _: None)
"""


def killed_half_way(cache):
    """A fetch that is killed while it writes its first file."""
    command = [sys.executable, "-c", HALF, str(cache)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "half\n"
        process.kill()


def test_a_fetch_that_is_killed_leaves_nothing_half_and_the_next_removes_what_it_began(cache):
    killed_half_way(cache)
    assert not cache.exists()
    assert fetched(cache, Absent())[0].files == {}
    assert beside(cache) == []
    killed_half_way(cache)
    assert fetched(cache, Folder("here"))[0].problem is None
    killed_half_way(cache.with_name("1.2.4"))
    assert {path.name: path.read_bytes() for path in cache.iterdir() if path.name in CONTENTS} == CONTENTS
    assert fetched(cache)[1] == ["runtime: Pyodide 1.2.3 from the cache"]


def test_the_notice_names_every_file_and_version_that_is_served():
    lock, notice = read_lock(), NOTICE.read_text(encoding="utf-8")
    served = {file.name for with_compiled in (False, True) for file in lock.served(with_compiled)}
    for word in (*served, f"Pyodide {lock.pyodide}", f"NumPy {lock.numpy}"):
        assert word in notice


def test_the_cache_can_be_put_elsewhere(monkeypatch, tmp_path):
    monkeypatch.setenv("TERMLAB_CACHE", str(tmp_path))
    assert cache_folder(LOCK) == tmp_path / "pyodide" / "1.2.3"
    monkeypatch.delenv("TERMLAB_CACHE")
    assert cache_folder(LOCK).parts[-3:] == (".cache", "pyodide", "1.2.3")


@pytest.mark.parametrize(("sources", "code"), [([Folder("here")], 0), ([Absent()], 1)])
def test_the_command_says_with_its_exit_code_whether_demos_can_run(monkeypatch, tmp_path, sources, code):
    monkeypatch.setenv("TERMLAB_CACHE", str(tmp_path))
    monkeypatch.setattr(runtime, "read_lock", lambda: LOCK)
    monkeypatch.setattr(runtime, "official_sources", lambda lock: sources)
    assert main() == code


def test_the_command_ends_with_two_when_a_byte_is_wrong(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("TERMLAB_CACHE", str(tmp_path))
    monkeypatch.setattr(runtime, "read_lock", lambda: LOCK)
    monkeypatch.setattr(runtime, "official_sources", lambda lock: [Folder("mirror", {**CONTENTS, "numpy.whl": b"!"})])
    assert main() == 2
    assert "error: the runtime is not the pinned one, so nothing was installed" in capsys.readouterr().err
