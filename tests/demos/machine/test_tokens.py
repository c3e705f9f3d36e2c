"""Tokens in a page and in a terminal."""

import bs4

from demos import Tokens
from demos._show.pictures import html
from tests.demos.machine.samples import figure, plain, shown


def test_tokens_can_be_copied_and_cycle_through_six_looks():
    page = bs4.BeautifulSoup(html(plain(Tokens("t", ["The", " quick", "  brown"] * 3))), "html5lib")
    assert page.find(class_="tl-pieces").text == "The quick  brown" * 3
    assert [span["class"][1] for span in page.find_all(class_="tl-token")] == [f"tl-token-{i % 6}" for i in range(9)]


def test_line_breaks_in_tokens_are_signs_and_those_of_a_trace_stay():
    assert [span.text for span in bs4.BeautifulSoup(figure("tokens"), "html5lib").find_all(class_="tl-break")] == [
        "↵",
        "↵",
    ]
    assert (
        bs4.BeautifulSoup(figure("trace"), "html5lib").find_all(class_="tl-said")[1].text == '{"sum":\n    4}\n\ndone'
    )


def test_tokens_are_in_brackets_with_their_notes_beneath():
    assert "[The] [·quick] [↵↵] [·] [🦊]\n1     22       333  4   5\n" in shown("tokens")
