"""Problems say where, what and how, in good English."""

import pytest

from generator.problems import Problem, counted, did_you_mean, listed, one_of, plural


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (Problem("terms/a.yml", "it is wrong"), "terms/a.yml: it is wrong"),
        (Problem("terms/a.yml", "it is wrong", line=4), "terms/a.yml:4: it is wrong"),
        (Problem("terms/a.yml", "it is wrong", line=4, column=9), "terms/a.yml:4:9: it is wrong"),
        (Problem("terms/a.yml", "it is wrong", "mend it", line=4), "terms/a.yml:4: it is wrong\n    hint: mend it"),
    ],
)
def test_a_problem_says_its_place_its_message_and_its_remedy(problem, told):
    assert str(problem) == told


def test_problems_are_told_file_by_file_from_top_to_bottom():
    first, second = Problem("a.yml", "x", line=9, column=5), Problem("a.yml", "w", line=10, column=1)
    third = Problem("b.yml", "a", line=1)
    assert sorted([third, second, first], key=lambda problem: problem.order) == [first, second, third]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("alias", "did you mean 'aliases'?"),
        ("Title", "did you mean 'title'?"),
        ("titel", "did you mean 'title'?"),
        ("zebra", "see the guide"),
        (12, "see the guide"),
    ],
)
def test_a_near_miss_is_named_and_what_is_far_gets_another_hint(word, hint):
    assert did_you_mean(word, ["title", "aliases", "category"], "see the guide") == hint


@pytest.mark.parametrize(
    ("names", "hint"),
    [
        ([], "there are none"),
        (["a"], "it can only be a"),
        (["a", "b"], "one of: a, b"),
        (list("abcdefghijklmn"), "one of: a, b, c, d, e, f, g, h, i, j, k, l and 2 more"),
    ],
)
def test_a_closed_list_is_named_and_cut(names, hint):
    assert one_of(names) == hint


@pytest.mark.parametrize(
    ("one", "several"),
    [("entry", "entries"), ("loss", "losses"), ("array", "arrays"), ("branch", "branches"), ("ANN", "ANNs")],
)
def test_plurals_are_regular(one, several):
    assert plural(one) == several


def test_counts_and_lists_read_as_english():
    assert [counted(n, "entry") for n in (0, 1, 2, 1200)] == ["0 entries", "1 entry", "2 entries", "1,200 entries"]
    assert [listed(list(names)) for names in ("", "a", "ab", "abc")] == ["", "a", "a and b", "a, b, and c"]
    assert listed(list("abc"), "or") == "a, b, or c"
