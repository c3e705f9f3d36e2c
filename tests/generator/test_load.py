"""Files in, entries out; and every slip is told with its place and its remedy."""

import os
import pickle
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.cache import keep, kept
from generator.check.rules import GLOSSARY_RULES
from generator.load import demos as load_demos
from generator.load import remembered
from generator.load.entry import parse_entry
from generator.load.glossary import load
from generator.load.places import located
from generator.load.remembered import brief
from generator.model.entries import Comparison, Path, Term
from generator.problems import Problem
from tests.generator.conftest import DEMO, ROOT, a_term, entry, write_yaml

GOOD = """\
title: Neuron
aliases: [unit, {text: node, link: false}]
category: basics
level: beginner
definition: A neuron is a thing.
explanation: |
  One line.
  Another line.
examples:
  - First.
  - Second.
misconceptions:
  - {wrong: No., right: Yes.}
demo: {module: tiny, with: {size: 2}}
sources:
  - {title: Paper, url: "https://example.org/", year: 1943, kind: paper}
written: 2026-11-23
"""
COMPARISON = """\
title: A vs. B
sides: [a, {label: bee, about: b}]
summary: Both.
rows:
  - aspect: One
    values: {a: x, bee: y}
  - aspect: Two
    values:
      a: {demo: tiny, number: size}
      bee: z
choose: {a: this, bee: that}
sources: [{title: Paper, url: "https://example.org/", year: 1943, kind: paper}]
written: 2026-11-23
"""
PATH = """\
title: There and back
summary: A way.
outcome: walk
steps:
  - {term: a, why: it comes first}
  - {term: b, why: it comes second}
written: 2026-11-23
"""


def read(text, kind=Term):
    data = text if isinstance(text, bytes) else text.encode()
    entry, problems = parse_entry("f.yml", data, kind, slug="neuron")
    return entry, "\n".join(map(str, sorted(problems, key=lambda problem: problem.order)))


def changed(text, old, new):
    assert text.count(old) == 1, f"{old!r} must occur once"
    return text.replace(old, new)


def test_a_good_file_is_read_with_the_slug_of_its_name():
    term, told = read(GOOD)
    assert told == ""
    assert (term.slug, term.title, term.explanation) == ("neuron", "Neuron", "One line.\nAnother line.")


# --- no YAML ----------------------------------------------------------------------------------------------

HINT = "\n    hint: "
YAML = "this is not valid YAML: "


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title: Neuron", "title: Neuron: a cell",
         f"f.yml:1:14: {YAML}there is a colon inside this text{HINT}put quotes around the text, or write it below >-"),
        ("title: Neuron", "title: Neuron\n  - x: y",
         f"f.yml:2:6: {YAML}there is a colon inside this text{HINT}put quotes around the text, or write it below >-"),
        ("level: ", "\tlevel: ", f"f.yml:4:1: {YAML}there is a tab where spaces are needed{HINT}indent with spaces"),
        ("title: Neuron", "title: 'Neuron", f"f.yml:1:8: {YAML}a quote is not closed{HINT}close it"),
        ("title: Neuron", 'title: "Neuron" cell',
         f"f.yml:1:17: {YAML}this does not go on what came before{HINT}"
         "check its indentation, and the quotes before it"),
        ("  - Second.", "   - Second.\n - Third.",
         f"f.yml:12:2: {YAML}this does not go on what came before{HINT}"
         "check its indentation, and the quotes before it"),
        ("link: false}]", "link: false}",
         f"f.yml:3:1: {YAML}a bracket or brace is not closed here{HINT}close it, or put quotes around the text"),
        ("link: false}]", "link: false]",
         f"f.yml:2:41: {YAML}a bracket or brace is not closed here{HINT}close it, or put quotes around the text"),
        ("title: Neuron", "title: @home",
         f"f.yml:1:8: {YAML}nothing can start with this character{HINT}"
         "put quotes around the text; indent with spaces"),
        ("title: Neuron", "title: `code`",
         f"f.yml:1:8: {YAML}nothing can start with this character{HINT}"
         "put quotes around the text; indent with spaces"),
        ("title: Neuron", "title: *neuron*",
         f"f.yml:1:15: {YAML}a text can not start with * or &{HINT}put quotes around the text"),
        ("title: Neuron", "title: *neuron",
         f"f.yml:1:8: {YAML}a text can not start with *{HINT}put quotes around the text"),
        ("title: Neuron", 'title: "\\dots"',
         f"f.yml:1:9: {YAML}a backslash in double quotes is no backslash{HINT}use single quotes, or write two"),
        ("level: beginner", "level",
         f"f.yml:5:1: {YAML}the line before is no field with a colon{HINT}write it as field: value"),
        ("level: ", "---\nlevel: ",
         f"f.yml:4:1: {YAML}the file holds a second document{HINT}take out the line ---"),
        ("title: Neuron", "title: |2x",
         f"f.yml:1:10: {YAML}did not find expected comment or line break{HINT}compare with terms/_template.yml"),
    ],
)  # fmt: skip
def test_invalid_yaml_is_told_with_its_place_and_in_plain_words(old, new, told):
    assert read(changed(GOOD, old, new)) == (None, told)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", f"f.yml: the file is empty{HINT}start from terms/_template.yml"),
        (b"# only a comment\n", f"f.yml: the file is empty{HINT}start from terms/_template.yml"),
        (b"- a\n- b\n", f"f.yml:1:1: an entry is fields and values, and this is a list{HINT}"
         "start from terms/_template.yml"),
        (b"hello\n", f"f.yml:1:1: an entry is fields and values, and this is text{HINT}start from terms/_template.yml"),
        (b"\xef\xbb\xbf" + GOOD.encode(),
         f"f.yml:1:1: the file starts with a byte order mark{HINT}save it as UTF-8 without BOM, or use check --fix"),
        (GOOD.encode("utf-16"), f"f.yml:1:1: this is not text in UTF-8{HINT}save the file as UTF-8"),
        (changed(GOOD, "A neuron", "Ein künstliches Neuron").encode("latin-1"),
         f"f.yml:5:18: this is not text in UTF-8{HINT}save the file as UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", f"f.yml:1:1: this is not text in UTF-8{HINT}save the file as UTF-8"),
        (b"title: \xc3\xa4\x00b\n",
         f"f.yml:1:9: the file holds the control character U+0000{HINT}take it out; most editors do not show it"),
        (b'title: "a\\x07b"\n' + GOOD.encode().partition(b"\n")[2],
         f"f.yml:1:8: this text holds the control character U+0007{HINT}take the escape out"),
        (b"x: " + b"y" * 200_000, f"f.yml: the file has 200,003 bytes{HINT}it may have 200,000"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_text_or_no_entry_is_told(data, told):
    assert read(data) == (None, told)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title: Neuron", "title: &n Neuron",
         f"f.yml:1:8: '&n' is an anchor of YAML, and there are none here{HINT}"
         "put quotes around a text that starts so, and write values out"),
        ("[unit, ", "&a [*a, ",
         f"f.yml:2:10: '&a' is an anchor of YAML, and there are none here{HINT}"
         f"put quotes around a text that starts so, and write values out\n"
         f"f.yml:2:14: '*a' is an anchor of YAML, and there are none here{HINT}"
         "put quotes around a text that starts so, and write values out"),
        ("title: Neuron", "title: !!python/object:os.system ls",
         f"f.yml:1:8: '!!python/object:os.system' is a tag of YAML, and there are none here{HINT}"
         "put quotes around a text that starts so"),
        ("year: 1943", "year: !!int x",
         f"f.yml:16:55: '!!int' is a tag of YAML, and there are none here{HINT}"
         "put quotes around a text that starts so"),
        ("title: Neuron", "title: {{ title }}",
         f"f.yml:1:9: braces or brackets stand here where a field is expected{HINT}put quotes around the whole text"),
        ("level: beginner", "level: beginner\nlevel: advanced",
         f"f.yml:5:1: 'level' is written twice{HINT}keep one of them"),
        ("right: Yes.", "right: Yes., right: No.", f"f.yml:13:31: 'right' is written twice{HINT}keep one of them"),
        ("size: 2", "size: " + "[" * 30 + "]" * 30,
         f"f.yml:14:53: this is nested more than 20 levels deep{HINT}an entry needs five"),
    ],
)  # fmt: skip
def test_what_yaml_can_do_and_an_entry_may_not_is_told(old, new, told):
    assert read(changed(GOOD, old, new)) == (None, told)


@pytest.mark.parametrize("nest", ["[a, ", "{a: ", "- ", "? ", "[["])
def test_nesting_that_would_crash_the_parser_is_told(nest):
    # In a process of its own: what goes wrong here takes the whole process down.
    code = (
        "from generator.load.entry import parse_entry; from generator.model.entries import Term;"
        f"print(parse_entry('f.yml', ({nest!r} * {190_000 // len(nest)}).encode(), Term)[1][0].message)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "this is nested more than 20 levels deep\n")


def test_lines_may_end_as_on_windows():
    assert read(GOOD.replace("\n", "\r\n"))[0] == read(GOOD)[0]


@pytest.mark.parametrize("text", ["no", "off", "y", "12:30", "2026-11-23", "0x1F", "0o17", "1_000", ".inf", "Null"])
def test_only_the_core_of_yaml_is_no_text(text):
    assert read(changed(GOOD, "title: Neuron", f"title: {text}"))[0].title == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("2", 2), ("-2", -2), ("+2", 2), ("0.5", 0.5), (".5", 0.5), ("2.", 2.0), ("1e3", 1000.0), ("1e-3", 0.001),
     ("true", True), ("false", False), ("relu", "relu"), ("'2'", "2"), ("1e", "1e"), ("1.2.3", "1.2.3")],
)  # fmt: skip
def test_numbers_and_truth_are_read_as_such(text, value):
    given = read(changed(GOOD, "with: {size: 2}}", f"with: {{size: {text} }}}}"))[0].demo.with_["size"]
    assert (given, type(given)) == (value, type(value))


# --- no entry ---------------------------------------------------------------------------------------------

SLUG_HINT = "use lower-case letters, digits and single hyphens: neural-network"
ALL_FIELDS = "one of: title, aliases, category, level, definition, explanation, formula, examples, misconceptions, faq"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("written:", "alias: [cell]\nwritten:",
         f"f.yml:17:1: there is no field called 'alias'{HINT}did you mean 'aliases'?"),
        ("written:", "zzz: 1\nwritten:",
         f"f.yml:17:1: there is no field called 'zzz'{HINT}{ALL_FIELDS}, prerequisites, related and 8 more"),
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
         "put quotes around it"),
        ("title: Neuron", "title: true",
         f"f.yml:1:8: 'title' must be text, and is the word true{HINT}put quotes around it"),
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
         "its fields are module, with, caption, and home"),
        ("module: tiny", "module: Tiny-1",
         f"f.yml:14:16: 'Tiny-1' is not the name of a demo{HINT}use lower-case letters, digits and underscores"),
        ("with: {size: 2}", "with: 2",
         f"f.yml:14:28: 'with' must be fields and values, and is the number 2{HINT}write each as name: value"),
        ("size: 2", "size: [2]",
         f"f.yml:14:29: 'size' must be a number, text, true or false, and is a list{HINT}"
         "settings are what the demo's controls can be set to"),
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
         f"f.yml:6:17: 'a' must be text, and is the number 3{HINT}put quotes around it"),
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


# --- folders ----------------------------------------------------------------------------------------------


def told(project):
    problems = load(project).problems
    return [str(problem) for problem in located(project, problems)]


def test_a_project_is_read_whole(project):
    write_yaml(project / "terms" / "_template.yml", {"title": "Copy me"})
    write_yaml(project / "terms" / "paths" / "way.yml", {"title": "Way"})
    (project / "terms" / "paths" / "way.yml").write_text(PATH, encoding="utf-8")
    (project / "terms" / "comparisons").mkdir()
    (project / "terms" / "comparisons" / "a-vs-b.yml").write_text(COMPARISON, encoding="utf-8")
    (project / "terms" / "README.md").write_text("not an entry", encoding="utf-8")
    loaded = load(project)
    glossary, problems = loaded.glossary, loaded.problems
    assert problems == []
    assert [*glossary.terms, *glossary.comparisons, *glossary.paths] == ["neuron", "a-vs-b", "way"]
    assert [*glossary.categories, *glossary.demos, *glossary.unread] == ["basics", "more", "tiny"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Neural_Network.yml",
         f"terms/Neural_Network.yml:1:1: the file name 'Neural_Network' is not a slug{HINT}"
         "use lower-case letters, digits and single hyphens, as in neural-network.yml"),
        ("a--b.yml", f"terms/a--b.yml:1:1: the file name 'a--b' is not a slug{HINT}"
         "use lower-case letters, digits and single hyphens, as in a-b.yml"),
        ("gpt.2.yml", f"terms/gpt.2.yml:1:1: the file name 'gpt.2' is not a slug{HINT}"
         "use lower-case letters, digits and single hyphens, as in gpt-2.yml"),
        ("λ.yml", f"terms/λ.yml:1:1: the file name 'λ' is not a slug{HINT}"
         "use lower-case letters, digits and single hyphens"),
        ("cell.yaml", f"terms/cell.yaml:1:1: the name of an entry ends in .yml{HINT}rename it to cell.yml"),
        ("cell.YML", f"terms/cell.YML:1:1: the name of an entry ends in .yml{HINT}rename it to cell.yml"),
        ("index.yml", f"terms/index.yml:1:1: 'index' can not be a slug{HINT}"
         "choose another: some systems or sites need that name for themselves"),
        ("aux.yml", f"terms/aux.yml:1:1: 'aux' can not be a slug{HINT}"
         "choose another: some systems or sites need that name for themselves"),
        ("training/adam.yml", f"terms/training: terms are not sorted into folders{HINT}"
         "put its files straight into terms/; the category is a field"),
    ],
)  # fmt: skip
def test_a_file_in_the_wrong_place_or_with_the_wrong_name_is_told(project, name, message):
    # Its content is not even YAML: that is no reason to say anything else, or to stumble.
    path = project / "terms" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("[", encoding="utf-8")
    assert told(project) == [message]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, f"terms/categories.yml: there is no list of categories{HINT}restore the file"),
        ("a: 1", f"terms/categories.yml:1:1: this must be a list, and is a group of fields{HINT}"
         "write each entry on a line of its own, after a dash"),
        ("- {slug: a, title: A}",
         f"terms/categories.yml:1:3: the field 'scope' is missing{HINT}one line: what belongs here"),
        ("- {slug: a, title: A, scope: s, x: 1}",
         f"terms/categories.yml:1:33: there is no field called 'x'{HINT}one of: slug, title, scope"),
        ("- {slug: a, title: A, scope: s}\n- {slug: a, title: B, scope: s}",
         f"terms/categories.yml:2:10: 'a' is listed twice{HINT}keep one of them"),
        ("- {slug: index, title: A, scope: s}",
         f"terms/categories.yml:1:10: 'index' can not be a slug{HINT}choose another"),
        ("- {slug: A b, title: A, scope: s}", f"terms/categories.yml:1:10: 'A b' is not a slug{HINT}{SLUG_HINT}"),
        ("[", f"terms/categories.yml:2:1: {YAML}a bracket or brace is not closed here{HINT}"
         "close it, or put quotes around the text"),
    ],
)  # fmt: skip
def test_a_wrong_list_of_categories_is_told(project, text, message):
    path = project / "terms" / "categories.yml"
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")
    assert told(project) == [message]
    assert "terms/categories.yml" in load(project).glossary.unread


REASON = f"{HINT}write each as word: why a reader knows it, or where it is explained"


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("- a", [f"terms/allowed-words.yml:1:1: this is words with reasons, and not a list{REASON}"]),
        ("vector: of numbers\nTensor: x\ntwo words: x\nbyte-pair: x",
         [f"terms/allowed-words.yml:2:1: 'Tensor' is not one word in small letters{REASON}",
          f"terms/allowed-words.yml:3:1: 'two words' is not one word in small letters{REASON}",
          f"terms/allowed-words.yml:4:1: 'byte-pair' is not one word in small letters{REASON}"]),
        ("tensor:\nvector: ' '\nmatrix: [a]\nbyte: 8",
         [f"terms/allowed-words.yml:{i}:1: '{word}' has no reason{REASON}"
          for i, word in enumerate(["tensor", "vector", "matrix", "byte"], start=1)]),
        ("a: x\na: y", [f"terms/allowed-words.yml:2:1: 'a' is written twice{HINT}keep one of them"]),
        ("[", [f"terms/allowed-words.yml:2:1: {YAML}a bracket or brace is not closed here{HINT}"
               "close it, or put quotes around the text"]),
    ],
)  # fmt: skip
def test_a_wrong_list_of_allowed_words_is_told(project, text, messages):
    (project / "terms" / "allowed-words.yml").write_text(text, encoding="utf-8")
    assert [line for line in told(project) if "line ends" not in line] == messages
    glossary = load(project).glossary
    assert glossary.allowed_words == {}
    assert "terms/allowed-words.yml" in glossary.unread
    assert glossary.is_whole


def test_words_are_allowed_with_their_reasons_and_there_may_be_none(project):
    assert load(project).glossary.allowed_words == {}
    (project / "terms" / "allowed-words.yml").write_text("vector: of numbers\n", encoding="utf-8")
    loaded = load(project)
    glossary, problems = loaded.glossary, loaded.problems
    assert (glossary.allowed_words, problems) == ({"vector": "of numbers"}, [])
    assert list(glossary.terms) == ["neuron"]


def test_a_demo_is_read_and_not_run(project):
    (project / "demos" / "tiny.py").write_text(DEMO + "\nraise SystemExit('this module was run')\n", encoding="utf-8")
    (project / "demos" / "broken.py").write_text('"""Broken."""\n\ndef demo(\n', encoding="utf-8")
    (project / "demos" / "first.py").write_text(DEMO + "\nimport demos.second\n", encoding="utf-8")
    (project / "demos" / "second.py").write_text(DEMO + "\nimport demos.first\n", encoding="utf-8")
    assert told(project) == [
        "demos/broken.py:3:1: this is not Python: '(' was never closed",
        "demos/first.py:23:1: these imports go in a circle: second -> first -> second\n"
        "    hint: a demo imports only what is simpler than itself; move what both need into the simpler one",
        "demos/second.py:23:1: these imports go in a circle: first -> second -> first\n"
        "    hint: a demo imports only what is simpler than itself; move what both need into the simpler one",
    ]


def test_what_could_not_be_read_is_known(project):
    (project / "terms" / "loss.yml").write_text("[", encoding="utf-8")
    (project / "demos" / "broken.py").write_text("(", encoding="utf-8")
    assert load(project).glossary.unread == {"terms/loss.yml", "demos/broken.py"}


def test_a_place_is_looked_up_by_the_way_to_a_value(project):
    (project / "terms" / "neuron.yml").write_text(GOOD, encoding="utf-8")
    ways = [("level",), ("aliases", 1, "text"), ("examples", 1), ("explanation",), ("sources", 0), ("nowhere", 3), ()]
    problems = [Problem("terms/neuron.yml", str(way), where=way) for way in ways]
    assert [(problem.message, problem.line, problem.column) for problem in located(project, problems)] == [
        ("('nowhere', 3)", 1, 1),
        ("()", 1, 1),
        ("('aliases', 1, 'text')", 2, 24),
        ("('level',)", 4, 8),
        ("('explanation',)", 6, 14),
        ("('examples', 1)", 11, 5),
        ("('sources', 0)", 16, 5),
    ]


# --- the cache --------------------------------------------------------------------------------------------


@pytest.fixture
def cache(tmp_path):
    return tmp_path / ".cache" / "terms.pickle"


@pytest.fixture
def parsed(monkeypatch):
    """The files that were really parsed since last asked."""
    paths = []
    read_entry = remembered.read_entry
    monkeypatch.setattr(remembered, "read_entry", lambda path, data: (paths.append(path), read_entry(path, data))[1])

    def asked():
        seen = [*paths]
        paths.clear()
        return seen

    return asked


def test_what_has_not_changed_is_taken_from_the_cache_and_is_the_same(project, cache, parsed):
    (project / "terms" / "loss.yml").write_text("title: Loss\n", encoding="utf-8")
    first = load(project, cache)
    assert parsed() == ["terms/loss.yml", "terms/neuron.yml"]
    assert load(project, cache) == first
    assert parsed() == []
    assert load(project) == first


def test_an_edited_file_is_read_again_and_a_removed_one_is_forgotten(project, cache, parsed):
    write_yaml(project / "terms" / "loss.yml", entry("Loss"))
    load(project, cache)
    parsed()
    before = os.stat(project / "terms" / "loss.yml")
    write_yaml(project / "terms" / "loss.yml", entry("Moss"))
    os.utime(project / "terms" / "loss.yml", ns=(before.st_atime_ns, before.st_mtime_ns))  # by content, not by clock
    (project / "terms" / "neuron.yml").rename(project / "terms" / "cell.yml")
    glossary = load(project, cache).glossary
    assert parsed() == ["terms/cell.yml", "terms/loss.yml"]
    assert {slug: term.title for slug, term in glossary.terms.items()} == {"cell": "Neuron", "loss": "Moss"}


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda _: b"", lambda _: b"garbage"])
def test_a_damaged_cache_is_no_cache(project, cache, parsed, damage):
    first = load(project, cache)
    cache.write_bytes(damage(cache.read_bytes()))
    parsed()
    assert load(project, cache) == first
    assert parsed() == ["terms/neuron.yml"]


def test_a_cache_of_another_version_is_no_cache(project, cache, parsed):
    load(project, cache)
    version, known = pickle.loads(kept(cache))
    for version_of_other in ("", version + "."):
        keep(cache, pickle.dumps((version_of_other, known)))
        parsed()
        load(project, cache)
        assert parsed() == ["terms/neuron.yml"]


def test_where_one_file_is_asked_about_the_others_come_in_brief(project, cache):
    write_yaml(project / "terms" / "loss.yml", entry("Loss"))
    whole = load(project, cache)
    for place in (cache, None):  # remembered, and read just now
        found = load(project, place, only={"terms/loss.yml"})
        glossary = found.glossary
        assert glossary.terms["loss"] == whole.glossary.terms["loss"]
        assert found.findings == {"terms/loss.yml": whole.findings["terms/loss.yml"]}
        assert glossary.terms["neuron"].definition == whole.glossary.terms["neuron"].definition
        with pytest.raises(AttributeError):
            _ = glossary.terms["neuron"].explanation


def test_no_rule_about_all_entries_needs_what_they_lack_in_brief(monkeypatch):
    glossary = load(ROOT).glossary
    broken = replace(
        glossary,
        terms={slug: term for i, (slug, term) in enumerate(glossary.terms.items()) if i % 5},
        demos={name: demo for i, (name, demo) in enumerate(glossary.demos.items()) if i % 5},
        categories={},
        tests={},
    )
    in_brief = replace(
        broken,
        terms={slug: brief(term) for slug, term in broken.terms.items()},
        comparisons={slug: brief(entry) for slug, entry in broken.comparisons.items()},
        paths={slug: brief(entry) for slug, entry in broken.paths.items()},
    )
    found = {rule.says: list(rule(broken)) for rule in GLOSSARY_RULES}
    assert len([name for name in found if found[name]]) > 5
    assert found == {rule.says: list(rule(in_brief)) for rule in GLOSSARY_RULES}


def test_an_edited_file_that_is_asked_about_is_not_waited_for_to_be_remembered(project, cache, parsed):
    write_yaml(project / "terms" / "loss.yml", entry("Loss"))
    load(project, cache)
    before = cache.read_bytes()
    write_yaml(project / "terms" / "loss.yml", entry("Loss", level="advanced"))
    parsed()
    glossary = load(project, cache, only={"terms/loss.yml"}).glossary
    assert glossary.terms["loss"].level == "advanced"
    assert parsed() == ["terms/loss.yml"]
    assert cache.read_bytes() == before
    load(project, cache, only={"terms/neuron.yml"})
    assert parsed() == ["terms/loss.yml"]
    assert cache.read_bytes() != before


@pytest.fixture
def followed(monkeypatch):
    """The demos that were really read since last asked."""
    names = []
    read = load_demos.source.read
    monkeypatch.setattr(load_demos.source, "read", lambda name, folder: (names.append(name), read(name, folder))[1])

    def asked():
        seen = [*names]
        names.clear()
        return seen

    return asked


def test_demos_are_read_again_when_they_or_what_they_build_on_was_edited(project, cache, followed):
    (project / "demos" / "other.py").write_text(DEMO, encoding="utf-8")
    (project / "demos" / "upper.py").write_text(DEMO + "\nfrom demos.tiny import demo as below\n", encoding="utf-8")
    first = load(project, cache)
    assert followed() == ["other", "tiny", "upper"]
    assert load(project, cache) == first
    assert followed() == []
    (project / "demos" / "tiny.py").write_text(DEMO.replace("The size", "A size"), encoding="utf-8")
    second = load(project, cache)
    assert followed() == ["tiny", "upper"]
    assert second == load(project)


@pytest.mark.parametrize(
    ("code", "needed", "told"),
    [
        ("from demos.lower import demo as below", "lower.py", "there is no demos/lower.py to import"),
        ('from demos import asset\nasset("words.txt")', "data/words.txt", "there is no demos/data/words.txt"),
    ],
)
def test_a_remembered_demo_hides_no_problem(project, cache, code, needed, told):
    (project / "demos" / "tiny.py").write_text(f"{DEMO}\n{code}\n", encoding="utf-8")
    (project / "demos" / needed).parent.mkdir(exist_ok=True)
    (project / "demos" / needed).write_text(DEMO, encoding="utf-8")
    assert load(project, cache).problems == []
    (project / "demos" / needed).unlink()
    assert [problem.message for problem in load(project, cache).problems] == [told]


def test_a_demo_is_where_its_project_is(project, cache, tmp_path_factory):
    load(project, cache)
    moved = tmp_path_factory.mktemp("moved") / "project"
    project.rename(moved)
    assert load(moved, moved / ".cache" / "terms.pickle").glossary.demos["tiny"].path == moved / "demos" / "tiny.py"


def test_many_files_are_read_by_several_processes_just_the_same(project, monkeypatch):
    for number in range(12):
        write_yaml(project / "terms" / f"t{number}.yml", entry(f"Thing {number}"))
    (project / "terms" / "bad.yml").write_text("title: [", encoding="utf-8")
    alone = load(project)
    monkeypatch.setattr(remembered, "PARALLEL_FROM", 2)
    assert load(project) == alone


def test_the_real_glossary_is_read_without_a_problem():
    loaded = load(ROOT)
    glossary, problems = loaded.glossary, loaded.problems
    assert problems == []
    assert glossary.terms["neuron"].title == "Artificial Neuron"
    assert a_term() != glossary.terms["neuron"]
