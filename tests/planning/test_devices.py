"""Devices in the body: the card, and what every therapist must know."""

import datetime as dt
from typing import Any

import pytest

from careplan.content.clinic import Clinic
from careplan.content.library import Library
from careplan.content.validation import check_given
from careplan.content.wording import Wording
from careplan.planning.compose import compose
from careplan.planning.plan import Plan
from careplan.planning.request import Request

STIMULATOR = {"intervention": "spinal-cord-stimulation", "options": {"phase": "implant"}}
INJECTION = {"intervention": "epidural-steroid-injection", "options": {"site": "lumbar"}}


@pytest.fixture
def plan_of(library: Library, wording: Wording, clinic: Clinic) -> Any:
    """Return a function that makes a plan on shipped content."""

    def make(data: dict[str, Any], **more: Any) -> Plan:
        given = {"kind": "request", "date": dt.date(2026, 12, 3), **data, **more}
        return compose(library, check_given(Request, given, "test"), clinic, wording)

    return make


def test_an_implant_has_a_card_with_its_day_and_maker(plan_of: Any) -> None:
    """The card says what was placed, when and by which maker; what is not known stays empty."""
    known = plan_of(STIMULATOR | {"options": {"phase": "implant", "maker": "nevro"}}).card
    unknown = plan_of(STIMULATOR, date=None).card

    assert (known.device, known.placed, known.is_new) == ("Spinal cord stimulator", "Thu, Dec 3, 2026", True)
    assert known.told == (("Maker", "Nevro"),)
    assert (unknown.placed, unknown.told) == ("", (("Maker", ""),))
    assert known.never.title == "No diathermy"


def test_the_other_maker_is_a_line_to_write_on(plan_of: Any) -> None:
    """A maker that is not on the list is written by hand."""
    card = plan_of(STIMULATOR | {"options": {"phase": "implant", "maker": "other"}}).card

    assert card.told == (("Maker", ""),)


@pytest.mark.parametrize(
    "data",
    [
        INJECTION,
        STIMULATOR | {"options": {"phase": "trial"}},
        {"intervention": "intrathecal-pain-pump", "options": {"phase": "trial"}},
    ],
)
def test_without_an_implant_there_is_no_card(plan_of: Any, data: dict[str, Any]) -> None:
    """An injection leaves nothing in the body, and the wires of a trial come out again."""
    assert plan_of(data).card is None


def test_a_refill_has_a_card_but_not_its_day(plan_of: Any) -> None:
    """The pump was placed before, on a day that this plan does not know."""
    card = plan_of({"intervention": "intrathecal-pain-pump", "options": {"phase": "refill"}}).card

    assert card.device == "Pain pump"
    assert not card.is_new
    assert not card.placed


def test_a_pump_that_must_be_emptied_says_so(plan_of: Any) -> None:
    """What holds for one maker only is on that maker's card only."""

    def items(maker: str) -> set[str]:
        data = {
            "intervention": "intrathecal-pain-pump",
            "options": {"phase": "implant", "maker": maker, "drug": "opioid"},
        }
        return {item.id for item in plan_of(data).card.items}

    assert "card-must-empty" in items("flowonix-prometra")
    assert "card-must-empty" not in items("medtronic-synchromed")


def test_every_sentence_of_a_card_has_a_source(plan_of: Any) -> None:
    """Nothing on a card is said by nobody."""
    pump = {"intervention": "intrathecal-pain-pump", "options": {"phase": "implant"}}
    for card in (plan_of(STIMULATOR).card, plan_of(pump).card):
        assert all(item.sources for item in (card.never, *card.items))


def test_therapists_are_told_what_a_device_does_not_bear(plan_of: Any) -> None:
    """Also a therapy that uses no machine is told of machines, because therapists have several."""
    plan = plan_of(INJECTION, factors=["stimulator-in-place"], therapies=["psychotherapy"])

    assert "Short-wave or microwave diathermy." in plan.devices.never
    assert "TENS" in plan.devices.ask
    assert "TENS" not in plan.devices.never


def test_the_stricter_device_decides(plan_of: Any) -> None:
    """What one device forbids is not asked for because of another."""
    plan = plan_of(INJECTION, factors=["stimulator-in-place", "pacemaker"])

    assert "TENS" in plan.devices.never
    assert "TENS" not in plan.devices.ask


def test_what_a_clinician_allowed_is_not_forbidden(plan_of: Any) -> None:
    """A rule that a named clinician took on no longer speaks to therapists."""
    allowed = {"rule": "d12-quick-pushes-with-wires", "by": "Dr. Example", "reason": "Implanter agreed"}
    request = INJECTION | {
        "therapies": ["chiropractic-care"],
        "factors": [{"id": "stimulator-in-place", "since": dt.date(2024, 1, 8)}],
    }

    assert "Quick thrust" in plan_of(request).devices.never
    assert "Quick thrust" not in plan_of(request, allow=[allowed]).devices.never


def test_without_a_device_there_is_nothing_to_tell(plan_of: Any) -> None:
    """No device, no line about one."""
    assert plan_of(INJECTION, factors=["diabetes"]).devices is None


def test_a_factor_that_is_not_known_is_called_so(plan_of: Any) -> None:
    """A therapist does not read a guess as a fact."""
    plan = plan_of(INJECTION, factors=["diabetes", {"id": "pacemaker", "status": "unknown"}])

    assert plan.factors == ("Diabetes", "Heart pacemaker: not known")
    assert "diathermy" in plan.devices.never
