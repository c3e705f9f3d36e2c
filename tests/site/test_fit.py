"""Pages fit phones and screens in any font: nothing sticks out or is cut off, and keys lead everywhere.

Which fonts a reader has, nobody knows, so pages are looked at in those of this machine and in much wider ones.
"""

import json
from pathlib import Path

import pytest

from tests.patience import milliseconds, within
from tests.site.conftest import CHROMIUM, DESCENT, NEURON, QUIET, fresh, run, settled, trouble
from tests.site.test_demos_live import FOREVER, rewrite

pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 1280)  # the narrowest phone that is still sold, a usual phone, a usual screen
FONTS = ("own", "wide")
STICKS_OUT = (Path(__file__).parent / "sticks_out.js").read_text(encoding="utf-8").strip().rstrip(";")

# A stand-in for the fonts of other machines that needs no font file. In running text a letter of Arial takes 0.46 em on
# average, one of Verdana or DejaVu Sans, the widest of the usual ones, 0.53. In a monospaced font an "i" is as wide as
# an "m", and `font-size-adjust` draws any font so large that its small letters are 0.7 em high, where usual ones have
# 0.45 to 0.55: together a letter takes about 0.77 em, whatever fonts there are. Said twice, "monospace" keeps the size
# that is asked for; said once, browsers make it smaller. Formulas keep their font, which has signs that others lack,
# and are drawn so large that they are about 1.3 times as wide.
# Drawings keep to places computed for usual fonts, and words in them do not wrap: theirs is the widest usual one, with
# some more space between the letters.
WIDE = """
*, ::before, ::after { font-family: monospace, monospace !important; font-size-adjust: 0.7 !important; }
math, math * { font-family: math !important; font-size-adjust: 0.75 !important; }
.tl-svg, .tl-svg * {
  font-family: Verdana, "DejaVu Sans", sans-serif !important;
  font-size-adjust: none !important;
  letter-spacing: 0.03em !important;
}
"""
# What moves is in its place at once: a search box that is still growing sticks out for a moment.
STILL = "*, ::before, ::after { transition: none !important; animation: none !important; }"
PREPARE = """([still, wide]) => {
  for (const [id, rules] of [["still", still], ["wide", wide]]) {
    const style = document.createElement("style");
    style.id = id;
    style.textContent = rules;
    style.media = id === "wide" ? "not all" : "all";
    document.head.append(style);
  }
  for (const fold of document.querySelectorAll("details")) fold.open = true;
}"""
SET = "font => { document.getElementById('wide').media = font === 'wide' ? 'all' : 'not all'; }"


def places(pages, wanted, site):
    """Where to look: pages, and one that has several live demos once for each of them.

    The settings in the address make a page show the controls of a demo, without running it.
    -> (address, how many controls it will show)
    """
    for address in wanted:
        demos = pages[address].select("[data-manifest]")
        for position, demo in enumerate(demos):
            manifest = json.loads((site / "assets" / "demos" / f"{demo['data-demo']}.json").read_text(encoding="utf-8"))
            place = f"#{demo['id']}" if position else ""
            hidden = demo.get("data-hide", "").split()
            yield f"{address}?controls=1{place}", len(manifest["parameters"]) - len(hidden)
        if not demos:
            yield address, 0


def prepare(page):
    """Opens all that folds and stops all that moves. (Not by add_style_tag, which waits for ever without script.)"""
    page.evaluate(PREPARE, [STILL, WIDE])


def misfits(page, where, widths=WIDTHS, fonts=FONTS, scripts=True):
    """What does not fit, as `where, width, font: element`. Resizing a page is quicker than loading it anew."""
    found = []
    for font in fonts:
        page.evaluate(SET, font)
        for width in widths:
            if page.viewport_size["width"] != width:
                page.set_viewport_size({"width": width, "height": 900})
            said = page.evaluate(STICKS_OUT)
            if said and scripts:  # those of the theme follow a new size a moment later
                settled(page)
                said = page.evaluate(STICKS_OUT)
            found += [f"{where}, {width} px, {font} font: {one}" for one in said]
    return found


@pytest.fixture
def opened(browser, request):
    """A page of 320 pixels; given False as parameter, one without script."""
    narrow = {"width": 320, "height": 900}
    if getattr(request, "param", True):
        with fresh(browser) as page:
            page.set_viewport_size(narrow)
            yield page
    else:
        context = browser.new_context(viewport=narrow, java_script_enabled=False)
        yield context.new_page()
        context.close()


def test_pages_fit_in_every_width_and_font(opened, pages, wanted, site, site_url):
    found = []
    for address, controls in places(pages, wanted, site):
        opened.goto("about:blank")  # or a page that is there already would only scroll to another place
        opened.goto(site_url + address)
        opened.wait_for_function("n => document.querySelectorAll('.tl-control').length >= n", arg=controls)
        prepare(opened)
        found += misfits(opened, address or "home")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("opened", [False], indirect=True, ids=["without script"])
def test_pages_fit_the_narrowest_screen_without_script(opened, wanted, site_url):
    found = []
    for address in wanted:
        opened.goto(site_url + address)
        prepare(opened)
        found += misfits(opened, address or "home", widths=(320,), fonts=("wide",), scripts=False)
    assert not found, "\n".join(found)


@pytest.fixture
def large_letters(browser):
    """A page of 320 pixels in a browser whose letters are set to twice their usual size."""
    args = [*QUIET, "--blink-settings=defaultFontSize=32"]
    other = browser.browser_type.launch(executable_path=CHROMIUM, args=args, timeout=milliseconds())
    page = other.new_page(viewport={"width": 320, "height": 900})
    page.set_default_timeout(milliseconds())
    yield page
    other.close()


def test_pages_fit_the_narrowest_phone_with_letters_of_twice_the_size(large_letters, wanted, site_url):
    found = []
    for address in [*wanted, "404.html"]:
        large_letters.goto(site_url + address)
        settled(large_letters)
        assert large_letters.evaluate("matchMedia('(max-width: 10em)').matches"), "letters are as large as they are set"
        found += [f"{address or 'home'}: {one}" for one in large_letters.evaluate(STICKS_OUT)]
    assert not found, "\n".join(found)


# What stands in a box is made invisible and narrow or wide, so that nothing but its shadows is seen at its edges.
EDGES = """([selector, width, at]) => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const box = document.querySelector(selector);
  box.replaceChildren(box.firstElementChild);
  Object.assign(box.style, {display: "block", width: "150px", maxHeight: "none", padding: 0, outline: "none"});
  box.firstElementChild.style.cssText =
    `display: block; visibility: hidden; height: 60px; overflow: hidden; width: ${width}px`;
  box.scrollIntoView({block: "center"});
  box.scrollLeft = at;
  const {left, top} = box.getBoundingClientRect();
  return [left, top + 20];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("selector", [".tl-formula .tl-scroll", "pre > code", ".tl-data .tl-scroll"])
def test_what_scrolls_has_a_shadow_where_it_is_cut_off(browser_page, site_url, selector, scheme):
    browser_page.emulate_media(color_scheme=scheme)
    browser_page.goto(site_url + "terms/attention/")
    settled(browser_page)

    def edges(width, at):
        left, top = browser_page.evaluate(EDGES, [selector, width, at])
        clips = [{"x": left + x, "y": top, "width": 4, "height": 10} for x in (1, 145)]
        return [browser_page.screenshot(clip=clip) for clip in clips]

    bare = edges(100, 0)
    start, middle, end = edges(600, 0), edges(600, 200), edges(600, 600)
    assert (start[0] == bare[0], start[1] == bare[1]) == (True, False), "more lies to the right"
    assert (middle[0] == bare[0], middle[1] == bare[1]) == (False, False), "more lies on both sides"
    assert (end[0] == bare[0], end[1] == bare[1]) == (False, True), "more lies to the left"


def test_a_demo_that_ran_failed_and_is_being_edited_fits(opened, site_url):
    """Live drawings and their tables, controls, the editor, a message with long names, and a link to be copied."""
    opened.goto(site_url + NEURON)
    prepare(opened)
    run(opened)
    opened.wait_for_selector(".tl-data[open] table")
    opened.click(".tl-edit")
    opened.wait_for_selector(".tl-source")
    rewrite(opened, FOREVER[0], f"    raise ValueError('{'a_very_long_name_' * 9}')\n{FOREVER[0]}")
    assert "a_very_long_name_" in trouble(opened)
    opened.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")  # so that the link is shown
    opened.click("text=Copy link")
    opened.wait_for_selector(".tl-say input")
    assert misfits(opened, "live") == []


def test_the_menu_and_the_search_fit(opened, site_url):
    opened.goto(site_url + "terms/retrieval-augmented-generation/")
    prepare(opened)
    opened.evaluate(SET, "wide")
    opened.click(".md-header label[for=__drawer]")
    assert misfits(opened, "menu", widths=(320,), fonts=("wide",)) == []
    opened.click(".md-overlay", position={"x": 310, "y": 500})
    opened.click(".md-header label[for=__search]")
    opened.keyboard.type("generation")
    opened.wait_for_selector(".md-search-result__item")
    opened.wait_for_selector("body[data-md-scrolllock]")  # the page behind it no longer moves
    assert misfits(opened, "search", widths=(320,), fonts=("wide",)) == []


def test_a_page_that_is_made_narrower_looks_as_if_it_had_been_loaded_that_way(opened, site_url):
    """What the tests above rely on, since they resize pages."""
    places = """() => [...document.querySelectorAll("article *:not(svg *)")].map(element => {
      const box = element.getBoundingClientRect();
      return [element.localName, box.width, box.height].join(" ");
    })"""
    for address in (DESCENT, "comparisons/cross-entropy-vs-squared-error/", "ladder/", ""):
        opened.set_viewport_size({"width": 320, "height": 900})
        opened.goto(site_url + address, wait_until="networkidle")  # with what its scripts load
        prepare(opened)
        loaded = None
        while loaded != (loaded := opened.evaluate(places)):  # what unfolds may fetch and show more
            opened.wait_for_timeout(1000 * within(0.1))
        opened.set_viewport_size({"width": 1280, "height": 900})
        assert opened.evaluate(places) != loaded
        opened.set_viewport_size({"width": 320, "height": 900})
        assert opened.evaluate(places) == loaded, address


def test_the_wide_font_is_wider_than_any_that_readers_have(opened):
    """The stand-in does what it says on this machine too."""
    text = "The quick brown fox jumps over the lazy dog, twice"
    formula = "<mi>y</mi><mo>=</mo><mn>784</mn><mo>+</mo><mn>100</mn>"
    opened.set_content(f"<nobr id=text>{text}</nobr><br><math id=formula><mrow>{formula}</mrow></math>")
    prepare(opened)
    measure = "['text', 'formula'].map(id => document.getElementById(id).getBoundingClientRect().width)"
    widths = {}
    for font in FONTS:
        opened.evaluate(SET, font)
        widths[font] = opened.evaluate(measure)
    assert widths["wide"][0] / len(text) / 16 > 0.7  # em for a letter
    assert widths["wide"][1] / widths["own"][1] > 1.2


# --- the measure itself ----------------------------------------------------------------------------------------

FAULTS = [
    ("<div style='width: 500px; background: gray'>wide</div>", "the page is wider than the screen by 180 px"),
    ("<p style='white-space: nowrap; font-size: 44px'>a line that never wraps</p>", "” sticks out of <p> by"),
    ("<p id=p style='margin-left: -9px'>left</p>", "<p#p> “left” sticks out of the screen by 9 px"),
    ("<div style='position: fixed; left: 300px; width: 99px; text-align: right'>far</div>", "<div> “far” sticks out"),
    (
        "<div id=d style='width: 99px; overflow: hidden'><p id=p style='width: 200px'>word word word word</p></div>",
        "<div#d> <p#p> “word word word word” is cut off by <div#d>",
    ),
    (
        "<div id=d style='height: 20px; overflow: hidden'><p style='margin: 14px 0'>below</p></div>",
        "<p> “below” is cut off above or below by <div#d>",
    ),
    (
        "<svg id=s width=50 height=20><text x=20 y=15>a word</text></svg>",
        "<svg#s> <text> “a word” is cut off by <svg#s>",
    ),
    (
        "<a id=a href=x style='display: block; width: 50px; border: 1px solid; white-space: nowrap'>a long name</a>",
        "<a#a> “a long name” sticks out of <a#a>",
    ),
    (
        "<div id=d style='width: 100px; overflow: auto'><p style='width: 200px'>text</p></div>",
        "<div#d> “text” scrolls, and no key leads into it by 100 px",
    ),
    ("<button style='margin-left: 300px; width: 99px'></button>", "<button> sticks out of the screen by 79 px"),
]  # fmt: skip
HARMLESS = [
    "<p>a text that is long enough to need several lines on a screen that is as narrow as this one is</p>",
    "<div tabindex=0 style='overflow: auto'><p style='width: 900px'>scrolls</p></div>",
    "<div style='overflow: auto'><p style='width: 900px'>scrolls, and <a href=x>leads somewhere</a></p></div>",
    "<p style='position: absolute; width: 1px; height: 1px; overflow: hidden; white-space: nowrap'>for ears alone</p>",
    "<p hidden style='width: 900px'>hidden</p>",
    "<details><summary>folded</summary><div style='width: 900px'>away</div></details>",
]


@pytest.mark.parametrize(("html", "said"), FAULTS)
def test_what_does_not_fit_is_found_and_named(opened, html, said):
    opened.set_content(f"<style>body {{ margin: 0 }}</style>{html}")
    assert said in "\n".join(opened.evaluate(STICKS_OUT))


@pytest.mark.parametrize("html", HARMLESS)
def test_what_fits_or_scrolls_or_is_hidden_on_purpose_is_no_fault(opened, html):
    opened.set_content(f"<style>body {{ margin: 0 }}</style>{html}")
    assert opened.evaluate(STICKS_OUT) == []
