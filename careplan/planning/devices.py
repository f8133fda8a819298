"""Devices in the body: the card that a patient carries, and what every therapist must know."""

from collections.abc import Collection, Iterable, Iterator

from careplan.content.library import Library
from careplan.content.rules import Action, SafetyRule
from careplan.content.wording import Wording
from careplan.planning.calendar import Calendar
from careplan.planning.matching import UNKNOWN_VALUE, Truth, holds, match
from careplan.planning.plan import DeviceCard, DeviceFacts
from careplan.planning.selection import Selection
from careplan.planning.writer import Writer

# A value of an option that says no more than a line to write on.
_UNSAID = frozenset({UNKNOWN_VALUE, "other"})


def device_card(chosen: Selection, calendar: Calendar, writer: Writer) -> DeviceCard | None:
    """Return the card about the device that the intervention leaves in the body, if there is one."""
    card = chosen.intervention.card
    if card is None or not holds(card.only, chosen.facts):
        return None
    titles = {option.id: option.title for option in writer.options}
    told = tuple(
        (titles[option], "" if chosen.facts.options[option] & _UNSAID else writer.option_words(option))
        for option in card.options
    )
    is_new = chosen.facts.traits.get("implant") == 0
    placed = calendar.full(0) if is_new and calendar.starts else ""
    never, *items = writer.say((card.never, *card.items))
    return DeviceCard(card.device, is_new, placed, told, never, tuple(items))


def told_factors(chosen: Selection, wording: Wording) -> Iterator[str]:
    """Yield the factors by their titles; of what nobody could tell, that it is not known."""
    for factor in chosen.factors:
        is_sure = chosen.facts.factors[factor.id] is Truth.YES
        yield factor.title if is_sure else wording.say("not_known", fact=factor.title)


def device_facts(library: Library, chosen: Selection) -> DeviceFacts | None:
    """Return the techniques that the devices in the body do not bear, in any therapy."""
    devices = [factor.id for factor in chosen.factors if factor.device]
    if not devices:
        return None
    never = _techniques(library, chosen, devices, "block")
    asked = [one for one in _techniques(library, chosen, devices, "ask") if one not in never]
    return DeviceFacts(_said(library, never), _said(library, asked))


def _techniques(
    library: Library, chosen: Selection, devices: Collection[str], action: Action
) -> list[str]:
    allowed = {one.rule for one in chosen.facts.request.allow}
    named = (
        rule.when.modalities or () for rule in library.rules.values()
        if rule.then.action == action and rule.id not in allowed and _is_about(rule, devices, chosen)
    )
    return list(dict.fromkeys(one for modalities in named for one in modalities))


def _is_about(rule: SafetyRule, devices: Collection[str], chosen: Selection) -> bool:
    """Return whether *rule* limits techniques because of a device, at any time and in any therapy."""
    when = rule.when
    if not {*devices} & {*(when.factors or ())} or not when.modalities or when.history:
        return False
    lifted = rule.unless and match(rule.unless, chosen.facts) is Truth.YES
    in_any_therapy = when.model_copy(update={"modalities": None, "therapies": None})
    return not lifted and match(in_any_therapy, chosen.facts) is not Truth.NO


def _said(library: Library, names: Iterable[str]) -> str:
    meanings = {one.id: one.meaning for one in library.vocabulary.modalities}
    return " ".join(meanings[name] for name in names)
