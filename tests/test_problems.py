"""Tests of what a problem shows and in which order problems come."""

import pytest

from careplan.problems import (
    CareplanError,
    FragmentError,
    Location,
    MissingPartError,
    OutputError,
    Problem,
    RequestError,
    UnsafePlanError,
    did_you_mean,
)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (Location("plans/tens.yaml", 3, 8), "plans/tens.yaml:3:8"),
        (Location("plans/tens.yaml"), "plans/tens.yaml"),
    ],
)
def test_a_place_reads_as_editors_link_it(location: Location, expected: str) -> None:
    """A place is file, line and column, and the whole file where there is no line."""
    assert str(location) == expected


def test_a_problem_is_one_line() -> None:
    """A problem names place, level, sentence and code on one line."""
    problem = Problem(Location("a.yaml", 3, 8), "title is missing.", "missing-field", level="warning")

    assert str(problem) == "a.yaml:3:8: warning: title is missing. [missing-field]"


def test_a_shown_problem_points_at_its_place() -> None:
    """The caret stands under the character at which the problem is."""
    problem = Problem(Location("a.yaml", 3, 8), "Wrong.", "wrong", excerpt="title: 12")

    assert problem.shown() == "a.yaml:3:8: error: Wrong. [wrong]\n    title: 12\n           ^"


def test_a_problem_without_a_line_shows_its_sentence_only() -> None:
    """A problem of a whole file has no line and no caret."""
    problem = Problem(Location("a.yaml"), "Too large.", "too-large")

    assert problem.shown() == "a.yaml: error: Too large. [too-large]"


def test_problems_come_in_the_order_of_their_places() -> None:
    """An error carries its problems by file, line and column, whatever order they were found in."""
    last = Problem(Location("b.yaml", 1, 1), "Fourth.", "x")
    third = Problem(Location("a.yaml", 10, 1), "Third.", "x")
    second = Problem(Location("a.yaml", 9, 7), "Second.", "x")
    first = Problem(Location("a.yaml", 9, 2), "First.", "x")

    error = FragmentError([last, third, second, first])

    assert error.problems == (first, second, third, last)
    assert str(error) == (
        "a.yaml:9:2: error: First. [x]\na.yaml:9:7: error: Second. [x]\n"
        "a.yaml:10:1: error: Third. [x]\nb.yaml:1:1: error: Fourth. [x]"
    )


def test_the_line_is_no_part_of_what_a_problem_is() -> None:
    """Two problems are one and the same even if only one of them has its line."""
    with_line = Problem(Location("a.yaml", 1, 1), "Wrong.", "wrong", excerpt="kind: x")
    without = Problem(Location("a.yaml", 1, 1), "Wrong.", "wrong")

    assert with_line == without
    assert len({with_line, without}) == 1


def test_each_error_has_its_exit_code() -> None:
    """Every kind of error that the command line shows has an exit code of its own."""
    kinds = (CareplanError, RequestError, FragmentError, UnsafePlanError, MissingPartError, OutputError)

    assert [kind.exit_code for kind in kinds] == [1, 2, 3, 4, 5, 6]
    assert all(issubclass(kind, CareplanError) for kind in kinds)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("titel", "; did you mean 'title'?"),
        ("sumary", "; did you mean 'summary'?"),
        ("dose", ""),
    ],
)
def test_a_misspelling_finds_its_word(word: str, expected: str) -> None:
    """The nearest known word is offered, and none that is another word."""
    assert did_you_mean(word, ["title", "summary", "review"]) == expected


def test_nothing_known_means_nothing_offered() -> None:
    """Where no word is known none is offered."""
    assert did_you_mean("title", []) == ""
