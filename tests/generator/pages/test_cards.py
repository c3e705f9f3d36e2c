"""Share cards: one for each page, of the size that is asked for, with all words on it."""

import struct
import xml.etree.ElementTree as ET

import pytest

from generator.config import Site
from generator.model.entries import Term
from generator.pages.cards import HEIGHT, MARGIN, WIDTH, Card, cards, has_card, place, png, svg
from tests.generator.conftest import a_comparison, a_glossary, a_path, a_term, lessons_for
from tests.generator.pages.conftest import DEMOS, SITE, TERMS

DRAWING = (
    '<figure class="tl-figure tl-chart"><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 440 300" class="tl-svg"'
    ' style="width:100%"><path d="M0 0L440 300" stroke="var(--tl-1)"/></svg></figure>'
)
NS = "{http://www.w3.org/2000/svg}"


def words(card):
    return [text.text for text in ET.fromstring(svg(card)).iter(f"{NS}text")]


def glossary():
    return a_glossary(*TERMS, a_comparison(), a_path("neuron", "gradient"), demos=DEMOS)


def test_a_card_is_an_image_of_the_size_that_is_asked_for():
    image = png(Card("Neuron", "A neuron is a thing.", "Basics", DRAWING))
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", image[16:24]) == (1200, 630)
    assert image != png(Card("Neuron", "A neuron is a thing.", "Basics"))


def test_a_card_shows_title_definition_and_drawing_in_colors_that_need_no_page():
    card = Card("Neuron", "A neuron is a thing.", "Basics · beginner", DRAWING)
    assert words(card) == ["Termlab", "Neuron", "A neuron is a thing.", "Basics · beginner"]
    assert "var(" not in svg(card)
    inner = ET.fromstring(svg(card)).find(f"{NS}svg")
    assert (inner.attrib["viewBox"], inner.attrib["preserveAspectRatio"]) == ("0 0 440 300", "xMidYMid meet")
    assert float(inner.attrib["x"]) + float(inner.attrib["width"]) <= WIDTH


@pytest.mark.parametrize(
    "title",
    ["A", "Retrieval-Augmented Generation", "Pneumonoultramicroscopicsilicovolcanoconiosis", "W" * 60,
     "long words " * 9, "A <b> & \"C\" > 'd'", "λ, é and 中文"],
)  # fmt: skip
@pytest.mark.parametrize("picture", ["", DRAWING])
def test_any_title_fits_and_is_only_a_text(title, picture):
    root = ET.fromstring(svg(Card(title, "It says " + "something " * 60, "Basics", picture)))
    lines = list(root.iter(f"{NS}text"))
    assert "".join("".join(line.text for line in lines[1:4]).split()).startswith("".join(title.split())[:9])
    assert all(MARGIN <= float(line.attrib["y"]) < HEIGHT for line in lines)
    said = [line for line in lines if line.attrib["font-size"] == "27.0"]
    assert said[-1].text.endswith("…")
    assert max(float(line.attrib["y"]) for line in said) < HEIGHT - MARGIN - 20


def test_every_page_has_a_card_of_its_own(files):
    there = glossary()
    assert {path for path in files if path.endswith(".md")} == has_card(there)
    made = cards(there, lessons_for(there), SITE, "1")
    assert set(made) == {place(path) for path in has_card(there)}
    for path in has_card(there):
        assert f"card: {place(path)}\n" in files[path]


def test_a_page_without_a_card_uses_that_of_the_home_page(monkeypatch):
    from generator.pages.page import Pages

    monkeypatch.setattr(Pages, "with_cards", frozenset({"index.md"}))
    there = glossary()
    pages = Pages(there, lessons_for(there), SITE)
    text = pages.page("pages.md.j2", "new/index.md", title="New", lead="Lead.", description="New.", cards=[])
    assert "card: assets/cards/index.png\n" in text


def test_a_site_without_an_address_has_no_cards_since_nobody_could_ask_for_them():
    there = glossary()
    assert cards(there, lessons_for(there), Site("http://127.0.0.1:8000/", is_published=False), "1") == {}


def keys(*terms, shown=DRAWING, program="1"):
    there = a_glossary(*terms)
    lessons = lessons_for(there)
    for lesson in lessons.shown.values():
        object.__setattr__(lesson, "pictures", ("<p>Sizes</p>", shown))
    return {path: page.key for path, page in cards(there, lessons, SITE, program).items()}


def changed(before, after):
    return {path for path in before if before[path] != after[path]}


def test_a_card_is_drawn_anew_when_something_on_it_changes_and_only_then():
    neuron, adam = a_term("Neuron"), a_term("Adam")
    before = keys(neuron, adam)
    assert changed(before, keys(a_term("Neuron", explanation=neuron.explanation + " More."), adam)) == set()
    assert changed(before, keys(neuron, a_term("Adam", definition="Adam is another."))) == {place("terms/adam.md")}
    pictures = {place("terms/neuron.md"), place("terms/adam.md"), place("index.md")}
    assert (
        changed(before, keys(neuron, adam, shown=DRAWING.replace("300L", "299L").replace("L440", "L439"))) == pictures
    )
    assert changed(before, keys(neuron, adam, program="2")) == set(before)


def test_a_card_of_a_term_shows_the_first_thing_that_is_drawn():
    neuron = a_term("Neuron")
    assert isinstance(neuron, Term)
    there = a_glossary(neuron)
    lessons = lessons_for(there)
    for lesson in lessons.shown.values():
        object.__setattr__(lesson, "pictures", ("<p>Sizes</p>", DRAWING))
    image = cards(there, lessons, SITE, "1")[place("terms/neuron.md")].make()
    category = there.categories["basics"].title
    assert image == png(Card("Neuron", neuron.definition, f"{category} · beginner", DRAWING))
