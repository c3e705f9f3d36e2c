"""Points that are dragged and a small drawing, in a real browser: on the picture, in the table, in a link."""

import os

import pytest

from tests.site.conftest import ROOT, SECTION, Served, build, fresh, settled, small_project, wait_for

pytestmark = pytest.mark.browser

FIELD = '''\
"""Field: two herds on a plane.

Source: made up for these tests.
"""

from collections.abc import Sequence
from typing import Annotated

from demos import Heatmap, Pixels, Points, Range, Result, cloud


def demo(
    *,
    size: Annotated[int, Range(1, 9)] = 2,
    own_points: Annotated[
        Sequence[tuple[float, float, int]], Points(x=(-2, 2), y=(-1, 1), most=5, groups=2, label="your own points")
    ] = (),
    drawing: Annotated[Sequence[Sequence[float]], Pixels(2, 3)] = (),
) -> Result:
    """Drag a point.

    size: how big they are
    own_points: where they stand, and to which herd they belong
    drawing: what is drawn on them
    """
    points = own_points or ((-1, 0.5, 0), (1, -0.5, 0), (0.5, 0.25, 1))
    places = [-1.9 + 0.2 * i for i in range(20)], [-0.95 + 0.1 * i for i in range(20)]
    plane = Heatmap("The field", [[x * y for x in places[0]] for y in places[1]], *places, "x", "y")
    herds = [cloud(f"herd {k}", [(x, y) for x, y, herd in points if herd == k]) for k in (0, 1)]
    said = "; ".join(f"{x:g} {y:g} {herd}" for x, y, herd in points)
    ink = sum(map(sum, drawing))
    return Result(f"Points: {said}. Ink: {ink:.2f}.", {"points": len(points), "ink": ink}, [plane + herds])
'''
OWN = "-1 0.5 0; 1 -0.5 0; 0.5 0.25 1"
BOX = '[name="own_points"]'
FOLD = '[data-name="own_points"] .tl-hand'
CLICK = f"{FOLD} > select"
HANDLES = ".tl-handles circle"


@pytest.fixture(scope="module")
def field_url(tmp_path_factory):
    project = small_project(tmp_path_factory.mktemp("field"))
    (project / "demos" / "tiny.py").write_text(FIELD, encoding="utf-8")
    place = Served(project / "build" / "site")
    done = build(project, place.url, PYTHONPATH=os.pathsep.join([str(project), str(ROOT)]))
    assert done.returncode == 0, done.stdout + done.stderr
    yield place.url + "terms/neuron/"
    place.stop()


@pytest.fixture(scope="module")
def tab(browser, field_url):
    """One page for all these tests, in which Python runs already; an error in it fails them."""
    with fresh(browser) as page:
        page.goto(field_url)
        page.click(".tl-run")
        wait_for(page, "ready")
        yield page


@pytest.fixture
def field(tab):
    """The page at its own settings, the fold of the points open."""
    tab.click(".tl-reset")
    says(tab, OWN)
    if tab.get_attribute(FOLD, "open") is None:
        tab.click(f"{FOLD} summary")
    tab.wait_for_selector(HANDLES)
    tab.select_option(CLICK, label="adds to group 0")
    tab.evaluate("document.querySelector('.tl-main').scrollIntoView({block: 'center'})")  # not under the bar on top
    settled(tab)
    return tab


def says(page, words):
    """Waits until the sentence under the picture does."""
    page.wait_for_function("words => document.querySelector('.tl-outcome').textContent.includes(words)", arg=words)


def spot(page, x, y):
    """Where a point of the plane lies on the screen."""
    return page.evaluate(
        """([x, y]) => {
             const drawing = document.querySelector(".tl-main .tl-svg");
             const [left, top, width, height, x0, x1, y0, y1] = drawing.dataset.plot.split(" ").map(Number);
             const place = new DOMPoint(left + width * (x - x0) / (x1 - x0), top + height * (y1 - y) / (y1 - y0));
             const {x: across, y: down} = place.matrixTransform(drawing.getScreenCTM());
             return [across, down];
           }""",
        [x, y],
    )


def move(page, start, *places):
    page.mouse.move(*spot(page, *start))
    page.mouse.down()
    for place in places:
        page.mouse.move(*spot(page, *place), steps=4)
    page.mouse.up()


def value(page):
    return page.input_value(BOX)


def near(text):
    """A text of points as rows of numbers that may be off by a pixel."""
    return [pytest.approx([float(part) for part in word.split(",")], abs=0.03) for word in text.split()]


def points(page):
    return [[float(part) for part in word.split(",")] for word in value(page).split()]


# --- on the picture -------------------------------------------------------------------------------------------


def test_a_point_that_the_picture_shows_is_dragged_and_the_others_stay(field):
    assert (value(field), field.locator(HANDLES).count()) == ("", 3)
    move(field, (1, -0.5), (0.2, 0.4), (0, 0.75))
    assert points(field) == near("-1,0.5,0 0,0.75,0 0.5,0.25,1")
    says(field, value(field).split()[1].replace(",", " "))
    assert field.locator(HANDLES).count() == 3


def test_a_drag_out_of_the_picture_ends_at_its_bounds(field):
    move(field, (-1, 0.5), (-2.5, 0.5))
    assert points(field)[0] == pytest.approx([-2, 0.5, 0], abs=0.03)
    assert value(field).startswith("-2,")


def test_a_click_adds_a_point_to_the_chosen_group_or_removes_one(field):
    field.select_option(CLICK, label="adds to group 1")
    field.mouse.click(*spot(field, -1.5, -0.75))
    assert points(field) == near("-1,0.5,0 1,-0.5,0 0.5,0.25,1 -1.5,-0.75,1")
    says(field, value(field).split()[3].replace(",", " "))
    field.select_option(CLICK, label="removes a point")
    field.mouse.click(*spot(field, 1, -0.5))
    assert points(field) == near("-1,0.5,0 0.5,0.25,1 -1.5,-0.75,1")
    field.mouse.click(*spot(field, 1.5, 0.5))  # where no point is
    assert len(points(field)) == 3


def test_a_point_too_many_is_refused_with_a_sentence(field):
    for x in (-1.5, 0, 1.5):
        field.mouse.click(*spot(field, x, -0.8))
    assert len(points(field)) == 5
    assert field.inner_text("[data-name=own_points] .tl-wrong") == "At most 5 points, please, not 6."
    says(field, "; ".join(word.replace(",", " ") for word in value(field).split()))


def test_without_the_fold_the_picture_is_no_trap(field):
    field.click(f"{FOLD} summary")
    field.wait_for_selector(".tl-handles", state="detached")


def test_a_finger_drags_a_point_and_the_page_does_not_scroll(browser, field_url):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(field_url)
    page.tap(f"{FOLD} summary")
    page.wait_for_selector(HANDLES)
    page.evaluate("document.querySelector('.tl-main').scrollIntoView({block: 'center'})")
    settled(page)
    before = page.evaluate("scrollY")
    finger = context.new_cdp_session(page)

    def touch(kind, *place):
        at = [dict(zip("xy", spot(page, *place), strict=True))] if place else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    touch("touchStart", 0.5, 0.25)
    for y in (0.1, 0, -0.4, -0.75):
        touch("touchMove", 0.5, y)
    touch("touchEnd")
    assert points(page) == near("-1,0.5,0 1,-0.5,0 0.5,-0.75,1")
    assert page.evaluate("scrollY") == before
    says(page, "0.5 -0.7")  # Python is loaded for it
    context.close()


# --- in the table and in the box ------------------------------------------------------------------------------


def test_the_table_sets_adds_and_removes_points_by_the_keyboard(field):
    field.get_by_role("button", name="Take those shown").focus()
    field.keyboard.press("Enter")
    assert points(field) == near(OWN.replace(" ", ",").replace(";,", " "))
    cell = field.get_by_label("y of point 2")
    cell.fill("0.3")
    field.get_by_label("group of point 2").select_option("1")
    assert value(field).split()[1].endswith(",0.3,1")
    says(field, "0.3 1")
    field.get_by_role("button", name="Remove point 1").focus()
    field.keyboard.press("Enter")
    assert len(points(field)) == 2
    field.get_by_role("button", name="Add a point").focus()
    field.keyboard.press("Enter")
    assert field.evaluate("document.activeElement.ariaLabel") == "x of point 3"
    field.keyboard.press("ControlOrMeta+a")
    field.keyboard.type("-1.25")
    assert value(field).split()[2] == "-1.25,0,0"
    says(field, "-1.25 0 0")
    field.get_by_role("button", name="Give back").click()
    says(field, OWN)
    assert field.locator(HANDLES).count() == 3


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0,0,0 3,0,1", "Point 2: x is 3, and must be a number from -2 to 2."),
        ("0,0,0 1,x,1", "Point 2: y is x, and must be a number from -1 to 1."),
        ("0,0,7", "Point 1: the group is 7, and must be a whole number from 0 to 1."),
        ("0,0", "Point 1: x, y and group, such as 1,2,0, please."),
        ("0,0,0 " * 6, "At most 5 points, please, not 6."),
    ],
)
def test_what_cannot_be_set_is_told_at_its_place_and_the_picture_stays(field, typed, sentence):
    field.fill(BOX, typed)
    assert field.inner_text("[data-name=own_points] .tl-wrong") == sentence
    assert field.get_attribute(BOX, "aria-invalid") == "true"
    assert OWN in field.inner_text(".tl-outcome")


# --- a drawing ------------------------------------------------------------------------------------------------


def test_a_drawing_is_drawn_rubbed_out_and_written(field):
    fold = '[data-name="drawing"] .tl-hand'
    field.click(f"{fold} summary")
    cells = field.locator(f"{fold} .tl-board > i")
    field.wait_for_selector(f"{fold} .tl-board > i:nth-child(6)")  # the script of the fold fills it
    assert cells.count() == 6
    boxes = [cells.nth(i).bounding_box() for i in range(6)]
    centers = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes]
    field.mouse.move(*centers[0])
    field.mouse.down()
    field.mouse.move(*centers[2], steps=6)
    field.mouse.up()
    assert field.input_value('[name="drawing"]') == "999 000"
    says(field, "Ink: 3.00")
    field.mouse.click(*centers[1])
    assert field.input_value('[name="drawing"]') == "909 000"
    field.fill('[name="drawing"]', "000 00")
    assert field.inner_text("[data-name=drawing] .tl-wrong") == "Row 2: 3 digits from 0 to 9, please."
    field.fill('[name="drawing"]', "000 005")
    says(field, "Ink: 0.56")
    field.get_by_role("button", name="Take those shown").focus()
    field.keyboard.press("Enter")  # from a picture that Python has drawn in the page
    assert points(field) == near(OWN.replace(" ", ",").replace(";,", " "))


# --- in a link ------------------------------------------------------------------------------------------------


def test_a_link_brings_points_and_one_that_is_wrong_says_so(browser_page, field_url):
    page = browser_page
    page.goto(f"{field_url}?own_points=0.5,1,0+-2,-1,1")
    says(page, "Points: 0.5 1 0; -2 -1 1.")
    assert "--own-points='0.5,1,0 -2,-1,1'" in page.text_content(".tl-command")
    page.goto(f"{field_url}?own_points=0.5,9,0+1,1,1&size=3")
    page.wait_for_function("() => document.querySelector('.tl-refused')?.textContent.includes('own_points=0.5,9,0')")
    assert value(page) == ""
    assert page.inner_text(f"{SECTION} .tl-outcome").startswith(f"Points: {OWN}.")
