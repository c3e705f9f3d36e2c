"""Tables in a page."""

import bs4

from demos import Table
from demos._show.pictures import html
from tests.demos.machine.samples import figure, plain


def test_a_long_table_ends_with_a_sentence_on_the_rest():
    item = plain(Table("Long", ["n"], [[i] for i in range(1234)]))
    page = bs4.BeautifulSoup(html(item), "html5lib")
    assert len(page.tbody.find_all("tr")) == 200
    assert page.find("p").text == "The first 200 rows; 1,034 more rows are left out."


def test_columns_of_numbers_are_marked_and_headed():
    page = bs4.BeautifulSoup(figure("table"), "html5lib")
    assert [(head.text, head["scope"], head.get("class")) for head in page.find_all("th")] == [
        ("name", "col", None),
        ("value", "col", ["tl-number"]),
    ]
    assert [cell.text for cell in page.find_all("td", class_="tl-number")] == ["0.1235", "23,457", "1e-09"]
    scroll = page.find(class_="tl-scroll")
    assert (scroll["tabindex"], scroll["role"], scroll["aria-label"]) == ("0", "group", "Table: A table")
