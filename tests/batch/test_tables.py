"""Tests of tables as spreadsheets save them: the same cells as `csv` reads, each at its place."""

import csv
import io
import re

from hypothesis import given
from hypothesis import strategies as st

from careplan.batch.tables import find_cells, read_rows

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=6)
CELL = ANY_TEXT | st.text('",;\t\r\n a', max_size=6)


@given(
    st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=5),
    st.sampled_from(",;\t"),
    st.sampled_from([("\r\n", csv.QUOTE_MINIMAL), *((end, csv.QUOTE_ALL) for end in ("\n", "\r", "\r\n"))]),
)
def test_a_table_is_read_back_with_places(
    rows: list[list[str]], separator: str, dialect: tuple[str, int]
) -> None:
    """Cells come back as they were written, and each place is where the cell begins."""
    out = io.StringIO(newline="")
    end, quoting = dialect
    writer = csv.writer(out, delimiter=separator, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows(rows)
    text = out.getvalue()
    begins = [0, *(one.end() for one in re.finditer(r"\r\n|\r|\n", text))]

    found = list(read_rows(text, separator, "t.csv"))

    assert [row.cells for row in found] == rows
    for row in found:
        places = find_cells(row.written, row.line, separator)
        assert len(places) == len(row.cells)
        assert places[0] == (row.line, 1)
        for (line, column), cell in zip(places, row.cells, strict=True):
            at = begins[line - 1] + column - 1
            doubled = cell.replace('"', '""')
            assert text.startswith((f'"{doubled}"',) if text[at : at + 1] == '"' else (cell,), at)
            assert column == 1 or text[at - 1] == separator


@given(st.text('",\n a', max_size=30))
def test_whatever_csv_reads_has_a_place_for_each_cell(text: str) -> None:
    """For any text that can be read, both ways of splitting it find the same number of cells."""
    try:
        expected = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return

    found = list(read_rows(text, ",", "t.csv"))

    assert [row.cells for row in found] == expected
    assert all(len(find_cells(row.written, row.line, ",")) == max(len(row.cells), 1) for row in found)
