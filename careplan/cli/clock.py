"""The one place that reads the clock."""

import datetime as dt
import os

from careplan.problems import RequestError


def today() -> dt.date:
    """Return today's date, or the day in CAREPLAN_TODAY, to print again what was printed then."""
    given = os.environ.get("CAREPLAN_TODAY")
    if not given:
        return dt.date.today()  # noqa: DTZ011 - the clinic's own calendar day
    return read_day(given, "CAREPLAN_TODAY")


def read_day(given: str, where: str) -> dt.date:
    """Return the day that *given* names; raises `RequestError`, which begins with *where*."""
    from careplan.content.models import parse_date  # noqa: PLC0415 - slow to import

    try:
        return parse_date(given)
    except ValueError as error:
        message = f"{where} must be {error}, not '{given}'."
        raise RequestError(message) from None
