"""The plan laid out week by week."""

import datetime as dt

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
from careplan.planning.plan import Bar, Column, Lane, Mark, Timeline

CAPTION = (
    "Dark bars: weeks with visits. Light bars: on your own. Stripes: wait. "
    "Diamonds: calls and visits with us."
)


def timeline(*parts: Fragment | SafetyRule, date: dt.date | None = THURSDAY) -> Timeline:
    """Return the timeline of a plan with all therapies and follow-ups among *parts*."""
    library = a_library(
        an_intervention(follow_ups=["check-ups"] if any(p.id == "check-ups" for p in parts) else []), *parts
    )
    return a_plan(library, a_request(*library.therapies, date=date)).timeline


def test_plan_without_anything_else_has_four_weeks() -> None:
    """A plan with the procedure alone shows four weeks with its day, dated and numbered."""
    laid = timeline()

    assert laid == Timeline(
        "Your first 4 weeks",
        CAPTION,
        28,
        (
            Column(0, "Day 0", "Dec 3"),
            Column(7, "Wk 1", "Dec 10"),
            Column(14, "Wk 2", "Dec 17"),
            Column(21, "Wk 3", "Dec 24"),
        ),
        (Lane("Shot", (), (Mark(0, "Dec 3", "procedure"),), "Shot, Thu, Dec 3, 2026."),),
    )


def test_plan_without_a_date_has_no_dates() -> None:
    """Without a date the weeks are numbered and the procedure day is said in words."""
    laid = timeline(date=None)

    assert [(column.label, column.date) for column in laid.columns] == [
        ("Day 0", ""),
        ("Wk 1", ""),
        ("Wk 2", ""),
        ("Wk 3", ""),
    ]
    assert laid.told == "Shot, the day of your shot."


@pytest.mark.parametrize(
    ("weeks", "days"),
    [(1, 28), (4, 35), (6, 49), (12, 91), (13, 91), (40, 91)],
)
def test_timeline_ends_with_the_last_phase_within_thirteen_weeks(weeks: int, days: int) -> None:
    """The timeline is as long as the therapies are, but never longer than thirteen weeks."""
    laid = timeline(a_therapy(phases=[a_phase(weeks=weeks)]))

    assert (laid.days, len(laid.columns), laid.title) == (days, days // 7, f"Your first {days // 7} weeks")
    assert max(bar.end for lane in laid.lanes for bar in lane.bars) <= days


@pytest.mark.parametrize(
    ("at", "days"), [("3 weeks", 28), ("6 weeks", 49), ("90 days", 91), ("91 days", 28), ("6 months", 28)]
)
def test_visits_after_thirteen_weeks_do_not_stretch_it(at: str, days: int) -> None:
    """A visit within a quarter of a year has its place on the timeline; a later one is said in words."""
    laid = timeline(a_follow_up(a_visit("review", at=at)), date=None)

    assert laid.days == days
    assert [mark.text for mark in laid.lanes[-1].marks] == (
        ["review"] if at not in ("91 days", "6 months") else []
    )
    assert laid.lanes[-1].told.startswith("Contact with us: Review, ")


def test_lanes_in_full() -> None:
    """A therapy shows its wait, its phases and both in a sentence; our visits have a lane of their own."""
    phases = [a_phase("gentle", weeks=1, visits_per_week=2), a_phase("alone", weeks=2, visits_per_week=0)]
    laid = timeline(
        a_rule("rest", {"modalities": ["stretching"]}, {"wait": "8 days"}),
        a_therapy(phases=phases),
        a_follow_up(a_visit("call", at="business-day 1"), a_visit("open")),
    )

    assert laid.lanes[1:] == (
        Lane(
            "Class",
            (Bar(0, 8, "", "wait"), Bar(8, 15, "Gentle", "visits"), Bar(15, 29, "Alone", "home")),
            (),
            "Class: wait until December 11, Gentle (2 visits a week) from December 11 to December 17, "
            "Alone (on your own) from December 18 to December 31.",
        ),
        Lane(
            "Contact with us",
            (),
            (Mark(1, "call", "visit"),),
            "Contact with us: Call, Fri, Dec 4, 2026, Open, Date from us.",
        ),
    )


def test_single_phase_says_its_rhythm_on_the_bar() -> None:
    """The bar of a therapy with one phase says how often instead of the phase's name."""
    laid = timeline(a_therapy("class"), a_therapy("home", phases=[a_phase(visits_per_week=0)]))

    assert [bar.text for lane in laid.lanes for bar in lane.bars] == ["1 visit a week", "on your own"]


def test_wait_of_a_day_is_no_bar() -> None:
    """A wait that ends on day 1 is not worth a bar."""
    laid = timeline(a_rule("rest", {"modalities": ["stretching"]}, {"wait": "1 day"}), a_therapy())

    assert [bar.kind for bar in laid.lanes[1].bars] == ["visits"]


def test_wait_beyond_the_timeline_fills_it() -> None:
    """A wait longer than the timeline ends at its edge, and phases beyond it are only told."""
    laid = timeline(
        a_rule("rest", {"modalities": ["stretching"]}, {"wait": "120 days"}), a_therapy(), date=None
    )

    assert (laid.days, laid.lanes[1]) == (
        91,
        Lane(
            "Class",
            (Bar(0, 91, "", "wait"),),
            (),
            "Class: wait until day 120, First (1 visit a week) from day 120 to 21 weeks after your shot.",
        ),
    )


def test_open_end_is_told() -> None:
    """A therapy without a day waits in the picture and says that the clinic gives the dates."""
    rule = a_rule("feel", {"modalities": ["stretching"]}, {"block": True, "until": "full-feeling"})

    laid = timeline(rule, a_therapy())

    waits = (Bar(0, laid.days, "", "wait"),)
    assert laid.lanes[1] == Lane("Class", waits, (), "Class: dates come from the clinic.")


def test_visits_of_a_therapy_are_not_ours() -> None:
    """A form that a therapist fills in has no mark in the clinic's lane."""
    laid = timeline(a_therapy(), a_follow_up(a_visit("form", at="visit 1", therapy="class")))

    assert [lane.title for lane in laid.lanes] == ["Shot", "Class"]


def test_told_is_every_lane() -> None:
    """The timeline is told lane by lane, for those who cannot see it."""
    laid = timeline(a_therapy(phases=[a_phase(weeks=2)]), date=None)

    assert laid.told == (
        "Shot, the day of your shot. Class: First (1 visit a week) from day 1 to 2 weeks after your shot."
    )
