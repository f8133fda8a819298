"""The staff sheet's parts, on the shipped plans."""

from collections.abc import Sequence

from careplan.content.clinic import Clinic
from careplan.content.library import Library
from careplan.content.validation import check_given
from careplan.content.wording import Wording
from careplan.planning.compose import compose
from careplan.planning.plan import StaffSheet
from careplan.planning.request import Request


def sheet(
    library: Library, wording: Wording, clinic: Clinic, factors: Sequence[object] = (), **changes: object
) -> StaffSheet:
    """Return the staff sheet of an epidural with acupuncture."""
    request = check_given(
        Request,
        {
            "intervention": "epidural-steroid-injection",
            "options": {"site": "lumbar"},
            "therapies": ["acupuncture"],
            "factors": list(factors),
            "date": "2026-12-03",
            **changes,
        },
        "test",
    )
    return compose(library, request, clinic, wording).staff


def test_every_rule_that_fired_is_there_with_its_reasons(
    library: Library, wording: Wording, clinic: Clinic
) -> None:
    """A row says what the rule does, to what, why, on which basis, and how sure it is."""
    rows = {row.id: row for row in sheet(library, wording, clinic).fired}

    row = rows["n08a-needles-near-fresh-injection"]
    rule = library.rules[row.id]
    assert row.label == "Wait"
    assert row.about == "Acupuncture: acupuncture needles, dry needling and needles with current"
    assert (row.staff, row.patient, row.basis) == (rule.staff, rule.patient, rule.basis)
    assert row.confidence == "confidence low"
    assert library.references[rule.sources[0]].organisation in row.sources


def test_an_override_is_printed_with_name_and_reason(
    library: Library, wording: Wording, clinic: Clinic
) -> None:
    """Who allowed a rule, and why, stands beside the rule's original text."""
    allow = [{"rule": "p03a-x-ray-in-pregnancy", "by": "Dr. Example", "reason": "Needed now."}]

    rows = sheet(library, wording, clinic, ["pregnant"], allow=allow).fired

    row = next(row for row in rows if row.id == "p03a-x-ray-in-pregnancy")
    assert row.override == "Allowed by Dr. Example: Needed now."
    assert row.patient == library.rules[row.id].patient


def test_a_doubt_is_said(library: Library, wording: Wording, clinic: Clinic) -> None:
    """A rule that asks because a fact is not known says so."""
    factors = [{"id": "diabetes", "status": "unknown"}]

    rows = sheet(library, wording, clinic, factors).fired

    row = next(row for row in rows if row.id == "p01-diabetes-and-steroid")
    assert (row.label, row.doubt) == ("Ask us first", "A fact is not known, so this asks.")


def test_blood_thinners_have_only_the_clinics_own_values(
    library: Library, wording: Wording, clinic: Clinic
) -> None:
    """No time is built in: a row is the clinic's value for this risk, or a line to write on."""
    thinners = ({"drug": "warfarin", "low": "see list", "intermediate": "ask Dr. Example"},)
    own = check_given(Clinic, {"kind": "clinic", "blood_thinners": list(thinners)}, "clinic")

    built_in, entered = sheet(library, wording, clinic), sheet(library, wording, own)

    assert built_in.bleeding_risk == "intermediate"
    assert {row.value for row in built_in.thinners} == {"____"}
    assert {row.title: row.value for row in entered.thinners if row.value != "____"} == {
        "Warfarin": "ask Dr. Example",
    }
