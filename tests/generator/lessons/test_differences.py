"""What makes one picture of another: small, and exact."""

import xml.etree.ElementTree as ET

import pytest

from demos._show.pictures import html
from generator.lessons.differences import Parsed, operations
from tests.demos.machine.samples import EVIL_PICTURES, PICTURES
from tests.generator.lessons.applying import SVG, XLINK, applied, same


def between(one, other):
    return operations(Parsed(one), other)


@pytest.mark.parametrize(
    ("one", "other", "done"),
    [
        ('<f a="1" b="2">t</f>', '<f a="1" b="2">t</f>', []),
        ('<f a="1" b="2" />', '<f a="3" c="4" />', [[0, "a", "3"], [0, "b", None], [0, "c", "4"]]),
        ("<f><b>x</b><i /></f>", "<f><b>y &lt; z</b><i>w</i></f>", [[1, "", "y < z"], [2, "", "w"]]),
        ("<f><b>x</b></f>", "<f><b /></f>", [[1, "", ""]]),
        ("<f><b /><b /><i /></f>", "<f><b /><i /></f>", [[2, "-", None]]),
        ("<f><b /><i /></f>", '<f><b /><b a="&amp;">x</b><i /></f>', [[1, "+", '<b a="&amp;">x</b>']]),
        ("<f><g><i /></g></f>", "<f><g><b /><i /></g></f>", [[1, "*", "<b></b><i></i>"]]),
        ("<f><g>a<i />b</g></f>", "<f><g>a<i />c</g></f>", [[1, "*", "a<i></i>c"]]),
    ],
)
def test_each_operation_says_one_thing(one, other, done):
    assert between(one, other) == done
    assert same(applied(one, done), ET.fromstring(other))


@pytest.mark.parametrize(("one", "other"), [("<f />", "<g />"), ("<f><b /></f>", "<f><i /></f>")])
def test_where_nothing_can_stay_there_are_no_operations(one, other):
    assert between(one, other) is None


def test_places_are_those_of_the_first_picture_whatever_is_done_to_it():
    one, other = "<f><g><b /><b /><b /></g><t>x</t></f>", "<f><g><b /></g><t>y</t></f>"
    assert between(one, other) == [[3, "-", None], [4, "-", None], [5, "", "y"]]
    assert same(applied(one, between(one, other)), ET.fromstring(other))


def test_the_address_of_an_image_has_the_name_that_pages_know():
    svg = f'<svg xmlns="{SVG}" xmlns:xlink="{XLINK}"><image xlink:href="{{}}" /></svg>'
    assert between(svg.format("a"), svg.format("b")) == [[1, "xlink:href", "b"]]


@pytest.mark.parametrize("name", PICTURES)
def test_any_picture_becomes_any_other_of_its_kind(name):
    kind = PICTURES[name]["type"]
    for other in [item for item in [*PICTURES.values(), *EVIL_PICTURES] if item["type"] == kind]:
        one, wanted = html(PICTURES[name], name="tl-x"), html(other, name="tl-x")
        found = between(one, wanted)
        if found is not None:
            assert same(applied(one, found), ET.fromstring(wanted))
