"""Every shipped safety rule fires where it says so, lets go where it does not, and is needed.

The requests are made from the rules themselves, so that a new rule is tested by being there.
"""

import datetime as dt
import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.content.fragments import Intervention
from careplan.content.library import Library, load_library
from careplan.content.resources import plans_folder
from careplan.content.rules import ACTIONS, SafetyRule
from careplan.content.when import PastEvent, When
from careplan.planning.matching import Facts, Truth, match
from careplan.planning.outlook import foresee
from careplan.planning.request import FactorState, Request
from careplan.planning.rhythm import allowed_from
from careplan.planning.safety import Conflict, find_conflicts, limits
from careplan.planning.selection import select
from careplan.planning.specimen import _looked_at as looked_at

LIBRARY = load_library(plans_folder())

every_rule = pytest.mark.parametrize("rule", LIBRARY.rules.values(), ids=LIBRARY.rules)

THURSDAY = dt.date(2026, 12, 3)
TODAY = {"name": "triamcinolone", "milligrams": 40}
LONG_AGO = 30


def conflict_of(rule: SafetyRule, request: Request) -> Conflict | None:
    """Return what *rule*, were it the only one, makes of *request*."""
    alone = replace(LIBRARY, rules={rule.id: rule})
    return next(iter(foresee(alone, request).conflicts), None)


def fires(rule: SafetyRule, request: Request) -> bool:
    """Return whether *rule* certainly fires, with its own action."""
    conflict = conflict_of(rule, request)
    return conflict is not None and conflict.certain and conflict.action == rule.then.action


def holds_its_ground(rule: SafetyRule, request: Request) -> bool:
    """Return whether *rule* fires with its own action or, where a fact is not known, a stricter one."""
    conflict = conflict_of(rule, request)
    own = ACTIONS.index(rule.then.action)
    return conflict is not None and ACTIONS.index(conflict.action) <= own


def found(library: Library, request: Request) -> set[tuple[str, str, bool, tuple[Any, ...]]]:
    """Return what fires for *request*: rule, action, whether it is certain, and what it touches."""
    return {
        (one.rule.id, one.action, one.certain, tuple(one.touches.items()))
        for one in foresee(library, request).conflicts
    }


def fired(request: Request) -> dict[str, str]:
    """Return the action of each rule of the whole library that fires for *request*."""
    return {one.rule.id: one.action for one in foresee(LIBRARY, request).conflicts}


def facts_of(request: Request) -> Facts:
    """Return the facts of *request*."""
    return select(LIBRARY, request).facts


def changed(request: Request, **changes: Any) -> Request:
    """Return *request* with some fields replaced."""
    return Request.model_validate({**request.model_dump(mode="python"), **changes})


# How a request that fires a rule is found.


def procedures(*whens: When | None) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Yield each intervention with every value of the options that *whens* look at."""
    for intervention in LIBRARY.interventions.values():
        values = legal_values(intervention)
        asked = {key for when in whens if when for key in looked_at(intervention, when)}
        varied = [key for key in values if key in asked]
        needed = {
            one.id: [values[one.id][0]]
            for one in intervention.options if one.default is None and one.id not in asked
        }
        for chosen in itertools.product(*(values[key] for key in varied)):
            yield intervention.id, needed | {
                key: [value] for key, value in zip(varied, chosen, strict=True)
            }


def legal_values(intervention: Intervention) -> dict[str, tuple[str, ...]]:
    """Return the values of each option of *intervention*, "unknown" last where it is one."""
    named = {option.id: tuple(option.values) for option in LIBRARY.vocabulary.options}
    return {
        one.id: (*(one.values or named[one.id]), *(() if one.must_be_known else ("unknown",)))
        for one in intervention.options
    }


def therapies_for(when: When, facts: Facts) -> list[list[dict[str, Any]]]:
    """Return the ways to choose one therapy that *when* is about, those with few techniques first."""
    if not when.about_therapies:
        return [[]]
    place = away_from(facts) if when.regions and "other" in when.regions else None
    return [
        [{"id": therapy.id, "region": place}]
        for therapy in sorted(LIBRARY.therapies.values(), key=lambda one: len(one.core + one.techniques))
        if uses(therapy.id, when)
    ]


def uses(therapy: str, when: When) -> bool:
    """Return whether *therapy* is one that *when* names, by its name or by a technique."""
    chosen = LIBRARY.therapies[therapy]
    named = when.therapies is None or therapy in when.therapies
    return named and (
        when.modalities is None or not set(when.modalities).isdisjoint(chosen.core + chosen.techniques)
    )


def away_from(facts: Facts) -> str:
    """Return a region that today's procedure is not in."""
    return next(one.id for one in LIBRARY.vocabulary.regions if one.id not in facts.regions)


def past_events(wanted: PastEvent, facts: Facts, age: int, **changes: Any) -> list[dict[str, Any]]:
    """Return the past events, *age* days ago, that *wanted* asks for, with *changes* to each of them."""
    region = next(iter(facts.regions), None) if wanted.region == "same" else wanted.region
    event = {
        "on": THURSDAY - dt.timedelta(days=age),
        "region": region,
        "relief": wanted.relief_below - 1 if wanted.relief_below else None,
        "sedated": wanted.sedated,
    }
    limit = wanted.milligrams or (wanted.milligrams_above and wanted.milligrams_above + 1)
    if limit:
        event |= {"steroid": TODAY["name"], "milligrams": limit - TODAY["milligrams"]}
    kinds = itertools.islice(itertools.cycle(wanted.event), wanted.at_least)
    return [{"event": kind, **event, **changes} for kind in kinds]


def histories(when: When, facts: Facts) -> Iterator[list[dict[str, Any]]]:
    """Yield what was done before, first as long ago as can be."""
    wanted = when.history or ()
    for share in (1, 2, 1000) if wanted else (1,):
        yield [
            event for past in wanted for event in past_events(past, facts, furthest(past) // share or 1)
        ]


def furthest(past: PastEvent) -> int:
    """Return how many days ago *past* may be at most."""
    return past.within.days if past.within else LONG_AGO


def requests_for(when: When, *more: When | None) -> Iterator[Request]:
    """Yield requests in which all that *when* names is there, with every option it looks at."""
    for intervention, options in procedures(when, *more):
        bare = Request.model_validate(
            {
                "intervention": intervention,
                "options": options,
                "date": THURSDAY,
                "history": [],
                "factors": [*(when.factors_all or ()), *(when.factors or ())[:1]],
                "conditions": (when.conditions or ())[:1],
                "planned": (when.planned or ())[:1],
            }
        )
        facts = facts_of(bare)
        for therapies, history in itertools.product(therapies_for(when, facts), histories(when, facts)):
            today = TODAY if any("milligrams" in past for past in history) else None
            yield changed(bare, therapies=therapies, history=history, steroid=today)


def firing(rule: SafetyRule) -> Request | None:
    """Return a request for which *rule* certainly fires, if there is one."""
    return next((one for one in requests_for(rule.when, rule.unless) if fires(rule, one)), None)


@cache
def firing_request(name: str) -> Request:
    """Return a request for which the shipped rule *name* fires."""
    request = firing(LIBRARY.rules[name])
    if request is None:
        pytest.fail(f"No request fires the safety rule '{name}': its `when` asks for what cannot meet.")
    return request


# How a near miss is found: one key of the `when` is not met, and all others are.


def near_misses(rule: SafetyRule, request: Request) -> dict[str, Request]:
    """Return a request for each key of the rule's `when`, and its `unless`, in which only that differs."""
    misses: dict[str, Request] = {}
    for key, near in (*changes_to(rule, request), *exceptions(rule)):
        without_key = without(rule, key)
        # An exception may stand on what is not known, which is no more than asked.
        if key not in misses and (
            conflict_of(without_key, near) if key == "unless" else fires(without_key, near)
        ):
            misses[key] = near
    return misses


def without(rule: SafetyRule, key: str) -> SafetyRule:
    """Return *rule* as it were if it did not ask for *key*; it stays one about therapies."""
    if key == "unless":
        return rule.model_copy(update={"unless": None})
    anything = tuple(one.id for one in LIBRARY.vocabulary.modalities) if key == "modalities" else None
    return rule.model_copy(update={"when": rule.when.model_copy(update={key: anything})})


def changes_to(rule: SafetyRule, request: Request) -> Iterator[tuple[str, Request]]:
    """Yield changes of *request* with the one key of the rule's `when` that each fails to meet."""
    yield from patient_changes(rule.when, request)
    yield from therapy_changes(rule.when, request)
    yield from history_changes(rule.when, request)
    yield from procedure_changes(rule, request)


def patient_changes(when: When, request: Request) -> Iterator[tuple[str, Request]]:
    """Yield *request* without a factor, the condition or what is planned."""
    for number, factor in enumerate(request.factors):
        fewer = changed(request, factors=[*request.factors[:number], *request.factors[number + 1 :]])
        if factor.id not in facts_of(fewer).factors:
            yield "factors_all" if factor.id in (when.factors_all or ()) else "factors", fewer
    for key in ("conditions", "planned"):
        if getattr(when, key):
            yield key, changed(request, **{key: []})


def therapy_changes(when: When, request: Request) -> Iterator[tuple[str, Request]]:
    """Yield *request* with a therapy that *when* is not about, or with the therapy at another place."""
    for therapy in request.therapies:
        key = "modalities" if when.modalities else "therapies"
        for other in LIBRARY.therapies:
            if not uses(other, when):
                yield key, changed(request, therapies=[{**therapy.model_dump(), "id": other}])
        facts = facts_of(request)
        if when.regions and "same" in when.regions and facts.regions:
            yield "regions", changed(request, therapies=[{"id": therapy.id, "region": away_from(facts)}])
        if when.regions and "other" in when.regions:
            yield "regions", changed(request, therapies=[{"id": therapy.id, "region": min(facts.regions)}])


def history_changes(when: When, request: Request) -> Iterator[tuple[str, Request]]:
    """Yield *request* with past events a day too old, elsewhere, just over a limit, or one too few."""
    facts = facts_of(request)
    if not when.history:
        return
    wanted = when.history[0]
    rest = request.history[wanted.at_least :] if request.history else ()

    def changing(**changes: Any) -> tuple[str, Request]:
        events = past_events(wanted, facts, changes.pop("age", furthest(wanted)), **changes)
        return "history", changed(request, history=[*events, *rest])

    if wanted.within:
        yield changing(age=wanted.within.days + 1)
    if wanted.region == "same":
        yield changing(region=away_from(facts))
    if wanted.relief_below:
        yield changing(relief=wanted.relief_below)
    if wanted.sedated is not None:
        yield changing(sedated=not wanted.sedated)
    if wanted.milligrams or wanted.milligrams_above:
        total = wanted.milligrams or wanted.milligrams_above or 0
        yield changing(milligrams=total - TODAY["milligrams"] - bool(wanted.milligrams))
    yield "history", changed(request, history=(request.history or ())[1:])


def procedure_changes(rule: SafetyRule, request: Request) -> Iterator[tuple[str, Request]]:
    """Yield other procedures, and the same with other options, that fail to meet just one key."""

    def distance(one: tuple[str, Mapping[str, Any]]) -> tuple[bool, int]:
        differing = [key for key, value in one[1].items() if request.options.get(key) != tuple(value)]
        return one[0] != request.intervention, len(differing)

    for intervention, options in sorted(procedures(rule.when, rule.unless), key=distance):
        other = changed(request, intervention=intervention, options=options)
        others = [other]
        if "implant" in (rule.when.traits or ()):
            # A device of last week brings the trait, whatever is done today.
            implant = {"event": "device-implant", "on": THURSDAY - dt.timedelta(days=7)}
            others.append(changed(other, history=[implant, *(other.history or ())]))
        for one in others:
            unmet = [key for key, is_met in procedure_answers(rule.when, facts_of(one)).items() if not is_met]
            if len(unmet) == 1:
                yield unmet[0], one


def procedure_answers(when: When, facts: Facts) -> dict[str, bool]:
    """Return for each key of *when* about the procedure whether some value of it is there."""
    answers = {}
    if when.interventions:
        answers["interventions"] = facts.intervention in when.interventions
    if when.traits:
        answers["traits"] = not set(when.traits).isdisjoint(facts.traits)
    if when.options:
        answers["options"] = all(
            not {*values, "unknown"}.isdisjoint(facts.options.get(key, ()))
            for key, values in when.options.items()
        )
    if when.regions and "same" not in when.regions and "other" not in when.regions:
        answers["regions"] = not set(when.regions).isdisjoint(facts.regions)
    if when.factors:
        answers["factors"] = not set(when.factors).isdisjoint(facts.factors)
    return answers


def exceptions(rule: SafetyRule) -> Iterator[tuple[str, Request]]:
    """Yield requests in which the rule's `unless` holds."""
    if rule.unless is None:
        return
    for request in requests_for(rule.when, rule.unless):
        facts = facts_of(request)
        wanted = rule.unless.history or ()
        events = [event for past in wanted for event in past_events(past, facts, LONG_AGO)]
        more = changed(
            request,
            factors=[*request.factors, *(rule.unless.factors or ())[:1]],
            conditions=[*request.conditions, *(rule.unless.conditions or ())[:1]],
            history=[*(request.history or ()), *events],
        )
        if match(rule.unless, facts_of(more)) is Truth.YES:
            yield "unless", more


@every_rule
def test_a_rule_fires(rule: SafetyRule) -> None:
    """There is a request for which the rule fires in the whole library, with the action it names."""
    request = firing_request(rule.id)

    assert fired(request).get(rule.id) == rule.then.action


@every_rule
def test_a_rule_lets_go_of_a_near_miss(rule: SafetyRule) -> None:
    """Where one key of the rule's `when` is not met, or its `unless` is, the rule is silent."""
    near = near_misses(rule, firing_request(rule.id))

    assert near, f"The safety rule '{rule.id}' has no near miss: nothing it asks for can be missing alone."
    assert rule.unless is None or "unless" in near, f"The `unless` of the rule '{rule.id}' never holds."
    assert [key for key, request in near.items() if rule.id in fired(request)] == []


@every_rule
def test_every_word_of_a_rule_counts(rule: SafetyRule) -> None:
    """Each value in the rule's `when` is enough to fire it, alone of its key; none is dead."""
    dead = [words for words, narrow in narrowed(rule) if firing(narrow) is None]

    assert dead == [], f"The safety rule '{rule.id}' names what never fires it: {', '.join(dead)}."


def narrowed(rule: SafetyRule) -> Iterator[tuple[str, SafetyRule]]:
    """Yield *rule* with each single value of each key that has several."""

    def with_when(**changes: Any) -> SafetyRule:
        return rule.model_copy(update={"when": rule.when.model_copy(update=changes)})

    listed = ("traits", "interventions", "regions", "therapies", "modalities", "factors", "conditions")
    for key in (*listed, "planned"):
        for value in getattr(rule.when, key) or ():
            yield f"{key} {value}", with_when(**{key: (value,)})
    for key, values in (rule.when.options or {}).items():
        for value in values:
            yield f"{key} {value}", with_when(options={**(rule.when.options or {}), key: (value,)})
    for number, past in enumerate(rule.when.history or ()):
        for kind in past.event:
            one = past.model_copy(update={"event": (kind,)})
            others = list(rule.when.history or ())
            yield f"event {kind}", with_when(history=(*others[:number], one, *others[number + 1 :]))


@every_rule
def test_a_rule_is_needed(rule: SafetyRule) -> None:
    """Without the rule its conflict is gone and no other one changes: no rule stands in another's shadow."""
    request = firing_request(rule.id)
    others = {name: one for name, one in LIBRARY.rules.items() if name != rule.id}

    before = found(LIBRARY, request)
    after = found(replace(LIBRARY, rules=others), request)

    assert {name for name, *_ in before - after} == {rule.id}
    assert after <= before


@every_rule
def test_another_factor_silences_no_rule(rule: SafetyRule) -> None:
    """Whatever else is true of the patient, a rule that fires keeps firing, except through its `unless`."""
    request = firing_request(rule.id)
    known = {state.id for state in request.factors}
    excepted = {*((rule.unless and rule.unless.factors) or ())}

    silenced = {
        factor
        for factor, status in itertools.product(sorted(LIBRARY.factors.keys() - known), ("yes", "unknown"))
        if not holds_its_ground(rule, and_also(request, factor, status))
    }

    assert silenced <= excepted


def and_also(request: Request, factor: str, status: str) -> Request:
    """Return *request* with one more factor."""
    state = FactorState.model_validate({"id": factor, "status": status})
    return request.model_copy(update={"factors": (*request.factors, state)})


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Draw a procedure and facts about a patient; the plan holds every therapy there is."""
    intervention = LIBRARY.interventions[draw(st.sampled_from(sorted(LIBRARY.interventions)))]
    options = {
        key: [draw(st.sampled_from(values))] for key, values in legal_values(intervention).items()
    }
    words = LIBRARY.vocabulary
    regions = st.none() | st.sampled_from([one.id for one in words.regions])
    past = st.fixed_dictionaries(
        {
            "event": st.sampled_from([one.id for one in words.events]),
            "on": st.none() | st.dates(dt.date(2025, 6, 1), THURSDAY),
            "region": regions,
            "relief": st.none() | st.integers(0, 100),
            "steroid": st.just(TODAY["name"]),
            "milligrams": st.none() | st.sampled_from([40, 80, 160]),
        }
    )
    place = draw(regions)
    return Request.model_validate(
        {
            "intervention": intervention.id,
            "options": options,
            "date": draw(st.none() | st.just(THURSDAY)),
            "therapies": [{"id": name, "region": place} for name in LIBRARY.therapies],
            "factors": draw(st.lists(factor_states(), max_size=3, unique_by=lambda one: one["id"])),
            "history": draw(st.none() | st.lists(past, max_size=3)),
            "steroid": draw(st.none() | st.just(TODAY)),
            "planned": draw(st.lists(st.sampled_from([one.id for one in words.activities]), max_size=1)),
        }
    )


def factor_states() -> st.SearchStrategy[dict[str, str]]:
    """Draw a factor that the patient has, or that nobody could tell."""
    status = st.sampled_from(["yes", "unknown"])
    return st.fixed_dictionaries({"id": st.sampled_from(sorted(LIBRARY.factors)), "status": status})


def limits_of(request: Request) -> tuple[dict[str, Conflict], set[tuple[str, str | None]], dict[str, float]]:
    """Return the conflicts, the techniques that are removed, and the first day of each therapy."""
    facts = facts_of(request)
    conflicts = find_conflicts(LIBRARY, facts).conflicts
    held = limits(conflicts, facts, None)
    first_days: dict[str, float] = {}
    for therapy in facts.therapies.values():
        mine = [one for one in held if one.therapy == therapy.id]
        stopped = [
            one for one in mine
            if (one.removed or one.open_end) and (one.modality is None or one.modality in therapy.core)
        ]
        first_days[therapy.id] = math.inf if stopped else allowed_from(therapy, {therapy.id: mine})
    removed = {(one.therapy, one.modality) for one in held if one.removed}
    return {one.rule.id: one for one in conflicts}, removed, first_days


@settings(max_examples=100, deadline=None, derandomize=True)
@given(request=requests(), factor=factor_states())
def test_another_factor_makes_no_plan_less_strict(request: Request, factor: dict[str, str]) -> None:
    """With one more factor no conflict goes or gets softer, nothing comes back, nothing starts earlier.

    There is one exception: a rule falls silent through its `unless`, where another one speaks in
    its place.
    """
    others = tuple(one for one in request.factors if one.id != factor["id"])
    fewer = request.model_copy(update={"factors": others})
    more = and_also(fewer, factor["id"], factor["status"])

    before, removed_before, days_before = limits_of(fewer)
    after, removed_after, days_after = limits_of(more)

    lost = {name for name in before.keys() - after.keys() if not excepts(name, factor["id"])}
    softer = {
        name for name in before.keys() & after.keys()
        if ACTIONS.index(after[name].action) > ACTIONS.index(before[name].action)
    }
    assert lost == set()
    assert softer == set()
    assert removed_before <= removed_after
    assert [name for name, day in days_before.items() if days_after[name] < day] == []


def excepts(name: str, factor: str) -> bool:
    """Return whether *factor* belongs to the `unless` of the rule *name*."""
    unless = LIBRARY.rules[name].unless
    return unless is not None and factor in (unless.factors or ())


# The guards above can fail.


def a_rule(**when: Any) -> SafetyRule:
    """Return a rule that cautions *when* something meets."""
    return SafetyRule.model_validate(
        {
            "id": "a-rule", "when": when, "then": "caution", "staff": "Because.", "basis": "Example.",
            "confidence": "low",
        }
    )


def test_a_rule_that_cannot_fire_is_noticed() -> None:
    """No request is found for traits and a procedure that do not go together."""
    rule = a_rule(interventions=["spinal-cord-stimulation"], traits=["muscle-needle"])

    assert firing(rule) is None


def test_a_rule_without_near_miss_is_noticed() -> None:
    """A rule that fires for every procedure has no near miss."""
    rule = a_rule(interventions=list(LIBRARY.interventions))
    request = firing(rule)

    assert request is not None
    assert near_misses(rule, request) == {}


def test_a_dead_word_is_noticed() -> None:
    """A value that can never fire the rule is found among those that can."""
    rule = a_rule(interventions=["spinal-cord-stimulation"], traits=["stimulator", "muscle-needle"])

    dead = [words for words, narrow in narrowed(rule) if firing(narrow) is None]

    assert dead == ["traits muscle-needle"]
