"""Help the people who keep the fragments: `check`."""

import datetime as dt
import gc
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from careplan.cli import clock
from careplan.cli.house import CLINIC, SETTINGS, find_folder
from careplan.content.catalogue import clinic_files
from careplan.content.resources import plans_folder
from careplan.files import write_whole
from careplan.problems import CareplanError, FragmentError, OutputError, Problem

if TYPE_CHECKING:
    from careplan.content.source import Source

FORMATS = ("text", "json", "github", "sarif")


@dataclass(frozen=True)
class Checked:
    """What was found, in the order of files and lines, and in how many files it was looked for."""

    problems: tuple[Problem, ...]
    files: int

    def count(self, level: str) -> int:
        """Return how many problems of *level* there are."""
        return sum(problem.level == level for problem in self.problems)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATHS]")
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True,
              help="How problems are told: to people, programs, GitHub, or code scanning.")
@click.option("-o", "--out", default="-", metavar="FILE", help="Write there; '-' is the screen.")
@click.option("--strict", is_flag=True, help="Take warnings for problems.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="The day on which reviews count as due; without it, today.")
@click.option("--due", metavar="TIME", help="List what lapses or is to be reviewed within 60d, 8w, 2m.")
@click.option("--clinic", metavar="PATH", help="With --due, the clinic's folder or clinic.yaml.")
@click.option("--explain", metavar="CODE", help="Say what the code at the end of a problem means.")
@click.option("--watch", is_flag=True, help="Check again after each save, until Ctrl+C.")
@click.pass_context
def check(  # noqa: PLR0913 - one parameter an option
    context: click.Context, paths: tuple[Path, ...], *, form: str, out: str, strict: bool,
    on: dt.datetime | None, due: str | None, clinic: str | None, explain: str | None, watch: bool,
) -> None:
    """Find every problem in the built-in plans, or in files and folders.

    Files that are given are checked together with the built-in plans and those of the
    clinic's folder, so that they may name what stands there. A problem ends with exit
    code 3; a warning does so with --strict; a note never does.

    \b
    Examples:
      careplan check
      careplan check my-therapy.yaml clinic.yaml careplan.toml
      careplan check my-folder --watch
      careplan check --due 60d
      careplan check --explain jargon
      careplan check --format sarif -o careplan.sarif
    """
    if explain is not None:
        from careplan.content.codes import find_code  # noqa: PLC0415 - only to explain

        click.echo(find_code(explain).told())
        return
    today = on.date() if on else clock.today()
    if due is not None:
        from careplan.cli.approve import show_deadlines  # noqa: PLC0415 - only to look ahead

        show_deadlines(due, clinic, today, strict=strict)
        return
    if watch:
        from careplan.cli.watch import keep_looking  # noqa: PLC0415 - only to watch

        keep_looking(lambda: _show(check_all(paths, today), form, out), paths or (plans_folder(),))
        return
    # A check ends before there is anything worth collecting.
    gc.disable()
    checked = check_all(paths, today)
    _show(checked, form, out)
    if checked.count("problem") or (strict and checked.count("warning")):
        context.exit(FragmentError.exit_code)


def check_all(paths: Sequence[Path], today: dt.date) -> Checked:
    """Return what is wrong in the files and folders *paths*; without any, in the built-in plans.

    What only deserves a look is told of the given files alone; what stops a plan, of all.
    """
    from careplan.content.catalogue import fragment_files  # noqa: PLC0415 - slow to import
    from careplan.content.library import check_library, name_of  # noqa: PLC0415 - slow to import

    plans, folder = plans_folder(), find_folder(None)
    if folder and not paths:
        paths = (folder,)
    folder = next((path for path in paths if _is_clinic(path)), folder)
    built_in = fragment_files(plans)
    files = list(dict.fromkeys(file for path in paths for file in _files(path)))
    settings = [file for file in files if file.suffix == ".toml"]
    requests = [file for file in files if file not in settings and _is_request(file)]
    known = {file.resolve() for file in built_in}
    apart = {*requests, *settings}
    more = [file for file in files if file not in apart and file.resolve() not in known]
    problems = [*check_library(plans, more, today, folder)]
    for file in settings:
        problems += _check_settings(file)
    for request in requests:
        problems += _check_request(request, plans, folder)
    given = {name_of(file.resolve() if file.resolve() in known else file, plans) for file in files}
    told = [one for one in problems if not given or one.level == "problem" or one.location.file in given]
    return Checked(tuple(sorted(dict.fromkeys(told))), len(files) or len(built_in))


def _show(checked: Checked, form: str, out: str) -> None:
    """Write the report, and what to do next where people read it."""
    from careplan.cli import reports  # noqa: PLC0415 - only to check

    report = reports.render(form, checked.problems, checked.files)
    if out == "-":
        click.echo(report, nl=False)
    else:
        write_whole(Path(out), report.encode())
    if form != "text" or out != "-":
        click.echo(reports.summary(checked.problems, checked.files), err=True)
    elif checked.problems:
        code = checked.problems[0].code
        click.echo(f"What a code means: careplan check --explain {code}", err=True)


def _is_clinic(path: Path) -> bool:
    return any((path / name).is_file() for name in (CLINIC, SETTINGS))


def _files(path: Path) -> list[Path]:
    if _is_clinic(path):
        named = [file for file in (path / CLINIC, path / SETTINGS) if file.is_file()]
        return [*named, *clinic_files(path)[0]]
    if path.is_dir():
        return sorted(path.rglob("*.yaml"))
    if not path.exists():
        message = f"There is no file or folder {path}."
        raise OutputError(message)
    return [path]


def _is_request(file: Path) -> bool:
    from careplan.content.catalogue import peek  # noqa: PLC0415 - reads YAML

    return peek(file, ("kind",)).get("kind") == "request"


def _check_settings(file: Path) -> tuple[Problem, ...]:
    from careplan.content.settings import read_settings  # noqa: PLC0415 - slow to import

    try:
        read_settings(file)
    except FragmentError as error:
        return error.problems
    return ()


def _check_request(file: Path, plans: Path, folder: Path | None) -> tuple[Problem, ...]:
    """Return what keeps the request in *file* from becoming a plan, and what to look at in it."""
    from careplan.content.library import read_fragment  # noqa: PLC0415
    from careplan.content.portable import check_portable  # noqa: PLC0415
    from careplan.planning.request import Request  # noqa: PLC0415

    try:
        request, source = read_fragment(file, kinds={"request": Request})
    except FragmentError as error:
        return error.problems
    return (*check_portable([(request, source)]), *_unplannable(request, source, plans, folder))


def _unplannable(
    request: object, source: "Source", plans: Path, folder: Path | None
) -> tuple[Problem, ...]:
    from careplan.cli.house import load_clinic  # noqa: PLC0415
    from careplan.content.library import load_library  # noqa: PLC0415
    from careplan.content.resources import templates_folder  # noqa: PLC0415
    from careplan.content.wording import load_wording  # noqa: PLC0415
    from careplan.planning.compose import compose  # noqa: PLC0415
    from careplan.planning.request import Request  # noqa: PLC0415

    assert isinstance(request, Request)
    try:
        wording = load_wording(templates_folder(), request.language or "en")
        compose(load_library(plans, folder), request, load_clinic(None), wording)
    except FragmentError as error:
        return error.problems
    except CareplanError as error:
        place = source.locate(("intervention",))
        return (source.problem(place, str(error), "cannot-be-planned"),)
    return ()
