"""Does a `when` or an `only` hold for this request? The one place that decides it.

Answers are three-valued (Kleene): a fact that is not known makes the answer unknown,
and unknown is never taken for no.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from careplan.content.fragments import Factor, Intervention, Therapy
from careplan.content.vocabulary import Vocabulary
from careplan.content.when import PastEvent, When
from careplan.planning.request import PastEvent as Past
from careplan.planning.request import Request, days_before

UNKNOWN_VALUE = "unknown"
IMPLANTED = "device-implant"
_BOTH = "both"


class Truth(IntEnum):
    """No, unknown or yes, so ordered that `max` means any and `min` means all."""

    NO = 0
    UNKNOWN = 1
    YES = 2


@dataclass(frozen=True)
class Facts:
    """What is known about one request, as far as conditions ask about it."""

    request: Request
    intervention: str
    options: Mapping[str, frozenset[str]]
    traits: Mapping[str, int | None]
    regions: frozenset[str]
    region_known: bool
    factors: Mapping[str, Truth]
    conditions: frozenset[str]
    therapies: Mapping[str, Therapy]
    made_from: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def names_of(self, kind: str, name: str) -> frozenset[str]:
        """Return *name* and the ids that it was made from: what holds for those holds for it."""
        return self.made_from.get(f"{kind}/{name}", frozenset()) | {name}

    def since(self, factor: str) -> int | None:
        """Return the day on which *factor* began, counted from the procedure, if that is known."""
        states = {state.id: state for state in self.request.factors}
        if factor not in states:
            return 0 if factor in self.factors else None
        on, starts = states[factor].since, self.request.date
        return -(starts - on).days if on and starts else self.traits.get("implant")

    def modalities_of(self, therapy: str) -> tuple[str, ...]:
        """Return the modalities that the therapy may use, core ones first."""
        chosen = self.therapies[therapy]
        return chosen.core + chosen.techniques


def gather_facts(  # noqa: PLR0913, PLR0917 - all that a plan is known by
    request: Request,
    intervention: Intervention,
    therapies: Iterable[Therapy],
    vocabulary: Vocabulary,
    factors: Mapping[str, Factor],
    made_from: Mapping[str, frozenset[str]] | None = None,
) -> Facts:
    """Return the facts of *request*; options that are not given take their default.

    Traits come with the day, counted from the procedure, of the event that brings them:
    0 for today's procedure, negative for an operation in the history, None if its date
    is not known.
    """
    defaults = {choice.id: choice.default for choice in intervention.options}
    defaults |= {option.id: UNKNOWN_VALUE for option in vocabulary.options if option.everywhere}
    options = {
        key: frozenset(request.options.get(key, (value or UNKNOWN_VALUE,)))
        for key, value in defaults.items()
    }
    bare = Facts(
        request, intervention.id, options, traits={}, regions=frozenset(), region_known=True, factors={},
        conditions=frozenset(request.conditions),
        therapies={therapy.id: therapy for therapy in therapies},
        made_from=made_from or {},
    )
    granted = {
        name: [one.id for one in getattr(intervention, name) if holds(one.only, bare)]
        for name in ("traits", "regions", "factors")
    }
    states = {
        state.id: Truth.UNKNOWN if state.status == UNKNOWN_VALUE else Truth.YES
        for state in request.factors
    }
    states |= dict.fromkeys(granted["factors"], Truth.YES)
    perhaps_here = [
        one for one in intervention.regions if one.only and match(one.only, bare) is Truth.UNKNOWN
    ]
    return Facts(
        request, intervention.id, options,
        _past_traits(request, factors) | dict.fromkeys(granted["traits"], 0),
        frozenset(granted["regions"]), bool(granted["regions"]) and not perhaps_here,
        states, bare.conditions, bare.therapies, bare.made_from,
    )


def _past_traits(request: Request, factors: Mapping[str, Factor]) -> dict[str, int | None]:
    """Return `implant` for an operation in the past: it heals from its own date.

    The operation stands in the history, or a device in the body says that there was one.
    """
    days = [past.on for past in request.history or () if past.event == IMPLANTED]
    if not days:
        days = [
            state.since for state in request.factors
            if state.id in factors and factors[state.id].event == IMPLANTED
        ]
    if not days:
        return {}
    ages = [(request.date - on).days for on in days if on and request.date]
    return {"implant": -min(ages) if len(ages) == len(days) else None}


def holds(only: When | None, facts: Facts) -> bool:
    """Return whether something with this `only` is part of the plan; unknown counts as yes."""
    return only is None or match(only, facts) is not Truth.NO


def match(when: When, facts: Facts, therapy: str | None = None) -> Truth:
    """Return whether *when* is met, for *therapy* where it asks about one.

    History that the request does not state at all counts as not met; `perhaps` finds
    the rules for which it would matter.
    """
    return min(_answers(when, facts, therapy), default=Truth.YES)


def perhaps(when: When, facts: Facts, therapy: str | None = None) -> bool:
    """Return whether *when* could be met if the unstated history were known."""
    if when.history is None or facts.request.history is not None:
        return False
    others = when.model_copy(update={"history": None})
    return match(others, facts, therapy) is not Truth.NO


def _answers(when: When, facts: Facts, therapy: str | None) -> Iterable[Truth]:
    yield from _about_procedure(when, facts)
    yield from _about_patient(when, facts)
    if when.regions is not None:
        yield _region(facts, when.regions, therapy)
    if when.therapies is not None:
        here = [therapy] if therapy else facts.therapies
        yield _truth(any(facts.names_of("therapy", one) & set(when.therapies) for one in here))
    if when.modalities is not None:
        yield _truth(bool(matched_modalities(when, facts, therapy)))


def _about_procedure(when: When, facts: Facts) -> Iterable[Truth]:
    if when.interventions is not None:
        yield _truth(bool(facts.names_of("intervention", facts.intervention) & set(when.interventions)))
    if when.options is not None:
        yield from (_option(facts, key, values) for key, values in when.options.items())
    if when.traits is not None:
        yield _truth(any(trait in facts.traits for trait in when.traits))


def _about_patient(when: When, facts: Facts) -> Iterable[Truth]:
    if when.factors is not None:
        yield max(facts.factors.get(factor, Truth.NO) for factor in when.factors)
    if when.factors_all is not None:
        yield min(facts.factors.get(factor, Truth.NO) for factor in when.factors_all)
    if when.conditions is not None:
        known = {name for one in facts.conditions for name in facts.names_of("condition", one)}
        yield _truth(bool(known & set(when.conditions)))
    if when.planned is not None:
        yield _truth(bool(set(when.planned) & set(facts.request.planned)))
    if when.history is not None:
        yield from (_past(facts, past) for past in when.history)


def matched_modalities(when: When, facts: Facts, therapy: str | None) -> tuple[str, ...]:
    """Return the modalities of *therapy*, or of all therapies, that *when* names."""
    used = [therapy] if therapy else facts.therapies
    everything = dict.fromkeys(one for name in used for one in facts.modalities_of(name))
    return tuple(one for one in everything if when.modalities and one in when.modalities)


def _truth(answer: bool) -> Truth:  # noqa: FBT001 - the answer is all there is to say
    return Truth.YES if answer else Truth.NO


def _option(facts: Facts, key: str, values: Iterable[str]) -> Truth:
    chosen = facts.options.get(key)
    if chosen is None:
        return Truth.NO
    if chosen & set(values):
        return Truth.YES
    return Truth.UNKNOWN if UNKNOWN_VALUE in chosen else Truth.NO


def _region(facts: Facts, wanted: Iterable[str], therapy: str | None) -> Truth:
    """Return whether the place matches; a therapy whose place is not known is near."""
    asked = set(wanted)
    choices = {choice.id: choice.region for choice in facts.request.therapies}
    place = choices.get(therapy) if therapy else None
    elsewhere = place is not None and facts.region_known and place not in facts.regions
    if "same" in asked and not elsewhere:
        return Truth.YES
    if "other" in asked and elsewhere:
        return Truth.YES
    return _truth(bool(asked & facts.regions))


def _past(facts: Facts, wanted: PastEvent) -> Truth:
    if facts.request.history is None:
        return Truth.NO
    kinds = [past for past in facts.request.history if past.event in wanted.event]
    if wanted.milligrams or wanted.milligrams_above:
        return _amount(facts, kinds, wanted)
    if wanted.relief_below is not None:
        return _last_relief(facts, kinds, wanted)
    answers = sorted((_one_past(facts, past, wanted) for past in kinds), reverse=True)
    return answers[wanted.at_least - 1] if len(answers) >= wanted.at_least else Truth.NO


def _amount(facts: Facts, events: Iterable[Past], wanted: PastEvent) -> Truth:
    """Return whether past milligrams and today's come to what is asked, without converting."""
    # Two equal events are two events: each adds its milligrams.
    answers = [(one, _one_past(facts, one, wanted)) for one in events]
    counted = [one for one, answer in answers if answer is not Truth.NO]
    today = facts.request.steroid
    if not counted and today is None:
        return Truth.NO
    alike = today is not None and all(one.steroid == today.name and one.milligrams for one in counted)
    if today is None or not alike or any(answer is Truth.UNKNOWN for _, answer in answers):
        return Truth.UNKNOWN
    total = today.milligrams + sum(one.milligrams or 0 for one in counted)
    if wanted.milligrams_above is not None:
        return _truth(total > wanted.milligrams_above)
    return _truth(total == wanted.milligrams)


def _last_relief(facts: Facts, events: Iterable[Past], wanted: PastEvent) -> Truth:
    """Return whether the last of the events gave less relief than is asked."""
    answers = [(one, _one_past(facts, one, wanted)) for one in events]
    counted = [(one, answer) for one, answer in answers if answer is not Truth.NO]
    if len(counted) < wanted.at_least:
        return Truth.NO
    dated = [found for found in counted if found[0].on]
    if len(dated) < len(counted) > 1:
        return Truth.UNKNOWN
    last, answer = max(counted, key=lambda found: found[0].on or dt.date.min)
    if last.relief is None or wanted.relief_below is None:
        return Truth.UNKNOWN
    return min(answer, _truth(last.relief < wanted.relief_below))


def _one_past(facts: Facts, past: Past, wanted: PastEvent) -> Truth:
    answers = [Truth.YES]
    if wanted.region is not None:
        places = facts.regions if wanted.region == "same" else {wanted.region}
        known = past.region is not None and (wanted.region != "same" or facts.region_known)
        answers.append(_truth(past.region in places) if known else Truth.UNKNOWN)
    if wanted.within is not None:
        age = days_before(past, facts.request.date)
        answers.append(
            Truth.UNKNOWN if age is None else _truth(0 <= age <= wanted.within.days)
        )
    if wanted.side is not None:
        answers.append(_same_side(facts, past))
    if wanted.sedated is not None:
        answers.append(Truth.UNKNOWN if past.sedated is None else _truth(past.sedated == wanted.sedated))
    return min(answers)


def _same_side(facts: Facts, past: Past) -> Truth:
    """Return whether the event was on today's side; a side that is not known counts as the same."""
    today = facts.options.get("side", frozenset({UNKNOWN_VALUE}))
    here = {past.side or UNKNOWN_VALUE, *today}
    return _truth(bool(here & {UNKNOWN_VALUE, _BOTH}) or past.side in today)
