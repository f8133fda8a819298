"""Tests of what is known about the clinic."""

import datetime as dt

import pytest

from careplan.content.clinic import WEEKDAYS, Clinic, Countries, Country
from careplan.content.source import parse_source
from careplan.content.validation import check
from careplan.problems import FragmentError


def read(text: str) -> Clinic:
    """Return the clinic that *text* describes."""
    return check(Clinic, parse_source(f"kind: clinic\n{text}".encode(), "clinic.yaml"))


def test_a_clinic_may_say_nothing() -> None:
    """Every fact may be left out; what then holds is a US clinic that is open on weekdays."""
    assert read("").model_dump() == {
        "kind": "clinic",
        "name": None,
        "address": None,
        "phone": None,
        "phone_hours": None,
        "country": "US",
        "subdivision": None,
        "clinic_days": ("monday", "tuesday", "wednesday", "thursday", "friday"),
        "closed_days": (),
        "open_days": (),
        "emergency": None,
        "crisis": None,
        "fever": "100.4 °F (38 °C)",
        "blood_thinners": (),
        "language": "en",
    }


def test_a_clinic_says_all_there_is(clinic: Clinic) -> None:
    """Each fact is kept as it is written, and a single day needs no brackets."""
    text = """\
name: Riverside Pain Center
phone: (555) 010-0142
phone_hours: any time
country: GB
subdivision: SCT
clinic_days: saturday
closed_days: 2026-12-24
open_days: [2026-11-27, 2026-12-26]
emergency: "999"
"""

    read_clinic = read(text)

    assert read_clinic == clinic.model_copy(
        update={
            "country": "GB",
            "subdivision": "SCT",
            "clinic_days": ("saturday",),
            "emergency": "999",
            "closed_days": (dt.date(2026, 12, 24),),
            "open_days": (dt.date(2026, 11, 27), dt.date(2026, 12, 26)),
        }
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "phone: 5550100142",
            (
                "2:8: error: phone must be text (in quotes if it is a "
                "number, true or false), not '5550100142'. "
                "[not-expected]"
            ),
        ),
        ("clinic_days: []", "2:14: error: clinic_days must hold at least 1, not 0. [too-short]"),
        ("clinic_days:", "2:13: error: clinic_days must be a list, not empty. [tuple-type]"),
        (
            "language: EN",
            (
                "2:11: error: language must be an id of small letters, digits and single hyphens, "
                "such as 'physical-therapy', not 'EN'. [not-expected]"
            ),
        ),
        (
            "subdivision: Texas",
            (
                "2:14: error: subdivision must be a state's or province's code in capitals, such as CA, "
                "not 'Texas'. [not-expected]"
            ),
        ),
        (
            "open_days: [2026-11-27, soon]",
            (
                "2:25: error: open_days[2] must be a day that exists, "
                "written as YYYY-MM-DD, such as 2026-12-03, "
                "not 'soon'. [not-expected]"
            ),
        ),
        (
            "fax: none",
            (
                "2:1: error: fax is not a field here; the fields are kind, "
                "name, address, phone, phone_hours, "
                "country, subdivision, clinic_days, closed_days, open_days, emergency, crisis, fever, "
                "blood_thinners, language. [unknown-field]"
            ),
        ),
    ],
)
def test_a_mistake_in_a_clinic_is_shown(text: str, line: str) -> None:
    """A fact that cannot be is one problem at its place."""
    with pytest.raises(FragmentError) as caught:
        read(text)

    assert [str(problem) for problem in caught.value.problems] == [f"clinic.yaml:{line}"]


def test_weekdays_are_counted_as_the_calendar_counts() -> None:
    """The place of a weekday in the list is its number in Python's calendar."""
    monday = dt.date(2026, 11, 30)

    names = [(monday + dt.timedelta(days)).strftime("%A").lower() for days in range(7)]

    assert list(WEEKDAYS) == names


def test_a_country_has_an_emergency_number() -> None:
    """A country fixes whom to call; the crisis line may be unknown."""
    text = """\
kind: countries
countries:
  US: {emergency: "911", crisis: call or text 988}
  IE: {emergency: "112"}
"""

    countries = check(Countries, parse_source(text.encode(), "countries.yaml"))

    assert countries.countries == {
        "US": Country(emergency="911", crisis="call or text 988"),
        "IE": Country(emergency="112", crisis=None),
    }


def test_an_emergency_number_is_text() -> None:
    """A number without quotes could lose its zeros, so it is refused."""
    text = "kind: countries\ncountries:\n  US: {emergency: 911}\n"

    with pytest.raises(
        FragmentError, match=r":3:19: error: countries\.US\.emergency must be text \(in quotes"
    ):
        check(Countries, parse_source(text.encode(), "countries.yaml"))
