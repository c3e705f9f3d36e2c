"""The sheet that drawings are made on: its colors are readable, its words stay on it."""

import re

import pytest

from demos._show.pictures import svg
from demos._show.sheet import PALETTE, RAMPS, color_at, css, luminance, readable_on
from tests.demos.machine.samples import DRAWINGS, PICTURES, drawn, texts


def contrast(one, other):
    high, low = sorted((luminance(bytes.fromhex(color[1:])) for color in (one, other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_the_accessibility_guidelines_do():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#ffffff", "#777777") == pytest.approx(4.478, abs=0.001)  # known for just failing 4.5


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_series_and_letters_stand_out_from_the_surface(mode):
    surface = PALETTE["--tl-surface"][mode]
    assert all(contrast(PALETTE[f"--tl-{n}"][mode], surface) >= 3 for n in range(7))
    assert all(contrast(PALETTE[name][mode], surface) >= 4.5 for name in ("--tl-ink", "--tl-muted"))


@pytest.mark.parametrize("ramp", RAMPS.values(), ids=RAMPS)
def test_a_value_is_readable_on_every_color_of_a_ramp(ramp):
    for step in range(101):
        rgb = color_at(ramp, step / 100)
        assert contrast(readable_on(rgb), "#" + "".join(f"{round(part):02x}" for part in rgb)) >= 4.5


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_the_page_defines_every_color_for_light_and_for_dark(mode):
    light, dark = css().splitlines()
    assert light.startswith(':root, [data-md-color-scheme="default"] {')
    assert dark.startswith('[data-md-color-scheme="slate"] {')
    used = {name for drawing in DRAWINGS for name in re.findall(r"var\((--tl-\w+)\)", drawn(drawing))}
    assert len(used) > 5
    for name in used:
        assert f"{name}: {PALETTE[name][mode]};" in (light, dark)[mode]


def test_a_long_title_is_wrapped_within_the_drawing():
    title = "Loss of six optimizers over training, with a title that is far too long to fit in one line of the drawing"
    lines = [
        line for line in texts(svg({**PICTURES["lines"], "title": title}, standalone=True)) if line and line in title
    ]
    lines = [line for line in lines if len(line) > 10]
    assert " ".join(lines) == title
    assert len(lines) > 1
