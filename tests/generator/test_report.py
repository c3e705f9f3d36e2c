"""Problems as people, programs and pull requests read them; and no text of a file can pass for something else there."""

import json

import pytest

from generator.problems import Problem
from generator.report import FORMATS, annotations, as_json, text

LEVEL = Problem("terms/neuron.yml", "there is no level called 'hard'", "try: easy", line=4, column=3)
FOLDER = Problem("terms/basics", "terms are not sorted into folders")
PLACEHOLDER = Problem("terms/neuron.yml", "not finished", line=9, column=1, kind="unfinished")


def test_text_is_a_line_with_the_place_and_below_it_the_hint():
    assert text([LEVEL, FOLDER]) == (
        "terms/neuron.yml:4:3: there is no level called 'hard'\n"
        "    hint: try: easy\n"
        "terms/basics: terms are not sorted into folders\n"
    )


def test_json_is_a_list_of_objects_with_the_same_six_fields():
    assert json.loads(as_json([LEVEL, PLACEHOLDER, FOLDER])) == [
        {
            "path": "terms/neuron.yml",
            "line": 4,
            "column": 3,
            "kind": "error",
            "message": "there is no level called 'hard'",
            "hint": "try: easy",
        },
        {
            "path": "terms/neuron.yml",
            "line": 9,
            "column": 1,
            "kind": "unfinished",
            "message": "not finished",
            "hint": "",
        },
        {
            "path": "terms/basics",
            "line": None,
            "column": None,
            "kind": "error",
            "message": "terms are not sorted into folders",
            "hint": "",
        },
    ]


def test_json_is_ascii_so_that_no_console_spoils_it():
    assert as_json([Problem("a.yml", "“é” is not English")]).isascii()


def test_json_of_no_problems_is_an_empty_list():
    assert as_json([]) == "[]\n"


def test_an_annotation_is_an_error_with_file_line_column_title_message_and_hint():
    assert annotations([LEVEL]) == (
        "::error file=terms/neuron.yml,line=4,col=3,title=To mend::there is no level called 'hard'%0Ahint: try: easy\n"
    )


@pytest.mark.parametrize(
    ("kind", "title"), [("error", "To mend"), ("unfinished", "To finish"), ("untidy", "Mended by check --fix")]
)
def test_the_title_of_an_annotation_says_what_to_do_and_all_kinds_are_errors(kind, title):
    problem = Problem("a.yml", "x", line=1, column=1, kind=kind)
    assert annotations([problem]) == f"::error file=a.yml,line=1,col=1,title={title}::x\n"


def test_an_annotation_of_a_folder_has_no_line():
    assert annotations([FOLDER]) == "::error file=terms/basics,title=To mend::terms are not sorted into folders\n"


def test_what_ends_a_property_or_a_command_is_escaped_in_annotations():
    problem = Problem("terms/50%:a,b.yml", "100% wrong,\nsays: she", line=1, column=1)
    assert annotations([problem]) == (
        "::error file=terms/50%25%3Aa%2Cb.yml,line=1,col=1,title=To mend::100%25 wrong,%0Asays: she\n"
    )


@pytest.mark.parametrize("format", ["text", "github"])
def test_no_text_of_a_file_starts_a_command_of_the_runner_that_prints_it(format):
    nasty = "x\n::stop-commands::y\r\n::error::z"
    told = FORMATS[format]([Problem("a.yml", nasty, nasty, line=1, column=1)])
    starts = [line.strip() for line in told.splitlines()]
    assert [line for line in starts if line.startswith("::")] == ([told.strip()] if format == "github" else [])


def test_further_lines_of_a_message_stand_behind_a_bar():
    problem = Problem("demos/a.py", "two are wrong:\nthis\nthat", "mend\nboth", line=3, column=1)
    assert text([problem]) == ("demos/a.py:3:1: two are wrong:\n    | this\n    | that\n    hint: mend\n    | both\n")


@pytest.mark.parametrize(
    ("character", "shown"),
    [("\x1b", r"\x1b"), ("\r", r"\r"), ("\x85", r"\x85"), ("\u202e", r"\u202e"), ("\u200b", r"\u200b")],
)
def test_what_moves_a_cursor_or_can_not_be_seen_is_written_out(character, shown):
    problem = Problem(f"terms/a{character}.yml", f"b{character}", f"c{character}", line=1, column=1)
    assert text([problem]) == f"terms/a{shown}.yml:1:1: b{shown}\n    hint: c{shown}\n"
    assert annotations([problem]) == (
        f"::error file=terms/a{shown}.yml,line=1,col=1,title=To mend::b{shown}%0Ahint: c{shown}\n"
    )
    assert character not in as_json([problem])
