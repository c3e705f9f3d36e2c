"""LaTeX as MathML, of which only what can do no harm in a page is let through."""

import re
from html import unescape
from xml.etree.ElementTree import Element, tostring


def entity(character: str) -> str:
    return f"&#{ord(character)};"


def formula(math: str) -> str:
    """`$…$` or `$$…$$` as MathML. The span keeps the engine from ending the paragraph at a line that starts with it."""
    latex, display = latex_of(math)
    return f'<span class="tl-math{" tl-math-block" if display else ""}">{mathml(latex, display=display)}</span>'


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
        CONVERTED[key] = _converted(latex, display)
    return CONVERTED[key]


def _converted(latex: str, display: bool) -> str:
    from latex2mathml.converter import Converter  # slow to import, and not needed where every formula is known

    if latex.count("{") - latex.count(r"\{") != latex.count("}") - latex.count(r"\}"):
        raise ValueError("the braces do not match")
    if refused := _NO_FORMULA.search(latex):
        what = "the command" if refused[0].startswith("\\") else "the entity"
        raise ValueError(f"{what} {refused[0]} is not allowed")
    try:
        tree = Converter(display="block" if display else "inline").convert_to_element(latex)
    except Exception as error:  # the converter raises many kinds, all meaning that this is not LaTeX it knows
        known = type(error).__module__.startswith("latex2mathml")
        said = re.sub(r"(?<!^)(?=[A-Z])", " ", type(error).__name__.removesuffix("Error")).lower()
        raise ValueError(said if known else "it can not be read") from error
    for element in tree.iter():
        _tidy(element)
    return tostring(tree, encoding="unicode").translate(_INERT)


# Commands that define others can make a page of a line, and characters by number could be any.
_NO_FORMULA = re.compile(
    r"\\(?:newcommand|renewcommand|newenvironment|def|DeclareMathOperator|unicode)(?![A-Za-z])|&(?:#\w+|\w{2,});"
)

# All that a formula may become. A color could hide it or pass for a control of the page, and so could a great length.
_ELEMENTS = re.compile(
    "math|mrow|mi|mo|mn|mtext|mspace|mfrac|msqrt|mroot|msub|msup|msubsup|mover|munder|munderover|mtable|mtr|mtd|mstyle"
    "|mpadded|mphantom|menclose"
)

_ATTRIBUTES = re.compile(
    "xmlns|display|mathvariant|mathsize|stretchy|fence|form|separator|lspace|rspace|minsize|maxsize|symmetric|largeop"
    "|movablelimits|accent|accentunder|scriptlevel|displaystyle|columnalign|columnspacing|rowspacing|rowlines"
    "|columnlines|linethickness|width|height|depth|voffset|notation"
)

_COMMANDS = {"mathcolor": r"\color", "mathbackground": r"\colorbox"}  # what is written to get some of the others

_WORDS = re.compile(r"[A-Za-z -]*|http://www\.w3\.org/1998/Math/MathML")

_SHORT = re.compile(r"[+-]{0,2}(?:\d?(?:\.\d{1,4})?(?:em|ex)|\d{0,2}(?:\.\d{1,4})?(?:mu|pt|px)?)", re.ASCII)

# How many parts some elements have. The converter lets a fraction pass that has no denominator.
_PARTS_OF = {"mfrac": 2, "mroot": 2, "msup": 2, "msub": 2, "mover": 2, "munder": 2, "msubsup": 3, "munderover": 3}

# Characters that mean something to Markdown, as entities.
_INERT = {ord(character): entity(character) for character in "*_`[]\\|$~^"}


def _tidy(element: Element) -> None:
    """Real characters for the converter's entities, so that text is escaped once; refuses what is no formula."""
    text = element.text = unescape(element.text or "")
    if element.tag in ("mi", "mo") and re.fullmatch(r"\\[A-Za-z]+", text):
        raise ValueError(f"the command {text} is not known")
    if len(element) != _PARTS_OF.get(element.tag, len(element)):
        raise ValueError("a fraction, root, bar or index lacks a part")
    if not _ELEMENTS.fullmatch(element.tag):
        raise ValueError(f"the command \\{element.tag} is not allowed")
    for attribute, value in element.attrib.items():
        if not _ATTRIBUTES.fullmatch(attribute):
            raise ValueError(f"the command {_COMMANDS.get(attribute) or chr(92) + attribute} is not allowed")
        if not _WORDS.fullmatch(value) and not all(map(_SHORT.fullmatch, value.split())):
            raise ValueError(f"the length {value} is no small number of em")
