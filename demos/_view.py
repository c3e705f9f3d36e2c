"""What a run found, for people: as a drawing, as a table, as a piece of a web page, as text, as a file.

Takes the plain data of `_run.py`: a run is {"demo", "settings", "summary", "numbers", "show"}, an item of "show" is a
picture with its "type". Nothing here knows a demo or the site.

    vega_lite(item)   a drawing as a Vega-Lite specification; the live page draws the same one
    svg(item)         the same drawn, to be put into a page or, standalone, into a file
    table(item)       what a picture shows, as columns and rows
    html(item)        the picture, and its data as a table, safe to put into a page
    as_text(data)     a whole run for a terminal
    save(data, path)  a whole run as .svg, .png or .html

Only what draws pixels or SVG uses a package (vl-convert); the rest needs the standard library alone.
"""

import hashlib
import html as escaping
import json
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from demos._axes import is_number, number, one_line
from demos._sheet import FONT, PALETTE, VEGA_LITE, WIDTH, css
from demos._text import as_text
from demos._vega import vega_lite

__all__ = ["PALETTE", "STYLE", "VEGA_LITE", "as_text", "css", "html", "png", "save", "svg", "table", "vega_lite"]

Json = dict[str, Any]

DRAWN = {"chart": "Chart", "heatmap": "Heatmap", "graph": "Graph"}
MOST_ROWS = 200  # of a table in a page
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"


# --- what a picture shows, as a table and as a sentence ---------------------------------------------------


def table(item: Json) -> tuple[list[str], list[list[Any]]]:
    """Every value of a picture as columns and rows; numbers stay numbers."""
    columns, rows = TABLES[item["type"]](item)
    return [one_line(column) for column in columns], rows


def _chart_table(item: Json) -> tuple[list[str], list[list[Any]]]:
    """One row per x where all series share theirs, or one per point of each series."""
    series, x, y = item["series"], item["x"] or "x", item["y"] or "y"
    labels = any(one["labels"] for one in series)
    shared = all(one["x"] == series[0]["x"] for one in series) and not labels
    if shared and series:
        names = [one["name"] for one in series] if len(series) > 1 else [item["y"] or series[0]["name"]]
        return [x, *names], [list(row) for row in zip(series[0]["x"], *(one["y"] for one in series), strict=True)]
    rows = []
    for one in series:
        beside = one["labels"] or [""] * len(one["x"])
        for a, b, label in zip(one["x"], one["y"], beside, strict=True):
            rows.append([one["name"], a, b, *([label] if labels else [])])
    return ["series", x, y, *(["label"] if labels else [])], rows


def _heatmap_table(item: Json) -> tuple[list[str], list[list[Any]]]:
    """The matrix itself where it has names; a plane, or one with something on top, as a list of places."""
    if _is_matrix(item):
        corner = f"{item['y']} \\ {item['x']}" if item["y"] and item["x"] else item["y"] or item["x"]
        columns = [corner, *map(number, item["columns"])]
        return columns, [[name, *row] for name, row in zip(item["rows"], item["values"], strict=True)]
    rows: list[list[Any]] = []
    for one in item["overlay"]:
        labels = one["labels"] or [""] * len(one["x"])
        rows += [[one["name"], a, b, label] for a, b, label in zip(one["x"], one["y"], labels, strict=True)]
    for down, line in zip(item["rows"], item["values"], strict=True):
        rows += [["cell", across, down, value] for across, value in zip(item["columns"], line, strict=True)]
    return ["what", item["x"] or "x", item["y"] or "y", "value"], rows


def _is_matrix(item: Json) -> bool:
    named = any(not is_number(name) for name in [*item["columns"], *item["rows"]])
    return named and not item["overlay"]


def _graph_table(item: Json) -> tuple[list[str], list[list[Any]]]:
    """One row per arrow, and one for every box that no arrow touches."""
    labels = {node["name"]: ", ".join(str(node["label"] or node["name"]).splitlines()) for node in item["nodes"]}
    shown = {
        name: f"{label} ({name})" if [*labels.values()].count(label) > 1 else label for name, label in labels.items()
    }
    rows = [[shown[e["source"]], shown[e["target"]], e["label"], e["weight"]] for e in item["edges"]]
    linked = {edge[end] for edge in item["edges"] for end in ("source", "target")}
    return ["from", "to", "label", "weight"], rows + [[shown[name], "", "", ""] for name in shown if name not in linked]


def _tokens_table(item: Json) -> tuple[list[str], list[list[Any]]]:
    if not item["notes"]:
        return ["piece"], [[piece] for piece in item["pieces"]]
    return ["piece", "note"], [list(row) for row in zip(item["pieces"], item["notes"], strict=True)]


TABLES: dict[str, Callable[[Json], tuple[list[str], list[list[Any]]]]] = {
    "chart": _chart_table,
    "heatmap": _heatmap_table,
    "graph": _graph_table,
    "tokens": _tokens_table,
    "table": lambda item: (list(item["columns"]), [list(row) for row in item["rows"]]),
    "trace": lambda item: (["who", "text"], [[step["who"], step["text"]] for step in item["steps"]]),
}


def described(item: Json) -> str:
    """A drawing in a sentence, for who cannot see it."""
    if item["type"] == "graph":
        said = [f"{_count(item['nodes'], 'box', 'boxes')} and {_count(item['edges'], 'arrow', 'arrows')}"]
    else:
        series = item["series"] if item["type"] == "chart" else item["overlay"]
        shown = [f"{one_line(one['name'])} ({one['mark']}, {_count(one['x'], 'value', 'values')})" for one in series]
        if item["type"] == "heatmap":
            shown.insert(0, f"{_count(item['rows'], 'row', 'rows')} of {_count(item['columns'], 'cell', 'cells')}")
        said = [", ".join(shown)]
        said += [f"{way}: {one_line(item[axis])}" for way, axis in (("across", "x"), ("up", "y")) if item[axis]]
    return f"{DRAWN[item['type']]} “{one_line(item['title'])}” with {'; '.join(said)}."


def _count(things: list[Any], one: str, several: str) -> str:
    return f"{len(things)} {one if len(things) == 1 else several}"


# --- drawings ---------------------------------------------------------------------------------------------


def svg(item: Json, *, standalone: bool = False) -> str:
    """A chart, heatmap or graph as one line of SVG.

    In a page its colors are the variables of css(), its letters those of the page, its width that of its place, and
    its title is left to the caption. Standalone it has a title, colors of its own for light paper, and a size.
    Raises ValueError for a picture that is not a drawing.
    """
    root = _draw(item, title=standalone)
    if standalone:
        return _on_paper([root])
    root.attrib |= {"role": "img", "aria-label": described(item)}
    return _written(root)


def png(item: Json, scale: float = 2) -> bytes:
    """A chart, heatmap or graph as a PNG image on light paper, `scale` pixels of it to one of the SVG."""
    return _pixels(svg(item, standalone=True), scale)


def _pixels(drawing: str, scale: float) -> bytes:
    import vl_convert

    return bytes(vl_convert.svg_to_png(drawing, scale=scale))


def _draw(item: Json, title: bool) -> ET.Element:
    """The drawing as a tree, cleaned of what only a live chart needs, with names that are nobody else's."""
    import vl_convert

    specification = vega_lite(item, title=title, hover=False)
    if specification is None:
        raise ValueError(f"a {item['type']} is text, and only a {', a '.join(DRAWN)} is drawn")
    root = ET.fromstring(vl_convert.vegalite_to_svg(specification, vl_version=VEGA_LITE))
    width, height = (float(root.attrib[side]) for side in ("width", "height"))
    content = json.dumps([item, title], sort_keys=True, ensure_ascii=True)
    _name_apart(root, "tl-" + hashlib.sha256(content.encode()).hexdigest()[:10])
    _clean(root)
    # A little larger than drawn where there is room; what needed more than the usual width scrolls before it shrinks.
    wide = f"min-width:{0.8 * width:.0f}px;" if width > WIDTH else ""
    style = f"width:100%;{wide}max-width:{1.25 * width:.0f}px;height:auto"
    root.attrib.clear()
    root.attrib |= {"viewBox": f"0 0 {width:g} {height:g}", "class": "tl-svg", "style": style}
    return root


def _name_apart(root: ET.Element, prefix: str) -> None:
    """Names inside a drawing, and what points at them, from its content: several drawings share a page."""
    names = {element.attrib["id"]: f"{prefix}-{index}" for index, element in enumerate(root.iterfind(".//*[@id]"))}
    for element in root.iter():
        for attribute, value in element.attrib.items():
            if attribute == "id":
                element.attrib[attribute] = names[value]
            else:
                element.attrib[attribute] = re.sub(r"url\(#([^)]+)\)", lambda at: f"url(#{names[at[1]]})", value)


UNUSED = {
    *("class", "role", "aria-hidden", "aria-roledescription", "aria-label", "pointer-events", "font-family", "version"),
}
USUAL = {
    *(("opacity", "1"), ("fill-opacity", "1"), ("stroke-dasharray", ""), ("font-weight", "normal")),
    *(("stroke-miterlimit", "10"), ("transform", "translate(0,0)"), ("y2", "0"), ("x2", "0")),
}


def _clean(element: ET.Element) -> None:
    """Away with what shows nothing; numbers to two decimals; neighbors that look the same become one path."""
    for name, value in list(element.attrib.items()):
        if name in UNUSED or (name, value) in USUAL:
            del element.attrib[name]
        elif name in ("fill", "stroke", "stop-color"):
            element.attrib[name] = re.sub(r"rgb\((\d+), (\d+), (\d+)\)", _as_hex, value)
        else:
            element.attrib[name] = re.sub(r"-?\d+\.\d+(e-?\d+)?", _rounded, value)
    kept: list[ET.Element] = []
    for child in list(element):
        _clean(child)
        tag = child.tag.removeprefix(f"{{{SVG}}}")
        unseen = tag == "path" and not child.attrib.get("fill") and not child.attrib.get("stroke")
        if (unseen and not element.tag.endswith("clipPath")) or (tag in ("g", "defs") and not len(child)):
            continue
        for one in list(child) if tag == "g" and not child.attrib else [child]:
            if kept and _looks(kept[-1]) == _looks(one) is not None:
                kept[-1].attrib["d"] += one.attrib["d"]
            else:
                kept.append(one)
    element[:] = kept


def _rounded(figure: re.Match[str]) -> str:
    text = f"{float(figure[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _as_hex(rgb: re.Match[str]) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in rgb.groups())


def _looks(element: ET.Element) -> dict[str, str] | None:
    """How a filled path looks, or None for what must stay by itself."""
    look = {name: value for name, value in element.attrib.items() if name != "d"}
    alone = not element.tag.endswith("}path") or look.keys() != {"fill"}
    return None if alone else look


def _written(root: ET.Element) -> str:
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)  # a plain href on an image breaks the theme's navigation
    return " ".join(ET.tostring(root, encoding="unicode").split("\n"))


def _on_paper(drawings: list[ET.Element]) -> str:
    """Drawings one below the other on light paper, with concrete colors and letters."""
    sizes = [tuple(map(float, drawing.attrib["viewBox"].split()[2:])) for drawing in drawings]
    margin, gap = 16, 28
    width = max(wide for wide, _ in sizes) + 2 * margin
    height = sum(high for _, high in sizes) + gap * (len(sizes) - 1) + 2 * margin
    look = {"width": f"{width:g}", "height": f"{height:g}", "viewBox": f"0 0 {width:g} {height:g}", "font-family": FONT}
    sheet = ET.Element(f"{{{SVG}}}svg", look)
    ET.SubElement(sheet, f"{{{SVG}}}rect", {"width": "100%", "height": "100%", "fill": "var(--tl-surface)"})
    top = float(margin)
    for drawing, (wide, high) in zip(drawings, sizes, strict=True):
        drawing.attrib = {"x": f"{margin}", "y": f"{top:g}", "width": f"{wide:g}", "height": f"{high:g}",
                          "viewBox": drawing.attrib["viewBox"]}  # fmt: skip
        sheet.append(drawing)
        top += high + gap
    return re.sub(r"var\((--tl-\w+)\)", lambda name: PALETTE[name[1]][0], _written(sheet))


# --- pages ------------------------------------------------------------------------------------------------


def html(item: Json) -> str:
    """A picture as one line of HTML: a figure with its caption, and for drawings their data as a table.

    Everything that comes from the picture is escaped. There is no line break in it, so that Markdown leaves it alone.
    """
    title = _safe(item["title"])
    caption = f"<figcaption>{title}</figcaption>" if item["title"] else ""
    return f'<figure class="tl-figure tl-{item["type"]}">{caption}{FIGURES[item["type"]](item)}</figure>'


def _safe(text: Any) -> str:
    """Text for HTML, line breaks included; control characters become signs."""
    lines = [one_line(line) for line in str(text).splitlines()]
    return "&#10;".join(escaping.escape(line) for line in lines)


def _drawing_html(item: Json) -> str:
    label = _safe(described(item))
    root = _draw(item, title=False)
    root.attrib["aria-hidden"] = "true"  # the frame around it says what it is
    picture = f'<div class="tl-picture" role="img" aria-label="{label}">{_written(root)}</div>'
    return f'{picture}<details class="tl-data"><summary>Data as a table</summary>{_table_html(item)}</details>'


def _table_html(item: Json) -> str:
    columns, rows = table(item)
    numeric = [bool(rows) and all(is_number(row[i]) or row[i] == "" for row in rows) for i in range(len(columns))]
    look = [' class="tl-number"' if is_numeric else "" for is_numeric in numeric]
    heads = "".join(f'<th scope="col"{kind}>{_safe(name)}</th>' for name, kind in zip(columns, look, strict=True))
    lines = []
    for row in rows[:MOST_ROWS]:
        cells = [f"<td{kind}>{_cell(value)}</td>" for value, kind in zip(row, look, strict=True)]
        if item["type"] == "heatmap" and _is_matrix(item):
            cells[0] = f'<th scope="row">{_cell(row[0])}</th>'
        lines.append(f"<tr>{''.join(cells)}</tr>")
    more = len(rows) - MOST_ROWS
    rest = (
        f"<p>The first {MOST_ROWS} rows; {more:,} more {'is' if more == 1 else 'are'} left out.</p>" if more > 0 else ""
    )
    body = f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    name = _safe(item["title"] or item["type"])
    return f'<div class="tl-scroll" tabindex="0" role="group" aria-label="Table: {name}">{body}</div>{rest}'


def _cell(value: Any) -> str:
    return _safe(value) if isinstance(value, str) else number(value)


def _tokens_html(item: Json) -> str:
    """A span per piece. Spaces stay spaces, so that a copied text is the text; a style makes them visible."""
    notes = [f'<small class="tl-note">{_cell(note)}</small>' for note in item["notes"]] or [""] * len(item["pieces"])
    spans = []
    for index, (piece, note) in enumerate(zip(item["pieces"], notes, strict=True)):
        shown = "".join(_visible(part) for part in re.split(r"(\s)", piece))
        kind = f"tl-token tl-token-{index % 6}"
        spans.append(f'<span class="{kind}"><span class="tl-piece">{shown}</span>{note}</span>')
    return f'<div class="tl-pieces">{"".join(spans)}</div>'


def _visible(part: str) -> str:
    if part == " ":
        return '<span class="tl-space"> </span>'
    return f'<span class="tl-break">{one_line(part)}</span>' if part.isspace() else _safe(part)


def _trace_html(item: Json) -> str:
    steps = [
        f'<li><b class="tl-who">{_safe(step["who"])}</b> <span class="tl-said">{_safe(step["text"])}</span></li>'
        for step in item["steps"]
    ]
    return f'<ol class="tl-steps">{"".join(steps)}</ol>'


FIGURES: dict[str, Callable[[Json], str]] = {
    "chart": _drawing_html,
    "heatmap": _drawing_html,
    "graph": _drawing_html,
    "table": _table_html,
    "tokens": _tokens_html,
    "trace": _trace_html,
}

# How the classes above look where nobody else says it; for pages of one's own after css().
STYLE = """\
.tl-figure { margin: 0 0 2rem; }
.tl-figure figcaption { font-weight: 600; margin: 0 0 .5rem; max-width: none; text-align: left; }
.tl-picture { overflow-x: auto; }
.tl-svg { display: block; }
.tl-data { margin-top: .5rem; }
.tl-data summary { color: var(--tl-muted); cursor: pointer; }
.tl-scroll { max-width: 100%; max-height: 24rem; overflow: auto; }
.tl-scroll table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.tl-scroll :is(th, td) { border-bottom: 1px solid var(--tl-grid); padding: .3rem .8rem .3rem 0; text-align: left; }
.tl-scroll td { white-space: pre-line; }
.tl-scroll :is(th, td).tl-number { text-align: right; }
.tl-pieces { display: flex; flex-wrap: wrap; gap: .5rem .25rem; }
.tl-token { display: inline-flex; flex-direction: column; align-items: center; }
.tl-piece { border-bottom: 2px solid; border-radius: 3px; font-family: ui-monospace, monospace; padding: .1rem .25rem; }
.tl-piece { white-space: pre-wrap; }
.tl-note { color: var(--tl-muted); }
.tl-space { position: relative; }
.tl-space::before { content: "·"; color: var(--tl-muted); inset: 0; position: absolute; text-align: center; }
.tl-break { color: var(--tl-muted); }
.tl-steps { list-style: none; margin: 0; padding: 0; }
.tl-steps li { border-left: 3px solid var(--tl-grid); margin: 0 0 .6rem; padding: .1rem 0 .1rem .8rem; }
.tl-who { color: var(--tl-muted); display: block; font-weight: 600; }
.tl-said { overflow-wrap: anywhere; white-space: pre-wrap; }
""" + "".join(
    f".tl-token-{i} .tl-piece {{ background: color-mix(in srgb, var(--tl-{i + 1}) 16%, transparent); "
    f"border-color: var(--tl-{i + 1}); }}\n"
    for i in range(6)
)


# --- files ------------------------------------------------------------------------------------------------


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
    drawn = [item for item in data["show"] if item["type"] in DRAWN]
    if not drawn:
        raise ValueError(f"{data['demo']} shows no drawing, only text: save it as .html")
    return _on_paper([_draw(item, title=True) for item in drawn]).encode()


def _png_file(data: Json) -> bytes:
    return _pixels(_svg_file(data).decode(), 2)


def _html_file(data: Json) -> bytes:
    title = _safe(data["demo"].replace("_", " ").capitalize())
    dark = " ".join(f"{name}: {both[1]};" for name, both in PALETTE.items())
    rules = [css(), f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n", STYLE, PAGE]
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>\n<style>\n{''.join(rules)}</style>\n</head>\n<body>\n<main>",
            f"<h1>{title}</h1>",
            *_html_head(data),
            *map(html, data["show"]),
            "</main>\n</body>\n</html>\n",
        ]
    ).encode()


def _html_head(data: Json) -> Iterator[str]:
    """The settings, the sentence and the figures."""
    if data["settings"]:
        said = [f"{name.replace('_', ' ')} <b>{_cell(value)}</b>" for name, value in data["settings"].items()]
        yield f'<p class="settings">{", ".join(said)}</p>'
    yield f"<p>{_safe(data['summary'])}</p>"
    if data["numbers"]:
        rows = [f"<dt>{_safe(name)}</dt><dd>{number(value)}</dd>" for name, value in data["numbers"].items()]
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
