"""Figures in texts, what goals ask, and numbers as authors write them."""

import pytest

from generator.text.figures import (
    ComputedFigure,
    Condition,
    conditions,
    decimals,
    figures_in,
    is_rounded,
    numbers_in,
    parse,
    with_figures,
)
from generator.text.markdown import words


def test_what_stands_between_the_braces():
    assert parse("{{loss at the end}}") == ComputedFigure("loss at the end")
    assert parse("{{ loss at\n the end | learning_rate=0.25|.3f }}") == ComputedFigure(
        "loss at the end", "", {"learning_rate": "0.25"}, ".3f"
    )
    assert parse("{{bits | demo=ngram_lm | text=The slope of}}") == ComputedFigure(
        "bits", "ngram_lm", {"text": "The slope of"}
    )


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        (0.123456, "", "0.1235"), (-0.5, "", "−0.5"), (2.0, "", "2"), (12345.6, "", "12,346"),
        (1.25e-7, "", "1.25 × 10⁻⁷"),
        (0.123456, ".2f", "0.12"), (0.95, ".0%", "95 %"), (-1234567.0, ",.0f", "−1,234,567"), (3.0, ".2f", "3.00"),
        (0.00012, ".1e", "1.2 × 10⁻⁴"), (0.25, "+.2f", "+0.25"),
    ],
)  # fmt: skip
def test_a_number_is_written_as_prose_writes_it(value, form, written):
    assert ComputedFigure("any", form=form).written(value) == written


def test_a_figure_is_replaced_where_it_is_one():
    text = "{{a}}, `{{b}}`, $x^{{c}}$, [[d]] and {{e | f=1}}%"
    assert figures_in(text) == ["{{a}}", "{{e | f=1}}"]
    assert with_figures(text, lambda part: f"<{part[2]}>") == "<a>, `{{b}}`, $x^{{c}}$, [[d]] and <e>%"
    assert with_figures("{{a}\n\n}}", lambda _: "x") == "{{a}\n\n}}"


def test_a_figure_counts_as_one_word():
    assert words("It ends at {{loss at the end | learning_rate=0.25 | .3f}} here.") == 5


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("< 0.001", [Condition("<", 0.001)]),
        (">=-2", [Condition(">=", -2)]),
        ("> 1 and <= 2", [Condition(">", 1), Condition("<=", 2)]),
        ("= adam", [Condition("=", "adam")]),
        ("3", []), ("", []), ("<", []), ("< x", []), ("< 1 or > 2", []), ("< 1 and", []), ("== 3", []),
    ],
)  # fmt: skip
def test_what_a_goal_asks(text, found):
    assert conditions(text) == found


def test_whether_it_is_as_asked():
    assert [Condition(sign, 2).holds(2) for sign in ("<", "<=", "=", ">=", ">")] == [False, True, True, True, False]
    assert Condition("=", "adam").holds("adam")
    assert not Condition("=", "adam").holds("sgd")
    assert Condition("=", "false").holds(False)
    assert not Condition(">", 0.0).holds(True), "a switch is not more than anything"


def test_digits_of_a_number():
    assert [decimals(value) for value in (0.25, 10, 2.0, 1e-05, 1.5e-05, 1200, 0.2, 1e20)] == [2, 0, 0, 5, 6, 0, 1, 0]
    assert is_rounded(0.1249, 0.12)
    assert [choice for choice in (3, 3.5, 4) if is_rounded(3.5, choice)] == [3.5, 4], "a half goes one way only"
    assert not is_rounded(0.126, 0.12)
    assert is_rounded(41.6, 42)
    assert not is_rounded(41.4, 42)


def test_the_numbers_of_a_text():
    text = "By 2017, 1200 or −0.729 or 12,346; GPT-3 v0.125x `0.333` $0.5^2$ 95 % and 12.5 percent, 0.00600"
    text += " and {{loss | size=0.777}}."
    assert list(numbers_in(text)) == [
        ("2017", 2017, 0, 4, False), ("1200", 1200, 0, 2, False), ("−0.729", -0.729, 3, 3, False),
        ("12,346", 12346, 0, 5, False), ("0.5", 0.5, 1, 1, False), ("95", 95, 0, 2, True), ("12.5", 12.5, 1, 3, True),
        ("0.00600", 0.006, 5, 3, False),
    ]  # fmt: skip


def test_a_written_number_is_a_figure_that_it_rounds():
    written = next(numbers_in("It is 0.66."))
    assert [written.is_of(figure) for figure in (0.659, 0.664, 0.666, -0.66)] == [True, True, False, False]
