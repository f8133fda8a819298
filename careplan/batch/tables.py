"""Read a table as spreadsheets save it, and find where each cell of a row stands."""

import csv
import functools
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from careplan.batch.entries import TOO_LONG, Entry, Places, column_name, not_a_column, nothing_in
from careplan.problems import FragmentError, Location, Problem, did_you_mean

SEPARATORS: Mapping[str, str] = {",": "comma", ";": "semicolon", "\t": "tab"}

_NAMED = re.compile(r'"?sep=([^\r\n"])"?[,;\t ]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*+(?:""[^"]*+)*+"')
_PLAIN = {separator: re.compile(f"[^{separator}\r\n]*") for separator in SEPARATORS}
_LINE_END = re.compile(r"\r\n|\r|\n")

# What stands in the cells of a row, and where, must not be told apart by two readers of one file:
# `csv` splits the text, and the places are found by the same rules only where they are asked for.


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: the line in which it begins, its cells, and the text that they were read from."""

    line: int
    cells: Sequence[str]
    written: str


@dataclass(frozen=True)
class _Layout:
    """How the table is laid out: what parts its cells, and the column of each, "" without one."""

    file: str
    separator: str
    names: tuple[str, ...]

    def spots(self, line: int, written: str) -> Mapping[str, tuple[int, int]]:
        places = find_cells(written, line, self.separator)
        return {name: place for name, place in zip(self.names, places, strict=False) if name}


def read_entries(text: str, file: str, columns: Sequence[str], needed: str) -> Iterator[Entry]:
    """Yield what each filled row of the table in *text* holds, by the names in *columns*.

    Raises `FragmentError` where the heading is wrong or lacks *needed*, and where a quote does not
    end: from there on nobody can tell where a row begins.
    """
    text, first, separator = _begin(text, file, columns)
    rows = (row for row in read_rows(text, separator, file, first) if any(map(str.strip, row.cells)))
    heading = next(rows, None)
    if heading is None:
        raise FragmentError([nothing_in(file)])
    layout = _layout(heading, file, separator, columns, needed)
    for row in rows:
        yield _entry(row, layout)


def read_rows(text: str, separator: str, file: str, first: int = 1) -> Iterator[TableRow]:
    """Yield every row of *text*, whose first line counts as line *first*."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=separator, strict=True)
    start = 0
    try:
        for cells in reader:
            end = reader.line_num
            written = lines[start] if end == start + 1 else "".join(lines[start:end])
            yield TableRow(start + first, cells, written)
            start = end
    except csv.Error:
        problem = _torn("".join(lines[start:]), start + first, separator, file)
        raise FragmentError([problem]) from None


def find_cells(written: str, line: int, separator: str) -> list[tuple[int, int]]:
    """Return line and column of each cell of the row that *written* begins with."""
    return [(line, column) for line, column, _ in _scan(written, line, separator)]


def _scan(written: str, line: int, separator: str) -> Iterator[tuple[int, int, str]]:
    """Yield line, column and text of each cell of the first row of *written*, with its quotes.

    A quote that does not end is the last cell, and so is one that ends before its cell.
    """
    at = begins = 0
    while True:
        column, start = at - begins + 1, at
        found = _QUOTED.match(written, at) or _PLAIN[separator].match(written, at)
        at = found.end() if found else at
        yield line, column, written[start:at]
        for end in _LINE_END.finditer(written, start, at):
            line, begins = line + 1, end.end()
        if written[at : at + 1] != separator:
            return
        at += 1


def _torn(written: str, line: int, separator: str, file: str) -> Problem:
    """Return why the row that *written* begins with cannot be read."""
    cells, length = list(_scan(written, line, separator)), 0
    line, column, cell = cells[-1]
    for _, _, one in cells:
        length += len(one) + 1
    if cell.startswith('"') and not _QUOTED.fullmatch(cell):
        sentence = "The quote that opens this cell is never closed; close it, or take it away."
        return Problem(Location(file, line, column), sentence, "open-quote")
    if written[length - 1 : length].strip("\r\n"):
        closes = line + len(_LINE_END.findall(cell))
        sentence = (
            f"The quote that opens this cell is closed in line {closes}, and text follows there; "
            "close it where the cell ends, and write a quote inside the cell twice."
        )
        return Problem(Location(file, line, column), sentence, "text-after-quote")
    line, column, _ = max(cells, key=lambda one: len(one[2]))
    return Problem(Location(file, line, column), f"The cell {TOO_LONG}", "too-long")


def _begin(text: str, file: str, columns: Sequence[str]) -> tuple[str, int, str]:
    """Return the table in *text*, the line in which it begins, and what parts its cells."""
    if named := _NAMED.match(text):
        if named[1] not in SEPARATORS:
            sentence = "'sep=' must name a comma, a semicolon or a tab."
            raise FragmentError([Problem(Location(file, 1, 5), sentence, "not-expected")])
        text = text[named.end() :]
    first = next((line for line in io.StringIO(text, newline="") if line.strip(',;\t" \r\n')), "")
    if not first.strip():
        raise FragmentError([nothing_in(file)])

    def known(separator: str) -> int:
        return sum(column_name(word.strip(' "')) in columns for word in first.split(separator))

    return text, 2 if named else 1, named[1] if named else max(SEPARATORS, key=known)


def _layout(
    heading: TableRow, file: str, separator: str, columns: Sequence[str], needed: str
) -> _Layout:
    """Return the layout under *heading*; raises `FragmentError` with all that is wrong in it."""
    names = tuple(map(column_name, heading.cells))
    unknown = [name for name in names if name and name not in columns]
    # A first row of patients must not be quoted as columns that do not exist.
    strange = [name for name in unknown if not did_you_mean(name, columns)]
    if needed not in names and 2 * len(strange) > sum(map(bool, names)):
        sentence = f"The first line must name the columns, such as {needed},date,copies."
        raise FragmentError([Problem(Location(file, heading.line, 1), sentence, "no-heading")])
    places = find_cells(heading.written, heading.line, separator)
    line = heading.written.rstrip("\r\n").expandtabs(1)
    excerpt = line if line.isprintable() else ""
    problems: list[Problem] = []

    def refuse(index: int, sentence: str, code: str) -> None:
        place = Location(file, *places[index])
        problems.append(Problem(place, sentence, code, excerpt=excerpt))

    for index, name in enumerate(names):
        if name in unknown:
            refuse(index, not_a_column(heading.cells[index], columns), "unknown-field")
        elif name and name in names[:index]:
            refuse(index, f"The column '{name}' is given twice.", "duplicate-key")
    if needed not in names:
        refuse(0, f"The column '{needed}' is missing.", "missing-field")
    if problems:
        raise FragmentError(problems)
    return _Layout(file, separator, names)


def _entry(row: TableRow, layout: _Layout) -> Entry:
    names, cells = layout.names, row.cells
    filled = {name: cell for name, cell in zip(names, cells, strict=False) if cell and not cell.isspace()}
    find: Callable[[], Mapping[str, tuple[int, int]]]
    find = functools.partial(layout.spots, row.line, row.written)
    outside = filled.pop("", "") or len(cells) > len(names)
    places = Places(layout.file, row.line, tuple(filled), find)
    if outside:
        return _spilled(row, layout, filled, places)
    return Entry(filled, places)


def _spilled(row: TableRow, layout: _Layout, filled: dict[str, str], places: Places) -> Entry:
    """Return the entry of a row that has more cells than there are headings.

    A name with a comma and without quotes does that, and what stands behind it is in wrong columns.
    """
    names = layout.names
    over = [
        index for index, cell in enumerate(row.cells)
        if cell.strip() and not (index < len(names) and names[index])
    ]
    index = over[0] if over else len(names)
    place = find_cells(row.written, row.line, layout.separator)[index]
    sentence = (
        f"This cell stands under no heading; does a cell before it hold a {SEPARATORS[layout.separator]} "
        "and lack its quotes?"
    )
    spill = Problem(Location(layout.file, *place), sentence, "cell-without-heading")
    doubtful = "name" in names and "ref" in names and names.index("name") < names.index("ref")
    if over or doubtful:
        kept = {} if doubtful else {name: cell for name, cell in filled.items() if name == "ref"}
        return Entry(kept, places, (spill,), spill, is_whole=False)
    return Entry(filled, places, spill=spill)
