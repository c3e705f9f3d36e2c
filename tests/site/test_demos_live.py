"""Live demos in a real browser: what a reader does with them, and what goes wrong on the way."""

import gzip
import re
import time
from urllib.parse import urlsplit

import pytest

from generator.config import Site
from generator.live.files import page_scripts
from tests.patience import slowness, within
from tests.site.conftest import DESCENT, NEURON, PIECES, SECTION, run, settled, trouble, wait_for

pytestmark = pytest.mark.browser


def outcome_of(page, words):
    """Waits for a sentence; it follows the figures a moment later."""
    page.wait_for_function("words => document.querySelector('.tl-outcome')?.textContent.includes(words)", arg=words)


def count_runs(page):
    """Counts from now on in window.runs how often Python draws, and in window.shown how often what is set is shown."""
    page.evaluate(
        """() => {
             window.runs = window.shown = 0;
             document.querySelector(".tl-demo").addEventListener("termlab:shown", e => {
               window.shown += e.detail.exact;
               window.runs += e.detail.source === "python";
             });
           }"""
    )


def box(name):
    return f'[data-name={name}] input[type="number"]'


def slider(name):
    return f'[data-name={name}] input[type="range"]'


def drag(page, name, value):
    """Moves a slider and waits for the picture that belongs to it."""
    page.evaluate(
        """([where, value]) => new Promise(resolve => {
             document.querySelector(".tl-demo").addEventListener("termlab:shown", e => e.detail.exact && resolve());
             const slider = document.querySelector(where);
             slider.value = value;
             slider.dispatchEvent(new Event("input", {bubbles: true}));
           }).then(() => null)""",
        [slider(name), value],
    )


def follow(page, url):
    """Follows a link as the theme does it: the page changes, the tab and its worker stay."""
    page.mouse.move(0, 0)  # a pointer that comes to rest on a link opens a preview
    page.evaluate(
        """url => {
             const link = document.createElement("a");
             link.href = url;
             document.querySelector("article").append(link);
             link.click();
           }""",
        url,
    )
    page.wait_for_url(url)


def walk(page, site_url, place):
    """To a page with a demo that has not run yet, by way of one without a demo."""
    follow(page, site_url + "demos/")
    page.wait_for_selector(SECTION, state="detached")
    follow(page, site_url + place)
    page.wait_for_selector(f"{SECTION}[data-state=idle]")


def unfold(page):
    """Opens the fold of the other pictures and waits until they are drawn, too."""
    page.evaluate(
        """() => new Promise(resolve => {
             document.querySelector(".tl-demo").addEventListener("termlab:settled", resolve, {once: true});
             const fold = document.querySelector(".tl-demo .tl-fold:has(.tl-stage)");
             if (!fold || fold.open) resolve();
             else fold.open = true;
           }).then(() => null)"""
    )


@pytest.fixture
def neuron(tab, site_url):
    """The neuron, live, at its defaults, unedited."""
    walk(tab, site_url, NEURON)
    run(tab)
    outcome_of(tab, "computes AND")
    return tab


# --- before the click -----------------------------------------------------------------------------------------


def test_nothing_of_python_is_requested_before_the_click(browser_page, site_url):
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    browser_page.goto(site_url + NEURON)
    browser_page.wait_for_selector(".tl-run")
    browser_page.wait_for_load_state("networkidle")
    later = re.compile(
        r"runtime/|/demos/|sweeps/|vega|(worker|live|controls|drawing|sweep|python|editor)\.js|bridge\.py"
    )
    assert [path for path in asked if path.startswith("/assets/") and later.search(path)] == []


def test_less_than_25_kb_of_our_own_script_come_before_the_click(browser_page, site_url):
    bodies: dict[str, int] = {}

    def weigh(response):
        path = urlsplit(response.url).path
        if path.endswith(".js") and not path.startswith("/assets/javascripts/"):  # those are the theme's
            bodies[path] = len(response.body())

    browser_page.on("response", weigh)
    browser_page.goto(site_url + NEURON)
    browser_page.wait_for_selector(".tl-run")
    assert "/assets/demo.js" in bodies
    search = bodies.pop("/assets/search.js") + bodies.pop("/assets/ranking.js")
    assert sum(bodies.values()) < 25_000, bodies
    assert search < 40_000  # which is 12 kB on the wire


def test_python_and_charts_are_less_than_10_mb_on_the_wire(site):
    assets = site / "assets"
    wire = sum(len(gzip.compress(path.read_bytes(), 6)) for path in (assets / "runtime").iterdir())
    wire += sum(
        len(gzip.compress((assets / name).read_bytes(), 6)) for name in ("vega.js", "live.js", "python.js", "worker.js")
    )
    assert wire < Site("").python_megabytes * 1_000_000


def test_without_javascript_the_pictures_are_there_and_the_controls_say_why_they_do_nothing(browser, site_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site_url + NEURON)
    assert page.locator(".tl-main svg").is_visible()
    assert page.locator(".tl-demo button:visible").count() == 0
    assert page.locator(".tl-controls :is(input, select):enabled").count() == 0
    assert "JavaScript" in page.inner_text(".tl-noscript")
    for fold in page.locator(".tl-fold").all():
        fold.locator("summary").first.click()
    assert page.locator(".tl-fold .tl-stage svg").first.is_visible()
    assert page.inner_text(".tl-command code >> nth=0") == "python -m demos neuron"
    context.close()


def test_a_site_without_python_explains_itself_on_the_button(browser_page, site_url):
    def without(route):
        html = route.fetch().text()
        live = re.compile(r'data-manifest="[^"]*"(\s+data-(megabytes|runtime)="[^"]*")*')
        route.fulfill(body=live.sub('data-problem="No Python here."', html), content_type="text/html")

    browser_page.route("**/" + NEURON, without)
    browser_page.goto(site_url + NEURON)
    browser_page.wait_for_selector(".tl-run[aria-disabled=true]")  # the script has come
    browser_page.focus(".tl-run")
    browser_page.keyboard.press("Enter")
    assert "No Python here." in trouble(browser_page)
    assert "terminal" in trouble(browser_page)
    assert browser_page.locator(".tl-stage svg").count() >= 2


# --- running --------------------------------------------------------------------------------------------------


def test_a_click_brings_the_charts_to_life_and_asks_nobody_else(first_run):
    assert first_run.live == first_run.static
    assert first_run.drawn
    assert first_run.strangers == []


def test_a_live_chart_takes_the_place_and_size_of_the_static_one(neuron, browser_page, site_url):
    browser_page.goto(site_url + NEURON)
    measure = "all => all.flatMap(each => [each.getBoundingClientRect().width, each.getBoundingClientRect().height])"
    static = browser_page.eval_on_selector_all(".tl-stage .tl-svg", measure)
    live = neuron.eval_on_selector_all(".tl-stage .tl-svg", measure)
    assert live == pytest.approx(static, abs=1)


def test_a_slider_changes_figures_sentence_chart_and_command(neuron):
    drawing = neuron.inner_html(".tl-stage .tl-picture >> nth=0")
    drag(neuron, "bias", -0.5)
    outcome_of(neuron, "computes OR")
    assert neuron.input_value(box("bias")) == "-0.5"
    assert neuron.inner_html(".tl-stage .tl-picture >> nth=0") != drawing
    assert neuron.text_content(".tl-command code >> nth=0") == "python -m demos neuron --bias=-0.5"
    assert "0.8176" in neuron.text_content(".tl-numbers")  # 1 / (1 + e^-1.5)


def test_a_new_run_changes_the_drawings_that_are_there(tab, site_url):
    walk(tab, site_url, "terms/gradient/")  # where the nudge has a control
    drag(tab, "start_x", 1)
    unfold(tab)
    drag(tab, "nudge_exponent", -5)  # a second setting that is not the page's own: from here on Python draws
    run(tab)
    unfold(tab)
    tab.evaluate(
        """() => {
             const figures = [...document.querySelectorAll(".tl-stage > figure")];
             window.drawings = figures.map(each => each.querySelector("svg"));
             window.touched = new Set();
             new MutationObserver(all => all.forEach(({target, type}) =>
               window.touched.add(`${figures.findIndex(each => each.contains(target))} ${type}`)))
               .observe(document.querySelector(".tl-demo"), {attributes: true, childList: true, characterData: true,
                 subtree: true});
             window.rest = new Promise(done => document.querySelector(".tl-demo")
               .addEventListener("termlab:settled", done, {once: true}));
           }"""
    )
    drag(tab, "nudge_exponent", -4)
    tab.evaluate("window.rest.then(() => null)")
    touched = {mark for mark in tab.evaluate("[...window.touched]") if not mark.startswith("-1")}
    assert {mark.split()[0] for mark in touched} >= {"3"}
    assert tab.evaluate("drawings.every(each => each.isConnected)")  # drawings stay, and what differs in them is set


def test_two_hundred_moves_of_a_slider_are_a_few_runs_and_the_last_one_counts(neuron):
    neuron.select_option("[data-name=activation] select", label="tanh")  # so that no sweep knows the states
    drag(neuron, "bias", -3)
    count_runs(neuron)
    neuron.evaluate(
        """where => {
             const slider = document.querySelector(where);
             for (let i = 0; i < 200; i++) {
               slider.value = -3 + 0.02 * i;
               slider.dispatchEvent(new Event("input", {bubbles: true}));
             }
           }""",
        slider("bias"),
    )
    outcome_of(neuron, "bias 1 ")
    assert neuron.get_attribute(SECTION, "data-state") == "ready"
    assert 1 <= neuron.evaluate("window.runs") <= 3


def test_a_number_out_of_range_is_told_and_the_chart_stays(neuron):
    drawing = neuron.inner_html(".tl-stage")
    count_runs(neuron)
    neuron.fill(box("bias"), "7")
    assert neuron.inner_text("[data-name=bias] .tl-wrong") == "A number from -3 to 3, please."
    assert neuron.get_attribute(box("bias"), "aria-invalid") == "true"
    assert neuron.inner_html(".tl-stage") == drawing
    neuron.fill(box("bias"), "0.5")
    outcome_of(neuron, "bias 0.5 ")
    assert neuron.evaluate("window.shown") == 1  # and none for the 7, before or after
    assert neuron.get_attribute(box("bias"), "aria-invalid") is None


def test_reset_goes_back_to_the_settings_of_the_page(neuron):
    drag(neuron, "weight_1", 2.5)
    neuron.select_option("[data-name=activation] select", label="step")
    outcome_of(neuron, "weights 2.5 and 1")
    neuron.click("text=Reset")
    outcome_of(neuron, "weights 1 and 1 and bias -1.5")
    assert neuron.text_content(".tl-command code >> nth=0") == "python -m demos neuron"


def test_the_data_of_a_live_chart_is_a_table_in_a_fold_that_opens_for_what_is_set(neuron):
    fold = ".tl-fold .tl-stage > figure:nth-child(1) .tl-data"
    unfold(neuron)
    neuron.click(f"{fold} summary")
    neuron.wait_for_selector(f"{fold} table")
    before = neuron.inner_text(f"{fold} table")
    drag(neuron, "bias", 2)
    neuron.wait_for_function("fold => !document.querySelector(fold).querySelector('table')", arg=fold)
    if not neuron.locator(f"{fold}[open]").count():
        neuron.click(f"{fold} summary")
    neuron.wait_for_selector(f"{fold} table")
    assert neuron.inner_text(f"{fold} th >> nth=0") == "series"
    assert neuron.inner_text(f"{fold} table") != before


def test_live_pages_run_and_draw_the_kinds_of_pictures_that_their_static_pages_have(tab, wanted, pages, site_url):
    kinds = "figures => figures.map(each => each.className)"
    live = [address for address in wanted if "terms/" in address and pages[address].select_one("[data-manifest]")]
    assert live
    for address in live:
        walk(tab, site_url, address)
        static = tab.eval_on_selector_all(".tl-stage > figure", kinds)
        run(tab)
        unfold(tab)
        assert tab.eval_on_selector_all(".tl-stage > figure", kinds) == static, address


def test_instant_navigation_keeps_the_worker(tab, site_url):
    walk(tab, site_url, NEURON)
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    workers = [worker.url for worker in tab.workers if "worker.js" in worker.url]
    run(tab)
    walk(tab, site_url, PIECES)
    run(tab)
    assert [worker.url for worker in tab.workers if "worker.js" in worker.url] == workers
    assert len(workers) == 1
    assert [url for url in asked if "/runtime/" in url] == []


# --- links ----------------------------------------------------------------------------------------------------


def test_a_link_opens_with_the_picture_and_the_figures_of_its_settings(browser_page, site_url):
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.goto(site_url + NEURON + "?activation=step#try")
    outcome_of(browser_page, "computes AND")
    browser_page.wait_for_function("document.querySelector('.tl-numbers').textContent.includes('1')")
    assert browser_page.text_content(".tl-command code >> nth=0") == "python -m demos neuron --activation=step"
    browser_page.wait_for_load_state("networkidle")
    assert [url for url in asked if "/runtime/" in url or "worker.js" in url] == []  # the build knew it
    browser_page.goto(site_url + NEURON + "?bias=-0.5&activation=step#try")
    outcome_of(browser_page, "computes OR")
    assert browser_page.input_value(box("bias")) == "-0.5"
    assert browser_page.evaluate("document.activeElement.localName") == "body"


def test_a_link_with_an_impossible_value_says_so_and_keeps_the_rest(browser_page, site_url):
    browser_page.goto(site_url + NEURON + "?bias=99&weight_1=2&text=print(1)#try")
    browser_page.wait_for_function("document.querySelector('.tl-refused')?.textContent.includes('not possible')")
    assert "bias=99, which is not possible here" in browser_page.inner_text(".tl-refused")
    assert (browser_page.input_value(box("bias")), browser_page.input_value(box("weight_1"))) == ("-1.5", "2")


def test_a_copied_link_restores_the_settings_it_was_copied_with(neuron, browser_page):
    drag(neuron, "bias", 0.7)
    neuron.select_option("[data-name=activation] select", label="tanh")
    neuron.click("text=Copy link")
    neuron.wait_for_function("document.querySelector('.tl-say').textContent.includes('copied')")
    link = neuron.evaluate("navigator.clipboard.readText()")
    assert link.endswith("?bias=0.7&activation=tanh#try")
    browser_page.goto(link)
    browser_page.wait_for_function("where => document.querySelector(where).value === '0.7'", arg=box("bias"))
    chosen = "select => select.selectedOptions[0].label"
    assert browser_page.input_value(box("bias")) == "0.7"
    assert browser_page.eval_on_selector("[data-name=activation] select", chosen) == "tanh"


# --- editing --------------------------------------------------------------------------------------------------


@pytest.fixture
def editor(neuron):
    """The neuron with its code open for editing."""
    neuron.click("details.tl-code > summary")
    neuron.click(".tl-edit")
    neuron.wait_for_selector(".tl-source")
    yield neuron
    if neuron.locator("text=Back to the original").count():
        neuron.click("text=Back to the original")


def rewrite(page, find, replace):
    """Changes the original source in the editor and runs it."""
    page.evaluate(
        """([find, replace]) => {
             const area = document.querySelector(".tl-source");
             area.dataset.original ??= area.value;
             if (!area.dataset.original.includes(find)) throw new Error(`no ${find} in the source`);
             area.value = area.dataset.original.replace(find, replace);
             area.dispatchEvent(new Event("input"));
           }""",
        [find, replace],
    )
    page.click("text=Run edited")


def test_edited_code_runs_and_the_original_comes_back(editor):
    rewrite(editor, "return squash(x @ w + b)", "return 1 - squash(x @ w + b)")
    editor.wait_for_selector(f"{SECTION}[data-edited]")
    assert "0.3775" in editor.text_content(".tl-numbers")
    editor.click("text=Back to the original")
    editor.wait_for_selector(f"{SECTION}:not([data-edited])[data-state=ready]")
    assert "0.6225" in editor.text_content(".tl-numbers")
    assert editor.is_visible("details.tl-code .highlight")


def test_an_error_in_edited_code_is_told_at_its_line_and_the_picture_stays(editor):
    drawing = editor.inner_html(".tl-stage")
    rewrite(editor, "verdict = closest(right)", "verdict = closest(1 / 0)")
    said = trouble(editor)
    line = int(re.search(r"demos/neuron\.py, line (\d+): ZeroDivisionError", said)[1])
    assert "closest(1 / 0)" in said
    assert editor.inner_text(".tl-wrong-line") == str(line)
    assert editor.inner_html(".tl-stage") == drawing
    editor.click(f"text=Go to line {line}")
    selected = "area => area.value.slice(area.selectionStart, area.selectionEnd)"
    assert "1 / 0" in editor.eval_on_selector(".tl-source", selected)


def test_what_is_not_python_is_told_at_its_line(editor):
    rewrite(editor, "def neuron(", "def neuron(:(")
    assert re.search(r"line \d+: this is not Python", trouble(editor))


def test_whatever_code_returns_reaches_the_page_as_text(editor):
    bad = "<img src=x onerror='window.hit=1'><script>window.hit=1</script>"
    rewrite(editor, '"Truth table"', f'"""{bad}"""')
    editor.wait_for_selector(f"{SECTION}[data-edited]")
    rewrite(editor, 'summary=f"With', f'summary=f"""{bad}""" f"With')
    outcome_of(editor, "<img src=x")
    rewrite(editor, '"weighted sum is zero"', f'"""{bad}"""')
    wait_for(editor, "ready")
    rewrite(editor, '"input 1", "input 2"', f'"""{bad}""", "input 2"')
    wait_for(editor, "ready")
    settled(editor)
    assert editor.locator(".tl-demo img, .tl-demo script").count() == 0
    assert editor.evaluate("window.hit") is None


def test_an_edit_that_changes_what_can_be_set_changes_the_controls(editor):
    rewrite(editor, "bias: Annotated[float, Range(-3, 3, 0.1)]", "bias: Annotated[float, Range(-9, 9, 0.1)]")
    editor.wait_for_selector("[data-name=bias] input[type=range][max='9']")


def test_edits_survive_a_walk_through_the_site_and_end_with_the_tab(editor, site_url, browser_page):
    rewrite(editor, "return squash(x @ w + b)", "return squash(x @ w + b)  # mine")
    editor.wait_for_selector(f"{SECTION}[data-edited]")
    walk(editor, site_url, DESCENT)
    walk(editor, site_url, NEURON)
    editor.click("details.tl-code > summary")
    editor.click(".tl-edit")
    editor.wait_for_selector(".tl-source")
    assert "# mine" in editor.input_value(".tl-source")
    browser_page.goto(site_url + NEURON)
    browser_page.click("details.tl-code > summary")
    browser_page.click(".tl-edit")
    browser_page.wait_for_selector(".tl-source")
    assert "# mine" not in browser_page.input_value(".tl-source")


def test_the_keyboard_edits_runs_and_leaves_the_editor(editor):
    editor.focus(".tl-source")
    editor.keyboard.press("Control+Home")
    editor.keyboard.press("Tab")
    assert editor.input_value(".tl-source").startswith('    """Neuron')
    editor.keyboard.press("Shift+Tab")
    assert editor.input_value(".tl-source").startswith('"""Neuron')
    editor.keyboard.press("Control+Enter")
    editor.wait_for_selector(f"{SECTION}[data-edited]")
    editor.focus(".tl-source")
    editor.keyboard.press("Escape")
    editor.keyboard.press("Tab")
    assert editor.evaluate("document.activeElement.textContent") == "Run edited"


# --- limits ---------------------------------------------------------------------------------------------------

# Says in the worker that it runs now, and then never ends; the page listens on the same channel.
CHANNEL = "import js; js.BroadcastChannel.new('loop').postMessage('runs'); "
LISTEN = """() => {
  window.runs = new Promise(heard => { new BroadcastChannel("loop").onmessage = () => heard(performance.now()); });
  window.ended = new Promise(told => {
    const demo = document.querySelector(".tl-demo");
    new MutationObserver(() => demo.dataset.state === "error" && told(performance.now()))
      .observe(demo, {attributes: true});
  });
}"""
FOREVER = ("    w, squash =", f"    {CHANNEL}\n    while True: pass\n    w, squash =")
DEAF = (
    "    w, squash =",
    f"    {CHANNEL}\n    while True:\n        try:\n            while True: pass\n"
    "        except BaseException: pass\n    w, squash =",
)


def workers(page):
    """The workers that run demos; the theme has one of its own, for the search."""
    return {worker for worker in page.workers if worker.url.endswith("assets/worker.js")}


def loop(page, code):
    """Runs edited code that never ends, and waits until it runs."""
    page.evaluate(LISTEN)
    rewrite(page, *code)
    page.evaluate("window.runs.then(() => null)")


def lasted(page):
    """How many seconds the code ran before the page told that it had ended, by the clock of the page."""
    return page.evaluate("Promise.all([window.runs, window.ended]).then(([from, to]) => (to - from) / 1000)")


@pytest.fixture(scope="module")
def hurried(browser, site_url):
    """The neuron with its code open for editing, in a page with the limits that a reader's page has."""
    context = browser.new_context(hurried=True, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(site_url + NEURON)
    run(page)
    page.click("details.tl-code > summary")
    page.click(".tl-edit")
    page.wait_for_selector(".tl-source")
    yield page
    context.close()


def test_stop_ends_an_endless_loop_within_a_fifth_of_a_second_and_python_comes_back(editor):
    loop(editor, FOREVER)
    waited = editor.evaluate(
        """() => {
             const pressed = performance.now();
             [...document.querySelectorAll(".tl-demo button")].find(each => each.textContent === "Stop").click();
             return window.ended.then(told => told - pressed);
           }"""
    )
    assert waited < within(0.2) * 1000
    assert trouble(editor).startswith("Stopped.")
    editor.click("text=Back to the original")
    run(editor)


def test_a_run_of_more_than_four_seconds_is_stopped_and_the_worker_survives(hurried):
    workers = hurried.workers
    loop(hurried, FOREVER)
    assert "longer than 4 seconds" in trouble(hurried)
    assert 1 < lasted(hurried) < within(7)  # a busy page learns late that the run has begun
    rewrite(hurried, "return squash(x @ w + b)", "return squash(x @ w + b) ")
    wait_for(hurried, "ready")
    assert hurried.workers == workers  # no new start of Python


def test_a_run_that_hears_nothing_is_ended_after_ten_seconds_and_python_comes_back(hurried):
    before = workers(hurried)
    loop(hurried, DEAF)
    assert "did not react for 10 seconds" in trouble(hurried)
    assert 6 < lasted(hurried) < within(14)
    hurried.click("text=Back to the original")
    run(hurried)
    assert not before & workers(hurried)


def test_a_page_that_was_told_to_be_patient_lets_a_run_take_longer(first_run):
    """The tests rely on it where they share a machine with others."""
    patience = slowness()
    assert {patience, patience * 10_000, patience * 45_000} <= first_run.limits


# --- files that are not there, or not right -------------------------------------------------------------------

# With compiled modules, or without, see generator/live/compiling.
STDLIB = re.compile(r"/runtime/python(_stdlib|-compiled)\.zip$")
NUMPY = re.compile(r"/runtime/numpy-.*\.(whl|zip)$")
WASM = re.compile(r"/runtime/pyodide\.asm\.wasm$")


def one_bit_off(route):
    body = bytearray(route.fetch().body())
    body[len(body) // 2] ^= 1
    route.fulfill(body=bytes(body), content_type="application/octet-stream")


def missing(route):
    route.fulfill(status=404, body="not here")


# In the order in which the page and its worker ask for them: what has arrived before is not asked for again.
FAILURES = [
    (re.compile(r"/assets/demos/neuron\.json$"), missing, "neuron.json could not be loaded"),
    (re.compile(r"/assets/worker\.js$"), missing, "worker.js could not be loaded"),
    (re.compile(r"/assets/vega\.js$"), missing, "vega.js could not be loaded"),
    (STDLIB, missing, ".zip could not be loaded: the server answered 404"),
    (WASM, missing, "pyodide.asm.wasm could not be loaded: the server answered 404"),
    (WASM, one_bit_off, "pyodide.asm.wasm is damaged"),
    (NUMPY, one_bit_off, "numpy-"),
    (re.compile(r"/assets/demos/machinery\.zip"), one_bit_off, "machinery.zip is damaged"),
    (re.compile(r"/assets/demos/neuron\.py"), one_bit_off, "neuron.py is damaged"),
]


def noting(handler, answered):
    """The same handler, which notes when it has answered."""

    def answer(route):
        handler(route)
        answered.append(time.monotonic())

    return answer


def test_a_file_that_is_missing_or_damaged_is_named_at_once_and_retry_helps(browser_page, site_url):
    """One file after the other fails in one page, each at the Retry after the last; in the end Python starts."""
    browser_page.goto(site_url + NEURON)
    static = browser_page.inner_html(".tl-stage > figure >> nth=0")
    for pattern, handler, says in FAILURES:
        answered: list[float] = []

        browser_page.context.route(pattern, noting(handler, answered))
        browser_page.click("text=Retry" if pattern != FAILURES[0][0] else ".tl-run")
        told = "says => document.querySelector('.tl-trouble')?.innerText.includes(says)"
        browser_page.wait_for_function(told, arg=says)
        assert time.monotonic() - answered[0] < within(10)  # and not when nothing has arrived for 45 seconds
        assert browser_page.inner_html(".tl-stage > figure >> nth=0") == static
        assert browser_page.text_content(".tl-command code >> nth=0") == "python -m demos neuron"
        browser_page.context.unroute(pattern)
    browser_page.click("text=Retry")
    wait_for(browser_page, "ready")


def test_offline_is_told_and_the_static_picture_stays(browser_page, site_url):
    browser_page.goto(site_url + NEURON)
    browser_page.click("details.tl-code > summary")
    browser_page.click(".tl-edit")  # live.js is there, Python is not
    browser_page.wait_for_selector(".tl-source")
    browser_page.context.set_offline(True)
    browser_page.click(".tl-run")
    assert "This computer is offline" in trouble(browser_page)
    assert browser_page.locator(".tl-stage svg").count() >= 2


def test_stop_while_loading_stops_the_loading_and_run_starts_over_and_tells_its_progress_in_bytes(
    browser_page, site_url
):
    held = []
    # Held back until the page has told how far it is without it; the first time, it is never answered.
    browser_page.context.route(WASM, lambda route: held.append(route))
    browser_page.goto(site_url + NEURON)
    browser_page.click(".tl-run")
    browser_page.wait_for_selector(f"{SECTION}[data-state=loading]")
    browser_page.click("text=Stop")
    assert trouble(browser_page).startswith("Stopped.")
    browser_page.click(".tl-run")
    browser_page.wait_for_function(
        "/Loading Python: [\\d.]+ of about \\d+ MB/.test(document.querySelector('.tl-mark')?.textContent)"
    )
    assert float(browser_page.get_attribute(".tl-demo progress", "max")) > 16_000_000
    held.pop().continue_()
    wait_for(browser_page, "ready")
    assert not browser_page.is_visible(".tl-demo progress")


# --- for everybody --------------------------------------------------------------------------------------------


def test_the_keyboard_runs_the_demo_and_moves_its_sliders(tab, site_url):
    walk(tab, site_url, NEURON)
    tab.focus(".tl-run")
    tab.keyboard.press("Enter")
    wait_for(tab, "ready")
    tab.focus(slider("bias"))
    for _ in range(10):
        tab.keyboard.press("ArrowRight")
    outcome_of(tab, "bias -0.5 ")


def test_every_control_has_a_name_and_an_explanation_for_a_screen_reader(neuron):
    for name, role in (
        ("weight of input 1", "slider"),
        ("weight of input 1", "spinbutton"),
        ("activation", "combobox"),
    ):
        assert neuron.get_by_role(role, name=name, exact=True).count() == 1
    described = "box => document.getElementById(box.getAttribute('aria-describedby').split(' ')[0]).textContent"
    assert neuron.eval_on_selector(box("bias"), described) == "moves the line without turning it"
    assert neuron.get_attribute(".tl-told", "role") == "status"
    assert neuron.get_attribute(".tl-picture >> nth=0", "role") == "img"
    assert "Output over the plane" in neuron.get_attribute(".tl-picture >> nth=0", "aria-label")


def test_a_live_chart_follows_light_and_dark_without_a_new_run(neuron):
    color = "text => getComputedStyle(text).fill"
    colors = []
    for scheme in ("light", "dark"):
        neuron.emulate_media(color_scheme=scheme)
        neuron.wait_for_selector(f"body[data-md-color-scheme={'slate' if scheme == 'dark' else 'default'}]")
        colors.append(neuron.eval_on_selector(".tl-stage svg text", color))
    neuron.emulate_media(color_scheme="light")
    assert colors[0] != colors[1]


@pytest.mark.parametrize("width", [360, 1280])
def test_a_live_demo_fits_the_screen(tab, site_url, width):
    tab.set_viewport_size({"width": width, "height": 800})
    walk(tab, site_url, DESCENT)
    run(tab)
    tab.click("details.tl-code > summary")
    tab.click(".tl-edit")
    tab.wait_for_selector(".tl-source")
    assert tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_the_home_page_has_a_demo_that_runs_with_as_many_pictures_as_it_shows(tab, site_url):
    walk(tab, site_url, "")
    static = tab.locator(".tl-stage > figure").count()
    run(tab)
    assert tab.locator(".tl-stage > figure").count() == static


def test_the_scripts_of_live_demos_name_no_other_host():
    scripts = [path for path in page_scripts() if path.suffix in (".js", ".py")]
    assert {"live.js", "worker.js", "bridge.py"} <= {script.name for script in scripts}
    for script in scripts:
        text = re.sub(r"http://www\.w3\.org/\d{4}/\w+", "", script.read_text(encoding="utf-8"))  # names, no addresses
        assert not re.search(r"https?://", text), script.name


# --- the language model that was trained for the site --------------------------------------------------------------


def test_a_trained_transformer_reads_a_prompt_and_writes_on(tab, site_url):
    walk(tab, site_url, "terms/large-language-model/")
    as_built = tab.inner_text(f"{SECTION} .tl-pieces")
    run(tab)
    assert tab.inner_text(f"{SECTION} .tl-pieces") == as_built  # pieces, and under each its bits of surprise
    titles = tab.locator(f"{SECTION} >> nth=0 >> figcaption").all_text_contents()
    assert len([title for title in titles if "head" in title]) == 4
    tab.fill("[data-name=text] textarea", "The softmax of the scores")
    outcome_of(tab, "After your text the model expects")
    tab.wait_for_function("() => document.querySelector('.tl-pieces').textContent.includes('scores')")
    before = tab.inner_text(f"{SECTION} .tl-pieces")
    drag(tab, "temperature", 2)
    drag(tab, "top_p", 1)
    assert tab.inner_text(f"{SECTION} .tl-pieces") != before


BELOW = """demo => {
  const box = selector => demo.querySelector(selector).getBoundingClientRect();
  return box(".tl-outcome").top >= box(".tl-main").bottom - 1;
}"""


@pytest.mark.parametrize("width", [390, 1280])
def test_a_recorded_run_alone_has_its_sentence_below_its_picture_and_its_questions_as_marked_folds(
    tab, site_url, width
):
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(site_url + "terms/pretraining/")
    recorded = tab.locator("#try")
    assert recorded.locator(".tl-run").count() == 0
    assert recorded.evaluate(BELOW)
    fold = recorded.locator(".tl-experiment summary").first
    assert fold.evaluate("fold => getComputedStyle(fold).listStyleType") == "disclosure-closed"
    fold.click()
    assert recorded.locator(".tl-because").first.is_visible()
    assert fold.evaluate("fold => getComputedStyle(fold).listStyleType") == "disclosure-open"


def test_a_recorded_run_stays_as_it_is_beside_a_live_demo(tab, site_url):
    walk(tab, site_url, "terms/large-language-model/")
    recorded = tab.locator("#try-2")
    assert "Recorded run: python" in recorded.inner_text()
    assert "torch" in recorded.inner_text()
    assert recorded.locator(".tl-run").count() == 0
