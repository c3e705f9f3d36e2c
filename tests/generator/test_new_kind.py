"""A new kind of picture is its word in demos/__init__.py and one file in demos/_show/, and then it works everywhere.

Two are added to a copy of the project: one that is drawn, and one that is text.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile

import bs4
import pytest

from tests.generator.conftest import CATEGORIES, ROOT, copy_machinery, entry, with_runtime, write_yaml

WORDS = '''\
@dataclass(frozen=True)
class Gauge:
    """A value between its ends, as a bar. value: from low to high."""

    title: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Quote:
    """Somebody's words."""

    title: str
    words: str
    by: str


'''
GAUGE = '''\
"""A gauge: a value between its ends."""

from collections.abc import Iterator
from typing import Any

from demos._show.axes import Json, number
from demos._show.sheet import GRID, SERIES, Sheet


def problems(item: Json) -> Iterator[str]:
    if not item["low"] <= item["value"] <= item["high"]:
        yield f"its value {item['value']:g} is not between its ends"


def table(item: Json) -> tuple[list[str], list[list[Any]]]:
    return ["value", "low", "high"], [[item["value"], item["low"], item["high"]]]


def contents(item: Json) -> str:
    return f"the value {number(item['value'])}"


def draw(item: Json, width: int, title: bool, hover: bool) -> Json:
    sheet = Sheet(left=8, right=8)
    sheet.width, sheet.height = width - 16, 20
    share = (item["value"] - item["low"]) / (item["high"] - item["low"])
    for length, color in ((1, GRID), (share, SERIES[0])):
        sheet.add("rect", [{}], x=0, x2=length * sheet.width, y=0, y2=20, fill=color)
    sheet.write(4, 15, number(item["value"]))
    return sheet.specification([item["title"]] if title else [])


def lines(item: Json, width: int) -> list[str]:
    filled = round(20 * (item["value"] - item["low"]) / (item["high"] - item["low"]))
    return ["[" + "=" * filled + " " * (20 - filled) + "]"]
'''
QUOTE = '''\
"""A quote: somebody's words."""

from collections.abc import Iterator
from typing import Any

from demos._show.axes import Json
from demos._show.html import safe

STYLE = ".tl-words { font-style: italic; }\\n"


def problems(item: Json) -> Iterator[str]:
    if not item["words"]:
        yield "nobody said anything"


def table(item: Json) -> tuple[list[str], list[list[Any]]]:
    return ["words", "by"], [[item["words"], item["by"]]]


def inner_html(item: Json) -> str:
    return f'<p class="tl-words">{safe(item["words"])} <b>{safe(item["by"])}</b></p>'


def lines(item: Json, width: int) -> list[str]:
    from demos._show.columns import fold

    return fold(f"{item['words']} ({item['by']})", width)
'''
LESSON = '''\
"""Tiny: a gauge and a quote.

Source: made up for these tests.
"""

from typing import Annotated

from demos import Gauge, Quote, Range, Result


def demo(*, size: Annotated[int, Range(1, 99)] = 2) -> Result:
    """Change the size.

    size: how big it is
    """
    show = [Gauge("How big", size, 0, 8), Quote("Said of it", "<small> is beautiful", "Schumacher")]
    return Result(summary=f"The size is {size}.", numbers={"size": size}, show=show)
'''


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The project with one term, one demo, and two more kinds of pictures."""
    root = tmp_path_factory.mktemp("copy")
    copy_machinery(root / "demos")
    shutil.copytree(ROOT / "generator", root / "generator")
    shutil.copy(ROOT / "mkdocs.yml", root)
    vocabulary = root / "demos" / "__init__.py"
    text = vocabulary.read_text(encoding="utf-8")
    union = next(line for line in text.splitlines() if line.startswith("Picture = "))
    text = text.replace(union, f"{WORDS}{union} | Gauge | Quote").replace(
        '    "Graph",\n', '    "Gauge",\n    "Graph",\n'
    )
    vocabulary.write_text(text.replace('    "Range",\n', '    "Quote",\n    "Range",\n'), encoding="utf-8")
    (root / "demos" / "_show" / "gauge.py").write_text(GAUGE, encoding="utf-8")
    (root / "demos" / "_show" / "quote.py").write_text(QUOTE, encoding="utf-8")
    (root / "demos" / "tiny.py").write_text(LESSON, encoding="utf-8")
    write_yaml(root / "terms" / "neuron.yml", entry())
    write_yaml(root / "terms" / "categories.yml", CATEGORIES)
    with_runtime(root)
    return root


def call(root, *arguments):
    """Exit code, standard output and standard error of a program in the copy, which knows no other project."""
    environment = {**os.environ, "PYTHONPATH": str(root), "COLUMNS": "60"}
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=root, env=environment, capture_output=True, encoding="utf-8"
    )
    return done.returncode, done.stdout, done.stderr


def test_it_is_checked(copy):
    code, _, err = call(copy, "-m", "demos", "tiny", "--size", "9")
    assert (code, err) == (1, "demos/tiny.py:11: the gauge 'How big': its value 9 is not between its ends\n")


def test_it_is_shown_in_the_terminal(copy):
    code, out, _ = call(copy, "-m", "demos", "tiny")
    assert code == 0
    assert "How big\n───────\n[=====               ]\n" in out
    assert "Said of it\n──────────\n<small> is beautiful (Schumacher)\n" in out


def test_it_survives_json_and_the_second_check(copy):
    out = call(copy, "-m", "demos", "tiny", "--json")[1]
    again = (
        "import sys, json; from demos._run.result import from_json\n"
        "print(json.dumps(from_json(json.loads(sys.argv[1]))))"
    )
    assert json.loads(call(copy, "-c", again, out)[1])["show"] == json.loads(out)["show"]
    wrong = out.replace('"value": 2', '"value": 9')
    assert "its value 9 is not between its ends" in call(copy, "-c", again, wrong)[2]


def test_it_is_saved_as_a_page_and_as_a_drawing(copy, tmp_path):
    for ending in (".html", ".svg", ".png"):
        assert call(copy, "-m", "demos", "tiny", "--save", tmp_path / f"tiny{ending}")[0] == 0
    page = bs4.BeautifulSoup((tmp_path / "tiny.html").read_text(encoding="utf-8"), "html5lib")
    assert page.find("figure", class_="tl-gauge").details.table.tbody.text == "208"
    assert page.find(class_="tl-words").text == "<small> is beautiful Schumacher"
    assert ".tl-words { font-style: italic; }" in page.style.string
    assert "How big" in (tmp_path / "tiny.svg").read_text(encoding="utf-8")
    assert (tmp_path / "tiny.png").read_bytes().startswith(b"\x89PNG")


def test_it_stands_in_a_built_page(copy):
    code, _, err = call(copy, "-m", "generator", "build")
    assert code == 0, err
    docs = copy / "build" / "docs"
    page = bs4.BeautifulSoup((docs / "terms" / "neuron.md").read_text(encoding="utf-8"), "html5lib")
    gauge = page.find("figure", class_="tl-gauge")
    assert gauge.find(role="img")["aria-label"] == "Gauge “How big” with the value 2."
    assert gauge.svg.find_all("path")
    assert [cell.text for cell in gauge.find_all("td")] == ["2", "0", "8"]
    assert page.find("figure", class_="tl-quote").find(class_="tl-words").b.text == "Schumacher"
    assert ".tl-words { font-style: italic; }" in (docs / "assets" / "charts.css").read_text(encoding="utf-8")


def test_a_live_page_runs_it_with_what_the_archive_holds(copy, tmp_path):
    pack = (
        "import json, sys; from generator.live.files import archive, manifest\n"
        "open(sys.argv[1], 'wb').write(archive()); print(json.dumps(manifest('tiny')['modules']))"
    )
    code, out, err = call(copy, "-c", pack, tmp_path / "machinery.zip")
    assert code == 0, err
    page = tmp_path / "page"
    with zipfile.ZipFile(io.BytesIO((tmp_path / "machinery.zip").read_bytes())) as packed:
        packed.extractall(page)
    for module in json.loads(out):
        shutil.copyfile(copy / module["path"], page / module["path"])
    shutil.copy(copy / "generator" / "live" / "browser" / "bridge.py", page)
    asked = {"do": "run", "demo": "tiny", "settings": {}, "text": None, "fresh": True}, {"do": "draw", "positions": [1]}
    ask = "import bridge, sys; print(*map(bridge.answer, sys.argv[1:]), sep='\\n')"
    ran, drew = map(json.loads, call(page, "-c", ask, *map(json.dumps, asked))[1].splitlines())
    gauge, (quote,) = ran["result"]["view"], drew["result"]["views"]
    assert [layer["mark"]["type"] for layer in gauge["spec"]["layer"]] == ["rect", "rect", "text"]
    assert "Gauge “How big” with the value 2." in gauge["html"]
    assert quote["html"] == (
        '<figure class="tl-figure tl-quote"><figcaption>Said of it</figcaption>'
        '<p class="tl-words">&lt;small&gt; is beautiful <b>Schumacher</b></p></figure>'
    )
