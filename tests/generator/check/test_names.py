"""What things are called: no two names lead to one place, and each becomes an address."""

import pytest

from generator.check.names import old_addresses_of_other_kinds_lead_to_one_place, renamed_files_leave_their_slug
from generator.model.entries import Category, Wanted
from tests.generator.check.conftest import GRADIENT, NEURON, neuron, told
from tests.generator.conftest import CATEGORIES, a_comparison, a_glossary, a_path, a_term


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
        ([a_term("Neuron", former_slugs=["cell", "cell"]), GRADIENT],
         ["terms/neuron.yml former_slugs.1: the old slug 'cell' says nothing new | take it out"]),
        # a title or an alias that leads here from an old address may change, and the old slug stays
        ([a_term("Artificial Neuron", "neuron", aliases=["Cell"], former_slugs=["artificial-neuron", "cell"],
                 demo={"module": "tiny", "home": True}), GRADIENT],
         []),
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


@pytest.mark.parametrize(
    ("one", "other", "key"),
    [("Euler 1,5", "Euler 1.5", "euler-1-5"), ("Élan", "Elan", "elan"), ("f(x)", "F: x", "f-x")],
)
def test_names_that_become_one_address_are_told_with_it(one, other, key):
    first, second = a_term("Neuron", aliases=[one]), a_term("Gradient", prerequisites=["neuron"], aliases=[other])
    assert told(first, second) == [
        f"terms/gradient.yml aliases.0: the alias '{other}' becomes the address '{key}', like the alias '{one}' of "
        "'neuron' | give one of them another name: an address has no signs but letters, digits and hyphens"
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("β-VAE", "VAE"), ("ε-Greedy Search", "Greedy Search"), ("TD(λ)", "TD"), ("C", "C#"), ("C#", "C++"), ("A*", "A"),
     ("ε", "η"), ("x≤3", "x≥3"), ("x<3", "x≠3"), ("∑", "∏"), ("Łukasiewicz", "ukasiewicz"), ("3×3", "33")],
)  # fmt: skip
def test_names_that_differ_in_what_is_read_aloud_have_addresses_of_their_own(one, other):
    assert told(a_term("Neuron", aliases=[one]), a_term("Gradient", prerequisites=["neuron"], aliases=[other])) == []


def test_two_shared_acronyms_do_not_take_one_page():
    acronyms = {"Search": "É-R", "Walk": "É-R", "Run": "e r", "Jump": "e r"}
    terms = [
        a_term(title, prerequisites=["neuron"], aliases=[{"text": text, "ambiguous": True}])
        for title, text in acronyms.items()
    ]
    assert told(a_term("Neuron"), *terms) == [
        f"terms/{slug}.yml aliases.0: the acronyms 'É-R' and 'e r' become the same address, 'e-r' | "
        "spell them alike, or take one out"
        for slug in ("search", "walk")
    ]


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
        ({"aliases": ["¿?"]}, "aliases.0: '¿?' can not be an alias | it becomes an address: use letters or digits"),
        ({"aliases": ["AUX"]}, "aliases.0: 'AUX' can not be an alias | "
         "it becomes an address, and some systems or sites need that name for themselves"),
        ({"aliases": ["⟨⟩"]}, "aliases.0: '⟨⟩' can not be an alias | it becomes an address: use letters or digits"),
        ({"former_slugs": ["index"]}, "former_slugs.0: 'index' can not be an old slug | "
         "it becomes an address, and some systems or sites need that name for themselves"),
    ],
)  # fmt: skip
def test_a_name_that_can_be_no_address_is_told(changes, expected):
    assert neuron(**changes) == [f"terms/neuron.yml {expected}"]


MARKS = [
    "<b>", "`code`", "**bold**", "$x$", "[[gradient]]", "[a](https://example.org)", "&lt;", "&copy;", "&#60;", "*cell*",
    "{% raw %}", "{.cls}", "{: .cls}", "==mark==", "~~old~~", "H~2~O", "x^2^", ":smile:", r"\alpha", r"\(x\)", r"\*",
    "++ctrl+c++", "[the paper][1]",
]  # fmt: skip


def shows(text):
    return f"the page shows these marks as they stand: {text} | write it in words: this text is shown as it is"


@pytest.mark.parametrize("marks", MARKS)
def test_marks_in_a_name_are_told_alike_in_every_kind_of_name(marks):
    name = f"The {marks} cell"
    shown = name if marks in (r"\alpha",) else r"\(" if marks == r"\(x\)" else marks
    shown = shown.replace("H~2~O", "~2~").replace("x^2^", "^2^")
    sides = [{"about": "neuron", "label": name}, {"about": "gradient"}]
    rows = [{"aspect": "A thing", "values": {name: "x", "gradient": "y"}}] * 2
    page = a_comparison(sides=sides, rows=rows, choose={name: "x", "gradient": "y"}, title=name)
    way = a_path("neuron", "gradient", title=name)
    term = a_term("Neuron", aliases=[name])
    for said, path, where in [
        (told(term, GRADIENT), "terms/neuron.yml", "aliases.0"),
        (told(a_term(name, "neuron"), GRADIENT), "terms/neuron.yml", "title"),
        (told(NEURON, GRADIENT, page), "terms/comparisons/neuron-vs-gradient.yml", "title"),
        (told(NEURON, GRADIENT, page), "terms/comparisons/neuron-vs-gradient.yml", "sides.0.label"),
        (told(NEURON, GRADIENT, way), "terms/paths/from-here-to-there.yml", "title"),
        (told(NEURON, GRADIENT, wanted=[Wanted(title=name, why="So.")]), "terms/wanted.yml", "0.title"),
        (told(NEURON, GRADIENT, wanted=[Wanted(title="Cell", why=name)]), "terms/wanted.yml", "0.why"),
        (told(NEURON, GRADIENT, categories={one["slug"]: Category(**one | {"title": name}) for one in CATEGORIES}),
         "terms/categories.yml", "0.title"),
    ]:  # fmt: skip
        assert [line for line in said if "marks as they stand" in line and f" {where}:" in line] == [
            f"{path} {where}: {shows(shown)}"
        ]


def test_a_figure_and_a_heading_in_an_alias_are_told():
    assert neuron(aliases=["Cell {{size}}"]) == [f"terms/neuron.yml aliases.0: {shows('{{size}}')}"]
    assert neuron(aliases=["# Cell"]) == [f"terms/neuron.yml aliases.0: {shows('# Cell')}"]


@pytest.mark.parametrize("alias", ["<b>bold</b>", "<s>old</s>", "the<br>cell", "<img src=x>", "<!-- cell -->"])
def test_html_in_an_alias_is_told(alias):
    assert [line.partition(":")[0] for line in neuron(aliases=[alias])] == ["terms/neuron.yml aliases.0"]


@pytest.mark.parametrize(
    "alias",
    ["C#", "A*", "C++", "<eos>", "<s>", "</s>", "[MASK]", "the [CLS] token", "TD(λ)", "Bias/Variance", "D* and A*",
     "#1 choice", "AT&T", "R&D; more", "x == y", "a ~5 cell", "__init__", "US$5 or $6", "{0, 1}", "F_1", "2^n"],
)  # fmt: skip
def test_a_name_with_signs_that_are_no_marks_is_a_name(alias):
    assert neuron(aliases=[alias]) == []


OTHER = {"title": "Another one"}
# Another comparison, of a part of the same page.
SLOPE = {
    "title": "Another one",
    "sides": ["neuron", {"label": "slope", "about": "gradient"}],
    "rows": [{"aspect": aspect, "values": {"neuron": "one", "slope": "other"}} for aspect in ("Kind", "Size")],
    "choose": {"neuron": "For things.", "slope": "For slopes."},
}


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([a_comparison(former_slugs=["cell-vs-slope"])], []),
        ([a_path("neuron", "gradient", former_slugs=["up", "neuron"])], []),  # terms have addresses of their own
        ([a_comparison(former_slugs=["neuron-vs-gradient"])],
         ["terms/comparisons/neuron-vs-gradient.yml former_slugs.0: the old slug 'neuron-vs-gradient' says nothing new "
          "| take it out"]),
        ([a_path("neuron", "gradient", former_slugs=["up", "up"])],
         ["terms/paths/from-here-to-there.yml former_slugs.1: the old slug 'up' says nothing new | take it out"]),
        ([a_comparison(former_slugs=["b"]), a_comparison("b", **SLOPE)],
         ["terms/comparisons/neuron-vs-gradient.yml former_slugs.0: the old slug 'b' is already the slug of the "
          "comparison 'b' | give it to one of them"]),
        ([a_comparison(former_slugs=["old"]), a_comparison("b", former_slugs=["old"], **SLOPE)],
         ["terms/comparisons/b.yml former_slugs.0: the old slug 'old' is already an old slug of the comparison "
          "'neuron-vs-gradient' | give it to one of them"]),
        ([a_path("neuron", "gradient", former_slugs=["b"]), a_path("neuron", "gradient", slug="b", **OTHER)],
         ["terms/paths/from-here-to-there.yml former_slugs.0: the old slug 'b' is already the slug of the path 'b' | "
          "give it to one of them"]),
        ([a_path("neuron", "gradient", former_slugs=["index"])],
         ["terms/paths/from-here-to-there.yml former_slugs.0: 'index' can not be an old slug | it becomes an address, "
          "and some systems or sites need that name for themselves"]),
    ],
)  # fmt: skip
def test_an_old_slug_of_a_comparison_or_a_path_leads_to_one_place(entries, expected):
    assert told(NEURON, GRADIENT, *entries) == expected


@pytest.mark.parametrize(
    ("former", "names", "expected"),
    [
        ([], {}, []),
        ([], {"terms/neuron.yml": ["terms/cell.yml"]},
         ["terms/neuron.yml title: this file was terms/cell.yml, and nothing keeps the old address leading here | "
          "write `former_slugs: [cell]` as its last field"]),
        (["older"], {"terms/neuron.yml": ["terms/older.yml", "terms/cell.yml"]},
         ["terms/neuron.yml title: this file was terms/cell.yml, and nothing keeps the old address leading here | "
          "write `former_slugs: [older, cell]` as its last field"]),
        (["cell"], {"terms/neuron.yml": ["terms/cell.yml"]}, []),
        ([], {"terms/neuron.yml": ["terms/gradient.yml"]}, []),  # another term is there by now
        ([], {"terms/gone.yml": ["terms/cell.yml"]}, []),
        # the alias leads here from the same address, as long as it is there
        ([], {"terms/neuron.yml": ["terms/nerve.yml"]},
         ["terms/neuron.yml title: this file was terms/nerve.yml, and nothing keeps the old address leading here | "
          "write `former_slugs: [nerve]` as its last field"]),
    ],
)  # fmt: skip
def test_a_renamed_file_keeps_its_old_address(former, names, expected):
    term = a_term("Neuron", aliases=["Nerve"], former_slugs=former, demo={"module": "tiny", "home": True})
    problems = renamed_files_leave_their_slug(a_glossary(term, GRADIENT), names)
    assert [f"{one.path} {one.where[0]}: {one.message} | {one.hint}" for one in problems] == expected


def test_a_renamed_comparison_and_a_renamed_path_keep_theirs_too():
    glossary = a_glossary(NEURON, GRADIENT, a_comparison(), a_path("neuron", "gradient", former_slugs=["up"]))
    names = {
        "terms/comparisons/neuron-vs-gradient.yml": ["terms/comparisons/a-vs-b.yml"],
        "terms/paths/from-here-to-there.yml": ["terms/paths/up.yml"],
    }
    (problem,) = renamed_files_leave_their_slug(glossary, names)
    assert (problem.path, problem.kind) == ("terms/comparisons/neuron-vs-gradient.yml", "unfinished")
    assert problem.message.startswith("this file was terms/comparisons/a-vs-b.yml")


@pytest.mark.parametrize(
    ("of_term", "of_comparison", "expected"),
    [
        (["comparisons/a-vs-b"], ["terms/cell"], []),
        (["terms/cell"], [],
         ["terms/neuron.yml former_slugs: the old address 'terms/cell' is one of the same kind of page | "
          "write it as cell"]),
        (["paths/up", "paths/up"], [],
         ["terms/neuron.yml former_slugs: the old address 'paths/up' says nothing new | take it out"]),
        (["paths/up"], ["paths/up"],
         ["terms/comparisons/neuron-vs-gradient.yml former_slugs: the old address 'paths/up' is already an old address "
          "of terms/neuron.yml | give it to one of them"]),
        (["comparisons/neuron-vs-gradient"], [],
         ["terms/neuron.yml former_slugs: the old address 'comparisons/neuron-vs-gradient' is already the page of "
          "terms/comparisons/neuron-vs-gradient.yml | give it to one of them"]),
        ([], ["terms/nerve"],
         ["terms/comparisons/neuron-vs-gradient.yml former_slugs: the old address 'terms/nerve' is already a name of "
          "terms/neuron.yml | give it to one of them"]),
        (["comparisons/old"], ["old"],
         ["terms/neuron.yml former_slugs: the old address 'comparisons/old' is already an old address of "
          "terms/comparisons/neuron-vs-gradient.yml | give it to one of them"]),
    ],
)  # fmt: skip
def test_an_old_address_of_another_kind_leads_to_one_place(of_term, of_comparison, expected):
    term = a_term("Neuron", aliases=["Nerve"], former_slugs=of_term, demo={"module": "tiny", "home": True})
    glossary = a_glossary(term, GRADIENT, a_comparison(former_slugs=of_comparison))
    problems = old_addresses_of_other_kinds_lead_to_one_place.find(glossary)
    assert [f"{one.path} {one.where[0]}: {one.message} | {one.hint}" for one in problems] == expected


@pytest.mark.parametrize("old", ["comparisons/cell", "paths/cell"])
def test_an_entry_that_was_of_another_kind_keeps_its_old_address(old):
    names = {"terms/neuron.yml": [f"terms/{old}.yml"]}
    (problem,) = renamed_files_leave_their_slug(a_glossary(NEURON, GRADIENT), names)
    assert problem.hint == f"write `former_slugs: [{old}]` as its last field"
    kept = a_term("Neuron", former_slugs=[old], demo={"module": "tiny", "home": True})
    assert [*renamed_files_leave_their_slug(a_glossary(kept, GRADIENT), names)] == []
