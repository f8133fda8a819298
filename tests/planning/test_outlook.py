"""What would happen if: on the shipped plans."""

import pytest

from careplan.content.library import Library
from careplan.content.validation import check_given
from careplan.planning.outlook import foresee, foresee_therapies
from careplan.planning.request import Request


def asked(intervention: str, **changes: object) -> Request:
    """Return a request for *intervention*."""
    return check_given(Request, {"intervention": intervention, **changes}, "test")


@pytest.mark.parametrize(
    ("intervention", "options", "days"),
    [
        ("epidural-steroid-injection", {"site": "lumbar"}, (2, 14, 7, 1, 7, 3, 2, 3)),
        ("facet-joint-injection", {"site": "lumbar"}, (2, 14, 7, 1, 7, 3, 2, 3)),
        ("radiofrequency-ablation", {"site": "lumbar"}, (14, 14, 14, 1, 14, 14, 3, 14)),
        ("radiofrequency-ablation", {"site": "knee"}, (14, 14, 14, 1, 14, 14, 3, 14)),
        ("trigger-point-injection", {"site": "low-back"}, (1, 4, 7, 1, 7, 3, 2, 3)),
        ("image-guided-injection", {"joint": "knee"}, (1, 14, 7, 1, 7, 3, 2, 3)),
    ],
)
def test_therapies_start_when_the_table_says(
    library: Library, intervention: str, options: dict[str, str], days: tuple[int, ...]
) -> None:
    """The first day of each therapy is that of the table in the settings, worked out from the waits."""
    names = (
        "physical-therapy",
        "chiropractic-care",
        "acupuncture",
        "massage-therapy",
        "yoga",
        "tai-chi",
        "aquatic-therapy",
        "tens",
    )

    outlooks = {one.therapy: one for one in foresee_therapies(library, asked(intervention, options=options))}

    assert tuple(outlooks[name].first_day for name in names) == days


def test_a_therapy_that_cannot_be_is_blocked_with_its_reason(library: Library) -> None:
    """Deep work on weak muscles of a stimulator's wearer: what is blocked says why."""
    request = asked("epidural-steroid-injection", options={"site": "lumbar"}, factors=["pregnant"])

    outlooks = foresee_therapies(library, request)

    assert {one.verdict for one in outlooks} == {"blocked"}
    assert {one.why for one in outlooks} == {"x ray in pregnancy"}
    assert {one.first_day for one in outlooks} == {None}


def test_conflicts_are_foreseen_without_the_options_that_a_plan_needs(library: Library) -> None:
    """What is not given counts as unknown, so that the question needs no more than an id."""
    found = foresee(library, asked("epidural-steroid-injection", therapies=["acupuncture"]))

    assert "n08a-needles-near-fresh-injection" in [one.rule.id for one in found.conflicts]


def test_a_block_does_not_stop_the_question(library: Library) -> None:
    """The list of conflicts shows also what would stop a plan, first."""
    found = foresee(library, asked("epidural-steroid-injection", factors=["pregnant"]))

    assert found.conflicts[0].action == "block"
