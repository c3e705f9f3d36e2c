"""Names as addresses: what a reader would type for them, in small ASCII letters, digits and hyphens."""

import re
import unicodedata
from functools import lru_cache

# Mathematical signs as they are read aloud, or as they are typed where ASCII has no such sign. Before anything else,
# since Unicode takes some of them apart: ≠ is = with a stroke.
_SIGNS = {
    ord(sign): words
    for sign, words in {
        "×": "x", "≤": " at most ", "⩽": " at most ", "≥": " at least ", "⩾": " at least ", "≠": " not ",
        "≈": " about ", "±": " plus minus ", "→": " to ", "←": " from ", "↔": " and ", "∑": " sum ", "∏": " product ",
        "∫": " integral ", "∇": " nabla ", "∂": " partial ", "∞": " infinity ", "√": " root ", "∈": " in ",
        "∆": " delta ", "÷": " by ", "∘": " of ", "⊗": " times ", "⊕": " plus ", "∀": " all ", "∃": " some ",
        "∅": " empty ", "∪": " or ", "∩": " and ", "°": " degrees ", "−": "-", "·": " ", "•": " ", "⋅": " ",
        "¬": " not ", "∧": " and ", "∨": " or ", "‰": " per mille ", "⊤": " top ", "⊥": " bottom ", "∥": " ", "‖": " ",
        **dict.fromkeys("‐‑‒–—―", "-"), **dict.fromkeys("‘’‚“”„…", " "),
    }.items()
}  # fmt: skip
_GREEK = re.compile(r"(?<![\u0370-\u03ff])[\u0370-\u03ff]{1,2}(?![\u0370-\u03ff])")  # as symbols, and no Greek word
_STAR = re.compile(r"(?<=\w)\*(?!\w)")  # A*, and not 3*3
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=65536)  # rules, pages and search each ask about all names
def slugify(name: str) -> str:
    """The address of a name: "Byte-Pair Encoding" -> "byte-pair-encoding", "C++" -> "c-plus-plus", "β-VAE" ->
    "beta-vae", "Łukasiewicz" -> "lukasiewicz". Empty where nothing of the name can be read aloud or typed."""
    plain = name if name.isascii() else _taken_apart(name)
    plain = _STAR.sub(" star ", plain.replace("+", " plus ").replace("#", " sharp "))
    if not plain.isascii():
        plain = _in_ascii(plain)
    return _BETWEEN_WORDS.sub("-", plain.lower()).strip("-")


def _taken_apart(name: str) -> str:
    """Letters without their accents, and variants of letters and digits as those that they stand for."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", name).translate(_SIGNS))
    return "".join(character for character in apart if not unicodedata.combining(character))


def _in_ascii(text: str) -> str:
    text = _GREEK.sub(_by_name, text)
    if text.isascii():
        return text
    from anyascii import anyascii  # imported here, since hardly any name needs it

    return str(anyascii(text))


def _by_name(match: re.Match[str]) -> str:
    """Greek letters as they are called in formulas, apart from letters beside them."""
    called = "-".join(filter(None, map(_letter, match[0])))
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    return f"{'-' * before.isalpha()}{called}{'-' * after.isalpha()}"


@lru_cache(maxsize=512)
def _letter(character: str) -> str:
    """What a Greek letter is called: "lambda" for λ. Empty for what is no letter."""
    name = unicodedata.name(character, "")
    if " LETTER " not in name:
        return ""
    return name.rpartition(" ")[2].lower().replace("lamda", "lambda")
