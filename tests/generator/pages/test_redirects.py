"""Other names lead to the term."""

from bs4 import BeautifulSoup

from tests.generator.conftest import a_term, as_page
from tests.generator.pages.conftest import files_of


def test_other_names_lead_to_the_term(files):
    redirects = {path: content for path, content in files.items() if path.endswith(".html")}
    assert set(redirects) == {
        "terms/artificial-neuron/index.html", "terms/threshold-unit/index.html", "terms/cell/index.html",
        "terms/lambda-rule/index.html",
    }  # fmt: skip
    page = BeautifulSoup(redirects["terms/cell/index.html"], "html5lib")
    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    assert page.select_one("meta[http-equiv=refresh]")["content"] == "0; url=../neuron/"
    assert page.select_one("link[rel=canonical]")["href"] == "../neuron/"
    assert (page.a["href"], page.a.get_text()) == ("../neuron/", "Artificial Neuron")


def test_a_redirect_shows_a_title_as_text():
    files = files_of(a_term('</title><script>alert("x")</script>', "neuron", aliases=["unit"]))
    page = BeautifulSoup(files["terms/unit/index.html"], "html5lib")
    assert [script.string for script in page.find_all("script")] == [
        'location.replace("../neuron/" + location.search + location.hash)'
    ]
    assert page.title.get_text() == '</title><script>alert("x")</script>'


def test_an_acronym_with_two_meanings_gets_a_page_that_says_which_is_which(files):
    front, page = as_page(files["terms/ann.md"])
    assert front["description"] == "ANN can stand for artificial neuron or Adam."
    assert page.h1.get_text() == "ANN"
    assert [link.get_text() for link in page.select(".tl-card a")] == ["Artificial Neuron", "Adam"]
