"""How long tests wait: until something happens, and no longer than this machine may need for it.

A test waits for an event and never for a time, since a busy machine is several times slower than a quiet one. A wait
has an end only so that a test fails whose event never comes, and that end costs nothing where it does come. Where a
test proves that something happens soon, its bound is said for a quiet machine, and `within` stretches it for this one.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache

WORK = "sum(i * i for i in range(1_000_000))"
QUIET = 0.1  # seconds that starting Python and that work take on a machine that does nothing else
AT_LEAST = 3  # times slower than a quiet machine: what else runs here may have started after the measuring


@cache
def slowness() -> float:
    """How many times slower than a quiet machine this one is, measured once for each process of the tests."""
    turns = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-I", "-S", "-c", WORK], check=True)
        turns.append(time.perf_counter() - started)
    return max(AT_LEAST, sorted(turns)[1] / QUIET)


def within(seconds: float) -> float:
    """A bound that holds on a quiet machine, for this one."""
    return seconds * slowness()


def patience() -> float:
    """How many seconds to wait for what may never come, and takes a few seconds on a quiet machine."""
    return within(40)


def until(happened: Callable[[], object], what: str) -> None:
    """Waits until something is true that nothing tells of by itself. Raises AssertionError where it never is.

    what: what is waited for, as the error says it
    """
    end = time.monotonic() + patience()
    while not happened():
        assert time.monotonic() < end, f"after {patience():.0f} seconds: not yet {what}"
        time.sleep(0.001)


def milliseconds() -> float:
    """The same for Playwright."""
    return 1000 * patience()
