"""LaTeX as MathML, of which only what can do no harm in a page is let through."""

import re
from functools import lru_cache
from html import unescape
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from generator.text.latex import NotShown, near_command, readable, what_does_not_match
from generator.text.mathml_mended import STYLES, mended


def entity(character: str) -> str:
    return f"&#{ord(character)};"


def formula(math: str) -> str:
    """`$…$` or `$$…$$` as MathML. The span keeps the engine from ending the paragraph at a line that starts with it.

    A formula on a line of its own scrolls where it is too wide, and takes the focus so that a keyboard can scroll it.
    A long formula in a line is written in pieces, between which the line may break.
    """
    latex, display = latex_of(math)
    whole = mathml(latex, display=display)
    if display:
        return f'<span class="tl-math tl-math-block" tabindex="0" role="group" aria-label="Formula">{whole}</span>'
    return "".join(f'<span class="tl-math">{piece}</span>' for piece in in_pieces(whole))


# Characters of a formula that fit on a line of the narrowest phone in any font: 320 pixels less the margins of a list
# in a page, at 17 pixels a character, which is a third wider than in the usual fonts.
LONGEST_PIECE = 14
_RELATIONS, _BETWEEN = set("=≈≠≡<>≤≥≪≫∼∝→←⇒∈"), set("+−-±·×,;")
_TAG = re.compile(r"<[^>]*>")
_NAMESPACE = "http://www.w3.org/1998/Math/MathML"


def in_pieces(whole: str) -> list[str]:
    """MathML of a line -> the same in pieces, if it is long. Browsers break no line inside of a formula.

    It is cut where TeX would break the line: after a relation, and after + − · × or a comma where the pieces are still
    long. Nothing is cut inside of a fraction, an index or brackets that grow with what is in them.
    """
    if len(unescape(_TAG.sub("", whole))) <= LONGEST_PIECE:
        return [whole]
    row = fromstring(whole.replace(f' xmlns="{_NAMESPACE}"', ""))[0]
    pieces = [part for long in _cut_after(_RELATIONS, list(row)) for part in _cut_after(_BETWEEN, long)]
    written = []
    for piece in pieces:
        math = Element("math", {"xmlns": _NAMESPACE, "display": "inline"})
        SubElement(math, "mrow").extend(piece)
        written.append(_inert(tostring(math, encoding="unicode")))
    return written


def _cut_after(signs: set[str], row: list[Element]) -> list[list[Element]]:
    """The row in pieces that end with one of the signs between two operands; a row that is short enough, as it is."""
    if len("".join("".join(element.itertext()) for element in row)) <= LONGEST_PIECE:
        return [row]
    pieces: list[list[Element]] = [[]]
    for before, element, after in zip([None, *row], row, [*row[1:], None], strict=False):
        pieces[-1].append(element)
        between = before is not None and after is not None and (before.tag != "mo" or before.text in (")", "]"))
        if between and element.tag == "mo" and element.text in signs:
            element.set("form", "infix")  # at the end of a piece it would be taken for a sign after its operand
            pieces.append([])
    return pieces


def latex_of(math: str) -> tuple[str, bool]:
    """What stands between the dollars, and whether they ask for a line of its own."""
    return (math[2:-2].strip(), True) if math.startswith("$$") else (math[1:-1].strip(), False)


# Every formula that was ever converted, since converting takes longest of all: (LaTeX, display) -> MathML. It holds
# less than the texts themselves; load/remembered.py keeps the formulas of unchanged files from one build to the next.
CONVERTED: dict[tuple[str, bool], str] = {}


def mathml(latex: str, *, display: bool = False) -> str:
    """LaTeX as MathML, in a form that Markdown passes on untouched. Raises ValueError, saying what is wrong with it."""
    key = (latex, display)
    if key not in CONVERTED:
        other = CONVERTED.get((latex, not display))
        if other is None or any(command in latex for command in _OTHERWISE_ON_A_LINE):
            CONVERTED[key] = _converted(latex, display)
        else:
            here, there = ("block", "inline") if display else ("inline", "block")
            CONVERTED[key] = other.replace(f' display="{there}"', f' display="{here}"', 1)
    return CONVERTED[key]


# The commands that the converter shows in another way on a line of their own. All else differs by one attribute.
_OTHERWISE_ON_A_LINE = (r"\sum", r"\prod", r"\mathchoice")


def _converted(latex: str, display: bool) -> str:
    from latex2mathml.converter import Converter  # slow to import, and not needed where every formula is known

    if not latex.strip():
        raise NotShown("the formula is empty", "write it or take it out")
    if refused := _NO_FORMULA.search(latex):
        if refused[0].startswith("&"):
            hint = "write the character itself, or a command of LaTeX for it"
            raise NotShown(f"the entity {refused[0]} is not allowed", hint)
        raise NotShown(f"the command {refused[0]} is not allowed", "write out what it stands for")
    try:
        tree = Converter(display="block" if display else "inline").convert_to_element(readable(latex))
        tree = mended(tree)
    except NotShown:
        raise
    except Exception as error:  # the converter raises many kinds, all meaning that this is not LaTeX it knows
        known = type(error).__module__.startswith("latex2mathml")
        said = re.sub(r"(?<!^)(?=[A-Z])", " ", type(error).__name__.removesuffix("Error")).lower()
        unread = said if known else "it can not be read", "see that each command has what it needs behind it, in braces"
        raise NotShown(*(what_does_not_match(latex) or _OF_THE_CONVERTER.get(said, unread))) from error
    written = _inert(_written(tree))
    if not "".join(tree.itertext()).strip():
        raise NotShown("the formula shows nothing", "write it or take it out")
    return written


_LACKS = "a fraction, root, bar or index lacks a part", r"write each part in braces, as in \frac{a}{b} or \sqrt{a}"
# What the converter calls it -> what an author is told.
_OF_THE_CONVERTER = {
    "denominator not found": _LACKS,
    "numerator not found": _LACKS,
    "missing super script or subscript": ("nothing stands behind a ^ or a _", "write what does, as in x^2 or x_i"),
    "double superscripts": ("two superscripts stand at one letter", "write x^{ab}, or {x^a}^b for a power of a power"),
    "double subscripts": ("two subscripts stand at one letter", "write both into one, as in x_{ij}"),
    "limits must follow math operator": (r"\limits follows no operator", r"write it behind one, as in \sum\limits_i"),
    "no available tokens": ("a command lacks what it is to stand on", r"write it in braces, as in \hat{y}"),
    "missing end": (r"a \begin is not ended", r"write \end with the same name behind it"),
    "extra left or missing right": (r"a \left has no \right", r"write \right. where nothing is to be shown there"),
}

# Commands that define others can make a page of a line, and characters by number could be any.
_NO_FORMULA = re.compile(
    r"\\(?:newcommand|renewcommand|newenvironment|def|DeclareMathOperator|unicode)(?![A-Za-z])|&(?:#\w+|\w{2,});"
)
# All that a formula may become. A color could hide it or pass for a control of the page, and so could a great length.
_ELEMENTS = {
    "math", "mrow", "mi", "mo", "mn", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "mover",
    "munder", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom",
}  # fmt: skip
_ATTRIBUTES = {
    "xmlns", "display", "mathvariant", "mathsize", "style", "stretchy", "fence", "form", "separator", "lspace",
    "rspace", "minsize", "maxsize", "symmetric", "largeop", "movablelimits", "accent", "accentunder", "scriptlevel",
    "displaystyle", "linethickness", "width", "height", "depth", "voffset",
}  # fmt: skip
_PLAIN = "take it out: a formula is signs alone, and the page says how it looks"
_COMMANDS = {"mathcolor": r"\color", "mathbackground": r"\colorbox"}  # what is written to get some of the others
_WORDS = re.compile(r"[A-Za-z -]*|http://www\.w3\.org/1998/Math/MathML")
_SHORT = re.compile(r"[+-]{0,2}(?:\d?(?:\.\d{1,4})?(?:em|ex)|\d{0,2}(?:\.\d{1,4})?(?:mu|pt|px)?)", re.ASCII)
# How many parts some elements have. The converter lets a fraction pass that has no denominator.
_PARTS_OF = {"mfrac": 2, "mroot": 2, "msup": 2, "msub": 2, "mover": 2, "munder": 2, "msubsup": 3, "munderover": 3}


def _inert(written: str) -> str:
    """The same with characters that mean something to Markdown as entities. Few formulas have any, and to look for them
    is much faster than str.translate()."""
    return _MARKS.sub(lambda match: entity(match[0]), written)


_MARKS = re.compile(r"[*_`\[\]\\|$~^]")


def _written(element: Element) -> str:
    """An element as ElementTree's tostring() writes it. Refuses what is no formula. All in one pass, since there are
    many formulas."""
    tag, text = element.tag, element.text or ""
    if text.startswith("\\") and tag in ("mi", "mo") and re.fullmatch(r"\\[A-Za-z]+", text):
        raise NotShown(f"the command {text} is not known", near_command(text))
    if tag == "mspace" and "mathbackground" in element.attrib:
        raise NotShown(r"the command \rule is not allowed", _PLAIN)
    if tag in _PARTS_OF and len(element) != _PARTS_OF[tag]:
        raise NotShown(*_LACKS)
    if tag not in _ELEMENTS:
        raise NotShown(f"the command \\{tag} is not allowed", _PLAIN)
    attributes = "".join([_attribute(name, value) for name, value in element.attrib.items()])
    inside = _escaped(text) + "".join([_written(child) for child in element])
    return f"<{tag}{attributes}>{inside}</{tag}>" if inside else f"<{tag}{attributes} />"


@lru_cache(maxsize=4096)  # a few dozen make up nearly all formulas
def _attribute(name: str, value: str) -> str:
    """An attribute as it is written, with a space before it. Raises NotShown where it is not allowed."""
    if name not in _ATTRIBUTES:
        raise NotShown(f"the command {_COMMANDS.get(name) or chr(92) + name} is not allowed", _PLAIN)
    if name == "style":
        if not STYLES.fullmatch(value):
            raise NotShown(r"the command \style is not allowed", _PLAIN)
    elif not _WORDS.fullmatch(value) and not all(map(_SHORT.fullmatch, value.split())):
        raise NotShown(f"the length {value} is no small number of em", r"write a short one, as in \hspace{0.5em}")
    value = _escaped(value)
    for space in "\t\n\r":  # a length may be broken at the end of a line
        value = value.replace(space, f"&#{ord(space):02};")
    return f' {name}="{value}"'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
