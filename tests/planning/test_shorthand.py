"""Tests of choices as they are written on one line."""

import pytest

from careplan.planning.shorthand import factor_state, option_values, split_words


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("tens, massage-therapy", ",", ["tens", "massage-therapy"]),
        ("tens; yoga,\nmbsr", ";,\n", ["tens", "yoga", "mbsr"]),
        (" ,, ", ",", []),
        ("tens;yoga", ",", ["tens;yoga"]),
    ],
)
def test_words_are_parted_where_one_says(text: str, at: str, expected: list[str]) -> None:
    """Words come without space around them, and empty ones do not come at all."""
    assert split_words(text, at) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("diabetes", "diabetes"),
        ("pregnant=unknown", {"id": "pregnant", "status": "unknown"}),
        ("pregnant = unknown", {"id": "pregnant", "status": "unknown"}),
        ("pregnant=", {"id": "pregnant", "status": ""}),
    ],
)
def test_a_factor_may_have_its_status_behind_it(word: str, expected: object) -> None:
    """A factor alone is an id; what stands behind = is its status, even where it is wrong."""
    assert factor_state(word) == expected


def test_an_option_has_one_value_or_more() -> None:
    """An option is its name and its values, with or without space between."""
    assert option_values("site=lumbar") == ("site", ["lumbar"])
    assert option_values(" site = lumbar, thoracic ") == ("site", ["lumbar", "thoracic"])


@pytest.mark.parametrize("text", ["site", "site=", "=lumbar", "site= , ", ""])
def test_half_an_option_is_refused(text: str) -> None:
    """Without a name or a value there is no option."""
    with pytest.raises(ValueError, match="KEY=VALUE, such as site=lumbar"):
        option_values(text)
