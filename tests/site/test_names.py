"""What readers type and follow: old names, letters of the alphabet, boxes for text."""

import os

import pytest
from playwright.sync_api import expect

from demos._run.settings import BadSetting, fill
from demos._run.source import read
from tests.generator.conftest import DEMO, entry, write_yaml
from tests.site.conftest import ROOT, Served, build, settled, small_project

pytestmark = pytest.mark.browser

ALSO = ', word: Annotated[str, Text(max_length=4)] = "yes", many: Annotated[int, Range(1, 130257)] = 1'
TYPED = (
    DEMO.replace("import Range, Result, Table", "import Range, Result, Table, Text")
    .replace("False) ->", f"False{ALSO}) ->")
    .replace("whether it shouts\n", "whether it shouts\n    word: what it says\n    many: how often\n")
)
FOUR, FIVE = "😀𝒙é4", "😀😀😀😀😀"  # characters, of which some are two units of UTF-16


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    project = small_project(tmp_path_factory.mktemp("names"))
    aliases = ["Old Name", "β-Cell", "Élő Unit", "3×3", *(f"{letter}ast" for letter in "BCDFGHKLMPV")]
    write_yaml(project / "terms" / "neuron.yml", entry(aliases=aliases, former_slugs=["cell"]))
    (project / "demos" / "tiny.py").write_text(TYPED, encoding="utf-8")
    place = Served(project / "build" / "site")
    done = build(project, place.url, PYTHONPATH=os.pathsep.join([str(project), str(ROOT)]))
    assert done.returncode == 0, done.stdout + done.stderr
    yield place
    place.stop()


@pytest.mark.parametrize("old", ["old-name", "cell", "beta-cell", "elo-unit", "3x3"])
def test_an_old_name_leads_to_the_term_and_takes_settings_and_place_along(served, browser_page, old):
    browser_page.goto(f"{served.url}terms/{old}/?size=3&loud=true#sources")
    browser_page.wait_for_url(f"{served.url}terms/neuron/?size=3&loud=true#sources")
    assert browser_page.evaluate("document.querySelector('#sources').getBoundingClientRect().top < innerHeight")


def test_an_old_name_is_not_in_the_way_back(served, browser_page):
    browser_page.goto(served.url)
    browser_page.goto(f"{served.url}terms/cell/")
    browser_page.wait_for_url(f"{served.url}terms/neuron/")
    settled(browser_page)
    browser_page.evaluate("history.back()")
    browser_page.wait_for_url(served.url)  # back at the old name, the page would lead on to the term again


def test_an_old_name_leads_to_the_term_without_a_script(served, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.url}terms/old-name/")
    page.wait_for_url(f"{served.url}terms/neuron/")
    context.close()


@pytest.mark.parametrize("word", [FOUR, "abcd", ""])
def test_a_text_of_as_many_characters_as_may_be_is_taken_in_the_page_and_in_the_terminal(served, browser_page, word):
    browser_page.goto(f"{served.url}terms/neuron/?size=4")
    box = browser_page.locator("[name=word]")
    box.fill(word)  # whether or not the scripts have come, which set all boxes by the address
    expect(browser_page.locator(".tl-fold .tl-command code")).to_contain_text("--size=4")
    assert box.input_value() == word
    assert browser_page.locator(".tl-text .tl-wrong").inner_text() == ""
    assert fill("tiny", read("tiny", text=TYPED).parameters, {"word": word})["word"] == word


@pytest.mark.parametrize("word", [FIVE, "abcde"])
def test_a_text_of_more_characters_is_told_in_the_page_and_in_the_terminal(served, browser_page, word):
    browser_page.goto(f"{served.url}terms/neuron/?size=4")
    box = browser_page.locator("[name=word]")
    box.fill(word)
    expect(browser_page.locator(".tl-text .tl-wrong")).to_have_text("At most 4 characters, please, and not 5.")
    assert box.get_attribute("aria-invalid") == "true"
    with pytest.raises(BadSetting, match=r"word is '.*', and must have at most 4 characters, not 5"):
        fill("tiny", read("tiny", text=TYPED).parameters, {"word": word})


@pytest.mark.parametrize("width", [320, 1280])
def test_a_box_shows_every_digit_of_the_largest_number(served, browser_page, width):
    browser_page.set_viewport_size({"width": width, "height": 700})
    browser_page.goto(f"{served.url}terms/neuron/")
    box = browser_page.locator("[name=many]")
    box.fill("130257")
    room, needed = box.evaluate("box => [box.clientWidth, box.scrollWidth]")
    assert needed <= room


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_bar_of_letters_leads_to_each_with_the_keyboard_too(served, browser, width, scripts):
    context = browser.new_context(viewport={"width": width, "height": 700}, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{served.url}terms/")
    bar = page.locator(".tl-letters a")
    assert bar.all_inner_texts() == list("#BCDEFGHKLMNOPV")
    for box in (link.bounding_box() for link in bar.all()):
        assert box["width"] >= 24
        assert box["height"] >= 24
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
    bar.get_by_text("P", exact=True).press("Enter")
    page.wait_for_url(f"{served.url}terms/#p")
    heading = page.locator("h2#p").bounding_box()
    assert 0 <= heading["y"] < 700
    context.close()
