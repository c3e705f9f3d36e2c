"""What has to be changed in one picture of a page to make another one of it.

Pictures come as the HTML that demos/_show makes, which is well-formed. An operation is [node, name, value]. The node is
the place of an element in document order, counted from the figure itself, which is 0; places are those of the first
picture, whatever is done to it. The name says what is done:

    an attribute   it gets the value, or goes away where that is None
    ""             the element, which holds nothing else, gets this text
    "-"            the element goes away
    "+"            this HTML goes behind the element
    "*"            this HTML takes the place of all that is in the element
"""

import html
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence

Operation = list[int | str | None]
PREFIXES = {"{http://www.w3.org/1999/xlink}": "xlink:", "{http://www.w3.org/XML/1998/namespace}": "xml:"}
SVG = "{http://www.w3.org/2000/svg}"


class Parsed:
    """A picture that others are compared with."""

    def __init__(self, picture: str) -> None:
        self.root = ET.fromstring(picture)
        self.places = {element: place for place, element in enumerate(self.root.iter())}


def operations(base: Parsed, picture: str) -> list[Operation] | None:
    """What makes this picture of the base; None where nothing of the base can stay."""
    new = ET.fromstring(picture)
    if base.root.tag != new.tag:
        return None
    found = list(_changes(base, base.root, new))
    return None if any(place == 0 and name == "*" for place, name, _ in found) else found


def _changes(base: Parsed, old: ET.Element, new: ET.Element) -> Iterator[Operation]:
    place = base.places[old]
    for name in [*old.attrib, *(name for name in new.attrib if name not in old.attrib)]:
        if old.get(name) != new.get(name):
            yield [place, _spelled(name), new.get(name)]
    if not len(old) and not len(new):
        if (old.text or "") != (new.text or ""):
            yield [place, "", new.text or ""]
        return
    first, last = _alike(list(map(_kind, old)), list(map(_kind, new)))
    gone, come = old[first : len(old) - last], new[first : len(new) - last]
    between = _texts(old), _texts(new)
    if (come and not first) or (any(map(any, between)) and between[0] != between[1]):
        yield [place, "*", _inside(new)]
        return
    for below, beside in [*zip(old[:first], new[:first], strict=True), *_last(old, new, last)]:
        yield from _changes(base, below, beside)
    for below in gone:
        yield [base.places[below], "-", None]
    if come:
        yield [base.places[old[first - 1]], "+", "".join(map(_outside, come))]


def _last(old: ET.Element, new: ET.Element, count: int) -> Iterator[tuple[ET.Element, ET.Element]]:
    """The last elements of both, side by side."""
    return zip(old[len(old) - count :], new[len(new) - count :], strict=True)


def _alike(old: Sequence[object], new: Sequence[object]) -> tuple[int, int]:
    """How many are of the same kind from the front, and how many of the others from the back."""
    most = min(len(old), len(new))
    first = next((i for i in range(most) if old[i] != new[i]), most)
    last = next((i for i in range(most - first) if old[-1 - i] != new[-1 - i]), most - first)
    return first, last


LOOKS = ("fill", "stroke", "class", "stroke-dasharray", "font-size")


def _kind(element: ET.Element) -> tuple[str | None, ...]:
    """What tells the mark of one series from that of another, and both from a letter of the legend."""
    return (element.tag, "transform" if "transform" in element.attrib else "", *map(element.get, LOOKS))


def _texts(element: ET.Element) -> list[str]:
    """The text that stands in an element between others."""
    return [element.text or "", *(below.tail or "" for below in element)]


def _inside(element: ET.Element) -> str:
    """What is in an element, as HTML that means the same inside an <svg> and outside."""
    return html.escape(element.text or "", quote=False) + "".join(
        _outside(below) + html.escape(below.tail or "", quote=False) for below in element
    )


def _outside(element: ET.Element) -> str:
    name = element.tag.removeprefix(SVG)
    given = "".join(f' {_spelled(key)}="{html.escape(value)}"' for key, value in element.attrib.items())
    return f"<{name}{given}>{_inside(element)}</{name}>"


def _spelled(name: str) -> str:
    for namespace, prefix in PREFIXES.items():
        name = name.replace(namespace, prefix)
    return name
