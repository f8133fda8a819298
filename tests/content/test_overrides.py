"""What changed underneath a clinic's changes."""

from typing import Any

import pytest

from careplan.content.overrides import moved_underneath

COPY = {
    "id": "walking",
    "summary": "Walk.",
    "review": {"version": 1},
    "why": [{"id": "strength", "text": "It builds strength."}, {"id": "mood", "text": "It lifts mood."}],
    "phases": [{"id": "p", "at_home": [{"id": "short", "text": "Walk 5 minutes."}]}],
}
CURRENT = {
    "id": "walking",
    "summary": "Walk more.",
    "review": {"version": 2},
    "why": [{"id": "strength", "text": "It adds strength."}],
    "phases": [{"id": "p", "at_home": [{"id": "short", "text": "Walk 10 minutes."}]}],
}


def fresh_looks(own: dict[str, Any]) -> list[str]:
    """Return which of the changes underneath ask for a fresh look."""
    return [
        " ".join(one.change.where) for one in moved_underneath(own, COPY, CURRENT) if one.fresh_look
    ]


def test_what_changed_underneath_is_told_without_its_review() -> None:
    """Every change of the built-in text is there; a version is no change of the text."""
    moved = moved_underneath({"id": "walking", "extends": "walking"}, COPY, CURRENT)

    assert [" ".join(one.change.where) for one in moved] == [
        "summary", "why strength text", "why mood", "phases p at_home short text",
    ]
    assert not any(one.fresh_look for one in moved)


@pytest.mark.parametrize(
    ("own", "looks"),
    [
        ({"title": "Our walks"}, []),
        ({"summary": "Our walks."}, ["summary"]),
        ({"why": [{"id": "strength", "text": "Ours."}]}, ["why strength text"]),
        # Another field of the same item changed underneath.
        ({"why": [{"id": "strength", "basis": "Ours."}]}, ["why strength text"]),
        ({"why": [{"id": "new", "text": "Ours."}]}, []),
        ({"drop": ["strength"]}, ["why strength text"]),
        # The place of ours hangs on an item that is gone.
        ({"why": [{"id": "new", "text": "Ours.", "after": "mood"}]}, ["why mood"]),
        (
            {"phases": [{"id": "p", "at_home": [{"id": "short", "text": "Ours."}]}]},
            ["phases p at_home short text"],
        ),
        # What is around the change asks for a look too: better once too often.
        ({"phases": [{"id": "p", "weeks": 3}]}, ["phases p at_home short text"]),
        ({"review": {"version": 7}}, []),
    ],
)
def test_what_the_clinic_changed_too_needs_a_fresh_look(own: dict[str, Any], looks: list[str]) -> None:
    """Only changes in what the clinic changed itself ask for a fresh look."""
    assert fresh_looks({"id": "walking", "extends": "walking", **own}) == looks
