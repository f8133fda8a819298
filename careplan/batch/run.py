"""A batch from its rows to its files: check all of them, then print what is not right yet."""

import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from careplan.batch.journal import Entry, Journal
from careplan.batch.pool import Limits, Lost
from careplan.batch.roster import BadRow, Row
from careplan.batch.stock import key_for
from careplan.batch.work import Body, Checked, Order, Printed, Refused, body_of
from careplan.files import write_whole
from careplan.problems import Location, OutputError, Problem
from careplan.render import ENDINGS

# The rows of one body are shared out among the processes, but pages are laid out anew for each
# share: it has at least so many rows, and at most so many, so that no process grows old over one.
_LEAST, _MOST = 8, 50
# The columns of a roster whose fields have other names in a request.
_COLUMNS = {"conditions": "condition", "language": "lang", "patient": "name"}


class Crew(Protocol):
    """Those who do the work, here or elsewhere; *writes* says that they write the files, too."""

    writes: bool
    count: int

    def check(self, bodies: Sequence[Body]) -> Iterator[tuple[Body, Checked | Lost]]:
        """Yield each of *bodies* with what is known of it."""

    def print(self, tasks: Sequence[Sequence[Order]]) -> Iterator[tuple[Order, Printed | Refused | Lost]]:
        """Yield each order with what came of it; the orders of a task ask for the same plan."""


@dataclass(frozen=True)
class Ready:
    """A row that can be printed: its body and what is known of it, its file, and the key of its content."""

    row: Row
    body: Body
    checked: Checked
    file: str
    key: str


@dataclass(frozen=True)
class Done:
    """What became of a row: a file that is right, with its pages, or a problem."""

    ready: Ready
    pages: int = 0
    is_new: bool = True
    problem: Problem | None = None


def check_rows(
    rows: Sequence[Row], crew: Crew, limits: Limits, form: str
) -> Iterator[Ready | BadRow]:
    """Yield each of *rows*, as it can be printed or with the problem that it has."""
    bodies: dict[str, Body] = {}
    asking: dict[str, list[Row]] = {}
    for row in rows:
        body = body_of(row.request)
        bodies.setdefault(body.key, body)
        asking.setdefault(body.key, []).append(row)
    for body, checked in crew.check(tuple(bodies.values())):
        for row in asking[body.key]:
            if isinstance(checked, Lost):
                yield _bad(row, told(checked, limits), "row-lost")
            elif checked.refused:
                yield _bad(row, checked.refused, checked.code, checked.field)
            else:
                yield _ready(row, body, checked, form)


def _ready(row: Row, body: Body, checked: Checked, form: str) -> Ready:
    patient = row.request.patient
    language = checked.language.split("-")[0]
    name = patient.name if patient else None
    file = f"{row.ref}-{row.request.intervention}-{language}.{ENDINGS.get(form, form)}"
    return Ready(row, body, checked, file, key_for(checked.key, name))


def _bad(row: Row, sentence: str, code: str, field: str = "") -> BadRow:
    return BadRow(row.number, row.ref, (Problem(place_of(row, field), sentence, code),))


def place_of(row: Row, field: str = "") -> Location:
    """Return where in the roster *row* says what a request's *field* is, or else where it begins."""
    return row.places.nearest(_COLUMNS.get(field, field))


def part_same_files(ready: Iterable[Ready]) -> tuple[list[Ready], list[BadRow]]:
    """Return the rows of *ready* that have a file of their own, and those whose name is taken already."""
    first: dict[str, Ready] = {}
    bad = []
    for one in sorted(ready, key=lambda one: one.row.number):
        # Two names that some disks take for one are the same.
        name = unicodedata.normalize("NFC", one.file).casefold()
        other = first.setdefault(name, one)
        if other is not one:
            sentence = f"Its file would be {one.file}, as that of line {place_of(other.row).line} is."
            bad.append(_bad(one.row, sentence, "same-file", "ref"))
    return list(first.values()), bad


def clear_folder(
    ready: Iterable[Ready], folder: Path, journal: Journal
) -> tuple[list[Done], list[Ready], tuple[str, ...]]:
    """Return the rows whose files are right, those to be printed, and the files that were removed.

    What stays in *folder* of an earlier batch is right, or was written by somebody else. Raises
    `OutputError` where such a file is in the way.
    """
    right, wrong = [], []
    for one in ready:
        if journal.is_right(one.file, one.key):
            right.append(Done(one, journal.entries[one.file].pages, is_new=False))
        else:
            wrong.append(one)
    removed = journal.drop_others({one.ready.file for one in right})
    in_the_way = [one.file for one in wrong if (folder / one.file).exists()]
    if in_the_way and not journal.resumes:
        message = (
            f"{folder / in_the_way[0]} is there already, and {len(in_the_way) - 1} more such files. "
            "Choose another folder with -o, or take them away."
        )
        raise OutputError(message)
    return right, wrong, removed


def print_rows(
    ready: Sequence[Ready], folder: Path, journal: Journal, crew: Crew, limits: Limits
) -> Iterator[Done]:
    """Print *ready* into *folder*; yield each row when its file is there or cannot be made.

    Raises `OutputError` where no file can be written any more.
    """
    by_row = {one.row.number: one for one in ready}
    for order, result in crew.print(_tasks(ready, folder, crew)):
        one = by_row[order.row]
        if isinstance(result, Printed):
            if result.data:
                write_whole(folder / one.file, result.data)
            journal.add(Entry(one.file, one.key, result.pages, result.digest))
            yield Done(one, result.pages)
            continue
        if isinstance(result, Refused) and result.disk:
            raise OutputError(result.why)
        is_page = isinstance(result, Refused)
        why = result.why if isinstance(result, Refused) else told(result, limits)
        yield Done(one, problem=Problem(place_of(one.row), why, "row-page" if is_page else "row-lost"))


def _tasks(ready: Sequence[Ready], folder: Path, crew: Crew) -> list[list[Order]]:
    """Return *ready* as orders, those that share pages together, in shares for all processes."""
    shares: dict[tuple[str, bool], list[Order]] = {}
    for one in ready:
        patient = one.row.request.patient
        name = patient.name if patient else None
        target = (folder / one.file).absolute() if crew.writes else None
        order = Order(one.row.number, one.body.request, name, target)
        # Pages that carry no name are others than those that do.
        shares.setdefault((one.body.key, name is None), []).append(order)
    # Known from the roster and not from a worker's task, so that the same rows give the same bytes.
    shares = {
        key: [replace(orders[0], is_only=True)] if len(orders) == 1 else orders
        for key, orders in shares.items()
    }
    size = min(max(math.ceil(len(ready) / crew.count), _LEAST), _MOST)
    return [
        orders[start : start + size] for orders in shares.values() for start in range(0, len(orders), size)
    ]


def told(lost: Lost, limits: Limits) -> str:
    """Return in a sentence why a piece of work has no result."""
    if lost.why == "slow":
        return f"It took longer than {limits.seconds:g} seconds and was ended."
    if lost.why == "large":
        return f"It took more than {limits.megabytes:g} megabytes of memory and was ended."
    if lost.why == "raised":
        return f"careplan failed on it, which is a mistake in careplan ({lost.where})."
    return "The process that worked on it ended without a word, twice."


def spoilt(done: Iterable[Done], journal: Journal) -> Mapping[str, str]:
    """Return what is wrong with files that are not there, or not those whose pages were counted."""
    return {
        one.ready.file: "The file is not there any more, or is not as it was printed."
        for one in done if one.problem is None and not journal.is_right(one.ready.file, one.ready.key)
    }
