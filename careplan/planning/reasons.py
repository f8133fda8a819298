"""What has to wait, what stays out and why: the conflicts as the patient reads them.

Techniques are listed by the day from which they are allowed, over all therapies of the
plan; the longest wait is the day. Each reason is said once.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from careplan.content.rules import ACTIONS, Action
from careplan.content.vocabulary import Vocabulary
from careplan.content.wording import capitalised
from careplan.planning.calendar import Calendar
from careplan.planning.plan import KeptAway, Reason, Reasons, Safety, StartLine
from careplan.planning.safety import Conflict, Limit
from careplan.planning.writer import Writer


@dataclass(frozen=True)
class _Effective:
    """What all limits together leave of one technique of one therapy."""

    first_day: int
    states: tuple[str, ...]
    removed: bool
    ask: bool


def explain(
    conflicts: Sequence[Conflict],
    limits: Sequence[Limit],
    vocabulary: Vocabulary,
    calendar: Calendar,
    writer: Writer,
) -> Safety:
    """Return all conflicts in words: what starts when, what stays out, where not, and why."""
    speaker = _Speaker(limits, vocabulary, calendar)
    left_out, kept_away = speaker.left_out(), tuple(speaker.kept_away())
    # What stays out is printed under its own heading, even if its reason is for staff only.
    headings = ["block"] if left_out else []
    return Safety(
        tuple(speaker.starts()), left_out, kept_away, _reasons(conflicts, headings, calendar, writer),
    )


def _reasons(
    conflicts: Sequence[Conflict], headings: Collection[str], calendar: Calendar, writer: Writer
) -> tuple[Reasons, ...]:
    """Return each sentence once, under the strictest action, and the *headings* in any case."""
    grouped: dict[str, list[Conflict]] = {}
    for conflict in conflicts:
        if conflict.sentence:
            grouped.setdefault(writer.fill(conflict.sentence), []).append(conflict)
            writer.cite(conflict.rule.sources)
    by_kind: dict[Action, list[Reason]] = {}
    for sentence, group in grouped.items():
        kind = min((_label(conflict) for conflict in group), key=ACTIONS.index)
        asked = any(conflict.action == "ask" and conflict.in_force for conflict in group)
        by_kind.setdefault(kind, []).append(Reason(sentence, asked))
    return tuple(
        Reasons(kind, calendar.wording.say(f"kind_{kind}"), tuple(by_kind.get(kind, ())))
        for kind in ACTIONS if kind in by_kind or kind in headings
    )


def _label(conflict: Conflict) -> Action:
    """Return the action under which the sentence stands: what is allowed asks for care."""
    return conflict.action if conflict.in_force or conflict.action == "info" else "caution"


class _Speaker:
    """Says limits in words; knows what all of them together come to."""

    def __init__(self, limits: Sequence[Limit], vocabulary: Vocabulary, calendar: Calendar) -> None:
        self._limits = limits
        self._called = {one.id: one.called for one in vocabulary.modalities}
        self._areas = {one.id: one.called for one in vocabulary.areas}
        self._states = {one.id: one.called for one in vocabulary.states}
        self._calendar = calendar
        self._wording = calendar.wording
        self._effective = _together(limits)

    def starts(self) -> Iterable[StartLine]:
        """Yield the techniques that have to wait or to be asked for, by their first day."""
        groups = self._named(
            lambda one: not one.removed and (one.first_day > 1 or one.states or one.ask),
        )
        for effective, names in sorted(groups.items(), key=lambda group: group[0].first_day):
            states = [self._states[state] for state in effective.states]
            notes = [self._wording.say("if_we_say_yes")] if effective.ask else []
            if states:
                notes.append(self._wording.say("only_when", state=self._wording.joined(states)))
            day = effective.first_day
            when = self._calendar.short(day) if day else self._wording.say("no_day")
            yield StartLine(day, capitalised(when), capitalised(self._wording.joined(names)), " ".join(notes))

    def left_out(self) -> str:
        """Return the techniques that leave the plan, as one sentence's list."""
        names = [name for group in self._named(lambda one: one.removed).values() for name in group]
        return self._wording.joined(list(dict.fromkeys(names)))

    def kept_away(self) -> Iterable[KeptAway]:
        """Yield the techniques with the places that they have to keep away from, the longest time."""
        longest: dict[tuple[str, str | None, str], int | None] = {}
        for limit in self._limits:
            if limit.areas and limit.modality:
                until = limit.areas_until
                if until is not None and until < 1:
                    continue
                for area in limit.areas:
                    key = (area, limit.state, limit.modality)
                    known = longest.get(key, 0)
                    longest[key] = None if until is None or known is None else max(known, until)
        said: dict[str, list[str]] = {}
        for (area, state, modality), until in longest.items():
            said.setdefault(self._called[modality], []).append(self._avoid(area, state, until))
        techniques: dict[str, list[str]] = {}
        for technique, places in said.items():
            techniques.setdefault(" ".join(dict.fromkeys(places)), []).append(technique)
        for where, names in techniques.items():
            yield KeptAway(capitalised(self._wording.joined(names)), where)

    def _avoid(self, area: str, state: str | None, until: int | None) -> str:
        called = self._areas[area]
        if state:
            return self._wording.say("avoid_state", state=self._states[state], area=called)
        if until:
            return self._wording.say("avoid_until", day=self._calendar.words(until), area=called)
        return self._wording.say("avoid", area=called)

    def _named(self, wanted: Callable[[_Effective], object]) -> dict[_Effective, list[str]]:
        groups: dict[_Effective, list[str]] = {}
        for (_, modality), effective in self._effective.items():
            if wanted(effective):
                names = groups.setdefault(effective, [])
                if self._called[modality] not in names:
                    names.append(self._called[modality])
        return groups


def _together(limits: Iterable[Limit]) -> Mapping[tuple[str, str], _Effective]:
    gathered: dict[tuple[str, str], list[Limit]] = {}
    for limit in limits:
        if limit.modality and (limit.ask or not limit.areas):
            gathered.setdefault((limit.therapy, limit.modality), []).append(limit)
    return {
        key: _Effective(
            # While no day can be told for one reason, no other reason's day counts.
            0 if any(limit.open_end for limit in group) else max(limit.first_day or 0 for limit in group),
            # A review visit with a date has become that day; other states are said in words.
            tuple(dict.fromkeys(
                limit.state for limit in group
                if limit.state and not limit.areas
                and not (limit.state == "review-visit" and limit.first_day)
            )),
            any(limit.removed for limit in group),
            any(limit.ask for limit in group),
        )
        for key, group in gathered.items()
    }
