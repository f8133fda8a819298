"""The report of a batch as a table."""

import csv
from io import StringIO

import pytest

from careplan.batch.report import COLUMNS, Line, report_table


def test_a_report_has_a_line_for_each_row() -> None:
    """The heading names the columns, and texts with separators or quotes stay whole."""
    line = Line(2, "A-1", "failed", problem='friday.csv:3:1: error: There is no "x", nor y. [row-request]')

    table = [*csv.DictReader(StringIO(report_table([line]).decode("utf-8-sig")))]

    assert tuple(table[0]) == COLUMNS
    assert table[0]["problem"] == line.problem
    assert (table[0]["row"], table[0]["ref"], table[0]["status"]) == ("2", "A-1", "failed")


@pytest.mark.parametrize("text", ["=1+2", "+1", "-1", "@a", "\tx", "\rx"])
def test_a_spreadsheet_runs_nothing_of_it(text: str) -> None:
    """What a spreadsheet would run as a formula is marked as text."""
    (row,) = csv.DictReader(StringIO(report_table([Line(1, "a", "failed", problem=text)]).decode("utf-8-sig"),
                                     newline=""))

    assert row["problem"] == f"'{text}"


def test_a_spreadsheet_knows_its_letters() -> None:
    """The file begins with the mark by which Excel reads UTF-8."""
    assert report_table([]).startswith(b"\xef\xbb\xbfrow,ref,status")
