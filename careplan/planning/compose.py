"""Request and library become a plan."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from careplan.content.approvals import Approval
from careplan.content.clinic import Clinic
from careplan.content.items import TIERS, RedFlagUse, Tier
from careplan.content.library import Library
from careplan.content.wording import Wording
from careplan.planning.appointments import list_appointments, plan_visits, review_day
from careplan.planning.calendar import Calendar
from careplan.planning.chapters import (
    aftercare,
    condition_sections,
    countdown,
    diaries,
    measures,
    pictured,
    procedure_sections,
    therapy_chapter,
)
from careplan.planning.devices import device_card, device_facts, told_factors
from careplan.planning.matching import Truth, holds, match
from careplan.planning.origins import group_signatures, list_origins, list_shared
from careplan.planning.plan import Origin, Plan, Said
from careplan.planning.reasons import explain
from careplan.planning.request import Request, without_patient
from careplan.planning.rhythm import Course, lay_courses
from careplan.planning.safety import Conflict, find_conflicts, limits, refuse_unsafe
from careplan.planning.selection import Selection, select
from careplan.planning.staff import staff_sheet
from careplan.planning.timeline import lay_timeline
from careplan.planning.writer import Writer, crisis_line, emergency_number
from careplan.problems import RequestError

_NOTHING_SIGNED: Mapping[str, Approval] = MappingProxyType({})


def compose(
    library: Library, request: Request, clinic: Clinic, wording: Wording,
    approved: Mapping[str, Approval] = _NOTHING_SIGNED,
) -> Plan:
    """Return the plan for *request*.

    *approved* are the clinic's signatures that hold on the day of printing, by text.
    Raises `RequestError` where the request names something wrongly or asks for a day on
    which the clinic is closed, and `UnsafePlanError` where a safety rule stops the plan.
    """
    if request.write_in:
        request = without_patient(request)
    chosen = select(library, request)
    calendar = Calendar(clinic, wording, request.date, chosen.intervention.called)
    _refuse_closed_day(calendar)
    findings = find_conflicts(library, chosen.facts)
    refuse_unsafe(findings.conflicts, chosen.facts)
    writer = Writer(library, chosen.facts, calendar)
    visits = plan_visits(chosen, calendar)
    held = limits(findings.conflicts, chosen.facts, review_day(visits))
    courses = lay_courses(chosen.therapies, held, calendar, _wished_days(chosen))
    visits += plan_visits(chosen, calendar, courses)
    appointments = list_appointments(chosen, calendar, visits, courses, writer)
    purpose, short_purpose = _purpose(chosen, wording)
    return Plan(
        request=request,
        clinic=clinic,
        language=wording.language,
        title=wording.say("title", intervention=_lowered(chosen.intervention.title)),
        intervention=_lowered(chosen.intervention.title),
        message=next(iter(writer.say(chosen.intervention.message)), Said("message", "")),
        purpose=purpose,
        short_purpose=short_purpose,
        called=chosen.intervention.called,
        date=calendar.full(0) if request.date else "",
        chosen=_chosen_options(library, request, writer),
        first_steps=_first_steps(chosen, calendar, writer, courses),
        timeline=lay_timeline(calendar, chosen, courses, visits, appointments),
        red_flags=_red_flags(library, chosen, findings.conflicts, writer),
        conditions=condition_sections(chosen.conditions, writer),
        procedure=procedure_sections(chosen.intervention, wording, writer),
        getting_ready=countdown(chosen.intervention.getting_ready, calendar, writer),
        after=aftercare(chosen.intervention.after, calendar, writer),
        safety=explain(findings.conflicts, held, library.vocabulary, calendar, writer),
        therapies=tuple(
            therapy_chapter(
                courses[therapy.id], appointments,
                explain(
                    [one for one in findings.conflicts if therapy.id in one.touches],
                    [one for one in held if one.therapy == therapy.id],
                    library.vocabulary, calendar, writer,
                ),
                calendar, writer,
            )
            for therapy in chosen.therapies
        ),
        appointments=appointments,
        pictured=pictured(chosen, writer),
        diaries=diaries(chosen, list(courses.values()), calendar, writer),
        measures=measures(library, chosen, appointments, calendar, writer),
        card=device_card(chosen, calendar, writer),
        references=tuple(library.references[one] for one in writer.cited),
        factors=tuple(told_factors(chosen, wording)),
        devices=device_facts(library, chosen),
        conflicts=findings.conflicts,
        origins=(origins := list_origins(library, chosen, approved)),
        staff=staff_sheet(library, findings, chosen.facts, clinic, wording, origins),
        shared=(shared := list_shared(library, approved)),
        signatures=group_signatures(origins, shared, wording),
        approved=all(origin.until for origin in (*origins, *shared)),
        fingerprint=_fingerprint(library, request, clinic, wording, origins),
        emergency=emergency_number(clinic, library.countries),
        crisis=crisis_line(clinic, library.countries),
    )


def _refuse_closed_day(calendar: Calendar) -> None:
    reason = calendar.closed_because(0)
    if reason:
        message = (
            f"The clinic is closed on {calendar.full(0)} ({reason}). Choose another day, "
            "or list it under open_days in clinic.yaml."
        )
        raise RequestError(message, "date")


def _wished_days(chosen: Selection) -> dict[str, int]:
    """Return the first days asked for, refusing the procedure day where it is not allowed."""
    wished = {}
    therapies = {therapy.id: therapy for therapy in chosen.therapies}
    for choice in chosen.facts.request.therapies:
        if choice.starts is None:
            continue
        # What is not known does not open the procedure day.
        same_day = any(
            match(when, chosen.facts) is Truth.YES for when in therapies[choice.id].same_day
        )
        if choice.starts.days < (0 if same_day else 1):
            message = (
                f"{therapies[choice.id].title} cannot start on day {choice.starts.days}; "
                f"day {0 if same_day else 1} is the first."
            )
            raise RequestError(message)
        wished[choice.id] = choice.starts.days
    return wished


def _first_steps(
    chosen: Selection, calendar: Calendar, writer: Writer, courses: Mapping[str, Course]
) -> tuple[Said, ...]:
    steps = writer.say(chosen.intervention.first_steps)
    booked = [
        (not therapy.counts_as_new, course.visits[0], therapy.rank, therapy)
        for therapy in chosen.therapies
        if (course := courses[therapy.id]).visits and not course.ask
    ]
    if not booked:
        return steps
    # Hands-on care fills up first, so it is booked first.
    _, day, _, therapy = min(booked, key=lambda one: one[:3])
    wording = calendar.wording
    book = Said(
        "book-first-visit", wording.say("book_text", day=calendar.short(day)),
        wording.say("book_title", therapy=therapy.called),
    )
    return (*steps, book)


def _purpose(chosen: Selection, wording: Wording) -> tuple[str, str]:
    """Return what the plan is for, in full and as short as can be."""
    called = chosen.intervention.called
    if not chosen.therapies and not chosen.conditions:
        return (wording.say("plan_alone", called=called),) * 2
    pains = wording.joined([condition.pain for condition in chosen.conditions])
    names = wording.joined([therapy.called for therapy in chosen.therapies])
    is_for = wording.say("plan_is_for", pain=pains) if pains else ""
    values = {"called": called, "subject": wording.say("it" if pains else "this_plan")}
    joins = wording.say("plan_joins", therapies=names, **values) if names else ""
    counted = wording.count("plan_joins_short", len(chosen.therapies), **values) if names else ""
    return " ".join(filter(None, [is_for, joins])), " ".join(filter(None, [is_for, counted]))


def _chosen_options(
    library: Library, request: Request, writer: Writer
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (option.title, writer.option_words(option.id))
        for option in library.vocabulary.options
        if option.id in request.options
    )


def _red_flags(
    library: Library, chosen: Selection, conflicts: Iterable[Conflict], writer: Writer
) -> dict[Tier, tuple[Said, ...]]:
    """Return each sign once, in its most urgent tier, in the catalogue's order."""
    carriers: list[Iterable[RedFlagUse]] = [chosen.intervention.red_flags]
    carriers += [therapy.red_flags for therapy in chosen.therapies]
    carriers += [follow_up.red_flags for follow_up in chosen.follow_ups]
    carriers += [condition.red_flags for condition in chosen.conditions]
    carriers += [factor.red_flags for factor in chosen.factors]
    carriers += [conflict.rule.red_flags for conflict in conflicts]
    tiers: dict[str, list[Tier]] = {
        flag.id: [flag.tier] for flag in library.red_flags.values() if flag.everyone
    }
    for use in (use for uses in carriers for use in uses if holds(use.only, chosen.facts)):
        tiers.setdefault(use.id, []).append(use.tier or library.red_flags[use.id].tier)
    merged: dict[Tier, list[Said]] = {tier: [] for tier in TIERS}
    for flag in library.red_flags.values():
        can_occur = not flag.only or any(holds(when, chosen.facts) for when in flag.only)
        if flag.id in tiers and can_occur:
            writer.cite(flag.sources)
            tier = min(tiers[flag.id], key=TIERS.index)
            merged[tier].append(Said(flag.id, writer.fill(flag.text), sources=flag.sources))
    return {tier: tuple(flags) for tier, flags in merged.items()}


def _fingerprint(
    library: Library, request: Request, clinic: Clinic, wording: Wording, origins: Sequence[Origin]
) -> str:
    """Return a SHA-256 over all that the plan is made of, without the patient."""
    parts = [
        request.model_dump_json(exclude={"patient"}), clinic.model_dump_json(),
        wording.model_dump_json(), *library.shared_fingerprints(),
        *(origin.fingerprint for origin in origins),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _lowered(title: str) -> str:
    return title[:1].lower() + title[1:]
