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
        for other in dict.fromkeys([*map(slugify, names), slugify(term.title), *term.former_slugs]):
            if other and other not in pages.glossary.terms:
                yield _planned(template, term, other)
    for entries in (pages.glossary.comparisons, pages.glossary.paths):
        for entry in entries.values():
            for old in dict.fromkeys(entry.former_slugs):
                if old not in entries:
                    yield _planned(template, entry, old)


def _planned(template: str, entry: AnyEntry, old: str) -> Planned:
    return Planned(f"{entry.pages}/{old}/index.html", partial(_page, template, entry))


def _page(template: str, entry: AnyEntry) -> str:
    return template.replace("\0title", escape(entry.title)).replace("\0to", f"../{entry.slug}/")
