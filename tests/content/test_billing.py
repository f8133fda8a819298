"""Billing codes in what patients read."""

import pytest

from careplan.content.billing import billing_codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("You will have a 64483.", ("64483",)),
        ("Code 0213T is new.", ("0213T",)),
        ("Codes 64483 and 64484, or J3301.", ("64483", "64484", "J3301")),
        ("(64483)", ("64483",)),
        ("64483-50", ("64483",)),
        ("64483 64484", ("64483", "64484")),
    ],
)
def test_codes_are_found(text: str, codes: tuple[str, ...]) -> None:
    """CPT codes of both forms and HCPCS codes are found, alone and in a row."""
    assert billing_codes(text) == codes


@pytest.mark.parametrize(
    "text",
    [
        "In 2026 we changed it.", "Come on 2026-12-03.", "Walk 10,000 steps.", "Call 1-800-662-4357.",
        "Call (555) 010-0142.", "Call 01632 960123.", "Call +49 30 12345678.", "Call 5550100142.",
        "Text 988.", "ZIP 12345-6789", "It costs $12345.", "See https://example.org/12345/a.", "At 1030 AM",
        "1234.56789", "About 1 in 10000.5", "The T10 level", "L4 and L5",
    ],
)
def test_years_amounts_and_phones_are_no_codes(text: str) -> None:
    """What only looks a little like a code is left alone."""
    assert billing_codes(text) == ()
