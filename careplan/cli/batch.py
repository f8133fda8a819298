"""Print many handouts: `batch`."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from careplan.cli.ending import SHOWN, End, counted, tell, write_report
from careplan.cli.house import House, open_house
from careplan.cli.job import Job, make_job, refuse_alone
from careplan.cli.make import PAPERS, edition_flags, with_settings
from careplan.cli.progress import event, shown
from careplan.planning.editions import EDITIONS, field_name
from careplan.problems import (
    ClusterError,
    FragmentError,
    Location,
    OutputError,
    Problem,
)

if TYPE_CHECKING:
    from careplan.batch.journal import Journal
    from careplan.batch.printfiles import PrintFile, Wish
    from careplan.batch.roster import BadRow, Roster, Row
    from careplan.batch.run import Done, Ready

FORMS = ("pdf", "staff", "handoff", "card")
SOME_FAILED, INTERRUPTED = 7, 130


@click.command()
@click.argument("roster", metavar="ROSTER.csv|ROSTER.jsonl|-")
@click.option("-o", "--out", metavar="FOLDER", help="The folder for the handouts.")
@click.option("--merge", metavar="PATH", help="One file to print instead of a file for each row.")
@click.option("--duplex", is_flag=True, help="With --merge: each handout begins on the front of a sheet.")
@click.option("--slip-sheets", is_flag=True, help="With --merge: a sheet before each handout has its ref.")
@click.option("--copies", type=click.IntRange(1, 99), help="Copies of each handout whose row does not say.")
@click.option(
    "--sort", multiple=True, metavar="COLUMN", help="With --merge: the order, such as intervention,ref.",
)
@click.option(
    "--split", type=click.IntRange(1), metavar="SHEETS",
    help="With --merge: a new file after at most so many sheets of paper.  [default: 1000]",
)
@click.option(
    "-f", "--format", "form", type=click.Choice(FORMS), default="pdf", show_default=True,
    help="What to print for each row.",
)
@click.option("-l", "--lang", metavar="CODE", envvar="CAREPLAN_LANGUAGE", help="Language of all handouts.")
@edition_flags
@click.option("--paper", type=click.Choice(PAPERS), envvar="CAREPLAN_PAPER", help="Paper size.")
@click.option("--clinic", metavar="PATH", help="The clinic's folder or clinic.yaml.")
@click.option("--resume", is_flag=True, help="Go on where a batch stopped; what is right stays as it is.")
@click.option(
    "--strict", is_flag=True, envvar="CAREPLAN_STRICT", help="Print nothing unless all rows can be printed.",
)
@click.option("--dry-run", is_flag=True, help="Check all rows and write nothing.")
@click.option("--workers", type=click.IntRange(1, 1024), metavar="N", help="Processes; or one a processor.")
@click.option(
    "--time-limit", type=click.FloatRange(min=1), default=60.0, show_default=True, metavar="SECONDS",
    help="End a handout that takes longer.",
)
@click.option(
    "--memory-limit", type=click.FloatRange(min=300), default=1024.0, show_default=True, metavar="MB",
    help="End a handout that needs more memory.",
)
@click.option(
    "--scheduler", metavar="ADDRESS", envvar="CAREPLAN_SCHEDULER",
    help="Work on a Dask cluster, such as tcp://HOST:8786.",
)
@click.option("--shared", is_flag=True, help="With --scheduler: its workers see the folder, and write to it.")
@click.option("--json", "as_json", is_flag=True, help="Print events as lines of JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but what is wrong.")
def batch(roster: str, **given: Any) -> None:
    """Print a handout for each row of a roster.

    The columns are ref, intervention, options, therapies, condition, factors, follow_up, date,
    lang, edition, copies and name; only intervention must be there. All rows are checked
    before the first is printed. What became of each stands in report.csv.

    \b
    Examples:
      careplan batch friday.csv
      careplan batch friday.csv --merge friday.pdf --duplex --slip-sheets
      careplan batch friday.csv --resume
    """
    refuse_alone(given)
    table = _read(roster)
    house = open_house(given["clinic"])
    job = make_job(roster, house, given)
    if not given["dry_run"]:
        _refuse_taken(job)
    rows = [_as_wished(row, house, given) for row in table.rows]
    ready, bad = _check(rows, table.bad, job)
    if given["strict"] or house.settings.strict:
        _refuse_any(ready, bad)
    _tell_checked(ready, bad, job)
    if given["dry_run"]:
        _tell_plan(ready, job)
        failed = len(bad)
    else:
        failed = _print(ready, bad, job)
    if failed:
        raise click.exceptions.Exit(SOME_FAILED)


def _read(named: str) -> "Roster":
    """Return the rows of the roster; raises `FragmentError` where it is no table, or has none."""
    from careplan.batch.roster import read_roster  # noqa: PLC0415 - slow to import

    file = "stdin" if named == "-" else named
    try:
        data = sys.stdin.buffer.read() if named == "-" else Path(named).read_bytes()
    except OSError as error:
        message = f"{named} cannot be read: {(error.strerror or 'unknown reason').lower()}."
        raise OutputError(message) from None
    table = read_roster(data, file)
    if not (table.rows or table.bad):
        sentence = "The roster has a heading, but no rows."
        raise FragmentError([Problem(Location(file, 1, 1), sentence, "no-rows")])
    return table


def _as_wished(row: "Row", house: House, given: Mapping[str, Any]) -> "Row":
    """Return *row* with what the command line and careplan.toml say."""
    wishes: dict[str, Any] = {"language": given["lang"], "paper": given["paper"]}
    wishes |= {field_name(edition): given[field_name(edition)] for edition in EDITIONS}
    wishes = {field: value for field, value in wishes.items() if value is not None}
    request = with_settings(row.request.model_copy(update=wishes), house)
    copies = row.copies if "copies" in row.places else given["copies"] or row.copies
    return replace(row, request=request, copies=copies)


def _refuse_taken(job: Job) -> None:
    """Refuse a place with another batch before any work is done."""
    from careplan.batch.journal import Journal  # noqa: PLC0415 - slow to import
    from careplan.batch.printfiles import refuse_foreign  # noqa: PLC0415 - slow to import

    if not job.given["resume"]:
        Journal.refuse_taken(job.folder)
    if job.merge:
        refuse_foreign(job.merge, resume=job.given["resume"])


def _check(
    rows: "Sequence[Row]", unread: "Sequence[BadRow]", job: Job
) -> "tuple[list[Ready], list[BadRow]]":
    """Return the rows that can be printed and those that cannot, both in the order of the roster."""
    from careplan.batch.roster import BadRow  # noqa: PLC0415 - slow to import
    from careplan.batch.run import check_rows, part_same_files  # noqa: PLC0415 - slow to import

    ready, bad = [], list(unread)
    with shown(job.how, "Checking", len(rows)) as progress:
        for one in check_rows(rows, job.crew, job.limits, job.given["form"]):
            if isinstance(one, BadRow):
                bad.append(one)
            else:
                ready.append(one)
            progress.row(failed=isinstance(one, BadRow))
    ready, clashing = part_same_files(ready)
    bad += clashing
    return ready, sorted(bad, key=lambda one: one.number)


def _tell_checked(ready: "Sequence[Ready]", bad: "Sequence[BadRow]", job: Job) -> None:
    """Say what is wrong, what is doubtful, and what is left to be answered."""
    problems = [problem for one in bad for problem in one.problems]
    for problem in problems[:SHOWN]:
        click.echo(problem.shown(), err=True)
    if len(problems) > SHOWN:
        click.echo(f"… and {len(problems) - SHOWN} more problems.", err=True)
    for one in bad:
        event(job.how, "failed", {
            "row": one.number, "ref": one.ref, "problems": [str(problem) for problem in one.problems],
        })
    if job.how != "quiet":
        for doubt, number in Counter(doubt for one in ready for doubt in one.checked.doubts).items():
            click.echo(f"warning: {doubt} ({counted(number, 'row')})", err=True)
        for rule, number in Counter(rule for one in ready for rule in one.checked.asks).items():
            click.echo(f"ask: {rule} ({counted(number, 'row')})", err=True)


def _refuse_any(ready: "Sequence[Ready]", bad: "Sequence[BadRow]") -> None:
    """Raise `FragmentError` with all that is wrong or doubtful."""
    from careplan.batch.run import place_of  # noqa: PLC0415 - slow to import

    problems = [problem for one in bad for problem in one.problems]
    problems += [
        Problem(place_of(one.row), doubt, "row-doubt") for one in ready for doubt in one.checked.doubts
    ]
    if problems:
        click.echo("Nothing was printed: with --strict, all rows must be right.", err=True)
        raise FragmentError(problems)


def _tell_plan(ready: "Sequence[Ready]", job: Job) -> None:
    """Say what would be printed."""
    for one in ready:
        event(job.how, "ready", {"row": one.row.number, "ref": one.row.ref, "file": one.file})
        if job.how in ("bar", "lines"):
            click.echo("  ".join(filter(None, [one.file, one.checked.title, one.checked.date])))
    bodies = len({one.body.key for one in ready})
    if job.how != "quiet":
        click.echo(
            f"{counted(len(ready), 'handout')} would be printed, of {counted(bodies, 'different plan')}.",
            err=True,
        )


def _print(ready: "Sequence[Ready]", bad: "Sequence[BadRow]", job: Job) -> int:
    """Print what is not right yet, tell what came of it, and return how many rows failed.

    Leaves with the exit code of an interruption or of trouble with files where that ended it.
    """
    from careplan.batch.journal import Journal  # noqa: PLC0415 - slow to import

    end = End(job.roster, ready, bad, job.how)
    if not _is_printed(ready, end, job):
        with Journal(job.folder, resume=job.given["resume"], owner=job.owner) as journal:
            try:
                _print_all(ready, journal, end, job)
            except KeyboardInterrupt:
                end.stopped, end.exit_code = "Stopped.", INTERRUPTED
            except (OutputError, ClusterError) as error:
                end.stopped, end.exit_code = str(error), error.exit_code
            write_report(job.report, end)
    tell(end, job.folder, job.report)
    if end.exit_code:
        raise click.exceptions.Exit(end.exit_code)
    return end.failed


def _is_printed(ready: "Sequence[Ready]", end: End, job: Job) -> bool:
    """Return whether the print files that are there are just these rows."""
    if not (job.merge and job.given["resume"]):
        return False
    from careplan.batch.printfiles import mark_of, printed_before  # noqa: PLC0415 - slow to import
    from careplan.batch.run import Done  # noqa: PLC0415 - slow to import

    before = printed_before(job.merge, mark_of(ready, job.merge, job.stock.made_with))
    if not before:
        return False
    end.files = before
    pages = {row: number for file in before for row, number, _ in file.rows}
    end.done += [Done(one, pages[one.row.number], is_new=False) for one in ready]
    write_report(job.report, end)
    return True


def _print_all(ready: "Sequence[Ready]", journal: "Journal", end: End, job: Job) -> None:
    from careplan.batch.printfiles import clear_print_files  # noqa: PLC0415 - slow to import
    from careplan.batch.run import clear_folder, spoilt  # noqa: PLC0415 - slow to import

    if job.merge:
        clear_print_files(job.merge)
    right, wrong, end.removed = clear_folder(ready, job.folder, journal)
    _print_rows(right, wrong, journal, end, job)
    end.spoilt = spoilt(end.done, journal)
    if job.merge and end.finished:
        _join(job.merge, end, job)
        if not end.failed:
            # All is in the print files; what went into them would only lie about.
            journal.clear()


def _join(merge: "Wish", end: End, job: Job) -> None:
    """Put what is finished together in files for the printer."""
    from careplan.batch.printfiles import mark_of, print_files  # noqa: PLC0415 - slow to import
    from careplan.content.resources import templates_folder  # noqa: PLC0415 - slow to import
    from careplan.content.wording import load_wording  # noqa: PLC0415 - slow to import

    done = sorted(end.finished, key=lambda one: one.ready.row.number)
    mark = mark_of([one.ready for one in done], merge, job.stock.made_with)
    wording = load_wording(templates_folder(), job.stock.clinic.language)
    files: list[PrintFile] = []
    with shown(job.how, "Joining", sum(one.ready.row.copies for one in done)) as progress:
        for file in print_files(done, job.folder, merge, mark, wording):
            files.append(file)
            progress.rows(len(file.rows))
    end.files = tuple(files)


def _print_rows(
    right: "Sequence[Done]", wrong: "Sequence[Ready]", journal: "Journal", end: End, job: Job
) -> None:
    from careplan.batch.run import print_rows  # noqa: PLC0415 - slow to import

    with shown(job.how, "Printing", len(right) + len(wrong)) as progress:
        for one in chain(right, print_rows(wrong, job.folder, journal, job.crew, job.limits)):
            end.done.append(one)
            progress.row(failed=one.problem is not None)
            event(job.how, "row", vars(end.line(one)))
