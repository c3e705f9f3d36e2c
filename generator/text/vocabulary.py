"""Words: which of them a reader may not know.

A definition is closed when each of its words is common English, part of the name of a term, or allowed for a reason.
What counts as common is a pinned list, so that no new version of anything changes the verdict.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from generator.text.wordlists import common

# How an inflected word is made into what it may come from: an ending, and what to put in its place. Who knows a word
# knows its plural, its past, its forms in -ing and -est, and the adverb; but -er also makes an encoder of to encode.
ENDINGS = (
    ("ies", "y"), ("es", ""), ("s", ""),
    ("ied", "y"), ("ed", ""), ("ed", "e"),
    ("ing", ""), ("ing", "e"),
    ("iest", "y"), ("est", ""), ("est", "e"),
    ("ily", "y"), ("ly", ""),
)  # fmt: skip


@lru_cache(maxsize=4096)
def forms(word: str) -> tuple[str, ...]:
    """A word in small letters, and what it may be a form of: "carries" -> carries, carry, carri, carrie."""
    found = [word]
    for ending, instead in ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 1:
            found.append(stem + instead)
            if ending in ("ed", "ing", "est") and len(stem) > 3 and stem[-1] == stem[-2]:
                found.append(stem[:-1])
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=65536)
def is_common(word: str) -> bool:
    """Whether a word in small letters is one that every reader knows."""
    return any(form in common() for form in forms(word))


class Vocabulary:
    """What definitions may say: common English, the names of the terms, and some words more. Build it once."""

    def __init__(self, names: Iterable[str], allowed: Iterable[str] = ()) -> None:
        tokens = [tuple(word for _, word in _words(name)) for name in (*names, *allowed)]
        # A name counts in all its forms. Only its last word has any: neural networks, learned embeddings.
        self._names = {(*name[:-1], form) for name in tokens if name for form in forms(name[-1])}
        self._longest = max(map(len, self._names), default=0)

    def undefined(self, definition: str) -> list[str]:
        """The words that a reader may not know, as they are written, each once."""
        words = _words(definition)
        folded = [word for _, word in words]
        found: dict[str, str] = {}
        for i, (written, word) in enumerate(words):
            if not (is_common(word) or self._is_named(folded, i)):
                found.setdefault(word, written)
        return list(found.values())

    def _is_named(self, words: list[str], at: int) -> bool:
        """Whether the word there is part of the name of a term."""
        for start in range(max(0, at - self._longest + 1), at + 1):
            for end in range(at + 1, min(start + self._longest, len(words)) + 1):
                head = tuple(words[start : end - 1])
                if any((*head, form) in self._names for form in forms(words[end - 1])):
                    return True
        return False


def _words(text: str) -> list[tuple[str, str]]:
    """The words of a plain text, as written and in small letters; no numbers, no single letters, no "don't"."""
    found = [_without_ending(word) for word in _WORD.findall(text)]
    return [
        (word, word.casefold()) for word in found
        if len(word) > 1 and not word[0].isdigit() and not word.endswith("n't")
    ]  # fmt: skip


def _without_ending(word: str) -> str:
    return word if word.isalpha() else _ENDED.sub("", word.replace("’", "'"))  # most words have none


_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")  # a hyphen ends a word: who knows both halves knows the whole
_ENDED = re.compile(r"'(?:s|re|ll|ve|d|m)$")  # a model's, you'll
