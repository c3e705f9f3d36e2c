"""The questions that every page answers, asked in good English and answered from the data."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.model.entries import Term
from generator.model.glossary import Glossary
from generator.problems import listed
from generator.text.markdown import markdown_text
from generator.text.sentences import sentences


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
    name, are, do = term.with_article, *(("are", "do") if term.is_plural else ("is", "does"))
    yield Asked(f"What {are} {name}?", markdown_text(term.definition))
    yield Asked(f"What is an example of {name}?", term.examples[0])
    for other in closest[:2]:
        yield Asked(f"How {do} {name} relate to {other.with_article}?", _relation(term, other, glossary))
    yield Asked(f"{are.capitalize()} {name} hard to understand?", _difficulty(term, glossary))


def _relation(term: Term, other: Term, glossary: Glossary) -> str:
    if other.slug in term.prerequisites:
        said = [_order(other, term), _first_sentence(other)]
    elif term.slug in other.prerequisites:
        said = [_order(term, other), _first_sentence(other)]
    else:
        said = ["They are neighbors, and neither needs the other first.", *map(_first_sentence, (term, other))]
    for page in glossary.compared_in.get(term.slug, ()):
        if page in glossary.compared_in.get(other.slug, ()):
            said.append(f"They stand [[comparisons/{page}|side by side]].")
            break
    return " ".join(said)


def _order(first: Term, then: Term) -> str:
    name, builds = markdown_text(first.with_article), "build" if then.is_plural else "builds"
    comes, it = ("come", "them") if first.is_plural else ("comes", "it")
    return f"{name[0].upper()}{name[1:]} {comes} first: {markdown_text(then.with_article)} {builds} on {it}."


def _difficulty(term: Term, glossary: Glossary) -> str:
    level = {
        "beginner": "This is a beginner's term",
        "intermediate": "This is an intermediate term",
        "advanced": "This is an advanced term",
    }[term.level]
    known = [glossary.terms[slug] for slug in term.prerequisites]
    if not known:
        return f"{level}, and nothing else in this glossary has to come first."
    links = [f"[[{other.slug}|{markdown_text(other.in_sentence)}]]" for other in known]
    return f"{level}. {'They are' if term.is_plural else 'It is'} easier after {listed(links)}."


def _first_sentence(term: Term) -> str:
    return markdown_text(sentences(term.definition)[0])


def _folded(question: str) -> str:
    return re.sub(r"\W+", " ", question).casefold().strip()
