"""What the converter writes becomes what all browsers show alike, or is refused with what to write instead."""

import contextlib
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.text.latex import NotShown
from generator.text.mathml import _attribute, mathml
from generator.text.mathml_mended import mended

THIN = '<mspace width="0.167em" />'
BAR = "border-top:0.06em solid;padding-top:0.1em"


def inside(latex):
    return re.sub(r"^<math[^>]*><mrow>|</mrow></math>$", "", mathml(latex))


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        # letters of Unicode for mathvariant
        (r"\boldsymbol{x}", "<mrow><mi>𝒙</mi></mrow>"),
        (r"\bm{\beta}", "<mrow><mi>𝜷</mi></mrow>"),
        (r"\boldsymbol{x12}", "<mrow><mi>𝒙</mi><mn>𝟏𝟐</mn></mrow>"),
        (r"\boldsymbol{+}", '<mrow><mo style="font-weight:bold">+</mo></mrow>'),
        (r"\mathbf{\theta}", "<mrow><mi>𝛉</mi></mrow>"),
        (r"\mathbf{\lambda\epsilon\varphi}", "<mrow><mi>𝛌</mi><mi>𝛜</mi><mi>𝛗</mi></mrow>"),
        (r"\mathbf{\partial}", "<mrow><mo>𝛛</mo></mrow>"),
        (r"{\bf W}", "<mrow><mi>𝐖</mi></mrow>"),
        (r"\mathbb{1}", "<mrow><mn>𝟙</mn></mrow>"),
        (r"\mathbb{RE}", "<mrow><mi>ℝ</mi><mi>𝔼</mi></mrow>"),
        (r"\mathcal{LA}", "<mrow><mi>ℒ</mi><mi>𝒜</mi></mrow>"),
        (r"\mathfrak{Cg}", "<mrow><mi>ℭ</mi><mi>𝔤</mi></mrow>"),
        (r"\mathit{hx}", "<mrow><mi>h</mi><mi>x</mi></mrow>"),
        (r"\mathtt{ab}", "<mrow><mi>𝚊</mi><mi>𝚋</mi></mrow>"),
        # upright letters
        (r"\mathrm{T}", '<mi mathvariant="normal">T</mi>'),
        (r"\mathrm{d}x", '<mi mathvariant="normal">d</mi><mi>x</mi>'),
        (r"\rm d", '<mi mathvariant="normal">d</mi>'),
        (r"\mathrm{softmax}", "<mi>softmax</mi>"),
        # text
        (r"\textbf{so é}", '<mtext style="font-weight:bold">so\xa0é</mtext>'),
        (r"\emph{a}", '<mtext style="font-style:italic">a</mtext>'),
        (r"\texttt{a}", '<mtext style="font-family:monospace">a</mtext>'),
        (r"\text{a {b} c}", "<mtext>a\xa0b\xa0c</mtext>"),
        (r"\text{a {{b} c}}", "<mtext>a\xa0b\xa0c</mtext>"),
        (r"\text{if $x$}", "<mrow><mtext>if\xa0</mtext><mrow><mi>x</mi></mrow></mrow>"),
        (r"\text{a \textbf{b}}", '<mrow><mtext>a\xa0</mtext><mtext style="font-weight:bold">b</mtext></mrow>'),
        (r"\text{5\,\% \& \$3}", "<mtext>5\u2009%\xa0&amp;\xa0&#36;3</mtext>"),
        # signs
        (r"a \sim b", "<mi>a</mi><mo>∼</mo><mi>b</mi>"),
        (r"a \iff b", "<mi>a</mi><mo>⟺</mo><mi>b</mi>"),
        (r"\langle x\rangle", '<mo stretchy="false">⟨</mo><mi>x</mi><mo stretchy="false">⟩</mo>'),
        (r"\pm\infty", "<mo>±</mo><mi>∞</mi>"),
        (r"a \not\subset b", "<mi>a</mi><mo>⊄</mo><mi>b</mi>"),
        (r"f\colon A", '<mi>f</mi><mo lspace="0em" rspace="0.222em">:</mo><mi>A</mi>'),
        # bars, boxes, spaces
        (r"\overline{xyz}", f'<mrow style="{BAR}"><mi>x</mi><mi>y</mi><mi>z</mi></mrow>'),
        (r"\bar{xy}", f'<mrow style="{BAR}"><mi>x</mi><mi>y</mi></mrow>'),
        (r"\underline{x}", '<mrow style="border-bottom:0.06em solid;padding-bottom:0.1em"><mi>x</mi></mrow>'),
        (r"\boxed{x}", '<mrow style="border:0.06em solid;padding:0.2em"><mrow><mi>x</mi></mrow></mrow>'),
        # a function and what it is of, and no space where there are brackets or a sign
        (r"\ln 3", f"<mi>ln</mi>{THIN}<mn>3</mn>"),
        (r"y \log_2 p", f"<mi>y</mi>{THIN}<msub><mi>log</mi><mn>2</mn></msub>{THIN}<mi>p</mi>"),
        (r"-\sin^2 x", f"<mo>−</mo><msup><mi>sin</mi><mn>2</mn></msup>{THIN}<mi>x</mi>"),
        (
            r"2\exp\frac{1}{2}",
            f"<mn>2</mn>{THIN}<mi>exp</mi>{THIN}<mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac>",
        ),
        (r"\ln\,x", f"<mi>ln</mi>{THIN}<mi>x</mi>"),
        (r"\ln\ln x", f"<mi>ln</mi>{THIN}<mi>ln</mi>{THIN}<mi>x</mi>"),
        (r"\ln(x)", '<mi>ln</mi><mo stretchy="false">(</mo><mi>x</mi><mo stretchy="false">)</mo>'),
        (r"(\ln)", '<mo stretchy="false">(</mo><mi>ln</mi><mo stretchy="false">)</mo>'),
        (
            r"\tanh\left(x\right)",
            '<mi>tanh</mi><mrow><mo stretchy="true" fence="true" form="prefix">(</mo><mi>x</mi>'
            '<mo stretchy="true" fence="true" form="postfix">)</mo></mrow>',
        ),
        (r"\mathrm{loss} x", "<mi>loss</mi><mi>x</mi>"),
        (r"a\!b", '<mi>a</mi><mspace style="margin-left:-0.167em" /><mi>b</mi>'),
        (r"\negthickspace x", '<mspace style="margin-left:-0.278em" /><mi>x</mi>'),
        (r"\hspace{-0.5em}x", '<mspace style="margin-left:-0.5em" /><mi>x</mi>'),
        (r"\mspace{-18mu}x", '<mspace style="margin-left:-1.000em" /><mi>x</mi>'),
        (r"\mkern9mu x", '<mspace width="0.500em" /><mi>x</mi>'),
        (r"\medspace x", '<mspace width="0.222em" /><mi>x</mi>'),
        # operators
        (r"\operatorname*{arg\,max}_x", '<munder><mo movablelimits="true">arg\u2009max</mo><mi>x</mi></munder>'),
        (r"\arg\min_x", '<munder><mo movablelimits="true">arg\u2009min</mo><mi>x</mi></munder>'),
        (r"\mathop{\mathrm{top}}_k", '<munder><mo movablelimits="true">top</mo><mi>k</mi></munder>'),
        (r"\sum\limits_i", '<munder><mo movablelimits="false">∑</mo><mi>i</mi></munder>'),
        (r"\prod^n", '<mover><mo movablelimits="true">∏</mo><mi>n</mi></mover>'),
        (r"\int_0^1", "<msubsup><mo>∫</mo><mn>0</mn><mn>1</mn></msubsup>"),
        (r"\operatorname{arg\,max}_x", "<msub><mo>arg\u2009max</mo><mi>x</mi></msub>"),
        (r"\operatorname{top-k}", "<mo>top-k</mo>"),
        (r"\operatorname{\mathrm{KL}}", "<mo>KL</mo>"),
    ],
)
def test_what_browsers_draw_differently_is_said_in_what_they_draw_alike(latex, expected):
    assert inside(latex) == expected
    ElementTree.fromstring(mathml(latex, display=True))


def cells(latex):
    table = ElementTree.fromstring(mathml(latex)).iter("{http://www.w3.org/1998/Math/MathML}mtd")
    return [cell.get("style", "") for cell in table]


RIGHT = "text-align:right;text-align:-webkit-right"


@pytest.mark.parametrize(
    ("latex", "styles"),
    [
        (r"\begin{cases} x & y \\ 0 & 1 \end{cases}", ["text-align:left"] * 4),
        (r"\begin{dcases} x & y \end{dcases}", ["text-align:left"] * 2),
        (r"\begin{aligned} a &= b \end{aligned}",
         [f"{RIGHT};padding-right:0", "text-align:left;padding-left:0"]),
        (r"\begin{split} a &= b \end{split}", [f"{RIGHT};padding-right:0", "text-align:left;padding-left:0"]),
        (r"\begin{eqnarray} a &=& b \end{eqnarray}", [RIGHT, "", "text-align:left"]),
        (r"\begin{gathered} a \\ b \end{gathered}", ["", ""]),
        (r"\begin{array}{l|r} a & b \\ c & d \end{array}",
         ["text-align:left;border-right:0.06em solid", RIGHT] * 2),
        (r"\begin{array}{c} a \\ \hline b \end{array}", ["border-bottom:0.06em solid", ""]),
        (r"\begin{bmatrix} a & b \end{bmatrix}", ["", ""]),
    ],
)  # fmt: skip
def test_cells_are_aligned_and_divided_by_styles(latex, styles):
    assert cells(latex) == styles
    for ignored in ("columnalign", "columnspacing", "rowspacing", "columnlines", "rowlines"):
        assert ignored not in mathml(latex)


LINES = r"write \& for the sign, and lines that are aligned between \begin{aligned} and \end{aligned}"


@pytest.mark.parametrize(
    ("latex", "message", "hint"),
    [
        (r"\cancel{x}", "browsers draw no line through a formula alike",
         r"say in words what is left out, or use \boxed or \underline"),
        (r"\sout{x}", "browsers draw no line through a formula alike",
         r"say in words what is left out, or use \boxed or \underline"),
        (r"\overrightarrow{AB}", "browsers draw no long arrow alike", r"write \vec over one letter, or \overline"),
        (r"\mathbb{\alpha}", "there is no double-struck α", "write it without, or take another letter"),
        (r"\not x", r"\not stands before what has no sign for it", r"write \neq, \notin or another sign"),
        (r"a & b", "a & stands outside of a table", LINES),
        (r"a \\ b", r"a \\ breaks a line outside of a table",
         r"write lines between \begin{aligned} and \end{aligned}, or two formulas"),
        (r"\begin{alined} a \end{alined}", "the environment 'alined' is not known",
         r"did you mean \begin{aligned}?"),
        (r"\begin{rcases} a \end{rcases}", "the environment 'rcases' is not known", r"did you mean \begin{cases}?"),
        (r"\text{a \alpha}", r"the command \alpha stands in a text",
         r"close the text before it, as in \text{if } x \in A"),
        (r"\text{a $5}", "a $ in a text opens mathematics that does not close", r"write \$ for the sign"),
        (r"\operatorname{\alpha}", "a command stands in the name of an operator",
         r"write letters and spaces, as in \operatorname*{arg\,max}"),
        (r"\operatorname{ }", "the name of an operator is empty", r"write one, as in \operatorname{softmax}"),
        (r"\alhpa", r"the command \alhpa is not known", r"did you mean \alpha?"),
        (r"\lmabda", r"the command \lmabda is not known", r"did you mean \lambda?"),
        (r"\sofmax", r"the command \sofmax is not known",
         r"write a name that LaTeX does not know as \operatorname{sofmax}"),
        ("\ue041", "it can not be read", "take the characters out that no font has"),
    ],
)  # fmt: skip
def test_what_can_not_be_shown_alike_is_refused_with_what_to_write_instead(latex, message, hint):
    with pytest.raises(NotShown) as refused:
        mathml(latex)
    assert (str(refused.value), refused.value.hint) == (message, hint)


def test_only_styles_that_are_made_here_are_written():
    with pytest.raises(ValueError, match=r"the command .style is not allowed"):
        mended(ElementTree.Element("mi", {"style": "margin-left:-1em"}))
    for value in ("color:red", "position:fixed", "border:9em solid", "margin-left:-999em", "text-align:left;color:red"):
        with pytest.raises(ValueError, match=r"the command .style is not allowed"):
            _attribute("style", value)


COMMANDS = [r"\text{", r"\textbf{", r"\operatorname*{", r"\mathbf{", r"\overline{", r"\boxed{", r"\begin{cases}",
            r"\end{cases}", r"\arg", r"\max", "_x", "^2", "&", r"\\", "{", "}", "}", "$", r"\$", "a", "1", " ", r"\not",
            "=", r"\!", r"\left(", r"\right)", r"\sum\limits", r"\frac", "~", "é"]  # fmt: skip


@given(st.lists(st.sampled_from(COMMANDS), max_size=14).map("".join))
def test_whatever_is_written_is_shown_as_mathml_or_refused(latex):
    with contextlib.suppress(ValueError):  # and any other error fails
        ElementTree.fromstring(mathml(latex))
