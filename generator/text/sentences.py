"""Where sentences end: not after "e.g.", nor after the initials of a name."""

import re

_STOP = re.compile(r"[.?!…][\"'”’)\]]*(?=\s+(?P<next>[\"'“‘(\[]*(?P<word>\S+)))")
_BEFORE = re.compile(r"[^\s(\[“‘\"]+$")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What a stop never ends a sentence after, and after what it may where the next word is one that starts sentences.
_GO_ON = _words("e.g i.e cf vs viz dr mr mrs ms prof st approx resp ca incl esp")
_MAY_END = _words("etc al inc ltd corp co jr sr u.s u.k u.n e.u ph.d a.m p.m b.c a.d")
_BEFORE_NUMBERS = _words("no nos fig figs eq eqs vol ch sec p pp art ver v")
_STARTERS = _words(
    "a an the it its this that these those there here he she they we you i in on at for with by from to of as if when "
    "where while because since although though however but and or so yet nor not no most many some all any each every "
    "both one two three what which who how why then thus hence after before during once only such their our your"
)
_INITIAL = re.compile(r"(?:[^\W\d_]\.-?)*[^\W\d_]")  # A, and J.-P
_SPACED = re.compile(r"\b(?:e\. ?g|i\. ?e)$")


def sentences(text: str) -> list[str]:
    """A plain text sentence by sentence, without the spaces between them."""
    found, start = [], 0
    for match in _STOP.finditer(text):
        if match.start() >= start and _ends(text, match):
            found.append(text[start : match.end()])
            start = match.end("next") - len(match["next"])
    return [*found, text[start:]] if text[start:].strip() else found


def _ends(text: str, stop: re.Match[str]) -> bool:
    """Whether a sentence ends at a stop."""
    word = stop["word"]
    if not (word[0].isupper() or word[0].isdigit() or re.match(r"[^\W\d_]-\w", word) or word[0] in "*<[$`"):
        return False
    if stop[0][0] != ".":
        return True
    before = _BEFORE.search(text, 0, stop.start())
    said = before[0] if before else ""
    low, starts = said.lower(), re.sub(r"\W.*", "", word.lower()) in _STARTERS
    if low in _GO_ON or (len(low) == 1 and _SPACED.search(text, 0, stop.start())):
        return False
    if low in _BEFORE_NUMBERS and word[0].isdigit():
        return False
    if low in _MAY_END or (said[:1].isupper() and _INITIAL.fullmatch(said)):
        return starts
    return True
