"""Tests of comparing a clinic's rule with ours."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.content.fragments import Intervention, Therapy
from careplan.content.rules import RedFlag, SafetyRule
from careplan.content.strictness import (
    below_floor,
    order,
    weaker_in_fragment,
    weaker_in_rule,
    weaker_in_sign,
)


def rule(when: Any = None, then: Any = "ask", **more: Any) -> SafetyRule:
    """Return a rule about needles, unless *when* says otherwise."""
    return SafetyRule.model_validate(
        {
            "id": "r",
            "when": when or {"traits": ["needle"]},
            "then": then,
            "staff": "Reason.",
            "basis": "Common practice.",
            "confidence": "low",
            **more,
        }
    )


def past(**more: Any) -> dict[str, Any]:
    """Return a condition on the history."""
    return {"history": {"event": ["e"], **more}}


def test_actions_are_ordered() -> None:
    """Block is stricter than ask, ask than wait, and so on to info."""
    actions = ["block", "ask", {"wait": "7 days"}, {"avoid-area": ["a"]}, "caution", "info"]
    rules = [rule(then=action) for action in actions]

    for place, own in enumerate(rules):
        assert [order(own, base) for base in rules] == [
            "looser" if other < place else "same" if other == place else "stricter"
            for other in range(len(rules))
        ]


@pytest.mark.parametrize(
    ("own", "base", "expected"),
    [
        ({"wait": "8 days"}, {"wait": "1 week"}, "stricter"),
        ({"wait": "7 days"}, {"wait": "1 week"}, "same"),
        ({"wait": "6 days"}, {"wait": "1 week"}, "looser"),
        ({"avoid-area": ["a", "b"]}, {"avoid-area": ["a"]}, "stricter"),
        ({"avoid-area": ["b"]}, {"avoid-area": ["a"]}, "unclear"),
        ({"avoid-area": ["a"], "until": "3 days"}, {"avoid-area": ["a"]}, "looser"),
        ({"avoid-area": ["a"], "until": "9 days"}, {"avoid-area": ["a"], "until": "3 days"}, "stricter"),
        ({"avoid-area": ["a"], "until": "healed"}, {"avoid-area": ["a"], "until": "3 days"}, "unclear"),
        # A block that ends after some days is a wait.
        ({"block": True, "until": "3 days"}, {"wait": "7 days"}, "unclear"),
        ({"block": True, "until": "7 days"}, {"wait": "7 days"}, "stricter"),
        ({"block": True, "until": "7 days"}, "block", "looser"),
        ({"block": True, "until": "7 days"}, "ask", "unclear"),
        # Nobody can allow what lasts until a state; a block for good can be allowed.
        ({"block": True, "until": "healed"}, "block", "unclear"),
        ({"ask": True, "until": "healed"}, "ask", "stricter"),
        ("ask", {"ask": True, "until": "healed"}, "looser"),
        ("block", {"block": True, "never_before": "12 weeks"}, "looser"),
        ({"block": True, "never_before": "3 weeks"}, {"block": True, "never_before": "2 weeks"}, "stricter"),
        # The action is stricter, but it ends before.
        ({"ask": True, "until": "1 day"}, {"wait": "12 weeks"}, "unclear"),
    ],
)
def test_effects_are_compared(own: Any, base: Any, expected: str) -> None:
    """Days, areas, states and floors count; what both gains and loses is unclear."""
    assert order(rule(then=own), rule(then=base)) == expected


@pytest.mark.parametrize(
    ("own", "base", "expected"),
    [
        ({"traits": ["a", "b"]}, {"traits": ["a"]}, "stricter"),
        ({"traits": ["a"]}, {"traits": ["a"], "factors": ["f"]}, "stricter"),
        ({"traits": ["b"]}, {"traits": ["a"]}, "unclear"),
        ({"traits": ["a"], "regions": ["same"]}, {"traits": ["a"]}, "looser"),
        ({"factors_all": ["f"]}, {"factors_all": ["f", "g"]}, "stricter"),
        ({"options": {"site": ["x", "y"]}}, {"options": {"site": ["x"], "side": ["left"]}}, "stricter"),
        (past(within="90 days"), past(within="60 days"), "stricter"),
        (past(at_least=3), past(at_least=2), "looser"),
        (past(), past(relief_below=50), "unclear"),
        # A rule that is no longer about a technique limits none.
        ({"traits": ["a"]}, {"traits": ["a"], "modalities": ["heat"]}, "unclear"),
        ({"modalities": ["heat"]}, {"modalities": ["heat"], "therapies": ["t"]}, "stricter"),
    ],
)
def test_conditions_are_compared(own: Any, base: Any, expected: str) -> None:
    """Fewer keys and more values make a rule fire more often."""
    assert order(rule(own), rule(base)) == expected


def test_exceptions_are_compared_the_other_way_round() -> None:
    """A wider `unless` lets more through."""
    never, narrow, wide = (
        rule(**({"unless": {"factors": factors}} if factors else {})) for factors in ([], ["f"], ["f", "g"])
    )

    assert [order(never, narrow), order(narrow, wide)] == ["stricter", "stricter"]
    assert [order(wide, narrow), order(narrow, never)] == ["looser", "looser"]


def test_what_is_told_belongs_to_a_rule() -> None:
    """A rule without its sentence, check or sign is looser; another wording is the same."""
    full = rule(patient="Ask us.", check="Asked.", red_flags=["fever"])

    assert order(rule(patient="Call us.", check="Done.", red_flags=["fever"], staff="Other."), full) == "same"
    assert [one.field for one in weaker_in_rule(rule(), full)] == ["patient", "check", "red_flags"]
    sign = rule(patient="Ask us.", check="Asked.", red_flags=[{"id": "fever", "tier": "emergency"}])
    assert order(sign, full) == "stricter"


def test_a_difference_is_told_in_the_authors_words() -> None:
    """What is weaker is shown as it was and as it is."""
    (weaker,) = weaker_in_rule(rule(then={"wait": "3 days"}), rule(then={"wait": "7 days"}))

    assert (weaker.field, weaker.base, weaker.own) == ("then", "wait 7 days", "wait 3 days")


def test_a_floor_cannot_be_gone_below() -> None:
    """What nobody can allow before a day, a clinic cannot shorten, narrow or drop."""
    floor = rule({"traits": ["a", "b"]}, {"block": True, "never_before": "12 weeks"})

    assert below_floor(None, floor)
    assert below_floor(rule({"traits": ["a", "b"]}, "block"), floor)
    assert below_floor(rule({"traits": ["a"]}, {"block": True, "never_before": "12 weeks"}), floor)
    assert not below_floor(rule({"traits": ["a", "b"]}, {"wait": "1 day", "never_before": "12 weeks"}), floor)
    assert not below_floor(None, rule())


def test_signs_of_the_catalogue_are_compared() -> None:
    """A milder tier, a narrower `only` or a sign that is not everybody's is less."""

    def sign(**more: Any) -> RedFlag:
        return RedFlag.model_validate({"id": "s", "tier": "today", "text": "Sign", **more})

    assert not weaker_in_sign(sign(tier="emergency", everyone=True), sign(only={"traits": ["a"]}))
    assert [one.field for one in weaker_in_sign(sign(tier="next-visit"), sign())] == ["tier"]
    weaker = weaker_in_sign(sign(only={"traits": ["a"]}), sign(everyone=True))
    assert [one.field for one in weaker] == ["everyone", "only"]


REVIEW = {"status": "draft", "version": 1, "due": "2027-11-01"}


def test_traits_and_techniques_are_what_rules_go_by() -> None:
    """An intervention without a trait, or a therapy without a technique, meets fewer rules."""

    def shot(*traits: Any, **more: Any) -> Intervention:
        data = {"kind": "intervention", "id": "i", "title": "I", "called": "i", "summary": "I",
                "message": [{"id": "m", "text": "M."}]}  # fmt: skip
        return Intervention.model_validate({**data, "review": REVIEW, "traits": traits, **more})

    def course(core: list[str], techniques: list[str]) -> Therapy:
        phase = {"id": "p", "title": "P", "weeks": 1, "visits_per_week": 1}
        data = {"kind": "therapy", "id": "t", "title": "T", "called": "t", "therapist": "t", "summary": "T",
                "starts": "1 day", "counts_as_new": False, "passive": False, "review": REVIEW}  # fmt: skip
        return Therapy.model_validate({**data, "phases": [phase], "core": core, "techniques": techniques})

    assert not weaker_in_fragment(shot("a", "b"), shot("a"))
    narrowed = shot({"id": "a", "only": {"options": {"site": ["x"]}}}, red_flags=[])
    assert [one.field for one in weaker_in_fragment(narrowed, shot("a", red_flags=["f"]))] == [
        "red_flags",
        "traits",
    ]
    assert not weaker_in_fragment(course(["a", "b"], []), course(["a"], ["b"]))
    assert [one.field for one in weaker_in_fragment(course([], ["a"]), course(["a"], ["b"]))] == [
        "core",
        "techniques",
    ]


words = st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True)
days = st.sampled_from(["1 day", "3 days", "1 week"])
ends = st.none() | days | st.sampled_from(["healed", "seen"])
pasts = st.fixed_dictionaries(
    {"event": words},
    optional={"within": days, "at_least": st.integers(1, 3), "relief_below": st.sampled_from([30, 50])},
)
whens = st.fixed_dictionaries(
    {"traits": words},
    optional={
        "modalities": words, "factors": words, "factors_all": words, "planned": words,
        "options": st.dictionaries(st.sampled_from("xy"), words, min_size=1),
        "history": st.lists(pasts, min_size=1, max_size=2),
    },
)  # fmt: skip
thens = st.one_of(
    st.fixed_dictionaries({"wait": days}),
    st.fixed_dictionaries({"avoid-area": words}),
    *(st.fixed_dictionaries({name: st.just(value=True)}) for name in ("block", "ask", "caution", "info")),
).flatmap(
    lambda action: st.builds(
        lambda until, floor: action | {"until": until, "never_before": floor}, ends, st.none() | days
    )
)
rules = st.builds(
    lambda when, then, unless, patient: rule(when, then, unless=unless, patient=patient),
    whens, thens, st.none() | whens, st.none() | st.just("Because."),
)  # fmt: skip


@given(rules)
def test_a_rule_is_as_strict_as_itself(one: SafetyRule) -> None:
    """Strictness is reflexive."""
    assert order(one, one) == "same"


@given(rules, rules)
def test_of_two_rules_at_most_one_is_stricter(one: SafetyRule, other: SafetyRule) -> None:
    """Seen from the other side, stricter is looser, and same and unclear stay what they are."""
    turned = {"same": "same", "unclear": "unclear", "stricter": "looser", "looser": "stricter"}

    assert order(other, one) == turned[order(one, other)]


@given(rules, rules, rules, st.data())
def test_strictness_is_handed_on(
    one: SafetyRule, two: SafetyRule, three: SafetyRule, data: st.DataObject
) -> None:
    """What is at least as strict as the second is as strict as all that the second is as strict as."""
    # Mixtures of three rules are comparable far more often than rules picked at random.
    fields = ("when", "then", "unless", "patient")
    pool = [one, two, three]
    first, second, third = (
        one.model_copy(update={name: getattr(data.draw(st.sampled_from(pool)), name) for name in fields})
        for _ in pool
    )

    if not weaker_in_rule(first, second) and not weaker_in_rule(second, third):
        assert not weaker_in_rule(first, third)
