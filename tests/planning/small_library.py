"""Small fragments, libraries and requests for the tests of planning, made without a file.

Everything is given as an author would write it: `a_rule("r", {"traits": ["needle"]}, {"wait": "7 days"})`.
"""

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

from careplan.content.clinic import Clinic, Country
from careplan.content.fragments import Factor, FollowUp, HealthCondition, Intervention, Therapy, Visit
from careplan.content.items import Fragment
from careplan.content.library import Library
from careplan.content.offsets import parse_offset, parse_window
from careplan.content.rules import RedFlag, SafetyRule
from careplan.content.vocabulary import Reference, Vocabulary
from careplan.content.wording import Wording, load_wording
from careplan.planning.calendar import Calendar
from careplan.planning.compose import compose
from careplan.planning.matching import Facts
from careplan.planning.plan import Plan
from careplan.planning.request import Request
from careplan.planning.rhythm import Course, lay_courses
from careplan.planning.safety import Conflict, Limit
from careplan.planning.selection import select

ROOT = Path(__file__).parents[2]

# A Thursday without a public holiday near it.
THURSDAY = dt.date(2026, 12, 3)

# Where a library keeps each kind of part; what else it has stays empty.
_SHELVES: dict[type, str] = {
    Intervention: "interventions",
    Therapy: "therapies",
    FollowUp: "follow_ups",
    HealthCondition: "conditions",
    Factor: "factors",
    SafetyRule: "rules",
    RedFlag: "red_flags",
    Reference: "references",
}

_REVIEW = {"status": "draft", "version": 1, "due": "2027-11-01"}


def _terms(*names: str) -> list[dict[str, str]]:
    return [{"id": name, "meaning": "A word."} for name in names]


VOCABULARY = Vocabulary.model_validate(
    {
        "kind": "vocabulary",
        "traits": _terms("needle", "steroid", "implant"),
        "modalities": [
            {"id": "stretching", "called": "stretching", "meaning": "A word."},
            {"id": "heat", "called": "heat packs", "meaning": "A word."},
            {"id": "needling", "called": "acupuncture needles", "meaning": "A word."},
            {"id": "talking", "called": "talking", "meaning": "A word."},
        ],
        "regions": _terms("neck", "low-back", "knee"),
        "areas": [
            {"id": "numb-skin", "called": "any numb skin", "meaning": "A word."},
            {"id": "fresh-scar", "called": "a fresh scar", "meaning": "A word."},
        ],
        "states": [
            {"id": "review-visit", "called": "your review visit is over", "meaning": "A word."},
            {"id": "full-feeling", "called": "all feeling is back", "meaning": "A word."},
        ],
        "events": _terms("epidural-steroid", "joint-steroid", "device-implant"),
        "options": [
            {
                "id": "side",
                "title": "Side",
                "everywhere": True,
                "values": {"left": "left side", "right": "right side"},
            },
            {
                "id": "site",
                "title": "Where",
                "values": {"cervical": "neck", "lumbar": "low back", "knee": "knee"},
            },
            {"id": "maker", "title": "Maker", "values": {"northern": "Northern", "southern": "Southern"}},
        ],
    }
)


def an_intervention(**more: Any) -> Intervention:
    """Return an injection with a needle in the neck or the low back."""
    return Intervention.model_validate(
        {
            "kind": "intervention",
            "id": "small-shot",
            "title": "Small shot",
            "called": "shot",
            "summary": "A shot.",
            "review": _REVIEW,
            "traits": ["needle"],
            "message": [{"id": "message", "text": "It may ease your pain."}],
            "options": [{"id": "site", "values": ["cervical", "lumbar"], "default": "lumbar"}],
            "regions": [
                {"id": "neck", "only": {"options": {"site": ["cervical"]}}},
                {"id": "low-back", "only": {"options": {"site": ["lumbar"]}}},
            ],
        }
        | more
    )


def a_therapy(name: str = "class", *, core: tuple[str, ...] = ("stretching",), **more: Any) -> Therapy:
    """Return a therapy with one visit a week for four weeks, from day 1."""
    return Therapy.model_validate(
        {
            "kind": "therapy",
            "id": name,
            "title": name.capitalize(),
            "called": name,
            "therapist": "teacher",
            "summary": "A therapy.",
            "core": core,
            "starts": "1 day",
            "counts_as_new": False,
            "passive": False,
            "review": _REVIEW,
            "phases": [a_phase()],
        }
        | more
    )


def a_phase(name: str = "first", **more: Any) -> dict[str, Any]:
    """Return a phase of four weeks with a visit in each."""
    return {"id": name, "title": name.capitalize(), "weeks": 4, "visits_per_week": 1} | more


def a_rule(name: str, when: dict[str, Any], then: Any, **more: Any) -> SafetyRule:
    """Return a safety rule with a sentence for the patient."""
    return SafetyRule.model_validate(
        {
            "id": name,
            "when": when,
            "then": then,
            "patient": f"Because of {name}.",
            "staff": f"Staff of {name}.",
            "basis": "Common practice.",
            "confidence": "low",
        }
        | more
    )


def a_visit(name: str, **more: Any) -> Visit:
    """Return a visit to the clinic."""
    return Visit.model_validate(
        {
            "id": name,
            "title": name.capitalize(),
            "short": name,
            "contact": "visit",
            "text": "We talk.",
        }
        | more
    )


def a_follow_up(*visits: Visit, name: str = "check-ups", **more: Any) -> FollowUp:
    """Return a follow-up with *visits*."""
    return FollowUp.model_validate(
        {
            "kind": "follow-up",
            "id": name,
            "title": "Check-ups",
            "review": _REVIEW,
            "visits": visits,
        }
        | more
    )


def a_factor(name: str, **more: Any) -> Factor:
    """Return a factor."""
    return Factor.model_validate(
        {
            "kind": "factor",
            "id": name,
            "title": name,
            "meaning": "A factor.",
            "question": "Is it so?",
            "review": _REVIEW,
        }
        | more
    )


def a_condition(name: str, **more: Any) -> HealthCondition:
    """Return a health problem."""
    return HealthCondition.model_validate(
        {
            "kind": "condition",
            "id": name,
            "title": name.capitalize(),
            "pain": f"{name} pain",
            "review": _REVIEW,
        }
        | more
    )


def a_red_flag(name: str, tier: str = "today", **more: Any) -> RedFlag:
    """Return a sign of something serious."""
    return RedFlag.model_validate({"id": name, "tier": tier, "text": f"Sign {name}"} | more)


def a_library(*parts: Fragment | SafetyRule | RedFlag | Reference) -> Library:
    """Return a library of *parts* and, unless they hold another, the intervention above."""
    shelves: dict[type, dict[str, Any]] = {kind: {} for kind in _SHELVES}
    for part in parts:
        shelves[type(part)][part.id] = part
    if not shelves[Intervention]:
        shelves[Intervention]["small-shot"] = an_intervention()
    fragments = [one for shelf in shelves.values() for one in shelf.values() if isinstance(one, Fragment)]
    empty: dict[str, Any] = {field.name: {} for field in dataclasses.fields(Library)}
    filled = {name: shelves[kind] for kind, name in _SHELVES.items()} | {
        "countries": {"US": Country(emergency="911", crisis="988")},
        "vocabulary": VOCABULARY,
        "fingerprints": {f"{one.kind}/{one.id}": f"print of {one.id}" for one in fragments},
    }
    return Library(**(empty | filled))


def a_request(*therapies: str | dict[str, str], **more: Any) -> Request:
    """Return a request for the small shot with *therapies*."""
    return Request.model_validate({"intervention": "small-shot", "therapies": therapies} | more)


def facts_of(library: Library, request: Request) -> Facts:
    """Return the facts of *request*."""
    return select(library, request).facts


def english() -> Wording:
    """Return the English words of the handout."""
    return load_wording(ROOT / "templates", "en")


def a_calendar(starts: dt.date | None = THURSDAY, **clinic: Any) -> Calendar:
    """Return the calendar of a US clinic that is open on weekdays."""
    return Calendar(Clinic.model_validate({"kind": "clinic"} | clinic), english(), starts, "shot")


def visit_day(calendar: Calendar, at: str, window: str | None = None, starts: int = 0) -> int:
    """Return the day of a visit whose times stand as authors write them."""
    return calendar.visit_day(parse_offset(at), parse_window(window) if window else None, starts)


def a_limit(therapy: str = "class", modality: str | None = "stretching", **more: Any) -> Limit:
    """Return a limit of a rule that does not matter."""
    rule = a_rule("any-rule", {"modalities": ["stretching"]}, "caution")
    return Limit(Conflict(rule, "caution", certain=True), therapy, modality, **more)


def courses_of(calendar: Calendar, *therapies: Therapy, limits: tuple[Limit, ...] = ()) -> dict[str, Course]:
    """Return the courses of *therapies* that nobody wished another start for."""
    return lay_courses(therapies, limits, calendar, {})


def a_plan(library: Library, request: Request, **clinic: Any) -> Plan:
    """Return the plan for *request* at a US clinic that is open on weekdays."""
    return compose(library, request, Clinic.model_validate({"kind": "clinic"} | clinic), english())
