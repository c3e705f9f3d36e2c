"""Dates make sense, and only who says the day is told of what is to come or due."""

from datetime import date

from generator.check.dates import ahead_of, due_for_review
from tests.generator.check.conftest import GRADIENT, NEURON, neuron, told
from tests.generator.conftest import a_comparison, a_glossary, a_path, a_term


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
    assert neuron(changed="2026-11-23") == []
    assert neuron(changed="2026-11-22") == [
        "terms/neuron.yml changed: it was changed on 2026-11-22, and written after that, on 2026-11-23 | "
        "mend one of the dates"
    ]
    page, way = a_comparison(reviewed=reviewed("2026-11-22")), a_path("neuron", "gradient", written="1999-12-31")
    assert [line.partition(": it")[0] for line in told(NEURON, GRADIENT, page, way)] == [
        "terms/comparisons/neuron-vs-gradient.yml reviewed.date", "terms/paths/from-here-to-there.yml written",
    ]  # fmt: skip


def test_a_build_knows_no_clock_so_that_a_date_to_come_is_told_only_to_who_says_the_day():
    terms = a_term("Neuron", written="2999-01-01", reviewed=reviewed("2999-01-02")), GRADIENT
    assert told(*terms) == []
    changed = a_term("Neuron", changed="2999-01-02")
    assert said(ahead_of(a_glossary(changed), date(2998, 12, 31))) == [
        "error terms/neuron.yml changed: 2999-01-02 is still to come | today is 2998-12-31"
    ]
    assert said(ahead_of(a_glossary(changed), date(2999, 1, 1))) == [], "it is that day already in some place"
    assert said(ahead_of(a_glossary(*terms), date(2998, 12, 31))) == [
        "error terms/neuron.yml reviewed.date: 2999-01-02 is still to come | today is 2998-12-31"
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
