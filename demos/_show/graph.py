"""A graph: boxes and arrows. Where they go is the business of graph_layout.py."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from demos._show.axes import Json, Shape, number, one_line
from demos._show.counted import counted
from demos._show.graph_layout import Arrow, GraphLayout, Point, graph_layout
from demos._show.marks import SIX_DIGITS
from demos._show.sheet import INK, MUTED, SERIES, SURFACE, Sheet, style_of, text_width, wrap

# --- what it must be ----------------------------------------------------------------------------------------

MOST_NODES, MOST_EDGES = 80, 120  # nobody follows more, and to find a way for every arrow takes seconds


def problems(item: Json) -> Iterator[str]:
    """More than can be followed, names that two nodes share, and edges that lead nowhere."""
    for field, called, most in (("nodes", "boxes", MOST_NODES), ("edges", "arrows", MOST_EDGES)):
        if len(item[field]) > most:
            yield f"it has {len(item[field]):,} {called}, and a graph shows at most {most}"
            return
    if not item["nodes"]:
        yield "it has no boxes"
    known = [node["name"] for node in item["nodes"]]
    for name in sorted({name for name in known if known.count(name) > 1}):
        yield f"two nodes are called '{name}'"
    for edge in item["edges"]:
        for end in (edge["source"], edge["target"]):
            if end not in known:
                yield f"the edge from '{edge['source']}' to '{edge['target']}' needs a node '{end}', which is not there"


def bounds() -> str:
    """How much it may hold, in words."""
    return f"at most {MOST_NODES} boxes and {MOST_EDGES} arrows"


# --- as a table and in words --------------------------------------------------------------------------------


def table(item: Json) -> tuple[list[str], list[list[Any]]]:
    """One row per arrow, and one for every box that no arrow touches."""
    labels = {node["name"]: ", ".join(str(node["label"] or node["name"]).splitlines()) for node in item["nodes"]}
    shown = {
        name: f"{label} ({name})" if [*labels.values()].count(label) > 1 else label for name, label in labels.items()
    }
    rows = [[shown[e["source"]], shown[e["target"]], e["label"], e["weight"]] for e in item["edges"]]
    linked = {edge[end] for edge in item["edges"] for end in ("source", "target")}
    return ["from", "to", "label", "weight"], rows + [[shown[name], "", "", ""] for name in shown if name not in linked]


def contents(item: Json) -> str:
    """How many boxes and arrows it has."""
    return f"{counted(len(item['nodes']), 'box')} and {counted(len(item['edges']), 'arrow')}"


# --- drawn --------------------------------------------------------------------------------------------------


def draw(item: Json, width: int, title: bool, hover: bool) -> Json:
    """Boxes over arrows, as thick as their weights."""
    layout = graph_layout(item, width, text_width)
    sheet = Sheet(left=0, right=0)
    sheet.width, sheet.height, sheet.top, sheet.bottom = layout.width, layout.height, 8 if title else 0, 0
    signs = [Shape(f"{sign} weight", "line", i, i, SERIES[i]) for i, sign in enumerate(("positive", "negative"))]
    plain = all(arrow.weight == 1 for arrow in layout.arrows)
    for sign, negative in zip(signs, (False, True), strict=True):
        look = {**style_of(sign), "strokeWidth": "datum.thick"} | ({"stroke": MUTED} if plain else {})
        _draw_arrows(sheet, layout, [arrow for arrow in layout.arrows if (arrow.weight < 0) == negative], look, plain)
    _draw_boxes(sheet, layout)
    labels = [
        {"x": arrow.label_at[0], "y": arrow.label_at[1] + layout.size * 0.35, "text": arrow.label}
        for arrow in layout.arrows
        if arrow.label
    ]
    sheet.write_with_halo(labels, layout.size, "center")
    if any(arrow.weight < 0 for arrow in layout.arrows):
        sheet.top += 8
        sheet.legend(signs, layout.width - 4)
    return sheet.specification(wrap(item["title"], layout.width - 8, 15, bold=True) if title else [])


def _draw_arrows(sheet: Sheet, layout: GraphLayout, arrows: Sequence[Arrow], look: Json, plain: bool) -> None:
    """Arrows of one color, as thick as their weights."""
    heaviest = max((abs(arrow.weight) for arrow in layout.arrows), default=0) or 1
    shown = {box.name: " ".join(box.lines) for box in layout.boxes}
    bodies, heads = [], []
    for index, arrow in enumerate(arrows):
        thick = 1.6 if plain else round(0.8 + 4 * abs(arrow.weight) / heaviest, 2)
        row = {"arrow": index, "thick": thick, "from": shown[arrow.source], "to": shown[arrow.target]}
        row |= {"label": arrow.label, "weight": arrow.weight}
        body, head = _arrow_head(arrow.path, 6 + 1.6 * thick)
        bodies += [{**row, "x": x, "y": y, "order": order} for order, (x, y) in enumerate(body)]
        heads.append({**row, **head})
    if bodies:
        told = ["from", "to"] + ["label"] * any(arrow.label for arrow in arrows)
        tips: list[Json] = [{"field": name, "title": name} for name in told]
        tips += [] if plain else [{"field": "weight", "title": "weight", "format": SIX_DIGITS}]
        encoding = {"detail": {"field": "arrow"}, "order": {"field": "order", "type": "quantitative"}, "tooltip": tips}
        sheet.add("line", bodies, encoding, x="datum.x", y="datum.y", **look)
        triangle: Json = {"shape": "M0,0L-2,0.9L-2,-0.9Z", "size": "datum.size", "angle": "datum.angle", "filled": True}
        sheet.add(
            "point",
            heads,
            {"tooltip": tips},
            x="datum.x",
            y="datum.y",
            fill=look["stroke"],
            strokeWidth=0,
            opacity=1,
            **triangle,
        )


def _arrow_head(path: Sequence[Point], length: float) -> tuple[list[Point], Json]:
    """The path up to its head, so that a thick line does not stick out beyond the tip, and the head."""
    tip = path[-1]
    body = [point for point in path[:-1] if math.dist(point, tip) > length] or [path[0]]
    before = body[-1]
    share = min(1, 0.8 * length / (math.dist(before, tip) or 1))
    foot = (tip[0] + (before[0] - tip[0]) * share, tip[1] + (before[1] - tip[1]) * share)
    angle = math.degrees(math.atan2(tip[1] - before[1], tip[0] - before[0]))
    return [*body, foot], {"x": tip[0], "y": tip[1], "angle": angle, "size": length**2}


def _draw_boxes(sheet: Sheet, layout: GraphLayout) -> None:
    corners = [
        {"x": b.x - b.width / 2, "x2": b.x + b.width / 2, "y": b.y - b.height / 2, "y2": b.y + b.height / 2}
        for b in layout.boxes
    ]
    place = {"x": "datum.x", "x2": "datum.x2", "y": "datum.y", "y2": "datum.y2"}
    sheet.add("rect", corners, None, **place, cornerRadius=5, fill=SURFACE, stroke=MUTED, strokeWidth=1.3)
    for box in layout.boxes:
        for index, line in enumerate(box.lines):
            y = box.y + (index - (len(box.lines) - 1) / 2) * layout.size * 1.3 + layout.size * 0.35
            weight = 600 if index == 0 and len(box.lines) > 1 else "normal"
            color = MUTED if index else INK
            sheet.write(box.x, y, line, align="center", size=layout.size, weight=weight, color=color)


# --- in a terminal ------------------------------------------------------------------------------------------


def lines(item: Json, width: int) -> list[str]:
    """The boxes that say more than a name, then one arrow a line."""
    from demos._show.columns import fold

    labels = {node["name"]: [one_line(line) for line in str(node["label"]).splitlines()] for node in item["nodes"]}
    short = {name: lines[0] if lines and lines[0] else one_line(name) for name, lines in labels.items()}
    told_apart = {name: text if [*short.values()].count(text) == 1 else one_line(name) for name, text in short.items()}
    linked = {edge[end] for edge in item["edges"] for end in ("source", "target")}
    lines = []
    for name, text in told_apart.items():
        more = [line for line in labels[name] if line != text]
        if more or name not in linked:
            lines += fold(f"{text}: {', '.join(more)}" if more else text, width, "  ")
    weighted = any(edge["weight"] != 1 for edge in item["edges"])
    for edge in item["edges"]:
        said = [one_line(edge["label"])] if edge["label"] else []
        said += [number(edge["weight"])] if weighted and not _is_figure(edge["label"]) else []
        arrow = f"-- {', '.join(said)} -->" if said else "-->"
        lines += fold(f"{told_apart[edge['source']]} {arrow} {told_apart[edge['target']]}", width, "  ")
    return lines


def _is_figure(label: str) -> bool:
    """True where the label says the weight already, perhaps rounded."""
    try:
        return math.isfinite(float(label.replace("−", "-")))
    except ValueError:
        return False
