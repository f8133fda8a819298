"""What waits, what stays out and why, as the patient reads it."""

from typing import Any

import pytest
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

from careplan.content.rules import SafetyRule
from careplan.planning.plan import KeptAway, Plan, Reason, Reasons, Safety, StartLine

ON_HEAT = {"modalities": ["heat"]}
ALLOW = {"by": "Dr. Example", "reason": "We talked about it."}


def a_plan_with(*rules: SafetyRule, **more: Any) -> Plan:
    """Return the plan of a class with stretching, heat and needles under *rules*."""
    library = a_library(
        *rules,
        a_therapy("class", core=("stretching",), techniques=("heat", "needling")),
        a_therapy("rest", core=("heat",)),
        a_factor("pregnant"),
        an_intervention(follow_ups=["reviews", "calls"]),
        a_follow_up(a_visit("seen", at="3 weeks", review=True), name="reviews"),
        a_follow_up(a_visit("call", at="1 day"), name="calls"),
    )
    therapies = more.pop("therapies", ["class"])
    return a_plan(library, a_request(*therapies, **({"date": THURSDAY} | more)))


@pytest.mark.parametrize(
    ("then", "safety"),
    [
        (
            "block",
            Safety(
                (),
                "heat packs",
                (),
                (Reasons("block", "Not in this plan", (Reason("Because of r.", answer=False),)),),
            ),
        ),
        (
            "ask",
            Safety(
                (StartLine(0, "No date yet", "Heat packs", "Only if we say yes."),),
                "",
                (),
                (Reasons("ask", "Ask us first", (Reason("Because of r.", answer=True),)),),
            ),
        ),
        (
            {"wait": "1 week"},
            Safety(
                (StartLine(7, "Thu, Dec 10", "Heat packs", ""),),
                "",
                (),
                (Reasons("wait", "Wait", (Reason("Because of r.", answer=False),)),),
            ),
        ),
        (
            {"wait": "1 day"},
            Safety((), "", (), (Reasons("wait", "Wait", (Reason("Because of r.", answer=False),)),)),
        ),
        (
            {"wait": "1 week", "until": "full-feeling"},
            Safety(
                (StartLine(7, "Thu, Dec 10", "Heat packs", "Only when all feeling is back."),),
                "",
                (),
                (Reasons("wait", "Wait", (Reason("Because of r.", answer=False),)),),
            ),
        ),
        (
            {"block": True, "until": "full-feeling"},
            Safety(
                (StartLine(0, "No date yet", "Heat packs", "Only when all feeling is back."),),
                "",
                (),
                (Reasons("block", "Not in this plan", (Reason("Because of r.", answer=False),)),),
            ),
        ),
        (
            {"block": True, "until": "review-visit"},
            Safety(
                (StartLine(21, "Thu, Dec 24", "Heat packs", ""),),
                "",
                (),
                (Reasons("block", "Not in this plan", (Reason("Because of r.", answer=False),)),),
            ),
        ),
        (
            {"avoid-area": ["numb-skin", "fresh-scar"]},
            Safety(
                (),
                "",
                (KeptAway("Heat packs", "Not on any numb skin. Not on a fresh scar."),),
                (Reasons("avoid-area", "Keep away", (Reason("Because of r.", answer=False),)),),
            ),
        ),
        (
            {"avoid-area": ["fresh-scar"], "until": "2 weeks"},
            Safety(
                (),
                "",
                (KeptAway("Heat packs", "Not on a fresh scar until December 17."),),
                (Reasons("avoid-area", "Keep away", (Reason("Because of r.", answer=False),)),),
            ),
        ),
        (
            {"avoid-area": ["numb-skin"], "until": "full-feeling"},
            Safety(
                (),
                "",
                (KeptAway("Heat packs", "Not on any numb skin until all feeling is back."),),
                (Reasons("avoid-area", "Keep away", (Reason("Because of r.", answer=False),)),),
            ),
        ),
        (
            "caution",
            Safety((), "", (), (Reasons("caution", "Take care", (Reason("Because of r.", answer=False),)),)),
        ),
        (
            "info",
            Safety((), "", (), (Reasons("info", "Good to know", (Reason("Because of r.", answer=False),)),)),
        ),
    ],
)
def test_each_action_in_words(then: Any, safety: Safety) -> None:
    """Each action is said once: from when, what stays out, where not, and why."""
    plan = a_plan_with(a_rule("r", ON_HEAT, then))

    said = plan.safety

    assert said == safety


@pytest.mark.parametrize(
    ("then", "starts", "kept_away"),
    [
        ("block", (StartLine(0, "No date yet", "Heat packs", "Only if we say yes."),), ()),
        ({"wait": "1 week"}, (StartLine(7, "Thu, Dec 10", "Heat packs", "Only if we say yes."),), ()),
        (
            {"wait": "1 week", "until": "full-feeling"},
            (
                StartLine(
                    7, "Thu, Dec 10", "Heat packs", "Only if we say yes. Only when all feeling is back."
                ),
            ),
            (),
        ),
        (
            {"avoid-area": ["numb-skin"], "until": "full-feeling"},
            (StartLine(0, "No date yet", "Heat packs", "Only if we say yes."),),
            (KeptAway("Heat packs", "Not on any numb skin until all feeling is back."),),
        ),
        ("caution", (StartLine(0, "No date yet", "Heat packs", "Only if we say yes."),), ()),
    ],
)
def test_what_is_not_known_is_asked(
    then: Any, starts: tuple[StartLine, ...], kept_away: tuple[KeptAway, ...]
) -> None:
    """A rule about something unknown asks first and keeps its wait, its state and its area."""
    rule = a_rule("r", ON_HEAT | {"factors": ["pregnant"]}, then)

    plan = a_plan_with(rule, factors=[{"id": "pregnant", "status": "unknown"}])

    asked = Reasons("ask", "Ask us first", (Reason("Because of r.", answer=True),))
    assert plan.safety == Safety(starts, "", kept_away, (asked,))


def test_sentence_is_said_once_under_its_strictest_action() -> None:
    """A sentence that several rules share is said once, under the strictest of their actions."""
    plan = a_plan_with(
        a_rule("a", ON_HEAT, {"wait": "1 week"}, patient="Heat swells."),
        a_rule("b", ON_HEAT, "ask", patient="Heat swells."),
        a_rule("c", ON_HEAT, "caution", patient="Heat swells."),
        a_rule("d", {"modalities": ["needling"]}, "caution", patient="Needles bruise."),
    )

    assert plan.safety.reasons == (
        Reasons("ask", "Ask us first", (Reason("Heat swells.", answer=True),)),
        Reasons("caution", "Take care", (Reason("Needles bruise.", answer=False),)),
    )


def test_block_with_an_ask_for_the_same_reason_has_a_line_for_the_answer() -> None:
    """Where one rule of a sentence asks, there is a line for our answer, whatever the label."""
    plan = a_plan_with(
        a_rule("a", ON_HEAT, "block", patient="Not now."),
        a_rule("b", {"modalities": ["needling"]}, "ask", patient="Not now."),
    )

    assert plan.safety.reasons == (Reasons("block", "Not in this plan", (Reason("Not now.", answer=True),)),)


def test_rule_without_a_sentence_is_for_staff() -> None:
    """A rule without a patient sentence is a conflict and says nothing to the patient."""
    plan = a_plan_with(a_rule("staff-only", ON_HEAT, "caution", patient=None))

    assert [conflict.rule.id for conflict in plan.conflicts] == ["staff-only"]
    assert plan.safety == Safety((), "", (), ())
    assert not plan.safety


def test_longest_wait_wins() -> None:
    """A technique starts on the day of its longest wait, and every state of its rules is said."""
    plan = a_plan_with(
        a_rule("short", ON_HEAT, {"wait": "3 days", "until": "full-feeling"}),
        a_rule("long", ON_HEAT, {"wait": "2 weeks"}),
        a_rule("middle", ON_HEAT, {"wait": "1 week"}),
    )

    assert plan.safety.starts == (
        StartLine(14, "Thu, Dec 17", "Heat packs", "Only when all feeling is back."),
    )


def test_techniques_that_start_together_share_a_line() -> None:
    """Techniques come by their first day, and those with the same day and notes on one line."""
    plan = a_plan_with(
        a_rule("a", {"modalities": ["stretching"]}, {"wait": "2 weeks"}),
        a_rule("b", {"modalities": ["needling", "heat"]}, {"wait": "1 week"}),
        therapies=["class", "rest"],
    )

    assert plan.safety.starts == (
        StartLine(7, "Thu, Dec 10", "Heat packs and acupuncture needles", ""),
        StartLine(14, "Thu, Dec 17", "Stretching", ""),
    )


def test_blocked_technique_is_left_out_and_does_not_start() -> None:
    """What is blocked stands among what is left out, even where another rule gives it a day."""
    plan = a_plan_with(
        a_rule("a", {"modalities": ["needling", "heat"]}, {"wait": "1 week"}),
        a_rule("b", ON_HEAT, "block"),
    )

    assert (plan.safety.starts, plan.safety.left_out) == (
        (StartLine(7, "Thu, Dec 10", "Acupuncture needles", ""),),
        "heat packs",
    )


def test_area_is_kept_away_from_for_the_longest_time() -> None:
    """The same area of the same technique is said once, with the latest end; one without an end wins."""
    three = a_rule("a", ON_HEAT, {"avoid-area": ["fresh-scar"], "until": "3 days"})
    week = a_rule(
        "b", {"modalities": ["heat", "needling"]}, {"avoid-area": ["fresh-scar"], "until": "1 week"}
    )
    ever = a_rule("c", {"modalities": ["needling"]}, {"avoid-area": ["fresh-scar"]})

    without_end = a_plan_with(three, week, ever).safety.kept_away
    with_end = a_plan_with(three, week).safety.kept_away

    assert with_end == (
        KeptAway("Heat packs and acupuncture needles", "Not on a fresh scar until December 10."),
    )
    assert without_end == (
        KeptAway("Heat packs", "Not on a fresh scar until December 10."),
        KeptAway("Acupuncture needles", "Not on a fresh scar."),
    )


def test_area_of_an_old_operation_is_no_longer_kept_away_from() -> None:
    """An area that healed before the procedure is not on the page; where the date is not known, it is."""
    rule = a_rule(
        "scar", ON_HEAT | {"traits": ["implant"]}, {"avoid-area": ["fresh-scar"], "until": "6 weeks"}
    )
    implant = {"event": "device-implant"}

    kept = {
        on: a_plan_with(rule, history=[implant | ({"on": on} if on else {})]).safety.kept_away
        for on in ("2023-12-03", "2026-10-22", "2026-11-03", None)
    }

    assert kept == {
        "2023-12-03": (),
        "2026-10-22": (),
        "2026-11-03": (KeptAway("Heat packs", "Not on a fresh scar until December 15."),),
        None: (KeptAway("Heat packs", "Not on a fresh scar."),),
    }


def test_wait_of_an_old_operation_is_over() -> None:
    """A technique whose wait ended before the procedure may start at once."""
    rule = a_rule("heal", ON_HEAT | {"traits": ["implant"]}, {"wait": "6 weeks"})

    plan = a_plan_with(rule, history=[{"event": "device-implant", "on": "2023-12-03"}])

    assert plan.safety.starts == ()


@pytest.mark.parametrize("then", ["block", "ask", {"wait": "1 week"}])
def test_what_is_allowed_reads_softer_and_stands_under_care(then: Any) -> None:
    """What a clinician allowed is neither left out nor asked; its sentence asks for care."""
    rule = a_rule("r", ON_HEAT, then, patient_if_allowed="We said yes.")

    plan = a_plan_with(rule, allow=[{"rule": "r"} | ALLOW])

    reasons = (Reasons("caution", "Take care", (Reason("We said yes.", answer=False),)),)
    assert plan.safety == Safety((), "", (), reasons)


def test_floor_of_what_is_allowed_is_said() -> None:
    """An allowed technique with a floor starts on its day."""
    rule = a_rule("r", ON_HEAT, {"block": True, "never_before": "12 weeks"})

    plan = a_plan_with(rule, allow=[{"rule": "r"} | ALLOW])

    assert (plan.safety.starts, plan.safety.left_out) == (
        (StartLine(84, "Thu, Feb 25", "Heat packs", ""),),
        "",
    )


def test_start_without_a_date() -> None:
    """Without a date the first day of a technique is said by its distance."""
    plan = a_plan_with(a_rule("r", ON_HEAT, {"wait": "2 weeks"}), date=None)

    assert plan.safety.starts == (StartLine(14, "2 weeks after your shot", "Heat packs", ""),)
