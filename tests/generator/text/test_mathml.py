"""LaTeX becomes MathML that can do no harm; what is no LaTeX is told."""

from xml.etree import ElementTree

import pytest

from generator.text.latex import NotShown
from generator.text.mathml import CONVERTED, _converted, _written, formula, mathml
from tests.generator.conftest import ours


@pytest.mark.parametrize(
    ("latex", "inside"),
    [
        ("x_1^2", "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>"),
        (r"\frac{a}{b}", "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>"),
        ("a < b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
        (r"\varphi", "<mi>φ</mi>"),
        (r"\text{a_b | c*}", "<mtext>a&#95;b\xa0&#124;\xa0c&#42;</mtext>"),
        (r"\text{<script>}", "<mtext>&lt;script&gt;</mtext>"),
    ],
)
def test_latex_becomes_mathml_that_markdown_passes_on(latex, inside):
    written = mathml(latex)
    assert written == f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mrow>{inside}</mrow></math>'
    ElementTree.fromstring(written)


@pytest.mark.parametrize(
    ("latex", "message"),
    [
        (r"\foo", r"the command \foo is not known"),
        ("{x", "the braces do not match"),
        ("x}", "the braces do not match"),
        ("", "the formula is empty"),
        ("x^", "nothing stands behind a ^ or a _"),
        ("x_1_2", "two subscripts stand at one letter"),
        ("x^1^2", "two superscripts stand at one letter"),
        (r"\left( x", r"a \left has no \right"),
        (r"\frac{1}", "a fraction, root, bar or index lacks a part"),
        (r"\href{javascript:a}{x}", r"the command \href is not allowed"),
        (r"\style{color:red}{x}", r"the command \style is not allowed"),
        (r"\class{a}{x}", r"the command \class is not allowed"),
        (r"\color{red}x", r"the command \color is not allowed"),
        (r"\colorbox{red}{x}", r"the command \colorbox is not allowed"),
        (r"\rule{9em}{9em}", r"the command \rule is not allowed"),
        (r"\unicode{x202e}", r"the command \unicode is not allowed"),
        (r"\text{&#x202e;}", "the entity &#x202e; is not allowed"),
        (r"\newcommand{\a}{\b\b}\newcommand{\b}{\c\c}\a", r"the command \newcommand is not allowed"),
        (r"\def\a{\b\b}\def\b{\a\a}\a", r"the command \def is not allowed"),
        (r"\hspace{99em}x", "the length 99em is no small number of em"),
        (r"\raise{50em}{x}", r"the length 50em is no small number of em"),
        (r"\hspace{1in}x", "the length 1in is no small number of em"),
        ("{" * 3000 + "x" + "}" * 3000, "it can not be read"),
    ],
)
def test_what_is_no_latex_is_told(latex, message):
    with pytest.raises(NotShown) as told:
        mathml(latex)
    assert str(told.value) == message
    assert told.value.hint


@pytest.mark.parametrize(
    ("latex", "hint"),
    [
        (r"x \label{a}", "take it out: formulas have no numbers here"),
        (r"x \nonumber", "take it out: formulas have no numbers here"),
        (r"by \eqref{a}", "take it out: formulas have no numbers here"),
        (r"\begin{equation}x\end{equation}", "take it out: what stands in it is enough"),
        (r"\begin{equation*}x\end{equation*}", "take it out: what stands in it is enough"),
        (r"\begin{alinged}x\end{alinged}", r"did you mean \begin{aligned}?"),
        (r"\frac{1}{2", "close the brace"),
        (r"\text{a", "close the brace"),
        (r"\frac{1}{2}}", "take the brace out that closes nothing, or open one before it"),
        ("}{", "take the brace out that closes nothing, or open one before it"),
        (r"\left( x \right) \right)", r"take it out, or write \left. where nothing is to be shown"),
        (r"a \middle| b", r"write \mid, or \left and \right around it"),
        (r"\end{matrix}", r"take it out, or write \begin{matrix} before it"),
        (r"\begin{matrix} a \end{pmatrix}", r"write \end{matrix}"),
        (r"\begin{array}{q} a \end{array}", r"write it as in \begin{array}{lcr}"),
        (r"\begin{array} a \end{array}", r"write it as in \begin{array}{lcr}"),
        (r"\begin{aligned} a \\[2pt] b \end{aligned}", "take it out: all lines are equally far apart"),
        (r"\1", r"take it out, or write \backslash for the sign"),
        (r"a \@ b", r"take it out, or write \backslash for the sign"),
        ("a\\", r"take it out, or write \backslash for the sign"),
        (r"\text{a \\ b}", "take it out: a text in a formula has one line"),
        ("x\u0302", r"write it as a command, as in \hat{y}"),
        ("~", "write it or take it out"),
        (r"\mathbb{}", "write it or take it out"),
        (r"\displaystyle", "write it or take it out"),
        (r"\left.\right.", "write it or take it out"),
    ],
)
def test_what_is_no_latex_is_told_with_its_remedy(latex, hint):
    with pytest.raises(NotShown) as told:
        mathml(latex)
    assert told.value.hint == hint


@pytest.mark.parametrize("element", ["a", "script", "annotation-xml", "maction", "img"])
def test_a_formula_is_made_of_mathematics_only_whatever_the_converter_makes(element):
    with pytest.raises(ValueError, match=rf"^the command \\{element} is not allowed$"):
        _written(ElementTree.Element(element))


def test_a_formula_keeps_the_dollar_inside_it():
    assert formula(r"$\$5$").count("&#36;") == 1
    assert 'display="block"' in formula("$$x$$")


def test_every_formula_of_the_real_glossary_is_well_formed():

    latex = [item.latex for term in ours().glossary.terms.values() for item in term.formula]
    assert latex
    for one in latex:
        ElementTree.fromstring(mathml(one, display=True))


SHOWN_ALIKE = (r"x_i", r"\frac{a}{b}", r"\max_a f(a)", r"\text{display=}x", r"\begin{cases} a & b \\ c & d \end{cases}")
SHOWN_OTHERWISE = (r"\sum_i x_i", r"\prod_{i=1}^n x_i", r"\frac{1}{\sum_i x}", r"\mathchoice{a}{b}{c}{d}")


@pytest.mark.parametrize("latex", [*SHOWN_ALIKE, *SHOWN_OTHERWISE])
@pytest.mark.parametrize("first", [True, False])
def test_a_formula_in_a_line_and_on_its_own_is_the_same_whichever_was_converted_first(latex, first, monkeypatch):
    monkeypatch.setattr("generator.text.mathml.CONVERTED", {})
    found = {display: mathml(latex, display=display) for display in (first, not first)}
    assert found == {display: _converted(latex, display) for display in (True, False)}


@pytest.mark.parametrize("latex", SHOWN_ALIKE)
def test_what_looks_the_same_in_both_places_is_converted_once(latex, monkeypatch):
    CONVERTED.pop((latex, True), None)
    mathml(latex)
    monkeypatch.setattr("generator.text.mathml._converted", lambda *_: pytest.fail("converted again"))
    assert 'display="block"' in mathml(latex, display=True)
