"""What a page does with the operations of a sweep, done here to compare what becomes of it."""

import xml.etree.ElementTree as ET

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"


def applied(base: str, operations: list[list]) -> ET.Element:
    """The picture that operations make of a base."""
    root = ET.fromstring(base)
    places, above = list(root.iter()), {below: element for element in root.iter() for below in element}
    for place, name, value in operations:
        element = places[place]
        if name == "":
            element.text = value
        elif name == "-":
            above[element].remove(element)
        elif name == "+":
            parent = above[element]
            behind = list(parent).index(element) + 1
            parent[behind:behind] = list(_inside(value, parent))
        elif name == "*":
            inside = _inside(value, element)
            element.text, element[:] = inside.text, list(inside)
        elif value is None:
            del element.attrib[name.replace("xlink:", f"{{{XLINK}}}")]
        else:
            element.set(name.replace("xlink:", f"{{{XLINK}}}"), value)
    return root


def _inside(markup: str, parent: ET.Element) -> ET.Element:
    space = f' xmlns="{SVG}"' if parent.tag.startswith(f"{{{SVG}}}") else ""
    return ET.fromstring(f'<inside{space} xmlns:xlink="{XLINK}">{markup}</inside>')


def same(one: ET.Element, other: ET.Element) -> bool:
    """Whether two trees are equal in everything that a reader or a program could see."""
    return (
        (one.tag, one.attrib, one.text or "", one.tail or "")
        == (other.tag, other.attrib, other.text or "", other.tail or "")
        and len(one) == len(other)
        and all(map(same, one, other))
    )
