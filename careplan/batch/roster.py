"""Read a roster: a table with one row for each handout."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from careplan.batch import objects, tables
from careplan.batch.columns import Bodies, read_cells
from careplan.problems import FragmentError, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from careplan.batch.entries import Entry, Places
    from careplan.planning.request import Request

COLUMNS = (
    "ref", "intervention", "options", "therapies", "condition", "factors", "follow_up", "date", "lang",
    "edition", "copies", "name",
)
# Holds some 100,000 rows with room to spare.
MOST_BYTES = 100_000_000

_NEEDED = "intervention"
_SAVE = (
    "save it as 'CSV UTF-8' in Excel, or as text CSV with the character set Unicode (UTF-8) in LibreOffice."
)
# How workbooks begin, in the form of today and in the old one.
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Row:
    """One handout of a roster: how staff call it, what is asked for, and how many copies.

    *number* counts the filled rows below the heading from 1. *places* says where each filled column
    stands.
    """

    number: int
    ref: str
    # The request holds the patient's name, which must not come into a log by being shown.
    request: "Request" = field(repr=False)
    copies: int
    places: "Places" = field(repr=False)


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be read as a request, with all that is wrong in it."""

    number: int
    ref: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Roster:
    """The rows of a roster, and those that cannot be read, each in the order of the file."""

    rows: tuple[Row, ...]
    bad: tuple[BadRow, ...]


def read_roster(data: bytes, file: str) -> Roster:
    """Return the rows of the roster in *data*, which problems call *file*.

    Raises `FragmentError` where the table as a whole cannot be read. No problem shows any part of a
    patient's name, and for that reason none shows the author's line.
    """
    text = _decode(data, file)
    rows: list[Row] = []
    bad: list[BadRow] = []
    lines: dict[str, int] = {}
    bodies: Bodies = {}
    for number, entry in enumerate(_entries(text, file), 1):
        asked = read_cells(entry, bodies)
        ref, problems = asked.ref, asked.problems
        if not ref and entry.is_whole and "ref" not in asked.refused:
            ref = f"row-{number:04}"
        if ref and (first := lines.setdefault(ref.lower(), entry.places.line)) != entry.places.line:
            problems.append(_taken(entry, ref, first))
        if entry.spill and problems:
            problems = [entry.spill]
        if problems or asked.request is None:
            bad.append(BadRow(number, ref, tuple(sorted(problems))))
        else:
            rows.append(Row(number, ref, asked.request, asked.copies, entry.places))
    return Roster(tuple(rows), tuple(bad))


def _entries(text: str, file: str) -> "Iterator[Entry]":
    ending = file.lower().rpartition(".")[2]
    is_piped = file == "stdin" and text.lstrip().startswith("{")
    if is_piped or ending in {"jsonl", "ndjson"}:
        return objects.read_entries(text, file, COLUMNS)
    return tables.read_entries(text, file, COLUMNS, _NEEDED)


def _taken(entry: "Entry", ref: str, first: int) -> Problem:
    """Return the problem that the row in line *first* is called *ref* as well."""
    sentence = f"ref '{ref}' is taken by the row in line {first}; capitals make no difference."
    if "ref" not in entry.places:
        sentence = f"ref is empty; '{ref}', which stands for it, is taken by the row in line {first}."
    return Problem(entry.places.nearest("ref"), sentence, "duplicate-ref")


def _decode(data: bytes, file: str) -> str:
    """Return the text in *data*; raises `FragmentError` where it is no text, or too much."""
    place, code = Location(file), "not-utf-8"
    if len(data) > MOST_BYTES:
        sentence = f"The file has {len(data):,} bytes; {MOST_BYTES:,} is the most."
        raise FragmentError([Problem(place, sentence, "too-large")])
    if data.startswith(_WORKBOOKS):
        sentence = f"This is a workbook and not a CSV file; {_SAVE}"
        raise FragmentError([Problem(place, sentence, code)])
    sentence = f"The file is not UTF-8 text; {_SAVE}"
    try:
        text = data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        if not data.startswith(_UTF_16):
            before = data[: error.start]
            line = before.count(b"\n") + 1
            column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8-sig", "replace")) + 1
            place = Location(file, line, column)
        raise FragmentError([Problem(place, sentence, code)]) from None
    if "\0" in text:
        raise FragmentError([Problem(place, sentence, code)])
    return text
