"""What a page is made from, as a short key: as long as the key is the same, making the page again would change nothing.

A page may show anything of any term but its prose, so an edit to a title or a relation is in the key of every page, and
one to an explanation in the key of one page. This renders some pages too many, and none too few.
"""

import hashlib
from typing import Any

from generator.lessons import Lesson, Lessons
from generator.model import Glossary, Term
from generator.render import Site

# The fields of a term that no page but its own shows, whatever else is added to Term.
PROSE: dict[str, Any] = {
    **dict.fromkeys(("explanation", "examples", "misconceptions", "faq", "formula", "sources", "note"), True),
    **dict.fromkeys(("written", "reviewed"), True),
    "demo": {"caption"},
}  # fmt: skip


class Keys:
    """The keys of all pages of a site. `program` says which version of the generator makes them."""

    def __init__(self, glossary: Glossary, lessons: Lessons, about: Site, program: str) -> None:
        self._glossary, self._lessons = glossary, lessons
        entries = [*glossary.comparisons.values(), *glossary.paths.values(), *glossary.categories.values()]
        self._shared = _digest(
            program,
            repr(about),
            *(
                text
                for term in glossary.terms.values()
                # How a name stands in a sentence is seen from the prose.
                for text in (term.model_dump_json(exclude=PROSE), term.in_sentence)
            ),
            *(entry.model_dump_json() for entry in entries),
            *(repr((demo.name, demo.summary, demo.hint)) for demo in glossary.demos.values()),
            repr((lessons.builds_on, sorted(lessons.in_browser))),
        )
        self.of_others = _digest(self._shared, *map(_content, lessons.shown.values()))
        self.of_export = _digest(self._shared, *(term.model_dump_json() for term in glossary.terms.values()))

    def of_term(self, term: Term) -> str:
        """The key of the page of a term, which shows its demo's code and result."""
        lesson = self._lessons.of(term.demo.module, term.demo.with_)
        code = self._glossary.demos[term.demo.module].text
        return _digest(self._shared, term.model_dump_json(), code, _content(lesson))


def _content(lesson: Lesson) -> str:
    return repr(vars(lesson))


def _digest(*texts: str) -> str:
    found = hashlib.blake2b(digest_size=16)
    for text in texts:
        found.update(f"{len(text)} {text}".encode())  # with lengths, so that no two lists of texts look the same
    return found.hexdigest()
