"""Entries become pages: every word of an entry is text, every link lands, and the right things stand on them."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

import generator.pages
from demos._run.source import read
from generator.config import Site, url
from generator.discovery import offering
from generator.pages.page import Pages, as_json
from generator.pages.term import script_json
from tests.generator.conftest import DEMO, PROSE, a_comparison, a_glossary, a_path, a_term, as_page, lessons_for

SITE = Site("https://example.org/glossary/")


def pages(*entries, site=SITE, lessons=None, **changes):
    glossary = a_glossary(*entries, **changes)
    return Pages(glossary, lessons or lessons_for(glossary), site)


def text_of(made, entry):
    """The page of an entry, made by the kind of page that plans it."""
    planned = {one.path: one.make for kind in offering(generator.pages, "planned") for one in kind.planned(made)}
    return planned[entry.page]()


def page_of(term, *others, **changes):
    """A term's page as a browser sees it: its front matter, and its body."""
    return as_page(text_of(pages(term, *others, **changes), term))


def texts(page, selector):
    return [" ".join(found.get_text().split()) for found in page.select(selector)]


def data_in(page):
    return {one["@type"]: one for one in json.loads(page.find("script").string)[0]["@graph"]}


# --- small things -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("index.md", ""),
        ("terms/index.md", "terms/"),
        ("terms/neuron.md", "terms/neuron/"),
        ("terms/inverted-index.md", "terms/inverted-index/"),
        ("terms/neuron.md#try-it", "terms/neuron/#try-it"),
        ("assets/a.css", "assets/a.css"),
    ],
)
def test_a_page_has_an_address(path, address):
    assert url(path) == address


@pytest.mark.parametrize(
    "text", ["a: b", '"quoted"', "# no comment", "- a", "{a}", "a\\b", "it's", "ä → 🙂", "no", "1"]
)
def test_a_text_in_front_matter_stays_that_text(text):
    assert yaml.safe_load(f"title: {as_json(text)}") == {"title": text}


def test_json_in_a_script_can_not_end_it():
    written = script_json({"a": "</script><!-- & -->"})
    assert not set("<>&") & set(written)
    assert json.loads(written) == {"a": "</script><!-- & -->"}


# --- text is text -----------------------------------------------------------------------------------------

NASTY = [
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "<!-- --> <b>bold</b>",
    "{{ 7 * 7 }} {% if x %} {# note #}",
    "*a* **b** _c_ `d` [e](javascript:f) [[g]] ![h](i) | ~~j~~ # k",
    "--- title: other",
    "&lt;script&gt; &amp; &#60;",
    "1. a - b > c $5 \\ \\n",
]


def no_live_html(page):
    """Nothing on a page but what its template put there."""
    assert page.find(["img", "iframe", "object", "b", "style"]) is None
    assert [script["type"] for script in page.find_all("script")] == ["application/ld+json"]
    for element in page.find_all(True):
        assert not [name for name in element.attrs if name.startswith("on")], element
        assert not (element.get("href") or "").startswith("javascript"), element


@pytest.mark.parametrize("nasty", NASTY)
def test_no_plain_text_of_a_term_breaks_out_of_its_place(nasty):
    source = {"title": nasty, "authors": nasty, "url": "https://example.org/", "year": 1943, "kind": "paper"}
    term = a_term(
        f"Neuron {nasty}", "neuron", aliases=[f"Unit {nasty}"], definition=f"A neuron is {nasty}.",
        formula=[{"latex": "x", "symbols": {"x": nasty}}], faq=[{"question": f"What {nasty}?", "answer": "This."}],
        reviewed={"date": "2026-11-23", "by": nasty}, sources=[source], related=["gradient"],
    )  # fmt: skip
    other = a_term(f"Gradient {nasty}", "gradient", definition=f"A gradient is {nasty}.", prerequisites=["neuron"])
    way = a_path("neuron", "gradient", title=f"Way {nasty}")
    front, page = page_of(term, other, a_comparison(title=nasty, summary="Both."), way)
    no_live_html(page)
    assert texts(page, "h1") == [f"Neuron {nasty}"]
    assert texts(page, ".tl-aliases span") == [f"Unit {nasty}"]
    assert texts(page, ".tl-definition") == [term.definition]
    assert texts(page, "dd")[-1] == nasty
    assert f"What {nasty}?" in " ".join(texts(page, "h3"))
    assert f"Gradient {nasty}" in texts(page, ".tl-chips a")
    assert nasty in texts(page, ".tl-chips a")
    assert nasty in " ".join(texts(page, ".tl-sources"))
    assert nasty in " ".join(texts(page, ".tl-foot"))
    assert f"Way {nasty}" in texts(page, ".tl-way a")
    found = data_in(page)
    assert (found["DefinedTerm"]["name"], found["DefinedTerm"]["description"]) == (term.title, term.definition)
    assert found["FAQPage"]["mainEntity"][0]["name"] == f"What {nasty}?"
    assert set(front) == {"title", "description", "search", "hide", "card"}


@pytest.mark.parametrize("nasty", NASTY)
def test_no_markdown_of_a_term_becomes_live_html(nasty):
    nasty = nasty.replace("[[g]]", "")
    term = a_term(
        explanation=f"{PROSE}\n\n{nasty}\n{nasty}", examples=[nasty, f"One.\n\n{nasty}"], note=nasty,
        misconceptions=[{"wrong": nasty, "right": nasty}], faq=[{"question": "What?", "answer": nasty}],
        demo={"module": "tiny", "caption": nasty},
    )  # fmt: skip
    no_live_html(page_of(term)[1])


@pytest.mark.parametrize("nasty", NASTY)
def test_no_text_of_a_comparison_or_a_path_becomes_live_html(nasty):
    nasty = nasty.replace(" [[g]]", "")
    terms = a_term("Neuron", definition=f"A neuron is {nasty}."), a_term("Gradient", prerequisites=["neuron"])
    sides = [{"label": nasty, "about": "neuron"}, "gradient"]
    rows = [{"aspect": nasty, "values": {nasty: nasty, "gradient": "x"}}] * 2
    comparison = a_comparison(
        title=nasty, summary=nasty, sides=sides, rows=rows, choose={nasty: nasty, "gradient": nasty}
    )
    way = a_path("neuron", "gradient", title=nasty, summary=nasty, outcome=nasty,
                 steps=[{"term": slug, "why": nasty} for slug in ("neuron", "gradient")])  # fmt: skip
    made = pages(*terms, comparison, way)
    for text in (text_of(made, comparison), text_of(made, way)):
        page = as_page(text)[1]
        assert texts(page, "h1") == [" ".join(nasty.split())]
        assert page.find(["img", "script", "iframe", "b", "svg[onload]"]) is None
    table = as_page(text_of(made, comparison))[1].table
    assert [len(row.find_all(["td", "th"])) for row in table.find_all("tr")] == [3, 3, 3]


def test_what_a_demo_says_is_text_too():
    nasty = "</p><script>alert(1)</script> {{ 1 }}"
    demos = {"tiny": read("tiny", text=DEMO.replace("Change the size.", f"Change {nasty}."))}
    glossary = a_glossary(a_term("Neuron", demo={"module": "tiny", "with": {"size": nasty}}), demos=demos)
    lessons = lessons_for(glossary)
    lesson = lessons.of("tiny", {"size": nasty})
    object.__setattr__(lesson, "summary", nasty)
    object.__setattr__(lesson, "numbers", {nasty: 1})
    _, page = as_page(text_of(Pages(glossary, lessons, SITE), glossary.terms["neuron"]))
    no_live_html(page)
    assert texts(page, ".tl-outcome") == [nasty]
    assert texts(page, ".tl-numbers dt") == [nasty]
    assert texts(page, ".tl-hint") == [f"Change {nasty}."]
    assert json.loads(page.select_one(".tl-demo")["data-settings"]) == {"size": nasty}


def test_the_code_of_a_demo_is_shown_as_it_is():
    code = DEMO + '\n# ```\n# </details><script>alert(1)</script> `````\nBARS = "````"\n'
    _, page = page_of(a_term(), demos={"tiny": read("tiny", text=code)})
    no_live_html(page)
    assert page.select_one("details.tl-code pre").get_text().strip() == code.strip()


# --- links ------------------------------------------------------------------------------------------------


def links(page, selector="a"):
    return [(" ".join(link.get_text().split()), link["href"]) for link in page.select(selector)]


def test_the_first_mention_in_reading_order_is_the_one_that_becomes_a_link():
    term = a_term(
        explanation=f"{PROSE} No gradient here but `gradient`? One gradient.",
        examples=["A gradient again, and a loss.", "Two."],
        misconceptions=[{"wrong": "A gradient.", "right": "A loss."}],
        faq=[{"question": "What is a loss?", "answer": "See [[adam]] and Adam."}],
    )
    front = text_of(pages(term, a_term("Gradient"), a_term("Loss"), a_term("Adam")), term)
    body = front[front.index("## How it works") : front.index("## The code")]
    assert body.count("](gradient.md)") == 1
    assert "No [gradient](gradient.md) here but <code>gradient</code>? One gradient." in body
    assert "- A gradient again, and a [loss](loss.md)." in body
    assert "See [adam](adam.md) and Adam." in front


def test_pages_elsewhere_link_up_and_over_to_terms():
    terms = a_term("Neuron"), a_term("Gradient", prerequisites=["neuron"])
    comparison, way = a_comparison(summary="A neuron or not."), a_path("neuron", "gradient", summary="Every neuron.")
    made = pages(*terms, comparison, way)
    assert "A [neuron](../terms/neuron.md) or not." in text_of(made, comparison)
    assert "Every [neuron](../terms/neuron.md)." in text_of(made, way)


def test_links_in_raw_html_are_relative_to_the_address_of_the_page():
    term, other = a_term("Neuron", related=["gradient"]), a_term("Gradient")
    way = a_path("gradient", "neuron")
    _, page = page_of(term, other, a_comparison(), way)
    up = "../../"
    assert ("Basics", f"{up}categories/basics/") in links(page, ".tl-crumbs a")
    assert links(page, ".tl-level") == [("Beginner", f"{up}levels/beginner/")]
    assert (other.title, f"{up}terms/gradient/") in links(page, ".tl-chips a")
    assert ("Neuron vs. Gradient", f"{up}comparisons/neuron-vs-gradient/") in links(page, ".tl-chips a")
    assert links(page, ".tl-way a") == [
        ("From here to there", f"{up}paths/from-here-to-there/"),
        ("PreviousGradient", f"{up}terms/gradient/"),
    ]


# --- what stands on a page --------------------------------------------------------------------------------


def test_what_to_know_first_stands_on_top_and_related_terms_below():
    base, term = a_term("Neuron"), a_term("Gradient", prerequisites=["neuron"], related=["loss"])
    others = a_term("Loss"), a_term("Adam", prerequisites=["gradient"])
    _, page = page_of(term, base, *others)
    assert links(page, ".tl-know a") == [("Neuron", "../../terms/neuron/")]
    assert texts(page, ".tl-chips a") == ["Loss", "Adam", "Neuron"]


def test_a_path_that_starts_higher_says_what_to_know_first():
    base, terms = a_term("Neuron"), (a_term("Gradient"), a_term("Loss"))
    way = a_path("gradient", "loss", prerequisites=["neuron"])
    _, page = as_page(text_of(pages(base, *terms, way), way))
    assert links(page, ".tl-know a") == [("Neuron", "../../terms/neuron/")]


def test_a_page_shows_every_demo_of_its_term_with_a_caption_and_its_code():
    second = {"module": "tiny", "with": {"size": 4}, "caption": "Larger now."}
    _, page = page_of(a_term(demo={"module": "tiny", "caption": "Small."}, also=[second]))
    assert texts(page, ".tl-hint") == ["Small.", "Larger now."]
    assert [section["id"] for section in page.select(".tl-demo")] == ["try", "try-2"]
    assert texts(page, ".tl-demo .tl-command code") == ["python -m demos tiny", "python -m demos tiny --size=4"]
    assert texts(page, "details.tl-code summary code") == ["demos/tiny.py"]  # one file, so it stands there once


def test_a_hub_shows_eight_neighbors():
    hub = a_term("Hub", demo={"module": "tiny", "home": True})
    others = [a_term(f"Thing {i}", f"thing-{i}", related=["hub"], demo="tiny") for i in range(20)]
    assert len(texts(page_of(hub, *others)[1], ".tl-chips a")) == 8


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Written 23 November 2026."),
        ({"changed": "2026-12-01"}, "Written 23 November 2026, changed 1 December 2026."),
        (
            {"reviewed": {"date": "2027-01-31", "by": "Ada"}},
            "Written 23 November 2026, reviewed 31 January 2027 by Ada.",
        ),
        (
            {"changed": "2026-12-01", "reviewed": {"date": "2027-01-31", "by": "Ada"}},
            "Written 23 November 2026, changed 1 December 2026, reviewed 31 January 2027 by Ada.",
        ),
    ],
)
def test_a_page_says_its_dates_and_nothing_that_did_not_happen(given, said):
    page = page_of(a_term(**given))[1]
    assert texts(page, ".tl-foot p")[0] == said
    spelled = [time["datetime"] for time in page.select(".tl-foot time")]
    assert spelled == ["2026-11-23", *filter(None, [given.get("changed"), given.get("reviewed", {}).get("date")])]


def test_structured_data_has_the_dates_of_the_page():
    found = data_in(page_of(a_term())[1])["WebPage"]
    assert (found["datePublished"], found["dateModified"]) == ("2026-11-23", "2026-11-23")
    assert "lastReviewed" not in found
    assert found["primaryImageOfPage"] == "https://example.org/glossary/assets/cards/terms/neuron.png"
    found = data_in(page_of(a_term(changed="2026-12-01", reviewed={"date": "2027-01-31", "by": "Ada"}))[1])["WebPage"]
    assert (found["dateModified"], found["lastReviewed"]) == ("2026-12-01", "2027-01-31")
    assert found["reviewedBy"] == {"@type": "Person", "name": "Ada"}


def test_a_site_that_nobody_gave_an_address_names_none():
    made = text_of(pages(term := a_term(), site=Site("http://127.0.0.1:8000/", is_published=False)), term)
    assert "127.0.0.1" not in made
    found = data_in(as_page(made)[1])
    assert found["WebPage"]["url"] == "../../terms/neuron/"
    assert "primaryImageOfPage" not in found["WebPage"]


def test_a_page_can_be_edited_where_the_sources_are_on_the_web():
    assert "Edit this page" not in page_of(a_term())[1].get_text()
    _, page = page_of(a_term(), site=Site("https://example.org/", "https://example.com/a/b"))
    assert ("Edit this page", "https://example.com/a/b/edit/main/terms/neuron.yml") in links(page)


def test_formulas_are_mathml_with_their_symbols():
    _, page = page_of(a_term(formula=[{"latex": r"y = \frac{a}{b}", "symbols": {"y": "output", r"\varphi": "squash"}}]))
    figure = page.select_one("figure.tl-formula")
    assert figure.select_one("math mfrac") is not None
    assert texts(figure, "dt") == ["y", "φ"]
    assert texts(figure, "dd") == ["output", "squash"]


def test_letters_with_an_index_look_alike_in_a_formula_and_in_what_its_symbols_mean():
    said = "one row of d_k numbers, shape [T, d_k], beta_1 in the code, from x_train and \\x_y, <b>a_b</b>"
    _, page = page_of(a_term(formula=[{"latex": "q d_k", "symbols": {"q": said}}]))
    meaning = page.select_one("figure.tl-formula dd")
    assert [one.get_text() for one in meaning.select("math > mrow > msub")] == ["dk", "dk", "ab"]
    assert "<b>" in meaning.get_text(), "it is text"
    for code in ("beta_1", "x_train", "x_y"):
        assert code in meaning.get_text()


def test_the_demo_says_what_it_found_and_how_to_run_it():
    _, page = page_of(a_term("Neuron", demo={"module": "tiny", "with": {"size": 3}, "caption": "Look at *this*."}))
    demo = page.select_one(".tl-demo")
    assert texts(demo, ".tl-hint") == ["Look at this."]
    assert texts(demo, ".tl-outcome") == ["The size is 2."]
    assert texts(demo, ".tl-stage") == ["Sizes"]
    assert texts(demo, ".tl-numbers div") == ["size2", "half of it1"]
    assert texts(demo, ".tl-command code") == ["python -m demos tiny --size=3"]


def test_controls_stand_in_the_page_at_its_own_settings_and_wait_for_the_script():
    glossary = a_glossary(a_term(demo={"module": "tiny", "with": {"size": 3}, "hide": ["loud"]}))
    made = Pages(glossary, lessons_for(glossary, in_browser=frozenset({"tiny"})), SITE)
    demo = as_page(text_of(made, glossary.terms["neuron"]))[1].select_one(".tl-demo")
    assert demo["data-hide"] == "loud"
    (control,) = demo.select(".tl-control")
    assert control["data-name"] == "size"
    slider, box = control.select("input")
    assert [slider["min"], slider["max"], slider["step"], slider["value"]] == ["1", "9", "1", "3"]
    assert (box["name"], box["value"]) == ("size", "3")
    assert control.label["for"] == box["id"]
    assert {*box["aria-describedby"].split()} == {part["id"] for part in control.select("p")}
    assert demo.fieldset.has_attr("disabled")
    assert all(button.has_attr("disabled") for button in demo.select("button"))
    facts = json.loads(demo.fieldset["data-parameters"])
    assert [(fact["name"], fact["default"]) for fact in facts] == [("size", 2), ("loud", False)]


def test_a_demo_that_no_browser_runs_has_no_controls():
    _, page = page_of(a_term())
    assert page.select(".tl-demo :is(.tl-controls, button)") == []


def test_a_demo_says_to_the_script_of_the_page_whether_and_how_it_can_run():
    def demo(site=SITE, **lessons):
        glossary = a_glossary(a_term())
        made = Pages(glossary, lessons_for(glossary, **lessons), site)
        return as_page(text_of(made, glossary.terms["neuron"]))[1].select_one(".tl-demo")

    live = demo(in_browser=frozenset({"tiny"}))
    assert (live["data-manifest"], live["data-runtime"]) == ("../../assets/demos/tiny.json", "../../assets/runtime/")
    without = demo(Site("https://example.org/", no_runtime="It is <not> there."), in_browser=frozenset({"tiny"}))
    assert (without["data-problem"], without.get("data-manifest")) == ("It is <not> there.", None)
    heavy = demo()
    assert (heavy.get("data-problem"), heavy.get("data-manifest")) == (None, None)


def test_builds_on_and_used_by_name_the_homes_of_the_demos():
    demos = {name: read(name, text=DEMO) for name in ("tiny", "low", "high")}
    terms = a_term("Neuron"), a_term("Low", demo="low"), a_term("High", demo="high"), a_term("Also", demo="low")
    glossary = a_glossary(*terms, demos=demos)
    lessons = lessons_for(glossary, builds_on={"low": [], "tiny": ["low"], "high": ["tiny", "low"]})
    _, page = as_page(text_of(Pages(glossary, lessons, SITE), glossary.terms["neuron"]))
    facts = page.select_one(".tl-code-facts")
    assert texts(page, ".tl-code-facts") == ["Tiny: one number. Builds on low. Used by high."]
    assert links(facts) == [("low", "../../terms/low/"), ("high", "../../terms/high/")]


def test_structured_data_says_what_the_page_says():
    term = a_term("Neuron", aliases=["unit"], faq=[{"question": "Why?", "answer": "See [[gradient|the *slope*]]."}])
    _, page = page_of(term, a_term("Gradient"))
    found = data_in(page)
    here = "https://example.org/glossary/terms/neuron/"
    assert found["DefinedTerm"] == {
        "@type": "DefinedTerm", "@id": f"{here}#term", "name": "Neuron", "alternateName": ["unit"],
        "description": term.definition, "url": here,
        "inDefinedTermSet": {
            "@type": "DefinedTermSet", "@id": "https://example.org/glossary/#glossary", "name": "Termlab"
        },
    }  # fmt: skip
    first = found["FAQPage"]["mainEntity"][0]
    assert (first["name"], first["acceptedAnswer"]["text"]) == ("Why?", "See the slope.")
    assert [step["item"].removeprefix(SITE.url) for step in found["BreadcrumbList"]["itemListElement"]] == [
        "", "categories/basics/", "terms/neuron/"
    ]  # fmt: skip


def test_a_comparison_shows_its_sides_its_rows_and_what_was_measured():
    comparison = a_comparison(rows=[
        {"aspect": "Kind | sort", "values": {"neuron": "a | b", "gradient": "`c | d`"}},
        {"aspect": "Half", "values": {"neuron": {"demo": "tiny", "number": "half of it", "with": {"size": 3}},
                                      "gradient": "unknown"}},
    ])  # fmt: skip
    made = pages(a_term("Neuron"), a_term("Gradient", prerequisites=["neuron"]), comparison)
    _, page = as_page(text_of(made, comparison))
    rows = [[" ".join(cell.get_text().split()) for cell in row.find_all(["th", "td"])] for row in page.find_all("tr")]
    assert rows == [["Aspect", "Neuron", "Gradient"], ["Kind | sort", "a | b", "c | d"], ["Half", "▸ 1", "unknown"]]
    assert "python -m demos tiny --size=3" in page.get_text()
    assert [link for link in links(page, "table a") if link[0] == "Gradient"] == [("Gradient", "../terms/gradient.md")]


# --- where to mend a page ---------------------------------------------------------------------------------

ON_THE_WEB = Site("https://example.org/glossary/", "https://example.com/code")


def foot_of(made):
    return {link.get_text(): link["href"] for link in as_page(made)[1].select(".tl-foot > p a")}


def test_the_foot_of_a_term_leads_to_a_form_that_knows_the_page():
    assert foot_of(text_of(pages(a_term("Neuron"), site=ON_THE_WEB), a_term("Neuron"))) == {
        "Edit this page": "https://example.com/code/edit/main/terms/neuron.yml",
        "Report an error on this page": "https://example.com/code/issues/new?template=error.yml"
        "&title=Error%3A%20Neuron&page=https%3A%2F%2Fexample.org%2Fglossary%2Fterms%2Fneuron%2F",
    }


def test_the_foot_of_a_comparison_leads_to_a_form_that_knows_the_page():
    comparison = a_comparison()
    made = text_of(pages(a_term("Neuron"), a_term("Gradient"), comparison, site=ON_THE_WEB), comparison)
    assert foot_of(made) == {
        "Edit this page": "https://example.com/code/edit/main/terms/comparisons/neuron-vs-gradient.yml",
        "Report an error on this page": "https://example.com/code/issues/new?template=error.yml"
        "&title=Error%3A%20Neuron%20vs.%20Gradient"
        "&page=https%3A%2F%2Fexample.org%2Fglossary%2Fcomparisons%2Fneuron-vs-gradient%2F",
    }
    assert "Written 23 November 2026." in texts(as_page(made)[1], ".tl-foot p")


@pytest.mark.parametrize("title", ["A&body=x#y", "C++ 100%", "é → “q”", "</a><script>"])
def test_a_title_stays_in_its_field_of_the_form(title):
    term = a_term(title, "neuron", aliases=["neuron"], definition="A neuron is a thing for tests.")
    link = foot_of(text_of(pages(term, site=ON_THE_WEB), term))["Report an error on this page"]
    assert parse_qs(urlsplit(link).query) == {
        "template": ["error.yml"],
        "title": [f"Error: {title}"],
        "page": ["https://example.org/glossary/terms/neuron/"],
    }


def test_the_forms_that_pages_lead_to_are_there_with_their_fields():
    folder = Path(__file__).parents[3] / ".github" / "ISSUE_TEMPLATE"
    form = yaml.safe_load((folder / "error.yml").read_text(encoding="utf-8"))
    assert "page" in [field.get("id") for field in form["body"]]
    assert (folder / "term-proposal.yml").is_file()


def test_without_a_place_for_its_sources_a_page_names_its_file_and_no_form():
    term, comparison = a_term("Neuron"), a_comparison()
    made = pages(term, a_term("Gradient"), comparison)
    for page, file in (
        (text_of(made, term), "This page is terms/neuron.yml and demos/tiny.py."),
        (text_of(made, comparison), "This page is terms/comparisons/neuron-vs-gradient.yml."),
    ):
        assert foot_of(page) == {}
        assert file in texts(as_page(page)[1], ".tl-foot p")


def test_standard_questions_are_folded_below_those_that_were_written():
    _, page = page_of(a_term("Neuron", faq=[{"question": "Why so?", "answer": "So."}]))
    fold = page.select_one("h2#questions ~ details.tl-more")
    asked = [text.removesuffix("¶") for text in texts(fold, "h3")]
    assert texts(fold, "summary") == [f"More questions ({len(asked)})"]
    assert asked[0] == "What is a neuron?"
    assert not fold.has_attr("open")
    open_ones = [heading for heading in page.find_all("h3") if heading.find_parent("details") is None]
    written = [heading.get_text().removesuffix("¶") for heading in open_ones]
    assert written == ["Why so?"]
    assert [item["name"] for item in data_in(page)["FAQPage"]["mainEntity"]] == written + asked


def test_standard_questions_are_open_where_nobody_wrote_any():
    _, page = page_of(a_term("Neuron", faq=[]))
    fold = page.select_one("h2#questions ~ details.tl-more")
    assert fold.has_attr("open")
    assert texts(fold, "summary") == [f"Questions ({len(fold.select('h3'))})"]


@pytest.mark.parametrize(
    ("formulas", "said"),
    [
        ([{"latex": "y = x", "symbols": {"y": "out", "x": "in"}}], "The formula, and what its 2 symbols mean"),
        ([{"latex": "y", "symbols": {"y": "out"}}], "The formula, and what its 1 symbol means"),
        ([{"latex": "1 + 1"}], "The formula"),
        ([{"latex": "y", "symbols": {"y": "out"}}, {"latex": "x", "symbols": {"y": "out", "x": "in"}}],
         "2 formulas, and what their 2 symbols mean"),
    ],
)  # fmt: skip
def test_formulas_are_in_a_fold_that_says_what_is_in_it(formulas, said):
    _, page = page_of(a_term(formula=formulas))
    (fold,) = page.select("h2#in-symbols ~ details.tl-more:has(.tl-formula)")
    assert texts(fold, "summary") == [said]
    assert len(fold.select("figure.tl-formula")) == len(formulas)


def test_the_head_of_a_term_says_all_of_its_definition_after_its_name():
    """The theme's preview of a link shows what follows the name within the same element."""
    term = a_term("Neuron", definition="A neuron is a unit. It adds, and then it bends.", aliases=["unit"])
    _, page = page_of(term)
    after = [" ".join(found.get_text().split()) for found in page.find("h1").find_next_siblings()]
    assert term.definition in after
    assert "also: unit" in after


def test_what_comes_before_and_after_stands_below_the_name_of_its_path():
    terms = [a_term(name) for name in ("Neuron", "Gradient", "Adam")]
    up = a_path("neuron", "gradient", "adam", title="Up", slug="up")
    short = a_path("gradient", "adam", title="Short", slug="short")
    _, page = page_of(terms[1], terms[0], terms[2], up, short)
    assert [links(way) for way in page.select("#ways > nav.tl-way")] == [
        [("Up", "../../paths/up/"), ("PreviousNeuron", "../../terms/neuron/"), ("NextAdam", "../../terms/adam/")],
        [("Short", "../../paths/short/"), ("NextAdam", "../../terms/adam/")],
    ]
    assert page_of(a_term())[1].select("#ways") == []


def test_a_comparison_is_a_table_whose_values_know_aspect_and_side():
    terms = a_term("Neuron"), a_term("Gradient")
    values = {"neuron": "A unit, `a | b`", "gradient": "A [[neuron]]"}
    rows = [{"aspect": "What *it* is | says", "values": values}, {"aspect": "Again", "values": values}]
    comparison = a_comparison(rows=rows)
    _, page = as_page(text_of(pages(*terms, comparison), comparison))
    table = page.select_one("table.tl-compare")
    assert texts(table, "thead th[scope=col]") == ["Aspect", "Neuron", "Gradient"]
    assert texts(table, "tbody th[scope=row]") == ["What *it* is | says", "Again"]
    assert [(cell["data-side"], cell.get_text()) for cell in table.select("td")][:2] == [
        ("Neuron", "A unit, a | b"),
        ("Gradient", "A neuron"),
    ]
    assert texts(table, "td code") == ["a | b"] * 2
    assert links(table, "td a") == [("neuron", "../terms/neuron.md")]
