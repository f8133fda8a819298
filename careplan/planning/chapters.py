"""What the handout says about the procedure and each therapy, section by section."""

from collections.abc import Iterable, Sequence

from careplan.content import slots
from careplan.content.fragments import Diary, HealthCondition, Intervention
from careplan.content.items import Answer, Item, Period, Step
from careplan.content.library import Library
from careplan.content.wording import Wording, capitalised
from careplan.planning.calendar import Calendar
from careplan.planning.matching import holds
from careplan.planning.plan import (
    Appointment,
    Dated,
    DiaryPlan,
    MeasurePlan,
    Pictured,
    Safety,
    Said,
    Section,
    TherapyPlan,
)
from careplan.planning.rhythm import Course, PhaseDays
from careplan.planning.selection import Selection
from careplan.planning.timeline import rhythm
from careplan.planning.writer import Writer

# A longer period, in days, is printed without dates.
LONGEST = 180
_WEEK, _MONTH = 7, 30
# More columns than these leave no room to write.
MOST_COLUMNS = 5

# A therapy log with more weeks than these is longer than anyone fills in.
MOST_WEEKS = 12
_NOT_YET = "no-"

# The fields of an intervention and of a therapy that are lists of items, in reading order.
_PROCEDURE = (
    "names", "what_it_is", "why", "may_help", "not_known", "how_it_is_done", "bring", "on_the_day",
    "what_to_expect", "flare", "common_effects", "risks", "other_choices", "questions",
)
_THERAPY = ("why", "visit", "cautions", "tell_your_therapist", "provider", "evidence", "questions")


def procedure_sections(
    intervention: Intervention, wording: Wording, writer: Writer
) -> tuple[Section, ...]:
    """Return the sections about the procedure that say something in this plan."""
    sections = [
        Section(
            name, wording.say(f"section_{name}", called=intervention.called),
            writer.say(getattr(intervention, name)),
        )
        for name in _PROCEDURE
    ]
    answers = Section("answers", wording.say("section_answers"), _answers(intervention.answers, writer))
    return tuple(section for section in (*sections, answers) if section.items)


def _answers(answers: Iterable[Answer], writer: Writer) -> tuple[Said, ...]:
    return tuple(
        Said(said.id, said.text, answer.question, said.sources)
        for answer in answers for said in writer.say([answer])
    )


def condition_sections(
    conditions: Iterable[HealthCondition], writer: Writer
) -> tuple[Section, ...]:
    """Return what is said about each condition."""
    return tuple(Section(one.id, one.title, writer.say(one.what_it_is)) for one in conditions)


def countdown(steps: Iterable[Step], calendar: Calendar, writer: Writer) -> tuple[Dated, ...]:
    """Return the steps before the procedure by day, the earliest first."""
    days: dict[int, list[Step]] = {}
    for step in steps:
        days.setdefault(step.at.days, []).append(step)
    return tuple(
        Dated(
            f"day-{-day}", day, _countdown_words(day, calendar),
            calendar.short(day) if calendar.starts else "", said,
        )
        for day, group in sorted(days.items())
        if (said := writer.say(group))
    )


def _countdown_words(day: int, calendar: Calendar) -> str:
    if day == 0:
        return calendar.wording.say("that_morning")
    return calendar.wording.count("days_before_short", -day)


def aftercare(periods: Iterable[Period], calendar: Calendar, writer: Writer) -> tuple[Dated, ...]:
    """Return the periods after the procedure in which something is said."""
    return tuple(
        Dated(
            period.id, period.start.days, period.title,
            _dates(period.start.days, period.end.days, calendar), said,
        )
        for period in periods
        if (said := writer.say(period.items))
    )


def _dates(first: int, last: int, calendar: Calendar) -> str:
    """Return the dates from *first* to *last*: "Dec 5 to Dec 6"; nothing without a date.

    What goes on for most of a year has no last day that anyone waits for.
    """
    if last - first > LONGEST:
        return ""
    if calendar.starts is None or first == last:
        return calendar.tiny(first)
    return calendar.wording.say("range", first=calendar.tiny(first), last=calendar.tiny(last))


def therapy_chapter(
    course: Course,
    appointments: Iterable[Appointment],
    safety: Safety,
    calendar: Calendar,
    writer: Writer,
) -> TherapyPlan:
    """Return what the handout says about a therapy; its reviews are among *appointments*."""
    therapy = course.therapy
    wording = calendar.wording
    values = {"called": therapy.called, "therapist": therapy.therapist}
    sections = (
        Section(name, wording.say(f"therapy_{name}", **values), writer.say(getattr(therapy, name)))
        for name in _THERAPY
    )
    return TherapyPlan(
        therapy.id, therapy.title, _starts(course, calendar), course.first_day, course.visits,
        tuple(one for one in appointments if one.therapy == therapy.id and one.contact != "therapy"),
        safety,
        tuple(_phase(laid, calendar, writer) for laid in course.phases),
        tuple(section for section in sections if section.items),
    )


def _starts(course: Course, calendar: Calendar) -> str:
    wording = calendar.wording
    if course.first_day is None:
        return wording.say("starts_open")
    starts = []
    if (course.visits and course.visits[0] != course.first_day) or not course.visits:
        starts.append(wording.say("starts_at_home", day=calendar.short(course.first_day)))
    if course.visits:
        starts.append(wording.say("starts_on", day=calendar.short(course.visits[0])))
    if 1 < course.allowed_from < course.first_day:
        starts.append(wording.say("not_before", day=calendar.short(course.allowed_from)))
    elif course.allowed_from == course.first_day > 1:
        starts.append(wording.say("not_earlier"))
    if course.ask:
        starts.append(wording.say("if_we_say_yes"))
    if course.therapy.may_start_before:
        starts.append(wording.say("may_start_before", called=calendar.called))
    return " ".join(starts)


def _phase(laid: PhaseDays, calendar: Calendar, writer: Writer) -> Dated:
    dates = _dates(laid.start, laid.end, calendar) if calendar.starts else _weeks(laid, calendar)
    said = writer.say(laid.phase.at_home)
    often = rhythm(calendar, laid)
    # A phase whose title says its rhythm, such as "On your own", does not say it twice.
    note = capitalised(often) if capitalised(often) != laid.phase.title else ""
    return Dated(laid.phase.id, laid.start, laid.phase.title, dates, said, note)


def _weeks(laid: PhaseDays, calendar: Calendar) -> str:
    """Return how long a phase lasts, and from which day: "From day 16, for 4 weeks"."""
    weeks = max(1, round((laid.end + 1 - laid.start) / _WEEK))
    return calendar.wording.count("weeks_from", weeks, day=laid.start)


def pictured(chosen: Selection, writer: Writer) -> tuple[Pictured, ...]:
    """Return the limits after the procedure that have a drawing, each drawing once.

    Where several items have the same drawing, a limit counts before a permission, and of
    limits the one with the latest day; otherwise the one that is said first.
    """
    intervention = chosen.intervention
    items = [item for period in intervention.after for item in period.items] + list(intervention.flare)
    strictest: dict[str, Item] = {}
    for item in items:
        if item.picture and holds(item.only, chosen.facts):
            drawing = item.picture.removeprefix(_NOT_YET)
            strictest[drawing] = max(strictest.get(drawing, item), item, key=_strictness)
    return tuple(
        Pictured(drawing, not _is_limit(item), said)
        for drawing, item in strictest.items() for said in writer.say([item])
    )


def _is_limit(item: Item) -> bool:
    return (item.picture or "").startswith(_NOT_YET)


def _strictness(item: Item) -> int:
    return 1 + max(slots.days_in(item.text), default=0) if _is_limit(item) else 0


def diaries(
    chosen: Selection, courses: Sequence[Course], calendar: Calendar, writer: Writer
) -> tuple[DiaryPlan, ...]:
    """Return the diaries that fit, with their rows in words; last the log of all therapies."""
    fitting = [diary for diary in chosen.intervention.diaries if holds(diary.only, chosen.facts)]
    for diary in fitting:
        writer.cite(diary.sources)
    planned = [_diary(diary, calendar, writer) for diary in fitting]
    if courses:
        planned.append(_therapy_log(courses, calendar))
    return tuple(planned)


def measures(
    library: Library,
    chosen: Selection,
    appointments: Iterable[Appointment],
    calendar: Calendar,
    writer: Writer,
) -> tuple[MeasurePlan, ...]:
    """Return the short forms of the follow-ups, with a column for each visit of the clinic."""
    named = dict.fromkeys(one for follow_up in chosen.follow_ups for one in follow_up.measures)
    visits = [
        one for one in appointments
        if one.by_whom == "clinic" and one.contact in ("visit", "device-visit", "form") and one.day
    ]
    days = [one.day or 0 for one in visits[: MOST_COLUMNS - 1]]
    columns = (
        calendar.wording.say("measure_start"),
        *(calendar.tiny(day) or _about(day, calendar) for day in days),
    )
    planned = []
    for measure in map(library.measures.__getitem__, named):
        writer.cite(measure.sources)
        questions = tuple(question.text for question in measure.questions)
        credit = measure.credit or ""
        planned.append(MeasurePlan(measure.id, measure.title, measure.intro, questions, columns, credit))
    return tuple(planned)


def _diary(diary: Diary, calendar: Calendar, writer: Writer) -> DiaryPlan:
    rows = diary.rows
    if diary.every and diary.until:
        first = diary.start.days if diary.start else 0
        days = range(first, diary.until.days + 1, diary.every.days)
        weekly = diary.every.days == _WEEK
        rows += tuple(_week(day // _WEEK, calendar) if weekly else _day(day, calendar) for day in days)
    rows += diary.later
    return DiaryPlan(diary.id, diary.title, writer.fill(diary.how), diary.columns, rows, diary.sample)


def _therapy_log(courses: Sequence[Course], calendar: Calendar) -> DiaryPlan:
    """Return a table for all therapies with a row for each week, from the first to start."""
    wording = calendar.wording
    starts = [course.first_day for course in courses if course.first_day is not None]
    ends = [phase.end for course in courses for phase in course.phases]
    first = (max(min(starts, default=1), 1) - 1) // _WEEK + 1
    last = min((max(ends, default=_WEEK * MOST_WEEKS) - 1) // _WEEK + 1, first + MOST_WEEKS - 1)
    columns, sample = (
        tuple(wording.say(f"log_{kind}_{one}") for one in ("visits", "practice", "done"))
        for kind in ("column", "sample")
    )
    return DiaryPlan(
        "therapy-log", wording.say("log_title"), wording.say("log_how"), columns,
        tuple(_week(week, calendar) for week in range(first, last + 1)),
        (wording.say("diary_week", number=2), *sample),
    )


def _day(day: int, calendar: Calendar) -> str:
    if calendar.starts:
        return calendar.short(day)
    return capitalised(calendar.wording.say("day_number", day=day))


def _about(day: int, calendar: Calendar) -> str:
    """Return *day* of a plan without a date for a narrow column: "Week 6", "Month 6"."""
    if day <= _WEEK * MOST_WEEKS:
        return calendar.wording.say("diary_week", number=max(round(day / _WEEK), 1))
    return calendar.wording.say("diary_month", number=round(day / _MONTH))


def _week(number: int, calendar: Calendar) -> str:
    """Return a week with its last day: "Week 2, to Dec 17"; before week 1, the day itself."""
    if number < 1:
        return _day(number * _WEEK, calendar)
    words = calendar.wording.say("diary_week", number=number)
    last = calendar.tiny(number * _WEEK)
    return calendar.wording.say("diary_week_to", week=words, last=last) if calendar.starts else words
