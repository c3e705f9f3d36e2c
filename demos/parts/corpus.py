"""Corpus: the fixed texts that demos learn from. They never change unnoticed: figures on pages depend on them.

The small text is English with four subjects, cooking, a river, learning machines, and words. It returns to the same
words often, so that even a tiny model finds something in it and any count can be checked by eye.

The glossary text is larger: what people wrote for the glossary itself, as it stood at one commit. Whole terms are held
out of training, so that a model can be tested on subjects whose pages it never read.
"""

import json
import re
from typing import Literal

from demos import asset

# The dictionary in the paper that brought byte-pair encoding to translation: word -> how often it occurs.
# Source: Sennrich, Haddow & Birch (2015), https://arxiv.org/abs/1508.07909
TOY_WORDS = {"low": 5, "lower": 2, "newest": 6, "widest": 3}

# Words that hold sentences together and stand near everything, so that their company says nothing about a subject.
_FUNCTION_WORDS = (
    "a after an and are around as at be before but by can does down for from has have he her in into is it its "
    "may most must neither no nor not of on one only or other she so some than that the them then there they this "
    "those through to too until up very was we were what when where which who with you your"
)
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())


def small_text():
    """The English text: paragraphs of plain ASCII, one per line, with an empty line between two of them."""
    return asset("small-text.txt").read_text(encoding="utf-8")


def glossary_text(split: Literal["training", "held_out"]):
    """The glossary's own prose, without marks: paragraphs, one per line, with an empty line after each of them."""
    terms = json.loads(asset("glossary-corpus.json").read_text(encoding="utf-8"))[split]
    return "".join(text + "\n" for text in terms.values())


def toy_text():
    """The toy dictionary written out, one word per line, each as often as it occurs."""
    return "\n".join(word for word, times in TOY_WORDS.items() for _ in range(times))


def paragraphs(text):
    """The words of every paragraph, in lower case and without punctuation -> list of lists of words."""
    found = (re.findall(r"[a-z]+(?:'[a-z]+)?", paragraph) for paragraph in text.lower().split("\n\n"))
    return [words for words in found if words]
