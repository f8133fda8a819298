"""A clinic's signatures."""

import datetime as dt

import pytest

from careplan.content.approvals import Approval, Approvals

PRINT = "0" * 64


def an_approval(**more: str) -> Approval:
    """Return a signature for a year."""
    return Approval.model_validate(
        {
            "fragment": "therapy/massage", "by": "Dr. Example", "on": "2026-11-02",
            "until": "2027-11-01", "fingerprint": PRINT,
        }
        | more
    )


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        ((2026, 11, 1), False), ((2026, 11, 2), True), ((2027, 11, 1), True), ((2027, 11, 2), False),
    ],
)
def test_a_signature_holds_from_its_day_through_its_last(day: tuple[int, int, int], *, holds: bool) -> None:
    """Both the day of the signature and the last day count."""
    assert an_approval().holds_on(dt.date(*day)) is holds


def test_a_role_stands_beside_the_name() -> None:
    """Who signed is told with what they are, where that is known."""
    assert an_approval().signer == "Dr. Example"
    assert an_approval(role="pharmacist").signer == "Dr. Example (pharmacist)"


def test_signatures_are_found_by_their_texts() -> None:
    """Each text has one signature, found by the text's name."""
    one = an_approval()

    assert Approvals(kind="approvals", approvals=(one,)).by_text == {"therapy/massage": one}
