"""Every kind of picture in every form: what is in the data is in the form, and nothing escapes it."""

import json
import re
import subprocess
import sys

import bs4
import markdown
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from demos._run.run import run
from demos._show.columns import columns
from demos._show.pictures import KINDS, as_text, described, html, is_drawn, live_html, module_of, svg, table, vega_lite
from demos._show.sheet import VEGA_LITE
from tests.demos.machine.samples import DRAWINGS, EVIL_PICTURES, PICTURES, RUN, TEXTS, figure, shown


@pytest.mark.parametrize("name", TEXTS)
def test_text_is_not_drawn(name):
    assert vega_lite(PICTURES[name]) is None
    with pytest.raises(
        ValueError, match=f"a {PICTURES[name]['type']} is text, and only a chart, a heatmap, a graph is"
    ):
        svg(PICTURES[name])


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_specification_holds_all_its_data_and_compiles_without_a_warning(name, capfd):
    specification = vega_lite(PICTURES[name], title=True)
    assert "url" not in json.dumps(specification)
    vl_convert.vegalite_to_vega(specification, vl_version=VEGA_LITE, show_warnings=True)
    assert "WARN" not in "".join(capfd.readouterr())


def test_the_version_of_vega_lite_is_one_that_can_draw_here():
    assert VEGA_LITE in vl_convert.get_vegalite_versions()
    assert vega_lite(PICTURES["bars"])["$schema"].endswith(f"/v{VEGA_LITE[0]}.json")


def test_a_live_page_needs_no_package_and_nothing_that_is_for_a_terminal_or_a_file():
    code = (
        "import sys, json; sys.modules.update(dict.fromkeys(['numpy', 'vl_convert', 'demos.neuron']))\n"
        "from demos._show.pictures import html, live_html, table_html, vega_lite\n"
        "made = [(vega_lite(item), item) for item in json.load(sys.stdin)]\n"
        "pages = [table_html(item) + (live_html(item, spec) if spec else html(item)) for spec, item in made]\n"
        "print(len(''.join(pages)), *sorted(name for name in sys.modules if name.startswith('demos._')))"
    )
    items = json.dumps(list(PICTURES.values()))
    done = subprocess.run([sys.executable, "-c", code], input=items, capture_output=True, text=True, check=True)
    letters, *loaded = done.stdout.split()
    assert int(letters) > 10_000
    assert {"demos._show.chart", "demos._show.trace"} <= set(loaded)
    assert not {"demos._show.columns", "demos._show.svg", "demos._show.save"} & set(loaded)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_module_of_its_name_with_all_that_is_asked_of_one(kind):
    module = module_of(kind)
    assert module.__name__ == f"demos._show.{kind}"
    assert [name for name in ("problems", "table", "lines") if not callable(getattr(module, name, None))] == []
    assert hasattr(module, "draw") == hasattr(module, "contents") == is_drawn(kind)
    assert not (hasattr(module, "draw") and hasattr(module, "inner_html")), "a drawing has its frame"


def test_a_kind_is_imported_when_it_is_met():
    code = (
        "import sys; from demos._show.pictures import KINDS, is_drawn, live_html, module_of, as_text\n"
        "as_text({'summary': 'A.', 'numbers': {}, 'show': [{'type': 'trace', 'title': 't', 'steps': []}]})\n"
        "print([name for name in sys.modules if name in ('demos._show.trace', 'demos._show.chart')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['demos._show.trace']\n"


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_frame_of_a_live_page_is_that_of_the_static_page_without_drawing_and_table(name):
    item = PICTURES[name]
    static = bs4.BeautifulSoup(figure(name), "html5lib").figure
    live = bs4.BeautifulSoup(live_html(item, vega_lite(item, hover=False)), "html5lib").figure
    assert static.details.find(class_="tl-scroll").extract()
    static.svg.clear()
    static.svg.attrs = {name: value for name, value in static.svg.attrs.items() if not name.startswith("xmlns")}
    assert str(live) == str(static)


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.parametrize("width", [320, 440, 700])
def test_a_drawing_is_as_wide_as_asked(name, width):
    specification = vega_lite(PICTURES[name], width)
    whole = specification["width"] + specification["padding"]["left"] + specification["padding"]["right"]
    assert whole == width


def leaves(value):
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return [value]
    return [leaf for part in value for leaf in leaves(part)]


@pytest.mark.parametrize("name", PICTURES)
def test_every_value_of_a_picture_is_in_its_table(name):
    item = PICTURES[name]
    series = item.get("series", []) + item.get("overlay", [])
    expected = [value for one in series for part in ("x", "y", "labels") for value in one[part]]
    expected += [wire[part] for wire in item.get("edges", []) for part in ("label", "weight")]
    expected += [", ".join(node["label"].splitlines()) for node in item.get("nodes", [])]
    expected += leaves([item[part] for part in ("values", "pieces", "notes", "steps") if part in item])
    expected += leaves(item["rows"]) if name == "table" else []
    cells = leaves(table(item)[1])
    assert len(expected) > 3 or name == "empty" or name == "bare tokens"
    assert [value for value in expected if value not in cells] == []


@pytest.mark.parametrize("name", PICTURES)
def test_a_figure_survives_markdown_untouched(name):
    assert "\n" not in figure(name)
    page = markdown.markdown(f"Before.\n\n{figure(name)}\n\nAfter.", extensions=["md_in_html"])
    assert page == f"<p>Before.</p>\n{figure(name)}\n\n<p>After.</p>"


@pytest.mark.parametrize("name", PICTURES)
def test_a_figure_has_its_caption_and_a_drawing_its_data_beside_it(name):
    page = bs4.BeautifulSoup(figure(name), "html5lib")
    assert page.figure["class"] == ["tl-figure", f"tl-{PICTURES[name]['type']}"]
    assert page.figure.figcaption.text == PICTURES[name]["title"]
    if name in DRAWINGS:
        assert page.find(role="img")["aria-label"] == described(PICTURES[name])
        assert page.find(role="img").svg["aria-hidden"] == "true"
        assert page.details.summary.text == "Data as a table"
        assert len(page.details.find_all("tr")) == 1 + len(table(PICTURES[name])[1])


@pytest.mark.parametrize("item", EVIL_PICTURES, ids=lambda item: item["type"])
def test_whatever_a_picture_says_stays_text(item):
    page = bs4.BeautifulSoup(f"<main>{html(item)}<i>after</i></main>", "html5lib")
    assert not page.find_all("script")
    assert page.i.parent.name == "main"  # no figure was closed from inside
    assert '<script>alert("x")</script>&amp;"' in page.figcaption.text
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", html(item))
    assert "\n" not in html(item)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 130))
def test_no_line_is_wider_than_asked(width):
    for data in (RUN, {**RUN, "show": EVIL_PICTURES}):
        assert max(map(columns, as_text(data, width).split("\n"))) <= width


def test_the_text_of_a_real_run_is_plain_and_within_80_columns():
    text = as_text(run("neuron"), 80)
    assert max(map(len, text.splitlines())) <= 80
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
    assert text == as_text(run("neuron"), 80)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_a_run_begins_with_its_sentence_and_its_figures_in_columns():
    assert as_text({**RUN, "show": []}, 80) == "All of them.\n\nloss         0.25\nlong name  12,346\n"


def test_arrows_and_steps_are_lines():
    assert (
        "input -- 1.2 --> hidden\ninput -- -0.7 --> gate\nhidden -- 1 --> output\ngate -- closes, 0.4 --> output"
        in shown("graph")
    )
    assert 'user: 2 + 2?\ntool: {"sum":\n      4}\n\n  done\n' in shown("trace")


def test_a_drawing_is_described_for_who_cannot_see_it():
    assert described(PICTURES["plane"]) == (
        "Heatmap “A plane” with 2 rows of 3 cells, edge (line, 2 values), inputs (points, 2 values); across: x; up: y."
    )
    assert described(PICTURES["graph"]) == "Graph “A graph” with 4 boxes and 4 arrows."
