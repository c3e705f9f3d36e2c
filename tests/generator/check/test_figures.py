"""Figures of demos in texts: what check tells of them without running a demo."""

import pytest

from tests.generator.check.conftest import NEURON, neuron, told
from tests.generator.conftest import PROSE, a_comparison, a_path, a_term

GRADIENT = a_term("Gradient", prerequisites=["neuron"])


def test_figures_may_stand_in_every_prose():
    assert neuron(
        examples=["{{size}} of {{half of it | size=4 | .1f}}", "It is **{{size | loud=yes}}**."],
        explanation=PROSE + " {{half\nof it |\nsize=3}}",
        faq=[{"question": "Is it {{size}}?", "answer": "{{size | demo=tiny | ,.0f}}"}],
        note="{{size}}",
        demo={"module": "tiny", "home": True, "caption": "{{size}}"},
    ) == []  # fmt: skip


def test_what_only_looks_like_a_figure_is_left_alone():
    assert neuron(examples=["`{{ no such }}` as code", "$x^{{a | b}}$ as mathematics, and \\{{ as it is"]) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ }}", "{{ }} names no figure | begin with its name on the page: {{loss at the end}}"),
        ("{{size=3}}", "{{size=3}} names no figure | begin with its name on the page: {{loss at the end}}"),
        ("{{size | big}}", "in {{size | big}}, 'big' is neither a setting nor a way to write a number | "
         "after a bar write steps=20, or one of .3f, .2g, .1e, .0% and ,.0f"),
        ("{{size | .33f}}", "in {{size | .33f}}, '.33f' is neither a setting nor a way to write a number | "
         "after a bar write steps=20, or one of .3f, .2g, .1e, .0% and ,.0f"),
        ("{{size | .3f | .2f}}", "{{size | .3f | .2f}} says twice how the number is written | keep one"),
        ("{{size | size=3 | size=4}}", "{{size | size=3 | size=4}} sets 'size' twice | keep one"),
        ("{{size | sise=3}}", "in {{size | sise=3}}, tiny has no setting called 'sise' | did you mean 'size'?"),
        ("{{size | size=30}}", "in {{size | size=30}}, size is 30, and must lie between 1 and 9 | "),
        ("{{size | size=big}}", "in {{size | size=big}}, size is 'big', and must be a whole number | "),
        ("{{size | demo=tinny}}", "there is no demo called 'tinny' | did you mean 'tiny'?"),
        ("It is {{size}, or so.", "a {{ opens a figure that does not close: {{size}, or so. | "
         "close it with }} in the same paragraph"),
        ("[see {{size}}](https://example.org/)", "a figure is not computed inside a link: "
         "[see {{size}}](https://example.org/) | put it beside the link"),
    ],
)  # fmt: skip
def test_a_figure_that_can_not_be_computed_is_told(text, expected):
    assert neuron(examples=[text, "Another."]) == [f"terms/neuron.yml examples.0: {expected}"]


@pytest.mark.parametrize(
    ("formula", "figure"),
    [
        ("$s = {{weighted sum at (1, 1)}}$", "{{weighted sum at (1, 1)}}"),
        ("$$s = {{ loss at 5 }}$$", "{{ loss at 5 }}"),
        ("$s = {{loss | .3f}}$", "{{loss | .3f}}"),
        ("$s = {{loss | size=4}}$", "{{loss | size=4}}"),
        ("[what $s = {{the size}}$ is](https://example.org/)", "{{the size}}"),
    ],
)
def test_a_figure_inside_mathematics_is_told_since_its_letters_would_be_shown(formula, figure):
    told = f"a figure is not computed inside mathematics, which shows its letters: {figure}"
    hint = "write it beside the formula: $s$ is {{weighted sum}}"
    assert f"terms/neuron.yml examples.0: {told} | {hint}" in neuron(examples=[f"It is {formula}.", "Another."])


def test_a_figure_in_a_formula_of_its_own_is_told_too():
    told = "a figure is not computed inside mathematics, which shows its letters: {{the size}}"
    hint = "write it beside the formula: $s$ is {{weighted sum}}"
    assert neuron(formula=[{"latex": "s = {{the size}}"}]) == [f"terms/neuron.yml formula.0.latex: {told} | {hint}"]


@pytest.mark.parametrize(
    "latex",
    ["x_{{i}}", "{{a b}}", r"\frac{{ab + c}}{{d}}", r"{{\max x y}}", "p_{{ab|c}}", r"{{\text{of all}}}", "{{ab} c}"],
)
def test_braces_in_braces_are_latex(latex):
    assert neuron(examples=[f"It is ${latex}$.", "Another."], formula=[{"latex": latex}]) == []


def test_neither_a_definition_nor_a_name_holds_a_figure():
    hint = "say it in the explanation, or write the number if it holds for every setting"
    assert neuron(definition="A neuron is {{size}} things.") == [
        f"terms/neuron.yml definition: a definition holds no figure of a demo: {{{{size}}}} | {hint}"
    ]
    assert f"terms/neuron.yml title: a name holds no figure of a demo: {{{{size}}}} | {hint}" in told(
        a_term("Neuron {{size}}", slug="neuron"), GRADIENT
    )


def test_a_page_without_a_demo_names_it():
    names_none = "names no demo | name it: {{test loss | demo=overfitting}}"
    assert told(NEURON, GRADIENT, a_comparison(summary="{{size}} and {{size | demo=tiny | size=4}}")) == [
        f"terms/comparisons/neuron-vs-gradient.yml summary: {{{{size}}}} {names_none}"
    ]
    assert told(NEURON, GRADIENT, a_path("neuron", "gradient", summary="{{size}}")) == [
        f"terms/paths/from-here-to-there.yml summary: {{{{size}}}} {names_none}"
    ]
