"""Plants each deliberate bug of tests/demos/mutants.yml in a copy of the demos, and demands that a test fails.

    python tests/mutants.py                 all of them
    python tests/mutants.py neuron softmax  those of these files

A bug that no test notices has survived, and is shown with its place: the test beside it proves less than it seems to.
The tests that did notice are run once more without any bug, and must pass then; all others are no matter here.
Each entry says file, find (a text that occurs exactly once in that file), replace, and slip (the kind of mistake).
The tests of demos/NAME.py are tests/demos/test_NAME.py; for a part, `test: NAME` says whose tests know about it, and
for the machinery `test: machine/NAME`, which is tests/demos/machine/test_NAME.py.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from queue import SimpleQueue

from demos._show.counted import counted
from generator.lessons.run import few
from generator.load.bugs import read_bugs

ROOT = Path(__file__).resolve().parents[1]
LIST = "tests/demos/mutants.yml"
WORKERS = 2
SECONDS = 300  # a planted bug may loop for ever
NOTES = ".noticed"  # a folder in the copy where pytest notes which tests failed
OPTIONS = ["-x", "-q", "-o", f"cache_dir={NOTES}", "-p", "no:xdist", "-p", "no:logging", "--tb=short"]


class MutantError(Exception):
    """An entry of the list that cannot be carried out; says which and why."""


@dataclass(frozen=True)
class Mutant:
    """One deliberate bug. file: path from the root; test: the file with the tests that must notice."""

    file: str
    line: int
    find: str
    replace: str
    slip: str
    test: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.slip}"


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: "killed" and by which tests, "survived", or "broke" with the reason in `why`."""

    mutant: Mutant
    outcome: str
    seconds: float
    why: str = ""
    noticed: tuple[str, ...] = ()


def read(root: Path = ROOT) -> list[Mutant]:
    """All entries, checked against the files as they are now. Raises MutantError with everything that is wrong."""
    bugs, problems = read_bugs(root)
    if problems:
        raise MutantError("\n".join(map(str, problems)))
    return [Mutant(**vars(bug)) for bug in bugs]


@contextmanager
def copies(count: int, root: Path = ROOT) -> Iterator[list[Path]]:
    """Folders with the demos and their tests, one for each worker, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        made = []
        for number in range(count):
            copy = Path(folder) / str(number)
            for part in ("demos", "tests/demos"):
                shutil.copytree(root / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
            shutil.copy(root / "pyproject.toml", copy)
            for file in (root / "tests").glob("*.py"):  # conftest.py, and what makes the tests a package
                shutil.copy(file, copy / "tests")
            made.append(copy)
        yield made


class Tester:
    """Runs files of tests against the demos of one copy, never against installed ones.

    A process imports the libraries of all tests once, and forks for every run: importing takes longer than testing.
    Where no process can be forked, each run imports them anew.
    """

    def __init__(self, copy: Path) -> None:
        self.copy = copy
        self.environment = few(os.environ) | {  # a planted bug, and a lesson of anybody, sees no secrets
            "PYTHONPATH": str(copy),
            "PYTHONDONTWRITEBYTECODE": "1",  # bytecode knows its source by size and second only
            "OMP_NUM_THREADS": "1",  # a library that has started threads can not be forked
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # loading plugins of other packages takes longer than most tests
            "TERMLAB_ANY_EXAMPLE": "1",  # the first example that fails is as good as the simplest one
        }
        self._forking: subprocess.Popen[str] | None = None
        self._ready = False

    def __enter__(self) -> "Tester":
        if hasattr(os, "fork"):
            command = [sys.executable, str(Path(__file__).with_name("forked.py"))]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            self._forking = subprocess.Popen(command, cwd=self.copy, env=self.environment, **pipes)
        return self

    def __exit__(self, *_: object) -> None:
        if self._forking:
            self._forking.stdin.close()
            self._forking.stdout.close()
            self._forking.wait()

    def wait(self) -> None:
        """Until the copy may be changed: the process that forks looks into its files for what to import."""
        if self._forking and not self._ready:
            self._ready = self._forking.stdout.readline() == "ready\n"

    def run(self, *tests: str) -> tuple[int, str]:
        """The exit code of pytest, and what it said. Raises subprocess.TimeoutExpired."""
        self.wait()
        shutil.rmtree(self.copy / NOTES, ignore_errors=True)
        if self._forking is None:
            command = [sys.executable, "-m", "pytest", *OPTIONS, *tests]
            pipes = {"capture_output": True, "text": True, "timeout": SECONDS}
            done = subprocess.run(command, cwd=self.copy, env=self.environment, **pipes)
            return done.returncode, done.stdout + done.stderr
        self._forking.stdin.write(json.dumps({"tests": tests, "options": OPTIONS, "seconds": SECONDS}) + "\n")
        self._forking.stdin.flush()
        answer = json.loads(self._forking.stdout.readline())
        if answer["code"] is None:
            raise subprocess.TimeoutExpired(" ".join(tests), SECONDS)
        return answer["code"], answer["said"]

    def failed(self) -> list[str]:
        """The tests that failed in the last run."""
        notes = self.copy / NOTES / "v" / "cache" / "lastfailed"
        return sorted(json.loads(notes.read_text(encoding="utf-8"))) if notes.is_file() else []


def try_out(mutant: Mutant, tester: Tester) -> Verdict:
    """Plants one bug in the copy, runs the tests that must notice, and takes it out again."""
    tester.wait()
    file = tester.copy / mutant.file
    healthy = file.read_text(encoding="utf-8")
    file.write_text(healthy.replace(mutant.find, mutant.replace), encoding="utf-8")
    started = time.perf_counter()
    try:
        code, said = tester.run(mutant.test)
    except subprocess.TimeoutExpired:
        return Verdict(mutant, "broke", SECONDS, f"the tests did not end within {SECONDS} s")
    finally:
        file.write_text(healthy, encoding="utf-8")
    seconds = time.perf_counter() - started
    if code == 1:  # pytest: all was collected, and some test failed
        return Verdict(mutant, "killed", seconds, noticed=tuple(tester.failed()) or (mutant.test,))
    if code == 0:
        return Verdict(mutant, "survived", seconds)
    return Verdict(mutant, "broke", seconds, f"pytest ended with {code}:\n{_end(said)}")


def _end(said: str) -> str:
    return "\n".join("    " + line for line in said.strip().splitlines()[-12:])


def main(argv: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Returns 0 when every mutant was killed, 1 when one was not, 2 when the list or the command is wrong."""
    parser = argparse.ArgumentParser(prog="python tests/mutants.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("name", nargs="*", help="only mutants of these demos or parts")
    wanted = parser.parse_args(argv).name
    try:
        mutants = [mutant for mutant in read(root) if not wanted or Path(mutant.file).stem in wanted]
        if unknown := [name for name in wanted if name not in {Path(mutant.file).stem for mutant in mutants}]:
            raise MutantError(f"{LIST} has no mutant of {', '.join(unknown)}")
    except MutantError as error:
        print(error, file=sys.stderr)
        return 2
    if find_spec("pytest") is None:
        print("to run the tests that are to notice, pytest is needed\nhint: make packages", file=sys.stderr)
        return 2

    with copies(WORKERS, root) as made, ExitStack() as open_ones, ThreadPoolExecutor(WORKERS) as pool:
        free: SimpleQueue[Tester] = SimpleQueue()
        for copy in made:
            free.put(open_ones.enter_context(Tester(copy)))

        def with_a_free_tester(work, *arguments):
            tester = free.get()
            try:
                return work(tester, *arguments)
            finally:
                free.put(tester)

        print(counted(len(mutants), "mutant"), flush=True)
        waiting = [
            pool.submit(with_a_free_tester, lambda tester, mutant: try_out(mutant, tester), mutant)
            for mutant in mutants
        ]
        verdicts = []
        for done, future in enumerate(as_completed(waiting), 1):
            verdicts.append(verdict := future.result())
            print(f"[{done}/{len(mutants)}] {verdict.outcome} in {verdict.seconds:.1f} s  {verdict.mutant}", flush=True)

        noticed: dict[str, set[str]] = {}
        for verdict in verdicts:
            noticed.setdefault(verdict.mutant.test, set()).update(verdict.noticed)
        alone = {file: sorted(tests) for file, tests in sorted(noticed.items()) if tests}
        print(
            f"the {counted(sum(map(len, alone.values())), 'test')} that noticed must pass without any bug …", flush=True
        )
        healthy = list(pool.map(lambda tests: with_a_free_tester(Tester.run, *tests), alone.values()))
        for file, (code, said) in zip(alone, healthy, strict=True):
            if code != 0:
                print(f"{file} fails without any mutant:\n{_end(said)}", file=sys.stderr)
        if any(code != 0 for code, _ in healthy):
            return 1

    return _report(verdicts)


def _report(verdicts: list[Verdict]) -> int:
    bad = sorted((verdict for verdict in verdicts if verdict.outcome != "killed"), key=lambda found: str(found.mutant))
    for verdict in bad:
        mutant = verdict.mutant
        print(f"\n{mutant}\n  - {mutant.find}\n  + {mutant.replace}")
        if verdict.outcome == "survived":
            print(f"  {mutant.test} passes all the same: add a test that fails with it")
        else:
            print(f"  the mutant broke the test run of {mutant.test}: {verdict.why}")
    print(f"\n{len(verdicts) - len(bad)} of {counted(len(verdicts), 'mutant')} killed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
