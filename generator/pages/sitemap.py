"""What search engines ask for: the list of all pages, with the day on which what they say was last changed.

It takes the place of the engine's own, which gives every page the day of the build.
"""

from collections.abc import Iterable

from markupsafe import escape

from generator.config import Site, url
from generator.model.glossary import Glossary


def sitemap(paths: Iterable[str], glossary: Glossary, base: str) -> str:
    """The pages among some files below build/docs, at an address that ends with a slash.

    Lists have no date: they change with every entry, and whoever has read those knows.
    """
    days = {entry.page: entry.last_changed.isoformat() for entry in glossary.entries}
    rows = [
        f"<url><loc>{escape(base + url(path))}</loc>{f'<lastmod>{days[path]}</lastmod>' if path in days else ''}</url>"
        for path in sorted(paths)
        if path.endswith(".md")
    ]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return head + "\n".join(rows) + "\n</urlset>\n"


def robots(site: Site) -> str:
    """Everybody may read everything. Where the list of pages is can only be said by a site that knows its address."""
    everybody = "User-agent: *\nAllow: /\n"
    return f"{everybody}\nSitemap: {site.url}sitemap.xml\n" if site.is_published else everybody
