"""The way about a page: its contents on a phone, skip links, what stays on top, folds, previous and next, tables."""

import pytest
from playwright.sync_api import expect

from tests.site.conftest import settled

pytestmark = pytest.mark.browser

ATTENTION, COMPARISON = "terms/attention/", "comparisons/cross-entropy-vs-squared-error/"
THREE_SIDES = "comparisons/agent-vs-tool-calling-vs-chatbot/"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
# What a page may be high at most, by width. The median over all terms is to be 5,000 and 8,000 px, as bench/heights.py
# measures it; these hold the longest page of a kind, with room for the fonts of other machines.
HIGHEST = {
    1280: {"terms": 8500, "comparisons": 4500, "paths": 6500},
    390: {"terms": 13000, "comparisons": 7000, "paths": 9000},
}
FOCUSED = "document.activeElement"


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def phone(browser, request):
    """A page of a phone's width, with and without script."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=request.param)
    page = context.new_page()
    page.has_script = request.param
    yield page
    context.close()


def with_text(pages, text):
    """The addresses of all pages in which a text occurs: to parse them all would take minutes."""
    return [address for address in pages.real if text in pages.files[address].read_text(encoding="utf-8")]


# --- contents -------------------------------------------------------------------------------------------------


def test_every_page_with_sections_has_a_list_of_them_on_a_phone(pages, wanted):
    """The list is the theme's own of the same page, so that none is forgotten."""
    for address in wanted:
        page = pages[address]
        side = [link["href"] for link in page.select("[data-md-type=toc] .md-nav__link")]
        fold = [link["href"] for link in page.select("details.tl-contents a")]
        hidden = page.select_one("[data-md-type=toc]").has_attr("hidden")
        assert fold == (side if len(side) > 1 and not hidden else []), address
    assert len(with_text(pages, 'class="tl-contents"')) >= 60


def test_the_list_of_contents_leads_to_a_section_and_closes(phone, site_url):
    phone.goto(site_url + ATTENTION)
    phone.click(".tl-contents > summary")
    assert phone.is_visible(".tl-contents >> text=Common misconceptions")
    phone.click(".tl-contents >> text=Common misconceptions")
    phone.wait_for_url("**#common-misconceptions")
    fold = phone.locator(".tl-contents")
    if phone.has_script:
        phone.wait_for_selector(".tl-contents:not([open])")
    else:
        assert fold.get_attribute("open") is not None
    box = phone.locator("#common-misconceptions").bounding_box()
    assert 40 <= box["y"] <= PHONE["height"] - 60


def test_the_fold_is_not_shown_beside_the_list_of_the_theme(browser_page, site_url):
    page = browser_page
    page.set_viewport_size(DESK)
    for address in (ATTENTION, COMPARISON, "paths/neuron-to-transformer/", "contribute/how-to-write-a-term/"):
        page.goto(site_url + address)
        assert page.is_visible("[data-md-type=toc]"), address
        assert not page.is_visible(".tl-contents"), address


# --- what stays on top, and jumping below it --------------------------------------------------------------------


def test_the_navigation_of_the_site_stays_in_sight_on_a_desk(browser_page, site_url):
    browser_page.set_viewport_size(DESK)
    browser_page.goto(site_url + ATTENTION)
    browser_page.evaluate("scrollTo(0, 3000)")
    browser_page.wait_for_function("scrollY > 2500")
    box = browser_page.locator(".md-tabs >> text=Paths").bounding_box()
    assert 0 <= box["y"] < 100
    browser_page.click(".md-tabs >> text=Paths")
    browser_page.wait_for_url(site_url + "paths/")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(
    "place", ["how-it-works", "questions", "try", "in-symbols", "what-is-attention", "is-attention-hard-to-understand"]
)
def test_what_is_jumped_to_is_seen_below_the_bar(browser_page, site_url, viewport, place):
    """Inside a fold that is closed too: it opens."""
    page = browser_page
    page.set_viewport_size(viewport)
    page.goto(f"{site_url}{ATTENTION}#{place}")
    settled(page)
    page.wait_for_function("id => document.getElementById(id).checkVisibility()", arg=place)
    bar = page.locator(".md-header").bounding_box()
    top = page.locator(f"[id='{place}']").bounding_box()["y"]
    assert bar["y"] + bar["height"] <= top <= bar["height"] + 60


def test_an_experiment_that_is_brought_into_view_is_below_the_bar(browser_page, site_url):
    browser_page.set_viewport_size(DESK)
    browser_page.goto(site_url + ATTENTION)
    browser_page.wait_for_selector(".tl-asking")
    browser_page.evaluate("document.querySelector('.tl-experiments').scrollIntoView()")
    bar = browser_page.locator(".md-header").bounding_box()
    assert browser_page.locator(".tl-experiments").bounding_box()["y"] >= bar["height"]


def test_skip_links_lead_to_the_demo_and_to_the_next_term(browser_page, site_url):
    browser_page.goto(site_url + ATTENTION)
    said = []
    for _ in range(3):
        browser_page.keyboard.press("Tab")
        browser_page.wait_for_function(f"getComputedStyle({FOCUSED}).opacity > 0.9")
        said.append(browser_page.evaluate(f"{FOCUSED}.textContent.trim()"))
    assert said == ["Skip to content", "Skip to the demo", "Skip to the next term"]
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url("**#ways")
    settled(browser_page)
    browser_page.keyboard.press("Tab")
    assert browser_page.evaluate(f"{FOCUSED}.closest('.tl-way') !== null")
    browser_page.goto(site_url + ATTENTION)
    browser_page.wait_for_selector(".tl-asking")
    for key in ("Tab", "Tab", "Enter"):
        browser_page.keyboard.press(key)
    browser_page.wait_for_url("**#try")
    browser_page.wait_for_function("document.getElementById('try').getBoundingClientRect().top < 120")
    settled(browser_page)  # it goes on from there with the next picture of the page
    browser_page.keyboard.press("Tab")
    assert browser_page.evaluate(f"{FOCUSED}.closest('#try') !== null")


def test_skip_links_are_those_of_the_page_that_is_shown(browser_page, site_url):
    """The theme changes pages without loading them."""
    browser_page.goto(site_url + ATTENTION)
    browser_page.click(".md-tabs >> text=Levels")
    browser_page.wait_for_url(site_url + "levels/")
    browser_page.wait_for_function("document.querySelectorAll('.md-skip').length < 3")
    assert browser_page.locator("a[href$='#try'], a[href$='#ways']").count() == 0


def test_the_button_to_the_top_does_not_lie_on_a_demo(browser_page, site_url):
    browser_page.goto(site_url + ATTENTION)
    for place, shown in (("#sources", True), (".tl-demo .tl-controls", False)):
        browser_page.evaluate("place => document.querySelector(place).scrollIntoView({block: 'center'})", place)
        settled(browser_page)
        browser_page.mouse.wheel(0, -30)  # it comes when a reader goes up
        browser_page.wait_for_selector(".md-top:not([hidden])", state="attached")
        browser_page.wait_for_function(
            "shown => (getComputedStyle(document.querySelector('.md-top')).display !== 'none') === shown", arg=shown
        )


# --- previous and next ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("font", ["own", "wide"])
def test_previous_and_next_stand_side_by_side_below_the_path(browser_page, pages, site_url, width, font):
    page = browser_page
    page.set_viewport_size({"width": width, "height": 844})
    on_paths = with_text(pages, 'class="tl-way"')
    assert len(on_paths) > 20
    for address in on_paths[::6]:
        page.goto(site_url + address)
        if font == "wide":
            page.add_style_tag(content="* { font-family: monospace, monospace !important; font-size-adjust: 0.7; }")
        for way in page.locator(".tl-way").all():
            box, name = way.bounding_box(), way.locator("p").bounding_box()
            ends = [end.bounding_box() for end in way.locator("a[rel]").all()]
            for end in ends:
                assert end["y"] >= name["y"] + name["height"] - 1, address
                assert end["width"] >= 0.4 * box["width"], (address, "letters would stand under each other")
            assert len({end["y"] for end in ends}) == 1, (address, "one line")
            assert box["height"] < (200 if font == "wide" else 130), address


# --- tables -----------------------------------------------------------------------------------------------------


def test_on_a_phone_the_aspect_stands_above_values_that_say_whose_they_are(phone, site_url):
    for address in (COMPARISON, THREE_SIDES):
        phone.goto(site_url + address)
        table = phone.locator(".tl-compare")
        assert table.bounding_box()["width"] <= PHONE["width"]
        for row in table.locator("tbody tr").all()[:3]:
            aspect = row.locator("th").bounding_box()
            for value in row.locator("td").all():
                box = value.bounding_box()
                assert box["y"] >= aspect["y"] + aspect["height"] - 1
                assert box["x"] + box["width"] <= PHONE["width"]
                assert value.get_attribute("data-side")
        if phone.has_script:
            said = "cell => getComputedStyle(cell, '::before').content.slice(1, -1)"
            assert table.locator("td").first.evaluate(said) == table.locator("td").first.get_attribute("data-side")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_screen_readers_get_a_table_with_names_of_rows_and_columns(browser_page, site_url, viewport):
    page = browser_page
    page.set_viewport_size(viewport)
    page.goto(site_url + COMPARISON)
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in tree if not node["ignored"]]
    rows = page.locator(".tl-compare tbody tr").count()
    assert "table" in roles
    assert roles.count("rowheader") == rows
    assert roles.count("columnheader") == 3
    assert sum(role in ("cell", "gridcell") for role in roles) == 2 * rows


# --- half as long -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_are_not_endless(browser_page, pages, site_url, width):
    page = browser_page
    page.set_viewport_size({"width": width, "height": 800})
    for address in pages.one_of_each_kind():
        if most := HIGHEST[width].get(address.split("/")[0] if address.count("/") > 1 else ""):
            page.goto(site_url + address)
            settled(page)
            assert page.evaluate("document.documentElement.scrollHeight") <= most, address


def test_a_preview_of_a_term_holds_its_whole_definition(browser_page, site_url, pages):
    definition = pages["terms/cosine-similarity/"].select_one(".tl-definition").get_text()
    browser_page.goto(site_url + ATTENTION)
    settled(browser_page)
    chip = browser_page.locator(".tl-chips a[href$='/cosine-similarity/']")
    chip.scroll_into_view_if_needed()
    chip.focus()
    browser_page.wait_for_selector("[role=dialog].md-tooltip2--active")
    said = browser_page.locator("[role=dialog].md-tooltip2--active .tl-definition")
    assert said.inner_text() == definition
    inner = browser_page.locator("[role=dialog].md-tooltip2--active .md-tooltip2__inner")
    box, around = said.bounding_box(), inner.bounding_box()
    assert box["y"] + box["height"] <= around["y"] + around["height"], "no scrolling for the last words"


# --- addresses where nothing is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "first"),
    [
        ("terms/attentoin/", "Attention"),
        ("Terms/Attention/", "Attention"),
        ("attention", "Attention"),
        ("terms/softmax.html", "Softmax"),
        ("glossary/softmaxes/index.html", "Softmax"),
        ("terms/stochastic_gradient_descend/", "Stochastic Gradient Descent"),
        ("terms/%C3%A4dam/", "Adam"),
        ("terms/backprop-explained/", "Backpropagation, also called backprop"),
        ("terms/llms/", "Large Language Model, also called LLM"),
        ("comparisons/softmax-vs-sigmoidd/", "Softmax vs. Sigmoid"),
        ("terms/zzzz-nothing-like-it/", None),
        ("%ZZ/", None),
    ],
)
def test_a_wrong_address_is_answered_with_guesses(browser_page, site_url, address, first):
    with browser_page.expect_response("**/assets/names.json") as names:
        browser_page.goto(site_url + address)
    names.value.finished()
    settled(browser_page)
    guesses = browser_page.locator(".tl-guesses li")
    if first is None:
        assert guesses.count() == 0
        assert not browser_page.is_visible(".tl-guesses")
        return
    guesses.first.wait_for()
    assert guesses.first.inner_text() == first
    browser_page.click(".tl-guesses a")
    expect(browser_page.locator("h1").first).to_contain_text(first.split(",")[0])


@pytest.mark.parametrize(
    ("address", "words", "first"),
    [
        ("terms/chatgpt/", "chatgpt", "/terms/large-language-model/"),
        ("glossary/Vanishing_Gradient.html", "vanishing gradient", "/terms/residual-connection/"),
        ("what/is-attention/index.html", "is attention", "/terms/attention/"),
    ],
)
def test_the_words_of_a_wrong_address_can_be_searched_on_its_page(browser_page, site_url, address, words, first):
    browser_page.goto(site_url + address)
    box = browser_page.get_by_label("Look up a word or ask a question")
    expect(box).to_have_value(words)
    browser_page.locator(".tl-ask").get_by_role("button", name="Search").click()
    expect(browser_page.locator(".md-search__input")).to_have_value(words)
    found = browser_page.locator(".md-search-result__link").first
    found.wait_for()
    assert found.get_attribute("href").endswith(first)


def test_a_wrong_address_has_links_without_script(phone, site_url):
    phone.goto(site_url + "terms/attentoin/")
    for text in ("All terms", "Subjects", "Paths", "Help wanted"):
        assert phone.is_visible(f"article a:has-text('{text}')"), text
