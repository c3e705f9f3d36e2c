"""The built site in a real browser: search, look, keyboard, no script, no strangers."""

import pytest

from tests.site.conftest import fresh, settled
from tests.site.test_fit import STILL

pytestmark = pytest.mark.browser

PAGES = ["", "terms/", "terms/neural-network/", "terms/attention/", "comparisons/cross-entropy-vs-squared-error/",
         "paths/neuron-to-transformer/", "ladder/", "demos/", "categories/training/", "contribute/",
         "contribute/help-wanted/", "contribute/how-to-write-a-term/", "contribute/how-to-write-a-demo/"]  # fmt: skip


def results(page, query):
    """What the search box lists for a query, best first."""
    page.keyboard.press("/")
    page.wait_for_function("document.activeElement.dataset.mdComponent === 'search-query'")
    page.keyboard.insert_text(query)  # at once, so that what is found first was found for all of it
    page.wait_for_selector(".md-search-result__item")
    return page.eval_on_selector_all(
        ".md-search-result__item > a:first-child", "links => links.map(a => new URL(a.href).pathname)"
    )


@pytest.fixture(scope="module")
def searched(browser):
    """One tab for all that is searched for: each time the home page is loaded anew. An error in it fails them."""
    with fresh(browser) as page:
        yield page


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("ANN", "neural-network"),
        ("ann", "neural-network"),
        ("MLP", "neural-network"),
        ("BPE", "byte-pair-encoding"),
        ("autodiff", "automatic-differentiation"),
        ("backprop", "backpropagation"),
        ("attention", "attention"),
        ("log loss", "cross-entropy"),
    ],
)
def test_an_alias_puts_its_term_first(searched, site_url, query, first):
    searched.goto(site_url)
    assert results(searched, query)[0] == f"/terms/{first}/"


def test_an_acronym_beats_every_title_that_only_starts_like_it(browser_page, site_url):
    """The index is served with a few rivals added that the glossary does not have yet."""

    def with_rivals(route):
        index = route.fetch().json()
        for name in ("Annealing", "Annotation", "Annotator Agreement", "Annoy"):
            text = f"{name} is a rival. What is {name}? {name} and {name} again."
            index["docs"].append({"location": f"terms/{name.lower()}/", "title": name, "text": text})
        route.fulfill(json=index)

    browser_page.route("**/search_index.json", with_rivals)
    browser_page.goto(site_url)
    found = results(browser_page, "ANN")
    assert found[0] == "/terms/neural-network/"
    assert "/terms/annealing/" in found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_the_screen_load_everything_and_ask_nobody_else(browser, site_url, scheme):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("response", lambda response: trouble.append(response.url) if response.status >= 400 else None)
    page.on("request", lambda request: trouble.append(request.url) if foreign(request.url, site_url) else None)
    for address in PAGES:
        page.goto(site_url + address)
        page.add_style_tag(content=STILL)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            settled(page)
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"{address} is {overflow} pixels wider than a screen of {width}"
    context.close()
    assert trouble == []


def foreign(url, site_url):
    return not url.startswith((site_url, "data:", "blob:"))


def test_a_page_is_whole_without_javascript(browser, site_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site_url + "terms/neural-network/")
    for part in (".tl-definition", ".tl-stage svg", "#how-it-works", "#sources", ".tl-chips"):
        assert page.is_visible(part), part
    folded = {".tl-formula math": "#in-symbols + details", ".tl-more h3": "h3 ~ .tl-more", "pre": "details.tl-code"}
    for part, fold in folded.items():
        assert not page.is_visible(part), part
        page.click(f"{fold} > summary")
        assert page.is_visible(part), part
    context.close()


def test_charts_follow_light_and_dark_without_being_drawn_again(browser, site_url):
    colors = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(site_url + "terms/gradient-descent/")
        colors[scheme] = page.eval_on_selector(".tl-stage svg text", "text => getComputedStyle(text).fill")
        context.close()
    assert colors["light"] != colors["dark"]


def test_the_keyboard_reaches_search_and_the_first_links(browser_page, site_url):
    browser_page.goto(site_url + "terms/neuron/")
    browser_page.keyboard.press("Tab")
    assert "skip" in browser_page.evaluate("document.activeElement.className")
    browser_page.keyboard.press("/")
    browser_page.wait_for_function("document.activeElement.dataset.mdComponent === 'search-query'")


def test_every_landmark_has_a_name_of_its_own(browser_page, site_url):
    for address in ("contribute/", "contribute/how-to-write-a-demo/", "terms/neural-network/"):
        browser_page.goto(site_url + address)
        browser_page.wait_for_selector(".md-code__nav[aria-label]", state="attached")
        visible = "navs => navs.filter(nav => nav.checkVisibility()).map(nav => nav.getAttribute('aria-label'))"
        names = browser_page.eval_on_selector_all("nav", visible)
        assert len(names) == len({*names}), address


def test_what_does_not_fit_scrolls_in_what_takes_the_focus(browser, site_url):
    context = browser.new_context(viewport={"width": 390, "height": 900})
    page = context.new_page()
    for address in ("terms/neuron/", "comparisons/cross-entropy-vs-squared-error/", "contribute/how-to-write-a-demo/"):
        page.goto(site_url + address)
        settled(page)
        scrolling = """all => all.filter(one => one.scrollWidth > one.clientWidth + 1
            && ["auto", "scroll"].includes(getComputedStyle(one).overflowX)
            && !one.matches("[tabindex]") && !one.querySelector("a, button, input"))
          .map(one => one.outerHTML.slice(0, 99))"""
        assert page.eval_on_selector_all("article *", scrolling) == [], address
    context.close()


def test_what_is_not_there_gets_a_page_that_helps(browser_page, site_url):
    response = browser_page.goto(site_url + "terms/no-such-term/")
    assert response.status == 404
    assert "This page is not here" in browser_page.inner_text("h1")
    browser_page.click("article a:has-text('all terms')")
    browser_page.wait_for_url(site_url + "terms/")
