"""Numbers that pages state of the same thing with different values, for a second reader.

A program can not tell whether two numbers mean the same quantity: GPT-2 has tokens in its vocabulary and tokens in its
context. So this lists what differs, and judges nothing. What is certain, the years of sources, is a rule of `check`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.model.glossary import Glossary
from generator.model.texts import prose
from generator.text.markdown import parts

SCALE = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}


@dataclass(frozen=True)
class Quantity:
    """A number as it is written, and how exactly that says what it is."""

    written: str  # "124 million"
    value: float
    unit: float  # of the last digit that says something: a million

    def agrees_with(self, other: "Quantity") -> bool:
        """Whether both may be the same number, one of them rounded."""
        return abs(self.value - other.value) <= max(self.unit, other.unit) / 2


@dataclass(frozen=True)
class Stated:
    """What pages say of one thing, in one unit."""

    thing: str  # GPT-2
    what: str  # tokens
    values: Mapping[str, tuple[Quantity, ...]]  # the slug of each page -> what it says


def stated_differently(glossary: Glossary) -> list[Stated]:
    """Things of which two pages state numbers of the same unit, none of one page like any of the other."""
    found: dict[tuple[str, str], dict[str, list[Quantity]]] = defaultdict(lambda: defaultdict(list))
    for entry in glossary.entries:
        for text in prose(entry):
            for thing, what, quantity in stated_in(text.content):
                found[thing, what][entry.slug].append(quantity)
    return [
        Stated(thing, what, {slug: tuple(dict.fromkeys(quantities)) for slug, quantities in sorted(pages.items())})
        for (thing, what), pages in sorted(found.items())
        if any(not _agree(one, other) for one in pages.values() for other in pages.values())
    ]


def _agree(one: list[Quantity], other: list[Quantity]) -> bool:
    return any(quantity.agrees_with(another) for quantity in one for another in other)


def stated_in(markdown: str) -> Iterator[tuple[str, str, Quantity]]:
    """What a text says in numbers of things with a name that has a digit or capitals in it, such as Llama 3 or BERT.

    A number is said of the last such name before it in its sentence, and of what the noun behind it names.
    """
    said = "".join(part if kind == "prose" else " … " for kind, part in parts(markdown))
    for sentence in re.split(r"(?<=[.;?!])\s+", " ".join(said.split())):
        names = list(_NAME.finditer(sentence))
        for match in _NUMBER.finditer(sentence):
            before = [name[0] for name in names if name.end() <= match.start()]
            if before:
                yield before[-1], match[3], quantity_of(match[1], match[2])


def quantity_of(number: str, scale: str | None) -> Quantity:
    """A number as it stands in a text, such as 1,024 or 1.5, and the word behind it: thousand, million …"""
    digits = number.replace(",", "")
    times = SCALE.get(scale or "", 1)
    decimals = len(digits.partition(".")[2])
    zeros = 0 if decimals else len(digits) - len(digits.rstrip("0"))
    written = f"{number} {scale}" if scale else number
    return Quantity(written, float(digits) * times, 10.0 ** (zeros - decimals) * times)


# GPT-2, Llama 3 8B, BERT, AlexNet
_NAME = re.compile(
    r"(?<![\w-])(?:[A-Z][A-Za-z]*(?:-\d[\w.]*\b|[ ]\d+(?:\.\d+)?(?:[ ]\d+B)?(?![\w%,.]*\d))"
    r"|[A-Z]+[a-z]*[A-Z]\w*(?:-\w+)?)"
)
_NUMBER = re.compile(
    r"(?<![\w.,$-])(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?:[ ](thousand|million|billion|trillion))?"
    r"(?:[ ](?:of|in|key-value|attention))?[ ]([a-z]{4,}s)\b"
)
