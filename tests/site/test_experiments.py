"""Experiments in a real browser: asked one at a time, answered with a button, shown by moving the demo.

The page is the generator's own, with its scripts, and with a stand-in for demo.js that shows states at once: what is
looked at here is what experiments.js asks of it and makes of its answers.
"""

import shutil

import pytest
from playwright.sync_api import expect

from generator.config import Site
from generator.live.files import page_scripts
from generator.pages.site import site
from tests.generator.conftest import a_glossary, a_term, as_page, lessons_for
from tests.site.conftest import Served

pytestmark = pytest.mark.browser

EXPERIMENTS = [
    {"ask": "A larger one?", "from": {"size": 1}, "to": {"size": 4}, "watch": "half of it", "answer": "rises",
     "because": "It is half."},
    {"ask": "How large?", "settings": {"size": 7}, "watch": "half of it", "choices": [3, 3.5, 9], "because": "So."},
    {"goal": "Get to 4.", "reach": {"half of it": ">= 4", "loud": "= false"}, "witness": {"size": 8},
     "because": "Twice four is eight."},
]  # fmt: skip
STAND_IN = """
globalThis.calls = [];
globalThis.held = null;
export function instrumentOf(section) {
  let settings = { size: 2, loud: false };
  const figures = () => new Map([["size", String(settings.size)], ["half of it", String(settings.size / 2)]]);
  const show = (values) => {
    settings = { ...settings, ...values };
    const detail = { settings, figures: figures(), exact: true };
    section.dispatchEvent(new CustomEvent("termlab:shown", { detail }));
  };
  globalThis.drag = show;
  return {
    settings: () => settings,
    figures,
    async set(values, how) {
      calls.push([values.size, how.animate]);
      if (globalThis.broken === "throws") throw new Error("no Python");
      if (globalThis.broken) return null;
      if (globalThis.held) await globalThis.held;
      show(values);
    },
  };
}
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    for script in page_scripts():
        shutil.copy(script, folder)
    (folder / "demo.js").write_text(STAND_IN, encoding="utf-8")
    glossary = a_glossary(a_term(experiments=EXPERIMENTS))
    lessons = lessons_for(glossary, in_browser=frozenset({"tiny"}))
    page = as_page(site(glossary, lessons, Site("https://example.org/"))["terms/neuron.md"].make())[1]
    head = '<meta charset="utf-8"><link rel="icon" href="data:,"><link rel="stylesheet" href="experiments.css">'
    script = '<script type="module" src="experiments.js"></script>'
    body = page.find("section", class_="tl-demo")
    (folder / "index.html").write_text(f"<!doctype html>{head}{body}{script}", encoding="utf-8")
    (folder / "old.html").write_text(
        f"<!doctype html>{head}{body}{script.replace('experiments.js', 'old/experiments.js')}", encoding="utf-8"
    )
    (folder / "old").mkdir()
    shutil.copy(folder / "experiments.js", folder / "old")
    (folder / "old" / "demo.js").write_text("export const other = 1;", encoding="utf-8")
    place = Served(folder)
    yield place.url
    place.stop()


@pytest.fixture
def page(browser_page, address):
    browser_page.goto(address)
    expect(browser_page.locator(".tl-asking")).to_be_visible()
    return browser_page


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def calls(page):
    return page.evaluate("calls")


def verdict(page):
    return page.locator(".tl-verdict[role=status]")


def test_it_asks_one_at_a_time_and_shows_nothing_yet(page):
    expect(page.locator(".tl-ask")).to_have_text("A larger one?")
    expect(page.locator(".tl-answers button")).to_have_text(["It rises", "It falls", "It stays the same", "Show me"])
    expect(page.locator(".tl-experiment-count")).to_have_text("Guess 1 of 3")
    expect(verdict(page)).to_be_empty()
    assert calls(page) == []
    press(page, "Next experiment")
    expect(page.locator(".tl-answers button")).to_have_text(["3", "3.5", "9", "Show me"])
    press(page, "Previous experiment")
    press(page, "Previous experiment")
    expect(page.locator(".tl-ask")).to_have_text("Get to 4.")
    expect(page.locator(".tl-answers button")).to_have_text(["Show me one way"])


def test_the_picture_shows_where_a_guess_starts_or_the_question_says_what_it_shows(page):
    starts = page.locator(".tl-starts")
    expect(starts).to_contain_text("This starts from size 1; the picture shows another setting.")
    assert calls(page) == [], "a page that was just opened moves nothing by itself"
    press(page, "Show it")
    expect(starts).to_be_hidden()
    assert calls(page) == [[1, False]]
    page.evaluate("drag({size: 6})")
    press(page, "Next experiment")  # which starts from the page's own settings
    page.wait_for_function("calls.length === 2")
    assert calls(page)[1] == [2, False]
    expect(starts).to_be_hidden()
    expect(verdict(page)).to_be_empty()


def test_after_a_right_guess_the_demo_moves_and_the_reason_appears(page):
    press(page, "It rises")
    expect(verdict(page)).to_have_text("Right. It rises: “half of it” goes from 0.5 to 2. It is half.")
    assert calls(page) == [[1, False], [4, True]], "first to where it starts, then slowly to where it leads"
    expect(page.locator(".tl-right")).to_have_text("It rises")
    expect(page.locator(".tl-wrong-answer")).to_have_count(0)


def test_a_wrong_guess_is_marked_beside_the_right_answer(page):
    press(page, "It falls")
    expect(verdict(page)).to_contain_text("Not so. It rises")
    expect(page.locator(".tl-right")).to_have_text("It rises")
    expect(page.locator(".tl-wrong-answer")).to_have_text("It falls")
    press(page, "Next experiment")
    press(page, "Previous experiment")
    expect(verdict(page)).to_contain_text("Not so. It rises")  # as long as the page is open
    press(page, "Show it again")
    page.wait_for_function("calls.length === 5")  # one of them was to see where the other starts


def test_who_only_wants_to_see_it_is_not_graded(page):
    press(page, "Next experiment")
    press(page, "Show me")
    expect(verdict(page)).to_have_text("“half of it” is 3.5. So.")
    assert calls(page) == [[2, False], [2, False], [7, True]], "where it starts is seen before the guess too"


def test_the_keyboard_is_enough(page):
    page.get_by_role("button", name="It rises").focus()
    page.keyboard.press("Enter")
    expect(verdict(page)).to_contain_text("Right.")
    assert page.evaluate("document.activeElement.textContent") == "It rises", "nobody is thrown out of the place"


def test_where_motion_is_unwelcome_it_is_set_at_once(page):
    page.emulate_media(reduced_motion="reduce")
    press(page, "It rises")
    expect(verdict(page)).to_contain_text("Right.")
    assert calls(page) == [[1, False], [4, False]]


def test_a_goal_is_noticed_when_it_is_reached_and_told_once(page):
    page.evaluate("drag({size: 9})")
    press(page, "Next experiment")
    press(page, "Next experiment")
    page.wait_for_function("calls.length === 1")
    assert calls(page) == [[2, False]], "what was there before does not count: the page goes back to its own settings"
    expect(verdict(page)).to_be_empty()
    page.evaluate("drag({size: 8, loud: true})")
    expect(verdict(page)).to_be_empty()
    page.evaluate("drag({loud: false})")
    expect(verdict(page)).to_have_text("Reached. Twice four is eight.")
    page.evaluate("drag({size: 1})")
    expect(verdict(page)).to_have_text("Reached. Twice four is eight.")


def test_one_way_to_a_goal_is_shown_to_who_asks(page):
    press(page, "Previous experiment")
    press(page, "Show me one way")
    expect(verdict(page)).to_have_text("One way: size 8. Twice four is eight.")
    assert calls(page) == [[2, False], [8, True]]


def test_who_goes_on_meanwhile_is_not_told_of_the_one_before(page):
    page.evaluate("() => { globalThis.held = new Promise((done) => (globalThis.release = done)); }")
    press(page, "It rises")
    press(page, "Next experiment")
    page.evaluate("release()")
    page.wait_for_timeout(100)
    expect(verdict(page)).to_be_empty()
    expect(page.locator(".tl-ask")).to_have_text("How large?")


def test_a_guess_is_judged_although_the_picture_has_to_wait(page):
    page.evaluate("() => { globalThis.held = new Promise((done) => (globalThis.release = done)); }")
    press(page, "It falls")
    expect(verdict(page)).to_contain_text("Not so. It rises: “half of it” goes from 0.5 to 2. It is half.")
    assert calls(page) == [[1, False]], "nothing has moved yet"
    page.evaluate("release()")
    page.wait_for_function("calls.length === 2")
    expect(verdict(page)).to_contain_text("Not so. It rises")


@pytest.mark.parametrize("how", ["throws", "says so"])
def test_where_the_demo_can_not_show_it_the_answer_is_given_all_the_same(page, how):
    page.evaluate("how => { globalThis.broken = how; }", how)
    press(page, "It rises")
    expect(verdict(page)).to_contain_text("Right. It rises")
    expect(verdict(page)).to_contain_text("from 0.5 to 2. The demo can't show it now. It is half.")


def test_without_a_demo_that_can_be_set_all_folds_stay(browser_page, address):
    browser_page.goto(f"{address}old.html")
    folds = browser_page.locator(".tl-experiment")
    expect(folds.nth(2)).to_be_visible()
    folds.nth(0).locator("summary").click()
    expect(folds.nth(0)).to_contain_text("It rises: “half of it” goes from 0.5 to 2.")
