"""The smallest plan in which a fragment or a rule appears."""

import datetime as dt

import pytest

from careplan.content.library import Library
from careplan.planning.request import Request
from careplan.planning.safety import find_conflicts
from careplan.planning.selection import select
from careplan.planning.specimen import specimen
from careplan.problems import RequestError

USUAL = Request(intervention="epidural-steroid-injection", options={"site": ("lumbar",)})
DATED = USUAL.model_copy(update={"date": dt.date(2026, 12, 3)})


def test_a_therapy_joins_the_usual_intervention(library: Library) -> None:
    """Nothing else is in the plan, so that what is seen is the therapy."""
    request = specimen(library, "tai-chi", USUAL)

    assert request.intervention == "epidural-steroid-injection"
    assert [one.id for one in request.therapies] == ["tai-chi"]
    assert (request.conditions, request.factors, request.date) == ((), (), None)


def test_an_intervention_takes_the_first_value_of_each_option_it_needs(library: Library) -> None:
    """It stands alone, with the options that must be given and no others."""
    request = specimen(library, "nerve-block", USUAL)

    assert (request.intervention, request.therapies) == ("nerve-block", ())
    assert request.options == {"purpose": ("treatment",), "nerve": ("medial-branch",)}


def test_every_fragment_is_seen(library: Library) -> None:
    """There is a plan for each condition, factor and follow-up, with it inside."""
    for name in library.conditions:
        assert specimen(library, name, USUAL).conditions == (name,)
    for name in library.factors:
        assert [one.id for one in specimen(library, name, USUAL).factors] == [name]
    for name in library.follow_ups:
        chosen = select(library, specimen(library, name, USUAL))
        assert name in [one.id for one in chosen.follow_ups]


def test_every_rule_is_seen_as_it_is_written(library: Library) -> None:
    """With a day for the procedure, each rule certainly fires in its own plan, with its own action."""
    asked = {}
    for name, rule in library.rules.items():
        facts = select(library, specimen(library, name, DATED)).facts
        fired = {one.rule.id: one for one in find_conflicts(library, facts).conflicts}
        if not (fired[name].certain and fired[name].action == rule.then.action):
            asked[name] = fired[name].action

    assert asked == {}


def test_a_rule_about_the_past_is_asked_about_without_a_day(library: Library) -> None:
    """Without a procedure day nobody can say how long ago something was, and the rule asks."""
    facts = select(library, specimen(library, "c03a-epidural-too-soon", USUAL)).facts

    fired = {one.rule.id: one.action for one in find_conflicts(library, facts).conflicts}
    assert fired["c03a-epidural-too-soon"] == "ask"


def test_a_wrong_name_gets_the_likely_one(library: Library) -> None:
    """An id that nothing has is refused in a sentence."""
    with pytest.raises(RequestError, match="did you mean 'tai-chi'"):
        specimen(library, "tai-chee", USUAL)


def test_a_rule_that_can_never_fire_is_said_so(library: Library) -> None:
    """Where no plan shows it, that is told and nothing else is shown instead."""
    rule = library.rules["n02-heat-near-spine-or-ablation"]
    never = rule.model_copy(update={"unless": rule.when})
    changed = Library(**{**vars(library), "rules": {rule.id: never}})

    with pytest.raises(RequestError, match="No plan shows"):
        specimen(changed, rule.id, USUAL)
