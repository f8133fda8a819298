"""From offsets to dates: clinic days, public holidays, windows and words.

Days are whole numbers that count from the procedure day, which is 0. A calendar without
a procedure date still orders and spaces days; it takes every day for an open one.
"""

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from careplan.content.clinic import WEEKDAYS, Clinic
from careplan.content.offsets import Offset, Window
from careplan.content.wording import Wording
from careplan.problems import RequestError

# Further ahead no clinic day is looked for: a clinic that is closed that long is a mistake.
_FURTHEST = 90
# Without a date, whole weeks are said as weeks from this day on.
_WEEKS_FROM = 14


@dataclass(frozen=True)
class Calendar:
    """Turns days that count from the procedure into dates, in the words of one language."""

    clinic: Clinic
    wording: Wording
    starts: dt.date | None
    called: str

    def date(self, day: int) -> dt.date | None:
        """Return the date of *day*, or None in a plan without a date."""
        return self.starts + dt.timedelta(days=day) if self.starts else None

    def closed_because(self, day: int) -> str | None:
        """Return why the clinic is closed on *day*, or None on a clinic day."""
        date = self.date(day)
        if date is None or date in self.clinic.open_days:
            return None
        if date in self.clinic.closed_days:
            return self.wording.say("closed_day")
        if WEEKDAYS[date.weekday()] not in self.clinic.clinic_days:
            return self.wording.say("not_a_clinic_day", weekday=self.weekday(day))
        return self._holidays.get(date)

    def is_open(self, day: int) -> bool:
        """Return whether *day* is a clinic day; without a date every day counts as one."""
        return self.closed_because(day) is None

    def open_days(self, earliest: int) -> Iterator[int]:
        """Yield the clinic days from *earliest* on, as far as anyone would look ahead."""
        return (day for day in range(earliest, earliest + _FURTHEST) if self.is_open(day))

    def next_open(self, day: int) -> int:
        """Return *day* if it is a clinic day, else the next one."""
        return next(self.open_days(day), day)

    def visit_day(self, at: Offset, window: Window | None, starts: int = 0) -> int:
        """Return the clinic day on which a visit planned *at* after *starts* falls.

        The nearest clinic day inside the window is taken, a later one before an earlier
        one at the same distance; where the window holds none, the next one after it. A
        visit is never pulled back to the day from which it counts.
        """
        if at.unit == "business-day":
            days = self.open_days(starts + 1)
            return [next(days) for _ in range(at.count)][-1]
        target = self.day_of(at, starts)
        room = window or Window(0, 0)
        for distance in range(max(room.before, room.after) + 1):
            if distance <= room.after and self.is_open(target + distance):
                return target + distance
            earlier = target - distance
            if distance <= room.before and earlier > starts and self.is_open(earlier):
                return earlier
        return self.next_open(target)

    def day_of(self, at: Offset, starts: int = 0) -> int:
        """Return the day of *at* after *starts*; months are calendar months if there is a date."""
        first = self.date(starts)
        if at.unit != "month" or first is None:
            return starts + at.days
        months = first.month - 1 + at.count
        year, month = first.year + months // 12, months % 12 + 1
        last = monthrange(year, month)[1]
        return starts + (dt.date(year, month, min(first.day, last)) - first).days

    def words(self, day: int) -> str:
        """Return *day* within a sentence: "December 3", or "day 3"."""
        if self.starts is None:
            return self._undated(day)
        return self._format("MMMMd", day)

    def short(self, day: int) -> str:
        """Return *day* for a table: "Thu, Dec 3", or "day 3"."""
        return self._undated(day) if self.starts is None else self._format("MMMEd", day)

    def full(self, day: int) -> str:
        """Return *day* with its year: "Thu, Dec 3, 2026"."""
        return self._undated(day) if self.starts is None else self._format("yMMMEd", day)

    def tiny(self, day: int) -> str:
        """Return *day* for the edge of a picture: "Dec 3", or nothing without a date."""
        return "" if self.starts is None else self._format("MMMd", day)

    def weekday(self, day: int) -> str:
        """Return the name of the weekday, or nothing without a date."""
        return "" if self.starts is None else self._format("EEEE", day, pattern=True)

    def monday_of(self, day: int) -> int:
        """Return the Monday of the week in which *day* lies."""
        date = self.date(day)
        return day if date is None else day - date.weekday()

    def offset_words(self, at: Offset) -> str:
        """Return *at* in words: "2 weeks after your injection", "7 days before your injection"."""
        if at.unit == "business-day":
            return self.wording.say("next_working_day", called=self.called)
        key = f"{at.unit}s_{'before' if at.count < 0 else 'after'}"
        return self.wording.count(key, abs(at.count), called=self.called)

    def _undated(self, day: int) -> str:
        if day == 0:
            return self.wording.say("procedure_day", called=self.called)
        if day < 0:
            return self.wording.count("days_before", -day, called=self.called)
        if day >= _WEEKS_FROM and day % 7 == 0:
            return self.wording.count("weeks_after", day // 7, called=self.called)
        return self.wording.say("day_number", day=day)

    def _format(self, form: str, day: int, *, pattern: bool = False) -> str:
        from babel.dates import format_date, format_skeleton  # noqa: PLC0415 - slow to import

        if pattern:
            return format_date(self.date(day), form, locale=self.wording.locale)
        return format_skeleton(form, self.date(day), locale=self.wording.locale)

    @cached_property
    def _holidays(self) -> dict[dt.date, str]:
        """Return the public holidays of the plan's years, with their names.

        The year before counts too: in January, getting ready begins in the old year.
        """
        if self.starts is None:
            return {}
        import holidays  # noqa: PLC0415 - slow to import, and of no use without a date

        years = range(self.starts.year - 1, self.starts.year + 3)
        try:
            found = holidays.country_holidays(
                self.clinic.country, self.clinic.subdivision, years=years,
            )
        except NotImplementedError:
            place = "-".join(filter(None, [self.clinic.country, self.clinic.subdivision]))
            message = (
                f"No public holidays are known for '{place}'; "
                "correct country or subdivision in clinic.yaml."
            )
            raise RequestError(message) from None
        return dict(found.items())
