"""What would happen if: conflicts and first days without making a plan."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from careplan.content.library import Library
from careplan.planning.matching import UNKNOWN_VALUE
from careplan.planning.request import Request, TherapyChoice
from careplan.planning.rhythm import allowed_from
from careplan.planning.safety import Findings, Limit, find_conflicts, limits
from careplan.planning.selection import select

_NUMBER = re.compile(r"^[a-z]\d+[a-z]?-")


@dataclass(frozen=True)
class Outlook:
    """How a therapy would join a plan; *first_day* is None where it cannot or no day is known.

    *rule* is the id of the safety rule that says so, and *why* its name in words. With *stops*, a
    plan with this therapy is refused; without, a blocked therapy only has no day yet.
    """

    therapy: str
    title: str
    verdict: str
    first_day: int | None
    why: str
    rule: str = ""
    stops: bool = False


def with_unknowns(library: Library, request: Request) -> Request:
    """Return *request* with each option that is needed and not given set to unknown."""
    intervention = library.interventions.get(request.intervention)
    options = intervention.options if intervention else ()
    needed = [one.id for one in options if one.default is None and not one.must_be_known]
    missing = {name: (UNKNOWN_VALUE,) for name in needed if name not in request.options}
    return request.model_copy(update={"options": {**request.options, **missing}})


def foresee(library: Library, request: Request) -> Findings:
    """Return every rule that would fire for *request*, also those that stop a plan."""
    chosen = select(library, with_unknowns(library, request))
    return find_conflicts(library, chosen.facts)


def foresee_therapies(library: Library, request: Request) -> tuple[Outlook, ...]:
    """Return for each therapy of the library how it would join the plan of *request*."""
    ranked = sorted(library.therapies.values(), key=lambda one: (one.rank, one.id))
    return tuple(_outlook(library, request, one.id) for one in ranked)


def _outlook(library: Library, request: Request, name: str) -> Outlook:
    alone = request.model_copy(update={"therapies": (TherapyChoice(id=name),)})
    chosen = select(library, with_unknowns(library, alone))
    therapy, facts = chosen.therapies[0], chosen.facts
    findings = find_conflicts(library, facts)
    # Without a date the day of the review visit is not known; the state stays open.
    held = [one for one in limits(findings.conflicts, facts, None) if _on_core(one, therapy.core)]
    stopping = [one.conflict.rule for one in held if one.removed]
    stopping += [one.conflict.rule for one in held if one.open_end and not one.removed]
    stopping += [
        one.rule for one in findings.conflicts
        if one.action == "block" and not one.rule.when.about_therapies
    ]
    if stopping:
        stops = any(one.removed for one in held)
        return Outlook(name, therapy.title, "blocked", None, _words(stopping[0].id), stopping[0].id, stops)
    first = max(therapy.starts.days, 1, allowed_from(therapy, {name: held}))
    asking = [one for one in held if one.ask]
    waiting = [one for one in held if one.first_day == first]
    reason = next((one.conflict.rule.id for one in asking or waiting), "")
    return Outlook(name, therapy.title, "asks" if asking else "fits", first, _words(reason), reason)


def _on_core(limit: Limit, core: Iterable[str]) -> bool:
    return limit.modality is None or limit.modality in core


def _words(rule: str) -> str:
    """Return a rule's name as words: its id without the number."""
    return _NUMBER.sub("", rule).replace("-", " ")


