"""The home page in a real browser: its box hands over to the search, and every reader of a day sees the same term."""

import pytest

pytestmark = pytest.mark.browser


def test_what_is_typed_into_the_box_goes_on_in_the_search(browser_page, site_url):
    browser_page.goto(site_url)
    browser_page.click("#ask")
    browser_page.keyboard.type("softm")
    browser_page.wait_for_function("document.activeElement.dataset.mdComponent === 'search-query'")
    browser_page.keyboard.type("ax")
    query = "[data-md-component=search-query]"
    browser_page.wait_for_function(f"document.querySelector('{query}').value === 'softmax'")
    browser_page.wait_for_selector(".md-search-result__item a[href*='terms/softmax']")


def test_what_is_pasted_or_dictated_is_searched_for_too(browser_page, site_url):
    browser_page.goto(site_url)
    browser_page.click("#ask")
    browser_page.keyboard.insert_text("softmax")
    browser_page.wait_for_selector(".md-search-result__item a[href*='terms/softmax']")


def day(browser, site_url, moment, zone="UTC"):
    """The term of the day at some moment, in some time zone."""
    context = browser.new_context(timezone_id=zone)
    page = context.new_page()
    page.clock.set_fixed_time(moment)
    page.goto(site_url)
    page.wait_for_selector(".tl-today h2:has-text('Term of the day')")
    link = page.locator(".tl-today-title a")
    found = link.inner_text(), link.get_attribute("href"), page.inner_text(".tl-today-says")
    context.close()
    return found


def test_the_term_of_the_day_is_the_same_for_everybody_and_another_one_tomorrow(browser, site_url):
    here = day(browser, site_url, "2026-11-28T12:00:00Z")
    assert day(browser, site_url, "2026-11-28T23:59:00Z", "Asia/Tokyo") == here  # where it is tomorrow already
    assert day(browser, site_url, "2026-11-28T00:01:00Z", "America/Los_Angeles") == here
    assert day(browser, site_url, "2026-11-29T00:01:00Z") != here
    assert here[1].startswith("terms/")


@pytest.mark.parametrize("count", [1, 2, 3, 38, 50, 1000])
def test_every_term_has_its_turn_before_any_comes_again(browser_page, site_url, count):
    browser_page.goto(site_url)
    turns = browser_page.evaluate(
        """async ([script, count]) => {
          const { placeOf } = await import(script);
          return [...Array(count).keys()].map((day) => placeOf(20000 + day, count));
        }""",
        [f"{site_url}assets/home.js", count],
    )
    assert sorted(turns) == list(range(count))


def test_without_script_a_page_says_once_what_does_not_work_and_offers_none_of_it(browser, site_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for address in ("", "terms/attention/", "ladder/", "categories/training/"):
        page.goto(site_url + address)
        (said,) = page.locator(".tl-noscript").all()
        assert "searching, moving controls and running demos do not work" in said.inner_text()
        assert said.locator("a").inner_text() == "All terms from A to Z"
        for hidden in (".md-search", ".md-header label[for=__search]", ".tl-ask", ".tl-toolbar", ".tl-say"):
            assert not any(one.is_visible() for one in page.locator(hidden).all()), (address, hidden)
        text = page.inner_text("body")
        assert not any(words in text for words in ("Computed in this page", "set by you", "runs in this page"))
        said.locator("a").click()
        assert page.url == site_url + "terms/"
    context.close()
