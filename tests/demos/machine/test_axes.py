"""Numbers as people read them, and axes: ticks, labels, ends."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demos._show.axes import is_number, number, number_axis, tick_labels


@pytest.mark.parametrize(
    ("ticks", "labels"),
    [
        ([0, 0.25, 0.5], ["0", "0.25", "0.50"]),
        ([-2, 0, 2], ["−2", "0", "2"]),
        ([0, 200000, 400000], ["0", "200k", "400k"]),
        ([0, 1e9, 2e9], ["0", "1B", "2B"]),
        ([0, 1e-5, 2e-5], ["0", "1×10⁻⁵", "2×10⁻⁵"]),
        ([], []),
    ],
)
def test_ticks_share_one_notation(ticks, labels):
    assert tick_labels(ticks) == labels


SOME_NUMBERS = st.lists(st.floats(-1e9, 1e9).map(lambda x: float(f"{x:.6g}")), min_size=1, max_size=6)


@settings(deadline=None)
@given(SOME_NUMBERS, st.booleans())
def test_an_axis_holds_its_values_and_its_labels_tell_the_ticks_apart(values, nice):
    axis = number_axis("", values, nice=nice)
    room = 1e-9 * (axis.high - axis.low)
    assert axis.low - room <= min(values) <= max(values) <= axis.high + room
    assert 1 <= len(axis.ticks) <= 12
    assert all(axis.low - room <= tick <= axis.high + room for tick in axis.ticks)
    assert len(set(axis.labels)) == len(axis.ticks)


@settings(deadline=None)
@given(st.lists(st.floats(1e-12, 1e12), min_size=1, max_size=6), st.booleans())
def test_so_does_an_axis_by_factors(values, nice):
    axis = number_axis("", values, log=True, nice=nice)
    assert axis.low * (1 - 1e-9) <= min(values) <= max(values) <= axis.high * (1 + 1e-9)
    assert axis.low < axis.high
    assert len(set(axis.labels)) == len(axis.ticks)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        *((12345.67, "12,346"), (0.123456, "0.1235"), (0.00001234567, "1.235e-05"), (2017, "2017"), (3.0, "3")),
        *((-0.5, "-0.5"), (1234567, "1,234,567"), (9999.96, "10000"), (1e300, "1e+300")),
        *((True, "yes"), (None, ""), ("a\tb", "a⇥b")),
    ],
)
def test_a_number_has_four_significant_digits_and_a_whole_one_all(value, said):
    assert number(value) == said


def test_is_number_takes_no_switch_for_a_number():
    assert (is_number(1), is_number(0.5), is_number(True), is_number("1")) == (True, True, False, False)
