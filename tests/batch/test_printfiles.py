"""Files for the printer: made of the rows that are there, and known again by what went into them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import page
import pikepdf
import pytest

from careplan.batch.printfiles import (
    PrintFile,
    Wish,
    clear_print_files,
    mark_of,
    print_files,
    printed_before,
    refuse_foreign,
)
from careplan.batch.roster import read_roster
from careplan.batch.run import Done, Ready
from careplan.batch.work import Checked, body_of
from careplan.content.resources import templates_folder
from careplan.content.wording import Wording
from careplan.problems import OutputError
from careplan.render.pdf import render_pdf

ROSTER = """\
ref,intervention,date,copies,edition,name
b,nerve-block,2026-12-03,1,,Jordan Example
a,nerve-block,2026-12-04,2,large-print,Sam Example
c,epidural-steroid-injection,,1,,
"""
# The pages of each row.
PAGES = (3, 2, 1)
Printed = Callable[..., list[PrintFile]]


@cache
def handout(pages: int) -> bytes:
    """Return a tagged file with so many pages."""
    body = "".join(f'<h1 style="break-after: page">Page {number + 1}</h1>' for number in range(pages - 1))
    html = f'<!DOCTYPE html><html lang="en"><title>Plan</title><body>{body}<p>The end.'
    return render_pdf(html, templates_folder())


def finished(folder: Path) -> list[Done]:
    """Write the handouts of the roster to *folder*, and return them."""
    rows = read_roster(ROSTER.encode(), "day.csv").rows
    done = []
    for row, pages in zip(rows, PAGES, strict=True):
        checked = Checked("key", "en-US", "Your care plan", "Thu, Dec 3", (("Where", "low back"),))
        ready = Ready(row, body_of(row.request), checked, f"{row.ref}.pdf", f"key-{row.ref}")
        (folder / ready.file).write_bytes(handout(pages))
        done.append(Done(ready, pages))
    return done


@pytest.fixture
def printed(tmp_path: Path, wording: Wording) -> Printed:
    """Return a function that makes print files of the roster as they are wished."""

    def make(done: Sequence[Done] | None = None, **wish: Any) -> list[PrintFile]:
        chosen = Wish(tmp_path / "print.pdf", **wish)
        rows = finished(tmp_path) if done is None else done
        mark = mark_of([one.ready for one in rows], chosen, "made")
        return list(print_files(rows, tmp_path, chosen, mark, wording))

    return make


def texts(path: Path) -> list[str]:
    """Return the bookmarks of a print file."""
    with pikepdf.open(path) as document, document.open_outline() as outline:
        return [str(one.title) for one in outline.root]


def test_handouts_stand_in_the_order_of_the_roster(printed: Printed) -> None:
    """Each copy has a bookmark with its ref and no name, and the file passes as accessible."""
    (file,) = printed(slips=True, duplex=True)

    assert texts(file.path) == [
        "b: Your care plan", "a (1/2): Your care plan", "a (2/2): Your care plan", "c: Your care plan",
    ]
    data = file.path.read_bytes()
    assert page.validate_pdf_bytes(data, profile="ua1").failures == []
    assert b"Example" not in data
    with pikepdf.open(file.path) as document:
        assert len(document.pages) == file.pages
    assert file.rows == ((1, 3, 3), (2, 2, 9), (2, 2, 13), (3, 1, 17))
    assert file.sheets == 4 + 2 + 1 + 1 + 1


def test_handouts_are_sorted_and_split(printed: Printed, tmp_path: Path) -> None:
    """Sorted by ref, with at most three sheets a file, the second handout begins a new one."""
    files = printed(sort=("ref",), most=4)

    assert [file.path.name for file in files] == ["print-1.pdf", "print-2.pdf"]
    assert [[row for row, _, _ in file.rows] for file in files] == [[2, 2], [1, 3]]
    assert not [file for file in files if file.is_over]
    assert sorted(path.name for path in tmp_path.glob("print*")) == ["print-1.pdf", "print-2.pdf"]


def test_a_handout_larger_than_a_file_may_be_is_told(printed: Printed) -> None:
    """It has a file of its own, and is marked."""
    assert [file.is_over for file in printed(most=2)] == [True, False, False, False]


def test_what_was_printed_before_is_known_again(printed: Printed, tmp_path: Path) -> None:
    """The same rows and wishes have the same mark; any other row, copy or wish has another one."""
    files = printed(slips=True, most=4)
    wish = Wish(tmp_path / "print.pdf", slips=True, most=4)
    ready = [one.ready for one in finished(tmp_path)]
    other = replace(ready[0], key="other")
    twice = replace(ready[0], row=replace(ready[0].row, copies=2))

    assert printed_before(wish, mark_of(ready, wish, "made")) == tuple(files)
    for rows, wished, made in (
        ([other, *ready[1:]], wish, "made"), ([twice, *ready[1:]], wish, "made"), (ready[:2], wish, "made"),
        (ready, replace(wish, duplex=True), "made"), (ready, wish, "made otherwise"),
    ):
        assert printed_before(wished, mark_of(rows, wished, made)) == ()


def test_a_file_that_is_gone_or_changed_was_not_printed(printed: Printed, tmp_path: Path) -> None:
    """All files of a batch are there, or none counts."""
    files = printed(most=4)
    wish = Wish(tmp_path / "print.pdf", most=4)
    mark = mark_of([one.ready for one in finished(tmp_path)], wish, "made")
    assert len(printed_before(wish, mark)) == len(files)

    files[0].path.write_bytes(b"%PDF-1.7")

    assert printed_before(wish, mark) == ()


def test_files_of_an_earlier_batch_are_removed(printed: Printed, tmp_path: Path) -> None:
    """Nobody prints them with those that are made now; what somebody else put there stays."""
    printed(most=4)
    (tmp_path / "print-3.pdf").write_bytes(b"somebody's own")

    clear_print_files(Wish(tmp_path / "print.pdf"))

    assert [path.name for path in tmp_path.glob("print*")] == ["print-3.pdf"]


def test_a_foreign_file_is_not_replaced(printed: Printed, tmp_path: Path) -> None:
    """What no batch wrote stays; what one wrote stays unless it is to go on."""
    wish = Wish(tmp_path / "print.pdf")
    refuse_foreign(wish, resume=False)
    wish.target.write_bytes(handout(1))

    for resume in (False, True):
        with pytest.raises(OutputError, match="is there already"):
            refuse_foreign(wish, resume=resume)
    wish.target.unlink()
    printed()
    refuse_foreign(wish, resume=True)
    with pytest.raises(OutputError, match="go on with --resume"):
        refuse_foreign(wish, resume=False)


def test_a_row_that_failed_is_left_out(printed: Printed, tmp_path: Path) -> None:
    """The others are printed."""
    done = finished(tmp_path)

    (file,) = printed(done[1:])

    assert [row for row, _, _ in file.rows] == [2, 2, 3]


def test_a_damaged_handout_is_told_and_no_half_file_is_left(printed: Printed, tmp_path: Path) -> None:
    """A handout that cannot be read ends it before the file is there."""
    done = finished(tmp_path)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")

    with pytest.raises(OutputError, match=r"a\.pdf is no PDF file, or it is damaged\."):
        printed(done)

    assert [*tmp_path.glob("*print*")] == []


def test_the_name_of_the_file_may_hold_signs(tmp_path: Path, wording: Wording) -> None:
    """Brackets and dots in the name mean themselves."""
    done = finished(tmp_path)
    wish = Wish(tmp_path / "day (1).2.pdf")

    (file,) = print_files(done, tmp_path, wish, mark_of([one.ready for one in done], wish, ""), wording)

    assert file.path.name == "day (1).2.pdf"
    assert len(printed_before(wish, mark_of([one.ready for one in done], wish, ""))) == 1
