"""Formulas look as LaTeX means them: which characters they show, and where what stands."""

import os

import pytest

from tests.site.conftest import ROOT, Served, build
from tests.site.formulas import FORMULAS, project_of_formulas

pytestmark = pytest.mark.browser

# Of a formula: the places of its parts by tag, what they say, and some of their styles.
MEASURE = """math => {
  const seen = part => {
    const {left, right, top, bottom} = part.getBoundingClientRect(), style = getComputedStyle(part);
    const border = side => parseFloat(style[`border${side}Width`]);
    const [above, after, below, before] = ["Top", "Right", "Bottom", "Left"].map(border);
    return {
      tag: part.localName, text: part.textContent, left, right, top, bottom, above, after, below, before,
      weight: Number(style.fontWeight), slant: style.fontStyle, family: style.fontFamily, case: style.textTransform,
      em: parseFloat(style.fontSize),
    };
  };
  return [math, ...math.querySelectorAll("*")].map(seen);
}"""


@pytest.fixture(scope="module")
def formulas(tmp_path_factory, browser):
    """What a browser shows of each formula, and of the one in a line under the name of no formula."""
    project = project_of_formulas(tmp_path_factory.mktemp("formulas"))
    served = Served(project / "build" / "site")
    done = build(project, served.url, PYTHONPATH=os.pathsep.join([str(project), str(ROOT)]))
    assert done.returncode == 0, done.stdout + done.stderr
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(served.url + "terms/neuron/")
    blocks = page.query_selector_all(".tl-math-block math")
    assert len(blocks) == len(FORMULAS)
    yield {
        "": page.query_selector(".tl-math:not(.tl-math-block) math").evaluate(MEASURE),
        **{name: block.evaluate(MEASURE) for name, block in zip(FORMULAS, blocks, strict=True)},
    }
    page.close()
    served.stop()


def parts(formula, tag, text=None):
    return [part for part in formula if part["tag"] == tag and text in (None, part["text"])]


def part(formula, tag, text=None):
    (found,) = parts(formula, tag, text)
    return found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a bold italic letter", "𝒙"), ("a bold Greek letter", "𝛉"), ("bold letters", "𝐖𝐱"),
        ("bold digits and signs", "𝟏+𝟐"), ("a double-struck one", "𝟙"), ("double-struck letters", "ℝ𝔼"),
        ("script letters", "ℒℬ𝓍"), ("fraktur letters", "𝔤ℭ"), ("monospaced letters", "𝚊𝚋"),
        ("a tilde", "a∼b"), ("brackets and signs", "⟨x⟩±⌊y⌋⟺z"), ("a name with a hyphen", "top-k(x)"),
        ("braces in a text", "a\u00a0b\u00a0c"), ("mathematics in a text", "if\u00a0x>0,\u00a0then\u00a0b"),
        ("a sign that is struck out", "a∉b≠c"), ("a limit below", "arg\u2009maxxf"),
        ("a limit below a known name", "arg\u2009maxxf"), ("a limit below two names", "arg\u2009maxxf"),
    ],
)  # fmt: skip
def test_characters_are_those_that_all_browsers_have(formulas, name, text):
    assert formulas[name][0]["text"] == text


def test_text_is_bold_italic_or_typed(formulas):
    plain, bold, italic, typed = (
        part(formulas[f"{kind} text"], "mtext") for kind in ("plain", "bold", "italic", "typed")
    )
    assert (plain["weight"], bold["weight"], italic["weight"]) == (400, 700, 400)
    assert bold["right"] - bold["left"] > plain["right"] - plain["left"]
    assert (plain["slant"], italic["slant"]) == ("normal", "italic")
    assert typed["family"] == "monospace" != plain["family"]


@pytest.mark.parametrize(("name", "letter"), [("an upright T", "T"), ("an upright d", "d")])
def test_an_upright_letter_is_not_drawn_as_an_italic_one(formulas, name, letter):
    upright, italic = parts(formulas[name], "mi", letter)
    assert upright["case"] == "none" != italic["case"]


def test_an_upright_word_is_one_word(formulas):
    assert part(formulas["an upright word"], "mi", "KL")["case"] in ("none", "math-auto")  # which leaves words upright


def test_a_relation_has_space_on_both_sides_like_the_sign_of_equality(formulas):
    def space(formula):
        a, b = part(formula, "mi", "a"), part(formula, "mi", "b")
        return b["left"] - a["right"]

    tilde, equal = formulas["a tilde"], formulas["an equality"]
    sign = part(tilde, "mo", "∼")
    assert space(tilde) > 0.5 * sign["em"]
    assert abs(space(tilde) - space(equal)) < 0.3 * sign["em"]


def test_cases_start_at_the_left(formulas):
    cells = parts(formulas["cases"], "mtd")
    first = [part(formulas["cases"], "mi", "f"), *parts(formulas["cases"], "mi", "x")]
    zero = parts(formulas["cases"], "mn", "0")[-1]
    assert len(cells) == 4
    assert first[1]["left"] == pytest.approx(zero["left"], abs=1)  # and not in the middle of x + y
    otherwise = part(formulas["cases"], "mtext", "otherwise")
    assert first[2]["left"] == pytest.approx(otherwise["left"], abs=1)


def test_lines_are_aligned_at_their_sign(formulas):
    first, second = parts(formulas["aligned lines"], "mo", "=")
    assert first["left"] == pytest.approx(second["left"], abs=0.5)
    assert first["bottom"] <= second["top"]
    a, z = part(formulas["aligned lines"], "mi", "a"), part(formulas["aligned lines"], "mi", "z")
    assert a["right"] == pytest.approx(z["right"], abs=1)
    assert first["left"] - a["right"] < first["em"]


def test_columns_are_aligned_and_divided_by_lines(formulas):
    array = formulas["columns"]
    cells = parts(array, "mtd")
    assert part(array, "mi", "a")["left"] == pytest.approx(part(array, "mi", "x")["left"], abs=1)
    assert part(array, "mi", "c")["right"] == pytest.approx(parts(array, "mi", "d")[1]["right"], abs=1.5)
    assert [cell["after"] > 0 for cell in cells] == [False, True, False] * 2
    assert [cell["below"] > 0 for cell in cells] == [True] * 3 + [False] * 3


def test_a_box_has_a_border_around_what_is_in_it(formulas):
    box = next(one for one in parts(formulas["a box"], "mrow") if one["above"])
    assert all(box[side] > 0 for side in ("above", "after", "below", "before"))
    x, y = part(formulas["a box"], "mi", "x"), part(formulas["a box"], "mi", "y")
    assert box["left"] < x["left"] < y["right"] < box["right"]
    assert box["top"] < x["top"] < x["bottom"] < box["bottom"]


@pytest.mark.parametrize(("name", "side"), [("a bar over three", "above"), ("a bar under three", "below")])
def test_a_bar_is_as_long_as_what_it_is_over(formulas, name, side):
    bar = next(one for one in parts(formulas[name], "mrow") if one["above"] or one["below"])
    assert [one for one in ("above", "after", "below", "before") if bar[one] > 0] == [side]
    letters = [part(formulas[name], "mi", letter) for letter in "xyz"]
    assert bar["left"] <= letters[0]["left"] + 0.5
    assert bar["right"] >= letters[2]["right"] - 0.5


def test_a_negative_space_brings_letters_closer(formulas):
    def apart(name):
        a, b = part(formulas[name], "mi", "a"), part(formulas[name], "mi", "b")
        return (b["left"] - a["right"]) / a["em"]

    assert apart("two letters closer") == pytest.approx(apart("two letters") - 0.167, abs=0.03)
    assert apart("a space of minus an em") == pytest.approx(apart("two letters") - 1, abs=0.03)


@pytest.mark.parametrize("name", ["a limit below", "a limit below a known name", "a limit below two names"])
def test_a_limit_stands_below_its_operator_and_beside_it_in_a_line(formulas, name):
    operator, under = part(formulas[name], "mo"), part(formulas[name], "mi", "x")
    assert under["top"] >= operator["bottom"] - 0.2 * operator["em"]
    assert operator["left"] < under["left"] < under["right"] < operator["right"]
    operator, beside = part(formulas[""], "mo"), part(formulas[""], "mi", "x")
    assert beside["left"] >= operator["right"] - 1


def test_the_limits_of_a_sum_stand_below_and_above(formulas):
    sign, below, above = (part(formulas["a sum"], *which) for which in (("mo", "∑"), ("mn", "1"), ("mi", "n")))
    assert above["bottom"] <= sign["top"] + 0.3 * sign["em"]
    assert below["top"] >= sign["bottom"] - 0.3 * sign["em"]


def test_an_arrow_stands_over_its_letter(formulas):
    arrow, letter = part(formulas["an arrow over a letter"], "mo"), part(formulas["an arrow over a letter"], "mi")
    assert arrow["bottom"] <= letter["bottom"]
    over, name = (part(formulas["an arrow with a letter over it"], *one) for one in (("mo", "→"), ("mi", "f")))
    assert over["left"] < (name["left"] + name["right"]) / 2 < over["right"]
    assert name["top"] < over["top"]
