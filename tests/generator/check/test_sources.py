"""Sources: a primary one, none twice, and each used by a text."""

import pytest

from tests.generator.check.conftest import GRADIENT, NEURON, neuron, told
from tests.generator.conftest import a_comparison, entry


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
    unused = [{**entry()["sources"][0], "title": "Unheard of"}]
    assert [said.partition(" |")[0] for said in told(NEURON, GRADIENT, a_comparison(sources=unused))] == [
        "terms/comparisons/neuron-vs-gradient.yml sources.0: no text uses the source 'Unheard of'"
    ]
