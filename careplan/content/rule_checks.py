"""Check that every safety rule can fire, that no two contradict, and that no word is dead."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Self

from pydantic import BaseModel

from careplan.content.fragments import Intervention, Therapy
from careplan.content.items import Granted
from careplan.content.references import walk
from careplan.content.rules import Effect, SafetyRule
from careplan.content.source import Keys, Source
from careplan.content.vocabulary import Vocabulary
from careplan.content.when import When
from careplan.problems import Problem

Read = Sequence[tuple[BaseModel, Source]]
Placed = tuple[SafetyRule, Source, Keys]

# A trait that an operation in the history brings along as well.
_FROM_HISTORY = frozenset({"implant"})
# With a block, these would let through what it keeps out.
_MILDER = frozenset({"ask", "wait", "caution", "info"})


def check_rules(read: Read) -> Iterator[Problem]:
    """Yield a problem for each rule that cannot fire or contradicts another, and each dead word."""
    rules = [
        (model, source, keys)
        for fragment, source in read for keys, model in walk(fragment) if isinstance(model, SafetyRule)
    ]
    interventions = [_Brought.by(one, _everywhere(read)) for one, _ in read if isinstance(one, Intervention)]
    therapies = [one for one, _ in read if isinstance(one, Therapy)]
    for rule, source, keys in rules:
        if not _can_fire(rule.when, interventions, therapies):
            sentence = f"'{rule.id}' can never fire: no intervention and therapy bring all of this together."
            yield source.problem(source.locate((*keys, "when")), sentence, "never-fires")
    yield from _never_said(read, interventions, therapies)
    yield from _contradictions(rules)
    yield from _dead_words(read)


def _never_said(
    read: Read, interventions: Sequence["_Brought"], therapies: Sequence[Therapy]
) -> Iterator[Problem]:
    """Yield a problem for each `only` that no plan with its fragment can meet."""
    for fragment, source in read:
        own = [one for one in interventions if one.id == getattr(fragment, "id", None)]
        about = own if isinstance(fragment, Intervention) else interventions
        for keys, model in walk(fragment):
            if isinstance(model, When) and "only" in keys and not _can_fire(model, about, therapies):
                sentence = "This can never hold: no plan with this fragment brings all of it together."
                yield source.problem(source.locate(keys), sentence, "never-holds")


@dataclass(frozen=True)
class _Brought:
    """What plans with one intervention may have."""

    id: str
    traits: frozenset[str]
    regions: frozenset[str]
    options: Mapping[str, tuple[str, ...]]

    @classmethod
    def by(cls, intervention: Intervention, everywhere: Mapping[str, tuple[str, ...]]) -> Self:
        return cls(
            intervention.id,
            frozenset({one.id for one in intervention.traits} | _FROM_HISTORY),
            frozenset({one.id for one in intervention.regions} | {"same", "other"}),
            {**everywhere, **{one.id: one.values for one in intervention.options}},
        )


def _everywhere(read: Read) -> dict[str, tuple[str, ...]]:
    """Return the options that every intervention has, with their values."""
    return {
        option.id: tuple(option.values)
        for vocabulary, _ in read if isinstance(vocabulary, Vocabulary)
        for option in vocabulary.options if option.everywhere
    }


def _can_fire(when: When, interventions: Iterable[_Brought], therapies: Iterable[Therapy]) -> bool:
    return any(_fits_intervention(when, one) for one in interventions) and (
        not when.about_therapies or any(_fits_therapy(when, one) for one in therapies)
    )


def _fits_intervention(when: When, intervention: _Brought) -> bool:
    options = intervention.options
    return (
        (when.interventions is None or intervention.id in when.interventions)
        and (when.traits is None or bool(intervention.traits & set(when.traits)))
        and (when.regions is None or bool(intervention.regions & set(when.regions)))
        and all(
            key in options and (not options[key] or bool({*options[key], "unknown"} & set(values)))
            for key, values in (when.options or {}).items()
        )
    )


def _fits_therapy(when: When, therapy: Therapy) -> bool:
    used = {*therapy.core, *therapy.techniques}
    return (when.therapies is None or therapy.id in when.therapies) and (
        when.modalities is None or bool(used & set(when.modalities))
    )


def _contradictions(rules: Iterable[Placed]) -> Iterator[Problem]:
    """Yield a problem for two rules of which, under the very same conditions, one must be wrong."""
    same: dict[str, list[Placed]] = {}
    for placed in rules:
        rule = placed[0]
        unless = rule.unless.model_dump_json() if rule.unless else ""
        same.setdefault(rule.when.model_dump_json() + unless, []).append(placed)
    for group in same.values():
        for (one, _, _), (other, source, keys) in combinations(group, 2):
            if _contradict(one.then, other.then):
                sentence = f"'{other.id}' fires exactly when '{one.id}' does, and says something else."
                yield source.problem(source.locate((*keys, "then")), sentence, "contradiction")


def _contradict(one: Effect, other: Effect) -> bool:
    actions = {one.action, other.action}
    if len(actions) == 1:
        return one.action == "wait" and one.wait != other.wait
    return "block" in actions and bool(actions & _MILDER)


def _dead_words(read: Read) -> Iterator[Problem]:
    """Yield a problem for each word of the vocabulary that no fragment uses."""
    used = _used_words(read)
    for vocabulary, source in read:
        if not isinstance(vocabulary, Vocabulary):
            continue
        for kind in used:
            for index, word in enumerate(getattr(vocabulary, kind)):
                if word.id not in used[kind]:
                    place = source.locate((kind, index, "id"))
                    sentence = f"No rule and no fragment uses '{word.id}'; remove it or use it."
                    yield source.problem(place, sentence, "unused-word")


def _used_words(read: Read) -> Mapping[str, set[str]]:
    # Regions and past events are not among them: requests use those, too.
    used: dict[str, set[str]] = {
        "traits": set(), "modalities": set(), "areas": set(), "states": set(), "activities": set(),
    }
    for keys, model in (found for fragment, _ in read for found in walk(fragment)):
        if isinstance(model, When):
            for kind, names in (
                ("traits", model.traits), ("modalities", model.modalities), ("activities", model.planned),
            ):
                used[kind].update(names or ())
        elif isinstance(model, Granted) and keys[0] in used:
            used[str(keys[0])].add(model.id)
        elif isinstance(model, Therapy):
            used["modalities"].update(model.core, model.techniques)
        elif isinstance(model, Effect):
            used["areas"].update(model.avoid_area)
            used["states"].update([model.until] if isinstance(model.until, str) else [])
    return used
