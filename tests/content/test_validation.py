"""Tests of saying in plain words what is wrong with data."""

from typing import Annotated, Literal

import pytest
from pydantic import BeforeValidator, Field

from careplan.content.models import Day, Id, Ids, Model, Span, Text, id_or_fields
from careplan.content.source import parse_source
from careplan.content.validation import check, check_given
from careplan.problems import FragmentError, RequestError


class Stop(Model):
    """A stop on a walk."""

    id: Id
    minutes: int = Field(5, ge=1, le=60)
    from_: Span | None = Field(None, alias="from")


class Walk(Model):
    """A walk with all kinds of value."""

    id: Id
    title: Text
    pace: Literal["slow", "brisk"] = "slow"
    alone: bool = False
    on: Day | None = None
    stops: tuple[Annotated[Stop, BeforeValidator(id_or_fields)], ...] = Field((), min_length=0)
    pairs: tuple[Text, ...] = Field(("a", "b"), min_length=2)
    tags: Ids = ()
    costs: dict[Id, int] = Field({})
    code: str = Field("A", pattern="^[A-Z]$")


def lines_for(text: str) -> list[str]:
    """Return the problems of *text* as a walk, each on its line."""
    with pytest.raises(FragmentError) as caught:
        check(Walk, parse_source(text.encode(), "w.yaml"))
    return [str(problem) for problem in caught.value.problems]


def test_right_data_becomes_its_model() -> None:
    """Data that fits is the model, with bare ids and single values read as meant."""
    source = parse_source(
        b"id: park\ntitle: Park\nstops: [bench, {id: pond, from: 2 weeks}]\ntags: easy\non: 2026-12-03\n",
        "w.yaml",
    )

    walk = check(Walk, source)

    assert walk == Walk.model_validate(
        {
            "id": "park",
            "title": "Park",
            "stops": [{"id": "bench"}, {"id": "pond", "from": "2 weeks"}],
            "tags": ["easy"],
            "on": "2026-12-03",
        }
    )


@pytest.mark.parametrize(
    ("added", "line"),
    [
        ("pace: fast", "3:7: error: pace must be 'slow' or 'brisk', not 'fast'. [literal-error]"),
        (
            "pace: brsik",
            "3:7: error: pace must be 'slow' or 'brisk', not 'brsik'; did you mean 'brisk'? [literal-error]",
        ),
        ("alone: perhaps", "3:8: error: alone must be true or false, not 'perhaps'. [bool-parsing]"),
        (
            "tags: [a, B]",
            (
                "3:11: error: tags[2] must be an id of small letters, digits and single hyphens, "
                "such as 'physical-therapy', not 'B'. [not-expected]"
            ),
        ),
        (
            "on: 2026-02-30",
            (
                "3:5: error: on must be a day that exists, written as YYYY-MM-DD, such as 2026-12-03, "
                "not '2026-02-30'. [not-expected]"
            ),
        ),
        ("stops: bench", "3:8: error: stops must be a list, not 'bench'. [tuple-type]"),
        ("stops: [7]", "3:9: error: stops[1] must be fields with their values, not '7'. [model-type]"),
        ("stops: [{minutes: 7}]", "3:9: error: stops[1] needs 'id'. [missing-field]"),
        (
            "stops: [{id: a, minutes: ten}]",
            "3:26: error: stops[1].minutes must be a whole number, not 'ten'. [int-parsing]",
        ),
        (
            "stops: [{id: a, minutes: 1.5}]",
            "3:26: error: stops[1].minutes must be a whole number, not '1.5'. [int-from-float]",
        ),
        (
            "stops: [{id: a, minutes: []}]",
            "3:26: error: stops[1].minutes must be a whole number, not a list. [int-type]",
        ),
        (
            "stops: [{id: a, minutes: 0}]",
            "3:26: error: stops[1].minutes must be at least 1, not '0'. [greater-than-equal]",
        ),
        (
            "stops: [{id: a, minutes: 61}]",
            "3:26: error: stops[1].minutes must be at most 60, not '61'. [less-than-equal]",
        ),
        (
            "stops: [{id: a, minute: 6}]",
            "3:17: error: stops[1].minute is not a field here; did you mean 'minutes'? [unknown-field]",
        ),
        (
            "stops: [{id: a, wyx: 6}]",
            (
                "3:17: error: stops[1].wyx is not a field here; the fields are id, minutes, from. "
                "[unknown-field]"
            ),
        ),
        (
            "stops: [{id: a, from: later}]",
            (
                "3:23: error: stops[1].from must be a number of days, weeks or months, such as '7 days', "
                "not 'later'. [not-expected]"
            ),
        ),
        ("pairs: [a]", "3:8: error: pairs must hold at least 2, not 1. [too-short]"),
        (
            "pairs: [a, '{']",
            ("3:12: error: pairs[2] must be text in which every '{' has its '}', not '{'. [not-expected]"),
        ),
        ("costs: [1]", "3:8: error: costs must be fields, not a list. [dict-type]"),
        ("costs: {tea: two}", "3:14: error: costs.tea must be a whole number, not 'two'. [int-parsing]"),
        ("costs: {tea: }", "3:14: error: costs.tea must be a whole number, not empty. [int-type]"),
        ("code: [A]", "3:7: error: code must be text, not a list. [string-type]"),
        ("code: ab", "3:7: error: code must have the form ^[A-Z]$, not 'ab'. [string-pattern-mismatch]"),
        (
            "on: {a: 1}",
            (
                "3:5: error: on needs a day that exists, written as YYYY-MM-DD, such as 2026-12-03. "
                "[not-expected]"
            ),
        ),
        (
            "on: true",
            (
                "3:5: error: on must be a day that exists, written as YYYY-MM-DD, such as 2026-12-03, "
                "not true. [not-expected]"
            ),
        ),
    ],
)
def test_a_mistake_says_what_is_expected_and_what_was_found(added: str, line: str) -> None:
    """Each kind of mistake is one sentence at its place, in the author's words."""
    assert lines_for(f"id: park\ntitle: Park\n{added}\n") == [f"w.yaml:{line}"]


def test_what_is_missing_is_named() -> None:
    """A field of the file that is missing is reported where the fields begin."""
    assert lines_for("# note\nid: park\n") == ["w.yaml:2:1: error: title is missing. [missing-field]"]


def test_all_mistakes_are_shown_at_once_in_their_order() -> None:
    """Problems come in the order of the file, however many there are."""
    assert lines_for("titel: Park\nid: Park\nalone: 7\n") == [
        "w.yaml:1:1: error: titel is not a field here; did you mean 'title'? [unknown-field]",
        "w.yaml:1:1: error: title is missing. [missing-field]",
        (
            "w.yaml:2:5: error: id must be an id of small letters, digits and single hyphens, such as "
            "'physical-therapy', not 'Park'. [not-expected]"
        ),
        "w.yaml:3:8: error: alone must be true or false, not '7'. [bool-parsing]",
    ]


@pytest.mark.parametrize("text", ["- id: park\n", "Walk in the park.\n", ""])
def test_data_that_is_no_fields_is_one_mistake(text: str) -> None:
    """A file that holds a list, a text or nothing is told to hold fields."""
    found = {"-": "a list", "W": "'Walk in the park.'", "": "empty"}[text[:1]]

    assert lines_for(text) == [
        f"w.yaml:1:1: error: The file must be fields with their values, not {found}. [model-type]",
    ]


def test_a_long_value_is_cut() -> None:
    """Of a long value only its beginning is repeated."""
    (line,) = lines_for(f"id: park\ntitle: Park\npace: {'slowly ' * 20}\n")

    assert "not 'slowly slowly slowly slowly slowly slow…'. [literal-error]" in line


def test_an_endless_number_is_refused_in_words() -> None:
    """A number beyond all bounds is a mistake like others."""
    (line,) = lines_for(f"id: park\ntitle: Park\nstops: [{{id: a, minutes: {'9' * 5000}}}]\n")

    assert line == (
        "w.yaml:3:26: error: stops[1].minutes must be a smaller number, "
        f"not '{'9' * 39}…'. [int-parsing-size]"
    )


def test_what_was_not_read_from_a_file_is_refused_by_sentences() -> None:
    """Data from a command line is refused with a sentence a mistake, each after where it was given."""
    data = {"id": "Park", "alone": "perhaps"}

    with pytest.raises(RequestError) as caught:
        check_given(Walk, data, "--walk")

    assert str(caught.value).splitlines() == [
        "--walk: alone must be true or false, not 'perhaps'.",
        (
            "--walk: id must be an id of small letters, digits and "
            "single hyphens, such as 'physical-therapy', "
            "not 'Park'."
        ),
        "--walk: title is missing.",
    ]


def test_right_data_that_was_not_read_from_a_file_is_the_model() -> None:
    """Data from a command line that fits is the model."""
    assert check_given(Walk, {"id": "park", "title": "Park"}, "--walk") == Walk(id="park", title="Park")
