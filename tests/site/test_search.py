"""The search box of the built site: what it shows, by keys, by mouse and by touch, and when something goes wrong."""

import json

import pytest

from tests.generator.conftest import ours
from tests.site.conftest import Served

pytestmark = pytest.mark.browser

BOX = ".md-search__input"
HIT = ".md-search-result__link"
SAID = ".md-search-result__meta"
FOCUS = "document.activeElement.localName"


@pytest.fixture(scope="module")
def glossary():
    return ours().glossary


def opened(page, site_url, address=""):
    page.goto(site_url + address)
    page.keyboard.press("/")
    page.wait_for_function("document.activeElement.matches('.md-search__input')")


def said(page, words):
    page.wait_for_function(
        "([box, words]) => document.querySelector(box).textContent.includes(words)", arg=[SAID, words]
    )


def paths(page):
    return page.eval_on_selector_all(HIT, "links => links.map(a => new URL(a.href).pathname + new URL(a.href).hash)")


def type_in(page, text):
    """Puts a text into the box at once and waits for what is found."""
    page.keyboard.insert_text(text)
    page.wait_for_selector(HIT)


def test_a_result_says_what_it_is_its_level_and_what_it_means(browser_page, site_url, glossary):
    opened(browser_page, site_url)
    type_in(browser_page, "llm")
    term = glossary.terms["large-language-model"]
    first = browser_page.inner_text(HIT)
    for part in (term.title, "Term", term.level, "also called LLM", term.definition.split(". ")[0]):
        assert part in first
    assert browser_page.inner_text(f"{HIT} mark") == "LLM"


def test_a_term_that_is_not_written_leads_to_the_page_that_says_most_about_it(browser_page, site_url):
    opened(browser_page, site_url)
    type_in(browser_page, "chatgpt")
    first, second = browser_page.locator(HIT).all()[:2]
    assert "the nearest page to ChatGPT, which has none of its own yet" in first.inner_text()
    assert "Wanted, not written yet" in second.inner_text()
    assert "looked for as ChatGPT" in second.inner_text()
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url(site_url + "terms/large-language-model/")


def test_comparisons_paths_subjects_levels_demos_and_wishes_are_found_too(browser_page, site_url, glossary):
    opened(browser_page, site_url)
    kinds = {"Side by side": next(iter(glossary.comparisons.values())).title, "Path": "From a neuron to a transformer",
             "Subject": next(iter(glossary.categories.values())).title, "Level": "Beginner", "Demo": "Autograd",
             "Wanted, not written yet": glossary.wanted[0].title, "Contribute": "How to write a demo"}  # fmt: skip
    for kind, title in kinds.items():
        browser_page.fill(BOX, title)
        browser_page.wait_for_function(
            """([title, kind]) => [...document.querySelectorAll(".tl-hit-title")].some(
                 one => one.firstChild.textContent === title && one.lastChild.textContent.startsWith(kind))""",
            arg=[title, kind],
        )


def test_what_is_pasted_or_dictated_is_searched_without_a_key(browser_page, site_url):
    opened(browser_page, site_url)
    browser_page.evaluate(
        """() => { const box = document.activeElement; box.value = "softmax";
                   box.dispatchEvent(new InputEvent("input", {bubbles: true, inputType: "insertFromPaste"})); }"""
    )
    browser_page.wait_for_selector(HIT)
    assert paths(browser_page)[0] == "/terms/softmax/"


@pytest.mark.parametrize("key", ["/", "s", "f"])
def test_a_key_opens_the_box_and_escape_gives_the_focus_back(browser_page, site_url, key):
    browser_page.goto(site_url + "terms/")
    browser_page.focus("article a[href*=softmax]")
    browser_page.keyboard.press(key)
    browser_page.wait_for_function("document.activeElement.matches('.md-search__input')")
    assert browser_page.input_value(BOX) == "", "the key itself is not typed"
    browser_page.keyboard.press("Escape")
    browser_page.wait_for_function("document.activeElement.matches('article a[href*=softmax]')")
    assert not browser_page.is_checked("#__search")


def test_who_types_in_another_box_does_not_open_the_search(browser_page, site_url):
    browser_page.goto(site_url + "terms/softmax/")
    browser_page.evaluate("document.querySelector('article').prepend(document.createElement('textarea'))")
    browser_page.focus("article textarea")
    browser_page.keyboard.type("s/f")
    assert browser_page.input_value("article textarea") == "s/f"
    assert not browser_page.is_checked("#__search")


def test_arrows_walk_through_the_results_and_letters_go_back_to_the_box(browser_page, site_url):
    opened(browser_page, site_url)
    type_in(browser_page, "attention")
    there = "[...document.querySelectorAll('.md-search-result__link')].indexOf(document.activeElement)"
    for key, at in [("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", -1), ("ArrowDown", 0)]:
        browser_page.keyboard.press(key)
        assert browser_page.evaluate(there) == at
    browser_page.keyboard.type(" x")
    assert browser_page.evaluate(FOCUS) == "input"


def test_the_right_arrow_takes_the_rest_of_a_name(browser_page, site_url):
    opened(browser_page, site_url)
    type_in(browser_page, "backpro")
    browser_page.keyboard.press("ArrowRight")
    assert browser_page.input_value(BOX) == "backpropagation"


def test_enter_opens_the_first_result_and_the_focus_goes_to_its_heading(browser_page, site_url):
    opened(browser_page, site_url, "terms/neuron/")
    browser_page.evaluate("window.stays = true")
    type_in(browser_page, "softmax")
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url("**/terms/softmax/")
    browser_page.wait_for_function("document.activeElement.localName === 'h1'")
    assert browser_page.inner_text("h1").startswith("Softmax")
    assert browser_page.evaluate("window.stays"), "the theme replaced the page without loading it"
    assert browser_page.evaluate("sessionStorage.getItem('termlab.search')") is None
    assert not browser_page.is_checked("#__search")
    assert browser_page.evaluate("scrollY") == 0


def test_the_focus_goes_to_the_heading_also_where_the_page_is_loaded(browser, site, glossary):
    """As where a site is served elsewhere than it was built for, so that the theme lets the browser load each page."""
    elsewhere = Served(site)
    context = browser.new_context()
    page = context.new_page()
    opened(page, elsewhere.url, "terms/neuron/")
    type_in(page, "softmax")
    page.keyboard.press("Enter")
    page.wait_for_url("**/terms/softmax/")
    page.wait_for_function("document.activeElement.localName === 'h1'")
    page.reload()
    page.wait_for_load_state()
    assert page.evaluate(FOCUS) != "h1", "once, and not each time that the page is loaded"
    context.close()
    elsewhere.stop()


def test_a_demo_leads_to_its_place_on_the_page(browser_page, site_url):
    opened(browser_page, site_url)
    type_in(browser_page, "autograd demo")
    browser_page.click(f"{HIT}[href$='#try-it'] >> nth=0")
    browser_page.wait_for_function("document.activeElement.id === 'try-it'")


def test_the_page_one_is_on_already_is_a_result_like_any_other(browser_page, site_url):
    opened(browser_page, site_url, "terms/softmax/")
    type_in(browser_page, "softmax")
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_function("document.activeElement.localName === 'h1'")
    assert not browser_page.is_checked("#__search")


def test_enter_before_the_index_is_there_opens_the_first_result_when_it_is(browser_page, site_url):
    held = []
    browser_page.route("**/search_index.json", lambda route: held.append(route))
    opened(browser_page, site_url, "terms/neuron/")
    browser_page.keyboard.insert_text("softmax")
    browser_page.keyboard.press("Enter")
    said(browser_page, "Loading")
    held[0].continue_()
    browser_page.wait_for_url("**/terms/softmax/")


def test_the_index_is_asked_for_once_and_not_before_somebody_searches(browser_page, site_url):
    asked = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.goto(site_url + "terms/neuron/")
    browser_page.wait_for_selector("body")
    assert not any("search_index" in url for url in asked)
    browser_page.keyboard.press("/")
    for text in ("softmax", "adam", "attention"):
        browser_page.fill(BOX, text)
        browser_page.wait_for_selector(HIT)
    assert sum("search_index" in url for url in asked) == 1


@pytest.mark.parametrize(
    "body", ["", "<html>", "{}", "null", '{"docs": [', '{"docs": [{"title": "x"}]}', json.dumps({"docs": {"a": 1}})]
)
def test_a_damaged_index_is_told_in_a_sentence_and_tried_again(browser_page, site_url, body):
    browser_page.route("**/search_index.json", lambda route: route.fulfill(body=body))
    opened(browser_page, site_url, "terms/neuron/")
    browser_page.keyboard.insert_text("softma")
    said(browser_page, "did not load, or is damaged")
    assert browser_page.get_attribute(f"{SAID} a", "href") == f"{site_url}terms/"
    browser_page.unroute("**/search_index.json")
    browser_page.keyboard.insert_text("x")
    browser_page.wait_for_selector(HIT)
    assert paths(browser_page)[0] == "/terms/softmax/"


@pytest.mark.parametrize("how", ["missing", "cut off"])
def test_an_index_that_does_not_come_is_told_in_a_sentence(browser_page, site_url, how):
    answer = (lambda route: route.abort()) if how == "cut off" else (lambda route: route.fulfill(status=404))
    browser_page.route("**/search_index.json", answer)
    opened(browser_page, site_url)
    browser_page.keyboard.insert_text("softmax")
    said(browser_page, "did not load, or is damaged")


def test_what_is_not_found_says_so_and_shows_what_is_near_and_where_to_wish(browser_page, site_url):
    opened(browser_page, site_url)
    type_in(browser_page, "chatgptlike")
    said(browser_page, "Nothing found for “chatgptlike”")
    assert paths(browser_page)[-1] == "/contribute/help-wanted/"
    browser_page.keyboard.press("Enter")
    assert browser_page.is_checked("#__search"), "Enter opens what was asked for, and no guess"


def test_a_word_of_an_explanation_is_found_with_its_sentence(browser_page, site_url, site, glossary):
    """The word is one that only the texts of one term have, whichever that is."""
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    words = json.loads((site / "search" / "words" / "t.json").read_text(encoding="utf-8"))
    assert words["version"] == index["version"]
    told = " ".join(json.dumps(doc) for doc in index["docs"]).lower()
    word, [number] = next(
        (word, numbers) for word, numbers in words["words"].items()
        if len(numbers) == 1 and len(word) > 7 and word[:6] not in told
    )  # fmt: skip
    opened(browser_page, site_url)
    type_in(browser_page, f"{word} ")
    browser_page.wait_for_selector(f"{HIT}[href$='/{index['docs'][number]['location']}'] mark")
    assert word in browser_page.inner_text(f"{HIT}[href$='/{index['docs'][number]['location']}']").lower()


def test_texts_that_do_not_come_take_nothing_away(browser_page, site_url):
    browser_page.route("**/search/words/*.json", lambda route: route.abort())
    opened(browser_page, site_url)
    type_in(browser_page, "perplexity of a model")
    with browser_page.expect_console_message(lambda message: "could not be searched" in message.text):
        browser_page.fill(BOX, "perplexity of models")
    assert "/terms/perplexity/" in paths(browser_page)


def test_an_address_with_marks_for_words_paints_none(browser_page, site_url):
    browser_page.goto(site_url + "terms/attention/?h=attention+query")
    browser_page.wait_for_selector("h1")
    assert browser_page.query_selector("article mark") is None


def test_an_address_with_a_query_opens_the_box_with_it(browser_page, site_url):
    browser_page.goto(site_url + "terms/?q=softmax")
    browser_page.wait_for_selector(HIT)
    assert browser_page.input_value(BOX) == "softmax"
    assert paths(browser_page)[0] == "/terms/softmax/"


def test_html_that_is_typed_is_shown_as_it_is(browser_page, site_url):
    opened(browser_page, site_url)
    browser_page.keyboard.insert_text("<img src=x onerror=alert(1)>zzz")
    said(browser_page, "“<img src=x onerror=alert(1)>zzz”")
    assert browser_page.query_selector(".tl-search img") is None


def test_ten_thousand_characters_are_answered_and_fit(browser_page, site_url):
    opened(browser_page, site_url)
    browser_page.keyboard.insert_text("what is softmax " * 700)
    browser_page.wait_for_selector(HIT)
    browser_page.fill(BOX, "x" * 10_000)
    said(browser_page, f"“{'x' * 40}…”")


def test_without_javascript_there_is_no_box(browser, site_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site_url)
    assert not page.is_visible(".tl-search")
    context.close()


def test_the_parts_of_the_box_have_names_and_results_are_announced(browser_page, site_url):
    opened(browser_page, site_url)
    type_in(browser_page, "adam")
    box = browser_page.locator(".tl-search")
    assert box.get_by_role("textbox", name="Search the glossary").count() == 1
    assert box.get_by_role("list", name="Search results").get_by_role("listitem").count() > 1
    assert "result" in box.get_by_role("status").inner_text()
