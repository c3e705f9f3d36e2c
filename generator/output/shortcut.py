"""What the Markdown parser need not look at: raw HTML, formulas and code are set aside and put back afterwards.

Python's HTML parser reads all raw HTML of a page twice, drawings and tables of data too, and gives back what it read;
Pygments colors the same code on every page that shows it. So a mark stands for each of these pieces while the page is
converted. restore() finds every mark where the parser leaves it when nothing around it had a say, or says that it did
not: then the page is converted as it is.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

OPEN, CLOSE = "\ufdd0", "\ufdd1"  # characters that Unicode promises never to give a meaning


class Piece(NamedTuple):
    """Finished HTML. A block stands alone between empty lines; all else stands within a line."""

    html: str
    is_block: bool


_FENCE = re.compile(r"(?<=\n\n)(`{3,})[a-z]+\n(?:.*\n)*?\1(?=\n\n|\n?\Z)")
_BLOCK = re.compile(r"<(details|dl|div|figure|footer|h4|header|nav|ol|p|script|section|svg|table|ul)\b[^>]*>")
_OPENED = re.compile(r"<(\w+)\b[^>]*\bmarkdown=")
_FORMULA = re.compile(r'<span class="tl-math"><math\b.*?</math></span>')
_MARK = re.compile(f"<p>{OPEN}([0-9]+){CLOSE}</p>|{OPEN}([0-9]+){CLOSE}")
# Where a mark within a line would have been read as something else than HTML: in a tag, in code, in a heading's text,
# of which its address is made.
_ELSEWHERE = re.compile(
    rf"<[^<>]*{OPEN}|<code\b[^>]*>(?:(?!</code>).)*{OPEN}|<(h[1-6])\b[^>]*>(?:(?!</\1>).)*{OPEN}", re.DOTALL
)


class Unsafe(Exception):  # noqa: N818
    """A mark was not left where it stood."""


def set_aside(text: str, code: Callable[[str], str]) -> tuple[str, list[Piece]]:
    """A page's Markdown with marks in it, and the pieces they stand for. `code` makes HTML of a fenced block."""
    pieces: list[Piece] = []
    if OPEN in text or CLOSE in text:
        return text, pieces

    def mark(html: str, is_block: bool) -> str:
        pieces.append(Piece(html, is_block))
        return f"{OPEN}{len(pieces) - 1}{CLOSE}"

    text = _FENCE.sub(lambda found: mark(code(found[0]), True), text)
    chunks, inside = [], ""
    for chunk in text.split("\n\n"):
        body = chunk.strip("\n")
        if inside:  # an element in which Markdown is read
            inside = "" if f"</{inside}>" in body else inside
        elif opened := _OPENED.match(body):
            inside = "" if f"</{opened[1]}>" in body else opened[1]
        elif (block := _BLOCK.match(body)) and OPEN not in body and _is_one(body, block[1]):
            chunk = chunk.replace(body, mark(body + "\n", True))
        if not body.startswith("#") and "tl-math" in chunk:
            chunk = _FORMULA.sub(lambda found: mark(found[0], False), chunk)
        chunks.append(chunk)
    return "\n\n".join(chunks), pieces


def restore(html: str, pieces: list[Piece]) -> str:
    """The converted page with its pieces. Raises Unsafe."""
    if not pieces:
        return html
    if _ELSEWHERE.search(html):
        raise Unsafe
    used = 0

    def piece(found: re.Match[str]) -> str:
        nonlocal used
        used += 1
        content, is_block = pieces[int(found[1] or found[2])]
        if is_block and found[1] is None:
            raise Unsafe
        return content if is_block or found[1] is None else f"<p>{content}</p>"

    html = _MARK.sub(piece, html)
    if used != len(pieces):
        raise Unsafe
    return html.strip()


def _is_one(body: str, tag: str) -> bool:
    """Whether the element that begins here ends at the very end."""
    if not body.endswith(f"</{tag}>"):
        return False
    depth = 0
    for found in re.finditer(rf"<(/?){tag}\b", body):
        depth += -1 if found[1] else 1
        if depth == 0:
            return found.end() + 1 == len(body)
    return False
