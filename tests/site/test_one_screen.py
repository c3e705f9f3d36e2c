"""A demo is one screen: its main control and its main picture are seen together, on a phone and on a desk.

Measured in pixels of the built site. What the build writes already has its place, so nothing here needs Python.
`make test` looks at one page of each kind, `make pages` at all.
"""

from typing import NamedTuple

import pytest

from tests.site.conftest import fresh

pytestmark = pytest.mark.browser

SCREENS = {1280: (800, 420), 390: (844, 440)}  # width -> height, and how high the main picture may be at most
PHONES = (844, 664)  # how high they are, with and without the bars of a browser
SMALLEST = 9  # pixels of the words of a drawing, on a phone of that width
HEADERS = {1280: 88, 390: 49}  # width -> pixels that the bar of the theme covers

MEASURE = """() => [...document.querySelectorAll(".tl-demo")].map(demo => {
  const box = element => element.getBoundingClientRect();
  const around = elements => {
    const boxes = elements.map(box).filter(one => one.width && one.height);
    return {top: Math.min(...boxes.map(one => one.top)), bottom: Math.max(...boxes.map(one => one.bottom))};
  };
  const main = demo.querySelector(".tl-main");
  const control = demo.querySelector(".tl-control");
  const picture = main.matches("[tabindex]") ? [main] : [...main.querySelectorAll("figcaption, .tl-svg")];
  const parts = control ? [...control.querySelectorAll("label, input, select, textarea")] : [];
  return {
    id: demo.id || "demo",
    begins: box(demo).top + scrollY,
    picture: around(picture),
    main: box(main).height,
    words: [...main.querySelectorAll(".tl-svg text")].filter(word => word.textContent.trim()).map(word => {
      const {b, d} = word.getScreenCTM(); // of a word that is turned, too
      return parseFloat(getComputedStyle(word).fontSize) * Math.hypot(b, d);
    }),
    control: parts.length ? around(parts) : null,
    beside: parts.length ? box(main).left >= Math.max(...parts.map(part => box(part).right)) : true,
  };
})"""


# Scrolls until the last control stands at the lower edge of the screen, and says what covers the sentence of a demo.
COVERED = """() => [...document.querySelectorAll(".tl-demo:has(.tl-control)")].flatMap(demo => {
  demo.querySelector(".tl-control:last-child :is(input, select, textarea)").scrollIntoView({block: "end"});
  const said = demo.querySelector(".tl-outcome").getBoundingClientRect();
  const at = [0.2, 0.5, 0.8].map(share => document.elementFromPoint(said.left + 20, said.top + share * said.height));
  const over = at.filter(one => one && !one.closest(".tl-outcome"));
  return over.map(one => `${demo.id} ${one.localName}.${one.className}`);
})"""


class Measured(NamedTuple):
    """What was found of all demos, see `measured`."""

    demos: dict
    covered: dict


@pytest.fixture(scope="module")
def measured(browser, pages, wanted, site_url):
    """By width, every demo of every page: its address, whether it is the first there, and where its parts are; and by
    height of a phone, what covers the sentence of a demo.

    A page is loaded once and made narrower, which is quicker than loading it anew; that it then looks as if it had been
    loaded that way is held by a test of its own.
    """
    found, covered = {width: [] for width in SCREENS}, {height: [] for height in PHONES}
    with fresh(browser) as page:
        for address in wanted:
            if 'class="tl-demo"' not in pages.files[address].read_text(encoding="utf-8"):
                continue
            page.goto(site_url + address)
            page.wait_for_selector(".tl-demo[data-state=idle]")
            for width, (height, _) in SCREENS.items():
                page.set_viewport_size({"width": width, "height": height})
                demos = page.evaluate(MEASURE)
                found[width] += [(address, place == 0, one) for place, one in enumerate(demos)]
            for height in PHONES:
                page.set_viewport_size({"width": 390, "height": height})
                page.evaluate("scrollTo(0, 0)")
                covered[height] += [f"{address}: {one}" for one in page.evaluate(COVERED)]
    assert {address.partition("/")[0] for address, _, _ in found[390]} >= {"", "terms"}  # the home page, and a term
    assert len(found[390]) >= (40 if wanted == pages.real else 2)
    return Measured(found, covered)


@pytest.mark.parametrize("width", SCREENS)
def test_main_control_and_main_picture_share_a_screen(measured, width):
    height, most = SCREENS[width]
    wrong = []
    for address, _, one in measured.demos[width]:
        if one["main"] > most:
            wrong.append(f"{address}#{one['id']}: the main picture is {one['main']:.0f} px high, and may be {most}")
        if one["control"] is None:
            continue
        both = [one["picture"], one["control"]]
        span = max(part["bottom"] for part in both) - min(part["top"] for part in both)
        if span > height - HEADERS[width]:
            wrong.append(f"{address}#{one['id']}: picture and control are {span:.0f} px from top to bottom")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("width", SCREENS)
def test_the_demo_begins_on_the_first_screen_of_its_page(measured, width):
    late = [
        f"{address} begins at {one['begins']:.0f} px"
        for address, is_first, one in measured.demos[width]
        if is_first and address.startswith("terms/") and one["begins"] > SCREENS[width][0] - 100
    ]
    assert not late, "\n".join(late)


def test_controls_stand_beside_the_picture_where_there_is_room(measured):
    assert [address for address, _, one in measured.demos[1280] if not one["beside"]] == []


def test_words_of_a_drawing_can_be_read_on_a_phone(measured):
    """The values in the cells of a heatmap included."""
    small = [
        f"{address}#{one['id']}: its smallest word is {min(one['words']):.1f} px high"
        for address, _, one in measured.demos[390]
        if one["words"] and min(one["words"]) < SMALLEST
    ]
    assert not small, "\n".join(small)


@pytest.mark.parametrize("height", PHONES)
def test_the_picture_that_stays_does_not_lie_over_the_sentence_under_it(measured, height):
    assert measured.covered[height] == []


def test_whatever_a_finger_presses_is_large_enough_for_it(browser, site_url, wanted_terms):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    small = []
    for term in wanted_terms:
        page.goto(f"{site_url}terms/{term}/")
        page.wait_for_selector(".tl-demo[data-state=idle]")
        small += page.eval_on_selector_all(
            ".tl-demo :is(button, select, summary, input), .tl-code .tl-button",
            """all => all.map(each => [each, each.getBoundingClientRect()])
              .filter(([, {width, height}]) => width && height && Math.min(height, width) < 44 - 0.5)
              .map(([each, {width, height}]) =>
                `${each.className || each.type} ${each.textContent} ${width} x ${height}`)""",
        )
    context.close()
    assert not small, "\n".join(small)
