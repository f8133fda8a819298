"""When each therapy starts and on which days its visits fall.

At most one new hands-on therapy starts in any seven days, disciplines are spread over
the week, and nobody has two passive therapies on one day in the first two weeks. Source:
rules N21, C18 and C19 of the safety rules, as settled in the settings' section 1.4.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from careplan.content.fragments import Phase, Therapy
from careplan.planning.calendar import Calendar
from careplan.planning.safety import Limit

DAYS_BETWEEN_NEW = 7
FIRST_DAYS = 14

# Days of a therapy's own week on which its visits fall, by the number of visits a week.
_SPREAD: dict[int, tuple[int, ...]] = {
    0: (), 1: (0,), 2: (0, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4),
}
# A therapy may start this many clinic days later to land on a quieter weekday.
_CHOICE = 3


@dataclass(frozen=True)
class PhaseDays:
    """A phase with its first and last day."""

    phase: Phase
    start: int
    end: int


@dataclass(frozen=True)
class Course:
    """A therapy laid on the calendar; *phases* and *visits* are empty if no day can be told.

    *ask* says that it may start only when the clinic says yes.
    """

    therapy: Therapy
    allowed_from: int
    ask: bool = False
    phases: tuple[PhaseDays, ...] = ()
    visits: tuple[int, ...] = ()

    @property
    def first_day(self) -> int | None:
        """Return the day of the first visit, or the first day of the first phase."""
        return self.phases[0].start if self.phases else None


def lay_courses(
    therapies: Sequence[Therapy],
    limits: Iterable[Limit],
    calendar: Calendar,
    wished: Mapping[str, int],
) -> dict[str, Course]:
    """Return the course of each therapy by id.

    *wished* holds first days that the clinician asked for; a wait still moves them.
    """
    by_therapy: dict[str, list[Limit]] = {}
    for limit in limits:
        by_therapy.setdefault(limit.therapy, []).append(limit)
    earliest = {
        therapy.id: max(
            wished.get(therapy.id, max(therapy.starts.days, 1)), allowed_from(therapy, by_therapy),
        )
        for therapy in therapies
    }
    week = _Week(calendar)
    courses: dict[str, Course] = {}
    for therapy in sorted(therapies, key=lambda one: (earliest[one.id] // 7, one.rank, one.id)):
        held = by_therapy.get(therapy.id, [])
        allowed = allowed_from(therapy, by_therapy)
        asks = any(limit.ask and not limit.areas and _is_core(therapy, limit) for limit in held)
        if _has_open_end(therapy, held):
            courses[therapy.id] = Course(therapy, allowed, asks)
            continue
        start = week.start_day(therapy, earliest[therapy.id], fixed=therapy.id in wished)
        phases = _phases(therapy, start, held)
        courses[therapy.id] = Course(therapy, allowed, asks, phases, week.visits(therapy, phases))
    return {therapy.id: courses[therapy.id] for therapy in therapies}


def allowed_from(therapy: Therapy, limits: Mapping[str, Iterable[Limit]]) -> int:
    """Return the first day that the waits on the therapy's core modalities leave."""
    days = [
        limit.first_day
        for limit in limits.get(therapy.id, ())
        if limit.first_day is not None and _is_core(therapy, limit)
    ]
    return max(days, default=0)


def _is_core(therapy: Therapy, limit: Limit) -> bool:
    return limit.modality is None or limit.modality in therapy.core


def _has_open_end(therapy: Therapy, limits: Iterable[Limit]) -> bool:
    return any(limit.open_end and _is_core(therapy, limit) for limit in limits)


def _phases(therapy: Therapy, start: int, limits: Iterable[Limit]) -> tuple[PhaseDays, ...]:
    """Return the phases one after the other; one that has to wait lengthens the one before.

    A phase that needs what is blocked, or what has no day yet, ends the course before it.
    """
    waits: dict[str, int] = {}
    barred: set[str] = set()
    for limit in limits:
        if limit.modality and limit.first_day is not None:
            waits[limit.modality] = max(waits.get(limit.modality, 0), limit.first_day)
        if limit.modality and (limit.removed or limit.open_end):
            barred.add(limit.modality)
    laid: list[PhaseDays] = []
    for phase in therapy.phases:
        if barred.intersection(phase.needs):
            break
        first = max([start, *(waits.get(needed, 0) for needed in phase.needs)])
        if laid and first > start:
            laid[-1] = PhaseDays(laid[-1].phase, laid[-1].start, first - 1)
        laid.append(PhaseDays(phase, first, first + phase.weeks * 7 - 1))
        start = laid[-1].end + 1
    return tuple(laid)


class _Week:
    """What is planned so far, so that the next therapy finds its place."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._new_starts: list[int] = []
        self._weekdays: Counter[int] = Counter()
        self._passive_days: set[int] = set()

    def start_day(self, therapy: Therapy, earliest: int, *, fixed: bool) -> int:
        """Return the day of the first visit: a clinic day with room for something new."""
        if not any(phase.visits_per_week for phase in therapy.phases):
            return earliest
        free = (day for day in self._calendar.open_days(earliest) if self._has_room(therapy, day))
        choices = [day for day, _ in zip(free, range(1 if fixed else _CHOICE), strict=False)]
        start = min(choices or [earliest], key=lambda day: (self._weekdays[self._weekday(day)], day))
        if therapy.counts_as_new:
            self._new_starts.append(start)
        return start

    def visits(self, therapy: Therapy, phases: Sequence[PhaseDays]) -> tuple[int, ...]:
        """Return the days of all visits, each a clinic day of its own."""
        taken: list[int] = []
        for laid in phases:
            for week in range(laid.start, laid.end + 1, 7):
                days = range(week, min(week + 7, laid.end + 1))
                for wanted in _SPREAD[laid.phase.visits_per_week]:
                    day = self._free_day(therapy, week + wanted, days, taken)
                    if day is not None:
                        taken.append(day)
        self._weekdays.update(self._weekday(day) for day in taken[: 2 * 7])
        if therapy.passive:
            self._passive_days.update(taken)
        return tuple(sorted(taken))

    def _free_day(
        self, therapy: Therapy, wanted: int, days: Iterable[int], taken: Sequence[int]
    ) -> int | None:
        free = [
            day for day in days
            if day not in taken and self._calendar.is_open(day) and not self._is_crowded(therapy, day)
        ]
        return min(free, key=lambda day: (abs(day - wanted), day), default=None)

    def _has_room(self, therapy: Therapy, day: int) -> bool:
        if self._is_crowded(therapy, day):
            return False
        near = any(abs(day - other) < DAYS_BETWEEN_NEW for other in self._new_starts)
        return not (therapy.counts_as_new and near)

    def _is_crowded(self, therapy: Therapy, day: int) -> bool:
        return therapy.passive and day <= FIRST_DAYS and day in self._passive_days

    def _weekday(self, day: int) -> int:
        date = self._calendar.date(day)
        return day % 7 if date is None else date.weekday()
