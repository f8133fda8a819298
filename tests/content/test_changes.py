"""What differs between two texts."""

from typing import Any

import pytest

from careplan.content.changes import Change, compare_texts, compare_words


def words(before: str, after: str) -> str:
    """Return both texts in one, with marks."""
    marks = {"same": "{}", "old": "[-{}-]", "new": "{{+{}+}}"}
    return " ".join(marks[one.kind].format(one.text) for one in compare_words(before, after))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Walk 5 minutes a day.", "Walk 10 minutes a day.", "Walk [-5-] {+10+} minutes a day."),
        ("Walk a day.", "Walk twice a day.", "Walk {+twice+} a day."),
        ("Walk each day.", "Walk day.", "Walk [-each-] day."),
        ("Rest well.", "Use ice 3 times.", "[-Rest well.-] {+Use ice 3 times.+}"),
        ("Same.", "Same.", "Same."),
        ("", "All new.", "{+All new.+}"),
    ],
)
def test_words_that_differ_are_marked(before: str, after: str, shown: str) -> None:
    """What is gone and what comes in stand in one line; unlike texts stand one after the other."""
    assert words(before, after) == shown


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"weeks": 2}, {"weeks": 3}, [Change("changed", ("weeks",), "2", "3")]),
        ({}, {"same_day": True}, [Change("added", ("same_day",), "", "true")]),
        (
            {"why": [{"id": "x", "text": "Old."}]},
            {"why": [{"id": "y", "title": "So", "text": "New."}]},
            [Change("removed", ("why", "x"), "Old."), Change("added", ("why", "y"), "", "So New.")],
        ),
        (
            {"phases": [{"id": "p", "at_home": [{"id": "w", "text": "Walk."}]}]},
            {"phases": [{"id": "p", "at_home": [{"id": "w", "text": "Run."}]}]},
            [Change("changed", ("phases", "p", "at_home", "w", "text"), "Walk.", "Run.")],
        ),
        (
            {"red_flags": ["fever"]},
            {"red_flags": [{"id": "fever", "tier": "today"}, "chest-pain"]},
            [
                Change("added", ("red_flags", "fever", "tier"), "", "today"),
                Change("added", ("red_flags", "chest-pain"), "", "chest-pain"),
            ],
        ),
        ({"core": ["a", "b"]}, {"core": ["a"]}, [Change("changed", ("core",), "a, b", "a")]),
        (
            {"why": [{"id": "x"}, {"id": "y"}]},
            {"why": [{"id": "y"}, {"id": "x"}]},
            [Change("changed", ("why", "order"), "x, y", "y, x")],
        ),
        (
            {},
            {"why": [{"id": "x", "text": "New."}, {"id": "y", "text": "Too."}]},
            [
                Change("added", ("why", "x"), "", "New."),
                Change("added", ("why", "y"), "", "Too."),
            ],
        ),
    ],
)
def test_entries_are_known_by_their_ids(
    before: dict[str, Any], after: dict[str, Any], changes: list[Change]
) -> None:
    """An entry that moved is the same entry; one that is new or gone is told in one line."""
    assert list(compare_texts(before, after)) == changes
