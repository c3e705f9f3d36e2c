"""What a page is made from, as a short key: as long as the key is the same, making the page again would change nothing.

A page may show anything of any term but the fields that are marked in its class as shown on its own page only. So an
edit to a title or a relation is in the key of every page, and one to an explanation in that of one page. This renders
some pages too many, and none too few.
"""

import hashlib

from generator.config import Site
from generator.lessons.teach import Lessons
from generator.model.entries import Figure, Term
from generator.model.glossary import Glossary
from generator.pages.experiments import experiments_shown


class Keys:
    """The keys of all pages of a site. `program` says which version of the generator makes them."""

    def __init__(self, glossary: Glossary, lessons: Lessons, about: Site, program: str) -> None:
        self._glossary, self._lessons = glossary, lessons
        # Many pages may show the same. Lessons are known by identity, since their settings can not be hashed.
        self._results = {id(lesson): _digest(repr(lesson)) for lesson in lessons.shown.values()}
        self._codes = {name: _digest(demo.text) for name, demo in glossary.demos.items()}
        self._shared = _digest(
            program,
            repr(about),
            *(
                text
                for term in glossary.terms.values()
                # How a name stands in a sentence is seen from the prose.
                for text in (term.shared_digest, term.in_sentence)
            ),
            # Comparisons and paths are few, so every page may show all of them.
            *(entry.digest for entry in (*glossary.comparisons.values(), *glossary.paths.values())),
            *(category.model_dump_json() for category in glossary.categories.values()),
            *(repr((demo.name, demo.summary, demo.hint)) for demo in glossary.demos.values()),
            repr((lessons.builds_on, sorted(lessons.in_browser))),
        )
        cells = [cell for one in glossary.comparisons.values() for row in one.rows for cell in row.values.values()]
        uses = [(use.module, use.with_) for term in glossary.terms.values() for use in term.demos]
        uses += [(cell.demo, cell.with_) for cell in cells if isinstance(cell, Figure)]
        # And no runs of experiments, which only the page of their term shows.
        self._of_others = _digest(self._shared, *(self._results[id(lessons.of(*use))] for use in uses))
        self._terms = {slug: term.digest for slug, term in glossary.terms.items()}
        self.of_export = _digest(self._shared, *self._terms.values())

    def of(self, shows: object) -> str:
        """The key of a page that shows what any page may show and, where it is given, a term as its own page does, or
        something else, which says all of it when it is printed."""
        match shows:
            case None:
                return self._of_others
            case Term():
                return self._of_term(shows)
        return _digest(self._shared, repr(shows))

    def _of_term(self, term: Term) -> str:
        """The key of the page of a term, which shows the code and the result of its demos, and of its experiments."""
        lessons = [self._lessons.of(use.module, use.with_) for use in term.demos]
        shown = [text for lesson in lessons for text in (self._codes[lesson.demo], self._results[id(lesson)])]
        experiments = experiments_shown(self._glossary, self._lessons.numbers, term)
        return _digest(self._shared, self._terms[term.slug], *shown, repr(experiments))


def _digest(*texts: str) -> str:
    found = hashlib.blake2b(digest_size=16)
    for text in texts:
        found.update(f"{len(text)} {text}".encode())  # with lengths, so that no two lists of texts look the same
    return found.hexdigest()
