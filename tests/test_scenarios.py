"""The scenarios of scenarios.yaml, which a clinical reviewer reads first, come true."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from careplan.content.library import Library
from careplan.content.source import read_source
from careplan.content.validation import check_given
from careplan.planning.matching import Facts
from careplan.planning.request import Request
from careplan.planning.rhythm import allowed_from
from careplan.planning.safety import Findings, Limit, find_conflicts, limits, refuse_unsafe
from careplan.planning.selection import select
from careplan.problems import UnsafePlanError

# Read like a saved request: `on` is a word there and no truth value.
SCENARIOS: list[dict[str, Any]] = read_source(Path(__file__).with_name("scenarios.yaml")).data
ASKED = {
    "intervention", "options", "conditions", "factors", "therapies", "date", "history", "steroid", "planned",
    "allow",
}
SAID = {
    "name", "from", "expect", "not_expected", "stops", "first_days", "left_out", "not_known", "xfail",
}
THURSDAY = dt.date(2026, 12, 3)

every_scenario = pytest.mark.parametrize(
    "scenario",
    [
        pytest.param(
            one,
            id=re.sub(r"\W+", "-", one["name"].lower()),
            marks=[pytest.mark.xfail(reason=one["xfail"], strict=True)] if "xfail" in one else [],
        )
        for one in SCENARIOS
    ],
)


def what_happens(library: Library, scenario: dict[str, Any]) -> tuple[Facts, Findings]:
    """Return the facts of the scenario, on a Thursday if it names no day, and what fires."""
    asked = {key: value for key, value in scenario.items() if key in ASKED}
    facts = select(library, check_given(Request, {"date": THURSDAY, **asked}, scenario["name"])).facts
    return facts, find_conflicts(library, facts)


def stops(findings: Findings, facts: Facts) -> bool:
    """Return whether the plan is refused."""
    try:
        refuse_unsafe(findings.conflicts, facts)
    except UnsafePlanError:
        return True
    return False


def first_day(name: str, held: tuple[Limit, ...], facts: Facts) -> int | None:
    """Return the first day that is left to a therapy or to a technique, before the calendar is asked."""
    if name not in facts.therapies:
        mine = [one for one in held if one.modality == name]
        barred = any(one.removed or one.open_end for one in mine)
        return None if barred else max((one.first_day or 0 for one in mine), default=0)
    therapy = facts.therapies[name]
    mine = [one for one in held if one.therapy == name]
    core = [one for one in mine if one.modality is None or one.modality in therapy.core]
    if any(one.removed or one.open_end for one in core):
        return None
    return max(therapy.starts.days, 1, allowed_from(therapy, {name: mine}))


@every_scenario
def test_a_scenario_comes_true(library: Library, scenario: dict[str, Any]) -> None:
    """The rules that fire, the days, what is left out and whether the plan stops are as it says."""
    facts, findings = what_happens(library, scenario)
    held = limits(findings.conflicts, facts, None)

    fired = {one.rule.id: one.action for one in findings.conflicts}
    days = {name: first_day(name, held, facts) for name in scenario.get("first_days", ())}
    left_out = {one.modality for one in held if one.removed}
    not_known = {rule.id for rule in findings.not_known}

    assert {name: fired.get(name) for name in scenario["expect"]} == scenario["expect"]
    assert {name for name, action in fired.items() if action == "block"} - scenario["expect"].keys() == set()
    assert fired.keys() & set(scenario.get("not_expected", ())) == set()
    assert stops(findings, facts) == scenario.get("stops", False)
    assert days == scenario.get("first_days", {})
    assert left_out == set(scenario.get("left_out", left_out))
    assert set(scenario.get("not_known", ())) - not_known == set()


def test_scenarios_name_what_there_is(library: Library) -> None:
    """A scenario has known keys and names known rules, therapies and techniques; a slip hides nothing."""
    modalities = {one.id for one in library.vocabulary.modalities}

    strange = {
        f"{scenario['name']}: {word}"
        for scenario in SCENARIOS
        for words, known in (
            (scenario, ASKED | SAID),
            ((*scenario["expect"], *scenario.get("not_expected", ())), library.rules.keys()),
            (scenario.get("not_known", ()), library.rules.keys()),
            (scenario.get("first_days", ()), library.therapies.keys() | modalities),
            (scenario.get("left_out", ()), modalities),
        )
        for word in words
        if word not in known
    }

    assert strange == set()


def test_there_are_fifty_scenarios() -> None:
    """At least fifty patients are described, each under a name of its own."""
    names = [scenario["name"] for scenario in SCENARIOS]

    assert len(names) >= 50
    assert len(set(names)) == len(names)


def test_a_wrong_expectation_is_noticed(library: Library) -> None:
    """A scenario that expects too much, or overlooks a block, does not come true."""
    right = next(one for one in SCENARIOS if one["name"].startswith("A fever"))

    for wrong in ({"expect": {"p47-under-18": "block"}}, {"expect": {}}, {"stops": False}):
        with pytest.raises(AssertionError):
            test_a_scenario_comes_true(library, right | wrong)
