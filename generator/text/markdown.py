"""The parts of a Markdown text: what is prose, and what must be left alone.

The texts of the glossary are small: paragraphs, lists, emphasis, code, mathematics and links. This splits them in one
pass, so that linking touches prose and nothing else, and writes each part so that the engine shows it as it is meant:
formulas and code as HTML made here, HTML from a text never as HTML.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from typing import Literal

from generator.text.mathml import entity, formula
from generator.text.sentences import sentences

PartKind = Literal["prose", "fence", "heading", "code", "math", "wiki", "link", "address", "html", "escape", "figure"]

# Neither code nor mathematics nor a link reaches over an empty line: there the engine starts a new block. That, and the
# length of code in a line, keep this linear on a text whose marks never close.
_PARTS = re.compile(
    r"""
    (?=[`~\#=\\$\[!<>{-]|https?://)(?:  # all that can start a part; asked first, since it says no ten times faster
    (?P<fence>    ^(?P<bar>```+|~~~+)(?![`~])[^\n]*\n (?:(?!(?P=bar))[^\n]*\n)*(?P=bar)[ ]*$ )
  | (?P<heading>  ^(?:>[ ]?)*(?:\#[^\n]*|=+[ ]*|-+[ ]*)$ )
  | (?P<escape>   \\[\\`*_{}\[\]()\#+.!$|<>~-] )
  | (?P<code>     (?<!`)(?P<tick>`+)(?!`) (?:[^\n]|\n(?![ ]*\n)){1,999}? (?<!`)(?P=tick)(?!`) )
  | (?P<math>     \$\$(?:[^\n]|\n(?![ ]*\n))+?\$\$ | \$(?![\s$])(?:\\.|[^$\\\n]|\n(?![ ]*\n))*?(?<!\s)\$(?!\d) )
  | (?P<wiki>     \[\[(?:[^\[\]\n]|\n(?![ ]*\n))+\]\] )
  | (?P<link>     !?\[(?:[^\[\]\n]|\n(?![ ]*\n))*\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\) )
  | (?P<address>  <https?://[^<>\s]+> | \bhttps?://[^\s<>)\]]+ )
  | (?P<html>     </?[A-Za-z][^<>]*> | <[!?][^<>]*> )
  | (?P<figure>   \{\{(?:[^{}\n]|\n(?![ ]*\n))*\}\} )
    )""",
    re.VERBOSE | re.MULTILINE,
)
# What parts() did not take for HTML, a link or a heading must be none for the engine either.
# A fence that opens and does not close would take in the page below it, and let out what is fenced there; and a text of
# brackets that never close takes the engine minutes.
_OTHERWISE = re.compile(r"[<\[]|\][(:]|#(?<!&#)|~(?=~~)|`(?=``)")  # each way starts with a character, which is fast
_WEB_LINK = re.compile(r"\[[^\[\]]*\]\(https?://")


@lru_cache(maxsize=256)  # a page looks through each of its texts about five times
def parts(text: str) -> tuple[tuple[PartKind, str], ...]:
    """The text in order, cut into prose and everything that is not; joined again it is the same text."""
    return tuple(_cut(text))


def _cut(text: str) -> Iterator[tuple[PartKind, str]]:
    end = 0
    for match in _PARTS.finditer(text) if "http" in text or _has_heading(text) else _marked(text):
        if match.start() > end:
            yield "prose", text[end : match.start()]
        yield match.lastgroup, match[0]  # type: ignore[misc]  # of groups in each other, the outer one closes last
        end = match.end()
    if end < len(text):
        yield "prose", text[end:]


def _marked(text: str) -> Iterator[re.Match[str]]:
    """The same matches in a text without headings and addresses: all others start with one of a few characters, which
    are found without trying the pattern at every place."""
    at = 0
    while start := _MARK.search(text, at):
        if match := _PARTS.match(text, start.start()):
            yield match
            at = match.end()
        else:
            at = start.end()


_MARK = re.compile(r"[`~\\$\[!<{]")


def _has_heading(text: str) -> bool:
    """Whether a line starts as a heading may, or a rule or a list."""
    return text.startswith(_HEADING) or ("\n" in text and any(f"\n{sign}" in text for sign in _HEADING))


_HEADING = ("#", "=", ">", "-")


def leads_to_the_web(link: str) -> bool:
    """Whether a link, as parts() found it, is a link to a web address, and not a picture or an address of its own."""
    return _WEB_LINK.match(link) is not None


def start_of(text: str) -> str:
    """The first words of a text, on one line, to tell where in it something is."""
    told = " ".join(text.split())
    return told if len(told) <= 40 else told[:39] + "…"


def words(text: str) -> int:
    """How many words a reader reads; a formula, a piece of code and a figure of a demo count as one each."""
    return sum(1 if kind in ("math", "code", "fence", "figure") else len(part.split()) for kind, part in parts(text))


def shown(kind: PartKind, part: str) -> str:
    """A part of a text in the form in which the engine shows it as meant. Raises ValueError where mathml() does."""
    if kind in ("link", "html"):
        part = part.replace("\n", " ")  # a line of it could be one that makes a heading of the line before
    match kind:
        case "math":
            return formula(part)
        case "code":
            return f"<code>{markdown_text(_inside(kind, part))}</code>"
        case "fence":
            return f"<pre><code>{markdown_text(_inside(kind, part))}\n</code></pre>"
        case "escape":
            return entity(part[1])
        case "link" if leads_to_the_web(part):
            text, _, address = part[1:].partition("](")
            return f"[{link_text(text)}]({address.replace('<', '&lt;')}"
        case "link":
            return markdown_text(part)
        case "heading":
            return entity(part[0]) + markdown_text(part[1:])
        case "address" | "wiki":
            return part
        case "html" | "prose" | "figure":  # no figure is left in what a build shows
            if not any(mark in part for mark in "<[]#~`"):  # as in most prose, and asked in a fraction of the time
                return part
            return _OTHERWISE.sub(lambda match: match[0][:-1] + entity(match[0][-1]), part)


def link_text(text: str) -> str:
    """What stands in a link: its formulas as MathML, and no HTML."""
    if "$" not in text:  # as in nearly all
        return text.replace("<", "&lt;")
    return "".join(formula(part) if kind == "math" else part.replace("<", "&lt;") for kind, part in parts(text))


def inside_links(kind: PartKind, part: str) -> str:
    """What stands in a link, or in a link by hand; nothing where the part is neither."""
    if kind == "wiki":
        return slug_and_text(part)[1]
    return part.lstrip("!")[1:].partition("](")[0] if kind == "link" else ""


def markdown_text(text: str) -> str:
    """Plain text as Markdown that shows just that text."""
    return text.translate(_ESCAPED)


def plain_text(markdown: str) -> str:
    """Markdown as plain text of one line, for search results and structured data."""
    if "\n" in markdown:
        markdown = _AT_START.sub("", markdown)
    elif start := _AT_START.match(markdown):  # a line alone, as most texts are, need not be searched
        markdown = markdown[start.end() :]
    return " ".join(_without_marks(markdown).split())


_AT_START = re.compile(r"^[ ]*(?:[-+*]|\d+[.)]|>)[ ]+", re.MULTILINE)  # of an entry of a list, of a quotation


def _without_marks(text: str) -> str:
    return "".join(_inside(kind, part) for kind, part in parts(text))


@lru_cache(maxsize=4096)  # search and several pages ask about every definition
def opening(text: str, most: int = 300) -> str:
    """The first sentences of a plain text that fit into `most` characters together, and at least the first one."""
    first, *more = sentences(text) or [""]
    shown = first
    for sentence in more:
        if len(shown) + 1 + len(sentence) > most:
            break
        shown += f" {sentence}"
    return shown


def _inside(kind: PartKind, part: str) -> str:
    """What a reader sees of a part, without its marks."""
    match kind:
        case "math":
            return part[2:-2] if part.startswith("$$") else part[1:-1]
        case "code":
            return " ".join(part.strip("`").split())
        case "fence":
            return part.partition("\n")[2].rpartition("\n")[0]
        case "wiki":
            slug, text = slug_and_text(part)
            return _without_marks(text) or slug.replace("-", " ")
        case "link":
            return _without_marks(inside_links(kind, part))
        case "address":
            return part.strip("<>")
        case "escape":
            return part[1]
        case "prose":
            return unescape(_EMPHASIS.sub("", part) if "*" in part or "_" in part else part)
    return part


_EMPHASIS = re.compile(r"(?<!\w)[*_]+(?=\S)|(?<=\S)[*_]+(?!\w)|\*{2,}")  # and not the star of 2*3

_ESCAPED = {ord(character): entity(character) for character in "&\\`*_[]<>#|$~"}


def hand_links(text: str) -> list[str]:
    """The slugs that a text links to by hand."""
    if "[[" not in text:  # as in most texts
        return []
    return [slug_and_text(part)[0] for kind, part in parts(text) if kind == "wiki"]


def slug_and_text(wiki: str) -> tuple[str, str]:
    slug, _, text = wiki[2:-2].partition("|")
    return "".join(slug.split()), " ".join(text.split())
