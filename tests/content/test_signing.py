"""Texts that can be signed, and what a signature is worth."""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from careplan.content.approvals import Approval
from careplan.content.library import load_library
from careplan.content.signing import (
    SignedText,
    deadlines,
    shared_texts,
    signed_texts,
    stand,
    valid_approvals,
)

Plans = Callable[[Mapping[str, str]], Path]
SIGNED, LAST = dt.date(2026, 11, 2), dt.date(2027, 10, 31)


@pytest.fixture
def texts(plans: Plans, small: dict[str, str]) -> dict[str, SignedText]:
    """Return the texts of the small library."""
    return signed_texts(load_library(plans(small)))


def sign(text: SignedText, **more: object) -> Approval:
    """Return a signature under *text* as it is."""
    return Approval.model_validate(
        {
            "fragment": text.name, "by": "Dr. Example", "on": SIGNED, "until": LAST,
            "fingerprint": text.fingerprint,
        }
        | more
    )


def test_fragments_rules_and_shared_lists_can_be_signed(texts: dict[str, SignedText]) -> None:
    """A fragment and a file of rules are signed by kind and id, other shared files by their kind."""
    assert list(texts) == [
        "condition/back-pain", "countries", "factor/blood-thinner", "follow-up/check-ups",
        "intervention/back-injection", "red-flags", "safety-rules/after-needle",
        "safety-rules/before-a-scan", "sources", "therapy/massage", "therapy/walking-class", "vocabulary",
    ]


def test_every_plan_rests_on_the_shared_texts(texts: dict[str, SignedText]) -> None:
    """Rules, signs, sources, words and numbers are part of each plan."""
    assert [text.name for text in shared_texts(texts)] == [
        "countries", "red-flags", "safety-rules/after-needle", "safety-rules/before-a-scan", "sources",
        "vocabulary",
    ]


def test_a_text_says_what_is_signed(texts: dict[str, SignedText]) -> None:
    """Title, version, review and the number of items tell what somebody is about to sign."""
    text = texts["therapy/walking-class"]

    assert (text.title, text.version, text.due) == ("Walking class", 1, dt.date(2027, 11, 1))
    # A reason, a phase with one exercise, and a thing to tell.
    assert text.items == 4
    assert texts["red-flags"].items == 3
    assert (texts["red-flags"].title, texts["red-flags"].version) == ("Red flags", None)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (dt.date(2026, 11, 1), "not-yet"), (SIGNED, "approved"), (LAST, "approved"),
        (dt.date(2027, 11, 1), "lapsed"),
    ],
)
def test_a_signature_is_worth_something_on_its_days(
    texts: dict[str, SignedText], day: dt.date, state: str
) -> None:
    """Before its day and after its last day a signature counts for nothing."""
    text = texts["therapy/massage"]

    assert stand(text, sign(text), day).state == state


def test_nobody_signed(texts: dict[str, SignedText]) -> None:
    """A text without a signature was never signed."""
    assert stand(texts["red-flags"], None, SIGNED).state == "never"


@pytest.mark.parametrize(
    "name", ["therapies/massage.yaml", "safety-rules/after-needle.yaml", "red-flags.yaml"]
)
def test_any_change_of_a_text_ends_its_approval(plans: Plans, small: dict[str, str], name: str) -> None:
    """One more word ends the approval of that text, and of no other."""
    before = signed_texts(load_library(plans(small)))
    approvals = {text.name: sign(text) for text in before.values()}
    small[name] += "# One more word.\n"

    after = signed_texts(load_library(plans(small)))

    lost = approvals.keys() - valid_approvals(after, approvals, SIGNED).keys()
    kind = {"therapies": "therapy", "safety-rules": "safety-rules"}.get(name.partition("/")[0])
    assert lost == {f"{kind}/{Path(name).stem}" if kind else "red-flags"}


def test_an_approval_of_what_is_gone_counts_for_nothing(texts: dict[str, SignedText]) -> None:
    """A signature under a text that the library lacks is no valid one."""
    approval = sign(texts["red-flags"], fragment="therapy/gone")

    assert valid_approvals(texts, {"therapy/gone": approval}, SIGNED) == {}


def test_deadlines_come_in_the_order_of_their_days(texts: dict[str, SignedText]) -> None:
    """Ends of approvals and reviews are listed up to a day; void approvals are due at once."""
    now = dt.date(2027, 10, 1)
    approvals = {
        "red-flags": sign(texts["red-flags"]),
        "sources": sign(texts["sources"], fingerprint="0" * 64),
        "therapy/gone": sign(texts["sources"], fragment="therapy/gone"),
    }
    only = {name: texts[name] for name in ("red-flags", "sources", "therapy/massage")}

    found = deadlines(only, approvals, now, dt.date(2027, 11, 1))

    assert [(str(one.day), one.name, one.what) for one in found] == [
        ("2027-10-01", "sources", "changed"), ("2027-10-01", "therapy/gone", "gone"),
        ("2027-10-31", "red-flags", "approval"), ("2027-11-01", "therapy/massage", "review"),
    ]
    assert [one.name for one in deadlines(only, approvals, now, now)] == ["sources", "therapy/gone"]
