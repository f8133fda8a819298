"""Finished handouts in the order in which they come out of the printer, in jobs that its trays can hold."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Finished:
    """A handout that is ready to print, and what the handouts can be sorted by.

    *number* is its row in the roster; *date* is YYYY-MM-DD, or nothing where it is not known.
    """

    number: int
    ref: str
    file: Path
    pages: int
    copies: int
    intervention: str
    lang: str
    editions: tuple[str, ...]
    date: str


@dataclass(frozen=True)
class Copy:
    """One copy of a handout in a print job.

    *copy* and *place* count from 1: among its copies, and in the job. *page* is where it begins in the
    job's file; its slip sheet stands before that.
    """

    handout: Finished
    copy: int
    place: int
    page: int


@dataclass(frozen=True)
class PrintJob:
    """Handouts that are printed in one go; *pages* and *sheets* count slip sheets and blank pages too.

    *is_over* says that one handout alone needs more sheets than a job may have.
    """

    copies: tuple[Copy, ...]
    pages: int
    sheets: int
    is_over: bool


def _in_parts(text: str) -> tuple[Any, ...]:
    """Return what puts A-2 before A-10, whatever the capitals."""
    parts = _DIGITS.split(text.casefold())
    return tuple(int(part) if number % 2 else part for number, part in enumerate(parts))


_KEYS: Mapping[str, Callable[[Finished], Any]] = {
    "ref": lambda one: _in_parts(one.ref),
    "intervention": lambda one: one.intervention,
    "lang": lambda one: one.lang,
    "edition": lambda one: one.editions,
    # What has no date comes last.
    "date": lambda one: (not one.date, one.date),
    "pages": lambda one: one.pages,
}
# The columns by which handouts can be sorted.
SORTED_BY = tuple(_KEYS)


def stack(
    handouts: Iterable[Finished],
    *,
    sort: Sequence[str] = (),
    duplex: bool = False,
    slips: bool = False,
    most: int | None = None,
) -> tuple[PrintJob, ...]:
    """Return *handouts* as print jobs of at most *most* sheets of paper.

    They stay in the given order; *sort* names some of `SORTED_BY`, the most important one first, and
    what is equal in them stays in order. Copies follow each other. A handout is never torn over two
    jobs, nor from its slip sheet; one that is larger than a job has a job of its own.
    """
    ordered = sorted(handouts, key=lambda one: [_KEYS[name](one) for name in sort])
    copies = [(one, copy) for one in ordered for copy in range(1, one.copies + 1)]
    groups = _groups(copies, most, duplex=duplex, slips=slips)
    return tuple(_job(group, most, duplex=duplex, slips=slips) for group in groups)


def sheets_of(pages: int, *, duplex: bool) -> int:
    """Return on how many sheets of paper *pages* stand that begin on a sheet of their own."""
    return math.ceil(pages / 2) if duplex else pages


def job_names(target: Path, count: int) -> tuple[Path, ...]:
    """Return the files of *count* jobs: *target*, or numbered ones beside it, in order by name too."""
    if count == 1:
        return (target,)
    width = len(str(count))
    return tuple(target.with_stem(f"{target.stem}-{number:0{width}}") for number in range(1, count + 1))


def _sheets(one: Finished, *, duplex: bool, slips: bool) -> int:
    """Return how many sheets *one* needs with its slip sheet."""
    return sheets_of(one.pages, duplex=duplex) + slips


def _groups(
    copies: Iterable[tuple[Finished, int]], most: int | None, *, duplex: bool, slips: bool
) -> Iterator[list[tuple[Finished, int]]]:
    """Yield *copies* in groups of at most *most* sheets, but of one copy at least."""
    group: list[tuple[Finished, int]] = []
    taken = 0
    for one in copies:
        sheets = _sheets(one[0], duplex=duplex, slips=slips)
        if group and most is not None and taken + sheets > most:
            yield group
            group, taken = [], 0
        group.append(one)
        taken += sheets
    if group:
        yield group


def _job(group: Sequence[tuple[Finished, int]], most: int | None, *, duplex: bool, slips: bool) -> PrintJob:
    """Return *group* as a job, with each copy's page."""
    copies, end = [], 0
    for place, (one, copy) in enumerate(group, start=1):
        # With duplex each slip and each handout begins on the front of a sheet.
        for pages in (1, one.pages) if slips else (one.pages,):
            start = end + end % 2 if duplex else end
            end = start + pages
        copies.append(Copy(one, copy, place, start + 1))
    sheets = sum(_sheets(one, duplex=duplex, slips=slips) for one, _ in group)
    return PrintJob(tuple(copies), end, sheets, most is not None and sheets > most)
