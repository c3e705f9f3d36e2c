"""A long formula in a line is cut into pieces, between which a browser may break the line."""

import re
from html import unescape
from xml.etree import ElementTree

import pytest

from generator.text.markdown import parts
from generator.text.mathml import LONGEST_PIECE, formula, latex_of, mathml
from tests.generator.conftest import ours


def read(text):
    """What a reader sees of some HTML."""
    return unescape(re.sub(r"<[^>]*>", "", text))


def pieces(math):
    found = re.findall(r'<span class="tl-math">(.*?)</span>', formula(math))
    assert "".join(f'<span class="tl-math">{piece}</span>' for piece in found) == formula(math)
    return found


@pytest.mark.parametrize(
    ("math", "expected"),
    [
        ("$a + b = c$", ["a+b=c"]),
        (r"$784 \cdot 100 + 100 = 79{,}510$", ["784·100+100=", "79,510"]),
        (r"$2 \cdot (1 - 0.9575^2) \approx -0.17$", ["2·(1−0.95752)≈", "−0.17"]),
        (r"$1000 + 1000 + 1000 + 1000 = x$", ["1000+", "1000+", "1000+", "1000=", "x"]),
        (r"$p(x_i \mid x_1, \dots, x_{i-1})$", ["p(xi∣x1,", "…,xi−1)"]),
    ],
)
def test_it_is_cut_after_relations_and_where_that_is_not_enough_after_signs_between_operands(math, expected):
    assert [read(piece) for piece in pieces(math)] == expected


@pytest.mark.parametrize(
    "math",
    [
        r"$\frac{1000 + 1000 + 1000 + 1000}{x}$",
        r"$x_{1000 + 1000 + 1000 + 1000}$",
        r"$\left(\frac{1}{1000} + 1000 + 1000 + 1000\right)$",
        r"$\sqrt{1000 + 1000 + 1000 + 1000}$",
    ],
)
def test_a_fraction_an_index_a_root_and_brackets_that_grow_stay_whole(math):
    assert len(pieces(math)) == 1


def test_a_sign_at_the_end_of_a_piece_keeps_the_space_after_it():
    (first, _) = pieces(r"$784 \cdot 100 + 100 = 79{,}510$")
    assert first.endswith('<mo form="infix">=</mo></mrow></math>')


def test_a_formula_on_a_line_of_its_own_stays_whole_and_takes_the_focus():
    block = formula(r"$$1000 + 1000 + 1000 + 1000 = x$$")
    assert block.count("<math") == 1
    assert 'tabindex="0"' in block


def test_no_formula_of_the_glossary_loses_anything_or_is_left_with_a_long_piece():
    texts = [
        text
        for term in ours().glossary.terms.values()
        for text in (term.explanation, *term.examples, *(each.answer for each in term.faq))
    ]
    formulas = [part for text in texts for kind, part in parts(text) if kind == "math" and not part.startswith("$$")]
    assert len(formulas) > 100
    cut = [math for math in formulas if len(pieces(math)) > 1]
    assert cut
    for math in formulas:
        assert "".join(map(read, pieces(math))) == read(mathml(latex_of(math)[0]))
        assert max(len(read(piece)) for piece in pieces(math)) <= LONGEST_PIECE, math
        for piece in pieces(math):
            ElementTree.fromstring(piece)
