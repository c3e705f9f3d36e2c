"""Which terms a new one may belong beside, and why: found by words, so that a suggestion explains itself."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from generator.model.entries import Level, Term
from generator.model.glossary import Glossary
from generator.model.texts import spoken
from generator.text.folding import folded

MOST = 8  # suggestions; more than that is no help
IN_NAMES, IN_DEFINITION = 3.0, 1.0  # how much a shared word says, by where it stands
MENTIONED = 6.0  # a page that speaks of the new term will link to it, which says more than any single word


@dataclass(frozen=True)
class Neighbor:
    """A term that may be related to a new one. `comes_first`: its whole name is part of the new one's."""

    slug: str
    category: str
    level: Level
    why: str
    score: float
    comes_first: bool


def neighbors(name: str, glossary: Glossary) -> list[Neighbor]:
    """The terms closest to a name that is not in the glossary yet, the closest first; none where nothing is shared.

    Words count by how rare they are among names and definitions. Ties are settled by slug.
    """
    wanted = _words([name])
    texts = {slug: _words([*term.names, term.definition]) for slug, term in glossary.terms.items()}
    seen_in = Counter(word for words in texts.values() for word in words)
    rarity = {word: math.log(1 + len(texts) / seen_in[word]) for word in wanted if seen_in[word]}
    found = filter(None, (_neighbor(term, name, wanted, rarity) for term in glossary.terms.values()))
    return sorted(found, key=lambda neighbor: (-neighbor.score, neighbor.slug))[:MOST]


def usual(neighbors: Iterable[Neighbor], field: str) -> str:
    """The category or level that most of them have, weighed by how close they are; empty where there are none."""
    weights: dict[str, float] = {}
    for neighbor in neighbors:
        value: str = getattr(neighbor, field)
        weights[value] = weights.get(value, 0) + neighbor.score
    return max(weights, key=lambda value: weights[value], default="")


def _neighbor(term: Term, name: str, wanted: set[str], rarity: dict[str, float]) -> Neighbor | None:
    in_names = wanted & _words(term.names)
    in_definition = (wanted & _words([term.definition])) - in_names
    mentioned = _mentions(term, name)
    score = IN_NAMES * math.fsum(rarity[word] for word in in_names) + MENTIONED * mentioned
    score += IN_DEFINITION * math.fsum(rarity[word] for word in in_definition)
    if not score:
        return None
    comes_first = any(words and words < wanted for words in (_words([own]) for own in term.names))
    why = [
        *(["its name is part of this one"] if comes_first else []),
        *([f"{_quoted(in_names)} in its names"] if in_names and not comes_first else []),
        *([f"{_quoted(in_definition)} in its definition"] if in_definition else []),
        *(["its page speaks of this"] if mentioned else []),
    ]
    return Neighbor(term.slug, term.category, term.level, ", ".join(why), score, comes_first)


def _mentions(term: Term, name: str) -> bool:
    """Whether the texts of a term speak of a name, also in the plural."""
    return re.search(rf"(?<!\w){re.escape(folded(name))}s?(?!\w)", folded(spoken(term))) is not None


def _words(texts: Iterable[str]) -> set[str]:
    """The words that say something, in small letters and in the singular as far as that is a matter of an s."""
    words = (re.sub(r"(?<=[^s])s$", "", word) for word in re.findall(r"[^\W_]+", folded(" ".join(texts))))
    return {word for word in words if len(word) > 2 and word not in COMMON}


COMMON = frozenset(
    re.findall(
        r"\w+",
        """all also and are but can for from has have how into its more not one only other out over own same than that
        the their them then this two use used using was way what when which who will with without""",
    )
)


def _quoted(words: set[str]) -> str:
    return " and ".join(f"'{word}'" for word in sorted(words))
