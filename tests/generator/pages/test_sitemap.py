"""The list of pages for search engines, and what they may read."""

import xml.etree.ElementTree as ET

from generator.config import Site
from generator.pages.sitemap import robots, sitemap
from tests.generator.conftest import a_comparison, a_glossary, a_path, a_term

NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def rows(text):
    root = ET.fromstring(text)
    return {row.findtext(f"{NS}loc"): row.findtext(f"{NS}lastmod") for row in root.findall(f"{NS}url")}


def test_entries_have_the_day_on_which_they_were_last_changed_and_lists_none():
    glossary = a_glossary(
        a_term("Neuron", changed="2026-12-24", reviewed={"date": "2027-01-01", "by": "Ada"}),
        a_term("Gradient"),
        a_comparison(changed="2026-12-25"),
        a_path("neuron", "gradient"),
    )
    paths = ["index.md", "terms/index.md", "terms/neuron.md", "terms/gradient.md", "terms/old/index.html", "robots.txt",
             "comparisons/neuron-vs-gradient.md", "paths/from-here-to-there.md"]  # fmt: skip
    assert rows(sitemap(paths, glossary, "https://example.org/g/")) == {
        "https://example.org/g/": None,
        "https://example.org/g/terms/": None,
        "https://example.org/g/terms/neuron/": "2026-12-24",
        "https://example.org/g/terms/gradient/": "2026-11-23",
        "https://example.org/g/comparisons/neuron-vs-gradient/": "2026-12-25",
        "https://example.org/g/paths/from-here-to-there/": "2026-11-23",
    }


def test_an_address_with_signs_of_its_own_is_written_as_xml_wants_it():
    assert list(rows(sitemap(["index.md"], a_glossary(), "https://example.org/a&b/"))) == ["https://example.org/a&b/"]


def test_robots_learn_where_the_list_is_from_a_site_that_knows_its_address():
    assert robots(Site("https://example.org/g/")).splitlines() == [
        "User-agent: *", "Allow: /", "", "Sitemap: https://example.org/g/sitemap.xml"
    ]  # fmt: skip
    assert "Sitemap" not in robots(Site("http://127.0.0.1:8000/", is_published=False))
