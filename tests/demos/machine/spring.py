"""Demos as text, for tests that read, set, run and break them."""

import textwrap

import pytest

from demos._run.run import DemoFailed, run

SPRING = '''\
"""Spring: pull harder, stretch further."""

from typing import Annotated, Literal

import numpy as np

from demos import Chart, Edge, Graph, Heatmap, Node, Range, Result, Series, Step, Table, Text, Tokens, Trace


def demo(
    *,
    force: Annotated[float, Range(-5, 5, 0.1)] = 2.0,
    coils: Annotated[int, Range(1, 50)] = 10,
    shape: Literal["round", "square"] = "round",
    size: Literal[16, 32] = 16,
    damped: bool = False,
    note: Annotated[str, Text(max_length=20)] = "hello",
) -> Result:
    """Pull.

    force: how hard
    coils: how many
    shape: of the wire
    size: of the wire
    damped: whether it rests
    note: what to print
    """
    settings = dict(force=force, coils=coils, shape=shape, size=size, damped=damped, note=note)
    picture = Table("Settings", ["name", "value"], [[name, value] for name, value in settings.items()])
    return Result(summary="It stretches.", numbers={"stretch": force / coils}, show=[picture])
'''


BODY = SPRING[SPRING.index("    settings = dict") :]


LINE = 10  # of `def demo(`


FIRST = SPRING[: SPRING.index("    settings = dict")].count("\n") + 1  # line of its first statement


def spring(body=None, given=None):
    """Runs the spring, or one whose demo() does something else."""
    return run("spring", given, SPRING if body is None else SPRING.replace(BODY, f"    {body}\n"))


def failure(body):
    with pytest.raises(DemoFailed) as caught:
        spring(body)
    return str(caught.value)


GOOD = '''\
"""Spring: pull harder, stretch further.

Source: Hooke (1678)
"""

import json
from typing import Annotated, Literal

import numpy as np

from demos import Range, Result, Text


def demo(
    *,
    force: Annotated[float, Range(-5, 5, 0.1)] = 2,
    coils: Annotated[int, Range(1, 1000, log=True)] = 10,
    shape: Literal["round", "square"] = "round",
    size: Literal[16, 32] = 16,
    damped: bool = False,
    note: Annotated[str, Text(max_length=20)] = "hello",
) -> Result:
    """Pull until
    it gives.

    Not a help line, since no name of a parameter stands in front: this.

    force: how hard you pull, in newtons
    coils: how many turns
        the wire takes
    shape: of the wire
    size: of the wire
    damped: whether it comes to rest
    note: what to print beside it
    """
    import torch.nn

    return Result("", {}, [])


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
'''


def put(folder, name, code, doc="Words: about it."):
    """A demo, or a part, that consists of a docstring, some code and, for a demo, the smallest demo()."""
    text = f'"""{doc}"""\n{textwrap.dedent(code)}\n'
    if not name.startswith("parts."):
        text += 'def demo() -> Result:\n    """Look at it."""\n'
    (folder / (name.replace(".", "/") + ".py")).write_text(text)
