"""What the patient fills in, and the limits that get a drawing."""

from typing import Any

import pytest
from small_library import THURSDAY, a_library, a_phase, a_plan, a_request, a_therapy, an_intervention

from careplan.planning.plan import Pictured


def drawn(*items: dict[str, Any], options: dict[str, str] | None = None) -> tuple[Pictured, ...]:
    """Return the drawings of a plan whose first period says *items*."""
    days = {"id": "first", "title": "First days", "from": "0 days", "to": "3 days", "items": items}
    ice = {"id": "ice", "text": "Use ice.", "picture": "ice"}
    library = a_library(an_intervention(after=[days], flare=[ice]))
    return a_plan(library, a_request(date=THURSDAY, options=options or {})).pictured


def an_item(name: str, text: str, picture: str | None = None, **more: Any) -> dict[str, Any]:
    """Return an item, perhaps with a drawing."""
    return {"id": name, "text": text, "picture": picture} | more


def test_a_drawing_has_the_sentence_of_the_plan() -> None:
    """Items with a drawing are shown in their order, with their dated text; others are not."""
    found = drawn(
        an_item("drive", "Do not drive before {day 1}.", "no-drive"),
        an_item("rest", "Rest."),
        an_item("walk", "From {day 1}, walk.", "walk"),
    )

    assert [(one.picture, one.allowed, one.said.text) for one in found] == [
        ("drive", False, "Do not drive before December 4."),
        ("walk", True, "From December 4, walk."),
        ("ice", True, "Use ice."),
    ]


@pytest.mark.parametrize(
    ("pictures", "texts", "said"),
    [
        (("walk", "walk"), ("Walk a little.", "Walk more from {day 7}."), "Walk a little."),
        (("no-lift", "no-lift"), ("None before {day 2}.", "Not before {day 7}."), "Not before December 10."),
        (("no-lift", "no-lift"), ("No lifting today.", "No lifting over 5 pounds."), "No lifting today."),
        (("heat", "no-heat"), ("Use heat from {day 9}.", "No heat."), "No heat."),
        (("no-heat", "heat"), ("No heat before {day 1}.", "Use heat."), "No heat before December 4."),
    ],
)
def test_each_drawing_is_shown_once(pictures: tuple[str, str], texts: tuple[str, str], said: str) -> None:
    """A limit counts before a permission, a later day before an earlier one, else the first said."""
    found = drawn(an_item("one", texts[0], pictures[0]), an_item("two", texts[1], pictures[1]))

    assert [one.said.text for one in found] == [said, "Use ice."]


def test_a_drawing_holds_for_the_same_plans_as_its_item() -> None:
    """An item that is not said in this plan has no drawing either."""
    only = {"options": {"site": ["cervical"]}}
    walk = an_item("walk", "Walk.", "walk", only=only)

    assert len(drawn(walk, options={"site": "lumbar"})) == 1
    assert len(drawn(walk, options={"site": "cervical"})) == 2


@pytest.mark.parametrize(
    ("more", "dated", "undated"),
    [
        (
            {"every": "1 day", "until": "1 day"},
            ("Thu, Dec 3", "Fri, Dec 4"),
            ("Day 0", "Day 1"),
        ),
        (
            {"rows": ["Before"], "from": "1 day", "every": "1 day", "until": "2 days"},
            ("Before", "Fri, Dec 4", "Sat, Dec 5"),
            ("Before", "Day 1", "Day 2"),
        ),
        (
            {"from": "1 week", "every": "1 week", "until": "2 weeks", "later": ["Month 3"]},
            ("Week 1, to Dec 10", "Week 2, to Dec 17", "Month 3"),
            ("Week 1", "Week 2", "Month 3"),
        ),
    ],
)
def test_rows_of_a_diary(more: dict[str, Any], dated: tuple[str, ...], undated: tuple[str, ...]) -> None:
    """Rows in words come before the dated ones, later rows after; without a date days are counted."""
    diary = {"id": "d", "title": "D", "how": "Write.", "columns": ["Pain"], "sample": ["Day 1", "6"]} | more
    library = a_library(an_intervention(diaries=[diary]))

    assert a_plan(library, a_request(date=THURSDAY)).diaries[0].rows == dated
    assert a_plan(library, a_request()).diaries[0].rows == undated


def test_all_therapies_share_one_log() -> None:
    """The log has a row a week from the first therapy to the end of the last, and no more than twelve."""
    library = a_library(
        an_intervention(),
        a_therapy("yoga", starts="8 days", phases=[a_phase(weeks=2)]),
        a_therapy("talks", core=("talking",), starts="10 days", phases=[a_phase(weeks=30)]),
    )

    log = a_plan(library, a_request(therapies=["yoga"], date=THURSDAY)).diaries[-1]
    long = a_plan(library, a_request(therapies=["yoga", "talks"], date=THURSDAY)).diaries

    assert log.rows == ("Week 2, to Dec 17", "Week 3, to Dec 24")
    assert [len(one.rows) for one in long] == [12]
    assert len(log.sample) == len(log.columns) + 1


def test_without_a_therapy_there_is_no_log() -> None:
    """A procedure alone has no therapy log."""
    assert a_plan(a_library(an_intervention()), a_request()).diaries == ()
