"""Which words of a text are misspelled, and which are acronyms."""

import re
from collections.abc import Iterable, Iterator

from generator.text import wordlists
from generator.text.folding import folded
from generator.text.markdown import PartKind, parts
from generator.text.slugs import slugify
from generator.text.vocabulary import is_common
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
    said = set("\n".join(texts).replace("’", "'").casefold().split()) - _seen_right
    # Half of what stands between spaces is there twice, and most of the rest is letters only, which is a word as it is.
    words = {piece for piece in said if piece.isalpha()}
    words.update(_SPELLED.findall(" ".join(said - words)))
    words |= {piece for word in words if "-" in word for piece in word.split("-")}
    if not corrections.keys().isdisjoint(words):
        return False
    if len(_seen_right) < MOST_SEEN:
        _seen_right.update(said)
    return True


# What stood between spaces in texts that were right, since entries have most of their words in common.
_seen_right: set[str] = set()
MOST_SEEN = 50_000  # which is 5 MB


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
    """Words with two capitals are acronyms: ANN, ReLU, GPT-2, but not Byte-Pair, and not Bias/Variance."""
    if word[1:].islower() and word.isalpha():  # as nearly all words
        return False
    return any(sum(map(str.isupper, piece)) >= 2 for piece in _PIECE.findall(word))


_PIECE = re.compile(r"[^\W_]+")


def in_sentence(name: str, names: Iterable[str], prose: str, people: str = "") -> str:
    """A name that starts a sentence as it stands inside of one: "neural network", but "Adam", "BPE", "Bayes' theorem".

    names: the names of the term as they are listed; prose: its texts, which may show how it is spelled; people: the
    authors of its sources, after whom it may be called.
    """
    if seen := _seen_inside(name, prose):
        return seen
    first, *rest = name.split()
    same = folded(name)
    if any(other[0].islower() and folded(other) == same for other in names):
        return name[0].lower() + name[1:]
    pieces = _PIECE.findall(first)
    if is_acronym(first) or not pieces or len(pieces[0]) == 1 or any(map(str.isdigit, first)):
        return name  # Q-learning, F1 score, A* search
    start = slugify(pieces[0])
    plain = is_common(start)
    if not plain and (first[-1] in "'’" or first[-2:] in ("'s", "’s")):  # Moore's law, and not a winner's curse
        return name
    others = [piece.lower() for piece in pieces[1:] if piece[0].isupper()]
    if not plain and others and not any(map(is_common, others)):  # Kullback–Leibler divergence
        return name
    if start in wordlists.named_after() or (not plain and start in map(slugify, _PIECE.findall(people))):
        return name
    if not plain and _seen_inside(pieces[0], prose)[:1].isupper():
        return name
    small = _PIECE.sub(lambda piece: piece[0] if is_acronym(piece[0]) else piece[0][0].lower() + piece[0][1:], first)
    return " ".join([small, *rest])


def _seen_inside(name: str, prose: str) -> str:
    """How a text spells a name where it does not start a sentence; empty where it never does."""
    low, wanted = folded(prose), f" {folded(name)}"
    at = low.find(wanted)
    while at != -1:
        end = at + len(wanted)
        inside = prose[at].isspace() and (low[at - 1 : at].isalpha() or low[at - 1 : at] in (",", ";"))
        if inside and not low[end : end + 1].isalnum():
            return prose[at + 1 : end]
        at = low.find(wanted, end)
    return ""
