"""Tests of what is known about the clinic."""

import datetime as dt
import re
from pathlib import Path

import pytest

from careplan.content.clinic import WEEKDAYS, Clinic, Countries, Country, Fonts, Letterhead, Theme
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
        "after_hours_phone": None,
        "letterhead": None,
        "theme": None,
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
            "letterhead: preprintd",
            (
                "2:13: error: letterhead must be either 'preprinted' or fields, such as {logo: logo.svg}, "
                "not 'preprintd'. [not-expected]"
            ),
        ),
        (
            "letterhead: {logo: logo.svg, preprinted: 50 mm}",
            "2:13: error: letterhead needs either a logo or preprinted paper. [not-expected]",
        ),
        (
            "letterhead: {}",
            "2:13: error: letterhead needs either a logo or preprinted paper. [not-expected]",
        ),
        (
            "letterhead: {preprinted: 5 cm}",
            (
                "2:26: error: letterhead.preprinted must be a height from 20 to 90 millimetres, "
                "such as 40 mm, not '5 cm'. [not-expected]"
            ),
        ),
        *(
            (
                f"letterhead: {{logo: {name}}}",
                (
                    "2:20: error: letterhead.logo must be the name of an SVG or PNG file beside clinic.yaml, "
                    f"such as logo.svg, not '{name}'. [not-expected]"
                ),
            )
            for name in ("../logo.svg", "/etc/logo.svg", "a/../../logo.png", "C:\\logo.png", "logo.jpg")
        ),
        (
            "theme:\n  accent: #0b3c4d",
            (
                "3:10: error: theme.accent must be a colour of # and six digits from 0 to f, in quotes, "
                'such as "#0b3c4d", not empty. [not-expected]'
            ),
        ),
        (
            'theme: {acent: "#0b3c4d"}',
            "2:9: error: theme.acent is not a field here; did you mean 'accent'? [unknown-field]",
        ),
        ("theme: {fonts: {regular: a.ttf}}", "2:16: error: theme.fonts needs 'bold'. [missing-field]"),
        (
            "theme: {fonts: {regular: a.otf, bold: b.ttf}}",
            (
                "2:26: error: theme.fonts.regular must be the name of a TTF file beside clinic.yaml, "
                "such as fonts/regular.ttf, not 'a.otf'. [not-expected]"
            ),
        ),
        (
            "fax: none",
            (
                "2:1: error: fax is not a field here; the fields are kind, "
                "name, address, phone, phone_hours, after_hours_phone, letterhead, theme, "
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


@pytest.mark.parametrize(
    ("text", "space"), [("preprinted", 40), ("{preprinted: 55 mm}", 55), ("{preprinted: 32.5mm}", 32.5)]
)
def test_preprinted_paper_needs_one_word(text: str, space: float) -> None:
    """The word alone leaves the usual space blank; a height may be given."""
    letterhead = read(f"letterhead: {text}").letterhead

    assert letterhead is not None
    assert letterhead.preprinted == space


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


def test_every_field_is_explained() -> None:
    """The page for whoever writes clinic.yaml names each field, and its example can be read."""
    page = (Path(__file__).parents[2] / "docs" / "clinic.md").read_text(encoding="utf-8")

    fields = {name for model in (Clinic, Letterhead, Theme, Fonts) for name in model.model_fields}
    assert {name for name in fields if not re.search(rf"\b{name}\b", page)} == set()
    example = page.split("```yaml\n")[1].partition("```")[0]
    assert check(Clinic, parse_source(example.encode(), "clinic.yaml")).name == "Riverside Pain Center"
