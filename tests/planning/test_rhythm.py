"""Therapies start and keep their weekly rhythm."""

import datetime as dt
from typing import Any

import pytest
from small_library import a_calendar, a_limit, a_phase, a_therapy, courses_of

from careplan.planning.rhythm import Course, PhaseDays, lay_courses

# A Thursday with three months before the next public holiday.
THURSDAY = dt.date(2027, 2, 18)


@pytest.mark.parametrize(
    ("weekly", "visits"),
    [
        (0, ()),
        (1, (4, 11)),
        (2, (4, 7, 11, 14)),
        (3, (4, 6, 8, 11, 13, 15)),
        (4, (4, 5, 7, 8, 11, 12, 14, 15)),
        (5, (4, 5, 6, 7, 8, 11, 12, 13, 14, 15)),
    ],
)
def test_visits_are_spread_over_the_week(weekly: int, visits: tuple[int, ...]) -> None:
    """From a Monday on, the visits of each week are spread and none falls on a weekend."""
    therapy = a_therapy(starts="4 days", phases=[a_phase(weeks=2, visits_per_week=weekly)])

    courses = courses_of(a_calendar(THURSDAY), therapy)

    phases = (PhaseDays(therapy.phases[0], 4, 17),)
    assert courses == {"class": Course(therapy, 0, phases=phases, visits=visits)}


@pytest.mark.parametrize(
    ("starts", "weekly", "visits"),
    [
        ("1 day", 2, (1, 4, 8, 11)),
        ("1 day", 3, (1, 4, 5, 8, 11, 12)),
        ("1 day", 5, (1, 4, 5, 6, 7, 8, 11, 12, 13, 14)),
        ("2 days", 1, (4, 11)),
    ],
)
def test_visits_move_off_the_weekend(starts: str, weekly: int, visits: tuple[int, ...]) -> None:
    """From a Friday on, visits that would fall on a weekend take the nearest clinic day of their week."""
    therapy = a_therapy(starts=starts, phases=[a_phase(weeks=2, visits_per_week=weekly)])

    courses = courses_of(a_calendar(THURSDAY), therapy)

    assert courses["class"].visits == visits


def test_visits_per_week_are_kept_around_a_holiday() -> None:
    """In the week of Thanksgiving the visits move to other days, and only what has no day is left out."""
    phases = [a_phase(weeks=1, visits_per_week=4)]
    monday = dt.date(2026, 11, 16)
    therapy = a_therapy(starts="7 days", phases=phases)
    closed = {"closed_days": ["2026-11-25", "2026-11-27"]}

    with_holiday = courses_of(a_calendar(monday), therapy)["class"].visits
    mostly_closed = courses_of(a_calendar(monday, **closed), therapy)["class"].visits

    assert with_holiday == (7, 8, 9, 11)
    assert mostly_closed == (7, 8)


@pytest.mark.parametrize("starts", [THURSDAY, None])
def test_no_visit_on_the_procedure_day(starts: dt.date | None) -> None:
    """A therapy whose own start is day 0 has its first day on day 1."""
    therapy = a_therapy(starts="0 days")

    courses = courses_of(a_calendar(starts), therapy)

    assert (courses["class"].first_day, courses["class"].visits) == (1, (1, 8, 15, 22))


def test_new_therapies_start_a_week_apart() -> None:
    """In any seven days at most one new hands-on therapy starts; others start when they like."""
    new = [
        a_therapy(name, rank=rank, counts_as_new=True) for rank, name in enumerate(("a", "b", "c"), start=1)
    ]

    courses = courses_of(a_calendar(None), *new, a_therapy("talks", rank=9))

    assert {name: course.first_day for name, course in courses.items()} == {
        "a": 1,
        "b": 9,
        "c": 17,
        "talks": 1,
    }


def test_new_therapy_of_a_later_week_waits_for_its_turn() -> None:
    """A therapy that may start earlier is laid first, whatever its rank."""
    late = a_therapy("late", rank=1, starts="8 days", counts_as_new=True)
    early = a_therapy("early", rank=2, starts="2 days", counts_as_new=True)

    courses = courses_of(a_calendar(None), late, early)

    assert {name: course.first_day for name, course in courses.items()} == {"late": 10, "early": 2}


def test_disciplines_take_different_weekdays() -> None:
    """A therapy takes the quietest of its next three clinic days."""
    names = ["a", "b", "c", "d"]
    therapies = [a_therapy(name, rank=rank) for rank, name in enumerate(names, start=1)]

    courses = courses_of(a_calendar(THURSDAY), *therapies)

    assert [courses[name].first_day for name in names] == [1, 4, 5, 1]


def test_passive_therapies_keep_apart_in_the_first_two_weeks() -> None:
    """Nobody has two passive therapies on one day up to day 14; after that they may meet."""
    daily = [a_phase(weeks=3, visits_per_week=3)]
    first = a_therapy("first", rank=1, passive=True, starts="4 days", phases=daily)
    second = a_therapy("second", rank=2, passive=True, starts="4 days", phases=daily)
    active = a_therapy("active", rank=3, starts="4 days", phases=daily)

    courses = courses_of(a_calendar(THURSDAY), first, second, active)

    assert {name: course.visits for name, course in courses.items()} == {
        "first": (4, 6, 8, 11, 13, 15, 18, 20, 22),
        "second": (5, 7, 12, 14, 15, 19, 21, 22),
        "active": (4, 6, 8, 11, 13, 15, 18, 20, 22),
    }


@pytest.mark.parametrize(
    ("limits", "allowed", "first"),
    [
        ((a_limit(first_day=14),), 14, 14),
        ((a_limit(first_day=14), a_limit(first_day=7)), 14, 14),
        ((a_limit(first_day=16),), 16, 18),
        ((a_limit(modality=None, first_day=14),), 14, 14),
        ((a_limit(modality="heat", first_day=14),), 0, 1),
        ((a_limit(first_day=-900),), -900, 1),
        ((a_limit(ask=True),), 0, 1),
        ((a_limit("other", first_day=14),), 0, 1),
    ],
)
def test_waits_move_the_first_day(limits: Any, allowed: int, first: int) -> None:
    """The longest wait on a core modality, or on the whole therapy, moves the first day to a clinic day."""
    therapy = a_therapy(techniques=["heat"])

    course = courses_of(a_calendar(THURSDAY), therapy, limits=limits)["class"]

    assert (course.allowed_from, course.first_day) == (allowed, first)
    assert course.visits == tuple(first + 7 * week for week in range(4))


@pytest.mark.parametrize(("day", "second"), [(14, 15), (15, 15)])
def test_passive_therapies_may_meet_from_day_15_on(day: int, second: int) -> None:
    """Day 14 is the last on which a second passive therapy has to make way."""
    therapies = [a_therapy("first", rank=1, passive=True), a_therapy("second", rank=2, passive=True)]

    courses = lay_courses(therapies, (), a_calendar(THURSDAY), {"first": day, "second": day})

    assert [course.first_day for course in courses.values()] == [day, second]


@pytest.mark.parametrize("modality", ["stretching", None])
def test_open_end_of_a_core_modality_leaves_the_days_open(modality: str | None) -> None:
    """Where no day can be told, the therapy has no phases and no visits."""
    therapy = a_therapy()

    courses = courses_of(a_calendar(), therapy, limits=(a_limit(modality=modality, open_end=True),))

    assert courses == {"class": Course(therapy, 0)}


def test_open_end_of_a_technique_leaves_the_therapy_its_days() -> None:
    """A technique without a day does not hold up the therapy."""
    therapy = a_therapy(techniques=["heat"])

    courses = courses_of(a_calendar(), therapy, limits=(a_limit(modality="heat", open_end=True),))

    assert courses["class"].first_day == 1


def test_phases_follow_each_other_and_move_with_the_wait() -> None:
    """A later start moves every phase by the same days."""
    phases = [a_phase("gentle", weeks=2), a_phase("strong", weeks=3, visits_per_week=2)]
    therapy = a_therapy(phases=phases)

    days = {
        wait: [(laid.start, laid.end) for laid in course.phases]
        for wait in (0, 15)
        for course in [courses_of(a_calendar(None), therapy, limits=(a_limit(first_day=wait),))["class"]]
    }

    assert days == {0: [(1, 14), (15, 35)], 15: [(15, 28), (29, 49)]}


def test_phase_that_waits_lengthens_the_one_before() -> None:
    """A phase waits for the technique it needs; until then the phase before it goes on."""
    phases = [
        a_phase("gentle", weeks=1),
        a_phase("strong", weeks=2, needs=["heat"]),
        a_phase("alone", visits_per_week=0),
    ]
    therapy = a_therapy(techniques=["heat"], phases=phases)
    limits = (a_limit(modality="heat", first_day=28), a_limit(modality="heat", first_day=21))

    course = courses_of(a_calendar(None), therapy, limits=limits)["class"]

    assert course.phases == (
        PhaseDays(therapy.phases[0], 1, 27),
        PhaseDays(therapy.phases[1], 28, 41),
        PhaseDays(therapy.phases[2], 42, 69),
    )
    assert course.visits == (1, 8, 15, 22, 28, 35)


def test_phase_does_not_wait_for_what_is_over() -> None:
    """A wait that ends before the phase would begin changes nothing."""
    phases = [a_phase("gentle", weeks=2), a_phase("strong", weeks=2, needs=["heat"])]
    therapy = a_therapy(techniques=["heat"], phases=phases)

    course = courses_of(a_calendar(None), therapy, limits=(a_limit(modality="heat", first_day=9),))["class"]

    assert [(laid.start, laid.end) for laid in course.phases] == [(1, 14), (15, 28)]


@pytest.mark.parametrize(
    ("wished", "waits", "first"),
    [(10, 0, 11), (4, 0, 4), (0, 0, 0), (4, 14, 14), (28, 14, 28)],
)
def test_wished_start(wished: int, waits: int, first: int) -> None:
    """A wished start is kept to the next clinic day, day 0 too; a wait still moves it."""
    therapy = a_therapy(starts="7 days")
    limits = (a_limit(first_day=waits),) if waits else ()

    courses = lay_courses([therapy], limits, a_calendar(THURSDAY), {"class": wished})

    assert courses["class"].first_day == first


def test_wished_start_is_not_moved_to_a_quieter_day() -> None:
    """The first clinic day is taken for a wished start, however busy its weekday is."""
    busy, wished = a_therapy("busy", rank=1, starts="4 days"), a_therapy("wished", rank=2)

    courses = lay_courses([busy, wished], (), a_calendar(THURSDAY), {"wished": 4})

    assert [course.first_day for course in courses.values()] == [4, 4]


def test_therapy_without_visits_may_start_on_any_day() -> None:
    """What is done at home starts on a Saturday too and takes no turn from hands-on care."""
    phases = [a_phase(visits_per_week=0)]
    home = a_therapy("home", rank=1, starts="2 days", counts_as_new=True, phases=phases)
    hands = a_therapy("hands", rank=2, starts="4 days", counts_as_new=True)

    courses = courses_of(a_calendar(THURSDAY), home, hands)

    assert {name: (course.first_day, course.visits) for name, course in courses.items()} == {
        "home": (2, ()),
        "hands": (4, (4, 11, 18, 25)),
    }


def test_courses_come_in_the_order_of_the_therapies() -> None:
    """Whatever is laid first, the courses come as the therapies were given."""
    late, early = a_therapy("late", starts="30 days"), a_therapy("early")

    courses = courses_of(a_calendar(), late, early)

    assert list(courses) == ["late", "early"]
