"""Tests of reading a roster: whole, in every form that staff may save, and with what is wrong in it.

A wrong roster in `data/bad-rosters/` is a test by being there, with its expected lines beside it.
`pytest --renew` rewrites the expected lines; read each as somebody at a front desk would.
"""

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.batch import roster
from careplan.batch.roster import COLUMNS, BadRow, Roster, Row, read_roster
from careplan.content.clinic import Clinic
from careplan.content.library import Library
from careplan.content.resources import plans_folder
from careplan.content.wording import Wording
from careplan.planning.compose import compose
from careplan.planning.request import FactorState, Patient, Request, TherapyChoice
from careplan.problems import FragmentError, Location

CORPUS = Path(__file__).resolve().parent.parent / "data" / "bad-rosters"
EXAMPLE = plans_folder() / "examples" / "roster.csv"

# Letters that no sentence, id or column has, so that any trace of a name is seen.
NAME_LETTERS = "ŽŔŁЖ"


def read(text: str, file: str = "roster.csv") -> tuple[Row, ...]:
    """Return the rows of *text*, in which nothing may be wrong."""
    found = read_roster(text.encode(), file)
    assert found.bad == ()
    return found.rows


def problems_of(found: Roster) -> list[str]:
    """Return what is shown of every problem in *found*."""
    return [problem.shown() for row in found.bad for problem in row.problems]


def told(data: bytes, file: str) -> str:
    """Return each problem of the roster in *data* as it is shown, and which rows are good."""
    try:
        found = read_roster(data, file)
    except FragmentError as error:
        return "".join(f"{problem.shown()}\n" for problem in error.problems)
    lines = [
        f"row {row.number} {row.ref or '(no ref)'}:\n" + "".join(f"{one.shown()}\n" for one in row.problems)
        for row in found.bad
    ]
    good = ", ".join(row.ref for row in found.rows)
    return "".join(lines) + f"good: {good or 'none'}\n"


WRONG = sorted(path for path in CORPUS.iterdir() if path.suffix != ".txt")


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.name)
def test_a_wrong_roster_shows_each_mistake_with_its_place(
    path: Path,
    renew: bool,  # noqa: FBT001 - a fixture
) -> None:
    """Each wrong roster shows all its problems, with line, column and sentence, and no name."""
    shown = told(path.read_bytes(), path.name)
    beside = path.with_name(f"{path.name}.txt")
    if renew:
        beside.write_text(shown, encoding="utf-8")

    assert "error: " in shown
    assert shown == beside.read_text(encoding="utf-8")
    assert not any(name in shown for name in ("Jordan", "Sam", "José"))


def test_no_expected_lines_are_left_behind() -> None:
    """Every file with expected lines belongs to a wrong roster."""
    assert {path.stem for path in CORPUS.glob("*.txt")} == {path.name for path in WRONG}


def test_a_row_becomes_a_request_with_places() -> None:
    """Every column goes to its field, and every filled cell has its place."""
    text = (
        "ref,intervention,options,therapies,condition,factors,follow_up,date,lang,edition,copies,name\n"
        'A-1,nerve-block,"site=lumbar; purpose=diagnostic, treatment; site=sacral",tens; yoga,'
        '"sciatica, crps",diabetes; pregnant=unknown,diagnostic-block,2026-12-03,en,'
        "large-print; ink-saver,2,Jordan Example\n"
    )

    row, = read(text)

    assert (row.number, row.ref, row.copies) == (1, "A-1", 2)
    assert row.request == Request(
        intervention="nerve-block",
        options={"site": ("lumbar", "sacral"), "purpose": ("diagnostic", "treatment")},
        therapies=(TherapyChoice(id="tens"), TherapyChoice(id="yoga")),
        conditions=("sciatica", "crps"),
        factors=(FactorState(id="diabetes"), FactorState(id="pregnant", status="unknown")),
        follow_up="diagnostic-block",
        date=dt.date(2026, 12, 3),
        language="en",
        large_print=True,
        ink_saver=True,
        patient=Patient(name="Jordan Example"),
    )
    assert list(row.places) == list(COLUMNS)
    assert row.places["intervention"] == Location("roster.csv", 2, 5)
    assert row.places["options"] == Location("roster.csv", 2, 17)
    assert row.places["therapies"] == Location("roster.csv", 2, 75)


def test_only_filled_columns_have_a_place() -> None:
    """A cell that is empty or blank says nothing, and so do columns that are not there."""
    row, = read("intervention,date,name\nnerve-block, ,\n")

    assert dict(row.places) == {"intervention": Location("roster.csv", 2, 1)}
    with pytest.raises(KeyError):
        row.places["date"]
    assert row.request == Request(intervention="nerve-block")


SAVED = {
    "commas": "ref,intervention,name\nA-1,nerve-block,Jordan Example\n",
    "semicolons": "ref;intervention;name\nA-1;nerve-block;Jordan Example\n",
    "tabs": "ref\tintervention\tname\nA-1\tnerve-block\tJordan Example\n",
    "Excel's first line": "sep=;\r\nref;intervention;name\r\nA-1;nerve-block;Jordan Example\r\n",
    "line ends of Windows": "ref,intervention,name\r\nA-1,nerve-block,Jordan Example\r\n",
    "line ends of old Macs": "ref,intervention,name\rA-1,nerve-block,Jordan Example\r",
    "no last line end": "ref,intervention,name\nA-1,nerve-block,Jordan Example",
    "blank lines": "\n,,\nref,intervention,name\n\n,,\n \nA-1,nerve-block,Jordan Example\n\n,,\n",
    "all in quotes": '"ref","intervention","name"\n"A-1","nerve-block","Jordan Example"\n',
    "headings in any case": "Ref, INTERVENTION ,Name\nA-1,nerve-block,Jordan Example\n",
    "columns left over": "ref,intervention,name,,\nA-1,nerve-block,Jordan Example,,\n",
    "cells left over": "ref,intervention,name\nA-1,nerve-block,Jordan Example,,\n",
    "zeros kept": 'ref,intervention,name\n"=""A-1""",nerve-block,Jordan Example\n',
    "spaces around": "ref,intervention,name\n A-1 , nerve-block , Jordan Example \n",
}


@pytest.mark.parametrize("text", SAVED.values(), ids=SAVED)
def test_a_table_is_read_however_it_was_saved(text: str) -> None:
    """Every way of saving the same table gives the same row."""
    row, = read(text)

    assert (row.number, row.ref) == (1, "A-1")
    assert row.request == Request(intervention="nerve-block", patient=Patient(name="Jordan Example"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encodings_of_spreadsheets_are_read(encoding: str) -> None:
    """UTF-8 with and without its mark, and "Unicode text" of Excel."""
    found = read_roster("intervention\tname\nnerve-block\tJosé Example\n".encode(encoding), "roster.txt")

    assert found.rows[0].request.patient == Patient(name="José Example")
    assert found.rows[0].places["intervention"] == Location("roster.txt", 2, 1)


def test_columns_may_be_headed_in_words() -> None:
    """A heading of two words is the column with an underscore."""
    row, = read("Intervention,Follow up,FOLLOW-UP\n".rpartition(",")[0] + "\nnerve-block,diagnostic-block\n")

    assert row.request.follow_up == "diagnostic-block"


def test_a_list_may_go_over_lines_of_its_cell() -> None:
    """Alt+Enter in a spreadsheet parts a list as well, and rows after it keep their places."""
    first, second = read('ref;intervention;therapies\nA-1;nerve-block;"tens\r\nyoga"\nA-2;nerve-block;tens\n')

    assert [one.id for one in first.request.therapies] == ["tens", "yoga"]
    assert second.places["therapies"] == Location("roster.csv", 4, 17)


@pytest.mark.parametrize("name", ["=Smith", "+1 Example", "@Jordan", "'Jordan", '=HYPERLINK("x")', "-Sam"])
def test_what_a_spreadsheet_would_run_stays_text(name: str) -> None:
    """A name is printed as it was written, and nothing in it is worked out."""
    out = io.StringIO()
    csv.writer(out).writerows([["intervention", "name"], ["nerve-block", name]])

    row, = read(out.getvalue())

    assert row.request.patient == Patient(name=name)


def test_json_lines_hold_the_same() -> None:
    """Lists, objects and numbers stand for what the cells of a table spell out."""
    text = (
        '{"ref": "A-1", "intervention": "nerve-block", "options": {"site": ["lumbar"], '
        '"purpose": "diagnostic"}, "therapies": ["tens", "yoga"], '
        '"factors": ["diabetes", "pregnant=unknown"], "copies": 2, "lang": null, '
        '"edition": "large-print; ink-saver", "name": "Jordan Example"}\n'
        "\n"
        '  {"intervention": "nerve-block", "options": "site=lumbar", "date": "2026-12-03", "name": " "}\r\n'
    )

    first, second = read(text, "roster.jsonl")

    assert (first.ref, first.copies, first.request.options) == (
        "A-1", 2, {"site": ("lumbar",), "purpose": ("diagnostic",)},
    )
    assert [one.id for one in first.request.therapies] == ["tens", "yoga"]
    assert first.request.factors[1] == FactorState(id="pregnant", status="unknown")
    assert first.request.editions == ("large-print", "ink-saver")
    assert first.places["intervention"] == Location("roster.jsonl", 1, 32)
    assert (second.number, second.ref, second.places["date"].line) == (2, "row-0002", 3)
    assert "name" not in second.places


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("stdin", ' \n{"intervention": "nerve-block"}\n'),
        ("stdin", "intervention\nnerve-block\n"),
        ("DAY.JSONL", '{"intervention": "nerve-block"}\n'),
        ("day.ndjson", '{"intervention": "nerve-block"}\n'),
        ("day.tsv", "intervention\tdate\nnerve-block\t\n"),
    ],
)
def test_the_form_is_known_by_the_name_or_the_first_character(file: str, text: str) -> None:
    """A name's ending tells the form; where there is none, an object begins with a brace."""
    row, = read(text, file)

    assert row.request.intervention == "nerve-block"


def test_a_row_without_ref_is_called_by_its_number() -> None:
    """Numbers count filled rows, so a blank line changes no name."""
    rows = read("ref,intervention\n,nerve-block\n\n,tens\nA-1,yoga\n,mbsr\n")

    assert [(row.number, row.ref) for row in rows] == [
        (1, "row-0001"), (2, "row-0002"), (3, "A-1"), (4, "row-0004"),
    ]


def test_a_bad_row_keeps_its_ref_from_others() -> None:
    """Who mends the first row does not learn of the second one only then."""
    found = read_roster(b"ref,intervention\nA-1,Bad Id\na-1,nerve-block\n", "r.csv")

    assert [(row.number, row.ref, len(row.problems)) for row in found.bad] == [(1, "A-1", 1), (2, "a-1", 1)]


def test_a_heading_alone_is_a_roster_without_rows() -> None:
    """A day without patients is not a mistake of the table."""
    assert read_roster(b"ref,intervention\n", "r.csv") == Roster((), ())


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """More bytes than a roster has are not read at all."""
    monkeypatch.setattr(roster, "MOST_BYTES", 10)

    with pytest.raises(FragmentError, match=r"The file has 12 bytes; 10 is the most. \[too-large\]"):
        read_roster(b"intervention", "r.csv")


def test_a_row_shows_nothing_of_the_patient() -> None:
    """What a log or a debugger shows of a roster has no name in it."""
    found = read_roster(b"intervention,name\nnerve-block,Jordan Example\nX,Jordan Example\n", "r.csv")

    assert "Jordan" not in repr(found)
    assert "Jordan" not in repr(found.rows[0].places)


def test_the_example_becomes_plans(library: Library, clinic: Clinic, wording: Wording) -> None:
    """Each row of the roster that staff may copy is a plan of the shipped library."""
    found = read_roster(EXAMPLE.read_bytes(), EXAMPLE.name)

    plans = [compose(library, row.request, clinic, wording) for row in found.rows]

    assert found.bad == ()
    assert len({plan.fingerprint for plan in plans}) == len(plans) >= 3


IDS = st.sampled_from(["nerve-block", "tens", "yoga", "Tai Chi", "", "x" * 30, " tens ", "é"])
NAMES = st.text(alphabet=NAME_LETTERS + " \n\u202e,;\"'=\t", max_size=90)
CELLS: dict[str, st.SearchStrategy[str]] = {
    "ref": st.sampled_from(["", "", "A-1", "a-1", "A-2", "row-0002", "CON", "A 1", '="007"']),
    "intervention": st.sampled_from(["nerve-block", "nerve-block", "tens", "", "Nerve"]),
    "options": st.sampled_from(["", "site=lumbar", "site", "a=b; a=c", "=;"]),
    "therapies": st.lists(IDS, max_size=3).map("; ".join),
    "date": st.sampled_from(["", "2026-12-03", "12/03/2026", "46359"]),
    "edition": st.sampled_from(["", "large-print", "large-print, fillable", "huge"]),
    "copies": st.sampled_from(["", "1", "99", "100", "many"]),
    "name": NAMES,
}
ROWS = st.lists(st.fixed_dictionaries(CELLS), max_size=8)


def as_table(rows: list[dict[str, str]], separator: str, end: str) -> str:
    """Return *rows* as a spreadsheet saves them."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(CELLS)
    writer.writerows([row[column] for column in CELLS] for row in rows)
    return out.getvalue()


def refuses_no_row(found: Roster, count: int) -> None:
    """Fail unless every row of *count* came out once, in its order, and without a trace of a name."""
    numbers = sorted(row.number for row in (*found.rows, *found.bad))
    assert numbers == list(range(1, count + 1))
    assert [row.number for row in found.rows] == sorted(row.number for row in found.rows)
    assert [row.number for row in found.bad] == sorted(row.number for row in found.bad)
    assert all(row.problems for row in found.bad)
    assert len({row.ref.lower() for row in found.rows}) == len(found.rows)
    assert not any(letter in "".join(problems_of(found)) + repr(found) for letter in NAME_LETTERS)


def without_places(row: BadRow) -> list[str]:
    """Return what is wrong in *row*, wherever it stands; a row taken is named by its line."""
    return sorted(one.sentence.partition(" in line ")[0] for one in row.problems)


@given(ROWS, st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_row_of_a_table_is_lost_and_none_comes_twice(
    rows: list[dict[str, str]], separator: str, end: str
) -> None:
    """Good and bad rows together are the rows that were written, and no problem tells a name."""
    found = read_roster(as_table(rows, separator, end).encode(), "r.csv")

    refuses_no_row(found, sum(any(map(str.strip, row.values())) for row in rows))


@given(ROWS.filter(lambda rows: any(any(map(str.strip, row.values())) for row in rows)))
def test_no_line_of_json_is_lost_and_both_forms_agree(rows: list[dict[str, str]]) -> None:
    """The same rows as JSON lines come out as they do from a table."""
    filled = [row for row in rows if any(map(str.strip, row.values()))]
    lines = "".join(json.dumps(row) + "\n" for row in filled)

    found = read_roster(lines.encode(), "r.jsonl")

    refuses_no_row(found, len(filled))
    table = read_roster(as_table(rows, ",", "\n").encode(), "r.csv")
    assert [(one.number, one.ref, one.request) for one in found.rows] == [
        (one.number, one.ref, one.request) for one in table.rows
    ]
    assert [(one.ref, without_places(one)) for one in found.bad] == [
        (one.ref, without_places(one)) for one in table.bad
    ]


UNQUOTED = st.fixed_dictionaries({**CELLS, "name": st.text(NAME_LETTERS + ", ", min_size=1)})


@given(st.lists(UNQUOTED, max_size=5))
def test_a_name_that_lost_its_quotes_is_told_to_nobody(rows: list[dict[str, str]]) -> None:
    """Where a comma in the last column moves half a name, the row is refused and nothing of it shown."""
    lines = [",".join(CELLS), *(",".join(row[column] for column in CELLS) for row in rows)]

    shown = told("\n".join(lines).encode(), "r.csv")

    assert not any(letter in shown for letter in NAME_LETTERS)


JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.sampled_from([*COLUMNS, "x"]), JSON_VALUES, max_size=4), min_size=1))
def test_any_json_comes_out_as_rows(rows: list[dict[str, Any]]) -> None:
    """Whatever the fields hold, each line is a good row or a bad one with places in that line."""
    found = read_roster("\n".join(map(json.dumps, rows)).encode(), "r.jsonl")

    assert len(found.rows) + len(found.bad) == len(rows)
    for row in found.bad:
        assert {problem.location.line for problem in row.problems} == {row.number}
        assert all(problem.shown().isprintable() for problem in row.problems)


@given(st.binary(max_size=200), st.sampled_from([b"", b"intervention,name\n", b"sep=;\n", b"{", b"\xff\xfe"]))
def test_any_bytes_are_a_roster_or_a_problem(data: bytes, start: bytes) -> None:
    """Nothing that a file may hold ends in anything but rows or a problem with its place."""
    for file in ("r.csv", "r.jsonl", "stdin"):
        assert told(start + data, file)


@given(st.text(alphabet='",;\n\r {}[]:\\aé=\u2028', max_size=60))
def test_any_signs_are_a_roster_or_a_problem(text: str) -> None:
    """The signs that part cells and rows lead nobody astray, wherever they stand."""
    for file, start in (("r.csv", "intervention,name\n"), ("r.csv", ""), ("r.jsonl", "")):
        assert told((start + text).encode(), file)
