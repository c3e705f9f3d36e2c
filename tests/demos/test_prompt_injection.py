"""What a log of calls shows, against the binomial distribution of SciPy and against what the rule promises."""

import itertools

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from demos.prompt_injection import (
    ANSWER,
    BOSS,
    DEFENSES,
    FALSEHOOD,
    REPORT,
    RUNS,
    STRANGER,
    SUM_UP,
    THEFT,
    Call,
    Value,
    allowed,
    demo,
    ever,
    harmed,
    job_done,
    letters_with,
    per_letter,
    run,
    transcript,
)

JOBS, AIMS = (SUM_UP, REPORT, ANSWER), (THEFT, FALSEHOOD)
EXACT, COUNTED, DONE = (
    "percent of runs with harm, exact",
    "percent of runs with harm, counted",
    "percent of runs with the job done",
)


@pytest.mark.parametrize("n", [1, 7, 100])
@pytest.mark.parametrize("s", [0.0, 0.002, 0.3, 1.0])
def test_at_least_one_of_many_is_what_scipy_says(s, n):
    assert ever(s, n) == pytest.approx(binom.sf(0, n, s), abs=1e-12)


@pytest.mark.parametrize("aim", AIMS)
@pytest.mark.parametrize("defense", DEFENSES)
def test_runs_are_harmed_as_often_as_the_formula_says(defense, aim):
    for letters in (1, 4, 30):
        numbers = demo(letters=letters, defense=defense, aim=aim, obeys=0.15, sees=0.8, seed=2).numbers
        harms = round(numbers[COUNTED] * RUNS / 100)
        assert binomtest(harms, RUNS, min(numbers[EXACT] / 100, 1)).pvalue > 0.001


@pytest.mark.parametrize(("job", "aim"), list(itertools.product(JOBS, AIMS)))
def test_every_combination_of_luck_for_two_letters(job, aim):
    """One run for each way that two letters can be obeyed and seen, and the definition of harm applied to each."""
    for obeys in itertools.product([False, True], repeat=2):
        for seen in itertools.product([False, True], repeat=2):
            for defense in DEFENSES:
                done, refused, read = run(job, letters_with(aim, 2), obeys, seen, defense)
                gets_through = [o and not (defense == "filter" and s) for o, s in zip(obeys, seen, strict=True)]
                expected = any(gets_through) and not (defense == "rights by origin" and aim == THEFT)
                assert harmed(done) == expected
                assert len(read) == (2 - sum(seen) if defense == "filter" else 2)
                assert refused == [] or defense == "rights by origin"


@pytest.mark.parametrize("job", JOBS)
def test_rights_by_origin_never_send_to_an_address_from_a_letter(job):
    for seed in range(5):
        luck = np.random.default_rng(seed).random(20) < 0.7
        done, refused, _ = run(job, letters_with(THEFT, 20), luck, luck, "rights by origin")
        assert not [call for call in done if call.to and call.to.origin == "letter"]
        assert len(refused) == luck.sum() + (20 if job == ANSWER else 0)


def test_the_rule_looks_at_where_a_value_comes_from_and_not_at_what_it_says():
    from_letter, from_user = (
        Call("send", Value("hello", "user"), Value(BOSS, origin)) for origin in ("letter", "user")
    )
    assert not allowed(from_letter, "rights by origin")
    assert allowed(from_user, "rights by origin")
    assert allowed(from_letter, "filter")
    assert allowed(Call("note", Value("hello", "letter")), "rights by origin")


def test_what_counts_as_harm_and_as_done():
    assert harmed([Call("send", Value("x", "letter"), Value(STRANGER, "letter"))])
    assert not harmed([Call("send", Value("x", "letter"), Value(BOSS, "user"))])
    read = letters_with(THEFT, 2)
    thanks = [Call("send", Value("x", "user"), Value(letter.sender, "letter")) for letter in read]
    assert job_done(ANSWER, thanks, read)
    assert not job_done(ANSWER, thanks[:1], read)
    assert not job_done(REPORT, thanks, read)
    assert job_done(SUM_UP, [], read)


def test_the_price_of_safety_is_the_job_that_needs_an_address_from_a_letter():
    assert demo(defense="rights by origin").numbers[DONE] == 100
    assert demo(defense="rights by origin", job=ANSWER).numbers[DONE] == 0
    assert demo(job=ANSWER).numbers[DONE] == 100


def test_rights_stop_the_theft_and_not_the_lie():
    assert demo(defense="rights by origin", letters=100, obeys=0.5).numbers[COUNTED] == 0
    numbers = demo(defense="rights by origin", aim=FALSEHOOD).numbers
    assert numbers[EXACT] == numbers["percent with harm, none"] > 80
    assert per_letter("rights by origin", FALSEHOOD, 0.2, 0.9) == per_letter("none", THEFT, 0.2, 0.9) == 0.2
    assert per_letter("filter", THEFT, 0.2, 0.9) == pytest.approx(0.02)


def test_the_transcript_shows_what_the_program_decided():
    told = [(step.who, step.text) for step in transcript(REPORT, THEFT, "rights by origin")]
    assert told.count(("program", "refused")) == 2
    assert told[-1] == ("in the end", "the stranger got nothing")
    assert transcript(REPORT, THEFT, "none")[-1].text == "the stranger has it"
