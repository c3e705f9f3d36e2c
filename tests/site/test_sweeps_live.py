"""A demo that answers from what the build has computed, in a real browser: without Python, at once, and honestly."""

import gzip
import json
import re

import pytest

from tests.patience import until, within
from tests.site.test_demos_live import (
    DESCENT,
    NEURON,
    SECTION,
    box,
    drag,
    follow,
    outcome_of,
    run,
    slider,
    unfold,
    wait_for,
    walk,
)

pytestmark = pytest.mark.browser

WASM = re.compile(r"pyodide\.asm\.wasm$")
PYTHON = re.compile(r"/runtime/|worker\.js|python\.js|vega\.js|\.whl$")
SWEEP = re.compile(r"/assets/sweeps/")

# Moves a slider over all its places, a frame apart -> milliseconds from the event to the new picture, laid out.
DRAG = """where => new Promise(async resolve => {
  const demo = document.querySelector(".tl-demo"), slider = document.querySelector(where);
  const [low, high, step] = [slider.min, slider.max, slider.step].map(Number);
  const spent = [];
  for (let value = low; value <= high; value += step) {
    const started = performance.now();
    slider.value = value;
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    demo.getBoundingClientRect();
    spent.push(performance.now() - started);
    await new Promise(requestAnimationFrame);
  }
  resolve(spent.sort((a, b) => a - b));
})"""
AXIS = "svg => [...svg.querySelectorAll('text')].map(word => word.textContent).join(' ')"


@pytest.fixture
def requests(browser_page):
    """What the page asks for, by address."""
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    return asked


@pytest.fixture
def started(tab):
    """The tab in which Python runs already, for tests that need it and are not about its start."""
    yield tab
    tab.context.unroute_all(behavior="ignoreErrors")
    tab.evaluate("() => { delete crypto.subtle; }")


def opened(page, url):
    page.goto(url)
    page.wait_for_selector(f"{SECTION}[data-state=idle]")


def test_the_first_touch_is_answered_at_once_without_python_and_with_few_bytes(browser_page, site_url, requests, site):
    opened(browser_page, site_url + DESCENT)
    browser_page.wait_for_load_state("networkidle")
    requests.clear()
    milliseconds = browser_page.evaluate(
        """where => new Promise(resolve => {
             const started = performance.now();
             const heard = () => resolve(performance.now() - started);
             document.querySelector(".tl-demo").addEventListener("termlab:shown", heard, {once: true});
             const slider = document.querySelector(where);
             slider.value = slider.max;
             slider.dispatchEvent(new Event("input", {bubbles: true}));
           })""",
        slider("learning_rate"),
    )
    assert milliseconds < within(0.8) * 1000
    assert "climbs out" in browser_page.inner_text(".tl-outcome")
    assert not [url for url in requests if PYTHON.search(url)]
    bodies = [(site / url.removeprefix(site_url).partition("?")[0]).read_bytes() for url in requests]
    assert 0 < sum(len(gzip.compress(body)) for body in bodies) < 500_000


def test_a_drag_redraws_the_main_picture_within_a_frame_on_axes_that_stay(browser_page, site_url):
    opened(browser_page, site_url + DESCENT)
    drag(browser_page, "steps", 1)
    before = browser_page.eval_on_selector(".tl-main .tl-svg", AXIS)
    spent = browser_page.evaluate(DRAG, slider("steps"))
    assert spent[len(spent) // 2] < within(0.008) * 1000
    assert spent[int(len(spent) * 0.95)] < within(0.016) * 1000
    assert browser_page.eval_on_selector(".tl-main .tl-svg", AXIS) == before


def test_what_was_there_before_the_drag_stays_faintly_until_the_next_one(browser_page, site_url):
    opened(browser_page, site_url + DESCENT)
    assert browser_page.locator(".tl-ghost").count() == 0
    line = "all => all.map(each => each.getAttribute('d')).join()"
    was = browser_page.eval_on_selector_all(".tl-main .tl-svg path[stroke]", line)
    drag(browser_page, "learning_rate", 0.01)
    drag(browser_page, "learning_rate", 0.5)
    assert browser_page.locator(".tl-ghost").count() == 1
    assert browser_page.eval_on_selector_all(".tl-main .tl-ghost path[stroke]", line) == was
    assert browser_page.evaluate("document.querySelector('.tl-ghost').closest('[aria-hidden]') !== null")
    assert browser_page.inner_text(".tl-before") == "before"  # the word of a legend, for what is faint
    browser_page.click(".tl-reset")
    drag(browser_page, "steps", 30)
    assert browser_page.is_visible(".tl-before") == (browser_page.locator(".tl-ghost").count() == 1)


def test_between_known_states_the_nearest_is_shown_and_said_until_python_comes(browser_page, site_url):
    held = []
    browser_page.context.route(WASM, lambda route: held.append(route))
    opened(browser_page, site_url + DESCENT)
    at = json.loads(browser_page.request.get(sweep_of(browser_page)).text())["sweeps"]["learning_rate"]["at"]
    between = next(step / 100 for step in range(2, 50) if step / 100 not in at)
    browser_page.fill(box("learning_rate"), str(between))
    browser_page.wait_for_function("document.querySelector('.tl-mark')?.textContent.includes('nearest known state')")
    near = min(at, key=lambda value: abs(value - between))
    assert f"At learning rate {near:g}, " in browser_page.inner_text(".tl-outcome")
    until(lambda: held or browser_page.wait_for_timeout(50), "the question for Python")
    held.pop().continue_()
    outcome_of(browser_page, f"At learning rate {between:g}, ")
    assert not browser_page.is_visible(".tl-mark")


def sweep_of(page):
    return page.evaluate("new URL(document.querySelector('.tl-demo').dataset.sweep, document.baseURI).href")


def test_a_second_setting_waits_for_python_and_the_picture_says_so(browser_page, site_url, requests):
    opened(browser_page, site_url + NEURON)
    held = []
    browser_page.context.route(re.compile(r"pyodide\.asm\.wasm$"), lambda route: held.append(route))
    drag(browser_page, "weight_1", -3)
    assert not [url for url in requests if PYTHON.search(url)]
    browser_page.fill(box("bias"), "0.5")
    browser_page.wait_for_function("/Loading Python: [\\d.]+ of/.test(document.querySelector('.tl-mark')?.textContent)")
    assert browser_page.is_visible(".tl-mark progress")
    held.pop().continue_()
    outcome_of(browser_page, "weights -3 and 1 and bias 0.5")
    assert not browser_page.is_visible(".tl-mark")


def mark_says(page, words):
    page.wait_for_function("words => document.querySelector('.tl-mark')?.textContent.includes(words)", arg=words)


def test_a_link_veils_the_picture_of_the_page_until_its_own_is_there(browser_page, site_url):
    held = []
    browser_page.context.route(WASM, lambda route: held.append(route))
    browser_page.goto(site_url + NEURON + "?weight_1=-3&bias=0.5")
    mark_says(browser_page, "computed for the settings of the link … · Loading Python: ")  # so it was asked for
    for part in (".tl-stage", ".tl-outcome"):
        opacity = "part => Number(getComputedStyle(document.querySelector(part)).opacity)"
        assert browser_page.evaluate(opacity, part) < 0.5
    browser_page.wait_for_function("document.querySelector('.tl-told').textContent.includes('Python is loading')")
    held.pop().continue_()
    outcome_of(browser_page, "weights -3 and 1 and bias 0.5")
    assert browser_page.locator("[data-veiled]").count() == 0
    assert not browser_page.is_visible(".tl-mark")


def test_a_link_to_a_known_state_shows_it_without_python_and_takes_the_veil_away(browser_page, site_url, requests):
    browser_page.goto(site_url + NEURON + "?weight_1=-3")
    outcome_of(browser_page, "weights -3 and")
    assert browser_page.locator("[data-veiled]").count() == 0
    assert not [url for url in requests if PYTHON.search(url)]


@pytest.mark.parametrize("query", ["?weight_1=2", "?nobody=1", "?weight_1=much"])
def test_a_link_that_asks_for_nothing_else_than_the_page_shows_leaves_no_veil(browser_page, site_url, query):
    browser_page.goto(site_url + NEURON + query)
    browser_page.wait_for_function("document.querySelector('.tl-told')")
    browser_page.wait_for_function("!document.querySelector('[data-veiled]')")


def test_where_python_does_not_come_the_veil_goes_and_nobody_hears_that_it_is_loading(browser_page, site_url):
    cut_off(browser_page, WASM)
    browser_page.goto(site_url + NEURON + "?weight_1=-3&bias=0.5")
    browser_page.wait_for_selector(f"{SECTION}[data-state=error]")
    assert browser_page.inner_text(".tl-mark") == "not computed for these settings"
    assert browser_page.locator("[data-veiled]").count() == 0
    assert "loading" not in browser_page.text_content(".tl-told")


def test_who_saves_data_is_asked_before_a_link_loads_python(browser_page, site_url, requests):
    browser_page.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    browser_page.goto(site_url + NEURON + "?weight_1=-3&bias=0.5")
    mark_says(browser_page, "not yet computed for these settings: press Run to load Python")
    assert browser_page.locator("[data-veiled]").count() == 0
    assert not [url for url in requests if PYTHON.search(url)]


def test_play_where_nothing_is_known_says_at_once_that_it_waits_for_python(browser_page, site_url):
    held = []
    browser_page.context.route(WASM, lambda route: held.append(route))
    opened(browser_page, site_url + DESCENT)
    browser_page.fill(box("learning_rate"), "0.2")
    mark_says(browser_page, "nearest known state")
    browser_page.click(".tl-play")
    mark_says(browser_page, "Play waits for Python · Loading Python: ")
    browser_page.click(".tl-play")  # which says Pause by now
    assert browser_page.inner_text(".tl-play") == "Play"
    browser_page.click(".tl-play")
    mark_says(browser_page, "Play waits for Python")
    held.pop().continue_()
    browser_page.wait_for_function("Number(document.querySelector('[data-name=steps] input').value) > 2")
    browser_page.wait_for_function("!document.querySelector('.tl-mark').textContent.includes('waits')")


def test_every_experiment_of_a_page_is_shown_without_python(browser_page, site_url, requests):
    opened(browser_page, site_url + NEURON)
    browser_page.evaluate("addEventListener('termlab:shown', ({ detail }) => (window.last = detail))")
    count = browser_page.locator(".tl-experiment-count").inner_text()  # "Guess 1 of 3"
    for _ in range(int(count.split()[-1])):
        browser_page.evaluate("window.last = null")
        browser_page.click(".tl-show")
        browser_page.wait_for_function("document.querySelector('.tl-verdict').textContent && window.last?.exact")
        assert browser_page.evaluate("window.last.source") == "sweep"
        browser_page.get_by_role("button", name="Next experiment").click()
    assert not [url for url in requests if PYTHON.search(url)]


def cut_off(page, what):
    """Nothing that matches arrives until the function that is returned is called."""
    page.context.route(what, lambda route: route.abort())
    return lambda: page.context.unroute(what)


# What a message of the picture lies on: pieces of the title, the drawing and its words. -> names of what it covers
COVERED = """() => {
  const box = each => each.getBoundingClientRect();
  const mark = box(document.querySelector(".tl-mark"));
  const main = document.querySelector(".tl-main");
  return [...main.querySelectorAll("figcaption, .tl-svg text, .tl-svg path, .tl-svg image, tr, li")]
    .filter(each => {
      const {left, right, top, bottom} = box(each);
      return right > left && bottom > top + 1 && left < mark.right && right > mark.left
        && top < mark.bottom - 1 && bottom > mark.top + 1;
    })
    .map(each => `${each.localName} ${each.textContent.slice(0, 30)}`);
}"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("page", [NEURON, DESCENT, "terms/softmax/", "terms/perceptron/"])
def test_a_message_covers_neither_title_nor_drawing(browser_page, site_url, page, width):
    browser_page.set_viewport_size({"width": width, "height": 844})
    cut_off(browser_page, PYTHON)  # so that the message stays
    opened(browser_page, site_url + page)
    names = browser_page.eval_on_selector_all(
        ".tl-control:has(input[type=range])", "all => all.slice(0, 2).map(one => one.dataset.name)"
    )
    for name in names:  # two settings that are not the page's own: nothing of that is known
        browser_page.evaluate(
            """where => {
                 const slider = document.querySelector(where);
                 slider.value = slider.max - slider.step; // no end, since an experiment may have set both
                 slider.dispatchEvent(new Event("input", {bubbles: true}));
               }""",
            slider(name),
        )
    browser_page.wait_for_selector(f"{SECTION}[data-state=error]")
    assert browser_page.is_visible(".tl-mark")
    assert browser_page.evaluate(COVERED) == []


def test_after_a_run_that_failed_the_picture_still_says_that_it_shows_something_else(browser_page, site_url):
    arrives = cut_off(browser_page, PYTHON)
    opened(browser_page, site_url + NEURON)
    drag(browser_page, "bias", 3)
    assert not browser_page.is_visible(".tl-mark")
    browser_page.fill(box("weight_1"), "2")
    browser_page.wait_for_selector(f"{SECTION}[data-state=error]")
    assert browser_page.inner_text(".tl-mark") == "not computed for these settings"
    arrives()
    browser_page.click("text=Retry")
    outcome_of(browser_page, "weights 2 and 1 and bias 3")
    assert not browser_page.is_visible(".tl-mark")


def test_a_script_that_did_not_come_is_asked_for_again_by_the_next_touch(browser_page, site_url):
    arrives = cut_off(browser_page, re.compile(r"/live\.js"))
    opened(browser_page, site_url + NEURON)
    browser_page.evaluate(MOVE, [slider("bias"), 3])
    browser_page.wait_for_selector(".tl-trouble:not([hidden])")
    assert "Touch or set anything here to try again" in browser_page.inner_text(".tl-trouble")
    before = browser_page.inner_text(".tl-outcome")
    arrives()
    browser_page.evaluate(MOVE, [slider("bias"), -3])
    browser_page.wait_for_function("was => document.querySelector('.tl-outcome').innerText !== was", arg=before)
    assert "bias -3 " in browser_page.inner_text(".tl-outcome")
    assert not browser_page.is_visible(".tl-trouble")


MOVE = """([where, value]) => {
  const slider = document.querySelector(where);
  slider.value = value;
  slider.dispatchEvent(new Event("input", {bubbles: true}));
}"""


def test_states_that_did_not_come_are_asked_for_again_by_the_next_move(browser_page, site_url):
    arrives = cut_off(browser_page, re.compile(r"/assets/sweeps/|runtime"))
    opened(browser_page, site_url + NEURON)
    browser_page.evaluate(MOVE, [slider("bias"), 3])
    browser_page.wait_for_selector(f"{SECTION}[data-state=error]")
    assert "the next move tries again" in browser_page.inner_text(".tl-say")
    arrives()
    browser_page.evaluate(MOVE, [slider("bias"), 2.5])
    outcome_of(browser_page, "bias 2.5 ")
    assert browser_page.inner_text(".tl-say") == ""
    assert not browser_page.is_visible(".tl-trouble")


def test_every_number_of_megabytes_is_of_the_same_bytes(browser_page, site_url):
    opened(browser_page, site_url + NEURON)
    told = browser_page.get_attribute(SECTION, "data-megabytes")
    assert f"about {told} MB" in browser_page.inner_text(".tl-say")
    held = []
    browser_page.context.route(re.compile(r"pyodide\.asm\.wasm$"), lambda route: held.append(route))
    browser_page.click(".tl-run")
    browser_page.wait_for_function(
        "told => document.querySelector('.tl-mark')?.innerText.includes(` of about ${told} MB`)",
        arg=told,
    )
    assert f"about {told} MB" in browser_page.text_content(".tl-told")
    held.pop().abort()


def test_a_known_state_says_what_python_says(started, site_url):
    walk(started, site_url, NEURON)
    drag(started, "bias", 3)
    unfold(started)
    look = """() => ({
      outcome: document.querySelector(".tl-outcome").textContent,
      figures: document.querySelector(".tl-numbers").textContent,
      words: [...document.querySelectorAll(".tl-stage figcaption, .tl-stage > figure > .tl-scroll, .tl-main text")]
        .map(each => each.textContent).sort(),
    })"""
    known = started.evaluate(look)
    started.evaluate(
        """() => { window.rest = new Promise(done =>
             document.querySelector(".tl-demo").addEventListener("termlab:settled", done, {once: true})); }"""
    )
    run(started)
    started.evaluate("window.rest.then(() => null)")
    assert started.evaluate(look) == known


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda route: route.fulfill(status=404, body=""), "the server answered 404"),
        (lambda route: route.fulfill(body=route.fetch().text().replace("0", "1", 1)), "it is damaged"),
        (lambda route: route.abort(), "the connection failed"),
    ],
    ids=["missing", "damaged", "cut off"],
)
def test_without_its_states_a_demo_says_so_and_python_takes_over(started, site_url, change, says):
    started.context.route(SWEEP, change)
    walk(started, site_url, NEURON)
    drag(started, "bias", -0.5)
    assert says in started.inner_text(".tl-say")
    outcome_of(started, "computes OR")
    wait_for(started, "ready")


def test_states_of_another_page_are_not_shown(browser_page, site_url):
    def other(route):
        found = route.fetch().json()
        found["settings"]["bias"] = 1
        route.fulfill(json=found)

    browser_page.context.route(SWEEP, other)
    browser_page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")  # as on plain http
    opened(browser_page, site_url + NEURON)
    browser_page.hover(".tl-outcome")
    browser_page.wait_for_function("document.querySelector('.tl-say').textContent.includes('another version')")


@pytest.mark.parametrize(
    ("page", "file", "used"),
    [
        (None, None, True),  # of a version that knew no editions
        ("1", 1, True),
        ("1", None, False),
        ("1", 2, False),
        ("2", 1, False),
        (None, 1, True),
        ("1", {}, False),
    ],
)
def test_states_of_another_edition_are_refused_like_damaged_ones(started, site_url, page, file, used):
    def written(route):
        found = route.fetch().json()
        found.pop("edition", None)
        route.fulfill(json=found if file is None else found | {"edition": file})

    started.context.route(SWEEP, written)
    as_on_plain_http = "Object.defineProperty(crypto, 'subtle', {value: undefined, configurable: true})"
    started.evaluate(as_on_plain_http)
    walk(started, site_url, NEURON)
    attribute = "(demo, value) => value ? (demo.dataset.edition = value) : delete demo.dataset.edition"
    started.eval_on_selector(SECTION, attribute, page)
    drag(started, "bias", 3)
    outcome_of(started, "bias 3 ")
    said = started.inner_text(".tl-say")
    assert ("it is of another edition. Python computes them instead" in said) is not used


def test_who_saves_data_is_asked_before_python_is_loaded(browser_page, site_url, requests):
    browser_page.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    opened(browser_page, site_url + NEURON)
    browser_page.hover(".tl-outcome")
    browser_page.wait_for_load_state("networkidle")
    assert not [url for url in requests if SWEEP.search(url) or "live.js" in url]
    drag(browser_page, "bias", 3)
    browser_page.fill(box("weight_1"), "2")
    browser_page.wait_for_function("document.querySelector('.tl-mark')?.textContent.includes('press Run')")
    browser_page.wait_for_load_state("networkidle")
    assert not [url for url in requests if PYTHON.search(url)]


# --- the address ----------------------------------------------------------------------------------------------


def test_the_address_follows_and_back_brings_settings_picture_and_figures_back(browser_page, site_url):
    opened(browser_page, site_url + NEURON)
    page_own = browser_page.inner_html(".tl-main figure")
    drag(browser_page, "bias", 3)
    browser_page.wait_for_url("**/terms/neuron/?bias=3")
    shown = browser_page.inner_text(".tl-outcome"), browser_page.text_content(".tl-numbers")
    picture = browser_page.eval_on_selector(".tl-main .tl-svg", AXIS)
    follow(browser_page, site_url + "demos/")
    browser_page.wait_for_selector(SECTION, state="detached")
    browser_page.go_back()
    browser_page.wait_for_url("**/terms/neuron/?bias=3")
    outcome_of(browser_page, "bias 3 ")
    assert (browser_page.inner_text(".tl-outcome"), browser_page.text_content(".tl-numbers")) == shown
    assert browser_page.eval_on_selector(".tl-main .tl-svg", AXIS) == picture
    assert browser_page.input_value(box("bias")) == "3"
    browser_page.click(".tl-reset")
    browser_page.wait_for_url("**/terms/neuron/")
    assert browser_page.eval_on_selector(".tl-main figure", "one => one.querySelector('.tl-ghost')?.remove()") is None
    assert len(browser_page.inner_html(".tl-main figure")) == len(page_own)


@pytest.mark.parametrize("link", ["#sources .headerlink", ".md-nav--secondary a[href$='#examples']", ".md-skip"])
def test_a_link_within_the_page_leaves_a_demo_as_it_is(browser_page, site_url, link):
    opened(browser_page, site_url + NEURON)
    drag(browser_page, "bias", 3)
    browser_page.wait_for_url("**/?bias=3")
    browser_page.evaluate("document.querySelector('.tl-demo').dataset.mine = 'yes'")
    browser_page.focus(link)
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url("**/?bias=3#*")
    browser_page.wait_for_load_state("networkidle")
    assert browser_page.get_attribute(SECTION, "data-mine") == "yes"
    assert "bias 3 " in browser_page.inner_text(".tl-outcome")
    browser_page.go_back()
    browser_page.wait_for_url("**/?bias=3")
    assert browser_page.get_attribute(SECTION, "data-mine") == "yes"
    assert browser_page.input_value(box("bias")) == "3"


TWO = "terms/temperature/"


def test_two_demos_of_a_page_share_its_address(browser_page, site_url):
    opened(browser_page, site_url + TWO)
    first, second = browser_page.eval_on_selector_all(SECTION, "all => all.map(one => one.id)")
    move = """([id, place]) => {
      const section = document.querySelectorAll(".tl-demo")[place], slider = section.querySelector("input[type=range]");
      slider.value = slider.value === slider.min ? slider.max : slider.min;
      slider.dispatchEvent(new Event("input", {bubbles: true}));
      return [slider.closest(".tl-control").dataset.name, slider.value];
    }"""
    one = browser_page.evaluate(move, [first, 0])
    other = browser_page.evaluate(move, [second, 1])
    said = f"?{one[0]}={one[1]}&{second}.{other[0]}={other[1]}"
    browser_page.wait_for_function("said => location.search === said", arg=said)
    address = browser_page.url
    browser_page.evaluate(move, [first, 0])  # moved last, it still stands first
    browser_page.wait_for_function("([said]) => location.search !== said", arg=[said])
    browser_page.evaluate(move, [first, 0])
    browser_page.wait_for_function("said => location.search === said", arg=said)
    values = "all => all.map(one => one.value)"
    set_to = browser_page.eval_on_selector_all(".tl-control [name]", values)
    browser_page.goto("about:blank")
    opened_at = [address, address.replace(f"?{one[0]}", f"?h=x&{one[0]}")]
    for url in opened_at:
        browser_page.goto(url)
        browser_page.wait_for_function(
            "all => [...document.querySelectorAll('.tl-control [name]')].map(one => one.value).join() === all.join()",
            arg=set_to,
        )
    browser_page.click(f"#{second} .tl-reset")
    browser_page.wait_for_function("id => !location.search.includes(`${id}.`)", arg=second)
    assert f"{one[0]}=" in browser_page.url
    browser_page.goto(f"{site_url}{TWO}?demo={second}&{other[0]}={other[1]}")  # as links were written before
    browser_page.wait_for_function(
        "([id, name, value]) => document.querySelector(`#${id} [name='${name}']`).value === value", arg=[second, *other]
    )


def test_what_a_link_asks_for_in_vain_is_told_where_the_reader_looks(browser_page, site_url):
    browser_page.set_viewport_size({"width": 390, "height": 664})
    browser_page.goto(f"{site_url}{NEURON}?bias=99&weight_1=2")
    browser_page.wait_for_selector(".tl-refused")
    assert "The link asks for bias=99, which is not possible here" in browser_page.inner_text(".tl-refused")
    browser_page.wait_for_function(
        """() => { const {top, bottom} = document.querySelector(".tl-refused").getBoundingClientRect();
                   return top >= 48 && bottom <= innerHeight; }"""
    )
    browser_page.evaluate(MOVE, [slider("bias"), 1])
    browser_page.wait_for_selector(".tl-refused", state="detached")


# --- play, and other scripts -----------------------------------------------------------------------------------

ALL_AT_ONCE = "globalThis.setTimeout = (timer => (work, wait, ...more) => timer(work, wait / 10, ...more))(setTimeout)"


def test_play_goes_through_all_states_and_tells_where_it_ends(browser_page, site_url):
    browser_page.add_init_script(ALL_AT_ONCE)
    opened(browser_page, site_url + DESCENT)
    drag(browser_page, "steps", 190)
    browser_page.evaluate(
        """() => { window.seen = new Set(); document.querySelector(".tl-demo").addEventListener("termlab:shown",
             e => window.seen.add(e.detail.settings.steps)); }"""
    )
    browser_page.click(".tl-play")
    browser_page.wait_for_function("() => document.querySelector('[data-name=steps] input').value === '200'")
    browser_page.wait_for_function("() => document.querySelector('.tl-play').textContent === 'Play'")
    assert len(browser_page.evaluate("[...window.seen]")) >= 2
    browser_page.wait_for_function("() => document.querySelector('.tl-told').textContent.includes('200 steps')")
    browser_page.click(".tl-play")  # from its end it starts anew
    browser_page.wait_for_function("() => Number(document.querySelector('[data-name=steps] input').value) < 100")
    browser_page.click(".tl-play")
    at = browser_page.input_value(box("steps"))
    browser_page.click(".tl-step")
    assert int(browser_page.input_value(box("steps"))) > int(at)


@pytest.mark.parametrize("page", [DESCENT, "terms/neural-network/", "terms/recurrent-neural-network/"])
def test_play_starts_with_the_first_state_and_after_a_pause_goes_on(browser_page, site_url, page):
    browser_page.add_init_script(ALL_AT_ONCE)
    opened(browser_page, site_url + page)
    name = browser_page.get_attribute(".tl-control[data-play]", "data-name")
    low = browser_page.get_attribute(slider(name), "min")
    own = browser_page.input_value(box(name))
    assert own != low
    # The pause comes with the second state, since few states are soon over.
    listen = """name => {
      window.seen = []; window.pausing = true;
      document.querySelector(".tl-demo").addEventListener("termlab:shown", e => {
        window.seen.push(e.detail.settings[name]);
        if (window.pausing && window.seen.length === 2) document.querySelector(".tl-play").click();
      });
    }"""
    browser_page.evaluate(listen, name)
    browser_page.click(".tl-play")
    browser_page.wait_for_function("() => window.seen.length >= 2")
    seen = browser_page.evaluate("window.seen")
    assert str(seen[0]) == low
    assert seen == sorted(seen)
    at = float(browser_page.input_value(box(name)))
    browser_page.evaluate("() => { window.seen = []; window.pausing = false; }")
    browser_page.click(".tl-play")
    browser_page.wait_for_function("() => window.seen.length > 1")
    assert browser_page.evaluate("window.seen[0]") > at
    browser_page.click(".tl-reset")
    browser_page.wait_for_function(
        "([where, own]) => document.querySelector(where).value === own", arg=[box(name), own]
    )
    browser_page.evaluate("() => { window.seen = []; }")
    browser_page.click(".tl-play")  # at rest again
    browser_page.wait_for_function("() => window.seen.length > 0")
    assert str(browser_page.evaluate("window.seen[0]")) == low


def test_the_hand_on_a_control_wins_over_a_script_that_moves_it(browser_page, site_url):
    opened(browser_page, site_url + NEURON)
    found = browser_page.evaluate(
        """async where => {
             const script = document.querySelector('script[src*="assets/demo.js"]').src;
             const {instrumentOf} = await import(script);
             const section = document.querySelector(".tl-demo"), demo = instrumentOf(section);
             await demo.set({bias: -3});
             const glided = demo.set({bias: 3}, {animate: true});
             await new Promise(heard => section.addEventListener("termlab:shown", heard, {once: true}));
             const slider = document.querySelector(where);
             slider.value = -2;
             slider.dispatchEvent(new Event("input", {bubbles: true}));
             return [await glided, demo.settings().bias];
           }""",
        slider("bias"),
    )
    assert found == [None, -2]


def test_who_wants_no_motion_gets_steps_only(browser, site_url):
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    opened(page, site_url + DESCENT)
    assert not page.is_visible(".tl-play")
    before = page.input_value(box("steps"))
    page.click(".tl-step")
    page.wait_for_function(
        "was => document.querySelector('[data-name=steps] input[type=number]').value !== was", arg=before
    )
    context.close()


def test_other_scripts_set_a_demo_and_hear_what_it_shows(browser_page, site_url):
    opened(browser_page, site_url + NEURON)
    found = browser_page.evaluate(
        """async () => {
             const script = document.querySelector('script[src*="assets/demo.js"]').src;
             const {instrumentOf} = await import(script);
             const demo = instrumentOf(document.querySelector(".tl-demo"));
             const before = [demo.settings().bias, demo.figures().size];
             let events = 0;
             document.querySelector(".tl-demo").addEventListener("termlab:shown", () => events++);
             const shown = await demo.set({bias: 3}, {animate: true});
             return {before, events, shown: [shown.exact, shown.settings.bias], now: demo.settings().bias,
               figures: [...shown.figures].every(([name, number]) => name && Number.isFinite(number))};
           }"""
    )
    assert found["before"] == [-1.5, 5]
    assert found["shown"] == [True, 3]
    assert found["now"] == 3
    assert found["figures"]
    assert found["events"] > 3  # it glides there
