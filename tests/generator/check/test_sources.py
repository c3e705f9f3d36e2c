"""Sources: a primary one, none twice, each used by a text, and everywhere the same."""

import pytest

from tests.generator.check.conftest import GRADIENT, NEURON, neuron, told
from tests.generator.conftest import a_comparison, a_term, entry


def test_an_entry_has_a_primary_source_and_names_each_once():
    paper, blog = entry()["sources"][0], {**entry()["sources"][0], "kind": "article"}
    no_primary = "no source is a primary one | name at least one paper, textbook, standard, or documentation"
    assert neuron(sources=[blog]) == [f"terms/neuron.yml sources: {no_primary}"]
    assert neuron(sources=[paper, blog]) == [
        "terms/neuron.yml sources.1.url: the source https://example.org/things is named twice | keep one"
    ]
    assert told(NEURON, GRADIENT, a_comparison(sources=[blog])) == [
        f"terms/comparisons/neuron-vs-gradient.yml sources: {no_primary}"
    ]


def sources(*given):
    """What check says about sources with these titles, addresses and authors."""
    paper = entry()["sources"][0]
    return neuron(sources=[
        {**paper, "title": title, "url": url, "authors": authors} for title, url, authors in given
    ], note="They are of 1943.")  # fmt: skip


def test_a_source_is_named_once_however_its_address_is_written():
    one = ("One", "https://arxiv.org/abs/1706.03762", "A")
    assert sources(one, ("Two", "http://www.arxiv.org/pdf/1706.03762v7", "B")) == [
        "terms/neuron.yml sources.1.url: the source http://www.arxiv.org/pdf/1706.03762v7 is named twice, "
        "here and as https://arxiv.org/abs/1706.03762 | keep one"
    ]
    assert sources(one, ("Two", "https://arxiv.org/abs/1706.03763", "B")) == []


def test_a_source_is_named_once_by_its_title():
    hint = "keep one, or say in the title which part or edition it is"
    told = [f"terms/neuron.yml sources.1.title: the source 'Deep learning.' is named twice | {hint}"]
    one, other = ("Deep Learning", "https://a.org"), ("Deep learning.", "https://b.org")
    assert sources((*one, "A"), (*other, "A")) == told
    assert sources((*one, None), (*other, None)) == told
    assert sources((*one, None), (*other, "A")) == told
    assert sources((*one, "A"), (*other, "B")) == [], "two works may have the same title"


@pytest.mark.parametrize("url", ["https://example", "https://[", "https://a.org:port/"])
def test_an_address_of_a_source_names_a_site(url):
    hint = "copy the whole address from the browser"
    assert sources(("One", url, "A"), ("Two", url, "B")) == [
        f"terms/neuron.yml sources.{i}.url: the address {url} names no site | {hint}" for i in (0, 1)
    ]


UNUSED = (
    "terms/neuron.yml sources.1: no text uses the source 'Big Nets, or Small: a Study' | "
    "say what rests on it in a sentence, with its authors and year, or take it out"
)


@pytest.mark.parametrize(
    ("note", "used"),
    [
        ("Nobody is named.", False),
        ("Proved by Čapek and others.", True),
        ("Proved by van der Berg.", True),
        ("Proved by Karel.", False),
        ("Proved by Bergman.", False),
        ("As BigNet (2017) shows.", True),
        ("It takes 20170 of them.", False),
        ("In big\n  nets it is so.", True),
        ("In big networks and nets it is so.", False),
        ("It is [shown](http://www.arxiv.org/pdf/1706.03762v7).", True),
        ("It is [shown](https://arxiv.org/abs/1706.03763).", False),
    ],
)
def test_a_source_is_used_by_a_text(note, used):
    other = {
        "title": "Big Nets, or Small: a Study",
        "url": "https://arxiv.org/abs/1706.03762",
        "year": 2017,
        "authors": "Karel Čapek, Ann van der Berg and others",
        "kind": "article",
    }
    assert neuron(sources=[*entry()["sources"], other], note=note) == ([] if used else [UNUSED])


def test_a_comparison_uses_its_sources_too():
    unused = [{**entry()["sources"][0], "title": "Unheard of", "url": "https://example.org/unheard-of"}]
    assert [said.partition(" |")[0] for said in told(NEURON, GRADIENT, a_comparison(sources=unused))] == [
        "terms/comparisons/neuron-vs-gradient.yml sources.0: no text uses the source 'Unheard of'"
    ]


PAPER = {
    "title": "Attention Is All You Need", "url": "https://arxiv.org/abs/1706.03762", "year": 2017,
    "authors": "Ashish Vaswani, Noam Shazeer and others", "kind": "paper",
}  # fmt: skip
USED = {"note": "As Vaswani says, in 2015, 2016, 2017 or 2018."}


def two_pages(**changes):
    """What check says where the neuron and the gradient name a paper, and one says something else of it."""
    neuron_ = a_term("Neuron", sources=[PAPER], **USED)
    return told(neuron_, a_term("Gradient", prerequisites=["neuron"], sources=[PAPER | changes], **USED))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"year": 2018}, "sources.0.year: the source {} is of 2018, and of 2017 in"),
        ({"title": "Attention"}, "sources.0.title: the source {} is called 'Attention', and called 'Attention Is All "
         "You Need' in"),
        ({"authors": "Noam Vaswani, A Shazeer"}, ""),
        ({"authors": "Noam Shazeer, Ashish Vaswani"}, "sources.0.authors: the source {} is by 'Noam Shazeer, Ashish "
         "Vaswani', and by 'Ashish Vaswani, Noam Shazeer and others' in"),
        ({"title": "Attention is all you need."}, ""),
        ({"authors": None}, ""),
        ({"url": "https://www.arxiv.org/pdf/1706.03762v7"}, ""),
        ({"url": "http://arxiv.org/pdf/1706.03762v7", "year": 2016}, "sources.0.year: the source http://arxiv.org/pdf/"
         "1706.03762v7 is of 2016, and of 2017 in"),
        ({"url": "https://arxiv.org/abs/1706.03763", "title": "Another", "year": 2018}, ""),
    ],
)  # fmt: skip
def test_a_source_is_the_same_on_every_page(changes, says):
    hint = "look at the work itself, and write the same in both"
    line = f"terms/gradient.yml {says.format(PAPER['url'])} terms/neuron.yml | {hint}"
    assert two_pages(**changes) == ([line] if says else [])


def test_a_title_by_the_same_first_author_has_one_year():
    elsewhere = {"url": "https://papers.nips.cc/paper/7181", "year": 2018}
    hint = "write the year of its first publication in both, or say in the title which edition it is"
    assert two_pages(**elsewhere) == [
        f"terms/gradient.yml sources.0.year: the source {elsewhere['url']} is of 2018, and of 2017 in "
        f"terms/neuron.yml | {hint}"
    ]
    assert two_pages(**elsewhere, authors="Ian Goodfellow", title="Attention Is All You Need by Vaswani") == []
    assert two_pages(**elsewhere, authors="Ian Vaswani and Ashish Goodfellow", title="Attention (2nd edition)") == []


def test_of_three_pages_the_one_that_differs_is_told_comparisons_too():
    terms = [
        a_term("Neuron", sources=[PAPER | {"year": 2016}], **USED),
        a_term("Gradient", prerequisites=["neuron"], sources=[PAPER], **USED),
    ]
    comparison = a_comparison(sources=[PAPER], summary="As Vaswani and others (2017) say, they are unlike.")
    assert told(*terms, comparison) == [
        "terms/neuron.yml sources.0.year: the source https://arxiv.org/abs/1706.03762 is of 2016, and of 2017 in "
        "terms/gradient.yml | look at the work itself, and write the same in both"
    ]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("So said Vaswani and others (2018).", "'Vaswani and others (2018' names 2018"),
        ("So it was (Vaswani et al., 2018).", "'Vaswani et al., 2018' names 2018"),
        ("So it was (Vaswani and Shazeer,\n2018).", "'Vaswani and Shazeer, 2018' names 2018"),
        ("Shazeer (2019) said so, and Vaswani.", "'Shazeer (2019' names 2019"),
        ("So said Vaswani and others (2017), and Shazeer (2017).", ""),
        ("So said Vaswani in 2018, as Kim (2018) noted.", ""),
        ("In 2017 Vaswani had 2018 tokens, and Transformer (2018).", ""),
    ],
)
def test_a_text_names_the_year_that_the_source_has(text, wrong):
    found = neuron(sources=[PAPER], note=f"Vaswani wrote it. {text}")
    assert [line.partition(", and what")[0] for line in found] == ([f"terms/neuron.yml note: {wrong}"] if wrong else [])
    if wrong:
        name, year = wrong[1:].split()[0], wrong.split()[-1]
        assert found[0].endswith(
            f"and what {name} wrote among the sources is of 2017 | "
            f"look which year is right, or add the source of {year}"
        )
