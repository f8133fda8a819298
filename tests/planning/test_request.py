"""The editions of a plan, and what a write-in plan leaves out."""

import datetime as dt
from typing import Any

from careplan.content.validation import check_given
from careplan.planning.editions import EDITIONS, field_name
from careplan.planning.request import Request, without_patient


def request(**given: Any) -> Request:
    """Return a small request with what is *given*."""
    return check_given(Request, {"kind": "request", "intervention": "nerve-block", **given}, "test")


def test_every_edition_is_a_field_that_says_what_it_is() -> None:
    """The one list of editions and the request agree."""
    for edition, told in EDITIONS.items():
        assert Request.model_fields[field_name(edition)].description
        assert told.endswith(".")
        assert request(**{field_name(edition): True}).editions == (edition,)


def test_editions_combine_in_their_usual_order() -> None:
    """Several editions are one handout; an edition that is denied is not asked for."""
    asked = request(fillable=True, large_print=True, ink_saver=False)

    assert asked.editions == ("large-print", "fillable")
    assert request().editions == ()


def test_without_the_patient_nothing_tells_whose_plan_it_is() -> None:
    """Names, birth dates, days, times and free words go; what decides the rules stays."""
    asked = request(
        patient={"name": "Jordan Example", "date_of_birth": "1970-01-02"},
        date=dt.date(2026, 12, 3),
        arrive_at="8:15",
        factors=[{"id": "diabetes", "since": dt.date(2019, 5, 6)}],
        history=[{"event": "steroid-injection", "on": dt.date(2025, 4, 7), "region": "lumbar"}],
        allow=[{"rule": "some-rule", "by": "Dr Test", "reason": "Jordan asked for it"}],
        therapies=["yoga"],
        write_in=True,
    )

    kept = without_patient(asked)

    said = kept.model_dump_json()
    for secret in ("Jordan", "1970", "2026", "8:15", "2019", "2025"):
        assert secret not in said
    assert [factor.id for factor in kept.factors] == ["diabetes"]
    assert kept.history
    assert kept.history[0].region == "lumbar"
    assert kept.allow[0].by == "Dr Test"
    assert kept.therapies == asked.therapies


def test_a_history_that_is_not_known_stays_so() -> None:
    """No history is not the same as an empty one, with the patient and without."""
    assert without_patient(request()).history is None
    assert without_patient(request(history=[])).history == ()
