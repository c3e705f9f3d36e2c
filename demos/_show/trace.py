"""A trace: a transcript in steps."""

from collections.abc import Iterator
from typing import Any

from demos._show.axes import Json, one_line
from demos._show.html import safe

STYLE = """\
.tl-steps { list-style: none; margin: 0; padding: 0; }
.tl-steps li { border-left: 3px solid var(--tl-grid); margin: 0 0 .6rem; padding: .1rem 0 .1rem .8rem; }
.tl-who { color: var(--tl-muted); display: block; font-weight: 600; }
.tl-said { overflow-wrap: anywhere; white-space: pre-wrap; }
"""


def problems(item: Json) -> Iterator[str]:
    """Steps that are no text."""
    if any(not isinstance(step[field], str) for step in item["steps"] for field in ("who", "text")):
        yield "it holds a step that is not text"


def table(item: Json) -> tuple[list[str], list[list[Any]]]:
    """One row per step."""
    return ["who", "text"], [[step["who"], step["text"]] for step in item["steps"]]


def inner_html(item: Json) -> str:
    """A list of steps; line breaks stay."""
    steps = [
        f'<li><b class="tl-who">{safe(step["who"])}</b> <span class="tl-said">{safe(step["text"])}</span></li>'
        for step in item["steps"]
    ]
    return f'<ol class="tl-steps">{"".join(steps)}</ol>'


def lines(item: Json, width: int) -> list[str]:
    """Who, and what is said, step by step."""
    from demos._show.columns import fold

    return [line for step in item["steps"] for line in fold(f"{one_line(step['who'])}: {step['text']}", width, "  ")]
