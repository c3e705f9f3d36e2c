"""What the Markdown parser is spared comes back where it stood, or the page is converted as it is."""

import pytest

from generator.output.shortcut import CLOSE, OPEN, Unsafe, restore, set_aside
from tests.generator.conftest import as_html

FORMULA = '<span class="tl-math"><math display="inline"><mi>x</mi></math></span>'
BLOCK = '<section class="a"><svg><g><path d="M0 0"/></g></svg>\n<table><tr><td>*1*</td></tr></table></section>'
FENCE = "```python\nx = 1\n\n<b>\n```"

HARMLESS = {
    "a block": f"# A\n\n{BLOCK}\n\nText.\n",
    "two blocks": f"{BLOCK}\n\n{BLOCK}\n\n- a\n- b\n",
    "two elements in a chunk": "A.\n\n<p>one</p>\n<p>two</p>\n\nB.\n",
    "a formula in a line, in bold, in a list": f"A {FORMULA}, **b{FORMULA}**.\n\n- {FORMULA} c\n\n    {FORMULA}\n",
    "a formula alone": f"A.\n\n{FORMULA}\n\nB.\n",
    "a formula in a table": f"A.\n\n| a | b |\n|---|---|\n| {FORMULA} | **x** {FORMULA} |\n",
    "code": f"A.\n\n{FENCE}\n\nB.\n",
    "code in an element": f'<details markdown="1"><summary>S</summary>\n\n{FENCE}\n\n</details>\n\nB {FORMULA}.\n',
    "blocks in an element": f'A.\n\n<div markdown="1">\n\n{BLOCK}\n\nB {FORMULA}\n\n</div>\n\n{BLOCK}\n',
    "a formula in a heading": f"## A {FORMULA}\n\nB.\n",
    "an element over several chunks": f"<div>\n\n<p>one</p>\n\n</div>\n\n{BLOCK}\n",
    "an element that does not end": "<section>\n\nA.\n",
}


def converted(text):
    """As the engine does it -> the HTML, and whether it was spared anything."""
    short, pieces = set_aside(text, as_html)
    try:
        return restore(as_html(short), pieces), bool(pieces)
    except Unsafe:
        return as_html(text), False


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_the_same_html_comes_out(text):
    assert converted(text)[0] == as_html(text)


def test_the_parser_is_spared_drawings_tables_formulas_and_code():
    text = f"A {FORMULA}.\n\n{BLOCK}\n\n{FENCE}\n"
    short, pieces = set_aside(text, as_html)
    assert "<" not in short
    assert len(pieces) == 3
    assert converted(text)[1]


HARMFUL = {
    "in code": f"A.\n\n`{FORMULA}`\n",
    "in indented code": f"A.\n\n    {FORMULA}\n",
    "in the title of a link": f"[a](https://example.org '{FORMULA}')\n",
    "in a heading by underlining": f"A {FORMULA}\n---\n\nB.\n",
    "a fence in raw HTML": f"<div>\n\n{FENCE}\n\n</div>\n",
    "a fence in a longer fence": f"A.\n\n````markdown\nB\n\n{FENCE}\n\n````\n",
    "a block in a fence": f"A.\n\n~~~html\n\n{BLOCK}\n\n~~~\n",
}


@pytest.mark.parametrize("text", HARMFUL.values(), ids=HARMFUL)
def test_what_is_no_html_where_it_stands_does_not_become_any(text):
    assert converted(text)[0] == as_html(text)


def test_a_text_with_the_marks_in_it_is_left_as_it_is():
    text = f"A {OPEN}0{CLOSE} {FORMULA}\n"
    assert set_aside(text, as_html) == (text, [])


def test_a_mark_that_gets_lost_is_noticed():
    _, pieces = set_aside(f"A {FORMULA} and {FORMULA}\n", as_html)
    with pytest.raises(Unsafe):
        restore(f"<p>A {OPEN}0{CLOSE}</p>", pieces)
