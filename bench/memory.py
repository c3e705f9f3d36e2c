"""How much memory a process and all that it started take together, looked at from outside several times a second.

Memory that processes share, such as what a copied process has in common with the one it was copied from, is counted
once: the system divides it among them ("proportional set size", PSS). Only Linux says how much that is.

    python -m bench.memory PID     answers each line on standard input with the most MB since the line before
"""

import contextlib
import os
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

EVERY = 0.05  # seconds
HERE = Path(__file__).parent.parent
CAN_TELL = Path("/proc/self/smaps_rollup").exists()


class Watcher:
    """Watches this process and all that it starts, but for itself, from a process of its own until it is closed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        if CAN_TELL:
            command = [sys.executable, "-m", "bench.memory", str(os.getpid())]
            self._process = subprocess.Popen(
                command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            self.most()

    def most(self) -> float:
        """MB at the most since last asked; nan where the system does not tell."""
        if self._process is None:
            return float("nan")
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def close(self) -> None:
        if self._process is not None:
            self._process.communicate()


def together(process: int, without: int = 0) -> float:
    """MB that a process and all below it take now. `without`: one that is left out, with all below it."""
    below: dict[int, list[int]] = {}
    for one, parent in _processes():
        below.setdefault(parent, []).append(one)
    total, waiting = 0.0, [process]
    while waiting:
        one = waiting.pop()
        if one != without:
            total += _alone(one)
            waiting += below.get(one, [])
    return total


def _processes() -> Iterator[tuple[int, int]]:
    """Every process that runs, with the one that started it."""
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError):  # it has just ended
                said = Path(f"/proc/{name}/stat").read_text(encoding="utf-8", errors="replace")
                yield int(name), int(said.rpartition(")")[2].split()[1])


def _alone(process: int) -> float:
    with contextlib.suppress(OSError):
        said = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8")
        return int(re.search(r"^Pss:\s+(\d+)", said, re.MULTILINE)[1]) / 1024  # type: ignore[index]
    return 0.0


def main() -> None:
    watched, most = int(sys.argv[1]), 0.0
    while True:
        asked = select.select([sys.stdin], [], [], EVERY)[0]
        most = max(most, together(watched, without=os.getpid()))
        if asked:
            if not sys.stdin.readline():
                return
            print(most, flush=True)
            most = together(watched, without=os.getpid())


if __name__ == "__main__":
    main()
