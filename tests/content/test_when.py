"""Tests of the condition language as authors write it."""

import pytest
from pydantic import ValidationError

from careplan.content.offsets import Offset
from careplan.content.when import PastEvent, When


def refused(data: object) -> list[tuple[tuple[int | str, ...], str]]:
    """Return where and by which type of mistake *data* is no condition."""
    with pytest.raises(ValidationError) as caught:
        When.model_validate(data)
    return [(error["loc"], error["type"]) for error in caught.value.errors()]


def test_every_key_of_a_condition_is_read() -> None:
    """Each key keeps its words in the author's order, and a single word needs no brackets."""
    when = When.model_validate(
        {
            "traits": ["needle", "steroid"],
            "interventions": "nerve-block",
            "options": {"site": "lumbar"},
            "regions": ["same"],
            "therapies": ["tens"],
            "modalities": ["heat"],
            "factors": ["diabetes"],
            "factors_all": ["smoker", "diabetes"],
            "conditions": ["sciatica"],
            "planned": "mri",
            "history": {"event": "steroid-injection", "region": "same", "within": "3 months"},
        }
    )

    past = PastEvent(event=("steroid-injection",), region="same", within="3 months")
    assert when.model_dump(exclude={"history"}) == {
        "traits": ("needle", "steroid"),
        "interventions": ("nerve-block",),
        "options": {"site": ("lumbar",)},
        "regions": ("same",),
        "therapies": ("tens",),
        "modalities": ("heat",),
        "factors": ("diabetes",),
        "factors_all": ("smoker", "diabetes"),
        "conditions": ("sciatica",),
        "planned": ("mri",),
    }
    assert when.history == (past,)
    assert (past.within, past.at_least, past.relief_below) == (Offset(3, "month"), 1, None)


def test_a_condition_says_something() -> None:
    """A condition without a key would always hold, so it is refused."""
    assert refused({}) == [((), "expected")]


@pytest.mark.parametrize(
    "key",
    [
        "traits",
        "interventions",
        "regions",
        "therapies",
        "modalities",
        "factors",
        "factors_all",
        "conditions",
        "planned",
    ],
)
def test_a_key_holds_something(key: str) -> None:
    """A key with an empty list could never hold, so it is refused."""
    assert refused({key: []}) == [((key,), "expected")]


@pytest.mark.parametrize(
    ("data", "where", "kind"),
    [
        ({"trait": ["needle"]}, ("trait",), "extra_forbidden"),
        ({"traits": ["Needle"]}, ("traits", 0), "expected"),
        ({"options": {"site": []}}, ("options", "site"), "expected"),
        ({"options": ["site"]}, ("options",), "dict_type"),
        ({"history": [{"within": "3 months"}]}, ("history", 0, "event"), "missing"),
        ({"history": [{"event": []}]}, ("history", 0, "event"), "expected"),
        ({"history": [{"event": "a", "within": "visit 3"}]}, ("history", 0, "within"), "expected"),
        ({"history": [{"event": "a", "at_least": 0}]}, ("history", 0, "at_least"), "greater_than_equal"),
        (
            {"history": [{"event": "a", "relief_below": 101}]},
            ("history", 0, "relief_below"),
            "less_than_equal",
        ),
        (
            {"history": [{"event": "a", "relief_below": 0}]},
            ("history", 0, "relief_below"),
            "greater_than_equal",
        ),
    ],
)
def test_what_is_no_condition_is_refused(data: object, where: tuple[int | str, ...], kind: str) -> None:
    """Each mistake in a condition is refused where it stands and by its own type."""
    assert refused(data) == [(where, kind)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"modalities": ["heat"]}, True),
        ({"therapies": ["tens"]}, True),
        ({"traits": ["needle"], "modalities": ["heat"]}, True),
        ({"traits": ["needle"]}, False),
        ({"regions": ["same"], "factors": ["diabetes"]}, False),
    ],
)
def test_a_condition_knows_whether_it_asks_about_therapies(data: object, *, expected: bool) -> None:
    """A technique or a therapy makes it a condition on therapies; nothing else does."""
    assert When.model_validate(data).about_therapies is expected
