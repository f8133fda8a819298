"""Find the fragments that a request names, and say clearly what it names wrongly."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from careplan.content.fragments import (
    Factor,
    FollowUp,
    HealthCondition,
    Intervention,
    OptionChoice,
    Therapy,
)
from careplan.content.library import Library
from careplan.planning.matching import UNKNOWN_VALUE, Facts, gather_facts, holds
from careplan.planning.request import Request
from careplan.problems import RequestError, did_you_mean

T = TypeVar("T")


@dataclass(frozen=True)
class Selection:
    """The fragments of one plan, and the facts that decide what of them is said."""

    intervention: Intervention
    therapies: tuple[Therapy, ...]
    follow_ups: tuple[FollowUp, ...]
    conditions: tuple[HealthCondition, ...]
    factors: tuple[Factor, ...]
    facts: Facts


def select(library: Library, request: Request) -> Selection:
    """Return what *request* names; therapies come in the library's order.

    Raises `RequestError` for an unknown id, an option that is missing or not possible,
    and anything named twice.
    """
    intervention = _one(library.interventions, request.intervention, "intervention", "intervention")
    _check_options(library, request, intervention)
    therapies = tuple(
        sorted(
            _all(library.therapies, [one.id for one in request.therapies], "therapy", "therapies"),
            key=lambda therapy: (therapy.rank, therapy.id),
        )
    )
    conditions = _all(library.conditions, request.conditions, "condition", "conditions")
    _all(library.factors, [one.id for one in request.factors], "factor", "factors")
    facts = gather_facts(
        request, intervention, therapies, library.vocabulary, library.factors, library.made_from,
    )
    regions = [region.id for region in library.vocabulary.regions]
    events = [event.id for event in library.vocabulary.events]
    for choice in request.therapies:
        _check_word(choice.region, regions, "region")
    for past in request.history or ():
        _check_word(past.region, regions, "region")
        _check_word(past.event, events, "event in the history")
    for allowed in request.allow:
        _one(library.rules, allowed.rule, "safety rule", "allow")
    factors = tuple(library.factors[one] for one in facts.factors if one in library.factors)
    follow_ups = _follow_ups(library, request, intervention, facts)
    return Selection(intervention, therapies, follow_ups, conditions, factors, facts)


def _follow_ups(
    library: Library, request: Request, intervention: Intervention, facts: Facts
) -> tuple[FollowUp, ...]:
    """Return the follow-up asked for or the usual one, and those that join any such plan."""
    named = request.follow_up
    if named is None:
        named = next((use.id for use in intervention.follow_ups if holds(use.only, facts)), None)
    own = (_one(library.follow_ups, named, "follow-up", "follow_up"),) if named else ()
    joining = (
        one for one in library.follow_ups.values()
        if one.joins and one not in own and holds(one.joins, facts)
    )
    return (*own, *joining)


def _one(shelf: Mapping[str, T], name: str, what: str, field: str) -> T:
    if name not in shelf:
        hint = did_you_mean(name, shelf)
        message = f"There is no {what} '{name}'{hint or f'; there is {_listed(shelf)}.'}"
        raise RequestError(message, field)
    return shelf[name]


def _all(shelf: Mapping[str, T], names: Iterable[str], what: str, field: str) -> tuple[T, ...]:
    counts = Counter(names)
    for name, count in counts.items():
        if count > 1:
            message = f"The {what} '{name}' is named {count} times; name it once."
            raise RequestError(message, field)
    return tuple(_one(shelf, name, what, field) for name in counts)


def _check_word(word: str | None, known: Collection[str], what: str) -> None:
    if word is not None and word not in known:
        hint = did_you_mean(word, known)
        message = f"'{word}' is not a known {what}{hint or f'; known are {_listed(known)}.'}"
        raise RequestError(message)


def _check_options(library: Library, request: Request, intervention: Intervention) -> None:
    vocabulary = {option.id: option for option in library.vocabulary.options}
    possible = {choice.id: choice for choice in intervention.options}
    everywhere = {
        option.id: OptionChoice(id=option.id, default=UNKNOWN_VALUE)
        for option in library.vocabulary.options if option.everywhere
    }
    for key, values in request.options.items():
        choice = (everywhere | possible).get(key)
        if choice is None:
            hint = did_you_mean(key, everywhere | possible)
            message = (
                f"{intervention.title} has no option '{key}'"
                f"{hint or f'; its options are {_listed(everywhere | possible)}.'}"
            )
            raise RequestError(message, "options")
        values_here = choice.values or tuple(vocabulary[key].values)
        legal = [*values_here] if choice.must_be_known else [*values_here, UNKNOWN_VALUE]
        for value in values:
            if value not in legal:
                hint = did_you_mean(value, legal)
                values_are = hint or f"; its values are {_listed(legal)}."
                message = f"'{value}' is not a value of '{key}'{values_are}"
                raise RequestError(message, "options")
    for choice in intervention.options:
        if choice.default is None and choice.id not in request.options:
            possible_values = [*(choice.values or vocabulary[choice.id].values)]
            possible_values += [] if choice.must_be_known else [UNKNOWN_VALUE]
            message = (
                f"{intervention.title} needs {choice.id}=VALUE among its options (--option); "
                f"VALUE is one of {_listed(possible_values)}."
            )
            raise RequestError(message, "options")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
