"""The questions every page answers, asked in good English and answered from the data."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.markdown import markdown_text as markdown_text
from generator.markdown import plain_text as plain_text
from generator.model import Glossary, Term
from generator.problems import listed


@dataclass(frozen=True)
class Asked:
    """A question in plain text and its answer in Markdown, with links between double brackets."""

    question: str
    answer: str


def questions(term: Term, glossary: Glossary, closest: Sequence[Term]) -> list[Asked]:
    """The written questions, then the standard ones that nobody wrote."""
    written = [Asked(item.question, item.answer) for item in term.faq]
    known = {_folded(item.question) for item in written}
    return written + [asked for asked in standard(term, glossary, closest) if _folded(asked.question) not in known]


def standard(term: Term, glossary: Glossary, closest: Sequence[Term]) -> Iterator[Asked]:
    """What is it, what is an example, how does it relate to its neighbors, how hard is it."""
    name = term.with_article
    plural = term.opening is not None and term.opening.verb.lower() == "are"
    yield Asked(f"What {'are' if plural else 'is'} {name}?", markdown_text(term.definition))
    yield Asked(f"What is an example of {name}?", term.examples[0])
    for other in closest[:2]:
        yield Asked(
            f"How {'do' if plural else 'does'} {name} relate to {other.with_article}?", _relation(term, other, glossary)
        )
    yield Asked(
        f"Is {name} hard to understand?" if not plural else f"Are {name} hard to understand?",
        _difficulty(term, glossary),
    )


def _relation(term: Term, other: Term, glossary: Glossary) -> str:
    if other.slug in term.prerequisites:
        said = f"{_capital(other.with_article)} comes first: {_within(term)} builds on it. {_first_sentence(other)}"
    elif term.slug in other.prerequisites:
        said = f"{_capital(term.with_article)} comes first: {_within(other)} builds on it. {_first_sentence(other)}"
    else:
        said = (
            f"They are neighbors, and neither needs the other first. {_first_sentence(term)} {_first_sentence(other)}"
        )
    pages = [
        slug for slug in glossary.compared_in.get(term.slug, ()) if slug in glossary.compared_in.get(other.slug, ())
    ]
    if pages:
        said += f" They stand [side by side](../comparisons/{pages[0]}.md)."
    return said


def _difficulty(term: Term, glossary: Glossary) -> str:
    known = [glossary.terms[slug] for slug in term.prerequisites]
    level = {
        "beginner": "It is a beginner's term",
        "intermediate": "It is an intermediate term",
        "advanced": "It is an advanced term",
    }[term.level]
    if not known:
        return f"{level}, and nothing else in this glossary has to come first."
    return f"{level}. It is easier after {listed([f'[[{other.slug}]]' for other in known])}."


def _first_sentence(term: Term) -> str:
    return markdown_text(re.split(r"(?<=[.?!])\s+(?=[A-Z])", term.definition)[0])


def _within(term: Term) -> str:
    return markdown_text(term.with_article)


def _capital(text: str) -> str:
    return markdown_text(text[0].upper() + text[1:])


def _folded(question: str) -> str:
    return re.sub(r"\W+", " ", question).casefold().strip()
