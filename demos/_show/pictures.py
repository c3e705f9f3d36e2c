"""Every kind of picture, found by its name, and what can be done with one: check it, tell it, draw it, show it.

The kinds are the classes of the union `demos.Picture`. What belongs to one, such as Chart, stands in the module of its
name here, chart.py, and nothing else names it: a new kind is a class in demos/__init__.py and a module beside this one.
A picture comes as an `item`: plain data, the fields of its class and its "type", such as "chart". Such a module has

    problems(item)        what is wrong with it, a sentence each; no other function is asked about an item with problems
    table(item)           every value of it: names of columns, and rows
    lines(item, width)    what a terminal shows below the title; what is too wide is cut

and where the picture is drawn

    draw(item, width, title, hover)    its Vega-Lite specification, made on a sheet (sheet.py); see vega_lite() below
    contents(item)                     what is in the drawing, in words
    extent(item)                       where it has axes: their ends, {"x": [low, high], "y": …, "z": … of its colors}

or else, where a page is to show more than the table,

    inner_html(item)      what stands in its figure, safe and in one line (html.py)
    STYLE                 how the classes look that only this kind uses

A table whose first column names its rows says so with has_row_names(item). A kind of which too much can not be drawn
says with bounds(), in words, how much there may be.

An item may have a "view", of the same form as an extent: values that its axes hold beside the data, so that they stay
as they are while the data move. Nothing else of an item depends on it.

Nothing here knows a demo or the site. Only SVG and pixels need a package (vl-convert), so what makes them is imported
by the functions that make them, and so is what only a terminal needs: a live page loads neither.
"""

import importlib
import math
from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

import demos
from demos._show import html as pages
from demos._show.axes import Json, is_number, number, one_line
from demos._show.sheet import WIDTH, plot_attributes, svg_attributes

MOST_LETTERS = 300  # nobody reads more on a drawing; placing letters takes long, and what draws them is not ours

KINDS: dict[str, type] = {kind.__name__.lower(): kind for kind in get_args(demos.Picture)}


@cache
def module_of(kind: str) -> Any:
    """What belongs to a kind. Imported when a picture of that kind is met, so that a run waits for its own only."""
    return importlib.import_module(f"demos._show.{KINDS[kind].__name__.lower()}")


def is_drawn(kind: str) -> bool:
    """Whether pictures of this kind, such as "chart", are drawings, and not text."""
    return hasattr(module_of(kind), "draw")


# --- as data and as text ----------------------------------------------------------------------------------


def problems(item: Json) -> Iterator[str]:
    """What is wrong with a picture whose values are plain data, a sentence each."""
    if is_drawn(item["type"]):
        for where, text in _words(item, ""):
            if len(text) > MOST_LETTERS:
                yield f"{where} has {len(text):,} letters, and a drawing shows at most {MOST_LETTERS} of a word or line"
                return
    yield from module_of(item["type"]).problems(item)


def bounds(kind: str) -> str:
    """How much a picture of this kind may hold, in words: "at most 80 boxes and 120 arrows"; empty without a bound."""
    told = getattr(module_of(kind), "bounds", None)
    return str(told()) if told else ""


def _words(value: Any, where: str) -> Iterator[tuple[str, str]]:
    """Every text of a picture with the place where it stands, such as "series[0].name"."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for name, inside in value.items():
            yield from _words(inside, f"{where}.{name}".lstrip("."))
    elif isinstance(value, list) and not all(type(one) is float for one in value):  # most are long and hold no text
        for position, inside in enumerate(value):
            yield from _words(inside, f"{where}[{position}]")


def table(item: Json) -> tuple[list[str], list[list[Any]]]:
    """Every value of a picture as columns and rows; numbers stay numbers."""
    columns, rows = module_of(item["type"]).table(item)
    return [one_line(column) for column in columns], rows


def extent(item: Json) -> Json:
    """The ends of the axes of a picture, {"x": [low, high], "y": …, "z": …}; {} where it has none."""
    kind = module_of(item["type"])
    found: Json = kind.extent(item) if hasattr(kind, "extent") else {}
    return found


def view_problems(view: Any) -> Iterator[str]:
    """What is wrong with the view of a picture, a sentence each."""
    if not isinstance(view, dict) or not view.keys() <= {"x", "y", "z"}:
        yield "its view is more than ends of x, y and z"
        return
    for along, ends in view.items():
        if not (isinstance(ends, list) and len(ends) == 2 and all(map(is_number, ends))):
            yield f"its view of {along} is not two numbers"
        elif not (all(map(math.isfinite, ends)) and ends[0] <= ends[1]):
            yield f"its view of {along} does not go from a low to a high number"


def described(item: Json) -> str:
    """A drawing in a sentence, for who cannot see it."""
    contents = module_of(item["type"]).contents(item)
    return f"{KINDS[item['type']].__name__} “{one_line(item['title'])}” with {contents}."


def as_text(data: Json, width: int = 80) -> str:
    """A whole run: its sentence, its figures and its pictures, with no line wider than `width` columns."""
    from demos._show.columns import clip, columns, columns_of, fold

    width = max(width, 1)
    blocks = [fold(data["summary"], width)]
    if data["numbers"]:
        figures = [[one_line(name), number(value)] for name, value in data["numbers"].items()]
        blocks.append(columns_of(figures, ["left", "right"]))
    for item in data["show"]:
        title = fold(item["title"], width)
        blocks.append([*title, "─" * max(map(columns, title)), *module_of(item["type"]).lines(item, width)])
    lines = [line for block in blocks for line in [*block, ""]]
    return "\n".join(clip(line.rstrip(), width) for line in lines[:-1]) + "\n"


# --- drawn ------------------------------------------------------------------------------------------------


def vega_lite(item: Json, width: int = WIDTH, *, title: bool = False, hover: bool = True) -> Json | None:
    """The Vega-Lite specification of a picture, with its data inside, or None for a kind that is text.

    width: of the whole drawing, in pixels; a graph that needs more room takes it.  title: written into the drawing,
    for where no caption says it.  hover: with spots along the lines, unseen, that say their values under the pointer.
    """
    if not is_drawn(item["type"]):
        return None
    specification: Json = module_of(item["type"]).draw(item, width, title, hover)
    return specification


def drawing(item: Json, *, title: bool, name: str = "") -> tuple[Json, str]:
    """A picture as svg.py takes it: its specification and its name. Raises ValueError for one that is text.

    name: one that is known already; else it is made of the content, so that two drawings of a page have two.
    """
    from demos._show.svg import name_of

    specification = vega_lite(item, title=title, hover=False)
    if specification is None:
        drawn = ", a ".join(filter(is_drawn, KINDS))
        raise ValueError(f"a {item['type']} is text, and only a {drawn} is drawn")
    return specification, name or name_of([item, title])


def drawing_name(item: Json) -> str:
    """What names inside the drawing of a picture start with in a page."""
    from demos._show.svg import name_of

    return name_of([item, False])


def svg(item: Json, *, standalone: bool = False) -> str:
    """A chart, heatmap or graph as one line of SVG.

    In a page its colors are the variables of css(), its letters those of the page, its width that of its place, and
    its title is left to the caption. Standalone it has a title, colors of its own for light paper, and a size.
    Raises ValueError for a picture that is text.
    """
    from demos._show.svg import for_page, on_paper

    if standalone:
        return on_paper([drawing(item, title=True)])
    return for_page(*drawing(item, title=False), {"role": "img", "aria-label": described(item)})


def png(item: Json, scale: float = 2) -> bytes:
    """A chart, heatmap or graph as a PNG image on light paper, `scale` pixels of it to one of the SVG."""
    from demos._show.svg import as_png

    return as_png(svg(item, standalone=True), scale)


# --- in pages ---------------------------------------------------------------------------------------------


def html(item: Json, *, name: str = "") -> str:
    """A picture as one line of HTML: a figure with its caption, and for drawings their data as a table.

    Everything that comes from the picture is escaped. There is no line break in it, so that Markdown leaves it alone.
    name: that of a drawing of which this is another state. Names inside it are then the same, and its table is left
    out, so that the two differ only in what is seen.
    """
    kind = module_of(item["type"])
    if is_drawn(item["type"]):
        from demos._show.svg import for_page

        drawn = for_page(*drawing(item, title=False, name=name), {"aria-hidden": "true"})  # the frame says what it is
        inside = pages.drawing_frame(described(item), drawn, "" if name else table_html(item))
    else:
        inside = kind.inner_html(item) if hasattr(kind, "inner_html") else table_html(item)
    return pages.figure(item["type"], item["title"], inside)


def live_html(item: Json, specification: Json) -> str:
    """The same figure of a drawing with an empty <svg> and no table: a live page puts both in.

    specification: the one that the page is going to draw; it says how large the drawing becomes.
    """
    padding = specification["padding"]
    width = specification["width"] + padding["left"] + padding["right"]
    height = specification["height"] + padding["top"] + padding["bottom"]
    empty = pages.empty_drawing({**svg_attributes(width, height), **plot_attributes(specification)})
    return pages.figure(item["type"], item["title"], pages.drawing_frame(described(item), empty, ""))


def table_html(item: Json) -> str:
    """What table() gives, as HTML for a page, cut where it is long."""
    kind = module_of(item["type"])
    row_names = hasattr(kind, "has_row_names") and kind.has_row_names(item)
    return pages.table_html(item["title"] or item["type"], *table(item), row_names)


def style() -> str:
    """How the classes of html() look where nobody else says it; for pages of one's own after sheet.css()."""
    own = [getattr(module_of(kind), "STYLE", "") for kind in KINDS]
    return "".join([pages.STYLE, *own, pages.COLORS])
