"""Text in the columns of a terminal."""

from hypothesis import given, settings
from hypothesis import strategies as st

from demos._show.axes import one_line
from demos._show.columns import clip, columns, fold


def test_wide_letters_take_two_columns_and_accents_none():
    assert (columns("cat"), columns("猫"), columns("e\u0301"), columns("🦊")) == (3, 2, 1, 2)


@settings(deadline=None)
@given(st.text(max_size=60), st.integers(1, 30))
def test_folding_loses_no_letter_and_keeps_to_the_width(text, width):
    lines = fold(text, width)
    kept = [letter for line in lines for letter in line if not letter.isspace()]
    assert kept == [letter for letter in one_line("".join(text.splitlines())) if not letter.isspace()]
    assert all(columns(line) <= width or columns(line[:1]) > width for line in lines)


def test_a_word_may_be_as_long_as_a_text():
    """A million letters without a space: folded in one go, where to count them anew for each line took hours."""
    word = "ab" * 500_000
    assert "".join(fold(word, 80)) == word
    assert clip(word, 80) == word[:79] + "…"
    assert clip("猫" * 100_000, 10) == "猫猫猫猫…"
