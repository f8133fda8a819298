"""The days by which texts must be looked at again."""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from careplan.content.library import check_library, read_fragment
from careplan.content.reviews import check_reviews

Small = dict[str, str]
Plans = Callable[[Mapping[str, str]], Path]


@pytest.mark.parametrize(
    ("today", "found"),
    [
        ("2027-09-01", []),
        ("2027-09-02", ["note"]),
        ("2027-11-01", ["note"]),
        ("2027-11-02", ["warning"]),
    ],
)
def test_a_review_is_near_and_then_overdue(plans: Plans, small: Small, today: str, found: list[str]) -> None:
    """From 60 days before its day a review is a note, from the day after it a warning."""
    read = [read_fragment(plans(small) / "factors/blood-thinner.yaml")]

    assert [one.level for one in check_reviews(read, dt.date.fromisoformat(today))] == found


def test_how_soon_is_soon_may_be_said(plans: Plans, small: Small) -> None:
    """The number of days before which nothing is told can be another one."""
    read = [read_fragment(plans(small) / "factors/blood-thinner.yaml")]

    assert list(check_reviews(read, dt.date(2027, 10, 1), soon=30)) == []
    (found,) = check_reviews(read, dt.date(2027, 10, 2), soon=30)
    assert str(found).endswith("note: The review is due in 30 days, on 2027-11-01. [review-soon]")


def test_without_a_day_no_review_is_looked_at(plans: Plans, small: Small) -> None:
    """Only who gives a day learns what is due on it."""
    folder = plans(small)

    assert check_library(folder) == ()
    assert len(check_library(folder, today=dt.date(2030, 1, 1))) == 8
