"""Read a roster: a table with one row for each handout."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from careplan.problems import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from careplan.planning.request import Request

COLUMNS = (
    "ref", "intervention", "options", "therapies", "condition", "factors", "follow_up", "date", "lang",
    "edition", "copies", "name",
)


@dataclass(frozen=True)
class Row:
    """One handout of a roster: how staff call it, what is asked for, and how many copies.

    *number* counts the rows below the heading from 1. *places* says where each filled column stands.
    """

    number: int
    ref: str
    request: "Request"
    copies: int
    places: "Mapping[str, Location]"


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be read as a request, with all that is wrong in it."""

    number: int
    ref: str
    problems: tuple[Problem, ...]
