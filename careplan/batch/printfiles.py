"""Files for the printer: the handouts of a batch one after the other, with their slip sheets."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careplan.batch.run import Done, Ready
from careplan.batch.stack import Copy, Finished, PrintJob, job_names, sheets_of, stack
from careplan.batch.work import count_pages
from careplan.content.resources import templates_folder
from careplan.content.wording import Wording
from careplan.files import write_through
from careplan.problems import OutputError
from careplan.render.joining import Piece, join, read_mark
from careplan.render.slip import Slip, render_slips


@dataclass(frozen=True)
class Wish:
    """How handouts are put together: where to, in which order, and in files of at most *most* sheets."""

    target: Path
    sort: tuple[str, ...] = ()
    duplex: bool = False
    slips: bool = False
    most: int = 1000


@dataclass(frozen=True)
class PrintFile:
    """A file for the printer, with its pages and sheets of paper.

    *rows* are the rows of its handouts, by copy, each with the number of its pages and the page on
    which it begins. *is_over* says that one handout alone needs more sheets than were wished.
    """

    path: Path
    pages: int
    sheets: int
    is_over: bool
    rows: tuple[tuple[int, int, int], ...]


def mark_of(ready: Sequence[Ready], wish: Wish, made_with: str) -> str:
    """Return a SHA-256 over all that the print files of *ready* depend on."""
    rows = [(one.file, one.key, one.row.copies) for one in ready]
    parts = [rows, wish.sort, wish.duplex, wish.slips, wish.most, made_with]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def refuse_foreign(wish: Wish, *, resume: bool) -> None:
    """Raise `OutputError` where a file is in the way that no batch wrote, or one did without *resume*."""
    for path in _files(wish.target):
        if not resume:
            message = f"{path} is there already. Choose another name, or go on with --resume."
            raise OutputError(message)
        if not read_mark(path):
            message = f"{path} is there already, and is no print file of careplan. Choose another name."
            raise OutputError(message)


def printed_before(wish: Wish, mark: str) -> tuple[PrintFile, ...]:
    """Return the print files with *mark*; none unless all of them are there and have their pages."""
    found: dict[int, PrintFile] = {}
    count = 0
    for path in _files(wish.target):
        kept = _kept(path)
        if kept.get("mark") == mark and count_pages(path) == kept["pages"]:
            rows = tuple((row, pages, page) for row, pages, page in kept["rows"])
            found[kept["number"]] = PrintFile(path, kept["pages"], kept["sheets"], kept["is_over"], rows)
            count = kept["of"]
    return tuple(found[number] for number in sorted(found)) if len(found) == count else ()


def print_files(
    done: Sequence[Done], folder: Path, wish: Wish, mark: str, wording: Wording
) -> Iterator[PrintFile]:
    """Write the files for the printer, and yield each; raises `OutputError`.

    The handouts of *done* stand in *folder*.
    """
    jobs = stack(
        [_finished(one, folder) for one in done if one.problem is None],
        sort=wish.sort, duplex=wish.duplex, slips=wish.slips, most=wish.most,
    )
    by_row = {one.ready.row.number: one.ready for one in done}
    names = job_names(wish.target, len(jobs))
    for number, (job, path) in enumerate(zip(jobs, names, strict=True), start=1):
        rows = tuple((one.handout.number, one.handout.pages, one.page) for one in job.copies)
        kept = {
            "mark": mark, "number": number, "of": len(jobs), "pages": job.pages, "sheets": job.sheets,
            "is_over": job.is_over, "rows": rows,
        }
        pieces = list(_pieces(job, by_row, wish, wording))
        title = wording.say("print_title", number=number, total=len(jobs))
        with write_through(path) as file:
            joined = join(pieces, title, json.dumps(kept, separators=(",", ":")), file, duplex=wish.duplex)
        behind_slips = 1 + wish.slips
        starts = tuple(one.page for one in job.copies)
        if (joined.pages, joined.starts[behind_slips - 1 :: behind_slips]) != (job.pages, starts) \
                or count_pages(path) != job.pages:
            message = f"{path} does not have the pages that were counted; do not print it."
            raise OutputError(message)
        yield PrintFile(path, job.pages, job.sheets, job.is_over, rows)


def clear_print_files(wish: Wish) -> None:
    """Remove the files of an earlier batch, which nobody may print any more."""
    for path in _files(wish.target):
        if read_mark(path):
            path.unlink()


def _files(target: Path) -> list[Path]:
    """Return the files that are called as print files for *target* are."""
    called = re.compile(re.escape(target.stem) + r"(-\d+)?" + re.escape(target.suffix))
    folder = target.parent
    return sorted(path for path in folder.iterdir() if called.fullmatch(path.name)) if folder.is_dir() else []


def _kept(path: Path) -> Mapping[str, Any]:
    try:
        kept = json.loads(read_mark(path))
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


def _finished(done: Done, folder: Path) -> Finished:
    row, request = done.ready.row, done.ready.row.request
    return Finished(
        row.number, row.ref, folder / done.ready.file, done.pages, row.copies, request.intervention,
        done.ready.checked.language, request.editions, request.date.isoformat() if request.date else "",
    )


def _pieces(
    job: PrintJob, ready: Mapping[int, Ready], wish: Wish, wording: Wording
) -> Iterator[Piece]:
    """Yield the handouts of *job*, each behind its slip sheet where these are wished."""
    slips = _slips(job, ready, wish, wording) if wish.slips else {}
    for one in job.copies:
        if slips:
            yield Piece(slips[one.place])
        of = f" ({one.copy}/{one.handout.copies})" if one.handout.copies > 1 else ""
        title = ready[one.handout.number].checked.title
        yield Piece(one.handout.file, f"{one.handout.ref}{of}: {title}")


def _slips(
    job: PrintJob, ready: Mapping[int, Ready], wish: Wish, wording: Wording
) -> Mapping[int, bytes]:
    """Return the slip sheets of *job* by the place of their handout, each on paper as that is."""
    papers: dict[str, list[Copy]] = {}
    for one in job.copies:
        papers.setdefault(ready[one.handout.number].row.request.paper or "letter", []).append(one)
    slips: dict[int, bytes] = {}
    for paper, copies in papers.items():
        told = [_slip(one, ready[one.handout.number], len(job.copies), wish) for one in copies]
        sheets = render_slips(told, paper, wording, templates_folder())
        slips |= {one.place: sheet for one, sheet in zip(copies, sheets, strict=True)}
    return slips


def _slip(one: Copy, ready: Ready, places: int, wish: Wish) -> Slip:
    handout, checked = one.handout, ready.checked
    return Slip(
        ref=handout.ref,
        title=checked.title,
        chosen=checked.chosen,
        language=checked.language,
        editions=handout.editions,
        day=checked.date,
        pages=handout.pages,
        sheets=sheets_of(handout.pages, duplex=wish.duplex),
        copy=one.copy,
        copies=handout.copies,
        place=one.place,
        places=places,
    )
