"""The end of a batch: what became of each row, as a report and as people at a printer need it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from careplan.cli.progress import Manner, event
from careplan.files import write_whole
from careplan.problems import OutputError

if TYPE_CHECKING:
    from careplan.batch.printfiles import PrintFile
    from careplan.batch.report import Line, Status
    from careplan.batch.roster import BadRow
    from careplan.batch.run import Done, Ready

# As many problems are shown; the report has all of them.
SHOWN = 20


@dataclass
class End:
    """What there is to tell of a batch; *stopped* says why it ended before its last row."""

    roster: str
    ready: "Sequence[Ready]"
    bad: "Sequence[BadRow]"
    how: Manner
    done: "list[Done]" = field(default_factory=list)
    files: "Sequence[PrintFile]" = ()
    removed: Sequence[str] = ()
    spoilt: Mapping[str, str] = field(default_factory=dict)
    stopped: str = ""
    exit_code: int = 0

    @property
    def finished(self) -> "list[Done]":
        """Return the rows whose handouts are there."""
        return [one for one in self.done if one.problem is None and one.ready.file not in self.spoilt]

    @property
    def failed(self) -> int:
        """Return how many rows have no handout though they were tried."""
        return len(self.bad) + sum(one.problem is not None for one in self.done) + len(self.spoilt)

    def line(self, done: "Done", place: tuple[str, int] | None = None) -> "Line":
        """Return the line of the report for a row that was tried; *place* is its print file and page."""
        from careplan.batch.report import Line  # noqa: PLC0415 - part of the slow way

        row, checked = done.ready.row, done.ready.checked
        problem = str(done.problem) if done.problem else self.spoilt.get(done.ready.file, "")
        status: Status = "failed" if problem else "printed" if done.is_new else "unchanged"
        file, page = place or (done.ready.file, 1)
        return Line(
            row.number, row.ref, status, "" if problem else file, 0 if problem else page, done.pages,
            row.copies, row.request.intervention, checked.language, "; ".join(checked.asks), problem,
        )

    def lines(self) -> "list[Line]":
        """Return the report: each row of the roster once, in its order."""
        from careplan.batch.report import Line  # noqa: PLC0415 - part of the slow way

        places: dict[int, tuple[str, int]] = {}
        for file in self.files:
            for row, _, page in file.rows:
                places.setdefault(row, (file.path.name, page))
        lines = [self.line(one, places.get(one.ready.row.number)) for one in self.done]
        tried = {one.row for one in lines}
        lines += [
            Line(one.number, one.ref, "failed", problem="\n".join(map(str, one.problems))) for one in self.bad
        ]
        lines += [
            Line(one.row.number, one.row.ref, "stopped", copies=one.row.copies,
                 intervention=one.row.request.intervention, language=one.checked.language)
            for one in self.ready if one.row.number not in tried
        ]
        return sorted(lines, key=lambda one: one.row)


def write_report(path: Path, end: End) -> None:
    """Write the report; where the batch has stopped already, trouble with it is not told as well."""
    from careplan.batch.report import report_table  # noqa: PLC0415 - part of the slow way

    try:
        write_whole(path, report_table(end.lines()))
    except OutputError as error:
        if not end.stopped:
            end.stopped, end.exit_code = str(error), error.exit_code


def tell(end: End, folder: Path, report: Path) -> None:
    """Say where the handouts are, what failed, and what to do next."""
    finished = end.finished
    pages = sum(one.pages for one in finished)
    copies = sum(one.pages * one.ready.row.copies for one in finished)
    new = sum(one.is_new for one in finished)
    event(end.how, "end", {
        "handouts": len(finished), "printed": new, "unchanged": len(finished) - new, "failed": end.failed,
        "stopped": end.stopped, "pages": pages, "pages_with_copies": copies, "report": str(report),
        "files": [str(one.path) for one in end.files] or [str(folder)],
    })
    if end.how in ("bar", "lines"):
        for place in [str(one.path) for one in end.files] or ([str(folder)] if finished else []):
            click.echo(place)
    say = _say if end.how in ("bar", "lines") else _say_nothing
    _tell_failures(end, report)
    of = f" of {len(end.ready) + len(end.bad):,}" if len(finished) < len(end.ready) + len(end.bad) else ""
    kept = f"; {len(finished) - new:,} of them were right already" if new < len(finished) else ""
    with_copies = f", {counted(copies, 'page')} with all copies" if copies != pages else ""
    are = "handout is" if len(finished) == 1 and not of else "handouts are"
    say(f"{len(finished):,}{of} {are} ready: {counted(pages, 'page')}{with_copies}{kept}.")
    if end.removed:
        say(f"{counted(len(end.removed), 'file')} of rows that changed or are gone: removed.")
    say(f"Report: {report}")
    if end.stopped:
        click.echo(f"careplan: {end.stopped}", err=True)
        click.echo("Next: run the same line again with --resume; what is finished stays.", err=True)
        return
    for one in end.files:
        over = ", which is more than you wished: it is one handout" if one.is_over else ""
        say(f"Next: put {counted(one.sheets, 'sheet')} of paper in the printer{over}, and print {one.path}.")
    if end.failed:
        say(f"Next: mend these rows in {end.roster} and run the same line again with --resume.")
        if end.files:
            say(f"The handouts are kept in {folder} until then. If you do not go on, delete that folder.")
    elif not end.files:
        say("Next: print them, and fill the blank lines with your patients.")


def _tell_failures(end: End, report: Path) -> None:
    """Name the rows whose printing failed; what was wrong in the roster has been told."""
    told = [str(one.problem) for one in end.done if one.problem]
    told += [f"{file}: {why}" for file, why in end.spoilt.items()]
    for one in told[:SHOWN]:
        click.echo(one, err=True)
    if len(told) > SHOWN:
        click.echo(f"… and {len(told) - SHOWN} more; see {report}.", err=True)


def _say(text: str) -> None:
    click.echo(text, err=True)


def _say_nothing(_: str) -> None:
    """Say nothing: it is told as an event, or not at all."""


def counted(number: int, what: str) -> str:
    """Return *number* with its noun."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
