"""What staff need to know about a plan: checks, every rule that fired, and what is not known."""

from collections.abc import Iterable

from careplan.content.clinic import Clinic
from careplan.content.library import Library
from careplan.content.rules import SafetyRule
from careplan.content.wording import Wording
from careplan.planning.matching import Facts
from careplan.planning.plan import RuleRow, StaffSheet, ThinnerRow
from careplan.planning.safety import Conflict, Findings
from careplan.planning.writer import BLANK

# The strictest first: a procedure in doubt counts as the higher class (K21).
_RISKS = ("high", "intermediate", "low")


def staff_sheet(
    library: Library, findings: Findings, facts: Facts, clinic: Clinic, wording: Wording
) -> StaffSheet:
    """Return the staff sheet's parts, in the order in which staff use them."""
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
    )


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
    )


def _modality(library: Library, name: str) -> str:
    return next(one.called for one in library.vocabulary.modalities if one.id == name)


def _thinners(library: Library, clinic: Clinic, risk: str) -> Iterable[ThinnerRow]:
    entered = {value.drug: getattr(value, risk) for value in clinic.blood_thinners}
    return (
        ThinnerRow(drug.title, entered.get(drug.id) or BLANK) for drug in library.drug_classes.values()
    )
