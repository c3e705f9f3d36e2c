"""A run in a file: .svg, .png or .html, whole or not at all."""

import re
import xml.etree.ElementTree as ET

import bs4
import pytest

from demos._show.pictures import png
from demos._show.save import save
from tests.demos.machine.samples import PICTURES, RUN, figure


def test_several_drawings_are_stacked_in_one_file(tmp_path):
    save({**RUN, "show": [PICTURES["bars"], PICTURES["table"], PICTURES["graph"]]}, tmp_path / "both.svg")
    root = ET.parse(tmp_path / "both.svg").getroot()
    first, second = root.findall("{http://www.w3.org/2000/svg}svg")
    assert float(first.attrib["y"]) + float(first.attrib["height"]) < float(second.attrib["y"])
    assert float(second.attrib["y"]) + float(second.attrib["height"]) < float(root.attrib["height"])


def test_an_image_file_is_an_image(tmp_path):
    save({**RUN, "show": [PICTURES["bars"]]}, str(tmp_path / "bars.PNG"))
    assert (tmp_path / "bars.PNG").read_bytes() == png(PICTURES["bars"])


def test_a_page_holds_everything_and_asks_nobody_for_anything(tmp_path):
    save({**RUN, "show": [PICTURES["bars"], PICTURES["tokens"]]}, tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    page = bs4.BeautifulSoup(text, "html5lib")
    assert page.h1.text == page.title.text == "All kinds"
    assert [element.text for element in page.find_all("dd")] == ["0.25", "12,346"]
    assert figure("bars") in text
    assert figure("tokens") in text
    assert "prefers-color-scheme: dark" in text
    assert not page.find_all(["script", "link", "img", "iframe"])
    assert not page.find_all(href=True)
    assert not page.find_all(src=True)
    assert set(re.findall(r"https?://[^\"' ]+", text)) == {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("chart.pdf", "cannot write chart.pdf: I can write .svg, .png or .html, not .pdf"),
        ("chart", "cannot write chart: I can write .svg, .png or .html, and this name has no ending"),
    ],
)
def test_another_ending_is_refused_with_those_that_work(tmp_path, name, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        save(RUN, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=f"^cannot write a.svg: there is no folder {re.escape(str(tmp_path))}/no$"
    ):
        save(RUN, tmp_path / "no" / "a.svg")


def test_a_run_without_drawings_is_no_image(tmp_path):
    with pytest.raises(ValueError, match=re.escape("all_kinds shows no drawing, only text: save it as .html")):
        save({**RUN, "show": [PICTURES["trace"]]}, tmp_path / "trace.svg")


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    (tmp_path / "page.html").write_text("old")

    def broken(*_):
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", broken)
    with pytest.raises(OSError, match="disk full"):
        save({**RUN, "show": []}, tmp_path / "page.html")
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]
    assert (tmp_path / "page.html").read_text() == "old"
