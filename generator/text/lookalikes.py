"""Letters that a reader takes for others. Names are searched, typed and trusted, so none may only look like another."""

import unicodedata

_LATIN = frozenset("ÆæŒœØøŁłĐđÐðÞþß")  # Latin letters that are no ASCII letter with a mark on it
_GREEK = frozenset("βδεζηθλμξπσςτφψωΓΔΘΛΞΠΣΦΨΩ")  # unlike any Latin letter
_GREEK_ALONE = frozenset("αγικνρυχ")  # like one, but not where they stand alone, as in χ² or ν-SVM


def lookalike(name: str) -> str:
    """The first character of a name that may pass for another; empty where there is none."""
    name = unicodedata.normalize("NFC", name)
    for i, character in enumerate(name):
        beside = name[max(i - 1, 0) : i] + name[i + 1 : i + 2]
        if not (character.isascii() or _is_itself(character, alone=not any(map(str.isalpha, beside)))):
            return character
    return ""


def _is_itself(character: str, *, alone: bool) -> bool:
    if character in _GREEK or character in _LATIN or (alone and character in _GREEK_ALONE):
        return True
    kind = unicodedata.category(character)
    if kind in ("Lu", "Ll"):  # é, and neither Cyrillic а nor a mathematical or full-width letter
        base = unicodedata.normalize("NFD", character)[0]
        return base.isascii() and base.isalpha()
    return kind[0] not in "LM" and kind not in ("Nd", "Nl", "Cn", "Co")  # no loose accents, no other digits


def letter_in_words(character: str) -> str:
    """A character in words: 'а' (cyrillic small letter a)."""
    name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
    return f"'{character}' ({name})"
