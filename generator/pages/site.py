"""Glossary -> {path: content}: every page, index, redirect and export of the site. Nothing is read or written here.

Pages are promised and not made: whoever writes them makes each when its turn comes, and only if its key has changed.
"""

import string
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

from demos._show import pictures
from demos._show.sheet import css
from generator.config import Site
from generator.exports.glossary_json import export
from generator.lessons.teach import Lessons
from generator.live.files import page_scripts
from generator.model.entries import Level, Term, slugify
from generator.model.glossary import Glossary
from generator.output.write import Content, Page
from generator.pages import guide
from generator.pages.guide import CONTROLS, rules, values, vocabulary
from generator.pages.keys import Keys
from generator.pages.ladder import layers
from generator.pages.page import Pages
from generator.pages.upkeep import upkeep
from generator.problems import counted
from generator.text.markdown import plain_text

Promise = tuple[str, Callable[[], str]]  # a path, and what makes its page

ASSETS = Path(__file__).parent / "assets"

LEVELS: tuple[Level, ...] = get_args(Level)

LEVEL_SCOPES = {
    "beginner": "Needs no more than school mathematics and curiosity.",
    "intermediate": "Easier after a few beginner terms; each page names them.",
    "advanced": "For readers who know the neighbors already.",
}

DESCRIPTION = "The AI glossary you can run: every term in two plain sentences, with a demo that shows it happening."


def site(glossary: Glossary, lessons: Lessons, about: Site, program: str = "") -> dict[str, Content]:
    """Every file of the folder that the engine turns into a site. `program` is the version of what makes them."""
    pages, keys = Pages(glossary, lessons, about), Keys(glossary, lessons, about, program)
    files: dict[str, Content] = {}
    for term in glossary.terms.values():
        files[f"terms/{term.slug}.md"] = Page(partial(pages.term, term), keys.of_term(term))
    for comparison in glossary.comparisons.values():
        files[f"comparisons/{comparison.slug}.md"] = Page(partial(pages.comparison, comparison), keys.of_others)
    for way in glossary.paths.values():
        files[f"paths/{way.slug}.md"] = Page(partial(pages.way, way), keys.of_others)
    for path, make in chain(_indexes(pages), _other_names(pages)):
        files[path] = Page(make, keys.of_others)
    for path, make, shown in _contribute(pages):
        files[path] = Page(make, keys.of(shown))
    files["glossary.json"] = Page(partial(export, glossary), keys.of_export)
    files["assets/charts.css"] = css() + pictures.style()
    files |= {f"assets/{file.name}": file for file in sorted([*ASSETS.iterdir(), *page_scripts()])}
    return files


def _indexes(pages: Pages) -> Iterator[Promise]:
    glossary = pages.glossary
    terms = sorted(glossary.terms.values(), key=lambda term: term.title.casefold())
    yield "index.md", partial(_home, pages)
    yield "terms/index.md", partial(_all_terms, pages)
    yield "ladder.md", partial(ladder_page, pages)
    yield from _listing(
        pages, "categories", "Subjects", "The glossary by subject.",
        [(c.slug, c.title, c.scope, [t for t in terms if t.category == c.slug]) for c in glossary.categories.values()],
    )  # fmt: skip
    yield from _listing(
        pages, "levels", "Levels", "The glossary by how much it asks of you.",
        [(level, level.capitalize(), LEVEL_SCOPES[level], [t for t in terms if t.level == level]) for level in LEVELS],
    )  # fmt: skip
    yield "comparisons/index.md", _cards(
        pages, "comparisons", "Side by side", "Ideas that are easily mixed up, and how to tell them apart.",
        [
            _card(f"comparisons/{slug}.md", page.title, plain_text(page.summary))
            for slug, page in glossary.comparisons.items()
        ],
    )  # fmt: skip
    yield "paths/index.md", _cards(
        pages, "paths", "Paths", "Ways through the glossary on which every step stands on the ones before.",
        [
            _card(f"paths/{slug}.md", way.title, plain_text(way.summary), f"{len(way.steps)} steps")
            for slug, way in glossary.paths.items()
        ],
    )  # fmt: skip
    yield "demos/index.md", _cards(
        pages, "demos", "Demos", "Small programs, one idea each. Read them here, or run them in a terminal.",
        [
            _card(f"terms/{home.slug}.md#try-it", demo.summary, demo.hint, command=f"python -m demos {name}")
            for name, demo in glossary.demos.items()
            if (home := pages.home(name))
        ],
    )  # fmt: skip
    for acronym, slugs in glossary.ambiguous.items():
        path = f"terms/{slugify(acronym)}.md"
        sharing = [glossary.terms[slug] for slug in slugs]
        description = f"{acronym} can stand for {' or '.join(term.in_sentence for term in sharing)}."
        yield path, partial(pages.page, "acronym.md.j2", path, acronym=acronym, description=description, terms=sharing)


def _home(pages: Pages) -> str:
    glossary, lessons = pages.glossary, pages.lessons
    start = next((glossary.terms[way.steps[0].term] for way in glossary.paths.values()), None)
    terms = list(glossary.terms.values())
    # The picture that most invites to be dragged is the one most others lead up from; by default the first rung's.
    shown = glossary.terms.get("gradient-descent") or start or terms[0]
    lesson = lessons.of(shown.demo.module, shown.demo.with_)
    counts = {slug: sum(term.category == slug for term in terms) for slug in glossary.categories}
    return pages.page(
        "index.md.j2",
        "index.md",
        description=DESCRIPTION,
        count=len(terms),
        start=start or terms[0],
        showcase=SimpleNamespace(term=shown, lesson=lesson),
        ways=[
            SimpleNamespace(
                title=way.title, to=f"paths/{slug}.md", count=len(way.steps), summary=plain_text(way.summary)
            )
            for slug, way in glossary.paths.items()
        ],
        ladder=pages.ladder(glossary.demos, "index.md", "What builds on what"),
        filled=[
            SimpleNamespace(slug=slug, title=category.title, scope=category.scope, count=counts[slug])
            for slug, category in glossary.categories.items()
            if counts[slug]
        ],
    )


def _all_terms(pages: Pages) -> str:
    count = len(pages.glossary.terms)
    return pages.page(
        "terms.md.j2", "terms/index.md", title="All terms", up=None, groups=list(_alphabet(pages.glossary)),
        description=f"All {count} terms of the glossary from A to Z, with their other names.",
        lead=f"{counted(count, 'term')} and every other name they go by, from A to Z.",
    )  # fmt: skip


def _alphabet(glossary: Glossary) -> Iterator[SimpleNamespace]:
    """Titles and aliases by their first letter; what starts with none stands under a number sign."""
    entries: dict[str, list[tuple[str, str, str]]] = {}
    for slug, term in glossary.terms.items():
        for i, name in enumerate(term.names):
            first = name[0].upper() if name[0].upper() in string.ascii_uppercase else "#"
            says = term.definition if i == 0 else f"see {term.title}"
            entries.setdefault(first, []).append((name, f"terms/{slug}.md", says))
    for letter in sorted(entries):
        yield SimpleNamespace(title=letter, entries=sorted(entries[letter], key=lambda entry: entry[0].casefold()))


def _listing(
    pages: Pages, folder: str, title: str, lead: str, groups: Sequence[tuple[str, str, str, list[Term]]]
) -> Iterator[Promise]:
    """A page per group of terms, and the index of the groups."""
    for slug, name, scope, terms in groups:
        path = f"{folder}/{slug}.md"
        by_level = [
            SimpleNamespace(title=level.capitalize(), terms=[t for t in terms if t.level == level]) for level in LEVELS
        ]
        shown = [group for group in by_level if group.terms]
        if len(shown) == 1:
            shown[0].title = ""
        yield path, partial(
            pages.page, "terms.md.j2", path, title=name, up=(title, f"{folder}/index.md"), lead=scope, groups=shown,
            description=f"{name}: {scope} {counted(len(terms), 'term')}.",
        )  # fmt: skip
    cards = [
        _card(f"{folder}/{slug}.md", name, scope, counted(len(terms), "term")) for slug, name, scope, terms in groups
    ]
    yield f"{folder}/index.md", _cards(pages, folder, title, lead, cards)


def _cards(pages: Pages, folder: str, title: str, lead: str, cards: Iterable[SimpleNamespace]) -> Callable[[], str]:
    path = f"{folder}/index.md"
    return partial(pages.page, "pages.md.j2", path, title=title, lead=lead, description=lead, cards=list(cards))


def _card(to: str, title: str, text: str, meta: str = "", command: str = "") -> SimpleNamespace:
    return SimpleNamespace(to=to, title=title, text=text, meta=meta, command=command)


# path -> title, and what search results say about the page
GUIDE = {
    "contribute/index.md": (
        "Contribute",
        "How to add to the glossary: three commands, your editor, and what happens to a pull request.",
    ),
    "contribute/help-wanted.md": (
        "Help wanted",
        "Terms that are wanted, and pages that wait for a reader, a source or a link: something to start with.",
    ),
    "contribute/how-to-write-a-term.md": (
        "How to write a term",
        "What makes each part of a page good, every field of its file, and every rule of the check.",
    ),
    "contribute/how-to-write-a-demo.md": (
        "How to write a demo",
        "One idea in one small Python file: controls, pictures, and the test that belongs to it.",
    ),
}


def _contribute(pages: Pages) -> Iterator[tuple[str, Callable[[], str], object]]:
    """The guide and the list of what there is to do: path, what makes the page, and what it shows beside terms."""
    index, wanted, term, demo = GUIDE
    propose = pages.site.issue_url("term-proposal.yml")
    cards = [_card(path, *GUIDE[path]) for path in GUIDE if path != index]
    for path, template, shown in (
        (index, "contribute.md.j2", {"cards": cards}),
        (wanted, "help-wanted.md.j2", {"upkeep": upkeep(pages.glossary), "propose_url": propose}),
        (term, "write-term.md.j2", {"values": values(), "files": guide.groups(), "rules": rules()}),
        (demo, "write-demo.md.j2", {"controls": CONTROLS.values(), "vocabulary": vocabulary()}),
    ):
        title, description = GUIDE[path]
        yield path, partial(pages.page, template, path, title=title, description=description, **shown), shown


def _other_names(pages: Pages) -> Iterator[Promise]:
    """A small static page per alias and old slug that leads to where the term lives now."""
    for term in pages.glossary.terms.values():
        names = [alias.text for alias in term.aliases if not alias.ambiguous]
        for other in dict.fromkeys([*map(slugify, names), slugify(term.title), *term.former_slugs]):
            if other and other not in pages.glossary.terms:
                yield f"terms/{other}/index.html", partial(pages.redirect, term)


def ladder_page(pages: Pages) -> str:
    demos = [name for name in pages.glossary.demos if pages.home(name)]
    below = pages.lessons.builds_on
    rungs = [
        [
            SimpleNamespace(
                term=pages.home(name), builds_on=[home for other in below[name] if (home := pages.home(other))]
            )
            for name in layer
        ]
        for layer in layers({name: [other for other in below[name] if other in demos] for name in demos})
    ]
    return pages.page(
        "ladder.md.j2", "ladder.md", rungs=rungs, ladder=pages.ladder(demos, "ladder.md", "What builds on what"),
        description="What builds on what, from a neuron upwards: the import graph of the demos, drawn.",
    )  # fmt: skip
