"""The page of a term, from its definition to its sources."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup, escape

from demos._run.source import Source as DemoSource
from generator.config import url
from generator.model.entries import DemoUse, Formula, Term
from generator.model.entries import Path as Way
from generator.model.glossary import Glossary
from generator.model.texts import linked_texts
from generator.pages.cards import place
from generator.pages.controls import controls, facts
from generator.pages.experiments import experiments_shown
from generator.pages.page import Pages, Planned, one_line, slugs
from generator.pages.questions import Asked, questions
from generator.problems import counted
from generator.text.markdown import opening, plain_text
from generator.text.mathml import mathml

CARDS = 8  # related terms shown at most, so that a hub does not show forty


def planned(pages: Pages) -> Iterator[Planned]:
    """A page for each term."""
    for term in pages.glossary.terms.values():
        yield Planned(term.page, partial(_page, pages, term), shows=term)


def found(glossary: Glossary) -> Iterator[dict[str, Any]]:
    """What search finds a term by: its names, its definition, the questions that were written for it, and the names
    of terms that nobody has written yet and that it says most about.

    Of the definition only the first sentence, which says what the term is: it is shown in a list, and the index is to
    be small. Search knows the words of the rest from the texts of the page, see generator/exports/search.py.
    """
    for term in glossary.terms.values():
        yield {
            "location": url(term.page),
            "title": term.title,
            "kind": "term",
            "level": term.level,
            "text": opening(term.definition, 0),
            "names": [alias.text for alias in term.aliases],
            "asked": [item.question for item in term.faq],
            "meanwhile": [
                name for wish in glossary.wanted if wish.meanwhile == term.slug for name in (wish.title, *wish.typed)
            ],
        }


def _page(pages: Pages, term: Term) -> str:
    """The page of a term, from its definition to its sources."""
    glossary, path = pages.glossary, f"terms/{term.slug}.md"
    near = closest(pages, term)
    following = _following(glossary, term)
    asked = questions(term, glossary, [other for other in near if other.slug not in following])
    generated = [item.answer for item in asked[len(term.faq) :]]
    text = pages.texts(path, term, [*linked_texts(term), *generated])
    # In reading order, since the first mention is the one that becomes a link. Captions stand in raw HTML.
    explanation = text(term.explanation)
    experiments = experiments_shown(glossary, pages.lessons.numbers, term)

    def answered(some: Sequence[Asked]) -> list[SimpleNamespace]:
        return [SimpleNamespace(question=item.question, answer=text(item.answer)) for item in some]

    return pages.page(
        "term.md.j2",
        path,
        term=term,
        category=glossary.categories[term.category],
        minutes=term.minutes,
        prerequisites=[glossary.terms[slug] for slug in term.prerequisites],
        shown=[_shown(pages, use, asked) for use, asked in zip(term.demos, experiments, strict=True)],
        codes=[_code(pages, name) for name in dict.fromkeys(use.module for use in term.demos)],
        note=plain_text(term.note) if term.note else "",
        explanation=explanation,
        formulas=[_formula(item.latex, item.symbols) for item in term.formula],
        symbols=_what_symbols_say(term.formula),
        examples=[one_line(text(example)) for example in term.examples],
        misconceptions=[
            SimpleNamespace(wrong=one_line(text(item.wrong)), right=one_line(text(item.right)))
            for item in term.misconceptions
        ],
        comparisons=[
            SimpleNamespace(title=comparison.title, summary=plain_text(comparison.summary), to=f"comparisons/{slug}.md")
            for slug in glossary.compared_in.get(term.slug, ())
            for comparison in [glossary.comparisons[slug]]
        ],
        questions=answered(asked[: len(term.faq)]),
        standard=answered(asked[len(term.faq) :]),
        related=[SimpleNamespace(title=other.title, to=other.page) for other in near],
        strip=pages.strip(term),
        ways=[_neighbors_on(pages.glossary, way, term) for way in glossary.paths_through.get(term.slug, ())],
        edit_url=pages.site.edit_url(f"terms/{term.slug}.yml"),
        error_url=pages.site.error_url(term.title, path),
        json_ld=_json_ld(pages, term, asked),
    )


def closest(pages: Pages, term: Term) -> list[Term]:
    """Related terms first, then what comes before and after on the ladder; at most eight."""
    slugs = dict.fromkeys(
        [*pages.glossary.related[term.slug], *pages.glossary.leads_to[term.slug], *reversed(term.prerequisites)]
    )
    return [pages.glossary.terms[slug] for slug in slugs][:CARDS]


def _following(glossary: Glossary, term: Term) -> set[str]:
    return set(glossary.leads_to[term.slug]) - set(glossary.related[term.slug])


# --- its demos --------------------------------------------------------------------------------------------


def _shown(pages: Pages, use: DemoUse, experiments: Sequence[SimpleNamespace]) -> SimpleNamespace:
    """A demo as the section shows it that runs it, with the experiments that are about it."""
    demo = pages.glossary.demos[use.module]
    return SimpleNamespace(
        title=demo.summary,
        name=demo.summary.partition(":")[0],
        caption=plain_text(use.caption or demo.hint),
        lesson=pages.lessons.of(use.module, use.with_),
        experiments=experiments,
        controls=controls(demo.parameters, use.with_, use.hide),
        parameters=facts(demo.parameters),
        hide=use.hide,
    )


def _code(pages: Pages, name: str) -> SimpleNamespace:
    """A demo as the section shows it that opens its code."""
    others = pages.lessons.builds_on.get(name, ()), pages.lessons.used_by.get(name, ())
    builds_on, used_by = (pages.homes(demos) for demos in others)
    return SimpleNamespace(demo=code(pages.glossary.demos[name]), builds_on=builds_on, used_by=used_by)


@cache  # a demo may be on many pages
def code(demo: DemoSource) -> SimpleNamespace:
    """A demo's source, ready for a fenced block."""
    longest = max((len(run) for run in re.findall(r"`{3,}", demo.text)), default=2)
    return SimpleNamespace(
        name=demo.name, title=demo.summary, text=Markup(demo.text.rstrip()), fence="`" * (longest + 1),
        lines=demo.text.count("\n"),
    )  # fmt: skip


# --- around it --------------------------------------------------------------------------------------------


def _neighbors_on(glossary: Glossary, way: Way, term: Term) -> SimpleNamespace:
    stops = slugs(way)
    at = stops.index(term.slug)

    def neighbor(place: int) -> SimpleNamespace | None:
        if not 0 <= place < len(stops):
            return None
        return SimpleNamespace(title=glossary.terms[stops[place]].title, to=f"terms/{stops[place]}.md")

    return SimpleNamespace(title=way.title, to=f"paths/{way.slug}.md", previous=neighbor(at - 1), next=neighbor(at + 1))


def _formula(latex: str, symbols: Mapping[str, str]) -> SimpleNamespace:
    return SimpleNamespace(
        mathml=Markup(mathml(latex, display=True)),
        symbols=[(Markup(mathml(symbol)), _meaning(meaning)) for symbol, meaning in symbols.items()],
    )


_INDEXED = re.compile(r"(?<![\w\\])([A-Za-z])_([A-Za-z0-9])(?!\w)")


def _meaning(text: str) -> Markup:
    """What a symbol means. Letters with an index, as in "shape [T, d_k]", look as in the formula beside it; a name of
    the code, such as beta_1, stays as it is there."""
    return Markup(_INDEXED.sub(lambda found: mathml(found[0]), str(escape(text))))


def _what_symbols_say(formulas: Sequence[Formula]) -> str:
    """What is in the fold of formulas, in a few words."""
    what, their = ("The formula", "its") if len(formulas) == 1 else (f"{len(formulas)} formulas", "their")
    symbols = len({symbol for formula in formulas for symbol in formula.symbols})
    means = "means" if symbols == 1 else "mean"
    return f"{what}, and what {their} {counted(symbols, 'symbol')} {means}" if symbols else what


def _json_ld(pages: Pages, term: Term, asked: Sequence[Asked]) -> Markup:
    """The page in the words of schema.org, for search engines."""
    # Addresses that nobody gave are relative ones, which hold wherever the page is.
    base = pages.site.url if pages.site.is_published else "../../"
    here = f"{base}terms/{term.slug}/"
    category = pages.glossary.categories[term.category]
    steps = [("Termlab", ""), (category.title, f"categories/{category.slug}/"), (term.title, f"terms/{term.slug}/")]
    defined = {
        "@type": "DefinedTerm",
        "@id": f"{here}#term",
        "name": term.title,
        "alternateName": [alias.text for alias in term.aliases],
        "description": term.definition,
        "url": here,
        "inDefinedTermSet": {"@type": "DefinedTermSet", "@id": f"{base}#glossary", "name": "Termlab"},
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
            {"@type": "ListItem", "position": i, "name": name, "item": base + to}
            for i, (name, to) in enumerate(steps, start=1)
        ],
    }
    page = {"@type": "WebPage", "@id": here, "url": here, "name": term.title, "mainEntity": {"@id": f"{here}#term"}}
    page |= {"datePublished": term.written.isoformat(), "dateModified": term.last_changed.isoformat()}
    if term.reviewed:
        page["lastReviewed"] = term.reviewed.date.isoformat()
        page["reviewedBy"] = {"@type": "Person", "name": term.reviewed.by}
    if pages.site.is_published:
        page["primaryImageOfPage"] = base + place(term.page)
    data = {"@context": "https://schema.org", "@graph": [page, defined, faq, breadcrumbs]}
    # A list, since the theme's instant navigation runs every script it meets, and running a list does nothing.
    return Markup('<script type="application/ld+json">' + script_json([data]) + "</script>")


def script_json(data: Any) -> str:
    """JSON that can stand inside a script element: no <, > or & in it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
