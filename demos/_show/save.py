"""A run as a file: drawings as SVG or PNG, or everything as a page."""

import os
from collections.abc import Iterator
from pathlib import Path

from demos._show import pictures
from demos._show.axes import Json, number
from demos._show.colors import colored
from demos._show.html import cell, safe
from demos._show.sheet import PALETTE, css
from demos._show.svg import as_png, on_paper


def save(data: Json, path: str | Path) -> None:
    """Writes a run into a file; its ending says as what.

    .svg, .png: the drawings, one below the other.  .html: a page with everything, light or dark as the reader has it.
    Raises ValueError for another ending, and for an image of a run that has no drawing; FileNotFoundError where there
    is no such folder. The file appears only when it is whole.
    """
    path = Path(path)
    write = {".svg": _svg_file, ".png": _png_file, ".html": _html_file}.get(path.suffix.lower())
    if not write:
        ending = f"not {path.suffix}" if path.suffix else "and this name has no ending"
        raise ValueError(f"cannot write {path.name}: I can write .svg, .png or .html, {ending}")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"cannot write {path.name}: there is no folder {path.parent}")
    content = write(data)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _svg_file(data: Json) -> bytes:
    drawn = [item for item in colored(data["show"]) if pictures.is_drawn(item["type"])]
    if not drawn:
        raise ValueError(f"{data['demo']} shows no drawing, only text: save it as .html")
    return on_paper([pictures.drawing(item, title=True) for item in drawn]).encode()


def _png_file(data: Json) -> bytes:
    return as_png(_svg_file(data).decode())


def _html_file(data: Json) -> bytes:
    title = safe(data["demo"].replace("_", " ").capitalize())
    dark = " ".join(f"{name}: {both[1]};" for name, both in PALETTE.items())
    rules = [css(), f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n", pictures.style(), PAGE]
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>\n<style>\n{''.join(rules)}</style>\n</head>\n<body>\n<main>",
            f"<h1>{title}</h1>",
            *_html_head(data),
            *map(pictures.html, colored(data["show"])),
            "</main>\n</body>\n</html>\n",
        ]
    ).encode()


def _html_head(data: Json) -> Iterator[str]:
    """The settings, the sentence and the figures."""
    if data["settings"]:
        said = [f"{name.replace('_', ' ')} <b>{cell(value)}</b>" for name, value in data["settings"].items()]
        yield f'<p class="settings">{", ".join(said)}</p>'
    yield f"<p>{safe(data['summary'])}</p>"
    if data["numbers"]:
        rows = [f"<dt>{safe(name)}</dt><dd>{number(value)}</dd>" for name, value in data["numbers"].items()]
        yield f"<dl>{''.join(rows)}</dl>"


PAGE = """\
body { background: var(--tl-surface); color: var(--tl-ink); font: 1rem/1.55 system-ui, sans-serif; margin: 0; }
main { margin: 0 auto; max-width: 44rem; padding: 2rem 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
dl { display: grid; gap: .15rem 1.5rem; grid-template-columns: minmax(0, max-content) max-content; margin: 0 0 2rem; }
dt { color: var(--tl-muted); }
dd { font-variant-numeric: tabular-nums; margin: 0; text-align: right; }
.settings { color: var(--tl-muted); margin: 0 0 1rem; }
"""
