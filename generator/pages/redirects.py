"""Small static pages at the other names and old addresses of terms, which lead to where the term lives now."""

from collections.abc import Iterator
from functools import partial

from markupsafe import escape

from generator.model.entries import Term
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
                yield Planned(f"terms/{other}/index.html", partial(_page, template, term))


def _page(template: str, term: Term) -> str:
    return template.replace("\0title", escape(term.title)).replace("\0to", f"../{term.slug}/")
