"""The first mention of a term becomes a link to its page.

All names of all terms go into one Aho-Corasick automaton, so that a text is read once however many terms there are.
The rules: the longest name wins; case matters only in acronyms; plurals count; a name is not linked on its own page,
twice on a page, inside code, mathematics, headings, links or HTML, or where its author said so.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from generator.markdown import parts
from generator.model import Glossary, Term

Href = Callable[[str], str]  # slug -> where its page is, seen from the page that links


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


def is_acronym(word: str) -> bool:
    """Words with two capitals are acronyms: ANN, ReLU, GPT-2, but not Byte-Pair."""
    return sum(map(str.isupper, word)) >= 2


def plural(name: str) -> str:
    """The regular English plural of the last word. An irregular one is written down as an alias."""
    if re.search(r"(s|x|z|ch|sh)$", name, re.IGNORECASE):
        return name + "es"
    if re.search(r"[^aeiou]y$", name):
        return name[:-1] + "ies"
    return name + "s"


_SPACES = str.maketrans("-\u2010\u2011\n\u00a0", "     ")


def folded(text: str) -> str:
    """Lower case with hyphens as spaces, letter by letter, so that places in the text stay what they are."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    return lower.translate(_SPACES)


class Linker:
    """Knows every name in the glossary. Build it once and use it for every page."""

    def __init__(self, glossary: Glossary) -> None:
        self._titles = {slug: term.in_sentence for slug, term in glossary.terms.items()}
        self._names = list(_names(glossary))
        self._automaton = AhoCorasick([folded(name.text) for name in self._names])

    def page(self, term: Term | None, texts: Iterable[str], href: Href, nolink: Iterable[str] = ()) -> "PageLinks":
        """A linker for the texts of one page, which are given beforehand for the links that are made by hand."""
        here = term.slug if term else ""
        by_hand = {slug for text in texts for slug in hand_links(text)}
        opted_out = {folded(word) for word in (*nolink, *(term.nolink if term else ()))}
        return PageLinks(self, href, {here} | by_hand, opted_out)

    def mentions(self, prose: str) -> Iterator[Mention]:
        """Every mention from left to right, longest first, none overlapping another."""
        low = folded(prose)
        found: list[tuple[int, int, int, str]] = []
        for index, start, end in self._automaton.find_matches_as_indexes(low, overlapping=True):
            name = self._names[index]
            if _stands_alone(prose, start, end) and all(
                prose.startswith(word, start + place) for place, word in name.acronyms
            ):
                found.append((start, -end, index, name.slug))
        taken = 0
        for start, minus_end, _, slug in sorted(found):
            if start >= taken:
                taken = -minus_end
                yield Mention(start, taken, slug)

    def title(self, slug: str) -> str:
        """How a term is called in the middle of a sentence; the slug itself where there is no such term."""
        return self._titles.get(slug, slug)


@dataclass
class PageLinks:
    """Links on one page: each target at most once."""

    linker: Linker
    href: Href
    linked: set[str]
    opted_out: set[str]

    def prose(self, text: str) -> str:
        """A piece of prose with links on first mentions."""
        out, end = [], 0
        for mention in self.linker.mentions(text):
            words = text[mention.start : mention.end]
            if mention.slug and mention.slug not in self.linked and folded(words) not in self.opted_out:
                self.linked.add(mention.slug)
                out += [text[end : mention.start], f"[{words}]({self.href(mention.slug)})"]
                end = mention.end
        return "".join([*out, text[end:]])

    def by_hand(self, wiki: str) -> str:
        """`[[slug]]` or `[[slug|text]]` as a link."""
        slug, _, text = wiki[2:-2].partition("|")
        return f"[{text.strip() or self.linker.title(slug.strip())}]({self.href(slug.strip())})"

    def markdown(self, text: str) -> str:
        """A whole Markdown text, with everything but its prose and its hand-made links left alone."""
        change: Mapping[str, Callable[[str], str]] = {"prose": self.prose, "wiki": self.by_hand}
        return "".join(change[kind](part) if kind in change else part for kind, part in parts(text))


def hand_links(text: str) -> list[str]:
    """The slugs that a text links to by hand."""
    return [part[2:-2].partition("|")[0].strip() for kind, part in parts(text) if kind == "wiki"]


def _names(glossary: Glossary) -> Iterator[Name]:
    shared = {folded(text) for text in glossary.ambiguous}
    for slug, term in glossary.terms.items():
        linkable = {term.title: slug} | {alias.text: slug if alias.link else "" for alias in term.aliases}
        for text, target in linkable.items():
            for form in {text, plural(text)}:
                words = re.finditer(r"[^\s-]+", text)
                acronyms = tuple((word.start(), word[0]) for word in words if is_acronym(word[0]))
                yield Name(form, "" if folded(text) in shared else target, acronyms)


_LETTER_AFTER_HYPHEN = re.compile(r"[-‑]\w")


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whole words only: no link inside "subtokens" or "self-attention"."""
    if start and (text[start - 1].isalnum() or text[start - 1] in "_-‑"):
        return False
    return not (text[end : end + 1].isalnum() or text[end : end + 1] == "_" or _LETTER_AFTER_HYPHEN.match(text, end))
