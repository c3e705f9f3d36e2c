"""A demo run at many settings by one program, which prints a line of JSON for each as soon as it has it.

    python -m demos._run.sweep gradient_descent '{"curvature": 10}' '[{"steps": 1}, {"steps": 2}]'

First come the settings all others start from, and then what each position changes of them. A line is what run() gives,
with null for each picture that is the same as in the first line; where the run fails it is {"error": why}.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from demos._run.run import DemoFailed, run
from demos._run.settings import BadSetting


def sweep(name: str, own: Mapping[str, Any], changes: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The lines, as data: first of the demo at its own settings, then of each change."""
    known: list[Any] = []
    for changed in ({}, *changes):
        try:
            found = run(name, {**own, **changed})
        except (DemoFailed, BadSetting) as error:
            yield {"error": str(error)}
            continue
        show = found["show"]
        if changed:
            same = [i < len(known) and item == known[i] for i, item in enumerate(show)]
            found["show"] = [None if is_same else item for is_same, item in zip(same, show, strict=True)]
        else:
            known = show
        yield {part: found[part] for part in ("summary", "numbers", "show")}


def main(arguments: Sequence[str]) -> None:
    """Prints the lines. arguments: the name of a demo, its settings and the changes, both as JSON."""
    name, own, changes = arguments
    for line in sweep(name, json.loads(own), json.loads(changes)):
        print(json.dumps(line), flush=True)  # so that what is known so far is not lost where the next run breaks


if __name__ == "__main__":
    main(sys.argv[1:])
