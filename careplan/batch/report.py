"""What became of each row, as a table that opens in a spreadsheet."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, fields
from io import StringIO
from typing import Literal

Status = Literal["printed", "unchanged", "failed", "stopped"]
# A spreadsheet would run what begins like this; behind an apostrophe it is text.
_RUN = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """One row of the report: in which file it is, and on which page of that it begins.

    *pages* are those of one copy, and *asks* the rules that leave a question.
    """

    row: int
    ref: str
    status: Status
    file: str = ""
    page: int = 0
    pages: int = 0
    copies: int = 0
    intervention: str = ""
    language: str = ""
    asks: str = ""
    problem: str = ""


COLUMNS = tuple(one.name for one in fields(Line))


def report_table(lines: Iterable[Line]) -> bytes:
    """Return *lines* as a CSV file, with the mark by which spreadsheets know UTF-8."""
    text = StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(COLUMNS)
    table.writerows([_cell(getattr(line, name)) for name in COLUMNS] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(_RUN) else text
