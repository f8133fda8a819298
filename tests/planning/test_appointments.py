"""Visits, calls and forms get their days."""

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
    a_therapy,
    a_visit,
    an_intervention,
)

from careplan.content.fragments import Therapy, Visit
from careplan.planning.plan import Appointment

DATED = {"date": THURSDAY, "options": {"site": "lumbar"}}


def days(*visits: Visit, therapies: tuple[Therapy, ...] = (), **more: Any) -> list[tuple[str, int | None]]:
    """Return the ids and days of all appointments but the procedure, from a Thursday unless told."""
    library = a_library(an_intervention(follow_ups=["check-ups"]), a_follow_up(*visits), *therapies)
    request = a_request(*(therapy.id for therapy in therapies), **(DATED | more))
    return [(one.id, one.day) for one in a_plan(library, request).appointments if one.id != "procedure"]


def test_procedure_and_first_therapy_visit_are_appointments() -> None:
    """A plan without a follow-up lists the procedure and the first visit of each therapy that has visits."""
    home = a_therapy("home", phases=[a_phase(visits_per_week=0)])
    library = a_library(a_therapy("class", called="yoga class"), home)

    plan = a_plan(library, a_request("class", "home", **DATED))

    assert plan.appointments == (
        Appointment(
            "procedure", "Your shot", "", "procedure", 0, "Thu, Dec 3, 2026", "", by_whom="procedure"
        ),
        Appointment(
            "class-first",
            "First yoga class visit",
            "",
            "therapy",
            1,
            "Fri, Dec 4, 2026",
            "Or soon after.",
            by_whom="therapy",
            therapy="class",
        ),
    )


def test_visit_says_what_when_and_what_to_bring() -> None:
    """A visit keeps its words and gets its date."""
    visit = a_visit("review", at="2 weeks", window="± 3 days", contact="call", bring="Your diary.")
    library = a_library(an_intervention(follow_ups=["check-ups"]), a_follow_up(visit))

    plan = a_plan(library, a_request(**DATED))

    assert plan.appointments[1:] == (
        Appointment("review", "Review", "review", "call", 14, "Thu, Dec 17, 2026", "We talk.", "Your diary."),
    )


def test_appointments_come_by_day_and_blank_ones_last() -> None:
    """Appointments are ordered by day, the procedure first; what has no date yet comes last."""
    listed = days(
        a_visit("no-date"),
        a_visit("late", at="2 weeks"),
        a_visit("same-day", at="0 days"),
        a_visit("before", at="-2 days"),
        a_visit("early", at="business-day 1"),
    )

    assert listed == [("before", -2), ("same-day", 0), ("early", 1), ("late", 14), ("no-date", None)]


def test_visit_after_another_counts_from_its_day() -> None:
    """A visit after another counts from the clinic day on which that one falls, not from its plan."""
    listed = days(
        a_visit("first", at="2 days"),
        a_visit("second", at="1 week", after="first"),
        a_visit("third", at="business-day 1", after="second"),
    )

    assert listed == [("first", 4), ("second", 11), ("third", 12)]


def test_visit_after_one_without_a_date_is_blank() -> None:
    """Where the clinic writes a date itself, what counts from it is blank too."""
    listed = days(a_visit("open"), a_visit("next", at="1 week", after="open"))

    assert listed == [("open", None), ("next", None)]


@pytest.mark.parametrize(
    ("site", "expected"),
    [("lumbar", [("all", 7), ("then", 14)]), ("cervical", [("all", 7), ("neck", 4), ("then", 5)])],
)
def test_visit_that_does_not_hold_is_left_out(site: str, expected: list[tuple[str, int]]) -> None:
    """A visit with an `only` is planned where it holds; what counts from a missing one is blank."""
    neck = {"options": {"site": ["cervical"]}}
    visits = [
        a_visit("neck", at="4 days", only=neck),
        a_visit("all", at="1 week"),
        a_visit("then", at="1 day", after="neck", only=neck),
        a_visit("then", at="1 week", after="all", only={"options": {"site": ["lumbar"]}}),
    ]

    listed = days(*visits, options={"site": site})

    assert sorted(listed) == sorted(expected)


def test_visit_counts_from_the_first_day_of_a_therapy() -> None:
    """A visit of a therapy counts from its first day, and 'visit 3' is the day of its third visit."""
    therapy = a_therapy(starts="4 days", phases=[a_phase(weeks=2, visits_per_week=2)])

    listed = days(
        a_visit("third", at="visit 3", therapy="class"),
        a_visit("week", at="1 week", therapy="class"),
        a_visit("fifth", at="visit 5", therapy="class"),
        therapies=(therapy,),
    )

    assert listed == [("class-first", 4), ("third", 11), ("week", 11), ("fifth", None)]


def test_visit_of_a_therapy_moves_with_it() -> None:
    """Where the therapy starts later, so do the visits that count from it."""
    therapy = a_therapy(starts="18 days")

    listed = days(a_visit("second", at="visit 2", therapy="class"), therapies=(therapy,))

    assert listed == [("class-first", 18), ("second", 25)]


def test_visit_of_a_therapy_belongs_to_the_therapy() -> None:
    """The clinic's own visits and those of a therapy are told apart."""
    library = a_library(
        an_intervention(follow_ups=["check-ups"]),
        a_therapy(),
        a_follow_up(a_visit("ours", at="1 week"), a_visit("theirs", at="visit 1", therapy="class")),
    )

    plan = a_plan(library, a_request("class", **DATED))

    assert {one.id: one.by_whom for one in plan.appointments} == {
        "procedure": "procedure",
        "ours": "clinic",
        "theirs": "therapy",
        "class-first": "therapy",
    }


def test_visit_of_a_therapy_that_is_not_planned_is_blank() -> None:
    """A visit that counts from a therapy outside the plan has no date."""
    listed = days(
        a_visit("third", at="visit 3", therapy="class"), a_visit("week", at="1 week", therapy="class")
    )

    assert listed == [("third", None), ("week", None)]


def test_repeats_count_from_the_first() -> None:
    """A visit that comes again is listed as often as it says, each on a clinic day of its own."""
    listed = days(a_visit("check", at="6 days", every="1 week", times=4))

    assert listed == [("check", 6), ("check-2", 13), ("check-3", 20), ("check-4", 27)]


def test_repeats_keep_their_window_and_their_months() -> None:
    """Repeats move within their window, and months are calendar months from the first."""
    listed = days(a_visit("check", at="1 month", every="1 month", times=3, window="± 3 days"))

    start = THURSDAY.toordinal()
    expected = [dt.date(2027, 1, 4), dt.date(2027, 2, 4), dt.date(2027, 3, 4)]
    assert listed == [
        (name, date.toordinal() - start)
        for name, date in zip(("check", "check-2", "check-3"), expected, strict=True)
    ]


@pytest.mark.parametrize(
    ("every", "words"),
    [
        ("1 day", "Then every day."),
        ("10 days", "Then every 10 days."),
        ("1 week", "Then every week."),
        ("6 weeks", "Then every 6 weeks."),
        ("1 month", "Then every month."),
        ("3 months", "Then every 3 months."),
    ],
)
def test_repeats_without_an_end_are_said(every: str, words: str) -> None:
    """A visit that comes again without an end is listed once and says how often it comes."""
    visit = a_visit("check", at="1 week", every=every)
    library = a_library(an_intervention(follow_ups=["check-ups"]), a_follow_up(visit))

    plan = a_plan(library, a_request(**DATED))

    assert [(one.id, one.day, one.text) for one in plan.appointments[1:]] == [
        ("check", 7, f"We talk. {words}")
    ]


def test_repeats_of_a_blank_date_are_one_blank() -> None:
    """Where the first date is not known, no later one is listed."""
    listed = days(a_visit("check", every="1 week", times=4))

    assert listed == [("check", None)]


@pytest.mark.parametrize(
    ("more", "when"),
    [
        ({"at": "2 weeks"}, "2 weeks after your shot"),
        ({"at": "business-day 1"}, "The next working day after your shot"),
        ({"at": "-1 day"}, "1 day before your shot"),
        ({}, "Date from us: ____"),
        ({"at": "1 week", "after": "first"}, "2 weeks after your shot"),
        ({"at": "visit 2", "therapy": "class"}, "Day 9"),
    ],
)
def test_words_without_a_date(more: dict[str, str], when: str) -> None:
    """Without a date a visit says how long after the procedure it is."""
    library = a_library(
        an_intervention(follow_ups=["check-ups"]),
        a_therapy(starts="2 days"),
        a_follow_up(a_visit("first", at="1 week"), a_visit("check", **more)),
    )

    plan = a_plan(library, a_request("class"))

    assert {one.id: one.when for one in plan.appointments} == {
        "procedure": "The day of your shot",
        "first": "1 week after your shot",
        "check": when,
        "class-first": "Day 2",
    }
