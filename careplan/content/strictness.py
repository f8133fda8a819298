"""Whether a clinic's version of a safety rule, or of what else safety rests on, is as strict as ours.

Strictness is a partial order: `covers(own, base)` says that *own* holds wherever *base* does
and does at least as much there. What cannot be compared does not cover. Wordings, sources and
the confidence of a sheet are no matter of strictness; that a sentence, a check or a sign is
there is one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from careplan.content.fragments import Intervention, Therapy
from careplan.content.items import TIERS, Granted, RedFlagUse
from careplan.content.offsets import Offset
from careplan.content.rules import ACTIONS, Effect, RedFlag, SafetyRule
from careplan.content.when import PastEvent, When

Order = Literal["same", "stricter", "looser", "unclear"]
_FOREVER = 10**6
# Keys of a `when` of which any one value will do: the more values, the wider.
_ANY_OF = (
    "traits", "interventions", "regions", "therapies", "modalities", "factors", "conditions", "planned",
)


@dataclass(frozen=True)
class Weaker:
    """A field in which a version is not at least as strict as ours; empty texts say nothing is there."""

    field: str
    base: str
    own: str


def order(own: SafetyRule, base: SafetyRule) -> Order:
    """Return how *own* compares with *base*."""
    above, below = not weaker_in_rule(own, base), not weaker_in_rule(base, own)
    if above and below:
        return "same"
    if above:
        return "stricter"
    return "looser" if below else "unclear"


def weaker_in_rule(own: SafetyRule, base: SafetyRule) -> tuple[Weaker, ...]:
    """Return each field in which *own* is not at least as strict as *base*."""
    covered = {
        "when": covers_when(own.when, base.when) and own.when.about_therapies == base.when.about_therapies,
        "unless": own.unless is None or (base.unless is not None and covers_when(base.unless, own.unless)),
        "then": covers_effect(own.then, base.then),
        "patient": bool(own.patient or not base.patient),
        "check": bool(own.check or not base.check),
        "red_flags": covers_uses(own.red_flags, base.red_flags),
    }
    return tuple(_weaker(name, own, base) for name, holds in covered.items() if not holds)


def below_floor(own: SafetyRule | None, base: SafetyRule) -> bool:
    """Return whether *own* lets through what the floor of *base* keeps out for everybody."""
    if base.then.never_before is None:
        return False
    if own is None:
        return True
    fires = {one.field for one in weaker_in_rule(own, base)} & {"when", "unless"}
    return bool(fires) or _floor(own.then) < _floor(base.then)


def weaker_in_sign(own: RedFlag, base: RedFlag) -> tuple[Weaker, ...]:
    """Return each field in which a sign of the catalogue is watched for less than in *base*."""
    covered = {
        "tier": TIERS.index(own.tier) <= TIERS.index(base.tier),
        "everyone": own.everyone or not base.everyone,
        "only": not own.only or (
            bool(base.only) and all(any(covers_when(one, other) for one in own.only) for other in base.only)
        ),
    }
    return tuple(_weaker(name, own, base) for name, holds in covered.items() if not holds)


def weaker_in_fragment(own: BaseModel, base: BaseModel) -> tuple[Weaker, ...]:
    """Return each list that safety rests on and that says less in *own*: signs, traits, techniques."""
    found = []
    if not covers_uses(getattr(own, "red_flags", ()), getattr(base, "red_flags", ())):
        found.append(_weaker("red_flags", own, base))
    if isinstance(own, Intervention) and isinstance(base, Intervention):
        found += [
            _weaker(name, own, base) for name in ("traits", "factors")
            if not _covers_granted(getattr(own, name), getattr(base, name))
        ]
    if isinstance(own, Therapy) and isinstance(base, Therapy):
        if not set(own.core) >= set(base.core):
            found.append(_weaker("core", own, base))
        if not {*own.core, *own.techniques} >= set(base.techniques):
            found.append(_weaker("techniques", own, base))
    return tuple(found)


def covers_when(own: When, base: When) -> bool:
    """Return whether *own* is met wherever *base* is."""
    return (
        all(_any_of(getattr(own, key), getattr(base, key)) for key in _ANY_OF)
        and (own.factors_all is None or set(own.factors_all) <= set(base.factors_all or ()))
        and all(
            key in (base.options or {}) and set(values) >= set((base.options or {})[key])
            for key, values in (own.options or {}).items()
        )
        and all(any(_covers_past(one, other) for other in base.history or ()) for one in own.history or ())
    )


def _any_of(own: Sequence[str] | None, base: Sequence[str] | None) -> bool:
    return own is None or (base is not None and set(own) >= set(base))


def _covers_past(own: PastEvent, base: PastEvent) -> bool:
    """Return whether each history that has what *base* asks for has what *own* asks for."""
    same = ("region", "side", "sedated", "milligrams")
    return (
        set(own.event) >= set(base.event)
        and all(getattr(own, key) in (None, getattr(base, key)) for key in same)
        and (own.within is None or (base.within is not None and own.within.days >= base.within.days))
        and own.at_least <= base.at_least
        # These keys change how events are counted, so only their bounds may move.
        and (own.milligrams is None) == (base.milligrams is None)
        and (own.milligrams_above is None) == (base.milligrams_above is None)
        and (own.milligrams_above or 0) <= (base.milligrams_above or 0)
        and (own.relief_below is None) == (base.relief_below is None)
        and (own.relief_below or 0) >= (base.relief_below or 0)
    )


def covers_effect(own: Effect, base: Effect) -> bool:
    """Return whether *own* does at least what *base* does: the action, its days, its floor."""
    rank, other = _rank(own), _rank(base)
    return (
        ACTIONS.index(own.action) <= ACTIONS.index(base.action)
        and rank >= other
        and _lasts(own) >= _lasts(base)
        and _floor(own) >= _floor(base)
        # What ends with a state cannot be allowed before.
        and _state(base) in (None, _state(own))
        and (rank > other or _covers_details(own, base))
    )


def _rank(effect: Effect) -> int:
    """Return the rank of the action; a block that ends after some days is a wait with another name."""
    if effect.block and isinstance(effect.until, Offset):
        return 3
    return {"block": 5, "ask": 4, "wait": 3, "avoid-area": 2, "caution": 1, "info": 0}[effect.action]


def _lasts(effect: Effect) -> int:
    """Return for how many days something is kept out or asked about."""
    if effect.wait:
        return effect.wait.days
    if effect.block or effect.ask:
        return effect.until.days if isinstance(effect.until, Offset) else _FOREVER
    return -1


def _floor(effect: Effect) -> int:
    return effect.never_before.days if effect.never_before else -1


def _state(effect: Effect) -> str | None:
    return effect.until if isinstance(effect.until, str) else None


def _covers_details(own: Effect, base: Effect) -> bool:
    """Return whether *own* covers *base*, which has an action of the same rank."""
    if own.ask or own.wait or (own.block and isinstance(own.until, Offset)):
        return True
    if not set(own.avoid_area) >= set(base.avoid_area):
        return False
    # Here a state or a number of days ends the effect.
    mine, other = own.until, base.until
    if mine is None or mine == other:
        return True
    return isinstance(mine, Offset) and isinstance(other, Offset) and mine.days >= other.days


def covers_uses(own: Iterable[RedFlagUse], base: Iterable[RedFlagUse]) -> bool:
    """Return whether each sign of *base* is watched for in *own* as urgently and as often."""
    mine = list(own)
    return all(
        any(
            one.id == other.id and _covers_only(one.only, other.only)
            and (one.tier == other.tier or one.tier == TIERS[0])
            for one in mine
        )
        for other in base
    )


def _covers_granted(own: Iterable[Granted], base: Iterable[Granted]) -> bool:
    mine = list(own)
    return all(
        any(one.id == other.id and _covers_only(one.only, other.only) for one in mine) for other in base
    )


def _covers_only(own: When | None, base: When | None) -> bool:
    return own is None or (base is not None and covers_when(own, base))


def _weaker(name: str, own: BaseModel, base: BaseModel) -> Weaker:
    return Weaker(name, _shown(_dumped(base).get(name)), _shown(_dumped(own).get(name)))


def _dumped(model: BaseModel) -> Mapping[str, Any]:
    dumped: dict[str, Any] = model.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude_defaults=True,
    )
    return dumped


def _shown(value: Any) -> str:
    """Return *value* in a few words, as authors would write it."""
    if isinstance(value, dict):
        if set(value) == {"id"}:
            return str(value["id"])
        return "; ".join(key if inner is True else f"{key} {_shown(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        shown = [_shown(one) for one in value]
        return ", ".join(f"({one})" if " " in one else one for one in shown)
    return "" if value is None else str(value)
