"""The guide says what the program does: every field, control, picture, rule, command and option is in it."""

import argparse
import dataclasses
import json
import re
from pathlib import Path
from typing import get_args

import pytest

import demos
from demos.__main__ import main as demos_main
from demos._run.result import checked
from demos._run.run import run
from demos._run.source import read
from demos._run.syntax import ControlKind
from demos._show.pictures import KINDS as KINDS_OF_PICTURES
from demos._show.pictures import as_text, bounds, html
from generator.__main__ import parser
from generator.check.rules import RULES
from generator.check.texts import EXPLANATION, LONGEST_DEFINITION
from generator.config import Site
from generator.model.entries import Entry, FiledEntry, Term
from generator.output.write import Page
from generator.pages import guide
from generator.pages.guide import CONTROLS, GUIDE, VALUES, called, values, vocabulary
from generator.pages.site import site
from tests.generator.conftest import a_glossary, a_term, as_page, lessons_for
from tests.generator.pages.test_upkeep import wanted

ROOT = Path(__file__).parents[3]
HERE = "generator/templates/"
GUIDES = ("contribute", "help-wanted", "write-term", "write-demo")
DOCS = ["README.md", ".github/CONTRIBUTING.md", *(f"{HERE}{name}.md.j2" for name in GUIDES)]
REPOSITORY = "https://example.com/code"


def text_of(*names):
    return "\n".join((ROOT / name).read_text(encoding="utf-8") for name in names)


def page(path, *terms, repository=REPOSITORY, **changes):
    """A page of the guide as a browser sees it."""
    glossary = a_glossary(*(terms or [a_term()]), **changes)
    content = site(glossary, lessons_for(glossary), Site("https://example.org/", repository))[path]
    assert isinstance(content, Page)
    return as_page(content.make())[1]


def said(page):
    return " ".join(page.get_text().split())


# --- fields -----------------------------------------------------------------------------------------------


def descendants(kind):
    for below in kind.__subclasses__():
        yield from [below, *descendants(below)]


KINDS = [kind for kind in descendants(Entry) if kind.__module__ == "generator.model.entries" and kind is not FiledEntry]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_field_of_every_model_is_in_the_guide(kind):
    place = page("contribute/how-to-write-a-term.md").find(id=f"fields-{kind.__name__.lower()}")
    rows = {row.dt.get_text(): row for row in place.find_next("dl", class_="tl-fields").find_all("div")}
    given = {info.alias or name: info for name, info in kind.model_fields.items()}
    written = given.keys() if kind.__name__ == "Category" else given.keys() - {"slug"}
    assert rows.keys() == written
    for name in written:
        cells = [cell.get_text() for cell in rows[name].find_all("dd")]
        assert cells[0].endswith("required") == given[name].is_required(), name
        says = given[name].description.replace("`", "")
        assert cells[1:] == ([] if says in cells[0] else [says]), name


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_model_and_every_field_is_explained(kind):
    assert kind.__dict__["__doc__"]
    assert [name for name, info in kind.model_fields.items() if not info.description and name != "slug"] == []


def test_the_kind_of_a_field_is_told_in_words():
    kinds = {(group.anchor, field.name): field.kind for groups in guide.groups().values() for group in groups
             for field in group.fields}  # fmt: skip
    told = {
        ("term", "title"): "name",
        ("term", "definition"): "plain text",
        ("term", "explanation"): "Markdown",
        ("term", "examples"): "list of Markdown paragraphs, at least 2",
        ("term", "related"): "list of slugs",
        ("path", "former_slugs"): "list of old slugs",
        ("term", "level"): "one of beginner, intermediate, or advanced",
        ("term", "demo"): "group of fields",
        ("term", "sources"): "list of groups of fields, at least 1",
        ("term", "note"): "Markdown paragraph",
        ("term", "written"): "date",
        ("alias", "link"): "true or false",
        ("demouse", "module"): "name of a demo",
        ("demouse", "with"): "settings, each with a name",
        ("source", "year"): "whole number, from 1600 to 2100",
        ("source", "url"): "web address",
        ("comparison", "sides"): "list of groups of fields, 2 to 4",
        ("term", "experiments"): "list of groups of fields",
        ("prediction", "from"): "settings, each with a name",
        ("prediction", "tolerance"): "number",
        ("choice", "choices"): "list of numbers, 2 to 5",
        ("goal", "reach"): "plain texts, each with a name",
        ("row", "values"): "groups of fields or Markdown paragraphs, each with a name",
    }
    assert {place: kinds[f"fields-{place[0]}", place[1]] for place in told} == told


def test_a_type_without_a_word_for_it_is_refused():
    with pytest.raises(TypeError, match=r"^the guide has no word for <class 'complex'>$"):
        called(complex)


def test_no_two_kinds_of_text_are_taken_for_one():
    assert len(VALUES) == len({value.name for value in VALUES.values()}) == 13
    assert values()[0].says == "one line, shown as it stands; at most 80 characters"


def test_what_is_made_of_fields_leads_to_them():
    shown = page("contribute/how-to-write-a-term.md")
    links = [link["href"].removeprefix("#") for link in shown.select(".tl-fields a")]
    assert "fields-alias" in links
    assert [link for link in links if shown.find(id=link) is None] == []


def test_the_bounds_in_words_are_those_of_the_check():
    assert f" {LONGEST_DEFINITION} characters" in Term.model_fields["definition"].description
    lengths = f"{EXPLANATION.start} to {EXPLANATION.stop - 1} words"
    assert lengths in Term.model_fields["explanation"].description


# --- rules ------------------------------------------------------------------------------------------------


def test_every_rule_of_the_check_is_in_the_guide():
    shown = [item.get_text() for item in page("contribute/how-to-write-a-term.md").select(".tl-rules li")]
    assert [rule.find.__name__ for rule in RULES if not rule.find.__doc__] == []
    assert shown == [" ".join(rule.find.__doc__.split()).replace("`", "") for rule in RULES]
    assert len(shown) == len(set(shown)) > 30


# --- demos ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", demos.__all__)
def test_every_word_of_a_demo_is_in_the_guide(name):
    place = page("contribute/how-to-write-a-demo.md").find(id=f"demos-{name.lower()}")
    assert place.get_text() == name
    word = getattr(demos, name)
    first = " ".join(word.__doc__.strip().split("\n\n")[0].split()).replace("`", "")
    assert place.find_next("p").get_text() == first
    if dataclasses.is_dataclass(word):
        rows = [row.dt.get_text() for row in place.find_next("dl", class_="tl-fields").find_all("div")]
        assert rows == [field.name for field in dataclasses.fields(word)]


def test_types_and_defaults_are_told_as_an_author_writes_them():
    heatmap = next(group for group in vocabulary() if group.title == "Heatmap")
    told = {field.name: (field.kind, field.required, field.says) for field in heatmap.fields}
    assert told["values"] == ("Collection[Collection[float]]", True, "")
    assert told["scale"] == ("Literal['sequential', 'diverging']", False, "'sequential'")
    assert told["overlay"] == ("Sequence[Series]", False, "()")


# What is told of a bound, what has it, how much of it there is at the bound, and how a picture with `n` of it is made.
BOUNDS = [
    ("Graph", r"([\d,]+) boxes", lambda n: demos.Graph("g", [demos.Node(str(i), "", i, 0) for i in range(n)], [])),
    (
        "Graph",
        r"([\d,]+) arrows",
        lambda n: demos.Graph("g", [demos.Node("a", "", 0, 0), demos.Node("b", "", 1, 0)], [demos.Edge("a", "b")] * n),
    ),
    ("Chart", r"([\d,]+) series", lambda n: demos.Chart("c", [demos.Series(str(i), [1], [1]) for i in range(n)])),
    ("Chart", r"([\d,]+) values", lambda n: demos.Chart("c", [demos.Series("s", range(n), range(n))])),
    ("Chart", r"([\d,]+) named", lambda n: demos.Chart("c", demos.bars([str(i) for i in range(n)], {"s": range(n)}))),
    (
        "Chart",
        r"([\d,]+) labels",
        lambda n: demos.Chart("c", [demos.Series("s", range(n), range(n), "points", ["w"] * n)]),
    ),
    ("Heatmap", r"([\d,]+) cells", lambda n: demos.Heatmap("h", [[0.5]] * n, ["c"], range(n))),
    (
        "Heatmap",
        r"([\d,]+) series",
        lambda n: demos.Heatmap("h", [[1, 2]] * 2, [0, 1], [0, 1]) + [demos.Series(str(i), [1], [1]) for i in range(n)],
    ),
    ("Text in", r"([\d,]+) letters", lambda n: demos.Chart("c" * n, [demos.Series("s", [1], [1])])),
]


def sizes_told():
    """What the guide says of sizes: name -> words."""
    shown = page("contribute/how-to-write-a-demo.md").find(id="how-large-a-result-may-be").find_next("dl")
    return {row.dt.get_text(): row.dd.get_text() for row in shown.find_all("div")}


@pytest.mark.parametrize(("what", "pattern", "made"), BOUNDS)
def test_a_bound_of_the_guide_is_the_one_that_pictures_are_held_to(what, pattern, made):
    words = next(words for name, words in sizes_told().items() if name.startswith(what))
    most = int(re.search(pattern, words)[1].replace(",", ""))
    problems = [checked(demos.Result("It is.", {}, [made(most + more)]))[1] for more in (0, 1)]
    assert problems[0] == []
    assert len(problems[1]) == 1
    assert f"{most:,}" in problems[1][0]


@pytest.mark.parametrize("kind", KINDS_OF_PICTURES)
def test_a_kind_with_a_bound_is_in_the_guide(kind):
    told = bounds(kind)
    assert (KINDS_OF_PICTURES[kind].__name__ in sizes_told()) == bool(told)
    assert sizes_told().get(KINDS_OF_PICTURES[kind].__name__, "") == told


def test_rows_of_a_table_that_are_left_out_are_those_that_the_guide_says():
    in_page, in_terminal = map(int, re.findall(r"\d+", sizes_told()["Table"]))
    table = {"type": "table", "title": "T", "columns": ["c"], "rows": [[i] for i in range(1, 1001)]}
    assert f'<td class="tl-number">{in_page}</td>' in html(table) or f">{in_page}</td>" in html(table)
    assert f">{in_page + 1}</td>" not in html(table)
    shown = as_text({"summary": "", "numbers": {}, "show": [table]})
    assert re.search(rf"^\s*{in_terminal}$", shown, re.MULTILINE)
    assert not re.search(rf"^\s*{in_terminal + 1}$", shown, re.MULTILINE)


def test_how_large_a_number_may_be_is_what_a_result_is_held_to():
    told = sizes_told()
    most = float(re.search(r"up to (\S+?),", told["Number in a picture"])[1])
    assert "inf" not in told["Figure"]
    fine, beyond = (
        checked(demos.Result("It is.", {"a": x}, [demos.Table("t", ["c"], [[x]])]))[1] for x in (1.7e149, 1.1 * most)
    )
    assert fine == []
    assert "is beyond 1e+150" in beyond[0]
    figure = float(re.search(r"up to (\S+)$", told["Figure"])[1].replace("1.8e", "1.79e"))
    assert checked(demos.Result("It is.", {"a": figure}, []))[1] == []


@pytest.mark.parametrize(
    ("module", "name", "new", "told"),
    [
        ("demos._show.graph", "MOST_NODES", 7, "at most 7 boxes"),
        ("demos._show.axes", "MOST_VALUES", 6_543, "6,543 values"),
        ("demos._show.heatmap", "MOST_CELLS", 77_000, "77,000 cells"),
        ("demos._show.html", "MOST_ROWS", 33, "a page shows the first 33"),
        ("demos._show.columns", "MOST_ROWS", 22, "and a terminal 22"),
        ("demos._show.pictures", "MOST_LETTERS", 44, "at most 44 letters"),
        ("demos._run.result", "LARGEST", 1e99, "up to 1e+99"),
        ("generator.lessons.run", "MOST_OUTPUT", 12_345, "at most 12,345 bytes"),
        ("generator.lessons.run", "LONGEST_RUN", 11, "at most 11 seconds"),
        ("generator.lessons.run", "MOST_MEMORY", 5 * 1024**2, "5 MiB"),
        ("generator.lessons.recordings", "MOST_RECORDED", 54_321, "54,321 where it is recorded"),
    ],
)
def test_a_bound_that_is_moved_is_moved_in_the_guide(monkeypatch, module, name, new, told):
    before = " ".join(sizes_told().values())
    monkeypatch.setattr(f"{module}.{name}", new)
    assert told not in before
    assert told in " ".join(sizes_told().values())


def test_every_kind_of_control_is_in_the_guide():
    assert set(CONTROLS) == set(get_args(ControlKind))
    shown = said(page("contribute/how-to-write-a-demo.md"))
    assert [control.written for control in CONTROLS.values() if control.written not in shown] == []


@pytest.mark.parametrize("kind", CONTROLS)
def test_a_control_is_understood_as_the_guide_writes_it(kind):
    written = CONTROLS[kind].written
    text = (
        '"""Tiny: one thing.\n\nSource: made up."""\n\nfrom collections.abc import Sequence\n'
        "from typing import Annotated, Literal\n\n"
        "from demos import Pixels, Points, Range, Result, Table, Text\n\n\n"
        f"def demo(*, thing: {written}) -> Result:\n"
        '    """Change it.\n\n    thing: what it is\n    """\n'
        '    return Result("It is.", {"one": 1}, [Table("Things", ["thing"], [[str(thing)]])])\n'
    )
    assert read("tiny", text=text).parameters[0].kind == kind
    assert run("tiny", {}, text)["summary"] == "It is."


def test_the_demo_that_the_guide_starts_with_runs():
    code = page("contribute/how-to-write-a-demo.md").select_one(".highlight code").get_text()
    assert code.startswith('"""Moving Average: TODO')
    assert run("moving_average", {"factor": 2}, code)["numbers"] == {"value at the end": 6}


# --- commands ---------------------------------------------------------------------------------------------


def commands():
    """command -> its options, without those that all commands have."""
    found = next(action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    return {
        name: [option for action in command._actions for option in action.option_strings if option.startswith("--")]
        for name, command in found.choices.items()
    }


@pytest.mark.parametrize("command", commands())
def test_every_command_and_every_option_is_in_the_guide(command):
    lines = re.findall(rf"^- `{command}(?: [^`]*)?`: .*", text_of(f"{HERE}contribute.md.j2"), re.MULTILINE)
    assert len(lines) == 1, f"contribute.md.j2 has no line '- `{command}`: …'"
    everywhere = {"--help", "--root"}
    missing = [option for option in commands()[command] if f"`{option}`" not in lines[0] and option not in everywhere]
    assert missing == []
    assert "`--root`" in text_of(f"{HERE}contribute.md.j2")


def test_no_command_of_the_guide_is_made_up():
    told = re.findall(r"python -m generator (\w+)", text_of(*DOCS))
    assert told
    assert set(told) <= commands().keys()


def targets():
    return re.findall(r"^([a-z-]+):.*## ", text_of("Makefile"), re.MULTILINE)


@pytest.mark.parametrize("target", targets())
def test_every_target_of_the_makefile_is_in_the_guide(target):
    assert f"`make {target}`" in text_of(f"{HERE}contribute.md.j2")


def test_no_target_of_the_guide_is_made_up():
    told = set(re.findall(r"(?:`|^)make ([a-z-]+)", text_of(*DOCS), re.MULTILINE))
    assert {"serve", "check"} <= told <= {*targets()}


def test_every_option_of_demos_is_in_the_guide(capsys):
    with pytest.raises(SystemExit):
        demos_main(["neuron", "--help"])
    settings = {f"--{parameter.name.replace('_', '-')}" for parameter in read("neuron").parameters}
    options = set(re.findall(r"^  (?:-\w, )?(--[a-z0-9-]+)", capsys.readouterr().out, re.MULTILINE)) - settings
    assert {"--json", "--save"} <= options
    assert [option for option in options if option not in text_of(f"{HERE}write-demo.md.j2")] == []


def test_every_command_of_demos_is_in_the_guide(capsys):
    assert demos_main(["--help"]) == 0
    told = re.findall(r"python -m demos (record\b|\w+ --help|\w+)?", capsys.readouterr().out)
    assert "record" in told
    for command in ("python -m demos ", "python -m demos neuron", "--help", "python -m demos record "):
        assert command in text_of(f"{HERE}write-demo.md.j2"), command


# --- the rest of the guide --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", GUIDE)
def test_no_field_of_a_template_is_left_empty(path):
    shown = page(path)
    assert shown.h1.get_text() == GUIDE[path][0]
    assert [
        tag for tag in shown.find_all(["li", "dd", "dt", "p", "h2", "h3", "h4"]) if not tag.get_text().strip()
    ] == []


def test_the_settings_for_an_editor_name_schemas_that_are_there():
    settings = json.loads(page("contribute/index.md").select(".highlight code")[1].get_text())
    schemas = settings["yaml.schemas"]
    assert [name for name in schemas if not (ROOT / name).is_file()] == []
    assert "!terms/wanted.yml" in schemas["./terms/_schema.json"]


def test_every_file_that_the_guide_leads_to_is_there():
    named = re.findall(r'parts\.file\("([^"]+)"', text_of(*(f"{HERE}{name}.md.j2" for name in GUIDES)))
    named += re.findall(r"\]\(\.\./([^)]+)\)", text_of(".github/CONTRIBUTING.md"))
    assert {"terms/neuron.yml", "terms/_schema.json", "tests/demos/mutants.yml", "LICENSE"} <= set(named)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_guide_on_one_screen_is_on_one_screen():
    lines = text_of(".github/CONTRIBUTING.md").splitlines()
    assert len(lines) <= 35
    commands = "\n".join(lines).split("```")[1].strip().splitlines()[1:]
    assert len(commands) == 3


def test_files_of_the_project_are_links_where_its_sources_are_on_the_web():
    path = "contribute/how-to-write-a-demo.md"
    links = [link["href"] for link in page(path).select("a[href^=https]")]
    assert f"{REPOSITORY}/blob/main/demos/__init__.py" in links
    assert page(path, repository="").select("a[href^=https]") == []
    assert "demos/__init__.py" in said(page(path, repository=""))


# --- help wanted ------------------------------------------------------------------------------------------


def test_help_wanted_leads_to_the_page_and_to_the_file_to_edit():
    shown = page("contribute/help-wanted.md")
    row = shown.find(id="pages-that-wait-for-a-second-reader").find_next("dl").div
    assert [(link.get_text(), link["href"]) for link in row.find_all("a")] == [
        ("Neuron", "../../terms/neuron/"),
        ("terms/neuron.yml", f"{REPOSITORY}/edit/main/terms/neuron.yml"),
    ]


def test_help_wanted_says_what_is_wanted_and_how_to_propose_more():
    wishes = wanted("GPT", issue="https://example.com/7")
    shown = page("contribute/help-wanted.md", a_term(examples=["One GPT.", "Two."]), wanted=wishes)
    row = shown.find(id="terms-wanted").find_next("dl").div
    assert " ".join(row.get_text(" ").split()) == (
        "GPT To know GPT. 1 page speaks of it. What was said about GPT so far"
    )
    assert row.a["href"] == "https://example.com/7"
    assert 'python -m generator new "GPT"' in said(shown)
    propose = next(link["href"] for link in shown.find_all("a") if link.get_text() == "Propose it")
    assert propose == f"{REPOSITORY}/issues/new?template=term-proposal.yml"


def test_help_wanted_shows_a_wish_as_text():
    nasty = '"><script>alert(1)</script> {{ 7 * 7 }} `a` *b*'
    shown = page("contribute/help-wanted.md", wanted=wanted(nasty))
    assert shown.script is None
    assert shown.find(id="terms-wanted").find_next("dt").get_text() == nasty
    assert f'python -m generator new "{nasty}"' in said(shown)


def test_help_wanted_is_glad_where_nothing_is_left_to_do():
    two = [{"title": "A", "url": "https://example.org/a", "year": 2000, "kind": "paper"},
           {"title": "B", "url": "https://example.org/b", "year": 2000, "kind": "article"}]  # fmt: skip
    term = a_term(sources=two, reviewed={"date": "2026-01-01", "by": "Ada"})
    shown = page("contribute/help-wanted.md", term, repository="")
    for words in (
        "Every term that somebody asked for is written.",
        "Every page has had a second reader.",
        "Every page names two sources or more.",
        "reviewed 2026-01-01 by Ada",
    ):
        assert words in said(shown)
    assert "Propose it" not in said(shown)


def test_a_long_list_says_how_long_it_is():
    terms = [a_term(f"Term {i:02}") for i in range(15)]
    assert "The first 12 of 15; the others move up as these are done." in said(
        page("contribute/help-wanted.md", *terms)
    )
