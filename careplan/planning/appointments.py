"""The visits, calls and forms of a plan, with their days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from careplan.content.fragments import Visit
from careplan.content.offsets import Offset
from careplan.content.wording import capitalised
from careplan.planning.calendar import Calendar
from careplan.planning.matching import holds
from careplan.planning.plan import Appointment
from careplan.planning.rhythm import Course
from careplan.planning.selection import Selection
from careplan.planning.writer import Writer


@dataclass(frozen=True)
class Planned:
    """A visit with its day; no day where the clinic writes the date itself."""

    visit: Visit
    day: int | None
    number: int = 1


def plan_visits(
    chosen: Selection, calendar: Calendar, courses: Mapping[str, Course] | None = None
) -> tuple[Planned, ...]:
    """Return the visits of all follow-ups that hold, those of therapies only with *courses*."""
    planned: list[Planned] = []
    for follow_up in chosen.follow_ups:
        days: dict[str, int | None] = {}
        for visit in follow_up.visits:
            if holds(visit.only, chosen.facts) and (visit.therapy is None) == (courses is None):
                starts = _starts(visit, days, courses or {})
                days[visit.id] = _day(visit, starts, calendar, courses or {})
                planned += _repeated(visit, days[visit.id], calendar)
    return tuple(planned)


def _starts(
    visit: Visit, days: Mapping[str, int | None], courses: Mapping[str, Course]
) -> int | None:
    """Return the day from which the visit's time counts."""
    if visit.therapy:
        course = courses.get(visit.therapy)
        return course.first_day if course else None
    return days.get(visit.after) if visit.after else 0


def _day(
    visit: Visit, starts: int | None, calendar: Calendar, courses: Mapping[str, Course]
) -> int | None:
    if visit.at is None or starts is None:
        return None
    if visit.at.unit == "visit":
        course = courses.get(visit.therapy or "")
        visits = course.visits if course else ()
        return visits[visit.at.count - 1] if visit.at.count <= len(visits) else None
    return calendar.visit_day(visit.at, visit.window, starts)


def _repeated(visit: Visit, first: int | None, calendar: Calendar) -> list[Planned]:
    planned = [Planned(visit, first)]
    if visit.every and visit.times and first is not None and visit.at:
        for number in range(2, visit.times + 1):
            later = Offset(visit.every.count * (number - 1), visit.every.unit)
            planned.append(Planned(visit, calendar.visit_day(later, visit.window, first), number))
    return planned


def review_day(planned: Iterable[Planned]) -> int | None:
    """Return the day of the visit at which the clinic clears hands-on care."""
    return next((one.day for one in planned if one.visit.review), None)


def list_appointments(
    chosen: Selection,
    calendar: Calendar,
    planned: Iterable[Planned],
    courses: Mapping[str, Course],
    writer: Writer,
) -> tuple[Appointment, ...]:
    """Return the procedure, all visits and each therapy's first visit, by day."""
    wording, called = calendar.wording, chosen.intervention.called
    listed = [
        Appointment(
            "procedure", wording.say("procedure_visit", called=called), "", "procedure",
            0, capitalised(calendar.full(0)), "", by_whom="procedure",
        )
    ]
    listed += [_contact(one, calendar, writer) for one in planned]
    for therapy in chosen.therapies:
        course = courses[therapy.id]
        if course.visits:
            day = course.visits[0]
            text = wording.say("if_we_say_yes" if course.ask else "or_soon_after")
            listed.append(
                Appointment(
                    f"{therapy.id}-first", wording.say("first_therapy_visit", therapy=therapy.called),
                    "", "therapy", day, capitalised(calendar.full(day)), text,
                    by_whom="therapy", therapy=therapy.id,
                )
            )
    # What has no date yet comes last; on one day the procedure comes first.
    return tuple(
        sorted(listed, key=lambda one: (one.day is None, one.day or 0, one.by_whom != "procedure"))
    )


def _contact(one: Planned, calendar: Calendar, writer: Writer) -> Appointment:
    visit, wording = one.visit, calendar.wording
    writer.cite(visit.sources)
    text = writer.fill(visit.text)
    if visit.every and not visit.times:
        text += " " + wording.count(f"then_every_{visit.every.unit}s", visit.every.count)
    by_whom = "therapy" if visit.therapy else "clinic"
    return Appointment(
        visit.id if one.number == 1 else f"{visit.id}-{one.number}", visit.title, visit.short,
        visit.contact, one.day, _when(one, calendar), text, writer.fill(visit.bring or ""), by_whom,
        visit.therapy or "",
    )


def _when(one: Planned, calendar: Calendar) -> str:
    visit = one.visit
    if one.day is None:
        return calendar.wording.say("date_from_us")
    if calendar.starts or visit.after or visit.therapy or one.number > 1 or visit.at is None:
        return capitalised(calendar.full(one.day))
    return capitalised(calendar.offset_words(visit.at))
