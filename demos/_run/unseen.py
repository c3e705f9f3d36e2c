"""Characters that nobody sees, and that make a file say something else than it shows.

Marks that turn the reading direction around can show a reviewer other code than the one that runs; characters without
width make two names of one look alike. No text of this project needs any of them.
"""

import re
import unicodedata

_EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff\ufe0f"
# Listed by number: which characters a version of Python knows must not decide what is refused.
UNSEEN = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, but not tab and line ends
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # hyphens, joiners and letters without width
    "\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f"  # spaces without width, line separators, directions
    "\ud800-\udfff\ufeff\ufff0-\ufffb\ufffe\uffff"  # halves of characters, marks of byte order, no characters at all
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # controls of rare scripts
    "\U000e0000-\U000e0fff"  # tags, a whole alphabet that is not shown
    "]"
    f"|(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])"  # what joins emoji into one, anywhere else
)


def character_in_words(character: str) -> str:
    """One of them in words: "the invisible character U+202E (right-to-left override)"."""
    kind = "control" if unicodedata.category(character) == "Cc" else "invisible"
    name = unicodedata.name(character, "").lower()
    return f"the {kind} character U+{ord(character):04X}" + (f" ({name})" if name else "")
