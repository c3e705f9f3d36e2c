"""The Python end of a live demo. It runs in the browser's worker, and only text goes in and out: JSON both ways.

The demo itself is described, run and drawn by the same modules as in a terminal; this file only carries.
"""

import gc
import importlib
import json
import sys
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

Json = dict[str, Any]

LAST: list[Json] = []  # the pictures of the newest run
DRAWN: dict[int, Json] = {}  # by position, those that the page has been given


def answer(message: str) -> str:
    """One request as JSON -> one answer as JSON, {"result": …} or {"error": {"kind", "message", "hint", "line", …}}."""
    asked = json.loads(message)
    try:
        return json.dumps({"result": DO[asked["do"]](asked)}, allow_nan=False)
    except KeyboardInterrupt:  # the worker's clock rings like Ctrl-C
        return json.dumps({"error": {"kind": "slow"}})
    except RecursionError as error:  # raised where the stack ends, so nothing below may go deep
        return json.dumps({"error": {"kind": "failed", "message": f"RecursionError: {error}"}})
    except Exception as error:
        return json.dumps({"error": _told(error, asked)})


def _ready(asked: Json) -> None:
    """{"packages"}: files have changed, so forget what was imported from old ones, and import what every run needs."""
    importlib.invalidate_caches()
    for name in [name for name in sys.modules if name.partition(".")[0] == "demos"]:
        del sys.modules[name]
    for name in ["demos._run.run", *asked["packages"]]:
        importlib.import_module(name)
    from demos._show.pictures import KINDS, module_of

    for kind in KINDS:
        module_of(kind)  # now, since it would count as the time of the first run
    # Files only change with a load, which comes by here, so no run has to look at them again: that takes as long as the
    # run of a light demo. An edited text is a key of its own.
    running = sys.modules["demos._run.run"]
    running.names, running.read = cache(running.names), lru_cache(8)(running.read)  # type: ignore[attr-defined]
    if not gc.get_freeze_count():
        gc.freeze()  # what is loaded by now stays: no run waits while the garbage collector looks through it


def _run(asked: Json) -> Json:
    """{"demo", "settings", "text", "views", "fresh"} -> summary, numbers, settings, parameters and the main picture.

    text: edited source, or null. Its parameters come back too, since an edit may change what can be set.
    views: for each picture what its axes hold beside the data, or null, so that they stay as they are; may be missing.
    fresh: the page has none of the pictures that were drawn before.
    """
    from demos._run.run import describe, run
    from demos._show.axes import number
    from demos._show.colors import colored

    text = asked["text"]
    found = run(asked["demo"], asked["settings"], text)
    if asked["fresh"]:
        DRAWN.clear()
    LAST[:] = _seen(colored(found["show"]), asked.get("views") or [])
    return {
        "summary": found["summary"],
        "numbers": found["numbers"],
        "figures": [[name, number(value)] for name, value in found["numbers"].items()],
        "settings": found["settings"],
        "parameters": None if text is None else describe(asked["demo"], text)["parameters"],
        "count": len(LAST),
        "view": _changed(0) if LAST else None,
    }


def _seen(show: list[Json], views: list[Json | None]) -> list[Json]:
    """Pictures with the views that somebody asks for; what is no view is left out, as is one for no picture."""
    from demos._show.pictures import view_problems

    wanted = [view if view and not [*view_problems(view)] else None for view in views]
    wanted += [None] * len(show)
    return [{**item, "view": view} if view else item for item, view in zip(show, wanted, strict=False)]


def _draw(asked: Json) -> Json:
    """{"positions"} -> {"views"}, these pictures of the newest run."""
    return {"views": [_changed(position) for position in asked["positions"]]}


def _changed(position: int) -> Json | None:
    """A picture of the newest run, or None where it is the same as the page was given before."""
    item = LAST[position]
    if DRAWN.get(position) == item:
        return None
    DRAWN[position] = item
    return _view(item)


def _view(item: Json) -> Json:
    """{"html"}: a picture as HTML that is safe already. Of a drawing it is the frame, and "spec" says what to draw."""
    from demos._show.pictures import html, live_html, vega_lite

    spec = vega_lite(item, hover=False)
    return {"html": html(item)} if spec is None else {"html": live_html(item, spec), "spec": spec}


def _table(asked: Json) -> Json:
    """{"index"} -> {"html"}, the data of one picture of the newest run as a table."""
    from demos._show.pictures import table_html

    return {"html": table_html(LAST[asked["index"]])}


def _told(error: Exception, asked: Json) -> Json:
    """An error as the page tells it. Every demo says where it failed, and the line itself is quoted."""
    from demos._run.run import DemoFailed
    from demos._run.settings import BadSetting

    if isinstance(error, BadSetting):
        return {"kind": "setting", "message": error.message, "hint": error.hint}
    if not isinstance(error, DemoFailed):
        return {"kind": "failed", "message": f"{type(error).__name__}: {error}".rstrip(": ")}
    own = error.path == f"demos/{asked['demo']}.py"
    told = {"kind": "failed", "message": error.message, "hint": error.hint, "path": error.path, "line": error.line}
    return {**told, "own": own, "code": _line(error.path, error.line, asked["text"] if own else None)}


def _line(path: str, line: int | None, text: str | None) -> str:
    """One line of a file such as demos/neuron.py, or of the text that stands in for it."""
    from demos._run.source import DEMOS

    if not line:
        return ""
    lines = (text or (DEMOS.parent / path).read_text(encoding="utf-8")).splitlines()
    return lines[line - 1].strip() if line <= len(lines) else ""


DO: dict[str, Callable[[Json], Json | None]] = {"ready": _ready, "run": _run, "draw": _draw, "table": _table}
