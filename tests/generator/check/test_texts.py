"""Texts are as long as they should be, look as meant, and hold formulas and links that work."""

import pytest

from tests.generator.check.conftest import GRADIENT, NEURON, neuron, told
from tests.generator.conftest import PROSE, a_comparison, a_path, a_term


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("A neuron is" + " very" * 57 + " big.", ["the definition has 301 characters | it may have 300"]),
        ("A neuron is a thing. It is small! Is it?", ["the definition has 3 sentences | two are enough"]),
        ("A neuron is about 0.5 of e.g. this. It is small.", []),
        ("This is a neuron.",
         ["the definition does not start with the term | "
          "begin with the title or an alias and is or are, as in: A neural network is …"]),
    ],
)  # fmt: skip
def test_a_definition_is_short_and_starts_with_the_term(definition, expected):
    assert neuron(definition=definition) == [f"terms/neuron.yml definition: {line}" for line in expected]


AS_IT_IS = "write it in words: this text is shown as it is"


@pytest.mark.parametrize(
    ("changes", "where", "marks"),
    [
        ({"definition": "A neuron is `one` thing."}, "definition", "`one`"),
        ({"definition": "A neuron is **one** thing."}, "definition", "A neuron is **one** thing."),
        ({"definition": "A neuron is $x$."}, "definition", "$x$"),
        ({"faq": [{"question": "What is [[gradient]]?", "answer": "It."}]}, "faq.0.question", "[[gradient]]"),
        ({"formula": [{"latex": "x", "symbols": {"x": "see [this](https://example.org)"}}]}, "formula.0.symbols.x",
         "[this](https://example.org)"),
        ({"faq": [{"question": "What is 1 &lt; 2?", "answer": "It."}]}, "faq.0.question", "&lt;"),
        ({"faq": [{"question": "What is ==a mark==?", "answer": "It."}]}, "faq.0.question", "==a mark=="),
        ({"formula": [{"latex": "x", "symbols": {"x": "of x^2^"}}]}, "formula.0.symbols.x", "^2^"),
        ({"formula": [{"latex": "x", "symbols": {"x": "a <b> of it"}}]}, "formula.0.symbols.x", "<b>"),
    ],
)  # fmt: skip
def test_a_plain_text_has_no_marks(changes, where, marks):
    assert neuron(**changes) == [
        f"terms/neuron.yml {where}: the page shows these marks as they stand: {marks} | {AS_IT_IS}"
    ]


def test_a_plain_text_may_have_a_shape_a_price_and_a_star():
    formula = [{"latex": "x", "symbols": {"x": "inputs, shape [n, 2], 2 * 3 of them at $5 in a_b"}}]
    assert neuron(definition="A neuron is 2 * 3 at $5, or [n] of #4.", formula=formula) == []


@pytest.mark.parametrize("field", ["note", "caption"])
def test_a_formula_is_told_where_it_would_be_shown_as_its_source(field):
    def changed(text):
        return {"note": text} if field == "note" else {"demo": {"module": "tiny", "home": True, "caption": text}}

    where = "note" if field == "note" else "demo.caption"
    hint = "write it in words or plain letters: this text is shown without mathematics"
    assert neuron(**changed(r"It is $\sqrt{d}$.")) == [
        rf"terms/neuron.yml {where}: this formula is shown as its source: $\sqrt{{d}}$ | {hint}"
    ]
    assert neuron(**changed("It is $x$.")) == []


@pytest.mark.parametrize("latex", [r"\(x\)", r"\alpha", r"\frac{1}"])
def test_latex_without_dollars_is_told_wherever_it_stands(latex):
    message = f"this is no mathematics, and the page shows its signs: {latex}"
    dollars = "put it between dollars, as in $x_i$, or in code where it is meant as it stands"
    for field, value, where, hint in [
        ("explanation", f"{PROSE}\n\nIt is {latex}.", "explanation", dollars),
        ("demo", {"module": "tiny", "home": True, "caption": f"It is {latex}."}, "demo.caption", dollars),
        ("note", f"It is {latex}.", "note", dollars),
        ("definition", f"A neuron is {latex}.", "definition", AS_IT_IS),
        ("faq", [{"question": f"What is {latex}?", "answer": "It."}], "faq.0.question", AS_IT_IS),
        ("formula", [{"latex": "x", "symbols": {"x": f"some {latex}"}}], "formula.0.symbols.x", AS_IT_IS),
    ]:
        found = [line for line in neuron(**{field: value}) if "neither common English" not in line]
        assert found == [f"terms/neuron.yml {where}: {message} | {hint}"]


def test_a_question_that_is_asked_twice_is_told():
    asked = [{"question": text, "answer": "It."} for text in ("What is it?", "Why is it so?", "what  is it")]
    assert neuron(faq=asked) == [
        "terms/neuron.yml faq.2.question: this question is asked twice: what is it | keep one of them"
    ]
    assert neuron(faq=asked[:2]) == []


def test_a_link_without_a_slug_is_told():
    assert neuron(examples=["One.", "It is [[]]."]) == [
        "terms/neuron.yml examples.1: the page shows these marks as they stand: [[]] | "
        "a link needs a slug, as in [[neuron]]"
    ]
    assert neuron(examples=["One.", "It is [[|so]]."]) == [
        "terms/neuron.yml examples.1: this link leads nowhere: [[|…]] | "
        "a link needs a slug, as in [[neuron]] or [[neuron|what it is called]]"
    ]


def test_a_trap_of_markdown_is_told_where_it_lies():
    hint = "put an empty line before the list, or no line break before the sign"
    assert neuron(explanation=f"{PROSE}\n\nA list:\n- one\n- two") == [
        f"terms/neuron.yml explanation: this is part of the paragraph before it, and no list: - one | {hint}"
    ]
    one = "say it in one paragraph, without lists, tables, quotations and blocks of code"
    assert neuron(examples=["One.", "Two.\n\nThree."]) == [
        f"terms/neuron.yml examples.1: the page shows one paragraph here, and a second starts: Three. | {one}"
    ]
    way = a_path("neuron", "gradient", summary="One.\n\nTwo.", outcome="**walk")
    assert told(NEURON, GRADIENT, way) == [
        "terms/paths/from-here-to-there.yml outcome: a * opens emphasis that does not close: **walk | "
        "close it in the same paragraph, with no space inside, or write \\*"
    ]


@pytest.mark.parametrize(("count", "fits"), [(1, False), (119, False), (120, True), (450, True), (451, False)])
def test_an_explanation_has_a_length_that_gets_read(count, fits):
    noun = "word" if count == 1 else "words"
    expected = f"the explanation has {count} {noun} | between 120 and 450 make a page that gets read"
    assert neuron(explanation=" ".join(["word"] * count)) == [
        f"terms/neuron.yml explanation: {expected}" for _ in range(not fits)
    ]


LEADS_NOWHERE = "link to a term with [[slug]], or to an address that starts with https://"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a <b>bold</b> word", ["HTML is not shown: <b> | write `<` in code or mathematics, or as &lt;",
                                "HTML is not shown: </b> | write `<` in code or mathematics, or as &lt;"]),
        ("<script src=https://example.org/a/very/long/one.js>",
         ["HTML is not shown: <script src=https://example.org/a/very/… | "
          "write `<` in code or mathematics, or as &lt;"]),
        ("`<b>` and 1 < 2", []),
        ("## Head", ["headings and rules are made by the page: ## Head | "
                     "start a paragraph instead, or escape it with a backslash"]),
        ("Head\n====", ["headings and rules are made by the page: ==== | "
                        "start a paragraph instead, or escape it with a backslash"]),
        ("an open ` tick of code", ["a ` opens code that does not close: ` tick of code | "
                                    "close it in the same paragraph, or write \\`"]),
        ("costs $5 and $6", ["a $ opens mathematics that does not close: $5 and $6 | "
                             "close it in the same paragraph, or write a dollar as \\$"]),
        (r"costs \$5 and $x$", []),
        (r"$\foo{x}$", [r"this is not mathematics we can show: the command \foo is not known | "
                      r"write a name that LaTeX does not know as \operatorname{foo}"]),
        (r"$\frac{1}$",
         ["this is not mathematics we can show: a fraction, root, bar or index lacks a part | "
              r"write each part in braces, as in \frac{a}{b} or \sqrt{a}"]),
        ("[paper](https://example.org) and https://example.org", []),
        ("[paper](paper.md)", [f"this link leads nowhere: [paper](paper.md) | {LEADS_NOWHERE}"]),
        ("[x](javascript:alert(1))", [f"this link leads nowhere: [x](javascript:alert(1)) | {LEADS_NOWHERE}"]),
        ("![x](https://example.org/x.png)",
         ["pictures are drawn by demos: ![x](https://example.org/x.png) | take it out, or let the demo draw it"]),
        ('[x](https://example.org "title")',
         ["this link can not be read: [x]( | "
          "write it as [text](https://…), with no spaces or title in the address"]),
        ("see [[gradient]] and [[gradient|slope]]", []),
        ("see [[gradiant]]", ["there is no term called 'gradiant' | did you mean 'gradient'?"]),
        ("TODO: say more",
         ["'TODO' says that this text is not finished | finish it, or write `TODO` where the word itself is meant"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", ["explanation", "examples", "misconceptions", "faq", "demo", "note"])
def test_markdown_that_will_not_look_as_meant_is_told_wherever_it_stands(field, text, expected):
    where, value = {
        "explanation": ("explanation", f"{PROSE}\n\n{text}"),
        "examples": ("examples.1", ["One.", text]),
        "misconceptions": ("misconceptions.0.right", [{"wrong": "It is.", "right": text}]),
        "faq": ("faq.0.answer", [{"question": "What?", "answer": text}]),
        "demo": ("demo.caption", {"module": "tiny", "home": True, "caption": text}),
        "note": ("note", text),
    }[field]
    assert neuron(**{field: value}) == [f"terms/neuron.yml {where}: {line}" for line in expected]


def test_markdown_of_comparisons_and_paths_is_checked_too():
    rows = [{"aspect": "A thing", "values": {"neuron": "<b>", "gradient": "x"}}] * 2
    page = a_comparison(rows=rows, summary="[[no]]", choose={"neuron": "x", "gradient": "a ` tick"})
    way = a_path("neuron", "gradient", summary="TODO", outcome="# x", steps=[
        {"term": "neuron", "why": "$"}, {"term": "gradient", "why": "y"}])  # fmt: skip
    assert [line.partition(": ")[0] for line in told(NEURON, GRADIENT, page, way)] == [
        "terms/comparisons/neuron-vs-gradient.yml rows.0.values.neuron",
        "terms/comparisons/neuron-vs-gradient.yml rows.1.values.neuron",
        "terms/comparisons/neuron-vs-gradient.yml choose.gradient",
        "terms/comparisons/neuron-vs-gradient.yml summary",
        "terms/paths/from-here-to-there.yml outcome",
        "terms/paths/from-here-to-there.yml steps.0.why",
        "terms/paths/from-here-to-there.yml summary",
    ]


CARDS = "cards and search results show this"


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("Both *are* `things` of $n$ and [[neuron|parts]].", ""),
        (r"One is $\frac{a}{b}$.",
         rf"{CARDS} formula as its source: $\frac{{a}}{{b}}$ | write it in words or plain letters"),
        ("One is\n\n$$x_1$$", f"{CARDS} formula as its source: $$x_1$$ | write it in words or plain letters"),
        (r"See [[neuron|the $\alpha$ of it]].",
         rf"{CARDS} formula as its source: $\alpha$ | write it in words or plain letters"),
        ("They are:\n\n| a | b |\n|---|---|\n| c | d |",
         f"{CARDS} table as its source: | a | b | |---|---| | say it in sentences, or in rows of the comparison"),
        ("They are:\n\na | b\n-- | :-:\nc | d",
         f"{CARDS} table as its source: a | b -- | :-: | say it in sentences, or in rows of the comparison"),
        ("They are:\n\n```\na = b\n```", f"{CARDS} code in one line: ``` a = b ``` | say it in sentences"),
    ],
)  # fmt: skip
def test_what_cards_show_of_a_comparison_or_a_path_has_no_formula_and_no_table(summary, expected):
    page, way = a_comparison(summary=summary), a_path("neuron", "gradient", summary=summary)
    files = ("comparisons/neuron-vs-gradient", "paths/from-here-to-there") if expected else ()
    assert told(NEURON, GRADIENT, page, way) == [f"terms/{file}.yml summary: {expected}" for file in files]


@pytest.mark.parametrize("text", [r"see [[gradient|$\foo$]]", r"see [$\foo$](https://example.org)"])
def test_a_formula_in_a_link_is_looked_at_too(text):
    message = r"this is not mathematics we can show: the command \foo is not known"
    hint = r"write a name that LaTeX does not know as \operatorname{foo}"
    assert neuron(examples=["One.", text]) == [f"terms/neuron.yml examples.1: {message} | {hint}"]
    assert neuron(examples=["One.", text.replace("foo", "alpha")]) == []


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("A neuron is a thing, e.g. Adam or A. M. Turing. It is small.", []),
        ("A neuron is a thing. It is small, i.e. Tiny, etc. It is.",
         ["the definition has 3 sentences | two are enough"]),
        ("A neuron is a thing. Élan vital it has. It is.", ["the definition has 3 sentences | two are enough"]),
    ],
)  # fmt: skip
def test_abbreviations_and_initials_count_as_no_sentence(definition, expected):
    said = [line for line in neuron(definition=definition) if "sentences" in line]
    assert said == [f"terms/neuron.yml definition: {line}" for line in expected]


@pytest.mark.parametrize("definition", ["Bayes’ theorem is a thing.", "Bayes' theorem is a thing."])
@pytest.mark.parametrize("title", ["Bayes’ Theorem", "Bayes' Theorem"])
def test_a_definition_starts_with_the_term_whatever_its_apostrophe(title, definition):
    theorem = a_term(title, "neuron", demo={"module": "tiny", "home": True}, definition=definition)
    assert [line for line in told(theorem, GRADIENT) if "does not start" in line] == []


def test_formulas_and_their_symbols_are_latex():
    assert neuron(formula=[{"latex": r"\sum_i x_i"}, {"latex": r"\foo", "symbols": {"x": "input", "{": "brace"}}]) == [
        r"terms/neuron.yml formula.1.latex: this is not mathematics we can show: the command \foo is not known | "
        r"write a name that LaTeX does not know as \operatorname{foo}",
        "terms/neuron.yml formula.1.symbols.{: this is not mathematics we can show: the braces do not match | "
        "close the brace",
    ]


@pytest.mark.parametrize("text", ["see [x](https://example)", "see https://example.", "see <https://example>"])
def test_an_address_in_a_text_names_a_site(text):
    hint = "copy the whole address from the browser"
    assert neuron(note=text) == [f"terms/neuron.yml note: the address https://example names no site | {hint}"]
    assert neuron(note=text.replace("example", "example.org/a_(b)")) == []
