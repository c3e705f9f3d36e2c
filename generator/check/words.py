"""Rules about words: how they are spelled, and which of them a definition may use."""

from collections.abc import Iterator

from generator.check.rule import EntryInGlossaryRule, EntryRule, slow_and_only_about
from generator.check.unfinished import is_unfinished
from generator.model.entries import ALLOWED_WORDS, AnyEntry, Path, Term
from generator.model.glossary import Outline
from generator.model.texts import prose
from generator.problems import Problem, listed
from generator.text.spelling import all_are_right, misspelled
from generator.text.vocabulary import Vocabulary, forms


@EntryRule
def words_are_spelled_right(entry: AnyEntry) -> Iterator[Problem]:
    """No word is a common misspelling or British; names of authors are right as they are."""
    texts = prose(entry)
    if all_are_right(text.content for text in texts):
        return
    authors = [] if isinstance(entry, Path) else [source.authors or "" for source in entry.sources]
    for text in texts:
        for word, meant in misspelled(text.content, authors):
            meanings = listed([f"'{one}'" for one in meant.split(", ")], "or")
            yield Problem(entry.file, f"'{word}' is misspelled", f"did you mean {meanings}? {_IF_RIGHT}", text.where)


_IF_RIGHT = "if it is right, write it as code, or add it to generator/words/right.txt"


@EntryInGlossaryRule
def definitions_are_closed(glossary: Outline, entry: AnyEntry) -> Iterator[Problem]:
    """Every word of a definition is common English, the name of a term, or allowed with a reason."""
    if not isinstance(entry, Term) or not glossary.is_whole or ALLOWED_WORDS in glossary.unread:
        return
    for word in () if is_unfinished(entry.definition) else glossary.vocabulary.undefined(entry.definition):
        message = f"the definition says '{word}', which is neither common English nor a term here"
        yield Problem(entry.file, message, _SAY_IT_PLAINLY, ("definition",), kind="unfinished")


_SAY_IT_PLAINLY = f"use a plainer word, write a term or an alias for it, or add it with a reason to {ALLOWED_WORDS}"


@slow_and_only_about(ALLOWED_WORDS)
def allowed_words_are_needed(glossary: Outline) -> Iterator[Problem]:
    """Each word that is allowed occurs in a definition, and would not be known otherwise."""
    if not glossary.allowed_words or not glossary.is_whole:
        return
    terms = glossary.terms.values()
    known = Vocabulary(name for term in terms for name in term.names)
    said = {form for term in terms for word in known.undefined(term.definition) for form in forms(word.casefold())}
    for word in glossary.allowed_words:
        if not known.undefined(word):
            yield Problem(ALLOWED_WORDS, f"'{word}' is common English or a term", "take it out", (word,))
        elif said.isdisjoint(forms(word)):
            yield Problem(ALLOWED_WORDS, f"no definition says '{word}'", "take it out", (word,))
