"""One entry -> one Markdown page, through the templates.

What reaches a template is plain text, which is escaped there, or Markup: HTML or Markdown that was made here from text
that can not break out of it.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from demos._axes import number
from demos._run.source import Source as DemoSource
from generator.config import Site, url
from generator.lessons.teach import Lessons
from generator.model.entries import Comparison, DemoUse, Figure, Term
from generator.model.entries import Path as Way
from generator.model.glossary import Glossary
from generator.model.texts import linked_texts, markdown_texts
from generator.pages.ladder import Rung, draw
from generator.pages.links import Linker, PageLinks
from generator.pages.questions import Asked, questions
from generator.text.markdown import markdown_text, parts, plain_text, shown, words
from generator.text.mathml import mathml

READING_SPEED = 220  # words a minute, the usual figure for careful reading on a screen

CARDS = 8  # related terms shown at most, so that a hub does not show forty


class Pages:
    """Renders pages of one glossary. Everything that many pages share is worked out once."""

    def __init__(self, glossary: Glossary, lessons: Lessons, site: Site) -> None:
        self.glossary, self.lessons, self.site = glossary, lessons, site
        self.templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
            autoescape=True,
            trim_blocks=True,
            undefined=StrictUndefined,
        )
        self.templates.filters |= {"figure": number, "markdown_text": as_markdown, "tojson_plain": as_json}
        self.templates.filters["doc"] = as_doc
        self.templates.globals |= {"categories": glossary.categories, "lessons": lessons, "site": site}

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

    # --- terms --------------------------------------------------------------------------------------------

    def term(self, term: Term) -> str:
        """The page of a term, from its definition to its sources."""
        glossary, path = self.glossary, f"terms/{term.slug}.md"
        closest = self.closest(term)
        asked = questions(term, glossary, [other for other in closest if other.slug not in self._following(term)])
        generated = [item.answer for item in asked[len(term.faq) :]]
        text = self.texts(path, term, [*linked_texts(term), *generated])
        read = [*(one.content for one in markdown_texts(term)), *generated]
        # In reading order, since the first mention is the one that becomes a link. Captions stand in raw HTML.
        explanation = text(term.explanation)
        return self.page(
            "term.md.j2",
            path,
            term=term,
            category=glossary.categories[term.category],
            minutes=max(1, round(sum(map(words, read)) / READING_SPEED)),
            prerequisites=[glossary.terms[slug] for slug in term.prerequisites],
            shown=[self._shown(use) for use in term.demos],
            codes=[self._code(name) for name in dict.fromkeys(use.module for use in term.demos)],
            note=plain_text(term.note) if term.note else "",
            explanation=explanation,
            formulas=[_formula(item.latex, item.symbols) for item in term.formula],
            examples=[_one_line(text(example)) for example in term.examples],
            misconceptions=[
                SimpleNamespace(wrong=_one_line(text(item.wrong)), right=_one_line(text(item.right)))
                for item in term.misconceptions
            ],
            comparisons=[
                SimpleNamespace(
                    title=comparison.title, summary=plain_text(comparison.summary), to=f"comparisons/{slug}.md"
                )
                for slug in glossary.compared_in.get(term.slug, ())
                for comparison in [glossary.comparisons[slug]]
            ],
            questions=[SimpleNamespace(question=item.question, answer=text(item.answer)) for item in asked],
            related=closest,
            ways=[self._neighbors_on(way, term) for way in glossary.paths_through.get(term.slug, ())],
            edit_url=self.site.edit_url(f"terms/{term.slug}.yml"),
            error_url=self.site.error_url(term.title, path),
            json_ld=self._json_ld(term, asked),
        )

    def _shown(self, use: DemoUse) -> SimpleNamespace:
        """A demo as the section shows it that runs it."""
        demo = self.glossary.demos[use.module]
        return SimpleNamespace(
            title=demo.summary,
            name=demo.summary.partition(":")[0],
            caption=plain_text(use.caption or demo.hint),
            lesson=self.lessons.of(use.module, use.with_),
        )

    def _code(self, name: str) -> SimpleNamespace:
        """A demo as the section shows it that opens its code."""
        others = self.lessons.builds_on.get(name, ()), self.lessons.used_by.get(name, ())
        builds_on, used_by = (self._homes(demos) for demos in others)
        return SimpleNamespace(demo=code(self.glossary.demos[name]), builds_on=builds_on, used_by=used_by)

    def closest(self, term: Term) -> list[Term]:
        """Related terms first, then what comes before and after on the ladder; at most eight."""
        slugs = dict.fromkeys(
            [*self.glossary.related[term.slug], *self.glossary.leads_to[term.slug], *reversed(term.prerequisites)]
        )
        return [self.glossary.terms[slug] for slug in slugs][:CARDS]

    def home(self, demo: str) -> Term | None:
        """The term that other pages mean when they name a demo."""
        users = self.glossary.demo_users.get(demo)
        return self.glossary.terms[users[0]] if users else None

    def ladder(self, demos: Iterable[str], path: str, label: str) -> Markup:
        """The picture of what builds on what among some demos."""
        up = "../" * url(path).count("/")
        rungs = {}
        for name in demos:
            if home := self.home(name):
                rungs[name] = Rung(home.title, f"{up}terms/{home.slug}/", self.lessons.builds_on.get(name, ()))
        return Markup(draw(rungs, label))

    def _following(self, term: Term) -> set[str]:
        return set(self.glossary.leads_to[term.slug]) - set(self.glossary.related[term.slug])

    def _homes(self, demos: Sequence[str]) -> list[Term]:
        return list({home.slug: home for home in map(self.home, demos) if home}.values())  # one may show several

    def _neighbors_on(self, way: Way, term: Term) -> SimpleNamespace:
        slugs = _slugs(way)
        at = slugs.index(term.slug)

        def neighbor(place: int) -> SimpleNamespace | None:
            if not 0 <= place < len(slugs):
                return None
            return SimpleNamespace(title=self.glossary.terms[slugs[place]].title, to=f"terms/{slugs[place]}.md")

        return SimpleNamespace(
            title=way.title, to=f"paths/{way.slug}.md", previous=neighbor(at - 1), next=neighbor(at + 1)
        )

    def _json_ld(self, term: Term, asked: Sequence[Asked]) -> Markup:
        """The page in the words of schema.org, for search engines."""
        here = f"{self.site.url}terms/{term.slug}/"
        category = self.glossary.categories[term.category]
        steps = [("Termlab", ""), (category.title, f"categories/{category.slug}/"), (term.title, f"terms/{term.slug}/")]
        defined = {
            "@type": "DefinedTerm",
            "@id": f"{here}#term",
            "name": term.title,
            "alternateName": [alias.text for alias in term.aliases],
            "description": term.definition,
            "url": here,
            "inDefinedTermSet": {"@type": "DefinedTermSet", "@id": f"{self.site.url}#glossary", "name": "Termlab"},
        }
        faq = {
            "@type": "FAQPage",
            "mainEntity": [
                {
                    "@type": "Question",
                    "name": item.question,
                    "acceptedAnswer": {"@type": "Answer", "text": plain_text(item.answer)},
                }
                for item in asked
            ],
        }
        breadcrumbs = {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": i, "name": name, "item": self.site.url + to}
                for i, (name, to) in enumerate(steps, start=1)
            ],
        }
        data = {"@context": "https://schema.org", "@graph": [defined, faq, breadcrumbs]}
        # A list, since the theme's instant navigation runs every script it meets, and running a list does nothing.
        return Markup('<script type="application/ld+json">' + script_json([data]) + "</script>")

    def redirect(self, term: Term) -> str:
        """The page at an old or other name of a term, which leads to the term."""
        return self._redirect.replace("\0title", escape(term.title)).replace("\0to", f"../{term.slug}/")

    @cached_property
    def _redirect(self) -> str:
        """The template with marks for title and address: there are more redirects than of all other pages together."""
        return self.templates.get_template("redirect.html.j2").render(title="\0title", to="\0to")

    # --- comparisons, paths, lists ------------------------------------------------------------------------

    def comparison(self, comparison: Comparison) -> str:
        path = f"comparisons/{comparison.slug}.md"
        cells = [cell for row in comparison.rows for cell in row.values.values()]
        text = self.texts(path, None, linked_texts(comparison))
        summary = text(comparison.summary)

        def cell(value: Figure | str) -> Markup:
            if isinstance(value, str):
                return Markup(str(_one_line(text(value))).replace("|", "&#124;"))
            return Markup(f"▸ **{number(self.lessons.of(value.demo, value.with_).numbers[value.number])}**")

        rows = [
            SimpleNamespace(aspect=row.aspect, cells=[cell(row.values[side.key]) for side in comparison.sides])
            for row in comparison.rows
        ]
        sides = []
        for side in comparison.sides:
            term = self.glossary.terms[side.about]
            name = side.label or term.title
            choose = _one_line(text(comparison.choose[side.key]))
            shown_name = name[0].upper() + name[1:]
            link = Markup(f"[{as_markdown(shown_name)}](../terms/{term.slug}.md)")
            sides.append(SimpleNamespace(name=shown_name, cell=link, choose=choose))
        measured = {
            (cell.number, self.lessons.of(cell.demo, cell.with_).command): None
            for cell in cells
            if isinstance(cell, Figure)
        }
        return self.page(
            "comparison.md.j2",
            path,
            comparison=comparison,
            description=plain_text(comparison.summary),
            summary=summary,
            sides=sides,
            rows=rows,
            figures=list(measured),
            terms=[self.glossary.terms[slug] for slug in dict.fromkeys(side.about for side in comparison.sides)],
            edit_url=self.site.edit_url(f"terms/comparisons/{comparison.slug}.yml"),
            error_url=self.site.error_url(comparison.title, path),
        )

    def way(self, way: Way) -> str:
        path = f"paths/{way.slug}.md"
        text = self.texts(path, None, linked_texts(way))
        terms = [self.glossary.terms[slug] for slug in _slugs(way)]
        return self.page(
            "path.md.j2",
            path,
            way=way,
            description=plain_text(way.summary),
            summary=text(way.summary),
            outcome=plain_text(way.outcome),
            prerequisites=[self.glossary.terms[slug] for slug in way.prerequisites],
            rungs=[
                SimpleNamespace(term=term, why=plain_text(rung.why))
                for term, rung in zip(terms, way.steps, strict=True)
            ],
            ladder=self.ladder(
                dict.fromkeys(use.module for term in terms for use in term.demos),
                path,
                f"What builds on what: {way.title}",
            ),
        )


def as_markdown(text: str) -> Markup:
    """Plain text as Markdown that shows just that text."""
    return Markup(markdown_text(text))


def as_doc(text: str) -> Markup:
    """A paragraph of a docstring as HTML: code is code, and all else is as it stands there."""
    cut = parts(" ".join(text.split()))
    html = (f"<code>{escape(plain_text(part))}</code>" if kind == "code" else escape(part) for kind, part in cut)
    return Markup("".join(html))


def as_json(text: str) -> Markup:
    """Text as a JSON string, which is a YAML string too."""
    return Markup(json.dumps(str(text), ensure_ascii=False))


def script_json(data: Any) -> str:
    """JSON that can stand inside a script element: no <, > or & in it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _linked(text: str, links: PageLinks) -> str:
    """One pass over a text: first mentions linked, formulas as MathML, HTML shown and not obeyed."""
    out = []
    for kind, part in parts(text):
        if kind == "wiki":
            out.append(links.by_hand(part))
        elif kind == "prose":
            out.append(links.prose(shown(kind, part)))
        else:
            out.append(shown(kind, part))
    return "".join(out)


def _one_line(text: str) -> Markup:
    """An inline text without line breaks, so that it can stand in a list or a table."""
    return Markup(" ".join(str(text).split()))  # to split Markup as such takes much longer


@cache  # a demo may be on many pages
def code(demo: DemoSource) -> SimpleNamespace:
    """A demo's source, ready for a fenced block."""
    longest = max((len(run) for run in re.findall(r"`{3,}", demo.text)), default=2)
    return SimpleNamespace(
        name=demo.name, title=demo.summary, text=Markup(demo.text.rstrip()), fence="`" * (longest + 1),
        lines=demo.text.count("\n"),
    )  # fmt: skip


def _formula(latex: str, symbols: Mapping[str, str]) -> SimpleNamespace:
    return SimpleNamespace(
        mathml=Markup(mathml(latex, display=True)),
        symbols=[(Markup(mathml(symbol)), meaning) for symbol, meaning in symbols.items()],
    )


def _up(path: str) -> str:
    """From a page's Markdown file to the top of build/docs."""
    return "../" * path.count("/")


def _slugs(way: Way) -> list[str]:
    return [rung.term for rung in way.steps]
