"""Handouts in the order of the printer, in jobs of so many sheets."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.batch.stack import SORTED_BY, Finished, PrintJob, job_names, sheets_of, stack
from careplan.content.resources import templates_folder
from careplan.content.wording import Wording
from careplan.render.joining import Piece, join
from careplan.render.pdf import render_pdf
from careplan.render.slip import Slip, render_slips

TEMPLATES = templates_folder()


def handout(number: int, **changes: Any) -> Finished:
    """Return a finished handout."""
    made = Finished(
        number, f"A-{number}", Path(f"A-{number}.pdf"), pages=3, copies=1,
        intervention="nerve-block", lang="en", editions=(), date="2026-12-03",
    )
    return replace(made, **changes)


def order(jobs: Sequence[PrintJob]) -> list[tuple[int, int]]:
    """Return the numbers of all handouts and copies as they come out of the printer."""
    return [(one.handout.number, one.copy) for job in jobs for one in job.copies]


def numbers(*sort: str, **columns: Sequence[Any]) -> list[int]:
    """Return the order of handouts that differ in *columns*, sorted."""
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    handouts = [handout(number, **row) for number, row in enumerate(rows)]
    return [number for number, _ in order(stack(handouts, sort=sort))]


HANDOUTS = st.lists(
    st.builds(
        handout, st.integers(0, 999), pages=st.integers(1, 30), copies=st.integers(0, 4),
        ref=st.text(max_size=8), intervention=st.sampled_from("abc"), lang=st.sampled_from(["en", "es"]),
        editions=st.sampled_from([(), ("large-print",)]),
        date=st.sampled_from(["", "2026-12-03", "2026-01-01"]),
    ),
    max_size=20, unique_by=lambda one: one.number,
)
SORTS = st.lists(st.sampled_from(SORTED_BY), unique=True, max_size=3)
# How a job is printed: on both sides or not, with slip sheets or not, on so many sheets.
HOW = st.fixed_dictionaries({
    "duplex": st.booleans(), "slips": st.booleans(), "most": st.one_of(st.none(), st.integers(1, 60)),
})


@given(HANDOUTS, SORTS, HOW)
def test_nothing_is_lost_and_nothing_is_there_twice(
    handouts: list[Finished], sort: list[str], how: dict[str, Any]
) -> None:
    """Each copy of each handout is in one job; its copies follow each other, places count on."""
    jobs = stack(handouts, sort=sort, **how)

    by_number = {one.number: one for one in handouts}
    found = order(jobs)
    wished = [(one.number, copy) for one in handouts for copy in range(1, one.copies + 1)]
    assert sorted(found) == sorted(wished)
    turns = [before for before, after in pairwise(found) if after[0] != before[0]] + found[-1:]
    assert all(copy == by_number[number].copies for number, copy in turns)
    assert all([one.place for one in job.copies] == list(range(1, len(job.copies) + 1)) for job in jobs)


@given(HANDOUTS, HOW)
def test_the_order_of_the_roster_is_kept(handouts: list[Finished], how: dict[str, Any]) -> None:
    """Without sorting, handouts come out as they were given, however they are split."""
    found = [one.handout for job in stack(handouts, **how) for one in job.copies]

    assert list(dict.fromkeys(found)) == [one for one in handouts if one.copies]


@given(HANDOUTS, HOW)
def test_a_job_has_no_more_sheets_than_it_may(handouts: list[Finished], how: dict[str, Any]) -> None:
    """Only one handout that is too large in itself passes the limit, alone; no job ends too soon."""
    jobs, most = stack(handouts, **how), how["most"] or math.inf

    for job in jobs:
        assert job.is_over == (job.sheets > most)
        assert not job.is_over or len(job.copies) == 1
    for job, after in pairwise(jobs):
        first = after.copies[0].handout
        assert job.sheets + sheets_of(first.pages, duplex=how["duplex"]) + how["slips"] > most


@given(HANDOUTS, HOW)
def test_totals_add_up(handouts: list[Finished], how: dict[str, Any]) -> None:
    """Sheets are those of all copies and slips; pages are those too, and with duplex the blank ones."""
    jobs, duplex, slips = stack(handouts, **how), how["duplex"], how["slips"]

    copies = sum(one.copies for one in handouts)
    printed = sum(one.copies * one.pages for one in handouts) + copies * slips
    sheets = sum(one.copies * sheets_of(one.pages, duplex=duplex) for one in handouts) + copies * slips
    assert sum(job.sheets for job in jobs) == sheets
    if duplex:
        assert all(job.pages in (2 * job.sheets, 2 * job.sheets - 1) for job in jobs)
        assert sum(job.pages for job in jobs) >= printed
    else:
        assert sum(job.pages for job in jobs) == printed == sheets


@given(HANDOUTS, HOW)
def test_each_handout_begins_where_it_says(handouts: list[Finished], how: dict[str, Any]) -> None:
    """With duplex on a right-hand page; nothing overlaps, and there is room for the slips."""
    duplex, slips = how["duplex"], how["slips"]
    for job in stack(handouts, **how):
        assert not duplex or all(one.page % 2 for one in job.copies)
        assert job.copies[0].page == 1 + slips * (1 + duplex)
        assert job.copies[-1].page + job.copies[-1].handout.pages - 1 == job.pages
        for before, after in pairwise(job.copies):
            gap = after.page - before.page - before.handout.pages
            assert gap == slips * (1 + duplex) + duplex * (before.handout.pages % 2)


def test_copies_follow_each_other_and_may_be_split() -> None:
    """Two copies are two handouts, one behind the other; a job may end between them."""
    jobs = stack([handout(1, copies=2), handout(2, copies=2)], duplex=True, slips=True, most=6)

    assert [order([job]) for job in jobs] == [[(1, 1), (1, 2)], [(2, 1), (2, 2)]]
    assert [order([job]) for job in stack([handout(1, copies=2)], most=3)] == [[(1, 1)], [(1, 2)]]


def test_a_handout_larger_than_a_job_has_its_own_and_is_named() -> None:
    """It is printed all the same, and staff hear of it."""
    jobs = stack([handout(1), handout(2, pages=11), handout(3)], most=10)

    assert [(order([job]), job.sheets, job.is_over) for job in jobs] == [
        ([(1, 1)], 3, False), ([(2, 1)], 11, True), ([(3, 1)], 3, False),
    ]


def test_handouts_are_sorted_by_several_columns() -> None:
    """The first column counts most; what is equal stays in the order of the roster."""
    columns = {"intervention": ["b", "a", "b", "a"], "lang": ["es", "es", "en", "en"]}

    assert numbers("intervention", "lang", **columns) == [3, 1, 2, 0]
    assert numbers("lang", **columns) == [2, 3, 0, 1]
    assert numbers(**columns) == [0, 1, 2, 3]


def test_each_column_is_sorted_as_people_do() -> None:
    """Numbers in a ref and pages count as numbers, capitals make no difference, no date is last."""
    assert numbers("ref", ref=["b-10", "B-9", "a", "10", "9"]) == [4, 3, 2, 1, 0]
    assert numbers("pages", pages=[10, 9, 2]) == [2, 1, 0]
    assert numbers("date", date=["", "2026-12-03", "2026-02-01"]) == [2, 1, 0]
    assert numbers("edition", editions=[("large-print",), ()]) == [1, 0]


@pytest.mark.parametrize(("duplex", "slips"), [(False, False), (False, True), (True, False), (True, True)])
def test_a_job_is_as_long_as_its_file(wording: Wording, duplex: bool, slips: bool) -> None:  # noqa: FBT001
    """The pages that a job counts are those of the file that is joined from it."""
    job, = stack([handout(1, copies=2), handout(2, pages=2), handout(3)], duplex=duplex, slips=slips)
    about = Slip("A", "B", (), "en-US", (), "", 3, 2, 1, 1, 1, 4)
    slip, = render_slips([about], "letter", wording, TEMPLATES)

    pieces = []
    for one in job.copies:
        pieces += [Piece(slip)] * slips + [Piece(printed(one.handout.pages))]
    joined = join(pieces, "Print file", "", BytesIO(), duplex=duplex)

    assert joined.pages == job.pages
    assert joined.starts[slips::1 + slips] == tuple(one.page for one in job.copies)


@cache
def printed(pages: int) -> bytes:
    """Return a tagged PDF of so many pages."""
    body = "".join(f"<h1 style='break-before: page'>{number}</h1>" for number in range(pages))
    head = "<title>Test</title><style>html { font-family: 'Atkinson Hyperlegible Next' }</style>"
    html = f"<!DOCTYPE html><html lang='en'><head>{head}</head><body>{body}</body></html>"
    return render_pdf(html, TEMPLATES)


def test_no_handout_is_no_job() -> None:
    """Where nothing was built, nothing is printed."""
    assert stack([]) == ()
    assert stack([handout(1, copies=0)]) == ()


@pytest.mark.parametrize(
    ("count", "names"),
    [
        (1, ["print.pdf"]),
        (2, ["print-1.pdf", "print-2.pdf"]),
        (10, [f"print-{number:02}.pdf" for number in range(1, 11)]),
    ],
)
def test_jobs_are_numbered_in_the_order_of_their_names(count: int, names: list[str]) -> None:
    """One job has the name that was asked for; several sort by name as they are printed."""
    assert job_names(Path("day/print.pdf"), count) == tuple(Path("day") / name for name in names)
