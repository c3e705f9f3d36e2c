"""The fuzz target works on what it starts from, and would notice what it is there to notice."""

import pytest

from demos._run import result, source
from demos._show import pictures
from demos.parts import checkpoints
from generator.load import entry
from generator.text import markdown, mathml
from tests import fuzz

SEEDS = list(fuzz.seeds())
FEW = [next(seed for seed in SEEDS if seed[0] == kind) for kind in range(6)]


@pytest.mark.parametrize("data", [b"", *(bytes([kind]) for kind in range(6)), b"\xff\xff\xff", *FEW])
def test_the_target_is_content_with_what_it_starts_from(data):
    fuzz.one_input(data)


def test_it_starts_from_every_kind_of_input():
    assert {seed[0] for seed in SEEDS} == set(range(6))
    assert len(SEEDS) > 100


@pytest.mark.parametrize(
    ("module", "name", "broken", "data"),
    [
        (entry, "parse_entry", lambda *_, **__: (None, []), FEW[0]),
        (markdown, "shown", lambda kind, part: part, b"\1<img src=x onerror=alert(1)>"),
        (markdown, "parts", lambda text: (("prose", text + "x"),), b"\1x"),
        (mathml, "mathml", lambda latex: "<script></script>", b"\2x"),
        (source, "read", lambda name, text: 1 / 0, b"\3x"),
        (result, "from_json", lambda data: 1 / 0, FEW[4]),
        (pictures, "html", lambda item: "<script>", FEW[4]),
        (pictures, "vega_lite", lambda item: {"x": float("nan")}, FEW[4]),
        (checkpoints, "load", lambda *_: 1 / 0, FEW[5]),
        (checkpoints, "load", lambda *_: ({}, [], []), FEW[5]),
    ],
)
def test_it_notices_a_fault(monkeypatch, module, name, broken, data):
    monkeypatch.setattr(module, name, broken)
    with pytest.raises((AssertionError, ZeroDivisionError)):
        fuzz.one_input(data)
