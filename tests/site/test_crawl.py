"""Every link of the built site lands, every page introduces itself, and nothing is asked of anybody else."""

import json
import re
import struct
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import html5lib
import html5lib.constants
import pytest

from tests.generator.conftest import ours

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def glossary():
    return ours().glossary


def test_there_is_a_page_for_everything(pages, glossary):
    expected = {"", "terms/", "categories/", "levels/", "comparisons/", "paths/", "ladder/", "demos/"}
    guide = ("", "help-wanted/", "how-to-write-a-term/", "how-to-write-a-demo/")
    expected |= {f"contribute/{page}" for page in guide}
    expected |= {f"terms/{slug}/" for slug in glossary.terms}
    expected |= {f"comparisons/{slug}/" for slug in glossary.comparisons}
    expected |= {f"paths/{slug}/" for slug in glossary.paths}
    expected |= {f"categories/{slug}/" for slug in glossary.categories}
    expected |= {f"levels/{level}/" for level in ("beginner", "intermediate", "advanced")}
    assert set(pages.real) == expected


class Places(HTMLParser):
    """The ids of a page, which is read and not made into a tree: a few links need nearly every page."""

    def __init__(self, path):
        super().__init__()
        self.found = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        self.found |= {value for name, value in attrs if name == "id"}


@pytest.fixture(scope="module")
def anchors(pages):
    """A function: address -> the places of that page which a link may lead to."""
    return cache(lambda at: Places(pages.files[at]).found if at in pages.files else set())


def test_every_link_and_every_anchor_lands(pages, wanted, site, anchors):
    lost = []
    for address in [*wanted, *pages.redirects]:  # not those of the 404 page, which is shown at any address
        for tag in pages[address].find_all(["a", "link", "script", "img", "source"]):
            target = tag.get("href") or tag.get("src")
            if not target or urlsplit(target).scheme or target.startswith("//"):
                continue
            parts = urlsplit(urljoin(f"http://site/{address}", target))
            to = unquote(parts.path).lstrip("/")
            if to not in pages.files and not (site / to).is_file():
                lost.append(f"{address} -> {target}")
            elif tag.name == "a" and parts.fragment and unquote(parts.fragment) not in anchors(to):
                lost.append(f"{address} -> {target} (no such anchor)")
    assert not lost


def mistakes(html):
    """What a parser that follows the standard had to mend in a page, as "line: what, and around what"."""
    parser = html5lib.HTMLParser()
    parser.parse(html)
    lines = html.splitlines()
    for (line, column), code, data in parser.errors:
        around = lines[line - 1][max(0, column - 60) : column + 20]
        yield f"{line}: {html5lib.constants.E.get(code, code) % data} … {around}"


def test_no_browser_has_to_mend_the_html_of_a_page(pages, wanted):
    found = [
        f"{address or 'home'}:{told}"
        for address in [*wanted, "404.html", *pages.redirects[:3]]
        for told in mistakes(pages.files[address].read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "html",
    ["<h2>a<table><a>b</a></h2>", "<p>a<div>b</p>", "<ul><li>a</ul></li>", "<b><i>a</b></i>", '<a b="1"b="2">c</a>'],
)
def test_what_has_to_be_mended_is_noticed(html):
    assert [*mistakes(f"<!doctype html><title>t</title>{html}")]


def test_no_two_elements_of_a_page_share_an_id(pages, wanted):
    for address in wanted:
        ids = [one["id"] for one in pages[address].select("[id]")]
        assert len(ids) == len({*ids}), (address, sorted(one for one in {*ids} if ids.count(one) > 1))


def test_redirects_lead_straight_to_a_real_page_and_stay_out_of_search_engines(pages):
    assert "terms/ann/" in pages.redirects
    for address in pages.redirects:
        page = pages[address]
        target = page.find("meta", attrs={"http-equiv": "refresh"})["content"].partition("url=")[2]
        assert urljoin(f"http://site/{address}", target).removeprefix("http://site/") in pages.real, address
        assert page.find("meta", attrs={"name": "robots"})["content"] == "noindex"


def test_every_page_has_one_title_one_description_and_its_canonical_address(pages, wanted, site_url):
    descriptions = {}
    for address in wanted:
        page = pages[address]
        assert len(page.find_all("h1")) == 1, address
        assert page.title.string.strip(), address
        description = page.find("meta", attrs={"name": "description"})["content"]
        assert 20 <= len(description) <= 400, address
        descriptions.setdefault(description, []).append(address)
        assert page.find("link", rel="canonical")["href"] == site_url + address
    assert [where for where in descriptions.values() if len(where) > 1] == []


def test_term_pages_have_every_part_in_its_order(pages, wanted_terms):
    parts = ["try-it", "how-it-works", "in-symbols", "examples", "common-misconceptions", "the-code", "side-by-side",
             "questions", "related-terms", "sources"]  # fmt: skip
    for slug in wanted_terms:
        found = [tag["id"] for tag in pages[f"terms/{slug}/"].find_all("h2", id=True)]
        assert found == [part for part in parts if part in found], slug
        assert {*parts} - {*found} <= {"in-symbols", "side-by-side"}, slug
    assert [tag["id"] for tag in pages["terms/neural-network/"].find_all("h2", id=True)][-1] == "sources"


def sitemap(site):
    """Address -> the day on which it was changed, as search engines are told."""
    root = ElementTree.parse(site / "sitemap.xml").getroot()
    rows = [[cell.text for cell in row] for row in root]
    return {row[0]: row[1] if len(row) > 1 else None for row in rows}


def test_search_engines_are_told_of_every_page_and_of_no_redirect(pages, site, site_url):
    assert set(sitemap(site)) == {site_url + address for address in pages.real}
    assert f"Sitemap: {site_url}sitemap.xml" in (site / "robots.txt").read_text(encoding="utf-8")


def test_a_page_that_is_passed_on_is_shown_with_its_title_and_a_picture(pages, wanted, site, site_url):
    for address in wanted:
        said = {tag["property"]: tag["content"] for tag in pages[address].find_all("meta", property=True)}
        assert said["og:url"] == site_url + address
        assert said["og:title"] == pages[address].title.string.removesuffix(" - Termlab").strip(), address
        description = pages[address].find("meta", attrs={"name": "description"})["content"]
        assert said["og:description"] == description, address
        image = (site / said["og:image"].removeprefix(site_url)).read_bytes()
        assert struct.unpack(">II", image[16:24]) == (1200, 630), address
        assert pages[address].find("meta", attrs={"name": "twitter:card"})["content"] == "summary_large_image"


def test_every_label_names_a_control_of_its_page(pages, wanted):
    for address in wanted:
        ids = {tag["id"] for tag in pages[address].find_all(id=True)}
        assert [tag["for"] for tag in pages[address].find_all("label", {"for": True}) if tag["for"] not in ids] == []


def test_structured_data_says_what_the_page_says(pages, wanted_terms, glossary, site, site_url):
    listed = sitemap(site)
    for slug in wanted_terms:
        term = glossary.terms[slug]
        scripts = pages[f"terms/{slug}/"].find_all("script", type="application/ld+json")
        graph = {item["@type"]: item for item in json.loads(scripts[0].string)[0]["@graph"]}
        assert set(graph) == {"WebPage", "DefinedTerm", "FAQPage", "BreadcrumbList"}
        assert graph["WebPage"]["dateModified"] == listed[f"{site_url}terms/{slug}/"]
        assert graph["DefinedTerm"]["description"] == term.definition
        assert graph["DefinedTerm"]["url"] == f"{site_url}terms/{slug}/"
        asked = [item["name"] for item in graph["FAQPage"]["mainEntity"]]
        headings = [tag.get_text().removesuffix("¶") for tag in pages[f"terms/{slug}/"].find_all("h3")]
        assert [question for question in asked if question not in headings] == []
        assert graph["BreadcrumbList"]["itemListElement"][-1]["item"] == f"{site_url}terms/{slug}/"


def test_relations_are_seen_from_both_sides(pages, wanted_terms, glossary):
    for slug in wanted_terms:
        for other in glossary.related[slug][:8]:
            section = pages[f"terms/{slug}/"].find("h2", id="related-terms").find_next("ul")
            assert [a for a in section.find_all("a") if a["href"].endswith(f"/{other}/")], (slug, other)


def test_formulas_are_mathml_and_need_no_script(pages, wanted):
    for address in wanted:
        page = pages[address]
        for math in page.find_all("math"):
            assert not math.find("merror"), address
        text = page.find("article").get_text() if page.find("article") else ""
        assert not re.search(r"\$[a-z\\]", text), address
        assert "\\frac" not in text.split('"""')[0], address


def test_no_page_asks_a_third_party_for_anything(site, site_url):
    """Nothing that a browser loads by itself comes from elsewhere; links that a reader may follow are free to."""
    for path in [*site.rglob("*.html"), *site.rglob("*.css")]:
        text = path.read_text(encoding="utf-8")
        loaded = re.findall(r"""<(?:script|img|iframe|source|video|audio)[^>]+src=["']?(https?://[^"'\s>]+)""", text)
        loaded += re.findall(r"""<link[^>]+rel=["']?(?!canonical)[^>]*href=["']?(https?://[^"'\s>]+)""", text)
        loaded += re.findall(r"""(?:url\(|@import )["']?(https?://[^"')\s]+)""", text)
        assert [url for url in loaded if not url.startswith(site_url)] == [], path


def test_the_search_index_is_slim(site, glossary):
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    places = [doc["location"] for doc in index["docs"] if doc["kind"] not in ("demo", "wanted")]
    assert len(places) == len(set(places))
    assert [f"terms/{slug}/" for slug in glossary.terms] == places[: len(glossary.terms)]
    assert not any("numpy" in doc.get("text", "") for doc in index["docs"])


def test_what_search_loads_later_belongs_to_its_index(site, glossary):
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    files = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((site / "search" / "words").iterdir())]
    assert len(files) == 27
    assert {file["version"] for file in files} == {index["version"]}
    numbers = {number for file in files for found in file["words"].values() for number in found}
    assert {index["docs"][number]["kind"] for number in numbers} == {"term"}
    texts = {path.stem for path in (site / "search" / "texts").iterdir()}
    assert texts == {*glossary.terms}


def test_what_is_found_is_there(site, pages):
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    for location in {doc["location"] for doc in index["docs"]}:
        page, _, place = location.partition("#")
        assert page in pages.real, location
        assert not place or pages[page].find(id=place), location


def test_the_code_is_shown_whole_and_highlighted(pages, wanted_terms, glossary):
    for slug in wanted_terms:
        term = glossary.terms[slug]
        code = pages[f"terms/{slug}/"].select_one("details.tl-code pre code")
        assert (
            code.get_text().strip() == (ROOT / "demos" / f"{term.demo.module}.py").read_text(encoding="utf-8").strip()
        )
        assert len(code.find_all("span", class_=re.compile("^k"))) > 3, "keywords are colored"
