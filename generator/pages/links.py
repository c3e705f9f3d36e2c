"""The first mention of a term becomes a link to its page.

All names of all terms go into one Aho-Corasick automaton, so that a text is read once however many terms there are.
The rules: the longest name wins; case matters only in acronyms; plurals count; of hyphens, dashes and apostrophes
every form is as good; a name is not linked on its own page, twice on a page, inside code, mathematics, headings, links
or HTML, or where its author said so.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby

from ahocorasick_rs import AhoCorasick

from generator.model.entries import Term
from generator.model.glossary import Glossary
from generator.problems import plural
from generator.text.folding import HYPHENS, composed, folded
from generator.text.markdown import PartKind, hand_links, link_text, markdown_text, parts, slug_and_text
from generator.text.reading import FLOWS, read_of
from generator.text.spelling import is_acronym

Href = Callable[[str], str]  # slug -> where its page is, seen from the page that links
Write = Callable[[PartKind, str], str]  # a part of a text -> how it stands in the page


def _in_link(write: Write, kind: PartKind, part: str) -> str:
    written = write(kind, part)
    return written.replace("]", "&#93;") if kind == "prose" else written  # which would end the text of the link


def as_it_is(_: PartKind, part: str) -> str:
    return part


@dataclass(frozen=True)
class Name:
    """A form in which a term may be mentioned. An empty slug shadows: it is found, and not linked."""

    text: str
    slug: str
    acronyms: tuple[tuple[int, str], ...]  # where in the text letters must be exactly these


@dataclass(frozen=True)
class Mention:
    start: int
    end: int
    slug: str


class Linker:
    """Knows every name in the glossary. Build it once and use it for every page."""

    def __init__(self, glossary: Glossary) -> None:
        self._titles = {slug: term.in_sentence for slug, term in glossary.terms.items()}
        self._names, self._automaton = _automaton(tuple(_forms(glossary)))

    def page(self, term: Term | None, texts: Iterable[str], href: Href, nolink: Iterable[str] = ()) -> "PageLinks":
        """A linker for the texts of one page, which are given beforehand for the links that are made by hand."""
        here = term.slug if term else ""
        by_hand = {slug for text in texts for slug in hand_links(text)} - {here}
        opted_out = {
            folded(composed(form))
            for word in (*nolink, *(term.nolink if term else ()))
            for form in (word, plural(word))
        }
        return PageLinks(self, href, {here} | by_hand, opted_out, by_hand)

    def mentions(self, prose: str) -> Iterator[Mention]:
        """Every mention from left to right, longest first, none overlapping another."""
        found: list[tuple[int, int, int]] = []
        for index, start, end in self._automaton.find_matches_as_indexes(folded(prose), overlapping=True):
            if _stands_alone(prose, start, end) and all(
                prose.startswith(word, start + place) for place, word in self._names[index].acronyms
            ):
                found.append((start, -end, index))
        taken = 0
        for start, minus_end, index in sorted(found):
            if start >= taken:
                taken = -minus_end
                yield Mention(start, taken, self._names[index].slug)

    def title(self, slug: str) -> str:
        """How a term is called in the middle of a sentence; the slug itself where there is no such term."""
        return self._titles.get(slug, slug)


@dataclass
class PageLinks:
    """Links on one page: each target at most once, and by hand where its author made one by hand."""

    linker: Linker
    href: Href
    linked: set[str]
    opted_out: set[str]
    by_hand_to_come: set[str]

    def prose(self, text: str) -> str:
        """A piece of prose with links on first mentions."""
        return self.flow([("prose", text)], as_it_is)

    def flow(self, flow: Sequence[tuple[PartKind, str]], write: Write) -> str:
        """Prose and escaped signs that follow each other, written with links on first mentions.

        Names are looked for in what a reader reads, so that it does not matter how a text spells a sign, or which words
        of a name it puts in bold.
        """
        read = read_of(flow)
        out, end = [], 0
        for mention in self.linker.mentions(read.text):
            words = read.text[mention.start : mention.end]
            if mention.slug and mention.slug not in self.linked and folded(words) not in self.opted_out:
                place = read.place(mention.start, mention.end)
                if place is None:  # it starts or ends inside of emphasis, which would not close in a link
                    continue
                self.linked.add(mention.slug)
                linked = read.written(*place, partial(_in_link, write))
                out += [read.written(end, place[0], write), f"[{linked}]({self.href(mention.slug)})"]
                end = place[1]
        return "".join([*out, read.written(end, read.length, write)])

    def by_hand(self, wiki: str) -> str:
        """`[[slug]]` or `[[slug|text]]` as a link; as its text alone where the page has that link, or is its target."""
        slug, text = slug_and_text(wiki)
        text = link_text(text) or markdown_text(self.linker.title(slug))
        if slug not in self.by_hand_to_come:
            return text
        self.by_hand_to_come.remove(slug)
        return f"[{text}]({self.href(slug)})"

    def markdown(self, text: str, write: Write = as_it_is) -> str:
        """A whole Markdown text with links; `write` says how everything else is written, and without it, it stays."""
        out: list[str] = []
        for flows, group in groupby(parts(text), key=lambda part: part[0] in FLOWS):
            if flows:
                out.append(self.flow(list(group), write))
            else:
                out += [self.by_hand(part) if kind == "wiki" else write(kind, part) for kind, part in group]
        return "".join(out)


@lru_cache(maxsize=1)  # `serve` asks after every edit, most of which leave the names as they are
def _automaton(forms: tuple[tuple[str, str], ...]) -> tuple[list[Name], AhoCorasick]:
    names = [_name(text, slug) for text, slug in forms]
    return names, AhoCorasick([folded(name.text) for name in names])


def _forms(glossary: Glossary) -> Iterator[tuple[str, str]]:
    """Every form of every name with its slug. What is written down comes first: where two names are the same, the first
    in the list wins."""
    shared = {folded(text) for text in glossary.ambiguous}
    for form in (str, plural):
        for slug, term in glossary.terms.items():
            linked = {term.title: slug} | {alias.text: slug if alias.link else "" for alias in term.aliases}
            for name, target in linked.items():
                yield composed(form(name)), "" if shared and folded(name) in shared else target


def _name(text: str, slug: str) -> Name:
    if text.isascii() and not _TWO_CAPITALS.search(text):  # as most: an acronym has two in a word
        return Name(text, slug, ())
    # What is small from its second letter on is no acronym, and so are nearly all words. Bias/Variance is two words.
    odd = [word for word in _WORD.finditer(text) if not word[0][1:].islower()]
    return Name(text, slug, tuple([(word.start(), word[0]) for word in odd if is_acronym(word[0])]))


_WORD = re.compile(r"[^\W_]+")
_TWO_CAPITALS = re.compile(r"[A-Z][A-Za-z0-9]*[A-Z]")


# What makes a name part of something longer: "attention-based", "GPT-2.5", and "C" of "C#", "C++" and "C*".
_HOLDS_ON = frozenset("_\\!" + HYPHENS)
_GOES_ON = re.compile(rf"\w|[{HYPHENS}.]\w|#|[*+](?!\w)")


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whole words only: no link inside "subtokens" or "self-attention", and none that would become a picture."""
    before = text[start - 1 : start]
    return not (before.isalnum() or before in _HOLDS_ON or _GOES_ON.match(text, end))
