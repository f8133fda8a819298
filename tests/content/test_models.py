"""Tests of the kinds of value that models are made of."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from careplan.content.models import (
    Day,
    FilledIds,
    Id,
    Ids,
    Model,
    Text,
    VisitWindow,
    id_or_fields,
    one_or_many,
    parse_date,
)
from careplan.content.offsets import Window


class Cup(Model):
    """A model with one field, for the tests."""

    size: int


def expected_of(kind: object, value: object) -> str:
    """Return what *kind* says that it expects instead of *value*."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    (error,) = caught.value.errors()
    assert error["type"] == "expected"
    return str(error["ctx"]["expected"])


@pytest.mark.parametrize("value", ["tens", "physical-therapy", "acp-2017-low-back-pain", "1a", "7"])
def test_an_id_is_kebab_case(value: str) -> None:
    """Small letters, digits and single hyphens between them are an id."""
    assert TypeAdapter(Id).validate_python(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Tens",
        "two words",
        "under_score",
        "-a",
        "a-",
        "a--b",
        "größe",
        "a\n",
        "a.b",
        "../a",
        7,
        None,
        ["a"],
    ],
)
def test_what_is_no_id_is_refused(value: object) -> None:
    """Anything else says what an id is."""
    assert expected_of(Id, value) == (
        "an id of small letters, digits and single hyphens, such as 'physical-therapy'"
    )


@pytest.mark.parametrize(
    ("written", "text"),
    [("Rest.", "Rest."), ("  Rest\n  a  bit. ", "Rest a bit."), ("Call {phone}.", "Call {phone}.")],
)
def test_text_is_one_line(written: str, text: str) -> None:
    """Text loses the line ends and spaces that only the file's layout gave it."""
    assert TypeAdapter(Text).validate_python(written) == text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "text"),
        (12, "text (in quotes if it is a number, true or false)"),
        (True, "text (in quotes if it is a number, true or false)"),
        ("Call {phone.", "text in which every '{' has its '}'"),
        ("Until {day}.", "a number of days behind 'day' in '{day}'"),
    ],
)
def test_what_is_no_text_is_refused(value: object, expected: str) -> None:
    """A number, an empty field and a slot that is not known say what is expected."""
    assert expected_of(Text, value) == expected


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_every_day_of_the_century_reads_back(day: dt.date) -> None:
    """Each day from 2000 to 2099 is read from its written form, and is itself as a value."""
    assert parse_date(day.isoformat()) == day
    assert parse_date(day) == day


@pytest.mark.parametrize(
    "value",
    [
        "2027-02-29",
        "2026-13-01",
        "2026-1-1",
        "20261203",
        "2026-W01-1",
        "12/03/2026",
        " 2026-12-03",
        "",
        20261203,
        None,
    ],
)
def test_a_day_that_does_not_exist_is_refused(value: object) -> None:
    """A day that is not in the calendar or written another way says how days are written."""
    assert expected_of(Day, value) == ("a day that exists, written as YYYY-MM-DD, such as 2026-12-03")


@pytest.mark.parametrize("value", ["1999-12-31", "2100-01-01", "0026-12-03", dt.date(1926, 12, 3)])
def test_a_day_of_another_century_is_refused(value: object) -> None:
    """A year that can only be a slip of the finger is refused."""
    assert expected_of(Day, value) == "a day from 2000 to 2099"


def test_one_id_needs_no_brackets() -> None:
    """One id and a list of one id are the same."""
    assert TypeAdapter(Ids).validate_python("tens") == ("tens",)
    assert TypeAdapter(Ids).validate_python(["tens", "yoga"]) == ("tens", "yoga")
    assert TypeAdapter(Ids).validate_python([]) == ()


def test_a_list_that_must_not_be_empty_says_so() -> None:
    """Where an empty list would mean nothing it is refused."""
    assert expected_of(FilledIds, []) == "at least one id in the list"


def test_a_window_is_a_value() -> None:
    """A window in a model is read into its days."""
    assert TypeAdapter(VisitWindow).validate_python("- 4 / + 3 days") == Window(4, 3)
    assert expected_of(VisitWindow, "3 days").startswith("a window such as")


@pytest.mark.parametrize(
    ("value", "result"),
    [("a", ["a"]), ({"a": 1}, [{"a": 1}]), (0, [0]), (["a"], ["a"]), (("a",), ("a",)), (None, None)],
)
def test_one_thing_becomes_a_list(value: object, result: object) -> None:
    """A single value gets its brackets; a list and nothing stay as they are."""
    assert one_or_many(value) == result


@pytest.mark.parametrize(
    ("value", "result"),
    [("a", {"id": "a"}), ({"id": "a"}, {"id": "a"}), (3, 3), (None, None)],
)
def test_a_bare_id_becomes_fields(value: object, result: object) -> None:
    """Only a bare text is taken for an id."""
    assert id_or_fields(value) == result


def test_a_model_knows_its_fields_and_stays_as_it_is() -> None:
    """A field that is not known is refused, and a value cannot be changed later."""
    cup = Cup(size=2)

    with pytest.raises(ValidationError, match=r"color\n.*\[type=extra_forbidden"):
        Cup.model_validate({"size": 2, "color": "red"})
    with pytest.raises(ValidationError, match=re.escape("[type=frozen_instance")):
        cup.size = 3
    assert cup == Cup(size=2)
