"""Files in, entries out; and every slip is told with its place and its remedy."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.load.entry import parse_entry
from generator.model.entries import Comparison, Path, Term
from tests.generator.load.conftest import COMPARISON, GOOD, HINT, PATH, SLUG_HINT, changed, read


def test_a_good_file_is_read_with_the_slug_of_its_name():
    term, told = read(GOOD)
    assert told == ""
    assert (term.slug, term.title, term.explanation) == ("neuron", "Neuron", "One line.\nAnother line.")


def test_letters_and_their_accents_are_read_as_one_character_however_the_file_has_them():
    term, told = read(GOOD.replace("title: Neuron", "title: E\u0301lo\u030b \u212bngstro\u0308m"))
    assert told == ""
    assert term.title == "Élő Ångström"
    term, told = read(GOOD.replace("title: Neuron", 'title: "\u00c9lo\\u030b"'))
    assert (told, term.title) == ("", "Élő"), "an escape says it too"
    term, told = read(GOOD.replace("title: Neuron", 'title: "\u00c9lo\\\n  \u030b"'))
    assert (told, term.title) == ("", "Élő"), "and one that joins two lines"


ALL_FIELDS = "one of: title, aliases, category, level, definition, explanation, formula, examples, misconceptions, faq"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("written:", "alias: [cell]\nwritten:",
         f"f.yml:17:1: there is no field called 'alias'{HINT}did you mean 'aliases'?"),
        ("written:", "zzz: 1\nwritten:",
         f"f.yml:17:1: there is no field called 'zzz'{HINT}{ALL_FIELDS}, prerequisites, related and 10 more"),
        ("written:", "slug: cell\nwritten:",
         f"f.yml:17:1: 'slug' is not written in the file{HINT}take it out: it is the file's name"),
        ("link: false", "lnk: false", f"f.yml:2:30: there is no field called 'lnk'{HINT}did you mean 'link'?"),
        ("level: beginner\n", "", f"f.yml:1:1: the field 'level' is missing{HINT}beginner, intermediate, or advanced"),
        (", right: Yes.", "", f"f.yml:13:5: the field 'right' is missing{HINT}what is so instead"),
        ("level: beginner", "level: beginer",
         f"f.yml:4:8: there is no level called 'beginer'{HINT}did you mean 'beginner'?"),
        ("level: beginner", "level: hard",
         f"f.yml:4:8: there is no level called 'hard'{HINT}one of: beginner, intermediate, advanced"),
        ("level: beginner", "level: [beginner]",
         f"f.yml:4:1: 'level' must be one word, and is a list{HINT}one of: beginner, intermediate, advanced"),
        ("level: beginner", "level:", f"f.yml:4:7: 'level' is empty{HINT}write it or take it out"),
        ("kind: paper", "kind: blog",
         f"f.yml:16:67: there is no kind called 'blog'{HINT}"
         "one of: paper, textbook, standard, documentation, article, course, code"),
        ("title: Neuron", "title: 12", f"f.yml:1:8: 'title' must be text, and is the number 12{HINT}"
         'put quotes around it: "12"'),
        ("title: Neuron", "title: 3.10", f"f.yml:1:8: 'title' must be text, and is the number 3.10{HINT}"
         'put quotes around it: "3.10"'),
        ("title: Neuron", "title: true",
         f"f.yml:1:8: 'title' must be text, and is the word true{HINT}"
         'put quotes around it: "true"'),
        ("title: Neuron", "title: [Neuron]",
         f"f.yml:1:1: 'title' must be text, and is a list{HINT}put quotes around it"),
        ("title: Neuron", "title: ' '", f"f.yml:1:8: 'title' is empty{HINT}write it or take it out"),
        ("- First.", "- Ratio: 3",
         f"f.yml:10:5: entry 1 of 'examples' must be text, and is a group of fields{HINT}"
         "put quotes around a text that has a colon, or write it below >-"),
        ("- First.", "-", f"f.yml:10:4: entry 1 of 'examples' is empty{HINT}write it or take it out"),
        ("  - First.\n", "", f"f.yml:9:1: 'examples' has only 1 entry{HINT}it needs at least 2"),
        ("\n  - {wrong: No., right: Yes.}", " []",
         f"f.yml:12:1: 'misconceptions' has no entries{HINT}it needs at least 1"),
        ("aliases: [unit, {text: node, link: false}]", "aliases: unit",
         f"f.yml:2:10: 'aliases' must be a list, and is text{HINT}write each entry on a line of its own, after a dash"),
        ("{wrong: No., right: Yes.}", "No.",
         f"f.yml:13:5: entry 1 of 'misconceptions' must be fields and values, and is text{HINT}"
         "its fields are wrong and right"),
        ("{module: tiny, with: {size: 2}}", "[tiny]",
         f"f.yml:14:1: 'demo' must be fields and values, and is a list{HINT}"
         "its fields are module, with, caption, home, and hide"),
        ("module: tiny", "module: Tiny-1",
         f"f.yml:14:16: 'Tiny-1' is not the name of a demo{HINT}use lower-case letters, digits and underscores"),
        ("with: {size: 2}", "with: 2",
         f"f.yml:14:28: 'with' must be fields and values, and is the number 2{HINT}write each as name: value"),
        ("size: 2", "size: [2]",
         f"f.yml:14:29: 'size' must be a number, text, true or false, and is a list{HINT}"
         "settings are what the demo's controls can be set to"),
        ("link: false}", "link: false}, 3.10", f"f.yml:2:44: entry 3 of 'aliases' must be text, and is the number 3.10"
         f'{HINT}put quotes around it: "3.10"'),
        ("link: false}", "link: false}, 1e5", f"f.yml:2:44: entry 3 of 'aliases' must be text, and is the number 1e5"
         f'{HINT}put quotes around it: "1e5"'),
        ("link: false}", "link: false}, true", f"f.yml:2:44: entry 3 of 'aliases' must be text, and is the word true"
         f'{HINT}put quotes around it: "true"'),
        ("link: false}", "link: false}, {text: 007}", "f.yml:2:51: 'text' must be text, and is the number 007"
         f'{HINT}put quotes around it: "007"'),
        ("link: false", "link: maybe", "f.yml:2:36: 'link' must be true or false, and is text"),
        ("1943", "19.5", "f.yml:16:55: 'year' must be a whole number, and is the number 19.5"),
        ("1943", "long ago", "f.yml:16:55: 'year' must be a whole number, and is text"),
        ("1943", "1200", f"f.yml:16:55: '1200' can not be the year{HINT}a year lies between 1600 and 2100"),
        ("1943", "9" * 5000, "f.yml:16:55: 'year' must be a whole number, and is text"),
        ("https://example.org/", "example.org",
         f"f.yml:16:25: 'example.org' is not a web address{HINT}it starts with https:// and has no spaces"),
        ("https://example.org/", "javascript:alert(1)",
         f"f.yml:16:25: 'javascript:alert(1)' is not a web address{HINT}it starts with https:// and has no spaces"),
        ("2026-11-23", "yesterday", f"f.yml:17:10: 'yesterday' is not a date{HINT}write it as 2026-11-23"),
        ("2026-11-23", "2026-02-30", f"f.yml:17:10: '2026-02-30' is not a date{HINT}write it as 2026-11-23"),
        ("2026-11-23", "1767225600", f"f.yml:17:10: '1767225600' is not a date{HINT}write it as 2026-11-23"),
        ("written:", "reviewed: {date: soon, by: Ada}\nwritten:",
         f"f.yml:17:18: 'soon' is not a date{HINT}write it as 2026-11-23"),
        ("written:", "related: [Neural Network]\nwritten:",
         f"f.yml:17:11: 'Neural Network' is not a slug{HINT}{SLUG_HINT}"),
        ("written:", "formula: [{latex: x, symbols: [x]}]\nwritten:",
         f"f.yml:17:22: 'symbols' must be fields and values, and is a list{HINT}write each as name: value"),
    ],
)  # fmt: skip
def test_a_wrong_field_of_a_term_is_told_with_its_remedy(old, new, told):
    assert read(changed(GOOD, old, new)) == (None, told)


@pytest.mark.parametrize(
    ("kind", "text", "old", "new", "told"),
    [
        (Comparison, COMPARISON, "[a, {label: bee, about: b}]", "[a]",
         f"f.yml:2:1: 'sides' has only 1 entry{HINT}it needs at least 2"),
        (Comparison, COMPARISON, "[a, {label: bee, about: b}]", "[a, b, c, d, e]",
         f"f.yml:2:1: 'sides' has 5 entries{HINT}it may have at most 4"),
        (Comparison, COMPARISON, "a: x", "a: 3",
         f"f.yml:6:17: 'a' must be text, and is the number 3{HINT}"
         'put quotes around it: "3"'),
        (Comparison, COMPARISON, "a: x", "a: ", f"f.yml:6:17: 'a' is empty{HINT}write it or take it out"),
        (Comparison, COMPARISON, "a: x", "a: [x]",
         f"f.yml:6:14: 'a' must be text, and is a list{HINT}put quotes around it"),
        (Comparison, COMPARISON, ", number: size", "",
         f"f.yml:9:10: the field 'number' is missing{HINT}a name in the demo's Result.numbers"),
        (Comparison, COMPARISON, "number: size", "number: size, wiht: {}",
         f"f.yml:9:37: there is no field called 'wiht'{HINT}did you mean 'with'?"),
        (Comparison, COMPARISON, "number: size", "number: size, with: {size: ~}",
         f"f.yml:9:50: 'size' is empty{HINT}write it or take it out"),
        (Path, PATH, "{term: a, why: it comes first}", "a",
         f"f.yml:5:5: entry 1 of 'steps' must be fields and values, and is text{HINT}its fields are term and why"),
        (Path, PATH, ", why: it comes first", "",
         f"f.yml:5:5: the field 'why' is missing{HINT}one line: what this rung adds"),
    ],
)  # fmt: skip
def test_a_wrong_field_of_a_comparison_or_a_path_is_told_with_its_remedy(kind, text, old, new, told):
    assert read(text, kind)[1] == ""
    assert read(changed(text, old, new), kind) == (None, told)


def test_all_problems_of_a_file_are_told_at_once_from_top_to_bottom():
    text = GOOD
    for old, new in [("title: Neuron", "titel: Neuron"), ("beginner", "hard"), ("1943", "soon"), ("2026-11", "2026")]:
        text = changed(text, old, new)
    entry, told = read(text + "level: advanced\n")
    assert entry is None
    assert [line for line in told.splitlines() if "hint" not in line] == [
        "f.yml:1:1: the field 'title' is missing",
        "f.yml:1:1: there is no field called 'titel'",
        "f.yml:16:55: 'year' must be a whole number, and is text",
        "f.yml:17:10: '2026-23' is not a date",
        "f.yml:18:1: 'level' is written twice",
    ]


SCRAPS = ["", "  ", "- ", "{", "]", "&a", "*a", "? ", "!!int x", "\t", "a: "]
lines = st.lists(st.sampled_from([*GOOD.splitlines(), *SCRAPS]))


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200), lines.map("\n".join)))
@example("a: " + "9" * 5000)
def test_whatever_a_file_holds_it_is_an_entry_or_told_with_a_place_in_it(content):
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    entry, problems = parse_entry("f.yml", data, Term, slug="neuron")
    assert (entry is None) == bool(problems)
    for problem in problems:
        assert problem.message
        assert 0 <= problem.line <= data.count(b"\n") + data.count(b"\r") + data.count(b"\xe2\x80") + 2
