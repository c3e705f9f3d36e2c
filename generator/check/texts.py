"""Rules about texts: how long they are, what the engine makes of them, their formulas and links."""

import re
from collections.abc import Iterator
from html import unescape

from demos._run.unseen import UNSEEN, character_in_words
from generator.check.names import AS_IT_IS, no_such_term
from generator.check.rule import EntryInGlossaryRule, EntryRule
from generator.check.unfinished import is_unfinished
from generator.model.entries import AnyEntry, Term
from generator.model.formulas import formulas
from generator.model.glossary import Outline
from generator.model.texts import Mark, TextKind, markdown_texts, prose
from generator.problems import Problem, ProblemKind, counted
from generator.text.latex import NotShown
from generator.text.markdown import PartKind, hand_links, inside_links, leads_to_the_web, parts, start_of, words
from generator.text.mathml import latex_of, mathml
from generator.text.name_marks import ENTITY
from generator.text.sentences import sentences
from generator.text.traps import latex_outside, mark_in_a_line, traps
from generator.text.web_addresses import disguised, names_a_site, told_disguised, told_unseen, unseen_in

LONGEST_DEFINITION = 300  # characters: what a card, a preview and a search result show whole
EXPLANATION = range(120, 451)  # words


@EntryRule
def definitions(entry: AnyEntry) -> Iterator[Problem]:
    """A definition starts with the term and is, has at most two sentences, and is short enough for a card."""
    if not isinstance(entry, Term):
        return
    path, text, where = entry.file, entry.definition, ("definition",)
    if len(text) > LONGEST_DEFINITION:
        message = f"the definition has {counted(len(text), 'character')}"
        yield Problem(path, message, f"it may have {LONGEST_DEFINITION}", where)
    if (count := len(sentences(text))) > 2:
        yield Problem(path, f"the definition has {counted(count, 'sentence')}", "two are enough", where)
    if entry.opening is None:
        hint = "begin with the title or an alias and is or are, as in: A neural network is …"
        yield Problem(path, "the definition does not start with the term", hint, where)


@EntryRule
def explanations(entry: AnyEntry) -> Iterator[Problem]:
    """An explanation is long enough to explain and short enough to be read."""
    if isinstance(entry, Term) and (count := words(entry.explanation)) not in EXPLANATION:
        hint = f"between {EXPLANATION.start} and {EXPLANATION.stop - 1} make a page that gets read"
        message = f"the explanation has {counted(count, 'word')}"
        kind: ProblemKind = "unfinished" if count < EXPLANATION.start else "error"
        yield Problem(entry.file, message, hint, ("explanation",), kind=kind)


@EntryRule
def texts_render(entry: AnyEntry) -> Iterator[Problem]:
    """Markdown that will look as meant: no HTML, no pictures, no open mathematics or code."""
    path = entry.file
    for text in markdown_texts(entry):
        where = text.where
        for kind, part in parts(text.content):
            if kind in _REFUSED and not (kind == "link" and leads_to_the_web(part)):
                message, hint = _REFUSED[kind]
                if kind == "link" and part.startswith("!"):
                    message, hint = "pictures are drawn by demos", "take it out, or let the demo draw it"
                yield Problem(path, f"{message}: {start_of(part)}", hint, where)
            elif kind == "link" and not part[1:].partition("](")[0].strip():
                hint = "write what the reader is to press, as in [the paper](https://…)"
                yield Problem(path, f"this link has no words: {start_of(part)}", hint, where)
            elif kind == "prose":
                for mark, (message, hint) in _OPEN.items():
                    if mark in part:
                        start = max(part.rfind("[", 0, part.index(mark)), 0) if mark == "](" else part.index(mark)
                        yield Problem(path, f"{message}: {start_of(part[start:])}", hint, where)


@EntryRule
def entities_are_seen(entry: AnyEntry) -> Iterator[Problem]:
    """No entity of HTML, such as &#8203;, stands for a character that nobody sees, or that turns the text around."""
    for text in markdown_texts(entry):
        for kind, part in parts(text.content) if "&" in text.content else ():
            for match in re.finditer(ENTITY, part) if kind not in ("code", "fence", "math", "address") else ():
                if unseen := UNSEEN.search(unescape(match[0])):
                    message = f"{match[0]} stands for {character_in_words(unseen[0])}"
                    yield Problem(entry.file, message, "take it out", text.where)
                elif _is_no_character(match[0]):
                    message = f"{match[0]} stands for no character, and each browser makes something of it"
                    yield Problem(entry.file, message, "write the character itself that is meant", text.where)


def _is_no_character(entity: str) -> bool:
    """Whether an entity gives a number under which Unicode has nothing to show."""
    number = re.fullmatch(r"&#(?:(\d+)|[xX]([0-9a-fA-F]+));", entity)
    if number is None:
        return False
    code = int(number[1] or "0") or int(number[2] or "0", 16) if len(entity) < 12 else 0x110000
    return code in range(9) or code in range(0x80, 0xA0) or code >= 0x110000 or UNSEEN.match(chr(code)) is not None


@EntryRule
def questions_are_asked_once(entry: AnyEntry) -> Iterator[Problem]:
    """No question stands twice among those that people ask."""
    seen = set[str]()
    for i, item in enumerate(entry.faq if isinstance(entry, Term) else ()):
        asked = " ".join(re.findall(r"\w+", item.question.casefold()))
        if asked in seen:
            where = ("faq", i, "question")
            yield Problem(entry.file, f"this question is asked twice: {item.question}", "keep one of them", where)
        seen.add(asked)


_REFUSED = {
    "html": ("HTML is not shown", "write `<` in code or mathematics, or as &lt;"),
    "heading": ("headings and rules are made by the page", "start a paragraph instead, or escape it with a backslash"),
    "link": ("this link leads nowhere", "link to a term with [[slug]], or to an address that starts with https://"),
}
_OPEN = {
    "`": ("a ` opens code that does not close", "close it in the same paragraph, or write \\`"),
    "$": ("a $ opens mathematics that does not close", r"close it in the same paragraph, or write a dollar as \$"),
    "](": ("this link can not be read", "write it as [text](https://…), with no spaces or title in the address"),
}


@EntryRule
def texts_fall_into_no_trap(entry: AnyEntry) -> Iterator[Problem]:
    """No text is read otherwise by the engine than by its author, as is a list without an empty line before it."""
    for text in markdown_texts(entry):
        for message, hint in traps(text.content, one_paragraph=text.kind is TextKind.INLINE):
            yield Problem(entry.file, message, hint, text.where)


@EntryRule
def plain_texts_are_plain(entry: AnyEntry) -> Iterator[Problem]:
    """No marks in a text that is shown as it is, and no mathematics and no table where cards would show its source."""
    for text in prose(entry):
        if text.kind is TextKind.NAME:  # which names_hold_no_marks looks at
            continue
        on_cards = Mark.ON_CARDS in text.marks
        for message, _ in latex_outside(text.content) if not text.is_markdown else ():
            yield Problem(entry.file, message, AS_IT_IS, text.where)
        if on_cards and (table := _TABLE.search(text.content)):
            message = f"cards and search results show this table as its source: {start_of(table[0])}"
            yield Problem(entry.file, message, "say it in sentences, or in rows of the comparison", text.where)
        for kind, part in () if text.is_linked and not on_cards else _all_parts(text.content):
            if on_cards:
                if kind == "fence":
                    message = f"cards and search results show this code in one line: {start_of(part)}"
                    yield Problem(entry.file, message, "say it in sentences", text.where)
                elif kind == "math" and re.search(r"[\\^_{]", part) and _is_sound(part):
                    message = f"cards and search results show this formula as its source: {start_of(part)}"
                    yield Problem(entry.file, message, "write it in words or plain letters", text.where)
            elif text.is_markdown:
                if kind == "math" and re.search(r"[\\^_{]", part) and _is_sound(part):
                    hint = "write it in words or plain letters: this text is shown without mathematics"
                    message = f"this formula is shown as its source: {start_of(part)}"
                    yield Problem(entry.file, message, hint, text.where)
            elif kind == "prose" and (mark := _mark_in(part)):
                message = f"the page shows these marks as they stand: {start_of(mark)}"
                yield Problem(entry.file, message, AS_IT_IS, text.where)
            elif kind in _MARKED or (kind == "prose" and "**" in part):
                message = f"the page shows these marks as they stand: {start_of(part)}"
                yield Problem(entry.file, message, AS_IT_IS, text.where)


_TABLE = re.compile(r"^.*\|.*\n[ ]{0,3}\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?[ ]*$", re.MULTILINE)


def _all_parts(text: str) -> Iterator[tuple[PartKind, str]]:
    """The parts of a text, and those of what stands in its links."""
    for kind, part in parts(text):
        yield kind, part
        if kind in ("link", "wiki"):
            yield from (inner for inner in parts(inside_links(kind, part)) if inner[0] == "math")


_MARKED = ("code", "fence", "math", "wiki", "link", "html")


def _mark_in(prose_: str) -> str:
    """The first mark of another engine, or an entity, in a text that is shown as it is."""
    if match := mark_in_a_line(prose_):
        return match[0]
    entity = re.search(ENTITY, prose_)
    return entity[0] if entity and unescape(entity[0]) != entity[0] else ""


def _is_sound(formula: str) -> bool:
    try:
        return bool(mathml(latex_of(formula)[0])) and not is_unfinished(formula)
    except ValueError:  # which other rules tell
        return False


@EntryRule
def formulas_convert(entry: AnyEntry) -> Iterator[Problem]:
    """Every formula is LaTeX that can be shown as MathML."""
    for where, latex, display in formulas(entry):
        try:
            mathml(latex, display=display)
        except ValueError as error:
            hint = error.hint if isinstance(error, NotShown) else ""
            yield Problem(entry.file, f"this is not mathematics we can show: {error}", hint, where)


@EntryInGlossaryRule
def hand_made_links_land(glossary: Outline, entry: AnyEntry) -> Iterator[Problem]:
    """A link that an author made, as in `[[neuron]]`, leads to a term."""
    for text in markdown_texts(entry):
        for slug in hand_links(text.content):
            if not slug:
                hint = "a link needs a slug, as in [[neuron]] or [[neuron|what it is called]]"
                yield Problem(entry.file, "this link leads nowhere: [[|…]]", hint, text.where)
            elif not glossary.has_term(slug):
                yield no_such_term(glossary, entry.file, slug, text.where)


@EntryRule
def addresses_name_sites(entry: AnyEntry) -> Iterator[Problem]:
    """Links in texts lead somewhere; those of sources are looked at with them."""
    for text in markdown_texts(entry):
        for kind, part in parts(text.content) if "://" in text.content else ():
            url = part.partition("](")[2][:-1] if kind == "link" else part.strip("<>").rstrip(".,;:!?")
            if kind not in ("link", "address") or "://" not in url:
                continue
            if not names_a_site(url):
                hint = "copy the whole address from the browser"
                yield Problem(entry.file, f"the address {url} names no site", hint, text.where)
            elif host := disguised(url):
                yield Problem(entry.file, *told_disguised(host), text.where)
            elif hidden := unseen_in(url):
                yield Problem(entry.file, *told_unseen(url, hidden), text.where)
