"""The Python end of a live demo. It runs in the browser's worker, and only text goes in and out: JSON both ways.

The demo itself is described, run and drawn by the same modules as in a terminal; this file only carries.
"""

import importlib
import json
import os
import sys

LAST = []  # the pictures of the newest run, for whoever opens their data


def answer(message):
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


def _ready(asked):
    """{"packages"}: files have changed, so forget what was imported from old ones, and import what every run needs."""
    importlib.invalidate_caches()
    for name in [name for name in sys.modules if name.partition(".")[0] == "demos"]:
        del sys.modules[name]
    for name in ["demos._run", "demos._view", *asked["packages"]]:
        importlib.import_module(name)


def _run(asked):
    """{"demo", "settings", "text"} -> summary, numbers (also as figures, written for people), settings and pictures.

    text: edited source, or null. Its parameters come back too, since an edit may change what can be set.
    """
    from demos import _axes, _run, _view

    text = asked.get("text")
    found = _run.run(asked["demo"], asked["settings"], text)
    LAST[:] = found["show"]
    return {
        "summary": found["summary"],
        "numbers": found["numbers"],
        "figures": [[name, _axes.number(value)] for name, value in found["numbers"].items()],
        "settings": found["settings"],
        "parameters": None if text is None else _run.describe(asked["demo"], text)["parameters"],
        "views": [_pictured(item, _view) for item in found["show"]],
    }


def _pictured(item, view):
    spec = view.vega_lite(item)
    return {
        "type": item["type"],
        "title": item["title"],
        "spec": spec and json.dumps(spec, allow_nan=False),  # text within text: compared before it is ever parsed
        "html": None if spec else view.html(item),
    }


def _table(asked):
    """{"index"} -> columns and rows of one picture of the newest run."""
    from demos import _view

    columns, rows = _view.table(LAST[asked["index"]])
    return {"columns": list(columns), "rows": [list(row) for row in rows]}


def _told(error, asked):
    """An error as the page tells it. Every demo says where it failed, and the line itself is quoted."""
    from demos import _run

    if isinstance(error, _run.BadSetting):
        return {"kind": "setting", "message": error.message, "hint": error.hint}
    if not isinstance(error, _run.DemoFailed):
        return {"kind": "failed", "message": f"{type(error).__name__}: {error}".rstrip(": ")}
    own = f"demos/{asked.get('demo')}.py"
    told = {"kind": "failed", "message": error.message, "hint": error.hint, "path": error.path, "line": error.line}
    told["own"] = error.path == own
    if error.line:
        text = asked.get("text") if told["own"] else None
        if text is None:
            with open(
                os.path.join(os.path.dirname(_run.__file__), os.path.pardir, error.path), encoding="utf-8"
            ) as file:
                text = file.read()
        lines = text.splitlines()
        told["code"] = lines[error.line - 1].strip() if error.line <= len(lines) else ""
    return told


DO = {"ready": _ready, "run": _run, "table": _table}
