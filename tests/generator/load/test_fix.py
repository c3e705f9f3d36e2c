"""What is mechanical is mended, nothing else changes, and what would change the meaning is left alone."""

from textwrap import dedent

import hypothesis
import pytest
from hypothesis import strategies as st

from generator.load.fix import Slip, mended_text, parsed, without
from generator.load.fix import mended as mended_file

ORDER = ["title", "aliases", "category", "level", "explanation", "related", "demo", "written"]


def mend(text, order=ORDER):
    better, slips = mended_text(text, order)
    return better, [slip.done for slip in slips]


def slips(text, order=ORDER):
    return [(slip.line, slip.column, slip.message) for slip in mended_text(text, order)[1]]


GOOD = """\
# yaml-language-server: $schema=_schema.json
title: Neuron  # as readers write it
aliases: ["unit", 'node']

level:   beginner
# what it does
explanation: |
  One line.

  Another:   here.
related:
  - gradient # since it learns by one
"""


def test_a_tidy_file_stays_as_it_is():
    assert mend(GOOD) == (GOOD, [])


# --- characters -----------------------------------------------------------------------------------------------


def test_a_byte_order_mark_is_taken_out():
    assert slips("\ufeff" + GOOD) == [(1, 1, "the file starts with a byte order mark")]
    assert mend("\ufeff" + GOOD) == (GOOD, ["took out the byte order mark"])


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_end_in_line_feeds(end):
    text = GOOD.replace("\n", end)
    assert slips(text) == [(1, 45, "the lines end in CRLF")]
    assert mend(text) == (GOOD, ["made the lines end in LF"])


def test_spaces_at_the_ends_of_lines_are_taken_out_also_within_a_text():
    text = GOOD.replace("reader", "READER").replace("\n\nlevel", " \n  \nlevel").replace("One line.", "One line. \t")
    better = GOOD.replace("reader", "READER")
    assert slips(text) == [(3, 26, "there are spaces at the end of this line and of 2 more lines")]
    assert mend(text) == (better, ["took the spaces from the end of 3 lines"])


def test_two_spaces_that_break_a_line_of_a_text_are_no_slip():
    text = "explanation: |\n  One line.  \n  Another. \n"
    assert slips(text) == [(3, 11, "there are spaces at the end of this line")]
    assert mend(text) == ("explanation: |\n  One line.  \n  Another.\n", ["took the spaces from the end of 1 line"])
    assert slips("explanation: |\n  One line.  \n  Another.\n") == []


def test_two_spaces_outside_of_a_text_break_no_line():
    assert mend("title: a  \nlevel: b  \n")[0] == "title: a\nlevel: b\n"


def test_the_last_line_is_closed_once():
    assert slips("title: a\nlevel: b") == [(2, 9, "the last line is not closed")]
    assert mend("title: a\nlevel: b") == ("title: a\nlevel: b\n", ["closed the last line"])
    assert slips("title: a\n\n\n") == [(2, 1, "the file ends in blank lines")]
    assert mend("title: a\n\n\n") == ("title: a\n", ["took out the blank lines at the end"])


def test_tabs_between_values_become_spaces():
    assert slips("title:\ta # x\ty\n") == [(1, 7, "there is a tab")]
    assert mend("title:\ta # x\ty\n") == ("title:  a # x  y\n", ["made spaces of tabs"])


def test_a_tab_that_is_part_of_a_text_stays():
    assert mend("title: 'a\tb'\n") == ("title: 'a\tb'\n", [])


# --- the order of fields --------------------------------------------------------------------------------------


def test_fields_move_into_their_order_with_their_comments_and_blank_lines():
    text = """\
        # yaml-language-server: $schema=_schema.json
        title: Neuron

        # what the page shows
        demo:
          module: neuron
          # with: {bias: -1}   left to try
        # how hard it is
        level: "beginner" # for all

        # --- text ---

        explanation: |
          # One is no comment.
          Two.
        aliases:
        - a
        # and more
        - b
        written: 2026-11-23
        # the end
        """
    better = """\
        # yaml-language-server: $schema=_schema.json
        title: Neuron
        aliases:
        - a
        # and more
        - b
        # how hard it is
        level: "beginner" # for all

        # --- text ---

        explanation: |
          # One is no comment.
          Two.

        # what the page shows
        demo:
          module: neuron
          # with: {bias: -1}   left to try
        written: 2026-11-23
        # the end
        """
    assert slips(dedent(text)) == [(9, 1, "'level' belongs above 'demo'")]
    assert mend(dedent(text)) == (dedent(better), ["put the fields in order"])


def test_what_stands_above_the_first_field_heads_the_file_whichever_field_comes_first():
    assert mend("# a file\nlevel: b\n\n# a title\ntitle: a\n")[0] == "# a file\n# a title\ntitle: a\n\nlevel: b\n"


def test_an_unknown_field_stays_behind_the_one_it_follows():
    assert mend("level: b\nlvl: c\ntitle: a\n")[0] == "title: a\nlevel: b\nlvl: c\n"


def test_the_order_of_inner_fields_is_free():
    assert mend("title: a\ndemo:\n  title: x\n  aliases: y\n  category: z\n")[1] == []


def test_fields_in_braces_are_left_alone():
    assert mend("{level: b, title: a}\n") == ("{level: b, title: a}\n", [])


def test_a_field_in_quotes_is_a_field():
    assert mend("'level': b\n\"title\": a\n")[0] == "\"title\": a\n'level': b\n"


def test_what_only_looks_like_a_field_is_not_moved():
    # The second line belongs to the text that the first one opens: moving it would change what the file says.
    text = 'level: "one\ntitle: two"\n'
    assert mend(text) == (text, [])


def test_a_text_that_keeps_its_blank_lines_is_not_moved_away_from_them():
    text = "level: |+\n  a\n\n\ntitle: b\n"
    assert parsed(mend(text)[0]).data == parsed(text).data


def test_each_kind_of_file_has_the_order_of_its_model():
    data = b"summary: b\ntitle: a\n"
    assert [slip.message for slip in mended_file("terms/paths/x.yml", data)[1]] == ["'title' belongs above 'summary'"]
    assert [slip.message for slip in mended_file("terms/comparisons/x.yml", data)[1]] == [
        "'title' belongs above 'summary'"
    ]
    assert mended_file("terms/x.yml", data)[1] == []  # a term has no summary
    assert mended_file("terms/categories.yml", b"- title: a\n  slug: b\n")[1] == []


# --- what can not be read back --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["title: [ \nlevel: b \n", "title: a\n\tlevel: b \n", "title: a \ntitle: b \n", "x: &a 1 \n", ""]
)
def test_a_file_that_says_nothing_for_sure_is_left_alone(text):
    assert mend(text) == (text, [])


def test_even_there_characters_that_no_reader_of_yaml_minds_are_mended():
    assert mend("\ufefftitle: [\r\n")[0] == "title: [\n"


@pytest.mark.parametrize("data", [b"title: \xff \n", b"\x89PNG\r\n", b"x: " + b"y" * 200_000 + b" \n"])
def test_no_text_and_a_giant_are_left_alone(data):
    assert mended_file("terms/x.yml", data) == ("", [])


PIECES = st.sampled_from([
    "title: a", "level: 'b'", "explanation: |", "  text", "  two  ", "related: [a, b]", "demo:", "  module: x\t", "# c",
    "- d", "", " ", "\t", 'written: "x', 'y"', "  - e", "aliases: >-", "level: |+", "{", "title:\tz", "---", "...",
])  # fmt: skip


@hypothesis.given(st.lists(PIECES, max_size=12), st.sampled_from(["\n", "\r\n"]))
def test_whatever_is_mended_says_what_it_said_and_needs_no_mending_again(lines, end):
    text = end.join(lines)
    better, found = mended_text(text, ORDER)
    before, after = parsed(text), parsed(better)
    assert (before is None) == (after is None)
    if before and after:
        assert said(after.data) == said(before.data)
        assert sorted(better.split()) == sorted(text.split())  # every word is still there
    assert found or better == text
    if better != text:
        assert mended_text(better, ORDER) == (better, [])


def said(data):
    """Data in which all runs of white space are alike."""
    if isinstance(data, dict):
        return {key: said(value) for key, value in data.items()}
    if isinstance(data, list):
        return [said(value) for value in data]
    return " ".join(data.split()) if isinstance(data, str) else data


# --- one entry of a list --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("related: [a, b, c]\n", "related: [a, c]\n"),
        ("related: [b, c] # two\n", "related: [c] # two\n"),
        ("related: [ a, b ]\n", "related: [ a ]\n"),
        ("related: [b]\n", "related: []\n"),
        ("related: [a,\n  b,\n  c]\n", "related: [a,\n  c]\n"),
        ("related:\n  - a\n  - b # why\n  # of c\n  - c\nlevel: x\n", "related:\n  - a\n  # of c\n  - c\nlevel: x\n"),
        ("related: # one\n  - b\nlevel: x\n", "related: [] # one\nlevel: x\n"),
        ("related:\n- a\n- 'b'\n", "related:\n- a\n"),
    ],
)
def test_an_entry_is_cut_out_of_a_list(text, better):
    assert without(text, "related", "b") == better


@pytest.mark.parametrize(
    "text",
    [
        "related: [a]\n",  # not there
        "level: x\n",  # no such list
        "related: [a, # why\n  b]\n",  # a comment would go too
        "related:\n  -\n    b\n  - a\n",  # on two lines
        "related: [b\n",  # no YAML
    ],
)
def test_an_entry_that_can_not_be_cut_out_stays(text):
    assert without(text, "related", "b") is None


def test_a_slip_knows_its_place_and_what_to_do():
    assert mended_text("title: a")[1] == [Slip(1, 9, "the last line is not closed", "closed the last line")]
