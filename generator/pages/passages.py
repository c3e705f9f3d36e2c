"""What search shows of the texts of a term: a file per term with its sentences, loaded when one of them is found.

The words that stand in them are gathered from these files by generator/exports/search.py.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import partial

from generator.model.entries import Term
from generator.model.texts import prose
from generator.pages.page import Pages, Planned
from generator.text.markdown import opening, plain_text

SHORTEST = 3  # letters of a word by which a text is found; shorter ones stand in nearly all of them
_SENTENCES = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")
_WORD = re.compile(r"[a-z0-9]+")


def planned(pages: Pages) -> Iterator[Planned]:
    """A file of sentences for each term."""
    for term in pages.glossary.terms.values():
        # It shows texts of the term and nothing of its demos, so their runs are not in its key.
        yield Planned(place(term), partial(_file, term), shows=("passages", term.digest))


def place(term: Term) -> str:
    """Where its file is, below the site."""
    return f"search/texts/{term.slug}.json"


def passages(term: Term) -> list[str]:
    """Every sentence of a term that search does not know from its questions and from how its definition begins."""
    begins = opening(term.definition, 0)
    asked = {item.question for item in term.faq}
    texts = [_readable(text.content) for text in prose(term) if text.is_sentences and text.content not in asked]
    return [one for text in texts for one in _SENTENCES.split(text) if one and one != begins]


def _readable(text: str) -> str:
    """A text without its marks, in which of the commands of a formula their names are left."""
    plain = plain_text(text)
    if "\\" not in plain:
        return plain
    return _BEFORE_MARK.sub("", " ".join(_BRACES.sub(" ", _COMMAND.sub(r" \1 ", plain)).split()))


_COMMAND = re.compile(r"\\([A-Za-z]+)")
_BRACES = re.compile(r"[\\{}]")
_BEFORE_MARK = re.compile(r" (?=[,.;:?!)])")


def words(text: str) -> set[str]:
    """The words of a text, folded as ranking.js folds them. Those in other scripts are left to names."""
    marked = unicodedata.normalize("NFKD", text).lower().replace("'", "").replace("’", "")
    return {word for word in _WORD.findall(_MARKS.sub("", marked)) if len(word) >= SHORTEST}


_MARKS = re.compile("[\u0300-\u036f]")


def _file(term: Term) -> str:
    return json.dumps(passages(term), ensure_ascii=False, separators=(",", ":")) + "\n"
