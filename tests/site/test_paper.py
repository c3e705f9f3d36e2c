"""Paper: light though the page is dark, nothing to press, only opened folds, pictures together with their titles."""

import re

import pytest

from tests.site.conftest import settled
from tests.site.test_fit import STILL

pytestmark = pytest.mark.browser

PAGES = ("terms/attention/", "terms/large-language-model/", "comparisons/cross-entropy-vs-squared-error/", "")
A4 = {"width": 690, "height": 1000}  # about what lies between the margins
LIGHTNESS = """([selector, name]) => [...document.querySelectorAll(selector)].filter(one => one.checkVisibility())
  .map(one => {
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.fillStyle = getComputedStyle(one)[name];
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
    return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
  })"""
INTERACTIVE = "button, input, select, textarea, .tl-panel, .tl-experiments, .tl-ways, .md-header, .md-tabs, .md-sidebar"


def sheets(page):
    """How many pages of A4 a page takes."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4")))


@pytest.fixture(params=["light", "dark"])
def printed(browser, request):
    """A page for a reader who likes it light or dark, to be shown as printed."""
    context = browser.new_context(viewport=A4, color_scheme=request.param)
    page = context.new_page()
    yield page
    context.close()


def show(page, address):
    """Opens a page on a screen, and then puts it on paper, as a reader does."""
    page.emulate_media(media="screen")
    page.goto(address)
    settled(page)
    page.add_style_tag(content=STILL)
    page.emulate_media(media="print")


def test_print_is_dark_on_light(printed, site_url):
    for address in PAGES:
        show(printed, site_url + address)
        lightness = {
            where: printed.evaluate(LIGHTNESS, [where, name])
            for where, name in {
                "body": "backgroundColor", "h1, h2": "color", "article p": "color", "article a": "color",
                "article .tl-stage svg text": "fill", "article code": "color",
            }.items()
        }  # fmt: skip
        assert min(lightness.pop("body")) > 0.95, address
        for where, found in lightness.items():
            # Letters on the dark cells of a heatmap are light; those beside it are not.
            worst = min if where == "article .tl-stage svg text" else max
            assert worst(found, default=0) < 0.5, (address, where)


def test_nothing_that_only_works_on_a_screen_is_printed(printed, site_url):
    for address in PAGES:
        show(printed, site_url + address)
        seen = f"[...document.querySelectorAll('{INTERACTIVE}')].filter(one => one.checkVisibility())"
        assert printed.evaluate(f"{seen}.map(one => one.outerHTML.slice(0, 80))") == [], address


def test_folds_are_printed_where_they_were_opened_and_only_there(printed, site_url):
    show(printed, site_url + PAGES[0])
    assert not printed.is_visible(".tl-formula")
    assert not printed.is_visible("#in-symbols"), "no heading above nothing"
    assert not printed.is_visible(".tl-more h3")
    printed.evaluate("for (const fold of document.querySelectorAll('#in-symbols + details')) fold.open = true")
    assert printed.is_visible(".tl-formula")
    assert printed.is_visible("#in-symbols")
    assert not printed.is_visible(".tl-more h3")


def test_printing_opens_no_fold(browser_page, site_url):
    """The theme would open them all when it is told of the printing."""
    browser_page.goto(site_url + PAGES[0])
    settled(browser_page)
    browser_page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert browser_page.locator("article details[open]").count() == 0
    browser_page.click("#in-symbols + details > summary")
    browser_page.evaluate("dispatchEvent(new Event('beforeprint'))")
    browser_page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert browser_page.locator("article details[open]").count() == 1


def test_attention_takes_eight_sheets_at_most(browser, site_url):
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=scheme)
        page = context.new_page()
        page.goto(site_url + PAGES[0])
        settled(page)
        closed = sheets(page)
        assert 2 <= closed <= 8
        page.evaluate("for (const fold of document.querySelectorAll('article details')) fold.open = true")
        assert sheets(page) > closed, "what was opened is printed"
        context.close()


def test_no_picture_is_cut_from_its_title(printed, site_url):
    for address in PAGES[:2]:
        show(printed, site_url + address)
        printed.evaluate("for (const fold of document.querySelectorAll('.tl-demo details')) fold.open = true")
        broken = """[...document.querySelectorAll(".tl-stage > figure")].filter(one => one.checkVisibility())
          .map(one => getComputedStyle(one).breakInside)"""
        assert {*printed.evaluate(broken)} == {"avoid"}, address
        cut = """[...document.querySelectorAll("article *")].filter(one => one.checkVisibility()
            && one.scrollWidth > one.clientWidth + 2
            && ["auto", "scroll", "hidden"].includes(getComputedStyle(one).overflowX))
          .map(one => one.outerHTML.slice(0, 80))"""
        assert printed.evaluate(cut) == [], address
