"""The parts of a Markdown text: what is prose, and what must be left alone.

The texts of the glossary are small: paragraphs, lists, emphasis, code, mathematics and links. This splits them in one
pass, so that linking touches prose and nothing else, and formulas and stray HTML can be dealt with by themselves.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

import latex2mathml.converter

Kind = Literal["prose", "fence", "heading", "code", "math", "wiki", "link", "address", "html", "escape"]

_PARTS = re.compile(
    r"""
    (?P<fence>    ^(?P<bar>```+|~~~+)[^\n]*\n .*? (?:^(?P=bar)[ ]*$|\Z) )
  | (?P<heading>  ^\#{1,6}[ ][^\n]*$ )
  | (?P<escape>   \\[\\`*_{}\[\]()\#+.!$|<>~-] )
  | (?P<code>     (?<!`)(?P<tick>`+)(?!`) .+? (?<!`)(?P=tick)(?!`) )
  | (?P<math>     \$\$.+?\$\$ | \$(?![\s$])(?:\\.|[^$\\\n]|\n(?!\n))*?(?<!\s)\$(?!\d) )
  | (?P<wiki>     \[\[[^\[\]\n]+\]\] )
  | (?P<link>     !?\[[^\[\]]*\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+"[^"]*")?\)|\[[^\[\]]*\]|:\s) )
  | (?P<address>  <https?://[^<>\s]+> | \bhttps?://[^\s<>)\]]+ )
  | (?P<html>     <!--.*?--> | </?[A-Za-z][^<>]*> | <[!?][^<>]*> )
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)


def parts(text: str) -> Iterator[tuple[Kind, str]]:
    """The text in order, cut into prose and everything that is not; joined again it is the same text."""
    end = 0
    for match in _PARTS.finditer(text):
        if match.start() > end:
            yield "prose", text[end : match.start()]
        # The named group that matched last is the helper inside a fence or code; the kind is the first.
        yield next(kind for kind, found in match.groupdict().items() if found is not None), match[0]  # type: ignore[misc]
        end = match.end()
    if end < len(text):
        yield "prose", text[end:]


def words(text: str) -> int:
    """How many words a reader reads; code and formulas count as one each."""
    return sum(len(part.split()) if kind != "math" else 1 for kind, part in parts(text))


@lru_cache(maxsize=20_000)
def mathml(latex: str, *, display: bool = False) -> str:
    """LaTeX as MathML, in a form that Markdown passes on untouched. Raises ValueError where it is not LaTeX."""
    if latex.count("{") - latex.count(r"\{") != latex.count("}") - latex.count(r"\}"):
        raise ValueError("a brace is not closed")
    try:
        converted = latex2mathml.converter.convert(latex, display="block" if display else "inline")
    except Exception as error:  # the converter raises many kinds, all meaning that this is not LaTeX it knows
        said = re.sub(r"(?<!^)(?=[A-Z])", " ", type(error).__name__.removesuffix("Error")).lower()
        raise ValueError(str(error) or said) from error
    if unknown := re.search(r"<m[io]>(\\[A-Za-z]+)</m[io]>", converted):
        raise ValueError(f"the command {unknown[1]} is not known")
    return converted.translate(_INERT)


# Characters that mean something to Markdown, as entities.
_INERT = {ord(character): f"&#{ord(character)};" for character in "*_`[]\\|$~^"}


def formula(math: str) -> str:
    """`$…$` or `$$…$$` as MathML."""
    display = math.startswith("$$")
    return mathml(math.strip("$").strip(), display=display)


def shown(kind: Kind, part: str) -> str:
    """A part of a text in the form in which the engine shows it as written: formulas as MathML, no live HTML."""
    if kind == "math":
        return formula(part)
    if kind == "escape":
        return f"&#{ord(part[1])};"
    if kind in ("html", "prose"):
        return part.replace("<", "&lt;")
    return part
