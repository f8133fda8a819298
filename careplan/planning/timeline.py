"""The plan laid out week by week, for the picture on page 1."""

from collections.abc import Sequence

from careplan.planning.calendar import Calendar
from careplan.planning.plan import Appointment, Bar, Column, Lane, Mark, Timeline
from careplan.planning.rhythm import Course, PhaseDays
from careplan.planning.writer import BLANK

# A quarter of a year fits the page week by week; what comes later is said in words.
MOST_WEEKS = 13
FEWEST_WEEKS = 4


def lay_timeline(
    calendar: Calendar,
    procedure: str,
    courses: Sequence[tuple[str, Course]],
    appointments: Sequence[Appointment],
) -> Timeline:
    """Return the timeline from day 0 to the last visit within a quarter of a year."""
    furthest = MOST_WEEKS * 7 - 1
    ends = [FEWEST_WEEKS * 7 - 1]
    ends += [one.day for one in appointments if one.day is not None and one.day <= furthest]
    ends += [min(laid.end, furthest) for _, course in courses for laid in course.phases]
    weeks = max(ends) // 7 + 1
    wording, days = calendar.wording, weeks * 7
    columns = tuple(
        Column(
            week * 7,
            wording.say("week_number", number=week) if week else wording.say("day_zero"),
            calendar.tiny(week * 7),
        )
        for week in range(weeks)
    )
    lanes = [_procedure_lane(calendar, procedure)]
    lanes += [_therapy_lane(calendar, title, course, days) for title, course in courses]
    lanes += _visits_lane(calendar, appointments, days)
    title = wording.say("timeline_title", weeks=weeks)
    return Timeline(title, wording.say("timeline_caption"), days, columns, tuple(lanes))


def _procedure_lane(calendar: Calendar, procedure: str) -> Lane:
    told = calendar.wording.say("told_mark", what=procedure, when=calendar.full(0))
    return Lane(procedure, (), (Mark(0, calendar.tiny(0), "procedure"),), f"{told}.")


def _therapy_lane(calendar: Calendar, title: str, course: Course, days: int) -> Lane:
    bars, told = [], []
    wording = calendar.wording
    if course.allowed_from > 1:
        bars.append(Bar(0, min(course.allowed_from, days), "", "wait"))
        told.append(wording.say("told_wait", when=calendar.words(course.allowed_from)))
    for laid in course.phases:
        if laid.start < days:
            bars.append(_phase_bar(calendar, laid, days, many=len(course.phases) > 1))
        often, named = rhythm(calendar, laid), laid.phase.title
        what = named if often.lower() == named.lower() else f"{named} ({often})"
        first, last = calendar.words(laid.start), calendar.words(laid.end)
        told.append(wording.say("told_phase", what=what, first=first, last=last))
    if not course.phases:
        bars = [Bar(0, days, "", "wait")]
        told.append(wording.say("told_open"))
    return Lane(title, tuple(bars), (), f"{title}: {', '.join(told)}.")


def _phase_bar(calendar: Calendar, laid: PhaseDays, days: int, *, many: bool) -> Bar:
    text = laid.phase.title if many else rhythm(calendar, laid)
    kind = "visits" if laid.phase.visits_per_week else "home"
    return Bar(laid.start, min(laid.end + 1, days), text, kind)


def rhythm(calendar: Calendar, laid: PhaseDays) -> str:
    """Return how often: "2 visits a week", or "on your own"."""
    visits = laid.phase.visits_per_week
    return calendar.wording.count("visits_a_week", visits) if visits else calendar.wording.say("no_visits")


def _visits_lane(
    calendar: Calendar, appointments: Sequence[Appointment], days: int
) -> list[Lane]:
    ours = [one for one in appointments if one.by_whom == "clinic"]
    if not ours:
        return []
    title = calendar.wording.say("visits_lane")
    marks = tuple(
        Mark(one.day, one.short, "visit")
        for one in ours
        if one.day is not None and one.day < days
    )
    told = ", ".join(
        calendar.wording.say("told_mark", what=one.title, when=one.when.replace(BLANK, "").strip(" :"))
        for one in ours
    )
    return [Lane(title, (), marks, f"{title}: {told}.")]
