"""What has to be changed in one picture of a page to make another one of it: attributes, texts, and parts made anew.

Pictures come as the HTML that demos/_show makes, which is well-formed. An operation is [node, name, value]: the place of
an element in document order, counted from the figure itself, which is 0; an attribute and its new value, or None where it
goes away. The name "" stands for the text of an element that holds nothing else, and "*" for all that is in an element,
as HTML. Places are those of the first picture, so operations can be done in any order.
"""

import html
import xml.etree.ElementTree as ET
from collections.abc import Iterator

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
    if base.root.tag != new.tag or not _alike(base.root, new):
        return None
    return list(_changes(base, base.root, new))


def _changes(base: Parsed, old: ET.Element, new: ET.Element) -> Iterator[Operation]:
    place = base.places[old]
    for name in [*old.attrib, *(name for name in new.attrib if name not in old.attrib)]:
        if old.get(name) != new.get(name):
            yield [place, _spelled(name), new.get(name)]
    if not _alike(old, new):
        yield [place, "*", _inside(new)]
    elif len(old):
        for below, beside in zip(old, new, strict=True):
            yield from _changes(base, below, beside)
    elif (old.text or "") != (new.text or ""):
        yield [place, "", new.text or ""]


def _alike(old: ET.Element, new: ET.Element) -> bool:
    """Whether two elements hold the same kinds of elements, with the same text between them."""
    if [below.tag for below in old] != [below.tag for below in new]:
        return False
    texts = [[element.text or "", *(below.tail or "" for below in element)] for element in (old, new)]
    return len(old) == 0 or texts[0] == texts[1]


def _inside(element: ET.Element) -> str:
    """What is in an element, as HTML that means the same inside an <svg> and outside."""
    parts = [html.escape(element.text or "", quote=False)]
    for below in element:
        name = below.tag.removeprefix(SVG)
        given = "".join(f' {_spelled(key)}="{html.escape(value)}"' for key, value in below.attrib.items())
        parts.append(f"<{name}{given}>{_inside(below)}</{name}>{html.escape(below.tail or '', quote=False)}")
    return "".join(parts)


def _spelled(name: str) -> str:
    for namespace, prefix in PREFIXES.items():
        name = name.replace(namespace, prefix)
    return name
