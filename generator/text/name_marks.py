"""Marks in a name, which is shown as it is: on pages, in addresses, in search results and in titles of windows."""

import re
from html import unescape

from generator.text.markdown import parts
from generator.text.traps import latex_outside, mark_in_a_line

_PARTS = ("code", "fence", "math", "wiki", "link", "figure", "escape")
ENTITY = r"&(?:\#\d+|\#[xX][\da-fA-F]+|[A-Za-z][A-Za-z\d]+);"
_MARKS = re.compile(
    "|".join(
        (
            r"^\#{1,6}[ ].*",
            r"(?<![\w*])(?P<stars>\*{1,3})(?=[^\s*])[^*]*[^\s*](?P=stars)(?![\w*])|\*\*[^\s*]+\*\*",
            r"\{%.*?%\}|\{\#.*?\#\}",
            ENTITY,
        )
    )
)
# Tags that authors of pages write. A token of a model is called by its tag alone, as <eos> and <s> are.
_TAGS = re.compile(
    "a|abbr|big|blockquote|br|button|center|cite|code|del|div|em|embed|font|form|h[1-6]|hr|iframe|img|input|ins|kbd"
    "|li|link|mark|meta|object|[bipqsu]|[ou]l|pre|script|small|span|strike|strong|style|su[bp]|svg|table|tbody|t[dhr]"
    "|thead|tt|video",
    re.IGNORECASE,
)


def marks_in_name(name: str, *, tokens: bool = False) -> str:
    """What in a name looks like a mark of Markdown, HTML, LaTeX or of templates; empty where it is a name.

    `tokens`: whether it may be a token in angle brackets, as <eos>, or hold one.
    """
    for kind, part in parts(name):
        if kind in _PARTS or (kind == "html" and not (tokens and _is_token(part, name))):
            return part
    for found in _MARKS.finditer(name):
        if found[0][0] != "&" or unescape(found[0]) != found[0]:
            return found[0]
    if match := mark_in_a_line(name):
        return match[0]
    return name if any(latex_outside(name)) else ""


def _is_token(tag: str, name: str) -> bool:
    word = re.fullmatch(r"</?([A-Za-z]\w*)>", tag)
    if word is None or (f"<{word[1]}>" in name and f"</{word[1]}>" in name):
        return False
    return tag == name or not _TAGS.fullmatch(word[1])
