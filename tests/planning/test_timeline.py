"""The plan laid out week by week."""

import datetime as dt
from typing import Any

import pytest
from small_library import (
    THURSDAY,
    a_follow_up,
    a_library,
    a_phase,
    a_plan,
    a_request,
    a_rule,
    a_therapy,
    a_visit,
    an_intervention,
)

from careplan.content.items import Fragment
from careplan.content.rules import SafetyRule
from careplan.planning.plan import Band, Bar, Column, Lane, Mark, Timeline

READY = [{"id": "ask", "at": "-7 days", "text": "Ask us.", "basis": "Common practice."}]
HOME = [{"id": "walk", "text": "Walk.", "basis": "Common practice."}]


def timeline(*parts: Fragment | SafetyRule, date: dt.date | None = THURSDAY, **more: Any) -> Timeline:
    """Return the timeline of a plan with all therapies and follow-ups among *parts*."""
    follow_ups = ["check-ups"] if any(p.id == "check-ups" for p in parts) else []
    library = a_library(an_intervention(follow_ups=follow_ups, **more), *parts)
    return a_plan(library, a_request(*library.therapies, date=date)).timeline


def lane(laid: Timeline, title: str, band: int = 0) -> Lane:
    """Return the lane with *title* of a band."""
    return next(one for one in laid.bands[band].lanes if one.title == title)


def test_a_small_plan_in_full() -> None:
    """The picture begins with the first day of getting ready and is not longer than the plan."""
    laid = timeline(a_follow_up(a_visit("call", at="10 days")), getting_ready=READY)

    assert laid == Timeline(
        "Your plan week by week",
        "Your first 2 weeks",
        "Diamonds: contact.",
        (
            Band(
                "",
                -7,
                14,
                (
                    Column(-7, "Get ready", "Nov 26"),
                    Column(0, "Day 0", "Dec 3"),
                    Column(7, "Wk 1", "Dec 10"),
                ),
                (
                    Lane("Shot", "procedure", (Bar(-7, 0, "", "home"),), (Mark(0, "Dec 3", "procedure"),)),
                    Lane("Contact with us", "visits", (), (Mark(11, "call", "visit"),)),
                ),
            ),
        ),
        (
            "Get ready from November 26.",
            "Shot: Thu, Dec 3, 2026.",
            "Contact with us. Call: Mon, Dec 14, 2026.",
        ),
    )


def test_plan_without_a_date_has_no_dates() -> None:
    """Without a date weeks are numbered, and days are said in words."""
    laid = timeline(getting_ready=READY, date=None)

    assert [(column.label, column.date) for column in laid.bands[0].columns] == [
        ("Get ready", ""),
        ("Day 0", ""),
        ("Wk 1", ""),
    ]
    assert laid.told == "Get ready from 7 days before your shot. Shot: the day of your shot."


@pytest.mark.parametrize(
    ("at", "days"),
    [("-1 day", [-1, 0, 7]), ("-10 days", [-10, -7, 0, 7]), ("-20 weeks", [*range(-42, 14, 7)])],
)
def test_getting_ready_has_its_own_weeks(at: str, days: list[int]) -> None:
    """Weeks before the procedure are shown from the first step on, but no more than six."""
    laid = timeline(getting_ready=[READY[0] | {"at": at}])

    assert [column.day for column in laid.bands[0].columns] == days
    assert laid.bands[0].columns[0].label == "Get ready"


def test_a_step_that_does_not_hold_is_not_shown() -> None:
    """A step that is for other patients makes the picture no longer."""
    other = READY[0] | {"only": {"options": {"site": ["cervical"]}}}

    laid = timeline(getting_ready=[other])

    assert laid.bands[0].start == 0
    assert lane(laid, "Shot").bars == ()


@pytest.mark.parametrize(
    ("weeks", "ends"),
    [(1, [14]), (4, [35]), (12, [91]), (16, [119]), (17, [98, 180]), (40, [98, 300])],
)
def test_a_long_plan_goes_on_by_months(weeks: int, ends: list[int]) -> None:
    """Weeks are shown as far as they can be told apart; a plan that is much longer gets months as well."""
    laid = timeline(a_therapy(phases=[a_phase(weeks=weeks)]), date=None)

    assert [band.end for band in laid.bands] == ends
    bar = Bar(1, weeks * 7 + 1, "1 visit a week", "visits")
    assert [lane(laid, "Class", number).bars for number in range(len(ends))] == [(bar,)] * len(ends)


def test_months_have_only_lanes_with_something_in_them() -> None:
    """Later visits stand in a band by months, with their dates; what is over by then has no lane there."""
    laid = timeline(
        a_therapy(),
        a_follow_up(
            a_visit("call", at="1 day"),
            a_visit("form", at="6 months"),
            a_visit("end", at="12 months"),
        ),
    )

    weeks, months = laid.bands
    assert laid.title == "Your first 5 weeks, then month by month"
    assert (weeks.end, months.start, months.title) == (35, 35, "Then by month")
    assert months.columns[0] == Column(35, "Month 1")
    assert months.columns[-1] == Column(365, "Month 12")
    assert months.lanes == (
        Lane(
            "Contact with us", "visits", (),
            (Mark(182, "form, Jun 3", "visit"), Mark(365, "end, Dec 3", "visit")),
        ),
    )


def test_what_comes_again_without_an_end_is_shown_for_a_year() -> None:
    """A visit every three months has a mark for each time within a year, and words for the rest."""
    laid = timeline(a_follow_up(a_visit("refill", at="3 months", every="3 months")), date=None)

    marks = [(mark.day, mark.text) for band in laid.bands for one in band.lanes for mark in one.marks[-9:]]
    assert [mark for mark in marks if mark[0]] == [
        (90, "refill"),
        (180, ""),
        (270, ""),
        (360, "Then every 3 months"),
    ]
    assert laid.said[-1] == (
        "Contact with us. Refill: 3 months after your shot. Then every 3 months."
    )


def test_what_comes_again_yearly_says_so_at_once() -> None:
    """A visit whose second time is later than in a year says with its one mark that it comes again."""
    laid = timeline(a_follow_up(a_visit("yearly", at="12 months", every="12 months")))

    assert lane(laid, "Contact with us", 1).marks == (
        Mark(365, "yearly, Dec 3. Then every 12 months", "visit"),
    )


def test_lanes_in_full() -> None:
    """A therapy shows its wait and its phases; a visit without a day is only told."""
    phases = [
        a_phase("gentle", weeks=1, visits_per_week=2),
        a_phase("alone", weeks=2, visits_per_week=0, at_home=HOME),
    ]
    laid = timeline(
        a_rule("rest", {"modalities": ["stretching"]}, {"wait": "8 days"}),
        a_therapy(phases=phases),
        a_follow_up(a_visit("call", at="business-day 1"), a_visit("open")),
    )

    assert laid.title == "Your first 5 weeks"
    assert laid.bands[0].lanes[1:] == (
        Lane(
            "Class",
            "therapy",
            (
                Bar(0, 8, "Wait until Dec 11", "wait"),
                Bar(8, 15, "Gentle", "visits"),
                Bar(15, 29, "Alone", "home"),
            ),
        ),
        Lane("Home practice", "home", (Bar(15, 29, "As each therapy tells you", "home"),)),
        Lane("Contact with us", "visits", (), (Mark(1, "call", "visit"),)),
    )
    assert laid.said[1:] == (
        (
            "Class. Wait until December 11. Gentle (2 visits a week) from December 11 to December 17. "
            "Alone (on your own) from December 18 to December 31."
        ),
        "Home practice. From December 18 to December 31, as each therapy tells you.",
        "Contact with us. Call: Fri, Dec 4, 2026. Open: Date from us.",
    )


def test_single_phase_says_its_rhythm_on_the_bar() -> None:
    """The bar of a therapy with one phase says how often instead of the phase's name."""
    laid = timeline(a_therapy("class"), a_therapy("home", phases=[a_phase(visits_per_week=0)]))

    assert [bar.text for one in laid.bands[0].lanes for bar in one.bars] == ["1 visit a week", "on your own"]


def test_wait_of_a_day_is_no_bar() -> None:
    """A wait that ends on day 1 is not worth a bar."""
    laid = timeline(a_rule("rest", {"modalities": ["stretching"]}, {"wait": "1 day"}), a_therapy())

    assert [bar.kind for bar in lane(laid, "Class").bars] == ["visits"]


def test_a_long_wait_goes_on_into_the_months() -> None:
    """A wait that is longer than the weeks is shown in both bands, with what comes after it."""
    laid = timeline(
        a_rule("rest", {"modalities": ["stretching"]}, {"wait": "120 days"}), a_therapy(), date=None
    )

    wait = Bar(0, 120, "Wait until day 120", "wait")
    assert lane(laid, "Class").bars == (wait,)
    assert lane(laid, "Class", 1).bars == (wait, Bar(120, 148, "1 visit a week", "visits"))


def test_a_therapy_that_needs_a_yes_says_so() -> None:
    """Where the clinic must say yes first, every bar of the therapy and of its home practice is marked."""
    phases = [a_phase("one", at_home=HOME), a_phase("two", visits_per_week=0, at_home=HOME)]
    laid = timeline(
        a_rule("tender", {"modalities": ["stretching"]}, "ask"), a_therapy(phases=phases), date=None
    )

    assert lane(laid, "Class").bars == (
        Bar(1, 29, "Ask us: One", "visits", ask=True, short="Ask us"),
        Bar(29, 57, "Two", "home", ask=True),
    )
    assert lane(laid, "Home practice").bars == (Bar(1, 57, "Ask us", "home", ask=True, short="Ask us"),)
    assert "Dashed: ask us first." in laid.caption
    assert laid.said[1].startswith("Class. Ask us first. One (1 visit a week) from day 1 to 4 weeks after")
    assert laid.said[2] == "Home practice. Ask us first from day 1 to 8 weeks after your shot."


def test_a_wait_before_a_yes_says_what_comes_after_it() -> None:
    """Where a therapy waits and then needs a yes, the bar of the wait says both."""
    laid = timeline(
        a_rule("tender", {"modalities": ["stretching"]}, "ask"),
        a_rule("rest", {"modalities": ["stretching"]}, {"wait": "30 days"}),
        a_therapy(),
        date=None,
    )

    assert lane(laid, "Class").bars[0] == Bar(0, 30, "Wait, then ask us", "wait")


def test_home_practice_is_sure_only_where_no_yes_is_needed() -> None:
    """Home practice of a therapy that must be asked about is marked before and after what is sure."""
    laid = timeline(
        a_rule("tender", {"therapies": ["class"], "modalities": ["stretching"]}, "ask"),
        a_therapy(phases=[a_phase(at_home=HOME, weeks=8)]),
        a_therapy("talk", core=("talking",), starts="2 weeks", phases=[a_phase(at_home=HOME)]),
        date=None,
    )

    assert lane(laid, "Home practice").bars == (
        Bar(1, 14, "", "home", ask=True),
        Bar(14, 42, "As each therapy tells you", "home"),
        Bar(42, 57, "", "home", ask=True),
    )
    assert laid.said[-1] == (
        "Home practice. Ask us first from day 1 to day 13. "
        "From 2 weeks after your shot to day 41, as each therapy tells you. "
        "Ask us first from 6 weeks after your shot to 8 weeks after your shot."
    )


def test_a_therapy_without_a_day_is_asked_about() -> None:
    """A therapy without a day waits in the picture, marked, and says that the clinic gives the day."""
    rule = a_rule("feel", {"modalities": ["stretching"]}, {"block": True, "until": "full-feeling"})

    laid = timeline(rule, a_therapy())

    assert lane(laid, "Class").bars == (Bar(0, 14, "Ask us when to start", "wait", ask=True),)
    assert laid.said[1] == "Class. Ask us when you may start."
    assert laid.title == "Your first 2 weeks"


def test_visits_of_a_therapy_are_not_ours() -> None:
    """A form that a therapist fills in has no mark in the clinic's lane."""
    laid = timeline(a_therapy(), a_follow_up(a_visit("form", at="visit 1", therapy="class")))

    assert [one.title for one in laid.bands[0].lanes] == ["Shot", "Class"]


def test_what_is_later_than_in_ten_years_is_only_told() -> None:
    """A visit in twelve years does not stretch the picture, but is in its words."""
    laid = timeline(a_follow_up(a_visit("late", at="144 months")), date=None)

    assert (laid.title, [band.end for band in laid.bands]) == ("Your first 2 weeks", [14])
    assert laid.said[-1] == "Contact with us. Late: 144 months after your shot."
