"""Safety rules fire, and each does its own to the therapies."""

from typing import Any

import pytest
from small_library import (
    THURSDAY,
    a_factor,
    a_library,
    a_request,
    a_rule,
    a_therapy,
    an_intervention,
    facts_of,
)

from careplan.content.library import Library
from careplan.content.rules import SafetyRule
from careplan.planning.request import Allowed, Request
from careplan.planning.safety import Conflict, Findings, Limit, find_conflicts, limits, refuse_unsafe
from careplan.problems import RequestError, UnsafePlanError

ON_HEAT = {"traits": ["needle"], "modalities": ["heat"]}
ALLOW = {"by": "Dr. Example", "reason": "We talked about it."}


def a_shelf(*rules: SafetyRule) -> Library:
    """Return a library with a class that uses heat and cannot do without stretching."""
    return a_library(
        *rules,
        a_therapy("class", core=("stretching",), techniques=("heat",)),
        a_therapy("talks", core=("talking",)),
        a_factor("pregnant"),
    )


def found(library: Library, request: Request) -> Findings:
    """Return what staff have to know about *request*."""
    return find_conflicts(library, facts_of(library, request))


def limited(library: Library, request: Request, review_day: int | None = None) -> tuple[Limit, ...]:
    """Return the limits of *request*."""
    return limits(found(library, request).conflicts, facts_of(library, request), review_day)


EFFECTS = [
    ("block", {"removed": True}),
    ({"block": True, "until": "10 days"}, {"first_day": 10}),
    ({"block": True, "until": "full-feeling"}, {"state": "full-feeling", "open_end": True}),
    ("ask", {"ask": True}),
    ({"ask": True, "until": "full-feeling"}, {"ask": True, "state": "full-feeling", "open_end": True}),
    ({"wait": "1 week"}, {"first_day": 7}),
    ({"wait": "2 months"}, {"first_day": 60}),
    ({"wait": "14 days", "until": "full-feeling"}, {"first_day": 14, "state": "full-feeling"}),
    ({"avoid-area": ["numb-skin"]}, {"areas": ("numb-skin",)}),
    ({"avoid-area": ["numb-skin"], "until": "2 weeks"}, {"areas": ("numb-skin",), "areas_until": 14}),
    (
        {"avoid-area": ["numb-skin", "fresh-scar"], "until": "full-feeling"},
        {"areas": ("numb-skin", "fresh-scar"), "state": "full-feeling"},
    ),
    ("caution", {}),
    ("info", {}),
]


@pytest.mark.parametrize(("then", "effect"), EFFECTS)
def test_effect_of_each_action(then: Any, effect: dict[str, Any]) -> None:
    """Each action does one thing to the technique it is about, and nothing to any other."""
    rule = a_rule("on-heat", ON_HEAT, then)
    library = a_shelf(rule)
    request = a_request("class", "talks")

    found_limits = limited(library, request)

    conflict = Conflict(rule, rule.then.action, certain=True, touches={"class": ("heat",)})
    assert found(library, request) == Findings((conflict,), (), ())
    assert found_limits == (Limit(conflict, "class", "heat", **effect),)


@pytest.mark.parametrize(("then", "effect"), EFFECTS)
def test_every_effect_stays_when_it_is_asked(then: Any, effect: dict[str, Any]) -> None:
    """A rule about something unknown is labelled `ask` and keeps every effect but a removal for good."""
    rule = a_rule("on-heat", ON_HEAT | {"factors": ["pregnant"]}, then)
    library = a_shelf(rule)
    request = a_request("class", factors=[{"id": "pregnant", "status": "unknown"}])

    found_limits = limited(library, request)

    conflict = Conflict(rule, "ask", certain=False, touches={"class": ("heat",)})
    assert found_limits == (Limit(conflict, "class", "heat", **(effect | {"removed": False, "ask": True})),)
    refuse_unsafe([conflict], facts_of(library, request))


@pytest.mark.parametrize(
    ("then", "review_day", "first_day"),
    [
        ({"wait": "14 days", "until": "review-visit"}, 28, 28),
        ({"wait": "14 days", "until": "review-visit"}, 10, 14),
        ({"block": True, "until": "review-visit"}, 28, 28),
    ],
)
def test_review_visit_with_a_date_is_a_day(then: Any, review_day: int, first_day: int) -> None:
    """What lasts until the review visit ends on its day, but never before the rule's own wait."""
    library = a_shelf(a_rule("on-heat", ON_HEAT, then))

    found_limits = limited(library, a_request("class"), review_day)

    assert [(one.first_day, one.state, one.open_end) for one in found_limits] == [
        (first_day, "review-visit", False),
    ]


@pytest.mark.parametrize(
    ("then", "first_day", "open_end"),
    [
        ({"wait": "14 days", "until": "review-visit"}, 14, False),
        ({"block": True, "until": "review-visit"}, None, True),
    ],
)
def test_review_visit_without_a_date_is_open(then: Any, first_day: int | None, *, open_end: bool) -> None:
    """Where the clinic has not dated the review visit, a block until it has no day, and a wait its own."""
    library = a_shelf(a_rule("on-heat", ON_HEAT, then))

    found_limits = limited(library, a_request("class"))

    assert [(one.first_day, one.state, one.open_end) for one in found_limits] == [
        (first_day, "review-visit", open_end),
    ]


def test_conflicts_come_strictest_first() -> None:
    """Conflicts come in the order block, ask, wait, avoid-area, caution, info, then by id."""
    then = ["info", "caution", {"avoid-area": ["numb-skin"]}, {"wait": "7 days"}, "ask", "block", "block"]
    names = ["b-info", "a-caution", "d-area", "c-wait", "f-ask", "g-block", "e-block"]
    library = a_shelf(*(a_rule(name, ON_HEAT, one) for name, one in zip(names, then, strict=True)))

    conflicts = found(library, a_request("class")).conflicts

    assert [(one.rule.id, one.action) for one in conflicts] == [
        ("e-block", "block"),
        ("g-block", "block"),
        ("f-ask", "ask"),
        ("c-wait", "wait"),
        ("d-area", "avoid-area"),
        ("a-caution", "caution"),
        ("b-info", "info"),
    ]


def test_rule_about_the_patient_touches_no_therapy() -> None:
    """A rule that names no modality and no therapy fires once and limits nothing."""
    rule = a_rule("needle", {"traits": ["needle"]}, "caution")
    library = a_shelf(rule)

    findings = found(library, a_request("class", "talks"))

    assert findings == Findings((Conflict(rule, "caution", certain=True),), (), ())
    assert limited(library, a_request("class", "talks")) == ()


def test_rule_about_a_therapy_limits_it_as_a_whole() -> None:
    """A rule that names a therapy and no technique limits the whole therapy."""
    rule = a_rule("no-talks", {"therapies": ["talks"]}, {"wait": "7 days"})
    library = a_shelf(rule)

    found_limits = limited(library, a_request("class", "talks"))

    conflict = Conflict(rule, "wait", certain=True, touches={"talks": ()})
    assert found_limits == (Limit(conflict, "talks", None, first_day=7),)


def test_rule_about_therapies_does_not_fire_without_them() -> None:
    """A rule about a technique that nobody uses is no conflict."""
    library = a_shelf(a_rule("on-heat", ON_HEAT, "block"))

    findings = found(library, a_request("talks"))

    assert findings == Findings((), (), ())


@pytest.mark.parametrize(
    ("status", "fires"),
    [
        ({"factors": ["pregnant"]}, False),
        ({"factors": [{"id": "pregnant", "status": "unknown"}]}, True),
        ({}, True),
    ],
)
def test_unless_keeps_a_rule_from_firing_only_for_certain(status: dict[str, Any], *, fires: bool) -> None:
    """An `unless` that is not known to hold does not switch the rule off."""
    rule = a_rule("on-heat", ON_HEAT, "caution", unless={"factors": ["pregnant"]})
    library = a_shelf(rule)

    findings = found(library, a_request("class", **status))

    conflict = Conflict(rule, "caution", certain=True, touches={"class": ("heat",)})
    assert findings == Findings((conflict,) if fires else (), (), ())


@pytest.mark.parametrize(("history", "listed"), [(None, True), ([], False)])
def test_rules_that_unstated_history_could_fire_are_listed(history: Any, *, listed: bool) -> None:
    """A rule about the past is not known where nobody stated the history, and no conflict either way."""
    rule = a_rule("twice", {"traits": ["needle"], "history": {"event": "epidural-steroid"}}, "ask")
    library = a_shelf(rule)

    findings = found(library, a_request(history=history))

    assert findings == Findings((), (rule,) if listed else (), ())


@pytest.mark.parametrize(
    ("more", "conflicts", "outside"),
    [
        ({"planned": ["mri"]}, ["scan"], []),
        ({}, [], ["scan"]),
        ({"factors": ["pregnant"]}, [], []),
        ({"options": {"site": "cervical"}}, [], []),
    ],
)
def test_rule_about_something_outside_the_plan(
    more: dict[str, Any],
    conflicts: list[str],
    outside: list[str],
) -> None:
    """A rule about a scan fires where one is planned, and else is listed where it would fire."""
    when = {"planned": ["mri"], "options": {"site": ["lumbar"]}}
    library = a_shelf(a_rule("scan", when, "ask", unless={"factors": ["pregnant"]}))

    findings = found(library, a_request(**more))

    assert [one.rule.id for one in findings.conflicts] == conflicts
    assert [one.id for one in findings.outside] == outside
    assert findings.not_known == ()


def test_rule_switched_off_by_a_fact_is_not_listed_as_unknown() -> None:
    """A rule whose `unless` holds cannot fire, whatever the history would say."""
    past = {"traits": ["needle"], "history": {"event": "epidural-steroid"}}
    library = a_shelf(a_rule("twice", past, "ask", unless={"factors": ["pregnant"]}))

    findings = found(library, a_request(factors=["pregnant"]))

    assert findings == Findings((), (), ())


def test_block_of_a_technique_stops_nothing() -> None:
    """A therapy goes on without a blocked technique."""
    library = a_shelf(a_rule("on-heat", ON_HEAT, "block"))
    request = a_request("class")

    refuse_unsafe(found(library, request).conflicts, facts_of(library, request))

    assert [one.removed for one in limited(library, request)] == [True]


@pytest.mark.parametrize(
    ("when", "message"),
    [
        (
            {"modalities": ["stretching", "heat"]},
            (
                "no-go: Because of no-go.\n  Class cannot do without stretching. "
                "Leave it out (--without class), or a clinician adds: --allow no-go --by NAME --reason TEXT"
            ),
        ),
        (
            {"therapies": ["talks"]},
            (
                "no-go: Because of no-go.\n  Talks cannot do without this. Leave it out (--without talks), "
                "or a clinician adds: --allow no-go --by NAME --reason TEXT"
            ),
        ),
        (
            {"traits": ["needle"]},
            (
                "no-go: Because of no-go.\n  This stops the plan. A clinician who takes it on can add: "
                "--allow no-go --by NAME --reason TEXT"
            ),
        ),
    ],
)
def test_block_stops_what_cannot_do_without(when: dict[str, Any], message: str) -> None:
    """A block on a core modality, a whole therapy or the procedure stops the plan and says what to do."""
    library = a_shelf(a_rule("no-go", when, "block"))
    request = a_request("class", "talks")
    conflicts = found(library, request).conflicts

    with pytest.raises(UnsafePlanError) as error:
        refuse_unsafe(conflicts, facts_of(library, request))

    assert str(error.value) == message


def test_all_that_stops_the_plan_is_told_at_once() -> None:
    """Every block that stops the plan is told, with the staff's reason where the patient has none."""
    library = a_shelf(
        a_rule("a-core", {"modalities": ["stretching", "talking"]}, "block"),
        a_rule("b-all", {"traits": ["needle"]}, "block", patient=None),
    )
    request = a_request("class", "talks")
    conflicts = found(library, request).conflicts

    with pytest.raises(UnsafePlanError) as error:
        refuse_unsafe(conflicts, facts_of(library, request))

    assert [line for line in str(error.value).splitlines() if not line.startswith("  ")] == [
        "a-core: Because of a-core.",
        "a-core: Because of a-core.",
        "b-all: Staff of b-all.",
    ]


def test_block_that_ends_stops_nothing() -> None:
    """A block of a core modality that ends with a state only leaves the day open."""
    library = a_shelf(
        a_rule("until", {"modalities": ["stretching"]}, {"block": True, "until": "full-feeling"})
    )
    request = a_request("class")

    refuse_unsafe(found(library, request).conflicts, facts_of(library, request))

    assert [(one.removed, one.open_end) for one in limited(library, request)] == [(False, True)]


@pytest.mark.parametrize("then", ["block", "ask", {"wait": "7 days"}])
def test_allowing_lifts_the_action(then: Any) -> None:
    """What a named clinician allows stops, asks and delays nothing, and reads softer."""
    rule = a_rule("on-core", {"modalities": ["stretching"]}, then, patient_if_allowed="We said yes.")
    library = a_shelf(rule)
    request = a_request("class", allow=[{"rule": "on-core"} | ALLOW])

    (conflict,) = found(library, request).conflicts
    refuse_unsafe([conflict], facts_of(library, request))

    assert conflict == Conflict(
        rule,
        rule.then.action,
        certain=True,
        touches={"class": ("stretching",)},
        allowed=Allowed(rule="on-core", by="Dr. Example", reason="We talked about it."),
    )
    assert limited(library, request) == (Limit(conflict, "class", "stretching"),)
    assert conflict.sentence == "We said yes."


def test_allowed_rule_without_softer_words_keeps_its_sentence() -> None:
    """Without words for the allowed case the patient reads the rule's reason."""
    library = a_shelf(a_rule("on-core", {"modalities": ["stretching"]}, "ask"))

    (conflict,) = found(library, a_request("class", allow=[{"rule": "on-core"} | ALLOW])).conflicts

    assert conflict.sentence == "Because of on-core."


@pytest.mark.parametrize(
    ("when", "history", "first_day", "open_end"),
    [
        ({"traits": ["needle"]}, None, 84, False),
        ({"traits": ["implant"]}, [{"event": "device-implant", "on": "2026-11-03"}], 54, False),
        ({"traits": ["implant"]}, [{"event": "device-implant"}], None, True),
    ],
)
def test_floor_that_no_allowing_passes(
    when: dict[str, Any],
    history: Any,
    first_day: int | None,
    *,
    open_end: bool,
) -> None:
    """An allowed block with a floor still waits for it; without the event's date no day can be told."""
    rule = a_rule("floor", when | {"modalities": ["stretching"]}, {"block": True, "never_before": "12 weeks"})
    library = a_shelf(rule)
    allow = [{"rule": "floor"} | ALLOW]
    request = a_request("class", allow=allow, history=history, date=THURSDAY)

    found_limits = limited(library, request)

    (conflict,) = found(library, request).conflicts
    assert found_limits == (Limit(conflict, "class", "stretching", first_day=first_day, open_end=open_end),)


@pytest.mark.parametrize(
    ("allowed", "message"),
    [
        (
            "on-cold",
            "The safety rule 'on-cold' does not fire in this plan; nothing to allow; did you mean 'on-core'?",
        ),
        ("else-where", "The safety rule 'else-where' does not fire in this plan; nothing to allow."),
    ],
)
def test_rule_that_does_not_fire_cannot_be_allowed(allowed: str, message: str) -> None:
    """Allowing what does not fire is refused, with the rule that may have been meant."""
    library = a_shelf(
        a_rule("on-core", {"modalities": ["stretching"]}, "ask"),
        a_rule("on-cold", {"modalities": ["needling"]}, "ask"),
        a_rule("else-where", {"traits": ["steroid"]}, "ask"),
    )
    request = a_request("class", allow=[{"rule": allowed} | ALLOW])

    with pytest.raises(RequestError) as error:
        found(library, request)

    assert str(error.value) == message


@pytest.mark.parametrize(
    "then", [{"block": True, "until": "full-feeling"}, {"wait": "3 days", "until": "full-feeling"}]
)
def test_rule_that_ends_with_a_fact_cannot_be_allowed(then: Any) -> None:
    """A rule that lasts until something is so is lifted by stating the fact, not by allowing."""
    library = a_shelf(a_rule("until", {"modalities": ["stretching"]}, then))
    request = a_request("class", allow=[{"rule": "until"} | ALLOW])

    with pytest.raises(RequestError) as error:
        found(library, request)

    assert str(error.value) == (
        "The safety rule 'until' lasts until 'full-feeling' is a fact, so nobody can allow it before."
    )


@pytest.mark.parametrize(
    ("traits", "history", "effect"),
    [
        (["needle"], None, {"first_day": 42}),
        (["needle"], [{"event": "device-implant", "on": "2026-11-03"}], {"first_day": 42}),
        (["implant"], [{"event": "device-implant", "on": "2026-11-03"}], {"first_day": 12}),
        (["implant"], [{"event": "device-implant"}], {"open_end": True, "ask": True}),
        (["implant", "needle"], [{"event": "device-implant", "on": "2026-11-03"}], {"first_day": 42}),
        (["implant", "needle"], [{"event": "device-implant"}], {"open_end": True, "ask": True}),
    ],
)
def test_wait_counts_from_the_event_it_names(traits: list[str], history: Any, effect: dict[str, Any]) -> None:
    """A wait counts from today or the implant in the history, the latest; an undated one is asked."""
    library = a_shelf(a_rule("heal", {"traits": traits, "modalities": ["stretching"]}, {"wait": "6 weeks"}))
    request = a_request("class", history=history, date=THURSDAY)

    found_limits = limited(library, request)

    (conflict,) = found(library, request).conflicts
    assert found_limits == (Limit(conflict, "class", "stretching", **effect),)


def test_a_wait_that_ended_before_the_procedure_is_no_conflict() -> None:
    """A wound of three years ago has healed: its wait limits nothing and its reason is not printed."""
    library = a_shelf(
        a_rule("heal", {"traits": ["implant"], "modalities": ["stretching"]}, {"wait": "6 weeks"})
    )
    history = [{"event": "device-implant", "on": "2023-12-03"}]

    assert found(library, a_request("class", history=history, date=THURSDAY)).conflicts == ()


def test_wait_after_an_implant_today_counts_from_today() -> None:
    """After an implant the wait counts from day 0, not from an earlier operation."""
    rule = a_rule("heal", {"traits": ["implant"], "modalities": ["stretching"]}, {"wait": "6 weeks"})
    library = a_library(rule, a_therapy("class"), an_intervention(traits=["implant"]))
    request = a_request("class", history=[{"event": "device-implant", "on": "2023-12-03"}], date=THURSDAY)

    found_limits = limited(library, request)

    assert [one.first_day for one in found_limits] == [42]


def test_limit_for_each_therapy_and_technique() -> None:
    """A rule limits every technique it names in every therapy that uses it."""
    rule = a_rule("all", {"modalities": ["heat", "stretching", "talking"]}, {"wait": "2 days"})
    library = a_shelf(rule)

    found_limits = limited(library, a_request("talks", "class"))

    assert [(one.therapy, one.modality, one.first_day) for one in found_limits] == [
        ("class", "stretching", 2),
        ("class", "heat", 2),
        ("talks", "talking", 2),
    ]


def test_other_region_is_limited_for_itself() -> None:
    """Near the procedure the longer wait holds, elsewhere the shorter one."""
    near = a_rule("near", {"regions": ["same"], "modalities": ["stretching"]}, {"wait": "7 days"})
    far = a_rule("far", {"regions": ["other"], "modalities": ["stretching"]}, {"wait": "1 day"})
    library = a_library(near, far, a_therapy("here"), a_therapy("there"))

    found_limits = limited(library, a_request("here", {"id": "there", "region": "knee"}))

    assert {(one.conflict.rule.id, one.therapy, one.first_day) for one in found_limits} == {
        ("near", "here", 7),
        ("far", "there", 1),
    }
