"""The smallest plan in which a fragment or a rule appears, to look at it on paper."""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from careplan.content.fragments import Intervention
from careplan.content.library import Library
from careplan.content.when import When
from careplan.planning.matching import UNKNOWN_VALUE, Facts, gather_facts
from careplan.planning.request import FactorState, PastEvent, Request, Steroid, TherapyChoice
from careplan.planning.safety import find_conflicts, refuse_unsafe
from careplan.planning.selection import select
from careplan.problems import RequestError, UnsafePlanError, did_you_mean

# How well a plan shows something: not at all, as a question, or as it is written.
_NOT, _PERHAPS, _SURELY = range(3)
# A past event without a limit in time is this many days old.
_LONG_AGO = 30
_STEROID = Steroid(name="triamcinolone", milligrams=40)


def specimen(library: Library, name: str, usual: Request) -> Request:
    """Return the smallest request whose plan shows the fragment or safety rule *name*.

    The intervention and options of *usual* are tried first, and its date is kept. A plan
    that a safety rule stops is the answer only where every plan is stopped. Raises
    `RequestError` where nothing has that name, or no plan shows it.
    """
    kind = kind_of(library, name)
    best, best_rank = None, (_NOT, False)
    for request in _candidates(library, kind, name, usual):
        rank = _rank(library, kind, name, request)
        if rank > best_rank:
            best, best_rank = request, rank
        if best_rank == (_SURELY, True):
            break
    if best is None:
        message = f"No plan shows '{name}': what it asks for never comes together."
        raise RequestError(message)
    return best


def kind_of(library: Library, name: str) -> str:
    """Return what *name* is the id of; raises `RequestError` where nothing has it."""
    shelves: dict[str, Mapping[str, Any]] = {
        "intervention": library.interventions, "therapy": library.therapies,
        "follow-up": library.follow_ups, "condition": library.conditions,
        "factor": library.factors, "rule": library.rules,
    }
    for kind, shelf in shelves.items():
        if name in shelf:
            return kind
    hint = did_you_mean(name, [one for shelf in shelves.values() for one in shelf])
    message = f"There is nothing called '{name}'{hint or '; see careplan list.'}"
    raise RequestError(message)


def _rank(library: Library, kind: str, name: str, request: Request) -> tuple[int, bool]:
    """Return how well the plan of *request* shows it, and whether there is such a plan."""
    chosen = select(library, request)
    if kind == "follow-up" and all(one.id != name for one in chosen.follow_ups):
        return _NOT, False
    if kind == "rule":
        alone = find_conflicts(replace(library, rules={name: library.rules[name]}), chosen.facts).conflicts
        if not alone:
            return _NOT, False
        as_written = alone[0].certain and alone[0].action == library.rules[name].then.action
    else:
        as_written = True
    try:
        refuse_unsafe(find_conflicts(library, chosen.facts).conflicts, chosen.facts)
    except UnsafePlanError:
        # A rule that stops plans is seen best where it does.
        stops = kind == "rule" and library.rules[name].then.action == "block"
        return (_SURELY if as_written else _PERHAPS), stops
    return (_SURELY if as_written else _PERHAPS), True


def _candidates(library: Library, kind: str, name: str, usual: Request) -> Iterator[Request]:
    if kind == "rule":
        rule = library.rules[name]
        yield from _requests_for(library, rule.when, usual, rule.unless)
        return
    if kind == "follow-up":
        yield from _with_follow_up(library, name, usual)
        return
    for request in _procedures(library, usual):
        if kind == "therapy":
            yield request.model_copy(update={"therapies": (TherapyChoice(id=name),)})
        elif kind == "condition":
            yield request.model_copy(update={"conditions": (name,)})
        elif kind == "factor":
            yield request.model_copy(update={"factors": (FactorState(id=name),)})
        elif request.intervention == name:
            yield request


def _with_follow_up(library: Library, name: str, usual: Request) -> Iterator[Request]:
    joins = library.follow_ups[name].joins
    if joins:
        yield from _requests_for(library, joins, usual)
    for intervention in _interventions(library, usual):
        for use in intervention.follow_ups:
            if use.id == name:
                whens = [use.only] if use.only else []
                yield from _variants(library, intervention, usual, whens)
    # A follow-up that goes with no intervention is shown where it is asked for.
    for request in _procedures(library, usual):
        yield request.model_copy(update={"follow_up": name})


def _procedures(library: Library, usual: Request) -> Iterator[Request]:
    """Yield each intervention alone, with the first value of every option that must be given."""
    for intervention in _interventions(library, usual):
        yield next(_variants(library, intervention, usual, ()))


def _interventions(library: Library, usual: Request) -> list[Intervention]:
    return sorted(
        library.interventions.values(), key=lambda one: (one.id != usual.intervention, one.rank, one.id)
    )


def _variants(
    library: Library, intervention: Intervention, usual: Request, whens: Iterable[When]
) -> Iterator[Request]:
    """Yield *intervention* with every value of the options that *whens* look at."""
    named = {option.id: tuple(option.values) for option in library.vocabulary.options}
    asked = {key for when in whens for key in _looked_at(intervention, when)}
    values = {}
    for one in intervention.options:
        legal = [*(one.values or named[one.id]), *(() if one.must_be_known else (UNKNOWN_VALUE,))]
        if intervention.id == usual.intervention:
            wished = [value for value in usual.options.get(one.id, ())[:1] if value in legal]
            legal = list(dict.fromkeys([*wished, *legal]))
        if one.id in asked:
            values[one.id] = legal
        elif one.default is None:
            values[one.id] = legal[:1]
    for chosen in itertools.product(*values.values()):
        options = {key: (value,) for key, value in zip(values, chosen, strict=True)}
        yield Request(intervention=intervention.id, options=options, date=usual.date)


def _looked_at(intervention: Intervention, when: When) -> set[str]:
    """Return the options that decide whether *intervention* is what *when* is about."""
    asked = set(when.options or ())
    factors = {*(when.factors or ()), *(when.factors_all or ())}
    about_place = when.regions or any(past.region for past in when.history or ())
    for granted, names in (
        (intervention.traits, set(when.traits or ())),
        (intervention.factors, factors),
        (intervention.regions, {one.id for one in intervention.regions} if about_place else set()),
    ):
        asked |= {key for one in granted if one.id in names and one.only for key in one.only.options or ()}
    return asked


def _requests_for(
    library: Library, when: When, usual: Request, unless: When | None = None
) -> Iterator[Request]:
    """Yield requests in which all that *when* names is there, with every option it looks at."""
    for intervention in _interventions(library, usual):
        if when.interventions and intervention.id not in when.interventions:
            continue
        for bare in _variants(library, intervention, usual, [when, *([unless] if unless else [])]):
            factors = (*(when.factors_all or ()), *(when.factors or ())[:1])
            request = bare.model_copy(update={
                "factors": tuple(FactorState(id=one) for one in factors),
                "conditions": (when.conditions or ())[:1],
                "planned": (when.planned or ())[:1],
            })
            facts = gather_facts(request, intervention, (), library.vocabulary, library.factors)
            past = _history(when, facts)
            counted = any(one.milligrams for one in past)
            for therapies in _therapies_for(library, when, facts):
                yield request.model_copy(update={
                    "therapies": therapies, "history": past or None,
                    "steroid": _STEROID if counted else None,
                })


def _therapies_for(library: Library, when: When, facts: Facts) -> Iterator[tuple[TherapyChoice, ...]]:
    """Yield the ways to choose one therapy that *when* is about, those with few techniques first."""
    if not when.about_therapies:
        yield ()
        return
    away = next((one.id for one in library.vocabulary.regions if one.id not in facts.regions), None)
    place = away if when.regions and "other" in when.regions else None
    for therapy in sorted(
        library.therapies.values(), key=lambda one: (len(one.core + one.techniques), one.rank)
    ):
        named = when.therapies is None or therapy.id in when.therapies
        if named and (when.modalities is None or {*when.modalities} & {*therapy.core, *therapy.techniques}):
            yield (TherapyChoice(id=therapy.id, region=place),)


def _history(when: When, facts: Facts) -> tuple[PastEvent, ...]:
    """Return the past events that *when* asks for; without a procedure day they have no day either."""
    events = []
    for wanted in when.history or ():
        age = max(wanted.within.days // 2, 1) if wanted.within else _LONG_AGO
        starts = facts.request.date
        region = next(iter(sorted(facts.regions)), None) if wanted.region == "same" else wanted.region
        limit = wanted.milligrams or (wanted.milligrams_above and wanted.milligrams_above + 1)
        one = PastEvent(
            event=wanted.event[0], on=starts - dt.timedelta(days=age) if starts else None, region=region,
            relief=wanted.relief_below - 1 if wanted.relief_below else None, sedated=wanted.sedated,
            steroid=_STEROID.name if limit else None,
            milligrams=limit - _STEROID.milligrams if limit else None,
        )
        events += [one] * wanted.at_least
    return tuple(events)
