"""The same walk through three pages in Firefox and in WebKit; `make browsers`, apart from `make test`.

Chromium is looked at closely in tests/site. Here is what a reader does first, by mouse and by keyboard, so that nothing
that one browser alone can do gets into a script.
"""

import pytest

from tests.patience import slowness, until

DESCENT, SOFTMAX, ATTENTION = "terms/gradient-descent/", "terms/softmax/", "terms/attention/"
IDLE = ".tl-demo[data-state=idle]"
MAIN = ".tl-main .tl-svg"

# What the page asked for since it was opened that belongs to Python.
PYTHON = r"""return performance.getEntriesByType("resource").map(each => each.name)
  .filter(name => /\/runtime\/|worker\.js|python\.js|vega\.js/.test(name))"""
# Every line and bar of the main picture, as it is drawn.
LINES = f"""return [...document.querySelectorAll("{MAIN} path[stroke]")].filter(each => !each.closest(".tl-ghost"))
  .map(each => each.getAttribute("d")).join()"""


@pytest.fixture
def opened(driver, site_url):
    """Opens a page and waits until its demo may be touched -> the driver."""

    def at(place):
        driver.get(site_url + place)
        driver.execute_script("globalThis.termlabPatience = arguments[0]", slowness())
        shown(driver, IDLE)
        return driver

    return at


def shown(driver, where):
    """The first element of these that is seen, as soon as there is one."""
    seen = """return [...document.querySelectorAll(arguments[0])].find(each => each.checkVisibility())"""
    until(lambda: driver.execute_script(seen, where), f"to be seen: {where}")
    return driver.execute_script(seen, where)


def keys():
    from selenium.webdriver.common.keys import Keys

    return Keys


def outcome(driver):
    return driver.execute_script("return document.querySelector('.tl-outcome').textContent")


def test_a_slider_that_is_dragged_moves_picture_sentence_and_address(opened):
    from selenium.webdriver import ActionChains

    driver = opened(DESCENT)
    before, said = driver.execute_script(LINES), outcome(driver)
    slider = shown(driver, '.tl-controls input[type="range"]')
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", slider)
    ActionChains(driver).click_and_hold(slider).move_by_offset(slider.size["width"] // 4, 0).release().perform()
    until(lambda: driver.execute_script(LINES) != before, "another picture")
    until(lambda: outcome(driver) != said, "another sentence")
    until(lambda: "learning_rate=" in driver.current_url, "an address with what is set")
    complete = "return document.querySelector('.tl-mark')?.hidden"
    until(lambda: driver.execute_script(complete), "the picture for just this setting")
    now = outcome(driver)
    driver.get(driver.current_url)  # as from a link
    shown(driver, ".tl-demo")
    until(lambda: outcome(driver) == now, "the same sentence from the link")


def test_the_keyboard_moves_a_slider_without_python_and_opens_the_other_pictures(opened):
    driver = opened(SOFTMAX)
    slider = shown(driver, '.tl-controls input[type="range"]')
    for key in (keys().END, keys().HOME):  # both ends are known before Python is there
        before, was = driver.execute_script(LINES), slider.get_property("value")
        slider.send_keys(key)
        until(lambda was=was: slider.get_property("value") != was, "another value")
        until(lambda before=before: driver.execute_script(LINES) != before, "another picture")
    fold = shown(driver, ".tl-demo .tl-fold:has(.tl-stage) > summary")
    fold.send_keys(keys().ENTER)
    assert shown(driver, ".tl-stage figure .tl-svg").size["height"] > 50
    assert driver.execute_script(PYTHON) == []


def test_a_guess_is_answered_and_the_demo_moves_there(opened):
    driver = opened(DESCENT)
    said = outcome(driver)
    answer = shown(driver, ".tl-answers button")
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", answer)
    answer.click()
    shown(driver, ".tl-answers .tl-right")
    until(lambda: outcome(driver) != said, "the outcome of what was asked")
    until(lambda: shown(driver, ".tl-verdict").text, "a reason")


def test_python_runs_and_answers_what_was_not_computed_before(opened):
    driver = opened(SOFTMAX)
    driver.execute_script(
        "document.querySelector('.tl-demo').addEventListener('termlab:shown', e => (window.from = e.detail.source))"
    )
    run = shown(driver, ".tl-run")
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", run)
    run.click()
    shown(driver, ".tl-demo:is([data-state=ready], [data-state=error])")
    trouble = driver.execute_script("return document.querySelector('.tl-trouble')?.textContent")
    assert shown(driver, ".tl-demo").get_attribute("data-state") == "ready", trouble
    assert driver.execute_script("return window.from") == "python"
    until(lambda: "cat" in outcome(driver), "what softmax says")


def test_the_search_finds_a_term_by_another_name(opened):
    from selenium.webdriver import ActionChains

    driver = opened(ATTENTION)
    ActionChains(driver).send_keys("/").perform()
    until(
        lambda: driver.execute_script("return document.activeElement.matches('.md-search__input')"),
        "the search box with the focus",
    )
    ActionChains(driver).send_keys("MLP").perform()
    first = "return document.querySelector('.md-search-result__item > a')?.href ?? ''"
    until(lambda: "/neural-network/" in driver.execute_script(first), "the term with this other name first")


def test_formulas_are_set_as_mathematics(opened):
    driver = opened(ATTENTION)
    sizes = driver.execute_script(
        """for (const fold of document.querySelectorAll("details")) fold.open = true;
           return [...document.querySelectorAll("math")].map(each => each.getBoundingClientRect())
             .map(({width, height}) => [width, height])"""
    )
    assert len(sizes) > 3
    assert all(width > 3 and height > 5 for width, height in sizes)
    stacked = driver.execute_script(
        """return [...document.querySelectorAll("mfrac")].map(({children: [above, below]}) =>
             above.getBoundingClientRect().bottom <= below.getBoundingClientRect().top + 2)"""
    )
    assert stacked
    assert all(stacked)  # a browser without MathML writes one behind the other
