"""Which words of a text are misspelled, and which are acronyms."""

import re
from collections.abc import Iterable, Iterator

from generator.text import wordlists
from generator.text.markdown import PartKind, parts
from generator.text.wordlists import meant


def misspelled(markdown: str, names: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """Each misspelled word of a text, and what was probably meant. Code, mathematics and addresses are left alone.

    `names` are texts, such as the authors of sources, whose words are right however they look.
    """
    corrections = wordlists.corrections()
    prose = " ".join([_without_address(kind, part) for kind, part in parts(markdown) if kind in _PROSE])
    prose = prose.replace("’", "'")
    # All words at once, since most texts have none that is wrong.
    words = _words(prose.casefold())
    words |= {piece for word in words if "-" in word for piece in word.split("-")}
    wrong = {word for word in words if word in corrections}
    wrong -= {word.casefold() for name in names for word in _SPELLED.findall(name)} if wrong else set()
    for written in _SPELLED.findall(prose) if wrong else ():
        word = written.casefold()
        for piece in (word,) if word in corrections else word.split("-"):
            if piece in wrong and not is_acronym(written):
                wrong.remove(piece)
                yield (written if piece == word else piece), meant(corrections[piece])


def all_are_right(texts: Iterable[str]) -> bool:
    """Whether no word of some texts is misspelled, looked at all together, which is much faster than one by one.

    A word of code may say no where misspelled() would find nothing; whoever hears no asks it text by text.
    """
    corrections = wordlists.corrections()
    said = "\n".join(texts).replace("’", "'").casefold()
    words = set(_SPELLED.findall(said))
    words |= {piece for word in words if "-" in word for piece in word.split("-")}
    return corrections.keys().isdisjoint(words)


_PROSE: tuple[PartKind, ...] = ("prose", "link", "wiki")

_SPELLED = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_RUN = re.compile(r"[a-z'-]+")  # holds whole words of a folded text in ASCII, and is found in half the time


def _words(folded: str) -> set[str]:
    """All words of a folded text."""
    if not folded.isascii():
        return set(_SPELLED.findall(folded))
    runs = set(_RUN.findall(folded))
    return {word for run in runs for word in ((run,) if run.isalpha() else _SPELLED.findall(run))}


def _without_address(kind: PartKind, part: str) -> str:
    """What a reader reads of a link; of [[neuron]] nothing, since that is the name of a file."""
    return part.partition("|")[2] if kind == "wiki" else part.partition("](")[0] if kind == "link" else part


def is_acronym(word: str) -> bool:
    """Words with two capitals are acronyms: ANN, ReLU, GPT-2, but not Byte-Pair."""
    return sum(map(str.isupper, word)) >= 2
