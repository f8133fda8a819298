"""The plan laid out for the picture on page 1: week by week, then month by month.

The weeks begin with the first day of getting ready. What comes after them stands in a
second band by months, so that a long plan is not squeezed.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from careplan.content.offsets import Offset
from careplan.content.wording import capitalised
from careplan.planning.appointments import Planned
from careplan.planning.calendar import Calendar
from careplan.planning.matching import Facts, holds
from careplan.planning.plan import Appointment, Band, Bar, Column, Lane, Mark, Timeline
from careplan.planning.rhythm import Course, PhaseDays
from careplan.planning.selection import Selection
from careplan.planning.writer import BLANK

# So many weeks can be told apart across a page, those of getting ready among them.
MOST_WEEKS, MOST_WEEKS_BEFORE = 14, 6
# A plan that ends so few weeks later stays in one band.
SPARE_WEEKS = 3
# A plan that ends sooner is shown so long; before months come, weeks are worth a band of their own.
_FEWEST_WEEKS, _FEWEST_BEFORE_MONTHS = 2, 4
# What comes again without an end is shown for a year, and nothing later than in ten years.
_SHOWN_MONTHS, MOST_MONTHS = 12, 120
# Fewer months would be wider than the weeks above them.
_FEWEST_MONTHS = 3
# A month that the weeks have used up but for a few days has no column of its own.
_FEWEST_DAYS = 15


@dataclass(frozen=True)
class _Contact:
    """A visit or call of the clinic on its day; *again* says how it goes on without an end."""

    visit: Appointment
    days: tuple[int, ...]
    again: str = ""


@dataclass(frozen=True)
class _Reach:
    """The days shown: from *first* by weeks up to *turn*, then by months up to *end*."""

    first: int
    turn: int
    end: int

    @property
    def weeks(self) -> int:
        return self.turn // 7


def lay_timeline(
    calendar: Calendar,
    chosen: Selection,
    courses: Mapping[str, Course],
    visits: Sequence[Planned],
    appointments: Sequence[Appointment],
) -> Timeline:
    """Return the timeline from the first day of getting ready to the last visit."""
    wording = calendar.wording
    listed = [courses[therapy.id] for therapy in chosen.therapies]
    contacts = _contacts(calendar, visits, appointments)
    phases = [laid for course in listed for laid in course.phases]
    spans = [(laid.start, laid.end) for laid in phases]
    spans += [(day, day) for one in contacts for day in one.days]
    reach = _reach(calendar, _first_day(chosen), spans)
    home = _home_lane(calendar, listed, chosen.facts)
    lanes = [
        _procedure_lane(calendar, reach),
        *(_therapy_lane(calendar, course, reach) for course in listed),
        *home,
        *_visits_lane(calendar, contacts, reach),
    ]
    soon = _within(lanes, reach.first, reach.turn)
    bands = [Band("", reach.first, reach.turn, _weeks(calendar, reach), soon)]
    if reach.end > reach.turn:
        later = [lane for lane in _within(lanes, reach.turn, reach.end) if lane.bars or lane.marks]
        months = _months(calendar, reach)
        bands.append(Band(wording.say("months_band"), reach.turn, reach.end, months, tuple(later)))
    return Timeline(
        _title(calendar, reach, listed, contacts),
        wording.say("timeline_title", weeks=reach.weeks),
        _caption(calendar, lanes, dotted=bool(chosen.facts.request.ink_saver)),
        tuple(bands),
        _said(calendar, reach, listed, home, contacts),
    )


def _first_day(chosen: Selection) -> int:
    """Return the first day of getting ready, no earlier than there is room for."""
    days = [one.at.days for one in chosen.intervention.getting_ready if holds(one.only, chosen.facts)]
    return max(min([0, *days]), -7 * MOST_WEEKS_BEFORE)


def _contacts(
    calendar: Calendar, visits: Iterable[Planned], appointments: Iterable[Appointment]
) -> tuple[_Contact, ...]:
    """Return the clinic's visits, each with its days; those whose date is open have none."""
    endless = {one.visit.id: one for one in visits if one.visit.every and not one.visit.times}
    return tuple(
        _contact(calendar, one, endless.get(one.id)) for one in appointments if one.by_whom == "clinic"
    )


def _contact(calendar: Calendar, visit: Appointment, endless: Planned | None) -> _Contact:
    if visit.day is None:
        return _Contact(visit, ())
    if endless is None or endless.visit.every is None:
        return _Contact(visit, (visit.day,))
    every, days = endless.visit.every, [visit.day]
    shown = calendar.day_of(Offset(_SHOWN_MONTHS, "month"))
    for number in range(1, shown):
        later = Offset(every.count * number, every.unit)
        day = calendar.visit_day(later, endless.visit.window, visit.day)
        if not days[-1] < day <= shown:
            break
        days.append(day)
    return _Contact(visit, tuple(days), calendar.wording.count(f"then_every_{every.unit}s", every.count))


def _reach(calendar: Calendar, first: int, spans: Sequence[tuple[int, int]]) -> _Reach:
    """Return the days that are shown: all of the plan in weeks, or the rest of it in months."""
    furthest = calendar.day_of(Offset(MOST_MONTHS, "month"))
    shown = [(start, min(end, furthest)) for start, end in spans if start <= furthest]
    last = max((end for _, end in shown), default=0)
    room = MOST_WEEKS - math.ceil(-first / 7)
    if last < (room + SPARE_WEEKS) * 7:
        turn = max(_FEWEST_WEEKS, last // 7 + 1) * 7
        return _Reach(first, turn, turn)
    near = max((min(end, room * 7 - 1) for start, end in shown if start < room * 7), default=0)
    turn = max(_FEWEST_BEFORE_MONTHS, near // 7 + 1) * 7
    return _Reach(first, turn, _month_starts(calendar, turn, last)[-1][1])


def _month_starts(calendar: Calendar, turn: int, last: int) -> list[tuple[int, int]]:
    """Return the number and first day of each month from *turn* on, and of the one after *last*."""
    starts = [(number, calendar.day_of(Offset(number, "month"))) for number in range(1, MOST_MONTHS + 2)]
    later = [one for one in starts if one[1] >= turn + _FEWEST_DAYS]
    ended = next((place for place, one in enumerate(later) if one[1] > last), len(later) - 1)
    return [(later[0][0] - 1, turn), *later[: max(ended, _FEWEST_MONTHS - 1) + 1]]


def _weeks(calendar: Calendar, reach: _Reach) -> tuple[Column, ...]:
    wording = calendar.wording
    before = [reach.first, *range(-7 * (math.ceil(-reach.first / 7) - 1), 0, 7)] if reach.first else []
    return tuple(
        Column(day, wording.say("getting_ready") if day == reach.first else "", calendar.tiny(day))
        for day in before
    ) + tuple(
        Column(
            week * 7,
            wording.say("week_number", number=week) if week else wording.say("day_zero"),
            calendar.tiny(week * 7),
        )
        for week in range(reach.weeks)
    )


def _months(calendar: Calendar, reach: _Reach) -> tuple[Column, ...]:
    """Return the months, without dates: the marks in them have their own."""
    starts = _month_starts(calendar, reach.turn, reach.end - 1)[:-1]
    return tuple(
        Column(day, calendar.wording.say("month_number", number=number)) for number, day in starts
    )


def _within(lanes: Iterable[Lane], start: int, end: int) -> tuple[Lane, ...]:
    """Return the *lanes* with what lies at least in part between two days."""
    return tuple(
        Lane(
            lane.title, lane.kind,
            tuple(bar for bar in lane.bars if bar.start < end and bar.end > start),
            tuple(mark for mark in lane.marks if start <= mark.day < end),
        )
        for lane in lanes
    )


def _procedure_lane(calendar: Calendar, reach: _Reach) -> Lane:
    ready = Bar(reach.first, 0, "", "home")
    mark = Mark(0, calendar.tiny(0), "procedure")
    return Lane(capitalised(calendar.called), "procedure", (ready,) if reach.first else (), (mark,))


def _therapy_lane(calendar: Calendar, course: Course, reach: _Reach) -> Lane:
    wording = calendar.wording
    bars = []
    if not course.phases:
        bars.append(Bar(0, reach.turn, wording.say("bar_open"), "wait", ask=True))
    elif course.allowed_from > 1:
        when = calendar.tiny(course.allowed_from) or calendar.words(course.allowed_from)
        text = wording.say("bar_wait_ask") if course.ask else wording.say("bar_wait", when=when)
        bars.append(Bar(0, course.allowed_from, text, "wait"))
    bars += [_phase_bar(calendar, course, laid) for laid in course.phases]
    return Lane(course.therapy.title, "therapy", tuple(bars))


def _phase_bar(calendar: Calendar, course: Course, laid: PhaseDays) -> Bar:
    text = laid.phase.title if len(course.phases) > 1 else rhythm(calendar, laid)
    kind = "visits" if laid.phase.visits_per_week else "home"
    if not course.ask:
        return Bar(laid.start, laid.end + 1, text, kind)
    if laid is not course.phases[0]:
        return Bar(laid.start, laid.end + 1, text, kind, ask=True)
    wording = calendar.wording
    asked = wording.say("bar_ask", text=text)
    return Bar(laid.start, laid.end + 1, asked, kind, ask=True, short=wording.say("bar_ask_short"))


def rhythm(calendar: Calendar, laid: PhaseDays) -> str:
    """Return how often: "2 visits a week", or "on your own"."""
    visits = laid.phase.visits_per_week
    return calendar.wording.count("visits_a_week", visits) if visits else calendar.wording.say("no_visits")


def _home_lane(calendar: Calendar, courses: Iterable[Course], facts: Facts) -> list[Lane]:
    """Return the days with something to do at home; before and after what is sure, ask us first."""
    every, sure = _home_days(courses, facts)
    if not every:
        return []
    wording = calendar.wording
    start, end = min(every), max(every)
    if not sure:
        asked = wording.say("bar_ask_short")
        bar = Bar(start, end, asked, "home", ask=True, short=asked)
        return [Lane(wording.say("home_lane"), "home", (bar,))]
    parts = (
        Bar(start, min(sure), "", "home", ask=True),
        Bar(min(sure), max(sure), wording.say("bar_home"), "home"),
        Bar(max(sure), end, "", "home", ask=True),
    )
    return [Lane(wording.say("home_lane"), "home", tuple(bar for bar in parts if bar.start < bar.end))]


def _home_days(courses: Iterable[Course], facts: Facts) -> tuple[set[int], set[int]]:
    """Return where phases with home practice begin and end: of all courses, and of those that need no yes."""
    every: set[int] = set()
    sure: set[int] = set()
    for course in courses:
        for laid in course.phases:
            if any(holds(item.only, facts) for item in laid.phase.at_home):
                days = {laid.start, laid.end + 1}
                every |= days
                sure |= set() if course.ask else days
    return every, sure


def _visits_lane(calendar: Calendar, contacts: Iterable[_Contact], reach: _Reach) -> list[Lane]:
    marks = [mark for one in contacts for mark in _marks(calendar, one, reach)]
    marks.sort(key=lambda mark: mark.day)
    return [Lane(calendar.wording.say("visits_lane"), "visits", (), tuple(marks))] if contacts else []


def _marks(calendar: Calendar, contact: _Contact, reach: _Reach) -> list[Mark]:
    """Return a mark for each day of a contact, with its date where columns have none.

    The first says what it is; the last says how it goes on.
    """
    texts = [""] * len(contact.days)
    if contact.days:
        day = contact.days[0]
        date = calendar.tiny(day) if day >= reach.turn else ""
        texts[0] = ", ".join(filter(None, [contact.visit.short, date]))
        again = contact.again.rstrip(".")
        texts[-1] = ". ".join(filter(None, [texts[-1], again]))
    return [Mark(day, text, "visit") for day, text in zip(contact.days, texts, strict=True)]


def _title(
    calendar: Calendar, reach: _Reach, courses: Iterable[Course], contacts: Iterable[_Contact]
) -> str:
    """Return a title that promises no more than is shown."""
    if reach.end > reach.turn:
        return calendar.wording.say("timeline_title_months", weeks=reach.weeks)
    whole = all(course.phases for course in courses) and all(
        one.days and one.days[-1] < reach.end and not one.again for one in contacts
    )
    key = "timeline_title_whole" if whole else "timeline_title"
    return calendar.wording.say(key, weeks=reach.weeks)


def _caption(calendar: Calendar, lanes: Sequence[Lane], *, dotted: bool) -> str:
    """Return how to read what there is in the picture."""
    # The bar of getting ready has its own words over it.
    bars = [bar for lane in lanes if lane.kind != "procedure" for bar in lane.bars]
    keys = [f"caption_{kind}" for kind in ("visits", "home", "wait") if any(bar.kind == kind for bar in bars)]
    keys += ["caption_ask"] if any(bar.ask for bar in bars) else []
    keys += ["caption_contact"] if any(lane.kind == "visits" and lane.marks for lane in lanes) else []
    if dotted:
        # Saving ink, bars are told apart by dots and not by how dark they are.
        keys = [f"{key}_dotted" if key in ("caption_visits", "caption_home") else key for key in keys]
    return " ".join(map(calendar.wording.say, keys))


def _said(
    calendar: Calendar,
    reach: _Reach,
    courses: Iterable[Course],
    home: Iterable[Lane],
    contacts: Sequence[_Contact],
) -> tuple[str, ...]:
    """Return everything in sentences, one text for each lane."""
    wording = calendar.wording
    procedure = wording.say("told_mark", what=capitalised(calendar.called), when=calendar.full(0))
    said = [wording.say("told_ready", when=calendar.words(reach.first))] if reach.first else []
    said.append(procedure)
    said += [f"{course.therapy.title}. {' '.join(_said_course(calendar, course))}" for course in courses]
    for lane in home:
        parts = " ".join(_said_home(calendar, bar) for bar in lane.bars)
        said.append(f"{lane.title}. {parts}")
    if contacts:
        visits = " ".join(_said_contact(calendar, one) for one in contacts)
        said.append(f"{wording.say('visits_lane')}. {visits}")
    return tuple(said)


def _said_course(calendar: Calendar, course: Course) -> list[str]:
    wording = calendar.wording
    said = [wording.say("told_ask")] if course.ask else []
    if course.allowed_from > 1:
        said.append(wording.say("told_wait", when=calendar.words(course.allowed_from)))
    for laid in course.phases:
        often, named = rhythm(calendar, laid), laid.phase.title
        what = named if often.lower() == named.lower() else f"{named} ({often})"
        first, last = calendar.words(laid.start), calendar.words(laid.end)
        said.append(wording.say("told_phase", what=what, first=first, last=last))
    return said if course.phases else [*said, wording.say("told_open")]


def _said_home(calendar: Calendar, bar: Bar) -> str:
    first, last = calendar.words(bar.start), calendar.words(bar.end - 1)
    return calendar.wording.say("told_home_ask" if bar.ask else "told_home", first=first, last=last)


def _said_contact(calendar: Calendar, contact: _Contact) -> str:
    when = contact.visit.when.replace(BLANK, "").strip(" :")
    told = calendar.wording.say("told_mark", what=contact.visit.title, when=when)
    return f"{told} {contact.again}".rstrip()
