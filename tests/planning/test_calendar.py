"""Offsets become days: clinic days, public holidays, windows and words."""

import datetime as dt

import pytest
from small_library import THURSDAY, a_calendar, visit_day

from careplan.content.offsets import parse_offset
from careplan.problems import RequestError


@pytest.mark.parametrize(
    ("date", "clinic", "reason"),
    [
        (dt.date(2026, 12, 3), {}, None),
        (dt.date(2026, 12, 5), {}, "Saturday is not a clinic day"),
        (dt.date(2026, 12, 6), {}, "Sunday is not a clinic day"),
        (dt.date(2026, 11, 26), {}, "Thanksgiving Day"),
        (dt.date(2026, 12, 25), {}, "Christmas Day"),
        (dt.date(2026, 12, 25), {"country": "IL"}, None),
        (dt.date(2026, 12, 3), {"closed_days": ["2026-12-03"]}, "a day on which it is closed"),
        (dt.date(2026, 12, 3), {"clinic_days": ["monday", "friday"]}, "Thursday is not a clinic day"),
        (dt.date(2026, 12, 5), {"clinic_days": ["saturday"]}, None),
        (dt.date(2026, 12, 5), {"open_days": ["2026-12-05"]}, None),
        (dt.date(2026, 12, 25), {"open_days": ["2026-12-25"]}, None),
        (dt.date(2026, 12, 3), {"open_days": ["2026-12-03"], "closed_days": ["2026-12-03"]}, None),
    ],
)
def test_reason_for_a_closed_day(date: dt.date, clinic: dict[str, object], reason: str | None) -> None:
    """A day is closed for its weekday, its holiday or the clinic's word; `open_days` beats them all."""
    calendar = a_calendar(date, **clinic)

    found = calendar.closed_because(0)

    assert found == reason
    assert calendar.is_open(0) is (reason is None)


def test_holidays_of_the_year_before_are_known() -> None:
    """A day before a procedure in January is looked up among the old year's holidays."""
    calendar = a_calendar(dt.date(2027, 1, 4))

    christmas = calendar.closed_because(-10)

    assert christmas == "Christmas Day"


def test_without_a_date_every_day_is_open() -> None:
    """A plan without a date takes every day for a clinic day."""
    calendar = a_calendar(None)

    closed = [day for day in range(-7, 400) if not calendar.is_open(day)]

    assert closed == []


def test_unknown_country_is_a_request_error() -> None:
    """A country without known holidays is told in a sentence that names the place."""
    calendar = a_calendar(country="QQ", subdivision="X")

    with pytest.raises(RequestError) as error:
        calendar.is_open(0)

    assert str(error.value) == (
        "No public holidays are known for 'QQ-X'; correct country or subdivision in clinic.yaml."
    )


def test_next_open_skips_a_weekend_and_a_holiday() -> None:
    """The next clinic day after the Wednesday before a closed Thanksgiving weekend is Monday."""
    calendar = a_calendar(dt.date(2026, 11, 25), closed_days=["2026-11-27"])

    days = [calendar.next_open(day) for day in range(7)]

    assert days == [0, 5, 5, 5, 5, 5, 6]


@pytest.mark.parametrize(
    ("at", "window", "day"),
    [
        ("1 day", None, 1),
        ("2 days", None, 4),
        ("2 weeks", None, 14),
        ("2 days", "± 1 day", 1),
        ("3 days", "± 1 day", 4),
        ("9 days", "± 2 days", 8),
        ("10 days", "± 2 days", 11),
        ("9 days", "- 3 / + 1 days", 8),
        ("10 days", "- 3 / + 0 days", 8),
        ("2 days", "+ 3 days", 4),
        ("9 days", "- 3 days", 8),
        ("10 days", "- 1 day", 11),
        ("0 days", None, 0),
        ("-4 days", None, -3),
        ("-5 days", "± 2 days", -3),
    ],
)
def test_visit_on_the_nearest_clinic_day(at: str, window: str | None, day: int) -> None:
    """A visit from a Thursday takes the nearest clinic day in its window, else the next one after it."""
    calendar = a_calendar(THURSDAY)

    found = visit_day(calendar, at, window)

    assert found == day


@pytest.mark.parametrize(
    ("window", "day"), [("± 3 days", 7), ("- 3 / + 1 days", 7), ("- 1 day", 5), (None, 7)]
)
def test_later_before_earlier_at_the_same_distance(window: str | None, day: int) -> None:
    """Where both neighbours of a closed Wednesday are open, the visit falls on the Thursday."""
    calendar = a_calendar(THURSDAY, closed_days=["2026-12-09"])

    found = visit_day(calendar, "6 days", window)

    assert found == day


def test_window_without_a_clinic_day_is_left_forwards() -> None:
    """Where every day in the window is closed, the visit comes after it and not before."""
    calendar = a_calendar(dt.date(2026, 11, 24), closed_days=["2026-11-25", "2026-11-27"])

    found = visit_day(calendar, "3 days", "± 2 days")

    assert found == 6


@pytest.mark.parametrize(
    ("starts", "at", "day"),
    [
        (dt.date(2026, 12, 3), "business-day 1", 1),
        (dt.date(2026, 12, 3), "business-day 2", 4),
        (dt.date(2026, 12, 3), "business-day 7", 11),
        (dt.date(2026, 9, 4), "business-day 1", 4),
        (dt.date(2026, 11, 25), "business-day 1", 2),
        (dt.date(2026, 11, 25), "business-day 2", 5),
        (None, "business-day 2", 2),
    ],
)
def test_business_days_skip_long_weekends(starts: dt.date | None, at: str, day: int) -> None:
    """Business days are clinic days after the procedure: from the Friday before Labor Day to Tuesday."""
    calendar = a_calendar(starts)

    found = visit_day(calendar, at)

    assert found == day


@pytest.mark.parametrize(
    ("starts", "at", "window", "day"),
    [
        (0, "1 day", "± 1 day", 3),
        (0, "2 days", "± 1 week", 3),
        (3, "5 days", "- 1 week", 7),
        (7, "1 day", "- 3 days", 10),
    ],
)
def test_visit_is_never_pulled_back_to_where_it_counts_from(
    starts: int, at: str, window: str, day: int
) -> None:
    """A visit on the weekend after a Friday moves on to the week, never back onto the day it counts from."""
    calendar = a_calendar(dt.date(2026, 12, 4), closed_days=["2026-12-12"])

    found = visit_day(calendar, at, window, starts)

    assert found == day


@pytest.mark.parametrize(
    ("starts", "at", "date"),
    [
        (dt.date(2026, 8, 31), "1 month", dt.date(2026, 9, 30)),
        (dt.date(2026, 11, 30), "3 months", dt.date(2027, 2, 28)),
        (dt.date(2027, 11, 30), "3 months", dt.date(2028, 2, 29)),
        (dt.date(2026, 12, 3), "6 months", dt.date(2027, 6, 3)),
        (dt.date(2026, 12, 31), "12 months", dt.date(2027, 12, 31)),
        (dt.date(2027, 3, 31), "-1 month", dt.date(2027, 2, 28)),
        (dt.date(2027, 1, 15), "-1 month", dt.date(2026, 12, 15)),
    ],
)
def test_months_are_calendar_months(starts: dt.date, at: str, date: dt.date) -> None:
    """A month leads to the same day of another month, or to its last day where that is shorter."""
    calendar = a_calendar(starts)

    day = calendar.day_of(parse_offset(at))

    assert calendar.date(day) == date


def test_months_from_a_later_start_count_from_that_date() -> None:
    """Three months after day 30 are three calendar months after its date."""
    calendar = a_calendar(THURSDAY)

    day = calendar.day_of(parse_offset("3 months"), 30)

    assert calendar.date(day) == dt.date(2027, 4, 2)


def test_months_without_a_date_have_thirty_days() -> None:
    """A plan without a date counts thirty days for a month."""
    calendar = a_calendar(None)

    day = calendar.day_of(parse_offset("3 months"), 7)

    assert day == 97


@pytest.mark.parametrize(
    ("day", "words", "tiny"),
    [
        (-7, "7 days before your shot", ""),
        (-1, "1 day before your shot", ""),
        (0, "the day of your shot", ""),
        (1, "day 1", ""),
        (7, "day 7", ""),
        (14, "2 weeks after your shot", ""),
        (15, "day 15", ""),
        (84, "12 weeks after your shot", ""),
    ],
)
def test_words_without_a_date(day: int, words: str, tiny: str) -> None:
    """Without a date a day is said by its distance, and the edge of the picture stays empty."""
    calendar = a_calendar(None)

    said = (
        calendar.words(day),
        calendar.short(day),
        calendar.full(day),
        calendar.tiny(day),
        calendar.weekday(day),
    )

    assert said == (words, words, words, tiny, "")


def test_words_with_a_date() -> None:
    """With a date a day is said as a date, short or in full."""
    calendar = a_calendar(THURSDAY)

    said = (
        calendar.words(32),
        calendar.short(32),
        calendar.full(32),
        calendar.tiny(32),
        calendar.weekday(32),
    )

    assert said == ("January 4", "Mon, Jan 4", "Mon, Jan 4, 2027", "Jan 4", "Monday")


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("business-day 1", "the next working day after your shot"),
        ("1 day", "1 day after your shot"),
        ("10 days", "10 days after your shot"),
        ("1 week", "1 week after your shot"),
        ("2 weeks", "2 weeks after your shot"),
        ("6 months", "6 months after your shot"),
        ("-7 days", "7 days before your shot"),
        ("-1 week", "1 week before your shot"),
    ],
)
def test_words_of_an_offset(at: str, words: str) -> None:
    """An offset is said in the unit in which its author wrote it."""
    calendar = a_calendar(None)

    said = calendar.offset_words(parse_offset(at))

    assert said == words


def test_monday_of_a_week() -> None:
    """Every day of a week leads to its Monday; without a date a day stands for itself."""
    dated, undated = a_calendar(THURSDAY), a_calendar(None)

    mondays = [dated.monday_of(day) for day in range(-3, 5)]

    assert mondays == [-3, -3, -3, -3, -3, -3, -3, 4]
    assert undated.monday_of(5) == 5
