"""Tests of times as authors write them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.content.offsets import Offset, Window, parse_offset, parse_span, parse_window

_SPANS = st.builds(Offset, st.integers(-9999, 9999), st.sampled_from(["day", "week", "month"]))
_COUNTED = st.builds(Offset, st.integers(1, 40), st.sampled_from(["business-day", "visit"]))


@given(_SPANS | _COUNTED)
def test_an_offset_reads_back_what_it_writes(offset: Offset) -> None:
    """Every offset is written so that reading it gives the same offset."""
    assert parse_offset(str(offset)) == offset


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("3 days", Offset(3, "day")),
        ("1 day", Offset(1, "day")),
        ("0 days", Offset(0, "day")),
        ("-7 days", Offset(-7, "day")),
        ("- 7 days", Offset(-7, "day")),
        ("+2 weeks", Offset(2, "week")),
        ("6 months", Offset(6, "month")),
        ("1 weeks", Offset(1, "week")),
        ("business-day 1", Offset(1, "business-day")),
        ("visit 10", Offset(10, "visit")),
    ],
)
def test_an_offset_is_read(text: str, offset: Offset) -> None:
    """A count with its unit, a clinic day or a visit is an offset."""
    assert parse_offset(text) == offset


@pytest.mark.parametrize(
    "text",
    [
        "",
        "days",
        "3",
        "3days",
        "three days",
        "3 years",
        "1.5 weeks",
        "12345 days",
        "3 days ",
        "3 days later",
        "business-day",
        "business-days 1",
        "business-day -1",
        "business-day 1000",
        "visit ten",
        "--3 days",
        "2 Days",
        3,
        None,
        ["3 days"],
    ],
)
def test_what_is_no_offset_says_what_is_expected(text: object) -> None:
    """Anything else is refused with examples of what is expected."""
    expected = "a time such as '3 days', '-7 days', '2 weeks', '6 months' or 'business-day 1'"

    with pytest.raises(ValueError, match=f"^{re.escape(expected)}$"):
        parse_offset(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [("3 days", 3), ("-1 day", -1), ("6 weeks", 42), ("-2 weeks", -14), ("3 months", 90), ("0 weeks", 0)],
)
def test_a_span_counts_in_days(text: str, days: int) -> None:
    """A week has seven days and a month thirty."""
    assert parse_span(text).days == days


@pytest.mark.parametrize("text", ["business-day 1", "visit 10", "soon", 7, None])
def test_a_span_has_a_fixed_number_of_days(text: object) -> None:
    """Clinic days and visits are no span, and neither is what is no time at all."""
    with pytest.raises(ValueError, match=r"^a number of days, weeks or months, such as '7 days'$"):
        parse_span(text)


@pytest.mark.parametrize("offset", [Offset(1, "business-day"), Offset(10, "visit")])
def test_clinic_days_and_visits_have_no_days(offset: Offset) -> None:
    """Asking a clinic day or visit for its days is refused by its name."""
    with pytest.raises(ValueError, match=f"^{offset} has no fixed number of days$"):
        _ = offset.days


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("± 3 days", Window(3, 3)),
        ("± 1 day", Window(1, 1)),
        ("± 2 weeks", Window(14, 14)),
        ("+ 2 weeks", Window(0, 14)),
        ("- 1 week", Window(7, 0)),
        ("- 1 month", Window(30, 0)),
        ("- 4 / + 3 days", Window(4, 3)),
        ("- 1 / + 2 weeks", Window(7, 14)),
    ],
)
def test_a_window_is_read_in_days(text: str, window: Window) -> None:
    """A window says how many days earlier and later, alike or each by itself."""
    assert parse_window(text) == window


@given(st.integers(0, 999), st.integers(0, 999), st.sampled_from([("days", 1), ("weeks", 7), ("months", 30)]))
def test_each_side_of_a_window_keeps_its_number(before: int, after: int, unit: tuple[str, int]) -> None:
    """The number after the minus is how much earlier, that after the plus how much later."""
    name, days = unit

    assert parse_window(f"- {before} / + {after} {name}") == Window(before * days, after * days)
    assert parse_window(f"- {before} {name}") == Window(before * days, 0)
    assert parse_window(f"+ {after} {name}") == Window(0, after * days)


@pytest.mark.parametrize(
    "text",
    ["", "3 days", "±3 days", "+/- 3 days", "± three days", "+ 3 / - 4 days", "± 1000 days", 3, None],
)
def test_what_is_no_window_says_what_is_expected(text: object) -> None:
    """Anything else is refused with examples of what is expected."""
    expected = "a window such as '± 3 days', '+ 2 weeks' or '- 4 / + 3 days'"

    with pytest.raises(ValueError, match=f"^{re.escape(expected)}$"):
        parse_window(text)
