"""What the sweeps of all demos cost: CPU time of running and of drawing, and the size of the file that a reader loads.

python -m bench.sweeps [NAME …]
"""

import resource
import sys
import time
import zlib

from demos._run.run import settings
from demos._run.source import DEMOS, names, read, runs_in_browser
from generator.lessons.positions import sweeps
from generator.lessons.sweeps import Task, drawn, lines_of


def row(name: str) -> tuple[int, float, float, int]:
    """One demo at its defaults -> positions, CPU seconds of the runs and of the drawings, bytes compressed."""
    filled = settings(name, {})
    task = Task(name, filled, tuple(sweeps(read(name).parameters, filled)), "bench")
    started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    lines = lines_of(task, DEMOS)
    ran, begun = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - started, time.process_time()
    text = drawn(task, lines)
    return (
        sum(len(one.at) for one in task.along),
        ran,
        time.process_time() - begun,
        len(zlib.compress(text.encode(), 6)),
    )


def main(given: list[str]) -> None:
    """Prints the table as Markdown, a line for each demo as soon as it is known."""
    print("| demo | positions | running, s | drawing, s | kB compressed |\n|---|---:|---:|---:|---:|")
    total = [0.0, 0.0, 0.0, 0.0]
    for name in given or [name for name in names() if runs_in_browser(name)]:
        found = row(name)
        total = [before + value for before, value in zip(total, found, strict=True)]
        print(f"| {name} | {found[0]} | {found[1]:.1f} | {found[2]:.1f} | {found[3] / 1000:.0f} |", flush=True)
    print(f"| all | {total[0]:.0f} | {total[1]:.1f} | {total[2]:.1f} | {total[3] / 1000:.0f} |")


if __name__ == "__main__":
    main(sys.argv[1:])
