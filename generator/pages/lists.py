"""The pages that list others: all terms, subjects, levels, comparisons, paths, demos, and acronyms that terms share."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from types import SimpleNamespace
from typing import get_args

from generator.config import url
from generator.model.entries import Level, Path, Term
from generator.model.glossary import Glossary
from generator.pages.page import Pages, Planned, card
from generator.pages.path import minutes
from generator.problems import counted
from generator.text.markdown import plain_text
from generator.text.slugs import slugify

LEVELS: tuple[Level, ...] = get_args(Level)
LEVEL_SCOPES = {
    "beginner": "Needs no more than school mathematics and curiosity.",
    "intermediate": "Easier after a few beginner terms; each page names them.",
    "advanced": "For readers who know the neighbors already.",
}


def planned(pages: Pages) -> Iterator[Planned]:
    """All terms; subjects and levels with their pages; comparisons, paths and demos; acronyms that terms share."""
    glossary = pages.glossary
    terms = sorted(glossary.terms.values(), key=lambda term: _in_order(term.title))
    yield Planned("terms/index.md", partial(_all_terms, pages))
    yield from _listing(
        pages, "categories", "Subjects", "The glossary by subject.",
        [(c.slug, c.title, c.scope, [t for t in terms if t.category == c.slug]) for c in glossary.categories.values()],
    )  # fmt: skip
    yield from _listing(
        pages, "levels", "Levels", "The glossary by how much it asks of you.",
        [(level, level.capitalize(), LEVEL_SCOPES[level], [t for t in terms if t.level == level]) for level in LEVELS],
    )  # fmt: skip
    yield _cards(
        pages, "comparisons", "Side by side", "Ideas that are easily mixed up, and how to tell them apart.",
        [
            card(f"comparisons/{slug}.md", page.title, plain_text(page.summary))
            for slug, page in glossary.comparisons.items()
        ],
    )  # fmt: skip
    yield _cards(
        pages, "paths", "Paths", "Ways through the glossary on which every step stands on the ones before.",
        [
            card(f"paths/{slug}.md", way.title, plain_text(way.summary), _length(pages, way))
            for slug, way in glossary.paths.items()
        ],
        shows=[minutes(pages, way) for way in glossary.paths.values()],
    )  # fmt: skip
    yield _cards(
        pages, "demos", "Demos", "Small programs, one idea each. Read them here, or run them in a terminal.",
        [
            card(f"terms/{home.slug}.md#try-it", demo.summary, demo.hint, command=f"python -m demos {name}")
            for name, demo in glossary.demos.items()
            if (home := pages.home(name))
        ],
    )  # fmt: skip
    for acronym, slugs in glossary.ambiguous.items():
        path = f"terms/{slugify(acronym)}.md"
        sharing = [glossary.terms[slug] for slug in slugs]
        description = _stands_for(glossary, acronym, slugs)
        make = partial(pages.page, "acronym.md.j2", path, acronym=acronym, description=description, terms=sharing)
        yield Planned(path, make)


def found(glossary: Glossary) -> Iterator[dict[str, str]]:
    """What search finds subjects, levels, demos and shared acronyms by; other lists are in the menu of every page."""
    for acronym, slugs in glossary.ambiguous.items():
        location, text = url(f"terms/{slugify(acronym)}.md"), _stands_for(glossary, acronym, slugs)
        yield {"location": location, "title": acronym, "kind": "acronym", "text": text}
    for category in glossary.categories.values():
        path = f"categories/{category.slug}.md"
        yield {"location": url(path), "title": category.title, "kind": "subject", "text": category.scope}
    for level in LEVELS:
        location, text = url(f"levels/{level}.md"), LEVEL_SCOPES[level]
        yield {"location": location, "title": level.capitalize(), "kind": "level", "text": text}
    for name, demo in glossary.demos.items():
        if users := glossary.demo_users.get(name):
            # Without a text, since the index is to be small; the box says on which page it runs.
            location = f"{url(glossary.terms[users[0]].page)}#try-it"
            yield {"location": location, "title": demo.summary.partition(":")[0], "kind": "demo"}


def _stands_for(glossary: Glossary, acronym: str, slugs: Iterable[str]) -> str:
    return f"{acronym} can stand for {' or '.join(glossary.terms[slug].in_sentence for slug in slugs)}."


def _all_terms(pages: Pages) -> str:
    count = len(pages.glossary.terms)
    return pages.page(
        "terms.md.j2", "terms/index.md", title="All terms", up=None, groups=list(_alphabet(pages.glossary)),
        description=f"All {counted(count, 'term')} of the glossary from A to Z, with their other names.",
        lead=f"{counted(count, 'term')} and every other name they go by, from A to Z.",
    )  # fmt: skip


def _alphabet(glossary: Glossary) -> Iterator[SimpleNamespace]:
    """Titles and aliases by the first letter of their address, where É is an E and β is read as beta; digits come
    first."""
    entries: dict[str, list[tuple[str, str, str]]] = {}
    for slug, term in glossary.terms.items():
        for i, name in enumerate(term.names):
            first = slugify(name)[:1].upper()
            says = term.definition if i == 0 else f"see {term.title}"
            entries.setdefault(first if first.isalpha() else "", []).append((name, f"terms/{slug}.md", says))
    for letter in sorted(entries):
        listed = sorted(entries[letter], key=lambda entry: _in_order(entry[0]))
        yield SimpleNamespace(title=letter or DIGITS, letter=letter or "#", entries=listed)


DIGITS = "Digits"  # the heading above names that start with one


def _in_order(name: str) -> tuple[str, str]:
    """By what names are sorted: as readers look for them, whatever marks their letters have."""
    return slugify(name), name.casefold()


def _listing(
    pages: Pages, folder: str, title: str, lead: str, groups: Sequence[tuple[str, str, str, list[Term]]]
) -> Iterator[Planned]:
    """A page per group of terms, and the index of the groups."""
    for slug, name, scope, terms in groups:
        path = f"{folder}/{slug}.md"
        by_level = [
            SimpleNamespace(title=level.capitalize(), terms=[t for t in terms if t.level == level]) for level in LEVELS
        ]
        shown = [group for group in by_level if group.terms]
        if len(shown) == 1:
            shown[0].title = ""
        yield Planned(path, partial(
            pages.page, "terms.md.j2", path, title=name, up=(title, f"{folder}/index.md"), lead=scope, groups=shown,
            description=f"{name}: {scope} {counted(len(terms), 'term')}.",
        ))  # fmt: skip
    cards = [
        card(f"{folder}/{slug}.md", name, scope, counted(len(terms), "term")) for slug, name, scope, terms in groups
    ]
    yield _cards(pages, folder, title, lead, cards)


def _length(pages: Pages, way: Path) -> str:
    return f"{counted(len(way.steps), 'step')}, {minutes(pages, way)} min read"


def _cards(
    pages: Pages, folder: str, title: str, lead: str, cards: Iterable[SimpleNamespace], shows: object = None
) -> Planned:
    path = f"{folder}/index.md"
    shown = {"title": title, "lead": lead, "description": lead, "cards": list(cards)}
    return Planned(path, partial(pages.page, "pages.md.j2", path, **shown), shows)
