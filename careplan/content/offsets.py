"""Times as authors write them: "2 weeks", "business-day 1", "± 3 days".

Everything in a plan counts from the procedure day, which is day 0. A week has seven
days and, for waits, a month has thirty: "6 weeks" is day 42, "3 months" is day 90.
"""

import re
from dataclasses import dataclass
from typing import Literal

from careplan.content.forms import Form

Unit = Literal["day", "week", "month", "business-day", "visit"]

_DAYS = {"day": 1, "week": 7, "month": 30}
# More working days or visits than this are no plan.
MOST_COUNTED = 40
_SPAN = re.compile(r"([+-]?)\s*(\d{1,4}) (day|week|month)s?")
_COUNTED = re.compile(r"(business-day|visit) (\d{1,3})")
_UNEVEN = re.compile(r"- (\d{1,3}) / \+ (\d{1,3}) (day|week|month)s?")
_WINDOW = re.compile(r"([±+-]) (\d{1,3}) (day|week|month)s?")

# What stands behind "visit" or "business-day": a number of at most three digits.
_COUNTS = "|".join(f"0{{0,{3 - len(str(count))}}}{count}" for count in range(1, MOST_COUNTED + 1))
SPAN = Form("span", _SPAN.pattern, "a number of days, weeks or months, such as '7 days'", "7 days")
MOMENT = Form(
    "moment", f"{_SPAN.pattern}|(business-day|visit) ({_COUNTS})",
    "a time such as '3 days', '-7 days', '2 weeks', '6 months' or 'business-day 1'", "-7 days",
)
WINDOW = Form(
    "window", f"{_UNEVEN.pattern}|{_WINDOW.pattern}",
    "a window such as '± 3 days', '+ 2 weeks' or '- 4 / + 3 days'", "± 3 days",
)


@dataclass(frozen=True)
class Offset:
    """A distance from the procedure day, or from another event that the text names."""

    count: int
    unit: Unit

    @property
    def days(self) -> int:
        """Return the distance in days; clinic days and visits are not counted in days."""
        if self.unit not in _DAYS:
            message = f"{self} has no fixed number of days"
            raise ValueError(message)
        return self.count * _DAYS[self.unit]

    def __str__(self) -> str:
        """Return the offset as authors write it."""
        if self.unit in ("business-day", "visit"):
            return f"{self.unit} {self.count}"
        return f"{self.count} {self.unit}" + ("" if abs(self.count) == 1 else "s")


@dataclass(frozen=True)
class Window:
    """How many days a visit may be earlier or later than planned."""

    before: int
    after: int

    def __str__(self) -> str:
        """Return the window as authors write it."""
        if self.before == self.after:
            return f"± {self.before} days"
        return f"- {self.before} / + {self.after} days"


def parse_offset(text: object) -> Offset:
    """Return the offset that *text* says; raises ValueError with what was expected."""
    if isinstance(text, str):
        if span := _SPAN.fullmatch(text):
            sign, count, unit = span.groups()
            return Offset(int(sign + count), unit)  # type: ignore[arg-type]
        counted = _COUNTED.fullmatch(text)
        if counted and 1 <= int(counted[2]) <= MOST_COUNTED:
            return Offset(int(counted[2]), counted[1])  # type: ignore[arg-type]
    raise ValueError(MOMENT.expected)


def parse_span(text: object) -> Offset:
    """Return an offset that has a fixed number of days; raises ValueError."""
    try:
        offset = parse_offset(text)
    except ValueError:
        raise ValueError(SPAN.expected) from None
    if offset.unit not in _DAYS:
        raise ValueError(SPAN.expected)
    return offset


def parse_window(text: object) -> Window:
    """Return the window that *text* says; raises ValueError with what was expected."""
    if isinstance(text, str):
        if uneven := _UNEVEN.fullmatch(text):
            before, after, unit = uneven.groups()
            return Window(int(before) * _DAYS[unit], int(after) * _DAYS[unit])
        if even := _WINDOW.fullmatch(text):
            days = int(even[2]) * _DAYS[even[3]]
            return Window(days if even[1] in "±-" else 0, days if even[1] in "±+" else 0)
    raise ValueError(WINDOW.expected)
