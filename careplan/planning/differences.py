"""What differs between two plans, in the words that their patients read."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from careplan.planning.plan import Plan, Said, TherapyPlan

_Key = tuple[str, ...]
_Told = tuple[_Key, tuple[str, str]]
Part = Literal["plan", "dates", "starts", "rules", "said"]
PARTS: tuple[Part, ...] = ("plan", "dates", "starts", "rules", "said")
_TEXTS = {
    "therapy": "Therapy", "follow-up": "Follow-up", "condition": "Condition", "factor": "Factor",
}


@dataclass(frozen=True)
class Difference:
    """One thing that is told otherwise, or in one plan only; nothing in it is about the patient."""

    part: Part
    what: str
    before: str
    after: str


def compare_plans(before: Plan, after: Plan) -> tuple[Difference, ...]:
    """Return what differs, part by part, each in the order of the plan.

    A therapy that only one plan has is named; all that it says is not told again.
    """
    both = {one.id for one in before.therapies} & {one.id for one in after.therapies}
    tellers: dict[Part, Callable[[Plan], Iterator[_Told]]] = {
        "plan": _plan, "dates": _dates, "starts": _starts, "rules": _rules,
        "said": partial(_said, therapies=both),
    }
    return tuple(
        Difference(part, what, old, new)
        for part in PARTS
        for what, old, new in _paired(dict(tellers[part](before)), dict(tellers[part](after)))
    )


def same_patient(before: Plan, after: Plan) -> bool:
    """Return whether both plans are for the same patient, as far as the requests say."""
    return before.request.patient == after.request.patient


def _paired(
    before: Mapping[_Key, tuple[str, str]], after: Mapping[_Key, tuple[str, str]]
) -> Iterator[tuple[str, str, str]]:
    nothing = ("", "")
    for key in (*before, *(key for key in after if key not in before)):
        (old_name, old), (new_name, new) = before.get(key, nothing), after.get(key, nothing)
        if old != new:
            yield new_name or old_name, old, new


def _plan(plan: Plan) -> Iterator[_Told]:
    yield ("title",), ("Title", plan.title)
    yield ("date",), ("Procedure", plan.date or "no date")
    yield ("language",), ("Language", plan.language)
    for label, value in plan.chosen:
        yield ("chosen", label), (label, value)
    names = {therapy.id: therapy.title for therapy in plan.therapies}
    for one in plan.origins[1:]:
        yield (one.kind, one.id), (_TEXTS.get(one.kind, one.kind), names.get(one.id, one.id))


def _dates(plan: Plan) -> Iterator[_Told]:
    for one in plan.appointments:
        yield ("appointment", one.therapy, one.id), (one.title, _line(one.when))
    for period in (*plan.getting_ready, *plan.after):
        yield ("period", period.id), (period.when, _line(period.dates) or period.when)


def _starts(plan: Plan) -> Iterator[_Told]:
    for therapy in plan.therapies:
        yield ("therapy", therapy.id), (therapy.title, _line(therapy.starts))
    for line in plan.safety.starts:
        yield ("technique", line.what), (line.what, " ".join(filter(None, [_line(line.when), line.note])))
    for kept in plan.safety.kept_away:
        yield ("kept-away", kept.what), (kept.what, kept.where)
    if plan.safety.left_out:
        yield ("left-out",), ("Left out", plan.safety.left_out)


def _rules(plan: Plan) -> Iterator[_Told]:
    for one in plan.conflicts:
        allowed = ", allowed" if one.allowed else ""
        doubt = "" if one.certain else ", as a fact is not known"
        told = f"{one.action}{allowed}{doubt}: {one.rule.patient or one.rule.staff}"
        yield (one.rule.id,), (one.rule.id, told)


def _said(plan: Plan, therapies: Container[str]) -> Iterator[_Told]:
    yield from _items("First steps", plan.first_steps)
    for tier, flags in plan.red_flags.items():
        yield from _items(f"Signs, {tier}", flags)
    for section in (*plan.conditions, *plan.procedure):
        yield from _items(section.title, section.items)
    for period in (*plan.getting_ready, *plan.after):
        yield from _items(period.when, period.items, period.id)
    for therapy in plan.therapies:
        if therapy.id in therapies:
            yield from _said_in(therapy)
    for one in plan.appointments:
        if one.therapy and one.therapy not in therapies:
            continue
        yield ("appointment", one.therapy, one.id), (one.title, f"{one.text} {one.bring}".strip())
    for diary in plan.diaries:
        yield ("diary", diary.id), (diary.title, diary.how)


def _said_in(therapy: TherapyPlan) -> Iterator[_Told]:
    for phase in therapy.phases:
        yield from _items(f"{therapy.title}, {phase.when}", phase.items, f"{therapy.id}/{phase.id}")
    for section in therapy.sections:
        yield from _items(f"{therapy.title}, {section.title}", section.items, f"{therapy.id}/{section.id}")


def _items(where: str, items: Iterable[Said], key: str = "") -> Iterator[_Told]:
    for one in items:
        yield (key or where, one.id), (where, f"{one.title} {one.text}".strip())


def _line(text: str) -> str:
    """Return *text* without the lines to write on."""
    return " ".join(text.replace("_", " ").split()).strip(" ,")
