"""Small static pages at other names of terms and old addresses of all entries, which lead to where each is now."""

from collections.abc import Iterator
from functools import partial

from markupsafe import escape

from generator.model.entries import AnyEntry
from generator.pages.page import Pages, Planned
from generator.text.slugs import slugify


def planned(pages: Pages) -> Iterator[Planned]:
    """A page for each alias and each old slug that is no page of its own."""
    # Filled in once with marks for title and address: there are more redirects than of all other pages together.
    template = pages.templates.get_template("redirect.html.j2").render(title="\0title", to="\0to")
    for term in pages.glossary.terms.values():
        names = [alias.text for alias in term.aliases if not alias.ambiguous]
        for other in dict.fromkeys([*map(slugify, names), slugify(term.title)]):
            place = f"{term.pages}/{other}"
            if other and other not in pages.glossary.terms and place not in term.old_places:
                yield _planned(template, term, place)
    there = {entry.page.removesuffix(".md") for entry in pages.glossary.entries}
    for entry in pages.glossary.entries:
        for place in dict.fromkeys(entry.old_places):
            if place not in there:
                yield _planned(template, entry, place)


def _planned(template: str, entry: AnyEntry, place: str) -> Planned:
    """place: the old address, below the site, as in terms/nerve."""
    to = f"../{entry.slug}/" if place.startswith(f"{entry.pages}/") else f"../../{entry.pages}/{entry.slug}/"
    return Planned(f"{place}/index.html", partial(_page, template, entry.title, to))


def _page(template: str, title: str, to: str) -> str:
    return template.replace("\0title", escape(title)).replace("\0to", to)
