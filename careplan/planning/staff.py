"""What staff need to know about a plan: checks, every rule that fired, and what is not known."""

from collections.abc import Iterable, Sequence

from careplan.content.clinic import Clinic
from careplan.content.library import Library
from careplan.content.origins import Loosened
from careplan.content.rules import SafetyRule
from careplan.content.wording import Wording, capitalised
from careplan.planning.matching import Facts
from careplan.planning.plan import LoosenedRow, Origin, RuleRow, StaffSheet, ThinnerRow
from careplan.planning.safety import Conflict, Findings
from careplan.planning.writer import BLANK

# The strictest first: a procedure in doubt counts as the higher class (K21).
_RISKS = ("high", "intermediate", "low")


# What every plan rests on, whichever fragments it has.
_EVERYWHERE = "red-flags"


def staff_sheet(  # noqa: PLR0913, PLR0917 - what was found, and what it is told with
    library: Library, findings: Findings, facts: Facts, clinic: Clinic, wording: Wording,
    origins: Sequence[Origin] = (),
) -> StaffSheet:
    """Return the staff sheet's parts, in the order in which staff use them.

    *origins* are the fragments of the plan.
    """
    risk = next((risk for risk in _RISKS if f"bleeding-risk-{risk}" in facts.traits), "")
    checks = dict.fromkeys(
        conflict.rule.check for conflict in findings.conflicts if conflict.rule.check
    )
    return StaffSheet(
        checks=tuple(checks),
        fired=tuple(_fired(conflict, facts, library, wording) for conflict in findings.conflicts),
        not_known=tuple(_row(rule, library, wording) for rule in findings.not_known),
        outside=tuple(_row(rule, library, wording) for rule in findings.outside),
        bleeding_risk=wording.say(f"risk_{risk}") if risk else "",
        thinners=tuple(_thinners(library, clinic, risk)) if risk else (),
        loosened=tuple(_loosened(one, wording) for one in _loosened_here(library, findings, origins)),
    )


def _loosened_here(
    library: Library, findings: Findings, origins: Iterable[Origin]
) -> Iterable[Loosened]:
    """Yield what the clinic made less strict and what this plan would have had."""
    here = {(origin.kind, origin.id) for origin in origins}
    yield from findings.loosened
    for one in library.loosened:
        if one.rule is None and (one.kind == _EVERYWHERE or (one.kind, one.id) in here):
            yield one


def _loosened(one: Loosened, wording: Wording) -> LoosenedRow:
    changes = [
        wording.say(
            "loosened_field", field=capitalised(change.field.replace("_", " ")),
            base=change.base or wording.say("loosened_nothing"),
            own=change.own or wording.say("loosened_nothing"),
        )
        for change in one.weaker
    ]
    label = wording.say("loosened_changed" if changes else "loosened_dropped")
    said = wording.say("loosened_by", by=one.by, reason=one.reason)
    return LoosenedRow(label, one.id, " ".join(changes), said)


def _fired(conflict: Conflict, facts: Facts, library: Library, wording: Wording) -> RuleRow:
    rule = conflict.rule
    touched = {
        facts.therapies[therapy].title: [_modality(library, one) for one in modalities]
        for therapy, modalities in conflict.touches.items()
    }
    about = "; ".join(
        f"{title}: {wording.joined(names)}" if names else title for title, names in touched.items()
    )
    allowed = conflict.allowed
    override = wording.say("allowed_by", by=allowed.by, reason=allowed.reason) if allowed else ""
    certain = "" if conflict.certain else wording.say("fact_not_known")
    return _row(rule, library, wording, action=conflict.action, about=about, override=override, doubt=certain)


def _row(  # noqa: PLR0913 - what a row says about one rule
    rule: SafetyRule,
    library: Library,
    wording: Wording,
    *,
    action: str = "",
    about: str = "",
    override: str = "",
    doubt: str = "",
) -> RuleRow:
    references = [library.references[one] for one in rule.sources]
    sources = [f"{one.organisation} ({one.year})" if one.year else one.organisation for one in references]
    return RuleRow(
        rule.id, wording.say(f"kind_{action or rule.then.action}"), about, rule.patient or "", rule.staff,
        rule.basis, wording.say(f"confidence_{rule.confidence}"), "; ".join(sources), override, doubt,
        _whose(library, rule, wording),
    )


def _whose(library: Library, rule: SafetyRule, wording: Wording) -> str:
    """Return whether the rule is the clinic's own or was changed by it; nothing if it is ours."""
    where = library.where_from("safety-rule", rule.id)
    return {"built-in": "", "clinic": wording.say("rule_of_clinic")}.get(where, wording.say("rule_changed"))


def _modality(library: Library, name: str) -> str:
    return next(one.called for one in library.vocabulary.modalities if one.id == name)


def _thinners(library: Library, clinic: Clinic, risk: str) -> Iterable[ThinnerRow]:
    entered = {value.drug: getattr(value, risk) for value in clinic.blood_thinners}
    return (
        ThinnerRow(drug.title, entered.get(drug.id) or BLANK) for drug in library.drug_classes.values()
    )
