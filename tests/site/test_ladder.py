"""The ladder in a real browser: what lights, by mouse, finger and keys, and the shortest way between two terms."""

import pytest

from generator.pages.rungs import Rungs
from tests.generator.conftest import ours

pytestmark = pytest.mark.browser

LIT = "found => Object.fromEntries(found.map(item => [item.id.slice(3), item.dataset.lit]))"
ITEMS = ".tl-matrix li[data-lit]"


@pytest.fixture(scope="module")
def rungs():
    return Rungs.of(ours().glossary)


def everything(next_to, slug):
    """All that can be reached from a term, and how far it is."""
    far, waiting = {slug: 0}, [slug]
    for at in waiting:
        for other in next_to[at]:
            if other not in far:
                far[other] = far[at] + 1
                waiting.append(other)
    return far


def expected(rungs, slug):
    found = {}
    for side, next_to in (("below", rungs.below), ("above", rungs.above)):
        for other, far in everything(next_to, slug).items():
            found[other] = f"{'next ' if far == 1 else ''}{side}" if far else "this"
    return found


def opened(page, site_url, address="ladder/"):
    page.goto(site_url + address)
    page.wait_for_selector(".tl-matrix[data-ready]")
    return page


def lit(page):
    return page.eval_on_selector_all(ITEMS, LIT)


@pytest.mark.parametrize("slug", ["attention", "neuron", "ai-agent", "neural-network"])
def test_the_term_that_is_pointed_at_lights_what_it_stands_on_and_what_it_carries(browser_page, site_url, rungs, slug):
    page = opened(browser_page, site_url)
    assert lit(page) == {}
    page.hover(f"#at-{slug} a")
    assert lit(page) == expected(rungs, slug)
    assert f"stands on {'nothing' if not rungs.depth[slug] else rungs.depth[slug]}" in page.inner_text(".tl-says")
    page.mouse.move(2, 2)
    assert lit(page) == {}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("?from=xyz", "asks for “xyz”, which is not the name of a term here"),
        ("?to=<b>x</b>&from=neuron", "asks for “<b>x</b>”, which is not the name of a term here"),
        ("?from=abc&to=" + "y" * 90, f"asks for “abc” and “{'y' * 40}…”, neither of which is the name of a term here"),
        ("?from=xyz&to=attention", "asks for “xyz”, which is not the name of a term here"),
        ("?from=neuron&to=attention", None),
        ("?from=&to=", None),
    ],
)
def test_an_address_that_asks_for_terms_that_are_not_here_says_so(browser_page, site_url, address, said):
    page = opened(browser_page, site_url, f"ladder/{address}")
    told = page.locator(".tl-unknown")
    if said is None:
        assert told.count() == 0
        return
    assert said in told.inner_text()
    assert (page.locator(".tl-reading-steps ol").count() == 1) is address.endswith("attention"), "the rest is answered"
    page.select_option("select[name=to]", "softmax")
    assert told.count() == 0, "somebody chose another"


def test_a_place_in_the_ladder_that_is_not_there_is_told(browser_page, site_url):
    page = opened(browser_page, site_url, "ladder/#at-no-such-term")
    assert "There is no term “no-such-term” here." in page.inner_text(".tl-says")


def test_nothing_moves_while_it_lights(browser_page, site_url):
    page = opened(browser_page, site_url)
    boxes = """all => all.map(one => {
      const at = one.getBoundingClientRect();
      return [at.x, at.y, at.width, at.height].map(Math.round);
    })"""
    page.locator("#at-attention a").scroll_into_view_if_needed()
    before = page.eval_on_selector_all(".tl-matrix li a", boxes)
    page.hover("#at-attention a")
    assert lit(page)
    assert page.eval_on_selector_all(".tl-matrix li a", boxes) == before


def test_keys_light_too_and_enter_opens(browser_page, site_url, rungs):
    page = opened(browser_page, site_url)
    page.focus("#at-transformer a")
    assert lit(page) == expected(rungs, "transformer")
    assert page.get_attribute("#at-transformer a", "aria-description").startswith("stands on multi-head attention")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site_url}terms/transformer/")


def test_the_first_tap_lights_and_the_second_opens(browser, site_url, rungs):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = opened(context.new_page(), site_url)
    page.tap("#at-attention a")
    assert lit(page) == expected(rungs, "attention")
    assert page.url == f"{site_url}ladder/"
    assert page.is_visible(".tl-says a")
    page.check(".tl-says input")
    shown = page.eval_on_selector_all(".tl-matrix ul > li", "all => all.filter(one => one.checkVisibility()).length")
    assert shown == len(expected(rungs, "attention"))
    page.tap("#at-softmax a")
    assert lit(page) == expected(rungs, "softmax")
    page.tap("#at-softmax a")
    page.wait_for_url(f"{site_url}terms/softmax/")
    context.close()


def list_of(page):
    return page.eval_on_selector_all(
        ".tl-reading-steps li a", "links => links.map(link => new URL(link.href).pathname.split('/').at(-2))"
    )


@pytest.mark.parametrize(
    ("known", "wanted"),
    [("", "transformer"), ("neural-network", "transformer"), ("attention", "causal-mask"), ("softmax", "gradient")],
)
def test_the_reading_list_is_all_that_is_missing_and_nothing_else_in_an_order_that_works(
    browser_page, site_url, rungs, known, wanted
):
    page = opened(browser_page, site_url)
    page.select_option("select[name=from]", known)
    page.select_option("select[name=to]", wanted)
    found = list_of(page)
    has = set(everything(rungs.below, known)) if known else set()
    assert set(found) == set(everything(rungs.below, wanted)) - has
    assert len(found) == len(set(found))
    for place, slug in enumerate(found):
        assert set(rungs.below[slug]) <= has | set(found[:place])
    said = page.inner_text(".tl-reading-steps p")
    assert said.startswith(f"{len(found)} term")
    assert "minute" in said or "hour" in said
    assert set(lit(page)) == set(found)
    address = page.url
    opened(page, site_url, address.removeprefix(site_url))  # the address alone says all of it
    assert (list_of(page), page.input_value("select[name=from]")) == (found, known)


def test_what_is_known_already_is_said(browser_page, site_url):
    page = opened(browser_page, site_url, "ladder/?from=attention&to=softmax")
    assert page.inner_text(".tl-reading-steps") == "Attention stands on Softmax, so you know it already."
    page = opened(browser_page, site_url, "ladder/?to=no-such-term")
    assert page.input_value("select[name=to]") == ""


def test_a_strip_leads_to_its_list_and_its_place(browser_page, site_url, rungs):
    browser_page.goto(site_url + "terms/self-attention/")
    browser_page.click(".tl-strip-this a")
    browser_page.wait_for_url(f"{site_url}ladder/?to=self-attention")
    browser_page.wait_for_selector(".tl-reading-steps li")
    assert set(list_of(browser_page)) == set(everything(rungs.below, "self-attention"))
    page = opened(browser_page, site_url, "ladder/?x#at-attention")
    assert lit(page) == expected(rungs, "attention")


def test_the_way_of_a_path_lights_too(browser_page, site_url):
    page = opened(browser_page, site_url, "paths/neuron-to-transformer/")
    page.hover("#at-self-attention a")
    assert {"attention", "transformer"} < set(lit(page))


def test_without_script_the_ladder_is_a_list_that_says_what_each_stands_on(browser, site_url, rungs):
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(site_url + "ladder/")
    assert page.is_visible("#at-attention small")
    assert page.inner_text("#at-attention small").startswith("stands on softmax and embedding; carries ")
    assert not page.is_visible(".tl-reading-list")
    last = page.locator(".tl-matrix > ol > li").last
    assert last.locator("#at-neuron").is_visible()
    context.close()
