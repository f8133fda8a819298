"""What differs between two plans."""

import datetime as dt
from typing import Any

from small_library import (
    THURSDAY,
    a_factor,
    a_follow_up,
    a_library,
    a_plan,
    a_request,
    a_rule,
    a_therapy,
    a_visit,
    an_intervention,
)

from careplan.planning.differences import compare_plans, same_patient
from careplan.planning.plan import Plan


def the_plan(*therapies: str, **more: Any) -> Plan:
    """Return the plan of a lumbar shot with a call the next day."""
    library = a_library(
        an_intervention(
            follow_ups=["check-ups"],
            why=[{"id": "why", "text": "It may ease your {option site}."}],
        ),
        a_therapy("yoga", why=[{"id": "calm", "text": "It calms."}]),
        a_therapy("talks", core=("talking",)),
        a_follow_up(a_visit("call", title="Nurse call", contact="call", at="business-day 1")),
        a_factor("diabetes"),
        a_rule("r-stretch", {"traits": ["needle"], "modalities": ["stretching"]}, {"wait": "7 days"}),
        a_rule("r-sugar", {"factors": ["diabetes"]}, "caution"),
    )
    asked = {"date": THURSDAY, "options": {"site": "lumbar"}} | more
    return a_plan(library, a_request(*therapies, **asked))


def told(before: Plan, after: Plan, part: str) -> list[tuple[str, str, str]]:
    """Return the differences of one part."""
    return [(one.what, one.before, one.after) for one in compare_plans(before, after) if one.part == part]


def test_the_same_plan_differs_in_nothing() -> None:
    """A plan is equal to itself, for whomever it is."""
    named = the_plan("yoga", patient={"name": "Jordan Example"})

    assert compare_plans(the_plan("yoga"), named) == ()
    assert not same_patient(the_plan("yoga"), named)
    assert same_patient(named, named)


def test_another_day_moves_appointments() -> None:
    """A moved procedure day is told with each date that moves, in the patient's words."""
    found = told(the_plan(), the_plan(date=dt.date(2026, 12, 4)), "dates")

    assert ("Nurse call", "Fri, Dec 4, 2026", "Mon, Dec 7, 2026") in found


def test_parts_that_come_and_go_are_named() -> None:
    """A therapy or factor that only one plan has is named by its title; its texts are not told again."""
    found = compare_plans(the_plan("yoga"), the_plan("talks", factors=["diabetes"]))

    plan = [(one.what, one.before, one.after) for one in found if one.part == "plan"]
    assert plan == [("Therapy", "Yoga", ""), ("Therapy", "", "Talks"), ("Factor", "", "diabetes")]
    assert not [one for one in found if one.part == "said" and "It calms" in one.before]


def test_rules_and_waits_that_come_and_go_are_told() -> None:
    """A rule that fires in one plan only is told with its action and sentence, and so is its wait."""
    found = told(the_plan("yoga"), the_plan(factors=["diabetes"]), "rules")

    assert found == [
        ("r-stretch", "wait: Because of r-stretch.", ""), ("r-sugar", "", "caution: Because of r-sugar."),
    ]
    assert told(the_plan("yoga"), the_plan(), "starts")[-1][0] == "Stretching"


def test_what_is_said_otherwise_is_told() -> None:
    """Another option changes what the handout says."""
    before, after = the_plan(), the_plan(options={"site": "cervical"})

    assert ("It may ease your low back.", "It may ease your neck.") in [
        one[1:] for one in told(before, after, "said")
    ]
    assert told(before, after, "plan") == [("Where", "low back", "neck")]


def test_nothing_about_the_patient_is_told() -> None:
    """Names, birthdays and why a rule was allowed never appear in a difference."""
    private = the_plan(
        "yoga", patient={"name": "Jordan Example", "date_of_birth": "1 May 1970"},
        allow=[{"rule": "r-stretch", "by": "Dr. Private", "reason": "Jordan asked"}],
    )

    shown = repr(compare_plans(the_plan("yoga"), private))

    assert not [word for word in ("Jordan", "1970", "Private") if word in shown]
