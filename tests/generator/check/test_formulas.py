"""Formulas of a term hold mathematics alone, and their symbols are those of the formula."""

import pytest

from tests.generator.check.conftest import neuron


@pytest.mark.parametrize(
    ("latex", "sign"),
    [("$x$", "$"), ("$$x$$", "$$"), (r"x + $y$", "$"), (r"\text{a} $x$", "$")],
)
def test_a_formula_of_its_own_has_no_dollars(latex, sign):
    hint = "take it out: here stands nothing but mathematics"
    told = f"the page shows this {sign} as a sign of the formula: {latex} | {hint}"
    assert neuron(formula=[{"latex": latex}]) == [f"terms/neuron.yml formula.0.latex: {told}"]
    assert neuron(formula=[{"latex": "x + y + a", "symbols": {latex: "an input"}}]) == [
        f"terms/neuron.yml formula.0.symbols.{latex}: {told}"
    ]


@pytest.mark.parametrize(("latex", "sign"), [(r"\(x\)", r"\("), (r"\[x\]", r"\[")])
def test_nor_has_it_other_marks_of_mathematics(latex, sign):
    told = f"this is not mathematics we can show: the command {sign} is not known"
    remedy = "take it out: here stands nothing but mathematics"
    assert neuron(formula=[{"latex": latex}]) == [f"terms/neuron.yml formula.0.latex: {told} | {remedy}"]


@pytest.mark.parametrize(
    "latex",
    [r"\$5", r"\text{if $x$}", r"\text{if \(x\) and \textbf{$y$}}", r"\begin{aligned} x \\ [y] \end{aligned}"],
)
def test_a_price_a_text_and_a_line_of_a_table_are_mathematics(latex):
    assert neuron(formula=[{"latex": latex}]) == []


@pytest.mark.parametrize(
    ("latex", "symbol"),
    [
        ("x + y", "z"),
        (r"\sum_i w_i x_i", "v_i"),
        (r"\eta\, g", r"\epsilon"),
        (r"\varepsilon", r"\epsilon"),
        ("x", "X"),
        ("u v", "u, w"),
        ("x^2", r"\hat{y}"),
    ],
)
def test_a_symbol_that_the_formula_lacks_is_told(latex, symbol):
    assert neuron(formula=[{"latex": latex, "symbols": {symbol: "an input"}}]) == [
        f"terms/neuron.yml formula.0.symbols.{symbol}: the symbol {symbol} does not stand in the formula | "
        "spell it as the formula does, or take it out"
    ]


@pytest.mark.parametrize(
    ("latex", "symbol"),
    [
        (r"\sum_i w_i x_i", "w_i"),
        (r"s^2 + \ldots + s^L", "s^k"),
        ("x_1, x_2", "x_i"),
        ("x_{ij}", "x"),
        (r"\alpha x", "α"),
        (r"\mathrm{loss} = 0", r"\mathrm{loss}"),
        (r"\frac{a}{b}", r"\tfrac{a}{b}"),
        (r"\hat{y}", r"\hat y"),
        ("f(x)", "f"),
    ],
)
def test_a_symbol_may_be_a_part_of_the_formula_or_have_another_index(latex, symbol):
    assert neuron(formula=[{"latex": latex, "symbols": {symbol: "an input"}}]) == []


@pytest.mark.parametrize(
    ("first", "second"), [("x", "{x}"), ("x_i", "x_{i}"), (r"\alpha", "α"), ("x_i", "{x}_{i}"), (r"\hat{y}", r"\hat y")]
)
def test_the_same_symbol_twice_is_told(first, second):
    formula = {"latex": r"\alpha x + x_i \hat{y}", "symbols": {first: "an input", second: "an input"}}
    assert neuron(formula=[formula]) == [
        f"terms/neuron.yml formula.0.symbols.{second}: the symbol {second} looks like {first}, "
        "which is explained already | keep one of them"
    ]


def test_symbols_that_differ_in_their_index_or_their_font_are_two():
    symbols = {"x_1": "one", "x_2": "other", r"\mathbf{x}": "both", "x^2": "square", r"\hat{x}": "guess"}
    assert neuron(formula=[{"latex": r"x_1 + x_2 + \mathbf{x} + x^2 + \hat{x}", "symbols": symbols}]) == []
