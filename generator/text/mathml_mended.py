"""MathML of the converter, mended so that Chromium, Firefox and WebKit show the same, and what LaTeX means.

No engine knows all of MathML 3, and what each leaves out differs. Alike in all are letters of Unicode for bold,
double-struck and other letters, borders and alignment as styles, and `mathvariant="normal"`. What can be said by these
is said by these; what can not, such as a line through a formula, is refused with what to write instead.
"""

import re
import unicodedata
from functools import lru_cache
from html import unescape
from xml.etree.ElementTree import Element

from generator.text.latex import NotShown, as_meant, name_as_meant

# Everything that a style in a formula may say: no more than what is written below.
STYLES = re.compile(
    r"(?:margin-left:-\d{0,2}(?:\.\d{1,4})?(?:em|ex|pt|px)"
    r"|border(?:-(?:top|bottom|left|right))?:0\.06em (?:solid|dashed)"
    r"|padding(?:-(?:top|bottom|left|right))?:(?:0|0\.\d{1,2}em)|text-align:(?:left|right|-webkit-right)|font-weight:bold"
    r"|font-style:italic|font-family:(?:monospace|sans-serif)|;)*"
)
_LINE = "0.06em solid"  # as thick as the bar of a fraction


def mended(element: Element) -> Element:
    """The same formula in other elements; the given one is used up. Raises NotShown."""
    if "style" in element.attrib:
        hint = "take it out: a formula is signs alone, and the page says how it looks"
        raise NotShown(r"the command \style is not allowed", hint)
    tag, text = element.tag, element.text
    if text:
        element.text = _meant(element, tag, text)
        tag = element.tag
    if len(element):
        children = [mended(child) for child in element]
        element[:] = _set_apart(_side_by_side(children)) if tag in _ROWS else children
        if tag == "math" and element[0].tag != "mrow":  # which holds all the rest, for in_pieces()
            element[:] = [_around(element[0])]
    if tag in _MENDS:
        element = _MENDS[tag](element)
    if "mathvariant" in element.attrib:
        _letters(element, element.attrib.pop("mathvariant"))
    return element


_ROWS = ("mrow", "math", "mstyle", "mtd", "mpadded", "mphantom", "msqrt")

# --- characters -------------------------------------------------------------------------------------------

# What the converter writes as letters although they are signs, with what each needs beside it.
_SIGNS: dict[str, dict[str, str]] = {
    "~": {}, ":": {"lspace": "0em", "rspace": "0.222em"},
    **{sign: {"stretchy": "false"} for sign in "⟨⟩⌊⌋⌈⌉|‖"}, **{sign: {} for sign in "⌣⌢•"},
}  # fmt: skip
_LETTERS = "∞∅"  # and the other way about
_LETTER_BY_NUMBER = re.compile(r"&#x000(?:4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A]);")


def _meant(element: Element, tag: str, text: str) -> str:
    """The text of an element, which may become another element by it."""
    said = unescape(text) if "&" in text else text
    if tag == "mi":
        if said == "&" and text == "&":
            hint = r"write \& for the sign, and lines that are aligned between \begin{aligned} and \end{aligned}"
            raise NotShown("a & stands outside of a table", hint)
        if said == r"\arg":
            element.tag, said = "mo", "arg"
        elif len(said) == 1 and _is_sign(said, text):
            element.tag = "mo"
            element.attrib.update({} if text == ":" else _SIGNS.get(said, {}))  # a bare colon is a relation
            said = "∼" if said == "~" else said
        elif _LETTER_BY_NUMBER.fullmatch(text):  # so the converter writes \mathrm{d}, and an italic d as d
            element.set("mathvariant", "normal")
        elif said == "\u205f":
            element.tag, said = "mspace", ""
            element.set("width", "0.222em")
    elif tag == "mo" and said in _LETTERS:
        element.tag = "mi"
    elif tag == "mo" and "TlName" in said:
        said = name_as_meant(said)
    return as_meant(said)


@lru_cache(maxsize=512)
def _is_sign(character: str, text: str) -> bool:
    """Whether a character is a relation or an operation, and no letter, by how the converter writes it."""
    if character in _SIGNS:
        return True
    return unicodedata.category(character) == "Sm" and character not in "∞℘◻"


# --- letters ----------------------------------------------------------------------------------------------

# mathvariant -> what Unicode calls such letters.
_VARIANTS = {
    "bold": "BOLD", "bold-italic": "BOLD ITALIC", "double-struck": "DOUBLE-STRUCK", "script": "SCRIPT",
    "bold-script": "BOLD SCRIPT", "fraktur": "FRAKTUR", "bold-fraktur": "BOLD FRAKTUR", "sans-serif": "SANS-SERIF",
    "bold-sans-serif": "SANS-SERIF BOLD", "sans-serif-italic": "SANS-SERIF ITALIC",
    "sans-serif-bold-italic": "SANS-SERIF BOLD ITALIC", "monospace": "MONOSPACE",
}  # fmt: skip
_TEXT_STYLES = {
    "normal": "", "bold": "font-weight:bold", "italic": "font-style:italic", "monospace": "font-family:monospace",
    "sans-serif": "font-family:sans-serif", "bold-italic": "font-weight:bold;font-style:italic",
}  # fmt: skip


def _letters(element: Element, variant: str) -> None:
    """Gives the letters of an element the look that its mathvariant asks for."""
    text = element.text or ""
    if element.tag == "mtext":
        if variant not in _TEXT_STYLES:
            raise NotShown("a text has letters that no browser draws alike", r"write it as \text, \textbf or \textit")
        if _TEXT_STYLES[variant]:
            element.set("style", _TEXT_STYLES[variant])
    elif variant == "normal":
        if len(text) == 1:  # more letters are upright by themselves
            element.set("mathvariant", "normal")
    elif variant == "italic":
        if element.tag == "mi" and len(text) > 1:
            element.set("style", "font-style:italic")
    elif len(element) or element.tag not in ("mi", "mn", "mo"):
        raise NotShown("letters of another kind stand around a formula", r"write \mathbf{…} around each letter")
    else:
        element.text = "".join(_letter(character, variant) for character in text)
        if element.text == text and variant.startswith("bold"):  # as of bold + and =
            element.set("style", "font-weight:bold")
        elif element.tag == "mo" and unicodedata.category(element.text[:1] or "x")[0] == "L":
            element.tag = "mi"


@lru_cache(maxsize=1024)
def _letter(character: str, variant: str) -> str:
    """A letter, digit or sign as Unicode has it for a mathvariant: 𝐱 for a bold x. Raises NotShown for none."""
    name = unicodedata.name(character, "")
    short = name.replace("GREEK ", "").replace("LATIN ", "").replace(" LETTER", "").replace("LUNATE ", "")
    # Some capitals were in Unicode before the others, and have names of their own.
    kind = _VARIANTS.get(variant, "")
    for called in (f"MATHEMATICAL {kind} {short}", f"{kind} {short}", short.replace("CAPITAL", "BLACK-LETTER CAPITAL")):
        try:
            found = unicodedata.lookup(called)
        except KeyError:
            continue
        if found != character and kind and ("BLACK" not in called or "FRAKTUR" in kind):
            return found
    if character.isascii() and character.isalnum() and variant == "bold-italic":
        return _letter(character, "bold")  # a digit, which has no italic
    if kind and variant.startswith("bold") and not character.isascii():
        return character if unicodedata.category(character)[0] == "S" else _letter_of_none(character, variant)
    return character if not character.isalnum() else _letter_of_none(character, variant)


def _letter_of_none(character: str, variant: str) -> str:
    raise NotShown(f"there is no {variant} {character}", "write it without, or take another letter")


# --- elements ---------------------------------------------------------------------------------------------


def _side_by_side(children: list[Element]) -> list[Element]:
    """Elements of a row: a sign that is struck out as one character, \\arg\\max as one name."""
    row: list[Element] = []
    for child in children:
        before = row[-1] if row else None
        if before is not None and before.tag == "mpadded" and "".join(before.itertext()) == "⧸":  # \not
            struck = unicodedata.normalize("NFC", f"{child.text or ''}\u0338")
            if child.tag not in ("mo", "mi") or len(struck) != 1:
                raise NotShown(r"\not stands before what has no sign for it", r"write \neq, \notin or another sign")
            child.tag, child.text, row[-1] = "mo", struck, child
        elif before is not None and before.text == "arg" and (name := _name_in(child)) is not None:
            name.text = f"arg\u2009{name.text}"
            row[-1] = child
        else:
            row.append(child)
    return row


# Functions that the converter writes as letters, between which and their neighbors no engine leaves a space.
_FUNCTIONS = re.compile("arc(?:cos|sin|tan)|(?:cos|sin|tan|cot)h?|csc|sec|deg|dim|exp|hom|ker|lg|ln|log")


def _set_apart(row: list[Element]) -> list[Element]:
    """The row with TeX's thin space between a function and an operand beside it that is not in brackets: ln 3."""
    apart: list[Element] = []
    for i, child in enumerate(row):
        before = row[i - 1] if i else None
        if before is not None and (
            (_is_function(before) and not _is_between(child) and not _is_bracket(child, _BRACKETS))
            or (_is_function(child) and not _is_between(before) and not _is_bracket(before, _OPENING))
        ):
            apart.append(Element("mspace", {"width": "0.167em"}))
        apart.append(child)
    return apart


def _is_function(element: Element) -> bool:
    if element.tag in _INDEXED and len(element):
        return _is_function(element[0])
    return element.tag == "mi" and _FUNCTIONS.fullmatch(element.text or "") is not None


def _is_between(element: Element) -> bool:
    """Whether it is a space, or a sign that has its own space beside it or wants none: + and = but no bracket."""
    return element.tag == "mspace" or (element.tag == "mo" and (element.text or " ") not in _BRACKETS)


def _is_bracket(element: Element, signs: str) -> bool:
    """Whether it is one of these brackets, or begins with one, as what stands between \\left and \\right does."""
    if element.tag == "mrow" and len(element):
        return _is_bracket(element[0], signs)
    return element.tag == "mo" and (element.text or " ") in signs


_OPENING = "([{⟨⌊⌈"
_BRACKETS = _OPENING + ")]}⟩⌋⌉"


def _name_in(element: Element) -> Element | None:
    """The name that stands first in an operator, as max does in \\max_x; None where none does."""
    if element.tag in _INDEXED and len(element):
        return _name_in(element[0])
    return element if element.tag == "mo" and element.text in ("max", "min", "inf", "sup") else None


_INDEXED = ("msub", "msup", "msubsup", "munder", "mover", "munderover")


def _row(element: Element) -> Element:
    """Upright letters of one word as one word."""
    if len(element) > 1 and all(child.tag == "mi" and child.get("mathvariant") == "normal" for child in element):
        word = Element("mi")
        word.text = "".join(child.text or "" for child in element)
        return word
    return element


def _operator(element: Element) -> Element:
    """\\mathop{…} as an operator, whose name is a text and no formula."""
    if len(element):
        element.text = "".join(element.itertext())
        element[:] = []
        element.set("movablelimits", "true")
    return element


# Operators whose index stands below them where a formula has a line of its own.
_WITH_LIMITS = {"max", "min", "sup", "inf", "lim", "∑", "∏", "∐", "⋃", "⋂", "⋁", "⋀", "⨁", "⨂", "⨀", "⨄", "⨆"}
_AS_LIMITS = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}


def _index(element: Element) -> Element:
    """An index below an operator: beside it in a line of text, as `movablelimits` says in all engines."""
    base = element[0] if len(element) else None
    if base is not None and base.tag == "mo" and (base.text in _WITH_LIMITS or base.get("movablelimits") == "true"):
        if element.tag in _AS_LIMITS:
            element.tag = _AS_LIMITS[element.tag]
            base.set("movablelimits", "true")
        else:  # \limits
            base.set("movablelimits", "false")
    return element


def _over(element: Element) -> Element:
    """A bar as a border, an arrow over one letter as wide as the arrow is, a limit below its operator."""
    if len(element) != 2:
        return _index(element)
    base, mark = element
    if mark.tag == "mo" and (mark.text == "―" or (mark.text == "¯" and len("".join(base.itertext())) > 1)):
        side = "top" if element.tag == "mover" else "bottom"
        return _styled(base, f"border-{side}:{_LINE};padding-{side}:0.1em")
    if mark.tag == "mo" and mark.text in ("→", "←", "↔"):
        if len("".join(base.itertext())) > 1:
            raise NotShown("browsers draw no long arrow alike", r"write \vec over one letter, or \overline")
        mark.set("stretchy", "false")
    return _index(element)


def _styled(content: Element, style: str) -> Element:
    """A row around a formula, with a style."""
    if content.tag == "mrow" and not content.attrib:
        content.set("style", style)
        return content
    return _around(content, style=style)


def _around(*content: Element, **attributes: str) -> Element:
    row = Element("mrow", attributes)
    row[:] = content
    return row


def _enclosed(element: Element) -> Element:
    around = {
        "box": f"border:{_LINE};padding:0.2em", "top": f"border-top:{_LINE};padding-top:0.1em",
        "bottom": f"border-bottom:{_LINE};padding-bottom:0.1em",
    }  # fmt: skip
    style = around.get(element.get("notation", ""))
    if style is None:
        hint = r"say in words what is left out, or use \boxed or \underline"
        raise NotShown("browsers draw no line through a formula alike", hint)
    return _around(*element, style=style)


_NAMED_SPACES = {
    "thinmathspace": "0.167em", "mediummathspace": "0.222em", "thickmathspace": "0.278em",
    "negativethinmathspace": "-0.167em", "negativemediummathspace": "-0.222em", "negativethickmathspace": "-0.278em",
}  # fmt: skip


def _space(element: Element) -> Element:
    """A space as a width; a negative one as a margin, since a width can not be negative."""
    if element.get("linebreak") == "newline":
        hint = r"write lines between \begin{aligned} and \end{aligned}, or two formulas"
        raise NotShown(r"a \\ breaks a line outside of a table", hint)
    if width := element.get("width"):
        width = _NAMED_SPACES.get(width, width)
        if width.endswith("mu"):  # an eighteenth of an em, and no unit of a browser
            width = _in_em(width)
        if width.startswith("-"):
            del element.attrib["width"]
            if not STYLES.fullmatch(f"margin-left:{width}"):
                raise NotShown(f"the length {width} is no small number of em", r"write it as in \hspace{-0.5em}")
            element.set("style", f"margin-left:{width}")
        else:
            element.set("width", width)
    return element


def _in_em(width: str) -> str:
    try:
        return f"{float(width[:-2]) / 18:.3f}em"
    except ValueError:
        return width


def _padded(element: Element) -> Element:
    """What is set off by relative lengths, as above long arrows, without them: no engine knows them."""
    if element.get("width", "").startswith("+"):
        return _around(*(child for child in element if child.tag != "mspace"))
    return element


# --- tables -----------------------------------------------------------------------------------------------


# To the right twice: a cell of Chromium holds a block, which moves for the second and not for the first.
_ALIGNED = {"left": "text-align:left", "right": "text-align:right;text-align:-webkit-right"}


def _table(table: Element) -> Element:
    """The alignment of cells and the lines between them as styles."""
    close = table.get("columnspacing", "").startswith("0em")  # lines that are aligned at a sign
    columns, rows = (table.attrib.pop(name, "").split() for name in ("columnlines", "rowlines"))
    for name in ("columnspacing", "rowspacing", "columnalign", "frame", "framespacing"):
        table.attrib.pop(name, None)
    for i, row in enumerate(table):
        for j, cell in enumerate(row):
            styles = []
            align = cell.attrib.pop("columnalign", "")
            if align in ("left", "right"):
                styles.append(_ALIGNED[align])
                if close:
                    styles.append(f"padding-{'right' if align == 'right' else 'left'}:0")
            for lines, at, last, side in ((columns, j, len(row), "right"), (rows, i, len(table), "bottom")):
                line = lines[min(at, len(lines) - 1)] if lines else "none"
                if line in ("solid", "dashed") and at < last - 1:
                    styles.append(f"border-{side}:0.06em {line}")
            if styles:
                cell.set("style", ";".join(styles))
    return table


_MENDS = {
    "mrow": _row, "mo": _operator, "msub": _index, "msup": _index, "msubsup": _index, "munderover": _index,
    "mover": _over, "munder": _over, "menclose": _enclosed, "mspace": _space, "mpadded": _padded, "mtable": _table,
}  # fmt: skip
