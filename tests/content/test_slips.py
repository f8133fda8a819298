"""The slips that everybody makes in YAML, found by how the lines look."""

from hypothesis import given
from hypothesis import strategies as st

from careplan.content.slips import find_slip, quoted
from careplan.content.source import parse_source
from careplan.problems import FragmentError

_SIGNS = "".join(chr(one) for one in range(32, 127))


@given(st.text(_SIGNS, min_size=1, max_size=30))
def test_what_is_put_in_quotes_is_read_as_it_was(text: str) -> None:
    """The quotes that are offered hold any text, whatever stands in it."""
    assert parse_source(f"a: {quoted(text)}\n".encode(), "a.yaml").data == {"a": text}


@given(st.text("ab:-'\"{}[]|>&*!%@#,\t \n", max_size=60), st.integers(1, 9), st.integers(1, 9))
def test_any_lines_have_a_slip_or_none(text: str, line: int, column: int) -> None:
    """Whatever the lines hold, the search ends, and a slip stands in one of them."""
    lines = text.splitlines()

    slip = find_slip(lines, line, column, 1)

    assert slip is None or (1 <= slip.line <= len(lines) and slip.column >= 1)


@given(st.text("ab: -'\"{}[]#\n", max_size=60))
def test_a_wrong_file_has_a_place_in_it(text: str) -> None:
    """Every problem of a file that cannot be read points at one of its lines."""
    try:
        parse_source(text.encode(), "a.yaml")
    except FragmentError as error:
        for problem in error.problems:
            assert 0 <= problem.location.line <= len(text.splitlines()) + 1


def test_right_lines_around_a_slip_are_not_blamed() -> None:
    """A text in quotes over two lines, and brackets that close, stand before the slip unharmed."""
    text = 'a: "one\n  two"\nb: [x, y]\nc: {d: e}\nf: g: h\n'

    try:
        parse_source(text.encode(), "a.yaml")
    except FragmentError as error:
        (problem,) = error.problems
        assert (problem.location.line, problem.code) == (5, "colon-in-text")
        assert problem.write == 'f: "g: h"'


def test_what_is_right_is_no_slip() -> None:
    """Notes with a space, dashes in text, curved quotes inside a text and web addresses are read."""
    text = (
        "a: Walk  # a note\nb: well-being - always\nc: \u201cOw\u201d is a \u201cword\u201d\n"
        "d: https://example.org/a\ne: -7 days\nf:\n  - -7 days\n"
    )

    data = parse_source(text.encode(), "a.yaml").data

    assert data["a"] == "Walk"
    assert data["c"] == "\u201cOw\u201d is a \u201cword\u201d"
    assert data["f"] == ["-7 days"]
