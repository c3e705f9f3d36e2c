"""What is no YAML, or more of YAML than an entry may use, is told with its place and in plain words."""

import subprocess
import sys

import pytest

from tests.generator.conftest import ROOT
from tests.generator.load.conftest import GOOD, HINT, YAML, changed, read


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
