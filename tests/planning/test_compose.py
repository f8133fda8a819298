"""A request becomes a plan, or a sentence that says why not."""

import datetime as dt
from typing import Any

import pytest
from small_library import (
    THURSDAY,
    a_condition,
    a_factor,
    a_follow_up,
    a_library,
    a_phase,
    a_plan,
    a_red_flag,
    a_request,
    a_rule,
    a_therapy,
    a_visit,
    an_intervention,
)

from careplan.content.library import Library
from careplan.content.vocabulary import Reference
from careplan.planning.plan import Dated, DiaryPlan, Origin, Plan, Said, Section
from careplan.problems import RequestError, UnsafePlanError


def a_shelf() -> Library:
    """Return a library with two therapies, a condition and a factor."""
    return a_library(
        an_intervention(options=[{"id": "site", "values": ["cervical", "lumbar"]}]),
        a_therapy("yoga", rank=1, counts_as_new=True),
        a_therapy("talks", rank=2, core=("talking",)),
        a_condition("sciatica"),
        a_factor("diabetes"),
        a_rule("no-stretch", {"factors": ["diabetes"], "modalities": ["stretching"]}, "block"),
    )


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            {"date": dt.date(2026, 12, 5)},
            (
                "The clinic is closed on Sat, Dec 5, 2026 (Saturday is not a clinic day). "
                "Choose another day, or list it under open_days in clinic.yaml."
            ),
        ),
        (
            {"date": dt.date(2026, 11, 26)},
            (
                "The clinic is closed on Thu, Nov 26, 2026 (Thanksgiving Day). Choose another day, "
                "or list it under open_days in clinic.yaml."
            ),
        ),
        ({"intervention": "smal-shot"}, "There is no intervention 'smal-shot'; did you mean 'small-shot'?"),
        ({"therapies": ["yogo"]}, "There is no therapy 'yogo'; did you mean 'yoga'?"),
        ({"therapies": ["yoga", "yoga"]}, "The therapy 'yoga' is named 2 times; name it once."),
        (
            {"options": {}},
            (
                "Small shot needs site=VALUE among its options (--option); "
                "VALUE is one of cervical, lumbar, unknown."
            ),
        ),
        (
            {"therapies": [{"id": "yoga", "starts": "0 days"}]},
            "Yoga cannot start on day 0; day 1 is the first.",
        ),
        (
            {"therapies": [{"id": "yoga", "starts": "-3 days"}]},
            "Yoga cannot start on day -3; day 1 is the first.",
        ),
    ],
)
def test_what_cannot_be_planned_is_told(more: dict[str, Any], message: str) -> None:
    """A closed day, a wrong or double name, a missing option and an early start are refused."""
    asked = {"options": {"site": "lumbar"}, "date": THURSDAY}
    request = a_request(**(asked | more))

    with pytest.raises(RequestError) as error:
        a_plan(a_shelf(), request)

    assert str(error.value) == message


def test_open_day_of_the_clinic_is_no_closed_day() -> None:
    """A Saturday on which the clinic says it is open can be the procedure day."""
    request = a_request(options={"site": "lumbar"}, date=dt.date(2026, 12, 5))

    plan = a_plan(a_shelf(), request, open_days=["2026-12-05"])

    assert plan.date == "Sat, Dec 5, 2026"


def test_unsafe_plan_stops() -> None:
    """A block on what a therapy cannot do without stops the plan."""
    request = a_request("yoga", factors=["diabetes"], options={"site": "lumbar"})

    with pytest.raises(UnsafePlanError) as error:
        a_plan(a_shelf(), request)

    assert str(error.value) == (
        "no-stretch: Because of no-stretch.\n  Yoga cannot do without stretching. "
        "Leave it out (--without yoga), or a clinician adds: --allow no-stretch --by NAME --reason TEXT"
    )


@pytest.mark.parametrize(
    ("same_day", "site", "first"),
    [
        ({"interventions": ["small-shot"]}, "lumbar", 0),
        ([{"conditions": ["neck-pain"]}, {"options": {"site": ["lumbar"]}}], "lumbar", 0),
        ({"options": {"site": ["lumbar"]}}, "cervical", None),
        ({"options": {"site": ["lumbar"]}}, "unknown", None),
    ],
)
def test_wished_start_on_the_procedure_day(same_day: Any, site: str, first: int | None) -> None:
    """A therapy may start on day 0 only where it says so for certain and the clinician asks for it."""
    library = a_library(a_therapy("yoga", same_day=same_day))
    request = a_request({"id": "yoga", "starts": "0 days"}, options={"site": site}, date=THURSDAY)

    try:
        found = a_plan(library, request).therapies[0].first_day
    except RequestError:
        found = None

    assert found == first


@pytest.mark.parametrize(
    ("therapies", "conditions", "purpose"),
    [
        ((), (), "This plan tells you what to do before and after your shot."),
        ((), ("sciatica",), "This plan is for sciatica pain."),
        (
            ("talks", "yoga"),
            ("sciatica",),
            (
                "This plan is for sciatica pain. "
                "It joins your shot with yoga and talks, so that each one helps the others."
            ),
        ),
    ],
)
def test_purpose(therapies: tuple[str, ...], conditions: tuple[str, ...], purpose: str) -> None:
    """The plan says what it is for and what joins it."""
    request = a_request(*therapies, conditions=conditions, options={"site": "lumbar"})

    plan = a_plan(a_shelf(), request)

    assert plan.purpose == purpose


def test_head_of_the_plan() -> None:
    """The plan carries its title, date, chosen options, numbers to call and approval."""
    request = a_request(options={"site": "lumbar", "side": ["right", "left"]}, date=THURSDAY)

    plan = a_plan(a_shelf(), request)

    assert (plan.language, plan.title, plan.called, plan.date, plan.chosen, plan.emergency, plan.crisis) == (
        "en-US",
        "Your care plan: small shot",
        "shot",
        "Thu, Dec 3, 2026",
        (("Side", "left side and right side"), ("Where", "low back")),
        "911",
        "988",
    )
    assert plan.approved is False


def test_clinic_states_what_its_country_does_not() -> None:
    """A clinic in a country without known numbers leaves a line to write on, or states its own."""
    request = a_request(options={"site": "lumbar"})

    blank = a_plan(a_shelf(), request, country="CH")
    stated = a_plan(a_shelf(), request, country="CH", emergency="144", crisis="143")

    assert [(plan.emergency, plan.crisis) for plan in (blank, stated)] == [("____", ""), ("144", "143")]


def test_sections_say_what_holds_with_slots_filled() -> None:
    """Items that do not hold are left out, empty sections vanish, and slots are filled."""
    library = a_library(
        an_intervention(
            why=[{"id": "eases", "text": "It eases your {option site} from {day 2}. Call {phone}."}],
            risks=[{"id": "neck", "text": "Neck.", "only": {"options": {"site": ["cervical"]}}}],
            answers=[{"id": "drive", "question": "May I drive?", "text": "Not before {date}."}],
        )
    )

    plan = a_plan(library, a_request(date=THURSDAY))

    assert plan.procedure == (
        Section(
            "why", "Why we do it", (Said("eases", "It eases your low back from December 5. Call ____."),)
        ),
        Section("answers", "Short answers", (Said("drive", "Not before December 3.", "May I drive?"),)),
    )
    assert plan.section("risks") == ()


def test_countdown_and_aftercare_have_dates() -> None:
    """Steps before the procedure are gathered by day, periods after it have their dates."""
    library = a_library(
        an_intervention(
            getting_ready=[
                {"id": "eat", "at": "0 days", "text": "Eat little."},
                {"id": "ride", "at": "-1 week", "text": "Find a ride."},
                {"id": "list", "at": "-7 days", "text": "List your medicines."},
            ],
            after=[
                {
                    "id": "rest",
                    "title": "First days",
                    "from": "0 days",
                    "to": "3 days",
                    "items": [{"id": "r", "text": "Rest."}],
                },
            ],
        )
    )

    plan = a_plan(library, a_request(date=THURSDAY))

    assert plan.getting_ready == (
        Dated(
            "day-7",
            -7,
            "7 days before",
            "Thu, Nov 26",
            (Said("ride", "Find a ride."), Said("list", "List your medicines.")),
        ),
        Dated("day-0", 0, "That morning", "Thu, Dec 3", (Said("eat", "Eat little."),)),
    )
    assert plan.after == (Dated("rest", 0, "First days", "Dec 3 to Dec 6", (Said("r", "Rest."),)),)


def test_diary_rows_are_days() -> None:
    """A diary with a row every so often names its days."""
    diary = {
        "id": "pain",
        "title": "Pain",
        "how": "Write it down.",
        "every": "1 week",
        "until": "2 weeks",
        "columns": ["Pain"],
        "sample": ["Day 1", "6"],
    }
    library = a_library(an_intervention(diaries=[diary]))

    plan = a_plan(library, a_request(date=THURSDAY))

    rows = ("Thu, Dec 3", "Week 1, to Dec 10", "Week 2, to Dec 17")
    assert plan.diaries == (DiaryPlan("pain", "Pain", "Write it down.", ("Pain",), rows, ("Day 1", "6")),)


def test_red_flags_come_once_in_their_most_urgent_tier() -> None:
    """A sign is said once, in its most urgent tier and the catalogue's order, wherever it comes from."""
    library = a_library(
        a_red_flag("numb", "today"),
        a_red_flag("breath", "emergency", everyone=True),
        a_red_flag("sore", "next-visit"),
        a_red_flag("fever", "today"),
        a_red_flag("bleed", "today"),
        a_red_flag("neck-pain", "today"),
        a_red_flag("nobody", "today"),
        an_intervention(red_flags=["sore", {"id": "neck-pain", "only": {"options": {"site": ["cervical"]}}}]),
        a_therapy("yoga", red_flags=[{"id": "sore", "tier": "today"}, {"id": "numb", "tier": "next-visit"}]),
        a_factor("diabetes", red_flags=["fever"]),
        a_condition("sciatica", red_flags=[{"id": "numb", "tier": "emergency"}]),
        a_rule("needle", {"traits": ["needle"]}, "caution", red_flags=["fever", "bleed"]),
    )

    plan = a_plan(library, a_request("yoga", conditions=["sciatica"], factors=["diabetes"]))

    assert plan.red_flags == {
        "emergency": (Said("numb", "Sign numb"), Said("breath", "Sign breath")),
        "today": (Said("sore", "Sign sore"), Said("fever", "Sign fever"), Said("bleed", "Sign bleed")),
        "next-visit": (),
    }


def test_red_flag_that_cannot_occur_is_not_said() -> None:
    """A sign with an `only` of its own is said where it holds, unknown included."""
    library = a_library(
        an_intervention(red_flags=["throat"]),
        a_red_flag("throat", "emergency", only={"options": {"site": ["cervical"]}}),
    )

    said = {
        site: [flag.id for flag in a_plan(library, a_request(options={"site": site})).red_flags["emergency"]]
        for site in ("lumbar", "cervical", "unknown")
    }

    assert said == {"lumbar": [], "cervical": ["throat"], "unknown": ["throat"]}


def test_first_hands_on_visit_is_booked_first() -> None:
    """The first steps end with booking: hands-on care before talking, each with its day."""
    request = a_request("talks", "yoga", options={"site": "lumbar"}, date=THURSDAY)

    plan = a_plan(a_shelf(), request)

    assert plan.first_steps == (
        Said("book-first-visit", "for Fri, Dec 4 or soon after.", "Book your first yoga visit"),
    )


@pytest.mark.parametrize(
    ("therapy", "rules", "starts"),
    [
        ({}, [], "First visit: Fri, Dec 4 or soon after."),
        (
            {"may_start_before": True},
            [],
            "First visit: Fri, Dec 4 or soon after. You may start before your shot.",
        ),
        ({"phases": [a_phase(visits_per_week=0)]}, [], "Start at home: Fri, Dec 4."),
        ({}, [{"wait": "1 week"}], "First visit: Thu, Dec 10 or soon after. Not earlier."),
        ({}, [{"wait": "9 days"}], "First visit: Mon, Dec 14 or soon after. Not before Sat, Dec 12."),
        (
            {"starts": "2 weeks"},
            [{"wait": "1 week"}],
            "First visit: Thu, Dec 17 or soon after. Not before Thu, Dec 10.",
        ),
        ({}, [{"block": True, "until": "full-feeling"}], "You may start on: ____"),
    ],
)
def test_start_of_a_therapy_in_words(therapy: dict[str, Any], rules: list[Any], starts: str) -> None:
    """A therapy says its first day and what it waits for."""
    found = [a_rule(f"r{number}", {"modalities": ["stretching"]}, then) for number, then in enumerate(rules)]
    library = a_library(a_therapy("yoga", **therapy), *found)

    plan = a_plan(library, a_request("yoga", date=THURSDAY))

    assert plan.therapies[0].starts == starts


def test_phases_of_a_therapy_in_words() -> None:
    """A phase says its dates, its rhythm and what to do at home."""
    at_home = [{"id": "walk", "text": "Walk 5 minutes."}]
    library = a_library(
        a_therapy("yoga", starts="4 days", phases=[a_phase("gentle", weeks=2, at_home=at_home)])
    )

    dated = a_plan(library, a_request("yoga", date=THURSDAY)).therapies[0].phases
    undated = a_plan(library, a_request("yoga")).therapies[0].phases

    said = (Said("walk", "Walk 5 minutes."),)
    assert dated == (Dated("gentle", 4, "Gentle", "Dec 7 to Dec 20", said, "1 visit a week"),)
    assert undated == (Dated("gentle", 4, "Gentle", "From day 4, for 2 weeks", said, "1 visit a week"),)


def test_sources_are_listed_once_in_the_order_of_use() -> None:
    """The references are those of what is said, each once."""
    references = [
        Reference(id=name, organisation="Example", title=name, year=2020, address="https://example.org")
        for name in ("unused", "first", "second", "elsewhere")
    ]
    library = a_library(
        *references,
        an_intervention(
            why=[
                {"id": "a", "text": "A.", "sources": ["second", "first"]},
                {"id": "b", "text": "B.", "sources": ["first"]},
            ],
            risks=[
                {
                    "id": "c",
                    "text": "C.",
                    "sources": ["elsewhere"],
                    "only": {"options": {"site": ["cervical"]}},
                }
            ],
        ),
    )

    plan = a_plan(library, a_request())

    assert [reference.id for reference in plan.references] == ["second", "first"]


def test_origins_are_every_fragment_of_the_plan() -> None:
    """The plan names each fragment that went into it with its version and its print."""
    library = a_library(
        an_intervention(follow_ups=["check-ups"]),
        a_therapy("yoga"),
        a_follow_up(a_visit("call")),
        a_condition("sciatica"),
        a_factor("diabetes"),
        a_factor("smoker"),
    )

    plan = a_plan(library, a_request("yoga", conditions=["sciatica"], factors=["diabetes"]))

    due = dt.date(2027, 11, 1)
    assert plan.origins == tuple(
        Origin(kind, name, 1, "draft", due, f"print of {name}")
        for kind, name in (
            ("intervention", "small-shot"),
            ("therapy", "yoga"),
            ("follow-up", "check-ups"),
            ("condition", "sciatica"),
            ("factor", "diabetes"),
        )
    )


def fingerprint(**more: Any) -> str:
    """Return the fingerprint of a plan for a lumbar shot with yoga."""
    asked = {"options": {"site": "lumbar"}, "therapies": ["yoga"], "date": THURSDAY}
    clinic = more.pop("clinic", {})
    plan: Plan = a_plan(a_shelf(), a_request(**(asked | more)), **clinic)
    return plan.fingerprint


@pytest.mark.parametrize(
    ("more", "same"),
    [
        ({}, True),
        ({"patient": {"name": "Jordan Example", "date_of_birth": "1 May 1970"}}, True),
        ({"date": dt.date(2026, 12, 4)}, False),
        ({"options": {"site": "cervical"}}, False),
        ({"therapies": ["talks"]}, False),
        ({"therapies": [{"id": "yoga", "starts": "10 days"}]}, False),
        ({"conditions": ["sciatica"]}, False),
        ({"clinic": {"phone": "(555) 010-0142"}}, False),
    ],
)
def test_fingerprint_is_of_all_but_the_patient(more: dict[str, Any], *, same: bool) -> None:
    """Whatever changes the plan changes its fingerprint; the patient does not."""
    found = fingerprint(**more)

    assert (found == fingerprint()) is same
