"""Which texts a plan is made of, and who stands behind them."""

import dataclasses
import datetime as dt

from small_library import (
    a_follow_up,
    a_library,
    a_red_flag,
    a_request,
    a_therapy,
    a_visit,
    an_intervention,
    english,
)

from careplan.content.approvals import Approval
from careplan.content.clinic import Clinic
from careplan.content.library import Library
from careplan.content.rules import RedFlags
from careplan.planning.compose import compose
from careplan.planning.plan import Plan, Signature

NAMES = ("intervention/small-shot", "therapy/yoga", "follow-up/check-ups", "red-flags")


def the_library() -> Library:
    """Return a library with one shared text."""
    library = a_library(
        an_intervention(follow_ups=["check-ups"]), a_therapy("yoga"), a_follow_up(a_visit("call"))
    )
    signs = RedFlags(kind="red-flags", red_flags=(a_red_flag("fever"),))
    return dataclasses.replace(
        library,
        fingerprints={**library.fingerprints, "red-flags/plans/red-flags.yaml": "print of signs"},
        files={"red-flags/plans/red-flags.yaml": signs},
    )


def the_plan(**signers: tuple[str, str]) -> Plan:
    """Return a plan whose texts are signed by *signers*, each with a last day; `_` stands for a slash."""
    approved = {
        name: Approval.model_validate(
            {"fragment": name, "by": by, "on": "2026-01-01", "until": until, "fingerprint": "0" * 64}
        )
        for key, (by, until) in signers.items()
        for name in (key.replace("__", "/").replace("_", "-"),)
    }
    return compose(the_library(), a_request("yoga"), Clinic(kind="clinic"), english(), approved)


def test_a_plan_that_nobody_signed_is_not_approved() -> None:
    """Without signatures every text stands in one group, without a name."""
    plan = the_plan()

    assert not plan.approved
    assert plan.signatures == (
        Signature("", "", ("small-shot 1", "yoga 1", "check-ups 1", "the rules and signs for all plans")),
    )
    assert [one.name for one in (*plan.origins, *plan.shared)] == list(NAMES)


def test_a_plan_is_approved_when_all_of_it_is() -> None:
    """One signature under every text, shared ones too, makes an approved plan."""
    signer = ("Dr. Example", "2027-11-01")
    parts = {"intervention__small_shot": signer, "therapy__yoga": signer, "follow_up__check_ups": signer}

    assert not the_plan(**parts).approved
    plan = the_plan(**parts, red_flags=signer)
    assert plan.approved
    assert [(one.by, one.until) for one in plan.signatures] == [("Dr. Example", "Nov 1, 2027")]
    assert plan.origins[0].until == dt.date(2027, 11, 1)


def test_texts_are_grouped_by_signer_and_last_day() -> None:
    """Who approved what until when is told together, the first to end first, the unsigned last."""
    plan = the_plan(
        intervention__small_shot=("Dr. Example", "2027-11-01"),
        therapy__yoga=("R. Sample", "2027-02-01"),
        red_flags=("Dr. Example", "2027-11-01"),
    )

    assert plan.signatures == (
        Signature("R. Sample", "Feb 1, 2027", ("yoga 1",)),
        Signature("Dr. Example", "Nov 1, 2027", ("small-shot 1", "the rules and signs for all plans")),
        Signature("", "", ("check-ups 1",)),
    )


def test_a_signature_does_not_change_the_fingerprint_of_the_plan() -> None:
    """The fingerprint is of what is said; who stands behind it is told beside it."""
    assert the_plan().fingerprint == the_plan(therapy__yoga=("Dr. Example", "2027-11-01")).fingerprint
