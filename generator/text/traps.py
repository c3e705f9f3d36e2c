"""Traps of Markdown: what reads well in the file, and what the engine makes something else of.

Each trap was seen in the engine, and the tests show both texts, the one that falls in and the one that does not. A trap
is told as what is wrong and what to do. What parts() knows, such as HTML or code that does not close, is not looked for
here.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from demos._show.counted import counted
from generator.text.latex import is_command
from generator.text.markdown import parts, start_of

Trap = tuple[str, str]  # what is wrong, and the remedy
_Rule = Callable[[list[list[str]]], Iterator[Trap]]

_ITEM = r"(?:[-+*]|\d{1,9}\.)[ ]"  # what makes an entry of a list
_CELLS = re.compile(r"[ ]{0,3}\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?[ ]*")  # the line below the head of a table


def traps(text: str, *, one_paragraph: bool = False) -> Iterator[Trap]:
    """The traps in a text. `one_paragraph`: the page puts it on one line, so that lists and tables are lost."""
    if not (_is_suspect(text) or (one_paragraph and "\n" in text)):
        return  # like most texts, and cutting them into blocks takes time
    for kind, part in parts(text):
        if kind == "code" and part.startswith("```") and "\n" in part:
            yield f"this is no block of code: {start_of(part)}", "let ``` start its line, outside of lists"
    yield from latex_outside(text)
    bare = _bare(text)
    if not (_is_suspect(bare) or (one_paragraph and "\n" in bare)):
        return  # all that was suspect stands in formulas and code, as in most texts that come as far as this
    blocks = _blocks(bare)
    for rule in (*(_IN_ONE_PARAGRAPH if one_paragraph else _AMONG_BLOCKS), *_EVERYWHERE):
        yield from rule(blocks)


def _is_suspect(text: str) -> bool:
    """Whether a text has what one with a trap has somewhere: a sign or a space where a line starts, spaces at its end,
    some marks anywhere."""
    if any(mark in text for mark in _SUSPECT) or (":" in text and re.search(r":[a-z][a-z0-9_+-]+:", text)):
        return True
    return any(line.endswith("  ") or _STARTS.match(line) for line in text.split("\n"))


_SUSPECT = ("*", "__", "~", "^", "```", "[^", "[[", "][", "]:", "]]", "==", "++", "{", "}}", "8<-", "\\")
_STARTS = re.compile(r"[ \t]|[-+*>|•‣◦–—~_=!?:]|\d+[.)][ ]")


def _bare(text: str) -> str:
    """The text without tabs, in which what is no prose has become a letter or a mark."""
    bare = "".join([part if kind == "prose" else _STANDS_FOR.get(kind, "x") for kind, part in parts(text)])
    return bare.expandtabs(4)


def _blocks(bare: str) -> list[list[str]]:
    """Such a text as the lines of its blocks, which empty lines divide."""
    blocks: list[list[str]] = [[]]
    for line in bare.split("\n"):
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


_STANDS_FOR = {"fence": "\n\n```\n\n", "address": "https://x"}

# --- lists ------------------------------------------------------------------------------------------------


def _lists_stand_apart(blocks: list[list[str]]) -> Iterator[Trap]:
    inside = False
    for block in blocks:
        starts_list = re.match(rf"[ ]*{_ITEM}", block[0]) is not None
        if not starts_list and (line := _meant_as_list(block, inside and block[0].startswith(" "))):
            hint = "put an empty line before the list, or no line break before the sign"
            yield f"this is part of the paragraph before it, and no list: {start_of(line)}", hint
        inside = starts_list or (inside and block[0].startswith(" "))


def _meant_as_list(block: list[str], inside: bool = False) -> str:
    """The line inside a paragraph with which its author starts a list; empty for none.

    One line alone may start with a minus, or with a number that ends a sentence. A list has two entries, or stands
    below a colon, or goes on with a list above.
    """
    found = [i for i, line in enumerate(block) if i and re.match(r"[ ]*(?:[-+*]|[12]\.)[ ]", line)]
    meant = len(found) > 1 or inside or (found and block[found[0] - 1].rstrip().endswith(":"))
    return block[found[0]] if found and meant else ""


def _lists_have_marks_that_count(blocks: list[list[str]]) -> Iterator[Trap]:
    for block in blocks:
        lines = [line for line in block if re.match(r"[ ]*(?:\d{1,2}\)|[•‣◦–—])[ ]", line)]
        if len(lines) > 1:
            yield f"this makes no list: {start_of(lines[0])}", "start entries with - or 1. and a space"


def _lists_in_lists_are_set_off(blocks: list[list[str]]) -> Iterator[Trap]:
    inside = False
    for block in blocks:
        for line in block if inside or re.match(_ITEM, block[0]) else ():
            if re.match(rf"[ ]{{1,3}}{_ITEM}", line):
                yield f"this is no list in a list: {start_of(line)}", "set it off by four spaces"
                break
        inside = re.match(rf"[ ]{{0,3}}{_ITEM}", block[0]) is not None or (inside and block[0].startswith(" "))


def _entries_hold_together(blocks: list[list[str]]) -> Iterator[Trap]:
    inside = False
    for block in blocks:
        if inside and re.match(rf"[ ]{{1,3}}(?!{_ITEM})\S", block[0]):
            yield f"this does not belong to the entry before it: {start_of(block[0])}", "set it off by four spaces"
        inside = re.match(_ITEM, block[0]) is not None or (inside and block[0].startswith(" "))


def _sentences_start_no_list(blocks: list[list[str]]) -> Iterator[Trap]:
    for block in blocks:
        if match := re.match(r"(\d{3,9})\.[ ]", block[0]):
            yield f"'{match[1]}.' starts a list here", rf"write {match[1]}\. or begin with another word"


def _lists_are_of_one_kind_and_count_from_one(blocks: list[list[str]]) -> Iterator[Trap]:
    """The engine makes one list of two that follow each other, and counts each list from 1, whatever the file says."""
    # The lists that are open, by depth: what starts an entry, how many there are, and the number of the last.
    lists: list[tuple[str, int, int]] = []
    for block in blocks:
        if not block[0].startswith(" ") and not re.match(_ITEM, block[0]):
            lists = []
        if not re.match(rf"[ ]*{_ITEM}", block[0]) or (block[0].startswith("    ") and not lists):
            continue
        for line in block:
            found = re.match(r"((?:[ ]{4})*)([-+*]|(\d{1,9})\.)[ ]", line)
            if found is None:
                continue
            depth, sign, number = len(found[1]) // 4, "1." if found[3] else "-", int(found[3] or 0)
            del lists[depth + 1 :]
            if depth < len(lists) and lists[depth][0] != sign:
                hint = "put a sentence between the two lists, or let all entries start alike"
                yield f"this goes on with the list of {lists[depth][0]} before it: {start_of(line)}", hint
                lists[depth] = sign, 0, 1
            elif depth >= len(lists):
                lists += [(sign, 0, 1)] * (depth + 1 - len(lists))
            count = lists[depth][1] + 1
            is_fine = number in (lists[depth][2], count) if lists[depth][2] == 1 else number == count
            lists[depth] = sign, count, number
            if found[3] and len(found[3]) < 3 and not is_fine:
                remedy = "start at 1" if count == 1 else f"write {count}."
                hint = rf"{remedy}, or write {number}\. where no list is meant: a list counts its entries from 1"
                yield f"the page shows {count}. for this: {start_of(line)}", hint


# --- other blocks -----------------------------------------------------------------------------------------


def _paragraphs_are_not_set_off(blocks: list[list[str]]) -> Iterator[Trap]:
    inside = False
    for block in blocks:
        if block[0].startswith("    ") and not inside:
            hint = "take the spaces away, or put code between lines of ```"
            yield f"four spaces make code of this: {start_of(block[0])}", hint
        inside = re.match(rf"[ ]{{0,3}}{_ITEM}", block[0]) is not None or (inside and block[0].startswith(" "))


def _quotations_are_meant(blocks: list[list[str]]) -> Iterator[Trap]:
    for block in blocks:
        for before, line in pairwise(block):
            if re.match(r"[ ]{0,3}>", line) and not re.match(r"[ ]{0,3}>", before):
                hint = r"put an empty line before it where it is one, or else write \>"
                yield f"this becomes a quotation: {start_of(line)}", hint


def _rules_are_made_by_the_page(blocks: list[list[str]]) -> Iterator[Trap]:
    for block in blocks:
        for line in block:
            if re.fullmatch(r"[ ]{0,3}(?:(?:\*[ ]*){3,}|(?:_[ ]*){3,}|(?:-[ ]*){3,})", line):
                hint = "start a paragraph instead, or escape it with a backslash"
                yield f"headings and rules are made by the page: {start_of(line)}", hint


def _tables_are_whole(blocks: list[list[str]]) -> Iterator[Trap]:
    for block in blocks:
        below = next((i for i, line in enumerate(block) if "|" in line and _CELLS.fullmatch(line)), 0)
        if below > 1:
            yield f"this is no table: {start_of(block[below - 1])}", "put an empty line before it"
        elif below:
            head, *rows = [len(line.strip().strip("|").split("|")) for line in (*block[:1], *block[below:])]
            for line, count in zip(block[below:], rows, strict=True):
                if count != head:
                    message = (
                        f"this line of a table has {counted(count, 'cell')}, and its head has {head}: {start_of(line)}"
                    )
                    yield message, r"write as many in each line, and \| for a bar inside a cell"


def _code_is_closed(blocks: list[list[str]]) -> Iterator[Trap]:
    for block in blocks:
        for line in block:
            if line.startswith("~~~"):
                yield "a ~~~ opens code that does not close", "close it with ~~~ on a line of its own"
                return


# --- inside a line ----------------------------------------------------------------------------------------


def _emphasis_is_closed(blocks: list[list[str]]) -> Iterator[Trap]:
    for block in blocks:
        if not any("*" in line for line in block):
            continue
        text = re.sub(r"(?<!\S)\*+(?!\S)", "", "\n".join(re.sub(r"^[ ]*[-+*][ ]+", "", line) for line in block))
        if inside := re.search(r"\w\*([^*\s]+)\*\w", text):
            hint = r"write \* or $\cdot$ for a product, or leave the whole word in emphasis"
            yield f"this becomes emphasis inside a word: {inside[0]}", hint
        for mark in (r"\*\*\*", r"\*\*", r"\*"):
            text = re.sub(rf"{mark}(?![\s*])([^*]*[^*\s]){mark}", r"\1", text)
        if left := re.search(r"\*+(?=\S)|(?<=\S)\*+", text):
            hint = r"close it in the same paragraph, with no space inside, or write \*"
            yield f"a * opens emphasis that does not close: {start_of(text[left.start() :])}", hint


def _names_of_code_are_code(blocks: list[list[str]]) -> Iterator[Trap]:
    for block in blocks:
        if not any("__" in line for line in block):  # asked first, since the pattern looks behind every character
            continue
        for match in re.finditer(r"(?<![\w_])__(\w+?)__(?!\w)", "\n".join(block)):
            yield f"this becomes bold: {match[0]}", f"write `{match[0]}` for code, or **{match[1]}** for bold"


def _lines_do_not_break(blocks: list[list[str]]) -> Iterator[Trap]:
    for block in blocks:
        for line in block[:-1]:
            if line.endswith("  "):
                hint = "take the spaces away, or make two paragraphs"
                yield f"two spaces break the line after: {start_of(line[-40:])}", hint


def _marks_are_known(blocks: list[list[str]]) -> Iterator[Trap]:
    for block in blocks:
        text = "\n".join(block)
        if not (_SIGN_OF_A_MARK.search(text) or _LINE_WITH_A_MARK.search(text)):
            continue  # like most texts, and many patterns take their time
        for pattern, hint in _UNKNOWN:
            if match := pattern.search(text):
                yield f"the page shows these marks as they stand: {start_of(match[0])}", hint


def mark_in_a_line(text: str) -> re.Match[str] | None:
    """Where a mark of another engine stands inside of a line; of several, the first kind."""
    if not _SIGN_OF_A_MARK.search(text):
        return None
    found = (pattern.search(text) for pattern in _IN_A_LINE)
    return next((match for match in found if match), None)


# Marks of other engines, which this one shows as they stand, inside of a line. Names such as C++ and A* have none.
MARKS_IN_A_LINE = (
    (r"(?<!\{)~~(?!\s)[^~\n]+(?<!\s)~~", "leave out what is struck through"),
    (r"(?<![\w={])==(?![\s=])[^=\n]*(?<!\s)==(?![\w=])", "write **…** for what is to stand out"),
    (r"(?<![\w+{])\+\+[^\s+](?:[^\s+]|\+(?!\+))*\+\+(?![\w+])", "write keys as `Ctrl+C`, and leave other marks out"),
    (r"\{(\+\+|--|~~|==|>>)[^{}\n]+?(?:\1|<<)\}", "write the text as it is to be read: there are no tracked changes"),
    (r"(?<=\w)~\w{1,20}~(?![\w~])|(?<=[^\W\d])~\w{1,20}~(?!~)", "write H₂O, or $x_2$ for mathematics"),
    (r"(?<=\w)\^\w{1,20}\^(?![\w^])|\^\^(?![\s^])[^^\n]+\^\^", "write x², or $x^2$ for mathematics"),
    (r"(?<![\w:]):[a-z][a-z0-9_+-]+:(?![\w:])", "say it in words, or put the sign itself"),
    (
        r"(?<![`])(?<![`][ ])\{(?::[^{}\n]*|[ ]*[.#][A-Za-z][^{}\n]*)\}",
        "leave it out: a text gives itself no class and no anchor",
    ),
    (r"-{1,2}8<-{1,2}", "put the text itself here: there are no snippets"),
    (
        r"(?<![\w\]\[])(?!\[[A-Z]+\]\[[A-Z]+\])\[[^\[\]\n]*[^\W\d]{2}[^\[\]\n]*\]\[[^\[\]\n]*\]",
        "write [text](https://…)",
    ),
)
# What one of these has in any case, and what those below have besides.
_SIGN_OF_A_MARK = re.compile(r"[~{^]|==|\+\+|:[a-z]|8<-|\]\[|\[\[|\[\^|\]\]|\}\}")
_LINE_WITH_A_MARK = re.compile(r"^(?:!!!|\?\?\?|===|[ ]{0,3}[\[:]|[ ]*[-+*][ ]\[)", re.MULTILINE)
_IN_A_LINE = [re.compile(pattern) for pattern, _ in MARKS_IN_A_LINE]
_UNKNOWN = [
    (re.compile(pattern, re.MULTILINE), hint)
    for pattern, hint in (
        *MARKS_IN_A_LINE,
        (r"^(?:!!!|\?\?\?\+?|===)[ ]\S+", "say it in a sentence: there are no boxes and tabs inside a text"),
        (r"\[\^[^\]\s]+\]", "write [text](https://…), or add it to the sources: there are no footnotes"),
        (r"^[ ]{0,3}\[(?!\^)[^\[\]\n]+\]:[ ]*(?:<?https?:|/)\S*", "write [text](https://…) where the link is to stand"),
        (
            r"^[ ]{0,3}:[ ]+\S.*",
            "say it in a sentence, or in a list that starts with - **term**: and goes on",
        ),
        (r"^[ ]*[-+*][ ]\[[ xX]\][ ]", "leave the box out"),
        (r"\[\[[a-z][a-z0-9-]*(?:\|[^\[\]\n]*)?\](?!\])", "close the link with ]]"),
        (r"\[\[[ ]*\]\]", "a link needs a slug, as in [[neuron]]"),
        (r"(?<![\[\w])\[[a-z][a-z0-9-]*(?:\|[^\[\]\n]*)?\]\]", "open the link with [["),
        (r"[^\s{}]*\}\}", "open the figure with {{, or put what is code between marks of `"),
    )
]

# --- LaTeX ------------------------------------------------------------------------------------------------


def latex_outside(text: str) -> Iterator[Trap]:
    r"""LaTeX that stands in prose, where nothing reads it: \(x_i\), \[y\], \alpha, \frac{1}{2}; once a paragraph."""
    if "\\" not in text:
        return
    flow = "".join([part if kind in ("prose", "escape") else "\0" for kind, part in parts(text)])
    if "\\" not in flow:  # as in most: it stands in formulas
        return
    for block in re.split(r"\n[ ]*\n", flow):
        if found := next((one for one in _LATEX.finditer(block) if _is_latex(one)), None):
            hint = "put it between dollars, as in $x_i$, or in code where it is meant as it stands"
            yield f"this is no mathematics, and the page shows its signs: {start_of(found[0])}", hint


# A backslash before a letter is shown; before a bracket it is not, so that \( and \) leave brackets alone.
_LATEX = re.compile(
    r"""(?<![\\\]])\\\((?:(?!\\\)).)+\\\)              # \(x\); after ] the backslash only keeps it from being a link
      | (?<!\\)\\\[(?P<inside>(?:(?!\\\]).)+)\\\]       # \[x\]; an escaped bracket around words is fine
      | (?<![\\:/])(?P<command>\\[A-Za-z]{2,})(?P<braces>\{[^{}]*\}|[{])?(?![\\/])
    """,
    re.VERBOSE | re.DOTALL,
)


def _is_latex(found: re.Match[str]) -> bool:
    if inside := found["inside"]:
        return re.fullmatch(r"\s*[A-Za-z]\s*", inside) is not None or re.search(r"[\\_^=]", inside) is not None
    if found["command"] and ":\\" in found.string[: found.start()].rpartition(" ")[2]:
        return False  # a folder of Windows
    return found["command"] is None or found["braces"] is not None or is_command(found["command"])


# --- texts of one paragraph -------------------------------------------------------------------------------


def _is_one_paragraph(blocks: list[list[str]]) -> Iterator[Trap]:
    hint = "say it in one paragraph, without lists, tables, quotations and blocks of code"
    if len(blocks) > 1:
        yield f"the page shows one paragraph here, and a second starts: {start_of(blocks[1][0])}", hint
    lines = blocks[0] if blocks else [""]
    own = [lines[0]] if re.match(_ITEM, lines[0]) else [_meant_as_list(lines)]
    own += [line for line in lines if re.match(r"[ ]*[>|]", line)]
    for line in list(filter(None, own))[:1]:
        yield f"the page shows one paragraph here, and no lines of their own: {start_of(line)}", hint


_EVERYWHERE: tuple[_Rule, ...] = (
    _emphasis_is_closed, _names_of_code_are_code, _marks_are_known, _sentences_start_no_list,
    _rules_are_made_by_the_page, _code_is_closed,
)  # fmt: skip
_IN_ONE_PARAGRAPH: tuple[_Rule, ...] = (_is_one_paragraph,)
_AMONG_BLOCKS: tuple[_Rule, ...] = (
    _lists_stand_apart, _lists_have_marks_that_count, _lists_in_lists_are_set_off,
    _lists_are_of_one_kind_and_count_from_one, _entries_hold_together,
    _paragraphs_are_not_set_off, _quotations_are_meant, _tables_are_whole, _lines_do_not_break,
)  # fmt: skip
