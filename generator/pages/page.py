"""What all kinds of pages share: templates, addresses, links in texts, and what stands on what.

What reaches a template is plain text, which is escaped there, or Markup: HTML or Markdown that was made here from text
that can not break out of it.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from demos._show.axes import number
from generator.config import Site, url
from generator.lessons.sweeps import EDITION
from generator.lessons.teach import Lessons
from generator.model.entries import Path as Way
from generator.model.entries import Term
from generator.model.glossary import Glossary
from generator.output.compiled import Compiled
from generator.pages.cards import has_card, place
from generator.pages.links import Linker, PageLinks
from generator.pages.rungs import Matrix, Rungs, Strip, matrix, strip
from generator.text.markdown import markdown_text, parts, plain_text, shown

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True)
class Planned:
    """A page that can be made: its path below build/docs, what makes it, and what it shows that others do not.

    shows: the term whose page it is, or anything whose repr() says all of it; None where it shows no more than any may.
    """

    path: str
    make: Callable[[], str]
    shows: object = None


class Pages:
    """Renders pages of one glossary. Everything that many pages share is worked out once."""

    def __init__(self, glossary: Glossary, lessons: Lessons, site: Site) -> None:
        self.glossary, self.lessons, self.site = glossary, lessons, site
        self.templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
            autoescape=True,
            trim_blocks=True,
            bytecode_cache=Compiled(),
            auto_reload=False,  # or each page would ask the disk whether its template is still the same
            undefined=StrictUndefined,
        )
        self.templates.filters |= {"figure": number, "markdown_text": as_markdown, "tojson_plain": as_json}
        self.templates.filters |= {"doc": as_doc, "attribute_text": as_attribute, "day": as_day}
        self.templates.globals["is_shrinkable"] = is_shrinkable
        self.templates.globals |= {
            "categories": glossary.categories,
            "lessons": lessons,
            "site": site,
            "edition": EDITION,
        }

    @cached_property
    def with_cards(self) -> frozenset[str]:
        """The pages that have share cards of their own."""
        return has_card(self.glossary)

    @cached_property
    def linker(self) -> Linker:
        return Linker(self.glossary)

    # --- addresses ----------------------------------------------------------------------------------------

    def page(self, template: str, path: str, **context: Any) -> str:
        """A page at a path below build/docs, with links that are relative to it.

        In raw HTML such links go all the way up first: an engine that takes them as relative to the Markdown file, and
        would mend them, finds that they lead outside and leaves them alone.
        """
        up = "../" * url(path).count("/")
        context["href"] = lambda to: (up + url(to)) or "./"
        context["asset"] = lambda to: up + to
        context["card"] = place(path if path in self.with_cards else "index.md")
        return self.templates.get_template(template).render(context).strip() + "\n"

    def texts(self, path: str, term: Term | None, texts: Iterable[str]) -> Callable[[str], Markup]:
        """A function that turns the Markdown texts of one page into what the engine shows, one after the other."""
        inside = path.startswith("terms/")

        def href(slug: str) -> str:
            if "/" in slug:  # comparisons/…, which only generated answers link to
                return f"{_up(path)}{slug}.md"
            return f"{slug}.md" if inside else f"{_up(path)}terms/{slug}.md"

        links = self.linker.page(term, texts, href)
        return lambda text: Markup(_linked(text, links))

    # --- what stands on what ------------------------------------------------------------------------------

    @cached_property
    def rungs(self) -> Rungs:
        """All terms by what they stand on."""
        return Rungs.of(self.glossary)

    def strip(self, term: Term) -> Strip:
        """A term between what it stands on and what it carries."""
        return strip(self.glossary, self.rungs, term)

    def matrix(self, slugs: Collection[str] | None = None) -> Matrix:
        """Some terms, or all, by subject and by rung."""
        return matrix(self.glossary, self.rungs if slugs is None else self.rungs.among(slugs))

    # --- demos and the terms that show them ---------------------------------------------------------------

    def home(self, demo: str) -> Term | None:
        """The term that other pages mean when they name a demo."""
        users = self.glossary.demo_users.get(demo)
        return self.glossary.terms[users[0]] if users else None

    def homes(self, demos: Sequence[str]) -> list[Term]:
        """The homes of some demos, each once."""
        return list({home.slug: home for home in map(self.home, demos) if home}.values())  # one may show several


def as_markdown(text: str) -> Markup:
    """Plain text as Markdown that shows just that text."""
    return Markup(markdown_text(text))


def as_doc(text: str) -> Markup:
    """A paragraph of a docstring as HTML: code is code, and all else is as it stands there."""
    cut = parts(" ".join(text.split()))
    html = (f"<code>{escape(plain_text(part))}</code>" if kind == "code" else escape(part) for kind, part in cut)
    return Markup("".join(html))


def as_attribute(text: str) -> Markup:
    """Text for an attribute or a text area; Markdown must not see its line breaks."""
    return Markup(str(escape(text)).replace("\n", "&#10;"))


def as_day(day: date) -> str:
    """A date as people write it: 23 November 2026. English whatever the reader's system speaks, as all of a page is."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def is_shrinkable(picture: str) -> bool:
    """Whether a picture, as HTML, can be drawn smaller to fit. Texts and graphs, which may be long, scroll instead."""
    return picture.startswith(('<figure class="tl-figure tl-chart"', '<figure class="tl-figure tl-heatmap"'))


def as_json(text: str) -> Markup:
    """Text as a JSON string, which is a YAML string too."""
    return Markup(json.dumps(str(text), ensure_ascii=False))


def _linked(text: str, links: PageLinks) -> str:
    """One pass over a text: first mentions linked, formulas as MathML, HTML shown and not obeyed."""
    return links.markdown(text, shown)


def one_line(text: str) -> Markup:
    """An inline text without line breaks, so that it can stand in a list or a table."""
    return Markup(" ".join(str(text).split()))  # to split Markup as such takes much longer


def _up(path: str) -> str:
    """From a page's Markdown file to the top of build/docs."""
    return "../" * path.count("/")


def slugs(way: Way) -> list[str]:
    """The terms of a path, in its order."""
    return [rung.term for rung in way.steps]


def card(to: str, title: str, text: str, meta: str = "", command: str = "") -> SimpleNamespace:
    """A card on a page that lists others. command: what to type in a terminal instead."""
    return SimpleNamespace(to=to, title=title, text=text, meta=meta, command=command)
