"""Which safety rules fire for a request, and what each does to its therapies."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from careplan.content.library import Library
from careplan.content.offsets import Offset
from careplan.content.origins import Loosened
from careplan.content.rules import ACTIONS, Action, SafetyRule
from careplan.planning.matching import Facts, Truth, match, matched_modalities, perhaps
from careplan.planning.request import Allowed
from careplan.problems import RequestError, UnsafePlanError, did_you_mean

# A wait of no days says that something is allowed from the first day on.
NO_WAIT = Offset(0, "day")


@dataclass(frozen=True)
class Conflict:
    """A rule that fired in one plan.

    *touches* holds, for each therapy the rule is about, the modalities that it limits;
    it is empty for a rule about the procedure and the patient alone.
    """

    rule: SafetyRule
    action: Action
    certain: bool
    touches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    allowed: Allowed | None = None

    @property
    def sentence(self) -> str | None:
        """Return what the patient reads: softer where a clinician has allowed it."""
        return (self.allowed and self.rule.patient_if_allowed) or self.rule.patient

    @property
    def in_force(self) -> bool:
        """Return whether it stands; what a clinician has allowed keeps only its floor."""
        return self.allowed is None


@dataclass(frozen=True)
class Findings:
    """The conflicts of a request, strictest first, and what else staff have to know.

    *not_known* are rules that would fire if the unstated history were this or that;
    *outside* are those about things outside the plan, such as a scan, which would fire
    if they were planned. *loosened* are those of our rules that would have fired, or could
    have, and that the clinic made less strict.
    """

    conflicts: tuple[Conflict, ...]
    not_known: tuple[SafetyRule, ...]
    outside: tuple[SafetyRule, ...]
    loosened: tuple[Loosened, ...] = ()


def find_conflicts(library: Library, facts: Facts) -> Findings:
    """Return every rule that fires for *facts*.

    Raises `RequestError` where the request allows a rule that does not fire, or one that
    ends with a fact: that is lifted by stating the fact.
    """
    allowed = {one.rule: one for one in facts.request.allow}
    conflicts, not_known, outside = [], [], []
    for rule in library.rules.values():
        conflict = _conflict(rule, facts, allowed.get(rule.id))
        if conflict:
            conflicts.append(conflict)
        elif rule.when.planned and _would_fire(rule, facts):
            outside.append(rule)
        elif _might_fire(rule, facts):
            not_known.append(rule)
    fired = {conflict.rule.id for conflict in conflicts}
    for conflict in conflicts:
        state = conflict.rule.then.until
        if conflict.allowed and isinstance(state, str):
            message = (
                f"The safety rule '{conflict.rule.id}' lasts until '{state}' is a fact, "
                "so nobody can allow it before."
            )
            raise RequestError(message)
    for name in allowed:
        if name not in fired:
            hint = did_you_mean(name, fired)
            message = f"The safety rule '{name}' does not fire in this plan; nothing to allow{hint or '.'}"
            raise RequestError(message)
    conflicts.sort(key=lambda one: (ACTIONS.index(one.action), one.rule.id))
    loosened = tuple(one for one in library.loosened if one.rule and _matters(one.rule, facts))
    return Findings(tuple(conflicts), tuple(not_known), tuple(outside), loosened)


def _matters(rule: SafetyRule, facts: Facts) -> bool:
    """Return whether *rule* fires, would fire if something were planned, or might for all we know."""
    return bool(
        _conflict(rule, facts, None)
        or (rule.when.planned and _would_fire(rule, facts))
        or _might_fire(rule, facts)
    )


def _conflict(rule: SafetyRule, facts: Facts, allowed: Allowed | None) -> Conflict | None:
    if not rule.when.about_therapies:
        truth, touches = _fires(rule, facts, None), {}
    else:
        answers = {therapy: _fires(rule, facts, therapy) for therapy in facts.therapies}
        truth = max(answers.values(), default=Truth.NO)
        touches = {
            therapy: matched_modalities(rule.when, facts, therapy)
            for therapy, answer in answers.items()
            if answer is not Truth.NO
        }
    if truth is Truth.NO or _is_over(rule, facts):
        return None
    action = rule.then.action
    doubts = [one for one in rule.when.factors or () if facts.factors.get(one) is Truth.UNKNOWN]
    undated = rule.then.wait is not None and _event_day(rule, facts) is None
    if truth is Truth.UNKNOWN:
        # What is not known is asked: never let through, and never refused for good.
        action = "ask"
    elif doubts or undated:
        # One fact is enough for the rule, another or its date is not known: the stricter holds.
        action = min(action, "ask", key=ACTIONS.index)
    return Conflict(rule, action, truth is Truth.YES and not undated, touches, allowed)


def _fires(rule: SafetyRule, facts: Facts, therapy: str | None) -> Truth:
    truth = match(rule.when, facts, therapy)
    if rule.unless and match(rule.unless, facts, therapy) is Truth.YES:
        return Truth.NO
    return truth


def _is_over(rule: SafetyRule, facts: Facts) -> bool:
    """Return whether the rule's time had passed before the procedure: an old wound has healed."""
    ends = _days_after(_event_day(rule, facts), rule.then.wait or rule.then.until)
    return ends is not None and ends <= 0 and rule.then.wait != NO_WAIT


def _would_fire(rule: SafetyRule, facts: Facts) -> bool:
    """Return whether the rule fires as soon as the thing it is about is planned."""
    others = rule.when.model_copy(update={"planned": None})
    return _fires(rule.model_copy(update={"when": others}), facts, None) is not Truth.NO


def _might_fire(rule: SafetyRule, facts: Facts) -> bool:
    therapies: Iterable[str | None] = facts.therapies if rule.when.about_therapies else [None]
    return any(
        perhaps(rule.when, facts, therapy)
        for therapy in therapies
        if not (rule.unless and match(rule.unless, facts, therapy) is Truth.YES)
    )


@dataclass(frozen=True)
class Limit:
    """What one conflict means for one modality of one therapy.

    Days count from the procedure. *state* is what else must be so before the modality
    may start; *open_end* says that no day can be told until then.
    """

    conflict: Conflict
    therapy: str
    modality: str | None
    first_day: int | None = None
    state: str | None = None
    open_end: bool = False
    removed: bool = False
    ask: bool = False
    areas: tuple[str, ...] = ()
    areas_until: int | None = None


def limits(conflicts: Iterable[Conflict], facts: Facts, review_day: int | None) -> tuple[Limit, ...]:
    """Return the limits that *conflicts* put on the therapies.

    *review_day* is the day of the visit at which the clinic clears hands-on care.
    """
    return tuple(
        _limit(conflict, therapy, modality, facts, review_day)
        for conflict in conflicts
        for therapy, modalities in conflict.touches.items()
        for modality in modalities or (None,)
    )


def _limit(
    conflict: Conflict, therapy: str, modality: str | None, facts: Facts, review_day: int | None
) -> Limit:
    then = conflict.rule.then
    if not conflict.in_force:
        floor = _days_after(_body_day(conflict.rule, facts), then.never_before)
        return Limit(
            conflict, therapy, modality, floor, open_end=bool(then.never_before) and floor is None,
        )
    event = _event_day(conflict.rule, facts)
    state = then.until if isinstance(then.until, str) else None
    # A block that ends after some days is a wait.
    wait = then.wait or (then.until if then.block and not state else None)
    first_day = _days_after(event, wait)
    if state == "review-visit" and review_day is not None:
        first_day = max(first_day or 0, review_day)
    return Limit(
        conflict, therapy, modality, first_day, state,
        open_end=first_day is None and bool(state or wait) and not then.avoid_area,
        removed=conflict.action == "block" and then.until is None,
        ask=conflict.action == "ask" or bool(wait and event is None),
        areas=then.avoid_area,
        areas_until=_days_after(event, then.until) if then.avoid_area else None,
    )


def _days_after(event: int | None, until: str | Offset | None) -> int | None:
    return event + until.days if event is not None and isinstance(until, Offset) else None


def _event_day(rule: SafetyRule, facts: Facts) -> int | None:
    """Return the day from which the rule's days count: the latest event it is about."""
    days = [facts.traits[trait] for trait in rule.when.traits or () if trait in facts.traits]
    if not days:
        return 0
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None


def _body_day(rule: SafetyRule, facts: Facts) -> int | None:
    """Return the day on which what the rule is about came into the body.

    For a rule about a trait that is its event; for one about a factor, the factor's own
    date, today if the procedure brings it, or the operation in the history.
    """
    if not rule.when.factors:
        return _event_day(rule, facts)
    days = [facts.since(factor) for factor in rule.when.factors if factor in facts.factors]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def refuse_unsafe(conflicts: Iterable[Conflict], facts: Facts) -> None:
    """Raise `UnsafePlanError` where a block stops the plan and nobody has allowed it."""
    stopped = list(_stopping(conflicts, facts))
    if stopped:
        raise UnsafePlanError(
            "\n".join(f"{reason}\n  {way_out}" for reason, way_out in stopped),
            dict.fromkeys(reason for reason, _ in stopped),
        )


def _stopping(conflicts: Iterable[Conflict], facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield why the plan stops, and what can be done about it on the command line."""
    for conflict in conflicts:
        rule = conflict.rule
        if conflict.action != "block" or not conflict.in_force or rule.then.until:
            continue
        reason = f"{rule.id}: {rule.patient or rule.staff}"
        if not conflict.touches:
            yield reason, (
                "This stops the plan. A clinician who takes it on can add: "
                f"--allow {rule.id} --by NAME --reason TEXT"
            )
        for therapy, modalities in conflict.touches.items():
            core = [one for one in modalities if one in facts.therapies[therapy].core]
            if core or not modalities:
                yield reason, (
                    f"{facts.therapies[therapy].title} cannot do without "
                    f"{', '.join(core) or 'this'}. Leave it out (--without {therapy}), or a clinician "
                    f"adds: --allow {rule.id} --by NAME --reason TEXT"
                )
