"""What one file can not know is told, with its place and its remedy; a clean glossary is told nothing."""

from datetime import date

import pytest

from generator.check.dates import ahead_of, due_for_review
from generator.check.rules import check
from generator.load.glossary import load
from generator.load.places import located
from tests.generator.conftest import PROSE, ROOT, a_comparison, a_glossary, a_path, a_term, entry, write_yaml

NEURON = a_term("Neuron")
GRADIENT = a_term("Gradient", prerequisites=["neuron"])


def told(*entries, **changes):
    """What check says about a glossary: file, way to the value, message, remedy."""
    problems = check(a_glossary(*entries, **changes))
    return [f"{p.path} {'.'.join(map(str, p.where))}: {p.message} | {p.hint}" for p in problems]


def neuron(**changes):
    """What check says where one thing about the neuron is changed, and all else is well."""
    return told(a_term("Neuron", **changes), GRADIENT)


def test_a_clean_glossary_is_told_nothing():
    assert told(NEURON, GRADIENT, a_comparison(), a_path("neuron", "gradient")) == []
    assert told(NEURON) == []


def test_a_glossary_without_terms_is_told():
    assert told() == ["terms : there are no terms | write the first one: start from terms/_template.yml"]
    assert told(unread=frozenset({"terms/neuron.yml"})) == []


def test_the_real_glossary_is_told_nothing():
    loaded = load(ROOT)
    glossary, problems = loaded.glossary, loaded.problems
    assert [str(problem) for problem in located(ROOT, [*problems, *check(glossary)])] == []


# --- names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ([a_term("Neuron"), a_term("Neuron", "cell", prerequisites=["neuron"], demo="tiny")],
         ["terms/cell.yml title: the title 'Neuron' is already the slug of 'neuron' | give it to one of them"]),
        ([a_term("Neuron", aliases=["Unit"]), a_term("Gradient", prerequisites=["neuron"], aliases=["unit"])],
         ["terms/gradient.yml aliases.0: the alias 'unit' is already the alias of 'neuron' | "
          "give it to one of them, or mark it as {text: unit, ambiguous: true} in both"]),
        ([a_term("Neuron", aliases=["gradient"]), GRADIENT],
         ["terms/neuron.yml aliases.0: the alias 'gradient' is already the slug of 'gradient' | "
          "give it to one of them"]),
        ([a_term("Neuron", former_slugs=["gradient"]), GRADIENT],
         ["terms/neuron.yml former_slugs.0: the old slug 'gradient' is already the slug of 'gradient' | "
          "give it to one of them"]),
        ([a_term("Neuron", former_slugs=["cell"]), a_term("Gradient", prerequisites=["neuron"], aliases=["Cell"])],
         ["terms/gradient.yml aliases.0: the alias 'Cell' is already the old slug of 'neuron' | "
          "give it to one of them, or mark it as {text: Cell, ambiguous: true} in both"]),
        ([a_term("Neuron", aliases=["The neuron", "the  Neuron"]), GRADIENT],
         ["terms/neuron.yml aliases.1: the alias 'the Neuron' says nothing new | take it out"]),
        ([a_term("Artificial Neuron", "neuron", aliases=["artificial-neuron"], demo={"module": "tiny", "home": True}),
          GRADIENT],
         ["terms/neuron.yml aliases.0: the alias 'artificial-neuron' says nothing new | take it out"]),
        ([a_term("Neuron", former_slugs=["neuron"]), GRADIENT],
         ["terms/neuron.yml former_slugs.0: the old slug 'neuron' says nothing new | take it out"]),
        # another name for one's own address is fine: it is what the file is called
        ([a_term("Artificial Neuron", "neuron", aliases=["neuron"], demo={"module": "tiny", "home": True}), GRADIENT],
         []),
    ],
)  # fmt: skip
def test_no_two_names_lead_to_the_same_address(terms, expected):
    assert told(*terms) == expected


SHARED = {"text": "ANN", "ambiguous": True}


@pytest.mark.parametrize(
    ("first", "second", "third", "expected"),
    [
        ([SHARED], [SHARED], [], []),
        ([SHARED], [], [],
         ["terms/neuron.yml aliases.0: no other term shares the acronym 'ANN' | "
          "mark it `ambiguous: true` in the other term too, or take the mark away"]),
        # whether the third comes before, between or after
        ([SHARED], [SHARED], ["ann"],
         ["terms/search.yml aliases.0: the alias 'ann' is a shared acronym of other terms | "
          "mark it as {text: ANN, ambiguous: true} here too, or take it out"]),
        (["ann"], [SHARED], [SHARED],
         ["terms/neuron.yml aliases.0: the alias 'ann' is a shared acronym of other terms | "
          "mark it as {text: ANN, ambiguous: true} here too, or take it out"]),
        ([SHARED], [SHARED], [SHARED], []),
        ([SHARED], [SHARED], ["ANN"],
         ["terms/search.yml aliases.0: the alias 'ANN' is a shared acronym of other terms | "
          "mark it as {text: ANN, ambiguous: true} here too, or take it out"]),
    ],
)  # fmt: skip
def test_an_ambiguous_acronym_belongs_to_those_who_say_so(first, second, third, expected):
    terms = [
        a_term("Neuron", aliases=first),
        a_term("Gradient", prerequisites=["neuron"], aliases=second),
        a_term("Search", prerequisites=["neuron"], aliases=third),
    ]
    assert told(*terms) == expected


def test_the_page_of_an_ambiguous_acronym_takes_the_place_of_no_term():
    own = a_term("Annotation", "ann", prerequisites=["neuron"])
    both = a_term("Neuron", aliases=[SHARED]), a_term("Gradient", prerequisites=["neuron"], aliases=[SHARED])
    assert told(*both, own) == [
        f"terms/{slug}.yml aliases.0: the alias 'ANN' is already the slug of 'ann' | give it to one of them"
        for slug in ("neuron", "gradient")
    ]
    title = a_term("ANN", "nearest", prerequisites=["neuron"])
    assert told(*both, title) == [
        "terms/nearest.yml title: the title 'ANN' is a shared acronym of other terms | "
        "give it another name, or take it out"
    ]
    mine = a_term("Artificial Neuron", "ann", prerequisites=["neuron"], aliases=[SHARED])
    assert told(a_term("Neuron"), a_term("Gradient", prerequisites=["neuron"], aliases=[SHARED]), mine) == [
        "terms/gradient.yml aliases.0: the alias 'ANN' is already the slug of 'ann' | give it to one of them",
        "terms/ann.yml aliases.0: the slug 'ann' is a shared acronym | "
        "rename the file: the acronym gets a page of its own",
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"aliases": ["λ"]}, "aliases.0: 'λ' can not be an alias | it becomes an address: use letters or digits"),
        ({"aliases": ["AUX"]}, "aliases.0: 'AUX' can not be an alias | "
         "it becomes an address, and some systems or sites need that name for themselves"),
        ({"former_slugs": ["index"]}, "former_slugs.0: 'index' can not be an old slug | "
         "it becomes an address, and some systems or sites need that name for themselves"),
    ],
)  # fmt: skip
def test_a_name_that_can_be_no_address_is_told(changes, expected):
    assert neuron(**changes) == [f"terms/neuron.yml {expected}"]


# --- relations --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"related": ["gradeint"]},
         "related.0: there is no term called 'gradeint' | did you mean 'gradient'?"),
        ({"related": ["quantum"]},
         "related.0: there is no term called 'quantum' | write terms/quantum.yml or take it out"),
        ({"prerequisites": ["slope-of-old"]},
         "prerequisites.0: there is no term called 'slope-of-old' | did you mean 'gradient'?"),
        ({"related": ["neuron"]}, "related.0: 'neuron' names itself in 'related' | take it out"),
        ({"prerequisites": ["neuron"]}, "prerequisites.0: 'neuron' names itself in 'prerequisites' | take it out"),
        ({"related": ["loss", "loss"]}, "related.1: 'loss' is written twice in 'related' | take one out"),
        ({"related": ["loss", "adam"]},
         "related.1: the relation to 'adam' is written on both sides | "
         "one side is enough, and pages show both: take it out here or in terms/adam.yml"),
        ({"related": ["gradient"]},
         "related.0: 'gradient' is a prerequisite and related | a prerequisite is shown as a neighbor already"),
    ],
)  # fmt: skip
def test_a_relation_lands_once_and_is_written_once(changes, expected):
    others = [
        a_term("Gradient", prerequisites=["neuron"], former_slugs=["slope-of-old"]),
        a_term("Loss", prerequisites=["gradient"]),
        a_term("Adam", related=["neuron"]),
    ]
    assert told(a_term("Neuron", **changes), *others) == [f"terms/neuron.yml {expected}"]


def ring(*slugs):
    """Terms that each need the one before, and the first the last."""
    return [a_term(slug.title(), prerequisites=[slugs[i - 1]], demo={"module": "tiny", "home": i == 0})
            for i, slug in enumerate(slugs)]  # fmt: skip


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (ring("a", "b"), ["terms/b.yml prerequisites.0: the prerequisites go in a circle: a -> b -> a"]),
        (ring("b", "a", "c"), ["terms/c.yml prerequisites.0: the prerequisites go in a circle: a -> c -> b -> a"]),
        (ring(*(f"t{i:02}" for i in range(50))),
         ["terms/t01.yml prerequisites.0: the prerequisites go in a circle: "
          + " -> ".join([f"t{i:02}" for i in range(50)] + ["t00"])]),
        (ring("a", "b") + [term.model_copy(update={"demo": a_term("Loss").demo, "related": ["a"]})
                           for term in ring("c", "d")],
         ["terms/b.yml prerequisites.0: the prerequisites go in a circle: a -> b -> a",
          "terms/d.yml prerequisites.0: the prerequisites go in a circle: c -> d -> c"]),
    ],
)  # fmt: skip
def test_every_circle_of_prerequisites_is_told_from_its_first_term_on(terms, expected):
    assert sorted(told(*terms)) == [f"{line} | take one of them out" for line in expected]


def test_circles_that_share_a_term_are_told_each():
    terms = [a_term("Neuron", prerequisites=["a", "b"])]
    terms += [a_term(title, prerequisites=["neuron"], demo="tiny") for title in "AB"]
    assert sorted(line.partition(": ")[2] for line in told(*terms)) == [
        "the prerequisites go in a circle: a -> neuron -> a | take one of them out",
        "the prerequisites go in a circle: b -> neuron -> b | take one of them out",
    ]


def test_a_category_is_one_of_the_closed_list():
    assert neuron(category="basic") == [
        "terms/neuron.yml category: there is no category called 'basic' | did you mean 'basics'?"
    ]
    assert neuron(category="zoology") == [
        "terms/neuron.yml category: there is no category called 'zoology' | one of: basics, more"
    ]


def test_a_term_that_nothing_leads_to_is_told():
    island = a_term("Island", demo="tiny")
    assert told(NEURON, GRADIENT, island) == [
        "terms/island.yml title: no other term leads to this one | name its neighbors in 'related'"
    ]
    assert told(NEURON, a_term("Gradient", prerequisites=["neuron"], related=["island"]), island) == []


def a_pair(one, other):
    """Two terms that know each other, and nobody else."""
    return a_term(one, related=[other.lower()]), a_term(other, demo="tiny")


APART = "nothing leads to the other terms | name a neighbor of one of them in 'related'"


def test_terms_that_only_know_each_other_are_told_once():
    assert told(NEURON, GRADIENT, a_term("Loss", prerequisites=["gradient"]), *a_pair("Adam", "Token")) == [
        f"terms/adam.yml title: from adam and token {APART}"
    ]
    assert told(*a_pair("Neuron", "Token")) == [], "those who are all there is are not apart"


@pytest.mark.parametrize(
    "bridge",
    [
        a_term("Loss", prerequisites=["gradient"], related=["adam"]),
        a_term("Loss", prerequisites=["gradient", "token"]),
        a_comparison("gradient-vs-token", sides=["gradient", "token"], choose={"gradient": "x", "token": "y"},
                     rows=[{"aspect": "A", "values": {"gradient": "x", "token": "y"}}] * 2),
        a_path("neuron", "gradient", "token"),
    ],
)  # fmt: skip
def test_a_relation_a_comparison_or_a_path_leads_from_one_group_to_the_other(bridge):
    assert told(NEURON, GRADIENT, a_term("Bias", prerequisites=["neuron"]), *a_pair("Adam", "Token"), bridge) == []


def test_nobody_is_said_to_stand_apart_where_a_term_could_not_be_read():
    others = [a_term("Loss", prerequisites=["gradient"]), *a_pair("Adam", "Token")]
    assert told(NEURON, GRADIENT, *others, unread=frozenset({"terms/bridge.yml"})) == []


# --- texts ------------------------------------------------------------------------------------------------


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


PLAINLY = "use a plainer word, write a term or an alias for it, or add it with a reason to terms/allowed-words.yml"


def undefined(word):
    message = f"the definition says '{word}', which is neither common English nor a term here"
    return f"terms/neuron.yml definition: {message} | {PLAINLY}"


def test_every_word_of_a_definition_is_common_english_or_a_term():
    text = "A neuron is a tensor of logits and gradients."
    assert neuron(definition=text) == [undefined("tensor"), undefined("logits")]
    assert neuron(definition=text, aliases=["Logit", {"text": "tensor", "link": False}]) == []


def test_an_allowed_word_may_stand_in_a_definition():
    tensor = a_term("Neuron", definition="A neuron is a tensor of logits.")
    assert told(tensor, GRADIENT, allowed_words={"logit": "It is said below."}) == [undefined("tensor")]


def test_a_definition_is_not_asked_for_more_where_it_is_a_placeholder_or_names_may_be_missing():
    tensor = a_term("Neuron", definition="A neuron is a tensor.")
    assert told(tensor, GRADIENT, unread=frozenset({"terms/tensor.yml"})) == []
    assert told(tensor, GRADIENT, unread=frozenset({"terms/allowed-words.yml"})) == []
    assert [line for line in neuron(definition="A neuron is TODO tensor.") if "common" in line] == []


def test_an_allowed_word_is_needed():
    tensor = a_term("Neuron", definition="A neuron is a tensor.")
    words = {"tensor": "x", "logit": "x", "thing": "x", "neuron": "x", "gradients": "x"}
    assert told(tensor, GRADIENT, allowed_words=words) == [
        "terms/allowed-words.yml logit: no definition says 'logit' | take it out",
        "terms/allowed-words.yml thing: 'thing' is common English or a term | take it out",
        "terms/allowed-words.yml neuron: 'neuron' is common English or a term | take it out",
        "terms/allowed-words.yml gradients: 'gradients' is common English or a term | take it out",
    ]
    assert told(tensor, GRADIENT, allowed_words=words, unread=frozenset({"terms/logit.yml"})) == []
    assert told(tensor, GRADIENT, allowed_words={"tensors": "x"}) == [], "in whatever form it is listed"


IF_RIGHT = "if it is right, write it as code, or add it to generator/words/right.txt"
TEH = f"'teh' is misspelled | did you mean 'the'? {IF_RIGHT}"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"definition": "A neuron is teh thing."}, "definition"),
        ({"explanation": f"{PROSE} teh"}, "explanation"),
        ({"formula": [{"latex": "teh", "symbols": {"teh": "teh thing"}}]}, "formula.0.symbols.teh"),
        ({"examples": ["One.", "teh"]}, "examples.1"),
        ({"misconceptions": [{"wrong": "teh", "right": "It is."}]}, "misconceptions.0.wrong"),
        ({"faq": [{"question": "Is teh?", "answer": "Yes."}]}, "faq.0.question"),
        ({"faq": [{"question": "Is it?", "answer": "teh"}]}, "faq.0.answer"),
        ({"demo": {"module": "tiny", "home": True, "caption": "teh"}}, "demo.caption"),
        ({"note": "teh"}, "note"),
    ],
)
def test_a_misspelled_word_is_told_wherever_readers_see_it(changes, where):
    found = [line for line in neuron(**changes) if "is neither" not in line]
    assert found == [f"terms/neuron.yml {where}: {TEH}"]


def test_a_title_is_spelled_right_and_other_names_and_sources_are_spelled_as_they_are():
    source = {**entry()["sources"][0], "title": "Teh Things", "authors": "Teh"}
    assert neuron(aliases=["teh neuron"], sources=[source], note="After Teh.") == []
    misspelled = a_term("Teh Things", "things", aliases=["thing"], definition="A thing is big.", related=["neuron"])
    assert told(NEURON, GRADIENT, misspelled) == [f"terms/things.yml title: {TEH.replace('teh', 'Teh')}"]


def test_words_of_comparisons_and_paths_are_spelled_right_too():
    rows = [{"aspect": "Teh aspect", "values": {"neuron": "x", "teh": "teh"}}] * 2
    page = a_comparison(title="Teh", sides=["neuron", {"label": "teh", "about": "gradient"}], summary="teh", rows=rows,
                        choose={"neuron": "teh", "teh": "x"})  # fmt: skip
    steps = [{"term": "neuron", "why": "teh"}, {"term": "gradient", "why": "x"}]
    way = a_path("neuron", "gradient", title="Teh", summary="teh", outcome="teh", steps=steps)
    assert [line.partition(": ")[0].partition(" ")[2] for line in told(NEURON, GRADIENT, page, way)] == [
        "title", "sides.1.label", "summary", "rows.0.aspect", "rows.0.values.teh", "rows.1.aspect", "rows.1.values.teh",
        "choose.neuron", "title", "summary", "outcome", "steps.0.why",
    ]  # fmt: skip


def test_words_that_may_mean_several_things_are_told_with_all_of_them():
    assert neuron(note="The gradiant.") == [
        f"terms/neuron.yml note: 'gradiant' is misspelled | did you mean 'gradient' or 'radiant'? {IF_RIGHT}"
    ]


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
        (r"$\foo{x}$", [r"this is not mathematics we can show: the command \foo is not known | "]),
        (r"$\frac{1}$",
         ["this is not mathematics we can show: a fraction, root, bar or index lacks a part | "]),
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
    rows = [{"aspect": "A", "values": {"neuron": "<b>", "gradient": "x"}}] * 2
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


def test_formulas_and_their_symbols_are_latex():
    assert neuron(formula=[{"latex": r"\sum_i x_i"}, {"latex": r"\foo", "symbols": {"x": "input", "{": "brace"}}]) == [
        r"terms/neuron.yml formula.1.latex: this is not mathematics we can show: the command \foo is not known | ",
        "terms/neuron.yml formula.1.symbols.{: this is not mathematics we can show: the braces do not match | ",
    ]


def test_an_entry_has_a_primary_source_and_names_each_once():
    paper, blog = entry()["sources"][0], {**entry()["sources"][0], "kind": "article"}
    no_primary = "no source is a primary one | name at least one paper, textbook, standard, or documentation"
    assert neuron(sources=[blog]) == [f"terms/neuron.yml sources: {no_primary}"]
    assert neuron(sources=[paper, blog]) == [
        "terms/neuron.yml sources.1.url: the source https://example.org/things is named twice | keep one"
    ]
    assert told(NEURON, GRADIENT, a_comparison(sources=[blog])) == [
        f"terms/comparisons/neuron-vs-gradient.yml sources: {no_primary}"
    ]


def sources(*given):
    """What check says about sources with these titles, addresses and authors."""
    paper = entry()["sources"][0]
    return neuron(sources=[
        {**paper, "title": title, "url": url, "authors": authors} for title, url, authors in given
    ])  # fmt: skip


def test_a_source_is_named_once_however_its_address_is_written():
    one = ("One", "https://arxiv.org/abs/1706.03762", "A")
    assert sources(one, ("Two", "http://www.arxiv.org/pdf/1706.03762v7", "B")) == [
        "terms/neuron.yml sources.1.url: the source http://www.arxiv.org/pdf/1706.03762v7 is named twice, "
        "here and as https://arxiv.org/abs/1706.03762 | keep one"
    ]
    assert sources(one, ("Two", "https://arxiv.org/abs/1706.03763", "B")) == []


def test_a_source_is_named_once_by_its_title():
    hint = "keep one, or say in the title which part or edition it is"
    told = [f"terms/neuron.yml sources.1.title: the source 'Deep learning.' is named twice | {hint}"]
    one, other = ("Deep Learning", "https://a.org"), ("Deep learning.", "https://b.org")
    assert sources((*one, "A"), (*other, "A")) == told
    assert sources((*one, None), (*other, None)) == told
    assert sources((*one, None), (*other, "A")) == told
    assert sources((*one, "A"), (*other, "B")) == [], "two works may have the same title"


@pytest.mark.parametrize("url", ["https://example", "https://[", "https://a.org:port/"])
def test_an_address_of_a_source_names_a_site(url):
    hint = "copy the whole address from the browser"
    assert sources(("One", url, "A"), ("Two", url, "B")) == [
        f"terms/neuron.yml sources.{i}.url: the address {url} names no site | {hint}" for i in (0, 1)
    ]


@pytest.mark.parametrize("text", ["see [x](https://example)", "see https://example.", "see <https://example>"])
def test_an_address_in_a_text_names_a_site(text):
    hint = "copy the whole address from the browser"
    assert neuron(note=text) == [f"terms/neuron.yml note: the address https://example names no site | {hint}"]
    assert neuron(note=text.replace("example", "example.org/a_(b)")) == []


# --- dates ------------------------------------------------------------------------------------------------


def reviewed(day):
    return {"date": day, "by": "Ada Example"}


def test_dates_make_sense():
    assert neuron(written="1999-12-31") == [
        "terms/neuron.yml written: it can not have been written on 1999-12-31 | "
        "no date lies before 2000-01-01; sources have a year of their own"
    ]
    assert neuron(written="2000-01-01", reviewed=reviewed("2000-01-01")) == []
    assert neuron(reviewed=reviewed("2026-11-22")) == [
        "terms/neuron.yml reviewed.date: it was reviewed on 2026-11-22, and written after that, on 2026-11-23 | "
        "mend one of the dates"
    ]
    page, way = a_comparison(reviewed=reviewed("2026-11-22")), a_path("neuron", "gradient", written="1999-12-31")
    assert [line.partition(": it")[0] for line in told(NEURON, GRADIENT, page, way)] == [
        "terms/comparisons/neuron-vs-gradient.yml reviewed.date", "terms/paths/from-here-to-there.yml written",
    ]  # fmt: skip


def test_a_build_knows_no_clock_so_that_a_date_to_come_is_told_only_to_who_says_the_day():
    terms = a_term("Neuron", written="2999-01-01", reviewed=reviewed("2999-01-02")), GRADIENT
    assert told(*terms) == []
    assert said(ahead_of(a_glossary(*terms), date(2999, 1, 1))) == [
        "error terms/neuron.yml reviewed.date: 2999-01-02 is still to come | today is 2999-01-01"
    ]
    assert said(ahead_of(a_glossary(*terms, a_path("neuron", "gradient", written="2999-01-03")), date(2998, 1, 1))) == [
        "error terms/neuron.yml written: 2999-01-01 is still to come | today is 2998-01-01",
        "error terms/paths/from-here-to-there.yml written: 2999-01-03 is still to come | today is 2998-01-01",
        "error terms/neuron.yml reviewed.date: 2999-01-02 is still to come | today is 2998-01-01",
    ]


def said(problems):
    return [f"{p.kind} {p.path} {'.'.join(map(str, p.where))}: {p.message} | {p.hint}" for p in problems]


def test_what_nobody_has_looked_at_for_more_than_a_year_is_due():
    old = "more than a year ago | read it again, look its sources up, mend it, and say so in 'reviewed'"
    page = a_comparison(written="2020-01-01", reviewed=reviewed("2021-01-01"))
    glossary = a_glossary(NEURON, a_term("Gradient", prerequisites=["neuron"], reviewed=reviewed("2027-11-23")), page)
    assert said(due_for_review(glossary, date(2022, 1, 1))) == []
    assert said(due_for_review(glossary, date(2027, 11, 24))) == [
        f"due terms/neuron.yml written: written on 2026-11-23 and never reviewed, {old}",
        f"due terms/comparisons/neuron-vs-gradient.yml reviewed.date: last reviewed on 2021-01-01, {old}",
    ]


# --- demos ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("demo", "expected"),
    [
        ({"module": "tiny", "with": {"size": 9, "loud": True}, "home": True}, []),
        ({"module": "tinny"}, ["demo.module: there is no demo called 'tinny' | did you mean 'tiny'?"]),
        ({"module": "quantum"}, ["demo.module: there is no demo called 'quantum' | write demos/quantum.py"]),
        ({"module": "tiny", "with": {"sise": 2, "size": 10, "loud": 3}, "home": True},
         ["demo.with: tiny has no setting called 'sise' | did you mean 'size'?",
          "demo.with: size is 10, and must lie between 1 and 9 | ",
          "demo.with: loud is 3, and must be true or false | "]),
    ],
)  # fmt: skip
def test_a_demo_is_there_and_takes_its_settings(demo, expected):
    other = a_term("Gradient", prerequisites=["neuron"], demo={"module": "tiny", "home": "home" not in demo})
    assert told(a_term("Neuron", demo=demo), other) == [f"terms/neuron.yml {line}" for line in expected]


def test_a_figure_of_a_comparison_names_a_demo_that_takes_its_settings():
    cells = [{"demo": "tinny", "number": "size"}, {"demo": "tiny", "number": "size", "with": {"size": 0}}]
    rows = [{"aspect": "A", "values": {"neuron": cell, "gradient": "x"}} for cell in cells]
    assert told(NEURON, GRADIENT, a_comparison(rows=rows)) == [
        "terms/comparisons/neuron-vs-gradient.yml rows.0.values.neuron.demo: there is no demo called 'tinny' | "
        "did you mean 'tiny'?",
        "terms/comparisons/neuron-vs-gradient.yml rows.1.values.neuron.with: "
        "size is 0, and must lie between 1 and 9 | ",
    ]


def test_a_demo_has_one_home():
    homes = [a_term(title, related=[], demo={"module": "tiny", "home": True}) for title in ("Neuron", "Gradient")]
    homes[1] = homes[1].model_copy(update={"prerequisites": ["neuron"]})
    assert told(*homes) == [
        f"terms/{slug}.yml demo.home: the demo 'tiny' has 2 homes: neuron and gradient | "
        "keep `home: true` in one of them"
        for slug in ("neuron", "gradient")
    ]
    assert told(a_term("Loss"), a_term("Gradient", prerequisites=["loss"])) == [
        "terms/loss.yml demo: the demo 'tiny' has no home among the terms that show it: loss and gradient | "
        "write `home: true` in one of them"
    ]
    assert told(a_term("Loss")) == [], "where only one shows it, that is its home"


def test_a_demo_that_no_term_shows_is_told():
    demos = a_glossary().demos
    assert told(NEURON, demos={**demos, "other": demos["tiny"]}) == [
        "demos/tiny.py : no term shows this demo | write a term with `demo: other`"
    ]


TESTED = {
    "tests/demos/test_tiny.py": "",
    "tests/demos/mutants.yml": "# bugs\n- {file: demos/tiny.py, find: a, replace: b, slip: c}\n",
}


def untested(*missing, bugs=TESTED["tests/demos/mutants.yml"]):
    tests = {**TESTED, "tests/demos/mutants.yml": bugs}
    return told(NEURON, tests={path: text for path, text in tests.items() if path not in missing})


NO_TEST = (
    "demos/tiny.py : this demo has no test | "
    "write tests/demos/test_tiny.py: hold its results against a library, or against what is known beforehand"
)
NO_BUG = (
    "demos/tiny.py : no deliberate bug is planted in this demo | "
    "add one to tests/demos/mutants.yml, and see with `make mutants` that the test notices it"
)


@pytest.mark.parametrize(
    ("bugs", "expected"),
    [
        ('- {file: "demos/tiny.py", find: a}', []),
        ("- file: demos/tiny.py\n  find: a", []),
        ("- {file: demos/other.py, find: 'file: demos/tiny.py'}", [NO_BUG]),
        ("- {file: demos/tiny_too.py}\n- {file: demos/parts/tiny.py}", [NO_BUG]),
        ("# - {file: demos/tiny.py}", [NO_BUG]),
        ("", [NO_BUG]),
    ],
)
def test_a_demo_has_a_deliberate_bug(bugs, expected):
    assert untested(bugs=bugs) == expected


def test_a_demo_has_a_test_where_there_are_tests():
    assert untested("tests/demos/test_tiny.py") == [NO_TEST]
    assert untested("tests/demos/mutants.yml") == [], "where there is no list of bugs, none is asked for"
    assert untested(*TESTED) == [], "where there are no tests, none is asked for"


def test_a_test_that_could_not_be_read_is_not_told_to_be_missing():
    tests = {"tests/demos/mutants.yml": TESTED["tests/demos/mutants.yml"]}
    assert told(NEURON, tests=tests, unread=frozenset({"tests/demos/test_tiny.py"})) == []


# --- comparisons and paths --------------------------------------------------------------------------------

ROW = {"aspect": "Kind", "values": {"neuron": "thing", "gradient": "list"}}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sides": ["neuron", "gradiant"], "rows": [ROW, ROW]},
         ["sides.1: there is no term called 'gradiant' | did you mean 'gradient'?",
          "rows.0.values.gradient: the row 'Kind' speaks of 'gradient', which is no side | did you mean 'gradiant'?",
          "rows.0.values: the row 'Kind' says nothing about 'gradiant' | add a line that starts with gradiant:",
          "rows.1.values.gradient: the row 'Kind' speaks of 'gradient', which is no side | did you mean 'gradiant'?",
          "rows.1.values: the row 'Kind' says nothing about 'gradiant' | add a line that starts with gradiant:",
          "choose.gradient: 'choose' speaks of 'gradient', which is no side | did you mean 'gradiant'?",
          "choose: 'choose' says nothing about 'gradiant' | add a line that starts with gradiant:"]),
        ({"sides": ["neuron", "gradient", "neuron"]},
         ["sides.2: 'neuron' is on two sides | give one of them a label"]),
        ({"rows": [ROW, {"aspect": "Size", "values": {"neuron": "big", "slope": "small"}}]},
         ["rows.1.values.slope: the row 'Size' speaks of 'slope', which is no side | one of: neuron, gradient",
          "rows.1.values: the row 'Size' says nothing about 'gradient' | add a line that starts with gradient:"]),
        ({"choose": {"neuron": "For things."}},
         ["choose: 'choose' says nothing about 'gradient' | add a line that starts with gradient:"]),
    ],
)  # fmt: skip
def test_a_comparison_speaks_of_its_sides_in_every_row(changes, expected):
    assert told(NEURON, GRADIENT, a_comparison(**changes)) == [
        f"terms/comparisons/neuron-vs-gradient.yml {line}" for line in expected
    ]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (["neuron", "gradient", "loss"], []),
        (["neuron", "gradiant"], ["steps.1.term: there is no term called 'gradiant' | did you mean 'gradient'?"]),
        (["neuron", "neuron"], ["steps.1.term: 'neuron' comes twice | take one out"]),
        (["gradient", "neuron"], ["steps.0.term: 'gradient' needs neuron first | put it before this step"]),
        (["loss", "neuron"], ["steps.0.term: 'loss' needs gradient and neuron first | put them before this step"]),
    ],
)
def test_a_path_climbs(steps, expected):
    loss = a_term("Loss", prerequisites=["gradient", "neuron"])
    assert told(NEURON, GRADIENT, loss, a_path(*steps)) == [
        f"terms/paths/from-here-to-there.yml {line}" for line in expected
    ]


def test_a_path_may_start_higher_and_says_what_to_know_first():
    loss = a_term("Loss", prerequisites=["gradient", "neuron"])
    assert told(NEURON, GRADIENT, loss, a_path("loss", "neuron", prerequisites=["gradient", "neuron"])) == [
        "terms/paths/from-here-to-there.yml steps.1.term: 'neuron' comes twice | take one out"
    ]
    assert told(NEURON, GRADIENT, a_path("neuron", "gradient", prerequisites=["gradiant"])) == [
        "terms/paths/from-here-to-there.yml prerequisites.0: "
        "there is no term called 'gradiant' | did you mean 'gradient'?"
    ]


# --- what could not be read -------------------------------------------------------------------------------


def test_what_could_not_be_read_is_not_told_to_be_missing(project):
    shared = {"aliases": [{"text": "ANN", "ambiguous": True}]}
    write_yaml(project / "terms" / "gradient.yml", entry("Gradient", related=["loss", "neuron"], **shared))
    write_yaml(project / "terms" / "adam.yml", entry("Adam", demo="broken", explanation=f"{PROSE} [[loss]]"))
    (project / "terms" / "loss.yml").write_text("title: [", encoding="utf-8")
    (project / "terms" / "neuron.yml").write_text("title: [", encoding="utf-8")  # the home of tiny
    (project / "terms" / "categories.yml").write_text("[", encoding="utf-8")
    (project / "demos" / "broken.py").write_text("(", encoding="utf-8")
    (project / "demos" / "other.py").write_bytes((project / "demos" / "tiny.py").read_bytes())
    loaded = load(project)
    glossary, problems = loaded.glossary, loaded.problems
    told = [str(problem).partition("\n")[0] for problem in located(project, [*problems, *check(glossary)])]
    assert told == [
        "demos/broken.py:1:1: this is not Python: '(' was never closed",
        "terms/categories.yml:2:1: this is not valid YAML: a bracket or brace is not closed here",
        "terms/loss.yml:2:1: this is not valid YAML: a bracket or brace is not closed here",
        "terms/neuron.yml:2:1: this is not valid YAML: a bracket or brace is not closed here",
    ]


def test_a_problem_found_here_is_told_with_its_line(project):
    write_yaml(project / "terms" / "neuron.yml", entry(related=["nowhere"], examples=["One.", "Open ` tick."]))
    lines = (project / "terms" / "neuron.yml").read_text(encoding="utf-8").splitlines()
    problems = located(project, check(load(project).glossary))
    assert [lines[problem.line - 1][problem.column - 1 :] for problem in problems] == ["Open ` tick.", "nowhere"]
