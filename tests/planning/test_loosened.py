"""What a clinic made less strict, and what it made from ours, in a plan."""

import dataclasses
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from small_library import (
    a_factor,
    a_library,
    a_plan,
    a_request,
    a_rule,
    a_therapy,
    an_intervention,
    facts_of,
)

from careplan.content.origins import Loosened, Origin
from careplan.content.rules import SafetyRule
from careplan.content.strictness import Weaker
from careplan.planning.safety import find_conflicts


def loosened(rule: SafetyRule) -> Loosened:
    """Return that somebody dropped *rule*."""
    return Loosened("safety-rule", rule.id, (), "Dr. Example", "Our own policy.", rule)


words = {
    "traits": st.sampled_from(["needle", "steroid"]),
    "factors": st.sampled_from(["one", "two"]),
    "modalities": st.sampled_from(["stretching", "heat"]),
    "planned": st.just("mri"),
    "history": st.just({"event": "epidural-steroid"}),
}
whens = st.fixed_dictionaries({}, optional=words).filter(bool)


@given(
    when=whens,
    factors=st.lists(st.sampled_from(["one", {"id": "two", "status": "unknown"}]), unique_by=str),
    therapies=st.lists(st.just("class"), max_size=1),
    planned=st.lists(st.just("mri"), max_size=1),
)
def test_a_loosened_rule_is_told_wherever_it_would_have_fired(
    when: dict[str, Any], factors: list[Any], therapies: list[str], planned: list[str]
) -> None:
    """Each plan in which our rule fires, asks or might matter names what became of it."""
    rule = a_rule("our-rule", when, "caution")
    parts = [a_factor("one"), a_factor("two"), a_therapy()]
    request = a_request(*therapies, factors=factors, planned=planned)
    ours = find_conflicts(a_library(*parts, rule), facts_of(a_library(*parts), request))

    without = dataclasses.replace(a_library(*parts), loosened=(loosened(rule),))
    told = find_conflicts(without, facts_of(without, request)).loosened

    fired = [one.rule for one in ours.conflicts] + [*ours.not_known, *ours.outside]
    assert bool(told) == bool(fired)


def test_the_staff_sheet_names_who_stands_behind_it() -> None:
    """A row says what was weakened or dropped, by whom and why; a changed rule says so, too."""
    ours = a_rule("our-rule", {"traits": ["needle"]}, "ask")
    weaker = Weaker("red_flags", "fever", "")
    of_shot = dataclasses.replace(loosened(ours), kind="intervention", id="small-shot", rule=None)
    library = dataclasses.replace(
        a_library(a_rule("our-rule", {"traits": ["needle"]}, "info")),
        origins={"safety-rule/our-rule": Origin("clinic, from built-in", ("a", "b"))},
        loosened=(
            loosened(ours),
            dataclasses.replace(of_shot, weaker=(weaker,)),
            dataclasses.replace(of_shot, id="other-shot"),
        ),
    )

    sheet = a_plan(library, a_request()).staff

    assert [(row.label, row.id, row.what, row.said) for row in sheet.loosened] == [
        ("Dropped", "our-rule", "", "Dr. Example: Our own policy."),
        ("Changed", "small-shot", "Red flags: nothing instead of fever.", "Dr. Example: Our own policy."),
    ]
    assert [row.whose for row in sheet.fired] == ["Changed by the clinic."]


def test_the_plan_tells_which_texts_are_the_clinics() -> None:
    """The origins of a plan say whose each text is."""
    library = dataclasses.replace(
        a_library(a_therapy()), origins={"therapy/class": Origin("clinic, from built-in", ("a",))}
    )

    origins = a_plan(library, a_request("class")).origins

    assert [(one.id, one.whose) for one in origins] == [
        ("small-shot", "built-in"),
        ("class", "clinic, from built-in"),
    ]


def test_what_is_made_from_ours_meets_the_same_rules() -> None:
    """A rule that names an intervention or a therapy means those that are made from it as well."""
    rules = (
        a_rule("by-shot", {"interventions": ["small-shot"]}, "info"),
        a_rule("by-class", {"therapies": ["class"]}, "info"),
    )
    parts = (an_intervention(id="our-shot"), a_therapy(), a_therapy("our-class"), *rules)
    library = dataclasses.replace(
        a_library(*parts),
        made_from={
            "intervention/our-shot": frozenset({"small-shot"}),
            "therapy/our-class": frozenset({"class"}),
        },
    )
    request = a_request("our-class", intervention="our-shot")

    found = find_conflicts(library, facts_of(library, request))

    assert [one.rule.id for one in found.conflicts] == ["by-class", "by-shot"]
    assert not find_conflicts(a_library(*parts), facts_of(a_library(*parts), request)).conflicts
