"""Find what a clinic made less strict, and refuse it where nobody stands behind it.

All of ours is compared with what came of it, and not only what the clinic's files name, so
that nothing gets lost without a word.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from careplan.content.merging import Written, id_of
from careplan.content.origins import Loosened
from careplan.content.rules import RedFlag, RedFlags, SafetyRule, SafetyRuleFragment, SafetyRules
from careplan.content.source import Source
from careplan.content.strictness import (
    Weaker,
    below_floor,
    weaker_in_fragment,
    weaker_in_rule,
    weaker_in_sign,
)
from careplan.problems import Location, Problem

Read = tuple[Any, Source]
_RULE, _SIGN = "safety-rule", "red-flags"


def find_loosened(
    ours: Sequence[Read], read: Sequence[Read], patches: Sequence[Written],
    made_from: Mapping[str, frozenset[str]],
) -> tuple[tuple[Loosened, ...], list[Problem]]:
    """Return what is less strict in *read* than in *ours*, and what cannot be accepted.

    *patches* are the places in the clinic's files that may say `by` and `reason`.
    """
    loosened: list[Loosened] = []
    problems: list[Problem] = []
    for kind, name, weaker, rule, is_below in _weaker(ours, read, made_from):
        said = list(_said_about(patches, kind, name))
        place = said[0] if said else None
        if is_below:
            problems.append(_at(place, _floor_sentence(rule, name), "below-floor", "then"))
            continue
        person = next(((one.data["by"], one.data["reason"]) for one in said if _is_signed(one.data)), None)
        if person is None:
            field = weaker[0].field if weaker else "drop"
            sentence = _unsigned_sentence(kind, name, weaker)
            problems.append(_at(place, sentence, "loosened-without-reason", field))
            continue
        by, reason = (" ".join(text.split()) for text in person)
        loosened.append(Loosened(kind, name, weaker, by, reason, rule))
    return tuple(loosened), problems


def _weaker(
    ours: Sequence[Read], read: Sequence[Read], made_from: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, str, tuple[Weaker, ...], SafetyRule | None, bool]]:
    """Yield the kind and id of what is less strict, in what, our rule, and whether a floor is gone."""
    rules = {rule.id: rule for rule in _rules(read)}
    for base in _rules(ours):
        own = rules.get(base.id)
        weaker = weaker_in_rule(own, base) if own else ()
        if own is None or weaker:
            yield _RULE, base.id, weaker, base, below_floor(own, base)
    signs = {sign.id: sign for sign in _signs(read)}
    for sign in _signs(ours):
        kept = signs.get(sign.id)
        less = weaker_in_sign(kept, sign) if kept else ()
        if kept is None or less:
            yield _SIGN, sign.id, less, None, False
    before = {(one.kind, one.id): one for one, _ in ours if hasattr(one, "id")}
    for fragment, _ in read:
        if not hasattr(fragment, "id") or isinstance(fragment, (SafetyRules, SafetyRuleFragment)):
            continue
        bases = {fragment.id} | made_from.get(f"{fragment.kind}/{fragment.id}", frozenset())
        known = [before[fragment.kind, name] for name in sorted(bases) if (fragment.kind, name) in before]
        found = dict.fromkeys(
            one for base in known if base is not fragment for one in weaker_in_fragment(fragment, base)
        )
        if found:
            yield fragment.kind, fragment.id, tuple(found), None, False


def _rules(read: Iterable[Read]) -> Iterator[SafetyRule]:
    for fragment, _ in read:
        if isinstance(fragment, SafetyRules):
            yield from fragment.rules
        elif isinstance(fragment, SafetyRule):
            yield fragment


def _signs(read: Iterable[Read]) -> Iterator[RedFlag]:
    for fragment, _ in read:
        if isinstance(fragment, RedFlags):
            yield from fragment.red_flags


def _said_about(patches: Iterable[Written], kind: str, name: str) -> Iterator[Written]:
    """Yield the places that may say who stands behind a change of *name*, the nearest first."""
    for patch in patches:
        own = patch.data.get("kind", _RULE)
        if own == kind and kind != _SIGN:
            if id_of(patch.data) == name:
                yield patch
                # A single sign or trait may say it, too.
                yield from (one for one in _entries(patch) if _is_signed(one.data))
        elif own == _SIGN == kind or (own == "safety-rules" and kind == _RULE):
            named = [one for one in _entries(patch) if id_of(one.data) == name]
            dropped = patch.data.get("drop")
            if named or (isinstance(dropped, list) and name in dropped):
                yield from named
                yield patch


def _entries(patch: Written) -> Iterator[Written]:
    for field, value in patch.data.items():
        if isinstance(value, list):
            place = patch.at(field)
            yield from (place.at(index) for index, one in enumerate(value) if isinstance(one, dict))


def _is_signed(data: Mapping[str, Any]) -> bool:
    return all(isinstance(data.get(key), str) and data[key].strip() for key in ("by", "reason"))


def _at(place: Written | None, sentence: str, code: str, field: str) -> Problem:
    if place:
        return place.mistake(sentence, code, field)
    return Problem(Location("safety-rules"), sentence, code)


def _floor_sentence(rule: SafetyRule | None, name: str) -> str:
    floor = rule.then.never_before if rule else None
    return (
        f"'{name}' keeps everybody from it before {floor}; a clinic can lengthen that and make the rule "
        "stricter, but not shorten, narrow or drop it."
    )


def _unsigned_sentence(kind: str, name: str, weaker: Sequence[Weaker]) -> str:
    what = f"{kind.replace('-', ' ')} '{name}'"
    told = "; ".join(f"{one.field} was '{one.base}' and is '{one.own}'" for one in weaker)
    done = f"This makes the {what} less strict ({told})" if told else f"This drops the {what}"
    return (
        f"{done}. Say who stands behind it and why: 'by' with a name and 'reason' with a sentence; both are "
        "printed on the staff sheet."
    )
