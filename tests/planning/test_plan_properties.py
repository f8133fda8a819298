"""What holds for every plan that the shipped library can make."""

import datetime as dt
import itertools
import json
from collections.abc import Iterable
from typing import Any

import holidays
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from careplan.content.clinic import Clinic
from careplan.content.fragments import OptionChoice
from careplan.content.items import TIERS
from careplan.content.library import Library
from careplan.content.offsets import Offset
from careplan.content.wording import Wording
from careplan.planning.compose import compose
from careplan.planning.matching import Facts, holds
from careplan.planning.plan import Plan
from careplan.planning.request import Patient, Request
from careplan.planning.safety import Conflict, find_conflicts
from careplan.planning.selection import select

FEDERAL = holidays.country_holidays("US", years=[*range(2025, 2033), *range(2053, 2061)])

# Open on holidays too, so that every week is like every other.
STEADY = Clinic(kind="clinic", open_days=tuple(sorted(day for day in FEDERAL if day.weekday() < 5)))
WEEKDAYS = Clinic(kind="clinic")

# The calendar repeats after 28 years, leap years and months included.
TWENTY_EIGHT_YEARS = 1461 * 7

FIRST_CLINIC_DAY = dt.date(2026, 1, 5)

thoroughly = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def is_clinic_day(date: dt.date) -> bool:
    """Return whether a US clinic without wishes of its own is open, by another way than the product's."""
    return date.weekday() < 5 and date not in FEDERAL


CLINIC_DAYS = [
    day for number in range(2 * 365) if is_clinic_day(day := FIRST_CLINIC_DAY + dt.timedelta(days=number))
]


def possible(choice: OptionChoice, legal: Iterable[str]) -> list[str]:
    """Return the values that *choice* may have in a request."""
    return [*(choice.values or legal), *([] if choice.must_be_known else ["unknown"])]


@st.composite
def requests(draw: st.DrawFn, library: Library, *, dated: bool | None = None) -> Request:
    """Draw a request with legal options, up to seven therapies and any facts about the patient."""
    intervention = library.interventions[draw(st.sampled_from(sorted(library.interventions)))]
    legal = {option.id: option.values for option in library.vocabulary.options}
    options = {
        choice.id: [draw(st.sampled_from(possible(choice, legal[choice.id])))]
        for choice in intervention.options
        if choice.default is None or draw(st.booleans())
    }
    regions = [None, *(region.id for region in library.vocabulary.regions)]
    therapies = draw(st.lists(st.sampled_from(sorted(library.therapies)), unique=True, max_size=7))
    date = (
        None
        if dated is False or (dated is None and draw(st.booleans()))
        else draw(st.sampled_from(CLINIC_DAYS))
    )
    past = st.fixed_dictionaries(
        {
            "event": st.sampled_from([event.id for event in library.vocabulary.events]),
            "on": st.none() | st.dates(dt.date(2023, 1, 1), dt.date(2026, 1, 1)),
            "region": st.sampled_from(regions),
        }
    )
    return Request.model_validate(
        {
            "intervention": intervention.id,
            "options": options,
            "therapies": [
                {
                    "id": name,
                    "region": draw(st.sampled_from(regions)),
                    "starts": draw(st.none() | st.integers(1, 40).map("{} days".format)),
                }
                for name in therapies
            ],
            "factors": draw(factor_states(library)),
            "conditions": draw(
                st.lists(st.sampled_from(sorted(library.conditions)), unique=True, max_size=2)
            ),
            "date": date,
            "history": draw(st.none() | st.lists(past, max_size=3)),
        }
    )


def factor_states(library: Library) -> st.SearchStrategy[list[dict[str, str]]]:
    """Draw up to four factors, each known or unknown."""
    state = st.fixed_dictionaries(
        {
            "id": st.sampled_from(sorted(library.factors)),
            "status": st.sampled_from(["yes", "unknown"]),
        }
    )
    return st.lists(state, max_size=4, unique_by=(lambda one: one["id"],))


def safe(library: Library, request: Request) -> Request:
    """Return *request* without the therapies that a block stops; assume that nothing else is stopped."""
    facts = select(library, request).facts
    stopped = set()
    for conflict in find_conflicts(library, facts).conflicts:
        if conflict.action == "block" and not conflict.rule.then.until:
            assume(conflict.touches)
            stopped |= {name for name, used in conflict.touches.items() if is_core(library, name, used)}
    kept = tuple(choice for choice in request.therapies if choice.id not in stopped)
    return request.model_copy(update={"therapies": kept})


def is_core(library: Library, therapy: str, modalities: Iterable[str]) -> bool:
    """Return whether the therapy cannot do without one of *modalities*, or is meant as a whole."""
    return not modalities or bool(set(modalities) & set(library.therapies[therapy].core))


def moved(request: Request, days: int) -> Request:
    """Return *request* with every date in it moved by *days*."""
    shift = dt.timedelta(days=days)
    history = request.history and tuple(
        past.model_copy(update={"on": past.on and past.on + shift}) for past in request.history
    )
    return request.model_copy(update={"date": request.date and request.date + shift, "history": history})


def event_day(conflict: Conflict, facts: Facts) -> int | None:
    """Return the latest day of what the rule is about; None where one of them has no date."""
    days = [facts.traits[trait] for trait in conflict.rule.when.traits or () if trait in facts.traits]
    return None if None in days else max(days, default=0)  # type: ignore[type-var]


def counted_in_months(library: Library) -> set[str]:
    """Return the ids of the visits whose day depends on how long months are."""
    found: set[str] = set()
    for follow_up in library.follow_ups.values():
        for visit in follow_up.visits:
            units = {span.unit for span in (visit.at, visit.every) if isinstance(span, Offset)}
            if "month" in units or visit.after in found:
                found.add(visit.id)
    return found


def outline(plan: Plan, left_out: set[str]) -> Any:
    """Return every day of the plan, counted from the procedure, but those of the visits *left_out*."""
    return (
        [(one.id, one.first_day, one.visits, [phase.day for phase in one.phases]) for one in plan.therapies],
        [(line.day, line.what, line.note) for line in plan.safety.starts],
        sorted(
            (one.id, one.day)
            for one in plan.appointments
            if not any(one.id == name or one.id.startswith(f"{name}-") for name in left_out)
        ),
        [(lane.title, lane.bars) for band in plan.timeline.bands for lane in band.lanes]
        if not left_out
        else None,
        [one.day for one in (*plan.getting_ready, *plan.after)],
    )


@thoroughly
@given(data=st.data())
def test_no_visit_before_the_waits_of_its_core_or_on_a_closed_day(
    data: st.DataObject,
    library: Library,
    wording: Wording,
) -> None:
    """No visit of a therapy falls before its core's waits are over, on day 0 or on a closed day."""
    request = safe(library, data.draw(requests(library)))
    facts = select(library, request).facts

    plan = compose(library, request, WEEKDAYS, wording)

    visits = {therapy.id: therapy.visits for therapy in plan.therapies}
    assert all(day > 0 for days in visits.values() for day in days)
    for conflict in plan.conflicts:
        event, wait = event_day(conflict, facts), conflict.rule.then.wait
        for therapy, modalities in conflict.touches.items():
            if wait and is_core(library, therapy, modalities):
                assert event is not None or visits[therapy] == ()
                assert all(day >= event + wait.days for day in visits[therapy])
    if request.date:
        for days in visits.values():
            assert all(is_clinic_day(request.date + dt.timedelta(days=day)) for day in days)


@thoroughly
@given(data=st.data())
def test_therapies_keep_their_distance(data: st.DataObject, library: Library, wording: Wording) -> None:
    """New hands-on therapies start a week apart, and passive ones share no day in the first two weeks."""
    request = safe(library, data.draw(requests(library)))

    plan = compose(library, request, WEEKDAYS, wording)

    visits = {therapy.id: therapy.visits for therapy in plan.therapies if therapy.visits}
    new = sorted(days[0] for name, days in visits.items() if library.therapies[name].counts_as_new)
    assert all(later - earlier >= 7 for earlier, later in itertools.pairwise(new))
    early = [
        day for name, days in visits.items() if library.therapies[name].passive for day in days if day <= 14
    ]
    assert len(early) == len(set(early))
    assert all(len(days) == len(set(days)) for days in visits.values())


@thoroughly
@given(data=st.data())
def test_what_is_blocked_does_not_start(data: st.DataObject, library: Library, wording: Wording) -> None:
    """A technique that is blocked for good stands among what is left out and never among what may start."""
    request = safe(library, data.draw(requests(library)))
    called = {modality.id: modality.called for modality in library.vocabulary.modalities}

    plan = compose(library, request, WEEKDAYS, wording)

    blocked = {
        called[modality]
        for conflict in plan.conflicts
        if conflict.action == "block" and not conflict.rule.then.until
        for modalities in conflict.touches.values()
        for modality in modalities
    }
    starting = " / ".join(line.what.lower() for line in plan.safety.starts)
    assert [name for name in blocked if name.lower() in starting] == []
    assert [name for name in blocked if name not in plan.safety.left_out] == []


def test_no_technique_is_called_like_a_part_of_another(library: Library) -> None:
    """Techniques can be told apart in a list of them, which the test above relies on."""
    called = [modality.called.lower() for modality in library.vocabulary.modalities]

    alike = [(one, other) for one in called for other in called if one != other and one in other]

    assert alike == []
    assert len(called) == len(set(called))


@thoroughly
@given(data=st.data(), weeks=st.integers(1, 150))
def test_moving_the_date_by_weeks_moves_everything(
    data: st.DataObject,
    weeks: int,
    library: Library,
    wording: Wording,
) -> None:
    """Where every week is like every other, all days but those counted in months stay as they are."""
    request = safe(library, data.draw(requests(library, dated=True)))
    months = counted_in_months(library)

    here = compose(library, request, STEADY, wording)
    there = compose(library, moved(request, 7 * weeks), STEADY, wording)

    assert outline(there, months) == outline(here, months)


@thoroughly
@given(data=st.data())
def test_moving_the_date_by_a_calendar_cycle_moves_everything(
    data: st.DataObject,
    library: Library,
    wording: Wording,
) -> None:
    """After 28 years the calendar repeats, and so do all days of a plan, those counted in months too."""
    request = safe(library, data.draw(requests(library, dated=True)))

    here = compose(library, request, STEADY, wording)
    there = compose(library, moved(request, TWENTY_EIGHT_YEARS), STEADY, wording)

    assert outline(there, set()) == outline(here, set())


@thoroughly
@given(data=st.data())
def test_every_red_flag_is_printed_once(data: st.DataObject, library: Library, wording: Wording) -> None:
    """Every sign that a fragment or a fired rule carries and that holds is printed exactly once."""
    request = safe(library, data.draw(requests(library)))
    chosen = select(library, request)

    plan = compose(library, request, WEEKDAYS, wording)

    carriers = [
        chosen.intervention,
        *chosen.therapies,
        *chosen.follow_ups,
        *chosen.conditions,
        *chosen.factors,
        *(conflict.rule for conflict in plan.conflicts),
    ]
    uses = [use for carrier in carriers for use in carrier.red_flags if holds(use.only, chosen.facts)]
    expected = []
    for flag in library.red_flags.values():
        tiers = [use.tier or flag.tier for use in uses if use.id == flag.id] + [flag.tier] * flag.everyone
        if tiers and (not flag.only or any(holds(when, chosen.facts) for when in flag.only)):
            expected.append((flag.id, min(tiers, key=TIERS.index)))
    printed = [(said.id, tier) for tier, flags in plan.red_flags.items() for said in flags]
    assert sorted(printed) == sorted(expected)


@thoroughly
@given(data=st.data())
def test_every_appointment_of_the_clinic_is_on_a_clinic_day(
    data: st.DataObject,
    library: Library,
    wording: Wording,
) -> None:
    """Whatever the clinic does on a day of its own falls on a day on which it is open."""
    request = safe(library, data.draw(requests(library, dated=True)))
    date = request.date or FIRST_CLINIC_DAY

    plan = compose(library, request, WEEKDAYS, wording)

    closed = [
        one.id
        for one in plan.appointments
        if one.day is not None and not is_clinic_day(date + dt.timedelta(days=one.day))
    ]
    assert closed == []
    assert [one.id for one in plan.appointments if one.by_whom == "procedure"] == ["procedure"]


@thoroughly
@given(data=st.data())
def test_timeline_holds_the_whole_plan(
    data: st.DataObject,
    library: Library,
    wording: Wording,
) -> None:
    """The timeline reaches from getting ready to the last visit; each therapy and visit is shown and told."""
    request = safe(library, data.draw(requests(library)))

    plan = compose(library, request, WEEKDAYS, wording)

    laid = plan.timeline
    ready = [one.day for one in plan.getting_ready]
    assert laid.bands[0].start == min([0, *ready])
    assert [one.end for one in laid.bands[:-1]] == [one.start for one in laid.bands[1:]]
    for band in laid.bands:
        days = [column.day for column in band.columns]
        assert days == sorted(set(days))
        assert (days[0], days[-1] < band.end, len(days) <= 18) == (band.start, True, True)
        for lane in band.lanes:
            assert all(bar.start < band.end and bar.end > band.start for bar in lane.bars)
            assert all(band.start <= mark.day < band.end for mark in lane.marks)
    therapies = [lane for lane in laid.bands[0].lanes if lane.kind == "therapy"]
    assert [lane.title for lane in therapies] == [one.title for one in plan.therapies]
    ours = [one for one in plan.appointments if one.by_whom == "clinic"]
    visits = [lane for band in laid.bands for lane in band.lanes if lane.kind == "visits"]
    shown = [mark.day for lane in visits for mark in lane.marks]
    assert {one.day for one in ours if one.day is not None} <= set(shown)
    assert all(one.title in laid.told for one in ours)


@thoroughly
@given(data=st.data())
def test_one_more_factor_takes_nothing_away(data: st.DataObject, library: Library, wording: Wording) -> None:
    """Another factor, known or not, never removes a conflict or a red flag, nor makes a sign less urgent."""
    drawn = data.draw(requests(library))
    assume(drawn.factors)
    more = safe(library, drawn)
    fewer = more.model_copy(update={"factors": more.factors[:-1]})

    after = compose(library, more, WEEKDAYS, wording)
    before = compose(library, fewer, WEEKDAYS, wording)

    assert {one.rule.id for one in before.conflicts} <= {one.rule.id for one in after.conflicts}
    tiers = {said.id: TIERS.index(tier) for tier, flags in after.red_flags.items() for said in flags}
    less = [
        said.id
        for tier, flags in before.red_flags.items()
        for said in flags
        if tiers.get(said.id, len(TIERS)) > TIERS.index(tier)
    ]
    assert less == []


@thoroughly
@given(data=st.data())
def test_one_more_factor_removes_no_conflict_of_an_unsafe_plan(data: st.DataObject, library: Library) -> None:
    """Conflicts only grow with what is known, also where a block stops the plan."""
    more = data.draw(requests(library))
    assume(more.factors)
    fewer = more.model_copy(update={"factors": more.factors[:-1]})

    after = find_conflicts(library, select(library, more).facts).conflicts
    before = find_conflicts(library, select(library, fewer).facts).conflicts

    assert {one.rule.id for one in before} <= {one.rule.id for one in after}


@thoroughly
@given(data=st.data())
def test_the_same_request_makes_the_same_plan(
    data: st.DataObject, library: Library, wording: Wording
) -> None:
    """A plan is equal each time, and its fingerprint does not depend on the patient."""
    request = safe(library, data.draw(requests(library)))
    patient = Patient(name="Jordan Example", date_of_birth="1 May 1970")

    first = compose(library, request, WEEKDAYS, wording)
    again = compose(library, Request.model_validate_json(request_json(request)), WEEKDAYS, wording)
    named = compose(library, request.model_copy(update={"patient": patient}), WEEKDAYS, wording)

    assert again == first
    assert again.fingerprint == first.fingerprint == named.fingerprint


def request_json(request: Request) -> str:
    """Return *request* as a saved file would hold it."""
    data = request.model_dump(mode="python")
    for choice in data["therapies"]:
        choice["starts"] = choice["starts"] and str(choice["starts"])
    return json.dumps(data, default=str)
